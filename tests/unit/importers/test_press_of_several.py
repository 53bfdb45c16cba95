"""Several articles in one file of the press: a review in PDF, Europresse, Nexis and Factiva."""

from __future__ import annotations

import json
import textwrap
from pathlib import Path

import pytest

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers import identify
from fanal.importers.base import Skipped
from fanal.importers.press import Press
from fanal.importers.reading.press_reviews import reviewed
from fanal.importers.tables import Tables

BODY = (
    "Les associations constatent une hausse de la {} dans les soirées de la métropole. Le gramme "
    "se vend 30 euros selon un intervenant qui tient la permanence du samedi. Les analyses "
    "montrent une pureté moyenne de 70 %, et deux lots tenaient autre chose."
)


def page(*head: str, of: str) -> list[str]:
    """A page of a press review, as a PDF gives its lines."""
    return [*head, *textwrap.wrap(BODY.format(of), 88)]


def printed(path: Path, pages: list[list[str]]) -> Path:
    """Write a PDF with a text layer, by hand."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for n, lines in enumerate(pages):
        shown = "".join(
            f"({line.replace('(', chr(92) + '(').replace(')', chr(92) + ')')}) Tj T*\n"
            for line in lines
        )
        stream = f"BT /F1 10 Tf 50 790 Td 14 TL\n{shown}ET"
        objects.append(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R "
            f">> >> /Contents {5 + 2 * n} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, offsets = b"%PDF-1.4\n", []
    for n, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{n} 0 obj\n{each}\nendobj\n".encode("cp1252")
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    out += (
        f"xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n{table}"
        f"trailer << /Size {len(offsets) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF"
    ).encode()
    path.write_bytes(out)
    return path


def documents(path: Path) -> list[RawDocument]:
    """What the importer that is found makes of a file."""
    importer = identify(path)
    assert importer is Press
    return [row for row in importer().extract(path) if isinstance(row, RawDocument)]


def told(found: list[RawDocument]) -> list[tuple[str, str | None, str]]:
    """Day, newspaper and title of each."""
    return [(str(d.time)[:10], d.chat, d.text.split("\n")[0]) for d in found]


@pytest.mark.parametrize(
    ("one", "other", "outlets"),
    [
        (
            "La Voix Fictive - 12/03/2025",
            "Breizh Exemple - 13/03/2025",
            ("La Voix Fictive", "Breizh Exemple"),
        ),
        (
            "La Voix Fictive, publié le 12 mars 2025 à 08h15",
            "Breizh Exemple (13 mars 2025)",
            ("La Voix Fictive", "Breizh Exemple"),
        ),
        (
            "Beispiel-Anzeiger | 12.03.2025 | S. 3",
            "Muster-Kurier | 13.03.2025",
            ("Beispiel-Anzeiger", "Muster-Kurier"),
        ),
        (
            "Il Finto Corriere, 12 marzo 2025",
            "El Ejemplo, 13 de marzo de 2025",
            ("Il Finto Corriere", "El Ejemplo"),
        ),
        (
            "The Invented Times – 12 March 2025",
            "De Voorbeeld, 13 maart 2025",
            ("The Invented Times", "De Voorbeeld"),
        ),
    ],
)
def test_a_page_that_names_a_newspaper_and_a_day_begins_an_article(
    one: str, other: str, outlets: tuple[str, str]
) -> None:
    pages = [["Revue de presse"], page(one, of="3-MMC"), ["suite"], page(other, of="kétamine")]
    found = reviewed(pages, "dmy")
    assert [(a.outlet, str(a.moment.time)[:10] if a.moment else "") for a, _ in found] == [
        ("", ""),
        (outlets[0], "2025-03-12"),
        (outlets[1], "2025-03-13"),
    ]
    assert found[1][1][-1] == "suite"


@pytest.mark.parametrize(
    "pages",
    [
        [page("La Voix Fictive - 12/03/2025", of="3-MMC"), page("La suite", of="kétamine")],
        [page("La Voix Fictive - 12/03/2025", of="3-MMC")] * 2,  # runs at the head of pages
        [page("mercredi 12 mars 2025", of="3-MMC"), page("jeudi 13 mars 2025", of="kétamine")],
        [page("Le tribunal a jugé le 12 mars 2025 trois hommes de la ville.", of="3-MMC")] * 2,
        [["La Voix Fictive - 12/03/2025", "brève"], ["Breizh Exemple - 13/03/2025", "brève"]],
    ],
)
def test_an_article_of_several_pages_is_one(pages: list[list[str]]) -> None:
    assert reviewed(pages, "dmy") == []


def test_a_press_review_in_pdf_is_its_articles(tmp_path: Path) -> None:
    pages = [
        ["REVUE DE PRESSE", "Semaine du 10 au 16 mars 2025"],
        page("La Voix Fictive - 12/03/2025", "La 3-MMC gagne du terrain", of="3-MMC"),
        page("Breizh Exemple - 13/03/2025", "Les fêtes", "Par Yann Exemple", of="kétamine"),
    ]
    rows = list(Press().extract(printed(tmp_path / "revue.pdf", pages)))
    found = [row for row in rows if isinstance(row, RawDocument)]
    assert [(str(d.time)[:10], d.chat, d.author) for d in found] == [
        ("2025-03-12", "La Voix Fictive", None),
        ("2025-03-13", "Breizh Exemple", "Yann Exemple"),
    ]
    assert "kétamine" not in found[0].text and "3-MMC" not in found[1].text
    assert [row for row in rows if isinstance(row, Skipped)] == [Skipped("cover of a press review")]


def test_europresse_in_pdf_names_the_newspaper_under_the_day(tmp_path: Path) -> None:
    pages = [
        ["Documents sauvegardés (2)", "La Voix Fictive 12 mars 2025 La 3-MMC gagne du terrain 2"],
        page(
            "Mercredi 12 mars 2025",
            "La Voix Fictive • p. LIL12 • 42 mots",
            "La 3-MMC gagne du terrain",
            of="3-MMC",
        ),
        page(
            "Lundi 3 février 2025",
            "Breizh Exemple • 45 mots",
            "La kétamine dans les fêtes",
            of="kétamine",
        ),
    ]
    for number, day in ((1, "20250312"), (2, "20250203")):
        pages[number] += ["© 2025. Tous droits réservés.", f"news·{day}·VFI·7a1b2c3d"]
    assert told(documents(printed(tmp_path / "europresse.pdf", pages))) == [
        ("2025-03-12", "La Voix Fictive", "La 3-MMC gagne du terrain"),
        ("2025-02-03", "Breizh Exemple", "La kétamine dans les fêtes"),
    ]


NUMBERED = """{0} {of} 2 {word}


                    {paper}

              {day}

{title}

{by}: Jane Sample

{length}: 40

Ketamine 25 a gram, LSD 10 a tab, they say of the town and of its parks.

              Copyright 2025 {paper}
                {rights}

"""


@pytest.mark.parametrize(
    ("of", "word", "days", "by", "length", "rights"),
    [
        (
            "of",
            "DOCUMENTS",
            ("March 12, 2025 Wednesday 2:15 PM GMT", "March 2, 2025 Sunday"),
            "BYLINE",
            "LENGTH",
            "All Rights Reserved",
        ),
        (
            "de",
            "DOCUMENTS",
            ("mercredi 12 mars 2025", "dimanche 2 mars 2025"),
            "AUTEUR",
            "LONGUEUR",
            "Tous droits réservés",
        ),
        (
            "von",
            "DOKUMENTEN",
            ("12. März 2025 Mittwoch", "2. März 2025 Sonntag"),
            "AUTOR",
            "LÄNGE",
            "Alle Rechte vorbehalten",
        ),
        (
            "de",
            "DOCUMENTOS",
            ("12 de marzo de 2025 miércoles", "2 de marzo de 2025 domingo"),
            "AUTOR",
            "LONGITUD",
            "Todos los derechos reservados",
        ),
        (
            "di",
            "DOCUMENTI",
            ("12 marzo 2025 mercoledì", "2 marzo 2025 domenica"),
            "AUTORE",
            "LUNGHEZZA",
            "Tutti i diritti riservati",
        ),
        (
            "van",
            "DOCUMENTEN",
            ("12 maart 2025 woensdag", "2 maart 2025 zondag"),
            "AUTEUR",
            "LENGTE",
            "Alle rechten voorbehouden",
        ),
    ],
)
def test_the_documents_of_nexis_are_articles(
    tmp_path: Path, of: str, word: str, days: tuple[str, str], by: str, length: str, rights: str
) -> None:
    text = "".join(
        NUMBERED.format(
            n,
            of=of,
            word=word,
            paper=paper,
            day=day,
            title=title,
            by=by,
            length=length,
            rights=rights,
        )
        for n, paper, day, title in (
            (1, "The Invented Times", days[0], "Ketamine in student towns"),
            (2, "Example Post", days[1], "More of it everywhere now"),
        )
    )
    path = tmp_path / "nexis.txt"
    path.write_text(text, "utf-8")
    found = documents(path)
    assert told(found) == [
        ("2025-03-12", "The Invented Times", "Ketamine in student towns"),
        ("2025-03-02", "Example Post", "More of it everywhere now"),
    ]
    said = "Ketamine 25 a gram, LSD 10 a tab, they say of the town and of its parks."
    assert [d.text.split("\n\n")[1] for d in found] == [said, said]
    assert [d.author for d in found] == ["Jane Sample"] * 2


@pytest.mark.parametrize("above", ["Dokument {} von 2", "Document {} of 2", "Document {} de 2"])
def test_nexis_counts_its_documents_in_either_order(tmp_path: Path, above: str) -> None:
    path = tmp_path / "nexis.txt"
    path.write_text(
        "".join(
            f"{above.format(n)}\n\nExample Post\n\n{n}. März 2025 Mittwoch\n\n"
            f"Crack verdrängt Heroin {n}\n\n"
            "LÄNGE: 9 Wörter\n\nIn der Stadt kostet ein Stein Crack zehn Euro, sagt ein Helfer.\n\n"
            for n in (1, 2)
        ),
        "utf-8",
    )
    assert told(documents(path)) == [
        (f"2025-03-0{n}", "Example Post", f"Crack verdrängt Heroin {n}") for n in (1, 2)
    ]


def test_the_end_of_an_article_of_factiva_is_a_line_of_its_own_in_print(tmp_path: Path) -> None:
    line = "Le gramme à 50 euros, dit un intervenant qui tient la permanence du samedi soir."
    articles = [
        [f"Le crack au Havre, {n}", "62 mots", f"{n} mars 2025", "La Voix Fictive", line, line,
         f"Document VOIXFI002025030{n}el3c0001{n}"]
        for n in (1, 2)
    ]  # fmt: skip
    found = documents(printed(tmp_path / "factiva.pdf", [[*articles[0], *articles[1]]]))
    assert [(str(d.time)[:10], d.text.split("\n")[0]) for d in found] == [
        ("2025-03-01", "Le crack au Havre, 1"), ("2025-03-02", "Le crack au Havre, 2"),
    ]  # fmt: skip


def test_fields_of_factiva_are_not_said(tmp_path: Path) -> None:
    path = tmp_path / "factiva.txt"
    path.write_text(
        "HD Hausse au Havre\nWC 52 mots\nPD 12 mars 2025\nSN La Voix Fictive\nLP\nLe gramme à 50 "
        "euros.\nTD\nLSD : 10 euros.\nGHB rare.\nRF 20250312\nIPC T/DRG\nCT a@example.test\n"
        "NS gcrim\nAN Document VOIXFI0020250312el3c00012\n",
        "utf-8",
    )
    assert [(d.text, d.chat) for d in documents(path)] == [
        ("Hausse au Havre\n\nLe gramme à 50 euros.\nLSD : 10 euros.\nGHB rare.", "La Voix Fictive")
    ]


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("Par Sandrine Monnet Jusqu'ici discrète, elle arrive.", "Sandrine Monnet"),
        ("Par Jean Pierre Martin", "Jean Pierre Martin"),
        ("Par Jean Pierre Martin et Anne Dupont", "Jean Pierre Martin"),
        ("Par Jean Pierre Martin avec AFP", "Jean Pierre Martin"),
    ],
)
def test_a_byline_ends_where_a_sentence_begins(tmp_path: Path, line: str, author: str) -> None:
    lines = page("La Voix Fictive - mercredi 12 mars 2025", "La 3-MMC", line, of="3-MMC")
    found = documents(printed(tmp_path / "article.pdf", [lines]))
    assert [d.author for d in found] == [author]


def test_json_of_an_unknown_program_is_refused_with_what_it_has_and_lacks(tmp_path: Path) -> None:
    records = [{"who": "a", "said": "la keta est à 40", "at": "2025-03-12"}] * 2
    path = tmp_path / "app.json"
    path.write_text(json.dumps({"app": "x", "log": records}), "utf-8")
    with pytest.raises(ImporterError) as refused:
        identify(path)
    said = str(refused.value)
    assert "the array log has who, said, at; of what is known as such there is no text" in said
    assert "and no date" in said
    assert "save that array alone" in str(refused.value)
    path.write_text(json.dumps(records), "utf-8")
    rows = list(Tables(mapping={"text": "said", "time": "at"}).extract(path))
    assert [d.text for d in rows if isinstance(d, RawDocument)] == ["la keta est à 40"] * 2


def test_names_of_people_as_keys_are_not_shown(tmp_path: Path) -> None:
    path = tmp_path / "app.json"
    path.write_text(json.dumps({"log": [{"robin": "a"}, {"zoe": "b"}, {"lou": "c"}]}), "utf-8")
    with pytest.raises(ImporterError) as refused:
        identify(path)
    assert not any(name in str(refused.value) for name in ("robin", "zoe", "lou"))

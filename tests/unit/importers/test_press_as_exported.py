"""Press as databases and browsers give it: several articles, languages, days, heads of pages."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
import typst

from fanal.importers.base import RawDocument
from fanal.importers.press import Press
from fanal.importers.reading.articles import export_of, is_database
from fanal.importers.reading.dates import date_inside
from fanal.importers.reading.printed import _unbroken, joined, pdf_paragraphs, without_edges
from fanal.importers.reading.published import published_in, said_published

TEXT = (
    "Au port, la brigade des stupéfiants a saisi douze kilogrammes de cocaïne dans un entrepôt, "
    "ont annoncé les autorités. Les enquêteurs parlent d'un réseau structuré qui livrait la région "
    "depuis deux ans. "
)
RIGHTS = (
    "© 2024 {}. Tous droits réservés. Le présent document est protégé par les lois et conventions "
    "internationales sur le droit d'auteur et son utilisation est régie par ces conventions."
)


def documents(path: Path, **said: str) -> list[RawDocument]:
    return [one for one in Press(**said).extract(path) if isinstance(one, RawDocument)]


def printed(tmp_path: Path, body: str, head: str = "") -> Path:
    path = tmp_path / "printed.pdf"
    path.write_bytes(typst.compile(f'{head}\n#set text(lang: "fr")\n{body}'.encode(), format="pdf"))
    return path


def europresse(outlet: str, day: str, title: str, author: str, number: str) -> str:
    labels = ("Nom de la source", outlet, "Type de source", "Presse • Journaux", "Provenance",
              "Lille, Nord, France")  # fmt: skip
    lines = [
        *labels,
        day,
        f"{outlet} • p. 12 • 321 mots",
        title,
        author,
        TEXT,
        RIGHTS.format(outlet),
    ]
    return " \\\n".join([*lines, number])


# --- databases ------------------------------------------------------------------------------------


@pytest.mark.parametrize("marked", [True, False])
def test_a_printed_database_of_two_articles(tmp_path: Path, marked: bool) -> None:
    numbers = ("news·20240312·VN·1234567", "news·20240314·LM·7654321") if marked else ("", "")
    body = "#pagebreak()\n".join(
        [
            europresse("La Voix du Nord", "Mardi 12 mars 2024", "Douze kilos au port de Lille",
                       "Jeanne Delattre", numbers[0]),
            europresse("Le Monde", "Jeudi 14 mars 2024", "Des kilos encore au port",
                       "Par Karim Belloumi", numbers[1]),
        ]
    )  # fmt: skip
    foot = "Certificat émis le 3 avril 2024 à UNIVERSITE-DE-LILLE à des fins de visualisation"
    one, other = documents(printed(tmp_path, body, f"#set page(footer: [{foot}])"))
    assert (one.chat, one.time, one.names) == (
        "La Voix du Nord", date(2024, 3, 12), ("Jeanne Delattre",),
    )  # fmt: skip
    assert (other.chat, other.time, other.names) == (
        "Le Monde", date(2024, 3, 14), ("Karim Belloumi",),
    )  # fmt: skip
    for document, title in ((one, "Douze kilos au port de Lille"), (other, "Des kilos encore")):
        assert document.text.startswith(title)
        assert not any(word in document.text for word in ("UNIVERSITE", "conventions", "Nom de"))


NEIGHBOURS = {
    "de": ("Kokain: Preise fallen", "Von Hannah Vogel", "210 Wörter", "14. März 2024",
           "Süddeutsche Zeitung", "SDDZ", "5", "Deutsch", "© 2024 Süddeutsche Zeitung",
           "Dokument SDDZ000020240314ek3e0002y"),
    "it": ("Sequestrati venti chili", "Di Marco Bianchetti", "210 parole", "14 marzo 2024",
           "La Repubblica", "LAREP", "7", "Italiano", "(c) 2024, La Repubblica",
           "Documento LAREP00020240314ek3f0003z"),
    "es": ("Incautados 300 kilos", "Por Lucía Ferrandis", "210 palabras", "14 de marzo de 2024",
           "El País", "PAIS", "3", "Español", "© 2024 El País",
           "Documento ELPAIS0020240314ek3g0004a"),
}  # fmt: skip


@pytest.mark.parametrize("language", NEIGHBOURS)
def test_a_database_in_the_language_of_a_neighbour(language: str) -> None:
    title, author, *facts, mark = NEIGHBOURS[language]
    lines = [title, author, *facts, TEXT, "", mark]
    assert is_database(lines)
    one, other = export_of(lines * 2, "dmy").articles
    assert (one.title, one.outlet, one.text) == (title, facts[2], TEXT.strip())
    assert one.moment is not None
    assert one.moment.time == date(2024, 3, 14)
    assert one.authors == [author.partition(" ")[2]]
    assert other == one


def test_nexis_in_german() -> None:
    lines = [
        "Mehr Drogentote in Berlin", "Der Tagesspiegel", "Donnerstag 14. März 2024",
        "Copyright 2024 Der Tagesspiegel Alle Rechte vorbehalten", "Länge: 150 Wörter",
        "Autor: Von Frieder Kolbenschlag", "Volltext", TEXT, "Ende des Dokuments",
    ]  # fmt: skip
    (article,) = export_of(lines, "dmy").articles
    assert (article.title, article.outlet) == (lines[0], lines[1])
    assert (article.text, article.authors) == (TEXT.strip(), ["Frieder Kolbenschlag"])


def test_newspaper_and_day_above_the_title() -> None:
    lines = ["Le Monde", "Mardi 12 mars 2024", "Douze kilos de cocaïne saisis", "Jeanne Delattre"]
    rights = "© 2024 SA Le Monde. Tous droits réservés."
    one, other = export_of([*lines, TEXT, rights] * 2, "dmy").articles
    assert (one.outlet, one.title, one.authors, one.text) == (
        "Le Monde", lines[2], ["Jeanne Delattre"], TEXT.strip(),
    )  # fmt: skip
    assert other == one


def test_the_title_above_day_and_newspaper() -> None:
    lines = [
        "Douze kilos de cocaïne saisis",
        "12 mars 2024",
        "La Voix du Nord",
        TEXT,
        "End of Document",
    ]
    (article,) = export_of(lines, "dmy").articles
    assert (article.title, article.outlet) == (lines[0], "La Voix du Nord")


def test_tagged_articles_end_with_their_number() -> None:
    lines = ["HD Douze kilos", "BY Jeanne Delattre", "PD 12 mars 2024", "SN La Voix du Nord",
             f"LP {TEXT}", "AN Document VOIXN00020240312ek3c0001x"]  # fmt: skip
    one, other = export_of(lines * 2, "dmy").articles
    assert (one.title, one.outlet, one.native) == (
        "Douze kilos", "La Voix du Nord", "VOIXN00020240312ek3c0001x",
    )  # fmt: skip
    assert other == one


@pytest.mark.parametrize("line", ["De nombreux usagers ont témoigné", "Di nuovo una sconfitta"])
def test_a_sentence_is_no_byline(line: str) -> None:
    lines = ["Titre de l'article", "12 mars 2024", "Le Monde", line, TEXT, "End of Document"]
    (article,) = export_of(lines, "dmy").articles
    assert article.authors == []
    assert line in article.text


# --- days -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [("14. März 2024", date(2024, 3, 14)), ("16 de marzo de 2024", date(2024, 3, 16)),
     ("Dienstag 12. März 2024 10:12", date(2024, 3, 12)), ("3 settembre 2024", date(2024, 9, 3))],
)  # fmt: skip
def test_days_inside_lines_of_neighbours(text: str, day: date) -> None:
    moment = date_inside(text)
    assert moment is not None
    assert (moment.time, moment.precision) == (day, "day")


@pytest.mark.parametrize(
    "lines",
    [
        ["Mis à jour le 20 mars 2024 à 10h05 - Publié le 12 mars 2024 à 8h30"],
        ["Publié le 12/03/2024 | Mis à jour le 20/03/2024"],
        ["Stand: 20.03.2024, 12:05 Uhr - Veröffentlicht: 12.03.2024, 10:12 Uhr"],
        ["Pubblicato il 12 marzo 2024 alle 9:30 - Aggiornato il 20 marzo 2024"],
        ["Actualizado el 20 de marzo de 2024 - Publicado el 12 de marzo de 2024"],
        ["Une association née le 3 mai 2023 pour tester", "12 mars 2024"],
        ["Updated 20 March 2024", "12 March 2024"],
        ["Dossier d'avril 2024", "12 mars 2024"],
        ["La police a saisi le 12 mars 2024 douze kilos de cocaïne au port, dit-elle."],
    ],
)
def test_the_day_of_publishing_is_told_from_others(lines: list[str]) -> None:
    moment = published_in(lines, "dmy")
    assert moment is not None
    assert moment.time == date(2024, 3, 12)


def test_no_other_day_is_said_to_be_that_of_publishing() -> None:
    assert said_published(["Mis à jour le 20 mars 2024", "12 mars 2024"], "dmy") is None


def test_a_page_says_when_it_was_published_and_when_updated(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(
        "<html><head><meta charset='utf-8'><title>Le crack</title></head><body><article>"
        "<h1>Le crack gagne les villes</h1><p><time datetime='2024-03-20'>Mis à jour le 20 mars"
        " 2024</time> <time datetime='2024-03-12'>Publié le 12 mars 2024</time></p>"
        f"<p>{TEXT}</p><p>{TEXT.upper()}</p></article></body></html>",
        encoding="utf-8",
    )
    (document,) = documents(path)
    time = document.time
    assert (time.date() if isinstance(time, datetime) else time) == date(2024, 3, 12)


# --- pages ----------------------------------------------------------------------------------------

BODIES = [[letter * n for n in range(60, 65)] for letter in "abcd"]


def test_heads_of_left_and_right_pages() -> None:
    heads = ["Ouest-Presse 1", "2 Dossier drogues", "Ouest-Presse 3", "4 Dossier drogues"]
    assert without_edges([[h, *b] for h, b in zip(heads, BODIES, strict=True)]) == BODIES


def test_a_head_that_ends_with_a_year() -> None:
    assert without_edges([["LE COURRIER — AVRIL 2024", *body] for body in BODIES]) == BODIES


def test_what_begins_with_any_number_is_no_head() -> None:
    lines = ("12 kilos saisis", "40 personnes", "7 départements", "3 villes")
    pages = [[line, *body] for line, body in zip(lines, BODIES, strict=True)]
    assert without_edges(pages) == pages


def test_what_a_browser_prints_around_a_page() -> None:
    page = ["03/04/2024 10:12 Le marché change", *BODIES[0], "https://exemple-presse.fr/a-1 1/1"]
    assert without_edges([page]) == [BODIES[0]]
    dated = ["03/04/2024 10:12 Le marché change", *BODIES[0]]
    assert without_edges([dated]) == [dated], "no address stands below"


def test_the_number_of_one_page() -> None:
    assert without_edges([[*BODIES[0], "— 1 —"]]) == [BODIES[0]]


def test_a_word_keeps_the_hyphen_that_it_has_elsewhere() -> None:
    text = "contre soixante\x02dix euros et une dif\x02fusion"
    assert _unbroken(text, in_lines=False, hyphened={"soixante-dix"}) == (
        "contre soixante-dix euros et une diffusion"
    )


def test_a_word_that_always_has_a_hyphen_keeps_it() -> None:
    text = "celui\x02ci et quatre\x02vingts, mais au port\x02ail"
    assert _unbroken(text, in_lines=False) == "celui-ci et quatre-vingts, mais au portail"


def test_a_short_line_within_a_sentence_goes_on() -> None:
    full = "Les analyses confirment une pureté élevée et stable dans la région."
    begun = [full] * 4 + [""]
    whole = joined([*begun, "Les équipes de réduction des risques", "constatent une baisse."])
    assert whole[-1] == "Les équipes de réduction des risques constatent une baisse."
    assert joined([*begun, "Les équipes font ce constat là.", "une baisse"])[-1] == "une baisse"
    assert joined([*begun, "Prix", "au détail"])[-1] == "au détail", "no line of a paragraph"


def test_a_hyphen_inside_a_line_of_a_column(tmp_path: Path) -> None:
    text = "Le gramme se négocie à soixante-dix euros et la 3-MMC reste rare dans la région. "
    paths = printed(tmp_path, "#set par(justify: true)\n" + text * 30, "#set page(columns: 2)")
    paragraphs = " ".join(pdf_paragraphs(paths, edges=False))
    assert paragraphs.count("soixante-dix") == paragraphs.count("3-MMC") == 30


@pytest.mark.parametrize("block", ["comentarios", "Comments-Area", "x kommentare", "reacties"])
@pytest.mark.parametrize("attribute", ["class", "id"])
def test_what_readers_write_under_an_article_is_none_of_it(
    tmp_path: Path, attribute: str, block: str
) -> None:
    path = tmp_path / "page.html"
    said = "Yo la pago a 40 euros el gramo, siempre en la plaza del barrio de siempre."
    path.write_text(
        "<html><head><meta charset='utf-8'><title>Sube la ketamina</title><meta "
        "property='article:published_time' content='2026-02-11T08:00:00+01:00'></head><body>"
        "<div class='noticia'><h1>Sube la ketamina</h1>"
        f"<p>{TEXT}</p><p>{TEXT.upper()}</p></div>"
        f"<div {attribute}='{block}'><h3>2</h3><b>lector</b><p>{said}</p></div></body></html>",
        "utf-8",
    )
    (article,) = (row for row in Press().extract(path) if isinstance(row, RawDocument))
    assert TEXT.strip() in article.text and TEXT.upper().strip() in article.text
    assert "40 euros" not in article.text

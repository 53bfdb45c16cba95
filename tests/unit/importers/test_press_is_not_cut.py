"""Texts of the press: days that an article tells of cut nothing, and no line is lost unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
import typst

from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.press import Press

SAID = (
    "Les associations constatent une hausse de la 3-MMC dans les soirées de la métropole, et le "
    "gramme se vend trente euros selon un intervenant qui tient la permanence du samedi soir."
)
MORE = (
    "La kétamine manque depuis deux mois dans les quartiers du sud, disent les usagers, et deux "
    "lots tenaient autre chose que ce qui était annoncé au comptoir de la permanence."
)


def read(path: Path, text: str, **parameters: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return day and text of each article, and the issues with the line of each."""
    path.write_text(text, "utf-8")
    return told(path, **parameters)


def told(path: Path, **parameters: str) -> tuple[list[tuple[str, str]], list[str]]:
    rows = list(Press(**parameters).extract(path))
    found = [(str(r.time)[:10], r.text) for r in rows if isinstance(r, RawDocument)]
    return found, [f"{r.kind} {r.record}" for r in rows if isinstance(r, Issue)]


CHRONOLOGIES = [
    "3 janvier 2026 : première saisie au port\n15 janvier 2026 : deuxième\n2 février 2026 : procès",
    "3 janvier 2026\nPremière saisie au port.\n\n15 janvier 2026\nDeuxième saisie, plus grosse.",
    "• 12/01/2026 – arrestation\n• 14/01/2026 – perquisition\n• 20/01/2026 – mise en examen",
    "Lundi 5 janvier, une descente.\nMardi 6 janvier, une autre.\nMercredi 7 janvier, rien.",
    "Janvier 2026\nLa crise commence.\n\nFévrier 2026\nElle continue.",
]


@pytest.mark.parametrize("chronology", CHRONOLOGIES)
def test_the_chronology_inside_an_article_cuts_nothing(tmp_path: Path, chronology: str) -> None:
    text = f"La 3-MMC gagne du terrain\n\n12 mars 2026\n\n{SAID}\n\n{chronology}\n\n{MORE}\n"
    [(day, said)], issues = read(tmp_path / "article.txt", text)
    assert (day, issues) == ("2026-03-12", [])
    assert said.split("\n") == [line for line in text.split("\n") if line]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La Voix Fictive, 3 mars 2026", "Breizh Exemple, 5 mars 2026"),
        ("La Voix Fictive – 03/03/2026", "Breizh Exemple – 05/03/2026"),
        ("3 mars 2026 – La Voix Fictive", "5 mars 2026 – Breizh Exemple"),
        ("Source : La Voix Fictive, 3 mars 2026", "Source : Breizh Exemple, 5 mars 2026"),
        ("## La Voix Fictive (3 mars 2026)", "## Breizh Exemple (5 mars 2026)"),
    ],
)
@pytest.mark.parametrize("place", ["above", "below the title", "under"])
def test_a_typed_review_is_its_articles(tmp_path: Path, one: str, other: str, place: str) -> None:
    chronology = "12 janvier 2026 : une saisie\n14 janvier 2026 : une autre"
    parts = {
        "above": "{head}\nLa 3-MMC\n{text}\n\n",
        "below the title": "La 3-MMC\n{head}\n{text}\n\n",
        "under": "La 3-MMC\n{text}\n{head}\n\n",
    }[place]
    first = parts.format(head=one, text=f"{SAID}\n{chronology}")
    text = first + parts.format(head=other, text=MORE)
    found, issues = read(tmp_path / "revue.txt", text)
    assert [day for day, _ in found] == ["2026-03-03", "2026-03-05"]
    assert issues == []
    assert chronology in found[0][1] and MORE in found[1][1] and SAID not in found[1][1]
    if place != "under":
        covered, _ = read(tmp_path / "revue.txt", f"REVUE DE PRESSE\n\n{text}")
        assert covered == found


LABELS = "Titre : {}\nSource : {}\nAuteur : {}\nDate : {}\n\n{}\n\n"


@pytest.mark.parametrize(
    "form",
    [
        LABELS,
        "Date : {3}\nJournal : {1}\n{4}\n\n",
        "{3}\n{1}\n{0}\n{4}\n\n",
        "{1}\nMardi {3}\n\n{0}\n\n{4}\n\n",
        "- {1} ({3}) : {4}\n",
        "{0}\n\n{1}, {3}\n\n{4}\n\n",
    ],
)
def test_a_head_may_stand_in_lines_or_before_the_text(tmp_path: Path, form: str) -> None:
    one = form.format("La 3-MMC gagne", "La Voix Fictive", "Jeanne Delattre", "3 mars 2026", SAID)
    other = form.format("La ké manque", "Breizh Exemple", "Yann Exemple", "5 mars 2026", MORE)
    path = tmp_path / "revue.txt"
    path.write_text(one + other, "utf-8")
    found = [row for row in Press().extract(path) if isinstance(row, RawDocument)]
    assert [(str(d.time)[:10], d.chat) for d in found] == [
        ("2026-03-03", "La Voix Fictive"), ("2026-03-05", "Breizh Exemple"),
    ]  # fmt: skip
    assert SAID in found[0].text and MORE in found[1].text and "Breizh" not in found[0].text
    if form is LABELS:
        assert [d.names for d in found] == [("Jeanne Delattre",), ("Yann Exemple",)]


def test_days_alone_part_what_says_that_it_is_a_review(tmp_path: Path) -> None:
    days = "".join(f"Lundi {day} mars 2026\n{text}\n\n" for day, text in ((2, SAID), (9, MORE)))
    found, _ = read(tmp_path / "r.txt", f"Revue de presse\n\n{days}")
    assert [day for day, _ in found] == ["2026-03-02", "2026-03-09"]
    found, _ = read(tmp_path / "r.txt", f"La 3-MMC gagne\n\n{days}")
    assert [day for day, _ in found] == ["2026-03-02"]


def test_a_day_of_which_an_article_tells_is_asked_about(tmp_path: Path) -> None:
    text = f"La 3-MMC gagne\n\n{SAID}\n\nLe 3 mars 2026, trois hommes ont été jugés à Lille.\n"
    found, issues = read(tmp_path / "a.txt", text)
    assert ([day for day, _ in found], issues) == (["2026-03-03"], ["date inside a text 1"])
    found, issues = read(tmp_path / "a_2026-03-12.txt", text)
    assert ([day for day, _ in found], issues) == (["2026-03-12"], [])
    listed = (
        f"La 3-MMC gagne\n\n{SAID}\n\n3 janvier 2026 : une saisie\n5 janvier 2026 : une autre\n"
    )
    found, issues = read(tmp_path / "b_2026-03-12.txt", listed)
    assert ([day for day, _ in found], issues) == (["2026-03-12"], [])


def test_places_and_days_inside_an_article_are_no_newspapers(tmp_path: Path) -> None:
    places = "".join(
        f"\n{place}, {day} janvier 2026\n{MORE}\n" for place, day in (("Lille", 3), ("Lens", 5))
    )
    text = f"La 3-MMC\n12 mars 2026\n{SAID}\n{places}"
    [(day, _)], _ = read(tmp_path / "a.txt", text)
    assert day == "2026-03-12"


def numbered(*blocks: str) -> str:
    return "".join(f"{n} of {len(blocks)} DOCUMENTS\n\n{b}\n" for n, b in enumerate(blocks, 1))


WHOLE = (
    "Example Post\n\nMarch {} 2026 Wednesday\n\nKetamine in towns\n\nLENGTH: 40 words\n\n" + SAID
)


def test_a_block_of_nexis_without_text_is_told(tmp_path: Path) -> None:
    empty = "Example Post\n\nMarch 5, 2026 Thursday\n\nPicture of the day"
    found, issues = read(tmp_path / "n.txt", numbered(WHOLE.format("4,"), empty))
    assert [day for day, _ in found] == ["2026-03-04"]
    assert issues == ["lines of no article 8"]


def test_lines_above_the_head_of_an_article_are_told(tmp_path: Path) -> None:
    above = "The dealer said on the phone that it is thirty a gram.\n"
    found, issues = read(
        tmp_path / "n.txt", numbered(above + WHOLE.format("4,"), WHOLE.format("5,"))
    )
    assert [day for day, _ in found] == ["2026-03-04", "2026-03-05"]
    assert issues == ["lines of no article 2"]


def test_words_that_look_like_facts_stay_inside_a_text(tmp_path: Path) -> None:
    text = f"{SAID}\nRennes\nSource : un intervenant de la permanence\n{MORE}"
    block = (
        f"Titre long de l'article\nLa Voix Fictive\n12 mars 2026\nCorps\n{text}\nFin du document\n"
    )
    [(_, said)], issues = read(tmp_path / "n.txt", block)
    assert said == f"Titre long de l'article\n\n{text}"
    assert issues == []


@pytest.mark.parametrize("author", ["", "Jeanne Delattre\n", "Par Jeanne Delattre\n"])
@pytest.mark.parametrize("under", ["VOIX\nFrançais\n", "VOIX\n4\nFrançais\n(c) 2026 La Voix\n"])
def test_articles_of_factiva_without_marks_are_cut_at_their_heads(
    tmp_path: Path, author: str, under: str
) -> None:
    text = "".join(
        f"{title}\n{author}321 mots\n{day} mars 2026\nLa Voix Fictive\n{under}\n"
        f"{said}\n{said[::-1]}\n\n"
        for title, day, said in (("La 3-MMC gagne", 3, SAID), ("La kétamine manque", 5, MORE))
    )
    found, issues = read(tmp_path / "f.txt", text)
    assert [(day, said.split("\n")[0]) for day, said in found] == [
        ("2026-03-03", "La 3-MMC gagne"), ("2026-03-05", "La kétamine manque"),
    ]  # fmt: skip
    assert issues == []


def printed(path: Path, body: str, head: str = "") -> Path:
    path.write_bytes(typst.compile(f'{head}\n#set text(lang: "fr")\n{body}'.encode(), format="pdf"))
    return path


def test_europresse_in_print_without_marks_is_its_articles(tmp_path: Path) -> None:
    head = "Mardi 3 mars 2026 \\\nLa Voix Fictive • p. 12 • 321 mots \\\nLa 3-MMC gagne"
    one = f"{head} \\\n{SAID} {MORE}"
    other = (
        f"Jeudi 5 mars 2026 \\\nBreizh Exemple • 321 mots \\\nLa kétamine manque \\\n{MORE} {SAID}"
    )
    path = printed(tmp_path / "e.pdf", f"{one}\n#pagebreak()\n{other}")
    found, issues = told(path)
    assert [(day, text.split("\n")[0]) for day, text in found] == [
        ("2026-03-03", "La 3-MMC gagne"), ("2026-03-05", "La kétamine manque"),
    ]  # fmt: skip
    assert issues == []
    [(day, text)], _ = told(printed(tmp_path / "f.pdf", one))
    assert (day, "321 mots" in text) == ("2026-03-03", True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("La Voix Fictive, 3 mars 2026 \\\nLa 3-MMC", "Breizh Exemple, 5 mars 2026 \\\nLa ké"),
        ("La 3-MMC \\\nLa Voix Fictive, 3 mars 2026", "La ké \\\nBreizh Exemple, 5 mars 2026"),
        ("Revue de presse\n\nMardi 3 mars 2026", "Jeudi 5 mars 2026"),
        ("La Voix Fictive \\\nMardi 3 mars 2026", "Breizh Exemple \\\nJeudi 5 mars 2026"),
    ],
)
def test_a_review_in_print_may_go_on_in_the_middle_of_a_page(
    tmp_path: Path, one: str, other: str
) -> None:
    body = f"{one}\n\n{SAID} {MORE}\n\n3 janvier 2026 : saisie\n\n{other}\n\n{MORE} {SAID}"
    found, issues = told(printed(tmp_path / "r.pdf", body))
    assert [day for day, _ in found] == ["2026-03-03", "2026-03-05"]
    assert "saisie" in found[0][1] and issues == []


def test_a_head_that_runs_on_two_pages_is_no_text_and_gives_the_day(tmp_path: Path) -> None:
    head = "#set page(header: [La Voix Fictive, 3 mars 2026])"
    path = printed(tmp_path / "a.pdf", f"{SAID}\n\n{MORE}\n#pagebreak()\n{MORE}\n\nFin.", head)
    [(day, text)], issues = told(path)
    assert (day, issues, "La Voix Fictive" in text) == ("2026-03-03", [], False)


@pytest.mark.parametrize(
    ("body", "day", "issues"),
    [
        (("Ketamine in towns\n\n03/04/2026\n\nThe price is thirty, they said of it.\n\n"
         "Updated 20 April 2026"), "None", ["order of day and month not shown 1", "no date 1"]),
        (("La kétamine est là\n\n03/04/2026\n\nLe prix est de trente euros, et la pureté aussi.\n\n"
         "Mis à jour le 20 avril 2026"), "2026-04-03", []),
        ("Ketamine in towns\n\n13/04/2026\n\nThe price is thirty, they said of it.", "2026-04-13",
         []),
    ],
)  # fmt: skip
def test_a_day_that_may_be_the_month_is_asked_for(
    tmp_path: Path, body: str, day: str, issues: list[str]
) -> None:
    path = printed(tmp_path / "a.pdf", body)
    [(found, _)], kinds = told(path)
    assert (found, kinds) == (day, issues)
    if day == "None":
        assert told(path, date_order="mdy")[0][0][0] == "2026-03-04"


ENGLISH = "The price of ketamine in the town is thirty pounds a gram, outreach workers said. " * 3
FRENCH = "Le prix de la kétamine est de trente euros le gramme, disent les intervenants. " * 3


@pytest.mark.parametrize(
    ("head", "said", "foot", "day", "issues"),
    [
        ("03/04/2026", ENGLISH, "Updated 20 April 2026", "None",
         ["order of day and month not shown 1", "no date 1"]),
        ("Published 03/04/2026", ENGLISH, "", "None",
         ["order of day and month not shown 1", "no date 1"]),
        ("Publié le 03/04/2026", FRENCH, "Mis à jour le 20 avril 2026", "2026-04-03", []),
        ("Published 13/04/2026", ENGLISH, "Updated 20 April 2026", "2026-04-13", []),
        ("<time datetime='2026-04-03'>03/04/2026</time>", ENGLISH, "", "2026-04-03", []),
    ],
)  # fmt: skip
def test_a_day_of_a_page_that_may_be_the_month_is_asked_for(
    tmp_path: Path, head: str, said: str, foot: str, day: str, issues: list[str]
) -> None:
    page = f"<h1>Ketamine</h1><p>{head}</p><p>{said}</p><p>{said.upper()}</p><p>{foot}</p>"
    path = tmp_path / "a.html"
    found, kinds = read(path, f"<html><body><article>{page}</article></body></html>")
    assert ([day for day, _ in found], kinds) == ([day], issues)
    if issues:
        assert told(path, date_order="dmy")[0][0][0] == "2026-04-03"


def test_the_cover_of_a_review_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "r.txt"
    path.write_text(
        f"REVUE DE PRESSE\n\nLa Voix Fictive, 3 mars 2026\n{SAID}\n\n"
        f"Breizh Exemple, 5 mars 2026\n{MORE}\n",
        "utf-8",
    )
    rows = list(Press().extract(path))
    assert [r for r in rows if isinstance(r, Skipped)] == [Skipped("cover of a press review")]

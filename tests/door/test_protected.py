"""What no list of names and no capital makes a person."""

from __future__ import annotations

import random
from collections import Counter
from importlib.resources import files

import pytest

from fanal import thesaurus
from fanal.door import lexicon
from fanal.door.identifiers import scan, screen_text
from fanal.door.normalise import fold

KINDS = ("medicine", "eponym", "institution", "brand", "figure", "quarter", "place")


def rows() -> list[list[str]]:
    text = files("fanal.door").joinpath("lists", "protected.tsv").read_text("utf-8")
    return [line.split("\t") for line in text.splitlines()[2:]]


def test_each_row_has_a_name_a_kind_and_a_source() -> None:
    assert [row for row in rows() if len(row) != 3 or row[1] not in KINDS or not row[2]] == []


def test_no_name_stands_twice() -> None:
    found = Counter(fold(row[0]) for row in rows())
    assert [name for name, count in found.items() if count > 1] == []


def test_no_first_name_that_is_nothing_else_is_protected() -> None:
    names = lexicon.protected()
    assert [name for name in names if lexicon.first_names().get(name) is False] == []


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("kardegic", "medicine"),
        ("crohn", "eponym"),
        ("arapej", "institution"),
        ("primark", "brand"),
        ("albert hofmann", "figure"),
        ("la guillotiere", "quarter"),
        ("tamise", "place"),
        ("bobigny", "place"),  # from the thesaurus
        ("seine-saint-denis", "place"),
        ("occitanie", "place"),
        ("colombie", "place"),
    ],
)
def test_what_is_protected(name: str, kind: str) -> None:
    assert lexicon.protected()[name] == kind


@pytest.mark.parametrize("name", ["vernon", "gaillard", "sandrine", "delattre", "saint-clement"])
def test_what_people_bear_and_small_communes_are_not(name: str) -> None:
    assert name not in lexicon.protected()


LONG = "interview"  # where the language model reads too


@pytest.mark.parametrize("kind", ["public posts", LONG])
@pytest.mark.parametrize(
    "line",
    [
        "Il y avait aussi Kardégic à ce moment, je crois.",
        "Lovenox dans le quartier, on en parle.",
        "Hier on parlait de Biktarvy et de Maviret avec les autres.",
        "C'est la maladie de Parkinson qui a commencé.",
        "On a parlé de Wernicke et de Korsakoff.",
        "Il y avait aussi Arapej, je crois.",
        "On écoutait Bob Marley et Pierre Bourdieu parlait à la radio.",
        "Quentin Tarantino style buvard",
        "On est allés chez Leclerc acheter des bières.",
        "Il dort vers Matabiau ou à la Guillotière.",
        "À Aulnay-sous-Bois et à Vandœuvre-lès-Nancy on en parle.",
    ],
)
def test_what_is_protected_stays(line: str, kind: str) -> None:
    assert screen_text([line], kind)[0].text == line


@pytest.mark.parametrize("kind", ["public posts", LONG])
@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("J'ai vu Paul Parkinson hier soir.", "J'ai vu [name] hier soir."),
        ("Jean-Pierre Ferrari a parlé.", "[name] a parlé."),
        ("Karim Lovenox est passé.", "[name] est passé."),
        ("Je m'appelle Parkinson et j'ai froid.", "Je m'appelle [name] et j'ai froid."),
        ("Mme Parkinson est passée.", "[name] est passée."),
        ("Le docteur Kaposi a signé.", "Le [name] a signé."),
        ("Me Badinter a plaidé.", "[name] a plaidé."),
        ("Ma copine Zidane est venue.", "Ma copine [name] est venue."),
        ("Leclerc, 34 ans, a été interpellé.", "[name], 34 ans, a été interpellé."),
        ("Emmanuel Delattre est passé.", "[name] est passé."),  # one word of a figure
    ],
)
def test_what_stands_before_makes_a_person_of_it(line: str, stored: str, kind: str) -> None:
    assert screen_text([line], kind)[0].text == stored


def test_the_roster_of_a_record_makes_a_person_of_it() -> None:
    line = "Il y avait aussi Parkinson, je crois."
    assert [span[:2] for span in scan(line, people=["Parkinson"])] == [(17, 26)]
    assert scan(line) == []


SENTENCES = ["{} dans le quartier, on en parle.", "{} around here, people talk about it."]


def masked_at_the_start(names: list[str], sentence: str, kind: str) -> list[str]:
    lines = [sentence.format(name[0].upper() + name[1:]) for name in names]
    screened = screen_text(lines, kind)
    return [n for n, line, s in zip(names, lines, screened, strict=True) if s.text != line]


def thesaurus_names() -> list[str]:
    names = {alias.alias for alias in thesaurus.load().aliases}
    return sorted(name for name in names if any(map(str.isalpha, name)))


@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize(("kind", "drawn"), [("public posts", 1_000), (LONG, 200)])
def test_names_of_the_thesaurus_start_a_sentence(kind: str, drawn: int, sentence: str) -> None:
    names = random.Random(2026).sample(thesaurus_names(), drawn)
    assert len(masked_at_the_start(names, sentence, kind)) <= 0.005 * drawn


@pytest.mark.bars
@pytest.mark.parametrize("sentence", SENTENCES)
@pytest.mark.parametrize("kind", ["public posts", LONG])
def test_every_name_of_the_thesaurus_starts_a_sentence(kind: str, sentence: str) -> None:
    names = thesaurus_names()
    masked = masked_at_the_start(names, sentence, kind)
    print(f"\n{kind}: {len(masked)} of {len(names)} masked: {', '.join(masked)}")
    assert len(masked) <= 0.005 * len(names)


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("Mary m'a dit de venir.", "[name] m'a dit de venir."),
        ("On était chez Jenny hier.", "On était chez [name] hier."),
        ("Jeff, le plus grand, il pêchait.", "[name], le plus grand, il pêchait."),
        ("Je m'appelle Rosa.", "Je m'appelle [name]."),
        ("Les jeunes l'appelaient Docteur House.", "Les jeunes l'appelaient [name]."),
        ("Mary Delattre est venue.", "[name] est venue."),
    ],
)
def test_a_street_name_that_people_bear_is_a_person_where_a_text_says_so(
    line: str, stored: str
) -> None:
    assert screen_text([line], LONG)[0].text == stored

"""What no list of names and no capital makes a person."""

from __future__ import annotations

import random
from collections import Counter
from importlib.resources import files

import pytest

from fanal import thesaurus
from fanal.door import lexicon
from fanal.door.identifiers import scan, screen_batch, screen_text
from fanal.door.normalise import Views, fold
from fanal.door.recognisers.names.protected import is_protected
from fanal.door.spans import Span

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
    assert [span[:2] for span in screen_batch([line], people={0: ["Parkinson"]})[0][0]] == [
        (17, 26)
    ]
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


@pytest.mark.parametrize("kind", ["public posts", LONG])
@pytest.mark.parametrize(
    "line",
    [
        "Nouveau point de deal devant l'école, ouverture point de deal rue haute.",
        "Stalincrack point de deal",
        "un point de vente, un point de fixation, un point de consommation",
        "CAS 50-36-2 (cocaïne), n° CAS : 2748038-85-9",
        "EAN 3400930000007, code EAN : 3017620422003",
        "CIP13 : 3400930061091 ; CIP 34009 300 610 9 1",
        "ISBN 978-2-07-036822-8",
        "doi 10.2807/1560-7917.ES.2023.28.12.2300123",
        "https://doi.org/10.1016/j.drugpo.2020.102701 pour lire",
        "lot 230415A, Lot n° B20231145, batch 4471029",
        "art. L. 3411-8 et R. 3121-33-1 du CSP, article 222-37 du code pénal",
        "loi n° 70-1320 du 31 décembre 1970, circulaire DGS/SP2 n° 2008-79",
        "promo 3/50 5/80 10/150",
        "10 g à 60 euros, 5g/300€, 100 g pour 2500 €, 2x 250 mg, 3 x 100 µg",
        "le 3919, le 3020, 3977, 39 89, le 17",
        "Tox Info Suisse 145, +41 44 251 51 51",
        "Kindertelefoon 0800 0432, Zelfmoordpreventie 0800-0113",
        "Teléfono de la Esperanza 717 003 717",
        "Drogue : aide et référence 1-800-265-2626",
        "Coppel A., Doubre O., 2012",
        "Lahaie E., Martinez M., Cadet-Taïrou A. (2013)",
        "Selon Delattre et Fournier (2019), la cocaïne domine.",
        "According to Delattre et al., 2019, purity rises.",
        "(Delattre, 2019 ; Gandilhon, 2016)",
    ],
)
def test_things_authors_and_phrases_of_the_field_stay(line: str, kind: str) -> None:
    (screened,) = screen_text([line], kind)
    assert (screened.text, screened.reason) == (line, "")


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("EAN 1 85 05 78 006 084", "EAN [nir]"),
        ("code barre 0639981234", "code barre [phone:FR]"),
        ("CIP 0033639981234", "CIP [phone:FR]"),
        ("06 3919 3977", "[phone:FR]"),
        ("digicode 1414 puis code 3018", "[code] puis [code]"),
        ("https://doi.example.org/10.1016/j.drugpo", "[link:web]"),
        ("Sandrine (2019) est partie.", "[name] (2019) est partie."),
        ("Karim Delattre (1985) habite Lyon.", "[name] (1985) habite Lyon."),
        ("Dr Delattre (2019) a signé.", "[name] (2019) a signé."),
        ("Delattre, 34 ans, est passé.", "[name], 34 ans, est passé."),
    ],
)
def test_what_only_looks_like_a_thing_or_an_author_goes(line: str, stored: str) -> None:
    assert screen_text([line])[0].text == stored


@pytest.mark.parametrize("line", ["promo 3/50 5/80 6399812 34", "promo 3/50 5/80 10/151"])
def test_what_is_no_row_of_prices_is_kept_out(line: str) -> None:
    assert screen_text([line])[0].reason == "run of digits"


@pytest.mark.parametrize(
    ("before", "stays"),
    [
        ("Karim ", False), ("karim ", True), ("Caroline ", True), ("Table ", True), ("", True),
        ("Mme ", False), ("mon frère ", False), ("Me ", False), ("me ", True),
    ],
)  # fmt: skip
def test_a_first_name_directly_before_makes_a_person_of_it(before: str, stays: bool) -> None:
    text = f"{before}Parkinson dort"
    span = Span(len(before), len(before) + 9, "name")
    assert is_protected(Views.of(text), span) == stays

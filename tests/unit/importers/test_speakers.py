"""Speakers' labels, and what only looks like one."""

from __future__ import annotations

import pytest

from fanal.importers.reading.speakers import find_cast, label_of, without_stamps


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("Karim : Oui.", ("Karim", "Oui.")),
        ("Karim: Oui : et non", ("Karim", "Oui : et non")),
        ("#Karim: Oui", ("Karim", "Oui")),
        ("[00:12:03] Enquêtrice : Oui", ("Enquêtrice", "Oui")),
        ("00:12:03 Élise\u00a0: Oui", ("Élise", "Oui")),
        ("Karim [12:03]: Oui", ("Karim", "Oui")),
        ("{00:12:03} Q: Oui", ("Q", "Oui")),
        ("#00:12:03-4# R: Oui", ("R", "Oui")),
        ("Speaker 1  0:14", ("Speaker 1", "")),
        ("Jean-Luc O'Brien (01:02)", ("Jean-Luc O'Brien", "")),
        ("E1 – Oui", ("E1", "Oui")),
        ("- Karim : Oui", ("Karim", "Oui")),
        ("Karim :", ("Karim", "")),
    ],
)
def test_label(line: str, found: tuple[str, str]) -> None:
    assert label_of(line) == found


@pytest.mark.parametrize(
    "line",
    [
        *[
            "https://exemple.test/a",
            "voir https://exemple.test",
            "rdv à 12:30 ce soir",
            "12:30 ici",
        ],
        *[
            "« Oui : non »",
            "Est-ce vrai ? Oui : non",
            "L" + "o" * 63 + "ng: non",
            ": non",
            "",
            "oui",
        ],
        *["un prix - cher", "a@exemple.test", "[12:30]"],
    ],
)
def test_no_label(line: str) -> None:
    assert label_of(line) is None


@pytest.mark.parametrize(
    ("lines", "labels", "names"),
    [
        (["Enquêteur : a ?", "Karim : b", "Enquêteur : c", "Sofia : d"],
         {"enqueteur", "karim", "sofia"}, ("Karim", "Sofia")),
        (["Q: a", "A: b", "Q: c", "A: d"], {"q", "a"}, ()),
        (["Paul : a ?", "Léa : b", "Paul : c", "Léa : d"], {"paul", "lea"}, ("Léa", "Paul")),
        (["karim : a", "paul : b", "karim : c", "paul : d"], {"karim", "paul"}, ("karim", "paul")),
        (["Interviewer: a", "Sam: b"], {"interviewer", "sam"}, ("Sam",)),
        # notes and forms
        (["Prix : 20 €", "Prix : 10 €", "Lieu : gare", "Lieu : parc"], set(), ()),
        (["Une soirée calme.", "Prix : 20 €", "Attention : rien", "Beaucoup de monde."], set(), ()),
        (["Secteur : a", "Rue : b", "Bar : c"] * 3, set(), ()),
        (["https://exemple.test", "https://exemple.test/b"], set(), ()),
        # a few quotes in notes: no turns, but a name for the door
        (["Une note.", "Karim : oui", "Karim : non", *["Une ligne."] * 20], set(), ("Karim",)),
    ],
)  # fmt: skip
def test_cast(lines: list[str], labels: set[str], names: tuple[str, ...]) -> None:
    cast = find_cast([label_of(line) for line in lines])
    assert (cast.labels, cast.names) == (labels, names)


def test_stamps_are_dropped() -> None:
    assert without_stamps("[00:12] Oui [12:03:04], #00:12:03-4# non (1:02)") == "Oui, non"
    assert without_stamps("à 12:30, au 3/4 [sic] (60)") == "à 12:30, au 3/4 [sic] (60)"

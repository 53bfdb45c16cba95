"""Figures of seizures: a column of units beside their quantities, and one that is missing."""

import pytest

from fanal.importers import identify
from fanal.importers.base import Indicator, Issue
from fanal.importers.indicators import Indicators

SEIZED = """{year};{area};{drug};{quantity};{unit}
2023;{place};{cocaine};12,5;kg
2023;{place};{heroin};340;g
2024;{place};{cocaine};8;kg
"""
HEADINGS = {
    "fr": ("Année", "Région", "Produit", "Quantité", "Unité", "Bretagne", "cocaïne", "héroïne"),
    "en": ("Year", "Country", "Drug", "Amount", "Unit", "France", "cocaine", "heroin"),
    "de": ("Jahr", "Land", "Droge", "Menge", "Einheit", "Deutschland", "Kokain", "Heroin"),
    "es": ("Año", "País", "Sustancia", "Cantidad", "Unidad", "España", "cocaína", "heroína"),
    "nl": ("Jaar", "Land", "Stof", "Hoeveelheid", "Eenheid", "Nederland", "cocaïne", "heroïne"),
}


def read(folder, text, **parameters):
    path = folder / "f.csv"
    path.write_text(text, "utf-8")
    assert identify(path) is Indicators
    rows = list(Indicators(**parameters).extract(path))
    return (
        [(r.substance, r.period.year, r.value, r.unit) for r in rows if isinstance(r, Indicator)],
        [(r.kind, r.field) for r in rows if isinstance(r, Issue)],
    )


@pytest.mark.parametrize("language", HEADINGS)
def test_each_quantity_is_in_the_unit_beside_it(tmp_path, language):
    names = ("year", "area", "drug", "quantity", "unit", "place", "cocaine", "heroin")
    text = SEIZED.format(**dict(zip(names, HEADINGS[language], strict=True)))
    figures, told = read(tmp_path, text)
    assert figures == [
        ("cocaine", 2023, 12.5, "kg"), ("heroin", 2023, 340.0, "g"), ("cocaine", 2024, 8.0, "kg"),
    ]  # fmt: skip
    assert told == []


BARE = "Année;Région;Produit;{}\n2022;Bretagne;cocaïne;277\n2023;Bretagne;cocaïne;232\n"


@pytest.mark.parametrize(
    ("header", "unit", "told"),
    [
        ("Quantité", "", [("unit not said", "Quantité")]),
        ("Quantité saisie", "", [("unit not said", "Quantité saisie")]),
        ("Quantité (kg)", "kg", []),
        ("Nombre de saisies", "", []),  # a number of cases has no unit
    ],
)
def test_the_unit_of_a_quantity_is_asked_for(tmp_path, header, unit, told):
    figures, issues = read(tmp_path, BARE.format(header))
    assert ([f[2:] for f in figures], issues) == ([(277.0, unit), (232.0, unit)], told)


def test_the_unit_that_the_description_says_is_theirs(tmp_path):
    figures, told = read(tmp_path, BARE.format("Quantité"), unit="kg")
    assert ([f[3] for f in figures], told) == (["kg", "kg"], [])


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("part_intox", [("unit not said", "part_intox")]),  # of 1 or of 100?
        ("part_intox (%)", []),
        ("Prix médian", [("unit not said", "Prix médian")]),
        ("Prix médian (EUR per gram)", []),
        ("Prix_EUR", []),
        ("Passages", []),
    ],
)
def test_the_unit_of_a_share_or_price_is_asked_for(tmp_path, header, told):
    assert read(tmp_path, BARE.format(header))[1] == told


def test_a_title_says_the_unit_before_its_year(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "Retail price of cocaine (EUR per gram), 2024\nCountry;Mean;Median\n"
        "Belgium;40;41\nSpain;45;46\nSweden;88;85\n"
    )
    rows = list(Indicators().extract(path))
    assert [r.unit for r in rows if isinstance(r, Indicator)] == ["EUR per gram"] * 6
    assert not [r for r in rows if isinstance(r, Issue)]


@pytest.mark.parametrize(
    ("place", "names"),
    [
        ("city", {"Mean, cocaine, Paris", "Mean, cocaine, Dresden"}),
        ("site", {"Mean, cocaine"}),  # it is no kind of place: told as not read
    ],
)
def test_the_figure_of_a_town_is_not_that_of_its_country(tmp_path, place, names):
    path = tmp_path / "f.csv"
    path.write_text(
        f"year,metabolite,country,{place},Mean\n"
        "2025,cocaine,FR,Paris,4\n2025,cocaine,DE,Dresden,6\n"
    )
    rows = list(Indicators().extract(path))
    assert {r.name for r in rows if isinstance(r, Indicator)} == names
    unread = {r.field for r in rows if isinstance(r, Issue) and r.kind == "column name not known"}
    assert unread == ({"site"} if place == "site" else set())

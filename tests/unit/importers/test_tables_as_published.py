"""Official tables as they are published: places, units, periods, several tables in a sheet."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.indicators import Indicators
from fanal.importers.reading.areas import area_code, as_area, level_of
from fanal.importers.reading.figure_shapes import _first_and_last
from fanal.importers.reading.figure_tables import unit_of, units_beside
from fanal.importers.reading.figures import read_figure


def read(
    tmp_path: Path, content: str | bytes, **said: str
) -> tuple[list[Indicator], list[Issue | Skipped]]:
    path = tmp_path / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = list(Indicators(**said).extract(path))
    figures = [one for one in found if isinstance(one, Indicator)]
    return figures, [one for one in found if isinstance(one, Issue | Skipped)]


def workbook(**sheets: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.remove(book.worksheets[0])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def told(figures: list[Indicator], *fields: str) -> Iterator[tuple[object, ...]]:
    return (tuple(getattr(figure, field) for field in fields) for figure in figures)


# --- places ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "column", "code"),
    [
        ("Bretagne", "Région", "R53"), ("La Réunion", "Région", "R04"),
        ("Mayotte", "Région", "R06"), ("Mayotte", "Département", "976"),
        ("Paris", "Département", "75"), ("Paris", "Commune", "75056"),
        ("Vienne", "Département", "86"), ("Vienne", "Ville", "38544"),
        ("Nord", "Département", "59"), ("Mars", "Commune", "Mars"),
        ("Saint-Denis", "Commune", "Saint-Denis"), ("Lille", "Région", "Lille"),
        ("FRA", "Country", "FR"), ("GRC", "LOCATION", "GR"), ("EL", "Country", "GR"),
        ("Griechenland", "Country", "GR"), ("Total", "Pays", "Total"),
        ("Bretagne", "Lieu", "Bretagne"), ("DOM", "Territoire", "DOM"),
    ],
)  # fmt: skip
def test_a_name_is_the_place_of_its_column(text: str, column: str, code: str) -> None:
    assert as_area(text, column) == code


def test_the_union_writes_two_countries_otherwise() -> None:
    assert [area_code(t) for t in ("EL", "UK", "el", "EU")] == ["GR", "GB", None, None]
    assert area_code("Alemania", widest=True) == "DE"
    assert area_code("FRA", widest=True) is None, "three letters are a word elsewhere"


def test_a_column_of_two_kinds_of_places_is_of_none() -> None:
    assert [level_of(c) for c in ("Région", "code_dep", "Pays ou région", "geo")] == [
        "région", "département", "", "",
    ]  # fmt: skip


def test_the_column_of_places_is_the_one_that_has_them(tmp_path: Path) -> None:
    figures, _ = read(
        tmp_path,
        "Region,Country,DrugGroup,Year,Kilograms\n"
        "Europe,France,Cocaine-type,2022,27700\nEurope,Greece,Opioids,2022,312.5\n",
    )
    assert list(told(figures, "area", "value", "unit")) == [
        ("FR", 27700, "kg"),
        ("GR", 312.5, "kg"),
    ]


def test_communes_of_a_tidy_table(tmp_path: Path) -> None:
    table = "Commune;Année;Usage de stupéfiants\nParis;2022;12500\nRoubaix;2022;900\n"
    figures, _ = read(tmp_path, table)
    assert list(told(figures, "area", "value")) == [("75056", 12500), ("59512", 900)]


def test_men_and_women_are_no_communes(tmp_path: Path) -> None:
    table = "Année;Hommes;Femmes;Ensemble\n2021;300;70;370\n2022;310;75;385\n2023;320;80;400\n"
    figures, _ = read(tmp_path, table, area="FR", counts="décès")
    assert set(told(figures[:3], "name", "area", "value")) == {
        ("décès, Hommes", "FR", 300), ("décès, Femmes", "FR", 70), ("décès, Ensemble", "FR", 370),
    }  # fmt: skip


# --- units ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "unit"),
    [("Kilograms", "kg"), ("quantite_kg", "kg"), ("Prix par gramme", ""), ("Saisies (t)", "t"),
     ("kilos par habitant", ""), ("Saisies", ""), ("Tonnes saisies", "t"),
     ("deaths per 100000", "/ 100 000"),
     ("deaths per 1000", "‰"), ("cases per 10000", "/ 10 000"), ("per 100 000 people", "/ 100 000"),
     ("taux pour 1 000 000", "/ 1 000 000"), ("per 100 in 2020", "%"), ("per 12 months", "")],
)  # fmt: skip
def test_units_of_headers(column: str, unit: str) -> None:
    assert unit_of(column) == unit


def test_a_unit_is_of_the_figures_before_it() -> None:
    columns = ["Nombre", "Unité du nombre", "Quantité", "Unité"]
    assert units_beside(columns, {"Nombre", "Quantité"}) == {
        "Nombre": "Unité du nombre", "Quantité": "Unité",
    }  # fmt: skip
    columns = ["Quantité", "Nombre de saisies", "Unité"]
    assert units_beside(columns, set(columns[:2])) == {"Quantité": "Unité"}
    assert units_beside(["Unité", "Valeur"], {"Valeur"}) == {}


def test_a_number_of_seizures_has_not_the_unit_of_the_amount(tmp_path: Path) -> None:
    figures, _ = read(
        tmp_path,
        "Country,Year,Substance,Number of seizures,Quantity,Unit\n"
        "Belgium,2023,Cocaine,5100,116000,kg\nGreece,2023,MDMA,210,45000,tablets\n",
    )
    assert list(told(figures, "area", "value", "unit", "substance")) == [
        ("BE", 5100, "", "cocaine"), ("BE", 116000, "kg", "cocaine"),
        ("GR", 210, "", "mdma"), ("GR", 45000, "tablets", "mdma"),
    ]  # fmt: skip


def test_a_unit_in_the_cell_is_its_own(tmp_path: Path) -> None:
    table = "Pays;Année;Cocaïne (kg)\nFrance;2022;27,7 t\nFrance;2023;23 200\nGrèce;2023;312 kg\n"
    figures, _ = read(tmp_path, table)
    assert list(told(figures, "value", "unit")) == [(27.7, "t"), (23200, "kg"), (312, "kg")]


def test_units_between_the_years_of_a_crossed_table(tmp_path: Path) -> None:
    table = (
        "Produit;2022 Quantité;Unité;2023 Quantité;Unité\nCocaïne;27700;kg;23200;kg\n"
        "Ecstasy;1400000;comprimés;4100000;comprimés\n"
    )
    figures, _ = read(tmp_path, table, area="FR", counts="saisies")
    assert [(f.area, f.period.year, f.value, f.unit, f.substance) for f in figures] == [
        ("FR", 2022, 27700, "kg", "cocaine"), ("FR", 2023, 23200, "kg", "cocaine"),
        ("FR", 2022, 1400000, "comprimés", "mdma"), ("FR", 2023, 4100000, "comprimés", "mdma"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "cell", ["1 à 4", "ndiff", "n.d.", "k.A.", "< 10", "not applicable", "supprimé", "z", "s. d."]
)
def test_what_is_withheld_is_unknown(cell: str) -> None:
    read = read_figure(cell)
    assert read is not None
    assert (read.value, read.said) == (None, cell)


@pytest.mark.parametrize("cell", ["15-24", "2 à 4", "non", "ndx"])
def test_what_is_no_figure(cell: str) -> None:
    assert read_figure(cell) is None


def test_a_letter_that_a_note_explains_is_no_unit(tmp_path: Path) -> None:
    table = "Pays;2022;2023\nFrance;12 g;14\nGrèce;3;4\n\ng : provisoire\n"
    figures, _ = read(tmp_path, table, counts="décès")
    assert [(f.value, f.unit, f.note) for f in figures[:2]] == [
        (12, "", "provisoire"), (14, "", None),
    ]  # fmt: skip


# --- periods and totals ---------------------------------------------------------------------------


def test_two_columns_of_days_are_one_period(tmp_path: Path) -> None:
    figures, _ = read(
        tmp_path,
        "date_debut;date_fin;territoire;indicateur;valeur\n2023-01-01;2023-06-30;France;Décès;310\n"
        "2023-07-01;2023-12-31;France;Décès;328\n2023-01-01;2023-03-31;Grèce;Décès;31\n",
    )
    assert [(str(f.period), f.step, f.value) for f in figures] == [
        ("2023-01-01", "half-year", 310), ("2023-07-01", "half-year", 328),
        ("2023-01-01", "quarter", 31),
    ]  # fmt: skip


def test_days_of_two_things_are_no_period() -> None:
    assert _first_and_last(["Start date", "End date"]) == ("Start date", "End date")
    assert _first_and_last(["date_debut", "fin_semaine", "valeur"]) == ()


def test_a_row_of_totals_is_no_area(tmp_path: Path) -> None:
    table = "dep;annee;faits\n13;2022;100\n59;2022;150\nTotal;2022;250\n"
    figures, more = read(tmp_path, table, counts="usage")
    assert list(told(figures, "area", "value")) == [("13", 100), ("59", 150)]
    assert Skipped("row of totals") in more


# --- several tables -------------------------------------------------------------------------------


YEARS: list[list[object]] = [["Pays", 2021, 2022, 2023], ["France", 26500, 27700, 23200]]


def test_tables_under_one_another_keep_their_titles(tmp_path: Path) -> None:
    sheet: list[list[object]] = [
        ["Tableau 1. Saisies de cocaïne (kg)"], *YEARS, [], ["Tableau 2. Saisies d'héroïne (kg)"],
        ["Pays", 2022, 2023], ["France", 1400, 1300], ["Source : OFAST"],
    ]  # fmt: skip
    figures, _ = read(tmp_path, workbook(Feuil1=sheet))
    assert [(f.period.year, f.value, f.unit, f.substance, f.note) for f in figures] == [
        (2021, 26500, "kg", "cocaine", None), (2022, 27700, "kg", "cocaine", None),
        (2023, 23200, "kg", "cocaine", None), (2022, 1400, "kg", "heroin", "Source : OFAST"),
        (2023, 1300, "kg", "heroin", "Source : OFAST"),
    ]  # fmt: skip


def test_the_header_on_each_page_begins_no_table(tmp_path: Path) -> None:
    table = "Pays;2021;2022;2023\nFrance;1;2;3\nPays;2021;2022;2023\nGrèce;4;5;6\n"
    figures, more = read(tmp_path, table, counts="décès")
    assert [figure.value for figure in figures] == [1, 2, 3, 4, 5, 6]
    assert Skipped("header again") in more


def test_sheets_that_only_their_names_tell_apart(tmp_path: Path) -> None:
    book = workbook(Cocaïne=YEARS, Héroïne=[YEARS[0], ["France", 1300, 1400, 1300]])
    figures, _ = read(tmp_path, book, counts="saisies", unit="kg")
    assert set(told(figures, "name", "substance")) == {
        ("saisies, Cocaïne", "cocaine"), ("saisies, Héroïne", "heroin"),
    }  # fmt: skip
    assert [figure.value for figure in figures] == [26500, 27700, 23200, 1300, 1400, 1300]


def test_sheets_of_years_and_areas_have_one_name(tmp_path: Path) -> None:
    rows: list[list[object]] = [["Année", "Décès"], [2022, 610], [2023, 638]]
    figures, _ = read(tmp_path, workbook(France=rows, Grèce=rows))
    assert [(f.name, f.area, f.value) for f in figures] == [
        ("Décès", "FR", 610), ("Décès", "FR", 638), ("Décès", "GR", 610), ("Décès", "GR", 638),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "area"),
    [("Limousin", "Limousin"), ("Bretagne", "R53"), ("France entière", "FR"), ("PACA", "R93")],
)
def test_a_region_of_before_is_not_that_of_today(tmp_path: Path, region: str, area: str) -> None:
    table = f"Région;Année;Faits\n{region};2014;310\nCorse;2014;12\n"
    figures, _ = read(tmp_path, table, counts="usage")
    assert list(told(figures, "area", "value")) == [(area, 310), ("R94", 12)]


@pytest.mark.parametrize(
    ("name", "substance"),
    [("Last-year prevalence cocaine (%)", "cocaine"), ("Prix du gramme de cocaïne", "cocaine"),
     ("Price of cannabis resin", "cannabis-resin"), ("Cocaine and heroin deaths", None),
     ("Coke price", None), ("Number of tests", None)],
)  # fmt: skip
def test_the_one_substance_that_a_name_mentions(
    tmp_path: Path, name: str, substance: str | None
) -> None:
    figures, _ = read(tmp_path, f"Country,Year,{name}\nFrance,2022,2.7\nSpain,2022,2.4\n")
    assert [figure.substance for figure in figures] == [substance] * 2


def test_areas_by_their_names_alone(tmp_path: Path) -> None:
    table = "Area Code,Area Name,Year,Deaths\nE92000001,England,2022,4500\nW92000004,Wales,2022,3\n"
    figures, _ = read(tmp_path, table)
    assert list(told(figures, "area", "value")) == [("GB-ENG", 4500), ("UKL", 3)]


def test_a_name_of_an_indicator_says_its_unit(tmp_path: Path) -> None:
    figures, _ = read(
        tmp_path,
        "Pays;Substance;Indicateur;2021;2022;2023\nGrèce;Cocaïne;Saisies (kg);1;2;3\n"
        "Grèce;Cocaïne;Nombre de saisies;4;5;6\n",
    )
    assert list(told(figures, "value", "unit", "substance")) == [
        *((value, "kg", "cocaine") for value in (1, 2, 3)),
        *((value, "", "cocaine") for value in (4, 5, 6)),
    ]  # fmt: skip


def test_a_unit_of_one_letter_is_no_substance(tmp_path: Path) -> None:
    table = "Ville;Année;Eaux usées cocaïne (mg/1000 hab/j)\nParis;2023;512,4\nLyon;2023;310,2\n"
    figures, _ = read(tmp_path, table)
    assert [figure.substance for figure in figures] == ["cocaine", "cocaine"]

"""Official tables of many hands: months across, notes below, bases of shares, provinces."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import openpyxl
import pytest

from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.indicators import Indicators
from fanal.importers.reading.parts_of_years import parts_across


def read(
    tmp_path: Path, content: str, name: str = "table.csv", **said: str
) -> tuple[list[Indicator], list[Issue | Skipped]]:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    found = list(Indicators(**said).extract(path))
    figures = [one for one in found if isinstance(one, Indicator)]
    return figures, [one for one in found if isinstance(one, Issue | Skipped)]


# --- months across --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "header", "months"),
    [
        ("Passages aux urgences, 2023", "Région;Janvier;Février;Mars", (1, 2, 3)),
        ("Aufnahmen nach Monat, 2023", "Region;Januar;Februar;März", (1, 2, 3)),
        ("Ricoveri nel 2023", "Regione;ott;nov;dic", (10, 11, 12)),
        ("Passages - 2023", "Région;T1;T2;T3", (1, 4, 7)),
        ("Opnames 2023", "Regio;jan;feb;mrt", (1, 2, 3)),
    ],
)
def test_months_and_quarters_across_are_of_the_year_of_the_title(tmp_path, title, header, months):
    text = f"{title};;;\n{header}\nBretagne;12;14;11\nNormandie;7;8;6\n"
    figures, beside = read(tmp_path, text)
    assert [(f.area, f.period, f.value) for f in figures[:3]] == [
        ("R53", date(2023, month, 1), value)
        for month, value in zip(months, (12, 14, 11), strict=True)
    ]
    step = "quarter" if "T1" in header else "month"
    assert {f.step for f in figures} == {step} and len(figures) == 6
    assert not [one for one in beside if isinstance(one, Issue)]


def test_months_across_are_of_the_years_down(tmp_path):
    text = "Année;janvier;février;mars;Total\n2021;12;14;11;37\n2022;7;8;6;21\n"
    figures, beside = read(tmp_path, text, area="FR", counts="Passages aux urgences")
    assert [(f.period, f.value) for f in figures] == [
        (date(year, month, 1), value)
        for year, values in ((2021, (12, 14, 11)), (2022, (7, 8, 6)))
        for month, value in enumerate(values, 1)
    ]
    assert {f.name for f in figures} == {"Passages aux urgences"}
    assert [i.field for i in beside if isinstance(i, Issue)] == ["Total"]  # told, and not read


def test_a_row_whose_year_is_merged_into_the_one_above_asks_for_it(tmp_path):
    rows = "2021;Bretagne;12;14;11\n;Normandie;7;8;6\n2022;Bretagne;1;2;3\n"
    figures, beside = read(
        tmp_path, f"Année;Région;janvier;février;mars\n{rows}", counts="Passages"
    )
    assert [(f.name, f.period, f.step, f.value) for f in figures] == [
        ("Passages", date(year, month, 1), "month", value)
        for year, values in ((2021, (12, 14, 11)), (2022, (1, 2, 3)))
        for month, value in enumerate(values, 1)
    ]
    told = {(i.kind, i.hint) for i in beside if isinstance(i, Issue)}
    assert told == {("period not readable", "write the year as 2023")}


def test_the_year_of_months_across_is_asked_for_and_read_as_told(tmp_path):
    text = "Région;Janvier;Février;Mars\nBretagne;12;14;11\nNormandie;7;8;6\n"
    _, beside = read(tmp_path, text, counts="Passages")
    assert {i.kind for i in beside if isinstance(i, Issue)} == {"no period"}
    figures, _ = read(tmp_path, text, counts="Passages", period="2022")
    assert figures[1].period == date(2022, 2, 1) and figures[1].step == "month"


def test_a_title_of_several_years_is_no_year_of_months(tmp_path):
    text = "Passages, 2021-2023;;;\nRégion;Janvier;Février;Mars\nBretagne;12;14;11\nPaca;7;8;6\n"
    figures, _ = read(tmp_path, text)
    assert not figures


@pytest.mark.parametrize(
    ("above", "year"),
    [
        ("Passages aux urgences (publié en 2024)", None),
        ("Passages aux urgences\nSource : OSCOUR 2024", None),
        ("Aufnahmen\nStand: 4. März 2024", None),
        ("Ricoveri\nFonte: Ministero, 2024", None),
        ("Passages aux urgences, 2023 (publié en 2024)", 2023),
        ("Sources de revenus, 2023", 2023),
    ],
)
def test_the_year_of_a_publication_is_none_of_its_figures(tmp_path, above, year):
    rows = "Bretagne;12;14;11\nNormandie;7;8;6\n"
    figures, _ = read(tmp_path, f"{above}\nRégion;Janvier;Février;Mars\n{rows}")
    assert {f.period.year for f in figures} == ({year} if year else set())
    figures, _ = read(tmp_path, f"{above}\nRégion;Cocaïne;Héroïne;Crack\n{rows}", "b.csv")
    assert {f.period.year for f in figures} == ({year} if year else set())


def test_one_or_two_words_that_months_have_too_are_no_months():
    assert parts_across(["Cocaine", "May", "March"]) == {}
    assert parts_across(["1", "2", "3"]) == {}
    assert [p.first.month for p in parts_across(["S1", "S2"]).values()] == [1, 7]


# --- notes below ----------------------------------------------------------------------------------


def test_lines_under_a_table_are_notes_and_no_rows(tmp_path):
    text = (
        "Département;2021;2022;2023\nNord;12;13;14\nRhône;22;23;24\n\n"
        "Les données de 2023 sont provisoires.\nSource : ministère\n"
    )
    figures, beside = read(tmp_path, text, counts="Mis en cause")
    assert len(figures) == 6
    assert {f.note for f in figures} == {
        "Les données de 2023 sont provisoires.; Source : ministère"
    }
    assert beside == [Skipped("empty row"), *[Skipped("note under the table")] * 2]


def test_a_row_that_lost_its_figures_is_no_note(tmp_path):
    text = "Département;2021;2022;2023\nNord;12;13;14\nRhône et sa ville\nParis;22;23;24\n"
    _, beside = read(tmp_path, text, counts="Mis en cause")
    assert [one.kind for one in beside if isinstance(one, Issue)] == ["too few cells"]


# --- headers and titles ---------------------------------------------------------------------------


def grid(tmp_path: Path, rows: list[list[object]], **said: str) -> list[Indicator]:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    found = Indicators(**said).extract(tmp_path / "t.xlsx")
    return [one for one in found if isinstance(one, Indicator)]


def test_three_rows_of_headings_are_one_header(tmp_path):
    figures = grid(
        tmp_path,
        [["Département", "Cocaïne", None, None, None, "Héroïne", None, None, None],
         [None, "Hommes", None, "Femmes", None, "Hommes", None, "Femmes", None],
         [None, *[2022, 2023] * 4],
         ["Nord", 10, 11, 3, 4, 8, 7, 2, 1], ["Rhône", 20, 21, 5, 6, 9, 6, 3, 2]],
        counts="Interpellations",
    )  # fmt: skip
    assert [(f.name, f.area, f.period.year, f.value) for f in figures[:4]] == [
        ("Interpellations, Hommes Cocaïne", "59", 2022, 10.0),
        ("Interpellations, Hommes Cocaïne", "59", 2023, 11.0),
        ("Interpellations, Femmes Cocaïne", "59", 2022, 3.0),
        ("Interpellations, Femmes Cocaïne", "59", 2023, 4.0),
    ]
    assert len(figures) == 16 and {f.substance for f in figures} == {"cocaine", "heroin"}


def test_a_first_row_of_words_under_two_headings_is_none_of_them(tmp_path):
    figures = grid(
        tmp_path,
        [["Région", "Cocaïne", None, "Héroïne", None], [None, 2022, 2023, 2022, 2023],
         ["Bretagne", "nd", "nd", "nd", "nd"], ["Normandie", 1, 2, 3, 4], ["Corse", 5, 6, 7, 8]],
        counts="Saisies (kg)",
    )  # fmt: skip
    assert [f.area for f in figures] == ["R53"] * 4 + ["R28"] * 4 + ["R94"] * 4


def test_a_title_in_which_the_delimiter_stands_is_one_title(tmp_path):
    text = (
        "Drug-induced deaths in Portugal, 2020-2021\nYear,Opioids,Cocaine\n2020,40,20\n2021,4,2\n"
    )
    figures, _ = read(tmp_path, text)
    assert {f.area for f in figures} == {"PT"} and len(figures) == 4
    assert figures[1].name == "Drug-induced deaths in Portugal, 2020-2021, Cocaine"


# --- provinces ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "names"),
    [
        ("Provincia", {"Torino": "Torino", "Milano": "Milano"}),
        ("Provincia", {"Granada": "Provincia Granada", "Madrid": "ES30"}),  # no Grenada
        ("Región", {"Nowhere": "Nowhere", "Atlantis": "Atlantis"}),
        ("Ville", {"Amsterdam": "Amsterdam", "Genève": "Genève"}),  # towns of countries, no country
        ("Pays", {"Pays-Bas": "NL", "Suisse": "CH"}),
    ],
)
def test_places_that_are_not_on_the_map_are_kept_as_they_are_called(tmp_path, column, names):
    first, other = names
    text = f"{column};2021;2022;2023\n{first};120;131;140\n{other};300;310;330\n"
    figures, beside = read(tmp_path, text, counts="Denuncias")
    assert [(f.name, f.area, f.value) for f in figures[2:4]] == [
        ("Denuncias", names[first], 140.0), ("Denuncias", names[other], 300.0),
    ]  # fmt: skip
    assert not [one for one in beside if isinstance(one, Issue)]


def test_a_column_that_is_none_of_places_asks_for_the_area(tmp_path):
    text = "Droga;2021;2022;2023\nCocaína;120;131;140\nHeroína;300;310;330\n"
    _, beside = read(tmp_path, text, counts="Decomisos")
    assert {i.kind for i in beside if isinstance(i, Issue)} == {"no area"}


# --- bases of shares ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Effectif;%;IC inf;IC sup", "4500;11,2;10,1;12,3"),
        ("%;n", "11,2;4500"),
        ("Prévalence (%);Taille de l'échantillon", "11,2;4500"),
    ],
)
def test_how_many_were_asked_is_the_base_of_a_share(tmp_path, header, row):
    text = (
        f"Année;Indicateur;{header}\n2021;Usage de cannabis;{row}\n2023;Usage de cannabis;{row}\n"
    )
    figures, _ = read(tmp_path, text, area="FR")
    assert [(f.value, f.unit, f.base, f.denominator) for f in figures[:1]] == [
        (11.2, "%", 4500.0, None)
    ]
    assert 4500.0 not in {f.value for f in figures}


def test_a_number_before_its_share_is_a_figure(tmp_path):
    text = "Année;Indicateur;n;%\n2021;Décès;450;11,2\n2023;Décès;480;12,4\n"
    figures, _ = read(tmp_path, text, area="FR")
    assert [(f.value, f.base) for f in figures[:2]] == [(450.0, None), (11.2, None)]


def test_a_population_is_no_base_of_a_count(tmp_path):
    text = "Année;Région;Nombre;Population\n2021;Bretagne;450;3400000\n2022;Bretagne;460;3410000\n"
    figures, _ = read(tmp_path, text, counts="Interpellations")
    assert [(f.denominator, f.base) for f in figures] == [(3.4e6, None), (3.41e6, None)]

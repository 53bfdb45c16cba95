"""Periods of official tables: the header and the other cells of a column say what a cell is."""

from datetime import date

import pytest

from fanal.importers.base import Indicator, Issue
from fanal.importers.indicators import Indicators
from fanal.importers.reading.periods import PeriodColumn, step_of, with_year

WEEKS_OF_2021 = [(date(2021, 1, 4), "week"), (date(2021, 1, 11), "week")]


def read(header, *cells, step="", weeks=""):
    column = PeriodColumn(header, step, weeks)
    for cell in cells:
        column.see(cell)
    return [column.read(cell) and tuple(column.read(cell)) for cell in cells], column.open


@pytest.mark.parametrize(
    ("header", "cells", "periods"),
    [
        ("semaine", ["202101", "202102"], WEEKS_OF_2021),
        ("mois", ["202101", "202102"], [(date(2021, 1, 1), "month"), (date(2021, 2, 1), "month")]),
        ("periode", ["202101", "202126"], [WEEKS_OF_2021[0], (date(2021, 6, 28), "week")]),
        ("periode", ["2021-01", "2021-26"], [WEEKS_OF_2021[0], (date(2021, 6, 28), "week")]),
        (
            "",
            ["2011-S1", "2011-S2"],
            [(date(2011, 1, 1), "half-year"), (date(2011, 7, 1), "half-year")],
        ),
        ("", ["S1 2021", "S2 2021", "S3 2021"], [*WEEKS_OF_2021, (date(2021, 1, 18), "week")]),
        ("semaine", ["2021-S1", "2021-S2"], WEEKS_OF_2021),
        ("", ["2021-S01", "2021-S02"], WEEKS_OF_2021),
        ("", ["T1 2021", "1er trimestre 2021", "2021-Q1"], [(date(2021, 1, 1), "quarter")] * 3),
        ("", ["2e semestre 2021", "2021-H2"], [(date(2021, 7, 1), "half-year")] * 2),
        ("semaine", ["du 04/01/2021 au 10/01/2021", "2021-01-11/2021-01-17"], WEEKS_OF_2021),
        ("", ["du 01/02/2021 au 28/02/2021"], [(date(2021, 2, 1), "month")]),
        ("", ["du 01/12/2020 au 31/12/2020"], [(date(2020, 12, 1), "month")]),
        ("", ["du 01/04/2021 au 30/06/2021"], [(date(2021, 4, 1), "quarter")]),
        ("", ["du 01/07/2021 au 31/12/2021"], [(date(2021, 7, 1), "half-year")]),
        ("", ["du 01/01/2021 au 31/12/2021"], [(date(2021, 1, 1), "year")]),
        ("", ["du 01/02/2021 au 30/04/2021"], [None]),  # three months, and no quarter
        ("", ["du 01/01/2021 au 30/01/2021"], [None]),
        ("", ["du 02/01/2021 au 31/01/2021"], [None]),
        ("", ["du 01/01/2021 au 28/02/2021"], [None]),
        ("week_ending", ["2021-01-10", "2021-01-17"], WEEKS_OF_2021),
        (
            "date",
            ["2021-01-04", "2021-01-11", "2021-01-18"],
            [*WEEKS_OF_2021, (date(2021, 1, 18), "week")],
        ),
        (
            "date",
            ["1/4/2021", "1/11/2021", "1/18/2021"],
            [*WEEKS_OF_2021, (date(2021, 1, 18), "week")],
        ),
        (
            "date",
            ["2020-01-01", "2021-01-01"],
            [(date(2020, 1, 1), "year"), (date(2021, 1, 1), "year")],
        ),
        (
            "date",
            ["31/01/2021", "28/02/2021"],
            [(date(2021, 1, 1), "month"), (date(2021, 2, 1), "month")],
        ),
        (
            "date",
            ["31/03/2021", "30/06/2021", "30/09/2021"],
            [(date(2021, m, 1), "quarter") for m in (1, 4, 7)],
        ),
        (
            "epiweek",
            ["2021-W01", "2021-W02"],
            [(date(2021, 1, 3), "week"), (date(2021, 1, 10), "week")],
        ),
        ("", ["2010-11", "2010-12"], [(date(2010, 11, 1), "month"), (date(2010, 12, 1), "month")]),
    ],
)
def test_what_a_column_shows(header, cells, periods):
    assert read(header, *cells) == (periods, "")


@pytest.mark.parametrize(
    ("header", "cells", "asked"),
    [
        ("saison", ["2010-11", "2011-12"], "a season of two years"),
        ("annee", ["2010/2011", "2011/2012"], "a season of two years"),
        ("week", ["2021-01-03", "2021-01-10"], "whether weeks begin or end"),
        ("epidemiological week", ["2021-W01"], 'weeks = "sunday"'),
        ("semaine", ["2021-W53"], "no such week"),
        ("date", ["2021-01-01", "2021-01-02"], ""),
    ],
)
def test_what_is_not_shown_is_asked(header, cells, asked):
    periods, said = read(header, *cells)
    assert periods == [None] * len(cells)
    assert asked in said


def test_when_weeks_begin_may_be_told():
    assert read("epidemiological week", "2021-W01", weeks="monday")[0] == WEEKS_OF_2021[:1]
    assert read("week", "2021-01-03", weeks="sunday")[0] == [(date(2021, 1, 3), "week")]


@pytest.mark.parametrize(
    ("header", "step"),
    [
        ("semaine", "week"),
        ("Année ISO", "year"),
        ("annee_semaine", "week"),
        ("KW", "week"),
        ("Mois (AAAAMM)", "month"),
        ("trimestre", "quarter"),
        ("Semestre", "half-year"),
        ("prix du mois dernier", ""),
        ("annonces", ""),
        ("millesime", ""),
    ],
)
def test_what_a_header_says(header, step):
    assert step_of(header) == step


@pytest.mark.parametrize(
    ("year", "cell", "step", "text"),
    [
        ("2021", "3", "week", "2021-W3"),
        ("2021", "S03", "week", "2021-W3"),
        ("2021", "2020-W53", "week", "2020-W53"),
        ("2021", "T2", "quarter", "2021-Q2"),
        ("2021", "1er trimestre", "quarter", "2021-Q1"),
        ("2021", "janvier", "month", "janvier 2021"),
        ("2021", "07", "month", "2021-M7"),
        ("21", "7", "month", "2021-M7"),
        ("2021", "", "week", "2021"),
    ],
)
def test_two_columns_are_one_period(year, cell, step, text):
    assert with_year(year, cell, step) == text


def figures(tmp_path, text, **parameters):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    said = []
    for r in Indicators(**parameters).extract(path):
        if isinstance(r, Indicator):
            period = r.period.isoformat()
            said.append((r.name, r.area, period, r.step, r.value, r.denominator, r.note))
        elif isinstance(r, Issue) and r.kind != "columns not read":
            said.append((r.kind, r.record, r.level))
    return said


def test_codes_and_people_are_no_figures(tmp_path):
    text = (
        "CODGEO_2025;annee;indicateur;nombre;taux_pour_mille;est_diffuse;insee_pop;"
        "insee_pop_millesime;insee_log;complement_info_nombre\n"
        "59350;2023;Usage;120;0,51;diff;236710;2022;131000;NA\n"
    )
    assert figures(tmp_path, text) == [
        ("Usage", "59350", "2023-01-01", "year", 120.0, 236710.0, None),
        ("Usage (taux_pour_mille)", "59350", "2023-01-01", "year", 0.51, None, None),
    ]


def test_words_that_tell_rows_apart_are_part_of_the_name(tmp_path):
    text = (
        "annee;code_departement;departement;sexe;age;nombre\n"
        "2021;59;Nord;Homme;15-24;10\n2021;59;Nord;Femme;15-24;4\n2021;62;Pas-de-Calais;Homme;15-24;3\n"
    )
    assert [row[:2] for row in figures(tmp_path, text, counts="usage")] == [
        ("usage, Homme, 15-24", "59"),
        ("usage, Femme, 15-24", "59"),
        ("usage, Homme, 15-24", "62"),
    ]


def test_a_source_of_each_row_is_kept(tmp_path):
    text = "indicateur;pays;annee;valeur;source\nSaisies;FR;2021;10;OFAST\n"
    assert [row[-1] for row in figures(tmp_path, text)] == ["source: OFAST"]


def test_no_name_or_no_area_is_asked_for(tmp_path):
    assert figures(tmp_path, "pays;annee;valeur\nFR;2021;10\n") == [("no name", 2, "error")]
    text = "Saisies\nProduit;2021;2022;2023\nCocaïne;1;2;3\n"
    assert figures(tmp_path, text) == [("no area", 3, "error")] * 3
    assert [row[:2] for row in figures(tmp_path, text, area="FR")] == [
        ("Saisies, Cocaïne", "FR")
    ] * 3


def test_a_total_beside_periods_is_no_name(tmp_path):
    text = "Saisies\nPays;2021;2022;2023;Total\nFrance;1;2;3;6\nBelgique;1;2;3;6\n"
    rows = figures(tmp_path, text)
    assert rows[0] == ("column name not known", 2, "warning")
    assert {row[0] for row in rows[1:]} == {"Saisies"}


def test_a_count_below_zero_stays_unknown(tmp_path):
    rows = figures(tmp_path, "indicateur;pays;annee;nombre\nUsage;FR;2021;-3\n")
    assert rows[0] == ("count below zero", 2, "warning")
    assert rows[1][4:] == (None, None, "-3")


def test_a_table_of_eurostat_with_a_column_for_each_period(tmp_path):
    text = (
        "freq,iccs,unit,geo\\TIME_PERIOD\t2020 \t2021 \t2022 \n"
        "A,ICCS0601,NR,FR\t231000 \t: \t298000 p\nA,ICCS0601,NR,BE\t51000 \t52000 b\t58000 \n"
    )
    assert figures(tmp_path, text)[:3] == [
        ("ICCS0601", "FR", "2020-01-01", "year", 231000.0, None, None),
        ("ICCS0601", "FR", "2021-01-01", "year", None, None, ":"),
        ("ICCS0601", "FR", "2022-01-01", "year", 298000.0, None, "provisional"),
    ]


def test_codes_and_their_labels_side_by_side(tmp_path):
    text = (
        "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,freq,Time frequency,iccs,Classification,unit,"
        "Unit of measure,geo,Geopolitical entity,TIME_PERIOD,Time,OBS_VALUE,Observation value\n"
        "dataflow,X:CRIM,Offences,A,Annual,ICCS0601,Drugs,NR,Number,FR,France,2022,,298000,\n"
    )
    assert figures(tmp_path, text) == [
        ("X:CRIM, Drugs", "FR", "2022-01-01", "year", 298000.0, None, None)
    ]


def test_bounds_are_of_the_figure_before_and_a_share_was_divided_by_its_base_already(tmp_path):
    text = (
        "Country,Year,Substance,Age,Prevalence (%),Lower CI,Upper CI,Sample size\n"
        "France,2023,Cocaine,15-34,4.8,4.1,5.5,14984\n"
    )
    assert figures(tmp_path, text) == [
        ("Prevalence (%)", "FR", "2023-01-01", "year", 4.8, None, None),
        ("Prevalence (%) (Lower CI)", "FR", "2023-01-01", "year", 4.1, None, None),
        ("Prevalence (%) (Upper CI)", "FR", "2023-01-01", "year", 5.5, None, None),
    ]


def test_two_figures_of_one_name_area_and_period_are_told(tmp_path):
    text = "indicateur;departement;annee;valeur\nSaisies;59-Nord;2021;10\nSaisies;59;2021;12\n"
    rows = figures(tmp_path, text)
    assert [row for row in rows if row[1] == "59"] == [
        ("Saisies", "59", "2021-01-01", "year", 10.0, None, None),
        ("Saisies", "59", "2021-01-01", "year", 12.0, None, None),
    ]
    assert ("figure repeated", 1, "warning") in rows


def test_a_number_of_facts_is_the_value_and_its_rate_stands_beside(tmp_path):
    text = (
        "annee,code_dep,lib_dep,classe_infraction,nb_faits,taux_pour_1000_habitants,population\n"
        '2023,59,Nord,Trafic,120,"0,05",2600000\n'
    )
    assert figures(tmp_path, text) == [
        ("Trafic", "59", "2023-01-01", "year", 120.0, 2600000.0, None),
        ("Trafic (taux_pour_1000_habitants)", "59", "2023-01-01", "year", 0.05, None, None),
    ]


def test_months_across_may_be_written_with_a_line_under_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("libellé;2026_02;2026_01;Usage 2025_12\nUsage;58;70;49\n", "utf-8")
    read = [r for r in Indicators(area="59").extract(path) if isinstance(r, Indicator)]
    assert [(r.name, str(r.period), r.step, r.value) for r in read] == [
        ("Usage", "2026-02-01", "month", 58.0),
        ("Usage", "2026-01-01", "month", 70.0),
        ("Usage, Usage", "2025-12-01", "month", 49.0),
    ]


@pytest.mark.parametrize(
    ("names", "month"), [("oct. nov. janv. févr.", [10, 11, 1, 2]), ("T3 T4 T1 T2", [7, 10, 1, 4])]
)
def test_months_under_a_merged_year_are_all_of_it(tmp_path, names, month):
    path = tmp_path / "t.csv"
    lines = ["Saisies de cocaïne, en kg, Hauts-de-France", "Département;2025;;2026;;Total"]
    lines += [f";{';'.join(names.split())};", "Aisne;1,2;0;3,4;;4,6", "Total;1,2;0;3,4;2;6,6"]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    read = [r for r in Indicators().extract(path) if isinstance(r, Indicator)]
    periods = [date(2025 + (at > 1), n, 1) for at, n in enumerate(month)]
    assert [(r.area, r.period, r.value, r.unit) for r in read] == [
        *zip(["02"] * 3, periods, [1.2, 0.0, 3.4], ["kg"] * 3, strict=False),
        *zip(["R32"] * 4, periods, [1.2, 0.0, 3.4, 2.0], ["kg"] * 4, strict=True),
    ]
    assert {r.name for r in read} == {"Saisies de cocaïne, en kg, Hauts-de-France"}

"""Columns that stand beside figures: notes, units, substances, marks where a figure is missing."""

import re

import openpyxl
import pytest

from fanal.errors import ImporterError
from fanal.importers.base import Indicator, Issue
from fanal.importers.indicators import Indicators
from fanal.importers.reading.periods import periods_within


def read(path, **said):
    return list(Indicators(**said).extract(path))


def csv(folder, text):
    path = folder / "t.csv"
    path.write_text(text, "utf-8")
    return path


def told(rows):
    return [
        (r.name, r.area, str(r.period), r.value, r.unit, r.substance, r.note)
        for r in rows if isinstance(r, Indicator)
    ]  # fmt: skip


TITLE = "Prévalence de l’usage dans l’année, 17 ans"


@pytest.mark.parametrize("absent", ["s.", "s", "n.d.", "confidentiel ?"])
def test_a_year_with_a_cell_that_is_no_figure_is_still_a_year(tmp_path, absent):
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        [TITLE], [],
        ["Substance", 2014, 2017, 2022],
        ["Cannabis", 0.414, 0.31, 0.222], ["MDMA/ecstasy", 0.027, 0.026, 0.014],
        ["Cocaïne", 0.026, "2,8 %", absent],
    ):  # fmt: skip
        page.append(row)
    for row in page.iter_rows(min_row=4, min_col=2, max_col=4):
        for cell in row:
            cell.number_format = "0.0%"
    book.save(tmp_path / "t.xlsx")
    rows = read(tmp_path / "t.xlsx", area="FR")
    figures = {
        (r.name.removeprefix(f"{TITLE}, "), r.period.year): r.value
        for r in rows if isinstance(r, Indicator)
    }  # fmt: skip
    issues = [(i.kind, i.field) for i in rows if isinstance(i, Issue)]
    substances = {(r.name, r.substance) for r in rows if isinstance(r, Indicator)}
    assert (f"{TITLE}, MDMA/ecstasy", "mdma") in substances
    assert figures["Cannabis", 2022] == 22.2
    assert figures["MDMA/ecstasy", 2022] == 1.4
    assert figures["Cocaïne", 2017] == 2.8
    if absent == "confidentiel ?":
        assert issues == [("not a number", "2022")]
    else:
        assert figures["Cocaïne", 2022] is None
        assert (len(figures), issues) == (9, [])


def test_a_footnote_of_a_row_is_its_note_and_not_its_name(tmp_path):
    rows = read(
        csv(tmp_path, "Country,Country code,2020,2021,2022,Footnote\n"
            'France,FR,66,65,65.5,"Retail price, EUR per gram"\n'
            "Belgium,BE,54.5,n.a.,50,\nTürkiye,TR,,,78,Preliminary\n"),
        counts="cocaine retail price", unit="EUR/g",
    )  # fmt: skip
    assert told(rows) == [
        (name, "FR", f"{year}-01-01", value, "EUR/g", "cocaine", "Retail price, EUR per gram")
        for name, year, value in [("cocaine retail price", 2020, 66.0),
                                  ("cocaine retail price", 2021, 65.0),
                                  ("cocaine retail price", 2022, 65.5)]
    ] + [
        ("cocaine retail price", "BE", "2020-01-01", 54.5, "EUR/g", "cocaine", None),
        ("cocaine retail price", "BE", "2021-01-01", None, "EUR/g", "cocaine", "n.a."),
        ("cocaine retail price", "BE", "2022-01-01", 50.0, "EUR/g", "cocaine", None),
        ("cocaine retail price", "TR", "2022-01-01", 78.0, "EUR/g", "cocaine", "Preliminary"),
    ]  # fmt: skip


def test_the_unit_of_a_header_over_years_is_kept_whole(tmp_path):
    rows = read(csv(
        tmp_path, "Code;Nombre 2021;Taux (‰) 2021;Nombre 2022;Taux (‰) 2022\n"
        "59;5000;1,91;5200;1,99\n62;2100;1,43;2050;1,40\n",
    ))  # fmt: skip
    assert ("Taux (‰)", "59", "2022-01-01", 1.99, "‰", None, None) in told(rows)
    assert ("Nombre", "62", "2021-01-01", 2100.0, "", None, None) in told(rows)
    headers = ["Taux (‰) 2021", "Usage (2016)", "Saisies [2016]"]
    assert [w for _, w in periods_within(headers).values()] == ["Taux (‰)", "Usage", "Saisies"]


def test_a_column_of_units_is_of_the_measure_and_not_of_the_count(tmp_path):
    rows = read(csv(
        tmp_path, "geo,geo_name,year,substance,unit,number_of_seizures,quantity\n"
        "FR,France,2022,Cocaine,kg,,27700\nNL,Netherlands,2022,Cocaine,kg,..,51000\n"
        'BE,Belgium,2022,Herbal cannabis,kg,9500,"1 250,5"\n',
    ))  # fmt: skip
    assert ("quantity", "FR", "2022-01-01", 27700.0, "kg", "cocaine", None) in told(rows)
    seized = [t for t in told(rows) if t[0].startswith("number_of_seizures")]
    assert [(t[1], t[3], t[4]) for t in seized] == [
        ("FR", None, ""), ("NL", None, ""), ("BE", 9500.0, "")
    ]  # fmt: skip


def test_rows_of_products_are_told_apart(tmp_path):
    rows = read(
        csv(tmp_path, "Trimestre;Produit;Quantité saisie (kg)\nT1 2024;Cocaïne;12 450,5\n"
            "T2 2024;Cocaïne;13 001\nT1 2024;Résine de cannabis;20 004\n"
            "T1 2024;Plantes diverses;3\nT1 2024;Héroïne/Cocaïne;4\n"),
        area="FR",
    )  # fmt: skip
    assert not [r for r in rows if isinstance(r, Issue)]
    assert [t[0:4:3] + t[4:6] for t in told(rows)] == [
        ("Quantité saisie (kg)", 12450.5, "kg", "cocaine"),
        ("Quantité saisie (kg)", 13001.0, "kg", "cocaine"),
        ("Quantité saisie (kg)", 20004.0, "kg", "cannabis-resin"),
        ("Quantité saisie (kg), Plantes diverses", 3.0, "kg", None),
        ("Quantité saisie (kg), Héroïne/Cocaïne", 4.0, "kg", None),
    ]


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        # a number of what stands behind it
        ("x;region;passages 2023;11;Bretagne;2 2024;11;Bretagne;4 2024;93;Corse;1", {"passages"}),
        ("reg;region;passages 2023;11;Bretagne;2 2024;11;Bretagne;4", {"passages"}),
        # the period once more
        ("choix;region;passages 2023;2023;Corse;7 2024;2024;Corse;9", {"passages"}),
        # one number for each label, but it counts; or it stands for two of them
        ("cas;region;passages 2023;11;Bretagne;2 2024;11;Bretagne;4 2024;93;Corse;1",
         {"cas", "passages"}),
        ("x;region;passages 2023;11;Bretagne;2 2024;11;Corse;4 2024;93;Corse;1",
         {"x", "passages"}),
        # it has a unit behind it, and no label
        ("region;x;unite;passages 2023;Corse;12;kg;3 2024;Corse;12;kg;5 2024;Bretagne;34;g;4",
         {"x", "passages"}),
        # no other figure is left
        ("x;region 2023;11;Bretagne 2024;11;Bretagne 2024;93;Corse", {"x"}),
    ],
)  # fmt: skip
def test_numbers_that_are_names_are_no_figures(tmp_path, rows, names):
    path = csv(tmp_path, "\n".join(f"annee;{rows}".split()) + "\n")
    read = [r for r in Indicators(counts="relevé").extract(path) if isinstance(r, Indicator)]
    assert {r.name for r in read} == {f"relevé, {name}" for name in names}


def test_a_thousand_inhabitants_are_no_name_of_a_substance(tmp_path):
    rows = told(read(csv(tmp_path, "annee;region;Taux pour 1 000 habitants\n2023;Corse;0,7\n")))
    assert [(value, unit, substance) for *_, value, unit, substance, _ in rows] == [
        (0.7, "‰", None)
    ]


def test_bounds_in_the_cell_of_a_figure_are_its_note(tmp_path):
    text = (
        "Année;Pays;Prévalence % [IC 95 %]\n2023;France;5,6 [5,3-5,9]\n2024;France;6 (IC 5 à 7)\n"
    )
    rows = told(read(csv(tmp_path, text)))
    assert [(value, unit, note) for *_, value, unit, _, note in rows] == [
        (5.6, "%", "[5,3-5,9]"), (6.0, "%", "[IC 5 à 7]"),
    ]  # fmt: skip


OFFICES = {  # as the offices of four countries write them
    "es": (
        ("Comunidades y Ciudades Autónomas;Tipo de delito;Magnitud;Periodo;Total\n"
        "01 Andalucía;Drogas;Condenados;2024;3.214\n01 Andalucía;Drogas;Tasa;2024;0,37\n"),
        [("Drogas, Condenados", "ES61", 3214.0), ("Drogas, Tasa", "ES61", 0.37)],
    ),
    "gb": (
        ("v4_1,Data Marking,calendar-years,Time,administrative-geography,Geography\n"
        "12,,2023,2023,K04000001,England and Wales\n,x,2023,2023,W92000004,Wales\n"),
        [("deaths", "GB-EAW", 12.0), ("deaths", "UKL", None)],
    ),
    "de": (
        ("Statistik_Code;Zeit_Code;Zeit;1_Auspraegung_Label;FALL__Anzahl\n"
        "23131;JAHR;2023;Opioide;33120\n23131;JAHR;2023;Kokain;9450\n"),
        [("deaths, FALL__Anzahl, Opioide", "DE", 33120.0),
         ("deaths, FALL__Anzahl, Kokain", "DE", 9450.0)],
    ),
    "nl": (
        ("Criminaliteit;Regio's;Perioden;Misdrijven (aantal)\n"
        "Drugs;Nederland;2024*;12410\nDrugs;Nederland;2025 1e kwartaal*;3050\n"),
        [("deaths, Misdrijven (aantal), Drugs", "NL", 12410.0),
         ("deaths, Misdrijven (aantal), Drugs", "NL", 3050.0)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("country", OFFICES)
def test_tables_of_other_offices_say_area_period_and_value(tmp_path, country):
    text, figures = OFFICES[country]
    said = {"gb": {"counts": "deaths"}, "de": {"counts": "deaths", "area": "DE"},
            "nl": {"counts": "deaths"}}.get(country, {})  # fmt: skip
    rows = [r for r in read(csv(tmp_path, text), **said) if isinstance(r, Indicator)]
    assert [(r.name, r.area, r.value) for r in rows] == figures
    assert country != "nl" or [r.step for r in rows] == ["year", "quarter"]


def test_rows_of_other_periods_are_told_and_the_others_read(tmp_path):
    text = "Période;Région;Faits\nmars 2026;Corse;5\njanvier-mars 2026;Corse;9\n"
    rows = read(csv(tmp_path, text), counts="saisies")
    assert [r.value for r in rows if isinstance(r, Indicator)] == [5.0]
    assert [(r.kind, r.record) for r in rows if isinstance(r, Issue)] == [
        ("period not readable", 3)
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Année scolaire;Académie;Nombre\n2022-2023;Lille;4\n2023-2024;Lille;5\n",
         "periods of another length: 2022-2023 (Année scolaire)"),
        ("Année;Académie;Relevé\n2022;Lille;4 ou 5\n2023;Lille;5 ou 6\n",
         "no column of figures alone: Année | Académie | Relevé"),
        ("Code;Todesursachen;Anzahl\nx;Opioide;410\ny;Narkotika;702\n",
         "no column of periods: Code | Todesursachen | Anzahl"),
        ('{\n "class": "dataset",\n "value": {"0": 12},\n "size": [1]\n}\n',
         "a dataset in JSON is not read"),
    ],
)  # fmt: skip
def test_a_refusal_says_what_this_table_lacks(tmp_path, text, reason):
    with pytest.raises(ImporterError, match=re.escape(reason)):
        read(csv(tmp_path, text))


@pytest.mark.parametrize(
    ("header", "cells", "names"),
    [
        ("Sesso", "totale totale maschi totale", {"morti, totale", "morti, maschi"}),
        ("Statut", "sûr sûr estimé sûr", {"morti"}),  # how sure it is, and not of what
        ("Zona", "nord nord sud sud", {"morti"}),  # the area decides it
        ("Anno sociale", "a b a b", {"morti"}),  # the period does
        ("Riga", "a b c d", {"morti"}),  # of each row its own
    ],
)
def test_what_neither_area_nor_period_decides_is_part_of_the_name(tmp_path, header, cells, names):
    text = f"Territorio;Anno;Tipo dato;{header};Value\n"
    places = ("Italia;2022", "Italia;2023", "Lombardia;2022", "Lombardia;2023")
    for place, cell in zip(places, cells.split(), strict=True):
        text += f"{place};morti;{cell};5\n"
    rows = read(csv(tmp_path, text))
    assert {r.name for r in rows if isinstance(r, Indicator)} == names


def test_labels_that_name_the_areas_are_no_name_of_the_series(tmp_path):
    head, rows = "Code département;Libellé;Année;Taux", ["13;{};2022;5,2", "59;{};2022;4,1"]
    areas = [row.format(name) for row, name in zip(rows, ("Bouches-du-Rhône", "Nord"), strict=True)]
    named = told(read(csv(tmp_path, "\n".join([head, *areas]))))
    assert [(*row[:2], row[3]) for row in named] == [("Taux", "13", 5.2), ("Taux", "59", 4.1)]
    crimes = [row.format(name) for row, name in zip(rows, ("Cannabis", "Cocaïne"), strict=True)]
    kept = told(read(csv(tmp_path, "\n".join([head, *crimes]))))
    assert [row[0] for row in kept] == ["Cannabis, Taux", "Cocaïne, Taux"]


@pytest.mark.parametrize(
    ("column", "beside", "cell", "value"),
    [
        ("Fälle", "Fälle je 1.000 Einwohner", "3,842", 24318.0),
        ("Fälle", "Fälle je 1.000 Einwohner", "3,84", 24318.0),
        ("Fälle", "Kosten", "3,842", 24318.0),  # a count has no decimals
        ("Preis", "Kosten", "3,842", None),
    ],
)
def test_the_decimals_of_a_share_tell_the_thousands_beside_it(
    tmp_path, column, beside, cell, value
):
    rows = (f"Bayern;2022;24.318;{cell}", f"Hessen;2022;15.203;{cell}")
    found = told(read(csv(tmp_path, "\n".join([f"Bundesland;Jahr;{column};{beside}", *rows]))))
    assert [row[3] for row in found if row[0] == column][:1] == [value] * (value is not None)

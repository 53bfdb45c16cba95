"""Official tables: what figures are of is all of their name, and labels with numbers are none."""

import openpyxl
import pytest

from fanal.errors import ImporterError
from fanal.importers.base import Indicator, Issue
from fanal.importers.indicators import Indicators
from fanal.importers.reading.figures import read_figure


def read(tmp_path, text, **said):
    path = tmp_path / "f.csv"
    path.write_text(text, "utf-8")
    rows = list(Indicators(**said).extract(path))
    figures = [(r.name, r.area, r.period.year, r.value) for r in rows if isinstance(r, Indicator)]
    return figures, [r for r in rows if isinstance(r, Issue)]


@pytest.mark.parametrize(
    "label", ["6.2 Drugsmisdrijf", "1.1 Vermogen", "3-MMC", "2C-B", "15 Opioide", "4 ans et plus"]
)
def test_a_label_with_a_number_is_no_figure(label):
    assert read_figure(label) is None


@pytest.mark.parametrize(("cell", "mark"), [("6,2 p", "p"), ("12 (a)", "a"), ("6.2 bc", "bc")])
def test_a_figure_with_a_mark_is_one(cell, mark):
    assert read_figure(cell).mark == mark


OFFENCES = """Misdrijf;Regio's;Perioden;Geregistreerde misdrijven
6.2 Drugsmisdrijf;Nederland;2021;13.465
6.2 Drugsmisdrijf;Nederland;2022;1.034
"""


@pytest.mark.parametrize("counted", ["Geregistreerde misdrijven", "Verdachten", "Slachtoffers"])
def test_a_count_has_no_decimals_and_its_kind_is_part_of_its_name(tmp_path, counted):
    text = OFFENCES.replace("Geregistreerde misdrijven", counted)
    name = f"{counted}, 6.2 Drugsmisdrijf"
    assert read(tmp_path, text) == ([(name, "NL", 2021, 13465), (name, "NL", 2022, 1034)], [])


def test_a_rate_has_decimals_beside_such_labels(tmp_path):
    text = OFFENCES.replace("Geregistreerde misdrijven", "per 1 000 inwoners")
    figures, _ = read(tmp_path, text, counts="misdrijven")
    assert [value for *_, value in figures] == [13.465, 1.034]


ISTAT = """ITTER107;Territorio;TIPO;Tipo dato;REATI;Tipo di delitto;TIME;Value
IT;Italia;NCRIME;numero di delitti;TOT;totale;2021;2104114
IT;Italia;NCRIME;numero di delitti;DRUG;{long};2021;30083
IT;Italia;NCRIME;numero di delitti;TOT;totale;2022;2104115
IT;Italia;NCRIME;numero di delitti;DRUG;{long};2022;30084
"""
LONG = "produzione e traffico di sostanze stupefacenti o psicotrope ai sensi del testo unico"


@pytest.mark.parametrize("kind", ["stupefacenti", LONG])
def test_a_dimension_is_part_of_the_name_however_long_and_its_codes_are_not(tmp_path, kind):
    figures, issues = read(tmp_path, ISTAT.replace("{long}", kind))
    assert figures == [
        ("numero di delitti, totale", "IT", 2021, 2104114),
        (f"numero di delitti, {kind}", "IT", 2021, 30083),
        ("numero di delitti, totale", "IT", 2022, 2104115),
        (f"numero di delitti, {kind}", "IT", 2022, 30084),
    ]
    assert issues == []


def test_a_remark_on_each_row_is_no_part_of_a_name(tmp_path):
    said = [
        "chiffre repris du rapport annuel du service, avant correction des doubles comptes",
        "chiffre corrigé au mois de mars après la remontée des derniers services concernés",
        "chiffre définitif, arrêté par le comité de pilotage lors de sa séance de printemps",
    ]
    rows = "".join(f"saisies;FR;202{n};{n}00;{text}\n" for n, text in enumerate(said, 1))
    figures, issues = read(tmp_path, f"indicateur;zone;annee;valeur;suivi\n{rows}")
    assert {name for name, *_ in figures} == {"saisies"}
    assert [(i.kind, i.field) for i in issues] == [("column name not known", "suivi")]


SEXES = "{above}\n{below}\n2021;1,5;0,7\n2022;2,2;1,0\n2023;3,9;1,6\n"
TWO_ROWS = [  # header of two rows → what the columns are called
    ("Année;Usage (%);", ";Hommes;Femmes", ["Usage (%) Hommes", "Usage (%) Femmes"]),
    (";Usage (%);", "Année;Hommes;Femmes", ["Usage (%), Hommes", "Usage (%), Femmes"]),
    ("Année;Usage;Usage", ";Hommes;Femmes", ["Usage Hommes", "Usage Femmes"]),
    ("Year;Past year use;", ";Men;Women", ["Past year use Men", "Past year use Women"]),
    ("Jahr;Konsum;", ";Männer;Frauen", ["Konsum Männer", "Konsum Frauen"]),
    ("Année;Usage;Décès", ";;", ["Usage", "Décès"]),
]


@pytest.mark.parametrize(("above", "below", "names"), TWO_ROWS)
def test_columns_of_a_header_of_two_rows_say_what_they_measure(tmp_path, above, below, names):
    figures, issues = read(tmp_path, SEXES.format(above=above, below=below), area="FR")
    assert [row[:3] for row in figures[:2]] == [(name, "FR", 2021) for name in names]
    assert [value for *_, value in figures] == [1.5, 0.7, 2.2, 1.0, 3.9, 1.6]
    assert issues == []


def test_the_upper_row_of_a_header_is_no_note(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(SEXES.format(above="Année;Usage (%);", below=";Hommes;Femmes"), "utf-8")
    assert {r.note for r in Indicators(area="FR").extract(path) if isinstance(r, Indicator)} == {
        None
    }


ABOVE = "{}Jahr;Drogentote;Konsumenten\n2022;1990;21345\n2023;2227;19870\n"


@pytest.mark.parametrize(
    ("lines", "name", "said"),
    [
        ("Deutschland\n", "", {}),
        ("Deutschland\n", "", {"area": "DE"}),
        ("Rauschgift\nDeutschland\n", "Rauschgift, ", {}),
        ("Deutschland\nRauschgift\n", "Rauschgift, ", {}),
        ("Rauschgift in Deutschland\n", "Rauschgift in Deutschland, ", {}),
        ("Deutschland, 2023\nRauschgift\n", "Rauschgift, ", {}),
    ],
)
def test_a_line_that_names_a_place_is_the_area_and_no_part_of_the_name(tmp_path, lines, name, said):
    figures, issues = read(tmp_path, ABOVE.format(lines), **said)
    assert figures == [
        (f"{name}Drogentote", "DE", 2022, 1990), (f"{name}Konsumenten", "DE", 2022, 21345),
        (f"{name}Drogentote", "DE", 2023, 2227), (f"{name}Konsumenten", "DE", 2023, 19870),
    ]  # fmt: skip
    assert issues == []


def test_a_second_line_above_a_table_is_a_note(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(ABOVE.format("Rauschgift in Deutschland\nnur volljährige Personen\n"), "utf-8")
    notes = {r.note for r in Indicators().extract(path) if isinstance(r, Indicator)}
    assert notes == {"nur volljährige Personen"}


AREAS = [  # what stands in the column of areas → its code
    ("01 Andalucía", "ES61"), ("16 País Vasco", "ES21"), ("17 Rioja, La", "ES23"),
    ("13 Madrid, Comunidad de", "ES30"), ("ES61", "ES61"), ("Cataluña", "ES51"),
    ("59 Nord", "59"), ("62 - Pas-de-Calais", "62"), ("75 Paris", "75"), ("2A Corse-du-Sud", "2A"),
    ("Nord (59)", "59"), ("59350 Lille", "59350"), ("England", "GB-ENG"), ("Wales", "UKL"),
    ("W92000004", "UKL"), ("E12000007 London", "UKI"), ("Bayern", "DE2"), ("Piemonte", "ITC1"),
    ("ITD5", "ITH5"), ("Noord-Holland (PV)", "NL32"), ("Région wallonne", "BE3"),
    ("01 Somewhere", None), ("2 Lille", None), ("15 ans", None), ("South East", None),
    ("Limburg", None), ("Limousin", None),
]  # fmt: skip


@pytest.mark.parametrize(("label", "code"), AREAS)
def test_an_area_is_known_by_its_name_or_code_or_both(tmp_path, label, code):
    text = f"Indicateur;Territoire;Année;Valeur\nDécès;FR;2023;3000\nDécès;{label};2023;12\n"
    figures, _ = read(tmp_path, text)
    assert figures[1] == ("Décès", code or label, 2023, 12)


def test_regions_of_a_column_say_their_code_where_another_has_it(tmp_path):
    text = (
        "Area Codes,Area name,2021,2022,2023\nE92000001,England,2800,2900,3000\n"
        "W92000004,Wales,210,180,190\nE12000001,North East,265,298,310\n"
    )
    figures, issues = read(tmp_path, text, counts="deaths")
    assert [row for row in figures if row[2] == 2021] == [
        ("deaths", "GB-ENG", 2021, 2800), ("deaths", "UKL", 2021, 210),
        ("deaths", "UKC", 2021, 265),
    ]  # fmt: skip
    assert issues == []


def test_communities_down_and_years_across(tmp_path):
    text = (
        "Comunidades;2021;2022;2023\nTotal Nacional;13.305;14.201;15.110\n"
        "01 Andalucía;7.305;7.201;7.110\n02 Aragón;92;91;88\n"
    )
    figures, issues = read(tmp_path, text, counts="Condenas")
    assert [row for row in figures if row[2] == 2021] == [
        ("Condenas", "ES61", 2021, 7305), ("Condenas", "ES24", 2021, 92),
    ]  # fmt: skip
    assert issues == []


@pytest.mark.parametrize(
    ("title", "label", "name"),
    [
        ("Décès par surdose", "Hommes", "Décès par surdose, Hommes"),
        ("Drogentote", "Frauen", "Drogentote, Frauen"),
        ("Bilan annuel", "Nombre de saisies", "Nombre de saisies"),
        ("Saisies", "Quantité (kg)", "Quantité (kg)"),
        ("Hommes", "Hommes", "Hommes"),
    ],
)
def test_rows_under_a_title_say_what_is_measured_of_them(tmp_path, title, label, name):
    text = f"{title};;\n;2021;2022\n{label};12;13\nTotal;15;17\n"
    figures, _ = read(tmp_path, text, area="FR")
    assert figures[:2] == [(name, "FR", 2021, 12), (name, "FR", 2022, 13)]


def test_a_table_of_a_page_is_called_by_its_own_title(tmp_path):
    path = tmp_path / "p.html"
    path.write_text(
        "<html><body><h1>Bilan</h1><table>"
        "<tr><td colspan=3>Tableau 1. Décès par surdose en France</td></tr>"
        "<tr><th rowspan=2>Année</th><th colspan=2>Sexe</th></tr>"
        "<tr><th>Hommes</th><th>Femmes</th></tr>"
        "<tr><td>2022</td><td>420</td><td>110</td></tr>"
        "<tr><td>2023</td><td>440</td><td>120</td></tr></table></body></html>",
        "utf-8",
    )
    found = [r for r in Indicators().extract(path) if isinstance(r, Indicator)]
    assert [(r.name, r.area, r.value, r.note) for r in found[:2]] == [
        ("Décès par surdose en France, Sexe Hommes", "FR", 420, "Bilan"),
        ("Décès par surdose en France, Sexe Femmes", "FR", 110, "Bilan"),
    ]


PRICES = "Année;{header}\n2021;{low}\n2022;60\n2023;65\n"


@pytest.mark.parametrize("low", ["60/70", "60-70", "60 à 70", "entre 60 et 70 €", "60 – 70"])
def test_a_range_of_prices_is_its_least_and_its_most(tmp_path, low):
    text = PRICES.format(header="Prix du gramme (€)", low=low)
    figures, issues = read(tmp_path, text, area="FR")
    assert figures[:3] == [
        ("Prix du gramme (€) (minimum)", "FR", 2021, 60),
        ("Prix du gramme (€) (maximum)", "FR", 2021, 70),
        ("Prix du gramme (€)", "FR", 2022, 60),
    ]
    assert issues == []


@pytest.mark.parametrize("header", ["Âge", "Part (%)", "Effectif"])
def test_a_range_of_anything_else_is_no_figure(tmp_path, header):
    try:
        figures, issues = read(tmp_path, PRICES.format(header=header, low="15-24"), area="FR",
                               counts="usage")  # fmt: skip
    except ImporterError:
        return
    assert [value for *_, value in figures] == [60, 65]
    assert [i.kind for i in issues] == ["not a number"]


NUMBERED = "Territorio;{};TIME;Value\n" + "".join(
    f"{area};{code};{year};{value}\n"
    for area, code, year, value in (
        ("Italia", 19, 2020, 1000), ("Italia", 20, 2020, 100), ("Piemonte", 19, 2020, 50),
        ("Piemonte", 20, 2020, 90), ("Italia", 19, 2021, 1001), ("Italia", 20, 2021, 101),
    )
)  # fmt: skip


@pytest.mark.parametrize("column", ["Codice reato", "eta", "Gruppo"])
def test_numbers_that_alone_tell_rows_apart_are_part_of_the_name(tmp_path, column):
    figures, issues = read(tmp_path, NUMBERED.format(column), counts="delitti")
    assert figures[:3] == [
        (f"delitti, {column} 19", "IT", 2020, 1000), (f"delitti, {column} 20", "IT", 2020, 100),
        (f"delitti, {column} 19", "ITC1", 2020, 50),
    ]  # fmt: skip
    assert issues == []


def test_a_second_figure_of_rows_that_are_told_apart_is_a_figure(tmp_path):
    rows = "Italia;2020;1000;19\nItalia;2021;1001;19\nPiemonte;2020;50;19\n"
    text = f"Territorio;TIME;Value;feriti\n{rows}"
    figures, _ = read(tmp_path, text, counts="incidenti")
    assert [row[0] for row in figures[:2]] == ["incidenti", "incidenti (feriti)"]


def test_what_is_counted_stands_before_the_dimensions_of_sdmx(tmp_path):
    text = "REF_AREA,TIPO_REATO,TIME_PERIOD,OBS_VALUE\nITD5,DRUG,2020,10\nIT,DRUG,2020,100\n"
    assert read(tmp_path, text, counts="delitti")[0] == [
        ("delitti, DRUG", "ITH5", 2020, 10), ("delitti, DRUG", "IT", 2020, 100),
    ]  # fmt: skip


PAGE = (
    "<html><body><h2>Saisies en France</h2><table>"
    "<tr><th>Produit</th><th>2021</th><th>2022</th><th>2023</th></tr>"
    "<tr><td>Cocaïne</td><td>10</td><td>12</td><td>13</td></tr>"
    "<tr><td>Héroïne</td><td colspan=2>{}</td><td>7</td></tr></table></body></html>"
)


@pytest.mark.parametrize(("cell", "told"), [("5", ["not a number"]), ("n.d.", []), ("", [])])
def test_a_figure_over_two_years_is_of_neither(tmp_path, cell, told):
    path = tmp_path / "p.html"
    path.write_text(PAGE.format(cell), "utf-8")
    rows = list(Indicators().extract(path))
    heroin = [
        (r.period.year, r.value)
        for r in rows
        if isinstance(r, Indicator) and r.substance == "heroin"
    ]
    assert (2023, 7) in heroin
    assert not [value for year, value in heroin if year < 2023 and value is not None]
    assert [r.kind for r in rows if isinstance(r, Issue)] == told


def test_units_below_a_group_are_of_the_group(tmp_path):
    text = "Région;Année;Saisies;\n;;nombre;kg\nBretagne;2021;10;5\nNormandie;2021;14;6\n"
    figures, _ = read(tmp_path, text)
    assert [row[0] for row in figures[:2]] == ["Saisies nombre", "Saisies (kg)"]


COUNTS = 'Année,Département,{header},Taux pour mille\n2022,59,"1,034","0,431"\n2022,62,7,"0,5"\n'


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Nombre de victimes", 1034), ("Décès", 1034), ("Usagers (en milliers)", 1.034),
        ("Quantité (kg)", 1.034), ("Victimes pour 1 000", 1.034),
    ],
)  # fmt: skip
def test_a_count_is_whole_beside_rates_with_decimals(tmp_path, header, value):
    figures, _ = read(tmp_path, COUNTS.format(header=header), counts="usage")
    assert value in [row[3] for row in figures]
    assert not ({1034, 1.034} - {value}) & {row[3] for row in figures}


def test_periods_in_a_column_without_a_name(tmp_path):
    text = "Usage au cours de la vie (%);;\n;Garçons;Filles\n2017;21,1;17,2\n2022;14,1;13,2\n"
    figures, issues = read(tmp_path, text, area="FR")
    name = "Usage au cours de la vie (%)"
    assert figures == [
        (f"{name}, Garçons", "FR", 2017, 21.1), (f"{name}, Filles", "FR", 2017, 17.2),
        (f"{name}, Garçons", "FR", 2022, 14.1), (f"{name}, Filles", "FR", 2022, 13.2),
    ]  # fmt: skip
    assert issues == []


@pytest.mark.parametrize(("cell", "told"), [(5, ["not a number"]), ("n.d.", []), (None, [])])
def test_a_figure_over_two_years_of_a_sheet_is_of_neither(tmp_path, cell, told):
    book = openpyxl.Workbook()
    for row in (["Saisies en France"], ["Produit", 2021, 2022, 2023], ["Cocaïne", 10, 12, 13],
                ["Héroïne", cell, None, 7]):  # fmt: skip
        book.active.append(row)
    book.active.merge_cells("B4:C4")
    book.active.merge_cells("A1:D1")
    path = tmp_path / "s.xlsx"
    book.save(path)
    rows = list(Indicators().extract(path))
    figures = [r for r in rows if isinstance(r, Indicator)]
    heroin = [(r.period.year, r.value) for r in figures if r.substance == "heroin"]
    assert (2023, 7) in heroin
    assert not [value for year, value in heroin if year < 2023 and value is not None]
    assert [r.value for r in figures if r.substance == "cocaine"] == [10, 12, 13]
    assert [r.kind for r in rows if isinstance(r, Issue)] == told


SDMX = "{}freq,sex,age,geo,TIME_PERIOD,OBS_VALUE\n{}A,T,TOTAL,ES61,2021,1034\n"


@pytest.mark.parametrize(
    ("flow", "cell", "said", "names"),
    [
        ("DATAFLOW,", "ESTAT:DRUGS(1.0),", {}, ["ESTAT:DRUGS(1.0), T, TOTAL"]),
        ("", "", {"counts": "deaths"}, ["deaths, T, TOTAL"]),
        ("", "", {}, []),
    ],
)
def test_dimensions_alone_do_not_say_what_is_counted(tmp_path, flow, cell, said, names):
    figures, issues = read(tmp_path, SDMX.format(flow, cell), **said)
    assert [name for name, *_ in figures] == names
    assert [i.kind for i in issues] == ["no name"] * (not names)

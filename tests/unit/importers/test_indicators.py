# ruff: noqa: E501
"""Official tables in the shapes in which they are published."""

from datetime import date

import openpyxl
import pytest

from fanal.importers import identify
from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.indicators import Indicators
from fanal.importers.reading.figures import Signs, read_figure, read_note
from fanal.importers.reading.periods import PeriodColumn
from fanal.testing import importer_checks


def write(tmp_path, text, name="table.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def read(path, **parameters):
    rows = list(Indicators(**parameters).extract(path))
    assert all(isinstance(r, Indicator | Issue | Skipped) for r in rows)
    return [r for r in rows if isinstance(r, Indicator)], [r for r in rows if isinstance(r, Issue)]


def by(figures):
    return {(f.name, f.area, f.period.isoformat()): f.value for f in figures}


@pytest.mark.parametrize(
    ("text", "value", "unit", "mark"),
    [
        ("1 234", 1234, "", ""),
        ("1\u202f234,5", 1234.5, "", ""),
        ("1.234,5", 1234.5, "", ""),
        ("1,234.5", 1234.5, "", ""),
        ("12,5 %", 12.5, "%", ""),
        ("- 3,2", None, None, None),
        ("-3,2", -3.2, "", ""),
        ("1 234 (p)", 1234, "", "p"),
        ("56*", 56, "", "*"),
        ("56²", 56, "", "²"),
        ("12 (1)", 12, "", "1"),
        ("0", 0, "", ""),
        ("2,19", 2.19, "", ""),
        ("1 234 567", 1234567, "", ""),
        ("1234567.25", 1234567.25, "", ""),
    ],
)
def test_figures(text, value, unit, mark):
    read_ = read_figure(text)
    assert (read_ and tuple(read_)[:3]) == (None if value is None else (value, unit, mark))


@pytest.mark.parametrize(
    "text", ["", "nd", "n.d.", "ns", "…", ":", "-", "<5", "secret", "moins de 11"]
)
def test_a_missing_figure_is_unknown(text):
    assert read_figure(text).value is None
    assert read_figure(text).said == text


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1,234", ",", 1.234),
        ("1,234", ".", 1234),
        ("14.217 ‰", ".", 14.217),
        ("0.308", "", 0.308),
        ("0,042", "", 0.042),
        (".308", "", 0.308),
        ("1234.567", "", 1234.567),
        ("1.234.567", "", 1234567),
        ("1'234.50", "", 1234.5),
        ("1’234", "", 1234),
        ("12 345,678", "", 12345.678),
        ("1.5e+05", "", 150000),
        ("− 4", "", None),
        ("−4,5", "", -4.5),
        ("€ 1,234.50", "", 1234.5),
        (14.217, "", 14.217),
        (1234, "", 1234),
    ],
)
def test_signs_of_a_figure(text, decimal, value):
    read_ = read_figure(text, decimal)
    assert (read_ and read_.value) == value
    assert read_ is None or not read_.open


@pytest.mark.parametrize("text", ["(3)", "(1 234,5)", "(12.5 %)"])
def test_brackets_are_not_guessed(text):
    assert read_figure(text) == (None, "", "", text, "")


# cells of a group, words of the figure, those of the table → the value of the first cell
SIGNS = [
    (["14.217", "9.331"], "usage ‰", "", 14.217),
    (["14,217", "9,331"], "usage (%)", "", 14.217),
    (["14.217"], "taux_pour_mille", "", 14.217),
    (["14.217", "22.108"], "taux pour 100 000", "", 14.217),
    (["14.217", "999"], "taux pour 100 000", "", None),
    (["14.217", "0.308"], "valeur", "", 14.217),
    (["14.217", "9.33"], "valeur", "", 14.217),
    (["14.217", "9,33"], "valeur", "", 14217),
    (["14.217", "1.234.567"], "valeur", "", 14217),
    (["14.217", "21500"], "valeur", "", 14.217),
    (["14.217", "21 500"], "valeur", "", 14.217),
    (["1.234", "1 234,5", "1 500", "999"], "kg", "", 1234),
    (["1.234", "999"], "valeur", "", 1234),
    (["1.234"], "valeur", "", None),
    (["1.234"], "nombre d'infractions", "", 1234),
    (["1,234"], "personnes", "Nombre de saisies", 1234),
    (["1.200"], "valeur des saisies en €", "", 1200),
    (["65.125"], "prix moyen en €", "", None),  # of a gram, or of a kilo?
    (["1.234"], "deaths per 100,000", "", 1.234),
    (["1.234"], "drug deaths per 100 000 inhabitants", "", 1.234),
    (["14.217"], "décès pour 100 000 habitants", "", 14.217),
    (["14.217"], "Drogentote je 100.000 Einwohner", "", 14.217),
    (["34.125"], "âge moyen", "", 34.125),
    (["34,125"], "Durchschnittsalter", "", 34.125),
    (["34.125"], "average age of users", "", 34.125),
    (["14.217"], "Rauschgiftdelikte, Fälle", "value", 14217),
    (["14.217"], "Anzahl der Delikte", "", 14217),
    (["14.217"], "arrests", "value", 14217),
    (["14.217"], "interpellations", "", 14217),
    (["14.217"], "arrests, kg", "", None),
    (["14,217"], "Wert", "Jahr und Kreis", 14.217),
    (["14.217"], "Wert", "Jahr und Kreis", None),
    (["14.217"], "value", "value, Rauschgiftlage im Jahr", None),
    (["1,234"], "kg", "Saisies par année", 1.234),
    (["1,234"], "kg", "Seizures by year", 1234),
    (["1.234"], "kg", "Seizures by year", 1.234),
    (["1.234"], "kg", "Saisies par année", None),
    (["1.234", "1,234"], "kg", "", None),
    (["1,250", "12.5"], "évolution en %", "", None),
]


@pytest.mark.parametrize(("cells", "words", "table", "value"), SIGNS)
def test_decimals_or_thousands(cells, words, table, value):
    signs = Signs("", [table])
    for cell in cells:
        signs.see("group", cell)
    found = read_figure(cells[0])
    assert found.open
    sign = signs.decimal("group", found.open, words)
    assert (read_figure(cells[0], sign).value if sign else None) == value


def test_other_columns_show_the_sign():
    signs = Signs()
    signs.see("rate", "3.75")
    signs.see("other", "14.217")
    assert signs.decimal("other", ".", "valeur") == "."


RATES = """name,area,period,step,value,unit
usage de stupéfiants / drug use (‰),75,2024-01-01,year,14.217,‰
usage de stupéfiants / drug use (‰),48,2024-01-01,year,0.308,‰
usage de stupéfiants / drug use,75,2024-01-01,year,30123,infractions / offences
"""


def test_a_rate_of_three_decimals_beside_counts(tmp_path):
    figures, issues = read(write(tmp_path, RATES))
    assert [f.value for f in figures] == [14.217, 0.308, 30123]
    assert issues == []


def test_what_a_sign_means_is_asked_and_answered(tmp_path):
    path = write(tmp_path, "indicateur;departement;annee;valeur\nSaisies;59;2024;1.234\n")
    figures, (issue,) = read(path)
    assert figures == []
    assert (issue.kind, issue.level) == ("decimals or thousands not told apart", "error")
    assert 'decimal = "."' in issue.hint
    for sign, value in ((".", 1.234), (",", 1234)):
        figures, issues = read(path, decimal=sign)
        assert [f.value for f in figures] == [value]
        assert issues == []


def test_cells_of_a_workbook_are_numbers(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Indicateur", "Territoire", "Année", "Valeur"])
    for year, value in ((2022, 14.217), (2023, 0.052), (2024, 0.1)):
        sheet.append(["Usage dans l'année", "FR", year, value])
    sheet["D3"].number_format = sheet["D4"].number_format = "0.0%"
    path = tmp_path / "usage.xlsx"
    book.save(path)
    figures, issues = read(path)
    assert [(f.value, f.unit) for f in figures] == [(14.217, ""), (5.2, "%"), (10.0, "%")]
    assert issues == []


@pytest.mark.parametrize(
    ("text", "first", "step"),
    [
        ("2016", (2016, 1, 1), "year"),
        ("2016-03", (2016, 3, 1), "month"),
        ("2016-M03", (2016, 3, 1), "month"),
        ("mars 2016", (2016, 3, 1), "month"),
        ("T2 2016", (2016, 4, 1), "quarter"),
        ("2016-Q2", (2016, 4, 1), "quarter"),
        ("2016-W05", (2016, 2, 1), "week"),
        ("2016 (p)", (2016, 1, 1), "year"),
        ("2016-01-01", (2016, 1, 1), "month"),
    ],
)
def test_periods(text, first, step):
    assert tuple(PeriodColumn().read(text)) == (date(*first), step)


def test_notes():
    assert read_note("(1) données provisoires") == ("1", "données provisoires")
    assert read_note("p : provisoire") == ("p", "provisoire")
    assert read_note("Source : SSMSI") == ("", "Source : SSMSI")
    assert read_note("Paris") is None


TIDY = """indicateur,departement,nom,annee,nombre,taux_pour_mille
Usage,01,Ain,2016,1473,2.30724
Usage,2A,Corse-du-Sud,2016,,
Trafic,01,Ain,2017,<5,0.1
"""


def test_tidy_with_a_rate_beside(tmp_path):
    path = write(tmp_path, TIDY)
    assert identify(path) is Indicators
    figures, issues = read(path, unit="offences")
    assert by(figures)["Usage", "01", "2016-01-01"] == 1473
    assert by(figures)["Usage (taux_pour_mille)", "01", "2016-01-01"] == 2.30724
    assert by(figures)["Usage", "2A", "2016-01-01"] is None
    (hidden,) = [f for f in figures if f.name == "Trafic"]
    assert (hidden.value, hidden.note, hidden.unit) == (None, "<5", "offences")
    assert issues == []


CROSSED = """Tableau 3 : Usage de stupéfiants par département
(en nombre de mis en cause)
Département;2016;2017;2018 (p)
Ain;1 473;1 415;1 198
Paris (1);12 345,0;nd;13 001*
Corse-du-Sud;56;s;61

(1) y compris les aéroports
* rupture de série
Source : SSMSI
"""


def test_crossed_by_period_with_notes(tmp_path):
    path = write(tmp_path, CROSSED)
    assert identify(path) is Indicators
    figures, issues = read(path)
    assert [i.kind for i in issues] == []
    assert len(figures) == 9
    found = {(f.area, f.period.year): f for f in figures}
    assert {f.name for f in figures} == {"Usage de stupéfiants par département"}
    assert {f.unit for f in figures} == {"nombre de mis en cause"}
    assert (found["01", 2016].value, found["01", 2016].note) == (1473, "Source : SSMSI")
    assert found["75", 2016].note == "y compris les aéroports; Source : SSMSI"
    assert found["75", 2017].value is None
    assert found["75", 2018].note.startswith("rupture de série; y compris")
    assert found["2A", 2017].note.startswith("s")


def test_crossed_by_two_lines(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Infractions enregistrées"])
    sheet.append(["Région", 2020, None, 2021, None])
    sheet.append([None, "Usage", "Trafic", "Usage", "Trafic"])
    sheet.append(["Bretagne", 10, 2, 11, 3])
    sheet.append(["Corse", 4, 1, 5, 1])
    path = tmp_path / "regions.xlsx"
    book.save(path)
    figures, issues = read(path)
    assert issues == []
    assert by(figures)["Infractions enregistrées, Trafic", "R53", "2021-01-01"] == 3
    assert by(figures)["Infractions enregistrées, Usage", "R94", "2020-01-01"] == 4


REGIONS = {("n", "R32", "2021-01-01"): 22, ("n", "R11", "2021-01-01"): 12}
OLD = {("n", "Région 31", "2021-01-01"): 22, ("n", "R11", "2021-01-01"): 12}
INSIDE = {("n", "59", "2021-01-01"): 22, ("n", "62", "2021-01-01"): 12}


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("Région;2021;2022\n32;22;1\n11;12;1\n", REGIONS),
        ("REG;2021;2022\n32;22;1\n11;12;1\n", REGIONS),
        ("Code région;Libellé;2021;2022\n32;Hauts-de-France;22;1\n11;Île-de-France;12;1\n", REGIONS),
        ("Région;Année;Nombre\n32;2021;22\n11;2021;12\n32;2022;1\n11;2022;1\n", REGIONS),
        ("Région;2021;2022\n31;22;1\n11;12;1\n", OLD),
        ("Région;Année;Nombre\n31;2021;22\n11;2021;12\n31;2022;1\n11;2022;1\n", OLD),
        ("Région;Département;2021;2022\nHauts-de-France;Nord;22;1\nHauts-de-France;62;12;1\n", INSIDE),
        ("Département;2021;2022\n32;22;1\n11;12;1\n",
         {("n", "32", "2021-01-01"): 22, ("n", "11", "2021-01-01"): 12}),
    ],
)  # fmt: skip
def test_a_number_under_the_name_of_regions_is_no_departement(tmp_path, text, read_as):
    """32 is Hauts-de-France among regions, le Gers among départements; 31 is a region no more."""
    figures, issues = read(write(tmp_path, text), counts="n")
    assert {k: v for k, v in by(figures).items() if k[2] == "2021-01-01"} == read_as
    assert [i for i in issues if i.level == "error"] == []


def test_crossed_by_area(tmp_path):
    path = write(
        tmp_path,
        "Saisies de cocaïne (kg)\nAnnée;Ain;Nord;Paris\n2020;1,5;12;1 300\n2021;2;13,25;1 400\n",
    )
    figures, _ = read(path, unit="kg")
    assert by(figures)["Saisies de cocaïne (kg)", "59", "2021-01-01"] == 13.25
    assert len(figures) == 6


SDMX = """DATAFLOW,LAST UPDATE,freq,unit,iccs,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG
ESTAT:CRIM_OFF_CAT(1.0),01/05/24,A,NR,ICCS0601,FR,2019,231000,
ESTAT:CRIM_OFF_CAT(1.0),01/05/24,A,NR,ICCS0601,FR,2020,:,c
ESTAT:CRIM_OFF_CAT(1.0),01/05/24,M,NR,ICCS0601,BE,2020-03,1200.5,p
"""


@pytest.mark.parametrize(
    ("column", "substance"),
    [
        ("Prévalence de l'usage (%)", None),
        ("Prévalence de l’expérimentation (%)", None),
        ("Prevalenza dell'uso (%)", None),
        ("Prix de l'héroïne", "heroin"),
        ("Expérimentation de l’ecstasy (%)", "mdma"),
        ("Saisies d'ecstasy", "mdma"),
    ],
)
def test_an_elided_article_is_no_substance(tmp_path, column, substance):
    figures, _ = read(write(tmp_path, f"departement;annee;{column}\n59;2022;3,4\n62;2022;5,1\n"))
    assert {f.substance for f in figures} == {substance}


def test_sdmx(tmp_path):
    path = write(tmp_path, SDMX)
    assert identify(path) is Indicators
    figures, issues = read(path)
    assert issues == []
    first, second, third = figures
    assert first.name == "ESTAT:CRIM_OFF_CAT(1.0), ICCS0601"
    assert (first.area, first.value, first.unit, first.step) == ("FR", 231000, "NR", "year")
    assert (second.value, second.note) == (None, ":; confidential")
    assert (third.area, third.period, third.step, third.note) == (
        "BE", date(2020, 3, 1), "month", "provisional",
    )  # fmt: skip


def test_a_period_finer_than_a_year_says_itself_how_long_it_is(tmp_path):
    row = "ESTAT:CRIM_OFF_CAT(1.0),01/05/24,{},NR,ICCS0601,FR,{},12,\n"
    rows = [row.format(*said) for said in (("A", "2020-03"), ("M", "2020"), ("M", "2020-03"))]
    figures, _ = read(write(tmp_path, SDMX.splitlines()[0] + "\n" + "".join(rows)))
    assert [figure.step for figure in figures] == ["month", "month", "month"]


def test_sdmx_with_labels_and_powers(tmp_path):
    path = write(
        tmp_path,
        "STRUCTURE,STRUCTURE_ID,FREQ: Frequency,REF_AREA: Reference area,MEASURE: Measure,"
        "UNIT_MEASURE: Unit,TIME_PERIOD: Time period,OBS_VALUE,UNIT_MULT: Multiplier,OBS_STATUS: Status\n"
        "dataflow,X:DF(1.0),A: Annual,NL: Netherlands,SEIZ: Seizures,KG: Kilograms,2020,1.5,3: Thousands,E: Estimated\n",
    )
    (figure,), _ = read(path)
    assert (figure.area, figure.value, figure.unit, figure.note) == ("NL", 1500, "KG", "estimated")
    assert "Seizures" in figure.name


def test_other_tables_are_not_claimed(tmp_path):
    for text in (
        "id,author,body,timestamp\n1,a,hello there,2024-01-01\n2,b,hello,2024-01-02\n",
        "reference;date;produit_attendu;substance;teneur\n1;03/04/2017;MDMA;MDMA;12\n",
        "name,date,number,text\nx,2020-01-05,3,hello\n",
    ):
        assert not Indicators().identify(write(tmp_path, text))


def test_the_checks_of_every_importer(tmp_path):
    samples = [write(tmp_path, CROSSED), write(tmp_path, SDMX, "sdmx.csv")]
    importer_checks.identifies_its_own(Indicators(), samples)
    importer_checks.is_deterministic(Indicators(), samples)
    importer_checks.says_nothing_of_the_content(Indicators(), samples)


def test_columns_of_which_nothing_is_made_are_named_once_with_their_rows(tmp_path):
    path = write(
        tmp_path,
        "Indicateur;Département;Année;Nombre;libellé dep;Ville;code interne;Remarque\n"
        "usage;59;2021;12;Nord;Lille;4;\nusage;62;2021;13;Pas-de-Calais;Arras;5;vu\n",
    )
    figures, (left,) = read(path)
    assert [figure.value for figure in figures] == [12, 13]
    assert (left.kind, left.record, left.level) == ("columns not read", 1, "note")
    assert left.hint == (
        "Ville (2) | code interne (2): rows in which something stands; "
        "name those that count under [mapping]"
    )

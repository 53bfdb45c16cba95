"""What a table is: header, columns and kind, by cells first; shapes of programs that people use."""

from datetime import date, datetime

import openpyxl
import pytest

from fanal.door.raw import RawDocument, RawSample
from fanal.errors import ImporterError
from fanal.importers import ContestedError, identify
from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.indicators import Indicators
from fanal.importers.kinds import is_kind
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.reading.areas import area_in
from fanal.importers.reading.headings import find_header
from fanal.importers.reading.looks import looks
from fanal.importers.survey import Survey
from fanal.importers.tables import Tables


def csv(folder, text):
    path = folder / "t.csv"
    path.write_text(text, "utf-8")
    return path


def xlsx(folder, *sheets, merged=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        page = book.create_sheet(f"s{number}")
        for row in rows:
            page.append(row)
        for cells in merged:
            page.merge_cells(cells)
    book.save(folder / "t.xlsx")
    return folder / "t.xlsx"


def day(moment):
    return str(moment.date() if isinstance(moment, datetime) else moment) if moment else None


def texts(rows):
    return [(day(row.time), row.text) for row in rows if isinstance(row, RawDocument)]


def results(rows):
    return [
        (row.reference, r.substance, r.amount, r.unit, r.censored)
        for row in rows if isinstance(row, RawSample) for r in row.results
    ]  # fmt: skip


def figures(rows):
    return [
        (r.name, r.area, str(r.period), r.value, r.unit, r.substance)
        for r in rows if isinstance(r, Indicator)
    ]  # fmt: skip


# --- the header ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rows", "cells", "number"),
    [
        ([["Titre du relevé"], ["Date", "Vu"], ["12/03/2026", "a"]], ["Date", "Vu"], 2),
        (
            [["Région", "Usage", "", "Trafic", ""], ["", "2023", "2024", "2023", "2024"],
             ["Nord", "1", "2", "3", "4"]],
            ["Région", "2023 Usage", "2024 Usage", "2023 Trafic", "2024 Trafic"], 2,
        ),
        (
            [["Réf", "MDMA", "Cocaïne"], ["", "(%)", "(%)"], ["a1", "70", "3"]],
            ["Réf", "MDMA (%)", "Cocaïne (%)"], 2,
        ),
        # the second row is one of values, and stays
        ([["Réf", "MDMA"], ["a1", "n.d."], ["a2", "70"]], ["Réf", "MDMA"], 1),
        ([["Année", "Usage"], ["2023", "12"], ["2024", "14"]], ["Année", "Usage"], 1),
        ([["Lieu", "2023"], ["Nord", "12"], ["Somme", "14"]], ["Lieu", "2023"], 1),
    ],
)  # fmt: skip
def test_where_the_header_is(rows, cells, number):
    found = find_header(list(enumerate(rows, 1)))
    assert (found.cells, found.number) == (cells, number)


def test_the_row_that_has_the_names_of_a_description_is_the_header():
    rows = [["Date", "Texte"], ["a", "b"], ["1", "2"]]
    assert find_header(list(enumerate(rows, 1))).number == 1
    assert find_header(list(enumerate(rows, 1)), ["B", "a"]).number == 2


# --- kinds --------------------------------------------------------------------------------------

KINDS = [
    (Survey, ("start;end;Lieu ?;_id;_uuid;_submission_time;_index\n"
     "2026-05-06;2026-05-06;beaucoup de monde à la gare;11;u1;2026-05-06T20:16:01;1\n"
     "2026-05-07;2026-05-07;personne ou presque au canal;12;u2;2026-05-07T20:16:01;2\n")),
    (Survey, ("CLE;DATE_SAISIE;ORIGINE_SAISIE;LIBRE\n1;14/01/2026;Web;plus rien à vendre au nord\n"
     "2;15/01/2026;Web;la keta est à trente euros\n")),
    (Survey, ("Timestamp,What changed this month?\n3/14/2026 15:02:11,stronger than last year\n"
     "3/15/2026 8:44:59,people ask for test kits\n")),
    (Tables, ("Date;Heure;Ce qui a été vu\n14/01/2026;12:00;une file devant le point de vente\n"
     "28/01/2026;23:30;deux malaises après une poudre\n")),
    (Tables, "Date;Que faire ?\n14/01/2026;1\n15/01/2026;2\n"),
    (Lab, ("Réf;Le;On croyait;Il y avait;Combien (%)\nK1;22/05/2026;cocaïne;cocaïne;70\n"
     "K2;23/05/2026;kétamine;MDMA;12\nK3;30/05/2026;héroïne;paracétamol;60\n")),
    # two substances of what somebody takes are answers, where they stand beside sentences
    (Survey, ("id;Premier produit ?;Second produit ?;Pourquoi ?\n1;cocaïne;MDMA;pour tenir debout\n"
     "2;kétamine;cocaïne;parce que tout le monde en prend\n")),
    (Indicators, "Année;Cannabis (kg);Cocaïne (kg)\n2022;128 500;27 700\n2023;124 700;23 200\n"),
    (Indicators, ("Jahr;Bundesland;Straftat;Anzahl Fälle\n2024;Bayern;Rauschgift;45.210\n"
     "2024;Hessen;Rauschgift;25.100\n")),
    # days are no periods of official figures
    (Tables, "date;observed\n2026-03-02;12\n2026-03-05;14\n"),
]  # fmt: skip


@pytest.mark.parametrize(("importer", "text"), KINDS)
def test_each_kind_is_known_by_its_cells(tmp_path, importer, text):
    assert identify(csv(tmp_path, text)) is importer


def test_two_kinds_that_are_close_are_both_named(tmp_path, monkeypatch):
    path = csv(tmp_path, KINDS[2][1])
    monkeypatch.setattr(
        "fanal.importers.kinds._scores", lambda *_: (("survey", 3), ("tables", 2.6))
    )
    with pytest.raises(ContestedError) as told:
        identify(path)
    assert (told.value.allowed, 'importer = "…"' in told.value.do) == ("survey, tables", True)
    monkeypatch.setattr(
        "fanal.importers.kinds._scores", lambda *_: (("survey", 3), ("tables", 2.4))
    )
    assert identify(path) is Survey


def test_a_file_that_is_written_anew_is_judged_anew(tmp_path):
    path = csv(tmp_path, KINDS[2][1])
    assert is_kind(path, "survey")
    assert not is_kind(csv(tmp_path, KINDS[7][1]), "survey")


# --- answers ------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["1980-01-01 00:00:00", ""])
def test_an_answer_that_was_not_sent_has_the_day_on_which_it_was_begun(tmp_path, cell):
    text = (
        "id,submitdate,lastpage,startlanguage,startdate,G01Q01\n"
        f"11,{cell},2,fr,2026-04-10 11:00:00,on trouve surtout de la 3-MMC\n"
        "12,2026-04-12 08:00:00,2,fr,2026-04-11 08:00:00,le crack est visible le soir\n"
    )
    path = csv(tmp_path, text)
    assert identify(path) is Survey
    assert texts(Survey().extract(path)) == [
        ("2026-04-10", "on trouve surtout de la 3-MMC"),
        ("2026-04-12", "le crack est visible le soir"),
    ]


def test_without_any_day_an_answer_that_was_not_sent_is_told(tmp_path):
    text = "id,submitdate,lastpage,Pourquoi ?\n11,1980-01-01 00:00:00,2,parce que tout est cher\n"
    rows = list(Survey().extract(csv(tmp_path, text)))
    assert [row.kind for row in rows if isinstance(row, Issue)] == ["date not readable"]
    assert texts(rows) == []


# --- a day in three columns -----------------------------------------------------------------------

SEEN = [("2026-03-12", "vente sous le pont"), ("2026-04-02", "rien ici")]


@pytest.mark.parametrize(
    "text",
    [
        "Jour;Mois;Année;Observation\n12;3;2026;vente sous le pont\n2;4;2026;rien ici\n",
        "Observation;Année;Mois;Jour\nvente sous le pont;26;mars;12\nrien ici;26;avril;2\n",
        "day,month,year,text\n12,3,2026,vente sous le pont\n2,4,2026,rien ici\n",
    ],
)
def test_a_day_in_three_columns(tmp_path, text):
    assert texts(Tables().extract(csv(tmp_path, text))) == SEEN


def test_a_day_in_three_columns_of_a_workbook_and_of_a_laboratory(tmp_path):
    rows = [["Jour", "Mois", "Année", "Observation"], [12, 3, 2026, "vente sous le pont"],
            [2, 4, 2026, "rien ici"]]  # fmt: skip
    assert texts(Tables().extract(xlsx(tmp_path, rows))) == SEEN
    text = "N°;Jour;Mois;Année;Vendu comme;Substance\nA1;12;3;2026;cocaïne;cocaïne\n"
    [row] = [r for r in Lab().extract(csv(tmp_path, text)) if isinstance(r, RawSample)]
    assert (row.time, row.precision) == (date(2026, 3, 12), "day")


def test_a_day_beside_a_whole_date_is_another_column(tmp_path):
    text = "Date;Jour;Mois;Année;Texte\n2026-03-12;1;1;2020;vente sous le pont\n"
    assert texts(Tables().extract(csv(tmp_path, text))) == SEEN[:1]


# --- laboratories -------------------------------------------------------------------------------

ROWS = "N°;Date;Vendu comme;Substance;Teneur (%)\n"


def test_in_a_row_for_each_substance_nd_is_not_found(tmp_path):
    text = ROWS + "A1;2026-03-12;coke;cocaïne;68\nA1;2026-03-12;coke;phénacétine;n.d.\n"
    assert results(Lab().extract(csv(tmp_path, text))) == [
        ("A1", "cocaine", 68.0, "%", False), ("A1", "phenacetin", None, "%", True)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("note", "censored"),
    [("", False), ("n.d. : non dosé", False), ("n.d. = non détecté", True)],
)
def test_alone_nd_is_not_measured_unless_a_note_says_what_it_is(tmp_path, note, censored):
    text = ROWS + f"A1;2026-03-12;coke;cocaïne;n.d.\nA2;2026-03-12;coke;cocaïne;60\n{note};;;;\n"
    found = results(Lab().extract(csv(tmp_path, text)))
    assert found[0] == ("A1", "cocaine", None, "%" if found[0][3] else None, censored)


def test_amounts_are_known_by_the_units_of_their_cells(tmp_path):
    head = "ID campione,Data,Acquistato come,Sostanza rilevata,Quantità rilevata\n"
    text = head + "C1,14/04/2026,MDMA,MDMA,140 mg\nC2,18/04/2026,Ketamina,Ketamina,n.q.\n"
    assert results(Lab().extract(csv(tmp_path, text))) == [
        ("C1", "mdma", 140.0, "mg", False), ("C2", "ketamine", None, "mg", False)
    ]  # fmt: skip


# --- official figures -----------------------------------------------------------------------------


def test_figures_on_a_substance_say_so_wherever_it_stands(tmp_path):
    wide = "Année;Cocaïne (kg);Saisies d'héroïne (kg);Total (kg)\n2023;23 200;1 150;24 350\n"
    rows = Indicators(area="FR", counts="saisies").extract(csv(tmp_path, wide + "2024;1;2;3\n"))
    assert [(f[0], f[3], f[5]) for f in figures(rows)][:3] == [
        ("saisies, Cocaïne (kg)", 23200.0, "cocaine"),
        ("saisies, Saisies d'héroïne (kg)", 1150.0, "heroin"),
        ("saisies, Total (kg)", 24350.0, None),
    ]
    down = ";2022;2023;2024\nCocaïne;1;2;3\nCocaïne et crack;4;5;6\nTabac ou MDMA;7;8;9\n"
    rows = list(Indicators(area="FR").extract(csv(tmp_path, down)))
    assert {(f[0], f[5]) for f in figures(rows)} == {
        ("Cocaïne", "cocaine"), ("Cocaïne et crack", None), ("Tabac ou MDMA", None)
    }  # fmt: skip


MONTHS = "Mois;2022;2023\nJanvier;10;20\nFévrier;11;21\nMars;12;22\nAvril;13;23\nTotal;46;86\n"


def test_months_down_and_years_across_are_periods_and_no_areas(tmp_path):
    path = csv(tmp_path, "Passages aux urgences, Île-de-France\n" + MONTHS)
    assert identify(path) is Indicators
    rows = list(Indicators().extract(path))
    assert [(f[1], f[2], f[3]) for f in figures(rows)] == [
        ("R11", f"{year}-0{month}-01", 9.0 + month + 10 * (year - 2022))
        for month in (1, 2, 3, 4) for year in (2022, 2023)
    ]  # fmt: skip
    assert {r.step for r in rows if isinstance(r, Indicator)} == {"month"}
    assert [r for r in rows if isinstance(r, Skipped)][1:] == [Skipped("row of totals")]


def test_months_whose_area_nothing_says_are_asked_for_it(tmp_path):
    path = csv(tmp_path, "Passages aux urgences pour surdose\n" + MONTHS)
    rows = list(Indicators().extract(path))
    assert {r.kind for r in rows if isinstance(r, Issue)} == {"no area"} and not figures(rows)
    assert {f[1] for f in figures(Indicators(area="59").extract(path))} == {"59"}


@pytest.mark.parametrize(
    ("text", "first", "step"),
    [
        ("Trimestre;2022;2023\nT1;1;2\nT2;3;4\n", "2022-01-01", "quarter"),
        ("Semaine;2022;2023\n1;1;2\n2;3;4\n", "2022-01-03", "week"),
        (";2022;2023\njanv.;1;2\nfévr.;3;4\n", "2022-01-01", "month"),
    ],
)
def test_parts_of_years_down_and_years_across(tmp_path, text, first, step):
    rows = list(Indicators(counts="décès", area="FR").extract(csv(tmp_path, text)))
    found = [r for r in rows if isinstance(r, Indicator)]
    assert (str(found[0].period), {r.step for r in found}, len(found)) == (first, {step}, 4)


def test_communes_and_numbered_rows_are_no_months(tmp_path):
    communes = "Commune;2021;2022;2023\nMars;1;2;3\nLens;4;5;6\nLille;7;8;9\n"
    found = figures(Indicators(counts="décès").extract(csv(tmp_path, communes)))
    assert [f[2] for f in found[:3]] == ["2021-01-01", "2022-01-01", "2023-01-01"]
    assert {f[1] for f in found} == {"07151", "62498", "59350"}
    numbered = "N;Lieu;2021;2022;2023\n1;Nord;1;2;3\n2;Aisne;4;5;6\n"
    found = figures(Indicators(counts="décès").extract(csv(tmp_path, numbered)))
    assert {(f[1], f[2]) for f in found} >= {("59", "2021-01-01"), ("02", "2023-01-01")}


def test_a_row_of_totals_is_no_area(tmp_path):
    text = "Code;Département;2021;2022;2023\n06;Alpes-Maritimes;1;2;3\n;Ensemble;1;2;3\n"
    rows = list(Indicators(counts="décès").extract(csv(tmp_path, text)))
    assert {f[1] for f in figures(rows)} == {"06"}
    assert Skipped("row of totals") in rows
    known = list(Indicators(counts="décès", area="FR").extract(csv(tmp_path, text)))
    assert {f[1] for f in figures(known)} == {"06", "FR"}


@pytest.mark.parametrize(
    ("title", "area"),
    [
        ("Saisies de cocaïne en Bretagne, 2019-2023", "R53"),
        ("Décès (France)", "FR"),
        ("Décès selon le département de résidence, 2019-2023", ""),
        ("Saisies par Martin Nord", ""),
        ("Prélèvements, Lens", ""),  # a commune: no title is sure of it
    ],
)
def test_the_area_of_a_title(title, area):
    assert area_in(title) == area


@pytest.mark.parametrize(
    ("name", "cells", "share"),
    [
        ("Passages", "10 11 12 59 95", 0),
        ("Cocaïne", "10 11 12 13 14", 0),
        ("Département", "10 11 12 59 95", 1),
        ("code_dep", "10 11 12 59 95", 1),
        ("zone_x", "01 02 59 2A 95", 1),
        ("Passages", "0 10 59", 0),
        ("lieu", "Nord Aisne", 1),
    ],
)
def test_bare_numbers_are_areas_only_where_something_says_so(tmp_path, name, cells, share):
    rows = [f"2024-01-0{n};{cell};5" for n, cell in enumerate(cells.split(), 1)]
    path = csv(tmp_path, "\n".join([f"Date;{name};Valeur", *rows]))
    assert looks(path)[1].areas == share


REGIONS = "Région;Cocaïne;Héroïne\nBretagne;512;430\nNormandie;388;401\nCorse;12;9\n"


@pytest.mark.parametrize(
    ("around", "period"),
    [
        ("Entrées en traitement. Année 2023\n{}", "2023-01-01"),
        ("Entrées\n{}Champ : 18-64 ans, 2022. Source : enquête inventée 2024.\n", "2022-01-01"),
        ("Entrées, mars 2023\n{}", "2023-03-01"),
        ("Entrées, 2019-2023\n{}", None),
        ("Entrées, 1er semestre 2023\n{}", None),
        ("Entrées\n{}Source : registre inventé, 2024.\n", None),
        ("Entrées\n{}", None),
    ],
)
def test_areas_with_figures_are_of_the_period_around_them(tmp_path, around, period):
    path = csv(tmp_path, around.format(REGIONS))
    assert is_kind(path, "indicators") and not is_kind(path, "lab")
    rows = list(Indicators().extract(path))
    asked = {(r.kind, r.hint) for r in rows if isinstance(r, Issue)}
    if period:
        assert [f[1:4] for f in figures(rows)] == [
            ("R53", period, 512), ("R53", period, 430), ("R28", period, 388), ("R28", period, 401),
            ("R94", period, 12), ("R94", period, 9),
        ]  # fmt: skip
        assert not asked
    else:
        hint = 'add period = "…" (as 2023, 2023-04 or 2023-Q1) under [parameters]'
        assert asked == {("no period", hint)} and not figures(rows)
        told = figures(Indicators(period="2023-Q2").extract(path))
        assert {f[2] for f in told} == {"2023-04-01"} and len(told) == 6


def test_a_period_that_is_none_is_refused(tmp_path):
    with pytest.raises(ImporterError, match="period cannot be 'soon'"):
        list(Indicators(period="soon").extract(csv(tmp_path, REGIONS)))


def test_a_sheet_for_each_year(tmp_path):
    rows = [["Région", "Entrées cocaïne"], ["Bretagne", 512], ["Normandie", 388]]
    path = xlsx(tmp_path, rows, rows)
    book = openpyxl.load_workbook(path)
    for page, name in zip(book, ("2022", "2023"), strict=True):
        page.title = name
    book.save(path)
    assert identify(path) is Indicators
    assert [f[:4] for f in figures(Indicators().extract(path))] == [
        ("Entrées cocaïne", area, f"{year}-01-01", value)
        for year in (2022, 2023) for area, value in (("R53", 512), ("R28", 388))
    ]  # fmt: skip


def test_samples_with_a_place_each_are_no_figures_of_areas(tmp_path):
    samples = "Commune;Vendu comme;Pureté (%)\nLens;coke;50\nLille;coke;60\n"
    assert not is_kind(csv(tmp_path, samples), "indicators")
    again = "Région;Cocaïne\nBretagne;50\nBretagne;60\n"
    assert not is_kind(csv(tmp_path, again), "indicators")


PRICES = (
    "Country,Year,Substance,Minimum price (EUR/g),Mean price (EUR/g),Mean purity (%)\n"
    "France,2021,Cocaine,50,66,62.3\nSpain,2021,Cocaine,50,60.1,59\nItaly,2022,Cocaine,56,75,66.6\n"
)


def test_least_usual_and_most_of_an_area_and_period_are_no_samples(tmp_path):
    path = csv(tmp_path, PRICES)
    assert identify(path) is Indicators
    assert figures(Indicators().extract(path))[:3] == [
        ("Minimum price (EUR/g)", "FR", "2021-01-01", 50.0, "EUR/g", "cocaine"),
        ("Mean price (EUR/g)", "FR", "2021-01-01", 66.0, "EUR/g", "cocaine"),
        ("Mean purity (%)", "FR", "2021-01-01", 62.3, "%", "cocaine"),
    ]
    lines = PRICES.splitlines()
    numbered = [f"Reference,{lines[0]}", *(f"S{n},{row}" for n, row in enumerate(lines[1:]))]
    assert not is_kind(csv(tmp_path, "\n".join(numbered)), "indicators")  # each row is a sample


def test_groups_of_people_are_kept_apart_where_the_area_is_told(tmp_path):
    text = "Kenmerken;Perioden;Gebruik (%)\nMannen;2021;4,0\nVrouwen;2021;2,2\nMannen;2022;4,2\n"
    path = csv(tmp_path, text + "Vrouwen;2022;2,6\nBron: verzonnen\n")
    rows = list(Indicators(area="NL").extract(path))
    assert [f[:4] for f in figures(rows)] == [
        ("Gebruik (%), Mannen", "NL", "2021-01-01", 4.0),
        ("Gebruik (%), Vrouwen", "NL", "2021-01-01", 2.2),
        ("Gebruik (%), Mannen", "NL", "2022-01-01", 4.2),
        ("Gebruik (%), Vrouwen", "NL", "2022-01-01", 2.6),
    ]
    assert [r for r in rows if not isinstance(r, Indicator)] == [Skipped("note under the table")]


def test_what_is_counted_in_brackets_above_a_table_is_its_unit(tmp_path):
    text = "Décès par surdose\n({})\nCode;Lieu;2021;2022;2023\n06;Nice;1;2;3\n13;Aix;4;5;6\n"
    found = figures(Indicators().extract(csv(tmp_path, text.format("nombre de décès"))))
    assert {f[4] for f in found} == {"nombre de décès"}
    found = figures(Indicators().extract(csv(tmp_path, text.format("au 1er mars"))))
    assert {f[4] for f in found} == {""}


def test_figures_say_their_substance_in_other_languages(tmp_path):
    text = "anno;regione;sequestri di cocaina (kg)\n2023;Lazio;12\n2024;Lazio;14\n"
    path = csv(tmp_path, text)
    assert identify(path) is Indicators
    assert [f[3:] for f in figures(Indicators().extract(path))] == [
        (12.0, "kg", "cocaine"), (14.0, "kg", "cocaine")
    ]  # fmt: skip


def test_a_title_and_groups_above_two_rows_of_names(tmp_path):
    rows = [
        ["Infractions"], ["Département", "Usage", None, "Trafic", None],
        [None, 2023, 2024, 2023, 2024], ["Nord", 5120, 5333, 812, 840], ["Somme", 1, 2, 3, 4],
    ]  # fmt: skip
    path = xlsx(tmp_path, rows, merged=["A1:E1", "A2:A3", "B2:C2", "D2:E2"])
    assert identify(path) is Indicators
    found = figures(Indicators().extract(path))
    assert [f[:4] for f in found[:4]] == [
        ("Infractions, Usage", "59", "2023-01-01", 5120.0),
        ("Infractions, Usage", "59", "2024-01-01", 5333.0),
        ("Infractions, Trafic", "59", "2023-01-01", 812.0),
        ("Infractions, Trafic", "59", "2024-01-01", 840.0),
    ]  # fmt: skip


# --- texts ----------------------------------------------------------------------------------------


def test_sheets_of_months_under_merged_titles(tmp_path):
    head = ["Date", "Heure", "Ce qui a été vu"]
    one = [["Janvier"], head, ["14/01/2026", "12:00", "une file devant le point de vente"]]
    two = [["Février"], head, ["18/02/2026", "18:00", "les prix affichés sur un mur"]]
    path = xlsx(tmp_path, one, two, merged=["A1:C1"])
    rows = list(Tables().extract(path))
    assert texts(rows) == [
        ("2026-01-14", "une file devant le point de vente"),
        ("2026-02-18", "les prix affichés sur un mur"),
    ]
    told = [row for row in rows if isinstance(row, Issue) and row.kind == "column name not known"]
    assert {(row.field, row.hint) for row in told} == {
        ("Ce qui a été vu", "taken for text; map it")
    }


@pytest.mark.parametrize("found", ["Composición", "Qué contiene", "Was drin ist"])
def test_substances_with_their_amounts_in_one_cell_are_samples(tmp_path, found):
    """By the cells alone: commas between names part them, whatever the columns are called."""
    path = tmp_path / "muestras.csv"
    path.write_text(
        f"Muestra;Día;Se dijo;{found}\n"
        "EC-501;2025-01-08;Cocaína;Cocaína (65%), Fenacetina (12%)\n"
        "EC-502;2025-01-09;MDMA;MDMA (82%)\n"
        "EC-503;2025-01-15;Heroína;Heroína (14%), Paracetamol, Cafeína\n",
        "utf-8",
    )
    assert identify(path) is Lab
    samples = [s for s in Lab().extract(path) if isinstance(s, RawSample)]
    assert [[(r.substance, r.amount) for r in s.results] for s in samples] == [
        [("cocaine", 65.0), ("phenacetin", 12.0)],
        [("mdma", 82.0)],
        [("heroin", 14.0), ("paracetamol", None), ("caffeine", None)],
    ]


@pytest.mark.parametrize("author", ["Utente", "Autore", "Usuario", "Gebruiker"])
@pytest.mark.parametrize("text", ["Testo", "Texto", "Tekst"])
def test_who_wrote_is_known_in_other_languages(tmp_path, author, text):
    path = tmp_path / "posts.csv"
    path.write_text(
        f"date;{author};{text}\n2025-06-01;a_b;Cocaina a 70 euro\n2025-06-03;c_d;Fumo buono, 10\n",
        "utf-8",
    )
    assert identify(path) is Tables
    found = list(Tables().extract(path))
    assert [(d.author, d.text) for d in found if isinstance(d, RawDocument)] == [
        ("a_b", "Cocaina a 70 euro"),
        ("c_d", "Fumo buono, 10"),
    ]
    assert not [i for i in found if isinstance(i, Issue)]

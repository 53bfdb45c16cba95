"""Drug-checking tables in the shapes and with the dirt that services write."""

import sqlite3
from datetime import date

import openpyxl
import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.cells import listed, read_amount, role_named
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.lab.units import unit_in
from fanal.testing import importer_checks


def read(path, **parameters):
    rows = list(Lab(**parameters).extract(path))
    return [r for r in rows if isinstance(r, RawSample)], [r for r in rows if isinstance(r, Issue)]


def write(tmp_path, text, name="results.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


WIDE = """N° échantillon;Date de collecte;Produit attendu;Forme;Âge;\
Substance 1;Teneur 1;Unité 1;Substance 2;Teneur 2;Unité 2
A-1;13/01/2025;Cocaïne ;poudre;23;cocaïne;64,5;%;lévamisole;<0,5;%
A-2;14/01/2025;MDMA;comprimé;41;MDMA;182;mg;;;
A-3;15/01/2025;kétamine;poudre;;;;;;;
A-4;;héroïne;poudre;;aucune substance détectée;;;;;
"""


def test_wide_with_numbered_columns(tmp_path):
    path = write(tmp_path, WIDE)
    assert identify(path) is Lab
    samples, issues = read(path)
    assert [s.reference for s in samples] == ["A-1", "A-2", "A-3", "A-4"]
    first = samples[0]
    assert (first.sold_as, first.time, first.form) == ("cocaine", date(2025, 1, 13), "poudre")
    assert [(r.substance, r.role, r.amount, r.unit, r.censored) for r in first.results] == [
        ("cocaine", "main", 64.5, "%", False),
        ("levamisole", "cut", None, "%", True),
    ]
    assert first.results[1].amount_max == 0.5
    assert samples[2].results == ()  # empty is unknown, never zero
    assert [(r.substance, r.role) for r in samples[3].results] == [(None, "none")]
    assert samples[3].time is None
    assert [(i.field, i.level) for i in issues] == [("Âge", "note")]


@pytest.mark.parametrize(
    ("amount", "unit", "read_as"),
    [
        ("99,5", "%", (99.5, "%")),
        ("100", "%", (100.0, "%")),
        ("100,5", "%", None),
        ("645", "%", None),
        ("90-110", "%", None),
        ("<150", "%", None),
        ("<5", "%", (None, "%")),
        ("182", "mg", (182.0, "mg")),
    ],
)
def test_no_more_than_all_of_a_sample_is_a_substance(tmp_path, amount, unit, read_as):
    """What is more than 100 % is told, and the substance is there in an unknown amount."""
    row = f"A-1;13/01/2025;Cocaïne;poudre;;cocaïne;{amount};{unit};;;"
    (sample,), issues = read(write(tmp_path, WIDE.splitlines()[0] + f"\n{row}\n"))
    (result,) = sample.results
    assert (result.amount, result.unit) == (read_as or (None, None))
    told = [(i.kind, i.record, i.field, i.hint, i.level) for i in issues if i.level != "note"]
    hint = "more than 100 %: was the decimal comma lost?"
    refused = [("amount not possible", 2, "Teneur 1", hint, "warning")]
    assert told == ([] if read_as else refused)
    assert result.substance == "cocaine"


@pytest.mark.parametrize("mark", ["1", "1.0", "TRUE", "yes", "Oui", "x"])
def test_a_mark_in_a_column_of_a_name_says_what_it_was_sold_as(tmp_path, mark):
    path = write(
        tmp_path,
        "sampleid,date_collect,expect_fentanyl,expect_cocaine,primary\n"
        f"300001,11feb2022,{mark},0,fentanyl\n300002,12feb2022,0,{mark},caffeine\n"
        "300003,13feb2022,0,,heroin\n",
    )
    samples, _ = read(path)
    assert [s.sold_as for s in samples] == ["fentanyl", "cocaine", None]


def test_a_method_without_a_number_is_that_of_every_result(tmp_path):
    head, row, *_ = WIDE.splitlines()
    (sample,), _ = read(write(tmp_path, f"{head};Méthode\n{row};HPLC\n"))
    told = [(r.substance, r.method) for r in sample.results]
    assert told == [("cocaine", "HPLC"), ("levamisole", "HPLC")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_wide_in_other_encodings(tmp_path, encoding):
    samples, _ = read(write(tmp_path, WIDE, encoding=encoding))
    assert len(samples) == 4


def test_lists_in_a_cell(tmp_path):
    path = write(
        tmp_path,
        "sampleid,date_collect,expectedsubstance,county,primary,trace,lab_fentanyl,lat,lon\n"
        '300001,11feb2022,fentanyl,Orange,"fentanyl; xylazine","4-ANPP; caffeine",1,35.9,-79\n'
        "300002,12feb2022,cocaine,,no compounds of interest detected,,0,,\n",
    )
    assert identify(path) is Lab
    (first, second), issues = read(path)
    assert first.time == date(2022, 2, 11)
    assert first.sold_as == "fentanyl"
    assert [(r.substance, r.role) for r in first.results] == [
        ("fentanyl", "main"),
        ("xylazine", "main"),
        ("4-anpp", "trace"),
        ("caffeine", "trace"),
    ]
    assert [r.role for r in second.results] == ["none"]
    assert not [i for i in issues if i.field.startswith("lab_")]


def test_a_row_for_each_substance(tmp_path):
    path = write(
        tmp_path,
        "sampleid,substance,abundance,method,date_complete,primary,trace\n"
        "300001,fentanyl ,,GCMS,15Oct2021,fentanyl; xylazine,caffeine\n"
        "300001,xylazine,,GCMS,15Oct2021,fentanyl; xylazine,caffeine\n"
        "300001,caffeine,trace,Derivatized GCMS,15Oct2021,fentanyl; xylazine,caffeine\n",
    )
    samples, _ = read(path)
    assert {s.reference for s in samples} == {"300001"}
    assert [(r.substance, r.role, r.method) for s in samples for r in s.results] == [
        ("fentanyl", "main", "GCMS"),
        ("xylazine", "main", "GCMS"),
        ("caffeine", "trace", "Derivatized GCMS"),
    ]


def test_a_column_for_each_substance(tmp_path):
    path = write(
        tmp_path,
        "Ref\tDate\tSold as\tCocaine (%)\tLevamisole (%)\tMDMA (mg)\n"
        "X1\t2024-05-31\tcoke\t71.5\ttraces\t\n"
        "X2\t2024-06-01\tecstasy\tnd\t\t203\n"
        "X3\t2024-06-02\tecstasy\t0\t<LOD\t150-170\n",
    )
    samples, _ = read(path)
    assert samples[0].sold_as == "cocaine"
    assert [(r.substance, r.amount, r.role) for r in samples[0].results] == [
        ("cocaine", 71.5, "main"),
        ("levamisole", None, "trace"),
    ]
    assert [(r.substance, r.amount, r.censored) for r in samples[1].results] == [
        ("cocaine", None, True),
        ("mdma", 203.0, False),
    ]
    assert [(r.amount, r.amount_max, r.censored) for r in samples[2].results] == [
        (0.0, None, True),
        (None, None, True),
        (150.0, 170.0, False),
    ]


def test_months_whose_headers_change(tmp_path):
    heads = (
        "Réf.;Date réception;Vendu comme;Forme;Molécule;Pureté (%);Technique",
        "TECHNIQUE;molecule;purete %;REF;date_reception;vendu comme;forme",
        "Reference;Date de réception;Produit attendus;Forme;Molecules;Teneur;Methode",
    )
    rows = (
        "M1;03/02/2025;cocaïne;poudre;cocaïne;80,5;HPLC\nM2;13/02/2025;speed;pâte;amphétamine;12;HPLC",
        "HPLC;cocaïne;80,5;M3;03/03/2025;cocaïne;poudre\nHPLC;kétamine;90;M4;23/03/2025;kétamine;poudre",
        "M5;03/04/2025;cocaïne;poudre;cocaïne;80,5;HPLC\nM6;30/04/2025;3-MMC;poudre;4-MMC;;HPLC",
    )
    for month, (head, body) in enumerate(zip(heads, rows, strict=True)):
        path = write(tmp_path, f"{head}\n{body}\n", f"{month}.csv")
        assert identify(path) is Lab
        samples, issues = read(path)
        assert len(samples) == 2
        assert all(s.reference and s.time and s.sold_as and s.results for s in samples)
        assert samples[0].results[0].amount == 80.5
        assert len([i for i in issues if i.kind == "column name not known"]) <= 1


def test_unsure_names_are_kept_and_told_once(tmp_path):
    path = write(
        tmp_path,
        "reference,date,sold_as,substance\n"
        "1,2025-01-01,cocaine,zzyxolane\n2,2025-01-02,cocaine,zzyxolane\n"
        "3,2025-01-03,oxycodone,zzyxonitazene\n",
    )
    samples, issues = read(path)
    assert [s.results[0].substance for s in samples] == [None, None, "nitazenes"]
    assert samples[0].results[0].label == "zzyxolane"
    assert [i.record for i in issues if i.kind == "substance not sure"] == [2, 4]


def test_no_person_comes_in(tmp_path):
    path = write(
        tmp_path,
        "reference,date,sold_as,substance,nom,prenom,sexe,telephone usager,email,date_naissance\n"
        "1,2025-01-01,MDMA,MDMA,poudre rose,Zenobia,F,06 39 98 12 34,z@example.org,1999-01-01\n",
    )
    (sample,), issues = read(path)
    said = repr([getattr(sample, slot) for slot in sample.__slots__])
    for person in ("Zenobia", "06 39", "example.org", "1999"):
        assert person not in said
    dropped = {"prenom", "sexe", "telephone usager", "email", "date_naissance"}
    assert {i.field for i in issues if i.kind == "column about a person"} == dropped


def test_linked_tables_of_a_database(tmp_path):
    path = tmp_path / "lab.sqlite"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            """
            CREATE TABLE Compound (Compound_ID INTEGER, Substance_Name TEXT);
            CREATE TABLE Town (Town_ID INTEGER, City TEXT);
            CREATE TABLE Found (Sample_ID INTEGER, Compound_ID INTEGER, Purity REAL);
            CREATE TABLE Received (Sample_ID INTEGER, Town_ID INTEGER, Date TEXT, Sold_As TEXT);
            INSERT INTO Compound VALUES (1, 'MDMA'), (2, 'Caffeine'), (3, 'Fentanyl');
            INSERT INTO Town VALUES (1, 'Lille'), (2, 'Lyon');
            INSERT INTO Received VALUES (7, 1, '2020-01-02', 'ecstasy'),
                                        (8, 2, '2020-02-03', 'MDMA'),
                                        (9, NULL, '2020-03-04', 'heroin');
            INSERT INTO Found VALUES (7, 1, 80), (7, 2, 5), (9, 3, 1);
            """
        )
    assert identify(path) is Lab
    samples, _ = read(path)
    assert [s.reference for s in samples] == ["7", "8", "9"]
    assert [[r.substance for r in s.results] for s in samples] == [
        ["mdma", "caffeine"],
        [],
        ["fentanyl"],
    ]
    assert [s.sold_as for s in samples] == ["mdma", "mdma", "heroin"]


def test_a_workbook(tmp_path):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Analyses de l'année"])
    sheet.append(["Référence", "Date", "Produit attendu", "Substance", "Teneur (%)"])
    sheet.append(["B1", date(2025, 3, 4), "kétamine", "kétamine", 81])
    path = tmp_path / "year.xlsx"
    book.save(path)
    (sample,), _ = read(path)
    assert (sample.reference, sample.time) == ("B1", date(2025, 3, 4))
    assert sample.results[0][:4] == ("kétamine", "ketamine", "main", 81.0)
    assert sample.results[0].unit == "%"


@pytest.mark.parametrize(
    "text",
    [
        "id,author,body,timestamp\n1,a,hello there,2024-01-01\n",
        "name,area,period,value\noffences,59,2024,12\n",
        "reference,date,comment\n1,2024-01-01,x\n",
    ],
)
def test_other_tables_are_not_claimed(tmp_path, text):
    assert not Lab().identify(write(tmp_path, text))


@pytest.mark.parametrize(
    ("cell", "found", "value", "maximum", "unit", "half", "censored", "trace"),
    [
        ("", None, None, None, None, None, False, False),
        ("-", None, None, None, None, None, False, False),
        ("12,5 %", True, 12.5, None, "%", None, False, False),
        ("1 234,5 mg", True, 1234.5, None, "mg", None, False, False),
        ("<LOD", False, None, None, None, None, True, False),
        ("< 0,5%", False, None, 0.5, "%", None, True, False),
        ("traces", True, None, None, None, None, False, True),
        ("12 ± 2", True, 12.0, None, None, 2.0, False, False),
        ("10-15 %", True, 10.0, 15.0, "%", None, False, False),
        ("0", False, 0.0, None, None, None, True, False),
        ("oui", True, None, None, None, None, False, False),
        ("145 mg/cp", True, 145.0, None, "mg/tablet", None, False, False),
        ("nicht nachgewiesen", False, None, None, None, None, True, False),
        ("Spuren", True, None, None, None, None, False, True),
        ("positiv", True, None, None, None, None, False, False),
        ("à confirmer", None, None, None, None, None, False, False),
        ("not tested", None, None, None, None, None, False, False),
        ("n.d. (<0.1 %)", False, None, 0.1, "%", None, True, False),
        ("< LOD (0,1)", False, None, 0.1, None, None, True, False),
        ("BLQ", False, None, None, None, None, True, False),
        ("détecté (<LQ)", True, None, None, None, None, False, False),
        ("> LOQ", True, None, None, None, None, False, False),
        ("non quantifiable", True, None, None, None, None, False, False),
        ("traces <1%", True, None, None, None, None, False, True),
        ("80 % (± 3)", True, 80.0, None, "%", 3.0, False, False),
        ("80 %+", True, 80.0, 100.0, "%", None, False, False),
        ("au moins 80 %", True, 80.0, 100.0, "%", None, False, False),
        ("entre 5 et 10 %", True, 5.0, 10.0, "%", None, False, False),
        ("between 5 and 10%", True, 5.0, 10.0, "%", None, False, False),
    ],
)
def test_amounts(cell, found, value, maximum, unit, half, censored, trace):
    assert tuple(read_amount(cell))[:7] == (found, value, maximum, unit, half, censored, trace)


def test_an_amount_that_is_none():
    assert read_amount("see report") is None


def test_lists_and_units():
    assert listed("cocaine 72 %; levamisole (5%) | 25I-NBOMe") == [
        ("cocaine", "72 %"),
        ("levamisole", "5%"),
        ("25I-NBOMe", ""),
    ]
    assert listed("2,5-dimethoxyamphetamine; JWH-018") == [
        ("2,5-dimethoxyamphetamine", ""),
        ("JWH-018", ""),
    ]
    assert unit_in("MDMA (mg)") == ("MDMA", "mg")
    assert unit_in("Pureté %") == ("Pureté", "%")


def test_the_checks_of_every_importer(tmp_path):
    samples = [write(tmp_path, WIDE)]
    importer_checks.identifies_its_own(Lab(), samples)
    importer_checks.is_deterministic(Lab(), samples)
    importer_checks.reckons(Lab(), samples)
    importer_checks.says_nothing_of_the_content(Lab(), samples)


def test_results_without_a_substance(tmp_path):
    labels = ["Non détecté", "< LOD", "à confirmer", "kein Befund", "-", "Fentanyl non détecté",
              "poudre inconnue", "cocaïne"]  # fmt: skip
    rows = "".join(f"{n};2{n}/04/2017;{label};{label}\n" for n, label in enumerate(labels))
    path = write(tmp_path, f"ref;date;vendu comme;substance trouvée\n{rows}")
    samples, issues = read(path)
    assert [s.sold_as for s in samples] == [None] * 7 + ["cocaine"]
    assert [[(r.substance, r.role, r.censored) for r in s.results] for s in samples] == [
        *[[(None, "none", False)]] * 5,
        [("fentanyl", "minor", True)],
        [(None, "none", False)],
        [("cocaine", "main", False)],
    ]
    assert [i for i in issues if i.kind in ("substance not sure", "no substance")] == []


def test_a_dash_beside_what_was_found(tmp_path):
    path = write(
        tmp_path,
        "ref;date;vendu comme;substance 1;substance 2\n1;21/04/2017;MDMA;MDMA;-\n"
        "2;22/04/2017;MDMA;-;-\n",
    )
    samples, _ = read(path)
    assert [[(r.label, r.role) for r in s.results] for s in samples] == [
        [("MDMA", "main")],
        [("-", "none")],
    ]


def test_sans_objet_is_no_substance_and_no_amount(tmp_path):
    path = write(
        tmp_path,
        "ref;date;vendu comme;substance 1;teneur 1 (%);substance 2;teneur 2 (%)\n"
        "1;21/04/2017;MDMA;MDMA;80;s/o;s/o\n2;22/04/2017;kétamine;kétamine;s/o;sans objet;\n",
    )
    samples, issues = read(path)
    assert [[(r.label, r.amount) for r in s.results] for s in samples] == [
        [("MDMA", 80.0)],
        [("kétamine", None)],
    ]
    assert issues == []


QUANT = """Health Authority,Sample ID,Visit Date,City/Town,Drug,Category,Quant
Coast,ZK2XW7QPLM9A,2022-01-31,Springfield,Down (Unknown Opioid),Opioid,17.8
Coast,9PLMZK2XW7QA,2022-01-30,Springfield,Fentanyl,Opioid,61.9
Coast,XW7QZK2PLM93,2022-01-30,Springfield,Heroin,Opioid,0.0
"""


def test_a_quant_is_a_share_of_what_the_column_before_names(tmp_path):
    samples, issues = read(write(tmp_path, QUANT))
    assert [s.sold_as for s in samples] == [None, "fentanyl", "heroin"]
    assert samples[0].sold_as_label == "Down (Unknown Opioid)"
    told = [
        (r.label, r.substance, r.amount, r.unit, r.censored) for s in samples for r in s.results
    ]
    assert told == [
        ("Opioid", None, 17.8, "%", False),
        ("Opioid", None, 61.9, "%", False),
        ("Opioid", None, 0.0, "%", True),
    ]
    assert [(i.kind, i.field) for i in issues if i.level == "note"] == [("unit not said", "Quant")]
    # whoever knows better says it
    samples, _ = read(write(tmp_path, QUANT), mapping={"fentanyl": "Quant"})
    told = [(r.substance, r.amount, r.unit) for s in samples for r in s.results]
    assert told == [("fentanyl", 17.8, "%"), ("fentanyl", 61.9, "%"), ("fentanyl", 0.0, "%")]


def test_each_method_has_the_quant_beside_it(tmp_path):
    samples, issues = read(write(tmp_path, (
        "Sample,Visit Date,Expected Drug,FTIR,Quant,GC-MS,Quant\n"
        "B1,2025-04-01,Down,Caffeine,,Fentanyl,7.5\n"
        "B2,2025-04-02,Cocaine,Levamisole,5,Cocaine,88\n"
    )))  # fmt: skip
    told = [[(r.substance, r.amount, r.unit, r.method) for r in s.results] for s in samples]
    assert told == [
        [("caffeine", None, None, "FTIR"), ("fentanyl", 7.5, "%", "GC-MS")],
        [("levamisole", 5.0, "%", "FTIR"), ("cocaine", 88.0, "%", "GC-MS")],
    ]
    assert [i.field for i in issues if i.kind == "column name not known"] == []


def test_strips_spectrometers_and_their_amounts(tmp_path):
    path = write(
        tmp_path,
        "Sample ID,Visit Date,Expected drug,FTIR,Fentanyl strip,Quant,Benzo strip,GC-MS\n"
        "1,2022-01-31,heroin,heroin; caffeine,pos,<5%,neg,heroin\n"
        "2,2022-02-28,Down (Unknown Opioid),No Match,neg,,pos,\n"
        "3,2022-03-01,xanax,caffeine,positive,trace,invalid,\n"
        "4,2022-03-02,cocaine,\"Fentanyl strip: pos; cocaine 71,5 %\",,12.5,,\n",
    )  # fmt: skip
    samples, issues = read(path)
    assert [
        [(r.substance, r.method, r.amount, r.amount_max, r.unit, r.censored) for r in s.results]
        for s in samples
    ] == [
        [
            ("heroin", "FTIR", None, None, None, False),
            ("caffeine", "FTIR", None, None, None, False),
            ("heroin", "GC-MS", None, None, None, False),
            ("fentanyl", "test strip", None, None, None, False),
            ("benzodiazepines", "test strip", None, None, None, True),
            ("fentanyl", None, None, 5.0, "%", True),
        ],
        [
            (None, "FTIR", None, None, None, False),
            ("fentanyl", "test strip", None, None, None, True),
            ("benzodiazepines", "test strip", None, None, None, False),
        ],
        [
            ("caffeine", "FTIR", None, None, None, False),
            ("fentanyl", "test strip", None, None, None, False),
            ("fentanyl", None, None, None, "%", False),
        ],
        [
            ("fentanyl", "test strip", None, None, None, False),
            ("cocaine", "FTIR", 71.5, None, "%", False),
            ("fentanyl", None, 12.5, None, "%", False),
        ],
    ]
    assert [i for i in issues if i.kind == "amount not readable"] == []


def test_headers_in_german(tmp_path):
    path = write(
        tmp_path,
        "Probe Nr.;Datum;Verkauft als;Wirkstoff;Gehalt (%);Streckmittel;Farbe;Geschlecht\n"
        "1;03.04.2024;Kokain;Kokain;71,5;Levamisol;weiß;m\n"
        "2;23.04.2024;unbekannt;nicht nachgewiesen;;;;\n",
    )
    samples, issues = read(path)
    assert [(s.reference, s.time, s.sold_as) for s in samples] == [
        ("1", date(2024, 4, 3), "cocaine"), ("2", date(2024, 4, 23), None),
    ]  # fmt: skip
    assert [[(r.substance, r.amount, r.unit, r.role) for r in s.results] for s in samples] == [
        [("cocaine", 71.5, "%", "main"), ("levamisole", None, None, "cut")],
        [(None, None, None, "none")],
    ]
    assert [i.field for i in issues if i.kind == "column about a person"] == ["Geschlecht"]


@pytest.mark.parametrize(
    ("header", "form", "cells", "unit", "first", "level"),
    [
        ("purity", "powder", ("72.5", "65", "81"), "%", 72.5, "note"),
        ("Pureté", "comprimé", ("72,5", "65", "81"), "%", 72.5, "note"),
        ("Reinheit", "Pulver", ("72,5", "65", "<5"), "%", 72.5, "note"),
        ("purity", "powder", ("0.725", "0.65", "0.81"), "%", 72.5, "warning"),  # parts of one
        ("purity", "powder", ("0.7",), None, 0.7, "warning"),  # of one, or of a hundred?
        ("purity", "powder", ("72.5 %", "65", "81"), "%", 72.5, "note"),  # as other cells say
        ("teneur", "poudre", ("72,5", "65", "81"), "%", 72.5, "note"),
        ("teneur", "comprimé", ("72,5", "65", "81"), None, 72.5, "warning"),  # mg, or %?
        ("teneur", "poudre", ("172,5", "165", "81"), None, 172.5, "warning"),
        ("conc.", "powder", ("72.5", "65", "81"), "%", 72.5, "note"),
        ("dosage", "poudre", ("72,5", "65", "81"), None, 72.5, "warning"),
        ("Gehalt", "Pulver", ("72,5", "65", "81"), "%", 72.5, "note"),
    ],
)
def test_the_unit_of_amounts_whose_column_says_none(
    tmp_path, header, form, cells, unit, first, level
):
    rows = "".join(f"{n};2{n}/04/2017;MDMA;{form};MDMA;{c}\n" for n, c in enumerate(cells))
    path = write(tmp_path, f"ref;date;vendu comme;forme;substance;{header}\n{rows}")
    samples, issues = read(path)
    assert (samples[0].results[0].amount, samples[0].results[0].unit) == (first, unit)
    assert [(i.field, i.level) for i in issues if i.kind == "unit not said"] == [(header, level)]
    # the remedy that it names
    samples, issues = read(path, amounts_in="mg/tablet")
    assert {r.unit for s in samples for r in s.results} <= {"mg/tablet", "%"}
    assert samples[0].results[0].unit in ("mg/tablet", "%" if "%" in cells[0] else "mg/tablet")
    assert [i for i in issues if i.kind == "unit not said"] == []


def test_amounts_without_a_unit_are_told_wherever_they_stand(tmp_path):
    path = write(
        tmp_path, "ref;date;vendu comme;trouvé\n1;21/04/2017;MDMA;MDMA 72\n2;22/04/2017;MDMA;MDMA\n"
    )
    samples, issues = read(path)
    assert (samples[0].results[0].amount, samples[0].results[0].unit) == (72.0, None)
    assert [(i.record, i.field) for i in issues if i.kind == "unit not said"] == [(2, "trouvé")]
    marks = write(tmp_path, "ref;date;vendu comme;MDMA;cocaïne\n1;21/04/2017;MDMA;1;0\n"
                            "2;22/04/2017;coke;0;1\n")  # fmt: skip
    samples, issues = read(marks)
    assert [[(r.substance, r.amount, r.censored) for r in s.results] for s in samples] == [
        [("mdma", None, False), ("cocaine", None, True)],
        [("mdma", None, True), ("cocaine", None, False)],
    ]
    assert [i for i in issues if i.kind == "unit not said"] == []


def test_a_word_that_nobody_understands_is_no_finding(tmp_path):
    path = write(tmp_path, "ref;date;vendu comme;MDMA (%);cocaïne (%)\n"
                           "1;21/04/2017;MDMA;80;voir dossier\n")  # fmt: skip
    samples, issues = read(path)
    assert [r.substance for s in samples for r in s.results] == ["mdma"]
    assert [(i.field, i.kind) for i in issues] == [("cocaïne (%)", "amount not readable")]


def found_in(tmp_path, text):
    path = tmp_path / "labo.csv"
    path.write_text(text, "utf-8")
    rows = list(Lab().extract(path))
    samples = [r for r in rows if isinstance(r, RawSample)]
    results = [
        [(r.label, r.substance, r.amount, r.amount_max, r.unit) for r in s.results] for s in samples
    ]
    return results, [(r.kind, r.field) for r in rows if isinstance(r, Issue)]


def test_bare_figures_after_colons_are_parts(tmp_path):
    text = (
        'SampleID,Date Tested,Substances,Sold as\n1,"Mar 3, 2026","MDMA:20;Caffeine:1",MDMA\n'
        '2,"Mar 4, 2026","Cocaine:10; Levamisole:1 ; Unidentified:trace",Cocaine\n'
        '3,"Mar 5, 2026","Cocaine: 72.5 %; Levamisole: 8 %",Cocaine\n'
    )
    (first, second, third), issues = found_in(tmp_path, text)
    assert [r[1:] for r in first] == [
        ("mdma", 20, None, "parts"), ("caffeine", 1, None, "parts")
    ]  # fmt: skip
    assert [r[1:] for r in second][:2] == [
        ("cocaine", 10, None, "parts"), ("levamisole", 1, None, "parts")
    ]  # fmt: skip
    assert [r[1:] for r in third] == [
        ("cocaine", 72.5, None, "%"), ("levamisole", 8, None, "%")
    ]  # fmt: skip
    assert issues == [("unit not said", "Substances")]


def test_active_contents_of_tablets(tmp_path):
    """The columns of DrugsData: a colour of a reagent is no substance, a size is kept."""
    text = (
        "ID,Date Published,Sold As,Sample Type,Active Contents,Size,Color,Weight,Marquis\n"
        "1001,2026-01-05,Ecstasy,Tablet,MDMA : 20; Caffeine : 1,8.2 x 4.1 mm,Blue,312 mg,Purple\n"
        "1003,2026-01-07,Ecstasy,Tablet,None Detected,,,,Purple\n"
    )
    samples, issues = read(write(tmp_path, text))
    assert [[r[:4] for r in s.results] for s in samples] == [
        [("MDMA", "mdma", "main", 20.0), ("Caffeine", "caffeine", "minor", 1.0)],
        [("None Detected", None, "none", None)],
    ]
    assert [s.description for s in samples] == ["Size: 8.2 x 4.1 mm; Blue; Weight: 312 mg", None]
    assert [(i.kind, i.field) for i in issues] == [
        ("column name not known", "Marquis"), ("unit not said", "Active Contents")
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Active Contents,Ratio", '"MDMA, Caffeine",20:1'),
        ("Active1,Active2,Parts1,Parts2", "MDMA,Caffeine,20,1"),
        ("Active Contents,Parts,Active Contents,Parts", "MDMA,20,Caffeine,1"),
    ],
)
def test_parts_in_columns_of_their_own(tmp_path, header, cells):
    text = f"ID,Tested,Sold As,{header}\n1001,2026-01-05,Ecstasy,{cells}\n"
    found, issues = found_in(tmp_path, text)
    assert found == [
        [("MDMA", "mdma", 20.0, None, "parts"), ("Caffeine", "caffeine", 1.0, None, "parts")]
    ]
    assert issues == []


def test_headers_that_stand_several_times_are_a_series(tmp_path):
    text = (
        "ref,date,sold as,Substance,Purity (%),Substance,Purity (%)\n"
        "e1,2026-02-03,cocaine,cocaine,72,levamisole,8\n"
    )
    found, issues = found_in(tmp_path, text)
    assert found == [
        [("cocaine", "cocaine", 72.0, None, "%"), ("levamisole", "levamisole", 8.0, None, "%")]
    ]
    assert issues == []


def test_a_tablet_with_its_panel(tmp_path):
    text = (
        "Sample ID,Date,Logo,Colour,Weight (mg),Diameter (mm),Score,Sold as,MDMA (mg),Tested for\n"
        'p1,2026-02-03,Tesla,orange,412,8.1,yes,MDMA,182,"MDMA, caffeine"\n'
    )
    ([sample], issues) = read(write(tmp_path, text))
    assert sample.description == "Tesla; orange; Weight (mg): 412; Diameter (mm): 8.1; Score: yes"
    assert [(r.substance, r.amount, r.unit, r.panel) for r in sample.results] == [
        ("mdma", 182.0, "mg", "MDMA, caffeine")
    ]
    assert issues == []


def test_a_proportion_may_be_an_amount(tmp_path):
    text = "ref,date,sold as,substance,proportion\ne1,2026-02-03,cocaine,cocaine,72 %\n"
    found, _ = found_in(tmp_path, text)
    assert found == [[("cocaine", "cocaine", 72.0, None, "%")]]


@pytest.mark.parametrize(
    ("cell", "role"),
    [
        ("Substance principale", "main"), ("produit majoritaire", "main"), ("actif", "main"),
        ("adultérants", "cut"), ("agent actif de coupe", "cut"), ("cutting agents", "cut"),
        ("impuretés de synthèse", "precursor"), ("synthesis by-product", "precursor"),
        ("minor component", "minor"), ("en traces", "trace"), ("Nebenbestandteil", "minor"),
        ("non actif", None), ("inactive", None), ("", None), ("72 %", None),
        ("active in most of the samples of May", None),
    ],
)  # fmt: skip
def test_roles_by_their_words(cell, role):
    assert role_named(cell) == role


def test_what_stands_between_commas_has_its_own_amount(tmp_path):
    text = (
        "Visit Date,Expected Drug,Spectrometer,Fentanyl Strip\n"
        '2026-05-22,Fentanyl,"Caffeine, Erythritol, Fentanyl or Analog 5-10%",Inv\n'
        '2026-05-23,Heroin,"Heroin, base, Caffeine 20%",Neg\n'
        '2026-05-24,Fentanyl,"Caffeine, Uncertain Oil/Carb",Neg\n'
    )
    (first, second, third), issues = found_in(tmp_path, text)
    assert first == [
        ("Caffeine", "caffeine", None, None, None),
        ("Erythritol", None, None, None, None),
        ("Fentanyl or Analog", "fentanyl", 5, 10, "%"),
    ]
    assert second[:2] == [
        ("Heroin, base", "heroin", None, None, None),
        ("Caffeine", "caffeine", 20, None, "%"),
    ]
    assert third[:2] == [
        ("Caffeine", "caffeine", None, None, None),
        ("Uncertain Oil/Carb", None, None, None, None),
    ]
    assert issues[0] == ("substance not sure", "Spectrometer")
    assert "amount not readable" not in {kind for kind, _ in issues}


@pytest.mark.parametrize(
    ("cell", "amount", "kinds"),
    [
        ("> 80 %", (80, 100, "%"), []),
        ("plus de 80", (80, 100, "%"), []),
        ("> 80 mg", (None, None, "mg"), ["amount not bounded"]),
        ("traces (< 1 %)", (None, None, "%"), []),
        ("ca. 150 mg/Pille", (150, None, "mg/tablet"), []),
    ],
)
def test_amounts_with_only_one_bound(tmp_path, cell, amount, kinds):
    text = f"N°;Date;Vendu comme;Substance;Teneur (%)\nA1;22/05/2026;MDMA;MDMA;{cell}\n"
    ([result],), issues = found_in(tmp_path, text)
    assert result[2:] == amount
    assert [kind for kind, _ in issues] == kinds


def test_roles_in_words(tmp_path):
    path = tmp_path / "labo.csv"
    path.write_text(
        "N°;Date;Vendu comme;Substance;Rôle;Poids (mg);Diamètre (mm)\n"
        "A1;22/05/2026;MDMA;MDMA;Principe actif;250;8\n"
        "A1;22/05/2026;MDMA;caféine;Produit de coupe;250;8\n"
        "A1;22/05/2026;MDMA;paracétamol;à voir;250;8\n",
        "utf-8",
    )
    rows = list(Lab().extract(path))
    samples = [r for r in rows if isinstance(r, RawSample)]
    assert [s.results[0].role for s in samples] == ["main", "cut", "cut"]
    assert samples[0].description == "Poids (mg): 250; Diamètre (mm): 8"
    assert [(i.kind, i.field) for i in rows if isinstance(i, Issue)] == [("role not known", "Rôle")]


def test_a_column_of_dates_is_known_by_its_cells(tmp_path):
    path = tmp_path / "labo.csv"
    path.write_text(
        "Tested on;Sold as;Major\n3 mars 2026;MDMA;MDMA\n4 mars 2026;MDMA;PMMA\n", "utf-8"
    )
    samples = [r for r in Lab().extract(path) if isinstance(r, RawSample)]
    assert [(s.time, s.reference) for s in samples] == [
        (date(2026, 3, 3), ""),
        (date(2026, 3, 4), ""),
    ]


def test_what_a_laboratory_calls_water_is_no_street_name(tmp_path):
    text = 'Visit Date,Expected Drug,Spectrometer\n2026-05-22,MDMA,"MDMA, Water"\n'
    [found], _ = found_in(tmp_path, text)
    assert [r[:2] for r in found] == [("MDMA", "mdma"), ("Water", None)]


HEADER = "Réf;Date;Vendu comme;"


def amounts_of(tmp_path, header, *rows):
    """Return what was found in each row, and the issues that are no notes."""
    lines = (f"A-{n};{n:02}/02/2025;cocaïne;{row}" for n, row in enumerate(rows, 13))
    samples, issues = read(write(tmp_path, "\n".join((HEADER + header, *lines)) + "\n"))
    found = [[(r.substance, r.role, r.amount, r.unit) for r in s.results] for s in samples]
    return found, [(i.kind, i.record, i.field, i.level) for i in issues if i.level != "note"]


@pytest.mark.parametrize("amount", ["Pureté (%)", "Primary %", "Teneur (%)"])
@pytest.mark.parametrize("main", ["Substance principale", "Primary substance"])
@pytest.mark.parametrize("other", ["Produits de coupe", "Other substances"])
def test_an_amount_beside_the_main_substance_is_of_it(tmp_path, main, amount, other):
    found, _ = amounts_of(
        tmp_path, f"{main};{amount};{other}", "cocaïne;65,5;lévamisole", "caféine;8;", "MDMA;;"
    )
    assert found == [
        [("cocaine", "main", 65.5, "%"), ("levamisole", "cut", None, None)],
        [("caffeine", "main", 8.0, "%")],
        [("mdma", "main", None, None)],
    ]


@pytest.mark.parametrize("name", ["%", "% {}", "%{}", "(%) {}"])
def test_a_share_of_a_series_has_its_number(tmp_path, name):
    """`% 1` is of substance 1: a name of nothing but a unit, whose number stands after it."""
    header = f"Substance 1;{name.format(1)};Substance 2;{name.format(2)}"
    found, issues = amounts_of(tmp_path, header, "cocaïne;58,8;lévamisole;2,5")
    told = [("cocaine", "main", 58.8, "%"), ("levamisole", "cut", 2.5, "%")]
    assert (found, issues) == ([told], [])


def test_one_amount_beside_several_substances_is_of_the_first_and_told_once(tmp_path):
    found, issues = amounts_of(
        tmp_path,
        "Substances trouvées;Teneur (%)",
        "cocaïne;81",
        "cocaïne, tétracaïne;33,3",
        "héroïne + caféine;<5",
        "cocaïne, lévamisole;",
        "cocaïne, lévamisole;traces",
    )
    assert [[(s, a) for s, _, a, _ in each] for each in found] == [
        [("cocaine", 81.0)],
        [("cocaine", 33.3), ("tetracaine", None)],
        [("heroin", None), ("caffeine", None)],
        [("cocaine", None), ("levamisole", None)],
        [("cocaine", None), ("levamisole", None)],
    ]
    assert issues == [("amounts not told apart", 3, "Teneur (%)", "warning")]


def test_one_amount_is_not_of_a_cut_nor_of_what_has_its_own(tmp_path):
    found, issues = amounts_of(
        tmp_path,
        "Substances trouvées;Teneur (%)",
        "lévamisole, cocaïne;40",
        "cocaïne 12 %, lévamisole;40",
    )
    assert [[(s, a) for s, _, a, _ in each] for each in found] == [
        [("levamisole", None), ("cocaine", None)],
        [("cocaine", 12.0), ("levamisole", None)],
    ]
    kind = "amounts not told apart"
    assert issues == [(kind, 2, "Teneur (%)", "warning"), (kind, 3, "Teneur (%)", "warning")]


def test_an_amount_of_nothing_that_is_named_is_told(tmp_path):
    found, issues = amounts_of(
        tmp_path, "Substances mineures;Adultérants;Teneur (%)", "cocaïne;lévamisole;40"
    )
    assert {s: a for s, _, a, _ in found[0]} == {"cocaine": None, "levamisole": None}
    assert issues == [("column name not known", 1, "Teneur (%)", "warning")]


FENTANYL = "Fentanyl / main active quantity (%)"


@pytest.mark.parametrize(
    ("header", "spectrometer", "strip", "amounts"),
    [
        (FENTANYL, "Fentanyl or Analog, Caffeine", "Pos", [("fentanyl", "main", "FTIR", 12.5)]),
        (FENTANYL, "Caffeine, Fentanyl or Analog", "", [("fentanyl", "main", "FTIR", 12.5)]),
        (FENTANYL, "Cocaine HCl, Levamisole", "Neg", [("cocaine", "main", "FTIR", 12.5)]),
        (FENTANYL, "MDMA, Cocaine", "", None),
        (FENTANYL, "Caffeine", "Pos", [("fentanyl", "main", None, 12.5)]),
        (FENTANYL, "Levamisole", "Neg", None),
        ("Fentanyl ou principe actif (%)", "Cocaine", "", [("cocaine", "main", "FTIR", 12.5)]),
        ("MDMA / MDA (%)", "MDA, Caffeine", "", [("mda", "main", "FTIR", 12.5)]),
        ("MDMA / MDA (%)", "Cocaine", "", None),
    ],
)  # fmt: skip
def test_an_amount_is_of_what_its_header_means(tmp_path, header, spectrometer, strip, amounts):
    text = f"Sample ID,Expected drug,Spectrometer,Fentanyl strip,{header}\n"
    path = write(tmp_path, f'{text}A1,Down,"{spectrometer}",{strip},12.5\n')
    (sample,), issues = read(path)
    found = [(r.substance, r.role, r.method, r.amount) for r in sample.results if r.amount]
    assert found == (amounts or [])
    told = [i.kind for i in issues if i.field == header]
    assert told == ([] if amounts else ["amounts not told apart"])


def test_the_amount_of_what_is_not_named_is_not_that_of_a_cut(tmp_path):
    rows = f"Sample ID;Date;Sold as;{FENTANYL};Cutting agents\nA1;2024-03-05;fentanyl;12;caffeine\n"
    (sample,), issues = read(write(tmp_path, rows))
    assert [(r.substance, r.role, r.amount) for r in sample.results] == [("caffeine", "cut", None)]
    assert [(i.kind, i.record, i.field) for i in issues] == [
        ("amounts not told apart", 2, FENTANYL)
    ]


@pytest.mark.parametrize(
    ("column", "amount", "bought"),
    [
        ("Quantité (mg/comprimé)", (152.0, "mg/tablet"), None),
        ("Quantity (mg/tablet)", (152.0, "mg/tablet"), None),
        ("Quantité (mg)", (152.0, "mg"), None),
        ("Prix;Quantité (mg)", (None, None), 152.0),
        ("Quantité (g)", (None, None), 152.0),
        ("Quantité", (None, None), 152.0),
    ],
)
def test_a_quantity_in_the_unit_of_a_content_is_what_was_found(tmp_path, column, amount, bought):
    price = "20;" if ";" in column else ""
    rows = f"A1;2025-03-04;MDMA;MDMA;{price}152\nA2;2025-03-14;MDMA;MDMA;{price}160\n"
    samples, _ = read(write(tmp_path, f"Référence;Date;Vendu comme;Substance;{column}\n{rows}"))
    (found,) = samples[0].results
    assert ((found.amount, found.unit), samples[0].quantity) == (amount, bought)

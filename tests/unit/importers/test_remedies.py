"""Every remedy in an error or a hint is done here, and the file is read."""

import ast
import re
from pathlib import Path

import openpyxl
import pytest

import fanal
from fanal.door.raw import RawDocument, RawSample
from fanal.errors import ConfigError, ImporterError
from fanal.importers import BUILTIN, identify
from fanal.importers.base import Indicator, Issue
from fanal.plugins import known
from fanal.sources import parse
from fanal.stages.ingest.files import _importer, check_parameters
from fanal.workspace import Workspace

HEAD = """
name = "s"
title = "INVENTED"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
"""
CHAT = "02/05/2026, 18:00 - Mia: coke 60\n03/05/2026, 18:00 - Lou: ok\n"
PRIVATE = (
    '{"name": "x", "type": "private_group", "id": 5, "messages": [{"id": 1, "type": "message",'
    ' "date": "2026-05-01T10:00:00", "date_unixtime": "1777622400", "text": "coke 60"}]}'
)
POSTS = "quand;quoi\n2026-05-01;coke 60\n2026-05-02;keta 30\n"
SAID = "date;texte;suite\n2026-05-01;coke 60;et la keta à trente, vue deux fois à la gare hier\n"
SAID += "2026-05-02;keta 30;plus rien au parc depuis lundi, disent trois personnes\n"
OPEN = "date;texte\n02/05/2026;coke 60\n01/06/2026;keta 30\n03/05/2026;ok\n"
SURVEY = "id;Que diriez-vous des prix ?\n1;la coke est à 60\n2;la keta est à 30\n"
LAB = "N°;Date;Vendu comme;Substance;Teneur (%)\nA1;02/05/2026;cocaïne;cocaïne;72\n"
UNDATED = "post_id;texte\n1;coke 60 le gramme ce soir\n2;keta 30 à la gare, vu hier\n"
AREAS = "departement;usage de stupéfiants\n59;512\n62;301\n80;77\n"
FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>J</title><item><title>Brève</title>'
    "<guid>g1</guid><pubDate>03/04/2025</pubDate><description>La coke à 60.</description></item>"
    "</channel></rss>"
)
FIGURES = "indicateur;departement;annee;valeur\nSaisies;59;2024;1.234\nSaisies;62;2024;2.345\n"
PRESS = "<html><head><title>A</title></head><body><article><h1>Le marché</h1><p>" + (
    "Les prix de la cocaïne baissent dans la région depuis le début du printemps. " * 12
) + "</p></article></body></html>"  # fmt: skip


# what the remedy says · the file · what is added to the source description, or done to the file
DESCRIBED = {
    'allow = ["…"], under [parameters]': (
        "r.json", PRIVATE, '[parameters]\nallow = ["private_group"]'),
    'add date_order = "dmy" or "mdy" under [parameters] in': (
        "t.csv", OPEN, '[parameters]\ndate_order = "dmy"'),
    'for one such as 03/04/2025 add date_order = "dmy" or "mdy" under [parameters]': (
        "j.rss", FEED, '[parameters]\ndate_order = "dmy"'),
    'and name its keys under [mapping], as text = "…" and time = "…", with importer =': (
        "a.json", '[{"who": "x", "said": "coke 60", "at": "2025-03-12"}]',
        'importer = "tables"\n[mapping]\ntext = "said"\ntime = "at"'),
    "correct date_order under [parameters]": (
        "t.csv", OPEN, '[parameters]\ndate_order = "mdy"'),
    "correct or remove it under [mapping]": (
        "l.csv", LAB.replace("Date", "Quand"), '[mapping]\ndate = "Quand"'),
    "set amounts_in under [parameters]": (
        "l.csv", LAB.replace(" (%)", ""), '[parameters]\namounts_in = "%"'),
    'the dates have no year: add year = "2024" (theirs) under [parameters]': (
        "l.csv", LAB.replace("/2026", ""), '[parameters]\nyear = "2026"'),
    "correct year under [parameters]": (
        "l.csv", LAB.replace("/2026", ""), '[parameters]\nyear = "2025"'),
    "or set quantity_in under [parameters]; if it is how much was found, map": (
        "l.csv", LAB.replace("Teneur (%)", "Teneur (%);Quantité").replace("72", "72;2"),
        '[parameters]\nquantity_in = "g"'),
    'write it in the header, as "quantity (kg)", or set unit under [parameters]': (
        "f.csv", "annee;region;produit;quantité\n2023;Bretagne;cocaïne;277\n",
        '[parameters]\nunit = "kg"'),
    'add decimal = "," or decimal = "."': ("f.csv", FIGURES, '[parameters]\ndecimal = ","'),
    'add counts = "…" (what is counted) under [parameters]': (
        "f.csv", "pays;annee;valeur\nFR;2021;10\n",
        'importer = "indicators"\n[parameters]\ncounts = "saisies"'),
    'add area = "…" (the code of the area, as FR) under [parameters]': (
        "f.csv", "Saisies\nProduit;2021;2022;2023\nCocaïne;1;2;3\n",
        'importer = "indicators"\n[parameters]\narea = "FR"'),
    'add weeks = "monday" or weeks = "sunday" under [parameters]': (
        "f.csv", "epidemiological_week,area,value\n2021-W01,FR,10\n",
        'importer = "indicators"\n[parameters]\ncounts = "visits"\nweeks = "sunday"'),
    'add period = "…" (as 2023, 2023-04 or 2023-Q1) under [parameters]': (
        "f.csv", "Région;Cocaïne;Héroïne\nBretagne;512;430\nNormandie;388;401\nCorse;12;9\n",
        'importer = "indicators"\n[parameters]\nperiod = "2023"'),
    'date = "2025-03" (the day, month or year of all rows) under [parameters]': (
        "t.csv", UNDATED, '[parameters]\ndate = "2025-03"'),
    "correct date under [parameters]": (
        "t.csv", UNDATED, '[parameters]\ndate = "2025-03-12"'),
    "correct period under [parameters]": (
        "f.csv", "Région;Cocaïne;Héroïne\nBretagne;512;430\nNormandie;388;401\nCorse;12;9\n",
        'importer = "indicators"\n[parameters]\nperiod = "2023-Q1"'),
    "correct weeks under [parameters]": (
        "f.csv", "epidemiological_week,area,value\n2021-W01,FR,10\n",
        'importer = "indicators"\n[parameters]\ncounts = "visits"\nweeks = "monday"'),
    "that tells them apart as name under [mapping]": (
        "f.csv", "indicateur;produit;pays;annee;valeur\nx;cocaïne;FR;2021;1\nx;MDMA;FR;2021;2\n",
        '[mapping]\nname = "produit"'),
    'add time = "…" under [mapping]': (
        "t.csv", POSTS, '[mapping]\ntext = "quoi"\ntime = "quand"'),
    "correct decimal under [parameters]": ("f.csv", FIGURES, '[parameters]\ndecimal = "."'),
    'name the columns under [mapping], as text = "…" and time = "…"': (
        "t.csv", POSTS, '[mapping]\ntext = "quoi"\ntime = "quand"'),
    'name the column as time = "…" under [mapping]': (
        "t.csv", POSTS, '[mapping]\ntext = "quoi"\ntime = "quand"'),
    "name another column as message under [mapping]": (
        "t.csv", "id;n;date;texte\n1;1;2026-05-01;a\n1;2;2026-05-01;b\n",
        '[mapping]\ntext = "texte"\ntime = "date"\nmessage = "n"'),
    'add date = "2025-03", or time = "…" (the column of the date), under [parameters]': (
        "s.csv", SURVEY, 'importer = "survey"\n[parameters]\ndate = "2025-03"'),
    'add text = ["…"] under [parameters]': (
        "s.csv", "id;date;q\n1;2025-03-01;oui\n2;2025-03-01;non\n",
        'importer = "survey"\n[parameters]\ntext = ["q"]'),
    'date = "2025-03-12" under [parameters]': (
        "e.txt", "Rien de neuf à la gare.\n", '[parameters]\ndate = "2025-03-12"'),
    'put the date in the name of the file, as article_2025-03-12.html': (
        "article_2025-03-12.html", PRESS, ""),
    'add date = "2025" under [parameters]': (
        "e.txt", "3 mars\nRien.\n\n10 mars\nCalme.\n", '[parameters]\ndate = "2025"'),
    'write "Date : 12 mars 2025" at the top': (
        "e.txt", "Date : 12 mars 2025\nRien de neuf à la gare.\n", ""),
    "put it in the name of the file": (
        "entretien_2025-03-12.txt", "Rien de neuf à la gare.\n", ""),
    "correct sheet under [parameters]": ("t.xlsx", "", '[parameters]\nsheet = "Mai"'),
    '[mapping], as text = ["…", "…"] and time = "…"': (
        "t.csv", SAID, '[mapping]\ntext = ["texte", "suite"]\ntime = "date"'),
    'text = ["…"], choices = ["…"] or place = ["…"] under [parameters]': (
        "s.csv", "id;date;voie;où\n1;2025-03-01;nasale;Lille\n2;2025-03-01;fumée;Arras\n",
        'importer = "survey"\n[parameters]\nchoices = ["voie"]\nplace = ["où"]'),
    "name those that count under [mapping]": (
        "l.csv", LAB.replace("Date", "Quand ça"), '[mapping]\ndate = "Quand ça"'),
    'add importer = "tables" to the source description and name the columns': (
        "t.csv", POSTS, 'importer = "tables"\n[mapping]\ntext = "quoi"\ntime = "quand"'),
    'add importer = "…" to the source description if it is one of them': (
        "t.csv", POSTS, 'importer = "tables"\n[mapping]\ntext = "quoi"\ntime = "quand"'),
    'add importer = "…" with one of them to the source description': (
        "l.csv", LAB, 'importer = "lab"\n[parameters]\ndate_order = "dmy"'),
    'add importer = "…" to the description if it is what the parameters are for': (
        "f.csv", FIGURES, 'importer = "indicators"\n[parameters]\nunit = "personnes"'),
    '; add date_order = "dmy" or "mdy" under [parameters]': (
        "l.csv", LAB, '[parameters]\ndate_order = "dmy"'),
    "name the columns under [mapping] in the source description": (
        "l.csv", "n;d;quoi;q\nA1;2026-05-02;cocaïne;72\nA2;2026-05-02;MDMA;80\n",
        ('importer = "lab"\n[mapping]\nreference = "n"\ndate = "d"\nsubstance = "quoi"\n'
        'amount = "q"')),
    "export the samples as CSV, or name the columns under [mapping]": (
        "l.csv", LAB, '[mapping]\nreference = "N°"'),
    "write [parameters] instead of [importer]": (
        "c.txt", CHAT, '[parameters]\ndate_order = "dmy"'),
    "is a parameter of the importer, put it under [parameters]": (
        "s.csv", SURVEY,
        ('importer = "survey"\n[parameters]\ntext = ["Que diriez-vous des prix ?"]\n'
        'date = "2025-03"')),
    "correct or remove it under [parameters]": (
        "f.csv", FIGURES, '[parameters]\nunit = "personnes"'),
}  # fmt: skip


def read(folder, name, text, more):
    path = folder / name
    if name.endswith(".xlsx"):
        book = openpyxl.Workbook()
        book.create_sheet("Mai").append(["date", "texte"])
        book["Mai"].append(["2026-05-01", "coke 60"])
        book.save(path)
    else:
        path.write_text(text, "utf-8")
    source = parse(HEAD + more, "s.toml")
    check_parameters(source)
    kind = source.importer or identify(path).name
    return list(_importer(source, kind).extract(path))


@pytest.mark.parametrize("remedy", DESCRIBED)
def test_a_remedy_works(tmp_path, remedy):
    rows = read(tmp_path, *DESCRIBED[remedy])
    came = [r for r in rows if isinstance(r, RawDocument | RawSample | Indicator)]
    assert came
    assert all(getattr(r, "time", True) is not None for r in came)
    assert not [r for r in rows if isinstance(r, Issue) and r.level == "error"]


def remedies():
    """Yield module and text of everything that an error or an issue says to do."""
    root = Path(fanal.__file__).parent
    files = [*sorted((root / "importers").rglob("*.py"))]
    files += [root / name for name in ("stages/ingest/files.py", "sources.py", "door/admit.py")]
    for file in files:
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Constant | ast.JoinedStr):
                parts = node.values if isinstance(node, ast.JoinedStr) else [node]
                text = "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in parts)
                told = re.search(r"under \[|(?<!In a )source description|under \[importer\]", text)
                if told and "\n" not in text and not text.endswith("."):  # a docstring does
                    yield file.stem, text


@pytest.mark.parametrize(("module", "text"), sorted(set(remedies())))
def test_every_remedy_is_done_above(module, text):
    assert "[importer]" not in text
    assert any(said in text or text in said for said in DESCRIBED)


@pytest.mark.parametrize(
    ("more", "what"),
    [
        ('licens = "x"', r"unknown key 'licens'.*put it under \[parameters\]"),
        ('importer = "survey"\nlicens = "x"', r"importer 'survey' has no parameter 'licens'"),
        ('[importer]\nunite = "kg"', r"no importer has a parameter 'unite'"),
        ('[parameters]\nunite = "kg"', r"no importer has a parameter 'unite'"),
        ("[parameters]\nday_first = 3", r"no importer has a parameter 'day_first'"),
    ],
)
def test_a_description_says_where_a_parameter_goes(more, what):
    with pytest.raises(ConfigError, match=what):
        check_parameters(parse(HEAD + more, "s.toml"))


@pytest.mark.parametrize(
    ("more", "parameters"),
    [
        ('importer = "survey"\ntext = ["q"]', {"text": ["q"]}),
        ("[importer]\nday_first = true", {"date_order": "dmy"}),
        ("[parameters]\nday_first = false", {"date_order": "mdy"}),
        ('[parameters]\nday_first = true\ndate_order = "mdy"', None),  # two answers: asked
    ],
)
def test_parameters_as_they_were_written_before_are_those_of_now(more, parameters):
    if parameters is None:
        with pytest.raises(ConfigError, match="day_first"):
            check_parameters(parse(HEAD + more, "s.toml"))
    else:
        assert parse(HEAD + more, "s.toml").parameters == parameters


def test_an_error_that_asks_is_answered_by_what_it_says(tmp_path):
    with pytest.raises(ImporterError, match=r'add date_order = "dmy" or "mdy" under'):
        read(tmp_path, "c.txt", CHAT, "")
    with pytest.raises(
        ImporterError, match=r'add date_order = "dmy" or "mdy" under \[parameters\]'
    ):
        read(tmp_path, "t.csv", "date;texte\n02/05/2026;coke 60\n", "")
    with pytest.raises(ImporterError, match=r'allow = \["private_group"\], under \[parameters\]'):
        read(tmp_path, "r.json", PRIVATE, "")
    for kind, *file in (
        ("chat", "c.txt", CHAT),
        ("samples", "l.csv", LAB),
        ("posts", "t.csv", OPEN),
    ):
        assert read(tmp_path, *file, '[parameters]\ndate_order = "mdy"'), kind
    with pytest.raises(ImporterError, match=r"'oui'.*allowed: dmy, mdy"):
        read(tmp_path, "c.txt", CHAT, '[parameters]\ndate_order = "oui"')


def told(rows):
    """Return the hints of a file, each once."""
    return list(dict.fromkeys(row.hint for row in rows if isinstance(row, Issue)))


@pytest.mark.parametrize("mapping", ["", '[mapping]\ntext = "texte"\nmessage = "post_id"\n'])
def test_posts_without_any_date_are_read_as_their_hint_says(tmp_path, mapping):
    assert told(read(tmp_path, "t.csv", UNDATED, mapping)) == [
        (
            'no column of the date was found; add time = "…" under [mapping] if there is one, else '
            'date = "2025-03" (the day, month or year of all rows) under [parameters]'
        )
    ]
    rows = read(tmp_path, "t.csv", UNDATED, f'{mapping}[parameters]\ndate = "2025-03"')
    came = [(r.text, r.message, str(r.time), r.precision) for r in rows]
    assert came == [
        ("coke 60 le gramme ce soir", "1", "2025-03-01", "month"),
        ("keta 30 à la gare, vu hier", "2", "2025-03-01", "month"),
    ]


def test_a_date_that_is_none_is_refused(tmp_path):
    with pytest.raises(ImporterError, match=r"date cannot be 'soon'.*correct date under \[para"):
        read(tmp_path, "t.csv", UNDATED, '[parameters]\ndate = "soon"')


def test_a_date_fills_no_cell_of_a_column_that_has_dates(tmp_path):
    text = "date;texte\n2026-05-01;coke 60\n;keta 30\n"
    rows = read(tmp_path, "t.csv", text, '[parameters]\ndate = "2025-03"')
    assert [str(r.time) for r in rows if isinstance(r, RawDocument)] == ["2026-05-01"]
    assert [r.kind for r in rows if isinstance(r, Issue)] == ["no date"]


@pytest.mark.parametrize(
    "more",
    [
        "",
        'importer = "indicators"\n',
        (
            'importer = "indicators"\n[mapping]\narea = "departement"\n'
            'value = "usage de stupéfiants"\n'
        ),
    ],
)
def test_areas_without_a_period_are_read_as_their_hint_says(tmp_path, more):
    hints = told(read(tmp_path, "f.csv", AREAS, more))
    assert hints == ['add period = "…" (as 2023, 2023-04 or 2023-Q1) under [parameters]']
    rows = read(tmp_path, "f.csv", AREAS, f'{more}[parameters]\nperiod = "2023"')
    assert [(r.name, r.area, str(r.period), r.step, r.value) for r in rows] == [
        ("usage de stupéfiants", "59", "2023-01-01", "year", 512),
        ("usage de stupéfiants", "62", "2023-01-01", "year", 301),
        ("usage de stupéfiants", "80", "2023-01-01", "year", 77),
    ]


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("departement;taux (‰)\n59;5.12\n62;3.01\n", 'period = "2023"\n'),
        ("departement;annee;taux (‰)\n59;2023;5.12\n62;2023;3.01\n", ""),
    ],
)
def test_a_rate_of_nothing_asks_what_is_counted(tmp_path, text, more):
    more = f'importer = "indicators"\n[parameters]\n{more}'
    with pytest.raises(ImporterError, match=r'add counts = "…" \(what is counted\) under'):
        read(tmp_path, "f.csv", text, more)
    rows = read(tmp_path, "f.csv", text, f'{more}counts = "usagers"')
    assert [(r.name, r.area, str(r.period), r.value, r.unit) for r in rows] == [
        ("usagers, taux (‰)", "59", "2023-01-01", 5.12, "‰"),
        ("usagers, taux (‰)", "62", "2023-01-01", 3.01, "‰"),
    ]


def test_what_is_counted_is_not_said_twice(tmp_path):
    more = '[parameters]\nperiod = "2023"\ncounts = "usage de stupéfiants"'
    rows = read(tmp_path, "f.csv", AREAS, more)
    assert {r.name for r in rows} == {"usage de stupéfiants"}


def test_an_interview_without_a_date_is_told_what_helps_an_interview(tmp_path):
    path = tmp_path / "entretien.txt"
    path.write_text("Q : Et les prix ?\nR : La coke est à 60.\nQ : Et ici ?\nR : Rien.\n", "utf-8")
    with Workspace.create(tmp_path / "ws", "essai") as ws:
        ws.add_source(HEAD.replace("public posts", "interview"))
        (report,) = ws.ingest([path], "s")
        issues = ws.tables.rows("SELECT kind, hint FROM issues ORDER BY record, hint")
    assert report.documents == 0
    hints = {row["hint"] for row in issues}
    assert hints == {
        "nothing is stored without a date: give the record one",
        (
            'write "Date : 12 mars 2025" at the top, put it in the name of the file, or add '
            'date = "2025-03-12" under [parameters] in the source description'
        ),
    }


# the lines that the reference shows as an example of each importer are a source description
@pytest.mark.parametrize("plugin", [p for p in BUILTIN if "In a source description::" in p.__doc__])
def test_examples_of_the_reference(plugin):
    lines = plugin.__doc__.partition("In a source description::")[2].partition("Limits")[0]
    more = "\n".join(line.strip() for line in lines.splitlines())
    head = HEAD.replace('kind = "public posts"\n', "") if "kind =" in more else HEAD
    source = parse(head + more, "s.toml")
    check_parameters(source)
    assert known("importers", BUILTIN)[source.importer] is plugin


# "write it as …": what a hint shows as readable is read
WRITTEN = {
    "write figures as 1234.5 or 1 234,5": [
        (f"indicateur;departement;annee;valeur\nSaisies;59;2024;{cell}\n", "f.csv", 1234.5)
        for cell in ("1234.5", "1 234,5")
    ],
    "write 12,5 or <0,5": [
        (LAB.replace("02/05/2026", "2026-05-02").replace(";72", ";12,5"), "l.csv", None),
        (LAB.replace("02/05/2026", "2026-05-02").replace(";72", ";<0,5"), "l.csv", None),
    ],
    "write it as 2024-05-31": [(LAB.replace("02/05/2026", "2024-05-31"), "l.csv", None)],
    "write it as 2025-03-31": [("date;texte\n2025-03-31;coke 60\n", "t.csv", None)],
    'write month = "2025-03"': [
        ('form = "field notes"\nmonth = "2025-03"\npeople = """\nRien.\n"""\n', "n.toml", None)
    ],
}


@pytest.mark.parametrize(("text", "name", "value"), [case for c in WRITTEN.values() for case in c])
def test_what_a_hint_shows_is_read(tmp_path, text, name, value):
    rows = read(tmp_path, name, text, "")
    came = [r for r in rows if isinstance(r, RawDocument | RawSample | Indicator)]
    assert len(came) == 1
    assert not [r for r in rows if isinstance(r, Issue)]
    assert value is None or came[0].value == value


def test_the_hints_that_show_how_to_write_are_there():
    root = Path(fanal.__file__).parent / "importers"
    code = "".join(path.read_text("utf-8") for path in root.rglob("*.py"))
    assert [hint for hint in WRITTEN if hint not in code] == []

"""A description is proposed from a file and tried; another one says first what it does."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import guesses
import odf.opendocument
import odf.table
import odf.text
import openpyxl
import pytest
import tomlkit
from command_line import said
from typer.testing import CliRunner

from fanal.cli.app import app
from fanal.cli.main import register
from fanal.stages.ingest import guessing, redescribing
from fanal.workspace import Workspace

GOLDEN = Path(__file__).parents[1] / "golden"
ROOT = Path(__file__).parents[2]
SHARED = Path(os.environ.get("FANAL_SHARED_DATA", ROOT.parent / "shared" / "data")) / "cases"
BARE = """\
name = "a"
title = "A"
publisher = "p"
kind = "public posts"
site = "lille"
legal_basis = "mission"
"""
POSTS = [
    ["zz1", "quoi", "moment", "qui"],
    ["1", "coke à 60 le gramme livraison ce soir", "03/04/2026", "@vendeur_lillois"],
    ["2", "kétamine 30 le g, appelle le 06 39 98 12 34", "05/04/2026", "@chez_lulu59"],
    ["3", "la MDMA se fait rare depuis deux semaines", "06/05/2026", "@vendeur_lillois"],
]


def csv(path, rows):
    path.write_text("".join(";".join(row) + "\n" for row in rows), "utf-8")
    return path


def xlsx(path, rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def ods(path, rows):
    book = odf.opendocument.OpenDocumentSpreadsheet()
    sheet = odf.table.Table(name="a")
    for row in rows:
        line = odf.table.TableRow()
        for text in row:
            cell = odf.table.TableCell(valuetype="string")
            cell.addElement(odf.text.P(text=text))
            line.addElement(cell)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    book.save(path)
    return path


TOML = """\
name = "tables" # short name; the file is called so
title = "" # to be decided: how people call it; never a person's name
publisher = "" # to be decided: who publishes it
kind = "public posts" # a table with a column of texts
site = "" # to be decided: the observatory site, lower case
country = "FR" # the language of what it says
zone = "Europe/Paris" # of times that name none
legal_basis = "" # to be decided: on what ground we may read it
# retention_months = …  # to be decided: how long texts are kept; left out: as long as any
importer = "tables" # what reads it so

[mapping]
text = "quoi" # its cells are the longest texts
time = "moment" # its cells are dates
message = "zz1" # its cells tell the rows apart

[parameters]
date_order = "dmy" # to be decided: day or month first: every date fits both, as where all days \
are ≤ 12
"""


@pytest.mark.parametrize("write", [csv, xlsx, ods])
def test_a_table_whose_columns_nobody_knows(tmp_path, write):
    found = guesses.guessed(write(tmp_path / f"Karim Benali.{write.__name__}", POSTS))
    assert found.toml == TOML
    assert found.undecided == (
        "title", "publisher", "site", "legal_basis", "parameters.date_order"
    )  # fmt: skip
    assert found.read.rows == tuple(
        guessing.Row("document", day, "day", "", 1, None, text)
        for day, text in (
            (date(2026, 4, 3), "coke à 60 le gramme livraison ce soir"),
            (date(2026, 4, 5), "kétamine 30 le g, appelle le [phone:FR]"),
            (date(2026, 5, 6), "la MDMA se fait rare depuis deux semaines"),
        )
    )
    assert guesses.became(found.read) == (3, 0, 0, 0, False)


@pytest.mark.parametrize("people", ["Pseudo", "Utilisateur"])
def test_a_column_called_as_people_are_is_proposed_as_who_wrote(tmp_path, people):
    rows = [["Moment du post", people, "Contenu du post"],
            ["14/04/2026 10:05", "gud7", "la proto à dix"],
            ["25/04/2026 10:06", "jos8", "wastiaux dit que oui"]]  # fmt: skip
    found = guesses.guessed(csv(tmp_path / "t.csv", rows))
    assert tomlkit.parse(found.toml)["mapping"].unwrap() == {
        "text": "Contenu du post", "time": "Moment du post", "author": people
    }  # fmt: skip
    assert guesses.became(found.read) == (2, 0, 0, 0, False)


def dated(*said):
    return "date;texte\n" + "".join(f"2026-03-1{n};{text}\n" for n, text in enumerate(said))


LANGUAGE, PLACES = "the language of what it says", "its places are there"
WHOSE = "of phone numbers and prices without one, as FR"
GERMAN = ("Koks kostet jetzt 70 {} das Gramm hier", "Keta ist schwer zu finden seit zwei Wochen")
FRENCH = ("la coke est à 70 {} le gramme par ici", "la kétamine est rare depuis deux semaines")
BOLOGNA = """Campione;Città;Venduto come;Sostanza;Purezza (%)
A1;Bologna;cocaina;cocaina;60
A2;Milano;MDMA;MDMA;70
"""
SEIZURES = "indicator,country,year,value\nSeizures,BE,2021,10\nSeizures,BE,2022,11\n"
CASES = """id;date;Ville;What do you say of prices?
1;2026-03-12;Lille;they went down a lot
2;2026-03-12;Lyon;nothing has changed since
"""
ENGLISH = ("coke is now 70{} a gram around here", "ket has been hard to find these weeks")


@pytest.mark.parametrize(
    ("name", "text", "country", "zone", "why"),
    [
        ("a.csv", dated(*FRENCH).format("€"), "FR", "Europe/Paris", LANGUAGE),
        ("a.csv", dated(*GERMAN).format("€"), "DE", "Europe/Berlin", LANGUAGE),
        ("a.csv", dated(*GERMAN).format("CHF"), "CH", "Europe/Zurich",
         "its prices are in the money of it"),
        ("a.csv", dated(*ENGLISH).format(""), "", "", WHOSE),
        ("a.csv", dated(*ENGLISH).format(" £"), "GB", "Europe/London",
         "its prices are in the money of it"),
        ("a.csv", dated(*FRENCH).format("$"), "", "", WHOSE),
        ("a.csv", BOLOGNA, "IT", "Europe/Rome", LANGUAGE),
        ("a.csv", SEIZURES, "BE", "Europe/Brussels", PLACES),
        ("a.csv", CASES, "FR", "Europe/Paris", PLACES),
    ],
)  # fmt: skip
def test_the_country_is_what_the_file_shows_or_asked_for(tmp_path, name, text, country, zone, why):
    (tmp_path / name).write_text(text, "utf-8")
    found = guesses.guessed(tmp_path / name)
    lines = {line.key: line for line in found.lines}
    assert (lines["country"].value, lines["zone"].value) == (country, zone)
    assert (lines["country"].why, lines["country"].open) == (why, not country)
    assert ("country" in found.undecided) == (not country)


def test_the_country_is_that_of_the_site_else_of_the_file_else_of_the_other_sources(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(dated(*ENGLISH).format(""), "utf-8")

    def country(**more):
        found = guessing.guess(path, today=guesses.TODAY, **more)
        return next((line.value, line.why) for line in found.lines if line.key == "country")

    assert country(site="lille") == ("FR", "where its site is")
    others = "that of the other sources here"
    assert country(countries=["IE"]) == ("IE", others)
    assert country(countries=["IE", "GB"]) == ("", WHOSE)
    assert country(countries=["IE"], said={"country": "MT"}) == ("MT", "as told")
    path.write_text(dated(*GERMAN).format("€"), "utf-8")
    assert country(countries=["FR"]) == ("DE", LANGUAGE)


def test_figures_of_no_area_are_of_the_country_or_asked_for(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("Substance;2021;2022;2023\nCocaine;1;2;3\nMDMA;3;4;5\n", "utf-8")
    found = guesses.guessed(path)
    assert {"country", "parameters.area"} <= set(found.undecided)
    assert {row.place for row in found.read.rows} == {"to be decided"}
    found = guessing.guess(path, today=guesses.TODAY, countries=["BE"])
    assert {row.place for row in found.read.rows} == {"BE"}


SAMPLES = [
    ["k", "le", "acheté comme", "trouvé"],
    ["A1", "22/05/2026", "cocaïne", "cocaïne"],
    ["A2", "23/05/2026", "kétamine", "MDMA"],
]
FIGURES = [
    ["quoi", "où", "an", "combien"],
    ["usage de cocaïne", "59", "2022", "12"],
    ["usage de cocaïne", "75", "2022", "14"],
    ["usage de MDMA", "59", "2023", "8"],
]
SURVEY = [
    ["n", "âge", "prix", "produits"],
    ["1", "23", "tout a augmenté depuis le mois de janvier", "surtout de la cocaïne partout ici"],
    ["2", "31", "les prix sont stables dans mon quartier", "la kétamine arrive beaucoup le soir"],
]


def proposed(found):
    keys = ("kind", "importer")
    return {
        line.key: line.value
        for line in found.lines
        if (line.key in keys or "." in line.key) and line.value is not None
    }


@pytest.mark.parametrize(
    ("rows", "lines", "became"),
    [
        (SAMPLES, {"kind": "lab", "importer": "lab", "mapping.reference": "k",
                   "mapping.date": "le"}, (0, 2, 0, 0, False)),
        (FIGURES, {"kind": "official table", "importer": "indicators", "mapping.period": "an",
                   "mapping.area": "où", "mapping.value": "combien", "mapping.name": "quoi"},
         (0, 0, 3, 0, False)),
        (SURVEY, {"kind": "interview", "importer": "survey",
                  "parameters.text": ["prix", "produits"], "parameters.date": "2026-11"},
         (4, 0, 0, 0, False)),
    ],
)  # fmt: skip
def test_what_a_table_is_its_cells_say(tmp_path, rows, lines, became):
    path = csv(tmp_path / "t.csv", rows)
    os.utime(path, (1_796_000_000, 1_796_000_000))  # changed in November 2026
    found = guesses.guessed(path)
    assert proposed(found) == lines
    assert guesses.became(found.read) == became


@pytest.mark.parametrize(
    ("file", "kind"),
    [
        ("whatsapp/android_fr.input.txt", "public posts"),
        ("transcripts/dialogue.input.txt", "interview"),
        ("transcripts/notebook.input.txt", "field notes"),
        ("forms/interview.input.toml", "interview"),
        ("press/article.input.html", "press"),
    ],
)
def test_other_files_are_described_by_what_reads_them(tmp_path, file, kind):
    found = guesses.guessed(GOLDEN / file)
    assert proposed(found) == {"kind": kind}
    assert guesses.as_well(found.read, guesses.golden(GOLDEN / file, tmp_path))


def test_a_column_that_is_called_as_a_person_is_not_printed(tmp_path):
    rows = [
        ["karim.benali@example.org" if cell == "quoi" else cell for cell in row] for row in POSTS
    ]
    found = guesses.guessed(csv(tmp_path / "t.csv", rows))
    assert "karim" not in f"{found.toml} {found.read}".casefold()


def test_the_site_is_what_the_observatory_or_the_folder_tells(tmp_path):
    def site(path, **more):
        found = guessing.guess(path, today=guesses.TODAY, **more)
        return {line.key: (line.value, line.open) for line in found.lines}

    text = "Date : 12 mars 2026\n\nLa keta est à trente euros le gramme.\n"
    folder = tmp_path / "Cayenne"
    folder.mkdir()
    (folder / "a.txt").write_text(text, "utf-8")
    told = site(folder / "a.txt")
    assert (told["site"], told["zone"]) == (("cayenne", False), ("America/Cayenne", False))
    assert site(folder / "a.txt", site="lille")["site"] == ("lille", False)
    (tmp_path / "note_mars.txt").write_text(text, "utf-8")
    assert site(tmp_path / "note_mars.txt")["site"] == ("", True)


def test_a_folder_of_two_formats_gets_no_parameter_of_one_of_them(tmp_path):
    (tmp_path / "a.txt").write_text("La keta est à trente euros le gramme partout.\n", "utf-8")
    csv(tmp_path / "b.csv", [["date", "texte"], ["2024-03-14", "coke à 60 le gramme"]])
    found = guesses.guessed(tmp_path)
    assert set(proposed(found)) == {"kind"}
    assert "no date" in {issue.kind for issue in found.read.issues}
    assert guesses.became(found.read) == (1, 0, 0, 1, False)


def test_a_private_chat_is_never_allowed_by_a_guess():
    found = guesses.guessed(GOLDEN / "telegram" / "private_allowed.input.json")
    assert "# allow = …  # to be decided: " in found.toml
    assert guesses.became(found.read) == (0, 0, 0, 0, True)


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    folder = tmp_path_factory.mktemp("guessing") / "obs"
    with Workspace.create(folder, "essai", "lille"):
        pass
    return folder


def test_a_chat_asks_for_the_order_of_its_days_under_the_name_that_all_importers_have(tmp_path):
    path = tmp_path / "c.txt"
    path.write_text("02/05/2026, 18:00 - Mia: coke 60\n03/05/2026, 18:00 - Lou: ok\n", "utf-8")
    found = guesses.guessed(path)
    assert "parameters.date_order" in found.undecided
    assert 'date_order = "dmy" # to be decided' in found.toml
    assert [row.day for row in found.read.rows] == [date(2026, 5, 2), date(2026, 5, 3)]


DECIDED = ["title=Canal", "publisher=inconnu", "legal_basis=mission", "name=canal"]


def told(*pairs):
    return [word for pair in pairs for word in ("--set", pair)]


def test_a_guess_is_written_once_everything_is_decided(here, tmp_path):
    path = csv(tmp_path / "t.csv", POSTS)
    refused = said("source", "guess", path, "--dir", here, *told(*DECIDED), "--write", code=2)
    assert refused["error"]["what"] == "parameters.date_order: to be decided"
    order = told(*DECIDED, "parameters.date_order=mdy")
    found = said("source", "guess", path, "--dir", here, *order, "--write")
    assert (found["undecided"], found["written"], found["documents"]) == ([], True, 3)
    assert [row["day"] for row in found["rows"]] == ["2026-03-04", "2026-05-04", "2026-06-05"]
    assert "to be decided: how long" in found["toml"]
    assert 'title = "Canal" # as told' in found["toml"]
    with Workspace(here) as ws:
        source = ws.source("canal")
        (read,) = ws.ingest([path], "canal")
    assert (source.site, source.parameters) == ("lille", {"date_order": "mdy"})
    assert (read.status, read.documents) == ("done", 3)

    # and changed: what that does is told, and nothing is written unless it is said
    words = ["source", "edit", "canal", "--dir", here]
    change = told("parameters.date_order=dmy", "kind=press")
    found = said(*words, *change, "--with", path)
    assert [(row["key"], row["before"], row["after"]) for row in found["rows"]] == [
        ("kind", "public posts", "press"), ("parameters.date_order", "mdy", "dmy")
    ]  # fmt: skip
    assert found["rows"][0]["does"].startswith("3 documents stored keep kind = 'public posts'")
    assert found["rows"][1]["does"].startswith("3 documents stored keep their days: a file")
    assert found["compared"] == {
        "before": 3, "after": 3, "same": 3, "thread": 0, "day": 3, "kind": 3, "text": 0, "twice": 0
    }  # fmt: skip
    assert found["written"] is False
    assert said(*words, *told("kind=press"), "--yes")["written"] is True
    text = (here / "sources" / "canal.toml").read_text("utf-8")
    assert 'kind = "press" # a table with a column of texts' in text
    assert said(*words, *told("kind=chats"), "--yes", code=2)["error"]["where"] == "canal.toml"
    assert said(*words, *told("name=x"), "--yes", code=2)["error"]["what"] == (
        "the name of a source cannot change"
    )
    assert (here / "sources" / "canal.toml").read_text("utf-8") == text


def test_an_edit_asks_before_it_writes(here, monkeypatch):
    register()
    with Workspace(here) as ws:
        ws.add_source(BARE.replace('"a"', '"asked"'))
    path = here / "sources" / "asked.toml"
    before = path.read_text("utf-8")
    words = ["source", "edit", "asked", "--dir", str(here)]
    told = CliRunner().invoke(app, [*words, "--set", "title=B"], input="n\n")
    assert told.exit_code == 1
    assert "title: 'A' → 'B'" in told.output
    assert path.read_text("utf-8") == before
    monkeypatch.setenv("VISUAL", "sed -i s/mission/loi/")
    assert CliRunner().invoke(app, words, input="y\n").exit_code == 0
    assert path.read_text("utf-8") == before.replace("mission", "loi")


def test_what_is_printed_is_a_description(here, tmp_path):
    """The reckoning and the rows are comments: the whole can be kept as a file."""
    path = csv(tmp_path / "t.csv", SAMPLES)
    words = [sys.executable, "-m", "fanal.cli", "source", "guess", path, "--dir", here]
    told = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert redescribing.edited(told, {}) == told
    assert "# file 1: lab, done: 2 read = 2 new + 0 duplicates" in told
    assert "#   sample | 2026-05-23 | kétamine: mdma\n" in told


LATER = "1 documents stored keep what they have; it holds for what comes in from now on"
DOES = {
    "title=X": "pages and publications say it at once; nothing that is stored changes",
    "retention_months=1": "the next run erases 1 documents that are older; what was erased before "
    "does not come back",
    "country=BE": "coding is stale: the next run codes all 1 documents of the observatory anew, "
    f"then counts and detects; {LATER}",
    "assertions.min_documents_a_week=1": "checked before the next publication; nothing that is "
    "stored changes",
    "coarsening.time=month": f"{LATER}; files that are in are not read again",
    "ids=global": "ids change: 1 documents stored stay; a file that is in is read again when it is "
    "sent again, and its records are stored a second time; erase the source first (fanal erase "
    "--source), or try the change with a file (--with)",
}


@pytest.mark.parametrize("pair", DOES)
def test_what_each_change_does_is_told(one, pair):
    key, _, value = pair.partition("=")
    before = one.source("a")
    text = redescribing.edited(one.source_text("a"), {key: value})
    after = redescribing.checked(text, before)
    (change,) = redescribing.changes(one.tables, before, after, guesses.TODAY)
    assert (change.key, change.does) == (key, DOES[pair])


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    with Workspace.create(folder / "obs", "essai") as ws:
        ws.add_source(BARE)
        ws.ingest([csv(folder / "t.csv", [["date", "texte"], ["2024-03-14", "coke à 60"]])], "a")
        yield ws


# --- measured ------------------------------------------------------------------------------------

OWN = {"private_allowed.input.json"}  # a private chat: a person decides


@pytest.mark.bars
def test_golden_files_are_read_as_well_as_with_their_descriptions(tmp_path):
    files = sorted(GOLDEN.glob("*/*.input.*"))
    worse = set()
    for number, path in enumerate(files):
        read = guesses.golden(path, tmp_path / str(number))
        if not guesses.as_well(guesses.guessed(path).read, read):
            worse.add(path.name)
    print(f"{len(files) - len(worse)} of {len(files)} golden files")
    assert worse == OWN


@pytest.mark.bars
@pytest.mark.skipif(not SHARED.exists(), reason="the reported cases are not here")
def test_reported_files_are_read_as_well_as_with_their_descriptions(tmp_path):
    files = [
        path
        for path in sorted(SHARED.rglob("*"))
        if path.is_file() and path.name not in ("source.toml", "expected.md", "README.md")
    ]
    worse = set()
    for number, path in enumerate(files):
        read = guesses.case(path, tmp_path / str(number))
        if not guesses.as_well(guesses.guessed(path).read, read):
            worse.add(f"{path.parent.name}/{path.name}")
    print(f"{len(files) - len(worse)} of {len(files)} reported files")
    assert worse == set()

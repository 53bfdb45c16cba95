"""Forms accept only what the rest can use; what was accepted once and is wrong stops nobody."""

import shlex
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from typer.testing import CliRunner

from fanal import sources
from fanal.cli import app as cli
from fanal.cli.main import register
from fanal.coding.names.spellings import spellings
from fanal.door.pseudonyms import KeyRing
from fanal.errors import ConfigError, ImporterError
from fanal.importers.forms import Forms
from fanal.records import Audit, Document, Indicator, Issue, Signal, schema_of, table_of
from fanal.thesaurus import Alias, Substance
from fanal.workspace import Workspace

TEXT = (
    'name = "canal"\ntitle = "Canal"\npublisher = "essai"\nkind = "public posts"\n'
    'site = "metz"\nlegal_basis = "essai"\n'
)


@pytest.fixture
def ws(tmp_path):
    with Workspace.create(tmp_path / "obs", "Essai") as opened:
        opened.add_source(TEXT)
        yield opened


def alias(name):
    return Alias("cocaine", name, "fr", "street", "plain", "own", "")


UNUSABLE = ["---", "'", "()", "*", "?", "中文", "ab\0c", "\ufe0f", "x" * 201]


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_name_that_no_text_can_be_searched_for_is_refused(ws, name):
    with pytest.raises(ConfigError) as wrong:
        ws.add_to_thesaurus(alias(name))
    assert wrong.value.allowed
    with pytest.raises(ConfigError):
        ws.add_to_thesaurus(Substance("nouvelle", name, "fine", "stimulants"))
    assert "nouvelle" not in ws.thesaurus().substances


@pytest.mark.parametrize("name", ["qz", "💊", "--a", "€", "dame nacrée", "d'or", "3"])
def test_a_name_that_can_be_searched_for_is_taken(ws, name):
    ws.add_to_thesaurus(alias(name))
    assert list(spellings((alias(name),)))


def test_a_name_that_an_earlier_version_took_is_left_out_and_named(ws):
    earlier(ws)
    assert "neigette" in {a.alias for a in ws.thesaurus().aliases}
    assert "---" not in {a.alias for a in ws.thesaurus().aliases}
    (wrong,) = ws.left_out()
    assert wrong.where == "thesaurus, cocaine: ---"
    assert wrong.do == "fanal thesaurus remove cocaine -- ---"


def test_what_is_left_out_is_taken_out_as_it_is_said(ws):
    earlier(ws, ("---", "'", "neigette"))
    register()
    for wrong in list(ws.left_out()):
        arguments = shlex.split(wrong.do.removeprefix("fanal "))
        done = CliRunner().invoke(cli.app, [*arguments[:2], "-d", str(ws.folder), *arguments[2:]])
        assert done.exit_code == 0, done.output
    assert ws.left_out() == []
    assert "neigette" in {a.alias for a in ws.thesaurus().aliases}
    lines = [line.detail for line in ws.state.all(Audit) if line.action == "thesaurus"]
    assert ["removed" in line for line in lines] == [True, True]


@pytest.mark.parametrize(
    ("name", "line", "what"),
    [
        ("substances.tsv", "---\tX\tX\tstimulants\t\t\t\t0", "no substance id: '---'"),
        ("substances.tsv", "zz-8\tX", "wrong number of fields"),
        ("aliases.tsv", "cocaine\tneigette", "wrong number of fields"),
    ],
)
def test_a_line_of_additions_that_cannot_be_read_stops_nobody(ws, name, line, what):
    ws.add_to_thesaurus(Substance("zz-9", "Zz neuf", "Zz nine", "stimulants"))
    ws.add_to_thesaurus(Alias("zz-9", "qzed", "fr", "street", "plain", "own", ""))
    file = ws.folder / "thesaurus" / name
    before = file.read_text("utf-8")
    file.write_text(f"{before}{line}\n", "utf-8")
    where = f" line {before.count(chr(10)) + 1}" if "number" in what else ""
    assert "zz-9" in ws.thesaurus().substances
    assert "qzed" in {a.alias for a in ws.thesaurus().aliases}
    (wrong,) = ws.left_out()
    assert (wrong.what, wrong.where) == (what, f"thesaurus/{name}{where}")
    ws.run()
    assert [c.found for c in ws.check() if c.what == "description"] == [f"{wrong.where}: {what}"]
    ws.take_out_of_thesaurus("zz-9")
    assert "zz-9" not in ws.thesaurus().substances


def test_a_substance_added_here_is_taken_out_with_its_names(ws):
    ws.add_to_thesaurus(Substance("zz-9", "Zz neuf", "Zz nine", "stimulants"))
    with pytest.raises(ConfigError, match="other rows stand on it: has no name"):
        for name in ("Zz neuf", "Zz nine"):
            ws.take_out_of_thesaurus("zz-9", name)
    ws.take_out_of_thesaurus("zz-9")
    assert "zz-9" not in ws.thesaurus().substances
    with pytest.raises(ConfigError, match="what ships stays"):
        ws.take_out_of_thesaurus("cocaine")


def test_a_substance_that_is_named_stays(ws):
    ws.add_to_thesaurus(Substance("zz-9", "Zz neuf", "Zz nine", "stimulants"))
    row = dict.fromkeys(schema_of(Indicator).names) | {
        "name": "n", "area": "FR", "period": date(2025, 1, 1), "step": "year", "unit": "%",
        "substance": "zz-9", "source": "canal", "revision": "1", "run": "r",
    }  # fmt: skip
    ws.tables.append(Indicator, table_of([Indicator(**row)], Indicator))
    with pytest.raises(ConfigError, match="indicators name this substance"):
        ws.take_out_of_thesaurus("zz-9")


@pytest.mark.parametrize(
    "concept",
    ["substance=zz-9", "price currency=EUR substance=zz-9 unit=g", "missold substance=zz-9",
     "together substance=cocaine with=zz-9"],
)  # fmt: skip
def test_a_substance_that_a_signal_is_about_stays(ws, concept):
    ws.add_to_thesaurus(Substance("zz-9", "Zz neuf", "Zz nine", "stimulants"))
    row = dict.fromkeys(schema_of(Signal).names, "") | {
        "id": b"s" * 16, "concept": concept, "first": date(2025, 1, 6), "last": date(2025, 1, 6),
    } | dict.fromkeys(("score", "observed", "expected", "threshold", "evidence"), 1.0)  # fmt: skip
    with ws.writing():
        ws.tables.replace(Signal, pa.Table.from_pylist([row], schema_of(Signal)))
    with pytest.raises(ConfigError, match="signals name this substance"):
        ws.take_out_of_thesaurus("zz-9")
    ws.add_to_thesaurus(Substance("zz-90", "Zz 90", "Zz 90", "stimulants"))
    assert ws.take_out_of_thesaurus("zz-90")


def earlier(ws, names=("---", "neigette")):
    ws.additions.mkdir()
    header = "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
    row = "cocaine\t{}\tfr\tstreet\tplain\town\t\n"
    rows = "".join(map(row.format, names))
    (ws.additions / "aliases.tsv").write_text(header + rows, "utf-8")


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("retention_months = 999999", "retention_months"),
        ("retention_months = 1201", "retention_months"),
        ('zone = "Europe/Pariss"', "time zone"),
        ('licence = "two\\nlines"', "licence"),
        (f'link = "{"x" * 401}"', "link"),
    ],
)
def test_a_description_with_a_value_out_of_bounds_is_refused(ws, line, key):
    with pytest.raises(ConfigError) as wrong:
        ws.add_source(TEXT.replace('"canal"', '"autre"') + line)
    assert key in wrong.value.what
    assert wrong.value.allowed
    assert "autre" not in ws.sources


@pytest.mark.parametrize("site", ["a/b", "a=b", "../keys", "", " ", "a\\u0000", "x" * 64, ".", "-"])
def test_a_site_that_cannot_be_counted_by_is_refused(ws, site):
    text = TEXT.replace('"canal"', '"autre"').replace('"metz"', f'"{site}"')
    with pytest.raises(ConfigError):
        ws.add_source(text)


@pytest.mark.parametrize("site", ["lille", "saint-étienne", "la réunion", "l'aigle", "paris 18"])
def test_a_site_is_named_as_towns_are(ws, tmp_path, site):
    text = TEXT.replace('"canal"', '"autre"').replace('"metz"', f'"{site}"')
    assert ws.add_source(text).site == site
    (tmp_path / "a.csv").write_text("date;auteur;texte\n2026-03-01;beber;rien ce soir\n", "utf-8")
    assert [r.documents for r in ws.ingest([tmp_path / "a.csv"], "autre")] == [1]
    assert KeyRing(ws.keys).years() == [(site, 2026, False)]


@pytest.mark.parametrize("months", [1, 1200, 24_311, 24_312, 999_999, 10**30])
def test_retention_never_overflows(months):
    source = sources.parse(TEXT + f"retention_months = {months}", "t")
    oldest = source.oldest(date(2026, 11, 28))
    assert oldest is None or oldest < date(2026, 11, 28)
    assert (oldest is None) is (months > 24_000)


def test_what_is_spoiled_stops_itself_alone(ws):
    earlier(ws, ["---"])
    folder: Path = ws.folder / "sources"
    (folder / "autre.toml").write_text(TEXT.replace('"canal"', '"autre"') + "speed = 3", "utf-8")
    long = TEXT.replace('"canal"', '"longue"') + "retention_months = 999999"
    (folder / "longue.toml").write_text(long, "utf-8")
    (folder / "latin.toml").write_bytes("title = 'é'".encode("latin-1"))
    row = dict.fromkeys(schema_of(Document).names) | {
        "id": b"1" * 16, "version": 1, "source": "canal", "site": "metz", "kind": "public posts",
        "thread": b"t" * 16, "position": 0, "day": date(2025, 3, 4), "precision": "day",
        "text": "coke 40 le g", "digest": b"d" * 16, "month": "2025-03", "run": "r",
    }  # fmt: skip
    ws.tables.append(Document, table_of([Document(**row)], Document))
    again = ws.acting("somebody")
    assert sorted(again.sources) == ["canal", "longue"]
    outcomes = again.run()
    told = [error["where"] for error in outcomes[0].detail["left_out"]]
    assert told == ["autre.toml", "latin.toml", "thesaurus, cocaine: ---"]
    assert again.tables.counts()["documents"] == 1, "a retention of ages keeps everything"
    with pytest.raises(ConfigError, match="unknown key 'speed'"):
        again.ingest([], "autre")
    found = {row.found: row.level for row in again.check() if row.what == "description"}
    assert found == {
        "autre.toml: unknown key 'speed'": "error",
        "latin.toml: not UTF-8": "error",
        "thesaurus, cocaine: ---: no text can be searched for this name": "error",
        "longue: retention_months = 999999": "warning",
    }


def test_an_unknown_part_of_a_form_is_not_quoted(tmp_path):
    path = tmp_path / "note.toml"
    path.write_text('form = "field notes"\n"Karim 06 39 98 12 34" = "x"\n', "utf-8")
    with pytest.raises(ImporterError) as wrong:
        list(Forms().extract(path))
    assert "Karim" not in str(wrong.value)
    assert "part 2" in str(wrong.value)


def test_files_of_earlier_versions_are_no_warning(ws):
    rows = schema_of(Issue).empty_table()
    issue = dict.fromkeys(schema_of(Issue).names, "") | {"record": 0}
    rows = pa.Table.from_pylist([issue], schema=rows.schema)
    with ws.writing():
        for _ in range(2):
            ws.tables.replace(Issue, rows)
    [row] = [row for row in ws.check() if row.what == "files that no log names"]
    assert row.found.startswith("1 (0.0 MiB), replaced since")
    assert (row.level, row.do) == ("ok", "fanal check --clean")
    assert ws.clean() == 1
    assert not [row for row in ws.check() if row.what == "files that no log names"]

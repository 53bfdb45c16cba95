"""What comes later is coded alone, and a new name costs its own documents: the end is the same."""

from dataclasses import astuple, fields, replace
from datetime import date

import pyarrow as pa
import pytest

from fanal.coding import lexicon
from fanal.coding.gazetteer import Gazetteer
from fanal.records import Document, conform
from fanal.stages import recoding, tallying
from fanal.testing.load import documents_of
from fanal.thesaurus import Alias, Substance, Thesaurus, load
from fanal.workspace import Workspace

MONTHS = 4
COLUMNS = "\t".join(field.name for field in fields(Alias)) + "\n"
FEW = ("cocaine", "ketamine", "mdma", "cannabis")
EVERYDAY = (
    "rendez-vous demain devant la gare",
    "la zorglubine est arrivée, 30e le g",
    "z0rglubine dispo ce soir",
    "z o r g l u b i n e",
    "coke 60e le g et zorglubines 10€ le cachet",
    "coke 60e le g, 2 achetés 1 offert",
    "zorgluuuubine de qualité",
    "zorglub ne dit rien",
    "vends glimglam bleu 40€ le gramme",
    "🦄 dispo",
)
OBSERVATIONS = (
    "SELECT * EXCLUDE (fingerprint) FROM observations "
    "ORDER BY document, version, start, stop, kind, "
    "rule, substance, amount, code, platform, place"
)


def month_of(number, texts, run):
    rows = documents_of(texts, f"{run}-{number}", date(2024, 1 + number, 1))
    at = rows.schema.get_field_index("run")
    return conform(rows.set_column(at, "run", pa.array([run] * rows.num_rows)), Document)


@pytest.fixture(autouse=True)
def few_names(monkeypatch):
    """Compile a few hundred of the names that ship, for speed, and all of the observatory's own."""
    shipped = load()
    aliases = tuple(a for a in shipped.aliases if a.substance in FEW)

    def some(extra=None, *told):
        own = load(extra, *told)
        names = [a for a in own.aliases if a.source == "own"]
        replaced = {(a.substance, a.alias.casefold()) for a in names}
        kept = [a for a in aliases if (a.substance, a.alias.casefold()) not in replaced]
        return Thesaurus(own.substances, (*kept, *names), own.families, own.classes)

    monkeypatch.setattr(lexicon, "load", some)
    lexicon._compiled.cache_clear()  # what earlier tests of this process compiled has every name
    whole = Gazetteer.load()
    towns = replace(whole, names=dict(list(whole.names.items())[::400]))
    monkeypatch.setattr(Gazetteer, "load", lambda: towns)
    yield
    lexicon._compiled.cache_clear()


@pytest.fixture
def ws(tmp_path):
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        with workspace.writing():
            for number in range(MONTHS):
                texts = EVERYDAY if number % 2 else EVERYDAY[:1] + EVERYDAY[5:6] + EVERYDAY[7:]
                workspace.tables.append(Document, month_of(number, texts, "first"))
        recoding.code(workspace)
        yield workspace


def observations(workspace):
    return workspace.tables.query(OBSERVATIONS)


def from_scratch(workspace, tmp_path, *, counted=False):
    """Code the same documents with the same names in an observatory that knows no before."""
    with Workspace.create(tmp_path / f"scratch-{len(list(tmp_path.iterdir()))}", "essai") as other:
        other.additions = workspace.additions
        with other.writing():
            documents = conform(workspace.tables.query("SELECT * FROM documents"), Document)
            other.tables.append(Document, documents)
        recoding.code(other)
        if counted:
            tallying.count(other)
        return observations(other), points(other)


def points(workspace):
    return workspace.tables.query("SELECT * FROM points ORDER BY series, period")


def same_as_from_scratch(workspace, tmp_path):
    assert observations(workspace).equals(from_scratch(workspace, tmp_path)[0])


def name(alias, **said):
    return Alias("cocaine", alias, "fr", "street", source="own", **said)


def add(workspace, row):
    """Write a name to the observatory's own; what `add` checks is tested elsewhere."""
    path = workspace.additions / "aliases.tsv"
    path.parent.mkdir(exist_ok=True)
    text = path.read_text("utf-8") if path.exists() else COLUMNS
    path.write_text(text + "\t".join(astuple(row)) + "\n", "utf-8")


def files_by_month(workspace):
    found = {}
    for file in workspace.tables.files(recoding.Observation):
        folder, _, leaf = file.rpartition("/")
        found.setdefault(folder[-7:], set()).add(leaf)
    return found


def test_a_new_name_codes_the_documents_in_which_it_stands(ws, tmp_path):
    before = files_by_month(ws)
    add(ws, name("zorglubine"))
    outcome = recoding.code(ws)
    assert outcome.rows_in == 10  # five spellings in two of the months
    after = files_by_month(ws)
    assert {month for month in before if before[month] != after[month]} == {"2024-02", "2024-04"}
    same_as_from_scratch(ws, tmp_path)
    assert recoding.code(ws).rows_in == 0


def test_a_name_that_stands_nowhere_codes_nothing(ws, tmp_path):
    before = files_by_month(ws)
    add(ws, name("brobdingnag"))
    outcome = recoding.code(ws)
    assert (outcome.rows_in, outcome.changed) == (0, False)
    assert files_by_month(ws) == before
    same_as_from_scratch(ws, tmp_path)


def test_a_name_that_comes_goes_changes_and_comes_again(ws, tmp_path):
    add(ws, name("zorglubine"))
    recoding.code(ws)
    kept = (ws.additions / "aliases.tsv").read_text("utf-8")
    (ws.additions / "aliases.tsv").write_text(kept.splitlines(keepends=True)[0], "utf-8")
    assert recoding.code(ws).rows_in == 10
    same_as_from_scratch(ws, tmp_path)
    changed = kept.replace("plain", "needs context")
    (ws.additions / "aliases.tsv").write_text(changed, "utf-8")
    assert recoding.code(ws).rows_in == 10
    (ws.additions / "aliases.tsv").write_text(kept, "utf-8")
    assert recoding.code(ws).rows_in == 10
    same_as_from_scratch(ws, tmp_path)


def test_names_of_every_kind(ws, tmp_path):
    for row in (
        name("🦄", ambiguity="needs context"),
        name("glimglam bleu"),
        name("glimglam", ambiguity="needs context"),
        name("zorglub"),
        name("arrivée 30"),
        Alias("ketamine", "coke", "fr", "street", "needs context", "own"),
    ):
        add(ws, row)
    recoding.code(ws)
    same_as_from_scratch(ws, tmp_path)


def test_a_new_substance_and_new_documents_together(ws, tmp_path):
    ws.add_to_thesaurus(Substance("zorglubine", "zorglubine", "zorglubine", "stimulants"))
    with ws.writing():
        ws.tables.append(Document, month_of(3, EVERYDAY, "second"))
        ws.tables.append(Document, month_of(4, EVERYDAY, "second"))
    outcome = recoding.code(ws)
    assert outcome.rows_in == 10 + 20
    tallying.count(ws)
    coded, counted = from_scratch(ws, tmp_path, counted=True)
    assert observations(ws).equals(coded)
    assert points(ws).equals(counted)


def test_new_documents_alone(ws, tmp_path):
    before = files_by_month(ws)
    with ws.writing():
        ws.tables.append(Document, month_of(3, EVERYDAY, "second"))
    outcome = recoding.code(ws)
    assert outcome.rows_in == 10
    after = files_by_month(ws)
    assert all(before[month] <= after[month] for month in before)
    same_as_from_scratch(ws, tmp_path)


class KilledError(BaseException):
    pass


def test_killed_on_the_way_and_then_another_change(ws, tmp_path, monkeypatch):
    add(ws, name("zorglubine"))
    whole, left = ws.tables.replace, [1]  # the second month is cut off

    def replace(record, rows, **said):
        if record is recoding.Observation:
            if not left[0]:
                raise KilledError
            left[0] -= 1
        whole(record, rows, **said)

    monkeypatch.setattr(ws.tables, "replace", replace)
    with pytest.raises(KilledError):
        recoding.code(ws)
    monkeypatch.undo()
    (ws.additions / "aliases.tsv").unlink()
    add(ws, name("glimglam bleu"))
    recoding.code(ws)
    same_as_from_scratch(ws, tmp_path)


def test_what_no_generation_coded_is_coded_anew(ws, tmp_path):
    for file in (ws.folder / "coded").glob("*/fingerprint"):
        file.write_text("another coder", "utf-8")
    with ws.writing():
        ws.tables.append(Document, month_of(3, EVERYDAY, "second"))
    total = ws.tables.rows("SELECT count(*) AS n FROM documents")[0]["n"]
    assert recoding.code(ws).rows_in == total
    same_as_from_scratch(ws, tmp_path)

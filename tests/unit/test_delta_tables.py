"""Delta tables by the recipes: once, current, erased to the last byte."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake
from deltalake.exceptions import CommitFailedError

from fanal.errors import StorageError
from fanal.records import RECORDS, Coding, Document, Observation, Point, empty, schema_of, table_of
from fanal.storage import tables as storage
from fanal.storage.tables import Judged, Tables, as_json


def document(number: int, version: int = 1, month: str = "2025-03", text: str = "bonjour"):
    return Document(
        id=bytes([number]) * 16, version=version, source="s", site="lille", kind="press",
        thread=b"t" * 16, position=number, author=None, day=date.fromisoformat(f"{month}-04"),
        precision="day", language=None, text=text, digest=bytes([number, version]) * 8,
        forwarded_from=None, media_kind=None, media_bytes=None, media_hash=None, month=month,
        run="r",
    )  # fmt: skip


@pytest.fixture
def tables(tmp_path):
    return Tables(str(tmp_path / "tables"), tmp_path / "scratch")


def test_what_is_written_is_read(tables):
    rows = table_of([document(1), document(2, month="2025-04")], Document)
    tables.append(Document, rows)
    read = tables.query("SELECT * FROM documents ORDER BY id")
    assert read.to_pylist() == rows.to_pylist()
    assert tables.counts()["documents"] == 2


@pytest.mark.parametrize("name", ["mon été", "l'un (2)"])
def test_the_folder_may_have_a_space_or_an_accent(tmp_path, name):
    tables = Tables(str(tmp_path / name), tmp_path / "scratch")
    rows = table_of([document(1)], Document)
    tables.append(Document, rows)
    assert tables.strays(Document) == []
    tables.purge()
    assert tables.query("SELECT * FROM documents").to_pylist() == rows.to_pylist()


def test_a_transaction_is_remembered_even_after_a_purge(tables):
    tables.append(Document, table_of([document(1)], Document), ["a"])
    tables.purge()
    assert tables.done(Document, ["a", "b"]) == {"a"}


def test_the_latest_version_is_the_current_one(tables):
    tables.append(Document, table_of([document(1), document(1, 2, text="changé")], Document))
    assert [r["text"] for r in tables.rows("SELECT text FROM current_documents")] == ["changé"]


def test_a_month_is_replaced_alone(tables):
    def fact(month):
        known = {
            "document": b"d" * 16,
            "version": 1,
            "start": 0,
            "stop": 1,
            "kind": "mention",
            "confidence": 1.0,
            "rule": "r",
            "coder": "c",
            "fingerprint": "f",
            "month": month,
        }
        return Observation(**dict.fromkeys(schema_of(Observation).names) | known)  # fmt: skip

    tables.append(Observation, table_of([fact("2025-03"), fact("2025-04")], Observation))
    tables.replace(Observation, empty(Observation), predicate="month = '2025-03'")
    assert [r["month"] for r in tables.rows("SELECT month FROM observations")] == ["2025-04"]


def test_the_fingerprint_of_a_replacement(tables):
    assert tables.fingerprint(Point) == ""
    tables.replace(Point, empty(Point), fingerprint="abc")
    assert tables.fingerprint(Point) == "abc"


def test_erased_texts_leave_no_byte(tables, tmp_path):
    # Uncompressed text is found by this searcher; that it can find is shown first.
    secret = "PLANTED-" + "x" * 40
    tables.append(Document, table_of([document(1, text=secret), document(2)], Document))
    assert _files_with(tmp_path, secret)
    assert tables.delete(Document, "id", pa.array([bytes([1]) * 16], pa.binary())) == 1
    tables.purge()
    assert not _files_with(tmp_path, secret)
    assert len(tables.rows("SELECT id FROM documents")) == 1


def test_the_log_never_holds_a_text(tables, tmp_path):
    tables.append(Document, table_of([document(1, text="PLANTED-TEXT")], Document))
    logs = [p for p in tmp_path.rglob("_delta_log/*") if p.is_file()]
    assert logs
    assert not any(b"PLANTED" in p.read_bytes() for p in logs)


def test_what_no_log_names_is_found_and_removed(tables, tmp_path):
    tables.append(Document, table_of([document(1)], Document))
    stray = tmp_path / "tables" / "documents" / "month=2025-03" / "part-0.parquet#1"
    stray.write_bytes(b"left")
    assert tables.strays(Document) == [stray]
    assert "part-0.parquet#1" in tables.purge()
    assert tables.strays(Document) == []


def _files_with(folder, text):
    found = [p for p in folder.rglob("*") if p.is_file() and text.encode() in p.read_bytes()]
    for path in folder.rglob("*.parquet"):
        if "_delta_log" not in path.parts and text in str(pq.read_table(path).to_pylist()):
            found.append(path)
    return found


def test_a_file_that_was_purged_after_we_looked_is_looked_for_again(tables):
    tables.append(Document, table_of([document(1), document(2)], Document))
    rows = tables.query("SELECT * FROM documents")
    views = tables._views
    tables.replace(Document, rows)
    tables.purge()
    present = [tables.files(record) for record in RECORDS]
    assert present != views.files
    views.files = present  # as if it had happened between looking and reading
    assert tables.rows("SELECT count(*) AS n, min(text) AS text FROM documents")[0]["n"] == 2


def test_views_follow_what_another_process_writes(tables, tmp_path):
    other = Tables(str(tmp_path / "tables"), tmp_path / "other")
    count = "SELECT count(*) AS n FROM current_documents"
    assert tables.rows(count) == [{"n": 0}]
    other.append(Document, table_of([document(1), document(2)], Document))
    assert tables.rows(count) == [{"n": 2}]
    with tables.connect() as connection:
        other.append(Document, table_of([document(1, version=2)], Document))
        assert connection.sql("SELECT count(*) FROM documents").fetchall() == [(2,)], "one moment"
    found = tables.rows("SELECT id, version FROM current_documents ORDER BY id")
    assert [row["version"] for row in found] == [2, 1]


def test_the_log_tells_the_rows_and_dates_of_files_that_are_placed(tables, tmp_path):
    days = [date(2025, 3, 9), date(2025, 3, 2), date(2025, 3, 30), date(2025, 3, 4)]
    rows = table_of([document(number) for number in range(4)], Document)
    at = rows.schema.get_field_index("day")
    rows = rows.set_column(at, rows.schema.field("day"), pa.array(days))
    path = tmp_path / "staged.parquet"
    pq.write_table(rows.drop_columns(["month"]), path, row_group_size=1)
    tables.place(Document, {"one.parquet": path}, {"one.parquet": {"month": "2025-03"}}, ["t"])
    (told,) = pa.table(tables.open(Document).get_add_actions(flatten=True)).to_pylist()
    assert told["num_records"] == 4
    assert (told["min.day"], told["max.day"]) == (date(2025, 3, 2), date(2025, 3, 30))
    assert told["null_count.day"] == 0
    assert tables.query("SELECT * FROM documents ORDER BY id").to_pylist() == rows.to_pylist()
    assert tables.done(Document, ["t"]) == {"t"}


def test_a_table_of_an_earlier_version_gets_the_columns_of_now(tables):
    rows = table_of([document(1), document(2, month="2025-04")], Document)
    earlier = rows.drop_columns(["media_hash"])
    write_deltalake(tables.uri(Document), earlier, partition_by=["month"])
    every = "SELECT * FROM documents ORDER BY id"
    assert tables.query(every).to_pylist() == rows.to_pylist(), "who only reads reads them too"
    assert tables.upgrade() == ["documents"]
    assert tables.query(every).to_pylist() == rows.to_pylist()
    assert tables.upgrade() == []


def test_small_files_of_a_month_are_taken_together_up_to_a_size(tables):
    for number, month in enumerate(("2025-03", "2025-03", "2025-03", "2025-04")):
        tables.append(Document, table_of([document(number, month=month)], Document))
    actions = pa.table(tables.open(Document).get_add_actions(flatten=True)).to_pylist()
    largest = max(action["size_bytes"] for action in actions)
    two = tables.by_month(Document, 2 * largest)
    assert {month: [len(group) for group in groups] for month, groups in two.items()} == {
        "2025-03": [2, 1], "2025-04": [1],
    }  # fmt: skip
    alone = tables.by_month(Document, 1)
    assert [len(group) for group in alone["2025-03"]] == [1, 1, 1]
    together = tables.by_month(Document, 10**9)
    assert [len(group) for group in together["2025-03"]] == [3]
    listed = [file for groups in two.values() for group in groups for file in group]
    assert sorted(listed) == sorted(tables.files(Document))


def test_more_than_eight_files_are_joined(tables):
    for number in range(8):
        tables.append(Document, table_of([document(number)], Document))
    tables.compact()
    assert len(tables.files(Document)) == 8
    tables.append(Document, table_of([document(8)], Document))
    tables.compact()
    assert len(tables.files(Document)) == 1
    assert tables.counts()["documents"] == 9


def test_figures_are_kept_until_their_tables_change(tables, tmp_path):
    made = []

    def make():
        made.append(len(made))
        return {"day": date(2025, 3, 4), "n": len(made)}

    first = tables.kept("n", (Document,), make)
    assert first == {"day": "2025-03-04", "n": 1}, "as it is read back"
    assert tables.kept("n", (Document,), make) == first
    other = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    assert other.kept("n", (Document,), make) == first, "another process finds it"
    assert other.kept("n", (Document,), make, about="more")["n"] == 2
    tables.append(Document, table_of([document(1)], Document))
    assert tables.kept("n", (Document,), make)["n"] == 3
    (tmp_path / "scratch/kept/n.json").write_text("{", "utf-8")
    again = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    assert again.kept("n", (Document,), make)["n"] == 4, "what is damaged is made anew"
    assert [path.name for path in (tmp_path / "scratch/kept").iterdir()] == ["n.json"]


def test_answers_are_remembered_until_their_tables_change(tables):
    made = []

    def answer(name, key):
        return tables.remembered(name, (Document,), key, lambda: made.append(key) or len(made))

    assert [answer("a", 1), answer("a", 1), answer("a", (1, "x")), answer("a", 1)] == [1, 1, 2, 1]
    assert answer("b", 1) == 3, "another question"
    tables.append(Document, table_of([document(1)], Document))
    assert [answer("a", 1), answer("a", 1)] == [4, 4]
    assert list(tables._remembered["a"][1]) == [1], "nothing of before stays"


def test_what_counts_is_part_of_the_version_of_observations_alone(tmp_path):
    stamps = iter("abc")
    tables = Tables(str(tmp_path / "t"), tmp_path / "s", lambda: Judged(stamp=next(stamps)))
    assert (tables.version(Observation), tables.version(Observation)) == ("a", "b")
    assert tables.version(Document) == ""


def test_nothing_is_deleted_where_no_id_is_listed(tables):
    tables.append(Document, table_of([document(1)], Document))
    assert tables.delete(Document, "id", pa.array([], pa.binary())) == 0
    assert tables.delete(Document, "id", pa.array([b"x" * 16], pa.binary())) == 0
    assert tables.counts()["documents"] == 1


def test_rows_of_before_there_were_versions_are_the_first(tables):
    rows = table_of([document(1)], Document)
    at = rows.drop_columns(["version"])
    write_deltalake(tables.uri(Document), at, partition_by=["month"])
    assert tables.query("SELECT * FROM documents").to_pylist() == rows.to_pylist()
    assert tables.upgrade() == ["documents"]
    assert tables.query("SELECT * FROM documents").to_pylist() == rows.to_pylist()


def staged(tmp_path, name, *rows):
    """Write rows without their month, as a worker does; return what it tells of the file."""
    month = rows[0].month
    folder = tmp_path / "tables" / "documents" / f"month={month}"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(table_of(list(rows), Document).drop_columns(["month"]), folder / name)
    return {"path": f"month={month}/{name}", "bytes": (folder / name).stat().st_size,
            "month": month, "stats": f'{{"numRecords": {len(rows)}}}'}  # fmt: skip


def test_files_that_were_written_beside_the_log_are_taken_in(tables, tmp_path):
    tables.append(Document, table_of([document(1), document(9, month="2025-04")], Document))
    tables.adopt(Document, [staged(tmp_path, "a.parquet", document(2), document(3))],
                 transactions=["t"])  # fmt: skip
    ids = "SELECT id FROM documents ORDER BY id"
    assert [row["id"][0] for row in tables.rows(ids)] == [1, 2, 3, 9]
    assert tables.done(Document, ["t", "u"]) == {"t"}
    told = pa.table(tables.open(Document).get_add_actions(flatten=True)).to_pylist()
    assert {row["num_records"] for row in told if row["path"].endswith("a.parquet")} == {2}
    anew = staged(tmp_path, "b.parquet", document(4))
    tables.adopt(Document, [anew], replaces="2025-03")
    assert [row["id"][0] for row in tables.rows(ids)] == [4, 9], "in the place of that month"
    tables.adopt(Document, [], replaces="2025-04")
    assert [row["id"][0] for row in tables.rows(ids)] == [4]


def test_why_nothing_was_written_is_said(tables, monkeypatch):
    tables.append(Document, table_of([document(1)], Document))

    def refused(error):
        def write(*_, **__):
            raise error

        monkeypatch.setattr(storage, "write_deltalake", write)
        with pytest.raises(StorageError) as told:
            tables.append(Document, table_of([document(2)], Document))
        return str(told.value)

    mend = "free some space or mend the permissions, then run the command again"
    assert refused(CommitFailedError("x")) == (
        "documents: another writer committed at the same time; run the command again"
    )
    assert refused(OSError(28, "No space left")) == (
        f"documents: cannot write (No space left); {mend}"
    )
    assert refused(OSError("odd")) == f"documents: cannot write (disk full or not writable); {mend}"


def _bases(monkeypatch):
    """Return the list to which each database that is made is added."""
    made = []

    def database(*given):
        made.append(given)
        return real(*given)

    real = storage.database
    monkeypatch.setattr(storage, "database", database)
    return made


def test_only_views_of_what_changed_are_made_anew(tables, tmp_path, monkeypatch):
    made, laid = _bases(monkeypatch), []
    view = storage._view
    monkeypatch.setattr(storage, "_view", lambda d, r, files: laid.append(r) or view(d, r, files))
    count = "SELECT count(*) AS n FROM current_documents"
    tables.append(Document, table_of([document(1)], Document))
    assert tables.rows(count) == [{"n": 1}]
    assert tables.rows(count) == [{"n": 1}]
    assert (len(made), laid) == (1, list(RECORDS)), "asked again, nothing is made"
    tables.append(Document, table_of([document(2)], Document))
    assert tables.rows(count) == [{"n": 2}]
    assert (len(made), laid[len(RECORDS) :]) == (1, [Document])
    with tables.connect("2GB") as connection:
        assert connection.sql("SELECT count(*) FROM documents").fetchall() == [(2,)]
        limit = connection.sql("SELECT current_setting('memory_limit')").fetchall()
        assert limit == [("1.8 GiB",)], "a stage with a limit of its own"
    assert len(made) == 1
    with tables.connect(extra=pa.table({"n": [1, 2]})) as connection:
        assert connection.sql("SELECT sum(n) FROM extra").fetchall() == [(3,)]
        limit = connection.sql("SELECT current_setting('memory_limit')").fetchall()
        assert limit == [("953.6 MiB",)]
        kept = connection.sql("SELECT current_setting('cache_local_files')").fetchall()
        assert kept == [(False,)], "what a file held is erased with it"
    assert tables.rows("SELECT $a AS a", {"a": 3}) == [{"a": 3}]
    assert tables.rows("SELECT ? AS a", [3]) == [{"a": 3}]
    assert (tmp_path / "scratch").is_dir()


def test_who_reads_keeps_the_views_of_then(tables, monkeypatch):
    made = _bases(monkeypatch)
    count = "SELECT count(*) AS n FROM current_documents"
    tables.append(Document, table_of([document(1)], Document))
    with tables.connect() as first, tables.connect() as second:
        tables.append(Document, table_of([document(2)], Document))
        assert tables.rows(count) == [{"n": 2}]
        assert len(made) == 2
        assert first.sql(count).fetchall() == second.sql(count).fetchall() == [(1,)]
    tables.append(Document, table_of([document(3)], Document))
    with pytest.raises(ZeroDivisionError), tables.connect() as reading:
        assert reading.sql(count).fetchall() == [(3,)]
        raise ZeroDivisionError
    tables.append(Document, table_of([document(4)], Document))
    assert tables.rows(count) == [{"n": 4}]
    assert len(made) == 2, "who left, by an error too, keeps nothing"


def test_views_that_could_not_be_made_anew_are_made_from_the_start(tables, monkeypatch):
    made = _bases(monkeypatch)
    count = "SELECT count(*) AS n FROM documents"
    assert tables.rows(count) == [{"n": 0}]
    tables.append(Document, table_of([document(1)], Document))
    with monkeypatch.context() as broken:
        broken.setattr(storage, "_view", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            tables.rows(count)
    assert tables.rows(count) == [{"n": 1}]
    assert len(made) == 2


def test_a_table_without_files_has_the_types_of_its_records(tables):
    for record in RECORDS:
        with tables.connect(made=empty(record)) as connection:
            wanted = connection.sql("SELECT * FROM made")
            found = connection.sql(f"SELECT * FROM {record.table}")
            assert (found.columns, found.types) == (wanted.columns, wanted.types)
            assert found.fetchall() == []


def test_a_fact_counts_from_the_cut_on_and_what_people_said_holds(tmp_path):
    def fact(number, confidence):
        known = {"document": bytes([number]) * 16, "version": 1, "start": 0, "stop": 1,
                 "kind": "mention", "confidence": confidence, "rule": "r", "coder": "c",
                 "fingerprint": "f", "month": "2025-03", "substance": "mdma"}  # fmt: skip
        return Observation(**dict.fromkeys(schema_of(Observation).names) | known)

    judged = [Judged()]
    tables = Tables(str(tmp_path / "t"), tmp_path / "s", lambda: judged[0])
    tables.append(Document, table_of([document(n) for n in range(3)], Document))
    tables.append(Observation, table_of([fact(0, 0.49), fact(1, 0.5), fact(2, 0.7)], Observation))
    numbers = "SELECT document FROM facts ORDER BY document"
    assert [row["document"][0] for row in tables.rows(numbers)] == [1, 2]
    judged[0] = Judged(cut=0.6, stamp="b")
    assert [row["document"][0] for row in tables.rows(numbers)] == [2]
    said = dict.fromkeys(schema_of(Coding).names) | {
        "document": bytes([2]) * 16, "version": 1, "start": 0, "stop": 1, "kind": "mention",
        "verdict": "reject", "who": "a", "time": datetime(2025, 4, 1, tzinfo=UTC), "fields": "{}",
        "id": b"i" * 16, "quote": b"q" * 16,
    }  # fmt: skip
    judged[0] = Judged(cut=0.6, codings=table_of([Coding(**said)], Coding), stamp="c")
    assert tables.rows(numbers) == []


def test_a_query_whose_files_are_gone_for_good_fails(tables):
    tables.append(Document, table_of([document(1)], Document))
    for path in map(Path, tables.files(Document)):
        path.unlink()
    with pytest.raises(duckdb.IOException):
        tables.rows("SELECT text FROM documents")


def test_the_last_fingerprint_of_a_table_is_found_behind_other_commits(tables):
    rows = empty(Point)
    tables.replace(Point, rows)
    assert tables.fingerprint(Point) == "", "nobody said what it was made from"
    for fingerprint in ("a", "b"):
        tables.replace(Point, rows, fingerprint=fingerprint)
    assert tables.fingerprint(Point) == "b"
    for _ in range(19):
        tables.append(Point, rows)
    assert tables.fingerprint(Point) == "b"
    tables.append(Point, rows)
    assert tables.fingerprint(Point) == "", "so far back nobody looks: it is counted anew"
    tables.append(Document, empty(Document))
    assert tables.fingerprint(Document) == ""


def test_an_empty_table_of_an_earlier_version_is_one_of_now(tables):
    write_deltalake(tables.uri(Document), empty(Document).drop_columns(["media_hash"]),
                    partition_by=["month"])  # fmt: skip
    assert tables.upgrade() == ["documents"]
    assert tables.query("SELECT * FROM documents").column_names == schema_of(Document).names
    assert tables.counts()["documents"] == 0


def test_what_was_replaced_is_gone_from_the_disk_and_from_the_log(tables, tmp_path):
    for number in range(3):
        tables.append(Document, table_of([document(number)], Document))
    folder = tmp_path / "tables" / "documents"
    before = [str(Path(file).relative_to(folder)) for file in tables.files(Document)]
    log = {path.name for path in (folder / "_delta_log").glob("*.json")}
    tables.replace(Document, table_of([document(9)], Document))
    assert sorted(tables.purge()) == sorted(before), "each is told once"
    assert {path.name for path in folder.glob("month=*/*")} == {
        Path(file).name for file in tables.files(Document)
    }
    assert not log & {path.name for path in (folder / "_delta_log").glob("*.json")}
    assert list((folder / "_delta_log").glob("*.checkpoint.parquet"))


@pytest.mark.parametrize("commits", range(1, 5))
def test_a_table_whose_log_was_cut_is_opened_anew(tables, commits):
    for number in range(commits):
        tables.append(Document, table_of([document(number)], Document), [f"t{number}"])
    assert len(tables.files(Document)) == commits
    tables.purge()
    assert tables.done(Document, ["t0", "none"]) == {"t0"}
    tables.append(Document, table_of([document(9)], Document), ["t9"])
    assert len(tables.files(Document)) == commits + 1


def test_figures_may_be_looked_at_where_nothing_can_be_kept(tables, tmp_path):
    (tmp_path / "scratch").write_text("no folder")
    assert tables.kept("n", (), lambda: {"n": 1}) == {"n": 1}
    assert tables.kept("n", (), lambda: {"n": 2}) == {"n": 1}, "but for this process"
    assert tables.kept("m", (), lambda: {"b": 1, "a": {"é": None}}) == {"a": {"é": None}, "b": 1}


def test_only_data_that_no_log_names_is_stray(tables, tmp_path):
    assert tables.strays(Document) == []
    tables.append(Document, table_of([document(1)], Document))
    folder = tmp_path / "tables" / "documents"
    strays = [folder / "b.parquet", folder / "month=2025-03" / "a.parquet"]
    for path in strays:
        path.write_bytes(b"x")
    (folder / "_delta_log" / "c.parquet").write_bytes(b"x")
    assert tables.strays(Document) == strays
    assert {"a.parquet", "b.parquet"} <= set(tables.purge())
    assert tables.strays(Document) == []
    assert [path.name for path in map(Path, tables.files(Document)) if not path.is_file()] == []
    assert as_json({"b": date(2025, 3, 4), "a": "é"}) == '{"a": "é", "b": "2025-03-04"}'


def test_tables_of_another_place_are_named_by_their_address(tmp_path):
    tables = Tables(f"file://{tmp_path}/t/", tmp_path / "s")
    assert tables.uri(Document) == f"file://{tmp_path}/t/documents"
    tables.append(Document, table_of([document(1)], Document))
    assert tables.counts() == {record.table: int(record is Document) for record in RECORDS}
    (file,) = tables.files(Document)
    assert tables.files(Document) is tables.files(Document), "a log that did not grow"
    assert Path(file.removeprefix("file://")).is_file()
    assert tables.version(Document) == Path(file).name


@pytest.mark.parametrize("threads", [1, 3])
def test_a_database_loads_nothing_by_itself_and_keeps_to_its_limits(tmp_path, threads):
    made = storage.database([[] for _ in RECORDS], Judged(), tmp_path / "spill", "2GB", threads)

    def told(name):
        return made.sql(f"SELECT current_setting('{name}')").fetchall()[0][0]

    assert told("autoinstall_known_extensions") is told("autoload_known_extensions") is False
    assert (told("memory_limit"), told("temp_directory")) == ("1.8 GiB", str(tmp_path / "spill"))
    assert told("threads") == threads
    assert told("enable_progress_bar") is False
    assert made.sql("SELECT count(*) FROM every_samples").fetchall() == [(0,)]
    made.close()

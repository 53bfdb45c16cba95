"""Delta tables by the recipes: once, current, erased to the last byte."""

from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import write_deltalake

from fanal.records import RECORDS, Document, Observation, Point, empty, schema_of, table_of
from fanal.storage.tables import Judged, Tables


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
    files, database = tables._views
    tables.replace(Document, rows)
    tables.purge()
    present = [tables.files(record) for record in RECORDS]
    assert present != files
    tables._views = (present, database)  # as if it had happened between looking and reading
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
    assert tables.upgrade() == ["documents"]
    assert tables.query("SELECT * FROM documents ORDER BY id").to_pylist() == rows.to_pylist()
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
    assert tables.upgrade() == ["documents"]
    assert tables.query("SELECT * FROM documents").to_pylist() == rows.to_pylist()

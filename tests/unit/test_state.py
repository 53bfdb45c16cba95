"""Judgements in SQL: append-only, and an audit log that shows every change."""

import json
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import blake2b
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from fanal.errors import StorageError
from fanal.records import Audit, Coding, Decision, Memo, Subscription
from fanal.storage import migrations
from fanal.storage.state import FIRST, METADATA, State, broken, chained

NOW = datetime(2025, 3, 3, 9, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'state.db'}"
    return request.getfixturevalue("postgresql")


@pytest.fixture
def state(url):
    opened = State(url)
    yield opened
    opened.close()


def test_rows_come_back_as_they_were_in_order(state):
    rows = [Decision(bytes([i]) * 16, b"s", "verify", "vérifié ½", "a", NOW, "{}") for i in (2, 1)]
    state.append(*rows)
    assert state.all(Decision) == rows
    assert state.all(Decision, id=rows[1].id) == [rows[1]]


def test_all_or_none(state):
    good = Decision(b"1" * 16, b"s", "verify", "r", "a", NOW, "{}")
    with pytest.raises(Exception, match=r"(?i)not.null"):
        state.append(good, replace(good, reason=None))
    assert state.all(Decision) == []


def test_who_did_not_see_the_last_row_adds_none(state):
    rows = [Decision(bytes([i]) * 16, b"s", "verify", "r", "a", NOW, "{}") for i in range(4)]
    other = replace(rows[3], signal=b"t")
    assert state.append_after(rows[0], 0, signal=b"s")
    assert not state.append_after(rows[1], 0, signal=b"s"), "somebody was first"
    assert state.append_after(other, 0, signal=b"t"), "that was about something else"
    assert state.append_after(rows[2], 1, signal=b"s")
    assert state.all(Decision) == [rows[0], other, rows[2]]


def test_lines_of_the_audit_log_are_read_by_number(state):
    for number in range(1, 6):
        state.audit("a", "decide", {"n": number}, NOW)
    assert [line.number for line in state.audited(2, 4)] == [2, 3, 4]
    assert state.audited(2, 4) == state.all(Audit)[1:4]
    assert state.audit_lines() == 5


def test_the_audit_log_shows_edits_deletions_reorderings_and_cuts(state):
    for number in range(5):
        state.audit("a", "decide", {"n": number}, NOW)
    lines = state.all(Audit)
    head = (5, lines[-1].hash)
    assert broken(lines, head) is None
    assert broken([*lines[:2], replace(lines[2], who="b"), *lines[3:]], head) == 3
    assert broken([*lines[:2], *lines[3:]], head) == 3
    assert broken([lines[1], lines[0], *lines[2:]], head) == 1
    assert broken(lines[:4], head) == 5
    anew = [chained(1, NOW, "b", "decide", "{}", FIRST)]
    assert broken(anew) is None
    assert broken(anew, head) == 2
    assert broken([*lines, chained(6, NOW, "a", "x", "{}", lines[-1].hash)], head) is None
    assert broken(lines[:4]) is None, "a cut at the end shows only against the head kept outside"


def test_a_migrated_schema_equals_a_fresh_one(url):
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        migrations.upgrade(connection)
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        assert migrations.revision(connection) == migrations.HEAD
        again = ScriptDirectory(str(Path(migrations.__file__).parent))
        assert again.get_heads() == [migrations.HEAD]
    engine.dispose()
    opened = State(url)
    opened.audit("a", "decide", {}, NOW)
    opened.close()


def test_an_older_database_is_brought_to_the_present(url):
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        migrations.upgrade(connection, migrations.FIRST)
        if engine.dialect.name == "sqlite":  # as before there were revisions
            connection.execute(sa.text("DROP TABLE alembic_version"))
    engine.dispose()
    opened = State(url)
    opened.audit("a", "decide", {}, NOW)
    with opened.engine.connect() as connection:
        assert migrations.revision(connection) == migrations.HEAD
        assert sa.inspect(connection).get_indexes("decisions")
    opened.close()


def test_a_later_database_is_left_alone(url):
    opened = State(url)
    with opened.engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    opened.close()
    with pytest.raises(StorageError, match="later version"):
        State(url)


def test_a_dump_loads_with_equal_rows_and_goes_on(state, url):
    state.append(Decision(b"1" * 16, b"s", "verify", "été ½", "a", NOW, "{}", 2, None, None))
    for number in range(3):
        state.audit("a", "decide", {"n": number}, NOW)
    dumped = dict(state.dump())
    state.audit("b", "later", {}, NOW)
    state.load(dumped, migrations.HEAD)
    assert dict(state.dump()) == dumped
    state.audit("a", "restore", {}, NOW)
    assert broken(state.all(Audit)) is None
    assert len(state.all(Audit)) == 4


def test_a_dump_of_an_older_schema_loads(state):
    for number in range(3):
        state.audit("a", "decide", {"n": number}, NOW)
    dumped = dict(state.dump())
    state.load(dumped, migrations.FIRST)
    assert dict(state.dump()) == dumped
    with state.engine.connect() as connection:
        assert migrations.revision(connection) == migrations.HEAD


def test_corrections_and_notes_on_what_was_erased_go(state):
    for name in (b"a" * 16, b"b" * 16):
        state.append(
            Coding(name, name, 1, 0, 1, b"q" * 16, "reject", "mention", "{}", "a", NOW),
            Memo(name, "document", name, "note", "a", NOW),
            Memo(name, "signal", name, "note", "a", NOW),
        )
    assert state.about({b"a" * 16}) == (1, 1)
    state.forget({b"a" * 16})
    assert state.about({b"a" * 16}) == (0, 0)
    assert len(state.all(Coding)) == 1
    assert len(state.all(Memo)) == 3


def test_two_writers_at_once_keep_one_chain(url):
    ready = State(url)
    writers = [threading.Thread(target=_write, args=(url, name)) for name in "ab"]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    lines = ready.all(Audit)
    ready.close()
    assert len(lines) == 20
    assert broken(lines) is None


def _write(url, who):
    state = State(url)
    for number in range(10):
        state.audit(who, "decide", {"n": number}, NOW)
    state.close()


def test_the_end_of_the_log_is_kept_outside_the_database(url, tmp_path):
    opened = State(url, tmp_path / "head")
    assert opened.head() is None
    for number in range(3):
        opened.audit("a", "decide", {"n": number}, NOW)
    assert opened.head() == (3, opened.all(Audit)[-1].hash)
    assert (tmp_path / "head").stat().st_mode & 0o077 == 0
    with opened.engine.begin() as connection:
        connection.execute(sa.text("DELETE FROM audit WHERE number = 3"))
    assert broken(opened.all(Audit), opened.head()) == 3
    opened.close()


def test_lines_of_an_action_are_read_from_a_moment_on(state):
    for hours, action in ((0, "mail"), (1, "read"), (1, "mail"), (2, "mail")):
        state.audit("a", action, {}, NOW + timedelta(hours=hours))
    assert [line.number for line in state.lines("mail", NOW + timedelta(hours=1))] == [3, 4]
    assert [line.number for line in state.lines("mail", NOW + timedelta(minutes=61))] == [4]


def test_a_subscription_takes_the_place_of_the_one_before(state):
    def wish(address):
        return Subscription("anna", address, "", "", "all", NOW)

    other = Subscription("bea", "b@people.example", "", "", "all", NOW)
    state.append(other)
    state.subscribe("anna", wish("a@people.example"))
    state.subscribe("anna", wish("c@people.example"))
    assert state.all(Subscription) == [other, wish("c@people.example")]
    state.subscribe("anna", None)
    assert state.all(Subscription) == [other]


def test_the_stamp_changes_with_the_rows(state):
    stamps = [state.stamp(Decision)]
    for name in (b"1" * 16, b"2" * 16):
        state.append(Decision(name, b"s", "verify", "r", "a", NOW, "{}"))
        stamps.append(state.stamp(Decision))
    assert stamps == ["", f"1/{(b'1' * 16).hex()}", f"2/{(b'2' * 16).hex()}"]


@pytest.fixture
def plain(tmp_path):
    opened = State(f"sqlite:///{tmp_path / 'state.db'}", tmp_path / "head")
    yield opened
    opened.close()


def test_a_line_of_the_audit_log_has_the_hash_that_it_always_had():
    line = chained(2, NOW, "anna", "decide", '{"n": 1}', b"p" * 32)
    assert (line.number, line.time, line.who, line.action) == (2, NOW, "anna", "decide")
    assert (line.detail, line.previous) == ('{"n": 1}', b"p" * 32)
    text = b"2\x1f2025-03-03T09:30:00+00:00\x1fanna\x1fdecide\x1f" + b'{"n": 1}'
    digest = blake2b(b"p" * 32 + text, digest_size=32, person=b"fanal-audit").digest()
    assert line.hash == digest
    elsewhere = NOW.astimezone(timezone(timedelta(hours=2)))
    assert chained(2, elsewhere, "anna", "decide", '{"n": 1}', b"p" * 32).hash == digest


def test_where_a_log_is_broken_against_the_end_that_is_kept_outside():
    lines, previous = [], FIRST
    for number in (1, 2, 3):
        lines.append(chained(number, NOW, "a", "x", "{}", previous))
        previous = lines[-1].hash
    for kept in (1, 2, 3):
        assert broken(lines, (kept, lines[kept - 1].hash)) is None
        assert broken(lines, (kept, b"x" * 32)) == kept
    assert broken(lines, (4, previous)) == broken(lines, (9, previous)) == 4
    assert broken([], (1, previous)) == broken([], (9, previous)) == 1
    assert broken([]) is None
    assert broken(lines[1:]) == 1
    again = [lines[0], chained(2, NOW, "a", "x", "{}", FIRST)]
    assert broken(again) == 2


def test_the_end_of_the_log_as_it_is_kept(plain, tmp_path):
    file = tmp_path / "head"
    line = plain.audit("a", "x", {"b": 1, "a": "é"}, NOW)
    assert line.detail == '{"a": "é", "b": 1}'
    assert file.read_text("ascii") == f"1 {line.hash.hex()}\n"
    assert [path.name for path in tmp_path.glob("*head*")] == ["head"]
    dumped = dict(plain.dump())
    plain.audit("a", "y", {}, NOW)
    plain.load(dumped, migrations.HEAD)
    assert plain.head() == (1, line.hash)
    plain.load({}, migrations.HEAD)
    assert (plain.head(), file.read_text("ascii"), plain.audit_lines()) == (None, "", 0)
    file.write_text("1 aa bb", "ascii")
    assert plain.head() is None
    file.unlink()
    assert plain.head() is None
    gone = State(f"sqlite:///{tmp_path / 'other.db'}", tmp_path / "no" / "head")
    assert gone.audit("a", "x", {}, NOW).number == 1
    assert not (tmp_path / "no").exists()
    gone.close()
    none = State(f"sqlite:///{tmp_path / 'none.db'}")
    none.audit("a", "x", {}, NOW)
    assert none.head() is None
    none.close()


def test_what_a_dump_says_is_json_and_comes_back_as_it_was(plain):
    rows = [
        Decision(b"1" * 16, b"s", "verify", "été", "a", NOW, "{}", 2, None, None),
        Decision(b"2" * 16, b"s", "assess", "r", "a", NOW, "{}", 3, 4, b"p" * 16),
    ]
    plain.append(*rows)
    dumped = json.loads(json.dumps(dict(plain.dump())))
    told = dumped["decisions"][0]
    assert (told["id"], told["time"]) == ((b"1" * 16).hex(), "2025-03-03T09:30:00+00:00")
    assert (told["reason"], told["harm"], told["quality"]) == ("été", 2, None)
    assert [row["seq"] for row in dumped["decisions"]] == [1, 2]
    plain.append(replace(rows[0], id=b"3" * 16))
    plain.load(dumped, migrations.HEAD)
    assert plain.all(Decision) == rows
    assert plain.all(Decision, verdict="assess", who="a") == rows[1:]
    assert plain.all(Decision, verdict="assess", who="b") == []


def test_a_note_on_what_was_erased_leaves_no_byte(plain, tmp_path):
    for name in (b"a" * 16, b"b" * 16):
        plain.append(Memo(name, "document", name, f"NOTE-{name.decode()}", "a", NOW))

    def left(text):
        return any(text in path.read_bytes() for path in tmp_path.glob("state.db*"))

    assert left(b"NOTE-aaaa")
    plain.forget({b"c" * 16})
    plain.forget(set())
    assert left(b"NOTE-aaaa")
    plain.forget({b"a" * 16})
    assert not left(b"NOTE-aaaa")
    assert left(b"NOTE-bbbb")
    assert plain.about({b"a" * 16, b"b" * 16}) == (0, 1)


def test_columns_that_are_asked_by_are_indexed_and_ids_are_there_once(plain):
    known = sa.inspect(plain.engine)
    asked = {
        (table, index["column_names"][0])
        for table in known.get_table_names()
        for index in known.get_indexes(table)
    }
    assert asked >= {
        ("decisions", "signal"), ("codings", "document"), ("memos", "subject"), ("audit", "action"),
        ("accounts", "name"), ("sessions", "token"), ("sessions", "account"),
    }  # fmt: skip
    row = Decision(b"1" * 16, b"s", "verify", "r", "a", NOW, "{}")
    plain.append(row)
    assert plain.all(Decision)[0].time.tzinfo is UTC
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 10000, "foreign_keys": 1}
    with plain.engine.connect() as connection:
        said = {name: connection.execute(sa.text(f"PRAGMA {name}")).scalar() for name in wanted}
    assert said == wanted


def test_numbers_of_the_audit_log_are_read_with_both_ends(plain):
    assert plain.audit_lines() == 0
    for number in range(4):
        plain.audit("a", "x", {"n": number}, NOW)
    for first, last, read in ((1, 1, [1]), (4, 9, [4]), (0, 1, [1]), (3, 2, []), (2, 3, [2, 3])):
        assert [line.number for line in plain.audited(first, last)] == read
    assert plain.lines("x", NOW) == plain.all(Audit)
    assert plain.lines("y", NOW) == []


@pytest.mark.parametrize(("times", "raised"), [(39, False), (40, True)])
def test_a_line_that_came_too_late_is_tried_forty_times(plain, monkeypatch, times, raised):
    chain, late = plain._audit, []

    def busy(*asked):
        late.append(asked)
        if len(late) <= times:
            raise sa.exc.OperationalError("x", None, Exception("locked"))
        return chain(*asked)

    monkeypatch.setattr(plain, "_audit", busy)
    if raised:
        with pytest.raises(sa.exc.OperationalError):
            plain.audit("a", "x", {}, NOW)
    else:
        assert plain.audit("a", "x", {"n": 1}, NOW).number == 1
    assert len(late) == 40

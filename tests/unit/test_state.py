"""Judgements in SQL: append-only, and an audit log that shows every change."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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

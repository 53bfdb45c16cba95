"""Judgements in SQL: append-only, and an audit log that shows every change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from fanal.records import Audit, Decision
from fanal.storage.state import State, broken

NOW = datetime(2025, 3, 3, 9, 30, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    opened = State(f"sqlite:///{tmp_path / 'state.db'}")
    yield opened
    opened.close()


def test_rows_come_back_as_they_were_in_order(state):
    rows = [Decision(bytes([i]) * 16, b"s", "verify", "vérifié ½", "a", NOW, "{}") for i in (2, 1)]
    state.append(*rows)
    assert state.all(Decision) == rows
    assert state.all(Decision, id=rows[1].id) == [rows[1]]


def test_all_or_none(state):
    good = Decision(b"1" * 16, b"s", "verify", "r", "a", NOW, "{}")
    with pytest.raises(Exception, match="NOT NULL"):
        state.append(good, replace(good, reason=None))
    assert state.all(Decision) == []


def test_the_audit_log_shows_edits_deletions_reorderings_and_cuts(state):
    for number in range(5):
        state.audit("a", "decide", {"n": number}, NOW)
    lines = state.all(Audit)
    head = lines[-1].hash
    assert broken(lines, head) is None
    assert broken([*lines[:2], replace(lines[2], who="b"), *lines[3:]], head) == 3
    assert broken([*lines[:2], *lines[3:]], head) == 3
    assert broken([lines[1], lines[0], *lines[2:]], head) == 1
    assert broken(lines[:4], head) == 5
    assert broken(lines[:4]) is None, "a cut at the end shows only against the head kept outside"

"""Triage: the fold, and what a state allows."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fanal.errors import ConfigError
from fanal.people import triage
from fanal.people.verdicts import RESPONSES, STEPS, VERDICTS
from fanal.records import Decision, Signal

NOW = datetime(2025, 3, 3, 9, tzinfo=UTC)
DAY = date(2025, 3, 3)
SIGNAL = Signal(
    id=b"s" * 16, concept="substance=x", measure="mentions", place="", first=DAY, last=DAY,
    novelty="new", score=3.0, observed=9.0, expected=2.0, threshold=6.0, evidence=10.0,
    series="mentions/substance=x/week", detector="d", parameters="{}",
)  # fmt: skip


def decided(*verdicts: str, evidence: float = 10.0) -> list[Decision]:
    out: list[Decision] = []
    for verdict in verdicts:
        state = triage.fold(out)[SIGNAL.id]
        grades = {"harm": 3, "quality": 2} if verdict == "assess" else {}
        signal = replace(SIGNAL, evidence=evidence)
        out.append(triage.decide(signal, state, verdict, "vu par deux sites", "a", NOW, **grades))
    return out


@pytest.mark.parametrize(
    ("verdicts", "state"),
    [
        ((), "received"),
        (("verify",), "verified"),
        (("dismiss",), "closed"),
        (("verify", "assess", "alert"), "alerted"),
        (("verify", "assess", "alert", "retract"), "retracted"),
        (("verify", "assess", "close", "reopen"), "received"),
    ],
)
def test_fold(verdicts, state):
    assert triage.fold(decided(*verdicts))[SIGNAL.id] == state


@pytest.mark.parametrize(
    ("state", "verdict", "says"),
    [
        ("received", "alert", "cannot take the verdict 'alert'; allowed: verify, dismiss"),
        ("retracted", "reopen", "allowed: none: it is the last state"),
        ("verified", "assess", "an assessment grades harm and quality"),
    ],
)
def test_refused(state, verdict, says):
    with pytest.raises(ConfigError) as error:
        triage.decide(SIGNAL, state, verdict, "because", "a", NOW)
    assert says in str(error.value)


def test_a_reason_is_needed():
    with pytest.raises(ConfigError, match="needs a reason"):
        triage.decide(SIGNAL, "received", "verify", "  ", "a", NOW)


def test_the_second_of_two_at_once_changes_nothing_and_stays_in_the_log():
    first = decided("verify")
    late = triage.decide(SIGNAL, "received", "dismiss", "bruit", "b", NOW)
    decisions = [*first, Decision(late.id, late.signal, "alert", "x", "b", NOW, "{}")]
    assert triage.fold(decisions)[SIGNAL.id] == "verified"


@pytest.mark.parametrize(("evidence", "reopens"), [(19.9, False), (20.0, True)])
def test_a_closed_signal_is_quiet_until_its_evidence_doubles(evidence, reopens):
    decisions = decided("dismiss")
    found = triage.reopened([replace(SIGNAL, evidence=evidence)], decisions, NOW)
    assert [d.verdict for d in found] == (["reopen"] if reopens else [])
    if reopens:
        assert (found[0].who, found[0].reason) == ("program", "evidence 10 → 20")


@given(st.lists(st.sampled_from(VERDICTS), max_size=12))
def test_the_fold_only_ever_takes_steps_of_the_table(verdicts):
    decisions = [
        Decision(bytes([i]) * 16, b"s", v, "r", "w", NOW, "{}") for i, v in enumerate(verdicts)
    ]
    state = "received"
    for number in range(1, len(decisions) + 1):
        after = triage.fold(decisions[:number])[b"s"]
        assert after == STEPS[state].get(verdicts[number - 1], state)
        state = after


def test_the_suggested_response_grows_with_harm_and_with_evidence():
    strength = {"watch": 0, "bulletin": 1, "verify": 1, "professionals": 2, "alert": 3}
    assert set(strength) == set(RESPONSES)
    grades = range(1, 5)
    for harm in grades:
        row = [strength[triage.response(harm, quality)] for quality in grades]
        assert row == sorted(row)
        column = [strength[triage.response(quality, harm)] for quality in grades]
        assert column == sorted(column)
    assert triage.response(4, 4) == "alert"
    assert triage.response(1, 1) == "watch"
    assert triage.response(4, 1) == "verify"


def test_a_link_changes_no_state_and_needs_a_phenomenon():
    link = triage.decide(SIGNAL, "closed", "support", "vu", "a", NOW, phenomenon=b"p" * 16)
    assert triage.fold([*decided("dismiss"), link])[SIGNAL.id] == "closed"
    with pytest.raises(ConfigError, match="a link needs a phenomenon"):
        triage.decide(SIGNAL, "received", "contradict", "vu", "a", NOW)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"title": " "}, "needs a title"),
        ({"statement": ""}, "needs a title and a statement"),
        ({"novelty": "novel"}, "allowed: new, returning, persistent, cyclical, fading"),
        ({"concept": "tucibi"}, "nothing ties a signal to 'tucibi'"),
    ],
)
def test_a_phenomenon_says_something_that_a_signal_can_tie_to(change, says):
    row = {"title": "t", "concept": "substance=tucibi", "statement": "s", "novelty": "new"}
    with pytest.raises(ConfigError) as error:
        triage.state_phenomenon(**(row | change), year=2025, who="a", time=NOW)
    assert says in str(error.value)

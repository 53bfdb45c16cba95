"""Signals: one for each phenomenon, with a stable id, a rank and a novelty class."""

from datetime import date, timedelta

import pytest

from fanal import signals
from fanal.records import Alarm, Point, Signal, empty, table_of

START = date(2024, 1, 1)
KEY = signals.keyed(b"k" * 32)


def week(number):
    return START + timedelta(weeks=number)


def points(series, values):
    return [Point(series, week(n), "week", float(v), 50.0, False) for n, v in enumerate(values)]


def alarm(series, number, observed=9.0, expected=1.0, threshold=5.0, score=3.0, detector="ears"):
    return Alarm(series, week(number), "week", observed, expected, threshold, score, detector,
                 "{}", week(number), None)  # fmt: skip


def grouped(alarms, history=(), previous=()):
    made, linked = signals.group(
        table_of(alarms, Alarm), table_of(history, Point), table_of(previous, Signal), KEY
    )
    return made.to_pylist(), linked.to_pylist()


@pytest.mark.parametrize(
    ("series", "concept"),
    [
        ("mentions/substance=lsd/week", "substance=lsd"),
        ("channels/site=lille/substance=lsd/week", "substance=lsd"),
        ("found/substance=lsd/month", "substance=lsd"),
        ("practices/kind=press/practice=supply.mode.drive/week", "practice=supply.mode.drive"),
        ("documents/source=a/week", "silence source=a"),
        ("indicator/area=59/name=usage/year", "name=usage"),
        ("indicator/area=NL/name=forum/substance=3-mmc/month", "substance=3-mmc"),
        ("price/band=1.5/currency=EUR/site=lyon/substance=lsd/unit=g/week",
         "price currency=EUR substance=lsd"),
    ],
)  # fmt: skip
def test_concepts(series, concept):
    assert signals.concept_of(series) == concept


def test_neighbouring_series_make_one_signal_with_the_strongest_in_front():
    weak = alarm("mentions/site=lille/substance=lsd/week", 60, observed=6.0)
    strong = alarm("mentions/substance=lsd/week", 61, observed=12.0)
    made, linked = grouped([weak, strong])
    assert len(made) == 1
    assert (made[0]["series"], made[0]["place"]) == (strong.series, "lille")
    assert (made[0]["first"], made[0]["last"]) == (week(60), week(61))
    assert {row["signal"] for row in linked} == {made[0]["id"]}


def test_a_long_gap_starts_another_signal():
    series = "mentions/substance=lsd/week"
    assert len(grouped([alarm(series, 10), alarm(series, 23)])[0]) == 1
    assert len(grouped([alarm(series, 10), alarm(series, 24)])[0]) == 2


def test_the_id_stays_when_late_evidence_moves_the_beginning():
    series = "mentions/substance=lsd/week"
    before, _ = grouped([alarm(series, 20)])
    after, _ = grouped([alarm(series, 18), alarm(series, 20)], previous=[Signal(**before[0])])
    assert after[0]["id"] == before[0]["id"]
    assert grouped([alarm(series, 18)])[0][0]["id"] != before[0]["id"]


@pytest.mark.parametrize(
    ("values", "at", "observed", "novelty"),
    [
        ([0] * 60 + [3, 4], 60, 9, "new"),
        ([0] * 10 + [4] * 5 + [0] * 40 + [5], 55, 9, "returning"),
        ([4] * 60 + [12], 60, 12, "persistent"),
        ([9] * 60 + [0], 60, 0, "fading"),
    ],
)
def test_novelty(values, at, observed, novelty):
    series = "mentions/substance=lsd/week"
    expected = 5.0 if novelty == "fading" else 1.0
    made, _ = grouped(
        [alarm(series, at, observed=observed, expected=expected)], points(series, values)
    )
    assert made[0]["novelty"] == novelty


def test_no_alarm_no_signal():
    made, linked = signals.group(empty(Alarm), empty(Point), empty(Signal), KEY)
    assert made.num_rows == linked.num_rows == 0

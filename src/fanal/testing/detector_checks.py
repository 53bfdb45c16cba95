"""The checks that every detector passes, built in or a stranger's."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fanal.detectors.base import Detector
from fanal.records import Alarm, Point, empty, schema_of, table_of

_START = date(2019, 12, 30)
_WEEKS = 160


def check_detector(detector: Detector, seed: int = 1) -> None:
    """Run all checks on a detector.

    Raises:
        AssertionError: which check failed, and on what.
    """
    accepts_empty(detector)
    silent_on_constant(detector)
    points = varied_points(seed)
    never_looks_ahead(detector, points)
    deterministic(detector, points)


def varied_points(seed: int) -> pa.Table:
    """Return weekly, monthly and yearly points: rises, gaps, silences, new series, denominators."""
    rng = np.random.default_rng(seed)
    weeks = [_START + timedelta(weeks=i) for i in range(_WEEKS)]
    months = [date(2015 + i // 12, i % 12 + 1, 1) for i in range(96)]
    years = [date(2008 + i, 1, 1) for i in range(14)]
    rows: list[Point] = []
    for measure in ("mentions", "documents", "found", "price", "purity", "together"):
        for step, periods in (("week", weeks), ("month", months), ("year", years)):
            for case in ("steady", "rise", "gap", "late", "stops", "sparse"):
                name = f"{measure}/substance={case}/substance=b/source=s/{step}"
                rows += _points(rng, name, step, periods, measure, case)
    return table_of(rows, Point)


def _points(
    rng: np.random.Generator, name: str, step: str, periods: list[date], measure: str, case: str
) -> list[Point]:
    n = len(periods)
    mean = np.full(n, 0.2 if case == "sparse" else 8.0)
    if case == "rise":
        mean[2 * n // 3 :] *= 6
    if case == "stops":
        mean[3 * n // 4 :] = 0
    values = rng.poisson(mean).astype(float)
    if measure in ("price", "purity"):
        values = 40 + rng.normal(0, 4, n) + mean
    read = np.round(200 * np.exp(rng.normal(0, 0.2, n))) + values
    first = n // 2 if case == "late" else 0
    absent = set(range(n // 2, n // 2 + 3)) if case == "gap" else set[int]()
    bare = measure == "documents"
    return [
        Point(name, periods[i], step, float(values[i]), None if bare else float(read[i]), False)
        for i in range(first, n)
        if i not in absent
    ]


def accepts_empty(detector: Detector) -> None:
    """No points, no alarms; the same where no point is recent enough."""
    found = detector.detect(empty(Point), _START)
    assert found.schema.equals(schema_of(Alarm)), f"{detector.name}: not the schema of Alarm"
    assert found.num_rows == 0, f"{detector.name}: alarms from no points"
    points = table_of([Point("mentions/substance=a/week", _START, "week", 3.0, None, False)], Point)
    later = detector.detect(points, _START + timedelta(weeks=8))
    assert later.num_rows == 0, f"{detector.name}: alarms in periods without points"


def silent_on_constant(detector: Detector) -> None:
    """A series that never changes makes no alarm, with and without denominators."""
    weeks = [_START + timedelta(weeks=i) for i in range(_WEEKS)]
    rows = [
        Point(f"{measure}/substance=a-{value}-{read}/week", week, "week", value, read, False)
        for measure in ("mentions", "documents", "price")
        for value in (0.0, 1.0, 3.0, 40.0, 1e6)
        for read in (None, 700.0, 3e6)
        for week in weeks
    ]
    found = detector.detect(table_of(rows, Point), weeks[60])
    assert found.num_rows == 0, (
        f"{detector.name}: {found.num_rows} alarms on constant series, first in "
        f"{found.column('series')[0].as_py()}"
    )


def never_looks_ahead(detector: Detector, points: pa.Table) -> None:
    """Cutting the future leaves the alarms of the past unchanged."""
    since = date(2020, 9, 1)
    whole = detector.detect(points, since)
    for last in (date(2021, 3, 14), date(2021, 12, 31), date(2022, 7, 31)):
        cut = detector.detect(points.filter(pc.less_equal(points.column("period"), last)), since)
        past = whole.filter(pc.less_equal(whole.column("period"), last))
        assert cut.equals(past), f"{detector.name}: alarms up to {last} depend on what came later"
    ahead = pc.less(whole.column("as_of"), whole.column("period"))
    assert not pc.any(ahead).as_py(), f"{detector.name}: an alarm is dated after what was seen"


def deterministic(detector: Detector, points: pa.Table) -> None:
    """The same points in another order give the same alarms, in order of series and period."""
    since = date(2020, 9, 1)
    first = detector.detect(points, since)
    order = np.random.default_rng(0).permutation(points.num_rows)
    assert detector.detect(points, since).equals(first), f"{detector.name}: not deterministic"
    assert detector.detect(points.take(pa.array(order)), since).equals(first), (
        f"{detector.name}: depends on the order of points"
    )
    ordered = first.sort_by([("series", "ascending"), ("period", "ascending")])
    assert ordered.equals(first), f"{detector.name}: rows not ordered by series, then period"

"""Every built-in detector passes the published checks, and its example runs."""

from __future__ import annotations

import dataclasses
import doctest
import sys
from datetime import date

import numpy as np
import pyarrow as pa
import pytest

from fanal.detectors import BUILTIN, Detector
from fanal.detectors.panel import Bounds, Panel, alarms_of
from fanal.testing.detector_checks import check_detector


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
def test_published_checks(kind: type[Detector]) -> None:
    check_detector(kind())


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
def test_example_runs(kind: type[Detector]) -> None:
    result = doctest.testmod(sys.modules[kind.__module__])
    assert result.attempted > 0
    assert result.failed == 0


class Clairvoyant(Detector):
    """Knows the mean of the whole series, the future included."""

    name = "clairvoyant"

    def detect(self, points: pa.Table, since: date) -> pa.Table:
        def method(panel: Panel, first: int) -> Bounds:
            mean = np.nanmean(panel.values, axis=1, keepdims=True)
            expected = np.repeat(mean, panel.width - first, axis=1)
            alarm = panel.values[:, first:] > 1.2 * expected
            return Bounds(expected, expected, expected, alarm)

        return alarms_of(
            dataclasses.make_dataclass("C", [], namespace={"name": "c", "budgeted": True})(),
            points,
            since,
            method,
        )


def test_the_checks_catch_a_detector_that_looks_ahead() -> None:
    with pytest.raises(AssertionError, match="depend on what came later"):
        check_detector(Clairvoyant())

"""Charts of the pages: the bulletin's specifications, as wide as the page, with more to see."""

from __future__ import annotations

from collections.abc import Sequence

from fanal.answers.behind import AlarmRow
from fanal.edition import SignalFact
from fanal.exporters import charts
from fanal.exporters.axes import Spec
from fanal.series import summed
from fanal.wording.language import Language


def on_page(spec: Spec, language: Language, height: int = 220) -> Spec:
    """Return a specification of the bulletin as it fits a page."""
    fitted = {"type": "fit-x", "contains": "padding"}
    return {**spec, "width": "container", "height": height, "autosize": fitted,
            "config": charts.config(language)}  # fmt: skip


def signal(fact: SignalFact, alarms: Sequence[AlarmRow], unit: str, language: Language) -> Spec:
    """Return the chart of a signal: values, alarms, and the band from expected to threshold.

    The band stands where the detector spoke up on what the chart draws: a period, or a sum of so
    many.
    """
    drawn = [a for a in alarms if summed(a.parameters) == fact.window]
    band = [{"t": a.period.isoformat(), "e": a.expected, "h": max(0.0, a.threshold)} for a in drawn]
    ends = [end for a in drawn for end in (a.expected, max(0.0, a.threshold))]
    spec = charts.signal(fact, unit, language, ends)
    axes = spec["layer"][0]["encoding"]
    expected = {
        "data": {"values": band},
        "mark": {"type": "rule", "size": 9, "opacity": 0.35, "color": charts.GREY},
        "encoding": {**axes, "y": axes["y"] | {"field": "e"}, "y2": {"field": "h"}},
    }
    spec["layer"] = [expected, *spec["layer"]]
    return on_page(spec, language)

"""Charts of the pages: the bulletin's specifications, as wide as the page, with more to see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fanal.exporters import charts
from fanal.exporters.edition import SignalFact
from fanal.exporters.language import Language


def on_page(spec: dict[str, Any], language: Language, height: int = 220) -> dict[str, Any]:
    """Return a specification of the bulletin as it fits a page."""
    fitted = {"type": "fit-x", "contains": "padding"}
    return {**spec, "width": "container", "height": height, "autosize": fitted,
            "config": charts.config(language)}  # fmt: skip


def signal(
    fact: SignalFact, alarms: Sequence[dict[str, Any]], unit: str, language: Language
) -> dict[str, Any]:
    """Return the chart of a signal: values, alarms, and the band from expected to threshold.

    The band stands where the detector spoke up, of the periods whose own value it looked at.
    """
    if not of_one_period(fact):
        spec = charts.signal(fact, unit, language)
        spec["layer"] = spec["layer"][:2]  # the threshold is of a sum, no height in this chart
        return on_page(spec, language)
    band = [
        {"t": a["period"].isoformat(), "e": a["expected"], "h": max(0.0, a["threshold"])}
        for a in alarms
    ]
    ends = [row[end] for row in band for end in ("e", "h")]
    spec = charts.signal(fact, unit, language, ends)
    x = {"field": "t", "type": "temporal", "scale": {"type": "utc"}}
    expected = {
        "data": {"values": band},
        "mark": {"type": "rule", "size": 9, "opacity": 0.35, "color": charts.GREY},
        "encoding": {"x": x, "y": {"field": "e", "type": "quantitative"}, "y2": {"field": "h"}},
    }
    spec["layer"] = [expected, *spec["layer"]]
    return on_page(spec, language)


def of_one_period(fact: SignalFact) -> bool:
    """Say whether the strongest alarm is of one period's value, not of a sum over several."""
    return any(value.value == fact.observed for value in fact.history)

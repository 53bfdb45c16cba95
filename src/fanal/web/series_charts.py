"""Charts of the pages: Vega-Lite specifications from series, in the manner of the bulletin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from fanal.edition import Value
from fanal.exporters import axes
from fanal.exporters.axes import Spec
from fanal.exporters.charts import BLUE, GREY, ORANGE, config, strips
from fanal.wording.language import Language

COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", GREY, "#B8860B")
WIDTH = 700  # pixels, about, of a chart that is as wide as its page


def bars(values: Iterable[Value], unit: str, language: Language, height: int = 150) -> Spec:
    """Return one series as bars over time."""
    known = [(v.period, v.value) for v in values if v.value is not None]
    width = axes.bar((period for period, _ in known), WIDTH)
    return _plain(height, language) | {
        "data": {"values": [_row(*pair) for pair in known]},
        "mark": {"type": "bar", "color": BLUE, "width": width, "tooltip": True},
        "encoding": _encoding(known, unit, language),
    }


def lines(
    series: Mapping[str, Iterable[Value]], unit: str, language: Language, height: int = 220
) -> Spec:
    """Return several series by name as lines over time, each with a colour and a sign."""
    known = [
        (v.period, v.value, name)
        for name, values in series.items() for v in values if v.value is not None
    ]  # fmt: skip
    names = list(series)
    told = {"field": "s", "type": "nominal", "title": language.say("series"),
            "sort": names}  # fmt: skip
    below = {"orient": "bottom", "columns": 3, "labelLimit": 260, "title": None}
    colour = told | {
        "scale": {"domain": names, "range": [COLOURS[i % 8] for i in range(len(names))]},
        "legend": below if len(names) > 1 else None,
    }
    return _plain(height, language) | {
        "data": {"values": [_row(period, value) | {"s": name} for period, value, name in known]},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1.6}},
            {"mark": {"type": "point", "filled": True, "size": 18, "tooltip": True}},
        ],
        "encoding": _encoding([pair[:2] for pair in known], unit, language) | {"color": colour},
    }


def multiples(series: Mapping[str, Sequence[Value]], language: Language) -> Spec:
    """Return several series by name, each in a strip of its own on one scale of time."""
    return strips(series, 60, language) | {"config": config(language)}


def _plain(height: int, language: Language) -> Spec:
    return {
        "config": config(language), "width": "container", "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }  # fmt: skip


def _row(period: date, value: float) -> Spec:
    return {"t": period.isoformat(), "v": value}


def _encoding(known: Iterable[tuple[date, float]], unit: str, language: Language) -> Spec:
    pairs = list(known)
    return {
        "x": axes.times((period for period, _ in pairs), language),
        "y": {"field": "v", **axes.amounts((value for _, value in pairs), unit)},
    }

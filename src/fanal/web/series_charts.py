"""Charts of the pages: Vega-Lite specifications from series, in the manner of the bulletin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from fanal.exporters.charts import BLUE, CONFIG, GREY, ORANGE

Rows = Iterable[Mapping[str, Any]]
COLOURS = (BLUE, ORANGE, "#009E73", "#CC79A7", "#E69F00", "#56B4E9", GREY, "#B8860B")
PERIOD: dict[str, Any] = {
    "field": "t", "type": "temporal",
    "axis": {"format": "%m/%Y", "title": None, "grid": False, "labelOverlap": True},
}  # fmt: skip


def bars(rows: Rows, unit: str, height: int = 150) -> dict[str, Any]:
    """Return one series (`period`, `value`) as bars over time."""
    values = [_row(r["period"], r["value"]) for r in rows if r["value"] is not None]
    width = max(1.5, min(18.0, 700 / max(len(values), 1) * 0.7))
    return _plain(height) | {
        "data": {"values": values},
        "mark": {"type": "bar", "color": BLUE, "width": width, "tooltip": True},
        "encoding": {"x": PERIOD, "y": _amount(unit)},
    }


def lines(series: Mapping[str, Rows], unit: str, height: int = 220) -> dict[str, Any]:
    """Return several series by name as lines over time, each with a colour and a sign."""
    values = [
        _row(r["period"], r["value"]) | {"s": name}
        for name, rows in series.items() for r in rows if r["value"] is not None
    ]  # fmt: skip
    names = list(series)
    told = {"field": "s", "type": "nominal", "title": None, "sort": names}
    colour = told | {
        "scale": {"domain": names, "range": [COLOURS[i % 8] for i in range(len(names))]},
        "legend": {"orient": "bottom", "columns": 3, "labelLimit": 260} if len(names) > 1 else None,
    }
    return _plain(height) | {
        "data": {"values": values},
        "layer": [
            {"mark": {"type": "line", "strokeWidth": 1.6}},
            {"mark": {"type": "point", "filled": True, "size": 18, "tooltip": True}},
        ],
        "encoding": {"x": PERIOD, "y": _amount(unit), "color": colour},
    }


def multiples(series: Mapping[str, Rows], unit: str) -> dict[str, Any]:
    """Return several series by name, each in a strip of its own on one scale of time."""
    values = [
        _row(r["period"], r["value"]) | {"s": name}
        for name, rows in series.items() for r in rows if r["value"] is not None
    ]  # fmt: skip
    header = {"title": None, "labelAngle": 0, "labelOrient": "top", "labelAnchor": "start",
              "labelAlign": "left", "labelPadding": 2, "labelLimit": 500}  # fmt: skip
    return {
        "config": CONFIG,
        "data": {"values": values},
        "facet": {
            "row": {"field": "s", "type": "nominal", "sort": list(series), "header": header}
        },
        "spec": {
            "width": 560, "height": 60,
            "mark": {"type": "bar", "color": BLUE, "tooltip": True,
                     "width": max(1.5, min(14.0, 400 / max(1, len(values)) * len(series)))},
            "encoding": {"x": PERIOD, "y": _amount("") | {"axis": {"tickCount": 2}}},
        },
        "resolve": {"scale": {"y": "independent"}},
        "spacing": 12,
    }  # fmt: skip


def ranges(rows: Rows, unit: str) -> dict[str, Any]:
    """Return a row each (`name`, `low`, `middle`, `high`) as a point with its middle half."""
    values = [{"name": r["name"], "lo": r["low"], "m": r["middle"], "hi": r["high"]} for r in rows]
    y = {"field": "name", "type": "nominal", "sort": None, "title": None,
         "axis": {"labelLimit": 170}}  # fmt: skip
    x = {"type": "quantitative", "title": unit, "scale": {"zero": True}}
    return {
        "config": CONFIG,
        "width": "container",
        "height": {"step": 24},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        "layer": [
            {
                "mark": {"type": "bar", "height": 8, "color": BLUE, "opacity": 0.45},
                "encoding": {"y": y, "x": {**x, "field": "lo"}, "x2": {"field": "hi"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "color": BLUE, "opacity": 1},
                "encoding": {"y": y, "x": {**x, "field": "m"}},
            },
        ],
    }


def _plain(height: int) -> dict[str, Any]:
    return {
        "config": CONFIG, "width": "container", "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
    }  # fmt: skip


def _row(period: date, value: float) -> dict[str, Any]:
    return {"t": period.isoformat(), "v": value}


def _amount(unit: str) -> dict[str, Any]:
    return {"field": "v", "type": "quantitative", "title": unit or None}


def first_and_last(rows: Sequence[Mapping[str, Any]]) -> tuple[date, date] | None:
    """Return the span of a series."""
    return (rows[0]["period"], rows[-1]["period"]) if rows else None

"""Pictures of a bulletin: Vega-Lite specifications, drawn once to SVG for HTML and PDF alike.

Colours are Okabe and Ito's, told apart by people with any colour vision and never the only sign;
lines and text are `currentColor`, so that a picture follows a light or a dark page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import as_file, files
from typing import Any

from fanal.edition import Few, FigureFact, PriceFact, SignalFact, Value
from fanal.exporters import axes
from fanal.exporters.axes import Spec
from fanal.series import LEVELS
from fanal.wording.language import Language
from fanal.wording.marks import N_

VEGALITE = "6.4"
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#8A8A8A"
INK = "currentColor"
WIDTH, HEIGHT = 560, 150
CONFIG: Spec = {
    # A picture is described as a whole, and in its language: its marks are nothing by themselves.
    "aria": False,
    "mark": {"aria": False},
    "background": "transparent",
    "font": "Noto Sans",
    "view": {"stroke": None},
    "axis": {
        "labelColor": INK,
        "titleColor": INK,
        "tickColor": INK,
        "domainColor": INK,
        "gridColor": GREY,
        "gridOpacity": 0.25,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "orient": "top"},
    "header": {"labelColor": INK, "titleColor": INK},
    "text": {"color": INK, "fontSize": 11},
    "title": {"color": INK, "fontSize": 12, "anchor": "start", "fontWeight": "normal"},
    "numberFormat": ",",  # of what is shown under the pointer: all its digits, no exponent
}


def config(language: Language) -> Spec:
    """Return how every chart looks, numbers written as the language has them."""
    signs = language.locale.number_symbols["latn"]
    number = {
        "decimal": signs["decimal"],
        "thousands": signs["group"],
        "grouping": [3],
        "currency": language.money(0, "EUR").split("0"),
    }
    return {**CONFIG, "timeFormat": language.digits, "locale": {"number": number}}


def _rows(points: Sequence[Value]) -> list[dict[str, Any]]:
    return [{"t": p.period.isoformat(), "v": p.value} for p in points if p.value is not None]


def signal(fact: SignalFact, unit: str, language: Language, also: Sequence[float] = ()) -> Spec:
    """Return the picture of a signal: what was compared, the alarms marked, the threshold.

    The axis has room for what else is drawn, at the heights `also`.
    """
    silent = fact.direction == "silent"
    untold = fact.lapsed or fact.event or isinstance(fact.threshold, Few)
    if not silent and not untold:
        also = [*also, fact.threshold]
    y = {"field": "v", **axes.amounts((p.value for p in fact.compared), unit, also, room=HEIGHT)}
    encoding = {"x": axes.times((p.period for p in fact.compared), language), "y": y}
    first, last = fact.first.isoformat(), fact.last.isoformat()
    rows = _rows(fact.compared)
    alarmed = [row for row in rows if first <= row["t"] <= last and not fact.lapsed]
    named = N_("expected %(value)s") if fact.gathered else N_("threshold %(value)s")
    label = language.say(named, value=language.number(max(0.0, fact.threshold)))
    line = {"v": max(0.0, fact.threshold), "label": label}
    # Where it stands in nobody's way: a level that fell was about there before.
    beside: Spec = {"align": "left", "x": 4}
    if fact.direction == "down":
        beside = {"align": "right", "x": "width"}
    hidden: list[Spec] = []
    if fact.measure not in LEVELS:
        width = axes.bar((p.period for p in fact.history), WIDTH)
        hidden = _withheld(fact.compared, encoding["x"], y, width)
    layers: list[Spec] = [
        *hidden,
        {"data": {"values": rows}, "mark": _mark(fact, BLUE), "encoding": encoding},
        {"data": {"values": alarmed}, "mark": _mark(fact, ORANGE), "encoding": encoding},
        {
            "data": {"values": [line]},
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": INK, "size": 1.2},
            "encoding": {"y": y},
        },
        {
            "data": {"values": [line]},
            "mark": {"type": "text", **beside, "dy": -6},
            "encoding": {"y": y, "text": {"field": "label"}},
        },
    ]
    if silent or untold:
        del layers[-2:]
    return {"width": WIDTH, "height": HEIGHT, "layer": layers}


def _withheld(points: Sequence[Value], x: Spec, y: Spec, width: float) -> list[Spec]:
    """Return a layer that marks the periods whose number is withheld: they are no zeros."""
    top = y["scale"]["domain"][1]
    rows = [{"t": p.period.isoformat(), "v": top} for p in points if p.value is None]
    if not rows:
        return []
    mark = {"type": "bar", "color": GREY, "opacity": 0.25, "width": width}
    return [{"data": {"values": rows}, "mark": mark, "encoding": {"x": x, "y": y}}]


def _mark(fact: SignalFact, color: str) -> Spec:
    if fact.measure in LEVELS:  # a level, not a count: no bar from zero
        return {"type": "point", "filled": True, "size": 26, "color": color, "opacity": 1}
    width = axes.bar((p.period for p in fact.history), WIDTH)
    return {"type": "bar", "color": color, "width": width}


def _row_name(f: PriceFact, language: Language) -> str:
    where = f", {language.site(f.place)}" if f.place else ""
    return f"{f.substance.in_(language.code)}{where} ({language.amount(f.quantity, f.unit)})"


def prices(facts: Sequence[PriceFact], language: Language) -> Spec:
    """Return medians with their middle half, a row for each substance, place and quantity."""
    rows = [
        {
            "name": _row_name(f, language),
            "m": f.median,
            "lo": f.low,
            "hi": f.high,
            "b": f.before,
        }
        for f in facts
    ]
    y = {
        "field": "name",
        "type": "nominal",
        "sort": None,
        "title": None,
        "axis": {"labelLimit": 320},
    }
    currencies = {f.currency for f in facts}
    title = language.say("price of one unit (%(currency)s)", currency=", ".join(sorted(currencies)))
    told = (v for f in facts for v in (f.median, f.low, f.high, f.before))
    x = axes.amounts(told, title, ticks=8)
    before = [r for r in rows if r["b"] is not None]
    return {
        "data": {"values": rows},
        "width": WIDTH - 210,
        "height": {"step": 22},
        "layer": [
            {
                "mark": {"type": "bar", "height": 8, "color": BLUE, "opacity": 0.45},
                "encoding": {"y": y, "x": {**x, "field": "lo"}, "x2": {"field": "hi"}},
            },
            {
                "data": {"values": before},
                "mark": {
                    "type": "point",
                    "shape": "diamond",
                    "size": 60,
                    "color": ORANGE,
                    "strokeWidth": 1.5,
                },
                "encoding": {"y": y, "x": {**x, "field": "b"}},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 60, "color": BLUE, "opacity": 1},
                "encoding": {"y": y, "x": {**x, "field": "m"}},
            },
        ],
    }


def figure(fact: FigureFact, language: Language) -> Spec:
    """Return the picture of a series of published figures."""
    values = _rows(fact.points)
    periods = [p.period for p in fact.points if p.value is not None]
    mark: Spec = {"type": "line", "color": BLUE, "strokeWidth": 1.5}
    if fact.step == "year" or len(values) == 1:
        mark = {"type": "bar", "color": BLUE, "width": axes.bar(periods, WIDTH)}
    height = 120
    y = axes.amounts((p.value for p in fact.points), fact.unit.in_(language.code), room=height)
    return {
        "data": {"values": values},
        "width": WIDTH,
        "height": height,
        "mark": mark,
        "encoding": {"x": axes.times(periods, language), "y": {"field": "v", **y}},
    }


@cache
def departements() -> dict[str, Any]:
    """Return the map of the départements (IGN, Licence Ouverte); overseas ones are squares."""
    text = files("fanal.exporters").joinpath("maps/departements.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def choropleth(
    values: Mapping[str, float], hidden: set[str], unit: str, language: Language
) -> Spec:
    """Return a map of rates by département in five classes with as many areas each.

    Small cells are left white with a dashed border; areas without a figure are grey.
    """
    features, points = [], []
    for feature in departements()["features"]:
        code = feature["properties"]["code"]
        kind = "value" if code in values else "hidden" if code in hidden else "none"
        features.append({**feature, "properties": {"v": values.get(code), "kind": kind}})
        if feature["properties"].get("inset"):
            # as a point: vega takes it for the south-west corner of the square
            corner = feature["geometry"]["coordinates"][0][0][0]
            name = feature["properties"]["nom"]
            points.append({"x": corner[0] + 1.0, "y": corner[1] + 0.1, "name": name})
    edges = _classes(sorted(values.values()))
    shades = ["#deebf7", "#9ecae1", "#6baed6", "#3182bd", "#08519c"][-(len(edges) + 1) :]
    scale = {"type": "threshold", "domain": edges, "range": shades}
    decimals = max((len(f"{edge:.12f}".rstrip("0").partition(".")[2]) for edge in edges), default=0)
    trim = "~" if edges and edges[-1] >= 100 * edges[0] else ""  # 0.3, 2,200: not 2,200.0
    legend = {"title": unit, "orient": "bottom", "direction": "horizontal",
              "format": f",.{decimals}{trim}f",
              "gradientLength": 400}  # fmt: skip
    # Areas have no names for a screen reader: the text beside the map says what is to be seen.
    outline = {"type": "geoshape", "stroke": INK, "strokeWidth": 0.4}

    def of(kind: str) -> Spec:
        return {"values": [f for f in features if f["properties"]["kind"] == kind]}

    layers: list[Spec] = [
        {
            "data": of("value"),
            "mark": outline,
            "encoding": {
                "color": {
                    "field": "properties.v",
                    "type": "quantitative",
                    "scale": scale,
                    "legend": legend,
                }
            },
        },
        {"data": of("none"), "mark": {**outline, "fill": GREY, "fillOpacity": 0.5}},
        {
            "data": of("hidden"),
            "mark": {**outline, "fill": "#ffffff", "strokeDash": [2, 2], "strokeWidth": 1},
        },
        {
            "data": {"values": points},
            "mark": {
                "type": "text",
                "align": "left",
                "fontSize": 9,
                "color": INK,
                "baseline": "bottom",
            },
            "encoding": {
                "longitude": {"field": "x", "type": "quantitative"},
                "latitude": {"field": "y", "type": "quantitative"},
                "text": {"field": "name"},
            },
        },
    ]
    kept = [layer for layer in layers if layer["data"]["values"]]
    return {
        "width": WIDTH - 120,
        "height": 340,
        "projection": {"type": "mercator"},
        "layer": kept,
    }


def _classes(values: Sequence[float]) -> list[float]:
    """Return where classes of as many values each begin, the first left out; rounded to read."""
    edges = [values[len(values) * k // 5] for k in range(1, 5)] if values else []
    return sorted({float(f"{edge:.2g}") for edge in edges})


def activity(
    kinds: dict[str, tuple[Value, ...]], names: dict[str, str], language: Language
) -> Spec:
    """Return documents read a week, a strip for each kind of source."""
    return strips({names[kind]: points for kind, points in kinds.items()}, 46, language)


def strips(series: Mapping[str, Sequence[Value]], height: int, language: Language) -> Spec:
    """Return series by name, each in a strip of its own on one scale of time."""
    periods = {p.period for points in series.values() for p in points}
    width = axes.bar(periods, WIDTH)
    mark = {"type": "bar", "color": BLUE, "width": width, "tooltip": True}
    x = axes.times(periods, language)

    def strip(name: str, points: Sequence[Value]) -> Spec:
        y = {"field": "v", **axes.amounts((p.value for p in points), None, ticks=2)}
        told = {"data": {"values": _rows(points)}, "mark": mark, "encoding": {"x": x, "y": y}}
        hidden = _withheld(points, x, y, width)
        return {
            "title": {"text": name, "fontSize": 11, "offset": 2, "limit": WIDTH},
            "width": WIDTH,
            "height": height,
            **({"layer": [*hidden, told]} if hidden else told),
        }

    return {
        "vconcat": [strip(name, points) for name, points in series.items()],
        "spacing": 14,
    }


@cache
def _fonts() -> None:
    import vl_convert

    with as_file(files("fanal.exporters").joinpath("fonts")) as folder:
        vl_convert.register_font_directory(str(folder))


def draw(spec: Spec, name: str, language: Language) -> str:
    """Return a specification as SVG, ids beginning with `name`; nothing is fetched."""
    return _drawn(json.dumps(spec | {"config": config(language)}, sort_keys=True), name)


@lru_cache(maxsize=256)  # paper and screen show one drawing
def _drawn(spec: str, name: str) -> str:
    import vl_convert

    _fonts()
    schema = "https://vega.github.io/schema/vega-lite/v6.json"
    svg: str = vl_convert.vegalite_to_svg(
        {"$schema": schema, **json.loads(spec)},
        vl_version=VEGALITE,
        allowed_base_urls=[],
    )
    # What Vega says of a picture is in English; what is said of it stands beside it.
    svg = re.sub(r' aria-label="[^"]*"', "", svg)
    # Several pictures stand in one page: their ids must not meet.
    svg = re.sub(r'\bid="([^"]+)"', rf'id="{name}-\1"', svg)
    svg = re.sub(r"url\(#([^)]+)\)", rf"url(#{name}-\1)", svg)
    return re.sub(r"^<svg ", '<svg aria-hidden="true" focusable="false" ', svg)

"""Explore: any series by any dimension, two at a time, with its table, to take away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from fastapi import Query
from fastapi.responses import Response

from fanal.answers import explore
from fanal.answers.explore import Line
from fanal.edition import Value
from fanal.errors import ConfigError, MissingError
from fanal.exporters import charts as drawing
from fanal.exporters.axes import Spec
from fanal.records import VERSION
from fanal.series import LEVELS, name_of, parts_of
from fanal.web import labels, series_charts
from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.language import Language, alphabetical
from fanal.wording.marks import N_

pages = Pages(N_("Explore"), home="/explore")
ROWS = 60  # of the table beside the chart
MANY = 8  # lines in one chart
STEPS = {"month": N_("month"), "week": N_("week"), "year": N_("year")}
CHOICES = {  # where measures stand beside each other
    "mentions": N_("documents that name a substance"),
    "practices": N_("documents that speak of a practice"),
    "platforms": N_("documents that name an app"),
    "places": N_("documents that name a place"),
}
TYPES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}


@dataclass(frozen=True, slots=True)
class Explored(Content):
    """A choice of series, their chart and their table."""

    template: ClassVar[str] = "explore.html.j2"
    measure: str
    measures: list[tuple[str, str]]
    concept: str
    other: str
    concepts: list[tuple[str, str]]
    by: str
    bys: list[tuple[str, str]]
    step: str
    steps: list[tuple[str, str]]
    share: bool
    apart: bool
    title: str
    picture: Spec | None
    alt: str
    columns: list[tuple[str, bool]]
    rows: list[list[Any]]
    dropped: int  # lines left out of the chart
    withheld: int  # values that are not shown
    coarser: bool  # so many are withheld that the total alone says more
    source: str
    downloads: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Asked:
    """What was chosen."""

    measure: str
    step: str
    concept: str
    other: str
    by: str
    share: bool
    apart: bool


def _asked(visit: Visit, measure: str, step: str, what: str, other: str, by: str, share: str,
           layout: str) -> tuple[_Asked, list[str]]:  # fmt: skip
    measure = measure if measure in explore.MEASURES else "mentions"
    found = explore.concepts(visit.ws, measure, step if step in STEPS else "month")
    if not found:  # yearly figures, or samples that are counted by month
        for step in STEPS:
            found = explore.concepts(visit.ws, measure, step)
            if found:
                break
    step = step if step in STEPS else "month"
    what = what if what in found else (found[0] if found else "")
    other = other if other in found and other != what else ""
    by = by if by in explore.BY else ""
    return _Asked(measure, step, what, other, by, share == "share", layout == "apart"), found


def _lines(visit: Visit, asked: _Asked, least: int) -> dict[str, Line]:
    """Return the lines that were asked for, by what people call them."""
    found: dict[str, Line] = {}
    for concept in filter(None, (asked.concept, asked.other)):
        for line in explore.lines(visit.ws, concept, asked.by, least):
            found[labels.series(visit, line.series)] = line
    return found


def _values(line: Line, share: bool) -> list[Value]:
    """Return the values of a line, or what they are for a thousand of what was read."""
    return [
        Value(period, value * 1000 / of if share and of else value)
        for period, value, of in line.points if not share or of
    ]  # fmt: skip


def _unit(visit: Visit, asked: _Asked) -> str:
    measure = labels.measure(visit, asked.measure)
    return visit.say("%(measure)s, per thousand", measure=measure) if asked.share else measure


def _picture(asked: _Asked, shown: dict[str, list[Value]], unit: str, language: Language) -> Spec:
    if asked.apart and len(shown) > 1:
        return series_charts.multiples(shown, language)
    if len(shown) == 1 and asked.measure not in LEVELS:
        return series_charts.bars(next(iter(shown.values())), unit, language, 260)
    return series_charts.lines(shown, unit, language, 280)


def _source(visit: Visit, lines: dict[str, Line]) -> str:
    days = [p[0] for line in lines.values() for p in line.points]
    span = f"{visit.day(min(days))} – {visit.day(max(days))}" if days else ""
    made = visit.day(datetime.now(UTC))
    return visit.say(
        "Source: %(title)s, %(span)s. Fanal %(version)s, %(made)s.",
        title=visit.ws.settings.title,
        span=span,
        version=VERSION,
        made=made,
    )


@pages.shows("/explore", SEE)
def show(
    visit: Visiting, measure: str = "mentions", step: str = "month", what: str = "",
    other: str = "", by: str = "", share: str = "", layout: str = "",
) -> Response:  # fmt: skip
    """Show series."""
    asked, found = _asked(visit, measure, step, what, other, by, share, layout)
    every = _lines(visit, asked, visit.least) if asked.concept else {}
    if asked.by and not asked.other:  # the title says of what
        every = {
            labels.value(visit, asked.by, parts_of(line.series)[1][asked.by]): line
            for line in every.values()
        }
    ranked = sorted(every.items(), key=lambda pair: -sum(p[1] for p in pair[1].points))
    lines = dict(ranked[:MANY])
    shown = {name: _values(line, asked.share) for name, line in lines.items()}
    unit = _unit(visit, asked)
    hidden = sum(len(line.withheld) for line in lines.values())
    told = sum(len(line.points) for line in lines.values())
    title = " / ".join(labels.series(visit, c) for c in (asked.concept, asked.other) if c)
    concepts = [(c, labels.series(visit, c)) for c in found]
    query = visit.request.url.query
    return visit.render(
        Explored(
            asked.measure,
            [(m, visit.say(CHOICES[m]) if m in CHOICES else labels.measure(visit, m))
             for m in explore.MEASURES],
            asked.concept, asked.other,
            sorted(concepts, key=lambda pair: _order(visit, *pair)),
            asked.by,
            [("", visit.say("in all"))]
            + [(d, visit.say(labels.DIMENSIONS[d])) for d in explore.BY],
            asked.step, [(s, visit.say(words)) for s, words in STEPS.items()],
            asked.share, asked.apart, title,
            _picture(asked, shown, unit, visit.language) if any(shown.values()) else None,
            _alt(visit, title, unit, shown),
            [(visit.say("Period"), False), *((name, True) for name in lines)],
            _rows(visit, asked, lines),
            len(every) - len(lines), hidden, hidden > (told + hidden) / 3,
            _source(visit, lines),
            [(kind, f"/explore.{kind}{'?' + query if query else ''}") for kind in TYPES],
        )
    )  # fmt: skip


def _order(visit: Visit, concept: str, named: str) -> tuple[str, float, str]:
    """Return what orders concepts: by their names, quantities of one from the least on."""
    measure, dimensions, step = parts_of(concept)
    band = dimensions.pop("band", "")
    if band:
        named = labels.series(visit, name_of(measure, dimensions, step))
    return alphabetical(named), float(band or 0), concept


def _alt(visit: Visit, title: str, unit: str, shown: dict[str, list[Value]]) -> str:
    said = []
    for name, values in list(shown.items())[:4]:
        if values:
            top = max(values, key=lambda v: v.value or 0.0)
            high = visit.language.number(top.value or 0.0)
            when = visit.language.day(top.period, "month")
            said.append(
                visit.say("%(name)s: %(high)s at most, %(when)s", name=name, high=high, when=when)
            )
    return f"{title}, {unit}. " + visit.language.parts(said)


def _rows(visit: Visit, asked: _Asked, lines: dict[str, Line]) -> list[list[Any]]:
    """Return the table: a row for each period, the latest first, a column for each line."""
    columns = [{v.period: v.value for v in _values(line, asked.share)} for line in lines.values()]
    few = visit.say("withheld")
    periods = sorted(
        {p for c in columns for p in c} | {p for line in lines.values() for p in line.withheld},
        reverse=True,
    )
    precision = asked.step if asked.step != "week" else "day"
    rows: list[list[Any]] = []
    for period in periods[:ROWS]:
        cells: list[Any] = [visit.language.day(period, precision)]
        for column, line in zip(columns, lines.values(), strict=True):
            value = column.get(period)
            told = None if value is None else visit.language.number(value)
            cells.append(few if period in line.withheld else told)
        rows.append(cells)
    return rows


@pages.shows("/explore.{kind}", SEE)
def take(
    visit: Visiting, kind: str, measure: str = "mentions", step: str = "month", what: str = "",
    other: str = "", by: str = "", share: str = "", layout: str = Query(default=""),
) -> Response:  # fmt: skip
    """Give series as CSV, PNG or SVG; what leaves never tells a small count of persons."""
    if kind not in TYPES:
        raise ConfigError(f"no download of the kind {kind!r}", allowed=", ".join(TYPES))
    asked, _ = _asked(visit, measure, step, what, other, by, share, layout)
    lines = _lines(visit, asked, visit.ws.settings.small_number) if asked.concept else {}
    if not lines:
        raise MissingError("nothing was counted under this name")
    source = _source(visit, lines)
    visit.ws.audit("export", {"series": [line.series for line in lines.values()], "kind": kind})
    content: str | bytes
    if kind == "csv":
        least = visit.ws.settings.small_number
        head = visit.say("series|measure|period|value|denominator|note|source").split("|")
        untold = visit.say("withheld: fewer than %(least)s, or would tell one that is", least=least)
        measured = labels.measure(visit, asked.measure)
        content = "\ufeff" + explore.as_csv(lines, measured, source, head, untold)
    else:
        content = _drawn(visit, asked, lines, source, kind)
    name = f"fanal-{asked.measure}-{date.today():%Y-%m-%d}.{kind}"  # noqa: DTZ011
    told = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=TYPES[kind], headers=told)


def _drawn(
    visit: Visit, asked: _Asked, lines: dict[str, Line], source: str, kind: str
) -> str | bytes:
    import vl_convert  # draws without a browser: loaded only where a picture is wanted

    ranked = sorted(lines.items(), key=lambda pair: -sum(p[1] for p in pair[1].points))[:MANY]
    shown = {name: _values(line, asked.share) for name, line in ranked}
    spec = _picture(asked, shown, _unit(visit, asked), visit.language)
    spec |= {"title": {"text": " / ".join(shown) if len(shown) < 3 else parts_of(asked.concept)[0],
                       "subtitle": source, "anchor": "start", "subtitleColor": "#545d61",
                       "limit": 800}}  # fmt: skip
    if spec.get("width") == "container":
        spec["width"] = 800
    svg = drawing.draw(spec, "explore", visit.language).replace("currentColor", "#1b2023")
    if kind == "svg":
        return svg
    png: bytes = vl_convert.svg_to_png(svg, scale=2.0)
    return png

"""Series by their names, and the periods that they are counted by.

A series has the canonical name `measure/dimension=value/…/step`, dimensions in alphabetical order.
What it is about, without where and how it was counted, is its concept: `substance=x`.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import pyarrow as pa

from fanal.records import Phenomenon
from fanal.thesaurus import Thesaurus

# measure: dimension, column of the observations, their kind
COUNTED = {
    "mentions": ("substance", "substance", "mention"),
    "practices": ("practice", "code", "practice"),
    "platforms": ("platform", "platform", "platform"),
    "places": ("place", "place", "place"),
}
LEVELS = ("price", "purity", "strength")  # measures of one typical value: medians, never added
FAMILY = {"documents": "silence", "expected": "expected", "missold": "missold",
          "changed": "changed"} | {level: level for level in LEVELS}  # fmt: skip
NAMED = {"missold", "changed"}  # measures of what is sold under a name
PAIR = "together"  # a signal about two things: `together practice=… substance=…`
LINEAGE = pa.schema(
    [("substance", pa.string()), ("dimension", pa.string()), ("wider", pa.string())]
)
DIMENSIONS = {dimension: measure for measure, (dimension, _, _) in COUNTED.items()} | {
    "group": "mentions",
    "class": "mentions",
}


ABOUT = (*DIMENSIONS, "source", "name")

# step: the month in which the period of each month ends
ENDS_IN: dict[str, Sequence[int]] = {
    "month": range(1, 13), "quarter": [3] * 3 + [6] * 3 + [9] * 3 + [12] * 3, "year": [12] * 12,
}  # fmt: skip


def name_of(measure: str, dimensions: Mapping[str, str], step: str) -> str:
    """Return the canonical name of a series."""
    parts = [f"{key}={value}" for key, value in sorted(dimensions.items())]
    return "/".join([measure, *parts, step])


def parts_of(series: str) -> tuple[str, dict[str, str], str]:
    """Return measure, dimensions and step of a canonical name."""
    measure, *pairs, step = series.split("/")
    return measure, dict(pair.split("=", 1) for pair in pairs), step


def lineage(thesaurus: Thesaurus) -> pa.Table:
    """Return under which wider concepts each substance counts: `substance`, `dimension`, `wider`.

    A group counts its own name too: people say “nitazenes” without knowing which.
    """
    rows: list[dict[str, str]] = []
    groups = {s.parent for s in thesaurus.substances.values() if s.parent}
    for name, substance in thesaurus.substances.items():
        above = (name, *thesaurus.ancestors(name)) if name in groups else thesaurus.ancestors(name)
        rows += [{"substance": name, "dimension": "group", "wider": wider} for wider in above]
        rows.append({"substance": name, "dimension": "class", "wider": substance.klass})
    return pa.Table.from_pylist(rows, LINEAGE)


def concept_of(series: str) -> str:
    """Return what a series is about: its dimensions without site, kind and quantity band.

    Ways of counting one thing share a concept; its price and its purity are things of their own.
    """
    measure, dimensions, _ = parts_of(series)
    apart: tuple[str, ...] = ("site", "kind", "band", "area")
    if measure == "documents":
        apart = ()
    elif "substance" in dimensions:
        # A published figure, or a rule of danger, on a substance is about that substance.
        apart = (*apart, "name", "rule")
    told = [f"{k}={v}" for k, v in dimensions.items() if k not in apart]
    prefix = PAIR if measure == PAIR else FAMILY.get(measure, "")
    return " ".join([prefix, *told]).strip() or measure


def about(concept: str) -> dict[str, str]:
    """Return what a concept is about, by dimension.

    >>> about("expected name=usage de stupéfiants, substance=lsd")
    {'name': 'usage de stupéfiants', 'substance': 'lsd'}
    """
    return dict(part.split("=", 1) for part in pieces(concept) if "=" in part)


def pieces(concept: str) -> list[str]:
    """Return what a concept, or several, is made of: `substance=x`; a value may hold blanks."""
    return [part for part in re.split(r"[\s,]+(?=[a-z]+=)", concept.strip(" ,")) if part]


def halves(concept: str) -> set[str]:
    """Return the concepts of the two things that a pair is of; of another concept itself."""
    return {part.replace("with=", "substance=") for part in pieces(concept.removeprefix(PAIR))}


def site_of(series: str) -> str:
    """Return the site or area of a series, empty where it is of all."""
    dimensions = parts_of(series)[1]
    return dimensions.get("site") or dimensions.get("area", "")


def ties(phenomenon: Phenomenon, concept: str, place: str) -> bool:
    """Say whether a signal of this concept and place is about a phenomenon."""
    theirs, mine = (set(pieces(text)) for text in (phenomenon.concept, concept))
    families = set(FAMILY.values())
    if theirs & families != mine & families:
        return False  # what we said of a substance says nothing of its price
    both = {part for part in theirs & mine if part.split("=")[0] in ABOUT}
    sites = {site.strip() for site in phenomenon.sites.split(",")} - {""}
    return bool(both) and (not sites or not place or place in sites)


def end_of(period: date, step: str) -> date:
    """Return the last day of a week, month, quarter or year; of anything else the day itself."""
    if step == "week":
        return period + timedelta(days=6)
    if step not in ENDS_IN:
        return period
    month = ENDS_IN[step][period.month - 1]
    return period.replace(month=month, day=monthrange(period.year, month)[1])


def earlier(period: date, step: str, n: int) -> date:
    """Return the first day of the period that lies `n` before another (after it, if negative)."""
    if step == "week":
        return period - timedelta(weeks=n)
    months = period.year * 12 + period.month - 1 - n * {"year": 12, "quarter": 3}.get(step, 1)
    return date(months // 12, months % 12 + 1, 1)


def summed(parameters: str) -> int:
    """Return how many periods the count of an alarm is the sum of.

    A detector that sums says so as `window` in the parameters of its alarms.

    >>> summed('{"alpha": 0.01, "window": 4}'), summed("{}")
    (4, 1)
    """
    return int(json.loads(parameters or "{}").get("window", 1))


def reaches(parameters: str) -> timedelta:
    """Return how far back the past lies that an alarm was compared with; all of it, if not told.

    A detector says so as `past`, in days, in the parameters of its alarms.

    >>> reaches('{"past": 392}').days, reaches("{}") == timedelta.max
    (392, True)
    """
    told = json.loads(parameters or "{}").get("past")
    return timedelta(days=told) if told else timedelta.max


def budgeted(parameters: str) -> bool:
    """Say whether a signal counts in the budget of a session: some come on top of it.

    >>> budgeted('{"budgeted": false}'), budgeted("{}")
    (False, True)
    """
    return bool(json.loads(parameters or "{}").get("budgeted", True))


def stretch(period: date, step: str, parameters: str) -> tuple[date, date]:
    """Return the first and the last day of what an alarm's count is of."""
    return earlier(period, step, summed(parameters) - 1), end_of(period, step)

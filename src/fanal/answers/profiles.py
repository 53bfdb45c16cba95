"""What the observatory knows of one substance, read from what was counted.

Posts name it, sellers ask prices, laboratories look inside, official tables count, and earlier
reports spoke of it. None of these measures how much is used; side by side they say what is
congruent and what is not. Points are read, not evidence, so that a page over a million documents
comes at once; `following` turns a link into the rows behind a figure.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fanal.answers import ends, told_sums
from fanal.answers.prices import BANDS, LEAST_PRICES, Asked, asked, latest, quarter
from fanal.answers.withholding import Span
from fanal.edition import Few, Value
from fanal.errors import MissingError
from fanal.laboratory.findings import members, prepare, wilson
from fanal.observatory import Observatory
from fanal.people.triage import SignalRow
from fanal.records import Document, Observation, Phenomenon, Repost
from fanal.series import parts_of, ties
from fanal.wording.marks import N_

ROWS = 12
LIMITS = {  # part: what its figures do not say
    "mentions": N_("Documents that name it, reposts counted once; neither uses nor sales."),
    "prices": N_("Prices asked in posts or paid as users say; never verified."),
    "contents": N_(
        "Samples brought to a service: no random draw. A result below the limit of "
        "detection does not count as found."
    ),
    "offences": N_(
        "Published figures: the activity of services as much as of the phenomenon. "
        "Figures that name no substance are about all of them."
    ),
    "phenomena": N_(
        "What this observatory or an earlier report established; dated by the year it says."
    ),
    "signals": N_("Grouped alarms, to be verified: a signal is not yet an event."),
}


@dataclass(frozen=True, slots=True)
class Discount:
    """What one unit costs where more are bought."""

    band: float  # first quantity of the band
    price: float  # median of the quarter
    prices: int
    share: float | None  # less than the smallest quantity: 0.2 is a fifth off


@dataclass(frozen=True, slots=True)
class Prices:
    """Unit prices of a substance in one unit and currency, by quantity band."""

    unit: str
    currency: str
    first: date  # of the quarter that the curve is of
    last: date
    bands: dict[float, list[Value]]  # band: monthly medians
    curve: tuple[Discount, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """How often a substance was named and found, of late and before.

    Of late are the twelve months that end with the evidence, before the twelve before them. None
    where nothing was named or found, or where these months were not all read.
    """

    substance: str
    mentions: float | None  # documents that name it of late, as may be told
    read: float | None  # documents read of late, as may be told
    before: float | None  # as `mentions`
    read_before: float | None  # as `read`
    found: float | None  # samples with it, ever


@dataclass(frozen=True, slots=True)
class Share:
    """Samples with one substance, or sold under one name, with the 95 % interval of their share."""

    substance: str | None  # id; None: a name that the thesaurus does not know
    samples: int
    of: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Contents:
    """How much of a substance was measured in samples of one form and year."""

    unit: str
    form: str | None
    year: int | None
    n: int
    minimum: float  # in `unit`
    median: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Laboratory:
    """What laboratories say of a substance."""

    inside: tuple[Share, ...]  # what was found in what is sold as it, most first
    names: tuple[Share, ...]  # what samples that hold it were sold as
    contents: tuple[Contents, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A practice told in the documents that name a substance."""

    code: str
    documents: int
    of: int  # that name it; 0: not told


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure, the latest and the first of its table."""

    name: str
    area: str
    unit: str
    source: str
    revision: str  # latest edition
    period: date  # first day of the latest period
    value: float  # in `unit`
    first: date
    value_first: float


def listed(ws: Observatory, least: int) -> list[Told]:
    """Return the substances that were named or found, most named first.

    What would tell a count of persons below `least`, or help to compute it, is `Few` or `Untold`.
    """
    rows = ws.tables.rows(
        """
        WITH told AS (
          SELECT regexp_extract(series, 'substance=([^/]+)/month$', 1) AS substance, period, value,
                 denominator, split_part(series, '/', 1) AS measure,
                 period > $year AND period <= $last AS late,
                 period > $earlier AND period <= $year AND
                   (SELECT min(period) FROM points WHERE series = 'documents/month')
                   <= $earlier + INTERVAL 1 MONTH AS early
          FROM points
          WHERE regexp_full_match(series, '(mentions|found)/substance=[^/]+/month')
        )
        SELECT substance,
               sum(value) FILTER (measure = 'mentions' AND late) AS mentions,
               sum(denominator) FILTER (measure = 'mentions' AND late) AS read,
               sum(value) FILTER (measure = 'mentions' AND early) AS before,
               sum(denominator) FILTER (measure = 'mentions' AND early) AS read_before,
               sum(value) FILTER (measure = 'found') AS found
        FROM told GROUP BY substance ORDER BY mentions DESC NULLS LAST, found DESC, substance
        """,
        _years(ends.last_day(ws)),
    )
    known = ws.thesaurus().substances
    found = [Told(**row) for row in rows if row["substance"] in known]
    if least <= 1:
        return found
    late, early = told_sums.late_years(ws)
    read = told_sums.read(ws, least)
    named = told_sums.named(ws, least)
    return [_as_told(one, named[late] | read[late], named[early] | read[early]) for one in found]


def _as_told(one: Told, late: dict[str, int], early: dict[str, int]) -> Told:
    """Return what is known of a substance with its counts as they may be told."""

    def told(n: float | None, counts: dict[str, int], series: str) -> float | None:
        as_told = counts.get(series)
        return as_told if n and isinstance(as_told, Few) else n

    name, read = f"mentions/substance={one.substance}/month", "documents/month"
    return replace(
        one,
        mentions=told(one.mentions, late, name),
        read=told(one.read, late, read),
        before=told(one.before, early, name),
        read_before=told(one.read_before, early, read),
    )


def _years(last: date) -> dict[str, date]:
    """Return the month of a day, and the same one a year and two years before."""
    month = last.replace(day=1)
    return {"last": month, "year": month.replace(year=month.year - 1),
            "earlier": month.replace(year=month.year - 2)}  # fmt: skip


def require(ws: Observatory, substance: str) -> None:
    """Refuse an id that the thesaurus does not have.

    Raises:
        MissingError: it has none.
    """
    if substance not in ws.thesaurus().substances:
        raise MissingError("the thesaurus has no such substance")


def of_late(ws: Observatory, substance: str) -> tuple[date, date, list[Asked]]:
    """Return the quarter that ends with the evidence and the prices asked in it.

    Where it has too few of every quantity, the last quarter that has enough.
    """
    last = ends.last_day(ws)
    found = asked(ws.tables, quarter(last), last, substance)
    if not any(p.n >= LEAST_PRICES for p in found):
        last = latest(ws.tables, substance, last) or last
        found = asked(ws.tables, quarter(last), last, substance)
    return quarter(last), last, found


def prices(ws: Observatory, substance: str) -> list[Prices]:
    """Return its unit prices by unit and currency, the most observed first."""
    first, last, late = of_late(ws, substance)
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points WHERE starts_with(series, 'price/') "
        "AND contains(series, $what) AND ends_with(series, '/month') "
        "AND NOT contains(series, '/site=') ORDER BY period",
        {"what": f"/substance={substance}/"},
    )
    groups: dict[tuple[str, str], dict[float, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        _, of, _ = parts_of(row["series"])
        groups[of["unit"], of["currency"]][float(of["band"])].append(_value(row))
    by: dict[tuple[str, str], list[Asked]] = defaultdict(list)
    for p in late:
        if p.n >= LEAST_PRICES:
            by[p.unit, p.currency].append(p)
    found = [
        Prices(unit, currency, first, last, dict(sorted(groups[unit, currency].items())),
               _curve(steps))
        for (unit, currency), steps in by.items()
    ]  # fmt: skip
    return sorted(found, key=lambda p: (-sum(d.prices for d in p.curve), p.unit, p.currency))


def _curve(steps: list[Asked]) -> tuple[Discount, ...]:
    usual = BANDS["g"][1] if steps[0].unit == "g" else 0.0  # a gram, one tablet
    one = next((p.median for p in steps if p.band >= usual), steps[0].median)
    return tuple(
        Discount(p.band, p.median, p.n, 1 - p.median / one if p.median != one else None)
        for p in steps
    )


_INSIDE = """
WITH named AS (SELECT id FROM analysed WHERE list_contains($ids, sold_as))
SELECT f.substance, count(DISTINCT n.id) AS samples, (SELECT count(*) FROM named) AS of
FROM named n JOIN found f ON f.sample = n.id
WHERE f.substance IS NOT NULL GROUP BY ALL ORDER BY samples DESC, 1
"""
_NAMES = """
WITH holding AS (SELECT DISTINCT sample FROM found WHERE list_contains($ids, substance))
SELECT a.sold_as AS substance, count(*) AS samples, (SELECT count(*) FROM holding) AS of
FROM analysed a JOIN holding h ON h.sample = a.id GROUP BY ALL ORDER BY samples DESC, 1
"""


def laboratory(ws: Observatory, substance: str) -> Laboratory:
    """Return what laboratories say: sold as it and found, found and sold as, how much."""
    ids = sorted(members(substance))
    asked = {"ids": ids}
    with ws.tables.connect() as connection:
        prepare(connection)
        inside, names = (
            connection.sql(query, params=asked).to_arrow_table().to_pylist()
            for query in (_INSIDE, _NAMES)
        )
    contents = ws.tables.rows(
        "SELECT r.unit, s.form, year(s.day) AS year, count(*) AS n, min(r.amount) AS minimum, "
        "median(r.amount) AS median, max(r.amount) AS maximum FROM found r "
        "JOIN samples s ON s.id = r.sample WHERE list_contains($ids, r.substance) "
        "AND r.amount > 0 AND r.unit IS NOT NULL AND r.unit <> 'parts' "
        "AND r.role IN ('main', 'minor') GROUP BY ALL ORDER BY r.unit, s.form, year DESC",
        asked,
    )
    return Laboratory(
        tuple(map(_share, inside[:ROWS])),
        tuple(map(_share, names[:ROWS])),
        tuple(Contents(**row) for row in contents[: 3 * ROWS]),
    )


def _share(row: dict[str, Any]) -> Share:
    low, high = wilson(row["samples"], row["of"])
    return Share(row["substance"], row["samples"], row["of"], low, high)


def practices(ws: Observatory, substance: str, least: int) -> list[Beside]:
    """Return the practices told in the documents that name it, reposts once.

    Of how many is 0 where that would tell a count of persons below `least`.
    """
    counted = told(ws)
    named = counted.named.get(substance, 0)
    if least > 1:
        ever = told_sums.named(ws, least)[Span("month", *told_sums.ALWAYS)]
        if isinstance(ever.get(f"mentions/substance={substance}/month"), Few):
            named = 0
    found = sorted(counted.beside.get(substance, {}).items(), key=lambda pair: (-pair[1], pair[0]))
    return [Beside(code, n, named) for code, n in found[:ROWS]]


@dataclass(frozen=True, slots=True)
class Practices:
    """How many documents name each substance, and tell of each practice beside it."""

    named: dict[str, int]  # substance: documents
    beside: dict[str, dict[str, int]]  # substance: code of the practice: documents


def told(ws: Observatory) -> Practices:
    """Return how many documents name each substance, and tell of each practice beside it."""
    naming = "SELECT DISTINCT substance, first FROM facts WHERE kind = 'mention'"
    beside = f"""
        SELECT n.substance, o.code, count(*) AS documents FROM ({naming}) n JOIN (
          SELECT DISTINCT code, first FROM facts WHERE kind = 'practice'
        ) o ON o.first = n.first WHERE n.substance IS NOT NULL AND o.code IS NOT NULL
        GROUP BY n.substance, o.code ORDER BY n.substance, o.code
    """
    named = f"""
        SELECT substance, count(*) AS n FROM ({naming}) WHERE substance IS NOT NULL
        GROUP BY substance ORDER BY substance
    """

    def make() -> dict[str, Any]:
        counts = {row["substance"]: row["n"] for row in ws.tables.rows(named)}
        practices: dict[str, dict[str, int]] = defaultdict(dict)
        for row in ws.tables.rows(beside):
            practices[row["substance"]][row["code"]] = row["documents"]
        return {"named": counts, "beside": practices}

    return Practices(**ws.tables.kept("practices told", (Document, Observation, Repost), make))


def figures(ws: Observatory, substance: str) -> list[Figure]:
    """Return published figures about it (offences, seizures, deaths, …), the latest of each."""
    rows = ws.tables.rows(
        """
        WITH latest AS (
          SELECT * FROM indicators WHERE list_contains($ids, substance) AND value IS NOT NULL
          QUALIFY row_number() OVER (
            PARTITION BY name, area, unit, source, substance, step, period
            ORDER BY revision DESC, value DESC) = 1
        )
        SELECT name, area, unit, source, max(revision) AS revision, max(period) AS period,
               arg_max(value, period) AS value, min(period) AS first,
               arg_min(value, period) AS value_first
        FROM latest GROUP BY name, area, unit, source, substance, step
        ORDER BY max(period) DESC, name, area, source, unit, substance, step LIMIT 40
        """,
        {"ids": sorted(members(substance))},
    )
    return [Figure(**row) for row in rows]


def purities(ws: Observatory, substance: str) -> dict[str, list[Value]]:
    """Return its median purity by month, by what says so."""
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points "
        "WHERE starts_with(series, 'purity/') AND ends_with(series, $end) "
        "AND NOT contains(series, '/site=') ORDER BY period",
        {"end": f"/substance={substance}/month"},
    )
    found: dict[str, list[Value]] = defaultdict(list)
    for row in rows:
        found[parts_of(row["series"])[1]["basis"]].append(_value(row))
    return dict(found)


def _value(point: dict[str, Any]) -> Value:
    return Value(point["period"], point["value"], point["denominator"])


def concerned(ws: Observatory, substance: str) -> list[SignalRow]:
    """Return the signals about it and about the families that it is of, by rank."""
    thesaurus = ws.thesaurus()
    families = thesaurus.ancestors(substance) if substance in thesaurus.substances else ()
    concepts = {f"substance={one}" for one in (substance, *families)}
    return [s for s in ws.signals() if not concepts.isdisjoint(s.concept.split())]


def said(ws: Observatory, substance: str) -> list[Phenomenon]:
    """Return what was said of it before, the latest first."""
    found = [p for p in ws.phenomena() if ties(p, f"substance={substance}", "")]
    return sorted(found, key=lambda p: (-p.year, p.title))

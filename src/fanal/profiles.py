"""One substance as a page shows it, read from what was counted.

`fanal.substances.about` reads the evidence itself, with a link to each row; here the points are
read, so that a page over a million documents comes at once.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from fanal import signals
from fanal.counting import BANDS, parts_of
from fanal.errors import MissingError
from fanal.findings import members, wilson
from fanal.records import Observation, Phenomenon

if TYPE_CHECKING:
    from fanal.workspace import Workspace

RECENT = timedelta(days=183)  # prices of late
LEAST_PRICES = 5  # fewer of one quantity are no market
ROWS = 12


@dataclass(frozen=True, slots=True)
class Discount:
    """What one unit costs where more are bought."""

    band: float  # first quantity of the band
    price: float  # median of the recent monthly medians
    prices: int
    share: float | None  # less than the smallest quantity: 0.2 is a fifth off


@dataclass(frozen=True, slots=True)
class Prices:
    """Unit prices of a substance in one unit and currency, by quantity band."""

    unit: str
    currency: str
    bands: dict[float, list[dict[str, Any]]]  # band: monthly medians (period, value)
    curve: tuple[Discount, ...]


def listed(ws: Workspace) -> list[dict[str, Any]]:
    """Return the substances that were named or found, with how often of late and before."""
    rows = ws.tables.rows(
        """
        WITH told AS (
          SELECT regexp_extract(series, 'substance=([^/]+)/month$', 1) AS substance, period, value,
                 split_part(series, '/', 1) AS measure
          FROM points
          WHERE regexp_full_match(series, '(mentions|found)/substance=[^/]+/month')
        ), last AS (SELECT max(period) AS day FROM told WHERE value > 0)
        SELECT substance,
               sum(value) FILTER (measure = 'mentions' AND period > day - INTERVAL 12 MONTH)
                 AS mentions,
               sum(value) FILTER (measure = 'mentions' AND period <= day - INTERVAL 12 MONTH
                 AND period > day - INTERVAL 24 MONTH) AS before,
               sum(value) FILTER (measure = 'found') AS found
        FROM told, last GROUP BY substance ORDER BY mentions DESC NULLS LAST, found DESC, substance
        """
    )
    known = ws.thesaurus().substances
    return [row for row in rows if row["substance"] in known]


def require(ws: Workspace, substance: str) -> None:
    """Refuse an id that the thesaurus does not have.

    Raises:
        MissingError: it has none.
    """
    if substance not in ws.thesaurus().substances:
        raise MissingError("the thesaurus has no such substance")


def mentions(ws: Workspace, substance: str) -> list[dict[str, Any]]:
    """Return how many documents name it, by month."""
    return ws.tables.rows(
        "SELECT period, value, denominator FROM points WHERE series = $series ORDER BY period",
        {"series": f"mentions/substance={substance}/month"},
    )


def prices(ws: Workspace, substance: str) -> list[Prices]:
    """Return its unit prices by unit and currency, the most observed first."""
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points WHERE starts_with(series, 'price/') "
        "AND contains(series, $what) AND ends_with(series, '/month') "
        "AND NOT contains(series, '/site=') ORDER BY period",
        {"what": f"/substance={substance}/"},
    )
    groups: dict[tuple[str, str], dict[float, list[dict[str, Any]]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for row in rows:
        _, dimensions, _ = parts_of(row["series"])
        groups[dimensions["unit"], dimensions["currency"]][float(dimensions["band"])].append(row)
    found = [
        Prices(unit, currency, dict(sorted(bands.items())), _curve(bands))
        for (unit, currency), bands in groups.items()
    ]
    kept = [p for p in found if p.curve]
    return sorted(kept, key=lambda p: -sum(d.prices for d in p.curve))


def _curve(bands: dict[float, list[dict[str, Any]]]) -> tuple[Discount, ...]:
    last = max(row["period"] for rows in bands.values() for row in rows)
    steps: list[tuple[float, float, int]] = []
    for band, rows in sorted(bands.items()):
        late = [row for row in rows if row["period"] > last - RECENT]
        number = int(sum(row["denominator"] or 0 for row in late))
        if number >= LEAST_PRICES:
            values = sorted(row["value"] for row in late)
            middle = len(values) // 2
            median = values[middle] if len(values) % 2 else sum(values[middle - 1 : middle + 1]) / 2
            steps.append((band, median, number))
    if not steps:
        return ()
    one = next((price for band, price, _ in steps if band >= min(BANDS["g"][1], 1)), steps[0][1])
    return tuple(
        Discount(band, price, number, 1 - price / one if price != one else None)
        for band, price, number in steps
    )


def laboratory(ws: Workspace, substance: str) -> dict[str, Any]:
    """Return what laboratories say: sold as it and found, found and sold as, how much."""
    ids = sorted(members(substance))
    asked: dict[str, Any] = {"ids": ids}
    found = """
        found AS (
          SELECT DISTINCT sample, substance FROM results
          WHERE substance IS NOT NULL AND role <> 'none' AND NOT censored
        ), analysed AS (SELECT * FROM samples WHERE id IN (SELECT sample FROM results))
    """
    inside = ws.tables.rows(
        f"WITH {found}, named AS (SELECT id FROM analysed WHERE list_contains($ids, sold_as)) "
        "SELECT f.substance, count(DISTINCT n.id) AS samples, (SELECT count(*) FROM named) AS of "
        "FROM named n JOIN found f ON f.sample = n.id GROUP BY ALL ORDER BY samples DESC",
        asked,
    )
    names = ws.tables.rows(
        f"WITH {found}, holding AS (SELECT DISTINCT sample FROM found "
        "WHERE list_contains($ids, substance)) "
        "SELECT a.sold_as AS substance, count(*) AS samples, (SELECT count(*) FROM holding) AS of "
        "FROM analysed a JOIN holding h ON h.sample = a.id GROUP BY ALL ORDER BY samples DESC",
        asked,
    )
    for rows in (inside, names):
        for row in rows:
            row["low"], row["high"] = wilson(row["samples"], row["of"])
    contents = ws.tables.rows(
        "SELECT r.unit, s.form, year(s.day) AS year, count(*) AS n, min(r.amount) AS minimum, "
        "median(r.amount) AS median, max(r.amount) AS maximum FROM results r "
        "JOIN samples s ON s.id = r.sample WHERE list_contains($ids, r.substance) "
        "AND r.amount > 0 AND NOT r.censored AND r.unit IS NOT NULL AND r.unit <> 'parts' "
        "AND r.role IN ('main', 'minor') GROUP BY ALL ORDER BY r.unit, s.form, year DESC",
        asked,
    )
    return {"inside": inside[:ROWS], "names": names[:ROWS], "contents": contents[: 3 * ROWS]}


def practices(ws: Workspace, substance: str) -> list[dict[str, Any]]:
    """Return the practices told in the documents that name it, reposts once."""
    found = [row for row in told(ws)["beside"] if row["substance"] == substance]
    of = told(ws)["named"].get(substance, 0)
    found.sort(key=lambda row: (-row["documents"], row["code"]))
    return [{"code": r["code"], "documents": r["documents"], "of": of} for r in found[:ROWS]]


def told(ws: Workspace) -> dict[str, Any]:
    """Return how many documents name each substance, and tell of each practice beside it."""
    naming = (
        "SELECT DISTINCT substance, document FROM observations "
        "WHERE kind = 'mention' AND substance IS NOT NULL AND confidence >= $cut"
    )
    cut = {"cut": ws.settings.cut}
    beside = f"""
        SELECT n.substance, o.code, count(*) AS documents FROM ({naming}) n JOIN (
          SELECT DISTINCT code, document FROM observations
          WHERE kind = 'practice' AND code IS NOT NULL AND confidence >= $cut
        ) o ON o.document = n.document GROUP BY ALL
    """
    named = f"SELECT substance, count(*) AS n FROM ({naming}) GROUP BY substance"

    def make() -> dict[str, Any]:
        counts = {row["substance"]: row["n"] for row in ws.tables.rows(named, cut)}
        return {"named": counts, "beside": ws.tables.rows(beside, cut)}

    found: dict[str, Any] = ws.tables.kept("practices", (Observation,), make, str(cut))
    return found


def figures(ws: Workspace, substance: str) -> list[dict[str, Any]]:
    """Return published figures about it (offences, seizures, deaths, …), the latest of each."""
    return ws.tables.rows(
        """
        SELECT name, area, unit, source, revision, max(period) AS period,
               arg_max(value, period) AS value, min(period) AS first,
               arg_min(value, period) AS value_first
        FROM indicators WHERE list_contains($ids, substance) AND value IS NOT NULL
        GROUP BY name, area, unit, source, revision ORDER BY period DESC, name, area LIMIT 40
        """,
        {"ids": sorted(members(substance))},
    )


def purities(ws: Workspace, substance: str) -> dict[str, list[dict[str, Any]]]:
    """Return its median purity by month, by what says so."""
    rows = ws.tables.rows(
        "SELECT series, period, value, denominator FROM points "
        "WHERE starts_with(series, 'purity/') AND ends_with(series, $end) ORDER BY period",
        {"end": f"/substance={substance}/month"},
    )
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        found[parts_of(row["series"])[1]["basis"]].append(row)
    return dict(found)


def concerned(ws: Workspace, substance: str) -> list[dict[str, Any]]:
    """Return the signals about it, by rank."""
    concept = f"substance={substance}"
    return [s for s in ws.signals() if concept in s["concept"].split()]


def said(ws: Workspace, substance: str) -> list[Phenomenon]:
    """Return what was said of it before, the latest first."""
    found = [p for p in ws.phenomena() if signals.ties(p, f"substance={substance}", "")]
    return sorted(found, key=lambda p: (-p.year, p.title))


def span(rows: list[dict[str, Any]]) -> tuple[date, date] | None:
    """Return the first and the last period of some points."""
    return (rows[0]["period"], rows[-1]["period"]) if rows else None

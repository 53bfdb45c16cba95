"""What laboratory results say: names against contents, doses, dangers.

Each function takes a connection that has `samples`, `results` and `found` and gives an Arrow
table whose rows can be followed to `samples.id`. A share comes with its Wilson interval; a result
below the limit of detection is not a finding; a sample without any result was not analysed.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import median
from typing import Any

import duckdb
import pyarrow as pa

from fanal.thesaurus import named_in, names_a_class, names_nothing, says_nothing_yet, shipped

LEAST = 5  # samples under one name in a period, below which nothing is said of its content
QUARTERED = 4  # values, below which they are not cut in quarters
STRETCH = 20  # samples in a stretch of years, below which it is not told from its neighbours
Z = 1.959963984540054  # 95 %
PAIRS = 5  # of years beside each other, below which their dispersion is not estimated
# The unit of a result of a sample: what is weighed of a tablet is the content of one.
PER_PIECE = """CASE WHEN r.unit = 'mg' AND lower(s.form) IN ('tablet', 'pill', 'comprimé', 'cachet')
     THEN 'mg/tablet' ELSE r.unit END"""
_MEDIAN_CHI = {1: 0.4549, 2: 1.3863}  # medians of chi-squared by degrees of freedom

# The last day that a sample may be of, from its day and how fine that is.
ENDED = """CASE {s}.precision WHEN 'week' THEN {s}.day + 6 WHEN 'month' THEN last_day({s}.day)
  WHEN 'quarter' THEN last_day({s}.day + INTERVAL 2 MONTH)
  WHEN 'year' THEN make_date(year({s}.day), 12, 31) ELSE {s}.day END"""

# The words of a laboratory as they stand in the name of a series.
SAID = r"trim(regexp_replace(lower({}), '[/=\s]+', ' ', 'g'))"

# Samples whose results say what is in them; `unnamed` is asked of the same connection.
_ANALYSED = """
CREATE OR REPLACE TEMP VIEW analysed AS SELECT * FROM samples WHERE id IN (
  SELECT sample FROM results
  WHERE substance IS NOT NULL OR label NOT IN (SELECT label FROM unnamed WHERE NOT analysed)
)"""
_HELD = "held AS (SELECT DISTINCT sample, substance FROM found WHERE substance IS NOT NULL)"
# What a finding counts as, by itself: its substance, or a label that the thesaurus does not know.
WHAT = f"""
what AS (
  SELECT DISTINCT sample, substance, CASE WHEN substance IS NULL
    THEN 'label=' || {SAID.format("label")} ELSE 'substance=' || substance END AS what
  FROM found WHERE substance IS NOT NULL OR label NOT IN (SELECT label FROM unnamed)
)
"""


@dataclass(frozen=True, slots=True)
class SoldAs:
    """How many of the samples sold under a name held a substance, with the 95 % interval."""

    sold_as: str
    substance: str
    samples: int
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Expected:
    """How many of the samples sold under a name held it, with the 95 % interval of `samples`."""

    sold_as: str
    samples: int
    alone: int  # held it and nothing else
    of: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Changed(Expected):
    """The same over a stretch of years between which what the name holds changed."""

    first: int  # year
    last: int


@dataclass(frozen=True, slots=True)
class Other:
    """A name whose content is another's in a year, with the 95 % interval of `samples`."""

    name: str  # a substance, or words as they were written
    year: int
    known: int  # samples whose name the thesaurus knows
    samples: int  # that held what the name says
    of: int
    instead: str  # most found, with commas between
    others: int  # samples with that
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Doses:
    """How much of a substance was measured in a form at a site; without values, None."""

    substance: str
    form: str | None
    site: str
    unit: str
    n: int
    censored: int  # below the limit, and in nothing else that stands here
    minimum: float | None  # in `unit`
    q1: float | None  # of fewer than `QUARTERED` values there are no quartiles
    median: float | None
    q3: float | None
    maximum: float | None
    mean: float | None
    above: float | None  # share at or above a threshold


@dataclass(frozen=True, slots=True)
class Missold:
    """Samples of a name in a month, and those that held what is instead in it."""

    name: str
    month: date
    samples: int
    of: int


@dataclass(frozen=True, slots=True)
class Change:
    """A month of a name since its content changed, up to the year that could first say so."""

    name: str
    month: date
    samples: int  # that are as fewer were before the change
    of: int
    ways: frozenset[int]  # those: held it alone (0), with something else (1), not at all (2)


def wilson(hits: int, of: int) -> tuple[float, float]:
    """Return the 95 % score interval of a share (Wilson 1927); (0, 1) where nothing was tried.

    >>> [round(x, 3) for x in wilson(7, 10)]
    [0.397, 0.892]
    """
    if of <= 0:
        return 0.0, 1.0
    share = hits / of
    middle = (share + Z * Z / (2 * of)) / (1 + Z * Z / of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of)) / (1 + Z * Z / of)
    # at the ends the bounds are exact, and the sums would be off by a rounding
    low, high = max(0.0, middle - half), min(1.0, middle + half)
    return low if hits else 0.0, high if hits < of else 1.0


def sold_as_found(connection: duckdb.DuckDBPyConnection) -> list[SoldAs]:
    """Return, for each name, how many of the samples sold as it held each substance."""
    prepare(connection)
    rows = connection.sql(
        f"""
        WITH {_HELD}, named AS (SELECT id, sold_as FROM analysed WHERE sold_as IS NOT NULL),
        totals AS (SELECT sold_as, count(*) AS n FROM named GROUP BY ALL)
        SELECT n.sold_as, f.substance, count(*) AS samples, any_value(t.n) AS "of"
        FROM named n JOIN held f ON f.sample = n.id JOIN totals t ON t.sold_as = n.sold_as
        GROUP BY ALL ORDER BY ALL
        """
    ).to_arrow_table().to_pylist()  # fmt: skip
    return [SoldAs(**row | _share(row["samples"], row["of"])) for row in rows]


def as_expected(connection: duckdb.DuckDBPyConnection) -> list[Expected]:
    """Return, for each name, how many samples held what they were sold as, the most first.

    What belongs to the name counts, and what it holds (THC in cannabis).
    """
    rows: dict[str, list[int]] = {}
    for name, years in _compositions(connection, "true").items():
        rows[name] = [sum(counts[k] for _, counts in years) for k in range(3)]
    told = [Expected(**_composition(name, counts)) for name, counts in rows.items()]
    return sorted(told, key=lambda r: (-r.of, r.sold_as))


def doses(connection: duckdb.DuckDBPyConnection, threshold: float | None = None) -> list[Doses]:
    """Return how much of each substance was measured, by form, site and unit.

    `threshold` is in the unit of each.
    """
    rows = connection.sql(
        f"""
        SELECT r.substance, s.form, s.site, r.unit,
               count(r.amount) FILTER (NOT r.censored) AS n,
               count(*) FILTER (r.censored) AS censored,
               min(r.amount) FILTER (NOT r.censored) AS minimum,
               CASE WHEN n >= {QUARTERED} THEN
                 quantile_cont(r.amount, 0.25) FILTER (NOT r.censored) END AS q1,
               median(r.amount) FILTER (NOT r.censored) AS median,
               CASE WHEN n >= {QUARTERED} THEN
                 quantile_cont(r.amount, 0.75) FILTER (NOT r.censored) END AS q3,
               max(r.amount) FILTER (NOT r.censored) AS maximum,
               avg(r.amount) FILTER (NOT r.censored) AS mean,
               avg(CAST(r.amount >= $threshold AS DOUBLE)) FILTER (NOT r.censored) AS above
        FROM results r JOIN samples s ON s.id = r.sample
        WHERE r.substance IS NOT NULL AND r.unit IS NOT NULL AND r.unit <> 'parts'
          AND (r.amount IS NOT NULL OR r.censored)
        GROUP BY ALL ORDER BY r.substance, s.form, s.site, r.unit
        """,
        params={"threshold": threshold},
    ).to_arrow_table().to_pylist()  # fmt: skip
    return [Doses(**row) for row in rows]


def other_contents(connection: duckdb.DuckDBPyConnection) -> list[Other]:
    """Return names whose content is another's: found by themselves, with their years.

    A name is listed for a year in which at least `LEAST` samples of it were analysed, and either
    the upper end of the interval of those that held it is below one half, or another substance
    was in most of them and in more than its own, beyond chance. Street names are also looked at
    as they were written, but those that are a substance's own: these are told by what the service
    understood. Of one that the thesaurus does not know only the latter can be said.
    """
    prepare(connection)
    rows = connection.sql(
        f"""
        WITH {_HELD}, words AS (
          SELECT id, year(day) AS year, sold_as AS name, sold_as FROM analysed
          WHERE day IS NOT NULL AND sold_as IS NOT NULL
          UNION
          SELECT id, year(day), lower(sold_as_label), sold_as FROM analysed
          WHERE day IS NOT NULL AND regexp_matches(sold_as_label, '^\\w')
            AND sold_as_label NOT IN (SELECT label FROM unnamed)
            AND lower(sold_as_label) NOT IN (SELECT substance FROM members)
        ), totals AS (
          SELECT name, year, count(*) AS n, count(sold_as) AS known,
                 count(*) FILTER (EXISTS (
            SELECT 1 FROM held f JOIN members m ON m.member = f.substance
            WHERE f.sample = w.id AND m.substance = w.sold_as)) AS own
          FROM words w GROUP BY ALL HAVING count(*) >= {LEAST}
        ), counted AS (
          SELECT w.name, w.year, f.substance, count(DISTINCT w.id) AS n
          FROM words w JOIN held f ON f.sample = w.id
          WHERE NOT EXISTS (SELECT 1 FROM members m
                            WHERE m.substance = w.sold_as AND m.member = f.substance)
          GROUP BY ALL
        )
        SELECT t.name, t.year, t.known, t.own AS samples, t.n AS "of",
               string_agg(t.substance, ', ' ORDER BY t.held DESC, t.substance)
                 FILTER (t.held = t.most OR 2 * t.held > t.n) AS instead, max(t.held) AS others
        FROM (
          SELECT t.*, max(c.n) OVER (PARTITION BY t.name, t.year) AS most, c.substance, c.n AS held
          FROM totals t JOIN counted c USING (name, year)
        ) t GROUP BY ALL ORDER BY t.name, t.year
        """
    ).to_arrow_table().to_pylist()  # fmt: skip
    told = [Other(**row | _share(row["samples"], row["of"])) for row in rows]
    return [
        row for row in told
        if (row.known == row.of and row.high < 0.5)
        or wilson(row.others, row.of)[0] > max(row.high, 0.5)
    ]  # fmt: skip


def under(name: str) -> tuple[str, str]:
    """Return the dimension and the value under which a name of samples is counted."""
    known = name in known_substances()
    return ("substance", name) if known else ("name", re.sub(r"[/=\s]+", " ", name).strip())


def missold(connection: duckdb.DuckDBPyConnection, without: str = "") -> list[Missold]:
    """Return, by name and month, samples of a name whose content is another's.

    The rule of `other_contents` holds over the twelve months that end there, later ones unseen;
    a month in which it does not hold has none. What a label of several names, or of a class, may
    mean is its own. Samples of the source `without` are left out.
    """
    prepare(connection)
    connection.register("meant", meant(connection))
    rows = connection.sql(
        rf"""
        WITH {_HELD}, named AS (
          SELECT id, date_trunc('month', day)::DATE AS month, sold_as,
                 sold_as_label,
                 coalesce(sold_as, lower(sold_as_label)) AS name
          FROM analysed WHERE precision IN ('day', 'week', 'month') AND source <> $without
            AND (sold_as IS NOT NULL OR (regexp_matches(sold_as_label, '^\w')
              AND sold_as_label NOT IN (SELECT label FROM unnamed)))
        )
        SELECT n.name, n.month, n.id,
               bool_or(coalesce(m.member, l.substance) IS NOT NULL) AS own, n.sold_as IS NOT NULL,
               list(f.substance) FILTER (m.member IS NULL AND l.substance IS NULL
                                         AND f.substance IS NOT NULL) AS others
        FROM named n LEFT JOIN held f ON f.sample = n.id
        LEFT JOIN members m ON m.substance = n.sold_as AND m.member = f.substance
        LEFT JOIN meant l ON n.sold_as IS NULL AND l.label = n.sold_as_label
          AND l.substance = f.substance
        GROUP BY ALL ORDER BY n.name, n.month
        """,
        params={"without": without},
    ).fetchall()
    by_name: dict[str, list[tuple[date, bool, bool, list[str]]]] = {}
    for name, month, _, own, known, others in rows:
        by_name.setdefault(name, []).append((month, bool(own), known, others or []))
    told: list[Missold] = []
    for name, samples in by_name.items():
        monthly: list[Missold] = []
        for month in dict.fromkeys(s[0] for s in samples):
            year = [s for s in samples if 0 <= _months(s[0], month) < 12]
            if len(year) < LEAST:
                continue
            own = sum(s[1] for s in year)
            most = Counter(o for s in year for o in set(s[3])).most_common(1)
            share = wilson(own, len(year))[1]
            instead = bool(most) and wilson(most[0][1], len(year))[0] > max(share, 0.5)
            holds = instead or (share < 0.5 and all(s[2] for s in year))
            now = [s for s in samples if s[0] == month]
            wrong = sum(not s[1] for s in now) if holds else 0
            monthly.append(Missold(name, month, wrong, len(now)))
        if any(row.samples for row in monthly):
            told += monthly
    return told


def _months(earlier: date, later: date) -> int:
    return (later.year - earlier.year) * 12 + later.month - earlier.month


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `members` (of each substance), `unnamed` (labels) and `analysed` (samples)."""
    connection.register("members", memberships())
    connection.register("unnamed", unnamed(connection))
    connection.execute(_ANALYSED)


def unnamed(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the labels of samples and results that name no substance: `label`, `analysed`.

    What says that nothing was found or known, and the names of classes ("opioid"). A label of
    a class, or of an answer still to come, does not say what is in a sample: not `analysed`.
    """
    rows = connection.execute(
        "SELECT DISTINCT label FROM results WHERE substance IS NULL "
        "UNION SELECT DISTINCT sold_as_label FROM samples WHERE sold_as_label IS NOT NULL"
    ).fetchall()
    thesaurus = shipped()
    found = [
        (label, not (names_a_class(label) or says_nothing_yet(label)))
        for (label,) in rows
        if names_nothing(label, thesaurus) or names_a_class(label)
    ]
    return pa.table(
        {
            "label": pa.array([label for label, _ in found], pa.string()),
            "analysed": pa.array([told for _, told in found], pa.bool_()),
        }
    )


def meant(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return what labels that stand for no one substance may mean: `label`, `substance`."""
    rows = connection.execute(
        "SELECT DISTINCT sold_as_label FROM samples "
        "WHERE sold_as IS NULL AND sold_as_label IS NOT NULL"
    ).fetchall()
    pairs = [
        (label, member) for (label,) in rows
        for member in sorted(_meant(label))
    ]  # fmt: skip
    columns = [pa.array([pair[k] for pair in pairs], pa.string()) for k in range(2)]
    return pa.table(columns, names=["label", "substance"])


@cache
def _meant(label: str) -> frozenset[str]:
    return frozenset().union(*(counts_as(name) for name in named_in(label, shipped())))


def memberships() -> pa.Table:
    """Return each substance with what counts as it: itself, what belongs to it, what it holds."""
    pairs = [(i, member) for i in shipped().substances for member in sorted(counts_as(i))]
    return pa.table({"substance": [p[0] for p in pairs], "member": [p[1] for p in pairs]})


def changed_contents(connection: duckdb.DuckDBPyConnection) -> list[Changed]:
    """Return the stretches of years between which what a name holds changed.

    A sample holds what it was sold as alone, or with something else, or not at all. The years of
    each name are cut where that explains the counts of the three best, each cut paying for itself
    (multinomial likelihood, Schwarz's penalty; Jackson et al. 2005, optimal partitioning). Samples
    of one year are no independent draws: the likelihood is divided by how much more one year
    differs from the next than chance would have it. A name that never changed is not listed.
    """
    found = []
    for name, years in _compositions(connection).items():
        cuts = _cuts([counts for _, counts in years])
        for start, stop in cuts if len(cuts) > 1 else ():
            part = years[start:stop]
            counts = [sum(counts[k] for _, counts in part) for k in range(3)]
            told = _composition(name, counts)
            found.append(Changed(**told, first=part[0][0], last=part[-1][0]))
    return found


def changes_seen(connection: duckdb.DuckDBPyConnection, which: str = "true") -> list[Change]:
    """Return the months since each change of a content, up to the year that could first say so.

    A year sees no later ones. Within the year in which it began it is cut at the month that
    explains the counts best, and no month is told twice. `which` is the
    condition on samples `a` that are looked at, in SQL.
    """
    seen: dict[tuple[str, date], Change] = {}
    for name, months in _monthly(connection, f"a.day IS NOT NULL AND {which}").items():
        years = _by_year(months)
        told: set[int] = set()
        for stop in range(2, len(years) + 1):
            cuts = _cuts([counts for _, counts in years[:stop]])
            began = cuts[-1][0]
            if len(cuts) > 1 and began not in told and not told & set(range(began - 1, began + 2)):
                told.add(began)
                first, last = years[cuts[-2][0]][0], years[stop - 1][0]
                span = [m for m in months if m[1] and first <= m[0] <= last]
                for change in _since(name, span, years[began][0]):
                    seen.setdefault((name, change.month), change)
    return list(seen.values())


def _since(name: str, months: Sequence[_Month], year: int) -> list[Change]:
    """Return the months since the content of a name changed in a year, of those around it."""
    counts = [counts for *_, counts in months]
    within = [at for at, month in enumerate(months) if at and month[0] == year]
    if not within:
        return []  # of samples of which only the year is known
    cut = min(within, key=lambda at: _cost(counts[:at]) + _cost(counts[at:]))
    before, since = (_sums(part) for part in (counts[:cut], counts[cut:]))
    ways = frozenset(k for k in range(3) if since[k] * sum(before) > before[k] * sum(since))
    return [
        Change(name, month, sum(n[k] for k in ways), sum(n), ways)
        for _, month, n in months[cut:] if month
    ]  # fmt: skip


def _compositions(
    connection: duckdb.DuckDBPyConnection, which: str = "a.day IS NOT NULL"
) -> dict[str, list[tuple[int, tuple[int, int, int]]]]:
    """Return, by name and year, samples that held it alone, with something else, not at all."""
    return {name: _by_year(months) for name, months in _monthly(connection, which).items()}


_Counts = tuple[int, int, int]
_Month = tuple[int, date | None, _Counts]  # year, and the month where it is known


def _by_year(months: Sequence[_Month]) -> list[tuple[int, _Counts]]:
    years: dict[int, list[_Counts]] = {}
    for year, _, counts in months:
        years.setdefault(year, []).append(counts)
    return [(year, _sums(counts)) for year, counts in years.items()]


def _sums(counts: Sequence[Sequence[int]]) -> _Counts:
    alone, mixed, absent = (sum(c[k] for c in counts) for k in range(3))
    return alone, mixed, absent


def _monthly(connection: duckdb.DuckDBPyConnection, which: str) -> dict[str, list[_Month]]:
    """Return the same by month."""
    prepare(connection)
    rows = connection.sql(
        f"""
        WITH {_HELD}, composed AS (
          SELECT a.id, a.sold_as, year(a.day) AS year,
                 CASE WHEN a.precision IN ('day', 'week', 'month')
                   THEN date_trunc('month', a.day)::DATE END AS month, count(f.substance) AS n,
                 count(m.member) AS own
          FROM analysed a LEFT JOIN held f ON f.sample = a.id
          LEFT JOIN members m ON m.substance = a.sold_as AND m.member = f.substance
          WHERE a.sold_as IS NOT NULL AND {which} GROUP BY ALL
        )
        SELECT sold_as, year, month, count(*) FILTER (own > 0 AND n = own),
               count(*) FILTER (own > 0 AND n > own), count(*) FILTER (own = 0)
        FROM composed GROUP BY ALL ORDER BY ALL
        """
    ).fetchall()
    series: dict[str, list[_Month]] = {}
    for name, year, month, *counts in rows:
        alone, mixed, absent = counts
        series.setdefault(name, []).append((year, month, (alone, mixed, absent)))
    return series


def _cuts(counts: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """Return the stretches (start, stop) of counts by kind with one composition each."""
    total = sum(map(sum, counts))
    kinds = len(counts[0])
    penalty = _dispersion(counts) * kinds / 2 * math.log(max(2, total))

    def cost(start: int, stop: int) -> float:
        part = counts[start:stop]
        short = sum(map(sum, part)) < STRETCH and (start, stop) != (0, len(counts))
        return math.inf if short else _cost(part)

    best: list[tuple[float, int]] = [(0.0, 0)]
    for stop in range(1, len(counts) + 1):
        best.append(min((best[i][0] + cost(i, stop) + penalty, i) for i in range(stop)))
    cuts: list[tuple[int, int]] = []
    stop = len(counts)
    while stop:
        cuts.append((best[stop][1], stop))
        stop = best[stop][1]
    return cuts[::-1]


def _cost(counts: Sequence[Sequence[int]]) -> float:
    """Return how badly one composition explains counts by kind."""
    sums = [sum(kind) for kind in zip(*counts, strict=True)]
    return -sum((n * math.log(n / sum(sums)) for n in sums if n), 0.0)


def _dispersion(counts: Sequence[Sequence[int]]) -> float:
    """Return how much more one period differs from the next than chance would have it, at least 1.

    The median over pairs of Pearson's statistic, in units of its median under chance: a few true
    changes do not move it.
    """
    told = []
    for before, after in pairwise(counts):
        n, m = sum(before), sum(after)
        both = [(b, a) for b, a in zip(before, after, strict=True) if a + b]
        if n and m and len(both) > 1:
            statistic = sum((a * n - b * m) ** 2 / (a + b) for b, a in both) / (n * m)
            told.append(statistic / _MEDIAN_CHI[len(both) - 1])
    return max(1.0, median(told)) if len(told) >= PAIRS else 1.0


def _composition(name: str, counts: Sequence[int]) -> dict[str, Any]:
    """Return the fields of `Expected` from how many held it alone, with something else, not."""
    alone, mixed, absent = counts
    samples, of = alone + mixed, alone + mixed + absent
    told = {"sold_as": name, "samples": samples, "alone": alone, "of": of}
    return told | _share(samples, of)


def _share(samples: int, of: int) -> dict[str, Any]:
    low, high = wilson(samples, of)
    return {"share": samples / of, "low": low, "high": high}


# --- dangers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Danger:
    """A rule of danger: what is found, in samples sold as what, and from how much on."""

    name: str
    label: Mapping[str, str]  # by code of a language
    found: str  # a substance or a group
    sold_as: tuple[str, ...] = ()  # any, where it is empty
    unless_sold_as: tuple[str, ...] = ()
    at_least: float | None = None  # in one of `units`
    units: tuple[str, ...] = ()


@cache
def rules() -> tuple[Danger, ...]:
    """Return the rules of danger that ship."""
    text = (files(__package__) / "danger.toml").read_text("utf-8")
    return tuple(Danger(**rule) for rule in tomllib.loads(text)["rule"])


def known_substances() -> frozenset[str]:
    """Return the ids of the thesaurus that ships."""
    return frozenset(shipped().substances)


def members(substance: str) -> frozenset[str]:
    """Return a substance or family with all that belongs to it."""
    return frozenset({substance, *_below().get(substance, ())})


@cache
def _below() -> dict[str, list[str]]:
    thesaurus = shipped()
    below: dict[str, list[str]] = {}
    for name in thesaurus.substances:
        for above in thesaurus.ancestors(name):
            below.setdefault(above, []).append(name)
    return below


@cache
def _constituents() -> dict[str, list[str]]:
    text = (files(__package__) / "constituents.toml").read_text("utf-8")
    return tomllib.loads(text)


@cache
def counts_as(substance: str) -> frozenset[str]:
    """Return what a sample sold as a substance may hold to be as expected: THC in cannabis."""
    return members(substance) | frozenset(_constituents().get(substance, ()))


# Whether a label that stands for no one substance may mean one of `unless_sold_as`.
_MAY_BE = """EXISTS (SELECT 1 FROM meant m
  WHERE m.label = s.sold_as_label AND list_contains($unless_sold_as, m.substance))"""


def dangers(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return each sample that a rule of danger is about: sample, rule, found (as the rule says).

    A label of several names, or of a class, is sold as each that it may mean.
    """
    pieces = []
    connection.register("meant", meant(connection))
    for rule in rules():
        conditions = ["list_contains($found, r.substance)"]
        parameters: dict[str, Any] = {"found": sorted(members(rule.found))}
        for key, names, condition in (
            ("sold_as", rule.sold_as, "list_contains($sold_as, s.sold_as)"),
            ("unless_sold_as", rule.unless_sold_as,
             f"NOT coalesce(list_contains($unless_sold_as, s.sold_as), {_MAY_BE})"),
        ):  # fmt: skip
            if names:
                conditions.append(condition)
                parameters[key] = sorted({m for name in names for m in members(name)})
        if rule.at_least is not None:
            conditions.append("r.amount >= $least AND list_contains($units, r.unit)")
            parameters |= {"least": rule.at_least, "units": list(rule.units)}
        about = connection.execute(
            "SELECT DISTINCT r.sample FROM found r JOIN samples s ON s.id = r.sample "
            f"WHERE {' AND '.join(conditions)}",
            parameters,
        ).fetchall()
        pieces += [{"sample": s, "rule": rule.name, "found": rule.found} for (s,) in about]
    schema = pa.schema([("sample", pa.binary()), ("rule", pa.string()), ("found", pa.string())])
    return pa.Table.from_pylist(pieces, schema=schema)


def dangers_by_rule(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, int, date]]:
    """Return rule, what it looks for, how many samples and the last day, the most first."""
    found = dangers(connection)
    connection.register("dangers", found)
    rows = """
        SELECT d.rule, d.found, count(DISTINCT s.id), max(s.day) FROM dangers d
        JOIN samples s ON s.id = d.sample GROUP BY ALL ORDER BY 3 DESC
    """
    return connection.execute(rows).fetchall() if found.num_rows else []


def analysed(connection: duckdb.DuckDBPyConnection) -> int:
    """Return how many samples were analysed."""
    prepare(connection)
    # All rows, or the connection is not free for who asks next.
    ((samples,),) = connection.execute("SELECT count(*) FROM analysed").fetchall()
    return int(samples)

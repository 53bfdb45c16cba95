"""From observations to series: what is counted, by what, and what it is divided by.

A series has the canonical name `measure/dimension=value/…/step`, dimensions in alphabetical order.

=============== ========================================= =================================
measure         value                                     denominator
=============== ========================================= =================================
documents       documents read                            none
mentions        documents that name it, reposts once      documents read, reposts once
together        documents that name both, reposts once    documents read, reposts once
channels        channels, interviews, titles that name it those that were read
authors         pseudonymous authors that name it         those that were read
price           median unit price of a quantity band      number of prices
purity          median percentage                         number of statements or results
found           samples in which a substance was found    samples analysed
expected        samples with what they were sold as       samples sold as it and analysed
danger          samples that a rule of danger is about    samples analysed
missold         samples of a name that held another thing samples of the name, analysed
changed         samples since a name's content changed    none
indicator       a published figure                        as published
=============== ========================================= =================================

What is counted in texts is counted by week and by month, in all, by site and by kind of source;
distinct channels and authors of a month are counted anew, never added up. A substance counts for
its group (`group=nitazenes`) and its class (`class=opioids`) as well, where two of their members
or more were named: a rise that is spread over members shows there. A document that only tells
its month counts in months alone.

Things said together are a substance with another (`substance=a/with=b`), with a practice, a
platform or a place; counted by week where three documents or more ever told of both, and only in
the weeks in which one did.

A period in which nothing was read is missing; one that was read and says nothing is zero.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from fanal import findings
from fanal.records import (
    Document,
    Indicator,
    Observation,
    Point,
    Record,
    Repost,
    Result,
    Sample,
    conform,
)
from fanal.thesaurus import Thesaurus

READS: tuple[type[Record], ...] = (Document, Observation, Repost, Sample, Result, Indicator)

# The first quantity of each band; unit prices fall with quantity, so bands are never mixed.
BANDS = {"g": (0.0, 0.75, 1.5, 4.0, 9.0, 45.0, 450.0), "unit": (0.0, 1.5, 4.5, 9.5, 49.0, 490.0)}
# measure: dimension, column of the observations, their kind
COUNTED = {
    "mentions": ("substance", "substance", "mention"),
    "practices": ("practice", "code", "practice"),
    "platforms": ("platform", "platform", "platform"),
    "places": ("place", "place", "place"),
}


PAIRED = 3  # documents that tell of both, before a pair is a series

STEPS = {"week": ("day", "week"), "month": ("day", "week", "month")}  # step: precisions that count
LINEAGE = pa.schema(
    [("substance", pa.string()), ("dimension", pa.string()), ("wider", pa.string())]
)
# Mentions under their group and class, if two members were named: else it says the same again.
_WIDER = """
    SELECT document, version, 'mentions' AS measure, dimension, wider AS concept
    FROM facts JOIN wider USING (substance) WHERE kind = 'mention'
    QUALIFY count(DISTINCT substance) OVER (PARTITION BY dimension, wider) > 1
"""

# Samples that were analysed, in the month that they are known to be of.
ANALYSED = """
analysed AS (
  SELECT s.id, s.site, CAST(date_trunc('month', s.day) AS DATE) AS month, s.sold_as
  FROM samples s
  WHERE s.day IS NOT NULL AND s.precision IN ('day', 'week', 'month')
    AND s.id IN (SELECT sample FROM results)
)
"""


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


def count(
    connection: duckdb.DuckDBPyConnection,
    codings: pa.Table,
    cut: float,
    wider: pa.Table | None = None,
) -> pa.Table:
    """Return every point that the evidence of now gives (tables → `Point`).

    `connection` has the tables as views and `current_documents`; `codings` are the human
    corrections (`Coding`), laid over what the coder says; facts below `cut` do not count. `wider`
    is the `lineage` of substances.
    """
    connection.register("codings", codings)
    connection.register("wider", LINEAGE.empty_table() if wider is None else wider)
    _prepare(connection, cut)
    pieces = []
    for step in STEPS:
        pieces.append(_volumes(connection, step))
        pieces += [_shares(connection, scope, step) for scope in SCOPES]
        pieces += [_prices(connection, step), _purities(connection, step)]
    pieces.append(_pairs(connection))
    pieces += [_samples(connection), _dangers(connection), _contents(connection)]
    pieces += [_names(connection)]
    pieces += [_indicators(connection)]
    points = pa.concat_tables([conform(piece, Point) for piece in pieces])
    return points.sort_by([("series", "ascending"), ("period", "ascending")])


def _prepare(connection: duckdb.DuckDBPyConnection, cut: float) -> None:
    """Make `texts` (documents with their first appearance) and `facts` (what counts)."""
    connection.execute(
        """
        CREATE TEMP TABLE texts AS
        SELECT d.id, d.version, coalesce(r.original, d.id) AS original, d.source, d.site, d.kind,
               d.thread, d.author, d.day, d.precision
        FROM current_documents d LEFT JOIN reposts r ON r.document = d.id
        """
    )
    connection.execute(
        """
        CREATE TEMP TABLE facts AS
        WITH rejected AS (
          SELECT document, kind, start, stop FROM codings WHERE verdict = 'reject'
        ), confirmed AS (
          SELECT DISTINCT document, kind, start, stop, true AS sure FROM codings
          WHERE verdict = 'confirm'
        ), machine AS (
          SELECT o.* FROM observations o ANTI JOIN rejected r
            USING (document, kind, start, stop)
          LEFT JOIN confirmed c USING (document, kind, start, stop)
          WHERE o.confidence >= $cut OR c.sure
        ), human AS (
          SELECT document, version, kind, fields FROM codings WHERE verdict = 'add'
        )
        SELECT document, version, kind, substance, code, platform, place, amount, amount_max,
               currency, quantity, unit, percent, basis, analyte
        FROM machine
        UNION ALL
        SELECT document, version, kind, fields->>'substance', fields->>'code',
               fields->>'platform', fields->>'place', CAST(fields->>'amount' AS DOUBLE),
               CAST(fields->>'amount_max' AS DOUBLE), fields->>'currency',
               CAST(fields->>'quantity' AS DOUBLE), fields->>'unit',
               CAST(fields->>'percent' AS DOUBLE), fields->>'basis', fields->>'analyte'
        FROM human
        """,
        {"cut": cut},
    )
    for step, precisions in STEPS.items():
        connection.execute(
            f"""
            CREATE TEMP VIEW texts_by_{step} AS
            SELECT *, CAST(date_trunc('{step}', day) AS DATE) AS period FROM texts
            WHERE precision IN ({", ".join(f"'{p}'" for p in precisions)})
            """
        )


# Dimensions beside the concept: nothing, the site, the kind of source.
SCOPES: tuple[tuple[str, ...], ...] = ((), ("site",), ("kind",))


def _volumes(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return documents read by source, site, kind and in all.

    Within the life of a source (first to last period of the whole observatory, from its first
    document on) a period without a document is a zero: that is how silence shows.
    """
    return _points(
        connection,
        f"""
        WITH periods AS (SELECT DISTINCT period FROM texts_by_{step}),
        by_source AS (SELECT source, period, count(*) AS n FROM texts_by_{step} GROUP BY ALL),
        life AS (SELECT source, min(period) AS born FROM by_source GROUP BY source)
        SELECT 'documents/source=' || l.source || '/{step}' AS series, p.period,
               '{step}' AS step, coalesce(b.n, 0) AS value, NULL AS denominator
        FROM life l JOIN periods p ON p.period >= l.born
        LEFT JOIN by_source b ON b.source = l.source AND b.period = p.period
        UNION ALL
        SELECT 'documents/site=' || site || '/{step}', period, '{step}', count(*), NULL
        FROM texts_by_{step} GROUP BY site, period
        UNION ALL
        SELECT 'documents/kind=' || kind || '/{step}', period, '{step}', count(*), NULL
        FROM texts_by_{step} GROUP BY kind, period
        UNION ALL
        SELECT 'documents/{step}', period, '{step}', count(*), NULL
        FROM texts_by_{step} GROUP BY period
        """,
    )


def _shares(connection: duckdb.DuckDBPyConnection, scope: tuple[str, ...], step: str) -> pa.Table:
    """Return how many documents, channels and authors name each concept, by scope and period."""
    keys = "".join(f", {name}" for name in scope)
    same = "".join(f" AND r.{name} = c.{name}" for name in scope)
    label = "".join(f" || '/{name}=' || c.{name}" for name in scope)
    concepts = " UNION ALL ".join(
        f"SELECT document, version, '{measure}' AS measure, '{dimension}' AS dimension, "
        f"{column} AS concept FROM facts WHERE kind = '{kind}' AND {column} IS NOT NULL"
        for measure, (dimension, column, kind) in COUNTED.items()
    )
    concepts += f" UNION ALL {_WIDER}"
    # Dimension names stand in alphabetical order in a canonical name; a concept's name sorts
    # before or after `kind` and `site`, so both spellings are prepared here.
    before = f"c.dimension || '=' || c.concept{label}"
    after = (
        before
        if not scope
        else f"CASE WHEN c.dimension < '{scope[0]}' THEN {before} "
        f"ELSE '{scope[0]}=' || c.{scope[0]} || '/' || c.dimension || '=' || c.concept END"
    )
    return _points(
        connection,
        f"""
        WITH named AS ({concepts}),
        hits AS (
          SELECT DISTINCT n.measure, n.dimension, n.concept, t.period, t.original, t.thread,
                 t.author{keys}
          FROM named n JOIN texts_by_{step} t ON t.id = n.document AND t.version = n.version
        ), counted AS (
          SELECT measure, dimension, concept, period{keys}, count(DISTINCT original) AS documents,
                 count(DISTINCT thread) AS channels, count(DISTINCT author) AS authors
          FROM hits GROUP BY ALL
        ), read AS (
          SELECT period{keys}, count(DISTINCT original) AS documents,
                 count(DISTINCT thread) AS channels, count(DISTINCT author) AS authors
          FROM texts_by_{step} GROUP BY ALL
        ), concepts AS (SELECT DISTINCT measure, dimension, concept{keys} FROM counted),
        grid AS (
          SELECT c.*, {after} AS label, r.period, r.documents AS read_documents,
                 r.channels AS read_channels, r.authors AS read_authors
          FROM concepts c JOIN read r ON true{same}
        ), filled AS (
          SELECT g.measure, g.label, g.period, g.read_documents, g.read_channels, g.read_authors,
                 coalesce(k.documents, 0) AS documents, coalesce(k.channels, 0) AS channels,
                 coalesce(k.authors, 0) AS authors
          FROM grid g LEFT JOIN counted k USING (measure, dimension, concept, period{keys})
        )
        SELECT measure || '/' || label || '/{step}' AS series, period, '{step}' AS step,
               documents AS value, read_documents AS denominator FROM filled
        UNION ALL
        SELECT 'channels/' || label || '/{step}', period, '{step}', channels, read_channels
        FROM filled
        UNION ALL
        SELECT 'authors/' || label || '/{step}', period, '{step}', authors, read_authors
        FROM filled WHERE read_authors > 0
        """,
    )


def _pairs(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return how many documents of a week name a substance together with something else."""
    others = " UNION ALL ".join(
        f"SELECT document, version, '{dimension}=' || {column} AS other, '' AS substance "
        f"FROM facts WHERE kind = '{kind}' AND {column} IS NOT NULL"
        for dimension, column, kind in COUNTED.values()
        if dimension != "substance"
    )
    return _points(
        connection,
        f"""
        WITH named AS (
          SELECT DISTINCT document, version, substance FROM facts
          WHERE kind = 'mention' AND substance IS NOT NULL
        ), others AS (
          {others} UNION ALL SELECT document, version, 'with=' || substance, substance FROM named
        ), pairs AS (
          SELECT DISTINCT t.period, t.original,
                 CASE WHEN o.substance = '' THEN o.other || '/substance=' || n.substance
                   ELSE 'substance=' || n.substance || '/' || o.other END AS label
          FROM named n JOIN others o USING (document, version)
          JOIN texts_by_week t ON t.id = n.document AND t.version = n.version
          WHERE o.substance = '' OR n.substance < o.substance
        ), read AS (
          SELECT period, count(DISTINCT original) AS documents FROM texts_by_week GROUP BY period
        ), counted AS (
          SELECT label, period, count(*) AS n FROM pairs GROUP BY label, period
          QUALIFY sum(n) OVER (PARTITION BY label) >= {PAIRED}
        )
        SELECT 'together/' || label || '/week' AS series, period, 'week' AS step, n AS value,
               documents AS denominator
        FROM counted JOIN read USING (period)
        """,
    )


def _prices(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return the median unit price by substance, unit, quantity band and site."""
    bands = " ".join(
        f"WHEN unit {'=' if family == 'g' else '<>'} 'g' AND quantity < {stop} THEN '{start:g}'"
        for family, edges in BANDS.items()
        for start, stop in zip(edges, (*edges[1:], 1e12), strict=True)
    )
    return _points(
        connection,
        f"""
        WITH priced AS (
          SELECT DISTINCT f.substance, f.currency, t.site, t.period, t.original,
                 f.quantity * CASE f.unit WHEN 'kg' THEN 1000 WHEN 'mg' THEN 0.001
                   WHEN 'oz' THEN 28.349523125 WHEN 'lb' THEN 453.59237 ELSE 1 END AS quantity,
                 CASE WHEN f.unit IN ('kg', 'mg', 'oz', 'lb') THEN 'g' ELSE f.unit END AS unit,
                 f.amount
          FROM facts f JOIN texts_by_{step} t ON t.id = f.document AND t.version = f.version
          WHERE f.kind = 'price' AND f.substance IS NOT NULL AND f.amount > 0 AND f.quantity > 0
            AND f.unit IS NOT NULL AND f.currency IS NOT NULL
        ), banded AS (
          SELECT *, amount / quantity AS unit_price, CASE {bands} END AS band FROM priced
        )
        SELECT 'price/band=' || band || '/currency=' || currency || '/substance=' || substance
               || '/unit=' || unit || '/{step}' AS series, period, '{step}' AS step,
               median(unit_price) AS value, count(*) AS denominator
        FROM banded GROUP BY band, currency, substance, unit, period
        UNION ALL
        SELECT 'price/band=' || band || '/currency=' || currency || '/site=' || site
               || '/substance=' || substance || '/unit=' || unit || '/{step}', period, '{step}',
               median(unit_price), count(*)
        FROM banded GROUP BY band, currency, site, substance, unit, period
        """,
    )


def _purities(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return the median purity claimed in texts by substance."""
    return _points(
        connection,
        f"""
        SELECT 'purity/basis=' || basis || '/substance=' || substance || '/{step}' AS series,
               t.period, '{step}' AS step, median(percent) AS value,
               count(*) AS denominator
        FROM facts f JOIN texts_by_{step} t ON t.id = f.document AND t.version = f.version
        WHERE f.kind = 'purity' AND substance IS NOT NULL AND analyte IS NULL
        GROUP BY ALL
        """,
    )


def _samples(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return what laboratories found, monthly: a month without an analysed sample is missing.

    A finding whose substance the thesaurus does not know counts under its label.
    """
    return _points(
        connection,
        f"""
        WITH {ANALYSED}, found AS (
          SELECT DISTINCT sample, substance,
                 CASE WHEN substance IS NULL
                   THEN 'label=' || trim(regexp_replace(lower(label), '[/=\\s]+', ' ', 'g'))
                   ELSE 'substance=' || substance END AS what
          FROM results WHERE role <> 'none' AND NOT censored
        ), named AS (
          SELECT sample, what FROM found
          UNION
          SELECT sample, dimension || '=' || wider FROM found JOIN wider USING (substance)
          QUALIFY count(DISTINCT substance) OVER (PARTITION BY dimension, wider) > 1
        ), totals AS (SELECT month, count(*) AS n FROM analysed GROUP BY month),
        counted AS (
          SELECT f.what, a.month, count(DISTINCT a.id) AS n
          FROM named f JOIN analysed a ON a.id = f.sample GROUP BY ALL
        ), names AS (SELECT DISTINCT what FROM counted)
        SELECT 'found/' || s.what || '/month' AS series, t.month AS period, 'month' AS step,
               coalesce(c.n, 0) AS value, t.n AS denominator
        FROM names s JOIN totals t ON true
        LEFT JOIN counted c ON c.what = s.what AND c.month = t.month
        UNION ALL
        SELECT 'expected/substance=' || a.sold_as || '/month', a.month, 'month',
               count(*) FILTER (f.sample IS NOT NULL), count(*)
        FROM analysed a LEFT JOIN found f ON f.sample = a.id AND f.substance = a.sold_as
        WHERE a.sold_as IS NOT NULL GROUP BY a.sold_as, a.month
        """,
    )


def _dangers(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return samples that each rule of danger is about, monthly by site."""
    connection.register("dangers", findings.dangers(connection))
    return _points(
        connection,
        f"""
        WITH {ANALYSED}, totals AS (SELECT site, month, count(*) AS n FROM analysed GROUP BY ALL),
        counted AS (
          SELECT d.rule, d.found, a.site, a.month, count(DISTINCT a.id) AS n
          FROM dangers d JOIN analysed a ON a.id = d.sample GROUP BY ALL
        ), names AS (SELECT DISTINCT rule, found, site FROM counted)
        SELECT 'danger/rule=' || n.rule || '/site=' || n.site || '/substance=' || n.found
               || '/month' AS series, t.month AS period, 'month' AS step,
               coalesce(c.n, 0) AS value, t.n AS denominator
        FROM names n JOIN totals t USING (site)
        LEFT JOIN counted c USING (rule, found, site, month)
        """,
    )


def _names(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return names whose content is another's, by month, and names whose content changed, by year.

    Where the findings say nothing the value is zero: it was looked at.
    """
    known = set(findings.known_substances())

    def about(name: str) -> str:
        plain = re.sub(r"[/=\s]+", " ", name).strip()
        return f"substance={name}" if name in known else f"name={plain}"

    rows = [
        {"series": f"missold/{about(r['name'])}/month", "period": r["month"], "step": "month",
         "value": float(r["samples"]), "denominator": float(r["of"])}
        for r in findings.missold(connection)
    ] + [
        {"series": f"changed/{about(r['name'])}/year", "period": date(r["year"], 1, 1),
         "step": "year", "value": float(r["samples"]), "denominator": None}
        for r in findings.changes_seen(connection)
    ]  # fmt: skip
    schema = pa.schema([("series", pa.string()), ("period", pa.date32()), ("step", pa.string()),
                        ("value", pa.float64()), ("denominator", pa.float64())])  # fmt: skip
    connection.register("names_told", pa.Table.from_pylist(rows, schema))
    return _points(connection, "SELECT * FROM names_told")


def _contents(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the median purity that laboratories measured as main substance, monthly."""
    return _points(
        connection,
        f"""
        WITH {ANALYSED}
        SELECT 'purity/basis=measured-lab/substance=' || r.substance || '/month' AS series,
               a.month AS period, 'month' AS step, median(r.amount) AS value,
               count(*) AS denominator
        FROM results r JOIN analysed a ON a.id = r.sample
        WHERE r.substance IS NOT NULL AND r.role = 'main' AND r.unit = '%' AND r.amount > 0
        GROUP BY ALL
        """,
    )


def _indicators(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return published figures as they stand, latest revision; unknown ones are missing."""
    return _points(
        connection,
        """
        SELECT 'indicator/area=' || area || '/name=' || replace(name, '/', '∕')
               || CASE WHEN substance IS NULL THEN '' ELSE '/substance=' || substance END
               || '/' || step AS series,
               period, step, value, denominator
        FROM indicators WHERE value IS NOT NULL AND step IN ('week', 'month', 'year')
        QUALIFY row_number() OVER (PARTITION BY series, period ORDER BY revision DESC) = 1
        """,
    )


def _points(connection: duckdb.DuckDBPyConnection, query: str) -> Any:
    return connection.sql(
        f"""
        SELECT series, period, step, CAST(value AS DOUBLE) AS value,
               CAST(denominator AS DOUBLE) AS denominator, false AS frozen
        FROM ({query}) ORDER BY series, period
        """
    ).to_arrow_table()

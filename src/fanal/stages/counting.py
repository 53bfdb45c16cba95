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
purity          median percentage, a range its middle     number of statements or results
strength        median content of a tablet, a blotter, …  number of results
found           samples in which a substance was found    samples analysed
expected        samples with what they were sold as       samples sold as it and analysed
danger          samples that a rule of danger is about    samples analysed
missold         samples of a name that held another thing samples of the name, analysed
changed         those unlike before, since content changed samples of the name, analysed
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

from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from fanal.answers import prices
from fanal.laboratory import findings
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
from fanal.series import COUNTED, name_of

RULES = 6  # of what is counted: another number counts the past anew
READS: tuple[type[Record], ...] = (Document, Observation, Repost, Sample, Result, Indicator)
TEXTS: tuple[type[Record], ...] = READS[:3]  # what `tally` reads

PAIRED = 3  # documents that tell of both, before a pair is a series

STEPS = {"week": ("day", "week"), "month": ("day", "week", "month")}  # step: precisions that count
# What is counted of one window of time, before `points` puts the windows together.
TALLY = pa.schema(
    [
        ("part", pa.string()),  # point, source, read, share, pair, named
        ("key", pa.string()),  # what was read (`documents/site=lille`), or a substance named
        ("wider", pa.string()),  # the group or class that a share is of
        ("series", pa.string()),
        ("period", pa.date32()),
        ("step", pa.string()),
        ("value", pa.float64()),
        ("denominator", pa.float64()),
    ]
)
Window = tuple[date, date]  # first day, and the day after the last

# Mentions under their group and class.
_WIDER = """
    SELECT first, thread, author, site, kind, period, 'mentions' AS measure, dimension,
           wider AS concept, dimension || '=' || wider AS wider
    FROM {facts} JOIN wider USING (substance) WHERE fact = 'mention'
"""

# Samples that were analysed, in the month that they are known to be of.
DATED = """
dated AS (
  SELECT id, site, CAST(date_trunc('month', day) AS DATE) AS month, sold_as FROM analysed
  WHERE precision IN ('day', 'week', 'month')
)
"""


A_WEEK = 5  # samples of a substance in a usual week, from which medians are told by week

# What laboratories measured of main substances, by the periods that it is known to be of.
CONTENTS = f"""
measured AS (
  SELECT r.substance, r.amount, r.unit, {findings.PER_PIECE} AS piece, a.site, a.source, a.day,
         a.precision
  FROM found r JOIN analysed a ON a.id = r.sample JOIN samples s ON s.id = r.sample
  WHERE r.substance IS NOT NULL AND r.role = 'main' AND r.amount > 0
), named_contents AS (
  SELECT 'purity/basis=measured-lab/' AS head, 'substance=' || substance AS tail, * FROM measured
  WHERE unit = '%'
  UNION ALL
  SELECT 'strength/basis=measured-lab/',
         'substance=' || substance || '/unit=' || replace(piece, '/', '∕'), * FROM measured
  WHERE regexp_full_match(piece, '(g|mg|µg)/(tablet|capsule|blotter|unit)')
), contents AS (
  SELECT *, CAST(date_trunc('month', day) AS DATE) AS period, 'month' AS step FROM named_contents
  WHERE precision IN ('day', 'week', 'month')
  UNION ALL
  SELECT *, CAST(date_trunc('week', day) AS DATE), 'week' FROM named_contents
  WHERE precision IN ('day', 'week')
)
"""


# Published figures, with the name that their series has (`label`).
NAMED = """
figures AS (
  SELECT * FROM indicators WHERE value IS NOT NULL AND step IN ('week', 'month', 'year')
), units AS (
  SELECT name, area, substance, step, unit, row_number() OVER (
    PARTITION BY name, area, substance, step
    ORDER BY count(DISTINCT period) DESC, max(period) DESC, unit) = 1 AS usual
  FROM figures GROUP BY name, area, substance, step, unit
), named AS (
  SELECT f.*, f.name || CASE WHEN u.usual THEN '' ELSE ' (' || f.unit || ')' END AS label
  FROM figures f JOIN units u ON u.name = f.name AND u.area = f.area AND u.step = f.step
    AND u.unit = f.unit AND u.substance IS NOT DISTINCT FROM f.substance
)
"""


def windows(months: list[str], most: int) -> list[Window]:
    """Return windows that meet and together hold these months: at most so many.

    None at all where there is nothing to divide. The first and the last are open, so that nothing
    falls beside them.
    """
    if most < 2 or len(months) < 2:
        return []
    size = -(-len(months) // most)
    edges = [date.fromisoformat(f"{month}-01") for month in sorted(months)[::size]]
    return list(zip([date.min, *edges[1:]], [*edges[1:], date.max], strict=True))


def tally(
    connection: duckdb.DuckDBPyConnection, wider: pa.Table, window: Window | None = None
) -> pa.Table:
    """Return what is counted in texts for the periods that begin in a window (`TALLY`).

    A period is counted in one window only; what zeros stand for, and what was seen too rarely to
    be a series, is for `points` to say.
    """
    connection.register("wider", wider)
    _prepare(connection, window)
    pieces = [_named(connection)]
    for step in STEPS:
        pieces.append(_volumes(connection, step))
        pieces += [_reads(connection, scope, step) for scope in SCOPES]
        pieces += [_shares(connection, scope, step) for scope in SCOPES]
        pieces += [_prices(connection, step), _purities(connection, step)]
    pieces.append(_pairs(connection))
    return pa.concat_tables(pieces)


def points(connection: duckdb.DuckDBPyConnection, tallies: pa.Table, wider: pa.Table) -> pa.Table:
    """Return the points of all windows' tallies, of samples and of published figures (`Point`)."""
    connection.register("tallies", tallies)
    connection.register("wider", wider)
    findings.prepare(connection)
    pieces = [_told(connection), _samples(connection), _dangers(connection)]
    pieces += [_contents(connection), _names(connection), _indicators(connection)]
    table = pa.concat_tables([conform(piece, Point) for piece in pieces])
    return table.sort_by([("series", "ascending"), ("period", "ascending")])


def _prepare(connection: duckdb.DuckDBPyConnection, window: Window | None) -> None:
    """Take the texts and the facts of a window out of the views of what counts."""
    first, stop = window or (date.min, date.max)
    # The last week of a window ends in the month after it.
    months = {"first": first.isoformat()[:7], "stop": stop.isoformat()[:7]}
    connection.execute(
        """
        CREATE TEMP TABLE texts_here AS
        SELECT id, first, source, site, kind, thread, author, day, precision
        FROM texts WHERE month BETWEEN $first AND $stop
        """,
        months,
    )
    connection.execute(
        """
        CREATE TEMP TABLE facts_here AS
        SELECT document, start, kind, substance, code, platform, place, amount, amount_max,
               currency, quantity, unit, percent, percent_max, basis, analyte, first, day,
               precision, month, site, source, source_kind, thread, author
        FROM facts WHERE month BETWEEN $first AND $stop
        """,
        months,
    )
    asks = prices.ASKS_OF.format(facts="facts_here")
    connection.execute(f"CREATE TEMP TABLE asks_here AS {asks}")
    renamed = "* EXCLUDE (kind, source_kind), kind AS fact, source_kind AS kind"
    views = {"texts": "*", "facts": renamed, "asks": "*"}
    for step, precisions in STEPS.items():
        for name, columns in views.items():
            connection.execute(
                f"""
                CREATE TEMP VIEW {name}_by_{step} AS
                SELECT {columns}, CAST(date_trunc('{step}', day) AS DATE) AS period
                FROM {name}_here
                WHERE precision IN ({", ".join(f"'{p}'" for p in precisions)})
                  AND date_trunc('{step}', day) >= DATE '{first}'
                  AND date_trunc('{step}', day) < DATE '{stop}'
                """
            )


SCOPES = (
    "",
    "site",
    "kind",
)  # the dimension beside the concept: none, the site, the kind of source


def _label(scope: str) -> str:
    """Return the SQL that adds a dimension to a name."""
    return f" || '/{scope}=' || {scope}" if scope else ""


def _named(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return which substances were named at all."""
    return _tallied(
        connection,
        """
        SELECT DISTINCT 'named' AS part, substance AS key FROM facts_here
        WHERE kind = 'mention' AND substance IS NOT NULL
        """,
    )


def _volumes(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return documents read by source, site, kind and in all."""
    return _tallied(
        connection,
        f"""
        SELECT 'source' AS part, 'documents/source=' || source || '/{step}' AS series, period,
               '{step}' AS step, count(*) AS value
        FROM texts_by_{step} GROUP BY source, period
        UNION ALL
        SELECT 'point', 'documents/site=' || site || '/{step}', period, '{step}', count(*)
        FROM texts_by_{step} GROUP BY site, period
        UNION ALL
        SELECT 'point', 'documents/kind=' || kind || '/{step}', period, '{step}', count(*)
        FROM texts_by_{step} GROUP BY kind, period
        UNION ALL
        SELECT 'point', 'documents/{step}', period, '{step}', count(*)
        FROM texts_by_{step} GROUP BY period
        """,
    )


def _reads(connection: duckdb.DuckDBPyConnection, scope: str, step: str) -> pa.Table:
    """Return how many documents, channels and authors were read, by scope and period."""
    label = _label(scope)
    return _tallied(
        connection,
        f"""
        WITH read AS (
          SELECT ''{label} AS label, period, count(DISTINCT first) AS documents,
                 count(DISTINCT thread) AS channels, count(DISTINCT author) AS authors
          FROM texts_by_{step} GROUP BY ALL
        )
        SELECT 'read' AS part, 'documents' || label AS key, period, '{step}' AS step,
               documents AS value FROM read
        UNION ALL
        SELECT 'read', 'channels' || label, period, '{step}', channels FROM read
        UNION ALL
        SELECT 'read', 'authors' || label, period, '{step}', authors FROM read WHERE authors > 0
        """,
    )


def _shares(connection: duckdb.DuckDBPyConnection, scope: str, step: str) -> pa.Table:
    """Return how many documents, channels and authors name each concept, by scope and period."""
    keys = f", {scope}" if scope else ""
    label = _label(scope)
    concepts = " UNION ALL ".join(
        f"SELECT first, thread, author, site, kind, period, '{measure}' AS measure, "
        f"'{dimension}' AS dimension, {column} AS concept, NULL AS wider FROM facts_by_{step} "
        f"WHERE fact = '{kind}' AND {column} IS NOT NULL"
        for measure, (dimension, column, kind) in COUNTED.items()
    )
    concepts += f" UNION ALL {_WIDER.format(facts=f'facts_by_{step}')}"
    # Dimension names stand in alphabetical order in a canonical name; a concept's name sorts
    # before or after `kind` and `site`, so both spellings are prepared here.
    before = f"dimension || '=' || concept{label}"
    after = (
        before
        if not scope
        else f"CASE WHEN dimension < '{scope}' THEN {before} "
        f"ELSE '{scope}=' || {scope} || '/' || dimension || '=' || concept END"
    )
    return _tallied(
        connection,
        f"""
        WITH named AS ({concepts}), hits AS (
          SELECT DISTINCT measure, dimension, concept, wider, period, first, thread, author{keys}
          FROM named
        ), counted AS (
          SELECT measure, dimension, concept, wider, period{keys},
                 count(DISTINCT first) AS documents, count(DISTINCT thread) AS channels,
                 count(DISTINCT author) AS authors
          FROM hits GROUP BY ALL
        ), labelled AS (SELECT *, {after} AS label, ''{label} AS scope FROM counted)
        SELECT 'share' AS part, 'documents' || scope AS key, wider,
               measure || '/' || label || '/{step}' AS series, period, '{step}' AS step,
               documents AS value FROM labelled
        UNION ALL
        SELECT 'share', 'channels' || scope, wider, 'channels/' || label || '/{step}', period,
               '{step}', channels FROM labelled
        UNION ALL
        SELECT 'share', 'authors' || scope, wider, 'authors/' || label || '/{step}', period,
               '{step}', authors FROM labelled
        """,
    )


def _pairs(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return how many documents of a week name a substance together with something else."""
    others = " UNION ALL ".join(
        f"SELECT document, '{dimension}=' || {column} AS other, '' AS substance "
        f"FROM facts_by_week WHERE fact = '{kind}' AND {column} IS NOT NULL"
        for dimension, column, kind in COUNTED.values()
        if dimension != "substance"
    )
    return _tallied(
        connection,
        f"""
        WITH named AS (
          SELECT DISTINCT document, substance, period, first FROM facts_by_week
          WHERE fact = 'mention' AND substance IS NOT NULL
        ), others AS (
          {others} UNION ALL SELECT document, 'with=' || substance, substance FROM named
        ), pairs AS (
          SELECT DISTINCT n.period, n.first,
                 CASE WHEN o.substance = '' THEN o.other || '/substance=' || n.substance
                   ELSE 'substance=' || n.substance || '/' || o.other END AS label
          FROM named n JOIN others o USING (document)
          WHERE o.substance = '' OR n.substance < o.substance
        )
        SELECT 'pair' AS part, 'together/' || label || '/week' AS series, period, 'week' AS step,
               count(*) AS value
        FROM pairs GROUP BY label, period
        """,
    )


def _told(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the points of what was tallied.

    - A concept that was ever named is zero in each period in which its scope was read.
    - Within the life of a source (first to last period of the whole observatory, from its first
      document on) a period without a document is a zero: that is how silence shows.
    - A group or class is told if two of its members were named: else it says the same again.
    - A pair is told where `PAIRED` documents ever told of both.
    """
    return _points(
        connection,
        f"""
        WITH reads AS (SELECT key, step, period, value FROM tallies WHERE part = 'read'),
        told AS (
          SELECT w.dimension || '=' || w.wider AS wider
          FROM tallies t JOIN wider w ON w.substance = t.key WHERE t.part = 'named'
          GROUP BY ALL HAVING count(DISTINCT t.key) > 1
        ), shares AS (
          SELECT * FROM tallies
          WHERE part = 'share' AND (wider IS NULL OR wider IN (SELECT wider FROM told))
        ), sources AS (SELECT series, step, period, value FROM tallies WHERE part = 'source'),
        pairs AS (
          SELECT series, step, period, value FROM tallies WHERE part = 'pair'
          QUALIFY sum(value) OVER (PARTITION BY series) >= {PAIRED}
        )
        SELECT series, period, step, value, denominator FROM tallies WHERE part = 'point'
        UNION ALL
        SELECT n.series, r.period, r.step, coalesce(s.value, 0), r.value
        FROM (SELECT DISTINCT series, key, step FROM shares) n JOIN reads r USING (key, step)
        LEFT JOIN shares s ON s.series = n.series AND s.period = r.period
        UNION ALL
        SELECT l.series, r.period, r.step, coalesce(b.value, 0), NULL
        FROM (SELECT series, step, min(period) AS born FROM sources GROUP BY ALL) l
        JOIN reads r ON r.key = 'documents' AND r.step = l.step AND r.period >= l.born
        LEFT JOIN sources b ON b.series = l.series AND b.period = r.period
        UNION ALL
        SELECT p.series, p.period, p.step, p.value, r.value
        FROM pairs p JOIN reads r ON r.key = 'documents' AND r.step = p.step
          AND r.period = p.period
        """,
    )


def _prices(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return the median unit price by substance, unit, quantity band and site."""
    one = prices.ONE
    return _tallied(
        connection,
        f"""
        WITH priced AS (
          SELECT DISTINCT {one}, band, price, site, period FROM asks_by_{step}
        )
        SELECT 'point' AS part, 'price/band=' || format('{{:g}}', band) || '/currency='
               || currency || '/substance=' || substance || '/unit=' || unit || '/{step}' AS series,
               period, '{step}' AS step, median(price) AS value, count(*) AS denominator
        FROM (SELECT DISTINCT {one}, band, price, period FROM priced)
        GROUP BY band, currency, substance, unit, period
        UNION ALL
        SELECT 'point', 'price/band=' || format('{{:g}}', band) || '/currency=' || currency
               || '/site=' || site || '/substance=' || substance || '/unit=' || unit || '/{step}',
               period, '{step}', median(price), count(*)
        FROM priced GROUP BY band, currency, site, substance, unit, period
        """,
    )


def _purities(connection: duckdb.DuckDBPyConnection, step: str) -> pa.Table:
    """Return the median purity claimed in texts by substance: of a range, its middle.

    What a first appearance and its reposts claim alike counts once in a period.
    """
    return _tallied(
        connection,
        f"""
        WITH said AS (
          SELECT DISTINCT first, period, basis, substance, percent,
                 coalesce(percent_max, percent) AS most
          FROM facts_by_{step}
          WHERE fact = 'purity' AND substance IS NOT NULL AND analyte IS NULL
        )
        SELECT 'point' AS part,
               'purity/basis=' || basis || '/substance=' || substance || '/{step}' AS series,
               period, '{step}' AS step, median((percent + most) / 2) AS value,
               count(*) AS denominator
        FROM said GROUP BY basis, substance, period
        """,
    )


def _samples(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return what laboratories found, monthly: a month without an analysed sample is missing.

    A finding whose substance the thesaurus does not know counts under its label, unless that
    names none.
    """
    return _points(
        connection,
        f"""
        WITH {DATED}, {findings.WHAT}, named AS (
          SELECT sample, what FROM what
          UNION
          SELECT sample, dimension || '=' || wider FROM what JOIN wider USING (substance)
          QUALIFY count(DISTINCT substance) OVER (PARTITION BY dimension, wider) > 1
        ), totals AS (SELECT month, count(*) AS n FROM dated GROUP BY month),
        counted AS (
          SELECT f.what, a.month, count(DISTINCT a.id) AS n
          FROM named f JOIN dated a ON a.id = f.sample GROUP BY ALL
        ), names AS (SELECT DISTINCT what FROM counted)
        SELECT 'found/' || s.what || '/month' AS series, t.month AS period, 'month' AS step,
               coalesce(c.n, 0) AS value, t.n AS denominator
        FROM names s JOIN totals t ON true
        LEFT JOIN counted c ON c.what = s.what AND c.month = t.month
        UNION ALL
        SELECT 'expected/substance=' || a.sold_as || '/month', a.month, 'month',
               count(*) FILTER (f.sample IS NOT NULL), count(*)
        FROM dated a LEFT JOIN (
          SELECT DISTINCT f.sample, m.substance FROM found f JOIN members m
            ON m.member = f.substance
        ) f ON f.sample = a.id AND f.substance = a.sold_as
        WHERE a.sold_as IS NOT NULL GROUP BY a.sold_as, a.month
        """,
    )


def _dangers(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return samples that each rule of danger is about, monthly by site."""
    connection.register("dangers", findings.dangers(connection))
    return _points(
        connection,
        f"""
        WITH {DATED}, totals AS (SELECT site, month, count(*) AS n FROM dated GROUP BY ALL),
        counted AS (
          SELECT d.rule, d.found, a.site, a.month, count(DISTINCT a.id) AS n
          FROM dangers d JOIN dated a ON a.id = d.sample GROUP BY ALL
        ), names AS (SELECT DISTINCT rule, found, site FROM counted)
        SELECT 'danger/rule=' || n.rule || '/site=' || n.site || '/substance=' || n.found
               || '/month' AS series, t.month AS period, 'month' AS step,
               coalesce(c.n, 0) AS value, t.n AS denominator
        FROM names n JOIN totals t USING (site)
        LEFT JOIN counted c USING (rule, found, site, month)
        """,
    )


def _names(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return names whose content is another's, and months since the content of a name changed.

    Where the findings say nothing the value is zero: it was looked at.
    """
    rows = [
        {"series": name_of(measure, dict([findings.under(r.name)]), "month"), "period": r.month,
         "step": "month", "value": float(r.samples), "denominator": float(r.of)}
        for measure, told in (("missold", findings.missold(connection)),
                              ("changed", findings.changes_seen(connection)))
        for r in told
    ]  # fmt: skip
    schema = pa.schema([("series", pa.string()), ("period", pa.date32()), ("step", pa.string()),
                        ("value", pa.float64()), ("denominator", pa.float64())])  # fmt: skip
    connection.register("names_told", pa.Table.from_pylist(rows, schema))
    return _points(connection, "SELECT * FROM names_told")


def _contents(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return the median purity that laboratories measured as main substance, in all and by site.

    By month, and by week where a usual week has `A_WEEK` of them. Of what is sold by the piece it
    is the median content of one as well, by unit: its strength.
    """
    return _points(
        connection,
        f"""
        WITH {CONTENTS}, told AS (
          SELECT head || scope || tail || '/' || step AS series, period, step,
                 median(amount) AS value, count(*) AS denominator
          FROM (SELECT *, unnest(['', 'site=' || site || '/']) AS scope FROM contents)
          GROUP BY ALL
        )
        SELECT * FROM told
        QUALIFY step = 'month' OR median(denominator) OVER (PARTITION BY series) >= {A_WEEK}
        """,
    )


def _indicators(connection: duckdb.DuckDBPyConnection) -> pa.Table:
    """Return published figures as they stand, latest revision; unknown ones are missing.

    Figures of one name in several units are series of their own: the commonest unit has the name.
    """
    return _points(
        connection,
        f"""
        WITH {NAMED}, told AS (
          SELECT 'indicator/area=' || area || '/name='
                 || replace(replace(label, '/', '∕'), '=', '＝')
                 || CASE WHEN substance IS NULL THEN '' ELSE '/substance=' || substance END
                 || '/' || step AS series, *
          FROM named
        )
        SELECT series, period, step, value, denominator FROM told
        QUALIFY row_number() OVER (PARTITION BY series, period
                                   ORDER BY revision DESC, source, value DESC, denominator) = 1
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


def _tallied(connection: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    """Return the answer with every column of `TALLY`; those that the query lacks are empty."""
    found = connection.sql(query).to_arrow_table()
    columns = [
        found.column(field.name).cast(field.type)
        if field.name in found.column_names
        else pa.nulls(found.num_rows, field.type)
        for field in TALLY
    ]
    return pa.table(columns, schema=TALLY)

"""Laboratory reports: the alert form of a signal, prices and purities, one sample's result."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fanal.answers import prices
from fanal.door.pseudonyms import KeyRing
from fanal.errors import ConfigError
from fanal.laboratory import findings
from fanal.observatory import Observatory


@dataclass(frozen=True, slots=True)
class Measured:
    """Prices or contents of a substance, in the shape that focal points fill."""

    substance: str
    measure: str  # price asked, price paid or content
    unit: str  # EUR/g, %, mg/tablet, …
    quantity: str  # that a price is asked for, as shown; empty else
    minimum: float  # in `unit`
    mean: float
    median: float
    maximum: float
    observations: int
    band: float  # the first of `quantity`


@dataclass(frozen=True, slots=True)
class SampleResult:
    """One substance that was found in a sample, or none: then all of the result is empty."""

    reference: str
    source: str
    day: date | None
    sold_as: str | None  # substance id
    sold_as_label: str | None
    substance: str | None
    label: str | None  # the laboratory's own words
    role: str | None
    amount: float | None  # in `unit`
    amount_max: float | None
    unit: str | None
    uncertainty: float | None
    censored: bool | None  # below the limit of detection or quantification
    method: str | None
    version: int | None


def prices_and_purities(
    ws: Observatory, first: date | None = None, last: date | None = None
) -> list[Measured]:
    """Return prices and contents by substance in the shape that focal points fill.

    Measures: price of a gram, tablet or dose, asked (posts, by the quantity that it is asked for;
    `band` is its first) and paid (samples); content in % and mg per tablet. Each with minimum,
    mean, median, maximum and number of observations.
    """
    first, last = first or date(1900, 1, 1), last or date(9999, 12, 31)
    rows = [
        Measured(p.substance, "price asked", f"{p.currency}/{p.unit}",
                 prices.band_label(p.unit, p.band), p.minimum, p.mean, p.median, p.maximum, p.n,
                 p.band)
        for p in prices.asked(ws.tables, first, last)
    ]  # fmt: skip
    found = ws.tables.rows(_PAID_AND_FOUND, {"first": first, "last": last})
    rows += [Measured(**row) for row in found]
    rows.sort(key=lambda r: (r.substance, r.measure, r.unit, r.band))
    return rows


_PAID_AND_FOUND = f"""
WITH paid AS (
  SELECT sold_as AS substance, 'price paid' AS measure, {prices.PAID} AS unit,
         price / quantity AS value
  FROM samples
  WHERE price > 0 AND quantity > 0 AND unit IS NOT NULL AND currency IS NOT NULL
    AND day BETWEEN $first AND $last
), contents AS (
  SELECT r.substance, 'content',
         {findings.PER_PIECE}, r.amount
  FROM found r JOIN samples s ON s.id = r.sample
  WHERE r.amount > 0 AND r.role IN ('main', 'minor')
    AND r.unit IN ('%', 'mg', 'mg/tablet') AND s.day BETWEEN $first AND $last
)
SELECT substance, measure, unit, '' AS quantity, min(value) AS minimum,
       round(avg(value), 6) AS mean, median(value) AS median, max(value) AS maximum,
       count(*) AS observations, 0.0 AS band
FROM (SELECT * FROM paid UNION ALL SELECT * FROM contents)
WHERE substance IS NOT NULL GROUP BY substance, measure, unit
"""


def result_of(ws: Observatory, reference: str, history: bool = False) -> list[SampleResult]:
    """Return what was found in the samples of a reference: of the product, never of a person.

    With `history`, also the answers that were corrected since, by their `version`.

    Raises:
        ConfigError: no sample has that reference.
    """
    results = "every_results" if history else "results"
    rows = ws.tables.rows(
        f"""
        SELECT s.reference, s.source, s.day, s.sold_as, s.sold_as_label, r.substance, r.label,
               r.role, r.amount, r.amount_max, r.unit, r.uncertainty, r.censored, r.method,
               r.version
        FROM samples s LEFT JOIN {results} r ON r.sample = s.id
        WHERE s.reference IN ($reference, $keyed)
        ORDER BY s.source, r.version DESC, r.role, r.amount DESC NULLS LAST, r.label
        """,
        {
            "reference": reference.strip(),
            "keyed": KeyRing(ws.keys).reference(reference),  # of one that the door replaced
        },
    )
    if not rows:
        raise ConfigError("no sample has that reference", do="check it on the receipt")
    return [SampleResult(**row) for row in rows]

"""Unit prices asked in texts: one selection and one set of bands for whoever shows a price.

An ask is an amount of money for a quantity of a substance. Asks that are equal count once in what
a first appearance and its reposts say; equal asks of different documents all count. Weights are in
grams and volumes in millilitres; a range of prices counts with its middle. Unit prices fall with
quantity, so bands are never mixed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from fanal.storage.tables import Tables

# The first quantity of each band.
BANDS = {"g": (0.0, 0.75, 1.5, 4.0, 9.0, 45.0, 450.0), "unit": (0.0, 1.5, 4.5, 9.5, 49.0, 490.0)}
_GRAMS = {0.75: "1", 1.5: "1.5–4", 4.0: "4–9", 9.0: "9–45", 45.0: "45–450", 450.0: "≥ 450"}
_UNITS = {0.0: "1", 1.5: "2–4", 4.5: "5–9", 9.5: "10–49", 49.0: "50–490", 490.0: "≥ 490"}
# unit: the unit that it is counted in, and how many of these it is
_MEASURED = {
    "kg": ("g", 1000.0), "mg": ("g", 0.001), "oz": ("g", 28.349523125), "lb": ("g", 453.59237),
    "l": ("ml", 1000.0),
}  # fmt: skip
# The unit of a price paid, as laboratories write it: currency and what one costs.
PAID = """currency || '/' || CASE
  WHEN unit IN ('comprimé', 'cp', 'pill', 'tablette') THEN 'tablet'
  WHEN unit = 'buvard' THEN 'blotter' ELSE unit END"""
LEAST_PRICES = 5  # fewer prices of one quantity are no market
QUARTER = timedelta(weeks=13)


def _when(column: str, cases: dict[str, object], other: str) -> str:
    told = " ".join(f"WHEN '{unit}' THEN {value}" for unit, value in cases.items())
    return f"CASE {column} {told} ELSE {other} END"


_UNIT = _when("f.unit", {unit: f"'{other}'" for unit, (other, _) in _MEASURED.items()}, "f.unit")
_FACTOR = _when("f.unit", {unit: factor for unit, (_, factor) in _MEASURED.items()}, "1.0")
_BAND = "CASE {} END".format(
    " ".join(
        f"WHEN unit {'=' if family == 'g' else '<>'} 'g' AND quantity < {stop} "
        f"THEN CAST({start} AS DOUBLE)"
        for family, edges in BANDS.items()
        for start, stop in zip(edges, (*edges[1:], 1e300), strict=True)
    )
)
# Every ask that counts, with its unit price (`price`), and its band by its first quantity.
ASKS_OF = f"""
SELECT *, amount / quantity AS price, {_BAND} AS band FROM (
  SELECT f.document, f.first, f.start, f.day, f.precision, f.month, f.site, f.source,
         f.source_kind, f.substance, f.currency,
         (f.amount + coalesce(f.amount_max, f.amount)) / 2 AS amount,
         f.quantity * {_FACTOR} AS quantity, {_UNIT} AS unit
  FROM {{facts}} f
  WHERE f.kind = 'price' AND f.substance IS NOT NULL AND f.amount > 0 AND f.quantity > 0
    AND f.unit IS NOT NULL AND f.currency IS NOT NULL
)
"""
ASKS = ASKS_OF.format(facts="facts")
ONE = "first, substance, currency, unit, quantity, amount"  # equal asks that count once
_ASKED = f"""
WITH once AS (
  SELECT DISTINCT {ONE}, band, price FROM ({ASKS})
  WHERE day BETWEEN $first AND $last AND month BETWEEN $from AND $to
    AND list_contains($precisions, precision) AND ($substance = '' OR substance = $substance)
)
SELECT substance, unit, currency, band, count(*) AS n, median(price) AS median,
       quantile_cont(price, 0.25) AS low, quantile_cont(price, 0.75) AS high,
       min(price) AS minimum, round(avg(price), 6) AS mean, max(price) AS maximum
FROM once GROUP BY substance, unit, currency, band ORDER BY substance, unit, currency, band
"""
_LATEST = f"""
SELECT max(day) AS day FROM (
  SELECT day, count(*) OVER (PARTITION BY unit, currency, band ORDER BY day
                             RANGE BETWEEN INTERVAL 90 DAYS PRECEDING AND CURRENT ROW) AS n
  FROM (
    SELECT {ONE}, band, min(day) AS day FROM ({ASKS})
    WHERE substance = $substance AND day <= $until GROUP BY {ONE}, band
  )
) WHERE n >= {LEAST_PRICES}
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Unit prices of a substance in one quantity band, over a period."""

    substance: str
    unit: str
    currency: str
    band: float  # first quantity of the band
    n: int
    median: float
    low: float  # quarter of the prices at or below
    high: float
    minimum: float
    mean: float
    maximum: float


def quarter(last: date) -> date:
    """Return the first day of the thirteen weeks that end with a day."""
    return max(last, date.min + QUARTER) - QUARTER + timedelta(days=1)


def asked(tables: Tables, first: date, last: date, substance: str = "") -> list[Asked]:
    """Return the prices asked in a period, of a substance or of all, by unit and quantity band.

    What is known by the month alone counts in periods of a month and more.
    """
    whole = last - first >= timedelta(days=27)
    rows = tables.rows(_ASKED, {
        "first": first, "last": last, "from": first.isoformat()[:7], "to": last.isoformat()[:7],
        "precisions": ["day", "week", "month"] if whole else ["day"], "substance": substance,
    })  # fmt: skip
    return [Asked(**row) for row in rows]


def latest(tables: Tables, substance: str, until: date) -> date | None:
    """Return the last day up to which a quarter has enough prices of a substance; None: never."""
    day: date | None = tables.rows(_LATEST, {"substance": substance, "until": until})[0]["day"]
    return day


def band_label(unit: str, band: float) -> str:
    """Return a band as it is shown: 1, 1.5–4, ≥ 450."""
    return _GRAMS.get(band, "< 0.75") if unit == "g" else _UNITS.get(band, f"{band:g}")

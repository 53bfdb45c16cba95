"""What the columns of an official table say: roles, periods across, figures."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figures import is_count
from fanal.importers.reading.periods import (
    Period,
    PeriodColumn,
    step_of,
    with_year,
)
from fanal.importers.reading.rows import Cells, as_text

# words of columns that are no figures of anything: codes, editions, how sure a figure is
CODES = words_of("code codes cod insee siren siret id ids cog codgeo nuts geo num numero no rang "
                   "rank ordre order iso fips key cle millesime millesimes diffuse complement "
                   "info")  # fmt: skip
HOMES = words_of("log logements dwellings households menages")
RATES = words_of("taux rate rates pour per je pro ratio part pct percent tx tasso tassi tasa tasas")
IDLE = {"dataflow", "structure", "structure_id", "action", "unit_mult", "decimals", "conf_status",
         "last_update", "structure_name"}  # fmt: skip
BOUNDS = words_of("ci ic lower upper inf sup borne bound low high min max ki")
SAID_OF = ("note", "origin", "revision")  # what a row says of its figures, and not what they are
MOST = 0.8  # of the cells that should be figures
_TOTALS = words_of("total totals totaux totale totaal totali ensemble insgesamt gesamt gesamtsumme "
                   "summe somme sum all moyenne moyen mean average")  # fmt: skip
_BESIDE = words_of(
    "national nationale nacional nazionale general generale grand annuel annuelle annual year "
    "annee l de des du la the"
)
_PER = re.compile(r"(?:^|_)(?:per|pour|pro|je|por)_?(1(?:_?0{2,3}){1,3})(?![0-9])")


@dataclass(frozen=True)
class Said:
    """What a description says of a table that does not say it."""

    counts: str = ""
    area: str = ""
    unit: str = ""
    decimal: str = ""
    weeks: str = ""
    period: str = ""


@dataclass
class Shape:
    """What the columns of a table say."""

    roles: dict[str, str] = field(default_factory=dict)  # role → column
    rest: list[str] = field(default_factory=list)
    sdmx: bool = False
    measures: list[str] = field(default_factory=list)  # further columns of figures of a row
    crossed: dict[str, tuple[Period, str]] = field(default_factory=dict)  # column → period, words
    across: list[str] = field(default_factory=list)  # of areas, or what is counted; periods go down
    figures: set[str] = field(default_factory=set)  # columns of figures
    labels: dict[str, str] = field(default_factory=dict)  # SDMX: column of codes → of their labels
    within: str = ""  # column of the months, weeks or quarters of the years across
    years: str = ""  # column of the years of which the months, quarters or half-years across are
    codes: set[str] = field(default_factory=set)  # columns of numbers that are names
    units: dict[str, str] = field(default_factory=dict)  # column of figures → of their units

    def further(self) -> list[str]:
        """Return the columns of figures that no role has, codes and numbers of homes left out."""
        area = {self.roles[r] for r in ("area", "area_name") if r in self.roles}
        return [
            n for n in self.rest
            if n in self.figures and n not in {*area, *self.codes}
            and not words_of(n) & (CODES | HOMES)
        ]  # fmt: skip

    def period(self, row: Cells) -> str:
        """Return what a row says of its period, in one column or two."""
        text = as_text(row.get(self.roles["period"]))
        if self.sdmx:
            text = before_colon(text)
        if "until" in self.roles:
            days = (text, as_text(row.get(self.roles["until"])))
            return " – ".join(day.removesuffix(" 00:00:00") for day in days)
        if "year" in self.roles:
            year = as_text(row.get(self.roles["year"]))
            return with_year(year, text, step_of(self.roles["period"]))
        if step_of(self.roles["period"]) == "year" and re.fullmatch(r"\d\d", text):
            return f"20{text}"
        return text

    def column(self, step: str, weeks: str) -> PeriodColumn:
        """Return a reader of the periods of a table, or of those of one step."""
        header = self.roles["period"]
        return PeriodColumn(
            "" if self.sdmx or "until" in self.roles else before_colon(header), step, weeks
        )

    def is_label(self, column: str) -> bool:
        """Say whether a column of a crossed table names its rows: a total beside them does not."""
        if column in (*self.crossed, self.within, self.years):
            return False
        if column in map(self.roles.get, ("unit", "step", *SAID_OF)) or words_of(column) & UNITS:
            return False
        area = column == self.roles.get("area") or bool(words_of(column) & CODES)
        return area or column not in self.figures

    def takes(self, column: str) -> bool:
        """Say whether anything is made of a column by its place in the table."""
        if self.sdmx:
            return True  # all its dimensions are part of the name; the others are its own
        known = {*self.roles.values(), *self.crossed, *self.across, *self.measures, *self.labels}
        known |= {*self.labels.values(), *self.units.values(), self.within, self.years}
        return column in known or (bool(self.crossed) and self.is_label(column))

    @property
    def undated(self) -> bool:
        """Whether a row is an area, and the period stands in no column."""
        return "period" not in self.roles and not self.crossed

    @property
    def tidy(self) -> bool:
        """Whether a row has a period and a value, and says of what or where."""
        return {"period", "value"} <= set(self.roles) and bool({"name", "area"} & set(self.roles))


def before_colon(name: str) -> str:
    """SDMX with labels calls its columns `FREQ: Frequency`, and fills in `A: Annual`."""
    return name.partition(":")[0] if re.match(r"\w+: ?\S", name) else name


def is_total(label: str) -> bool:
    """Say whether a label stands for all rows and is none of them: `Total`, `Ensemble`."""
    words = words_of(label)
    return bool(words & _TOTALS) and words <= _TOTALS | _BESIDE


def is_rate(name: str) -> bool:
    return bool(rate(name) or words_of(name) & RATES) or folded(name).startswith("taux")


def rate(column: str) -> str:
    form = folded(column)
    if per := _PER.search(form):
        size = int(per[1].replace("_", ""))
        return {100: "%", 1000: "‰"}.get(size) or f"/ {size:_}".replace("_", " ")
    for words, unit in (("pour_mille", "‰"), ("pourmille", "‰"),
                        ("pourcent", "%"), ("percent", "%"),
    ):  # fmt: skip
        if words in form:
            return unit
    return next((sign for sign in "%‰" if sign in column), "")


_IN_BRACKETS = re.compile(
    r".*[(\[]\s*(?:en|in)?\s*((?:kilos?|kg|mg|g|t|tonnes?|l|litres?|liters?|€|k€|m€|eur|euros?"
    r"|comprim[ée]s?|tablets?|tabletten|comprimidos|compresse|doses?|buvards?|plants?|pieds?"
    r"|unit[ée]s?|units?)(?:(?:\s*/\s*|\s+(?:per|par|pro|por|al?|je)\s+)\w+)?)\s*[)\]]\s*"
    r"(?:[,:–-]?\s*(?:19|20)\d\d\s*)?",  # of which year, behind it
    re.IGNORECASE,
)


_SPELT = {"kg": "kg", "kgs": "kg", "kilo": "kg", "kilos": "kg", "kilogram": "kg", "kilograms": "kg",
          "kilogramme": "kg", "kilogrammes": "kg", "gramme": "g", "grammes": "g", "grams": "g",
          "tonne": "t", "tonnes": "t", "litres": "l", "liters": "l", "comprimes": "comprimés",
          "tablets": "tablets", "tabletten": "Tabletten", "comprimidos": "comprimidos",
          "compresse": "compresse", "doses": "doses", "plants": "plants"}  # fmt: skip
_MONEY = words_of("eur usd gbp chf")
_EACH = words_of("par per pro por je")
_PRICED = words_of(
    "par prix price prices preis precio prezzo eur euro euros usd cout cost valeur value"
)
UNITS = words_of(
    "unite unites unit units einheit einheiten unidad unidades unita eenheid uom msunit"
)


@lru_cache(16_384)
def unit_of(column: str) -> str:
    """Return the unit that a column of figures says in its name: `Saisies (kg)`, a rate's.

    >>> unit_of("Kilograms"), unit_of("quantite_kg"), unit_of("Prix par gramme")
    ('kg', 'kg', '')
    >>> unit_of("Price of cocaine (EUR per gram), 2024"), unit_of("montant_eur")
    ('EUR per gram', 'EUR')
    """
    found = _IN_BRACKETS.fullmatch(column)
    if told := rate(column) or (found[1] if found else ""):
        return told
    words, last = words_of(column), folded(column).rpartition("_")[2]
    if last in _MONEY and not words & _EACH:
        return last.upper()
    spelt = {_SPELT[word] for word in words & _SPELT.keys()}
    return spelt.pop() if len(spelt) == 1 and not words & (_PRICED | RATES) else ""


def is_price(column: str) -> bool:
    """Say whether a column is one of prices, in which `60/70` is a range.

    >>> is_price("Prix (€)"), is_price("Âge"), is_price("Évolution des prix (%)")
    (True, False, False)
    """
    return bool(words_of(column) & _PRICED) and not rate(column)


def is_measure(unit: str) -> bool:
    """Say whether a unit is one of weight, volume, money or share, and no word for what counts."""
    return bool(rate(unit) or _IN_BRACKETS.fullmatch(f"({unit})") or len(unit) <= len("NR"))


def units_beside(columns: Sequence[str], figures: Collection[str]) -> dict[str, str]:
    """Return column of figures → column of its unit, which stands directly behind it.

    A number of cases has no kilos: of several columns before one of units it is the nearest that
    counts nothing. What stands before all figures, or far from them, is of all.
    """
    found: dict[str, str] = {}
    for at, column in enumerate(columns):
        if not words_of(column) & UNITS or column in figures:
            continue
        before = []
        for name in reversed(columns[:at]):
            if name not in figures or name in found:
                break
            before.append(name)
        if before:
            measured = (name for name in before if not (is_count(name) or words_of(name) & BOUNDS))
            own = next(measured, before[0])
            bounds = [n for n in before if words_of(n) & BOUNDS]
            found |= dict.fromkeys([own, *bounds], column)
    return found

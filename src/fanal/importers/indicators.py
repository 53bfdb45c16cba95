"""Official tables: published figures, tidy, crossed or as SDMX-CSV."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Indicator, Issue, Skipped
from fanal.importers.reading.archives import head
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.figures import (
    Figure,
    Period,
    Signs,
    period_within,
    read_figure,
    read_note,
    read_period,
)
from fanal.importers.reading.rows import (
    Cells,
    Table,
    as_text,
    folded,
    kind_of,
    open_sheets,
    sniffed,
)

ROLES = {  # what official tables call their columns, folded
    "name": "name indicator indicateur variable serie series libelle measure mesure index "
    "infraction",
    "area": "area ref_area geo departement dep code_departement code_dep dept region code_region "
    "territoire pays country location zone code_insee num_dep",
    "area_name": "nom nom_departement libelle_departement nom_region libelle_region geo_label "
    "label",
    "period": "period time_period annee year date mois month trimestre quarter periode time "
    "semaine",
    "step": "step freq frequency frequence pas",
    "value": "value obs_value valeur nombre effectif effectifs count faits n total number nb",
    "unit": "unit unit_measure unite unite_de_compte",
    "denominator": "denominator population pop denominateur base",
    "substance": "substance drug produit",
    "note": "note notes obs_flag obs_status footnote remarque flag statut",
    "revision": "revision edition last_update millesime version",
}
_FLOW = ("dataflow", "structure_id")
_IDLE = {"dataflow", "structure", "structure_id", "action", "unit_mult", "decimals", "conf_status",
         "last_update", "structure_name"}  # fmt: skip
FREQUENCIES = {"a": "year", "m": "month", "w": "week", "q": "quarter", "annual": "year",
               "monthly": "month", "weekly": "week", "quarterly": "quarter", "an": "year",
               "mois": "month", "semaine": "week", "trimestre": "quarter"}  # fmt: skip
STATUS = {"p": "provisional", "e": "estimated", "b": "break in the series", "c": "confidential",
          "m": "missing", "d": "definition differs", "u": "low reliability", "s": "estimated",
          "r": "revised", "f": "forecast"}  # fmt: skip
STEPS = ("week", "month", "quarter", "year")
CROSSED = 3  # columns of periods or areas, from which a table is crossed
FIRST_ROWS = 200
ASKED = 'add decimal = "," or decimal = "." (what stands before decimals) under [parameters]'
MOST = 0.8  # of the cells that should be figures


@dataclass(frozen=True)
class Indicators(Importer):
    """Published figures (CSV, TSV, XLSX, XLS, ODS, JSON lines, Parquet), one or many a row.

    When to use: official or scientific tables, in any of three shapes: one figure a row, with a
    second column of rates beside it perhaps; crossed, with a column for each period or area;
    SDMX-CSV. When not: tables of texts (`tables`), drug-checking results (`lab`).

    Parameters
    ----------
    mapping : mapping of role → column
        Roles: name, area, period, step, value, unit, denominator, substance, note, revision.
        What is not named is found by its header.
    counts : str
        What is counted, where the table does not say it but in its title.
    area : str
        Code of the area, where the table is about one.
    unit : str
        Unit of the figures, where the table does not say it.
    decimal : str
        "," or ".": the sign before decimals, where a table such as `1.234` does not show it.

    Limits
    ------
    An empty or suppressed value stays unknown, never zero; what stood there is its note. Footnotes
    and sources under a table become notes. Quarters are kept, and not counted into series.
    A second column of figures in a row is named `name (column)`. One sign before three figures
    (`14.217`) is read by the unit, the header and the other figures of the table; where none of
    them shows whether it stands before decimals or between thousands, the figure is an issue. A
    figure in brackets stays unknown.

    Examples
    --------
    >>> Indicators(counts="usage de stupéfiants", unit="personnes").unit
    'personnes'
    """

    name: ClassVar[str] = "indicators"
    breadth: ClassVar[int] = 0

    mapping: Mapping[str, str] = field(default_factory=dict)
    counts: str = ""
    area: str = ""
    unit: str = ""
    decimal: str = ""

    def identify(self, path: File) -> bool:
        if kind_of(path) is None and not sniffed(head(path)):
            return False  # a short table between titles and notes does not look like one
        try:
            return any(self._shape(page) for page in open_sheets(path, self._wanted))
        except ImporterError:
            return False

    def extract(self, path: File) -> Iterator[Indicator | Issue | Skipped]:
        if self.decimal not in ("", ",", "."):
            raise ImporterError(
                f"decimal cannot be {self.decimal!r}",
                allowed='"," and "."',
                do="correct decimal under [parameters]",
            )
        pages = open_sheets(path, self._wanted)
        read = False
        for page in pages:
            shape = self._shape(page)
            if shape is None:
                rows = sum(1 for found in page.rows() if not isinstance(found, Issue))
                yield Skipped("row of another sheet", rows + 1)
            else:
                read = True
                yield from _Reader(self, page, shape).read()
        if not read:
            raise ImporterError(
                "not a table of figures",
                where="record 1",
                allowed="columns name, area, period, value; or a column for each period or area",
                do="name the columns under [mapping] in the source description",
            )

    def _wanted(self, names: tuple[str, ...]) -> float:
        shape = self._named(names)
        if self.mapping and not set(self.mapping) <= set(shape.roles):
            return 0.0
        if shape.tidy:
            return 10.0 + len(shape.roles)
        if len(shape.crossed) >= CROSSED:
            return float(len(shape.crossed))
        areas = sum(area_code(name, widest=True) is not None for name in shape.rest)
        return float(areas) if "period" in shape.roles and areas >= CROSSED else 0.0

    def _named(self, names: Sequence[str]) -> _Shape:
        """Return what the columns say by their names."""
        by_fold = {folded(_before_colon(name)): name for name in reversed(names)}
        shape = _Shape()
        for role, aliases in ROLES.items():
            wanted = [folded(self.mapping[role])] if role in self.mapping else aliases.split()
            found = next((by_fold[w] for w in wanted if w in by_fold), None)
            if found and found not in shape.roles.values():
                shape.roles[role] = found
        shape.sdmx = {"time_period", "obs_value"} <= set(by_fold)
        for name in names:
            if name not in shape.roles.values() and not re.fullmatch(r"column \d+", name):
                shape.rest.append(name)
        for name in shape.rest:
            if found_period := period_within(name):
                shape.crossed[name] = found_period
        return shape

    def _shape(self, page: Table) -> _Shape | None:
        """Return how a sheet is to be read; None if it is no table of figures."""
        shape = self._named(page.columns)
        rows = [f[1] for f in islice(page.rows(), FIRST_ROWS) if isinstance(f, tuple)]
        if not rows:
            return None
        cells = {n: [as_text(r.get(n)) for r in rows] for n in page.columns}
        figures = {n: _share([r.get(n) for r in rows]) for n in page.columns}
        if self.mapping and shape.tidy:
            return shape
        if shape.tidy:
            periods = [read_period(c) for c in cells[shape.roles["period"]] if c]
            known = sum(p is not None for p in periods)
            if figures[shape.roles["value"]] < MOST or known < MOST * len(periods):
                return None
            if not shape.sdmx:
                area = {shape.roles[r] for r in ("area", "area_name") if r in shape.roles}
                shape.measures = [n for n in shape.rest if figures[n] >= MOST and n not in area]
            return shape
        shape.crossed = {n: p for n, p in shape.crossed.items() if figures[n] >= MOST}
        if len(shape.crossed) >= CROSSED:
            return shape
        # periods down, areas or things counted across
        period = next(
            (n for n in page.columns
             if sum(read_period(c) is not None for c in cells[n] if c) >= MOST * len(rows)), None
        )  # fmt: skip
        across = [n for n in page.columns if n != period and figures[n] >= MOST]
        areas = [n for n in across if area_code(n, widest=True)]
        if period and len(areas) >= max(CROSSED, MOST * len(across)):
            shape.roles["period"] = period
            shape.across = areas
            return shape
        return None


@dataclass
class _Shape:
    """What the columns of a table say."""

    roles: dict[str, str] = field(default_factory=dict)  # role → column
    rest: list[str] = field(default_factory=list)
    sdmx: bool = False
    measures: list[str] = field(default_factory=list)  # further columns of figures of a row
    crossed: dict[str, tuple[Period, str]] = field(default_factory=dict)  # column → period, words
    across: list[str] = field(default_factory=list)  # columns of areas; periods go down

    @property
    def tidy(self) -> bool:
        """Whether a row has a period and a value, and says of what or where."""
        return {"period", "value"} <= set(self.roles) and bool({"name", "area"} & set(self.roles))


def _before_colon(name: str) -> str:
    """SDMX with labels calls its columns `FREQ: Frequency`, and fills in `A: Annual`."""
    return name.partition(":")[0] if re.match(r"\w+: ?\S", name) else name


def _share(cells: Sequence[object]) -> float:
    said = [c for c in cells if as_text(c)]
    return sum(read_figure(c) is not None for c in said) / len(said) if said else 0.0


class _Reader:
    """Makes figures of a sheet's rows, with the notes that stand under them."""

    def __init__(self, importer: Indicators, page: Table, shape: _Shape) -> None:
        self.importer, self.page, self.shape = importer, page, shape
        self.notes: dict[str, str] = {}
        self.about: list[str] = []
        self.title = ""
        self.unit = importer.unit
        for number, row in page.loose():
            texts = [t for t in (as_text(c) for c in row) if t]
            if number < page.header and len(texts) == 1:
                self._above(texts[0])
            elif number > page.header and self._is_note(texts):
                self._below(texts[0])
        self.signs = self._signs()

    def _signs(self) -> Signs:
        """Look at all figures of the table for the sign before their decimals."""
        shape, said = self.shape, self.importer.decimal or ("." if self.shape.sdmx else "")
        words = [*self.page.columns, *self.about, self.title]
        first = next((f[1] for f in self.page.rows() if isinstance(f, tuple)), {})
        signs = Signs(said, [*words, *(c for c in first.values() if isinstance(c, str))])
        columns = [*(shape.across or shape.crossed), *shape.measures]
        if shape.tidy:
            columns = [shape.roles["value"], *shape.measures]
        columns += [shape.roles["denominator"]] if "denominator" in shape.roles else []
        for found in () if said else self.page.rows():
            if isinstance(found, tuple):
                for column in columns:
                    signs.see(self._group(found[1], column), found[1].get(column))
        return signs

    def _group(self, row: Cells, column: str) -> tuple[str, ...]:
        """Return what figures are written alike: those of a column and unit, of a row, or all."""
        shape = self.shape
        if shape.across:
            return ()
        if shape.tidy:
            roles = [shape.roles[role] for role in ("unit", "name") if role in shape.roles]
            return (column, *(as_text(row.get(name)) for name in roles))
        return tuple(as_text(row.get(c)) for c in self.page.columns if c not in shape.crossed)

    def _above(self, text: str) -> None:
        """Take a line above the header: a title, or the unit in parentheses."""
        if unit := re.fullmatch(
            r"[(\[]?\s*(?:en|in|unité\s*:|unit\s*:)\s*([^)\]]+)[)\]]?", text, re.IGNORECASE
        ):
            self.unit = self.unit or unit[1].strip()
        elif note := read_note(text):
            self.about.append(note[1])
        elif not self.title:
            if within := re.search(r"[(\[]\s*(?:en|in)\s+([^)\]]+)[)\]]\s*$", text, re.IGNORECASE):
                self.unit = self.unit or within[1].strip()
            plain = re.sub(r"^(?:tableau|table|figure|graphique)\s*[\w.]*\s*[:.–-]\s*", "", text,
                           flags=re.IGNORECASE)  # fmt: skip
            self.title = plain.strip()

    def _is_note(self, texts: list[str]) -> bool:
        return len(texts) == 1 and read_note(texts[0]) is not None

    def _below(self, text: str) -> None:
        note = read_note(text)
        assert note is not None
        if note[0]:
            self.notes[note[0]] = note[1]
        else:
            self.about.append(note[1])

    def read(self) -> Iterator[Indicator | Issue | Skipped]:
        loose = {
            number for number, row in self.page.loose()
            if number > self.page.header and self._is_note([t for t in map(as_text, row) if t])
        }  # fmt: skip
        for found in self.page.rows():
            if isinstance(found, Issue) and found.record in loose:
                yield Skipped("note under the table")
            elif not isinstance(found, tuple):
                yield found
            elif found[0] in loose:
                yield Skipped("note under the table")
            elif self.shape.across:
                yield from self._down(*found)
            elif self.shape.tidy:
                yield from self._tidy(*found)
            else:
                yield from self._crossed(*found)

    def _tidy(self, number: int, row: Cells) -> Iterator[Indicator | Issue]:
        shape = self.shape
        said = {role: as_text(row.get(name)) for role, name in shape.roles.items()}
        if shape.sdmx:
            said = {r: _before_colon(t) if r != "name" else t for r, t in said.items()}
        period = read_period(said["period"])
        step = said.get("step", "").casefold()
        step = FREQUENCIES.get(step, step) or (period.step if period else "")
        if period is None or step not in STEPS:
            bad = "period" if period is None else "step"
            yield Issue(f"{bad} not readable", number, bad, f"allowed: {', '.join(STEPS)}")
            return
        name = said.get("name", "")
        if shape.sdmx:
            parts = [as_text(row.get(c)) for c in shape.rest
                     if folded(_before_colon(c)) not in _IDLE]  # fmt: skip
            flow = next((as_text(row.get(c)) for c in self.page.columns
                         if folded(_before_colon(c)) in _FLOW), "")  # fmt: skip
            name = ", ".join(p.partition(": ")[2] or p for p in (name or flow, *parts) if p)
            step = step if step == period.step or period.step == "year" else period.step
        value = shape.roles["value"]
        name = name or self.importer.counts or self.title or value
        columns = [(value, name, said.get("unit", "") or _rate(value))]
        columns += [(c, f"{name} ({c})", _rate(c)) for c in shape.measures]
        for column, called, unit in columns:
            yield from self._figure(
                number, row, column, called,
                said.get("area") or said.get("area_name") or "", Period(period.first, step),
                unit, said, _power(row, self.page.columns) if shape.sdmx else 0,
            )  # fmt: skip

    def _crossed(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self.shape
        labels = [as_text(row.get(c)) for c in self.page.columns if c not in shape.crossed]
        labels = [label for label in labels if label]
        if not any(as_text(row.get(c)) for c in shape.crossed):
            yield Skipped("line of headings")
            return
        areas = [label for label in labels if area_code(_unmarked(label)[0], widest=True)]
        things = [label for label in labels if label not in areas and not label.isdigit()]
        area = areas[0] if areas else self.importer.area or (labels[0] if labels else "")
        if not areas and area in things and not self.importer.area:
            things.remove(area)
        for column, (period, words) in shape.crossed.items():
            if not as_text(row.get(column)):
                continue
            name = ", ".join([t for t in things if t != area] + [words] * bool(words))
            yield from self._figure(
                number, row, column, name or self.importer.counts or self.title, area, period,
                "", {}, 0,
            )  # fmt: skip

    def _down(self, number: int, row: Cells) -> Iterator[Indicator | Issue]:
        period = read_period(as_text(row.get(self.shape.roles["period"])))
        if period is None:
            yield Issue("period not readable", number, "period", f"allowed: {', '.join(STEPS)}")
            return
        for column in self.shape.across:
            if as_text(row.get(column)):
                yield from self._figure(
                    number, row, column, self.importer.counts or self.title, column, period,
                    "", {}, 0,
                )  # fmt: skip

    def _figure(
        self, number: int, row: Cells, column: str, name: str, area: str, period: Period,
        unit: str, said: Mapping[str, str], power: int,
    ) -> Iterator[Indicator | Issue]:  # fmt: skip
        read = self._read(row, column, f"{column} {name} {unit or self.unit}")
        if read is None:
            yield Issue("not a number", number, column, "write figures as 1234.5 or 1 234,5")
            return
        if read.open:
            yield Issue("decimals or thousands not told apart", number, column, ASKED)
            return
        if read.said.startswith("(") and read.said.strip("()") not in self.notes:
            hint = "it stays unknown: write it without them, with - if it is below zero"
            yield Issue("figure in brackets", number, column, hint, "warning")
        denominator = None
        if "denominator" in self.shape.roles:
            denominator = self._read(row, self.shape.roles["denominator"], "population")
            if denominator and denominator.open:
                yield Issue(
                    "decimals or thousands not told apart", number, column, ASKED, "warning"
                )
        area, mark = _unmarked(area)
        yield Indicator(
            name=name,
            area=area_code(area, widest=True) or area or self.importer.area,
            period=period.first,
            step=period.step,
            value=None if read.value is None else read.value * 10**power,
            unit=unit or read.unit or self.unit,
            denominator=denominator.value if denominator else None,
            substance=said.get("substance") or None,
            note=self._note(read, mark, said.get("note", "")),
            source="",
            revision=said.get("revision", ""),
            run="",
        )

    def _read(self, row: Cells, column: str, words: str) -> Figure | None:
        """Read a cell; `words` say what it counts, where they must decide between two readings."""
        cell = row.get(column)
        if isinstance(cell, str) and self.shape.sdmx:
            cell = _before_colon(cell)
        read = read_figure(cell)
        if read and read.open:
            words = f"{words} {read.unit}"
            if sign := self.signs.decimal(self._group(row, column), read.open, words):
                return read_figure(cell, sign)
        return read

    def _note(self, read: Figure, mark: str, flag: str) -> str | None:
        """Return what the marks of a figure say, what stands for it, and notes on the table."""
        said = []
        for key in (read.mark, mark):
            if key:
                said.append(self.notes.get(key) or STATUS.get(key.casefold(), key))
        if read.said:
            said.append(self.notes.get(read.said.strip("()")) or read.said)
        if flag:
            said.append(STATUS.get(flag.casefold(), flag))
        return "; ".join(dict.fromkeys([*said, *self.about])) or None


def _unmarked(label: str) -> tuple[str, str]:
    """Split the mark of a footnote from a label: `Paris (1)`."""
    found = re.fullmatch(r"(.*?\D)\s*(?:\((\d{1,2}|[a-z])\)|([*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+))", label)
    return (found[1].strip(), found[2] or found[3]) if found else (label, "")


def _rate(column: str) -> str:
    form = folded(column)
    for words, unit in (("pour_mille", "‰"), ("pour_100_000", "/ 100 000"), ("pourcent", "%"),
                        ("percent", "%"), ("per_1000", "‰"), ("per_100000", "/ 100 000"),
    ):  # fmt: skip
        if words in form:
            return unit
    return "%" if "%" in column else ""


def _power(row: Cells, columns: Sequence[str]) -> int:
    for name in columns:
        if folded(_before_colon(name)) == "unit_mult":
            text = _before_colon(as_text(row.get(name)))
            return int(text) if text.isdecimal() and int(text) <= 12 else 0
    return 0

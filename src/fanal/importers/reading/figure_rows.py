"""Figures of the rows of an official table, with the notes that stand around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from fanal.importers.base import Indicator, Issue, Skipped
from fanal.importers.reading.above_tables import fact_above
from fanal.importers.reading.areas import (
    area_code,
    area_in,
    around,
    as_area,
    is_part,
    is_place,
    is_sure,
    level_of,
)
from fanal.importers.reading.beside_values import Across
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figure_substances import substance_in, substance_of
from fanal.importers.reading.figure_tables import (
    BOUNDS,
    CODES,
    HOMES,
    IDLE,
    MOST,
    UNITS,
    Said,
    Shape,
    before_colon,
    is_measure,
    is_price,
    is_rate,
    is_total,
    unit_of,
    units_beside,
)
from fanal.importers.reading.figures import (
    Figure,
    Signs,
    is_count,
    read_figure,
    read_note,
    read_range,
)
from fanal.importers.reading.periods import (
    STEPS,
    Period,
    PeriodColumn,
    period_in,
    step_of,
    with_year,
)
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import Cells, Table, as_text
from fanal.importers.reading.usual_names import FIGURES

FREQUENCIES = {"a": "year", "m": "month", "w": "week", "q": "quarter", "annual": "year",
               "monthly": "month", "weekly": "week", "quarterly": "quarter", "an": "year",
               "mois": "month", "semaine": "week", "trimestre": "quarter", "s": "half-year",
               "h": "half-year", "half-yearly": "half-year", "semestre": "half-year"}  # fmt: skip
STATUS = {"p": "provisional", "e": "estimated", "b": "break in the series", "c": "confidential",
          "m": "missing", "d": "definition differs", "u": "low reliability", "s": "estimated",
          "r": "revised", "f": "forecast", "a": ""}  # fmt: skip
_BESIDE = ("note", "origin", "revision")  # what a row says of its figures, and not what they are
_LABELS = words_of("libelle lib nom label name")
_NUMBERED = r"(?:tableau|table|figure|graphique|tavola|tabla|tabelle|tabel)\s*[\w.]*"
_FLOW = ("dataflow", "structure_id")
HALF = 0.5  # of the different cells of a column that are areas
KEYS = 20_000  # rows by which it is judged which columns tell figures apart
LONGEST = 60  # characters of what tells them apart, if it is no dimension
LEAST = 2  # rows of which a column says the same
_PUBLISHED = re.compile(
    r"\b(?:sources?|fonte|quelle|bron|fuente|mise à jour|last update|updated|publi)", re.IGNORECASE
)  # the year after it is none of the figures
_CODE = re.compile(r"[A-Z0-9][A-Z0-9_.-]{0,15}")  # what a program calls a label by: `TOT`, `ITC1`
_COUNTED = re.compile(
    r"[(\[]\s*((?:nombre d|number of |anzahl |numero di |número de |aantal )[^)\]]+)[)\]]",
    re.IGNORECASE,
)
_ACROSS = "its cell stands for several columns: write in each the figure that is of it"
_SURE = words_of("statut status etat qualite quality fiabilite reliability flags")
_TOWN = ("commune", "country")
UNDATED = 'add period = "…" (as 2023, 2023-04 or 2023-Q1) under [parameters]'
ASKED = 'add decimal = "," or decimal = "." (what stands before decimals) under [parameters]'
_WEIGHED = words_of(
    "quantite quantites quantity quantities amount amounts weight poids menge gewicht cantidad "
    "peso hoeveelheid quantita volume"
)  # in which figures have a unit
_SHARED = words_of("part parts share shares pourcentage percentage taux rate rates ratio anteil")
_VALUED = words_of(
    "prix price prices preis preise precio prezzo prijs mean median moyenne mediane media"
)


class FigureReader:
    """Makes figures of a sheet's rows, with the notes that stand under them."""

    def __init__(self, said: Said, page: Table, shape: Shape) -> None:
        self.said, self.page, self.shape = said, page, shape
        self._name_areas()
        self.sheet = ""  # what its sheet is called, where that tells it from others
        measures = {*shape.measures, *shape.crossed, shape.roles.get("value", "")}
        self.units = {} if shape.sdmx else units_beside(page.columns, measures)
        self.notes: dict[str, str] = {}
        self.about: list[str] = []
        self.title = ""
        self.where: list[str] = []  # lines that name a place, and perhaps a period, alone
        self.unit = said.unit
        for number, row in page.loose():
            texts = [t for t in (as_text(c) for c in row) if t]
            if number < page.header and texts and not self._is_of_header(row, texts):
                self._above(texts)
            elif number > page.header and self._is_note(texts):
                self._below(texts[0])
        lines = (self.title, *self.where, page.sheet)
        self.area = said.area or next(filter(None, map(area_in, lines)), "")
        self.signs = self._signs()
        self.periods: dict[str, PeriodColumn] = {}
        self.apart: list[str] = []  # columns of words that tell figures of one name apart
        self.numbers: list[str] = []  # those of numbers among them, which are named with the column
        self.unread: list[str] = []
        self.unsaid: set[str] = set()  # columns whose lack of a unit was told
        self.repeated = False
        self.areas = self._columns_of_areas()
        self.places = bool(said.area or self.areas)
        self.period = self._of_all() if shape.undated else None
        self.within = PeriodColumn(shape.within, weeks=said.weeks)
        if "period" in shape.roles:
            self._see()
        elif not shape.undated:
            known = {shape.roles.get(role) for role in ("denominator", "unit", "step")}
            further = shape.figures - {*shape.crossed, shape.within} - known
            self.unread = [c for c in page.columns if c in further and not self._labels(c)]

    def _name_areas(self) -> None:
        """Take labels that name the areas beside their codes for that, and for no series' name."""
        roles = self.shape.roles
        if not {"name", "area"} <= roles.keys() or "area_name" in roles:
            return
        texts = [text for row in self.page.first if (text := as_text(row.get(roles["name"])))]
        if texts and self._of_area(texts):
            roles["area_name"] = roles.pop("name")

    def _columns_of_areas(self) -> set[str]:
        """Return the columns of a crossed table whose cells name areas, most of them."""
        found = set()
        for column in [c for c in self.page.columns if self._labels(c)]:
            cells = [as_text(row.get(column)) for row in self.page.first]
            said = {as_area(_unmarked(cell)[0], column) for cell in cells if cell}
            said = {cell for cell in said if not is_total(cell)}
            called = column == self.shape.roles.get("area") or level_of(column)
            known = sum(_area(c) is not None and (bool(called) or is_sure(c)) for c in said)
            if known and (called or known >= HALF * len(said)):
                found.add(column)
        return found

    def _of_all(self) -> Period | None:
        """Return the period of all figures: as told, of the sheet, of the title or of a note."""
        if self.said.period:
            return PeriodColumn(weeks=self.said.weeks).read(self.said.period)
        notes = (_PUBLISHED.split(note)[0] for note in self.about)
        lines = [self.title, *self.where, *notes]
        found = {period for line in lines if (period := period_in(line))}
        sheet = PeriodColumn().read(self.page.sheet)
        return sheet or (found.pop() if len(found) == 1 else None)

    def _see(self) -> None:
        """Look at all periods of the table, and for the columns that tell its rows apart."""
        shape = self.shape
        known = {*shape.roles.values(), *shape.measures, *shape.across, *shape.labels.values()}
        words = [n for n in shape.rest if n not in known and not words_of(n) & (CODES | HOMES)]
        words = [n for n in words if not (shape.sdmx or n in shape.figures or self._is_code(n))]
        first: list[dict[tuple[str, ...], str]] = [{} for _ in words]
        keys = [shape.roles[r] for r in ("name", "area", "area_name", "unit", "substance", "origin")
                if r in shape.roles]  # fmt: skip
        for count, found in enumerate(self.page.rows()):
            if not isinstance(found, tuple):
                continue
            row = found[1]
            period = shape.period(row)
            self._column(row).see(period)
            if count > KEYS:
                continue
            key = (period, *(as_text(row.get(name)) for name in keys))
            for column, said in zip(words, first, strict=True):
                text = as_text(row.get(column))
                if said.setdefault(key, text) != text and column not in self.apart:
                    self.apart.append(column)
        self.apart += [
            c for c in words if c not in self.apart and (self._is_part(c) or self._is_free(c))
        ]
        for column, said in zip(words, first, strict=True):
            texts = [text for text in said.values() if text]
            long = max(map(len, texts), default=0) > LONGEST
            if column in self.apart and long and 2 * len(set(texts)) > len(texts):
                self.apart.remove(column)  # a remark on each row: a long dimension comes again
            if not long and self._is_of_all(column, texts):
                self.apart.append(column)
            plain = len(set(texts)) < 2 or words_of(column) & _LABELS or self._of_area(texts)
            if column not in self.apart and not plain:
                self.unread.append(column)
        self._see_numbers(keys)
        self.apart.sort(key=self.page.columns.index)

    def _see_numbers(self, keys: Sequence[str]) -> None:
        """Take for what tells rows apart the column of whole numbers that alone does: ages, codes.

        Two rows of one name, area and period have other figures, and with it no two have.
        """
        shape = self.shape
        told = [*keys, *self.apart]
        rows = [{n: as_text(cell) for n, cell in row.items()} for row in self.page.first]
        rows = [row for row in rows if row.get(shape.roles.get("value", ""))]
        taken = {*shape.roles.values(), *told}
        numbers = [n for n in self.page.columns if n in shape.figures and n not in taken]
        numbers = [n for n in numbers if all(row.get(n, "").isdecimal() for row in rows)]

        def apart(more: Sequence[str]) -> bool:
            seen = {(shape.period(row), *(row.get(n, "") for n in (*told, *more))) for row in rows}
            return len(seen) == len(rows)

        if len(rows) < LEAST or apart(()):
            return
        found = [n for n in numbers if apart((n,)) and 2 * len({r[n] for r in rows}) <= len(rows)]
        if len(found) == 1:
            self.apart += found
            self.numbers = found
            shape.measures = [n for n in shape.measures if n not in found]

    def _is_free(self, column: str) -> bool:
        """Say whether neither area nor period decide what a column says: men, or both sexes."""
        rows = [{name: as_text(text) for name, text in row.items()} for row in self.page.first]
        roles = [self.shape.roles[r] for r in ("area", "period") if r in self.shape.roles]
        texts = {row.get(column, "") for row in rows}
        few = 1 < len(texts) <= len(rows) / 2  # else it is of each row, as a number of it
        if "value" not in self.shape.roles or len(roles) < 2 or "" in texts or not few:
            return False
        if words_of(column) & _SURE:
            return False
        pairs = [{(row.get(role), row.get(column)) for row in rows} for role in roles]
        return all(len(p) > len({at for at, _ in p}) for p in pairs)

    def _is_code(self, column: str) -> bool:
        """Say whether a column has the codes of what the next one says in words: `DRUG` beside it.

        Each code has one label, and each label one code.
        """
        columns = self.page.columns
        if column not in columns[:-1]:
            return False
        beside = columns[columns.index(column) + 1]
        pairs = {(as_text(row.get(column)), as_text(row.get(beside))) for row in self.page.first}
        codes, labels = ({pair[n] for pair in pairs} for n in (0, 1))
        return (
            len(codes) == len(labels) == len(pairs)
            and all(map(_CODE.fullmatch, codes))
            and all(label and not _CODE.fullmatch(label) for label in labels)
            and beside not in self.shape.figures
        )

    def _is_of_all(self, column: str, texts: Sequence[str]) -> bool:
        """Say whether a column says of all rows of what they are: one kind of offence, or one sex.

        A file that has several of them calls them so: the same figures have one name in both.
        """
        if column in self.apart or len(set(texts)) != 1 or len(texts) < LEAST:
            return False
        idle = words_of(column) & (_LABELS | _SURE) or self._is_read(column)
        return not idle and not is_total(texts[0]) and not self._of_area(texts)

    def _is_part(self, column: str) -> bool:
        """Say whether a column names towns of the countries that are the areas: none is France."""
        return (level_of(column), level_of(self.shape.roles.get("area", ""))) == _TOWN

    @staticmethod
    def _of_area(texts: Sequence[str]) -> bool:
        return sum(area_code(t, widest=True) is not None for t in texts) >= MOST * len(texts)

    def _column(self, row: Cells) -> PeriodColumn:
        """Return the reader of a row's period: rows of one frequency are read together."""
        step = as_text(row.get(self.shape.roles.get("step", ""))).casefold()
        step = before_colon(step) if self.shape.sdmx else step
        if step not in self.periods:
            told = FREQUENCIES.get(step, step)
            self.periods[step] = self.shape.column(told if told in STEPS else "", self.said.weeks)
        return self.periods[step]

    def _unread(self, number: int, row: Cells) -> Issue:
        hint = self._column(row).open or f"allowed: {', '.join(STEPS)}"
        return Issue("period not readable", number, "period", hint)

    def _signs(self) -> Signs:
        """Look at all figures of the table for the sign before their decimals."""
        shape, said = self.shape, self.said.decimal or ("." if self.shape.sdmx else "")
        words = [*self.page.columns, *self.about, self.title]
        first = next((f[1] for f in self.page.rows() if isinstance(f, tuple)), {})
        signs = Signs(said, [*words, *(c for c in first.values() if isinstance(c, str))])
        columns = [*(shape.across or shape.crossed), *shape.measures]
        if ("period" in shape.roles or shape.undated) and not shape.across:
            columns = [shape.roles[r] for r in ("value",) if r in shape.roles] + shape.measures
        columns += [shape.roles["denominator"]] if "denominator" in shape.roles else []
        for found in () if said else self.page.rows():
            if isinstance(found, tuple):
                for column in columns:
                    signs.see(self._group(found[1], column), found[1].get(column))
        return signs

    def _group(self, row: Cells, column: str) -> tuple[str, ...]:
        """Return what figures are written alike: those of a column and unit, of a row, or all."""
        shape = self.shape
        if shape.across or shape.within:
            return ()
        if shape.tidy or shape.undated:
            roles = [shape.roles[role] for role in ("unit", "name") if role in shape.roles]
            return (column, *(as_text(row.get(name)) for name in roles))
        of = [c for c in self.page.columns if c not in {*shape.crossed, *shape.measures}]
        return (column if shape.measures else "", *(as_text(row.get(c)) for c in of))

    def _above(self, texts: Sequence[str]) -> None:
        """Take a line above the header: a title, the unit, the source; any other is a note."""
        fact, text = fact_above(texts), texts[0]
        if counted := _COUNTED.fullmatch(text):
            self.unit = self.unit or counted[1].strip()
        elif fact and fact.role == "unit":
            self.unit = self.unit or fact.text
        elif fact and fact.role == "title":
            self._titled(fact.text)
        elif fact:
            self.about += [fact.text] * (fact.role != "idle")
        elif note := read_note(text):
            self.about.append(note[1])
        elif is_place(text):
            self.where.append(text)
        elif not self.title:
            self._titled(text)
        elif re.match(rf"{_NUMBERED}\s*[:.–-]\s*\S", text, re.IGNORECASE):
            self.about.append(self.title)  # of the page; that of the table has its number
            self._titled(text)
        else:
            self.about.append(text)

    def _is_of_header(self, row: Sequence[object], texts: Sequence[str]) -> bool:
        """Say whether a row above is the upper one of a header of two: its cells begin the names.

        What a title names is in one cell.
        """
        said = zip(map(as_text, row), self.page.columns, strict=False)
        return len(texts) > 1 and all(" ".join(text.split()) in column for text, column in said)

    def _titled(self, text: str) -> None:
        """Take a title, which may say the unit and a number of its own."""
        if within := re.search(r"[(\[]\s*(?:en|in)\s+([^)\]]+)[)\]]\s*$", text, re.IGNORECASE):
            self.unit = self.unit or within[1].strip()
        self.unit = self.unit or unit_of(text)
        plain = re.sub(rf"^{_NUMBERED}\s*[:.–-]\s*", "", text, flags=re.IGNORECASE)
        numbered = re.fullmatch(_NUMBERED, plain.strip(), re.IGNORECASE)
        self.title = "" if numbered else plain.strip()

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
        seen: dict[tuple[object, ...], float | None] = {}
        for found in self._read_rows():
            if isinstance(found, Indicator) and len(seen) < KEYS:
                key = (
                    found.name,
                    found.area,
                    found.period,
                    found.step,
                    found.unit,
                    found.substance,
                )
                if seen.setdefault(key, found.value) != found.value and not self.repeated:
                    self.repeated = True
                    hint = "two rows give one name, area and period other figures: name the column "
                    hint += "that tells them apart as name under [mapping]"
                    yield Issue("figure repeated", self.page.header, "", hint, "warning")
            yield found

    def _read_rows(self) -> Iterator[Indicator | Issue | Skipped]:
        loose = {
            number for number, row in self.page.loose()
            if number > self.page.header and self._is_note([t for t in map(as_text, row) if t])
        }  # fmt: skip
        for name in self.unread:
            yield Issue("column name not known", self.page.header, name,
                        "not read; map it if it matters", "warning")  # fmt: skip
        left = [
            c for c in self.page.columns
            if not (self._is_read(c) or words_of(c) & _LABELS or self._is_code(c))
        ]  # fmt: skip
        unread = Unread(left, self.page.columns)
        for found in self.page.rows():
            if isinstance(found, tuple) and found[0] not in loose:
                unread.see(found[1])
            if isinstance(found, Issue) and found.record in loose:
                yield Skipped("note under the table")
            elif not isinstance(found, tuple):
                yield found
            elif found[0] in loose:
                yield Skipped("note under the table")
            elif self.shape.across:
                yield from self._down(*found)
            elif self.shape.crossed and not self.shape.tidy and not self.shape.measures:
                yield from self._crossed(*found)
            else:
                yield from self._tidy(*found)
        yield from unread.told(self.page.header, "name those that count under [mapping]")

    def _is_read(self, column: str) -> bool:
        """Say whether anything is made of a column, or it was told already that nothing is."""
        shape = self.shape
        told = {*self.unread, *self.apart, *shape.roles.values(), *shape.crossed, shape.within}
        told |= {
            *self.units.values(),
            *shape.across,
            *shape.measures,
            *shape.labels,
            *shape.labels.values(),
        }
        if shape.sdmx:
            return True  # all its dimensions are part of the name; the others are its own
        return column in told or (bool(shape.crossed) and self._labels(column))

    def _tidy(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self.shape
        said = {role: as_text(row.get(name)) for role, name in shape.roles.items()}
        if "area" in said:
            said["area"] = self._area_said(said["area"])
        if shape.sdmx:
            said = {r: before_colon(t) if r != "name" else t for r, t in said.items()}
        period = self.period if shape.undated else self._column(row).read(shape.period(row))
        if period is None:
            undated = Issue("no period", number, "period", UNDATED)
            yield undated if shape.undated else self._unread(number, row)
            return
        if is_total(said.get("area", "")):
            if not self.area:
                yield Skipped("row of totals")
                return
            said["area"] = self.area
        step = said.get("step", "").casefold()
        step = FREQUENCIES.get(step, step) or period.step
        if step not in STEPS:
            yield Issue("step not readable", number, "step", f"allowed: {', '.join(STEPS)}")
            return
        name = said.get("name", "")
        if shape.sdmx:
            parts = [as_text(row.get(shape.labels.get(c, c))) for c in shape.rest
                     if folded(before_colon(c)) not in IDLE
                     and c not in shape.labels.values()]  # fmt: skip
            flow = next((as_text(row.get(c)) for c in self.page.columns
                         if folded(before_colon(c)) in _FLOW), "")  # fmt: skip
            whole = name or flow or self.said.counts or self.title
            parts = parts if whole else []  # "T, TOTAL" does not say of what
            name = ", ".join(p.partition(": ")[2] or p for p in (whole, *parts) if p)
            step = step if step == period.step or period.step == "year" else period.step
        name = name or self.said.counts or self.title
        apart = self._apart(row, said)
        columns: list[tuple[str, str, str]] = []
        if value := shape.roles.get("value"):
            plain = folded(before_colon(value))[:2] == "v4"  # of the British office
            plain |= folded(before_colon(value)) in FIGURES["value"].split()
            unit = self._unit_beside(row, value)
            named = name or ("" if plain else value)
            if not named and unit and not is_measure(unit):
                named = f"{value} ({unit})"  # of what it is a number: `Nombre (saisies)`
            columns = [(value, named, unit)]
            columns += [(c, f"{named} ({c})" if named else c, self._unit_beside(row, c))
                        for c in shape.measures]  # fmt: skip
        for column in () if value else shape.measures:
            if columns and words_of(column) & BOUNDS:  # of the figure before
                of = next((c for c in reversed(columns) if not words_of(c[0]) & BOUNDS), columns[0])
                columns.append((column, f"{of[1]} ({column})", of[2]))
            else:
                unit = self._unit_beside(row, column)
                further = name and folded(name) != folded(column)
                said_of = (name, column) if folded(column) else (name or column,)  # "%": its unit
                columns.append((column, ", ".join(said_of) if further else column, unit))
        for column, called, unit in columns:
            yield from self._figure(
                number, row, column, ", ".join([called, *apart]) if called else "",
                said.get("area") or said.get("area_name") or "", Period(period.first, step),
                unit, said, _power(row, self.page.columns) if shape.sdmx else 0,
            )  # fmt: skip

    def _area_said(self, cell: str) -> str:
        """Return the area that a cell names, the mark of its footnote behind it."""
        bare, _ = _unmarked(cell)
        area = as_area(bare, self.shape.roles["area"])
        return area if bare == cell else f"{area} {cell[len(bare) :].strip()}"

    def _beside(self, row: Cells) -> dict[str, str]:
        """Return what a row says of its figures: substance, note, where they come from."""
        roles = self.shape.roles
        return {r: as_text(row.get(roles[r])) for r in ("substance", *_BESIDE) if r in roles}

    def _apart(self, row: Cells, said: Mapping[str, str]) -> list[str]:
        """Return what tells a row's figures from others: a substance that has no id is one."""
        apart = [
            f"{c} {text}" if c in self.numbers else text
            for c in self.apart if (text := as_text(row.get(c)))
        ]  # fmt: skip
        called = said.get("substance", "")
        return [called, *apart] if called and not substance_of(called) else apart

    def _unit_beside(self, row: Cells, column: str) -> str:
        """Return the unit of a further figure of a row: a number of cases is not in kilos."""
        roles = self.shape.roles
        if column in self.units:
            return as_text(row.get(self.units[column])) or unit_of(column)
        told = as_text(row.get(roles["unit"])) if "unit" in roles else ""
        told = before_colon(told) if self.shape.sdmx else told
        if column == roles.get("value"):
            beside = roles.get("unit") in self.units.values()
            return (told if not beside else "") or unit_of(column)
        if unit := unit_of(column):
            return unit
        whole = is_count(column) != is_count(told) or is_rate(column) or self.units
        return "" if "value" in roles or whole else told

    def _crossed(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        shape = self.shape
        written = {c: as_area(as_text(row.get(c)), c) for c in self.page.columns if self._labels(c)}
        if not any(as_text(row.get(c)) for c in shape.crossed):
            yield Skipped("line of headings")
            return
        areas = [
            label for column, label in written.items()
            if column in self.areas and label and _area(_unmarked(label)[0])
        ]  # fmt: skip
        things = [
            label for column, label in written.items()
            if label and label not in areas and not label.isdigit()
            and not (areas and column in self.areas)  # a place that only its code beside it tells
        ]  # fmt: skip
        area = _narrowest(areas) if areas else self.area
        within = as_text(row.get(shape.within))
        if is_total(within) or (not area and self.places and things and is_total(things[0])):
            yield Skipped("row of totals")
            return
        if not area and self.places and things:
            area = things.pop(0)  # one that we do not know
        elif not areas and self.areas:  # the total of a table of parts of the area
            things = [label for label in things if not is_total(label)]
        for column, (year, words) in shape.crossed.items():
            if not as_text(row.get(column)):
                continue
            period = self._within(year, within) if shape.within else year
            if period is None:
                hint = self.within.open or f"allowed: {', '.join(STEPS)}"
                yield Issue("period not readable", number, shape.within, hint)
                return
            name = self._named([*(t for t in things if t != area), *([words] * bool(words))])
            unit = (
                as_text(row.get(self.units.get(column, "")))
                or unit_of(words)
                or unit_of(column)
                or as_text(row.get(self.shape.roles.get("unit", "")))
            )
            yield from self._figure(
                number, row, column, name, area, period, unit, self._beside(row), 0
            )

    def _named(self, labels: Sequence[str]) -> str:
        """Return the name of a figure by its labels; "Hommes" alone does not say what is measured.

        Then what is counted, or the title, stands before it.
        """
        whole = self.said.counts or self.title
        if any(is_count(label) or is_rate(label) or unit_of(label) for label in labels):
            return ", ".join(labels)
        said = {folded(label) for label in labels}
        return ", ".join([whole, *labels] if whole and folded(whole) not in said else labels)

    def _within(self, year: Period, text: str) -> Period | None:
        """Read a row's month, week or quarter as one of the year of a column."""
        return self.within.read(
            with_year(str(year.first.year), text, step_of(before_colon(self.shape.within)))
        )

    def _labels(self, column: str) -> bool:
        """Say whether a column of a crossed table names its rows: a total beside them does not."""
        if column in (*self.shape.crossed, self.shape.within):
            return False
        if column in map(self.shape.roles.get, ("unit", "step", *_BESIDE)):
            return False
        if words_of(column) & UNITS:
            return False
        area = column == self.shape.roles.get("area") or bool(words_of(column) & CODES)
        return area or column not in self.shape.figures

    def _down(self, number: int, row: Cells) -> Iterator[Indicator | Issue | Skipped]:
        period = self._column(row).read(self.shape.period(row))
        if period is None:
            yield self._unread(number, row)
            return
        told = False
        known = [c for c in self.shape.across if area_code(c, widest=True)]
        of_areas = len(known) >= MOST * sum(not is_total(c) for c in self.shape.across)
        of = ""  # of which figure a bound is
        for column in self.shape.across:
            of = of if words_of(column) & BOUNDS else column
            if not as_text(row.get(column)):
                continue
            told = True
            name, area = self.said.counts or self.title, column
            said = self._beside(row)
            apart = self._apart(row, said)
            if not (of_areas and column in known):
                called = column if of in ("", column) else f"{of} ({column})"
                name, area = f"{name}, {called}" if name else called, self.area
            name = ", ".join([name, *apart]) if name else ""
            unit = self._unit_beside(row, column) or (self._unit_beside(row, of) if of else "")
            yield from self._figure(number, row, column, name, area, period, unit, said, 0)
        if not told:
            yield Skipped("row without figures")

    def _figure(
        self, number: int, row: Cells, column: str, name: str, area: str, period: Period,
        unit: str, said: Mapping[str, str], power: int,
    ) -> Iterator[Indicator | Issue]:  # fmt: skip
        ends = read_range(row.get(column)) if is_price(column) else None
        for end, word in zip(ends or (), ("minimum", "maximum"), strict=False):
            yield from self._figure(
                number, {**row, column: end}, column, f"{name} ({word})" if name else "", area,
                period, unit, said, power,
            )  # fmt: skip
        if ends:
            return
        name = ", ".join(part for part in (name, self.sheet) if part)
        for what, there, hint in (
            ("name", name, 'add counts = "…" (what is counted) under [parameters]'),
            ("area", area, 'add area = "…" (the code of the area, as FR) under [parameters]'),
        ):
            if not there and not (what == "area" and self.area):
                yield Issue(f"no {what}", number, what, hint)
                return
        read = self._read(row, column, f"{column} {name} {unit or self.unit}")
        if why := _not_known(read, row.get(column)):
            yield Issue(why[0], number, column, why[1])
            return
        assert read is not None
        if read.unit in self.notes:
            read = read._replace(unit="", mark=read.unit)
        if read.said.startswith("(") and read.said.strip("()") not in self.notes:
            hint = "it stays unknown: write it without them, with - if it is below zero"
            yield Issue("figure in brackets", number, column, hint, "warning")
        if (read.value or 0) < 0 and is_count(f"{column} {unit or self.unit}"):
            hint = "a count is never below zero; it stays unknown"
            yield Issue("count below zero", number, column, hint, "warning")
            read = read._replace(value=None, said=f"{read.value:g}")
        area, mark = _unmarked(area)
        unit = _closest(read.unit, unit) or self._unit(name)
        denominator = None
        main = self.shape.roles.get("value") or next(iter(self.shape.measures), None)
        rate = column != main and bool(is_rate(column) or words_of(column) & BOUNDS)
        rate = rate or unit == "%"  # it was divided already
        if "denominator" in self.shape.roles and not rate:
            denominator = self._read(row, self.shape.roles["denominator"], "population")
            if denominator and denominator.open:
                yield Issue(
                    "decimals or thousands not told apart", number, column, ASKED, "warning"
                )
        yield from self._asked(number, column, unit)
        yield Indicator(
            name=name,
            area=_area(area) or area or self.area,
            period=period.first,
            step=period.step,
            value=None if read.value is None else read.value * 10**power,
            unit=unit,
            denominator=denominator.value if denominator else None,
            substance=substance_of(said.get("substance", "")) or substance_in(column, name),
            note=self._note(read, mark, said.get("note", ""), said.get("origin", "")),
            source="",
            revision=said.get("revision", ""),
            run="",
        )

    def _asked(self, number: int, column: str, unit: str) -> Iterator[Issue]:
        """Ask once for the unit of a column of what has one: of tonnes, kilos or grams, none says.

        A share may be of 1 or of 100, a price be in any money.
        """
        if unit or is_count(column) or column in self.unsaid:
            return
        if not words_of(column) & (_SHARED if is_rate(column) else _WEIGHED | _VALUED):
            return
        self.unsaid.add(column)
        hint = 'write it in the header, as "quantity (kg)", or set unit under [parameters]'
        yield Issue("unit not said", number, column, hint, "warning")

    def _unit(self, name: str) -> str:
        """Return the unit that the title or the description says: no kilo for a number of cases.

        A name says its own: `Saisies (kg)` in a column of indicators.
        """
        counted = is_count(name)
        own = "" if counted else next(filter(None, map(unit_of, name.split(", "))), "")
        told = self.unit and self.unit == self.said.unit
        return own or (self.unit if told or not counted or is_count(self.unit) else "")

    def _read(self, row: Cells, column: str, words: str) -> Figure | None:
        """Read a cell; `words` say what it counts, where they must decide between two readings."""
        cell = row.get(column)
        if isinstance(cell, str) and self.shape.sdmx:
            cell = before_colon(cell)
        read = read_figure(cell)
        if read and read.open:
            words = f"{words} {read.unit}"
            if sign := self.signs.decimal(self._group(row, column), read.open, words):
                return read_figure(cell, sign)
        return read

    def _note(self, read: Figure, mark: str, flag: str, origin: str) -> str | None:
        """Return what the marks of a figure say, what stands for it, and notes on the table."""
        said = []
        for key in (read.mark, mark):
            if key:
                said.append(self.notes.get(key) or STATUS.get(key.casefold(), key))
        if read.said:
            said.append(self.notes.get(read.said.strip("()")) or read.said)
        if flag:
            said.append(STATUS.get(flag.casefold(), flag))
        if origin:
            said.append(f"source: {origin}")
        return "; ".join(dict.fromkeys([*said, *self.about])) or None


def named_by_sheets(readers: Sequence[FigureReader]) -> None:
    """Let the sheet's name tell figures apart that nothing else in a workbook does.

    Sheets of one title and the same columns are of as many things; what a sheet says of its period
    or area is known already.
    """
    for reader in readers:
        alike = [
            other for other in readers
            if (other.page.columns, other.title) == (reader.page.columns, reader.title)
            and (other.period, other.area) == (reader.period, reader.area)
        ]  # fmt: skip
        if len({other.page.sheet for other in alike}) > 1:
            reader.sheet = reader.page.sheet


def _not_known(read: Figure | None, cell: object) -> tuple[str, str] | None:
    """Return why a figure is not known, and what to do; None where it is, or stays unknown."""
    if read is None:
        return "not a number", "write figures as 1234.5 or 1 234,5"
    if read.value is not None and isinstance(cell, Across):
        return "not a number", _ACROSS
    return ("decimals or thousands not told apart", ASKED) if read.open else None


def _closest(cell: str, column: str) -> str:
    """Return the unit that a cell shows, before that of its column: `340 g` in one of kilos."""
    return cell if cell and (not column or cell not in ("%", "‰", "€")) else column


def _unmarked(label: str) -> tuple[str, str]:
    """Split the mark of a footnote from a label: `Paris (1)`; `Nord (59)` has its own number."""
    found = re.fullmatch(r"(.*?\D)\s*(?:\((\d{1,2}|[a-z])\)|([*†‡]+|[¹²³⁴⁵⁶⁷⁸⁹]+))", label)
    if not found:
        return label, ""
    name, mark = found[1].strip(), found[2] or found[3]
    return name, "" if area_code(mark) and area_code(mark) == area_code(name, widest=True) else mark


def _area(label: str) -> str | None:
    """Return the code of an area, which may have its name beside it: `59-Nord`."""
    return None if is_part(label) else area_code(label, widest=True)


def _narrowest(labels: Sequence[str]) -> str:
    """Return the first area that a row names, or one inside it: beside its region a département."""
    narrowest, *others = labels
    for label in others:
        code, wider = (_area(_unmarked(each)[0]) or "" for each in (label, narrowest))
        if wider in around(code):
            narrowest = label
    return narrowest


def _power(row: Cells, columns: Sequence[str]) -> int:
    for name in columns:
        if folded(before_colon(name)) == "unit_mult":
            text = before_colon(as_text(row.get(name)))
            return int(text) if text.isdecimal() and int(text) <= 12 else 0
    return 0

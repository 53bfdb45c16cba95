"""Drug-checking results: samples, what they were sold as, and what was found in them."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawResult, RawSample, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.lab.cells import (
    Amount,
    in_parts,
    listed,
    method_in,
    number,
    pieces,
    read_amount,
    read_quantity,
    role_named,
    says_nothing,
    tidy_unit,
    unit_in,
    without_method,
)
from fanal.importers.lab.layout import (
    LISTS,
    PARTS,
    Layout,
    find_units,
    layout_of,
)
from fanal.importers.lab.relations import Joined, is_database, joined_sheets, joined_tables, tied
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.dates import DateColumn, Moment
from fanal.importers.reading.looks import looks_at, looks_of
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import Cells, Table, as_text, open_sheets
from fanal.importers.reading.towns import HOME, Towns
from fanal.thesaurus import denied, names_a_class, resolve, shipped

Roles = Mapping[str, str | Sequence[str]]
_ANALOG = re.compile(r"\s+(?:or|ou|oder)\s+(?:an?\s+|un\s+)?analog\w*", re.IGNORECASE)
_ND = re.compile(
    r"\bn\.?\s?d\.?\s*[:=–-]\s*(?:non|not|nicht|no|niet)\s+(?P<what>\w+)", re.IGNORECASE
)
_FOUND = ("det", "dét", "trouv", "found", "nachgew", "rilev", "aangetoond", "ident")
_RATIO = re.compile(r"\d{1,4}")  # of "MDMA:20;Caffeine:1"
_SOLD_AS = re.compile(r"\b(?:sold as|vendue? (?:comme|pour))\s+(?P<label>[^,;()]+)", re.IGNORECASE)
_FRENCH = re.compile(
    r"[éèêàç]|\b(?:produit|lieu|forme|prix|teneur|substance trouv|vendu|de|du|la|le|reçu|motif)\b",
    re.I,
)
_TOTAL = re.compile(r"(?:sous[- ]?)?total|n\s*=|nombre|somme|source|note|\*|légende|legend", re.I)
FIRST_ROWS = 200  # of a table, from which the columns are known by what they hold
_FIRST = ("sold_as", "sold_as_label", "form", "reason", "price", "quantity", "route")
_JOINED = ("description", "effects_sought", "effects_felt")  # in several columns: all are kept
_BARE = ("yes", "no", "oui", "non", "ja", "nein", "true", "false")
_WORDS = ("form", "reason", "effects_sought", "effects_felt", "route", "description")


@dataclass(frozen=True)
class Lab(Importer):
    """Tables of drug-checking results (CSV, TSV, XLSX, XLS, ODS, JSON lines, Parquet, SQLite).

    When to use: results of a service that analyses products, in any of three shapes: a row for
    each sample with numbered columns (`substance_1`, `teneur_1`, …), lists in one cell
    (`a; b; c`) or a column for each substance; a row for each substance found; several linked
    tables of a database or workbook. A workbook may have a sheet for each month. When not:
    published totals (`indicators`).

    Parameters
    ----------
    mapping : mapping of role → column or columns
        Roles of a sample: reference, date, place, sold_as, sold_as_label, form, description,
        price, currency, quantity, unit, reason, effects_sought, effects_felt, route. Of a result:
        substance, amount, amount_unit, uncertainty, role, method, panel; lists of substances:
        main, minor, trace, cut; a substance's id for the column of how much of it was found. What
        is not named is found by its header and by its cells.
    date_order : str
        "dmy" or "mdy" where the dates do not show it.
    country : str
        Country of the towns that are not on the map; that of the source description.
    amounts_in : str
        Unit of the amounts whose column says none, as "%", "mg" or "mg/tablet"; "fraction" where
        they are parts of one.

    Limits
    ------
    An empty cell is unknown, never zero. Columns about a person are not read. A label that the
    thesaurus does not know for sure is kept as it stands, without a substance, with a warning;
    one of a family is taken for its family. Linked tables are held in memory.

    Examples
    --------
    >>> Lab(mapping={"reference": "N°", "sold_as": "Annoncé"}).name
    'lab'
    """

    name: ClassVar[str] = "lab"
    breadth: ClassVar[int] = 1

    mapping: Roles = field(default_factory=dict)
    date_order: str = ""
    amounts_in: str = ""
    country: str = HOME

    def identify(self, path: File) -> bool:
        if is_database(path):
            return self._joined(path) is not None
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[RawSample | Issue | Skipped]:
        if is_database(path):
            joined = self._joined(path)
            if joined is None:
                raise ImporterError(
                    "no table of samples with a table of what was found",
                    do="export the samples as CSV, or name the columns under [mapping]",
                )
            yield from self._linked(path, joined)
            return

        pages = open_sheets(path, _columns_of(self.mapping))
        layouts = [self._layout(page) for page in pages]
        pairs = joined_sheets(pages, layouts)
        joined_pages = {n for pair in pairs for n in pair}
        alone = [
            n for n, layout in enumerate(layouts)
            if n not in joined_pages and layout.tells_contents and (layout.fits or len(pages) == 1)
        ]  # fmt: skip
        if not alone and not pairs:
            alone = [n for n, layout in enumerate(layouts) if layout.tells_contents][:1]
        if not alone and not pairs:
            raise ImporterError(
                "no column says what was found",
                where="record 1",
                allowed=", ".join((*PARTS, *LISTS)),
                do="name the columns under [mapping] in the source description",
            )
        for samples, results in pairs:
            yield from self._two_sheets(path, pages[samples], pages[results])
        for n in alone:
            yield from self._table(path, pages[n], layouts[n])
        for n, page in enumerate(pages):
            if n not in {*alone, *joined_pages}:
                rows = sum(1 for found in page.rows() if not isinstance(found, Issue))
                yield Skipped("row of another sheet", rows + 1)

    def _layout(self, page: Table) -> Layout:
        layout = layout_of(page.columns, shipped(), self.mapping, looks_of(page))
        self._in_units(layout)
        return layout

    def _in_units(self, layout: Layout) -> None:
        """Let amounts be in the unit that the description says, where their column says none."""
        if not self.amounts_in:
            return
        layout.inside = self.amounts_in
        for name in layout.bare:
            if name in layout.contents:
                layout.contents[name] = (layout.contents[name][0], self.amounts_in)
            else:
                layout.units[name] = self.amounts_in
        layout.bare.clear()

    def _table(
        self, path: File, page: Table, layout: Layout
    ) -> Iterator[RawSample | Issue | Skipped]:
        yield from _told(layout)
        dates, towns = self._both(layout)
        for found in page.rows():
            if isinstance(found, tuple):
                _see(dates, towns, layout, found[1])
        yield from _settled(dates, page.columns)
        reader = _Reader(path.name, layout, dates, towns, *_rows_of(page, layout))
        named = layout.named
        unread = Unread(n for n in page.columns if n not in named)
        for found in page.rows():
            if isinstance(found, tuple):
                unread.see(found[1])
                yield from reader.read(*found, [found[1]])
            else:
                yield found
        yield from towns.told()
        yield from unread.told(page.header, "name those that count under [mapping]")

    def _both(self, layout: Layout) -> tuple[DateColumn, Towns]:
        """Return what reads dates and places: both look at all rows first."""
        return DateColumn(self.date_order), Towns(layout.sample.get("place", []), self.country)

    def _two_sheets(
        self, path: File, samples: Table, results: Table
    ) -> Iterator[RawSample | Issue | Skipped]:
        """Yield samples of one sheet with what another says was found in them."""
        layout, answers = self._layout(samples), self._layout(results)
        layout.groups, layout.lists = answers.groups, answers.lists
        layout.contents, layout.units = answers.contents, answers.units | layout.units
        layout.bare, layout.methods = answers.bare, answers.methods
        layout.people += answers.people
        layout.unknown += [n for n in answers.unknown if n not in layout.unknown]
        yield from _told(layout)
        by_key, ours, theirs = _by_key(samples, results)
        dates, towns = self._both(layout)
        for found in samples.rows():
            if isinstance(found, tuple):
                _see(dates, towns, layout, found[1])
        yield from _settled(dates, samples.columns)
        reader = _Reader(path.name, layout, dates, towns, _rows_of(results, answers).absent)
        for found in samples.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            rows = by_key.pop(as_text(found[1].get(ours)), [])
            row = {**rows[0][1], **found[1]} if rows else found[1]
            yield from reader.read(found[0], row, [answer for _, answer in rows])
        yield from towns.told()
        yield from (f for f in results.rows() if isinstance(f, Issue))
        for rows in by_key.values():
            for record, _ in rows:
                hint = "no sample has this reference; look for it in the sheet of samples"
                yield Issue("result without a sample", record, theirs, hint)

    def _joined(self, path: File) -> Joined | None:
        return joined_tables(path, lambda n: layout_of(n, shipped(), self.mapping))

    def _linked(self, path: File, joined: Joined) -> Iterator[RawSample | Issue | Skipped]:
        layout = layout_of(joined.columns, shipped(), self.mapping)
        layout.contents.clear()  # a lookup's columns describe the substance, not the sample
        layout.unknown = [n for n in layout.unknown if n in joined.own and not n.endswith("_ID")]
        first = [answer for _, _, answers in joined.rows[:FIRST_ROWS] for answer in answers]
        find_units(layout, {look.name: look for look in looks_at(joined.columns, first)})
        self._in_units(layout)
        yield from _told(layout)
        dates, towns = self._both(layout)
        for _, row, _ in joined.rows:
            _see(dates, towns, layout, row)
        yield from _settled(dates, joined.columns)
        reader = _Reader(path.name, layout, dates, towns)
        for record, row, answers in joined.rows:
            yield from reader.read(record, row, answers)
        yield from towns.told()


_UNIT_HINT = 'write it in the header, as "purity (%)", or set amounts_in under [parameters]'


def _columns_of(mapping: Roles) -> list[str]:
    return [n for v in mapping.values() for n in ([v] if isinstance(v, str) else v)]


def _see(dates: DateColumn, towns: Towns, layout: Layout, row: Cells) -> None:
    towns.see(row)
    for column in layout.sample.get("date", ()):
        dates.see(row.get(column))


def _settled(dates: DateColumn, columns: Sequence[str]) -> Iterator[Issue]:
    """Settle the order of day and month, if need be by the language of the header; say so."""
    french = sum(bool(_FRENCH.search(name)) for name in columns)
    order = dates.settle_or("dmy" if french else "")
    if order is not None:
        hint = (
            "taken as day first, since the header is French" if order else "only the year is kept"
        )
        yield Issue(
            "order of day and month not shown", 1, "date",
            f'{hint}; add date_order = "dmy" or "mdy" under [parameters]', "warning",
        )  # fmt: skip


class _Rows(NamedTuple):
    """What the rows of a table say together of what "nd" means."""

    absent: bool | None  # "not detected", or "not measured"; None where it is not shown
    several: frozenset[str]  # references of samples with a row for each of several substances


def _rows_of(page: Table, layout: Layout) -> _Rows:
    """Look at all rows: where each sample lists nearly the same substances, they are a panel."""
    column = layout.groups.get(0, {}).get("substance")
    key = (layout.sample.get("reference") or [""])[0]
    absent = _legend(page)
    if not column:
        return _Rows(bool(layout.contents) if absent is None else absent, frozenset())
    by_sample: dict[str, set[str]] = defaultdict(set)
    rows: Counter[str] = Counter()
    last = ""
    for found in page.rows():
        if isinstance(found, tuple):
            last = as_text(found[1].get(key)) or last
            rows[last] += 1
            by_sample[last] |= {folded(label) for label, _ in listed(as_text(found[1].get(column)))}
    usual = sorted(len(found) for found in by_sample.values())[len(by_sample) // 2 :][:1]
    different = len({label for found in by_sample.values() for label in found})
    if absent is None and usual and usual[0] >= 3 and different <= 1.5 * usual[0]:
        absent = True
    return _Rows(absent, frozenset(r for r, times in rows.items() if key and times > 1))


def _legend(page: Table) -> bool | None:
    """Return whether a note says that "n.d." is what was not found; None where none says it."""
    for _, row in page.loose():
        said = [text for text in map(as_text, row) if text]
        if len(said) == 1 and (found := _ND.search(said[0])):
            return found["what"].casefold().startswith(_FOUND)
    return None


def _by_key(samples: Table, results: Table) -> tuple[dict[str, list[tuple[int, Cells]]], str, str]:
    """Return the rows of a sheet of results by what ties them to the samples, and both columns."""
    ours, theirs = tied(samples, results) or ("", "")
    by_key: dict[str, list[tuple[int, Cells]]] = defaultdict(list)
    last = ""
    for found in results.rows():
        if isinstance(found, tuple):
            last = as_text(found[1].get(theirs)) or last
            by_key[last].append(found)
    return by_key, ours, theirs


def _told(layout: Layout) -> Iterator[Issue]:
    """Say once for each column what became of it, where that is not plain."""
    for name, unit in layout.bare.items():
        if unit == "flag":
            continue
        taken = {"": "", "fraction": "taken for parts of one; "}.get(unit, f"taken for {unit}; ")
        level = "note" if unit == "%" else "warning"
        yield Issue("unit not said", 1, name, taken + _UNIT_HINT, level)
    for name in layout.people:
        yield Issue("column about a person", 1, name, "it was not read", "note")
    for name, role in layout.guessed.items():
        yield Issue("column name not known", 1, name, f"taken for {role}; map it", "warning")
    for name in layout.unknown:
        yield Issue("column name not known", 1, name, "not read; map it if it matters", "warning")


class _Said(NamedTuple):
    """How much a cell says there is: its text, the unit of its column, its column."""

    text: str
    unit: str | None
    column: str


class _Reader:
    """Makes samples of rows; remembers labels already complained about."""

    def __init__(
        self, file: str, layout: Layout, dates: DateColumn, towns: Towns,
        absent: bool | None = None, several: frozenset[str] = frozenset(),
    ) -> None:  # fmt: skip
        self.file, self.layout, self.dates, self.towns = file, layout, dates, towns
        self.absent = absent  # whether "nd" is "not detected", where the table shows it
        self.several = several  # samples with several rows: there it is, alone "not measured"
        self._absent = False
        self._reference = ""  # of the row before: merged cells give it once
        self._resolved: dict[str, tuple[str | None, bool]] = {}
        self._doubted: set[str] = set()
        self._beside: list[Issue] = []  # columns that say something else than the one that is read
        self._shadowed: set[str] = set()
        self._unsaid: set[str] = set(layout.bare)  # columns whose lack of a unit was told

    def read(
        self, record: int, row: Cells, answers: Sequence[Cells]
    ) -> Iterator[RawSample | Issue]:
        """Yield the sample of a row, and what was doubtful in it; or why there is none."""
        issues: list[Issue] = []
        texts = {role: self._text(row, role) for role in self.layout.sample}
        among = len(answers) > 1 or (texts.get("reference") or self._reference) in self.several
        self._absent = among if self.absent is None else self.absent
        results = self._results(record, row, answers, issues)
        reference = self._reference_of(texts, results)
        if not self._is_sample(row, texts, results):
            yield Issue("not a sample", record, "", "a total, a note, or a row that lost its cells")
            return
        self._reference = reference
        label = texts.get("sold_as") or ""
        called = texts.get("sold_as_label") or ""
        sold_as = self._sold_as(record, row, label, called, texts.get("description") or "", issues)
        moment = self._moment(record, row, issues)
        price, currency = self._price(record, texts, issues)
        bought = read_quantity(texts.get("quantity") or "")
        if texts.get("quantity") and not bought:
            hint = "write it as 1 g, 0,5 g or 2 tablets"
            issues.append(Issue("not a number", record, "quantity", hint, "warning"))
        quantity, unit = bought or (None, None)
        issues += self._beside
        self._beside = []
        yield from issues
        yield RawSample(
            file=self.file,
            record=record,
            reference=reference,
            time=moment.time if moment else None,
            precision=moment.precision if moment else "unknown",
            place=self.towns.of(row),
            sold_as=sold_as,
            sold_as_label=called or label or None,
            price=price,
            currency=currency,
            quantity=quantity or (1.0 if price is not None and self._per() else None),
            unit=unit
            or (read_quantity(f"1 {texts.get('unit')}") or (1, None))[1]
            or tidy_unit(texts.get("unit"))
            or (self._per() if price is not None else None),
            results=tuple(results),
            **{role: texts.get(role) for role in _WORDS},
        )

    def _reference_of(self, texts: Mapping[str, str | None], results: Sequence[RawResult]) -> str:
        """Return the reference of a row; that of the row before where merged cells left it out."""
        said = texts.get("reference")
        about = [texts.get(role) for role in ("date", "sold_as", "sold_as_label", "form", "place")]
        if not said and results and "reference" in self.layout.sample and not any(about):
            return self._reference
        return said or ""

    def _is_sample(
        self, row: Cells, texts: Mapping[str, str | None], results: Sequence[RawResult]
    ) -> bool:
        """Say whether a row tells of a sample: totals and notes under a table do not."""
        if any(r.substance or not (r.role == "none" or _TOTAL.match(r.label)) for r in results):
            return True
        said = [role for role in ("reference", "sold_as", "sold_as_label", "form")
                if texts.get(role)]  # fmt: skip
        said += ["date"] * bool(texts.get("date") and self._moment(0, row, []))
        said += ["place"] * bool(area_code(texts.get("place") or ""))
        columns = {"reference", "sold_as", "sold_as_label", "form", "date", "place"}
        there = len(columns & set(self.layout.sample)) + bool(self.layout.flags)
        first = next((t for t in map(as_text, row.values()) if t), "")
        if _TOTAL.match(first) and len(said) < 3:
            return False
        return len(said) + len(results) >= min(2, there)

    def _per(self) -> str | None:
        """Return what a price is for, where the header says so: "prix au gramme"."""
        words = folded(" ".join(self.layout.sample.get("price", ()))).split("_")
        if {"g", "gramme", "gram"} & set(words):
            return "g"
        return "tablet" if {"comprime", "cp", "tablet", "pill", "cachet"} & set(words) else None

    def _text(self, row: Cells, role: str) -> str | None:
        """Return what the columns of a role say, the first of them, or all of a text."""
        columns = self.layout.sample[role]
        said = [as_text(row.get(column)) for column in columns]
        if role == "description":  # a weight, a diameter, a score: by itself it says nothing
            said = [
                f"{c}: {t}" if t[:1].isdigit() or t.casefold() in _BARE else t
                for c, t in zip(columns, said, strict=True)
            ]
        said = [text for text in said if text and text not in ("-", "?", "N/A", "n/a", "NA")]
        if not said:
            return None
        if role in _FIRST and any(text != said[0] for text in said[1:]):
            self._tell_beside(row, columns, said[0])
        return "; ".join(dict.fromkeys(said)) if role in _JOINED else said[0]

    def _tell_beside(self, row: Cells, columns: Sequence[str], read: str) -> None:
        """Tell once of each column that says something else than the first of its role."""
        for column in columns[1:]:
            text = as_text(row.get(column))
            if text and text != read and column not in self._shadowed:
                self._shadowed.add(column)
                hint = "not read where another column says it; map it if it is the better one"
                self._beside.append(Issue("column beside another", 1, column, hint, "note"))

    def _moment(self, record: int, row: Cells, issues: list[Issue]) -> Moment | None:
        for column in self.layout.sample.get("date", ()):
            value = row.get(column)
            if not as_text(value):
                continue
            if moment := self.dates.read(value) or self.dates.year_of(value):
                return moment
            issues.append(
                Issue("date not readable", record, column, "write it as 2024-05-31", "warning")
            )
        return None

    def _number(
        self, record: int, role: str, text: str | None, issues: list[Issue]
    ) -> float | None:
        if not text:
            return None
        value = number(text, money=role == "price")
        if value is None:
            issues.append(Issue("not a number", record, role, "write 1234.5 or 1 234,5", "warning"))
        return value

    def _price(
        self, record: int, texts: Mapping[str, str | None], issues: list[Issue]
    ) -> tuple[float | None, str | None]:
        text, currency = texts.get("price") or "", texts.get("currency")
        header = " ".join(self.layout.sample.get("price", ()))
        if text and not currency:
            found = re.search(r"€|\beuros?\b|\bEUR\b|£|\bGBP\b|\bCHF\b|\$|\bUSD\b", header, re.I)
            if found:
                signs = {"€": "EUR", "£": "GBP", "$": "USD"}
                currency = signs.get(found[0], found[0][:3].upper())
        for sign, code in (("€", "EUR"), ("euros", "EUR"), ("EUR", "EUR"), ("£", "GBP"),
                           ("$", "USD"), ("CHF", "CHF")):  # fmt: skip
            if sign in text:
                text, currency = text.replace(sign, ""), currency or code
        return self._number(record, "price", text.strip(), issues), currency

    # substances

    def _resolve(
        self, record: int, label: str, column: str, issues: list[Issue]
    ) -> tuple[str | None, bool]:
        key = " ".join(label.split()).casefold()
        if key not in self._resolved:
            self._resolved[key] = resolve(_ANALOG.sub("", label), shipped())
        substance, sure = self._resolved[key]
        if not sure and key not in self._doubted and not names_a_class(label):
            self._doubted.add(key)
            hint = "add the name to the thesaurus"
            if substance:
                hint = f"perhaps {substance}; {hint}"
            issues.append(Issue("substance not sure", record, column, hint, "warning"))
        return substance, sure

    def _denied(self, label: str) -> str:
        """Return the substance that a label says was not found: "Fentanyl non détecté"."""
        rest = denied(label, shipped())
        substance, sure = resolve(rest, shipped()) if rest else (None, False)
        return substance if substance and sure else ""

    def _known(self, label: str) -> str:
        """Return the substance of a name that the thesaurus knows, surely or not; "" if none."""
        key = " ".join(label.split()).casefold()
        if key not in self._resolved:
            self._resolved[key] = resolve(_ANALOG.sub("", label), shipped())
        substance, sure = self._resolved[key]
        return substance or ("none" if sure else "")

    def _sold_as(
        self, record: int, row: Cells, label: str, called: str, description: str,
        issues: list[Issue],
    ) -> str | None:  # fmt: skip
        """Return what it was sold as: a guess will do, since a street name is one."""
        for column, substance in self.layout.flags.items():
            if as_text(row.get(column)).casefold() in ("1", "1.0", "true", "yes", "oui", "x"):
                return substance
        column = (self.layout.sample.get("sold_as") or [""])[0]
        for text in (label, called if not label else ""):
            if text:
                return self._resolve(record, text, column, issues)[0]
        said = _SOLD_AS.search(f"{called} ; {description}")
        return self._resolve(record, said["label"].strip(), column, issues)[0] if said else None

    def _results(
        self, record: int, row: Cells, answers: Sequence[Cells], issues: list[Issue]
    ) -> list[RawResult]:
        layout = self.layout
        shared = layout.groups.get(0, {})
        common: dict[str, str | None] = {
            part: as_text(row.get(shared[part])) or None
            for part in ("method", "panel") if part in shared
        }  # fmt: skip
        found: list[RawResult] = []
        for answer in answers:
            for _, group in sorted(layout.groups.items()):
                if "substance" in group:
                    found += self._of_group(record, answer, group, common, issues)
        for role, column in layout.lists.items():
            cell = as_text(row.get(column))
            told = listed(cell, self._known)
            unit = layout.inside or ("parts" if _in_parts(cell, told) else None)
            for label, amount in told:
                said = _Said(amount, unit, column)
                found += self._one(record, label, said, column, role, common, issues)
            self._unitless(record, found, column, issues)
            self._in_parts(record, found, column, issues)
        for column, (substance, unit) in layout.contents.items():
            amount = as_text(row.get(column))
            read = read_amount(amount)
            if read is None:  # nothing is found by a word that nobody understands
                self._amount(record, amount, unit, column, issues)
            elif read.found is not None:  # "-" says nothing
                label = without_method(unit_in(column)[0]) or column
                own = {"method": layout.methods[column]} if layout.methods.get(column) else {}
                said = _Said(amount, unit, column)
                found += self._one(
                    record, label, said, column, None, {**common, **own}, issues, substance
                )
        for column, meant in layout.meant.items():
            found = self._meant(record, found, as_text(row.get(column)), column, meant, issues)
        named = [r for r in found if not says_nothing(r.label)]
        return _ranked(named or found[:1])  # a dash beside what was found says nothing

    def _of_group(
        self, record: int, row: Cells, group: Mapping[str, str],
        common: Mapping[str, str | None], issues: list[Issue],
    ) -> list[RawResult]:  # fmt: skip
        said = {part: as_text(row.get(column)) for part, column in group.items()}
        labels = listed(said["substance"], self._known)
        amounts, in_ratio = _amounts(said.get("amount", ""), len(labels))
        amounts = self._first_named(record, labels, amounts, group, issues)
        if len(amounts) > 1 and len(amounts) != len(labels):
            hint = "as many amounts as substances, in their order, are expected"
            issues.append(Issue("amounts not told apart", record, group["amount"], hint, "warning"))
        unit = tidy_unit(said.get("amount_unit")) or self.layout.units.get(group.get("amount", ""))
        if unit is None and (in_ratio or in_parts(group.get("amount", ""))):
            unit = "parts"
        own = {part: said[part] for part in ("method", "panel") if said.get(part)}
        if method := self.layout.methods.get(group["substance"]):
            own.setdefault("method", method)
        parts = unit is None and _in_parts(said["substance"], labels)
        found: list[RawResult] = []
        for place, (label, inside) in enumerate(labels):
            role = self._role(record, said.get("role", ""), group.get("role", ""), issues)
            role = role or self.layout.roles.get(group["substance"])
            if inside:
                in_cell = self.layout.inside or unit or ("parts" if parts else None)
                told = _Said(inside, in_cell, group["substance"])
            else:
                alone = said.get("amount", "") if len(labels) == 1 else ""
                amount = amounts[place] if len(amounts) == len(labels) else alone
                told = _Said(amount, unit, group.get("amount", ""))
            answers = self._one(
                record, label, told, group["substance"], role, {**common, **own}, issues
            )
            if answers and (half := number(said.get("uncertainty", ""))) is not None:
                answers = [a._replace(uncertainty=half) for a in answers]
            self._unitless(record, answers, told.column, issues)
            found += answers
        where = group["substance"] if parts else group.get("amount", "")
        self._in_parts(record, found, where, issues)
        return found

    def _first_named(
        self, record: int, labels: Sequence[tuple[str, str]], amounts: list[str],
        group: Mapping[str, str], issues: list[Issue],
    ) -> list[str]:  # fmt: skip
        """Let one amount beside several substances be of the first, unless that is a cut; say so.

        "Cocaïne, tétracaïne" with 33.3 %: of which of them, the row does not say.
        """
        read = read_amount(amounts[0]) if len(amounts) == 1 < len(labels) else None
        if read is None or (read.value is None and read.maximum is None):
            return amounts
        label, inside = labels[0]
        known = shipped().substances.get(self._known(label))
        if inside or (known is not None and known.klass == "adulterants"):
            hint = "one amount beside several substances: write it beside the one that it is of"
            issues.append(Issue("amounts not told apart", record, group["amount"], hint, "warning"))
            return amounts
        if (told := f"first of {group['amount']}") not in self._doubted:
            self._doubted.add(told)
            hint = "one amount beside several substances: taken for that of the first named"
            issues.append(Issue("amounts not told apart", record, group["amount"], hint, "warning"))
        return [*amounts, *([""] * (len(labels) - 1))]

    def _meant(
        self, record: int, found: list[RawResult], text: str, column: str,
        meant: Sequence[str], issues: list[Issue],
    ) -> list[RawResult]:  # fmt: skip
        """Give an amount to the one of the substances found that its header means, or say so.

        Under "Fentanyl / main active quantity (%)": fentanyl where it was found, else the main.
        """
        read = self._amount(record, text, self.layout.units.get(column), column, issues)
        if read.value is None and read.maximum is None:
            return found
        for substance in meant:
            fits = [
                n for n, r in enumerate(found)
                if r.substance and not r.censored and r.amount is None and (
                    r.substance == substance if substance else _may_be_main(r)
                )
            ]  # fmt: skip
            if not substance and len(fits) > 1:
                break  # which of them is the main one, nothing says
            if fits:  # what a strip answers to is measured otherwise
                n = min(fits, key=lambda n: found[n].method == "test strip")
                new = found[n]._replace(
                    amount=read.value, amount_max=read.maximum, unit=read.unit,
                    uncertainty=read.uncertainty, censored=read.censored,
                )  # fmt: skip
                if found[n].method == "test strip":
                    return [*found, new._replace(method=None, role="")]
                return [*found[:n], new, *found[n + 1 :]]
        hint = "which of what was found its header means is not shown: name it beside the amount"
        issues.append(Issue("amounts not told apart", record, column, hint, "warning"))
        return found

    def _role(self, record: int, text: str, column: str, issues: list[Issue]) -> str | None:
        """Return the role that a cell names; one that nobody knows is told once."""
        role = role_named(text)
        if text and role is None and f"role {text}" not in self._doubted:
            self._doubted.add(f"role {text}")
            hint = "write main, minor, trace, cut or precursor; it is told by the amounts here"
            issues.append(Issue("role not known", record, column, hint, "warning"))
        return role

    def _unitless(
        self, record: int, found: Sequence[RawResult], column: str, issues: list[Issue]
    ) -> None:
        """Say once for each column that its amounts have no unit: nothing is counted of them."""
        if column not in self._unsaid and any(r.amount and r.unit is None for r in found):
            self._unsaid.add(column)
            issues.append(Issue("unit not said", record, column, _UNIT_HINT, "warning"))

    def _in_parts(
        self, record: int, found: Sequence[RawResult], column: str, issues: list[Issue]
    ) -> None:
        """Say once for each column that its bare figures were taken for parts of each other."""
        if not in_parts(column) and column not in self._unsaid and any(
            r.amount and r.unit == "parts" for r in found
        ):  # fmt: skip
            self._unsaid.add(column)
            hint = "taken for parts of each other; set amounts_in under [parameters] if they are %"
            issues.append(Issue("unit not said", record, column, hint, "note"))

    def _one(
        self, record: int, label: str, amount: _Said, column: str,
        role: str | None, common: Mapping[str, str | None], issues: list[Issue],
        substance: str | None = None,
    ) -> list[RawResult]:  # fmt: skip
        """Return the result of one label; none where the cell says nothing."""
        if says_nothing(label):
            return [RawResult(label, None, "none", **_plain(common))]
        if not any(c.isalpha() for c in label):
            hint = "a figure where a substance should be"
            issues.append(Issue("no substance", record, column, hint, "warning"))
            return []
        read = self._amount(record, *amount, issues)
        if read.vague and not self._absent:  # among what was found: not measured
            read = read._replace(found=True, censored=False)
        if read.method:
            common = {**common, "method": read.method}
        if method := method_in(label):  # "Fentanyl strip: pos" in a cell
            label = without_method(label) or label
            common = {**common, "method": method}
        if substance is None:
            if known := self._denied(label):
                return [RawResult(label, known, role or "minor", None, read.maximum, read.unit,
                                  censored=True, **_plain(common))]  # fmt: skip
            substance, sure = self._resolve(record, label, column, issues)
            answer = None if substance or label.isdigit() else read_amount(label)
            if answer and answer.found:  # "Positive": of what, nothing says; it is no "nothing"
                hint = "an answer where a substance should be: map the column that names it"
                issues.append(Issue("no substance", record, column, hint, "warning"))
                return []
            if sure and substance is None:
                return [RawResult(label, None, "none", read.value, read.maximum, read.unit,
                                  read.uncertainty, **_plain(common))]  # fmt: skip
            if not sure and substance is not None and not _names_family(label, substance):
                substance = None  # a laboratory's word is not bent to what resembles it
        if read.trace or (read.unit == "parts" and read.censored):
            role, read = "trace", read._replace(censored=False, found=True)
        return [
            RawResult(
                label, substance, role or "", read.value, read.maximum, read.unit,
                read.uncertainty, read.censored, **_plain(common),
            )
        ]  # fmt: skip

    def _amount(
        self, record: int, text: str, unit: str | None, column: str, issues: list[Issue]
    ) -> Amount:
        """Read an amount; one that cannot be, or is no share, is unknown and told."""
        read = read_amount(text, unit)
        if read is None:
            issues.append(
                Issue("amount not readable", record, column, "write 12,5 or <0,5", "warning")
            )
            return Amount(None)
        if read.unit in ("fraction", "flag"):
            read = _plainly(read)
        if read.unit == "%" and max(read.value or 0.0, read.maximum or 0.0) > 100:
            hint = "more than 100 %: was the decimal comma lost?"
            issues.append(Issue("amount not possible", record, column, hint, "warning"))
            return Amount(True)
        if read.least and read.maximum is None:
            hint = "only a lower bound: how much it is stays unknown"
            issues.append(Issue("amount not bounded", record, column, hint, "warning"))
            return Amount(True, unit=read.unit, method=read.method)
        return read


def _amounts(cell: str, labels: int) -> tuple[list[str], bool]:
    """Return the amounts of a cell beside several labels, and whether they are a ratio: "20:1"."""
    if labels < 2:
        return [], False
    ratio = re.split(r"\s*:\s*", cell)
    if len(ratio) == labels and all(map(_RATIO.fullmatch, ratio)):
        return ratio, True
    return pieces(cell), False


def _in_parts(cell: str, told: Sequence[tuple[str, str]]) -> bool:
    """Say whether bare figures after colons are parts of each other: `MDMA:20;Caffeine:1`."""
    amounts = [(amount, read) for _, amount in told if amount and (read := read_amount(amount))]
    bare = [amount for amount, read in amounts if read.value is not None or read.unit]
    return ":" in cell and bool(bare) and all(map(_RATIO.fullmatch, bare))


def _plainly(read: Amount) -> Amount:
    """Return an amount that a column gives as parts of one in %, and a mark as what it says."""
    if read.unit == "flag":
        return Amount(read.found, censored=read.censored)

    def hundredfold(x: float | None) -> float | None:
        return None if x is None else round(100 * x, 10)

    return read._replace(
        value=hundredfold(read.value), maximum=hundredfold(read.maximum),
        uncertainty=hundredfold(read.uncertainty), unit="%",
    )  # fmt: skip


def _plain(common: Mapping[str, str | None]) -> dict[str, Any]:
    return {part: common.get(part) for part in ("method", "panel")}


def _may_be_main(result: RawResult) -> bool:
    """Say whether "the main active" may be this: no cut, and not what only a strip answers to."""
    if result.role:
        return result.role == "main"
    return not (_is_cut(result) or result.method == "test strip")


def _is_cut(result: RawResult) -> bool:
    known = shipped().substances.get(result.substance or "")
    return known is not None and known.klass == "adulterants"


def _names_family(label: str, substance: str) -> bool:
    """Say whether a substance is a family and a label has its name: no street name of one."""
    if not any(s.parent == substance for s in shipped().substances.values()):
        return False
    return any(word[:5] in folded(label) for word in words_of(substance) if len(word) > 4)


def _ranked(found: Sequence[RawResult]) -> list[RawResult]:
    """Give a role to results that say none: a known cut, the most or the first as main, minor."""
    ranked = []
    largest = max((r.amount or 0.0 for r in found if not r.role), default=0.0)
    main = any(r.role == "main" for r in found)
    for result in found:
        role = result.role
        if not role:
            if _is_cut(result):
                role = "cut"
            elif not main and not result.censored and (result.amount or 0.0) >= largest:
                role, main = "main", True
            else:
                role = "minor"
        ranked.append(result._replace(role=role))
    return ranked

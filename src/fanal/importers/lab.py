"""Drug-checking results: samples, what they were sold as, and what was found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawResult, RawSample, Skipped
from fanal.importers.dates import DateColumn, Moment
from fanal.importers.lab_cells import listed, number, read_amount, role_named, tidy_unit, unit_in
from fanal.importers.lab_layout import LISTS, PARTS, Layout, layout_of, may_fit
from fanal.importers.lab_relations import Joined, is_database, joined_tables
from fanal.importers.rows import Cells, as_text, folded, kind_of, open_table
from fanal.thesaurus import Thesaurus, load, load_places, resolve

Roles = Mapping[str, str | Sequence[str]]
_SOLD_AS = re.compile(r"\b(?:sold as|vendue? (?:comme|pour))\s+(?P<label>[^,;()]+)", re.IGNORECASE)
_WORDS = ("form", "reason", "effects_sought", "effects_felt", "route", "description")


@dataclass(frozen=True)
class Lab(Importer):
    """Tables of drug-checking results (CSV, TSV, XLSX, JSON lines, Parquet, SQLite).

    When to use: results of a service that analyses products, in any of three shapes: a row for
    each sample with numbered columns (`substance_1`, `teneur_1`, …), lists in one cell
    (`a; b; c`) or a column for each substance; a row for each substance found; several linked
    tables of a database or workbook. When not: published totals (`indicators`).

    Parameters
    ----------
    mapping : mapping of role → column or columns
        Roles of a sample: reference, date, place, sold_as, sold_as_label, form, description,
        price, currency, quantity, unit, reason, effects_sought, effects_felt, route. Of a result:
        substance, amount, amount_unit, uncertainty, role, method, panel; lists of substances:
        main, minor, trace, cut. What is not named is found by its header.
    date_order : str
        "dmy" or "mdy" where the dates do not show it.

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
    breadth: ClassVar[int] = 0

    mapping: Roles = field(default_factory=dict)
    date_order: str = ""

    def identify(self, path: File) -> bool:
        if is_database(path):
            return self._joined(path) is not None
        if kind_of(path) is None:
            return False
        try:
            return _fits(open_table(path, _fits).columns)
        except ImporterError:
            return False

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

        def wanted(names: tuple[str, ...]) -> bool:
            mapped = {folded(n) for n in _columns_of(self.mapping)}
            return _fits(names) or (bool(mapped) and mapped <= {folded(n) for n in names})

        table = open_table(path, wanted)
        layout = layout_of(table.columns, _thesaurus(), self.mapping)
        if not layout.tells_contents:
            raise ImporterError(
                "no column says what was found",
                where="record 1",
                allowed=", ".join((*PARTS, *LISTS)),
                do="name the columns under [mapping] in the source description",
            )
        yield from _told(layout)
        dates = DateColumn(self.date_order)
        for found in table.rows():
            if isinstance(found, tuple):
                for column in layout.sample.get("date", ()):
                    dates.see(found[1].get(column))
        dates.settle()
        reader = _Reader(path.name, layout, dates)
        for found in table.rows():
            if isinstance(found, tuple):
                yield from reader.read(*found, [found[1]])
            else:
                yield found

    def _joined(self, path: File) -> Joined | None:
        return joined_tables(path, lambda n: layout_of(n, _thesaurus(), self.mapping))

    def _linked(self, path: File, joined: Joined) -> Iterator[RawSample | Issue | Skipped]:
        layout = layout_of(joined.columns, _thesaurus(), self.mapping)
        layout.contents.clear()  # a lookup's columns describe the substance, not the sample
        layout.unknown = [n for n in layout.unknown if n in joined.own and not n.endswith("_ID")]
        yield from _told(layout)
        dates = DateColumn(self.date_order)
        for _, row, _ in joined.rows:
            for column in layout.sample.get("date", ()):
                dates.see(row.get(column))
        dates.settle()
        reader = _Reader(path.name, layout, dates)
        for record, row, answers in joined.rows:
            yield from reader.read(record, row, answers)


def _columns_of(mapping: Roles) -> list[str]:
    return [n for v in mapping.values() for n in ([v] if isinstance(v, str) else v)]


@lru_cache(4096)  # finding the delimiter asks for every line of the start, for each delimiter
def _fits(names: tuple[str, ...]) -> bool:
    return may_fit(names) and layout_of(names, _thesaurus(), {}).fits


def _thesaurus() -> Thesaurus:
    if not _LOADED:
        _LOADED.append(load())
    return _LOADED[0]


_LOADED: list[Thesaurus] = []


def _told(layout: Layout) -> Iterator[Issue]:
    """Say once for each column what became of it, where that is not plain."""
    for name in layout.people:
        yield Issue("column about a person", 1, name, "it was not read", "note")
    for name, role in layout.guessed.items():
        yield Issue("column name not known", 1, name, f"taken for {role}; map it", "warning")
    for name in layout.unknown:
        yield Issue("column name not known", 1, name, "not read; map it if it matters", "warning")


class _Reader:
    """Makes samples of rows; remembers labels already complained about."""

    def __init__(self, file: str, layout: Layout, dates: DateColumn) -> None:
        self.file, self.layout, self.dates = file, layout, dates
        self._resolved: dict[str, tuple[str | None, bool]] = {}
        self._doubted: set[str] = set()

    def read(
        self, record: int, row: Cells, answers: Sequence[Cells]
    ) -> Iterator[RawSample | Issue]:
        """Yield the sample of a row, and what was doubtful in it; or why there is none."""
        issues: list[Issue] = []
        results = self._results(record, row, answers, issues)
        texts = {role: self._text(row, role) for role in self.layout.sample}
        if not any(texts.values()) and not results:
            yield Issue("empty sample", record, "", "the row says nothing that can be read")
            return
        label = texts.get("sold_as") or ""
        called = texts.get("sold_as_label") or ""
        sold_as = self._sold_as(record, row, label, called, texts.get("description") or "", issues)
        moment = self._moment(record, row, issues)
        price, currency = self._price(record, texts, issues)
        quantity = self._number(record, "quantity", texts.get("quantity"), issues)
        yield from issues
        yield RawSample(
            file=self.file,
            record=record,
            reference=texts.get("reference") or "",
            time=moment.time if moment else None,
            precision=moment.precision if moment else "unknown",
            place=_place(texts.get("place")),
            sold_as=sold_as,
            sold_as_label=called or label or None,
            price=price,
            currency=currency,
            quantity=quantity,
            unit=tidy_unit(texts.get("unit")),
            results=tuple(results),
            **{role: texts.get(role) for role in _WORDS},
        )

    def _text(self, row: Cells, role: str) -> str | None:
        """Return what the columns of a role say, the first of them, or all of a description."""
        said = [as_text(row.get(column)) for column in self.layout.sample[role]]
        said = [text for text in said if text and text not in ("-", "?", "N/A", "n/a", "NA")]
        if not said:
            return None
        return "; ".join(dict.fromkeys(said)) if role == "description" else said[0]

    def _moment(self, record: int, row: Cells, issues: list[Issue]) -> Moment | None:
        for column in self.layout.sample.get("date", ()):
            value = row.get(column)
            if not as_text(value):
                continue
            if moment := self.dates.read(value):
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
        value = number(text)
        if value is None:
            issues.append(Issue("not a number", record, role, "write 1234.5 or 1 234,5", "warning"))
        return value

    def _price(
        self, record: int, texts: Mapping[str, str | None], issues: list[Issue]
    ) -> tuple[float | None, str | None]:
        text, currency = texts.get("price") or "", texts.get("currency")
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
            self._resolved[key] = resolve(label, _thesaurus())
        substance, sure = self._resolved[key]
        if not sure and key not in self._doubted:
            self._doubted.add(key)
            hint = "add the name to the thesaurus"
            if substance:
                hint = f"perhaps {substance}; {hint}"
            issues.append(Issue("substance not sure", record, column, hint, "warning"))
        return substance, sure

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
            for label, amount in listed(as_text(row.get(column))):
                found += self._one(record, label, amount, column, None, role, common, issues)
        for column, (substance, unit) in layout.contents.items():
            amount = as_text(row.get(column))
            if amount:
                label = unit_in(column)[0]
                found += self._one(
                    record, label, amount, column, unit, None, common, issues, substance
                )
        return _ranked(found)

    def _of_group(
        self, record: int, row: Cells, group: Mapping[str, str],
        common: Mapping[str, str | None], issues: list[Issue],
    ) -> list[RawResult]:  # fmt: skip
        said = {part: as_text(row.get(column)) for part, column in group.items()}
        labels = listed(said["substance"])
        amounts = re.split(r"\s*[;|]\s*", said.get("amount", "")) if len(labels) > 1 else []
        unit = tidy_unit(said.get("amount_unit")) or self.layout.units.get(group.get("amount", ""))
        if unit is None and "parts" in group.get("amount", "").casefold():
            unit = "parts"
        own = {part: said[part] for part in ("method", "panel") if said.get(part)}
        found: list[RawResult] = []
        for place, (label, inside) in enumerate(labels):
            amount = inside or (
                said.get("amount", "") if len(labels) == 1
                else amounts[place] if len(amounts) == len(labels) else ""
            )  # fmt: skip
            role = role_named(said.get("role", ""))
            answers = self._one(
                record, label, amount, group["substance"], unit, role, {**common, **own}, issues
            )
            if answers and (half := number(said.get("uncertainty", ""))) is not None:
                answers = [a._replace(uncertainty=half) for a in answers]
            found += answers
        return found

    def _one(
        self, record: int, label: str, amount: str, column: str, unit: str | None,
        role: str | None, common: Mapping[str, str | None], issues: list[Issue],
        substance: str | None = None,
    ) -> list[RawResult]:  # fmt: skip
        """Return the result of one label; none where the cell says nothing."""
        read = read_amount(amount, unit)
        if read is None:
            issues.append(
                Issue("amount not readable", record, column, "write 12,5 or <0,5", "warning")
            )
            read = read_amount("")
            assert read is not None
        if substance is None:
            substance, sure = self._resolve(record, label, column, issues)
            if sure and substance is None:
                return [RawResult(label, None, "none", **_plain(common))]
            if not sure and substance is not None and not _is_family(substance):
                substance = None  # a laboratory's word is not bent to what resembles it
        if read.trace or (read.unit == "parts" and read.censored):
            role, read = "trace", read._replace(censored=False, found=True)
        return [
            RawResult(
                label, substance, role or "", read.value, read.maximum, read.unit,
                read.uncertainty, read.censored, **_plain(common),
            )
        ]  # fmt: skip


def _plain(common: Mapping[str, str | None]) -> dict[str, Any]:
    return {part: common.get(part) for part in ("method", "panel")}


def _is_family(substance: str) -> bool:
    return any(s.parent == substance for s in _thesaurus().substances.values())


def _ranked(found: Sequence[RawResult]) -> list[RawResult]:
    """Give a role to results that say none: a known cut, the most or the first as main, minor."""
    thesaurus = _thesaurus()
    ranked = []
    largest = max((r.amount or 0.0 for r in found if not r.role), default=0.0)
    main = any(r.role == "main" for r in found)
    for result in found:
        role = result.role
        if not role:
            known = thesaurus.substances.get(result.substance or "")
            if known is not None and known.klass == "adulterants":
                role = "cut"
            elif not main and not result.censored and (result.amount or 0.0) >= largest:
                role, main = "main", True
            else:
                role = "minor"
        ranked.append(result._replace(role=role))
    return ranked


def _place(text: str | None) -> str | None:
    """Return the code of a place, by its code or its name; None if it is not a place we know."""
    if not text:
        return None
    places = load_places()
    code = text.strip().upper()
    padded = code.zfill(2) if code.isdigit() and len(code) < 2 else code
    if padded in places.places and not padded.isalpha():  # CA: a country, or California?
        return padded
    from fanal.thesaurus import fold_name

    named = places.by_fold.get(fold_name(text), ())
    sure = [name for name in named if not name.ambiguous]
    return sure[0].code if sure else None

"""What a row says of a sample: what it was sold as, where and when, for how much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from fanal.importers.base import Issue, RawResult, RawSample
from fanal.importers.lab.cells import columns, number, read_quantity, spelt
from fanal.importers.lab.layout import Layout
from fanal.importers.lab.results import ResultReader
from fanal.importers.lab.substance_labels import Labels
from fanal.importers.lab.units import bulk_or_piece, tidy_unit, unit_in
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import DateColumn, Moment
from fanal.importers.reading.figures import read_range
from fanal.importers.reading.rows import Cells, as_text
from fanal.importers.reading.towns import Towns

_SOLD_AS = re.compile(r"\b(?:sold as|vendue? (?:comme|pour))\s+(?P<label>[^,;()]+)", re.IGNORECASE)
_TOTAL = re.compile(r"(?:sous[- ]?)?total|n\s*=|nombre|somme|source|note|\*|légende|legend", re.I)
_FIRST = ("sold_as", "sold_as_label", "form", "reason", "price", "quantity", "route")
_JOINED = ("description", "effects_sought", "effects_felt")  # in several columns: all are kept
_BARE = ("yes", "no", "oui", "non", "ja", "nein", "true", "false")
_UNIT_HINT = (
    'write it in the header, as "quantity (g)", or set quantity_in under [parameters]; if it is '
    "how much was found, map the column as amount and set amounts_in"
)
_WORDS = ("form", "reason", "effects_sought", "effects_felt", "route", "description")


class SampleReader:
    """Makes samples of rows, with what was found in each."""

    def __init__(
        self, file: str, layout: Layout, dates: DateColumn, towns: Towns,
        absent: bool | None = None, several: frozenset[str] = frozenset(),
        day: Moment | None = None,
    ) -> None:  # fmt: skip
        self.file, self.layout, self.dates, self.towns = file, layout, dates, towns
        self.absent = absent  # whether "nd" is "not detected", where the table shows it
        self.several = several  # samples with several rows: there it is, alone "not measured"
        self.day = day  # of all samples, where no column has days
        self.labels = Labels()
        self.results = ResultReader(layout, self.labels)
        self._reference = ""  # of the row before: merged cells give it once
        self._beside: list[Issue] = []  # columns that say something else than the one that is read
        self._shadowed: set[str] = set()
        self._unsaid: set[str] = set()  # columns of quantities whose lack of a unit was told

    def read(
        self, record: int, row: Cells, answers: Sequence[Cells]
    ) -> Iterator[RawSample | Issue]:
        """Yield the sample of a row, and what was doubtful in it; or why there is none."""
        issues: list[Issue] = []
        texts = {role: self._text(row, role) for role in self.layout.sample}
        among = len(answers) > 1 or (texts.get("reference") or self._reference) in self.several
        absent = among if self.absent is None else self.absent
        results = self.results.read(record, row, answers, absent, issues)
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
        quantity, unit = self._bought(record, row, price is not None, issues)
        issues += self._beside
        self._beside = []
        yield from issues
        yield RawSample(
            file=self.file,
            record=record,
            reference=reference,
            of_case=self.layout.of_case,
            time=moment.time if moment else None,
            precision=moment.precision if moment else "unknown",
            place=self.towns.of(row),
            sold_as=sold_as,
            sold_as_label=called or label or None,
            price=price,
            currency=currency,
            quantity=quantity or (1.0 if price is not None and self._per() else None),
            unit=unit,
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
        return self.day

    def _number(
        self, record: int, role: str, text: str | None, issues: list[Issue]
    ) -> float | None:
        if not text:
            return None
        value = number(text, money=role == "price")
        if value is None:
            hint = "write 1234.5 or 1 234,5"
            if read_range(text):
                hint = "a range: a sample has one price, and which of both it was stays unknown"
            issues.append(Issue("not a number", record, role, hint, "warning"))
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

    def _bought(
        self, record: int, row: Cells, priced: bool, issues: list[Issue]
    ) -> tuple[float | None, str | None]:
        """Return how much was bought or seized, and its unit; one that is not said is asked for."""
        columns = self.layout.sample.get("quantity", [])
        column = next((c for c in columns if as_text(row.get(c))), "")
        text = self._text(row, "quantity") if columns else None
        bought = read_quantity(text or "")
        if text and not bought:
            hint = "write it as 1 g, 0,5 g or 2 tablets"
            issues.append(Issue("not a number", record, "quantity", hint, "warning"))
        quantity, unit = bought or (None, None)
        beside = self.layout.unit_columns.get(column) or (self.layout.sample.get("unit") or [""])[0]
        said = as_text(row.get(beside))
        unit = unit or bulk_or_piece(said) or tidy_unit(said) or unit_in(column)[1]
        unit = unit or (self._per() if priced else None) or self.layout.quantity_in or None
        if quantity is not None and unit is None and column not in self._unsaid:
            self._unsaid.add(column)
            issues.append(Issue("unit not said", record, column, _UNIT_HINT, "warning"))
        return quantity, unit

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
                seen = _only_seen(column if text == label else "", text)
                return None if seen else self.labels.resolve(record, text, column, issues)[0]
        said = _SOLD_AS.search(f"{called} ; {description}")
        return (
            self.labels.resolve(record, said["label"].strip(), column, issues)[0] if said else None
        )


def _only_seen(header: str, label: str) -> bool:
    """Say whether a label tells how something looks, and no name that it was sold under.

    "Poudre blanche" is a form and its colour; a form alone is no name under a header of how things
    look, and "cristal" or "blanche" may be one elsewhere.
    """
    known, words = columns()["seen"], folded(label).split("_")
    forms = [word for word in words if spelt([word], known["forms"])]
    beside = [word for word in words if word not in forms and spelt([word], known["beside"])]
    looks = bool(beside) or spelt(folded(header).split("_"), known["headers"])
    return bool(forms) and looks and len(forms) + len(beside) == len(words)

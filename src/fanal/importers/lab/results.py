"""What was found in a sample: substances, how much of each, by which method."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from fanal.importers.base import Issue, RawResult
from fanal.importers.lab.answers import said as answer_in
from fanal.importers.lab.cells import (
    Amount,
    in_parts,
    listed,
    method_in,
    number,
    pieces,
    read_amount,
    role_named,
    says_nothing,
    without_method,
)
from fanal.importers.lab.layout import Layout
from fanal.importers.lab.result_roles import may_be_main, ranked
from fanal.importers.lab.substance_labels import Labels, names_family
from fanal.importers.lab.thousands import ungrouped
from fanal.importers.lab.units import tidy_unit, unit_in
from fanal.importers.reading.rows import Cells, as_text
from fanal.thesaurus import shipped

_RATIO = re.compile(r"\d{1,4}")  # of "MDMA:20;Caffeine:1"
_DASHES = ("-", "–", "—", "−")
UNIT_HINT = 'write it in the header, as "purity (%)", or set amounts_in under [parameters]'


class _Said(NamedTuple):
    """How much a cell says there is: its text, the unit of its column, its column."""

    text: str
    unit: str | None
    column: str


class ResultReader:
    """Makes results of the cells of a row; remembers columns already complained about."""

    def __init__(self, layout: Layout, labels: Labels) -> None:
        self.layout, self.labels = layout, labels
        self._absent = False
        self._doubted: set[str] = set()
        self._unsaid: set[str] = set(layout.bare)  # columns whose lack of a unit was told

    def read(
        self, record: int, row: Cells, answers: Sequence[Cells], absent: bool, issues: list[Issue]
    ) -> list[RawResult]:
        """Return what was found, told in a row and in its answers, and add what was doubtful.

        `absent` says whether "nd" is "not detected".
        """
        layout = self.layout
        self._absent = absent
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
            told = listed(cell, self.labels.known)
            unit = layout.inside or layout.units.get(column)
            unit = unit or ("parts" if _in_parts(cell, told) else None)
            for label, amount in told:
                said = _Said(amount, unit, column)
                found += self._one(record, label, said, column, role, common, issues)
            self._unitless(record, found, column, issues)
            self._in_parts(record, found, column, issues)
        for column, (substance, in_header) in layout.contents.items():
            amount = as_text(row.get(column))
            unit = self._units(row, column, 1)[0] or in_header
            if layout.signed and amount in _DASHES:
                amount = "not detected"
            read = read_amount(amount)
            if read is None:  # nothing is found by a word that nobody understands
                self._amount(record, amount, unit, column, issues)
            elif read.found is None:  # "-" says nothing
                self._undecided(record, amount, column, issues)
            else:
                label = without_method(unit_in(column)[0]) or column
                own = {"method": layout.methods[column]} if layout.methods.get(column) else {}
                said = _Said(amount, unit, column)
                told_of = self._one(
                    record, label, said, column, None, {**common, **own}, issues, substance
                )
                self._unitless(record, told_of, column, issues)
                found = [r for r in found if not _told_better(r, told_of)] + told_of
        for column, meant in layout.meant.items():
            found = self._meant(record, found, as_text(row.get(column)), column, meant, issues)
        named = [r for r in found if not says_nothing(r.label)]
        return ranked(named or found[:1])  # a dash beside what was found says nothing

    def _of_group(
        self, record: int, row: Cells, group: Mapping[str, str],
        common: Mapping[str, str | None], issues: list[Issue],
    ) -> list[RawResult]:  # fmt: skip
        said = {part: as_text(row.get(column)) for part, column in group.items()}
        labels = listed(said["substance"], self.labels.known)
        amounts, in_ratio = _amounts(said.get("amount", ""), len(labels))
        amounts = self._first_named(record, labels, amounts, group, issues)
        if len(amounts) > 1 and len(amounts) != len(labels):
            hint = "as many amounts as substances, in their order, are expected"
            issues.append(Issue("amounts not told apart", record, group["amount"], hint, "warning"))
        units = self._units(row, group.get("amount", ""), len(labels))
        unit = units[0]
        if unit is None and (in_ratio or in_parts(group.get("amount", ""))):
            unit = "parts"
        inner = self.layout.inside or self.layout.units.get(group["substance"]) or unit
        own = {part: said[part] for part in ("method", "panel") if said.get(part)}
        if method := self.layout.methods.get(group["substance"]):
            own.setdefault("method", method)
        parts = inner is None and _in_parts(said["substance"], labels)
        found: list[RawResult] = []
        for place, (label, inside) in enumerate(labels):
            role = self._role(record, said.get("role", ""), group.get("role", ""), issues)
            role = role or self.layout.roles.get(group["substance"])
            if inside:
                told = _Said(inside, inner or ("parts" if parts else None), group["substance"])
            else:
                alone = said.get("amount", "") if len(labels) == 1 else ""
                amount = amounts[place] if len(amounts) == len(labels) else alone
                told = _Said(amount, units[place] or unit, group.get("amount", ""))
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

    def _units(self, row: Cells, column: str, labels: int) -> list[str | None]:
        """Return the unit of each of the amounts of a cell: one of all, or as many as there are."""
        said = as_text(row.get(self.layout.unit_columns.get(column, "")))
        units = pieces(said) if labels > 1 else [said]
        if len(units) != labels:
            units = [said] * max(labels, 1)
        return [tidy_unit(unit) or self.layout.units.get(column) for unit in units]

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
        known = shipped().substances.get(self.labels.known(label))
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
                    r.substance == substance if substance else may_be_main(r)
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
            issues.append(Issue("unit not said", record, column, UNIT_HINT, "warning"))

    def _vague(self, record: int, column: str, issues: list[Issue]) -> None:
        """Say once for each column that "n.d." was taken for "not measured"."""
        if (told := f"n.d. of {column}") not in self._doubted:
            self._doubted.add(told)
            hint = (
                'n.d. taken for there and not measured; write "not detected" where it is not there'
            )
            issues.append(Issue("amount not readable", record, column, hint, "warning"))

    def _undecided(self, record: int, text: str, column: str, issues: list[Issue]) -> None:
        """Say once for each column that a test was made and shows nothing: "Inv", "pending"."""
        if answer_in(text) != "unknown" or not any(map(str.isalpha, text)):
            return
        if (told := f"undecided in {column}") not in self._doubted:
            self._doubted.add(told)
            hint = "a test that shows nothing: whether it is there stays unknown"
            issues.append(Issue("test without a result", record, column, hint, "note"))

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
            self._vague(record, amount.column, issues)
        role = role or read.role
        if read.method:
            common = {**common, "method": read.method}
        if method := method_in(label):  # "Fentanyl strip: pos" in a cell
            label = without_method(label) or label
            common = {**common, "method": method}
        if substance is None:
            if known := self.labels.denied(label):
                return [RawResult(label, known, role or "minor", None, read.maximum, read.unit,
                                  censored=True, **_plain(common))]  # fmt: skip
            substance, sure = self.labels.resolve(record, label, column, issues)
            answer = None if substance or label.isdigit() else read_amount(label)
            if (
                answer and answer.found and not answer.role
            ):  # "Positive": of what, nothing says; it is no "nothing"
                hint = "an answer where a substance should be: map the column that names it"
                issues.append(Issue("no substance", record, column, hint, "warning"))
                return []
            if sure and substance is None:
                return [RawResult(label, None, "none", read.value, read.maximum, read.unit,
                                  read.uncertainty, **_plain(common))]  # fmt: skip
            if not sure and substance is not None and not names_family(label, substance):
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
        read = read_amount(ungrouped(text, self.layout.between), unit)
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


def _told_better(result: RawResult, others: Sequence[RawResult]) -> bool:
    """Say whether others say how much there is of what a result only names, by its own method."""
    return result.amount is None and not result.censored and any(
        (result.substance, result.method) == (other.substance, other.method) and other.amount
        for other in others
    )  # fmt: skip


def _plain(common: Mapping[str, str | None]) -> dict[str, Any]:
    return {part: common.get(part) for part in ("method", "panel")}

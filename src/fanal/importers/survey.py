"""Survey tables: one row a case, one column a question."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from statistics import median
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.dates import DateColumn, Moment, read_date
from fanal.importers.reading.rows import Table, as_text, folded, kind_of, open_table

SAMPLE = 500  # rows by which a column is judged
_CASE = re.compile(
    r"(?:id|identifiant|case|cas|case_id|numero|n|no|num|code|respondent(?:_id)?|repondant"
    r"|participant(?:_id)?|id_\w+|\w+_id|response_id|questionnaire)"
)
_DATE = re.compile(r"(?:date\w*|\w+_date|horodat\w*|timestamp|submitdate|start_?time)")


@dataclass(frozen=True)
class Survey(Importer):
    """Reads survey tables (CSV, TSV, XLSX, JSON lines, Parquet), one document an answer in words.

    Use it for questionnaires: the first row names the questions, the first column is a case id
    that occurs once. Each column is an attribute (age, city, a choice) or answers in words; only
    the latter become documents. The thread and the author are the case, so that one person's
    answers count once. For tables of messages or listings use `tables`.

    Parameters
    ----------
    text : list of str
        Columns of answers in words; empty to take those whose answers are mostly sentences.
    time : str
        Column of the date; "" to find it by its name.
    date : str
        Day, month or year of a survey whose table has no date, as 2025-03.
    date_order : str
        "dmy" or "mdy" where the dates do not show it.
    sheet : str
        Name of the sheet of a workbook; "" for the first.

    Examples
    --------
    In a source description::

        importer = "survey"
        [parameters]
        text = ["Que diriez-vous des prix ?"]

    Limits
    ------
    Attributes are not stored: they describe a person, and are counted as skipped by rule. The
    words of the question are not part of the document.
    """

    name: ClassVar[str] = "survey"

    text: tuple[str, ...] = ()
    time: str = ""
    date: str = ""
    date_order: str = ""
    sheet: str = ""

    def identify(self, path: File) -> bool:
        if kind_of(path) not in ("delimited", "xlsx", "xls", "ods"):
            return False
        try:
            table = open_table(path, _any_header)
        except ImporterError:
            return False
        if not _CASE.fullmatch(folded(table.columns[0])) or len(table.columns) < 3:
            return False
        asked = [name for name in table.columns[1:] if "?" in name or len(name.split()) >= 4]
        return bool(asked) and _has_cases(table)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        table = open_table(path, _any_header, self.sheet)
        case, texts, time = self._columns(table)
        attributes = len(set(table.columns) - {case, time, *texts})
        if attributes:
            yield Skipped("column of an attribute", attributes)
        dates = DateColumn(self.date_order)
        for found in table.rows() if time else ():
            if isinstance(found, tuple):
                dates.see(found[1].get(time))
        dates.settle()
        fixed = read_date(self.date, self.date_order) if self.date else None
        if not time and not fixed:
            hint = (
                'add date = "2025-03", or time = "…" (the column of the date), under [parameters]'
            )
            yield Issue("no date", table.header, field="date", hint=hint, level="warning")
        seen: set[str] = set()
        for found in table.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            number, row = found
            native = as_text(row.get(case))
            if not native:
                yield Issue(
                    "no case id", number, field=case, hint="each row needs an id of its own"
                )
                continue
            if native in seen:
                hint = "taken for another case; each row needs an id of its own"
                yield Issue("case id repeated", number, field=case, hint=hint, level="warning")
                native = next(n for k in count(2) if (n := f"{native} ({k})") not in seen)
            seen.add(native)
            moment = dates.read(row.get(time)) if time else fixed
            if time and moment is None:
                yield Issue("date not readable", number, field=time, hint="write it as 2025-03-31")
                continue
            answers = {column: as_text(row.get(column)) for column in texts}
            if not any(answers.values()):
                yield Skipped("row without text")
            for position, (column, answer) in enumerate(answers.items()):
                if answer:
                    yield _answer(path.name, number, position, native, column, answer, moment)

    def _columns(self, table: Table) -> tuple[str, list[str], str]:
        case = table.columns[0]
        by_fold = {folded(name): name for name in reversed(table.columns)}
        for column in (*self.text, *([self.time] if self.time else [])):
            if folded(column) not in by_fold:
                raise ImporterError(
                    f"no column called {column!r}", allowed=", ".join(table.columns[:40])
                )
        time = by_fold[folded(self.time)] if self.time else ""
        if not time and not self.date:
            time = next((by_fold[fold] for fold in by_fold if _DATE.fullmatch(fold)), "")
        texts = [by_fold[folded(column)] for column in self.text]
        texts = texts or [c for c in _in_words(table) if c not in (case, time)]
        if not texts:
            raise ImporterError(
                "no column of answers in words",
                allowed=", ".join(table.columns[:40]),
                do='add text = ["…"] under [parameters] in the source description',
            )
        return case, texts, time


def _any_header(names: tuple[str, ...]) -> bool:
    return len(names) >= 2


def _has_cases(table: Table) -> bool:
    seen: list[str] = []
    for found in table.rows():
        if isinstance(found, tuple):
            seen.append(as_text(found[1].get(table.columns[0])))
        if len(seen) >= SAMPLE:
            break
    return len(set(seen)) > 0.6 * len(seen)  # a repeated one is an issue, not another format


def _in_words(table: Table) -> list[str]:
    """Return the columns whose answers are mostly sentences: long, and seldom twice the same."""
    answers: dict[str, list[str]] = {column: [] for column in table.columns}
    rows = 0
    for found in table.rows():
        if isinstance(found, tuple):
            rows += 1
            for column in table.columns:
                if answer := as_text(found[1].get(column)):
                    answers[column].append(answer)
        if rows >= SAMPLE:
            break
    return [
        column
        for column, given in answers.items()
        if given
        and median(len(answer.split()) for answer in given) >= 4
        and len(set(given)) > len(given) / 2
        and sum(read_date(answer) is not None for answer in given) < len(given) / 2
    ]


def _answer(
    file: str,
    number: int,
    position: int,
    case: str,
    column: str,
    answer: str,
    moment: Moment | None,
) -> RawDocument:
    return RawDocument(
        file=file,
        record=number,
        text=answer,
        time=moment.time if moment else None,
        precision=moment.precision if moment else "day",
        chat=case,
        message=column,
        author=case,
        position=position,
    )

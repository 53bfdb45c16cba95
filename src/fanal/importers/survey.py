"""Survey tables: one row a case, one column a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from statistics import median
from typing import ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import DateColumn, Moment, are_dates, read_date
from fanal.importers.reading.rows import Cells, Table, as_text, open_table
from fanal.importers.reading.usual_names import answers, names_of

UNSENT = datetime(1980, 1, 1)  # noqa: DTZ001 - of no zone
SAMPLE = 500  # rows by which a column is judged
SENTENCE = 4  # words of what is said, and not chosen
SOME = 0.2  # of the answers to an open question that are sentences: most may say "rien"
NAMED = 40  # columns that are named where they are not read
_BETWEEN = re.compile(r"\s*[,;/|+]\s*")  # choices of one answer
_OPEN = re.compile(
    r"(?:^|_)(?:autres?|other|anything|comment\w*|remarques?|observations?|note|notes|precise[zr]?"
    r"|preciser|precisions?|racontez|decrivez|pourquoi|why|describe|explain|expliquez|libres?"
    r"|comentarios?|bemerkung(?:en)?|opmerking(?:en)?|osservazioni)(?:_|$)"
)
_CASE = re.compile(
    r"(?:id|identifiant|case|cas|case_id|numero|n|no|num|code|respondent(?:_id)?|repondant"
    r"|participant(?:_id)?|id_\w+|\w+_id|response_id|questionnaire)"
)
_DATE = re.compile(
    r"(?:date\w*|\w+_?date|horodat\w*|timestamp|start(?:_?time)?|(?:\w+_)?submission_time)"
)
# what tells apart the rows of one person who was asked several times
_AGAIN = re.compile(
    r"(?:redcap_)?(?:event_name|repeat_instrument|repeat_instance)|visite?|vague|wave|passage"
)


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
    breadth: ClassVar[int] = 1

    text: tuple[str, ...] = ()
    time: str = ""
    date: str = ""
    date_order: str = ""
    sheet: str = ""

    def identify(self, path: File) -> bool:
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        table = open_table(path, (*self.text, *filter(None, [self.time])), self.sheet)
        case, texts, time = self._columns(table)
        times = [time, *_further_times(table, time)] if time else []
        if attributes := [c for c in table.columns if c not in (case, time, *texts)]:
            yield Skipped("column of an attribute", len(attributes))
            yield from _not_read(table, [c for c in attributes if c not in times])
        dates = DateColumn(self.date_order)
        for found in table.rows() if time else ():
            for column in times:
                dates.see(found[1].get(column) if isinstance(found, tuple) else None)
        dates.settle()
        fixed = read_date(self.date, self.date_order) if self.date else None
        if not time and not fixed:
            hint = (
                'add date = "2025-03", or time = "…" (the column of the date), under [parameters]'
            )
            yield Issue("no date", table.header, field="date", hint=hint, level="warning")
        events = [name for name in table.columns if _AGAIN.fullmatch(folded(name))]
        seen: set[tuple[str, ...]] = set()
        asked: Counter[str] = Counter()
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
            when = tuple(as_text(row.get(event)) for event in events)
            if (native, *when) in seen:
                hint = "taken for another case; each row needs an id of its own"
                yield Issue("case id repeated", number, field=case, hint=hint, level="warning")
                native = next(n for k in count(2) if (n := f"{native} ({k})", *when) not in seen)
            seen.add((native, *when))
            answers = {column: as_text(row.get(column)) for column in texts}
            if not any(answers.values()):
                yield Skipped("row without text")
                asked[native] += len(texts)
                continue
            read = (dates.read(_when(row, column)) for column in times)
            moment = next(filter(None, read), None) if times else fixed
            if time and moment is None:
                yield Issue("date not readable", number, field=time, hint="write it as 2025-03-31")
                continue
            for column, answer in answers.items():
                if answer:
                    question = " ".join(filter(None, (column, *when)))
                    position = asked[native]
                    yield _answer(path.name, number, position, native, question, answer, moment)
                asked[native] += 1

    def _columns(self, table: Table) -> tuple[str, list[str], str]:
        cells = _cells_of(table)
        case = _case_of(table, cells)
        by_fold = {folded(name): name for name in reversed(table.columns)}
        for column in (*self.text, *([self.time] if self.time else [])):
            if folded(column) not in by_fold:
                raise ImporterError(
                    f"no column called {column!r}", allowed=", ".join(table.columns[:40])
                )
        time = by_fold[folded(self.time)] if self.time else ""
        if not time and not self.date:
            named = (name for name in table.columns if _DATE.fullmatch(folded(name)))
            dated = (name for name in table.columns if name != case and are_dates(cells[name]))
            time = next(named, next(dated, ""))
        texts = [by_fold[folded(column)] for column in self.text]
        texts = texts or [c for c in _in_words(cells) if c not in (case, time)]
        if not texts:
            raise ImporterError(
                "no column of answers in words",
                allowed=", ".join(table.columns[:40]),
                do='add text = ["…"] under [parameters] in the source description',
            )
        return case, texts, time


def _cells_of(table: Table) -> dict[str, list[object]]:
    """Return what stands in the first rows of each column, empty cells left out."""
    rows = islice((found[1] for found in table.rows() if isinstance(found, tuple)), SAMPLE)
    cells: dict[str, list[object]] = {column: [] for column in table.columns}
    for row in rows:
        for column in table.columns:
            if as_text(row.get(column)):
                cells[column].append(row.get(column))
    return cells


def _case_of(table: Table, cells: dict[str, list[object]]) -> str:
    """Return the column of the case: the first, or where that is a date the one called so."""
    first = table.columns[0]
    named = (name for name in table.columns if _CASE.fullmatch(folded(name)))
    return next(named, first) if are_dates(cells[first]) else first


def _further_times(table: Table, time: str) -> Iterator[str]:
    """Yield other columns in which a program writes when: answers not sent have no other day."""
    usual = answers()["time"]
    yield from (n for n in table.columns if n != time and names_of(n) & usual)


def _when(row: Cells, column: str) -> object:
    """Return a cell of a time; nothing where LimeSurvey did not note it, and writes 1980."""
    cell = row.get(column)
    if isinstance(cell, datetime):
        return None if cell == UNSENT else cell
    return None if isinstance(cell, str) and cell.startswith("1980-01-01") else cell


def _in_words(cells: dict[str, list[object]]) -> list[str]:
    """Return the columns whose answers are sentences, and seldom twice the same.

    Where the name of a column asks openly, some sentences will do: many say "rien".
    """
    return [
        column
        for column, found in cells.items()
        if (given := [as_text(cell) for cell in found])
        and (
            median(len(answer.split()) for answer in given) >= SENTENCE
            or (_asks(column) and sum(map(_is_sentence, given)) >= SOME * len(given))
        )
        and len(set(given)) > len(given) / 2
        and sum(read_date(answer) is not None for answer in given) < len(given) / 2
    ]


def _asks(column: str) -> bool:
    """Say whether the name of a column asks for words: a question, "Remarques", "Autre : …"."""
    return column.rstrip(' »"').endswith("?") or bool(_OPEN.search(folded(column)))


def _is_sentence(answer: str) -> bool:
    """Say whether an answer is a sentence, and not some choices: "Cocaïne, Speed ; LSD et MDMA"."""
    parts = _BETWEEN.split(answer)
    return len(answer.split()) >= SENTENCE and max(len(p.split()) for p in parts) >= SENTENCE - 1


def _not_read(table: Table, columns: list[str]) -> Iterator[Issue]:
    """Name the columns of which nothing is kept, those that a program writes by itself apart."""
    by_itself = answers()["program"] | answers()["time"]
    asked = [c for c in columns if not names_of(c) & by_itself]
    if asked:
        more = f" and {len(asked) - NAMED} more" if len(asked) > NAMED else ""
        names = " | ".join(asked[:NAMED])
        hint = f"{names}{more}: they say who answered, where, or what was chosen"
        yield Issue("columns not read", table.header, hint=hint, level="note")


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

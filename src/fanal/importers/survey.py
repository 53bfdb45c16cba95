"""Survey tables: one row a case, one column a question."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count, islice
from statistics import median
from typing import ClassVar, NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.dated_lines import is_of_fieldwork, is_other
from fanal.importers.reading.dates import DateColumn, Moment, are_dates, read_date
from fanal.importers.reading.residue import Unread
from fanal.importers.reading.rows import Cells, Found, Table, as_text, open_table
from fanal.importers.reading.towns import HOME, Towns
from fanal.importers.reading.usual_names import answers, names_of
from fanal.thesaurus import resolve, shipped

CHOICES = "choices"  # the id of the document of what a case chose
UNSENT = datetime(1980, 1, 1)  # noqa: DTZ001 - of no zone
SAMPLE = 500  # rows by which a column is judged
SENTENCE = 4  # words of what is said, and not chosen
REMARK = 2  # of half of what is said where only a remark is asked for
SOME = 0.2  # of the answers to an open question that are sentences: most may say "rien"
CHOSEN = 0.6  # of what was chosen in a column: what the thesaurus names
_BETWEEN = re.compile(r"\s*[,;/|+]\s*")  # choices of one answer
# a column that is one option of a question: Kobo's stroke, LimeSurvey's and REDCap's brackets
_OPTION = re.compile(r"(?:[\[(](?:choice\s*=\s*)?([^\])]+)[\])]\s*|/\s*([^/]+))\Z")
_YES = re.compile(
    r"1(?:\.0)?|x|y|yes|oui|o|ja|j|s[ií]|true|vrai|checked|coch[ée]e?|selected|quoted",
    re.IGNORECASE,
)
_MARKED = re.compile(
    _YES.pattern + r"|0(?:\.0)?|n|no|non|nein|nee|false|faux|unchecked|not selected|not quoted"
    r"|non coch[ée]e?|-",
    re.IGNORECASE,
)  # fmt: skip
_OPEN = re.compile(
    r"(?:^|_)(?:autres?|other|anything|comment\w*|remarques?|observations?|note|notes|precise[zr]?"
    r"|preciser|precisions?|racontez|decrivez|pourquoi|why|describe|explain|expliquez|libres?"
    r"|comentarios?|bemerkung(?:en)?|opmerking(?:en)?|osservazioni)(?:_|$)"
)
_CASE = re.compile(
    r"(?:id|identifiant|case|cas|case_id|numero|n|no|num|code|respondent(?:_?id)?|repondant"
    r"|participant(?:_id)?|id_\w+|\w+_id|response_?id|questionnaire)"
)
_DATE = re.compile(
    r"(?:date\w*|\w+_?date|horodat\w*|timestamp|start(?:_?time)?|(?:\w+_)?submission_time)"
)
# how an answer came, as Qualtrics calls it: where its survey was looked at, nobody answered
_HOW = re.compile(
    r"status|statut|response_type|type_de_reponse|antworttyp|tipo_de_respuesta|tipo_di_risposta"
    r"|antwoordtype|distribution_?channel|canal_de_distribution|verteilungskanal"
)
_PREVIEW = re.compile(
    r".*\b(?:preview|apercu|\w*vorschau|vista previa|anteprima|\w*voorbeeld)\b.*|survey test"
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
    answers count once; so is the place, where a column asks for it. What was chosen of a list of
    substances is a document too, one for all the choices of a case. For tables of messages or
    listings use `tables`.

    Parameters
    ----------
    text : list of str
        Columns of answers in words; empty to take those whose answers are mostly sentences.
    choices : list of str
        Columns of choices that are kept; empty to take those that are mostly names of substances.
    place : list of str
        Columns that say where: a town, a département, a region or its code; empty to find them.
    country : str
        Country of the places that are not on the map; that of the source description.
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
    Other attributes are not stored: they describe a person. They are named, and counted as skipped
    by rule. The words of the question are not part of the document. A choice that stands in a
    column of its own (`products/cocaine`, `Produits [cocaïne]`) is read by what is in brackets or
    after the stroke, where a cell says yes. Rows that Qualtrics marks as a preview or a test of
    the survey are no answers, and are counted.
    """

    name: ClassVar[str] = "survey"
    breadth: ClassVar[int] = 1

    text: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    country: str = HOME
    time: str = ""
    date: str = ""
    date_order: str = ""
    sheet: str = ""

    def identify(self, path: File) -> bool:
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        told = (*self.text, *self.choices, *self.place, *filter(None, [self.time]))
        table = _answered(open_table(path, told, self.sheet))
        columns = self._columns(table)
        case, texts, time, chosen = columns.case, columns.texts, columns.time, columns.chosen
        times = [time, *_further_times(table, time)] if time else []
        read = {case, time, *texts, *chosen, *columns.places}
        unread = Unread(())
        if attributes := [c for c in table.columns if c not in read]:
            yield Skipped("column of an attribute", len(attributes))
            by_itself = answers()["program"] | answers()["time"]
            asked_for = (c for c in attributes if c not in times)
            unread = Unread(c for c in asked_for if not names_of(c) & by_itself)
        towns = Towns(columns.places, self.country)
        for row in table.first:
            towns.see(row)
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
            unread.see(row)
            said = {column: as_text(row.get(column)) for column in texts}
            if chosen:
                said[CHOICES] = "\n".join(filter(None, (_chosen(row, c) for c in chosen)))
            if not any(said.values()):
                yield Skipped("row without text")
                asked[native] += len(said)
                continue
            moments = (dates.read(_when(row, column)) for column in times)
            moment = next(filter(None, moments), None) if times else fixed
            if time and moment is None:
                yield Issue("date not readable", number, field=time, hint="write it as 2025-03-31")
                continue
            place = towns.of(row)
            for column, answer in said.items():
                if answer:
                    question = " ".join(filter(None, (column, *when)))
                    document = _answer(path.name, number, native, question, answer, moment)
                    document.position, document.place = asked[native], place
                    yield document
                asked[native] += 1
        yield from towns.told()
        yield from unread.told(
            table.header,
            "they say who answered, or what was chosen: those that are to be kept, add as "
            'text = ["…"], choices = ["…"] or place = ["…"] under [parameters]',
        )

    def _columns(self, table: Table) -> _Columns:
        cells = _cells_of(table)
        case = _case_of(table, cells)
        by_fold = {folded(name): name for name in reversed(table.columns)}
        time_told = [self.time] if self.time else []
        for column in (*self.text, *self.choices, *self.place, *time_told):
            if folded(column) not in by_fold:
                raise ImporterError(
                    f"no column called {column!r}", allowed=", ".join(table.columns[:40])
                )
        time = by_fold[folded(self.time)] if self.time else ""
        if not time and not self.date:
            named = _named_times(table, cells)
            # a form without ids begins with when: it tells the cases apart, and is their day
            dated = (name for name in table.columns if are_dates(cells[name]))
            time = next(iter(named), next(dated, ""))
        texts = [by_fold[folded(column)] for column in self.text]
        places = [by_fold[folded(column)] for column in self.place]
        chosen = [by_fold[folded(column)] for column in self.choices]
        left = [c for c in table.columns if c not in (case, time, *texts, *places, *chosen)]
        places = places or [c for c in left if words_of(c) & answers()["place"]]
        if not texts:
            texts = [c for c in _in_words(cells) if c in left]
            places = [c for c in places if c not in texts]
        if not chosen:
            left = [c for c in left if not words_of(c) & answers()["person"]]
            chosen = [c for c in left if c not in (*texts, *places) and _is_choice(c, cells[c])]
        if not texts and not chosen:
            raise ImporterError(
                "no column of answers in words",
                allowed=", ".join(table.columns[:40]),
                do='add text = ["…"] under [parameters] in the source description',
            )
        return _Columns(case, texts, time, places, chosen)


class _Columns(NamedTuple):
    """Which columns of a survey say what."""

    case: str
    texts: list[str]
    time: str
    places: list[str]
    chosen: list[str]


def _answered(table: Table) -> Table:
    """Return a table without the rows of who looked at the survey, which are counted."""
    ways = [name for name in table.columns if _HOW.fullmatch(folded(name))]
    if not ways:
        return table

    def rows() -> Iterator[Found]:
        for found in table.rows():
            looked = isinstance(found, tuple) and any(_is_preview(found[1].get(w)) for w in ways)
            yield Skipped("preview of the survey") if looked else found

    return replace(table, rows=rows)


def _is_preview(cell: object) -> bool:
    """Say whether an answer is of who made the survey.

    >>> _is_preview("Aperçu de l'enquête"), _is_preview("IP Address"), _is_preview("Test")
    (True, False, False)
    """
    return bool(_PREVIEW.fullmatch(folded(as_text(cell)).replace("_", " ")))


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


def _named_times(table: Table, cells: dict[str, list[object]]) -> list[str]:
    """Return the columns called times: the day of the work first, last what the program notes."""
    named = [name for name in table.columns if _DATE.fullmatch(folded(name))]
    technical = answers()["time"] | answers()["program"]
    asked = [n for n in named if not names_of(n) & technical and are_dates(cells[n])]
    asked.sort(key=is_of_fieldwork, reverse=True)
    return [*(n for n in asked if not is_other(n)), *(n for n in named if n not in asked), *named]


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

    Where the name of a column asks openly, some sentences will do: many say "rien"; where it asks
    for a remark, a few words are one.
    """
    return [
        column
        for column, found in cells.items()
        if (given := [as_text(cell) for cell in found])
        and (
            median(len(answer.split()) for answer in given) >= SENTENCE
            or (_asks(column) and sum(map(_is_sentence, given)) >= SOME * len(given))
            or _is_remarked(column, given)
        )
        and len(set(given)) > len(given) / 2
        and sum(read_date(answer) is not None for answer in given) < len(given) / 2
    ]


def _asks(column: str) -> bool:
    """Say whether the name of a column asks for words: a question, "Remarques", "Autre : …"."""
    return column.rstrip(' »"').endswith("?") or bool(_OPEN.search(folded(column)))


def _is_remarked(column: str, given: list[str]) -> bool:
    """Say whether answers are short remarks, and neither choices nor who somebody is."""
    if not _OPEN.search(folded(column)) or words_of(column) & answers()["person"]:
        return False
    said = median(len(answer.split()) for answer in given)
    return said >= REMARK and not _is_choice(column, list[object](given))


def _is_sentence(answer: str) -> bool:
    """Say whether an answer is a sentence, and not some choices: "Cocaïne, Speed ; LSD et MDMA"."""
    parts = _BETWEEN.split(answer)
    return len(answer.split()) >= SENTENCE and max(len(p.split()) for p in parts) >= SENTENCE - 1


def _is_choice(column: str, cells: list[object]) -> bool:
    """Say whether what was chosen in a column is mostly substances, by names that are sure."""
    said = [_chosen({column: cell}, column) for cell in cells]
    options = [option for text in said for option in _BETWEEN.split(text) if option]
    named = sum(resolve(option, shipped())[0] is not None for option in options)
    return bool(options) and named >= CHOSEN * len(options)


def _chosen(row: Cells, column: str) -> str:
    """Return what was chosen in a column; of one that is an option, its name where it says yes."""
    cell = as_text(row.get(column))
    option = _OPTION.search(column)
    if option and _MARKED.fullmatch(cell):
        return option[1] or option[2] if _YES.fullmatch(cell) else ""
    return "" if _MARKED.fullmatch(cell) else cell


def _answer(
    file: str,
    number: int,
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
    )

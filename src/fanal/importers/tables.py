"""Tables of messages, listings or articles: one row, one document."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import islice
from typing import Any, ClassVar, Literal

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.kinds import is_kind
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.dated_lines import is_of_fieldwork
from fanal.importers.reading.dates import DateColumn, Moment, are_dates, read_date
from fanal.importers.reading.looks import longest_text, looks_of
from fanal.importers.reading.markup import shown
from fanal.importers.reading.people import id_of, names_of
from fanal.importers.reading.quotes import Quotes
from fanal.importers.reading.residue import Unread, spoken_in
from fanal.importers.reading.rosters import Roster, listed_in, roster_of
from fanal.importers.reading.rows import Cells, Table, as_text, left_out, open_sheets, open_table
from fanal.importers.reading.towns import HOME, Towns
from fanal.importers.reading.usual_names import texts as usual_texts

Roles = dict[str, tuple[str, ...]]  # role → columns
JUDGED = 65_536  # rows by which ids are judged, and ids that are remembered
ROLES = ("text", "time", "author", "chat", "message", "forwarded_from", "place")

_UNDATED = (
    'no column of the date was found; add time = "…" under [mapping] if there is one, else '
    'date = "2025-03" (the day, month or year of all rows) under [parameters]'
)
_GONE = ("[removed]", "[deleted]")  # a forum's words in the place of what somebody said
_SERVICE = re.compile(
    r"(?:channel|group)_|(?:un)?pinned_|bot_(?:add|remove)|huddle|reminder|tombstone"
)
_SLACK_NAME = re.compile(r"<([@#])([UWC][A-Z0-9]{2,})(?:\|([^<>]{1,80}))?>")
_SLACK_LINK = re.compile(r"<((?:https?|mailto):[^<>|]+)(?:\|([^<>]+))?>")
_PERSONS = words_of("user author sender member profile from")
_CLOCKS = ("time", "heure", "hour")
_FIELD = re.compile(r"\{([^{}]+)\}")
_REPEATED = re.compile(r" \(\d+\)$")  # as `rows` tells columns of one name apart
_LANGUAGE = re.compile(r"_(?:en|fr|full|raw|clean)$")


@dataclass(frozen=True)
class Tables(Importer):
    """Reads CSV, TSV, XLSX, JSON (lines or an array) and Parquet, one document a row.

    Use it for any table whose rows are texts: listings, messages collected by another program,
    articles of a press database, observations kept in a spreadsheet. For survey tables, where
    several columns of one case are answers, use `survey`; for a program's own export use its
    importer, which knows what the columns mean.

    Encoding, delimiter and header row are found; dates are read as ISO, French or English words,
    numbers, seconds or milliseconds since 1970, or spreadsheet serials. The order of day and month
    is found from the whole column.

    Parameters
    ----------
    mapping : dict
        Role → column name: `text` (one name or a list, joined by line ends; a name may also be a
        pattern such as `"{title}: {price} EUR"`), `time` (one name, or date and hour), `author`,
        `chat`, `message` (the row's own id), `forwarded_from`, `place` (a town, a département, a
        region or its code; of what the map has not the country of a source abroad is kept). Names
        match without regard to case and accents; a dotted name reaches into a nested JSON object.
        A role that is left out has the column with a usual French or English name; none where
        it is `[]`.
    date : str
        Day, month or year of rows without any, where no column has dates, as 2025-03.
    date_order : str
        "dmy" or "mdy" where the column does not show which comes first; "" to find out.
    country : str
        Country of the places that are not on the map; that of the source description.
    sheet : str
        Name of the sheet of a workbook; "" for all whose columns say what those of the first do
        whose header fits: a sheet for each month.

    Examples
    --------
    In a source description::

        importer = "tables"
        [mapping]
        text = ["title", "body"]
        time = "date"

    Limits
    ------
    Formulas are not computed: their last saved value is read. Rows of other sheets are counted as
    skipped. What a post of a thread quotes of another (`> …`, `[quote]`) is left out of it. A cell
    merged over rows says the same in each. Where no column is called as dates are, the one
    whose cells are dates is taken, with a warning. A row with more or fewer cells than the header
    is an issue, not a document. At most 2,000 columns, 1 Mi characters a cell and 4 Mi characters a
    line.
    """

    name: ClassVar[str] = "tables"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "row"
    breadth: ClassVar[int] = 1

    mapping: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    date: str = ""
    date_order: str = ""
    sheet: str = ""
    country: str = HOME

    def identify(self, path: File) -> bool:
        return is_kind(path, self.name)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        if people := listed_in(path):  # whom the messages beside it are by
            yield Skipped("person of a list", len(people))
            return
        given = self._given()
        told = _names_in(self.mapping)
        sheets = [open_table(path, told, self.sheet)] if self.sheet else open_sheets(path, told)
        pages = self._pages(sheets)
        for table, columns in pages:
            if "text" not in self.mapping:
                yield from _guessed(table, columns)
            if "time" not in columns:
                yield from _dated(table, columns, "time" in self.mapping, given)
        dates = _settled(pages, self.date_order)
        for table, columns in pages:
            yield from self._page(path, table, columns, dates, given)
        for other in sheets:
            if other.sheet not in {page.sheet for page, _ in pages}:
                yield from left_out(other)

    def _given(self) -> Moment | None:
        """Return the date of rows that have none, as the description gives it."""
        if not self.date:
            return None
        given = read_date(self.date, self.date_order)
        if given is None:
            raise ImporterError(
                f"date cannot be {self.date!r}",
                allowed="2025, 2025-03 or 2025-03-12",
                do="correct date under [parameters]",
            )
        return given

    def _pages(self, sheets: Sequence[Table]) -> list[tuple[Table, Roles]]:
        """Return the sheets whose columns say the same as those of the first that fits."""
        failed: ImporterError | None = None
        for by_cells in (False, True):
            pages: list[tuple[Table, Roles]] = []
            for sheet in sheets:
                try:
                    columns = self._columns(sheet, by_cells)
                except ImporterError as error:
                    failed = failed or error
                    continue
                if not pages or columns.keys() == pages[0][1].keys():
                    pages.append((sheet, columns))
            if pages:
                return pages
        assert failed is not None
        raise failed

    def _page(
        self, path: File, table: Table, columns: Roles, dates: DateColumn, given: Moment | None
    ) -> Iterator[RawDocument | Issue | Skipped]:
        ids = _Ids(table, columns)
        told = _names_in(columns)
        if ids.repeats:
            del columns["message"]
            yield Issue(
                "ids repeated",
                table.header,
                field=ids.column,
                hint="it names several different rows, so it is no id: rows are told apart by day, "
                "author and text; name another column as message under [mapping] if there is one",
                level="warning",
            )
        # an id beside the name of whom it is of: what others may write is the name
        people = [*columns.get("author", ())]
        names = usual_texts()["author"]
        people += [n for n in table.columns if folded(n) in names and n not in people]
        people += [n for n in table.columns if n not in people and _is_profile(n, table)]
        listed = roster_of(path) if "ts" in table.columns else Roster({})  # of Slack
        quotes = Quotes(answers="chat" in columns) if "author" in columns else None
        towns = Towns(columns.get("place", ()), self.country)
        for row in table.first:
            towns.see(row)
        # whose name is known, but not as that of who wrote: it is said that nobody wrote
        used = {*told, *people} if "author" in columns else {*told}
        unread = Unread((n for n in table.columns if n not in used), {*table.columns, *used})
        for found in table.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            number, row = found
            document = _document(path.name, number, row, columns, dates, given)
            unread.see(row)
            if isinstance(document, RawDocument):
                if quotes:
                    document.text = quotes.without(document.text)
                called = listed.names(document.author or "", document.text)
                document.names = tuple(dict.fromkeys((*_people(row, people), *called)))
                document.place = towns.of(row)
            if isinstance(document, RawDocument) and ids.taken(document):
                document.message = None
                yield Issue(
                    "id repeated",
                    number,
                    field=ids.column,
                    hint="another row has it with another text; both are kept",
                    level="warning",
                )
            yield document
        yield from quotes.told() if quotes else ()
        yield from towns.told()
        yield from unread.told(
            table.header,
            'if they count, name the columns under [mapping], as text = ["…", "…"] and time = "…"',
        )

    def _columns(self, table: Table, by_cells: bool) -> Roles:
        """Return role → columns: from the mapping, else by usual names, or texts by their cells."""
        unknown = sorted(set(self.mapping) - set(ROLES))
        if unknown:
            raise ImporterError(
                f"no role {unknown[0]!r} in a mapping", where="mapping", allowed=", ".join(ROLES)
            )
        names = table.columns
        columns = _overridden(_usual(names), _mapped(self.mapping, names))
        if by_cells and "text" not in self.mapping and (longest := longest_text(looks_of(table))):
            columns["text"] = (longest,)
        if not self.mapping and _says_little(table, columns.get("text", ())):
            del columns["text"]
        if not columns.get("text"):
            raise ImporterError(
                "no column of text found",
                where="record 1",
                allowed=_listed(names),
                do='name the columns under [mapping], as text = "…" and time = "…"; for answers '
                'of a survey write importer = "survey", for results of a laboratory "lab", for '
                'published figures "indicators"',
            )
        return columns


def _says_little(table: Table, texts: tuple[str, ...]) -> bool:
    """Say whether titles are all that would be read of rows whose words stand in nested cells."""
    if not texts or not {folded(name) for name in texts} <= {
        *usual_texts()["title"],
        *usual_texts()["lead"],
    }:
        return False
    nested = [c for row in table.first for c in row.values() if isinstance(c, dict | list)]
    words = sum(len(text.split()) for cell in nested for text in spoken_in(cell))
    said = sum(len(as_text(row.get(name)).split()) for row in table.first for name in texts)
    return words > said


def _names_in(mapping: Mapping[str, str | Sequence[str]]) -> list[str]:
    """Return the columns that a mapping names, those in patterns and above nested ones too."""
    given = [
        n for names in mapping.values() for n in ([names] if isinstance(names, str) else names)
    ]
    return [column.split(".", 1)[0] for name in given for column in _FIELD.findall(name) or [name]]


def _listed(names: tuple[str, ...]) -> str:
    # a file without a header shows its first row here: show no cell that is not name-like
    shown = [name for name in names if len(name) <= 40 and not re.search(r"\d{5}|@|://", name)]
    more = len(names) - min(len(shown), 40)
    return ", ".join(shown[:40]) + (f" and {more} more" if more else "")


def _mapped(mapping: Mapping[str, str | Sequence[str]], names: tuple[str, ...]) -> Roles:
    by_fold = {folded(name): name for name in reversed(names)}
    columns: Roles = {}
    for role, given in mapping.items():
        wished = (given,) if isinstance(given, str) else tuple(given)
        for column in (c for w in wished for c in (_FIELD.findall(w) or (w,))):
            top = column.split(".", 1)[0]
            if column not in names and folded(column) not in by_fold and top not in names:
                raise ImporterError(
                    f"no column called {column!r}", where=f"mapping.{role}", allowed=_listed(names)
                )
        columns[role] = tuple(
            column if column in names else by_fold.get(folded(column), column) for column in wished
        )
    return columns


def _overridden(usual: Roles, mapped: Roles) -> Roles:
    """Return usual columns but those that are said to be another role's, and what is said."""
    said = set(_names_in(mapped))
    kept = {role: found for role, found in usual.items() if not said.intersection(found)}
    return {role: found for role, found in (kept | mapped).items() if found}


def _usual(names: tuple[str, ...]) -> Roles:
    by_fold = {folded(name): name for name in reversed(names)}
    shortened = {_LANGUAGE.sub("", fold): name for fold, name in by_fold.items()}
    columns: Roles = {}
    columns["place"] = tuple(by_fold[fold] for fold in usual_texts()["place"] if fold in by_fold)
    for role in (role for role in ROLES if role not in ("text", "place")):
        for fold in usual_texts()[role]:
            if fold in by_fold:
                columns[role] = (by_fold[fold],)
                break
    said = [
        next((shortened[f] for f in usual_texts()[group] if f in shortened), None)
        for group in ("title", "lead", "body")
    ]
    again = [name for name in names if _REPEATED.sub("", name) in said and name not in said]
    columns["text"] = (*(name for name in said if name), *again)
    if of_work := [name for name in names if is_of_fieldwork(name)]:
        columns["time"] = (of_work[0],)
    elif "time" not in columns:
        dated = [
            name
            for fold, name in by_fold.items()
            if fold.startswith("date_") or fold.endswith("_date")
        ]
        columns["time"] = tuple(dated[:1])
    if columns["time"] and (of_work or folded(columns["time"][0]) in ("date", "jour", "day")):
        clock = next((by_fold[fold] for fold in _CLOCKS if fold in by_fold), None)
        columns["time"] += (clock,) if clock else ()
    return {role: found for role, found in columns.items() if found}


class _Ids:
    """The ids of rows: one that comes again with another text is no id."""

    def __init__(self, table: Table, columns: Roles) -> None:
        self.column = (columns.get("message") or ("",))[0]
        self._seen: OrderedDict[tuple[str | None, str], int] = OrderedDict()
        self.repeats = False  # so often that the whole column names something else
        if self.column:
            rows = (f[1] for f in islice(table.rows(), JUDGED) if isinstance(f, tuple))
            judged = [self._again(*_key_of(row, columns)) for row in rows]
            self.repeats = sum(judged) > len(judged) / 100
            self._seen.clear()

    def taken(self, document: RawDocument) -> bool:
        """Say whether a row before has the id of this one, with another text."""
        if document.message is None:
            return False
        return self._again(document.chat, document.message, document.text)

    def _again(self, chat: str | None, message: str, text: str) -> bool:
        if not message:
            return False
        first = self._seen.setdefault((chat, message), hash(text))
        if len(self._seen) > JUDGED:
            self._seen.popitem(last=False)
        return first != hash(text)


def _key_of(row: Cells, columns: Roles) -> tuple[str | None, str, str]:
    return (
        _native(row, columns.get("chat", ())),
        _native(row, columns["message"]) or "",
        "\n".join(filter(None, (_text(row, column) for column in columns["text"]))),
    )


def _native(row: Cells, columns: tuple[str, ...]) -> str | None:
    cells = [_cell(row, column) for column in columns]
    found = [(isinstance(c, dict) and id_of(c)) or as_text(c) for c in cells]
    return " ".join(filter(None, found)) or None


def _guessed(table: Table, columns: Roles) -> Iterator[Issue]:
    """Say which column was taken for the text where no name says it."""
    for name in () if _usual(table.columns).get("text") else columns["text"]:
        hint = "taken for text; map it"
        yield Issue("column name not known", table.header, name, hint, "warning")


def _dated(table: Table, columns: Roles, mapped: bool, given: Moment | None) -> Iterator[Issue]:
    """Find the column of the date by its cells, where no name says it; tell what was taken."""
    told = {name for names in columns.values() for name in names}
    for name in table.columns if not mapped else ():
        cells = [cell for row in table.first if as_text(cell := row.get(name))]
        if name not in told and are_dates(cells):
            columns["time"] = (name,)
            hint = (
                'taken for the date; add time = "…" under [mapping] with another one if it is not'
            )
            yield Issue("column name not known", table.header, name, hint, "warning")
            return
    if given is None:
        yield Issue("no date", table.header, "date", _UNDATED, "warning")


def _settled(pages: Sequence[tuple[Table, Roles]], order: str) -> DateColumn:
    """Find the order of day and month by reading all sheets once."""
    dates = DateColumn(order)
    for table, columns in pages if not order else ():
        for found in table.rows() if "time" in columns else ():
            if isinstance(found, tuple):
                dates.see(_date_cell(found[1], columns["time"]))
    dates.settle()
    return dates


def _cell(row: Cells, column: str) -> Any:
    if column in row or "." not in column:
        return row.get(column)
    value: Any = row
    for key in column.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _text(row: Cells, column: str) -> str:
    """Return a cell's text, or a pattern filled in; "" where one of its cells is empty."""
    fields = _FIELD.findall(column)
    if not fields or column in row:
        text = as_text(_cell(row, column))
        return "" if text in _GONE else shown(text)
    cells = {name: as_text(_cell(row, name)) for name in fields}
    return _FIELD.sub(lambda m: cells[m[1]], column) if all(cells.values()) else ""


def _date_cell(row: Cells, columns: tuple[str, ...]) -> object:
    """Return the cell of the date; a date and its hour in two columns are put together."""
    cells = [_cell(row, column) for column in columns]
    if len(cells) == 1:
        cell = cells[0]
        return cell.strip() if isinstance(cell, str) else cell
    texts = []
    for cell in cells:
        if isinstance(cell, datetime) and cell.time() == time():
            cell = cell.date()
        texts.append(cell.isoformat() if isinstance(cell, date | time) else as_text(cell))
    return " ".join(text for text in texts if text)


def _document(
    file: str,
    number: int,
    row: Cells,
    columns: Roles,
    dates: DateColumn,
    given: Moment | None,
) -> RawDocument | Issue | Skipped:
    text = "\n".join(filter(None, (_text(row, column) for column in columns["text"])))
    if not text:
        return Skipped("row without text")
    if row.get("type") == "message" and "ts" in row:  # of a day of Slack
        if _SERVICE.match(str(row.get("subtype") or "")):
            return Skipped("service message")
        text = _SLACK_NAME.sub(lambda m: m[1] + (m[3] or m[2]), text)
        text = _SLACK_LINK.sub(lambda m: m[2] or m[1], text)
    moment = given
    if "time" in columns:
        cell = _date_cell(row, columns["time"])
        moment = dates.read(cell)
        if moment is None and not as_text(cell):
            hint = "fill it in: cells that were merged hold it once, in the first of their rows"
            return Issue("no date", number, field=columns["time"][0], hint=hint)
        if moment is None:
            return Issue(
                "date not readable",
                number,
                field=columns["time"][0],
                hint='write it as 2025-03-31, or name the column as time = "…" under [mapping]',
            )

    def native(role: str) -> str | None:
        return _native(row, columns.get(role, ()))

    return RawDocument(
        file=file,
        record=number,
        text=text,
        time=moment.time if moment else None,
        precision=moment.precision if moment else "day",
        chat=native("chat"),
        message=native("message"),
        author=native("author"),
        forwarded_from=native("forwarded_from"),
    )


def _people(row: Cells, columns: Sequence[str]) -> tuple[str, ...]:
    """Return the names that a row gives of who wrote it."""
    cells = [_cell(row, column) for column in columns]
    cells += [row.get(column.split(".", 1)[0]) for column in columns if column not in row]
    names: list[str] = []
    for cell in cells:
        if isinstance(cell, dict):
            names += names_of(cell)
        elif not isinstance(cell, list):
            names.append(as_text(cell))
    return tuple(dict.fromkeys(name for name in names if name and _may_be_name(name)))


def _is_profile(name: str, table: Table) -> bool:
    """Say whether a column has objects that say how a person is called: `user_profile` of Slack."""
    cells = [cell for row in table.first if isinstance(cell := row.get(name), dict)]
    return bool(words_of(name) & _PERSONS) and any(map(names_of, cells))


def _may_be_name(author: str) -> bool:
    """Tell a name from an id: ids are numbers or long hashes, and stand in no text."""
    return any(c.isalpha() for c in author) and not re.fullmatch(r"\w*[0-9a-f]{8,}", author)

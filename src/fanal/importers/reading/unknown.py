"""Texts that no reader of texts may read as prose: chats, tables, records of other programs."""

from __future__ import annotations

import re

from fanal.errors import ImporterError
from fanal.importers.reading.entries import is_message, is_session
from fanal.importers.reading.speakers import is_name_like

# A line of a chat: a date and an hour in any order, in brackets or not, then who speaks.
_DAY = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4}"
    r"|[^\W\d_]{3,9} \d{1,2}, \d{4})"
)
_HOUR = r"\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[ap]\.?m\.?)?"
_WHEN = rf"(?:{_DAY},?(?:\s+(?:à|at|um|a las)|T)?\s*{_HOUR}|{_HOUR},?\s+{_DAY})"
_NAME = r"[^\W_][^:\n\]<>]{0,40}"
_CHAT_LINE = re.compile(
    rf"[\[(]?{_WHEN}\s*[\])]?\s*[-–:]?\s*(?:<{_NAME}>|{_NAME}:(?:\s|$))"
    rf"|\[{_NAME}\]\s*\[[^\]\n]{{0,6}}\s?{_HOUR}\]"
    rf"|{_HOUR}\t{_NAME}\t"
    rf"|{_DAY},?\s+\d{{1,2}}:\d{{2}}:\d{{2}}(?:[\s\u202f]?[ap]\.?m\.?)?$"  # names are below
    rf"|(?:\d{{1,2}}\.? [^\W\d_]{{3,9}}\.?|\d{{1,2}}[./]\d{{1,2}}),?\s+{_HOUR}\s*[-–]\s*{_NAME}:\s"
    rf"|{_NAME}\s+\d{{1,2}}:\d{{2}}\s?[ap]m$"
    rf"|\[?{_HOUR}\]?\s+(?:<[ @+%&~]?[^\s<>]{{1,40}}>\s|-!-\s|\*\s[^\s]+\s)",  # IRC
    re.IGNORECASE,
)
_CHAT_NAMES = (  # a name and a time, words below
    re.compile(rf"\[{_WHEN}\]\s*(?P<name>{_NAME})$", re.IGNORECASE),
    re.compile(
        rf"(?P<name>[^\W_][^:\n\]<>,—–]{{0,40}}?)(?:,|\s[—–-])\s*\[?(?!.*\d\s?h){_WHEN}"
        r"(?:\s?UTC\S*)?\]?:?$",
        re.IGNORECASE,
    ),
    re.compile(rf"(?P<name>[^\W\d_][^:\n\]<>,\d]{{0,40}}?)\s+{_DAY}\s+\d{{1,2}}:\d{{2}}:\d{{2}}$"),
)

# What other programs write at the top of their files, what it is, and what to do instead.
_MAIL = r"(?:(?!\n\n)[\s\S]){0,4000}"
_WRITTEN_BY = (
    (
        re.compile(r"={20,}\nGuild: "),
        "a channel of Discord exported as text",
        "export the channel again as JSON",
    ),
    (
        re.compile(r"Conversation: .*\n{1,2}From: .*\nType: "),
        "a chat of Signal that sigtop exported as text",
        "export it again as JSON: sigtop export-messages -f json",
    ),
    (
        re.compile(rf"(?=[A-Z][\w-]+: )(?={_MAIL}^From: )(?={_MAIL}^(?:MIME-Version|Message-ID"
                   r"|Received|Content-Type|Return-Path): )", re.MULTILINE | re.IGNORECASE),
        "an e-mail",
        "copy its text into a document, with its date at the top",
    ),
    (
        re.compile(r"(?:%.*\n|\s)*@[A-Za-z]{3,20}\s*[{(]\s*[^\s,{}]{1,80},"),
        "references in BibTeX",
        "export the references as RIS, or as CSV",
    ),
    (
        re.compile(r"BEGIN:V(?:CARD|CALENDAR)\b", re.IGNORECASE),
        "a book of addresses or a calendar",
        "leave it out: nobody says anything in it",
    ),
    (
        re.compile(r"(?:--.*\n|/\*[^*]{0,2000}\*/;?|SET\b.{0,200};|\s)*"
                   r"(?:CREATE (?:TABLE|DATABASE|SCHEMA|INDEX)|INSERT INTO|DROP TABLE"
                   r"|PRAGMA \w+ ?=|BEGIN TRANSACTION)\b",
                   re.IGNORECASE),
        "a dump of a database in SQL",
        "export its table as CSV, or bring the database of SQLite in",
    ),
    (
        re.compile(r"\[Script Info\]\s"),
        "subtitles in the format ASS",
        "save them as SRT or WebVTT",
    ),
)  # fmt: skip


def refuse_other(text: str) -> None:
    """Refuse a text that is a chat, a table or another program's records.

    Their names would be read as what somebody says.

    Raises:
        ImporterError: says what it looks like.
    """
    start = text[:20_000].lstrip("\ufeff\n ")
    for top, what, instead in _WRITTEN_BY:
        if top.match(start):
            raise ImporterError(f"the file is {what}, which is not read", do=instead)
    lines = _lines(text)
    refuse_chat(lines)
    for sign in ",;\t":
        widths = [line.count(sign) for line in lines]
        usual = max(set(widths), key=widths.count, default=0)
        even = usual >= 2 and widths.count(usual) >= 0.6 * len(lines)
        timed = usual >= 3 and _timed(lines, sign)
        if even and (timed or _dated(lines, sign) or (sign != "," and len(lines) >= 3)):
            raise ImporterError(
                "the file looks like a table whose header is not found",
                do="put the names of the columns in the first line, and save it as CSV",
            )


def refuse_chat(lines: list[str], *, printed: bool = False) -> None:
    """Refuse the lines of a chat that are not read; `printed`, none are: their ends are lost.

    Raises:
        ImporterError: says what they look like.
    """
    lines = _lines("\n".join(lines))
    named = [f["name"] for line in lines for shape in _CHAT_NAMES if (f := shape.match(line))]
    chat = sum(is_name_like(name) and not is_session(name) for name in named)
    chat += sum(
        bool(_CHAT_LINE.match(line)) and (printed or not is_message(line)) for line in lines
    )
    if chat >= 2 and chat >= len(lines) / 5:
        raise ImporterError(
            "the file looks like a chat in a format that is not known: lines begin with a day, an "
            "hour and a name",
            do="export the chat with its program, or make a table of it with a column for each of "
            "them, and save it as CSV",
        )


def _lines(text: str) -> list[str]:
    """Return the first lines of a text that are not empty, without marks around them."""
    lines = (line.strip("\ufeff\u200e\u200f ") for line in text.split("\n"))
    return [line for line in lines if line][:2_000]


def _timed(lines: list[str], sign: str) -> bool:
    """Say whether each line has a cell that is a day, and one that is an hour."""
    shapes = [re.compile(shape) for shape in (_DAY, _HOUR)]
    rows = [[cell.strip(' "') for cell in line.split(sign)] for line in lines]
    return len(rows) >= 2 and all(
        any(shape.fullmatch(cell) for cell in row) for row in rows for shape in shapes
    )


def _dated(lines: list[str], sign: str) -> bool:
    """Say whether most lines begin with a cell that is a day."""
    cells = [line.partition(sign)[0].strip(' ="') for line in lines]
    return sum(bool(re.fullmatch(_DAY, cell)) for cell in cells) >= max(2, 0.6 * len(lines))

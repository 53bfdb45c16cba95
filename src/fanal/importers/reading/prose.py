"""Whether a text is prose: what nobody wrote as such is named, with what to do instead.

One decision for all that is read as text, a pasted document and a printed page too. Each shape
that lines can have is looked for, and what share of the lines has it; a text whose words are
mostly no words is none either, whatever wrote it. Names in what is no prose would be read as what
somebody says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import head
from fanal.importers.reading.dated_lines import is_message, is_session
from fanal.importers.reading.numbered_lines import unnumbered
from fanal.importers.reading.preambles import front_matter
from fanal.importers.reading.recordings import recording_in
from fanal.importers.reading.rows import sniffed
from fanal.importers.reading.signatures import Other, by_top, is_json_value
from fanal.importers.reading.speakers import is_name_like, is_role

LINES = 2_000  # by which it is judged what a text is
TOP = 20_000  # characters in which a program says what it writes
ODD = 0.5  # of the words, more of which are none in no text that somebody wrote
LONG_POSTS = 15  # lines of a post of a forum
FEW = 8  # words, of fewer than which nothing can be said

# A line of a chat: a date and an hour in any order, in brackets or not, then who speaks.
_DAY = (
    r"(?:\d{1,4}[./-]\d{1,2}[./-]\d{1,4}|\d{1,2}\.? [^\W\d_]{3,9}\.? \d{4}"
    r"|[^\W\d_]{3,9} \d{1,2}, \d{4})"
)
_HOUR = r"\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[ap]\.?m\.?)?"
_WHEN = rf"(?:{_DAY},?(?:\s+(?:à|at|um|a las)|T)?\s*{_HOUR}|{_HOUR},?\s+{_DAY})"
_UHR = re.compile(r"(?<=\d)\s?Uhr\b")  # after an hour, and nobody's name
_NAME = r"[^\W_][^:\n\]<>]{0,40}"
_CHAT_LINE = re.compile(
    rf"[\[(]?{_WHEN}\s*[\])]?\s*[-–:]?\s*(?:<{_NAME}>|{_NAME}:(?:\s|$))"
    rf"|\[{_NAME}\]\s*\[[^\]\n]{{0,6}}\s?{_HOUR}\]"
    rf"|{_HOUR}\t{_NAME}\t"
    rf"|{_DAY}\s{_HOUR}\t{_NAME}\t"
    rf"|{_WHEN},\s*{_NAME},\s"
    rf"|{_DAY},?\s+\d{{1,2}}:\d{{2}}:\d{{2}}(?:[\s\u202f]?[ap]\.?m\.?)?$"  # names are below
    rf"|(?:\d{{1,2}}\.? [^\W\d_]{{3,9}}\.?|\d{{1,2}}[./]\d{{1,2}}),?\s+{_HOUR}\s*[-–]\s*{_NAME}:\s"
    rf"|{_NAME}\s+\d{{1,2}}:\d{{2}}\s?[ap]m$"
    rf"|{_HOUR}\s+(?:From|De|Von)\s+{_NAME}:"  # Zoom
    rf"|{_NAME}>\s*{_NAME}\(\s*(?:{_WHEN}|{_HOUR})\s*\)\s*:"
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
# A stamp as screens show it, which people copy: with a clock, or how long ago.
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[\s\u202f]?[ap]\.?m\.?)?"
_NEAR = (
    r"(?:hier|aujourd['’]hui|avant-hier|yesterday|today|gestern|heute|ayer|hoy|ieri|oggi|gisteren"
    r"|vandaag|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_AGO = (
    r"(?:il y a \d{1,2} ?[^\W\d_]{1,8}|(?:vor|hace) \d{1,2} [^\W\d_]{1,8}"
    r"|\d{1,2} ?[^\W\d_]{1,7} (?:ago|geleden|fa))"
)
_MONTH = (
    r"(?:jan|f[eé]v|feb|mar|mär|maa|avr|apr|abr|mai|may|mei|mag|jui|jun|jul|giu|lug|ao[uû]|aug|ago"
    r"|sep|set|oct|okt|ott|nov|d[eé]c|dez|dic)[^\W\d_]{0,7}\.?"
)
_IN_YEAR = (
    rf"(?:\d{{1,2}}\.? {_MONTH}(?!\w)|{_MONTH} \d{{1,2}}(?!\d)|\d{{1,2}}[./]\d{{1,2}}(?![./\d]))"
)
_PART = rf"(?:{_DAY}|{_IN_YEAR}|{_AGO}|{_NEAR}|{_CLOCK})"
_STAMP = re.compile(
    rf"(?<![\w./:])(?:le )?{_PART}(?:[\s,·•-]*(?:(?:à|at|um|a las|alle|om)\b)?[\s,]*{_PART})*"
    r"(?:\s?UTC\S*|\s?(?:Uhr|uur|hrs?|heures?|ore|horas))?(?![\w/]|\s(?:Uhr|uur|hrs?|heures?)\b)",
    re.IGNORECASE,
)
_SAYS_HOUR = re.compile(rf"{_CLOCK}|{_AGO}", re.IGNORECASE)
_SAYS_DAY = re.compile(
    rf"{_DAY}|\d {_MONTH}|{_MONTH} \d|{_AGO}|{_NEAR}|\d{{1,2}}[./]\d|[ap]\.?m", re.IGNORECASE
)
_BESIDE = " \t-–—|·•»«,:;[]()<>"
_WROTE = re.compile(r"(?:par|by|von|por|da|door|de|from|à|to|an|moi|me)\b[\s:]*", re.IGNORECASE)
_HANDLE = re.compile(r"(?:u/|@|[^@\n]{1,40} @)?[^\W_][\w.'-]{1,29}")
# who and when before what is said, in one line
_IN_LINE = (
    re.compile(
        rf"{_STAMP.pattern}[ \t,|<–-]{{0,4}}(?P<who>[^\W\d_][^:|>\n]{{0,39}}?)\s?[:|>]\s", re.I
    ),
    re.compile(rf"(?P<who>[^\W_][^:|\n]{{0,39}}?)[\s,|(–-]+{_STAMP.pattern}\)?\s?[:|–-]\s", re.I),
)
_NUMBER = re.compile(r"\+?\d[\d .()-]{7,18}")

_LEVEL = r"(?:INFO|WARN(?:ING)?|ERROR|DEBUG|FATAL|TRACE|NOTICE|CRITICAL|SEVERE)"
_LOG = re.compile(
    rf"\[?{_LEVEL}\]?\s*[:\[ ]|\[?{_DAY}[ T]\d\d:\d\d\S*\]?\s.{{0,60}}\b{_LEVEL}\b"
    r"|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S+ \S+:|\S+ \S+ \S+ \[[^\]]+\] \"[A-Z]+ /"
    r"|\d{1,3}(?:\.\d{1,3}){3}\s"
)
_CODE = re.compile(
    r"(?!=+ [^=]+ =+$)(?:"  # a heading of a wiki
    r"#!/|//|/\*|\}|diff --git|@@ |[-+]{3} [ab]/|(?:import|from) [\w.]+(?: import .*|;)?$"
    r"|(?:def|function|class) \w+.*[({:]|(?:const|let|var) \w+ =|#include|package [\w.]+;|else:?$"
    r"|(?:if|for|while|switch) ?\(.*|(?:SELECT|FROM|WHERE|GROUP BY|ORDER BY|INSERT INTO|UPDATE) "
    r"|library\(|\\[a-z]+[\[{]|\\[a-z]+$|Rewrite\w+ |(?:done|fi|end|do|then|esac)$|set -\w|echo "
    r"|Traceback \(|File \"|@\w+$|try:|except\b.*:$|return\b.*[;)]$|raise \w+\("
    r"|.*(?:[^\s]\{$|\) ?\{$|\w\((?!(?:s|e|es|x|ne|le)\)).*\)\s*[:;]?$|=>|<-|::|==|!=|&&|\|\|"
    r"|\+=|%>%|/>|</\w|(?<!\w)\$[A-Za-z_{(]|;\s*\}|^[\w-]+:[^;]{1,60};$|\w\.\w+\()"
    r")"
)
_SECTION = re.compile(r"\[[\w .:-]{1,40}\]")
_SETTING = re.compile(r"[\w.-]{1,40}\s?=\s?\S.*|[\w.-]{1,40}\s?=")
_KEY = re.compile(r"(?:- )?[a-z][\w.-]{0,40}:(?:\s.*)?|- [\"'\w].*")
_ENCODED = re.compile(
    r"(?:[A-Za-z0-9+/_-]{60,}={0,2}|(?:[0-9a-fA-F]{2,8}[\s:|]+){8,}.*|data:\w+/[\w+.-]+;base64,.*"
    r"|-----(?:BEGIN|END) .*|ssh-\w+ \S+.*|[0-9a-f]{32,}\s.*)"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+")
_PERSON = re.compile(
    r"(?P<name>[^\W\d_][^:\d@]{1,40}?)\s*[:;,–-]?\s*(?:\+?\d[\d .()-]{7,18}|\S+@\S+\.\w+"
    r"|\d{1,2}[:h]\d{2})"
)
_REACHED = re.compile(r"\+?\d[\d .()-]{7,18}|\S+@\S+\.\w+")
_PLACE = re.compile(
    r"(?i:gare|parc|place|rue|avenue|boulevard|quai|pont|port|march[ée]|m[ée]tro|station|squat|local"
    r"|caarud|csapa|h[ôo]pital|foyer|centre|quartier|squares?|jardin|bar|club|festival|teknival"
    r"|street|park|bridge|market|shelter|hospital|bahnhof|platz|stra(?:ß|ss)e|markt|plaza|calle"
    r"|parque|estaci[óo]n|piazza|via|stazione|parco|plein|straat)\b"
)
_LETTERS = re.compile(r"\W*[^\W\d_]{2,}(?:['’.-][^\W\d_]+)*[^\w\\{}<>=|]*")
_NO_WORD = re.compile(
    r"[A-Za-z_]\w*[=({\[]|[{}<>\\|^~`$]|^[=+*/&%!]+$|^/\w|_\w|\w[/:.]\w*[A-Za-z_]|^[A-Za-z0-9+/]{30,}"
)


class _Shape(NamedTuple):
    """What lines can be instead of sentences, and from which share of them a text is so."""

    what: str
    do: str
    share: float
    least: int
    fits: Callable[[str], object]


_LEFT_OUT = "leave it out: nobody says anything in it"
_SHAPES = (
    _Shape("looks like encoded bytes (base64, hexadecimal or a key)",
           "bring in the file that they are of", 0.5, 1, _ENCODED.fullmatch),
    _Shape("looks like captions in a format that is not known", "save them as WebVTT or SRT",
           0.2, 2, re.compile(r"\[?[\d:.,]+ -->").match),
    _Shape("looks like a log of a program", _LEFT_OUT, 0.5, 2, _LOG.match),
    _Shape("looks like code", _LEFT_OUT, 0.5, 2, _CODE.match),
    _Shape("looks like a list of addresses of pages", "save the pages themselves, as HTML or PDF",
           0.8, 2, _ADDRESS.fullmatch),
    _Shape("looks like a list of numbers or addresses of people", _LEFT_OUT, 0.8, 2,
           _REACHED.fullmatch),
    _Shape("looks like a list of people", _LEFT_OUT, 0.8, 3, lambda line: _is_person(line)),
)  # fmt: skip

_LONGEST_HEAD = 200  # characters of who wrote when


def refuse_other(text: str) -> None:
    """Refuse a text that is no prose: a chat, a table, code, or another program's records.

    Raises:
        ImporterError: says what it looks like, and what to do.
    """
    if other := other_than_prose(text):
        raise ImporterError(other.told, do=other.do)


def other_than_prose(text: str) -> Other | None:
    """Return what a text is that is no prose; None where somebody may have written it."""
    start = text[:TOP].lstrip("\ufeff\n ")
    if other := by_top(start):
        return other
    if is_json_value(start):
        return Other("JSON that is no record", "export it as CSV, or save the words as text")
    lines = _lines(text)
    for shape in _SHAPES:
        found = sum(bool(shape.fits(line)) for line in lines)
        if found >= max(shape.least, shape.share * len(lines)):
            return Other(shape.what, shape.do)
    return (
        _settings(text.split("\n"))
        or _chat(lines)
        or _table(lines)
        or _columns(text)
        or _odd(lines)
    )


def by_words(path: File) -> Other | None:
    """Return what the text of a file's first bytes is that is no prose; None if it may be some."""
    text = sniffed(head(path))
    return other_than_prose(unnumbered(text[front_matter(text).length :])) if text else None


def refuse_chat(lines: list[str], *, printed: bool = False) -> None:
    """Refuse the lines of a chat that are not read; `printed`, none are: their ends are lost.

    Raises:
        ImporterError: says what they look like.
    """
    if other := _chat(_lines("\n".join(lines)), printed):
        raise ImporterError(other.told, do=other.do)


def _chat(lines: list[str], printed: bool = False) -> Other | None:
    if recording_in(lines):
        return None  # a program says that it is a transcript: a time is of the recording
    named = [f["name"] for line in lines for shape in _CHAT_NAMES if (f := shape.match(line))]
    known = sum(is_name_like(name) and not is_session(name) for name in named)
    unread = [_UHR.sub("", line) for line in lines if printed or not is_message(line)]
    known += sum(bool(_CHAT_LINE.match(line)) for line in unread)
    copied = _heads(unread)
    heads = max(known, len(copied))
    # a day or how long ago on each, and who comes again: posts below may be long
    sure = len(copied) >= 3 and _told_day(copied) and len({h.who[0] for h in copied}) < len(copied)
    if heads < 2 or heads < len(lines) / (LONG_POSTS if sure else 5):
        return None
    return Other(
        "looks like a chat in a format that is not known: lines begin with a day, an hour and a "
        "name",
        "export the chat with its program, or make a table of it with a column for each of them, "
        "and save it as CSV",
    )


class _Head(NamedTuple):
    """A line that a screen puts above what somebody writes."""

    who: tuple[str, ...]  # names on it, or else beside it
    stamp: str


def _heads(lines: list[str]) -> list[_Head]:
    """Return who wrote when, where lines say no more: as people copy it from a screen.

    A transcript of a recording begins at nought, and notes by the hour name nobody twice.
    """
    lines = [line for line in lines if any(map(str.isalnum, line))]
    heads: list[_Head] = []
    for number, line in enumerate(lines):
        if found := _stamped(line):
            near = (n for n in (number - 1, number + 1, number - 2) if 0 <= n < len(lines))
            who = found.who or tuple(filter(None, (_writer(lines[n]) for n in near)))
            heads += [_Head(who, found.stamp)] if who else []
    told = _told_day(heads)
    if not heads or (re.match(r"0?0:", heads[0].stamp) and not told):
        return []
    often = Counter(name.casefold() for head in heads for name in {*head.who})
    if not told and max(often.values()) == 1:
        return []
    return [h for h in heads if told or any(often[n.casefold()] > 1 or _full(n) for n in h.who)]


def _told_day(heads: list[_Head]) -> bool:
    return all(_SAYS_DAY.search(head.stamp) for head in heads)


def _full(name: str) -> bool:
    """Say whether a name is written as names are, and no heading: more than a word in doubt."""
    return is_name_like(name) and not is_session(name)


def _stamped(line: str) -> _Head | None:
    """Return who wrote when, of a line that says so; nobody where it says no more than when."""
    for shape in _IN_LINE:
        if (said := shape.match(line[:_LONGEST_HEAD])) and (name := _writer(said["who"])):
            stamp = _STAMP.search(said[0])
            return _Head((name,), stamp[0]) if stamp and _SAYS_HOUR.search(stamp[0]) else None
    found = _STAMP.search(line) if len(line) <= 100 else None
    if not found or not (_SAYS_HOUR.search(found[0]) or " @" in line):
        return None
    before, after = line[: found.start()].strip(_BESIDE), line[found.end() :].strip(_BESIDE)
    if before and after:
        return None
    if not (before or after):
        return _Head((), found[0])
    name = _writer(before or after)
    return _Head((name,), found[0]) if name else None


def _writer(line: str) -> str:
    """Return whose name a line is and nothing else; "" where it is something else."""
    bare = line.strip(_BESIDE)
    bare = _WROTE.sub("", bare, count=1) or bare
    if (
        is_role(bare)
        or is_session(bare)
        or _PLACE.match(bare)
        or len(bare) > 40
        or bare[-1:] in tuple(".!?…")
    ):
        return ""
    fits = is_name_like(bare) or _HANDLE.fullmatch(bare) or _NUMBER.fullmatch(bare)
    return bare if fits else ""


def _is_person(line: str) -> bool:
    """Say whether a line is a full name, alone or with a number or an address."""
    found = _PERSON.fullmatch(line)
    name = found["name"].strip() if found else line
    words = name.split()
    return is_name_like(name) and (
        bool(found)
        or (
            len(words) in (2, 3)
            and line.replace(" ", "").replace("-", "").isalpha()
            and all(word[:1].isupper() for word in words)
        )
    )


def _settings(lines: list[str]) -> Other | None:
    """Return that a text is a configuration: keys and values, nested or in sections."""
    kept = [line for line in lines[:LINES] if line.strip() and line.strip()[0] not in "#;"]
    bare = [line.strip() for line in kept]
    equal = sum(bool(_SETTING.fullmatch(line) or _SECTION.fullmatch(line)) for line in bare)
    keys = sum(bool(_KEY.fullmatch(line)) for line in bare)
    nested = any(one.rstrip().endswith(":") and two[:1] in " -\t" for one, two in pairwise(kept))
    if len(bare) >= 3 and (equal >= 0.8 * len(bare) or (keys >= 0.9 * len(bare) and nested)):
        return Other("looks like a configuration of a program", _LEFT_OUT)
    return None


def _table(lines: list[str]) -> Other | None:
    """Return that lines are rows of a table whose columns nobody named."""
    for sign in ",;\t|":
        widths = [line.count(sign) for line in lines]
        usual = max(set(widths), key=widths.count, default=0)
        even = usual >= 2 and widths.count(usual) >= 0.6 * len(lines)
        close = len(lines) >= 3 and (sign != "," or not any(", " in line for line in lines))
        timed = usual >= 3 and _timed(lines, sign)
        if even and sign != "|" and (close or timed or _dated(lines, sign)):
            return Other(
                "looks like a table whose header is not found",
                "put the names of the columns in the first line, and save it as CSV",
            )
    return None


def _columns(text: str) -> Other | None:
    """Return that lines are a table whose columns are drawn with spaces."""
    lines = [line.rstrip() for line in text.split("\n")[:LINES] if line.strip()]
    starts = Counter(
        found.end() for line in lines for found in re.finditer(r"(?<=\S) {2,}(?=\S)", line)
    )
    shared = [at for at, count in starts.items() if count >= max(3, 0.8 * len(lines))]
    if len(shared) < 2:
        return None
    return Other("looks like a table whose columns are drawn with spaces",
                 "save it as CSV, with the names of the columns in the first line")  # fmt: skip


def _odd(lines: list[str]) -> Other | None:
    """Return that most words of a text are none: whatever wrote it, it was nobody."""
    words = [word for line in lines[:300] for word in line.split() if word[0] not in "@#"]
    strange = [bool(_NO_WORD.search(word)) for word in words]
    odd = sum(strange)
    plain = sum(bool(_LETTERS.fullmatch(w)) for w, no in zip(words, strange, strict=True) if not no)
    if odd + plain < FEW or odd < ODD * (odd + plain):
        return None
    return Other("holds hardly any words: it looks like what a program wrote for itself",
                 "leave it out, or export what it is of as CSV or text")  # fmt: skip


def _lines(text: str) -> list[str]:
    """Return the first lines of a text that are not empty, without marks around them."""
    lines = (line.strip("\ufeff\u200e\u200f\u00a0\t ") for line in text.split("\n"))
    return [line for line in lines if line][:LINES]


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

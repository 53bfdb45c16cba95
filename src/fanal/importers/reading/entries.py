"""Where the parts of a text begin: lines that say the day, the week or the month of what follows.

A date may stand in any line. Which lines are headings is decided for the whole document, by what
they have in common: nothing but the date, the same form, the order of time, words under them. What
may be one and is none by these is told, and so is a day whose year or order nothing says.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from fanal.errors import ImporterError
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import (
    Said,
    compiled,
    day_inside,
    day_of,
    is_real,
    keys,
    listed,
    said_at,
    said_in,
    settled,
)
from fanal.importers.reading.dates import DateColumn, Moment
from fanal.importers.reading.speakers import is_heading, is_name_like
from fanal.text.folding import fold

TOP = 6  # lines within which the first entry begins, where other lines may begin with a date too
HEADING = 80  # characters
BESIDE = 8  # words beside a date in a heading
NOTED_BELOW = 4  # lines under a date that may say where and when

_YEAR = re.compile(r"(?<![\d.,/€])(?<!\d-)20\d\d(?![\d.,/€]|-\d)")
_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?\S+@\S+")
_AFTER = re.compile(
    r"\s*(?:[:–—|•·→>]|-(?=\s|$)|[)\]]|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)\s*"
)
_NUMBERED = re.compile(r"(?:[^\W\d_]+\s){1,3}(?:n°|no\.?|nr\.?|#)?\s?\d{1,3}")  # "Fiche n° 2"
_PAIRS = re.compile(r"(\d\d)[-./](\d\d)[-./](\d\d)")
RULE = re.compile(r"\s*[-=_*~—–]{3,}\s*")
_LETTERS, _DAYS = re.compile(r"[^\W\d_]+"), re.compile(r"(?<!\d)\d\d?(?!\d)|(?<!\d)20\d\d(?!\d)")
_SIGNS = re.compile(r"\A\W+")
_DIGIT = re.compile(r"\d")
_COUNT = re.compile(r"\(?(?:n°\s?)?\d{1,3}[.)°]\s+")
_SPOKEN = re.compile(
    r"(?i)\b(?:je|tu|vous|nous|oui|ouais|non|ok|bon|merci|bonjour|ça|you|we|yes|yeah|hello|thanks)\b"
    r"|\b[jcdtm]['’](?:est|ai|étais|avais|y)|\bon (?:a|va|est|y|se|peut|commence)\b"
    r"|\b(?-i:I) (?=[a-z])|\bI['’](?:m|ll|ve|d)\b"
)
# who writes a message that was pasted: "18:02] Ana: …"
_WRITER = re.compile(
    r"\s*[\])]?\s*[-–:]?\s*(?P<name>[+~\w][^:\n\]<>]{0,40}?)\s?:(?:\s+|$)(?P<text>.*)"
)
_HOUR_FIRST = re.compile(r"\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[ap]\.?m\.?)?,?\s+", re.I)
# the hour at which something was noted: "18h30 : …", "22h – …", "21:05 Arrivée"
_CLOCK = re.compile(
    r"(?:(?i:vers|à|at|ore|alle|um|gegen|om|às|a las)\s+)?"
    r"(?:[01]?\d|2[0-4])\s?(?:h\s?(?:[0-5]\d)?|:[0-5]\d)(?:\s?Uhr)?"
    r"(?:\s?(?:[-–—]|à)\s?(?:[01]?\d|2[0-4])\s?(?:h\s?(?:[0-5]\d)?|:[0-5]\d)(?:\s?Uhr)?)?"
    r"(?:\s*[:,–—|-]\s*\S|\s+[^\W\d_«\"]|\s*$)"
)
_MAIL_KEYS = {
    **dict.fromkeys(("de", "from", "von", "da"), "from"),
    **dict.fromkeys(("envoye", "date", "sent", "gesendet", "enviado", "inviato"), "sent"),
    **dict.fromkeys(("a", "to", "an", "para", "objet", "subject", "betreff", "asunto"), "more"),
    **dict.fromkeys(("oggetto", "cc", "cci", "bcc", "pieces_jointes", "attachments"), "more"),
}


_KEPT = ("heads", "chat")
Form = tuple[str, bool, bool, bool]  # kind, with a year, with a day of the week, in words


class Entry(NamedTuple):
    """The line that begins an entry: its date if it is known, what else it says, who writes."""

    moment: Moment | None
    rest: str
    style: str  # alone: nothing but the date; begins: with it; heads: a heading; chat: a message
    label: str = ""


class Entries(NamedTuple):
    """The entries of a text by the number of their first line."""

    begins: dict[int, Entry]
    facts: frozenset[int]  # lines around a date that only say where and when
    doubtful: tuple[int, ...] = ()  # lines that begin with a date, and may begin no entry
    yearless: tuple[int, ...] = ()  # lines that begin an entry of no known year
    unordered: tuple[int, ...] = ()  # lines whose day may be the month


class Line(NamedTuple):
    """A line that may begin an entry, by how it is written."""

    number: int
    said: Said
    style: str  # alone, keyed, begins, comma, point, blank, heads, other, after, chat
    rest: str = ""
    label: str = ""
    styled: bool = False

    @property
    def is_alone(self) -> bool:
        """Say whether the line is its date and no more, or a heading that begins with it."""
        return self.style in ("alone", "keyed")

    @property
    def kind(self) -> str:
        """Return the style of the entry that it begins."""
        if self.is_alone:
            return "alone"
        return "heads" if self.style == "other" else self.style if self.style in _KEPT else "begins"

    @property
    def form(self) -> Form:
        """Return how its date is written."""
        said = self.said
        return said.kind, bool(said.year), said.weekday >= 0, said.named


def order_of(lines: list[str], order: str, usual: str) -> str:
    """Return the order of day and month that the dates at line starts show, else the usual one."""
    column, figures = DateColumn(order), list[tuple[int, ...]]()
    for line in lines:
        bare = _bare(line)
        if (said := said_at(bare, "")) and not said.last[2]:
            column.see(written := bare[said.start : said.stop].removeprefix("le "))
            if pairs := _PAIRS.fullmatch(written):
                figures.append(tuple(map(int, pairs.groups())))
    if not order and _is_year_first(figures):
        return "ymd"
    try:
        column.settle()
    except ImporterError:
        return usual
    return column.order or usual


def _is_year_first(figures: list[tuple[int, ...]]) -> bool:
    """Say whether "25-03-03", "25-03-10" are of one year, and not of one day of many years."""
    years = [[each[0] for each in figures], [each[2] for each in figures]]
    real = all(1 <= each[1] <= 12 and 1 <= each[2] <= 31 for each in figures)
    first, last = (max(found) - min(found) if found else 0 for found in years)
    return len(figures) > 1 and real and first <= 1 and last >= 3 and figures == sorted(figures)


def entries_in(
    lines: list[str],
    order: str,
    known: Moment | None,
    styled: frozenset[int] = frozenset(),
    turns: frozenset[int] = frozenset(),
) -> Entries:
    """Find where entries begin; `known` is the date of the whole, for days without a year.

    `styled` are the lines that look like headings, `turns` those that begin none: what somebody
    says after a label.
    """
    found = [
        line
        for number, text in enumerate(lines)
        if number not in turns and (line := _line(number, text, number in styled, order))
    ]
    moments = _moments(found, known)
    taken = _decided(found, moments, lines)
    headings = [line for line in found if line.number in taken]
    settled_again = _moments(headings, known)
    begins, facts = dict[int, Entry](), set[int]()
    for line in headings:
        if line.said.kind == "year":
            facts.add(line.number)
            continue
        top = _top_of(lines, line, taken) if line.style == "keyed" else line.number
        facts |= {*range(top, line.number + (top < line.number)), *_facts_below(lines, line)}
        moment = settled_again[line.number]
        begins[top] = Entry(moment, line.rest, line.kind, line.label)
    dated = [line for line in headings if line.said.kind != "year"]
    lost = [line for line in dated if settled_again[line.number] is None]
    forms = {line.form for line in headings if line.said.kind == "day"}
    left = (line for line in found if line.number not in taken)
    doubtful = [line for line in left if _is_doubtful(line, moments[line.number], forms)]
    odd = _misspelt(lines, headings, {line.number for line in found})
    return Entries(
        begins,
        frozenset(facts),
        tuple(sorted([*odd, *(line.number for line in doubtful)])),
        tuple(line.number for line in lost if not line.said.either),
        tuple(line.number for line in lost if line.said.either),
    )


# --- lines that may be headings -----------------------------------------------------------------


def _bare(line: str) -> str:
    return _SIGNS.sub("", line, count=1).rstrip(" \t\xa0*_#=")


def _line(number: int, text: str, styled: bool, order: str) -> Line | None:
    styled = styled or text.lstrip().startswith(("#", "**"))
    bare = _bare(text)
    if not bare:
        return None
    if said := _keyed(bare, order):
        return Line(number, said, "keyed")
    counted = _COUNT.match(bare)
    said = said_at(bare, order)
    if not said and counted:
        said = said_at(bare, order, counted.end())
    if said and not is_real(said):
        return None
    if message := _message(bare, said, order):
        return message._replace(number=number)
    if said and (beside := _beside(bare, said, styled)):
        return Line(number, said, *beside, styled=styled)
    heading = _heading(bare, order, styled)
    return heading._replace(number=number) if heading else None


def _keyed(bare: str, order: str) -> Said | None:
    """Read "Date : 12 mars 2025, Lille" and the like, and no sentence that begins so."""
    key, colon, value = bare.partition(":")
    words = key.split()
    if not colon or not words or len(words) > 5 or len(value) > HEADING:
        return None
    if fold(words[0]) not in keys("keys") or is_other(key):
        return None
    value = value.strip(" *_.")
    said = said_at(value, order) or said_at(f"{key.strip()} {value}", order)
    if not said or said.kind in ("number", "year", "none"):
        return None
    rest = _without_hours(value[said.stop :]).rstrip(" .")
    return said if not rest or (rest[0] in ",(-–—|" and len(rest.split()) <= BESIDE) else None


def _without_hours(after: str) -> str:
    """Return what stands after a date without the hours of it, and without a day in brackets."""
    folds = fold(after)
    found = compiled(r"{at}?{hours}(?!\w)").match(folds)
    after = after[found.end() :] if found else after
    found = compiled(r"\s?\({weekday}\)").match(fold(after))
    return after[found.end() :] if found else after


def _beside(bare: str, said: Said, styled: bool) -> tuple[str, str] | None:
    """Say how a line goes on after the date that it begins with; None as a sentence may."""
    after = bare[said.stop :]
    tail = _without_hours(after)
    if not tail.strip(" .:-–—|)];"):
        return ("alone", "") if bare[-1] not in "?!," else None
    if said.kind in ("month", "year") and not said.year:
        return None
    sign = _AFTER.match(tail)
    rest = (tail[sign.end() :] if sign else tail).lstrip(" ,.#")
    if sign or (styled and tail[0] in " ,."):
        return ("alone" if styled else "begins"), rest.strip()
    if len(tail) < len(after) and tail[0] == " ":
        return "begins", rest  # an hour stands between them
    short = len(bare) <= HEADING and len(rest.split()) <= BESIDE and bare[-1] not in ".!?,;"
    if tail.lstrip()[0] in ",(" and short and not _SPOKEN.search(rest):
        return "comma", rest
    if tail[0] == "." and rest[:1].isupper() and tail[1:2] == " ":
        return "point", rest
    if short and listed("sessions").search(fold(tail)):
        return "heads", bare
    if tail[0] == " " and rest[:1].isupper() and said.kind == "day" and said.year:
        return "blank", rest
    return ("after", rest) if short and not _SPOKEN.search(rest) else None


def _heading(bare: str, order: str, styled: bool) -> Line | None:
    """Read a short line with a date inside, as "Maraude du 12 mars 2025, gare"."""
    if len(bare) > HEADING or bare[-1] in ".!?…,;" or not _DIGIT.search(bare):
        return None
    days = (said for said in said_in(bare, order) if said.kind in ("day", "several"))
    said = next(filter(is_real, days), None)
    if not said or is_other(bare):
        return None
    before, after = bare[: said.start], bare[said.stop :]
    is_session = bool(listed("sessions").match(fold(before.lstrip("0123456789.) "))))
    if ":" in before and not is_session:
        return None
    if is_session or (styled and len(before.split()) <= BESIDE):
        return Line(0, said, "heads", bare if _says_more(before, after) else "", styled=styled)
    few = (
        len(before.split()) <= 4
        and not _SPOKEN.search(bare)
        and not _without_hours(after).strip(" .:)–-")
    )
    if not few or not before[:1].isupper():
        return None
    rest = bare if _says_more(before, after) else ""
    return Line(0, said, "other", rest)


def _says_more(before: str, after: str) -> bool:
    """Say whether a heading says more than what was held, which of them, and when."""
    words = listed("sessions").sub(" ", fold(before))
    for idle in ("the", "day-word", "night"):
        words = listed(idle).sub(" ", words)
    return bool(re.search(r"[a-z]{2}", words) or _without_hours(after).strip(" ()-–—:"))


def _message(bare: str, said: Said | None, order: str) -> Line | None:
    """Read a line of a chat: a day and an hour in any order, who writes, and what."""
    if said is None:
        hour = _HOUR_FIRST.match(bare)
        said = said_at(bare, order, hour.end()) if hour else None
        after = bare[said.stop :] if said else ""
    else:
        after = _without_hours(bare[said.stop :])
        if len(after) == len(bare) - said.stop:
            return None
    found = _WRITER.match(after)
    if not said or said.kind != "day" or not found:
        return None
    name = found["name"].strip(" ~")
    if is_heading(name) or not (is_name_like(name) or re.fullmatch(r"[+\d\s().-]{8,}", name)):
        return None
    return Line(0, said, "chat", found["text"].strip(), name)


def is_message(line: str) -> bool:
    """Say whether a line is one of a chat: a day, an hour, who writes, and what."""
    found = _line(0, line, False, "dmy")
    return found is not None and found.style == "chat"


# --- one decision for the document --------------------------------------------------------------


def _moments(found: list[Line], known: Moment | None) -> dict[int, Moment | None]:
    """Return the moment of each line, each after the one above; those above the first too."""
    back, moments = _is_backwards(found), dict[int, Moment | None]()
    near = known
    for line in found:
        moments[line.number] = moment = settled(line.said, near, back=back)
        near = moment or near
    first = next((n for n, line in enumerate(found) if moments[line.number]), 0)
    if known is None and first:
        near = moments[found[first].number]
        for line in reversed(found[:first]):
            moments[line.number] = moment = settled(line.said, near, back=not back)
            near = moment or near
    return moments


def _is_backwards(found: list[Line]) -> bool:
    """Say whether the latest stand first: forwards, the years would fly."""
    days = [line.said.first for line in found if line.said.first[1] and line.said.first[2]]
    steps = [(372 * (y2 - y if y and y2 else 0) + 31 * (m2 - m) + d2 - d, bool(y and y2))
             for (y, m, d), (y2, m2, d2) in pairwise(days)]  # fmt: skip
    forwards = sum(step % 372 if not whole else step if step >= 0 else 372 for step, whole in steps)
    backwards = sum(
        -step % 372 if not whole else -step if step <= 0 else 372 for step, whole in steps
    )
    return forwards >= 372 and 2 * backwards < forwards


def _decided(found: list[Line], moments: dict[int, Moment | None], lines: list[str]) -> set[int]:
    """Return the numbers of the lines that are headings."""
    known = any(moments.values())
    real = [line for line in found if moments[line.number] or line.said.either or not known]
    single = [line for line in real if line.is_alone]
    kinds = Counter(line.said.kind for line in single)
    taken = {n.number for n in single if _is_sure(n, kinds, moments[n.number])}
    last = single[-1] if single else None
    if last and last.number == len(lines) - 1 and len(taken) > 1 and not last.rest:
        taken.discard(last.number)  # nothing stands under it: a signature
    days = [line for line in real if line.said.kind in ("day", "number", "several")]
    alone = [line for line in days if line.number in taken]
    for style in ("begins", "heads", "comma", "point", "blank", "other", "after", "chat"):
        group = [line for line in real if line.style == style]
        if style in ("other", "after"):
            group = [line for line in group if not _is_empty(line, days, lines)]
        if len(alone) > 1 and style != "chat":
            taken |= {n.number for n in group if _is_alike(n, alone, found, moments, lines)}
        elif group and _is_held(group, days, moments, lines):
            taken |= {line.number for line in group}
    return taken


def _is_sure(line: Line, kinds: Counter[str], moment: Moment | None) -> bool:
    """Say whether a line that is no more than its date begins an entry by that."""
    kind = line.said.kind
    if kind in ("day", "several", "week") or line.style == "keyed":
        return True
    if kind in ("month", "quarter") and line.said.year:
        return True
    if kind == "number" and line.said.weekday >= 0 and moment:
        return True
    return line.styled or kinds[kind] > 1


def _is_held(
    group: list[Line], days: list[Line], moments: dict[int, Moment | None], lines: list[str]
) -> bool:
    """Say whether lines of one style are the headings of a document that has no surer ones."""
    first, style = group[0].number, group[0].style
    if len(group) < 2:
        return style == "heads" and group[0].styled and first > 0
    if style == "chat":
        return True
    if style not in ("begins", "heads") and not _is_ordered(group, moments):
        return False
    if style not in ("heads", "other") and first >= TOP and 2 * first > len(lines):
        return False
    title = next((line for line in days if line.said.kind == "day"), group[0])
    return title.style == style or _is_log(group, title, moments, lines)


def _is_log(
    group: list[Line], title: Line, moments: dict[int, Moment | None], lines: list[str]
) -> bool:
    """Say whether dates under the one of a title are those of entries, and not of what is planned.

    Entries stand right under the title, or are of days before that of a report.
    """
    above = lines[group[0].number - 1].rstrip()
    if listed("planned").search(fold(above)) or (above[-1] == ":" and len(group) < len(lines) / 2):
        return False
    facts = sum(_is_fact(line) for line in lines[title.number : group[0].number])
    if group[0].number - title.number - facts <= 1:
        return True
    day = moments[title.number]
    days = [moments[line.number] for line in group]
    return bool(day) and all(d and day and day_of(d) <= day_of(day) for d in days)


def _is_ordered(group: list[Line], moments: dict[int, Moment | None]) -> bool:
    days = [day_of(m) for line in group if (m := moments[line.number])]
    return days == sorted(days) or days == sorted(days, reverse=True)


def _is_empty(line: Line, days: list[Line], lines: list[str]) -> bool:
    """Say whether nothing stands under a line: so signatures are written."""
    below = line.number + 1
    return below >= len(lines) or any(other.number == below for other in days)


def _is_alike(
    line: Line,
    alone: list[Line],
    found: list[Line],
    moments: dict[int, Moment | None],
    lines: list[str],
) -> bool:
    """Say whether a line with more than its date is a heading as those without it."""
    alike = line.form in {each.form for each in alone} or (line.style == "heads" and line.styled)
    moment = moments[line.number]
    if not alike or moment is None or _is_empty(line, found, lines):
        return False
    above = [m for each in alone if each.number < line.number and (m := moments[each.number])]
    below = [m for each in alone if each.number > line.number and (m := moments[each.number])]
    here = day_of(moment)
    return bool(above and below) and day_of(above[-1]) < here < day_of(below[0])


def _is_doubtful(line: Line, moment: Moment | None, forms: set[Form]) -> bool:
    """Say whether a line that begins nothing looks so much like one that does that it is told."""
    if line.style in ("chat", "other", "alone") or line.said.kind == "week":
        return False
    dated = moment is not None or (line.said.kind == "day" and not line.said.year)
    alike = line.form in forms or (line.style == "after" and bool(line.said.year))
    return dated and (line.style == "begins" or (alike and line.style != "heads"))


def _misspelt(lines: list[str], headings: list[Line], read: set[int]) -> Iterator[int]:
    """Yield lines that are written as the headings are and hold no day: "10 marrs 2025"."""
    shapes = {_shape(lines[line.number]) for line in headings if line.is_alone and line.said.year}
    shapes = {shape for shape in shapes if shape.count(" ") > 1}
    if shapes:
        numbers = (n for n, line in enumerate(lines) if n not in read and len(line) <= HEADING)
        yield from (number for number in numbers if _shape(lines[number]) in shapes)


def _shape(line: str) -> str:
    """Return how a line is written: "10 mars 2025" is "9 a 9999"."""
    return _DAYS.sub("9", _LETTERS.sub("a", line.strip()))


# --- what stands around a heading ---------------------------------------------------------------


def _is_fact(line: str) -> bool:
    key, colon, value = line.partition(":")
    return bool(colon) and folded(key) in keys("facts") and len(value.split()) <= BESIDE


def _facts_below(lines: list[str], line: Line) -> Iterator[int]:
    if not line.is_alone and line.style != "heads":
        return
    for below in range(line.number + 1, min(line.number + 1 + NOTED_BELOW, len(lines))):
        if not _is_fact(lines[below]):
            return
        yield below


def _top_of(lines: list[str], line: Line, taken: set[int]) -> int:
    """Return the first of the lines above "Date : …" that say only what it is the date of."""
    top = line.number
    while top and line.number - top < NOTED_BELOW and top - 1 not in taken:
        above = lines[top - 1]
        named = is_session(above) or _NUMBERED.fullmatch(above.strip())
        titled = named and len(above) <= HEADING and above.strip()[-1] not in ".!?…"
        if not titled and not _is_fact(above):
            break
        top -= 1
    return top


def is_session(line: str) -> bool:
    """Say whether a line begins with what a session is called: an interview, a round, a meeting."""
    return listed("sessions").match(fold(_bare(line))) is not None


def is_spoken(text: str) -> bool:
    """Say whether a short text is what somebody says, by words that no heading has."""
    return _SPOKEN.search(text) is not None


class Mails(NamedTuple):
    """The heads of e-mails that somebody pasted: their lines, where each begins, who is named."""

    lines: frozenset[int]
    begins: dict[int, Entry]
    names: tuple[str, ...]


def mails_in(lines: list[str], order: str) -> Mails:
    """Find lines that say together who wrote, when, to whom and on what."""
    begins: dict[int, Entry] = {}
    taken: set[int] = set()
    names: list[str] = []
    head: dict[str, str] = {}
    start = 0
    for number, line in enumerate([*lines, ""]):
        key, colon, value = _bare(line).partition(":")
        role = _MAIL_KEYS.get(folded(key)) if colon else None
        if role and (role == "more" or role not in head):
            start = start if head else number
            head.setdefault(role, value.strip(" *_"))
            if role == "from" or folded(key) in ("a", "to", "an"):
                names += (_ADDRESS.sub("", name).strip(" \"'") for name in value.split(";"))
            continue
        moment = day_inside(head.get("sent", ""), order)
        if len(head) == 3 and moment:
            begins[start] = Entry(Moment(day_of(moment)), "", "alone")
            taken |= set(range(start, number))
        head, start = ({role: value.strip(" *_")}, number) if role else ({}, 0)
    return Mails(frozenset(taken), begins, tuple(filter(is_name_like, names)) if begins else ())


def noted_by_hour(lines: list[str]) -> frozenset[int]:
    """Return the lines that begin with an hour, where several do: each is a note of its own."""
    found = frozenset(number for number, line in enumerate(lines) if _CLOCK.match(_bare(line)))
    return found if len(found) > 1 else frozenset()


def begins_with_day(line: str) -> bool:
    """Say whether a line begins with a day, of a year or of any."""
    said = said_at(_bare(line), "dmy")
    return said is not None and said.kind == "day"


def is_other(key: str) -> bool:
    """Say whether a date under some words is not that of what is told, but of a birth, a copy."""
    folds = fold(key)
    return any(listed(words).search(folds) for words in ("other", "told", "signed"))


def is_alone(line: str, order: str) -> bool:
    """Say whether a line is a date and no more."""
    found = _line(0, line, False, order)
    return found is not None and found.style == "alone"


def days_told(lines: list[str], order: str, day: Moment) -> Iterator[int]:
    """Yield the lines that begin with another day than that of a text, told whole."""
    for number, line in enumerate(lines):
        said = said_at(_bare(line), order)
        moment = settled(said, None) if said and said.year and said.kind == "day" else None
        if moment and moment.time != day.time:
            yield number


def begins_with_key(line: str) -> bool:
    """Say whether a line says its date after a word for it: "Date : 12 mars 2025"."""
    return _keyed(_bare(line), "dmy") is not None


def year_told(lines: Sequence[str]) -> Moment | None:
    """Return the one year that a file's name or its title tells, for days that tell none."""
    years = {year for line in lines for year in _YEAR.findall(line.replace("_", " "))}
    return Moment(date(int(years.pop()), 1, 1), "year") if len(years) == 1 else None

"""What the lines at the top of a text say of it: when it was, where, and who took part."""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import day_inside, keys, listed, said_in, settled
from fanal.importers.reading.dated_lines import (
    begins_with_day,
    is_alone,
    is_other,
    is_session,
    is_spoken,
)
from fanal.importers.reading.dates import Moment, read_date
from fanal.importers.reading.speakers import (
    Cast,
    Labelled,
    is_heading,
    is_name_like,
    is_role,
    who_took_part,
)
from fanal.text.folding import fold

HEADING_WITHIN = 15  # lines at the top in which a date, a place or names may stand
TITLE_LINES, TITLE = 3, 60  # of the title of a notebook at most, and characters of such a line
TOLD = 7  # words of a dated line that ends with a full stop, above which it is a sentence


class Heading(NamedTuple):
    """What stands above an interview: line numbers that are no content, its date, names."""

    lines: frozenset[int]
    moment: Moment | None
    names: tuple[str, ...]
    is_told: bool = False  # the date is of a line that goes on after it


def find_heading(
    lines: list[str], labels: list[Labelled], cast: Cast, order: str, *, dated: bool = False
) -> Heading:
    """Read the lines at the top that say when, where and who.

    A date in what somebody tells is that of the text only if nothing else (`dated`) says another.
    """
    taken: set[int] = set()
    moment: Moment | None = None
    names: list[str] = []
    is_told = False
    counts = Counter(folded(turn[0]) for turn in labels if turn)
    for number, line in enumerate(lines[:HEADING_WITHIN]):
        turn = labels[number]
        label = folded(turn[0]) if turn else ""
        after = next((folded(label[0]) for label in labels[number + 1 :] if label), "")
        alone = counts[label] == 1 or after == label  # nobody speaks twice in a row
        if present := who_took_part(turn):
            names += present
            taken.add(number)
        elif turn and is_role(turn[0]) and _is_introduction(turn[1], alone, bool(taken)):
            names.append(turn[1])  # "Enquêteur : Paul Martin" names a person and says nothing
            taken.add(number)
        elif turn and label in cast.labels:
            break
        elif turn and is_heading(turn[0]) and len(turn[1].split()) <= 8:
            key = label.split("_")[0]
            dated_key = (key in keys("keys") or is_session(turn[0])) and not is_other(turn[0])
            found = day_inside(turn[1], order) if dated_key else None
            moment = moment or found
            if found or dated_key or key in keys("facts"):
                taken.add(number)
        elif len(line) <= 120 and (found := _dated_line(line, order)):
            if _is_told(line) and (dated or not begins_with_day(line)):
                continue
            is_told = begins_with_day(line) if moment is None else is_told
            moment = moment or found
            if is_alone(line, order):
                break  # a notebook's first day: its heading is read with the notes
            if number < TITLE_LINES and number + 1 < len(lines) and _is_dated_title(line):
                taken.add(number)
    return Heading(frozenset(taken), moment, tuple(names), is_told)


def _is_told(line: str) -> bool:
    """Say whether a line is a sentence, in which a date may be any."""
    bare = line.strip(" \t#*_")
    return bare[-1:] in tuple(".!?…") and len(bare.split()) > TOLD and not is_session(bare)


def _is_dated_title(line: str) -> bool:
    """Say whether a line with a date is no more than a title: "Maraude du 12 mars 2026, gare"."""
    bare = line.strip(" \t#*_")
    title = len(bare) <= TITLE and bare[-1:] not in tuple(".!?…,;:")
    return title and is_session(bare) and not _is_spoken(bare)


def _is_introduction(value: str, alone: bool, after_facts: bool) -> bool:
    """Tell "Enquêteur : Paul Martin" from what an interviewer says."""
    if not is_name_like(value) or value.endswith((".", "!", "?", "…")):
        return False
    return len(value.split()) >= 2 or (after_facts and alone)


def _dated_line(line: str, order: str) -> Moment | None:
    """Return the date of a line that is one, or that says of what it is the date."""
    if listed("told").search(folds := fold(line)) or (_is_signed(folds) and not is_session(line)):
        return None
    for said in said_in(line, order):
        moment = settled(said, None) if said.year and said.kind != "year" else None
        led = line[said.start].isalpha() or said.weekday >= 0 or said.last[2]
        alone = len(line.strip(" .:-#*")) == said.stop - said.start
        if moment and (led or alone or listed("sessions").search(folds)):
            return moment
    return None


class Signed(NamedTuple):
    """The line in which somebody signs, and its day."""

    number: int
    moment: Moment


def signed_on(lines: list[str], order: str) -> Signed | None:
    """Return the day on which a text was signed, for one that has no other."""
    for number, line in enumerate(lines):
        if len(line) <= 120 and _is_signed(fold(line)) and (day := day_inside(line, order)):
            return Signed(number, day)
    return None


def closing_line(lines: list[str], order: str) -> int | None:
    """Return the last line where it says on which day a text was signed, and no more.

    "Fait à Rennes, le 3 février 2026" is what nobody said.
    """
    number = next((n for n in reversed(range(len(lines))) if lines[n].strip()), 0)
    line = lines[number].strip(" \t#*_.") if lines else ""
    begins = listed("signed").match(fold(line))
    if not number or not begins or len(line) > TITLE:
        return None
    last = max(said_in(line, order), key=lambda said: said.stop, default=None)
    ends = last is not None and last.stop == len(line) and settled(last, None)
    return number if ends else None


def _is_signed(folds: str) -> bool:
    return listed("signed").search(folds) is not None


def date_in_name(stem: str, order: str) -> Moment | None:
    """Find the date in a file's name: entretien_2025-03-12, 20250312_notes, mars 2025."""
    written = r"(?<!\d)(?:19|20)\d{6}(?!\d)", r"(?<!\d)(?:19|20)\d\d([-_.])\d\d\1\d\d(?!\d)"
    for found in (re.search(pattern, stem) for pattern in written):
        if found and (moment := read_date(re.sub(r"[_.]", "-", found.group()))):
            return moment
    spaced = re.sub(r"(?<=\d)_(?=\d)", "-", stem).replace("_", " ")
    apart = re.sub(r"(?<=\D)-|-(?=\D)", " ", spaced)
    moment = day_inside(spaced, order) or day_inside(apart, order)
    # S11 in a name is a number of something, semaine 11 a week
    is_week = (
        moment is not None and moment.precision == "week" and re.search(r"(?i)\b[sw]\d", apart)
    )
    return None if is_week else moment


def usual_order(lines: list[str]) -> str:
    """Return dmy for languages that write so, mdy never: English is written in both orders."""
    text = fold("\n".join(lines[:500]))
    found = {words: len(listed(words).findall(text)) for words in ("day-first", "month-first")}
    return "dmy" if found["day-first"] > found["month-first"] else ""


def is_title(lines: list[str]) -> bool:
    """Say whether the lines above the first entry of a notebook are no more than its title."""
    return len(lines) <= TITLE_LINES and all(
        len(line) <= TITLE and line.strip()[-1] not in ".!?…" and not is_spoken(line)
        for line in lines
    )


def _is_spoken(line: str) -> bool:
    """Say whether a short line is what somebody says: nobody writes a title so."""
    bare = line.strip(" \t#*_–—-•")
    file = re.search(r"\.\w{2,4}$", bare)
    return (bare[:1].islower() and not file) or is_spoken(bare)

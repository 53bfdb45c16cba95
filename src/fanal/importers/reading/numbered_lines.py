"""Transcripts whose lines have numbers, or whose speakers have a column: as lines "Who : what"."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated_lines import begins_with_day
from fanal.importers.reading.speakers import is_name_like, is_role, label_of

NUMBERED = 4  # lines, from which numbers before them are theirs
_NUMBERED = re.compile(r"(?m)^[ \t]*(\d{1,5})[:.)|]?(?:[ \t]+(?=\S)|[ \t]*$)")
_COLUMN = re.compile(
    r"(?m)^(?:[\[(]?\d{1,2}(?::\d{2}){1,2}(?:[.,]\d+)?[\])]?\t)?"
    r"(?P<who>[^\t\n:]{1,40}?)[ :]*\t(?=\S)"
)


def unnumbered(text: str) -> str:
    """Return a transcript without the numbers of its lines, which say nothing.

    Days and quantities stay: under the numbers somebody must speak.
    """
    every = text.split("\n")
    lines = [line for line in every if line.strip()]
    found = [(at, int(n[1])) for at, line in enumerate(lines) if (n := _NUMBERED.match(line))]
    counted = sum(after == before + 1 for (_, before), (_, after) in pairwise(found))
    if len(found) < NUMBERED:
        return _in_lines(text)
    if counted >= 0.9 * (len(lines) - 1 - found[0][0]):
        bare = _in_lines(_NUMBERED.sub("", text))
    elif fifths := _every_fifth(found):
        filled = (_NUMBERED.sub("", x) if at in fifths else x for at, x in enumerate(lines))
        bare = _in_lines("\n".join(next(filled) if line.strip() else line for line in every))
    else:
        return _in_lines(text)
    labels = [label for label, _ in filter(None, map(label_of, bare.split("\n")))]
    speak = sum(is_role(label) or is_name_like(label) for label in labels)
    return text if speak < 2 or any(map(begins_with_day, lines)) else bare


def _every_fifth(found: list[tuple[int, int]]) -> set[int]:
    """Return which lines have a number where only each fifth has one; none where they do not run.

    Each counts as many lines as stand between it and the one before, a page may begin anew.
    """
    steady = [at for (before, one), (at, other) in pairwise(found) if other - one == at - before]
    are = all(number % 5 == 0 for at, number in found if at in steady)
    if not are or len(steady) < NUMBERED - 1 or len(steady) < 0.75 * (len(found) - 1):
        return set()
    begins = {at for (at, number), (after, _) in pairwise(found)
              if after in steady and number % 5 == 0}  # fmt: skip
    return {*steady, *begins}


def _in_lines(text: str) -> str:
    """Return "I<tab>Yes?" as "I : Yes?", where two at least speak again so, one with a role."""
    lines = [line for line in text.split("\n") if line.strip()]
    who = [found["who"] for line in lines if (found := _COLUMN.match(line))]
    again = {label for label, count in Counter(map(folded, who)).items() if count > 1}
    are = all(is_role(label) or is_name_like(label) for label in who)
    one = any(is_role(label) and folded(label) in again for label in who)
    if len(again) < 2 or not are or not one or len(who) < 0.8 * len(lines):
        return text
    return _COLUMN.sub(r"\g<who> : ", text)

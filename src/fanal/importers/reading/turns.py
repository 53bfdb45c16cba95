"""The turns of who speaks in a text, or the paragraphs and entries of one that nobody speaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dates import Moment
from fanal.importers.reading.entries import Entry
from fanal.importers.reading.sounds import is_sound
from fanal.importers.reading.speakers import Cast, Labelled, without_stamps
from fanal.importers.reading.word import Headline

TURN = 6_000  # characters; a longer monologue goes on in another document


class Turn(NamedTuple):
    """What one person says until another speaks, or a paragraph."""

    label: str
    text: str
    moment: Moment | None = None


def lines_of(paragraphs: list[str]) -> tuple[list[str], frozenset[int]]:
    """Return the lines of paragraphs that are not empty, and the numbers of those in headings."""
    lines, styled = list[str](), set[int]()
    for paragraph in paragraphs:
        for line in filter(str.strip, paragraph.split("\n")):
            if isinstance(paragraph, Headline):
                styled.add(len(lines))
            lines.append(line)
    return lines, frozenset(styled)


def first_turn(labels: list[Labelled], cast: Cast, heading: frozenset[int]) -> int:
    """Return the line of the first turn of who speaks again; others may be introduced above."""
    turns = [n for n, x in enumerate(labels) if is_turn(x, cast) and n not in heading]
    said = Counter(folded(x[0]) for x in labels if x)
    again = [n for n in turns if (x := labels[n]) and said[folded(x[0])] > 1]
    return min(again or turns, default=0)


def is_turn(label: Labelled, cast: Cast) -> bool:
    return label is not None and folded(label[0]) in cast.labels


def turns_of(
    lines: list[str],
    labels: list[Labelled],
    heading: frozenset[int],
    cast: Cast,
    begins: Mapping[int, Entry],
    moment: Moment | None,
) -> Iterator[Turn]:
    label, said = "", list[str]()
    for number, line in enumerate(lines):
        if number in begins:
            if said:
                yield Turn(label, "\n".join(said), moment)
            label, said, moment = "", [], begins[number].moment
        if number in heading:
            continue
        found = labels[number]
        if found and is_turn(found, cast):
            if said:
                yield Turn(label, "\n".join(said), moment)
            label, said = found[0], []
            line = found[1]
        elif sum(map(len, said)) > TURN:
            yield Turn(label, "\n".join(said), moment)
            said = []
        if (text := without_stamps(line)) and not is_sound(text):
            said.append(text)
    if said:
        yield Turn(label, "\n".join(said), moment)


def paragraphs_of(
    paragraphs: list[str],
    skipped: frozenset[int],
    begins: Mapping[int, Entry],
    hours: frozenset[int],
    moment: Moment | None,
) -> Iterator[Turn]:
    messages = all(entry.style == "chat" for entry in begins.values())
    messages = messages and skipped.issuperset(range(min(begins, default=0)))
    number, label, day = -1, "", moment
    for paragraph in paragraphs:
        kept: list[str] = []
        if label and not messages:
            label, moment = "", day  # under messages that were pasted the entry goes on
        for line in paragraph.split("\n"):
            if not line.strip():
                continue
            number += 1
            if entry := begins.get(number):
                if kept:
                    yield Turn(label, "\n".join(kept), moment)
                label, moment = entry.label, entry.moment
                day = day if label else moment
                kept = [entry.rest] if entry.rest else []
            elif number not in skipped:
                if kept and number in hours:
                    yield Turn(label, "\n".join(kept), moment)
                    kept = []
                kept.append(line.strip())
        if kept:
            yield Turn(label, "\n".join(kept), moment)

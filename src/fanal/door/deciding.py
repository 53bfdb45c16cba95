"""What people decided on a text that waits: what is masked, kept, or still to be looked at.

Decisions are folded over what the door proposed, in their order: the last one on a place holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from fanal.door import identifiers
from fanal.door.candidates import candidates
from fanal.door.desk import Act, Review, Turn
from fanal.door.normalise import clean, fold
from fanal.door.recognisers.names import roster
from fanal.door.spans import Span, merge, overlapping

LIKELY = 0.5  # from which what is in question is likely to be somebody
MASK, KEEP, MAYBE = "mask", "keep", "maybe"
_ORDER = {MAYBE: 0, MASK: 1, KEEP: 2}


class Mark(NamedTuple):
    """A stretch of a turn that is masked, kept or in question."""

    start: int
    stop: int
    kind: str  # class of what stands for it
    state: str
    why: str = ""  # of what is in question
    score: float = 0.0


class Place(NamedTuple):
    """Where a mark stands."""

    turn: int
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Subject:
    """What is decided at once: a text in one state, wherever it stands."""

    text: str
    state: str
    kind: str
    why: str
    score: float
    places: tuple[Place, ...]


@dataclass(slots=True)
class _Folded:
    """The turns while decisions are laid over them."""

    texts: list[str]  # folded
    masks: list[list[Span]]
    kept: list[list[Span]]

    def lay(self, act: Act) -> None:
        for turn, found in self.found(act):
            if act.do == KEEP:
                self._keep(turn, found, whole=act.here is None)
            else:
                self.masks[turn] = merge([*self.masks[turn], *found])
                self.kept[turn] = [k for k in self.kept[turn] if not overlapping(k, found)]

    def found(self, act: Act) -> Iterator[tuple[int, list[Span]]]:
        if act.here is not None:
            turn, start, stop = act.here
            yield turn, [Span(start, stop, act.kind)]
            return
        wanted = _pattern(act.text)
        for turn, text in enumerate(self.texts):
            found = [Span(m.start(), m.end(), act.kind) for m in wanted.finditer(text)]
            if act.do == "person":
                given = roster.given(text, [act.text])
                found = merge([*found, *(span._replace(kind=act.kind) for span in given)])
            if found:
                yield turn, found

    def _keep(self, turn: int, found: list[Span], *, whole: bool) -> None:
        """Take masks off these places; of a text, only masks of that text alone."""
        text = self.texts[turn]
        for span in found:
            said = text[span.start : span.stop]
            gone = [
                mask for mask in self.masks[turn]
                if overlapping(mask, [span]) and (not whole or text[mask.start : mask.stop] == said)
            ]  # fmt: skip
            self.masks[turn] = [mask for mask in self.masks[turn] if mask not in gone]
            if not overlapping(span, self.masks[turn]):
                self.kept[turn] = merge([*self.kept[turn], span._replace(kind="")])


def _pattern(text: str) -> re.Pattern[str]:
    """Return the pattern of a text as whole words, whatever its capitals, accents and blanks."""
    words = r"\s+".join(map(re.escape, fold(clean(text)[0]).split()))
    return re.compile(rf"(?:(?<!\w)|(?!\w)){words}(?:(?!\w)|(?<!\w))" if words else r"(?!)")


def widened(text: str, start: int, stop: int) -> tuple[int, int]:
    """Return a stretch that a person chose with the words that it cuts, without blanks around it.

    Where it holds nothing, start and stop are the same.
    """
    start, stop = max(0, start), min(len(text), stop)
    while start < stop and text[start].isspace():
        start += 1
    while stop > start and text[stop - 1].isspace():
        stop -= 1
    if start == stop:
        return start, start
    while start and text[start].isalnum() and text[start - 1].isalnum():
        start -= 1
    while stop < len(text) and text[stop - 1].isalnum() and text[stop].isalnum():
        stop += 1
    return start, stop


def _folded(review: Review) -> _Folded:
    texts = [fold(turn.raw.text) for turn in review.turns]
    laid = _Folded(texts, [list(t.proposed) for t in review.turns], [[] for _ in texts])
    for act in review.acts:
        laid.lay(act)
    return laid


def stands(review: Review, act: Act) -> bool:
    """Say whether what a person decided on stands in what waits."""
    texts = [fold(turn.raw.text) for turn in review.turns]
    laid = _Folded(texts, [[] for _ in texts], [[] for _ in texts])
    return act.here is not None or any(True for _ in laid.found(act))


def speaker(turn: Turn) -> str:
    """Return who speaks, as the file says it, without the name of the file."""
    return (turn.raw.author or "").rpartition(": ")[2]


def marks(review: Review) -> list[list[Mark]]:
    """Return what stands in each turn, in order and apart."""
    laid = _folded(review)
    people = set(review.people)
    people |= {act.text for act in review.acts if act.do == "person"}
    for turn, spans in zip(review.turns, laid.masks, strict=True):
        people |= {turn.raw.text[s.start : s.stop] for s in spans if s.kind.startswith("name")}
    out = []
    for turn, masks, kept in zip(review.turns, laid.masks, laid.kept, strict=True):
        settled = [
            *(Mark(*span, state=MASK) for span in masks),
            *(Mark(*span, state=KEEP) for span in kept),
        ]
        maybe = candidates(hidden(turn.raw.text, settled), people, turn.believed)
        out.append([*settled, *(Mark(*one[:3], MAYBE, *one[3:]) for one in maybe)])
    return [sorted(line) for line in _everywhere(laid.texts, out)]


def _everywhere(texts: Sequence[str], marked: list[list[Mark]]) -> list[list[Mark]]:
    """Return marks with what is in question once in question wherever it stands."""
    asked: dict[str, Mark] = {}
    for text, line in zip(texts, marked, strict=True):
        for mark in line:
            said = text[mark.start : mark.stop]
            if (
                mark.state == MAYBE
                and mark.score > asked.get(said, mark._replace(score=LIKELY)).score
            ):
                asked[said] = mark
    for said, mark in sorted(asked.items(), key=lambda one: -one[1].score):
        wanted = _pattern(said)
        for text, line in zip(texts, marked, strict=True):
            for match in wanted.finditer(text) if said in text else ():
                start, stop = match.span()
                if not any(start < other.stop and other.start < stop for other in line):
                    line.append(mark._replace(start=start, stop=stop))
    return marked


def hidden(text: str, spans: Sequence[Mark | Span]) -> str:
    """Return a text in which nobody reads these stretches."""
    for span in spans:
        text = text[: span.start] + "\x01" * (span.stop - span.start) + text[span.stop :]
    return text


def subjects(review: Review, marked: Sequence[Sequence[Mark]]) -> list[Subject]:
    """Return what is to be decided, the likeliest first; then what is masked and what is kept."""
    found: dict[tuple[str, str], list[tuple[Place, Mark]]] = {}
    for number, (turn, line) in enumerate(zip(review.turns, marked, strict=True)):
        for mark in line:
            said = " ".join(fold(turn.raw.text[mark.start : mark.stop]).split())
            place = Place(number, mark.start, mark.stop)
            found.setdefault((mark.state, said), []).append((place, mark))
    out = []
    for (state, _), held in found.items():
        place, first = max(held, key=lambda one: one[1].score)
        text = review.turns[place.turn].raw.text[place.start : place.stop]
        places = tuple(place for place, _ in held)
        out.append(Subject(text, state, first.kind, first.why, first.score, places))
    return sorted(out, key=lambda s: (_ORDER[s.state], -s.score, -len(s.places), s.places[0]))


@dataclass(frozen=True, slots=True, repr=False)
class Decided:
    """What would be stored of a review now."""

    texts: list[str]
    doubts: list[str]  # why a turn stays outside; "" where it is stored
    masks: int
    kept: int


def decided(review: Review) -> Decided:
    """Return the texts as they are stored once they are confirmed.

    What the door is in doubt of stays outside until a person masks it or says that it stays.
    """
    laid = _folded(review)
    texts, doubts = [], []
    for turn, masks, kept in zip(review.turns, laid.masks, laid.kept, strict=True):
        texts.append(identifiers.mask(turn.raw.text, masks))
        seen = identifiers.mask(hidden(turn.raw.text, kept), masks)
        doubts.append(identifiers.residual_risk(seen))
    return Decided(texts, doubts, sum(map(len, laid.masks)), sum(map(len, laid.kept)))

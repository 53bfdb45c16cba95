"""A second opinion on who is meant, learned from written examples (`gold/`, `make train`).

Rules see what they list; how a sentence treats a word tells more: "Prune m'a dit", "chez beber".
A conditional random field (Lafferty, McCallum and Pereira 2001; CRFsuite) reads each word with what
stands around it, and what the recognisers found is one fact among others: of names, handles,
addresses, roles and numbers of files it decides. `card.md` says what it was trained on and how well
it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import pycrfsuite

from fanal.door.spans import Span, overlapping
from fanal.door.tagger.features import DECIDED, features, rules
from fanal.door.tagger.words import Word, read

__all__ = [
    "AGREES",
    "CUT",
    "DECIDED",
    "OUTSIDE",
    "Opinion",
    "decided",
    "opened",
    "opinions",
    "weights",
]

OUTSIDE = "O"
CUT = 0.2  # of a word: how probable it must be that it identifies somebody
AGREES = 0.05  # where a recogniser says so too
_NOBODY: Mapping[int, Sequence[Span]] = {}
_JOINING = ("'", "’", "-")
_BETWEEN = frozenset(["et", "ou", "and", "or", "avec", *',;:!?…()[]«»"'])


class Opinion(NamedTuple):
    """A stretch that may identify somebody, and how probable that is: that of its surest word."""

    span: Span
    probability: float


@cache
def weights() -> Any:
    """Return the weights that ship."""
    return opened(str(files(__package__).joinpath("door.crfsuite")))


def opened(path: str) -> Any:
    """Return the weights of a file."""
    tagger = pycrfsuite.Tagger()
    tagger.open(path)
    return tagger


def opinions(
    texts: Sequence[str],
    found: Mapping[int, Sequence[Span]],
    least: float = AGREES,
    nobody: Mapping[int, Sequence[Span]] = _NOBODY,
) -> Iterator[list[Opinion]]:
    """Yield for each clean text what may identify somebody, with at least this probability.

    `found` is what the recognisers found in a text, by its place, and `nobody` what is nobody:
    nothing is said of it, or where it has a `kind`, not that it is all of one of that.
    """
    for index, words in enumerate(read(texts)):
        hidden = nobody.get(index, ())
        ruled = rules(words, found.get(index, ()))
        probable = _probabilities(texts[index], words, ruled)
        nothing = [span for span in hidden if not span.kind]
        for word, labels in zip(words, probable, strict=True) if nothing else ():
            if _is_of(word, nothing):
                labels.update(dict.fromkeys(labels, 0.0) | {OUTSIDE: 1.0})
        said = _opinions(words, probable, least)
        yield [one for one in said if not _is_nobody(one.span, words, hidden)]


def _is_nobody(span: Span, words: Sequence[Word], hidden: Sequence[Span]) -> bool:
    """Say whether a stretch, or each word of it, is of what is not of its class.

    Letters are initials: they are nobody's only where a whole is. Signs alone are nobody.
    """
    barred = [one for one in hidden if one.kind == span.kind]
    if any(one.start <= span.start and span.stop <= one.stop for one in barred):
        return True
    inside = [word for word in words if _is_of(word, [span])]
    return all(
        (len(word.folded) > 1 and _is_of(word, barred)) or word.folded in _JOINING
        for word in inside
    ) or not any(word.folded.isalnum() for word in inside)


def _is_of(word: Word, spans: Iterable[Span]) -> bool:
    return any(word.start < span.stop and span.start < word.stop for span in spans)


def _probabilities(text: str, words: list[Word], ruled: Sequence[str]) -> list[dict[str, float]]:
    if not words:
        return []
    tagger = weights()
    tagger.set(features(text, words, ruled))
    labels = tagger.labels()
    return [{label: tagger.marginal(label, at) for label in labels} for at in range(len(words))]


def _opinions(
    words: Sequence[Word], probable: Sequence[Mapping[str, float]], least: float
) -> Iterator[Opinion]:
    """Yield stretches of words of one class, each word probable enough."""
    run: list[tuple[Word, float]] = []
    kind = ""
    for word, labels in zip(words, probable, strict=True):
        somebody = 1 - labels[OUTSIDE]
        meant = ""
        if somebody >= least:
            meant = max((label for label in labels if label != OUTSIDE), key=labels.__getitem__)
        if meant == "name" and _ends(word, run):
            meant = ""
        if run and meant != kind:
            yield _opinion(run, kind)
            run = []
        if meant:
            run.append((word, somebody))
        kind = meant
    if run:
        yield _opinion(run, kind)


def _ends(word: Word, run: Sequence[tuple[Word, float]]) -> bool:
    """Say whether a name ends before a word: "Léa et Noé", "chez Léa. Noé", but "J. Martin"."""
    if word.written == ".":
        return not run or len(run[-1][0].written) > len("St")
    return word.folded in _BETWEEN


def _opinion(run: Sequence[tuple[Word, float]], kind: str) -> Opinion:
    span = Span(run[0][0].start, run[-1][0].stop, kind)
    return Opinion(span, max(probability for _, probability in run))


def decided(
    doubtful: Sequence[Span], said: Sequence[Opinion], cut: float = CUT
) -> tuple[list[Span], list[Span]]:
    """Return what is masked of what recognisers doubt and the tagger said, and what is not.

    What the tagger finds possible too stays, as wide as either says; what it alone says must be
    probable.
    """
    kept = [one.span for one in said if one.probability >= cut or overlapping(one.span, doubtful)]
    left: list[Span] = []
    for span in doubtful:
        (kept if overlapping(span, [one.span for one in said]) else left).append(span)
    return kept, left

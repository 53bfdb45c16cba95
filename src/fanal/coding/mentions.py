"""Which names in one document are mentions of substances, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fanal.coding.facts import CUT
from fanal.coding.folding import fold
from fanal.coding.vocabulary import Vocabulary

_PLAIN = 0.9  # a name whose own confidence is as high speaks for its neighbours
_PLACEHOLDER = re.compile(r"\[[a-z-]+(?::[^\]\s]*)?\]")
_BETWEEN = re.compile(r"[^a-z0-9 '_-]")  # may not stand between the words of a name
_CYRILLIC_OR_GREEK = re.compile("[Ͱ-ԯ]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_DISGUISED_PLAIN = 0.85
_FAMILY = 0.85


class Candidate(NamedTuple):
    """A name where it stands; `alias` −1 is a phrase that is never a substance."""

    start: int
    stop: int
    alias: int
    disguised: bool = False
    family: int = -1


class Named(NamedTuple):
    """A candidate that stayed, with its substance, its confidence and what led to it."""

    start: int
    stop: int
    substance: str
    confidence: float
    ambiguous: bool
    rule: str


Cue = tuple[int, int, int]  # start, stop, number of the context rule


def resolve(
    vocabulary: Vocabulary,
    text: str,
    folded: str,
    language: str | None,
    candidates: Iterable[Candidate],
    cues: Sequence[Cue],
) -> list[Named]:
    """Return the mentions of a document by start; none overlaps another."""
    chosen = _without_overlaps(vocabulary, text, folded, language, candidates)
    plain = [c for c in chosen if _own(vocabulary, c) >= _PLAIN or c.family >= 0]
    found = []
    for candidate in chosen:
        if candidate.family >= 0:
            family = vocabulary.thesaurus.families[candidate.family]
            rule = f"family {family.pattern}"
            found.append(Named(*candidate[:2], family.substance, _FAMILY, False, rule))
            continue
        confidence, why = _score(vocabulary, candidate, chosen, plain, cues, language)
        alias = vocabulary.aliases[candidate.alias]
        if confidence >= vocabulary.contexts.keep:
            ambiguous = alias.ambiguity != "plain"
            rule = f"{alias.alias} ({', '.join(why)})" if why else alias.alias
            span = candidate[:2]
            found.append(Named(*span, alias.substance, confidence, ambiguous, rule))
    return found


def _own(vocabulary: Vocabulary, candidate: Candidate) -> float:
    return float(vocabulary.base[candidate.alias]) if candidate.alias >= 0 else 0.0


def _without_overlaps(
    vocabulary: Vocabulary,
    text: str,
    folded: str,
    language: str | None,
    candidates: Iterable[Candidate],
) -> list[Candidate]:
    """Keep the longest names; of one span, what is never a substance, then the likeliest name."""

    def order(candidate: Candidate) -> tuple[float, ...]:
        own = _own(vocabulary, candidate)
        if candidate.alias >= 0:
            own -= 0.2 * _foreign(vocabulary.aliases[candidate.alias].language, language)
        never = candidate.alias < 0 and candidate.family < 0
        length = candidate.stop - candidate.start
        return (-length, not never, candidate.disguised, -own, candidate.alias)

    candidates = list(candidates)
    for match in vocabulary.contexts.silent_pattern.finditer(folded):
        candidates.append(Candidate(*match.span(), -1))
    holes = [m.span() for m in _PLACEHOLDER.finditer(text)] if "[" in text else []
    taken: list[tuple[int, int]] = list(holes)
    chosen = []
    for candidate in sorted(candidates, key=order):
        start, stop = candidate[:2]
        if any(start < b and stop > a for a, b in taken):
            continue
        if not _sound(vocabulary, text, folded, candidate):
            continue
        taken.append((start, stop))
        if candidate.alias >= 0 or candidate.family >= 0:
            chosen.append(candidate)
    return sorted(chosen)


def _sound(vocabulary: Vocabulary, text: str, folded: str, candidate: Candidate) -> bool:
    """Say whether the span reads as one name, in the alphabet of the text around it."""
    span = folded[candidate.start : candidate.stop]
    if candidate.alias >= 0 and not candidate.disguised:
        name = vocabulary.aliases[candidate.alias].alias
        if any(c not in name and not c.isalpha() for c in _BETWEEN.findall(span) if span[0] <= "z"):
            return False
    if not span.isascii() or text[candidate.start : candidate.stop] != span:
        original = text[candidate.start : candidate.stop]
        if _CYRILLIC_OR_GREEK.search(original) and not _LATIN.search(original):
            # "со" in a Russian sentence is a word of that sentence.
            outside = text[: candidate.start] + text[candidate.stop :]
            return not any(fold(c) == c.lower() for c in _CYRILLIC_OR_GREEK.findall(outside))
    return True


def _foreign(language: str, of_text: str | None) -> bool:
    return of_text in ("fr", "en") and language in ("fr", "en") and language != of_text


def _score(
    vocabulary: Vocabulary,
    candidate: Candidate,
    chosen: Sequence[Candidate],
    plain: Sequence[Candidate],
    cues: Sequence[Cue],
    language: str | None,
) -> tuple[float, list[str]]:
    """Return the confidence of a name, and the names of the rules that moved it."""
    alias = vocabulary.aliases[candidate.alias]
    score = float(vocabulary.base[candidate.alias])
    if candidate.disguised and score >= _PLAIN:
        score = _DISGUISED_PLAIN
    why: list[str] = []
    covering = vocabulary.rules_of[candidate.alias]
    if not covering:
        return score, why
    near: set[int] = set()
    for start, stop, number in cues:
        if number in covering and number not in near:
            gap = _gap(candidate, start, stop)
            within = vocabulary.contexts.rules[number].near
            if gap >= 0 and (not within or gap <= within):
                near.add(number)
    for number in covering:
        rule = vocabulary.contexts.rules[number]
        if rule.when == "plain mention":
            fires = _beside(candidate, plain, rule.near)
        elif rule.when == "ambiguous mention":
            fires = _beside(candidate, [c for c in chosen if c not in plain], rule.near)
        elif rule.when == "disguised":
            fires = candidate.disguised
        elif rule.when == "other language":
            fires = _foreign(alias.language, language)
        else:
            fires = number in near
        if fires:
            score += rule.adds
            why.append(rule.name)
    return round(min(max(score, 0.0), 0.98), 2), why


def _gap(candidate: Candidate, start: int, stop: int) -> int:
    """Return how many characters part two spans; negative where they overlap."""
    return max(start - candidate.stop, candidate.start - stop, -1)


def _beside(candidate: Candidate, others: Iterable[Candidate], near: int) -> bool:
    return any(
        other is not candidate
        and 0 <= _gap(candidate, other.start, other.stop) <= (near or 1 << 30)
        for other in others
    )


def counted(named: Iterable[Named]) -> list[Named]:
    """Return the mentions above the cut."""
    return [mention for mention in named if mention.confidence >= CUT]

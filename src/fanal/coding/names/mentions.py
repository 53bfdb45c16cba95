"""Which names in one document are mentions of substances, and how sure that is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from fanal.coding.facts import CUT
from fanal.coding.names.contexts import Rule
from fanal.coding.names.vocabulary import SPOKEN, SURE, Vocabulary, foreign
from fanal.text.folding import fold

_PLACEHOLDER = re.compile(r"\[[a-z-]+(?::[^\]\s]*)?\]")
_BETWEEN = re.compile(r"[^a-z0-9 '_-]")  # may not stand between the words of a name
_CYRILLIC_OR_GREEK = re.compile("[Ͱ-ԯ]")
_LATIN = re.compile("[A-Za-zÀ-ɏ]")
_DISGUISED_PLAIN = 85
_FAMILY = 85
_SUREST = 98


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


_STREET = 35  # the same for a name in one list with it
_WINDOW = 48  # characters that a `before` or `after` may span
_LINE, _COMMA = 12, 3  # what a line end and a comma count for in a distance
_LISTED = re.compile(
    r"\s*(?:[,/+&|•·;#-]|et|ou|and|or|puis|\n)\s*(?:(?:de |des |du |d.|la |le |l.)+)?"
)
_WRITTEN = re.compile(r"[\w\n]")
_BESIDE = re.compile(r" ?-?(?:en |de |d.|of )?")

HEARD = 40  # hundredths: a substance that a phrase of the trade makes likely enough

Cue = tuple[int, int, int]  # start, stop, number of the context rule


def resolve(
    vocabulary: Vocabulary,
    text: str,
    folded: str,
    language: str | None,
    candidates: Iterable[Candidate],
    cues: Iterable[Cue],
    asked: bool = False,
) -> list[Named]:
    """Return the mentions of a document by start; none overlaps another.

    `asked`: it is an interview or field notes, which are about drugs.
    Names from `HEARD` on: too weak to be written down below `keep`, but practices hear them.
    """
    chosen = _without_overlaps(vocabulary, text, folded, language, candidates)
    surroundings = Surroundings(vocabulary, folded, chosen, cues, asked)
    found: list[Named] = []
    for candidate in sorted(chosen, key=lambda c: _is_sign(folded, c)):
        if candidate.family >= 0:
            family = vocabulary.thesaurus.families[candidate.family]
            rule = f"family {family.pattern}"
            found.append(Named(*candidate[:2], family.substance, _FAMILY / 100, False, rule))
            continue
        score, why = _score(vocabulary, candidate, folded, surroundings, language)
        alias = vocabulary.aliases[candidate.alias]
        if score >= HEARD:
            confidence = min(score, _SUREST) / 100
            ambiguous = _own(vocabulary, candidate) < SURE
            rule = f"{alias.alias} ({', '.join(why)})" if why else alias.alias
            span = candidate[:2]
            name = Named(*span, alias.substance, confidence, ambiguous, rule)
            found.append(name)
            if confidence >= CUT and not _is_sign(folded, candidate):
                surroundings.named.append(name)
    return sorted(found)


def _is_sign(folded: str, candidate: Candidate) -> bool:
    return candidate.family < 0 and not folded[candidate.start].isalnum()


def _own(vocabulary: Vocabulary, candidate: Candidate) -> int:
    return vocabulary.own[candidate.alias] if candidate.alias >= 0 else 0


def _without_overlaps(
    vocabulary: Vocabulary,
    text: str,
    folded: str,
    language: str | None,
    candidates: Iterable[Candidate],
) -> list[Candidate]:
    """Keep the longest names; of one span, what is never a substance, then the likeliest name."""

    rank = vocabulary.rank[language if language in SPOKEN else None]
    candidates = list(candidates)
    for match in vocabulary.contexts.silent_pattern.finditer(folded):
        start, stop = match.span(match.lastindex or 0)
        candidates.append(Candidate(start, stop, -1))
    ordered = sorted([(_order(c, rank), n) for n, c in enumerate(candidates)])
    holes = [m.span() for m in _PLACEHOLDER.finditer(text)] if "[" in text else []
    taken = bytearray(len(folded))
    for start, stop in holes:
        taken[start:stop] = b"x" * (stop - start)
    chosen = []
    for _, number in ordered:
        candidate = candidates[number]
        start, stop = candidate.start, candidate.stop
        if taken.find(b"x", start, stop) >= 0:
            continue
        if not _sound(vocabulary, text, folded, candidate):
            continue
        taken[start:stop] = b"x" * (stop - start)
        if candidate.alias >= 0 or candidate.family >= 0:
            chosen.append(candidate)
    return sorted(chosen)


def _order(candidate: Candidate, rank: list[int]) -> int:
    """Return one number to order candidates by: length, then kind, then how likely the name is."""
    start, stop, alias, disguised, family = candidate
    if alias >= 0:
        kind = (1 if disguised else 2) << 22 | rank[alias]
    else:
        kind = (3 << 22) if family >= 0 else 0
    return kind - ((stop - start) << 25)


def _sound(vocabulary: Vocabulary, text: str, folded: str, candidate: Candidate) -> bool:
    """Say whether the span reads as one name, in the alphabet of the text around it."""
    original = text[candidate.start : candidate.stop]
    if original.isascii() and original.isalnum():
        return True
    span = folded[candidate.start : candidate.stop]
    if candidate.alias >= 0 and not candidate.disguised:
        name = vocabulary.aliases[candidate.alias].alias
        if any(c not in name and not c.isalpha() for c in _BETWEEN.findall(span) if span[0] <= "z"):
            return False
    if _CYRILLIC_OR_GREEK.search(original) and not _LATIN.search(original):
        # "со" in a Russian sentence is a word of that sentence.
        outside = text[: candidate.start] + text[candidate.stop :]
        return not any(fold(c) == c.lower() for c in _CYRILLIC_OR_GREEK.findall(outside))
    return True


def _score(
    vocabulary: Vocabulary,
    candidate: Candidate,
    folded: str,
    surroundings: Surroundings,
    language: str | None,
) -> tuple[int, list[str]]:
    """Return how sure a name is, in hundredths, and the names of the rules that moved it."""
    score = vocabulary.own[candidate.alias]
    if candidate.disguised and score >= SURE:
        score = _DISGUISED_PLAIN
    why: list[str] = []
    said = surroundings.spans
    may: list[tuple[int, Rule]] = []
    left = 0  # what the rules that are not tried yet may add
    for step in vocabulary.rules_of[candidate.alias]:
        number, rule = step
        if rule.asked and not surroundings.asked:
            continue
        if not rule.words or number in said:
            may.append(step)
            if rule.adds > 0:
                left += rule.adds
    start, stop = candidate.start, candidate.stop
    for number, rule in may:
        if score + left < HEARD:  # whatever else fires, nobody would hear it
            return 0, why
        if rule.adds > 0:
            left -= rule.adds
        if not rule.when:
            if rule.before is not None:
                fires = rule.before.search(folded, max(0, start - _WINDOW), start) is not None
            elif rule.after is not None:
                fires = rule.after.match(folded, stop, stop + _WINDOW) is not None
            else:
                fires = surroundings.near(number, rule, candidate)
        elif rule.when == "disguised":
            fires = candidate.disguised
        elif rule.when == "other language":
            fires = foreign(vocabulary.aliases[candidate.alias].language, language)
        else:
            fires = surroundings.related(rule, candidate)
        if fires:
            score += rule.adds
            why.append(rule.name)
    return score, why


class Surroundings:
    """What stands around the names of one document: other names and the words of rules."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        folded: str,
        chosen: Sequence[Candidate],
        cues: Iterable[Cue],
        asked: bool = False,
    ) -> None:
        self.asked = asked
        self._folded = folded
        self._aliases = vocabulary.aliases
        self.named: list[Named] = []  # the words that stayed: known when signs are weighed
        self._names = [(c, _own(vocabulary, c) if c.family < 0 else _FAMILY) for c in chosen]
        self.spans: dict[int, list[tuple[int, int]]] = {}
        for start, stop, number in cues:
            self.spans.setdefault(number, []).append((start, stop))

    def near(self, number: int, rule: Rule, candidate: Candidate) -> bool:
        """Say whether a word or the regular expression of a rule stands near a name."""
        if rule.regex and number not in self.spans:
            self.spans[number] = [m.span() for m in rule.regex.finditer(self._folded)]
        for start, stop in self.spans.get(number, ()):
            if self._within(candidate, start, stop, rule.near):
                return True
        return False

    def related(self, rule: Rule, candidate: Candidate) -> bool:
        """Say whether another name stands to a name as the rule says."""
        if rule.when == "sign of another":
            return self._decorates(candidate)
        if rule.when == "its picture beside it":
            return self._pictured(candidate)
        least = SURE if rule.when == "plain mention" else _STREET
        for other, own in self._names:
            if other is candidate or own < least:
                continue
            between = self._between(candidate, other.start, other.stop)
            if between is None:
                continue
            if rule.when == "plain mention":
                if self._within(candidate, other.start, other.stop, rule.near):
                    return True
            elif rule.when == "listed":
                if _LISTED.fullmatch(between):
                    return True
            elif _BESIDE.fullmatch(between):
                return True
        return False

    def _decorates(self, sign: Candidate) -> bool:
        """Say whether a word of the line of a sign names another substance than the sign."""
        substance = self._aliases[sign.alias].substance
        return any(
            name.substance != substance
            and "\n" not in (self._between(sign, name.start, name.stop) or "")
            for name in self.named
        )

    def _pictured(self, name: Candidate) -> bool:
        """Say whether a picture of the same substance frames a word, nothing written between."""
        substance = self._aliases[name.alias].substance
        return not _is_sign(self._folded, name) and any(
            _is_sign(self._folded, other)
            and self._aliases[other.alias].substance == substance
            and (between := self._between(name, other.start, other.stop)) is not None
            and _WRITTEN.search(between) is None
            for other, _ in self._names
        )

    def _between(self, candidate: Candidate, start: int, stop: int) -> str | None:
        """Return the text that parts two spans; None where they overlap."""
        if start >= candidate.stop:
            return self._folded[candidate.stop : start]
        if stop <= candidate.start:
            return self._folded[stop : candidate.start]
        return None

    def _within(self, candidate: Candidate, start: int, stop: int, near: int) -> bool:
        left, right = candidate.stop, start  # the text that parts the two
        if right < left:
            left, right = stop, candidate.start
        gap = right - left
        if gap < 0 or (near and gap > near):
            return False
        if not near:
            return True
        folded = self._folded
        gap += _LINE * folded.count("\n", left, right) + _COMMA * folded.count(",", left, right)
        return gap <= near

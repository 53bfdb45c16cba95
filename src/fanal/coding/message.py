"""One document from the hits of the scan to its facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from fanal.coding.facts import Fact, Hit, Mention
from fanal.coding.names.mentions import Candidate, Named, resolve
from fanal.coding.names.vocabulary import ALIAS, COMPOUND, CUE, FAMILY, SILENT, VETO, Vocabulary
from fanal.coding.negation import ENDS, Denials
from fanal.coding.offers import grammar
from fanal.text import languages
from fanal.text.folding import fold

SERVED = ("delivery area", "point")  # roles of a place that is not one where it is denied
COMPOUNDING = ("de", "nl")  # languages that write two nouns as one word
NEAR = 40  # code points before a substance in which something else is what is denied
HEADS = re.compile(r" ?: ?")  # between a class and what is of it
BESIDE = 20  # code points between a substance and what is asked for it
# "pas 60 € mais 50 €": the sum is denied, not what it is for
CORRECTED = re.compile(
    r"[^.!?\n]{0,12}\d[^.!?\n]{0,25}? (?:mais|plutot|sondern|but|sino|maar)(?: \w+)?"
    r" (?:[£$€] ?\d|\d[\d.,]* ?(?:[£$€]|e(?!\w)|eu|balles|quid|pounds|chf|franken))"
)


def read(
    vocabulary: Vocabulary,
    text: str,
    hits: Iterable[tuple[int, int, int]],
    spoken: str | None,
    country: str | None,
    offer: bool,
    mentions_only: bool,
    home: Sequence[str] = (),
    asked: bool = False,
) -> list[Fact]:
    """Return the facts of one document, by start.

    `offer`: it has the cue of one; `home`: the areas that its site lies in; `asked`: somebody was
    asked about drugs, or noted it.
    """
    folded = fold(text)
    candidates: list[Candidate] = []
    cues: list[tuple[int, int, int]] = []
    scheme: list[Hit] = []
    for start, stop, term in hits:
        if term < 0:
            names = vocabulary.names[-1 - term]
            candidates += [
                Candidate(start, stop, alias, True) for alias in vocabulary.first_alias[names]
            ]
            continue
        role, which = vocabulary.meaning[term]
        if role == ALIAS:
            candidates.append(Candidate(start, stop, which))
        elif role == SILENT:
            candidates.append(Candidate(start, stop, -1))
        elif role in (CUE, VETO):
            if which >= 0:
                cues.append((start, stop, which))
        elif role == FAMILY and which == COMPOUND:
            candidates += _compound(vocabulary, folded, stop, spoken)
        elif role == FAMILY:
            candidates += _family(vocabulary, folded, stop, which)
        else:
            scheme.append(Hit(start, stop, vocabulary.matcher.terms[term]))
    if (candidates or scheme) and spoken is None:
        [spoken] = languages.vote([folded])
    named = []
    if candidates:
        named = resolve(vocabulary, text, folded, spoken, candidates, cues, asked)
    kept = [name for name in named if name.confidence >= vocabulary.contexts.keep / 100]
    kept = [*_without_classes(vocabulary, folded, kept)]
    denials = Denials(folded)
    places = vocabulary.gazetteer.names
    others = [hit for hit in scheme if hit.term not in places]
    facts = [_mention(folded, mention, others, denials) for mention in kept]
    if mentions_only:
        return facts
    mentions = [Mention(*mention[:5]) for mention in kept]
    if offer or (mentions and grammar.NUMBER.search(folded)):
        found = grammar.read(text, folded, mentions, country)
        facts += [fact for fact in found if not _is_denied(folded, fact, mentions, denials)]
    if scheme:
        if len(named) > len(kept):
            mentions = [Mention(*mention[:5]) for mention in named]
        facts += vocabulary.practices.read(folded, scheme, mentions, spoken, denials, asked)
        facts += vocabulary.platforms.read(folded, scheme, mentions, denials)
        facts += [
            fact
            for fact in vocabulary.gazetteer.read(folded, scheme, mentions, text, spoken, home)
            if fact.fields["role"] not in SERVED or not denials.cover(fact.start, fact.stop)
        ]
    return sorted(facts, key=lambda fact: (fact.start, fact.stop, fact.kind))


def _without_classes(vocabulary: Vocabulary, folded: str, kept: Sequence[Named]) -> Iterator[Named]:
    """Yield the names but those that only say of what kind the next one is: "cathinone: 4-MMC"."""
    known = vocabulary.thesaurus
    for name, following in zip_longest(kept, kept[1:]):
        if following is not None and HEADS.fullmatch(folded, name.stop, following.start):
            head, under = (known.substances.get(n.substance) for n in (name, following))
            above = head and not head.cas and head.id in known.ancestors(following.substance)
            if above or (under and name.substance + "s" == under.klass):
                continue
        yield name


def _mention(folded: str, named: Named, others: Iterable[Hit], denials: Denials) -> Fact:
    """Return a mention; of "pas de livraison de coke" it is the delivery that is denied."""
    fields = {"substance": named.substance}
    if (
        denials.cover(named.start, named.stop)
        and not CORRECTED.match(folded, named.stop)
        and not any(
            named.start - NEAR <= hit.start < named.start and denials.cover(hit.start, hit.stop)
            for hit in others
        )
    ):
        fields["role"] = "denied"
    return Fact("mention", named.start, named.stop, fields, named.confidence, named.rule)


def _is_denied(folded: str, offer: Fact, mentions: Sequence[Mention], denials: Denials) -> bool:
    """Say whether an offer is denied, by itself or with the substance right before it."""
    if denials.cover(offer.start, offer.stop):
        return True
    substance = offer.fields.get("substance")
    before = [m for m in mentions if m.stop <= offer.start and m.substance == substance][-1:]
    return any(
        offer.start - m.stop <= BESIDE
        and not ENDS.search(folded, m.stop, offer.start)
        and denials.cover(m.start, m.stop)
        for m in before
    )


def _family(vocabulary: Vocabulary, folded: str, stop: int, which: int) -> Iterator[Candidate]:
    """Yield the token that ends at `stop` if it is a name of the family."""
    start, stop = _token(folded, stop)
    token = folded[start:stop]
    family = vocabulary.thesaurus.families[which]
    if vocabulary.families[which].fullmatch(token) and token not in family.unless:
        yield Candidate(start, stop, -1, family=which)


def _compound(
    vocabulary: Vocabulary, folded: str, stop: int, spoken: str | None
) -> Iterator[Candidate]:
    """Yield the name that begins a German or Dutch word: Kokainproben, cannabisteelt."""
    if spoken is None:
        [spoken] = languages.of_texts([folded])
    start, stop = _token(folded, stop)
    if spoken in COMPOUNDING and (word := vocabulary.compound.fullmatch(folded, start, stop)):
        yield Candidate(start, word.end("name"), vocabulary.compounded[word["name"]])


def _token(folded: str, stop: int) -> tuple[int, int]:
    """Return where the token begins and ends whose end a pattern found about there."""
    stop = min(stop, len(folded))
    while stop and not folded[stop - 1].isalnum():
        stop -= 1
    start = stop
    while start and (folded[start - 1].isalnum() or folded[start - 1] == "-"):
        start -= 1
    return start, stop

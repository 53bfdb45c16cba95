"""What the money of a clause is for, before any sum is read: what is asked for no product is left.

A sum that stands in one clause with an amount, a unit or a count of something is bound to it; one
that does not is free, and what its sentence speaks of says what it is: a wage, a fee, a find. The
rules are those of `[[purpose]]`, read over the sentence with the sum in question marked in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from fanal.coding.offers import frames, rules
from fanal.coding.offers.roles import (
    BOUGHT,
    EQUALS,
    FEE,
    GOODS,
    MEASURED,
    MONEY,
    NAME,
    PILL,
    SEIZED,
    SUM,
    TIME,
    WAGES,
    WORD,
)
from fanal.coding.offers.text import Reading
from fanal.coding.offers.tokens import vocabulary

ASKED = rules.regex("[money moneys]")
APART = rules.regex("[comma open and]")  # what a clause begins behind
BESIDES = rules.regex("[comma and plus open newline end]")  # what ends it
BARE = rules.regex("[equals comma open dash at per of the one]*")  # without a word: with the last
BINDS = rules.regex("[unit pill amount] | [the for] number")
RATE, JOINED = rules.around("rate"), rules.around("joined")
HOLDING = ("with", "avec", "containing", "contenant", "mit")
PRODUCT = rules.regex("[name pill amount unit]")
CUES = rules.regex("[goods fee wages seized time bought and]")


def _of(*sums: str) -> re.Pattern[str]:
    """Return what says that a sum of these kinds is for something else."""
    purposes = rules.family("purpose").values()
    return re.compile("|".join(rule.pattern for rule in purposes if rule.of in sums))


RATES, BOUND, FREE = _of("any"), _of("any", "bound"), _of("any", "bound", "free")
HEAD, COMPOUND = rules.around("head"), rules.around("compound")
ALONE = rules.regex("[equals at dash]*")
NOUN = (WORD, FEE, WAGES, SEIZED, MEASURED, BOUGHT, TIME)  # roles that a service may have
OF_ANOTHER = frozenset(
    ("sur", "avec", "sans", "en", "par", "with", "without", "on", "by", "pour", "for")
)
THAT = (" la ", " le ", " les ", " the ", " l'")


def leave(reading: Reading, once: Mapping[int, int | None]) -> None:
    """Leave the sums that are asked for no product; of two in time the older tells it of both."""
    older = {now: old for old, now in once.items()}
    asked = [match.start() for match in ASKED.finditer(reading.roles)]
    for place in [i for i in asked if _is_for_another(reading, older.get(i, i))]:
        reading.blank(place, place + 1)


def _is_for_another(reading: Reading, place: int) -> bool:
    whole = reading.roles
    left, right = reading.sentence_at(place)
    first, bare = _clause(whole, left, place)
    ahead = BESIDES.search(whole, place + 1, right)
    if RATE.match(whole, place):
        purposes = RATES
    elif BINDS.search(whole, bare, ahead.start() if ahead else right):
        purposes = BOUND
    else:
        purposes = FREE
    marked = whole[left:place] + SUM + whole[place + 1 : right]
    if CUES.search(marked) and purposes.search(marked):
        return True
    if purposes is not FREE:
        return place > left and _is_held(reading, place)
    return (
        _is_apart(reading, place, left, right)
        or _is_had(reading, place)
        or _is_of_service(reading, place, left, first, right)
    )


def _clause(whole: str, left: int, place: int) -> tuple[int, int]:
    """Return where the clause of a sum begins, and where the one that it is bound in does.

    A clause without a word goes with the last; a sum alone ("…, 60 €") is not bound there.
    """
    behind = [left, *(match.end() for match in APART.finditer(whole, left, place))]
    last = behind[-1]
    while len(behind) > 1 and BARE.fullmatch(whole, behind[-1], place):
        behind.pop()
    return behind[-1], behind[-1] if last < place else last


def _is_apart(reading: Reading, place: int, left: int, right: int) -> bool:
    """Say whether the only sum of a text stands in a sentence away from any product."""
    near = reading.whole[max(left, place - 4) : place] + reading.whole[place + 1 : right][:3]
    if PRODUCT.search(near) or near.count(WORD) < 2 or reading.roles.count(MONEY) > 1:
        return False
    return frames.ABOUT.search(reading.whole, left, place) is None


def _is_had(reading: Reading, place: int) -> bool:
    """Say whether a sum is what somebody has, lacks, owes or must spend and no price."""
    start, stop = reading.span(place, place)
    before = reading.folded[max(0, start - 100) : start]
    if rules.told("condition").search(before):
        return True
    priced = reading.folded.startswith(THAT, stop)  # "trouvé 50 € la coke"
    had = rules.told("had").search(before) or rules.told("held").search(before)
    if rules.told("police").search(before) or (had and not priced):
        return True
    return rules.told("gone").match(reading.folded, stop) is not None


def _is_held(reading: Reading, place: int) -> bool:
    """Say whether a pack holds a sum and a product, "with" both."""
    return reading.word(place - 1) in HOLDING and JOINED.match(reading.whole, place) is not None


def _is_of_service(reading: Reading, place: int, left: int, first: int, right: int) -> bool:
    """Say whether a sum is what a service or another good costs that heads its clause.

    "Consultation d'addictologie : 30 €", "stage cannabis, 250 €", "cocaine drug test £15"; not
    "Lyrica sur ordonnance 20 €". A service that opens the sentence may name the substance apart:
    "stage de sensibilisation, cannabis : 250 €".
    """
    whole = reading.whole
    for at in range(first, place):
        if whole[at] in (NAME, PILL):
            if rules.told("about").search(reading.folded, 0, reading.span(at, at)[0]):
                return True
        elif whole[at] == GOODS or _is_service(reading, at):
            lead, rest = whole[first:at], whole[at + 1 : place]
            if HEAD.fullmatch(lead):
                return not (rest.startswith(EQUALS) and _is_shelf(reading, at))
            made = reading.word(at - 1) not in OF_ANOTHER
            if made and COMPOUND.search(lead) and ALONE.fullmatch(rest):
                return True
    others = whole[left:place] + whole[place + 1 : right]
    return MONEY not in others and _is_service(reading, left)


def _is_service(reading: Reading, place: int) -> bool:
    """Say whether a sum after a word is that word's own: "consultation", "stage"."""
    return reading.whole[place] in NOUN and reading.word(place) in vocabulary().services


def _is_shelf(reading: Reading, place: int) -> bool:
    """Say whether a word stands over the goods of a kind: "ordonnance : Lyrica 5 €"."""
    return reading.word(place).rstrip("s") in ("ordonnance", "prescription")

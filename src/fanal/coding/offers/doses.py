"""Purity and strength: how much of the substance is in the product."""

from __future__ import annotations

import re

from fanal.coding.offers import rules
from fanal.coding.offers.roles import (
    AMOUNT,
    ANALYTE,
    CLAIMED,
    COMMA,
    MEASURED,
    NUMBER,
    PERCENT,
    PILL,
    UNIT,
    WORD,
)
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

PURITY = re.compile(rules.expression("purity"))
BUT = ("mais", "but", "aber", "pero", "maar", "sondern")
BESIDE = 30  # percent beside a name that may be a purity where no word says so
SMALL = ("mg", "µg")
MDMA_TABLET = 450  # mg: what one tablet may hold


def read(reading: Reading) -> list[Offer]:
    """Take the purities and the strengths."""
    return _purities(reading) + _strengths(reading)


def _purities(reading: Reading) -> list[Offer]:
    offers: list[Offer] = []
    if PERCENT not in reading.roles:
        return offers
    for match in PURITY.finditer(reading.roles):
        first, last = match.start(), match.end() - 1
        at = first + match.group().index(PERCENT)
        atom = reading.atoms[at]
        percent = reading.tokens.values[reading.amounts.places[at]]
        top = None
        if atom is not None:
            percent, top = atom.value, atom.top
        if not 0 < percent <= 100 or (match["beside"] and percent < BESIDE):
            continue
        analyte = next(
            (
                reading.tokens.values[reading.amounts.places[i]]
                for i in range(first, last + 1)
                if reading.roles[i] == ANALYTE
            ),
            None,
        )
        if _is_end(reading, at, percent):
            continue
        basis = _basis(reading, first, last)
        fields = {"percent": percent, "percent_max": top, "basis": basis, "analyte": analyte}
        offers.append(Offer("purity", first, last, "purity", fields, 0.9))
    for offer in offers:
        reading.blank(offer.first, offer.last + 1)
    return offers


def _is_end(reading: Reading, at: int, percent: float) -> bool:
    """Say whether a percentage ends a range in words that nobody knows: "40 до 75 %"."""
    atom = reading.atoms[at - 2] if reading.roles[max(0, at - 2) : at] == NUMBER + WORD else None
    return atom is not None and atom.value is not None and atom.value < percent


def _basis(reading: Reading, first: int, last: int) -> str:
    """Return whose word a purity is: by its own clause if that says it, else by its sentence.

    What stands behind a "but" is somebody else's.
    """
    left, right = reading.sentence_at(first)
    left, right = _parted(first, last, left, right, _buts(reading, left, right))
    commas = [i for i in range(left, right) if reading.whole[i] == COMMA]
    clause = _parted(first, last, left, right, commas)
    sentence = max(left, first - 8), min(right, last + 7)
    return _said_in(reading, *clause) or _said_in(reading, *sentence) or "claimed"


def _buts(reading: Reading, left: int, right: int) -> list[int]:
    return [i for i in range(left, right) if reading.word(i) in BUT]


def _parted(first: int, last: int, left: int, right: int, ends: list[int]) -> tuple[int, int]:
    """Return where the part between two ends that holds a purity begins and stops."""
    start = max((i + 1 for i in ends if i < first), default=left)
    return start, min((i for i in ends if i > last), default=right)


def _said_in(reading: Reading, left: int, right: int) -> str | None:
    """Return whose word a stretch says that a purity is, if it says it."""
    start, stop = reading.span(left, right - 1)
    said = reading.whole[left:right]
    if CLAIMED in said or rules.told("sold_as").search(reading.folded, start, stop):
        return "claimed"
    return "measured" if MEASURED in said else None


def _strengths(reading: Reading) -> list[Offer]:
    """Take "LSD 200 µg", "taz 220 mg", "30 x 1 mg": what one tablet or blotter holds."""
    offers: list[Offer] = []
    product = vocabulary().product
    for place in reading.places(AMOUNT):
        atom = reading.atoms[place]
        if atom is None or atom.value is None:
            continue
        small = atom.strength or ((atom.value, atom.unit) if atom.unit in SMALL else None)
        if small is None:
            continue
        line = reading.line(place)
        named = [m for i in line if (m := reading.mention_at(i)) is not None]
        counted = [
            unit
            for i in line
            if i != place
            and reading.whole[i] in (UNIT, PILL, AMOUNT)
            and (unit := reading.unit_at(i)) in ("tablet", "blotter", "capsule")
        ]
        forms = [product[s] for m in named if (s := reading.mentions[m].substance) in product]
        per = counted[0] if counted else forms[0] if forms else None
        if small[1] == "µg":
            per = per or "blotter"
        elif not counted and atom.strength is None and _is_powder(reading, named, small[0]):
            per = None
        if per is None:
            continue
        fields = {"amount": small[0], "unit": small[1], "per": per}
        offers.append(Offer("strength", place, place, "strength", fields, 0.85))
        if atom.strength is None:
            reading.blank(place, place + 1)
    return offers


def _is_powder(reading: Reading, named: list[int], milligrams: float) -> bool:
    """Say whether so much MDMA, said without a tablet, is a weight of powder."""
    substances = {reading.mentions[m].substance for m in named}
    return "mdma" in substances and milligrams > MDMA_TABLET

"""Amounts of product that stand by themselves."""

from __future__ import annotations

import re

from fanal.coding.offers import rules
from fanal.coding.offers.amounts import Atom
from fanal.coding.offers.roles import (
    AMOUNT,
    EQUALS,
    MONEY,
    NAME,
    NEWLINE,
    NUMBER,
    OF,
    ONE,
    OPEN,
    PILL,
)
from fanal.coding.offers.text import Offer, Reading

COUNTS = rules.family("count")
COUNT = re.compile(rules.expression("count"))
PROSE = rules.regex("[sells per the of for and at to clock time tariff was]")
OF_OTHER = rules.around("of_other")
MARK = rules.around("mark")
MARKS = (5, 10, 20)  # what a mark is out of
GOES_ON = (OF, NAME, PILL, OPEN, EQUALS)  # what follows a weight


def read(reading: Reading) -> list[Offer]:
    """Take the amounts of product that no price, bonus or strength holds."""
    offers = []
    for place in reading.places(AMOUNT):
        atom = reading.atoms[place]
        if atom is None or atom.value is None or atom.value <= 0:
            continue
        if MARK.search(reading.roles, 0, place) and atom.value in MARKS:
            continue  # "9/10 bonbonne"
        of = OF_OTHER.match(reading.whole, place)
        if of and (of["goods"] or atom.unit == "l"):
            continue  # "2 L de bière", "1 L de soda"
        fields = {"quantity": atom.value, "unit": atom.unit}
        said = reading.tokens.roles[atom.first]
        if said == ONE and _is_letter(reading, place, atom):
            continue
        sure = 0.4 if said == ONE and atom.unit in ("unit", "product") else 0.9  # "un joint"
        offers.append(Offer("quantity", place, place, "quantity", fields, sure))
    if not offers and MONEY not in reading.whole:
        offers += _counts(reading)
    return offers


def _is_letter(reading: Reading, place: int, atom: Atom) -> bool:
    """Say whether "a g" is somebody and no gram: nothing that is weighed follows."""
    start, stop = reading.tokens.starts[atom.first], reading.tokens.stops[atom.last]
    said = reading.folded[start:stop]
    return said == "a g" and reading.whole[place + 1 : place + 2] not in GOES_ON


def _counts(reading: Reading) -> list[Offer]:
    """Take a number without a unit beside a substance, in a line that is a title and no prose."""
    offers = []
    for match in COUNT.finditer(reading.roles):
        rule = match.lastgroup or ""
        place = match.start(f"n{list(COUNTS).index(rule)}")
        left = reading.roles.rfind(NEWLINE, 0, place) + 1
        right = reading.roles.find(NEWLINE, place)
        line = reading.roles[left : right if right >= 0 else None]
        atom = reading.atoms[place]
        value = atom.value if atom is not None else None
        prose = PROSE.search(line) and (value is None or value == round(value))
        if len(line) > 24 or line.count(NUMBER) > 1 or prose:
            continue
        if value is None or not 0 < value <= 10000 or 1900 <= value <= 2100:
            continue
        whole = value == round(value)
        if rule == "tail" and not whole and value > 10:
            continue
        confidence = COUNTS[rule].sure if whole else COUNTS["lead"].sure
        fields = {"quantity": value, "unit": None}
        offers.append(Offer("quantity", place, place, "count", fields, confidence))
    return offers

"""Bonuses: so much bought, so much given."""

from __future__ import annotations

import re

from fanal.coding.offers import rules
from fanal.coding.offers.roles import NUMBER, ONE, ORDINAL, UNIT
from fanal.coding.offers.text import Offer, Reading

BONUS = re.compile(rules.expression("bonus"))
CUE = rules.regex(
    "[free plus deal] | [number amount] for [number amount] | tariff of | bought .* get"
)
DELIVERY, ON, RANK = (rules.around(name) for name in ("delivery", "on_unit", "rank"))
UNSAID, SUMMED = 0.7, 0.6  # where how much is bought goes without saying; where nothing says free
ORDERS = frozenset(("commande", "commandes", "achats", "order", "orders", "purchases"))
ENGLISH = frozenset(("free", "bonus"))


def read(reading: Reading) -> list[Offer]:
    """Take the bonuses."""
    if CUE.search(reading.roles) is None:
        return []
    for match in list(DELIVERY.finditer(reading.roles)):
        at = match.lastindex or 0
        if at:
            reading.blank(match.start(at), match.end(at))
    for match in RANK.finditer(reading.roles):  # "le 5e offert" is no 5 €
        place = match.end() - 1
        if reading.word(place).isdecimal() and len(reading.word(place)) < 3:
            reading.roles = reading.roles[:place] + ORDINAL + reading.roles[place + 1 :]
    offers = []
    for match in BONUS.finditer(reading.roles):
        offer = _bonus(reading, match)
        if offer is not None:
            offers.append(offer)
    for offer in offers:
        reading.blank(offer.first, offer.last + 1)
    return offers


def _bonus(reading: Reading, match: re.Match[str]) -> Offer | None:
    """Return the bonus in one match, or nothing where it is a sum of two offers."""
    rule = match.lastgroup or ""
    places = {
        name[0]: match.start(name)
        for name, found in match.groupdict().items()
        if found and name[-1].isdigit() and name != rule
    }
    first, last = match.start(), match.end() - 1
    sure = rules.family("bonus")[rule].sure
    bare = rule in ("done", "then") and reading.roles[places["x"]] == NUMBER
    if bare and reading.word(places["x"] + 1) in ORDERS:  # "10 commandes = un pochon offert"
        return None
    bought, unit = _amount(reading, places.get("x"))
    free, free_unit = _amount(reading, places.get("y"))
    if rule == "ready":
        bought, free = reading.tokens.values[reading.amounts.places[first]]
    if "o" in places:
        rank = reading.tokens.values[reading.amounts.places[places["o"]]]
        if rank < 2:
            return None
        if "x" not in places:
            bought, sure = rank - 1, UNSAID
            near = reading.roles[places["o"] + 1 : last + 1].find(UNIT)
            unit = reading.unit_at(places["o"] + 1 + near) if near >= 0 else None
        free, free_unit = 1.0, unit
    if "u" in places:
        free, free_unit = 1.0, reading.unit_at(places["u"])
    if rule == "every":
        bought, unit = 1.0, reading.unit_at(first + 1)
        unit = unit if unit != "product" else None
    if rule == "again" and (bought is None or free is None or free >= bought):
        return None
    if free is None or free <= 0 or (bought is not None and bought <= 0):
        return None
    if rule == "get" and bought and free > bought and free_unit == unit:
        free -= bought  # "commandez 20 g, recevez 22 g"
    if rule == "priceof":
        if bought is None or free <= bought:
            return None
        free, unit = free - bought, unit or free_unit
        free_unit = unit
    elif rule == "fewer":  # "3 for 2"
        if bought is None or not 0 < free - bought < bought or free > 12:
            return None
        free -= bought
    elif rule == "plus":
        said = bool(match["said"])
        same = unit is None or unit == free_unit
        if bought is None or not (said or _is_gift(reading, places, last, bought, free, same)):
            return None
        sure = sure if said else SUMMED
    elif rule in ("lone", "gift"):
        english = any(reading.word(i) in ENGLISH for i in range(first, last + 1))
        if rule == "gift" and english:
            return None
    elif rule == "priced":
        first = places["y"]
    unit = unit or (free_unit if free_unit not in ("EUR", "GBP", "USD", "CHF") else None)
    if unit is None and free_unit is None:  # "2 achetés 1 offert sur les pochons"
        on = ON.match(reading.whole, last + 1)
        if on and reading.word(last + 1) in ("sur", "on"):
            unit = reading.unit_at(on.end() - 1)
    if free_unit == unit:
        free_unit = None
    fields = {"bought": bought, "free": free, "unit": unit, "free_unit": free_unit}
    return Offer("bonus", first, last, rule, fields, sure)


def _amount(reading: Reading, place: int | None) -> tuple[float | None, str | None]:
    """Return the value and the unit at a place; money has its currency for a unit."""
    if place is None:
        return None, None
    atom = reading.atoms[place]
    if atom is None:
        return (1.0, None) if reading.roles[place] == ONE else (None, None)
    return atom.value, atom.unit


def _is_gift(
    reading: Reading, places: dict[str, int], last: int, bought: float, free: float, same: bool
) -> bool:
    """Say whether "20+2 gr" is a gift and not the sum of two goods; `same`: of one unit."""
    if free > bought:
        return False
    inside = {
        reading.mentions[m].substance
        for i in range(places["x"], min(last + 3, len(reading.whole)))
        if (m := reading.mention_at(i)) is not None
    }
    if len(inside) > 1:
        return False
    if reading.unit_at(places["x"]) is None and reading.unit_at(places["y"]) is None:
        # "2+1": beside a substance, and written in one
        start, stop = reading.span(places["x"], places["y"])
        return bool(reading.mentions) and " " not in reading.text[start:stop]
    return same

"""Prices: a sum, for how much of what."""

from __future__ import annotations

import re
from typing import Any

from fanal.coding.offers import clauses, frames, older, rules
from fanal.coding.offers.amounts import Atom
from fanal.coding.offers.roles import (
    AMOUNT,
    EQUALS,
    LOTS,
    MONEY,
    MONEYS,
    NUMBER,
    PART,
    PILL,
    SIGN,
    THOUSAND,
    UNIT,
)
from fanal.coding.offers.text import Offer, Reading

RIGHT_BEFORE = tuple(map(rules.compiled, ("equals", "for", "name equals", "name for")))
MOST = 2000  # money for one gram, tablet or pack
MOST_ALONE = 2500  # money that no amount stands beside
OLDER = 0.3  # of what was asked once: kept, and not counted
UNSURE = 0.6  # without a currency
BEGINS = rules.compiled("(?=[money number amount moneys unit pill the per lots])")
PRICE = re.compile(f"{BEGINS}(?:{rules.expression('price')})")
SUM = (MONEY, MONEYS, LOTS)
HOLD = (*SUM, NUMBER, AMOUNT, UNIT, PILL)  # what a price is made of


def read(reading: Reading) -> list[Offer]:
    """Take the prices."""
    frames.go_on(reading)
    once = older.find(reading)
    clauses.leave(reading, once)
    offers: list[Offer] = []
    position = 0
    while match := PRICE.search(reading.roles, position):
        offer = _price(reading, match.lastgroup or "", match.start(), match.end() - 1)
        position = match.end()
        if offer is None or (offer.rule == "more" and not _goes_on(reading, offers, offer)):
            position = match.start() + 1
            continue
        if any(offer.first <= place <= offer.last for place in once):
            offer.rule, offer.confidence = "older", OLDER
        offers.append(offer)
    frames.fill(reading, offers)
    offers += [
        _before(offer, atom)
        for place, atom in reading.once.items()
        for offer in offers
        if offer.first <= place <= offer.last
    ]
    for offer in offers:
        reading.blank(offer.first, offer.last + 1)
    return offers


def _before(offer: Offer, atom: Atom) -> Offer:
    """Return the older price of one that has changed: "passé de 70 à 60 €"."""
    fields = {**offer.fields, "amount": atom.value, "currency": atom.unit}
    return Offer("price", offer.first, offer.last, "older", fields, OLDER)


def _goes_on(reading: Reading, offers: list[Offer], offer: Offer) -> bool:
    """Say whether "deux à 50" goes on after the price of one: "un pochton à 30, deux à 50"."""
    if not offers or offers[-1].fields["quantity"] != 1:
        return False
    offer.fields["unit"] = offers[-1].fields["unit"]
    return frames.SUMS.fullmatch(reading.whole[offers[-1].last + 1 : offer.first]) is not None


def _price(reading: Reading, rule: str, first: int, last: int) -> Offer | None:
    """Return the price in one match, or nothing where the numbers cannot be one."""
    places = [i for i in range(first, last + 1) if reading.roles[i] in HOLD]
    found = [reading.atoms[i] for i in places]
    money = next((a for a in found if a and a.kind in SUM), None)
    bare = [a for a in found if a and a.kind == NUMBER]
    product = next((a for a in found if a and a.kind == AMOUNT), None)
    sure = rules.family("price")[rule].sure
    quantity: float | None = None
    unit: str | None = None
    if rule == "half":
        if not reading.word(reading.roles.index(PART, first)).startswith("demi"):
            return None
        quantity, unit = 0.5, "g"
    elif rule == "pack":
        quantity, unit = 1.0, reading.unit_at(first)
    elif product is not None:
        quantity, unit = product.value, product.unit
        if unit == "mg" and first and reading.roles[first - 1] == UNIT:  # "flacon 60 mg 10 €"
            quantity, unit = 1.0, reading.unit_at(first - 1)
    elif rule == "apiece":
        quantity, unit = 1.0, "product"
    elif rule == "rate" or (rule == "good" and bare == []):
        place = next((i for i in places if reading.roles[i] == UNIT), None)
        if place is None:
            place = next(i for i in places if reading.roles[i] == PILL)
        quantity, unit = 1.0, reading.unit_at(place)
    fields: dict[str, Any]
    if money is not None and not money.value:  # "0 €"
        return None
    if money is None:
        between = reading.roles[first + 1 : last]
        if (rule == "tier" and between == EQUALS) or rule in ("listed", "more"):
            count, price = bare[0].value, bare[1].value
        elif rule == "tier":
            price, count = bare[0].value, bare[1].value
        else:
            count, price = None, bare[0].value
        thousands = any(reading.tokens.roles[a.last] == THOUSAND for a in bare)  # "1,9k" is no year
        if price is None or not (thousands or _could_be_price(price)):
            return None
        if rule in ("over", "barelist") and product is not None and price <= (product.value or 0):
            return None  # "9/10 ecsta": a mark
        if rule == "tier" and count is not None:
            if count > price:
                count, price = price, count
            if not _could_be_price(price) or price < 5 or count > 1000:
                return None
        if count is not None:
            quantity, unit = count, None
        sure = min(sure, UNSURE)
        fields = {"amount": price, "amount_max": None, "currency": None}
    else:
        low, high = money.value, money.top
        if money.kind == MONEY and high is not None and low is not None and low > high:
            low, high = high, low
        fields = {"amount": low, "amount_max": high, "currency": money.unit}
        if rule in ("listed", "several", "number", "more"):
            quantity, unit = bare[0].value, None
            if quantity is None or low is None or quantity >= 1000 or quantity > 20 * low:
                return None
            if rule == "number" and not _is_count(reading, first, last, quantity):
                return None
        elif rule == "times":
            fields.update(amount=money.top, amount_max=None)
            quantity, unit = money.value, "product"
    fields.update(quantity=quantity, unit=unit)
    if _is_too_much(fields):
        return None
    return Offer("price", first, last, rule, fields, sure)


def _is_count(reading: Reading, first: int, last: int, quantity: float) -> bool:
    """Say whether a number right before money is an amount: "3.5 £35", "0,8 de coke 50 €"."""
    said = reading.roles[first + 1 : last]
    if said in RIGHT_BEFORE or (quantity < 10 and quantity != round(quantity)):
        return True
    atom = reading.atoms[last]
    return not said and atom is not None and reading.tokens.roles[atom.first] == SIGN


def _is_too_much(fields: dict[str, Any]) -> bool:
    """Say whether no product costs so much: turnover, a fine, a client file stand there."""
    amount, quantity = fields["amount"], fields["quantity"]
    if amount is None or fields["unit"] in ("kg", "l", "lb", "oz"):
        return False
    return bool(amount / (quantity or 1) > (MOST if quantity else MOST_ALONE))


def _could_be_price(value: float) -> bool:
    """Say whether a number without a currency may be a price: no year, no fraction."""
    return value >= 1 and not (1900 <= value <= 2100)

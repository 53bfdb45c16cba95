"""How sure an offer is, given whose it is: without a substance it may be one of other goods."""

from __future__ import annotations

from fanal.coding.facts import CUT
from fanal.coding.offers import rules
from fanal.coding.offers.amounts import Atom
from fanal.coding.offers.roles import (
    AMOUNT,
    AT,
    BAG,
    GOODS,
    MONEY,
    OF,
    PART,
    PER,
    SLASH,
    UNIT,
    WORD,
)
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

DEAR = 3  # money a gram: what is cheaper is food far more often than a drug in small amounts
PACKS = (UNIT, AMOUNT)
NOMINAL, FILLED, GIVEN = (rules.around(name) for name in ("nominal", "filled", "given"))
NAMED = rules.regex("[name pill]")
ON = rules.told("on")


def confidence(reading: Reading, offer: Offer) -> float:
    """Return how sure an offer is, given what it was attached to."""
    sure = offer.confidence
    if offer.mention is None and sure >= CUT and _is_foreign(reading, offer):
        return 0.35
    if offer.mention is not None and offer.kind == "price":
        sure = min(sure, reading.mentions[offer.mention].confidence)
    if offer.kind == "bonus" and offer.fields["bought"] is None:
        known = offer.mention is not None or offer.fields["unit"] not in ("unit", "EUR", None)
        return sure if known or _in_market(reading, offer) else 0.4
    if offer.kind == "bonus" and offer.mention is None:
        before, _ = reading.sentence(offer.first, offer.last, 8, 0)
        if GOODS in before + reading.whole[offer.first : offer.last + 2]:
            return 0.3
        if _is_of_others(reading, offer) or _is_shop(reading, offer):
            return 0.4
    if offer.kind not in ("price", "quantity"):
        return sure
    ahead = reading.whole[: offer.first]
    if offer.kind == "quantity" and not NAMED.search(ahead) and _is_covered(reading, offer):
        return 0.3
    if offer.mention is not None:
        if offer.loose and offer.rule == "lone":
            return min(sure, 0.5)
        if not offer.loose and offer.rule == "lone":
            return min(sure, 0.8)
        return sure if offer.rule == "count" else sure - 0.1 * offer.loose
    unit = offer.fields.get("unit")
    if _is_network(reading, offer):
        return 0.3
    line = reading.line(offer.first)
    goods = GOODS in reading.whole[line.start : line.stop]
    if unit in ("unit", "tablet", "blotter", "capsule", "product", None):
        return min(sure, 0.6) if _in_market(reading, offer) else 0.3
    if offer.kind == "quantity":
        after = reading.whole[offer.last + 1 : offer.last + 3]
        if (
            reading.whole[max(0, offer.first - 2) : offer.first] == WORD + OF
        ):  # "des bougies de 70 g"
            return 0.3
        if after[:1] in (OF, GOODS, SLASH):
            return 0.2
        if unit != "g" or PART in _said(reading, offer):
            return 0.35
        return 0.3 if goods else 0.55
    if unit == "g" and not goods:
        return min(sure, 0.65)
    return 0.35


def _in_market(reading: Reading, offer: Offer) -> bool:
    """Say whether a noun of the offer or of its line tells by itself that a drug is sold."""
    market = vocabulary().market
    if any(
        reading.word(i) in market for i in reading.line(offer.first) if reading.whole[i] == UNIT
    ):
        return True
    start, stop = reading.span(offer.first, offer.last)
    return any(word in market for word in reading.folded[start:stop].split())


def _is_foreign(reading: Reading, offer: Offer) -> bool:
    """Say whether an offer that no substance belongs to is one of other goods.

    Three things tell it: the text is of a shop; a pack is made of or filled with what no drug is
    called ("barrettes à cheveux", "pochon en lin"); what is weighed stands under a noun that is no
    word of the trade, or costs less than drugs do.
    """
    alone = not any(m.confidence >= CUT for m in reading.mentions)
    if alone and rules.told("retail").search(reading.folded):
        return True
    places = range(len(reading.whole)) if alone else reading.line(offer.first)
    if offer.rule == "half" or (offer.rule == "ordinal" and offer.fields["unit"] is None):
        return True  # a beer, a round
    if any(_is_filled(reading, i) for i in places if reading.whole[i] in PACKS):
        return True
    fields = offer.fields
    amount, quantity = fields.get("amount"), fields.get("quantity")
    if fields.get("unit") == "g" and amount and quantity and amount < DEAR * quantity:
        return True
    if _in_market(reading, offer):
        return False
    packs = (i for i in range(offer.first, offer.last + 1) if reading.whole[i] in PACKS)
    if offer.kind == "bonus" and any(reading.unit_at(i) == "unit" for i in packs):
        return True  # "2 paquets achetés": packs of anything
    before, _ = reading.sentence(offer.first, offer.last, len(reading.whole), 0)
    lead = NOMINAL.match(before)
    if lead is None:
        return False
    noun = reading.word(offer.first - len(before) + lead.start("noun"))
    known = vocabulary()
    return noun not in known.plain and noun not in known.neutral and len(noun) > 2


def _is_filled(reading: Reading, place: int) -> bool:
    """Say whether a pack is of a matter or for a use that names no drug."""
    atom = reading.atoms[place]
    weighed = reading.unit_at(place) in ("kg", "g", "ml", "l", "mg")
    if atom is None or (weighed and BAG not in _roles(reading, place)):
        return False
    follow = FILLED.match(reading.whole, place + 1)
    if follow is None:
        return False
    if follow[0][0] == WORD and reading.word(place + 1) not in ("en", "pour"):
        return False
    if follow[0][0] == AT and reading.word(place + 1) == "@":
        return False
    known = vocabulary()
    word = reading.word(follow.end() - 1)
    return word not in known.neutral and word not in known.plain and word not in known.whole


def _roles(reading: Reading, place: int) -> str:
    atom = reading.atoms[place]
    assert atom is not None
    return reading.tokens.roles[atom.first : atom.last + 1]


def _is_of_others(reading: Reading, offer: Offer) -> bool:
    """Say whether what is given belongs to goods that no drug is sold as.

    "2 pizzas achetées" and "one free on all burgers" name them; "sur toute la carte" does not.
    """
    words = vocabulary()
    known = words.neutral | words.market | words.counted.keys() | words.whole
    goods = GIVEN.match(reading.whole, offer.first)
    if goods:
        return reading.word(goods.start("noun")) not in known
    start, stop = reading.span(offer.first, offer.last)
    around = reading.folded[max(0, start - 40) : stop + 40]
    return any(set(found[1].split()) - known for found in ON.finditer(around))


def _is_shop(reading: Reading, offer: Offer) -> bool:
    """Say whether a text has prices too and neither a substance, a pack of one nor a gram."""
    others = reading.whole[: offer.first] + reading.whole[offer.last + 1 :]
    if MONEY not in others or any(m.confidence >= CUT for m in reading.mentions):
        return False
    market = vocabulary().market
    return not any(
        role in PACKS and (reading.unit_at(i) == "g" or reading.word(i) in market)
        for i, role in enumerate(reading.whole)
    )


def _said(reading: Reading, offer: Offer) -> str:
    """Return the roles of the tokens of an offer."""
    atom = reading.atoms[offer.last]
    last = reading.amounts.places[offer.last] if atom is None else atom.last
    return reading.tokens.roles[reading.amounts.places[offer.first] : last + 1]


def _is_network(reading: Reading, offer: Offer) -> bool:
    """Say whether "4G", "5G" is a telephone network and no weight."""
    atom = _generation(reading, offer)
    if atom is None:
        return False
    before = reading.tokens.roles[atom.first - 1 : atom.first] if atom.first else ""
    upper = reading.text.startswith("G", reading.tokens.starts[atom.last])
    return (upper and before == PER) or rules.told("network").search(reading.folded) is not None


def _is_covered(reading: Reading, offer: Offer) -> bool:
    """Say whether a network is there: "5G dispo partout"."""
    atom = _generation(reading, offer)
    if atom is None or not reading.text.startswith("G", reading.tokens.starts[atom.last]):
        return False
    return rules.told("covers").match(reading.folded, reading.tokens.stops[atom.last]) is not None


def _generation(reading: Reading, offer: Offer) -> Atom | None:
    """Return the amount of an offer if it reads like a network: "3G", "4G", "5G"."""
    atoms = (a for a in reading.atoms[offer.first : offer.last + 1] if a and a.kind == AMOUNT)
    atom = next(atoms, None)
    return atom if atom and atom.value in (3, 4, 5) and atom.unit == "g" else None

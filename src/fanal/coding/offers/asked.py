"""Whether a sum is asked for a product: no wage, fine, seizure, service or other goods."""

from __future__ import annotations

from fanal.coding.facts import CUT
from fanal.coding.offers import rules
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
    TIME,
    WAGES,
    WORD,
)
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

MOST = 2000  # money for one gram, tablet or pack
MOST_ALONE = 2500  # money that no amount stands beside
SURE = 0.8  # a substance that needs no word beside it
PAID = frozenset(("paid", "pay", "paye", "payes", "payee", "payer"))
HOLDING = frozenset(("with", "avec", "containing", "contenant", "mit"))
OF_ANOTHER = frozenset(
    ("sur", "avec", "sans", "en", "par", "with", "without", "on", "by", "pour", "for")
)
ORDER = rules.regex("[bought fee] [of word per for]{0,2}$")  # "dès une commande de 50 €"
PRODUCT = rules.regex("[name pill amount unit]")
# What is told one beside the other: "400 € et 2 g de coke", "cocaïne et 60 €"
JOINED = rules.regex("and [of per the one word]{0,3} [name pill amount unit]")
AFTER_GOODS = rules.regex("[name pill amount unit] and [of per the one word]{0,2}$")
ITS_OWN = rules.regex("[per the of]{0,2} [name pill amount unit]")  # "60 € la coke et 40 € la MD"
ASKED = rules.regex("[name pill amount unit tariff at]")
BESIDES = rules.regex("[comma and plus open]")  # what stands behind one is another thing
APART = rules.regex("[comma open]")
BARE = rules.regex("[equals comma open dash at per of the one]*$")  # a clause without a word
FOLLOWS = rules.regex("of? bought")  # "50 € d'achat"
# "(tarif d')une (première) consultation …": how the words before a sum begin
HEAD = rules.regex("(?: [tariff word] [of equals] )? [per the one]{0,2} word?")
COMPOUND = rules.regex("[name pill] word{0,2}$")  # "cocaine drug test"
ALONE = rules.regex("[equals at dash]*")
NOUN = (WORD, FEE, WAGES, SEIZED, MEASURED, BOUGHT, TIME)  # roles that a service may have


def is_price(reading: Reading, offer: Offer) -> bool:
    """Say whether a sum is asked for a product: not a wage, a fine, a seizure, other goods."""
    if offer.rule == "rate":
        before, after = reading.sentence(offer.first, offer.last, 2, 3)
        return GOODS not in before + after
    if _is_too_much(offer):
        return False
    whole = reading.whole[offer.first : offer.last + 1]
    before, after = reading.sentence(offer.first, offer.last, 7, 5)
    if SEIZED in before or SEIZED in after[:3] or SEIZED in whole or GOODS in whole:
        return False
    if offer.rule == "several" and any(m.confidence >= SURE for m in reading.mentions):
        after = after.partition(",")[0]  # "150 € les deux, parfum fraise"
    if offer.rule == "lone" and (_is_apart(reading, before, after) or _is_had(reading, offer)):
        return False
    if _is_listed(reading, offer, before, after) or _is_of_service(reading, offer):
        return False
    near = _clause(before)[-3:] + " " + BESIDES.split(after[:3])[0]
    if GOODS in near or (offer.rule == "lone" and ORDER.search(before)):
        return False
    if rules.family("price")[offer.rule].wary:
        if WAGES in before + after + whole and _is_wage(reading, offer, len(before), len(after)):
            return False
        if offer.rule in ("bare", "bareline", "pack"):
            return True
        if FEE in near or TIME in after[:2] or FOLLOWS.match(after):
            return False
    return True


def _is_apart(reading: Reading, before: str, after: str) -> bool:
    """Say whether the only sum of a text stands in a sentence away from any product."""
    near = before[-4:] + after[:3]
    if reading.whole.count(MONEY) > 1 or PRODUCT.search(near) or near.count(WORD) < 2:
        return False
    past, present = rules.told("past"), rules.told("present")
    return past.search(reading.folded) is None or present.search(reading.folded) is None


def _is_had(reading: Reading, offer: Offer) -> bool:
    """Say whether a sum is what somebody has, lacks or owes and no price."""
    start, stop = reading.span(offer.first, offer.last)
    before = reading.folded[max(0, start - 100) : start]
    priced = reading.folded.startswith(THAT, stop)  # "trouvé 50 € la coke"
    had = rules.told("had").search(before) or rules.told("held").search(before)
    if rules.told("police").search(before) or (had and not priced):
        return True
    return rules.told("gone").match(reading.folded, stop) is not None


THAT = (" la ", " le ", " les ", " the ", " l'")


def _is_listed(reading: Reading, offer: Offer, before: str, after: str) -> bool:
    """Say whether a sum is one of the things that a sentence lists and asked for none of them."""
    lone = offer.rule == "lone"
    if lone and AFTER_GOODS.search(before) and not ITS_OWN.match(after):
        return True
    if offer.rule not in ("lone", "good") or JOINED.match(after) is None:
        return False
    held = offer.last > 0 and reading.word(offer.last - 1) in HOLDING
    return held or (lone and ASKED.search(before) is None)


def _is_of_service(reading: Reading, offer: Offer) -> bool:
    """Say whether a sum is what a service or another good costs that heads its clause.

    "Consultation d'addictologie : 30 €", "stage cannabis, 250 €", "cocaine drug test £15"; not
    "Lyrica sur ordonnance 20 €". A service that opens the sentence may name the substance apart:
    "stage de sensibilisation, cannabis : 250 €".
    """
    if offer.rule not in ("lone", "slash"):
        return False
    before, after = reading.sentence(offer.first, offer.last, 24, 24)
    clause = _clause(before)
    first = offer.first - len(clause)
    for place in range(first, offer.first):
        role = reading.whole[place]
        if role in (NAME, PILL):
            if rules.told("about").search(reading.folded, 0, reading.span(place, place)[0]):
                return True
        elif role == GOODS or _is_service(reading, place):
            lead, rest = clause[: place - first], clause[place - first + 1 :]
            if HEAD.fullmatch(lead):
                return not (rest.startswith(EQUALS) and _is_shelf(reading, place))
            made = reading.word(place - 1) not in OF_ANOTHER
            if made and COMPOUND.search(lead) and ALONE.fullmatch(rest):
                return True
    return MONEY not in before + after and _is_service(reading, offer.first - len(before))


def _is_service(reading: Reading, place: int) -> bool:
    """Say whether a sum after a word is that word's own: "consultation", "stage"."""
    return reading.whole[place] in NOUN and reading.word(place) in vocabulary().services


def _is_shelf(reading: Reading, place: int) -> bool:
    """Say whether a word stands over the goods of a kind: "ordonnance : Lyrica 5 €"."""
    return reading.word(place).rstrip("s") in ("ordonnance", "prescription")


def _clause(before: str) -> str:
    """Return the roles of the clause that ends in a sum; one without a word goes with the last."""
    said = BARE.sub("", before)
    cuts = [match.end() for match in APART.finditer(said)]
    return before[cuts[-1] if cuts else 0 :]


def _is_too_much(offer: Offer) -> bool:
    """Say whether no product costs so much: turnover, a fine, a client file stand there."""
    fields = offer.fields
    amount, quantity = fields["amount"], fields["quantity"]
    if amount is None or fields["unit"] in ("kg", "l", "lb", "oz"):
        return False
    return bool(amount / (quantity or 1) > (MOST if quantity else MOST_ALONE))


def _is_wage(reading: Reading, offer: Offer, back: int, on: int) -> bool:
    """Say whether a word of wages stands near; "paid" is none where a substance is said."""
    said = offer.rule != "lone" and any(m.confidence >= CUT for m in reading.mentions)
    around = range(offer.first - back, offer.last + 1 + on)
    return any(reading.whole[i] == WAGES and not (said and reading.word(i) in PAID) for i in around)

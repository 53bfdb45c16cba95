"""How much a sum is for that does not say so: as much as another, or what its sentence is about.

"C'était 80 € le gramme, maintenant 60"; "60 € le g, 50 si tu viens"; "le gramme de coke, je le
touche à 60 €". A sentence is about a unit that it names in general, without a number.
"""

from __future__ import annotations

from fanal.coding.offers import rules
from fanal.coding.offers.amounts import Atom
from fanal.coding.offers.roles import MONEY, NAME, NUMBER, ONE, PART, PILL, WORD
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

SUMS = rules.regex("[comma slash and at]{1,3}")  # between two sums that belong to one pack or gram
SAME = rules.regex("[^money amount number newline end]{1,10}")
GOES_ON = rules.regex("[^newline end name pill amount unit]*")
ABOUT, AGAIN = rules.around("about"), rules.around("again")
WEIGHTS = ("g", "kg")
TIMES_MORE = 5  # sums of one product are of one order


def go_on(reading: Reading) -> None:
    """Make sums of the numbers that go on from one: "10 € le gramme, cinq si tu prends en gros"."""
    for match in AGAIN.finditer(reading.roles):
        place = match.start()
        if _is_again(reading, place):
            left, _ = reading.sentence_at(place)
            sums = [i for i in range(left, place) if reading.roles[i] in (MONEY, NUMBER)]
            if sums and alike(reading, sums[-1], place):
                reading.be_money(place, sums[-1])


def _is_again(reading: Reading, place: int) -> bool:
    """Say whether the words before or behind a sum say that it is another one of the same."""
    start, stop = reading.span(place, place)
    before = reading.folded[max(0, start - 20) : start]
    words = ("again", "changed_to")
    if any(rules.told(name).search(before) for name in words):
        return True
    return rules.told("if").match(reading.folded, stop) is not None


def alike(reading: Reading, one: int, other: int) -> bool:
    """Say whether two sums may be for the same: of one order."""
    atoms = reading.atoms[one], reading.atoms[other]
    low, high = sorted(atom.value or 0.0 if atom else 0.0 for atom in atoms)
    return 0 < high <= TIMES_MORE * low


def fill(reading: Reading, offers: list[Offer]) -> None:
    """Say how much each sum is for that stands alone."""
    for number, offer in enumerate(offers):
        if offer.fields["quantity"] is None and offer.first == offer.last:
            found = (
                (offer.rule == "older" and _about(reading, offer))  # its amount is no other
                or _other_time(reading, offers, offer)
                or _beside(reading, offers[:number], offer)
                or _about(reading, offer)
            )
            if found:
                quantity, unit, sure = found
                offer.fields.update(quantity=quantity, unit=unit)
                if offer.rule == "lone":
                    offer.rule, offer.confidence = "frame", sure


Amount = tuple[float, str | None, float]


def _other_time(reading: Reading, offers: list[Offer], offer: Offer) -> Amount | None:
    """Return what the sum of another time is for: the amount is the same."""
    line = reading.line(offer.first)
    others = [
        o
        for o in offers
        if (o.rule == "older") != (offer.rule == "older")
        and o.fields["quantity"]
        and o.first in line
    ]
    nearest = min(others, key=lambda o: abs(o.first - offer.first), default=None)
    if nearest is None:
        return None
    return nearest.fields["quantity"], nearest.fields["unit"], 0.9


def _beside(reading: Reading, before: list[Offer], offer: Offer) -> Amount | None:
    """Return what the sum before is for: "pochons à 20, 30 et 50 €", "celui de coke", "50 si …"."""
    known = [o for o in before if o.fields["quantity"] == 1 and o.rule != "apiece"]
    if not known or known[-1] is not before[-1]:
        return None
    last = known[-1]
    between = reading.whole[last.last + 1 : offer.first]
    if SUMS.fullmatch(between):
        goes = last.rule != "rate" or _is_again(reading, offer.first)
    elif SAME.fullmatch(between) and _says_same(reading, last.last + 1, offer.first):
        goes = True
    else:
        goes = GOES_ON.fullmatch(between) is not None and _is_again(reading, offer.first)
    sure = 0.8 if last.confidence > 0.6 else last.confidence
    return (1.0, last.fields["unit"], sure) if goes else None


def _says_same(reading: Reading, first: int, stop: int) -> bool:
    return any(reading.word(i) in ("celui", "celle", "ceux", "that") for i in range(first, stop))


def _about(reading: Reading, offer: Offer) -> Amount | None:
    """Return the unit that a sentence names in general before a sum: "le gramme de coke …"."""
    left, _ = reading.sentence_at(offer.first)
    match = ABOUT.search(reading.roles, left, offer.first)
    if match is None:
        return None
    if match["unit"]:
        place = match.start("unit")
        if reading.whole[place - 1] == WORD and reading.word(place - 1) not in vocabulary().plain:
            return None  # "100 blue pills …", not "ma barrette"
        quantity, unit = 1.0, reading.unit_at(place)
    else:
        place = match.start("some")
        atom = reading.atoms[place]
        if atom is None or not atom.value or not _is_topic(reading, atom, offer):
            return None
        quantity, unit = atom.value, atom.unit
    named = reading.whole[place + 1 : offer.first]
    product = NAME in named or PILL in named or reading.word(place) in vocabulary().market
    if not product and (unit not in WEIGHTS or not reading.mentions):
        return None
    if match["some"]:
        offer.first = place
    return quantity, unit, 0.8


def _is_topic(reading: Reading, atom: Atom, offer: Offer) -> bool:
    """Say whether a sum is for an amount before it: "un gramme, …", "5 g, ça faisait 250 €".

    So is one after a part: "medio gramo de cocaína, 30 euros", and one
    that has changed: "2 g, avant 80 €, maintenant 60".
    """
    start, _ = reading.span(offer.first, offer.first)
    one = reading.tokens.roles[atom.first] in (ONE, PART) or offer.rule == "older"
    return one or rules.told("made").search(reading.folded, 0, start) is not None

"""Bonuses: so much bought, so much given."""

from __future__ import annotations

import re

from fanal.coding.offers.text import Offer, Reading

# A free delivery is no bonus of product.
DELIVERY = re.compile(r"(o)(?=[wdp&]{0,3}Y)|(?<=Y)[vwd]{0,2}(o)|(?<=Y)%[vwd]{0,2}(o)")
X = "[QN€]"
FREE = r"(?:(?P<y{n}>[QN€]|A(?=w?o(?!u)))|[plw]{{0,2}}(?P<o{n}>O)u?)"


def _free(n: int) -> str:
    return FREE.format(n=n)


BONUS = re.compile(
    # trois grammes achetés, le quatrième offert; 100 € acheté, 20 € offert
    rf"(?P<done>(?P<x1>{X})[dMTwpu]{{0,4}}(?:@€)?b[^QN€OboL.]{{0,8}}?{_free(1)}[^QN€bL.]{{0,5}}?o)"
    rf"|(?P<then>(?P<x2>{X})[dMTwpu]{{0,4}}b[^QN€OboL.]{{0,6}}?o[^QN€boL.,]{{0,3}}(?P<y2>[QN]))"
    # buy two get one free; pour l'achat de 2 g, 1 g offert
    rf"|(?P<order>b[^QN€OboL.,]{{0,4}}(?P<x3>{X})[^QN€OboL.]{{0,8}}?{_free(3)}[^QN€bL.]{{0,5}}?o)"
    rf"|(?P<get>b[^QN€OboL.,]{{0,4}}(?P<x4>{X})[^QN€OboL.]{{0,6}}?g[wo]{{0,2}}(?P<y4>{X}))"
    # tu achètes dix grammes, je t'en offre deux; pour chaque gramme acheté, 0,1 g offert
    rf"|(?P<give>b[^QN€OboL.,]{{0,4}}(?P<x18>Q)[^QN€OboL.]{{0,8}}o(?P<y18>[QN])(?![€u%]))"
    r"|(?P<every>[pA]u(?:d?[MT]w?)?b[^QN€OboL.]{0,5}(?P<y19>[QN])[dMTwu]{0,3}o)"
    r"|(?P<again>(?P<y20>Q)f(?P<x20>Q)b)"
    # 3 pour le prix de 2
    rf"|(?P<spent>[bY][^QN€OboL.,]{{0,4}}(?P<x15>{X})[^QN€OboL.]{{0,8}}?o(?P<u15>u))"
    r"|(?P<given>(?P<x16>[QN])[dMTw]{0,4}=(?P<y16>[QN])[dMTuw]{0,2}o)"
    r"|(?P<fewer>(?P<y14>N)f(?P<x14>N)(?![€uQ%x/]))"
    r"|(?P<priceof>(?P<y5>[QN])[dMTwu]{0,2}f[pl]?qd(?P<x5>[QNA]))"
    # 5 g 250 € + 1 g offert
    r"|(?P<priced>(?P<x6>Q)[dMTw]{0,2}[=@f(\-]{0,2}€[w,(&=]{0,2}\+?(?P<y6>[QN])[dMT]{0,2}w?o)"
    # 2+1; 10 g + 2 g offert
    r"|(?P<plus>(?P<x7>[QN])[dMT]{0,2}\+(?P<y7>[QN])[dMTu]{0,2}[w(=]{0,2}(?P<said>o?))"
    # 1 g offert pour 5 g achetés; 0,5 offert dès 3 g
    rf"|(?P<reverse>(?P<y8>[QN€])[dMTwup]{{0,3}}o[dMTwpl@f&b=(vO]{{1,8}}(?P<x8>{X})[dMTwpu]{{0,3}}b?)"
    rf"|(?P<ahead>o(?P<y17>Q)[dMTwpl@f&]{{1,8}}(?P<x17>{X})[dMTw]{{0,2}}b)"
    # a free gram when you buy 3 grams
    rf"|(?P<unit>o(?P<u9>u)[dMTwpl@f&b]{{1,8}}(?P<x12>{X}))"
    # dès 5 g de beuh, 1 g offert; spend 100 and get 1 g free
    rf"|(?P<since>[dfYgb@][wpl]?(?P<x13>{X})[dMTw]{{0,4}}[,=&(]?[wg&]{{0,3}}(?P<y13>[QN])[dMTwu]{{0,3}}o)"
    # le deuxième offert; b2g1
    r"|(?P<ordinal>[pl]?(?P<o9>O)[dMTwuv]{0,5}o)"
    r"|(?P<ready>B)"
    # 0,5 g offert
    r"|(?P<lone>(?P<y10>Q)[dMTwu]{0,3}o(?=[,.L)(/&+f@=%-]|w?b|$))"
    r"|(?P<gift>(?P<y11>Q)(?:d?[MT])?w?o)"
)
ON = re.compile(r"w[wpl]{0,3}u")
CUE = re.compile(r"[o+B]|[NQ]f[NQ]|qd|b.*g")  # every bonus has one of these
RANK = re.compile(r"p€(?=[vwudMT]{0,6}o)")
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
            reading.roles = reading.roles[:place] + "O" + reading.roles[place + 1 :]
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
    confidence = 0.9
    bare = rule in ("done", "then") and reading.roles[places["x"]] == "N"
    if bare and reading.word(places["x"] + 1) in ORDERS:  # "10 commandes = un pochon offert"
        return None
    if rule == "ready":
        bought, free = reading.tokens.values[reading.amounts.places[first]]
        fields = {"bought": bought, "free": free, "unit": None, "free_unit": None}
        return Offer("bonus", first, last, rule, fields, 0.9)
    bought, unit = _amount(reading, places.get("x"))
    free, free_unit = _amount(reading, places.get("y"))
    if "o" in places:
        rank = reading.tokens.values[reading.amounts.places[places["o"]]]
        if rank < 2:
            return None
        if "x" not in places:
            bought, confidence = rank - 1, 0.7
            near = reading.roles[places["o"] + 1 : last + 1].find("u")
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
        free, confidence = free - bought, 0.7
    elif rule == "plus":
        if bought is None or not _is_bonus(reading, match, bought, unit, free, free_unit):
            return None
        confidence = 0.9 if match["said"] else 0.6
    elif rule in ("lone", "gift"):
        english = any(reading.word(i) in ENGLISH for i in range(first, last + 1))
        if rule == "gift" and english:
            return None
        confidence = 0.7
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
    return Offer("bonus", first, last, rule, fields, confidence)


def _amount(reading: Reading, place: int | None) -> tuple[float | None, str | None]:
    """Return the value and the unit at a place; money has its currency for a unit."""
    if place is None:
        return None, None
    atom = reading.atoms[place]
    if atom is None:
        return (1.0, None) if reading.roles[place] == "A" else (None, None)
    return atom.value, atom.unit


def _is_bonus(
    reading: Reading,
    match: re.Match[str],
    bought: float,
    unit: str | None,
    free: float,
    free_unit: str | None,
) -> bool:
    """Say whether "20+2 gr" is a gift and not the sum of two goods."""
    if match["said"]:
        return True
    if free > bought:
        return False
    inside = {
        reading.mentions[m].substance
        for i in range(match.start(), min(match.end() + 2, len(reading.whole)))
        if (m := reading.mention_at(i)) is not None
    }
    if len(inside) > 1:
        return False
    if unit is None and free_unit is None:  # "2+1": beside a substance, and written in one
        start, stop = reading.span(match.start("x7"), match.start("y7"))
        return bool(reading.mentions) and " " not in reading.text[start:stop]
    return unit is None or unit == free_unit

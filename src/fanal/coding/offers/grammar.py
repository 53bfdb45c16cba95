"""The grammar of offers: prices, quantities, bonuses, purity, strength and hours in one text.

The text is turned into roles (`tokens`), amounts are put together (`amounts`), and the patterns
below run over that short string. What a pattern takes is blanked, so the order of the passes is
the order of precedence: purity and strength, bonuses, prices, and quantities from what is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import Any

from babel.numbers import get_territory_currencies

from fanal.coding.facts import CUT, Fact, Mention
from fanal.coding.offers import bonuses, doses, hours, lines, tokens
from fanal.coding.offers.amounts import Atom
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.whose import AFTER, attach

DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "BBD", "JMD"))

# An old price beside the current one: the first group is the current one.
OLD = (
    re.compile(r"(?P<now>[€N])(?:[/pl]{1,2}u)?[wdpl@(]{0,3}i[wdp@]{0,3}(?P<old>[€N])"),
    re.compile(r"i[w=@d]{0,2}(?P<old>€)[w,=(i@&]{0,4}(?P<now>€)"),
    re.compile(r"(?P<old>€)=(?P<now>€)"),
    re.compile(r"i(?P<old>€)i[w=]{0,2}(?P<now>€)"),
    re.compile(r"(?P<now>€)[^€L.]{0,14}(?P<old>€)[pljdwA]{0,4}i(?![^L.]{0,3}€)"),
)
# "il y a deux ans c'était 80, maintenant cinquante"
PAST = re.compile(
    r"(?<![a-z])(?:il y a (?:[a-z0-9]+ ){1,3}(?:ans?|mois|annees?)|y a (?:[a-z0-9]+ ){1,2}ans"
    r"|a l.epoque|autrefois|jadis|dans le temps|l.an (?:dernier|passe)|l.annee (?:derniere|passee)"
    r"|(?:[a-z0-9]+ ){1,2}(?:years?|months?) ago|used to (?:be|cost|sell|go)|last year"
    r"|back in (?:19|20)\d\d)(?![a-z])"
)
# "avant", which is said of many other things: it tells the past only beside a present, and no
# past before an hour or a day ("avant 22h", "before midnight").
EARLIER = re.compile(
    r"(?<![a-z])(?:avant|auparavant|before|previously|formerly)(?![a-z])"
    r"(?! (?:d'|(?:le )?(?:"
    r"\d[\d:.h]*(?: ?[ap]m)?(?![\d:.h,]|\s?(?:[€£$]|e(?![a-z])|eu|balles|pounds|quid|francs|chf))"
    r"|mi(?:di|nuit|dnight)|noon|demain|ce|hier|tomorrow|tonight|xmas|noel|que|de"
    r"|(?:lun|mar|mercre|jeu|vendre|same)di|dimanche"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)(?![a-z])))"
)
PRESENT = re.compile(
    r"(?<![a-z])(?:maintenant|aujourd.hui|desormais|actuellement|a present|cette annee|now|today"
    r"|nowadays|currently|this year)(?![a-z])"
)
SAID = re.compile(r"[^,.;:!?\n(]{1,40}")  # from a sum to the present that is said after it
WAS = re.compile(
    r"(?<![a-z])(?:etai(?:t|ent)|coutai\w+|valai\w+|payai\w+|vendai\w+|was|were|used)(?![a-z])"
)
# "entre 50 et 60 €, contre 80 € il y a dix ans"
AGAINST = re.compile(r"€[^€L.QN]{0,10}f(?P<old>€)(?![/pl]{1,2}[uTN]|[^€L.]{0,6}[MTQ])")
# Between two sums that belong to one pack or gram
SUMS = re.compile(r"[,/&@]{1,3}")
SAME = re.compile(r"[^€QNL.]{1,10}")
# "de 30 à 40 €" is a range, after one of these a change
CHANGE = re.compile(
    r"(?<![a-z])(?:went|gone|moved|jump(?:ed|s)|rose|risen|rises|climb(?:ed|s)|increase[ds]?|soared"
    r"|fell|fallen|falls|drop(?:ped|s)|decreased?|declined|plunged|plummeted|tumbled|slid"
    r"|passe(?:nt|r|es?|s)?|passait|tombe(?:nt|r|es?|s)?|chut(?:ent|er|ees?|es?)|descend(?:ue?s?|ent)?"
    r"|baiss(?:ent|er|ees?|es?)|hausse|augment(?:ent|er|ees?|es?|ation)|mont(?:ent|er|ees?|es?)"
    r"|grimp(?:ent|er|ees?|es?)|bondi\w*|diminu\w+|recul(?:er?|e)|plong(?:er?|e)|degringole\w*)"
    r"(?: [a-z]{1,12}){0,2},? (?:from|de|d.)\s?(?:environ |about |around )?$"
)
SECOND = re.compile(r"€(?:[/pl]{1,2}u)?[@t]€")
UNIT_AHEAD = re.compile(r"(?:[/plf]{1,2}[uTQ]|u)")
END = r"(?=[,.L)/&|(lQ+i]|$)"
PAIR = re.compile(
    r"(?=[€NQRuTlp5])(?:"  # what all of them begin with
    # 50 €/g, 50 € le g, 80/g
    r"(?P<apiece>€pA(?=[,.L)&]|$))"
    r"|(?P<rate>€(?:d?[MT])?@?[/plf(]{1,2}[uT](?![d(=]Q)(?!d?[MT]?[=@]€)|€u(?![=@f(\-w]{0,2}€)|N[/plf][uT]|R[/pl][uT])"
    r"|(?P<over>N/Q(?![=@]?€))"
    # 90 € les 2 g, 100 € = 2 g; 60 € 1 g, 110 € 2 g
    r"|(?P<sum>€[/plf]{1,2}u[d(=]Q|€(?:[df]?[pl]?[MT]|,(?=f))?[/plf=()\-@]{1,3}d?Q(?![=@f(\-]{0,2}€(?![=/plf\-(]{1,2}d?Q))"
    r"|€Q(?=(?:[^L€Q]{0,3}€[^L€Q]{0,3}Q)*[^€QL]*(?:L|$)))"
    # 1 g 60 €, 10 g → 80 €, 1 g de coke à 60 €, le gramme se vend 60 €, pochon à 20 €
    r"|(?P<good>Q[dMTw]{0,4}[=@f()\-/]{0,4}(?:€|R)(?![/pl]{1,2}u)|Q[dMTwpl]{0,5},?w?v[w@=vdf]{0,3}€"
    r"|[uT](?:d?[MT])?(?:,(?=[v@]))?(?:w{0,2}[=@f(\-vd]{0,3}w?|w{0,2}[vi]w{0,3}[@dp]{0,2})€(?![/plf]{1,2}[uTN]))"
    r"|(?P<line>(?<![^L])QL€(?=L|$))"
    # les 2 à 90 €; 20 € les 5; 100 € = 2; 2 pour 100 €
    r"|(?P<listed>lN[=@f(]{0,2}€|pN@€|pN[=@f]{1,2}€(?![/pl]{1,2}[uT])|l[N][=@f]N)"
    r"|(?P<several>€[plf=/]{1,2}N(?![€uQ%x])|€/N(?=€/N))"
    r"|(?P<number>N[=f]?€(?![/pl]{1,2}[uT])|Nd[MT][=@(]{0,2}€|NM[=f]€)"
    # 1 g : 60; 90 les 2; 2 pour 90; 1 = 60
    rf"|(?P<bare>Q[dMT]{{0,2}}v?[=@f(\-]{{0,2}}N{END})"
    rf"|(?P<pack>u(?:d?[MT])?@N{END})"
    rf"|(?P<bareline>(?<![^L])QLN(?=L|$))"
    rf"|(?P<tier>N[lf]N{END}|N=N{END})"
    rf"|(?P<barelist>NlQ{END})"
    r"|(?P<half>(?:€|N)pF(?![A-Za-zQ€])|pF@?(?:€|(?:(?<=@)N|N)(?=[,.L)]|$)))"
    rf"|(?P<more>N@(?:€|N){END})"
    r"|(?P<times>5)|(?P<slash>R)|(?P<lone>€))"
)


WORDS = re.compile(r"[a-z]+")
NUMBER = re.compile(r"[\d½¼¾⅓⅔⅛]")
OFTEN = frozenset(("a", "x", "k", "e", "st", "car", "box", "bar", "bars", "unit", "each", "offer"))
ALWAYS = frozenset(
    ("24/24", "24h/24", "24/7", "7/7", "7j/7", "7j sur 7", "h24", "horaires", "24h24")
)


@cache
def cues() -> frozenset[str]:
    """Return the folded terms whose presence makes a document worth reading for offers."""
    words = tokens.vocabulary().words
    found = {word for word, (role, _) in words.items() if role and role in "CUPSBoay"}
    return frozenset(found - OFTEN) | ALWAYS


@cache
def amount_words() -> frozenset[str]:
    """Return the cues that are words of weight or money."""
    words = tokens.vocabulary().words
    return frozenset(word for word, (role, _) in words.items() if role and role in "CU")


def patterns() -> list[str]:
    """Return expressions over words of a–z and 0–9 that are cues too: "60e", "2g50", "x100"."""
    words = tokens.vocabulary().words
    glued = sorted(
        word
        for word, (role, _) in words.items()
        if role and role in "CUPEK" and word.isascii() and word.isalpha()
    )
    return [f" [0-9]+(?:{'|'.join(glued)}|h|x|am|pm)[0-9]* ", " x[0-9]+ "]


ORDER = re.compile(r"[bY][dwpf]{0,2}$")  # "dès une commande de 50 €", "order over £100"
PAID = frozenset(("paid", "pay", "paye", "payes", "payee", "payer"))
NETWORK = re.compile(
    r"\b(?:reseau|forfait|internet|mobile|telephone|phone|network|antennes?|illimitee?|wi-?fi|sim|data"
    r"|gigas?|box|sfr|orange|bouygues|4g)\b"
)


@cache
def currency_of(country: str | None) -> str | None:
    """Return what is paid with in a country (ISO 3166 alpha-2)."""
    if not country:
        return None
    found = get_territory_currencies(country.upper())
    return found[0] if found else None


def read(
    text: str, folded: str, mentions: Sequence[Mention], country: str | None = None
) -> list[Fact]:
    """Return the offers in a text, in order of their spans.

    `folded` is the text folded one code point to one; `mentions` are sorted by `start` and do
    not overlap; `country` (ISO 3166 alpha-2) is where the source sells, for a price without a
    currency.
    """
    mentions = _usable(folded, mentions)
    found = lines.read(text, folded, mentions)
    reading = Reading(text, folded, mentions, found.tokens, found.amounts)
    offers = doses.read(reading)
    offers += bonuses.read(reading)
    offers += _prices(reading)
    offers += _quantities(reading)
    if not offers:
        facts = []
    else:
        offers.sort(key=lambda offer: (offer.first, offer.last))
        attach(reading, offers)
        _by_form(reading, offers)
        _settle(reading, offers, currency_of(country))
        facts = [fact for offer in offers if (fact := _fact(reading, offer))]
    if found.timed:
        facts += hours.read(text, folded, reading)
    facts += _practices(facts)
    facts.sort(key=lambda fact: (fact.start, fact.stop))
    return facts


def _practices(facts: list[Fact]) -> list[Fact]:
    """Return the practices that offers are by themselves: bonus, tiered price, opening hours."""
    found: dict[str, Fact] = {}
    tiers: dict[tuple[str | None, str], list[Fact]] = {}
    for fact in facts:
        fields = fact.fields
        if fact.kind == "bonus" and fact.confidence >= CUT:
            found.setdefault("supply.marketing.bonus", fact)
        elif fact.kind == "hours" and fact.confidence > CUT and len(fields) > 1:
            found.setdefault("supply.organisation.opening-hours", fact)
        elif fact.kind == "price" and fact.confidence >= CUT and fields.get("quantity"):
            tiers.setdefault((fields.get("substance"), fields["unit"]), []).append(fact)
    for prices in tiers.values():
        prices.sort(key=lambda fact: float(fact.fields["quantity"]))
        each = [fact.fields["amount"] / fact.fields["quantity"] for fact in prices]
        rising = prices[0].fields["quantity"] < prices[-1].fields["quantity"]
        if rising and all(more > less for more, less in pairwise(each)):
            found.setdefault("supply.marketing.tiered-price", prices[-1])
    return [
        Fact(
            "practice", fact.start, fact.stop, {"code": code}, min(fact.confidence, 0.7), fact.kind
        )
        for code, fact in found.items()
    ]


def _usable(folded: str, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that an offer may belong to; "MDMA crystals" is one, the plain one."""
    kept: list[Mention] = []
    for mention in mentions:
        if mention.confidence < CUT and not folded[mention.start].isalnum():
            continue
        if mention.stop - mention.start == 1 and folded[mention.stop : mention.stop + 1] == "'":
            continue  # "c'était 80 €"
        if not tokens.names_a_substance(folded, mention):
            continue
        beside = kept and folded[kept[-1].stop : mention.start] in ("", " ", "-")
        if beside and mention.ambiguous != kept[-1].ambiguous:
            if kept[-1].ambiguous:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _prices(reading: Reading) -> list[Offer]:
    """Take the prices."""
    _present(reading)
    _changed(reading)
    _current(reading)
    offers: list[Offer] = []
    position = 0
    while match := PAIR.search(reading.roles, position):
        offer = _price(reading, match.lastgroup or "", match.start(), match.end() - 1)
        position = match.end()
        if offer is None or (offer.rule == "more" and not _goes_on(reading, offers, offer)):
            position = match.start() + 1
        elif _is_price(reading, offer):
            if offer.rule == "lone" and offers:
                _carry(reading, offers[-1], offer)
            offers.append(offer)
    for offer in offers:
        reading.blank(offer.first, offer.last + 1)
    return offers


def _goes_on(reading: Reading, offers: list[Offer], offer: Offer) -> bool:
    """Say whether "deux à 50" goes on after the price of one: "un pochton à 30, deux à 50"."""
    if not offers or offers[-1].fields["quantity"] != 1:
        return False
    offer.fields["unit"] = offers[-1].fields["unit"]
    return SUMS.fullmatch(reading.whole[offers[-1].last + 1 : offer.first]) is not None


def _carry(reading: Reading, before: Offer, offer: Offer) -> None:
    """Let a sum share the unit of the one before: "pochons à 20, 30 et 50 €", "celui de coke"."""
    if before.fields["quantity"] != 1 or before.rule not in (
        "good",
        "rate",
        "bare",
        "pack",
        "carried",
    ):
        return
    between = reading.whole[before.last + 1 : offer.first]
    sums = before.rule != "rate" and SUMS.fullmatch(between)
    if sums or (SAME.fullmatch(between) and _says_same(reading, before.last + 1, offer.first)):
        offer.fields.update(quantity=1.0, unit=before.fields["unit"])
        offer.rule = "carried" if sums else "good"
        offer.confidence = 0.8 if before.rule in ("good", "rate") else before.confidence


def _says_same(reading: Reading, first: int, stop: int) -> bool:
    return any(reading.word(i) in ("celui", "celle", "ceux", "that") for i in range(first, stop))


def _present(reading: Reading) -> None:
    """Leave what is asked now where a text tells what it was: in words and without € too.

    What is asked now is for as much as before, unless it says for how much.
    """
    if not set("€N") & set(reading.roles):
        return
    now = PRESENT.search(reading.folded)
    past = strict = PAST.search(reading.folded)
    if past is None and now is not None:
        past = EARLIER.search(reading.folded)
    if past is None:
        return
    sums = sorted(i for i in reading.places("€") + reading.places("N") if _is_sum(reading, i))
    if strict is None and len(sums) != 2:
        return
    at = {i: reading.tokens.starts[reading.amounts.places[i]] for i in sums}
    if now is None:
        old = [i for i in sums if reading.roles[i] == "€"]
        if len(old) == 1 and WAS.search(reading.folded):
            reading.blank(old[0], old[0] + 1)
        return
    here = [
        i
        for i in sums
        if now.end() <= at[i] <= now.end() + 40
        and reading.roles[i : i + 2] != "Nw"
        and not _tells_past(reading.folded, now.end(), at[i])
    ][:1]
    if not here:  # "elle en vaut trente aujourd'hui"
        here = [i for i in sums if SAID.fullmatch(reading.folded, at[i], now.start())]
    gone = [i for i in sums if i not in here and abs(at[i] - past.end()) <= 60]
    if past.start() < now.start():
        gone = [i for i in gone if at[i] < now.start()]
    gone = [i for i in gone if reading.roles[i] == "€"] or gone
    if len(here) != 1 or len(gone) != 1:
        return
    (new,), (old_one,) = here, gone
    atom, known = reading.atoms[new], reading.atoms[old_one]
    if atom is None or known is None:
        return
    if "€" not in (reading.roles[new], reading.roles[old_one]) and not reading.mentions:
        return
    unit = atom.unit if atom.kind == "€" else known.unit if known.kind == "€" else None
    reading.atoms[new] = atom._replace(kind="€", unit=unit)
    reading.roles = reading.roles[:new] + "€" + reading.roles[new + 1 :]
    _replace(reading, old_one, new)


def _tells_past(folded: str, start: int, stop: int) -> bool:
    """Say whether a word of the past stands in a stretch: "aujourd'hui, c'était 80 avant"."""
    return any(cue.search(folded, start, stop) for cue in (PAST, EARLIER, WAS))


def _replace(reading: Reading, old: int, new: int) -> None:
    """Put a new sum where the old one stands, unless the new one has a unit of its own."""
    ahead = UNIT_AHEAD.match(reading.roles, old + 1)
    taken = reading.roles[: old + 1] + "€" * (ahead.end() - old - 1 if ahead else 0)
    behind = _behind(taken + reading.roles[len(taken) :], new)
    if UNIT_AHEAD.match(reading.roles, new + 1) or behind is not None:
        reading.blank(old, old + 1)
        return
    if ahead:
        reading.atoms[old] = reading.atoms[new]
        reading.blank(new, new + 1)
        return
    place = _behind(reading.roles, old)
    reading.blank(old, old + 1)
    if place is not None:
        _move(reading, new, place)


BEHIND = re.compile(r"(?:[uQ](?:d?[MT])?|T)(?P<place>[^€QuTL.]*)$")


def _behind(roles: str, place: int) -> int | None:
    """Return the place after the unit, and its substance, that a sum comes after in a sentence."""
    match = BEHIND.search(roles, 0, place)
    return match.start("place") if match else None


def _move(reading: Reading, sum_at: int, place: int) -> None:
    """Move a sum to another place."""
    atom = reading.atoms[sum_at]
    reading.blank(sum_at, sum_at + 1)
    reading.atoms[place] = atom
    reading.roles = reading.roles[:place] + "€" + reading.roles[place + 1 :]


def _is_sum(reading: Reading, place: int) -> bool:
    """Say whether a number may be money: no duration, no amount, no year."""
    if reading.roles[place] == "€":
        return True
    atom = reading.atoms[place]
    follows = reading.roles[place + 1 : place + 2]
    return (
        atom is not None
        and atom.value is not None
        and 3 <= atom.value <= 500
        and follows not in ("j", "h", "u", "%", "x", "T")
    )


def _current(reading: Reading) -> None:
    """Leave the current price where an old one stands beside it."""
    if not set("if") & set(reading.roles) and "€=" not in reading.roles:
        return
    for pattern in OLD:
        for match in pattern.finditer(reading.roles):
            if "L" in match.group():
                continue
            now, old = match.start("now"), match.start("old")
            if now < old and UNIT_AHEAD.match(
                reading.roles, old + 1
            ):  # "60 € au lieu de 70 € le g"
                reading.atoms[old], now, old = reading.atoms[now], old, now
            reading.blank(old, old + 1)
    for match in list(AGAINST.finditer(reading.roles)):
        if reading.word(match.start("old") - 1) == "contre":
            reading.blank(match.start("old"), match.start("old") + 1)


def _changed(reading: Reading) -> None:
    """Leave the second sum of a change: "est passé de 70 à 60 €", "went from £20 to £30"."""
    for place in reading.places("€"):
        atom = reading.atoms[place]
        if atom is None:
            continue
        start = reading.tokens.starts[atom.first]
        if not CHANGE.search(reading.folded, max(0, start - 60), start):
            continue
        second = SECOND.match(reading.roles, place)
        if atom.top is not None:
            reading.atoms[place] = atom._replace(value=atom.top, top=None)
            to = _behind(reading.roles, place)
            if to is not None and not UNIT_AHEAD.match(reading.roles, place + 1):
                _move(reading, place, to)
        elif second:
            _replace(reading, place, second.end() - 1)


def _price(reading: Reading, rule: str, first: int, last: int) -> Offer | None:
    """Return the price in one match, or nothing where the numbers cannot be one."""
    places = [i for i in range(first, last + 1) if reading.roles[i] in "€RNQu5T"]
    found = [reading.atoms[i] for i in places]
    money = next((a for a in found if a and a.kind in "€R5"), None)
    bare = [a for a in found if a and a.kind == "N"]
    product = next((a for a in found if a and a.kind == "Q"), None)
    quantity: float | None = None
    unit: str | None = None
    confidence = 0.9
    if rule == "half":
        if not reading.word(reading.roles.index("F", first)).startswith("demi"):
            return None
        quantity, unit = 0.5, "g"
    elif rule == "pack":
        quantity, unit = 1.0, reading.unit_at(first)
    elif product is not None:
        quantity, unit = product.value, product.unit
        if unit == "mg" and first and reading.roles[first - 1] == "u":  # "flacon 60 mg 10 €"
            quantity, unit = 1.0, reading.unit_at(first - 1)
    elif rule == "apiece":
        quantity, unit = 1.0, "product"
    elif rule == "rate" or (rule == "good" and bare == []):
        place = next((i for i in places if reading.roles[i] == "u"), None)
        if place is None:
            place = next(i for i in places if reading.roles[i] == "T")
        quantity, unit = 1.0, reading.unit_at(place)
    fields: dict[str, Any]
    if money is None:
        equal = rule == "tier" and _between(reading, first, last) == "="
        if equal or rule in ("listed", "more"):
            count, price = bare[0].value, bare[1].value
        elif rule == "tier":
            price, count = bare[0].value, bare[1].value
        else:
            count, price = None, bare[0].value
        thousands = any(reading.tokens.roles[a.last] == "K" for a in bare)  # "1,9k" is no year
        if price is None or not (thousands or _could_be_price(price)):
            return None
        if rule == "tier" and count is not None:
            if count > price:
                count, price = price, count
            if not _could_be_price(price) or price < 5 or count > 1000:
                return None
        if count is not None:
            quantity, unit = count, None
        confidence = 0.6
        fields = {"amount": price, "amount_max": None, "currency": None}
    else:
        low, high = money.value, money.top
        if money.kind == "€" and high is not None and low is not None and low > high:
            low, high = high, low
        fields = {"amount": low, "amount_max": high, "currency": money.unit}
        if rule in ("listed", "several", "number", "more"):
            quantity, unit = bare[0].value, None
            if quantity is None or low is None or quantity >= 1000 or quantity > 20 * low:
                return None
            if rule == "number" and not _is_count(reading, first, last, quantity):
                return None
            confidence = 0.8
        elif rule == "times":
            fields.update(amount=money.top, amount_max=None)
            quantity, unit, confidence = money.value, "product", 0.3
        elif rule == "lone":
            confidence = 0.6
    fields.update(quantity=quantity, unit=unit)
    return Offer("price", first, last, rule, fields, confidence)


def _is_count(reading: Reading, first: int, last: int, quantity: float) -> bool:
    """Say whether a number right before money is an amount: "3.5 £35", "0,8 de coke 50 €"."""
    said = reading.roles[first + 1 : last]
    if said in ("=", "f", "M=", "Mf") or (quantity < 10 and quantity != round(quantity)):
        return True
    atom = reading.atoms[last]
    return not said and atom is not None and reading.tokens.roles[atom.first] == "c"


def _between(reading: Reading, first: int, last: int) -> str:
    return reading.roles[first + 1 : last]


def _could_be_price(value: float) -> bool:
    """Say whether a number without a currency may be a price: no year, no fraction."""
    return value >= 1 and not (1900 <= value <= 2100)


def _is_price(reading: Reading, offer: Offer) -> bool:
    """Say whether a sum is asked for a product: not a wage, a fine, a seizure, other goods."""
    if offer.rule == "rate":
        before, after = reading.sentence(offer.first, offer.last, 2, 3)
        return "X" not in before + after
    if _is_too_much(offer):
        return False
    whole = reading.whole[offer.first : offer.last + 1]
    before, after = reading.sentence(offer.first, offer.last, 7, 5)
    if "V" in before or "V" in after[:3] or "V" in whole or "X" in whole:
        return False
    if offer.rule == "several" and any(m.confidence >= SURE for m in reading.mentions):
        after = after.partition(",")[0]  # "150 € les deux, parfum fraise"
    if offer.rule == "lone" and (_is_apart(reading, before, after) or _is_had(reading, offer)):
        return False
    if _is_listed(reading, offer, before, after) or _is_of_service(reading, offer):
        return False
    near = _clause(before)[-3:] + "_" + BESIDES.split(after[:3])[0]
    if "X" in near or (offer.rule == "lone" and ORDER.search(before)):
        return False
    if offer.rule in (
        "lone",
        "slash",
        "several",
        "tier",
        "number",
        "bare",
        "bareline",
        "pack",
        "half",
        "more",
    ):
        if "Z" in before + after + whole and _is_wage(reading, offer, len(before), len(after)):
            return False
        if offer.rule in ("bare", "bareline", "pack"):
            return True
        if "Y" in near or "j" in after[:2] or after.startswith(("b", "db")):
            return False
    return True


def _is_apart(reading: Reading, before: str, after: str) -> bool:
    """Say whether the only sum of a text stands in a sentence away from any product."""
    if reading.whole.count("€") > 1 or set(before[-4:] + after[:3]) & set("MTQu"):
        return False
    if (before[-4:] + after[:3]).count("w") < 2:
        return False
    return PAST.search(reading.folded) is None or PRESENT.search(reading.folded) is None


# Money that somebody finds, loses, wins, steals or owes: "trouvé 300 €", "500 € perdus"
HAD = re.compile(
    r"(?<![a-z])(?:(?:re)?trouv(?:e|er|ent|ait)|perd(?:s|u|re|ait|ais)?|gagn(?:e|er|ais|ait)|vole[rs]?"
    r"|dois|doi(?:t|vent)|devai[st]|found|finds?|lost|lose|losing|won|win|stole|owe[sd]?|owing)"
    r"(?: (?:me|te|lui|him|her|them|me|my (?:dealer|plug|guy)|pres de|plus de|over|nearly))? $"
)
GONE = re.compile(
    r" ?(?:(?:en (?:liquide|especes|cash|billets)|in (?:cash|notes)|d.argent|(?:ont|a) ete"
    r"|was|were|had been),? )?(?:(?:re)?trouves|perdus?|gagnes|voles|envoles|disparus"
    r"|lost|won|stolen|missing)(?![a-z])"
    r"| (?:was|were|ont ete) (?:found|(?:re)?trouves)(?![a-z])"
)
THAT = re.compile(r" (?:(?:l[ae]|les|the) |l')")
POLICE = re.compile(
    r"(?<![a-z])(?:police|policiers?|gendarmes?|gendarmerie|douan\w+|cops|officers|customs)(?![a-z])"
    r"[^.!?\n]{0,20}(?<![a-z])(?:trouve\w*|decouv\w+|found|mis la main|took|pris)[^.!?\n]{0,60}$"
)
# Who is found with something, or has it on them: "contrôlée avec de la coke, 80 euros et …"
HELD = re.compile(
    r"(?<![a-z])(?:(?:arret|interpell|control)e(?:e|s|es)? (?:avec|en possession)"
    r"|(?:arrested|caught|stopped) with|carrying|possession|det(?:enait|enaient|ient|iennent)"
    r"|(?:re)?trouve(?:e|s|es)? (?:chez|sur|en)|found (?:on|with|at)"
    r"|(?:ai|avai(?:t|ent)) sur (?:moi|lui|elle|eux))(?![a-z])[^.!?\n]{0,80}$"
)


def _is_had(reading: Reading, offer: Offer) -> bool:
    """Say whether a sum is what somebody has, lacks or owes and no price."""
    start, stop = reading.span(offer.first, offer.last)
    before = reading.folded[max(0, start - 100) : start]
    priced = THAT.match(reading.folded, stop)  # "trouvé 50 € la coke"
    had = HAD.search(before) or HELD.search(before)
    if POLICE.search(before) or (had and not priced):
        return True
    return GONE.match(reading.folded, stop) is not None


# What is told one beside the other: "400 € et 2 g de coke", "cocaïne et 60 €"
JOINED = re.compile(r"&[dplAw]{0,3}[MTQu]")
AFTER_GOODS = re.compile(r"[MTQu]&[dplAw]{0,2}$")
ITS_OWN = re.compile(r"[pld]{0,2}[MTQu]")  # "60 € la coke et 40 € la MD"
HOLDING = frozenset(("with", "avec", "containing", "contenant", "mit"))


def _is_listed(reading: Reading, offer: Offer, before: str, after: str) -> bool:
    """Say whether a sum is one of the things that a sentence lists and asked for none of them."""
    lone = offer.rule == "lone"
    if lone and AFTER_GOODS.search(before) and not ITS_OWN.match(after):
        return True
    if offer.rule not in ("lone", "good") or JOINED.match(after) is None:
        return False
    held = offer.last > 0 and reading.word(offer.last - 1) in HOLDING
    return held or (lone and not set(before) & set("MTQuq@"))


BESIDES = re.compile("[,&+(]")  # what stands behind one of these is another thing
# "(tarif d')une (première) consultation …": how the words before a sum begin
HEAD = re.compile(r"(?:[qw][d=])?[plA]{0,2}w?")
# What is told or taught about a substance sells none: "livre sur la cocaïne", "talk about crack"
ABOUT = re.compile(
    r"(?<![a-z])(?:livres?|bouquins?|books?|magazines?|films?|documentaires?|podcasts?|articles?"
    r"|conferences?|talks?|expos?|expositions?|etudes?|brochures?|affiches?|bd|ouvrages?)"
    r" (?:sur|about|on|contre|against) (?:la |le |les |l.|the )?$"
)
OF_ANOTHER = frozenset(
    ("sur", "avec", "sans", "en", "par", "with", "without", "on", "by", "pour", "for")
)


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
    services = tokens.vocabulary().services
    for place in range(first, offer.first):
        role = reading.whole[place]
        if role in "MT" and ABOUT.search(reading.folded, 0, reading.span(place, place)[0]):
            return True
        service = role in "wYZVmbj" and reading.word(place) in services
        if not service and role != "X":
            continue
        if HEAD.fullmatch(clause[: place - first]):
            return (
                role == "X"
                or clause[place - first + 1 :][:1] != "="
                or not _is_shelf(reading, place)
            )
        last = clause[place - first + 1 :].strip("=@-") == ""
        compound = re.search(r"[MT]w{0,2}$", clause[: place - first])
        if last and compound and reading.word(place - 1) not in OF_ANOTHER:
            return True
    opens = offer.first - len(before)
    return "€" not in before + after and before[:1] in "wYZVmbj" and reading.word(opens) in services


def _is_shelf(reading: Reading, place: int) -> bool:
    """Say whether a word stands over the goods of a kind: "ordonnance : Lyrica 5 €"."""
    return reading.word(place).rstrip("s") in ("ordonnance", "prescription")


def _clause(before: str) -> str:
    """Return the roles of the clause that ends in a sum; one without a word goes with the last."""
    said = before.rstrip("=,(-@pdlA")
    return before[max(said.rfind(","), said.rfind("(")) + 1 :]


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
    return any(reading.whole[i] == "Z" and not (said and reading.word(i) in PAID) for i in around)


def _quantities(reading: Reading) -> list[Offer]:
    """Take the amounts of product that no price, bonus or strength holds."""
    offers = []
    for place in reading.places("Q"):
        atom = reading.atoms[place]
        if atom is None or atom.value is None or atom.value <= 0:
            continue
        fields = {"quantity": atom.value, "unit": atom.unit}
        said = reading.tokens.roles[atom.first]
        if said == "A" and _is_letter(reading, place, atom):
            continue
        sure = 0.4 if said == "A" and atom.unit in ("unit", "product") else 0.9  # "un joint"
        offers.append(Offer("quantity", place, place, "quantity", fields, sure))
    if not offers and "€" not in reading.whole:
        offers += _counts(reading)
    return offers


def _is_letter(reading: Reading, place: int, atom: Atom) -> bool:
    """Say whether "a g" is somebody and no gram: nothing that is weighed follows."""
    start, stop = reading.tokens.starts[atom.first], reading.tokens.stops[atom.last]
    said = reading.folded[start:stop]
    return said == "a g" and reading.whole[place + 1 : place + 2] not in ("d", "M", "T", "(", "=")


# "5 MDMA", "10. Red Bull ecstasy", "METHADONE 0.25 top": a title that leaves the unit out.
COUNT = re.compile(
    r"(?:(?<=L)|^)[-,.=(]{0,2}(?P<lead>N)[.,=]?(?:w{0,4}[MT])"
    r"|[MT]w{0,2}[,=\-(]?(?P<tail>N)(?=w{0,3}(?:[,.L)r]|$)|[wl])"
)


def _counts(reading: Reading) -> list[Offer]:
    """Take a number without a unit beside a substance, in a line that is a title and no prose."""
    offers = []
    for match in COUNT.finditer(reading.roles):
        place = match.start("lead") if match["lead"] else match.start("tail")
        left = reading.roles.rfind("L", 0, place) + 1
        right = reading.roles.find("L", place)
        line = reading.roles[left : right if right >= 0 else None]
        atom = reading.atoms[place]
        value = atom.value if atom is not None else None
        prose = set(line) & set("vpldf&@thjqi") and (value is None or value == round(value))
        if len(line) > 24 or line.count("N") > 1 or prose:
            continue
        if value is None or not 0 < value <= 10000 or 1900 <= value <= 2100:
            continue
        if match["tail"] and value != round(value) and value > 10:
            continue
        whole = value == round(value)
        confidence = 0.5 if match["lead"] or not whole else 0.4
        fields = {"quantity": value, "unit": None}
        offers.append(Offer("quantity", place, place, "count", fields, confidence))
    return offers


def _by_form(reading: Reading, offers: list[Offer]) -> None:
    """Give what is counted in blotters to the one substance sold so, not to the powder above.

    What comes in a dose form that its substance is never sold in is another product's: of no
    substance where none that is said fits, as is what goes on from it in its line.
    """
    known = tokens.vocabulary()
    moved: tuple[range, int, int | None] | None = None  # the line, the substance before and now
    for offer in offers:
        unit = offer.fields.get("unit")
        if offer.mention is None or not (offer.loose or offer.kind == "price"):
            continue
        if unit is None:
            if moved and offer.first in moved[0] and offer.mention == moved[1]:
                offer.mention = moved[2]
            continue
        if unit not in ("blotter", "capsule", "tablet") or _names_its_own(reading, offer):
            continue
        substance = reading.mentions[offer.mention].substance
        unfit = substance in known.unfit.get(unit, ()) and not _may_be_another_form(reading, offer)
        if not unfit and (unit == "tablet" or substance in known.product):
            continue
        fit = [
            n
            for n, m in enumerate(reading.mentions)
            if m.confidence >= CUT and known.product.get(m.substance) == unit
        ]
        one = fit[0] if len({reading.mentions[n].substance for n in fit}) == 1 else None
        if unfit or one is not None:
            moved = reading.line(offer.first), offer.mention, one
            offer.mention = one


def _names_its_own(reading: Reading, offer: Offer) -> bool:
    """Say whether the substance stands in the offer, or after it with "of": "2 buvards de 2C-B"."""
    after = AFTER.match(reading.whole, offer.last + 1)
    if after and "d" in after.group() and reading.mention_at(after.end() - 1) == offer.mention:
        return True
    return any(reading.mention_at(i) == offer.mention for i in range(offer.first, offer.last + 1))


def _may_be_another_form(reading: Reading, offer: Offer) -> bool:
    """Say whether a word of an offer counts several forms: "tabs", of tablets as of blotters."""
    start, stop = reading.span(offer.first, offer.last)
    return not tokens.vocabulary().either.isdisjoint(WORDS.findall(reading.folded, start, stop))


def _settle(reading: Reading, offers: list[Offer], currency: str | None) -> None:
    """Fill in what neighbours, the product and the country imply."""
    said = [o.fields["currency"] for o in offers if o.kind == "price" and o.fields["currency"]]
    near = said[0] if said else _named(reading)
    unit: str | None = None  # of the offer above
    for offer in offers:
        fields = offer.fields
        substance = None
        if offer.mention is not None:
            substance = reading.mentions[offer.mention].substance
        product = tokens.vocabulary().product.get(substance or "")
        if offer.rule == "count":
            weighed = substance == "mdma" or product is None
            offer.fields["unit"] = reading.form(offer.first) or ("g" if weighed else product)
        if offer.kind == "price":
            if offer.rule == "slash":
                _settle_slash(fields, product)
            if fields["currency"] is None:
                fields["currency"] = near or currency
            else:
                near = fields["currency"]
            if fields["currency"] == "$":
                fields["currency"] = currency if currency in DOLLARS else None
        if offer.kind in ("price", "quantity", "bonus"):
            for name in ("unit", "free_unit"):
                if fields.get(name) == "product":
                    fields[name] = reading.form(offer.first) or product or "unit"
            counted = fields.get("quantity", fields.get("free"))
            if fields.get("unit") is None and counted is not None:
                form = reading.form(offer.first) if offer.kind == "bonus" else None
                fields["unit"] = form or unit or product or ("g" if substance else "unit")
            elif fields.get("unit") not in (None, "EUR", "mg", "µg"):
                unit = fields["unit"]


def _named(reading: Reading) -> str | None:
    """Return the currency that a text without sums in one names: "prix en CHF"."""
    words = zip(reading.tokens.roles, reading.tokens.values, strict=True)
    return next((value for role, value in words if role in "Cc" and value != "$"), None)


def _settle_slash(fields: dict[str, Any], product: str | None) -> None:
    """Read "5/20 €" as five for 20 €, "50/60 €" as a range."""
    low, high = fields["amount"], fields["amount_max"]
    if fields["quantity"] is not None:
        if high <= low:
            fields["amount_max"] = None
        return
    if product is None and low < high <= 2 * low:
        return
    if low >= high:
        fields.update(amount=low, amount_max=None)
        return
    fields.update(amount=high, amount_max=None, quantity=low, unit=None)


def _fact(reading: Reading, offer: Offer) -> Fact | None:
    """Return an offer in the normal form of an observation, with how sure it is."""
    fields = {name: value for name, value in offer.fields.items() if value is not None}
    if offer.mention is not None:
        fields["substance"] = reading.mentions[offer.mention].substance
    start, stop = reading.span(offer.first, offer.last)
    return Fact(offer.kind, start, stop, fields, _confidence(reading, offer), offer.rule)


def _in_market(reading: Reading, offer: Offer) -> bool:
    """Say whether a noun of the offer or of its line tells by itself that a drug is sold."""
    market = tokens.vocabulary().market
    if any(reading.word(i) in market for i in reading.line(offer.first) if reading.whole[i] == "u"):
        return True
    start, stop = reading.span(offer.first, offer.last)
    return any(word in market for word in reading.folded[start:stop].split())


MOST = 2000  # money for one gram, tablet or pack
MOST_ALONE = 2500  # money that no amount stands beside
GOODS = re.compile(r"(?<![a-z])(?:sur|on) ((?:[a-z']+ ?){1,4})")


# Where and how other goods are sold: beside no substance, a sum or a gift in such a text is theirs.
RETAIL = re.compile(
    r"(?<![a-z])(?:rayons?|magasins?|(?:super|hyper)marches?|(?:au|du) marche|sur les marches"
    r"|foires?|stands?|kermesse|brocantes?|braderie|vide[ -]\w+|caisse|banque|bancaire|parrain\w*"
    r"|assurances?|abonnements?|bons? d.achat|cartes? de fidelite|cheques? cadeaux?|adherents?"
    r"|inscriptions?|cours|seances?|cantine|ecoles?|scolaires?|fournitures|salon|station|consigne"
    r"|producteurs?|productrice|eleveurs?|artisan\w*|maraicher\w*|ruches|recoltes?|terroir|bio|vrac"
    r"|carats?|rachats?|encheres|bijou\w*|brode\w*|tricot\w*|jardin\w*|recettes?"
    r"|palettes?|steres?|date courte|fabrique en|terrasse|pinte|tournee|bar|brasserie"
    r"|(?:boulang|patiss|epic|merc|papet|librair|quincaill|fromag|bouch|charcut|poissonn|drogu"
    r"|parfum|bijout|brass|pizz|sandwich|blanchiss|maroquin|animal|droguist|confis|chocolat)"
    r"(?:erie|er|ere|ier|iere|aire)s?"
    r"|chez (?!vous|toi|nous|moi|lui|elle|eux|soi|un |l.un|ton"
    r"|votre (?:dealer|plug)|le (?:dealer|plug|mec))\w+)(?![a-z])"
)
NOMINAL = re.compile(r"[-=,(]{0,2}(?:[plA]|d[pl]?)?(?P<noun>[wXu])")
SURE = 0.8  # a substance that needs no word beside it
DEAR = 3  # money a gram: what is cheaper is food far more often than a drug in small amounts


def _is_foreign(reading: Reading, offer: Offer) -> bool:
    """Say whether an offer that no substance belongs to is one of other goods.

    Three things tell it: the text is of a shop; a pack is made of or filled with what no drug is
    called ("barrettes à cheveux", "pochon en lin"); what is weighed stands under a noun that is no
    word of the trade, or costs less than drugs do.
    """
    alone = not any(m.confidence >= CUT for m in reading.mentions)
    if alone and RETAIL.search(reading.folded):
        return True
    places = range(len(reading.whole)) if alone else reading.line(offer.first)
    if offer.rule == "half" or (offer.rule == "ordinal" and offer.fields["unit"] is None):
        return True  # a beer, a round
    if any(_is_filled(reading, i) for i in places if reading.whole[i] in "uQ"):
        return True
    fields = offer.fields
    amount, quantity = fields.get("amount"), fields.get("quantity")
    if fields.get("unit") == "g" and amount and quantity and amount < DEAR * quantity:
        return True
    if _in_market(reading, offer):
        return False
    packs = (i for i in range(offer.first, offer.last + 1) if reading.whole[i] in "uQ")
    if offer.kind == "bonus" and any(reading.unit_at(i) == "unit" for i in packs):
        return True  # "2 paquets achetés": packs of anything
    before, _ = reading.sentence(offer.first, offer.last, len(reading.whole), 0)
    lead = NOMINAL.match(before)
    if lead is None:
        return False
    noun = reading.word(offer.first - len(before) + lead.start("noun"))
    known = tokens.vocabulary()
    return noun not in known.plain and noun not in known.neutral and len(noun) > 2


def _is_filled(reading: Reading, place: int) -> bool:
    """Say whether a pack is of a matter or for a use that names no drug."""
    atom = reading.atoms[place]
    weighed = reading.unit_at(place) in ("kg", "g", "ml", "l", "mg")
    if atom is None or (weighed and "S" not in _roles(reading, place)):
        return False
    follow = re.match(r"(?:d|@|w)[plA]?w", reading.whole[place + 1 :])
    if follow is None:
        return False
    if follow[0][0] == "w" and reading.word(place + 1) not in ("en", "pour"):
        return False
    if follow[0][0] == "@" and reading.word(place + 1) == "@":
        return False
    known = tokens.vocabulary()
    word = reading.word(place + follow.end())
    return word not in known.neutral and word not in known.plain and word not in known.whole


def _roles(reading: Reading, place: int) -> str:
    atom = reading.atoms[place]
    assert atom is not None
    return reading.tokens.roles[atom.first : atom.last + 1]


def _is_of_others(reading: Reading, offer: Offer) -> bool:
    """Say whether what is given belongs to goods that no drug is sold as.

    "2 pizzas achetées" and "one free on all burgers" name them; "sur toute la carte" does not.
    """
    words = tokens.vocabulary()
    known = words.neutral | words.market | words.counted.keys() | words.whole
    last = offer.first
    while last < len(reading.whole) and reading.whole[last] not in "wdb€o":
        last += 1
    if reading.whole[last : last + 1] == "w" and "b" in reading.whole[last : last + 3]:
        return reading.word(last) not in known
    start, stop = reading.span(offer.first, offer.last)
    around = reading.folded[max(0, start - 40) : stop + 40]
    return any(set(found[1].split()) - known for found in GOODS.finditer(around))


def _is_shop(reading: Reading, offer: Offer) -> bool:
    """Say whether a text has prices too and neither a substance, a pack of one nor a gram."""
    others = reading.whole[: offer.first] + reading.whole[offer.last + 1 :]
    if "€" not in others or any(m.confidence >= CUT for m in reading.mentions):
        return False
    market = tokens.vocabulary().market
    return not any(
        role in "uQ" and (reading.unit_at(i) == "g" or reading.word(i) in market)
        for i, role in enumerate(reading.whole)
    )


def _said(reading: Reading, offer: Offer) -> str:
    """Return the roles of the tokens of an offer."""
    atom = reading.atoms[offer.last]
    last = reading.amounts.places[offer.last] if atom is None else atom.last
    return reading.tokens.roles[reading.amounts.places[offer.first] : last + 1]


def _is_network(reading: Reading, offer: Offer) -> bool:
    """Say whether "4G", "5G" is a telephone network and no weight."""
    atom = next(
        (a for a in reading.atoms[offer.first : offer.last + 1] if a and a.kind == "Q"), None
    )
    if atom is None or atom.value not in (3, 4, 5) or atom.unit != "g":
        return False
    before = reading.tokens.roles[atom.first - 1 : atom.first] if atom.first else ""
    upper = reading.text[reading.tokens.starts[atom.last] :].startswith("G")
    return (upper and before == "p") or NETWORK.search(reading.folded) is not None


def _confidence(reading: Reading, offer: Offer) -> float:
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
        if "X" in before + reading.whole[offer.first : offer.last + 2]:
            return 0.3
        if _is_of_others(reading, offer) or _is_shop(reading, offer):
            return 0.4
    if offer.kind not in ("price", "quantity"):
        return sure
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
    goods = "X" in reading.whole[line.start : line.stop]
    if unit in ("unit", "tablet", "blotter", "capsule", "product", None):
        return min(sure, 0.6) if _in_market(reading, offer) else 0.3
    if offer.kind == "quantity":
        after = reading.whole[offer.last + 1 : offer.last + 3]
        if reading.whole[max(0, offer.first - 2) : offer.first] == "wd":  # "des bougies de 70 g"
            return 0.3
        if after[:1] in ("d", "X", "/"):
            return 0.2
        if unit != "g" or "F" in _said(reading, offer):
            return 0.35
        return 0.3 if goods else 0.55
    if unit == "g" and not goods:
        return min(sure, 0.65)
    return 0.35

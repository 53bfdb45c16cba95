"""The grammar of offers: prices, quantities, bonuses, purity, strength and hours in one text.

The text is turned into roles (`tokens`), amounts are put together (`amounts`), and the rules of
`rules.toml` run over that short string. What a rule takes is blanked, so the order of the passes is
the order of precedence: purity and strength, bonuses, prices, and quantities from what is left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from babel.numbers import get_territory_currencies

from fanal.coding.facts import CUT, Fact, Mention
from fanal.coding.offers import bonuses, doses, hours, lines, quantities, sums, tokens
from fanal.coding.offers.confidence import confidence
from fanal.coding.offers.roles import (
    ANALYTE,
    BAG,
    CURRENCY,
    DEAL,
    FREE,
    PACK,
    PURITY,
    THOUSAND,
    WEIGHT,
    E,
)
from fanal.coding.offers.settling import settle
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.whose import attach

CUES = (CURRENCY, WEIGHT, PACK, BAG, DEAL, FREE, PURITY, ANALYTE)
GLUED = (CURRENCY, WEIGHT, PACK, E, THOUSAND)  # to a number: "60e"
NUMBER = re.compile(r"[\d½¼¾⅓⅔⅛]")

OFTEN = frozenset(
    ("a", "x", "k", "e", "st", "car", "box", "bar", "bars", "unit", "each", "offer", "stuck")
)

ALWAYS = frozenset(
    ("24/24", "24h/24", "24/7", "7/7", "7j/7", "7j sur 7", "h24", "horaires", "24h24")
)


@cache
def cues() -> frozenset[str]:
    """Return the folded terms whose presence makes a document worth reading for offers."""
    words = tokens.vocabulary().words
    found = {word for word, (role, _) in words.items() if role in CUES}
    return frozenset(found - OFTEN) | ALWAYS


@cache
def amount_words() -> frozenset[str]:
    """Return the cues that are words of weight or money."""
    words = tokens.vocabulary().words
    return frozenset(word for word, (role, _) in words.items() if role in (CURRENCY, WEIGHT))


def patterns() -> list[str]:
    """Return expressions over words of a–z and 0–9 that are cues too: "60e", "2g50", "x100"."""
    words = tokens.vocabulary().words
    glued = sorted(
        word
        for word, (role, _) in words.items()
        if role in GLUED and word.isascii() and word.isalpha()
    )
    return [f" [0-9]+(?:{'|'.join(glued)}|h|x|am|pm)[0-9]* ", " x[0-9]+ "]


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
    offers += sums.read(reading)
    offers += quantities.read(reading)
    if not offers:
        facts = []
    else:
        offers.sort(key=lambda offer: (offer.first, offer.last))
        attach(reading, offers)
        settle(reading, offers, currency_of(country))
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
    for tier in tiers.values():
        tier.sort(key=lambda fact: float(fact.fields["quantity"]))
        each = [fact.fields["amount"] / fact.fields["quantity"] for fact in tier]
        rising = tier[0].fields["quantity"] < tier[-1].fields["quantity"]
        if rising and all(more > less for more, less in pairwise(each)):
            found.setdefault("supply.marketing.tiered-price", tier[-1])
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
        named = kept and folded[kept[-1].start].isalnum()
        if named and folded[kept[-1].stop : mention.stop] == " c":
            continue  # "la md c 35 le g": it is
        if not tokens.names_a_substance(folded, mention):
            continue
        beside = kept and folded[kept[-1].stop : mention.start] in ("", " ", "-")
        if beside and mention.ambiguous != kept[-1].ambiguous:
            if kept[-1].ambiguous:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _fact(reading: Reading, offer: Offer) -> Fact | None:
    """Return an offer in the normal form of an observation, with how sure it is."""
    fields = {name: value for name, value in offer.fields.items() if value is not None}
    if offer.mention is not None:
        fields["substance"] = reading.mentions[offer.mention].substance
    start, stop = reading.span(offer.first, offer.last)
    return Fact(offer.kind, start, stop, fields, confidence(reading, offer), offer.rule)

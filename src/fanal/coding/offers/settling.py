"""What an offer leaves unsaid: its unit, its currency, the substance of its dose form."""

from __future__ import annotations

import re
from typing import Any

from fanal.coding.facts import CUT
from fanal.coding.offers.roles import CURRENCY, OF, SIGN
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary
from fanal.coding.offers.whose import AFTER

DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "BBD", "JMD"))
WORDS = re.compile(r"[a-z]+")


def settle(reading: Reading, offers: list[Offer], currency: str | None) -> None:
    """Fill in what the form, neighbours, the product and the country imply."""
    _by_form(reading, offers)
    said = [o.fields["currency"] for o in offers if o.kind == "price" and o.fields["currency"]]
    near = said[0] if said else _named(reading)
    unit: str | None = None  # of the offer above
    for offer in offers:
        fields = offer.fields
        substance = None
        if offer.mention is not None:
            substance = reading.mentions[offer.mention].substance
        product = vocabulary().product.get(substance or "")
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
            elif fields.get("unit") not in (None, "EUR", "mg", "µg", "kg", "l"):
                unit = fields["unit"]


def _by_form(reading: Reading, offers: list[Offer]) -> None:
    """Give what is counted in blotters to the one substance sold so, not to the powder above.

    What comes in a dose form that its substance is never sold in is another product's: of no
    substance where none that is said fits, as is what goes on from it in its line.
    """
    known = vocabulary()
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
    if after and OF in after.group() and reading.mention_at(after.end() - 1) == offer.mention:
        return True
    return any(reading.mention_at(i) == offer.mention for i in range(offer.first, offer.last + 1))


def _may_be_another_form(reading: Reading, offer: Offer) -> bool:
    """Say whether a word of an offer counts several forms: "tabs", of tablets as of blotters."""
    start, stop = reading.span(offer.first, offer.last)
    return not vocabulary().either.isdisjoint(WORDS.findall(reading.folded, start, stop))


def _named(reading: Reading) -> str | None:
    """Return the currency that a text without sums in one names: "prix en CHF"."""
    words = zip(reading.tokens.roles, reading.tokens.values, strict=True)
    return next((value for role, value in words if role in (CURRENCY, SIGN) and value != "$"), None)


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

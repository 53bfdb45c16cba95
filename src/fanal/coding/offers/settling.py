"""What an offer leaves unsaid: its unit and its currency."""

from __future__ import annotations

import re
from typing import Any

from fanal.coding.offers.roles import CURRENCY, SIGN
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

WORDS = re.compile(r"[a-z]+")
KRONER = frozenset(("NOK", "DKK", "SEK", "ISK"))
DOLLARS = frozenset(("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "BBD", "JMD"))


def settle(reading: Reading, offers: list[Offer], currency: str | None) -> None:
    """Fill in what neighbours, the product and the country imply."""
    said = [o.fields["currency"] for o in offers if o.kind == "price" and o.fields["currency"]]
    near = said[0] if said else _named(reading)
    unit: str | None = None  # of the offer above
    for offer in offers:
        fields = offer.fields
        substance = None
        if offer.mention is not None:
            substance = reading.mentions[offer.mention].substance
        product = vocabulary().product.get(substance or "")
        unsaid = fields.get("unit") in (None, "product")
        if unsaid and product == "tablet" and _is_weighed(reading, offer):
            product = "g"
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
            elif fields["currency"] == ",-":  # of the Netherlands, Germany and the North
                fields["currency"] = currency if currency in KRONER else "EUR"
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


def _is_weighed(reading: Reading, offer: Offer) -> bool:
    """Say whether a line names a form that is weighed: "MD cristaux 5+1"."""
    line = reading.line(offer.first)
    start, stop = reading.span(line[0], line[-1])
    return not vocabulary().weighed.isdisjoint(WORDS.findall(reading.folded, start, stop))


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

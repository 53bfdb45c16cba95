"""The readers never fail on any text, stay inside it and keep the normal forms."""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.coding.offers import grammar
from fanal.text.folding import fold

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from naming import mentions

PIECES = st.sampled_from(
    [
        piece
        for line in (
            "1 2 10 0,5 2.5 1/2 ½ 100 2g50 x100 5x10€ € $ £ e eur balles g gr kg mg µg oz taz",
            "pochon coke shit LSD le la les de d' l' par pour à = : → / - + ( ) , . | % ~~ \n",
            "un une deux trois quatrième 4ème acheté offert free buy get 7j/7 24/24 13h 1h 10am",
            "lundi dimanche jusqu'à thc pur 92% 👉 ❄️ 0 000 savonnette demi quart huitième 8ball",
            "b2g1 minuit entre et au lieu de passé prix [phone:FR]",
        )
        for piece in line.split(" ")
    ]
)
UNITS = {"g", "mg", "kg", "ml", "l", "oz", "lb", "tablet", "blotter", "capsule", "unit", "µg"}
CLOCK = re.compile(r"(?:[01]\d|2[0-4]):[0-5]\d")
TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(PIECES, max_size=25).map(" ".join),
    st.lists(PIECES, max_size=25).map("".join),
)


@settings(deadline=None, derandomize=True, max_examples=400)
@given(TEXTS, st.sampled_from([None, "FR", "US", "GE", "XX"]))
def test_any_text(text: str, country: str | None) -> None:
    text = unicodedata.normalize("NFC", text).encode("utf-8", "ignore").decode()
    folded = fold(text)
    for fact in grammar.read(text, folded, mentions(folded), country):
        assert 0 <= fact.start < fact.stop <= len(text)
        assert 0 <= fact.confidence <= 1
        fields = fact.fields
        for name in ("amount", "amount_max", "quantity", "bought", "free", "percent"):
            assert fields.get(name) is None or fields[name] >= 0
        if "amount_max" in fields and fact.kind == "price":
            assert fields["amount"] <= fields["amount_max"]
        if fact.kind in ("price", "quantity", "strength"):
            assert fields.get("unit") is None or fields["unit"] in UNITS
        if fact.kind == "price":
            assert fields.get("currency") is None or re.fullmatch("[A-Z]{3}", fields["currency"])
        for name in ("opens", "closes"):
            assert name not in fields or CLOCK.fullmatch(fields[name])

"""What was asked once, is denied or counted in pieces: the price left, and near-misses."""

from __future__ import annotations

import pytest

from fanal.coding.facts import CUT
from fanal.coding.lexicon import Lexicon, code_texts


def prices(text: str) -> list[tuple[object, ...]]:
    [facts] = code_texts(Lexicon().vocabulary, [text])
    names = ("amount", "quantity", "unit")
    return [tuple(f.fields.get(name) for name in names) for f in facts
            if f.kind == "price" and f.confidence >= CUT]  # fmt: skip


NOW: dict[str, list[tuple[object, ...]]] = {
    "Avant 2 g de cocaïne c'était 80 €, maintenant 60": [(60, 2, "g")],
    "2 g de cocaïne, avant 80 €, maintenant 60 €": [(60, 2, "g")],
    "La cocaïne était à 80 € le gramme avant, là c'est 60": [(60, 1, "g")],
    "Avant c'était 80 € les 2 g de cocaïne": [],
    "Avant, c'était 80 € le gramme de cocaïne": [],
    "Cocaïne 60 € le g, il y a deux ans c'était 80": [(60, 1, "g")],
    "2 g of cocaine used to be £100, now 80": [(80, 2, "g")],
    "cocaine £80 a gram, used to be 100": [(80, 1, "g")],
    "Vor zwei Jahren waren 2 g Kokain 160 €, heute 120": [(120, 2, "g")],
    "La prégabaline part à 2 € la gélule, la boîte de 56, on me la fait à 80 €": [
        (2, 1, "capsule"),
        (80, 56, "capsule"),
    ],
    "Deux grammes de cocaïne, il me les laisse à 100 €": [(100, 2, "g")],
    "Deux grammes de cocaïne, la place est à 100 €": [(100, None, None)],
    "£15 for two gel caps of MDMA": [(15, 2, "capsule")],
    "20 GEL for two caps of MDMA": [(20, 2, "capsule")],
    "2 g de cocaïne 80 €, avant 22h": [(80, 2, "g")],
    "cocaïne 80 € les 2 g avant samedi": [(80, 2, "g")],
    "Il y a deux ans on était à Lyon. Cocaïne 60 € le g": [(60, 1, "g")],
    "Maintenant 2 g de cocaïne 80 €, 3 g 110 €": [(80, 2, "g"), (110, 3, "g")],
}
DENIED: dict[str, list[tuple[object, ...]]] = {
    "On ne vend pas la cocaïne 60 € le gramme": [],
    "no cocaine at £60": [],
    "We don't sell cocaine at £60 a gram": [],
    "Wir verkaufen Kokain nicht für 60 € das Gramm": [],
    "Kein Kokain für 60 €": [],
    "Jamais vu de la cocaïne à 40 € le gramme": [],
    "cocaïne 0 € le g": [],
    "On ne vend pas la cocaïne 60 € le gramme mais 50 €": [(50, 1, "g")],
    "On ne vend pas que la cocaïne, 60 € le gramme": [(60, 1, "g")],
    "On ne vend pas de shit, cocaïne 60 € le gramme": [(60, 1, "g")],
    "On ne vend pas la cocaïne à l'unité, 60 € le gramme": [(60, 1, "g")],
    "On ne livre pas, cocaïne 60 € le gramme": [(60, 1, "g")],
    "Not cut cocaine £60 a gram": [(60, 1, "g")],
    "no minimum, cocaine £60 a gram": [(60, 1, "g")],
}
PIECES: dict[str, list[tuple[object, ...]]] = {
    "100 pieces xtc pills 100,-": [(100, 100, "tablet")],
    "100 pieces blue punisher MDMA pills 100,-": [(100, 100, "tablet")],
    "50 pcs of 2C-B pills £100": [(100, 50, "tablet")],
    "100 Stück XTC Pillen 100 €": [(100, 100, "tablet")],
    "30 pcs pregabalin 300 mg capsules 40 €": [(40, 30, "capsule")],
    "1 piece xtc pill 5,-": [(5, 1, "tablet")],
    "100 clients, xtc pills 10 €": [(10, 1, "tablet")],
    "10 pieces sold, xtc pills 5,- each": [(5, 1, "tablet")],
}


@pytest.mark.parametrize(("text", "left"), (NOW | DENIED | PIECES).items())
def test_prices_that_are_left(text: str, left: list[tuple[object, ...]]) -> None:
    assert prices(text) == left


def test_a_price_that_is_corrected_denies_no_substance() -> None:
    text = "On ne vend pas la cocaïne 60 € le gramme mais 50 €"
    [facts] = code_texts(Lexicon().vocabulary, [text])
    assert [f.fields for f in facts if f.kind == "mention"] == [{"substance": "cocaine"}]
    [facts] = code_texts(Lexicon().vocabulary, ["On ne vend pas la cocaïne 60 € le gramme"])
    assert [f.fields.get("role") for f in facts if f.kind == "mention"] == ["denied"]

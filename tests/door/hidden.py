"""Telephone numbers of the range kept for fiction, hidden in ways drawn at random."""

# ruff: noqa: RUF001, SIM905 (look-alikes are what is tested; lists of words read better on one line)

from __future__ import annotations

import random

import planted

_ENGLISH = "zero one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SHAPES = (
    "０１２３４５６７８９", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗", "⓪①②③④⑤⑥⑦⑧⑨", "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "٠١٢٣٤٥٦٧٨٩",
    "𝟶𝟷𝟸𝟹𝟺𝟻𝟼𝟽𝟾𝟿", "۰۱۲۳۴۵۶۷۸۹", "०१२३४५६७८९",
)  # fmt: skip
_BETWEEN = (
    " ", ".", "-", "/", " - ", " . ", "_", "*", "~", "|", ",", ", ", " ; ", "🔥", " 🍀 ", "\n",
    " / ", "•", " et ", " puis ", "..", "…", "--", "+", "=", ">", ":", "#", "'", '"', "<", " x ",
    " point ", " tiret ", "(", "] [", "\u200b", "\u202f", " (lol) ", " et puis ", "\n\n", "°", "&",
)  # fmt: skip
_BEFORE = ("mon num : ", "appelle ", "", "c le ", "whatsapp ", "👉 ", "nv num ", " dispo ")
_AFTER = ("", " dispo", "\nmerci", " 24/7", " pour commander", " 🔥")
_KINDS = ("figures", "words", "digit words", "shapes", "keys", "letters", "mixed", "apart")


def _english(pair: str) -> str:
    number = int(pair)
    if pair[0] == "0":
        return f"oh {_ENGLISH[number]}"
    if number < 20:
        return _TEENS[number - 10]
    return _TENS[number // 10 - 2] + (f"-{_ENGLISH[number % 10]}" if number % 10 else "")


def _words(pair: str, rng: random.Random, *, english: bool) -> str:
    if english:
        return _english(pair)
    said = f"zéro {planted.WORD[int(pair)]}" if pair[0] == "0" else planted.fr_number(int(pair))
    return rng.choice([said, said.replace("é", "e"), said.replace("-", " "), said.upper()])


def _written(pair: str, kind: str, rng: random.Random, *, english: bool) -> str:
    one_by_one = _ENGLISH if english else planted.WORD
    if kind == "words":
        return _words(pair, rng, english=english)
    if kind == "digit words":
        return rng.choice(" -").join(one_by_one[int(c)] for c in pair)
    if kind == "shapes":
        return "".join(rng.choice(_SHAPES)[int(c)] for c in pair)
    if kind == "keys":
        return "".join(c + "\ufe0f\u20e3" for c in pair)
    if kind == "letters":
        return pair.replace("0", rng.choice("Oo")).replace("1", rng.choice("Ii"))
    if kind == "mixed":
        return pair[0] + planted.WORD[int(pair[1])]
    return " ".join(pair) if kind == "apart" else pair


def message(rng: random.Random) -> str:
    """Return a message with one hidden number, marked."""
    number = f"063998{rng.randrange(10_000):04}"
    base, english = rng.choice(_KINDS), rng.random() < 0.2
    gap = rng.choice(_BETWEEN)
    pairs = []
    for at in range(0, 10, 2):
        kind = base if rng.random() > 0.15 else rng.choice(_KINDS)
        pairs.append(_written(number[at : at + 2], kind, rng, english=english))
    if not gap.strip("'\"") and any(char.isalpha() for pair in pairs for char in pair):
        gap = " "
    written = pairs[0]
    for pair in pairs[1:]:
        written += (gap if rng.random() < 0.93 else rng.choice([" ", ".", " - "])) + pair
    return f"{rng.choice(_BEFORE)}[[PHONE_OBF|{written}]]{rng.choice(_AFTER)}"


def messages(seed: int, count: int) -> list[str]:
    """Return so many messages."""
    rng = random.Random(seed)
    return [message(rng) for _ in range(count)]

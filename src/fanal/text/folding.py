"""The fold: a text in plain small letters, one code point for one, so that offsets stay valid.

What reads texts reads them folded: recognisers at the door, names, offers and practices behind it.
Letters of other alphabets that pass for Latin ones are read as those; accents, capitals, circles
and the width of letters go; digits of any script are 0–9; dashes, apostrophes, quotation marks,
bullets and blanks are of one kind each. A letter that is two (ﬁ, œ, ½) stays.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable


def _pairs(*rows: tuple[str, str]) -> dict[str, str]:
    return {a: b for left, right in rows for a, b in zip(left, right, strict=True)}


LOOKALIKES = _pairs(
    ("абвгезіјклмнорстухѕԁԛԝһӏпьєґѵѡ", "abbrezijklmhopctyxsdqwhlnbervw"),
    ("αβεικνορτυχωγηϲϳ", "abeikvoptuxwyncj"),
    ("ΕΖΗΙΚΜΝΟΡΤΥΧΑΒ", "ezhikmnoptyxab"),
    ("ıøłđħŧŋðƒ", "ioldhtndf"),
    ("ɑɡɪʟɴʀʏɩɾʋǀƙƥƭɓɗɠƈɦɱɲɳʂʈʐ", "agilnryirvlkptbdgchmnnstz"),
    ("ᴀʙᴄᴅᴇꜰɢʜᴊᴋᴍᴏᴘꜱᴛᴜᴠᴡᴢ", "abcdefghjkmopstuvwz"),
    ("’‘`´ʼ′‛＇ʹ", "'" * 9),
    ("“”«»„‟″＂", '"' * 8),
    ("‐‑‒–—―−﹣－⁃", "-" * 10),
    ("•·∙⋅・･․‧●▪◦‣", "·" * 12),
    ("∕⁄／", "///"),
    ("⓿⓪🄌🄋", "0000"),
)
CIRCLED = (("🅐", "🅩"), ("🅰", "🆉"))  # white capitals in a black circle, in a square
NUMBERED = (("❶", "❾"), ("➀", "➈"), ("➊", "➒"))


def _fold(char: str) -> str:
    """Return the one character that stands for a character."""
    if char in LOOKALIKES:
        return LOOKALIKES[char]
    if "\U0001f1e6" <= char <= "\U0001f1ff":
        return char  # a flag, not letters
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if any(first <= char <= last for first, last in NUMBERED):
        return str(int(unicodedata.numeric(char)))
    for first, last in CIRCLED:
        if first <= char <= last:
            return chr(ord("a") + ord(char) - ord(first))
    if unicodedata.category(char) == "Zs":
        return " "
    plain = unicodedata.normalize("NFKD", char)
    if len(plain) > 1:
        plain = bare(char)
    if len(plain) == 1 and plain != char:
        return _fold(plain)
    lower = char.lower()
    return _fold(lower) if len(lower) == 1 and lower != char else char


class _Table(dict[int, str]):
    """`str.translate` asks for every code point: each is folded once."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = _fold(chr(code))
        return folded


_TABLE = _Table()


def fold(text: str) -> str:
    """Return the text as it is matched: same length, plain small letters, punctuation kept."""
    if text.isascii():
        return text.lower().replace("`", "'")
    return text.translate(_TABLE)


def bare(words: str) -> str:
    """Return words without accents, as NFKD has them; their length may change."""
    decomposed = unicodedata.normalize("NFKD", words)
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of some words or phrases in folded text; `*` stands for an ending."""
    found = "|".join(re.escape(fold(word)).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{found})(?!\w)")

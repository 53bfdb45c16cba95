"""The views of a text: clean (what is stored), cased and folded (what recognisers read).

`clean` gives NFC without invisible and stray combining characters, before any offset is given.
A span in the folded text is a span in the clean text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple, Self

from fanal.text import folding

# Removed: controls other than tab and line breaks (those that part words are spaces), zero-width
# and direction marks, stray tags.
_REMOVED = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5"
    r"\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0d\ufeff\uffa0"
    r"\ufff0-\ufffb\U0001bca0-\U0001bca3\U000e0000-\U000e0fff"
)
_MARKS = (
    r"\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff\ufe20-\ufe2f"
)
_SURROGATE = r"\ud800-\udfff"
DIRTY = re.compile(f"[{_REMOVED}{_MARKS}{_SURROGATE}]")
_STRAY = re.compile(f"[{_REMOVED}{_MARKS}]")
_EMOJI = re.compile("[\u203c-\u3299\U0001f000-\U0001faff\ufe0f\u20e3\U000e0020-\U000e007f]")
_JOINED = re.compile("[\u0600-\u0dff\u1780-\u17ff]")  # scripts that spell with joiners


def is_clean(text: str) -> bool:
    """Say whether `clean` would return a text as it is; quick."""
    return (text.isascii() and text.isprintable()) or (
        unicodedata.is_normalized("NFC", text) and not DIRTY.search(text)
    )


def unclean(texts: Sequence[str]) -> list[int]:
    """Return which texts `clean` would change; one look at all of them where none would."""
    joined = "\n".join(texts)
    if joined.isascii() and not DIRTY.search(joined):
        return []
    if unicodedata.is_normalized("NFC", joined) and not DIRTY.search(joined):
        return []
    return [index for index, text in enumerate(texts) if not is_clean(text)]


def clean(text: str) -> tuple[str, list[int] | None]:
    """Return the text as stored, and for each code point its first one in the raw text.

    The list has one more entry, the raw length; it is None where nothing changed.
    """
    if is_clean(text):
        return text, None
    out: list[str] = []
    source: list[int] = []
    start = 0
    while start < len(text):
        stop = start + 1
        while stop < len(text) and _continues(text[stop]):
            stop += 1
        whole = unicodedata.normalize("NFC", text[start:stop].replace("\u034f", ""))
        for char in whole:
            before = out[-1] if out else ""
            kept = _kept(char, before, text[stop] if stop < len(text) else "")
            if kept:
                out.append(kept)
                source.append(start)
        start = stop
    result = "".join(out)
    if not unicodedata.is_normalized("NFC", result):
        # Removing a character has brought a base and its mark together.
        again, back = clean(result) if result != text else (result, None)
        if back is not None:
            result, source = again, [source[i] for i in back[:-1]]
    return result, [*source, len(text)]


def _continues(char: str) -> bool:
    return (
        char != "\ufe0f" and unicodedata.category(char) in ("Mn", "Mc", "Me")
    ) or "\u1160" <= char <= "\u11ff"


def _kept(char: str, before: str, after: str) -> str:
    """Return what stands for a character in the clean text: itself, nothing, or U+FFFD."""
    if "\ud800" <= char <= "\udfff":
        return "\ufffd"
    if not _STRAY.match(char):
        return char
    if char in "\u200c\u200d" and before:
        emoji = _EMOJI.match(before) and (not after or _EMOJI.match(after))
        return char if emoji or (_JOINED.match(before) and _JOINED.match(after or " ")) else ""
    if "\U000e0020" <= char <= "\U000e007f" and before and _EMOJI.match(before):
        return char  # the flags of England, Scotland, Wales
    if unicodedata.category(char) in ("Mn", "Me") and before and _JOINED.match(before):
        return char
    # a vertical tab or a form feed parts words: a space, where none stands before it
    return " " if char.isspace() and before.strip() else ""


# Letters that are two are read as the first; what boxes the sign before it is one sign
_SKELETON = str.maketrans("œæß\u20e3\ufe0f\ufe0e", "oas\x7f\x7f\x7f")

# Letters that figures and signs stand for: "L3a", "z3ro", "sn@p"
FIGURES = str.maketrans("013457@!$", "oieastais")


def fold(text: str) -> str:
    """Return the fold of a clean text in the letters that recognisers are written in."""
    folded = folding.fold(text)
    return folded if text.isascii() else folded.translate(_SKELETON)


class _Cased(dict[int, str]):
    """`str.translate` asks for every code point: each is looked at once."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        plain = fold(char)
        upper = plain.upper()
        self[code] = view = upper if char.isupper() and len(upper) == 1 else plain
        return view


_CASED = _Cased()


def cased(text: str) -> str:
    """Return the fold of a clean text with its capitals kept."""
    return text.replace("`", "'") if text.isascii() else text.translate(_CASED)


class Views(NamedTuple):
    """A clean text in the three ways that recognisers read it, all of one length."""

    clean: str
    cased: str  # without accents
    folded: str  # without accents and capitals

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the views of a clean text."""
        return cls(text, cased(text), fold(text))

    def without(self, spans: Sequence[tuple[int, int, str]]) -> Self:
        """Return the views with some spans blanked, so that the next reader does not see them."""
        views = list(self)
        for start, stop, _ in spans:
            for at, view in enumerate(views):
                views[at] = view[:start] + "\x01" * (stop - start) + view[stop:]
        return type(self)(*views)

"""The scanner of the door: every identifier in a text, and what risk is left after masking.

Classes: phone, handle, link, email, iban, card, nir, plate, wallet, address, code, gps,
birthdate, id-document, ip, user-id, name; some carry what analysis needs (`phone:FR`,
`handle:telegram`, `address:69`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from fanal.door import links, names, numbers, places, screening
from fanal.door.normalise import clean, fold
from fanal.door.spans import Span, merge

CLASSES = (
    "phone", "handle", "link", "email", "iban", "card", "nir", "plate", "wallet", "address", "code",
    "gps", "birthdate", "id-document", "ip", "user-id", "name",
)  # fmt: skip
_PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(CLASSES)})(?::[A-Za-z0-9-]{{1,12}})?\]")

# Kinds of source whose texts are long and careful enough for the language model.
LONG_KINDS = ("interview", "field notes", "press")


class Screened(NamedTuple):
    """What the door makes of one text."""

    text: str | None  # as stored; None where it is quarantined
    found: tuple[Span, ...]  # in code points of the text as given
    reason: str = ""  # why it is quarantined, in a word or two; never the content


def scan(
    text: str,
    hints: Iterable[Span] = (),
    people: Sequence[str] = (),
    bits: int = screening.EVERYTHING,
) -> list[Span]:
    """Return the identifiers in a clean text, in order and apart, without the language model.

    `bits` are what `screening` says of the text: readers of other things are left out.
    """
    folded = fold(text)
    if "[" in folded:
        folded = _PLACEHOLDER.sub(_hide, folded)
        text = _PLACEHOLDER.sub(_hide, text)
    spans = list(hints)
    for wanted, read in _READERS:
        if not bits & wanted:
            continue
        fresh = list(read(text, folded))
        if fresh:
            spans += fresh
            folded, text = _without(folded, fresh), _without(text, fresh)
    if people:
        spans += names.given(text, folded, people)
    return _widened(folded, merge(spans))


_S = screening
_READERS: tuple[tuple[int, Callable[[str, str], Iterable[Span]]], ...] = (
    (_S.LONG, lambda text, folded: links.wallets(text)),
    (_S.URL | _S.AT, lambda text, folded: [*links.emails(folded), *links.links(folded)]),
    (_S.DIGITS | _S.LONG, lambda text, folded: numbers.accounts(folded)),
    (_S.GPS, lambda text, folded: places.positions(folded)),
    (_S.BIRTH, lambda text, folded: places.birthdates(folded)),
    (_S.DIGITS, lambda text, folded: numbers.social_security(folded)),
    (_S.PAPER, lambda text, folded: places.papers(folded)),
    (_S.TECH | _S.LONG, links.technical),
    (_S.DIGITS, lambda text, folded: numbers.phones(folded)),
    (_S.ADDRESS, places.addresses),
    (_S.CODE, lambda text, folded: places.codes(folded)),
    (_S.PLATE, places.plates),
    (_S.AT | _S.CUE | _S.SHAPE, links.handles),
    (_S.NAME, names.listed),
)


def _hide(match: re.Match[str]) -> str:
    return "\x01" * (match.end() - match.start())


def _without(text: str, spans: list[Span]) -> str:
    """Return a text with spans blanked, so that the next reader does not see them."""
    for span in spans:
        text = text[: span.start] + "\x01" * (span.stop - span.start) + text[span.stop :]
    return text


def _widened(folded: str, spans: list[Span]) -> list[Span]:
    """Take in the half of an emoji that a span would cut off."""
    out = []
    for span in spans:
        stop = span.stop
        while folded[stop : stop + 1] == "\x7f":
            stop += 1
        out.append(span._replace(stop=stop))
    return merge(out)


def mask(text: str, spans: Iterable[Span]) -> str:
    """Return a text with each span replaced by its placeholder."""
    out: list[str] = []
    at = 0
    for span in spans:
        out += (text[at : span.start], span.placeholder)
        at = span.stop
    return "".join((*out, text[at:]))


_LEFT_URL = re.compile(r"://|\bwww\b|(?<!\w)@[a-z_][\w.]{2,}|\bt\s?\.\s?me\s?/|[a-z]@[a-z]")


def residual_risk(masked: str, bits: int = screening.EVERYTHING) -> str:
    """Return why a masked text is still too risky to store, "" if it is not."""
    if not bits & (screening.DIGITS | screening.URL | screening.AT):
        return ""
    folded = _PLACEHOLDER.sub(_hide, fold(masked))
    if _LEFT_URL.search(folded):
        return "address-like token"
    if bits & screening.DIGITS and numbers.digits_left(folded):
        return "run of digits"
    return ""


def leaks(text: str) -> list[Span]:
    """Return what identifies someone in a text that should not: the scan of every export."""
    clean_text, back = clean(text)
    bits = screening.screen([clean_text]).get(0, 0)
    return _as_given(scan(clean_text, bits=bits), back) if bits else []


def screen_text(texts: list[str], kind: str = "public posts") -> list[Screened]:
    """Return what the door would store for each text, and where the identifiers were."""
    cleaned = [clean(text) for text in texts]
    bits = screening.screen([text for text, _ in cleaned])
    long = names.modelled([text for text, _ in cleaned]) if kind in LONG_KINDS else None
    out: list[Screened] = []
    for index, (text, back) in enumerate(cleaned):
        hints = next(long) if long is not None else []
        if index not in bits and not hints:
            out.append(Screened(text, ()))
            continue
        spans = screen_one(text, hints, bits=bits.get(index, 0))
        masked = mask(text, spans)
        reason = residual_risk(masked, bits.get(index, 0))
        out.append(Screened(None if reason else masked, tuple(_as_given(spans, back)), reason))
    return out


def screen_one(
    text: str,
    hints: Iterable[Span] = (),
    people: Sequence[str] = (),
    bits: int = screening.EVERYTHING,
) -> list[Span]:
    """Return the identifiers of a clean text; scanned again until nothing more shows."""
    spans = scan(text, hints, people, bits)
    for _ in range(3 if spans else 0):
        more = scan(mask(text, spans), bits=bits)
        if not more:
            break
        spans = merge([*spans, *_back(spans, more)])
    return spans


def _as_given(spans: list[Span], back: list[int] | None) -> list[Span]:
    """Return spans of a clean text as spans of the text as it was given."""
    if back is None:
        return spans
    return [span._replace(start=back[span.start], stop=back[span.stop]) for span in spans]


def _back(spans: list[Span], more: list[Span]) -> list[Span]:
    """Return spans of a masked text as spans of the text before."""
    shifts: list[tuple[int, int, int, int]] = []  # masked start, stop, text start, stop
    shift = 0
    for span in spans:
        start = span.start + shift
        stop = start + len(span.placeholder)
        shifts.append((start, stop, span.start, span.stop))
        shift += len(span.placeholder) - (span.stop - span.start)

    def at(position: int, *, end: bool) -> int:
        moved = position
        for start, stop, first, last in shifts:
            if position >= stop:
                moved = position - stop + last
            elif position > start:
                return last if end else first
        return moved

    return [Span(at(span.start, end=False), at(span.stop, end=True), span.kind) for span in more]

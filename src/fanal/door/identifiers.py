"""The scanner of the door: every identifier in a text, and what risk is left after masking.

Classes: phone, handle, link, email, iban, card, nir, plate, wallet, address, code, gps,
birthdate, id-document, reference, ip, user-id, role, name; some carry what analysis needs
(`phone:FR`, `handle:telegram`, `address:69`).
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import NamedTuple

from fanal.door import first_look, second_opinion, tagger, things
from fanal.door.first_look import BITS, EVERYTHING
from fanal.door.normalise import Views, clean, fold
from fanal.door.patterns import recogniser
from fanal.door.products import inside, products
from fanal.door.recognisers import READERS
from fanal.door.recognisers.names import roster
from fanal.door.recognisers.phones import digits_left
from fanal.door.second_opinion import decided
from fanal.door.spans import Span, merge, overlapping, unmasked

# Kinds of source of which the tagger reads every text.
LONG_KINDS = ("interview", "field notes", "press")

_NOBODY: Mapping[int, Sequence[str]] = {}
_NOTHING: Mapping[int, list[Span]] = {}
_ROUNDS = 4


class Screened(NamedTuple):
    """What the door makes of one text."""

    text: str | None  # as stored; None where it is quarantined
    found: tuple[Span, ...]  # in code points of the text as given
    reason: str = ""  # why it is quarantined, in a word or two; never the content


_NUMBERS = BITS["phones"] | BITS["banking"] | BITS["cards"] | BITS["social_security"]
_LEFT = _NUMBERS | BITS["residue"]
_HIDING = _NUMBERS | BITS["links"]


def scan(text: str, bits: int = EVERYTHING) -> list[Span]:
    """Return what the recognisers find in a clean text, in order and apart.

    `bits` are what `first_look` says of the text: other recognisers are left out.
    """
    views = Views.of(unmasked(text))
    if bits & _HIDING:
        views = views._replace(folded=things.hidden(views.folded))
    spans: list[Span] = []
    for name, read in READERS.items():
        if not bits & BITS[name]:
            continue
        fresh = list(read(views))
        if fresh and name != "names":  # which looks by itself
            named = products(views.folded)
            fresh = [span for span in fresh if not inside(span, views.folded, named, official=True)]
        if fresh:
            spans += fresh
            views = views.without(fresh)
    if bits & BITS["apart"]:
        spans += _joined(views)
    return _widened(views.folded, merge(spans))


def _joined(views: Views) -> list[Span]:
    """Return what shows once letters that stand apart are joined: "i n s t a", "p l u g @ …"."""
    found = recogniser("apart")["run"].finditer(views.folded)
    runs = [match for match in found if sum(c.isalpha() for c in match[0]) > 3]
    if not runs:
        return []
    back: list[int] = []
    at = 0
    for run in runs:
        back += range(at, run.start())
        back += (i for i in range(run.start(), run.end()) if views.folded[i] != " ")
        at = run.end()
    back += range(at, len(views.clean) + 1)
    whole = "".join(views.clean[i] for i in back[:-1])
    spans = [Span(back[span.start], back[span.stop - 1] + 1, span.kind) for span in scan(whole)]
    return [s for s in spans if any(s.start < r.end() and r.start() < s.stop for r in runs)]


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


def residual_risk(masked: str, bits: int = EVERYTHING) -> str:
    """Return why a masked text is still too risky to store, "" if it is not."""
    if not bits & _LEFT:
        return ""
    folded = things.hidden(unmasked(fold(masked)))
    if any(pattern.search(folded) for _, pattern in recogniser("residue").searched()):
        return "address-like token"
    if bits & _NUMBERS and digits_left(folded := things.reaching_nobody(folded)):
        # a code of a substance, "PF-03550096", reaches nobody
        for name in products(folded):
            if name.official:
                blank = "\x01" * (name.stop - name.start)
                folded = folded[: name.start] + blank + folded[name.stop :]
        if digits_left(folded):
            return "run of digits"
    return ""


def leaks(text: str) -> list[Span]:
    """Return what identifies someone in a text that should not: the scan of every export."""
    clean_text, back = clean(text)
    found = found_by_rules([clean_text])
    if not found:
        return []
    spans, _ = decided([clean_text], found)
    return _as_given([one for one in spans[0] if overlapping(one, found[0])], back)


def screen_text(
    texts: list[str], kind: str = "public posts", country: str = "FR"
) -> list[Screened]:
    """Return what the door would store for each text of one file, and where identifiers were."""
    cleaned = [clean(text) for text in texts]
    plain = [text for text, _ in cleaned]
    results = screen_batch(
        plain, kind=kind, abroad=spoken_abroad(plain, [""] * len(plain), kind, country)
    )
    out: list[Screened] = []
    for index, (text, back) in enumerate(cleaned):
        spans, reason = results.get(index, ((), ""))
        stored = None if reason else mask(text, spans)
        out.append(Screened(stored, tuple(_as_given(list(spans), back)), reason))
    return out


def found_by_rules(texts: Sequence[str]) -> dict[int, list[Span]]:
    """Return what the recognisers find in clean texts, by their place; absent: nothing."""
    bits = first_look.look(texts)
    found = {index: scan(texts[index], bit) for index, bit in bits.items()}
    return {index: spans for index, spans in found.items() if spans}


def spoken_abroad(
    texts: Sequence[str], threads: Sequence[str], kind: str, country: str
) -> Container[int]:
    """Return which texts of a source in a country the tagger is not asked about."""
    return second_opinion.abroad(texts, threads, country) if kind in LONG_KINDS else ()


def screen_batch(
    texts: Sequence[str],
    hints: Mapping[int, list[Span]] = _NOTHING,
    people: Mapping[int, Sequence[str]] = _NOBODY,
    kind: str = "public posts",
    abroad: Container[int] = (),
) -> dict[int, tuple[Sequence[Span], str]]:
    """Return the identifiers of clean texts and why one is too risky; absent: nothing to say.

    Of long kinds the tagger decides too, but of texts `abroad` (`spoken_abroad`). What is masked is
    screened again until nothing more shows, so that a stored text is stable.
    """
    bits = first_look.look(texts)
    found: dict[int, list[Span]] = {index: scan(texts[index], bit) for index, bit in bits.items()}
    unsaid: dict[int, list[Span]] = {}
    if kind in LONG_KINDS:
        found, unsaid = decided(texts, found, abroad)
    out: dict[int, tuple[Sequence[Span], str]] = {}
    masked: dict[int, str] = {}
    for index in sorted({*found, *hints, *people}):
        text = texts[index]
        spans = found.get(index, [])
        if index in unsaid or index in hints or index in people:
            views = Views.of(unmasked(text))
            given = roster.given(views.folded, people.get(index, ()))
            spans = _widened(views.folded, merge([*hints.get(index, ()), *spans, *given]))
        if spans:
            out[index] = spans, ""
            masked[index] = mask(text, spans)
        elif reason := residual_risk(text, bits.get(index, 0)):
            out[index] = (), reason
    for _ in range(_ROUNDS):
        again = list(masked)
        bits = first_look.look([masked[index] for index in again])
        for place, index in enumerate(again):
            bit = bits.get(place, 0)
            text = masked.pop(index)
            spans = list(out[index][0])
            more = _back(spans, scan(text, bit)) if bit else []
            if more := [one for one in more if not _is_unsaid(one, unsaid.get(index, ()))]:
                spans = merge([*spans, *more])
                out[index] = spans, "unstable"
                masked[index] = mask(texts[index], spans)
            else:
                out[index] = spans, residual_risk(text, bit)
        if not masked:
            break
    return out


def _is_unsaid(span: Span, unsaid: Iterable[Span]) -> bool:
    return span.kind.partition(":")[0] in tagger.DECIDED and overlapping(span, unsaid)


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

"""Registration plates of France and its neighbours."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("plates")
_SINCE, _UNTIL, _ABROAD = (_DATA[name] for name in ("since-2009", "until-2009", "abroad"))


def read(text: Views) -> Iterator[Span]:
    """Yield plates by their shape, and whatever is said to be one."""
    taken: list[Span] = []
    for pattern in (_SINCE, _ABROAD, _UNTIL):
        for match in pattern.finditer(text.folded):
            start, stop = match.span("plate")
            if any(span.start < stop and start < span.stop for span in taken):
                continue
            if _is_plate(text.cased[start:stop], match, text.folded):
                taken.append(Span(start, stop, "plate"))
    yield from taken
    for match in _DATA["said"].finditer(text.folded):
        plate = match["plate"]
        if (
            sum(c.isdigit() for c in plate) > 1
            and sum(c.isalpha() for c in plate) > 0
            and not any(word in lexicon.words() for word in re.findall(r"[a-z]{3,}", plate))
            and len(re.sub(r"\W", "", plate)) > 4
        ):
            yield Span(match.start("plate"), match.end("plate"), "plate")


def _is_plate(cased: str, match: re.Match[str], folded: str) -> bool:
    """Say whether a string with the shape of a plate is one: by separators, capitals, context."""
    start, stop = match.span("plate")
    near = _DATA["vehicle-near"].search(folded[max(0, start - 40) : stop + 25]) is not None
    capitals = "".join(char for char in cased if char.isalpha()).isupper()
    if match.re is _SINCE:
        return _is_recent(cased, match, capitals=capitals, near=near)
    if match.re is _UNTIL:
        return capitals and _is_old(match, near=near)
    if match["be"]:
        return capitals or near
    if match["ch"] or match["de"]:
        return capitals and near
    parts = re.findall(r"[a-z]+", match["plate"])
    vetoed = any(part in lexicon.words() or part in _DATA.words["no-plate"] for part in parts)
    spaced = bool(match["gb"]) and " " in cased
    return capitals and (near or spaced) and not (vetoed and not (near and match["gb"]))


def _is_recent(cased: str, match: re.Match[str], *, capitals: bool, near: bool) -> bool:
    if cased[:2].isupper() != cased[-2:].isupper() or match["b"] in _DATA.words["unit"]:
        return False
    words = not _DATA.words["no-plate"].isdisjoint((match["a"], match["b"]))
    dashed = match["s"].strip() == match["t"].strip() == "-"
    joined = dashed or not (match["s"] or match["t"])
    if capitals:
        return near or joined or not words
    return dashed or (joined and not words) or (near and not words)


def _is_old(match: re.Match[str], *, near: bool) -> bool:
    letters = match["b"]
    if letters in _DATA.words["unit"]:
        return False
    vetoed = letters in _DATA.words["no-plate"] or letters in lexicon.words()
    sized = len(match["n"]) > 2 and len(letters) == 2
    return (near and sized) or (not vetoed and (near or sized))

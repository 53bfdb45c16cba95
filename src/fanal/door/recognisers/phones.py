"""Telephone numbers: by shape, whatever the range, and by the words around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import phonenumbers

from fanal.door.normalise import Views
from fanal.door.recognisers.digits import DATA, ONE, TEEN, TEN, Chunk, Pieces, pieces, runs
from fanal.door.spans import Span

_BETWEEN = "|".join(sorted(DATA.words["between"], key=len, reverse=True))
_HAS_CONNECTED = re.compile(
    rf"""
    (?:\d|(?:{ONE})(?![a-z]))\W{{0,4}}(?:{_BETWEEN}|[>→=]|\([^()\d]{{1,40}}\))\W{{0,4}}
    (?:\d|(?<![a-z])(?:(?:{_BETWEEN})\W|{ONE}|{TEEN}|{TEN}))
    """,
    re.VERBOSE,
)
_ANYTHING, _SEPARATOR, _CONNECTED = DATA["anything"], DATA["separator"], DATA["connected"]
_ANY_LINES = 1_000


def read(text: Views) -> Iterator[Span]:
    """Yield telephone numbers; "…12 34/35" is two."""
    for span in _phones(text.folded):
        if DATA["measures"].fullmatch(text.folded, span.start, span.stop):
            continue  # "0,5 1,0 1,5 2,0"; "06,39 98,12" starts otherwise
        long = span.stop - span.start > 9
        more = DATA["second-line"].match(text.folded, span.stop) if long else None
        yield span._replace(stop=more.end()) if more else span


def _phones(folded: str) -> Iterator[Span]:
    yield from _disguised(folded)
    found_pieces = pieces(folded, DATA["time-or-amount"])
    if _count(found_pieces.chunks) < 6:
        return
    found: list[Span] = []
    for chunks in runs(found_pieces, _SEPARATOR):
        if _count(chunks) >= 8:
            found += _phones_in(folded, chunks)
    yield from found
    left = [c for c in found_pieces.chunks if not any(s.start <= c.start < s.stop for s in found)]
    if _count(left) < 4:
        return
    if _HAS_CONNECTED.search(folded):
        yield from _connected(found_pieces)
    if _may_be_spread(left):
        yield from _evenly(folded)
    yield from _scattered(folded, found_pieces)
    if DATA["backwards"].search(folded):
        yield from _backwards(found_pieces)


def _count(chunks: list[Chunk]) -> int:
    return sum(len(chunk.digits) for chunk in chunks)


def _joined(chunks: list[Chunk]) -> str:
    return "".join(chunk.digits for chunk in chunks)


def _connected(read_pieces: Pieces) -> Iterator[Span]:
    """Yield numbers with words between their pairs: "06 puis 39", "06 dot 39"."""
    for chunks in runs(read_pieces, _CONNECTED):
        digits, most = _joined(chunks), max(len(chunk.digits) for chunk in chunks)
        short = len(digits) == 9 and digits[0] in "67" and len(chunks) > 4
        whole = DATA["national"].match(digits) and most < 5
        if (whole or short) and not _is_list(chunks):
            yield Span(chunks[0].start, chunks[-1].stop, "phone:FR")


def _backwards(read_pieces: Pieces) -> Iterator[Span]:
    for chunks in runs(read_pieces, _SEPARATOR):
        if DATA["national"].match(_joined(chunks)[::-1]):
            yield Span(chunks[0].start, chunks[-1].stop, "phone:FR")


def _may_be_spread(chunks: list[Chunk]) -> bool:
    """Say whether a French number may begin among pieces: at a 0, at 33, or digit by digit."""
    return (
        any(chunk.digits[0] == "0" for chunk in chunks)
        or "33" in _joined(chunks)
        or sum(len(chunk.digits) == 1 for chunk in chunks) > 8
    )


def _disguised(folded: str) -> Iterator[Span]:
    """Yield numbers with letters among their figures, or in Roman numerals."""
    for match in DATA["lettered"].finditer(folded):
        if 6 <= sum(char.isdigit() for char in match[0]) < 10:
            yield Span(match.start(), match.end(), "phone:FR")
    for match in DATA["interleaved"].finditer(folded):
        yield Span(match.start(), match.end(), "phone:FR")
    for match in DATA["roman"].finditer(folded):
        if len(match[0]) > 14:
            yield Span(match.start(), match.end(), "phone")


def _evenly(folded: str) -> Iterator[Span]:
    """Yield numbers whose digits stand apart in one way, whatever that way is.

    Between amounts stand units, between pairs of a number always the same thing, or only signs.
    """
    for chunks in runs(pieces(folded, DATA["surely-time-or-amount"]), _ANYTHING, lines=_ANY_LINES):
        gaps = [folded[a.stop : b.start] for a, b in pairwise(chunks)]
        first = 0
        while first < len(chunks):
            last = _end_of_run(chunks, gaps, first)
            if last > first:
                yield Span(_lead(folded, chunks[first].start), chunks[last].stop, "phone:FR")
                first = last
            first += 1


def _end_of_run(chunks: list[Chunk], gaps: list[str], first: int) -> int:
    """Return the last chunk of a French number that starts at `first`; `first` if none does."""
    if not chunks[first].digits.startswith(("0", "3")) and len(chunks[first].digits) > 1:
        return first
    digits = ""
    for last in range(first, min(first + 15, len(chunks))):
        digits += chunks[last].digits
        if len(digits) > 13:
            break
        singly = len(digits) == last - first + 1 >= 10
        if not (DATA["french"].match(digits) or (singly and len(digits) == 10)):
            continue
        if digits[:2] == "33" and digits[2] not in "067" and not singly:
            continue
        run = chunks[first : last + 1]
        if len(run) < 4 or _even_steps(run) or _round(run):
            continue
        goes_on = (
            last < len(gaps) and gaps[last] == gaps[last - 1] and chunks[last + 1].digits[0] != "0"
        )
        if not goes_on and _is_even(run, gaps[first:last]):
            return last
    return first


def _is_even(run: list[Chunk], gaps: list[str]) -> bool:
    """Say whether the gaps of a run are of one kind, signs aside."""
    kinds = [_gap(gap) for gap in gaps]
    apart = set(kinds) - {"s"}
    if "" in apart:
        return False
    if len(apart) < 2:
        signs = {gap.strip() for gap in gaps}
        if signs & {".", ","} and len(signs) > 1 and all(len(chunk.digits) == 1 for chunk in run):
            # not decimals: one thing within pairs, one between
            return all(len({gap.strip() for gap in part}) == 1 for part in (gaps[::2], gaps[1::2]))
        pure = not (apart & {":", "/"} and "s" in kinds)
        if pure and (apart <= {"a"} or kinds.count("s") < len(kinds) - 1):
            return True
    # only after 06 and 07 may the first gap be another one: "le 06 c'est le 39 98 …"
    return len(set(kinds[1:])) == 1 and run[0].digits in ("06", "07") and not _rises(run[1:])


def _gap(between: str) -> str:
    """Return the kind of what stands between two digits; "" where it makes them two amounts."""
    if DATA["measured"].search(between):
        return ""
    gap = between.strip(" \x7f\n")
    if gap in (":", "/"):
        return gap
    if DATA["signs"].match(gap):
        return "s" if len(gap) < 9 else gap
    return "a" if _CONNECTED.match(between) or (len(gap) == 1 and gap.isalpha()) else gap


def _even_steps(chunks: list[Chunk]) -> bool:
    """Say whether numbers rise or fall by one step: days, page numbers, a list of sizes."""
    steps = {int(two.digits) - int(one.digits) for one, two in pairwise(chunks)}
    return len(chunks) > 4 and len(steps) == 1 and steps != {0}


class _Candidate(NamedTuple):
    first: int
    last: int
    country: str
    uniform: bool
    plus: bool


def _phones_in(folded: str, chunks: list[Chunk]) -> Iterator[Span]:
    before = _line_before(folded, chunks[0].start)
    if _is_area_list(chunks, before):
        return
    taken: list[_Candidate] = []
    candidates = _candidates(folded, chunks)
    for one in sorted(candidates, key=lambda c: (not c.plus, not c.uniform, c.first, -c.last)):
        if not any(one.first <= other.last and other.first <= one.last for other in taken):
            taken.append(one)
    for one in taken:
        start, stop = chunks[one.first].start, chunks[one.last].stop
        yield Span(_lead(folded, start), stop, _kind(one.country))
    if taken:
        return
    whole = list(_by_context(folded, chunks, before))
    yield from whole
    if whole or len(chunks) == 1 or DATA["of-a-thing"].search(before):
        return
    for chunk in chunks:
        digits = chunk.digits
        if len(digits) == 9 and digits[0] in "67" and not digits.endswith("000"):
            yield Span(chunk.start, chunk.stop, "phone:FR")


def _kind(country: str) -> str:
    return f"phone:{country}" if country else "phone"


def _line_before(folded: str, start: int) -> str:
    return folded[max(0, start - 30) : start].rpartition("\n")[2]


def is_of_a_thing(folded: str, start: int) -> bool:
    """Say whether the words before a number say that it is a thing's: a lot, an article of law."""
    return DATA["of-a-thing"].search(folded[max(0, start - 24) : start]) is not None


def _candidates(folded: str, chunks: list[Chunk]) -> Iterator[_Candidate]:
    for first in range(len(chunks)):
        digits = ""
        start = chunks[first].start
        plus = DATA["plus-before"].search(folded[max(0, start - 12) : start]) is not None
        for last in range(first, min(len(chunks), first + 16)):
            digits += chunks[last].digits
            if len(digits) > 17:
                break
            if len(digits) < 8:
                continue
            within = chunks[first : last + 1]
            country = _country(digits, within, plus)
            if country is not None and (plus or not _is_list(within)):
                gaps = {folded[a.stop : b.start].strip() for a, b in pairwise(within)}
                yield _Candidate(first, last, country, len(gaps) < 2, plus)


def _is_list(chunks: list[Chunk]) -> bool:
    """Say whether numbers are days in a row, or postcodes of one département."""
    if _even_steps(chunks):
        return True
    areas = {chunk.digits[:2] for chunk in chunks}
    return len(chunks) > 1 and len(areas) == 1 and all(len(c.digits) == 5 for c in chunks)


def _lead(folded: str, start: int) -> int:
    """Return where a number starts with its + and opening bracket."""
    lead = DATA["lead-before"].search(folded[:start])
    return lead.start() if lead else start


_LENGTHS = {  # national significant numbers of France's neighbours and of its networks
    33: (9, 9), 32: (8, 9), 34: (9, 9), 39: (8, 11), 49: (7, 12), 44: (9, 10), 41: (9, 9),
    352: (6, 9), 31: (9, 9), 351: (9, 9), 213: (8, 9), 212: (9, 9), 216: (8, 8), 1: (10, 10),
    377: (8, 9), 376: (6, 9), 262: (9, 9), 590: (9, 9), 594: (9, 9), 596: (9, 9),
}  # fmt: skip
_BELGIAN = ([2, 3, 2, 2], [3, 2, 2, 2])
_BRITISH = ([5, 6], [5, 3, 3], [11], [4, 3, 4], [3, 4, 4])


def _country(digits: str, chunks: list[Chunk], plus: bool) -> str | None:
    """Return the country of a telephone number, "" if unknown, None if it has no such shape."""
    if not plus and digits.startswith("00"):
        plus, digits = True, digits[2:]
    if plus:
        return _abroad(digits)
    if digits[0] != "0" or digits[1] == "0":
        return None
    sizes = [len(chunk.digits) for chunk in chunks]
    if len(digits) == 10:
        if sizes == [4, 2, 2, 2] and digits[1] == "4":
            return "BE"
        return "CH" if sizes == [3, 3, 2, 2] else "FR"
    if sizes in _BELGIAN:
        return "BE"
    return "GB" if len(digits) == 11 and (digits[1] == "7" or sizes in _BRITISH) else None


def _abroad(digits: str) -> str | None:
    """Return the country of a number with its calling code; None if it has no such length."""
    for width in (1, 2, 3):
        code = int(digits[:width] or 0)
        regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(code)
        if regions and not digits.startswith("0"):
            least, most = _LENGTHS.get(code, (7, 12))
            return regions[0] if least <= len(digits[width:].removeprefix("0")) <= most else None
    return None


_CALLING = ("33", "32", "34", "44", "49", "39", "41", "31", "352", "351", "212", "213", "216")
_NINE = ([9], [1, 2, 2, 2, 2], [3, 2, 2, 2], [3, 3, 3], [1, 8], [1, 4, 4])
_AMERICAN = ([3, 3, 4], [3, 7], [1, 3, 3, 4])


def _by_context(folded: str, chunks: list[Chunk], before: str) -> Iterator[Span]:
    """Yield what only its grouping or the words around it make a telephone number."""
    start, stop = chunks[0].start, chunks[-1].stop
    counted = DATA["unit-after"].match(folded[stop : stop + 8])
    if DATA["of-a-thing"].search(before) or counted or _joined(chunks).endswith("0000"):
        return
    if _round(chunks) or _is_list(chunks):
        return
    country = _by_grouping(folded, chunks)
    if country is None and _is_announced(folded, chunks, before):
        country = ""
    if country is not None:
        yield Span(_lead(folded, start), stop, _kind(country))


def _is_announced(folded: str, chunks: list[Chunk], before: str) -> bool:
    """Say whether a word announces a telephone number: "tel", "appelle"."""
    called = DATA["announced"].search(before) is not None
    return called and _count(chunks) <= 15 and not _counted(folded, chunks)


def _by_grouping(folded: str, chunks: list[Chunk]) -> str | None:
    """Return the country that the groups of a number tell, "" if none, None if it is no number."""
    digits, sizes = _joined(chunks), [len(chunk.digits) for chunk in chunks]
    start = chunks[0].start
    if len(chunks) > 7 and not any(map(str.isdigit, folded[start : chunks[-1].stop])):
        return ""
    if digits[0] in "67" and sizes in _NINE and len(digits) == 9:
        return "FR" if sizes in ([9], [1, 2, 2, 2, 2], [1, 8]) else ""
    national = digits[0] == "0" and 9 <= len(digits) <= 13 and max(sizes) < 10
    if (sizes in _AMERICAN and len(digits) < 12) or national:
        return "IT" if digits[0] == "3" else ""
    alone = len(chunks) == 1 and len(digits) > 10 and digits.startswith(_CALLING)
    if alone and not folded[start - 1 : start].isalpha() and (country := _abroad(digits)):
        return country
    return _without_plus(digits, chunks) or None


def _without_plus(digits: str, chunks: list[Chunk]) -> str | None:
    """Return the country of "212 612 345 678": a calling code apart, a right number after it."""
    if len(chunks) < 2 or chunks[0].digits not in _CALLING or not 10 <= len(digits) <= 14:
        return None
    country = _abroad(digits)
    if country is None or digits.startswith("33"):
        return country
    number = phonenumbers.parse(f"+{digits}")
    return country if phonenumbers.is_valid_number(number) else None


def _counted(folded: str, chunks: list[Chunk]) -> bool:
    """Say whether small numbers rise with commas between: the lines of a bus, pages."""
    values = [int(chunk.digits) for chunk in chunks]
    gaps = {folded[a.stop : b.start].strip() for a, b in pairwise(chunks)}
    return (
        len(chunks) > 4
        and values == sorted(set(values))
        and max(values) < 100
        and "," in gaps
        and chunks[0].digits[0] != "0"
        and values[0] not in (6, 7)
    )


def _round(chunks: list[Chunk]) -> bool:
    """Say whether a run of numbers is a list of amounts: round, of one to three digits."""
    values = [int(chunk.digits) for chunk in chunks]
    return len(values) > 2 and all(v % 5 == 0 for v in values) and max(values) < 10_000


def _is_area_list(chunks: list[Chunk], before: str) -> bool:
    """Say whether numbers are départements: announced as such, or rising after "zone"."""
    if not all(_is_area(chunk.digits) for chunk in chunks):
        return False
    zones = DATA["zones"].search(before) and chunks[0].digits not in ("06", "07")
    return DATA["areas"].search(before) is not None or (bool(zones) and _rises(chunks))


def _rises(chunks: list[Chunk]) -> bool:
    """Say whether numbers stand in order, as départements in a list do."""
    return all(one.digits < two.digits for one, two in pairwise(chunks))


def _is_area(digits: str) -> bool:
    return (len(digits) == 2 and digits < "96") or digits in ("971", "972", "973", "974", "976")


def _scattered(folded: str, read_pieces: Pieces) -> Iterator[Span]:
    """Yield the pieces of a number that a word announces: all the digits of a text together."""
    if not (DATA["announced"].search(folded) or DATA["split"].search(folded)):
        return
    chunks = [
        chunk
        for chunk in read_pieces.chunks
        if not DATA["unit-after"].match(folded[chunk.stop : chunk.stop + 14])
    ]
    figures = [chunk for chunk in chunks if folded[chunk.start : chunk.stop].isdigit()]
    for some in (chunks, figures):  # "en deux fois" holds a number too
        even = all(len(chunk.digits) % 2 == 0 for chunk in some)
        if even and re.fullmatch(r"0[67]\d{8}", _joined(some)):
            for chunk in some:
                yield Span(chunk.start, chunk.stop, "phone:FR")
            return


def digits_left(folded: str) -> bool:
    """Say whether a run of digits is left that could still reach someone."""
    left = pieces(folded, DATA["time-or-amount"])
    return any(_may_reach(folded, chunks) for chunks in runs(left, _SEPARATOR))


def _may_reach(folded: str, stream: list[Chunk]) -> bool:
    chunks = [chunk for chunk in stream if not DATA["year"].fullmatch(chunk.digits)]
    digits = _joined(chunks)
    if len(digits) < 6:
        return False
    start, stop = chunks[0].start, chunks[-1].stop
    if not any(map(str.isdigit, folded[start:stop])):
        return False
    before = _line_before(folded, start)
    counted = DATA["unit-after"].match(folded[stop : stop + 14])
    if DATA["of-a-thing"].search(before) or counted or _round(chunks):
        return False
    if _is_area_list(chunks, before) or _is_list(chunks) or _are_sizes(chunks):
        return False
    longest = max(len(chunk.digits) for chunk in chunks)
    if len(chunks) == 1:
        return longest > 6 and not digits.endswith("000") and not DATA["day"].fullmatch(digits)
    if all(_is_area(chunk.digits) or len(chunk.digits) == 1 for chunk in chunks):
        few = len(chunks) <= 5 and len(digits) >= 8
        return digits[0] == "0" and few and not DATA["areas"].search(before)
    return longest > 6 or (longest < 5 and len(digits) > 7)


def _are_sizes(chunks: list[Chunk]) -> bool:
    """Say whether numbers of several lengths rise: sizes or amounts, "1 12 25 50 100"."""
    lengths = {len(chunk.digits) for chunk in chunks}
    values = [int(chunk.digits) for chunk in chunks]
    return (
        chunks[0].digits[0] != "0"
        and max(lengths) < 5
        and len(lengths) > 1
        and values == sorted(set(values))
    )

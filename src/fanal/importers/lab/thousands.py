"""Which sign stands between the thousands of a laboratory's amounts, and amounts in two columns."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fanal.importers.lab.layout import Layout
from fanal.importers.reading.column_words import words_of
from fanal.importers.reading.figures import language_of
from fanal.importers.reading.rows import Found, Table, as_text

_OPEN = re.compile(r"(?<![\d.,])([1-9]\d{0,2})([.,])(\d{3})(?![\d.,])")
_DECIMAL = re.compile(r"(?<![\d.,])(?:\d+(?=[.,](?!\d{3}(?!\d)))|0)([.,])\d+")
_LOW = words_of("min minimum low lower from de minimal minimale minimo mindestens untere")
_HIGH = words_of("max maximum high upper to a maximal maximale massimo maximo hochstens obere")
_OTHER = {",": ".", ".": ","}


def sign_between(page: Table, layout: Layout) -> str:
    """Return the sign that stands between thousands in "1,050"; "" where nothing shows that.

    The other sign stands before the decimals of the table's amounts; or it is written in English,
    where a comma never does. A balance writes three decimals: 1.234.
    """
    amounts = [group["amount"] for group in layout.groups.values() if "amount" in group]
    columns = [*amounts, *layout.contents, *layout.meant]
    decimal: set[str] = set()
    open_: set[str] = set()
    for found in page.rows():
        for cell in [as_text(found[1].get(c)) for c in columns] if isinstance(found, tuple) else ():
            decimal |= {*_DECIMAL.findall(cell)}
            open_ |= {sign for _, sign, _ in _OPEN.findall(cell)}
    for sign in open_ - decimal:
        if _OTHER[sign] in decimal or (sign == "," and language_of(page.columns) == "en"):
            return sign
    return ""


def ungrouped(text: str, sign: str) -> str:
    """Return a cell without the sign between the thousands of its figures.

    >>> ungrouped("1,050", ","), ungrouped("1.050", ","), ungrouped("1,050.5", "")
    ('1050', '1.050', '1,050.5')
    """
    return _OPEN.sub(lambda m: m[1] + m[3] if m[2] == sign else m[0], text) if sign else text


def with_ranges(page: Table) -> Table:
    """Return a table whose amounts from and to, in two columns, stand in one as a range."""
    pairs = _pairs(page.columns)
    if len(pairs) != 1:
        return page
    (low, high), called = pairs[0]
    columns = tuple(called if n == low else n for n in page.columns if n != high)

    def rows() -> Iterator[Found]:
        for found in page.rows():
            if not isinstance(found, tuple):
                yield found
                continue
            ends = [text for n in (low, high) if (text := as_text(found[1].get(n)))]
            row = {n: cell for n, cell in found[1].items() if n not in (low, high)}
            yield found[0], {**row, called: " - ".join(dict.fromkeys(ends))}

    return replace(page, columns=columns, rows=rows)


def _pairs(names: Sequence[str]) -> list[tuple[tuple[str, str], str]]:
    """Return the columns of the least and the most of one thing, and what both are called."""
    found = []
    for low in names:
        stem = words_of(low) - _LOW
        for high in names if words_of(low) & _LOW else ():
            if words_of(high) & _HIGH and words_of(high) - _HIGH == stem:
                idle = [w for w in low.split() if words_of(w) & _LOW]
                called = " ".join(w for w in low.split() if w not in idle)
                if called and called not in names:
                    named = any(map(str.isalpha, called))
                    found.append(((low, high), called if named else f"amount {called}"))
    return found

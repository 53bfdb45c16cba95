"""The columns of a printed page, found by the gutter between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

ROWS = 5  # rows with words on both sides, from which a page has columns
LINE = 18  # characters of a usual line of a column; a table has less
MOST = 4_000  # pieces of a page
_MARKED = frozenset("\x02\ufffe")  # a hyphen at the end of a line, as the library marks it
_HYPHENS = frozenset("-\u00ad\u2010") | _MARKED
_ENDS = (".", "!", "?", ":", "»", "”", '"')
CROSSING = 0.2  # share of pieces that may lie across the gutter: titles
APART = 0.25  # of the height of a line, from which on a gap after a hyphen is a space


class Piece(NamedTuple):
    """A stretch of words on one line: points from the left and from the bottom."""

    left: float
    bottom: float
    right: float
    top: float
    text: str


def in_columns(page: Any) -> str | None:
    """Return the text of a page column by column, None where it has no columns.

    `page` is the text page of the PDF library.
    """
    if not 2 * ROWS <= page.count_rects() <= MOST:
        return None
    lines = _read(pieces_of(page))
    return "\n".join(lines) if lines else None


def pieces_of(page: Any) -> list[Piece]:
    """Return the stretches of words of a page, as many as are looked at."""
    pieces = []
    for number in range(min(page.count_rects(), MOST)):
        box = page.get_rect(number)
        if text := page.get_text_bounded(*box).strip():
            left, bottom, right, top = box
            pieces.append(Piece(left, bottom, right, top, text))
    return pieces


def _read(pieces: Sequence[Piece]) -> list[str]:
    gutter = _gutter(pieces)
    if gutter is None:
        return []
    lines: list[str] = []
    left: list[Piece] = []
    right: list[Piece] = []

    def flush() -> None:
        for column in (left, right):
            _add(lines, _read(column) or _paragraphs(column))
            column.clear()

    for row in rows_of_pieces(pieces):
        if any(piece.left < gutter < piece.right for piece in row):
            flush()
            _add(lines, [_written(row), ""])
        else:
            left += [piece for piece in row if piece.right <= gutter]
            right += [piece for piece in row if piece.left >= gutter]
    flush()
    return lines


def _paragraphs(column: Sequence[Piece]) -> list[str]:
    """Join the lines of a column; a space above, an indent or a short line part paragraphs."""
    rows = rows_of_pieces(column)
    steps = [one[0].bottom - other[0].bottom for one, other in pairwise(rows)]
    usual = median(steps) if steps else 0.0
    width = max((row[-1].right for row in rows), default=0.0) - min(
        (row[0].left for row in rows), default=0.0
    )
    edge = median([row[0].left for row in rows]) if rows else 0.0
    marked = any(piece.text[-1] in _MARKED for piece in column)
    lines: list[str] = []
    for number, row in enumerate(rows):
        text = _written(row)
        above = rows[number - 1] if number else row
        ended = lines and lines[-1][-1:] in _ENDS
        short = above[-1].right - above[0].left < 0.8 * width
        apart = number and steps[number - 1] > 1.5 * usual
        if not number:
            lines.append(text)
        elif apart or (ended and (short or row[0].left > edge + 6)):
            lines += ["", text]
        else:
            lines[-1] = gone_on(lines[-1], text, marked)
    return lines


def _written(row: Sequence[Piece]) -> str:
    """Return a row as it is written: a hyphen that some programs set apart is inside its word."""
    text = row[0].text
    for before, piece in pairwise(row):
        inside = before.text in _HYPHENS and _gap(before, piece) < APART
        text += piece.text if inside or piece.text in _HYPHENS else f" {piece.text}"
    return text


def _gap(one: Piece, other: Piece) -> float:
    """Return the space between two pieces of a line, in heights of the line."""
    return (other.left - one.right) / max(other.top - other.bottom, 1.0)


def gone_on(last: str, line: str, real: bool = False) -> str:
    """Return a line that goes on with the next: a word that its end cuts is whole again.

    With `real`, hyphens are the words' own: a page that marks those of its line ends differently.

    >>> gone_on("une dif-", "fusion"), gone_on("de la 3-", "MMC"), gone_on("prix -", "et")
    ('une diffusion', 'de la 3-MMC', 'prix - et')
    """
    if last[-1:] not in ("-", "\u00ad") or not last[-2:-1].isalnum() or not line[:1].isalnum():
        return f"{last} {line}"
    cut = last[-2].isalpha() and line[0].islower() and not real
    return last[:-1] + line if cut else last + line


def _add(lines: list[str], more: list[str]) -> None:
    """Add lines; a column that ends with a sentence ends a paragraph."""
    if lines and more and lines[-1] and lines[-1][-1] in '.!?:»”"':
        lines.append("")
    lines += more


def rows_of_pieces(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Return pieces by lines, from the top, each from the left."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -(piece.top + piece.bottom)):
        middle = (piece.top + piece.bottom) / 2
        if rows and rows[-1][0].bottom <= middle <= rows[-1][0].top:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [sorted(row) for row in rows]


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Return where words on both sides leave an empty stripe down the page."""
    if len(pieces) < 2 * ROWS:
        return None
    first, last = min(p.left for p in pieces), max(p.right for p in pieces)
    rows = rows_of_pieces(pieces)
    gaps = [
        (one.right + other.left) / 2
        for row in rows
        for one, other in pairwise(row)
        if other.left - one.right > 6 and first + 0.15 * (last - first) < one.right
    ]
    best: float | None = None
    most = 0
    for at in gaps:
        across = sum(piece.left < at < piece.right for piece in pieces)
        if across > CROSSING * len(pieces):
            continue
        both = [row for row in rows if row[0].right <= at and row[-1].left >= at]
        if len(both) > most and len(both) >= ROWS:
            left = [piece.text for piece in pieces if piece.right <= at]
            right = [piece.text for piece in pieces if piece.left >= at]
            if all(median(map(len, side)) >= LINE for side in (left, right)):
                best, most = at, len(both)
    return best

"""The parts that a bulletin is made of, before any format: what HTML and PDF both draw."""

from __future__ import annotations

from dataclasses import dataclass

from fanal.wording.marks import pieces


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text; `href` is an anchor of the same bulletin (#…) or nothing."""

    text: str
    href: str = ""
    style: str = ""  # strong, mark, code, or plain


Runs = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is a section."""

    level: int
    text: str
    id: str
    block: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    runs: Runs
    style: str = ""  # lead, note, banner, or plain
    block: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    rows: tuple[Runs, ...]
    block: str = "bullets"


@dataclass(frozen=True, slots=True)
class Quote:
    """An excerpt of a document and where it stands."""

    runs: Runs
    cite: Runs
    block: str = "quote"


@dataclass(frozen=True, slots=True)
class Table:
    """A table; the first cell of a row is its header, `anchors` gives rows an id."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    numeric: tuple[int, ...] = ()
    anchors: tuple[str, ...] = ()
    widths: tuple[int, ...] = ()  # shares of the width, for paper
    counted: tuple[str, ...] = ()  # of each row, for programs: what `fanal lab rows` lists of it
    block: str = "table"


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its description in words, and its figures as a table."""

    svg: str
    alt: str
    caption: str
    table: Table | None = None
    block: str = "figure"


Block = Heading | Paragraph | Bullets | Quote | Table | Figure


@dataclass(frozen=True, slots=True)
class Bulletin:
    """One edition in one language."""

    language: str
    title: str
    subtitle: str
    byline: str
    contents: str  # heading of the table of contents
    skip: str  # label of the link past it
    figures: str  # label of the figures behind a picture
    notice: str  # of words that nobody has reviewed; or nothing
    blocks: tuple[Block, ...]

    @property
    def sections(self) -> tuple[Heading, ...]:
        """Return the headings of the table of contents."""
        return tuple(b for b in self.blocks if isinstance(b, Heading) and b.level == 1)


def text(words: str) -> Runs:
    """Return one plain stretch."""
    return (Run(words),)


def laid(told: str, **parts: Runs) -> Runs:
    """Return a sentence with stretches of their own in its holes (`fanal.wording.marks.hole`)."""
    return tuple(
        run
        for words, name in pieces(told)
        for run in (Run(words), *(parts[name] if name else ()))
        if run.text
    )

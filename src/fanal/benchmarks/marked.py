"""How much of what identifies somebody the door keeps out of texts where people have marked it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fanal.door.identifiers import Screened, screen_text
from fanal.errors import ConfigError

_MARK = re.compile(r"\[\[([A-Z_]+)\|([^\[\]]+)\]\]")
_BATCH = 512


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and what must go: class, start and stop in code points."""

    line: int  # in its file, from 1
    text: str
    marks: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What the door kept out: marks by class, those wholly covered, and clean texts it altered."""

    marks: Counter[str]
    kept: Counter[str]
    clean: int
    altered: int
    left: tuple[tuple[int, str], ...]  # line and class of each mark that stays, in part at least


def read_marked(path: Path) -> list[Marked]:
    """Return the texts of a marked file: `[[CLASS|text]]`, ⏎ for a line break, # for a comment.

    Raises:
        ConfigError: brackets that are no mark, or no text at all.
    """
    out = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        marked = _marked(number, line.replace("⏎", "\n"))
        if "[[" in marked.text or "]]" in marked.text:
            raise ConfigError(
                f"{path.name}, line {number}: brackets that mark nothing",
                allowed="[[CLASS|text]], CLASS in capital letters",
                do="close the mark or take the brackets out",
            )
        out.append(marked)
    if not out:
        raise ConfigError(f"{path.name} holds no text", do="give a file with a text a line")
    return out


def _marked(number: int, line: str) -> Marked:
    text, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        marks.append((match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        at = match.end()
    return Marked(number, text + line[at:], tuple(marks))


def score(texts: list[Marked], kind: str) -> Kept:
    """Return what the door keeps out of marked texts of a kind of source.

    A mark is kept out where none of its letters and figures is stored; a text that is withheld
    stores nothing. A clean text is altered where anything of it is masked or withheld.
    """
    marks: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    left: list[tuple[int, str]] = []
    clean = altered = 0
    for each, screened in zip(texts, _screened(texts, kind), strict=True):
        covered = _covered(screened, len(each.text))
        if not each.marks:
            clean += 1
            altered += any(covered)
        for name, start, stop in each.marks:
            marks[name] += 1
            if all(covered[at] or not each.text[at].isalnum() for at in range(start, stop)):
                kept[name] += 1
            else:
                left.append((each.line, name))
    return Kept(marks, kept, clean, altered, tuple(left))


def _screened(texts: list[Marked], kind: str) -> Iterator[Screened]:
    for start in range(0, len(texts), _BATCH):
        yield from screen_text([each.text for each in texts[start : start + _BATCH]], kind)


def _covered(screened: Screened, length: int) -> bytearray:
    covered = bytearray(b"\x01" * length if screened.text is None else length)
    for span in screened.found:
        covered[span.start : span.stop] = b"\x01" * (span.stop - span.start)
    return covered

"""How much of what identifies somebody the door keeps out of texts where people have marked it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from fanal.door import tagger
from fanal.door.admit import BELIEVED, proposed
from fanal.door.candidates import candidates
from fanal.door.deciding import hidden
from fanal.door.identifiers import Screened, mask, screen_text
from fanal.errors import ConfigError

_MARK = re.compile(r"\[\[([A-Z_]+)\|([^\[\]]+)\]\]")
_DOCUMENT = "# document: "
_BATCH = 512
_KINDS = {
    "notes": "field notes",
    "press": "press",
    "posts": "public posts",
    "channels": "public posts",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """A text, and what must go: class, start and stop in code points."""

    line: int  # in its file, from 1
    text: str
    marks: tuple[tuple[str, int, int], ...]
    document: str = ""  # of which it is a turn; "" where it stands alone


@dataclass(frozen=True, slots=True)
class Kept:
    """What the door kept out: marks by class, those wholly covered, and clean texts it altered."""

    marks: Counter[str]
    kept: Counter[str]
    clean: int
    altered: int
    left: tuple[tuple[int, str], ...]  # line and class of each mark that stays, in part at least
    shown: int  # of those, how many the desk would show to a person


def read_marked(path: Path) -> list[Marked]:
    """Return the texts of a marked file: `[[CLASS|text]]`, ⏎ for a line break, # for a comment.

    What follows `# document: …` is one document, turn by turn.

    Raises:
        ConfigError: brackets that are no mark, or no text at all.
    """
    out = []
    document = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        document = line.removeprefix(_DOCUMENT) if line.startswith(_DOCUMENT) else document
        if not line.strip() or line.startswith("#"):
            continue
        marked = _marked(number, line.replace("⏎", "\n"))
        if "[[" in marked.text or "]]" in marked.text:
            raise ConfigError(
                f"{path.name}, line {number}: brackets that mark nothing",
                allowed="[[CLASS|text]], CLASS in capital letters",
                do="close the mark or take the brackets out",
            )
        out.append(replace(marked, document=document))
    if not out:
        raise ConfigError(f"{path.name} holds no text", do="give a file with a text a line")
    return out


def kind_of(path: Path) -> str:
    """Return the kind of source that the name of a marked file says, else interview."""
    return next((kind for word, kind in _KINDS.items() if word in path.stem), "interview")


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
    clean = altered = shown = 0
    for each, screened in zip(texts, _screened(texts, kind), strict=True):
        covered = _covered(screened, len(each.text))
        if not each.marks:
            clean += 1
            altered += any(covered)
        stay = []
        for name, start, stop in each.marks:
            marks[name] += 1
            if all(covered[at] or not each.text[at].isalnum() for at in range(start, stop)):
                kept[name] += 1
            else:
                left.append((each.line, name))
                stay.append(range(start, stop))
        shown += _shown(each.text, screened, stay)
    return Kept(marks, kept, clean, altered, tuple(left), shown)


def _shown(text: str, screened: Screened, stay: Sequence[range]) -> int:
    """Return how many of the marks that stay a person would be asked about."""
    if not stay:
        return 0
    (believed,) = tagger.opinions([text], {}, BELIEVED)
    people = {text[s.start : s.stop] for s in screened.found if s.kind == "name"}
    maybe = candidates(hidden(text, screened.found), people, believed)
    return sum(any(one.start < at.stop and at.start < one.stop for one in maybe) for at in stay)


def _screened(texts: Sequence[Marked], kind: str) -> Iterator[Screened]:
    for document, turns in groupby(texts, lambda one: one.document):
        lines = [one.text for one in turns]
        if document:
            yield from _threaded(lines, kind)
        else:
            for start in range(0, len(lines), _BATCH):
                yield from screen_text(lines[start : start + _BATCH], kind)


def _threaded(lines: Sequence[str], kind: str) -> Iterator[Screened]:
    """Yield what the door makes of the turns of one document, which it reads as a whole."""
    for line, seen in zip(lines, proposed(lines, kind), strict=True):
        if len(seen.text) != len(line):  # its offsets are of the cleaned text
            yield from screen_text([line], kind)
            continue
        masked = None if seen.reason else mask(seen.text, seen.spans)
        yield Screened(masked, seen.spans, seen.reason)


def _covered(screened: Screened, length: int) -> bytearray:
    covered = bytearray(b"\x01" * length if screened.text is None else length)
    for span in screened.found:
        covered[span.start : span.stop] = b"\x01" * (span.stop - span.start)
    return covered

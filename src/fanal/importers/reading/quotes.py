"""Passages that a post quotes of another: whoever answers does not say them anew."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fanal.importers.base import Issue

# `> words`: no comparison (> 80 %), no face (>_<), no number of a post (>>123)
_QUOTED = re.compile(r"\s*>[>\s]*(?=[^\W\d_]|[\"'«“„‘*(\[@/]|$)")
_BRACKETS = re.compile(r"(?is)\[quote[^\[\]\n]{0,200}\](?:(?!\[quote).)*?\[/quote\]")
_WRITER = re.compile(
    r"(?i)\s*(?:.{1,80}\s(?:a [ée]crit|a dit|wrote|said|schrieb|hat geschrieben|escribi[óo]|dijo"
    r"|ha scritto|ha detto|schreef|zei)|(?:citation|quote|zitat|cita|citazione|citaat)\b.{0,80})"
    r"\s?:\s*"
)


def said_anew(text: str, answers: bool = True) -> tuple[str, int]:
    """Return a post without the passages that it quotes, and how many there were.

    A post of quoted lines alone is left as it is: many write so themselves. Lines are quoted only
    where posts may be `answers`; brackets say by themselves whose words stand in them.

    >>> said_anew("> ket is 25\\n\\nno, 30 here")
    ('no, 30 here', 1)
    """
    if ">" not in text and "[/" not in text:
        return text, 0
    rest, passages = text, 0
    for _ in range(5):  # quotes in quotes
        rest, found = _BRACKETS.subn("", rest)
        passages += found
        if not found:
            break
    kept: list[str] = []
    inside = False
    for line in rest.split("\n"):
        quoted = answers and _QUOTED.match(line) is not None
        if quoted and not inside:
            passages += 1
            if kept and _WRITER.fullmatch(kept[-1]):
                kept.pop()
        if not quoted:
            kept.append(line)
        inside = quoted
    said = "\n".join(kept).strip()
    return (said, passages) if passages and re.search(r"\w", said) else (text, 0)


@dataclass(slots=True)
class Quotes:
    """Takes quoted passages out of the posts of a file, and tells how many there were."""

    answers: bool = True  # posts are of threads, in which one answers another
    passages: int = 0

    def without(self, text: str) -> str:
        """Return a post without what it quotes."""
        text, passages = said_anew(text, self.answers)
        self.passages += passages
        return text

    def told(self) -> Iterator[Issue]:
        """Tell how many passages were left out."""
        if self.passages:
            hint = f"{self.passages:,} passages that posts quote of others were left out: "
            hint += "whoever answers does not say them anew"
            yield Issue("quoted passage", 1, hint=hint, level="note")

"""What programs write into a chat as if somebody had said it: calls, reactions, groups renamed."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files

LONGEST = 300  # characters; a notice is one line
_MARKS = "\u200e\u200f\u202a\u202c\u2068\u2069"
_NAME = "\x00"  # stands for who sent it
_PARTS = {
    "name": _NAME,
    "other": ".{1,120}",
    "sign": r"[^\w\s]\S{0,15}",
}
_LASTED = r"\d{1,3}\s?(?:s|sec|sek|seg|min|m|h|hr|u|std|uur|heures?|stunden?|ore|horas?)\b.{0,20}"
_YOU = frozenset(["you", "vous", "tu", "du", "sie", "usted", "tú", "hai", "je", "jij", "u"])


def notice_in(program: str, text: str, who: Iterable[str | None] = ()) -> str | None:
    """Return the rule by which a message is the program's own words; None where somebody wrote it.

    A notice that names who did something is believed where `who` sent it.

    >>> notice_in("whatsapp", "Missed voice call")
    'call'
    >>> notice_in("meta", "Robin sent an attachment.", ["Robin"])
    'attachment'
    """
    line = text.strip()
    if len(line) > LONGEST or "\n" in line:
        return None
    line = " ".join(line.translate(dict.fromkeys(map(ord, _MARKS))).split()).rstrip(".! ")
    for written in (line, *_with_name(line, who)):
        for rule, pattern in _patterns(program):
            if pattern.fullmatch(written):
                return rule
    return None


def _with_name(line: str, who: Iterable[str | None]) -> Iterator[str]:
    """Yield a line in which the name of a sender, its beginning or "you" stands as one sign."""
    first, _, rest = line.partition(" ")
    if first.casefold() in _YOU:
        yield f"{_NAME} {rest}"
    for sender in filter(None, who):
        words = sender.split()
        for n in range(len(words), 0, -1):
            name = " ".join(words[:n])
            if f"{name} " in line:
                yield line.replace(name, _NAME, 1)
                break


@cache
def _patterns(program: str) -> tuple[tuple[str, re.Pattern[str]], ...]:
    content = (files(__package__ or "") / "notices.toml").read_text("utf-8")
    rules: Mapping[str, dict[str, list[str]]] = tomllib.loads(content)[program]
    return tuple((rule, re.compile("|".join(_alternatives(told)))) for rule, told in rules.items())


def _alternatives(told: Mapping[str, list[str]]) -> Iterable[str]:
    for sentence in told["said"]:
        parts = re.split(r"\{(\w+)\}", sentence.rstrip("."))
        yield "".join(_PARTS[p] if at % 2 else re.escape(p) for at, p in enumerate(parts))
    if ends := told.get("ends"):
        calls = "|".join(map(re.escape, told["begins"]))
        yield rf"(?:{calls})[,.] (?:{_LASTED}|(?i:{'|'.join(map(re.escape, ends))}))"

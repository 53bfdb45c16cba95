"""The rules of offers, compiled from `rules.toml`: names of roles become letters, one a role."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import Any

from fanal.coding.offers import roles
from fanal.text.folding import fold

TOKEN = re.compile(
    r"\(\?P<(?P<group>\w+)>|\{[\d,]+\}|(?P<role>[a-z]+)|(?P<short>[A-Z]+)|\s+|.", re.S
)
PART = re.compile(r"\{([a-z_]+)\}")
OVER_TEXT = frozenset(
    ("token", "hours", "week")
)  # families over the folded text, the others over roles


@dataclass(frozen=True, slots=True)
class Rule:
    """A way of writing something: `examples` are read by it, `near` misses are not."""

    name: str
    pattern: str  # over letters, or over the folded text
    examples: dict[str, str]  # text → what is read in it
    near: tuple[str, ...]
    sure: float = 1.0  # confidence of what it reads
    of: str = ""  # which sums a purpose is of: any, bound to an amount or free
    says: str = ""  # what is meant, where it is always the same: "Sa,Su"


@cache
def _tables(file: str = "rules.toml") -> dict[str, Any]:
    text = files("fanal.coding.offers").joinpath(file).read_text("utf-8")
    return tomllib.loads(text)


@cache
def days() -> dict[str, str]:
    """Return the names of days, folded, with what opening hours write for each: Mo, Tu, …"""
    tables = _tables("offers.toml")["day"].items()
    return {fold(name): day for day, names in tables for name in names}


@cache
def family(name: str) -> dict[str, Rule]:
    """Return the rules of a family (amounts, price, bonus, …) by name, in their order.

    Groups of one letter are numbered, so that the rules of a family stand in one expression.
    """
    return {
        row["name"]: Rule(
            row["name"],
            written(row["pattern"]) if name in OVER_TEXT else compiled(row["pattern"], number),
            row["examples"],
            tuple(row["near"]),
            row.get("sure", 1.0),
            row.get("of", ""),
            row.get("says", ""),
        )
        for number, row in enumerate(_tables()[name])
    }


def compiled(pattern: str, number: int | None = None) -> str:
    """Return a pattern over letters from one over names of roles.

    Raises:
        AttributeError: a word is the name of no role.
    """
    out: list[str] = []
    inside = False  # a set: what is in it is no expression
    for token in TOKEN.finditer(pattern):
        said = token[0]
        if token["role"]:
            out.append(re.escape(getattr(roles, said.upper())))
        elif token["short"]:
            meant = compiled(_tables()["short"][said], number)
            out.append(meant.removeprefix("[").removesuffix("]") if inside else meant)
        elif token["group"]:
            one = len(token["group"]) == 1 and number is not None
            out.append(f"(?P<{token['group']}{number if one else ''}>")
        elif not said.isspace():
            inside = said == "[" or (inside and said != "]")
            out.append(said)
    return "".join(out)


def written(pattern: str) -> str:
    """Return an expression over the folded text: "{clock}" is the part of this name.

    In a pattern of several lines, line ends and the blanks that a line begins with mean nothing.

    Raises:
        KeyError: no part has this name.
    """
    if "\n" in pattern:
        pattern = "".join(line.lstrip() for line in pattern.split("\n"))
    return PART.sub(lambda match: part(match[1]), pattern)


@cache
def part(name: str) -> str:
    """Return the expression over the folded text of a part that several rules have.

    Raises:
        KeyError: no part has this name.
    """
    if name == "name_of_day":
        return "|".join(sorted(days(), key=len, reverse=True))
    patterns = {row["name"]: row["pattern"] for row in _tables()["part"]}
    return written(patterns[name])


@cache
def around(name: str) -> re.Pattern[str]:
    """Return the expression over letters of what stands around a sum or an amount.

    Raises:
        KeyError: nothing has this name.
    """
    return re.compile(family("around")[name].pattern)


@cache
def told(name: str) -> re.Pattern[str]:
    """Return the expression over the folded text of one thing told around a sum or a number.

    Raises:
        KeyError: nothing told has this name.
    """
    rows = {row["name"]: row for row in _tables()["told"]}
    return re.compile(_words(rows[name]))


def _words(row: dict[str, Any]) -> str:
    if "pattern" in row:
        return written(row["pattern"])
    words = "|".join(row["words"])
    return f"{row.get('first', '(?<![a-z])')}(?:{words}){row.get('then', '(?![a-z])')}"


def digest() -> bytes:
    """Return a digest of the rules and of the words of offers: another one codes differently."""
    data = files("fanal.coding.offers")
    texts = (data.joinpath(name).read_bytes() for name in ("rules.toml", "offers.toml"))
    return blake2b(b"\0".join(texts), digest_size=8).digest()


def regex(pattern: str) -> re.Pattern[str]:
    """Return an expression over letters from a pattern over names of roles."""
    return re.compile(compiled(pattern))


def expression(name: str) -> str:
    """Return one expression for a family: the group that matched is the name of the rule."""
    return "|".join(f"(?P<{rule}>{one.pattern})" for rule, one in family(name).items())

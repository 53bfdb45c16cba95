"""Context rules for ambiguous names: which words nearby make one a substance, and by how much.

How sure a name is and what a rule adds are whole hundredths here: sums of them are exact.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

from fanal.errors import ConfigError
from fanal.text.folding import fold
from fanal.thesaurus import Alias

WHEN = (
    "plain mention",
    "listed",
    "beside a name",
    "sign of another",
    "its picture beside it",
    "disguised",
    "other language",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What a cue adds to the confidence of the names that it is for; see contexts.toml."""

    name: str
    adds: int
    near: int = 0
    when: str = ""
    below: int = 100  # only for names whose own confidence is less
    shortest: int = 0
    asked: bool = False  # only where somebody is asked about drugs
    kind: str = ""
    aliases: frozenset[str] = frozenset()
    substances: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    regex: re.Pattern[str] | None = None
    before: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None

    def covers(self, alias: Alias, base: int) -> bool:
        """Say whether the rule is for a name with this confidence of its own."""
        if base >= self.below or len(shown(alias.alias)) < self.shortest:
            return False
        if self.kind and self.kind != alias.kind:
            return False
        if self.aliases or self.substances:
            return shown(alias.alias) in self.aliases or alias.substance in self.substances
        return True


@dataclass(frozen=True, slots=True)
class Base:
    """The confidence of a name by itself; empty fields fit every name."""

    confidence: int
    aliases: frozenset[str] = frozenset()
    substances: frozenset[str] = frozenset()
    ambiguity: str = ""
    kind: str = ""
    source: frozenset[str] = frozenset()
    longest: int = 1 << 30

    def fits(self, alias: Alias) -> bool:
        """Say whether the row is for a name."""
        return (
            (not self.aliases or shown(alias.alias) in self.aliases)
            and (not self.substances or alias.substance in self.substances)
            and self.ambiguity in ("", alias.ambiguity)
            and self.kind in ("", alias.kind)
            and (not self.source or alias.source in self.source)
            and len(shown(alias.alias)) <= self.longest
        )


@dataclass(frozen=True, slots=True)
class Contexts:
    """The rules of one file."""

    keep: int
    prefer: dict[str, str]
    bases: tuple[Base, ...]
    rules: tuple[Rule, ...]
    gate: tuple[str, ...]
    silent: tuple[str, ...]
    silent_pattern: re.Pattern[str]
    digest: str

    @classmethod
    def load(cls, path: Path | None = None) -> Contexts:
        """Return the shipped rules, or those of a user's file.

        Raises:
            ConfigError: a row has a key that is not known, or lacks one.
        """
        file = path or files("fanal.coding.names") / "contexts.toml"
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
        groups = content.get("groups", {})
        where = path.name if path else "contexts.toml"
        try:
            return cls(
                keep=_hundredths(content["keep"]),
                prefer={shown(name): substance for name, substance in content["prefer"].items()},
                bases=tuple(Base(**_folded(row, groups)) for row in content["base"]),
                rules=tuple(_rule(row, groups) for row in content["rule"]),
                gate=tuple(content["gate"]["words"]),
                silent=tuple(content["silent"]["phrases"]),
                silent_pattern=re.compile("|".join(content["silent"]["patterns"]) or "(?!)"),
                digest=blake2b(text.encode(), digest_size=8).hexdigest(),
            )
        except (KeyError, TypeError, re.error) as error:
            raise ConfigError(
                f"a row cannot be read ({error})",
                where=where,
                do="compare it with the rows that ship",
            ) from None

    def base(self, alias: Alias) -> int:
        """Return the confidence of a name by itself, in hundredths."""
        return next((row.confidence for row in self.bases if row.fits(alias)), 50)


@cache
def shown(alias: str) -> str:
    """Return a name as rules write it: folded, without variation selectors."""
    return fold(alias).replace("\ufe0f", "").replace("-", " ")


def _folded(row: dict[str, Any], groups: dict[str, list[str]]) -> dict[str, Any]:
    row = dict(row)
    if "group" in row:
        row["aliases"] = groups[row.pop("group")]
    if "aliases" in row:
        row["aliases"] = frozenset(map(shown, row["aliases"]))
    for key in ("substances", "source"):
        if key in row:
            row[key] = frozenset(row[key])
    for key in ("adds", "below", "confidence"):
        if key in row:
            row[key] = _hundredths(row[key])
    return row


def _hundredths(sure: float) -> int:
    return round(100 * sure)


def _rule(row: dict[str, Any], groups: dict[str, list[str]]) -> Rule:
    row = _folded(row, groups)
    row |= {key: re.compile(row[key]) for key in ("regex", "before", "after") if key in row}
    row["words"] = _once(row.get("words", ()))
    if row.get("when", WHEN[0]) not in WHEN:
        raise ConfigError(f"no condition {row['when']!r}", allowed=", ".join(WHEN))
    return Rule(**row)


def _once(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))

"""Platforms: apps named in a text, and what part they play in it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from fanal.coding.facts import CUT, Fact, Hit, Mention
from fanal.coding.negation import Denials
from fanal.text.folding import any_of, fold

AROUND = 60  # characters on each side that tell the role
LINK = re.compile(r"\[(?:link|handle):(\w+)")
ADDRESS = re.compile(r"^\s?(?:app\s?)?[:=@>→👉]|^[\s:=]{0,3}\[|\]\s{0,2}(?:sur |on )?$")
SENTENCE = re.compile(r"[\n.!?;](?=\s|$)|\n")


@dataclass(frozen=True)
class Platforms:
    """The names of platforms; `phrases` go into the shared scan."""

    tables: dict[str, dict[str, Any]]
    context: dict[str, list[str]]

    @classmethod
    def load(cls, path: Path | None = None) -> Platforms:
        """Return the shipped names, or those of a user's file."""
        source = path or files("fanal.coding").joinpath("platforms.toml")
        read = tomllib.loads(source.read_text("utf-8"))
        return cls(read["platform"], read["context"])

    @cached_property
    def _names(self) -> dict[str, tuple[str, bool]]:
        """Return phrase → (platform, is it an ordinary word too)."""
        found: dict[str, tuple[str, bool]] = {}
        for platform, table in self.tables.items():
            found[f"link:{platform}"] = found[f"handle:{platform}"] = (platform, False)
            for name in table.get("names", ()):
                found[fold(name)] = (platform, False)
            for name in table.get("words", ()):
                found[fold(name)] = (platform, True)
        return found

    @property
    def phrases(self) -> frozenset[str]:
        """Return the folded names."""
        return frozenset(self._names)

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: any_of(words) for name, words in self.context.items()}

    def read(
        self,
        folded: str,
        hits: Sequence[Hit],
        mentions: Sequence[Mention],
        denials: Denials | None = None,
    ) -> list[Fact]:
        """Return the platforms named in a text; hits of other vocabularies are passed over.

        `denials` is what the text denies.
        """
        facts: dict[tuple[str, str], Fact] = {}
        named = [(hit, *self._names[hit.term]) for hit in hits if hit.term in self._names]
        if not named:
            return []
        market = any(mention.confidence >= CUT for mention in mentions)
        several = len({platform for _, platform, _ in named}) > 1
        end = -1
        for hit, platform, word in named:
            if hit.start < end:
                continue  # inside a longer name
            if denials and denials.cover(hit.start, hit.stop):
                continue
            confidence = 0.9
            if word:
                confidence = self._as_word(folded, hit, market, several)
                if confidence == 0:
                    continue
            end = hit.stop
            role = self._role(folded, hit)
            if 0.4 < confidence < 0.6 and role in ("backup", "redirect"):
                confidence = 0.6
            known = facts.get((platform, role))
            if known is None or known.confidence < confidence:
                fields = {"platform": platform, "role": role}
                facts[platform, role] = Fact(
                    "platform", hit.start, hit.stop, fields, confidence, hit.term
                )
        kept = list(facts.values())
        for fact in list(kept):  # a name that is only mentioned besides having a part
            others = {
                f.fields["role"] for f in kept if f.fields["platform"] == fact.fields["platform"]
            }
            if fact.fields["role"] == "mentioned" and len(others) > 1:
                kept.remove(fact)
        return sorted(kept, key=lambda fact: fact.start)

    def _as_word(self, folded: str, hit: Hit, market: bool, several: bool) -> float:
        """Return how sure an ordinary word is an app here; 0: it is not."""
        around = folded[max(0, hit.start - 20) : hit.stop + 20]
        if self._patterns["unless"].search(around):
            return 0.0
        before = folded[max(0, hit.start - 14) : hit.start]
        after = folded[hit.stop : hit.stop + 12]
        last = re.search(r"(\w+)\W{0,3}$", before)
        led = bool(last and self._patterns["before"].fullmatch(last.group(1)))
        address = bool(ADDRESS.search(after) or ADDRESS.search(before[-3:]))
        if led and (market or several or address):
            return 0.85
        if address:
            return 0.75
        if led:
            return 0.6 if hit.term in ("signal", "snap", "potato", "tg") else 0.45
        return 0.55 if market or several else 0.3

    def _role(self, folded: str, hit: Hit) -> str:
        """Return what part an app plays: here, redirect, backup or mentioned."""
        before = folded[max(0, hit.start - AROUND) : hit.start]
        after = folded[hit.stop : hit.stop + AROUND]
        cuts = [match.end() for match in SENTENCE.finditer(before)]
        clause = before[cuts[-1] if cuts else 0 :]
        stop = SENTENCE.search(after)
        around = clause + folded[hit.start : hit.stop] + (after[: stop.start()] if stop else after)
        patterns = self._patterns
        if patterns["backup"].search(around):
            return "backup"
        if patterns["report"].search(around) and "[" not in around:
            return "mentioned"
        if patterns["here"].search(clause[-30:]):
            return "here"
        if LINK.match(folded[max(0, hit.start - 1) : hit.stop + 20]):
            return "redirect"
        if patterns["redirect"].search(around) or ADDRESS.search(after[:12]):
            return "redirect"
        return "mentioned"

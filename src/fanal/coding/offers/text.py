"""One text while it is read for offers: its roles, what was taken, whose each offer is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fanal.coding.facts import Mention
from fanal.coding.offers import rules
from fanal.coding.offers.amounts import Amounts, Atom
from fanal.coding.offers.roles import END, MONEY, NAME, NEWLINE, NUMBER, PILL, UNIT, WORD
from fanal.coding.offers.tokens import Tokens

TAKEN = rules.regex("[^name pill newline]")
BREAKS = rules.regex("[newline end]")


@dataclass(slots=True)
class Offer:
    """A fact of the grammar before its substance and its defaults are known.

    `first` and `last` are places in the string of roles, the last one included.
    """

    kind: str
    first: int
    last: int
    rule: str
    fields: dict[str, Any]
    confidence: float
    mention: int | None = None  # index of its substance
    loose: bool = False  # the substance comes from a header or from elsewhere in the text


@dataclass(slots=True)
class Reading:
    """A text, its roles and amounts; passes blank what they take."""

    text: str
    folded: str
    mentions: Sequence[Mention]
    tokens: Tokens
    amounts: Amounts
    roles: str = ""
    atoms: list[Atom | None] = field(default_factory=list)
    whole: str = ""  # the roles before anything was taken
    once: dict[int, Atom] = field(default_factory=dict)  # what was asked before, by the sum of now

    def __post_init__(self) -> None:
        self.roles = self.whole = self.amounts.roles
        self.atoms = self.amounts.atoms

    def blank(self, first: int, stop: int) -> None:
        """Turn what was taken into words, substances and line ends left standing."""
        taken = TAKEN.sub(WORD, self.roles[first:stop])
        self.roles = self.roles[:first] + taken + self.roles[stop:]

    def be_money(self, place: int, other: int) -> bool:
        """Make a number a sum, in the currency of another sum; say whether it is one now."""
        atom, beside = self.atoms[place], self.atoms[other]
        if atom is not None and self.roles[place] == NUMBER:
            unit = beside.unit if beside is not None and beside.kind == MONEY else None
            self.atoms[place] = atom._replace(kind=MONEY, unit=unit)
            self.roles = self.roles[:place] + MONEY + self.roles[place + 1 :]
        return self.roles[place] == MONEY

    def places(self, role: str) -> list[int]:
        """Return the places of a role."""
        found: list[int] = []
        place = self.roles.find(role)
        while place >= 0:
            found.append(place)
            place = self.roles.find(role, place + 1)
        return found

    def word(self, index: int) -> str:
        """Return the folded text of one token in the string of roles."""
        place = self.amounts.places[index]
        return self.folded[self.tokens.starts[place] : self.tokens.stops[place]]

    def span(self, first: int, last: int) -> tuple[int, int]:
        """Return the code points from one place in the roles to another, both included."""
        atom = self.atoms[last]
        end = atom.last if atom is not None else self.amounts.places[last]
        return self.tokens.starts[self.amounts.places[first]], self.tokens.stops[end]

    def mention_at(self, index: int) -> int | None:
        """Return the index of the substance at a place in the roles."""
        role = self.whole[index]
        if role in (NAME, PILL):
            value = self.tokens.values[self.amounts.places[index]]
            return int(value[0])
        atom = self.atoms[index]
        return atom.mention if atom is not None else None

    def unit_at(self, index: int) -> str | None:
        """Return the unit of a bare unit or of a counted substance."""
        atom = self.atoms[index]
        if atom is not None:
            return atom.unit
        value = self.tokens.values[self.amounts.places[index]]
        return str(value[1]) if isinstance(value, tuple) and value[1] else None

    def line(self, index: int) -> range:
        """Return the places of the line that a place stands in."""
        left = self.whole.rfind(NEWLINE, 0, index) + 1
        right = self.whole.find(NEWLINE, index)
        return range(left, right if right >= 0 else len(self.whole))

    def form(self, index: int) -> str | None:
        """Return what the line of a place counts in, where it says so ("taz", "pills")."""
        for i in self.line(index):
            if self.whole[i] in (UNIT, PILL):
                unit = self.unit_at(i)
                if unit in ("tablet", "blotter", "capsule"):
                    return unit
        return None

    def sentence_at(self, place: int) -> tuple[int, int]:
        """Return the first place of a sentence and the one after its last."""
        stop = BREAKS.search(self.whole, place)
        left = max(self.whole.rfind(NEWLINE, 0, place), self.whole.rfind(END, 0, place))
        return left + 1, stop.start() if stop else len(self.whole)

    def sentence(self, first: int, last: int, back: int, on: int) -> tuple[str, str]:
        """Return the roles before and after a stretch, to the ends of its sentence at most."""
        before = self.whole[max(0, first - back) : first]
        after = self.whole[last + 1 : last + 1 + on]
        cut = max(before.rfind(NEWLINE), before.rfind(END))
        stop = BREAKS.search(after)
        return before[cut + 1 :], after[: stop.start()] if stop else after

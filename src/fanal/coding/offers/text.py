"""One text while it is read for offers: its roles, what was taken, whose each offer is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fanal.coding.facts import CUT, Mention
from fanal.coding.offers.amounts import Amounts, Atom
from fanal.coding.offers.tokens import Tokens, vocabulary

TAKEN = re.compile("[^MTL]")
NAMED = re.compile("[MTQ]")
BREAKS = re.compile(r"[L.]")
AFTER = re.compile(r"[w)]?d?([MT])|[(]([MT])")
BEFORE = re.compile(r"[MT][=w(@\-)v]{0,2}$")


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

    def __post_init__(self) -> None:
        self.roles = self.whole = self.amounts.roles
        self.atoms = self.amounts.atoms

    def blank(self, first: int, stop: int) -> None:
        """Turn what was taken into words, substances and line ends left standing."""
        taken = TAKEN.sub("w", self.roles[first:stop])
        self.roles = self.roles[:first] + taken + self.roles[stop:]

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
        if role in "MT":
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
        left = self.whole.rfind("L", 0, index) + 1
        right = self.whole.find("L", index)
        return range(left, right if right >= 0 else len(self.whole))

    def form(self, index: int) -> str | None:
        """Return what the line of a place counts in, where it says so ("taz", "pills")."""
        for i in self.line(index):
            if self.whole[i] in "uT":
                unit = self.unit_at(i)
                if unit in ("tablet", "blotter", "capsule"):
                    return unit
        return None

    def sentence(self, first: int, last: int, back: int, on: int) -> tuple[str, str]:
        """Return the roles before and after a stretch, to the ends of its sentence at most."""
        before = self.whole[max(0, first - back) : first]
        after = self.whole[last + 1 : last + 1 + on]
        cut = max(before.rfind("L"), before.rfind("."))
        stop = BREAKS.search(after)
        return before[cut + 1 :], after[: stop.start()] if stop else after

    def attach(self, offers: list[Offer]) -> None:
        """Give each offer the nearest right substance, or none.

        Inside the offer or beside it; else the one of its line, by the order in which the line
        names and prices; else the header above, until the next header; else the only one said.
        """
        header: int | None = None
        inline = priced = False  # the header stood on a line of offers; offers since then
        known = {m.substance for m in self.mentions if m.confidence >= CUT}
        position = 0
        todo = 0
        for line in self.whole.split("L"):
            stop = position + len(line)
            here = []
            while todo < len(offers) and offers[todo].first <= stop:
                here.append(offers[todo])
                todo += 1
            named = []
            for match in NAMED.finditer(self.whole, position, stop):
                i = match.start()
                if (m := self.mention_at(i)) is not None:
                    named.append((i, m))
            alone = len(line.strip("=-,.()")) <= 2  # a header of one doubtful name
            strong = [(i, m) for i, m in named if alone or self.mentions[m].confidence >= CUT]
            if here and named:
                self._line(here, named, strong)
            elif here and (sign := self._sign(position)) is not None:
                strong = [(position, sign)]  # "🍫 5 g 30 €"
                for offer in here:
                    offer.mention = sign
            if strong:
                header, inline, priced = self._header(strong), bool(here), bool(here)
            elif here:
                foreign = inline and self._names_another(position, here[0].first)
                for offer in here:
                    if offer.mention is None and not foreign:
                        if header is not None and header >= 0:
                            offer.mention, offer.loose = header, True
                        elif header is None and len(known) == 1:
                            only = next(
                                i for i, m in enumerate(self.mentions) if m.confidence >= CUT
                            )
                            offer.mention, offer.loose = only, True
                priced = True
            elif line and (sign := self._sign(position)) is not None:
                header, inline, priced = sign, False, False
            elif priced and self._is_header(line, position):
                header, inline, priced = -1, False, False
            position = stop + 1

    def _sign(self, position: int) -> int | None:
        """Return the one substance that the emoji of a line without offers or names stand for."""
        at = self.tokens.starts[self.amounts.places[position]]
        start = self.text.rfind("\n", 0, at) + 1
        stop = self.text.find("\n", at)
        stop = len(self.text) if stop < 0 else stop
        signs = [
            number
            for number, m in enumerate(self.mentions)
            if start <= m.start < stop and m.confidence >= CUT
        ]
        return signs[0] if len({self.mentions[n].substance for n in signs}) == 1 else None

    def _header(self, strong: list[tuple[int, int]]) -> int:
        """Return the substance that a line hands down: -1 where it names several."""
        names = {self.mentions[m].substance for _, m in strong}
        longest = max(names, key=len)
        if all(longest.startswith(name) for name in names):
            return next(m for _, m in strong if self.mentions[m].substance == longest)
        return -1

    def _is_header(self, line: str, position: int) -> bool:
        """Say whether a line without offers announces a product that is not known."""
        words = [i for i, role in enumerate(line) if role == "w"]
        if not 1 <= len(words) <= 4 or len(words) + line.count(",") < len(line):
            return False
        neutral = vocabulary().neutral
        return not any(self.word(position + i) in neutral for i in words)

    def _names_another(self, position: int, first: int) -> bool:
        """Say whether a line of offers begins with the name of a product that is not known."""
        lead = self.whole[position:first].strip("-=,(/+x")
        if not lead or len(lead) > 4 or set(lead) != {"w"}:
            return False
        neutral = vocabulary().neutral
        return not any(
            self.word(i) in neutral for i in range(position, first) if self.whole[i] == "w"
        )

    def _line(
        self, here: list[Offer], named: list[tuple[int, int]], strong: list[tuple[int, int]]
    ) -> None:
        """Attach the offers of a line that names substances."""
        names = {self.mentions[m].substance for _, m in strong}
        leads = named[0][0] < here[0].first
        for offer in here:
            inside = [m for i, m in named if offer.first <= i <= offer.last]
            if inside:
                offer.mention = inside[0]
                continue
            after = AFTER.match(self.whole, offer.last + 1)
            follows = None
            if after:
                at = after.end() - 1
                follows = self.mention_at(at)
                if "d" in after.group():
                    offer.mention = follows
                    continue
            before = BEFORE.search(self.whole[max(0, offer.first - 4) : offer.first])
            leading = None
            if before:
                leading = self.mention_at(max(0, offer.first - 4) + before.start())
            if leading is not None and (leads or follows is None):
                offer.mention = leading
            elif follows is not None and (not leads or names <= {self.mentions[follows].substance}):
                offer.mention = follows
            elif strong:
                offer.mention = self._nearest(offer, strong, leads)
            else:
                offer.mention = self._nearest(offer, named, leads, 8)

    def _nearest(
        self, offer: Offer, named: list[tuple[int, int]], leads: bool, reach: int = 1000
    ) -> int | None:
        """Return the nearest substance on the side that the line's order points to."""
        back = [(i, m) for i, m in named if i < offer.first and offer.first - i <= reach]
        on = [(i, m) for i, m in named if i > offer.last and i - offer.last <= reach]
        if leads and back:
            return back[-1][1]
        if on:
            return on[0][1]
        return back[-1][1] if back else None

"""Texts as roles and amounts, line by line: a line that was read before is not read again.

Menus are made of few lines ("1 g 60 €") that stand in many messages, and no amount goes over the
end of a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from fanal.coding.facts import Mention
from fanal.coding.offers import amounts, hours, tokens
from fanal.coding.offers.amounts import Amounts, Atom
from fanal.coding.offers.roles import NAME, NEWLINE, PILL
from fanal.coding.offers.tokens import Tokens
from fanal.text.folding import fold

LONGEST = 200  # characters of a line that is worth remembering
REMEMBERED = 1 << 13  # lines


class Lines(NamedTuple):
    """A text as roles; `timed` says whether a line of it may tell hours."""

    tokens: Tokens
    amounts: Amounts
    timed: bool


def read(text: str, folded: str, mentions: Sequence[Mention]) -> Lines:
    """Return the tokens and amounts of a text; `mentions` are sorted and do not overlap."""
    if "\n" not in text and len(text) > LONGEST:
        return _read(text, folded, mentions)
    roles: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    values: list[Any] = []
    said: list[str] = []
    atoms: list[Atom | None] = []
    places: list[int] = []
    timed = False
    left = first = 0
    count = len(mentions)
    for line in text.split("\n"):
        right = left + len(line)
        if left:  # the line end before it
            roles.append(NEWLINE)
            said.append(NEWLINE)
            places.append(len(starts))
            atoms.append(None)
            starts.append(left - 1)
            stops.append(left)
            values.append(None)
        last = first
        while last < count and mentions[last].start < right:
            last += 1
        here = mentions[first:last]
        if here and here[-1].stop > right:  # a name that goes over the end of the line
            return _read(text, folded, mentions)
        if len(line) > LONGEST:
            found = _read(
                line,
                folded[left:right],
                [m._replace(start=m.start - left, stop=m.stop - left) for m in here],
            )
        elif line:
            found = _line(line, tuple([(m.start - left, m.stop - left) for m in here]))
        else:
            left = right + 1
            continue
        timed = timed or found.timed
        token, amount = found.tokens, found.amounts
        before = len(starts)
        roles.append(token.roles)
        said.append(amount.roles)
        starts += [at + left for at in token.starts] if left else token.starts
        stops += [at + left for at in token.stops] if left else token.stops
        values += token.values
        if first:  # mentions are counted from the beginning of the text
            for at, role in enumerate(token.roles, before):
                if role in (NAME, PILL):
                    number, unit = values[at]
                    values[at] = number + first, unit
        places += [at + before for at in amount.places] if before else amount.places
        if before:
            atoms += [atom and _moved(atom, before, first) for atom in amount.atoms]
        else:
            atoms += amount.atoms
        left, first = right + 1, last
    whole = Tokens("".join(roles), starts, stops, values)
    return Lines(whole, Amounts("".join(said), atoms, places), timed)


def _moved(atom: Atom, tokens_before: int, mentions_before: int) -> Atom:
    kind, first, last, value, top, unit, strength, mention = atom
    if mention is not None:
        mention += mentions_before
    return Atom(
        kind, first + tokens_before, last + tokens_before, value, top, unit, strength, mention
    )


def _read(text: str, folded: str, mentions: Sequence[Mention]) -> Lines:
    found = tokens.tokenise(text, folded, mentions)
    return Lines(found, amounts.read(found), hours.TIMED.search(folded) is not None)


@lru_cache(maxsize=REMEMBERED)
def _line(line: str, spans: tuple[tuple[int, int], ...]) -> Lines:
    return _read(line, fold(line), [Mention(start, stop, "") for start, stop in spans])

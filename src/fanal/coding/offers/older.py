"""Older sums beside the one that is asked now: they are left out before prices are read."""

from __future__ import annotations

import re

from fanal.coding.offers import rules
from fanal.coding.offers.roles import (
    CLOCK,
    EQUALS,
    FOR,
    MONEY,
    NEWLINE,
    NUMBER,
    PERCENT,
    PILL,
    TIME,
    TIMES,
    UNIT,
    WAS,
    WORD,
)
from fanal.coding.offers.text import Reading

OLDER = [re.compile(rule.pattern) for rule in rules.family("older").values()]
# "entre 50 et 60 €, contre 80 € il y a dix ans"
AGAINST = rules.regex("""
  money [^money newline end amount number]{0,10} for (?P<old>money)
  (?! PER [unit pill number] | [^money newline end]{0,6} [name pill amount] )""")
SECOND = rules.regex("money (?:PER unit)? [at to] money")
UNIT_AHEAD = rules.regex("[slash per the for]{1,2} [unit pill amount] | unit")
BEHIND = rules.regex(
    "(?: [unit amount] (?:of? DRUG)? | pill ) (?P<place>[^money amount unit pill newline end]*)$"
)
SAID = re.compile(r"[^,.;:!?\n(]{1,40}")  # from a sum to the present that is said after it
NO_MONEY = (
    TIME,
    CLOCK,
    UNIT,
    PERCENT,
    TIMES,
    PILL,
)  # what makes the number before it another thing


def leave(reading: Reading) -> None:
    """Leave of each price the sum that is asked now."""
    _present(reading)
    _changed(reading)
    _current(reading)


def _present(reading: Reading) -> None:
    """Leave what is asked now where a text tells what it was: in words and without € too.

    What is asked now is for as much as before, unless it says for how much.
    """
    if not {MONEY, NUMBER} & set(reading.roles):
        return
    now = rules.told("present").search(reading.folded)
    past = strict = rules.told("past").search(reading.folded)
    if past is None and now is not None:
        past = rules.told("earlier").search(reading.folded)
    if past is None:
        return
    sums = sorted(i for i in reading.places(MONEY) + reading.places(NUMBER) if _is_sum(reading, i))
    if strict is None and len(sums) != 2:
        return
    at = {i: reading.tokens.starts[reading.amounts.places[i]] for i in sums}
    if now is None:
        old = [i for i in sums if reading.roles[i] == MONEY]
        if len(old) == 1 and rules.told("was").search(reading.folded):
            reading.blank(old[0], old[0] + 1)
        return
    here = [
        i
        for i in sums
        if now.end() <= at[i] <= now.end() + 40
        and reading.roles[i : i + 2] != NUMBER + WORD
        and not _tells_past(reading.folded, now.end(), at[i])
    ][:1]
    if not here:  # "elle en vaut trente aujourd'hui"
        here = [i for i in sums if SAID.fullmatch(reading.folded, at[i], now.start())]
    gone = [i for i in sums if i not in here and abs(at[i] - past.end()) <= 60]
    if past.start() < now.start():
        gone = [i for i in gone if at[i] < now.start()]
    gone = [i for i in gone if reading.roles[i] == MONEY] or gone
    if len(here) != 1 or len(gone) != 1:
        return
    (new,), (old_one,) = here, gone
    atom, known = reading.atoms[new], reading.atoms[old_one]
    if atom is None or known is None:
        return
    if MONEY not in (reading.roles[new], reading.roles[old_one]) and not reading.mentions:
        return
    unit = atom.unit if atom.kind == MONEY else known.unit if known.kind == MONEY else None
    reading.atoms[new] = atom._replace(kind=MONEY, unit=unit)
    reading.roles = reading.roles[:new] + MONEY + reading.roles[new + 1 :]
    _replace(reading, old_one, new)


def _tells_past(folded: str, start: int, stop: int) -> bool:
    """Say whether a word of the past stands in a stretch: "aujourd'hui, c'était 80 avant"."""
    cues = map(rules.told, ("past", "earlier", "was"))
    return any(cue.search(folded, start, stop) for cue in cues)


def _is_sum(reading: Reading, place: int) -> bool:
    """Say whether a number may be money: no duration, no amount, no year."""
    if reading.roles[place] == MONEY:
        return True
    atom = reading.atoms[place]
    follows = reading.roles[place + 1 : place + 2]
    return (
        atom is not None
        and atom.value is not None
        and 3 <= atom.value <= 500
        and follows not in NO_MONEY
    )


def _changed(reading: Reading) -> None:
    """Leave the second sum of a change: "est passé de 70 à 60 €", "went from £20 to £30"."""
    for place in reading.places(MONEY):
        atom = reading.atoms[place]
        if atom is None:
            continue
        start = reading.tokens.starts[atom.first]
        if not rules.told("change").search(reading.folded, max(0, start - 60), start):
            continue
        second = SECOND.match(reading.roles, place)
        if atom.top is not None:
            reading.atoms[place] = atom._replace(value=atom.top, top=None)
            to = _behind(reading.roles, place)
            if to is not None and not UNIT_AHEAD.match(reading.roles, place + 1):
                _move(reading, place, to)
        elif second:
            _replace(reading, place, second.end() - 1)


def _current(reading: Reading) -> None:
    """Leave the current price where an old one stands beside it."""
    if not {WAS, FOR} & set(reading.roles) and MONEY + EQUALS not in reading.roles:
        return
    for pattern in OLDER:
        for match in pattern.finditer(reading.roles):
            if NEWLINE in match.group():
                continue
            now, old = match.start("now"), match.start("old")
            if now < old and UNIT_AHEAD.match(
                reading.roles, old + 1
            ):  # "60 € au lieu de 70 € le g"
                reading.atoms[old], now, old = reading.atoms[now], old, now
            reading.blank(old, old + 1)
    for match in list(AGAINST.finditer(reading.roles)):
        if reading.word(match.start("old") - 1) == "contre":
            reading.blank(match.start("old"), match.start("old") + 1)


def _replace(reading: Reading, old: int, new: int) -> None:
    """Put a new sum where the old one stands, unless the new one has a unit of its own."""
    ahead = UNIT_AHEAD.match(reading.roles, old + 1)
    taken = reading.roles[: old + 1] + MONEY * (ahead.end() - old - 1 if ahead else 0)
    behind = _behind(taken + reading.roles[len(taken) :], new)
    if UNIT_AHEAD.match(reading.roles, new + 1) or behind is not None:
        reading.blank(old, old + 1)
        return
    if ahead:
        reading.atoms[old] = reading.atoms[new]
        reading.blank(new, new + 1)
        return
    place = _behind(reading.roles, old)
    reading.blank(old, old + 1)
    if place is not None:
        _move(reading, new, place)


def _behind(roles: str, place: int) -> int | None:
    """Return the place after the unit, and its substance, that a sum comes after in a sentence."""
    match = BEHIND.search(roles, 0, place)
    return match.start("place") if match else None


def _move(reading: Reading, sum_at: int, place: int) -> None:
    """Move a sum to another place."""
    atom = reading.atoms[sum_at]
    reading.blank(sum_at, sum_at + 1)
    reading.atoms[place] = atom
    reading.roles = reading.roles[:place] + MONEY + reading.roles[place + 1 :]

"""Sums that were asked once beside the one that is asked now: they are told apart, both stay."""

from __future__ import annotations

import re

from fanal.coding.offers import frames, rules
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
AGAINST, SECOND = rules.around("against"), rules.around("second")
RATED = rules.regex("PER unit")
ENDS = re.compile(r"[;:!?\n(]|[.,](?!\d)")  # of a clause
SENTENCE = re.compile(r"[!?\n]|\.(?!\d)")
SAID = re.compile(r"[^,.;:!?\n(]{1,40}")  # from a sum to the present that is said after it
NO_MONEY = (TIME, CLOCK, UNIT, PERCENT, TIMES, PILL)  # the number before it is another thing


def find(reading: Reading) -> dict[int, int | None]:
    """Return the sums that were asked once, each with the one that is asked now.

    A bare number that is one of them becomes a sum.
    """
    return _changed(reading) | _past(reading) | _beside(reading)


def _past(reading: Reading) -> dict[int, int | None]:
    """Return the sum of the past where a text tells one, in words and without € too."""
    if not {MONEY, NUMBER} & set(reading.roles):
        return {}
    now = rules.told("present").search(reading.folded)
    strict = rules.told("past").search(reading.folded)
    past = strict or rules.told("earlier").search(reading.folded)
    if past is None:
        return {}
    sums = sorted(i for i in reading.places(MONEY) + reading.places(NUMBER) if _is_sum(reading, i))
    at = {i: reading.tokens.starts[reading.amounts.places[i]] for i in sums}
    if now is None:
        return _told_once(reading, past, strict is not None, at)
    if strict is None and len(sums) != 2:
        return {}
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
        return {}
    if MONEY not in (reading.roles[here[0]], reading.roles[gone[0]]) and not reading.mentions:
        return {}
    reading.be_money(here[0], gone[0])
    reading.be_money(gone[0], here[0])
    return {gone[0]: here[0]}


def _told_once(
    reading: Reading, past: re.Match[str], strict: bool, at: dict[int, int]
) -> dict[int, int | None]:
    """Return the sums of the clause that tells the past, each with the one that another tells.

    "A gram used to be £100, coke is £60"; "£80 a gram, used to be 100"; not "c'était 80 € il y a un
    an, 150 les 2". A word such as "avant" tells the past beside a verb of it: "avant c'était 80 €".
    """
    was = rules.told("was")
    start, stop = _clause(reading.folded, past)
    inside = [i for i in at if start <= at[i] < stop]
    behind = [i for i in inside if at[i] >= past.end()]
    gone = [i for i in behind if strict or was.search(reading.folded, start, at[i])]
    gone = gone or [i for i in inside if was.search(reading.folded, start, at[i])]
    money = [i for i in at if reading.roles[i] == MONEY]
    if not gone:
        others = [i for i in money if _in_sentence(reading.folded, past, at[i])]
        told = strict and len(money) == 1 and was.search(reading.folded)
        return dict.fromkeys(others) if told else {}
    current = [i for i in money if i not in gone and _is_of_now(reading, i, start, at[gone[-1]])]
    now = current[0] if len(current) == 1 else None
    if now is not None and len(gone) == 1 and frames.alike(reading, now, gone[0]):
        reading.be_money(gone[0], now)
    return {i: now for i in gone if reading.roles[i] == MONEY}


def _clause(folded: str, cue: re.Match[str]) -> tuple[int, int]:
    """Return where the clause of a word begins and ends: "avant, c'était 80 €" is one."""
    before = [match.end() for match in ENDS.finditer(folded, 0, cue.start())]
    after = cue.end() + folded.startswith(",", cue.end())
    end = ENDS.search(folded, after)
    return before[-1] if before else 0, end.start() if end else len(folded)


def _in_sentence(folded: str, cue: re.Match[str], place: int) -> bool:
    first, last = sorted((cue.start(), place))
    return SENTENCE.search(folded, first, last) is None


def _is_of_now(reading: Reading, place: int, start: int, gone: int) -> bool:
    """Say whether a sum stands before the clause of the past, or behind it with a present."""
    first, stop = reading.span(place, place)
    return stop <= start or (
        first > gone and rules.told("is").search(reading.folded, gone, first) is not None
    )


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


def _changed(reading: Reading) -> dict[int, int | None]:
    """Return the first sum of a change: "passé de 70 à 60 €", "90 €, puis redescendu à 70"."""
    found: dict[int, int | None] = {}
    for place in reading.places(MONEY):
        atom = reading.atoms[place]
        if atom is None:
            continue
        start = reading.tokens.starts[atom.first]
        before = reading.folded[max(0, start - 60) : start]
        if rules.told("changed_to").search(before):
            left, _ = reading.sentence_at(place)
            sums = [i for i in range(left, place) if reading.roles[i] in (MONEY, NUMBER)]
            found |= {i: place for i in sums[-1:] if reading.be_money(i, place)}
        elif not rules.told("change").search(before):
            continue
        elif atom.top is not None:
            reading.once[place] = atom
            reading.atoms[place] = atom._replace(value=atom.top, top=None)
        elif second := SECOND.match(reading.roles, place):
            found[place] = place + len(second[0]) - 1
    return found


def _beside(reading: Reading) -> dict[int, int | None]:
    """Return the old sums that stand beside the current ones: "60 € au lieu de 70 €"."""
    found: dict[int, int | None] = {}
    if not {WAS, FOR} & set(reading.roles) and MONEY + EQUALS not in reading.roles:
        return found
    roles = reading.roles
    for pattern in OLDER:
        for match in pattern.finditer(roles):
            now, old = match.start("now"), match.start("old")
            if NEWLINE not in match.group() and reading.be_money(old, now):
                found[old] = now
                if RATED.match(roles, old + 1):  # "40 au lieu de 50 le g"
                    reading.be_money(now, old)
        roles = "".join(WORD if i in found else role for i, role in enumerate(roles))
    for match in AGAINST.finditer(roles):
        old = match.start("old")
        if reading.word(old - 1) == "contre" and reading.be_money(old, match.start()):
            found[old] = match.start()
    return found

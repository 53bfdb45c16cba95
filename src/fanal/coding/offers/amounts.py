"""Sums of money and amounts of product, read from the roles of a text.

What comes out is a shorter string of roles, in which each amount is one letter.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from fanal.coding.offers import rules
from fanal.coding.offers.roles import (
    AMOUNT,
    AND,
    BAG,
    CURRENCY,
    DIGITS,
    FRACTION,
    LOTS,
    MONEY,
    MONEYS,
    NAME,
    NUMBER,
    OF,
    PACK,
    PACKOF,
    PART,
    PERCENT,
    PILL,
    SIGN,
    SLASH,
    SPELLED,
    TAIL,
    THOUSAND,
    UNIT,
    WEIGHT,
    WORD,
)
from fanal.coding.offers.tokens import Tokens

ATOM = re.compile(rules.expression("amounts"))
APART = re.compile(rules.expression("apart"))


class Atom(NamedTuple):
    """An amount; `first` and `last` are its tokens, the last one included."""

    kind: str
    first: int
    last: int
    value: float | None = None
    top: float | None = None  # upper end of a range; the second number of `R` and `5`
    unit: str | None = None  # currency of money
    strength: tuple[float, str] | None = None  # "5 x 60 mg": five of something, 60 mg each
    mention: int | None = None  # index of the substance inside


class Amounts(NamedTuple):
    """A text as roles with amounts; `atoms` and `places` run parallel to `roles`."""

    roles: str
    atoms: list[Atom | None]
    places: list[int]  # index of the (first) token


def spelled(values: list[float]) -> float:
    """Return the value of a number in words: "deux cent vingt" → 220, "quatre vingt dix" → 90."""
    total, part = 0.0, 0.0
    for value in values:
        if value == 1000:
            total, part = total + (part or 1) * 1000, 0.0
        elif value == 100:
            part = (part or 1) * 100
        elif value == 20 and part % 100 == 4:
            part += 76
        else:
            part += value
    return total + part


def read(tokens: Tokens) -> Amounts:
    """Return the roles of a text with its amounts put together."""
    roles, atoms, places = _side_by_side(tokens)
    return Amounts(_apart(roles, atoms), atoms, places)


def _side_by_side(tokens: Tokens) -> Amounts:
    """Put together the tokens of an amount that stand side by side."""
    roles: list[str] = []
    atoms: list[Atom | None] = []
    places: list[int] = []
    source, values = tokens.roles, tokens.values
    position = 0
    for match in ATOM.finditer(source):
        start, stop = match.span()
        if start > position:
            roles.append(source[position:start])
            atoms += [None] * (start - position)
            places += range(position, start)
        position = stop
        said = match[0]
        found: tuple[Atom, ...]
        if said == DIGITS + CURRENCY:
            found = (Atom(MONEY, start, start + 1, values[start], None, values[start + 1]),)
        elif said == DIGITS + WEIGHT:
            factor, unit = values[start + 1]
            found = (Atom(AMOUNT, start, start + 1, values[start] * factor, None, unit),)
        elif said == DIGITS:
            found = (Atom(NUMBER, start, start, values[start]),)
        else:
            found = _atoms(match.lastgroup or "", tokens, start, stop)
        for atom in found:
            roles.append(atom.kind)
            atoms.append(atom)
            places.append(atom.first)
    if position < len(source):
        roles.append(source[position:])
        atoms += [None] * (len(source) - position)
        places += range(position, len(source))
    return Amounts("".join(roles), atoms, places)


STRENGTHS = ("mg", "µg")
PIECES = ("tablet", "capsule", "blotter")  # what is sold by the piece


def _apart(roles: str, atoms: list[Atom | None]) -> str:
    """Put together a number and the unit behind a name, in the atoms and in the roles returned."""
    for match in APART.finditer(roles):
        place, last = match.start(), match.end() - 1
        number, unit = atoms[place], atoms[last]
        if number is None or unit is None or unit.unit not in PIECES:
            continue
        if not (number.value or 0) > 1 or number.top is not None:
            continue
        if match.lastgroup == "box":
            inside = (atom for atom in atoms[place + 1 : last] if atom)
            if number.unit == "product" and all(atom.unit in STRENGTHS for atom in inside):
                atoms[place] = number._replace(unit=unit.unit)  # else: how strong they are
                atoms[last] = Atom(WORD, unit.first, unit.last)
                roles = f"{roles[:last]}{WORD}{roles[last + 1 :]}"
            continue
        atoms[place] = Atom(WORD, number.first, number.last)
        atoms[last] = unit._replace(kind=AMOUNT, value=number.value)
        roles = f"{roles[:place]}{WORD}{roles[place + 1 : last]}{AMOUNT}{roles[last + 1 :]}"
    return roles


def _number(tokens: Tokens, start: int, stop: int) -> float:
    """Return the number that stands in a stretch of tokens (1 where there is none)."""
    found: float | None = None
    words = []
    for role, value in zip(tokens.roles[start:stop], tokens.values[start:stop], strict=True):
        if role in (DIGITS, FRACTION):
            found = value if found is None else found + value
        elif role == SPELLED:
            words.append(value)
    if found is not None:
        return found
    return spelled(words) if words else 1.0


def _last(tokens: Tokens, role: str, start: int, stop: int) -> Any:
    """Return the value of the last token of a role in a stretch."""
    return tokens.values[tokens.roles.rindex(role, start, stop)]


def _numbers(tokens: Tokens, start: int, stop: int) -> list[float]:
    return [tokens.values[i] for i in range(start, stop) if tokens.roles[i] == DIGITS]


def _words(tokens: Tokens, start: int, stop: int) -> list[float]:
    """Return the two numbers in words that "and" stands between."""
    middle = tokens.roles.index(AND, start)
    return [_number(tokens, start, middle), _number(tokens, middle, stop)]


def _currency(tokens: Tokens, start: int, stop: int) -> str | None:
    """Return the currency in a stretch; "$" is settled later, by the source's country."""
    found = [tokens.values[i] for i in range(start, stop) if tokens.roles[i] in (CURRENCY, SIGN)]
    return found[-1] if found else None


def _atoms(kind: str, tokens: Tokens, start: int, stop: int) -> tuple[Atom, ...]:
    """Return the atoms of one match: several where it is a list of prices."""
    roles, values = tokens.roles, tokens.values
    last = stop - 1
    if kind == "share":
        return _share(tokens, start, last)
    if kind == "bare":
        value = _number(tokens, start, stop)
        if roles[last] == THOUSAND:
            value *= 1000
        return (Atom(NUMBER, start, last, value),)
    if kind == "unit":
        unit = values[start][1] if roles[start] == WEIGHT else values[start]
        return (Atom(UNIT, start, last, None, None, unit),)
    if kind == "money":
        value = _number(tokens, start, stop)
        if THOUSAND in roles[start:stop]:
            value *= 1000
        if roles[last] == TAIL:  # "2€50"
            cents, digits = values[last]
            value += cents / 10**digits
        return (Atom(MONEY, start, last, value, None, _currency(tokens, start, stop)),)
    if kind == "list":  # "10/20/30 €"
        currency = _currency(tokens, start, stop)
        priced = [i for i in range(start, stop) if roles[i] == DIGITS]
        return tuple(Atom(MONEY, i, i, values[i], None, currency) for i in priced)
    if kind in ("span", "slash", "times"):
        low, high = _numbers(tokens, start, stop) or _words(tokens, start, stop)
        if THOUSAND in roles[start:stop]:
            low, high = (low if low >= 1000 else low * 1000), high * 1000
        letter = {"span": MONEY, "slash": MONEYS, "times": LOTS}[kind]
        return (Atom(letter, start, last, low, high, _currency(tokens, start, stop)),)
    if _is_strength(kind, tokens, start, stop):  # "Lyrica 300 plaquette"
        return (Atom(WORD, start, start), Atom(UNIT, last, last, None, None, values[last]))
    return (_product(kind, tokens, start, stop),)


def _share(tokens: Tokens, start: int, last: int) -> tuple[Atom, ...]:
    """Return a range of percentages, or its parts where the numbers are none."""
    roles, values = tokens.roles, tokens.values
    ends = [i for i in range(start, last + 1) if roles[i] in (PERCENT, DIGITS)]
    low, high = (values[i] for i in ends)
    apart = roles[start + 1] == SLASH and high > 2 * low  # "THC/CBD 1/20 %"
    if low < high <= 100 and not apart:
        return (Atom(PERCENT, start, last, low, high),)
    parts = range(start, last + 1)
    return tuple(Atom(NUMBER if roles[i] == DIGITS else roles[i], i, i, values[i]) for i in parts)


STRENGTH = 25  # a number before a single pack is no count from here on


def _is_strength(kind: str, tokens: Tokens, start: int, stop: int) -> bool:
    """Say whether the number between a substance and a pack is how strong it is."""
    roles, values = tokens.roles, tokens.values
    if kind != "counted" or roles[start:stop] != DIGITS + PACK or values[start + 1] != "unit":
        return False
    return start > 0 and roles[start - 1] in (NAME, PILL) and values[start] >= STRENGTH


def _product(kind: str, tokens: Tokens, start: int, stop: int) -> Atom:
    """Return an amount of product."""
    roles, values = tokens.roles, tokens.values
    last = stop - 1
    if kind == "counted":
        role, value = roles[last], _number(tokens, start, stop)
        unit = mention = None
        if role == PACK:
            unit = values[last]
        elif role == PILL:
            mention, unit = values[last]
        return Atom(AMOUNT, start, last, value, None, unit or "product", None, mention)
    if kind == "packof":  # "une boîte de 30"
        at = roles.index(PACKOF, start)
        count = _number(tokens, start, at) * values[at + 2]
        unit = mention = None
        if roles[last] == PACK:
            unit = values[last]
        elif roles[last] == PILL:
            mention, unit = values[last]
        return Atom(AMOUNT, start, last, count, None, unit or "product", None, mention)
    if kind == "pack":  # "une demi-plaquette", "half a pill", "un quart de taz"
        part = _last(tokens, PART, start, stop)[0]
        of = roles.find(OF, start, stop)
        if of >= 0 and tokens.stops[of] - tokens.starts[of] > 2:  # "un quart des taz"
            return Atom(WORD, start, last)
        count = _number(tokens, start, roles.index(PART, start)) * part
        mention, unit = values[last] if roles[last] == PILL else (None, values[last])
        return Atom(AMOUNT, start, last, count, None, unit or "product", None, mention)
    if kind == "times_of":
        return Atom(AMOUNT, start, last, values[start], None, "product")
    if kind == "slang":
        count = _number(tokens, start, stop)
        if roles[last] == BAG:
            grams, unit = values[last]
            return Atom(AMOUNT, start, last, count * grams, None, unit)
        part, grams = values[last]
        if roles[start] == PART:  # "eighth £40"
            count = 1.0
        return Atom(AMOUNT if grams else WORD, start, last, count * grams, None, "g")
    factor, unit = _last(tokens, WEIGHT, start, stop)
    if kind == "multiple":
        count, each = _numbers(tokens, start, stop)
        if unit in ("mg", "µg"):
            return Atom(AMOUNT, start, last, count, None, "product", (each * factor, unit))
        return Atom(AMOUNT, start, last, count * each * factor, None, unit)
    if kind == "part":
        if PART in roles[start:stop]:
            part, grams = _last(tokens, PART, start, stop)
        else:
            part, grams = 1.0, 0.0  # "½ de g": the number is the part
        value = _number(tokens, start, stop) * part
        if unit == "oz" and grams:
            value, unit = _number(tokens, start, stop) * grams, "g"
        return Atom(AMOUNT, start, last, value * factor, None, unit)
    value = _number(tokens, start, stop)
    for i in range(start, stop):
        if roles[i] == TAIL:  # "2g50"
            tail, digits = values[i]
            value += tail / 10**digits
        elif roles[i] == PART:  # "un gramme et demi"
            value += values[i][0]
    return Atom(AMOUNT, start, last, value * factor, None, unit)

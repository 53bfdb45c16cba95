"""The text of an offer as a string of roles, one letter a token, so that patterns read it fast.

The roles, which the patterns of the grammar are written in:

====  ============================  ====  ============================  ====  ====================
D/H   number in digits, fraction    M     substance                     L     new line
W     number in words               T     substance that is counted     .     end of a sentence
A     un, une, a, an                p     le, la, par, per, each        ,     comma, bullet
G     digits glued to a unit (2g50) l     les, the                      =     = : → and the like
C/c   currency after/before         f     pour, for                     / - + x ( )  themselves
E     a lone "e"                    d     de, of                        %     percentage
K     k (thousand)                  &     et, and                       h     clock time
U     unit of weight or volume      @     à, at                         r     24/24, 7j/7
P     noun that is counted          t     to                            O     ordinal
F     half, quart, huitième         n     entre, between                v     se vend, costs
S     noun that is a weight         b     acheté, bought                o     offert, free
i     au lieu de, was               g     get                           q     prix, price
j     jour, week (rates)            Z     wages, loans                  V     seizures, values
Y     delivery, minimum, spending   X     other goods                   a     pur, purity
y     THC, CBD (analytes)           m     analysed, average             k     claimed
B     b2g1, bogo                    w     any other word
====  ============================  ====  ============================  ====  ====================
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from fanal.coding.facts import Mention

FRACTIONS = {
    "½": 1 / 2,
    "¼": 1 / 4,
    "¾": 3 / 4,
    "⅓": 1 / 3,
    "⅔": 2 / 3,
    "⅛": 1 / 8,
    "⅒": 1 / 10,
    "⅕": 1 / 5,
}
NOT_MONEY = r"(?!\s?(?:[€$£]|eu|eur|euros?|e\b|g\b|gr\b))"

TOKEN = re.compile(
    r"(?P<deal>b[1-9]\d?\s?g[1-9]\d?f?(?![^\W_]))"
    r"|(?P<ball>8[ \-]?balls?\b)"
    r"|(?P<word>[^\W\d_¼½¾⅓⅔⅛⅒⅕]+)"
    r"|(?P<round>(?:24\s?h?\s?/\s?24\s?h?|24\s?h?\s?/\s?7|7\s?(?:j|jours?|days?)?\s?(?:/|sur)\s?7\s?j?)(?![\d€$£/]|\s?[€$£]))"
    r"|(?P<date>\d{1,2}[/.]\d{1,2}[/.](?:19|20)?\d\d(?!\d|[,.]?\d|\s?[€$£e]))"
    r"|(?P<clock>(?:[01]?\d|2[0-4])\s?h\s?(?:[0-5]\d(?!\d))?(?![^\W\d_])"
    rf"|(?:[01]?\d|2[0-4]):[0-5]\d(?!\d){NOT_MONEY}"
    r"|(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s?[ap]\.?m\b)"
    r"|(?P<percent>\d+(?:[.,]\d+)?\s?%)"
    r"|(?P<run>\d\d(?:[ .\-]\d\d){3,}(?![ .\-/]?\d|\s?[€$£]|e|g)"
    r"|\d\d(?:[/]\d\d){2,}(?![ .\-/]?\d|\s?[€$£]|e|g))"
    r"|(?P<vulgar>[¼½¾⅓⅔⅛⅒⅕]|[123]/(?:[23458]|1[06])"
    r"(?=\s?(?:g|grs?|gramm?e?s?|oz|ounces?|onces?|kg|kilos?|lbs?|pounds?|pills?|tabs?|taz|of|de)\b))"
    r"|(?P<dotted>[1-9]\d{0,2}(?:\.\d{3})+(?=\s?(?:[€$£]|eu|pill|tab|cach|comp)))"
    r"|(?P<number>\d+(?=,\d+\s?[e€]?\sles\b)"
    r"|\d{1,3}(?:'\d{3})+(?!\d)"
    r"|(?<![x×])(?<!les )\d{1,3}(?: \d{3})+(?![\d.,]*\d)(?=\s?(?:[€$£]|e\b|eu|dollars?\b|kg|kilos?\b|mg\b|g\b|gr|tab|pill|cach|comp))"
    r"|[1-9]\d{0,2}(?:,\d{3})+(?!\d)"
    r"|\d+(?:[.,]\d+)?|(?<![\w.])\.\d+)"
    r"|(?P<equals>\.{2,}|[-=—]+>|~~)"
    r"|(?P<mask>\[[a-z-]+(?::[^\]\s]{0,20})?\])"
    r"|(?P<other>[^\s\w]|\n)"
)
DIGITS = re.compile(r"\d+")
SYMBOLS = {
    "\n": "L",
    ",": ",",
    ";": ",",
    "|": ",",
    "•": ",",
    "·": ",",
    "!": ".",
    "?": ".",
    ".": ".",
    "/": "/",
    "-": "-",
    "+": "+",
    "×": "x",
    "*": "",
    "(": "(",
    ")": ")",
    "[": "(",
    "]": ")",
    "÷": "/",
}
ROLES = {
    "article": "A",
    "per": "p",
    "the": "l",
    "for": "f",
    "of": "d",
    "and": "&",
    "at": "@",
    "to": "t",
    "between": "n",
    "equals": "=",
    "bought": "b",
    "offered": "o",
    "get": "g",
    "price": "q",
    "verb": "v",
    "time": "j",
    "filler": "",
    "old": "i",
    "seized": "V",
    "wages": "Z",
    "soft": "Y",
    "goods": "X",
}
GLUED_ORDINAL = frozenset(("eme", "ieme", "th", "rd", "nd", "er", "ere"))


class Vocabulary(NamedTuple):
    """The words of the grammar: role and value of each."""

    words: dict[str, tuple[str, Any]]
    counted: dict[str, str]  # noun → unit it is counted in
    product: dict[str, str]  # substance → unit it is counted in
    neutral: frozenset[str]  # words before a price that name no product
    market: frozenset[str]  # nouns that say by themselves that a drug is sold


@cache
def vocabulary() -> Vocabulary:
    """Return the words of `offers.toml` by role."""
    tables = tomllib.loads(files("fanal.coding").joinpath("offers.toml").read_text("utf-8"))
    words: dict[str, tuple[str, Any]] = {}

    def put(word: str, role: str, value: Any) -> None:
        words.setdefault(word, (role, value))

    for code, names in tables["currency"].items():
        for word in names:
            put(word, "C", code)
    for unit, names in tables["weight"].items():
        for word in names:
            put(word, "U", (1.0, unit))
    for word, (factor, unit) in tables["scaled"].items():
        put(word, "U", (float(factor), unit))
    for word, (quantity, unit) in tables["slang"].items():
        put(word, "S", (float(quantity), unit))
    for word, (part, grams) in tables["fraction"].items():
        put(word, "F", (float(part), float(grams)))
    counted = {}
    for unit, names in tables["count"].items():
        for word in names:
            counted[word] = unit
            put(word, "P", unit)
    for word, value in tables["number"].items():
        put(word, "W", float(value))
    for word, value in tables["ordinal"].items():
        put(word, "O", float(value))
    for word, pair in tables["deal"].items():
        put(word, "B", tuple(float(n) for n in pair))
    for role, names in tables["dose"].items():
        for word in names:
            put(word, {"purity": "a", "measured": "m", "claimed": "k"}[role], None)
    for analyte, names in tables["analyte"].items():
        for word in names:
            put(word, "y", analyte)
    for role, names in tables["role"].items():
        for word in names:
            put(word, ROLES[role], None)
    words["k"] = ("K", None)
    words["e"] = ("E", "EUR")
    words["x"] = ("x", None)
    words["a"] = ("A", 1.0)
    for symbol, letter in SYMBOLS.items():
        words.setdefault(symbol, (letter, None))
    product = {name: unit for unit, names in tables["product"].items() for name in names}
    nouns = tables["nouns"]
    return Vocabulary(
        words, counted, product, frozenset(nouns["neutral"]), frozenset(nouns["market"])
    )


def number(digits: str) -> float:
    """Return the value of a number in digits, thousands and decimals as either language writes."""
    digits = digits.replace(" ", "").replace("'", "")
    if "," in digits or "." in digits:
        head, mark, tail = digits.replace(",", ".").rpartition(".")
        grouped = len(tail) == 3 and head not in ("", "0") and not head.startswith("0")
        if "." in head or (grouped and "," in digits):
            return float(head.replace(".", "") + tail)
        return float(f"{head or '0'}{mark}{tail}")
    return float(digits)


class Tokens(NamedTuple):
    """A text as roles; the lists run parallel to `roles`."""

    roles: str
    starts: list[int]
    stops: list[int]
    values: list[Any]  # number, currency, unit, index of the mention, …


def tokenise(text: str, folded: str, mentions: Sequence[Mention]) -> Tokens:
    """Return the tokens of a text that mean something to the grammar."""
    words, counted = vocabulary()[:2]
    roles: list[str] = []
    starts: list[int] = []
    stops: list[int] = []
    values: list[Any] = []
    index, count = 0, len(mentions)
    edge = mentions[0].start if count else len(folded) + 1
    shown = -1  # the mention that was last put out
    end = -1  # where the last token ended, left out or not
    role, value = "", None
    for match in TOKEN.finditer(folded):
        start, stop = match.span()
        if stop > edge:
            while index < count and mentions[index].stop <= start:
                index += 1
            edge = mentions[index].start if index < count else len(folded) + 1
            if stop > edge and not (
                start == edge and _is_unit(folded, mentions[index], words, roles[-1:])
            ):
                if shown != index:
                    shown = index
                    mention = mentions[index]
                    pack, space, _ = folded[mention.start : mention.stop].partition(" ")
                    if space and words.get(pack, ("w",))[0] in "PS":  # "savonnette de shit"
                        roles.append(words[pack][0])
                        starts.append(start)
                        stops.append(start + len(pack))
                        values.append(words[pack][1])
                    unit = _form(folded[mention.start : mention.stop], counted)
                    if start == end and not unit and roles and roles[-1] == "D" and values[-1] > 20:
                        roles[-1] = "w"  # "300mdma"
                    roles.append("T" if unit else "M")
                    starts.append(mention.start)
                    stops.append(mention.stop)
                    values.append((index, unit))
                end = max(stop, mentions[index].stop)
                continue
        glued = start == end
        end = stop
        kind = match.lastgroup
        if kind == "word" or kind == "other" or kind == "equals":
            word = match.group()
            found = words.get(word)
            if found is None:
                if kind == "equals":
                    role, value = "=", None
                elif kind == "other":
                    continue
                else:
                    role, value = "w", None
                    if glued and roles and roles[-1] == "D" and word not in GLUED_ORDINAL:
                        roles[-1] = "w"  # "3d", "2pac": no number of its own
            else:
                role, value = found
                if role == "":
                    continue
            if kind == "word":
                if role == "E":
                    if glued and roles and roles[-1] in "DG":
                        role = "C"
                elif role == "A":
                    if word == "a":
                        if text[start] in "àÀ":
                            role, value = "@", None
                    else:
                        value = 1.0
                    if role == "A" and roles and (roles[-1] == "C" or "".join(roles[-2:]) == "cD"):
                        role = "p"  # "80 £ a gram", "20 € un pochon"
                elif role == "w":
                    if word == "l":
                        if folded[stop : stop + 1] == "'":
                            role = "p"
                        elif roles and roles[-1] == "D":
                            role, value = "U", (1.0, "l")
                    elif glued and word in GLUED_ORDINAL and roles and roles[-1] == "D":
                        roles[-1] = "O"
                        continue
            elif role == "C" and folded[stop : stop + 1].isdecimal():
                if not (glued and roles and roles[-1] == "D"):
                    role = "c"
            elif role == "." and roles and roles[-1] == "U":
                if stop < len(folded) and not text[stop : stop + 2].strip()[:1].isupper():
                    continue  # "0,5gr." is an abbreviation
        elif kind == "number" or kind == "dotted":
            if (
                roles
                and roles[-1] == "A"
                and folded[starts[-1]] == "a"
                and stops[-1] - starts[-1] == 1
            ):
                roles[-1] = "@"  # "2g a 100e"
            digits = match.group()
            role, value = "D", number(digits if kind == "number" else digits.replace(".", ""))
            if glued and roles:
                last = roles[-1]
                if last in "UC" and len(roles) > 1 and roles[-2] in "DAW":
                    role = "G"
                    value = (value, stop - start)
                elif last == "w":
                    role = "w"  # "b52"
        elif kind == "percent":
            role, value = "%", number(match.group().rstrip("% \u00a0"))
        elif kind == "vulgar":
            role, value = "H", _fraction(match.group())
        elif kind == "clock":
            role, value = "h", None
        elif kind == "deal":
            role, value = "B", tuple(float(n) for n in DIGITS.findall(match.group()))
        elif kind == "ball":
            role, value = "S", words["8ball"][1]
        elif kind == "round":
            role, value = "r", None
        else:
            role, value = "w", None
        if role == "W" and len(roles) > 1 and roles[-1] == "-" and roles[-2] == "W" and glued:
            roles[-1], starts[-1], stops[-1], values[-1] = role, start, stop, value
            continue  # "quatre-vingt-dix"
        roles.append(role)
        starts.append(start)
        stops.append(stop)
        values.append(value)
    return Tokens("".join(roles), starts, stops, values)


def _is_unit(
    folded: str, mention: Mention, words: dict[str, tuple[str, Any]], before: list[str]
) -> bool:
    """Say whether a name is a unit or a pack where it stands ("2 g", "une savonnette")."""
    role = words.get(folded[mention.start : mention.stop], ("w", None))[0]
    if role in "UCE":
        return bool(before) and before[0] in "DHWAF/pl"
    return role == "S"


def is_pack(folded: str, mention: Mention) -> bool:
    """Say whether a name is only a pack that may hold anything ("bonbonne", "barrette")."""
    role, value = vocabulary().words.get(folded[mention.start : mention.stop], ("w", None))
    return role == "P" and value == "unit" and mention.ambiguous


def _fraction(sign: str) -> float:
    """Return the value of "½" or "1/2"."""
    if sign in FRACTIONS:
        return FRACTIONS[sign]
    part, whole = sign.split("/")
    return int(part) / int(whole)


@cache
def _last_word() -> re.Pattern[str]:
    return re.compile(r"[^\W_]+$")


def _form(alias: str, counted: dict[str, str]) -> str | None:
    """Return the unit that an alias is counted in ("taz": tablet), if it says one."""
    unit = counted.get(alias)
    if unit is None:
        last = _last_word().search(alias)
        unit = counted.get(last.group()) if last else None
    return unit

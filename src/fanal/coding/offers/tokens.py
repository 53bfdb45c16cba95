"""The text of an offer as a string of roles, one letter a token, so that patterns read it fast."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from fanal.coding.facts import Mention
from fanal.coding.offers import rules
from fanal.coding.offers.roles import (
    ALWAYS,
    ANALYTE,
    AND,
    AT,
    BAG,
    BETWEEN,
    BOUGHT,
    CLAIMED,
    CLOCK,
    CLOSE,
    COMMA,
    CURRENCY,
    DASH,
    DEAL,
    DIGITS,
    END,
    EQUALS,
    FEE,
    FOR,
    FRACTION,
    FREE,
    GET,
    GOODS,
    MEASURED,
    NAME,
    NEWLINE,
    OF,
    OFFRE,
    ONE,
    OPEN,
    ORDINAL,
    PACK,
    PACKOF,
    PART,
    PER,
    PERCENT,
    PILL,
    PLUS,
    PURITY,
    SEIZED,
    SELLS,
    SIGN,
    SLASH,
    SPELLED,
    TAIL,
    TARIFF,
    THE,
    THOUSAND,
    TIME,
    TIMES,
    TO,
    WAGES,
    WAS,
    WEIGHT,
    WORD,
    E,
)
from fanal.text.folding import fold
from fanal.thesaurus import shipped

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
TOKEN = re.compile(rules.expression("token"))
FIGURES = re.compile(r"\d+")
QUANTITY, SHARE, DASHED = (rules.told(name) for name in ("quantity", "share", "dashed"))
GIVER, PACK_OF = rules.told("giver"), rules.told("pack_of")
PLACED, RANKED, WITHIN, BUYS = (rules.told(name) for name in ("placed", "ranked", "within", "buys"))
GEL, LET, WHERE = rules.told("gel"), rules.told("let"), rules.told("where")
SHEER, MERELY = rules.told("sheer"), rules.told("merely")
WEIGHED, OUNCE, HAD = (rules.told(name) for name in ("weighed", "ounce", "had_been"))
SYMBOLS = {
    "\n": NEWLINE,
    ",": COMMA,
    ";": COMMA,
    "|": COMMA,
    "•": COMMA,
    "·": COMMA,
    "!": END,
    "?": END,
    ".": END,
    "/": SLASH,
    "-": DASH,
    "+": PLUS,
    "×": TIMES,
    "*": "",
    "(": OPEN,
    ")": CLOSE,
    "[": OPEN,
    "]": CLOSE,
    "÷": SLASH,
}
ROLES = {
    "article": ONE,
    "per": PER,
    "the": THE,
    "for": FOR,
    "of": OF,
    "and": AND,
    "at": AT,
    "to": TO,
    "between": BETWEEN,
    "equals": EQUALS,
    "bought": BOUGHT,
    "offered": FREE,
    "get": GET,
    "price": TARIFF,
    "verb": SELLS,
    "time": TIME,
    "filler": "",
    "old": WAS,
    "seized": SEIZED,
    "wages": WAGES,
    "soft": FEE,
    "goods": GOODS,
    "purity": PURITY,
    "measured": MEASURED,
    "claimed": CLAIMED,
}
NOUN = 0.7  # how sure a pack ("trips", "buvards") must be of its substance to stand for it
CONTEXT = frozenset(
    ("", E, ONE, CURRENCY, THE, SPELLED, END, OFFRE, THOUSAND, GOODS)
)  # what stands near decides
HIGHEST = 20  # arrondissements


def _is_code(text: str, folded: str, start: int, stop: int) -> bool:
    """Say whether three letters are a currency where they stand: "20 GEL", no "gel cap"."""
    return text[start:stop].isupper() and GEL.match(folded, stop) is None


def _is_let(_: str, folded: str, start: int, stop: int) -> bool:
    """Say whether who "makes" something asks a sum for it: "il me la fait à 80 €"."""
    return (
        folded.startswith(" a ", stop) and LET.search(folded, max(0, start - 5), start) is not None
    )


WHEN = re.compile(  # "80 € juste après le concert": a moment, no goods
    r"\b(?:apres|avant|pendant|durant|after|before|during|nach|vor|wahrend|despues del?|antes del?"
    r"|durante|dopo|prima del?|na|voor|tijdens)"
    r"(?: (?:l[ae]s?|un|the|an?|de[mnr]|die|el|il|lo|het))? $"
)
EVENTS = ("concert", "cinema", "film", "hotel")
NUMERAL = re.compile(r" \d")
NEXT = re.compile(r"[ \-]([^\W\d_]+)")
EACH = re.compile(r" (?:al?|das|pro|el|het|per|por)(?= [^\W\d_])")
COUNTED = (WEIGHT, PACK, CURRENCY, BAG, PART, SPELLED)  # before these "due" is two
RATED = (WEIGHT, PACK)  # what a price is for: "fünfzig das Gramm"
FEWEST = 10  # number words of other languages that are money without a currency

# Words of the grammar that are something else where their reader says no.
OTHERWISE: dict[str, Callable[[str, str, int, int], bool]] = {
    "gel": _is_code,
    "aud": _is_code,
    "cad": _is_code,
    "eu": lambda _, folded, start, __: HAD.search(folded, max(0, start - 9), start) is None,
    **dict.fromkeys(
        ("pur", "pure", "puro", "pura", "reiner"),
        lambda _, folded, start, __: SHEER.search(folded, max(0, start - 9), start) is None,
    ),
    **dict.fromkeys(
        ("rein", "zuiver"),
        lambda _, folded, __, stop: MERELY.match(folded[stop : stop + 30]) is None,
    ),
    **dict.fromkeys(("fait", "font", "faisait", "laisse", "laissait"), _is_let),
    **dict.fromkeys(
        EVENTS,
        lambda _, folded, start, __: WHEN.search(folded, max(0, start - 24), start) is None,
    ),
    "al": lambda _, folded, __, stop: (
        NUMERAL.match(folded, stop) is not None or _counts(folded, stop)
    ),
    "all": lambda _, folded, __, stop: folded.startswith("'", stop),
    "pil": lambda _, folded, __, stop: not folded.startswith("poil", stop + 1),
    "stuck": lambda text, _, start, stop: "ü" in text[start:stop].lower(),  # "100 Stück"
    "once": lambda _, folded, start, __: bool(OUNCE.search(folded, max(0, start - 8), start)),
    "pounds": lambda _, folded, start, stop: (
        not folded.startswith(" of ", stop)
        and not WEIGHED.search(folded, max(0, start - 30), start)
    ),
}
GLUED_ORDINAL = frozenset(("eme", "ieme", "th", "rd", "nd", "st", "er", "ere"))


class Vocabulary(NamedTuple):
    """The words of the grammar: role and value of each."""

    words: dict[str, tuple[str, Any]]
    counting: frozenset[str]  # words that are numbers only before what they count
    counted: dict[str, str]  # noun → unit it is counted in
    product: dict[str, str]  # substance → unit it is counted in
    neutral: frozenset[str]  # words before a price that name no product
    plain: frozenset[str]  # words that open a sentence about no goods at all
    market: frozenset[str]  # nouns that say by themselves that a drug is sold
    whole: frozenset[str]  # words that name no goods
    packs: frozenset[str]  # nouns that hold a number of others
    services: frozenset[str]  # words that a sum after them is of
    goods: dict[str, frozenset[str]]  # pack that is a product by itself → its substances
    weighed: frozenset[str]  # forms that are weighed
    unfit: dict[str, frozenset[str]]  # dose form → substances that are never sold in it
    either: frozenset[str]  # words of a dose form that are said of others too


@cache
def vocabulary() -> Vocabulary:
    """Return the words of `offers.toml` by role."""
    tables = tomllib.loads(files("fanal.coding.offers").joinpath("offers.toml").read_text("utf-8"))
    words: dict[str, tuple[str, Any]] = {}
    packs: set[str] = set()

    def put(word: str, role: str, value: Any) -> None:
        words.setdefault(fold(word), (role, value))

    for code, names in tables["currency"].items():
        for word in names:
            put(word, CURRENCY, code)
    for unit, names in tables["weight"].items():
        for word in names:
            put(word, WEIGHT, (1.0, unit))
    for word, (factor, unit) in tables["scaled"].items():
        put(word, WEIGHT, (float(factor), unit))
    for word, (quantity, unit) in tables["slang"].items():
        put(word, BAG, (float(quantity), unit))
    for word, (part, grams) in tables["fraction"].items():
        put(word, PART, (float(part), float(grams)))
    counted = {}
    for unit, names in tables["count"].items():
        for word in names:
            counted[word] = unit
            put(word, PACK, unit)
    for word, value in tables["number"].items():
        put(word, SPELLED, float(value))
    counting = _counting(tables["counting"])
    for word, value in counting.items():
        put(word, SPELLED, value)
    for word, value in tables["ordinal"].items():
        put(word, ORDINAL, float(value))
    for word, pair in tables["deal"].items():
        put(word, DEAL, tuple(float(n) for n in pair))
    for role, names in tables["dose"].items():
        for word in names:
            put(word, ROLES[role], None)
    for analyte, names in tables["analyte"].items():
        for word in names:
            put(word, ANALYTE, analyte)
    for role, names in tables["role"].items():
        for word in names:
            put(word, ROLES[role], None)
    for word in tables["packs"]["list"]:
        packs.add(fold(word))
    words["offre"] = (OFFRE, None)
    words["k"] = (THOUSAND, None)
    words["l"] = words["u"] = (THE, None)
    words["e"] = (E, "EUR")
    words["x"] = (TIMES, None)
    words["a"] = (ONE, 1.0)
    for symbol, letter in SYMBOLS.items():
        words.setdefault(symbol, (letter, None))
    product = {name: unit for unit, names in tables["product"].items() for name in names}
    nouns = tables["nouns"]
    above = _above()

    def of_kinds(kinds: list[str]) -> frozenset[str]:
        return frozenset(name for name, all_ in above.items() if not all_.isdisjoint(kinds))

    return Vocabulary(
        words,
        frozenset(counting.keys() - tables["number"].keys()),
        counted,
        product,
        frozenset(nouns["neutral"]),
        frozenset(nouns["plain"]),
        frozenset(nouns["market"]),
        frozenset(nouns["whole"]),
        frozenset(packs),
        frozenset(nouns["services"]),
        {word: of_kinds(kinds) for words, kinds in tables["goods"]["list"] for word in words},
        frozenset(tables["weighed"]["list"]),
        {form: of_kinds(tables["unfit"][form]) for form in ("blotter", "tablet")},
        frozenset(tables["unfit"]["either"]),
    )


def _counting(languages: dict[str, Any]) -> dict[str, float]:
    """Return the number words of other languages, folded, with those that they are joined to."""
    found: dict[str, float] = {}
    for spoken in languages.values():
        ones = [(fold(word), n) for n, word in enumerate(spoken["ones"], 1)]
        tens = [(fold(word), 10 * n) for n, word in enumerate(spoken["tens"], 2)]
        teens = [(fold(word), n) for n, word in enumerate(spoken["teens"], 10)]
        joined = []
        if joint := spoken.get("joint"):
            joined = [(a + joint + b, m + n) for a, m in ones for b, n in tens]
            below = [*ones, *tens, *teens, *joined]
            some = [("", 1), *ones]
            hundreds = [(a + spoken["hundred"], 100 * n) for a, n in some]
            joined += hundreds[1:] + [(a + b, m + n) for a, m in hundreds for b, n in below]
        others = [(fold(word), n) for word, n in spoken["others"].items()]
        for word, value in ones[1:] + tens + teens + joined + others:
            found.setdefault(word, float(value))
    return found


def _above() -> dict[str, frozenset[str]]:
    """Return each substance with itself, its class and what it lies under."""
    known = shipped()
    return {
        name: frozenset((name, substance.klass, *known.ancestors(name)))
        for name, substance in known.substances.items()
    }


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
    starts: Sequence[int]
    stops: Sequence[int]
    values: Sequence[Any]  # number, currency, unit, index of the mention, …


JOINT = rules.regex("spelled dash? (?P<and>and) dash? [spelled one]")
JOINED = {
    **{("et", tens): (1.0, 11.0) for tens in (20.0, 30.0, 40.0, 50.0, 60.0)},
    **{(word, top): range(1, 100) for word in ("and", "und") for top in (100.0, 1000.0)},
}  # word between two words of a number, the first of them → what the second may be
NAMES = (NAME, PILL)
COUNTS = (DIGITS, SPELLED, FRACTION, TIMES)  # what "k" makes a thousand of
RANGED = (DIGITS, PERCENT)


def tokenise(text: str, folded: str, mentions: Sequence[Mention]) -> Tokens:
    """Return the tokens of a text that mean something to the grammar."""
    words, counting = vocabulary()[:2]
    packs = vocabulary().packs
    get = words.get
    roles: list[str] = []
    marks: list[tuple[int, int, Any]] = []  # start, stop, value
    index, count = 0, len(mentions)
    never = len(folded) + 1
    edge = mentions[0].start if count else never
    end = -1  # where the last token ended
    previous = before = ""  # the last two roles
    value: Any
    for match in TOKEN.finditer(folded):
        start, stop = match.span()
        if stop > edge:
            while index < count and mentions[index].stop <= start:
                index += 1
            edge = mentions[index].start if index < count else never
            if stop > edge:
                mention = mentions[index]
                taken = marks and marks[-1][0] == mention.start and previous in NAMES
                if not taken and start == edge and _is_unit(folded, mention, words, previous):
                    pass
                else:
                    if not taken:
                        _put_mention(folded, mention, index, start == end, roles, marks)
                        before, previous = previous, roles[-1]
                    end = max(stop, mention.stop)
                    continue
        glued = start == end
        word = match[0]
        found = get(word)
        if found is not None:
            role, value = found
            if word in OTHERWISE and not OTHERWISE[word](text, folded, start, stop):
                if word == "gel" and GEL.match(folded, stop):
                    continue
                pound = word == "pounds" and folded.startswith(" of ", stop)
                role, value = (WEIGHT, (1.0, "lb")) if pound else (WORD, None)
            if word == "per" and NUMERAL.match(folded, stop):
                role = FOR  # "40 per 5"
            if role in CONTEXT:
                if role == "":
                    continue
                if role == THOUSAND and previous not in COUNTS:
                    role = WORD  # "3 g de k achetés"
                if role == GOODS and WHERE.search(folded, max(0, start - 24), start):
                    role = WORD  # "80 € après le concert"
                if role == OFFRE:
                    role = FREE if GIVER.search(folded, max(0, start - 12), start) else WORD
                if role == E:
                    if glued and previous in (DIGITS, TAIL):
                        role = CURRENCY
                        if previous == DIGITS and _is_ordinal(folded, marks[-1], stop):
                            roles[-1] = previous = ORDINAL  # "dans le 18e"
                            end = stop
                            continue
                elif role == ONE:
                    after = before == SIGN or word == "a"
                    if word == "a" and text[start] in "àÀ":
                        role = AT
                    elif previous == CURRENCY or (previous == DIGITS and after):
                        role = PER  # "80 £ a gram", "20 € un pochon", "80 a gram"
                    elif previous == SPELLED and word == "a" and _counts(folded, stop, RATED):
                        role = PER  # "fifty a gram"
                    value = 1.0
                elif role == CURRENCY:
                    if previous == CURRENCY and folded[marks[-1][0]] in ".,":  # "90.- CHF"
                        marks[-1] = (marks[-1][0], stop, value)
                        end = stop
                        continue
                    ahead = start + 1 == stop and folded[stop : stop + 1].isdecimal()
                    if ahead and not (glued and previous == DIGITS):
                        role = SIGN
                elif role == THE:
                    if word == "u":
                        role, value = (PACK, "product") if previous == SLASH else (WORD, None)
                    elif word == "l":
                        if folded[stop : stop + 1] == "'":
                            role = PER
                        elif previous == DIGITS:
                            role, value = WEIGHT, (1.0, "l")
                        else:
                            role = WORD
                elif role == SPELLED:
                    if word in counting and not _is_number(folded, stop, value):
                        role, value = WORD, None
                    elif glued and previous == DASH and before == SPELLED:  # "quatre-vingt-dix"
                        roles[-1], marks[-1] = role, (start, stop, value)
                        previous, end = SPELLED, stop
                        continue
                elif previous == WEIGHT and stop < len(folded) and role == END:
                    following = text[stop : stop + 2].strip()[:1]
                    if word == "." and not following.isupper():
                        continue  # "0,5gr." is an abbreviation
        else:
            kind = match.lastgroup
            if kind == "word":
                role, value = WORD, None
                if glued and previous == DIGITS:
                    if word in GLUED_ORDINAL:
                        roles[-1] = previous = ORDINAL
                        end = stop
                        continue
                    roles[-1] = WORD  # "3d", "2pac": no number of its own
            elif kind == "number" or kind == "grouped":
                role = DIGITS
                value = float(word) if kind == "number" else number(word)
                if (
                    previous == ONE
                    and folded[start - 2 : start] == "a "
                    and marks[-1][0] == start - 2
                ):
                    roles[-1] = AT  # "2g a 100e"
                elif glued:
                    if previous == WORD:
                        role = WORD  # "b52"
                    elif previous in (WEIGHT, CURRENCY) and before in (DIGITS, ONE, SPELLED):
                        role, value = TAIL, (value, stop - start)
            elif kind == "sign":
                dash = word in "–—" and previous in RANGED and DASHED.match(folded, stop)
                role, value = DASH if dash else EQUALS, None
            else:
                role, value = _odd(kind or "", word)
        if word in packs and PACK_OF.match(folded, stop):
            role, value = PACKOF, None
        end = stop
        roles.append(role)
        marks.append((start, stop, value))
        before, previous = previous, role
    if not marks:
        return Tokens("", (), (), ())
    if AND in roles and SPELLED in roles:
        _join(folded, roles, marks)
    starts, stops, values = zip(*marks, strict=True)
    return Tokens("".join(roles), starts, stops, values)


def _join(folded: str, roles: list[str], marks: list[tuple[int, int, Any]]) -> None:
    """Leave out what joins the words of one number: "soixante et onze", "hundred and fifty"."""
    for match in reversed([*JOINT.finditer("".join(roles))]):
        first, last = match.start(), match.end() - 1
        joint = folded[slice(*marks[match.start("and")][:2])]
        more, less = marks[first][2], marks[last][2]
        if less in JOINED.get((joint, more), ()):
            roles[last] = SPELLED
            del roles[first + 1 : last], marks[first + 1 : last]


def _odd(kind: str, word: str) -> tuple[str, Any]:
    """Return role and value of what is neither a word, a plain number nor a sign."""
    if kind == "percent":
        return PERCENT, number(word.rstrip("% \u00a0abcdefghijklmnopqrstuvwxyz"))
    if kind == "swiss":  # "90.-"
        return CURRENCY, "CHF"
    if kind == "even":
        return CURRENCY, ",-"
    if kind == "vulgar":
        return FRACTION, _fraction(word)
    if kind == "dotted":
        return DIGITS, float(word.replace(".", ""))
    if kind == "clock":
        return CLOCK, None
    if kind == "round":
        return ALWAYS, None
    if kind == "leader":
        return EQUALS, None
    if kind == "ball":
        return BAG, (3.5, "g")
    if kind == "deal" and len(word) > 1:
        return DEAL, tuple(float(n) for n in FIGURES.findall(word))
    return WORD, None


def _put_mention(
    folded: str,
    mention: Mention,
    index: int,
    glued: bool,
    roles: list[str],
    marks: list[tuple[int, int, Any]],
) -> None:
    """Add a substance; a pack that its name begins with is a token of its own."""
    words, counted = vocabulary().words, vocabulary().counted
    alias = folded[mention.start : mention.stop]
    pack, space, _ = alias.partition(" ")
    unit = _form(alias, counted)
    role, value = words.get(pack, (WORD, None))
    if space and role in (PACK, BAG, WEIGHT) and value != unit:  # "savonnette de shit"
        roles.append(role)
        marks.append((mention.start, mention.start + len(pack), value))
    if glued and not unit and roles and roles[-1] == DIGITS and marks[-1][2] > 20:
        roles[-1] = WORD  # "300mdma"
    roles.append(PILL if unit else NAME)
    marks.append((mention.start, mention.stop, (index, unit)))


def _is_unit(folded: str, mention: Mention, words: dict[str, tuple[str, Any]], before: str) -> bool:
    """Say whether a name is a unit or a pack where it stands ("2 g", "une savonnette")."""
    role = words.get(folded[mention.start : mention.stop], (WORD, None))[0]
    if role in (WEIGHT, CURRENCY, E):
        return before in (DIGITS, FRACTION, SPELLED, ONE, PART, SLASH, PER, THE)
    return role == BAG


def _counts(folded: str, stop: int, of: Sequence[str] = COUNTED) -> bool:
    """Say whether what a number word would count, or its money, stands right behind it."""
    behind = NEXT.match(folded, stop)
    return behind is not None and vocabulary().words.get(behind[1], (WORD,))[0] in of


def _is_number(folded: str, stop: int, value: float) -> bool:
    """Say whether a number word of another language is one: "due grammi", "fünfzig das Gramm"."""
    each = EACH.match(folded, stop) if value >= FEWEST else None
    return _counts(folded, stop) or (each is not None and _counts(folded, each.end(), RATED))


def names_a_substance(folded: str, mention: Mention) -> bool:
    """Say whether the grammar may take a name for a substance.

    Not where it is a pack that may hold anything ("bonbonne"), a word of the grammar itself
    ("et", an alias of αET) or a quantity ("25g").
    """
    alias = folded[mention.start : mention.stop]
    role = vocabulary().words.get(alias, (WORD, None))[0]
    if role in (PACK, THOUSAND, OF):  # "K 🐴", "la D"
        return not mention.ambiguous or mention.confidence >= NOUN
    if role == ANALYTE:  # "HHC 5 €/g" is sold, "HHC 20 %" is what something holds
        shared = SHARE.match(folded, mention.stop)
        return not shared and "%" not in folded[max(0, mention.start - 10) : mention.stop + 14]
    return role in (WORD, CURRENCY, WEIGHT, BAG, E) and not QUANTITY.fullmatch(alias)


def _is_ordinal(folded: str, number: tuple[int, int, Any], stop: int) -> bool:
    """Say whether "18e" tells a rank or an arrondissement and no sum."""
    start, _, value = number
    if RANKED.match(folded, stop):
        return True
    if value > HIGHEST:
        return False
    if WITHIN.search(folded, max(0, start - 30), start):  # "dans le 5e la coke"
        return True
    if BUYS.match(folded, stop):
        return False
    return PLACED.search(folded, max(0, start - 30), start) is not None


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

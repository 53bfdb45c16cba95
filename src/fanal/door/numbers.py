"""Identifiers made of digits: phones, bank accounts, cards, social-security numbers.

Phones are looked for in *streams*: runs of digits, number words and letters that stand for
digits, held together by at most a few separators. A stream is read as digits with an offset for
each, so that "zéro six, 39.98 I2 6O" and "0639981260" are the same case.
"""

# ruff: noqa: E501 (patterns and lists of words read better on one line)
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import phonenumbers

from fanal.door.spans import Span

_ONES = {
    "zero": 0, "un": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6,
    "sept": 7, "huit": 8, "neuf": 9, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5,
    "seven": 7, "eight": 8, "nine": 9, "oh": 0,
    # German, Spanish, Italian, Dutch: neighbours write theirs too.
    "null": 0, "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5, "fuenf": 5, "sechs": 6,
    "sieben": 7, "acht": 8, "neun": 9, "cero": 0, "uno": 1, "dos": 2, "tres": 3, "cuatro": 4,
    "cinco": 5, "seis": 6, "siete": 7, "ocho": 8, "nueve": 9, "due": 2, "tre": 3, "quattro": 4,
    "cinque": 5, "sei": 6, "sette": 7, "otto": 8, "nove": 9, "nul": 0, "een": 1, "twee": 2,
    "drie": 3, "vijf": 5, "zes": 6, "zeven": 7, "negen": 9,
}  # fmt: skip
_TEENS = {
    "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
_TENS = {
    "vingt": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60, "septante": 70,
    "huitante": 80, "octante": 80, "nonante": 90, "twenty": 20, "thirty": 30, "forty": 40,
    "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
    "veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70,
    "ochenta": 80, "noventa": 90,
}  # fmt: skip
_WORDS = {**_ONES, **_TEENS, **_TENS, "vingts": 20}
_JOIN = r"(?:[\s\-_.]{0,2}(?:et|y)[\s\-_.]{0,2}|[\s\-_.]{0,2})"
_LEET = str.maketrans("01345", "oieas")


def _leet(word: str) -> str:
    """Return a pattern for a number word with figures for some letters: z3ro, s1x."""
    return "".join({"o": "[o0]", "i": "[i1]", "e": "[e3]"}.get(char, char) for char in word)


def _any(words: dict[str, int]) -> str:
    return "|".join(_leet(word) for word in sorted(words, key=len, reverse=True))


_ONE = _any(_ONES)
_TEEN = rf"{_leet('dix')}{_JOIN}(?:{_any({'sept': 7, 'huit': 8, 'neuf': 9})})|{_any(_TEENS)}"
_TEN = _any(_TENS)
_SPELT = (
    rf"(?:quatre{_JOIN}v[i1]ngts?(?:{_JOIN}(?:{_TEEN}|{_ONE}))?"
    rf"|{_leet('soixante')}{_JOIN}(?:{_TEEN})|{_TEEN}"
    rf"|(?:{_TEN})(?:{_JOIN}(?:{_ONE}))?|{_ONE})"
)
_BOUNDED = rf"(?<![a-z]){_SPELT}(?![a-z])"
_LETTER = r"(?:(?<![a-z0-9])[oi]{2}(?![a-z0-9])|(?<![a-z])[oilsb]{1,2}(?=\d)|(?<![a-z0-9])o(?=[\s.\-_/]{1,2}(?:\d(?![\da-z])|six|sept|seven|sei|zes|siete)(?![a-z]))|(?<=\d)[oilsb]{1,2}(?![a-z]))"
# How a piece of digits may begin: most words are passed over at their first letters.
_HEADS = "|".join(sorted({_leet(word[:2]) for word in (*_WORDS, "double", "triple")}))
_UNIT = re.compile(
    rf"(?:(?=[\d⑩-⑳㉑-㉟㊱-㊿])|(?<![a-z])(?=z[\s.\-_]|[oilsb]{{1,2}}\d|[oi]{{2}}|o[\s.\-_/]|(?<=\d)[oilsb]|{_HEADS}))(?:(?P<twice>(?<![a-z])(?:double|triple)[\s\-](?:(?:{_ONE})(?![a-z])|\d(?!\d)))|(?P<hundred>(?<![a-z])(?:{_ONE})\shundred(?![a-z]))|(?P<zero>(?<![a-z0-9])z[\s.\-_]{{1,2}}[e3][\s.\-_]{{1,2}}r[\s.\-_]{{1,2}}[o0](?![a-z0-9]))"
    rf"|(?P<tens>(?<![a-z])(?:{_TEN})[\s\-]?(?P<one>[1-9])(?!\d))|(?P<spelt>{_BOUNDED})|(?P<glued>(?<![a-z0-9])(?=\d*[a-z])(?:{_SPELT}|\d){{2,12}}(?![a-z0-9]))|(?P<digit>\d+)|(?P<circled>[⑩-⑳㉑-㉟㊱-㊿])|(?P<letter>{_LETTER}))"
)
_BREAK = "€$£%=<>→➡⇒°º\x00"
_SEPARATOR = re.compile(rf"[^a-z0-9{_BREAK}]{{0,6}}\Z")
# What stands between the pairs of a number that hides: "06 puis 39", "06 dot 39", "06>39".
_CONNECTOR = r"(?:et|puis|fois|times|then|and|und|ensuite|apres|dot|point|pt|tiret|dash|espace|space|slash|virgule|comma|star|etoile|est|c|l|i|x|n|y|o)"
_CONNECTED = re.compile(
    rf"[^a-z0-9€$£%]{{0,6}}(?:(?:{_CONNECTOR}[^a-z0-9€$£%=]{{1,4}}){{0,2}}{_CONNECTOR}[^a-z0-9€$£%=]{{0,4}}|\([^()\d]{{1,40}}\)[^a-z0-9]{{0,3}})?\Z"
)
_ANYTHING = re.compile(r"\D{0,16}\Z")
_STANDS_FOR = str.maketrans("oilsb", "01158")

# What has the shape of digits with separators and is not a number that reaches someone.
_PAIRS = r"(?<!\d\d[ .\-]\d\d[ .\-])"  # not in the middle of a telephone number
_TIME = _PAIRS + r"(?<![\d:])(?:[01]?\d|2[0-4])(?:\s?h\s?|:)[0-5]\d(?![\d:])"
_DATE = (
    _PAIRS + r"(?<![\d./-])(?:[0-3]?\d([./-])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d|\d\d)"
    r"|(?:19|20)\d\d([./-])(?:0[1-9]|1[0-2])\2[0-3]\d|[0-3]?\d/(?:0?[1-9]|1[0-2])|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d)(?![./-]?\d)"
)
_DECIMAL = r"(?<![\da-z.,])(?<!\d[ .-])(?:0|[1-9]\d{0,4})[.,]\d{1,3}(?![.,/-]?\d)(?!\s?[.,]\s?\d)"
_THOUSANDS = r"(?<![\d.,])(?<!\+\d )(?<!\+\d\d )(?<!\+\d\d\d )(?<!00\d\d )(?<!00\d\d\d )[1-9]\d{0,2}(?:[ .,\u202f']000)+(?!\d)"
_PLAIN = re.compile(rf"(?=\d)(?:{'|'.join((_TIME, _DATE, _DECIMAL, _THOUSANDS))})")
_SURELY_PLAIN = re.compile(
    r"(?=\d)(?:(?<![\d./-])(?:[0-3]?\d([./-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d|(?:19|20)\d\d([./-])(?:0[1-9]|1[0-2])\2[0-3]\d|(?:0?[1-9]|1[0-2])/(?:19|20)\d\d)(?![./-]?\d)"
    rf"|(?<!\d)(?:[01]?\d|2[0-4])\s?h\s?[0-5]\d(?!\d)|{_THOUSANDS})"
)
_DATE_TIME = re.compile(
    r"(?=\d)(?<!\d)(?:[0-3]?\d[./-](?:0?[1-9]|1[0-2])[./-](?:(?:19|20)\d\d|\d\d)|(?:19|20)\d\d-\d\d-\d\d)"
    r"[ t,a\u00e0]{1,4}(?:[01]?\d|2[0-4])[:h]\d\d(?::\d\d)?"
)
_NUMBERED = re.compile(  # words that say "this number is a thing's, not a person's"
    r"(?:\blots?|batch|\bref(?:erence)?s?|echantillons?|samples?|\bserie|serial|\bcas|article|"
    r"\bcolis|tracking|\bsuivi|\bean|\bamm|\bcip|siret|siren|finess|insee|iris|epci|\brna\b|\buai\b|isbn|issn|\bdoi|version|decret|\bloi|"
    r"\bn[°o]|numero de lot|commande|order|ticket|dossier|\bpage|code barre|pmid|\bpv)"
    r"[\s:.#°n\-]{0,5}\Z"
)
_CUE = re.compile(
    r"(?:\btel\b|\btph|telephone|phone|\bnum\b|numero|number|appel|\bcall|\bsms\b|\btext(?:o|e[rz])"
    r"|whats|wh?app|\bwa\b|\bsignal\b|joign|joindre|portable|\bmobile|\bcell|\bgsm\b|contact|\bligne|"
    r"📞|📱|☎|📲|\bdring|\bbip|\bphone|\bfixe\b|\bap+el+|\bfone|\btelef|\bhandy\b|\brufen)"
)
_AREAS = re.compile(r"\b(?:departements?|depts?|dpts?|deps?|dep\.|arrondissements?)\W{0,4}\Z")


_ZONES = re.compile(r"\b(?:zones?|secteurs?)\W{0,4}\Z")


class Chunk(NamedTuple):
    """Digits that stand together in a stream, with where they lie in the text."""

    digits: str
    start: int
    stop: int


class _Read(NamedTuple):
    """A folded text with what is surely no number blanked, and every piece of digits in it."""

    text: str
    chunks: list[Chunk]


def _read(folded: str, blanked: re.Pattern[str]) -> _Read:
    text = blanked.sub(_blank, _DATE_TIME.sub(_blank, folded))
    chunks: list[Chunk] = []
    for match in _UNIT.finditer(text):
        digits, start, stop = _digits(match), match.start(), match.end()
        if chunks and not text[chunks[-1].stop : start].strip("\x7f"):
            last = chunks[-1]
            chunks[-1] = Chunk(last.digits + digits, last.start, stop)
        else:
            chunks.append(Chunk(digits, start, stop))
    return _Read(text, chunks)


def _runs(read: _Read, between: re.Pattern[str]) -> Iterator[list[Chunk]]:
    """Yield the chunks that only a few separators hold apart."""
    run: list[Chunk] = []
    for chunk in read.chunks:
        gap = read.text[run[-1].stop : chunk.start] if run else ""
        if run and not (between.match(gap) and (between is _ANYTHING or gap.count("\n") < 2)):
            yield run
            run = []
        run.append(chunk)
    if run:
        yield run


def streams(folded: str) -> Iterator[list[Chunk]]:
    """Yield the runs of digits in a folded text, in whatever way they are written."""
    return _runs(_read(folded, _PLAIN), _SEPARATOR)


def _blank(match: re.Match[str]) -> str:
    return "\x00" * (match.end() - match.start())


def _digits(match: re.Match[str]) -> str:
    if match["digit"]:
        return match["digit"]
    if match["zero"]:
        return "0"
    if match["circled"]:
        return str(int(unicodedata.numeric(match["circled"])))
    if match["hundred"]:
        return f"{_ONES[match['hundred'].split()[0].translate(_LEET)]}00"
    if match["glued"]:
        parts = _SPELT_OR_DIGIT.findall(match["glued"])
        return "".join(part if part.isdigit() else _spelt(part) for part in parts)
    if match["tens"]:
        tens = match["tens"][:-1].rstrip(" -").translate(_LEET)
        return str(_TENS[tens] + int(match["one"]))
    if match["twice"]:
        word = re.split(r"[\s\-]", match["twice"])[1]
        digit = word if word.isdigit() else str(_ONES[word.translate(_LEET)])
        return digit * (3 if match["twice"].startswith("triple") else 2)
    if match["letter"]:
        return match["letter"].translate(_STANDS_FOR)
    return _spelt(match["spelt"])


def _spelt(words: str) -> str:
    """Return the digits of one number in words: "quatre-vingt-dix", "thirtynine"."""
    found = _A_WORD.findall(words.translate(_LEET))
    parts = [_WORDS[word] for word in found]
    if parts[:2] == [4, 20]:
        parts[:2] = [80]
    return str(sum(parts))


_SPELT_OR_DIGIT = re.compile(rf"{_SPELT}|\d")
_A_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))


# "0,5 1,0 1,5 2,0": measures in a row; "06,39 98,12" starts otherwise.
_MEASURES = re.compile(r"(?:(?:0|[1-9]\d?)[.,]\d{1,2}[\s;]{1,3}){2,}(?:0|[1-9]\d?)(?:[.,]\d{1,2})?")
_SECOND_LINE = re.compile(r"\s?/\s?\d\d(?![\d/€.,]|\s?(?:€|h\b|g\b|e\b|mg\b))")


def phones(folded: str) -> Iterator[Span]:
    """Yield telephone numbers: by shape, whatever the range; "…12 34/35" is two."""
    for span in _phones(folded):
        if _MEASURES.fullmatch(folded, span.start, span.stop):
            continue
        more = _SECOND_LINE.match(folded, span.stop) if span.stop - span.start > 9 else None
        yield span._replace(stop=more.end()) if more else span


def _phones(folded: str) -> Iterator[Span]:
    yield from _disguised(folded)
    read = _read(folded, _PLAIN)
    if _count(read.chunks) < 6:
        return
    found: list[Span] = []
    for chunks in _runs(read, _SEPARATOR):
        if _count(chunks) >= 8:
            found += _phones_in(folded, chunks)
    yield from found
    left = [c for c in read.chunks if not any(s.start <= c.start < s.stop for s in found)]
    if _count(left) < 4:
        return
    if _HAS_CONNECTED.search(folded):
        for chunks in _runs(read, _CONNECTED):
            sizes = [len(chunk.digits) for chunk in chunks]
            digits = "".join(chunk.digits for chunk in chunks)
            short = len(digits) == 9 and digits[0] in "67" and len(sizes) > 4
            if ((_NATIONAL.match(digits) and max(sizes) < 5) or short) and not _is_list(chunks):
                yield Span(chunks[0].start, chunks[-1].stop, "phone:FR")
    if _may_be_spread(left):
        yield from _evenly(folded)
    yield from _scattered(folded, read)
    if _BACKWARDS.search(folded):
        for chunks in _runs(read, _SEPARATOR):
            digits = "".join(chunk.digits for chunk in chunks)[::-1]
            if _NATIONAL.match(digits):
                yield Span(chunks[0].start, chunks[-1].stop, "phone:FR")


def _count(chunks: list[Chunk]) -> int:
    return sum(len(chunk.digits) for chunk in chunks)


def _may_be_spread(chunks: list[Chunk]) -> bool:
    """Say whether a French number may begin among pieces: at a 0, at 33, or digit by digit."""
    digits = "".join(chunk.digits for chunk in chunks)
    return (
        any(chunk.digits[0] == "0" for chunk in chunks)
        or "33" in digits
        or sum(len(chunk.digits) == 1 for chunk in chunks) > 8
    )


def _disguised(folded: str) -> Iterator[Span]:
    """Yield numbers with letters among their figures, or in Roman numerals."""
    for match in _LETTERED.finditer(folded):
        if 6 <= sum(char.isdigit() for char in match[0]) < 10:
            yield Span(match.start(), match.end(), "phone:FR")
    for match in _INTERLEAVED.finditer(folded):
        yield Span(match.start(), match.end(), "phone:FR")
    for match in _ROMAN.finditer(folded):
        if len(match[0]) > 14:
            yield Span(match.start(), match.end(), "phone")


_NATIONAL = re.compile(r"0[1-9]\d{8,9}\Z")
_BACKWARDS = re.compile(
    r"(?:envers|invers|revers|backward|miroir|mirror|rebours|droite\sa\sgauche|right\sto\sleft|fin\sau\sdebut)"
)
_HAS_CONNECTED = re.compile(
    rf"(?:\d|(?:{_ONE})(?![a-z]))\W{{0,4}}(?:{_CONNECTOR}|[>→=]|\([^()\d]{{1,40}}\))\W{{0,4}}(?:\d|(?<![a-z])(?:{_CONNECTOR}\W|{_ONE}|{_TEEN}|{_TEN}))"
)
_LETTERED = re.compile(  # "06.E9.98": a letter in the place of a digit
    r"(?<![a-z0-9])[o0][1-9a-z](?P<sep>[ ._\-/*,])[a-z0-9]{2}(?:(?P=sep)[a-z0-9]{2}){3}(?![a-z0-9])"
)
_INTERLEAVED = re.compile(r"(?<![a-z0-9])0[1-9](?:[^\W\d]{1,3}\d\d){4}(?![a-z0-9])")
_A_ROMAN = r"(?=[ivxlc])(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
_ROMAN = re.compile(rf"(?<![a-z]){_A_ROMAN}(?:[\s.\-/,]{{1,3}}{_A_ROMAN}){{4}}(?![a-z])")


_FRENCH = re.compile(r"(?:0|(?:00)?33(?:0(?=[67]))?)(?:[1-9]\d{8})\Z")


def _evenly(folded: str) -> Iterator[Span]:
    """Yield numbers whose digits stand apart in one way, whatever that way is.

    Between amounts stand units, between pairs of a number always the same thing, or only signs.
    """
    for chunks in _runs(_read(folded, _SURELY_PLAIN), _ANYTHING):
        gaps = [folded[a.stop : b.start] for a, b in pairwise(chunks)]
        first = 0
        while first < len(chunks):
            last = _end_of_run(chunks, gaps, first)
            if last > first:
                yield Span(_lead(folded, chunks[first].start), chunks[last].stop, "phone:FR")
                first = last
            first += 1


def _end_of_run(chunks: list[Chunk], gaps: list[str], first: int) -> int:
    """Return the last chunk of a French number that starts at `first`; `first` if none does."""
    if not chunks[first].digits.startswith(("0", "3")) and len(chunks[first].digits) > 1:
        return first
    digits = ""
    for last in range(first, min(first + 15, len(chunks))):
        digits += chunks[last].digits
        if len(digits) > 13:
            break
        singly = len(digits) == last - first + 1 >= 10
        if not (_FRENCH.match(digits) or (singly and len(digits) == 10)):
            continue
        if digits[:2] == "33" and digits[2] not in "067" and not singly:
            continue
        run = chunks[first : last + 1]
        if len(run) < 4 or _even_steps(run) or _round(run):
            continue
        goes_on = (
            last < len(gaps) and gaps[last] == gaps[last - 1] and chunks[last + 1].digits[0] != "0"
        )
        if not goes_on and _is_even(run, gaps[first:last]):
            return last
    return first


def _is_even(run: list[Chunk], gaps: list[str]) -> bool:
    """Say whether the gaps of a run are of one kind, signs aside."""
    kinds = [_gap(gap) for gap in gaps]
    apart = set(kinds) - {"s"}
    if "" in apart:
        return False
    if len(apart) < 2:
        signs = {gap.strip() for gap in gaps}
        if signs & {".", ","} and len(signs) > 1 and all(len(chunk.digits) == 1 for chunk in run):
            # not decimals: one thing within pairs, one between
            return all(len({gap.strip() for gap in part}) == 1 for part in (gaps[::2], gaps[1::2]))
        pure = not (apart & {":", "/"} and "s" in kinds)
        if pure and (apart <= {"a"} or kinds.count("s") < len(kinds) - 1):
            return True
    # only after 06 and 07 may the first gap be another one: "le 06 c'est le 39 98 …"
    return len(set(kinds[1:])) == 1 and run[0].digits in ("06", "07") and not _rises(run[1:])


_MEASURED = re.compile(
    r"[€$£%]|\A\s?(?:g|e|h|k)\b|\b(?:eur|euros?|balles|mg|ml|kg|gr|min|ans|mois|jours?|janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre)\b"
)
_SIGNS = re.compile(r"(?:[^\w]|_)*\Z")


def _gap(between: str) -> str:
    """Return the kind of what stands between two digits; "" where it makes them two amounts."""
    if _MEASURED.search(between):
        return ""
    gap = between.strip(" \x7f\n")
    if gap in (":", "/"):
        return gap
    if _SIGNS.match(gap):
        return "s" if len(gap) < 9 else gap
    return "a" if _CONNECTED.match(between) or (len(gap) == 1 and gap.isalpha()) else gap


def _even_steps(chunks: list[Chunk]) -> bool:
    """Say whether numbers rise or fall by one step: days, page numbers, a list of sizes."""
    steps = {int(two.digits) - int(one.digits) for one, two in pairwise(chunks)}
    return len(chunks) > 4 and len(steps) == 1 and steps != {0}


class _Candidate(NamedTuple):
    first: int
    last: int
    country: str
    uniform: bool
    plus: bool


def _phones_in(folded: str, chunks: list[Chunk]) -> Iterator[Span]:
    before = folded[max(0, chunks[0].start - 30) : chunks[0].start].rpartition("\n")[2]
    if _is_area_list(chunks, before):
        return
    found = list(_candidates(folded, chunks))
    taken: list[_Candidate] = []
    for one in sorted(found, key=lambda c: (not c.plus, not c.uniform, c.first, -c.last)):
        clash = [other for other in taken if one.first <= other.last and other.first <= one.last]
        if not clash:
            taken.append(one)
    for one in taken:
        start, stop = chunks[one.first].start, chunks[one.last].stop
        yield Span(_lead(folded, start), stop, f"phone:{one.country}" if one.country else "phone")
    if taken:
        return
    whole = list(_by_context(folded, chunks, before))
    yield from whole
    if not whole and len(chunks) > 1 and not _NUMBERED.search(before):
        for chunk in chunks:
            if (
                len(chunk.digits) == 9
                and chunk.digits[0] in "67"
                and not chunk.digits.endswith("000")
            ):
                yield Span(chunk.start, chunk.stop, "phone:FR")


def _candidates(folded: str, chunks: list[Chunk]) -> Iterator[_Candidate]:
    for first in range(len(chunks)):
        digits = ""
        plus = _PLUS.search(folded[max(0, chunks[first].start - 12) : chunks[first].start])
        for last in range(first, min(len(chunks), first + 16)):
            digits += chunks[last].digits
            if len(digits) > 17:
                break
            if len(digits) < 8:
                continue
            country = _country(digits, chunks[first : last + 1], plus is not None)
            if country is not None and (plus or not _is_list(chunks[first : last + 1])):
                gaps = {
                    folded[chunks[k].stop : chunks[k + 1].start].strip() for k in range(first, last)
                }
                yield _Candidate(first, last, country, len(gaps) < 2, plus is not None)


def _is_list(chunks: list[Chunk]) -> bool:
    """Say whether numbers are days in a row, or postcodes of one département."""
    if _even_steps(chunks):
        return True
    areas = {chunk.digits[:2] for chunk in chunks}
    return len(chunks) > 1 and len(areas) == 1 and all(len(c.digits) == 5 for c in chunks)


_PLUS = re.compile(r"(?:\+|\bplus)[\s(\[\x7f]{0,3}\Z")


def _lead(folded: str, start: int) -> int:
    """Return where a number starts with its + and opening bracket."""
    lead = re.search(r"(?:\(\s?\+|\+\s?\(?|\bplus\s|\()\s?\x7f?\Z", folded[:start])
    return lead.start() if lead else start


_LENGTHS = {  # national significant numbers of France's neighbours and of its networks
    33: (9, 9), 32: (8, 9), 34: (9, 9), 39: (8, 11), 49: (7, 12), 44: (9, 10), 41: (9, 9),
    352: (6, 9), 31: (9, 9), 351: (9, 9), 213: (8, 9), 212: (9, 9), 216: (8, 8), 1: (10, 10),
    377: (8, 9), 376: (6, 9), 262: (9, 9), 590: (9, 9), 594: (9, 9), 596: (9, 9),
}  # fmt: skip


def _country(digits: str, chunks: list[Chunk], plus: bool) -> str | None:
    """Return the country of a telephone number, "" if unknown, None if it has no such shape."""
    if not plus and digits.startswith("00"):
        plus, digits = True, digits[2:]
    if plus:
        for width in (1, 2, 3):
            regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:width] or 0))
            if regions and not digits.startswith("0"):
                least, most = _LENGTHS.get(int(digits[:width]), (7, 12))
                national = digits[width:].removeprefix("0")
                return regions[0] if least <= len(national) <= most else None
        return None
    if digits[0] == "0" and digits[1] != "0":
        sizes = [len(chunk.digits) for chunk in chunks]
        if len(digits) == 10:
            if sizes == [4, 2, 2, 2] and digits[1] == "4":
                return "BE"
            return "CH" if sizes == [3, 3, 2, 2] else "FR"
        if sizes in ([2, 3, 2, 2], [3, 2, 2, 2]):
            return "BE"
        if len(digits) == 11 and (
            digits[1] == "7" or sizes in ([5, 6], [5, 3, 3], [11], [4, 3, 4], [3, 4, 4])
        ):
            return "GB"
    return None


_CALLING = ("33", "32", "34", "44", "49", "39", "41", "31", "352", "351", "212", "213", "216")
_NINE = ([9], [1, 2, 2, 2, 2], [3, 2, 2, 2], [3, 3, 3], [1, 8], [1, 4, 4])
_AMERICAN = ([3, 3, 4], [3, 7], [1, 3, 3, 4])


def _by_context(folded: str, chunks: list[Chunk], before: str) -> Iterator[Span]:
    """Yield what only its grouping or the words around it make a telephone number."""
    digits = "".join(chunk.digits for chunk in chunks)
    sizes = [len(chunk.digits) for chunk in chunks]
    start, stop = chunks[0].start, chunks[-1].stop
    after = folded[stop : stop + 8]
    if _NUMBERED.search(before) or _UNIT_AFTER.match(after) or digits.endswith("0000"):
        return
    if _round(chunks) or _is_list(chunks):
        return
    spelt = not any(char.isdigit() for char in folded[start:stop])
    if spelt and len(chunks) > 7:
        country = ""
    elif digits[0] in "67" and sizes in _NINE and len(digits) == 9:
        country = "FR" if sizes in ([9], [1, 2, 2, 2, 2], [1, 8]) else ""
    elif (sizes in _AMERICAN and len(digits) < 12) or (
        digits[0] == "0" and 9 <= len(digits) <= 13 and max(sizes) < 10
    ):
        country = "IT" if digits[0] == "3" else ""
    elif (
        len(chunks) == 1
        and len(digits) > 10
        and digits.startswith(_CALLING)
        and not folded[start - 1 : start].isalpha()
        and (abroad := _country(digits, chunks, True))
    ) or (abroad := _without_plus(digits, chunks)):
        country = abroad
    elif _CUE.search(before) and len(digits) <= 15 and not _counted(folded, chunks):
        country = ""
    else:
        return
    yield Span(_lead(folded, start), stop, f"phone:{country}" if country else "phone")


def _without_plus(digits: str, chunks: list[Chunk]) -> str | None:
    """Return the country of "212 612 345 678": a calling code apart, a right number after it."""
    if len(chunks) < 2 or chunks[0].digits not in _CALLING or not 10 <= len(digits) <= 14:
        return None
    country = _country(digits, chunks, True)
    if country is None or digits.startswith("33"):
        return country
    number = phonenumbers.parse(f"+{digits}")
    return country if phonenumbers.is_valid_number(number) else None


def _counted(folded: str, chunks: list[Chunk]) -> bool:
    """Say whether small numbers rise with commas between: the lines of a bus, pages."""
    values = [int(chunk.digits) for chunk in chunks]
    gaps = {folded[a.stop : b.start].strip() for a, b in pairwise(chunks)}
    return (
        len(chunks) > 4
        and values == sorted(set(values))
        and max(values) < 100
        and "," in gaps
        and chunks[0].digits[0] != "0"
        and values[0] not in (6, 7)
    )


_UNIT_AFTER = re.compile(
    r"\s?(?:€|euros?\b|e\b|eur\b|g\b|gr\b|kg\b|mg\b|ml\b|cl\b|balles|usd|chf|\$|£|%|millions?\b|milliards?\b|habitants|"
    r"personnes|messages|people)"
)


def _round(chunks: list[Chunk]) -> bool:
    """Say whether a run of numbers is a list of amounts: round, of one to three digits."""
    values = [int(chunk.digits) for chunk in chunks]
    return len(values) > 2 and all(v % 5 == 0 for v in values) and max(values) < 10_000


def _is_area_list(chunks: list[Chunk], before: str) -> bool:
    """Say whether numbers are départements: announced as such, or rising after "zone"."""
    return all(_is_area(chunk.digits) for chunk in chunks) and bool(
        _AREAS.search(before)
        or (_ZONES.search(before) and _rises(chunks) and chunks[0].digits not in ("06", "07"))
    )


def _rises(chunks: list[Chunk]) -> bool:
    """Say whether numbers stand in order, as départements in a list do."""
    return all(one.digits < two.digits for one, two in pairwise(chunks))


def _is_area(digits: str) -> bool:
    return (len(digits) == 2 and digits < "96") or digits in ("971", "972", "973", "974", "976")


# Accounts, cards, social security: their own shapes.

_IBAN_LENGTHS = {
    "ad": 24, "at": 20, "be": 16, "bg": 22, "ch": 21, "cy": 28, "cz": 24, "de": 22, "dk": 18,
    "ee": 20, "es": 24, "fi": 18, "fr": 27, "gb": 22, "gi": 23, "gr": 27, "hr": 21, "hu": 28,
    "ie": 22, "it": 27, "li": 21, "lt": 20, "lu": 20, "lv": 21, "ma": 28, "mc": 27, "md": 24,
    "mt": 31, "mu": 30, "nl": 18, "no": 15, "pl": 28, "pt": 25, "ro": 24, "rs": 22, "sa": 24,
    "se": 24, "si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ua": 29, "ae": 23, "al": 28,
    "ba": 20, "by": 28, "dz": 26, "eg": 29, "fo": 18, "ge": 22, "gl": 18, "il": 23, "is": 26,
    "jo": 30, "kw": 30, "kz": 20, "lb": 28, "me": 22, "mk": 19, "qa": 29, "xk": 20,
}  # fmt: skip
_IBAN = re.compile(
    rf"(?<![a-z0-9])({'|'.join(_IBAN_LENGTHS)})[ .\-]?\d[ .]?\d(?:[ .\-_\u202f]{{0,2}}[a-z0-9]){{9,30}}"
)
_CARD = re.compile(
    r"(?<![\d])(?:[3-6]\d{3}(?:[ .\-_]{1,3}\d{4}){3}|3[47]\d\d[ .\-]?\d{6}[ .\-]?\d{5}|[3-6]\d{12,18})(?!\d)"
)
_CARD_LENGTHS = (15, 16)
_NIR = re.compile(
    r"(?<![\d])[1-478][ .\-/]{0,2}\d\d[ .\-/]{0,2}(?:0[1-9]|1[0-2]|[2-9]\d)[ .\-/]{0,2}"
    r"(?:\d\d|2[ab])[ .\-/]{0,2}\d{3}[ .\-/]{0,2}\d{3}(?:[ .\-/|(]{0,3}(?:cle\W{0,2})?\d\d\)?)?(?!\d)"
)


def accounts(folded: str) -> Iterator[Span]:
    """Yield bank accounts and cards."""
    for match in _IBAN.finditer(folded):
        wanted = _IBAN_LENGTHS[match[1]]
        taken, stop, digits, kept = 0, match.start(), 0, ""
        for index in range(match.start(), match.end()):
            if folded[index].isalnum():
                taken, stop = taken + 1, index + 1
                digits += folded[index].isdigit()
                kept += folded[index]
            if taken == wanted:
                break
        dense = digits >= max(9, wanted - 8) and not folded[match.end(1)].isspace()
        if (dense and not re.search(r"[a-z]{5}", kept[4:])) or (
            taken == wanted and digits > wanted // 2 and _mod_97(kept)
        ):
            yield Span(match.start(), stop, f"iban:{match[1].upper()}")
    for match in _SORT_CODE.finditer(folded):
        yield Span(match.start(), match.end(), "iban:GB")
    for match in _CARD.finditer(folded):
        digits_only = re.sub(r"\D", "", match[0])
        before = folded[max(0, match.start() - 24) : match.start()]
        shaped = len(match[0]) > len(digits_only) or len(digits_only) in _CARD_LENGTHS
        if (shaped or luhn(digits_only)) and not _NUMBERED.search(before):
            yield Span(match.start(), match.end(), "card")


def _mod_97(iban: str) -> bool:
    """Say whether an account number has its right check digits."""
    turned = "".join(str(int(char, 36)) for char in iban[4:] + iban[:4])
    return int(turned) % 97 == 1


def luhn(digits: str) -> bool:
    """Say whether digits end in their Luhn check digit."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


_SORT_CODE = re.compile(
    r"(?<![a-z])sort\s?code\W{0,3}\d\d[\s-]?\d\d[\s-]?\d\d(?!\d)(?:\W{1,3}(?:and\s)?(?:account|acct?|acc)(?:\s(?:no|number|num))?\W{0,3}\d{7,8}(?!\d))?"
)


def social_security(folded: str) -> Iterator[Span]:
    """Yield French social-security numbers, by shape; the key is not needed."""
    for match in _NIR.finditer(folded):
        if all(len(part) == 5 for part in re.findall(r"\d+", match[0])):
            continue  # postcodes
        yield Span(match.start(), match.end(), "nir")


def digits_left(folded: str) -> bool:
    """Say whether a run of digits is left that could still reach someone."""
    for stream in streams(folded):
        chunks = [chunk for chunk in stream if not _YEAR.fullmatch(chunk.digits)]
        digits = "".join(chunk.digits for chunk in chunks)
        if len(digits) < 6 or not any(
            c.isdigit() for c in folded[chunks[0].start : chunks[-1].stop]
        ):
            continue
        before = folded[max(0, chunks[0].start - 30) : chunks[0].start].rpartition("\n")[2]
        after = folded[chunks[-1].stop : chunks[-1].stop + 14]
        longest = max(len(chunk.digits) for chunk in chunks)
        if _NUMBERED.search(before) or _UNIT_AFTER.match(after) or _round(chunks):
            continue
        if _is_area_list(chunks, before) or _is_list(chunks):
            continue
        if digits[0] != "0" and longest < 5 and len({len(c.digits) for c in chunks}) > 1:
            values = [int(chunk.digits) for chunk in chunks]
            if values == sorted(set(values)):
                continue  # sizes or amounts: 1 12 25 50 100
        if len(chunks) == 1:
            if longest < 7 or digits.endswith("000") or _DAY.fullmatch(digits):
                continue
            return True
        if all(_is_area(chunk.digits) or len(chunk.digits) == 1 for chunk in chunks):
            if digits[0] != "0" or len(chunks) > 5 or len(digits) < 8 or _AREAS.search(before):
                continue
        elif (longest > 4 or len(digits) < 8) and longest < 7:
            continue
        return True
    return False


_SPLIT = re.compile(
    r"\bdebut\b|\bfin\b|commence|\bfinit|\bstarts?\b|\bends?\b|\bbegins?\b|\bpuis\b|\bthen\b|\bsuite\b|\brest"
)


def _scattered(folded: str, read: _Read) -> Iterator[Span]:
    """Yield the pieces of a number that a word announces: all the digits of a text together."""
    if not (_CUE.search(folded) or _SPLIT.search(folded)):
        return
    chunks = [
        chunk
        for chunk in read.chunks
        if not _UNIT_AFTER.match(folded[chunk.stop : chunk.stop + 14])
    ]
    figures = [chunk for chunk in chunks if folded[chunk.start : chunk.stop].isdigit()]
    for pieces in (chunks, figures):  # "en deux fois" holds a number too
        digits = "".join(chunk.digits for chunk in pieces)
        if re.fullmatch(r"0[67]\d{8}", digits) and all(len(c.digits) % 2 == 0 for c in pieces):
            for chunk in pieces:
                yield Span(chunk.start, chunk.stop, "phone:FR")
            return


_YEAR = re.compile(r"(?:19|20)\d\d")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d|[0-3]\d(?:0[1-9]|1[0-2])(?:19|20)\d\d")

"""Cells of laboratory tables: amounts with their limits, lists of substances, their roles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from fanal.importers.lab.answers import BELOW, said
from fanal.importers.lab.units import (
    BULK,
    PER,
    PIECES,
    UNIT,
    bulk_or_piece,
    joined_units,
    kept_in,
    slashed,
    tidy_unit,
)
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.figures import read_figure

_NUMBER = (
    r"(?:\d{1,3}(?:[ \u00a0\u2009\u202f'\u2019]\d{3})+|\d{1,3}(?:\.\d{3})+(?=,\d)"
    r"|\d{1,3}(?:,\d{3})+(?=\.\d)|\d+)(?:[.,]\d+)?"
)
_ABOVE = (
    r">=?|≥|sup(?:[ée]r(?:ieure?)?)?\.?\s*[àa]|plus de|over|more than|above|mindestens|über"
    r"|at least|au moins|mehr als|größer als|más de|mayor (?:de|que|a)|superior a|al menos|meer dan"
    r"|groter dan|minstens|più di|almeno"
)
_AMOUNT = re.compile(
    rf"(?P<sign>{BELOW}|{_ABOVE}|~|≈|env\.?|environ"
    r"|about|approx\.?|approximately|c(?:irc)?a\.?|etwa|ungefähr|aprox\.?|unos|ongeveer|±)?"
    rf"\s*(?P<low>{_NUMBER})\s*(?P<first>{UNIT})?"
    rf"(?:\s*(?P<between>±|\+/-|\+-|-|–|—|à|to|et|and|und|bis|y|a|en|tot"
    rf"|\.\.\.?|…)\s*(?P<high>{_NUMBER}))?"
    rf"\s*(?P<unit>{UNIT})?(?:\s*(?:m/m|w/w|base|free base|env\.?|environ))?",
    re.IGNORECASE,
)
# the same amount again, of the base or of the salt: "89 % (base 79 %)"
_AGAIN = re.compile(
    r"(?:(?:as |en )?(?:free )?base|(?:as |en )?(?:sel|salt)|hcl|sul[fp]hate|soit)\b.*\d.*", re.I
)
_AT_LEAST = re.compile(rf"({_NUMBER})\s*({UNIT})?\s*\+", re.IGNORECASE)  # "80 %+"
_WEAK = re.compile(r"\(\s*\+\s*\)|\+\s?/\s?-|±")  # of a test: hardly there
_LITTLE = re.compile(rf"(?:en\s+)?traces?\s*(?:{BELOW})\s*\d", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\A(?:entre|between|from|de|zwischen|von|tussen|van|tra|fra)\s+(?=\d)", re.IGNORECASE
)
# there, and too little to measure: "detected (< LOQ)"
_THERE = re.compile(
    rf"(?:pr[ée]sente?|present|detected|d[ée]tect[ée]e?|positif|positive)[\s,(:]*"
    rf"(?:(?:{BELOW}|>)\s*(?:la\s+)?lo?[dq]|n\.?q\.?|(?:non|not) quantifi\w+)\)?"
    r"|>\s*lo?[dq]",
    re.IGNORECASE,
)
_UNSURE = re.compile(r"n\.?q\.?|non \w{3,}|not \w{3,}|unquantified", re.IGNORECASE)
_HARD = re.compile(r"\s*(?:[;|\n\u2022]|(?<!\S)·|·(?!\S)|\s\+\s|\s/\s|\s&\s|\s[-–]\s(?=\D))\s*")
_DASHED = re.compile(r"\s[-–—]\s([^\W\d_]+(?:\s[^\W\d_]+)?)\s*(?=[;,|\n]|$)")  # "heroin - minor"
_SOFTLY = re.compile(r"\s*(?:(?<=\D)/(?=\D)|\+|&)\s*|\s+(?:et|and|avec|with|und|y)\s+", re.I)
_COMMA = re.compile(r"\s*,(?!\d)\s*|\s*,\s+")
# what stands after a comma in the name of one substance: a salt or form; a prefix turned round
_SALT = re.compile(
    r"(?:free ?)?base|hcl|sels?|salts?|(?:chlor)?hydr\w+|sul[fp]\w+|citrate|tartrate|ac[ée]tate"
    r"|rac[ée]m\w+|powder|poudre|rock|cristal\w*|crystal\w*",
    re.IGNORECASE,
)
_PREFIX = re.compile(
    r".{1,3}|.*-|(?:ortho|meta|para|alpha|beta|iso|nor|d|l|n)-?\w{0,8}|.*\d.*", re.IGNORECASE
)
_WORDY = 4  # words of a label: more is a remark
_VERB = re.compile(r"(?:d[ée]te|found|trouv|identifi|only|seule)\w*", re.IGNORECASE)
_METHOD = re.compile(r"[^\W\d_][\w /.+-]{1,24}")


class Amount(NamedTuple):
    """What a cell says of how much there is: `found` is None where it says nothing."""

    found: bool | None
    value: float | None = None
    maximum: float | None = None
    unit: str | None = None
    uncertainty: float | None = None
    censored: bool = False
    trace: bool = False
    vague: bool = False  # "nd": looked for and not found, or found and not measured
    method: str | None = None
    least: bool = False  # "> 80": no less than `value`
    role: str | None = None  # "major": as what it is there


def is_present(cell: str) -> bool:
    """Say whether a cell says only that something is there: "x", "oui", "détecté"."""
    return said(cell) == "present"


@cache
def columns() -> dict[str, Any]:
    """Return the names of columns and roles that ship."""
    text = (files(__package__) / "columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def number(text: str, money: bool = False) -> float | None:
    """Return a figure as it is written in French or English; None if it is none.

    One sign before three figures stands before decimals, as balances have them; money has two.
    """
    read = read_figure(text)
    if read and read.open:
        read = read_figure(text, {",": ".", ".": ","}[read.open] if money else read.open)
    return read.value if read else None


def read_amount(text: str, unit: str | None = None) -> Amount | None:
    """Read how much of a substance there is; None where the cell cannot be read.

    Empty is unknown, never zero; below a limit is censored; a bare zero is "looked for, not found".
    """
    text = re.sub(r"^\[([^\[\]]+)\](?=\s*\S)", r"\1", slashed(" ".join(text.split())))
    if _WEAK.fullmatch(text):
        return Amount(True, unit=unit, trace=True)
    if re.fullmatch(r"[(\[][^()\[\]]*[)\]]", text):
        text = text[1:-1].strip()
    if _THERE.fullmatch(text):
        return Amount(True, unit=unit)
    outside, inside = _apart(text)
    if inside and said(outside) in ("absent", "vague"):
        limit = _kept(_read(inside, unit) or Amount(None))  # "n.d. (< 0.1 %)"
        most = limit.maximum if limit.value is None else limit.value
        return Amount(False, None, most, limit.unit or unit, censored=True)
    role = _role_beside(outside, inside)
    text, method = (inside, None) if role else _plainer(text, outside, inside)
    read = _read(text, unit)
    if read is None:  # "major", "primary": as what it is there, and no amount
        role = role_named(text)
        return Amount(True, unit=unit, role=role) if role else None
    return _kept(read)._replace(method=method, role=role)


def _role_beside(outside: str, inside: str) -> str | None:
    """Return the role that a cell names before an amount in brackets: "major (60 %)"."""
    read = None if said(outside) == "trace" or not inside else _read(inside, None)
    return role_named(outside) if read and read.found is not None else None


def _kept(read: Amount) -> Amount:
    """Return an amount in the unit that results are kept in, exactly: 0.12 g is 120 mg."""
    unit, times = kept_in(read.unit)
    if unit == read.unit:
        return read

    def many(x: float | None) -> float | None:
        return None if x is None else float(Decimal(repr(x)) * times)

    most = 100.0 if read.least and unit == "%" else many(read.maximum)
    return read._replace(
        value=many(read.value), maximum=most, unit=unit, uncertainty=many(read.uncertainty)
    )


def _apart(text: str) -> tuple[str, str]:
    """Return what stands outside the first brackets of a cell and what stands in them."""
    found = re.search(r"\(([^()]*)\)", text)
    return (" ".join(text.replace(found[0], " ").split()), found[1].strip()) if found else ("", "")


def _plainer(text: str, outside: str, inside: str) -> tuple[str, str | None]:
    """Return a cell in the words that amounts are read in, and the method that its brackets say."""
    if _AT_LEAST.fullmatch(text):
        return _AT_LEAST.sub(r"> \1 \2", text), None
    if _LITTLE.match(text) or (inside and said(outside) == "trace"):
        return "trace", None
    if re.fullmatch(UNIT, inside, re.IGNORECASE) or inside.startswith(("±", "+/-", "+-")):
        return " ".join(text.replace(f"({inside})", f" {inside} ").split()), None
    if outside and _AGAIN.fullmatch(inside):
        return outside, None
    if outside and _METHOD.fullmatch(inside):
        return outside, inside
    return _BETWEEN.sub("", text, count=1), None


def _read(text: str, unit: str | None) -> Amount | None:
    answer = said(text)
    if not text or answer in ("unknown", "not_asked"):
        return Amount(None)
    if answer in ("absent", "vague"):
        return Amount(False, unit=unit, censored=True, vague=answer == "vague")
    if answer:
        return Amount(True, unit=unit, trace=answer == "trace")
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    low, high = number(found["low"]), number(found["high"]) if found["high"] else None
    told = tidy_unit(found["unit"] or found["first"]) or unit
    if re.match(BELOW, found["sign"] or "", re.IGNORECASE):
        return Amount(False, None, low, told, censored=True)
    if high is None and re.match(_ABOVE, found["sign"] or "", re.IGNORECASE):
        return Amount(True, low, 100.0 if told == "%" else None, told, least=True)
    if high is None:
        return Amount(bool(low), low, None, told, censored=low == 0)
    if found["between"] in ("±", "+/-", "+-"):
        return Amount(True, low, None, told, high)
    if low is not None and high < low:
        return None
    return Amount(True, low, high, told)


_BOUGHT = re.compile(
    rf"(?:(?P<half>1/2|½|un demi|half(?: an?)?|demi)|(?P<number>{_NUMBER}))"
    rf"\s*(?P<unit>{BULK}|{PIECES})?\.?",
    re.IGNORECASE,
)


def read_quantity(text: str) -> tuple[float, str | None] | None:
    """Return how much was bought and its unit; None where the cell cannot be read.

    >>> read_quantity("1 g"), read_quantity("2 comprimés"), read_quantity("0,5 gramme")
    ((1.0, 'g'), (2.0, 'tablet'), (0.5, 'g'))
    """
    found = _BOUGHT.fullmatch(" ".join(text.split()))
    if not found:
        return None
    value = 0.5 if found["half"] else number(found["number"])
    if value is None:
        return None
    return value, bulk_or_piece(found["unit"] or "")


def in_parts(header: str) -> bool:
    """Say whether a column's bare figures are parts of each other: "Parts", "ratio"."""
    words = (word.rstrip("0123456789") for word in folded(header).split("_"))
    return not {"parts", "ratio", "ratios"}.isdisjoint(words)


def spelt(words: Sequence[str], cues: Sequence[str]) -> bool:
    """Say whether one of the cues is among words: `a*` is any word so begun, `a+b` are both."""

    def there(cue: str) -> bool:
        return all(
            any(w.startswith(part[:-1]) if part.endswith("*") else w == part for w in words)
            for part in cue.split("+")
        )

    return any(map(there, cues))


@lru_cache(16_384)
def method_in(text: str) -> str:
    """Return the method that a header or label tells: "Fentanyl strip" → test strip; "" if none."""
    words = folded(text).split("_")
    lines = columns()["methods"]["lines"]
    return next((str(name) for name, *cues in lines if spelt(words, cues)), "")


def without_method(label: str) -> str:
    """Return a label without its words of a method: "Fentanyl strip" → Fentanyl."""
    idle = ("test", "result", "resultat")
    return " ".join(w for w in label.split() if not method_in(w) and folded(w) not in idle)


def says_nothing(label: str) -> bool:
    """Say whether a dash, or "s/o", stands where a substance should be."""
    return not any(map(str.isalnum, label)) or said(label) == "not_asked"


def pieces(cell: str, known: Callable[[str], str] | None = None) -> list[str]:
    """Split a cell at what stands between substances, never inside parentheses.

    A comma and a space stand between substances where `known` (label → substance, or "") knows one
    of the parts, and none is a salt or a remark. Slashes and "and" stand inside names too: they
    split only where the parts are different substances, or most are known and the whole is not.
    """
    if says_nothing(cell):
        return [cell.strip()] if cell.strip() else []
    inner: list[str] = []

    def hide(found: re.Match[str]) -> str:
        inner.append(found[0])
        return f"\ue000{len(inner) - 1}\ue001"

    def shown(text: str) -> str:
        return re.sub(r"\ue000(\d+)\ue001", lambda m: inner[int(m[1])], text)

    cell = _DASHED.sub(lambda m: f" ({m[1]})" if role_named(m[1]) else m[0], joined_units(cell))
    per = rf"(?:mg|µg|μg|ug|mcg|ng|g|ml)/(?:{PER})\b"
    hidden = re.sub(rf"\([^()]*\)|{per}", hide, cell.strip(), flags=re.IGNORECASE)
    out: list[str] = []
    for piece in _HARD.split(hidden):
        piece = piece.strip().rstrip(",")
        parts = _between_commas(piece, lambda p: known(_bare(shown(p)))) if known else [piece]
        for part in parts:
            out += _softly(part, shown, known) if known else [part] if part else []
    return [shown(piece) for piece in out]


def _bare(label: str) -> str:
    return re.sub(r"\s*\([^()]*\)", " ", said_of(label)[0]).strip()


def _between_commas(piece: str, known: Callable[[str], str]) -> list[str]:
    """Split at the commas that stand between substances: a salt goes with what is before it.

    A remark, or nothing that is known, leaves the piece whole.
    """
    parts: list[str] = []
    for part in _COMMA.split(piece):
        bare = _bare(part)
        if parts and (_SALT.fullmatch(bare) or (_PREFIX.fullmatch(bare) and not known(part))):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    named = [known(part) for part in parts]
    short = all(
        name or len(part.split()) <= _WORDY for part, name in zip(parts, named, strict=True)
    )
    return parts if short and set(named) - {"", "none"} else [piece]


def _softly(piece: str, shown: Callable[[str], str], known: Callable[[str], str]) -> list[str]:
    """Split at what stands inside names too, where the parts are different substances."""
    soft = [part.strip() for part in _SOFTLY.split(piece) if part.strip()]
    if len(soft) > 1:
        named = [known(said_of(shown(part))[0]) for part in soft]
        bare = " ".join(re.sub(r"\ue000\d+\ue001", " ", piece).split())
        different = all(named) and len(set(named)) == len(named)
        if different or (not known(bare) and 2 * sum(map(bool, named)) > len(soft)):
            return soft
    return [piece] if piece else []


def listed(cell: str, known: Callable[[str], str] | None = None) -> list[tuple[str, str]]:
    """Split a cell such as `cocaine 72 %; levamisole` into labels and what is said of each."""
    return [said_of(piece) for piece in pieces(cell, known)]


@lru_cache(16_384)
def said_of(piece: str) -> tuple[str, str]:
    """Tell a label from how much there is of it, on either side; "" where nothing is said."""
    as_what = re.fullmatch(r"([^\W\d_][^:;,(]{2,30}):\s*(.*[^\W\d_].*)", piece.strip())
    if as_what and role_named(as_what[1]) and not role_named(as_what[2]):  # "Major: cocaine"
        label, amount = said_of(as_what[2])
        return label, f"{as_what[1]} ({amount})" if amount else as_what[1]
    words = re.split(r"(\s+|(?=[(\[])|(?<=[:=]))", " ".join(piece.split())[:400])
    for cut in range(2, len(words), 1):  # the longest amount first
        label, amount = "".join(words[:cut]).strip(" :=-–,([").strip(), "".join(words[cut:]).strip()
        if label and (plain := _an_amount(amount)):
            return label, plain
        if label and words[cut - 1].endswith((":", "=")) and (
            said(amount) in ("present", "absent") or role_named(amount)
        ):  # fmt: skip
            return label, amount  # "Fentanyl strip: pos"
        if label and amount[:1] in "([" and amount[-1:] in ")]" and role_named(amount[1:-1]):
            return label, amount[1:-1]  # "Caffeine (minor)"
    for cut in range(len(words) - 1, 0, -1):
        amount, label = "".join(words[:cut]).strip(), "".join(words[cut:]).strip()
        label = re.sub(r"^(?:de |d['’]|of )", "", label.strip(" :=-–)"))
        if _VERB.fullmatch(label):
            break  # "trace detected" names no substance
        if label and re.search(r"[^\W\d_]", label) and (plain := _an_amount(amount, True)):
            return label, plain
    return piece, ""


def _an_amount(text: str, before: bool = False) -> str:
    """Return an amount without its brackets; "" if it is none."""
    text = text.strip(" :=,")
    if text[:1] in "([" and text[-1:] in ")]":
        text = text[1:-1].strip()
    if not text or (text.isdigit() and before):
        return ""  # "4 fluoroamphetamine"
    if not (re.search(r"\d|[<≤]", text) or said(text) in ("trace", "vague")
            or _UNSURE.fullmatch(text)):  # fmt: skip
        return ""
    read = read_amount(text)
    return text if read is not None and read.found is not None else ""


@cache
def role_named(text: str) -> str | None:
    """Return the role that the words of a cell name; None if they name none, or deny one."""
    words, known = folded(text).split("_"), columns()["role"]
    if len(words) > _WORDY or not {*words}.isdisjoint(known["not"]):
        return None
    return next((str(role) for role, *cues in known["lines"] if spelt(words, cues)), None)

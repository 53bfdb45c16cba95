"""Cells of laboratory tables: amounts with their limits, lists of substances, their roles."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

UNITS = (
    "mg/tablet", "mg/comprimé", "mg/cp", "mg/pill", "µg/blotter", "mg/g", "mg/ml", "% m/m", "%",
    "mg", "µg", "ug", "mcg", "g", "ml", "parts", "ppm",
)  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in UNITS)
_NUMBER = r"\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)?"
_AMOUNT = re.compile(
    r"(?P<sign><=?|≤|inf[ée]?rieure? à|below|moins de|>=?|≥|~|≈|env\.?|environ|approx\.?|ca\.?)?"
    rf"\s*(?P<low>{_NUMBER})(?:\s*(?P<between>±|\+/-|\+-|-|–|à|to)\s*(?P<high>{_NUMBER}))?"
    rf"\s*(?P<unit>{_UNIT})?(?:\s*\(?(?:m/m|w/w|base|free base)\)?)?",
    re.IGNORECASE,
)
_ABSENT = re.compile(
    r"(?:<|≤|inf[ée]?rieure? à|below)\s*(?:la\s+)?(?:lod|loq|ld|lq|limite.*)"
    r"|n\.?d\.?|nd|not detected|non d[ée]tect[ée]e?s?|absente?|no|non|neg|n[ée]gatif|negative|none",
    re.IGNORECASE,
)
_PRESENT = re.compile(
    r"x|oui|yes|y|o|\+{1,3}|pr[ée]sente?|present|detected|d[ée]tect[ée]e?|pos|positif|positive"
    r"|non quantifi[ée]e?|nq|n\.q\.|not quantified|true|vrai",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(r"-+|\?+|n/?a|na|nan|null|en attente|pending|unknown|inconnue?|nr|\.", re.I)
_SPLIT = re.compile(r"\s*(?:;|\||\n|\s\+\s|\s/\s|\s&\s)\s*")
_LISTED = re.compile(
    rf"(?P<label>.*?)\s*[:(\[=]?\s*(?P<amount>[<~≈≤]?\s*{_NUMBER}\s*(?:{_UNIT}))\s*[)\]]?", re.I
)


class Amount(NamedTuple):
    """What a cell says of how much there is: `found` is None where it says nothing."""

    found: bool | None
    value: float | None = None
    maximum: float | None = None
    unit: str | None = None
    uncertainty: float | None = None
    censored: bool = False
    trace: bool = False


@cache
def columns() -> dict[str, Any]:
    """Return the names of columns and roles that ship."""
    text = (files(__package__) / "lab_columns.toml").read_text("utf-8")
    return tomllib.loads(text)


def number(text: str) -> float | None:
    """Return a figure as it is written in French or English; None if it is none."""
    plain = re.sub(r"[\s\u00a0\u202f]", "", text).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return None


def read_amount(text: str, unit: str | None = None) -> Amount | None:
    """Read how much of a substance there is; None where the cell cannot be read.

    Empty is unknown, never zero; below a limit is censored; a bare zero is "looked for, not found".
    """
    text = text.strip()
    if not text or _UNKNOWN.fullmatch(text):
        return Amount(None)
    if _ABSENT.fullmatch(text):
        return Amount(False, unit=unit, censored=True)
    if re.fullmatch(r"(en\s+)?tr(aces?|\.)?", text, re.IGNORECASE):
        return Amount(True, unit=unit, trace=True)
    if _PRESENT.fullmatch(text):
        return Amount(True, unit=unit)
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    low, high = number(found["low"]), number(found["high"]) if found["high"] else None
    said = tidy_unit(found["unit"]) or unit
    sign = (found["sign"] or "").casefold()
    if sign.startswith(("<", "≤", "inf", "below", "moins")):
        return Amount(False, None, low, said, censored=True)
    if high is None:
        return Amount(bool(low), low, None, said, censored=low == 0)
    if found["between"] in ("±", "+/-", "+-"):
        return Amount(True, low, None, said, high)
    return Amount(True, low, high, said)


def tidy_unit(text: str | None) -> str | None:
    """Return a unit as the records have it; None where there is none."""
    if not text:
        return None
    plain = text.strip().casefold().replace("μ", "µ")
    plain = {"ug": "µg", "mcg": "µg", "% m/m": "%", "pourcent": "%", "percent": "%"}.get(
        plain, plain
    )
    for word in ("comprimé", "cp", "pill", "tablette", "unité"):
        plain = plain.replace(f"/{word}", "/tablet")
    return plain


def unit_in(header: str) -> tuple[str, str | None]:
    """Split a header such as `MDMA (mg)` or `teneur %` into what it names and its unit."""
    found = re.fullmatch(rf"(.*?)[\s_]*[(\[]?\s*({_UNIT})\s*[)\]]?", header.strip(), re.IGNORECASE)
    return (found[1].strip(), tidy_unit(found[2])) if found and found[1].strip() else (header, None)


def listed(cell: str) -> list[tuple[str, str]]:
    """Split a cell such as `cocaine 72 %; levamisole` into labels and what is said of each."""
    out = []
    for piece in _SPLIT.split(cell.strip()):
        piece = piece.strip().rstrip(",")
        if not piece:
            continue
        with_amount = _LISTED.fullmatch(piece)
        if with_amount and with_amount["label"]:
            out.append((with_amount["label"].strip(), with_amount["amount"]))
        else:
            out.append((piece, ""))
    return out


@cache
def role_named(text: str) -> str | None:
    """Return the role that a cell names; None if it names none."""
    plain = text.strip().casefold()
    return next((role for role, names in columns()["role"].items() if plain in names), None)

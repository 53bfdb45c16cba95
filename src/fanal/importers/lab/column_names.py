"""What a laboratory's column is by its name: a role, a substance, of a person."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from functools import lru_cache

from fanal.importers.lab.cells import columns, role_named, spelt
from fanal.importers.lab.units import unit_in, whole_unit
from fanal.importers.reading.column_words import folded
from fanal.thesaurus import resolve, shipped

ALIKE = 0.88  # a header so near a known one is a spelling of it
PARTS = ("substance", "amount", "amount_unit", "uncertainty", "role", "method", "panel")
_PRODUCTS = ("drug", "product", "produit", "drogue", "droga", "droge")  # "drug 1, amount 1"
IN_SERIES = {"unit": "amount_unit", "quantity": "amount", "main": "substance"}  # if numbered
LISTS = ("main", "minor", "trace", "cut")
LONGEST = 80  # characters of a header
BARE_UNIT = re.compile(r"[\W_]*(?:%|mg\b)[\W_]*(?:mg\b[\W_]*)?(\d{1,2})?[\W_]*")  # "% 1"
_EITHER = re.compile(r"\s*/\s*|\s+(?:or|ou|oder|of)\s+", re.IGNORECASE)
_SOFT = ("usager", "user", "client", "patient")  # whose product it is: no person by itself


def named_role(name: str) -> tuple[str, int, str] | None:
    """Return role, number and substance of a column that its name tells; None if it does not."""
    if role := _role_in_brackets(name) or exact_role(name):
        return "amount" if _share_of_mass(name, role) else role, 0, ""
    if substance := substance_named(name):
        return "content", 0, substance
    found = _role_of(name) if len(name) <= LONGEST else None
    if found and _share_of_mass(name, found[0]):
        return "amount", found[1], ""
    return (*found, "") if found else None


def _share_of_mass(name: str, role: str) -> bool:
    """Say whether what looks like a weight is a share of it: "% massique", "mass fraction"."""
    share = "%" in name or spelt(folded(name).split("_"), columns()["units"]["of_mass"])
    return role == "description" and share


def _role_in_brackets(name: str) -> str | None:
    """Return the list that a header names beside what it is of: "Result (minor)"."""
    inside = re.search(r"[(\[]([^()\[\]]+)[)\]]\s*$", name)
    role = role_named(inside[1]) if inside else None
    if role not in LISTS:
        return None
    of_what = exact_role(name) or _cued(folded(name[: inside.start()] if inside else name))
    return role if of_what == "substance" else None


@lru_cache(16_384)
def exact_role(name: str) -> str | None:
    """Return the role of a column whose name is listed."""
    known = columns()
    for form in _forms(name):
        for kind in ("sample", "result"):
            for role, aliases in known[kind].items():
                if form in aliases:
                    return str(role)
    return None


def _forms(name: str) -> list[str]:
    """Give a header as it is and without what stands in parentheses or after its unit."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", name)
    return list(
        dict.fromkeys(f for f in (folded(name), folded(bare), folded(unit_in(bare)[0])) if f)
    )


@lru_cache(16_384)
def _role_of(name: str) -> tuple[str, int] | None:
    """Return the role of a column and its number in a series, from the words of its name."""
    form = _numbered(folded(unit_in(name)[0]) or folded(name))
    number = 0
    # "teneur_1", "substance2", "molecule_n_3", "2_purete": a series is of parts of a result
    if found := re.fullmatch(r"(.*?[a-z])_?(\d{1,2})((?:_[a-z_]+)?)|(\d{1,2})_([a-z_]+)", form):
        stem = f"{found[1]}{found[3]}" if found[1] else found[5]
        role = _cued(stem) or ""
        role = IN_SERIES.get(role, role)
        if role in PARTS or stem in _PRODUCTS:
            return role, int(found[2] or found[4])
        form = stem if role else form
    found_role = _cued(form)
    if found_role is None and (bare := BARE_UNIT.fullmatch(name)):
        return "amount", int(bare[1] or 0)
    if found_role is None and whole_unit(name):  # "mg_par_comprime"
        return "amount", 0
    return (found_role, number) if found_role else None


def _numbered(form: str) -> str:
    """Return a folded name whose ordinal is a figure: second_component → component_2."""
    words = form.split("_")
    for number, ordinals in columns()["ordinals"].items():
        if len(words) > 1 and {*words} & {*ordinals}:
            return "_".join([*(w for w in words if w not in ordinals), number])
    return form


@lru_cache(16_384)
def _cued(form: str) -> str | None:
    """Return the role that the words of a folded name hint at; the first that fits."""
    known = columns()
    for kind in ("sample", "result"):
        for role, aliases in known[kind].items():
            if form in aliases:
                return str(role)
    words = form.split("_")
    if {"id", "cas", "uuid"} & set(words):  # a key: of a sample, or of something else
        about = set(words) - {"id", "uuid"}
        return "reference" if about <= {*known["cues"]["samples"]} else None

    for role, *cues in known["cues"]["lines"]:
        if spelt(words, cues):
            return str(role)
    return None


def alike_role(name: str) -> str | None:
    """Return the role of the known name that a header is a spelling of."""
    form, known = folded(name), columns()
    compared = (
        (SequenceMatcher(None, form, alias), role)
        for kind in ("sample", "result")
        for role, aliases in known[kind].items()
        for alias in aliases
        if len(alias) > 4
    )
    # the quick ones are never less than the ratio
    ratios = (
        (pair.ratio(), role)
        for pair, role in compared
        if pair.real_quick_ratio() >= ALIKE and pair.quick_ratio() >= ALIKE
    )
    ratio, role = max(ratios, default=(0.0, None))
    return str(role) if ratio >= ALIKE else None


@lru_cache(1 << 16)
def substance_named(name: str) -> str:
    """Return the substance that a column is called by, for sure; "" if it is none."""
    if strip := columns()["methods"]["strips"].get(folded(name)):
        return str(strip)
    label = _bare(name)
    if len(name) > LONGEST or len(folded(label)) < 2:
        return ""
    substance, sure = resolve(label, shipped())
    return substance if substance and sure else ""


def _bare(name: str) -> str:
    """Return a column's name without the words that every column of contents has."""
    label = re.sub(r"^\s*%\s*|\s*\(%\)|\s*%\s*$", " ", unit_in(name)[0])
    words = [
        w for w in re.split(r"[\s_]+", label) if w and folded(w) not in columns()["cues"]["idle"]
    ]
    return " ".join(words)


def substances_meant(name: str) -> tuple[str, ...]:
    """Return the substances of which a column's amounts are by its name, "" for the main one.

    "Fentanyl / main active quantity (%)": of fentanyl where it was found, else of the main one.
    Empty where the name is of one substance, or of none.
    """
    label, unit = unit_in(name)
    if (unit is None and "%" not in name) or len(name) > LONGEST or exact_role(name):
        return ()
    parts = _EITHER.split(label.replace("%", " ").strip())
    if len(parts) < 2 or substance_named(name):
        return ()
    meant = []
    for part in parts:
        main = spelt(folded(part).split("_"), columns()["cues"]["actives"])
        substance = "" if main else substance_named(part)
        if not (main or substance):
            return ()
        meant.append(substance)
    return tuple(dict.fromkeys(meant)) if any(meant) else ()


def about_a_person(name: str, soft: bool) -> bool:
    known = columns()["person"]
    for form in _forms(name):
        words = form.split("_")
        product = any(
            w.startswith(("produit", "product", "effet", "effect", "vendu")) for w in words
        )
        hard = form in known["whole"] or any(w in form for w in known["within"])
        if not hard:
            continue
        if form in known["whole"] and not product:
            return True
        only_soft = all(
            any(w.startswith(s) for s in _SOFT) or not _personal(w, known) for w in words
        )
        if only_soft and len(words) > 1 and (product or not soft):
            continue
        return True
    return False


def of_a_case(name: str) -> bool:
    """Say whether a header is of numbers of files about someone: "N° de dossier", "PV"."""
    return spelt(folded(name).split("_"), columns()["person"]["case"])


def _personal(word: str, known: Mapping[str, Sequence[str]]) -> bool:
    return word in known["whole"] or any(w in word for w in known["within"])


def left_out(names: Sequence[str]) -> set[str]:
    """Return columns that known layouts have and that say nothing more than others do."""
    left = set()
    for prefix in columns()["left"]["prefixes"]:
        with_it = [n for n in names if folded(n).startswith(prefix)]
        if not prefix.endswith("_"):
            left |= {n for n in with_it if folded(n) == prefix}
        elif len(with_it) > 1:
            left |= set(with_it)
    return left

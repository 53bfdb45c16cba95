"""What stands above a table and is no title: its unit, its source, when it was taken out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.usual_names import above_tables

_KEYED = re.compile(r"([^\W\d_][^:]{0,40}?)\s*:\s+(\S.*)")
_IN = re.compile(r"[(\[]?\s*(?:en|in)\s+([^)\]]+)[)\]]?", re.IGNORECASE)
_CODED = re.compile(r"\s*\[[^\]]*\]\s*$")  # "Number [NR]": the code behind a label


class Fact(NamedTuple):
    """A line above a table: of `unit`, `title`, `source` or `idle`, "" for any other; its text."""

    role: str
    text: str


def fact_above(cells: Sequence[str]) -> Fact | None:
    """Read the filled cells of a line above a table; None where it is a title or not known.

    >>> fact_above(["Unit of measure", "Number [NR]"]), fact_above(["Einheit: Anzahl"])
    (Fact(role='unit', text='Number'), Fact(role='unit', text='Anzahl'))
    >>> fact_above(["Stand: 04.03.2025"]), fact_above(["Saisies de cocaïne : un bilan"])
    (Fact(role='idle', text='04.03.2025'), None)
    """
    first = cells[0].strip()
    if len(cells) == 1:
        if within := _IN.fullmatch(first):
            return Fact("unit", within[1].strip())
        keyed = _KEYED.fullmatch(first)
        key, said = (keyed[1], keyed[2]) if keyed else (first, "")
    else:
        key, said = first.rstrip(" :"), ", ".join(cells[1:])
    role = _role(key)
    if role is None and len(cells) > 1:
        return Fact("", f"{key}: {said}")
    if role is None or (not said and role != "idle"):
        return None
    text = _CODED.sub("", said).strip()
    return Fact(role, f"{key}: {text}" if role == "source" else text)


def _role(key: str) -> str | None:
    form = folded(key)
    for role, names in above_tables().items():
        if form in names or (role == "idle" and any(form.startswith(f"{n}_") for n in names)):
            return role
    return None

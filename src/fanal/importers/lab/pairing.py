"""Which amount is of which substance, by where the columns of a table stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from fanal.importers.lab.layout import Layout
from fanal.importers.reading.column_words import folded

LISTED = 50  # numbers of groups from which on they were lists


def beside_substances(
    layout: Layout, taken: Mapping[str, tuple[str, int]], names: Sequence[str]
) -> None:
    """Give an amount that has no substance yet the one of the column before it.

    `FTIR, Quant, GC-MS, Quant`: each of what its own method found.
    """
    read = read_of_results(layout)
    for before, name in pairwise(names):
        if taken.get(name, ("",))[0] == "amount" and name not in read:
            for group in layout.groups.values():
                if group.get("substance") == before:
                    group.setdefault("amount", name)


def beside_lists(
    layout: Layout, taken: Mapping[str, tuple[str, int]], names: Sequence[str]
) -> None:
    """Give each amount the list of substances before it, where that of the main one is first.

    `Main drug, %, Adulterant, %`: an amount beside cuts alone may be of what they are in.
    """
    roles = {column: role for role, column in layout.lists.items()}
    amounts = {before: name for before, name in pairwise(names)
               if before in roles and taken.get(name, ("",))[0] == "amount"}  # fmt: skip
    if len(amounts) < 2 or layout.lists.get("main") not in amounts:
        return
    for group in layout.groups.values():
        if group.get("amount") in amounts.values():
            del group["amount"]
    for place, (column, amount) in enumerate(amounts.items(), 1):
        layout.groups[LISTED + place] = {"substance": column, "amount": amount}
        layout.roles[column] = roles[column]
        del layout.lists[roles[column]]


def beside_contents(layout: Layout, names: Sequence[str]) -> None:
    """Let amounts be of the substance that the column before them is called by.

    `Fentanyl strip, Quant`: a quant always, another amount where no column of substances has it.
    """
    for group in list(layout.groups.values()):
        column = group.get("amount", "")
        before = names[: list(names).index(column)][-1:] if column in names else ()
        other = "substance" in group and "quant" not in folded(column).split("_")
        if other or not before or before[0] not in layout.contents:
            continue
        layout.contents[column] = (layout.contents[before[0]][0], layout.units.get(column))
        del group["amount"]


def settle(layout: Layout) -> None:
    """Tell a series of numbered substances from columns that hold for the whole row."""
    shared = layout.groups.get(0, {})
    numbered = [number for number in layout.groups if number]
    if numbered and "substance" in shared and "substance" not in layout.groups.get(1, {}):
        # "substance", "substance (2)", …: the first of a series has no number
        layout.groups[1] = {k: v for k, v in shared.items() if k not in ("method", "panel")}
        layout.groups[0] = {k: v for k, v in shared.items() if k in ("method", "panel")}
    alone = {*layout.lists} == {"main"} and not layout.contents and not numbered
    if alone and "amount" in shared and "substance" not in shared:
        # "principe actif, teneur": how much there is of the only list of the row
        shared["substance"] = layout.lists.popitem()[1]
    elif "amount" in shared and not {"substance", "role"} & set(shared) and "main" in layout.lists:
        # "substance principale, pureté, produits de coupe": how much there is of the main one
        shared["substance"] = layout.lists.pop("main")
        layout.roles[shared["substance"]] = "main"
    if {"substance", "role"} <= set(layout.groups.get(0, {})):
        layout.lists.clear()  # a row for each substance: lists would repeat the other rows


def read_of_results(layout: Layout) -> set[str]:
    """Return the columns that say something of a result."""
    parts = {c for group in layout.groups.values() for c in group.values()}
    return (parts | set(layout.contents) | set(layout.meant)) - set(of_nothing(layout))


def of_nothing(layout: Layout) -> list[str]:
    """Return the columns of amounts beside which no column says of what they are."""
    groups = layout.groups.values()
    of_some = {g["amount"] for g in groups if {"amount", "substance"} <= set(g)}
    return [g["amount"] for g in groups if "amount" in g and g["amount"] not in of_some]

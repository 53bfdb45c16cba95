"""What each column of a laboratory's table says: as told, by its name, by its cells."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from fanal.importers.lab.amount_units import find_units
from fanal.importers.lab.cells import columns, method_in
from fanal.importers.lab.column_cells import (
    MOST,
    Contents,
    cells_of,
    is_amount,
    is_substance,
    shares_of,
)
from fanal.importers.lab.column_names import (
    BARE_UNIT,
    IN_SERIES,
    LISTS,
    PARTS,
    about_a_person,
    alike_role,
    exact_role,
    left_out,
    named_role,
    of_a_case,
    substances_meant,
)
from fanal.importers.lab.corrected_roles import CLASSES, correct, inside
from fanal.importers.lab.layout import Layout
from fanal.importers.lab.pairing import (
    beside_contents,
    beside_lists,
    beside_substances,
    of_nothing,
    read_of_results,
    settle,
)
from fanal.importers.lab.unit_columns import (
    of_what_was_bought,
    of_what_was_found,
    paired,
    says_how_much,
    unit_columns,
    units_of,
)
from fanal.importers.lab.units import unit_in, whole_unit
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.looks import Look
from fanal.thesaurus import names_nothing, resolve, shipped

FURTHER = 100  # numbers of groups from which on a column of substances is of one method more
_PLUS = re.compile(r"\(?\+{1,3}\)?")


def layout_of(
    names: Sequence[str],
    mapping: Mapping[str, str | Sequence[str]],
    looks: Sequence[Look] = (),
) -> Layout:
    """Find what each column says: by `mapping` (role → column or columns), by name, by content.

    A name is known, is built from known words, or resembles a known one; where it is given what the
    columns look like, their cells have the last word on substances, amounts and dates.
    """
    layout = Layout()
    contents = {look.name: look for look in looks if look.filled}
    taken = _as_told(layout, names, mapping)
    mapped = {*taken, *layout.contents}
    unknown = _by_name(layout, taken, names, mapped, contents)
    if contents:
        correct(layout, taken, unknown, mapped, contents)
    _number(taken, names, mapped)
    _with_units(layout, taken, unknown, names, mapped, contents)
    _placed(layout, taken, unknown)
    _without_cases(layout, mapped)
    beside_substances(layout, taken, names)
    beside_lists(layout, taken, names)
    beside_contents(layout, names)
    _judged(layout, taken, contents)
    find_units(layout, contents)
    settle(layout)
    read = read_of_results(layout)
    unknown += [n for n in of_nothing(layout) if n not in unknown]
    layout.unknown = [n for n in unknown if n not in read and not re.fullmatch(r"column \d+", n)]
    return layout


def _as_told(
    layout: Layout, names: Sequence[str], mapping: Mapping[str, str | Sequence[str]]
) -> dict[str, tuple[str, int]]:
    """Return column → role and number of the columns that the description names."""
    by_fold = {folded(name): name for name in names}
    taken: dict[str, tuple[str, int]] = {}
    for role, given in mapping.items():
        for wanted in [given] if isinstance(given, str) else given:
            if name := by_fold.get(folded(wanted)):
                if role in shipped().substances:
                    layout.contents[name] = (role, unit_in(name)[1])
                else:
                    taken[name] = (role, 0)
    return taken


def _by_name(
    layout: Layout, taken: dict[str, tuple[str, int]], names: Sequence[str],
    mapped: Collection[str], contents: Contents,
) -> list[str]:  # fmt: skip
    """Give the other columns the roles that their names tell; return those that tell none."""
    left = left_out(names)
    ours = tuple(p for p in columns()["left"]["prefixes"] if p.endswith("_"))
    unknown: list[str] = []
    for name in names:
        if method := method_in(name):
            layout.methods[name] = method
        if name in mapped:
            continue
        if meant := substances_meant(name):
            layout.meant[name] = meant
            layout.units[name] = unit_in(name)[1] or "%"
            continue
        substances = shares_of(contents, name).substances >= MOST
        if about_a_person(name, soft=not substances):
            layout.people.append(name)
        elif not exact_role(name) and (_flagged(layout, name) or name in left):
            continue
        elif known := named_role(name):
            role, place, substance = known
            if substance:
                unit = unit_in(name)[1] or ("%" if "%" in name else None)
                layout.contents[name] = (substance, unit)
            else:
                taken[name] = (role, place)
        elif not folded(name).startswith(ours):
            unknown.append(name)
    for name, (role, place) in taken.items():
        if role == "sold_as" and place and ("amount", place) in taken.values():
            taken[name] = "substance", place  # "drug 1, amount 1"
    for name in unknown:
        if near := alike_role(name):
            layout.guessed[name] = near
            taken[name] = (near, 0)
    return [n for n in unknown if n not in taken and n not in layout.flags]


def _placed(layout: Layout, taken: Mapping[str, tuple[str, int]], unknown: list[str]) -> None:
    """Put the columns where they belong in the layout, with the units of their headers."""
    for name, (role, _) in taken.items():
        if unit := _unit_of_header(name, role):
            layout.units[name] = unit
    for name in sorted(taken, key=lambda n: _rank(n, taken[n][0])):
        role, place = taken[name]
        if not _put(layout, role, name, place):  # another has what only one can
            layout.guessed.pop(name, None)
            unknown.append(name)


def _judged(layout: Layout, taken: Mapping[str, tuple[str, int]], contents: Contents) -> None:
    """Say of a layout how much of what was found is known, and whether panels are of signs."""
    if contents:
        named = [n for n, (role, _) in taken.items() if role == "substance" or role in LISTS]
        said = [c for n in named for c in cells_of(contents, n) if not names_nothing(c, shipped())]
        names_one = sum(is_substance(c[:200]) for c in said)
        layout.resolved = names_one / len(said) if said and not layout.contents else 1.0
    answered = [c for n in layout.contents for c in cells_of(contents, n)]
    layout.signed = any(map(_PLUS.fullmatch, answered))


def _without_cases(layout: Layout, mapped: Collection[str]) -> None:
    """Leave out numbers of files about someone beside another reference; alone they are one."""
    said = layout.sample.get("reference", [])
    cases = [n for n in said if of_a_case(n)]
    others = [n for n in said if n not in cases]
    if others and not (cases and said[0] in mapped):
        layout.sample["reference"] = others
        layout.people += cases
    layout.of_case = bool(cases) and layout.sample["reference"][0] in cases


def _flagged(layout: Layout, name: str) -> bool:
    """Take a column such as `expect_fentanyl` for a flag of what it was sold as."""
    flag = re.fullmatch(r"(?:sold_as|vendu_comme|expect|expected)_(.+)", folded(name))
    if flag and (substance := resolve(flag[1].replace("_", " "), shipped())[0]):
        layout.flags[name] = substance
        return True
    return False


def _rank(name: str, role: str) -> int:
    """Order columns of one role: a sample was collected, received, analysed, then published."""
    form = folded(name)
    if role == "date":
        stages = (
            ("collect", "recueil", "prelev", "achat"),
            ("recept", "recu", "receiv", "depot"),
            ("test", "analy"),
        )
        named = (i for i, words in enumerate(stages) if any(w in form for w in words))
        return next(named, 3 + ("publi" in form))
    if role == "sold_as":
        if CLASSES.intersection(form.split("_")):
            return 2  # a class of products: "Drug Category" beside "Drug"
        return int(form in ("produit", "product", "drug", "drogue"))
    return int(exact_role(name) is None)


def _number(
    taken: dict[str, tuple[str, int]], names: Sequence[str], mapped: Collection[str]
) -> None:
    """Number the columns of a series whose headers stand several times: "Substance", "Purity"."""
    again: dict[str, int] = {}
    for place, name in enumerate(names, 1):
        found = re.fullmatch(r"(.+) \((\d+)\)", name)
        if found and found[1] in names and name not in mapped:
            earlier = [n for n in again if n.startswith(f"{found[1]} (")]
            again[name] = len(earlier) + 2 if int(found[2]) == place else int(found[2])
    if "substance" in {taken[n][0] for n in again if n in taken}:
        for name, number in again.items():
            role = taken.get(name, ("",))[0]
            if (part := IN_SERIES.get(role, role)) in PARTS:
                taken[name] = part, number
                first = name.rpartition(" (")[0]
                if taken.get(first, ("",))[0] == role:
                    taken[first] = part, 0


def _with_units(
    layout: Layout, taken: dict[str, tuple[str, int]], unknown: list[str],
    names: Sequence[str], mapped: Collection[str], contents: Contents,
) -> None:  # fmt: skip
    """Pair columns of units with their figures, and let units say what these are of."""
    units = unit_columns(names, taken, contents)

    def having(*roles: str) -> list[str]:
        return [n for n, (role, _) in taken.items() if role in roles and n not in units]

    def may_be_figures(name: str) -> bool:
        other = name in unknown or name in having("description")
        return other and name in contents and contents[name].share(is_amount) >= MOST

    figures = {*having("amount", "quantity", "price"), *layout.contents}
    apart = having("amount") or not inside(taken, contents)
    # a limit beside an amount has no unit
    if apart and all(unit_in(n)[1] for n in having("amount")):
        figures |= {n for n in names if n not in units and may_be_figures(n)}
    layout.unit_columns = paired(units, [n for n in names if n in figures], names, taken, mapped)
    priced = bool(having("price"))
    for name in [n for n in names if n in figures - {*mapped} - {*layout.contents}]:
        role, number = taken.get(name, ("", 0))
        if not role and name not in layout.unit_columns and unit_in(name)[1] is None:
            continue
        said = units_of(name, layout.unit_columns.get(name), contents)
        others = [n for n in having("amount") if n != name and not says_how_much(n)]
        now = role if number else _by_units(name, role, said, priced, bool(others))
        if now != role and not (now == "quantity" and having("quantity")):
            taken[name] = now, 0
            if role in ("", "description"):
                layout.guessed[name] = now
            if name in unknown:
                unknown.remove(name)
    amounts = [*having("amount"), *layout.contents]
    if len(units) == 1 and not {*layout.unit_columns}.isdisjoint(amounts):
        bare = [n for n in amounts if unit_in(n)[1] is None]  # one column of units is of all
        layout.unit_columns |= dict.fromkeys(bare, units[0])
    paid = {u for n, u in layout.unit_columns.items() if n in having("price")}
    empty = {n for n in having("unit", "amount_unit") if n not in mapped}
    for column in {*layout.unit_columns.values(), *empty} - {*mapped}:
        taken.pop(column, None)
        if column in unknown:
            unknown.remove(column)
    taken.update(dict.fromkeys(paid, ("unit", 0)))


def _by_units(name: str, role: str, units: Sequence[str], priced: bool, others: bool) -> str:
    """Return what figures of a role are by their units: an amount found, or what was bought.

    Words that say only how much ("Quantité", "Amount") are either.
    """
    if role == "description":  # a weight in kg is no tablet's
        return "quantity" if units and of_what_was_bought(units) and "kg" in units else role
    if role and not says_how_much(name):
        return role
    if role != "amount" and not others and of_what_was_found(units, priced):
        return "amount"
    if of_what_was_bought(units):
        return "quantity"
    return "quantity" if role == "amount" and others and not units else role


def _unit_of_header(name: str, role: str) -> str | None:
    """Return the unit that a header says: "teneur (mg)", "% 1"; of names, "analysis (ng/ml)"."""
    if role not in ("amount", "substance", *LISTS):
        return None
    if (unit := unit_in(name)[1]) or role != "amount":
        return unit
    if "%" in name:
        return "%"
    if whole := whole_unit(name):
        return whole
    return "mg" if BARE_UNIT.fullmatch(name) else None  # "mg 1"


def _put(layout: Layout, role: str, name: str, number: int) -> bool:
    """Give a column its role; False where another has it already and only one can.

    A further column of substances is read where it is of another method.
    """
    taken = layout.groups.get(number, {}).get("substance")
    if role == "substance" and taken and layout.methods.get(name, "") not in (
        "", layout.methods.get(taken)
    ):  # fmt: skip
        number = FURTHER + len(layout.groups)
    if role == "amount_unit":
        return False  # of no figures
    if role in LISTS:
        return layout.lists.setdefault(role, name) == name
    if role in PARTS:
        group = layout.groups.setdefault(number, {})
        if group.setdefault(role, name) != name:
            return False
    else:
        layout.sample.setdefault(role, []).append(name)
    return True

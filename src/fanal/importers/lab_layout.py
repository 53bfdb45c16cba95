"""What the columns of a laboratory's table say: roles, series of substances, people."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from fanal.importers.lab_cells import columns, unit_in
from fanal.importers.rows import folded
from fanal.thesaurus import Thesaurus, resolve

ALIKE = 0.88  # a header so near a known one is a spelling of it
PARTS = ("substance", "amount", "amount_unit", "uncertainty", "role", "method", "panel")
LISTS = ("main", "minor", "trace", "cut")
_NUMBERED = re.compile(r"(?P<stem>.*?)_?(?P<number>\d{1,2})(?P<rest>(?:_[a-z_]+)?)")


@dataclass
class Layout:
    """Columns by what they say."""

    sample: dict[str, list[str]] = field(default_factory=dict)  # role → columns
    groups: dict[int, dict[str, str]] = field(default_factory=dict)  # number → part → column
    lists: dict[str, str] = field(default_factory=dict)  # role → column of "a; b; c"
    flags: dict[str, str] = field(default_factory=dict)  # column → substance that it was sold as
    contents: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # column → substance
    units: dict[str, str] = field(default_factory=dict)  # column → unit in its header
    people: list[str] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)  # column → role that it was taken for
    unknown: list[str] = field(default_factory=list)

    @property
    def tells_contents(self) -> bool:
        """Whether anything says what was found."""
        return bool(
            self.lists or self.contents or any("substance" in g for g in self.groups.values())
        )

    @property
    def fits(self) -> bool:
        """Whether this is a table of samples with results: not of posts, not of figures."""
        about = {"sold_as", "date", "form", "place"} & set(self.sample)
        shared = self.groups.get(0, {})
        measured = {"amount", "role", "method"} & set(shared) or 1 in self.groups
        named = "reference" in self.sample
        return (
            self.tells_contents
            and ("sold_as" in self.sample or bool(self.flags) or bool(measured))
            and (named or bool(about))
        )


def layout_of(
    names: Sequence[str], thesaurus: Thesaurus, mapping: Mapping[str, str | Sequence[str]]
) -> Layout:
    """Find what each column says; `mapping` (role → column or columns) comes first."""
    layout = Layout()
    by_fold = {folded(name): name for name in names}
    taken = set()
    for role, given in mapping.items():
        for wanted in [given] if isinstance(given, str) else given:
            if name := by_fold.get(folded(wanted)):
                _put(layout, role, name, 0)
                taken.add(name)
    late = [name for name in names if name not in taken and not _place(layout, name)]
    for name in late:
        _guess(layout, name, thesaurus)
    _settle(layout)
    return layout


def may_fit(names: Sequence[str]) -> bool:
    """Say whether enough columns are known by name for a closer, slower look."""
    layout = Layout()
    known = sum(_place(layout, name) for name in names)
    return known >= 2 and bool({"reference", "sold_as"} & set(layout.sample) or layout.groups)


def _forms(name: str) -> list[str]:
    """Give a header as it is and without what stands in parentheses or after its unit."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", name)
    return list(
        dict.fromkeys(f for f in (folded(name), folded(bare), folded(unit_in(bare)[0])) if f)
    )


def _place(layout: Layout, name: str) -> bool:
    """Put a column where its name says; False if the name is not known."""
    known = columns()
    if again := re.fullmatch(r"(.+) \((\d+)\)", name):  # a header that stands several times
        role = next((r for r in PARTS if folded(again[1]) in known["result"][r]), None)
        if role:
            _put(layout, role, name, int(again[2]))
            return True
    for form in _forms(name):
        if form in known["person"]["whole"] or any(w in form for w in known["person"]["within"]):
            layout.people.append(name)
            return True
    for form in _forms(name):
        for kind in ("sample", "result"):
            for role, aliases in known[kind].items():
                if form in aliases:
                    _put(layout, role, name, 0)
                    return True
    for form in _forms(name):
        found = _NUMBERED.fullmatch(form)
        if found and found["number"]:
            stem = f"{found['stem']}{found['rest']}".strip("_")
            role = next((r for r in PARTS if stem in known["result"][r]), None)
            if role is None and stem in known["sample"]["unit"]:
                role = "amount_unit"
            if role:
                _put(layout, role, name, int(found["number"]))
                return True
    return False


def _put(layout: Layout, role: str, name: str, number: int) -> None:
    if role in LISTS:
        layout.lists.setdefault(role, name)
    elif role in PARTS:
        layout.groups.setdefault(number, {}).setdefault(role, name)
        unit = unit_in(name)[1] if role == "amount" else None
        if unit:
            layout.units[name] = unit
    else:
        layout.sample.setdefault(role, []).append(name)


def _guess(layout: Layout, name: str, thesaurus: Thesaurus) -> None:
    """Take a column by what its name resembles: a flag, a substance, a spelling of a known one."""
    known = columns()
    form = folded(name)
    flag = re.fullmatch(r"(?:sold_as|vendu_comme|expect|expected)_(.+)", form)
    if flag and (substance := resolve(flag[1].replace("_", " "), thesaurus)[0]):
        layout.flags[name] = substance
        return
    if any(
        form == p or (form.startswith(p) and p.endswith("_")) for p in known["left"]["prefixes"]
    ):
        return
    label, unit = unit_in(name)
    substance, sure = resolve(label, thesaurus)
    if substance and sure:
        layout.contents[name] = (substance, unit)
        return
    near = [
        (SequenceMatcher(None, form, alias).ratio(), role)
        for kind in ("sample", "result")
        for role, aliases in known[kind].items()
        for alias in aliases
        if len(alias) > 4
    ]
    ratio, role = max(near)
    if ratio >= ALIKE:
        layout.guessed[name] = role
        _put(layout, role, name, 0)
    else:
        layout.unknown.append(name)


def _settle(layout: Layout) -> None:
    """Tell a series of numbered substances from columns that hold for the whole row."""
    shared = layout.groups.get(0, {})
    numbered = [number for number in layout.groups if number]
    if numbered and "substance" in shared and "substance" not in layout.groups.get(1, {}):
        # "substance", "substance (2)", …: the first of a series has no number
        layout.groups[1] = {k: v for k, v in shared.items() if k not in ("method", "panel")}
        layout.groups[0] = {k: v for k, v in shared.items() if k in ("method", "panel")}
    if {"substance", "role"} <= set(layout.groups.get(0, {})):
        layout.lists.clear()  # a row for each substance: lists would repeat the other rows

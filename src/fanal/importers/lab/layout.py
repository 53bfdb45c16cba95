"""The columns of a laboratory's table by what they say."""

from __future__ import annotations

from dataclasses import dataclass, field

from fanal.importers.lab.units import IN_BULK

FEW = 0.3  # of the cells of what was found that name a substance: less is another kind of table


@dataclass
class Layout:
    """Columns by what they say."""

    sample: dict[str, list[str]] = field(default_factory=dict)  # role → columns
    groups: dict[int, dict[str, str]] = field(default_factory=dict)  # number → part → column
    lists: dict[str, str] = field(default_factory=dict)  # role → column of "a; b; c"
    flags: dict[str, str] = field(default_factory=dict)  # column → substance that it was sold as
    contents: dict[str, tuple[str, str | None]] = field(default_factory=dict)  # column → substance
    units: dict[str, str] = field(default_factory=dict)  # column → unit in its header
    unit_columns: dict[str, str] = field(default_factory=dict)  # column → the one of its units
    methods: dict[str, str] = field(default_factory=dict)  # column → method that its name tells
    bare: dict[str, str] = field(default_factory=dict)  # column of amounts without a unit → taken
    roles: dict[str, str] = field(default_factory=dict)  # column of substances → role of all
    meant: dict[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # column of amounts → the substances that its header names, "" for the main one
    signed: bool = False  # a panel of "+" and "-": there a dash is "not found"
    inside: str = ""  # unit of the amounts that stand beside names in cells, where told
    quantity_in: str = ""  # unit of what was bought or seized, where told
    between: str = ""  # the sign that stands between the thousands of amounts, where shown
    of_case: bool = False  # the reference is of a file about someone
    people: list[str] = field(default_factory=list)
    guessed: dict[str, str] = field(default_factory=dict)  # column → role that it was taken for
    unknown: list[str] = field(default_factory=list)
    resolved: float = 1.0  # share of cells that name a substance, where they should

    @property
    def tells_contents(self) -> bool:
        """Whether anything says what was found."""
        return bool(
            self.lists or self.contents or any("substance" in g for g in self.groups.values())
        )

    @property
    def named(self) -> set[str]:
        """The columns of which something is made, or was told that nothing is."""
        parts = {c for group in self.groups.values() for c in group.values()}
        sample = {c for names in self.sample.values() for c in names}
        read = {*self.lists.values(), *self.flags, *self.contents, *self.meant, *self.guessed}
        read |= {*self.unit_columns.values()}
        return parts | sample | read | {*self.people, *self.unknown}

    @property
    def fits(self) -> bool:
        """Whether this is a table of samples with results: not of posts, offers or figures.

        What a header does not say does not count: titles of offers name substances too.
        """
        sample = {role for role, names in self.sample.items() if set(names) - set(self.guessed)}
        shared = self.groups.get(0, {})
        found = [c for g in self.groups.values() for part, c in g.items() if part == "substance"]
        contents = any(u and u not in IN_BULK for _, u in self.contents.values())
        told = bool({*found, *self.lists.values()} - set(self.guessed))
        told |= contents or len(self.contents) > 1
        measured = bool({"amount", "role", "method"} & set(shared) or 1 in self.groups)
        measured |= bool(self.meant) or self.signed or contents
        measured |= not {*found, *self.lists.values()}.isdisjoint(self.units)
        return (
            told
            and (bool({"sold_as", "sold_as_label"} & sample) or bool(self.flags) or measured)
            and bool({"reference", "sold_as", "sold_as_label", "date", "form", "place"} & sample)
            and self.resolved >= FEW
        )

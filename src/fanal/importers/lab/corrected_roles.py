"""What the cells of a laboratory's columns say of them, against their names or beside these."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from fanal.importers.lab.cells import columns, read_amount, spelt
from fanal.importers.lab.column_cells import (
    MOST,
    Contents,
    all_answer,
    cells_of,
    is_date,
    names_something,
    shares_of,
    tells_amounts,
)
from fanal.importers.lab.column_names import LISTS, exact_role
from fanal.importers.lab.layout import FEW, Layout
from fanal.importers.lab.units import unit_in
from fanal.importers.reading.column_words import folded

CLASSES = {"category", "categorie", "class", "classe", "family", "famille", "kategorie", "klasse"}
REAGENT = "reagent test"  # the method whose answer is a colour: Purple is no codeine
_UNITED = re.compile(r"\d\s*(?:%|mg\b|µg\b)", re.IGNORECASE)
_FLAGS = {"0", "1", "true", "false", "True", "False", "TRUE", "FALSE"}
_FINDING = [
    "detect",
    "identifi",
    "trouv",
    "found",
    "resultat",
    "result",
    "analy",
    "actual",
    "composition",
    "labo",
]
_UNIQUE = 0.9  # of the cells of a column of references
_LONGEST = 24  # characters of a reference


def correct(
    layout: Layout,
    taken: dict[str, tuple[str, int]],
    unknown: list[str],
    mapped: Collection[str],
    contents: Contents,
) -> None:
    """Let the cells decide where they contradict or complete what the names say.

    `taken` (column → role and number in a series) and `unknown` are changed; what the description
    names, `mapped`, stays.
    """
    roles = _Roles(layout, taken, unknown, mapped, contents)
    roles.against_names()
    roles.unnamed_substances()
    roles.answers()
    roles.sold_beside_found()
    roles.of_what()
    roles.unnamed_amounts()
    roles.unnamed_dates()
    roles.unnamed_references()


class _Roles:
    """The roles of columns, while the cells correct them."""

    def __init__(
        self, layout: Layout, taken: dict[str, tuple[str, int]], unknown: list[str],
        mapped: Collection[str], contents: Contents,
    ) -> None:  # fmt: skip
        self.layout, self.taken, self.unknown = layout, taken, unknown
        self.mapped, self.contents = mapped, contents
        self.shares = {n: shares_of(contents, n) for n in (*taken, *unknown)}

    def having(self, *roles: str) -> list[str]:
        return [n for n, (role, _) in self.taken.items() if role in roles]

    def take(self, name: str, role: str) -> None:
        self.taken[name] = (role, self.taken.get(name, ("", 0))[1])
        self.layout.guessed[name] = role
        if name in self.unknown:
            self.unknown.remove(name)

    def drop(self, name: str) -> None:
        self.taken.pop(name)
        self.unknown.append(name)

    def cells(self, name: str) -> Sequence[str]:
        return cells_of(self.contents, name)

    def against_names(self) -> None:
        """Correct the columns whose cells say something else than their names."""
        for name in [n for n in self.taken if n not in self.mapped]:
            role, _ = self.taken[name]
            share = self.shares[name]
            if self._is_other(name, role):
                self.drop(name)
            elif role in ("substance", *LISTS) and share.amounts >= MOST > share.substances:
                self.take(name, "amount")
            elif role in ("amount", "quantity") and share.substances >= MOST > share.amounts:
                self.take(name, "substance")
            elif role == "role" and share.amounts >= MOST and not self.having("amount"):
                self.take(name, "amount")  # "proportion": of how much, and not as what

    def _is_other(self, name: str, role: str) -> bool:
        """Say whether a column is not what its name says, and nothing else that is known."""
        share = self.shares[name]
        if role in LISTS and {*self.cells(name)} <= _FLAGS and name in self.contents:
            return True  # "primary: 1" says which it is, and not how much
        if role in ("unit", "amount_unit"):
            return share.amounts >= MOST  # how many units
        if role == "sold_as" and all_answer(self.cells(name)):
            return True  # "matched expectation: yes"
        if folded(name) == "score" and share.amounts >= MOST:
            return True  # how well a spectrum fits, and no line across a tablet
        words = role in ("form", "description", "reference") and share.surely >= MOST
        return words and not exact_role(name)

    def unnamed_substances(self) -> None:
        """Take columns of substances that no name tells for what it was sold as, then found."""
        for name in [n for n in self.unknown if self.layout.methods.get(n) != REAGENT]:
            if self.shares[name].substances >= MOST and not self.having("sold_as"):
                self.take(name, "sold_as")
            elif self.shares[name].surely >= MOST:  # a street name is no laboratory's word
                self.take(name, "substance")

    def answers(self) -> None:
        """Take answers for amounts of what another column names: "substance tested, result"."""
        found = self._found()
        for name in [n for n in found if all_answer(self.cells(n))]:
            panel = [n for n in self.having("panel") if self.shares[n].surely >= MOST]
            if len(found) > 1:  # "substance recherchée, résultat": of what the other column names
                self.take(name, "amount")
                found.remove(name)
            elif panel:
                self.take(panel[0], "substance")  # "tested for, result": one a row
                self.take(name, "amount")

    def _found(self) -> list[str]:
        """Return the columns of what was found that stand in no series."""
        named = self.having("substance")
        return [n for n in named if self.taken[n][1] == 0 and n not in self.mapped]

    def sold_beside_found(self) -> None:
        """Take the first of several columns of substances for what it was sold as.

        That is none whose header speaks of finding; where all do, none is.
        """
        found = self._found()
        if len(found) < 2 or self.having("sold_as", "sold_as_label"):
            return
        plain = [n for n in found if not any(w in folded(n) for w in _FINDING)]
        if plain and len(plain) < len(found):
            self.take(plain[0], "sold_as")

    def of_what(self) -> None:
        """Find of what the amounts are, where no column says what was found."""
        told = self.having("substance", *LISTS) or self.layout.contents
        sold = [n for n in self.having("sold_as") if n not in self.mapped]
        named = self.having("substance", "main") or self.layout.contents
        product = [n for n in sold if _is_product(n)]
        parts = self.having("cut", "minor", "trace") and self.having("amount")
        if product and not named and parts:
            self.take(product[-1], "substance")  # "nature of the product, purity, cuts"
            return
        if told or self._before_amounts():
            return
        if sold and (len(sold) > 1 or self.having("amount")):
            self.take(sold[-1], "substance")

    def _before_amounts(self) -> bool:
        """Take the column before the amounts for what they are of: "Category, Quant"."""
        quantified, order = self.having("amount")[:1], list(self.contents)
        before = order[: order.index(quantified[0])][-1:] if {*quantified} & {*order} else []
        for name in before:
            sold = self.taken.get(name, ("",))[0] == "sold_as"
            if name not in self.mapped and not sold and names_something(name, self.contents):
                self.take(name, "substance")
                return True
        return False

    def unnamed_amounts(self) -> None:
        """Take for amounts a column with a unit: "Combien (%)", or units in its cells."""
        if self.having("amount") or self.layout.contents or inside(self.taken, self.contents):
            return
        for name in self.unknown:
            cells = self.cells(name)
            in_unit = bool(unit_in(name)[1]) or "%" in name
            in_unit |= bool(cells) and self.contents[name].share(_UNITED.search) >= FEW
            if cells and in_unit and all(read_amount(c) is not None for c in cells):
                self.take(name, "amount")
                return

    def unnamed_dates(self) -> None:
        dated = [n for n in self.unknown if self.cells(n)]
        dated = [n for n in dated if self.contents[n].share(is_date) >= MOST]
        if dated and not self.having("date"):
            self.take(dated[0], "date")

    def unnamed_references(self) -> None:
        def short(cell: str) -> bool:
            return len(cell) <= _LONGEST and any(sign.isdigit() for sign in cell)

        if self.having("reference"):
            return
        for name in self.unknown:
            cells = self.cells(name)
            if self.shares[name].different > _UNIQUE and cells and all(map(short, cells)):
                self.take(name, "reference")
                return


def inside(taken: Mapping[str, tuple[str, int]], contents: Contents) -> bool:
    """Say whether how much there is stands beside the names, in their own column."""
    named = [n for n, (role, _) in taken.items() if role == "substance" or role in LISTS]
    return any(tells_amounts(cells_of(contents, n)) for n in named)


def _is_product(name: str) -> bool:
    """Say whether a header is of a product, and not of what it was sold or expected as."""
    words = folded(name).split("_")
    return spelt(words, ["produ*", "drug*", "drog*", "stupefiant*"]) and len(words) <= 3 and not (
        CLASSES.intersection(words) or spelt(words, columns()["cues"]["sold"])
    )  # fmt: skip

"""Cell suppression: which cells of a table of counts are withheld with the small ones.

The attacker of `intervals` knows every total, that a withheld small count is between 1 and the
threshold, and how we withhold; what is left to them is an interval, found by linear programming
(HiGHS). A cell is added to what is withheld until every interval is wide enough, so the guarantee
is the attack itself. Why not a package: `docs/explanation/decisions/disclosure.md`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, NamedTuple

from fanal.edition import too_small

SOLVED = 60  # withheld cells of one table up to which the attack is solved in full


class Sum(NamedTuple):
    """A cell that is the sum of others."""

    total: int
    parts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Protected:
    """Which cells of a table are withheld: those that are small, and those that would tell them."""

    small: frozenset[int]
    others: frozenset[int]

    @property
    def withheld(self) -> frozenset[int]:
        """Return every cell that is not shown."""
        return self.small | self.others


def protect(
    values: Sequence[int],
    sums: Sequence[Sum],
    least: int,
    *,
    persons: Set[int] | None = None,
    unseen: Set[int] = frozenset(),
    also: Set[int] = frozenset(),
    solved: int = SOLVED,
) -> Protected:
    """Return what is withheld of a table of counts; a zero is shown.

    `persons` are the cells that count persons (all of them by default); `unseen` those that are
    published nowhere in any case; `also` those that are withheld for another reason. Beyond
    `solved` withheld cells the attack looks at each sum, and at what all of them determine.

    Raises:
        ValueError: a total is not the sum of its parts.
    """
    for total, parts in sums:
        if values[total] != sum(values[i] for i in parts):
            raise ValueError(f"cell {total} is not the sum of its parts")
    small = frozenset(
        i for i, value in enumerate(values)
        if too_small(value, least) and (persons is None or i in persons)
    )  # fmt: skip
    if not small and not also:
        return Protected(small, frozenset())
    hidden = set(small | unseen | also)
    _pair(values, sums, hidden)
    while weak := _weak(values, sums, small, hidden, least, solved, unseen - small):
        added = _next(values, sums, hidden, weak)
        if not added:  # nothing is left that could be withheld with them
            break
        hidden |= added
        _pair(values, sums, hidden)
    return Protected(small, frozenset(hidden - small - unseen))


def _pair(values: Sequence[int], sums: Sequence[Sum], hidden: set[int]) -> None:
    """Withhold a second cell wherever one alone could be computed from its sum."""
    changed = True
    while changed:
        changed = False
        for total, parts in sums:
            if sum(i in hidden for i in (total, *parts)) == 1:
                free = [i for i in parts if i not in hidden and values[i]]
                free = free or [i for i in (total,) if i not in hidden and values[i]]
                if free:
                    hidden.add(min(free, key=lambda i: (values[i], i)))
                    changed = True


def _weak(
    values: Sequence[int],
    sums: Sequence[Sum],
    small: frozenset[int],
    hidden: set[int],
    least: int,
    solved: int,
    known: Set[int],
) -> set[int]:
    """Return the withheld cells, but for the `known`, that an attacker would know too well."""
    weak = _of_one_sum(values, sums, small, hidden, least) - known
    weak = weak or _determined(sums, hidden) - known
    if weak or len(hidden) > solved or not _crossed(sums, hidden):
        return weak
    found = intervals(values, sums, small, hidden, least)
    return {
        i for i, (low, high) in found.items()
        if i not in known and high - low < _width(i in small, least)
    }  # fmt: skip


def exposed(
    values: Sequence[int],
    sums: Sequence[Sum],
    small: Set[int],
    hidden: Set[int],
    least: int,
    *,
    solved: int = SOLVED,
) -> set[int]:
    """Return which of the small cells, all of them withheld, an attacker would know too well."""
    if not small:
        return set()
    found = _of_one_sum(values, sums, small, hidden, least) | _determined(sums, hidden)
    if len(hidden) <= solved and _crossed(sums, set(hidden)):
        known = intervals(values, sums, small, set(hidden), least)
        found |= {i for i in small if known[i][1] - known[i][0] < _width(True, least)}
    return found & small


def _crossed(sums: Sequence[Sum], hidden: Set[int]) -> bool:
    """Say whether a withheld cell stands in two sums: then one sum alone does not say it all."""
    seen: set[int] = set()
    for total, parts in sums:
        here = hidden & {total, *parts}
        if here & seen:
            return True
        seen |= here
    return False


def _of_one_sum(
    values: Sequence[int], sums: Sequence[Sum], small: Set[int], hidden: Set[int], least: int
) -> set[int]:
    """Return the withheld cells that one sum tells too well."""
    weak = set()
    for total, parts in sums:
        if total in hidden:  # its value is unknown: the parts tell it, it does not tell them
            continue
        mine = [i for i in parts if i in hidden]
        rest = sum(values[i] for i in mine)
        for i in narrow(rest, [i in small for i in mine], least):
            weak.add(mine[i])
    return weak


def narrow(rest: int, small: Sequence[bool], least: int) -> list[int]:
    """Return which of some withheld counts their sum tells too well, by number.

    A small one is known to be between 1 and the threshold, another one to be no less than 0.
    """
    low = sum(small)
    most = (least - 1) * low
    bounded = all(small)
    found = []
    for i, is_small in enumerate(small):
        bottom = max(1, rest - (most - (least - 1))) if bounded else int(is_small)
        if not is_small and sum(not s for s in small) == 1:
            bottom = max(0, rest - most)
        top = rest - (low - is_small)
        top = min(least - 1, top) if is_small else top
        if top - bottom < _width(is_small, least):
            found.append(i)
    return found


def _determined(sums: Sequence[Sum], hidden: Set[int]) -> set[int]:
    """Return the withheld cells whose value all of the sums together leave no choice of."""
    import numpy as np

    rows = [row for total, parts in sums if (row := _open(total, parts, hidden))]
    holding: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        for cell in row:
            holding.setdefault(cell, set()).add(number)
    # A sum with a cell that stands in no other binds nothing else: the cell takes up any rest.
    taken: list[tuple[int, dict[int, float]]] = []
    left = set(range(len(rows)))
    once = [cell for cell, where in holding.items() if len(where) == 1]
    while once:
        cell = once.pop()
        if not holding[cell]:  # its sum went with another cell
            continue
        number = holding[cell].pop()
        left.remove(number)
        taken.append((cell, rows[number]))
        for other in rows[number]:
            holding[other].discard(number)
            if len(holding[other]) == 1:
                once.append(other)
    free = _left_open([rows[number] for number in sorted(left)])
    loose = holding.keys() - free.keys() - {cell for cell, _ in taken}
    size = max((len(way) for way in free.values()), default=0)
    ways = {cell: np.pad(way, (0, len(loose))) for cell, way in free.items()}
    ways |= {
        cell: np.eye(1, size + len(loose), size + i)[0] for i, cell in enumerate(sorted(loose))
    }
    for cell, row in reversed(taken):
        others = [-sign / row[cell] * ways[other] for other, sign in row.items() if other != cell]
        ways[cell] = sum(others, np.zeros(size + len(loose)))
    return {cell for cell, way in ways.items() if not (abs(way) > 1e-9).any()}


def _open(total: int, parts: Sequence[int], hidden: Set[int]) -> dict[int, float]:
    """Return the withheld cells of a sum with their signs."""
    row: dict[int, float] = {}
    for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
        if cell in hidden:
            row[cell] = row.get(cell, 0.0) + sign
    return {cell: sign for cell, sign in row.items() if sign}


def _left_open(rows: Sequence[Mapping[int, float]]) -> dict[int, Any]:
    """Return how each cell of some equations moves along what they leave open, as floats."""
    import numpy as np

    free: list[tuple[list[int], Any]] = []
    for mine in _apart(rows):  # what has no cell in common is solved alone: far less to solve
        order = sorted({cell for row in mine for cell in row})
        column = {cell: i for i, cell in enumerate(order)}
        matrix = np.zeros((len(mine), len(order)))
        for number, row in enumerate(mine):
            for cell, sign in row.items():
                matrix[number, column[cell]] = sign
        _, singular, right = np.linalg.svd(matrix)
        free.append((order, right[int((singular > 1e-9).sum()) :]))
    size, found = sum(len(open_) for _, open_ in free), dict[int, Any]()
    first = 0
    for order, open_ in free:
        for i, cell in enumerate(order):
            found[cell] = np.zeros(size)
            found[cell][first : first + len(open_)] = open_[:, i]
        first += len(open_)
    return found


def _apart(rows: Sequence[Mapping[int, float]]) -> list[list[Mapping[int, float]]]:
    """Return equations in groups that have no cell in common."""
    groups: dict[int, list[Mapping[int, float]]] = {}
    group_of: dict[int, int] = {}  # of a cell
    for number, row in enumerate(rows):
        groups[number] = [row]
        for other in sorted({group_of[cell] for cell in row if cell in group_of}):
            joined = groups.pop(other)
            groups[number] += joined
            group_of.update((cell, number) for each in joined for cell in each)
        group_of.update((cell, number) for cell in row)
    return list(groups.values())


def _width(small: bool, least: int) -> float:
    """Return how wide the interval of a withheld cell must be."""
    return (least - 1) / 2 - 0.5 if small else 2.0


def _next(values: Sequence[int], sums: Sequence[Sum], hidden: set[int], weak: Set[int]) -> set[int]:
    """Return the cheapest shown cells that stand in sums with those that are known too well.

    One for each that has nothing to do with another: they may protect each other.
    """
    for known in (weak, hidden):
        near: dict[int, set[int]] = {}  # a shown cell: the sums that it would open
        for number, (total, parts) in enumerate(sums):
            if not known.isdisjoint((total, *parts)):
                for i in (total, *parts):
                    if i not in hidden and values[i]:
                        near.setdefault(i, set()).add(number)
        touched: set[int] = set()
        added: set[int] = set()
        for i in sorted(near, key=lambda i: (values[i], i)):
            cells = {cell for n in near[i] for cell in (sums[n].total, *sums[n].parts)}
            if cells.isdisjoint(touched):
                added.add(i)
            touched |= cells
        if added:
            return added
    return set()


def intervals(
    values: Sequence[int],
    sums: Sequence[Sum],
    small: Set[int],
    hidden: Set[int],
    least: int,
) -> dict[int, tuple[float, float]]:
    """Return what an attacker can say of each withheld cell, given the shown ones and the sums."""
    import numpy as np
    from scipy.optimize import linprog

    order = sorted(hidden)
    column = {cell: i for i, cell in enumerate(order)}
    rows, right = [], []
    for total, parts in sums:
        row = np.zeros(len(order))
        known = 0.0
        for cell, sign in ((total, -1.0), *((part, 1.0) for part in parts)):
            if cell in column:
                row[column[cell]] += sign
            else:
                known += sign * values[cell]
        if row.any():
            rows.append(row)
            right.append(-known)
    bounds = [(1, least - 1) if cell in small else (0, None) for cell in order]
    found = {}
    for cell in order:
        aim = np.zeros(len(order))
        aim[column[cell]] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            solved = linprog(
                sign * aim, A_eq=np.array(rows) if rows else None,
                b_eq=right if rows else None, bounds=bounds, method="highs",
            )  # fmt: skip
            ends.append(sign * solved.fun if solved.status == 0 else -sign * np.inf)
        found[cell] = (float(ends[0]), float(ends[1]))
    return found

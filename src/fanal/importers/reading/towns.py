"""Where samples come from: codes of the places in a table's cells, and what could not be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from fanal.importers.base import Issue
from fanal.importers.reading.areas import KNOWN, RIVAL, area_code, as_area
from fanal.importers.reading.rows import Cells, as_text
from fanal.thesaurus import fold_name, load_places

HOME = "FR"  # whose towns are on the map
LARGE = 20_000  # inhabitants from which on a town is meant abroad: a table of Canada has its own
_HINTS = {
    "unknown": "records with a place that is not on the map; the country is kept of those of a "
    'source that says its own, as country = "IT" in its description',
    "country": "records of which only the country of the source is kept: its towns are not on "
    "the map",
    "several": "records with the name of several towns, of which only the country is kept; write "
    "the département in another column",
}
_LEVELS = {"country": "note"}


class Towns:
    """Tells places of cells; what else the row and the table name tells towns of one name apart."""

    def __init__(self, columns: Sequence[str], country: str) -> None:
        self.columns, self.country = columns, country
        self._around: Counter[str] = Counter()  # areas in which places of the table are, for sure
        self._doubts: Counter[tuple[str, str]] = Counter()
        self._beside: Counter[str] = Counter()  # columns beside one that says the place

    def see(self, row: Cells) -> None:
        """Look at a row before any is read."""
        for column in self.columns:
            if len(codes := self._codes(self._said(row, column))) == 1:
                self._around.update(_with_areas(codes[0]))

    def of(self, row: Cells) -> str | None:
        """Return the code of a row's place: the finest that its first cell of one names."""
        said = {c: text for c in self.columns if any(map(str.isalnum, text := self._said(row, c)))}
        found = {column: codes for column, text in said.items() if (codes := self._codes(text))}
        if found:
            self._beside.update(column for column in said if column not in found)
        for column, codes in found.items():
            if len(codes) == 1:
                return codes[0]
            others = {c[0] for name, c in found.items() if name != column and len(c) == 1}
            inside = [code for code in codes if others & set(load_places().around(code))]
            if chosen := inside[0] if len(inside) == 1 else self._nearest(codes):
                return chosen
            self._doubts[column, "several"] += 1
            return HOME
        for column in list(said)[:1]:
            self._doubts[column, "unknown" if self.country == HOME else "country"] += 1
        return self.country if said and self.country != HOME else None

    def told(self) -> Iterator[Issue]:
        """Yield what was not told of each column, with the number of its records."""
        for (column, why), number in self._doubts.items():
            hint = f"{number} {_HINTS[why]}"
            yield Issue("place not known", 1, column, hint, _LEVELS.get(why, "warning"))
        for column, number in self._beside.items():
            hint = (
                f"{number} records, whose place another column says; map it if it is the better one"
            )
            yield Issue("column beside another", 1, column, hint, "note")

    def _said(self, row: Cells, column: str) -> str:
        text = as_text(row.get(column))
        return as_area(text, column) if self.country == HOME else text

    def _codes(self, text: str) -> list[str]:
        """Return the codes that a cell may mean, the most populous first."""
        places = load_places().places
        abroad = self.country != HOME
        if abroad and text.isdigit():
            return []  # a code of another country's
        if text.isdigit() and (code := area_code(text)):
            return [code]
        towns = [
            places[name.code] for name in load_places().by_fold.get(fold_name(text), ())
            if places[name.code].kind == "commune"
            and (not name.ambiguous or (places[name.code].population >= KNOWN and not abroad))
        ]  # fmt: skip
        towns = [town for town in towns if not abroad or town.population >= LARGE]
        if towns:
            most = towns[0].population
            codes = [town.code for town in towns if town.population >= RIVAL * most]
            return list(dict.fromkeys(codes))
        code = area_code(text)
        known = code is not None and not (abroad and places[code].kind == "commune")
        return [code] if code and known else []

    def _nearest(self, codes: Sequence[str]) -> str | None:
        """Return the only one of several towns near which others of the table are."""
        near = {code: self._around[load_places().places[code].parent] for code in codes}
        (code, first), (_, second), *_ = Counter(near).most_common()
        return code if first > second else None


def _with_areas(code: str) -> tuple[str, ...]:
    return (code, *load_places().around(code))

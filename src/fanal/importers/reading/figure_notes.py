"""What stands around an official table: its title, unit, places, and the notes under it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fanal.importers.reading.above_tables import fact_above
from fanal.importers.reading.areas import is_place
from fanal.importers.reading.below_tables import notes_below
from fanal.importers.reading.figure_tables import unit_of
from fanal.importers.reading.figures import read_note
from fanal.importers.reading.rows import Table, as_text

_NUMBERED = r"(?:tableau|table|figure|graphique|tavola|tabla|tabelle|tabel)\s*[\w.]*"
_COUNTED = re.compile(
    r"[(\[]\s*((?:nombre d|number of |anzahl |numero di |número de |aantal )[^)\]]+)[)\]]",
    re.IGNORECASE,
)


class Surroundings:
    """The lines above a table and under it, by what they say."""

    def __init__(self, page: Table, unit: str) -> None:
        """Read the lines of a page; `unit` is what the description says of its figures."""
        self._page = page
        self.notes: dict[str, str] = {}  # mark → what it says of the figures that have it
        self.about: list[str] = []  # notes on all figures
        self.title = ""
        self.where: list[str] = []  # lines that name a place, and perhaps a period, alone
        self.unit = unit
        for number, row in page.loose():
            if number >= page.header:
                break
            texts = _whole(row)
            if texts and not self._is_of_header(row, texts):
                self._above(texts)
        below = notes_below(page)
        self.under = {*below}  # records of the notes under the table
        for text in below.values():
            self._below(text)

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines that may name the area or the period of all figures, the title first."""
        return (self.title, *self.where)

    def _above(self, texts: Sequence[str]) -> None:
        """Take a line above the header: a title, the unit, the source; any other is a note."""
        fact, text = fact_above(texts), texts[0]
        if counted := _COUNTED.fullmatch(text):
            self.unit = self.unit or counted[1].strip()
        elif fact and fact.role == "unit":
            self.unit = self.unit or fact.text
        elif fact and fact.role == "title":
            self._titled(fact.text)
        elif fact:
            self.about += [fact.text] * (fact.role != "idle")
        elif note := read_note(text):
            self.about.append(note[1])
        elif is_place(text):
            self.where.append(text)
        elif not self.title:
            self._titled(text)
        elif re.match(rf"{_NUMBERED}\s*[:.–-]\s*\S", text, re.IGNORECASE):
            self.about.append(self.title)  # of the page; that of the table has its number
            self._titled(text)
        else:
            self.about.append(text)

    def _is_of_header(self, row: Sequence[object], texts: Sequence[str]) -> bool:
        """Say whether a row above is the upper one of a header of two: its cells begin the names.

        What a title names is in one cell.
        """
        said = zip(map(as_text, row), self._page.columns, strict=False)
        return len(texts) > 1 and all(" ".join(text.split()) in column for text, column in said)

    def _titled(self, text: str) -> None:
        """Take a title, which may say the unit and a number of its own."""
        if within := re.search(r"[(\[]\s*(?:en|in)\s+([^)\]]+)[)\]]\s*$", text, re.IGNORECASE):
            self.unit = self.unit or within[1].strip()
        self.unit = self.unit or unit_of(text)
        plain = re.sub(rf"^{_NUMBERED}\s*[:.–-]\s*", "", text, flags=re.IGNORECASE)
        numbered = re.fullmatch(_NUMBERED, plain.strip(), re.IGNORECASE)
        self.title = "" if numbered else plain.strip()

    def _below(self, text: str) -> None:
        note = read_note(text) or ("", text)
        if note[0]:
            self.notes[note[0]] = note[1]
        else:
            self.about.append(note[1])


def _whole(row: Sequence[object]) -> list[str]:
    """Return the filled cells of a line above, those of one sentence as one.

    The delimiter stood in it where what goes on begins with a space: `Deaths, 2020-2023`.
    """
    whole: list[str] = []
    for cell in filter(as_text, row):
        if whole and isinstance(cell, str) and cell.startswith(" "):
            whole[-1] += f", {as_text(cell)}"
        else:
            whole.append(as_text(cell))
    return whole

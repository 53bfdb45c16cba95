"""Which substance a label of a laboratory is, and whether that is sure."""

from __future__ import annotations

import re

from fanal.importers.base import Issue
from fanal.importers.reading.column_words import folded, words_of
from fanal.thesaurus import denied, names_a_class, resolve, shipped

_ANALOG = re.compile(  # "Fentanyl or Analog" is what it is named by: nobody looked further
    r"[\s(]*(?:/|\b(?:or|ou|oder|of|o)\b)\s*(?:(?:an?|une?)\s+)?an[aá]log\w*\)?", re.IGNORECASE
)


class Labels:
    """Finds the substances of labels; remembers those already complained about."""

    def __init__(self) -> None:
        self._resolved: dict[str, tuple[str | None, bool]] = {}
        self._doubted: set[str] = set()

    def resolve(
        self, record: int, label: str, column: str, issues: list[Issue]
    ) -> tuple[str | None, bool]:
        """Return the substance of a label and whether it is sure; a doubt is told once."""
        substance, sure = self._named(label)
        if not sure and _plain(label) not in self._doubted and not names_a_class(label):
            self._doubted.add(_plain(label))
            hint = "add the name to the thesaurus"
            if substance:
                hint = f"perhaps {substance}; {hint}"
            issues.append(Issue("substance not sure", record, column, hint, "warning"))
        return substance, sure

    def known(self, label: str) -> str:
        """Return the substance of a name that the thesaurus knows, surely or not; "" if none."""
        substance, sure = self._named(label)
        return substance or ("none" if sure else "")

    def _named(self, label: str) -> tuple[str | None, bool]:
        key = _plain(label)
        if key not in self._resolved:
            self._resolved[key] = resolve(_ANALOG.sub("", label), shipped())
        return self._resolved[key]

    def denied(self, label: str) -> str:
        """Return the substance that a label says was not found: "Fentanyl non détecté"."""
        rest = denied(label, shipped())
        substance, sure = resolve(rest, shipped()) if rest else (None, False)
        return substance if substance and sure else ""


def _plain(label: str) -> str:
    return " ".join(label.split()).casefold()


def names_family(label: str, substance: str) -> bool:
    """Say whether a substance is a family and a label has its name: no street name of one."""
    if not any(s.parent == substance for s in shipped().substances.values()):
        return False
    return any(word[:5] in folded(label) for word in words_of(substance) if len(word) > 4)

"""Which substance a published figure is of, by the words that it is called by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from fanal.importers.reading.column_words import folded, words_of
from fanal.thesaurus import shipped, surely_named

NAMED, SHORTEST = 3, 3  # words of a substance's name at most, and its characters at least
# words of what is measured of a substance
_MEASURE = words_of(
    "nombre nb number of de du des d l dell la le les en kg g saisie saisies seizure seizures "
    "usage usages usagers use users experimentation prevalence purete purity prix price teneur "
    "taux rate moyenne di del della van von incautaciones sequestri sicherstellungen quantite "
    "quantites quantity mean median amount amounts total poids weight masse par pour selon by per "
    "region regions departement departements pays country countries en in im an evolution annuelle "
    "annuelles incautada incautado incautadas incautados decomisada sequestrata sequestrato "
    "sequestrati sequestrate beschlagnahmt beschlagnahmte sichergestellt sichergestellte saisi "
    "saisie saisis seized im kilograms kilogrammes kilos tonnes"
)


@lru_cache(65_536)
def substance_of(label: str) -> str | None:
    """Return the id of a substance that the thesaurus knows for sure."""
    if not label:
        return None
    thesaurus = shipped()
    if label in thesaurus.substances:
        return label
    return surely_named(label, thesaurus)


@lru_cache(4_096)
def substance_in(column: str, name: str) -> str | None:
    """Return the substance that a figure's column or name is called by: `Saisies de cocaïne (kg)`.

    None where there are several.
    """
    parts = [part for label in (column, *name.split(", ")) for part in (label, *_inside(label))]
    beside = [one for part in parts for one in part.split("/") if "/" in part]  # "MDMA/ecstasy"
    parts += [one for one in beside if len(one) >= SHORTEST]
    found = {substance for part in parts if (substance := substance_of(part))}
    found = found or {one for label in (column, name) for one in _mentioned(label)}
    return found.pop() if len(found) == 1 else None


def _mentioned(label: str) -> Iterator[str]:
    """Yield the substances that the words of a label name for sure: the longest names first."""
    words = [word.strip(".,;:()[]") for word in re.split(r"[\s_’']+", label)]
    at = 0
    while at < len(words):
        for size in range(min(NAMED, len(words) - at), 0, -1):
            said = " ".join(words[at : at + size])
            if said.replace(" ", "").isdigit():
                continue  # the 000 of "per 1 000" is no resin
            if len(said) >= SHORTEST and (substance := substance_of(said)):
                yield substance
                at += size - 1
                break
        at += 1


def _inside(label: str) -> Iterator[str]:
    """Yield a label without its unit, and without the words that every measure has."""
    bare = re.sub(r"[(\[].*?[)\]]", " ", label).strip()
    yield bare
    words = [w.strip(".,;:") for w in re.split(r"[\s_’']+", bare)]
    yield " ".join(w for w in words if folded(w) not in _MEASURE and not w.isdigit())

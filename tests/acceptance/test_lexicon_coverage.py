"""How much of three lexicons of others the thesaurus knows, with the right substance.

A name is found where the thesaurus has it, or where it holds a plain name as whole words, as a
scan of it would find. Right is the entry's own substance, what stands above it or under it.
"""

from __future__ import annotations

import csv
import json
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from fanal.thesaurus import Thesaurus, fold_name, load, resolve

SHARED = Path(os.environ.get("FANAL_SHARED_DATA", "../shared/data"))
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(
        not (SHARED / "lexicons").is_dir(), reason="no real data: set FANAL_SHARED_DATA"
    ),
]
DEA_GROUPS = {
    "LSD": "lsd",
    "PCP": "pcp",
    "MDMA": "mdma",
    "GHB": "ghb",
    "Marijuana": "cannabis",
    "Marijuana Concentrates": "cannabis-extract",
    "Crack Cocaine": "crack-cocaine",
    "Mushrooms": "psilocybin-mushrooms",
    "Ritalin": "methylphenidate",
    "Acetaminophen and Oxycodone": "oxycodone",
    "Promethazine with Codeine": "codeine",
    "Fentanyl and Fentanyl Derivatives": "fentanyl",
    "Synthetic Cannabinoids": "synthetic-cannabinoids",
    "Synthetic Cathinones": "synthetic-cathinones",
}


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return load()


def found(thesaurus: Thesaurus, name: str) -> set[str]:
    """Return the substances that a scan of a name would propose."""
    rows = thesaurus.by_fold.get(fold_name(name), ())
    if rows:
        return {row.substance for row in rows}
    words = re.findall(r"[\w'\-,]+", name)
    parts = [
        " ".join(words[i:j])
        for i in range(len(words))
        for j in range(i + 1, len(words) + 1)
        if j - i < len(words)
    ]
    return {
        row.substance
        for part in parts
        if len(part) > 2
        for row in thesaurus.by_fold.get(fold_name(part), ())
        if row.ambiguity == "plain"
    }


def kin(thesaurus: Thesaurus, one: str, other: str) -> bool:
    """Say whether two substances are the same, or one is above the other."""
    return one in (other, *thesaurus.ancestors(other)) or other in thesaurus.ancestors(one)


def misses(thesaurus: Thesaurus, entries: Iterable[tuple[str, list[str]]]) -> Iterator[str | None]:
    """Give for each name None, or the entry and the name that is not found rightly."""
    for entry, names in entries:
        rows = [rows for n in names if (rows := thesaurus.by_fold.get(fold_name(n), ()))]
        right = rows[0][0].substance if rows else None
        for name in names:
            hit = right and any(kin(thesaurus, right, id) for id in found(thesaurus, name))
            yield None if hit else f"{entry}: {name}"


def share(verdicts: list[str | None], title: str) -> float:
    """Print the misses and return the share of names found."""
    missed = [verdict for verdict in verdicts if verdict]
    print(f"\n{title}: {1 - len(missed) / len(verdicts):.3f} of {len(verdicts)}; missed:")
    print("; ".join(missed))
    return 1 - len(missed) / len(verdicts)


def test_tripsit(thesaurus: Thesaurus) -> None:
    rows = json.loads((SHARED / "lexicons/tripsit/names.json").read_text(encoding="utf-8"))
    entries = [
        (row["name"], list(dict.fromkeys([row["pretty_name"], row["name"], *row["aliases"]])))
        for row in rows
    ]
    assert share(list(misses(thesaurus, entries)), "TripSit") >= 0.90


def test_psychonautwiki(thesaurus: Thesaurus) -> None:
    rows = json.loads((SHARED / "lexicons/psychonautwiki/names.json").read_text(encoding="utf-8"))
    entries = [
        (row["name"], list(dict.fromkeys([row["name"], *row["commonNames"]]))) for row in rows
    ]
    assert share(list(misses(thesaurus, entries)), "PsychonautWiki") >= 0.90


def test_dea_street_names(thesaurus: Thesaurus) -> None:
    path = SHARED / "lexicons/dope_dea/dea_street_names.csv"
    verdicts: list[str | None] = []
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            group = DEA_GROUPS.get(row["category"], row["category"].lower())
            # "Speedball (mixed with heroin)", "Doogie/ Doojee": each written form by itself
            for name in re.sub(r"\([^)]*\)", "", row["slang"]).split("/"):
                hit = any(kin(thesaurus, group, id) for id in found(thesaurus, name.strip()))
                verdicts.append(None if hit else f"{group}: {name.strip()}")
    assert share(verdicts, "DEA") >= 0.95


def test_lab_findings_resolve(thesaurus: Thesaurus) -> None:
    path = (SHARED / "lab/ecstasydata_1996_2018.sqlite").absolute()
    with sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True) as base:
        rows = base.execute(
            "SELECT s.Substance_Name, count(*) FROM Pill_Content JOIN Substance s"
            " USING (Substance_ID) GROUP BY 1"
        ).fetchall()
    base.close()
    sure = [(name, times) for name, times in rows if resolve(name, thesaurus)[1]]
    total, resolved = sum(times for _, times in rows), sum(times for _, times in sure)
    print(f"\nlab findings resolved: {resolved / total:.3f} of {total}; not:")
    print("; ".join(sorted({name for name, _ in rows} - {name for name, _ in sure})))
    assert resolved / total >= 0.90

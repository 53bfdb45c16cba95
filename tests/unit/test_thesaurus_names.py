"""Spellings of laboratories and registers resolve to substances, and doubtful ones say so."""

from __future__ import annotations

import pytest

from fanal.thesaurus import Thesaurus, load, resolve


@pytest.fixture(scope="module")
def thesaurus() -> Thesaurus:
    return load()


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Cocaine", ("cocaine", True)),
        ("COCAÏNE ", ("cocaine", True)),
        ("cocaine hydrochloride", ("cocaine", True)),
        ("Chlorhydrate de cocaïne", ("cocaine", True)),
        ("MDMA HCl", ("mdma", True)),
        ("CODÉINE (PHOSPHATE DE) HÉMIHYDRATÉ", ("codeine", True)),
        ("CHLORHYDRATE D'OXYCODONE", ("oxycodone", True)),
        ("4-methylmethcathinone (mephedrone)", ("4-mmc", True)),
        ("3 - MMC", ("3-mmc", True)),
        ("α-PVP", ("alpha-pvp", True)),
        ("a-PVP", ("alpha-pvp", True)),
        ("dimethyl sulfone (methylsulfonylmethane MSM)", ("msm", True)),
        ("dimethylsulfone (MSM)", ("msm", True)),
        ("phenethyl bromide", ("phenethyl-bromide", True)),
        ("phenethylbromide  ", ("phenethyl-bromide", True)),
        ("Benzodiazepines", ("benzodiazepines", True)),
        ("para-Fluorofentanyl", ("para-fluorofentanyl", True)),
        ("Speed", ("amphetamine", False)),
        ("Amphetamine or methamphetamine", (None, False)),
        ("phenacetine", ("phenacetin", True)),
        ("levamisol", ("levamisole", True)),
        ("ketamime", ("ketamine", False)),
        ("5-MMC", ("synthetic-cathinones", False)),
        ("cyclohexanoylfentanyl", ("fentanyls", False)),
        ("none detected", (None, True)),
        ("no compounds of interest detected", (None, True)),
        ("Aucune substance détectée", (None, True)),
        ("", (None, True)),
        ("benzyl something acid", (None, False)),
        ("2-MMD", (None, False)),
    ],
)
def test_labels(thesaurus: Thesaurus, label: str, expected: tuple[str | None, bool]) -> None:
    assert resolve(label, thesaurus) == expected


def test_every_name_that_ships_resolves_to_one_of_its_substances(thesaurus: Thesaurus) -> None:
    for row in thesaurus.aliases[::7]:
        if row.kind in ("international name", "chemical"):
            ids = {a.substance for a in thesaurus.by_fold[_fold(row.alias)]}
            assert resolve(row.alias, thesaurus)[0] in ids


def _fold(name: str) -> str:
    from fanal.thesaurus import fold_name

    return fold_name(name)

"""Spellings of laboratories and registers resolve to substances, and doubtful ones say so."""

from __future__ import annotations

import pytest

from fanal.thesaurus import Thesaurus, denied, load, names_a_class, names_nothing, resolve


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


@pytest.mark.parametrize(
    "label",
    [
        # nothing was found, in three languages and the spellings of many hands
        "Non détecté", "NON DETECTEE", "(non détecté)", "n.d.", "N/D", "Not detected.",
        "nothing found", "< LOD", "<LQ", "inf. à la LQ", "below LOQ", "sous le seuil de détection",
        "unter Nachweisgrenze", "nicht nachgewiesen", "kein Befund", "Kein Wirkstoff gefunden",
        "o. B.", "négatif", "negativ", "RAS", "R.A.S.", "none", "aucun", "Aucun résultat", "rien",
        "Absence de substance psychoactive", "No Match", "Non détecté (GC-MS)", "ND (LC-MS)",
        "Conforme", "Oui", "yes", "Placebo", "blank", "Excipients", "sin sustancia",
        "not cocaine", "Fentanyl negative", "Détecté", "trace detected", "-", "?", "…", "n/a",
        "k. A.", "keine Angabe", "non renseigné", "échantillon insuffisant", "not tested", "vide",
        "Sample too small", "Probe zu klein", "Trop peu de matière",
        # it is not known what
        "inconnu", "Inconnue(s)", "unknown", "unkown", "unbekannt", "unbekanntes Pulver", "autre",
        "Autres", "other", "Other (please specify)", "sonstige", "Indéterminé", "inconclusive",
        "Down (Unknown Opioid)", "unknown stimulant", "opioïde inconnu", "Poudre inconnue",
        "Unknown - sold as fentanyl", "Stimulant (other)", "ne sait pas", "don't know",
        "weiß nicht",
        # not known yet
        "à confirmer", "A CONFIRMER.", "to be confirmed", "tbc", "en attente", "en cours d'analyse",
    ],
)  # fmt: skip
def test_labels_without_a_substance(thesaurus: Thesaurus, label: str) -> None:
    assert resolve(label, thesaurus) == (None, True)
    assert names_nothing(label, thesaurus)


@pytest.mark.parametrize(
    ("label", "substance"),
    [
        ("MDMA (no adulterants)", "mdma"),
        ("MDMA, no adulterants", "mdma"),
        ("Cocaïne (pas de produit de coupe)", "cocaine"),
        ("Cocaine (purity unknown)", "cocaine"),
        ("Cocaïne (à confirmer)", "cocaine"),
        ("N,N-DMT", "dmt"),
        ("❄️", "cocaine"),
    ],
)
def test_what_is_unknown_of_something_else_hides_no_substance(
    thesaurus: Thesaurus, label: str, substance: str
) -> None:
    assert resolve(label, thesaurus)[0] == substance


def test_no_name_of_the_thesaurus_is_taken_for_nothing(thesaurus: Thesaurus) -> None:
    named = [a.alias for a in thesaurus.aliases if a.kind not in ("street", "verlan", "packaging")]
    assert [name for name in named if names_nothing(name, thesaurus)] == []


@pytest.mark.parametrize("label", ["Down (opioid)", "Down - opioid", "light down"])
def test_a_street_word_inside_a_phrase_is_an_ordinary_word(
    thesaurus: Thesaurus, label: str
) -> None:
    assert resolve(label, thesaurus)[0] is None


def test_what_a_label_denies(thesaurus: Thesaurus) -> None:
    for label in ("Fentanyl non détecté", "no fentanyl", "kein Fentanyl nachgewiesen"):
        assert denied(label, thesaurus).casefold() == "fentanyl"
    assert denied("non détecté", thesaurus) == denied("cocaine", thesaurus) == ""
    assert names_a_class("Opioid")
    assert names_a_class("stimulants")
    assert not names_a_class("fentanyl")

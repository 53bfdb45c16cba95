"""Samples in JSON that hold lists of what was found: names there are of substances."""

import json

import pytest

from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab

FOUND = [
    ("B-1", "cocaïne", [("cocaïne", 71.2, "%"), ("phénacétine", 4, "%")]),
    ("B-2", "ecstasy", [("MDMA", 165, "mg")]),
    ("B-3", "LSD", []),
]
RIGHT = [
    ("B-1", "cocaïne", [("cocaine", 71.2, "%")]),
    ("B-1", "cocaïne", [("phenacetin", 4.0, "%")]),
    ("B-2", "ecstasy", [("mdma", 165.0, "mg")]),
    ("B-3", "LSD", []),
]


def read(tmp_path, samples):
    path = tmp_path / "labo.json"
    path.write_text(json.dumps(samples, ensure_ascii=False, indent=1), "utf-8")
    return list(Lab().extract(path))


def samples_of(found):
    return [
        (s.reference, s.sold_as_label, [(r.substance, r.amount, r.unit) for r in s.results])
        for s in found if isinstance(s, RawSample)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("within", "name", "amount", "unit"),
    [
        ("composes", "nom", "teneur", "unite"),
        ("resultats", "libelle", "teneur", "unite"),
        ("components", "name", "amount", "unit"),
        ("Ergebnisse", "Bezeichnung", "Gehalt", "Einheit"),
        ("componenti", "nome", "contenuto", "unità"),
        ("analyse", "nom", "quantite", "unite"),
    ],
)
@pytest.mark.parametrize("above", [False, True])
def test_names_of_what_was_found_are_substances(tmp_path, within, name, amount, unit, above):
    samples = [
        {"reference": ref, "date": "2026-03-02", "vendu_comme": sold,
         within: [{name: n, amount: a, unit: u} for n, a, u in found]}
        for ref, sold, found in FOUND
    ]  # fmt: skip
    found = read(tmp_path, {"service": "essai", "samples": samples} if above else samples)
    assert samples_of(found) == RIGHT


def test_how_well_a_spectrum_fits_is_told_and_describes_nothing(tmp_path):
    samples = [
        {"id": f"A-{n}", "date": "2026-03-02", "produit_attendu": "cocaïne",
         "composes": [{"nom": "cocaïne", "teneur": 71.2, "unite": "%", "score": 98.1}]}
        for n in range(3)
    ]  # fmt: skip
    found = read(tmp_path, samples)
    assert [s.description for s in found if isinstance(s, RawSample)] == [None] * 3
    assert [(i.field, i.level) for i in found if isinstance(i, Issue)] == [("score", "warning")]


def test_a_score_of_a_tablet_and_a_name_of_a_product_stay(tmp_path):
    samples = [
        {"id": f"A-{n}", "date": "2026-03-02", "nom": "Punisher", "score": score,
         "substance": "MDMA", "teneur (mg)": 165}
        for n, score in enumerate(("oui", "non", "oui"))
    ]  # fmt: skip
    found = [s for s in read(tmp_path, samples) if isinstance(s, RawSample)]
    assert [(s.sold_as_label, s.description) for s in found] == [
        ("Punisher", f"score: {score}") for score in ("oui", "non", "oui")
    ]

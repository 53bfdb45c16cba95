"""What laboratories' files must not say in silence: whose case, in which format, of which key."""

import pytest

from fanal.errors import ImporterError
from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab


def read(folder, text, **told):
    """Return the samples of a file and its issues as `kind: column`."""
    path = folder / "results.csv"
    path.write_text(text, "utf-8")
    rows = list(Lab(**told).extract(path))
    samples = [r for r in rows if isinstance(r, RawSample)]
    return samples, [f"{r.kind}: {r.field}" for r in rows if isinstance(r, Issue)]


@pytest.mark.parametrize(
    ("header", "of_case"),
    [
        ("Dossier", True), ("N° de dossier", True), ("N° PV", True), ("Case number", True),
        ("Aktenzeichen", True), ("File number", True), ("Code", False), ("N° scellé", False),
        ("Sample ID", False), ("Profile", False),
    ],
)  # fmt: skip
def test_a_reference_is_of_a_case_by_its_header(tmp_path, header, of_case):
    rows = "A-1;09/01/2026;MDMA;MDMA;80\nA-2;19/01/2026;MDMA;MDMA;81\n"
    samples, _ = read(tmp_path, f"{header};Date;Vendu comme;Substance;Teneur (%)\n{rows}")
    assert [(s.reference, s.of_case) for s in samples] == [("A-1", of_case), ("A-2", of_case)]


def test_the_number_of_a_case_beside_another_reference_is_not_read(tmp_path):
    header = "N° PV;N° scellé;Date;Vendu comme;Substance;Teneur (%)\n"
    samples, told = read(tmp_path, header + "2026/00140;S-1;09/01/2026;MDMA;MDMA;80\n")
    assert [(s.reference, s.of_case) for s in samples] == [("S-1", False)]
    assert "column about a person: N° PV" in told


JSON = """{
  "results": [
    {"id": "9d1", "declared": "cocaine", "components": [{"name": "cocaine", "value": 78.2}]},
    {"id": "9d2", "declared": "mdma", "components": []}
  ]
}"""


def test_records_inside_records_are_rows_and_no_lines(tmp_path):
    found, issues = read(tmp_path, JSON)
    told = [(f.reference, f.sold_as, [(r.substance, r.amount) for r in f.results]) for f in found]
    assert told == [("9d1", "cocaine", [("cocaine", None)]), ("9d2", "mdma", [])]
    assert "column name not known: value" in issues  # of what, or in which unit, nothing says


def test_json_without_records_is_refused(tmp_path):
    with pytest.raises(ImporterError, match="no column says what was found"):
        read(tmp_path, '{\n "samples": 12,\n "names": ["a", "b"]\n}\n')


TABLE = "Code\tVendu\tTrouvé\t%\nA1\tHéroïne\tHéroïne\t12\nA2\tHéroïne\tCaféine\t60\n"
NOTES = "Notes du 24 mars 2026\nMarché calme, la brown à 40 €.\n\nRésultats reçus :\n"


def test_a_table_under_notes_is_told_as_such(tmp_path):
    with pytest.raises(ImporterError, match="texts stand above the table") as refused:
        read(tmp_path, NOTES + TABLE)
    assert refused.value.where == "lines 1 to 4"


def test_a_table_under_its_title_is_read(tmp_path):
    samples, _ = read(tmp_path, "Résultats de mars 2026\n\n" + TABLE)
    assert [(s.reference, s.results[0].amount) for s in samples] == [("A1", 12.0), ("A2", 60.0)]


@pytest.mark.parametrize("role", ["foo", "day", "sold as", "mdma_hcl"])
def test_a_role_that_there_is_not_is_refused_with_what_is_allowed(tmp_path, role):
    with pytest.raises(ImporterError, match=f"no role '{role}' in a mapping") as refused:
        read(tmp_path, TABLE, mapping={role: "Code"})
    assert {"date", "sold_as", "substance", "amount_unit", "cut", "the id of a substance"} <= {
        *refused.value.allowed.split(", ")
    }


@pytest.mark.parametrize("role", ["reference", "form", "mdma"])
def test_a_role_that_there_is_is_taken(tmp_path, role):
    samples, _ = read(tmp_path, TABLE, mapping={role: "Code"})
    assert len(samples) == 2


def test_how_many_units_there_are_is_told_as_not_read(tmp_path):
    header = "Code;Nb unités;Date saisie;Principe actif identifié;Teneur (%)\n"
    samples, told = read(tmp_path, header + "A1;100;25/02/2026;MDMA;39,2\n")
    assert "column name not known: Nb unités" in told
    assert [(s.quantity, s.results[0].amount, s.results[0].unit) for s in samples] == [
        (None, 39.2, "%")
    ]

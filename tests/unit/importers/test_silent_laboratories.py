"""What laboratories' files must not say in silence: whose case, in which format, of which key."""

import pytest

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

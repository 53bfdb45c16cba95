"""The two files of UNC's layout: joined by the sample, dirt read, nobody's words lost or shown."""

from datetime import date

import pytest
import unc

from fanal.importers import identify
from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab
from fanal.workspace import Workspace

SOURCE = """
name = "unc"
title = "INVENTED: unc"
publisher = "invented"
kind = "lab"
site = "us"
country = "US"
legal_basis = "invented sample material"
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("unc")
    return folder, unc.write(folder)


def read(path):
    assert identify(path) is Lab
    rows = list(Lab().extract(path))
    samples = {}
    for row in rows:
        if isinstance(row, RawSample):
            samples.setdefault(row.reference, []).append(row)
    return samples, [row for row in rows if isinstance(row, Issue)]


def test_the_layout_has_its_columns():
    assert (len(unc.SAMPLES), len(unc.DETAIL)) == (87, 41)
    assert len(set(unc.SAMPLES)) == 87


def test_samples(files):
    folder, truth = files
    samples, issues = read(folder / "analysis_dataset.csv")
    assert set(samples) == set(truth)
    for reference, (day, primary, trace) in truth.items():
        (sample,) = samples[reference]
        assert sample.time == date(day[2], day[1], day[0])
        assert sample.form == "powder"
        assert "2 doses naloxone" in sample.effects_felt
        assert {r.label for r in sample.results if r.role == "main"} == primary
        assert {r.label for r in sample.results if r.role == "trace"} == trace
        assert any(r.role == "none" for r in sample.results) == (not primary)
    told = {i.field for i in issues if i.kind == "column name not known"}
    assert not {c for c in told if c.startswith(("lab_", "sen_", "expect_"))}
    assert {"lat", "lon"} <= {i.field for i in issues if i.kind == "column about a person"}
    assert [i for i in issues if i.level == "error"] == []


def test_several_expected(files):
    folder, _ = files
    samples, _ = read(folder / "analysis_dataset.csv")
    expected = {s.sold_as for (s,) in samples.values()}
    assert expected <= {"fentanyl", "heroin", "cocaine", None}


def test_substances(files):
    folder, truth = files
    samples, issues = read(folder / "lab_detail.csv")
    assert set(samples) == set(truth)
    for reference, (_, primary, trace) in truth.items():
        results = [r for s in samples[reference] for r in s.results]
        named = {unc.TWINS.get(n, n) for n in primary}
        assert {r.label.strip() for r in results if r.role in ("main", "minor", "cut")} == named
        assert {r.label.strip() for r in results if r.role == "trace"} == {
            unc.TWINS.get(n, n) for n in trace
        }
        assert {r.method for r in results} <= {"GCMS", "Derivatized GCMS"}
    unsure = [i for i in issues if i.kind == "substance not sure"]
    assert len(unsure) == len({(i.field, i.hint, i.record) for i in unsure}) <= 3  # once each


def test_both_files_are_one_set_of_samples(files, tmp_path):
    folder, truth = files
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        paths = [folder / "analysis_dataset.csv", folder / "lab_detail.csv"]
        first, second = workspace.ingest(paths, "unc")
        assert (first.read, first.issues) == (len(truth), 0)
        assert second.issues == 0
        counted = workspace.tables.rows(
            "SELECT count(*) AS n, count(DISTINCT id) AS ids FROM samples"
        )
        assert counted == [{"n": len(truth), "ids": len(truth)}]
        wrong = workspace.tables.rows(
            "SELECT count(*) AS n FROM samples WHERE day > DATE '2022-12-31' OR precision <> 'day'"
        )
        assert wrong == [{"n": 0}]

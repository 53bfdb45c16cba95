"""Monthly laboratory files as a service published them: every sample comes in."""

import csv

import pytest

from fanal.workspace import Workspace

SOURCE = """
name = "published"
title = "INVENTED: published files"
publisher = "a drug-checking service"
kind = "lab"
site = "elsewhere"
legal_basis = "published by the service"
"""


@pytest.mark.bars
def test_every_sample_of_thirty_six_files(shared_data, tmp_path):
    files = sorted((shared_data / "lab" / "bccsu").glob("*.csv"))
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        read = workspace.ingest(files, "published")
        assert (len(read), {r.importer for r in read}) == (36, {"lab"})
        assert sum(r.documents for r in read) == sum(r.read for r in read) == 13_776
        rows = workspace.tables.rows(
            "SELECT s.day, s.sold_as, s.sold_as_label, r.amount, r.unit, r.censored, r.substance "
            "FROM samples s JOIN results r ON r.sample = s.id ORDER BY ALL"
        )
    assert len(rows) == 13_776
    assert {r["unit"] for r in rows} == {"%"}
    assert not any(r["substance"] for r in rows)  # a share of an opioid, not of which
    said = []
    for path in files:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            said += [
                (row["Visit Date"], row["Drug"], float(row["Quant"]))
                for row in csv.DictReader(lines)
            ]
    assert sorted((str(r["day"]), r["sold_as_label"], r["amount"]) for r in rows) == sorted(said)
    assert {(r["sold_as_label"], r["sold_as"]) for r in rows} >= {
        ("Down (Unknown Opioid)", None), ("Fentanyl", "fentanyl"), ("Heroin", "heroin"),
    }  # fmt: skip


def test_one_file(shared_data, tmp_path):
    path = shared_data / "lab" / "bccsu" / "Fent Quant Opioids Jan 2022.csv"
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        (read,) = workspace.ingest([path], "published", dry_run=True)
    assert (read.importer, read.read, read.documents, read.quarantined) == ("lab", 255, 255, 0)

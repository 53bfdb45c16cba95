"""A later file corrects an earlier result: a new version, and nothing counted twice."""

import pytest

from fanal.answers import reports
from fanal.workspace import Workspace

SOURCE = """
name = "checks"
title = "INVENTED: checks"
publisher = "invented"
kind = "lab"
site = "lille"
legal_basis = "invented sample material"
"""
HEAD = "reference;date_collecte;produit_attendu;substance;teneur;methode\n"
APRIL = (
    "A1;13/04/2024;cocaïne;cocaïne;62 %;\n"
    "A2;14/04/2024;MDMA;MDMA;80 %;\n"
    "A3;15/04/2024;kétamine;kétamine 90 %; lévamisole;;\n".replace("90 %; l", "90 % + l")
)


@pytest.fixture
def read(tmp_path):
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)

        def one(text, name):
            path = tmp_path / f"{name}.csv"
            path.write_text(HEAD + text, "utf-8")
            (reckoning,) = workspace.ingest([path], "checks")
            return reckoning

        one.workspace = workspace
        yield one


def found(workspace, reference, history=False):
    rows = reports.result_of(workspace, reference, history)
    return sorted((r.substance, r.amount, r.version) for r in rows)


def totals(workspace):
    samples, results = "SELECT count(*) AS n FROM samples", "SELECT count(*) AS n FROM results"
    return [workspace.tables.rows(q)[0]["n"] for q in (samples, results)]


def test_a_file_sent_again_with_corrections(read):
    read(APRIL, "april")
    corrected = (
        APRIL.replace("62 %", "68 %")
        .replace("MDMA;MDMA;80 %", "MDMA;amphétamine;12 %")
        .replace(" + lévamisole", "")
    )
    reckoning = read(corrected, "april-corrected")
    assert (reckoning.read, reckoning.issues) == (3, 0)
    ws = read.workspace
    assert found(ws, "A1") == [("cocaine", 68.0, 2)]
    assert found(ws, "A1", history=True) == [("cocaine", 62.0, 1), ("cocaine", 68.0, 2)]
    assert found(ws, "A2") == [("amphetamine", 12.0, 2)]
    assert found(ws, "A3") == [("ketamine", 90.0, 2)]  # withdrawn: levamisole
    assert totals(ws) == [3, 3]
    assert read(corrected, "april-corrected-again").documents == 0
    assert totals(ws) == [3, 3]


def test_a_sample_that_was_sold_as_something_else(read):
    read(APRIL, "april")
    read(APRIL.replace("14/04/2024;MDMA", "14/04/2024;speed"), "april-corrected")
    rows = read.workspace.tables.rows("SELECT sold_as, version FROM samples WHERE reference='A2'")
    assert rows == [{"sold_as": "amphetamine", "version": 2}]
    every = read.workspace.tables.rows("SELECT count(*) AS n FROM every_samples")
    assert every == [{"n": 4}]


def test_another_method_and_a_later_substance_add(read):
    read(APRIL, "april")
    read("A1;13/04/2024;cocaïne;phénacétine;5 %;GC-MS\n", "confirmatory")
    read("A2;14/04/2024;MDMA;caféine;3 %;\n", "more")
    ws = read.workspace
    assert found(ws, "A1") == [("cocaine", 62.0, 1), ("phenacetin", 5.0, 1)]
    assert found(ws, "A2") == [("caffeine", 3.0, 1), ("mdma", 80.0, 1)]
    assert totals(ws) == [3, 6]


def test_two_files_of_one_call(read, tmp_path):
    ws = read.workspace
    first, second = tmp_path / "2024-04.csv", tmp_path / "2024-05.csv"
    first.write_text(HEAD + APRIL, "utf-8")
    second.write_text(HEAD + APRIL.replace("62 %", "26 %"), "utf-8")
    ws.ingest([first, second], "checks")
    assert found(ws, "A1") == [("cocaine", 26.0, 2)]
    assert totals(ws) == [3, 4]

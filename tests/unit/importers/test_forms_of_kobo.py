"""Exports of KoboToolbox are answers, however few questions they have; other tables are not."""

import json

import pytest

from fanal.importers import identify
from fanal.importers.base import Issue
from fanal.importers.survey import Survey
from fanal.importers.tables import Tables

SAID = ["La kétamine est à trente euros le gramme", "La coke a baissé depuis un mois ici"]
KOBO = ["_id", "_uuid", "_submission_time", "_submitted_by"]
OWN = ["10{n}", "a{n}", "2025-03-12T10:31:0{n}", "enq"]


def table(tmp_path, names, cells, kobo):
    more, own = (KOBO, OWN) if kobo else ([], [])
    rows = [[c.format(text, n=n) for c in [*cells, *own]] for n, text in enumerate(SAID)]
    path = tmp_path / "k.csv"
    path.write_text("\n".join(";".join(row) for row in [[*names, *more], *rows]) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("names", "cells"),
    [
        (["date", "texte"], ["2025-03-12", "{}"]),
        (["start", "end", "message"], ["2025-03-12T10:00", "2025-03-12T10:10", "{}"]),
        (["date", "auteur", "titre", "description"], ["2025-03-12", "e1", "Prix", "{}"]),
        (["date_obs", "lieu", "observation"], ["2025-03-12", "Lille", "{}"]),
        (["Que dit-on des prix ?", "date"], ["{}", "2025-03-12"]),
    ],
)
def test_what_kobo_exports_is_a_survey(tmp_path, names, cells):
    assert identify(table(tmp_path, names, cells, kobo=True)) is Survey


def test_a_table_of_texts_is_none(tmp_path):
    assert identify(table(tmp_path, ["date", "texte"], ["2025-03-12", "{}"], kobo=False)) is Tables


@pytest.mark.parametrize("inside", [{"note": SAID[0]}, [{"t": SAID[0]}], {"a": {"b": SAID[0]}}])
def test_words_in_objects_under_an_unknown_key_are_told_by_its_name(tmp_path, inside):
    path = tmp_path / "m.json"
    rows = [{"date": "2025-03-01", "text": "coke à 60", "zeta": inside}]
    path.write_text(json.dumps(rows), "utf-8")
    (told,) = [i for i in Tables().extract(path) if isinstance(i, Issue)]
    assert (told.kind, told.field, told.level) == ("text not read", "zeta", "warning")


@pytest.mark.parametrize("inside", [{"n": 5}, ["a", "b"], {"url": f"https://{'x' * 60}"}])
def test_objects_without_words_are_columns_not_read(tmp_path, inside):
    path = tmp_path / "m.json"
    path.write_text(json.dumps([{"date": "2025-03-01", "text": "coke", "zeta": inside}]), "utf-8")
    (told,) = [i for i in Tables().extract(path) if isinstance(i, Issue)]
    assert told.kind == "columns not read"


def test_words_under_a_key_that_comes_late_are_told(tmp_path):
    """Columns are known by the first thousand objects of a file of JSON lines."""
    rows = [{"date": "2025-03-01", "text": f"coke {n}"} for n in range(1_200)]
    rows.append({"date": "2025-03-02", "text": "fin", "tardif": SAID[0]})
    path = tmp_path / "m.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (told,) = [i for i in Tables().extract(path) if isinstance(i, Issue)]
    assert (told.kind, told.field, told.level) == ("text not read", "tardif", "warning")

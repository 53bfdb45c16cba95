"""Golden files: what each importer makes of an invented sample of its format.

`tests/golden/<importer>/<case>.input.<ext>` is read by the importer of that name and compared
with `<case>.expected.json`; `<case>.parameters.json`, where there is one, holds its parameters.
A new case is one new input file and `pytest tests/golden --update`; review is reading the diff.
"""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from fanal.door.raw import RawDocument, RawSample
from fanal.errors import ImporterError
from fanal.importers import BUILTIN
from fanal.importers.base import Importer, Issue, Skipped
from fanal.plugins import known, make

HERE = Path(__file__).parent
IMPORTERS = known("importers", BUILTIN)
CASES = sorted(path for path in HERE.glob("*/*.input.*") if path.parent.name in IMPORTERS)


def readable(value: object) -> object:
    """Return a value as JSON shows it best."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, tuple):
        return [readable(part) for part in value]
    return value


def filled(row: Any, without: frozenset[str]) -> dict[str, object]:
    """Return the fields that are not at their default."""
    return {
        field.name: readable(getattr(row, field.name))
        for field in dataclasses.fields(row)
        if field.name not in without and getattr(row, field.name) != field.default
    }


def rows(importer: Importer, path: Path) -> list[dict[str, object]]:
    """Return everything that an importer yields, and the error that ends it."""
    found: list[dict[str, object]] = []
    try:
        for row in importer.extract(path):
            if isinstance(row, RawDocument):
                found.append(filled(row, frozenset({"file"})))
            elif isinstance(row, Issue):
                found.append({"issue": filled(row, frozenset())})
            elif isinstance(row, Skipped):
                found.append({"skipped": row.rule, "count": row.count})
            elif isinstance(row, RawSample):
                found.append({"sample": filled(row, frozenset({"file"}))})
            else:
                found.append({"indicator": filled(row, frozenset())})
    except ImporterError as error:
        found.append(error.as_json())
    return found


def test_every_importer_has_its_folder() -> None:
    folders = {path.name for path in HERE.iterdir() if path.is_dir()} - {"__pycache__"}
    assert folders == {kind.name for kind in BUILTIN}


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden(path: Path, update: bool) -> None:
    case = path.name.split(".input.")[0]
    parameters = path.with_name(f"{case}.parameters.json")
    expected = path.with_name(f"{case}.expected.json")
    importer = make(
        IMPORTERS,
        "importer",
        path.parent.name,
        **(json.loads(parameters.read_text("utf-8")) if parameters.exists() else {}),
    )
    text = json.dumps(rows(importer, path), ensure_ascii=False, indent=1) + "\n"
    if update:
        expected.write_text(text, "utf-8")
    assert json.loads(text) == json.loads(expected.read_text("utf-8"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden_input_is_identified_by_its_importer(path: Path) -> None:
    assert IMPORTERS[path.parent.name]().identify(path)

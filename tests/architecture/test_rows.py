"""Rows that leave a module are a class: no `dict[str, Any]` goes from one folder to another."""

import ast
from pathlib import Path

import fanal

ROOT = Path(fanal.__file__).parent
EDGES = ("benchmarks", "cli", "testing", "web")  # who write JSON and pages
LOOSE = ("dict[str, Any]", "Mapping[str, Any]", "dict[str, object]")
# Rows of any query, parameters of any plug-in, and JSON: the list may only shrink.
LEFT = {
    "answers/behind.py AlarmRow.of", "answers/following.py follow", "coding/facts.py Fact.fields",
    "coding/offers/text.py Offer.fields", "coding/platforms.py Platforms.tables",
    "detectors/__init__.py rarities", "detectors/base.py Detector.rarity",
    "detectors/binomial_cusum.py BinomialCusum.rarity", "detectors/cusum.py Cusum.rarity",
    "detectors/ears.py Ears.rarity", "detectors/farrington.py Farrington.rarity",
    "detectors/first_seen.py FirstSeen.rarity", "detectors/shift.py Shift.rarity",
    "exporters/charts.py departements", "importers/lab/cells.py columns",
    "importers/reading/day_columns.py DayColumns.cell",
    "importers/reading/json_blocks.py Owner.fields", "importers/reading/json_shape.py Shape.values",
    "plugins.py parameters_of", "settings.py Settings.parameters", "sources.py Source.parameters",
    "storage/state.py State.dump", "storage/state.py State.load", "storage/tables.py Tables.adopt",
    "storage/tables.py Tables.query", "storage/tables.py Tables.rows",
    "thesaurus/curation.py show",
}  # fmt: skip
# Other names of it, of what is JSON or a row of one module: the list may only shrink.
ALIASES = {
    "benchmarks/evaluation.py Found", "exporters/axes.py Spec", "importers/lab/relations.py Row",
    "records.py Detail", "stages/ingest/revising.py Row", "stages/grouping.py Row",
}  # fmt: skip


def loose(tree: ast.Module) -> set[str]:
    """Return the public functions and fields of a module that take or give rows without a class."""
    found = set()
    for owner in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
        prefix = f"{owner.name}." if isinstance(owner, ast.ClassDef) else ""
        for node in owner.body:
            if isinstance(node, ast.FunctionDef):
                name, arguments = node.name, node.args
                every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
                hints = [node.returns, *(argument.annotation for argument in every)]
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, hints = node.target.id, [node.annotation]
            else:
                continue
            if not (prefix + name).startswith("_") and not name.startswith("_"):
                found |= {
                    prefix + name
                    for hint in hints
                    if hint and any(one in ast.unparse(hint) for one in LOOSE)
                }
    return found


def test_rows_that_leave_a_module_are_a_class():
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] not in EDGES
        for name in loose(ast.parse(path.read_text("utf-8")))
    }
    assert found == LEFT


def test_no_other_name_hides_them():
    found = {
        f"{path.relative_to(ROOT)} {target.id}"
        for path in ROOT.rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == LOOSE[0]
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    assert found == ALIASES


def test_the_rule_sees_arguments_results_and_fields():
    text = """
class Page:
    row: list[dict[str, Any]]
    _kept: dict[str, Any]
    def told(self, *, rows: list[dict[str, Any]]) -> None: ...
class _Own:
    row: dict[str, Any]
def asked() -> tuple[dict[str, Any], int]: ...
def _mine(row: dict[str, Any]) -> dict[str, Any]: ...
def counted(n: dict[str, int]) -> dict[str, str]:
    row: dict[str, Any] = {}
"""
    assert loose(ast.parse(text)) == {"Page.row", "Page.told", "asked"}

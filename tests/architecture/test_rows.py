"""Rows that leave a module are a class: no `dict[str, Any]` goes from one folder to another."""

import ast
from pathlib import Path

import fanal

ROOT = Path(fanal.__file__).parent
FOLDERS = ("answers", "people", "publishing", "stages", "upkeep")
MODULES = ("observatory.py", "pipeline.py", "workspace.py")
LOOSE = "dict[str, Any]"
# Rows of any kind, and a page of JSON: the list may only shrink.
LEFT = {"answers/following.py follow"}
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
                found |= {prefix + name for hint in hints if hint and LOOSE in ast.unparse(hint)}
    return found


def test_rows_that_leave_a_module_are_a_class():
    paths = [path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py")]
    found = {
        f"{path.relative_to(ROOT)} {name}"
        for path in (*paths, *(ROOT / name for name in MODULES))
        for name in loose(ast.parse(path.read_text("utf-8")))
    }
    assert found == LEFT


def test_no_other_name_hides_them():
    found = {
        f"{path.relative_to(ROOT)} {target.id}"
        for path in ROOT.rglob("*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.Assign) and ast.unparse(node.value) == LOOSE
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

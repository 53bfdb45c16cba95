"""Write `docs/reference/` from the code: commands, records, settings, sources, plug-ins.

Run as ``python docs/build.py``; a test fails where the pages are not what this writes.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from pathlib import Path
from typing import Any

import fanal
from fanal import detectors, exporters, importers
from fanal.cli import app as cli
from fanal.cli.main import register
from fanal.plugins import known
from fanal.records import JUDGEMENTS, RECORDS, field_types
from fanal.settings import Settings
from fanal.sources import Source

HERE = Path(__file__).parent / "reference"
NOTE = "<!-- written by docs/build.py -->\n"
ARCHITECTURE = Path(__file__).parents[1] / "ARCHITECTURE.md"
DRAWING = "<!-- drawn by docs/build.py -->"


def commands() -> str:
    """Return every verb with its help and options."""
    import typer

    register()
    lines = [NOTE, "# Commands", ""]

    def walk(command: Any, path: str) -> None:
        children = getattr(command, "commands", None)
        if children:
            for name in sorted(children):
                walk(children[name], f"{path} {name}")
            return
        lines.extend([f"## {path}", "", inspect.cleandoc(command.help or ""), ""])
        for parameter in command.params:
            if parameter.name == "help":
                continue
            names = ", ".join(parameter.opts) if parameter.param_type_name == "option" else ""
            label = f"`{names}`" if names else f"`{parameter.name.upper()}`"
            lines.append(f"- {label}: {getattr(parameter, 'help', None) or parameter.name}")
        lines.append("")

    walk(typer.main.get_command(cli.app), "fanal")
    return "\n".join(lines)


def records() -> str:
    """Return every record class with its fields."""
    lines = [NOTE, "# Records", ""]
    for record in (*RECORDS, *JUDGEMENTS):
        where = "SQL" if record in JUDGEMENTS else "Delta"
        first = inspect.cleandoc(record.__doc__ or "").split("\n")[0]
        lines += [f"## {record.__name__}", "", f"{first} ({where} table `{record.table}`)", ""]
        lines += ["| field | type | what |", "|---|---|---|"]
        for name, (kind, nullable, text) in field_types(record).items():
            shown = kind.__name__ + (", may be absent" if nullable else "")
            lines.append(f"| `{name}` | {shown} | {text.replace('|', '/')} |")
        lines.append("")
    return "\n".join(lines)


def written_by_people() -> str:
    """Return the keys of `fanal.toml` and of a source description."""
    lines = [NOTE, "# Settings and source descriptions", ""]
    for title, model in (("fanal.toml", Settings), ("sources/NAME.toml", Source)):
        lines += [f"## {title}", "", "| key | default | what |", "|---|---|---|"]
        for name, field in model.model_fields.items():
            default = "required" if field.is_required() else f"`{field.default!r}`"
            lines.append(f"| `{name}` | {default} | {field.description or ''} |")
        lines.append("")
    return "\n".join(lines)


def plugins() -> str:
    """Return the text of every built-in plug-in: it is their reference."""
    lines = [NOTE, "# Plug-ins", ""]
    families = {"importers": importers, "detectors": detectors, "exporters": exporters}
    for family, module in families.items():
        lines += [f"## {family.capitalize()}", ""]
        for name, plugin in sorted(known(family, module.BUILTIN).items()):
            lines += [f"### {name}", "", "```", inspect.cleandoc(plugin.__doc__ or ""), "```", ""]
    return "\n".join(lines)


def uses() -> dict[str, set[str]]:
    """Return which modules each module imports, at its top, in functions or for types.

    Names are without the package (`stages.counting`); the package itself is `__init__`.
    """
    root = Path(fanal.__file__).parent
    trees: dict[str, ast.Module] = {}
    for path in root.rglob("*.py"):
        parts = path.relative_to(root).with_suffix("").parts
        package = parts[-1] == "__init__" and len(parts) > 1
        trees[".".join(parts[:-1] if package else parts)] = ast.parse(path.read_text("utf-8"))
    found: dict[str, set[str]] = {}
    for module, tree in trees.items():
        names = set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                names |= {(node.module or "", alias.name) for alias in node.names}
            elif isinstance(node, ast.Import):
                names |= {(alias.name, "") for alias in node.names}
        found[module] = set()
        for name, attribute in names:
            if name.split(".")[0] == "fanal":
                outer = name.removeprefix("fanal").strip(".")
                inner = f"{outer}.{attribute}".strip(".")
                found[module].add(inner if inner in trees else outer or "__init__")
        found[module].discard(module)
    return found


def house() -> str:
    """Return the rooms of the house and who asks whom, as a Mermaid drawing.

    An arrow that goes without saying, since another way leads there too, is left out, and so is
    the package itself, by which everybody comes in.
    """
    root = Path(fanal.__file__).parent
    rooms: dict[str, set[str]] = {}
    for module, others in uses().items():
        asked = {other.split(".")[0] for other in others} - {"__init__"}
        rooms.setdefault(module.split(".")[0], set()).update(asked)
    rooms.pop("__init__")
    for room, asked in rooms.items():
        asked.discard(room)

    @cache
    def reached(room: str) -> frozenset[str]:
        return frozenset(rooms[room]).union(*map(reached, rooms[room]))

    lines = ["```mermaid", "flowchart BT"]
    for room in sorted(rooms):
        lines.append(f'  {room}["{room}{"/" * (root / room).is_dir()}"]')
    for room in sorted(rooms):
        further = frozenset().union(*map(reached, rooms[room]))
        lines += [f"  {room} --> {other}" for other in sorted(rooms[room] - further)]
    return "\n".join([*lines, "```"])


def drawn(page: str) -> str:
    """Return a page with the drawing of today between its marks."""
    before, rest = page.split(DRAWING, 1)
    return before + DRAWING + "\n" + house() + "\n" + rest[rest.index("<!-- end -->") :]


PAGES = {
    "commands.md": commands,
    "records.md": records,
    "settings.md": written_by_people,
    "plug-ins.md": plugins,
}

if __name__ == "__main__":
    HERE.mkdir(exist_ok=True)
    for file, write in PAGES.items():
        (HERE / file).write_text(write().rstrip() + "\n", "utf-8")
    ARCHITECTURE.write_text(drawn(ARCHITECTURE.read_text("utf-8")), "utf-8")

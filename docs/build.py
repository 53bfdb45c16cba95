"""Write `docs/reference/` from the code: commands, records, settings, sources, plug-ins.

Run as ``python docs/build.py``; a test fails where the pages are not what this writes.
"""

from __future__ import annotations

import ast
import inspect
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


def house() -> str:
    """Return the rooms of the house and who asks whom, as a Mermaid drawing.

    An arrow that goes without saying, since another way leads there too, is left out.
    """
    root = Path(fanal.__file__).parent
    uses: dict[str, set[str]] = {}
    for path in root.rglob("*.py"):
        room = path.relative_to(root).parts[0].removesuffix(".py")
        asked = uses.setdefault(room, set())
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("fanal"):
                inner = (node.module or "").split(".")[1:]
                asked |= set(inner[:1]) or {alias.name for alias in node.names}
        asked &= {path.stem for path in root.iterdir()} - {room}
    uses.pop("__init__")

    def reached(room: str) -> set[str]:
        return uses[room].union(*(reached(other) for other in uses[room]))

    shapes = {room: f"{room}/" if (root / room).is_dir() else room for room in uses}
    lines = ["```mermaid", "flowchart BT"]
    lines += [f'  {room}["{shapes[room]}"]' for room in sorted(uses)]
    for room in sorted(uses):
        further = set().union(*(reached(other) for other in uses[room]))
        lines += [f"  {room} --> {other}" for other in sorted(uses[room] - further)]
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

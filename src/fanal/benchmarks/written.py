"""Written examples of what the coder should read: a text, then a line for each fact in it.

    A courier brought it, sixty a gram, here in Brest.
      = mention cocaine
      = practice supply.mode.home-delivery
      = price cocaine 60 EUR / 1 g
      = place Brest event

`gold/README.md` says who writes them, and what each fact is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fanal.errors import ConfigError
from fanal.thesaurus.concepts import fold_name
from fanal.thesaurus.places import load_places

Line = Mapping[str, Any]  # a gold line, or one of its facts
_WHAT = r"(?P<substance>\S+) "
_SUM = r"(?P<amount>[\d.]+)(?:-(?P<amount_max>[\d.]+))?"
# Of each kind, how its facts are written. A hyphen stands for what is not said.
_FORMS = {
    "mention": r"(?P<substance>\S+)",
    "practice": r"(?P<code>\S+)",
    "price": rf"{_WHAT}{_SUM} (?P<currency>[A-Z]{{3}}) / (?:(?P<quantity>[\d.]+) (?P<unit>\S+)|-)",
    "quantity": rf"{_WHAT}(?P<quantity>[\d.]+)(?:-[\d.]+)? (?P<unit>\S+)",
    "bonus": rf"{_WHAT}(?P<bought>[\d.]+) \+ (?P<free>[\d.]+)(?:-[\d.]+)? (?P<unit>\S+)",
    "purity": rf"{_WHAT}(?P<percent>[\d.]+)(?:-(?P<percent_max>[\d.]+))? (?:% )?(?P<basis>\S+)",
    "strength": rf"{_WHAT}(?P<amount>[\d.]+) (?P<unit>\S+) per (?P<per>\S+)",
    "hours": r"(?P<days>\S+) (?P<opens>\S+) (?P<closes>\S+)",
    "place": r"(?P<name>.+) (?P<role>delivery-area|point|origin|event)",
    "platform": r"(?P<platform>\S+) (?P<role>here|redirect|backup|mentioned)",
}
_ASIDE = ("figure", "price-past")  # written, and not read by the coder yet
_NUMBERS = ("amount", "amount_max", "quantity", "bought", "free", "percent", "percent_max")


def read_written(path: Path) -> Sequence[Line]:
    """Return the examples of a file as gold lines: `id`, `text`, `observations`.

    A place is right as any that has the name.

    Raises:
        ConfigError: a fact that has none of the forms; its line is said, its text is not.
    """
    lines: list[dict[str, Any]] = []
    for number, raw in enumerate(path.read_text("utf-8").splitlines(), 1):
        where = f"{path.name} line {number}"
        if raw.startswith("  = "):
            if not lines:
                raise ConfigError("a fact of no text", where=where)
            lines[-1]["observations"] += _fact(raw[4:].strip(), where)
        elif raw.strip() and not raw.startswith("#"):
            text = raw.replace("⏎", "\n").strip()
            lines.append({"id": f"{path.stem}:{number}", "text": text, "observations": []})
    return lines


def _fact(said: str, where: str) -> Iterator[Line]:
    kind, _, rest = said.partition(" ")
    if kind in _ASIDE:
        return
    form = re.fullmatch(_FORMS.get(kind, r"\b\B"), rest)
    if form is None:
        raise ConfigError(
            f"no form of a fact: {kind}", where=where, allowed=", ".join((*_FORMS, *_ASIDE))
        )
    fields: dict[str, Any] = {
        name: told for name, told in form.groupdict().items() if told is not None
    }
    fields |= {name: float(fields[name]) for name in _NUMBERS if name in fields}
    fields = {name: None if one == "-" else one for name, one in fields.items()}
    yield {"kind": kind, **_NORMAL.get(kind, dict)(fields)}


def _place(fields: Line) -> Line:
    names = load_places().by_fold.get(fold_name(fields["name"]), ())
    codes = [name.code for name in names] or [fields["name"]]
    return {"code": codes, "role": fields["role"].replace("-", " ")}


def _bonus(fields: Line) -> Line:
    if re.fullmatch("[A-Z]{3}", fields["unit"]):  # money for money
        return {**fields, "free_unit": fields["unit"]}
    return dict(fields)


def _days(fields: Line) -> Line:
    return {name: told for name, told in fields.items() if told is not None}


_NORMAL: dict[str, Callable[[Line], Line]] = {
    "place": _place, "bonus": _bonus, "hours": _days,
}  # fmt: skip

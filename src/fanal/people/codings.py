"""The corrections of people on coded passages: which of them hold now."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from fanal.records import Coding
from fanal.storage.tables import as_json

KEYS = ("substance", "code", "platform", "place", "amount", "quantity", "percent")


def in_force(codings: Iterable[Coding]) -> list[Coding]:
    """Return the corrections that hold: the last on each span, kind and concept."""
    last: dict[tuple[Any, ...], Coding] = {}
    for coding in codings:
        key = (coding.document, coding.kind, coding.start, coding.stop, _concept(coding.fields))
        earlier = last.get(key)
        if earlier is not None and earlier.verdict == "add":
            if coding.verdict == "reject":
                del last[key]  # taken back: as if nobody had said it
            continue
        last[key] = coding
    return list(last.values())


def _concept(fields: str) -> str:
    said = json.loads(fields)
    return as_json({key: said[key] for key in KEYS if said.get(key) is not None})

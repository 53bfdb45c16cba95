"""What the door keeps out by itself, by kind of source, as it was measured at first sight."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple


class Promise(NamedTuple):
    """Marks in texts by authors who did not know the door; those of which nothing is stored."""

    marks: int
    kept: int
    measured: date

    @property
    def left(self) -> int:
        """Of 100 identifiers, how many stay; rounded up, for it is a promise."""
        return -(-100 * (self.marks - self.kept) // self.marks)


def promise(kind: str) -> Promise | None:
    """Return what is promised of a kind of source; None where nothing was measured."""
    said = _data()["kinds"].get(kind)
    return Promise(said["marks"], said["kept"], _data()["measured"]) if said else None


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(files("fanal.door").joinpath("promise.toml").read_text("utf-8"))

"""Fanal: a self-hosted drug-trend observatory.

>>> import fanal
>>> observatory = fanal.open("demo")  # doctest: +SKIP
>>> observatory.signals()  # doctest: +SKIP
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fanal.workspace import Workspace

__all__ = ["__version__", "create", "open", "show"]


def open(folder: str | Path) -> Workspace:
    """Open the observatory in a folder; close it, or use it in a `with` statement.

    Raises:
        ConfigError: there is none.
    """
    from fanal.workspace import Workspace

    return Workspace(Path(folder))


def create(folder: str | Path, title: str = "Observatory", site: str | None = None) -> Workspace:
    """Create an observatory in a new or empty folder and open it."""
    from fanal.workspace import Workspace

    return Workspace.create(Path(folder), title, site)


def show(identifier: bytes) -> str:
    """Return an id as people see it: 8 base-32 characters."""
    from fanal.door.pseudonyms import show as shown

    return shown(identifier)


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from fanal.records import VERSION

        return VERSION
    raise AttributeError(f"module 'fanal' has no attribute {name!r}; public: {', '.join(__all__)}")

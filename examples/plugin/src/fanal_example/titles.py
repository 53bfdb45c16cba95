"""An exporter: the titles of a bulletin's signals, one a line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from fanal.exporters.base import Exporter


@dataclass(frozen=True)
class Titles(Exporter):
    """Writes the names of what is told, in French, as `titles.txt`.

    Parameters
    ----------
    public : bool
        There is no excerpt to leave out: it changes nothing.

    Limits
    ------
    No figure and no evidence.
    """

    name: ClassVar[str] = "titles"

    public: bool = False

    def export(self, content: Any, folder: Path) -> list[Path]:
        path = folder / "titles.txt"
        path.write_text("".join(f"{signal.concept.fr}\n" for signal in content.signals), "utf-8")
        return [path]

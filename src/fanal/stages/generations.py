"""Which state of the names the stored observations say: what is coded anew when names change.

A *generation* is a state of the coder that documents were coded with: its fingerprint and a copy of
the observatory's own names. Each run of a month is marked as coded by a generation in the commit of
its observations; so a killed run is finished by the next, and a name that comes, goes and comes
again is never taken for coded. Generations that are lost cost time: what they coded is coded anew.
"""

from __future__ import annotations

import secrets
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

from fanal.coding.base import Coder
from fanal.coding.lexicon import Lexicon
from fanal.observatory import Observatory
from fanal.records import Observation

FOLDER = "coded"
KEPT = 6  # generations: as many changes of names may be killed in a row


@dataclass(frozen=True, slots=True)
class Generation:
    """A state of the coder; `folder` has the names as they were."""

    folder: Path

    @property
    def fingerprint(self) -> str:
        """Return the fingerprint of the coder of then."""
        return (self.folder / "fingerprint").read_text("utf-8")

    def mark(self, month: str, run: str) -> str:
        """Return the name of the transaction that says: this run of this month is coded."""
        return f"code/{self.folder.name}/{month}/{run}"

    def coder(self, now: Coder) -> Coder | None:
        """Return the coder of then, if its names are all that differs from the one of now."""
        if not isinstance(now, Lexicon):
            return None
        then = replace(now, additions=str(self.folder))
        return then if then.fingerprint == self.fingerprint else None


def generations(ws: Observatory) -> list[Generation]:
    """Return the generations that are known, the latest first."""
    marked = (ws.folder / FOLDER).glob("*/fingerprint")
    return [Generation(path.parent) for path in sorted(marked, reverse=True)]


def present(ws: Observatory, coder: Coder) -> Generation:
    """Return the generation of a coder, a new one where it is not the latest."""
    known = generations(ws)
    if known and known[0].fingerprint == coder.fingerprint:
        return known[0]
    number = int(known[0].folder.name.split("-")[0]) + 1 if known else 1
    folder = ws.folder / FOLDER / f"{number:06d}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    for name in ("aliases.tsv", "substances.tsv"):
        if (ws.additions / name).is_file():
            shutil.copyfile(ws.additions / name, folder / name)
    (folder / "fingerprint").write_text(coder.fingerprint, "utf-8")  # last: now it counts
    for old in known[KEPT - 1 :]:
        shutil.rmtree(old.folder)
    return Generation(folder)


def coded_by(ws: Observatory, runs: set[tuple[str, str]]) -> dict[tuple[str, str], Generation]:
    """Return the latest generation that coded each (month, run); those that none did are absent."""
    found: dict[tuple[str, str], Generation] = {}
    for generation in generations(ws):
        names = {generation.mark(*run): run for run in runs - found.keys()}
        done = ws.tables.done(Observation, list(names)) if names else set()
        found |= {names[name]: generation for name in done}
    return found

"""Editions of the bulletin on disk: made as drafts, and out only when a person says so.

::

    publications/<edition>/edition.json   period, who made it and when, who put it out and when
    publications/<edition>/public/        HTML, PDF, DOCX without texts, small counts withheld
    publications/<edition>/internal/      the same with excerpts, for those who see every site
"""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from fanal.answers.ends import last_day
from fanal.errors import ConfigError, MissingError
from fanal.observatory import Observatory
from fanal.publishing import assertions, composing
from fanal.wording.language import languages

ABOUT = "edition.json"
BULLETIN = ["bulletin-html", "bulletin-pdf", "bulletin-docx"]  # what pages lead to
_NAME = re.compile(r"\d{4}-\d{2}-\d{2}(-\d+)?\Z")
_FILE = re.compile(r"bulletin\.[a-z]{2,3}\.(html|pdf|docx)\Z")


@dataclass(frozen=True, slots=True)
class Publication:
    """One edition: a draft until somebody puts it out."""

    name: str
    first: str  # ISO days
    last: str
    made: str  # ISO times, UTC
    maker: str
    out: str = ""
    publisher: str = ""


def every(ws: Observatory) -> list[Publication]:
    """Return the editions, the latest first."""
    found = [
        Publication(**json.loads((folder / ABOUT).read_bytes()))
        for folder in ws.publications.glob("*") if (folder / ABOUT).is_file()
    ]  # fmt: skip
    return sorted(found, key=lambda p: (p.last, p.made), reverse=True)


def find(ws: Observatory, name: str) -> Publication:
    """Return an edition.

    Raises:
        MissingError: there is none of that name.
    """
    about = ws.publications / name / ABOUT
    if not _NAME.match(name) or not about.is_file():
        raise MissingError("there is no such edition")
    return Publication(**json.loads(about.read_bytes()))


def make(ws: Observatory, first: date | None, last: date | None) -> Publication:
    """Make an edition of a period as a draft, for everybody and with excerpts.

    Raises:
        StoppedError: a source does not hold what it asserts; nothing is written.
    """
    assertions.check(ws)
    edition = composing.bulletin(ws, last or last_day(ws), first)
    folder = _free(ws, edition.last)
    try:
        for public, name in ((True, "public"), (False, "internal")):
            composing.publish(ws, edition, folder / name, BULLETIN, public=public)
        made = Publication(
            folder.name, edition.first.isoformat(), edition.last.isoformat(),
            datetime.now(UTC).isoformat(), ws.who,
        )  # fmt: skip
        _keep(folder, made)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return made


def put_out(ws: Observatory, name: str) -> Publication:
    """Put a draft out: from now on readers and the feed have it.

    Raises:
        ConfigError: it is out already.
    """
    publication = find(ws, name)
    if publication.out:
        raise ConfigError("this edition is out already", where=name)
    told = asdict(publication) | {"out": datetime.now(UTC).isoformat(), "publisher": ws.who}
    ws.audit("publish", {"edition": name})
    _keep(ws.publications / name, Publication(**told))
    return Publication(**told)


def discard(ws: Observatory, name: str) -> None:
    """Throw a draft away.

    Raises:
        ConfigError: it is out.
    """
    if find(ws, name).out:
        raise ConfigError("this edition is out and stays", where=name)
    ws.audit("discard", {"edition": name})
    shutil.rmtree(ws.publications / name)


def file(ws: Observatory, name: str, kind: str, filename: str) -> Path:
    """Return a file of an edition, `public` or `internal`.

    Raises:
        MissingError: there is none of that name.
    """
    path = ws.publications / find(ws, name).name / kind / filename
    if not _FILE.match(filename) or kind not in ("public", "internal") or not path.is_file():
        raise MissingError("there is no such file")
    return path


def spoken(ws: Observatory, name: str) -> list[str]:
    """Return the codes of the languages that an edition is in."""
    folder = ws.publications / name / "public"
    return [code for code in languages() if (folder / f"bulletin.{code}.html").is_file()]


def _free(ws: Observatory, last: date) -> Path:
    ws.publications.mkdir(parents=True, exist_ok=True)
    number = 1
    while True:
        folder = ws.publications / (f"{last}" if number == 1 else f"{last}-{number}")
        try:
            folder.mkdir()
        except FileExistsError:
            number += 1
        else:
            return folder


def _keep(folder: Path, publication: Publication) -> None:
    new = folder / f"{ABOUT}.new"
    new.write_bytes(json.dumps(asdict(publication), indent=1).encode())
    new.rename(folder / ABOUT)

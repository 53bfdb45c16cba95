"""Bulletin as one tagged PDF a language."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar

from fanal.edition import Edition
from fanal.errors import ContractError
from fanal.exporters.base import Exporter
from fanal.exporters.blocks import Bulletin, Heading, Table
from fanal.exporters.bulletin import compose


@dataclass(frozen=True)
class BulletinPdf(Exporter):
    """Writes a bulletin as one PDF a language, tagged for screen readers (PDF/UA-1).

    Use it to print or to archive; fonts are in the file, emoji included. Not for a public site,
    where the HTML page is lighter.

    Parameters
    ----------
    languages : tuple of str
        Codes of the languages to write: those of catalogues.
    public : bool
        Leave every excerpt out and coarsen days to months.

    Examples
    --------
    >>> BulletinPdf(languages=("en",)).export(edition, folder)  # doctest: +SKIP
    [PosixPath('bulletin.en.pdf')]

    References
    ----------
    ISO 14289-1 (PDF/UA-1). Set by Typst.
    """

    name: ClassVar[str] = "bulletin-pdf"
    languages: tuple[str, ...] = ("fr", "en")
    public: bool = False

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `bulletin.<language>.pdf` of an `Edition`."""
        pages = {
            folder / f"bulletin.{code}.pdf": _set(compose(content, code, self.public), content)
            for code in self.languages
        }
        for path, page in pages.items():
            path.write_bytes(page)
        return list(pages)


def _set(bulletin: Bulletin, edition: Edition) -> bytes:
    import typst  # a compiler in a wheel: loaded only where paper is wanted

    plain = asdict(bulletin)
    plain["anchors"] = _anchors(bulletin)
    day = edition.published
    with TemporaryDirectory() as work, as_file(files("fanal.exporters")) as here:
        root = Path(work)
        (root / "bulletin.typ").write_bytes((here / "templates" / "bulletin.typ").read_bytes())
        (root / "bulletin.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
        try:
            page = typst.compile(
                root / "bulletin.typ",
                root=root,
                font_paths=[here / "fonts"],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )
        except typst.TypstError as error:
            raise ContractError(
                "the bulletin could not be set as PDF", where=error.message
            ) from None
    assert isinstance(page, bytes)
    return page


def _anchors(bulletin: Bulletin) -> list[str]:
    found = [b.id for b in bulletin.blocks if isinstance(b, Heading)]
    found += [a for b in bulletin.blocks if isinstance(b, Table) for a in b.anchors]
    return found

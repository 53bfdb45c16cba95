"""Bulletin as one DOCX a language, to edit before it goes out."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

from fanal.edition import Edition
from fanal.exporters.alert import undated
from fanal.exporters.base import Exporter
from fanal.exporters.blocks import (
    Block,
    Bulletin,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Quote,
    Runs,
    Table,
)
from fanal.exporters.bulletin import compose

INK = "#1b2023"  # of pictures on paper, where `currentColor` means nothing
WIDE = 16.0  # of a picture, cm
STYLES = {"lead": "Intense Quote", "banner": "Intense Quote", "note": "Caption"}


@dataclass(frozen=True)
class BulletinDocx(Exporter):
    """Writes a bulletin as a DOCX to rework in a word processor.

    Use it where people complete the bulletin by hand before it goes out: headings, lists and
    tables are real ones, pictures carry their description. Not for archiving: `bulletin-pdf`.

    Parameters
    ----------
    languages : tuple of str
        Codes of the languages to write: those of catalogues.
    public : bool
        Leave every excerpt out and coarsen days to months.

    Examples
    --------
    >>> BulletinDocx(languages=("fr",)).export(edition, folder)  # doctest: +SKIP
    [PosixPath('bulletin.fr.docx')]

    References
    ----------
    ISO/IEC 29500 (Office Open XML).
    """

    name: ClassVar[str] = "bulletin-docx"
    languages: tuple[str, ...] = ("fr", "en")
    public: bool = False

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `bulletin.<language>.docx` of an `Edition`."""
        papers = {
            folder / f"bulletin.{code}.docx": _written(compose(content, code, self.public), content)
            for code in self.languages
        }
        for path, paper in papers.items():
            path.write_bytes(paper)
        return list(papers)


def _written(bulletin: Bulletin, edition: Edition) -> bytes:
    import docx  # loaded only where a document is wanted

    document = docx.Document()
    day = edition.published
    about = document.core_properties
    about.created = about.modified = datetime(day.year, day.month, day.day, tzinfo=UTC)
    about.author, about.title, about.language = "Fanal", bulletin.title, bulletin.language
    document.add_heading(bulletin.title, 0)
    document.add_paragraph(bulletin.subtitle)
    document.add_paragraph(bulletin.byline)
    if bulletin.notice:
        document.sections[0].footer.paragraphs[0].text = bulletin.notice
    for block in bulletin.blocks:
        _add(document, block)
    packed = io.BytesIO()
    document.save(packed)
    return undated(packed.getvalue())


def _add(document: Any, block: Block) -> None:
    if isinstance(block, Heading):
        document.add_heading(block.text, block.level)
    elif isinstance(block, Paragraph):
        _say(document.add_paragraph(style=STYLES.get(block.style)), block.runs)
    elif isinstance(block, Bullets):
        for row in block.rows:
            _say(document.add_paragraph(style="List Bullet"), row)
    elif isinstance(block, Quote):
        paragraph = document.add_paragraph(style="Quote")
        _say(paragraph, block.runs)
        paragraph.add_run().add_break()
        _say(paragraph, block.cite)
    elif isinstance(block, Table):
        _table(document, block)
    else:
        _figure(document, block)


def _say(paragraph: Any, runs: Runs) -> None:
    for run in runs:
        said = paragraph.add_run(run.text)
        said.bold = run.style in ("strong", "mark") or None


def _table(document: Any, block: Table) -> None:
    document.add_paragraph(block.caption, style="Caption")
    table = document.add_table(rows=1, cols=len(block.head))
    table.style = "Light Grid Accent 1"
    for cell, name in zip(table.rows[0].cells, block.head, strict=True):
        cell.text = name
    for row in block.rows:
        for cell, runs in zip(table.add_row().cells, row, strict=True):
            _say(cell.paragraphs[0], runs)


def _figure(document: Any, block: Figure) -> None:
    import vl_convert
    from docx.shared import Cm

    picture = vl_convert.svg_to_png(block.svg.replace("currentColor", INK), scale=2.0)
    drawn = document.add_picture(io.BytesIO(picture), width=Cm(WIDE))
    drawn._inline.docPr.set("descr", block.alt)  # what a screen reader says of it
    document.add_paragraph(block.caption, style="Caption")
    if block.table:
        _table(document, block.table)

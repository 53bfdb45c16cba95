"""The alert form of the European Drug Alert System, as JSON, DOCX and PDF: never sent by itself."""

from __future__ import annotations

import io
import json
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from importlib.resources import as_file, files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, ClassVar
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from fanal.exporters.base import Exporter
from fanal.wording.language import Language
from fanal.wording.marks import N_

# Regulation (EU) 2023/1322, article 13: what a national focal point says of a serious risk.
FIELDS = {
    "a": N_("Type and origin of the risk"),
    "b": N_("Date and place of the event"),
    "c": N_("Means of exposure, transmission or dissemination"),
    "d": N_("Analytical and toxicological data"),
    "e": N_("Identification methods"),
    "f": N_("Health risks"),
    "g": N_("Social, safety and security risks"),
    "h": N_("National health measures"),
    "i": N_("Other measures"),
    "j": N_("Any other relevant information"),
}
EMPTY = N_("to be filled in")
DRAFT = N_(
    "Draft prefilled from a signal. A person checks it, completes it and decides to send it."
)


@dataclass(frozen=True, slots=True)
class AlertForm:
    """An alert with its fields by letter; an empty one is left for a person to fill."""

    signal: str
    title: str
    language: str  # its code
    drawn_up: date
    fields: dict[str, str]

    def said(self) -> list[tuple[str, str, str]]:
        """Return letter, heading and text of each field, in their order."""
        language = Language(self.language)
        return [
            (letter, language.say(name), self.fields.get(letter) or f"[{language.say(EMPTY)}]")
            for letter, name in FIELDS.items()
        ]

    @property
    def draft(self) -> str:
        """The line that says that nobody has checked it yet, nor the words of its language."""
        language = Language(self.language)
        return f"{language.say(DRAFT)} {language.notice}".strip()


@dataclass(frozen=True)
class AlertJson(Exporter):
    """Writes an alert form as JSON, its fields by letter.

    Use it to hand the form to another program. Not for people: `alert-docx`, `alert-pdf`.

    Examples
    --------
    >>> AlertJson().export(form, folder)  # doctest: +SKIP
    [PosixPath('alert-x2l6n7hc.fr.json')]

    References
    ----------
    Regulation (EU) 2023/1322, article 13.
    """

    name: ClassVar[str] = "alert-json"

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `alert-<signal>.<language>.json` of an `AlertForm`."""
        path = _path(content, folder, "json")
        plain = asdict(content) | {"drawn_up": content.drawn_up.isoformat(), "draft": True}
        path.write_text(json.dumps(plain, ensure_ascii=False, indent=1) + "\n", "utf-8")
        return [path]


@dataclass(frozen=True)
class AlertDocx(Exporter):
    """Writes an alert form as a DOCX to complete in a word processor.

    Use it to finish the form by hand. Not for archiving: `alert-pdf`.

    Examples
    --------
    >>> AlertDocx().export(form, folder)  # doctest: +SKIP
    [PosixPath('alert-x2l6n7hc.fr.docx')]

    References
    ----------
    Regulation (EU) 2023/1322, article 13.
    """

    name: ClassVar[str] = "alert-docx"

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `alert-<signal>.<language>.docx` of an `AlertForm`."""
        import docx  # loaded only where a form is wanted

        document = docx.Document()
        day = datetime(
            content.drawn_up.year, content.drawn_up.month, content.drawn_up.day, tzinfo=UTC
        )
        document.core_properties.created = document.core_properties.modified = day
        document.core_properties.author = "Fanal"
        document.add_heading(content.title, 0)
        document.add_paragraph(content.draft)
        for letter, heading, said in content.said():
            document.add_heading(f"({letter}) {heading}", 2)
            for line in said.splitlines():
                document.add_paragraph(line)
        packed = io.BytesIO()
        document.save(packed)
        path = _path(content, folder, "docx")
        path.write_bytes(undated(packed.getvalue()))
        return [path]


@dataclass(frozen=True)
class AlertPdf(Exporter):
    """Writes an alert form as a tagged PDF (PDF/UA-1).

    Use it to print or to archive. Not for completing it: `alert-docx`.

    Examples
    --------
    >>> AlertPdf().export(form, folder)  # doctest: +SKIP
    [PosixPath('alert-x2l6n7hc.fr.pdf')]

    References
    ----------
    Regulation (EU) 2023/1322, article 13. Set by Typst.
    """

    name: ClassVar[str] = "alert-pdf"

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `alert-<signal>.<language>.pdf` of an `AlertForm`."""
        import typst  # a compiler in a wheel: loaded only where paper is wanted

        plain = {
            "title": content.title,
            "language": content.language,
            "draft": content.draft,
            "fields": [list(field) for field in content.said()],
        }
        day = content.drawn_up
        with TemporaryDirectory() as work, as_file(files("fanal.exporters")) as here:
            root = Path(work)
            (root / "alert.typ").write_bytes((here / "templates" / "alert.typ").read_bytes())
            (root / "alert.json").write_text(json.dumps(plain, ensure_ascii=False), "utf-8")
            page = typst.compile(
                root / "alert.typ",
                root=root,
                font_paths=[here / "fonts"],
                ignore_system_fonts=True,
                pdf_standards=["ua-1"],
                timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            )
        assert isinstance(page, bytes)
        path = _path(content, folder, "pdf")
        path.write_bytes(page)
        return [path]


def _path(content: AlertForm, folder: Path, ending: str) -> Path:
    return folder / f"alert-{content.signal}.{content.language}.{ending}"


def undated(packed: bytes) -> bytes:
    """Return a package whose members carry no time, so that the same form is the same file."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(packed)) as old, ZipFile(out, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name, (1980, 1, 1, 0, 0, 0)), old.read(name))
    return out.getvalue()

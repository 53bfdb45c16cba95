"""Bulletin as one self-contained HTML page a language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from jinja2 import Environment, PackageLoader, StrictUndefined

from fanal.exporters.base import Exporter
from fanal.exporters.bulletin import compose


@dataclass(frozen=True)
class BulletinHtml(Exporter):
    """Writes a bulletin as one HTML page a language, complete in itself.

    Use it to read, to mail or to put on a site: the page asks nothing of the network, holds no
    script, prints well, follows a light or dark screen and can be read aloud. Not for figures to
    compute with: take the open tables.

    Parameters
    ----------
    languages : tuple of str
        Codes of the languages to write: those of catalogues.
    public : bool
        Leave every excerpt out and coarsen days to months.

    Examples
    --------
    >>> BulletinHtml(languages=("fr",)).export(edition, folder)  # doctest: +SKIP
    [PosixPath('bulletin.fr.html')]

    References
    ----------
    WCAG 2.2, level AA; HTML Living Standard.
    """

    name: ClassVar[str] = "bulletin-html"
    languages: tuple[str, ...] = ("fr", "en")
    public: bool = False

    def export(self, content: Any, folder: Path) -> list[Path]:
        """Write `bulletin.<language>.html` of an `Edition`."""
        template = _environment().get_template("bulletin.html.j2")
        pages = {
            folder / f"bulletin.{code}.html": template.render(b=compose(content, code, self.public))
            for code in self.languages
        }
        for path, page in pages.items():
            path.write_text(page + "\n", "utf-8")
        return list(pages)


def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("fanal.exporters"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=False,
        lstrip_blocks=False,
    )

"""The manual, as it lies in docs/manual, in the language of the visit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import ClassVar

from fastapi.responses import Response
from markdown_it import MarkdownIt

from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Manual"), home="/manual")


@dataclass(frozen=True, slots=True)
class Manual(Content):
    """The manual: its headings, and its text as HTML."""

    template: ClassVar[str] = "manual.html.j2"
    headings: tuple[tuple[str, str], ...]  # anchor, words
    html: str
    written: str  # code of the language that it is written in


@pages.shows("/manual", SEE)
def manual(visit: Visiting) -> Response:
    """Show the manual."""
    return visit.render(Manual(*_read(visit.language.code)))


@cache
def _read(code: str) -> tuple[tuple[tuple[str, str], ...], str, str]:
    """Return headings, HTML and language of the manual; HTML in it is not let in."""
    folder = files("fanal.web") / "manual"
    written = code if (folder / f"{code}.md").is_file() else "en"
    text = (folder / f"{written}.md").read_text("utf-8")
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = parser.parse(text)
    headings: list[tuple[str, str]] = []
    for opening, inside in pairwise(tokens):
        if opening.type == "heading_open" and opening.tag == "h2":
            anchor = f"h{len(headings) + 1}"
            opening.attrSet("id", anchor)
            headings.append((anchor, inside.content))
    html: str = parser.renderer.render(tokens, parser.options, {})
    return tuple(headings), html, written

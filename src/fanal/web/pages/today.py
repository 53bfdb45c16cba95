"""Today: what a coordinator looks at first in the morning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from fastapi.responses import Response

from fanal.web.permissions import SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visiting

pages = Pages("Aujourd'hui", "Today", home="/")


@dataclass(frozen=True, slots=True)
class Today(Content):
    """What awaits people."""

    template: ClassVar[str] = "today.html.j2"


@pages.shows("/", SEE)
def today(visit: Visiting) -> Response:
    """Show what awaits people."""
    return visit.render(Today())

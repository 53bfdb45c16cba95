"""Nothing that identifies someone goes past here.

Importing this is light: the scanner and its word lists load when a text is first read.
"""

from fanal.door.admit import Admitted, Door, Quarantined
from fanal.door.identifiers import Screened, leaks, screen_text
from fanal.door.pseudonyms import KeyRing, show
from fanal.door.samples import Samples
from fanal.door.spans import Span

__all__ = [
    "Admitted",
    "Door",
    "KeyRing",
    "Quarantined",
    "Samples",
    "Screened",
    "Span",
    "leaks",
    "screen_text",
    "show",
]

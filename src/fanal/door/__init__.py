"""Nothing that identifies someone goes past here.

Importing this is light: the scanner and its word lists load when a text is first read.
"""

from fanal.door.admit import Admitted, Door, Quarantined
from fanal.door.identifiers import Screened, leaks, screen_text
from fanal.door.pseudonyms import AWAITED, KeyRing, canonical, prefix_of, read_shared, show
from fanal.door.samples import Samples
from fanal.door.spans import Span
from fanal.door.words import words, written

__all__ = [
    "AWAITED",
    "Admitted",
    "Door",
    "KeyRing",
    "Quarantined",
    "Samples",
    "Screened",
    "Span",
    "canonical",
    "leaks",
    "prefix_of",
    "read_shared",
    "screen_text",
    "show",
    "words",
    "written",
]

"""What commands load before they begin: imported by the process whose children are killed."""

import fanal.detectors
import fanal.door.deciding
import fanal.workspace  # noqa: F401
from fanal.cli.main import register
from fanal.coding.lexicon import Lexicon
from fanal.door.identifiers import screen_text

register()
LOADED = Lexicon().vocabulary, screen_text(["appelle le 06 39 98 12 34"])

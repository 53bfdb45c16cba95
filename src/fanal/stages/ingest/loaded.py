"""Imported by the server that workers are forked from: what all of them read is in memory once."""

from __future__ import annotations

import gc

from fanal.door import first_look
from fanal.stages.ingest import staging  # noqa: F401 - with all that it imports
from fanal.text import languages

first_look.prepare()
languages.of_texts(["xyzzy plugh frotz"] * 9)  # the words, and the model where they are unsure
gc.collect()
gc.freeze()  # a collection in a worker would write to every page, and own it from then on

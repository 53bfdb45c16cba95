"""Imported by the server that workers are forked from: what all of them read is in memory once."""

from __future__ import annotations

import gc

from fanal.door import screening

screening.prepare()
gc.collect()
gc.freeze()  # a collection in a worker would write to every page, and own it from then on

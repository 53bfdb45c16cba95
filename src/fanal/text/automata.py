"""Compiled scanners (hyperscan), kept for other processes and later runs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import hyperscan


def kept(expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int] = ()) -> Any:
    """Return the automaton of some expressions, from the cache if it is there.

    It is kept under a digest of all that decides it, the version of the library included.
    """
    digest = blake2b(version("hyperscan").encode(), digest_size=16)
    digest.update(repr((list(expressions), list(ids), list(flags))).encode())
    file = _folder() / f"{digest.hexdigest()}.hs"
    try:
        return hyperscan.loadb(file.read_bytes(), hyperscan.HS_MODE_BLOCK)
    except (OSError, hyperscan.error):
        database = compiled(expressions, ids, flags)
    with suppress(OSError):  # no place to keep it: compiled again next time
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, delete=False) as made:
            made.write(hyperscan.dumpb(database))
        Path(made.name).replace(file)
    return database


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "fanal"


def compiled(expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int] = ()) -> Any:
    """Return the automaton of some expressions: a hit tells the id of its expression."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(expressions), ids=list(ids), flags=list(flags) or 0)
    return database

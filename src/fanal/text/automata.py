"""Compiled scanners (hyperscan), kept for other processes and later runs."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import hyperscan  # the fastest multi-pattern matcher with a wheel: see bench/coder.py


class Scanner:
    """An automaton, and the room that it needs to scan: of its own in each thread.

    A room that two threads share gives wrong rows; made anew for each call it takes longer than a
    short text.
    """

    def __init__(self, database: Any) -> None:
        self.database = database
        self._own = threading.local()

    def scan(
        self, data: bytes | memoryview, hit: Callable[[int, int, int, int, object], None]
    ) -> None:
        """Call `hit` with the id of each expression that is found, and with where it ends."""
        try:
            scratch = self._own.scratch
        except AttributeError:
            scratch = self._own.scratch = hyperscan.Scratch(self.database)
        self.database.scan(data, match_event_handler=hit, scratch=scratch)


def kept(expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int] = ()) -> Scanner:
    """Return the automaton of some expressions, from the cache if it is there.

    It is kept under a digest of all that decides it, the version of the library included.
    """
    digest = blake2b(version("hyperscan").encode(), digest_size=16)
    digest.update(repr((list(expressions), list(ids), list(flags))).encode())
    file = _folder() / f"{digest.hexdigest()}.hs"
    try:
        return Scanner(hyperscan.loadb(file.read_bytes(), hyperscan.HS_MODE_BLOCK))
    except (OSError, hyperscan.error):
        scanner = compiled(expressions, ids, flags)
    with suppress(OSError):  # no place to keep it: compiled again next time
        file.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=file.parent, delete=False) as made:
            made.write(hyperscan.dumpb(scanner.database))
        Path(made.name).replace(file)
    return scanner


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "fanal"


def compiled(
    expressions: Sequence[bytes], ids: Sequence[int], flags: Sequence[int] = ()
) -> Scanner:
    """Return the automaton of some expressions: a hit tells the id of its expression."""
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(expressions=list(expressions), ids=list(ids), flags=list(flags) or 0)
    return Scanner(database)

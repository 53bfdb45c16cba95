"""Broken and hostile files over all importers: no uncaught exception, no effect, bounded cost."""

from __future__ import annotations

import dataclasses
import io
import multiprocessing
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from malformed import CANARY, MIB, Case, damaged, hostile

SECONDS = 30
REFUSED_IN = 5
MEMORY = 512 * MIB
EFFECTS = {
    *("socket.connect", "socket.getaddrinfo", "os.mkdir", "os.rename", "os.link", "os.symlink"),
    *("os.system", "subprocess.Popen", "tempfile.mkstemp", "tempfile.mkdtemp"),
}


class Outcome(NamedTuple):
    """What became of one malformed file."""

    name: str
    ended: str  # rows, error, or the name of an exception that nobody caught
    seconds: float
    memory: int  # peak of the process so far, bytes
    faults: tuple[str, ...]


_effects: list[str] = []


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open":
        path, mode, flags = arguments
        if any(c in (mode or "") for c in "wax+") or (flags or 0) & (os.O_WRONLY | os.O_RDWR):
            _effects.append(f"opened for writing: {path}")
    elif event in EFFECTS:
        _effects.append(event)


def _start() -> None:
    sys.dont_write_bytecode = True  # what importing a library writes is not what a file makes
    sys.addaudithook(_watch)


def read(case: Case, path: Path) -> Outcome:
    """Read one file as a stranger would bring it in: recognised, and by its importer."""
    from fanal.door.raw import RawDocument
    from fanal.errors import ImporterError
    from fanal.importers import BUILTIN, files_in
    from fanal.importers.base import Issue

    def late(*_: object) -> None:
        raise TimeoutError

    signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS + 5)
    _effects.clear()
    faults: list[str] = []
    said: list[str] = []
    numbers: list[bool] = []
    printed = io.StringIO()
    started = time.monotonic()
    try:
        sys.stdout = sys.stderr = printed
        said += [str(found) for _, found in files_in(path) if isinstance(found, ImporterError)]
        importer = next(i for i in BUILTIN if i.name == case.importer)(**case.parameters)
        for row in importer.extract(path):
            if isinstance(row, RawDocument | Issue) and row.record < 1:
                faults.append("a row without a record number")
            if isinstance(row, RawDocument) and CANARY in row.text:
                faults.append("read a file beside it")
            if isinstance(row, Issue):
                numbers.append(True)
                said.append(repr(row))
        ended = "rows"
    except ImporterError as error:
        ended = "error"
        said.append(str(error))
        numbers.append(any(c.isdecimal() for c in error.where))
    except BaseException as error:  # noqa: BLE001 - the point of this test
        ended = type(error).__name__
        faults.append(f"not caught: {ended} {str(error)[:200]}")
    finally:
        signal.alarm(0)
        sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__
    seconds = time.monotonic() - started
    if case.names_record and not any(numbers):
        faults.append("no record number named")
    if case.refused and ended == "rows":
        faults.append("not refused")
    if seconds > (REFUSED_IN if case.refused else SECONDS):
        faults.append(f"took {seconds:.1f} s")
    if any(CANARY in text for text in said):
        faults.append("content in a message")
    if printed.getvalue():
        faults.append(f"printed {printed.getvalue()[:80]!r}")
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Outcome(case.name, ended, seconds, memory, (*faults, *_effects))


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """Listen on a port and note who connects: nobody may."""
    seen: list[str] = []
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)

        def listen() -> None:
            while not done.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                seen.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield server.getsockname()[1], seen
        finally:
            done.set()
            thread.join()


def read_all(cases: Iterable[Case], inbox: Path) -> list[Outcome]:
    """Read every case in two watched processes, renewed so that their peak stays a file's own."""
    outcomes: list[Outcome] = []
    waiting: list[tuple[Case, Path, Future[Outcome]]] = []

    def settle(below: int) -> None:
        while len(waiting) > below:
            case, path, future = waiting.pop(0)
            try:
                outcomes.append(future.result())
            except Exception as error:  # noqa: BLE001 - the process died: a crash in a library
                outcomes.append(Outcome(case.name, "died", 0, 0, (f"died: {error!r}"[:80],)))
            path.unlink()

    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, context, _start, max_tasks_per_child=300) as pool:
        for number, case in enumerate(cases):
            path = inbox / f"{number}"
            path.write_bytes(case.content)
            case = dataclasses.replace(case, content=b"")
            waiting.append((case, path, pool.submit(read, case, path)))
            settle(8)
        settle(0)
    return outcomes


def run(cases: Iterable[Case], folder: Path, connected: list[str]) -> list[Outcome]:
    """Read all cases and assert what every malformed file must keep to."""
    inbox = folder / "inbox"
    inbox.mkdir()
    before = sorted(Path.cwd().iterdir())
    outcomes = read_all(cases, inbox)
    faults = [f"{o.name}: {fault}" for o in outcomes for fault in o.faults]
    faults += [f"{o.name}: {o.memory // MIB} MiB" for o in outcomes if o.memory > MEMORY]
    assert not faults, f"{len(faults)} faults\n" + "\n".join(faults[:60])
    assert not connected
    assert sorted(path.name for path in folder.rglob("*")) == ["canary.txt", "inbox"]
    assert sorted(Path.cwd().iterdir()) == before
    return outcomes


def hostile_in(folder: Path, port: int, size: int) -> Iterator[Case]:
    """Yield the hostile files; one of them points at a canary beside them."""
    canary = folder / "canary.txt"
    canary.write_text(CANARY)
    yield from hostile(port, canary, size)


def test_a_slice_of_the_malformed_corpus(tmp_path: Path) -> None:
    with listener() as (port, connected):
        broken = islice(damaged(rounds=1), 0, None, 9)
        cases = chain(broken, islice(hostile_in(tmp_path, port, MIB), 0, None, 11))
        assert len(run(cases, tmp_path, connected)) >= 80


@pytest.mark.bars
def test_malformed_corpus(tmp_path: Path) -> None:
    with listener() as (port, connected):
        cases = chain(damaged(), hostile_in(tmp_path, port, 100 * MIB))
        outcomes = run(cases, tmp_path, connected)
    ended = Counter(outcome.ended for outcome in outcomes)
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    print(
        f"\n{len(outcomes)} malformed files: {ended['rows']} read with issues, {ended['error']} "
        f"refused, 0 uncaught; slowest {slowest.seconds:.1f} s ({slowest.name}); peak "
        f"{max(o.memory for o in outcomes) // MIB} MiB; 0 connections, 0 files written"
    )
    assert len(outcomes) >= 1_000

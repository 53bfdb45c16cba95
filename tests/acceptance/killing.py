"""A command that is killed: before one of its changes to the disk, or some time after its start."""

import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

import fanal
from fanal.cli.main import main

# a checkout that is not installed is found by its path
os.environ["PYTHONPATH"] = f"{Path(fanal.__file__).parents[1]}{os.pathsep}{Path(__file__).parent}"
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate")
_SERVER = multiprocessing.get_context("forkserver")
# A start of its own takes seconds, and most kills would strike it before it does anything.
_SERVER.set_forkserver_preload(["ready_commands"])


def carried_out(*words):
    """Carry out a command in a process of its own; return how many seconds it took."""
    _start(int).join()  # the server is there
    began = time.monotonic()
    process = _start(_command, *map(str, words))
    process.join(120)
    assert process.exitcode == 0, words
    return time.monotonic() - began


def killed_after(seconds, *words):
    """Kill a command, and what it started, some time after its start; say whether it was."""
    return _strike(_start(_command, *map(str, words)), seconds)


def refresh_killed_after(seconds, at):
    """Kill a refresh of the index of texts some time after it began; say whether it was."""
    began = _SERVER.Event()
    process = _start(_refresh, at, began)
    assert began.wait(120)
    return _strike(process, seconds)


def _strike(process, seconds):
    process.join(seconds)
    if process.exitcode is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:  # it leads no group yet
            process.kill()
    process.join(120)
    return process.exitcode == -signal.SIGKILL


def _start(work, *given):
    process = _SERVER.Process(target=work, args=given)
    process.start()
    return process


def _command(*words):
    os.setsid()
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    sys.argv = ["fanal", *words]
    main()


def _refresh(at, began):
    from fanal.stages import recoding

    os.setsid()
    with fanal.open(at) as observatory:
        began.set()
        recoding.index(observatory)


def killed(work, *words, before):
    """Do work in a process of its own and kill it before a change; say whether it was.

    The change is the nth, or the first of a kind to a file whose name ends so.
    """
    process = _start(_work, work, words, before)
    process.join(120)
    return process.exitcode == -signal.SIGKILL


def _work(work, words, before):
    done = [0]

    def look(event, given):
        writes = event == "open" and isinstance(given[2], int) and given[2] & os.O_ACCMODE
        if writes or event in CHANGES:
            here = before == done[0]
            if isinstance(before, tuple):
                here = event == before[0] and str(given[0]).endswith(before[1])
            if here:
                os.kill(os.getpid(), signal.SIGKILL)
            done[0] += 1

    sys.addaudithook(look)
    work(*words)


def bring(at, file):
    """Bring a file in, so that it waits."""
    from fanal.workspace import Workspace

    with Workspace(Path(at)) as ws:
        ws.ingest([Path(file)], "talks")


def decide(at, *texts):
    """Mask texts in what waits."""
    from fanal.door.desk import Act
    from fanal.workspace import Workspace

    with Workspace(Path(at)) as ws:
        (waits,) = ws.waiting()
        ws.decide_review(waits.id, [Act("mask", text, "") for text in texts])


def confirm(at):
    """Confirm what waits."""
    from fanal.workspace import Workspace

    with Workspace(Path(at)) as ws:
        (waits,) = ws.waiting()
        ws.confirm_review(waits.id)


def destroy(at):
    """Destroy what waits."""
    from fanal.workspace import Workspace

    with Workspace(Path(at)) as ws:
        (waits,) = ws.waiting()
        ws.destroy_review(waits.id)

"""A command that is killed before one of the changes that it makes to the disk."""

import multiprocessing
import os
import signal
import sys
from pathlib import Path

import fanal

# a checkout that is not installed is found by its path
os.environ["PYTHONPATH"] = str(Path(fanal.__file__).parents[1])
CHANGES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.truncate")
_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(["fanal.workspace", "fanal.door.deciding"])


def killed(work, *words, before):
    """Do work in a process of its own and kill it before a change; say whether it was.

    The change is the nth, or the first of a kind to a file whose name ends so.
    """
    process = _SERVER.Process(target=_work, args=(work, words, before))
    process.start()
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

"""Time `fanal ingest` of a generated Telegram export, door included: `python bench/ingest.py`.

Prints messages a second and the peak of the proportional memory (PSS) of all processes, for the
share of messages with an identifier that is usual (3 %) and for the worst (every one).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil
from figures import say
from ingest_telegram import write_export

import fanal

SOURCE = """
name = "canal"
title = "INVENTED: canal"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
"""


def measured(command: list[str]) -> tuple[float, int]:
    """Run a command; return its seconds and the peak PSS of it and its children, bytes."""
    environment = os.environ | {"PYTHONPATH": str(Path(fanal.__file__).parents[1])}
    started = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        parent = psutil.Process(process.pid)
        while not done.wait(0.2):
            total = 0
            try:
                running = [parent, *parent.children(recursive=True)]
            except psutil.Error:
                return  # ended since
            for one in running:
                try:
                    total += one.memory_full_info().pss
                except (psutil.Error, OSError):
                    continue
            peak = max(peak, total)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    done.set()
    watcher.join()
    if code:
        raise SystemExit(f"exit {code}: {' '.join(command)}")
    return time.perf_counter() - started, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--identifiers", type=float, nargs="*", default=[0.03, 1.0])
    options = parser.parse_args()
    figures: dict[str, float] = {}
    for share in options.identifiers:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            count = write_export(folder / "result.json", options.megabytes, share)
            with fanal.create(folder / "obs") as observatory:
                observatory.add_source(SOURCE)
            command = [sys.executable, "-m", "fanal.cli", "ingest", str(folder / "result.json")]
            command += ["-s", "canal", "-d", str(folder / "obs")]
            seconds, peak = measured(command)
            print(
                f"{options.megabytes} MB, {count} messages, {share:.0%} with an identifier: "
                f"{seconds:.1f} s, {count / seconds:,.0f} messages/s (goal 60,000 at 3 %), "
                f"peak PSS {peak / 2**20:.0f} MiB (goal 600), {os.cpu_count()} cores"
            )
            figures[f"messages_{round(share * 100)}"] = count / seconds
            figures["peak_mib"] = max(peak / 2**20, figures.get("peak_mib", 0))
    say(**figures)


if __name__ == "__main__":
    main()

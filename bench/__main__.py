"""Run every bench, one after the other, and write `docs/reference/benchmarks.md`: `make bench`.

Takes about a quarter of an hour on two quiet cores. A bench that fails is said on the page.
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "reference" / "benchmarks.md"
SCRIPTS = ("ingest_telegram", "ingest", "coder", "menus", "code", "detectors")


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def main() -> None:
    """Write the page as the benches end, so that what was measured stays."""
    text = (
        "# Benchmarks\n\n"
        f"Written by `make bench` on {datetime.now(UTC).date()}. {_machine()}.\n\n"
        "Ratios within one run say more than seconds: machines differ and are shared.\n"
    )
    environment = os.environ | {"PYTHONPATH": str(HERE.parent / "src")}
    for name in SCRIPTS:
        print(f"{name} …", flush=True)
        done = subprocess.run(
            [sys.executable, str(HERE / f"{name}.py")],
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        said = done.stdout.strip() or f"failed with exit code {done.returncode}"
        text += f"\n## `python bench/{name}.py`\n\n```\n{said}\n```\n"
        PAGE.write_text(text, "utf-8")
        print(said, flush=True)


if __name__ == "__main__":
    main()

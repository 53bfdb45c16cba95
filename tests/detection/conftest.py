"""Real series and oracle files, read in place; tests that need them skip where they are absent."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from fanal.detectors.panel import Panel

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def shared_series() -> Path:
    folder = Path(os.environ.get("FANAL_SHARED_DATA", ROOT / "../shared/data")) / "series"
    if not folder.is_dir():
        pytest.skip(f"no real series in {folder} (set FANAL_SHARED_DATA)")
    return folder


@pytest.fixture(scope="session")
def oracle(shared_series: Path) -> Callable[[str], pl.DataFrame]:
    """Return a table of `oracles/`, empty cells as null."""

    def read(name: str) -> pl.DataFrame:
        return pl.read_csv(shared_series / "oracles" / name, infer_schema_length=None)

    return read


def panel_of(values: np.ndarray, step: str = "week", read: np.ndarray | None = None) -> Panel:
    """Return a panel of these rows that starts on a Monday, or on a first of January."""
    values = np.atleast_2d(np.asarray(values, dtype=float))
    given = np.full_like(values, np.nan) if read is None else np.atleast_2d(read).astype(float)
    origin = {"week": 1670, "month": 12 * 32, "year": 32}[step]  # 2002-01-07, 2002-01-01
    names = [f"mentions/substance=s{i:04d}/{step}" for i in range(len(values))]
    return Panel(names, step, 0, origin, values, given)


@pytest.fixture(scope="session")
def make_panel() -> Callable[..., Panel]:
    return panel_of

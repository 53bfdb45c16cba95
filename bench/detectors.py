"""Time every detector on 10,000 weekly series of ten years, one new week.

Goals (two cores): Farrington within 2 s, all detectors together within 60 s.
"""

from __future__ import annotations

import argparse
import time
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
from figures import say

from fanal.detectors import BUILTIN
from fanal.detectors.panel import panels_of
from fanal.records import Point, schema_of


def points(series: int, weeks: int, seed: int = 0) -> pa.Table:
    rng = np.random.default_rng(seed)
    level = 10 ** rng.uniform(-1, 2, series)[:, None]
    phase = rng.uniform(0, 52, series)[:, None]
    mean = level * (1 + 0.4 * np.sin(2 * np.pi * (np.arange(weeks) + phase) / 52))
    counts = rng.negative_binomial(4, 4 / (4 + mean)).astype(float)
    measures = ("mentions", "documents", "price", "found", "mentions")
    names = [f"{measures[i % 5]}/substance=s{i:05d}/week" for i in range(series)]
    days = [date(2015, 1, 5) + timedelta(weeks=i) for i in range(weeks)]
    columns = [
        pa.array(np.repeat(names, weeks).tolist(), pa.string()),
        pa.array(days * series, pa.date32()),
        pa.array(["week"] * (series * weeks)),
        pa.array(counts.ravel()),
        pa.array(np.full(series * weeks, 5000.0)),
        pa.array(np.zeros(series * weeks, dtype=bool)),
    ]
    return pa.table(columns, schema=schema_of(Point))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--weeks", type=int, default=521)
    given = parser.parse_args()
    table = points(given.series, given.weeks)
    since = date(2015, 1, 5) + timedelta(weeks=given.weeks - 1)
    clock = time.perf_counter()
    (panel,) = panels_of(table)
    print(f"points to panel     {time.perf_counter() - clock:6.2f} s")
    total, figures = 0.0, {}
    for kind in BUILTIN:
        detector = kind()
        clock = time.perf_counter()
        detector.bounds(panel, given.weeks - 1)  # type: ignore[attr-defined]
        method = time.perf_counter() - clock
        clock = time.perf_counter()
        found = detector.detect(table, since).num_rows
        whole = time.perf_counter() - clock
        total += whole
        figures[detector.name] = method
        print(
            f"{detector.name:<18}  {method:6.2f} s, with points and alarms {whole:6.2f} s, {found}"
        )
    print(f"all detectors       {total:6.2f} s")
    say(farrington=figures["farrington"], all=total)


if __name__ == "__main__":
    main()

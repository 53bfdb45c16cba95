"""Real series with a known truth: labelled outbreaks, a shortage, two kinds of source on one drug.

Read in place from the folder of shared data; nothing of it ships.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from fanal.detectors import Default, Ears, Shift
from fanal.detectors.panel import Bounds, Matrix, Panel, panels_of
from fanal.records import Point, table_of

_SCENARIOS = ("h1_nrwrp", "k1", "m1", "m2", "m3", "m4", "m5", "n1", "n2", "q1_nrwh", "q2", "s1")
LABELLED = (*_SCENARIOS, "s2", "s3")
_FROM = 104  # two years of history before the first week that is judged


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def labelled(folder: Path) -> list[dict[str, Any]]:
    """Return sensitivity and specificity of the default and of EARS C1 at its FPR, by series."""
    out = []
    for name in LABELLED:
        rows = rows_of(folder / "outbreaks_r" / f"{name}.csv")
        counts = np.array([[float(row["obs_observed"]) for row in rows]])
        state = np.array([float(row["state_observed"]) > 0 for row in rows])[_FROM:]
        panel = Panel([name], "week", 0, 1670, counts, np.full_like(counts, np.nan))
        found = Default(control="rate", alpha=0.01).bounds(panel, _FROM)
        ours = found.alarm[0]
        rate = float(ours[~state].mean())
        score = np.nan_to_num(Ears("C1", min_sigma=0.0).bounds(panel, _FROM).score[0], posinf=99.0)
        theirs = score > np.quantile(score[~state], 1 - rate, method="higher")
        row: dict[str, Any] = {"series": name, "weeks": len(state), "outbreak": int(state.sum())}
        for label, alarm in (("ours", ours), ("ears", theirs)):
            sensitivity = float(alarm[state].mean()) if state.any() else float("nan")
            row[f"{label}_sensitivity"] = sensitivity
            row[f"{label}_specificity"] = 1 - float(alarm[~state].mean())
        out.append(row)
    return out


def shortage(folder: Path) -> dict[str, list[date]]:
    """Return the months with an alarm: posts on a drought, and purity by direction."""
    base = folder / "us_fentanyl_shortage"
    points = [
        Point(
            "practices/practice=supply-interruption/month",
            date.fromisoformat(row["Period"]).replace(day=1),
            "month",
            float(row["DroughtPostCount"]),
            float(row["TotalPostCount"]),
            False,
        )
        for row in rows_of(base / "aggregated_drought_ratios.csv")
    ]
    posts = Default().detect(table_of(points, Point), date(2023, 1, 1))
    purity = []
    path = base / "USA_fentanyl_powder_average_purity_time_series.csv"
    for line in path.read_text("utf-8").splitlines():
        month, value = line.split(",")
        year, number = month.split("/")
        first = date(int(year), int(number), 1)
        purity.append(Point("purity/substance=fentanyl/month", first, "month", float(value), None, False))
    levels = Shift().detect(table_of(purity, Point), date(2021, 1, 1)).to_pylist()
    return {
        "drought": posts.column("period").to_pylist(),
        "purity rises": [row["period"] for row in levels if '"rise"' in row["parameters"]],
        "purity falls": [row["period"] for row in levels if '"fall"' in row["parameters"]],
    }


def forum_and_lab(folder: Path, substance: str) -> dict[str, list[date]]:
    """Return the periods with an alarm in forum posts (by month) and in a laboratory (by year)."""
    base = folder / "nl_nps_forum_vs_lab"
    posts: dict[date, float] = {}
    for row in rows_of(base / "timeseries_nl" / f"{substance}.csv"):
        posts[date.fromisoformat(row["month-year"])] = float(row["freq"])
    forum = [
        Point(f"mentions/substance={substance}/month", month, "month", n, None, False)
        for month, n in sorted(posts.items())
    ]
    lab = [
        Point(
            f"found/substance={substance}/year",
            date(int(row["year"]), 1, 1),
            "year",
            float(row[substance]),
            None,
            False,
        )
        for row in rows_of(base / "trimbos" / "trimbos_data.csv")
    ]
    since = date(2013, 1, 1)
    return {
        kind: Default().detect(table_of(points, Point), since).column("period").to_pylist()
        for kind, points in (("forum", forum), ("lab", lab))
    }

"""Real series with a known truth: labelled outbreaks, a shortage, two kinds of source on one drug.

Read in place from the folder of shared data; nothing of it ships.
"""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from fanal.detectors import Default, Ears, Shift
from fanal.detectors.panel import Panel
from fanal.records import Point, table_of

LABELLED = tuple("h1_nrwrp k1 m1 m2 m3 m4 m5 n1 n2 q1_nrwh q2 s1 s2 s3".split())  # noqa: SIM905
_FROM = 26  # weeks of history before the first week that is judged


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
        purity.append(
            Point("purity/substance=fentanyl/month", first, "month", float(value), None, False)
        )
    levels = Shift().detect(table_of(purity, Point), date(2021, 1, 1)).to_pylist()
    return {
        "drought": posts.column("period").to_pylist(),
        "purity rises": [row["period"] for row in levels if '"rise"' in row["parameters"]],
        "purity falls": [row["period"] for row in levels if '"fall"' in row["parameters"]],
    }


def forum_and_lab(folder: Path, substance: str) -> dict[str, list[date]]:
    """Return the periods with an alarm in forum posts (by month) and in a laboratory (by year).

    Divided by what is read of either: posts on any of the substances, samples of any of them.
    """
    base = folder / "nl_nps_forum_vs_lab"
    posts: dict[str, dict[date, float]] = {}
    for path in sorted((base / "timeseries_nl").glob("*.csv")):
        posts[path.stem] = {
            date.fromisoformat(row["month-year"]): float(row["freq"]) for row in rows_of(path)
        }
    forum = []
    for month, count in sorted(posts[substance].items()):
        read = sum(series.get(month, 0.0) for series in posts.values())
        name = f"mentions/substance={substance}/month"
        forum.append(Point(name, month, "month", count, read, False))
    lab = []
    for row in rows_of(base / "trimbos" / "trimbos_data.csv"):
        found = {name: float(value) for name, value in row.items() if name != "year"}
        year, read = date(int(row["year"]), 1, 1), sum(found.values())
        name = f"found/substance={substance}/year"
        lab.append(Point(name, year, "year", found[substance], read, False))
    since = date(2013, 1, 1)
    return {
        kind: Default().detect(table_of(points, Point), since).column("period").to_pylist()
        for kind, points in (("forum", forum), ("lab", lab))
    }

"""Time and place, made as coarse as the source description says."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

Time = Literal["day", "week", "month", "year"]
Place = Literal["commune", "département", "région", "none"]

PRECISION = {"day": 0, "week": 1, "month": 2, "quarter": 3, "year": 4}
_REGIONS = {
    "R11": "75 77 78 91 92 93 94 95", "R24": "18 28 36 37 41 45", "R27": "21 25 39 58 70 71 89 90",
    "R28": "14 27 50 61 76", "R32": "02 59 60 62 80", "R44": "08 10 51 52 54 55 57 67 68 88",
    "R52": "44 49 53 72 85", "R53": "22 29 35 56", "R75": "16 17 19 23 24 33 40 47 64 79 86 87",
    "R76": "09 11 12 30 31 32 34 46 48 65 66 81 82", "R84": "01 03 07 15 26 38 42 43 63 69 73 74",
    "R93": "04 05 06 13 83 84", "R94": "2A 2B", "R01": "971", "R02": "972", "R03": "973",
    "R04": "974", "R06": "976",
}  # fmt: skip
REGION_OF = {area: region for region, areas in _REGIONS.items() for area in areas.split()}


@lru_cache(maxsize=4096)
def coarsened(day: date, precision: str) -> tuple[date, str]:
    """Return the first day of the period that a day is in, and that day's month."""
    if precision == "week":
        day = day - timedelta(days=day.weekday()) if day > date(1, 1, 7) else day
    elif precision == "month":
        day = day.replace(day=1)
    elif precision == "quarter":
        day = day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
    elif precision == "year":
        day = day.replace(month=1, day=1)
    return day, f"{day.year:04d}-{day.month:02d}"


def coarser_place(code: str | None, place: Place) -> str | None:
    """Return the code of the place around `code` that is no finer than `place`."""
    if code is None or place == "none":
        return None
    if len(code) == 5 and place != "commune":  # INSEE: two or, overseas, three of département
        code = code[:3] if code.startswith("97") else code[:2]
    if place == "région":
        return REGION_OF.get(code, code if code.startswith("R") or code.isalpha() else None)
    return code

"""Purity is watched where it was measured, and by week where enough is: a rise in one town."""

from datetime import date, timedelta

import numpy as np
import pytest
from trial import LAB, SOURCE

import fanal
from fanal.records import Result, Sample, schema_of, table_of
from fanal.stages import tallying

FIRST = date(2025, 1, 6)


def row(record, **fields):
    return record(**dict.fromkeys(schema_of(record).names) | fields)


def samples(site, medians, every):
    """Return a sample of cocaine every so many days, about the median of its month, and results."""
    chance = np.random.default_rng(sum(map(ord, site)))
    found = []
    for n in range(0, 364, every):
        day = FIRST + timedelta(days=n)
        held = float(np.clip(medians[day.month - 1] * np.exp(chance.normal(0, 0.2)), 5, 100))
        one = row(Sample, id=f"{site}{n}".encode().ljust(16), version=1, reference=f"{site}-{n}",
                  source=site, site=site, day=day, precision="day", run="r")  # fmt: skip
        found.append((one, row(Result, sample=one.id, version=1, substance="cocaine",
                               label="cocaïne", role="main", censored=False, amount=held, unit="%",
                               run="r")))  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("late", "told"),
    [((74, 81.5, 80), ["rennes"]), ((58.5, 60, 57), [])],
)
def test_a_rise_of_purity_in_one_site_is_told_of_it(tmp_path, late, told):
    with fanal.create(tmp_path / "o", "Essai") as ws:
        rows = []
        for site, medians in (("rennes", (58.5,) * 9 + late), ("metz", (60,) * 12)):
            ws.add_source(SOURCE.format(site, LAB).replace('"lille"', f'"{site}"'))
            rows += samples(site, medians, 1)
        ws.tables.append(Sample, table_of([s for s, _ in rows], Sample))
        ws.tables.append(Result, table_of([r for _, r in rows], Result))
        ws.detect()
        found = [s for s in ws.signals() if s.measure == "purity"]
        assert [s.place for s in found] == told
        assert {s.concept for s in found} <= {"purity basis=measured-lab substance=cocaine"}


def test_by_week_where_a_usual_week_has_five(tmp_path):
    """Every day of one site, every other day of another: 7 and 3.5 a week."""
    with fanal.create(tmp_path / "o", "Essai") as ws:
        rows = samples("rennes", (60,) * 12, 1) + samples("metz", (60,) * 12, 2)
        ws.tables.append(Sample, table_of([s for s, _ in rows], Sample))
        ws.tables.append(Result, table_of([r for _, r in rows], Result))
        tallying.count(ws)
        found = ws.tables.rows(
            "SELECT series, sum(denominator) AS n FROM points WHERE starts_with(series, 'purity/') "
            "GROUP BY series ORDER BY series"
        )
    told = {row["series"].removeprefix("purity/basis=measured-lab/"): row["n"] for row in found}
    assert told == {
        "site=metz/substance=cocaine/month": 182,
        "site=rennes/substance=cocaine/month": 364,
        "site=rennes/substance=cocaine/week": 364,
        "substance=cocaine/month": 546,
        "substance=cocaine/week": 546,
    }

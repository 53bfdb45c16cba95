"""Sample files written otherwise: nothing fails, nothing is lost or changed without a word."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest
from variants import Variant, golden, rewritten, table, texts

from fanal.errors import ImporterError
from fanal.importers import BUILTIN, identify
from fanal.importers.base import Indicator, Issue, RawDocument, RawSample, Skipped
from fanal.sources import Source
from fanal.stages.ingest.claims import reader
from fanal.stages.ingest.staging import importer_for

SLICE, ALL = 20, 4_000  # tables
AGAIN, MANY = 8, 30  # of each golden file
IMPORTERS = {kind.name: kind for kind in BUILTIN}


def read(variant: Variant) -> list[object] | None:
    """Return what is read of a table, as a source of its kind does; None where it is refused."""
    source = Source(
        name="s", title="s", publisher="s", kind=variant.kind, site="lille", legal_basis="essai"
    )
    try:
        try:
            found: object = identify(variant.path)
        except ImporterError as error:
            found = error
        name = reader(source, found, variant.path)
        return list(importer_for(source, name).extract(variant.path)) if name else None
    except ImporterError as error:
        assert error.do
        return None


def day_of(row: object) -> date | None:
    time = getattr(row, "time", None)
    return time.date() if isinstance(time, datetime) else time


def wrong(variant: Variant, rows: list[object]) -> list[str]:
    """Return what is lost or changed without a word."""
    issues = [row for row in rows if isinstance(row, Issue)]
    errors = sum(issue.level == "error" for issue in issues)
    skipped = sum(row.count for row in rows if isinstance(row, Skipped))
    kept = [r for r in rows if isinstance(r, RawDocument | RawSample | Indicator)]
    found = []
    records = len(kept) + errors + skipped
    if records < variant.records or (
        variant.kind != "official table" and records > variant.records
    ):
        found.append(
            f"{variant.records} records: {len(kept)} + {errors} issues + {skipped} skipped"
        )
    told = {issue.record for issue in issues}
    asked = any(
        issue.kind in ("unit not said", "order of day and month not shown") for issue in issues
    )
    if variant.kind == "public posts":
        there = {(day_of(row), row.text) for row in kept}
        missing = [row for row in variant.rows if (row["day"], row["text"]) not in there]
    elif variant.kind == "lab":
        there = {
            (row.reference, day_of(row) if row.precision == "day" else None, r.amount)
            for row in kept for r in row.results if row.record not in told
        }  # fmt: skip
        missing = [
            row for row in variant.rows
            if (row["reference"], row["day"], row["amount"]) not in there
            and not (asked and any(row["reference"] == ref for ref, *_ in there))
        ]  # fmt: skip
    else:
        there = {(row.period, row.step, row.area, row.value) for row in kept}
        missing = [
            row for row in variant.rows
            if (*row["period"], row["area"], row["value"]) not in there
        ]  # fmt: skip
        named = {(row.name, row.area, row.period, row.step) for row in kept}
        apart = {(*row["period"], row["area"], row["kind"]) for row in variant.rows}
        if len(named) < min(len(apart), len(kept)) and not any(
            issue.kind == "figure repeated" for issue in issues
        ):
            found.append(f"{len(apart)} figures have {len(named)} names: {kept[0].name}")
    if len(missing) > errors + sum(i.level == "warning" for i in issues):
        found.append(f"{len(missing)} rows changed, as {missing[0]}")
    return found


def check(seeds: range, folder: Path) -> tuple[int, list[str]]:
    """Return how many tables were refused, and what was wrong with those that were read."""
    refused, found = 0, []
    for seed in seeds:
        variant = table(seed, folder)
        rows = read(variant)
        if rows is None:
            refused += 1
        else:
            found += [f"{seed}: {said}: {variant.what}" for said in wrong(variant, rows)]
        variant.path.unlink()
    return refused, found


def again(seed: int, source: Path, folder: Path) -> list[str]:
    """Return what a golden file loses when it is written otherwise."""
    importer = IMPORTERS[source.parent.name]()
    variant = rewritten(seed, source, folder)

    def out(path: Path) -> tuple[list[str], int] | None:
        said, others = [], 0
        try:
            for row in importer.extract(path):
                if isinstance(row, RawDocument):
                    said.append(row.text)
                elif isinstance(row, Skipped):
                    others += row.count
                else:
                    others += 1
        except ImporterError:
            return None
        return said, others

    before, after = out(source), out(variant.path)
    variant.path.unlink()
    if before is None or after is None:
        return []
    lost = texts(before[0]) - texts(after[0])
    if lost.total() > max(0, after[1] - before[1]):
        return [f"{seed}: {lost.total()} texts lost or changed: {variant.what}"]
    return []


def test_tables_written_otherwise(tmp_path):
    refused, found = check(range(SLICE), tmp_path)
    assert found == []
    assert refused <= SLICE / 5


@pytest.mark.parametrize("source", golden(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_golden_files_written_otherwise(source, tmp_path):
    assert [said for seed in range(AGAIN) for said in again(seed, source, tmp_path)] == []


@pytest.mark.torture
def test_thousands_of_files_written_otherwise(tmp_path):
    refused, found = check(range(ALL), tmp_path)
    found += [
        said
        for source in golden()
        for seed in range(MANY)
        for said in again(seed, source, tmp_path)
    ]
    count = ALL + MANY * len(golden())
    print(f"{count:,} variants, {refused} refused, {len(found)} lost or changed without a word")
    assert found == []
    assert refused <= ALL / 5

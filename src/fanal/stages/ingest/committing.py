"""What was staged becomes part of the tables: reckoned, settled under a manifest, committed.

Before the manifest the staged documents are sifted: what is stored already or erased is taken out
of the files, so that committing them is to put the files in their table and to name them in its
log, once, however often it is tried.
"""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from fanal.importers import BUILTIN
from fanal.plugins import known
from fanal.records import (
    VERSION,
    Document,
    Indicator,
    Issue,
    Result,
    Run,
    Sample,
    schema_of,
    table_of,
)
from fanal.sources import Source
from fanal.stages.ingest.identity import tell_apart
from fanal.stages.ingest.replacing import others, question, unsure
from fanal.stages.ingest.revising import Revised, revised
from fanal.stages.ingest.staging import ERASED, Job, Reckoning, write_documents
from fanal.storage.tables import Tables, as_json

MEMORY = "300MB"  # of the comparison with what is stored: it spills above this
GROUP = 50_000  # rows a batch, of what is streamed into its table


@dataclass(frozen=True, slots=True)
class Reading:
    """A file that was read, in one or more parts, under one transaction."""

    file: str
    transaction: str
    jobs: tuple[Job, ...]

    @property
    def number(self) -> str:
        """What the names of its staged files begin with."""
        return self.jobs[0].staged.name.split("-")[0]

    @property
    def counted(self) -> str:
        """How its format counts (`Importer.counted`)."""
        return known("importers", BUILTIN)[self.jobs[0].importer].counted


def settle(
    tables: Tables,
    source: Source,
    folder: Path,
    group: Sequence[tuple[Reading, Reckoning]],
    dry_run: bool,
    replace: bool,
    *,
    keep_failed: bool = True,
) -> None:
    """Reckon a group of staged files, write the manifest, commit, and clear it away.

    A file that would replace many other records fails, unless it may `replace` them; without
    `keep_failed` nothing is then kept of it, so that it can be tried again.
    """
    if not group or dry_run:
        return
    settled = folder / f"group-{group[0][0].jobs[0].staged.name}"
    settled.mkdir()
    for reading, reckoning in group:
        for job in reading.jobs:
            for left in folder.glob(f"{job.staged.name}.*.parquet"):
                if reckoning.status == "failed":
                    left.unlink()
                else:
                    left.rename(settled / left.name)
    fresh = _fresh(tables, source, settled, group, replace)
    for reading, reckoning in group:
        if ids := fresh.refused.get(reading.number):
            reckoning.fail(question(source, ids, reckoning.documents))
        elif reading.number in fresh.unsure:
            reckoning.fail(unsure())
        if reckoning.status != "failed":
            parts = [job.staged.name for job in reading.jobs]
            kept = sum(fresh.stored[part] for part in parts)
            if gone := sum(fresh.erased[part] for part in parts):
                reckoning.skipped = reckoning.skipped | {ERASED: gone}
            reckoning.duplicates = reckoning.documents - kept - gone
            reckoning.replaced = sum(fresh.replaced[part] for part in parts)
            reckoning.documents = kept - reckoning.replaced
        reckoning.check()
    if not keep_failed and all(reckoning.status == "failed" for _, reckoning in group):
        shutil.rmtree(settled)
        return
    manifest = {
        "source": source.name,
        "ids": source.ids,
        "run": group[0][0].jobs[0].run,
        "started": datetime.now(UTC).isoformat(),
        "files": [
            {"transaction": reading.transaction, **asdict(reckoning)} | {"name": ""}
            for reading, reckoning in group
        ],
    }
    new = settled / "manifest.new"
    new.write_text(as_json(manifest), "utf-8")
    new.rename(settled / "manifest.json")
    commit(tables, settled)


def commit(tables: Tables, settled: Path) -> None:
    """Commit a settled group: documents, issues, runs, each once, whenever it is called again."""
    manifest = json.loads((settled / "manifest.json").read_text("utf-8"))
    # a file is in if something of it is: refused as a whole, it is read again when it comes again
    names = [f["transaction"] for f in manifest["files"]
             if f["documents"] + f["duplicates"] + f.get("replaced", 0)
             + f["skipped"].get(ERASED, 0)]  # fmt: skip
    group = f"group/{manifest['run']}/{settled.name}"
    if _listed(settled, "document") and not tables.done(Document, [group]):
        staged = sorted(settled.glob("*.document.parquet"))
        placed = {f"part-{manifest['run']}-{path.name}": path for path in staged}
        months = {name: {"month": path.name.split(".")[-3]} for name, path in placed.items()}
        tables.place(Document, placed, months, [group])
    if _listed(settled, "indicator") and not tables.done(Indicator, [group]):
        with tables.connect() as connection:
            fresh = connection.sql(_FIGURES.format(files=_listed(settled, "indicator")))
            tables.append(Indicator, fresh.to_arrow_reader(GROUP), [group])
    if _listed(settled, "sample"):
        with tables.connect() as connection:
            # those that stop have no staged files any more
            _keep_samples(connection, settled, manifest.get("ids") == "global", replace=True)
            for record, mark in ((Result, "results"), (Sample, "samples")):
                if not tables.done(record, [group]):
                    fresh = connection.sql(f"SELECT * EXCLUDE (part, piece) FROM fresh_{mark}")
                    tables.append(record, fresh.to_arrow_reader(GROUP), [group])
    if list(settled.glob("*.issue.parquet")) and not tables.done(Issue, [group]):
        issues = pq.read_table(sorted(settled.glob("*.issue.parquet")), schema=schema_of(Issue))
        tables.append(Issue, issues, [group])
    if not tables.done(Run, [group]):
        rows = [_run_row(manifest, number, f) for number, f in enumerate(manifest["files"])]
        tables.append(Run, table_of(rows, Run), [group, *names])
    shutil.rmtree(settled)


def recover(tables: Tables, scratch: Path) -> int:
    """Finish what a killed run had settled and throw away what it had not; returns groups."""
    finished = 0
    for manifest in sorted((scratch / "staging").glob("*/*/manifest.json")):
        commit(tables, manifest.parent)
        finished += 1
    shutil.rmtree(scratch / "staging", ignore_errors=True)
    return finished


# Staged rows that need a closer look: their id comes twice or is stored, or somebody erased them.
_SUSPECTS = """
CREATE OR REPLACE TEMP TABLE suspects AS
WITH staged AS (SELECT id, author, thread FROM read_parquet([{files}]))
SELECT id FROM staged GROUP BY id HAVING count(*) > 1
UNION SELECT id FROM documents WHERE source = $source AND id IN (SELECT id FROM staged)
UNION SELECT id FROM staged WHERE id IN (SELECT id FROM tombstones WHERE scope = 'document')
  OR thread IN (SELECT id FROM tombstones WHERE scope = 'thread')
  OR author IN (SELECT id FROM tombstones WHERE scope = 'author')
"""

_GONE = """
SELECT filename, count(*) FROM read_parquet([{files}], filename = true)
WHERE id IN (SELECT id FROM tombstones WHERE scope = 'document')
  OR thread IN (SELECT id FROM tombstones WHERE scope = 'thread')
  OR author IN (SELECT id FROM tombstones WHERE scope = 'author')
GROUP BY filename
"""

# What becomes of those: each text of an id is kept once, unless that very text was stored before
# or the document, its author or its thread was erased. A changed text is the next version; what
# is not kept has none.
_SIFTED = """
WITH staged AS (
  SELECT id, digest, author, thread, filename, file_row_number AS row
  FROM read_parquet([{files}], filename = true, file_row_number = true)
  WHERE id IN (SELECT id FROM suspects)
), texts AS (
  SELECT * FROM staged
  QUALIFY row_number() OVER (PARTITION BY id, digest ORDER BY filename, row) = 1
), known AS (
  SELECT id, digest, version FROM documents
  WHERE source = $source AND id IN (SELECT id FROM suspects)
), latest AS (
  SELECT id, max(version) AS version FROM known GROUP BY id
), fresh AS (
  SELECT t.*, coalesce(l.version, 0) AS version FROM texts t LEFT JOIN latest l USING (id)
  WHERE NOT EXISTS (SELECT 1 FROM known k WHERE k.id = t.id AND k.digest = t.digest)
    AND t.id NOT IN (SELECT id FROM tombstones WHERE scope = 'document')
    AND t.thread NOT IN (SELECT id FROM tombstones WHERE scope = 'thread')
    AND (t.author IS NULL OR t.author NOT IN (SELECT id FROM tombstones WHERE scope = 'author'))
), kept AS (
  SELECT filename, row,
         version + row_number() OVER (PARTITION BY id ORDER BY filename, row) AS version
  FROM fresh
)
SELECT s.filename, s.row, k.version FROM staged s LEFT JOIN kept k USING (filename, row)
ORDER BY s.filename, s.row
"""


# A figure that says what the stored one says is a duplicate; another value is a revision of it.
_FIGURES = """
SELECT f.* EXCLUDE (filename) FROM (
  SELECT * FROM read_parquet([{files}], filename = true)
  QUALIFY row_number() OVER (
    PARTITION BY source, name, area, period, step, unit, substance, value ORDER BY filename) = 1
) f WHERE NOT EXISTS (
  SELECT 1 FROM indicators i
  WHERE i.source = f.source AND i.name = f.name AND i.area = f.area AND i.period = f.period
    AND i.step = f.step AND i.unit = f.unit AND i.substance IS NOT DISTINCT FROM f.substance
    AND i.value IS NOT DISTINCT FROM f.value
)
"""


# Figures that are to be stored and of which another value is stored already, by staged file.
_REVISED = """
SELECT filename, count(*) FROM ({figures}) f WHERE EXISTS (
  SELECT 1 FROM indicators i
  WHERE i.source = f.source AND i.name = f.name AND i.area = f.area AND i.period = f.period
    AND i.step = f.step AND i.unit = f.unit AND i.substance IS NOT DISTINCT FROM f.substance
) GROUP BY ALL
"""


def _keep_samples(connection: Any, settled: Path, global_ids: bool, replace: bool) -> Revised:
    """Make `fresh_samples` and `fresh_results`: what of the staged rows is to be stored.

    A killed commit starts with the results: a sample that is stored has its results.
    """
    found = revised(
        connection, _listed(settled, "sample"), _listed(settled, "result"), global_ids, replace
    )
    connection.register("fresh_samples", found.samples)
    connection.register("fresh_results", found.results)
    return found


def _listed(settled: Path, kind: str) -> str:
    return ", ".join(f"'{path}'" for path in sorted(settled.glob(f"*.{kind}.parquet")))


def _sift(connection: Any, source: str, settled: Path) -> None:
    """Take out of the staged documents what is stored already or erased; number the versions."""
    files = _listed(settled, "document")
    sifted = connection.sql(_SIFTED.format(files=files), params={"source": source})
    # It is sorted, so that all files are read before the first row comes and a file is rewritten.
    reader = sifted.to_arrow_reader(GROUP)
    rows = (row for batch in reader for row in zip(*batch.to_pydict().values(), strict=True))
    for name, found in groupby(rows, key=lambda row: row[0]):
        _rewrite(Path(name), {row: version for _, row, version in found})


def _rewrite(path: Path, versions: dict[int, int | None]) -> None:
    """Write a staged file anew with these rows at these versions, or without them."""
    table = pq.read_table(path)
    version = table.column("version").to_pylist()
    keep = [True] * len(version)
    for row, number in versions.items():
        keep[row] = number is not None
        version[row] = number or 0
    field = table.schema.field("version")
    place = table.schema.get_field_index("version")
    table = table.set_column(place, field, pa.array(version, field.type)).filter(pa.array(keep))
    path.unlink()
    if table.num_rows:
        write_documents(table, path)


@dataclass(slots=True)
class _Fresh:
    """What becomes of what was staged: numbers by part, and the files that stop."""

    stored: Counter[str] = field(default_factory=Counter)  # replaced ones among them
    replaced: Counter[str] = field(default_factory=Counter)
    erased: Counter[str] = field(default_factory=Counter)
    refused: dict[str, list[bytes]] = field(default_factory=dict)  # file → what it would replace
    unsure: list[str] = field(default_factory=list)  # files that may be a version of either of two


def _fresh(
    tables: Tables,
    source: Source,
    settled: Path,
    group: Sequence[tuple[Reading, Reckoning]],
    replace: bool,
) -> _Fresh:
    """Compare what was staged with what is stored; files that stop leave nothing staged."""
    fresh = _Fresh()
    with tables.connect(MEMORY) as connection:
        if _listed(settled, "document"):
            fresh.unsure = _tell_apart(connection, source, settled, group)
            _drop(settled, fresh.unsure)
            suspects = _suspects(connection, source, settled)
            if suspects and not replace:
                fresh.refused = _others(connection, source, settled, group)
            if fresh.refused:
                _drop(settled, fresh.refused)
                suspects = _suspects(connection, source, settled)
        if _listed(settled, "document"):
            gone = connection.execute(_GONE.format(files=_listed(settled, "document")))
            for name, n in gone.fetchall():
                fresh.erased[Path(name).name.split(".")[0]] += n
            if suspects:
                _sift(connection, source.name, settled)
            for path in settled.glob("*.document.parquet"):
                part = path.name.split(".")[0]
                fresh.stored[part] += pq.read_metadata(path).num_rows
                versions = pq.read_table(path, columns=["version"]).column("version")
                fresh.replaced[part] += pc.sum(pc.greater(versions, 1)).as_py() or 0
        if _listed(settled, "indicator"):
            figures = _FIGURES.format(files=_listed(settled, "indicator"))
            figures = figures.replace(" EXCLUDE (filename)", "")
            for name, n in connection.sql(
                f"SELECT filename, count(*) FROM ({figures}) GROUP BY ALL"
            ).fetchall():
                fresh.stored[Path(name).name.split(".")[0]] += n
            for name, n in connection.sql(_REVISED.format(figures=figures)).fetchall():
                fresh.replaced[Path(name).name.split(".")[0]] += n
        if _listed(settled, "sample"):
            samples = _keep_samples(connection, settled, source.ids == "global", replace)
            fresh.erased += samples.erased
            fresh.refused |= samples.refused
            _drop(settled, samples.refused)
            for name, n, again in connection.execute(
                "SELECT part, count(*), count(*) FILTER (version > 1) FROM ("
                "SELECT part, piece, max(version) AS version FROM (SELECT part, piece, version "
                "FROM fresh_samples UNION SELECT part, piece, version FROM fresh_results) "
                "GROUP BY ALL) GROUP BY part"
            ).fetchall():
                fresh.stored[name] += n
                fresh.replaced[name] += again
    return fresh


def _tell_apart(
    connection: Any, source: Source, settled: Path, group: Sequence[tuple[Reading, Reckoning]]
) -> list[str]:
    """Tell records under one number apart; return the files of which it cannot be told."""
    if source.ids == "global":
        return []
    counted = {reading.number: reading.counted for reading, _ in group}
    own = {file: how for file, how in counted.items() if how != "platform"}
    return tell_apart(connection, source.name, settled, own)


def _suspects(connection: Any, source: Source, settled: Path) -> bool:
    """Make the table of ids that come twice, are stored or were erased; say whether there are."""
    if not (files := _listed(settled, "document")):
        return False
    connection.execute(_SUSPECTS.format(files=files), {"source": source.name})
    (found,) = connection.execute("SELECT count(*) FROM suspects").fetchall()[0]
    return bool(found)


def _others(
    connection: Any, source: Source, settled: Path, group: Sequence[tuple[Reading, Reckoning]]
) -> dict[str, list[bytes]]:
    records = {reading.number: reckoning.documents for reading, reckoning in group}
    platform = {reading.number for reading, _ in group if reading.counted == "platform"}
    return others(connection, source.name, settled, records, platform)


def _drop(settled: Path, files: Iterable[str]) -> None:
    for file in files:
        for left in settled.glob(f"{file}-*.parquet"):
            left.unlink()


def _detail(file: dict[str, Any]) -> dict[str, Any]:
    said = {name: file[name] for name in ("file", "skipped")}
    return said | ({"replaced": file["replaced"]} if file.get("replaced") else {})


def _run_row(manifest: dict[str, Any], number: int, file: dict[str, Any]) -> Run:
    return Run(
        id=f"{manifest['run']}-{number}",
        stage="ingest",
        version=VERSION,
        parameters=as_json({"source": manifest["source"], "importer": file["importer"]}),
        fingerprint=file["transaction"],
        started=datetime.fromisoformat(manifest["started"]),
        seconds=file["seconds"],
        rows_in=file["read"],
        rows_out=file["documents"] + file.get("replaced", 0),
        duplicates=file["duplicates"],
        skipped=sum(file["skipped"].values()),
        quarantined=file["quarantined"],
        issues=file["issues"],
        status=file["status"],
        detail=file["detail"] or as_json(_detail(file)),
    )

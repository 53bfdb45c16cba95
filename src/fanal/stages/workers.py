"""What a stage does of its work at a time, wherever it runs: from arguments to one table.

Each function is given everything, opens nothing of the observatory, and reads only the files that
it is told of. `engines.py` says where it runs.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.fs
import pyarrow.parquet as pq

from fanal.coding.base import Coder
from fanal.errors import ContractError
from fanal.records import Alarm, Document, Observation, conform, empty, schema_of
from fanal.stages import counting
from fanal.storage.tables import MEMORY, Judged, database

if TYPE_CHECKING:
    from fanal.detectors.base import Detector  # their statistics take a second to load

DOCUMENTS_A_BATCH = 20_000
BYTES_A_TASK = 32 << 20  # of Parquet: half a million messages
ROWS_A_GROUP = 100_000  # of Parquet: what DuckDB reads at a time

# A file that was written and that no log names yet.
WRITTEN = pa.schema(
    [
        ("month", pa.string()),
        ("path", pa.string()),  # below the table
        ("bytes", pa.int64()),
        ("rows", pa.int64()),
        ("stats", pa.string()),  # JSON, as the log holds them
    ]
)


@dataclass(frozen=True, slots=True)
class FilesToCode:
    """Documents of some runs in files of a month, and the table that their observations go to."""

    files: tuple[str, ...]
    month: str
    runs: tuple[str, ...]
    table: str
    coder: Coder
    fingerprint: str


def code_files(task: FilesToCode) -> pa.Table:
    """Code documents of files and write their observations to one file (`WRITTEN`).

    Raises:
        ContractError: the coder is not the same here as where the task comes from.
    """
    if task.coder.fingerprint != task.fingerprint:
        raise ContractError(
            "the coder is another one on this machine",
            do="install the same version everywhere, and share the folder of the thesaurus",
        )
    path = f"month={task.month}/part-{uuid4().hex}.parquet"
    filesystem, root = _located(task.table)
    schema = pa.schema([f for f in schema_of(Observation) if f.name not in Observation.partition])
    rows = 0
    waiting: list[pa.Table] = []
    writer: pq.ParquetWriter | None = None
    try:
        for documents in _documents(task):
            waiting.append(conform(task.coder.code(documents), Observation).select(schema.names))
            rows += waiting[-1].num_rows
            if rows and sum(table.num_rows for table in waiting) >= ROWS_A_GROUP:
                writer = writer or _writer(filesystem, f"{root}/{path}", schema)
                writer.write_table(pa.concat_tables(waiting))
                waiting.clear()
        if rows and waiting:
            writer = writer or _writer(filesystem, f"{root}/{path}", schema)
            writer.write_table(pa.concat_tables(waiting))
    finally:
        if writer:
            writer.close()
    if not rows:
        return WRITTEN.empty_table()
    size = filesystem.get_file_info(f"{root}/{path}").size
    stats = {"numRecords": rows, "minValues": {}, "maxValues": {}, "nullCount": {}}
    values = [[task.month], [path], [size], [rows], [json.dumps(stats)]]
    return pa.table(values, schema=WRITTEN)


def _documents(task: FilesToCode) -> Iterator[pa.Table]:
    filesystem, _ = _located(task.table)
    paths = [_located(file)[1] for file in task.files]
    dataset = ds.dataset(paths, filesystem=filesystem, format="parquet")
    batches = dataset.to_batches(
        filter=pc.field("run").isin(list(task.runs)),
        batch_size=DOCUMENTS_A_BATCH,
        use_threads=False,  # one core a task
    )
    for batch in batches:
        if batch.num_rows:
            month = pa.repeat(pa.scalar(task.month), batch.num_rows)
            yield conform(pa.Table.from_batches([batch]).append_column("month", month), Document)


def _writer(filesystem: pyarrow.fs.FileSystem, path: str, schema: pa.Schema) -> pq.ParquetWriter:
    filesystem.create_dir(path.rpartition("/")[0], recursive=True)
    return pq.ParquetWriter(path, schema, filesystem=filesystem)


def _located(uri: str) -> tuple[pyarrow.fs.FileSystem, str]:
    if "://" in uri:
        filesystem, path = pyarrow.fs.FileSystem.from_uri(uri)
        return filesystem, str(path)
    return pyarrow.fs.LocalFileSystem(), str(Path(uri).absolute())


@dataclass(frozen=True, slots=True)
class WindowToCount:
    """A window of time, the files of every table, and what else is counted by."""

    window: counting.Window
    files: list[list[str]]
    judged: Judged
    wider: pa.Table
    spill: str


def tally(task: WindowToCount) -> pa.Table:
    """Return what is counted in texts in a window (`counting.TALLY`)."""
    spill = task.spill if Path(task.spill).is_dir() else None
    with (
        tempfile.TemporaryDirectory(dir=spill) as folder,
        # a part of the work has one core
        database(task.files, task.judged, Path(folder), MEMORY, threads=1) as connection,
    ):
        return counting.tally(connection, task.wider, task.window)


@dataclass(frozen=True, slots=True)
class SeriesToWatch:
    """A detector and the points that it looks at."""

    detector: Detector
    points: pa.Table


def look(task: SeriesToWatch) -> pa.Table:
    """Return what a detector says of its points (`Alarm`)."""
    if not task.points.num_rows:
        return empty(Alarm)
    return conform(task.detector.detect(task.points, date(1900, 1, 1)), Alarm)

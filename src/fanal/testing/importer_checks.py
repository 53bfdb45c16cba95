"""Checks that every importer passes, ours and a stranger's."""

from __future__ import annotations

import random
import tempfile
import tracemalloc
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from fanal.errors import ImporterError
from fanal.importers.base import Importer, Issue, Skipped

MEMORY = 192 << 20  # bytes; what cannot be read in a stream is capped at 128 MiB


def rows_of(importer: Importer, path: Path) -> tuple[list[Any], ImporterError | None]:
    """Return what an importer yields of a file, and the error that ended it."""
    rows: list[Any] = []
    try:
        rows.extend(importer.extract(path))
    except ImporterError as error:
        return rows, error
    return rows, None


def documents_in(rows: Sequence[Any]) -> list[Any]:
    """Return the rows that are documents or indicators."""
    return [row for row in rows if not isinstance(row, (Issue, Skipped))]


def shown(rows: Sequence[Any]) -> list[object]:
    """Return rows as values that can be compared."""
    return [
        tuple(getattr(row, slot) for slot in row.__slots__)
        if not isinstance(row, (Issue, Skipped))
        else row
        for row in rows
    ]


def identifies_its_own(importer: Importer, samples: Sequence[Path]) -> None:
    """Each sample is recognised, whatever its file is called."""
    with tempfile.TemporaryDirectory() as folder:
        for sample in samples:
            renamed = Path(folder) / f"renamed{sample.suffix}"
            renamed.write_bytes(sample.read_bytes())
            assert importer.identify(sample), f"{sample.name} is not identified"
            assert importer.identify(renamed), f"{sample.name} is not identified by its content"


def leaves_the_others(importer: Importer, others: Sequence[Path]) -> None:
    """No sample of another importer of the same breadth is claimed."""
    for other in others:
        assert not importer.identify(other), f"{other.name} is claimed"


def is_deterministic(importer: Importer, samples: Sequence[Path]) -> None:
    """Two readings give equal rows in equal order."""
    for sample in samples:
        first, again = rows_of(importer, sample)[0], rows_of(importer, sample)[0]
        assert shown(first) == shown(again), f"{sample.name} reads differently a second time"


def gives_unique_ids(importer: Importer, samples: Sequence[Path]) -> None:
    """No two documents of a file have the same chat and message id."""
    for sample in samples:
        rows = documents_in(rows_of(importer, sample)[0])
        ids = [(row.chat, row.message) for row in rows if getattr(row, "message", None)]
        assert len(ids) == len(set(ids)), f"{sample.name} gives a native id twice"


def reckons(importer: Importer, samples: Sequence[Path]) -> None:
    """Every record read is exactly one document, error or skipped record."""
    for sample in samples:
        rows, _ = rows_of(importer, sample)
        numbers = [row.record for row in documents_in(rows) if hasattr(row, "record")]
        numbers += [r.record for r in rows if isinstance(r, Issue) and r.level == "error"]
        skipped = sum(row.count for row in rows if isinstance(row, Skipped))
        assert all(number >= 1 for number in numbers), f"{sample.name}: records count from 1"
        errors = {r.record for r in rows if isinstance(r, Issue) and r.level == "error"}
        documents = {row.record for row in documents_in(rows) if hasattr(row, "record")}
        assert not errors & documents, f"{sample.name}: a record came out as two things"
        if numbers:
            gaps = max(numbers) - min(numbers) + 1 - len(set(numbers))
            assert gaps <= skipped, f"{sample.name}: a record came out as nothing"


def says_nothing_of_the_content(importer: Importer, samples: Sequence[Path]) -> None:
    """No issue, rule, error or `repr` holds a document's text, author or native id."""
    for sample in samples:
        rows, error = rows_of(importer, sample)
        told = " ".join(
            [f"{r.kind} {r.field} {r.hint}" for r in rows if isinstance(r, Issue)]
            + [r.rule for r in rows if isinstance(r, Skipped)]
            + [repr(r) for r in rows if isinstance(r, (Issue, Skipped))]
            + [str(error or "")]
        )
        for row in documents_in(rows):
            for value in (getattr(row, "text", ""), getattr(row, "author", ""), *_names(row)):
                if value and len(value) > 6:
                    assert value not in told, f"{sample.name}: a message tells content"


def _names(row: Any) -> tuple[str, ...]:
    return tuple(getattr(row, "names", ()))


def gives_hints_inside(importer: Importer, samples: Sequence[Path]) -> None:
    """Each hint lies inside the text, holds something, and none overlaps the next."""
    for sample in samples:
        for row in documents_in(rows_of(importer, sample)[0]):
            stop = 0
            for hint in getattr(row, "hints", ()):
                assert stop <= hint.start < hint.stop <= len(row.text), f"{sample.name}: a hint"
                stop = hint.stop


def reads_parts_alike(importer: Importer, samples: Sequence[Path]) -> None:
    """The parts of a file give, one after the other, the documents of the whole."""
    for sample in samples:
        whole, error = rows_of(importer, sample)
        if error:
            continue
        for size in (1, 1000, 1 << 30):
            parts = [
                row
                for part in importer.parts(sample, size)
                for row in importer.extract_part(sample, part)
            ]
            assert shown(documents_in(parts)) == shown(documents_in(whole)), f"{sample.name}: parts"
            assert _skipped(parts) == _skipped(whole), f"{sample.name}: parts skip differently"


def _skipped(rows: Sequence[Any]) -> int:
    return sum(row.count for row in rows if isinstance(row, Skipped))


def broken(content: bytes, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """Yield ways in which a file comes to be damaged."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    for share in (0, 0.1, 0.5, 0.9, 0.99):
        yield f"cut at {share}", content[: int(len(content) * share)]
    for count in (1, 10, 200):
        flipped = bytearray(content)
        for _ in range(count if flipped else 0):
            flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
        yield f"{count} bits flipped", bytes(flipped)
    middle = len(content) // 2
    yield "zero bytes inside", content[:middle] + b"\0" * 100 + content[middle:]
    yield "other bytes inside", content[:middle] + bytes(range(256)) + content[middle:]
    yield "a piece lost", content[:middle] + content[middle + 37 :]
    yield "a piece twice", content[: middle + 100] + content[middle:]
    text = content.decode("utf-8", "replace")
    yield "UTF-16", text.encode("utf-16")
    yield "Windows-1252", text.encode("cp1252", "replace")
    yield "line ends lost", content.replace(b"\n", b" ")


def raises_only_importer_errors(importer: Importer, samples: Sequence[Path]) -> None:
    """Damage gives fewer rows, issues or an `ImporterError`, nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for sample in samples:
            for name, content in broken(sample.read_bytes()):
                path = Path(folder) / f"broken{sample.suffix}"
                path.write_bytes(content)
                try:
                    importer.identify(path)
                    rows_of(importer, path)
                except Exception as error:
                    raise AssertionError(
                        f"{sample.name}, {name}: {type(error).__name__}"
                    ) from error
        missing = Path(folder) / "missing"
        assert not importer.identify(missing), "a missing file is claimed"
        assert rows_of(importer, missing)[1], "a missing file raises no ImporterError"


def keeps_memory_bounded(importer: Importer, samples: Sequence[Path]) -> None:
    """Reading a sample row by row takes little memory, however large the sample is."""
    for sample in samples:
        tracemalloc.start()
        try:
            for _ in importer.extract(sample):
                pass
        except ImporterError:
            pass
        finally:
            peak = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        assert peak <= MEMORY, f"{sample.name}: {peak >> 20} MiB at once"


OWN_CHECKS = (
    identifies_its_own,
    is_deterministic,
    gives_unique_ids,
    reckons,
    says_nothing_of_the_content,
    gives_hints_inside,
    reads_parts_alike,
    raises_only_importer_errors,
    keeps_memory_bounded,
)


def check_importer(importer: Importer, samples: Sequence[Path], others: Sequence[Path]) -> None:
    """Run every check on an importer: files in its format, and files in other formats."""
    for one in OWN_CHECKS:
        one(importer, samples)
    leaves_the_others(importer, others)

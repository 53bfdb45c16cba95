"""Where much of a file would replace other records, nothing of it is stored, and it is asked.

A later version of a record says mostly the same: half of its words. In a format whose ids hold
everywhere what a person wrote may be edited to say anything, but its day and its author stay. A
record that has the id of one that it does not resemble is another record under the same number: a
file began to count where another did, and only who knows the files can say so. Figures have no
ids: they are known by what they are of, and another value is a revision.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from fanal.door.pseudonyms import show
from fanal.errors import ImporterError
from fanal.sources import Source
from fanal.stages.ingest.identity import ALIKE

SHARE = 0.1  # of a file's records: more ask
FEW = 5  # fewer are corrected by hand, one by one
NAMED = 3  # ids that are given as examples
REMEDY = "fanal ingest --replace"

# What files say (`s`) beside what was known of the same ids (`k`): what is stored, or was staged
# from a file before that is not refused. `file` is the number that its staged files begin with.
_BESIDE = """
WITH staged AS (
  SELECT {columns}, split_part(parse_filename(filename), '-', 1) AS file
  FROM read_parquet([{files}], filename = true) WHERE id IN (SELECT id FROM suspects)
), known AS (
  SELECT {columns}, '' AS file FROM documents
  WHERE source = $source AND id IN (SELECT id FROM suspects)
  UNION ALL SELECT * FROM staged WHERE NOT list_contains($refused, file)
)
SELECT s.file, s.id FROM staged s JOIN known k ON k.id = s.id AND k.file < s.file
WHERE list_contains($among, s.file) GROUP BY s.file, s.id HAVING NOT bool_or({alike})
ORDER BY s.file, s.id
"""
_EDITED = "(s.day = k.day AND s.author IS NOT DISTINCT FROM k.author)"


def others(
    connection: Any,
    source: str,
    settled: Path,
    records: Mapping[str, int],
    platform: Collection[str],
) -> dict[str, list[bytes]]:
    """Return the files of staged documents that stop, each with the ids of what it would replace.

    `records` says how many a file has; in those of a `platform` ids hold everywhere. What is known
    or comes twice is in `suspects`.
    """
    files = ", ".join(f"'{path}'" for path in sorted(settled.glob("*.document.parquet")))
    refused: dict[str, list[bytes]] = {}

    def found(among: Sequence[str], columns: str, alike: str) -> dict[str, list[bytes]]:
        query = _BESIDE.format(files=files, columns=columns, alike=alike)
        given = {"source": source, "among": among, "refused": list(refused)}
        ids: dict[str, list[bytes]] = {}
        for file, identifier in connection.execute(query, given).fetchall():
            ids.setdefault(file, []).append(identifier)
        return {file: ids for file, ids in ids.items() if too_many(len(ids), records[file])}

    # texts are looked at only of files that change much
    for file in found(list(records), "id, digest", "k.digest = s.digest"):
        alike = f"{ALIKE} OR {_EDITED}" if file in platform else ALIKE
        refused |= found([file], "id, digest, author, day, text", alike)
    return refused


def too_many(others: int, records: int) -> bool:
    """Say whether so many records of a file that have the ids of others stop it."""
    return others >= FEW and others > SHARE * records


def question(source: Source, ids: Sequence[bytes], records: int) -> ImporterError:
    """Return why nothing of a file was stored, and what to do."""
    named = ", ".join(show(identifier) for identifier in ids[:NAMED])
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    apart = (
        'remove ids = "global" from the description, or give the files a source each'
        if source.ids == "global"
        else "give the file a name of its own, or a source of its own"
    )
    return ImporterError(
        f"{len(ids)} of {records} records would replace others that are stored under the same "
        f"numbers and say something else ({named}{more}); nothing of the file was stored",
        allowed=f"later versions of the same records; of others at most {SHARE:.0%} of a file",
        do=f"if its numbers mean other records than before, {apart}; if it is a later version of "
        f"them, bring it in with: {REMEDY}",
    )


def unsure() -> ImporterError:
    """Return why nothing of a file was stored that resembles two that are stored alike."""
    return ImporterError(
        "two files of this name are stored and resemble this one alike, so that which of them it "
        "corrects is not known; nothing of the file was stored",
        allowed="a corrected file that is nearer to one of them",
        do="leave as it was a sentence that only that one has, and correct it in a second file; or "
        "give the file a name of its own if it is another one",
    )

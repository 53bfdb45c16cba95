"""Which records are the same: a number of a file means nothing in another file.

A turn, a case of a survey, a row or a message without a number is told apart by its file and chat.
Two files may be called the same, and each begins to count at one. So before what was staged is
compared with what is stored, a file with ids that are known is looked at as a whole: does it say
what the other said, corrected or continued? Then it is the same, and what differs is a new version.
Where it resembles several that are known, it is the one that it resembles most; which of two that
it resembles alike, only who sent it can say. Else it is another one, and its ids are made anew, the
same way whenever it comes again.
What was erased counts as known, by the digests of its texts: it stays out, and another comes in.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from fanal.stages.ingest.staging import write_documents

SAME = 0.5  # of what two files have in common
SAID = 0.6  # of the words of each speaker, in two files of one day
MOVED = 0.85  # the same, where the day is another
KEPT = 0.25  # of the erased words of each speaker: they are known as they were, uncorrected
HEARD = 0.1  # of all words, from which a speaker is asked
CHAT = 0.8  # of the messages of the days that two exports of a chat share

# A text that differs counts as the same where half of its words are: it was corrected. Written as
# a case, for words are looked at only where the digests differ: OR looks at them all.
ALIKE = """
  CASE WHEN s.digest = k.digest THEN true ELSE
    len(list_intersect(string_split(lower(s.text), ' '), string_split(lower(k.text), ' '))) * 2
    >= len(list_distinct(string_split(lower(s.text), ' ')))
  END
"""

_KNOWN = """
CREATE OR REPLACE TEMP VIEW known AS
SELECT id, thread, digest, author, day, text, version, true AS stored FROM documents
WHERE source = '{source}'
"""
_EARLIER = """
UNION ALL SELECT id, thread, digest, author, day, text, 1, false FROM read_parquet([{files}])
"""
_LATEST = """
SELECT id, arg_max(digest, version) AS digest, arg_max(text, version) AS text,
       any_value(thread) AS thread, any_value(author) AS author, max(day) AS day,
       bool_or(stored) AS stored FROM known
"""

_ERASED = """
CREATE OR REPLACE TEMP TABLE erased AS
SELECT DISTINCT id, digest FROM tombstones
WHERE scope = 'document' AND digest IS NOT NULL AND id IN (SELECT now FROM named)
"""
_MARKED = """
SELECT s.author, s.text, s.digest IN (SELECT digest FROM erased)
FROM mine s JOIN named n USING (id) WHERE n.now IN (SELECT id FROM erased)
"""


class Alike(NamedTuple):
    """How much a file is one that is known; of two that it is as much, that of its day."""

    share: float  # of its records and those of the other, 0 where it is not that one
    day: bool = True


DIFFERENT = Alike(0.0)
THE_SAME = Alike(1.0)


def tell_apart(
    connection: Any, source: str, settled: Path, counted: Mapping[str, str]
) -> list[str]:
    """Give the records of staged files ids of their own where they are others than those known.

    `counted` says for each file (the number its staged files begin with) how its format counts:
    "row", "file" or "chat" (see `Importer.counted`). What is not named there is left as it is.
    Returns the files that resemble two of those known alike, which are left as they are too.
    """
    if not counted or not (doubtful := _doubtful(connection, source, settled, counted)):
        return []
    unsure: list[str] = []
    for file in doubtful:
        mine = _paths(settled, file)
        before = (p for p in _paths(settled) if p.name.split("-")[0] < file)
        earlier = [p for p in before if p.name.split("-")[0] not in unsure]
        view = _KNOWN.format(source=source)
        if earlier:
            view += _EARLIER.format(files=_quoted(earlier))
        connection.execute(view)
        connection.execute(
            "CREATE OR REPLACE TEMP VIEW mine AS SELECT id, thread, digest, author, day, text "
            f"FROM read_parquet([{_quoted(mine)}])"
        )
        found = _time(connection, counted[file])
        if found is None:
            unsure.append(file)
            continue
        time, known = found
        turns = _turns(connection, counted[file]) if known else {}
        if time or turns:
            _rename(mine, time, counted[file], turns)
    return unsure


def _time(connection: Any, counted: str) -> tuple[int, bool] | None:
    """Return which file of its numbers the one in `mine` is, and whether that one is known.

    None where it may be one of two. `named` and `theirs` are left as they are for that one.
    """
    free: int | None = None
    alike: dict[int, Alike] = {}
    for time in count():
        _name(connection, time)
        found = _alike(connection, counted)
        if found is None:
            if alike or (free is not None and time):
                break
            free = time  # what had these ids may be past its retention, and the next one not
        elif found.share:
            alike[time] = found
            if found.share == 1:
                break
    if not alike:
        assert free is not None
        return free, False
    most = max(alike.values())
    best = [time for time, found in alike.items() if found == most]
    if len(best) > 1:
        return None
    if best[0] != time:
        _name(connection, best[0])
        _alike(connection, counted)
    return best[0], True


def _name(connection: Any, time: int) -> None:
    """Make `named`: what is in `mine`, with the ids that it has as the nth of its numbers."""
    if not time:
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE named AS "
            "SELECT DISTINCT id, thread, id AS now, thread AS place FROM mine"
        )
        return
    read = connection.sql("SELECT DISTINCT id, thread FROM mine").to_arrow_table()
    for name, column in (("now", "id"), ("place", "thread")):
        made = [again(i, time) for i in read.column(column).to_pylist()]
        read = read.append_column(name, pa.array(made, pa.binary()))
    connection.register("numbered", read)
    connection.execute("CREATE OR REPLACE TEMP TABLE named AS SELECT * FROM numbered")


def again(identifier: bytes, time: int) -> bytes:
    """Return the id of the nth record that has an id in the numbers of its file; 0: that id."""
    if not time:
        return identifier
    number = time.to_bytes(4, "big")
    return hashlib.blake2b(identifier + number, person=b"again", digest_size=16).digest()


def _paths(settled: Path, file: str = "") -> list[Path]:
    return sorted(settled.glob(f"{file}-*.document.parquet" if file else "*.document.parquet"))


def _quoted(paths: Sequence[Path]) -> str:
    return ", ".join(f"'{path}'" for path in paths)


def _doubtful(connection: Any, source: str, settled: Path, counted: Mapping[str, str]) -> list[str]:
    """Return the files with ids or chats that are stored, or that another file here has."""
    paths = [path for path in _paths(settled) if path.name.split("-")[0] in counted]
    if not paths:
        return []
    staged = f"SELECT DISTINCT thread FROM read_parquet([{_quoted(paths)}])"
    threads = [thread for (thread,) in connection.execute(staged).fetchall()]
    second = pa.table(
        {"thread": pa.array(threads), "now": pa.array([again(t, 1) for t in threads])}
    )
    connection.register("second", second)
    found = connection.execute(
        f"""
        WITH staged AS (
          SELECT id, thread, split_part(parse_filename(filename), '-', 1) AS file
          FROM read_parquet([{_quoted(paths)}], filename = true)
        ), twice AS (
          SELECT id FROM staged GROUP BY id HAVING count(DISTINCT file) > 1
          UNION SELECT thread FROM staged GROUP BY thread HAVING count(DISTINCT file) > 1
          UNION SELECT id FROM documents WHERE source = $source AND id IN (SELECT id FROM staged)
          UNION SELECT id FROM tombstones
          WHERE scope = 'document' AND digest IS NOT NULL AND id IN (SELECT id FROM staged)
          UNION SELECT thread FROM documents
          WHERE source = $source AND thread IN (SELECT thread FROM staged)
          UNION SELECT second.thread FROM documents d JOIN second ON d.thread = second.now
          WHERE d.source = $source
        )
        SELECT DISTINCT file FROM staged
        WHERE id IN (SELECT id FROM twice) OR thread IN (SELECT id FROM twice) ORDER BY file
        """,
        {"source": source},
    ).fetchall()
    return [file for (file,) in found]


def _alike(connection: Any, counted: str) -> Alike | None:
    """Return how much the file is the one that is known by its ids; None where there is none."""
    threads = "SELECT place FROM named"
    if counted == "chat":
        threads += " UNION SELECT thread FROM known WHERE id IN (SELECT now FROM named)"
    here = f"id IN (SELECT now FROM named) OR thread IN ({threads})"
    if counted == "row":
        here = "id IN (SELECT now FROM named)"
    connection.execute(f"CREATE OR REPLACE TEMP TABLE theirs AS {_LATEST} WHERE {here} GROUP BY id")
    connection.execute(_ERASED)
    (known,) = connection.execute("SELECT count(*) FROM theirs").fetchall()[0]
    if counted == "chat":  # its ids are of what was said
        return _one_chat(connection) if known else None
    erased = connection.execute(_MARKED).fetchall()
    if not known and not erased:
        return None
    several = "SELECT count(DISTINCT thread) FROM mine"
    if counted == "file" and connection.execute(several).fetchall()[0][0] == 1:
        return _one_talk(connection, erased)
    common, alike, equal = connection.execute(
        f"SELECT count(*), count(*) FILTER ({ALIKE}), count(*) FILTER (s.digest = k.digest) "
        "FROM mine s JOIN named n ON n.id = s.id JOIN theirs k ON k.id = n.now"
    ).fetchall()[0]
    kept = sum(same for _, _, same in erased)
    if common + len(erased) and alike + kept <= SAME * common + KEPT * len(erased):
        return DIFFERENT
    return _share(equal + kept, common + len(erased))


def _share(part: int, whole: int, day: bool = True) -> Alike:
    """Return how much of a file is that of another: something at least, of one that is the same."""
    return Alike(max(part, 0.5) / whole if whole else 1.0, day)


def _one_chat(connection: Any) -> Alike:
    """Return how much two exports are of one chat: on the days that both have, what they share."""
    ours, theirs, both = connection.execute(
        """
        WITH s AS (SELECT n.now AS id, day FROM mine JOIN named n USING (id)),
        days AS (
          SELECT greatest((SELECT min(day) FROM s), (SELECT min(day) FROM theirs)) AS first,
                 least((SELECT max(day) FROM s), (SELECT max(day) FROM theirs)) AS last
        )
        SELECT (SELECT count(DISTINCT id) FROM s, days WHERE day BETWEEN first AND last),
               (SELECT count(*) FROM theirs, days WHERE day BETWEEN first AND last),
               (SELECT count(DISTINCT s.id) FROM s JOIN theirs USING (id))
        """
    ).fetchall()[0]
    if ours and theirs:
        share = min(1.0, both / min(ours, theirs))
        return Alike(share) if share >= CHAT else DIFFERENT
    here, there = (
        {a for (a,) in connection.execute(f"SELECT DISTINCT author FROM {t}").fetchall() if a}
        for t in ("mine", "theirs")
    )
    return THE_SAME if len(here & there) >= 2 or (here and here == there) else DIFFERENT


def _one_talk(connection: Any, erased: list[tuple[bytes | None, str, bool]]) -> Alike:
    """Return how much two interviews or notes are one: every speaker says mostly the same.

    `erased` are the author and the text of the turns that have erased ids, and whether that text
    was erased.
    """
    ours = connection.execute(
        "SELECT n.now, digest, text, author, day FROM mine JOIN named n USING (id)"
    ).fetchall()
    theirs = connection.execute(
        "SELECT id, digest, text, author, day, stored FROM theirs"
    ).fetchall()
    told = {row[1] for row in theirs}
    if theirs and not any(row[5] for row in theirs):
        # sent together they are two, for nobody sends what was corrected beside what it was
        mine = {row[1] for row in ours}
        return THE_SAME if mine <= told or told <= mine else DIFFERENT
    if len(theirs) < len(ours):
        ours, theirs = theirs, ours  # it goes on: look for what was known
    told = {row[1] for row in theirs}
    by_id = {row[0]: row[2] for row in theirs}
    words: Counter[Any] = Counter()
    found: Counter[Any] = Counter()
    for identifier, digest, text, author, *_ in ours:
        said = text.casefold().split()
        words[author] += len(said)
        if digest in told:
            found[author] += len(said)
        else:
            found[author] += sum(
                (Counter(said) & Counter(by_id.get(identifier, "").casefold().split())).values()
            )
    one_day = bool({row[4] for row in ours} & {row[4] for row in theirs})
    least = SAID if one_day else MOVED
    wanted = {author: least * number for author, number in words.items()}
    for author, text, same in erased:
        number = len(text.split())
        words[author] += number
        wanted[author] = wanted.get(author, 0) + KEPT * number
        found[author] += number if same else 0
    speakers = [a for a in words if words[a] >= HEARD * words.total()]
    if any(found[author] < wanted[author] for author in speakers):
        return DIFFERENT
    here, there = (Counter(row[1] for row in rows) for rows in (ours, theirs))
    kept = sum(same for _, _, same in erased)
    both = 2 * ((here & there).total() + kept)
    return _share(both, len(ours) + len(theirs) + 2 * kept, one_day)


def _turns(connection: Any, counted: str) -> dict[bytes, list[bytes]]:
    """Return digest → ids of the turns of a talk that is known: one that moves keeps its id."""
    several = "SELECT count(DISTINCT thread) FROM mine"
    if counted != "file" or connection.execute(several).fetchall()[0][0] > 1:
        return {}
    turns: dict[bytes, list[bytes]] = defaultdict(list)
    known = "SELECT id, digest FROM theirs UNION SELECT id, digest FROM erased"
    for identifier, digest in connection.execute(known).fetchall():
        turns[digest].append(identifier)
    return turns


def _rename(
    paths: Sequence[Path], time: int, counted: str, turns: dict[bytes, list[bytes]]
) -> None:
    """Write staged files anew, with the ids of the nth file of their numbers."""
    tables = {path: pq.read_table(path) for path in paths} if turns else {}
    rows = [
        (again(i, time), d)
        for table in tables.values()
        for i, d in zip(
            table.column("id").to_pylist(), table.column("digest").to_pylist(), strict=True
        )
    ]
    wanted = Counter(digest for _, digest in rows)
    moved: dict[bytes, list[bytes]] = {}
    for digest, ids in turns.items():
        own = [i for i, d in rows if d == digest and i in ids] if len(ids) > 1 else []
        moved[digest] = [*own, *(i for i in ids if i not in own)][: wanted[digest]]
    taken = {i for ids in moved.values() for i in ids}
    for path in paths:
        table = tables.get(path) or pq.read_table(path)
        columns = {
            name: table.column(name).to_pylist() for name in ("id", "thread", "author", "digest")
        }
        columns["id"] = [
            _one_id(again(i, time), d, moved, taken)
            for i, d in zip(columns["id"], columns["digest"], strict=True)
        ]
        if counted != "row":
            columns["thread"] = [again(t, time) for t in columns["thread"]]
        if counted == "file":  # the same label is another person
            columns["author"] = [a and again(a, time) for a in columns["author"]]
        for name, values in columns.items():
            at = table.schema.get_field_index(name)
            table = table.set_column(
                at, table.schema.field(at), pa.array(values, table.schema.field(at).type)
            )
        path.unlink()
        write_documents(table, path)


def _one_id(
    identifier: bytes, digest: bytes, moved: dict[bytes, list[bytes]], taken: set[bytes]
) -> bytes:
    if moved.get(digest):
        ids = moved[digest]
        return ids.pop(ids.index(identifier) if identifier in ids else 0)
    if identifier in taken:  # its number belongs to a turn that moved
        return hashlib.blake2b(identifier + digest, person=b"turn", digest_size=16).digest()
    return identifier

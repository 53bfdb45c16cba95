"""A source description that fits itself: proposed from a file, tried, and judged by what it reads.

Each candidate is brought in as any file is, into tables of its own that are thrown away, under
keys of their own: what is shown of it is what would be stored, after the door.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import tomlkit

from fanal.coding.gazetteer import areas_of
from fanal.door.words import words
from fanal.errors import ImporterError
from fanal.importers import BUILTIN, ContestedError, files_in
from fanal.importers.base import File
from fanal.importers.reading.archives import head
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.looks import Look, looks
from fanal.importers.reading.rows import kind_of, sniffed
from fanal.importers.reading.usual_names import texts as usual_texts
from fanal.plugins import fields_of, known
from fanal.sources import Source, parse
from fanal.stages.ingest.claims import usual_kind
from fanal.stages.ingest.homes import ZONES, country_of
from fanal.stages.ingest.redescribing import value_of
from fanal.stages.ingest.staging import Reckoning, Told
from fanal.stages.ingest.trying import Trials
from fanal.storage.tables import Tables
from fanal.thesaurus import fold_name, load_places

ROWS = 5  # that are shown as they would be stored
LONGEST = 160  # characters of a text that are shown
ROUNDS = 3  # of what an importer asks for, and gets
LOST = 0.05  # of the records that may be errors where a description fits
HOME = "FR"
TOWN = 20_000  # inhabitants of one whose name in a file's name is its site
OPEN = "to be decided"
UNDATED = "the file names no day"
WHOSE = "of phone numbers and prices without one, as FR"

# What is proposed where an importer asks for a parameter; what is not named here is left open.
ANSWERS: dict[str, tuple[Any, str]] = {
    "date_order": ("dmy", "day or month first: every date fits both, as where all days are ≤ 12"),
    "counts": (OPEN, "what is counted: the table does not name it"),
    "area": (OPEN, "of which area: the table names none"),
}
FILLED = ("parameters.counts", "parameters.area", "parameters.date", "parameters.period")
OVERSEAS = {
    "971": "America/Guadeloupe", "972": "America/Martinique", "973": "America/Cayenne",
    "974": "Indian/Reunion", "975": "America/Miquelon", "976": "Indian/Mayotte",
    "987": "Pacific/Tahiti", "988": "Pacific/Noumea",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a description: its key, as `parameters.date`, its value, and why."""

    key: str
    value: Any  # None: nothing is proposed
    why: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A record as it would be stored; threads and authors are numbers."""

    what: str  # document, sample or figure
    day: date | None
    precision: str
    place: str
    thread: int | None
    author: int | None
    says: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file becomes under a description."""

    files: tuple[Reckoning, ...]
    documents: int
    samples: int
    indicators: int
    voices: int  # authors in the thread that has most
    issues: tuple[Told, ...]
    rows: tuple[Row, ...]

    @property
    def fits(self) -> bool:
        """Whether everything was read, nearly without errors."""
        read = sum(r.read for r in self.files)
        done = all(r.status == "done" for r in self.files)
        return done and self.stored > 0 and sum(r.issues for r in self.files) <= LOST * read

    @property
    def stored(self) -> int:
        """Records that became something."""
        return sum(r.documents + r.duplicates + r.replaced for r in self.files)


@dataclass(frozen=True, slots=True)
class Guess:
    """A description that is proposed, with what the file becomes under it."""

    lines: tuple[Line, ...]
    read: Read

    @property
    def toml(self) -> str:
        """The description as it is written to a file, each line with its reason."""
        return written(self.lines)

    @property
    def undecided(self) -> tuple[str, ...]:
        """Keys that are to be decided before files can be brought in."""
        return tuple(line.key for line in self.lines if line.open and line.value is not None)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What of a description decides how a file is read."""

    kind: str
    why: str
    importer: str  # the one that reads, whether the description names it or not
    named: bool = False
    lines: tuple[Line, ...] = field(default=())


def guess(
    path: File,
    *,
    site: str = "",
    sites: Sequence[str] = (),
    countries: Sequence[str] = (),
    today: date,
    said: Mapping[str, str] | None = None,
) -> Guess:
    """Propose a description for a file, a folder or an archive.

    `site` is the observatory's, "" where it has none; `sites` and `countries` are those of its
    other sources. What is `said` of a key holds, and the file is read under it.

    Raises:
        ImporterError: no importer reads anything of it.
        ConfigError: what is said is wrong.
    """
    place, why = _site(path, site, sites)
    told, told_why = (said or {}).get("country", ""), "as told"
    if not told and place and areas_of(place):
        told, told_why = HOME, "where its site is"
    usual: dict[str, Any] = {"site": place, "country": told, "why": told_why, "where": why}
    with tempfile.TemporaryDirectory(prefix="fanal-guess-") as folder:
        candidates = Candidates(Path(folder), path, usual, today)
        best: tuple[Candidate, Read] | None = None
        for candidate in _candidates(path):
            tried = candidates.of(candidate)
            if best is None or _worth(*tried) > _worth(*best):
                best = tried
            if tried[1].fits and not _filled(tried[0]):
                break
        if best is None:
            raise ImporterError(
                "no importer recognises this file",
                allowed=", ".join(sorted(known("importers", BUILTIN))),
                do="export it again as one of them, or save it as CSV",
            )
        chosen, read = best
        if not told:
            usual["country"], usual["why"] = candidates.country(chosen)
            if not usual["country"] and len(set(countries)) == 1:
                usual["country"], usual["why"] = countries[0], "that of the other sources here"
            chosen = _placed(chosen, usual["country"])
        lines = _lines(chosen, usual)
        if usual["country"] not in ("", HOME) and not told:
            read = candidates.read(described(lines))
        if said:
            lines = _with(lines, said)
            read = candidates.read(described(lines))
    return Guess(lines, read)


def _with(lines: Sequence[Line], said: Mapping[str, str]) -> tuple[Line, ...]:
    """Return lines with what somebody said of their keys; "" takes one out."""
    told = {key: Line(key, value_of(value), "as told") for key, value in said.items()}
    known_keys = {line.key for line in lines}
    kept = [told.get(line.key, line) for line in lines if said.get(line.key) != ""]
    return (*kept, *(line for key, line in told.items() if key not in known_keys and said[key]))


def described(lines: Sequence[Line]) -> Source:
    """Return the description that lines make, with a word for each that is to be decided."""
    blank = {
        "title": "-",
        "publisher": "-",
        "site": "here",
        "legal_basis": "---",
        "country": HOME,
        "zone": ZONES[HOME],
    }
    return parse(written([
        replace(line, value=blank[line.key]) if line.value == "" and line.key in blank else line
        for line in lines
    ]), "description")  # fmt: skip


# --- trying -------------------------------------------------------------------------------------

_ISSUES = """
SELECT kind, level, field, hint, count(*) AS records FROM issues
GROUP BY ALL ORDER BY records DESC, kind, field
"""
_ROWS = """
(SELECT 'document' AS what, day, precision, coalesce(place, '') AS place, thread, author,
        CASE WHEN text = '' THEN '(' || media_kind || ')' ELSE text END AS says
 FROM current_documents ORDER BY position, day, id LIMIT $most)
UNION ALL
(SELECT 'sample', s.day, s.precision, coalesce(s.place, ''), NULL, NULL,
        concat_ws(': ', s.sold_as_label, (
          SELECT string_agg(
            concat_ws(' ', coalesce(r.substance, r.label), r.amount, r.unit), ', ' ORDER BY r.label
          ) FROM every_results r WHERE r.sample = s.id))
 FROM samples s ORDER BY s.day, s.id LIMIT $most)
UNION ALL
(SELECT 'figure', period, step, area, NULL, NULL,
        concat_ws(' ', name || ':', coalesce(CAST(value AS VARCHAR), '?'), unit)
 FROM indicators ORDER BY name, area, period LIMIT $most)
"""
_COUNTS = """
SELECT (SELECT count(*) FROM current_documents) AS documents,
       (SELECT count(*) FROM samples) AS samples,
       (SELECT count(*) FROM indicators) AS indicators,
       (SELECT coalesce(max(n), 0) FROM (
          SELECT count(DISTINCT author) AS n FROM current_documents GROUP BY thread)) AS voices
"""


class Candidates(Trials):
    """Candidates are tried one by one, each in tables of its own."""

    def __init__(self, folder: Path, path: File, usual: Mapping[str, Any], today: date) -> None:
        super().__init__(folder, path, today)
        self.usual = usual

    def of(self, candidate: Candidate) -> tuple[Candidate, Read]:
        """Try a candidate, and again with what its importer asks for."""
        candidate = _placed(candidate, self.usual["country"])
        read = self.read(described(_lines(candidate, self.usual)))
        for _ in range(ROUNDS):
            more = tuple(_asked(candidate, read, self._month()))
            if not more:
                break
            if len({r.importer for r in read.files}) > 1:  # parameters would hold for one of them
                return replace(candidate, lines=(*candidate.lines, *map(_unanswered, more))), read
            candidate = replace(candidate, lines=(*candidate.lines, *more), named=True)
            candidate = _placed(candidate, self.usual["country"])
            if any(line.value is not None for line in more):
                read = self.read(described(_lines(candidate, self.usual)))
        spoken = candidate.importer == "transcripts" and read.voices > 1
        if spoken and candidate.kind != "interview":
            why = f"{read.voices} people speak in one text"
            return self.of(replace(candidate, kind="interview", why=why))
        return candidate, read

    def country(self, candidate: Candidate) -> tuple[str, str]:
        """Return the country that the file shows as this candidate reads it, and by what."""
        tables, _ = self.bring(described(_lines(candidate, self.usual)))
        try:
            header = [column.name for column in looks(self.path)]
        except ImporterError:
            header = []
        return country_of(tables, header)

    def _month(self) -> str:
        """Return when the file was last changed, else this month."""
        if isinstance(self.path, Path):
            return datetime.fromtimestamp(self.path.stat().st_mtime, UTC).strftime("%Y-%m")
        return self.today.strftime("%Y-%m")

    def read(self, source: Source) -> Read:
        """Return what the file becomes under a description."""
        tables, files = self.bring(source)
        issues = [Told(**row) for row in tables.rows(_ISSUES)]
        [counts] = tables.rows(_COUNTS)
        return Read(tuple(files), **counts, issues=tuple(issues), rows=tuple(_rows(tables)))


def _unanswered(line: Line) -> Line:
    return replace(line, value=None, open=True)


def _rows(tables: Tables) -> Iterator[Row]:
    numbers: dict[bytes, int] = {}
    for row in tables.rows(_ROWS, {"most": ROWS}):
        thread, author = (
            numbers.setdefault(row[name], len(numbers) + 1) if row[name] else None
            for name in ("thread", "author")
        )
        says = " ".join(row["says"].split())[:LONGEST]
        yield Row(row["what"], row["day"], row["precision"], row["place"], thread, author, says)


def _worth(candidate: Candidate, read: Read) -> tuple[bool, int, bool, float]:
    """Return how well a file was read: first whether it fits, then how much is not known."""
    total = sum(r.read for r in read.files) or 1
    done = all(r.status == "done" for r in read.files)
    return read.fits, -_filled(candidate), done, read.stored / total


def _filled(candidate: Candidate) -> int:
    """Return how many words of the description stand for what the file may say elsewhere."""
    filled = (line for line in candidate.lines if line.open and line.value is not None)
    return sum(line.key in FILLED for line in filled)


def _asked(candidate: Candidate, read: Read, month: str) -> Iterator[Line]:
    """Yield what of a description the importer asks for, in its own words, and was not told."""
    told = {line.key for line in candidate.lines}
    parameters = fields_of(known("importers", BUILTIN)[candidate.importer])
    answers = ANSWERS | {"date": (month, f"{UNDATED}; the file was last changed in this month")}
    answers |= {"period": (month[:4], "of which period: the table names none")}
    asked = [(r.detail, r.detail.partition(";")[0]) for r in read.files if r.status == "failed"]
    asked += [(f"{i.kind}: {i.hint}", i.kind) for i in read.issues if i.level != "note"]
    for text, what in asked:
        named = [p for p in parameters if re.search(rf"\b{p}\b[^;]* under \[parameters\]", text)]
        named = [p for p in named if p in answers][:1] or named
        for parameter in named:
            value, why = answers.get(parameter, (None, what))
            if (key := f"parameters.{parameter}") not in told:
                told.add(key)
                yield Line(key, value, why, open=True)
    for issue in read.issues:
        found = re.search(r"\btaken for (\w+); map it", issue.hint)
        if found and (key := f"mapping.{found[1]}") not in told:
            told.add(key)
            yield Line(key, issue.field, "its cells look so")


# --- candidates ---------------------------------------------------------------------------------


def _candidates(path: File) -> Iterator[Candidate]:
    """Yield what may fit, the likeliest first."""
    claimed: dict[str, File] = {}
    refusal: ImporterError | None = None
    for file, decision in files_in(path):
        if isinstance(decision, ContestedError):
            names = [kind.name for kind in decision.readers]
            yield from (_usual(name, "several importers claim it", named=True) for name in names)
        elif isinstance(decision, ImporterError):
            refusal = refusal or decision
        else:
            claimed.setdefault(decision.name, file)
    if refusal and not claimed:
        raise refusal
    for name, file in claimed.items():
        if name == "tables":
            yield from _of_table(file)
        elif name in ("survey", "indicators"):
            usual = _usual(name, f"what the importer {name!r} reads")
            yield from _by_cells(file, usual)
        elif name == "transcripts" and _is_recording(file):
            yield Candidate("interview", "what was recorded", name)
        elif name == "forms" and re.search(
            r"[\"'](?:interview|entretien)[\"']", sniffed(head(file))
        ):
            yield Candidate("interview", "the form says so", name)
        else:
            yield _usual(name, f"what the importer {name!r} reads")


def _usual(name: str, why: str, named: bool = False) -> Candidate:
    return Candidate(usual_kind(name), why, name, named)


def _is_recording(file: File) -> bool:
    return kind_of(file) is None and bool(re.search(r"\.(?:srt|vtt|otr|json)$", file.name, re.I))


def _of_table(file: File) -> Iterator[Candidate]:
    """Yield what a table may be whose columns no importer knows for sure."""
    try:
        columns = looks(file)
    except ImporterError:
        columns = []
    texts = [c for c in columns if c.is_text]
    plain = Candidate("public posts", "a table with a column of texts", "tables")
    mapped = replace(plain, named=True, lines=tuple(_posts(columns)))
    figures = Candidate("official table", "a table of figures", "indicators")
    by_cells = replace(figures, named=True, lines=tuple(_figures(columns)))
    known = {folded(c.name) for c in columns} & {*usual_texts()["title"], *usual_texts()["body"]}
    order = [plain, mapped] if known else [mapped, plain]
    yield from order if texts else [figures, by_cells, plain]
    yield from [figures, by_cells] if texts else [mapped]
    yield Candidate("lab", "a table that may be of samples", "lab")


def _by_cells(file: File, usual: Candidate) -> Iterator[Candidate]:
    """Yield what reads a table of answers or figures, and the same with its columns by cells."""
    columns = looks(file)
    if usual.importer == "indicators":
        yield usual
        yield replace(usual, named=True, lines=tuple(_figures(columns)))
        return
    why = "each row is a case with several answers in words"
    cases = replace(usual, named=True, why=why, lines=tuple(_answers(columns)))
    asked = any("?" in column.name for column in columns)
    yield from [usual, cases] if asked else [cases, usual]


def _posts(columns: Sequence[Look]) -> Iterator[Line]:
    """Yield which columns are which of a table of texts by their cells, where no name says it."""
    told = {*usual_texts()["time"], *usual_texts()["chat"], *usual_texts()["forwarded_from"]}
    dated = any(folded(c.name) in usual_texts()["time"] for c in columns)
    columns = [c for c in columns if c.is_text or folded(c.name) not in told]
    surest = usual_texts()["author"]
    people = sorted((c for c in columns if folded(c.name) in surest and not c.is_text),
                    key=lambda c: surest.index(folded(c.name)))  # fmt: skip
    columns = [c for c in columns if c not in people]
    texts = sorted((c for c in columns if c.is_text), key=lambda c: -c.words)
    if not texts:  # a word alone is a name or a label, and says nothing
        said = (c for c in columns if not c.is_date and c.words > 1)
        texts = sorted(said, key=lambda c: -c.words)[:1]
    yield from _mapping("text", texts[:1], "its cells are the longest texts")
    dates = [c for c in columns if c.is_date and not dated][:1]
    yield from _mapping("time", dates, "its cells are dates")
    yield from _mapping("author", people[:1], "the column is called as people are")
    ids = [c for c in columns if c.is_id and not c.is_date and c not in texts]
    yield from _mapping("message", ids[:1], "its cells tell the rows apart")


def _answers(columns: Sequence[Look]) -> Iterator[Line]:
    texts = [name for c in columns[1:] if c.is_text for name in _named(c)]
    yield Line("parameters.text", texts, "their cells are answers in words")
    for column in [c for c in columns if c.is_date][:1]:
        for name in _named(column):
            yield Line("parameters.time", name, "its cells are dates")


def _figures(columns: Sequence[Look]) -> Iterator[Line]:
    """Yield which columns are which of a table of figures, by their cells."""
    left = list(columns)

    def take(fits: Any) -> list[Look]:
        found = [c for c in left if fits(c)][:1]
        for column in found:
            left.remove(column)
        return found

    period = take(lambda c: c.dates == 1 and c.different < 1) or take(lambda c: c.dates == 1)
    yield from _mapping("period", period, "its cells are years or days")
    yield from _mapping("area", take(lambda c: c.areas >= 0.8), "its cells are areas")
    yield from _mapping("value", take(lambda c: c.figures >= 0.8), "its cells are figures")
    yield from _mapping("name", take(lambda c: not c.figures), "its cells are words")


def _mapping(role: str, columns: Sequence[Look], why: str) -> Iterator[Line]:
    for column in columns:
        for name in _named(column):
            yield Line(f"mapping.{role}", name, why)


def _named(column: Look) -> list[str]:
    """Return the name of a column, unless the door would not let it through."""
    name = column.name
    return [name] if words([name], headers=True)[name] == name else []


# --- what the description says besides ----------------------------------------------------------


def _site(path: File, site: str, sites: Sequence[str]) -> tuple[str, str]:
    """Return the site of a file and why: the observatory's, else what the folder or name tells."""
    if site:
        return site, "the site of this observatory"
    parts = [path.stem, *(p.name for p in path.resolve().parents)] if isinstance(path, Path) else []
    for number, part in enumerate(parts[:3]):
        where = "the name of the folder" if number else "the name of the file"
        for word in re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", part):
            known_as = word.casefold()
            if known_as in sites or _is_town(known_as):
                return known_as, where
    return "", "the observatory site, lower case"


def _is_town(word: str) -> bool:
    """Say whether a word is a larger town's name and nothing else: mars is a month."""
    places = load_places()
    named = places.by_fold.get(fold_name(word), ())
    return any(not n.ambiguous and places.places[n.code].population >= TOWN for n in named)


def _placed(candidate: Candidate, country: str) -> Candidate:
    """Return a candidate whose area, where the table names none, is the country of the file."""
    lines = [
        replace(line, value=country) if line.key == "parameters.area" and line.value == OPEN
        else line for line in candidate.lines
    ]  # fmt: skip
    return replace(candidate, lines=tuple(lines)) if country else candidate


def _zone(site: str, country: str) -> str:
    overseas = (OVERSEAS[code] for code in areas_of(site) if code in OVERSEAS)
    return next(overseas, ZONES.get(country, ""))


def _lines(candidate: Candidate, usual: Mapping[str, Any]) -> tuple[Line, ...]:
    name = f"{candidate.importer}-{usual['site']}" if usual["site"] else candidate.importer
    plain = re.sub(r"[^a-z0-9-]+", "-", name).strip("-")[:60]
    zone = _zone(usual["site"], usual["country"])
    head = [
        Line("name", plain, "short name; the file is called so"),
        Line("title", "", "how people call it; never a person's name", open=True),
        Line("publisher", "", "who publishes it", open=True),
        Line("kind", candidate.kind, candidate.why),
        Line("site", usual["site"], usual["where"], open=not usual["site"]),
        Line("country", usual["country"], usual["why"] or WHOSE, open=not usual["country"]),
        Line("zone", zone, "of times that name none", open=not zone),
        Line("legal_basis", "", "on what ground we may read it", open=True),
        Line("retention_months", None, "how long texts are kept; left out: as long as any",
             open=True),
    ]  # fmt: skip
    if candidate.named:
        head.append(Line("importer", candidate.importer, "what reads it so"))
    else:
        head.append(Line("importer", None, f"found by content: {candidate.importer}"))
    return (*head, *candidate.lines)


def written(lines: Sequence[Line]) -> str:
    """Return a description as TOML, each line with its reason; what nobody knows is marked."""
    document = tomlkit.document()
    tables: dict[str, Any] = {"": document}
    for line in sorted(lines, key=lambda line: line.key.rpartition(".")[0] != ""):
        table, _, key = line.key.rpartition(".")
        if table not in tables:
            document.add(tomlkit.nl())
            tables[table] = document[table] = tomlkit.table()
            tables[table] = document[table]
        why = f"{OPEN}: {line.why}" if line.open else line.why
        if line.value is None:
            tables[table].add(tomlkit.comment(f"{key} = …  # {why}"))
            continue
        tables[table].add(key, tomlkit.item(line.value).comment(why))
    return tomlkit.dumps(document)

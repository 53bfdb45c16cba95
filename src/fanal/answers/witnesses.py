"""Who bears a signal out: what texts, samples and figures must hold for it, and what they say.

TREND's rule: a phenomenon is established by congruence of independent observers and methods. So
the table of corroboration has a row for each kind of source. Reposts count once, and sources that
repost each other (a `REPOSTING` share of what the smaller one says) are one.

What a kind of source says (`stance`) is one of
- `for`: some of it speaks of the thing, or laboratories found it;
- `against`: all that speaks of it denies it, or laboratories found none in what was sold as it;
- `silent`: it was read and does not speak of it, which is no denial; `few` says that too little
  was read to tell (what is in a tenth of all documents is missed by 30 once in twenty times);
- `not read`: nothing of it was read, or it cannot tell of such a thing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pyarrow as pa

from fanal.answers.behind import AlarmRow, AnalysedSample, Corroboration
from fanal.laboratory.findings import (
    ENDED,
    SAID,
    changes_seen,
    counts_as,
    dangers,
    known_substances,
    members,
    prepare,
)
from fanal.records import SOURCE_KINDS, Document, Repost
from fanal.series import COUNTED, LEVELS, NAMED, PAIR, end_of, parts_of, site_of
from fanal.storage.tables import Tables

REPOSTING = 0.25
LEAST_READ = 30  # fewer that do not speak of a thing are too few to tell
SOLD = ("missold", "expected", "changed")  # what is held by what was sold: no text can say that
# Dimension of a series: column and kind of the observations behind it.
_COLUMNS = {dimension: (column, kind) for dimension, column, kind in COUNTED.values()}
_COLUMNS["with"] = _COLUMNS["substance"]


@dataclass(frozen=True, slots=True)
class Concept:
    """What to look for in the facts: their kind, a column and its values."""

    kind: str
    column: str
    values: list[str]
    beside: Concept | None = None  # what the same document must carry as well

    @classmethod
    def of(
        cls, measure: str, dimensions: Mapping[str, str], wider: pa.Table | None
    ) -> Concept | None:
        """Return what a text must carry to speak of a measure; None where no text can tell."""
        if measure in SOLD:
            return None
        for dimension in ("group", "class"):
            if dimension in dimensions:
                of_wider = [] if wider is None else wider.to_pylist()
                members = [
                    row["substance"] for row in of_wider
                    if (row["dimension"], row["wider"]) == (dimension, dimensions[dimension])
                ]  # fmt: skip
                return cls("mention", "substance", members)
        if measure == PAIR:
            halves = [
                cls(kind, column, [dimensions[name]])
                for name, (column, kind) in _COLUMNS.items() if name in dimensions
            ]  # fmt: skip
            return replace(halves[0], beside=halves[1])
        for dimension, column, kind in COUNTED.values():
            if dimension in dimensions:
                told = measure if measure in LEVELS else kind
                return cls(told, column, [dimensions[dimension]])
        return None


def _beside(concept: Concept) -> str:
    """Return the condition that a document carries the other half of a pair."""
    if concept.beside is None:
        return ""
    return f"""AND EXISTS (
          SELECT 1 FROM facts b WHERE b.document = f.document AND b.month = f.month
            AND b.kind = $other_kind AND b.{concept.beside.column} = $other
        )"""


def _asked(concept: Concept) -> dict[str, Any]:
    parameters: dict[str, Any] = {"kind": concept.kind, "values": concept.values}
    if concept.beside is not None:
        parameters |= {"other_kind": concept.beside.kind, "other": concept.beside.values[0]}
    return parameters


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a document speaks of a thing: the surest of its places."""

    id: bytes
    original: bytes  # its first appearance
    day: date
    site: str
    source: str
    source_kind: str
    thread: bytes
    start: int  # code points of the text
    stop: int
    rule: str


# The tables lie by month: files of other months are not opened.
_MONTHS = "f.month BETWEEN $from AND $to"


def _between(first: date, until: date) -> dict[str, Any]:
    return {"first": first, "until": until, "from": f"{first:%Y-%m}", "to": f"{until:%Y-%m}"}


def passages(
    tables: Tables,
    concept: Concept | None,
    within: list[str] | None,
    first: date,
    until: date,
    facts: str = "facts",
) -> list[Passage]:
    """Return where documents of the period speak of the concept, latest first, each once.

    In the `facts` that are `denied` they say that it is not there.
    """
    if concept is None:
        return []
    site = "" if within is None else "AND list_contains($within, f.site)"
    parameters = _asked(concept) | _between(first, until)
    if site:
        parameters["within"] = within
    rows = tables.rows(
        f"""
        SELECT f.document AS id, f.first AS original, f.day, f.site, f.source, f.source_kind,
               f.thread, f.start, f.stop, f.rule
        FROM {facts} f
        WHERE f.kind = $kind AND list_contains($values, f.{concept.column})
          AND f.day BETWEEN $first AND $until {site} AND {_MONTHS} {_beside(concept)}
        QUALIFY row_number() OVER (
          PARTITION BY f.document ORDER BY f.confidence DESC, f.start, f.stop, f.rule) = 1
        ORDER BY f.day DESC, f.document
        """,
        parameters,
    )
    return [Passage(**row) for row in rows]


def denying(
    tables: Tables,
    speaking: list[Passage],
    concept: Concept | None,
    within: list[str] | None,
    first: date,
    until: date,
) -> list[Passage]:
    """Return where documents of the period deny the concept; one that also says it denies not."""
    said = {d.original for d in speaking}
    denied = passages(tables, concept, within, first, until, "denied")
    return [d for d in denied if d.original not in said]


def first_seen(tables: Tables, concept: Concept | None, within: list[str] | None) -> date | None:
    """Return the first day that a document carries the concept, at these sites."""
    if concept is None:
        return None
    site = "" if within is None else "AND list_contains($within, f.site)"
    asked = {"kind": concept.kind, "values": concept.values}
    about = f"kind = $kind AND list_contains($values, {concept.column})"
    # Where it may be: without a look at the documents, which are many more.
    months = tables.rows(
        f"SELECT month FROM observations WHERE {about} UNION "
        "SELECT d.month FROM (SELECT * FROM corrections WHERE verdict = 'add' AND "
        f"{about}) c JOIN documents d ON d.id = c.document AND d.version = c.version "
        "ORDER BY month",
        asked,
    )
    parameters = _asked(concept)
    if site:
        parameters["within"] = within
    for row in months:  # the first of them nearly always has it
        found = tables.rows(
            f"SELECT min(f.day) AS day FROM facts f WHERE {about} AND f.month = $month {site} "
            f"{_beside(concept)}",
            parameters | {"month": row["month"]},
        )
        day: date | None = found[0]["day"]
        if day is not None:
            return day
    return None


def independent(tables: Tables) -> dict[str, str]:
    """Return source → the first by name of the sources that repost each other, itself included."""
    found: dict[str, str] = tables.kept(
        "independent", (Document, Repost), lambda: _independent(tables)
    )
    return found


def _independent(tables: Tables) -> dict[str, str]:
    pairs = tables.rows(
        f"""
        WITH said AS (SELECT source, count(*) AS n FROM current_documents GROUP BY source),
        linked AS MATERIALIZED (
          SELECT id, source FROM current_documents WHERE id IN (
            SELECT document FROM reposts UNION ALL SELECT original FROM reposts)
        ), shared AS (
          SELECT least(a.source, b.source) AS one, greatest(a.source, b.source) AS other,
                 count(*) AS n
          FROM reposts r JOIN linked a ON a.id = r.document
          JOIN linked b ON b.id = r.original
          WHERE a.source <> b.source GROUP BY ALL
        )
        SELECT s.one, s.other FROM shared s
        JOIN said x ON x.source = s.one JOIN said y ON y.source = s.other
        WHERE s.n >= {REPOSTING} * least(x.n, y.n) ORDER BY ALL
        """
    )
    together: dict[str, set[str]] = {}
    for pair in pairs:
        joined = together.get(pair["one"], {pair["one"]}) | together.get(
            pair["other"], {pair["other"]}
        )
        together |= dict.fromkeys(joined, joined)
    return {source: min(joined) for source, joined in together.items()}


# How many documents of each kind were read, reposts counted with their first appearance.
_READ = """
WITH read AS MATERIALIZED (
  SELECT d.id, d.kind, d.source, r.original FROM current_documents d
  LEFT JOIN reposts r ON r.document = d.id
  WHERE d.day BETWEEN $first AND $until AND d.month BETWEEN $from AND $to {site}
), elsewhere AS (
  SELECT kind, count(DISTINCT original) AS n
  FROM (SELECT kind, original FROM read WHERE original IS NOT NULL) s
  ANTI JOIN (SELECT id, kind FROM read WHERE original IS NULL) f
  ON f.id = s.original AND f.kind = s.kind GROUP BY kind
)
SELECT a.kind, a.n + coalesce(e.n, 0) AS documents, a.sources FROM (
  SELECT kind, count(*) FILTER (original IS NULL) AS n, list(DISTINCT source) AS sources
  FROM read GROUP BY kind
) a LEFT JOIN elsewhere e ON e.kind = a.kind
"""


def texts(
    tables: Tables,
    speaking: list[Passage],
    against: list[Passage],
    concept: Concept | None,
    within: list[str] | None,
    first: date,
    until: date,
) -> list[Corroboration]:
    """Return a row for each kind of text: how many say so or deny it, of how many that were read.

    They are read at the sites that can speak of the signal. Nothing is read for what no text can
    carry: a published figure on no substance, a source that fell silent.
    """
    parameters = _between(first, until)
    site = ""
    if within is not None:
        site, parameters["within"] = "AND list_contains($within, d.site)", within
    read = {row["kind"]: row for row in tables.rows(_READ.format(site=site), parameters)}
    alike = independent(tables)
    rows = []
    for kind in SOURCE_KINDS:
        if kind == "lab":
            continue  # its witnesses are samples
        mine = [d for d in speaking if d.source_kind == kind]
        of_kind = read.get(kind) if concept else None
        of_kind = of_kind or {"documents": 0, "sources": []}
        denied = len({d.original for d in against if d.source_kind == kind})
        stance, few = _stance(len(mine), of_kind["documents"], denied)
        rows.append(
            Corroboration(
                kind,
                documents=len({d.original for d in mine}),
                sources=len({alike.get(d.source, d.source) for d in mine}),
                sites=tuple(sorted({d.site for d in mine})),
                threads=len({d.thread for d in mine}),
                read=of_kind["documents"],
                sources_read=len({alike.get(name, name) for name in of_kind["sources"]}),
                against=denied,
                stance=stance,
                few=few,
            )
        )
    return rows


def _stance(speak: int, read: int, against: int = 0) -> tuple[str, bool]:
    """Return what a kind of source says, and whether too few were read to tell."""
    stance = "for" if speak else "against" if against else "silent" if read else "not read"
    return stance, stance == "silent" and read < LEAST_READ


def samples(
    tables: Tables, within: list[str] | None, first: date, until: date
) -> list[AnalysedSample]:
    """Return the samples analysed in a period at these sites, each with what was found in it."""
    with tables.connect() as connection:
        prepare(connection)
        asked = connection.sql(
            f"""
        SELECT s.id, s.reference, s.source, s.site, s.day, s.form, s.sold_as, s.sold_as_label,
               list_sort(list(DISTINCT coalesce(r.substance, r.label))
                 FILTER (r.role <> 'none' AND NOT r.censored)) AS found,
               list_sort(list(DISTINCT {SAID.format("r.label")})
                 FILTER (r.role <> 'none')) AS labels,
               list_sort(list(DISTINCT r.method) FILTER (r.method IS NOT NULL)) AS methods
        FROM analysed s JOIN results r ON r.sample = s.id
        WHERE s.day BETWEEN $first AND $until
          AND ($within IS NULL OR list_contains($within, s.site))
        GROUP BY ALL ORDER BY s.day, s.reference, s.id
        """,
            params={"first": first, "until": until, "within": within},
        )
        return [AnalysedSample(**row) for row in asked.to_arrow_table().to_pylist()]


@dataclass(frozen=True, slots=True)
class Lab:
    """What samples can say of a signal: what is looked for in them, and under which names."""

    measure: str
    about: frozenset[str]  # substances; both of a pair must be held
    names: frozenset[str]  # substances that they are sold as
    label: str = ""  # of what was found, where the thesaurus does not know it
    written: str = ""  # the name that they are sold under, where the thesaurus does not know it
    dangerous: frozenset[bytes] | None = None  # samples that a rule of danger is about
    ways: frozenset[int] = frozenset()  # in which what it holds changed (`Change`)

    @classmethod
    def of(cls, tables: Tables, series: str, concept: Concept | None) -> Lab | None:
        """Return what to look for; None where samples cannot tell of such a thing."""
        measure, dimensions, _ = parts_of(series)
        if measure == "price" or dimensions.get("basis") == "claimed":
            return None  # that it is there says nothing of what is asked or said
        if measure == PAIR:
            pair = frozenset({dimensions.get("substance", ""), dimensions.get("with", "")})
            return cls(measure, pair, frozenset()) if "with" in dimensions else None
        about: frozenset[str] = frozenset()
        if "substance" in dimensions:
            about = members(dimensions["substance"])
        elif {"group", "class"} & set(dimensions) and concept is not None:
            about = frozenset(concept.values)
        label = dimensions.get("label", "")
        written = dimensions.get("name", "") if measure in NAMED else ""
        if not (about or label or written):
            return None
        dangerous = None
        if measure == "danger":
            with tables.connect() as connection:
                rules = dangers(connection).to_pylist()
            dangerous = frozenset(r["sample"] for r in rules if r["rule"] == dimensions["rule"])
        ways: frozenset[int] = frozenset()
        if measure == "changed":
            with tables.connect() as connection:
                seen = [c.ways for c in changes_seen(connection) if {c.name} & about]
            ways = ways.union(*seen)
        return cls(measure, about, about, label, written, dangerous, ways)

    def holds(self, sample: AnalysedSample) -> bool:
        """Say whether a sample bears a signal out."""
        found = set(sample.found or ())
        if self.dangerous is not None:
            return sample.id in self.dangerous
        if self.measure == PAIR:
            return self.about <= found
        if self.measure in SOLD:
            own = frozenset().union(*(counts_as(name) for name in self.names))
            known = found & known_substances()
            way = 2 if not own & known else 1 if known - own else 0
            return self.named(sample) and way in (self.ways or {2})
        if self.label:
            return self.label in {_plain(label) for label in sample.labels or ()}
        return bool(self.about & found)

    def named(self, sample: AnalysedSample) -> bool:
        """Say whether a sample was sold as what the signal is about."""
        if self.written:
            return _plain(sample.sold_as_label or "") == self.written
        return sample.sold_as in self.names

    def otherwise(self, sample: AnalysedSample) -> bool:
        """Say whether a sample was sold as it and turned out to be something else."""
        told = self.measure in ("danger", *SOLD)
        return not told and self.named(sample) and not self.holds(sample)


def _plain(label: str) -> str:
    """Return a label as it stands in the name of a series."""
    return re.sub(r"[/=\s]+", " ", label.lower()).strip()


def laboratories(lab: Lab | None, analysed: list[AnalysedSample]) -> Corroboration:
    """Return the row of laboratories among the witnesses; their documents are samples."""
    held = [sample for sample in analysed if lab and lab.holds(sample)]
    against = sum(1 for sample in analysed if lab and lab.otherwise(sample))
    if lab and lab.measure in SOLD:
        analysed = [sample for sample in analysed if lab.named(sample)]
    stance, few = _stance(len(held), len(analysed), against)
    sources = len({sample.source for sample in held})
    return Corroboration(
        "lab",
        documents=len(held),
        sources=sources,
        sites=tuple(sorted({sample.site for sample in held})),
        threads=sources,
        read=len(analysed),
        sources_read=len({sample.source for sample in analysed}),
        against=against,
        stance=stance,
        few=few,
    )


def with_figures(
    tables: Tables,
    row: Corroboration,
    concept: Concept | None,
    alarms: Collection[AlarmRow],
    around: set[str] | None,
    first: date,
    until: date,
) -> Corroboration:
    """Return the row of official tables with figures on the substance: those that moved, and all.

    A figure speaks of the whole of its period, and of its area: only those `around` count, or all.
    """
    moved = {
        (alarm.series, alarm.period)
        for alarm in alarms
        if alarm.series.startswith("indicator/")
        and (around is None or site_of(alarm.series) in around)
        and alarm.period <= until
        and end_of(alarm.period, alarm.step) >= first
    }
    # A figure on a substance tells of neither its price nor what it is named with.
    plain = concept is not None and concept.kind == "mention" and concept.beside is None
    values = concept.values if concept is not None and plain else []
    figures = tables.rows(
        f"""
        SELECT DISTINCT name, area, day, source
        FROM (SELECT *, period AS day, step AS precision FROM indicators) s
        WHERE list_contains($values, substance) AND day <= $until
          AND {ENDED.format(s="s")} >= $first AND ($around IS NULL OR list_contains($around, area))
        """,
        {"values": values, "first": first, "until": until,
         "around": None if around is None else sorted(around)},
    )  # fmt: skip
    if not figures and not moved:
        return row
    told = {(parts_of(series)[1]["name"].replace("∕", "/"), parts_of(series)[1]["area"])
            for series, _ in moved}  # fmt: skip
    published = tables.rows("SELECT DISTINCT name, area, source FROM indicators")
    sources = {p["source"] for p in published if (p["name"], p["area"]) in told}
    documents, read = row.documents + len(moved), row.read + max(len(figures), len(moved))
    return replace(
        row,
        documents=documents,
        sources=row.sources + len(sources),
        read=read,
        sources_read=row.sources_read + len(sources | {figure["source"] for figure in figures}),
        stance=_stance(documents, read)[0],
        few=False,
    )

"""Sources: what comes in of each, what went wrong, and bringing an export in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated, Any, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal import settings
from fanal.answers import disclosure, explore, told_sums, withholding
from fanal.answers.arrivals import SourceHistory, WrongOfSource
from fanal.answers.withholding import Span
from fanal.door.promise import promise
from fanal.edition import Few, Value, half
from fanal.errors import ConfigError, MissingError
from fanal.exporters.axes import Spec
from fanal.records import Run
from fanal.sources import SOURCE_KINDS, Source
from fanal.stages.ingest.reviewing import WAITS
from fanal.web import labels, series_charts, words
from fanal.web.permissions import BRING, DESCRIBE, SEE
from fanal.web.reading import Reading, Readings
from fanal.web.routing import Pages
from fanal.web.spool import PSEUDONYMS, receive
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_, NC_

pages = Pages(N_("Sources"), home="/sources")
SILENT = timedelta(weeks=4)  # without a document, where the others still speak
FIELDS = ("name", "title", "publisher", "kind", "site", "legal_basis", "retention_months", "link")


@dataclass(frozen=True, slots=True)
class ListedSource:
    """One source in the list."""

    source: Source
    kind: str
    documents: int
    first: str
    last: str
    silent: bool


@dataclass(frozen=True, slots=True)
class ListOfSources(Content):
    """Every source that the observatory reads."""

    template: ClassVar[str] = "sources.html.j2"
    rows: tuple[ListedSource, ...]
    may_describe: bool


@dataclass(frozen=True, slots=True)
class FileRun(Run):
    """The run that read a file."""

    importer: str
    rules: dict[str, int]  # by which records were left out, and how many
    failed: str  # why; empty where it did not


@dataclass(frozen=True, slots=True)
class OneSource(Content):
    """A source: its description, what came in, what went wrong, the form to bring files in."""

    template: ClassVar[str] = "source.html.j2"
    source: Source
    kind: str
    described: tuple[tuple[str, str], ...]
    asserted: tuple[tuple[str, str], ...]
    picture: Spec
    weeks: Sequence[Value]
    counted: str
    runs: list[FileRun]
    issues: Sequence[WrongOfSource]
    readings: list[Reading]
    may_bring: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class Upload(Content):
    """An upload while it is read, and what became of it."""

    template: ClassVar[str] = "reading.html.j2"
    source: Source
    reading: Reading
    stage: str
    reckoned: tuple[tuple[str, bool], ...]  # headings of the reckonings, and whether numbers
    rows: list[list[Any]]
    waiting: bool  # some of it waits for a review
    asks: bool  # a file would replace many other records


@dataclass(frozen=True, slots=True)
class NewSource(Content):
    """The form to describe a source."""

    template: ClassVar[str] = "new_source.html.j2"
    kinds: list[tuple[str, str]]
    sites: str  # that the account may describe sources of
    given: dict[str, str]
    error: str = ""


@pages.shows("/sources", SEE)
def sources(visit: Visiting) -> Response:
    """List the sources."""
    found = {row.name: row for row in visit.ws.source_rows()}
    told = told_sums.read(visit.ws, visit.least)[Span("month", *told_sums.ALWAYS, "source")]
    latest = max((row.last for row in found.values() if row.last), default=None)
    rows = []
    for name, source in visit.ws.sources.items():
        row = found[name]
        silent = bool(latest and row.last and latest - row.last > SILENT)
        kind = labels.value(visit, "kind", source.kind)
        n = row.documents
        if source.kind in withholding.PERSONAL:
            n = disclosure.few(n, visit.least)
        counted = told.get(f"documents/source={name}/month", n)
        n = counted if n and isinstance(counted, Few) else n
        rows.append(ListedSource(source, kind, n, visit.day(row.first),
                              visit.day(row.last), silent))  # fmt: skip
    return visit.render(ListOfSources(tuple(rows), visit.may(DESCRIBE)))


@pages.shows("/sources/new", DESCRIBE)
def new(visit: Visiting) -> Response:
    """Show the form to describe a source."""
    return visit.render(_form(visit, dict.fromkeys(FIELDS, "")))


def _form(visit: Visit, given: dict[str, str], error: str = "") -> NewSource:
    kinds = [(kind, labels.value(visit, "kind", kind)) for kind in SOURCE_KINDS]
    return NewSource(kinds, ", ".join(visit.sites(DESCRIBE)), given, error)


@pages.does("/sources/new", DESCRIBE)
def describe(
    visit: Visiting,
    name: Annotated[str, Form()] = "",
    title: Annotated[str, Form()] = "",
    publisher: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "",
    site: Annotated[str, Form()] = "",
    legal_basis: Annotated[str, Form()] = "",
    retention_months: Annotated[str, Form()] = "",
    link: Annotated[str, Form()] = "",
) -> Response:
    """Add a source description."""
    given = dict(zip(FIELDS, (name, title, publisher, kind, site.strip().lower(), legal_basis,
                              retention_months, link), strict=True))  # fmt: skip
    visit.require(DESCRIBE, given["site"])
    if retention_months and not (retention_months.isascii() and retention_months.isdigit()):
        wrong = visit.say("Retention is a number of months")
        return visit.render(_form(visit, given, wrong), 400)
    lines = [
        f"{key} = {value if key == 'retention_months' else settings.quoted(value.strip())}"
        for key, value in given.items() if value.strip()
    ]  # fmt: skip
    try:
        made = visit.ws.add_source("\n".join(lines) + "\n")
    except ConfigError as error:
        return visit.render(_form(visit, given, f"{error.what}. {error.do or error.allowed}"), 400)
    return visit.to(f"/sources/{made.name}", "added")


@pages.shows("/sources/{name}", SEE)
def source(visit: Visiting, name: str) -> Response:
    """Show a source."""
    return visit.render(_content(visit, name))


def _content(visit: Visit, name: str, error: str = "") -> OneSource:
    source = visit.ws.source(name)
    history = visit.ws.source_history(name)
    weeks = _weeks(visit, name, history)
    personal = visit.least > 1 and source.kind in withholding.PERSONAL
    mine = visit.may(BRING, source.site)
    counted = visit.say(words.COUNTED[history.counted])
    return OneSource(
        source,
        labels.value(visit, "kind", source.kind),
        tuple(_described(visit, source)),
        tuple((key.replace("_", " "), visit.language.number(value))
              for key, value in source.assertions.model_dump(exclude_none=True).items()),
        series_charts.bars(weeks, counted, visit.language, 130),
        weeks,
        counted,
        [] if personal else [_file_run(run) for run in history.runs],
        () if personal else history.issues,
        _readings(visit).of(name) if mine else [],
        mine,
        error,
    )  # fmt: skip


def _weeks(visit: Visit, name: str, history: SourceHistory) -> Sequence[Value]:
    """Return what came in by week that this account may know."""
    if visit.least <= 1 or not history.weeks:
        return history.weeks
    series = f"documents/source={name}/week"
    if history.counted == "documents":
        line = explore.line(visit.ws, series, visit.least)
        return [Value(period, value) for period, value, _ in line.points]
    values = {v.period: float(v.value) for v in history.weeks if v.value is not None}
    hidden = withholding.withheld(
        {series: values}, visit.least, sources=explore.sources_of(visit.ws)
    )
    return [v for v in history.weeks if (series, v.period) not in hidden]


def _file_run(run: Run) -> FileRun:
    told = run.detail.startswith("{")
    return FileRun(
        **asdict(run),
        importer=json.loads(run.parameters).get("importer", ""),
        rules=json.loads(run.detail).get("skipped", {}) if told else {},
        failed="" if told else run.detail,
    )


def _described(visit: Visit, source: Source) -> Any:
    say, retention = visit.say, source.retention_months
    yield say("Publisher"), half(source.publisher, visit.language.code)
    yield say("Legal basis"), half(source.legal_basis, visit.language.code)
    kept = say("texts erased after %(retention)s months", retention=retention)
    yield say("Retention"), kept if retention else say("no limit")
    fine = source.coarsening
    kept = ", ".join(say(words.FINENESS.get(f, f)) for f in (fine.time, fine.place))
    yield say("Kept no finer than"), kept
    if source.reviewed:
        two = say("two people look at it before it is stored")
        yield (
            say("Review"),
            two if source.second_reader else say("somebody looks at it before it is stored"),
        )
    if promised := promise(source.kind):
        yield (
            say("At the door"),
            say(
                "of 100 identifiers about %(left)s stay in the text (measured on %(day)s)",
                left=visit.language.number(promised.left),
                day=visit.day(promised.measured),
            ),
        )
    if source.licence:
        yield say("Licence"), source.licence
    if source.invented:
        yield say("Nature"), say("invented material")


def _readings(visit: Visit) -> Readings:
    found: Readings = visit.request.app.state.readings
    return found


@pages.does("/sources/{name}/files", BRING)
async def bring(visit: Visiting, name: str, replace: bool = False) -> Response:
    """Take files and begin to read them; they may `replace` others."""
    source = visit.ws.source(name)
    visit.require(BRING, source.site)
    request = visit.request
    spools = await receive(
        request.headers.get("content-type", ""), request.stream(), visit.ws.scratch / "uploads"
    )
    if not any(spool.field != PSEUDONYMS for spool in spools):
        raise ConfigError(
            visit.say("no file was sent"),
            do=visit.say("choose a file"),
        )
    reading = _readings(visit).start(visit.ws, name, spools, replace)
    return visit.to(f"/sources/{name}/files/{reading.id}")


@pages.shows("/sources/{name}/files/{upload}", BRING)
def watch(visit: Visiting, name: str, upload: str) -> Response:
    """Show an upload while it is read."""
    source = visit.ws.source(name)
    visit.require(BRING, source.site)
    reading = _readings(visit).get(upload)
    if reading is None or reading.source != name:
        raise MissingError("there is no such upload any more", do="see the runs of the source")
    say = visit.say
    stages = {
        "waiting": say("waiting for another run to end"),
        "ingest": say("reading and masking"),
        "code": say("coding"),
        "detect": say("looking for what changes"),
        "done": say("done"),
    }
    columns = (
        (say("File"), False), (say("Format"), False), (say("State"), False),
        (say("read"), True), (say(NC_("several", "new")), True), (say("known"), True),
        (say("replaced"), True),
        (say("left out"), True), (say("held"), True),
        (say("errors"), True),
    )  # fmt: skip
    states = {
        "done": say(NC_("masculine", "read")), "known": say("read before"),
        "erased": say("erased, not taken again"),
        "partly erased": say("read before, some of it erased since"),
        WAITS: say("waits for a review"),
        "failed": say(NC_("reading", "failed")),
    }  # fmt: skip
    rows = [
        [f["name"], f["importer"], states.get(f["status"], f["status"]), f["read"], f["documents"],
         f["duplicates"], f["replaced"], f["skipped"], f["quarantined"], f["issues"]]
        for f in reading.files
    ]  # fmt: skip
    stage = stages.get(reading.stage, reading.stage)
    waiting = any(f["status"] == WAITS for f in reading.files)
    asks = any(f["asks"] for f in reading.files)
    return visit.render(Upload(source, reading, stage, columns, rows, waiting, asks))

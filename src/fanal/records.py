"""The record classes: one frozen dataclass for each kind of row, and what derives from it.

Each field is `Annotated[type, "description, unit"]`. The Arrow schema, the Delta table, the
reference page and the web headings all come from here; there is no second declaration.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin, get_type_hints

import pyarrow as pa

from fanal.errors import ContractError

VERSION = "0.1.0"  # of this program: what it writes says which version wrote it

# Delta Lake brings other types back changed (unsigned, dictionary, zoned), so there are no others.
ARROW = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    date: pa.date32(),
    datetime: pa.timestamp("us", tz="UTC"),
    bytes: pa.binary(),
}

SOURCE_KINDS = ("public posts", "interview", "field notes", "lab", "press", "official table")


Detail = dict[str, Any]  # of a run or an act: ids, numbers and words that JSON can say; no content


class Record:
    """What every record class has: where its rows lie."""

    __slots__ = ()

    table: ClassVar[str]
    partition: ClassVar[tuple[str, ...]] = ()
    stats: ClassVar[tuple[str, ...]] = ()  # ids and dates whose extremes the Delta log may hold
    latest: ClassVar[tuple[str, ...]] = ()  # of rows that agree in these, the last `version` counts


@dataclass(frozen=True, slots=True)
class Document(Record):
    """A unit of text after the door: a post, a turn of an interview, a paragraph, an article."""

    table: ClassVar[str] = "documents"
    partition: ClassVar[tuple[str, ...]] = ("month",)
    stats: ClassVar[tuple[str, ...]] = ("id", "day")

    id: Annotated[bytes, "keyed identifier, 16 bytes"]
    version: Annotated[int, "1 for the first text seen under this id, then 2, 3, …"]
    source: Annotated[str, "name of the source description"]
    site: Annotated[str, "observatory site that the source belongs to"]
    kind: Annotated[str, "kind of source: public posts, interview, field notes, press, …"]
    thread: Annotated[bytes, "keyed id of the channel, interview or report, 16 bytes"]
    position: Annotated[int, "order within the thread, counted in the file from 0"]
    author: Annotated[bytes | None, "pseudonym under the year's key of the site, 16 bytes"]
    day: Annotated[date, "day, or first day of the coarser period in `precision`"]
    precision: Annotated[str, "day, week, month or year: how fine `day` is"]
    language: Annotated[str | None, "ISO 639-1 code found in the text"]
    text: Annotated[str, "NFC text; each identifier replaced by a typed placeholder"]
    digest: Annotated[bytes, "keyed digest of the text, 16 bytes: has it changed?"]
    forwarded_from: Annotated[bytes | None, "keyed id of the channel that it was forwarded from"]
    media_kind: Annotated[str | None, "photo, video, voice, sticker, file, …; never the media"]
    media_bytes: Annotated[int | None, "size of the media, bytes"]
    media_hash: Annotated[bytes | None, "keyed perceptual hash of a picture, 16 bytes"]
    month: Annotated[str, "YYYY-MM of `day`: the partition"]
    run: Annotated[str, "the run that brought it in"]
    place: Annotated[str | None, "coarsened area code, where the file says where it is from"] = None


@dataclass(frozen=True, slots=True)
class Observation(Record):
    """One coded fact in a document, in the normal form of the coding scheme."""

    table: ClassVar[str] = "observations"
    partition: ClassVar[tuple[str, ...]] = ("month",)
    stats: ClassVar[tuple[str, ...]] = ("document",)

    document: Annotated[bytes, "id of the document"]
    version: Annotated[int, "version of the document that was coded"]
    start: Annotated[int, "first code point of the span"]
    stop: Annotated[int, "code point after the span"]
    kind: Annotated[
        str, "mention, price, quantity, bonus, purity, strength, hours, place, platform, practice"
    ]
    substance: Annotated[str | None, "substance id of the thesaurus"]
    amount: Annotated[float | None, "price in `currency`, or strength in `unit`"]
    amount_max: Annotated[float | None, "upper end of a range of prices"]
    currency: Annotated[str | None, "ISO 4217"]
    quantity: Annotated[float | None, "amount of product, in `unit`"]
    unit: Annotated[
        str | None, "g mg kg ml l oz lb tablet blotter capsule unit; mg or µg (strength)"
    ]
    bought: Annotated[float | None, "bonus: amount to buy, in `unit`"]
    free: Annotated[float | None, "bonus: amount given, in `free_unit` or `unit`"]
    free_unit: Annotated[str | None, "bonus: unit of the gift where it differs; EUR for money"]
    percent: Annotated[float | None, "purity, 0 to 100; the lower end of a range"]
    percent_max: Annotated[float | None, "upper end of a range of purities, 0 to 100"]
    basis: Annotated[str | None, "claimed or measured"]
    analyte: Annotated[str | None, "what a purity is of, where not the substance itself (THC)"]
    per: Annotated[str | None, "strength: per tablet, blotter, …"]
    days: Annotated[str | None, "hours: Mo-Su, Fr,Sa; absent where unsaid"]
    opens: Annotated[str | None, "hours: HH:MM"]
    closes: Annotated[str | None, "hours: HH:MM; 24:00 round the clock"]
    place: Annotated[str | None, "INSEE commune, département, region R84, or ISO 3166 country"]
    role: Annotated[
        str | None,
        "place: delivery area, point, origin; platform: here, redirect, backup, mentioned; "
        "mention: denied",
    ]
    platform: Annotated[str | None, "lower-case name of the app"]
    code: Annotated[str | None, "code of the practice, a.b.c"]
    confidence: Annotated[float, "0 to 1; below the cut it is kept and not counted"]
    rule: Annotated[str, "the alias or rule of the coder that fired"]
    coder: Annotated[str, "coder and version, or the pseudonym of a person"]
    fingerprint: Annotated[str, "coder, parameters and thesaurus that made it"]
    month: Annotated[str, "YYYY-MM of the document: the partition"]


@dataclass(frozen=True, slots=True)
class Repost(Record):
    """A document that says nearly the same as an earlier one: counted once with it."""

    table: ClassVar[str] = "reposts"
    stats: ClassVar[tuple[str, ...]] = ("document",)

    document: Annotated[bytes, "id of the document"]
    original: Annotated[bytes, "id of its first appearance"]
    share: Annotated[float, "share of word pairs in common, 0 to 1"]


@dataclass(frozen=True, slots=True)
class Point(Record):
    """One value of one series in one period."""

    table: ClassVar[str] = "points"
    stats: ClassVar[tuple[str, ...]] = ("period",)

    series: Annotated[str, "canonical text measure/dimension=value/…/step"]
    period: Annotated[date, "first day of the period"]
    step: Annotated[str, "week, month or year"]
    value: Annotated[float, "count or measure in the period"]
    denominator: Annotated[float | None, "what the value is divided by, e.g. documents read"]
    frozen: Annotated[bool, "kept as an aggregate after its texts were erased"]


@dataclass(frozen=True, slots=True)
class Brought(Point):
    """One value of one source that joined, or of all others beside it: no series to be shown.

    Samples read of a source, what it said after it joined, levels with and without it. They say
    which alarms are no news, also once texts and samples are erased.
    """

    table: ClassVar[str] = "brought"


@dataclass(frozen=True, slots=True)
class Alarm(Record):
    """One period of one series that went past its threshold."""

    table: ClassVar[str] = "alarms"
    stats: ClassVar[tuple[str, ...]] = ("period",)

    series: Annotated[str, "the series"]
    period: Annotated[date, "first day of the period"]
    step: Annotated[str, "week, month or year"]
    observed: Annotated[float, "what was counted"]
    expected: Annotated[float, "what the past led to expect"]
    threshold: Annotated[float, "where the detector speaks up"]
    score: Annotated[float, "how far past the threshold; comparable within one detector"]
    detector: Annotated[str, "name of the detector"]
    parameters: Annotated[str, "its parameters, JSON"]
    as_of: Annotated[date, "last day that the detector could see"]
    signal: Annotated[bytes | None, "the signal that it was grouped into"]


@dataclass(frozen=True, slots=True)
class Signal(Record):
    """A group of alarms about one thing that may mean a risk: data, not yet verified."""

    table: ClassVar[str] = "signals"
    stats: ClassVar[tuple[str, ...]] = ("first",)

    id: Annotated[bytes, "stable keyed id over concept and place, 16 bytes"]
    concept: Annotated[str, "what it is about: substance=…, practice=…, source=…"]
    measure: Annotated[str, "measure of the strongest alarm"]
    place: Annotated[str, "site or area; empty where it is everywhere"]
    first: Annotated[date, "first period with an alarm"]
    last: Annotated[date, "last period with an alarm"]
    novelty: Annotated[str, "proposed: new, returning, persistent, cyclical, fading"]
    score: Annotated[float, "rank, documented in triage"]
    observed: Annotated[float, "of the strongest alarm"]
    expected: Annotated[float, "of the strongest alarm"]
    threshold: Annotated[float, "of the strongest alarm"]
    series: Annotated[str, "series of the strongest alarm"]
    detector: Annotated[str, "detector of the strongest alarm"]
    parameters: Annotated[str, "its parameters, JSON"]
    evidence: Annotated[float, "what a dismissal must see doubled: observed summed over alarms"]


@dataclass(frozen=True, slots=True)
class Sample(Record):
    """What a drug-checking service received."""

    table: ClassVar[str] = "samples"
    stats: ClassVar[tuple[str, ...]] = ("day",)
    latest: ClassVar[tuple[str, ...]] = ("id",)

    id: Annotated[bytes, "keyed identifier, 16 bytes"]
    version: Annotated[int, "1 for what was first said of it, then 2, 3, … as it was corrected"]
    reference: Annotated[str, "the service's own reference of the sample, or what stands for it"]
    source: Annotated[str, "name of the source description"]
    site: Annotated[str, "observatory site"]
    day: Annotated[date | None, "day collected or received"]
    precision: Annotated[str, "day, week, month, quarter, year or unknown"]
    place: Annotated[str | None, "coarsened area code"]
    sold_as: Annotated[str | None, "substance id that it was sold as"]
    sold_as_label: Annotated[str | None, "the words that it was sold under"]
    form: Annotated[str | None, "tablet, powder, crystal, blotter, liquid, herb, resin, …"]
    description: Annotated[str | None, "colour, logo, texture, weight, as given"]
    price: Annotated[float | None, "in `currency`"]
    currency: Annotated[str | None, "ISO 4217"]
    quantity: Annotated[float | None, "amount that the price was for, in `unit`"]
    unit: Annotated[str | None, "as in Observation"]
    reason: Annotated[str | None, "reason for collection"]
    effects_sought: Annotated[str | None, "in words, after the door"]
    effects_felt: Annotated[str | None, "in words, after the door"]
    route: Annotated[str | None, "route of use"]
    run: Annotated[str, "the run that brought it in"]


@dataclass(frozen=True, slots=True)
class Result(Record):
    """One substance that a laboratory found in a sample, or looked for and did not find."""

    table: ClassVar[str] = "results"
    stats: ClassVar[tuple[str, ...]] = ("sample",)
    latest: ClassVar[tuple[str, ...]] = ("sample", "method")

    sample: Annotated[bytes, "id of the sample"]
    version: Annotated[int, "1 for a method's first answer on the sample, then its corrections"]
    substance: Annotated[str | None, "substance id; empty where nothing was found"]
    label: Annotated[str, "the laboratory's own words"]
    role: Annotated[str, "main, minor, trace, cut, precursor, or none"]
    amount: Annotated[float | None, "in `unit`"]
    amount_max: Annotated[float | None, "upper end, or the limit where `censored`"]
    unit: Annotated[str | None, "%, mg, mg/tablet, …"]
    uncertainty: Annotated[float | None, "half width, in `unit`"]
    censored: Annotated[bool, "below the limit of detection or quantification"]
    method: Annotated[str | None, "GC-MS, LC-MS, FTIR, TLC, …"]
    panel: Annotated[str | None, "what was tested for; without it there is no denominator"]
    run: Annotated[str, "the run that brought it in"]


@dataclass(frozen=True, slots=True)
class Indicator(Record):
    """One published figure of an official or scientific table."""

    table: ClassVar[str] = "indicators"
    stats: ClassVar[tuple[str, ...]] = ("period",)

    name: Annotated[str, "what is counted or measured"]
    area: Annotated[str, "area code"]
    period: Annotated[date, "first day of the period"]
    step: Annotated[str, "week, month, quarter, half-year or year"]
    value: Annotated[float | None, "the figure; empty where unknown or suppressed"]
    unit: Annotated[str, "unit of the value"]
    denominator: Annotated[float | None, "population or total, where published"]
    substance: Annotated[str | None, "substance id, where it is about one"]
    note: Annotated[str | None, "footnote as published"]
    source: Annotated[str, "name of the source description"]
    revision: Annotated[str, "edition that the figure comes from"]
    run: Annotated[str, "the run that brought it in"]
    # of a share it is no denominator: the value was divided already
    base: Annotated[float | None, "how many were asked, where the value is a share of them"] = None


@dataclass(frozen=True, slots=True)
class Issue(Record):
    """A record that could not be taken as it was, and what to do about it.

    Importers leave `source`, `file` and `run` empty: the pipeline fills them.
    """

    table: ClassVar[str] = "issues"
    stats: ClassVar[tuple[str, ...]] = ("run",)

    kind: Annotated[str, "what is wrong, in two or three words"]
    record: Annotated[int, "number of the record in its file, from 1"]
    field: Annotated[str, "field or column; empty where the whole record is meant"] = ""
    hint: Annotated[str, "what to do; never the content"] = ""
    level: Annotated[str, "note, warning or error"] = "error"
    source: Annotated[str, "name of the source description"] = ""
    file: Annotated[str, "keyed id of the file; its name is never stored"] = ""
    run: Annotated[str, "the run that met it"] = ""


@dataclass(frozen=True, slots=True)
class Run(Record):
    """One stage of the pipeline, once."""

    table: ClassVar[str] = "runs"
    stats: ClassVar[tuple[str, ...]] = ("started",)

    id: Annotated[str, "run id"]
    stage: Annotated[str, "ingest, code, count, detect, publish, erase, …"]
    version: Annotated[str, "version of Fanal"]
    parameters: Annotated[str, "JSON"]
    fingerprint: Annotated[str, "of what went in"]
    started: Annotated[datetime, "UTC"]
    seconds: Annotated[float, "wall time, s"]
    rows_in: Annotated[int, "records read"]
    rows_out: Annotated[int, "rows written"]
    duplicates: Annotated[int, "already there"]
    skipped: Annotated[int, "left out by rule"]
    quarantined: Annotated[int, "stopped at the door"]
    issues: Annotated[int, "rows in the issues table"]
    status: Annotated[str, "done, failed or stopped"]
    detail: Annotated[str, "why it failed, or the reckoning by rule, JSON"]


@dataclass(frozen=True, slots=True)
class Tombstone(Record):
    """The keyed id of something erased, so that the next export does not bring it back."""

    table: ClassVar[str] = "tombstones"
    stats: ClassVar[tuple[str, ...]] = ("day",)

    id: Annotated[bytes, "keyed id: a document, an author or a source's thread"]
    scope: Annotated[str, "document, author, thread or sample"]
    day: Annotated[date, "when it was erased"]
    digest: Annotated[bytes | None, "of a document: keyed digest of its text, which stays out"]


@dataclass(frozen=True, slots=True)
class Decision(Record):
    """One human act on a signal: append-only."""

    table: ClassVar[str] = "decisions"

    id: Annotated[bytes, "16 random bytes"]
    signal: Annotated[bytes, "id of the signal"]
    verdict: Annotated[
        str, "verify, dismiss, assess, alert, close, retract, reopen, support, contradict"
    ]
    reason: Annotated[str, "why, in words"]
    who: Annotated[str, "account, or `program` for a reopening by doubled evidence"]
    time: Annotated[datetime, "UTC"]
    shown: Annotated[str, "ids and numbers that were on the screen, JSON; never text"]
    harm: Annotated[int | None, "assess: harm, 1 (low) to 4 (very high)"] = None
    quality: Annotated[int | None, "assess: quality of evidence, 1 (weak) to 4 (strong)"] = None
    phenomenon: Annotated[bytes | None, "the phenomenon that it is linked to"] = None


@dataclass(frozen=True, slots=True)
class Phenomenon(Record):
    """What we say about a verified trend, or what an earlier report said: append-only."""

    table: ClassVar[str] = "phenomena"

    id: Annotated[bytes, "16 random bytes, the same in each later statement"]
    title: Annotated[str, "in a few words"]
    concept: Annotated[str, "substance=…, practice=…: what ties signals to it"]
    statement: Annotated[str, "what we say this time"]
    novelty: Annotated[str, "new, returning, persistent, cyclical or fading"]
    year: Annotated[int, "year that the statement is about"]
    sites: Annotated[str, "sites, separated by commas; empty: everywhere"]
    origin: Annotated[str, "the report that said it; empty: this observatory"]
    who: Annotated[str, "account"]
    time: Annotated[datetime, "UTC"]


@dataclass(frozen=True, slots=True)
class Coding(Record):
    """A person's correction of the coder: append-only, wins over the machine."""

    table: ClassVar[str] = "codings"

    id: Annotated[bytes, "16 random bytes"]
    document: Annotated[bytes, "id of the document"]
    version: Annotated[int, "version that the person read"]
    start: Annotated[int, "first code point"]
    stop: Annotated[int, "code point after"]
    quote: Annotated[bytes, "keyed digest of the marked text: does it still stand there?"]
    verdict: Annotated[str, "confirm, reject or add"]
    kind: Annotated[str, "kind of observation"]
    fields: Annotated[str, "its fields in Observation's names, JSON"]
    who: Annotated[str, "account"]
    time: Annotated[datetime, "UTC"]


@dataclass(frozen=True, slots=True)
class Memo(Record):
    """A note of a person on a document, a signal or a phenomenon: append-only."""

    table: ClassVar[str] = "memos"

    id: Annotated[bytes, "16 random bytes"]
    about: Annotated[str, "document, signal or phenomenon"]
    subject: Annotated[bytes, "its id"]
    text: Annotated[str, "the note, after the door"]
    who: Annotated[str, "account"]
    time: Annotated[datetime, "UTC"]


@dataclass(frozen=True, slots=True)
class Audit(Record):
    """One line of the audit log: each line holds the hash of the one before."""

    table: ClassVar[str] = "audit"

    number: Annotated[int, "from 1, without a gap"]
    time: Annotated[datetime, "UTC"]
    who: Annotated[str, "account, or the command"]
    action: Annotated[str, "ingest, decide, export, erase, read, …"]
    detail: Annotated[str, "ids and numbers, JSON; never content"]
    previous: Annotated[bytes, "hash of the line before"]
    hash: Annotated[bytes, "BLAKE2b of this line with `previous`"]


@dataclass(frozen=True, slots=True)
class Account(Record):
    """What holds of a person's account from now on: append-only, the last of a name counts."""

    table: ClassVar[str] = "accounts"

    name: Annotated[str, "what the person signs in with; it stands in decisions and the audit log"]
    role: Annotated[str, "reader, observer, coordinator, analyst or administrator"]
    sites: Annotated[str, "sites, separated by commas; analysts and administrators see all"]
    password: Annotated[str, "argon2id hash; empty: none was chosen yet"]
    link: Annotated[bytes, "digest of the one-time link that sets a password; empty: none is open"]
    active: Annotated[bool, "may sign in"]
    who: Annotated[str, "account that said so, or the command"]
    time: Annotated[datetime, "UTC"]


@dataclass(frozen=True, slots=True)
class Session(Record):
    """Until when a browser or a program acts for an account: the last of a token counts."""

    table: ClassVar[str] = "sessions"

    token: Annotated[bytes, "BLAKE2b of the secret that the browser or the program holds"]
    account: Annotated[str, "name of the account"]
    purpose: Annotated[str, "browser, or program (a key for the API)"]
    expires: Annotated[datetime, "UTC"]
    time: Annotated[datetime, "UTC"]


@dataclass(frozen=True, slots=True)
class Subscription(Record):
    """What an account wants to be told by e-mail; gone when it no longer does."""

    table: ClassVar[str] = "subscriptions"

    account: Annotated[str, "name of the account"]
    address: Annotated[str, "where to write"]
    topic: Annotated[str, "substance id; empty: every one"]
    site: Annotated[str, "site; empty: every one"]
    level: Annotated[str, "alerts, or all: bulletins too"]
    time: Annotated[datetime, "UTC"]


JUDGEMENTS: tuple[type[Record], ...] = (
    Decision, Phenomenon, Coding, Memo, Audit, Account, Session, Subscription,
)  # fmt: skip

RECORDS: tuple[type[Record], ...] = (
    Document,
    Observation,
    Repost,
    Point,
    Brought,
    Alarm,
    Signal,
    Sample,
    Result,
    Indicator,
    Issue,
    Run,
    Tombstone,
)


def field_types(record: type[Record]) -> dict[str, tuple[type, bool, str]]:
    """Return name → (Python type, may it be absent, description) in order of declaration."""
    hints = get_type_hints(record, include_extras=True)
    out: dict[str, tuple[type, bool, str]] = {}
    for field in dataclasses.fields(record):  # type: ignore[arg-type]
        plain, description = get_args(hints[field.name])[:2]
        nullable = get_origin(plain) in (Union, types.UnionType)
        if nullable:
            plain = next(t for t in get_args(plain) if t is not type(None))
        out[field.name] = (plain, nullable, description)
    return out


_SCHEMAS: dict[type[Record], pa.Schema] = {}  # type hints are slow to read


def schema_of(record: type[Record]) -> pa.Schema:
    """Return the Arrow schema of a record class; descriptions are the fields' metadata."""
    if record not in _SCHEMAS:
        _SCHEMAS[record] = pa.schema(
            [
                pa.field(name, ARROW[kind], nullable, {"description": text})
                for name, (kind, nullable, text) in field_types(record).items()
            ]
        )
    return _SCHEMAS[record]


def conform(table: pa.Table, record: type[Record]) -> pa.Table:
    """Cast a table to exactly a record's schema: the last line of every stage.

    Raises:
        ContractError: a column is missing, of another type, or has nulls where none may be.
    """
    schema = schema_of(record)
    missing = [name for name in schema.names if name not in table.column_names]
    if missing:
        raise ContractError(
            f"columns missing: {', '.join(missing)}", where=record.table, allowed=str(schema.names)
        )
    table = table.select(schema.names)
    for field in schema:
        nulls = table.column(field.name).null_count
        if nulls and not field.nullable:
            raise ContractError(f"{nulls} empty values in {field.name}", where=record.table)
    try:
        return table.cast(schema)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise ContractError(
            f"wrong column types ({type(error).__name__})", where=record.table
        ) from None


def table_of(rows: Iterable[Any], record: type[Record]) -> pa.Table:
    """Return record instances as one Arrow table in the record's schema."""
    schema = schema_of(record)
    rows = list(rows)
    columns = [pa.array([getattr(row, field.name) for row in rows], field.type) for field in schema]
    return conform(pa.table(columns, names=schema.names), record)


def empty(record: type[Record]) -> pa.Table:
    """Return a table of no rows in a record's schema."""
    return schema_of(record).empty_table()

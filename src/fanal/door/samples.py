"""Samples through the door: words screened, ids keyed, time and place as coarse as agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime

import pyarrow as pa

from fanal.door.coarsening import PRECISION, Place, Time, coarsened, coarser_place
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import RawResult, RawSample
from fanal.door.table_words import is_birth, is_somebodys, undated
from fanal.door.words import words
from fanal.records import Result, Sample, table_of

_WORDS = (
    "reference", "sold_as", "sold_as_label", "form", "description", "currency", "unit", "reason",
    "effects_sought", "effects_felt", "route",
)  # fmt: skip
_ANSWERS = ("label", "substance", "role", "unit", "method", "panel")


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for every sample of a source."""

    source: str
    site: str
    kind: str
    run: str
    time: Time
    place: Place
    country: str = "FR"


@dataclass(frozen=True, slots=True)
class Samples:
    """What the door lets in: each result says by `piece` with which row of `samples` it came."""

    samples: pa.Table
    results: pa.Table
    pieces: list[int]


def admit_samples(
    raws: Sequence[RawSample], keys: KeyRing, scope: Scope, seen: dict[bytes, int]
) -> Samples:
    """Return the samples and results of a batch.

    `seen` counts equal samples without a reference, so that two of them stay two. A reference that
    looks like an identifier is replaced by a keyed one: codes of twelve letters and figures do,
    those that hold a name or a date of birth, and those of a case.
    """
    stored = words(
        [text for raw in raws for text in _texts(raw) if text], scope.kind, country=scope.country
    )
    samples: list[Sample] = []
    results: list[Result] = []
    pieces: list[int] = []
    for raw in raws:
        sample = _sample(raw, keys, scope, stored, seen)
        for answer in raw.results:
            results.append(_result(answer, sample, scope.run, stored))
            pieces.append(len(samples))
        samples.append(sample)
    return Samples(table_of(samples, Sample), table_of(results, Result), pieces)


def _texts(raw: RawSample) -> list[str | None]:
    found = [getattr(raw, name) for name in (*_WORDS, "place")]
    found.append(undated(raw.reference or "", _day(raw)))
    for answer in raw.results:
        found += [getattr(answer, name) for name in _ANSWERS]
    return found


def _day(raw: RawSample) -> date | None:
    return raw.time.date() if isinstance(raw.time, datetime) else raw.time


def _sample(
    raw: RawSample, keys: KeyRing, scope: Scope, clean: dict[str, str], seen: dict[bytes, int]
) -> Sample:
    moment = taken = _day(raw)
    precision = "unknown"
    if moment is not None:
        known = raw.precision if raw.precision in PRECISION else "day"
        precision = max(known, scope.time, key=PRECISION.__getitem__)
        moment = coarsened(moment, precision)[0]
    reference = raw.reference
    if not reference:
        # without a reference, a sample is the nth that says exactly this
        said = repr([getattr(raw, f.name) for f in fields(RawSample)[3:-1]])
        key = keys.sample_id(scope.source, f"\x00{said}")
        seen[key] = seen.get(key, -1) + 1
        identifier = keys.sample_id(scope.source, f"\x00{said}\x00{seen[key]}")
    else:
        identifier = keys.sample_id(scope.source, reference)
    told = {name: clean.get(getattr(raw, name) or "") or None for name in _WORDS}
    if reference and (raw.of_case or _tells(reference, taken, clean)):
        reference = keys.reference(reference)
    told["reference"] = reference
    return Sample(
        id=identifier,
        version=1,
        source=scope.source,
        site=scope.site,
        day=moment,
        precision=precision,
        place=coarser_place(clean.get(raw.place or "") or None, scope.place),
        price=raw.price,
        quantity=raw.quantity,
        run=scope.run,
        **told,  # type: ignore[arg-type]
    )


def _tells(reference: str, taken: date | None, clean: dict[str, str]) -> bool:
    """Say whether a reference may tell who brought the sample."""
    rest = undated(reference, taken)
    return clean[rest] != rest or is_somebodys(reference) or is_birth(reference, taken)


def _result(answer: RawResult, sample: Sample, run: str, clean: dict[str, str]) -> Result:
    plain = answer._asdict() | {
        name: clean.get(getattr(answer, name) or "") or None for name in _ANSWERS
    }
    plain["label"], plain["role"] = plain["label"] or "", plain["role"] or ""
    return Result(sample=sample.id, version=1, run=run, **plain)

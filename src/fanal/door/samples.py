"""Samples through the door: words screened, ids keyed, time and place as coarse as agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

import pyarrow as pa

from fanal.door import identifiers
from fanal.door.coarsening import PRECISION, Place, Time, coarsened, coarser_place
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import RawResult, RawSample
from fanal.records import Result, Sample, table_of
from fanal.thesaurus import bared

_WORDS = (
    "reference", "sold_as_label", "form", "description", "currency", "unit", "reason",
    "effects_sought", "effects_felt", "route",
)  # fmt: skip
WITHHELD = "[withheld]"
_ANSWERS = ("label", "unit", "method", "panel")


@dataclass(frozen=True, slots=True)
class Scope:
    """What holds for every sample of a source."""

    source: str
    site: str
    kind: str
    run: str
    time: Time
    place: Place


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
    looks like an identifier is replaced by a keyed one: codes of twelve letters and figures do.
    """
    stored = _screened(raws, scope)
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
    found = [getattr(raw, name) for name in _WORDS]
    for answer in raw.results:
        found += [getattr(answer, name) for name in _ANSWERS]
    return found


def _screened(raws: Sequence[RawSample], scope: Scope) -> dict[str, str]:
    """Return what is stored of each different text.

    A text in doubt is withheld by itself: what was found in the sample is not lost for it.
    """
    texts = sorted({text for raw in raws for text in _texts(raw) if text})
    stored = _stored(texts, scope.kind)
    # "Down (Unknown Opioid)" looks like a name: what is left without the words of laboratories
    # must be one, or hold another identifier
    masked = [text for text in texts if stored[text] != text]
    bare = {text: bared(text) for text in masked}
    left = _stored(sorted(set(bare.values())), scope.kind)
    return stored | {text: text for text in masked if left[bare[text]] == bare[text] != text}


def _stored(texts: list[str], kind: str) -> dict[str, str]:
    screened = identifiers.screen_text(texts, kind)
    return {t: WITHHELD if s.text is None else s.text for t, s in zip(texts, screened, strict=True)}


def _sample(
    raw: RawSample, keys: KeyRing, scope: Scope, clean: dict[str, str], seen: dict[bytes, int]
) -> Sample:
    moment = raw.time.date() if isinstance(raw.time, datetime) else raw.time
    precision = "unknown"
    if moment is not None:
        known = raw.precision if raw.precision in PRECISION else "day"
        precision = max(known, scope.time, key=PRECISION.__getitem__)
        moment = coarsened(moment, precision)[0]
    reference = raw.reference
    if not reference:
        # without a reference, a sample is the nth that says exactly this
        said = repr([getattr(raw, f.name) for f in fields(RawSample)[3:]])
        key = keys.sample_id(scope.source, f"\x00{said}")
        seen[key] = seen.get(key, -1) + 1
        identifier = keys.sample_id(scope.source, f"\x00{said}\x00{seen[key]}")
    else:
        identifier = keys.sample_id(scope.source, reference)
    words = {name: clean.get(getattr(raw, name) or "") or None for name in _WORDS}
    if reference and clean[reference] != reference:
        reference = keys.reference(reference)
    words["reference"] = reference
    return Sample(
        id=identifier,
        version=1,
        source=scope.source,
        site=scope.site,
        day=moment,
        precision=precision,
        place=coarser_place(raw.place, scope.place),
        sold_as=raw.sold_as,
        price=raw.price,
        quantity=raw.quantity,
        run=scope.run,
        **words,  # type: ignore[arg-type]
    )


def _result(answer: RawResult, sample: Sample, run: str, clean: dict[str, str]) -> Result:
    plain = answer._asdict() | {
        name: clean.get(getattr(answer, name) or "") or None for name in _ANSWERS
    }
    plain["label"] = plain["label"] or ""
    return Result(sample=sample.id, version=1, run=run, **plain)

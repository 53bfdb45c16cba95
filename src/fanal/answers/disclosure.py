"""Small numbers: counts of persons as they may leave, alone, together and in a public edition.

This is the one place that decides: pages, API, downloads, feeds and public editions ask here, and
of series `withholding`. A count of persons below the threshold is withheld, and so is whatever it
could be computed from (`suppression`).

Who may see small counts has the threshold 1 (`fanal.web.visits.Visit.least`): nothing is below it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from fanal.answers.behind import Corroboration
from fanal.answers.suppression import Sum, narrow, protect
from fanal.answers.withholding import INTERVIEWED, PERSONAL, PERSONS, counts_persons
from fanal.edition import (
    ContentFact,
    Edition,
    Few,
    LabFact,
    Name,
    Reckoning,
    SignalFact,
    Untold,
    Value,
    Witness,
    too_small,
)
from fanal.laboratory.findings import Expected
from fanal.series import PAIR, earlier

# --- counts that stand together -----------------------------------------------------------------


def chain(counts: Sequence[int], least: int) -> list[int | None]:
    """Return nested counts (each is of those before it) as they may be told; None: withheld.

    None of them is small, and neither is any difference of two of them.
    """
    shown: list[int] = []
    told: list[int | None] = []
    for n in counts:
        safe = not too_small(n, least) and not any(
            too_small(abs(n - other), least) for other in shown
        )
        if safe:
            shown.append(n)
        told.append(n if safe else None)
    return told


def parts(total: int, counts: Sequence[int], least: int) -> list[int | None]:
    """Return a total and the counts that it is the sum of (with what is not listed), as told."""
    rest = max(0, total - sum(counts))
    values = [sum(counts) + rest, *counts, rest]
    kept = protect(values, [Sum(0, tuple(range(1, len(values))))], least).withheld
    return [None if i in kept else values[i] for i in range(len(counts) + 1)]


def of_name(
    sold_as: str | None,
    substance: str,
    counts: tuple[int, int],
    held: Mapping[str, Expected],
    least: int,
) -> int | None:
    """Return how many samples sold under a name held a substance, as every page tells it.

    `counts` are those samples and all of the name, `held` the rows of `findings.as_expected` by
    name.
    """
    samples, of = counts
    known = held.get(sold_as or "")
    beside = [known.of if known else of]
    if known and substance == sold_as:  # beside what held it in any form
        beside += [known.samples, known.alone]
    return chain([*beside, samples], least)[-1]


def whole(total: int, counts: Sequence[int], told: Sequence[int | None], least: int) -> bool:
    """Say whether a total may be told beside what is told of the counts that it is the sum of."""
    if least <= 1:
        return True  # nothing is withheld, be the counts of the sum known or not
    rest = total - sum(counts)
    hidden = [n for n, as_told in zip(counts, told, strict=True) if n and as_told is None]
    hidden += [rest] if rest > 0 else []
    return not hidden or not narrow(sum(hidden), [n < least for n in hidden], least)


def few(n: int, least: int) -> int:
    """Return a count, or that it is fewer than the threshold."""
    return Few(least) if too_small(n, least) else n


def told(n: int | None, real: int, least: int) -> int | Few | None:
    """Return a count as it is told: as it is, as fewer than the threshold, or not at all."""
    return Few(least) if n is None and too_small(real, least) else n


# --- a public edition -----------------------------------------------------------------------------


Periods = Mapping[date, tuple[float, float | None]]  # what may be told of a series by period


def public(
    edition: Edition,
    least: int,
    told: Callable[[SignalFact], Periods | None] | None = None,
    read: Callable[[str], Periods] | None = None,
    given: Mapping[str, int] | None = None,
) -> Edition:
    """Return an edition for everybody: small counts of persons as “fewer than”, no text.

    `told` gives what may be told of the series of a signal, `read` of the documents of a kind by
    week, `given` of those of a source over the period. What a person released by issuing an alert
    on it is told as it is.
    """
    activity = {}
    for kind, values in edition.activity.items():
        weeks = read(kind) if read else {
            v.period: (v.value or 0, None) for v in values
            if kind not in INTERVIEWED or not too_small(v.value or 0, least)
        }  # fmt: skip
        activity[kind] = tuple(
            Value(v.period, v.value if v.period in weeks else None) for v in values
        )
    return replace(
        edition,
        signals=tuple(signal(fact, least, told) for fact in edition.signals),
        contents=tuple(_content(fact, least) for fact in edition.contents),
        sources=tuple(
            replace(s, documents=Untold(least), samples=0, reckoning=Reckoning())
            if s.kind in PERSONAL or (s.documents and isinstance((given or {}).get(s.name), Few))
            else s
            for s in edition.sources
        ),
        activity=activity,
    )


def signal(
    fact: SignalFact, least: int, told: Callable[[SignalFact], Periods | None] | None = None
) -> SignalFact:
    """Return a signal for everybody: small counts of persons withheld, no text."""
    if least <= 1:
        return fact
    who = tuple(_witness(w, least) for w in fact.witnesses)
    scarce = {w.kind for w in who if isinstance(w.supports, Few)}
    # All documents less those of the other kinds would tell what a few interviews say.
    fact = replace(
        fact,
        lab=_lab(fact.lab, least) if fact.lab else None,
        witnesses=who,
        documents=Untold(least) if scarce else fact.documents,
        evidence=tuple(replace(e, text=None, marks=()) for e in fact.evidence
                       if e.kind not in scarce),
    )  # fmt: skip
    if fact.state == "alerted":
        return fact
    persons = counts_persons(fact.series) if fact.series else fact.measure in PERSONS
    periods = told(fact) if told else None
    if periods is None and not persons:
        return fact
    if periods is None:
        periods = {
            v.period: (v.value, None) for v in fact.history
            if v.value is not None and not too_small(v.value, least)
        }  # fmt: skip
    # Of a pair everybody sees which weeks have a point; in the others nobody named both.
    absent = (0.0, None) if fact.measure == PAIR else (None, None)
    history = tuple(
        Value(v.period, *periods.get(v.period, (None, None) if v.value else absent))
        for v in fact.history
    )
    small = too_small(fact.observed, least)
    counted = {earlier(fact.peak, fact.step, n) for n in range(fact.window)}
    of = _read(fact, periods, counted)
    if fact.history:
        counted &= {v.period for v in fact.history if v.value}
    if counted <= periods.keys() or (told is None and not small):
        observed: float = Few(least) if small and persons else fact.observed
    else:
        observed = Few(least) if small else Untold(least)
    if isinstance(observed, Few):  # what was expected is a mean of such counts
        return replace(fact, observed=observed, expected=Untold(least), threshold=Untold(least),
                       denominator=None, history=())  # fmt: skip
    return replace(fact, observed=observed, denominator=of, history=history)


def _read(fact: SignalFact, periods: Periods, counted: set[date]) -> float | None:
    """Return how many were read in all the periods of a count; None where one is withheld."""
    read = [periods.get(v.period, (None, None))[1]
            for v in fact.history if v.period in counted and v.denominator]  # fmt: skip
    told = [n for n in read if n is not None]
    return sum(told) if told and len(told) == len(read) else None


@dataclass(frozen=True, slots=True)
class ShownWitness:
    """What one kind of source says, as it may be told; None: the count is withheld."""

    kind: str
    stance: str  # for, against, silent or not read
    few: bool  # silent, and too few were read to tell
    documents: int | None  # that speak of it; of laboratories, samples
    against: int | None  # that deny it; samples sold as it that hold something else
    read: int | None  # documents or samples in all
    sources: int  # that speak of it; those that repost each other are one
    sources_read: int
    sites: tuple[str, ...]  # that speak of it, by name


def witnesses(rows: Iterable[Corroboration], least: int) -> list[ShownWitness]:
    """Return what each kind of source says as it may be told."""
    told_ = []
    for row in rows:
        read: int | None = row.read
        documents: int | None = row.documents
        against: int | None = row.against
        if least > 1 and row.kind in PERSONAL:
            read, documents = chain([row.read, row.documents], least)
            against = None if too_small(row.against, least) else row.against
        told_.append(
            ShownWitness(
                row.kind,
                row.stance,
                row.few,
                documents,
                against,
                read,
                row.sources,
                row.sources_read,
                row.sites,
            )
        )
    return told_


def _witness(w: Witness, least: int) -> Witness:
    if w.kind not in PERSONAL:
        return w
    read, supports = chain([w.supports + w.without, w.supports], least)
    against = few(w.against, least)
    if supports is None or read is None:  # how many were read is not told beside it
        return replace(w, supports=few(w.supports, least) if supports is None else supports,
                       without=0, against=against)  # fmt: skip
    return replace(w, supports=supports, without=read - supports, against=against)


def _lab(lab: LabFact, least: int) -> LabFact:
    """Return what laboratories say without the services' references and without small counts."""
    analysed, samples = chain([lab.analysed, lab.samples], least)
    if samples is None:
        return replace(lab, samples=_hidden(samples, lab.samples, least), sold_as=(), found=(),
                       analysed=_hidden(analysed, lab.analysed, least),
                       references=())  # fmt: skip
    names = parts(samples, [n for _, n in lab.sold_as], least)[1:]
    found = [chain([samples, n], least)[1] for _, n in lab.found]
    return replace(
        lab,
        analysed=_hidden(analysed, lab.analysed, least),
        sold_as=_pairs(lab.sold_as, names, least),
        found=_pairs(lab.found, found, least),
        references=(),
    )


def _pairs(
    rows: Sequence[tuple[Name, int]], shown: Sequence[int | None], least: int
) -> tuple[tuple[Name, int], ...]:
    """Return names with their counts as told; one that is withheld for another is left out."""
    told_ = [(name, told(n, real, least)) for (name, real), n in zip(rows, shown, strict=True)]
    return tuple((name, n) for name, n in told_ if n is not None)


def _hidden(n: int | None, real: int, least: int) -> int:
    """Return a count as told; one that is withheld for another says so."""
    shown = told(n, real, least)
    return Untold(least) if shown is None else shown


def _content(fact: ContentFact, least: int) -> ContentFact:
    """Return what was found under a name without small counts, nor shares that tell them."""
    of, samples, alone = chain([fact.of, fact.samples, fact.alone or 0], least)
    others = chain([fact.of, fact.others], least)[1]
    return replace(
        fact,
        of=_hidden(of, fact.of, least),
        samples=_hidden(samples, fact.samples, least),
        alone=None if fact.alone is None else _hidden(alone, fact.alone, least),
        others=_hidden(others, fact.others, least),
        low=0.0 if of is None or samples is None else fact.low,
        high=1.0 if of is None or samples is None else fact.high,
    )

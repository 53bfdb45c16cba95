"""What people do at the desk: look at what waits, decide, confirm; and what becomes of it.

The audit log says who confirmed, destroyed or opened how many texts, never what stands in them.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from fanal.door import deciding
from fanal.door.desk import FOLDER, Act, Desk, Review, Waiting
from fanal.door.spans import CLASSES
from fanal.errors import ConfigError, ConflictError, MissingError, StorageError
from fanal.observatory import Observatory
from fanal.records import Audit, Detail
from fanal.stages.ingest import reviewing
from fanal.stages.ingest.staging import Reckoning

STORED = "review"  # actions of the audit log
FIRST = "review, first reader"
DESTROYED = "review destroyed"
EXPIRED = "review expired"
NOBODY = "fanal"  # who destroys what waited too long


def desk(ws: Observatory) -> Desk:
    """Return the desk of an observatory."""
    return Desk(ws.folder / FOLDER, ws.keys)


def waiting(ws: Observatory) -> list[Waiting]:
    """Return what waits; what waited too long is destroyed first."""
    expire(ws, datetime.now(UTC))
    return desk(ws).waiting()


def opened(ws: Observatory, start: str) -> Review:
    """Open what waits under an id that begins so.

    Raises:
        MissingError: nothing, or more than one.
    """
    expire(ws, datetime.now(UTC))
    found = desk(ws)
    return found.open(found.find(start).id)


def decide(ws: Observatory, start: str, acts: Sequence[Act]) -> Review:
    """Add decisions to a review and return it.

    Raises:
        ConfigError: a decision is none, or the text is not there.
        ConflictError: somebody else decided at the same moment.
    """
    review = opened(ws, start)
    made = [_checked(review, act._replace(who=ws.who)) for act in acts]
    first = "" if review.first == ws.who else review.first  # they change what they confirmed
    after = replace(review, acts=[*review.acts, *made], first=first)
    desk(ws).keep(after, len(review.acts))
    return after


def _checked(review: Review, act: Act) -> Act:
    if act.do not in ("mask", "person", "keep"):
        raise ConfigError(f"no decision {act.do!r}", allowed="mask, person, keep")
    if act.kind.partition(":")[0] not in CLASSES:
        raise ConfigError(f"no class {act.kind!r}", allowed=", ".join(CLASSES))
    if act.here is not None:
        turn, start, stop = act.here
        text = review.turns[turn].raw.text if 0 <= turn < len(review.turns) else ""
        start, stop = deciding.widened(text, start, stop)
        act = act._replace(here=(turn, start, stop), text=text[start:stop])
        if act.do == "person":
            act = act._replace(here=None)
    if not act.text.strip() or (act.do != "person" and not deciding.stands(review, act)):
        raise ConfigError("this text is not in what waits", do="give it as it stands there")
    return act


def undo(ws: Observatory, start: str, seen: int | None = None) -> Review:
    """Take the last decision back.

    Raises:
        ConflictError: there are other decisions than the person had `seen`.
    """
    review = opened(ws, start)
    after = replace(review, acts=review.acts[:-1])
    desk(ws).keep(after, len(review.acts) if seen is None else seen)
    return after


def pass_on(ws: Observatory, start: str, seen: int | None = None) -> bool:
    """Hand a review to a second reader; False where nobody else is to read it.

    Raises:
        ConflictError: there are other decisions than the person had `seen`.
        ConfigError: the same person cannot be the second reader.
    """
    review = opened(ws, start)
    source = ws.source(review.waiting.source)
    if source.second_reader and not review.first:
        desk(ws).keep(replace(review, first=ws.who), len(review.acts) if seen is None else seen)
        ws.audit(FIRST, _counted(review))
        return True
    if source.second_reader and review.first == ws.who:
        raise ConfigError(
            "a second person confirms what the first one has confirmed",
            do="ask somebody else to look at it",
        )
    if seen not in (None, len(review.acts)):
        raise ConflictError("somebody decided on it meanwhile", do="look at it again")
    return False


def confirm(
    ws: Observatory, start: str, *, seen: int | None = None, replacing: bool = False
) -> Reckoning | None:
    """Store what was decided and destroy what waited; None where another person must read it too.

    Raises:
        ConflictError: there are other decisions than the person had `seen`.
        ConfigError: the same person cannot be the second reader.
    """
    if pass_on(ws, start, seen):
        return None
    with ws.writing():
        review = replace(opened(ws, start), last=ws.who)
        desk(ws).keep(review, len(review.acts) if seen is None else seen)
        reckoning = reviewing.store(
            ws.tables, ws.source(review.waiting.source), review, keys=ws.keys, scratch=ws.scratch,
            today=datetime.now(UTC).date(), replacing=replacing,
        )  # fmt: skip
        if reckoning.status != "failed":
            _finish(ws, review)
    return reckoning


def destroy(ws: Observatory, start: str, seen: int | None = None) -> Waiting:
    """Destroy what waits: nothing of it is stored.

    Raises:
        ConflictError: there are other decisions than the person had `seen`.
    """
    review = opened(ws, start)
    if seen not in (None, len(review.acts)):
        raise ConflictError("somebody decided on it meanwhile", do="look at it again")
    desk(ws).destroy(review.waiting.id)
    ws.audit(DESTROYED, _named(review.waiting))
    return review.waiting


def expire(ws: Observatory, now: datetime) -> None:
    """Destroy what waited too long."""
    for one in desk(ws).expire(now):
        ws.audit(EXPIRED, _named(one), NOBODY)


def recover(ws: Observatory) -> None:
    """Finish what a killed command began; the caller holds the writer lock."""
    found = desk(ws)
    for one in found.waiting():
        if reviewing.stored(ws.tables, one):
            # told before its key went, or damaged since it was stored
            with contextlib.suppress(MissingError, StorageError):
                _finish(ws, found.open(one.id))
            found.destroy(one.id)
    found.tidy()
    expire(ws, datetime.now(UTC))


def _finish(ws: Observatory, review: Review) -> None:
    """Tell that a review is stored, once, and destroy it."""
    lines = ws.state.all(Audit, action=STORED)
    if not any(json.loads(line.detail).get("review") == review.waiting.id for line in lines):
        told = _counted(review) | ({"first": review.first} if review.first else {})
        ws.audit(STORED, told, review.last)
    desk(ws).destroy(review.waiting.id)


def _named(one: Waiting) -> Detail:
    return {"review": one.id, "source": one.source, "texts": one.records}


def _counted(review: Review) -> Detail:
    made = deciding.decided(review)
    return _named(review.waiting) | {
        "masks": made.masks, "kept": made.kept, "decisions": len(review.acts),
    }  # fmt: skip

"""The order of the stages: code, forget what is past its time, count, detect. After ingest."""

from __future__ import annotations

from datetime import UTC, date, datetime

from fanal.answers import explore, profiles, witnesses
from fanal.observatory import Observatory
from fanal.stages import detecting, recoding
from fanal.stages.runs import Outcome
from fanal.upkeep import erasing


def code(ws: Observatory) -> Outcome:
    """Code what is not yet coded; what is coded can be searched."""
    outcome = recoding.code(ws)
    recoding.index(ws)
    return outcome


def detect(ws: Observatory, as_of: date | None = None) -> Outcome:
    """Count, and let the detectors look."""
    return detecting.detect(ws, as_of)


def run(ws: Observatory) -> list[Outcome]:
    """Code, apply retention, count and detect: everything after ingest."""
    outcomes = [code(ws)]
    for wrong, errors in (("left_out", ws.left_out()), ("objections", ws.objections())):
        if errors:
            outcomes[0].detail[wrong] = [error.as_json()["error"] for error in errors]
    with ws.writing():
        gone = erasing.retain(ws, datetime.now(UTC).date())
    if gone:
        erased = sum(found.documents for found in gone.values())
        outcomes.append(Outcome("retention", erased, 0, changed=True))
    with ws.writing():
        ws.tables.compact()  # before counting, which goes by the names of the files
    outcomes.append(detect(ws))
    prepare(ws)
    return outcomes


def prepare(ws: Observatory) -> None:
    """Make the figures that look at whole tables, so that no page waits for them."""
    witnesses.independent(ws.tables)
    profiles.told(ws)
    explore.reads_withheld(ws, "week", ws.settings.small_number)
    profiles.listed(ws, ws.settings.small_number)
    ws.source_rows()

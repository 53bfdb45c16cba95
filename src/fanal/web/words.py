"""What the pages call the things of the records."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from fanal.exporters import signal_words
from fanal.exporters.signal_words import NOVELTY, amount, detector, kind
from fanal.exporters.signals_prose import excerpt
from fanal.people import triage
from fanal.wording.marks import N_, NC_, hole, pieces

ROLES: dict[str, str] = {
    "reader": N_("reader"),
    "observer": N_("observer"),
    "coordinator": N_("coordinator"),
    "analyst": N_("national analyst"),
    "administrator": N_("administrator"),
}
STATES = signal_words.STATES | {"received": N_("awaiting")}  # where people sort them
VERDICTS: dict[str, str] = {
    "verify": N_("verify"),
    "dismiss": N_("dismiss"),
    "assess": N_("assess"),
    "alert": N_("alert"),
    "close": N_("close"),
    "retract": N_("retract the alert"),
    "reopen": N_("reopen"),
    "support": N_("tie, for"),
    "contradict": N_("tie, against"),
}
SAID: dict[str, str] = {  # a verdict that was given
    "verify": NC_("deed", "verified"),
    "dismiss": N_("dismissed"),
    "assess": NC_("deed", "assessed"),
    "alert": N_("issued an alert"),
    "close": NC_("deed", "closed"),
    "retract": N_("retracted the alert"),
    "reopen": N_("reopened"),
    "support": N_("sees evidence for"),
    "contradict": N_("sees evidence against"),
}
DOUBTS: dict[str, str] = {  # why the door keeps a text out
    "run of digits": N_("a run of digits"),
    "address-like token": N_("what looks like an address of the net"),
    "unstable": N_("what shows once the rest is masked"),
}
REFUSED: tuple[str, ...] = (  # why a decision on a review is not taken
    N_("this text is not in what waits"),
    N_("somebody decided on it meanwhile"),
    N_("a second person confirms what the first one has confirmed"),
)
WHY: dict[str, str] = {  # what a person is shown, though no rule is sure
    "roster": N_("near the name of somebody who is named"),
    "called": N_("what somebody is called"),
    "at": N_("at somebody’s"),
    "beside": N_("beside a word that people stand by"),
    "initials": N_("initials"),
    "letters": N_("letters"),
    "quoted": N_("in quotation marks"),
    "wording": N_("a sentence that speaks of somebody"),
    "spot": N_("a place with a name"),
    "role": N_("a role"),
    "reference": N_("a number of something"),
    "number": N_("a number"),
    "mixed": N_("letters and figures"),
    "listed": N_("a first name or a family name"),
    "capital": N_("a capital that no list knows"),
    "town": N_("a town"),
    "unknown": N_("a word that no list has"),
}
DIRECTIONS: dict[str, str] = {
    "new": N_("first time"),
    "up": N_("rising"),
    "down": N_("falling"),
    "silent": N_("silent"),
}
STANCES: dict[str, str] = {
    "for": N_("for"),
    "against": NC_("witness", "against"),
    "silent": N_("does not speak of it"),
    "not read": N_("not read"),
}
HARM: dict[int, str] = {
    1: N_("low"),
    2: N_("moderate"),
    3: N_("high"),
    4: N_("very high"),
}
QUALITY: dict[int, str] = {
    1: N_("weak"),
    2: N_("fair"),
    3: N_("good"),
    4: N_("strong"),
}
RESPONSES: dict[str, str] = {
    "watch": N_("keep watching"),
    "verify": N_("look for corroboration at once"),
    "bulletin": N_("tell it in the bulletin"),
    "professionals": N_("tell professionals"),
    "alert": N_("alert professionals and users"),
}
STAGES: dict[str, str] = {
    "ingest": N_("ingest"),
    "code": N_("code"),
    "index": N_("index"),
    "count": N_("count"),
    "detect": N_("detect"),
    "publish": N_("publish"),
    "erase": N_("erase"),
    "retention": N_("retention"),
}
STATUS: dict[str, str] = {
    "done": NC_("run", "done"),
    "failed": N_("failed"),
    "stopped": N_("stopped"),
}

COUNTED: dict[str, str] = {
    "documents": N_("documents"),
    "samples": N_("samples"),
}
FINENESS: dict[str, str] = {
    "day": N_("day"),
    "week": N_("week"),
    "month": N_("month"),
    "year": N_("year"),
    "none": N_("no place"),
}
LEVELS: dict[str, str] = {
    "note": N_("note"),
    "warning": N_("warning"),
    "error": N_("error"),
}
ISSUES: dict[str, str] = {  # kinds of issue; one of a plug-in keeps its own name
    "amount not bounded": N_("amount not bounded"),
    "amount not possible": N_("amount not possible"),
    "amount not readable": N_("amount not readable"),
    "amounts not told apart": N_("amounts not told apart"),
    "case id repeated": N_("case id repeated"),
    "characters not readable": N_("characters not readable"),
    "chat type missing": N_("chat type missing"),
    "column about a person": N_("column about a person"),
    "column beside another": N_("column beside another"),
    "column name not known": N_("column name not known"),
    "columns not read": N_("columns not read"),
    "count below zero": N_("count below zero"),
    "cue not readable": N_("cue not readable"),
    "date inside a text": N_("date inside a text"),
    "lines of no article": N_("lines of no article"),
    "date not readable": N_("date not readable"),
    "days without a year": N_("days without a year"),
    "decimals or thousands not told apart": N_("decimals or thousands not told apart"),
    "error in a cell": N_("error in a cell"),
    "feed not well formed": N_("feed not well formed"),
    "figure in brackets": N_("figure in brackets"),
    "figure repeated": N_("figure repeated"),
    "formula without a value": N_("formula without a value"),
    "hidden column": N_("hidden column"),
    "hidden rows": N_("hidden rows"),
    "hidden sheet": N_("hidden sheet"),
    "id repeated": N_("id repeated"),
    "ids repeated": N_("ids repeated"),
    "line damaged": N_("line damaged"),
    "lines back in time": N_("lines back in time"),
    "message damaged": N_("message damaged"),
    "no case id": N_("no case id"),
    "no date": N_("no date"),
    "no period": N_("no period"),
    "no name": N_("no name"),
    "no area": N_("no area"),
    "no substance": N_("no substance"),
    "no text in the project": N_("no text in the project"),
    "not a JSON object": N_("not a JSON object"),
    "not a number": N_("not a number"),
    "not a sample": N_("not a sample"),
    "not valid JSON": N_("not valid JSON"),
    "note on a cell": N_("note on a cell"),
    "order of day and month not shown": N_("order of day and month not shown"),
    "page without text": N_("page without text"),
    "quoted passage": N_("quoted passage"),
    "period not readable": N_("period not readable"),
    "quote never closed": N_("quote never closed"),
    "place not known": N_("place not known"),
    "result without a sample": N_("result without a sample"),
    "role not known": N_("role not known"),
    "row damaged": N_("row damaged"),
    "sheet not read": N_("sheet not read"),
    "source not readable": N_("source not readable"),
    "step not readable": N_("step not readable"),
    "substance not sure": N_("substance not sure"),
    "test without a result": N_("test without a result"),
    "text mostly masked": N_("text mostly masked"),
    "text not in the project": N_("text not in the project"),
    "text not read": N_("text not read"),
    "text too long": N_("text too long"),
    "too few cells": N_("too few cells"),
    "too many cells": N_("too many cells"),
    "unit not said": N_("unit not said"),
    "quarantined: run of digits": N_("quarantined: run of digits"),
}


def response(harm: int, quality: int) -> str:
    """Return the response that the grades of an assessment suggest."""
    return RESPONSES[triage.response(harm, quality)]


def laid(told: str, **parts: Markup) -> Markup:
    """Return a sentence as HTML, with elements in its holes (`fanal.wording.marks.hole`)."""
    return Markup("").join(
        piece for words, name in pieces(told) for piece in (words, parts[name] if name else "")
    )


IN_TEMPLATES: dict[str, Any] = {
    "amount": amount,
    "detector": detector,
    "directions": DIRECTIONS,
    "excerpt": excerpt,
    "harm_words": HARM,
    "hole": hole,
    "issue_words": ISSUES,
    "kind": kind,
    "level_words": LEVELS,
    "novelty_words": NOVELTY,
    "quality_words": QUALITY,
    "response": response,
    "why_words": WHY,
    "role_words": ROLES,
    "said_words": SAID,
    "stage_words": STAGES,
    "stances": STANCES,
    "states": STATES,
    "status_words": STATUS,
    "verdict_words": VERDICTS,
}

"""What people do after a signal: verdicts, states, and the fold that gives the present.

==========  =============================  ===================================================
state       verdict                        becomes
==========  =============================  ===================================================
received    verify / dismiss               verified / closed (quiet until its evidence doubles)
verified    assess (harm × evidence)       assessed
assessed    alert / close                  alerted / closed
alerted     retract                        retracted
closed      reopen                         received
==========  =============================  ===================================================

The present is a pure function of the decisions, in the order of writing (WHO event-based
surveillance; UK LDIS for grading harm × quality of evidence).
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from fanal.errors import ConfigError
from fanal.records import Decision

STEPS: dict[str, dict[str, str]] = {
    "received": {"verify": "verified", "dismiss": "closed"},
    "verified": {"assess": "assessed", "dismiss": "closed"},
    "assessed": {"alert": "alerted", "close": "closed"},
    "alerted": {"retract": "retracted"},
    "closed": {"reopen": "received"},
    "retracted": {},
}
VERDICTS = ("verify", "dismiss", "assess", "alert", "close", "retract", "reopen")
HARM = {1: "low", 2: "moderate", 3: "high", 4: "very high"}
QUALITY = {1: "weak", 2: "fair", 3: "good", 4: "strong"}
PROGRAM = "program"


def fold(decisions: Iterable[Decision]) -> dict[bytes, str]:
    """Return signal id → state; a signal without a decision is `received`.

    A verdict that its state does not allow (two people at once: the second comes too late)
    stays in the log and changes nothing.
    """
    states: dict[bytes, str] = defaultdict(lambda: "received")
    for decision in decisions:
        state = states[decision.signal]
        states[decision.signal] = STEPS[state].get(decision.verdict, state)
    return states


def decide(
    signal: Mapping[str, Any],
    state: str,
    verdict: str,
    reason: str,
    who: str,
    time: datetime,
    *,
    harm: int | None = None,
    quality: int | None = None,
    phenomenon: bytes | None = None,
) -> Decision:
    """Return the decision, if the state allows it and a reason is given.

    Raises:
        ConfigError: no such verdict, not allowed in this state, no reason, or no grades.
    """
    if verdict not in STEPS[state]:
        raise ConfigError(
            f"a signal that is {state} cannot take the verdict {verdict!r}",
            allowed=", ".join(STEPS[state]) or "none: it is the last state",
        )
    if not reason.strip():
        raise ConfigError("a decision needs a reason", do="say why in a sentence")
    if verdict == "assess" and not (harm in HARM and quality in QUALITY):
        raise ConfigError(
            "an assessment grades harm and quality of evidence",
            allowed=f"harm {_grades(HARM)}; quality {_grades(QUALITY)}",
        )
    shown = {name: signal[name] for name in ("observed", "expected", "threshold", "evidence")}
    return Decision(
        id=secrets.token_bytes(16),
        signal=signal["id"],
        verdict=verdict,
        reason=reason.strip(),
        who=who,
        time=time,
        shown=json.dumps(shown, sort_keys=True),
        harm=harm,
        quality=quality,
        phenomenon=phenomenon,
    )


def reopened(
    signals: Iterable[Mapping[str, Any]], decisions: Sequence[Decision], time: datetime
) -> list[Decision]:
    """Return the reopenings of closed signals whose evidence has doubled since they were closed."""
    states = fold(decisions)
    closing = {d.signal: d for d in decisions if d.verdict in ("dismiss", "close")}
    out = []
    for signal in signals:
        last = closing.get(signal["id"])
        if last is None or states[signal["id"]] != "closed":
            continue
        then = json.loads(last.shown).get("evidence", 0.0)
        if signal["evidence"] >= 2 * then > 0:
            reason = f"evidence {then:g} → {signal['evidence']:g}"
            out.append(decide(signal, "closed", "reopen", reason, PROGRAM, time))
    return out


def _grades(grades: Mapping[int, str]) -> str:
    return ", ".join(f"{number} {word}" for number, word in grades.items())

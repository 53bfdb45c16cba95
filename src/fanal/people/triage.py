"""What people do after a signal: verdicts, states, and the fold that gives the present.

==========  =============================  ===================================================
state       verdict                        becomes
==========  =============================  ===================================================
received    verify / dismiss               verified / closed (quiet until its evidence doubles)
verified    assess (harm × evidence)       assessed
assessed    alert / close                  alerted / closed
alerted     retract                        retracted
closed      reopen                         received
any open    (its evidence is gone)         closed, by the program; received again if it comes back
any         support / contradict           the same: it speaks for or against a phenomenon
==========  =============================  ===================================================

The present is a pure function of the decisions, in the order of writing (WHO event-based
surveillance; UK LDIS for grading harm × quality of evidence).
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fanal.errors import ConfigError, ConflictError
from fanal.people.verdicts import HARM, LINKS, MATRIX, NOVELTY, PROGRAM, QUALITY, STEPS
from fanal.records import Decision, Phenomenon, Signal


@dataclass(frozen=True, slots=True)
class SignalRow(Signal):
    """A signal with the state that it is in: a key of `STEPS`."""

    state: str


@dataclass(frozen=True, slots=True)
class Tie:
    """A decision that makes a signal evidence for or against a phenomenon."""

    decision: Decision
    signal: SignalRow | None  # None: no alarm speaks for it any more


@dataclass(frozen=True, slots=True)
class History:
    """What was said of a phenomenon, by year and writing, and the signals for and against."""

    statements: tuple[Phenomenon, ...]
    ties: tuple[Tie, ...]  # one for each signal: the last word counts


def response(harm: int, quality: int) -> str:
    """Return the response that the grades suggest: a name of `RESPONSES`."""
    return MATRIX[harm][quality - 1]


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
    signal: Signal,
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
        ConflictError: the state of the signal does not allow the verdict.
        ConfigError: no reason, no grades, or no phenomenon to link to.
    """
    if verdict in LINKS:
        if phenomenon is None:
            raise ConfigError("a link needs a phenomenon", do="see: fanal triage phenomenon list")
    elif verdict not in STEPS[state]:
        raise ConflictError(
            f"a signal that is {state} cannot take the verdict {verdict!r}",
            allowed=", ".join(STEPS[state]) or "none: it is the last state",
        )
    if not reason.strip() or "\0" in reason:
        raise ConfigError("a decision needs a reason", do="say why in a sentence")
    if verdict == "assess" and not (harm in HARM and quality in QUALITY):
        raise ConfigError(
            "an assessment grades harm and quality of evidence",
            allowed=f"harm {_grades(HARM)}; quality {_grades(QUALITY)}",
        )
    numbers = ("observed", "expected", "threshold", "evidence")
    shown = {name: getattr(signal, name) for name in numbers}
    return Decision(
        id=secrets.token_bytes(16),
        signal=signal.id,
        verdict=verdict,
        reason=reason.strip(),
        who=who,
        time=time,
        shown=json.dumps(shown, sort_keys=True),
        harm=harm,
        quality=quality,
        phenomenon=phenomenon,
    )


def state_phenomenon(
    title: str,
    concept: str,
    statement: str,
    novelty: str,
    year: int,
    who: str,
    time: datetime,
    *,
    sites: str = "",
    origin: str = "",
    phenomenon: bytes | None = None,
) -> Phenomenon:
    """Return a statement on a phenomenon: a new one, or a later one with the id that it has.

    Raises:
        ConfigError: no title or statement, no such novelty class, or a concept without a code.
    """
    if not title.strip() or not statement.strip() or "\0" in title + statement + sites + origin:
        raise ConfigError("a phenomenon needs a title and a statement", do="say it in a sentence")
    if novelty not in NOVELTY:
        raise ConfigError(f"no novelty class {novelty!r}", allowed=", ".join(NOVELTY))
    if "=" not in concept:
        raise ConfigError(
            f"nothing ties a signal to {concept!r}",
            allowed="substance=…, group=…, class=…, practice=…, platform=…; several with spaces",
        )
    return Phenomenon(
        id=phenomenon or secrets.token_bytes(16),
        title=title.strip(),
        concept=" ".join(concept.split()),
        statement=statement.strip(),
        novelty=novelty,
        year=year,
        sites=", ".join(site.strip() for site in sites.split(",") if site.strip()),
        origin=origin.strip(),
        who=who,
        time=time,
    )


def reopened(
    signals: Iterable[Signal], decisions: Sequence[Decision], time: datetime
) -> list[Decision]:
    """Return the reopenings of closed signals whose evidence has doubled since they were closed.

    One that had lapsed is open again as soon as it is back.
    """
    states = fold(decisions)
    closing = {d.signal: d for d in decisions if d.verdict in ("dismiss", "close")}
    out = []
    for signal in signals:
        last = closing.get(signal.id)
        if last is None or states[signal.id] != "closed":
            continue
        then = json.loads(last.shown).get("evidence", 0.0)
        if last.who == PROGRAM or signal.evidence >= 2 * then > 0:
            reason = f"evidence {then:g} → {signal.evidence:g}"
            out.append(decide(signal, "closed", "reopen", reason, PROGRAM, time))
    return out


def lapses(
    signals: Iterable[Signal], decisions: Sequence[Decision], time: datetime
) -> list[Decision]:
    """Return the closings of signals behind which nothing stands any more.

    One that was alerted stays so: whether the alert is retracted is for people to say. So does
    one that somebody opened again although nothing stood behind it.
    """
    states = fold(decisions)
    opened = {d.signal for d in decisions if d.verdict == "reopen" and d.who != PROGRAM
              and not json.loads(d.shown).get("evidence")}  # fmt: skip
    closing = {"received": "dismiss", "verified": "dismiss", "assessed": "close"}
    return [
        decide(signal, state, closing[state], "evidence → 0", PROGRAM, time)
        for signal in signals
        if (state := states[signal.id]) in closing and signal.id not in opened
    ]


def _grades(grades: Mapping[int, str]) -> str:
    return ", ".join(f"{number} {word}" for number, word in grades.items())

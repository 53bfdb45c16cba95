"""The picture of a signal, and the picture in words."""

from __future__ import annotations

from fanal.edition import SignalFact, Value
from fanal.exporters import charts, signal_words
from fanal.exporters.blocks import Figure, Table, text
from fanal.series import LEVELS
from fanal.wording.language import Language
from fanal.wording.marks import N_, NC_

GREY = N_("In grey, what is withheld: a small number could be computed from it.")
DRAWN = {  # whether earlier periods made the alarm
    False: N_(
        "%(what)s: %(drawn)s. In orange, from the first to the last alert; dashed, the threshold "
        "of the strongest."
    ),
    True: N_(
        "%(what)s: %(drawn)s. In orange, from the first to the last alert; dashed, what was "
        "expected at the strongest."
    ),
}


def picture(fact: SignalFact, language: Language) -> Figure:
    """Return the picture of a signal with its description."""
    measured = signal_words.unit(fact, language)
    what = signal_words.title(fact, language)
    known, drawn = _told(fact), _drawn(fact, language)
    message = DRAWN[fact.gathered]
    if fact.direction == "silent":
        message = N_("%(what)s: %(drawn)s, then nothing.")
    if fact.lapsed:
        message = N_("%(what)s: %(drawn)s.")
    elif fact.event:
        message = N_("%(what)s: %(drawn)s. In orange, from the first to the last alert.")
    caption = language.say(message, what=what, drawn=drawn)
    if any(p.value is None for p in fact.compared) and fact.measure not in LEVELS:
        caption += " " + language.say(GREY)
    alt = described(fact, language)
    fine = "day" if fact.step == "week" else fact.step
    rows = tuple(
        (text(language.day(p.period, fine)), text(language.number(p.value or 0)))
        for p in known[-26:]
    )
    of = f"{measured} {signal_words.summed(fact, language)}" if fact.window > 1 else measured
    head = (language.say("Period"), of)
    table = Table(language.say("The latest periods"), head, rows, (1,))
    svg = charts.draw(charts.signal(fact, of, language), f"g{fact.id}", language)
    return Figure(svg, alt, caption, table)


def described(fact: SignalFact, language: Language) -> str:
    """Return the picture of a signal in words, for people who do not see it."""
    drawn = _drawn(fact, language)
    highest, observed, expected = (
        signal_words.amount(fact, value, language)
        for value in (max((p.value or 0 for p in _told(fact)), default=0), fact.observed,
                      fact.expected)
    )  # fmt: skip
    if fact.lapsed:
        return language.say("Chart, %(drawn)s. Highest: %(highest)s.", drawn=drawn, highest=highest)
    when = language.in_period(fact.peak, fact.step)
    if fact.window > 1:
        when = language.up_to_period(fact.peak, fact.step, fact.window)
    if fact.event:
        return language.say(
            "Chart, %(drawn)s. Highest: %(highest)s. Strongest alert %(when)s: %(observed)s.",
            drawn=drawn,
            highest=highest,
            when=when,
            observed=observed,
        )
    return language.say(
        "Chart, %(drawn)s. Highest: %(highest)s. Strongest alert %(when)s: %(observed)s against "
        "%(expected)s expected.",
        drawn=drawn,
        highest=highest,
        when=when,
        observed=observed,
        expected=expected,
    )


def _told(fact: SignalFact) -> list[Value]:
    """Return the values that the picture shows: of a silent source, those before it fell silent."""
    known = [p for p in fact.compared if p.value is not None]
    if fact.direction == "silent":
        known = [p for p in known if p.period < fact.first] or known
    return known


def _drawn(fact: SignalFact, language: Language) -> str:
    """Return what a picture shows: “documents a week from January 2024 to March 2024”."""
    known = _told(fact)
    measured, each = signal_words.unit(fact, language), signal_words.a_step(fact, language)
    if not known:
        return language.say("%(measured)s %(step)s", measured=measured, step=each)
    step = "month" if fact.step == "week" else fact.step
    first, last = (language.day(p.period, step) for p in (known[0], known[-1]))
    message = N_("%(measured)s %(step)s from %(first)s to %(last)s")
    if step == "quarter":
        message = NC_("quarters", "%(measured)s %(step)s from %(first)s to %(last)s")
    return language.say(message, measured=measured, step=each, first=first, last=last)

"""What the parts of a signal are called: its title, its measure, its state, who saw it."""

from __future__ import annotations

from fanal.edition import SignalFact
from fanal.exporters.method_words import NAMES
from fanal.series import parts_of
from fanal.wording.language import EACH, WIDE, Language, capital
from fanal.wording.marks import N_

NOVELTY = {
    "new": N_("new"),
    "returning": N_("returning"),
    "persistent": N_("persistent"),
    "cyclical": N_("cyclical"),
    "fading": N_("fading"),
}
STATES = {
    "received": N_("received, not yet verified"),
    "verified": N_("verified"),
    "assessed": N_("assessed"),
    "alerted": N_("alert issued"),
    "closed": N_("closed"),
    "retracted": N_("retracted"),
}
KINDS = {
    "public posts": N_("online posts"),
    "interview": N_("interviews"),
    "field notes": N_("field notes"),
    "lab": N_("laboratory results"),
    "press": N_("press"),
    "official table": N_("published statistics"),
}
LEVEL = {"price": N_("price"), "purity": N_("purity"), "strength": N_("strength")}


def kind(name: str, language: Language) -> str:
    """Return the name of a kind of source."""
    return language.say(KINDS.get(name, name))


def detector(name: str, language: Language) -> str:
    """Return what a detector is called; one of a plug-in has its own name."""
    return language.say(NAMES.get(name, name))


def title(fact: SignalFact, language: Language) -> str:
    """Return what a signal is about, where, and what is measured."""
    concept = capital(language.set(fact.concept.in_(language.code)))
    what = LEVEL.get(fact.measure)
    if what:
        concept = f"{concept}, {language.say(what)}"
    # A silent source is named by its title, which says where it is.
    if fact.direction != "silent" and (where := _where(fact, language)):
        concept = f"{concept}, {where}"
    measured = fact.measured.in_(language.code)
    return f"{concept} ({language.set(measured)})" if measured else concept


MOST_PLACES = 3  # that a title names


def _where(fact: SignalFact, language: Language) -> str:
    """Return the place of a signal, or those of several that a title has room for."""
    if fact.place and not fact.among:
        return language.site(fact.place)
    first = [language.site(place) for place in fact.places[:MOST_PLACES]]
    if len(fact.places) <= MOST_PLACES:
        return language.list(first)
    return language.say("%(place)s and elsewhere", place=", ".join(first))


def unit(fact: SignalFact, language: Language) -> str:
    """Return what the axis of a signal's picture measures."""
    if fact.measure == "price":
        of = language.per(f"{fact.currency}/{sold_in(fact)}".rstrip("/"))
        return language.say("median price (%(currency)s)", currency=of)
    if fact.measure == "strength":
        return language.say("median strength (%(unit)s)", unit=language.per(sold_in(fact)))
    if fact.measure == "purity":
        return language.say("median purity (%)")
    if fact.unit.in_(language.code):
        return language.set(fact.unit.in_(language.code))
    return language.noun(2, fact.measure)


SCARCE = 0.05  # expected: less of a count is told as fewer than 0.1


def amount(fact: SignalFact, value: float, language: Language) -> str:
    """Return a value of the signal's measure as it is written."""
    if fact.measure == "price":
        return language.money(value, fact.currency)
    if fact.measure == "strength":
        return f"{language.number(value)}{WIDE}{language.per(sold_in(fact))}"
    if fact.measure == "purity":
        return language.of_hundred(value)
    return figure(value, language)


def figure(value: float, language: Language) -> str:
    """Return a count, or what was expected of one, without its unit: on pages and in tables."""
    if 0 < value < SCARCE:  # more digits than a past can tell
        return language.say("fewer than %(least)s", least=language.number(2 * SCARCE))
    return language.number(value)


def sold_in(fact: SignalFact) -> str:
    """Return the unit that a price is of, or a strength."""
    return parts_of(fact.series)[1].get("unit", "").replace("∕", "/") if fact.series else ""


def a_step(fact: SignalFact, language: Language) -> str:
    """Return “a week”, or over how many: what each value of a picture is of."""
    if fact.window > 1:
        return summed(fact, language)
    return language.say(EACH[fact.step])


SUMMED = {
    "week": N_("over %(n)s weeks"),
    "month": N_("over %(n)s months"),
    "quarter": N_("over %(n)s quarters"),
    "year": N_("over %(n)s years"),
}


def summed(fact: SignalFact, language: Language) -> str:
    """Return “over four weeks”: what each value of a picture of sums is the sum of."""
    return language.say(SUMMED[fact.step], n=language.number(fact.window))

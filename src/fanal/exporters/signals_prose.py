"""What a bulletin says of one signal, in sentences."""

from __future__ import annotations

import re
from dataclasses import replace

from fanal.edition import (
    EVERYWHERE,
    Evidence,
    Few,
    LabFact,
    Name,
    SignalFact,
    Untold,
    Witness,
    half,
)
from fanal.exporters import signal_pictures, signal_words
from fanal.exporters.blocks import Block, Heading, Paragraph, Quote, Run, Runs, laid, text
from fanal.series import LEVELS
from fanal.wording.language import WIDE, Language, capital
from fanal.wording.marks import N_, NN_, hole

SHOWN = 6  # evidence links under a signal; all of it stands in the table
QUOTED = 2
BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST = 400  # code points of an excerpt


def anchor(fact: SignalFact) -> str:
    """Return the id of a signal's heading."""
    return f"s-{fact.id}"


LOOKED_AT = NN_("%(n)s read", "%(n)s read")
ANALYSED = NN_("%(n)s analysed", "%(n)s analysed")
SOLD = NN_("%(n)s sold under this name", "%(n)s sold under this name")
READ = {  # measure: what its denominator counts, how it was looked at
    "found": ("expected", ANALYSED),
    "danger": ("expected", ANALYSED),
    "expected": ("expected", ANALYSED),
    "missold": ("expected", SOLD),
    "changed": ("expected", SOLD),
    "channels": ("channels", LOOKED_AT),
    "authors": ("authors", LOOKED_AT),
}


def _counted(fact: SignalFact, language: Language) -> str:
    when = language.in_period(fact.peak, fact.step)
    if isinstance(fact.observed, Untold):
        return language.say("The number is withheld: a small one could be computed from it.")
    if fact.window > 1:
        when = language.up_to_period(fact.peak, fact.step, fact.window)
    when = _where(fact, when, language)
    if isinstance(fact.observed, Few):
        n = _number_of(fact, language)
        return capital(language.say("%(when)s, %(n)s were counted.", when=when, n=n))
    expected, threshold = (
        signal_words.amount(fact, v, language) for v in (fact.expected, max(0.0, fact.threshold))
    )
    values = {"when": when, "expected": expected, "threshold": threshold}
    if fact.measure in LEVELS:
        told = language.say(
            MEDIAN[fact.gathered],
            seen=_seen(fact, language),
            median=signal_words.amount(fact, fact.observed, language),
            **values,
        )
        return capital(told)
    n, of = _number_of(fact, language), _out_of(fact, language)
    one, many = EXPECTED["gathered" if fact.gathered else _against_the_past(fact), bool(of)]
    return capital(language.say_n(one, many, fact.observed, n=n, of=of, **values))


MEDIAN = {  # whether earlier periods made the alarm
    False: N_(
        "%(when)s, the median of %(seen)s was %(median)s, where the past led us to expect "
        "%(expected)s; the alert threshold was %(threshold)s."
    ),
    True: N_(
        "%(when)s, the median of %(seen)s was %(median)s, where the past led us to expect "
        "%(expected)s; added to the periods before, this is past the alert threshold."
    ),
}
EXPECTED = {  # against what, and whether it is told out of how many
    ("event", False): NN_(
        "%(when)s, %(n)s was counted; such samples were a smaller share of those of this name in "
        "the years before.",
        "%(when)s, %(n)s were counted; such samples were a smaller share of those of this name in "
        "the years before.",
    ),
    ("event", True): NN_(
        "%(when)s, %(n)s was counted out of %(of)s; in the years before, such samples were a "
        "smaller share.",
        "%(when)s, %(n)s were counted out of %(of)s; in the years before, such samples were a "
        "smaller share.",
    ),
    ("gathered", False): NN_(
        "%(when)s, %(n)s was counted, where the past led us to expect %(expected)s; added to "
        "the periods before, this is past the alert threshold.",
        "%(when)s, %(n)s were counted, where the past led us to expect %(expected)s; added to "
        "the periods before, this is past the alert threshold.",
    ),
    ("gathered", True): NN_(
        "%(when)s, %(n)s was counted out of %(of)s, where the past led us to expect "
        "%(expected)s; added to the periods before, this is past the alert threshold.",
        "%(when)s, %(n)s were counted out of %(of)s, where the past led us to expect "
        "%(expected)s; added to the periods before, this is past the alert threshold.",
    ),
    ("none", False): NN_(
        "%(when)s, %(n)s was counted, where the past led us to expect none; the alert threshold "
        "was %(threshold)s.",
        "%(when)s, %(n)s were counted, where the past led us to expect none; the alert "
        "threshold was %(threshold)s.",
    ),
    ("none", True): NN_(
        "%(when)s, %(n)s was counted out of %(of)s, where the past led us to expect none; the "
        "alert threshold was %(threshold)s.",
        "%(when)s, %(n)s were counted out of %(of)s, where the past led us to expect none; the "
        "alert threshold was %(threshold)s.",
    ),
    ("fewer", False): NN_(
        "%(when)s, %(n)s was counted, where the past led us to expect only %(expected)s; the "
        "alert threshold was %(threshold)s.",
        "%(when)s, %(n)s were counted, where the past led us to expect only %(expected)s; the "
        "alert threshold was %(threshold)s.",
    ),
    ("fewer", True): NN_(
        "%(when)s, %(n)s was counted out of %(of)s, where the past led us to expect only "
        "%(expected)s; the alert threshold was %(threshold)s.",
        "%(when)s, %(n)s were counted out of %(of)s, where the past led us to expect only "
        "%(expected)s; the alert threshold was %(threshold)s.",
    ),
    ("as many", False): NN_(
        "%(when)s, %(n)s was counted, where the past led us to expect %(expected)s; the alert "
        "threshold was %(threshold)s.",
        "%(when)s, %(n)s were counted, where the past led us to expect %(expected)s; the alert "
        "threshold was %(threshold)s.",
    ),
    ("as many", True): NN_(
        "%(when)s, %(n)s was counted out of %(of)s, where the past led us to expect "
        "%(expected)s; the alert threshold was %(threshold)s.",
        "%(when)s, %(n)s were counted out of %(of)s, where the past led us to expect "
        "%(expected)s; the alert threshold was %(threshold)s.",
    ),
}


def _against_the_past(fact: SignalFact) -> str:
    """Return which sentence tells what the past led to expect."""
    if fact.event:
        return "event"
    if round(fact.expected, 2) == 0:
        return "none"
    scarce = fact.expected < signal_words.SCARCE  # told as “fewer than”: no “only” before it
    return "fewer" if fact.observed > fact.expected and not scarce else "as many"


def _seen(fact: SignalFact, language: Language) -> str:
    """Return what a median is of: how many prices, and of which quantity."""
    noun = "price" if fact.measure == "price" else "figure"
    n = fact.denominator
    seen = language.count(n, noun) if n else language.noun(2, noun)
    if fact.quantity:
        seen += f" ({language.amount(fact.quantity, signal_words.sold_in(fact))})"
    return seen


def _number_of(fact: SignalFact, language: Language) -> str:
    """Return the count of a signal with its noun."""
    if fact.unit.in_(language.code):
        return f"{language.number(fact.observed)}{WIDE}{signal_words.unit(fact, language)}"
    return language.count(fact.observed, fact.measure)


def _where(fact: SignalFact, when: str, language: Language) -> str:
    """Return when, and at which site and in which kind of source, if not those of the signal."""
    if fact.counted_at == EVERYWHERE:
        when = language.say("%(when)s, over all sites", when=when)
    elif fact.counted_at:
        when = language.say("%(when)s %(where)s", when=when, where=language.at(fact.counted_at))
    return f"{when} ({signal_words.kind(fact.counted_in, language)})" if fact.counted_in else when


def _out_of(fact: SignalFact, language: Language) -> str:
    """Return out of how many the count is; "" where that is not told."""
    if not fact.denominator or fact.measure == "documents":
        return ""
    noun, (one, many) = READ.get(fact.measure, ("document", LOOKED_AT))
    n = language.count(fact.denominator, noun)
    return language.say_n(one, many, fact.denominator, n=n)


def _usual(fact: SignalFact) -> float | None:
    """Return what a silent source gave in an ordinary period, from the last quarter it spoke.

    None: it is withheld with a period of that quarter.
    """
    before = [p.value for p in fact.history if p.period < fact.first][-13:]
    told = [value for value in before if value is not None]
    if len(told) < len(before):
        return None
    return round(sum(told) / len(told), 1) if told else fact.expected


def sentence(fact: SignalFact, language: Language) -> str:
    """Return the statement of a signal: what, since when, how much, against what."""
    since, where = language.in_period(fact.first, fact.step), language.at(fact.place)
    if fact.lapsed:
        return language.say(
            "No alert speaks for this signal any more: what was counted%(where)s %(since)s has "
            "changed, as where codes were rejected or documents erased.",
            where=f" {where}" if where else "",
            since=since,
        )
    ongoing = fact.last > fact.first
    if fact.direction == "silent":
        week, usually = signal_words.a_step(fact, language), _usual(fact)
        if usually is None:
            return language.say(
                SILENT[bool(where)],
                where=where,
                fact=_since(fact, language),
            )
        usual = language.count(usually, "document")
        return language.say(
            SILENT_NOW[bool(where)],
            where=where,
            fact=_since(fact, language),
            usual=usual,
            week=week,
        )
    until = language.in_period(fact.last, fact.step)
    rises = fact.direction == "up"
    message = OPENING["new" if fact.direction == "new" else rises, ongoing, bool(where)]
    first, last = (language.period(day, fact.step) for day in (fact.first, fact.last))
    opening = language.say(message, since=since, until=until, where=where, first=first, last=last)
    return opening + ". " + _counted(fact, language) + _also(fact, language)


NAMED = 6  # of what else alarmed in a signal


def _also(fact: SignalFact, language: Language) -> str:
    """Return what else alarmed in the signal, and since when, as a sentence after others."""
    told = []
    for one in fact.beside[:NAMED]:
        what = [language.set(one.what.in_(language.code))] if one.what.en else []
        what += [language.site(place) for place in one.places]
        since = language.period(one.first, one.step)
        told.append(language.say("%(what)s, since %(when)s", what=", ".join(what), when=since))
    if len(fact.beside) > NAMED:
        told.append("…")
    others = language.parts(told)
    return (
        " " + language.say("Other alerts of this signal: %(others)s.", others=others)
        if told
        else ""
    )


OPENING = {  # what moves (new, or whether it rises), whether it goes on, whether a place is told
    ("new", False, False): N_("First alert %(since)s"),
    ("new", False, True): N_("First alert %(since)s %(where)s"),
    ("new", True, False): N_("First alert %(since)s, last alert %(until)s"),
    ("new", True, True): N_("First alert %(since)s %(where)s, last alert %(until)s"),
    (True, False, False): N_("Rising %(since)s"),
    (True, False, True): N_("Rising %(where)s %(since)s"),
    (True, True, False): N_("Rising, from %(first)s to %(last)s"),
    (True, True, True): N_("Rising %(where)s, from %(first)s to %(last)s"),
    (False, False, False): N_("Falling %(since)s"),
    (False, False, True): N_("Falling %(where)s %(since)s"),
    (False, True, False): N_("Falling, from %(first)s to %(last)s"),
    (False, True, True): N_("Falling %(where)s, from %(first)s to %(last)s"),
}
SILENT = {  # whether a place is told: where what was usual is withheld
    False: N_(
        "This source has been silent since %(fact)s; a silence may mean that the source is gone, "
        "not that nothing happens."
    ),
    True: N_(
        "This source has been silent %(where)s since %(fact)s; a silence may mean that the source "
        "is gone, not that nothing happens."
    ),
}
SILENT_NOW = {  # whether a place is told: with what was usual
    False: N_(
        "This source has been silent since %(fact)s. It usually gave %(usual)s %(week)s; a "
        "silence may mean that the source is gone, not that nothing happens."
    ),
    True: N_(
        "This source has been silent %(where)s since %(fact)s. It usually gave %(usual)s "
        "%(week)s; a silence may mean that the source is gone, not that nothing happens."
    ),
}


def _since(fact: SignalFact, language: Language) -> str:
    return language.period(fact.first, fact.step)


def corroboration(fact: SignalFact, language: Language) -> str:
    """Return who says so, who does not and who says otherwise, over which stretch."""
    supporting = [w for w in fact.witnesses if w.supports]
    said = [f"{signal_words.kind(w.kind, language)} ({_share(w, language)})" for w in supporting]
    if fact.measure in LEVELS:
        if not supporting:
            return ""
        priced = language.say(PRICED[fact.measure], said=language.list(said))
        return _over(fact, priced, language)
    told = []
    if len(supporting) == 1:
        told.append(language.say("only one kind of source bears it out: %(said)s.", said=said[0]))
    elif supporting:
        n = language.words(len(supporting), "kind of source", feminine=True)
        n = n[:1].lower() + n[1:]
        told.append(language.say("%(n)s bear it out: %(said)s.", n=n, said=language.list(said)))
    mute = [
        f"{signal_words.kind(w.kind, language)} ({_unsaid(w, language)})"
        for w in fact.witnesses
        if w.without and not w.supports and not w.against
    ]
    if mute:
        told.append(language.say("Nothing of it was noted in %(mute)s.", mute=language.list(mute)))
    denied = [
        f"{signal_words.kind(w.kind, language)} ({language.count(w.against, 'document')})"
        for w in fact.witnesses
        if w.against and w.kind != "lab"
    ]
    if denied:
        told.append(language.say("It is denied in %(denied)s.", denied=language.list(denied)))
    against = fact.against
    if against:
        n = language.words(against, "found")
        other = language.say_n(
            "%(n)s sold under this name holds something else.",
            "%(n)s sold under this name hold something else.",
            against,
            n=n,
        )
        told.append(capital(other))
    if not told:
        return ""
    if fact.posted_again:
        told.append(
            language.say(
                "A text reposted in several weeks counts in each of them above, and once here."
            )
        )
    if not supporting:
        told.insert(0, language.say("no source bears it out."))
    return _over(fact, " ".join(told), language)


PRICED = {
    "price": N_(
        "a price of the product is told in %(said)s. These counts are of documents that tell one, "
        "not of those that speak of the rise or fall."
    ),
    "purity": N_(
        "a purity of the product is told in %(said)s. These counts are of documents that tell one, "
        "not of those that speak of the rise or fall."
    ),
    "strength": N_(
        "a strength of the product is told in %(said)s. These counts are of documents that tell "
        "one, not of those that speak of the rise or fall."
    ),
}


def _over(fact: SignalFact, said: str, language: Language) -> str:
    """Return what is said of the evidence, after the stretch that it is of."""
    if fact.stretch is None:
        return said
    first, last = (language.day(day) for day in fact.stretch)
    return language.say("From %(first)s to %(last)s, %(said)s", first=first, last=last, said=said)


def _unsaid(w: Witness, language: Language) -> str:
    """Return how many were read that do not speak of it, and whether they are too few to tell."""
    if w.few:
        one, many = TOO_FEW[w.kind == "lab"]
        return language.say_n(one, many, w.without, read=language.count(w.without, _unit_of(w)))
    return language.say("0 of %(without)s", without=language.number(w.without))


TOO_FEW = {  # whether they are samples
    False: NN_("%(read)s read: too few to tell", "%(read)s read: too few to tell"),
    True: NN_("%(read)s analysed: too few to tell", "%(read)s analysed: too few to tell"),
}
SHARE = {
    False: NN_(
        "%(documents)s of %(read)s read, %(sources)s", "%(documents)s of %(read)s read, %(sources)s"
    ),
    True: NN_(
        "%(documents)s of %(read)s analysed, %(sources)s",
        "%(documents)s of %(read)s analysed, %(sources)s",
    ),
}


# Kinds whose counts are of nobody's own words: how many were read is never withheld.
OPEN = ("public posts", "press")


def _share(w: Witness, language: Language) -> str:
    documents = language.count(w.supports, _unit_of(w))
    sources = language.count(w.sources, "source")
    if not w.without and w.kind not in OPEN:
        return f"{documents}, {sources}"
    (one, many), read = SHARE[w.kind == "lab"], w.supports + w.without
    return language.say_n(
        one, many, read, documents=documents, read=language.number(read), sources=sources
    )


def _unit_of(w: Witness) -> str:
    """Return the noun of what a kind of source gives: samples, figures or documents."""
    return {"lab": "found", "official table": "figure"}.get(w.kind, "document")


def laboratory(lab: LabFact, language: Language) -> str:
    """Return what laboratories found in samples of it, or sold as it."""

    def counted(pairs: tuple[tuple[Name, int], ...]) -> str:
        return language.list(
            [f"{name.in_(language.code)} ({language.number(n)})" for name, n in pairs]
        )

    samples, analysed = language.count(lab.samples, "found"), language.number(lab.analysed)
    if lab.sold_as:
        out = language.say(
            "In the laboratory: %(samples)s of %(analysed)s analysed, sold as %(names)s.",
            samples=samples, analysed=analysed, names=counted(lab.sold_as),
        )  # fmt: skip
    else:
        out = language.say(
            "In the laboratory: %(samples)s of %(analysed)s analysed.",
            samples=samples, analysed=analysed,
        )  # fmt: skip
    if lab.found:
        out += " " + language.say("Found in them: %(names)s.", names=counted(lab.found))
    if lab.references:
        some = N_("References: %(names)s …")
        message = some if lab.samples > len(lab.references) else N_("References: %(names)s.")
        out += " " + language.say(message, names=", ".join(lab.references))
    return out


def links(evidence: tuple[Evidence, ...], total: int, language: Language) -> Runs:
    """Return links to the evidence of a statement."""
    if not evidence:
        return text(language.say("Evidence: none to show."))
    runs: list[Run] = []
    for i, one in enumerate(evidence[:SHOWN]):
        runs += [Run(", ")] if i else []
        runs.append(Run(one.document, f"#e-{one.document}", "code"))
    rest, shown = max(total, len(evidence)) - min(SHOWN, len(evidence)), hole("links")
    if isinstance(total, Few):
        told = language.say("Evidence: %(links)s and others.", links=shown)
    elif rest > 0:
        told = language.say_n(
            "Evidence: %(links)s and %(n)s other document.",
            "Evidence: %(links)s and %(n)s other documents.",
            rest, n=language.number(rest), links=shown,
        )  # fmt: skip
    else:
        told = language.say("Evidence: %(links)s.", links=shown)
    return laid(told, links=tuple(runs))


def excerpt(one: Evidence) -> Runs:
    """Return an excerpt as it stands, with what the coder saw marked."""
    runs: list[Run] = []
    at, body = 0, one.text or ""
    if len(body) > LONGEST:
        body = body[:LONGEST].rstrip() + "…"
    for start, stop in sorted(one.marks):
        if at <= start < stop <= len(body):
            runs += [Run(body[at:start]), Run(body[start:stop], style="mark")]
            at = stop
    runs.append(Run(body[at:]))
    return tuple(replace(r, text=BLANK_LINES.sub("\n", r.text)) for r in runs if r.text)


def blocks(fact: SignalFact, language: Language, public: bool) -> list[Block]:
    """Return everything that the bulletin says of one signal."""
    novelty = language.say(signal_words.NOVELTY.get(fact.novelty, fact.novelty))
    state = language.say(signal_words.STATES.get(fact.state, fact.state))
    note = language.say(
        "Signal %(id)s · proposed character: %(novelty)s · state: %(state)s · method: "
        "%(detector)s.",
        id=fact.id,
        novelty=novelty,
        state=state,
        detector=signal_words.detector(fact.detector, language),
    )
    out: list[Block] = [
        Heading(2, signal_words.title(fact, language), anchor(fact)),
        Paragraph(text(sentence(fact, language))),
    ]
    said = corroboration(fact, language)
    if said:
        out.append(Paragraph(text(said)))
    if fact.lab:
        out.append(Paragraph(text(laboratory(fact.lab, language))))
    if fact.history:
        out.append(signal_pictures.picture(fact, language))
    quoted = [e for e in fact.evidence if e.text][: 0 if public else QUOTED]
    for one in quoted:
        source = half(one.source, language.code)
        where = f", {source}, {language.day(one.day, one.precision)}"
        cite = (Run(one.document, f"#e-{one.document}", "code"), Run(where))
        out.append(Quote(excerpt(one), cite))
    if not fact.evidence and (fact.direction == "silent" or fact.measure == "indicator"):
        counts = language.say("Evidence: the counts shown.")
        out.append(Paragraph(text(counts)))
    else:
        out.append(Paragraph(links(fact.evidence, fact.documents, language)))
    out.append(Paragraph(text(note), "note"))
    return out

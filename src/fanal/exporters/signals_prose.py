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
    Value,
    Witness,
    half,
)
from fanal.exporters import charts
from fanal.exporters.blocks import Block, Figure, Heading, Paragraph, Quote, Run, Runs, Table, text
from fanal.exporters.method_words import NAMES
from fanal.wording.language import EACH, SPANS, WIDE, Language, capital
from fanal.wording.marks import N_, NC_

TEXTS = ("mentions", "practices", "platforms", "places", "together")  # counted in texts
SHOWN = 6  # evidence links under a signal; all of it stands in the table
QUOTED = 2
BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST = 400  # code points of an excerpt
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
    "alerted": NC_("bulletin", "alert issued"),
    "closed": NC_("bulletin", "closed"),
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


def kind(name: str, language: Language) -> str:
    """Return the name of a kind of source."""
    return language.say(KINDS.get(name, name))


def detector(name: str, language: Language) -> str:
    """Return what a detector is called; one of a plug-in has its own name."""
    return language.say(NAMES.get(name, name))


def title(fact: SignalFact, language: Language) -> str:
    """Return what a signal is about, where, and what is measured."""
    concept = capital(language.set(fact.concept.in_(language.code)))
    what = {"price": N_("price"), "purity": N_("purity")}.get(fact.measure)
    if what:
        concept = f"{concept}, {language.say(what)}"
    # A silent source is named by its title, which says where it is.
    if fact.place and fact.direction != "silent":
        concept = f"{concept}, {language.site(fact.place)}"
        if fact.among:
            concept += language.pick(" et ailleurs", " and elsewhere")
    measured = fact.measured.in_(language.code)
    return f"{concept} ({language.set(measured)})" if measured else concept


def unit(fact: SignalFact, language: Language) -> str:
    """Return what the axis of a signal's picture measures."""
    if fact.measure == "price":
        return language.pick(f"prix médian ({fact.currency})", f"median price ({fact.currency})")
    if fact.measure == "purity":
        return language.pick("teneur médiane (%)", "median purity (%)")
    if fact.unit.in_(language.code):
        return language.set(fact.unit.in_(language.code))
    return language.noun(2, fact.measure)


def anchor(fact: SignalFact) -> str:
    """Return the id of a signal's heading."""
    return f"s-{fact.id}"


READ = {  # measure: what its denominator counts, how it was looked at
    "found": ("expected", "analysés", "analysed"),
    "danger": ("expected", "analysés", "analysed"),
    "expected": ("expected", "analysés", "analysed"),
    "missold": ("expected", "vendus sous ce nom", "sold under this name"),
    "channels": ("channels", "lus", "read"),
    "authors": ("authors", "lus", "read"),
}


def amount(fact: SignalFact, value: float, language: Language) -> str:
    """Return a value of the signal's measure as it is written."""
    if fact.measure == "price":
        return language.money(value, fact.currency)
    return language.of_hundred(value) if fact.measure == "purity" else language.number(value)


def _counted(fact: SignalFact, language: Language) -> str:
    when = language.in_period(fact.peak, fact.step)
    if isinstance(fact.observed, Untold):
        return language.pick(
            "Le nombre n'est pas dit : il en donnerait un petit.",
            "The number is withheld: a small one could be computed from it.",
        )
    if fact.window > 1:
        when = language.up_to_period(fact.peak, fact.step, fact.window)
    when += _scope(fact, language)
    if isinstance(fact.observed, Few):
        n = _number_of(fact, language)
        return capital(language.pick(f"{when}, on en compte {n}.", f"{when}, {n} were counted."))
    expected, threshold = (
        amount(fact, v, language) for v in (fact.expected, max(0.0, fact.threshold))
    )
    fr_only, fr_it, en_us = ("n'", "en ", "only") if fact.observed > fact.expected else ("", "", "")
    if fact.measure in ("price", "purity"):
        median = amount(fact, fact.observed, language)
        fr = f"{when}, la médiane est de {median}, là où le passé laissait attendre {expected}"
        en = f"{when}, the median was {median}, where the past led us to expect {expected}"
    else:
        n = _number_of(fact, language)
        of_fr, of_en = _out_of(fact, language)
        had = "were" if language.locale.plural_form(fact.observed) != "one" else "was"
        past_fr = f"{fr_only}{fr_it}laissait attendre {'que ' if fr_only else ''}{expected}"
        past_en = f"{en_us} {expected}".strip()
        if round(fact.expected, 2) == 0:
            past_fr, past_en = "ne laissait rien attendre", "none"
        fr = f"{when}, on en compte {n}{of_fr}, là où le passé {past_fr}"
        en = f"{when}, {n} {had} counted{of_en}, where the past led us to expect {past_en}"
    fr, en = fr[:1].upper() + fr[1:], en[:1].upper() + en[1:]
    return language.pick(
        f"{fr} ; le seuil d'alerte était de {threshold}.",
        f"{en}; the alert threshold was {threshold}.",
    )


def _number_of(fact: SignalFact, language: Language) -> str:
    """Return the count of a signal with its noun."""
    if fact.unit.in_(language.code):
        return f"{language.number(fact.observed)}{WIDE}{unit(fact, language)}"
    return language.count(fact.observed, fact.measure)


def _scope(fact: SignalFact, language: Language) -> str:
    """Return of which site and kind of source the count is, where it is not that of the signal."""
    if fact.counted_at == EVERYWHERE:
        at = language.pick(", tous sites confondus", ", over all sites")
    else:
        at = language.at(fact.counted_at)
    if fact.counted_in:
        at += f" ({kind(fact.counted_in, language)})"
    return at


def _out_of(fact: SignalFact, language: Language) -> tuple[str, str]:
    if not fact.denominator or fact.measure == "documents":
        return "", ""
    noun, fr, en = READ.get(fact.measure, ("document", "lus", "read"))
    n = language.count(fact.denominator, noun)
    if language.locale.plural_form(fact.denominator) == "one":
        fr = fr.removesuffix("s")
    return f" pour {n} {fr}", f" out of {n} {en}"


def _usual(fact: SignalFact) -> float:
    """Return what a silent source gave in an ordinary period, from the last quarter it spoke."""
    before = [p.value for p in fact.history if p.value is not None and p.period < fact.first]
    return round(sum(before[-13:]) / len(before[-13:]), 1) if before else fact.expected


def sentence(fact: SignalFact, language: Language) -> str:
    """Return the statement of a signal: what, since when, how much, against what."""
    since, where = language.in_period(fact.first, fact.step), language.at(fact.place)
    ongoing = fact.last > fact.first
    if fact.direction == "silent":
        week = _a_step(fact, language)
        usual = language.count(_usual(fact), "document")
        return language.pick(
            f"Cette source se tait{where} depuis {_since(fact, language)}. D'ordinaire elle "
            f"donnait {usual} {week} ; un silence peut vouloir dire que la source a disparu, non "
            "que rien ne se passe.",
            f"This source has been silent{where} since {_since(fact, language)}. It usually "
            f"gave {usual} {week}; a silence may mean that the source is gone, not that nothing "
            "happens.",
        )
    until = language.in_period(fact.last, fact.step)
    if fact.direction == "new":
        opening = language.pick(f"Première alerte {since}{where}", f"First alert {since}{where}")
        if ongoing:
            opening += language.pick(f", dernière alerte {until}", f", last alert {until}")
    else:
        word_fr, word_en = ("hausse", "Rising") if fact.direction == "up" else ("baisse", "Falling")
        first, last = (language.period(d, fact.step) for d in (fact.first, fact.last))
        span_fr, span_en = (f", de {first} à {last}", f", from {first} to {last}")
        if not ongoing:
            span_fr, span_en = f" {since}", f" {since}"
        opening = language.pick(f"En {word_fr}{where}{span_fr}", f"{word_en}{where}{span_en}")
    return opening + ". " + _counted(fact, language)


def _since(fact: SignalFact, language: Language) -> str:
    return language.period(fact.first, fact.step)


def corroboration(fact: SignalFact, language: Language) -> str:
    """Return who says so, who does not and who says otherwise, over which stretch."""
    supporting = [w for w in fact.witnesses if w.supports]
    said = [f"{kind(w.kind, language)} ({_share(w, language)})" for w in supporting]
    over = _over(fact, language)
    if fact.measure in ("price", "purity"):
        if not supporting:
            return ""
        return over + language.pick(
            f"le produit est cité dans : {language.list(said)}. Ces comptes portent sur le "
            "produit, "
            "non sur la hausse ou la baisse.",
            f"the product is named in {language.list(said)}. These counts are about the product, "
            "not about the rise or fall.",
        )
    told = []
    if len(supporting) == 1:
        told.append(
            language.pick(
                f"une seule sorte de source l'atteste : {said[0]}.",
                f"only one kind of source bears it out: {said[0]}.",
            )
        )
    elif supporting:
        n = language.words(len(supporting), "kind of source", feminine=True)
        n = n[:1].lower() + n[1:]
        told.append(
            language.pick(
                f"{n} l'attestent : {language.list(said)}.",
                f"{n} bear it out: {language.list(said)}.",
            )
        )
    mute = [
        f"{kind(w.kind, language)} ({_unsaid(w, language)})"
        for w in fact.witnesses
        if w.without and not w.supports and not w.against
    ]
    if mute:
        told.append(
            language.pick(
                f"N'en parlent pas : {language.list(mute)}.",
                f"Do not speak of it: {language.list(mute)}.",
            )
        )
    against = fact.against
    if against:
        n = language.words(against, "found")
        told.append(
            language.pick(
                f"{n} vendu{'s' if against > 1 else ''} sous ce nom "
                f"{'contiennent' if against > 1 else 'contient'} autre chose.",
                f"{n} sold under this name {'hold' if against > 1 else 'holds'} something else.",
            )
        )
    if not told:
        return ""
    known = 0 if isinstance(fact.documents, Few) else fact.documents
    if fact.measure in TEXTS and fact.counted_in == "" and 0 < known < fact.observed:
        told.append(
            language.pick(
                "Un texte repris plusieurs semaines compte chaque semaine plus haut, une fois ici.",
                "A text reposted in several weeks counts in each of them above, and once here.",
            )
        )
    if not supporting:
        told.insert(0, language.pick("aucune source ne l'atteste.", "no source bears it out."))
    return over + " ".join(told)


def _over(fact: SignalFact, language: Language) -> str:
    """Return the stretch of the evidence as it opens a sentence."""
    if fact.stretch is None:
        return ""
    first, last = (language.day(day) for day in fact.stretch)
    return language.pick(f"Du {first} au {last}, ", f"From {first} to {last}, ")


def _unsaid(w: Witness, language: Language) -> str:
    """Return how many were read that do not speak of it, and whether they are too few to tell."""
    if w.few:
        read = language.count(w.without, _unit_of(w))
        how = _looked_at(w, language)
        return language.pick(
            f"{read} {how} : trop peu pour conclure", f"{read} {how}: too few to tell"
        )
    return language.pick(
        f"0 sur {language.number(w.without)}", f"0 of {language.number(w.without)}"
    )


def _looked_at(w: Witness, language: Language) -> str:
    many = "s" if w.supports + w.without > 1 else ""
    if w.kind == "lab":
        return language.pick(f"analysé{many}", "analysed")
    return language.pick(f"lu{many}", "read")


def _share(w: Witness, language: Language) -> str:
    documents = language.count(w.supports, _unit_of(w))
    sources = language.count(w.sources, "source")
    read = language.number(w.supports + w.without)
    if not w.without:
        return f"{documents}, {sources}"
    how = _looked_at(w, language)
    return language.pick(
        f"{documents} sur {read} {how}, {sources}", f"{documents} of {read} {how}, {sources}"
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

    samples = language.count(lab.samples, "found")
    out = language.pick(
        f"Au laboratoire : {samples} sur {language.number(lab.analysed)} analysés",
        f"In the laboratory: {samples} of {language.number(lab.analysed)} analysed",
    )
    if lab.sold_as:
        out += language.pick(", vendus comme ", ", sold as ") + counted(lab.sold_as)
    out += ". "
    if lab.found:
        out += language.pick("On y trouve : ", "Found in them: ") + counted(lab.found) + ". "
    if lab.references:
        out += language.pick("Références : ", "References: ") + ", ".join(lab.references)
        out += " …" if lab.samples > len(lab.references) else "."
    return out.strip()


def links(evidence: tuple[Evidence, ...], total: int, language: Language) -> Runs:
    """Return links to the evidence of a statement."""
    if not evidence:
        return text(language.pick("Preuves : aucune à montrer.", "Evidence: none to show."))
    runs = [Run(language.pick("Preuves : ", "Evidence: "))]
    for i, one in enumerate(evidence[:SHOWN]):
        runs += [Run(", ")] if i else []
        runs.append(Run(one.document, f"#e-{one.document}", "code"))
    rest = max(total, len(evidence)) - min(SHOWN, len(evidence))
    if isinstance(total, Few):
        runs.append(Run(language.pick(" et d'autres.", " and others.")))
    elif rest > 0:
        n = language.number(rest)
        many = (
            ("autres documents", "other documents")
            if rest > 1
            else ("autre document", "other document")
        )
        runs.append(Run(language.pick(f" et {n} {many[0]}.", f" and {n} {many[1]}.")))
    else:
        runs.append(Run("."))
    return tuple(runs)


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


def described(fact: SignalFact, language: Language) -> str:
    """Return the picture of a signal in words, for people who do not see it."""
    measured, step, span = unit(fact, language), _a_step(fact, language), _span(fact, language)
    highest, observed, expected = (
        amount(fact, value, language)
        for value in (max((p.value or 0 for p in _told(fact)), default=0), fact.observed,
                      fact.expected)
    )  # fmt: skip
    when = language.in_period(fact.peak, fact.step)
    if fact.window > 1:
        when = language.up_to_period(fact.peak, fact.step, fact.window)
    return language.pick(
        f"Diagramme, {measured} {step}{span}. Le plus haut : {highest}. "
        f"Alerte la plus forte {when} : {observed}, là où {expected} étaient attendus.",
        f"Chart, {measured} {step}{span}. Highest: {highest}. "
        f"Strongest alert {when}: {observed} against {expected} expected.",
    )


def _a_step(fact: SignalFact, language: Language) -> str:
    if fact.window > 1:
        return summed(fact, language)
    return language.pick(*EACH[fact.step])


def summed(fact: SignalFact, language: Language) -> str:
    """Return “over four weeks”: what each value of a picture of sums is the sum of."""
    n, (fr, en) = language.number(fact.window), SPANS[fact.step]
    return language.pick(f"sur {n}{WIDE}{fr}", f"over {n} {en}")


def _told(fact: SignalFact) -> list[Value]:
    """Return the values that the picture shows: of a silent source, those before it fell silent."""
    known = [p for p in fact.compared if p.value is not None]
    if fact.direction == "silent":
        known = [p for p in known if p.period < fact.first] or known
    return known


def _span(fact: SignalFact, language: Language) -> str:
    known = _told(fact)
    if not known:
        return ""
    step = "month" if fact.step == "week" else fact.step
    first, last = (language.day(p.period, step) for p in (known[0], known[-1]))
    since, until = ("du", "au") if step == "quarter" else ("de", "à")
    return language.pick(f" {since} {first} {until} {last}", f" from {first} to {last}")


def picture(fact: SignalFact, language: Language) -> Figure:
    """Return the picture of a signal with its description."""
    measured = unit(fact, language)
    what = title(fact, language)
    known, step, span = _told(fact), _a_step(fact, language), _span(fact, language)
    caption = language.pick(
        f"{what} : {measured} {step}{span}. En orange, de la première à la dernière "
        "alerte ; en tirets, le seuil de la plus forte.",
        f"{what}: {measured} {step}{span}. In orange, from the first to the last alert; dashed, "
        "the threshold of the strongest.",
    )
    if fact.direction == "silent":
        caption = language.pick(
            f"{what} : {measured} {step}{span}, puis plus rien.",
            f"{what}: {measured} {step}{span}, then nothing.",
        )
    alt = described(fact, language)
    fine = "day" if fact.step == "week" else fact.step
    rows = tuple(
        (text(language.day(p.period, fine)), text(language.number(p.value or 0)))
        for p in known[-26:]
    )
    of = f"{measured} {summed(fact, language)}" if fact.window > 1 else measured
    head = (language.pick("Période", "Period"), of)
    table = Table(language.pick("Les dernières périodes", "The latest periods"), head, rows, (1,))
    svg = charts.draw(charts.signal(fact, of, language), f"g{fact.id}", language)
    return Figure(svg, alt, caption, table)


def blocks(fact: SignalFact, language: Language, public: bool) -> list[Block]:
    """Return everything that the bulletin says of one signal."""
    novelty = language.say(NOVELTY.get(fact.novelty, fact.novelty))
    state = language.say(STATES.get(fact.state, fact.state))
    note = language.pick(
        f"Signal {fact.id} · caractère proposé : {novelty} · état : {state} · méthode : "
        f"{detector(fact.detector, language)}.",
        f"Signal {fact.id} · proposed character: {novelty} · state: {state} · method: "
        f"{detector(fact.detector, language)}.",
    )
    out: list[Block] = [
        Heading(2, title(fact, language), anchor(fact)),
        Paragraph(text(sentence(fact, language))),
    ]
    said = corroboration(fact, language)
    if said:
        out.append(Paragraph(text(said)))
    if fact.lab:
        out.append(Paragraph(text(laboratory(fact.lab, language))))
    if fact.history:
        out.append(picture(fact, language))
    quoted = [e for e in fact.evidence if e.text][: 0 if public else QUOTED]
    for one in quoted:
        source = half(one.source, language.code)
        where = f", {source}, {language.day(one.day, one.precision)}"
        cite = (Run(one.document, f"#e-{one.document}", "code"), Run(where))
        out.append(Quote(excerpt(one), cite))
    if fact.direction == "silent" and not fact.evidence:
        counts = language.pick("Preuves : les comptes de la figure.", "Evidence: the counts shown.")
        out.append(Paragraph(text(counts)))
    else:
        out.append(Paragraph(links(fact.evidence, fact.documents, language)))
    out.append(Paragraph(text(note), "note"))
    return out

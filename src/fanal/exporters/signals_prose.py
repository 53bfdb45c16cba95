"""What a bulletin says of one signal, in sentences."""

from __future__ import annotations

import json
import re
from dataclasses import replace

from fanal.exporters import charts
from fanal.exporters.blocks import Block, Figure, Heading, Paragraph, Quote, Run, Runs, Table, text
from fanal.exporters.edition import (
    Evidence,
    Few,
    LabFact,
    Name,
    SignalFact,
    Value,
    Witness,
    half,
)
from fanal.exporters.language import EACH, Language, capital
from fanal.exporters.method_words import NAMES

SHOWN = 6  # evidence links under a signal; all of it stands in the table
QUOTED = 2
BLANK_LINES = re.compile(r"\n\s*\n")
LONGEST = 400  # code points of an excerpt
NOVELTY = {
    "new": ("nouveau", "new"),
    "returning": ("de retour", "returning"),
    "persistent": ("persistant", "persistent"),
    "cyclical": ("cyclique", "cyclical"),
    "fading": ("en recul", "fading"),
}
STATES = {
    "received": ("reçu, pas encore vérifié", "received, not yet verified"),
    "verified": ("vérifié", "verified"),
    "assessed": ("évalué", "assessed"),
    "alerted": ("alerte diffusée", "alert issued"),
    "closed": ("clos", "closed"),
    "retracted": ("retiré", "retracted"),
}
KINDS = {
    "public posts": ("publications en ligne", "online posts"),
    "interview": ("entretiens", "interviews"),
    "field notes": ("notes de terrain", "field notes"),
    "lab": ("analyses de produits", "laboratory results"),
    "press": ("presse", "press"),
    "official table": ("statistiques publiées", "published statistics"),
}


def kind(name: str, language: Language) -> str:
    """Return the name of a kind of source."""
    return language.pick(*KINDS.get(name, (name, name)))


def detector(name: str, language: Language) -> str:
    """Return what a detector is called; one of a plug-in has its own name."""
    return language.pick(*NAMES.get(name, (name, name)))


def title(fact: SignalFact, language: Language) -> str:
    """Return what a signal is about and where."""
    concept = capital(language.set(fact.concept.in_(language.code)))
    what = {"price": ("prix", "price"), "purity": ("teneur", "purity")}.get(fact.measure)
    if what:
        concept = f"{concept}, {language.pick(*what)}"
    # A silent source is named by its title, which says where it is.
    named = fact.place and fact.direction != "silent"
    return f"{concept}, {language.site(fact.place)}" if named else concept


def unit(fact: SignalFact, language: Language) -> str:
    """Return what the axis of a signal's picture measures."""
    if fact.measure == "price":
        return language.pick(f"prix médian ({fact.currency})", f"median price ({fact.currency})")
    if fact.measure == "purity":
        return language.pick("teneur médiane (%)", "median purity (%)")
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
    if isinstance(fact.observed, Few):
        n = language.count(fact.observed, fact.measure)
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
        n = language.count(fact.observed, fact.measure)
        of_fr, of_en = _out_of(fact, language)
        if (summed := _summed(fact)) > 1:
            of_fr = of_en = ""  # the denominator is of one period, the count of several
            when = language.up_to_period(fact.peak, fact.step, summed)
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


def _summed(fact: SignalFact) -> int:
    """Return how many periods the observed count is the sum of."""
    told = json.loads(fact.parameters or "{}")
    if fact.detector != "novelty" and told.get("method") != "novelty":
        return 1
    return int(told.get("window", 1))


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
    since, place = language.in_period(fact.first, fact.step), language.site(fact.place)
    where_fr, where_en = (f" à {place}", f" in {place}") if place else ("", "")
    ongoing = fact.last > fact.first
    if fact.direction == "silent":
        week = _a_step(fact, language)
        usual = language.count(_usual(fact), "document")
        return language.pick(
            f"Cette source se tait{where_fr} depuis {_since(fact, language)}. D'ordinaire elle "
            f"donnait {usual} {week} ; un silence peut vouloir dire que la source a disparu, non "
            "que rien ne se passe.",
            f"This source has been silent{where_en} since {_since(fact, language)}. It usually "
            f"gave {usual} {week}; a silence may mean that the source is gone, not that nothing "
            "happens.",
        )
    until = language.in_period(fact.last, fact.step)
    if fact.direction == "new":
        opening = language.pick(
            f"Première alerte {since}{where_fr}", f"First alert {since}{where_en}"
        )
        if ongoing:
            opening += language.pick(f", dernière alerte {until}", f", last alert {until}")
    else:
        word_fr, word_en = ("hausse", "Rising") if fact.direction == "up" else ("baisse", "Falling")
        first, last = (language.period(d, fact.step) for d in (fact.first, fact.last))
        span_fr, span_en = (f", de {first} à {last}", f", from {first} to {last}")
        if not ongoing:
            span_fr, span_en = f" {since}", f" {since}"
        opening = language.pick(f"En {word_fr}{where_fr}{span_fr}", f"{word_en}{where_en}{span_en}")
    return opening + ". " + _counted(fact, language)


def _since(fact: SignalFact, language: Language) -> str:
    return language.period(fact.first, fact.step)


def corroboration(fact: SignalFact, language: Language) -> str:
    """Return who says so and who does not, in a few sentences."""
    supporting = [w for w in fact.witnesses if w.supports]
    if not supporting:
        return ""
    said = [f"{kind(w.kind, language)} ({_share(w, language)})" for w in supporting]
    if fact.measure in ("price", "purity"):
        return language.pick(
            f"Le produit est cité dans : {language.list(said)}. Ces comptes portent sur le "
            "produit, "
            "non sur la hausse ou la baisse.",
            f"The product is named in {language.list(said)}. These counts are about the product, "
            "not about the rise or fall.",
        )
    if len(supporting) == 1:
        out = language.pick(
            f"Une seule sorte de source l'atteste : {said[0]}.",
            f"Only one kind of source bears it out: {said[0]}.",
        )
    else:
        n = language.words(len(supporting), "kind of source", feminine=True)
        out = language.pick(
            f"{n} l'attestent : {language.list(said)}.",
            f"{n} bear it out: {language.list(said)}.",
        )
    mute = [
        f"{kind(w.kind, language)} ({language.count(w.without, _unit_of(w))})"
        for w in fact.witnesses
        if w.without and not w.supports
    ]
    if mute:
        out += language.pick(
            f" N'en disent rien à la même période : {language.list(mute)}.",
            f" Silent about it over the same period: {language.list(mute)}.",
        )
    against = sum(w.against for w in fact.witnesses)
    if against:
        documents = language.words(against, "document")
        verb = ("disent", "say") if against > 1 else ("dit", "says")
        out += language.pick(
            f" {documents} {verb[0]} le contraire.", f" {documents} {verb[1]} the opposite."
        )
    return out


def _share(w: Witness, language: Language) -> str:
    documents = language.count(w.supports, _unit_of(w))
    sources = language.count(w.sources, "source")
    read = language.number(w.supports + w.without)
    if not w.without:
        return f"{documents}, {sources}"
    how = language.pick("analysés", "analysed") if w.kind == "lab" else language.pick("lus", "read")
    return language.pick(
        f"{documents} sur {read} {how}, {sources}", f"{documents} of {read} {how}, {sources}"
    )


def _unit_of(w: Witness) -> str:
    """Return the noun of what a kind of source gives: samples, or documents."""
    return "found" if w.kind == "lab" else "document"


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
    if rest > 0:
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
    highest = max((p.value or 0 for p in _told(fact)), default=0)
    when = language.in_period(fact.peak, fact.step)
    return language.pick(
        f"Diagramme, {measured} {step}{span}. Le plus haut : {language.number(highest)}. "
        f"Alerte la plus forte {when} : {language.number(fact.observed)} pour "
        f"{language.number(fact.expected)} attendus.",
        f"Chart, {measured} {step}{span}. Highest: {language.number(highest)}. "
        f"Strongest alert {when}: {language.number(fact.observed)} against "
        f"{language.number(fact.expected)} expected.",
    )


def _a_step(fact: SignalFact, language: Language) -> str:
    return language.pick(*EACH[fact.step])


def _told(fact: SignalFact) -> list[Value]:
    """Return the values that the picture shows: of a silent source, those before it fell silent."""
    known = [p for p in fact.history if p.value is not None]
    if fact.direction == "silent":
        known = [p for p in known if p.period < fact.first] or known
    return known


def _span(fact: SignalFact, language: Language) -> str:
    known = _told(fact)
    if not known:
        return ""
    first, last = (language.day(p.period, "month") for p in (known[0], known[-1]))
    return language.pick(f" de {first} à {last}", f" from {first} to {last}")


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
    rows = tuple(
        (text(language.day(p.period)), text(language.number(p.value or 0))) for p in known[-26:]
    )
    head = (language.pick("Période du", "Period of"), measured)
    table = Table(language.pick("Les dernières périodes", "The latest periods"), head, rows, (1,))
    svg = charts.draw(charts.signal(fact, measured, language), f"g{fact.id}", language)
    return Figure(svg, alt, caption, table)


def blocks(fact: SignalFact, language: Language, public: bool) -> list[Block]:
    """Return everything that the bulletin says of one signal."""
    novelty = language.pick(*NOVELTY.get(fact.novelty, (fact.novelty, fact.novelty)))
    state = language.pick(*STATES.get(fact.state, (fact.state, fact.state)))
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

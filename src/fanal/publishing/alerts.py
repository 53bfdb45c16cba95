"""The alert form of a signal, prefilled with what the tables say."""

from __future__ import annotations

from collections import Counter
from datetime import date

from fanal.answers import evidence
from fanal.door.identifiers import leaks
from fanal.door.pseudonyms import show
from fanal.edition import Name
from fanal.exporters.alert import AlertForm
from fanal.exporters.signal_words import NOVELTY, detector, title
from fanal.exporters.signals_prose import corroboration, sentence
from fanal.observatory import Observatory
from fanal.publishing.signal_facts import fact
from fanal.wording.language import spoken


def alert_form(ws: Observatory, short: str, language: str = "fr") -> AlertForm:
    """Return the alert form (a)–(j) of a signal, prefilled with what the tables say.

    What only a person can know (measures, most risks) is left empty.
    """
    signal = ws.signal(short)
    behind = evidence.behind(ws, short)
    thesaurus = ws.thesaurus()
    reader = spoken(language)
    say = reader.say
    told = fact(ws, thesaurus, signal, behind)
    titled = title(told, reader)
    samples = behind.samples

    def named(substance: str) -> str:
        if substance not in thesaurus.substances:
            return substance
        return Name(
            thesaurus.label(substance, "fr"), thesaurus.label(substance, "en")
        ).in_(language)  # fmt: skip

    def counted(values: list[str | None]) -> str:
        return ", ".join(f"{named(v)} ({n})" for v, n in Counter(values).most_common() if v)

    sites = sorted({s.site for s in samples} or ({signal.place} - {""}))
    days = [s.day for s in samples] or [signal.first, signal.last]
    when = " – ".join(day.strftime(reader.digits) for day in (min(days), max(days)))
    fields = {
        "a": say(
            "Signal: %(title)s — %(novelty)s. %(sentence)s",
            title=titled,
            novelty=say(NOVELTY.get(signal.novelty, signal.novelty)),
            sentence=sentence(told, reader),
        ),
        "b": say(
            "%(when)s; %(sites)s",
            when=when,
            sites=", ".join(map(reader.site, sites)) or say("several sites"),
        ),
        "e": ", ".join(sorted({m for s in samples for m in s.methods or ()})),
        "j": f"{corroboration(told, reader)} "
        + say(
            "Signal %(id)s, method %(method)s.",
            id=show(signal.id),
            method=detector(signal.detector, reader),
        ),
    }
    if samples:
        sold = counted([s.sold_as for s in samples])
        fields["a"] += " " + say("Sold as: %(names)s", names=sold)
        fields["d"] = say(
            "Found in %(n)s / %(analysed)s samples analysed: %(found)s\nReferences: %(references)s",
            n=len(samples),
            analysed=behind.analysed,
            found=counted([f for s in samples for f in s.found or ()]),
            references=", ".join(s.reference for s in samples if s.reference),
        )
    if any(s.form for s in samples):
        fields["c"] = say("Forms: %(forms)s", forms=counted([s.form for s in samples]))
    return AlertForm(
        signal=show(signal.id),
        title=say("Alert: %(name)s", name=titled),
        language=language,
        drawn_up=date.today(),  # noqa: DTZ011 - the calendar day where the person sits
        fields={k: _withheld(t) if k in "cde" else t for k, t in fields.items() if t},
    )


def _withheld(text: str) -> str:
    """Return words of a service without any line that the door of today would not let out."""
    return "\n".join(line for line in text.splitlines() if not leaks(line))

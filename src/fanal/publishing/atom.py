"""Atom feeds of what went out: bulletins, and alerts that were issued or retracted (RFC 4287)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from fanal.door.pseudonyms import show
from fanal.observatory import Observatory
from fanal.publishing import editions
from fanal.publishing.signal_facts import titled
from fanal.records import Decision
from fanal.wording.language import Language
from fanal.wording.marks import N_

NAMESPACE = "http://www.w3.org/2005/Atom"
LATEST = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that went out."""

    path: str
    key: str  # what makes it another entry at the same address
    title: str
    summary: str
    time: datetime


def bulletins(ws: Observatory, language: Language) -> list[Entry]:
    """Return the bulletins that are out, the latest first."""
    found = []
    for p in editions.every(ws):
        if p.out:
            first, last = (language.day(date.fromisoformat(d)) for d in (p.first, p.last))
            title = language.say("Bulletin, %(first)s to %(last)s", first=first, last=last)
            spoken = editions.spoken(ws, p.name)
            code = language.code if language.code in spoken else next(iter(spoken), language.code)
            path = f"/bulletins/{p.name}/bulletin.{code}.html"
            found.append(Entry(path, "", title, title, datetime.fromisoformat(p.out)))
    return found[:LATEST]


def alerts(ws: Observatory, language: Language) -> list[Entry]:
    """Return the alerts that were issued or retracted, the latest first; no reason, no text."""
    present = {signal.id: signal for signal in ws.signals()}
    found = []
    for decision in reversed(ws.state.all(Decision)):
        signal = present.get(decision.signal)
        if decision.verdict not in ("alert", "retract") or signal is None:
            continue
        name = titled(ws, signal, language)
        message = N_("Alert: %(name)s")
        if decision.verdict == "retract":
            message = N_("Alert retracted: %(name)s")
        title = language.say(message, name=name)
        since = language.day(signal.first)
        summary = language.say("%(title)s, since %(since)s.", title=title, since=since)
        path = f"/signals/{show(decision.signal)}"
        found.append(Entry(path, decision.verdict, title, summary, decision.time))
    return found[:LATEST]


def atom(title: str, origin: str, path: str, entries: list[Entry], language: str) -> bytes:
    """Return entries as an Atom feed."""
    feed = Element("feed", {"xmlns": NAMESPACE, "xml:lang": language})
    _say(feed, "title", title)
    _say(feed, "id", f"{origin}{path}")
    latest = max((e.time for e in entries), default=datetime(2000, 1, 1, tzinfo=UTC))
    _say(feed, "updated", latest.isoformat())
    SubElement(feed, "link", {"rel": "self", "href": f"{origin}{path}"})
    author = SubElement(feed, "author")
    _say(author, "name", title)
    for entry in entries:
        node = SubElement(feed, "entry")
        _say(node, "title", entry.title)
        _say(node, "id", f"{origin}{entry.path}{f'#{entry.key}' if entry.key else ''}")
        _say(node, "updated", entry.time.isoformat())
        SubElement(node, "link", {"href": f"{origin}{entry.path}"})
        _say(node, "summary", entry.summary)
    written: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return written


def _say(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = text

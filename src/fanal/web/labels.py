"""What people call the things that series and documents are about, in the language of a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from fanal.answers.prices import band_label
from fanal.coding.practices import Rules
from fanal.exporters.signal_words import kind as kind_of_source
from fanal.publishing.titles import label
from fanal.series import parts_of
from fanal.web.visits import Visit
from fanal.wording.marks import N_, NC_

MEASURES: dict[str, str] = {
    "documents": N_("documents read"),
    "mentions": N_("documents that name it"),
    "practices": N_("documents that speak of it"),
    "platforms": NC_("app", "documents that name it"),
    "places": N_("documents that name it"),
    "channels": N_("channels, interviews, titles"),
    "authors": N_("authors (pseudonyms)"),
    "price": N_("median price of one unit"),
    "purity": N_("median purity (%)"),
    "strength": N_("median strength"),
    "found": N_("samples in which it was found"),
    "expected": N_("samples that hold what they were sold as"),
    "danger": N_("dangerous samples"),
    "indicator": N_("published figure"),
}
DIMENSIONS: dict[str, str] = {
    "substance": N_("substance"),
    "group": N_("group"),
    "class": N_("class"),
    "practice": N_("practice"),
    "platform": N_("app"),
    "place": N_("place named"),
    "site": N_("site"),
    "kind": N_("kind of source"),
    "source": N_("source"),
    "area": N_("area"),
    "name": N_("indicator"),
    "band": N_("quantity"),
    "unit": N_("unit"),
    "currency": N_("currency"),
    "basis": N_("according to"),
    "rule": N_("rule"),
    "label": N_("label"),
    "month": N_("month"),
    "language": N_("language"),
}
CONCEPTS = ("substance", "group", "class", "practice", "platform", "place", "name")
LANGUAGES: dict[str, str] = {
    "fr": N_("French"), "en": N_("English"), "es": N_("Spanish"),
    "de": N_("German"), "it": N_("Italian"), "nl": N_("Dutch"),
    "pt": N_("Portuguese"), "ar": N_("Arabic"), "ru": N_("Russian"),
    "ro": N_("Romanian"), "pl": N_("Polish"), "tr": N_("Turkish"),
}  # fmt: skip
BASES: dict[str, str] = {
    "claimed": N_("claimed"),
    "measured": N_("said to be measured"),
    "measured-lab": N_("laboratory"),
}
FORMS: dict[str, str] = {  # of samples, as services write them in English; others as they are
    "tablet": N_("tablet"), "pill": N_("tablet"), "powder": N_("powder"),
    "crystal": N_("crystal"), "blotter": N_("blotter"), "liquid": N_("liquid"),
    "herb": N_("herb"), "resin": N_("resin"), "capsule": N_("capsule"),
}  # fmt: skip
KINDS: dict[str, str] = {  # of observations
    "mention": N_("substance"),
    "price": N_("price"),
    "quantity": N_("quantity"),
    "bonus": N_("bonus"),
    "purity": NC_("fact", "purity"),
    "strength": N_("strength"),
    "hours": N_("opening hours"),
    "place": N_("place"),
    "platform": N_("app"),
    "practice": N_("practice"),
}


def value(visit: Visit, dimension: str, named: str) -> str:
    """Return what people call a value of a dimension."""
    if dimension in ("substance", "group", "class", "practice", "source", "name"):
        pair = label(visit.ws.thesaurus(), f"{dimension}={named}", visit.ws)
        return pair.in_(visit.language.code)
    if dimension == "site":
        return visit.language.site(named)
    if dimension in ("place", "area"):
        return visit.language.area(named)
    if dimension == "kind":
        return kind_of_source(named, visit.language)
    if dimension == "unit":
        return visit.language.per(named.replace("∕", "/"))
    if dimension == "basis" and named in BASES:
        return visit.say(BASES[named])
    if dimension == "language":
        return visit.say(LANGUAGES.get(named, named))
    if dimension == "month":
        return visit.language.day(date.fromisoformat(f"{named}-01"), "month")
    return named


def series(visit: Visit, name: str, without: tuple[str, ...] = ()) -> str:
    """Return what people call a series, its step and the dimensions named left out."""
    _, dimensions, _ = parts_of(name)
    if "band" in dimensions and "unit" in dimensions:
        band = band_label(dimensions["unit"], float(dimensions.pop("band")))
        dimensions["quantity"] = visit.language.amount(band, dimensions.pop("unit"))
    ordered = sorted(dimensions, key=lambda key: key not in CONCEPTS)  # what it is about first
    said = [value(visit, key, dimensions[key]) for key in ordered if key not in without]
    return ", ".join(said) or visit.say("everything")


def form(visit: Visit, named: str | None) -> str:
    """Return what people call the form of a sample; a dash where none is told."""
    return visit.say(FORMS.get(named.lower(), named)) if named else "–"


def measure(visit: Visit, name: str) -> str:
    """Return what people call a measure."""
    return visit.say(MEASURES.get(name, name))


def fact(visit: Visit, kind: str, fields: dict[str, Any]) -> str:
    """Return a coded fact in a few words."""
    say = visit.language
    parts: list[str] = []
    for key in ("substance", "code", "platform", "place"):
        if fields.get(key):
            parts.append(value(visit, "practice" if key == "code" else key, str(fields[key])))
    if fields.get("amount") is not None:
        currency, unit = fields.get("currency"), fields.get("unit") or ""
        upper = fields.get("amount_max")
        for amount in [fields["amount"], *([upper] if upper is not None else [])]:
            number = say.number(amount)
            parts.append(say.money(amount, currency) if currency else f"{number} {unit}".strip())
    if fields.get("quantity") is not None:
        parts.append(say.amount(f"{fields['quantity']:g}", str(fields.get("unit") or "unit")))
    if fields.get("bought") is not None:
        free = fields.get("free") or 0
        parts.append(f"{fields['bought']:g} + {free:g}")
    if fields.get("percent") is not None:
        *first, last = (fields[k] for k in ("percent", "percent_max") if fields.get(k) is not None)
        parts.append(" – ".join([*map(say.number, first), say.of_hundred(last)]))
    hours = [str(fields[k]) for k in ("days", "opens", "closes") if fields.get(k)]
    parts += [" ".join(hours)] if hours else []
    return " · ".join(parts) or visit.say(KINDS.get(kind, kind))


def practices(visit: Visit) -> list[tuple[str, str]]:
    """Return every practice of the scheme as (code, what people call it), by its words."""
    code = visit.language.code
    found = [
        (name, rule.label.get(code, rule.label["en"])) for name, rule in Rules.load().codes.items()
    ]
    return sorted(found, key=lambda pair: pair[1].lower())


def substances(visit: Visit) -> list[tuple[str, str]]:
    """Return every substance as (id, what people call it), by its words."""
    thesaurus = visit.ws.thesaurus()
    code = visit.language.code
    found = [(id_, thesaurus.label(id_, code)) for id_ in thesaurus.substances]
    return sorted(found, key=lambda pair: pair[1].lower())

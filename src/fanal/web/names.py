"""What people call the things that series and documents are about, in the language of a visit."""

from __future__ import annotations

from datetime import date
from typing import Any

from fanal.answers.prices import band_label
from fanal.coding.practices import Rules
from fanal.exporters.signals_prose import kind as kind_of_source
from fanal.publishing.composing import label
from fanal.series import parts_of
from fanal.web.visits import Visit
from fanal.web.words import Pair

MEASURES: dict[str, Pair] = {
    "documents": ("documents lus", "documents read"),
    "mentions": ("documents qui le citent", "documents that name it"),
    "practices": ("documents qui en parlent", "documents that speak of it"),
    "platforms": ("documents qui la citent", "documents that name it"),
    "places": ("documents qui le citent", "documents that name it"),
    "channels": ("canaux, entretiens, titres", "channels, interviews, titles"),
    "authors": ("auteurs (pseudonymes)", "authors (pseudonyms)"),
    "price": ("prix médian d'une unité", "median price of one unit"),
    "purity": ("teneur médiane (%)", "median purity (%)"),
    "found": ("échantillons où il est trouvé", "samples in which it was found"),
    "expected": ("échantillons conformes à l'annonce", "samples that hold what they were sold as"),
    "danger": ("échantillons dangereux", "dangerous samples"),
    "indicator": ("chiffre publié", "published figure"),
}
DIMENSIONS: dict[str, Pair] = {
    "substance": ("substance", "substance"),
    "group": ("groupe", "group"),
    "class": ("classe", "class"),
    "practice": ("pratique", "practice"),
    "platform": ("application", "app"),
    "place": ("lieu cité", "place named"),
    "site": ("site", "site"),
    "kind": ("sorte de source", "kind of source"),
    "source": ("source", "source"),
    "area": ("territoire", "area"),
    "name": ("indicateur", "indicator"),
    "band": ("quantité", "quantity"),
    "unit": ("unité", "unit"),
    "currency": ("monnaie", "currency"),
    "basis": ("d'après", "according to"),
    "rule": ("règle", "rule"),
    "label": ("libellé", "label"),
    "month": ("mois", "month"),
    "language": ("langue", "language"),
}
CONCEPTS = ("substance", "group", "class", "practice", "platform", "place", "name")
LANGUAGES: dict[str, Pair] = {
    "fr": ("français", "French"), "en": ("anglais", "English"), "es": ("espagnol", "Spanish"),
    "de": ("allemand", "German"), "it": ("italien", "Italian"), "nl": ("néerlandais", "Dutch"),
    "pt": ("portugais", "Portuguese"), "ar": ("arabe", "Arabic"), "ru": ("russe", "Russian"),
    "ro": ("roumain", "Romanian"), "pl": ("polonais", "Polish"), "tr": ("turc", "Turkish"),
}  # fmt: skip
BASES: dict[str, Pair] = {
    "claimed": ("annoncé", "claimed"),
    "measured": ("dit mesuré", "said to be measured"),
    "measured-lab": ("laboratoire", "laboratory"),
}
KINDS: dict[str, Pair] = {  # of observations
    "mention": ("substance", "substance"),
    "price": ("prix", "price"),
    "quantity": ("quantité", "quantity"),
    "bonus": ("offre", "bonus"),
    "purity": ("pureté", "purity"),
    "strength": ("dosage", "strength"),
    "hours": ("horaires", "opening hours"),
    "place": ("lieu", "place"),
    "platform": ("application", "app"),
    "practice": ("pratique", "practice"),
}


def value(visit: Visit, dimension: str, named: str) -> str:
    """Return what people call a value of a dimension."""
    if dimension in ("substance", "group", "class", "practice", "source"):
        pair = label(visit.ws.thesaurus(), f"{dimension}={named}", visit.ws)
        return pair.in_(visit.language.code)
    if dimension == "site":
        return visit.language.site(named)
    if dimension in ("place", "area"):
        return visit.language.area(named)
    if dimension == "kind":
        return kind_of_source(named, visit.language)
    if dimension == "basis" and named in BASES:
        return visit.t(*BASES[named])
    if dimension == "language":
        return visit.t(*LANGUAGES.get(named, (named, named)))
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
    return ", ".join(said) or visit.t("tout", "everything")


def measure(visit: Visit, name: str) -> str:
    """Return what people call a measure."""
    return visit.t(*MEASURES.get(name, (name, name)))


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
        ends = [fields["percent"], fields.get("percent_max")]
        parts.append(" – ".join(say.number(end) for end in ends if end is not None) + " %")
    hours = [str(fields[k]) for k in ("days", "opens", "closes") if fields.get(k)]
    parts += [" ".join(hours)] if hours else []
    return " · ".join(parts) or visit.t(*KINDS.get(kind, (kind, kind)))


def practices(visit: Visit) -> list[tuple[str, str]]:
    """Return every practice of the scheme as (code, what people call it), by its words."""
    code = visit.language.code
    found = [(name, rule.label[code]) for name, rule in Rules.load().codes.items()]
    return sorted(found, key=lambda pair: pair[1].lower())


def substances(visit: Visit) -> list[tuple[str, str]]:
    """Return every substance as (id, what people call it), by its words."""
    thesaurus = visit.ws.thesaurus()
    code = visit.language.code
    found = [(id_, thesaurus.label(id_, code)) for id_ in thesaurus.substances]
    return sorted(found, key=lambda pair: pair[1].lower())

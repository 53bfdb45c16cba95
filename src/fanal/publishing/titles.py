"""What concepts and measures are called, as a title says them, in every language."""

from __future__ import annotations

from fanal.coding.practices import Rules
from fanal.edition import Name, half
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.records import Indicator
from fanal.series import PAIR, about, halves, parts_of
from fanal.stages.counting import NAMED
from fanal.thesaurus import Thesaurus
from fanal.wording.language import both, capital, named
from fanal.wording.marks import N_, NC_


def label(thesaurus: Thesaurus, concept: str, ws: Observatory) -> Name:
    """Return what people call a concept, in both languages."""
    if concept.startswith(PAIR):
        order = sorted(halves(concept), key=lambda half: (not half.startswith("substance"), half))
        one, other = (label(thesaurus, half, ws) for half in order)
        return named(lambda language: f"{one.in_(language.code)} + {other.in_(language.code)}")
    pairs = about(concept)
    if "substance" in pairs:
        return substance(thesaurus, pairs["substance"])
    if "group" in pairs:
        return substance(thesaurus, pairs["group"])
    if pairs.get("class") in thesaurus.classes:
        return Name(*thesaurus.classes[pairs["class"]])
    if "practice" in pairs:
        code = Rules.load().codes.get(pairs["practice"])
        if not code:
            return Name(pairs["practice"], pairs["practice"])
        return named(lambda language: code.label.get(language.code, code.label["en"]))
    if "source" in pairs:
        title = ws.sources[pairs["source"]].title if pairs["source"] in ws.sources else "?"
        return Name(title, title)
    if "platform" in pairs:
        app = APPS.get(pairs["platform"], capital(pairs["platform"]))
        return both("%(app)s app", app=app)
    if "place" in pairs:
        place = pairs["place"]
        return named(lambda language: language.area(place))
    if "name" in pairs:
        published = figure(pairs["name"])
        return Name(capital(published.fr), capital(published.en))
    value = capital(next(iter(pairs.values()), concept))
    return Name(value, value)


APPS = {
    "encrochat": "EncroChat", "icq": "ICQ", "imessage": "iMessage", "simplex": "SimpleX",
    "skyecc": "Sky ECC", "tiktok": "TikTok", "wechat": "WeChat", "whatsapp": "WhatsApp",
}  # fmt: skip


def figure(name: str) -> Name:
    """Return the name of a published figure, which may hold both languages."""
    plain = name.replace("∕", "/")  # a slash parts the name of a series
    return Name(half(plain, "fr"), half(plain, "en"))


def measured(ws: Observatory, series: str) -> Name:
    """Return what a series measures, with its unit, as a title says it."""
    measure, dimensions, _ = parts_of(series)
    if measure == "price":
        per = f"{dimensions.get('currency', '')}/{dimensions.get('unit', '')}".strip("/")
        return named(lambda language: language.per(per))
    if measure == "indicator":
        return unit(ws, series)
    if measure in ("purity", "strength"):
        return both(BASES.get(dimensions.get("basis", ""), ""))
    if measure == "danger":
        rule = dimensions.get("rule")
        what = next((r.label for r in findings.rules() if r.name == rule), None)
        if what:
            return named(
                lambda language: language.say(
                    "danger: %(what)s", what=what.get(language.code, what["en"])
                )
            )
    return both(MEASURED.get(measure, ""))


MEASURED = {
    "documents": N_("documents read"),
    "mentions": N_("mentions in texts"),
    "practices": N_("mentions in texts"),
    "platforms": N_("mentions in texts"),
    "places": N_("mentions in texts"),
    "together": N_("named together"),
    "found": N_("found in the laboratory"),
    "danger": N_("danger"),
    "expected": N_("samples that hold what they say"),
    "missold": N_("sold as what it is not"),
    "changed": N_("content changed"),
}
BASES = {
    "claimed": NC_("purity", "claimed"),
    "measured": NC_("purity", "said to be measured"),
    "measured-lab": N_("in the laboratory"),
}


def unit(ws: Observatory, series: str) -> Name:
    """Return the unit of a published figure."""
    units: dict[str, str] = ws.tables.kept(
        "units of figures",
        (Indicator,),
        lambda: {
            "\n".join((row["label"], row["area"], row["substance"], row["step"])): row["unit"]
            for row in ws.tables.rows(
                f"WITH {NAMED} SELECT DISTINCT label, area, coalesce(substance, '') AS substance, "
                "step, unit FROM named ORDER BY unit DESC"
            )
        },
    )
    _, dimensions, step = parts_of(series)
    name = dimensions.get("name", "").replace("∕", "/").replace("＝", "=")
    key = (name, dimensions.get("area", ""), dimensions.get("substance", ""), step)
    found = units.get("\n".join(key), "")
    return Name(half(found, "fr"), half(found, "en"))


def substance(thesaurus: Thesaurus, id_: str) -> Name:
    """Return what people call a substance; its id where the thesaurus does not know it."""
    if id_ not in thesaurus.substances:
        return Name(id_, id_)
    return Name(thesaurus.label(id_, "fr"), thesaurus.label(id_, "en"))

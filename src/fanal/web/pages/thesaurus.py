"""Thesaurus: browse substances and names, add a name, see what would change before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from fastapi import Form
from fastapi.responses import Response

from fanal.answers.profiles import require
from fanal.errors import ConfigError
from fanal.storage.search import Answer, Question
from fanal.thesaurus import AMBIGUITIES, KINDS, LANGUAGES, Alias, Substance, fold_name
from fanal.web.permissions import CURATE, READ, SEE
from fanal.web.routing import Pages
from fanal.web.visits import Content, Visit, Visiting
from fanal.wording.marks import N_

pages = Pages(N_("Thesaurus"), home="/thesaurus")
SHOWN = 60  # names of a substance before the rest is folded away
ALIAS_KINDS: dict[str, str] = {
    "international name": N_("international name"),
    "chemical": N_("chemical name"),
    "brand": N_("brand"),
    "street": N_("street name"),
    "verlan": N_("verlan"),
    "abbreviation": N_("abbreviation"),
    "emoji": N_("emoji"),
    "packaging": N_("packaging"),
}
CERTAINTY: dict[str, str] = {
    "plain": N_("plain"),
    "needs context": N_("needs context"),
}


@dataclass(frozen=True, slots=True)
class Browsed(Content):
    """Classes with their substances, a search by name, what the observatory added."""

    template: ClassVar[str] = "thesaurus.html.j2"
    substances: int
    aliases: int
    words: str
    found: list[tuple[str, str, str]]  # id, label, the name that was asked for
    classes: list[tuple[str, str, int]]  # id, label, substances
    klass: str
    members: list[tuple[str, str]]
    own: list[list[Any]]
    may_curate: bool
    given: dict[str, str]
    parents: list[tuple[str, str]]
    error: str


@dataclass(frozen=True, slots=True)
class Names(Content):
    """A substance with all its names, and the form to add one."""

    template: ClassVar[str] = "thesaurus_names.html.j2"
    id: str
    label: str
    klass: str
    rows: list[list[Any]]
    rest: list[list[Any]]
    may_curate: bool
    kinds: list[tuple[str, str]]
    certainties: list[tuple[str, str]]
    languages: list[tuple[str, str]]
    given: dict[str, str]
    error: str
    preview: Answer | None  # documents that hold the name
    already: int  # of those found, that name the substance anyhow
    others: list[str]  # other substances that have this name
    own: list[str]  # names that were added here


@pages.shows("/thesaurus", SEE)
def thesaurus(visit: Visiting, q: str = "", klass: str = "") -> Response:
    """Browse the thesaurus."""
    return visit.render(_browsed(visit, q, klass))


def _browsed(
    visit: Visit, words: str = "", klass: str = "", given: dict[str, str] | None = None,
    error: str = "",
) -> Browsed:  # fmt: skip
    known, code = visit.ws.thesaurus(), visit.language.code
    found: dict[str, str] = {}
    wanted = fold_name(words) if words.strip() else ""
    if wanted:
        for alias in known.aliases:
            if wanted in fold_name(alias.alias) and alias.substance in known.substances:
                found.setdefault(alias.substance, alias.alias)
    sizes = Counter(s.klass for s in known.substances.values())
    own = [a for a in known.aliases if a.source == "own"]
    may = visit.may(CURATE)
    labels = {id_: known.label(id_, code) for id_ in known.substances}
    return Browsed(
        len(known.substances), len(known.aliases), words,
        [(id_, labels[id_], alias) for id_, alias in found.items()][:60],
        sorted(((k, known.class_label(k, code), n) for k, n in sizes.items()), key=lambda c: c[1]),
        klass,
        sorted(((i, labels[i]) for i, s in known.substances.items() if s.klass == klass),
               key=lambda pair: pair[1].lower()),
        [[(a.alias, f"/thesaurus/{a.substance}"), labels.get(a.substance, a.substance),
          a.first_seen or None] for a in own],
        may, given or dict.fromkeys(("id", "label_fr", "label_en", "klass", "parent"), ""),
        sorted(labels.items(), key=lambda pair: pair[1].lower()) if may else [], error,
    )  # fmt: skip


@pages.does("/thesaurus", CURATE)
def add_substance(
    visit: Visiting,
    id: Annotated[str, Form()] = "",
    label_fr: Annotated[str, Form()] = "",
    label_en: Annotated[str, Form()] = "",
    klass: Annotated[str, Form()] = "",
    parent: Annotated[str, Form()] = "",
) -> Response:
    """Add a substance."""
    given = {"id": id.strip(), "label_fr": label_fr.strip(), "label_en": label_en.strip(),
             "klass": klass, "parent": parent}  # fmt: skip
    try:
        visit.ws.add_to_thesaurus(
            Substance(given["id"], given["label_fr"], given["label_en"], klass, parent)
        )
    except ConfigError as error:
        told = f"{error.where}: {error.what}. {error.allowed}"
        return visit.render(_browsed(visit, given=given, error=told), 400)
    return visit.to(f"/thesaurus/{given['id']}", "changed")


@pages.shows("/thesaurus/{id}", SEE)
def names(visit: Visiting, id: str) -> Response:
    """Show a substance with all its names."""
    return visit.render(_names(visit, id))


def _names(
    visit: Visit, id: str, given: dict[str, str] | None = None, error: str = "",
    preview: Answer | None = None,
) -> Names:  # fmt: skip
    require(visit.ws, id)
    known, code, say = visit.ws.thesaurus(), visit.language.code, visit.say
    rows = [
        [a.alias, a.language, say(ALIAS_KINDS[a.kind]), say(CERTAINTY[a.ambiguity]), a.source]
        for a in known.aliases if a.substance == id
    ]  # fmt: skip
    already = dict(preview.facets["substance"]).get(id, 0) if preview else 0
    alias = (given or {}).get("alias", "")
    others = {a.substance for a in known.by_fold.get(fold_name(alias), ())} - {id} if alias else ()
    return Names(
        id, known.label(id, code), known.class_label(known.substances[id].klass, code),
        rows[:SHOWN], rows[SHOWN:], visit.may(CURATE),
        [(k, say(ALIAS_KINDS[k])) for k in KINDS], [(a, say(CERTAINTY[a])) for a in AMBIGUITIES],
        [(name, {"fr": say("French"), "en": say("English"),
                 "mul": say("everywhere")}[name]) for name in LANGUAGES],
        given or {"alias": "", "language": "fr", "kind": "street", "ambiguity": "plain"},
        error, preview, already, sorted(known.label(o, code) for o in others),
        [a.alias for a in known.aliases if a.substance == id and a.source == "own"],
    )  # fmt: skip


@pages.does("/thesaurus/{id}", CURATE)
def add_name(
    visit: Visiting,
    id: str,
    alias: Annotated[str, Form()] = "",
    language: Annotated[str, Form()] = "fr",
    kind: Annotated[str, Form()] = "street",
    ambiguity: Annotated[str, Form()] = "plain",
    sure: Annotated[str, Form()] = "",
) -> Response:
    """Show what a new name would change or, if that was seen, add it."""
    require(visit.ws, id)
    given = {"alias": alias.strip(), "language": language, "kind": kind, "ambiguity": ambiguity}
    if not given["alias"]:
        empty = visit.say("The name is empty.")
        return visit.render(_names(visit, id, given, empty), 400)
    if not sure:
        quoted = given["alias"].replace('"', " ")
        found = visit.ws.search_documents(Question(f'"{quoted}"', sites=visit.sites(READ)))
        return visit.render(_names(visit, id, given, preview=found))
    try:
        visit.ws.add_to_thesaurus(Alias(id, given["alias"], language, kind, ambiguity, "own", ""))
    except ConfigError as error:
        told = f"{error.what}. {error.allowed}"
        return visit.render(_names(visit, id, given, told), 400)
    return visit.to(f"/thesaurus/{id}", "named")


@pages.does("/thesaurus/{id}/removed", CURATE)
def remove_name(visit: Visiting, id: str, alias: Annotated[str, Form()] = "") -> Response:
    """Take out a name that was added here."""
    require(visit.ws, id)
    try:
        visit.ws.take_out_of_thesaurus(id, alias)
    except ConfigError as error:
        return visit.render(_names(visit, id, error=f"{error.where}: {error.what}."), 400)
    return visit.to(f"/thesaurus/{id}", "unnamed")

"""Forms for field notes and interviews, filled in by hand as TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, ClassVar

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.rows import sniffed

KINDS = ("field notes", "interview")
LANGUAGES = ("fr", "en")
FORM = 2 << 20

# The four themes that structure collection, and the facts of a form; French keys stand for them.
THEMES = ("people", "spaces", "products", "supply")
FACTS = ("form", "version", "month", "date", "site", "observer", "language", "names")
_FRENCH = {
    "formulaire": "form",
    "mois": "month",
    "observateur": "observer",
    "langue": "language",
    "noms": "names",
    "publics": "people",
    "espaces": "spaces",
    "produits": "products",
    "offre": "supply",
    "echanges": "exchanges",
    "question": "question",
    "reponse": "answer",
    "produit": "product",
    "prix": "price",
    "texte": "text",
    "notes_de_terrain": "field notes",
    "notes de terrain": "field notes",
    "entretien": "interview",
}
_NOTE = ("product", "price", "text")
_EXCHANGE = ("question", "answer")


@dataclass(frozen=True)
class Forms(Importer):
    """Reads forms for monthly field notes and for interviews, filled in as TOML files.

    Use it where a site has no export to bring in: an observer writes once a month what was seen
    of people, spaces, products and supply; an interviewer writes questions and answers. An empty
    form, with what to write where, comes from `template`. A document is a paragraph of a theme, a
    note on one product, or an answer; the thread is the form. Keys are English or French.

    Examples
    --------
    ::

        form = "field notes"
        version = 1
        month = "2025-03"
        site = "Lille"
        observer = "outreach worker"
        supply = '''
        Home delivery until 1 am, even on Sundays.
        '''
        [[products]]
        product = "3-MMC"
        price = "30 € le gramme"
        text = "Sold as mephedrone near the station."

    Limits
    ------
    Questions are not documents: they would make the observer's words count as what people say.
    """

    name: ClassVar[str] = "forms"

    def identify(self, path: File) -> bool:
        text = sniffed(head(path))
        found = re.search(
            r"(?m)^[ \t]*(?:form|formulaire)[ \t]*=[ \t]*[\"']([^\"'\n]{1,40})[\"']", text
        )
        return found is not None and found[1].strip() in (*KINDS, "notes de terrain", "entretien")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        form = _read(path)
        kind = form.get("form")
        written = form.get("date") or form.get("month") or ""
        moment = read_date(written, "dmy")
        if moment is None:
            raise ImporterError(
                "the form has no date that can be read", where="month", do='write month = "2025-03"'
            )
        observer = _string(form, "observer")
        names = form.get("names", [])
        people = tuple(str(name) for name in names) if isinstance(names, list) else (str(names),)
        record = 0
        notes = _answers(form) if kind == "interview" else _notes(form)
        for place, text, speaker in notes:
            if not text:
                yield Skipped("empty part of the form")
                continue
            record += 1
            yield RawDocument(
                file=path.name,
                record=record,
                text=text,
                time=moment.time,
                precision="month" if "date" not in form else moment.precision,
                chat=path.stem,
                message=place,
                # a role is no person: the same one in another form may be somebody else
                author=f"{path.stem}: {speaker or observer}" if speaker or observer else None,
                names=people,
                position=record - 1,
            )


def _read(path: File) -> dict[str, Any]:
    text = decode(read_whole(path, FORM)).lstrip("\ufeff")
    if re.search(r"(?m)^[ \t]*\[*[ \t]*(?:[\w-]+[ \t]*\.[ \t]*){20}", text):
        raise ImporterError("the form is nested too deep", do="start from the template")
    try:
        form = _english(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        raise ImporterError(
            "the form is not valid TOML",
            where=f"line {line[1]}" if line else "end of the form",
            do="look for a missing quote in this line or the one above",
        ) from None
    except RecursionError:
        raise ImporterError("the form is nested too deep", do="start from the template") from None
    kind = form.get("form")
    if kind not in KINDS:
        raise ImporterError("no such form", where="form", allowed=", ".join(KINDS))
    known = (*FACTS, "exchanges") if kind == "interview" else (*FACTS, *THEMES)
    _known(form, known, "form")
    return form


def _known(table: Mapping[str, Any], known: tuple[str, ...], where: str) -> None:
    """Refuse parts that a form does not have; what they are called may name somebody."""
    for number, name in enumerate(table, 1):
        if name not in known:
            raise ImporterError(
                f"part {number} is none that a form has",
                where=where,
                allowed=", ".join(known),
                do="start from the template: fanal source form",
            )


def _english(table: Mapping[str, Any]) -> dict[str, Any]:
    """Replace French keys and kinds of form by the English ones."""
    found: dict[str, Any] = {}
    for key, value in table.items():
        english = _FRENCH.get(key.lower().replace("é", "e"), key)
        if isinstance(value, dict):
            value = _english(value)
        elif isinstance(value, list):
            value = [_english(part) if isinstance(part, dict) else part for part in value]
        elif english == "form" and isinstance(value, str):
            value = _FRENCH.get(value.strip(), value.strip())
        found[english] = value
    return found


def _string(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str | int | float):
        raise ImporterError("text is expected here", where=key, do='write it between """ and """')
    return str(value).replace("\x00", "").strip()


def _tables(form: Mapping[str, Any], key: str, known: tuple[str, ...]) -> list[Mapping[str, Any]]:
    tables = form.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise ImporterError(f"[[{key}]] is expected here", where=key, do="start from the template")
    for number, table in enumerate(tables, 1):
        _known(table, known, f"{key} {number}")
    return tables


Note = tuple[str, str, str]  # place in the form, text, speaker


def _notes(form: Mapping[str, Any]) -> Iterator[Note]:
    for theme in THEMES:
        if theme == "products" and isinstance(form.get(theme), list):
            for number, table in enumerate(_tables(form, theme, _NOTE), 1):
                head = ", ".join(filter(None, (_string(table, "product"), _string(table, "price"))))
                said = _string(table, "text")
                yield f"{theme}-{number}", ". ".join(filter(None, (head, said))), ""
            continue
        blocks = re.split(r"\n\s*\n", _string(form, theme))
        for number, block in enumerate(blocks, 1):
            yield f"{theme}-{number}", block.strip(), ""


def _answers(form: Mapping[str, Any]) -> Iterator[Note]:
    exchanges = _tables(form, "exchanges", _EXCHANGE)
    for number, table in enumerate(exchanges, 1):
        yield f"answer-{number}", _string(table, "answer"), "interviewee"
    if not exchanges:
        yield "answer-1", "", ""


def template(kind: str = "field notes", language: str = "en") -> str:
    """Return an empty form with comments that say what to write where.

    Raises:
        ImporterError: no such kind of form, or language.
    """
    if kind not in KINDS or language not in LANGUAGES:
        raise ImporterError(
            f"no form {kind!r} in {language!r}",
            allowed=f"{', '.join(KINDS)}; {', '.join(LANGUAGES)}",
        )
    name = f"{kind.replace(' ', '-')}.{language}.toml"
    return files("fanal.importers").joinpath("blank", name).read_text("utf-8")

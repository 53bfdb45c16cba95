"""What a table is: samples of a laboratory, official figures, answers of a survey, or texts.

Each sheet is read once, and each kind gets a score by what the columns hold and are called. A kind
claims a table whose score for it is the highest, or close to it: then two kinds claim it, and the
description must say which it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.lab.column_cells import substances_in
from fanal.importers.lab.column_roles import layout_of
from fanal.importers.lab.layout import Layout
from fanal.importers.lab.relations import joined_sheets
from fanal.importers.reading.archives import Member, head
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.figure_shapes import plain_shape, shape_of, unfolded
from fanal.importers.reading.looks import Look, longest_text, looks_of
from fanal.importers.reading.rows import Table, kind_of, open_sheets, sniffed
from fanal.importers.reading.usual_names import answers, names_of, texts

CLOSE = 0.5  # of two scores, between which a person decides
SURE = 4.0  # names and cells say the same
LIKELY = 2.0  # the cells say so, and no name says anything else
LEAST = 0.1  # where nothing says what it is: the description must
MOST = 0.6  # of the cells of a column that name a substance
HALF = 0.5  # of the cells that name a substance, more of which tell how much
_FIGURES = {"area", "period", "value"}  # published figures may be on a substance
_PERSONAL = {"age", "sexe", "genre", "gender", "sex", "alter", "geschlecht", "edad", "sexo", "eta",
             "sesso", "leeftijd", "geslacht"}  # fmt: skip
_ATTRIBUTES = {*_PERSONAL, "ville", "city", "commune", "departement"}
_POSTS = ("author", "chat", "forwarded_from")
_STATISTICS = words_of(
    "minimum min maximum max mean median average moyenne moyen mediane mittelwert durchschnitt "
    "media mediana promedio minimo massimo maximo gemiddelde mediaan"
)
_SHEETS = ("delimited", "xlsx", "xls", "ods")


def is_kind(path: File, name: str) -> bool:
    """Say whether a file is a table of a kind, by the name of the importer that reads it."""
    scores = _scores(path, _stamp(path))
    score = dict(scores).get(name, 0.0)
    return score > 0 and score >= max(score for _, score in scores) - CLOSE


def _stamp(path: File) -> object:
    """Return what changes where a file is written anew: what is known of it holds no longer."""
    while isinstance(path, Member):
        path = path.archive
    if not isinstance(path, Path) or not path.exists():
        return None
    about = path.stat()
    return about.st_mtime_ns, about.st_size, about.st_ino


@lru_cache(16)
def _scores(path: File, stamp: object) -> tuple[tuple[str, float], ...]:
    kind = kind_of(path)
    if kind is None and not sniffed(head(path)):
        return (("", 0.0),)
    try:
        pages = [unfolded(page) for page in open_sheets(path)]
        if kind is None:  # a short table between titles and notes does not look like one
            found = any(shape_of(page, {}) for page in pages)
            fits = any(layout_of(p.columns, {}, looks_of(p)).fits for p in pages)
            return (("indicators", SURE * found), ("lab", SURE * (fits and not found)))
        return _judged(pages, kind in _SHEETS)
    except ImporterError:  # who reads it says what is wrong
        return (("tables", LEAST if kind else 0.0),)


def _judged(pages: Sequence[Table], in_sheets: bool) -> tuple[tuple[str, float], ...]:
    columns = [looks_of(page) for page in pages]
    layouts = [layout_of(p.columns, {}, c) for p, c in zip(pages, columns, strict=True)]
    scores = {
        "lab": max(map(_laboratory, pages, layouts, columns), default=0.0),
        "indicators": max(map(_official, pages, columns), default=0.0),
        "survey": max(map(_answers, columns), default=0.0) if in_sheets else 0.0,
        "tables": max([LEAST, *map(_texts, columns)]),
    }
    if joined_sheets(pages, layouts):
        scores["lab"] = max(scores["lab"], SURE)
    return tuple(scores.items())


def _laboratory(page: Table, layout: Layout, columns: Sequence[Look]) -> float:
    """Score samples: what each was sold as, and what was found in it."""
    if {folded(name) for name in page.columns} >= _FIGURES or _is_summed_up(page, columns):
        return 0.0
    if layout.fits:
        return SURE
    if not layout.tells_contents:
        return 0.0
    named = substances_in(columns, MOST)
    shares = [c.name for c in columns if c.name in named and c.share(lambda t: "%" in t) > HALF]
    if any(column.is_text and column.name not in shares for column in columns):
        return 0.0
    if shares and len(named) > 1:
        return LIKELY + 1  # sold as one, and how much of which was found
    measured = any("amount" in group for group in layout.groups.values())
    apart = any(column.is_id for column in columns) or "date" in layout.sample
    return LIKELY if apart and (len(named) > 1 or (named and measured)) else 0.0


def _is_summed_up(page: Table, columns: Sequence[Look]) -> bool:
    """Say whether rows are of an area and a period, with the least, usual or most of many."""
    summed = {column.name: words_of(column.name) & _STATISTICS for column in columns}
    ids = any(column.is_id and not summed[column.name] for column in columns)
    if ids or len(frozenset().union(*summed.values())) < 2:
        return False
    shape = plain_shape(page, {})
    return shape is not None and {"area", "period"} <= set(shape.roles)


def _official(page: Table, columns: Sequence[Look]) -> float:
    """Score published figures: of a thing, an area and a period."""
    if shape_of(page, {}):
        return SURE
    shape = plain_shape(page, {})
    if shape is None or any(column.is_text for column in columns):
        return 0.0
    return LIKELY + 0.3 * len({"name", "area", "substance", "unit"} & set(shape.roles))


def _answers(columns: Sequence[Look]) -> float:
    """Score answers: cases in rows, questions above columns of words."""
    words = [c for c in columns if c.is_text]
    names = {folded(c.name) for c in columns}
    program = {name for c in columns for name in names_of(c.name)} & answers()["program"]
    asked = [c for c in columns if "?" in c.name or (c.is_text and len(c.name.split()) >= 4)]
    first = bool(names_of(columns[0].name) & answers()["case"])
    if first and columns[0].different <= MOST:
        return 0.0  # what it counts is no case: it comes again
    case = first or any(c.is_id and names_of(c.name) & answers()["case"] for c in columns)
    # who was asked is told beside the time that a program notes: posts have no such columns
    told = bool(program and names & _PERSONAL)
    said = words and (len(program) > 1 or (case and (told or len(words) > 1)))
    if not said and not (asked and (words or case)):
        return 0.0
    score = 1.5 * bool(asked) + 0.5 * any("?" in c.name for c in asked)
    score += min(SURE, float(len(program)))  # no other program writes so many of its names
    score += 1.0 * case + 0.5 * (len(words) > 1) + 0.5 * bool(names & _ATTRIBUTES)
    return score if score >= LIKELY else 0.0


def _texts(columns: Sequence[Look]) -> float:
    """Score texts: messages, listings, articles, notes."""
    names = {folded(c.name): c for c in columns if c.filled}
    known = {role: [n for n in usual if n in names] for role, usual in texts().items()}
    said = [names[n] for n in (*known["title"], *known["body"])]
    if not said and not longest_text(columns):
        return 0.0
    score = LIKELY if said else 1.0
    score += 0.5 * any(c.is_date for c in columns) + 0.5 * bool(known["time"])
    return score + 0.5 * sum(bool(known[role]) for role in _POSTS)

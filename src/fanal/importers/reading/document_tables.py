"""Tables inside documents: Word, OpenDocument text, HTML, PDF, XML, and JSON around its records."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

from fanal.errors import ImporterError
from fanal.importers.base import File, Issue
from fanal.importers.reading.above_tables import fact_above
from fanal.importers.reading.archives import (
    head,
    is_zip,
    names_in,
    open_archive,
    read_member,
    read_whole,
)
from fanal.importers.reading.column_words import folded, words_of
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.figures import read_note
from fanal.importers.reading.foreign import foreign
from fanal.importers.reading.json_shape import JSON_ERRORS
from fanal.importers.reading.pages import page_parts
from fanal.importers.reading.printed_tables import printed_blocks
from fanal.importers.reading.rows import (
    Found,
    Table,
    Told,
    as_text,
    fitted,
    headed,
    kind_of,
    open_sheets,
    padded,
    sniffed,
)
from fanal.importers.reading.word import XML, Grid, grids_of

LARGEST = 32 << 20  # bytes of a page, of XML or JSON that is held as a tree
ABOVE = 4  # paragraphs before a table that may be its title, its unit, its note
SHORT = 200  # characters of one of them
TEXT = 40  # characters of a paragraph that is told where it is not read
# fields that by themselves say nothing of whose they are: the name of a compound is no product's
_PLAIN = words_of(
    "name label id code type nom libelle designation denomination intitule bezeichnung nombre nome "
    "denominazione naam omschrijving"
)
_RULE = "text beside the tables"

Blocks = list[str | Grid]


def open_tables(path: File, mapping: Mapping[str, str | Sequence[str]]) -> list[Table]:
    """Open every table of a file: the sheets of a workbook, or the tables of a document.

    Records inside records are rows of their own, which the fields around them are given to.

    Raises:
        ImporterError: as `rows.open_sheets`; a document holds no table; no table has a column that
            the `mapping` of roles names.
    """
    given = {r: [names] if isinstance(names, str) else list(names) for r, names in mapping.items()}
    pages = _opened(path, [name for names in given.values() for name in names])
    there = {folded(name) for page in pages for name in page.columns}
    for role, names in given.items():
        for name in names:
            if folded(name) not in there:
                columns = dict.fromkeys(n for page in pages for n in page.columns)
                raise ImporterError(
                    f"no column called {name!r}",
                    where=f"mapping.{role}",
                    allowed=", ".join(columns),
                    do="correct or remove it under [mapping] in the source description",
                )
    return pages


def _opened(path: File, told: Told) -> list[Table]:
    blocks = None if kind_of(path) else _blocks(path)
    if blocks is None:
        return [_unnested(page) for page in open_sheets(path, told)]
    tables = list(_tables([b for b in blocks if b], told))
    if not tables:
        raise ImporterError(
            "the document holds no table",
            do="bring in the table that it was made of, as XLSX or CSV",
        )
    return tables


def is_document(path: File) -> bool:
    """Say whether a file is of a kind whose tables `open_tables` reads, and no table itself."""
    return kind_of(path) is None and _kind(path) != ""


def _kind(path: File) -> str:
    start = head(path)
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if is_zip(path):
        names = names_in(path)
        if "word/document.xml" in names:
            return "docx"
        return "odt" if {"content.xml", "mimetype"} <= names else ""
    text = sniffed(start).lstrip("\ufeff \r\n\t")
    if re.match(r"(?i)<(?:!doctype html|html|head|body|table|div)\b", text):
        return "html"
    if re.match(r"<(?:\?xml|[A-Za-z][\w:.-]*[\s/>])", text):
        return "html" if re.search(r"(?i)<(?:!doctype )?html\b", text[:1024]) else "xml"
    return "json" if text.startswith("{") else ""


def _blocks(path: File) -> Blocks | None:
    """Return the paragraphs and tables of a document in their order; None where it is none."""
    kind = _kind(path)
    if kind == "docx":
        return grids_of(path)
    if kind == "pdf":
        return printed_blocks(path)
    if kind == "odt":
        with foreign("OpenDocument text"), open_archive(path) as archive:
            return list(_of_odt(_parsed(read_member(archive, "content.xml", XML))))
    if kind == "html":
        return page_parts(decode(read_whole(path, LARGEST)))
    if kind == "xml":
        with foreign("XML file"):
            return _of_records(_leaves(_parsed(read_whole(path, LARGEST))))
    return _of_json(path) if kind == "json" else None


def _tables(blocks: Blocks, told: Told) -> Iterator[Table]:
    """Yield the tables of a document, each with the short lines above it and the notes below."""
    grids = [n for n, b in enumerate(blocks) if isinstance(b, list) and _is_table(b)]
    spans: list[tuple[int, int]] = []
    for grid in grids:
        spans.append(_around(blocks, grid, spans[-1][1] + 1 if spans else 0))
    used = {line for first, last in spans for line in range(first, last + 1)}
    left = [b for n, b in enumerate(blocks) if n not in used and _is_text(b)]
    number = 0
    for place, (first, last) in enumerate(spans):
        records: list[tuple[int, list[Any]]] = []
        for block in blocks[first : last + 1]:
            for row in [[block]] if isinstance(block, str) else block:
                number += 1
                records.append((number, list(row)))
        yield _table(records, len(left) if place == 0 else 0, told)


def _is_table(grid: Grid) -> bool:
    return len(grid) > 1 and max(sum(map(bool, row)) for row in grid) > 1


def _is_text(block: str | Grid) -> bool:
    text = block if isinstance(block, str) else " ".join(cell for row in block for cell in row)
    return len(text.strip()) > TEXT


def _around(blocks: Blocks, at: int, floor: int) -> tuple[int, int]:
    """Return the first line that belongs to a table and the last: up to its title, notes below."""
    first, last, titled = at, at, False
    while first > floor and at - first < ABOVE and not titled and _is_short(blocks[first - 1]):
        first -= 1
        titled = fact_above([str(blocks[first])]) is None
    while last + 1 < len(blocks) and _is_note(blocks[last + 1]):
        last += 1
    return first, last


def _is_short(block: str | Grid) -> bool:
    return isinstance(block, str) and 0 < len(block) <= SHORT


def _is_note(block: str | Grid) -> bool:
    return isinstance(block, str) and read_note(block) is not None


def _table(records: list[tuple[int, list[Any]]], left: int, told: Told) -> Table:
    columns, header = headed(iter(records), told)

    def rows() -> Iterator[Found]:
        if left:
            hint = f"paragraphs: {left}; bring them in as a text under a source of texts"
            yield Issue(_RULE, header, "", hint, "note")
        yield from fitted(padded(records, len(columns)), columns, header)

    return Table(columns, rows, "", header, lambda: iter(records))


# --- pages and texts ------------------------------------------------------------------------------


def _parsed(content: bytes) -> Any:
    from defusedxml.ElementTree import fromstring

    return fromstring(content)


def _tag(element: Any) -> str:
    return _without_namespace(str(element.tag))


def _without_namespace(name: str) -> str:
    return name.rpartition("}")[2]


def _said(element: Any) -> str:
    return " ".join("".join(element.itertext()).split())


def _of_odt(top: Any) -> Iterator[str | Grid]:
    waiting = [top]
    while waiting:
        element = waiting.pop()
        kind = _tag(element)
        if kind in ("p", "h"):
            yield _said(element)
        elif kind == "table":
            rows = [e for e in element.iter() if _tag(e) == "table-row"]
            cells = ("table-cell", "covered-table-cell")
            yield [[_said(cell) for cell in row if _tag(cell) in cells] for row in rows]
        elif kind != "tracked-changes":
            waiting.extend(reversed(element))


# --- records --------------------------------------------------------------------------------------


def _leaves(top: Any) -> Any:
    """Return an element of XML as JSON would have it: what comes several times is a list."""
    said = {_without_namespace(name): value for name, value in top.attrib.items()}
    if not len(top):
        text = (top.text or "").strip()
        return {**said, "": text} if said else text
    counted = Counter(map(_tag, top))
    found: dict[str, Any] = dict(said)
    for child in top:
        if counted[_tag(child)] > 1:
            found.setdefault(_tag(child), []).append(_leaves(child))
        else:
            found[_tag(child)] = _leaves(child)
    return found


def _of_json(path: File) -> Blocks | None:
    import json

    try:
        top = json.loads(decode(read_whole(path, LARGEST)))
    except JSON_ERRORS:
        return None
    return _of_records(top) or None


def _of_records(top: Any) -> Blocks:
    """Return the records of a tree as one table, and what stands beside them as lines above it."""
    beside: dict[str, str] = {}
    while isinstance(top, dict):
        lists = [v for v in top.values() if _are_records(v)]
        inner = [v for v in top.values() if _holds_records(v)]
        beside |= {k: as_text(v) for k, v in _beside(top).items() if k}
        if len(lists) > 1 or (not lists and len(inner) != 1):
            return []
        top = lists[0] if lists else inner[0]
    if not _are_records(top):
        return []
    rows = list(chain.from_iterable(map(_flat, top)))
    names = list(dict.fromkeys(name for row in rows for name in row))
    above: Blocks = [f"{name}: {text}" for name, text in beside.items() if text]
    return [*above, [names, *([as_text(row.get(name)) for name in names] for row in rows)]]


def _beside(top: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an object and those of the objects in it that hold no records."""
    plain = {k: v for k, v in top.items() if not isinstance(v, dict | list)}
    for value in top.values():
        if isinstance(value, dict) and not _holds_records(value):
            plain |= _beside(value)
    return plain


def _holds_records(value: Any) -> bool:
    """Say whether an object holds records, at any depth."""
    return isinstance(value, dict) and any(
        _are_records(each) or _holds_records(each) for each in value.values()
    )


def _are_records(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, dict) for v in value)


def _flat(record: Mapping[str, Any], name: str = "") -> list[dict[str, Any]]:
    """Return a record in rows: what it holds in records is named by both, a list is a row each."""
    rows: list[dict[str, Any]] = [{}]
    for key, value in record.items():
        called = " ".join(filter(None, (name, key)))
        if isinstance(value, dict):
            more = _flat(value, called)
        elif _are_records(value):
            more = [_told_apart(row, key, record) for each in value for row in _flat(each)]
        elif value == []:
            more = [{}]  # where others hold records: there is no column of them
        elif isinstance(value, list):
            more = [{called: "; ".join(map(as_text, value))}]
        else:
            more = [{called: value}]
        rows = [{**row, **part} for row in rows for part in more]
    return rows


def _told_apart(row: dict[str, Any], key: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row of inner records whose fields are no record's around it: `components name`."""
    return {
        f"{key} {n}" if n in record or folded(n) in _PLAIN else n: value for n, value in row.items()
    }


def _unnested(page: Table) -> Table:
    """Return a table of JSON whose records hold records as one of flat rows."""
    nested = {
        name for row in page.first for name, cell in row.items()
        if isinstance(cell, dict) or _are_records(cell)
    }  # fmt: skip
    if not nested:
        return page

    def rows() -> Iterator[Found]:
        for found in page.rows():
            if isinstance(found, tuple):
                yield from ((found[0], row) for row in _flat(found[1]))
            else:
                yield found

    names = list(dict.fromkeys(n for row in page.first for flat in _flat(row) for n in flat))

    def filled() -> Iterator[Found]:
        for found in rows():
            yield (
                (found[0], {n: found[1].get(n) for n in names})
                if isinstance(found, tuple)
                else found
            )

    return replace(page, columns=tuple(names), rows=filled)

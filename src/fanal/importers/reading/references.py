"""References with abstracts as databases and Zotero give them: RIS, and MEDLINE of PubMed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.importers.reading.articles import Article
from fanal.importers.reading.dates import Moment, read_date

_LINE = re.compile(r"(?P<tag>[A-Z][A-Z0-9]{1,3}) {0,2}-(?: (?P<text>.*))?")
_BEGINS = ("TY", "PMID")
_TITLES = ("TI", "T1")
_TEXTS = ("AB", "N2")
_OUTLETS = ("T2", "JF", "JT", "JO", "JA", "PB")
_DATES = ("DA", "Y1", "DP", "PY")
_AUTHORS = ("AU", "A1", "FAU")
_IDS = ("PMID", "AN", "ID", "DO", "UR")

Record = dict[str, list[str]]  # tag → what stands under it


def is_references(lines: list[str]) -> bool:
    """Say whether a text is a list of references: it begins with one, and its lines are tagged."""
    found = [_LINE.fullmatch(line.strip()) for line in lines[:12]]
    first = next((line for line in found if line), None)
    return first is not None and first["tag"] in _BEGINS and sum(map(bool, found)) >= 3


def references_in(lines: list[str], order: str) -> Iterator[Article]:
    """Yield what each reference tells, in the order of the file."""
    record: Record = {}
    tag = ""
    for line in lines:
        found = _LINE.fullmatch(line.rstrip())
        if found and found["tag"] in _BEGINS:
            yield from _article(record, order)
            record = {}
        if found:
            tag = found["tag"]
        text = (found["text"] or "") if found else line
        if text.strip() and tag != "ER":
            lines_of = record.setdefault(tag, [])
            if found or not lines_of:
                lines_of.append(text.strip())
            else:
                lines_of[-1] += f" {text.strip()}"
    yield from _article(record, order)


def _article(record: Record, order: str) -> Iterator[Article]:
    if not record:
        return
    title = _first(record, _TITLES)
    yield Article(
        title,
        _first(record, _OUTLETS),
        next((m for tag in _DATES for w in record.get(tag, ()) if (m := _day(w, order))), None),
        [_in_order(name) for tag in _AUTHORS for name in record.get(tag, ())],
        _first(record, _TEXTS) or title,
        _first(record, _IDS),
    )


def _first(record: Record, tags: tuple[str, ...]) -> str:
    return next((record[tag][0] for tag in tags if tag in record), "")


def _day(written: str, order: str) -> Moment | None:
    """Read a date such as 2026/03/02/, 2026/03// or 2024 Mar 15."""
    return read_date(written.strip(" /"), order)


def _in_order(name: str) -> str:
    """Return "Jean Lefebvre" for "Lefebvre, Jean": so it stands in a text."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name.strip()

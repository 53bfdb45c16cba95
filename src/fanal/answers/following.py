"""Following a figure to its rows: a link says which rows a figure counts, `follow` lists them.

A link is a short text, `samples?first=2009-01-01&name=mdma&substance=pmma`: a kind of row and what
holds of each. The number of rows (of different samples, for contents) is the figure. Rows hold ids,
dates, codes and numbers: what a service or a channel wrote is read elsewhere, under its own rights.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import parse_qsl, urlencode

from fanal.answers import prices
from fanal.door.pseudonyms import show
from fanal.errors import ConfigError
from fanal.laboratory import findings
from fanal.storage.tables import Tables

_HELD = """
EXISTS (SELECT 1 FROM found r WHERE r.sample = s.id AND {condition})
"""
_SAMPLES = {
    "name": "(s.sold_as = $name OR lower(s.sold_as_label) = $name)",
    "sold_as": "s.sold_as = $sold_as",
    "substance": _HELD.format(condition="r.substance = $substance"),
    "family": _HELD.format(condition="list_contains($family, r.substance)"),
    "expected": _HELD.format(condition="list_contains($expected, r.substance)"),
    "alone": """(SELECT list(DISTINCT r.substance) FROM found r WHERE r.sample = s.id
        AND r.substance IS NOT NULL) = [$alone]""",
    "danger": "s.id IN (SELECT sample FROM dangers WHERE rule = $danger)",
    "source": "s.source = $source",
    "site": "s.site = $site",
    "form": "coalesce(s.form, '') = $form",
    "first": "s.day >= CAST($first AS DATE)",
    "last": f"{findings.ENDED.format(s='s')} <= CAST($last AS DATE)",
}
_RESULTS = _SAMPLES | {
    "substance": "r.substance = $substance",
    "unit": "r.unit = $unit",
    "role": "r.role = $role",
}
_DOCUMENTS = {
    "substance": "f.substance = $substance",
    "family": "list_contains($family, f.substance)",
    "kind": "f.source_kind = $kind",
    "source": "f.source = $source",
    "site": "f.site = $site",
    # a document that tells its year alone is of no month
    "first": "f.day >= CAST($first AS DATE) AND f.precision <> 'year'",
    "last": "f.day <= CAST($last AS DATE) AND f.precision <> 'year'",
}
_ASKS = _DOCUMENTS | {
    "unit": "f.currency || '/' || f.unit = $unit",
    "band": "f.band = CAST($band AS DOUBLE)",
}
_INDICATORS = {
    "name": "i.name = $name",
    "area": "i.area = $area",
    "source": "i.source = $source",
    "substance": "i.substance = $substance",
    "step": "i.step = $step",
    "unit": "i.unit = $unit",
    "first": "i.period >= CAST($first AS DATE)",
    "last": "i.period <= CAST($last AS DATE)",
}
_QUERIES = {  # kind: what may be asked of it, and the query
    "samples": (
        _SAMPLES,
        (
            "SELECT s.id, s.reference, s.source, s.site, s.day, s.sold_as, s.form FROM analysed s "
            "WHERE {where} "
            "ORDER BY s.day, s.reference, s.id"
        ),
    ),
    "contents": (
        _RESULTS,
        (
            "SELECT s.id, s.reference, s.source, s.day, s.form, r.substance, r.amount, r.unit, "
            "r.method FROM found r JOIN samples s ON s.id = r.sample WHERE r.amount IS NOT NULL "
            "AND {where} ORDER BY s.day, s.reference, s.id, r.amount"
        ),
    ),
    "paid": (
        _SAMPLES | {"unit": f"{prices.PAID} = $unit"},
        (
            "SELECT s.id, s.reference, s.source, s.day, s.sold_as, s.price, s.currency, "
            "s.quantity, s.unit FROM samples s WHERE s.price > 0 AND s.quantity > 0 "
            "AND s.currency IS NOT NULL AND {where} ORDER BY s.day, s.reference, s.id"
        ),
    ),
    "documents": (
        _DOCUMENTS,
        (
            "SELECT f.document AS id, f.source, f.site, f.day FROM facts f "
            "WHERE f.kind = 'mention' AND {where} QUALIFY row_number() OVER ("
            "PARTITION BY f.first ORDER BY f.day, f.document, f.start) = 1 ORDER BY f.day, id"
        ),
    ),
    "asked": (
        _ASKS,
        (
            "SELECT f.document AS id, f.source, f.site, f.day, f.substance, f.amount, f.currency, "
            f"f.quantity, f.unit FROM ({prices.ASKS}) f WHERE {{where}} QUALIFY row_number() OVER ("
            f"PARTITION BY {prices.ONE} ORDER BY f.day, f.document, f.start) = 1 "
            "ORDER BY f.day, id, f.start"
        ),
    ),
    "indicators": (
        _INDICATORS,
        (
            "SELECT i.source, i.revision, i.name, i.area, i.period, i.step, i.value, i.unit, "
            "i.denominator, i.note FROM indicators i WHERE {where} "
            "ORDER BY i.source, i.name, i.area, i.period, i.revision"
        ),
    ),
}


def link(kind: str, /, **about: Any) -> str:
    """Return the link of a figure; what is None does not matter for it.

    >>> link("samples", name="mdma", first=None, substance="pmma")
    'samples?name=mdma&substance=pmma'
    """
    said = {k: str(v) for k, v in sorted(about.items()) if v is not None}
    return f"{kind}?{urlencode(said)}"


def years(first: int, last: int | None = None) -> dict[str, str]:
    """Return the bounds of a stretch of years, for a link."""
    return {"first": f"{first}-01-01", "last": f"{last or first}-12-31"}


def follow(tables: Tables, text: str) -> list[dict[str, Any]]:
    """Return the rows that a figure counts, ids as they are shown.

    Raises:
        ConfigError: no such link.
    """
    kind, _, rest = text.partition("?")
    if kind not in _QUERIES:
        raise ConfigError(f"no kind of rows {kind!r}", allowed=", ".join(sorted(_QUERIES)))
    allowed, query = _QUERIES[kind]
    about: dict[str, Any] = dict(parse_qsl(rest, keep_blank_values=True))
    if unknown := set(about) - set(allowed):
        raise ConfigError(
            f"{kind} cannot be asked by {', '.join(sorted(unknown))}",
            allowed=", ".join(sorted(allowed)),
        )
    for bound in about.keys() & {"first", "last"}:
        try:
            date.fromisoformat(about[bound])
        except ValueError:
            raise ConfigError(f"{bound} is not a day", do="write it as 2024-05-31") from None
    where = " AND ".join(allowed[name] for name in about) or "true"
    if "family" in about:
        about["family"] = sorted(findings.members(about["family"]))
    if "expected" in about:
        about["expected"] = sorted(findings.counts_as(about["expected"]))
    with tables.connect() as connection:
        findings.prepare(connection)
        if "danger" in about:
            connection.register("dangers", findings.dangers(connection))
        asked = connection.sql(query.format(where=where), params=about or None)
        rows: list[dict[str, Any]] = asked.to_arrow_table().to_pylist()
    return [row | {"id": show(row["id"])} if "id" in row else row for row in rows]

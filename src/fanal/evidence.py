"""What stands behind a signal: history, who says so and who does not, excerpts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fanal.counting import COUNTED, parts_of
from fanal.findings import members
from fanal.records import SOURCE_KINDS
from fanal.storage.tables import Tables

EXCERPTS = 6
AROUND = 160  # code points of context on each side of a coded span


def of(tables: Tables, signal: dict[str, Any], cut: float) -> dict[str, Any]:
    """Return the evidence of a signal: `history`, `corroboration`, `alarms`, `excerpts`, numbers.

    Texts are from after the door. Reposts count once.
    """
    dimensions = parts_of(signal["series"])[1]
    if not signal["place"]:
        dimensions.pop("site", None)  # several sites say so: the strongest is only one of them
    until = signal["last"] + timedelta(days=6 if "/week" in signal["series"] else 31)
    documents = _documents(tables, dimensions, signal["first"], until, cut)
    named = {"substance", "label"} & set(dimensions)
    analysed = _samples(tables, signal["place"], signal["first"], until) if named else []
    samples = [s for s in analysed if _concerns(s, dimensions)]
    return {
        "history": tables.rows(
            "SELECT period, value, denominator FROM points WHERE series = ? ORDER BY period",
            [signal["series"]],
        ),
        "alarms": tables.rows(
            "SELECT series, period, observed, expected, threshold, score, detector, parameters "
            "FROM alarms WHERE signal = ? ORDER BY period, series",
            [signal["id"]],
        ),
        "first_seen": _first_seen(tables, dimensions, cut),
        "corroboration": _corroboration(tables, documents, signal["first"], until)
        + _laboratories(samples, analysed),
        "samples": samples,
        "analysed": len(analysed),
        "reposts": sum(1 for d in documents if d["original"] != d["id"]),
        "documents": len({d["original"] for d in documents}),
        "excerpts": _excerpts(documents),
    }


def _concept(dimensions: dict[str, str]) -> tuple[str, str, str] | None:
    for dimension, column, kind in COUNTED.values():
        if dimension in dimensions:
            return kind, column, dimensions[dimension]
    return None


def _documents(
    tables: Tables, dimensions: dict[str, str], first: date, until: date, cut: float
) -> list[dict[str, Any]]:
    """Return the documents of the period that carry the concept, latest first."""
    concept = _concept(dimensions)
    if concept is None:
        return []
    kind, column, value = concept
    site = "AND d.site = $site" if "site" in dimensions else ""
    parameters = {"kind": kind, "value": value, "first": first, "until": until, "cut": cut}
    if site:
        parameters["site"] = dimensions["site"]
    return tables.rows(
        f"""
        SELECT d.id, coalesce(r.original, d.id) AS original, d.day, d.site, d.source,
               d.kind AS source_kind, d.thread, d.text, o.start, o.stop, o.rule, o.confidence
        FROM observations o
        JOIN current_documents d ON d.id = o.document AND d.version = o.version
        LEFT JOIN reposts r ON r.document = d.id
        WHERE o.kind = $kind AND o.{column} = $value AND o.confidence >= $cut
          AND d.day BETWEEN $first AND $until {site}
        QUALIFY row_number() OVER (PARTITION BY d.id ORDER BY o.confidence DESC, o.start) = 1
        ORDER BY d.day DESC, d.id
        """,
        parameters,
    )


def _first_seen(tables: Tables, dimensions: dict[str, str], cut: float) -> date | None:
    concept = _concept(dimensions)
    if concept is None:
        return None
    kind, column, value = concept
    rows = tables.rows(
        f"""
        SELECT min(d.day) AS day FROM observations o
        JOIN current_documents d ON d.id = o.document AND d.version = o.version
        WHERE o.kind = ? AND o.{column} = ? AND o.confidence >= ?
        """,
        [kind, value, cut],
    )
    day: date | None = rows[0]["day"]
    return day


def _corroboration(
    tables: Tables, documents: list[dict[str, Any]], first: date, until: date
) -> list[dict[str, Any]]:
    """Return a row for each kind of source: how many say so, of how many that were read.

    A kind that was read and does not say so speaks against; one that was not read is silent.
    """
    read = {
        row["kind"]: row
        for row in tables.rows(
            "SELECT kind, count(*) AS documents, count(DISTINCT source) AS sources, "
            "count(DISTINCT site) AS sites FROM current_documents WHERE day BETWEEN ? AND ? "
            "GROUP BY kind",
            [first, until],
        )
    }
    rows = []
    for kind in SOURCE_KINDS:
        if kind == "lab":
            continue  # its witnesses are samples
        mine = [d for d in documents if d["source_kind"] == kind]
        of_kind = read.get(kind, {"documents": 0, "sources": 0, "sites": 0})
        rows.append(
            {
                "kind": kind,
                "documents": len({d["original"] for d in mine}),
                "sources": len({d["source"] for d in mine}),
                "sites": sorted({d["site"] for d in mine}),
                "threads": len({d["thread"] for d in mine}),
                "read": of_kind["documents"],
                "sources_read": of_kind["sources"],
                "stance": "for" if mine else "against" if of_kind["documents"] else "not read",
            }
        )
    return rows


def _samples(tables: Tables, site: str, first: date, until: date) -> list[dict[str, Any]]:
    """Return the samples analysed in a period, each with what was found in it."""
    return tables.rows(
        """
        SELECT s.id, s.reference, s.source, s.site, s.day, s.form, s.sold_as, s.sold_as_label,
               list(DISTINCT r.substance) FILTER (r.role <> 'none' AND NOT r.censored) AS found,
               list(DISTINCT lower(r.label)) FILTER (r.role <> 'none') AS labels,
               list(DISTINCT r.method) FILTER (r.method IS NOT NULL) AS methods
        FROM samples s JOIN results r ON r.sample = s.id
        WHERE s.day BETWEEN $first AND $until AND ($site = '' OR s.site = $site)
        GROUP BY ALL ORDER BY s.day, s.reference, s.id
        """,
        {"first": first, "until": until, "site": site},
    )


def _concerns(sample: dict[str, Any], dimensions: dict[str, str]) -> bool:
    """Say whether a sample holds what a signal is about, or was sold as it."""
    if "label" in dimensions:
        return dimensions["label"] in (sample["labels"] or ())
    about = members(dimensions["substance"]) if "substance" in dimensions else frozenset()
    return bool(about & {*(sample["found"] or ()), sample["sold_as"]})


def _laboratories(
    samples: list[dict[str, Any]], analysed: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the row of laboratories among the witnesses; their documents are samples."""
    return [
        {
            "kind": "lab",
            "documents": len(samples),
            "sources": len({s["source"] for s in samples}),
            "sites": sorted({s["site"] for s in samples}),
            "threads": len({s["source"] for s in samples}),
            "read": len(analysed),
            "sources_read": len({s["source"] for s in analysed}),
            "stance": "for" if samples else "against" if analysed else "not read",
        }
    ]


def _excerpts(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a few passages, of as many different sources as there are; reposts once."""
    chosen: list[dict[str, Any]] = []
    seen: set[bytes] = set()
    by_source: dict[str, list[dict[str, Any]]] = {}
    for document in documents:
        if document["original"] not in seen:
            seen.add(document["original"])
            by_source.setdefault(document["source"], []).append(document)
    while len(chosen) < EXCERPTS and any(by_source.values()):
        for queue in by_source.values():
            if queue and len(chosen) < EXCERPTS:
                chosen.append(queue.pop(0))
    return [
        {
            "document": d["id"],
            "day": d["day"],
            "site": d["site"],
            "source": d["source"],
            "kind": d["source_kind"],
            "rule": d["rule"],
            **_passage(d["text"], d["start"], d["stop"]),
        }
        for d in chosen
    ]


def _passage(text: str, start: int, stop: int) -> dict[str, Any]:
    """Return the text around a span, cut at spaces, with the span's place in it."""
    left, right = max(0, start - AROUND), min(len(text), stop + AROUND)
    while 0 < left < start and not text[left - 1].isspace():
        left += 1
    while stop < right < len(text) and not text[right].isspace():
        right -= 1
    before = "…" if left else ""
    after = "…" if right < len(text) else ""
    return {
        "text": f"{before}{text[left:right]}{after}",
        "start": start - left + len(before),
        "stop": stop - left + len(before),
    }

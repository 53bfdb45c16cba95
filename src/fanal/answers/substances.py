"""What the observatory knows of one substance, each part with its sources and its limits.

Posts name it, sellers ask prices, laboratories look inside, official tables count, and earlier
reports spoke of it. None of these measures how much is used; side by side they say what is
congruent and what is not. Each figure has a link that `answers.following.follow` turns into
rows.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import asdict
from datetime import date
from typing import Any

from fanal.answers import profiles
from fanal.answers.following import link, years
from fanal.answers.reports import prices_and_purities
from fanal.door.pseudonyms import show
from fanal.errors import ConfigError
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.records import Document, Repost
from fanal.series import ties
from fanal.storage.tables import Tables
from fanal.wording.language import Language, languages
from fanal.wording.marks import N_

LIMITS = {  # part: what its figures do not say
    "mentions": N_("Documents that name it, reposts counted once; neither uses nor sales."),
    "prices": N_("Prices asked in posts or paid as users say; never verified."),
    "contents": N_(
        "Samples brought to a service: no random draw. A result below the limit of "
        "detection does not count as found."
    ),
    "offences": N_(
        "Published figures: the activity of services as much as of the phenomenon. "
        "Figures that name no substance are about all of them."
    ),
    "phenomena": N_(
        "What this observatory or an earlier report established; dated by the year it says."
    ),
    "signals": N_("Grouped alarms, to be verified: a signal is not yet an event."),
}


def about(ws: Observatory, substance: str) -> dict[str, Any]:
    """Return what is known of a substance: `substance`, names, and `parts` in the order to show.

    Each part has `part`, `rows`, `sources` (name, title, kind of those that said something) and
    `limits` (`fr`, `en`); a part without rows stays, since silence is told too. A substance counts
    with what belongs to it (nitazenes with each nitazene).

    Raises:
        ConfigError: the thesaurus does not know it.
    """
    thesaurus = ws.thesaurus()
    found = thesaurus.substances.get(substance)
    if found is None:
        raise ConfigError(f"no substance {substance!r}", do="see: fanal thesaurus list")
    family = sorted(findings.members(substance))
    rows = {
        "mentions": _mentions(ws, substance, family),
        "prices": _prices(ws, substance),
        "contents": _contents(ws, substance, family),
        "offences": _offences(ws, family),
        "phenomena": _phenomena(ws, substance),
        "signals": _signals(ws, substance),
    }
    spoke = _spoke(ws, family)
    return {
        "substance": substance,
        "fr": thesaurus.label(substance, "fr"),
        "en": thesaurus.label(substance, "en"),
        "class": found.klass,
        "members": [member for member in family if member != substance],
        "parts": [
            {
                "part": part,
                "rows": said,
                "sources": [
                    {"name": name, "title": ws.sources[name].title, "kind": ws.sources[name].kind}
                    for name in spoke.get(part, ()) if name in ws.sources
                ],
                "limits": {code: Language(code).say(LIMITS[part]) for code in languages()},
            }
            for part, said in rows.items()
        ],
    }  # fmt: skip


def _mentions(ws: Observatory, substance: str, family: list[str]) -> list[dict[str, Any]]:
    """Return documents that name it, by month and kind of source, with those that were read."""
    rows = ws.tables.rows(
        """
        SELECT CAST(date_trunc('month', day) AS DATE) AS month, source_kind AS kind,
               count(DISTINCT first) AS documents, list(DISTINCT source) AS sources
        FROM facts
        WHERE kind = 'mention' AND list_contains($family, substance) AND precision <> 'year'
        GROUP BY date_trunc('month', day), source_kind ORDER BY month, source_kind
        """,
        {"family": family},
    )
    every = read(ws.tables)
    rows = [row | {"read": every[f"{row['month']:%Y-%m} {row['kind']}"]} for row in rows]
    return [
        row | {"sources": sorted(row["sources"]),
               "link": link("documents", family=substance, kind=row["kind"],
                            **_month(row["month"]))}
        for row in rows
    ]  # fmt: skip


def read(tables: Tables) -> dict[str, int]:
    """Return how many documents were read, reposts once, by month and kind of source."""
    query = """
        SELECT strftime(day, '%Y-%m') || ' ' || kind AS what, count(DISTINCT first) AS n FROM texts
        WHERE precision <> 'year' GROUP BY what
    """
    found: dict[str, int] = tables.kept(
        "read",
        (Document, Repost),
        lambda: {row["what"]: row["n"] for row in tables.rows(query)},
    )
    return found


def _month(first: date) -> dict[str, str]:
    days = monthrange(first.year, first.month)[1]
    return {"first": str(first), "last": str(first.replace(day=days))}


def _prices(ws: Observatory, substance: str) -> list[dict[str, Any]]:
    """Return unit prices and what they rest on: asked of late, by quantity, and ever paid."""
    first, last, _ = profiles.of_late(ws, substance)
    bounds = {"first": first, "last": last}
    rows = [
        asdict(row) | bounds | {"link": link("asked", unit=row.unit, substance=substance,
                                             band=row.band, **bounds)}
        for row in prices_and_purities(ws, first, last)
        if row.substance == substance and row.measure == "price asked"
    ]  # fmt: skip
    return rows + [
        asdict(row) | {"link": link("paid", unit=row.unit, sold_as=substance)}
        for row in prices_and_purities(ws)
        if row.substance == substance and row.measure == "price paid"
    ]


def _contents(ws: Observatory, substance: str, family: list[str]) -> list[dict[str, Any]]:
    """Return what was found under its name, under which names it was found, and how much."""
    with ws.tables.connect() as connection:
        pairs = findings.sold_as_found(connection).to_pylist()
        expected = findings.as_expected(connection).to_pylist()
        doses = findings.doses(connection).to_pylist()
        changed = findings.changed_contents(connection).to_pylist()
        dangers = findings.dangers(connection).to_pylist()
    rows: list[dict[str, Any]] = []
    for pair in expected:
        if pair["sold_as"] == substance:
            rows.append(
                {"what": "as expected"}
                | pair
                | {"link": link("samples", sold_as=substance, expected=substance)}
            )
    for pair in pairs:
        what = (
            "found under its name" if pair["sold_as"] == substance != pair["substance"]
            else "found under another name" if pair["substance"] in family
            and pair["sold_as"] not in family
            else ""
        )  # fmt: skip
        if what:
            followed = link("samples", sold_as=pair["sold_as"], substance=pair["substance"])
            rows.append({"what": what} | pair | {"link": followed})
    for dose in doses:
        if dose["substance"] in family and dose["n"]:
            followed = link("contents", substance=dose["substance"], site=dose["site"],
                            unit=dose["unit"], form=dose["form"] or "")  # fmt: skip
            rows.append({"what": "how much"} | dose | {"link": followed})
    for stretch in changed:
        if stretch["sold_as"] == substance:
            followed = link("samples", sold_as=substance, expected=substance,
                            **years(stretch["first"], stretch["last"]))  # fmt: skip
            rows.append({"what": "changed"} | stretch | {"link": followed})
    for rule in sorted({d["rule"] for d in dangers if d["found"] in family}):
        samples = len({d["sample"] for d in dangers if d["rule"] == rule})
        rows.append({"what": "danger", "rule": rule, "samples": samples,
                     "link": link("samples", danger=rule)})  # fmt: skip
    return rows


def _offences(ws: Observatory, family: list[str]) -> list[dict[str, Any]]:
    """Return published figures on it, and those that name no substance, as latest revised."""
    rows = ws.tables.rows(
        """
        SELECT name, area, period, step, value, unit, denominator, note, substance, source, revision
        FROM indicators WHERE (substance IS NULL OR list_contains($family, substance))
        QUALIFY row_number() OVER (PARTITION BY source, name, area, period, step, unit, substance
                                   ORDER BY revision DESC, value, note) = 1
        ORDER BY substance IS NULL, name, area, period, source, step, unit, substance
        """,
        {"family": family},
    )
    return [
        row | {"link": link("indicators", name=row["name"], area=row["area"], unit=row["unit"],
                            source=row["source"], first=row["period"], last=row["period"])}
        for row in rows
    ]  # fmt: skip


def _phenomena(ws: Observatory, substance: str) -> list[dict[str, Any]]:
    """Return what was stated of it or of a family that it belongs to, by year."""
    above = {substance, *ws.thesaurus().ancestors(substance)}
    return [
        {"id": show(p.id), "year": p.year, "title": p.title, "statement": p.statement,
         "novelty": p.novelty, "sites": p.sites, "origin": p.origin, "concept": p.concept}
        for p in sorted(ws.phenomena(), key=lambda p: p.year)
        if any(ties(p, f"{kind}={name}", "") for name in above for kind in ("substance", "group"))
    ]  # fmt: skip


def _signals(ws: Observatory, substance: str) -> list[dict[str, Any]]:
    """Return its signals, the latest first."""
    kept = ("concept", "place", "first", "last", "novelty", "state", "measure", "observed",
            "expected", "score")  # fmt: skip
    mine = [s for s in ws.signals() if {f"substance={substance}", f"group={substance}"}
            & set(s.concept.split())]  # fmt: skip
    return [{"id": show(s.id)} | {k: getattr(s, k) for k in kept}
            for s in sorted(mine, key=lambda s: s.last, reverse=True)]  # fmt: skip


def _spoke(ws: Observatory, family: list[str]) -> dict[str, list[str]]:
    """Return the sources that said something, by part."""
    rows = ws.tables.rows(
        """
        SELECT DISTINCT CASE f.kind WHEN 'price' THEN 'prices' ELSE 'mentions' END AS part,
               f.source
        FROM facts f
        WHERE f.kind IN ('price', 'mention') AND list_contains($family, f.substance)
        UNION
        SELECT 'prices', source FROM samples WHERE price > 0 AND list_contains($family, sold_as)
        UNION
        SELECT 'contents', s.source FROM samples s JOIN results r ON r.sample = s.id
        WHERE list_contains($family, s.sold_as) OR list_contains($family, r.substance)
        UNION
        SELECT 'offences', source FROM indicators
        WHERE substance IS NULL OR list_contains($family, substance)
        ORDER BY ALL
        """,
        {"family": family},
    )
    spoke: dict[str, list[str]] = {}
    for row in rows:
        spoke.setdefault(row["part"], []).append(row["source"])
    return spoke

"""Laboratory reports: the alert form of a signal, prices and purities, one sample's result."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any

from fanal import door
from fanal.answers import evidence, prices
from fanal.door import show
from fanal.edition import Name
from fanal.errors import ConfigError
from fanal.exporters.alert import AlertForm
from fanal.exporters.signals_prose import NOVELTY, corroboration, detector, sentence, title
from fanal.laboratory import findings
from fanal.observatory import Observatory
from fanal.wording.language import Language


def alert_form(ws: Observatory, short: str, language: str = "fr") -> AlertForm:
    """Return the alert form (a)–(j) of a signal, prefilled with what the tables say.

    What only a person can know (measures, most risks) is left empty.
    """
    from fanal.publishing.composing import fact

    signal = ws.signal(short)
    behind = evidence.behind(ws, short)
    thesaurus = ws.thesaurus()
    say = Language(language)
    pick = say.pick
    told = fact(ws, thesaurus, signal, behind)
    titled = title(told, say)
    samples = behind["samples"]

    def named(substance: str) -> str:
        if substance not in thesaurus.substances:
            return substance
        return Name(
            thesaurus.label(substance, "fr"), thesaurus.label(substance, "en")
        ).in_(language)  # fmt: skip

    def counted(values: list[str | None]) -> str:
        return ", ".join(f"{named(v)} ({n})" for v, n in Counter(values).most_common() if v)

    sites = sorted({s["site"] for s in samples} or ({signal["place"]} - {""}))
    days = [s["day"] for s in samples] or [signal["first"], signal["last"]]
    when = f"{min(days):%d/%m/%Y} – {max(days):%d/%m/%Y}"
    novelty = pick(*NOVELTY.get(signal["novelty"], (signal["novelty"],) * 2))
    fields = {
        "a": pick("Signal : ", "Signal: ") + f"{titled} — {novelty}. {sentence(told, say)} "
        + (pick("Vendu comme : ", "Sold as: ") + counted([s["sold_as"] for s in samples])
           if samples else ""),
        "b": when + pick(" ; ", "; ") + (
            ", ".join(map(say.site, sites)) or pick("plusieurs sites", "several sites")),
        "c": (pick("Formes : ", "Forms: ") + counted([s["form"] for s in samples])
              if any(s["form"] for s in samples) else ""),
        "d": (pick("Trouvé dans ", "Found in ") + f"{len(samples)} / {behind['analysed']} "
              + pick("échantillons analysés : ", "samples analysed: ")
              + counted([f for s in samples for f in s["found"] or ()])
              + pick("\nRéférences : ", "\nReferences: ")
              + ", ".join(s["reference"] for s in samples if s["reference"])
              if samples else ""),
        "e": ", ".join(sorted({m for s in samples for m in s["methods"] or ()})),
        "j": f"{corroboration(told, say)} "
        + pick("Signal ", "Signal ") + f"{show(signal['id'])}, "
        + pick("méthode ", "method ") + f"{detector(signal['detector'], say)}.",
    }  # fmt: skip
    return AlertForm(
        signal=show(signal["id"]),
        title=pick("Alerte : ", "Alert: ") + titled,
        language=language,
        drawn_up=date.today(),  # noqa: DTZ011 - the calendar day where the person sits
        fields={k: _withheld(t) if k in "cde" else t for k, t in fields.items() if t},
    )


def _withheld(text: str) -> str:
    """Return words of a service without any line that the door of today would not let out."""
    return "\n".join(line for line in text.splitlines() if not door.leaks(line))


def prices_and_purities(
    ws: Observatory, first: date | None = None, last: date | None = None
) -> list[dict[str, Any]]:
    """Return prices and contents by substance in the shape that focal points fill.

    Measures: price of a gram, tablet or dose, asked (posts, by the quantity that it is asked for;
    `band` is its first) and paid (samples); content in % and mg per tablet. Each with minimum,
    mean, median, maximum and number of observations.
    """
    first, last = first or date(1900, 1, 1), last or date(9999, 12, 31)
    rows = [
        {
            "substance": p.substance, "measure": "price asked", "unit": f"{p.currency}/{p.unit}",
            "quantity": prices.band_label(p.unit, p.band), "minimum": p.minimum, "mean": p.mean,
            "median": p.median, "maximum": p.maximum, "observations": p.n, "band": p.band,
        }
        for p in prices.asked(ws.tables, first, last)
    ]  # fmt: skip
    rows += ws.tables.rows(_PAID_AND_FOUND, {"first": first, "last": last})
    rows.sort(key=lambda r: (r["substance"], r["measure"], r["unit"], r["band"]))
    return rows


_PAID_AND_FOUND = """
WITH paid AS (
  SELECT sold_as AS substance, 'price paid' AS measure, currency || '/' ||
         CASE WHEN unit IN ('comprimé', 'cp', 'pill', 'tablette') THEN 'tablet'
              WHEN unit = 'buvard' THEN 'blotter' ELSE unit END AS unit, price / quantity AS value
  FROM samples
  WHERE price > 0 AND quantity > 0 AND unit IS NOT NULL AND currency IS NOT NULL
    AND day BETWEEN $first AND $last
), contents AS (
  SELECT r.substance, 'content',
         CASE WHEN r.unit = 'mg' AND s.form IN ('tablet', 'pill', 'comprimé', 'cachet')
              THEN 'mg/tablet' ELSE r.unit END, r.amount
  FROM results r JOIN samples s ON s.id = r.sample
  WHERE r.amount > 0 AND NOT r.censored AND r.role IN ('main', 'minor')
    AND r.unit IN ('%', 'mg', 'mg/tablet') AND s.day BETWEEN $first AND $last
)
SELECT substance, measure, unit, '' AS quantity, min(value) AS minimum,
       round(avg(value), 6) AS mean, median(value) AS median, max(value) AS maximum,
       count(*) AS observations, 0.0 AS band
FROM (SELECT * FROM paid UNION ALL SELECT * FROM contents)
WHERE substance IS NOT NULL GROUP BY substance, measure, unit
"""


def result_of(ws: Observatory, reference: str, history: bool = False) -> list[dict[str, Any]]:
    """Return what was found in the samples of a reference: of the product, never of a person.

    With `history`, also the answers that were corrected since, by their `version`.

    Raises:
        ConfigError: no sample has that reference.
    """
    results = "every_results" if history else "results"
    rows = ws.tables.rows(
        f"""
        SELECT s.reference, s.source, s.day, s.sold_as, s.sold_as_label, r.substance, r.label,
               r.role, r.amount, r.amount_max, r.unit, r.uncertainty, r.censored, r.method,
               r.version
        FROM samples s LEFT JOIN {results} r ON r.sample = s.id
        WHERE s.reference IN ($reference, $keyed)
        ORDER BY s.source, r.version DESC, r.role, r.amount DESC NULLS LAST, r.label
        """,
        {
            "reference": reference.strip(),
            "keyed": door.KeyRing(ws.keys).reference(reference),  # of one that the door replaced
        },
    )
    if not rows:
        raise ConfigError("no sample has that reference", do="check it on the receipt")
    return rows


def matrix(ws: Observatory) -> list[dict[str, Any]]:
    """Return names against contents with their intervals, the most analysed names first."""
    with ws.tables.connect() as connection:
        found: list[dict[str, Any]] = findings.sold_as_found(connection).to_pylist()
    return sorted(found, key=lambda r: (-r["of"], r["sold_as"], -r["samples"], r["substance"]))

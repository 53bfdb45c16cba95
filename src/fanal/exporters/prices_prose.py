"""What a bulletin says of prices: those that moved in sentences, all in a table."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fanal.edition import Edition, PriceFact
from fanal.exporters import charts
from fanal.exporters.blocks import (
    Block,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Run,
    Runs,
    Table,
    text,
)
from fanal.wording.language import Language, alphabetical, capital

MOVED = 0.1  # a smaller change of the median is not told
LEAST = 5  # prices on each side of a comparison
ROWS = 14  # of the picture


def prices(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield the section on prices."""
    yield Heading(1, language.pick("Les prix", "Prices"), "prices")
    if not edition.prices:
        none = language.pick("Trop peu de prix ont été relevés.", "Too few prices were seen.")
        yield Paragraph(text(none))
        return
    yield Paragraph(
        text(
            language.pick(
                "Prix demandés dans les textes, ramenés à une unité et rangés par quantité, car "
                "l'unité coûte moins cher quand on en achète plusieurs. La médiane est suivie de "
                "la moitié centrale des prix.",
                "Prices asked in the texts, for one unit and by quantity, since a unit costs less "
                "when several are bought. The median is followed by the middle half of the prices.",
            )
        )
    )
    yield _moves(edition.prices, language)
    caption = language.pick(
        "Prix demandés pour la quantité la plus citée : médiane (point), moitié centrale (barre), "
        "médiane d'avant (losange).",
        "Asking prices for the quantity named most: median (dot), middle half (bar), median before "
        "(diamond).",
    )
    shown = _named_most(edition.prices)
    medians = [f"{_what(f, language)} {language.money(f.median, f.currency)}" for f in shown]
    svg = charts.draw(charts.prices(shown, language), "prices", language)
    yield Figure(svg, f"{caption} {'; '.join(medians)}.", caption)
    yield _table(sorted(edition.prices, key=lambda f: _order(f, language)), language)


def _moves(facts: Sequence[PriceFact], language: Language) -> Block:
    moved = [f for f in facts if abs(_change(f)) >= MOVED]
    if moved:
        return Bullets(tuple(text(_sentence(f, language)) for f in moved))
    if not any(f.before for f in facts):
        return Paragraph(
            text(
                language.pick(
                    "Il n'y a pas de période antérieure à laquelle les comparer.",
                    "There is no earlier period to compare them with.",
                )
            )
        )
    return Paragraph(
        text(
            language.pick(
                "Aucun prix ne bouge de plus d'un dixième.", "No price moves by more than a tenth."
            )
        )
    )


def _change(f: PriceFact) -> float:
    if not f.before or min(f.n, f.before_n) < LEAST:
        return 0.0
    return f.median / f.before - 1


def _what(f: PriceFact, language: Language) -> str:
    name = capital(language.set(f.substance.in_(language.code)))
    return ", ".join(
        filter(None, (name, language.site(f.place), language.amount(f.quantity, f.unit)))
    )


def _sentence(f: PriceFact, language: Language) -> str:
    now, then = language.money(f.median, f.currency), language.money(f.before or 0, f.currency)
    by, each = language.percent(abs(_change(f))), language.each(f.unit)
    word_fr, word_en = ("de plus", "up") if _change(f) > 0 else ("de moins", "down")
    what, n = _what(f, language), language.count(f.n, "price")
    return language.pick(
        f"{what} : {now} {each} en médiane, contre {then} auparavant, soit {by} {word_fr} ({n}).",
        f"{what}: {now} {each} at the median, from {then} before, {word_en} {by} ({n}).",
    )


def _order(f: PriceFact, language: Language) -> tuple[str, str, str, float]:
    number = re.search(r"[\d.]+", f.quantity)
    first = float(number[0]) if number else 0.0
    return (
        alphabetical(f.substance.in_(language.code)),
        f.place,
        f.unit,
        first if "<" not in f.quantity else 0.0,
    )


def _named_most(facts: Sequence[PriceFact]) -> list[PriceFact]:
    """Return the quantity with most prices of each substance at each place, the commonest first."""
    best: dict[tuple[str, str, str], PriceFact] = {}
    for f in sorted(facts, key=lambda f: -f.n):
        best.setdefault((f.substance.en, f.place, f.unit), f)
    return list(best.values())[:ROWS]


def _table(facts: Sequence[PriceFact], language: Language) -> Table:
    head = language.pick(
        "Substance|Lieu|Quantité|Prix relevés|Médiane|Moitié centrale|Avant|Preuves",
        "Substance|Place|Quantity|Prices seen|Median|Middle half|Before|Evidence",
    ).split("|")
    widths = (20, 12, 13, 9, 11, 15, 10, 14)
    rows = [_cells(f, language) for f in facts]
    # A column that says nothing is left out.
    kept = [i for i in range(len(head)) if any(cell.text for row in rows for cell in row[i])]
    return Table(
        language.pick(
            "Prix d'une unité, par substance, lieu et quantité",
            "Price of one unit, by substance, place and quantity",
        ),
        tuple(head[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in rows),
        tuple(kept.index(i) for i in (2, 3, 4, 5, 6) if i in kept),
        widths=tuple(widths[i] for i in kept),
    )


def _cells(f: PriceFact, language: Language) -> tuple[Runs, ...]:
    cites: list[Run] = []
    for e in f.evidence[:2]:
        cites += [Run(" ")] if cites else []
        cites.append(Run(e.document, f"#e-{e.document}", "code"))
    low, high = (language.money(value, f.currency) for value in (f.low, f.high))
    half = low if low == high else language.pick(f"{low}\u00a0à {high}", f"{low} to {high}")
    return (
        text(capital(language.set(f.substance.in_(language.code)))),
        text(language.site(f.place)),
        text(language.amount(f.quantity, f.unit)),
        text(language.number(f.n)),
        text(language.money(f.median, f.currency)),
        text(half),
        text(language.money(f.before, f.currency) if f.before else ""),
        tuple(cites) or text(""),
    )

"""What a bulletin says of prices."""

from __future__ import annotations

from collections.abc import Iterator

from fanal.exporters import charts
from fanal.exporters.blocks import (
    Block,
    Bullets,
    Figure,
    Heading,
    Paragraph,
    Run,
    Table,
    text,
)
from fanal.exporters.edition import Edition, PriceFact
from fanal.exporters.language import Language, capital


def prices(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield the prices: those that moved in sentences, all in a table."""
    yield Heading(1, language.pick("Les prix", "Prices"), "prices")
    if not edition.prices:
        yield Paragraph(
            text(language.pick("Trop peu de prix ont été relevés.", "Too few prices were seen."))
        )
        return
    yield Paragraph(
        text(
            language.pick(
                "Prix demandés dans les textes, ramenés à une unité et rangés par quantité, car "
                "le prix de l'unité "
                "baisse quand on en achète plusieurs. La médiane est suivie de la moitié centrale "
                "des prix.",
                "Prices asked in the texts, for one unit and by quantity, since the price of a "
                "unit falls when "
                "several are bought. The median is followed by the middle half of the prices.",
            )
        )
    )
    moved = [f for f in edition.prices if _moved(f)]
    if moved:
        yield Bullets(tuple(text(_price_sentence(f, language)) for f in moved))
    else:
        yield Paragraph(
            text(
                language.pick(
                    "Aucun prix ne bouge de plus d'un dixième.",
                    "No price moves by more than a tenth.",
                )
            )
        )
    caption = language.pick(
        "Prix demandés : médiane (point), moitié centrale (barre), médiane d'avant (losange).",
        "Asking prices: median (dot), middle half (bar), median before (diamond).",
    )
    shown = edition.prices[:14]
    alt = "; ".join(
        f"{f.substance.in_(language.code)} {f.place} {language.money(f.median, f.currency)}"
        for f in shown
    )
    yield Figure(
        charts.draw(charts.prices(shown, language), "prices", language),
        f"{caption} {alt}.",
        caption,
    )
    yield _price_table(edition, language)


def _moved(fact: PriceFact) -> bool:
    change = _change(fact)
    return change is not None and abs(change) >= 0.1 and min(fact.n, fact.before_n) >= 5


def _change(fact: PriceFact) -> float | None:
    return fact.median / fact.before - 1 if fact.before else None


def _price_sentence(f: PriceFact, language: Language) -> str:
    change, now, then = (
        _change(f) or 0.0,
        language.money(f.median, f.currency),
        language.money(f.before or 0, f.currency),
    )
    what = language.set(f.substance.in_(language.code))
    what = ", ".join(
        filter(None, (capital(what), language.site(f.place), language.amount(f.quantity, f.unit)))
    )
    by, each = language.percent(abs(change)), language.each(f.unit)
    word_fr, word_en = ("de plus", "up") if change > 0 else ("de moins", "down")
    return language.pick(
        f"{what} : {now} {each} en médiane, contre {then} auparavant, soit {by} {word_fr} "
        f"({language.count(f.n, 'price')}).",
        f"{what}: {now} {each} at the median, from {then} before, {word_en} {by} "
        f"({language.count(f.n, 'price')}).",
    )


def _price_table(edition: Edition, language: Language) -> Table:
    head = language.pick(
        "Substance|Lieu|Quantité|Prix relevés|Médiane|Moitié centrale|Avant|Preuves",
        "Substance|Place|Quantity|Prices seen|Median|Middle half|Before|Evidence",
    ).split("|")
    rows = []
    for f in edition.prices:
        what = f.substance.in_(language.code)
        cites: list[Run] = []
        for e in f.evidence[:2]:
            cites += [Run(" ")] if cites else []
            cites.append(Run(e.document, f"#e-{e.document}", "code"))
        half = language.pick(
            f"{language.money(f.low, f.currency)}\u00a0à {language.money(f.high, f.currency)}",
            f"{language.money(f.low, f.currency)}\u00a0to {language.money(f.high, f.currency)}",
        )
        before = language.money(f.before, f.currency) if f.before else "–"
        cells = (
            what,
            language.site(f.place),
            language.amount(f.quantity, f.unit),
            language.number(f.n),
            language.money(f.median, f.currency),
            half,
            before,
        )
        rows.append((*map(text, cells), tuple(cites)))
    return Table(
        language.pick(
            "Prix d'une unité, par substance, lieu et quantité",
            "Price of one unit, by substance, place and quantity",
        ),
        tuple(head),
        tuple(rows),
        (3, 4, 6),
        widths=(18, 12, 11, 9, 11, 17, 10, 14),
    )

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
from fanal.wording.marks import N_

MOVED = 0.1  # a smaller change of the median is not told
LEAST = 5  # prices on each side of a comparison
ROWS = 14  # of the picture


def prices(edition: Edition, language: Language) -> Iterator[Block]:
    """Yield the section on prices."""
    yield Heading(1, language.say("Prices"), "prices")
    if not edition.prices:
        none = language.say("Too few prices were seen.")
        yield Paragraph(text(none))
        return
    yield Paragraph(
        text(
            language.say(
                "Prices asked in the texts, for one unit and by quantity, since a unit costs "
                "less when several are bought. The median is followed by the middle half of "
                "the prices."
            )
        )
    )
    yield _moves(edition.prices, language)
    shown = _named_most(edition.prices)
    caption = language.say(DRAWN[any(f.before for f in shown)])
    medians = [f"{_what(f, language)} {language.money(f.median, f.currency)}" for f in shown]
    svg = charts.draw(charts.prices(shown, language), "prices", language)
    yield Figure(svg, f"{caption} {'; '.join(medians)}.", caption)
    yield _table(edition, language)


DRAWN = {  # whether there is a period before
    False: N_("Asking prices for the quantity named most: median (dot), middle half (bar)."),
    True: N_(
        "Asking prices for the quantity named most: median (dot), middle half (bar), "
        "median before (diamond)."
    ),
}


def _moves(facts: Sequence[PriceFact], language: Language) -> Block:
    moved = [f for f in facts if abs(_change(f)) >= MOVED]
    if moved:
        return Bullets(tuple(text(_sentence(f, language)) for f in moved))
    if not any(f.before for f in facts):
        return Paragraph(text(language.say("There is no earlier period to compare them with.")))
    return Paragraph(text(language.say("No price moves by more than a tenth.")))


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
    what, n = _what(f, language), language.count(f.n, "price")
    message = N_(
        "%(what)s: %(now)s %(each)s at the median, from %(then)s before, down %(by)s (%(n)s)."
    )
    if _change(f) > 0:
        message = N_(
            "%(what)s: %(now)s %(each)s at the median, from %(then)s before, up %(by)s (%(n)s)."
        )
    return language.say(message, what=what, now=now, each=each, then=then, by=by, n=n)


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


def _table(edition: Edition, language: Language) -> Table:
    facts = sorted(edition.prices, key=lambda f: _order(f, language))
    head = language.say(
        "Substance|Place|Quantity|Prices seen|Median|Middle half|Before|Evidence"
    ).split("|")
    widths = (20, 12, 13, 9, 11, 15, 10, 14)
    rows = [_cells(f, language) for f in facts]
    # A column that says nothing is left out.
    kept = [i for i in range(len(head)) if any(cell.text for row in rows for cell in row[i])]
    return Table(
        language.say(
            PRICED[any(f.place for f in facts)],
            first=language.day(edition.first),
            last=language.day(edition.last),
        ),
        tuple(head[i] for i in kept),
        tuple(tuple(row[i] for i in kept) for row in rows),
        tuple(kept.index(i) for i in (2, 3, 4, 5, 6) if i in kept),
        widths=tuple(widths[i] for i in kept),
    )


PRICED = {  # whether they are told by place
    False: N_("Price of one unit from %(first)s to %(last)s, by substance and quantity"),
    True: N_("Price of one unit from %(first)s to %(last)s, by substance, place and quantity"),
}


def _cells(f: PriceFact, language: Language) -> tuple[Runs, ...]:
    cites: list[Run] = []
    for e in f.evidence[:2]:
        cites += [Run(" ")] if cites else []
        cites.append(Run(e.document, f"#e-{e.document}", "code"))
    low, high = (language.money(value, f.currency) for value in (f.low, f.high))
    half = low if low == high else language.say("%(low)s to %(high)s", low=low, high=high)
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

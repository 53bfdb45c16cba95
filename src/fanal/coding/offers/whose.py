"""Whose each offer is: a menu is read line by line, by what stands at the head of each line.

A line names its product before its sums ("shit : 5 g 30 €"), after them ("20 € le g de beuh"), or
leaves it to the line above: a header on a line of its own, or the first of a list of prices. What
a header hands down ends where a line begins with the name of a product that nobody knows: its
prices belong to no substance.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fanal.coding.facts import CUT
from fanal.coding.offers import rules
from fanal.coding.offers.roles import (
    CLOSE,
    COMMA,
    DASH,
    END,
    EQUALS,
    NEWLINE,
    OF,
    ONE,
    OPEN,
    PER,
    PILL,
    PLUS,
    SLASH,
    THE,
    TIMES,
    UNIT,
)
from fanal.coding.offers.text import Offer, Reading
from fanal.coding.offers.tokens import vocabulary

NAMED = rules.regex("[name pill amount]")
AFTER, BEFORE = rules.around("after"), rules.around("before")
FRAME = EQUALS + DASH + COMMA + END + OPEN + CLOSE
SIGNS = DASH + EQUALS + COMMA + END + OPEN + CLOSE + SLASH + PLUS + TIMES  # they frame a name
TITLE, LONE_PACK = rules.around("title"), rules.around("lone_pack")

FORMS = ("blotter", "capsule", "tablet")
WORDS = re.compile(r"[a-z]+")
NONE = -1  # a header that hands no substance down


class Line(NamedTuple):
    """A line of the text: its first place, the place after its last, its offers and its names."""

    start: int
    stop: int
    offers: list[Offer]
    named: list[tuple[int, int]]  # place and index of each substance in it


def attach(reading: Reading, offers: list[Offer]) -> None:
    """Give each offer the nearest right substance, or none.

    Inside the offer or beside it; else the one of its line, by the order in which the line names
    and prices; else the header above, until the next header; else the only one said.
    """
    header: int | None = None
    inline = priced = False  # the header stood on a line of offers; offers since then
    for line in _lines(reading, offers):
        strong = _strong(reading, line)
        if line.offers and line.named:
            _of_line(reading, line, strong)
        elif not line.named and (sign := _sign(reading, line)) is not None:
            strong = [(line.start, sign)]  # "🍫 5 g 30 €"
            for offer in line.offers:
                offer.mention = sign if sign != NONE else None
        if strong:
            header, inline = _handed_down(reading, strong), bool(line.offers)
            priced = inline
        elif line.offers:
            if (inline or header is None) and _is_of_another(reading, line, header):
                header = NONE
            _inherit(reading, line.offers, header)
            priced = True
        elif priced and _title(reading, line) and not _said(reading, line) & vocabulary().neutral:
            header, inline, priced = NONE, False, False
        for offer in line.offers:
            if offer.kind == "bonus" and _is_loyalty(reading, line, offer):
                offer.mention = None


def _is_loyalty(reading: Reading, line: Line, offer: Offer) -> bool:
    """Say whether a bonus is of whatever is bought: "carte de fidélité : 10 achetés, 1 offert"."""
    if offer.fields["unit"]:
        return False
    left, right = reading.sentence_at(offer.first)
    if any(left <= place < right for place, _ in line.named):
        return False
    start, stop = reading.span(left, right - 1)
    return rules.told("loyalty").search(reading.folded, start, stop) is not None


def _lines(reading: Reading, offers: list[Offer]) -> Iterator[Line]:
    """Yield the lines of a text that hold anything."""
    position = todo = 0
    for roles in reading.whole.split(NEWLINE):
        stop = position + len(roles)
        first = todo
        while todo < len(offers) and offers[todo].first <= stop:
            todo += 1
        if roles:
            named = [
                (match.start(), mention)
                for match in NAMED.finditer(reading.whole, position, stop)
                if (mention := reading.mention_at(match.start())) is not None
            ]
            yield Line(position, stop, offers[first:todo], named)
        position = stop + 1


def _strong(reading: Reading, line: Line) -> list[tuple[int, int]]:
    """Return the substances of a line that are sure, or the doubtful one that stands alone."""
    alone = len(reading.whole[line.start : line.stop].strip(FRAME)) <= 2
    return [(i, m) for i, m in line.named if alone or reading.mentions[m].confidence >= CUT]


def _title(reading: Reading, line: Line) -> range:
    """Return the places at the head of a line, before its sums, that may be a product's name."""
    stop = line.offers[0].first if line.offers else line.stop
    roles = reading.whole[line.start : stop]
    start = line.start + len(roles) - len(roles.lstrip(SIGNS))
    roles = roles.strip(SIGNS)
    if TITLE.fullmatch(roles) is None or (roles == OF and reading.word(start) != "d"):
        return range(0)
    return range(start, start + len(roles))


def _said(reading: Reading, line: Line) -> set[str]:
    """Return the words at the head of a line, without an article."""
    return {
        reading.word(i)
        for i in _title(reading, line)
        if reading.whole[i] not in (PER, THE, ONE, COMMA)
    }


def _is_of_another(reading: Reading, line: Line, header: int | None) -> bool:
    """Say whether a line of offers begins with a product other than that of the line above."""
    known = vocabulary()
    stop = line.offers[0].first
    if said := _said(reading, line):
        parted = header is not None or reading.whole[stop - 1] == EQUALS  # "Blue Dream : 10 €"
        return parted and said.isdisjoint(known.neutral | known.plain)
    roles = reading.whole[line.start : stop].strip(SIGNS)
    if LONE_PACK.fullmatch(roles) is None or header is None or header < 0:
        return False
    packs = (reading.word(i) for i in range(line.start, stop) if reading.whole[i] == UNIT)
    goods = known.goods.get(next(packs))
    return goods is not None and reading.mentions[header].substance not in goods


def _sign(reading: Reading, line: Line) -> int | None:
    """Return the substance that the pictures of a line without names stand for.

    `NONE` where they stand beside the name of a product that nobody knows: "🧊 la 3 🧊".
    """
    at = reading.tokens.starts[reading.amounts.places[line.start]]
    start = reading.text.rfind("\n", 0, at) + 1
    stop = reading.text.find("\n", at)
    stop = len(reading.text) if stop < 0 else stop
    signs = [
        number
        for number, m in enumerate(reading.mentions)
        if start <= m.start < stop and m.confidence >= CUT
    ]
    if len({reading.mentions[n].substance for n in signs}) != 1:
        return None
    known = vocabulary()
    said = _said(reading, line)
    return NONE if said and said.isdisjoint(known.neutral | known.plain) else signs[0]


def _handed_down(reading: Reading, strong: list[tuple[int, int]]) -> int:
    """Return the substance that a line hands down: `NONE` where it names several."""
    if strong[0][1] == NONE:
        return NONE
    names = {reading.mentions[m].substance for _, m in strong}
    longest = max(names, key=len)
    if all(longest.startswith(name) for name in names):
        return next(m for _, m in strong if reading.mentions[m].substance == longest)
    return NONE


def _inherit(reading: Reading, offers: Sequence[Offer], header: int | None) -> None:
    """Give offers without a substance that of the header, or the only one that a text names."""
    if header is None:
        sure = [n for n, m in enumerate(reading.mentions) if m.confidence >= CUT]
        one = len({reading.mentions[n].substance for n in sure}) == 1
        header = sure[0] if one else NONE
    form: str | None = None
    for offer in offers:
        if offer.mention is None and header != NONE:
            form = _form(offer, form)
            sold = _sold_in(reading, offer, form)
            offer.mention = header if sold is None or header in sold else _only(reading, sold)
            offer.loose = True


def _of_line(reading: Reading, line: Line, strong: list[tuple[int, int]]) -> None:
    """Attach the offers of a line that names substances."""
    leads = line.named[0][0] <= line.offers[0].first
    form: str | None = None
    for offer in line.offers:
        inside = [m for i, m in line.named if offer.first <= i <= offer.last]
        if inside:
            offer.mention = _counted(reading, offer, strong, inside[0])
            continue
        after = AFTER.match(reading.whole, offer.last + 1)
        follows = reading.mention_at(after.end() - 1) if after else None
        if after and OF in after.group():
            offer.mention = follows
            continue
        form = _form(offer, form)
        sold = _sold_in(reading, offer, form) if offer.kind == "price" else None
        named, sure = line.named, strong
        if sold is not None:
            named, sure = ([(i, m) for i, m in one if m in sold] for one in (named, strong))
            follows = follows if follows in sold else None
        names = {reading.mentions[m].substance for _, m in sure}
        before = BEFORE.search(reading.whole[max(0, offer.first - 4) : offer.first])
        leading = None
        if before:
            leading = reading.mention_at(max(0, offer.first - 4) + before.start())
        if leading is not None and (sold is None or leading in sold) and (leads or follows is None):
            offer.mention = leading
        elif follows is not None and (not leads or names <= {reading.mentions[follows].substance}):
            offer.mention = follows
        elif sure:
            offer.mention = _nearest(offer, sure, leads)
        else:
            offer.mention = _nearest(offer, named, leads, 8)
        if offer.mention is None and sold:
            offer.mention = _only(reading, sold)


def _counted(reading: Reading, offer: Offer, strong: list[tuple[int, int]], inside: int) -> int:
    """Return whose an offer is by a name in it: "Lyrica, 3 € le taz" only counts in pills."""
    product = vocabulary().product
    pills = (
        m
        for i, m in strong
        if not offer.first <= i <= offer.last
        and product.get(reading.mentions[m].substance) in ("tablet", "capsule")
    )
    counts = offer.rule == "rate" and reading.whole[offer.last] == PILL
    return next(pills, inside) if counts else inside


def _form(offer: Offer, before: str | None) -> str | None:
    """Return the dose form that an offer is in; a count goes on from the offer before."""
    unit = offer.fields.get("unit")
    if unit is None and offer.fields.get("quantity") is not None:
        return before
    return unit if unit in FORMS else None


def _sold_in(reading: Reading, offer: Offer, form: str | None) -> dict[int, bool] | None:
    """Return the mentions that may be sold in a dose form, and whether it is how they are counted.

    A blotter is of no powder: of what is counted in blotters where one such is named, else of what
    may be. None: the offer is in no dose form.
    """
    if form is None:
        return None
    known = vocabulary()
    start, stop = reading.span(offer.first, offer.last)
    either = not known.either.isdisjoint(WORDS.findall(reading.folded, start, stop))
    never = () if either else known.unfit.get(form, ())
    counted = {n: known.product.get(m.substance) for n, m in enumerate(reading.mentions)}
    fit = {
        n: counted[n] == form and m.confidence >= CUT
        for n, m in enumerate(reading.mentions)
        if m.substance not in never
    }
    if form != "tablet" and len({reading.mentions[n].substance for n in fit if fit[n]}) == 1:
        fit = {n: own for n, own in fit.items() if own or counted[n]}
    return fit


def _only(reading: Reading, sold: dict[int, bool]) -> int | None:
    """Return the only product of a text that is counted in a form."""
    own = [n for n, counted in sold.items() if counted]
    return own[0] if len({reading.mentions[n].substance for n in own}) == 1 else None


def _nearest(
    offer: Offer, named: list[tuple[int, int]], leads: bool, reach: int = 1000
) -> int | None:
    """Return the nearest substance on the side that the line's order points to."""
    back = [(i, m) for i, m in named if i < offer.first and offer.first - i <= reach]
    on = [(i, m) for i, m in named if i > offer.last and i - offer.last <= reach]
    if leads and back:
        return back[-1][1]
    if on:
        return on[0][1]
    return back[-1][1] if back else None

"""The invented market: products, their names and prices, and menus as sellers lay them out."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from fanal.testing.sentences import invented


@dataclass(frozen=True, slots=True)
class Product:
    """A product as it is offered: its substance, what it is called, how it is sold."""

    substance: str
    names: tuple[str, ...]
    english: str
    price: float  # euros for one unit
    unit: str  # g, or what one counts: tablet, blotter, unit
    quantities: tuple[float, ...]
    emoji: tuple[str, ...] = ("",)


def _names(product: str) -> tuple[str, ...]:
    return tuple(invented()["products"][product])


PRODUCTS = {
    p.substance: p
    for p in (
        Product(
            "cocaine",
            _names("cocaine"),
            "coke",
            70,
            "g",
            (1, 2, 5, 10),
            ("❄️", "🤍", "⚪"),
        ),
        Product(
            "heroin",
            _names("heroin"),
            "heroin",
            35,
            "g",
            (1, 2, 5),
            ("🤎",),
        ),
        Product(
            "cannabis",
            _names("cannabis"),
            "weed",
            10,
            "g",
            (2, 5, 10, 25),
            ("🌿", "🍀", "🥦", "🌲"),
        ),
        Product(
            "cannabis-resin",
            _names("cannabis-resin"),
            "hash",
            7,
            "g",
            (3, 5, 10, 25, 50),
            ("🍫", "🟫"),
        ),
        Product(
            "mdma",
            _names("mdma"),
            "MDMA",
            40,
            "g",
            (1, 2, 5),
            ("💎", "💜"),
        ),
        Product(
            "ketamine",
            _names("ketamine"),
            "ketamine",
            40,
            "g",
            (1, 2, 5, 10),
            ("🐴", "🦄"),
        ),
        Product(
            "amphetamine",
            _names("amphetamine"),
            "speed",
            15,
            "g",
            (1, 5, 10),
            ("⚡",),
        ),
        Product(
            "3-mmc",
            _names("3-mmc"),
            "3-MMC",
            30,
            "g",
            (1, 2, 5, 10),
            ("🧊",),
        ),
        Product(
            "lsd",
            _names("lsd"),
            "acid",
            10,
            "blotter",
            (1, 5, 10),
            ("🌈", "👅"),
        ),
        Product(
            "psilocybin-mushrooms",
            _names("psilocybin-mushrooms"),
            "shrooms",
            10,
            "g",
            (2, 5, 10),
            ("🍄",),
        ),
        Product(
            "nitrous-oxide",
            _names("nitrous-oxide"),
            "nos",
            35,
            "unit",
            (1, 2, 3),
            ("🎈",),
        ),
        Product(
            "pregabalin",
            _names("pregabalin"),
            "pregabalin",
            3,
            "tablet",
            (5, 10, 14),
            ("💊",),
        ),
        Product(
            "crack-cocaine",
            _names("crack-cocaine"),
            "crack",
            20,
            "unit",
            (1, 3),
            ("🪨",),
        ),
    )
}
ECSTASY = Product(
    "mdma",
    _names("ecstasy"),
    "pills",
    10,
    "tablet",
    (1, 3, 5, 10),
    ("💊", "🔺"),
)
TUCIBI = Product("tucibi", _names("tucibi"), "tusi", 90, "g", (1, 2, 5), ("💗", "🌸"))

FORMAL = invented()["formal"]

UNIT_WORDS = invented()["units"]
SITE_LEVEL = {"lille": 0.9, "lyon": 1.0, "toulouse": 1.05}
TOWNS = invented()["towns"]
DEPARTEMENT = {"lille": "59", "lyon": "69", "toulouse": "31"}
BASKET = {
    "lille": (
        "cocaine",
        "heroin",
        "cannabis",
        "cannabis-resin",
        "mdma",
        "ecstasy",
        "ketamine",
        "nitrous-oxide",
    ),
    "lyon": (
        "cocaine",
        "cannabis",
        "cannabis-resin",
        "mdma",
        "ecstasy",
        "3-mmc",
        "ketamine",
        "pregabalin",
    ),
    "toulouse": (
        "cocaine",
        "cannabis",
        "cannabis-resin",
        "mdma",
        "ketamine",
        "amphetamine",
        "lsd",
        "psilocybin-mushrooms",
    ),
}
FALL = (
    "cocaine",
    "lyon",
    58,
    6,
    0.68,
)  # substance, site, first week, weeks until all of it, factor


def product(name: str) -> Product:
    """Return a product of a basket."""
    return ECSTASY if name == "ecstasy" else TUCIBI if name == "tucibi" else PRODUCTS[name]


def level(p: Product, site: str, week: int) -> float:
    """Return the price of one unit at a site in a week, in euros, before rounding."""
    factor = SITE_LEVEL[site]
    substance, where, first, ramp, depth = FALL
    if p.substance == substance and site == where and week >= first:
        factor *= 1 - (1 - depth) * min(1.0, (week - first + 1) / ramp)
    return p.price * factor


def price(random: Random, p: Product, site: str, week: int, quantity: float = 1) -> int:
    """Return what a seller asks for a quantity, rounded as sellers do."""
    exact = level(p, site, week) * quantity**0.88 * random.gauss(1, 0.05)
    step = 1 if exact < 12 else 5 if exact < 150 else 10
    return max(1, int(round(exact / step) * step))


def number(value: float) -> str:
    """Return a quantity as it is typed."""
    return f"{value:g}"


def quantity(p: Product, amount: float, word: str) -> str:
    """Return an amount with its unit as it is typed."""
    if p.unit == "g":
        space = " " if len(word) > 1 else ""
        return f"{number(amount)}{space}{word}{'s' if word == 'gramme' and amount >= 2 else ''}"
    return f"{number(amount)} {word}{'s' if amount >= 2 else ''}"


def euros(random: Random, amount: int, style: str) -> str:
    """Return an amount of money in one of the styles of a channel."""
    return {
        "€": f"{amount}€",
        " €": f"{amount} €",
        "e": f"{amount}e",
        "euros": f"{amount} euros",
        "balles": f"{amount} balles",
    }[style]


def menu_lines(
    random: Random, p: Product, site: str, week: int, layout: str, money: str
) -> list[str]:
    """Return the lines of one product on a menu in the layout of a channel."""
    name, emoji = random.choice(p.names), random.choice(p.emoji)
    word = UNIT_WORDS[p.unit][0]
    some = p.quantities[: random.randrange(2, len(p.quantities) + 1)]
    offers = [
        (quantity(p, q, word), euros(random, price(random, p, site, week, q), money)) for q in some
    ]
    head = f"{emoji} {name} {emoji}".strip()
    if layout == "block":
        return [
            head.upper() if random.random() < 0.4 else head,
            *(f"{q} {e}" for q, e in offers),
            "",
        ]
    if layout == "slash":
        return [f"{emoji} {name} : ".lstrip() + " / ".join(f"{q} {e}" for q, e in offers)]
    if layout == "equals":
        return [f"{name} {emoji} ".replace("  ", " ") + ", ".join(f"{q} = {e}" for q, e in offers)]
    first = euros(random, price(random, p, site, week), money)
    return [
        f"• {name} → {first} le {word}"
        + (f" | {offers[-1][1]} les {offers[-1][0]}" if len(offers) > 1 else "")
    ]

"""How many menus a second the grammar of offers reads, on one core, and what each takes.

    python bench/menus.py [--menus 20000]

Every message is a menu of five to ten lines with a price on each: the dearest text there is. The
goal is 10,000 menus a second on two cores for the whole coder, so 200 µs a menu for all of it.
"""

from __future__ import annotations

import argparse
import random
import time

from fanal.coding.facts import Mention
from fanal.coding.offers import grammar
from fanal.text.folding import fold

PRODUCTS = {
    "Coke": "cocaine",
    "Shit": "cannabis-resin",
    "Beuh": "cannabis",
    "MD": "mdma",
    "Kéta": "ketamine",
    "3-MMC": "3-mmc",
    "Taz": "mdma",
    "LSD": "lsd",
}
LINES = (
    "{q}g {p}€",
    "{q} g : {p} €",
    "➡️ {q}g = {p}e",
    "{p}€ les {q}g",
    "{p}e le g, {r} les 2",
    "{q}g achetés = 1g offert",
)


def menu(random_: random.Random) -> tuple[str, list[Mention]]:
    """Return a menu and the substances in it."""
    text = random_.choice(
        ("🔥 Menu du soir 🔥\n", "Salut la famille, livraison 7j/7 de 13h à 1h\n", "")
    )
    mentions = []
    for _ in range(random_.randint(1, 3)):
        product = random_.choice(list(PRODUCTS))
        mentions.append(Mention(len(text), len(text) + len(product), PRODUCTS[product]))
        text += product + random_.choice((" 🔥\n", " top qualité\n", "\n"))
        for _ in range(random_.randint(2, 4)):
            line = random_.choice(LINES)
            p = random_.randint(2, 30) * 10
            text += line.format(q=random_.choice((1, 2, 5, 10)), p=p, r=p * 2 - 10) + "\n"
    return text, mentions


def main() -> None:
    """Print menus a second and microseconds a menu."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--menus", type=int, default=20_000)
    count = parser.parse_args().menus
    random_ = random.Random(7)
    menus = [menu(random_) for _ in range(count)]
    folded = [fold(text) for text, _ in menus]
    grammar.read("1g 50€", "1g 50€", [])
    started = time.perf_counter()
    facts = 0
    for (text, mentions), plain in zip(menus, folded, strict=True):
        facts += len(grammar.read(text, plain, mentions, "FR"))
    seconds = time.perf_counter() - started
    letters = sum(map(len, folded)) / count
    print(f"{count / seconds:,.0f} menus/s on one core, {seconds / count * 1e6:.0f} µs a menu")
    print(f"{letters:.0f} characters and {facts / count:.1f} facts a menu")


if __name__ == "__main__":
    main()

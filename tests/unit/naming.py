"""A dozen names of substances and a slow scan: enough to read offers and phrases in tests."""

from __future__ import annotations

import re
from functools import cache

from fanal.coding.facts import Hit, Mention
from fanal.text.folding import fold

NAMES = {
    "cocaine": "cocaïne cocaine coke c blanc blanche",
    "heroin": "héroïne heroin héro brun brune",
    "cannabis": "cannabis beuh weed herbe amnesia",
    "cannabis-resin": "shit hash résine",
    "mdma": "mdma md taz ecstasy",
    "ketamine": "kétamine ketamine kéta keta ket",
    "3-mmc": "3-mmc 3mmc 3m",
    "amphetamine": "speed amphétamine",
    "lsd": "lsd",
    "gbl": "gbl",
    "ghb": "ghb",
    "crack-cocaine": "crack",
    "pregabalin": "lyrica",
    "alprazolam": "xanax",
    "diazepam": "diazepam",
    "buprenorphine": "subutex",
    "nitrous-oxide": "protoxyde proto",
}
WEAK = frozenset(("c", "blanc", "blanche", "brun", "brune"))
ALIASES = {fold(name): substance for substance, names in NAMES.items() for name in names.split()}
ALIASES["resine de cannabis"] = "cannabis-resin"
PATTERN = re.compile(
    r"(?<![^\W\d_])(?:" + "|".join(sorted(ALIASES, key=len, reverse=True)) + r")(?![^\W\d_])"
)
WORD = re.compile(r"[^\W_]+")


def mentions(folded: str) -> list[Mention]:
    """Return the substances named in a folded text."""
    return [
        Mention(
            match.start(),
            match.end(),
            ALIASES[match.group()],
            0.4 if match.group() in WEAK else 0.9,
            match.group() in WEAK,
        )
        for match in PATTERN.finditer(folded)
    ]


@cache
def _by_words(phrases: frozenset[str]) -> dict[tuple[str, ...], str]:
    return {tuple(WORD.findall(phrase)): phrase for phrase in phrases}


def scan(folded: str, phrases: frozenset[str]) -> list[Hit]:
    """Return where phrases stand as whole words, whatever sign stands between the words."""
    index = _by_words(phrases)
    words = [(match.group(), match.start(), match.end()) for match in WORD.finditer(folded)]
    found = []
    for first in range(len(words)):
        for last in range(first, min(first + 8, len(words))):
            key = tuple(word for word, _, _ in words[first : last + 1])
            if key in index:
                found.append(Hit(words[first][1], words[last][2], index[key]))
    return found

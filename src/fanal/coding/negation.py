"""What a text denies: "pas de livraison ce soir", "on ne livre plus", "we don't ship".

A fact that begins in a denied stretch is no fact, whatever its kind: a practice, a price, a bonus,
hours, a platform, where is delivered. A mention stays one, whose role says that it is denied: who
says that there is no coke speaks against it.

What denies stands before, or behind ("livraison suspendue", "coke : rien", `negation.toml`): then a
stretch is what its clause says before it, three words at most, and the place that it goes on with.

A stretch begins after the word that denies (with "ne … pas" at the verb) and goes on for some
words that mean something: three after a verb, two after "pas de", "aucun", "no", one after "pas"
and "not" alone ("pas coupée"). It ends with the clause at the latest, and before a number that
nothing ties to it; "ou", "ni", "or" begin it anew. Denying words in a set phrase deny nothing
("pas cher", "pas de minimum", "n'hésitez pas à"), and what is denied under a condition is there
otherwise ("pas de livraison avant 18h").
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

WORDS = 3  # words that mean something and are denied before a denial, at most

REACH = 60  # characters before a denial in which what it denies begins
ELSEWHERE = re.compile(
    r"(?: \w+)? (?:ailleurs|elsewhere|autre part|sans|without|hors|anderswo)(?!\w)"
)
PLACED = re.compile(r" (?:a|au|en|sur|dans|in|at|around|near|pres de) ")
WORD = re.compile(r"[\w'\-]+|\d+")
WITH = frozenset(
    ("on", "sur", "in", "en", "par", "via", "with", "avec", "a", "vers", "to", "nach", "naar")
)
TIES = frozenset(("a", "at", "de", "pour", "for", "of", "au"))
JOINS = frozenset(("ou", "ni", "or", "nor"))
ENDS = re.compile(
    r"[.!?;,:\n()|•*~_+/]| -|[^\x00-\u024f]| (?:mais|sauf|car|sinon|donc|et|qui|seulement"
    r"|uniquement"
    r"|but|except|only|so|and|aber|sondern|nur|und|pero|sino|solo|ma|maar|alleen)(?!\w)"
)
COMPARED = re.compile(r"[^.,;!?\n]{0,40}? qu[e']")
# none at all: a day beside it is when it is said of, not the one day without
NONE = re.compile(r"aucun|nul|jamais|never|nessun|ningun|nunca")


class Denials:
    """The stretches of a text that are denied; they are looked for when first asked."""

    def __init__(self, folded: str) -> None:
        self._folded = folded
        self._spans: list[tuple[int, int, bool]] | None = None

    def cover(self, start: int, stop: int) -> bool:
        """Say whether what stands from start to stop is denied, and not on a condition alone."""
        if self._spans is None:
            self._spans = list(_spans(self._folded))
        none = [none for first, last, none in self._spans if first <= start < last]
        if not none:
            return False
        condition = _words().condition.match(self._folded, stop)
        return condition is None or (any(none) and condition["day"] is not None)


def _spans(folded: str) -> list[tuple[int, int, bool]]:
    """Return where what is denied begins and ends, and whether there is none of it at all."""
    found = []
    words = _words()
    for match in words.denies.finditer(folded):
        start, stop = match.span()
        if words.spared_before.search(folded, max(0, start - 20), stop):
            continue
        if words.spared_after.match(folded, stop):
            continue
        kind, reach = words.kinds[match.lastgroup or ""]
        if kind == "more" and not _is_none(folded, start, stop):
            continue
        first = start if kind == "verb" else stop
        none = NONE.match(folded, start) is not None
        found.append((first, _end(folded, stop, reach), none))
    return found + _behind(folded)


class _Words(NamedTuple):
    """What denies what stands behind it, and what spares it."""

    denies: re.Pattern[str]
    kinds: dict[str, tuple[str, int]]  # kind of a row, words that it denies
    spared_before: re.Pattern[str]
    spared_after: re.Pattern[str]
    condition: re.Pattern[str]
    empty: frozenset[str]
    between: frozenset[str]


class _Behind(NamedTuple):
    """What denies what stands before it."""

    pattern: re.Pattern[str]
    unless: re.Pattern[str]  # before it
    tail: re.Pattern[str]  # after one that stands apart
    rows: dict[str, tuple[str, bool]]  # signs that may stand between, whether one must


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("fanal.coding").joinpath("negation.toml").read_text("utf-8"))


@cache
def _words() -> _Words:
    rules = _rules()
    rows = rules["denies"]
    spelled = "|".join(f"(?P<{row['name']}>{'|'.join(row['patterns'])})" for row in rows)
    spared = {name: "|".join(rules[name]) for name in ("spared_before", "spared_after")}
    empty = frozenset(rules["empty"].split())
    return _Words(
        re.compile(rf"(?<!\w)(?:{spelled})"),
        {row["name"]: (row["kind"], row["words"]) for row in rows},
        re.compile(rf"(?:{spared['spared_before']})$"),
        re.compile(rf" ?(?:de |d')?(?:{spared['spared_after']})(?!\w)|{rules['spared_whole']}"),
        re.compile(rf"(?: [\w'\-]+){{0,3}}? (?:{'|'.join(rules['condition'])})(?!\w)"),
        empty,
        empty | frozenset(rules["between"].split()),
    )


@cache
def _denies_behind() -> _Behind:
    rules = _rules()
    rows = rules["behind"]
    spelled = "|".join(f"(?P<{row['name']}>{row['pattern']})" for row in rows)
    return _Behind(
        re.compile(rf"(?<![\w'])(?:{spelled})(?!\w)"),
        re.compile(rf"(?<!\w)(?:{rules['unless']}|\w+n't) $"),
        re.compile(rf"\s*(?:$|[.,;!?\n)…]| (?:{rules['tail']})(?!\w))"),
        {row["name"]: (row.get("apart", ""), row.get("only", False)) for row in rows},
    )


def _behind(folded: str) -> list[tuple[int, int, bool]]:
    """Return what is denied by what stands behind it, and where."""
    found = []
    denies, between = _denies_behind(), _words().between
    for match in denies.pattern.finditer(folded):
        start, stop = match.span()
        signs, only = denies.rows[match.lastgroup or ""]
        before = folded[max(0, start - REACH) : start]
        sign = before.rstrip()[-1:]
        apart = sign != "" and sign in signs
        if (only and not apart) or denies.unless.search(before) or ELSEWHERE.match(folded, stop):
            continue
        if signs and denies.tail.match(folded, stop) is None:
            continue
        clause = before.rstrip()[:-1] if apart else before
        cut = max((end.end() for end in ENDS.finditer(clause)), default=0)
        said = [word for word in WORD.finditer(clause, cut) if word[0] not in between][-WORDS:]
        if said:
            found.append((start - len(before) + said[0].start(), start, False))
            if PLACED.match(folded, stop):
                found.append((stop, _end(folded, stop, 1), False))
    return found


def _is_none(folded: str, start: int, stop: int) -> bool:
    """Say whether "plus de" is no more of it: after a verb or where a clause begins."""
    if COMPARED.match(folded, stop):
        return False
    if not folded.startswith("plus", start):
        return True
    before = folded[max(0, start - 3) : start].rstrip(" ")
    return not before or not (before[-1].isalnum() or before[-1] in "%'")


def _end(folded: str, start: int, words: int) -> int:
    """Return where what is denied from start on ends."""
    end = ENDS.search(folded, start)
    limit = end.start() if end else len(folded)
    left, stop, before, empty = words, start, "", _words().empty
    for word in WORD.finditer(folded, start, limit):
        said = word[0]
        if said in JOINS:
            left = words
        elif said in empty:
            if not left and said not in WITH:
                break
        elif (not left and before not in WITH) or (
            before and said[0].isdigit() and before not in TIES
        ):
            break
        else:
            left = max(left - 1, 0)
        stop, before = word.end(), said
    return stop

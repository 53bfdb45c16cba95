"""What tells the tagger who is meant: of each word a list of facts, each of them a short text.

Facts of a word alone are worked out once for each word that there is; what stands beside it has
its distance before it: `-1:ma`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import pairwise

from fanal.door.recognisers.names.token import DATA
from fanal.door.spans import Span
from fanal.door.tagger.words import Word, clusters, known, lists, shape

DECIDED = ("name", "handle", "address", "role", "reference")  # what a rule finds and this decides
_CUES = ("before-strong", "before", "title-before", "there-is", "office", "family-before", "from",
         "thing", "place-before", "namesake", "institution-before", "kin-of")  # fmt: skip
_BEFORE = 48  # characters
_AFTER = ("after", "human", "called-out")
_FAR, _NEAR = 3, 2  # words
_ENDS = ".!?…:"
_LOUD = 0.6  # share of capitals of a text that is shouted


@lru_cache(1 << 16)
def _own(written: str, folded: str) -> tuple[str, ...]:
    listed, form, close = lists(folded), shape(written), clusters(written)
    out = ["", f"w={folded}", f"e3={folded[-3:]}", f"e2={folded[-2:]}", f"b3={folded[:3]}",
           f"b2={folded[:2]}", f"s={form}", f"l={listed}", f"s|l={form}|{listed}"]  # fmt: skip
    out += [f"in={letter}" for letter in listed if letter in "Ffredn"]
    if "w" not in listed:
        out.append("no word")
    if written.isupper() and len(written) > 1:
        out.append("capitals")
    if len(folded) == 1:
        out.append(f"one|{form}")
    if folded.isdigit():
        out.append(f"digits={len(folded)}")
    out += [f"k={close[0]}", f"kk={close[1]}"] if close else ["k=none"]
    return tuple(out)


@lru_cache(1 << 18)
def _beside(written: str, folded: str, far: int) -> tuple[str, ...]:
    close = clusters(written)
    out = [f"{far}:{folded}"]
    if close:
        out.append(f"{far}:k={close[0]}")
    if abs(far) <= _NEAR:
        out += [f"{far}:l={lists(folded)}", f"{far}:s={shape(written)}"]
        if close:
            out.append(f"{far}:kk={close[1]}")
    if abs(far) == 1:
        out.append(f"{far}:e3={folded[-3:]}")
    return tuple(out)


@cache
def _pair(far: int, beside: str, form: str, listed: str) -> tuple[str, str]:
    return f"{far}:w|s={beside}|{form[:2]}", f"{far}:w|l={beside}|{listed}"


def rules(words: Sequence[Word], spans: Sequence[Span]) -> list[str]:
    """Return what the recognisers say of each word: the class of what they found, "" if nothing."""
    out = [""] * len(words)
    for span in spans:
        name, first = span.kind.partition(":")[0], True
        for index, word in enumerate(words):
            if word.start < span.stop and word.stop > span.start:
                out[index] = f"{name}>" if first else name
                first = False
    return out


def features(text: str, words: list[Word], ruled: Sequence[str]) -> list[list[str]]:
    """Return the facts of each word of a text."""
    things = known(words)
    small = {word.written for word in words if word.written.islower()}
    letters = [sign for sign in text if sign.isalpha()]
    loud = sum(map(str.isupper, letters)) > _LOUD * len(letters)
    line = [0]
    for before, word in pairwise(words):
        line.append(line[-1] + ("\n" in text[before.stop : word.start]))
    folded = _folded(text, words)
    out = []
    for index, word in enumerate(words):
        facts = list(_own(word.written, word.folded))
        facts += _around(words, index, line, ruled)
        facts += _grammar(words, index, ruled[index])
        facts += _thing(words, things, index, ruled[index])
        facts += _said(folded, word)
        listed, form = lists(word.folded), shape(word.written)
        starts = not index or line[index] != line[index - 1] or words[index - 1].folded in _ENDS
        if starts:
            facts += ("starts", f"starts|{form}|{listed}")
        facts.append(f"p|starts={word.part}|{starts}|{form[:2]}")
        if loud:
            facts += ("loud", f"loud|{listed}")
        if word.written[:1].isupper() and word.written.lower() in small:
            facts.append("small too")
        out.append(facts)
    return out


def _folded(text: str, words: Sequence[Word]) -> str:
    """Return the folded text, from its words."""
    out: list[str] = []
    at = 0
    for word in words:
        out += (text[at : word.start], word.folded)
        at = word.stop
    return "".join(out) + text[at:]


def _around(
    words: Sequence[Word], index: int, line: Sequence[int], ruled: Sequence[str]
) -> list[str]:
    word = words[index]
    form, listed = shape(word.written), lists(word.folded)
    out: list[str] = []
    for far in range(-_FAR, _FAR + 1):
        at = index + far
        if not far:
            continue
        if not 0 <= at < len(words):
            out.append(f"{far}:end")
            continue
        other = words[at]
        if line[at] != line[index]:
            out.append(f"{far}:line")
        out += _beside(other.written, other.folded, far)
        if abs(far) <= _NEAR:
            out.append(f"{far}:p={other.part}")
        if abs(far) == 1:
            out += _pair(far, other.folded, form, listed)
            out += (f"{far}:p|p={other.part}|{word.part}", f"{far}:r={ruled[at]}")
    if index > 1:
        out.append(f"-2-1={words[index - 2].folded}_{words[index - 1].folded}")
    if index + 2 < len(words):
        out.append(f"+1+2={words[index + 1].folded}_{words[index + 2].folded}")
    if index:
        before = words[index - 1]
        out.append("joined-" if before.stop == word.start else "apart-")
        if index + 1 < len(words):
            out.append(f"-1+1={before.folded}_{words[index + 1].folded}")
    if index + 1 < len(words):
        out.append("joined+" if words[index + 1].start == word.stop else "apart+")
    return out


def _grammar(words: Sequence[Word], index: int, ruled: str) -> tuple[str, ...]:
    word = words[index]
    listed, form = lists(word.folded), shape(word.written)
    return (
        f"p={word.part}", f"n={word.entity}", f"p|l={word.part}|{listed}",
        f"n|s={word.entity}|{form}",
        f"r={ruled}", f"r|l={ruled}|{listed}", f"r|p={ruled}|{word.part}",
    )  # fmt: skip


def _thing(words: Sequence[Word], things: Sequence[str], index: int, ruled: str) -> list[str]:
    word, thing = words[index], things[index]
    out = [f"t={thing}"]
    if thing:
        out += (f"t|X={thing}|{word.written[0].isupper()}", f"t|r={thing}|{ruled}",
                f"t|p={thing}|{word.part}")  # fmt: skip
        if index:
            out.append(f"t|-1={thing}|{words[index - 1].folded}")
    out += [f"{far}:t={things[index + far]}" for far in (-1, 1) if 0 <= index + far < len(things)]
    return out


def _said(folded: str, word: Word) -> list[str]:
    """Return which cues of the recogniser of names stand before a word, and after it."""
    if not word.folded[0].isalpha():
        return []
    before, capital = folded[max(0, word.start - _BEFORE) : word.start], word.written[0].isupper()
    out: list[str] = []
    for cue in _CUES:
        if DATA[cue].search(before):
            out += (f"c={cue}", f"c|X={cue}|{capital}")
    return out + [f"a={cue}" for cue in _AFTER if DATA[cue].match(folded, word.stop)]

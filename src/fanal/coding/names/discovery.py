"""New names: words that behave in the observatory's own corpus as the known names do."""

from __future__ import annotations

import itertools
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from scipy.sparse import csr_array
from scipy.sparse.linalg import svds

from fanal.coding import views
from fanal.coding.facts import CUT
from fanal.coding.lexicon import code_texts
from fanal.coding.names.vocabulary import Vocabulary
from fanal.text.folding import fold

Floats = npt.NDArray[np.float64]

FEWEST = 5  # occurrences of a candidate
_JOIN = 4  # occurrences of two words side by side, to be read as one name
_MOSTLY = 0.4  # of the occurrences of the commoner of the two
_TIED = 0.45  # normalised mutual information of such a pair
_DIMENSIONS = 64
_CONTEXTS = 4000  # context words kept
_FOLDS = 5
_RIDGE = 4.0
_NEAREST = 8  # neighbours that a word is compared with
_DOUBT = 3.0  # different settings at which half of a score is believed
_PREFIX = 5  # characters before a hyphen that do not make a name by themselves: "4-ho-"
_EDGE, _NUMBER = "<edge>", "<number>"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A word that may be a name of a substance, with what speaks for it."""

    name: str
    score: float  # 0 to 1, comparable within one corpus
    occurrences: int
    documents: int
    resembles: str  # the substance whose names stand in the likest contexts
    similarity: float  # cosine, −1 to 1
    beside_amounts: float  # share of occurrences beside a weight or a price
    with_known: float  # share of documents that name a known substance too
    growth: float  # occurrences in the later half of the days over those in the earlier half
    variant_of: str  # the known name that it misspells; those come last
    examples: tuple[tuple[int, int, int], ...]  # row of the document, start, stop
    example: str = ""  # the passage of the first, from after the door


class _Token(NamedTuple):
    word: str
    start: int
    stop: int
    substance: str = ""


def suggest(
    documents: pa.Table, vocabulary: Vocabulary, *, limit: int = 100, fewest: int = FEWEST
) -> list[Suggestion]:
    """Return names that the thesaurus lacks, the likeliest first.

    `documents` has `text` and, for growth, `day`. Every word is described by the words beside it
    (positive pointwise mutual information, then singular vectors) and by where it stands: beside
    amounts, in documents with known names. A ridge regression learns on this corpus what tells the
    known names from other words, each word being scored by a model that has not seen it.

    Reference: Levy & Goldberg (2014), "Neural word embedding as implicit matrix factorization",
    for the vectors; Elkan & Noto (2008), "Learning classifiers from only positive and unlabeled
    data", for the regression.
    """
    texts = views.texts_of(documents["text"]).to_pylist()
    days = documents["day"].to_pylist() if "day" in documents.column_names else []
    lines = _joined(_tokens(texts, vocabulary))
    names = [alias.alias for alias in vocabulary.aliases]
    return rank(_Corpus(lines, days, fewest), lines, names, _listed(vocabulary))[:limit]


def rank(
    corpus: _Corpus, lines: list[list[_Token]], names: Sequence[str], listed: frozenset[str]
) -> list[Suggestion]:
    """Return every candidate of a counted corpus, new names before spellings of known ones."""
    known = np.array([bool(corpus.substance_of[word]) for word in corpus.words], bool)
    if known.sum() < _FOLDS or (~known).sum() < _FOLDS:
        return []
    vectors = _vectors(lines, corpus)
    columns = [vectors, corpus.features(), _shapes(corpus.words, known)]
    score = _scores(np.hstack([*columns, 2 * _company(vectors, known)]), known)
    score *= corpus.settings() / (corpus.settings() + _DOUBT)
    resembles, similarity = _resemblance(vectors, corpus, known)
    spellings = _Spellings(names)
    found = [
        corpus.suggestion(k, float(score[k]), resembles[k], float(similarity[k]), spellings)
        for k in np.flatnonzero(~known).tolist()
        if _may_be_name(corpus.words[k], listed)
    ]
    return sorted(found, key=lambda s: (bool(s.variant_of), -s.score, s.name))


def _tokens(texts: Sequence[str], vocabulary: Vocabulary) -> list[list[_Token]]:
    """Return the words of each text; a known name is one token with its substance."""
    coded = code_texts(vocabulary, texts, mentions_only=True)
    lines: list[list[_Token]] = []
    for view in views.views(views.texts_of(list(texts))):
        for number, start in enumerate(view.start.tolist()):
            text = texts[view.first + number]
            shown = bytes(view.buffer[start : start + len(text)]).decode("latin-1")
            names = [
                _Token(
                    "_".join(shown[fact.start : fact.stop].split()) or text[fact.start : fact.stop],
                    fact.start,
                    fact.stop,
                    fact.fields["substance"],
                )
                for fact in coded[view.first + number]
                if fact.kind == "mention" and fact.confidence >= CUT
            ]
            lines.append(list(_merge(text, shown, names)))
    return lines


def _merge(text: str, shown: str, names: Iterable[_Token]) -> Iterator[_Token]:
    """Yield the words between the names; "4-ho-met" and "a-pvp" are one word each."""
    at = 0
    for name in [*names, _Token("", len(shown), len(shown))]:
        while at < name.start:
            if shown[at] == " ":
                at += 1
                continue
            stop = _word_end(shown, at, name.start)
            while stop - at <= _PREFIX and text[stop : stop + 1] == "-" and stop + 1 < name.start:
                after = _word_end(shown, stop + 1, name.start)
                if after == stop + 1:
                    break
                stop = after
            word = "_".join(shown[at:stop].split())
            yield _Token(_NUMBER if shown[at:stop].isdigit() else word, at, stop)
            at = stop
        if name.word:
            yield name
        at = max(at, name.stop)


def _word_end(shown: str, at: int, limit: int) -> int:
    stop = shown.find(" ", at)
    return min(len(shown) if stop < 0 else stop, limit)


def _joined(lines: list[list[_Token]]) -> list[list[_Token]]:
    """Read two words that keep together as one ("gorilla glue")."""
    singles: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for line in lines:
        singles.update(token.word for token in line)
        pairs.update((a.word, b.word) for a, b in _neighbours(line))
    total = max(sum(singles.values()), 1)
    tied = set()
    for (one, two), count in pairs.items():
        if count >= _JOIN:
            if count < _MOSTLY * max(singles[one], singles[two]):
                continue
            joint = count / total
            information = np.log(joint * total * total / (singles[one] * singles[two]))
            if information / -np.log(joint) >= _TIED:
                tied.add((one, two))
    return [list(_join_line(line, tied)) for line in lines]


def _neighbours(line: Sequence[_Token]) -> Iterator[tuple[_Token, _Token]]:
    """Yield words beside each other that may form a name: both unknown, both with letters."""
    for a, b in itertools.pairwise(line):
        unknown = not (a.substance or b.substance) and b.start == a.stop + 1
        if unknown and a.word.isalpha() and b.word.isalpha() and min(len(a.word), len(b.word)) > 1:
            yield a, b


def _join_line(line: Sequence[_Token], tied: set[tuple[str, str]]) -> Iterator[_Token]:
    skip = False
    for a, b in itertools.zip_longest(line, line[1:]):
        if skip:
            skip = False
        elif b and b.start == a.stop + 1 and (a.word, b.word) in tied:
            yield _Token(f"{a.word}_{b.word}", a.start, b.stop)
            skip = True
        else:
            yield a


class _Corpus:
    """Counts over the words of a corpus that are frequent enough, in a fixed order."""

    def __init__(self, lines: list[list[_Token]], days: Sequence[date], fewest: int) -> None:
        count: Counter[str] = Counter(token.word for line in lines for token in line)
        self.substance_of: dict[str, str] = {}
        for line in lines:
            for token in line:
                if token.substance:
                    self.substance_of[token.word] = token.substance
        self.words = sorted(
            word
            for word, n in count.items()
            if n >= (2 if word in self.substance_of else fewest) and word != _NUMBER
        )
        for word in self.words:
            self.substance_of.setdefault(word, "")
        self.number = {word: k for k, word in enumerate(self.words)}
        size = len(self.words)
        self.occurrences = np.array([count[word] for word in self.words], np.float64)
        self.documents = np.zeros(size)
        self._amounts = np.zeros(size)
        self._known = np.zeros(size)
        self._late = np.zeros(size)
        self._touching = np.zeros(size)
        self._beside: list[set[tuple[str, str]]] = [set() for _ in self.words]
        self._examples: dict[int, list[tuple[int, int, int]]] = {}
        middle = sorted(days)[len(days) // 2] if days else None
        for row, line in enumerate(lines):
            self._count(row, line, bool(middle and days[row] >= middle))

    def _count(self, row: int, line: list[_Token], late: bool) -> None:
        units = _units()
        named = {token.substance for token in line if token.substance}
        seen: set[int] = set()
        for place, token in enumerate(line):
            k = self.number.get(token.word)
            if k is None:
                continue
            beside = line[max(0, place - 2) : place] + line[place + 1 : place + 3]
            self._amounts[k] += any(other.word in units for other in beside)
            touching = line[max(0, place - 1) : place] + line[place + 1 : place + 2]
            self._touching[k] += any(other.substance for other in touching)
            left = line[place - 1].word if place else _EDGE
            right = line[place + 1].word if place + 1 < len(line) else _EDGE
            self._beside[k].add((left, right))
            self._late[k] += late
            if k not in seen:
                seen.add(k)
                self.documents[k] += 1
                self._known[k] += bool(named - {token.substance})
                examples = self._examples.setdefault(k, [])
                if len(examples) < 3:
                    examples.append((row, token.start, token.stop))

    def settings(self) -> Floats:
        """Return in how many different settings each word stands: reposts add none."""
        return np.array([len(found) for found in self._beside], np.float64)

    def features(self) -> Floats:
        """Return what is known of each word beside its contexts, each about 0 to 1."""
        early = self.occurrences - self._late
        return np.column_stack(
            [
                self._amounts / self.occurrences,
                self._known / self.documents,
                self._touching / self.occurrences,
                np.log(self.occurrences) / 10,
                np.tanh(np.log((self._late + 1) / (early + 1))),
                np.array([min(len(word), 12) / 12 for word in self.words]),
            ]
        )

    def suggestion(
        self, k: int, score: float, resembles: str, similarity: float, spellings: _Spellings
    ) -> Suggestion:
        """Return what is known of one word."""
        early = self.occurrences[k] - self._late[k]
        return Suggestion(
            name=self.words[k].replace("_", " "),
            score=round(score, 4),
            occurrences=int(self.occurrences[k]),
            documents=int(self.documents[k]),
            resembles=resembles,
            similarity=round(similarity, 3),
            beside_amounts=round(float(self._amounts[k] / self.occurrences[k]), 3),
            with_known=round(float(self._known[k] / self.documents[k]), 3),
            growth=round(float((self._late[k] + 1) / (early + 1)), 2),
            variant_of=spellings.near(self.words[k].replace("_", "")),
            examples=tuple(self._examples[k]),
        )


@cache
def _units() -> frozenset[str]:
    """Return the words of weights and money, and a bare number."""
    text = (files("fanal.coding.offers") / "offers.toml").read_text(encoding="utf-8")
    tables: dict[str, Any] = tomllib.loads(text)
    words = [w for name in ("currency", "weight") for ws in tables[name].values() for w in ws]
    return frozenset([*words, _NUMBER])


def _vectors(lines: list[list[_Token]], corpus: _Corpus) -> Floats:
    """Return a vector for each word: what stands just before, just after and near it."""
    common = Counter(_kind(token) for line in lines for token in line)
    kept = {word: k for k, (word, _) in enumerate(common.most_common(_CONTEXTS))}
    kept[_EDGE] = len(kept)
    size = len(kept)
    rows: list[int] = []
    columns: list[int] = []
    for line in lines:
        places = [kept.get(_kind(token), -1) for token in line]
        for place, token in enumerate(line):
            k = corpus.number.get(token.word)
            if k is None:
                continue
            before = places[place - 1] if place else size - 1
            after = places[place + 1] if place + 1 < len(line) else size - 1
            for column in (before, after + size if after >= 0 else -1):
                if column >= 0:
                    rows.append(k)
                    columns.append(column)
            for other in places[max(0, place - 4) : place] + places[place + 1 : place + 5]:
                if other >= 0:
                    rows.append(k)
                    columns.append(other + 2 * size)
    counts = csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(corpus.words), 3 * size))
    counts.sum_duplicates()
    return _singular(_ppmi(counts))


def _kind(token: _Token) -> str:
    """Return what a word is as a context: any known name is one and the same context."""
    return "<name>" if token.substance else token.word


def _ppmi(counts: csr_array) -> csr_array:
    """Return positive pointwise mutual information, contexts smoothed by the power 0.75."""
    by_row = np.asarray(counts.sum(axis=1)).ravel()
    by_column = np.asarray(counts.sum(axis=0)).ravel() ** 0.75
    coo = counts.tocoo()
    expected = by_row[coo.row] * by_column[coo.col] / max(by_column.sum(), 1)
    values = np.log(np.maximum(coo.data / expected, 1))
    return csr_array((values, (coo.row, coo.col)), shape=counts.shape)


def _singular(matrix: csr_array) -> Floats:
    size = min(_DIMENSIONS, min(matrix.shape) - 1)
    if size < 1:
        return np.zeros((matrix.shape[0], 1))
    start = np.random.default_rng(0).normal(size=min(matrix.shape))
    left, values, _ = svds(matrix, k=size, v0=start)
    vectors: Floats = left * np.sqrt(values)
    unit: Floats = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    return unit


def _folds(size: int) -> npt.NDArray[np.int64]:
    return np.random.default_rng(0).integers(0, _FOLDS, size)


def _company(vectors: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return one column: how much nearer a word is to known names than to other words."""
    folds = _folds(len(known))
    out = np.zeros((len(known), 1))
    for part in range(_FOLDS):
        seen, asked = folds != part, np.flatnonzero(folds == part)
        for low in range(0, len(asked), 2000):
            rows = asked[low : low + 2000]
            for sign, some in ((1, seen & known), (-1, seen & ~known)):
                cosine = vectors[rows] @ vectors[some].T
                size = min(_NEAREST, cosine.shape[1])
                nearest = np.partition(cosine, -size, axis=1)[:, -size:]
                out[rows, 0] += sign * nearest.mean(axis=1)
    return out


def _scores(features: Floats, known: npt.NDArray[np.bool_]) -> Floats:
    """Return how like a known name each word is, from models that have not seen it."""
    features = np.hstack([features, np.ones((len(features), 1))])
    folds = _folds(len(known))
    weight = np.where(known, (~known).sum() / max(known.sum(), 1), 1.0)
    score = np.zeros(len(known))
    for part in range(_FOLDS):
        seen = folds != part
        x, w = features[seen], weight[seen, None]
        gram = x.T @ (x * w) + _RIDGE * np.eye(x.shape[1])
        beta = np.linalg.solve(gram, x.T @ (known[seen] * weight[seen]))
        score[~seen] = features[~seen] @ beta
    return np.clip(score, 0, 1)


def _resemblance(
    vectors: Floats, corpus: _Corpus, known: npt.NDArray[np.bool_]
) -> tuple[list[str], Floats]:
    """Return the substance whose names stand in the likest contexts, and the cosine."""
    substances = sorted({corpus.substance_of[w] for w in corpus.words} - {""})
    of_word = np.array([corpus.substance_of[w] for w in corpus.words])
    centres = np.array([vectors[known & (of_word == s)].mean(axis=0) for s in substances])
    centres /= np.maximum(np.linalg.norm(centres, axis=1, keepdims=True), 1e-9)
    cosine = np.round(vectors @ centres.T, 6)  # of two as near the first is named, in every run
    best = cosine.argmax(axis=1)
    return [substances[k] for k in best.tolist()], cosine[np.arange(len(best)), best]


_SHAPES = 512  # buckets of letter groups


def _shapes(words: Sequence[str], known: npt.NDArray[np.bool_]) -> Floats:
    """Return one column: how like the known names a word is written, out of its fold.

    Groups of three letters, with the ends marked: -pam, -ine, mmc.
    """
    grams = np.zeros((len(words), _SHAPES))
    for row, word in enumerate(words):
        marked = f"<{word}>"
        for at in range(len(marked) - 2):
            grams[row, crc32(marked[at : at + 3].encode()) % _SHAPES] += 1
    grams /= np.maximum(np.linalg.norm(grams, axis=1, keepdims=True), 1e-9)
    return _scores(grams, known)[:, None]


class _Spellings:
    """Known names by their letters, to tell a misspelling from a new name."""

    def __init__(self, names: Iterable[str]) -> None:
        plain = {"".join(c for c in fold(name) if c.isalnum()) for name in names}
        self._by_key: dict[str, str] = {}
        for name in sorted(n for n in plain if len(n) >= _SPELT):
            for key in _without_one(name):
                self._by_key.setdefault(key, name)

    def near(self, word: str) -> str:
        """Return a known name that differs from a word by one letter, or nothing."""
        if len(word) < _SPELT:
            return ""
        return next((self._by_key[key] for key in _without_one(word) if key in self._by_key), "")


_SPELT = 6  # letters; shorter words are too often one letter from another


def _without_one(word: str) -> list[str]:
    return [word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]


def _listed(vocabulary: Vocabulary) -> frozenset[str]:
    """Return the words that are something already: names, cues, units, phrases."""
    terms = (*vocabulary.matcher.terms, *vocabulary.first.terms)
    return _qualifiers().union(fold(term).replace("-", " ") for term in terms)


@cache
def _qualifiers() -> frozenset[str]:
    """Return the words that say how a product is and never what it is."""
    text = (files("fanal.coding.names") / "qualifiers.txt").read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def _may_be_name(word: str, listed: frozenset[str]) -> bool:
    plain = word.replace("_", " ")
    return (
        len(plain) > 2
        and sum(c.isalpha() for c in plain) > 1
        and not (plain[0].isdigit() and (" " not in plain or plain[-1].isdigit()))
        and plain not in listed
        and plain.rstrip("s") not in listed
        and not all(part in listed for part in plain.split())
    )

"""Near-duplicates: reposts of a text are linked to its first appearance.

Exact first (the folded words), then MinHash over pairs of words with bands; every pair that the
bands propose is checked on its real overlap. Vectorised here: the libraries tried were two to two
hundred times slower on a million posts (`rensa`, `datasketch`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from fanal.coding import views
from fanal.coding.views import Ints, View

Hashes = npt.NDArray[np.uint64]

SCHEMA = pa.schema(
    [
        pa.field("document", pa.binary(), False, {"description": "id of the repost"}),
        pa.field("first", pa.binary(), False, {"description": "id of its first appearance"}),
        pa.field("overlap", pa.float64(), False, {"description": "shared pairs of words, 0 to 1"}),
    ]
)
OVERLAP = 0.7  # of the pairs of words, for two texts to be one
BANDS, ROWS = 10, 3  # two texts at OVERLAP share a band with probability 0.98
FEWEST = 5  # words; shorter texts count as the same only where all words are
TESTED = 1 << 15  # proposals that are checked at a time
_PRIME = np.uint64(0x9E3779B97F4A7C15)


def duplicates(documents: pa.Table) -> pa.Table:
    """Return document → first for each repost, in the order of appearance (`SCHEMA`).

    `documents` has `id`, `text`, `day` and `position`; the earliest day comes first, then the
    lowest position, then the order of the rows. A document without words is nobody's repost.
    """
    order = np.lexsort(
        (
            documents["position"].to_numpy(),
            documents["day"].cast(pa.int32()).to_numpy(),
        )
    )
    texts = views.texts_of(documents["text"]).take(pa.array(order))
    whole, first, pairs = _hashes(texts)
    leader = _same_words(whole)
    overlap = np.ones(len(leader))
    some = np.flatnonzero(leader == np.arange(len(leader)))  # one of those with the same words
    first, pairs = _of(some, first, pairs)
    near, shares = np.arange(len(some)), np.ones(len(some))
    for band in range(BANDS):
        _link(near, shares, _band(first, pairs, band), first, pairs)
    leader[some], overlap[some] = some[near], shares
    leader = _roots(leader)
    reposts = np.flatnonzero(leader != np.arange(len(leader)))
    ids = documents["id"].combine_chunks()
    return pa.table(
        [
            ids.take(pa.array(order[reposts])),
            ids.take(pa.array(order[leader[reposts]])),
            pa.array(overlap[reposts]),
        ],
        schema=SCHEMA,
    )


def _hashes(texts: pa.LargeStringArray) -> tuple[Hashes, Ints, Hashes]:
    """Return a hash of each document's words (0: none); where its pairs begin; all the pairs.

    The pairs of a document are sorted and once each.
    """
    whole, counts, pairs = [], [], []
    for view in views.views(texts):
        words, document = _words(view)
        number = len(view.start)
        start = np.searchsorted(document, np.arange(number + 1))
        size = np.diff(start)
        rank = np.arange(len(words)) - np.repeat(start[:-1], size)
        mixed = _mix(words + rank.astype(np.uint64) * _PRIME)
        running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(mixed, dtype=np.uint64)])
        whole.append(running[start[1:]] - running[start[:-1]])
        beside = document[1:] == document[:-1]
        pair = _mix(words[:-1][beside] * np.uint64(31) + words[1:][beside])
        owner = document[1:][beside]
        long = size[owner] >= FEWEST
        pair, owner = pair[long], owner[long]
        ranked = np.lexsort((pair, owner))
        pair, owner = pair[ranked], owner[ranked]
        once = np.ones(len(pair), bool)
        once[1:] = (pair[1:] != pair[:-1]) | (owner[1:] != owner[:-1])
        pairs.append(pair[once])
        counts.append(np.bincount(owner[once], minlength=number))
    if not whole:
        return np.empty(0, np.uint64), np.zeros(1, np.int64), np.empty(0, np.uint64)
    first = np.concatenate([[0], np.cumsum(np.concatenate(counts))]).astype(np.int64)
    return np.concatenate(whole), first, np.concatenate(pairs)


def _words(view: View) -> tuple[Hashes, Ints]:
    """Return a hash of each word of a view, and the document that it stands in."""
    inside = view.buffer > 0x2F
    edge = np.diff(inside.astype(np.int8), prepend=0)
    start = np.flatnonzero(edge == 1)
    stop = np.flatnonzero(edge == -1)
    stop = np.append(stop, len(inside))[: len(start)]
    # A word is the sum of its letters, each scrambled with its place in the word.
    size = stop - start
    place = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    letters = view.buffer[inside].astype(np.uint64)
    weight = _mix(letters + (place.astype(np.uint64) + np.uint64(1)) * np.uint64(257))
    running = np.concatenate([np.zeros(1, np.uint64), np.cumsum(weight, dtype=np.uint64)])
    ends = np.cumsum(size)
    return _mix(running[ends] - running[ends - size]), view.document(start)


def _mix(values: Any) -> Hashes:
    """Scramble 64-bit values (the finaliser of splitmix64)."""
    mixed: Hashes = values >> np.uint64(30)
    mixed ^= values
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return mixed


def _of(documents: Ints, first: Ints, pairs: Hashes) -> tuple[Ints, Hashes]:
    """Return where the pairs of some documents begin, and their pairs."""
    size = first[documents + 1] - first[documents]
    start = np.concatenate([[0], np.cumsum(size)]).astype(np.int64)
    at = np.arange(int(start[-1])) + np.repeat(first[documents] - start[:-1], size)
    return start, pairs[at]


def _same_words(whole: Hashes) -> Ints:
    """Return for each document the first one with the same words."""
    _, first, group = np.unique(whole, return_index=True, return_inverse=True)
    leader: Ints = first[group].astype(np.int64)
    return np.where(whole == 0, np.arange(len(whole)), leader)


def _band(first: Ints, pairs: Hashes, band: int) -> Hashes:
    """Return the key of one band of each document; 0 where it has no pairs."""
    has = np.diff(first) > 0
    key = np.zeros(len(has), np.uint64)
    if not has.any():
        return key
    starts = first[:-1][has]
    for row in range(ROWS):
        seed = np.uint64((band * ROWS + row + 1) * 0x632BE59BD9B4E019 & 0xFFFFFFFFFFFFFFFF)
        least = np.minimum.reduceat(_mix(pairs ^ seed), starts)
        key[has] = _mix(key[has] * np.uint64(31) + least)
    return key


def _link(
    leader: Ints, overlap: npt.NDArray[np.float64], key: Hashes, first: Ints, pairs: Hashes
) -> None:
    """Link documents that share a band's key to the earliest one of it, if they overlap enough."""
    alone = np.flatnonzero((leader == np.arange(len(leader))) & (key != 0))
    _, earliest, group = np.unique(key[alone], return_index=True, return_inverse=True)
    target = alone[earliest[group]]
    documents, others = alone[target != alone], target[target != alone]
    for low in range(0, len(documents), TESTED):
        some, theirs = documents[low : low + TESTED], others[low : low + TESTED]
        shared = _shared(some, theirs, first, pairs)
        size = first[some + 1] - first[some] + first[theirs + 1] - first[theirs]
        jaccard = shared / (size - shared)
        enough = jaccard >= OVERLAP
        leader[some[enough]] = theirs[enough]
        overlap[some[enough]] = jaccard[enough]


def _shared(some: Ints, others: Ints, first: Ints, pairs: Hashes) -> Ints:
    """Return how many pairs each document shares with another one."""
    keys, owners = [], []
    for documents in (some, others):
        start, those = _of(documents, first, pairs)
        owner = np.repeat(np.arange(len(documents)), np.diff(start))
        keys.append(_mix(those ^ _mix(owner.astype(np.uint64) + _PRIME)))
        owners.append(owner)
    # A pair stands once in a document: two equal keys in a row are shared.
    key, owner = np.concatenate(keys), np.concatenate(owners)
    order = np.argsort(key)
    key, owner = key[order], owner[order]
    twice = (key[1:] == key[:-1]) & (owner[1:] == owner[:-1])
    return np.bincount(owner[1:][twice], minlength=len(some))


def _roots(leader: Ints) -> Ints:
    """Follow links to the first appearance; links point back, so this ends."""
    while True:
        further = leader[leader]
        if np.array_equal(further, leader):
            return leader
        leader = further

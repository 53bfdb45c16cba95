"""The built-in coder: one scan for every known word, then rules that a user can read and change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from fanal.coding import message, views
from fanal.coding.base import Coder
from fanal.coding.facts import Fact
from fanal.coding.gazetteer import home_of
from fanal.coding.names.changes import Change, between
from fanal.coding.names.spellings import without_unusable
from fanal.coding.names.vocabulary import ALIAS, AMOUNT, CUE, FAMILY, OFFER, SCHEME, Vocabulary
from fanal.coding.views import Ints, View
from fanal.records import Observation, conform, schema_of
from fanal.thesaurus import load

VERSION = 8
ASKED = ("interview", "field notes")  # kinds of source that are about drugs, whatever the words
STREET = 35  # own confidence of a name that is weighed in any document
WEAK = 10  # own confidence of a name that nothing but amounts or sure names can lift
_COLUMNS = tuple(schema_of(Observation).names)
_OF_DOCUMENT = ("document", "version", "coder", "fingerprint", "month")
_OF_FACT = ("start", "stop", "kind", "confidence", "rule")
_SPARSE = tuple(name for name in _COLUMNS if name not in (*_OF_DOCUMENT, *_OF_FACT))


class _Scan(NamedTuple):
    """The hits of one view by document, and where each document's begin."""

    start: list[int]
    stop: list[int]
    term: list[int]  # −1 − k for name k found disguised
    first: list[int]
    documents: Ints


@dataclass(frozen=True)
class Lexicon(Coder):
    """Codes what the thesaurus and the lexical rules name.

    One scan finds names, cues and phrases. Ambiguous names are weighed by the rules of
    `contexts.toml`; prices, quantities, bonuses, purity, strength and hours are read by the grammar
    of offers in documents with a cue; practices, platforms and places by their phrases, practices
    in the document's language. What a text denies ("pas de livraison ce soir", "we don't ship") is
    not coded; a substance that it denies is a mention whose role says so: evidence against it.

    When to use: always; it is deterministic, says for each observation which rule fired, and codes
    tens of thousands of messages a second. When not: for meaning that no word carries (irony, a
    story told about somebody else); a person codes those.

    Parameters:
        additions: folder of the observatory's own `aliases.tsv` and `substances.tsv`; empty: none.
        country: ISO 3166 country of the sources, for a price without a currency; empty: unknown.
        countries: the same by name of source, where it differs.

    Example:
        >>> coder = Lexicon(country="FR")
        >>> observations = coder.code(documents)  # doctest: +SKIP

    Limits: names outside the thesaurus are not seen (`fanal thesaurus suggest` proposes them); a
    rule sees words near a name, not grammar.
    """

    name: ClassVar[str] = "lexicon"

    additions: str = ""
    country: str = "FR"
    countries: Mapping[str, str] = field(default_factory=dict)

    @property
    def vocabulary(self) -> Vocabulary:
        """Return the compiled vocabulary: one for each state of the thesaurus in a process."""
        return _compiled(self.additions, _state(self.additions))

    @property
    def fingerprint(self) -> str:
        """Short digest of everything that decides the outcome: code version, rules, thesaurus."""
        return f"{VERSION}-{self.vocabulary.fingerprint}-{self._parameters()}"

    def _parameters(self) -> str:
        text = repr((self.country, sorted(self.countries.items())))
        return blake2b(text.encode(), digest_size=4).hexdigest()

    def since(self, before: Coder) -> Change | None:
        """Return what finds the documents that the names of before made code differently."""
        if not isinstance(before, Lexicon) or before._parameters() != self._parameters():
            return None
        return between(before.vocabulary, self.vocabulary)

    def code(self, documents: pa.Table) -> pa.Table:
        """Return the observations of a batch of documents (`Document` → `Observation`)."""
        vocabulary = self.vocabulary
        once, copy = _alike(documents, bool(self.countries))
        some = documents.take(pa.array(once))
        texts = views.texts_of(some["text"])
        languages = some["language"]
        country = self._country(some["source"])
        sites = some["site"].to_pylist()
        asked = [kind in ASKED for kind in some["kind"].to_pylist()]
        count = np.zeros(len(once), np.int64)
        coded: list[Fact] = []
        for view in views.views(texts):
            for number, facts in sorted(
                _facts(vocabulary, view, texts, languages, country, sites, asked)
            ):
                count[number] = len(facts)
                coded += facts
        # Row r has the facts of the first document like it: first[copy[r]] and the next ones.
        first = np.cumsum(count) - count
        many = count[copy]
        numbers = np.repeat(np.arange(len(copy)), many)
        rank = np.arange(len(numbers)) - np.repeat(np.cumsum(many) - many, many)
        return self._assemble(documents, numbers, coded, first[copy[numbers]] + rank)

    def _country(self, sources: pa.ChunkedArray) -> Mapping[int, str | None] | str | None:
        if not self.countries:
            return self.country or None
        return {
            number: self.countries.get(source, self.country) or None
            for number, source in enumerate(sources.to_pylist())
        }

    def _assemble(
        self, documents: pa.Table, numbers: Ints, coded: list[Fact], which: Ints
    ) -> pa.Table:
        """Return one row for each of `which` facts, in the documents of these `numbers`."""
        schema = schema_of(Observation)
        take = pa.array(numbers, pa.int64())
        pick = pa.array(which, pa.int64())
        # Most facts have few fields: a column starts empty and only what is known is written.
        columns: dict[str, list[Any]] = {name: [None] * len(coded) for name in _SPARSE}
        for row, fact in enumerate(coded):
            for name, value in fact.fields.items():
                columns[name][row] = value
        columns |= {name: [getattr(fact, name) for fact in coded] for name in _OF_FACT}
        arrays = {
            name: pa.array(values, schema.field(name).type).take(pick)
            for name, values in columns.items()
        }
        arrays["document"] = documents["id"].take(take)
        arrays["version"] = documents["version"].take(take)
        arrays["month"] = documents["month"].take(take)
        for name, value in (
            ("coder", f"{self.name} {VERSION}"),
            ("fingerprint", self.fingerprint),
        ):
            arrays[name] = pa.repeat(pa.scalar(value), len(numbers))
        return conform(pa.table({name: arrays[name] for name in _COLUMNS}), Observation)


def _alike(documents: pa.Table, by_source: bool) -> tuple[Ints, Ints]:
    """Return the rows to read, and for each document the place among them of the one like it.

    Half of what channels carry are reposts; equal text in one language is coded once a site and
    kind of source.
    """
    keys = [
        pc.fill_null(documents[name].cast(pa.large_string()), "")
        for name in ("site", "kind", "language", "text")
    ]
    if by_source:
        keys.insert(0, documents["source"].cast(pa.large_string()))
    joined = pc.binary_join_element_wise(*keys, pa.scalar("\0", pa.large_string()))
    if isinstance(joined, pa.ChunkedArray):
        joined = joined.combine_chunks()
    copy = joined.dictionary_encode().indices.to_numpy(zero_copy_only=False).astype(np.int64)
    _, once = np.unique(copy, return_index=True)
    return once, copy


def code_texts(
    vocabulary: Vocabulary,
    texts: Sequence[str],
    country: str | None = "FR",
    *,
    mentions_only: bool = False,
) -> list[list[Fact]]:
    """Return the facts of each text: for trials and the page that explains a text."""
    column = views.texts_of(list(texts))
    found: list[list[Fact]] = [[] for _ in texts]
    for view in views.views(column):
        for number, facts in _facts(
            vocabulary, view, column, None, country, mentions_only=mentions_only
        ):
            found[number] = facts
    return found


def _state(additions: str) -> tuple[tuple[str, int, int], ...]:
    """Return what tells that a file of additions has changed."""
    if not additions:
        return ()
    stats = [(file.name, file.stat()) for file in sorted(Path(additions).glob("*.tsv"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@lru_cache(maxsize=4)
def _compiled(additions: str, _state: tuple[tuple[str, int, int], ...]) -> Vocabulary:
    thesaurus, _ = without_unusable(load(Path(additions) if additions else None, []))
    return Vocabulary.load(thesaurus)


def _facts(
    vocabulary: Vocabulary,
    view: View,
    texts: pa.LargeStringArray,
    languages: pa.ChunkedArray | None,
    country: Mapping[int, str | None] | str | None,
    sites: Sequence[str] = (),
    asked: Sequence[bool] = (),
    mentions_only: bool = False,
) -> Iterator[tuple[int, list[Fact]]]:
    """Yield (number of the document, its facts) for the documents that have any."""
    chosen, offered = _worth_reading(vocabulary, view, texts)
    take = pa.array(chosen)
    some = texts.take(take)
    plain = some.to_pylist()
    spoken = languages.take(take).to_pylist() if languages is not None else [None] * len(chosen)
    for part in views.views(some):
        scan = _scan(vocabulary, part, some, offered[part.first : part.first + len(part.start)])
        for k, row in enumerate(scan.documents.tolist()):
            rows = slice(scan.first[k], scan.first[k + 1])
            hits = zip(scan.start[rows], scan.stop[rows], scan.term[rows], strict=True)
            number = int(chosen[row])
            at = country.get(number) if isinstance(country, Mapping) else country
            offer = bool(offered[row])
            home = home_of(sites[number]) if sites else ()
            facts = message.read(
                vocabulary,
                plain[row],
                hits,
                spoken[row],
                at,
                offer,
                mentions_only,
                home,
                bool(asked) and asked[number],
            )
            if facts:
                yield number, facts


def _worth_reading(
    vocabulary: Vocabulary, view: View, texts: pa.LargeStringArray
) -> tuple[Ints, npt.NDArray[np.uint8]]:
    """Return the rows of a view that a first look does not pass over, and their cues of offers."""
    document, _, _, term = vocabulary.first.scan_view(view, texts)
    document -= view.first
    offered = np.zeros(len(view.start), np.uint8)
    for bit in (AMOUNT, OFFER):
        offered[document[vocabulary.offered[term] == bit]] |= bit
    disguised = vocabulary.disguise.find(view)
    odd = view.document(np.array([at for at, _, _ in disguised], np.int64))
    chosen = np.unique(np.concatenate([document, odd]))
    return chosen + view.first, offered[chosen]


def _scan(
    vocabulary: Vocabulary,
    view: View,
    texts: pa.LargeStringArray,
    offered: npt.NDArray[np.uint8],
) -> _Scan:
    """Scan a view and keep the hits of the documents that are worth reading."""
    document, start, stop, term = vocabulary.matcher.scan_view(view, texts)
    document = document - view.first
    disguised = vocabulary.disguise.find(view)
    role = vocabulary.role[term]
    worth = offered.copy()
    for bit in (CUE, SCHEME, FAMILY):
        worth[document[role == bit]] |= bit
    # A sure name, a cue, a weight or a price lets weaker names be weighed; the weakest need an
    # amount or a sure name.
    name = role == ALIAS
    own = vocabulary.base_of_term[term]
    kept = np.zeros(len(view.start), bool)
    kept[document[name & (own >= vocabulary.contexts.keep)]] = True
    amount = kept | (worth & AMOUNT > 0)
    weighed = amount | (worth & (CUE | OFFER | SCHEME) > 0)
    idle = name & (own < STREET) & ~np.where(own < WEAK, amount[document], weighed[document])
    kept[document[name & ~idle]] = True
    kept |= worth & (AMOUNT | OFFER | SCHEME | FAMILY) > 0
    document, start, stop, term = document[~idle], start[~idle], stop[~idle], term[~idle]
    if disguised:
        at = np.array([found[0] for found in disguised], np.int64)
        odd = view.document(at)
        kept[odd] = True
        document = np.concatenate([document, odd])
        start = np.concatenate([start, at - view.start[odd]])
        ends = np.array([found[1] for found in disguised], np.int64)
        stop = np.concatenate([stop, ends - view.start[odd]])
        names = [-1 - vocabulary.name_number[found[2]] for found in disguised]
        term = np.concatenate([term, np.array(names, np.int64)])
    read = kept[document]
    document, start, stop, term = document[read], start[read], stop[read], term[read]
    order = np.lexsort((term, -stop, start, document))
    document = document[order]
    # A document with the cue of an offer is read though nothing else was found in it.
    documents = np.flatnonzero(kept)
    first = np.searchsorted(document, np.append(documents, len(view.start)))
    spans = [column[order].tolist() for column in (start, stop, term)]
    return _Scan(spans[0], spans[1], spans[2], first.tolist(), documents + view.first)


BUILTIN: tuple[type[Coder], ...] = (Lexicon,)

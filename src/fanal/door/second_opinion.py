"""Who is meant: what recognisers doubt and what they do not see, decided by the tagger.

What is nobody's is hidden from it first, and what words directly before say without doubt, "je
m'appelle", "habite rue …", is not put to it. In languages that it has not learned it is not asked:
there recognisers, words before a capital and lists of names decide.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache

from fanal.door import lexicon, tagger
from fanal.door.normalise import Views, fold
from fanal.door.protection import protected
from fanal.door.recognisers import certain
from fanal.door.spans import Span, overlapping, unmasked
from fanal.door.tagger import DECIDED
from fanal.text import languages

LEARNED = ("fr", "en")  # languages of the texts that the tagger learned from
# Country → its language, where the tagger has not learned it; not of those that speak several.
_HOME = {"DE": "de", "AT": "de", "LI": "de", "IT": "it", "SM": "it", "ES": "es", "NL": "nl",
         "PT": "pt"}  # fmt: skip
SPOKEN = 200  # characters from which on the words of a text tell its language by themselves
_NAME = r"[A-ZÀ-ÖØ-Þ][\w'’-]+"
_NAMES = rf"{_NAME}(?: (?:(?:von|van|de|del|della|di|da|der|den|ten|zu|y) ){{0,2}}{_NAME})*"
_CAPITALS = re.compile(_NAMES)
# What words before a capital leave no doubt of, in the languages that the tagger has not learned.
_CALLED = re.compile(
    r"\b(?i:mi chiamo|signor[ae]?|ich hei(?:ß|ss)e|frau|herrn?|me llamo|señora?|sra?\.|ik heet"
    rf"|mevrouw|mevr\.|meneer|dhr\.) ({_NAMES})"
)
_WORDS = ("darin", "ella", "mila", "otto", "sarà")  # words there that lists have as first names
_STARTS = ("", *".!?…:\n")  # what a sentence begins after


def decided(
    texts: Sequence[str], found: Mapping[int, Sequence[Span]], abroad: Container[int] = ()
) -> tuple[dict[int, list[Span]], dict[int, list[Span]]]:
    """Return what is masked of clean texts, by their place, and what recognisers saw in vain.

    `found` is what the recognisers found; of texts `abroad` the tagger is not asked.
    """
    kept: dict[int, list[Span]] = {}
    unsaid: dict[int, list[Span]] = {}
    views = [Views.of(unmasked(text)) for text in texts]
    for index in filter(abroad.__contains__, range(len(texts))):
        rules = found.get(index, ())
        unsaid[index] = [one for one in rules if _is_word(views[index], one)]
        kept[index] = [one for one in rules if one not in unsaid[index]]
        kept[index] += _listed(views[index])
    asked = [index for index in range(len(texts)) if index not in abroad]
    told = {place: found.get(index, ()) for place, index in enumerate(asked)}
    nobody = {place: _nobody(views[asked[place]], rules) for place, rules in told.items()}
    opinions = tagger.opinions([texts[index] for index in asked], told, nobody=nobody)
    for index, rules, said in zip(asked, told.values(), opinions, strict=True):
        if rules or said:
            doubtful = [one for one in rules if _is_doubtful(views[index], one)]
            kept[index], unsaid[index] = tagger.decided(doubtful, said)
            kept[index] += [one for one in rules if one not in doubtful]
    return kept, unsaid


def _nobody(text: Views, rules: Sequence[Span]) -> list[Span]:
    """Return what is hidden from the tagger: what is protected and no recogniser found."""
    return [span for span in protected(text) if not overlapping(span, rules)]


def _is_doubtful(text: Views, span: Span) -> bool:
    return span.kind.partition(":")[0] in DECIDED and not certain(text, span)


def abroad(texts: Sequence[str], threads: Sequence[str], country: str) -> set[int]:
    """Return which texts are in a language that the tagger has not learned.

    A long one speaks for itself; the others of a thread speak together, and where they say too
    little they are in the language of the country.
    """
    said: dict[str, list[str]] = {}
    for text, thread in zip(texts, threads, strict=True):
        said.setdefault(thread, []).append(text)
    threaded = {thread: "\n".join(held) for thread, held in said.items()}
    asked = [*threaded.values(), *(text for text in texts if len(text) >= SPOKEN)]
    spoken = dict(zip(asked, languages.vote(asked), strict=True))
    home = _HOME.get(country)
    out = set()
    for index, (text, thread) in enumerate(zip(texts, threads, strict=True)):
        whole = threaded[thread]
        enough = home is None or len(whole) >= SPOKEN
        own = spoken[text] if len(text) >= SPOKEN else None
        if (own or (enough and spoken[whole]) or home or LEARNED[0]) not in LEARNED:
            out.add(index)
    return out


def _listed(text: Views) -> Iterator[Span]:
    """Yield the names of a text in a language that the tagger has not learned.

    There any noun may have a capital: a name has a word that says so before it, or lists have it;
    a family name alone that begins a sentence is as often a word.
    """
    folded = text.folded
    for start, stop, _ in protected(text):
        folded = folded[:start] + " " * (stop - start) + folded[stop:]
    for called in _CALLED.finditer(text.clean):
        yield Span(*called.span(1), "name")
    for run in _CAPITALS.finditer(text.clean):
        start, stop = run.span()
        words = re.findall(r"[^\W\d_]+", folded[start:stop])
        before = text.clean[:start].rstrip(" «\"'-–")[-1:]
        if _are_borne(words, start=before in _STARTS):
            yield Span(start, stop, "name")


def _are_borne(words: Sequence[str], *, start: bool) -> bool:
    """Say whether lists have words with capitals, maybe at the start of a sentence, as a name."""
    if any(map(_is_first_name, words)) or (words[1:] and words[0] in lexicon.first_names()):
        return True
    return not (start and len(words) == 1) and not _last_names().isdisjoint(words)


def _is_word(text: Views, span: Span) -> bool:
    """Say whether what a recogniser takes for a name is words there: in small letters, unlisted."""
    said = text.clean[span.start : span.stop]
    if span.kind != "name" or said != said.lower() or certain(text, span):
        return False
    return not any(
        _is_first_name(fold(word)) for word in re.findall(r"[^\W\d_]+", said) if word not in _WORDS
    )


def _is_first_name(word: str) -> bool:
    return lexicon.first_names().get(word) is False or word in lexicon.small_names()


@cache
def _last_names() -> frozenset[str]:
    return lexicon.last_names() - lexicon.words()

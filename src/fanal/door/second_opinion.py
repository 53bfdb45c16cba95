"""Who is meant: what recognisers doubt and what they do not see, decided by the tagger.

What is nobody's is hidden from it first, and what words directly before say without doubt, "je
m'appelle", "habite rue …", is not put to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from fanal.door import lexicon, tagger
from fanal.door.normalise import Views, fold
from fanal.door.protection import protected
from fanal.door.recognisers import certain
from fanal.door.spans import Span, overlapping, unmasked
from fanal.door.tagger import DECIDED, Opinion
from fanal.text import languages

LEARNED = ("fr", "en")  # languages of the texts that the tagger learned from
SPOKEN = 200  # characters from which on the words of a text tell its language by themselves
_CAPITALS = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]+(?:\s(?:(?:von|van|de|del|della|di|da|der|den|ten|zu|y)\s){0,2}"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]+)*"
)


def decided(
    texts: Sequence[str], found: Mapping[int, Sequence[Span]]
) -> tuple[dict[int, list[Span]], dict[int, list[Span]]]:
    """Return what is masked of clean texts, by their place, and what recognisers saw in vain.

    `found` is what the recognisers found.
    """
    kept: dict[int, list[Span]] = {}
    unsaid: dict[int, list[Span]] = {}
    views = [Views.of(unmasked(text)) for text in texts]
    nobody = {index: _nobody(text, found.get(index, ())) for index, text in enumerate(views)}
    abroad = _abroad(texts)
    for index, said in enumerate(tagger.opinions(texts, found, nobody=nobody)):
        rules = found.get(index, ())
        if index in abroad:
            said = list(_listed(texts[index], said, rules))
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


def _abroad(texts: Sequence[str]) -> set[int]:
    """Return which texts are in a language that the tagger has not learned.

    A short one says little of its own: there most of the texts beside it tell.
    """
    spoken = languages.vote(texts)
    known = [language for language in spoken if language is not None]
    most = 2 * sum(language not in LEARNED for language in known) > len(known)
    return {
        index
        for index, language in enumerate(spoken)
        if language not in LEARNED and (most or (language and len(texts[index]) >= SPOKEN))
    }


def _listed(text: str, said: Iterable[Opinion], rules: Sequence[Span]) -> Iterator[Opinion]:
    """Yield what is left of opinions on a text in a language that the tagger has not learned.

    There any noun may have a capital, and half a sentence is taken for an account: of what no
    recogniser found, words with a capital are left that hold a name that lists have.
    """
    for one in said:
        if overlapping(one.span, rules):
            yield one
            continue
        for run in _CAPITALS.finditer(text, *one.span[:2]) if one.span.kind == "name" else ():
            words = re.findall(r"[^\W\d_]+", fold(run[0]))
            if any(word in _names() for word in words):
                yield one._replace(span=Span(run.start(), run.end(), "name"))


@cache
def _names() -> frozenset[str]:
    sure = {name for name, is_word in lexicon.first_names().items() if not is_word}
    return frozenset(sure | lexicon.last_names()) - lexicon.words()

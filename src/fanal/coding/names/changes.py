"""What a change of names changes: one scan for the names that differ finds every document of it.

What the coder says of a document follows from the terms that stand in it. So where two vocabularies
differ in some names alone, only documents that hold a spelling or a disguise of one of these names
can be coded differently; all others keep their observations.
"""

from __future__ import annotations

from dataclasses import astuple
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from fanal.coding import views
from fanal.coding.names.disguise import Disguise
from fanal.coding.names.matcher import Matcher
from fanal.coding.names.vocabulary import Vocabulary


class Change:
    """The terms in which two vocabularies differ."""

    def __init__(self, terms: set[str], letters: set[str]) -> None:
        self.terms = tuple(sorted(terms | letters))
        self.letters = tuple(sorted(letters))

    @cached_property
    def _matcher(self) -> Matcher:
        return Matcher(self.terms)

    @cached_property
    def _disguise(self) -> Disguise:
        return Disguise(name for name in self.letters if name.isalnum())

    def rows(self, texts: Any) -> pa.Array:
        """Return the numbers of the texts of a column that hold one of the terms, in order."""
        found: list[Any] = [np.empty(0, np.int64)]
        if self.terms:
            column = views.texts_of(texts)
            for view in views.views(column):
                document, *_ = self._matcher.scan_view(view, column)
                found.append(document)
                odd = [at for at, _, _ in self._disguise.find(view)]
                found.append(view.document(np.array(odd, np.int64)) + view.first)
        return pa.array(np.unique(np.concatenate(found)), pa.int64())


def between(before: Vocabulary, after: Vocabulary) -> Change | None:
    """Return in which terms two vocabularies differ; None where more than names differs."""
    if _beside_names(before) != _beside_names(after):
        return None
    old, new = map(_names, (before, after))
    order = [name for name in old if name in new]
    if order != [
        name for name in new if name in old
    ]:  # of two names of one rank the first is meant
        return None
    terms = _differing(_of_terms(before, old), _of_terms(after, new))
    letters = _differing(_of_letters(before, old), _of_letters(after, new))
    return Change(terms, letters)


def _beside_names(vocabulary: Vocabulary) -> tuple[Any, ...]:
    """Return what decides the codes beside the names."""
    readers = (vocabulary.practices, vocabulary.platforms, vocabulary.gazetteer)
    return (
        vocabulary.contexts.digest,
        vocabulary.thesaurus.families,
        sorted(vocabulary.compounded),
        [sorted(reader.phrases) for reader in readers],
    )


def _names(vocabulary: Vocabulary) -> dict[tuple[Any, ...], int]:
    """Return each name, with all that it is weighed by, and its number."""
    weighed = zip(
        vocabulary.aliases,
        vocabulary.base.tolist(),
        vocabulary.preferred.tolist(),
        [tuple([number for number, _ in rules]) for rules in vocabulary.rules_of],
        strict=True,
    )
    return {
        (*astuple(alias), base, preferred, rules): number
        for number, (alias, base, preferred, rules) in enumerate(weighed)
    }


Meaning = dict[str, frozenset[Any]]


def _of_terms(vocabulary: Vocabulary, names: dict[tuple[Any, ...], int]) -> Meaning:
    """Return the names that each term may be, in every language."""
    name_of = list(names)
    found: dict[str, set[Any]] = {}
    for term, which in vocabulary.alias_terms():
        found.setdefault(term, set()).add(name_of[which])
    return {term: frozenset(said) for term, said in found.items()}


def _of_letters(vocabulary: Vocabulary, names: dict[tuple[Any, ...], int]) -> Meaning:
    """Return the names that each row of letters may be, for disguised spellings."""
    name_of = list(names)
    return {
        letters: frozenset(name_of[which] for which in aliases)
        for letters, aliases in vocabulary.first_alias.items()
        if letters
    }


def _differing(old: Meaning, new: Meaning) -> set[str]:
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}

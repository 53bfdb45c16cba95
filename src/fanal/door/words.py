"""Short words of tables through the door: labels, column names, units, notes, names of figures."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from fanal.door import identifiers
from fanal.door.table_words import unheaded, unjoined
from fanal.errors import ConfigError
from fanal.thesaurus import bared, shipped

WITHHELD = "[withheld]"


def words(
    texts: Iterable[str],
    kind: str = "public posts",
    headers: bool = False,
    country: str = "FR",
) -> dict[str, str]:
    """Return what is stored of each different text; a text in doubt is withheld by itself.

    "Down (Unknown Opioid)" looks like a name: what is left without the words of laboratories must
    be one, or hold another identifier. `headers` are names of columns and areas too: `n_cases` is
    no handle, and País Vasco nobody.
    """
    texts = {text for text in texts if text}
    given = sorted(texts - _ids())
    stored = _screened(given, kind, country)
    masked = [text for text in given if stored[text] != text]
    bare = {text: bared(text.replace("_", " ") if headers else text) for text in masked}
    if headers:
        left_of = {text: unheaded(text.replace("_", " ")) for text in masked}
        bare |= {text: rest for text, rest in left_of.items() if rest is not None}
    left = _screened(sorted(set(bare.values())), kind, country)
    kept = {text: text for text in masked if left[bare[text]] == bare[text] != text}
    shown = stored | kept
    return {text: unjoined(said) for text, said in shown.items()} | {i: i for i in _ids() & texts}


def written(text: str, what: str, kind: str = "public posts") -> str:
    """Return what is stored of a text that a person typed: a note, a reason, a statement.

    Raises:
        ConfigError: the door does not let it in.
    """
    stored = identifiers.screen_text([text.strip()], kind)[0].text
    if stored is None:
        raise ConfigError(
            f"the {what} may identify someone and was not kept",
            do="write it without names or numbers",
        )
    return stored


@cache
def _ids() -> frozenset[str]:
    """Return the ids of substances, which are nobody's."""
    return frozenset(shipped().substances)


def _screened(texts: list[str], kind: str, country: str) -> dict[str, str]:
    screened = identifiers.screen_text(texts, kind, country)
    return {t: WITHHELD if s.text is None else s.text for t, s in zip(texts, screened, strict=True)}

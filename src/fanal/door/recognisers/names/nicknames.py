"""What somebody is called, where a phrase says that it is a nickname."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.products import products
from fanal.door.recognisers.names.token import DATA
from fanal.door.spans import Span


def nicknames(text: Views) -> Iterator[Span]:
    """Yield nicknames, whatever words they are."""
    for match in DATA["quoted-nickname"].finditer(text.folded):
        if "\x01" not in match["nick"] and _is_of_person(text.folded, match):
            yield Span(match.start("nick"), match.end("nick"), "name")
    for match in DATA["nickname"].finditer(text.folded):
        stop = _stop(text, match)
        nick = text.folded[match.start("nick") : stop]
        if _is_nickname(text, match, nick) and not _is_called(text.folded, match, nick):
            yield Span(match.start("nick"), stop, "name")


def of_products(text: Views) -> Iterator[tuple[int, int]]:
    """Yield words of every day that a product is called by.

    'weed known as "the lemon"'; of 'weed known as "Karim"' it is not said.
    """
    for match in DATA["quoted-nickname"].finditer(text.folded):
        if _is_called(text.folded, match, match["nick"]):
            yield match.span("nick")
    for match in DATA["nickname"].finditer(text.folded):
        start, stop = match.start("nick"), _stop(text, match)
        if _is_called(text.folded, match, text.folded[start:stop]):
            yield start, stop


def _is_called(folded: str, match: re.Match[str], nick: str) -> bool:
    """Say whether a substance or a place is called so, by words of every day."""
    words = DATA["token"].findall(nick)
    named = words[:1] and words[0] in lexicon.first_names()  # "Rose", but not "la Rose"
    plain = bool(words) and not named and all(word in lexicon.words() for word in words)
    before = folded[max(0, match.start() - 60) : match.start()]
    behind = DATA["thing-after"].match(folded, match.start("nick") + len(nick)) is not None
    person = _ends_in_person(before) or _has_first_name(before)
    return plain and (behind or _is_of_thing(before)) and not person


def _is_of_person(folded: str, match: re.Match[str]) -> bool:
    """Say whether a person is called so, not a substance: 'coke dite "la blanche"'."""
    before = folded[max(0, match.start() - 60) : match.start()]
    if _ends_in_person(before):
        return True
    known = match["nick"] in lexicon.drugs() or match["nick"] in lexicon.words()
    return not known and not _is_of_thing(before)


def _ends_in_person(before: str) -> bool:
    """Say whether a person is spoken of right before: by a word, a mask or a first name."""
    last = DATA["token"].findall(before)[-1:]
    return (
        DATA["person-before"].search(before) is not None
        or before.endswith("\x01")  # a name that is masked already
        or (last != [] and last[0] in lexicon.first_names() and last[0] not in lexicon.drugs())
    )


def _has_first_name(before: str) -> bool:
    """Say whether somebody is named in the sentence before: "Sophie vend de la coke, dite …"."""
    said = DATA["token"].findall(re.split(r"[.!?\n]", before)[-1])
    known = lexicon.words() | lexicon.drugs()
    return any(word in lexicon.first_names() and word not in known for word in said)


def _is_of_thing(before: str) -> bool:
    """Say whether what stands last before "dite" is a substance or a place, not a person."""
    named = [name for name in products(before) if not before[name.stop :].strip(" ,")]
    return bool(named) or DATA["thing-before"].search(before) is not None


def _stop(text: Views, match: re.Match[str]) -> int:
    """Return where a nickname ends: its second word counts with a capital."""
    stop, more = match.end("nick"), match["more"].strip()
    if not more:
        return stop
    part = text.cased[stop - len(more)].isupper() and len(more) > 2 and "'" not in more
    return stop if part and more not in lexicon.words() else match.start("more")


def _is_nickname(text: Views, match: re.Match[str], nick: str) -> bool:
    own = DATA["own-name"].match(match[0]) is not None
    if not text.cased[match.start("nick")].isupper():
        if nick in lexicon.words() and not own:
            return False  # "tout le monde m'appelle comme ça"
        if nick in DATA.words["adverb"]:
            return False  # "comme on l'appelle ici"
    return own or nick not in lexicon.drugs()

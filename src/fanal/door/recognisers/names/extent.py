"""Where a name begins and ends: title, initials, particles, nickname, family name."""

from __future__ import annotations

from fanal.door import lexicon
from fanal.door.recognisers.names.token import DATA, PARTICLES, Line, Token

_GAPS = (" ", "-", "  ")
_BEFORE_SURNAME = ("el", "ben", "al", "abu", "oum", "van", "de")


def extent(line: Line, index: int) -> tuple[int, int]:
    """Return the whole name around a word."""
    stop = _stop(line, index)
    return _with_title(line, _start(line, index, stop)), stop


def can_follow(word: str) -> bool:
    """Say whether a word in small letters after a first name is its family name."""
    if word in lexicon.last_names():
        return word not in lexicon.everyday()
    return len(word) > 5 and word not in lexicon.words() and word not in lexicon.first_names()


def surname_end(line: Line, index: int) -> int:
    """Return where the word after a first name ends, if it can be a family name."""
    following = line.next(index)
    if following and (following.capital or can_follow(following.word)):
        return following.stop
    return line.found[index].stop


def _stop(line: Line, index: int) -> int:
    folded, found = line.text.folded, line.found
    token, stop, at = found[index], found[index].stop, index + 1
    while at < len(found) and folded[stop : found[at].start] in _GAPS:
        following = found[at]
        initial = following.capital and len(following.word) == 1
        if following.capital and (initial or following.word not in PARTICLES):
            if not initial and not _may_be_part(following):
                break
            dotted = initial and folded[following.stop : following.stop + 1] == "."
            stop = following.stop + dotted
        elif following.word in PARTICLES and _goes_on(line, at):
            if not _may_follow_particle(found[at + 1]):
                break
            at += 1
            stop = found[at].stop
        elif not token.capital and can_follow(following.word):
            stop = following.stop
        else:
            break
        at += 1
    return stop


def _may_be_part(following: Token) -> bool:
    """Say whether a word in capitals may be a part of the name before it."""
    word = following.word
    if word in lexicon.last_names() or word in lexicon.first_names():
        return True
    return not any(word in known for known in _no_names())


def _goes_on(line: Line, at: int) -> bool:
    """Say whether a name goes on after a particle."""
    if line.gap(at) not in (" ", "'", "-"):
        return False
    following = line.found[at + 1]
    return following.capital or can_follow(following.word)


def _may_follow_particle(token: Token) -> bool:
    if token.word in lexicon.never_names():
        return False
    return token.word not in lexicon.words() or token.word in lexicon.last_names()


def _no_names() -> tuple[frozenset[str], ...]:
    return lexicon.words(), lexicon.never_names(), lexicon.drugs()


def _start(line: Line, index: int, stop: int) -> int:
    token = line.found[index]
    start = token.start
    before = line.previous(index)
    if before and _is_first_part(line, before, token, stop):
        start = before.start
        prior = line.previous(index - 1)
        foreign = not line.text.clean[start:stop].isascii()
        if prior and prior.capital:
            three = foreign and not any(prior.word in known for known in _no_names())
            if three or prior.word in PARTICLES:  # "Thanh Hà Nguyễn"
                start = prior.start
    if (
        before
        and start == token.start
        and before.capital == token.capital
        and (
            before.word in DATA.words["nicknamed"]
            or (before.capital and before.word in _BEFORE_SURNAME)
        )
    ):
        start = before.start
    if start == token.start:
        opening = line.opening(index)
        titled = DATA["title-before"].search(line.before(opening, 16))
        if token.word in lexicon.last_names() or titled:
            start = opening
    return start


def _is_first_part(line: Line, before: Token, token: Token, stop: int) -> bool:
    """Say whether the word in capitals before a name is a part of it."""
    if not (before.capital and token.capital) or line.on_menu(token):
        return False
    if any(before.word in known for known in _no_names()):
        return False
    return (
        before.word in lexicon.last_names()
        or lexicon.first_names().get(token.word) is False
        or (stop > token.stop and not line.starts_sentence(before))
        or not line.text.clean[before.start : stop].isascii()
    )


def _with_title(line: Line, start: int) -> int:
    title = DATA["title-before"].search(line.before(start, 16))
    if title is None:
        title = DATA["cased-lawyer-before"].search(line.text.cased[max(0, start - 8) : start])
    return start - len(title[0]) if title else start

"""Names of accounts: with @, announced by the name of an app, or by their shape alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import FIGURES, Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("handles")
_APPS = (
    "telegram", "snapchat", "instagram", "whatsapp", "signal", "wickr", "threema", "session",
    "wire", "potato", "discord", "twitter", "tiktok", "kik", "skype", "viber", "line", "wechat",
    "facebook", "matrix", "jabber", "icq", "onlyfans",
)  # fmt: skip
# The app that a word names; "" for words that announce an account of any.
APP_OF = dict.fromkeys(_DATA.words["called"] | {"@ :"}, "") | {
    word: app for app in _APPS for word in _DATA.words[app]
}
_PICTURES = {"👻": "snapchat", "📸": "instagram", "✈": "telegram"}
_ENDINGS = ("", "s", "es", "e", "x", "r", "z", "nt")


def read(text: Views) -> Iterator[Span]:
    """Yield account names."""
    found = list(_alone(text))
    yield from found
    yield from _announced(text.without(found))


def _alone(text: Views) -> Iterator[Span]:
    """Yield account names with @, or with the shape of one."""
    folded = text.folded
    for match in _DATA["discord"].finditer(folded):
        yield Span(match.start(), match.end(), "handle:discord")
    for match in _DATA["paid"].finditer(folded):
        if match["name"][0] in "$@" or match["name"] not in lexicon.words():
            yield Span(match.start("name"), match.end("name"), "handle")
    for match in _DATA["forum"].finditer(folded):
        yield Span(match.start(), match.end(), "handle:reddit")
    yield from _mentions(folded)
    for match in _DATA["underscored"].finditer(folded):
        yield Span(match.start(), match.end(), "handle")
    for match in _DATA["shaped"].finditer(folded):
        if match[0].translate(FIGURES) in APP_OF:
            continue
        if _stands_alone(match[0], text.cased[match.start() : match.end()]):
            yield Span(match.start(), match.end(), _kind(folded, match.start()))


def _mentions(folded: str) -> Iterator[Span]:
    for match in _DATA["mention"].finditer(folded):
        name = match["name"].rstrip(".-")
        if sum(c.isalpha() for c in name) > 1 and not _DATA["amount"].match(name):
            alone = match.end() == match.end("name")
            stop = match.start() + 1 + len(name) if alone else match.end()
            yield Span(match.start(), stop, _kind(folded, match.start()))


def _announced(text: Views) -> Iterator[Span]:
    """Yield account names that the name of an app announces: "snap: …", "… sur insta"."""
    for match in _DATA["cued"].finditer(text.folded):
        if span := _cued(text, match):
            yield span
    for match in _DATA["cued-far"].finditer(text.folded):
        name = match["name"].rstrip(".-")
        if match["at"] or _has_shape(name, text.cased[match.start("name") :]):
            start = match.start("name")
            yield Span(start, start + len(name), f"handle:{_app(match['cue'])}")
    for match in _DATA["reversed"].finditer(text.folded):
        name = match["name"].rstrip(".-")
        if _is_before_app(text, match, name):
            yield Span(match.start(), match.start() + len(name), f"handle:{_app(match['cue'])}")
    for match in _DATA["pictured"].finditer(text.folded):
        name = match["name"].rstrip(".-")
        ghost = match["cue"] == "👻"
        start = match.start("name")
        if _is_handle(name, text.cased[start:], pointed=ghost, strong=ghost, at=bool(match["at"])):
            yield Span(start, start + len(name), f"handle:{_PICTURES[match['cue']]}")
    for match in _DATA["quoted"].finditer(text.folded):
        group = "name" if match["name"] else "named"
        app = _app(match["cue"] or match["before"])
        yield Span(match.start(group), match.end(group), f"handle:{app}")


def _cued(text: Views, match: re.Match[str]) -> Span | None:
    name, at = match["name"].rstrip(".-"), bool(match["at"])
    app = _app(match["cue"])
    pointed = app != "" and (at or _DATA["pointing"].search(match["fill"]) is not None)
    rest = text.cased[match.start("name") :]
    if not _is_handle(name, rest, pointed=pointed, strong=app != "", at=at):
        return None
    start = match.start("at") if at else match.start("name")
    app = app or _near(text.folded, start)
    stop = match.start("name") + len(name)
    if app == "facebook" and (more := _DATA["cased-surname"].match(text.cased, stop)):
        stop = more.end()
    return Span(start, stop, f"handle:{app}" if app else "handle")


def _is_before_app(text: Views, match: re.Match[str], name: str) -> bool:
    """Say whether the word in "… sur snap" is an account: by its shape, or where one is invited."""
    if _DATA["product"].match(name):
        return False
    if _has_shape(name, text.cased[match.start() :]):
        return True
    invited = _DATA["invited-before"].search(
        text.folded[max(0, match.start() - 24) : match.start()]
    )
    unknown = not any(_known(part) for part in (name, name.replace("-", "")))
    return invited is not None and unknown and len(name) > 3


def _app(cue: str) -> str:
    return APP_OF[cue if cue in APP_OF else cue.translate(FIGURES)]


def _is_handle(name: str, rest: str, *, pointed: bool, strong: bool, at: bool) -> bool:
    if at:
        return sum(c.isalpha() for c in name) > 1
    if _DATA["amount"].match(name) or not any(c.isalpha() for c in name):
        return False
    if pointed and name not in lexicon.words() and not _DATA["substance"].match(name):
        return len(name) > 3 or _has_shape(name, rest)
    if _DATA["product"].match(name):
        return False
    return _has_shape(name, rest) or (strong and len(name) > 5 and not _known(name))


def _known(name: str) -> bool:
    """Say whether a token is a common word, in the singular or plural, or a place or brand."""
    return any(name.removesuffix(end) in lexicon.words() for end in _ENDINGS)


def _has_shape(name: str, rest: str) -> bool:
    """Say whether a token is built like an account name: digits, underscores, inner capitals."""
    if sum(c.isalpha() for c in name) < 2:
        return False
    if "_" in name or _DATA["figured"].search(name):
        return True
    if _DATA["dotted"].search(name):
        return not all(part in lexicon.words() for part in name.split("."))
    if "-" in name:
        return any(c.isdigit() for c in name)
    camel = _DATA["cased-inner-capital"].search(rest[: len(name)])
    return camel is not None and name not in lexicon.words()


def _stands_alone(name: str, cased: str) -> bool:
    """Say whether a token is an account name by its shape alone, without any cue."""
    drugs = lexicon.drugs()
    if name in drugs:
        return False
    letters = sum(c.isalpha() for c in name)
    product = _DATA["product"].match(name) is not None
    if _DATA["joined"].search(name) and letters > 2:
        return True
    if _DATA["cased-bot"].fullmatch(cased):
        return True
    if _DATA["crossed"].fullmatch(name):
        return not _known(name)
    if _DATA["word-and-figures"].fullmatch(name):
        stem = re.sub(r"\d.*", "", name)
        figures = sum(c.isdigit() for c in name)
        return (stem not in lexicon.words() or letters > 7 or figures > 2) and not product
    if _DATA["figures-for-letters"].fullmatch(name):
        return len(name) > 6
    if _DATA["two-words-and-figures"].fullmatch(name):
        return name.rpartition("-")[0] not in drugs
    return _DATA["dots-and-figures"].fullmatch(name) is not None and letters > 3 and not product


def _near(folded: str, start: int) -> str:
    """Return the app named on the same line nearest before a place, or after it."""
    line_start = folded.rfind("\n", 0, start) + 1
    line_end = folded.find("\n", start)
    found = _DATA["app"].findall(folded[max(line_start, start - 40) : start])
    if found:
        return _app(found[-1])
    stop = min(line_end if line_end > 0 else len(folded), start + 60)
    after = _DATA["app"].search(folded[start:stop])
    return _app(after[1]) if after else ""


def _kind(folded: str, start: int) -> str:
    app = _near(folded, start)
    return f"handle:{app}" if app else "handle"

"""Addresses of the web and of apps, plain or with dots and slashes spelt out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("links")
_CLOSING = ".,;:!?…»\"')]}*_~"
_HOSTS = (
    ("telegram", ("t.me", "telegram.", "tg:", "tonsite:", "telegra.ph", "telesco.pe")),
    ("whatsapp", ("wa.me", "whatsapp", "chat.whatsapp")),
    ("signal", ("signal.", "sgnl:", "signal:")),
    ("snapchat", ("snapchat", "snap.", "story.snap")),
    ("instagram", ("instagram", "instagr.am", "ig.me")),
    ("discord", ("discord",)),
    ("potato", ("potato", "ptwk", "ptso")),
    ("facebook", ("facebook", "fb.", "m.me", "messenger")),
    ("tiktok", ("tiktok",)),
    ("twitter", ("twitter.", "x.com")),
    ("session", ("session:", "getsession")),
    ("threema", ("threema",)),
    ("wickr", ("wickr",)),
)
_LIKE_WORDS = _DATA.words["word-ending"] | _DATA.words["word-like"]


def read(text: Views) -> Iterator[Span]:
    """Yield addresses, by the app that they lead to."""
    folded = text.folded
    taken = 0
    for match in _found(folded):
        if match.start() < taken:
            continue
        taken = match.end()
        if match.re is _DATA["odd"] and not _is_path(match["odd"], match["path"]):
            continue
        if not _is_word_pair(match[0]) and is_address(folded, match.start(), match.end()):
            yield _link(folded, match.start(), match.end())
    for match in _DATA["bare"].finditer(folded):
        cued = _DATA["cue-before"].search(folded[max(0, match.start() - 16) : match.start()])
        sentence = _DATA["runs-on"].match(folded, match.end())
        if cued and not (match[0].partition(".")[0] in lexicon.words() and sentence):
            yield _link(folded, match.start(), match.end())


_ORDER = [name for name, _ in _DATA.searched() if name != "bare"]


def _found(folded: str) -> list[re.Match[str]]:
    """Return what looks like an address, by where it starts; of two at one place the first kind."""
    found = [match for name in _ORDER for match in _DATA[name].finditer(folded)]
    return sorted(found, key=lambda match: match.start())


def is_address(folded: str, start: int, stop: int) -> bool:
    """Say whether words with "point" or "dot" between them are an address said aloud, not prose.

    An ending that is also a word ("point de vente", "point info", "this point in") needs a host
    that is none and an end there, or a path; any host may stand before "point com" but an article.
    """
    said = list(_DATA["said-dot"].finditer(folded, start, stop))
    if not said or _DATA["sign"].search(folded, start, stop):
        return True
    host = re.split(r"[\s_-]", folded[start : said[-1].start()].strip())[-1]
    ending = folded[said[-1].end() : stop].strip()
    if host in _DATA.words["pointed"] or (
        host in lexicon.drugs() and host not in lexicon.first_names()
    ):
        return False
    before = folded[max(0, start - 28) : start]
    likely = host not in lexicon.words() or _DATA["announced-before"].search(before) is not None
    if ending in _LIKE_WORDS:
        return likely and not _DATA["runs-on"].match(folded, stop)
    if ending in lexicon.words() and ending not in _DATA.words["of-the-net"]:
        return likely
    return True


def _is_path(host: str, path: str) -> bool:
    """Say whether a host of an unknown ending and what follows it are an address, not prose."""
    parts = host.rpartition(".")[0], path.strip("/")
    return _DATA["path-sign"].search(path) is not None or any(
        part not in lexicon.words() for part in parts
    )


def _link(folded: str, start: int, stop: int) -> Span:
    written = folded[start:stop].rstrip(_CLOSING)
    stop = start + len(written)
    address = _DATA["lead"].sub("", _DATA["dot-or-point"].sub(".", written), count=1)
    host = re.sub(r"\s", "", address)
    for platform, hosts in _HOSTS:
        if host.startswith(hosts) or any(f".{part}" in host.partition("/")[0] for part in hosts):
            return Span(start, stop, f"link:{platform}")
    return Span(start, stop, "link:web")


def _is_word_pair(address: str) -> bool:
    """Say whether this is two sentences without a space between ("arrivage.info demain")."""
    left, _, right = address.rpartition(".")
    return (
        bool(left)
        and "." not in left
        and left in lexicon.words()
        and right in (lexicon.words() | {"co", "ml"}) - _DATA.words["no-word"]
    )

"""Postal addresses: a street with its number, a named house, a flat; in France and around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.spans import Span

_DATA = recogniser("addresses")
_ABROAD = (
    "cased-english", "cased-english-small", "cased-postcode", "cased-german", "cased-latin", "box",
    "cased-street-and-town", "cased-mail-room",
)  # fmt: skip
_MOST = 6  # words of the name of a street
_DEPARTMENT_OF = {
    "paris": "75", "lyon": "69", "villeurbanne": "69", "marseille": "13", "toulouse": "31",
    "nice": "06", "nantes": "44", "montpellier": "34", "strasbourg": "67", "bordeaux": "33",
    "lille": "59", "roubaix": "59", "tourcoing": "59", "rennes": "35", "reims": "51",
    "toulon": "83", "grenoble": "38", "dijon": "21", "angers": "49", "nimes": "30",
    "metz": "57", "nancy": "54", "rouen": "76", "caen": "14", "brest": "29", "tours": "37",
    "amiens": "80", "limoges": "87", "perpignan": "66", "besancon": "25", "orleans": "45",
    "mulhouse": "68", "avignon": "84", "saint-denis": "93", "montreuil": "93",
    "argenteuil": "95",
}  # fmt: skip


def read(text: Views) -> Iterator[Span]:
    """Yield postal addresses, with the département where a postcode or a city gives it."""
    folded = text.folded
    for match in _DATA["numbered"].finditer(folded):
        stop = _street_name(text, match.start("rest"), numbered=True)
        if stop and not _is_amount(folded, match) and _is_street(text, match, stop):
            yield _whole(text, match.start(), stop)
    for match in _DATA["unnumbered"].finditer(folded):
        if stop := _street_name(text, match.start("rest"), numbered=False):
            yield from _unnumbered(text, match.start(), stop)
    for match in _DATA["lived-at"].finditer(folded):
        if stop := _street_name(text, match.start("rest"), numbered=False):
            yield _whole(text, _open_start(match), stop)
    for match in _DATA["house"].finditer(folded):
        stop = _street_name(text, match.start("rest"), numbered=False)
        if stop and (_named(text, match.start("rest")) or _DATA["unit-after"].match(folded, stop)):
            yield _whole(text, match.start(), stop)
    for name in _ABROAD:
        for match in _DATA[name].finditer(text.cased if name.startswith("cased-") else folded):
            yield _whole(text, match.start(), match.end())
    for match in _DATA["units-in-row"].finditer(folded):
        yield _whole(text, match.start(), match.end())


def _unnumbered(text: Views, start: int, stop: int) -> Iterator[Span]:
    """Yield a street whose number follows, or that is somebody's home."""
    number = _DATA["number-after"].match(text.folded[stop:])
    whole = _whole(text, start, stop + (number.end() if number else 0))
    if number or whole.stop > stop or not _is_public(text.folded, start, stop):
        yield whole


def _is_public(folded: str, start: int, stop: int) -> bool:
    """Say whether a street without a number is spoken of as a public place, not as a home."""
    near = folded[max(0, start - 60) : stop + 40]
    first = max(folded.rfind(sign, 0, start) for sign in ".!?\n") + 1
    ending = _DATA["sentence-end"].search(folded, stop)
    last = ending.start() if ending else len(folded)
    if len(_DATA["unnumbered"].findall(folded, first, last)) > 1:  # a list of streets
        near = folded[first:last]
    return _DATA["public-near"].search(near) is not None and not _DATA["lived-near"].search(near)


def _named(text: Views, at: int) -> bool:
    """Say whether a word in capitals starts here, after an article or not."""
    article = _DATA["particle"].match(text.folded, at)
    at = article.end() if article else at
    return text.cased[at : at + 1].isupper()


def _open_start(match: re.Match[str]) -> int:
    """Return where the street begins in "il habite vers la place …"."""
    return match.start() + list(_DATA["open-street"].finditer(match[0]))[-1].start()


def _is_street(text: Views, match: re.Match[str], stop: int) -> bool:
    """Say whether what follows a number is a street by its name, not "3 cours de chimie"."""
    folded = text.folded
    name = folded[match.start("rest") : stop].split()[-1:]
    if _named(text, match.start("rest")):
        return True
    if name and name[0] in lexicon.drugs():
        return False
    if _DATA["sure-street"].search(match[0].rstrip()):
        return True
    rest = re.findall(r"[^\W\d_]{4,}", folded[match.start("rest") : stop])
    strange = any(word not in lexicon.words() or word in lexicon.first_names() for word in rest)
    return strange or _DATA["city-after"].match(folded, stop) is not None


def _is_amount(folded: str, match: re.Match[str]) -> bool:
    """Say whether the number belongs to what stands before it ("10g 60 place de marché")."""
    before = folded[max(0, match.start() - 3) : match.start()]
    return _DATA["amount-before"].search(before) is not None


def _street_name(text: Views, start: int, *, numbered: bool) -> int | None:
    """Return where the name of a street that starts here ends; None where there is no name."""
    folded = text.folded
    dated = _DATA["particle"].match(folded, start)
    if found := _DATA["date-name"].match(folded, dated.end() if dated else start):
        return found.end()
    stop: int | None = None
    particle = False
    at, taken, before = start, 0, ""
    while taken < _MOST:
        if joined := _DATA["particle"].match(folded, at):
            if taken and not _continues_after(text, joined.end()):
                break
            at, particle = joined.end(), True
            continue
        word = _DATA["word"].match(folded, at)
        if not word or (_is_stop(word[0]) and not (particle and text.cased[at].isupper())):
            break
        plain, upper = word[0].strip("."), text.cased[word.start()].isupper()
        if taken == 0:
            belongs = _may_begin(plain, upper=upper, numbered=numbered)
        else:
            belongs = upper or _may_continue(plain, before if taken == 1 else "")
        if not belongs:
            break
        stop, taken, before = word.end(), taken + 1, plain
        gap = _DATA["gap"].match(folded, stop)
        if not gap:
            break
        at, particle = gap.end(), False
    if stop and folded[stop - 1] == ".":
        stop -= 1
    return stop


def _is_stop(word: str) -> bool:
    return word in _DATA.words["stop"]


def _may_begin(word: str, *, upper: bool, numbered: bool) -> bool:
    """Say whether the name of a street may begin with a word; without a number, no common one."""
    if len(word) < 2:
        return False
    return numbered or upper or (len(word) > 2 and word not in lexicon.words())


def _may_continue(word: str, first_name: str) -> bool:
    """Say whether a word in small letters may follow in the name of a street."""
    return word not in lexicon.words() or lexicon.first_names().get(first_name) is not None


def _continues_after(text: Views, at: int) -> bool:
    word = _DATA["word"].match(text.folded, at)
    if not word or (_is_stop(word[0]) and not text.cased[at].isupper()):
        return False
    return text.cased[at].isupper() or word[0].strip(".") not in lexicon.words()


def _whole(text: Views, start: int, stop: int) -> Span:
    """Return an address with the building, postcode and city that follow or precede it."""
    start = _start_of_building(text, start)
    area = ""
    while more := _more(text, stop):
        stop, found = more
        area = area or found
    return Span(start, stop, f"address:{area}" if area else "address")


def _start_of_building(text: Views, start: int) -> int:
    if tall := _DATA["cased-house-before"].search(text.cased[max(0, start - 60) : start]):
        return start - len(tall[0])
    lead = _DATA["before"].search(text.folded[max(0, start - 40) : start])
    if lead and not _DATA["no-unit"].search(lead[0]):
        return start - len(lead[0])
    return start


def _more(text: Views, stop: int) -> tuple[int, str] | None:
    """Return where what goes on after an address ends, and the département that it tells."""
    if unit := _DATA["unit-after"].match(text.folded, stop):
        return unit.end(), ""
    if city := _DATA["city-after"].match(text.folded, stop):
        return _city(text, city)
    if post := _DATA["cased-postcode-after"].match(text.cased, stop):
        return post.end(), ""
    if town := _DATA["cased-town-after"].match(text.cased, stop):
        last = text.folded[town.start("town") : town.end("town")].rpartition(" ")[2]
        plain = last in lexicon.words() or last in lexicon.first_names()
        if last in lexicon.never_names() or not plain:
            return town.end(), ""
    return None


def _city(text: Views, city: re.Match[str]) -> tuple[int, str] | None:
    """Return where a postcode and its city end, and their département; None for no city."""
    if not city["post"]:
        return city.end(), _DEPARTMENT_OF.get(city["big"], "")
    if len(city["post"]) == 4 and not _is_city(text, city):
        return None
    stop = city.end("post")
    if city["name"]:
        stop = _city_end(text, city.start("name"), city.end("name"))
    return stop, department(city["post"].replace(" ", ""))


def _is_city(text: Views, city: re.Match[str]) -> bool:
    """Say whether what follows a postcode of four digits is a city: "1201 Genève"."""
    name = (city["name"] or "").strip(" ,-").partition(" ")[0]
    upper = bool(name) and text.cased[city.start("name") :].lstrip(" ,-")[:1].isupper()
    return upper and (name not in lexicon.words() or name in lexicon.never_names())


def _city_end(text: Views, start: int, stop: int) -> int:
    """Return where the name of a city ends: its capitalised words, or its first."""
    cased = text.cased
    end = start
    for word in _DATA["word-of-city"].finditer(cased, start, stop):
        following = cased[word.end() + 1 : word.end() + 2].isupper()
        belongs = (
            word[0][0].isupper()
            or (word[0][:2] in ("d'", "l'") and word[0][2:3].isupper())
            or (word[0] in _DATA.words["within-city"] and following)
        )
        if end > start and not belongs:
            break
        end = word.end()
    return end


def department(postcode: str) -> str:
    """Return the département of a French postcode; "" for other ones."""
    if len(postcode) != 5:
        return ""
    if postcode.startswith("20"):
        return "2A" if postcode < "20200" else "2B"
    if postcode.startswith(("97", "98")):
        return postcode[:3]
    return postcode[:2] if "01" <= postcode[:2] <= "95" else ""

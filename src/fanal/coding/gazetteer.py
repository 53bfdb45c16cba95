"""Places: communes, départements, régions and countries, where the context says one is meant."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, NamedTuple

from fanal.coding.facts import CUT, Fact, Hit, Mention
from fanal.text.folding import any_of, fold
from fanal.thesaurus import fold_name, load_places


@cache
def _rules() -> dict[str, Any]:
    return tomllib.loads(files("fanal.coding").joinpath("places.toml").read_text("utf-8"))


def _any(name: str) -> str:
    return "|".join(_rules()["said"][name])


AROUND = 50
TOWN_NEAR = 20_000  # inhabitants from which on a commune is meant so in its own région
ONE_CITY = "R11"  # Paris goes on in the départements around it
CITY = 100_000  # inhabitants from which on a commune is meant by its name all over France
NUMBERS = re.compile(r"(?<![\d.,])(?:0[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-46])(?![\d.,]?\d)")
SERIES = re.compile(
    r"(?<![\d.,€])(?:0[1-9]|[1-8]\d|9[0-5])(?:\s?[/,&\-–|•]\s?|\s(?:et\s)?)"
    r"(?:(?:0[1-9]|[1-8]\d|9[0-5])(?:\s?[/,&\-–|•]\s?|\s(?:et\s)?))*(?:0[1-9]|[1-8]\d|9[0-5])"
    r"(?![\d.,:]?\d|\s?[€$£%°]|\s?(?:e|g|gr|kg|mg|ans|min|h|euros?|balles|les|le|la|pour)\b)"
)
BEFORE = re.compile(
    rf"(?:^|[^\w])({_any('before')})[\s']{{1,2}}(?:tout(?:e)?\s)?(?:(?:le|la|l|les|the)[\s'])?$"
)
LISTED = re.compile(
    r"^(?:\s?[,/&+\-–|•]\s?|\s(?:et|ou|and|or|puis)\s)(?:(?:a|sur|de|le|la|les|dans le)\s)?$"
)
SENTENCE = re.compile(r"\n|[.!?;](?=\s|$)")
UNIT = re.compile(rf"\s?(?:{_any('units')}|{_any('months')})")
MONTH = re.compile(rf"\s?(?:{_any('months')})")
DAYS = 31
VERB = re.compile(rf"(?:^|[^\w'])(?:{_any('subjects')})\s?a\s$")  # "il a Changé"
LEAD = tuple(_rules()["said"]["numbered"])
SERVED = tuple(_rules()["said"]["served"])


STREET = re.compile(
    rf"(?<![a-z])(?:{_any('streets')})\s(?:(?:de|du|des|de\sla)\s|(?:de\s)?l'|d')?$"
)
TOWN = re.compile(rf"(?<![a-z])(?:{_any('towns')})\sd(?:e\s|u\s|es\s|e\sla\s|'|e\sl')$")
OFFICE = re.compile(
    rf"(?<![a-z])(?:{_any('offices')})(?: (?:departement|region)ales?)?"
    r" (?:d[ue] |des |de la |d'|de l')$"
)
CODED = re.compile(
    r"\s?[,(]?\s?\(?(?:(97[1-46])(?:\d\d)?|(\d\d|2[ab])(?:\d{3})?)\)?"
    r"(?![\w.,:/€%]|\s?(?:g|mg|kg|ml|€|euros?|e|h|%|ans)\b)"
)
MOVED = re.compile(rf"(?<![a-z])(?:{_any('moved')}) d(?:e |'|u |es )$")  # "remonté de Nice"
TO_TOWN = tuple(_rules()["said"]["to_town"])
IN_ENGLISH = tuple(_rules()["said"]["in_english"])
TO_AREA = tuple(_rules()["said"]["to_area"])
ARTICLE = re.compile(r"(?:^|[\s'])(?:le|la|les|the)\s$|(?:^|\s)l'$")
ELSEWHERE = frozenset({"georgia", "chili"})  # a state of the US as often; a sauce
ACRONYMS = frozenset({"aura", "hdf", "rp"})
WIDE = ("département", "région")
NO_PLACE = re.compile(r"(?<![a-z])new\s$")


# Between a commune and what it lies in: "Sainte-Anne, en Martinique", "Vienne (Autriche)"
WITHIN = re.compile(r"(?:,? ?(?P<in>(?:en|aux?|dans|in|de|du|a) |\()|, )(?:(?:la|le|les|the) |l')?")
FRENCH = frozenset(("FR", "RE", "GP", "MQ", "GF", "YT"))  # countries of ISO 3166, areas here
FROM = re.compile(r"(?<![a-z])(?:de |d'|depuis |from )$")  # "de Lyon en Belgique"
# "Valence, en Espagne", not "Lille, en Belgique aussi"
CLOSED = re.compile(r"\s*(?:[,.;:!?)]|\n|$)")
HYPHEN = re.compile(r"-[a-z]")
IN_FRANCE = re.compile(rf",? ?\(?(?:(?:en|in) )?(?:{_any('france')})(?!\w)")
EN = re.compile(r"(?<![a-z])en $")
FURTHER = re.compile(  # "dans le 93 et le 94"
    r"(?:, ?|,? (?:et|ou|puis) )(?:(?:dans|sur) )?le (0[1-9]|[1-8]\d|9[0-5]|2[ab]|97[1-46])"
    r"(?![\d.,]?\d)"
)


class Name(NamedTuple):
    """What a phrase may mean."""

    code: str
    kind: str  # commune, area (département or région), country, number
    word: bool  # an ordinary word too, or a small commune
    common: str = ""  # "word", an ordinary word; "quarter", of cities too: a capital is not enough


@dataclass(frozen=True)
class Gazetteer:
    """The names of places; `phrases` go into the shared scan.

    Of communes with one name the one is meant whose département stands beside it, then the one of
    the site's own département, of its région, and else the largest. A commune far from the site
    needs more than a capital, such as its code, unless it is a city: quarters are called like it.

    Limits: communes under the size in `places.toml` are not looked for.
    """

    names: dict[str, Name]
    context: dict[str, list[str]] = field(repr=False)
    namesakes: dict[str, list[str]] = field(repr=False)  # communes with one name, largest first
    areas: dict[str, Name] = field(repr=False)  # those that a commune is called like: Mayenne

    @classmethod
    def load(cls) -> Gazetteer:
        """Return the shipped names."""
        rules = _rules()
        names: dict[str, Name] = {}
        communes: dict[str, list[str]] = {}
        areas: dict[str, Name] = {}
        for phrase, name in _names(rules):
            names[phrase] = name
            if name.kind == "area":
                areas[phrase] = name
            if name.kind == "commune":
                communes.setdefault(phrase, []).insert(0, name.code)
        namesakes = {phrase: codes for phrase, codes in communes.items() if len(set(codes)) > 1}
        areas = {phrase: area for phrase, area in areas.items() if names[phrase] != area}
        return cls(names, rules["context"], namesakes, areas)

    @property
    def phrases(self) -> frozenset[str]:
        """Return the folded names, and what a text without another cue is read for."""
        return frozenset(self.names) | self.found

    @property
    def found(self) -> frozenset[str]:
        """Return what says that something is there: "on en trouve"."""
        return frozenset(_rules()["said"]["found"])

    @cached_property
    def _patterns(self) -> dict[str, re.Pattern[str]]:
        return {name: any_of(words) for name, words in self.context.items()}

    def read(
        self,
        folded: str,
        hits: Sequence[Hit],
        mentions: Sequence[Mention],
        text: str = "",
        spoken: str | None = None,
        home: Sequence[str] = (),
    ) -> list[Fact]:
        """Return the places named in a text; hits of other vocabularies are passed over.

        `text` is the text before folding, whose capitals tell a name from a word, `spoken` its
        language, `home` the areas that the site lies in (`home_of`).
        """
        named = [(hit, self._name(folded, hit)) for hit in hits if hit.term in self.names]
        if not named:
            return []
        named = [
            (hit._replace(start=hit.start + len(hit.term.partition(" ")[0]) + 1), name)
            if hit.term.startswith(("au ", "aux ")) and name.kind == "commune"
            else (hit, name)
            for hit, name in named
        ]
        named.sort(key=lambda pair: (pair[0].start, -pair[0].stop))
        strong = [mention for mention in mentions if mention.confidence >= CUT]
        facts: list[Fact] = []
        end = -1
        starts = {hit.start for hit, _ in named}
        for number, (hit, name) in enumerate(named):
            if hit.start < end or any(m.start < hit.stop and hit.start < m.stop for m in strong):
                continue  # inside a longer name, or the name of a product
            if name.kind == "number":
                found = self._numbers(folded, hit, bool(strong))
                facts += found
                if found:
                    end = found[-1].stop
                continue
            part = HYPHEN.match(folded, hit.stop) and hit.stop + 1 not in starts
            if part and (name.common or name.word):
                continue  # "Sainte-Zoé" is not "Sainté"
            fact = None
            listed = bool(facts) and LISTED.match(folded[facts[-1].stop : hit.start]) is not None
            beside = self._beside(folded, hit, name, named[number + 1 :], listed)
            if beside is not None and beside.kind == "country":
                continue  # "Vienne, en Autriche"
            name = self._meant(folded, hit, name, [beside.code] if beside else home)
            if name.common == "word" and _is_city(name.code):
                name = name._replace(word=False)  # Nice, where a capital and a cue stand
            if beside is None and _is_far(name, home):
                name = name._replace(common="quarter")  # as Malakoff is of Nantes
            if self._is_located(folded, hit, name, beside):
                name = name._replace(common="", word=False)
            if self._is_named(folded, text or folded, hit, name, spoken):
                fact = self._place(folded, hit, name, strong, facts)
            if fact is not None:
                facts.append(fact)
                end = hit.stop
        unique: dict[tuple[str, str], Fact] = {}
        for fact in facts:
            key = fact.fields["place"], fact.fields["role"]
            if key not in unique or unique[key].confidence < fact.confidence:
                unique[key] = fact
        return sorted(unique.values(), key=lambda fact: fact.start)

    def _name(self, folded: str, hit: Hit) -> Name:
        """Return what a phrase means: towns are called like areas, and nobody is "en" a town."""
        area = self.areas.get(hit.term)
        if area is not None and EN.search(folded, max(0, hit.start - 4), hit.start):
            return area
        return self.names[hit.term]

    def _beside(
        self,
        folded: str,
        hit: Hit,
        name: Name,
        after: Sequence[tuple[Hit, Name]],
        listed: bool,
    ) -> Name | None:
        """Return the area or country, other than France, that is said right after a commune.

        A country after a comma alone may be the next of a list: `listed` says that one goes on.
        """
        if name.kind != "commune":
            return None
        for next_hit, area in after:
            between = folded[hit.stop : next_hit.start] if next_hit.start > hit.stop else ""
            within = WITHIN.fullmatch(between)
            if within is None or area.kind not in ("area", "country"):
                continue
            if area.kind == "country" and (
                area.code in FRENCH or FROM.search(folded, max(0, hit.start - 8), hit.start)
            ):
                continue
            if area.kind == "area" or name.word or (within["in"] and between[:1] != ","):
                return area
            if not (listed or _goes_on(folded, next_hit, after)):
                return area
        return None

    def _is_located(self, folded: str, hit: Hit, name: Name, beside: Name | None) -> bool:
        """Say whether it is said beside a commune where it lies: in which area, in France."""
        if name.kind != "commune":
            return False
        around = load_places().around(name.code)
        if beside is not None:
            return beside.code in around
        code = CODED.match(_clause(folded, hit.start, hit.stop)[1])
        if code is not None:
            return (code[1] or code[2]).upper() in around
        return IN_FRANCE.match(folded, hit.stop) is not None

    def _meant(self, folded: str, hit: Hit, name: Name, home: Sequence[str]) -> Name:
        """Return which of the communes with one name is meant."""
        if name.kind != "commune" or hit.term not in self.namesakes:
            return name
        beside = CODED.match(_clause(folded, hit.start, hit.stop)[1])
        places = load_places()
        for area in [(beside[1] or beside[2]).upper()] if beside else home:
            for code in self.namesakes[hit.term]:
                if area in places.around(code):
                    return name._replace(code=code)
        return name

    def _is_named(self, folded: str, text: str, hit: Hit, name: Name, spoken: str | None) -> bool:
        """Say whether a place may be meant at all, by capitals, language and what stands beside."""
        left, right = _clause(folded, hit.start, hit.stop)
        raw = text[hit.start : hit.stop]
        if any(char.isdigit() for char in raw) and name.kind == "area":  # "le 9-3", not "1.3 mL"
            return (
                re.fullmatch(r"\d-\d", raw) is not None
                and re.search(r"(?:^|\s)(?:le|du|dans|au|tout)\s$", left) is not None
                and not UNIT.match(right)
            )
        capital = raw[:1].isupper()
        if name.kind == "commune" and _is_verb(left, text[: hit.start], raw):
            return False
        if raw.lower() in ACRONYMS | {"eu"}:
            return raw.isupper() and raw != "EU"
        small = text == text.lower()  # nobody writes capitals here
        loud = not small and text == text.upper()
        if name.kind == "country":
            if spoken == "en" and hit.term in ELSEWHERE:
                return False
            return NO_PLACE.search(left) is None and (capital or not name.word)
        if STREET.search(left):
            return False
        lead = BEFORE.search(left[-24:])
        said = lead.group(1) if lead else ""
        if TOWN.search(left):
            return capital or small
        code = CODED.match(right)
        if code and name.code.lower().startswith(code[1] or code[2]):
            return capital or small
        if spoken == "en":
            return capital and not name.common and said in IN_ENGLISH
        if name.common:
            if not capital or loud or name.common == "quarter":
                return False
            if name.kind == "area":
                return said in TO_AREA
            led = said in (*TO_TOWN, "au", "aux") or MOVED.search(left) is not None
            return led and ARTICLE.search(left) is None
        return capital or small or said != "" or LISTED.match(left) is not None

    def _place(
        self, folded: str, hit: Hit, name: Name, mentions: list[Mention], before: list[Fact]
    ) -> Fact | None:
        """Return the place that a name means here, or nothing."""
        left, right = _clause(folded, hit.start, hit.stop)
        around = left + " | " + right
        lead = BEFORE.search(left[-24:])
        said = lead.group(1) if lead else ""
        if said in ("au", "aux") and name.kind == "commune":
            said = "a"
        delivery = self._patterns["delivery"].search(around) is not None
        origin = any(cue.search(left[-30:]) for cue in (self._patterns["origin"], MOVED))
        point = self._patterns["point"].search(around) is not None
        if before and LISTED.match(folded[before[-1].stop : hit.start]):
            role, confidence = before[-1].fields["role"], before[-1].confidence
            return _fact(hit, name.code, role, confidence, "listed")
        if name.kind == "country":
            beside = any(
                abs(m.stop - hit.start) <= 2 or abs(hit.stop - m.start) <= 2 for m in mentions
            )
            if origin and said != "to":
                return _fact(hit, name.code, "origin", 0.8 if mentions else 0.6, "origin")
            if self._patterns["shipping"].search(left[-40:]) and said in (
                "en",
                "au",
                "aux",
                "to",
                "vers",
            ):
                return _fact(hit, name.code, "delivery area", 0.7, "delivery")
            if beside or (said in ("de", "du", "d") and mentions):
                return _fact(hit, name.code, "origin", 0.4 if name.word else 0.5, "beside")
            return None
        if name.word and not said:
            return None
        if name.kind == "area" and OFFICE.search(left):
            return _fact(hit, name.code, "point", 0.6, "office")
        if origin and name.kind == "commune" and said in ("de", "d", "from"):
            return _fact(hit, name.code, "origin", 0.7, "origin")
        if delivery and said != "des":
            sure = 0.75 if said in ("sur", "a", "à", "dans", "around", "in", "across") else 0.65
            if name.word:
                sure = 0.6 if said in ("sur", "a", "dans", "in") else 0.3
            return _fact(hit, name.code, "delivery area", sure, "delivery")
        if said == "sur" and mentions:
            return _fact(hit, name.code, "delivery area", 0.65, "sur")
        if said in ("a", "à", "in", "at", "dans", "en", "near", "gare de", "pres de"):
            sure = 0.7 if mentions or point else 0.5
            return _fact(hit, name.code, "point", 0.4 if name.word and not mentions else sure, "at")
        if not name.word and (mentions or point):
            return _fact(hit, name.code, "point", 0.55, "name")
        return _fact(hit, name.code, "point", 0.3, "name")

    def _numbers(self, folded: str, hit: Hit, market: bool) -> list[Fact]:
        """Return the départements of "92/93/94", "dans le 13", "[address:69]"."""
        left, right = _clause(folded, hit.start, hit.stop)
        around = left + " | " + right
        delivery = (
            hit.term.startswith(SERVED) or self._patterns["delivery"].search(around) is not None
        )
        if hit.term.startswith("address:"):
            return [_fact(hit, hit.term[8:].upper(), "point", 0.6, "address")]
        series = SERIES.search(folded, max(0, hit.start - 24))
        while series and series.end() <= hit.start:
            series = SERIES.search(folded, series.end())
        facts: list[Fact] = []
        if series and series.start() < hit.stop and not UNIT.match(folded, series.end()):
            found = list(NUMBERS.finditer(folded, series.start(), series.end()))
            sure = 0.75 if delivery else 0.55 if market and len(found) > 2 else 0.3
            lead = re.search(
                r"(?:sur|dans|secteurs?|zones?|livr\w*|dispo)\s?(?:le\s|les\s|:\s?)?$", left
            )
            if lead:
                sure = max(sure, 0.7)
            return [
                Fact(
                    "place",
                    match.start(),
                    match.end(),
                    {"place": match.group().upper(), "role": "delivery area"},
                    sure,
                    "départements",
                )
                for match in found
            ]
        number = NUMBERS.search(folded, hit.start, hit.stop)
        if hit.term[0].isdigit() or hit.term.startswith(SERVED):
            return []  # of a list alone
        if number is None or UNIT.match(folded[number.end() :]):
            return facts
        strict = (
            hit.term.split(" ")[0] in ("dans", "departement", "dept", "dpt") or "tout" in hit.term
        )
        sure = 0.8 if delivery else 0.65 if strict else 0.5 if market else 0.3
        role = "delivery area" if delivery or market else "point"
        said = Hit(hit.start, number.end(), hit.term)
        facts = [_fact(said, number.group().upper(), role, sure, "number")]
        further = FURTHER.match(folded, number.end())
        while further and not UNIT.match(folded, further.end()):
            if strict:
                said = Hit(further.start(1), further.end(), hit.term)
                facts.append(_fact(said, further[1].upper(), role, sure, "number"))
            further = FURTHER.match(folded, further.end())
        day = number.group().isdecimal() and int(number.group()) <= DAYS
        return [] if day and further and MONTH.match(folded, further.end()) else facts


def _is_verb(left: str, before: str, raw: str) -> bool:
    """Say whether a capital is no name: "il a Changé", "le dealer a Changé", not "à Changé"."""
    if not left.endswith("a ") or before[-2:-1] != "a":
        return False
    return raw.endswith("é") or VERB.search(left) is not None


@cache
def areas_of(site: str) -> tuple[str, ...]:
    """Return the codes of a site and of what it lies in, the smallest first.

    None where its name is no town's, département's or région's.

    >>> areas_of("rennes")
    ('35238', '35', 'R53', 'FR')
    """
    places = load_places()
    named = places.by_fold.get(fold_name(site.replace("_", " ")), ())
    wide = [name for kind in WIDE for name in named if places.places[name.code].kind == kind]
    for name in wide or named:
        inside = [n.code for n in named if name.code in places.around(n.code)]  # Paris: 75056, 75
        return (*inside, name.code, *places.around(name.code))
    return ()


def home_of(site: str) -> tuple[str, ...]:
    """Return the areas that a site lies in, the smallest first; none where its name is no town's.

    >>> home_of("rennes")
    ('35', 'R53')
    """
    places = load_places().places
    return tuple(code for code in areas_of(site) if places[code].kind in WIDE)


def _is_far(name: Name, home: Sequence[str]) -> bool:
    """Say whether a commune lies too far from a site for its name alone to mean it.

    That is out of its département; out of its région from `TOWN_NEAR` inhabitants on, and in
    `ONE_CITY`; and nowhere if it is a city, which is known everywhere.
    """
    if name.kind != "commune" or not home:
        return False
    places = load_places()
    around = places.around(name.code)
    city = _is_city(name.code) or name.code in _first_towns()
    arrondissement = any(places.places[code].kind == "commune" for code in around)
    shared = {*home} & {*around}
    wide = all(places.places[code].kind == "région" for code in home)  # so is the site
    near = wide or places.places[name.code].population >= TOWN_NEAR or ONE_CITY in shared
    return not (city or arrondissement or (shared and (near or home[0] in shared)))


def _is_city(code: str) -> bool:
    return load_places().places[code].population >= CITY


@cache
def _first_towns() -> frozenset[str]:
    """Return the largest commune of each département."""
    largest: dict[str, tuple[int, str]] = {}
    for place in load_places().places.values():
        if place.kind == "commune":
            area = place.parent
            largest[area] = max(largest.get(area, (0, "")), (place.population, place.code))
    return frozenset(code for _, code in largest.values())


def _fact(hit: Hit, code: str, role: str, confidence: float, rule: str) -> Fact:
    return Fact("place", hit.start, hit.stop, {"place": code, "role": role}, confidence, rule)


def _goes_on(folded: str, hit: Hit, after: Sequence[tuple[Hit, Name]]) -> bool:
    """Say whether the sentence goes on after a name, or a list of places does."""
    if CLOSED.match(folded, hit.stop) is None:
        return True
    return any(LISTED.match(folded[hit.stop : next_hit.start]) for next_hit, _ in after)


def _clause(folded: str, start: int, stop: int) -> tuple[str, str]:
    """Return the text before and after a span, to the ends of its sentence."""
    left = folded[max(0, start - AROUND) : start]
    right = folded[stop : stop + AROUND]
    cuts = [match.end() for match in SENTENCE.finditer(left)]
    end = SENTENCE.search(right)
    return left[cuts[-1] if cuts else 0 :], right[: end.start()] if end else right


def _names(rules: dict[str, Any]) -> Iterator[tuple[str, Name]]:
    """Yield the phrases; of two with one name the last one holds."""
    words = {fold(word) for word in rules["words"]["list"]} - set(rules["words"]["plain"])
    ordinary = {fold(word) for word in rules["words"]["common"]}
    quarters = {fold(word) for word in rules["words"]["quarters"]}
    known = load_places()
    kinds = {"country": 0, "région": 1, "département": 2, "arrondissement": 3, "commune": 4}
    rows = [(name, known.places[name.code]) for name in known.names]
    rows.sort(key=lambda row: (kinds[row[1].kind], row[1].population))
    for name, place in rows:
        phrase = fold(name.name)
        town = place.kind in ("commune", "arrondissement")
        if phrase == "france" or (town and place.population < rules["smallest"]):
            continue
        kind = "country" if place.kind == "country" else "commune" if town else "area"
        plain = phrase in rules["words"]["plain"]
        common = (
            ""
            if plain
            else "quarter"
            if phrase in quarters
            else "word"
            if phrase in ordinary
            else ""
        )
        small = town and place.population < rules["town"]
        word = not plain and (small or name.ambiguous or phrase in words or len(phrase) < 4)
        yield phrase, Name(name.code, kind, word, common)
        first, _, rest = phrase.partition(" ")
        if town and not small and (said := {"le": "au", "les": "aux"}.get(first)):
            yield f"{said} {rest}", Name(name.code, kind, word, "word")  # "au Havre"
        if "-" in phrase:
            yield phrase.replace("-", " "), Name(name.code, kind, word, common)
    for short, code in rules["short"].items():
        kind = "country" if code.isalpha() else "commune" if len(code) == 5 else "area"
        yield fold(short), Name(code, kind, fold(short) in words)
    numbers = [place.code.lower() for place in known.places.values() if place.kind == "département"]
    for code in numbers:
        for lead in LEAD:
            yield f"{lead} {code}", Name(code, "number", False)
        yield f"address:{code}", Name(code, "number", False)
    inner = rules["neighbours"]
    for first in inner:
        for second in inner:
            if first != second:
                for tie in (" ", " et "):
                    yield f"{first}{tie}{second}", Name(first, "number", False)
        for lead in SERVED:
            yield f"{lead} {first}", Name(first, "number", False)

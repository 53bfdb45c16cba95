"""Opening hours: days, from when, until when."""

from __future__ import annotations

import re
from typing import NamedTuple

from fanal.coding.facts import CUT, Fact
from fanal.coding.offers.text import Reading

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
NAMES = {
    **dict(
        zip(
            ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
            DAYS,
            strict=True,
        )
    ),
    **dict(zip(("lun", "mar", "mer", "jeu", "ven", "sam", "dim"), DAYS, strict=True)),
    **dict(
        zip(
            ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
            DAYS,
            strict=True,
        )
    ),
    **dict(zip(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), DAYS, strict=True)),
    "tues": "Tu",
    "thur": "Th",
    "thurs": "Th",
    "vend": "Fr",
}
_DAY = "(?:" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")s?\b\.?"
_CLOCK = (
    r"(?:(?:[01]?\d|2[0-4])\s?(?:h(?:eures?|rs?)?\s?(?:[0-5]\d(?!\d))?(?![^\W\d_])|:[0-5]\d(?!\d))"
    r"|(?:1[0-2]|0?[1-9])(?:[:.][0-5]\d)?\s?[ap]\.?m\b|midi\b|minuit\b|noon\b|midnight\b)"
)
_TO = r"\s*(?:-|a|au|jusqu'?a|to|till?|until|/|→|➡️?|>|et|and)\s*"
SPAN = re.compile(
    rf"(?<![\d:.,/])(?:(?P<opens>{_CLOCK}|\d{{1,2}}(?={_TO}{_CLOCK})){_TO}(?P<closes>{_CLOCK}))"
    rf"|(?:jusqu'?a?u?\s?(?:a\s)?|until\s|till?\s)(?P<until>{_CLOCK})"
    rf"|(?:a partir d[e']\s?|des\s|from\s|open(?:s|ing)?\s(?:at|from)\s"
    r"|\b(?:pas|jamais|rien|no|not|nothing)\b[^.,;!?\n\d]{0,30}\b(?:avant|before)\s"
    rf"|ouvre\sa\s)(?P<since>{_CLOCK})(?!{_TO}{_CLOCK})"
    r"|(?P<always>\b24\s?h?\s?/\s?24(?:\s?h)?\b(?!\s?/\s?48)|\bh\s?24\b|\b24h24\b"
    r"|\b24\s?h?\s?(?:/|sur)\s?7\b"
    r"|\b24h sur 24\b|\bnon[\s-]?stop\b|\bjour et nuit\b|\bround the clock\b"
    r"|\b24 hours a day\b|\ball day and night\b)"
)
WEEK = re.compile(
    rf"(?:(?:du\s|de\s|from\s)?\b(?P<first>{_DAY})\s*(?:au|a|-|to|till|jusqu'?au|→|thru"
    rf"|through|/)\s*(?P<last>{_DAY}))"
    rf"|(?:sauf|except|ferme|closed)\s(?:les?\s|on\s)?(?P<but>{_DAY})"
    rf"|(?P<list>\b{_DAY}(?:\s*(?:,|et|and|&|/|\+)\s*(?:le\s|les\s)?{_DAY})*)"
    r"|(?P<all>\b7\s?(?:j|jours?|days?)?\s?(?:/|sur)\s?7\s?j?\b|\b24\s?h?\s?/\s?7\b"
    r"|\btous les (?:jours|soirs)\b"
    r"|\bchaque (?:jour|soir)\b|\bevery ?(?:day|night)\b|\bdaily\b|\b7 days a week\b|\b7 days\b)"
    r"|(?P<weekend>\b(?:le |les )?week\s?-?\s?ends?\b|\bwe\b(?=\s+\d))"
    r"|(?P<weekdays>\ben semaine\b|\bla semaine\b|\bweekdays?\b|\bjours ouvres\b)"
)
OPEN = re.compile(
    r"\b(?:livr\w*|ouver\w*|ouvre\w*|ferme\w*|dispo\w*|open\w*|clos\w+|deliver\w*|horaires?"
    r"|hours|joignables?|service"
    r"|command\w*|orders?|standard|permanence|appel\w*|call|drive|meet\w*|four|vente|vends?"
    r"|actif|active"
    r"|online|en ligne|reappro|stock|menu|promo|7/7|7j/7|tarifs?|preneur|touch|equipe|team)\b"
)
PROSE = re.compile(
    r"\b(?:cours|ecole|school|travail\w*|boulot|bosse|work\w*|train|vol|dors|dormi|sleep"
    r"|match|reunion|meeting|rdv medecin)\b"
)


HINT = re.compile(
    r"\dh|\d h\b|\d:\d|\d ?[ap]\.?m\b|h ?24|midi|minuit|noon|midnight|[/r] ?7|/ ?24|stop"
    r"|clock|7 days|24 hours|jour et nuit|day and night"
)


class Week(NamedTuple):
    """Days said in a text."""

    start: int
    stop: int
    days: str


def read(text: str, folded: str, reading: Reading) -> list[Fact]:
    """Return the opening hours said in a text."""
    spans: list[re.Match[str]] = []
    weeks: list[Week] = []
    done = 0
    while hint := HINT.search(folded, done):  # the lines that may tell hours
        left = folded.rfind("\n", 0, hint.start()) + 1
        done = folded.find("\n", hint.end())
        done = len(folded) if done < 0 else done
        spans += SPAN.finditer(folded, left, done)
        weeks += [week for match in WEEK.finditer(folded, left, done) if (week := _week(match))]
    if not spans and not weeks:
        return []
    market = any(mention.confidence >= CUT for mention in reading.mentions)
    facts = []
    used = set()
    for match in spans:
        week = _days_of(match, spans, weeks, folded)
        opens, closes = _times(match)
        fields = {"opens": opens, "closes": closes}
        start, stop = match.span()
        if week is not None:
            used.add(week)
            fields = {"days": week.days, **fields}
            start, stop = min(start, week.start), max(stop, week.stop)
        fields = {name: value for name, value in fields.items() if value is not None}
        around = folded[max(0, start - 80) : stop + 60]
        confidence = 0.8 if OPEN.search(around) else 0.6 if market else 0.4
        if week is not None and match["opens"]:
            confidence = max(confidence, 0.6)
        if PROSE.search(around):
            confidence = 0.3
        if match["since"] and confidence < 0.8:
            confidence = 0.4
        facts.append(Fact("hours", start, stop, fields, confidence, match.lastgroup or "span"))
    for week in weeks:
        said = folded[week.start : week.stop]
        if week not in used and week.days == "Mo-Su" and "7" in said:
            around = folded[max(0, week.start - 80) : week.stop + 60]
            confidence = 0.7 if OPEN.search(around) else 0.55 if market else 0.3
            facts.append(
                Fact("hours", week.start, week.stop, {"days": "Mo-Su"}, confidence, "week")
            )
    return facts


def _days_of(
    match: re.Match[str], spans: list[re.Match[str]], weeks: list[Week], folded: str
) -> Week | None:
    """Return the days that hold for a span of hours: before it in its clause, else just after."""
    start, stop = match.span()
    before = [week for week in weeks if week.start <= start]
    if before:
        week = before[-1]
        gap = folded[week.stop : start]
        if len(gap) <= 40 and not re.search(r"[\n.!?;]", gap):
            return week
    after = [week for week in weeks if week.start >= stop]
    if after:
        week = after[0]
        gap = folded[stop : week.start]
        taken = any(stop <= other.start() < week.start for other in spans)
        follows = next((o for o in spans if o.start() >= week.stop), None)
        owned = follows is not None and len(folded[week.stop : follows.start()]) <= 12
        if len(gap) <= 6 and not re.search(r"[\n.!?;,]", gap) and not taken and not owned:
            return week
        if len(gap) <= 3 and "\n" not in gap and not taken and not owned:
            return week
    return None


def _week(match: re.Match[str]) -> Week | None:
    """Return the days of a match in the notation of opening hours."""
    start, stop = match.span()
    if match["all"]:
        return Week(start, stop, "Mo-Su")
    if match["weekend"]:
        return Week(start, stop, "Sa,Su")
    if match["weekdays"]:
        return Week(start, stop, "Mo-Fr")
    if match["but"]:
        closed = _day(match["but"])
        return Week(start, stop, _written({day for day in DAYS if day != closed}))
    if match["first"]:
        first, last = DAYS.index(_day(match["first"])), DAYS.index(_day(match["last"]))
        length = (last - first) % 7 + 1
        if first + length > 7:  # "Thursday to Monday"
            return Week(start, stop, f"{DAYS[first]}-{DAYS[last]}")
        return Week(start, stop, _written(set(DAYS[first : first + length])))
    found = [_day(name) for name in re.findall(_DAY, match["list"])]
    if len(found) == 1 and match["list"].rstrip(".s") in ("mar", "mer", "sun", "sat", "mon", "wed"):
        return None  # words too
    return Week(start, stop, _written(set(found)))


def _written(days: set[str]) -> str:
    """Return days as opening hours write them: Mo-Fr for three in a row or more, else Fr,Sa."""
    numbers = sorted(DAYS.index(day) for day in days)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{DAYS[numbers[0]]}-{DAYS[numbers[-1]]}"
    return ",".join(DAYS[number] for number in numbers)


def _day(name: str) -> str:
    name = name.rstrip(". ")
    return NAMES.get(name) or NAMES[name.rstrip("s")]


def _times(match: re.Match[str]) -> tuple[str | None, str | None]:
    """Return from when and until when."""
    if match["always"]:
        return "00:00", "24:00"
    if match["until"]:
        return None, _clock(match["until"])
    if match["since"]:
        return _clock(match["since"]), None
    opens, closes = match["opens"], match["closes"]
    if opens.isdigit() and closes.rstrip(".")[-1] == "m":  # "6-11pm"
        opens += "am" if closes[-2:].startswith("a") and int(opens) < 12 else "pm"
    return _clock(opens), _clock(closes)


def _clock(said: str) -> str:
    """Return a time as HH:MM."""
    said = said.replace(" ", "").replace(".m", "m").rstrip(".")
    if said in ("midi", "noon"):
        return "12:00"
    if said in ("minuit", "midnight"):
        return "00:00"
    numbers = [int(n) for n in re.findall(r"\d+", said)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    if said.endswith("pm") and hour < 12:
        hour += 12
    elif said.endswith("am") and hour == 12:
        hour = 0
    return f"{hour % 24:02d}:{minute:02d}"

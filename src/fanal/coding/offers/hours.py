"""Opening hours: days, from when, until when."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from fanal.coding.facts import CUT, Fact
from fanal.coding.offers import rules
from fanal.coding.offers.text import Reading

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
DAY = re.compile(rules.part("day"))
SPAN = re.compile(rules.expression("hours"))
WEEK = re.compile(rules.expression("week"))
TIMED = rules.told("timed")
OPEN, BUSY = rules.told("open"), rules.told("busy")
HELPS, SELLER = rules.told("helps"), rules.told("seller")
SENTENCE = re.compile(r"[\n!?;]|\.(?=\s|$)")
WORDS = ("mar", "mer", "sun", "sat", "mon", "wed")  # no days by themselves


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
    while hint := TIMED.search(folded, done):  # the lines that may tell hours
        left = folded.rfind("\n", 0, hint.start()) + 1
        done = folded.find("\n", hint.end())
        done = len(folded) if done < 0 else done
        spans += SPAN.finditer(folded, left, done)
        weeks += [week for match in WEEK.finditer(folded, left, done) if (week := _week(match))]
    if not spans and not weeks:
        return []
    market = any(mention.confidence >= CUT for mention in reading.mentions)
    ends = [0, *(end.end() for end in SENTENCE.finditer(folded))]
    facts = []
    used = set()
    for match in spans:
        week = _days_of(match, spans, weeks, folded)
        opens, closes = _times(match)
        fields = {"opens": opens, "closes": closes}
        start, stop = match.span()
        if week is not None:
            used.add(week)
        if _is_of_others(folded, start, ends, reading):
            continue
        if week is not None:
            fields = {"days": week.days, **fields}
            start, stop = min(start, week.start), max(stop, week.stop)
        fields = {name: value for name, value in fields.items() if value is not None}
        around = folded[max(0, start - 80) : stop + 60]
        confidence = 0.8 if OPEN.search(around) else 0.6 if market else 0.4
        if week is not None and match["opens"]:
            confidence = max(confidence, 0.6)
        if BUSY.search(around):
            confidence = 0.3
        if match["since"] and confidence < 0.8:
            confidence = 0.4
        facts.append(Fact("hours", start, stop, fields, confidence, match.lastgroup or ""))
    for week in weeks:
        said = folded[week.start : week.stop]
        round_ = week.days == "Mo-Su" and "7" in said
        if week not in used and round_ and not _is_of_others(folded, week.start, ends, reading):
            around = folded[max(0, week.start - 80) : week.stop + 60]
            confidence = 0.7 if OPEN.search(around) else 0.55 if market else 0.3
            facts.append(
                Fact("hours", week.start, week.stop, {"days": "Mo-Su"}, confidence, "week")
            )
    return facts


def _is_of_others(folded: str, start: int, ends: list[int], reading: Reading) -> bool:
    """Say whether hours are those of help, care or a shop: "Drogues info service, 8 h–2 h".

    Their sentence says whose they are; else the one before, where theirs names no drug either.
    """
    number = bisect_right(ends, start)
    left, right = ends[number - 1], ends[number] if number < len(ends) else len(folded)
    if SELLER.search(folded, left, right):
        return False
    if HELPS.search(folded, left, right):
        return True
    if number < 2 or any(left <= m.start < right and m.confidence >= CUT for m in reading.mentions):
        return False
    before = ends[number - 2]
    return bool(HELPS.search(folded, before, left)) and not SELLER.search(folded, before, left)


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
    if said := rules.family("week")[match.lastgroup or ""].says:
        return Week(start, stop, said)
    if match["but"]:
        closed = _day(match["closed"])
        return Week(start, stop, _written({day for day in DAYS if day != closed}))
    if match["range"]:
        first, last = DAYS.index(_day(match["first"])), DAYS.index(_day(match["last"]))
        length = (last - first) % 7 + 1
        if first + length > 7:  # "Thursday to Monday"
            return Week(start, stop, f"{DAYS[first]}-{DAYS[last]}")
        return Week(start, stop, _written(set(DAYS[first : first + length])))
    found = [_day(name) for name in DAY.findall(match["list"])]
    if len(found) == 1 and match["list"].rstrip(".s") in WORDS:
        return None
    return Week(start, stop, _written(set(found)))


def _written(days: set[str]) -> str:
    """Return days as opening hours write them: Mo-Fr for three in a row or more, else Fr,Sa."""
    numbers = sorted(DAYS.index(day) for day in days)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{DAYS[numbers[0]]}-{DAYS[numbers[-1]]}"
    return ",".join(DAYS[number] for number in numbers)


def _day(name: str) -> str:
    name = name.rstrip(". ")
    names = rules.days()
    return names.get(name) or names[name.rstrip("s")]


def _times(match: re.Match[str]) -> tuple[str | None, str | None]:
    """Return from when and until when."""
    if said := rules.family("hours")[match.lastgroup or ""].says:
        opens, closes = said.split("-")
        return opens, closes
    if match["until"]:
        return None, _clock(match["till"])
    if match["since"]:
        return _clock(match["after"]), None
    opens, closes = match["opens"], match["shuts"]
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

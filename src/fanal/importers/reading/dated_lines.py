"""Lines that may begin a part of a text: how a date stands in each, and what else it says."""

from __future__ import annotations

import re
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import Said, compiled, is_real, keys, listed, said_at, said_in
from fanal.importers.reading.speakers import is_heading, is_name_like
from fanal.text.folding import fold

HEADING = 80  # characters
NAMED = 30  # characters of a line that names a day without figures: "Lundi", "Lundi : …"
BESIDE = 8  # words beside a date in a heading
_AFTER = re.compile(
    r"\s*(?:[:–—|•·→>]|-(?=\s|$)|[)\]]|[\u2600-\u27bf\U0001f300-\U0001faff]\ufe0f?)\s*"
)
_SIGNS = re.compile(r"\A\W+")
_DIGIT = re.compile(r"\d")
NUMBERED = re.compile(r"(?:[^\W\d_]+\s){1,3}(?:n°|no\.?|nr\.?|#)?\s?\d{1,3}")  # "Fiche n° 2"
_COUNT = re.compile(r"\(?(?:n°\s?)?\d{1,3}[.)°]\s+")
_SPOKEN = re.compile(
    r"(?i)\b(?:je|tu|vous|nous|oui|ouais|non|ok|bon|merci|bonjour|ça|you|we|yes|yeah|hello|thanks)\b"
    r"|\b[jcdtm]['’](?:est|ai|étais|avais|y)|\bon (?:a|va|est|y|se|peut|commence)\b"
    r"|\b(?-i:I) (?=[a-z])|\bI['’](?:m|ll|ve|d)\b"
)
# who writes a message that was pasted: "18:02] Ana: …"
_WRITER = re.compile(
    r"\s*[\])]?\s*[-–:]?\s*(?P<name>[+~\w][^:\n\]<>]{0,40}?)\s?:(?:\s+|$)(?P<text>.*)"
)
_HOUR_FIRST = re.compile(r"\d{1,2}[:h.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]?[ap]\.?m\.?)?,?\s+", re.I)
_KEPT = ("heads", "chat")
Form = tuple[str, bool, bool, bool]  # kind, with a year, with a day of the week, in words


class Line(NamedTuple):
    """A line that may begin an entry, by how it is written."""

    number: int
    said: Said
    style: str  # alone, keyed, begins, comma, point, blank, told, heads, other, after, chat
    rest: str = ""
    label: str = ""
    styled: bool = False

    @property
    def is_alone(self) -> bool:
        """Say whether the line is its date and no more, or a heading that begins with it."""
        return self.style in ("alone", "keyed")

    @property
    def kind(self) -> str:
        """Return the style of the entry that it begins."""
        if self.is_alone:
            return "alone"
        return "heads" if self.style == "other" else self.style if self.style in _KEPT else "begins"

    @property
    def form(self) -> Form:
        """Return how its date is written."""
        said = self.said
        return said.kind, bool(said.year), said.weekday >= 0, said.named


def bare_of(line: str) -> str:
    return _SIGNS.sub("", line, count=1).rstrip(" \t\xa0*_#=")


def line_of(number: int, text: str, styled: bool, order: str) -> Line | None:
    styled = styled or text.lstrip().startswith(("#", "**"))
    bare = bare_of(text)
    if not bare or (len(bare) > NAMED and ":" not in bare[:NAMED] and not _DIGIT.search(bare)):
        return None
    if said := _keyed(bare, order):
        return Line(number, said, "keyed")
    counted = _COUNT.match(bare)
    said = said_at(bare, order)
    if not said and counted:
        said = said_at(bare, order, counted.end())
    if said and not is_real(said):
        return None
    if message := _message(bare, said, order):
        return message._replace(number=number)
    if said and (beside := _beside(bare, said, styled)):
        return Line(number, said, *beside, styled=styled)
    heading = _heading(bare, order, styled)
    return heading._replace(number=number) if heading else None


def _keyed(bare: str, order: str) -> Said | None:
    """Read "Date : 12 mars 2025, Lille" and the like, and no sentence that begins so."""
    key, colon, value = bare.partition(":")
    words = key.split()
    if not colon or not words or len(words) > 5 or len(value) > HEADING:
        return None
    if fold(words[0]) not in keys("keys") or is_other(key):
        return None
    value = value.strip(" *_.")
    said = said_at(value, order) or said_at(f"{key.strip()} {value}", order)
    if not said or said.kind in ("number", "year", "none"):
        return None
    rest = _without_hours(value[said.stop :]).rstrip(" .")
    return said if not rest or (rest[0] in ",(-–—|" and len(rest.split()) <= BESIDE) else None


def _without_hours(after: str) -> str:
    """Return what stands after a date without the hours of it, and without a day in brackets."""
    folds = fold(after)
    found = compiled(r"{at}?{hours}(?!\w)").match(folds)
    after = after[found.end() :] if found else after
    found = compiled(r"\s?\({weekday}\)").match(fold(after))
    return after[found.end() :] if found else after


def _beside(bare: str, said: Said, styled: bool) -> tuple[str, str] | None:
    """Say how a line goes on after the date that it begins with; None as a sentence may."""
    after = bare[said.stop :]
    tail = _without_hours(after)
    if not tail.strip(" .:-–—|)];"):
        return ("alone", "") if bare[-1] not in "?!," else None
    if said.kind in ("month", "year") and not said.year:
        return None
    sign = _AFTER.match(tail)
    rest = (tail[sign.end() :] if sign else tail).lstrip(" ,.#")
    if sign or (styled and tail[0] in " ,."):
        return ("alone" if styled else "begins"), rest.strip()
    if len(tail) < len(after) and tail[0] == " ":
        return "begins", rest  # an hour stands between them
    short = len(bare) <= HEADING and len(rest.split()) <= BESIDE and bare[-1] not in ".!?,;"
    if tail.lstrip()[0] in ",(" and short and not _SPOKEN.search(rest):
        return "comma", rest
    if tail[0] == "." and rest[:1].isupper() and tail[1:2] == " ":
        return "point", rest
    if short and listed("sessions").search(fold(tail)):
        return "heads", bare
    if tail[0] == " " and rest[:1].isupper() and said.kind == "day" and not said.either:
        return "blank", rest
    if short and not _SPOKEN.search(rest):
        return "after", rest
    return ("told", rest) if tail[0] in ", " and said.kind == "day" else None


def _heading(bare: str, order: str, styled: bool) -> Line | None:
    """Read a short line with a date inside, as "Maraude du 12 mars 2025, gare"."""
    if len(bare) > HEADING or bare[-1] in ".!?…,;" or not _DIGIT.search(bare):
        return None
    days = (said for said in said_in(bare, order) if said.kind in ("day", "several"))
    said = next(filter(is_real, days), None)
    if not said or is_other(bare):
        return None
    before, after = bare[: said.start], bare[said.stop :]
    is_session = bool(listed("sessions").match(fold(before.lstrip("0123456789.) "))))
    is_session |= bool(NUMBERED.fullmatch(before.rstrip(" :–-(,")))
    if ":" in before and not is_session:
        return None
    if is_session or (styled and len(before.split()) <= BESIDE):
        return Line(0, said, "heads", bare if _says_more(before, after) else "", styled=styled)
    few = (
        len(before.split()) <= 4
        and not _SPOKEN.search(bare)
        and not _without_hours(after).strip(" .:)–-")
    )
    if not few or not before[:1].isupper():
        return None
    rest = bare if _says_more(before, after) else ""
    return Line(0, said, "other", rest)


def _says_more(before: str, after: str) -> bool:
    """Say whether a heading says more than what was held, which of them, and when."""
    words = listed("sessions").sub(" ", fold(before))
    for idle in ("the", "day-word", "night"):
        words = listed(idle).sub(" ", words)
    return bool(re.search(r"[a-z]{2}", words) or _without_hours(after).strip(" ()-–—:"))


def _message(bare: str, said: Said | None, order: str) -> Line | None:
    """Read a line of a chat: a day and an hour in any order, who writes, and what."""
    if said is None:
        hour = _HOUR_FIRST.match(bare)
        said = said_at(bare, order, hour.end()) if hour else None
        after = bare[said.stop :] if said else ""
    else:
        after = _without_hours(bare[said.stop :])
        if len(after) == len(bare) - said.stop:
            return None
    found = _WRITER.match(after)
    if not said or said.kind != "day" or not found:
        return None
    name = found["name"].strip(" ~")
    if is_heading(name) or not (is_name_like(name) or re.fullmatch(r"[+\d\s().-]{8,}", name)):
        return None
    return Line(0, said, "chat", found["text"].strip(), name)


def is_message(line: str) -> bool:
    """Say whether a line is one of a chat: a day, an hour, who writes, and what."""
    found = line_of(0, line, False, "dmy")
    return found is not None and found.style == "chat"


def is_alone(line: str, order: str) -> bool:
    """Say whether a line is a date and no more."""
    found = line_of(0, line, False, order)
    return found is not None and found.style == "alone"


def is_session(line: str) -> bool:
    """Say whether a line begins with what a session is called: an interview, a round, a meeting."""
    return listed("sessions").match(fold(bare_of(line))) is not None


def is_spoken(text: str) -> bool:
    """Say whether a short text is what somebody says, by words that no heading has."""
    return _SPOKEN.search(text) is not None


def is_other(key: str) -> bool:
    """Say whether a date under some words is not that of what is told, but of a birth, a copy."""
    folds = fold(key)
    return any(listed(words).search(folds) for words in ("other", "told", "signed"))


def is_of_fieldwork(column: str) -> bool:
    """Say whether a column is called the day of what was done: "Date de la maraude"."""
    folds = fold(column).replace("_", " ")
    named = folds.split(" ", 1)[0] in keys("keys") or re.search(
        r"(?:dat(?:e|um)|fecha|data)$", folds
    )
    return bool(named) and listed("sessions").search(folds) is not None and not is_other(column)


def is_fact(line: str) -> bool:
    """Say whether a line says where or how long something was, and no more: "Lieu : gare"."""
    key, colon, value = line.partition(":")
    return bool(colon) and folded(key) in keys("facts") and len(value.split()) <= BESIDE


def begins_with_day(line: str) -> bool:
    """Say whether a line begins with a day, of a year or of any."""
    said = said_at(bare_of(line), "dmy")
    return said is not None and said.kind == "day"

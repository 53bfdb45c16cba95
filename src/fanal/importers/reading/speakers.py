"""Who speaks in a transcript: labels at the start of lines, told from headings in notes."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from statistics import median

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import keys, said_at

_STAMP = (
    r"(?:\[\s?\d{1,2}[:.h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\]"
    r"|\(\s?\d{1,2}[:h]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\)"
    r"|\{\s?\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[.,]\d+)?\s?\}"
    r"|#\d{1,2}:\d{2}(?::\d{2})?(?:[.,-]\d+)*#"
    r"|\d{1,2}:\d{2}:\d{2}(?:[.,]\d+)?)"
)
_LABEL = r"[^\W\d_][^\n:#\[\]{}<>\"«»!?;=/@]{0,62}?"
_TURN = re.compile(
    rf"(?:{_STAMP}\s*)*(?:\[?\d{{1,4}}[.)\]]\s+)?(?:{_STAMP}\s*)*"
    rf"(?:[-–—•>]\s*)?(?:#\s?)?(?P<label>{_LABEL})\s*(?:{_STAMP}\s*)?"
    rf"[:：](?!//|\d)\s*(?P<text>.*)"
)
_STAMPED = re.compile(rf"(?P<label>{_LABEL})\s+(?:{_STAMP}|\(?\d{{1,2}}:\d{{2}}\)?)\s*(?P<text>)")
_STAMP_FIRST = re.compile(rf"(?:{_STAMP}|\d{{1,2}}:\d{{2}})\s+(?P<label>{_LABEL})(?P<text>)")
_DASHED = re.compile(r"(?P<label>[A-ZÀ-Þ]{1,3}\d{0,2})\s*[-–—]\s+(?P<text>.+)")
_WORD_DASHED = re.compile(
    r"(?P<label>[A-ZÀ-Þ][^\W\d_]{3,20}(?:\s?\d{1,2})?)\s*[-–—]\s+(?P<text>.+)"
)
_POINTED = re.compile(r"(?P<label>[A-Z]{1,2}\d{0,2})\.\s+(?P<text>\S.*)")
_ABOUT = re.compile(r"(?P<label>[^()]+?)\s*\((?P<about>[^()]+)\)")
_ANY_STAMP = re.compile(rf"\s*{_STAMP}")

_CODE = re.compile(r"[A-Z]{1,4}\s?\d{0,3}")
_AGED = re.compile(
    r"(?P<label>[^,\d]{1,40}),\s(?:[^,\d]{1,30},\s)?\d{1,2}\s?(?:ans?|years?(?: old)?|y\.?o\.?"
    r"|jahre?|años|anni|jaar)\b.{0,40}",
    re.IGNORECASE,
)


@cache
def words_for(name: str) -> frozenset[str]:
    """Return the words of a list of `speakers.toml`."""
    content = (files(__package__ or "") / "speakers.toml").read_text("utf-8")
    return frozenset(tomllib.loads(content)[name].split())


@cache
def _role() -> re.Pattern[str]:
    """Return what a role is as a label, folded: with a number or a letter or not."""
    return re.compile(rf"(?:{'|'.join(sorted(words_for('roles')))})(?:_?\d{{1,3}}|_[a-z])?")


@dataclass(frozen=True)
class Cast:
    """Who speaks: the labels of turns as `folded`, and the labels that are people's names."""

    labels: frozenset[str]
    names: tuple[str, ...]


Labelled = tuple[str, str] | None


def label_of(line: str) -> Labelled:
    """Split "Label: text", "#Label: text", "[00:12] Label: text" and the like; None if no label.

    After a time alone only a role is one, as "00:00:03 Speaker 1".
    """
    for pattern in (_TURN, _STAMPED, _DASHED):
        if found := pattern.fullmatch(line):
            return _short(found["label"].strip(" .,-–—*")), found["text"].strip()
    if (found := _STAMP_FIRST.fullmatch(line)) and is_role(found["label"]):
        return found["label"], ""
    return None


def stamped_label(line: str) -> str | None:
    """Return who speaks by a line that is a name and a time of the recording, and no more."""
    found = _STAMPED.fullmatch(line)
    return _short(found["label"].strip(" .,-–—*")) if found else None


def labels_of(lines: list[str]) -> list[Labelled]:
    """Split the lines of a text; some are labels only where the whole text is written so.

    "ENQUÊTEUR – text" and "Q. text" are turns where a role recurs so written, and a name or a role
    that has a line for itself is the label of the lines below.
    """
    labels = [label_of(line) for line in lines]
    for shape, enough in ((_WORD_DASHED, _says_roles), (_POINTED, _is_told_in_turn)):
        written = [shape.fullmatch(line) for line in lines]
        said = [(f["label"], f["text"].strip()) if f else None for f in written]
        if enough([turn[0] for turn in said if turn]):
            labels = [label or turn for label, turn in zip(labels, said, strict=True)]
    above = _on_lines_of_their_own(lines, labels)
    return [(above[n], "") if n in above else label for n, label in enumerate(labels)]


def _says_roles(labels: list[str]) -> bool:
    return sum(map(is_role, labels)) >= 2


def _is_told_in_turn(labels: list[str]) -> bool:
    """Say whether two at least speak again, one of them with a role: "M. Durand" is no turn."""
    again = {label for label, count in Counter(labels).items() if count >= 2}
    return len(again) >= 2 and any(_role().fullmatch(folded(label)) for label in again)


def _on_lines_of_their_own(lines: list[str], labels: list[Labelled]) -> dict[int, str]:
    """Return the lines that are a name or a role and no more, where what is said stands below.

    One of those who speak again has a role, or is the one who asks: headings that recur in notes,
    as the places of a round, ask nothing. Nothing stands under two lines that follow each other.
    """
    found: dict[int, str] = {}
    for number, line in enumerate(lines[:-1]):
        label = _short(line.strip(" \t*_#•").rstrip(" :"))
        if number - 1 not in found and _may_be_label(label):
            found[number] = label
    counts = Counter(folded(label) for label in found.values())
    again = {fold for fold, count in counts.items() if count >= 2}
    roles = {fold for fold in counts if _role().fullmatch(fold)}
    often = {n: label for n, label in found.items() if folded(label) in again | roles}
    spoken = sum(bool(label and label[1] and is_role(label[0])) for label in labels)
    if len(again | roles) < 2 or spoken > len(often):
        return {}
    if roles & again and len(often) >= 3:  # who speaks once has a name, and says more than it
        return often | {n: x for n, x in found.items() if len(lines[n + 1].split()) > 3}
    return often if roles & again or _one_asks(lines, often) else {}


def _may_be_label(line: str) -> bool:
    if len(line) > 40 or line[-1:] in (*".!?,;…",) or folded(line) in words_for("answers"):
        return False
    return is_role(line) or is_name_like(line)


def _one_asks(lines: list[str], found: dict[int, str]) -> bool:
    """Say whether under one label most lines are questions, and under the others few."""
    asked: Counter[str] = Counter()
    said: Counter[str] = Counter()
    for number, label in found.items():
        said[folded(label)] += 1
        asked[folded(label)] += lines[number + 1].rstrip().endswith("?")
    asks = [label for label in said if 2 * asked[label] > said[label]]
    return len(asks) == 1


def _short(label: str) -> str:
    """Return a label without what it says of the person: "P1 (F, 34 ans)", "P1, 34 ans" are P1."""
    if aged := _AGED.fullmatch(label):
        return aged["label"].strip()
    found = _ABOUT.fullmatch(label)
    named = found and len(found["about"]) > 2 and is_name_like(found["about"])
    return found["label"] if found and not named else label


def is_role(label: str) -> bool:
    """Say whether a label is a role or a code (Enquêteur, Speaker 2, E1), not a person's name."""
    fold = folded(label)
    return (
        bool(_role().fullmatch(fold))
        or bool(_CODE.fullmatch(label) and len(label) <= 4)
        or (
            bool(fold)
            and all(_role().fullmatch(word) for word in fold.split("_") if word.isalpha())
            and any(word.isalpha() for word in fold.split("_"))
        )
    )


def is_heading(label: str) -> bool:
    """Say whether a label is one that notes and forms have: a date, a place, a price."""
    name = folded(label)
    first = name.partition("_")[0]
    told = first in keys("keys") or first in keys("facts")
    return told or bool({name, first} & words_for("headings"))


def _is_day(label: str) -> bool:
    said = said_at(label, "dmy")
    return said is not None and said.weekday >= 0 and said.stop == len(label)


def is_name_like(label: str) -> bool:
    """Say whether a label is written as names are: few words, capitals."""
    words = re.split(r"[\s'’-]+", label.strip())
    if not 1 <= len(words) <= 4 or len(label) > 40:
        return False
    proper = [word for word in words if word.casefold() not in words_for("particles")]
    return bool(proper) and all(word[:1].isupper() for word in proper) and not is_heading(label)


def who_took_part(turn: Labelled) -> list[str]:
    """Return the names that a line at the top lists: "Participants : Karim Belhadj, Lou (P2)"."""
    if not turn or folded(turn[0]) not in words_for("taken_part"):
        return []
    said = re.split(r"\s*[,;/]\s*|\s+(?:et|and|und)\s+", re.sub(r"\([^)]*\)", "", turn[1]))
    names = [name.strip(" .-–") for name in said]
    return names if all(map(is_name_like, names)) else []


def find_cast(lines: list[Labelled], sure: Iterable[str] = ()) -> Cast:
    """Find the speakers of a text from all its lines, split by `label_of`.

    Labels that are `sure` are speakers whatever the others are.

    A label counts if it is a role that recurs, or if it recurs and is no heading of a form, or if
    the top lists it among those who took part. In a text that is a dialogue by these, a name that
    speaks once counts too.
    """
    found = [turn for turn in lines if turn]
    counts = Counter(folded(label) for label, _ in found)
    written = {folded(label): label for label, _ in reversed(found)}
    stamped = {folded(label) for label in sure} & set(written)
    days = {fold for fold, label in written.items() if _is_day(label)}
    days = days if len(days) > 1 else set()  # one may be a name: Domenica
    possible = [f for f, label in written.items() if f and f not in days and not is_heading(label)]
    roles = {fold for fold in possible if _role().fullmatch(fold)}
    named = {fold for fold in possible if is_name_like(written[fold]) or is_role(written[fold])}
    listed = {part for turn in lines for name in who_took_part(turn)
              for part in (folded(name), *folded(name).split("_"))}  # fmt: skip
    often = {fold for fold in named if counts[fold] >= 2 or fold in listed}
    short = {f for f in possible if counts[f] >= 2 and len(written[f].split()) <= 2}
    if 2 * sum(counts[fold] for fold in short) >= len(lines):
        often |= short  # where most lines have a label, names may be written in lower case
        named |= short
    is_form = bool(often) and not roles | (often & listed) and _is_form(found, often)
    is_dialogue = bool(roles & often) or len(roles) >= 2
    if not is_dialogue and not is_form:
        share = sum(counts[fold] for fold in often | roles) / max(1, len(lines))
        enough = share >= 0.25 and sum(counts[fold] for fold in often) >= 3
        # a few lines, in which a name or a role may be heard once
        most = len(named | roles) >= 2 and sum(counts[fold] for fold in named) >= 0.5 * len(lines)
        is_dialogue = bool(often and enough) or bool((often or roles) and most)
    labels = stamped | (roles | often | named if is_dialogue else set())
    people = set() if is_form else labels or often
    names = sorted(written[fold] for fold in people if not is_role(written[fold]))
    return Cast(frozenset(labels), tuple(names))


def _is_form(found: list[tuple[str, str]], often: set[str]) -> bool:
    """Tell a form filled in several times from a dialogue: same order, short, no question."""
    turns = [(folded(label), text) for label, text in found if folded(label) in often]
    labels = [label for label, _ in turns]
    steps = set(pairwise(labels))
    short = median(len(text.split()) for _, text in turns) <= 6
    asked = any("?" in text for _, text in turns)
    return len(often) >= 3 and len(steps) <= len(often) and short and not asked


def without_stamps(text: str) -> str:
    """Drop the time stamps of a transcription program."""
    return _ANY_STAMP.sub("", text).strip()

"""What stands above a text and is none of it: front matter, and the facts of an interview."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated_lines import is_spoken
from fanal.importers.reading.speakers import is_name_like, is_role, label_of

WITHIN = 15  # lines above the first turn that may all be facts
FACT = 12  # words of what a fact says at most
TITLE = 100  # characters of a line above the first turn that is no sentence

_FRONT = re.compile(
    r"\A\ufeff?\s*(?:---[ \t]*\n(?P<yaml>.{1,8000}?)\n(?:---|\.\.\.)|"
    r"\+\+\+[ \t]*\n(?P<toml>.{1,8000}?)\n\+\+\+)[ \t]*(?:\n|\Z)",
    re.DOTALL,
)
_KEYED = re.compile(r"(?P<key>[^\W\d_][\w .-]{0,40}?)\s*[:=]\s*(?P<value>.*)")
_SENTENCE = re.compile(r"[^\W\d_]{3}[.!?]\s")  # ends before the word that a colon follows
_DATES = ("date", "created", "jour", "day", "datum", "fecha", "created_at", "date_created")
_PEOPLE = """
    author auteur autrice authors auteurs by par observateur enqueteurs transcripteur
    transcriptrice transcriber interviewee interviewe interviewees redacteur redactrice contact
    participants participant equipe team presents animatrice animateur transcribed_by
    transcrit_par retranscrit_par realise_par conducted_by interviewed_by nom name
    """
# What a line above an interview says of it, by the word before its colon.
_ABOUT = """
    titre title code id identifiant identifier numero number no n ref reference projet project
    etude study dossier file fichier audio enregistrement recording version statut status langue
    language duree duration lieu place location site ville city date jour day heure time mode
    support terrain corpus vague wave consentement consent anonymisation transcription entretien
    interview tags mots_cles keywords
    """
_WHO = frozenset(_PEOPLE.split())
_FACTS = _WHO | frozenset(_ABOUT.split())
_BY = re.compile(
    r"(?i:\b(?:par|by|avec|with|von|por|da|door)\s+)"
    r"(?P<name>[^\W\d_a-z][\w'’-]+(?:\s+(?:de |du |van |von )?[^\W\d_a-z][\w'’-]+){1,2})"
)


class FrontMatter(NamedTuple):
    """The keys that a program of notes puts above a text: how many lines, its date, people."""

    length: int = 0  # characters
    lines: int = 0
    date: str = ""
    people: tuple[str, ...] = ()


def front_matter(text: str) -> FrontMatter:
    """Read the front matter of a note; an empty one where a line between the rules is no key."""
    found = _FRONT.match(text)
    if not found:
        return FrontMatter()
    lines = [line for line in (found["yaml"] or found["toml"]).split("\n") if line.strip()]
    keyed = [_KEYED.fullmatch(line.strip()) for line in lines]
    nested = [line[:1] in " \t-#[" for line in lines]
    if not any(keyed) or not all(k or n for k, n in zip(keyed, nested, strict=True)):
        return FrontMatter()
    date, people, who = "", list[str](), False
    for line, fact in zip(lines, keyed, strict=True):
        key = folded(fact["key"]) if fact else ""
        value = fact["value"].strip(" '\"") if fact else ""
        if fact and key in _DATES:
            date = date or value.replace("T", " ")
        who = key in _WHO or is_role(key) if key else who
        people += _names(value or line) if who else []
    return FrontMatter(found.end(), len(lines) + 2, date, tuple(people))


def _names(said: str) -> list[str]:
    parts = re.split(r"[,;&\[\]\"]|\s(?:et|and|und|y|e|en)\s", re.sub(r"\([^)]*\)", "", said))
    return [name for part in parts if is_name_like(name := part.strip(" '-*"))]


class Preamble(NamedTuple):
    """Lines above what is said that say of what it is, and the people whom they name."""

    lines: frozenset[int]
    people: tuple[str, ...]


def preamble(lines: Sequence[str], first: int, spoken: bool) -> Preamble:
    """Find the facts above a text; `first` is the line of the first turn where people speak.

    Above a turn stand titles too: they are facts as long as no line there is a sentence.
    """
    top = range(min(first, len(lines))) if spoken else range(_keyed_lines(lines))
    facts = {n for n in top if _is_fact(lines[n])}
    if spoken and first <= WITHIN and all(n in facts or _is_title(lines[n]) for n in top):
        facts = set(top)
    if not spoken and len(facts) < 2:
        return Preamble(frozenset(), ())
    people = [name for n in sorted(facts) for name in _people(lines[n])]
    return Preamble(frozenset(facts), tuple(people))


def _keyed_lines(lines: Sequence[str]) -> int:
    """Return how many lines at the top are facts or titles, one after the other."""
    count = 0
    while count < min(WITHIN, len(lines)) and _is_fact(lines[count]):
        count += 1
    return count


def _is_fact(line: str) -> bool:
    label = label_of(line.strip(" *_#|"))
    if label is None or len(label[1].split()) > FACT or line.rstrip()[-1:] in ("?", "!"):
        return False
    if _SENTENCE.search(label[0]):
        return False
    key = folded(label[0])
    named = is_role(label[0]) and is_name_like(label[1]) and len(label[1].split()) > 1
    return named or bool({key, *key.split("_")} & _FACTS)


def _is_title(line: str) -> bool:
    bare = line.strip(" \t#*_")
    return (
        len(bare) <= TITLE
        and bare[-1:] not in tuple(".!?…")
        and not bare[:1].islower()
        and not is_spoken(bare)
    )


def _people(line: str) -> list[str]:
    label = label_of(line.strip(" *_#|"))
    found = [name["name"] for name in _BY.finditer(line)]
    if label and (is_role(label[0]) or {folded(label[0]), *folded(label[0]).split("_")} & _WHO):
        found += _names(label[1])
    return found

"""A small grammar of invented messages, and French as it is typed in a hurry."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
SLOT = re.compile(r"\{([\w-]+)\}")
PROTECTED = re.compile(r"(\ue000.*?\ue001)", re.S)

SMS = (
    (r"\bc'est\b", "c"),
    (r"\bj'ai\b", "jai"),
    (r"\bje suis\b", "jsuis"),
    (r"\bqu'on\b", "kon"),
    (r"\bque\b", "ke"),
    (r"\bquelqu'un\b", "qqn"),
    (r"\bquoi\b", "koi"),
    (r"\bpas\b", "pa"),
    (r"\bbeaucoup\b", "bcp"),
    (r"\bvous\b", "vs"),
    (r"\btoujours\b", "tjr"),
    (r"\bpour\b", "pr"),
    (r"\bavec\b", "ac"),
    (r"\bplus\b", "+"),
    (r"\bpersonne\b", "prsn"),
    (r"\bvendredi\b", "vdd"),
    (r"\bmaintenant\b", "mtn"),
    (r"\brendez-vous\b", "rdv"),
)


@cache
def said(name: str) -> str:
    """Return a sentence of `sentences.toml`, with its places in braces."""
    text = files("fanal.testing").joinpath("sentences.toml").read_text("utf-8")
    return str(tomllib.loads(text)[name])


@cache
def invented() -> Mapping[str, Any]:
    """Return what invented places, people and goods are called, as `invented.toml` has it."""
    return tomllib.loads(files("fanal.testing").joinpath("invented.toml").read_text("utf-8"))


def chance(seed: int, *names: object) -> Random:
    """Return a generator of its own for each part: adding one leaves the others unchanged."""
    return Random("/".join(map(str, (seed, *names))))  # noqa: S311  (no secret hangs on it)


@cache
def rules() -> Mapping[str, Mapping[str, list[str]]]:
    """Return section → rule → lines of the grammar."""
    return tomllib.loads(files("fanal.testing").joinpath("grammar.toml").read_text("utf-8"))


def say(
    random: Random, section: str, rule: str, fill: Mapping[str, Callable[[], str]] | None = None
) -> str:
    """Return one sentence of a rule; `fill` gives the slots in capitals, drawn at each use."""
    fill = fill or {}
    text = random.choice(rules()[section][rule])
    while CHOICE.search(text):
        text = CHOICE.sub(lambda m: random.choice(m[1].split("|")), text)

    def slot(match: re.Match[str]) -> str:
        name = match[1]
        return fill[name]() if name in fill else say(random, section, name, fill)

    return re.sub(r"  +", " ", SLOT.sub(slot, text)).strip()


def protect(text: str) -> str:
    """Mark a stretch that `dirty` leaves as it is."""
    return f"\ue000{text}\ue001"


def bare(text: str) -> str:
    """Return the text without the marks of `protect`."""
    return text.replace("\ue000", "").replace("\ue001", "")


def dirty(random: Random, text: str, level: float) -> str:
    """Return the text as somebody in a hurry types it; `level` is the share of what goes wrong."""
    parts = PROTECTED.split(text)
    drop_accents, sms = random.random() < level, random.random() < level
    lower, quotes = random.random() < level / 2, random.random() < level / 2
    for i in range(0, len(parts), 2):
        part = parts[i]
        if sms:
            for pattern, short in SMS:
                if random.random() < 0.6:
                    part = re.sub(pattern, short, part, flags=re.I)
        if drop_accents:
            part = "".join(
                c for c in unicodedata.normalize("NFD", part) if not "\u0300" <= c <= "\u036f"
            )
        if quotes:
            part = part.replace("'", "’" if random.random() < 0.5 else "")
        if lower:
            part = part.lower()
        if random.random() < level / 4:
            part = re.sub(
                r"([a-zé])(?=\b)", lambda m: m[1] * random.choice((1, 1, 2, 3)), part, count=1
            )
        if random.random() < level / 6 and len(part) > 20:
            at = random.randrange(5, len(part) - 5)
            if part[at : at + 2].isalpha():
                part = part[:at] + part[at + 1] + part[at] + part[at + 2 :]
        parts[i] = part
    out = "".join(parts)
    if random.random() < level / 2:
        out += " " + random.choice(("!!", "...", "🙏", "😅", "🔥", "👀", "svp", "??", "💯", "🤔"))
    return out

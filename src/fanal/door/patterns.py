"""What recognisers read by: words and shapes, kept as data beside each of them.

A file `recognisers/<name>.toml` holds

- `[words]`: lists of words and phrases with commas between, as people write them: "ami(e)" with an
  e or not, "~telegram" with figures for some letters or without. They are compared folded (no
  accents, no capitals), a blank stands for any one blank;
- `[parts]`: pieces of patterns in the notation of `re`, named to be read;
- `[patterns]`: what is looked for. `{street}` stands for the alternatives of a list or for a part,
  of this file or of another, `{links.ending}`. Blanks and line ends in them mean nothing;
- `[around]`: patterns too, of what stands around a find;
- `[look]`: for the few patterns that the first look cannot take as they are, a wider one, or false
  where another finds as much;
- `examples` and `near`: texts with what must go marked, and texts that stay as they are.

Patterns run over folded text; those whose name begins with `cased-`, over the text with capitals
and without accents.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from fanal.door.normalise import fold

# In order of precedence: what one recogniser takes, the next does not see.
NAMES = (
    "wallets", "emails", "links", "banking", "cards", "positions", "birthdates", "social_security",
    "paperwork", "technical", "phones", "addresses", "codes", "plates", "file_numbers",
    "handles", "offices", "names", "apart", "residue",
)  # fmt: skip
CASED = "cased-"
_OPTIONAL = re.compile(r"\((\w+)\)")
_FIGURED = {"a": "[a@4]", "e": "[e3]", "i": "[i1!]", "o": "[o0]", "s": "[s5$]"}
_NAMED = re.compile(r"\{([a-z_][a-z0-9_.-]*)\}")


@dataclass(frozen=True, slots=True)
class Recogniser:
    """The data of one recogniser: its patterns, what the first look takes for them, examples."""

    name: str
    patterns: Mapping[str, re.Pattern[str]]
    looks: Mapping[str, re.Pattern[str]]
    words: Mapping[str, frozenset[str]]
    examples: tuple[str, ...]
    near: tuple[str, ...]

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """Return a pattern by its name."""
        return self.patterns[name]

    def searched(self) -> Iterable[tuple[str, re.Pattern[str]]]:
        """Return the patterns that are looked for, by name."""
        return ((name, self.patterns[name]) for name in self.looks)


@cache
def recogniser(name: str) -> Recogniser:
    """Return the data of a recogniser, its patterns compiled."""
    data = _data(name)
    looks = {key: _compiled(name, text) for key, text in data["patterns"].items()}
    around = {key: _compiled(name, text) for key, text in data.get("around", {}).items()}
    patterns = looks | around
    for key, wider in data.get("look", {}).items():
        looks.pop(key, None)
        if wider:
            looks[key] = _compiled(name, wider)
    lists = data.get("words", {})
    return Recogniser(
        name, patterns, looks,
        {key: frozenset(word.lstrip("~") for word in spelt(lists[key])) for key in lists},
        tuple(data.get("examples", ())), tuple(data.get("near", ())),
    )  # fmt: skip


@cache
def _data(name: str) -> Mapping[str, Mapping[str, str]]:
    text = files("fanal.door").joinpath("recognisers", f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)


def _compiled(name: str, text: str) -> re.Pattern[str]:
    return re.compile(expanded(name, text), re.VERBOSE)


def expanded(name: str, text: str) -> str:
    """Return a pattern of a file with words and parts in the place of their names.

    Raises:
        KeyError: it names what no file has.
    """

    def named(match: re.Match[str]) -> str:
        file, _, key = match[1].rpartition(".")
        return _part(file or name, key)

    return _NAMED.sub(named, text)


@cache
def _part(name: str, key: str) -> str:
    data = _data(name)
    if key in data.get("words", {}):
        return any_of(data["words"][key])
    return f"(?:{expanded(name, data['parts'][key])})"


def spelt(words: str) -> Iterator[str]:
    """Yield the words and phrases of a list, folded, with and without what stands in brackets."""
    for word in filter(None, map(str.strip, fold(words).replace("\n", " ").split(","))):
        yield _OPTIONAL.sub(r"\1", word)
        if "(" in word:
            yield _OPTIONAL.sub("", word)


def any_of(words: str) -> str:
    """Return the pattern of one of the words or phrases of a list, the longest first."""
    found = sorted(set(spelt(words)), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(map(_word, found))})"


def _word(word: str) -> str:
    figured = _FIGURED if word.startswith("~") else {}
    letters = (figured.get(char, re.escape(char)) for char in word.removeprefix("~"))
    return "".join(letters).replace(r"\ ", r"\s")

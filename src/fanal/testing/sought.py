"""Looks for known identifiers in bytes: the proof that the door has let none through.

It knows the identifiers that were planted, so it shares no rule with the recognisers. Who calls
it undoes compression and formats first (Parquet columns, SQL values, PDF text, archive members).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from urllib.parse import unquote

_LONG = 7  # letters and digits from which an identifier is sought without regard to separators
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
_GRAM = 7


class Sought:
    """A set of planted identifiers and the way to find any of them again."""

    def __init__(self, identifiers: Iterable[str]) -> None:
        """Remember identifiers: long ones by letters and digits alone, short ones as words."""
        self._by_gram: dict[str, list[tuple[str, str]]] = {}
        self._words: dict[str, str] = {}
        for identifier in identifiers:
            for skeleton in {_skeleton(identifier), _skeleton(identifier).removeprefix("0")}:
                if len(skeleton) >= _LONG:
                    found = self._by_gram.setdefault(skeleton[:_GRAM], [])
                    found.append((skeleton, identifier))
                elif skeleton and skeleton == _skeleton(identifier):
                    self._words[skeleton] = identifier

    def find(self, content: bytes | str) -> set[str]:
        """Return the identifiers that are in a piece of content, whatever its encoding."""
        found: set[str] = set()
        for text in _readings(content):
            folded = _folded(text)
            found.update(
                self._words[word] for word in re.findall(r"[^\W_]+", folded) if word in self._words
            )
            joined = "".join(re.findall(r"[^\W_]+", folded))
            for start in range(len(joined) - _GRAM + 1):
                for skeleton, identifier in self._by_gram.get(joined[start : start + _GRAM], ()):
                    if joined.startswith(skeleton, start):
                        found.add(identifier)
        return found


def _readings(content: bytes | str) -> Iterable[str]:
    """Yield the texts that content may stand for: each encoding, escapes and percents undone."""
    texts = [content] if isinstance(content, str) else []
    if isinstance(content, bytes):
        texts = [content.decode(name, "ignore") for name in ("utf-8", "utf-16-le", "utf-16-be")]
        texts += [content[1:].decode("utf-16-le", "ignore"), content.decode("latin-1")]
    for text in dict.fromkeys(texts):
        yield text
        if "%" in text:
            yield unquote(text, errors="ignore")
        if "\\u" in text:
            yield _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(char for char in plain if not unicodedata.combining(char))


def _skeleton(identifier: str) -> str:
    return "".join(re.findall(r"[^\W_]+", _folded(identifier)))

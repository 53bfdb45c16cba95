"""The words of a text as recognisers of names see them, and what stands around each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from fanal.door import lexicon
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser

DATA = recogniser("names")
PARTICLES = DATA.words["particle"]
_AROUND = 48  # characters before a word that may tell what it is
_SENTENCE_ENDS = ("", ".", "!", "?", "\n", ":", "…")


class Token(NamedTuple):
    """A word: where it is, its folded form, whether it starts with a capital."""

    start: int
    stop: int
    word: str
    capital: bool


def tokens(text: Views) -> list[Token]:
    """Return the words of a text, elided articles left out."""
    out: list[Token] = []
    cased, folded = text.cased, text.folded
    for match in DATA["token"].finditer(folded):
        start, stop = match.span()
        elided = DATA["elided"].match(folded, start, stop) if "'" in match[0] else None
        if (
            elided
            and not (cased[start].isupper() and cased[elided.end()].isupper())
            and match[0] not in lexicon.last_names()
        ):
            start = elided.end()
        word = folded[start:stop]
        if word.endswith("'s"):
            stop -= 2
            word = word[:-2]
        elif _is_name_and_s(word):
            word = word[:-1]  # "siobhans dad"
        out.append(Token(start, stop, word, cased[start].isupper()))
    return out


def _is_name_and_s(word: str) -> bool:
    return (
        word.endswith("s")
        and lexicon.first_names().get(word[:-1]) is False
        and word not in lexicon.first_names()
        and word not in lexicon.words()
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A text with its words."""

    text: Views
    found: list[Token]

    def before(self, start: int, most: int = _AROUND) -> str:
        """Return what stands before a place, folded."""
        return self.text.folded[max(0, start - most) : start]

    def gap(self, index: int) -> str:
        """Return what stands between a word and the next; "" after the last."""
        if index + 1 >= len(self.found):
            return ""
        return self.text.folded[self.found[index].stop : self.found[index + 1].start]

    def after_lawyer(self, start: int) -> bool:
        """Say whether the title of lawyers stands before a place: "Me Dupond"."""
        before = self.text.cased[max(0, start - 8) : start]
        return DATA["cased-lawyer-before"].search(before) is not None

    def next(self, index: int) -> Token | None:
        """Return the word after a word, if only a blank is between."""
        return self.found[index + 1] if self.gap(index) == " " else None

    def previous(self, index: int) -> Token | None:
        """Return the word before a word, if only a blank is between."""
        return self.found[index - 1] if index and self.gap(index - 1) == " " else None

    def starts_sentence(self, token: Token) -> bool:
        """Say whether a sentence, a line or an item of a list starts with a word."""
        return self.text.folded[: token.start].rstrip(" \"'«(-•*")[-1:] in _SENTENCE_ENDS

    def on_menu(self, token: Token) -> bool:
        """Say whether a word stands on a line of amounts, where capitals are products' names."""
        folded = self.text.folded
        start = folded.rfind("\n", 0, token.start) + 1
        stop = folded.find("\n", token.stop)
        return DATA["menu"].search(folded, start, stop if stop > 0 else len(folded)) is not None

    def run_end(self, index: int) -> int:
        """Return where the run of words in capitals that starts here ends, before a drug's."""
        while (
            (following := self.next(index))
            and following.capital
            and following.word not in lexicon.drugs()
        ):
            index += 1
        return self.found[index].stop

    def run_length(self, index: int) -> int:
        """Return how many words in capitals stand in a row from here."""
        last = index
        while self.gap(last) in (" ", "-") and self.found[last + 1].capital:
            last += 1
        return last - index + 1

    def opening(self, index: int) -> int:
        """Return where a name starts whose last part may follow a particle: "Da" of "Da Silva"."""
        token, before = self.found[index], self.previous(index)
        joined = before and token.capital and before.capital and before.word in PARTICLES
        return before.start if before and joined else token.start

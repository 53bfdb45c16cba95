"""What the tagger alone cannot make a person of, and whom it cannot take back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from fanal.door import lexicon, things
from fanal.door.normalise import Views
from fanal.door.patterns import recogniser
from fanal.door.products import products
from fanal.door.recognisers.names import is_product
from fanal.door.recognisers.names.nicknames import is_of_product
from fanal.door.recognisers.names.person import is_phrase
from fanal.door.recognisers.names.protected import is_protected
from fanal.door.recognisers.names.token import DATA, Line, tokens
from fanal.door.spans import Span, overlapping
from fanal.door.tagger import Opinion

_DWELLING = recogniser("addresses")["dwelling-before"]
_AT = re.compile(r"(?<!\w)chez (?:la |le |l')?\Z")
_CAPITALS = re.compile(
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]+(?:\s(?:(?:von|van|de|del|della|di|da|der|den|ten|zu|y)\s){0,2}"
    r"[A-ZÀ-ÖØ-Þ][\w'’.-]+)*"
)
_TOKEN = re.compile(r"(?=\S*[\d@_])(?=\S*[^\W\d])\S+")
_BORN = re.compile(r"nee?s?(?: le| en)? \Z")
_FOUNDED = recogniser("birthdates")["founded-before"]
_AROUND = 48  # characters
_WORDING = ("name", "address", "role")  # the others are numbers and the like


def is_nobody(text: Views, span: Span) -> bool:
    """Say whether a stretch is a substance, what is protected, the number of a thing or a law.

    Or the day of what happened or was published, where nobody's birth is near.

    Or what stands for somebody who is masked already: hidden in the views.
    """
    said = text.folded[span.start : span.stop]
    if "\x01" in said:
        return True
    number = span.kind not in _WORDING or len(said) <= len("R.") or re.search(r"\d", said)
    short = span.kind != "code"
    if number and things.numbers(text.folded, span.start, span.stop, short=short):
        return True
    if span.kind == "birthdate" and _is_no_birth(text.folded, span):
        return True
    if span.kind != "name":
        return False
    return (
        things.is_cue(said)
        or is_product(text.folded, span, products(text.folded))
        or any(is_protected(text, span._replace(start=at)) for at in _starts(text, span))
        or _is_left_to_lists(text, span)
        or is_of_product(text, span)
    )


def _is_no_birth(folded: str, span: Span) -> bool:
    before = folded[max(0, span.start - _AROUND) : span.start]
    if (born := _BORN.search(before)) and _FOUNDED.search(before[: born.start()]):
        return True
    return things.is_day_of_event(folded, span.start, span.stop)


def _starts(text: Views, span: Span) -> list[int]:
    """Return where the name may begin: after a word with a capital for the sentence's sake, too."""
    line = Line(text, tokens(text))
    inside = [token for token in line.found if span.start <= token.start < span.stop]
    second = inside[1:2] if inside and line.starts_sentence(inside[0]) else []
    if second and inside[0].word in lexicon.first_names():
        second = []
    return [span.start, *(token.start for token in second)]


def _is_left_to_lists(text: Views, span: Span) -> bool:
    """Say whether a street name that people bear starts a sentence, or is one of two words.

    There a sentence tells no more than the capital; the lists read what stands around it. "Jeff,
    le grand" is told of by its comma. Articles of law look like initials: "R. 3121-33".
    """
    line = Line(text, tokens(text))
    for index, token in enumerate(line.found):
        if token.start == span.start:
            named = line.gap(index).startswith(",") and token.word in lexicon.first_names()
            alone = token.stop == span.stop and line.starts_sentence(token) and not named
            article = DATA["article-after"].match(text.folded, span.stop) is not None
            return (alone and token.word in lexicon.drugs()) or article or is_phrase(line, index)
    return False


def abroad(text: str, said: Iterable[Opinion], rules: Sequence[Span]) -> Iterator[Opinion]:
    """Yield what is left of opinions on a text in a language that the tagger has not learned.

    There it takes half a sentence for an account. Words with a capital may be somebody's name
    still, and one word with figures or signs an account or a number.
    """
    for one in said:
        span, written = one.span, text[one.span.start : one.span.stop]
        if span.kind == "name":
            for run in _CAPITALS.finditer(text, span.start, span.stop):
                yield one._replace(span=Span(run.start(), run.end(), "name"))
        elif overlapping(span, rules) or _TOKEN.fullmatch(written):
            yield one


def is_named(text: Views, span: Span) -> bool:
    """Say whether words directly before what a recogniser found leave no doubt: "je m'appelle"."""
    before = text.folded[max(0, span.start - _AROUND) : span.start]
    if span.kind.startswith("address") and _DWELLING.search(before):
        return True  # "habite rue des Lilas"
    return any(pattern.search(before) for pattern in (DATA["before-strong"], _AT))

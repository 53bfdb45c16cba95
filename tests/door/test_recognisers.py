"""The data of each recogniser: its examples, its near-misses, and that the first look sees both."""

import re
import unicodedata

import hyperscan
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.door.first_look import BITS, look
from fanal.door.identifiers import scan
from fanal.door.normalise import Views
from fanal.door.patterns import CASED, NAMES, recogniser
from fanal.door.recognisers import READERS
from fanal.door.spans import CLASSES
from fanal.door.widening import Alphabet

MARK = re.compile(r"\[\[([a-z-]+(?::[A-Za-z0-9]+)?)\|(.*?)\]\]")
EXAMPLES = [(name, text) for name in NAMES for text in recogniser(name).examples]
NEAR = [(name, text) for name in NAMES for text in recogniser(name).near]
LOOKS = [(name, key) for name in NAMES for key in recogniser(name).looks]
LETTERS = "".join(map(chr, range(32, 127))) + "\n«»éÀçœЖ"


def plain(marked: str) -> str:
    return MARK.sub(r"\2", marked)


def masked(text: str) -> str:
    """Return a text with what a scan finds marked."""
    at, out = 0, ""
    for span in scan(text):
        out += f"{text[at : span.start]}[[{span.kind}|{text[span.start : span.stop]}]]"
        at = span.stop
    return out + text[at:]


@pytest.mark.parametrize(("name", "marked"), EXAMPLES)
def test_examples_are_masked_as_they_say(name: str, marked: str) -> None:
    text = plain(marked)
    assert masked(text) == marked
    assert look([text])[0] & BITS[name]


@pytest.mark.parametrize(("name", "text"), NEAR)
def test_near_misses_stay(name: str, text: str) -> None:
    assert masked(text) == text


def test_classes_of_examples_are_those_that_the_door_has() -> None:
    told = {match[1] for _, marked in EXAMPLES for match in MARK.finditer(marked)}
    assert {kind.partition(":")[0] for kind in told} <= set(CLASSES)


def test_every_recogniser_has_examples_of_both_kinds() -> None:
    assert set(READERS) | {"apart", "residue"} == set(NAMES)
    assert [name for name in READERS if not recogniser(name).examples] == []


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_the_first_look_takes_in_what_patterns_match(name: str, data: st.DataObject) -> None:
    key, pattern = data.draw(st.sampled_from(sorted(recogniser(name).looks.items())))
    letters = LETTERS + "".join(sign for sign in pattern.pattern if sign > "\x7f")
    text = data.draw(st.from_regex(pattern, alphabet=letters))
    views = Views.of(unicodedata.normalize("NFC", text))
    seen = views.cased if key.removeprefix("called-").startswith(CASED) else views.folded
    if pattern.search(seen):
        assert look([f"{seen} Xhesika"])[0] & BITS[name], seen


@pytest.mark.parametrize(
    ("pattern", "found", "missed"),
    [
        (r"(?<![a-z])rue(?![a-z])", ["la rue", "rue", "RUE 3"], ["verrue", "ruelle"]),
        (r"caf[eé]\s\d{2}", ["café 12", "cafe\t12"], ["cafe 1"]),
        (r"[^\W\d_]{3}", ["été", "жжж"], ["12_", "👉👉👉"]),
        (r"👉\s?\w", ["👉 a"], ["👍 a"]),
        (r"(?P<a>[a-c])-(?P=a)", ["a-a"], ["a+a"]),
        (r"x(?=y)z", ["xz"], ["yz"]),
    ],
)
def test_a_widened_pattern_finds_at_least_as_much(
    pattern: str, found: list[str], missed: list[str]
) -> None:
    compiled = re.compile(pattern)
    alphabet = Alphabet([compiled])
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile(
        expressions=[alphabet.widened(compiled)], ids=[1], flags=[hyperscan.HS_FLAG_CASELESS]
    )
    hits: list[int] = []
    for text in found + missed:
        hits.clear()
        database.scan(
            alphabet.bytes_of(f"\0{text}\0"), match_event_handler=lambda *hit: hits.append(hit[2])
        )
        assert bool(hits) == (text in found), text

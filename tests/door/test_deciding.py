"""What people decide on a text that waits: everywhere or here, and the last decision holds."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.door.deciding import KEEP, MASK, MAYBE, decided, marks, subjects, widened
from fanal.door.desk import Act, Review, Turn, Waiting
from fanal.door.normalise import clean, fold
from fanal.door.raw import RawDocument
from fanal.door.spans import Span

NOW = datetime(2026, 3, 12, tzinfo=UTC)
WAITS = Waiting("0" * 16, "s", "lille", "transcripts", "", "", NOW, NOW, 0)


def review(*texts, acts=(), proposed=(), people=()):
    raws = [RawDocument("f", n, text, date(2026, 3, 12)) for n, text in enumerate(texts)]
    turns = [Turn(raw, tuple(s for i, s in proposed if i == raw.record), "") for raw in raws]
    return Review(WAITS, turns, [], [], tuple(people), list(acts))


def act(do, text="", kind="name", here=None):
    return Act(do, text, "anna", kind, here)


TALK = ("Zorglin vend, ZORGLIN livre", "chez  zorglin-là, pas Zorglinette")
PROPOSED = [(0, Span(0, 7, "name")), (0, Span(14, 21, "name"))]


@pytest.mark.parametrize(
    ("acts", "stored"),
    [
        ([], ["[name] vend, [name] livre", TALK[1]]),
        ([act("mask", "zorglin")],
         ["[name] vend, [name] livre", "chez  [name]-là, pas Zorglinette"]),
        ([act("mask", "zorglin"), act("keep", "Zorglin")], list(TALK)),
        ([act("keep", here=(0, 0, 7))], ["Zorglin vend, [name] livre", TALK[1]]),
        ([act("mask", "livre", "role"), act("keep", "vend")],
         ["[name] vend, [name] [role]", TALK[1]]),
        ([act("mask", "chez zorglin")],
         ["[name] vend, [name] livre", "[name]-là, pas Zorglinette"]),
        ([act("mask", "chez zorglin"), act("keep", "zorglin")],
         [TALK[0], "[name]-là, pas Zorglinette"]),
        ([act("mask", here=(1, 18, 21))],
         ["[name] vend, [name] livre", "chez  zorglin-là, [name] Zorglinette"]),
        ([act("person", "Zorglin Vend")],
         ["[name], [name] livre", "chez  [name]-là, pas Zorglinette"]),
        ([act("mask", "n'y est pas")], ["[name] vend, [name] livre", TALK[1]]),
    ],
)  # fmt: skip
def test_decisions_are_laid_over_what_the_door_proposed(acts, stored):
    assert decided(review(*TALK, acts=acts, proposed=PROPOSED)).texts == stored


@pytest.mark.parametrize(
    ("start", "stop", "text"),
    [(2, 4, "Karim"), (0, 9, "Karim dit"), (5, 6, ""), (4, 7, "Karim dit"), (-3, 99, "Karim dit")],
)
def test_a_choice_takes_in_the_words_that_it_cuts(start, stop, text):
    said = "Karim dit"
    start, stop = widened(said, start, stop)
    assert said[start:stop] == text


def test_what_a_number_in_doubt_is_kept_by_is_said_of_that_number_alone():
    one = review("vu 44 55 66 77 88 99 00 ici")
    assert decided(one).doubts == ["run of digits"]
    one.acts.append(act("keep", "44 55 66 77 88 99 00"))
    assert decided(one).doubts == [""]
    assert decided(one).kept == 1


def test_subjects_are_told_the_likeliest_first_and_each_once():
    one = review(
        "on l'appelle brumelk, et Zorglin ", "BRUMELK ou Brumelc à Roubaix, Zorglin",
        proposed=[(0, Span(25, 32, "name"))], acts=[act("keep", "Roubaix")],
    )  # fmt: skip
    found = [(s.text, s.state, len(s.places)) for s in subjects(one, marks(one))]
    assert found == [
        ("Zorglin", MAYBE, 1), ("brumelk", MAYBE, 2), ("Brumelc", MAYBE, 1), ("Zorglin", MASK, 1),
        ("Roubaix", KEEP, 1),
    ]  # fmt: skip


WORDS = ["Karim", "karim", "KARIM", "Élodie", "elodie", "Benali", "chez", "le", "rendez-vous", "à",
         "Karimou", "l'Élodie", "44 55", "R.", "\n", "🙂", "e\u0301lodie"]  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
MASKS = st.builds(
    act, st.sampled_from(["mask", "person"]), st.sampled_from(WORDS).filter(str.strip)
)
ACTS = st.lists(
    st.one_of(MASKS, st.builds(act, st.just("keep"), st.sampled_from(WORDS).filter(str.strip)))
)


@settings(max_examples=150, deadline=None)
@given(
    texts=st.lists(TEXTS, min_size=1, max_size=3), before=ACTS, after=st.lists(MASKS, min_size=1)
)
def test_what_is_confirmed_never_holds_what_was_masked(texts, before, after):
    one = review(*(clean(text)[0] for text in texts), acts=[*before, *after])
    stored = decided(one).texts
    for made in after:
        wanted = fold(clean(made.text)[0])
        for text in stored:
            left = fold(text).replace("[name]", "\x01")
            at = left.find(wanted)
            while at >= 0:
                around = left[at - 1 : at] + left[at + len(wanted) : at + len(wanted) + 1]
                assert any(c.isalnum() or c == "_" for c in around), (made.text, text)
                at = left.find(wanted, at + 1)
    for line, turn in zip(marks(one), one.turns, strict=True):
        assert all(0 <= m.start < m.stop <= len(turn.raw.text) for m in line)
        assert all(a.stop <= b.start for a, b in pairwise(line))

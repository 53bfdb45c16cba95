"""Who is known in a thread, whom a part of a file was not asked for, and who is masked again."""

from __future__ import annotations

import pytest

from fanal.door.named_later import Again, sought
from fanal.door.recognisers.names import roster
from fanal.door.recognisers.names.roster import Roster, Threads, given, holding
from fanal.door.spans import Span


def of(*people, late=()):
    return Roster(frozenset(people), frozenset(late))


def test_each_part_is_asked_for_those_whom_it_did_not_know_from_the_first() -> None:
    one, two = b"1", b"2"
    parts = [
        {one: of("Ada", "Bob", late=["Bob"]), two: of("Zed")},
        {one: of("Ada", "Cyd")},
        {},
    ]
    assert sought(parts) == [
        {one: {"Bob", "Cyd"}},
        {one: {"Bob"}, two: {"Zed"}},
        {one: {"Ada", "Bob", "Cyd"}, two: {"Zed"}},
    ]
    assert sought([]) == [] and sought([{}]) == [{}]
    assert sought([{one: of("Ada")}]) == [{}]


def test_who_came_late_is_masked_in_the_texts_of_that_thread_alone() -> None:
    again = Again({b"\x01": frozenset(["Zoubidal", "Xyblork"]), b"\x02": frozenset(["Kervel"])},
                  "public posts")  # fmt: skip
    texts = ["vu zoubidal et XYBLORK", "vu Kervel", "vu Kervel", "rien", "vu zoubidal", "[name] là"]
    threads = [b"\x01", b"\x01", b"\x02", b"\x01", b"\x03", b"\x01"]
    assert again.masked(texts, threads) == {0: "vu [name] et [name]", 2: "vu [name]"}
    assert again.masked([], []) == {}
    assert Again({}, "interview").masked(["vu zoubidal"], [b"\x01"]) == {}


def test_who_came_late_is_masked_in_the_language_of_the_country() -> None:
    people = {b"\x01": frozenset(["Xyblork"])}
    again = Again(people, "field notes", "DE")
    texts = ["Kälte, Xyblork", "Kälte"]
    assert again.masked(texts, [b"\x01", b"\x01"]) == {0: "Kälte, [name]"}


def test_a_roster_says_how_many_and_nobody() -> None:
    assert repr(of("Ada", "Bob", late=["Bob"])) == "Roster(2)"


def test_a_thread_knows_who_writes_there_and_who_came_after_its_first_batch() -> None:
    threads = Threads()
    threads.begin()
    threads.add("a", ["Zoé Lambert", "Kervel"])
    threads.add("b", ["Kervel"])
    threads.begin()
    threads.add("a", ["Kervel", "Xyblork"])
    assert threads.rosters() == {
        "a": of("Zoé Lambert", "Kervel", "Xyblork", late=["Xyblork"]), "b": of("Kervel"),
    }  # fmt: skip
    texts = ["ZOÉ et kervel ?", "lambert", "kervelle", "kervel", "xyblork, Жук", "rien", "kervel"]
    where = ["a", "a", "a", "b", "a", "a", "c"]
    assert list(threads.named(texts, where)) in (
        [(0, "Zoé Lambert"), (0, "Kervel"), (1, "Zoé Lambert"), (3, "Kervel"), (4, "Xyblork")],
        [(0, "Kervel"), (0, "Zoé Lambert"), (1, "Zoé Lambert"), (3, "Kervel"), (4, "Xyblork")],
    )
    assert list(threads.named(["a\x00b", "vu kervel"], ["a", "a"])) == [(1, "Kervel")]
    assert list(threads.named([], [])) == []


def test_people_of_one_name_are_told_in_order() -> None:
    threads = Threads()
    threads.add("a", ["Kervel B", "Kervel A"])
    assert list(threads.named(["vu kervel"], ["a"])) == [(0, "Kervel A"), (0, "Kervel B")]


def test_a_word_that_is_no_name_is_looked_for_in_no_text_of_others() -> None:
    threads = Threads()
    threads.add("a", ["bonjour", "Paris", "x", "Kervel"])
    assert threads.rosters() == {"a": of("Kervel")}
    assert list(threads.named(["bonjour Paris x"], ["a"])) == []


def test_the_oldest_thread_is_forgotten(monkeypatch) -> None:
    threads = Threads(most=2)
    threads.begin(), threads.begin()
    for thread in "abac":
        threads.add(thread, ["Kervel"])
    assert threads.rosters() == dict.fromkeys("bc", of("Kervel", late=["Kervel"]))
    threads.add("a", ["Xyblork"])
    assert threads.rosters()["a"] == of("Xyblork", late=["Xyblork"])
    monkeypatch.setattr(roster, "MOST_KNOWN", 2)
    few = Threads()
    few.add("a", ["Kervel", "Xyblork", "Zoubidal"])
    assert few.rosters() == {"a": of("Kervel", "Xyblork")}


@pytest.mark.parametrize(
    ("person", "parts"),
    [
        ("Zoé Lambert", ("zoe lambert", "zoe", "lambert")), (" ~@Zoé:\t", ("zoe",)), ("x", ()),
        ("xq", ("xq",)), ("Le", ()), ("rose", ("rose",)), ("bonjour tout", ("bonjour tout",)),
        ("Al Kervel", ("al kervel", "kervel")), ("Kervel Paris", ("kervel paris", "kervel")),
        ("Kervel Kervel", ("kervel kervel", "kervel")), ("", ()), ("Moi", ()),
    ],
)  # fmt: skip
def test_what_of_a_name_is_looked_for(person, parts) -> None:
    assert roster._parts(person) == parts


def test_a_name_stands_as_a_word_with_its_at_sign_or_without() -> None:
    assert list(given("kervel, @kervel kervelle xkervel kervel_", ["Kervel", "absent"])) == [
        Span(0, 6, "name"), Span(8, 15, "name"),
    ]  # fmt: skip
    assert list(given("a.b axb", ["A.B"])) == [Span(0, 3, "name")]


def test_texts_that_may_hold_a_name_are_those_with_one_of_its_parts() -> None:
    people = [("Ada", "Zoé"), ("Zoé",), ("Zoé",), (), ("Иван",), ("Иван",), ("Zoé",)]
    texts = ["dit zoé", "dit ? Ж", "dit ZOE ? Ж", "zoé", "vu Иван", "vu ivan", "dit zo"]
    assert holding(texts, people) == [0, 2, 4]
    assert holding(["a\x00zoé", "b"], [("Zoé",), ("Zoé",)]) == [0]

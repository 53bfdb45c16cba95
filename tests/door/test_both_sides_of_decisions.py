"""What is decided, asked and admitted: exact places, counts and reasons, on both sides of each."""

# ruff: noqa: DTZ001, E501
from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from fanal.door import admit as admitting
from fanal.door.admit import Door, Quarantined, proposed, undated
from fanal.door.deciding import (
    KEEP,
    MASK,
    MAYBE,
    Mark,
    Place,
    decided,
    hidden,
    marks,
    speaker,
    stands,
    subjects,
)
from fanal.door.desk import Act, Review, Turn, Waiting
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import Hint, RawDocument
from fanal.door.recognisers.names.roster import Roster
from fanal.door.spans import Span
from fanal.records import Issue

NOW = datetime(2026, 3, 12, tzinfo=UTC)
WAITS = Waiting("0" * 16, "s", "lille", "transcripts", "", "", NOW, NOW, 0)


def review(*texts, acts=(), proposed=(), people=(), authors=(), believed=()):
    turns = []
    for n, text in enumerate(texts):
        author = authors[n] if n < len(authors) else None
        raw = RawDocument("f", n, text, date(2026, 3, 12), author=author)
        mine = tuple(span for i, span in proposed if i == n)
        turns.append(Turn(raw, mine, "", tuple(one for i, one in believed if i == n)))
    return Review(WAITS, turns, [], [], tuple(people), list(acts))


def act(do, text="", kind="name", here=None):
    return Act(do, text, "anna", kind, here)


def test_marks_stand_in_order_with_their_class_state_and_reason() -> None:
    one = review(
        "vu Xylofi, Zoubi et Kervel",
        proposed=[(0, Span(11, 16, "name:P1"))], acts=[act(KEEP, "kervel")],
    )  # fmt: skip
    assert marks(one) == [[
        Mark(3, 9, "name", MAYBE, "capital", 0.85), Mark(11, 16, "name:P1", MASK),
        Mark(20, 26, "", KEEP),
    ]]  # fmt: skip


def test_whoever_is_named_somewhere_is_asked_for_everywhere() -> None:
    said = [act("person", "Xyblorka")]
    for one in (
        review("xyblork vend", people=["Xyblorka"]),
        review("xyblork vend", "Xyblorka", proposed=[(1, Span(0, 8, "name"))]),
        review("xyblork vend", acts=said),
    ):
        assert marks(one)[0] == [Mark(0, 7, "name", MAYBE, "roster", 1.0)]
    for one in (
        review("xyblork vend"),
        review("xyblork vend", "Xyblorka", proposed=[(1, Span(0, 8, "role"))]),
        review("xyblork vend", acts=[act(MASK, "Xyblorka")]),
    ):
        assert marks(one)[0] == [Mark(0, 7, "name", MAYBE, "unknown", 0.2)]


def test_what_is_likely_somebody_is_asked_wherever_it_stands_and_what_is_not_is_not() -> None:
    one = review("on l'appelle rose ici", "rose dort, roses, Rose", "la rose")
    assert [[(m.start, m.stop, m.why, m.score) for m in line] for line in marks(one)] == [
        [(13, 17, "called", 0.95)],
        [(0, 4, "called", 0.95), (18, 22, "listed", 0.6)],
        [(3, 7, "called", 0.95)],
    ]
    half = review("vu porte", "la porte", believed=[(0, (Span(3, 8, "role"), 0.0))])
    assert [len(line) for line in marks(half)] == [1, 0]  # as likely as not
    more = review("vu porte", "la porte", believed=[(0, (Span(3, 8, "role"), 0.01))])
    assert marks(more)[1] == [Mark(3, 8, "role", MAYBE, "wording", 0.51)]
    settled = review("on l'appelle rose", "la rose", acts=[act(KEEP, here=(1, 0, 7))])
    assert marks(settled)[1] == [Mark(0, 7, "", KEEP)]


def test_of_two_that_meet_elsewhere_the_likelier_is_asked_for() -> None:
    for first, second in ((0.3, 0.2), (0.2, 0.3)):
        said = [(0, (Span(3, 8, "role"), first)), (1, (Span(3, 14, "name"), second))]
        one = review("vu porte", "vu porte rouge", "la porte rouge", believed=said)
        (found,) = marks(one)[2]
        assert found.stop == (8 if first > second else 14)


def test_subjects_say_what_where_and_how_often() -> None:
    one = review(
        "Xylofi et Guingamp", "XYLOFI, xylofi vu", "Zoubi 06",
        proposed=[(2, Span(0, 5, "name"))], acts=[act(KEEP, "06")],
    )  # fmt: skip
    found = [(s.text, s.state, s.kind, s.why, s.score, s.places) for s in subjects(one, marks(one))]
    assert found == [
        (
            "Xylofi",
            MAYBE,
            "name",
            "capital",
            0.65,
            (Place(0, 0, 6), Place(1, 0, 6), Place(1, 8, 14)),
        ),
        ("Guingamp", MAYBE, "name", "town", 0.3, (Place(0, 10, 18),)),
        ("Zoubi", MASK, "name", "", 0.0, (Place(2, 0, 5),)),
        ("06", KEEP, "", "", 0.0, (Place(2, 6, 8),)),
    ]
    assert [each[1] for each in found] == [MAYBE, MAYBE, MASK, KEEP]
    assert [len(each[5]) for each in found] == [3, 1, 1, 1]
    twice = review(
        "ab ab cd",
        proposed=[(0, Span(6, 8, "name")), (0, Span(0, 2, "name")), (0, Span(3, 5, "name"))],
    )
    assert [s.text for s in subjects(twice, marks(twice))] == ["ab", "cd"]  # the commoner first


def test_what_would_be_stored_is_counted() -> None:
    one = review(
        "Zoubi et Kervel", "vu 98 12 34 56 7", "rien",
        proposed=[(0, Span(0, 5, "name")), (0, Span(9, 15, "name"))], acts=[act(KEEP, here=(2, 0, 4))],
    )  # fmt: skip
    found = decided(one)
    assert found.texts == ["[name] et [name]", "vu 98 12 34 56 7", "rien"]
    assert (found.doubts, found.masks, found.kept) == (["", "run of digits", ""], 2, 1)
    assert "Zoubi" not in repr(found)


@pytest.mark.parametrize(
    ("one", "yes"),
    [
        (act(MASK, "zoubi"), True), (act(MASK, "zoub"), False), (act(KEEP, "Vu  ZOUBI"), True),
        (act("person", "Zoubi Lambert"), True), (act(MASK, "Zoubi Lambert"), False),
        (act(MASK, "absent", here=(0, 1, 2)), True), (act(MASK, ""), False),
        (act(MASK, " \u200b"), False), (act(MASK, "(bis)"), True), (act(MASK, "bis)"), True),
    ],
)  # fmt: skip
def test_what_a_person_decides_on_stands_there(one, yes) -> None:
    assert stands(review("rien", "vu zoubi (bis)"), one) == yes


def test_who_speaks_is_told_without_the_name_of_the_file() -> None:
    one = review("a", "b", "c", authors=["talk: 2: Zoubi", "Zoubi"])
    assert [speaker(turn) for turn in one.turns] == ["Zoubi", "Zoubi", ""]


def test_what_is_hidden_leaves_every_place_where_it_was() -> None:
    assert hidden("abcdef", [Span(1, 3, "x"), Span(5, 6, "x")]) == "a\x01\x01de\x01"
    assert hidden("ab", []) == "ab"


# --- admitted -------------------------------------------------------------------------------------


@pytest.fixture
def keys(tmp_path):
    return KeyRing(tmp_path / "keys")


def door(keys, **more):
    given = {"source": "canal", "site": "lille", "kind": "public posts", "run": "r1"} | more
    return Door(keys, **given)


def raw(record, text="x", **more):
    given = {"time": datetime(2024, 5, 1, 21, 30), "chat": "1", "message": str(record)}
    return RawDocument("export.json", record, text, **(given | more))


def rows(keys, *raws, **more):
    return door(keys, **more).admit(list(raws)).documents.to_pylist()


def test_a_document_is_undated_before_1900() -> None:
    wrong = Issue("no date", 3, "time", "nothing is stored without a date: give the record one")
    assert undated(raw(3, time=None)) == undated(raw(3, time=date(1899, 12, 31))) == wrong
    assert undated(raw(3, time=date(1900, 1, 1))) is None


def test_what_is_not_admitted_says_where(keys) -> None:
    found = door(keys).admit([raw(7, "vu 98 12 34 56 7"), raw(8, time=None), raw(9)])
    file = keys.file_id("export.json").hex()
    assert found.quarantined == [Quarantined(file, 7, "run of digits")]
    assert [(i.file, i.record) for i in found.issues] == [(file, 8)]
    assert found.samples is None
    assert [row["position"] for row in found.documents.to_pylist()] == [8]


def test_ids_are_of_the_chat_or_of_the_file_or_the_same_everywhere(keys) -> None:
    (chat,), (none,), (every,) = (
        rows(keys, raw(1)), rows(keys, raw(1, chat=None)), rows(keys, raw(1, chat=None), global_ids=True),
    )  # fmt: skip
    assert chat["id"] == keys.document_ids("canal", ["1"], ["1"])[0]
    assert none["id"] == keys.document_ids("canal", ["export.json"], ["1"])[0]
    assert every["id"] == keys.document_ids("canal", [""], ["1"])[0]
    assert none["thread"] == every["thread"] == keys.thread_id("canal", "export.json")
    assert rows(keys, raw(1), global_ids=True)[0]["id"] == chat["id"]


def test_a_message_without_a_number_is_the_nth_of_its_text_in_its_minute(keys) -> None:
    author = keys.author("lille", 2024, "a")
    same = [raw(n, "ok", message=None, author="a") for n in (1, 2)]
    day = raw(3, "ok", message=None, chat=None, time=date(2024, 5, 1))
    utc = raw(4, "ok", message=None, time=datetime(2024, 5, 1, 22, 30, tzinfo=UTC))
    found = [row["id"] for row in rows(keys, *same, day, utc)]
    assert found == [
        keys.fallback_id("canal", "1", "2024-05-01T21:30", author, "ok", 0),
        keys.fallback_id("canal", "1", "2024-05-01T21:30", author, "ok", 1),
        keys.fallback_id("canal", "", "2024-05-01", None, "ok", 0),
        keys.fallback_id("canal", "1", "2024-05-02T00:30", None, "ok", 0),
    ]
    one = door(keys)
    again = [RawDocument(name, 1, "ok", same[0].time, "1", None, "a") for name in ("a", "a", "b")]
    ids = one.admit(again).documents["id"].to_pylist()
    assert ids == [found[0], found[1], found[0]]  # counted anew in each file


def test_ordinals_are_remembered_of_the_last_texts(keys, monkeypatch) -> None:
    monkeypatch.setattr(admitting, "_REMEMBERED", 2)
    one = door(keys)
    texts = ["a", "b", "a", "c", "b"]  # "b" is forgotten: "a" was seen after it
    ids = (
        one.admit([raw(n, t, message=None) for n, t in enumerate(texts)])
        .documents["id"]
        .to_pylist()
    )
    of = [keys.fallback_id("canal", "1", "2024-05-01T21:30", None, t, n)
          for t, n in zip(texts, (0, 0, 1, 0, 0), strict=True)]  # fmt: skip
    assert ids == of


def test_what_is_remembered_changes_nothing_when_it_is_forgotten(keys, monkeypatch) -> None:
    days = [raw(n, time=datetime(2024, 5, 1, tzinfo=UTC) + timedelta(n), author=f"a{n}", forwarded_from=f"c{n}")
            for n in (1, 2, 3, 4, 5, 6, 1)]  # fmt: skip
    whole = rows(keys, *days)
    monkeypatch.setattr(admitting, "_REMEMBERED", 0)
    assert rows(keys, *days) == whole
    assert whole[0] == whole[-1]
    assert [row["day"] for row in whole[:3]] == [date(2024, 5, n) for n in (2, 3, 4)]


def test_times_of_old_zones_and_quarters_of_an_hour(keys) -> None:
    found = rows(
        keys,
        *[raw(n, time=datetime(2024, 5, 1, 21, 59, second, tzinfo=UTC)) for n, second in enumerate((0, 59))],
        raw(3, time=datetime(2024, 5, 1, 22, 0, tzinfo=UTC)),
        raw(4, time=datetime(2024, 5, 1, 22, 0, tzinfo=UTC), precision="month"),
    )  # fmt: skip
    assert [row["day"].day for row in found] == [1, 1, 2, 1]
    assert [row["precision"] for row in found] == ["day", "day", "day", "month"]
    # Liberia was 44 min 30 s behind until 1972
    old = rows(keys, *[raw(n, time=datetime(1971, 5, 1, 0, 44, s, tzinfo=UTC)) for n, s in enumerate((29, 30))],
               zone="Africa/Monrovia")  # fmt: skip
    assert [row["day"].day for row in old] == [30, 1]


@pytest.mark.parametrize(
    ("hint", "text"),
    [
        (Hint(3, 8, "handle:telegram"), "vu [handle:telegram] là"), (Hint(3, 8, "bold"), "vu zzzzz là"),
        (Hint(-5, 2, "user-id"), "[user-id] zzzzz là"), (Hint(9, 99, "user-id"), "vu zzzzz [user-id]"),
        (Hint(8, 8, "user-id"), "vu zzzzz là"), (Hint(99, 120, "user-id"), "vu zzzzz là"),
    ],
)  # fmt: skip
def test_what_an_export_marks_is_masked(keys, hint, text) -> None:
    assert rows(keys, raw(1, "vu zzzzz là", hints=(hint,)))[0]["text"] == text


def test_marks_of_an_export_are_of_the_text_as_it_was(keys) -> None:
    text = "\u200bvu \u200bzz\u200bzzz\u200b là e\u0301"
    (row,) = rows(keys, raw(1, text, hints=(Hint(5, 11, "user-id"),)))
    assert row["text"] == "vu [user-id] là é"
    (row,) = rows(keys, raw(1, text, hints=(Hint(16, 18, "user-id"),)))
    assert row["text"] == "vu zzzzz là [user-id]"


@pytest.mark.parametrize(
    ("place", "kind"), [("commune", "address:69"), ("région", "address:R84"), ("none", "address")]
)
def test_only_addresses_have_places(keys, place, kind) -> None:
    text = "12 rue de la République, 69002 Lyon, 06 39 98 12 34"
    assert rows(keys, raw(1, text), place=place)[0]["text"] == f"[{kind}], [phone:FR]"
    assert rows(keys, raw(1, "23 Albert Road then"), place=place)[0]["text"] == "[address] then"
    bare = rows(keys, raw(1, "12 rue Xhesika 98000 Monaco"), place="région")
    assert bare[0]["text"] == "[address]"


def test_who_writes_in_a_thread_is_told_by_its_id(keys) -> None:
    one = door(keys)
    one.admit([raw(1, names=("Kervel",)), raw(2, chat=None, names=("Zoubidal",))])
    one.admit([raw(3, names=("Xyblork",))])
    assert one.rosters() == {
        keys.thread_id("canal", "1"): Roster(
            frozenset(["Kervel", "Xyblork"]), frozenset(["Xyblork"])
        ),
        keys.thread_id("canal", "export.json"): Roster(frozenset(["Zoubidal"])),
    }


def test_what_would_be_masked_is_proposed_for_one_document() -> None:
    first, second = proposed(["vu mehdi \u200blà", "vu 98 12 34 56 7"], "public posts")
    assert (first.text, first.spans, first.reason) == ("vu mehdi là", (Span(3, 8, "name"),), "")
    assert (second.spans, second.reason) == ((), "run of digits")
    assert not any(one.span.start < 8 and one.span.stop > 3 for one in first.believed)


def test_documents_that_a_person_decided_on_are_stored_as_they_stand(keys) -> None:
    found = door(keys).decided([raw(1, "vu Mehdi"), raw(2, "non")], ["", "run of digits"])
    assert [row["text"] for row in found.documents.to_pylist()] == ["vu Mehdi"]
    assert [(q.record, q.reason) for q in found.quarantined] == [(2, "run of digits")]

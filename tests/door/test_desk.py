"""What waits for a person: sealed, found, opened as it was, decided on, destroyed."""

# ruff: noqa: DTZ001, E501
from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from fanal.door.admit import Door, undated
from fanal.door.desk import Act, Desk, Waiting
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import Hint, RawDocument, RawSample
from fanal.door.spans import Span
from fanal.errors import ConflictError, ImporterError, MissingError, StorageError
from fanal.records import Issue

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
COMES = Waiting("", "talks", "lille", "transcripts", "f" * 32, "t1", NOW, NOW + timedelta(7), 0)


@pytest.fixture
def keys(tmp_path):
    return KeyRing(tmp_path / "keys")


@pytest.fixture
def desk(tmp_path, keys):
    return Desk(tmp_path / "reviews", keys.folder)


@pytest.fixture
def hold(desk, keys):
    """Put texts there: posts, whose door is quick."""
    door = Door(keys, source="talks", site="lille", kind="public posts", run="r")

    def put(*raws, waiting=COMES, beside=((), ()), pseudonyms=()):
        made = [raw if not isinstance(raw, str) else turn(n, raw) for n, raw in enumerate(raws, 1)]
        return desk.hold(waiting, door, made, beside, dict(pseudonyms))

    return put


def turn(record, text, **more):
    return RawDocument("talk.txt", record, text, **({"time": date(2026, 3, 12)} | more))


FULL = RawDocument(
    "talk.txt", 3, "vu Zoubi \ud83d là, appelle 06 39 98 12 34", datetime(2026, 3, 12, 9, 5), "1", "m1",
    "talk.txt: Zoubi", ("Zoubi", "Ada"), (Hint(3, 8, "user-id"),), True, "canal", "photo", 5, b"\x00\xffpic", "month", 8,
)  # fmt: skip
NAMES = [name for name in RawDocument.__slots__ if name not in ("text", "hints")]


def test_what_waits_is_opened_as_it_was_held(desk, hold) -> None:
    issue = Issue("odd", 9, "text", "look")
    plain = turn(4, "rien", time=datetime(2026, 3, 12, 9, tzinfo=UTC), names=("Bob",))
    before = turn(5, "trop tôt", time=date(1899, 12, 31))
    first = turn(6, "à temps", time=date(1900, 1, 1))
    waits = hold(
        FULL, plain, before, first, beside=([issue], [("empty", 2), ("system", 1)]),
        pseudonyms={"Zed Zorg": "P1"},
    )  # fmt: skip
    assert waits == replace(COMES, id=waits.id, records=3)
    assert len(waits.id) == 16 and set(waits.id) <= set("0123456789abcdef")
    assert desk.waiting() == [waits]
    opened = desk.open(waits.id)
    assert opened.waiting == waits
    full, other, last = (one.raw for one in opened.turns)
    assert [getattr(full, name) for name in NAMES] == [getattr(FULL, name) for name in NAMES]
    assert [getattr(other, name) for name in NAMES] == [getattr(plain, name) for name in NAMES]
    assert last.time == date(1900, 1, 1) and not isinstance(last.time, datetime)
    assert full.text == "vu Zoubi \ufffd là, appelle 06 39 98 12 34"  # clean: offsets are in it
    assert full.hints == other.hints == ()
    assert opened.turns[0].proposed == (Span(3, 8, "user-id"), Span(23, 37, "phone:FR"))
    assert opened.turns[1].proposed == () and [t.doubt for t in opened.turns] == [""] * 3
    missing = undated(before)
    assert opened.issues == [issue, missing]
    assert opened.skipped == [("empty", 2), ("system", 1)]
    assert opened.people == ("Ada", "Bob", "Zed Zorg", "Zoubi")
    assert (opened.acts, opened.first, opened.last) == ([], "", "")


def test_what_the_door_doubts_and_the_tagger_half_believes_is_kept(desk, hold) -> None:
    waits = hold("vu 98 12 34 56 7", "Mme Ostrowiak demande un rendez-vous")
    doubted, believed = desk.open(waits.id).turns
    assert (doubted.doubt, believed.doubt) == ("run of digits", "")
    assert doubted.proposed == ()
    assert [(s.kind, believed.raw.text[s.start : s.stop]) for s in believed.proposed] == [
        ("name", "Mme Ostrowiak")
    ]
    assert all(0.01 <= sure <= 1 for t in (doubted, believed) for _, sure in t.believed)
    (half,) = desk.open(hold("il tient ça de zoubidal le jeudi").id).turns
    assert all(isinstance(span, Span) for span, _ in half.believed)
    assert [half.raw.text[s.start : s.stop] for s, _ in half.believed] == ["zoubidal"]


def test_without_a_text_nothing_waits_and_only_texts_do(desk, hold) -> None:
    assert hold() is None
    assert hold(turn(1, "sans date", time=None)) is None
    assert hold(RawSample("f.csv", 1, "r")) is None
    assert not desk.folder.exists()
    with pytest.raises(ImporterError, match="only texts can wait for a review") as wrong:
        hold("un", RawSample("f.csv", 1, "r"))
    assert wrong.value.do == "bring samples and figures in under a source of their own"
    assert desk.waiting() == []


def test_whom_one_turn_names_goes_from_all_and_people_of_a_table_under_their_pseudonym(
    desk, hold
) -> None:
    waits = hold(
        "Mehdi est là", "vu mehdi et ZORGLIN", "zorglin seul", "rien", "appelle 06 39 98 12 34",
        pseudonyms={"Zorglin": "P-7", "Absent": "P-8"},
    )  # fmt: skip
    opened = desk.open(waits.id)
    assert [list(one.proposed) for one in opened.turns] == [
        [Span(0, 5, "name")], [Span(3, 8, "name"), Span(12, 19, "name:P-7")],
        [Span(0, 7, "name:P-7")], [], [Span(8, 22, "phone:FR")],
    ]  # fmt: skip
    table = desk.open(hold("Mehdi est là", pseudonyms={"Mehdi": "M"}).id)
    assert table.turns[0].proposed == (Span(0, 5, "name:M"),)


def test_nothing_of_it_lies_on_the_disk_but_for_whom_it_waits(desk, hold) -> None:
    waits = hold("vu Zoubidal", turn(2, "dit Ada", names=("Ada",), media=b"picture"))
    desk.keep(replace_acts(desk.open(waits.id), [Act("mask", "Zoubidal", "anna")]), 0)
    assert sorted(p.name for p in desk.folder.iterdir()) == [
        ".lock", f"{waits.id}.acts", f"{waits.id}.text",
    ]  # fmt: skip
    for path in desk.folder.iterdir():
        assert path.stat().st_mode & 0o777 == 0o600
        assert not [w for w in (b"Zoubi", b"Ada", b"picture", b"mask") if w in path.read_bytes()]
    assert desk.folder.stat().st_mode & 0o777 == 0o700
    head = (desk.folder / f"{waits.id}.text").read_bytes().partition(b"\n")[0]
    assert json.loads(head) == {
        "id": waits.id, "source": "talks", "site": "lille", "importer": "transcripts",
        "file": "f" * 32, "transaction": "t1", "held": str(COMES.held), "until": str(COMES.until),
        "records": 2,
    }  # fmt: skip


def replace_acts(review, acts, first="", last=""):
    return replace(review, acts=acts, first=first, last=last)


def test_what_people_decided_is_kept_in_the_place_of_what_they_had(desk, hold) -> None:
    waits = hold("vu Zoubidal")
    acts = [Act("mask", "Zoubidal", "anna", "role"), Act("keep", "", "bea", "name", (0, 1, 3))]
    desk.keep(replace_acts(desk.open(waits.id), acts[:1], "anna"), 0)
    again = desk.open(waits.id)
    assert (again.acts, again.first, again.last) == (acts[:1], "anna", "")
    desk.keep(replace_acts(again, acts, "anna", "bea"), 1)
    again = desk.open(waits.id)
    assert (again.acts, again.first, again.last) == (acts, "anna", "bea")
    for seen in (0, 1, 3):
        with pytest.raises(ConflictError, match="somebody decided on it meanwhile") as wrong:
            desk.keep(replace_acts(again, []), seen)
        assert wrong.value.do == "look at it again"
    assert desk.open(waits.id).acts == acts


def test_what_waits_is_found_by_how_its_id_begins_the_oldest_first(desk, hold) -> None:
    later = hold("un", waiting=replace(COMES, held=NOW + timedelta(1)))
    both = sorted((hold("deux"), hold("trois")), key=lambda one: one.id)
    assert desk.waiting() == [*both, later]
    assert desk.find(later.id) == later
    assert [desk.find(one.id[:12]) for one in both] == both
    for start, what in (("", "no"), ("x", "no"), (later.id[1:], "no")):
        with pytest.raises(MissingError, match=f"^{what} review with the id '{start}'") as wrong:
            desk.find(start)
        assert wrong.value.do == "see: fanal door review list"
    for path in desk.folder.glob(f"{both[0].id}.text"):  # a copy under an id that begins as it does
        head = replace(both[0], id=both[0].id[:15] + "z")
        path.with_name(f"{head.id}.text").write_bytes(
            json.dumps(vars_of(head), default=str).encode() + b"\n"
        )
    with pytest.raises(MissingError, match=r"^more than one review with the id"):
        desk.find(both[0].id[:15])


def vars_of(waiting):
    return {name: getattr(waiting, name) for name in waiting.__slots__}


def test_what_says_nothing_in_its_first_line_is_in_no_list(desk, hold) -> None:
    waits = hold("un")
    for name, said in (("a", b""), ("b", b"{}"), ("c", b"no\n"), ("d", b'{"held": 1, "until": 2}')):
        (desk.folder / f"{name}.text").write_bytes(said)
    assert desk.waiting() == [waits]


def test_what_is_over_or_damaged_cannot_be_opened(desk, keys, hold) -> None:
    with pytest.raises(MissingError, match="this review is over") as wrong:
        desk.open("0" * 16)
    assert wrong.value.do == "see: fanal door review list"
    waits, other = hold("un"), hold("deux")
    path = desk.folder / f"{waits.id}.text"
    head, _, sealed = path.read_bytes().partition(b"\n")
    changed = head.replace(b"talks", b"tales")
    for said in (changed + b"\n" + sealed, head + b"\n" + sealed[:-1], head + b"\n", head):
        path.write_bytes(said)
        with pytest.raises(StorageError, match="what waits for a review is damaged") as damaged:
            desk.open(waits.id)
        assert damaged.value.where == "reviews"
        assert "fanal door review destroy" in damaged.value.do
    path.write_bytes(head + b"\n" + sealed)
    assert desk.open(waits.id).turns[0].raw.text == "un"
    # decisions on another text are none on this one
    desk.keep(replace_acts(desk.open(waits.id), [Act("keep", "un", "a")]), 0)
    acts = (desk.folder / f"{waits.id}.acts").read_bytes()
    (desk.folder / f"{other.id}.acts").write_bytes(acts)
    with pytest.raises(StorageError):
        desk.open(other.id)
    keys.shred_key(waits.id)
    with pytest.raises(MissingError, match="this review is over"):
        desk.open(waits.id)


def test_what_is_destroyed_is_gone_with_its_key(desk, keys, hold) -> None:
    waits, other = hold("un"), hold("deux")
    desk.keep(replace_acts(desk.open(waits.id), [Act("keep", "un", "a")]), 0)
    assert desk.destroy(waits.id) is True
    assert desk.destroy(waits.id) is False
    assert desk.waiting() == [other] and keys.waiting() == [other.id]
    assert [p.name for p in desk.folder.glob(f"{waits.id}*")] == []


def test_what_waited_too_long_is_destroyed_at_its_time(desk, keys, hold) -> None:
    week = hold("un")
    month = hold("deux", waiting=replace(COMES, until=NOW + timedelta(30)))
    assert desk.expire(NOW + timedelta(7) - timedelta(microseconds=1)) == []
    assert desk.expire(NOW + timedelta(7)) == [week]
    assert desk.waiting() == [month] and keys.waiting() == [month.id]
    assert desk.expire(NOW + timedelta(31)) == [month] and desk.waiting() == []


def test_what_a_killed_command_left_is_cleared_away(desk, keys, hold, tmp_path) -> None:
    desk.tidy()  # there is nothing yet
    whole, keyless, bare = hold("un"), hold("deux"), hold("trois")
    desk.keep(replace_acts(desk.open(whole.id), [Act("keep", "un", "a")]), 0)
    keys.shred_key(keyless.id)
    (desk.folder / f"{bare.id}.text").unlink()
    keys.new_key("a" * 16)
    (desk.folder / f"{'b' * 16}.acts").write_bytes(b"x")
    (desk.folder / f"{whole.id}.text.new").write_bytes(b"x")
    (keys.folder / "review" / "c.key.new").write_bytes(b"x")
    (desk.folder / "d.note").write_bytes(b"x")
    desk.tidy()
    assert sorted(p.name for p in desk.folder.iterdir()) == [
        ".lock", *sorted([f"{whole.id}.acts", f"{whole.id}.text", "d.note"]),
    ]  # fmt: skip
    assert [p.name for p in (keys.folder / "review").iterdir()] == [f"{whole.id}.key"]
    assert desk.open(whole.id).acts == [Act("keep", "un", "a")]


def test_a_write_that_was_stopped_before_does_not_stand_in_the_way(desk, hold) -> None:
    waits = hold("un")
    (desk.folder / f"{waits.id}.acts.new").write_bytes(b"left")
    desk.keep(replace_acts(desk.open(waits.id), [Act("keep", "un", "a")]), 0)
    assert len(desk.open(waits.id).acts) == 1
    assert not list(Path(desk.folder).glob("*.new"))

"""Batches through the door: schema, coarsening, pseudonyms, quarantine, and nothing said about texts."""

# ruff: noqa: E501, DTZ001
from __future__ import annotations

import io
import logging
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from PIL import Image

from fanal.door import media
from fanal.door.admit import Door
from fanal.door.media import perceptual_hash
from fanal.door.pseudonyms import KeyRing
from fanal.door.raw import Hint, RawDocument
from fanal.records import Document, conform, schema_of


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "keys")


def door(keys: KeyRing, **more: object) -> Door:
    options = {"source": "canal", "site": "lille", "kind": "public posts", "run": "r1"} | more
    return Door(keys, **options)  # type: ignore[arg-type]


def raw(record: int, text: str, **more: object) -> RawDocument:
    options: dict[str, object] = {
        "time": datetime(2024, 5, 1, 21, 30),
        "chat": "1",
        "message": str(record),
    }
    return RawDocument("export.json", record, text, **(options | more))  # type: ignore[arg-type]


def test_a_batch_becomes_documents_in_the_schema(keys: KeyRing) -> None:
    admitted = door(keys).admit(
        [
            raw(
                1,
                "Dispo, appelle 06 39 98 12 34",
                author="user1",
                position=7,
                forwarded_from="autre canal",
            ),
            raw(2, "e\u0301crit\u200b ici", author="user1"),
            raw(3, "", media_kind="photo", media_bytes=12),
        ]
    )
    table = conform(admitted.documents, Document)
    assert table.schema == schema_of(Document)
    first, second, third = table.to_pylist()
    assert first["text"] == "Dispo, appelle [phone:FR]"
    assert second["text"] == "écrit ici"
    assert (third["text"], third["media_kind"], third["media_bytes"], third["media_hash"]) == (
        "",
        "photo",
        12,
        None,
    )
    assert (first["position"], second["position"]) == (7, 1)
    assert first["author"] == second["author"] == keys.author("lille", 2024, "user1")
    assert first["id"] == keys.document_ids("canal", ["1"], ["1"])[0]
    assert first["thread"] == keys.thread_id("canal", "1")
    assert first["digest"] == keys.digest("Dispo, appelle [phone:FR]")
    assert first["forwarded_from"] == keys.channel_id("autre canal")
    assert (first["day"], first["month"], first["precision"], first["run"]) == (
        date(2024, 5, 1),
        "2024-05",
        "day",
        "r1",
    )


def test_an_empty_batch(keys: KeyRing) -> None:
    admitted = door(keys).admit([])
    assert admitted.documents.num_rows == 0 and admitted.documents.schema == schema_of(Document)


@pytest.mark.parametrize(
    ("time", "zone", "day"),
    [
        (datetime(2024, 5, 1, 23, 30), "Europe/Paris", date(2024, 5, 1)),
        (datetime(2024, 5, 1, 22, 30, tzinfo=UTC), "Europe/Paris", date(2024, 5, 2)),
        (datetime(2024, 12, 31, 23, 30, tzinfo=UTC), "Europe/Paris", date(2025, 1, 1)),
        (datetime(2024, 5, 1, 2, 0, tzinfo=UTC), "America/Martinique", date(2024, 4, 30)),
        (date(2024, 2, 29), "Europe/Paris", date(2024, 2, 29)),
    ],
)
def test_days_are_local(keys: KeyRing, time: date, zone: str, day: date) -> None:
    (row,) = door(keys, zone=zone).admit([raw(1, "x", time=time, author="a")]).documents.to_pylist()
    assert row["day"] == day
    assert row["author"] == keys.author("lille", day.year, "a")


@pytest.mark.parametrize(
    ("source", "known", "day", "precision"),
    [
        ("day", "day", date(2024, 5, 16), "day"), ("week", "day", date(2024, 5, 13), "week"),
        ("month", "day", date(2024, 5, 1), "month"), ("year", "day", date(2024, 1, 1), "year"),
        ("day", "year", date(2024, 1, 1), "year"), ("month", "week", date(2024, 5, 1), "month"),
    ],
)  # fmt: skip
def test_time_is_as_coarse_as_the_source_or_the_record_says(
    keys: KeyRing, source: str, known: str, day: date, precision: str
) -> None:
    (row,) = (
        door(keys, time=source)
        .admit([raw(1, "x", time=date(2024, 5, 16), precision=known)])
        .documents.to_pylist()
    )
    assert (row["day"], row["precision"], row["month"]) == (day, precision, day.strftime("%Y-%m"))


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("commune", "[address:69]"),
        ("département", "[address:69]"),
        ("région", "[address:R84]"),
        ("none", "[address]"),
    ],
)
def test_places_are_as_coarse_as_the_source_says(keys: KeyRing, place: str, text: str) -> None:
    (row,) = (
        door(keys, place=place)
        .admit([raw(1, "12 rue de la République, 69002 Lyon")])
        .documents.to_pylist()
    )
    assert row["text"] == text


def test_names_and_hints_of_the_record_are_masked(keys: KeyRing) -> None:
    text = "bien vu zorblax, écris au guichet 7 bis"
    rows = (
        door(keys)
        .admit(
            [
                raw(1, text, names=("Zorblax Quux",), hints=(Hint(26, 39, "handle:telegram"),)),
                raw(2, "e\u0301 zut zut", hints=(Hint(3, 6, "user-id"),)),
            ]
        )
        .documents.to_pylist()
    )
    assert rows[0]["text"] == "bien vu [name], écris au [handle:telegram]"
    assert rows[1]["text"] == "é [user-id] zut"


def test_a_hint_that_marks_nothing_changes_nothing(keys: KeyRing) -> None:
    hints = (Hint(4, 4, "user-id"), Hint(90, 99, "user-id"), Hint(0, 4, "bold"))
    (row,) = door(keys).admit([raw(1, "tout est bien", hints=hints)]).documents.to_pylist()
    assert row["text"] == "tout est bien"


def test_messages_without_a_number_get_an_ordinal(keys: KeyRing) -> None:
    batch = [raw(n, "+1", message=None, author="a") for n in range(1, 4)]
    batch.append(raw(4, "+1", message=None, author="a", time=datetime(2024, 5, 1, 21, 31)))
    one = door(keys)
    ids = (
        one.admit(batch[:2]).documents["id"].to_pylist()
        + one.admit(batch[2:]).documents["id"].to_pylist()
    )
    assert len(set(ids)) == 4
    assert door(keys).admit(batch).documents["id"].to_pylist() == ids  # the same file again


def test_what_has_no_date_is_an_issue_and_what_is_risky_is_quarantined(keys: KeyRing) -> None:
    admitted = door(keys).admit(
        [raw(1, "sans date", time=None), raw(2, "voici 98 12 34 56 7"), raw(3, "ok")]
    )
    assert admitted.documents.num_rows == 1
    (issue,) = admitted.issues
    assert (issue.kind, issue.record, issue.field, issue.level) == ("no date", 1, "time", "error")
    assert issue.file == keys.file_id("export.json").hex()
    (kept,) = admitted.quarantined
    assert (kept.record, kept.reason) == (2, "run of digits")
    assert "98 12" not in repr(kept)


def test_nothing_of_a_text_is_logged(keys: KeyRing, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        door(keys).admit(
            [raw(1, "secret 06 39 98 12 34 chez Karim"), raw(2, "98 12 34 56 7 secret", time=None)]
        )
    assert "secret" not in caplog.text and "Karim" not in caplog.text


def test_a_destroyed_year_has_no_authors(keys: KeyRing) -> None:
    keys.destroy("lille", 2024)
    (row,) = door(keys).admit([raw(1, "x", author="a")]).documents.to_pylist()
    assert row["author"] is None


def picture(draw: Callable[[int, int], int], size: int = 64, kind: str = "PNG") -> bytes:
    image = Image.new("L", (size, size))
    image.putdata([draw(n % size, n // size) for n in range(size * size)])
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def test_pictures_leave_a_keyed_perceptual_hash(keys: KeyRing) -> None:
    slope = picture(lambda x, y: 4 * x)
    same = picture(lambda x, y: 4 * x, kind="BMP")
    other = picture(lambda x, y: 255 if y > 40 and x < 20 else 30)
    rows = door(keys).admit(
        [raw(n, "", media=media) for n, media in enumerate((slope, same, other, b"broken"), 1)]
    )
    hashes = rows.documents["media_hash"].to_pylist()
    assert hashes[0] == hashes[1] != hashes[2]
    assert hashes[3] is None
    plain = perceptual_hash(slope)
    assert plain is not None and len(plain) == 8 and len(hashes[0]) == 16


def test_bombs_are_not_opened() -> None:
    import struct
    import zlib

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)
    bomb = (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(10**6)))
    )
    assert perceptual_hash(bomb) is None


def test_a_reference_that_looks_like_an_identifier_is_keyed_and_the_sample_stays(tmp_path):
    from fanal.door.identifiers import leaks
    from fanal.door.pseudonyms import KeyRing
    from fanal.door.raw import RawResult, RawSample
    from fanal.door.samples import Scope, admit_samples

    keys = KeyRing(tmp_path / "keys")
    scope = Scope("labo", "lille", "lab", "r", "day", "département")
    said = ["L-900", "ZK2XW7QPLM9A", "06 39 98 12 34", "zk2xw7qplm9a ", "06 39 98 12 34"]
    raws = [
        RawSample("f.csv", n, reference, results=(RawResult("Down (Unknown Opioid)"),),
                  sold_as_label="Unknown Opioid")
        for n, reference in enumerate(said, 1)
    ]  # fmt: skip
    samples = admit_samples(raws, keys, scope, {})
    stored = samples.samples.column("reference").to_pylist()
    assert len(stored) == 5
    assert stored[0] == "L-900"
    assert stored[1] == stored[3] == keys.reference("ZK2XW7QPLM9A")
    assert stored[2] == stored[4] == keys.reference("06 39 98 12 34") != stored[1]
    assert not any(leaks(reference) for reference in stored)
    # words of laboratories are nobody's name
    assert set(samples.samples.column("sold_as_label").to_pylist()) == {"Unknown Opioid"}
    assert set(samples.results.column("label").to_pylist()) == {"Down (Unknown Opioid)"}


def test_a_sentence_of_which_names_are_most_is_told(keys: KeyRing) -> None:
    """Where the door takes words of another language for names, nothing may be lost unsaid."""
    names = ("Nadège Carpentier", "Timothée Vasseur")
    told = door(keys).admit(
        [
            raw(1, "Nadège Carpentier, Timothée Vasseur.", names=names),
            raw(2, "Nadège Carpentier", names=names),
            raw(3, "demande à Nadège Carpentier si la coke est à soixante", names=names),
            raw(4, "@carpentier59 06 39 98 12 34 06 39 98 12 35", names=names),
        ]
    )
    assert [(i.kind, i.record, i.level) for i in told.issues] == [
        ("text mostly masked", 1, "warning")
    ]
    assert len(told.documents) == 4


def test_a_picture_in_black_and_white_has_the_hash_of_its_copy_in_grey() -> None:
    drawn = Image.new("1", (900, 700))
    drawn.putdata(
        [
            255 * ((x * x // 7 + y * 3 + (x * y) // 50) % 11 < 5 + x // 200)
            for y in range(700)
            for x in range(900)
        ]
    )
    hashes = set()
    for mode, kind in (("1", "PNG"), ("L", "PNG"), ("RGB", "BMP"), ("RGBA", "PNG"), ("P", "GIF")):
        out = io.BytesIO()
        drawn.convert("L").convert(mode).save(out, kind)
        hashes.add(perceptual_hash(out.getvalue()))
    assert len(hashes) == 1 and None not in hashes


def test_pictures_that_are_too_large_are_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = picture(lambda x, y: 4 * x, size=8)
    for name, value, opened in (
        ("_SIDE", 8, True), ("_SIDE", 7, False), ("_PIXELS", 64, True), ("_PIXELS", 63, False),
    ):  # fmt: skip
        with monkeypatch.context() as patched:
            patched.setattr(media, name, value)
            assert (perceptual_hash(flat) is not None) == opened


GERMAN = (
    "HAMBURG (dpa) - Zollfahnder haben im Hamburger Hafen 480 Kilogramm Kokain entdeckt. Das teilte "
    "das Zollfahndungsamt am Dienstag mit. Der Angeklagte Karl Brunnhuber schwieg. Die Drogen waren "
    "in einer Ladung Bananen aus Ecuador versteckt. Brunnhuber wohnte in der Lindenstraße 14."
)


def test_a_text_in_a_language_that_the_tagger_has_not_learned(keys: KeyRing) -> None:
    admitted = door(keys, kind="press").admit([raw(1, GERMAN)])
    (text,) = admitted.documents.column("text").to_pylist()
    assert "haben im Hamburger Hafen 480 Kilogramm Kokain entdeckt" in text
    assert "in einer Ladung Bananen aus Ecuador versteckt" in text
    assert "Brunnhuber" not in text
    assert "Lindenstra" not in text

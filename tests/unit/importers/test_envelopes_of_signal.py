"""What signal-cli receives: messages of groups are read, once; all else is counted."""

import json

import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.reading.envelopes import is_envelope
from fanal.importers.signal import Signal

WHEN = 1773306000000  # 2026-03-12, 09:00 UTC
GROUP = {"groupInfo": {"groupId": "abc=", "type": "DELIVER"}}


def envelope(who, at=0, **more):
    return {"sourceUuid": who, "sourceName": who.title(), "timestamp": WHEN + at, **more}


def said(text, at=0, group=GROUP, **more):
    return {"dataMessage": {"timestamp": WHEN + at, "message": text, **group, **more}}


def read(tmp_path, *envelopes, wrapped=lambda e: {"envelope": e, "account": "+00"}, **parameters):
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(wrapped(e)) + "\n" for e in envelopes), "utf-8")
    assert identify(path) is Signal
    found = list(Signal(**parameters).extract(path))
    skipped = {row.rule: row.count for row in found if isinstance(row, Skipped)}
    return [row for row in found if isinstance(row, RawDocument)], skipped, path


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda e: {"envelope": e, "account": "+00"},
        lambda e: {"jsonrpc": "2.0", "method": "receive", "params": {"envelope": e}},
    ],
)
def test_messages_of_a_group_are_read(tmp_path, wrapped):
    own = {"syncMessage": {"sentMessage": said("oui", 5)["dataMessage"]}}
    rows, skipped, _ = read(
        tmp_path,
        envelope("lou", **said("la coke est à 50")),
        envelope("max", 5, **own),
        envelope("max", 6, receiptMessage={"when": WHEN, "isDelivery": True}),
        wrapped=wrapped,
    )
    assert [(r.author, r.text, r.chat, r.message, r.names) for r in rows] == [
        ("lou", "la coke est à 50", "abc=", f"lou-{WHEN}", ("Lou",)),
        ("Me", "oui", "abc=", f"Me-{WHEN + 5}", ("Max",)),
    ]
    assert rows[0].time.isoformat() == "2026-03-12T09:00:00+00:00"
    assert skipped == {"notice of Signal": 1}


def test_between_two_people_only_where_it_is_allowed(tmp_path):
    message = envelope("lou", **said("coke à 50", group={}))
    assert read(tmp_path, message)[:2] == ([], {"chat between two people": 1})
    rows, skipped, _ = read(tmp_path, message, private=True)
    assert ([r.text for r in rows], skipped) == (["coke à 50"], {})


def test_what_is_taken_back_is_not_read_and_what_is_corrected_keeps_its_id(tmp_path):
    rows, skipped, _ = read(
        tmp_path,
        envelope("lou", **said("à 50")),
        envelope("max", **said("à 60")),  # of the same instant, by another
        envelope("lou", 9, **said(None, 9, remoteDelete={"timestamp": WHEN})),
        envelope("max", 10, editMessage={"targetSentTimestamp": WHEN, **said("à 65", 10)}),
        envelope("max", 11, **said(None, 11, reaction={"emoji": "👍"})),
    )
    told = [(r.text, r.message, r.edited) for r in rows]
    assert told == [("à 60", f"max-{WHEN}", False), ("à 65", f"max-{WHEN}", True)]
    assert skipped == {"deleted message": 2, "reaction": 1}


def test_a_picture_is_one_and_a_damaged_line_is_told(tmp_path):
    picture = [{"contentType": "image/jpeg", "filename": "a.jpg"}]
    rows, _, path = read(tmp_path, envelope("lou", **said(None, attachments=picture)))
    assert [(r.text, r.media_kind) for r in rows] == [("", "photo")]
    path.write_text(path.read_text("utf-8") + '{"envelope":\n', "utf-8")
    found = [row for row in Signal().extract(path) if isinstance(row, Issue)]
    assert [(i.kind, i.record) for i in found] == [("line damaged", 2)]


@pytest.mark.parametrize(
    "line", ['{"envelope": "C5", "timestamp": 1}', '{"envelope": {"size": 3}}', "[1]", "{"]
)
def test_another_envelope_is_none(line):
    assert not is_envelope(line)

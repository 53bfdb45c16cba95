"""Messages as signal-cli receives them: one envelope of JSON a line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec

from fanal.importers.base import File, Issue, RawDocument, Skipped
from fanal.importers.reading.encodings import bounded_lines
from fanal.importers.reading.json_shape import whole_characters

_OBJECT = msgspec.json.Decoder(dict[str, Any])
_MEDIA = {"image": "photo", "video": "video", "audio": "voice"}


def is_envelope(line: str) -> bool:
    """Say whether a line is an envelope."""
    return bool(_envelope_in(line))


def _envelope_in(line: str) -> Mapping[str, Any]:
    """Return the envelope of a line, alone or as its server sends it; nothing where none is."""
    try:
        found = _OBJECT.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return {}
    envelope = _part(found, "envelope") or _part(_part(found, "params"), "envelope")
    return envelope if "timestamp" in envelope else {}


def read_envelopes(path: File, private: bool) -> Iterator[RawDocument | Issue | Skipped]:
    """Yield the messages of groups, and of two people where `private`; the rest is counted.

    What its author took back is not read, in whatever line that is said.
    """
    skipped: Counter[str] = Counter()
    back = {(_author(e), said["remoteDelete"].get("timestamp")) for _, e in _envelopes(path)
            if e and isinstance((said := _said(e)).get("remoteDelete"), dict)}  # fmt: skip
    for record, envelope in _envelopes(path):
        if not envelope:
            yield Issue("line damaged", record, hint="receive the messages again")
            continue
        row = _message(path.name, record, envelope, private)
        if isinstance(row, RawDocument) and (_author(envelope), _sent(envelope)) in back:
            row = "deleted message"
        if isinstance(row, str):
            skipped[row] += 1
        else:
            yield row
    for rule, count in sorted(skipped.items()):
        yield Skipped(rule, count)


def _envelopes(path: File) -> Iterator[tuple[int, Mapping[str, Any]]]:
    lines = (line for line in bounded_lines(path) if line.strip())
    for record, line in enumerate(lines, 1):
        yield record, _envelope_in(line.lstrip("\ufeff"))


def _part(found: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = found.get(key)
    return value if isinstance(value, dict) else {}


def _holder(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a message was sent in: by somebody else, or from another device of one's own."""
    return _part(_part(envelope, "syncMessage"), "sentMessage") or envelope


def _said(envelope: Mapping[str, Any]) -> Mapping[str, Any]:
    holder = _holder(envelope)
    edited = _part(_part(holder, "editMessage"), "dataMessage")
    return edited or (_part(holder, "dataMessage") if holder is envelope else holder)


def _sent(envelope: Mapping[str, Any]) -> object:
    """Return when a message was first sent, by which it is known."""
    first = _part(_holder(envelope), "editMessage").get("targetSentTimestamp")
    return first or _said(envelope).get("timestamp") or envelope.get("timestamp")


def _author(envelope: Mapping[str, Any]) -> str:
    if _holder(envelope) is not envelope:
        return "Me"
    return str(next(filter(None, map(envelope.get, ("sourceUuid", "sourceNumber", "source"))), ""))


def _message(
    file: str, record: int, envelope: Mapping[str, Any], private: bool
) -> RawDocument | Issue | str:
    """Return what an envelope holds, or the rule by which it is skipped."""
    said = _said(envelope)
    if not said:
        return "notice of Signal"
    if "remoteDelete" in said:
        return "deleted message"
    if "reaction" in said:
        return "reaction"
    group = _part(said, "groupInfo") or _part(said, "groupV2")
    if not group and not private:
        return "chat between two people"
    try:
        time = datetime.fromtimestamp(int(str(_sent(envelope))) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return Issue("no date", record, "timestamp", "the message has no date that can be read")
    text = whole_characters(str(said.get("message") or "")).replace("\ufffc", "").strip()
    kind = _kind(said)
    if not text and not kind:
        return "neither text nor media"
    author, name = _author(envelope), envelope.get("sourceName")
    chat = group.get("groupName") or group.get("groupId") or group.get("id")
    return RawDocument(
        file,
        record,
        text,
        time,
        str(chat) if chat else None,
        f"{author}-{_sent(envelope)}",
        author or None,
        (whole_characters(str(name)),) if name else (),
        edited="editMessage" in _holder(envelope),
        media_kind=kind,
    )


def _kind(said: Mapping[str, Any]) -> str | None:
    if said.get("sticker"):
        return "sticker"
    attachments = said.get("attachments")
    if not isinstance(attachments, list) or not attachments:
        return "contact" if said.get("contacts") else None
    first = attachments[0] if isinstance(attachments[0], dict) else {}
    return _MEDIA.get(str(first.get("contentType")).partition("/")[0], "file")

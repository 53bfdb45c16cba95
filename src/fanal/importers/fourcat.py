"""4CAT datasets: CSV and lines of JSON, of Telegram and of any other of its sources."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Hint, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import SNIFF, head
from fanal.importers.reading.encodings import bounded_lines, encoding_of
from fanal.importers.reading.json_shape import whole_characters

LARGEST_CELL = 4 << 20
_COMMON = {"id", "thread_id", "body", "timestamp"}  # columns of every dataset
_OWN = {"unix_timestamp", "author", "author_fullname", "timestamp_edited"}
_REDACTED = re.compile(r"\A(?:REDACTED|\[deleted\]|None)?\Z")
_HASH = re.compile(r"\A[0-9a-f]{48}\Z")  # what 4CAT puts in place of an author
# author_full, author_username, author_display_name …; an author who is a number is none
_NAMED = re.compile(r"author(?:_(?!id\b|is_|forwarded|avatar|url|link|bio|descr|verif|loc)\w+)?")
_NUMBER = re.compile(r"[\d.,:+-]*|https?://.*|true|false", re.IGNORECASE)
_MEDIA = {
    "photo": "photo",
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "voice": "voice",
    "sticker": "sticker",
    "gif": "animation",
    "document": "file",
    "contact": "contact",
    "geo": "place",
    "geo_live": "place",
    "venue": "place",
    "poll": "poll",
}
_TELETHON = {
    "MessageMediaPhoto": "photo",
    "MessageMediaDocument": "document",
    "MessageMediaContact": "contact",
    "MessageMediaGeo": "geo",
    "MessageMediaGeoLive": "geo",
    "MessageMediaVenue": "geo",
    "MessageMediaPoll": "poll",
}
_DAMAGE = (msgspec.MsgspecError, ValueError, RecursionError)


@dataclass(frozen=True)
class FourCat(Importer):
    """Read a dataset of the research tool 4CAT, as CSV or as NDJSON.

    Use it for any dataset with 4CAT's columns `id`, `thread_id`, `body` and `timestamp`, and for
    the NDJSON of its Telegram source. A dataset that 4CAT calls pseudonymised is read like any
    other: only columns named `author` are replaced there, not what people wrote.

    Examples
    --------
    >>> FourCat().name
    'fourcat'

    Limits
    ------
    Views, reactions, previews of links and added annotations are not kept; of attachments only
    the kind, and of a poll the question and answers. Where `unix_timestamp` is missing, the time
    is local to the 4CAT server. Ids are 4CAT's: a chat that is also brought in from Telegram
    Desktop counts twice.

    References
    ----------
    digitalmethodsinitiative/4cat, `datasources/telegram/search_telegram.py`.
    """

    name: ClassVar[str] = "fourcat"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    def identify(self, path: File) -> bool:
        content = head(path, SNIFF)
        text = content.decode(encoding_of(content), "replace").lstrip("\ufeff")
        first = text.partition("\n")[0]
        if first[:1] == "{":
            keys = _decoded(first)
            return keys is not None and (_is_raw(keys) or _has_columns(set(keys)))
        try:
            return _has_columns(set(next(csv.reader(io.StringIO(first)), [])))
        except csv.Error:
            return False

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        skipped: Counter[str] = Counter()
        is_json = head(path, 64).lstrip(b"\xef\xbb\xbf \r\n")[:1] == b"{"
        for record, row in _json_rows(path) if is_json else _csv_rows(path):
            if isinstance(row, Issue):
                yield row
                continue
            document = _document(path.name, record, row)
            if document is None:
                skipped["neither text nor media"] += 1
            else:
                yield document
        for rule, count in sorted(skipped.items()):
            yield Skipped(rule, count)


def _has_columns(columns: set[str]) -> bool:
    return columns >= _COMMON and bool(columns & _OWN)


def _is_raw(row: Mapping[str, Any]) -> bool:
    """Say whether a line is a Telegram message as 4CAT collects it, before any mapping."""
    return {"id", "message", "date"} <= row.keys() and bool(
        {"_chat", "_sender", "_type"} & row.keys()
    )


def _decoded(line: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except _DAMAGE:
        return None


def _json_rows(path: File) -> Iterator[tuple[int, Mapping[str, Any] | Issue]]:
    lines = (line for line in bounded_lines(path) if line.strip())
    for record, line in enumerate(lines, 1):
        row = _decoded(line.removeprefix("\ufeff"))
        if row is None:
            yield record, Issue("line damaged", record, hint="export the dataset again")
        elif _is_raw(row):
            yield record, _mapped(row)
        else:
            yield record, row


def _csv_rows(path: File) -> Iterator[tuple[int, Mapping[str, Any] | Issue]]:
    csv.field_size_limit(LARGEST_CELL)
    lines = (line + "\n" for line in bounded_lines(path))
    reader = csv.reader(lines, strict=True)
    record = 0
    try:
        columns = next(reader, [])
        if not _has_columns(set(columns)):
            raise ImporterError(
                "the columns are not 4CAT's",
                do='add importer = "tables" to the source description and name the columns under '
                "[mapping]",
            )
        for cells in reader:
            if not cells:
                continue
            record += 1
            if len(cells) != len(columns):
                yield record, Issue("row damaged", record, hint="it has too many or too few cells")
            else:
                yield record, dict(zip(columns, cells, strict=True))
    except csv.Error:
        raise ImporterError(
            "the CSV is damaged", where=f"record {record + 1}", do="export the dataset again"
        ) from None


def _mapped(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that 4CAT makes of a Telegram message."""
    chat, sender = _part(raw, "_chat"), _part(raw, "_sender")
    media, origin = _part(raw, "media"), _part(raw, "fwd_from")
    origin_id = _part(origin, "from_id")
    names = (sender.get("first_name"), sender.get("last_name"))
    thread = chat.get("username") or raw.get("_chat_id") or chat.get("id") or ""
    kind = str(raw.get("_type") or "Message")
    return {
        "id": f"{thread}-{raw.get('id')}",
        "thread_id": thread,
        "body": raw.get("message") if kind == "Message" else "",
        "author": sender.get("id") or _part(raw, "from_id").get("user_id"),
        "author_username": sender.get("username"),
        "author_name": " ".join(str(name) for name in names if name),
        "unix_timestamp": raw.get("date"),
        "unix_timestamp_edited": raw.get("edit_date"),
        "author_forwarded_from_id": origin_id.get("channel_id") or origin_id.get("user_id"),
        "author_forwarded_from_name": origin.get("from_name"),
        "attachment_type": _TELETHON.get(str(media.get("_type")), ""),
        "attachment_data": _poll_of(media),
    }


def _part(row: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = row.get(key)
    return value if isinstance(value, dict) else {}


def _poll_of(media: Mapping[str, Any]) -> str:
    poll = _part(media, "poll")
    answers = poll.get("answers")
    texts = (
        [a.get("text") for a in answers if isinstance(a, dict)] if isinstance(answers, list) else []
    )
    return json.dumps({"question": poll.get("question"), "answers": [{"answer": t} for t in texts]})


def _text(row: Mapping[str, Any], *keys: str) -> str:
    """Return the first of these cells that says anything."""
    for key in keys:
        value = row.get(key)
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            text = str(value).strip()
            if not _REDACTED.match(text):
                return text
    return ""


def _document(file: str, record: int, row: Mapping[str, Any]) -> RawDocument | Issue | None:
    """Return what a row holds, None if neither text nor media."""
    time = _time(row)
    if time is None:
        return Issue("no date", record, "timestamp", "the row has no date that can be read")
    text = "\n".join(part for part in (_text(row, "subject"), _text(row, "body")) if part)
    attachment = _text(row, "attachment_type").lower()
    kind = _MEDIA.get(attachment, "file" if attachment and attachment != "url" else None)
    if kind == "poll":
        text = "\n".join(
            part for part in (text, *_poll_lines(_text(row, "attachment_data"))) if part
        )
    if not text and not kind:
        return None
    text = whole_characters(text)
    names = [_text(row, key) for key in row if _NAMED.fullmatch(key)]
    return RawDocument(
        file,
        record,
        text,
        time,
        _text(row, "chat", "thread_id") or None,
        _text(row, "id") or None,
        _text(row, "author", "author_username", "author_name") or None,
        tuple(dict.fromkeys(whole_characters(n) for n in names if _may_name(n))),
        _hints(text, row),
        bool(_text(row, "unix_timestamp_edited", "timestamp_edited")),
        _text(
            row,
            "author_forwarded_from_id",
            "author_forwarded_from_username",
            "author_forwarded_from_name",
        )
        or None,
        kind,
    )


def _may_name(value: str) -> bool:
    return len(value) <= 80 and not (_HASH.match(value) or _NUMBER.fullmatch(value))


def _time(row: Mapping[str, Any]) -> datetime | None:
    try:
        if seconds := _text(row, "unix_timestamp"):
            return datetime.fromtimestamp(int(float(seconds)), UTC)
        return datetime.fromisoformat(_text(row, "timestamp"))
    except (ValueError, OverflowError, OSError):
        return None


def _poll_lines(cell: str) -> Iterator[str]:
    poll = _decoded(cell) or {}
    yield _plain(poll.get("question"))
    answers = poll.get("answers")
    for answer in answers if isinstance(answers, list) else []:
        yield _plain(answer.get("answer")) if isinstance(answer, dict) else ""


def _plain(value: object) -> str:
    """Return a poll's text, which newer datasets wrap into an object."""
    if isinstance(value, dict):
        value = value.get("text")
    return value if isinstance(value, str) else ""


def _hints(text: str, row: Mapping[str, Any]) -> tuple[Hint, ...]:
    """Return where 4CAT's lists of links and mentions occur in the text."""
    found: list[Hint] = []
    for column, kind in (("entities_mentioned", "handle"), ("entities_linked", "link")):
        for value in re.split(r"[,\s]+", _text(row, column)):
            if len(value) > 2 and value in text:
                found += [
                    Hint(m.start(), m.end(), kind) for m in re.finditer(re.escape(value), text)
                ]
    found.sort(key=lambda hint: (hint.start, -hint.stop))
    apart: list[Hint] = []
    for hint in found:
        if not apart or hint.start >= apart[-1].stop:
            apart.append(hint)
    return tuple(apart)

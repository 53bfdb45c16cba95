"""Signal conversations, as signal-export writes them: Markdown or text, and lines of JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head
from fanal.importers.reading.encodings import bounded_lines, encoding_of
from fanal.importers.reading.json_shape import whole_characters

LONGEST_TEXT = 1 << 20
_HEADER = re.compile(
    r"\[(\d{4}-\d\d-\d\d)(, | )(\d\d:\d\d(?::\d\d)?)\] (?=\S)([^\n]{1,200}?):(?: |\Z)"
)
_PICTURE = re.compile(r"(!?)\[([^\]\n]*)\]\(\.{1,2}/[^)\n]*\) {0,2}")
_REACTIONS = re.compile(r"\n\(- .* -\)(?=\n|\Z)")
_STICKER = re.compile(r"\n?\(\( (.*) \)\)")
_DELETED = re.compile(r"\A\(?This message was deleted\.?\)?\Z")
_SEEN_IN_SIGNAL = ("] Me: ", "](./", "(- ", "(( ")
_NEVER_IN_SIGNAL = ("\u200e", "<Media omitted>", "WhatsApp")


class _Line(msgspec.Struct):
    """The keys of a line of JSON that Fanal reads."""

    date: str
    sender: str
    body: str | None
    attachments: list[object] = []
    sticker: object = None
    deleted: bool = False
    call: bool = False


_LINE = msgspec.json.Decoder(_Line)


@dataclass(frozen=True)
class Signal(Importer):
    """Read a conversation that signal-export took out of Signal Desktop.

    Use it for `chat.md`, `index.md` or `.txt` files whose messages begin with
    `[2024-02-18, 12:01] Name: `, and for `data.json`. Signal itself exports only encrypted
    backups. Where seconds are given the text looks like that of some iPhones' WhatsApp; a file
    is then taken for Signal's by its pictures, stickers or the sender "Me".

    Examples
    --------
    >>> Signal().name
    'signal'

    Limits
    ------
    Local time of the exporting machine, no ids, names as its address book has them. Reactions,
    and the name and content of attachments, are not kept.

    References
    ----------
    carderne/signal-export, `sigexport/models.py`.
    """

    name: ClassVar[str] = "signal"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "chat"

    def identify(self, path: File) -> bool:
        content = head(path)
        text = content.decode(encoding_of(content), "replace").lstrip("\ufeff\n\r ")
        if text[:1] == "{":
            return _decoded(text.partition("\n")[0]) is not None
        found = _HEADER.match(text.partition("\n")[0])
        if not found or any(sign in text for sign in _NEVER_IN_SIGNAL):
            return False
        return found[3].count(":") == 1 or any(sign in text for sign in _SEEN_IN_SIGNAL)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        skipped: Counter[str] = Counter()
        lines = head(path, 64).lstrip(b"\xef\xbb\xbf\n\r ")[:1] == b"{"
        rows = _from_json(path) if lines else _from_text(path)
        chat = None if path.stem in ("chat", "index", "data") else path.stem
        found = False
        for row in rows:
            found = True
            if isinstance(row, RawDocument):
                if _DELETED.match(row.text):
                    skipped["deleted message"] += 1
                    continue
                _without_marks(row)
                if not row.text and not row.media_kind:
                    skipped["neither text nor media"] += 1
                    continue
                row.chat = chat
            yield row
        if not found:
            raise ImporterError("no message in this file", do="export the conversation again")
        for rule, count in sorted(skipped.items()):
            yield Skipped(rule, count)


def _decoded(line: str) -> _Line | None:
    try:
        return _LINE.decode(line)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


def _from_json(path: File) -> Iterator[RawDocument | Issue]:
    lines = (line for line in bounded_lines(path) if line.strip())
    for record, line in enumerate(lines, 1):
        row = _decoded(line)
        if row is None:
            yield Issue("line damaged", record, hint="export the conversation again")
            continue
        try:
            time = datetime.fromisoformat(row.date)
        except ValueError:
            yield Issue("no date", record, "date", "the message has no date that can be read")
            continue
        kind = "sticker" if row.sticker else "file" if row.attachments else None
        text = "(This message was deleted)" if row.deleted else whole_characters(row.body or "")
        sender = whole_characters(row.sender)
        yield RawDocument(
            path.name, record, text, time, author=sender, names=(sender,), media_kind=kind
        )


def _from_text(path: File) -> Iterator[RawDocument | Issue]:
    row: RawDocument | None = None
    pieces: list[str] = []
    size = record = 0
    for line in bounded_lines(path):
        found = _HEADER.match(line)
        time = _time(found[1], found[3]) if found else None
        if found and time:
            if row:
                yield _whole(row, pieces, size)
            record += 1
            sender = found[4].strip()
            row = RawDocument(path.name, record, "", time, author=sender, names=(sender,))
            pieces, size = [line[found.end() :]], len(line)
        elif row:
            size += len(line) + 1
            if size <= LONGEST_TEXT:
                pieces.append(line)
    if row:
        yield _whole(row, pieces, size)


def _whole(row: RawDocument, pieces: list[str], size: int) -> RawDocument | Issue:
    if size > LONGEST_TEXT:
        return Issue("text too long", row.record, hint="the file is damaged: export it again")
    row.text = "\n".join(pieces).strip()
    return row


def _time(day: str, clock: str) -> datetime | None:
    try:
        return datetime.fromisoformat(f"{day}T{clock}")
    except ValueError:
        return None


def _without_marks(row: RawDocument) -> None:
    """Take what signal-export adds out of a text, keeping of media only the kind."""
    text = _REACTIONS.sub("", row.text)
    if found := _PICTURE.search(text):
        row.media_kind = "photo" if found[1] else "file"
        text = _PICTURE.sub("", text)
    if _STICKER.search(text):
        row.media_kind = "sticker"
        text = _STICKER.sub("", text)
    row.text = text.strip()

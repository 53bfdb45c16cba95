"""Instagram and Messenger conversations, as Meta gives them in JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import is_page_of
from fanal.importers.reading.json_shape import Shape, records_of, shape_of, whole_characters
from fanal.importers.reading.notices import notice_in
from fanal.importers.reading.residue import Beside, not_read, unread

NOTHING = "neither text nor media"
_SEEN = frozenset({"reactions", "sender_name", "senderName"})
_READ = _SEEN | {"content", "text", "share", "sticker", "media"}
_READ |= {"photos", "videos", "audio_files", "gifs", "files"}


class _Sealed(msgspec.Struct, rename="camel"):
    """The keys of a message of Messenger's end-to-end encrypted chats that Fanal reads."""

    sender_name: str | None = None
    timestamp: int | None = None
    text: str | None = None
    media: list[dict[str, object]] = []
    is_unsent: bool = False
    type: str = "text"


_SEALED_MEDIA = (
    ("photos", re.compile(r"\.(?:jpe?g|png|webp|heic)\Z", re.IGNORECASE)),
    ("videos", re.compile(r"\.(?:mp4|mov|webm)\Z", re.IGNORECASE)),
    ("audio_files", re.compile(r"\.(?:aac|m4a|mp3|ogg|opus|wav)\Z", re.IGNORECASE)),
    ("gifs", re.compile(r"\.gif\Z", re.IGNORECASE)),
    ("files", re.compile("")),
)


class _Message(msgspec.Struct):
    """The keys of a message that Fanal reads."""

    sender_name: str | None = None
    timestamp_ms: int | None = None
    content: str | None = None
    photos: list[object] = []
    videos: list[object] = []
    audio_files: list[object] = []
    gifs: list[object] = []
    files: list[object] = []
    sticker: object = None
    share: object = None
    is_unsent: bool = False
    call_duration: object = None


_MEDIA = (
    ("photos", "photo"),
    ("videos", "video"),
    ("audio_files", "voice"),
    ("gifs", "animation"),
    ("sticker", "sticker"),
    ("files", "file"),
    ("share", "file"),
)


@dataclass(frozen=True)
class Instagram(Importer):
    """Read a conversation from the JSON data download of Instagram or Messenger.

    Use it for `message_1.json`, `message_2.json`, … of a conversation's folder, and for the file
    that Messenger gives of each end-to-end encrypted chat. Not for the HTML download, nor for
    posts, comments and stories.

    Meta writes each byte of UTF-8 as a character of its own ("Ã©" for "é"); that is undone.

    Examples
    --------
    >>> Instagram().name
    'instagram'

    Limits
    ------
    Messages have no ids, people only names. Reactions are not kept. The text of a post that was
    shared is that of a message without words of its own, and counted as skipped beside some. The
    newest message stands first in the file; positions follow the time. Whether the conversation is
    private the file does not say: the source's legal basis must cover it.
    """

    name: ClassVar[str] = "instagram"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    def identify(self, path: File) -> bool:
        if is_page_of(path, b"_a6-g"):
            return True
        shape = shape_of(path)
        message = shape.at("messages.item")
        return {"sender_name", "timestamp_ms"} <= message or _is_sealed(shape)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        if is_page_of(path, b"_a6-g"):
            raise ImporterError(
                "this is the HTML download of Instagram or Messenger, which lacks exact times",
                do="ask for the download again, in the format JSON",
            )
        shape = shape_of(path)
        sealed = _is_sealed(shape)
        titles = ("thread_path", "title", "threadName")
        title = next((t for key in titles if (t := shape.values.get(key))), None)
        chat = _repaired(str(title)) if title else None
        skipped: Counter[str] = Counter()
        beside = Beside(_READ)
        for record, found in records_of(path, "messages.item"):
            try:
                message = _opened(found) if sealed else msgspec.convert(found, _Message)
            except (msgspec.ValidationError, RecursionError):
                yield Issue("message damaged", record, hint="download the data again")
                continue
            if message.is_unsent:
                skipped["deleted message"] += 1
                continue
            row = _document(path.name, record, chat, message)
            if row == NOTHING and (key := unread(found, _SEEN)):
                yield not_read(record, key)
            elif isinstance(row, str):
                skipped[row] += 1
            elif isinstance(row, Issue):
                yield row
            else:
                beside.see(found)
                told = _shared(message, "share_text")
                skipped["text of a shared post"] += bool(told) and told not in row.text
                yield row
        yield from beside.issues()
        for rule, count in sorted(skipped.items()):
            if count:
                yield Skipped(rule, count)


def _shared(message: _Message, key: str) -> str:
    """Return what a message says of the post that it shares."""
    said = message.share.get(key) if isinstance(message.share, dict) else None
    return _repaired(said).strip() if isinstance(said, str) else ""


def _is_sealed(shape: Shape) -> bool:
    message = shape.at("messages.item")
    return {"senderName", "timestamp"} <= message and bool({"text", "media"} & message)


def _opened(found: object) -> _Message:
    """Return a message of an end-to-end encrypted chat as others are."""
    sealed = msgspec.convert(found, _Sealed)
    message = _Message(sealed.sender_name, sealed.timestamp, sealed.text)
    message.is_unsent = sealed.is_unsent
    for medium in sealed.media[:1]:
        uri = str(medium.get("uri") or "")
        setattr(message, next(k for k, ending in _SEALED_MEDIA if ending.search(uri)), [medium])
    return message


def _repaired(text: str) -> str:
    """Return a text whose UTF-8 bytes were each written as one character."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return whole_characters(text)


def _document(
    file: str, record: int, chat: str | None, message: _Message
) -> RawDocument | Issue | str:
    """Return what a message holds, or the rule by which it is skipped."""
    try:
        time = datetime.fromtimestamp((message.timestamp_ms or 0) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        time = None
    if not time or not message.timestamp_ms:
        return Issue("no date", record, "timestamp_ms", "the message has no date")
    text = _repaired(message.content or "")
    kind = next((kind for key, kind in _MEDIA if getattr(message, key)), None)
    author = _repaired(message.sender_name) if message.sender_name else None
    rule = notice_in("meta", text, (author,))
    if rule == "attachment" and kind:
        text = ""
    elif rule:
        return rule
    if message.call_duration is not None:
        return "call"
    owner = ""
    if not text and (text := _shared(message, "share_text")):
        owner = _shared(message, "original_content_owner")
    if not text and not kind:
        return NOTHING
    return RawDocument(
        file,
        record,
        text,
        time,
        chat,
        author=author,
        names=tuple(name for name in (author, owner) if name),
        forwarded_from=owner or None,
        media_kind=kind,
        position=message.timestamp_ms,
    )

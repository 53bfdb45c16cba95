"""Discord channels, as DiscordChatExporter writes them in JSON."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Hint, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import is_page_of
from fanal.importers.reading.json_shape import records_of, shape_of, whole_characters
from fanal.importers.reading.quotes import Quotes
from fanal.importers.reading.residue import Beside, not_read, unread, words_in

_SPOKEN = frozenset({"Default", "Reply", "ThreadStarterMessage", "ChatInputCommand", "0", "19"})
_SEEN = frozenset({"author", "mentions", "reactions", "reference", "interaction", "roles"})
_READ = _SEEN | {"content", "attachments", "embeds", "stickers", "forwardedMessage", "poll"}
_READ |= {"inlineEmojis"}
_KINDS = (
    ("photo", re.compile(r"\.(?:jpe?g|png|webp|heic|avif)\Z", re.IGNORECASE)),
    ("animation", re.compile(r"\.gif\Z", re.IGNORECASE)),
    ("video", re.compile(r"\.(?:mp4|mov|webm|mkv|avi|3gp)\Z", re.IGNORECASE)),
    ("voice", re.compile(r"\Avoice-message\.ogg\Z", re.IGNORECASE)),
    ("audio", re.compile(r"\.(?:mp3|ogg|opus|wav|m4a|flac)\Z", re.IGNORECASE)),
)


class _Person(msgspec.Struct, rename="camel"):
    id: str | None = None
    name: str | None = None
    nickname: str | None = None


class _Attachment(msgspec.Struct, rename="camel"):
    file_name: str = ""
    file_size_bytes: int | None = None


class _Field(msgspec.Struct):
    name: str | None = None
    value: str | None = None


class _Footer(msgspec.Struct):
    text: str | None = None


class _Embed(msgspec.Struct, rename="camel"):
    title: str | None = None
    url: str | None = None
    description: str | None = None
    fields: list[_Field] = []
    footer: _Footer | None = None

    def lines(self) -> Iterator[str | None]:
        """Yield what it says, line by line."""
        yield self.title
        yield self.description
        for field in self.fields:
            yield ": ".join(part.strip() for part in (field.name, field.value) if part)
        yield self.footer.text if self.footer else None


class _Reference(msgspec.Struct, rename="camel"):
    channel_id: str | None = None


class _Forwarded(msgspec.Struct, rename="camel"):
    content: str | None = None
    attachments: list[_Attachment] = []
    embeds: list[_Embed] = []


class _Message(msgspec.Struct, rename="camel"):
    """The keys of a message that Fanal reads."""

    id: str | int | None = None
    type: str | int = "Default"
    timestamp: str | None = None
    timestamp_edited: str | None = None
    content: str | None = None
    author: _Person | None = None
    attachments: list[_Attachment] = []
    embeds: list[_Embed] = []
    stickers: list[object] = []
    mentions: list[_Person] = []
    reference: _Reference | None = None
    forwarded_message: _Forwarded | None = None
    poll: dict[str, Any] | None = None


@dataclass(frozen=True)
class Discord(Importer):
    """Read a channel from the JSON export of DiscordChatExporter.

    Use it for one channel's file as DiscordChatExporter 2.3 and later write it. Not for Discord's
    own data package, which holds only what the exporting person wrote.

    Examples
    --------
    >>> Discord().name
    'discord'

    Limits
    ------
    Reactions, answers' targets, roles and pictures are not kept. What an embed says, in which
    bots write, stands under the text of the message; previews of links in the text are counted as
    skipped, and so are joins, pins and other service messages.

    References
    ----------
    Tyrrrz/DiscordChatExporter, `JsonMessageWriter.cs`.
    """

    name: ClassVar[str] = "discord"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    def identify(self, path: File) -> bool:
        if is_page_of(path, b"chatlog__"):
            return True
        shape = shape_of(path)
        return {"guild", "channel", "messages"} <= shape.at("") and "id" in shape.at("channel")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        if is_page_of(path, b"chatlog__"):
            raise ImporterError(
                "this is the HTML export of DiscordChatExporter", do="export the channel as JSON"
            )
        channel = shape_of(path).values.get("channel.id")
        chat = str(channel) if channel is not None else None
        skipped: Counter[str] = Counter()
        beside, quotes = Beside(_READ), Quotes()
        for record, found in records_of(path, "messages.item"):
            try:
                message = msgspec.convert(found, _Message)
            except (msgspec.ValidationError, RecursionError):
                yield Issue("message damaged", record, hint="export the channel again")
                continue
            if str(message.type) not in _SPOKEN:
                skipped["service message"] += 1
                continue
            skipped["preview of a link"] += _drop_previews(message)
            message.content = quotes.without(message.content or "")
            row = _document(path.name, record, chat, message)
            if row is None and (key := unread(found, _SEEN)):
                yield not_read(record, key)
            elif row is None:
                skipped["neither text nor media"] += 1
            else:
                beside.see(found)
                yield row
        yield from quotes.told()
        yield from beside.issues()
        for rule, count in sorted(skipped.items()):
            if count:
                yield Skipped(rule, count)


def _drop_previews(message: _Message) -> int:
    """Take out what a page says to which the text leads, and return how many there were."""
    own = [e for e in message.embeds if not (e.url and e.url in (message.content or ""))]
    dropped = sum(any(e.lines()) for e in message.embeds if e not in own)
    message.embeds = own
    return dropped


def _document(
    file: str, record: int, chat: str | None, message: _Message
) -> RawDocument | Issue | None:
    """Return what a message holds, None if neither text nor media."""
    try:
        time = datetime.fromisoformat(message.timestamp or "")
    except ValueError:
        return Issue("no date", record, "timestamp", "the message has no date that can be read")
    text, attachments, origin = message.content or "", message.attachments, None
    if message.forwarded_message:
        text = text or message.forwarded_message.content or ""
        attachments = attachments or message.forwarded_message.attachments
        origin = message.reference.channel_id if message.reference else None
    embeds = message.embeds
    if message.forwarded_message:
        embeds = [*embeds, *message.forwarded_message.embeds]
    said = [line for embed in embeds for line in embed.lines() if line]
    text = "\n".join(part for part in (text, *said) if part)
    if message.poll:
        text = "\n".join(part for part in (text, *words_in(message.poll)) if part)
    text = whole_characters(text)
    kind, size = _media(message, attachments)
    if not text and not kind:
        return None
    author = message.author or _Person()
    people = (author, *message.mentions)
    names = dict.fromkeys(n for p in people for n in (p.nickname, p.name) if n)
    return RawDocument(
        file,
        record,
        text,
        time,
        chat,
        None if message.id is None else str(message.id),
        author.id or author.name,
        tuple(names),
        _mentions(text, message.mentions),
        bool(message.timestamp_edited),
        origin,
        kind,
        size,
    )


def _media(message: _Message, attachments: list[_Attachment]) -> tuple[str | None, int | None]:
    if attachments:
        name = attachments[0].file_name
        kind = next((kind for kind, ending in _KINDS if ending.search(name)), "file")
        return kind, attachments[0].file_size_bytes
    return ("sticker", None) if message.stickers else (None, None)


def _mentions(text: str, people: list[_Person]) -> tuple[Hint, ...]:
    """Return where a text names the people that it mentions."""
    names = sorted({n for p in people for n in (p.nickname, p.name) if n}, key=len, reverse=True)
    if not names or "@" not in text:
        return ()
    pattern = "@(?:" + "|".join(map(re.escape, names)) + ")"
    return tuple(Hint(m.start(), m.end(), "handle") for m in re.finditer(pattern, text))

"""Telegram Desktop exports: `result.json` of one chat or of a whole account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

import ijson
import msgspec

from fanal.errors import ConfigError, ImporterError
from fanal.importers.base import File, Hint, Importer, Issue, Part, RawDocument, Skipped
from fanal.importers.reading.archives import head, open_input
from fanal.importers.reading.json_blocks import (
    Block,
    OddShape,
    Owner,
    Tally,
    blocks,
    blocks_between,
    records_in,
    repaired,
)
from fanal.importers.reading.json_shape import JSON_ERRORS, Shape, json_stream, shape_of
from fanal.importers.reading.people import Named, with_people
from fanal.importers.reading.residue import not_read, unread, words_in

PUBLIC = ("public_channel", "public_supergroup")
CHAT_TYPES = (
    *PUBLIC,
    "private_channel",
    "private_supergroup",
    "private_group",
    "personal_chat",
    "bot_chat",
    "saved_messages",
    "replies",
    "verification_codes",
)
SECTIONS = ("chats", "left_chats")
# where a chat may stand: the file itself, one of an array, of an account
_CHATS = ("", "item", *(f"{section}.list.item" for section in SECTIONS))
FIELDS = ("name", "type", "id")
KINDS = ("service", "unsupported")
MOST_DAMAGED = 1_000  # messages in a row: not some damage, but another format
NOTHING = "neither text nor media"
PICTURE_LIMIT = 16 << 20

_HINTS = {
    "phone": "phone",
    "email": "email",
    "mention": "handle",
    "mention_name": "name",
    "bank_card": "card",
    "link": "link",
}
_MEDIA = {
    "sticker": "sticker",
    "video_message": "video",
    "video_file": "video",
    "voice_message": "voice",
    "audio_file": "audio",
    "animation": "animation",
}
_NEVER = datetime(1970, 1, 2, tzinfo=UTC)
_PEERS = ("user", "chat", "channel")  # numbers of older files: kind in the bits above 32


class _Styled(msgspec.Struct, gc=False):
    """A stretch of text that Telegram marks: a link, a phone number, bold."""

    type: str = "plain"
    text: str = ""


class _Empty(NamedTuple):
    """A message in which nothing was found."""

    record: int


class _Present(msgspec.Struct, gc=False):
    """Something that is there and whose content is not even decoded."""


class _Poll(msgspec.Struct, gc=False):
    question: Any = None
    answers: list[Any] = []


class _Message(msgspec.Struct, gc=False, rename={"sender": "from", "sender_id": "from_id"}):
    """The keys of a message that Fanal reads; all others are passed over undecoded."""

    id: int | str | None = None
    type: str = "message"
    date: str | None = None
    date_unixtime: datetime | None = None  # a string of seconds: the decoder is told to be lax
    edited: str | None = None
    edited_unixtime: str | int | None = None
    sender: str | None = None
    sender_id: str | int | None = None
    author: str | None = None
    actor: Any = None  # of a service message, as the three below
    actor_id: Any = None
    inviter: Any = None
    members: Any = None
    forwarded_from: str | None = None
    forwarded_from_id: str | int | None = None
    text: str | list[str | _Styled] = ""
    text_entities: msgspec.Raw = msgspec.Raw(b"[]")  # says again what `text` says: rarely read
    photo: str | None = None
    photo_file_size: int | None = None
    file: str | None = None
    file_size: int | None = None
    media_type: str | None = None
    contact_information: _Present | None = None
    location_information: _Present | None = None
    place_name: str | None = None
    poll: _Poll | None = None
    rich_message: msgspec.Raw = msgspec.Raw(b"")  # rarely there, and decoded only then
    todo_list: msgspec.Raw = msgspec.Raw(b"")
    invoice_information: msgspec.Raw = msgspec.Raw(b"")


_IN_WORDS = ("rich_message", "todo_list", "invoice_information")
_SEEN = frozenset({"id", "type", "date", "edited", "from", "from_id", "author", "text_entities"})
_DECODER = msgspec.json.Decoder(list[_Message], strict=False)
_ENTITIES = msgspec.json.Decoder(list[_Styled])
_DECODE_ONE = msgspec.json.Decoder(_Message, strict=False)
_DAMAGE = (msgspec.MsgspecError, ValueError, RecursionError, TypeError)


@dataclass(frozen=True)
class Telegram(Importer):
    """Read the JSON export of Telegram Desktop, of one chat or of a whole account.

    Use it for `result.json` as *Export chat history* (one chat) or *Export Telegram data* (whole
    account) of Telegram Desktop write it, in any version since 2018, or an array of such chats.
    Not for HTML exports, which are recognised and refused with the way to export again, nor for
    what bots and scrapers save: 4CAT files have an importer of their own.

    Only public channels and public groups are read, by the type that the export itself gives.
    In a whole-account export other chats are counted as skipped; contacts, phone, sessions and
    everything else about the person who exported is passed over undecoded. A file that holds a
    single private chat is refused. A chat without a type, which no version of Telegram Desktop
    writes, is read with a warning.

    Parameters
    ----------
    allow : tuple of str
        Types of chat that may be read, in Telegram's words. Add a private type only if the legal
        basis of the source covers it.
    pictures : bool
        Read the pictures that lie beside the file, for their keyed perceptual hash. They are
        never stored.

    Examples
    --------
    >>> Telegram(allow=("public_channel", "private_group")).allow
    ('public_channel', 'private_group')

    Limits
    ------
    The export does not contain views, the members of a chat, deleted messages or earlier versions
    of edited ones. Reactions, replies, buttons under a message, addresses behind link words, and
    shared contacts and places are not kept: of the last two only that there was one. Files older
    than 2021 give local time without a zone, newer ones the exact time.

    References
    ----------
    Telegram Desktop, `export_output_json.cpp`.
    """

    name: ClassVar[str] = "telegram"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    allow: tuple[str, ...] = PUBLIC
    pictures: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "allow", tuple(self.allow))  # TOML gives lists
        for kind in self.allow:
            if kind not in CHAT_TYPES:
                raise ConfigError(
                    f"no chat type {kind!r}", where="allow", allowed=", ".join(CHAT_TYPES)
                )

    def identify(self, path: File) -> bool:
        if _is_html(path):
            return True
        shape = shape_of(path)
        return _is_account(shape) or _is_chat(shape) or _is_chat(shape, "item.")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        yield from with_people(self._whole(path))

    def _whole(self, path: File) -> Iterator[RawDocument | Issue | Skipped | Named]:
        if _is_html(path):
            raise ImporterError(
                "this is Telegram's HTML export, which does not say whether the chat is public",
                do="export again in Telegram Desktop: the chat's menu (⋮) → Export chat history → "
                "Format: JSON (Machine-readable JSON), and bring in result.json",
            )
        try:
            with open_input(path) as stream:
                tally = Tally()
                for block in _typed(blocks(stream, FIELDS, tally)):
                    yield from self._rows(path, block, tally)
        except OddShape:
            yield from self._odd(path)

    def parts(self, path: File, size: int) -> Iterator[Part]:
        if not isinstance(path, Path) or _is_html(path):
            yield Part()  # a member of an archive can only be read from its start
            return
        try:
            with open_input(path) as stream:
                tally = Tally()
                yield from _grouped(_typed(blocks(stream, FIELDS, tally)), tally, size)
        except OddShape:
            yield Part()

    def extract_part(self, path: File, part: Part) -> Iterator[RawDocument | Issue | Skipped]:
        if part.stop is None:
            yield from self.extract(path)
            return
        yield from with_people(self._between(path, part, part.stop))

    def _between(
        self, path: File, part: Part, stop: int
    ) -> Iterator[RawDocument | Issue | Skipped | Named]:
        """Yield what the bytes of a part hold."""
        owner = msgspec.json.decode(part.context[0], type=Owner)
        separator = part.context[1].encode()
        tally = Tally(part.record)
        with open_input(path) as stream:
            for block in blocks_between(stream, part.start, stop, owner, separator, tally):
                yield from self._rows(path, block, tally)

    def _rows(
        self, path: File, block: Block, tally: Tally
    ) -> Iterator[RawDocument | Issue | Skipped | Named]:
        """Yield what a block of messages holds, and count it."""
        owner, first = block.owner, tally.record
        if not owner.root and owner.section not in SECTIONS:
            return  # another array of the account, none of the chats'
        if "type" not in owner.fields or not self._judged(owner)[0]:
            count = block.count()
            tally.record += count
            yield Skipped(_rule(owner), count)
            return
        content = repaired(block.content)
        messages: Sequence[_Message | None]
        try:
            messages = _DECODER.decode(b"[" + content + b"]")
        except _DAMAGE:
            messages = [_decoded(piece) for piece in records_in(content, block.separator)]
            if len(messages) > MOST_DAMAGED and not any(messages):
                raise ImporterError(
                    "no message can be read", where=f"record {first}", do="export the chat again"
                ) from None
        tally.record += len(messages)
        for row in self._documents(path, owner, first, messages):
            if isinstance(row, _Empty):
                pieces = list(records_in(content, block.separator))
                key = unread(_decoded_whole(pieces[row.record - first]), _SEEN)
                yield not_read(row.record, key) if key else Skipped(NOTHING)
            else:
                yield row

    def _documents(
        self, path: File, owner: Owner, record: int, messages: Iterable[_Message | None]
    ) -> Iterator[RawDocument | Issue | Skipped | Named | _Empty]:
        """Yield what messages hold, in their order."""
        chat = _chat_id(owner)
        title = owner.fields.get("name")
        folder = path.parent if self.pictures and isinstance(path, Path) else None
        name = path.name
        skipped: Counter[str] = Counter()
        for number, message in enumerate(messages, record):
            if message is None:
                yield Issue("message damaged", number, hint="export the chat again")
            elif message.type != "message":
                kind = message.type if message.type in KINDS else "unknown"
                skipped[f"{kind} message"] += 1
                if names := _named_in(message, title):
                    yield Named(chat, names)
            elif (row := _document(name, number, chat, title, message)) is None:
                yield _Empty(number)
            else:
                if folder and message.photo and isinstance(row, RawDocument):
                    row.media = _picture(folder, message.photo)
                yield row
        for rule, count in sorted(skipped.items()):
            yield Skipped(rule, count)

    def _judged(self, owner: Owner) -> tuple[bool, Issue | None]:
        """Say whether a chat may be read, and what to tell.

        Raises:
            ImporterError: the file is one chat, and it is private.
        """
        kind = owner.fields.get("type")
        if kind is None:
            return True, Issue(
                "chat type missing",
                owner.first,
                "type",
                "the file does not say that this chat is public: make sure that it is",
                "warning",
            )
        if kind in self.allow:
            return True, None
        if owner.root:
            word = kind if kind in CHAT_TYPES else "of an unknown type"
            named = kind if kind in CHAT_TYPES else "private_group"
            raise ImporterError(
                f"this chat is not public ({word})",
                allowed=", ".join(self.allow),
                do="private chats need a legal basis of their own: if the source has one, add "
                f'the type to allow, as allow = ["{named}"], under [parameters]',
            )
        return False, None

    def _odd(self, path: File) -> Iterator[RawDocument | Issue | Skipped | Named]:
        """Read a file that is not laid out one key a line, more slowly."""
        owners = list(_odd_owners(path))
        if not owners:
            raise ImporterError("no messages in this file", do="export the chat as JSON")
        record = 1
        try:
            for owner, found in _odd_messages(path, owners):
                record += 1
                allowed, notice = self._judged(owner)
                if notice and owner.first == record - 1:
                    yield notice
                if not allowed:
                    yield Skipped(_rule(owner))
                    continue
                for row in self._documents(path, owner, record - 1, [_converted(found)]):
                    if isinstance(row, _Empty):
                        key = unread(found, _SEEN)
                        yield not_read(row.record, key) if key else Skipped(NOTHING)
                    else:
                        yield row
        except JSON_ERRORS as error:
            raise ImporterError(
                f"the JSON is damaged ({type(error).__name__})",
                where=f"record {record}",
                do="export or copy it again",
            ) from None


def _rule(owner: Owner) -> str:
    kind = owner.fields.get("type")
    return f"chat not public: {kind if kind in CHAT_TYPES else 'unknown type'}"


def _is_html(path: File) -> bool:
    if isinstance(path, Path) and path.is_dir():
        return not (path / "result.json").exists() and any(
            _is_html(page) for page in (path / "messages.html", path / "export_results.html")
        )
    start = head(path, 16 << 10).lstrip(b"\xef\xbb\xbf \t\r\n")
    return (
        start[:1] == b"<"
        and b'class="page_wrap' in start
        and (b"Exported Data" in start or b'class="history"' in start or b"tgme" in start)
    )


def _is_account(shape: Shape) -> bool:
    root = shape.at("")
    if {"personal_information", "frequent_contacts", "web_sessions", "left_chats"} & root:
        return True
    return any("messages" in shape.at(f"{section}.list.item") for section in SECTIONS) or (
        "chats" in root and {"about", "list"} <= shape.at("chats")
    )


def _is_chat(shape: Shape, at: str = "") -> bool:
    message = shape.at(f"{at}messages.item")
    if "messages" not in shape.at(at.removesuffix(".")):
        return False
    if shape.values.get(f"{at}type") in CHAT_TYPES:
        return True
    kind = shape.values.get(f"{at}messages.item.type")
    return kind in ("message", "service", "unsupported") and (
        bool({"date", "date_unixtime"} & message)
    )


def _typed(found: Iterator[Block]) -> Iterator[Block]:
    """Yield blocks of chats whose type stands before their messages, as Telegram writes it.

    Raises:
        OddShape: before the first block, if the type may follow the messages.
    """
    for number, block in enumerate(found):
        if number == 0 and "type" not in block.owner.fields:
            raise OddShape
        yield block


def _grouped(found: Iterator[Block], tally: Tally, size: int) -> Iterator[Part]:
    """Yield parts of about `size` bytes, each of one chat, and count their records."""
    first: Block | None = None
    stop, record = 0, 1
    for block in found:
        if not block.owner.root and block.owner.section not in SECTIONS:
            continue
        if first and (block.owner is not first.owner or stop - first.start >= size):
            yield _part(first, stop, record)
            first = None
        if not first:
            first, record = block, tally.record
        stop = block.start + len(block.content)
        tally.record += block.count()
    if first:
        yield _part(first, stop, record)


def _part(first: Block, stop: int, record: int) -> Part:
    owner = msgspec.json.encode(first.owner).decode()
    return Part(first.start, stop, record, (owner, first.separator.decode()))


def _decoded(content: bytes) -> _Message | None:
    """Return one message of a damaged block: stray bytes are replaced, worse damage gives None."""
    try:
        return _DECODE_ONE.decode(content.decode("utf-8", "replace"))
    except _DAMAGE:
        return None


def _decoded_whole(content: bytes) -> object:
    try:
        return msgspec.json.decode(content.decode("utf-8", "replace"))
    except _DAMAGE:
        return None


def _converted(found: object) -> _Message | None:
    try:
        return _DECODE_ONE.decode(msgspec.json.encode(found))
    except _DAMAGE:
        return None


def _document(
    file: str, record: int, chat: str | None, title: object, message: _Message
) -> RawDocument | Issue | None:
    """Return what one message holds, None if neither text nor media."""
    time = _time(message)
    if time is None:
        return Issue("no date", record, "date", "the message has no date that can be read")
    text, hints = _text(message)
    kind, size = _media(message)
    if message.poll:
        text = "\n".join(part for part in (text, *_poll_lines(message.poll)) if part)
    for field in _IN_WORDS:
        if raw := bytes(getattr(message, field)):
            text = "\n".join(part for part in (text, *_words_of(raw)) if part)
    if not text and not kind:
        return None
    sender, sender_id = message.sender, _peer(message.sender_id)
    names = (
        (sender,)
        if sender and sender != title and not (sender_id and sender_id.startswith("channel"))
        else ()
    )
    origin = message.forwarded_from
    if origin:
        origin_id = _peer(message.forwarded_from_id)
        if origin_id and origin_id.startswith("user"):
            names = (*names, origin)
        origin = origin_id or origin
    if message.author:
        names = (*names, message.author)
    number = message.id
    return RawDocument(
        file,
        record,
        text,
        time,
        chat,
        None if number is None else str(number),
        sender_id or sender,
        names,
        hints,
        _is_edited(message),
        origin,
        kind,
        size,
        None,
        "day",
        number if isinstance(number, int) else None,
    )


def _named_in(message: _Message, title: object) -> tuple[str, ...]:
    """Return whom a service message names: who joined or did something, who was invited."""
    people = [message.inviter, *(message.members if isinstance(message.members, list) else ())]
    if not str(message.actor_id).startswith("channel"):
        people.append(message.actor)
    return tuple(p for p in people if isinstance(p, str) and p and p != title)


def _time(message: _Message) -> datetime | None:
    if message.date_unixtime and message.date_unixtime > _NEVER:
        return message.date_unixtime
    try:
        return datetime.fromisoformat(message.date) if message.date else None
    except ValueError:
        return None


def _is_edited(message: _Message) -> bool:
    if message.edited_unixtime:
        return str(message.edited_unixtime) != "0"
    return bool(message.edited) and not str(message.edited).startswith("1970")


def _text(message: _Message) -> tuple[str, tuple[Hint, ...]]:
    """Return the text, and where Telegram itself saw identifiers."""
    text = message.text
    if isinstance(text, str):
        entities = bytes(message.text_entities)
        plain = text and entities.count(b'"type"') < 2 and b'"plain"' in entities
        if plain or len(entities) < 3:
            return text, ()
        hints: tuple[Hint, ...] = ()
    else:
        text, hints = _joined(text)
        if hints:
            return text, hints
    try:
        again, hints = _joined(_ENTITIES.decode(message.text_entities))
    except _DAMAGE:
        return text, ()
    # entities that do not add up to the text cannot say where in it anything stands
    return (again, hints) if again == text or not text else (text, ())


def _joined(parts: Iterable[str | _Styled]) -> tuple[str, tuple[Hint, ...]]:
    """Return stretches as one text, and those that are identifiers.

    A link right after another marked stretch gets a space, so that it starts where it starts.
    """
    texts: list[str] = []
    hints: list[Hint] = []
    at = 0
    after_mark = False
    for part in parts:
        kind = "plain" if isinstance(part, str) else part.type
        text = part if isinstance(part, str) else part.text
        if kind == "link" and after_mark:
            texts.append(" ")
            at += 1
        if text and (hint := _HINTS.get(kind)):
            hints.append(Hint(at, at + len(text), hint))
        texts.append(text)
        at += len(text)
        after_mark = kind != "plain" and bool(text) and not text[-1].isspace()
    return "".join(texts), tuple(hints)


def _media(message: _Message) -> tuple[str | None, int | None]:
    if message.media_type:
        return _MEDIA.get(message.media_type, "file"), message.file_size
    if message.photo is not None:
        return "photo", message.photo_file_size
    if message.contact_information:
        return "contact", None
    if message.location_information or message.place_name:
        return "place", None
    if message.poll:
        return "poll", None
    if message.file is not None:
        return "file", message.file_size
    return None, None


def _words_of(raw: bytes) -> Iterator[str]:
    """Yield the lines of a rich message, a list of things to do or an invoice."""
    try:
        value = msgspec.json.decode(raw)
    except _DAMAGE:
        return
    for words in words_in(value):
        if not words.startswith("(File "):
            yield words


def _poll_lines(poll: _Poll) -> Iterator[str]:
    yield _plain(poll.question)
    for answer in poll.answers:
        yield _plain(answer)


def _plain(value: Any) -> str:
    """Return the text of a question or answer: a string, a list of stretches, or an object."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return "".join(map(_plain, value))
    if isinstance(value, dict):
        return _plain(value.get("text"))
    return ""


def _peer(number: str | int | None) -> str | None:
    """Return an id in the newer form `user123`; older files give numbers with a kind in them."""
    if not isinstance(number, int):
        return number or None
    kind, bare = number >> 32, number & 0xFFFFFFFF
    return f"{_PEERS[kind]}{bare}" if 0 <= kind < len(_PEERS) else f"user{number}"


def _chat_id(owner: Owner) -> str | None:
    number = owner.fields.get("id")
    if isinstance(number, int):
        return str(number & 0xFFFFFFFF if number >> 32 in (1, 2) else number)
    name = number or owner.fields.get("name")
    return str(name) if name else None


def _picture(folder: Path, photo: str) -> bytes | None:
    """Return a picture beside the file, None if it was not exported."""
    path = folder / photo
    try:
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path.read_bytes() if path.stat().st_size <= PICTURE_LIMIT else None
    except (OSError, ValueError):
        pass
    return None


def _chat_of(prefix: str) -> str | None:
    """Return where the chat stands whose messages an array holds, None if it is no chat's."""
    chat, _, key = prefix.rpartition(".")
    return chat if key == "messages" and chat in _CHATS else None


def _odd_owners(path: File) -> Iterator[Owner]:
    """Yield the chats of a file: their names may stand after their messages."""
    fields: dict[str, object] = {}
    where: str | None = None
    record = first = 1
    try:
        with json_stream(path) as stream:
            for prefix, event, value in ijson.parse(stream, use_float=True):
                parent, _, key = prefix.rpartition(".")
                if key in FIELDS and event in ("string", "number") and parent in _CHATS:
                    fields[key] = value
                elif event == "start_array" and (chat := _chat_of(prefix)) is not None:
                    where, first = chat, record
                elif event == "start_map" and key == "item" and _chat_of(parent) is not None:
                    record += 1
                elif event == "end_map" and prefix == where:
                    yield Owner(not where, where or "messages", fields, first)
                    fields, where = {}, None
    except JSON_ERRORS:
        pass  # the second reading tells where
    if where is not None:
        yield Owner(not where, where or "messages", fields, first)


def _odd_messages(path: File, owners: list[Owner]) -> Iterator[tuple[Owner, object]]:
    """Yield every message with its chat."""
    chat = -1
    builder: ijson.ObjectBuilder | None = None
    with json_stream(path) as stream:
        for prefix, event, value in ijson.parse(stream, use_float=True):
            if event == "start_array" and _chat_of(prefix) is not None:
                chat += 1
            inside = prefix.removesuffix(".item")
            at_message = inside != prefix and _chat_of(inside) is not None
            if at_message and event == "start_map":
                builder = ijson.ObjectBuilder()
            if builder:
                builder.event(event, value)
                if at_message and event == "end_map":
                    yield owners[min(chat, len(owners) - 1)], builder.value
                    builder = None

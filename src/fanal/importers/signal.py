"""Signal conversations: Signal's own export, and what signal-export takes out of its desktop."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head
from fanal.importers.reading.encodings import bounded_lines, encoding_of
from fanal.importers.reading.envelopes import is_envelope, read_envelopes
from fanal.importers.reading.json_shape import records_of, shape_of, whole_characters
from fanal.importers.reading.order import back_in_time, pasted_between
from fanal.importers.reading.residue import not_read, unread, words_in

LONGEST_TEXT = 1 << 20
_HEADER = re.compile(
    r"\[(\d{4}-\d\d-\d\d)(, | )(\d\d:\d\d(?::\d\d)?)\] (?=\S)([^\n]{1,200}?):(?: |\Z)"
)
_PICTURE = re.compile(r"(!?)\[([^\]\n]*)\]\((?:\.{1,2}|media)/[^)\n]*\) {0,2}")
_REACTIONS = re.compile(r"\n\(- .* -\)(?=\n|\Z)")
_STICKER = re.compile(r"\n?\(\( (.*) \)\)")
_QUOTED = re.compile(r"\A(?:\s*>[^\n]*(?:\n|\Z))+")  # the words of who is answered
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
    """Read Signal's own export in plain text, or a conversation out of Signal Desktop.

    Use it for `main.jsonl`, which Signal writes since 2026, and for what signal-export writes:
    `chat.md`, `index.md` or `.txt` files whose messages begin with `[2024-02-18, 12:01] Name: `,
    `data.json`, arrays of Signal Desktop's messages, and the lines of JSON that signal-cli
    receives. Of the last and of Signal's own export only groups are read: contacts, the account and
    chats between two people are passed over.

    Where seconds are given the text looks like that of some iPhones' WhatsApp; a file is then taken
    for Signal's by its pictures, stickers or the sender "Me".

    Parameters
    ----------
    private : bool
        Read chats between two people of Signal's own export and of signal-cli too, where the
        legal basis of the source covers it.

    Examples
    --------
    >>> Signal().name
    'signal'

    Limits
    ------
    signal-export gives local time of the exporting machine and no ids; all give names as the
    address book has them. Reactions, quoted messages, and the name and content of attachments
    are not kept.

    References
    ----------
    carderne/signal-export, `sigexport/models.py`.
    """

    name: ClassVar[str] = "signal"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "chat"

    private: bool = False

    def identify(self, path: File) -> bool:
        content = head(path)
        text = content.decode(encoding_of(content), "replace").lstrip("\ufeff\n\r ")
        if re.match(r"\[\s*\{", text):
            return {"sent_at", "body"} <= shape_of(path).at("item") and "id" in shape_of(path).at(
                "item"
            )
        if text[:1] == "{" and (_is_own(text) or is_envelope(text.partition("\n")[0])):
            return True
        if text[:1] == "{":
            return _decoded(text.partition("\n")[0]) is not None
        found = _HEADER.match(text.partition("\n")[0])
        if not found or any(sign in text for sign in _NEVER_IN_SIGNAL):
            return False
        return found[3].count(":") == 1 or any(sign in text for sign in _SEEN_IN_SIGNAL)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        skipped: Counter[str] = Counter()
        content = head(path)
        start = content.decode(encoding_of(content), "replace").lstrip("\ufeff\n\r ")
        if re.match(r"\[\s*\{", start):
            yield from _from_desktop(path)
            return
        if start[:1] == "{" and _is_own(start):
            yield from _from_own(path, self.private)
            return
        if start[:1] == "{" and is_envelope(start.partition("\n")[0]):
            yield from read_envelopes(path, self.private)
            return
        rows = _from_json(path) if start[:1] == "{" else _from_text(path)
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


# --- Signal's own export ------------------------------------------------------------------------

_FRAMES = ("account", "recipient", "chat", "chatItem", "stickerPack", "adHocCall", "chatFolder")
_PART_OF_ITEM = frozenset({"reactions", "quote", "incoming", "outgoing", "directionless"})
_SENT = {"stickerMessage": "sticker", "contactMessage": "contact", "poll": "poll"}
_MEDIA = {"image": "photo", "video": "video", "audio": "voice"}
_NOTICES = ("updateMessage", "giftBadge", "paymentNotification")


def _is_own(text: str) -> bool:
    """Say whether lines are frames of Signal's own export: a version, then objects of one key."""
    for number, line in enumerate(text.split("\n")[:3]):
        try:
            frame = msgspec.json.decode(line, type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False
        if number == 0 and "version" in frame and "backupTimeMs" in frame:
            return True
        if len(frame) != 1 or next(iter(frame)) not in _FRAMES:
            return False
        if "chatItem" in frame or "recipient" in frame:
            return True
    return False


@dataclass(slots=True)
class _Address:
    """What the frames before the messages say: names of people, and which chats are groups."""

    names: dict[str, tuple[str, ...]]
    groups: dict[str, str]  # recipient: the group's title
    chats: dict[str, str]  # chat: its recipient

    def add(self, frame: Mapping[str, Any]) -> None:
        """Take a frame of a recipient or of a chat."""
        if chat := _part(frame, "chat"):
            self.chats[str(chat.get("id"))] = str(chat.get("recipientId"))
        recipient = _part(frame, "recipient")
        number = str(recipient.get("id"))
        if "group" in recipient:
            self.groups[number] = " ".join(words_in(_part(recipient, "group"), ("title",)))
        if contact := _part(recipient, "contact"):
            self.names[number] = tuple(_names(contact))

    def thread(self, chat: str) -> str:
        """Return the title of a chat; with its number where another group has that title."""
        title = self.groups.get(self.chats.get(chat, ""), "")
        several = list(self.groups.values()).count(title) > 1
        return f"{title} {chat}" if several or not title else title


def _part(frame: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = frame.get(key)
    return value if isinstance(value, dict) else {}


def _names(contact: Mapping[str, Any]) -> Iterator[str]:
    for kind in ("system", "profile"):
        whole = (contact.get(f"{kind}GivenName"), contact.get(f"{kind}FamilyName"))
        if name := " ".join(str(part) for part in whole if part):
            yield name
    nickname = _part(contact, "nickname")
    for name in (contact.get("systemNickname"), contact.get("username"), *nickname.values()):
        if isinstance(name, str) and name:
            yield name


def _from_own(path: File, private: bool) -> Iterator[RawDocument | Issue | Skipped]:
    """Yield the messages of Signal's own export; a line that is none is counted."""
    address = _Address({}, {}, {})
    skipped: Counter[str] = Counter()
    told: set[str] = set()
    lines = (line for line in bounded_lines(path) if line.strip())
    for record, line in enumerate(lines, 1):
        try:
            frame = msgspec.json.decode(line.lstrip("\ufeff"), type=dict[str, Any])
        except (msgspec.MsgspecError, ValueError, RecursionError):
            yield Issue("line damaged", record, hint="export the chats again")
            continue
        item = _part(frame, "chatItem")
        if not item:
            address.add(frame)
            skipped["no message"] += 1
            continue
        chat = str(item.get("chatId"))
        if not private and address.chats.get(chat) not in address.groups:
            skipped["chat between two people"] += 1
            continue
        row = _item(path.name, record, item, address, chat)
        if isinstance(row, str):
            skipped[row] += 1
            continue
        if isinstance(row, RawDocument) and chat not in told:
            told.add(chat)  # who is in the address book may be named by anybody of the chat
            row.names = (*row.names, *(n for names in address.names.values() for n in names))
        yield row
    for rule, count in sorted(skipped.items()):
        yield Skipped(rule, count)


def _item(
    file: str, record: int, item: Mapping[str, Any], address: _Address, chat: str
) -> RawDocument | Issue | str:
    """Return what a message holds, or the rule by which it is skipped."""
    if "remoteDeletedMessage" in item:
        return "deleted message"
    if any(key in item for key in _NOTICES):
        return "notice of Signal"
    try:
        time = datetime.fromtimestamp(int(item.get("dateSent") or "") / 1000, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return Issue("no date", record, "dateSent", "the message has no date that can be read")
    said = _part(item, "standardMessage") or _part(item, "directStoryReplyMessage")
    body = _part(said, "text") or _part(_part(said, "textReply"), "text")
    text = str(body.get("body") or "")
    if poll := _part(item, "poll"):
        text = "\n".join(words_in(poll, ("question", "option")))
    kind = _kind(item, said)
    if not text and not kind:
        key = unread({**item, **said}, _PART_OF_ITEM)
        return not_read(record, key) if key else "neither text nor media"
    author = str(item.get("authorId"))
    return RawDocument(
        file,
        record,
        whole_characters(text).replace("\ufffc", "").strip(),
        time,
        address.thread(chat),
        f"{author}-{item.get('dateSent')}",
        author,
        tuple(map(whole_characters, address.names.get(author, ()))),
        edited=bool(item.get("revisions")),
        media_kind=kind,
    )


def _kind(item: Mapping[str, Any], said: Mapping[str, Any]) -> str | None:
    if kind := next((kind for key, kind in _SENT.items() if key in item), None):
        return kind
    attachments = said.get("attachments")
    if "viewOnceMessage" in item:
        return "photo"
    if not isinstance(attachments, list) or not attachments:
        return None
    found = re.search(r'"contentType":\s?"(\w+)/', msgspec.json.encode(attachments).decode())
    return _MEDIA.get(found[1] if found else "", "file")


def _from_desktop(path: File) -> Iterator[RawDocument | Issue | Skipped]:
    """Yield an array of messages as Signal Desktop keeps them."""
    skipped: Counter[str] = Counter()
    for record, found in records_of(path, "item"):
        row = _desktop(path.name, record, found if isinstance(found, dict) else {})
        if isinstance(row, str):
            skipped[row] += 1
        else:
            yield row
    for rule, count in sorted(skipped.items()):
        yield Skipped(rule, count)


def _desktop(file: str, record: int, found: Mapping[str, Any]) -> RawDocument | Issue | str:
    if found.get("type") not in ("incoming", "outgoing"):
        return "notice of Signal"
    if found.get("deletedForEveryone") or found.get("isErased"):
        return "deleted message"
    try:
        time = datetime.fromtimestamp(int(found.get("sent_at") or "") / 1000, UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return Issue("no date", record, "sent_at", "the message has no date that can be read")
    text = whole_characters(str(found.get("body") or "")).replace("\ufffc", "").strip()
    kind = "sticker" if found.get("sticker") else _kind({}, found)
    if not text and not kind:
        return "neither text nor media"
    sender = found.get("sourceServiceId") or found.get("sourceUuid") or found.get("source")
    names = [str(found[key]) for key in ("sourceName", "profileName") if found.get(key)]
    return RawDocument(
        file,
        record,
        text,
        time,
        str(found.get("conversationId") or "") or None,
        str(found.get("id") or "") or None,
        "Me" if found.get("type") == "outgoing" else str(sender) if sender else None,
        tuple(map(whole_characters, names)),
        media_kind=kind,
    )


# --- signal-export ------------------------------------------------------------------------------


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


def _headers(path: File) -> Iterator[tuple[str, re.Match[str] | None, datetime | None]]:
    """Yield every line, with its header and time where it begins as messages do."""
    for line in bounded_lines(path):
        found = _HEADER.match(line)
        yield line, found, _time(found[1], found[3]) if found else None


def _from_text(path: File) -> Iterator[RawDocument | Issue]:
    row: RawDocument | None = None
    pieces: list[str] = []
    size = record = 0
    number = -1
    pasted = set(pasted_between(time for _, _, time in _headers(path) if time))
    for line, found, time in _headers(path):
        number += time is not None
        if row and found and time and number in pasted:
            row.names = (*row.names, found[4].strip())
        elif found and time:
            if row:
                yield _whole(row, pieces, size)
            record += 1
            sender = found[4].strip()
            row = RawDocument(path.name, record, "", time, author=sender, names=(sender,))
            pieces, size = [line[found.end() :]], len(line)
            continue
        if row:
            size += len(line) + 1
            if size <= LONGEST_TEXT:
                pieces.append(line)
    if row:
        yield _whole(row, pieces, size)
    if pasted:
        yield back_in_time(len(pasted))


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
    text = _QUOTED.sub("", _REACTIONS.sub("", row.text))
    if found := _PICTURE.search(text):
        row.media_kind = "photo" if found[1] else "file"
        text = _PICTURE.sub("", text)
    if _STICKER.search(text):
        row.media_kind = "sticker"
        text = _STICKER.sub("", text)
    row.text = text.strip()

"""Writes posts as the programs that people use export them: Telegram Desktop and WhatsApp."""

from __future__ import annotations

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from fanal.testing.channels import Channel, Post
from fanal.testing.planter import Planter
from fanal.testing.sentences import chance, invented, said

MISSING = "(File not included. Change data exporting settings to download.)"
ENTITY = {
    "phone": "phone",
    "handle": "mention",
    "link-telegram": "link",
    "link-web": "link",
    "email": "email",
    "card": "bank_card",
}
MEDIA: dict[str, dict[str, Any]] = {
    "photo": {"photo": MISSING, "width": 1280, "height": 960},
    "video": {
        "file": MISSING,
        "media_type": "video_file",
        "mime_type": "video/mp4",
        "duration_seconds": 12,
    },
    "sticker": {"file": MISSING, "media_type": "sticker", "sticker_emoji": "😎"},
    "voice": {
        "file": MISSING,
        "media_type": "voice_message",
        "mime_type": "audio/ogg",
        "duration_seconds": 7,
    },
}
PARIS = ZoneInfo("Europe/Paris")


def telegram(
    channel: Channel, posts: list[Post], folder: Path, seed: int, planter: Planter
) -> Path:
    """Write `result.json` of one chat; `telegram old` in the shape of 2020."""
    random = chance(seed, channel.source, "export")
    old = channel.form == "telegram old"
    number = 1_900_000_000 + random.randrange(90_000_000)
    messages = [_service(random, channel, posts[0].time, number, old)]
    for post in posts:
        messages.append(_message(random, post, old))
        if random.random() < 0.006:
            messages.append(_membership(random, post, planter, old))
    for position, message in enumerate(messages, 1):
        message["id"] = position + (position // 40)  # deleted posts leave gaps
    kind = "public_channel" if channel.form == "telegram channel" else "public_supergroup"
    whole = {"name": channel.title, "type": kind, "id": number, "messages": messages}
    text = json.dumps(whole, ensure_ascii=False, indent=1)
    path = folder / "result.json"
    # Telegram Desktop writes control characters in a way that is not JSON; so do we.
    path.write_text(text.replace("\ue0ff", "\\x0B"), "utf-8")
    return path


def _stamp(message: dict[str, Any], time: datetime, old: bool, key: str = "date") -> None:
    message[key] = time.isoformat()
    if not old:
        message[f"{key}_unixtime"] = str(int(time.replace(tzinfo=PARIS).timestamp()))


def _digits(identity: str) -> int:
    """Return the number that older exports gave without its prefix."""
    return int(identity.removeprefix("user").removeprefix("channel"))


def _service(
    random: Random, channel: Channel, time: datetime, number: int, old: bool
) -> dict[str, Any]:
    group = channel.form != "telegram channel"
    message: dict[str, Any] = {"id": 0, "type": "service"}
    _stamp(message, time, old)
    message["actor"] = channel.title
    message["actor_id"] = number if old else f"channel{number}"
    message["action"] = "create_group" if group else "create_channel"
    message["title"] = channel.title
    message["text"] = ""
    if not old:
        message["text_entities"] = []
    return message


def _membership(random: Random, post: Post, planter: Planter, old: bool) -> dict[str, Any]:
    message: dict[str, Any] = {"id": 0, "type": "service"}
    _stamp(message, post.time, old)
    message["actor"], identity = post.author[1], post.author[0]
    message["actor_id"] = _digits(identity) if old else identity
    message["action"] = random.choice(("join_group_by_link", "invite_members", "pin_message"))
    if message["action"] == "invite_members":
        message["members"] = [planter.plant("name", post.source)]
    message["text"] = ""
    if not old:
        message["text_entities"] = []
    return message


def _message(random: Random, post: Post, old: bool) -> dict[str, Any]:
    message: dict[str, Any] = {"id": 0, "type": "message"}
    _stamp(message, post.time, old)
    if old:
        message["edited"] = "1970-01-01T01:00:00"
    elif random.random() < 0.03:
        _stamp(message, post.time, old, "edited")
    identity, shown = post.author
    message["from"] = None if random.random() < 0.004 else shown
    message["from_id"] = _digits(identity) if old else identity
    if post.forwarded:
        message["forwarded_from"] = post.forwarded
    if post.media:
        message |= MEDIA[post.media]
        if post.media == "photo" and not old:
            message["photo_file_size"] = random.randrange(40_000, 900_000)
    text = post.text
    if not old and random.random() < 0.001:
        text += "\ue0ff"
    parts = _entities(random, text, post.marked)
    message["text"] = (
        text
        if all(p["type"] == "plain" for p in parts)
        else [p["text"] if p["type"] == "plain" else p for p in parts]
    )
    if not old:
        message["text_entities"] = parts
        if random.random() < 0.12:
            message["reactions"] = [
                {
                    "type": "emoji",
                    "count": random.randrange(1, 40),
                    "emoji": random.choice("👍🔥❤😁🎉"),
                }
            ]
    return message


def _entities(random: Random, text: str, marked: list[tuple[str, str]]) -> list[dict[str, str]]:
    parts: list[dict[str, str]] = [{"type": "plain", "text": text}] if text else []
    for kind, value in marked:
        if kind in ENTITY:
            parts = _split(parts, value, ENTITY[kind])
    first = text.split("\n", 1)[0]
    if "\n" in text and random.random() < 0.5 and first:
        parts = _split(parts, first, "bold")
    return parts


def _split(parts: list[dict[str, str]], value: str, kind: str) -> list[dict[str, str]]:
    out: list[dict[str, str]] = []
    for part in parts:
        if part["type"] != "plain" or value not in part["text"]:
            out.append(part)
            continue
        before, after = part["text"].split(value, 1)
        if before:
            out.append({"type": "plain", "text": before})
        out.append({"type": kind, "text": value})
        if after:
            out.append({"type": "plain", "text": after})
    return out


def whatsapp(channel: Channel, posts: list[Post], folder: Path) -> Path:
    """Write the export of one chat: a zip as from an iPhone, or a text as from Android."""
    ios = channel.form == "whatsapp ios"
    name = (
        f"WhatsApp Chat - {channel.title}" if ios else f"Discussion WhatsApp avec {channel.title}"
    )
    lines = [_line(ios, posts[0].time, "", _notice(ios), channel.title)]
    lines += [_line(ios, p.time, p.author[1], _body(ios, p), channel.title) for p in posts]
    text = ("\r\n" if ios else "\n").join(lines) + "\n"
    if not ios:
        path = folder / f"{name}.txt"
        path.write_text(text, "utf-8")
        return path
    path = folder / f"{name}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo("_chat.txt", (2026, 1, 2, 9, 0, 0)), text)
    return path


def _notice(ios: bool) -> str:
    mark = "\u200e" if ios else ""
    return mark + said("sealed")


def _line(ios: bool, time: datetime, author: str, body: str, title: str) -> str:
    phone = author.startswith("+")
    who = f"\u202a{author}\u202c" if ios and phone else author
    if ios:
        return f"[{time:%d/%m/%Y %H:%M:%S}] {who or title}: {body}"
    return (
        f"{time:%d/%m/%Y}, {time:%H:%M} - {who}: {body}"
        if who
        else f"{time:%d/%m/%Y}, {time:%H:%M} - {body}"
    )


def _body(ios: bool, post: Post) -> str:
    if post.media:
        left_out = invented()["left-out"]
        body = f"\u200e{left_out[post.media]}" if ios else left_out["any"]
        return f"{body}\n{post.text}" if post.text else body
    return post.text


def fixed_zip(content: bytes) -> bytes:
    """Return a zip (a DOCX) with the times of its members set, so that one seed gives one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            info = zipfile.ZipInfo(name, (2026, 1, 2, 9, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(name))
    return out.getvalue()

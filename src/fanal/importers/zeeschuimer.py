"""Zeeschuimer: posts that a browser saw of TikTok, Instagram, X and other platforms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Literal

import msgspec

from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import SNIFF, head
from fanal.importers.reading.dates import read_date
from fanal.importers.reading.encodings import bounded_lines, encoding_of
from fanal.importers.reading.json_shape import whole_characters
from fanal.importers.reading.people import People
from fanal.importers.reading.residue import not_read, unread

_LINE = frozenset({"item_id", "source_platform", "data"})
# Where platforms keep what a post says, when, and who wrote it: dotted, the surest first.
_TEXTS = (
    "note_tweet.note_tweet_results.result.text", "legacy.full_text", "desc", "caption.text",
    "edge_media_to_caption.edges.0.node.text", "commentary.text.text", "text_post_app_info.text",
    "full_text", "text", "content", "body", "selftext", "description", "caption", "title",
    "note_card.display_title",
)  # fmt: skip
_TITLES = ("title", "headline")
_TIMES = (
    "createTime", "create_time", "taken_at", "taken_at_timestamp", "legacy.created_at",
    "created_at", "createdAt", "created_utc", "created", "creationTs", "published_at", "date",
    "timestamp", "time",
)  # fmt: skip
_PEOPLE = (
    "author", "user", "owner", "account", "creator", "actor", "core.user_results.result.legacy",
    "core.user_results.result.core", "core.user_results.result", "note_card.user",
)  # fmt: skip
_IDS = (
    "id", "pk", "id_str", "uniqueId", "unique_id", "username", "screen_name", "acct", "urn",
    "uid", "rest_id",
)  # fmt: skip
_NAMES = (
    "uniqueId", "unique_id", "nickname", "username", "full_name", "screen_name", "name",
    "display_name", "displayName", "acct", "nick_name",
)  # fmt: skip
_DAMAGE = (msgspec.MsgspecError, ValueError, RecursionError)


@dataclass(frozen=True)
class Zeeschuimer(Importer):
    """Read the NDJSON that the browser extension Zeeschuimer saves.

    Use it for `zeeschuimer-export-*.ndjson` of TikTok, Instagram, X, LinkedIn, Threads and the
    others. A document is a post; the thread is who wrote it. A dataset that 4CAT made of such a
    file is read by the importer for 4CAT.

    Examples
    --------
    >>> Zeeschuimer().name
    'zeeschuimer'

    Limits
    ------
    Platforms change where they keep words: a post in which none are found is an issue that names
    the key where some stand. Counts of views, sounds, pictures and answers are not kept.

    References
    ----------
    digitalmethodsinitiative/zeeschuimer.
    """

    name: ClassVar[str] = "zeeschuimer"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    def identify(self, path: File) -> bool:
        content = head(path, SNIFF)
        text = content.decode(encoding_of(content), "replace").lstrip("\ufeff \r\n")
        line = _decoded(text.partition("\n")[0])
        if line is None:  # longer than what was looked at
            return all(f'"{key}"' in text for key in (*_LINE, "source_platform_url"))
        return line.keys() >= _LINE

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        skipped: Counter[str] = Counter()
        people = _people_of(path)
        lines = (line for line in bounded_lines(path) if line.strip())
        for record, line in enumerate(lines, 1):
            found = _decoded(line.lstrip("\ufeff"))
            if found is None or not (found.keys() >= _LINE and isinstance(found["data"], dict)):
                yield Issue("line damaged", record, hint="export the posts again")
                continue
            row = _document(path.name, record, found, found["data"])
            if row is None:
                skipped["post without text"] += 1
                continue
            if isinstance(row, RawDocument):
                row.names = tuple(dict.fromkeys((*row.names, *people.named_in(row.text))))
            yield row
        for rule, count in sorted(skipped.items()):
            yield Skipped(rule, count)


def _people_of(path: File) -> People:
    """Return who writes in a file: each has a thread of his own, and others may name him."""
    people = People()
    for line in bounded_lines(path):
        found = _decoded(line.strip("\ufeff \r\n"))
        if found and isinstance(found.get("data"), dict):
            people.add(_names(found["data"]))
    return people


def _names(data: Mapping[str, Any]) -> Iterator[str]:
    people = [p for path in _PEOPLE if isinstance(p := _at(data, path), Mapping)]
    for person in people:
        for key in _NAMES:
            if name := _first(person, (key,)):
                yield whole_characters(name)


def _decoded(line: str) -> dict[str, Any] | None:
    try:
        return msgspec.json.decode(line, type=dict[str, Any])
    except _DAMAGE:
        return None


def _at(data: object, path: str) -> object:
    for key in path.split("."):
        if isinstance(data, list) and key.isdecimal():
            data = data[int(key)] if int(key) < len(data) else None
        else:
            data = data.get(key) if isinstance(data, Mapping) else None
    return data


def _first(data: object, paths: tuple[str, ...]) -> str:
    for path in paths:
        value = _at(data, path)
        if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()
    return ""


def _document(
    file: str, record: int, line: Mapping[str, Any], data: Mapping[str, Any]
) -> RawDocument | Issue | None:
    """Return what a post says, None if it says nothing."""
    text = whole_characters(_first(data, _TEXTS))
    if not text:
        key = unread(data, (*_PEOPLE, "music", "stats", "video", "extensions"))
        return not_read(record, key) if key else None
    title = whole_characters(_first(data, _TITLES))
    if title and title not in text:
        text = f"{title}\n{text}"
    time = _time(data)
    if time is None:
        return Issue("no date", record, "data", "the post has no date that can be read")
    people = [p for path in _PEOPLE if isinstance(p := _at(data, path), Mapping)]
    platform = str(line["source_platform"])
    author = next((found for person in people if (found := _first(person, _IDS))), None)
    return RawDocument(
        file,
        record,
        text,
        time,
        f"{platform}/{author}" if author else platform,
        f"{platform}/{line['item_id']}",
        author,
        tuple(dict.fromkeys(_names(data))),
    )


def _time(data: Mapping[str, Any]) -> datetime | None:
    written = _first(data, _TIMES)
    try:
        return datetime.strptime(written, "%a %b %d %H:%M:%S %z %Y")  # as X writes it
    except ValueError:
        pass
    number = int(written) if written.isdecimal() else None
    moment = read_date(number if number is not None else written)
    if moment is None or moment.precision != "day":
        return None
    at = moment.time
    return at if isinstance(at, datetime) else datetime(at.year, at.month, at.day, 12, tzinfo=UTC)

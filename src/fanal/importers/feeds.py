"""RSS, Atom and JSON Feed files: one entry, one document."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar, Literal

import msgspec

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.dates import DateColumn, Moment, read_date
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.markup import plain_text
from fanal.importers.reading.rows import sniffed

FEED = 8 << 20  # bytes; feedparser holds and walks the whole file
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|RDF)[\s>]")
# what Reddit writes under each post of a feed
_UNDER = re.compile(r"\s*submitted by\s+/u/[\w-]+[^\n]{0,80}\n?\s*\[link\]\s*\[comments\]\s*\Z")
_VERSION = "//jsonfeed.org/version/"


@dataclass(frozen=True)
class Feeds(Importer):
    """Reads RSS (0.9 to 2.0), Atom and JSON Feed files that were saved to disk.

    Use it for newspapers, blogs, podcasts' notes, public alerts and the feeds that bridges make of
    public channels. A document is an entry: its title and its text; the thread is the feed.
    Nothing is fetched: links, pictures and enclosures are left where they are.

    Parameters
    ----------
    date_order : str
        "dmy" or "mdy" for dates such as 03/04/2025 where neither the dates nor the language of the
        feed show it.

    Examples
    --------
    In a source description::

        importer = "feeds"
        kind = "press"

    Limits
    ------
    Most feeds hold the latest entries only, and often a summary of each. At most 8 MiB a file.
    """

    name: ClassVar[str] = "feeds"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "platform"

    date_order: str = ""

    def identify(self, path: File) -> bool:
        start = sniffed(head(path, 8192)).lstrip("\ufeff \r\n\t")
        if start.startswith("{"):
            return _VERSION in start.replace("\\/", "/")
        found = _ROOT.search(start) if start.startswith("<") else None
        if not found or re.search(r"(?i)<html[\s>]", start[: found.start()]):
            return False
        # the first element of the file, comments and declarations apart
        before = re.sub(r"(?s)<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>", "", start)
        first = re.match(r"\s*<(?:\w+:)?(\w+)", before)
        return first is not None and first[1] in ("rss", "feed", "RDF")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        import feedparser

        content = read_whole(path, FEED)
        if content.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            yield from _json_feed(path.name, content, self.date_order)
            return
        if re.search(rb"<!ENTITY", content[:65_536].replace(b"\x00", b"")):
            raise ImporterError("the feed declares entities", do="do not trust this file")
        if content.count(b"<") > 2 * content.count(b">") + 1_000:
            raise ImporterError("the feed is not well formed", do="save the feed again")
        with foreign("feed"):
            # bytes in a stream: a string could be taken for an address to fetch
            feed = quietly(lambda: feedparser.parse(io.BytesIO(content), sanitize_html=False))
        if not feed.entries:
            if feed.bozo or not feed.get("version"):
                raise ImporterError("no entry can be read", do="save the feed again")
            yield Skipped("empty feed")
            return
        thread = plain_text(feed.feed.get("title", "")) or feed.feed.get("link") or None
        order = self.date_order or _order(feed)
        for number, entry in enumerate(feed.entries, 1):
            with foreign("feed"):
                found = _document(path.name, number, entry, thread, order)
            yield found
        if feed.bozo:
            yield Issue(
                "feed not well formed",
                len(feed.entries),
                hint="entries after this one may be missing; save the feed again",
                level="warning",
            )


class _Item(msgspec.Struct):
    """An entry of a JSON Feed."""

    id: str | int | None = None
    url: str = ""
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    authors: list[dict[str, str]] = []
    author: dict[str, str] = {}

    def entry(self) -> dict[str, Any]:
        """Return it as the library gives the entries of other feeds."""
        return {
            "id": str(self.id or ""),
            "link": self.url,
            "title": self.title or "",
            "content": [{"value": self.content_html or self.content_text or ""}],
            "summary": self.summary or "",
            "published": self.date_published,
            "updated": self.date_modified,
            "authors": self.authors or [self.author],
        }


class _JsonFeed(msgspec.Struct):
    """A JSON Feed: its title and its entries."""

    items: list[_Item]
    title: str = ""
    home_page_url: str = ""


def _json_feed(file: str, content: bytes, order: str) -> Iterator[RawDocument | Issue | Skipped]:
    try:
        feed = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=_JsonFeed)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        raise ImporterError("the feed is not well formed", do="save the feed again") from None
    if not feed.items:
        yield Skipped("empty feed")
    for number, item in enumerate(feed.items, 1):
        thread = plain_text(feed.title) or feed.home_page_url or None
        yield _document(file, number, item.entry(), thread, order)


def _document(
    file: str, number: int, entry: Any, thread: str | None, order: str
) -> RawDocument | Issue | Skipped:
    title = plain_text(entry.get("title", ""))
    bodies = [part.get("value", "") for part in entry.get("content", [])]
    bodies.append(entry.get("summary", ""))
    body = max((_UNDER.sub("", plain_text(body)) for body in bodies), key=len)
    if not title and not body:
        return Skipped("entry without text")
    moment = _moment(entry, order)
    if moment is None:
        return Issue(
            "date not readable",
            number,
            field="published",
            hint="the entry gives no date to read; for one such as 03/04/2025 add date_order = "
            '"dmy" or "mdy" under [parameters]',
        )
    authors = [
        name for author in entry.get("authors", []) if (name := author.get("name", "").strip())
    ]
    authors = authors or [name for name in [entry.get("author", "").strip()] if name]
    return RawDocument(
        file=file,
        record=number,
        text=body
        if not title or body.startswith(title.rstrip("…. "))
        else f"{title}\n\n{body}".strip(),
        time=moment.time,
        precision=moment.precision,
        chat=thread,
        message=entry.get("id") or entry.get("link") or None,
        author="; ".join(authors) or None,
        names=tuple(authors),
    )


_DATES = ("published", "updated", "created")


def _written(entry: Any) -> Iterator[tuple[object, str]]:
    """Yield the dates of an entry, as the library reads them and as they are written."""
    for key in _DATES:
        # it warns where another date stands in for one that is not there
        parsed = quietly(partial(entry.get, f"{key}_parsed"))
        yield parsed, str(quietly(partial(entry.get, key)) or "")


def _order(feed: Any) -> str:
    """Return the order of day and month in figures: what they show, else the language's."""
    column = DateColumn()
    for entry in feed.entries:
        for _, written in _written(entry):
            column.see(written)
    language = str(feed.feed.get("language") or "").casefold()
    usual = "mdy" if language == "en-us" else "" if language.startswith("en") else "dmy"
    column.settle_or(usual)
    return column.order


def _moment(entry: Any, order: str) -> Moment | None:
    for parsed, written in _written(entry):
        if isinstance(parsed, time.struct_time) and 1990 <= parsed.tm_year < 2100:
            return Moment(datetime.fromtimestamp(calendar.timegm(parsed), UTC))
        if moment := read_date(written, order):
            return moment
    return None

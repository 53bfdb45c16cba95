"""WhatsApp exports: the text file, or the zip that holds it."""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar, Literal, NamedTuple
from zipfile import ZipFile

from fanal.errors import ImporterError
from fanal.importers.base import File, Hint, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import (
    Member,
    head,
    is_zip,
    names_in,
    open_archive,
    open_member,
)
from fanal.importers.reading.dates import DateColumn
from fanal.importers.reading.encodings import SAMPLE, bounded_lines, encoding_of
from fanal.importers.reading.notices import notice_in
from fanal.importers.reading.order import back_in_time, pasted_between
from fanal.importers.reading.people import Named, with_people
from fanal.importers.reading.speakers import is_heading, is_name_like
from fanal.importers.whatsapp import phrases as words
from fanal.importers.whatsapp.headers import (
    MARKS,
    Dates,
    Header,
    Shape,
    header_of,
    orders_in,
    time_of,
)

LONGEST_TEXT = 1 << 20  # WhatsApp's own limit is 65,536 characters
LONGEST_NAME = 200  # characters, with WhatsApp's marks
MOST_SENDERS = 50_000
BEHIND = 500  # headers that are compared with one that goes back in time
ROUND = 15  # minutes of the hours of what is planned
_NEVER = datetime(1, 1, 2)  # noqa: DTZ001 - before all messages
ASTRAY = timedelta(hours=2)  # clocks that are set back, messages that came late
PICTURE_LIMIT = 16 << 20

_CHAT_NAMES = re.compile(
    r"\A(?:WhatsApp Chat (?:with|-) |Discussion WhatsApp (?:avec|-) |Chat de WhatsApp con |"
    r"WhatsApp Chat mit |Chat WhatsApp con |Conversa do WhatsApp com )?(.*?)(?: ?\(\d+\))?\Z"
)
_BIDI = str.maketrans(dict.fromkeys(MARKS))
_MENTION = re.compile("@\u2068([^\u2069\n]{1,80})\u2069")
_TILDE = re.compile(r"\A~\s*")
_PHONE = re.compile(r"\A\+?[\d\s().\u2011-]{6,}\Z")
_ISO = re.compile(rb"\A[^\n\[]{0,4}\[\d{4}-\d\d-\d\d(, | )\d\d:\d\d(:\d\d)?\] ")


@dataclass(slots=True)
class _Sender:
    """What a file's lines say about one candidate for a sender's name."""

    lines: int = 0
    plain: int = 0  # lines that do not start with the mark of WhatsApp's own words
    next: str | None = ""  # what stands before the next colon, if that never changes
    proven: bool = False  # a notice or a stand-in for media shows where the name ends


@dataclass(slots=True)
class _Survey:
    """What the first reading of a file finds."""

    orders: dict[Shape, str]
    senders: dict[str, _Sender] = field(default_factory=dict)
    longer: dict[str, str] = field(default_factory=dict)  # a name's beginning: the whole name
    groups: set[str] = field(default_factory=set)  # groups that speak in the group's own name
    deleted: Counter[str] = field(default_factory=Counter)  # what may say that one was deleted
    introduced: bool = False  # some header stands under a line that ends with a colon
    listed: set[int] = field(default_factory=set)  # numbers of headers that are lines of a list
    pasted: set[int] = field(default_factory=set)  # and of those that stand in a message


@dataclass(frozen=True)
class WhatsApp(Importer):
    """Read the text export of a WhatsApp chat, or the zip in which an iPhone sends it.

    Use it for *Export chat* of WhatsApp and WhatsApp Business on Android and iPhones, in any
    language, with or without media. Not for Android's encrypted backups (`msgstore.db.crypt15`)
    nor for what forensic tools write.

    The order of day and month is not in the file. It is inferred from the whole of it: numbers
    above 12, dates that must not run backwards, dates in the names of media files. If the file
    leaves it open, which a short chat may, it is asked for.

    Parameters
    ----------
    date_order : str
        "dmy" or "mdy" for dates such as 03/04/2025. Only needed where the importer asks for it.
    pictures : bool
        Read the pictures in a zip for their keyed perceptual hash. They are never stored.

    Examples
    --------
    >>> WhatsApp(date_order="dmy").date_order
    'dmy'

    Limits
    ------
    The export gives the minute (on iPhones the second) in the zone of the phone that exported, at
    most 40,000 messages without media, names as that phone's address book has them, and no
    message ids, reactions or answers. Deleted messages and WhatsApp's own notices are counted as
    skipped. Of media, places and contacts only the kind is kept.
    """

    name: ClassVar[str] = "whatsapp"
    counted: ClassVar[Literal["platform", "row", "file", "chat"]] = "chat"

    date_order: str = ""
    pictures: bool = True

    def identify(self, path: File) -> bool:
        if is_zip(path):
            return _chat_file(path) is not None
        return _is_chat(path)

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        yield from with_people(self._rows(path))

    def _rows(self, path: File) -> Iterator[RawDocument | Issue | Skipped | Named]:
        with _opened(path) as (text_file, archive, chat):
            survey = _survey(text_file, DateColumn(self.date_order).order)
            skipped: Counter[str] = Counter()
            for row in _messages(text_file, survey, skipped):
                if isinstance(row, Issue):
                    yield row
                    continue
                if row.sender is None and (people := words.people_in(row.text)):
                    yield Named(chat, tuple(p for p in people if not _PHONE.match(p)))
                document = _document(path.name, chat, row, skipped, survey)
                if document:
                    if archive and row.file:
                        _add_medium(document, archive, row.file, self.pictures)
                    yield document
            if survey.listed:
                yield _of_lists(len(survey.listed))
            if back := survey.pasted - survey.listed:
                yield back_in_time(len(back))
            for rule, count in sorted(skipped.items()):
                yield Skipped(rule, count)


@dataclass(slots=True, repr=False)
class _Line:
    """One message: its header, sender and text; `sender` is None where WhatsApp speaks."""

    record: int
    header: Header
    order: str
    sender: str | None
    text: str
    file: str | None = None
    pasted: tuple[str, ...] = ()  # whose words stand in it, by their looks


@contextmanager
def _opened(path: File) -> Iterator[tuple[File, ZipFile | None, str | None]]:
    """Give the file with the text, the archive around it if there is one, and the chat's name."""
    with ExitStack() as stack:
        if not is_zip(path):
            yield path, None, _chat_name(path)
            return
        name = _chat_file(path)
        if name is None:
            raise ImporterError(
                "no WhatsApp chat in this archive", do="bring in the zip that WhatsApp wrote"
            )
        member = Member(path, name)
        chat = _chat_name(path) or _chat_name(member)
        yield member, stack.enter_context(open_archive(path)), chat


def _chat_name(path: File) -> str | None:
    found = _CHAT_NAMES.match(path.stem.translate(_BIDI))
    name = found[1].strip() if found else ""
    return None if name in ("", "_chat") else name


def _chat_file(path: File) -> str | None:
    """Return the name of a chat's text in an archive, None if it is something else."""
    texts = [name for name in names_in(path) if name.lower().endswith(".txt") and "/" not in name]
    chats = [name for name in texts if name == "_chat.txt"] or texts
    if len(chats) != 1:
        return None
    return chats[0] if _is_chat(Member(path, chats[0])) else None


def _is_chat(path: File) -> bool:
    content = head(path, SAMPLE)
    if b"\0" * 16 in content or _looks_like_signal(content):
        return False
    text = content.decode(encoding_of(content), "replace")
    lines = [line for line in text[: 64 << 10].splitlines() if line.strip()][:400]
    headers = [found for line in lines if (found := (line, header_of(line)))[1]]
    if not headers or not any(header_of(line) for line in lines[:3]):
        return False
    if any(header and header.shape.is_loose for _, header in headers[:1]):
        named = [_split(line[header.stop :])[0] for line, header in headers if header]
        spoken = [name for name in named if name and not is_heading(name)]
        return len(spoken) >= 2 and len(spoken) >= max(len(lines) / 3, len(headers) / 2)
    return any(
        ":" in line[header.stop :] or words.is_notice(line[header.stop :])
        for line, header in headers
        if header
    )


def _looks_like_signal(content: bytes) -> bool:
    """Say whether lines begin as Signal exporters write them, which WhatsApp hardly ever does."""
    found = _ISO.match(content)
    if not found:
        return False
    return not found[2] or b"] Me: " in content[: 1 << 16] or b"](./" in content[: 1 << 16]


def _survey(path: File, date_order: str) -> _Survey:
    """Read the file once for what no single line says.

    Raises:
        ImporterError: no message in it, or day and month cannot be told apart.
    """
    dates: dict[Shape, Dates] = {}
    survey = _Survey({})
    notices: set[str] = set()
    above = ""
    for line in bounded_lines(path):
        header = header_of(line)
        if not header:
            above = line
            continue
        survey.introduced |= above.endswith(":")
        above = line
        if header.shape not in dates:
            if len(dates) > 64:
                continue
            dates[header.shape] = Dates(header.shape)
        rest = line[header.stop :]
        dates[header.shape].add(header, rest)
        _note_sender(survey, rest, notices)
    if not dates:
        raise ImporterError("no message in this file", do="export the chat from WhatsApp again")
    survey.orders = orders_in(dates.values(), date_order)
    _judge_senders(survey, notices)
    orders = survey.orders
    back = any(d.trials[orders[s]].backwards for s, d in dates.items() if s in orders)
    if back or survey.introduced:
        survey.listed = set(_lists(path, survey))
    if back:
        survey.pasted = set(_pasted(path, survey))
    survey.pasted |= survey.listed
    return survey


def _of_lists(count: int) -> Issue:
    """Return the issue that tells of lists of dates in messages."""
    hint = f"{count} lines of lists begin as messages do: they are read as parts of the message "
    hint += "above"
    return Issue("date inside a text", 1, hint=hint, level="note")


def _headers(path: File, survey: _Survey) -> Iterator[tuple[str, Header | None, datetime | None]]:
    """Yield every line, with its header and time where it begins as the file's messages do."""
    for line in bounded_lines(path):
        header = header_of(line)
        order = survey.orders.get(header.shape) if header else None
        yield line, header, time_of(header, order) if header and order else None


class _Point(NamedTuple):
    """A header in the order of the file."""

    number: int
    time: datetime
    sender: str | None
    weight: float  # how much it looks like a message's


def _lists(path: File, survey: _Survey) -> Iterator[int]:
    """Yield the numbers of headers that are lines of a list in a message: of what is planned.

    Their hours are round, who seems to write them is nowhere else, and a colon stands before them
    or the chat goes on at the time before theirs.
    """
    run: list[_Point] = []
    above, is_led, last = "", False, _NEVER
    for point, line in _points(path, survey):
        if point is None:
            above = line if line.strip() else above
            continue
        leads = line.rstrip().endswith(":")
        stranger = point.weight < 1 and point.time.minute % ROUND == 0 and not leads
        if run and not (stranger and point.time >= run[-1].time):
            is_back = last - ASTRAY <= point.time < run[0].time
            if is_led or is_back:
                yield from _unheard(run, survey)
            run, last = [], last if is_back else run[-1].time
        if stranger and (run or point.time > last):
            is_led = is_led if run else above.rstrip().endswith(":")
            run.append(point)
        else:
            last = point.time
        above = line
    if is_led:
        yield from _unheard(run, survey)


def _points(path: File, survey: _Survey) -> Iterator[tuple[_Point | None, str]]:
    """Yield each line with its header in the order of the file, None where it has none."""
    number = -1
    for line, header, time in _headers(path, survey):
        number += time is not None
        yield _point(number, line, header, time, survey) if header and time else None, line


def _point(number: int, line: str, header: Header, time: datetime, survey: _Survey) -> _Point:
    rest = line[header.stop :]
    name, _ = _split(rest)
    known = survey.senders[name].lines > 1 if name in survey.senders else words.is_event(rest)
    return _Point(number, time, name, 1 if known else 0.4 if name else 0.2)


def _unheard(run: list[_Point], survey: _Survey) -> Iterator[int]:
    """Yield the headers of a run of several whose senders write nowhere else."""
    here = Counter(point.sender for point in run)
    if len(run) > 1 and all(survey.senders[name].lines == n for name, n in here.items() if name):
        yield from (point.number for point in run)


def _pasted(path: File, survey: _Survey) -> Iterator[int]:
    """Yield the numbers of headers that stand in a message: a list of dates, a pasted chat.

    Messages follow one another in time. Where they do not, the fewer and less known senders are
    astray; they are lines of the message above if those senders are nowhere else.
    """
    far = set(pasted_between(time for _, _, time in _headers(path, survey) if time))
    yield from far
    behind: deque[_Point] = deque(maxlen=BEHIND)
    astray: list[_Point] = []
    for point, _ in _points(path, survey):
        if point is None or point.number in far or point.number in survey.listed:
            continue
        if not behind or point.time >= behind[-1].time - ASTRAY:
            yield from _strangers(astray, survey)
            astray = []
            behind.append(point)
            continue
        astray.append(point)
        ahead = [each for each in behind if each.time > astray[0].time + ASTRAY]
        if sum(p.weight for p in astray) > sum(p.weight for p in ahead):
            yield from _strangers(ahead, survey)
            kept = [each for each in behind if each not in ahead]
            behind = deque([*kept, *astray], maxlen=BEHIND)
            astray = []


def _strangers(points: list[_Point], survey: _Survey) -> Iterator[int]:
    here = Counter(point.sender for point in points)
    for point in points:
        sender = survey.senders.get(point.sender or "")
        if point.weight < 1 or (sender and sender.lines == here[point.sender] < len(points)):
            yield point.number


def _note_sender(survey: _Survey, rest: str, notices: set[str]) -> None:
    senders = survey.senders
    name, text = _split(rest)
    if name is None:
        if len(notices) < MOST_SENDERS:
            notices.add(rest.strip(MARKS + " ")[:120])
        return
    if name not in senders and len(senders) >= MOST_SENDERS:
        return
    sender = senders.setdefault(name, _Sender())
    again, after = _split(text)
    sender.next = again if not sender.lines or sender.next == again else None
    sender.lines += 1
    sender.plain += text[:1] != words.MARK
    if words.may_be_deleted(text) and len(survey.deleted) < MOST_SENDERS:
        survey.deleted[text.strip()] += 1
    if again and (words.media_in(after) or words.is_deleted(after)):
        sender.proven = True


def _judge_senders(survey: _Survey, notices: set[str]) -> None:
    """Find names that hold a colon themselves, and groups that speak in their own name."""
    for name, sender in survey.senders.items():
        rest = sender.next
        if rest and len(rest) <= 40 and "//" not in rest:
            whole = f"{name}: {rest}"
            told = sender.proven or any(notice.startswith(whole) for notice in notices)
            # nobody begins every message with the same label, unless it is a shop's headline
            if (told and sender.lines > 1) or (sender.lines >= 4 and not rest.isupper()):
                survey.longer[name] = whole
    spoken = sum(sender.plain > 0 for sender in survey.senders.values())
    survey.groups = {n for n, s in survey.senders.items() if spoken and not s.plain}


def _split(rest: str) -> tuple[str | None, str]:
    """Return the sender and the text after a header; None as the sender where there is none."""
    at = rest.find(":")
    while 0 <= at <= LONGEST_NAME:
        after = rest[at + 1 : at + 2]
        if not after or after.isspace() or after in MARKS:
            name = rest[:at].translate(_BIDI).strip()
            if not words.tells_of_person(name):
                return None, rest
            text = rest[at + 1 :]
            return name, text[1:] if after.isspace() else text
        at = rest.find(":", at + 1)
    return None, rest


def _messages(path: File, survey: _Survey, skipped: Counter[str]) -> Iterator[_Line | Issue]:
    """Yield every message, lines without a header being added to the one before."""
    line: _Line | None = None
    pieces: list[str] = []
    size = record = 0
    number = -1
    for text, header, time in _headers(path, survey):
        number += time is not None
        if header and time and (number not in survey.pasted or line is None or not line.sender):
            order = survey.orders[header.shape]
            if line:
                yield _whole(line, pieces, size)
            record += 1
            sender, rest = _sender_of(text[header.stop :], survey)
            line, pieces, size = _Line(record, header, order, sender, ""), [rest], len(rest)
        elif line is None:
            skipped["line before the first message"] += bool(text.strip())
        else:
            size += len(text) + 1
            if size <= LONGEST_TEXT:
                pieces.append(text)
            if header and (name := _split(text[header.stop :])[0]) and is_name_like(name):
                line.pasted += (name,)
    if line:
        yield _whole(line, pieces, size)


def _whole(line: _Line, pieces: list[str], size: int) -> _Line | Issue:
    if size > LONGEST_TEXT:
        return Issue("text too long", line.record, hint="the file is damaged: export it again")
    line.text = "\n".join(pieces).strip()
    return line


def _sender_of(rest: str, survey: _Survey) -> tuple[str | None, str]:
    """Return the sender and the text of a message, with what the whole file says about names."""
    name, text = _split(rest)
    if name is None:
        # "Name:text", without a space, is believed of those who write elsewhere
        head, colon, tail = rest.partition(":")
        short = head.translate(_BIDI).strip()
        if colon and short in survey.senders and not tail.startswith("//"):
            return short, tail
        return None, rest
    while whole := survey.longer.get(name):
        more, after = _split(text)
        if f"{name}: {more}" != whole:
            break
        name, text = whole, after
    return name, text


def _document(
    file: str, chat: str | None, line: _Line, skipped: Counter[str], survey: _Survey
) -> RawDocument | None:
    """Return what a message holds, None if it is skipped by a rule."""
    text = line.text
    if line.sender is None or words.is_notice_of(text):
        skipped["notice of WhatsApp"] += 1
        return None
    if rule := notice_in("whatsapp", text):
        skipped[rule] += 1
        return None
    if words.is_deleted(text) or survey.deleted[text] > 1:
        skipped["deleted message"] += 1
        return None
    text, edited = words.without_edit_mark(text)
    kind = None
    if poll := words.poll_in(text):
        kind, text = "poll", poll
    elif medium := words.media_in(text):
        kind, line.file, text = medium
    elif line.sender in survey.groups and text[:1] == words.MARK:
        skipped["notice of WhatsApp"] += 1
        return None
    text, hints = _clean(text)
    if not kind and text in ("", "null"):
        skipped["neither text nor media"] += 1
        return None
    author = _TILDE.sub("", re.sub(r"\s", " ", line.sender)).strip() or line.sender
    return RawDocument(
        file,
        line.record,
        text,
        time_of(line.header, line.order),
        chat,
        None,
        author,
        (*(() if _PHONE.match(author) else (author,)), *line.pasted),
        hints,
        edited,
        None,
        kind,
    )


def _clean(text: str) -> tuple[str, tuple[Hint, ...]]:
    """Return a text without WhatsApp's marks, and the names that those marks surround."""
    if text.isascii():
        return text.strip(), ()
    found: list[Hint] = []
    parts: list[str] = []
    at = last = 0
    for mention in _MENTION.finditer(text):
        before = text[last : mention.start()].translate(_BIDI)
        name = mention[1].translate(_BIDI)
        if not parts:
            before = before.lstrip()
        parts += [before, "@", name]
        at += len(before) + 1
        found.append(Hint(at, at + len(name), "phone" if _PHONE.match(name) else "name"))
        at += len(name)
        last = mention.end()
    rest = text[last:].translate(_BIDI)
    parts.append(rest.rstrip() if parts else rest.strip())
    return "".join(parts), tuple(found)


def _add_medium(document: RawDocument, archive: ZipFile, name: str, pictures: bool) -> None:
    """Add the size of a medium in the archive, and the bytes of a picture for its hash."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        return
    document.media_bytes = info.file_size
    if pictures and document.media_kind == "photo" and info.file_size <= PICTURE_LIMIT:
        try:
            with open_member(archive, name) as stream:
                document.media = stream.read(PICTURE_LIMIT)
        except ImporterError:
            document.media = None  # a damaged picture does not cost the chat

"""Interviews, group discussions and field notes, by turns of speakers or by paragraphs."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import ClassVar, NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import day_inside, keys, listed, said_in, settled
from fanal.importers.reading.dated_lines import (
    begins_with_day,
    is_alone,
    is_other,
    is_session,
    is_spoken,
)
from fanal.importers.reading.dates import DateColumn, Moment, read_date
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.entries import (
    RULE,
    Entries,
    Entry,
    days_told,
    entries_in,
    noted_by_hour,
    order_of,
    year_told,
)
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.json_shape import Shape, records_of, shape_of
from fanal.importers.reading.mails import mails_in
from fanal.importers.reading.preambles import preamble
from fanal.importers.reading.printed import pdf_paragraphs
from fanal.importers.reading.prose import by_words
from fanal.importers.reading.rows import HEARD, sniffed
from fanal.importers.reading.rows import kind_of as table_kind
from fanal.importers.reading.speakers import (
    Cast,
    Labelled,
    find_cast,
    is_heading,
    is_name_like,
    is_role,
    label_of,
    labels_of,
    who_took_part,
    without_stamps,
)
from fanal.importers.reading.word import Headline
from fanal.importers.reading.writings import PLAIN, front_of, kind_of, left_out, paragraphs_in
from fanal.text.folding import fold

HEADING_WITHIN = 15  # lines at the top in which a date, a place or names may stand
TITLE_LINES, TITLE = 3, 60  # of the title of a notebook at most, and characters of such a line
TOLD = 7  # words of a dated line that ends with a full stop, above which it is a sentence
TURN = 6_000  # characters; a longer monologue goes on in another document
GROWN = 3  # words that are shown again, without which nobody's captions roll
PAUSE = 2.0  # seconds of silence that end a paragraph of subtitles without speakers

# what programs that transcribe write above and below
_BY_PROGRAM = re.compile(
    r"(?i)transcribed by https?://\S+|transcri(?:t avec|bed with|biert mit) noscribe.*"
    r"|(?:fichier audio|audio source|audiodatei)\s?: \S+\.\w{2,4}"
    r"|\((?:d[ée]but|start)\s?: ?[\d:.]+ \| (?:fin|stop|end|ende)\s?: ?[\d:.]+\)"
)
_SRT = re.compile(r"\s*\d+\s*\n\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")


class Turn(NamedTuple):
    """What one person says until another speaks, or a paragraph."""

    label: str
    text: str
    moment: Moment | None = None


@dataclass(frozen=True)
class Transcripts(Importer):
    """Reads interviews and notes: TXT, MD, DOCX, ODT, RTF, PDF, VTT, SRT, OTR, Whisper's files.

    Use it for what people say and write down: interviews, focus groups, field notes, minutes. A
    document is a turn of a speaker or, where there are no speakers, a paragraph; the thread is the
    file. Speakers are found by labels at line starts (`Karim :`, `#Karim:`, `[12:40] Q:`,
    `Speaker 1  0:14`, a table of two columns); headings of notes (`Prix : 20 €`) are not speakers.
    Names of speakers, and those in the lines at the top, are given to the door.

    The day comes from the top ("Date : 12 mars 2025"), else from the file name, else from `date`; a
    sentence that begins with one gives it only where nothing else does. A night is of the day on
    which it began. The one year of the name or title is that of days without one.
    Dates inside a text are boundaries, in the languages of western Europe. A line that is only a
    date (`Date : 19 mars 2025`, `## 2. April`, `Mon 30th`, `KW 14`, `Nuit du 20 au 21 mars`), a
    heading with one (`Entretien 2 – 19 mars 2025`), the day of a row in a table of notes begin a
    new part; lines that begin with a date (`19/03/2025 : maraude`) do where several have that
    form and the order of time, and no line is only a date. What may begin a part and is not taken
    for one is told. A day without a year is the nearest to the one before, the first of the year
    that the name or the title tells; where nothing tells it, the parts have no date and the year is
    asked for. A line that begins with an hour (`18h30 : arrivée`) is a note of its own where
    several do; messages that were pasted (`[3/4/25, 18:02] Ana: …`) have their day and who wrote
    them; and the heads of e-mails (`De :`, `Envoyé :`, `Objet :`) give the day of what is below.

    Parameters
    ----------
    date : str
        Day, month or year of files that name none, as 2025-03-12, 2025-03 or 2025.
    date_order : str
        "dmy" or "mdy" for dates such as 03/04/2025; "" to go by the language of the text.
    turns : str
        "auto" to find out, "speakers" or "paragraphs" to say.

    Examples
    --------
    In a source description::

        importer = "transcripts"
        kind = "interview"

    Limits
    ------
    Comments, page headers, words that were struck out and pictures are not read. Time stamps
    within the recording are dropped. A scan needs text recognition first. At most 8 MiB of text
    or 200,000 lines a file.
    """

    name: ClassVar[str] = "transcripts"
    breadth: ClassVar[int] = 2

    date: str = ""
    date_order: str = ""
    turns: str = "auto"

    def identify(self, path: File) -> bool:
        kind = subtitle_kind(path) or kind_of(path)
        if kind == "txt":
            return table_kind(path) is None and by_words(path) is None
        if kind == "pdf":
            return is_dialogue_pdf(path)
        return kind in ("docx", "odt", "rtf", "otr", "vtt", "srt", "tsv", "json")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        order = DateColumn(self.date_order).order
        kind = subtitle_kind(path)
        if kind:
            text = decode(read_whole(path, PLAIN)).lstrip("\ufeff\n ") if kind != "json" else ""
            cues = list(_cues(text, kind) if text else _heard(path))
            if lost := _pieces(text, kind) - len({cue.number for cue in cues if text}):
                yield Issue(
                    "cue not readable",
                    1,
                    hint=f"{lost} lines with times are damaged",
                    level="warning",
                )
            cues = _once(cues)
            lines = [line for cue in cues for line in cue.text.split("\n")]
            cast = find_cast([label_of(line) for line in lines])
            moment = self._given(path, order)
            turns = [Turn(label, text, moment) for label, text in _spoken(cues, cast)]
            voices = {cue.voice for cue in cues if cue.voice and not is_role(cue.voice)}
            yield from documents(path.name, path.stem, turns, (*cast.names, *sorted(voices)))
            return
        yield from left_out(path)
        front = front_of(path)
        if front.lines:
            yield Skipped("line of front matter", front.lines)
        given = read_date(front.date, order) or self._given(path, order)
        yield from self.written(path.name, path.stem, paragraphs_in(path), given, front.people)

    def written(
        self,
        file: str,
        thread: str,
        paragraphs: list[str],
        given: Moment | None,
        people: Iterable[str] = (),
    ) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield the turns or paragraphs of a text; `given` is its date where it names none."""
        lines, styled = lines_of(paragraphs)
        order = order_of(lines, self.date_order, _usual_order(lines))
        mails = mails_in(lines, order)
        labels = [None if n in mails.lines else x for n, x in enumerate(labels_of(lines))]
        cast = find_cast(labels) if self.turns != "paragraphs" else Cast(frozenset(), ())
        heading = find_heading(lines, labels, cast, order, dated=given is not None)
        moment = heading.moment or given
        told = moment or year_told([thread, *lines[:TITLE_LINES]])
        turns = frozenset(n for n, label in enumerate(labels) if _is_turn(label, cast))
        entries = entries_in(lines, order, told, styled, turns | mails.lines)
        moment, entries = _asked(lines, order, heading, moment, entries)
        begins = entries.begins | mails.begins
        if cast.labels:  # several interviews in a file, each under its date
            begins = {n: e for n, e in begins.items() if e.style in ("alone", "heads")}
        facts = entries.facts if begins else frozenset()
        skipped = _left_out(lines, heading.lines | facts | mails.lines, begins, turns)
        above = preamble(lines, _first_turn(labels, cast, heading), bool(cast.labels))
        skipped |= above.lines - begins.keys()
        programs = {n for n, line in enumerate(lines) if _BY_PROGRAM.fullmatch(line.strip())}
        if programs - skipped:
            yield Skipped("line of a program", len(programs - skipped))
        if skipped:
            yield Skipped("heading line", len(skipped))
        yield from _not_sure(entries, () if cast.labels else _lost(lines, skipped, entries, order))
        if cast.labels:
            skipped |= programs
            said = list(_turns(lines, labels, skipped, cast, begins, moment))
        else:
            hours = noted_by_hour(lines)
            said = list(_paragraphs(paragraphs, skipped, begins, hours, moment))
        writers = (entry.label for entry in begins.values())
        yield from documents(
            file,
            thread,
            said,
            (*cast.names, *heading.names, *above.people, *mails.names, *writers, *people),
        )

    def _given(self, path: File, order: str) -> Moment | None:
        """Return the date from the file's name or else from the parameter."""
        return date_in_name(path.stem, order) or (
            read_date(self.date, order) if self.date else None
        )


def documents(
    file: str, thread: str, turns: Iterable[Turn], names: Iterable[str]
) -> Iterator[RawDocument | Issue]:
    """Yield turns as raw documents, every person's name given with each of them."""
    people = tuple(dict.fromkeys(name for name in names if name))
    undated = 0
    for number, turn in enumerate(turns, 1):
        undated += turn.moment is None
        yield RawDocument(
            file=file,
            record=number,
            text=turn.text,
            time=turn.moment.time if turn.moment else None,
            precision=turn.moment.precision if turn.moment else "day",
            chat=thread,
            message=str(number),
            # the same label or first name in another interview is another person
            author=f"{thread}: {turn.label}" if turn.label else None,
            names=people,
            position=number - 1,
        )
    if undated:
        yield Issue(
            "no date",
            1,
            field="date",
            hint='write "Date : 12 mars 2025" at the top, put it in the name of the file, or add '
            'date = "2025-03-12" under [parameters] in the source description',
            level="warning",
        )


def lines_of(paragraphs: list[str]) -> tuple[list[str], frozenset[int]]:
    """Return the lines of paragraphs that are not empty, and the numbers of those in headings."""
    lines, styled = list[str](), set[int]()
    for paragraph in paragraphs:
        for line in filter(str.strip, paragraph.split("\n")):
            if isinstance(paragraph, Headline):
                styled.add(len(lines))
            lines.append(line)
    return lines, frozenset(styled)


def _asked(
    lines: list[str], order: str, heading: Heading, moment: Moment | None, entries: Entries
) -> tuple[Moment | None, Entries]:
    """Return the day of a text without entries, and what to ask where a sentence alone tells it."""
    if entries.begins:
        return moment, entries
    told = set(entries.doubtful)
    if moment is None and (signed := signed_on(lines, order)):
        moment = signed.moment
        told |= {signed.number} if signed.number >= TITLE_LINES else set()
    elif moment and heading.is_told:
        told.update(days_told(lines, order, moment))
    return moment, entries._replace(doubtful=tuple(sorted(told)))


def _left_out(
    lines: list[str], skipped: frozenset[int], begins: Mapping[int, Entry], turns: frozenset[int]
) -> frozenset[int]:
    """Return the lines that say nothing but what they head: facts, titles, rules, dates."""
    parts = (n for n, entry in begins.items() if entry.style != "chat")
    skipped |= _above(lines, min([*turns, *parts], default=0))
    skipped |= {n for n, line in enumerate(lines) if RULE.fullmatch(line)}
    skipped -= {n for n, entry in begins.items() if entry.rest}
    return skipped | {n for n, entry in begins.items() if not entry.rest}


def _above(lines: list[str], first: int) -> frozenset[int]:
    """Return the lines above the first turn or entry, where they are no more than a title."""
    return frozenset(range(first)) if _is_title(lines[:first]) else frozenset()


def _lost(lines: list[str], skipped: frozenset[int], entries: Entries, order: str) -> Iterator[int]:
    """Yield the lines of a title whose day is that of no entry: they are not read, and told."""
    days = {entry.moment.time for entry in entries.begins.values() if entry.moment}
    for number in sorted(skipped - set(entries.begins) - entries.facts):
        moment = day_inside(lines[number], order) if entries.begins else None
        if moment and moment.precision == "day" and moment.time not in days:
            yield number


def _not_sure(entries: Entries, lost: Iterable[int]) -> Iterator[Issue]:
    """Yield what to ask where the dates of a text do not say what begins, or when it was."""
    for number in sorted({*entries.doubtful, *lost}):
        yield Issue(
            "date inside a text",
            number + 1,
            hint="the line begins with a date, and is read as part of the entry above; if "
            "it begins one, write its date on a line of its own",
            level="warning",
        )
    if entries.yearless:
        yield Issue(
            "days without a year",
            entries.yearless[0] + 1,
            field="date",
            hint='nothing says the year of the days: write it at the top, or add date = "2025" '
            "under [parameters] in the source description",
            level="warning",
        )
    if entries.unordered:
        yield Issue(
            "order of day and month not shown",
            entries.unordered[0] + 1,
            field="date",
            hint='nothing says whether the day or the month comes first: add date_order = "dmy" '
            'or "mdy" under [parameters] in the source description',
            level="warning",
        )


def _is_title(lines: list[str]) -> bool:
    """Say whether the lines above the first entry of a notebook are no more than its title."""
    return len(lines) <= TITLE_LINES and all(
        len(line) <= TITLE and line.strip()[-1] not in ".!?…" and not is_spoken(line)
        for line in lines
    )


def _is_spoken(line: str) -> bool:
    """Say whether a short line is what somebody says: nobody writes a title so."""
    bare = line.strip(" \t#*_–—-•")
    file = re.search(r"\.\w{2,4}$", bare)
    return (bare[:1].islower() and not file) or is_spoken(bare)


class Heading(NamedTuple):
    """What stands above an interview: line numbers that are no content, its date, names."""

    lines: frozenset[int]
    moment: Moment | None
    names: tuple[str, ...]
    is_told: bool = False  # the date is of a line that goes on after it


def find_heading(
    lines: list[str], labels: list[Labelled], cast: Cast, order: str, *, dated: bool = False
) -> Heading:
    """Read the lines at the top that say when, where and who.

    A date in what somebody tells is that of the text only if nothing else (`dated`) says another.
    """
    taken: set[int] = set()
    moment: Moment | None = None
    names: list[str] = []
    is_told = False
    counts = Counter(folded(turn[0]) for turn in labels if turn)
    for number, line in enumerate(lines[:HEADING_WITHIN]):
        turn = labels[number]
        label = folded(turn[0]) if turn else ""
        after = next((folded(label[0]) for label in labels[number + 1 :] if label), "")
        alone = counts[label] == 1 or after == label  # nobody speaks twice in a row
        if present := who_took_part(turn):
            names += present
            taken.add(number)
        elif turn and is_role(turn[0]) and _is_introduction(turn[1], alone, bool(taken)):
            names.append(turn[1])  # "Enquêteur : Paul Martin" names a person and says nothing
            taken.add(number)
        elif turn and label in cast.labels:
            break
        elif turn and is_heading(turn[0]) and len(turn[1].split()) <= 8:
            key = label.split("_")[0]
            dated_key = (key in keys("keys") or is_session(turn[0])) and not is_other(turn[0])
            found = day_inside(turn[1], order) if dated_key else None
            moment = moment or found
            if found or dated_key or key in keys("facts"):
                taken.add(number)
        elif len(line) <= 120 and (found := _dated_line(line, order)):
            if _is_told(line) and (dated or not begins_with_day(line)):
                continue
            is_told = begins_with_day(line) if moment is None else is_told
            moment = moment or found
            if is_alone(line, order):
                break  # a notebook's first day: its heading is read with the notes
            if number < TITLE_LINES and number + 1 < len(lines) and _is_dated_title(line):
                taken.add(number)
    return Heading(frozenset(taken), moment, tuple(names), is_told)


def _is_told(line: str) -> bool:
    """Say whether a line is a sentence, in which a date may be any."""
    bare = line.strip(" \t#*_")
    return bare[-1:] in tuple(".!?…") and len(bare.split()) > TOLD and not is_session(bare)


def _is_dated_title(line: str) -> bool:
    """Say whether a line with a date is no more than a title: "Maraude du 12 mars 2026, gare"."""
    bare = line.strip(" \t#*_")
    title = len(bare) <= TITLE and bare[-1:] not in tuple(".!?…,;:")
    return title and is_session(bare) and not _is_spoken(bare)


def _is_introduction(value: str, alone: bool, after_facts: bool) -> bool:
    """Tell "Enquêteur : Paul Martin" from what an interviewer says."""
    if not is_name_like(value) or value.endswith((".", "!", "?", "…")):
        return False
    return len(value.split()) >= 2 or (after_facts and alone)


def _dated_line(line: str, order: str) -> Moment | None:
    """Return the date of a line that is one, or that says of what it is the date."""
    if listed("told").search(folds := fold(line)) or (_is_signed(folds) and not is_session(line)):
        return None
    for said in said_in(line, order):
        moment = settled(said, None) if said.year and said.kind != "year" else None
        led = line[said.start].isalpha() or said.weekday >= 0 or said.last[2]
        alone = len(line.strip(" .:-#*")) == said.stop - said.start
        if moment and (led or alone or listed("sessions").search(folds)):
            return moment
    return None


class Signed(NamedTuple):
    """The line in which somebody signs, and its day."""

    number: int
    moment: Moment


def signed_on(lines: list[str], order: str) -> Signed | None:
    """Return the day on which a text was signed, for one that has no other."""
    for number, line in enumerate(lines):
        if len(line) <= 120 and _is_signed(fold(line)) and (day := day_inside(line, order)):
            return Signed(number, day)
    return None


def _is_signed(folds: str) -> bool:
    return listed("signed").search(folds) is not None


def date_in_name(stem: str, order: str) -> Moment | None:
    """Find the date in a file's name: entretien_2025-03-12, 20250312_notes, mars 2025."""
    written = r"(?<!\d)(?:19|20)\d{6}(?!\d)", r"(?<!\d)(?:19|20)\d\d([-_.])\d\d\1\d\d(?!\d)"
    for found in (re.search(pattern, stem) for pattern in written):
        if found and (moment := read_date(re.sub(r"[_.]", "-", found.group()))):
            return moment
    spaced = re.sub(r"(?<=\d)_(?=\d)", "-", stem).replace("_", " ")
    apart = re.sub(r"(?<=\D)-|-(?=\D)", " ", spaced)
    moment = day_inside(spaced, order) or day_inside(apart, order)
    # S11 in a name is a number of something, semaine 11 a week
    is_week = (
        moment is not None and moment.precision == "week" and re.search(r"(?i)\b[sw]\d", apart)
    )
    return None if is_week else moment


def _usual_order(lines: list[str]) -> str:
    """Return dmy for languages that write so, mdy never: English is written in both orders."""
    text = fold("\n".join(lines[:500]))
    found = {words: len(listed(words).findall(text)) for words in ("day-first", "month-first")}
    return "dmy" if found["day-first"] > found["month-first"] else ""


def _first_turn(labels: list[Labelled], cast: Cast, heading: Heading) -> int:
    """Return the line of the first turn of who speaks again; others may be introduced above."""
    turns = [n for n, x in enumerate(labels) if _is_turn(x, cast) and n not in heading.lines]
    said = Counter(folded(x[0]) for x in labels if x)
    again = [n for n in turns if (x := labels[n]) and said[folded(x[0])] > 1]
    return min(again or turns, default=0)


def _is_turn(label: Labelled, cast: Cast) -> bool:
    return label is not None and folded(label[0]) in cast.labels


def _turns(
    lines: list[str],
    labels: list[Labelled],
    heading: frozenset[int],
    cast: Cast,
    begins: Mapping[int, Entry],
    moment: Moment | None,
) -> Iterator[Turn]:
    label, said = "", list[str]()
    for number, line in enumerate(lines):
        if number in begins:
            if said:
                yield Turn(label, "\n".join(said), moment)
            label, said, moment = "", [], begins[number].moment
        if number in heading:
            continue
        found = labels[number]
        if found and _is_turn(found, cast):
            if said:
                yield Turn(label, "\n".join(said), moment)
            label, said = found[0], []
            line = found[1]
        elif sum(map(len, said)) > TURN:
            yield Turn(label, "\n".join(said), moment)
            said = []
        if text := without_stamps(line):
            said.append(text)
    if said:
        yield Turn(label, "\n".join(said), moment)


def _paragraphs(
    paragraphs: list[str],
    skipped: frozenset[int],
    begins: Mapping[int, Entry],
    hours: frozenset[int],
    moment: Moment | None,
) -> Iterator[Turn]:
    messages = all(entry.style == "chat" for entry in begins.values())
    messages = messages and skipped.issuperset(range(min(begins, default=0)))
    number, label, day = -1, "", moment
    for paragraph in paragraphs:
        kept: list[str] = []
        if label and not messages:
            label, moment = "", day  # under messages that were pasted the entry goes on
        for line in paragraph.split("\n"):
            if not line.strip():
                continue
            number += 1
            if entry := begins.get(number):
                if kept:
                    yield Turn(label, "\n".join(kept), moment)
                label, moment = entry.label, entry.moment
                day = day if label else moment
                kept = [entry.rest] if entry.rest else []
            elif number not in skipped:
                if kept and number in hours:
                    yield Turn(label, "\n".join(kept), moment)
                    kept = []
                kept.append(line.strip())
        if kept:
            yield Turn(label, "\n".join(kept), moment)


# --- subtitles ----------------------------------------------------------------------------------


def subtitle_kind(path: File) -> str | None:
    """Recognise VTT, SRT, and the JSON and TSV of Whisper by content."""
    text = sniffed(head(path, 4096)).lstrip("\ufeff")
    if text.startswith("{") and _spoken_in(shape_of(path)):
        return "json"
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        return "vtt"
    if text.startswith(HEARD):
        return "tsv"
    return "srt" if _SRT.match(re.sub(r"\r\n?", "\n", text)) else None


class Cue(NamedTuple):
    """What one person says in a subtitle: who if the file says so, start and stop in seconds."""

    number: int
    voice: str
    text: str
    start: float
    stop: float
    alone: bool = False  # beside words of somebody else, and nothing says who


_VOICE = re.compile(r"<v(?:\.[^\s>]{1,40})*(?:[ \t]+([^>\n]{1,200}))?>|(</v>)")
_TAG = re.compile(r"<[^>\n]{1,80}>|\{\\[^}\n]{1,40}\}")
_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")
_NO_GAP = re.compile(r"\n+(?=\d+[ \t]*\n\d{1,2}:\d{2}(?::\d{2})?[,.]\d{1,3}[ \t]*-->)")


def _spoken_in(shape: Shape) -> str:
    """Return the key of a Whisper file under which its pieces stand, "" where it is none."""
    if "text" in (piece := shape.at("transcription.item")) and {"offsets", "timestamps"} & piece:
        return "transcription"
    return "segments" if {"text", "start", "end"} <= shape.at("segments.item") else ""


def _heard(path: File) -> Iterator[Cue]:
    """Yield the pieces of a Whisper file, with their speakers where it tells them."""
    shape = shape_of(path)
    key = _spoken_in(shape)
    told_apart = "speaker" in shape.at(f"{key}.item")
    for number, found in records_of(path, f"{key}.item"):
        piece = found if isinstance(found, dict) else {}
        offsets = piece.get("offsets") or {}
        start, stop = piece.get("start"), piece.get("end")
        if offsets:
            start, stop = offsets.get("from", 0) / 1000, offsets.get("to", 0) / 1000
        text = str(piece.get("text") or "").strip()
        speaker = str(piece.get("speaker") or "")
        nobody = told_apart and not speaker
        yield Cue(number, speaker, text, float(start or 0), float(stop or 0), nobody)


def _pieces(text: str, kind: str) -> int:
    """Return how many cues a text must hold: lines with times, or rows under the header."""
    rows = text.split("\n")[1:] if kind == "tsv" else ()
    return sum(bool(row.strip()) for row in rows) or text.count("-->")


def _heard_in_rows(text: str) -> Iterator[Cue]:
    """Yield the pieces of Whisper's TSV: start and end in milliseconds, and the words."""
    for number, line in enumerate(text.split("\n")[1:]):
        start, _, rest = line.partition("\t")
        stop, _, words = rest.partition("\t")
        if start.isdecimal() and stop.isdecimal():
            yield Cue(number, "", words.strip(), int(start) / 1000, int(stop) / 1000)


def _cues(text: str, kind: str) -> Iterator[Cue]:
    """Yield what is said in each cue; cues without words or an empty line between them are cues."""
    if kind == "tsv":
        yield from _heard_in_rows(text)
        return
    text = _NO_GAP.sub("\n\n", re.sub(r"\r\n?", "\n", text))
    with foreign(f"{kind.upper()} file"):
        if kind == "vtt":
            import webvtt

            captions = quietly(lambda: webvtt.from_buffer(io.StringIO(text)).captions)
            for number, caption in enumerate(captions):
                start, stop = float(caption.start_in_seconds), float(caption.end_in_seconds)
                yield from _voices(number, caption.raw_text, start, stop)
        else:
            import srt

            for number, cue in enumerate(srt.parse(text, ignore_errors=True)):
                start, stop = cue.start.total_seconds(), cue.end.total_seconds()
                yield from _voices(number, cue.content, start, stop)


def _voices(number: int, content: str, start: float, stop: float) -> Iterator[Cue]:
    """Part a cue at the tags of voices, and at dashes where each line begins with one."""
    pieces = _VOICE.split(content)
    voice, parts = "", [("", pieces[0])]
    for name, closed, words in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        voice = "" if closed else (name or "").strip()
        parts.append((voice, words))
    spoken = [(voice, unescape(_TAG.sub("", words)).strip()) for voice, words in parts]
    spoken = [part for part in spoken if part[1]] or spoken[:1]
    for voice, words in spoken:
        lines = [line for line in words.split("\n") if line.strip()]
        if not voice and len(lines) > 1 and all(map(_DASH.match, lines)):
            for line in lines:
                yield Cue(number, "", _DASH.sub("", line, count=1), start, stop, True)
        else:
            yield Cue(number, voice, words, start, stop)


def _once(cues: list[Cue]) -> list[Cue]:
    """Return cues of rolling captions with each line once; others as they are.

    Automatic captions show each line again while the next one grows under it.
    """
    kept: list[Cue] = []
    again = most = 0  # cues that begin as the one before ended, and words of those at most
    shown: list[str] = []
    for cue in cues:
        lines = [" ".join(line.split()) for line in cue.text.split("\n") if line.strip()]
        size = next(
            (n for n in range(min(len(shown), len(lines)), 0, -1) if shown[-n:] == lines[:n]), 0
        )
        new = lines[size:]
        most = max(most, sum(len(line.split()) for line in lines[:size]))
        if kept and not size and new and shown and new[0].startswith(f"{shown[-1]} "):
            new[0] = new[0].removeprefix(shown[-1]).strip()
            size, most = 1, max(most, len(shown[-1].split()))
        again += bool(size)
        if lines:
            shown = lines
        if new:
            kept.append(cue._replace(text="\n".join(new)))
    spoken = sum(bool(cue.text.strip()) for cue in cues)
    # who says "non" three times says it three times
    return kept if again >= 2 and 3 * again >= spoken and most >= GROWN else cues


def _spoken(cues: list[Cue], cast: Cast) -> Iterator[tuple[str, str]]:
    """Join cues: those of one speaker, or without speakers those of one stretch of speech."""
    label, said, stopped = "", list[str](), 0.0
    apart = False
    has_speakers = bool(cast.labels) or any(cue.voice for cue in cues)
    for _, voice, text, start, stop, alone in cues:
        pieces = [line for line in text.split("\n") if line.strip()]
        for piece in pieces:
            found = label_of(piece)
            speaker = voice
            if found and folded(found[0]) in cast.labels:
                speaker, piece = found
            elif not voice:
                speaker = label if has_speakers and not alone else ""
            size = sum(map(len, said))
            ended = (
                size > TURN
                if has_speakers
                else start - stopped > PAUSE or (size > 400 and said[-1].endswith((".", "?", "!")))
            )
            if said and (speaker != label or ended or alone or apart):
                yield label, " ".join(said)
                said = []
            label, apart = speaker, alone
            said.append(piece.strip())
            stopped = stop
    if said:
        yield label, " ".join(said)


def is_dialogue_pdf(path: File) -> bool:
    """Say whether a PDF's first pages are turns of speakers."""
    try:
        first = pdf_paragraphs(path, pages=4)
    except ImporterError:
        return False
    lines = [line for paragraph in first for line in paragraph.split("\n") if line.strip()]
    return bool(find_cast(labels_of(lines)).labels)

"""Interviews, group discussions and field notes, by turns of speakers or by paragraphs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar

from fanal.importers.base import File, Importer, Issue, RawDocument, Skipped
from fanal.importers.reading.dated import day_inside
from fanal.importers.reading.dates import DateColumn, Moment, read_date
from fanal.importers.reading.entries import (
    RULE,
    Entries,
    Entry,
    days_told,
    entries_in,
    noted_by_hour,
    order_of,
    period_told,
)
from fanal.importers.reading.mails import mails_in
from fanal.importers.reading.openings import (
    TITLE_LINES,
    Heading,
    closing_line,
    date_in_name,
    find_heading,
    is_title,
    signed_on,
    usual_order,
)
from fanal.importers.reading.preambles import preamble
from fanal.importers.reading.prose import by_words
from fanal.importers.reading.recordings import recording_in
from fanal.importers.reading.rows import kind_of as table_kind
from fanal.importers.reading.rows import left_out as sheet_left_out
from fanal.importers.reading.sounds import is_sound
from fanal.importers.reading.speakers import Cast, Labelled, find_cast, is_role, labels_of
from fanal.importers.reading.spoken_tables import Spoken, spoken_tables, turns_in
from fanal.importers.reading.subtitles import cues_of, labels_in, spoken, subtitle_kind
from fanal.importers.reading.turns import (
    Turn,
    first_turn,
    is_turn,
    lines_of,
    paragraphs_of,
    turns_of,
)
from fanal.importers.reading.writings import (
    front_of,
    is_dialogue,
    kind_of,
    left_out,
    paragraphs_in,
)


@dataclass(frozen=True)
class Transcripts(Importer):
    """Reads interviews and notes: TXT, DOCX, ODT, RTF, PDF, HTML, VTT, SRT, OTR, Whisper's files.

    Use it for what people say and write down: interviews, focus groups, field notes, minutes. A
    document is a turn of a speaker or, where there are no speakers, a paragraph; the thread is the
    file. A table in which people speak in turn is a transcript too, where it is of an interview or
    of notes. Speakers are found by labels at line starts (`Karim :`, `#Karim:`, `[12:40] Q:`,
    `Speaker 1  0:14`, a table of two columns); headings of notes (`Prix : 20 €`) are not speakers.
    Names of speakers, and those in the lines at the top, are given to the door.

    The day comes from the top ("Date : 12 mars 2025"), else from the file name, else from `date`; a
    sentence that begins with one gives it only where nothing else does. A night is of the day on
    which it began. The one year of the name or title is that of days without one.
    Dates inside a text are boundaries, in the languages of western Europe. A line that is only a
    date (`Date : 19 mars 2025`, `## 2. April`, `Mon 30th`, `KW 14`, `Nuit du 20 au 21 mars`), a
    heading with one (`Entretien 2 – 19 mars 2025`), the day of a row in a table of notes begin a
    new part; lines that begin with a date (`19/03/2025 : maraude`) do where the whole text makes
    sense cut at all that have that form: they go one way in time, no title says that they are of
    what is planned or long past, no line is only a date. What may begin a part and is not taken for
    one is told. A day without a year is the nearest to the one before, the first of the year
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
    Comments, page headers, words that were struck out and pictures are not read, nor lines that
    only note a sound, as "(rires)". Time stamps within the recording are dropped. A scan needs text
    recognition first. At most 8 MiB of text or 200,000 lines a file.
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
        if kind in ("pdf", "html"):
            return is_dialogue(path)
        return kind in ("docx", "odt", "rtf", "otr", "vtt", "srt", "tsv", "json", "printed")

    def extract(self, path: File) -> Iterator[RawDocument | Issue | Skipped]:
        order = DateColumn(self.date_order).order
        kind = subtitle_kind(path)
        if kind:
            cues, lost = cues_of(path, kind)
            if lost:
                yield Issue(
                    "cue not readable",
                    1,
                    hint=f"{lost} lines with times are damaged",
                    level="warning",
                )
            heard = [cue for cue in cues if not is_sound(cue.text)]
            if len(heard) < len(cues):
                yield Skipped("note of a sound", len(cues) - len(heard))
            cues = heard
            cast = find_cast(labels_in(cues))
            moment = self._given(path, order)
            turns = [Turn(label, text, moment) for label, text in spoken(cues, cast)]
            voices = {cue.voice for cue in cues if cue.voice and not is_role(cue.voice)}
            yield from documents(path.name, path.stem, turns, (*cast.names, *sorted(voices)))
            return
        tabled, others = spoken_tables(path)
        if tabled:
            yield from self._tabled(path, tabled, order)
            for page in others:
                yield from sheet_left_out(page)
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
        order = order_of(lines, self.date_order, usual_order(lines))
        mails = mails_in(lines, order)
        recording = recording_in(lines)
        programs = recording.lines
        unsaid = mails.lines | programs
        labels = [None if n in unsaid else x for n, x in enumerate(labels_of(lines))]
        spoken = self.turns != "paragraphs"
        cast = find_cast(labels, recording.labels) if spoken else Cast(frozenset(), ())
        heading = find_heading(lines, labels, cast, order, dated=given is not None)
        recorded = (date_in_name(lines[n], order) for n in sorted(programs))
        moment = heading.moment or given or next(filter(None, recorded), None)
        told = moment or period_told([thread, *lines[:TITLE_LINES]], order)
        turns = frozenset(n for n, label in enumerate(labels) if is_turn(label, cast))
        entries = entries_in(lines, order, told, styled, turns | unsaid)
        moment, entries = _asked(lines, order, heading, moment, entries)
        begins = entries.begins | mails.begins
        if cast.labels:  # several interviews in a file, each under its date
            begins = {n: e for n, e in begins.items() if e.style in ("alone", "heads")}
            entries = entries._replace(doubtful=())  # days of which somebody tells
        facts = entries.facts if begins else frozenset()
        skipped = _left_out(lines, heading.lines | facts | mails.lines, begins, turns)
        above = preamble(lines, first_turn(labels, cast, heading.lines), bool(cast.labels))
        skipped |= above.lines - begins.keys()
        last = closing_line(lines, order) if cast.labels else None
        skipped |= {last} - begins.keys() if last is not None else frozenset()
        sounds = _sounds(lines, labels, turns) - skipped
        yield from _counted({
            "line of a program": programs - skipped,
            "heading line": skipped,
            "note of a sound": sounds,
        })  # fmt: skip
        yield from _not_sure(entries, () if cast.labels else _lost(lines, skipped, entries, order))
        skipped |= programs | sounds - turns
        if cast.labels:
            said = list(turns_of(lines, labels, skipped, cast, begins, moment))
        else:
            hours = noted_by_hour(lines)
            said = list(paragraphs_of(paragraphs, skipped, begins, hours, moment))
        writers = (entry.label for entry in begins.values())
        yield from documents(
            file,
            thread,
            said,
            (
                *cast.names,
                *heading.names,
                *above.people,
                *mails.names,
                *writers,
                *people,
                *recording.people,
            ),
        )

    def _tabled(
        self, path: File, tabled: list[Spoken], order: str
    ) -> Iterator[RawDocument | Issue | Skipped]:
        """Yield the turns of sheets in which people speak."""
        found = [each for page in tabled for each in turns_in(page)]
        moment = self._given(path, order)
        turns = [each._replace(moment=moment) for each in found if isinstance(each, Turn)]
        yield from (each for each in found if not isinstance(each, Turn))
        people = sorted({turn.label for turn in turns if not is_role(turn.label)})
        yield from documents(path.name, path.stem, turns, people)

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


def _counted(left: Mapping[str, frozenset[int]]) -> Iterator[Skipped]:
    """Yield how many lines each rule leaves out."""
    yield from (Skipped(rule, len(lines)) for rule, lines in left.items() if lines)


def _sounds(lines: list[str], labels: list[Labelled], turns: frozenset[int]) -> frozenset[int]:
    """Return the lines in which nobody says a word: the whole line, or what a turn begins with."""
    said = ((n, x[1] if n in turns and (x := labels[n]) else line) for n, line in enumerate(lines))
    return frozenset(n for n, text in said if is_sound(text))


def _above(lines: list[str], first: int) -> frozenset[int]:
    """Return the lines above the first turn or entry, where they are no more than a title."""
    return frozenset(range(first)) if is_title(lines[:first]) else frozenset()


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

"""What is said in subtitles: VTT, SRT, and what Whisper writes, each line once."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from typing import NamedTuple

from fanal.importers.base import File
from fanal.importers.reading.archives import head, read_whole
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.encodings import decode
from fanal.importers.reading.foreign import foreign, quietly
from fanal.importers.reading.json_shape import Shape, records_of, shape_of
from fanal.importers.reading.rows import HEARD, sniffed
from fanal.importers.reading.speakers import Cast, Labelled, is_role, label_of
from fanal.importers.reading.turns import TURN
from fanal.importers.reading.writings import PLAIN

GROWN = 3  # words that are shown again, without which nobody's captions roll
PAUSE = 2.0  # seconds of silence that end a paragraph of subtitles without speakers

_SRT = re.compile(r"\s*\d+\s*\n\d{1,2}:\d{2}:\d{2}[,.]\d{1,3}\s*-->")
# what Whisper prints while it hears: "[00:00.000 --> 00:04.000]  …"
_PRINTED = re.compile(
    r"(?m)^\[((?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3}) --> ((?:\d{1,2}:)?\d{1,2}:\d{2}[.,]\d{1,3})\]"
    r"[ \t]*(.*(?:\n(?!\[[\d:.,]+ -->).*)*)"
)
_VOICE = re.compile(r"<v(?:\.[^\s>]{1,40})*(?:[ \t]+([^>\n]{1,200}))?>|(</v>)")
_TAG = re.compile(r"<[^>\n]{1,80}>|\{\\[^}\n]{1,40}\}")
_DASH = re.compile(r"\s*[-–—]\s*(?=\S)")
_NO_GAP = re.compile(r"\n+(?=\d+[ \t]*\n\d{1,2}:\d{2}(?::\d{2})?[,.]\d{1,3}[ \t]*-->)")


class Cue(NamedTuple):
    """What one person says in a subtitle: who if the file says so, start and stop in seconds."""

    number: int
    voice: str
    text: str
    start: float
    stop: float
    alone: bool = False  # beside words of somebody else, and nothing says who


def subtitle_kind(path: File) -> str | None:
    """Recognise VTT, SRT, and the JSON, the TSV and the print of Whisper by content."""
    text = sniffed(head(path, 4096)).lstrip("\ufeff")
    if text.startswith("{") and _spoken_in(shape_of(path)):
        return "json"
    if re.match(r"WEBVTT(?:[ \t\r\n]|$)", text):
        return "vtt"
    if text.startswith(HEARD):
        return "tsv"
    if _PRINTED.match(text.lstrip()):
        return "printed"
    return "srt" if _SRT.match(re.sub(r"\r\n?", "\n", text)) else None


def cues_of(path: File, kind: str) -> tuple[list[Cue], int]:
    """Return what is said in a file, and how many lines with times could not be read."""
    text = decode(read_whole(path, PLAIN)).lstrip("\ufeff\n ") if kind != "json" else ""
    cues = list(_cues(text, kind) if text else _heard(path))
    lost = _pieces(text, kind) - len({cue.number for cue in cues if text})
    return _once(cues), lost


def labels_in(cues: list[Cue]) -> list[Labelled]:
    """Return the labels of the lines of cues, None for a line that has none.

    A word with a colon inside what somebody says is no label where it comes once and is no role:
    below the first line of a cue, and wherever the file itself says whose voice it is.
    """
    found = [
        (label_of(line), bool(at or cue.voice))
        for cue in cues for at, line in enumerate(filter(str.strip, cue.text.split("\n")))
    ]  # fmt: skip
    counts = Counter(folded(label[0]) for label, _ in found if label)
    once = {name for name, count in counts.items() if count == 1}
    return [
        None if label and inside and folded(label[0]) in once and not is_role(label[0]) else label
        for label, inside in found
    ]


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


def _heard_in_print(text: str) -> Iterator[Cue]:
    """Yield the pieces that Whisper prints, each under its times."""
    for number, found in enumerate(_PRINTED.finditer(re.sub(r"\r\n?", "\n", text))):
        start, stop = (_seconds(found[group]) for group in (1, 2))
        yield Cue(number, "", found[3].strip(), start, stop)


def _seconds(clock: str) -> float:
    """Return the seconds of "01:02:03.500" or "02:03,500"."""
    seconds = 0.0
    for part in clock.replace(",", ".").split(":"):
        seconds = 60 * seconds + float(part)
    return seconds


def _cues(text: str, kind: str) -> Iterator[Cue]:
    """Yield what is said in each cue; cues without words or an empty line between them are cues."""
    if kind == "tsv":
        yield from _heard_in_rows(text)
        return
    if kind == "printed":
        yield from _heard_in_print(text)
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


def spoken(cues: list[Cue], cast: Cast) -> Iterator[tuple[str, str]]:
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

"""What an importer hands to the door: text that may still identify someone.

Only `importers/` and `door/` may name this class. It has no Arrow schema and cannot be written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, NoReturn


class Hint(NamedTuple):
    """A span that the export itself marks as an identifier, in code points of the raw text."""

    start: int
    stop: int
    kind: str  # a class of `door.identifiers`: phone, email, handle, link, card, name, user-id, …


@dataclass(slots=True, repr=False, eq=False)
class RawDocument:
    """One unit of text before the door: never on a disk, and no content in its `repr`."""

    file: str  # name of the file while it is read; stored only keyed
    record: int  # number of the record in the file, from 1
    text: str  # as exported; "" for a post that was only a picture
    time: datetime | date | None = None  # aware if the export says the zone, else local to `zone`
    chat: str | None = None  # native id or name of the channel, interview, title
    message: str | None = None  # native id of the message within the chat; None where there is none
    author: str | None = None  # native author id, or the name where there is no id
    names: tuple[str, ...] = ()  # names of people that the record itself gives (author, speaker, …)
    hints: tuple[Hint, ...] = ()
    edited: bool = False
    forwarded_from: str | None = None  # native id or name of the channel
    media_kind: str | None = (
        None  # photo, video, voice, sticker, animation, file, contact, place, poll
    )
    media_bytes: int | None = None
    media: bytes | None = None  # a picture's bytes for the perceptual hash; never stored
    precision: str = "day"  # day, week, month, year: how fine `time` is known
    position: int | None = None  # order within the thread; None: order in the file

    def __repr__(self) -> str:
        return f"RawDocument(record {self.record})"  # a file's name may name a person

    def __reduce__(self) -> NoReturn:
        raise TypeError("a RawDocument cannot be written")

"""What an importer hands to the door: what may still identify someone.

Only `importers/` and `door/` may name these classes. None has an Arrow schema or can be written.
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
    place: str | None = None  # code of the place that the record is of: commune, département, …

    def __repr__(self) -> str:
        return f"RawDocument(record {self.record})"  # a file's name may name a person

    def __reduce__(self) -> NoReturn:
        raise TypeError("a RawDocument cannot be written")


class RawResult(NamedTuple):
    """One line of a laboratory's answer, as `fanal.records.Result` has it."""

    label: str
    substance: str | None = None
    role: str = "minor"
    amount: float | None = None
    amount_max: float | None = None
    unit: str | None = None
    uncertainty: float | None = None
    censored: bool = False
    method: str | None = None
    panel: str | None = None


@dataclass(slots=True, repr=False, eq=False)
class RawSample:
    """One sample of a drug-checking service before the door: its words may identify someone.

    Several with one reference are one sample: the first says what it was, all say what was found.
    """

    file: str  # name of the file while it is read; stored only keyed
    record: int  # number of the record in the file, from 1
    reference: str  # the service's own; "" where it gives none
    time: datetime | date | None = None
    precision: str = "unknown"
    place: str | None = None  # code: commune, département, région, country
    sold_as: str | None = None
    sold_as_label: str | None = None
    form: str | None = None
    description: str | None = None
    price: float | None = None
    currency: str | None = None
    quantity: float | None = None
    unit: str | None = None
    reason: str | None = None
    effects_sought: str | None = None
    effects_felt: str | None = None
    route: str | None = None
    results: tuple[RawResult, ...] = ()
    of_case: bool = False  # the reference is of a file about someone: it is stored keyed

    def __repr__(self) -> str:
        return f"RawSample(record {self.record})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("a RawSample cannot be written")

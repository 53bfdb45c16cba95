"""Order in time of a chat: lines that somebody pasted stand far back between two messages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from fanal.importers.base import Issue

LATE = timedelta(days=45)  # messengers keep what could not be handed over for no longer
CLOSE = timedelta(hours=2)  # clocks that are set back
MOST = 500  # lines pasted in one message


def back_in_time(count: int) -> Issue:
    """Return the issue that tells of lines which look like messages of another time."""
    hint = f"{count} lines that begin as messages do go back in time: they are read as pasted, and "
    hint += "stay in the message above"
    return Issue("lines back in time", 1, hint=hint, level="note")


def pasted_between(times: Iterable[datetime]) -> Iterator[int]:
    """Yield the numbers of the lines, from 0, that somebody pasted into a message.

    What was sent comes in the order of time, or soon after. Lines that go far back, after which
    the chat goes on where it was, are of an older chat: no message comes so late.

    >>> from datetime import datetime as at
    >>> list(pasted_between([at(2026, 3, 12), at(2024, 1, 2), at(2026, 3, 13)]))
    [1]
    """
    top: datetime | None = None
    block: list[tuple[int, datetime]] = []
    for number, time in enumerate(times):
        if top is not None and time < top - LATE:
            block.append((number, time))
            if len(block) <= MOST:
                continue
        elif top is not None and block and time >= top - CLOSE:
            latest = max(then for _, then in block)
            if time - top < top - latest:
                yield from (line for line, _ in block)
        top, block = time, []

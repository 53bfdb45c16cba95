"""What programs that transcribe write around a transcript, by which it is known as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from fanal.importers.reading.speakers import is_name_like, is_role, stamped_label

TITLE = 3  # lines at the top in which a program names the recording above its own words
_MARK = re.compile(
    r"(?i)transcribed by https?://\S+|transcri(?:t avec|bed with|biert mit) noscribe.*"
    r"|(?:fichier audio|audio source|audiodatei)\s?: .*\.\w{2,4}"
    r"|\((?:d[ée]but|start)\s?: ?[\d:.]+ \| (?:fin|stop|end|ende)\s?: ?[\d:.]+\)"
    r"|summary keywords|[a-z]{3}, [a-z]{3} \d{1,2}, \d{4} \d{1,2}:\d{2}\s?[ap]m • (?:\d+:)+\d\d"
)
_LISTS = {"summary keywords": False, "speakers": True}  # of the line below, and whether of people


class Recording(NamedTuple):
    """The lines of a program in a transcript, who they say speaks, and whose lines have a time."""

    lines: frozenset[int]
    people: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()


def recording_in(lines: Sequence[str]) -> Recording:
    """Find what a program wrote into the lines of a transcript; nothing where none did."""
    bare = [line.strip() for line in lines]
    marks = {number for number, line in enumerate(bare) if _MARK.fullmatch(line)}
    if not marks:
        return Recording(frozenset())
    people = list[str]()
    for number, line in enumerate(bare[:-1]):
        if (names := _LISTS.get(line.casefold())) is not None:
            marks |= {number, number + 1}
            people += [n for each in bare[number + 1].split(",") if is_name_like(n := each.strip())
                       and not is_role(n)] if names else []  # fmt: skip
    filled = [number for number, line in enumerate(bare) if line]
    if min(marks) in filled[1:TITLE]:
        marks |= {number for number in filled if number < min(marks)}
    labels = (label for line in bare if (label := stamped_label(line)))
    return Recording(frozenset(marks), tuple(people), frozenset(labels))

"""What transcripts and captions write of what is heard and not said: "[música]", "(rires)", "♪"."""

from __future__ import annotations

import re
from functools import cache

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.speakers import without_stamps, words_for

STEM = 5  # letters, from which what words begin with is enough
NOTED = 5  # words of a note of a sound; a longer one may be what somebody whispered
_NOTE = re.compile(r"\[([^\[\]]{1,80})\]|\(([^()]{1,80})\)|\*([^*]{1,80})\*|[♪♫🎵🎶]+[^♪♫🎵🎶]*")
_BETWEEN = " \t\n.,;…-–—>"


def is_sound(text: str) -> bool:
    """Say whether a text is nothing but notes of what was heard; words of a song are one.

    >>> is_sound("[Musique douce] ♪♪"), is_sound("(rires) Dix euros."), is_sound("(dix euros)")
    (True, False, False)
    """
    bare = without_stamps(text).strip(_BETWEEN)
    if bare[:1] not in ("[", "(", "*", "♪", "♫", "🎵", "🎶"):
        return False
    notes = list(_NOTE.finditer(bare))
    left = _NOTE.sub("", bare).strip(_BETWEEN)
    return not left and all(map(_is_heard, notes))


def _is_heard(note: re.Match[str]) -> bool:
    said = next(filter(None, note.groups()), "")
    words = folded(said).split("_")
    return not said or (len(words) <= NOTED and any(map(_sounds().match, words)))


@cache
def _sounds() -> re.Pattern[str]:
    stems = (s if len(s) >= STEM else rf"{s}\Z" for s in sorted(words_for("sounds")))
    return re.compile(rf"(?:{'|'.join(stems)})")

"""What programs that transcribe write around a transcript, by which it is known as one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from fanal.importers.reading.speakers import is_name_like, is_role, stamped_label

TITLE = 3  # lines at the top in which a program names the recording above its own words
_MARK = re.compile(
    r"(?i)transcribed by https?://\S+|transcri(?:t avec|bed with|biert mit) noscribe.*"
    r"|(?:fichier audio|audio source|audiodatei)\s?: .*\.\w{2,4}"
    r"|\((?:d[ée]but|start)\s?: ?[\d:.]+ \| (?:fin|stop|end|ende)\s?: ?[\d:.]+\)"
    r"|summary keywords|[a-z]{3}, [a-z]{3} \d{1,2}, \d{4} \d{1,2}:\d{2}\s?[ap]m • (?:\d+:)+\d\d"
)
# what Teams writes where somebody begins or ends a transcript: "Ana Vidal stopped transcription"
_SWITCHED = re.compile(
    r"(?i)(?P<who>[^\W\d_][^:.,!?\n]{1,60}?) (?:(?:started|stopped)(?: the)? transcription"
    r"|a (?:démarré|commencé|lancé|activé|arrêté|terminé|interrompu|désactivé) la transcription"
    r"|hat die transkription (?:gestartet|begonnen|beendet|gestoppt|angehalten)"
    r"|(?:ha )?(?:inició|iniciado|detuvo|detenido|finalizó|finalizado) la transcripción"
    r"|ha (?:avviato|iniziato|arrestato|interrotto|terminato) la trascrizione"
    r"|heeft de transcriptie (?:gestart|gestopt|beëindigd))"
)
_TIME = re.compile(r"\d{1,2}(?::\d{2}){1,2}")
_LISTS = {"summary keywords": False, "speakers": True}  # of the line below, and whether of people


class Recording(NamedTuple):
    """The lines of a program in a transcript, who they say speaks, and whose lines have a time."""

    lines: frozenset[int]
    people: tuple[str, ...] = ()
    labels: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Say whether it is one."""
        return bool(self.lines or self.labels)


def recording_in(lines: Sequence[str]) -> Recording:
    """Find what a program wrote into the lines of a transcript; nothing where none did."""
    bare = [line.strip() for line in lines]
    marks = {number for number, line in enumerate(bare) if _MARK.fullmatch(line)}
    stamped = [(label, line) for line in bare if (label := stamped_label(line))]
    switched = _switched_in(bare) if stamped else {}
    if not (marks or switched) and not _runs_from_nought([line for _, line in stamped]):
        return Recording(frozenset())
    people = [who for who in switched.values() if not is_role(who)]
    for number, line in enumerate(bare[:-1]):
        if (names := _LISTS.get(line.casefold())) is not None:
            marks |= {number, number + 1}
            people += [n for each in bare[number + 1].split(",") if is_name_like(n := each.strip())
                       and not is_role(n)] if names else []  # fmt: skip
    filled = [number for number, line in enumerate(bare) if line]
    if marks and min(marks) in filled[1:TITLE]:
        marks |= {number for number in filled if number < min(marks)}
    labels = frozenset(label for label, _ in stamped)
    return Recording(frozenset(marks | switched.keys()), tuple(people), labels)


def _switched_in(lines: Sequence[str]) -> dict[int, str]:
    """Return the lines in which somebody begins or ends the transcript, and who it was.

    Under the name of who speaks stands what is said.
    """
    after = {n + 1 for n, line in enumerate(lines) if stamped_label(line)}
    found = [(n, said["who"]) for n, line in enumerate(lines)
             if n not in after and (said := _SWITCHED.fullmatch(line))]  # fmt: skip
    named = ((n, re.sub(r"\s*\([^()]*\)$", "", who)) for n, who in found)
    return {n: who for n, who in named if is_name_like(who)}


def _runs_from_nought(stamped: Sequence[str]) -> bool:
    """Say whether times beside names are those of a recording: they begin at nought, and go on."""
    found = [_TIME.findall(line)[-1] for line in stamped if _TIME.search(line)]
    times = [[int(part) for part in time.split(":")] for time in found]
    seconds = [sum(part * 60**n for n, part in enumerate(reversed(time))) for time in times]
    return len(seconds) > 2 and seconds[0] < 60 and all(a < b for a, b in pairwise(seconds))

"""Whom a thread names, known once its file is read: what was admitted before is masked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fanal.door import identifiers
from fanal.door.recognisers.names.roster import Roster, Threads

Rosters = dict[bytes, Roster]  # by the stored id of a thread
Missed = Mapping[bytes, frozenset[str]]  # thread → names to look for


def sought(parts: Sequence[Rosters]) -> list[Missed]:
    """Return for each part of a file whom it was not asked for: who came late, or in another."""
    everyone: dict[bytes, frozenset[str]] = {}
    for part in parts:
        for thread, roster in part.items():
            everyone[thread] = everyone.get(thread, frozenset()) | roster.people
    nobody = Roster(frozenset())
    found: list[Missed] = []
    for part in parts:
        known = {thread: part.get(thread, nobody) for thread in everyone}
        left = {t: everyone[t] - (one.people - one.late) for t, one in known.items()}
        found.append({thread: people for thread, people in left.items() if people})
    return found


class Again:
    """Masks names of people of their thread in texts that were admitted before them."""

    def __init__(self, people: Missed, kind: str, country: str = "FR") -> None:
        """Take whom to look for in each thread of a source of a kind in a country."""
        self._kind, self._country = kind, country
        self._named = Threads(most=len(people))
        for thread, known in people.items():
            self._named.add(thread.hex(), sorted(known))
        self._threads = set(people)

    def masked(self, texts: Sequence[str], threads: Sequence[bytes]) -> dict[int, str]:
        """Return the texts that are masked further, by their place."""
        people: dict[int, list[str]] = {}
        names = [thread.hex() for thread in threads]
        for index, person in self._named.named(texts, names):
            people.setdefault(index, []).append(person)
        there = list(people)
        abroad = identifiers.spoken_abroad(texts, names, self._kind, self._country)
        screened = identifiers.screen_batch(
            [texts[index] for index in there],
            people=dict(enumerate(people.values())),
            kind=self._kind,
            abroad={place for place, index in enumerate(there) if index in abroad},
        )
        found = {there[n]: identifiers.mask(texts[there[n]], s) for n, (s, _) in screened.items()}
        return {index: text for index, text in found.items() if text != texts[index]}

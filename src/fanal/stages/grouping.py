"""From alarms to signals: one for each phenomenon, ranked, with a proposed novelty class.

Alarms of one concept belong together over sites, kinds of source and ways of counting (documents,
channels, authors), rises apart from falls, without a gap of more than `GAP`. Published figures are
apart: they join what is told of a site that lies in their area, and give it neither beginning nor
end. A level that moves
(price, purity) is told by site, where it lies past `EFFECT` in most weeks since and alarms in at
least three; sites that move within two months of each other are one signal. Then neighbours join
the strongest of them, which stands in front, where they go the same way in the same weeks and the
same place:

- a substance and its groups and class; a wider one stands in front where its alarm is a hundred
  times as rare: then the rise is spread over members;
- platforms, and the practices of channels (`supply.channel`): a move from one app to another;
- a practice and its kin under one heading, if most documents of the one carry the other;
- any two concepts that the same documents carry: half of all that carry either, or four fifths
  of those that carry the rarer; a substance that was hardly there before (a tenth of what is seen,
  at most) stands in front of how it is sold or taken, and a danger with it;
- a name that is sold for another thing, or whose content changed, with the substance of that
  name, and with what its samples held instead.

The place is the site with four fifths of the surprise, or empty where several say so. What is told
(series, count, threshold) is the strongest alarm at that place, where the strongest of all has
one of its measure there.

The score that ranks signals is
``surprise × (1 + 0.1 × periods) × (1 + 0.5 × (kinds of source − 1)) × (1 + 0.25 × (sites − 1))``,
where *surprise* is -log10 of how rarely the detector's strongest alarm would come by chance, at
most 10 (each detector's `rarity` says how its score becomes one), and *periods* are those with an
alarm, at most 10. It orders a list; it is not a probability.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from fanal.answers.behind import AlarmRow
from fanal.people.triage import SignalRow
from fanal.records import Alarm, Phenomenon, Signal, conform, table_of
from fanal.series import (
    DIMENSIONS,
    FAMILY,
    LEVELS,
    LINEAGE,
    NAMED,
    PAIR,
    concept_of,
    halves,
    name_of,
    parts_of,
    site_of,
    ties,
)
from fanal.stages.placing import FOUND, Days, Past, propose

RULES = 3  # of grouping: another number groups the past anew
GAP = {"week": timedelta(weeks=13), "month": timedelta(days=200), "year": timedelta(days=740)}
SLACK = timedelta(days=31)  # neighbours need not alarm in the very same week
TOGETHER = timedelta(weeks=8)  # levels of sites that move within this time are one movement
EFFECT = 0.10  # prices are round: a step from 50 € to 55 € is the least that is told
LASTING = {"week": 3, "month": 2, "year": 1}  # a level that moved stays there
MOST = 10.0  # beyond one in ten milliards nothing more is learnt
DOMINANT = 0.8
SETTLED = 13  # weeks of a year in which it was named, before a laboratory found it
CARRIED = pa.schema(
    [
        ("concept", pa.string()),
        ("document", pa.binary()),
        ("site", pa.string()),
        ("day", pa.date32()),
    ]
)

Row = dict[str, Any]
Series = tuple[Days, NDArray[np.float64]]
Rarity = Callable[[float, Mapping[str, Any]], float]
NONE_SAID: Mapping[str, Rarity] = {}
NOWHERE: Mapping[str, Collection[str]] = {}
NOTHING: Series = (np.array([], dtype="datetime64[D]"), np.array([]))


def _plain(concept: str) -> str:
    """Return a concept without what is said of it: `missold substance=x` is of `substance=x`."""
    return concept.split(" ", 1)[-1]


def rising(row: Row) -> bool:
    """Say whether an alarm is a rise."""
    told = json.loads(row["parameters"]).get("direction")
    return bool(told == "rise" if told else row["observed"] >= row["expected"])


def surprise(row: Row, rarities: Mapping[str, Rarity]) -> float:
    """Return -log10 of how rarely an alarm would come by chance, at most `MOST`."""
    rarity = rarities.get(row["detector"])
    score: float = row["score"]
    return min(MOST, rarity(score, json.loads(row["parameters"])) if rarity else score)


def _strength(row: Row) -> tuple[float, float, date]:
    return row["surprise"], row["score"], row["period"]


@dataclass(slots=True)
class Episode:
    """Alarms of one concept without a long gap, all rises or all falls."""

    concept: str
    rises: bool
    rows: list[Row]
    first: date = field(init=False)
    last: date = field(init=False)
    strongest: Row = field(init=False)
    sites: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.first, self.last = self.rows[0]["period"], self.rows[-1]["period"]
        self.strongest = max(self.rows, key=_strength)
        self.sites = {site_of(row["series"]) for row in self.rows} - {""}

    @property
    def measure(self) -> str:
        """Return the measure of the strongest alarm."""
        return parts_of(self.strongest["series"])[0]

    @property
    def published(self) -> bool:
        """Say whether it is of figures that somebody published."""
        return self.measure == "indicator"

    @property
    def pooled(self) -> bool:
        """Say whether it is a level over sites: the site that moves tells it better."""
        return self.measure in LEVELS and not self.sites

    @property
    def stands_first(self) -> bool:
        """Say whether it is a danger, or a substance that was hardly there before: told first."""
        if self.measure == "danger":
            return True
        of_substance = self.concept.startswith(("substance=", "group=", "class="))
        return of_substance and 10 * self.strongest["expected"] <= self.strongest["observed"]

    @property
    def breadth(self) -> int:
        """Return how wide the concept is: a class is wider than a group."""
        return {"group": 1, "class": 2}.get(self.concept.split("=")[0], 0)


def group(
    alarms: pa.Table,
    points: pa.Table,
    previous: pa.Table,
    key: Callable[[str], bytes],
    *,
    wider: pa.Table | None = None,
    carried: pa.Table | None = None,
    told: Sequence[Phenomenon] = (),
    rarities: Mapping[str, Rarity] = NONE_SAID,
    areas: Mapping[str, Collection[str]] = NOWHERE,
) -> tuple[pa.Table, pa.Table]:
    """Group alarms into signals (`Alarm`, `Point`, earlier `Signal` → `Signal`, `Alarm`).

    `key` makes a keyed id of a text. A group that overlaps an earlier signal of one of its
    concepts keeps that signal's id, so that decisions stay with what they were about. The alarms
    come back with the signal that each belongs to; a level that moved too little has none.
    `wider` is the `lineage` of substances, `carried` which documents carry what (`CARRIED`),
    `told` what was said of phenomena in earlier years, `rarities` how each detector's score tells
    how rare an alarm is: without one, as -log10 of it. `areas` are those that each site lies in.
    """
    rows = [row | {"surprise": surprise(row, rarities)} for row in alarms.to_pylist()]
    levels = [row for row in rows if parts_of(row["series"])[0] in LEVELS]
    counts = [row for row in rows if parts_of(row["series"])[0] not in LEVELS]
    moved = _moved(levels, _series(points, {row["series"] for row in levels}))
    kin = _Kin(LINEAGE.empty_table() if wider is None else wider, carried, areas)
    groups = _gather(_episodes([*counts, *moved]), kin)
    past = _Pasts(points, [members[0] for members in groups], told)
    earlier = previous.to_pylist()
    signals: list[Signal] = []
    linked: list[Row] = []
    for members in groups:
        signal = _signal(members, past, earlier, key)
        signals.append(signal)
        linked += [row | {"signal": signal.id} for e in members for row in e.rows]
    told_of = {_which(row) for row in linked}
    linked += [row | {"signal": None} for row in rows if _which(row) not in told_of]
    signals.sort(key=lambda s: (-s.score, s.concept, s.first, s.place))
    linked.sort(key=lambda r: (r["series"], r["period"], r["detector"]))
    table = pa.Table.from_pylist(linked, schema=alarms.schema) if linked else alarms.slice(0, 0)
    return table_of(signals, Signal), conform(table, Alarm)


def _which(row: Row) -> tuple[str, date, str]:
    return row["series"], row["period"], row["detector"]


def _episodes(rows: Iterable[Row]) -> list[Episode]:
    """Return the alarms of each concept and direction, without gaps.

    Levels are apart by site, and published figures from what is counted here.
    """
    found: dict[tuple[str, bool, str], list[Row]] = defaultdict(list)
    for row in rows:
        series = row["series"]
        measure = parts_of(series)[0]
        apart = site_of(series) if measure in LEVELS else "indicator" * _published(series)
        found[concept_of(series), rising(row), apart].append(row)
    return [
        Episode(concept, rises, run)
        for (concept, rises, _), same in sorted(found.items(), key=lambda pair: pair[0])
        for run in _runs(same)
    ]


def _published(series: str) -> bool:
    return parts_of(series)[0] == "indicator"


def _moved(alarms: Sequence[Row], levels: Mapping[str, Series]) -> list[Row]:
    """Return the alarms of levels that stay away: past `EFFECT` in most of what was read since.

    One odd price in a thin week raises a sum for months; the weeks after it tell that nothing
    moved. A level that came back counts as long as it was away.
    """
    kept: list[Row] = []
    by_series: dict[str, list[Row]] = defaultdict(list)
    for row in alarms:
        by_series[row["series"]].append(row)
    for series, rows in by_series.items():
        when, values = levels[series]
        for way in (True, False):
            mine = [row for row in rows if rising(row) == way]
            for run in _runs(mine):
                during = values[(when >= _day(run[0])) & (when <= _day(run[-1]))]
                far = [_effect(row["observed"], row["expected"], way) for row in run]
                usual = float(np.median([row["expected"] for row in run]))
                away = np.array([_effect(value, usual, way) for value in during])
                if len(run) >= LASTING[run[0]["step"]] and np.median(away) >= EFFECT - 1e-9:
                    kept += [r for r, f in zip(run, far, strict=True) if f >= EFFECT - 1e-9]
    return kept


def _effect(observed: float, expected: float, rises: bool) -> float:
    return (observed / expected - 1) * (1 if rises else -1)


def _day(row: Row) -> np.datetime64:
    return np.datetime64(row["period"], "D")


def _runs(rows: Iterable[Row]) -> list[list[Row]]:
    """Return alarms in time, cut where a gap is too long for one signal."""
    runs: list[list[Row]] = []
    for row in sorted(rows, key=lambda r: (r["period"], r["series"])):
        if not runs or row["period"] - runs[-1][-1]["period"] > GAP[row["step"]]:
            runs.append([])
        runs[-1].append(row)
    return runs


def _series(points: pa.Table, wanted: Iterable[str]) -> dict[str, Series]:
    """Return periods and values of these series, where a value is known."""
    names = np.array(points.column("series").to_pylist(), dtype=object)
    mask = pa.array(np.isin(names, list(wanted)), pa.bool_())
    found: dict[str, tuple[list[date], list[float]]] = {}
    for row in points.filter(mask).select(["series", "period", "value"]).to_pylist():
        if row["value"] is not None:
            periods, values = found.setdefault(row["series"], ([], []))
            periods.append(row["period"])
            values.append(row["value"])
    return {
        name: (np.array(periods, dtype="datetime64[D]"), np.array(values))
        for name, (periods, values) in found.items()
    }


def _gather(episodes: list[Episode], kin: _Kin) -> list[list[Episode]]:
    """Return the episodes that belong together, the one that stands in front first.

    Each joins the strongest that it is kin to, and nothing joins through it: else a class would
    tie together members that have nothing to do with each other.
    """
    groups: list[list[Episode]] = []
    for episode in sorted(episodes, key=_rank):
        host = next((members for members in groups if kin(members[0], episode)), None)
        if host is None:
            groups.append([episode])
        else:
            host.append(episode)
    for members in groups:
        members.sort(
            key=lambda e: (
                e.pooled,
                e.measure in NAMED,
                not e.stands_first,
                2 * e.breadth - e.strongest["surprise"],
            )
        )
    return groups


def _rank(episode: Episode) -> tuple[Any, ...]:
    strength = -episode.strongest["surprise"], -len(episode.rows)
    front = episode.breadth, episode.pooled, episode.measure in NAMED
    return (*front, *strength, episode.concept, episode.first)


class _Kin:
    """Says which episodes tell of one phenomenon."""

    def __init__(
        self, wider: pa.Table, carried: pa.Table | None, areas: Mapping[str, Collection[str]]
    ) -> None:
        self.areas = areas
        self.wider: dict[str, set[str]] = defaultdict(set)
        for row in wider.to_pylist():
            mine = self.wider[f"substance={row['substance']}"]
            mine.add(f"{row['dimension']}={row['wider']}")
            if row["dimension"] == "group":  # its own name may be a substance of the texts
                mine.add(f"substance={row['wider']}")
        self.carried: dict[str, dict[bytes, tuple[str, date]]] = defaultdict(dict)
        for row in [] if carried is None else carried.to_pylist():
            self.carried[row["concept"]][row["document"]] = row["site"], row["day"]

    def __call__(self, a: Episode, b: Episode) -> bool:
        if a.rises != b.rises or a.first > b.last + SLACK or b.first > a.last + SLACK:
            return False
        if a.published != b.published:
            figures, here = (a, b) if a.published else (b, a)
            if not self._lies_in(here, figures):
                return False
            if a.concept == b.concept:
                return True
        if a.concept == b.concept:
            # Levels of two sites; counts of one concept are one episode unless a gap parts them.
            close = abs(a.first - b.first) <= TOGETHER or not (a.sites and b.sites)
            return a.measure in LEVELS and close
        if PAIR in (a.measure, b.measure):
            return bool(halves(a.concept) & halves(b.concept))
        if a.sites and b.sites and not a.sites & b.sites:
            return False
        if NAMED & {a.measure, b.measure}:
            same = _plain(a.concept) == _plain(b.concept)
            return same or self._carried_together(a, b, least=1)
        if a.measure in FAMILY or b.measure in FAMILY:
            return False
        if a.concept in self.wider[b.concept] or b.concept in self.wider[a.concept]:
            return True
        if a.breadth and b.breadth:
            return bool(self._members(a.concept) & self._members(b.concept))
        return self._moves(a, b) or self._carried_together(a, b)

    def _lies_in(self, here: Episode, figures: Episode) -> bool:
        """Say whether published figures are of an area that a site of an episode lies in."""
        sites = here.sites or self.areas.keys()
        around = {area for site in sites for area in (site, *self.areas.get(site, ()))}
        return not figures.sites or bool(figures.sites & around)

    def _members(self, concept: str) -> set[str]:
        return {name for name, wider in list(self.wider.items()) if concept in wider}

    def _moves(self, a: Episode, b: Episode) -> bool:
        """Say whether both are of a move from one app to another."""
        return all(e.concept.startswith(("platform=", "practice=supply.channel")) for e in (a, b))

    def _carried_together(self, a: Episode, b: Episode, least: int = 3) -> bool:
        first, last = (
            max(a.first, b.first) - SLACK,
            min(a.last, b.last) + timedelta(days=30 if least == 1 else 6),
        )
        sites = a.sites & b.sites or a.sites | b.sites
        mine, other = (
            {
                document for document, (site, day) in self.carried.get(e.concept, {}).items()
                if first <= day <= last and (not sites or site in sites)
            }
            for e in (a, b)
        )  # fmt: skip
        both = len(mine & other)
        if both < least:
            return False
        heading = [e.concept.rpartition(".")[0] for e in (a, b)]
        share = 0.5 if heading[0] and heading[0] == heading[1] else 0.8
        return both >= share * min(len(mine), len(other)) or both >= 0.5 * len(mine | other)


def _signal(
    members: Sequence[Episode], past: _Pasts, earlier: list[Row], key: Callable[[str], bytes]
) -> Signal:
    front = members[0]
    strongest = front.strongest
    rows = [row for episode in members for row in episode.rows]
    own = [e for e in members if e.published == front.published]
    first = min(e.first for e in own if e.pooled == front.pooled)
    last = max(e.last for e in own)
    by_site: dict[str, float] = defaultdict(float)
    kinds = set()
    for row in rows:
        if _published(row["series"]) == front.published:
            by_site[site_of(row["series"])] += row["surprise"]
        kinds |= {parts_of(row["series"])[1].get("kind", "")} - {""}
    by_site.pop("", None)
    most = max(front.sites, key=lambda site: (by_site[site], site), default="")
    alone = bool(most) and by_site[most] >= DOMINANT * sum(by_site.values())
    place = most if alone else ""
    said = _told(front.rows, place)
    score = (
        strongest["surprise"]
        * (1 + 0.1 * min(10, len({row["period"] for row in rows})))
        * (1 + 0.5 * max(0, len(kinds) - 1))
        * (1 + 0.25 * max(0, len(by_site) - 1))
    )
    excess: dict[date, float] = defaultdict(float)
    for row in front.rows:
        excess[row["period"]] = max(excess[row["period"]], abs(row["observed"] - row["expected"]))
    return Signal(
        id=_id(members, place, first, last, earlier, key),
        concept=front.concept,
        measure=front.measure,
        place=place,
        first=first,
        last=last,
        novelty=propose(
            front.measure, front.rises, said["observed"], front.first, front.last,
            past.of(front, place),
        ),
        score=round(score, 4),
        observed=said["observed"],
        expected=said["expected"],
        threshold=_shown(said, front.rises),
        series=said["series"],
        detector=said["detector"],
        parameters=said["parameters"],
        evidence=sum(excess.values()),
    )  # fmt: skip


def _shown(row: Row, rises: bool) -> float:
    """Return the threshold, held between expected and observed.

    A detector that gathers evidence over weeks speaks up where the present week alone would not
    have to: its threshold for this week may lie below what was expected, even below zero.
    """
    low, high = sorted((row["expected"], row["observed"]))
    threshold: float = row["threshold"]
    if rises and high < threshold:
        return threshold
    return float(min(max(threshold, low), high))


def _id(
    members: Sequence[Episode],
    place: str,
    first: date,
    last: date,
    earlier: list[Row],
    key: Callable[[str], bytes],
) -> bytes:
    """Return the id of the earlier signal that this continues, each at most once, or a new id."""
    front = members[0]
    concepts = [e.concept for e in members]
    level = front.measure in LEVELS
    same = [
        s for s in earlier
        if s["concept"] in concepts and s["first"] <= last and s["last"] >= first
        and (s["observed"] >= s["expected"]) == front.rises
        and (s["measure"] == "indicator") == front.published
        and (not level or place == s["place"] or not (place and s["place"]))
    ]  # fmt: skip
    if same:
        best = min(
            same,
            key=lambda s: (s["place"] != place, concepts.index(s["concept"]), s["first"], s["id"]),
        )
        earlier.remove(best)
        return bytes(best["id"])
    way = "" if front.rises else "/falls"
    where = f"/{place}" if level else "/published" if front.published else ""
    return key(f"signal/{front.concept}/{first.isoformat()}{way}{where}")


def _told(rows: Sequence[Row], place: str) -> Row:
    """Return the alarm that is told: the strongest at the place, of the measure of the strongest.

    Without such a one it is the strongest of all.
    """
    strongest = max(rows, key=_strength)
    measure = parts_of(strongest["series"])[0]
    there = [
        row
        for row in rows
        if place and site_of(row["series"]) == place and parts_of(row["series"])[0] == measure
    ]
    return max(there, key=_strength) if there else strongest


def within(
    signal: SignalRow, alarms: Sequence[AlarmRow], rarities: Mapping[str, Rarity]
) -> SignalRow:
    """Return a signal as these of its alarms tell it: its end, and the strongest of them.

    What it is about, its rank and its novelty stay; alarms of its own concept go before others.
    """
    told = map(asdict, alarms)
    rows = [row | {"surprise": surprise(row, rarities)} for row in told]
    own = [
        row for row in rows
        if concept_of(row["series"]) == signal.concept
        and _published(row["series"]) == _published(signal.series)
    ] or rows  # fmt: skip
    strongest = _told(own, signal.place)
    return replace(
        signal,
        measure=parts_of(strongest["series"])[0],
        first=min(signal.first, strongest["period"]),
        last=max(alarm.period for alarm in alarms),
        observed=strongest["observed"],
        expected=strongest["expected"],
        threshold=_shown(strongest, rising(strongest)),
        series=strongest["series"],
        detector=strongest["detector"],
        parameters=strongest["parameters"],
    )


class _Pasts:
    """What was read of the concepts in front, from the points."""

    def __init__(
        self, points: pa.Table, fronts: Iterable[Episode], told: Sequence[Phenomenon]
    ) -> None:
        self.told = told
        wanted: set[str] = set()
        for front in fronts:
            for site in ("", *front.sites):
                wanted |= set(_past_series(front.strongest["series"], site))
        self.found = _series(points, wanted)

    def of(self, front: Episode, place: str) -> Past:
        series = front.strongest["series"]
        own, *others = _past_series(series, place)
        if own not in self.found:
            own = series
        when, values = self.found.get(own, NOTHING)
        found: list[np.datetime64] = []
        for name in others:
            days, counts = self.found.get(name, NOTHING)
            there = days[counts > 0]
            if front.measure in FOUND and parts_of(name)[0] != "found":
                # A warning names what nobody has: only what is always named is there.
                year = (there < np.datetime64(front.first)) & (
                    there >= np.datetime64(front.first - timedelta(weeks=52))
                )
                there = there if year.sum() >= SETTLED else there[:0]
            found += list(there)
        return Past(
            parts_of(own)[2],
            when,
            values,
            found,
            [p.year for p in self.told if ties(p, front.concept, place)],
        )


def _past_series(series: str, place: str) -> list[str]:
    """Return the series of a concept's past at a place, then that of what laboratories found."""
    measure, dimensions, _ = parts_of(series)
    dimension = next((d for d in dimensions if d in DIMENSIONS), "")
    if measure in FAMILY or measure == "indicator" or not dimension:
        return [series]
    of = {dimension: dimensions[dimension]}
    at = of | ({"site": place} if place else {})
    texts = name_of(DIMENSIONS[dimension], at, "week")
    laboratory = name_of("found", of, "month")
    if measure in FOUND:
        return [series, laboratory, texts] if measure != "found" else [series, texts]
    return [texts, laboratory]


def keyed(secret: bytes) -> Callable[[str], bytes]:
    """Return a function that makes 16-byte keyed ids of texts."""
    return lambda text: hashlib.blake2b(text.encode(), key=secret, digest_size=16).digest()

"""A site that joins a network: what only it names is no news, what begins there later is."""

from datetime import date, timedelta

import pytest
from network_files import packed

import fanal
from fanal.records import Point

MONDAY = date(2021, 1, 4)
JOINS, WEEKS = 43, 78  # ten months of eighteen
OLD = {"cocaine": (3, 5), "mdma": (2, 4), "heroin": (1, 2)}
MIX = {"amphetamine": (3, 5), "gbl": (2, 3), "lsd": (1, 2), "2c-b": (1, 1), "caffeine": (0, 1),
       "cocaine": (2, 2), "mdma": (6, 9)}  # fmt: skip


def texts(site, weeks, each, named, more=None):
    """Return the points of a site that reads `each` posts a week, with what they name by turns.

    `more` tells for a substance from which week on so many a week name it.
    """
    read, said = "documents/site={}/week", "mentions/{}site={}/substance={}/week"
    rows = []

    def add(series, week, n, of):
        rows.append(Point(series, MONDAY + timedelta(weeks=week), "week", float(n), of, False))

    for week in weeks:
        add(read.format(site), week, each, None)
        counts = {name: turns[week % len(turns)] for name, turns in named.items()}
        for name, (since, n) in (more or {}).items():
            counts[name] = n if week >= since else 0
        for name, n in counts.items():
            for kind in ("", "kind=public posts/"):
                add(said.format(kind, site, name), week, n, float(each))
    return rows


def samples(site, months, each, found):
    """Return the points of a laboratory: `each` samples a month, and how many hold what."""
    return [
        Point(f"found/site={site}/substance={name}/month", date(2021 + m // 12, m % 12 + 1, 1),
              "month", float(n), float(each), False)
        for m in months for name, n in found(m).items()
    ]  # fmt: skip


@pytest.fixture
def told(tmp_path):
    """Return what says which rises are told where sites sent these points, and since when."""

    def detect(*sites):
        folder = tmp_path / f"nation-{len(sites)}"
        with fanal.create(folder, "Essai") as nation:
            for number, rows in enumerate(sites):
                site = rows[0].series.split("site=")[1].split("/")[0]
                path = tmp_path / f"{len(sites)}-{number}.tar"
                end = max(row.period for row in rows) + timedelta(days=31)
                packed(path, site, rows, as_of=end.isoformat())
                nation.take_aggregates(path)
            nation.detect()
            return sorted(
                (signal.concept, signal.first) for signal in nation.signals()
                if signal.score > 0 and signal.observed > signal.expected
            )  # fmt: skip

    return detect


def old(weeks=WEEKS, more=None):
    return texts("lille", range(weeks), 40, OLD, more), texts("lyon", range(weeks), 25, OLD)


@pytest.mark.parametrize(
    ("weeks", "joins"), [(WEEKS, JOINS), (WEEKS, WEEKS - 8), (200, JOINS), (200, 120)]
)
def test_what_only_a_site_that_joins_names_is_no_news(told, weeks, joins):
    """Eight months, two months, three years and a year and a half after it joined."""
    assert told(*old(weeks), texts("metz", range(joins, weeks), 30, MIX)) == []


@pytest.mark.parametrize("since", [JOINS + 17, JOINS + 26])
def test_what_begins_there_months_later_is_told(told, since):
    late = texts("metz", range(JOINS, WEEKS), 30, MIX, {"ketamine": (since, 4)})
    assert told(*old(), late) == [("substance=ketamine", MONDAY + timedelta(weeks=since))]


def test_what_rises_at_that_site_months_later_is_told(told):
    late = texts("metz", range(JOINS, WEEKS), 30, MIX, {"amphetamine": (JOINS, 4)})
    more = texts("metz", range(JOINS, WEEKS), 30, {}, {"amphetamine": (WEEKS - 4, 14)})
    risen = {(p.series, p.period): p for p in more if p.value == 14}
    late = [risen.get((p.series, p.period), p) for p in late]
    found = told(*old(), late)
    assert [concept for concept, _ in found] == ["substance=amphetamine"]
    assert found[0][1] >= MONDAY + timedelta(weeks=WEEKS - 4)


def test_what_rises_at_old_sites_is_told_in_the_same_week_while_another_joins(told):
    rising = old(more={"ketamine": (JOINS + 4, 4)})
    alone = told(*rising)
    assert alone == [("substance=ketamine", MONDAY + timedelta(weeks=JOINS + 4))]
    assert told(*rising, texts("metz", range(JOINS, WEEKS), 30, MIX)) == alone


def test_a_site_that_sends_its_whole_past_has_one(told):
    """It joins the network, and what it reads goes back as far as what the others read."""
    late = texts("metz", range(WEEKS), 30, MIX, {"ketamine": (JOINS, 4)})
    assert told(*old(), late) == [("substance=ketamine", MONDAY + timedelta(weeks=JOINS))]


@pytest.mark.parametrize(("since", "expected"), [(30, []), (38, [("substance=gbl", 38)])])
def test_what_a_laboratory_of_a_site_that_joins_finds_first_is_no_news_at_first(
    told, since, expected
):
    """Ten samples a month: after thirty of them it has a past of its own."""
    lab = samples("lille", range(42), 20, lambda m: {"cocaine": 9, "mdma": 6})
    late = samples("metz", range(30, 42), 10,
                   lambda m: {"lsd": 2, "cocaine": 3, "gbl": int(m >= since)})  # fmt: skip
    found = [(concept, (day.year - 2021) * 12 + day.month - 1) for concept, day in told(lab, late)]
    assert found == expected

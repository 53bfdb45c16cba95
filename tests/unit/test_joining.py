"""Sources that join an observatory: what they bring is judged by their own past."""

import json
from datetime import date, timedelta

import duckdb
import pyarrow as pa
import pytest

from fanal.detectors import BUILTIN
from fanal.plugins import known
from fanal.records import Alarm, table_of
from fanal.series import COUNTED, LINEAGE
from fanal.settings import Settings
from fanal.stages import counting, joining

START = date(2023, 1, 2)


def day(week):
    return START + timedelta(weeks=week)


class House:
    """Tables as the detectors' stage sees them, filled by hand."""

    def __init__(self):
        self.documents, self.facts, self.samples, self.results = [], [], [], []

    def texts(self, source, weeks, each, named=(), substance="ketamine"):
        """Add `each` documents a week; in the weeks of `named` so many name the substance."""
        for week in weeks:
            for n in range(each):
                key = f"{source}-{week}-{n}"
                self.documents.append((key, 1, source, "lille", "public posts", day(week)))
                if n < dict(named).get(week, 0):
                    self.facts.append((key, key, "mention", substance, day(week), source))

    def lab(self, source, weeks, each, found):
        for week in weeks:
            for n in range(each):
                key = f"{source}-{week}-{n}"
                self.samples.append((key, source, "lille", day(week)))
                for substance in found(week, n):
                    self.results.append((key, substance, substance, "main", False))

    def news(self, *alarms):
        connection = duckdb.connect()
        connection.execute(
            """
            CREATE TABLE current_documents (id VARCHAR, version INT, source VARCHAR, site VARCHAR,
                kind VARCHAR, day DATE);
            CREATE TABLE facts (document VARCHAR, first VARCHAR, kind VARCHAR, substance VARCHAR,
                day DATE, source VARCHAR, code VARCHAR, platform VARCHAR, place VARCHAR);
            CREATE TABLE samples (id VARCHAR, source VARCHAR, site VARCHAR, day DATE,
                sold_as_label VARCHAR);
            CREATE TABLE results (sample VARCHAR, substance VARCHAR, label VARCHAR, role VARCHAR,
                censored BOOLEAN);
            CREATE VIEW found AS SELECT * FROM results WHERE role <> 'none' AND NOT censored;
            CREATE TABLE points (series VARCHAR, period DATE, value DOUBLE);
            """
        )
        for name in ("documents", "facts", "samples", "results"):
            rows = getattr(self, name)
            if rows:
                columns = [pa.array(column) for column in zip(*rows, strict=True)]
                table = pa.table(columns, names=[str(i) for i in range(len(columns))])
                connection.register("given", table)
                into = "current_documents" if name == "documents" else name
                more = {"facts": ", NULL, NULL, NULL", "samples": ", NULL"}.get(name, "")
                connection.execute(f"INSERT INTO {into} SELECT *{more} FROM given")
                connection.unregister("given")
        empty = LINEAGE.empty_table()
        return joining.news(connection, table_of(alarms, Alarm), empty)


def alarm(week, observed, expected=0.1, threshold=4.0, series="mentions/substance=ketamine/week"):
    return Alarm(series, day(week), "week", observed, expected, threshold, 9.0, "default",
                 json.dumps({"window": 4}), day(week), None)  # fmt: skip


def test_what_a_source_brings_when_it_joins_is_no_news():
    house = House()
    house.texts("old", range(80), 5)
    house.texts("joins", range(60, 80), 5, [(week, 2) for week in range(60, 80)])
    assert house.news(alarm(63, 8.0), alarm(70, 8.0)) == [False, False]  # it is being learnt
    assert house.news(alarm(79, 8.0)) == [False]  # it says so as it always has
    assert house.news(alarm(79, 8.0, series="price/band=1/substance=ketamine/week")) == [True]


def test_what_other_sources_say_as_well_is_news():
    house = House()
    house.texts("old", range(80), 5, [(week, 3) for week in range(60, 64)])
    house.texts("joins", range(60, 80), 5, [(week, 2) for week in range(60, 80)])
    assert house.news(alarm(63, 20.0)) == [True]
    assert house.news(alarm(63, 20.0, threshold=15.0)) == [False]  # 12 of 20 are of the old one


def test_a_rise_in_a_source_that_was_learnt_is_news():
    house = House()
    house.texts("old", range(90), 5)
    house.texts("joins", range(60, 90), 5, [(week, 4) for week in range(86, 90)])
    assert house.news(alarm(89, 16.0)) == [True]


def test_sources_that_began_together_are_the_observatory():
    house = House()
    house.texts("one", range(20), 5, [(week, 2) for week in range(12, 16)])
    house.texts("other", range(3, 20), 5)
    assert house.news(alarm(15, 8.0)) == [True]


def test_a_laboratory_that_joins_is_learnt_and_a_danger_is_told():
    def found(week, n):
        return ["levamisole"] if n == 0 else ["cocaine"]

    house = House()
    house.lab("old", range(80), 2, lambda week, n: ["cocaine"])
    house.lab("joins", range(60, 80), 4, found)
    house.lab("small", range(60, 80), 1, lambda week, n: ["xylazine"] if week == 79 else ["mdma"])

    def told(series, week=60, observed=1.0):
        return house.news(Alarm(series, day(week), "week", observed, 0.0, 1.0, 1.0, "first-seen",
                                '{"why": "first"}', day(week), None))  # fmt: skip

    assert told("found/substance=levamisole/week") == [False]
    assert told("found/substance=cocaine/week", observed=5.0) == [True]
    assert told("found/substance=xylazine/week", 79) == [False]  # 19 samples teach little
    assert told("danger/rule=r/site=lille/substance=levamisole/week") == [True]


def test_a_pair_that_a_source_brings_is_no_news():
    house = House()
    house.texts("old", range(80), 5, [(week, 1) for week in range(80)])
    house.texts("joins", range(60, 80), 5, [(week, 1) for week in range(60, 80)])
    house.facts += [(*row[:3], "gbl", *row[4:]) for row in house.facts if row[5] == "joins"]
    pair = alarm(63, 4.0, series="together/substance=gbl/with=ketamine/week", threshold=3.0)
    assert house.news(pair) == [False]


# What is counted and not watched, and why.
UNWATCHED = {
    "documents": "how much is read tells of the sources: only a source that falls silent is news",
    "channels": "the same mentions, counted by channel: shown beside the documents that rise",
    "authors": "the same mentions, counted by author: shown beside the documents that rise",
    "places": "a place is named for many reasons: only with a substance is it news (together)",
    "quantity": "no series: an amount is told by its price, and unit prices are watched by band",
}


def counted():
    """Return the measures of the table in which counting says what it counts."""
    rows = [line.split() for line in counting.__doc__.splitlines()]
    begin = next(i for i, row in enumerate(rows) if row[:1] == ["measure"])
    table = rows[begin + 2 :]
    end = next(i for i, row in enumerate(table) if row and set(row[0]) == {"="})
    return {row[0] for row in table[:end]} | set(COUNTED)


@pytest.mark.parametrize("measure", sorted(counted() | {"quantity"}))
def test_what_is_counted_is_watched_or_it_is_said_why_not(measure):
    looking = [known("detectors", BUILTIN)[name] for name in Settings().detectors]
    watched = {prefix.split("/")[0] for detector in looking for prefix in detector.watches}
    assert measure in UNWATCHED or measure in watched
    assert len(UNWATCHED.get(measure, "a reason in words")) > 10

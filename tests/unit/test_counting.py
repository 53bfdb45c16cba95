"""Counting: canonical names, denominators, weeks that were read and weeks that were not."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from fanal.records import (
    Coding,
    Document,
    Indicator,
    Observation,
    Point,
    Repost,
    Result,
    Run,
    Sample,
    schema_of,
    table_of,
)
from fanal.series import lineage, name_of, parts_of
from fanal.stages import counting
from fanal.storage.tables import Judged, Tables
from fanal.thesaurus import load
from fanal.workspace import Workspace

FIRST, SECOND, FOURTH = date(2025, 3, 3), date(2025, 3, 10), date(2025, 3, 24)


def document(number, day, site="lille", source="a", author=b"p" * 16, precision="day"):
    return Document(
        id=bytes([number]) * 16, version=1, source=source, site=site, kind="public posts",
        thread=source.encode() * 16, position=number, author=author, day=day, precision=precision,
        language="fr", text="…", digest=bytes([number]) * 16, forwarded_from=None, media_kind=None,
        media_bytes=None, media_hash=None, month=day.isoformat()[:7], run="r",
    )  # fmt: skip


def fact(number, kind, confidence=0.9, **fields):
    known = {
        "document": bytes([number]) * 16, "version": 1, "start": 0, "stop": 1, "kind": kind,
        "confidence": confidence, "rule": "r", "coder": "c", "fingerprint": "f", "month": "2025-03",
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known | fields)


@pytest.fixture
def counted(tmp_path):
    def run(documents, facts, codings=(), reposts=(), wider=None):
        said = table_of(codings, Coding)
        tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch", lambda: Judged(0.5, said))
        tables.append(Document, table_of(documents, Document))
        tables.append(Observation, table_of(facts, Observation))
        tables.append(Repost, table_of(reposts, Repost))
        with tables.connect() as connection:
            rows = counting.count(connection, wider).to_pylist()
        return {(r["series"], r["period"]): (r["value"], r["denominator"]) for r in rows}

    return run


def test_names_go_there_and_back():
    name = name_of("mentions", {"substance": "3-mmc", "site": "lille"}, "week")
    assert name == "mentions/site=lille/substance=3-mmc/week"
    assert parts_of(name) == ("mentions", {"site": "lille", "substance": "3-mmc"}, "week")


def test_a_week_read_is_zero_and_a_week_not_read_is_missing(counted):
    points = counted(
        [document(1, FIRST), document(2, SECOND), document(3, FOURTH)],
        [fact(1, "mention", substance="ketamine"), fact(3, "mention", substance="ketamine")],
    )
    series = "mentions/substance=ketamine/week"
    assert {p: v for (s, p), v in points.items() if s == series} == {
        FIRST: (1, 1), SECOND: (0, 1), FOURTH: (1, 1),
    }  # fmt: skip


def test_reposts_and_repetitions_count_once_and_doubtful_facts_not_at_all(counted):
    points = counted(
        [document(1, FIRST), document(2, FIRST), document(3, FIRST, author=b"q" * 16)],
        [
            fact(1, "mention", substance="lsd"),
            fact(1, "mention", substance="lsd", start=5, stop=8),
            fact(2, "mention", substance="lsd"),
            fact(3, "mention", 0.49, substance="lsd"),
        ],
        reposts=[Repost(bytes([2]) * 16, bytes([1]) * 16, 1.0)],
    )
    assert points["mentions/substance=lsd/week", FIRST] == (1, 2)
    assert points["authors/substance=lsd/week", FIRST] == (1, 2)
    assert points["channels/substance=lsd/week", FIRST] == (1, 1)
    assert points["documents/week", FIRST] == (3, None)


def test_months_count_their_own_documents_authors_and_channels(counted):
    points = counted(
        [
            document(1, FIRST),
            document(2, SECOND),
            document(3, date(2025, 3, 1), precision="month", author=b"q" * 16, source="b"),
            document(4, date(2025, 5, 5)),
        ],
        [fact(n, "mention", substance="lsd") for n in (1, 2, 3)],
    )
    march, may = date(2025, 3, 1), date(2025, 5, 1)
    assert points["mentions/substance=lsd/month", march] == (3, 3)
    assert points["authors/substance=lsd/month", march] == (2, 2)
    assert points["channels/substance=lsd/month", march] == (2, 2)
    assert points["mentions/substance=lsd/month", may] == (0, 1)
    assert ("mentions/substance=lsd/month", date(2025, 4, 1)) not in points
    assert points["mentions/substance=lsd/week", FIRST] == (1, 1)
    assert points["documents/source=b/month", march] == (1, None)


def test_a_group_and_a_class_count_each_document_once_if_two_members_are_named(counted):
    wider = lineage(load())
    points = counted(
        [document(n, FIRST) for n in range(4)],
        [
            fact(0, "mention", substance="isotonitazene"),
            fact(0, "mention", substance="metonitazene", start=5, stop=6),
            fact(1, "mention", substance="nitazenes"),
            fact(2, "mention", substance="ketamine"),
            fact(2, "mention", 0.4, substance="heroin"),
        ],
        wider=wider,
    )
    assert points["mentions/group=nitazenes/week", FIRST] == (2, 4)
    assert points["mentions/class=opioids/site=lille/week", FIRST] == (2, 4)
    assert points["mentions/substance=nitazenes/week", FIRST] == (1, 4)
    assert ("mentions/class=dissociatives/week", FIRST) not in points  # one member says it all


def test_sites_are_denominated_by_what_they_read(counted):
    points = counted(
        [document(1, FIRST), document(2, FIRST, "lyon", "b"), document(3, FIRST, "lyon", "b")],
        [fact(2, "mention", substance="ghb")],
    )
    assert points["mentions/site=lyon/substance=ghb/week", FIRST] == (1, 2)
    assert ("mentions/site=lille/substance=ghb/week", FIRST) not in points
    assert points["mentions/substance=ghb/week", FIRST] == (1, 3)


def test_a_silent_source_is_counted_as_zero_while_others_speak(counted):
    points = counted(
        [document(1, FIRST), document(2, FIRST, source="b"), document(3, SECOND, source="b")], []
    )
    assert points["documents/source=a/week", SECOND] == (0, None)


def test_unit_prices_by_band_with_weights_in_grams(counted):
    prices = [
        fact(n, "price", substance="cocaine", amount=a, currency="EUR", quantity=q, unit=u)
        for n, (a, q, u) in enumerate([(70, 1, "g"), (60, 1, "g"), (120, 2, "g"), (50, 500, "mg")])
    ]
    points = counted([document(n, FIRST) for n in range(4)], prices)
    name = "price/band={}/currency=EUR/site=lille/substance=cocaine/unit=g/week"
    assert points[name.format("0.75"), FIRST] == (65, 2)
    assert points[name.format("1.5"), FIRST] == (60, 1)
    assert points[name.format("0"), FIRST] == (100, 1)


def test_a_person_wins_over_the_machine(counted):
    def coding(verdict, number, **fields):
        return Coding(
            b"c" * 16, bytes([number]) * 16, 1, 0, 1, b"q" * 16, verdict, "mention",
            json.dumps(fields), "a", datetime(2025, 3, 4, tzinfo=UTC),
        )  # fmt: skip

    points = counted(
        [document(1, FIRST), document(2, FIRST)],
        [fact(1, "mention", substance="heroin")],
        codings=[coding("reject", 1), coding("add", 2, substance="ketamine")],
    )
    assert ("mentions/substance=heroin/week", FIRST) not in points
    assert points["mentions/substance=ketamine/week", FIRST] == (1, 2)


def test_a_correction_is_of_the_text_that_was_read(counted):
    """An edited document is coded anew: what was said of its earlier text says nothing now."""
    said = Coding(
        b"c" * 16, bytes([1]) * 16, 1, 0, 1, b"q" * 16, "reject", "mention", "{}", "a",
        datetime(2025, 3, 4, tzinfo=UTC),
    )  # fmt: skip
    points = counted(
        [document(1, FIRST), replace(document(1, FIRST), version=2), document(2, FIRST)],
        [
            fact(1, "mention", substance="heroin"),
            fact(1, "mention", substance="lsd", version=2),
            fact(2, "mention", substance="lsd"),
        ],
        codings=[said],
    )
    assert points["mentions/substance=lsd/week", FIRST] == (2, 2)
    assert ("mentions/substance=heroin/week", FIRST) not in points


def test_documents_known_only_by_month_stay_out_of_weekly_series(counted):
    points = counted([document(1, FIRST, precision="month")], [fact(1, "mention", substance="lsd")])
    assert not [s for s, _ in points if s.endswith("/week")]


def test_pairs_are_counted_where_three_documents_tell_of_both(counted):
    both = [fact(n, "mention", substance=name) for n in (1, 2, 3) for name in ("mdma", "ketamine")]
    points = counted(
        [document(1, FIRST), document(2, FIRST), document(3, FOURTH), document(4, FOURTH)],
        [
            *both,
            *(fact(n, "practice", code="supply.delivery") for n in (1, 3)),  # twice: no series yet
            fact(2, "mention", substance="mdma", start=5, stop=8),  # named twice: one document
            fact(3, "platform", platform="signal", confidence=0.2),
        ],
        reposts=[],
    )
    assert {key: value for key, value in points.items() if key[0].startswith("together/")} == {
        ("together/substance=ketamine/with=mdma/week", FIRST): (2, 2),
        ("together/substance=ketamine/with=mdma/week", FOURTH): (1, 2),
    }


def test_a_range_of_purities_counts_with_its_middle(counted):
    points = counted(
        [document(1, FIRST), document(2, FIRST), document(3, FIRST)],
        [
            fact(1, "purity", substance="cocaine", basis="claimed", percent=69, percent_max=90),
            fact(2, "purity", substance="cocaine", basis="claimed", percent=60),
            fact(3, "purity", substance="cocaine", basis="claimed", percent=92),
        ],
    )
    assert points["purity/basis=claimed/substance=cocaine/week", FIRST] == (79.5, 3)


def test_figures_of_one_name_in_two_units_are_two_series(tmp_path):
    """Nothing jumps from a number to a rate; of two values of a period the later edition counts."""
    rows = [
        Indicator("Usage", "75", date(year, 1, 1), "year", value, unit, None, None, None, "s",
                  edition, "r")
        for year, value, unit, edition in (
            (2022, 14.2, "‰", "2023"), (2023, 15.1, "‰", "2023"), (2023, 15.3, "‰", "2024"),
            (2023, 3000.0, "faits", "2024"),
        )
    ]  # fmt: skip
    tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    tables.append(Indicator, table_of(rows, Indicator))
    with tables.connect() as connection:
        found = [
            (r["series"], r["period"].year, r["value"])
            for r in counting.count(connection).to_pylist()
        ]
    assert found == [
        ("indicator/area=75/name=Usage (faits)/year", 2023, 3000.0),
        ("indicator/area=75/name=Usage/year", 2022, 14.2),
        ("indicator/area=75/name=Usage/year", 2023, 15.3),
    ]


def analysed(number, day, label, sold_as, held):
    id = number.to_bytes(16, "big")
    known = {"id": id, "version": 1, "reference": str(number), "source": "labo", "site": "lille",
             "day": day, "precision": "day", "sold_as": sold_as, "sold_as_label": label,
             "run": "r"}  # fmt: skip
    result = {"sample": id, "version": 1, "substance": held, "label": held, "role": "main",
              "censored": False, "run": "r"}  # fmt: skip
    return (
        Sample(**dict.fromkeys(schema_of(Sample).names) | known),
        Result(**dict.fromkeys(schema_of(Result).names) | result),
    )


def test_names_whose_content_is_anothers_and_names_whose_content_changed(tmp_path):
    """By month the samples of a name that hold another; the year in which a change shows."""
    days = [date(2022, 5, 2)] * 30 + [date(2023, 5, 2)] * 30
    rows = [
        analysed(n, day, "mdma", "mdma", "mdma" if day.year == 2022 else "pmma")
        for n, day in enumerate(days)
    ]
    rows += [analysed(100 + n, days[0], "poudre / rose", None, "caffeine") for n in range(9)]
    tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    tables.append(Sample, table_of([sample for sample, _ in rows], Sample))
    tables.append(Result, table_of([result for _, result in rows], Result))
    with tables.connect() as connection:
        found = [
            (r["series"], r["period"], r["step"], r["value"], r["denominator"])
            for r in counting.count(connection).to_pylist()
            if r["series"].startswith(("missold", "changed"))
        ]
    first, second = date(2022, 5, 1), date(2023, 5, 1)
    assert found == [
        ("changed/substance=mdma/year", date(2023, 1, 1), "year", 30, None),
        ("missold/name=poudre rose/month", first, "month", 9, 9),
        ("missold/substance=mdma/month", first, "month", 0, 30),
        ("missold/substance=mdma/month", second, "month", 30, 30),
    ]


@pytest.mark.parametrize(
    ("months", "most", "edges"),
    [(5, 2, [1, 4]), (5, 3, [1, 3, 5]), (4, 2, [1, 3]), (3, 9, [1, 2, 3])],
)
def test_windows_meet_and_hold_all_of_time(months, most, edges):
    named = [f"2025-{month:02}" for month in range(months, 0, -1)]
    found = counting.windows(named, most)
    inner = [date(2025, month, 1) for month in edges[1:]]
    assert found == list(zip([date.min, *inner], [*inner, date.max], strict=True))


@pytest.mark.parametrize(("months", "most"), [(5, 1), (1, 2), (0, 2)])
def test_one_window_is_all_of_time(months, most):
    assert counting.windows([f"2025-{month:02}" for month in range(1, months + 1)], most) == [None]


def test_a_run_that_counts_tells_what_it_counted_from(tmp_path):
    with Workspace.create(tmp_path / "obs", "Essai") as ws:
        ws.tables.append(Document, table_of([document(1, FIRST)], Document))
        ws.detect()
        (run,) = ws.tables.rows(f"SELECT detail FROM {Run.table} WHERE stage = 'count'")
        assert json.loads(run["detail"])["fingerprint"] == ws.tables.fingerprint(Point) != ""


APRIL = date(2025, 4, 1)


def small():
    """Return six documents of two sites and kinds, across the end of a month, and their facts."""
    documents = [
        document(1, date(2025, 3, 28)),
        document(2, date(2025, 3, 31), author=b"q" * 16),
        replace(document(3, APRIL, "lyon", "b", author=None), kind="press"),
        replace(document(4, APRIL, "lyon", "b"), kind="press"),
        document(5, APRIL, precision="month"),
        document(6, date(2025, 3, 30), precision="week"),
    ]
    facts = [
        fact(1, "mention", substance="lsd"),
        fact(2, "mention", substance="lsd"),
        fact(2, "practice", code="supply.delivery"),
        fact(3, "platform", platform="signal"),
        fact(3, "mention", substance="ghb"),
        fact(4, "place", place="69123"),
        fact(5, "mention", substance="lsd", month="2025-04"),
        fact(6, "mention", substance="lsd"),
        fact(6, "mention", substance="mdma"),
        fact(2, "price", substance="lsd", amount=10, currency="EUR", quantity=1, unit="blotter"),
        fact(4, "purity", substance="ghb", basis="claimed", percent=60),
        fact(4, "purity", substance="ghb", basis="claimed", percent=10, analyte="THC"),
    ]
    months = {n: one.month for n, one in enumerate(documents, 1)}
    facts = [replace(f, month=months[f.document[0]]) for f in facts]
    return documents, facts


def test_every_point_of_a_small_observatory(counted):
    """`small_observatory.txt` has them: series, then value and denominator by period."""
    found = {}
    for (series, period), (value, of) in counted(*small()).items():
        point = f"{period:%m-%d} {value:g}" + ("" if of is None else f" of {of:g}")
        found.setdefault(series, []).append(point)
    rows = ["; ".join([series, *points]) for series, points in found.items()]
    expected = Path(__file__).with_name("small_observatory.txt").read_text("utf-8")
    assert rows == expected.splitlines()


def test_windows_of_time_counted_apart_are_counted_together(tmp_path):
    documents, facts = small()
    tables = Tables(
        str(tmp_path / "tables"), tmp_path / "scratch", lambda: Judged(0.5, table_of([], Coding))
    )
    tables.append(Document, table_of(documents, Document))
    tables.append(Observation, table_of(facts, Observation))
    tables.append(Repost, table_of([Repost(bytes([4]) * 16, bytes([3]) * 16, 1.0)], Repost))
    wider = lineage(load())

    def tallied(window):
        with tables.connect() as connection:
            return counting.tally(connection, wider, window)

    whole = tallied(None)
    for edge in (date(2025, 3, 1), APRIL, date(2025, 5, 1)):
        parts = [tallied((date.min, edge)), tallied((edge, date.max))]
        rows = [row for part in parts for row in part.to_pylist()]
        told = {tuple(row.values()) for row in rows}
        assert told == {tuple(row.values()) for row in whole.to_pylist()}
        once = [row for row in rows if row["part"] != "named"]
        assert len(once) == len({tuple(row.values()) for row in once})
        with tables.connect() as connection:
            one = counting.points(connection, whole, wider)
            assert counting.points(connection, pa.concat_tables(parts), wider).equals(one)

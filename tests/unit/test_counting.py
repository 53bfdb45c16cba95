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
from fanal.series import LINEAGE, lineage, name_of, parts_of
from fanal.stages import counting, tallying
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


def count(connection, wider=None):
    """Return every point that the tables give."""
    wider = LINEAGE.empty_table() if wider is None else wider
    return counting.points(connection, counting.tally(connection, wider), wider)


@pytest.fixture
def counted(tmp_path):
    def run(documents, facts, codings=(), reposts=(), wider=None):
        said = table_of(codings, Coding)
        tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch", lambda: Judged(0.5, said))
        tables.append(Document, table_of(documents, Document))
        tables.append(Observation, table_of(facts, Observation))
        tables.append(Repost, table_of(reposts, Repost))
        with tables.connect() as connection:
            rows = count(connection, wider).to_pylist()
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
        found = [(r["series"], r["period"].year, r["value"]) for r in count(connection).to_pylist()]
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
    """By month the samples of a name that hold another, and those unlike before a change."""
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
            for r in count(connection).to_pylist()
            if r["series"].startswith(("missold", "changed"))
        ]
    first, second = date(2022, 5, 1), date(2023, 5, 1)
    assert found == [
        ("changed/substance=mdma/month", second, "month", 30, 30),
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
    assert counting.windows([f"2025-{month:02}" for month in range(1, months + 1)], most) == []


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


MARCH, MAY = date(2025, 3, 1), date(2025, 5, 1)


def held(number, day, sold_as, *results, precision="day", site="lille", **more):
    """Return a sample and its results: (substance, label, role, amount, unit), or a substance."""
    sample, plain = analysed(number, day, sold_as or "poudre", sold_as, "x")
    said = [(one, one, "main", None, None) if isinstance(one, str) else one for one in results]
    return [
        replace(sample, precision=precision, site=site, **more),
        *(
            replace(plain, substance=substance, label=label, role=role, amount=amount, unit=unit)
            for substance, label, role, amount, unit in said
        ),
    ]


def laboratory():
    """Return samples of two months and two sites, and of days that are known too coarsely."""
    pure = ("cocaine", "cocaine", "main", 60.0, "%")
    return [
        *held(1, date(2025, 3, 3), "cocaine", pure, ("levamisole", "levamisole", "cut", 9.0, "%")),
        *held(2, date(2025, 3, 31), "cocaine", ("cocaine", "cocaine", "main", 71.0, "%"),
              precision="week"),
        *held(3, MARCH, "cocaine", ("cocaine", "cocaine", "cut", 5.0, "%"), precision="month",
              site="lyon"),
        *held(4, date(2025, 1, 1), "cocaine", pure, precision="quarter"),
        *held(5, date(2025, 1, 1), "cocaine", pure, precision="year"),
        *held(6, None, "cocaine", pure, precision="unknown"),
        *held(7, date(2025, 5, 2), "cocaine", ("cocaine", "cocaine", "main", 0.0, "%"),
              ("mdma", "mdma", "main", 80.0, "mg/tablet")),
        *held(8, date(2025, 5, 3), "mdma", ("mdma", "mdma", "main", 150.0, "mg"), form="tablet"),
        *held(9, date(2025, 5, 3), "mdma", ("mdma", "mdma", "main", 90.0, "mg/tablet")),
        *held(10, date(2025, 5, 4), "mdma", ("mdma", "mdma", "none", 90.0, "%"), site="lyon"),
        *held(11, date(2025, 5, 4), None, (None, "Mixed / Thing", "main", 3.0, "%"), site="lyon"),
        *held(12, date(2025, 5, 5), None, (None, "unknown", "main", None, None)),
        *held(13, date(2025, 5, 6), "heroin", "metonitazene", "isotonitazene", site="lyon"),
        *held(14, date(2025, 5, 6), None, "metonitazene"),
    ]  # fmt: skip


def test_every_point_of_a_small_laboratory(tmp_path):
    """Fourteen samples, of which three are of no month and two say nothing or an unknown name."""
    tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    for record in (Sample, Result):
        rows = [row for row in laboratory() if isinstance(row, record)]
        tables.append(record, table_of(rows, record))
    groups = {"group": {"nitazenes": ["metonitazene", "isotonitazene"]},
              "class": {"stimulants": ["mdma", "cocaine"], "of-one": ["levamisole"]}}  # fmt: skip
    rows = [
        {"substance": member, "dimension": dimension, "wider": name}
        for dimension, named in groups.items() for name, members in named.items()
        for member in members
    ]  # fmt: skip
    wider = pa.Table.from_pylist(rows, LINEAGE)
    with tables.connect() as connection:
        rows = count(connection, wider).to_pylist()
    assert {row["step"] for row in rows} == {"month"}
    found = {}
    for row in rows:
        of = "" if row["denominator"] is None else f" of {row['denominator']:g}"
        point = f"{row['period']:%m} {row['value']:g}{of}"
        found.setdefault(row["series"].removesuffix("/month"), []).append(point)
    assert [f"{series}; {', '.join(points)}" for series, points in found.items()] == [
        "danger/rule=nitazenes/site=lille/substance=nitazenes; 03 0 of 2, 05 1 of 5",
        "danger/rule=nitazenes/site=lyon/substance=nitazenes; 03 0 of 1, 05 1 of 3",
        "expected/substance=cocaine; 03 3 of 3, 05 1 of 1",
        "expected/substance=heroin; 05 0 of 1",
        "expected/substance=mdma; 05 2 of 3",
        "found/class=stimulants; 03 3 of 3, 05 3 of 8",
        "found/group=nitazenes; 03 0 of 3, 05 2 of 8",
        "found/label=mixed thing; 03 0 of 3, 05 1 of 8",
        "found/substance=cocaine; 03 3 of 3, 05 1 of 8",
        "found/substance=isotonitazene; 03 0 of 3, 05 1 of 8",
        "found/substance=levamisole; 03 1 of 3, 05 0 of 8",
        "found/substance=mdma; 03 0 of 3, 05 3 of 8",
        "found/substance=metonitazene; 03 0 of 3, 05 2 of 8",
        "purity/basis=measured-lab/site=lille/substance=cocaine; 03 65.5 of 2",
        "purity/basis=measured-lab/substance=cocaine; 03 65.5 of 2",
        "strength/basis=measured-lab/site=lille/substance=mdma/unit=mg∕tablet; 05 90 of 3",
        "strength/basis=measured-lab/substance=mdma/unit=mg∕tablet; 05 90 of 3",
    ]


def test_published_figures_as_they_stand(tmp_path):
    """Of a period the latest revision, then the first source and the larger value; no empty one."""
    known = {"area": "75", "step": "year", "unit": "kg", "source": "b", "revision": "2", "run": "r"}

    def figure(name, value, year=2023, **more):
        told = known | {"name": name, "value": value, "period": date(year, 1, 1)} | more
        return Indicator(**dict.fromkeys(schema_of(Indicator).names) | told)

    rows = [
        figure("a/b=c", 1.0, revision="1"), figure("a/b=c", 2.0), figure("a/b=c", 3.0, 2022),
        figure("a/b=c", 9.0, area="59"), figure("a/b=c", 8.0, substance="mdma", denominator=70.0),
        figure("s", 1.0, source="c"), figure("s", 2.0, source="a"), figure("s", 3.0, source="a"),
        figure("s", None, 2024), figure("s", 5.0, 2024, step="quarter"),
        figure("s", 6.0, 2024, step="month"), figure("s", 7.0, 2024, step="week"),
        # two units as often: the one of the later period has the name, then the first in order
        figure("u", 1.0, 2021, unit="t"), figure("u", 2.0, 2022, unit="kg"),
        figure("v", 1.0, unit="t"), figure("v", 2.0, unit="kg"),
    ]  # fmt: skip
    tables = Tables(str(tmp_path / "tables"), tmp_path / "scratch")
    tables.append(Indicator, table_of(rows, Indicator))
    with tables.connect() as connection:
        found = count(connection).to_pylist()
    told = [
        (r["series"].removeprefix("indicator/"), r["period"].year, r["value"], r["denominator"])
        for r in found
    ]
    assert told == [
        ("area=59/name=a∕b＝c/year", 2023, 9.0, None),
        ("area=75/name=a∕b＝c/substance=mdma/year", 2023, 8.0, 70.0),
        ("area=75/name=a∕b＝c/year", 2022, 3.0, None),
        ("area=75/name=a∕b＝c/year", 2023, 2.0, None),
        ("area=75/name=s/month", 2024, 6.0, None),
        ("area=75/name=s/week", 2024, 7.0, None),
        ("area=75/name=s/year", 2023, 3.0, None),
        ("area=75/name=u (t)/year", 2021, 1.0, None),
        ("area=75/name=u/year", 2022, 2.0, None),
        ("area=75/name=v (t)/year", 2023, 1.0, None),
        ("area=75/name=v/year", 2023, 2.0, None),
    ]
    assert {r["frozen"] for r in found} == {False}


@pytest.mark.parametrize(("documents", "told"), [(2, False), (3, True)])
def test_a_pair_is_told_from_three_documents_on(counted, documents, told):
    facts = [fact(n, "mention", substance=name) for n in range(documents) for name in ("b", "a")]
    facts += [fact(n, "place", place="75") for n in range(documents)]
    points = counted([document(n, FIRST) for n in range(9)], facts)
    pairs = {name: of for (name, _), of in points.items() if name.startswith("together/")}
    assert pairs == (
        {
            "together/place=75/substance=a/week": (3, 9),
            "together/place=75/substance=b/week": (3, 9),
            "together/substance=a/with=b/week": (3, 9),
        }
        if told
        else {}
    )


def test_equal_prices_of_a_first_appearance_and_its_reposts_count_once_at_each_site(counted):
    def price(number, **more):
        known = {"substance": "mdma", "amount": 10, "currency": "EUR", "quantity": 1, "unit": "g"}
        return fact(number, "price", **known | more)

    points = counted(
        [document(1, FIRST), document(2, FIRST, site="lyon", source="b"), document(3, FIRST),
         document(4, FIRST, precision="month"), document(5, FIRST, precision="year")],
        [price(1), price(1, start=5, stop=6), price(2), price(3), price(3, amount=30), price(4),
         price(5), price(1, currency="CHF"), price(1, confidence=0.49, amount=99)],
        reposts=[Repost(bytes([2]) * 16, bytes([1]) * 16, 1.0)],
    )  # fmt: skip
    told = {
        (name.replace("price/band=0.75/currency=", "").replace("/substance=mdma/unit=g", ""),
         f"{period:%m-%d}"): of
        for (name, period), of in points.items() if name.startswith("price/")
    }  # fmt: skip
    assert told == {
        ("CHF/month", "03-01"): (10, 1), ("CHF/site=lille/month", "03-01"): (10, 1),
        ("CHF/site=lille/week", "03-03"): (10, 1), ("CHF/week", "03-03"): (10, 1),
        ("EUR/month", "03-01"): (10, 4), ("EUR/site=lille/month", "03-01"): (10, 4),
        ("EUR/site=lille/week", "03-03"): (10, 3), ("EUR/site=lyon/month", "03-01"): (10, 1),
        ("EUR/site=lyon/week", "03-03"): (10, 1), ("EUR/week", "03-03"): (10, 3),
    }  # fmt: skip


def test_what_was_counted_before_a_day_is_frozen_where_the_evidence_no_longer_gives_it(tmp_path):
    """Texts of two weeks go: the week that ended before the day stays as it was counted."""
    with Workspace.create(tmp_path / "obs", "Essai") as ws:
        rows = [document(n, day) for n, day in enumerate((FIRST, FIRST, SECOND, FOURTH))]
        ws.tables.append(Document, table_of(rows, Document))
        ws.tables.append(Observation, table_of([fact(1, "mention", substance="lsd")], Observation))

        def points(series):
            told = ws.tables.rows("SELECT * FROM points WHERE series = ? ORDER BY period", [series])
            return {row["period"]: (row["value"], row["denominator"], row["frozen"])
                    for row in told}  # fmt: skip

        def count(**more):
            outcome = tallying.count(ws, **more)
            told = points("documents/week").items()
            return outcome.changed, {period: (n, frozen) for period, (n, _, frozen) in told}

        whole = {FIRST: (2, False), SECOND: (1, False), FOURTH: (1, False)}
        assert count() == (True, whole)
        assert count() == (False, whole), "nothing changed"
        assert count(freeze=date(2025, 3, 16)) == (True, whole), "all of it is still given"
        gone = [bytes([n]) * 16 for n in (0, 2)]
        ws.tables.delete(Document, "id", pa.array(gone, pa.binary()))
        # the second week ends on the 16th: not before the day
        kept = {FIRST: (2, True), FOURTH: (1, False)}
        assert count(freeze=date(2025, 3, 16)) == (True, kept)
        mentions = points("mentions/substance=lsd/week")
        assert mentions[FIRST] == (1, 2, True), "of as many as there were"
        assert mentions[FOURTH] == (0, 1, False)
        assert count() == (False, kept)
        ws.tables.append(Document, table_of([document(9, FIRST), document(8, SECOND)], Document))
        assert count() == (True, kept | {SECOND: (1, False)}), "what is frozen stays"

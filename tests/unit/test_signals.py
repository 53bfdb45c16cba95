"""Signals: one for each phenomenon, with a stable id, a rank and a novelty class."""

from datetime import UTC, date, datetime, timedelta

import pyarrow as pa
import pytest

from fanal.detectors import rarities
from fanal.records import Alarm, Phenomenon, Point, Signal, empty, table_of
from fanal.series import LINEAGE, concept_of, ties
from fanal.stages import grouping

START = date(2024, 1, 1)
KEY = grouping.keyed(b"k" * 32)


def week(number):
    return START + timedelta(weeks=number)


def points(series, values):
    return [Point(series, week(n), "week", float(v), 50.0, False) for n, v in enumerate(values)]


def alarm(series, number, observed=9.0, expected=1.0, threshold=5.0, score=3.0, detector="ears"):
    return Alarm(series, week(number), "week", observed, expected, threshold, score, detector,
                 "{}", week(number), None)  # fmt: skip


def grouped(alarms, history=(), previous=(), wider=(), carried=(), told=(), areas=None):
    made, linked = grouping.group(
        table_of(alarms, Alarm),
        table_of(history, Point),
        table_of(previous, Signal),
        KEY,
        wider=pa.Table.from_pylist(list(wider), LINEAGE),
        carried=pa.Table.from_pylist(list(carried), grouping.CARRIED),
        told=told,
        rarities=rarities(),
        areas=areas or {},
    )
    return made.to_pylist(), linked.to_pylist()


@pytest.mark.parametrize(
    ("series", "concept"),
    [
        ("mentions/substance=lsd/week", "substance=lsd"),
        ("channels/site=lille/substance=lsd/week", "substance=lsd"),
        ("found/substance=lsd/month", "substance=lsd"),
        ("practices/kind=press/practice=supply.mode.drive/week", "practice=supply.mode.drive"),
        ("documents/source=a/week", "silence source=a"),
        ("indicator/area=59/name=usage/year", "name=usage"),
        ("indicator/area=NL/name=forum/substance=3-mmc/month", "substance=3-mmc"),
        ("indicator/area=13/name=usage de stupéfiants/year", "name=usage de stupéfiants"),
        ("price/band=1.5/currency=EUR/site=lyon/substance=lsd/unit=g/week",
         "price currency=EUR substance=lsd unit=g"),
    ],
)  # fmt: skip
def test_concepts(series, concept):
    assert concept_of(series) == concept


def test_neighbouring_series_make_one_signal_that_tells_the_strongest_at_its_place():
    here = alarm("mentions/site=lille/substance=lsd/week", 60, observed=6.0)
    everywhere = alarm("mentions/substance=lsd/week", 61, observed=12.0, score=5.0)
    made, linked = grouped([here, everywhere])
    assert len(made) == 1
    assert (made[0]["series"], made[0]["place"]) == (here.series, "lille")
    assert (made[0]["observed"], made[0]["score"]) == (6.0, pytest.approx(8.2, abs=0.5))
    assert (made[0]["first"], made[0]["last"]) == (week(60), week(61))
    assert {row["signal"] for row in linked} == {made[0]["id"]}


def figure(area, month):
    series = f"indicator/area={area}/name=samples/substance=3-mmc/month"
    first = date(2025, month, 1)
    return Alarm(series, first, "month", 116.0, 60.0, 90.0, 9.0, "default", "{}", first, None)


AREAS = {"lille": {"59", "FR"}, "lyon": {"69", "FR"}}


@pytest.mark.parametrize("place", ["site=lille/", ""])
def test_figures_of_another_country_are_a_signal_of_their_own(place):
    texts = [alarm(f"mentions/{place}substance=3-mmc/week", n, 14.0, score=7.0) for n in (75, 76)]
    figures = [figure("NL", month) for month in (4, 5, 6)]
    made, _ = grouped([*texts, *figures], areas=AREAS)
    told = {s["measure"]: (s["place"], s["first"], s["last"], s["observed"]) for s in made}
    assert told == {
        "mentions": ("lille" if place else "", week(75), week(76), 14.0),
        "indicator": ("NL", date(2025, 4, 1), date(2025, 6, 1), 116.0),
    }
    again, _ = grouped([*texts, *figures], previous=[Signal(**s) for s in made], areas=AREAS)
    assert {s["measure"]: s["id"] for s in again} == {s["measure"]: s["id"] for s in made}


def test_figures_around_a_site_join_its_signal_and_give_it_no_beginning():
    texts = [alarm("mentions/site=lille/substance=3-mmc/week", n, 14.0, score=10) for n in (75, 76)]
    made, linked = grouped([*texts, figure("59", 4), figure("59", 5), figure("59", 6)], areas=AREAS)
    told = [(s["measure"], s["place"], s["first"], s["last"]) for s in made]
    assert told == [("mentions", "lille", week(75), week(76))]
    assert {row["signal"] for row in linked} == {made[0]["id"]}


def test_a_long_gap_starts_another_signal():
    series = "mentions/substance=lsd/week"
    assert len(grouped([alarm(series, 10), alarm(series, 23)])[0]) == 1
    assert len(grouped([alarm(series, 10), alarm(series, 24)])[0]) == 2


def test_the_id_stays_when_late_evidence_moves_the_beginning():
    series = "mentions/substance=lsd/week"
    before, _ = grouped([alarm(series, 20)])
    after, _ = grouped([alarm(series, 18), alarm(series, 20)], previous=[Signal(**before[0])])
    assert after[0]["id"] == before[0]["id"]
    assert grouped([alarm(series, 18)])[0][0]["id"] != before[0]["id"]


@pytest.mark.parametrize(
    ("values", "at", "observed", "novelty"),
    [
        ([0] * 60 + [3, 4], 60, 9, "new"),
        ([0] * 10 + [4] * 5 + [0] * 40 + [5], 55, 9, "returning"),
        ([4] * 60 + [12], 60, 12, "persistent"),
        ([9] * 60 + [0], 60, 0, "fading"),
    ],
)
def test_novelty(values, at, observed, novelty):
    series = "mentions/substance=lsd/week"
    expected = 5.0 if novelty == "fading" else 1.0
    made, _ = grouped(
        [alarm(series, at, observed=observed, expected=expected)], points(series, values)
    )
    assert made[0]["novelty"] == novelty


def test_no_alarm_no_signal():
    made, linked = grouping.group(empty(Alarm), empty(Point), empty(Signal), KEY)
    assert made.num_rows == linked.num_rows == 0


def price(number, observed, expected=70.0, site="lyon", score=2.0, way="fall"):
    where = f"site={site}/" if site else ""
    series = f"price/band=0.75/currency=EUR/{where}substance=cocaine/unit=g/week"
    return Alarm(series, week(number), "week", observed, expected, expected, score, "shift",
                 f'{{"direction": "{way}", "limit": 6.0}}', week(number), None)  # fmt: skip


def prices(site, values):
    where = f"site={site}/" if site else ""
    return points(f"price/band=0.75/currency=EUR/{where}substance=cocaine/unit=g/week", values)


FALL = [70.0] * 60 + [48.0] * 10


def told_of(alarms, **more):
    made, _ = grouped(alarms, **more)
    return [(s["concept"].split("=")[-1], s["place"], s["first"]) for s in made]


def test_a_price_that_falls_in_one_site_is_told_there_and_not_of_all():
    alarms = [price(n, 48.0) for n in range(62, 66)] + [
        price(n, 60.0, site="") for n in range(61, 66)
    ]
    made, linked = grouped(alarms, prices("lyon", FALL) + prices("", [70.0] * 60 + [60.0] * 10))
    assert [(s["place"], s["first"], s["novelty"]) for s in made] == [("lyon", week(62), "new")]
    assert {row["signal"] for row in linked} == {made[0]["id"]}


@pytest.mark.parametrize(
    ("level", "weeks", "found"), [(63.0, 4, 1), (63.1, 4, 0), (48.0, 3, 1), (48.0, 2, 0)]
)
def test_a_price_moves_by_a_tenth_for_three_weeks_or_not_at_all(level, weeks, found):
    alarms = [price(n, level) for n in range(62, 62 + weeks)]
    made, linked = grouped(alarms, prices("lyon", [70.0] * 60 + [level] * 8))
    assert len(made) == found
    assert [row["signal"] is None for row in linked] == [not found] * weeks


def test_one_odd_price_that_keeps_a_sum_up_is_no_shift():
    values = [70.0] * 60 + [20.0, 70.0, 70.0, 30.0, 70.0, 70.0, 70.0]
    alarms = [price(60 + n, value) for n, value in enumerate(values[60:])]
    assert grouped(alarms, prices("lyon", values))[0] == []


def test_prices_of_sites_are_one_signal_if_they_move_within_two_months():
    def two(later):
        alarms = [price(n, 48.0, score=3.0) for n in range(60, 64)]
        alarms += [price(n, 50.0, site="lille") for n in range(later, later + 4)]
        lille = prices("lille", [70.0] * later + [50.0] * 8)
        return told_of(alarms, history=prices("lyon", FALL) + lille)

    assert two(62) == [("g", "", week(60))]
    assert two(69) == [("g", "lyon", week(60)), ("g", "lille", week(69))]


def test_a_price_that_rises_is_not_the_one_that_falls():
    alarms = [price(n, 48.0) for n in range(60, 64)]
    alarms += [price(n, 90.0, way="rise") for n in range(66, 70)]
    history = prices("lyon", [70.0] * 60 + [48.0] * 5 + [90.0] * 6)
    made, _ = grouped(alarms, history)
    assert len(made) == len({s["id"] for s in made}) == 2


MEMBERS = [
    {"substance": name, "dimension": dimension, "wider": wider}
    for name in ("isotonitazene", "metonitazene")
    for dimension, wider in (("group", "nitazenes"), ("class", "opioids"))
] + [{"substance": "tramadol", "dimension": "class", "wider": "opioids"}]


def test_a_substance_stands_in_front_of_its_group_and_class():
    made, linked = grouped(
        [
            alarm("mentions/substance=isotonitazene/week", 60, score=4.0, detector="default"),
            alarm("mentions/group=nitazenes/week", 60, score=5.0, detector="default"),
            alarm("mentions/class=opioids/week", 61, score=4.5, detector="default"),
        ],
        wider=MEMBERS,
    )
    assert [s["concept"] for s in made] == ["substance=isotonitazene"]
    assert {row["signal"] for row in linked} == {made[0]["id"]}


def test_a_group_stands_in_front_where_the_rise_is_spread_over_members():
    alone = [alarm("mentions/group=nitazenes/week", 60, detector="default")]
    assert told_of(alone, wider=MEMBERS) == [("nitazenes", "", week(60))]
    member = alarm("mentions/substance=isotonitazene/week", 60, score=2.9, detector="default")
    spread = [member, alarm("mentions/group=nitazenes/week", 60, score=6.0, detector="default")]
    assert told_of(spread, wider=MEMBERS) == [("nitazenes", "", week(60))]


def test_a_class_does_not_tie_members_together():
    made, _ = grouped(
        [
            alarm("mentions/substance=isotonitazene/week", 60, score=6.0, detector="default"),
            alarm("mentions/substance=tramadol/week", 60, score=5.0, detector="default"),
            alarm("mentions/class=opioids/week", 60, score=6.5, detector="default"),
        ],
        wider=MEMBERS,
    )
    assert {s["concept"] for s in made} == {"substance=isotonitazene", "substance=tramadol"}


def test_a_move_from_one_app_to_others_is_one_signal():
    def moved(potato_week, potato_site="toulouse", third="supply.channel.migration"):
        return grouped(
            [
                alarm("platforms/platform=signal/site=toulouse/week", 62, score=9.0,
                      detector="default"),
                alarm(f"practices/practice={third}/site=toulouse/week", 62, detector="default"),
                alarm(f"platforms/platform=potato/site={potato_site}/week", potato_week,
                      detector="default"),
            ]
        )[0]  # fmt: skip

    assert [(s["concept"], s["place"]) for s in moved(66)] == [("platform=signal", "toulouse")]
    assert len(moved(67)) == 2  # more than a month later
    assert len(moved(66, "lille")) == 2  # elsewhere
    assert len(moved(66, third="supply.mode.drive")) == 2  # another kind of practice


@pytest.mark.parametrize(("shared", "signals_told"), [(4, 1), (3, 2), (0, 2)])
def test_concepts_that_the_same_documents_carry_are_one_signal(shared, signals_told):
    many = [f"m{n}".encode() for n in range(30)]
    few = [*many[:shared], *(f"f{n}".encode() for n in range(5 - shared))]
    carried = [
        {"concept": concept, "document": d, "site": "lille", "day": week(60)}
        for concept, documents in (("substance=tucibi", many), ("practice=a.b.c", few))
        for d in documents
    ]
    made, _ = grouped(
        [
            alarm("mentions/site=lille/substance=tucibi/week", 60, score=9.0, detector="default"),
            alarm("practices/practice=a.b.c/site=lille/week", 60, detector="default"),
        ],
        carried=carried,
    )
    assert len(made) == signals_told


@pytest.mark.parametrize(
    ("expected", "front"), [(0.9, "substance=crack-cocaine"), (1.0, "practice=a.b.c")]
)
def test_a_new_substance_stands_in_front_of_how_it_is_taken(expected, front):
    """“Route of use, Lille” had been the title of crack that is new in town."""
    carried = [
        {"concept": concept, "document": f"m{n}".encode(), "site": "lille", "day": week(60)}
        for concept in ("substance=crack-cocaine", "practice=a.b.c") for n in range(5)
    ]  # fmt: skip
    made, _ = grouped(
        [
            alarm("mentions/site=lille/substance=crack-cocaine/week", 60, expected=expected,
                  detector="default"),
            alarm("practices/practice=a.b.c/site=lille/week", 60, score=9.0, detector="default"),
        ],
        carried=carried,
    )  # fmt: skip
    assert [s["concept"] for s in made] == [front]


@pytest.mark.parametrize(
    ("name", "found", "told"),
    [
        ("substance=tucibi", "substance=tucibi", 1),  # the name itself rises
        ("substance=oxycodone", "substance=nitazenes", 1),  # what its samples held
        ("substance=oxycodone", "substance=lsd", 2),
    ],
)
def test_a_name_sold_for_another_thing_joins_what_it_is_about(name, found, told):
    carried = [
        {"concept": concept, "document": b"s1", "site": "lille", "day": week(60)}
        for concept in ("missold substance=oxycodone", "substance=nitazenes")
    ]
    made, _ = grouped(
        [
            alarm(f"missold/{name}/month", 60, detector="first-seen"),
            alarm(f"mentions/site=lille/{found}/week", 60, score=9.0, detector="default"),
        ],
        carried=carried,
    )
    assert len(made) == told
    assert found in {s["concept"] for s in made}


def test_the_id_stays_when_another_neighbour_becomes_the_strongest():
    signal = alarm("platforms/platform=signal/week", 60, score=5.0, detector="default")
    before, _ = grouped([signal])
    potato = alarm("platforms/platform=potato/week", 61, score=9.0, detector="default")
    after, _ = grouped([signal, potato], previous=[Signal(**before[0])])
    assert [s["concept"] for s in after] == ["platform=potato"]
    assert after[0]["id"] == before[0]["id"]


def test_an_earlier_signal_gives_its_id_to_one_signal_only():
    series = "mentions/substance=lsd/week"
    long = Signal(**grouped([alarm(series, 10), alarm(series, 22), alarm(series, 34)])[0][0])
    made, _ = grouped([alarm(series, 10), alarm(series, 34)], previous=[long])
    assert len({s["id"] for s in made}) == 2


@pytest.mark.parametrize(
    ("observed", "expected", "threshold", "shown"),
    [(9.0, 1.0, 5.0, 5.0), (9.0, 1.0, -1.0, 1.0), (9.0, 4.0, 3.0, 4.0), (9.0, 1.0, 12.0, 12.0),
     (0.0, 20.0, 4.0, 4.0), (0.0, 20.0, 30.0, 20.0)],
)  # fmt: skip
def test_the_threshold_that_is_shown_lies_past_what_was_expected(
    observed, expected, threshold, shown
):
    made, _ = grouped([alarm("mentions/substance=lsd/week", 9, observed, expected, threshold)])
    assert made[0]["threshold"] == shown


def test_most_of_the_surprise_in_one_site_places_a_signal():
    strong = [alarm("mentions/site=lille/substance=lsd/week", n, detector="default", score=8.0)
              for n in range(60, 64)]  # fmt: skip
    weak = alarm("mentions/site=lyon/substance=lsd/week", 60, detector="default", score=3.0)
    assert grouped([*strong, weak])[0][0]["place"] == "lille"
    assert grouped([*strong[:1], weak])[0][0]["place"] == ""


def test_what_an_earlier_report_told_is_not_new():
    series = "mentions/substance=lsd/week"
    history = points(series, [0] * 60 + [9])

    def novelty(concept, year, sites=""):
        report = Phenomenon(b"p" * 16, "t", concept, "s", "new", year, sites, "TREND", "w",
                            datetime(2025, 1, 1, tzinfo=UTC))  # fmt: skip
        made, _ = grouped(
            [alarm("mentions/site=lille/substance=lsd/week", 60), alarm(series, 60)],
            history + points("mentions/site=lille/substance=lsd/week", [0] * 60 + [9]),
            told=[report],
        )
        return made[0]["novelty"]

    assert week(60).year == 2025
    assert novelty("substance=lsd", 2024) == "persistent"
    assert novelty("substance=lsd practice=a.b", 2022) == "returning"
    assert novelty("substance=lsd", 2024, "lyon, lille") == "persistent"
    assert novelty("substance=lsd", 2024, "lyon") == "new"
    assert novelty("substance=mdma", 2024) == "new"
    assert novelty("substance=lsd", 2025) == "new"
    assert novelty("price substance=lsd", 2024) == "new"


def test_a_price_ties_to_what_was_said_of_that_price():
    def tied(concept):
        said = Phenomenon(b"p" * 16, "t", concept, "s", "new", 2024, "", "", "w",
                          datetime(2025, 1, 1, tzinfo=UTC))  # fmt: skip
        return ties(said, "price currency=EUR substance=cocaine unit=g", "lyon")

    assert tied("price substance=cocaine")
    assert not tied("substance=cocaine")
    assert not tied("price currency=EUR substance=heroin unit=g")


def test_names_of_indicators_hold_spaces_and_tie_as_a_whole():
    def tied(concept, mine):
        said = Phenomenon(b"p" * 16, "t", concept, "s", "new", 2024, "", "", "w",
                          datetime(2025, 1, 1, tzinfo=UTC))  # fmt: skip
        return ties(said, mine, "")

    assert tied("name=usage de stupéfiants", "name=usage de stupéfiants")
    assert not tied("name=usage de stupéfiants", "name=usage de tabac")
    assert tied("substance=lsd, practice=a.b", "practice=a.b")


def monthly(series, values, read=40.0):
    return [
        Point(series, date(2024 + n // 12, n % 12 + 1, 1), "month", float(v), read, False)
        for n, v in enumerate(values)
    ]


def found_alarm(series, number, observed=1.0):
    period = date(2024 + number // 12, number % 12 + 1, 1)
    return Alarm(series, period, "month", observed, 0.0, 1.0, observed, "first-seen",
                 '{"why": "first"}', period, None)  # fmt: skip


@pytest.mark.parametrize(
    ("before", "observed", "novelty"),
    [
        (12, 1.0, "new"),
        (1, 1.0, "new"),
        (0, 1.0, "new"),  # the very first month: one finding
        (1, 9.0, "new"),  # it was looked for, and not there
        (0, 9.0, "persistent"),  # in nine samples of the very first month: it was there
    ],
)
@pytest.mark.parametrize("measure", ["danger/rule=nitazenes/site=lille", "found"])
def test_a_first_finding_is_new(measure, before, observed, novelty):
    series = f"{measure}/substance=nitazenes/month"
    made, _ = grouped(
        [found_alarm(series, before, observed)], monthly(series, [0.0] * before + [observed])
    )
    assert made[0]["novelty"] == novelty


@pytest.mark.parametrize(("every", "novelty"), [(20, "new"), (2, "persistent")])
def test_what_is_always_named_is_not_new_when_a_laboratory_finds_it(every, novelty):
    series = "found/substance=nitazenes/month"
    texts = points("mentions/substance=nitazenes/week",
                   [2.0 if n % every == 0 else 0.0 for n in range(52)])  # fmt: skip
    made, _ = grouped([found_alarm(series, 12)], monthly(series, [0.0] * 12 + [1.0]) + texts)
    assert made[0]["novelty"] == novelty


def test_a_share_that_falls_is_not_fading():
    series = "expected/substance=mdma/month"
    row = found_alarm(series, 20)
    low = Alarm(series, row.period, "month", 4.0, 9.0, 6.0, 5.0, "binomial-cusum", "{}",
                row.period, None)  # fmt: skip
    made, _ = grouped([low], monthly(series, [9.0] * 20 + [4.0], 10.0))
    assert made[0]["novelty"] == "new"
    # S = 5 comes by chance once in some exp(5)
    assert made[0]["score"] == pytest.approx(5 * 0.4343 * 1.1, abs=1e-3)

"""The rule of small numbers where it begins and ends: 10 is withheld and 11 is told, everywhere."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.answers import withholding
from fanal.answers.behind import Corroboration
from fanal.answers.disclosure import (
    chain,
    few,
    of_name,
    parts,
    public,
    signal,
    told,
    whole,
    witnesses,
)
from fanal.answers.suppression import Sum, _determined, narrow, protect
from fanal.answers.withholding import Span, denominators_withheld, family_of, withheld
from fanal.edition import (
    ContentFact,
    Edition,
    Evidence,
    Few,
    LabFact,
    Name,
    SignalFact,
    SourceFact,
    Untold,
    Value,
    Witness,
)
from fanal.laboratory.findings import Expected

LEAST = 11
JAN, FEB = date(2025, 1, 1), date(2025, 2, 1)


def said(n):
    """Return a count as a person reads it: `few` of those under 11, `untold` for another's sake."""
    return "untold" if isinstance(n, Untold) else "few" if isinstance(n, Few) else n


# --- counts that stand together -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "as_told"),
    [
        ([10], [None]),
        ([11], [11]),
        ([0], [0]),
        ([1], [None]),
        ([22, 12], [22, None]),
        ([22, 11], [22, 11]),
        ([22, 22], [22, 22]),
        ([12, 0], [12, 0]),
        ([30, 25, 19], [30, None, 19]),
        ([30, 19, 9, 0], [30, 19, None, 0]),
        ([30, 19, 18], [30, 19, None]),
    ],
)
def test_nested_counts_are_told_without_small_ones_and_small_differences(counts, as_told):
    assert chain(counts, LEAST) == as_told
    assert chain(counts, 1) == counts


@pytest.mark.parametrize(
    ("total", "counts", "as_told"),
    [
        (40, [20, 20], [40, 20, 20]),
        (51, [20, 20], [51, 20, 20]),
        (50, [20, 20], [50, None, 20]),  # else 10 were of no name that is listed
        (30, [20, 20], [40, 20, 20]),  # samples of two names
        (50, [10, 40], [50, None, None]),
        (50, [11, 39], [50, 11, 39]),
        (40, [], [40]),
    ],
)
def test_a_total_and_its_parts(total, counts, as_told):
    assert parts(total, counts, LEAST) == as_told


@pytest.mark.parametrize(
    ("sold_as", "substance", "of", "n", "as_told"),
    [
        ("unknown", "mdma", 40, 29, 29),
        ("unknown", "mdma", 40, 30, None),
        ("unknown", "mdma", 40, 11, 11),
        ("unknown", "mdma", 40, 10, None),
        ("cocaine", "mdma", 84, 73, 73),  # not what it is sold as: beside all of the name alone
        ("cocaine", "cocaine", 84, 70, 70),
        ("cocaine", "cocaine", 84, 50, 50),
        ("cocaine", "cocaine", 84, 49, None),  # beside 39 that held nothing else
        ("cocaine", "cocaine", 84, 60, None),  # beside 70 that held it in any form
    ],
)
def test_what_samples_of_a_name_held(sold_as, substance, of, n, as_told):
    held = {"cocaine": Expected("cocaine", 70, 39, 84, 0.83, 0.74, 0.9)}
    assert of_name(sold_as, substance, (n, of), held, LEAST) == as_told


@pytest.mark.parametrize(
    ("total", "counts", "as_told", "may"),
    [
        (40, [20, 20], [20, 20], True),
        (40, [20, 20, 0], [20, 20, None], True),  # of nobody there is nothing to be told
        (40, [20, 10, 10], [20, None, None], False),  # 10 and 10 make 20: each is 10
        (40, [20, 20], [None, None], True),
        (22, [11, 11], [11, None], False),
        (50, [20, 20], [20, None], True),
        (50, [20, 20], [20, 20], False),  # a rest of 10
        (51, [20, 20], [20, 20], False),  # and any rest: it is listed nowhere
        (40, [20, 20], [20, 20], True),
    ],
)
def test_whether_a_total_is_told(total, counts, as_told, may):
    assert whole(total, counts, as_told, LEAST) is may
    assert whole(total, counts, as_told, 1) is True


@pytest.mark.parametrize(("n", "as_told"), [(0, 0), (1, "few"), (10, "few"), (11, 11)])
def test_a_count_alone(n, as_told):
    assert said(few(n, LEAST)) == as_told
    assert said(told(None, n, LEAST)) == (as_told if as_told == "few" else None)
    assert told(n, n, LEAST) is n
    assert few(n, 1) is n


# --- suppression, against all that is possible ----------------------------------------------------


def possible(rest, small, least):
    """Yield every way to make up a sum of withheld counts, as an attacker tries them."""
    ranges = [range(1, least) if is_small else range(rest + 1) for is_small in small]
    return [way for way in product(*ranges) if sum(way) == rest]


@given(
    st.integers(2, 5),
    st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=3),
)
@settings(max_examples=60, deadline=None)
def test_what_one_sum_tells_is_what_all_ways_to_make_it_up_leave_open(least, drawn):
    small = [is_small for is_small, _ in drawn]
    values = [1 + n % (least - 1) if is_small else n for is_small, n in drawn]
    ways = possible(sum(values), small, least)
    tight = []
    for i, is_small in enumerate(small):
        width = max(way[i] for way in ways) - min(way[i] for way in ways)
        if width < ((least - 1) / 2 - 0.5 if is_small else 2):
            tight.append(i)
    assert narrow(sum(values), small, least) == tight


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_what_all_sums_determine_is_what_no_other_table_has(data):
    """A cell is determined where adding the equation of it alone adds nothing to the equations."""
    size = data.draw(st.integers(2, 8))
    sums = [
        Sum(cells[0], tuple(cells[1:]))
        for cells in data.draw(
            st.lists(st.permutations(range(size)).map(lambda p: p[:4]), min_size=1, max_size=6)
        )
    ]
    hidden = data.draw(st.sets(st.integers(0, size - 1), min_size=1))
    order = sorted({cell for total, mine in sums for cell in (total, *mine)} & hidden)
    matrix = np.zeros((len(sums), len(order)))
    for row, (total, mine) in zip(matrix, sums, strict=True):
        for cell, sign in ((total, -1), *((part, 1) for part in mine)):
            if cell in order:
                row[order.index(cell)] += sign
    rank = np.linalg.matrix_rank(matrix) if order else 0
    expected = {
        cell
        for i, cell in enumerate(order)
        if np.linalg.matrix_rank(np.vstack([matrix, np.eye(len(order))[i]])) == rank
    }
    assert _determined(sums, hidden) == expected


# A table of three rows and columns with its totals, as `sums` has them: cells 0 to 8, row totals
# 9 to 11, column totals 12 to 14, all 15.
GRID = [
    Sum(9, (0, 1, 2)), Sum(10, (3, 4, 5)), Sum(11, (6, 7, 8)), Sum(12, (0, 3, 6)),
    Sum(13, (1, 4, 7)), Sum(14, (2, 5, 8)), Sum(15, (9, 10, 11)), Sum(15, (12, 13, 14)),
]  # fmt: skip


def grid(*cells):
    rows = [sum(cells[n : n + 3]) for n in (0, 3, 6)]
    columns = [sum(cells[n::3]) for n in (0, 1, 2)]
    return [*cells, *rows, *columns, sum(cells)]


@pytest.mark.parametrize(
    ("cells", "small", "others"),
    [
        ((11, 20, 30, 40, 50, 60, 70, 80, 90), (), ()),
        ((10, 20, 30, 40, 50, 60, 70, 80, 90), (0,), (1, 3, 4)),
        ((10, 20, 30, 40, 50, 60, 70, 80, 1), (0, 8), (1, 2, 3, 4, 6)),
        ((10, 20, 30, 40, 9, 60, 70, 80, 90), (0, 4), (1, 3)),
        ((5, 0, 0, 0, 50, 60, 0, 80, 90), (0, 9, 12), (4, 10, 13)),
    ],
)
def test_a_table_withholds_the_cheapest_cells_that_hide_its_small_ones(cells, small, others):
    kept = protect(grid(*cells), GRID, LEAST)
    assert (set(kept.small), set(kept.others)) == (set(small), set(others))
    assert kept.withheld == kept.small | kept.others


@pytest.mark.parametrize(
    ("values", "others"),
    [
        # 12 goes with 5, and 20 with 12: a sum that was looked at before is looked at again
        ((20, 12, 5, 15, 32, 32), {0, 1}),
        ((20, 12, 5, 11, 32, 28), {3}),
        ((20, 12, 0, 15, 32, 27), set()),
        ((20, 12, 11, 15, 32, 38), set()),
        ((0, 12, 5, 15, 12, 32), {1, 4}),  # where no part is left the total goes
        ((20, 12, 5, 0, 32, 17), {0, 1}),
    ],
)
def test_what_goes_with_a_small_cell_takes_a_second_one_of_its_other_sum(values, others):
    kept = protect(values, [Sum(4, (0, 1)), Sum(5, (1, 2, 3))], LEAST)
    assert kept.others == others


def test_only_cells_that_count_persons_are_small_and_what_is_published_nowhere_hides_others():
    values, sums = [5, 6, 40, 51], [Sum(3, (0, 1, 2))]
    assert protect(values, sums, LEAST, persons={2, 3}).withheld == set()
    assert protect(values, sums, LEAST, persons={0}).withheld == {0, 1}
    hidden = protect([5, 46, 30, 81], sums, LEAST, unseen={2})
    assert (hidden.small, hidden.others) == ({0}, set()), "the third is told nowhere"
    also = protect([20, 30, 40, 90], sums, LEAST, also={1})
    assert (also.small, also.others) == (set(), {0, 1})


# --- series ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("series", "family"),
    [
        ("authors/site=lille/substance=mdma/month", "authors/substance=mdma/month"),
        ("mentions/kind=press/substance=mdma/week", "mentions/substance=mdma/week"),
        ("mentions/source=a/substance=mdma/week", "mentions/substance=mdma/week"),
        ("missold/site=lille/substance=mdma/month", "expected/substance=mdma/month"),
        ("danger/rule=x/site=lille/substance=mdma/month", "danger/rule=x/substance=mdma/month"),
    ],
)
def test_what_a_series_is_a_part_of(series, family):
    assert family_of(series) == family


SOURCES = {
    "a": ("lille", "public posts"), "b": ("lille", "interview"), "c": ("metz", "interview"),
    "d": ("metz", "public posts"), "e": ("metz", "press"),
}  # fmt: skip


def kept(points, **more):
    """Return the series of which the value of January is withheld, without what all share."""
    named = {f"{measure}/substance=mdma/month": {JAN: float(n)} for measure, n in points.items()}
    found = withheld(named, LEAST, **more)
    assert {period for _, period in found} <= {JAN}
    return {name.removesuffix("/substance=mdma/month") for name, _ in found}


@pytest.mark.parametrize(
    ("points", "hidden"),
    [
        ({"authors": 11}, set()),
        ({"authors": 10}, {"authors"}),
        ({"authors": 0}, set()),
        ({"authors": 41, "authors/site=lille": 11, "authors/site=metz": 30}, set()),
        ({"authors": 40, "authors/site=lille": 10, "authors/site=metz": 30},
         {"authors/site=lille", "authors/site=metz"}),
        # what was read elsewhere counts persons as well
        ({"authors": 51, "authors/site=lille": 30, "authors/site=metz": 11},
         {"authors/site=metz"}),
        ({"authors": 52, "authors/site=lille": 30, "authors/site=metz": 11}, set()),
        # counted in two sites: no sum holds, each stands alone
        ({"authors": 35, "authors/site=lille": 30, "authors/site=metz": 10},
         {"authors/site=metz"}),
        # the whole is told nowhere, and may be known
        ({"authors/site=lille": 10, "authors/site=metz": 30},
         {"authors/site=lille", "authors/site=metz"}),
        ({"authors/site=lille": 10}, {"authors/site=lille"}),
        ({"mentions/kind=interview": 10, "mentions/kind=press": 30, "mentions": 40},
         {"mentions/kind=interview", "mentions/kind=press"}),
        ({"mentions/kind=interview": 11, "mentions/kind=press": 3, "mentions": 14}, set()),
        ({"mentions/site=lille": 3, "mentions/site=metz": 4, "mentions": 7}, set()),
    ],
)  # fmt: skip
def test_sites_and_kinds_beside_all(points, hidden):
    assert kept(points) == hidden


@pytest.mark.parametrize(
    ("points", "hidden"),
    [
        ({"mentions/source=a": 40, "mentions/source=b": 10, "mentions/site=lille": 50},
         {"mentions/source=a", "mentions/source=b"}),
        ({"mentions/source=a": 40, "mentions/source=b": 11, "mentions/site=lille": 51}, set()),
        # press and posts of Metz stand beside a few interviews of Metz: one of them goes too
        ({"mentions/source=c": 10, "mentions/source=d": 40, "mentions/source=e": 30,
          "mentions/site=metz": 80}, {"mentions/source=c", "mentions/source=e"}),
        ({"mentions/source=b": 30, "mentions/source=c": 10, "mentions/kind=interview": 40},
         {"mentions/source=b", "mentions/source=c"}),
        ({"mentions/source=gone": 10, "mentions": 90, "mentions/source=a": 80},
         {"mentions/source=gone", "mentions/source=a"}),
        ({"mentions/source=a": 4, "mentions/source=d": 5, "mentions": 9}, set()),
    ],
)  # fmt: skip
def test_sources_beside_their_site_and_their_kind(points, hidden):
    assert kept(points, sources=SOURCES) == hidden


def test_what_makes_a_count_up_to_the_samples_of_a_name_counts_persons_too():
    assert kept({"expected": 30, "missold": 10}) == {"missold"}
    assert kept({"expected": 30, "missold": 11}) == set()
    all_of = {f"{name}/substance=mdma/month": {JAN: 40.0} for name in ("expected", "missold")}
    assert kept({"expected": 30, "missold": 10}, of=all_of) == {"expected", "missold"}
    whole_of = {"found/substance=mdma/month": {JAN: 40.0}}
    assert kept({"found": 29}, of=whole_of) == set()
    assert kept({"found": 30}, of=whole_of) == {"found"}
    assert kept({"found": 40}, of=whole_of) == set()
    assert kept({"found": 0}, of={"found/substance=mdma/month": {JAN: 5.0}}) == set()
    assert kept({"found": 30}, of={"found/substance=mdma/month": {JAN: None}}) == set()


@pytest.mark.parametrize(
    ("members", "group", "hidden"),
    [
        ({"x": 50, "y": 50}, 100, ""),
        ({"x": 5, "y": 50}, 55, "x group"),  # 55 less 50
        ({"x": 5, "y": 50}, 56, "x group"),  # one sample holds neither: who knows may say so
        ({"x": 5, "y": 8, "z": 50}, 63, "x y"),  # 13 is 3 and 10, or 10 and 3
        ({"x": 5, "y": 5, "z": 50}, 60, "x y"),
        ({"x": 9, "y": 10, "z": 50}, 69, "x y group"),  # 19 is 9 and 10 alone
        ({"x": 1, "y": 1, "z": 50}, 52, "x y group"),
        ({"x": 5, "y": 0}, 5, "x group"),
    ],
)
def test_a_group_tells_no_member(members, group, hidden):
    named = {f"found/substance={name}/month": {JAN: float(n)} for name, n in members.items()}
    of_group = {"found/group=g/month": {JAN: float(group)}}
    found = withheld(named | of_group, LEAST, members=named.keys())
    assert found == {
        (f"found/{'group=g' if name == 'group' else f'substance={name}'}/month", JAN)
        for name in hidden.split()
    }


def test_interviews_of_a_group_less_its_members_are_not_told():
    interviews = "mentions/group=g/kind=interview/month"
    for n, hidden in ((20, {(interviews, JAN)}), (0, set())):
        points = {interviews: {JAN: float(n)}, "mentions/group=g/month": {JAN: 90.0}}
        assert withheld(points, LEAST) == hidden
    posts = {
        "mentions/group=g/kind=press/month": {JAN: 30.0},
        "mentions/group=g/month": {JAN: 30.0},
    }
    assert withheld(posts, LEAST) == set()


@pytest.mark.parametrize(
    ("series", "hidden"),
    [
        ("found/substance=mdma/month", {JAN, FEB}),  # their sum over time is told elsewhere
        ("authors/substance=mdma/month", {FEB}),
        ("channels/substance=mdma/month", {FEB}),
        ("found/site=lille/substance=mdma/month", {JAN, FEB, date(2025, 3, 1)}),
        ("found/kind=lab/substance=mdma/month", {JAN, FEB, date(2025, 3, 1)}),
        ("purity/basis=measured-lab/substance=mdma/month", {FEB}),
        ("purity/basis=measured-lab/substance=mdma/week", {JAN, FEB}),  # parts of the month
        ("purity/basis=measured-lab/site=lille/substance=mdma/month", {JAN, FEB}),
        ("purity/basis=claimed/substance=mdma/week", set()),
        ("strength/basis=measured-lab/substance=mdma/unit=mg/month", {FEB}),
        ("expected/substance=mdma/month", {JAN, FEB}),
        ("purity/basis=claimed/substance=mdma/month", set()),
        ("mentions/substance=mdma/month", set()),
        ("price/substance=mdma/month", set()),
    ],
)
def test_what_a_share_is_of(series, hidden):
    of = {JAN: 11.0, FEB: 10.0, date(2025, 3, 1): None}
    assert denominators_withheld(series, of, LEAST) == hidden
    assert denominators_withheld("found/substance=mdma/month", {JAN: 0.0}, LEAST) == set()


def test_a_small_month_takes_another_of_its_year_with_it_but_not_where_each_is_counted_anew():
    year = {date(2025, m, 1): 30.0 + m for m in range(1, 13)} | {date(2025, 6, 1): 10.0}
    found = withheld({"found/substance=mdma/month": year}, LEAST)
    assert {period.month for _, period in found} == {1, 6}
    for measure in ("authors", "changed", "channels/kind=interview", "authors/site=lille"):
        found = withheld({f"{measure}/substance=mdma/month": year}, LEAST)
        assert {period.month for _, period in found} == {6}
    alone = {JAN: 10.0, FEB: 0.0}
    assert withheld({"found/substance=mdma/month": alone}, LEAST) == {
        ("found/substance=mdma/month", JAN)
    }


def test_the_last_twelve_months_and_those_before_are_sums_of_their_own():
    """24 months from March: pages compare the last twelve with the twelve before."""
    every = [date(2023 + (2 + n) // 12, (2 + n) % 12 + 1, 1) for n in range(24)]
    values = {day: 50.0 + n for n, day in enumerate(every)}
    name = "found/substance=mdma/month"
    # April 2023 is small; of its year May is the cheapest, and of the twelve months as well
    small = values | {every[1]: 10.0}
    assert withheld({name: small}, LEAST) == {(name, every[1]), (name, every[0])}
    # January 2024 alone in its year and in the first twelve months: one month serves both
    small = values | {every[10]: 10.0}
    found = {day for _, day in withheld({name: small}, LEAST)}
    assert every[10] in found
    assert found & set(every[:12]) - {every[10]}
    assert {d for d in found if d.year == 2024} - {every[10]}


# --- a public edition -----------------------------------------------------------------------------

MDMA, PMMA = Name("MDMA", "MDMA"), Name("PMMA", "PMMA")
WEEK, BEFORE = date(2026, 6, 22), date(2026, 6, 15)


def fact(observed=23, values=(12.0, 11.0), **more):
    known = {"series": "mentions/kind=interview/substance=crack/week"} | more
    history = tuple(Value(day, n, 90.0) for day, n in zip((BEFORE, WEEK), values, strict=True))
    return SignalFact(
        "abcdefgh", MDMA, "up", "mentions", "lille", "week", WEEK, WEEK, WEEK, observed, 2.0,
        8.0, 40.0, history, "default", "{}", "new", **known,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("observed", "as_told", "expected", "past"),
    [(10, "few", "untold", []), (11, 11, 2.0, [(BEFORE, 12.0), (WEEK, 11.0)])],
)
def test_what_a_signal_counts(observed, as_told, expected, past):
    shown = signal(fact(observed), LEAST)
    assert (said(shown.observed), said(shown.expected)) == (as_told, expected)
    assert said(shown.threshold) == ("untold" if past == [] else 8.0)
    assert shown.denominator is None
    assert [(v.period, v.value) for v in shown.history] == past


def test_small_weeks_of_a_signal_are_left_out_of_its_past():
    shown = signal(fact(30, (10.0, 11.0)), LEAST)
    assert [(v.period, v.value, v.denominator) for v in shown.history] == [
        (BEFORE, None, None), (WEEK, 11.0, None),
    ]  # fmt: skip
    read = {WEEK: (11.0, 55.0)}
    shown = signal(fact(30, (10.0, 11.0)), LEAST, lambda _: read)
    assert [(v.period, v.value, v.denominator) for v in shown.history] == [
        (BEFORE, None, None), (WEEK, 11.0, 55.0),
    ]  # fmt: skip
    assert shown.denominator == 55.0


@pytest.mark.parametrize(
    "change",
    [
        {"state": "alerted"},
        {"series": "mentions/kind=press/substance=crack/week"},
        {"series": "mentions/substance=crack/week"},
        {"series": ""},
    ],
)
def test_what_a_person_released_and_what_counts_no_persons_is_told_as_it_is(change):
    same = fact(10, **change)
    assert signal(same, LEAST) == same
    assert said(signal(same, LEAST).observed) == 10


def test_who_may_see_all_is_told_all():
    lab = LabFact(4, 5, ((MDMA, 4),), ((PMMA, 1),), ("R-1",))
    cited = (Evidence("abcdefg1", "interview", "x", "lyon", WEEK, "mots", ((0, 2),)),)
    same = fact(3, lab=lab, evidence=cited, witnesses=(Witness("interview", 3, 4, 1, 1),))
    assert signal(same, 1) is same


def test_a_measure_of_persons_without_a_series_is_one_of_persons():
    shown = signal(replace(fact(10, series=""), measure="authors"), LEAST)
    assert said(shown.observed) == "few"


def test_no_words_of_anybody_leave():
    cited = tuple(
        Evidence(f"abcdefg{n}", kind, kind, "lyon", WEEK, "mots", ((0, 2),))
        for n, kind in enumerate(("public posts", "interview", "press"))
    )
    shown = signal(fact(evidence=cited, documents=90), LEAST)
    assert [(e.kind, e.text, e.marks) for e in shown.evidence] == [
        ("public posts", None, ()), ("interview", None, ()), ("press", None, ()),
    ]  # fmt: skip
    assert said(shown.documents) == 90


@pytest.mark.parametrize(
    ("kind", "supports", "without", "against", "as_told"),
    [
        ("press", 3, 4, 2, (3, 4, 2)),
        ("interview", 11, 11, 0, (11, 11, 0)),
        ("interview", 10, 30, 0, ("few", 0, 0)),
        ("interview", 11, 10, 0, (11, 0, 0)),  # of 21 read: 10 do not speak of it
        ("interview", 0, 40, 0, (0, 40, 0)),
        ("interview", 0, 10, 0, (0, 0, 0)),
        ("lab", 30, 30, 10, (30, 30, "few")),
        ("lab", 30, 30, 11, (30, 30, 11)),
    ],
)
def test_what_a_kind_of_source_says(kind, supports, without, against, as_told):
    said_by = Witness(kind, supports, without, 3, 2, against)
    shown = signal(fact(witnesses=(said_by,), documents=99), LEAST)
    (one,) = shown.witnesses
    assert (said(one.supports), said(one.without), said(one.against)) == as_told
    assert (one.kind, one.sources, one.sites, one.few) == (kind, 3, 2, False)
    assert said(shown.documents) == ("untold" if as_told[0] == "few" else 99)


@pytest.mark.parametrize(
    ("kind", "documents", "read", "against", "as_told"),
    [
        ("press", 3, 7, 2, (3, 7, 2)),
        ("interview", 11, 22, 11, (11, 22, 11)),
        ("interview", 10, 30, 10, (None, 30, None)),
        ("field notes", 12, 22, 0, (None, 22, 0)),
        ("lab", 0, 30, 1, (0, 30, None)),
    ],
)
def test_what_pages_say_of_a_kind_of_source(kind, documents, read, against, as_told):
    row = Corroboration(kind, documents, 3, ("lille", "metz"), 5, read, 4, against, "for", False)
    (one,) = witnesses([row], LEAST)
    assert (one.documents, one.read, one.against) == as_told
    assert (one.kind, one.stance, one.few) == (kind, "for", False)
    assert (one.sources, one.sources_read, one.sites) == (3, 4, ("lille", "metz"))
    (every,) = witnesses([row], 1)
    assert (every.documents, every.read, every.against) == (documents, read, against)


@pytest.mark.parametrize(
    ("samples", "analysed", "sold_as", "found", "as_told"),
    [
        (40, 60, [40], [20], (40, 60, [40], [20])),
        (40, 51, [40], [29], (40, 51, [40], [29])),
        (40, 51, [30], [40], (40, 51, [], [40])),  # of the others' names there are 10
        (40, 51, [20, 20], [30], (40, 51, [20, 20], [])),
        (40, 51, [29, 11], [10], (40, 51, [29, 11], ["few"])),
        (40, 51, [30, 10], [11], (40, 51, ["few"], [11])),
        (40, 50, [40], [20], ("untold", 50, [], [])),
        (10, 50, [10], [10], ("few", 50, [], [])),
        (10, 10, [10], [10], ("few", "few", [], [])),
        (0, 50, [], [], (0, 50, [], [])),
        (50, 50, [50], [50], (50, 50, [50], [50])),
    ],
)
def test_what_laboratories_say_beside_a_signal(samples, analysed, sold_as, found, as_told):
    names = [Name(n, n) for n in "ab"]
    lab = LabFact(samples, analysed, tuple(zip(names, sold_as, strict=False)),
                  tuple(zip(names, found, strict=False)), ("R-1",))  # fmt: skip
    shown = signal(fact(lab=lab), LEAST).lab
    assert (
        said(shown.samples), said(shown.analysed), [said(n) for _, n in shown.sold_as],
        [said(n) for _, n in shown.found],
    ) == as_told  # fmt: skip
    assert shown.references == ()


@pytest.mark.parametrize(
    ("of", "samples", "alone", "others", "as_told"),
    [
        (90, 60, 40, 30, (90, 60, 40, 30, 0.5, 0.8)),
        (90, 80, 40, 11, (90, "untold", 40, 11, 0.0, 1.0)),
        (90, 79, 40, 10, (90, 79, 40, "few", 0.5, 0.8)),
        (90, 79, 69, 79, (90, 79, "untold", 79, 0.5, 0.8)),
        (90, 79, 68, 80, (90, 79, 68, "untold", 0.5, 0.8)),
        (10, 10, None, 0, ("few", "few", None, 0, 0.0, 1.0)),
        (90, 10, None, 80, (90, "few", None, "untold", 0.0, 1.0)),
    ],
)
def test_what_was_found_under_a_name(of, samples, alone, others, as_told):
    content = ContentFact("expected", MDMA, 2024, 2025, samples, of, 0.5, 0.8, "/a", "/b",
                          alone=alone, others=others)  # fmt: skip
    (shown,) = public(edition(contents=(content,)), LEAST).contents
    counts = [said(n) for n in (shown.of, shown.samples, shown.alone, shown.others)]
    assert (*counts, shown.low, shown.high) == as_told


def edition(**more):
    day = date(2026, 6, 1)
    return Edition(MDMA, day, WEEK, WEEK, "0", "0", (), **more)


def test_a_public_edition_tells_no_few_documents_of_persons():
    sources = tuple(
        SourceFact(kind, kind, kind, "lille", "essai", "essai", documents=40, samples=50)
        for kind in ("press", "public posts", "interview", "field notes", "lab")
    )
    values = tuple(Value(day, n) for day, n in ((BEFORE, 10.0), (WEEK, 11.0)))
    drawn = {"interview": (*values, Value(JAN, 0.0), Value(FEB, None)), "press": values}
    shown = public(edition(sources=sources, activity=drawn, signals=(fact(10),)), LEAST)
    assert [(s.name, said(s.documents), s.samples) for s in shown.sources] == [
        ("press", 40, 50), ("public posts", 40, 50), ("interview", "untold", 0),
        ("field notes", "untold", 0), ("lab", "untold", 0),
    ]  # fmt: skip
    assert {kind: [v.value for v in vs] for kind, vs in shown.activity.items()} == {
        "interview": [None, 11.0, 0.0, None], "press": [10.0, 11.0],
    }  # fmt: skip
    assert [said(one.observed) for one in shown.signals] == ["few"]
    asked = public(
        edition(signals=(fact(30, (10.0, 11.0)),), activity=drawn), LEAST,
        lambda one: {WEEK: (11.0, None)} if one.step == "week" else {},
        lambda kind: {WEEK: (11.0, None)} if kind == "press" else {},
    )  # fmt: skip
    assert [v.value for v in asked.signals[0].history] == [None, 11.0]
    assert [v.value for v in asked.activity["press"]] == [None, 11.0]
    assert [v.value for v in asked.activity["interview"]] == [None] * 4


# --- sums over time -------------------------------------------------------------------------------

TOLD_BY = "mentions/kind=interview/substance=mdma"


def hidden_of(step, values):
    """Return by number which periods of a series of interviews are withheld."""
    found = withheld({f"{TOLD_BY}/{step}": values}, LEAST)
    numbers = {day: number for number, day in enumerate(sorted(values))}
    return sorted(numbers[day] for _, day in found)


@pytest.mark.parametrize(
    ("small", "hidden"),
    [
        ({}, []),
        ({1: 3}, [0, 1]),  # the cheapest week of the same stretch goes too
        ({1: 10}, [0, 1]),
        ({1: 11}, []),
        ({1: 0}, []),
        ({10: 3}, [0, 8, 10]),  # the last four weeks are told against the four before
        ({5: 3}, [0, 4, 5]),
        ({3: 3}, [0, 3]),
        ({8: 3}, [0, 8, 9]),
        ({7: 3}, [0, 4, 7]),
        ({4: 3}, [0, 4, 5]),
        ({1: 5, 2: 6}, [1, 2]),  # 11 is 1 and 10, or 10 and 1
        ({1: 1, 2: 1}, [0, 1, 2]),
        ({1: 10, 2: 10}, [0, 1, 2]),
    ],
)
def test_a_small_week_takes_others_with_it_where_weeks_are_added_up(small, hidden):
    """Twelve weeks of one stretch: no month of theirs begins on a Monday."""
    weeks = [date(2025, 1, 6) + timedelta(weeks=n) for n in range(12)]
    values = {week: float(small.get(n, 30 + n)) for n, week in enumerate(weeks)}
    assert hidden_of("week", values) == hidden


@pytest.mark.parametrize(
    ("small", "hidden"),
    [
        ({24: 3}, [24, 25]),
        ({23: 3}, [0, 6, 12, 18, 23]),  # of 2024, of the last twelve months, of those before
        ({19: 3}, [0, 6, 12, 18, 19]),
        ({13: 3}, [12, 13]),
        ({1: 3}, [0, 1]),
        ({29: 11}, []),
    ],
)
def test_a_small_month_takes_others_with_it_where_months_are_added_up(small, hidden):
    """Thirty months from January 2023: years, the last twelve, and the twelve before."""
    months = [date(2023 + n // 12, n % 12 + 1, 1) for n in range(30)]
    values = {month: float(small.get(n, 50 + n)) for n, month in enumerate(months)}
    assert hidden_of("month", values) == hidden


def test_few_in_all_are_told_by_no_sum():
    """The sum of a stretch is small itself, and told nowhere."""
    assert hidden_of("week", {JAN: 3.0, date(2025, 1, 8): 0.0}) == [0]
    assert hidden_of("week", {JAN: 3.0, date(2025, 1, 8): 8.0}) == [0, 1]
    assert hidden_of("month", {JAN: 5.0, FEB: 5.0}) == [0, 1]
    assert hidden_of("month", {JAN: 5.0, FEB: 40.0, date(2026, 1, 1): 30.0}) == [0, 1]


# --- sums over time that pages tell ---------------------------------------------------------------

POSTS, NOTES = "documents/source=posts", "documents/source=notes"
BOTH = {"posts": ("lille", "public posts"), "notes": ("lille", "field notes")}


def told_of(notes, spans=None):
    """Return what is told of 20 posts and some notes, of one week and its month, by span."""
    every = {POSTS: 20.0, NOTES: notes, "documents/site=lille": 20 + notes, "documents": 20 + notes}
    week, month = date(2025, 6, 9), date(2025, 6, 1)
    steps = {
        step: {f"{name}/{step}": {period: n} for name, n in every.items()}
        for step, period in (("week", week), ("month", month))
    }
    hidden = withheld({**steps["week"], **steps["month"]}, LEAST, sources=BOTH)
    spans = spans or [Span("month", date.min, date.max, "source"), Span("week", week, week, "site")]
    told = withholding.told_over(steps, spans, hidden, LEAST, BOTH)
    return [sorted(name.removeprefix("documents/") for name in names) for names in told]


@pytest.mark.parametrize(
    ("notes", "ever", "late"),
    [
        (8.0, ["source=posts/month"], []),  # 28 of the site less 20 posts would be the notes
        (10.0, ["source=posts/month"], []),
        (11.0, ["source=notes/month", "source=posts/month"], ["site=lille/week"]),
    ],
)
def test_a_whole_is_not_told_beside_all_of_its_parts_but_few(notes, ever, late):
    assert told_of(notes) == [ever, late]


def test_the_whole_of_all_sites_goes_the_same_way():
    week = date(2025, 6, 9)
    assert told_of(8.0, [Span("week", week, week, "kind")]) == [[]]
    assert told_of(11.0, [Span("week", week, week)]) == [["week"]]


# --- what makes up what ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weeks", "months", "stretches"),
    [
        ({}, [6, 7, 8], [[6], [7], [8]]),
        ({date(2026, 6, 29): 5}, [6, 7, 8], [[6, 7], [8]]),  # it ends on 5 July
        ({date(2026, 6, 29): 0}, [6, 7, 8], [[6], [7], [8]]),  # with nothing in it
        ({date(2026, 6, 29): 5, date(2026, 7, 27): 1}, [6, 7, 8], [[6, 7, 8]]),
        ({date(2026, 6, 22): 5, date(2026, 6, 1): 5}, [6, 7], [[6], [7]]),
        ({date(2026, 5, 25): 5}, [5, 6], [[5], [6]]),  # it ends with May
        ({date(2026, 6, 29): 5}, [7, 8], [[7], [8]]),  # June is not told
        ({date(2026, 6, 29): 5}, [6, 8], [[6], [8]]),
    ],
)
def test_months_that_weeks_join(weeks, months, stretches):
    of_months = [{date(2026, month, 1): 1.0} for month in months]
    found = withholding._stretches([weeks], of_months)
    assert [[day.month for day in stretch] for stretch in found] == stretches


def test_periods_are_of_the_month_that_they_begin_in():
    days = [date(2026, *day) for day in ((7, 1), (6, 29), (5, 31), (6, 1))]
    found = withholding._by_month({"a": dict.fromkeys(days, 2.0), "b": {days[1]: 3.4}})
    may, june, july = (date(2026, month, 1) for month in (5, 6, 7))
    assert found == {
        may: {days[2]: {"a": 2}},
        june: {days[3]: {"a": 2}, days[1]: {"a": 2, "b": 3}},
        july: {days[0]: {"a": 2}},
    }
    assert list(found[june]) == [days[3], days[1]]


@pytest.mark.parametrize(
    ("series", "sources"),
    [
        ("documents/month", "abcdex"),  # one that is no longer described as well
        ("documents/site=lille/month", "ab"),
        ("documents/site=metz/month", "cde"),
        ("documents/kind=interview/month", "bc"),
        ("documents/kind=press/month", "e"),
        ("documents/source=a/month", ""),
        ("documents/site=nice/month", ""),
    ],
)
def test_which_sources_a_series_holds(series, sources):
    names = [f"documents/source={name}/month" for name in "edcbax"]
    names += ["documents/site=lille/month", "documents/month"]
    found = withholding._sources_in(series, names, SOURCES)
    assert sorted(name.removeprefix("documents/source=")[0] for name in found) == list(sources)


@pytest.mark.parametrize(
    ("scopes", "sums"),
    [
        ("", []),
        ("all", []),
        ("all site=lille", ["all = site=lille"]),
        ("site=lille", []),  # alone it is the sum of nothing
        ("site=lille site=metz", ["None = site=lille + site=metz"]),
        ("all kind=press kind=interview", ["all = kind=press + kind=interview"]),
        ("all site=lille source=a source=b source=c",
         ["all = site=lille", "all = source=a + source=b + source=c",
          "site=lille = source=a + source=b"]),
        ("kind=interview source=b source=c source=a",
         ["None = source=b + source=c + source=a", "kind=interview = source=b + source=c"]),
        ("kind=press source=a source=gone", ["None = source=a + source=gone"]),
    ],
)  # fmt: skip
def test_which_series_make_up_which(scopes, sums):
    told = scopes.split()
    names = ["documents/month" if s == "all" else f"documents/{s}/month" for s in told]
    found = withholding._partitions(names, "documents/month", SOURCES)
    assert [
        f"{None if whole is None else told[whole]} = {' + '.join(told[part] for part in parts)}"
        for whole, parts in found
    ] == sums

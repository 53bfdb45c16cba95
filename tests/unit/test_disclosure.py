"""Small numbers: an attacker with the totals, the rule and a solver computes none of them."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, milp

from fanal.answers.disclosure import of_name, public, signal, whole
from fanal.answers.suppression import Sum, intervals, protect
from fanal.answers.withholding import counts_persons, withheld
from fanal.edition import Edition, Evidence, Few, LabFact, Name, SignalFact, Untold, Value, Witness
from fanal.laboratory.findings import Expected

LEAST = 11


def crossed(cells):
    """Return a table of rows by columns with its totals, and its sums."""
    rows, columns = len(cells), len(cells[0])
    values = [v for row in cells for v in row]
    sums = []
    for r in range(rows):
        sums.append(Sum(len(values), tuple(range(r * columns, (r + 1) * columns))))
        values.append(sum(cells[r]))
    for c in range(columns):
        sums.append(Sum(len(values), tuple(range(c, rows * columns, columns))))
        values.append(sum(row[c] for row in cells))
    margin = tuple(range(rows * columns, rows * columns + rows))
    sums.append(Sum(len(values), margin))
    values.append(sum(values[i] for i in margin))
    sums.append(Sum(len(values) - 1, tuple(range(margin[-1] + 1, len(values) - 1))))
    return values, sums


def nested(parts):
    """Return departments in regions in a country, and their sums."""
    values, sums, regions = [], [], []
    for group in parts:
        start = len(values)
        values += group
        sums.append(Sum(len(values), tuple(range(start, len(values)))))
        regions.append(len(values))
        values.append(sum(group))
    sums.append(Sum(len(values), tuple(regions)))
    values.append(sum(values[i] for i in regions))
    return values, sums


def recovered(values, sums, kept, least=LEAST):
    """Return the withheld cells that whole numbers allow one value only: the attack."""
    n = len(values)
    low, high = np.zeros(n), np.full(n, np.inf)
    for i, value in enumerate(values):
        if i not in kept.withheld:
            low[i] = high[i] = value
        elif i in kept.small:
            low[i], high[i] = 1, least - 1
    rows = np.zeros((len(sums), n))
    for k, (total, parts) in enumerate(sums):
        rows[k, total] = -1
        rows[k, list(parts)] = 1
    exact = LinearConstraint(rows, 0, 0)
    found = []
    ways = [np.array(values)]  # to fill the table: a cell that differs in two of them is not known
    for cell in sorted(kept.withheld):
        for sign in (1, -1):
            if any(way[cell] != values[cell] for way in ways):
                break
            aim = np.zeros(n)
            aim[cell] = sign
            answer = milp(aim, constraints=exact, bounds=Bounds(low, high), integrality=np.ones(n))
            if answer.x is None:  # it may be any number
                break
            ways.append(np.round(answer.x))
        else:
            if all(way[cell] == values[cell] for way in ways):
                found.append(cell)
    return found


def drawn(random):
    size = random.choice((1, 3, 8, 30, 120))
    return 0 if random.random() < 0.15 else 1 if random.random() < 0.1 else int(
        random.expovariate(1 / size)
    )  # fmt: skip


def table(random):
    if random.random() < 0.3:
        return nested([[drawn(random) for _ in range(random.randint(1, 5))] for _ in range(4)])
    rows, columns = random.choice(((1, 4), (3, 3), (4, 4), (8, 6), (2, 5)))
    return crossed([[drawn(random) for _ in range(columns)] for _ in range(rows)])


def attack(seeds):
    hidden = recovered_ = naive = cells = 0
    for seed in seeds:
        values, sums = table(Random(seed))
        kept = protect(values, sums, LEAST)
        assert all(0 < values[i] < LEAST for i in kept.small)
        assert all(values[i] == 0 or values[i] >= LEAST for i in set(range(len(values)))
                   - kept.withheld)  # fmt: skip
        hidden += len(kept.withheld)
        cells += len(values)
        recovered_ += len(recovered(values, sums, kept))
        naive += len(recovered(values, sums, type(kept)(kept.small, frozenset())))
    return hidden, recovered_, naive, cells


def test_an_attacker_recovers_nothing():
    hidden, found, naive, _ = attack(range(24))
    assert hidden > 150
    assert naive > 5, "the attacker finds what primary suppression alone leaves open"
    assert found == 0


@pytest.mark.bars
def test_an_attacker_recovers_nothing_of_a_thousand_tables():
    hidden, found, naive, cells = attack(range(10_000, 11_000))
    print(f"\n1000 tables, {cells} cells, {hidden} withheld, {found} recovered; "
          f"with primary suppression alone {naive}")  # fmt: skip
    assert found == 0


def test_two_small_counts_of_a_known_small_sum_do_not_stand_alone():
    # 1 + 1 under a shown total would be told by 2 = 100 - 98
    values, sums = [1, 1, 40, 58, 100], [Sum(4, (0, 1, 2, 3))]
    kept = protect(values, sums, LEAST)
    assert kept.small == {0, 1}
    assert kept.others == {2}


def test_nothing_small_nothing_withheld_and_zeros_are_shown():
    assert protect([11, 0, 11], [Sum(2, (0, 1))], LEAST).withheld == set()
    assert protect([10, 0, 10], [Sum(2, (0, 1))], LEAST).withheld == {0, 2}


def test_what_is_withheld_for_another_reason_stays_so_where_nothing_can_hide_it():
    kept = protect([0, 0], [Sum(1, (0,))], LEAST, also={0})
    assert (kept.small, kept.others) == (set(), {0})


def test_what_an_attacker_can_say_of_two_small_parts():
    """4 + 6 under a total of 30 beside 20: each may be 1 to 9, since both make 10."""
    sums = [Sum(3, (0, 1, 2))]
    assert intervals([4, 6, 20, 30], sums, {0, 1}, {0, 1}, LEAST) == {0: (1, 9), 1: (1, 9)}
    assert intervals([4, 26, 20, 50], sums, {0}, {0, 1}, LEAST) == {0: (1, 10), 1: (20, 29)}


def test_a_wrong_total_is_refused():
    with pytest.raises(ValueError, match="cell 2"):
        protect([1, 2, 4], [Sum(2, (0, 1))], LEAST)


@pytest.mark.parametrize(
    ("series", "persons"),
    [
        ("found/substance=mdma/month", True),
        ("authors/substance=mdma/week", True),
        ("danger/rule=x/site=lille/substance=nitazenes/month", True),
        ("mentions/substance=mdma/week", False),
        ("mentions/kind=interview/substance=mdma/week", True),
        ("mentions/kind=field notes/substance=mdma/week", True),
        ("mentions/kind=lab/substance=mdma/week", False),
        ("price/kind=interview/substance=mdma/week", False),
        ("purity/kind=interview/substance=mdma/week", False),
        ("strength/kind=interview/substance=mdma/week", False),
        ("expected/substance=mdma/month", True),
        ("missold/substance=mdma/month", True),
        ("changed/substance=mdma/year", True),
        ("channels/substance=mdma/week", False),
        ("documents/week", False),
        ("mentions/kind=public posts/substance=mdma/week", False),
        ("price/band=1/currency=EUR/substance=mdma/unit=g/week", False),
        ("indicator/area=FR/name=deaths/year", False),
    ],
)
def test_what_counts_persons(series, persons):
    assert counts_persons(series) is persons


SOURCES = {
    "a": ("lille", "public posts"), "b": ("lille", "interview"), "c": ("metz", "interview"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("series", "persons"),
    [
        ("mentions/source=a/substance=mdma/week", False),
        ("mentions/source=b/substance=mdma/week", True),
        ("mentions/source=gone/substance=mdma/week", True),
        ("mentions/site=lille/substance=mdma/week", False),
        ("mentions/site=metz/substance=mdma/week", True),
        ("mentions/substance=mdma/week", False),
    ],
)
def test_what_a_source_counts_of_interviews_or_of_nobody_knows_what_is_of_persons(series, persons):
    assert counts_persons(series, SOURCES) is persons


JAN, FEB = date(2025, 1, 1), date(2025, 2, 1)


def test_a_site_alone_below_the_threshold_takes_another_with_it():
    points = {
        "authors/substance=mdma/month": {JAN: 90.0, FEB: 90.0},
        "authors/site=lille/substance=mdma/month": {JAN: 4.0, FEB: 30.0},
        "authors/site=metz/substance=mdma/month": {JAN: 36.0, FEB: 30.0},
        "authors/site=lyon/substance=mdma/month": {JAN: 50.0, FEB: 30.0},
    }
    assert withheld(points, LEAST) == {
        ("authors/site=lille/substance=mdma/month", JAN),
        ("authors/site=metz/substance=mdma/month", JAN),
    }


def test_interviews_are_not_told_by_the_total_less_the_posts():
    points = {
        "mentions/substance=mdma/month": {JAN: 203.0},
        "mentions/kind=interview/substance=mdma/month": {JAN: 3.0},
        "mentions/kind=public posts/substance=mdma/month": {JAN: 200.0},
    }
    assert {name for name, _ in withheld(points, LEAST)} == {
        "mentions/kind=interview/substance=mdma/month",
        "mentions/kind=public posts/substance=mdma/month",
    }


def test_a_later_release_with_new_months_changes_no_earlier_one():
    random = Random(3)
    points = {}
    for month in range(1, 13):
        day = date(2025, month, 1)
        parts = {site: drawn(random) for site in ("lille", "metz", "lyon", "paris")}
        for site, n in parts.items():
            points.setdefault(f"authors/site={site}/substance=mdma/month", {})[day] = float(n)
        total = points.setdefault("authors/substance=mdma/month", {})
        total[day] = float(sum(parts.values()))
    later = withheld(points, LEAST)
    until = date(2025, 6, 1)
    first = withheld(
        {name: {d: v for d, v in values.items() if d <= until} for name, values in points.items()},
        LEAST,
    )
    assert first == {(name, day) for name, day in later if day <= until}


def test_weeks_do_not_tell_what_the_months_withhold():
    # June begins on a Monday and nothing was said in the week that runs over its end
    def told(press):
        posts = {date(2026, 6, 1): 40, date(2026, 6, 8): 30, date(2026, 6, 15): 25}
        notes = {date(2026, 6, 1): 0, date(2026, 6, 8): 4, date(2026, 6, 15): 0}
        points = {}
        for name, weeks in (("a", posts), ("b", notes), ("c", press)):
            points[f"documents/source={name}/week"] = weeks
            points[f"documents/source={name}/month"] = {date(2026, 6, 1): sum(weeks.values())}
        for step in ("week", "month"):
            parts = [points[f"documents/source={n}/{step}"] for n in "abc"]
            points[f"documents/{step}"] = {d: sum(p[d] for p in parts) for d in parts[0]}
        return points

    sources = {"a": ("lille", "public posts"), "b": ("lille", "field notes"),
               "c": ("lille", "press")}  # fmt: skip
    points = told({date(2026, 6, 1): 2, date(2026, 6, 8): 0, date(2026, 6, 15): 0})
    kept = withheld(points, LEAST, sources=sources)
    assert ("documents/source=b/month", date(2026, 6, 1)) in kept
    assert ("documents/source=c/month", date(2026, 6, 1)) in kept, "or the rest of the month"
    weeks = [d for n, d in kept if n == "documents/source=c/week"]
    assert weeks == [date(2026, 6, 1)], "else the weeks of the press give its month, and b's"


def test_a_total_is_not_told_where_it_gives_a_withheld_part():
    assert not whole(24, [24], [None], LEAST), "27 analysed: 3 of them hold something else"
    assert not whole(40, [35, 5], [35, None], LEAST)
    assert whole(53, [35, 8, 5, 5], [35, None, None, None], LEAST)
    assert whole(70, [70], [70], LEAST)
    assert not whole(75, [70], [70], LEAST), "5 were sold under no name"
    assert whole(75, [70], [70], 1), "who may see all is told all"


def test_samples_sold_as_what_they_hold_are_told_beside_all_and_no_small_rest():
    held = {"ketamine": Expected("ketamine", 87, 39, 93, 0.94, 0.87, 0.97),
            "cocaine": Expected("cocaine", 70, 39, 84, 0.83, 0.74, 0.9)}  # fmt: skip
    assert of_name("ketamine", "ketamine", (87, 93), held, LEAST) is None, "6 hold none"
    assert of_name("cocaine", "cocaine", (70, 84), held, LEAST) == 70


def _signal(**told):
    weeks = [date(2026, 6, d) for d in (1, 8, 15, 22)]
    return SignalFact(
        "abcdefgh", Name("crack", "crack"), "up", "mentions", "lille", "week", weeks[-1],
        weeks[-1], weeks[-1], 23, 2.0, 8.0, 40.0,
        tuple(Value(week, n) for week, n in zip(weeks, (3, 9, 0, 11), strict=True)),
        "default", "{}", "new", series="mentions/kind=interview/substance=crack/week", **told,
    )  # fmt: skip


def test_a_sum_of_weeks_is_not_told_beside_all_of_them_but_one():
    last = {date(2026, 6, 22): (11.0, None), date(2026, 6, 15): (0.0, None)}
    alone = signal(replace(_signal(), observed=11), LEAST, lambda _: last)
    assert alone.observed == 11, "a sum of one week that is told"
    four = signal(_signal(window=4), LEAST, lambda _: last)
    assert isinstance(four.observed, Untold), "23 − 11 would be what two weeks withhold"


def test_what_was_read_for_a_sum_of_weeks_is_told_of_all_of_them_or_not_at_all():
    weeks = [date(2026, 6, d) for d in (1, 8, 15, 22)]
    read = zip(weeks, (12.0, 14.0, 13.0, 11.0), strict=True)
    fact = replace(_signal(window=4), history=tuple(Value(week, 5.0, n) for week, n in read))
    told = {v.period: (5.0, v.denominator) for v in fact.history}
    assert signal(fact, LEAST, lambda _: told).denominator == 50
    withheld = told | {weeks[1]: (5.0, None)}
    assert signal(fact, LEAST, lambda _: withheld).denominator is None, "11 were read last week"


def test_a_small_week_takes_another_of_its_own_stretch_with_it():
    """Weeks and months end together where a Monday is a first: in January, April and July 2024."""
    name = "mentions/kind=interview/substance=crack/week"
    weeks = [date(2024, 1, 1) + timedelta(weeks=n) for n in range(39)]
    counts = {week: 30.0 + n for n, week in enumerate(weeks)}
    january, may, june = date(2024, 1, 15), date(2024, 5, 6), date(2024, 6, 10)
    counts |= {january: 12.0, may: 3.0, june: 15.0}
    assert withheld({name: counts}, LEAST) == {(name, may), (name, june)}


def test_what_laboratories_found_is_told_without_small_counts_and_small_rests():
    mdma, names = Name("MDMA", "MDMA"), [Name(name, name) for name in "abc"]
    found = ((mdma, 40), (names[0], 20), (names[1], 35), (names[2], 4))
    lab = LabFact(40, 60, ((mdma, 40),), found, ("R-1",))
    told = signal(replace(_signal(), lab=lab), LEAST, lambda _: {}).lab
    assert (told.samples, told.analysed, told.references) == (40, 60, ())
    assert told.sold_as == ((mdma, 40),)
    # 35 of 40 would tell that 5 do not hold it
    assert told.found == ((mdma, 40), (names[0], 20), (names[2], Few(LEAST)))
    assert isinstance(told.found[2][1], Few)


def test_what_was_expected_goes_with_a_small_count():
    told = signal(replace(_signal(), observed=3), LEAST, lambda _: {})
    assert isinstance(told.observed, Few)
    assert isinstance(told.expected, Untold)
    assert isinstance(told.threshold, Untold)


def test_all_documents_less_those_of_others_give_no_few_interviews():
    posts, notes = Witness("public posts", 46, 400, 3, 1), Witness("field notes", 3, 38, 1, 1)
    cited = tuple(
        Evidence(f"abcdefg{i}", kind, kind, "lyon", date(2026, 6, i + 1), "…", ())
        for i, kind in enumerate(("public posts", "field notes"))
    )
    fact = _signal(witnesses=(posts, notes), evidence=cited, documents=49)
    told = signal(fact, LEAST, lambda _: None)
    assert isinstance(told.documents, Untold), "49 − 46 are the notes"
    assert [one.kind for one in told.evidence] == ["public posts"]
    both = replace(fact, witnesses=(posts, replace(notes, supports=0)), documents=46)
    assert signal(both, LEAST, lambda _: None).documents == 46


def test_a_bulletin_draws_no_week_that_the_api_withholds():
    weeks = [date(2026, 6, 1), date(2026, 6, 8)]
    one = Edition(
        Name("x", "x"), weeks[0], weeks[1], weeks[1], "0", "0", (),
        activity={"interview": (Value(weeks[0], 14.0), Value(weeks[1], 12.0))},
    )  # fmt: skip
    told = public(one, LEAST, read=lambda _: {weeks[0]: (14.0, None)}).activity["interview"]
    assert [v.value for v in told] == [14.0, None], "12 would tell the field notes of that week"


# --- weeks and months together --------------------------------------------------------------------

READ = {f"{kind}-{site}": (site, kind) for site in ("lille", "lyon", "toulouse")
        for kind in ("public posts", "interview", "field notes", "press")}  # fmt: skip
BY_MONTH = "field notes-lille"  # its documents are known by the month alone


def scopes(source):
    """Return the scopes of `documents` that a source counts in."""
    site, kind = READ[source]
    return "", f"/site={site}", f"/kind={kind}", f"/source={source}"


def read_by_day(seed, notes, interviews, days=300):
    """Return documents by week and by month in all, by site, by kind and by source.

    `notes` and `interviews`: how often a day has some.
    """
    random, points = Random(seed), {}
    for day in (date(2025, 1, 6) + timedelta(n) for n in range(days)):
        for source, (_, kind) in READ.items():
            n = {
                "public posts": random.randint(0, 9),
                "press": random.random() < 0.1,
                "field notes": random.randint(1, 3) * (random.random() < notes),
                "interview": random.randint(10, 30) * (random.random() < interviews),
            }[kind]
            steps = {"month": day.replace(day=1)}
            if source != BY_MONTH:
                steps["week"] = day - timedelta(day.weekday())
            for scope, (step, period) in product(scopes(source), steps.items()):
                values = points.setdefault(f"documents{scope}/{step}", {})
                values[period] = values.get(period, 0) + int(n)
    return points


def equations(points):
    """Yield what is equal to what: cells on the one side, and on the other."""
    for step in ("week", "month"):
        for period in points[f"documents/{step}"]:
            cell = {s: (f"documents{s}/{step}", period) for source in READ for s in scopes(source)
                    if period in points.get(f"documents{s}/{step}", ())}  # fmt: skip
            for by in ("/site=", "/kind=", "/source="):
                yield [cell[""]], [c for s, c in cell.items() if s.startswith(by)]
            for scope in cell:
                if scope.startswith(("/site=", "/kind=")):
                    inside = [f"/source={source}" for source in READ if scope in scopes(source)]
                    yield [cell[scope]], [cell[s] for s in inside if s in cell]
    for name, months in points.items():
        weeks = points.get(name.replace("/month", "/week"))
        if not name.endswith("/month") or weeks is None:
            continue
        alone = f"documents/source={BY_MONTH}/month"
        holds = name.removesuffix("/month").removeprefix("documents") in scopes(BY_MONTH)
        first = min(months)
        for month in sorted(months)[1:]:
            over = month - timedelta(month.weekday())
            if month.weekday() == 0 or not weeks.get(over):
                yield (
                    [(name, m) for m in months if first <= m < month],
                    [(name.replace("/month", "/week"), w) for w in weeks if first <= w < month]
                    + [(alone, m) for m in months if holds and first <= m < month],
                )
                first = month


@pytest.mark.parametrize("made", [(1, 0.15, 0.03), (2, 0.3, 0.02), (3, 0.05, 0.05)])
def test_who_solves_weeks_and_months_together_computes_no_small_count(made):
    points = read_by_day(*made)
    kept = withheld(points, LEAST, sources=READ)
    small = {(name, period) for name, values in points.items() for period, n in values.items()
             if 0 < n < LEAST and counts_persons(name, READ)}  # fmt: skip
    assert len(small) > 50
    assert small <= kept
    hidden = sorted(kept)
    column = {cell: i for i, cell in enumerate(hidden)}
    rows = []
    for left, right in equations(points):
        assert sum(points[n][p] for n, p in left) == sum(points[n][p] for n, p in right)
        row = np.zeros(len(hidden))
        for cell, sign in (*((c, 1) for c in left), *((c, -1) for c in right)):
            if cell in column:
                row[column[cell]] += sign
        rows.append(row)
    _, singular, right = np.linalg.svd(np.array(rows))
    free = right[int((singular > 1e-9).sum()) :]
    assert [c for c in small if not (abs(free[:, column[c]]) > 1e-9).any()] == []

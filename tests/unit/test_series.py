"""Names of series and the periods that they are counted by: every function, exactly."""

from datetime import date

import pytest

from fanal import series
from fanal.records import Phenomenon, schema_of
from fanal.thesaurus import load


def test_what_is_counted_of_which_facts():
    assert series.COUNTED == {
        "mentions": ("substance", "substance", "mention"),
        "practices": ("practice", "code", "practice"),
        "platforms": ("platform", "platform", "platform"),
        "places": ("place", "place", "place"),
    }
    assert series.DIMENSIONS == {
        "substance": "mentions", "practice": "practices", "platform": "platforms",
        "place": "places", "group": "mentions", "class": "mentions",
    }  # fmt: skip
    assert series.ABOUT == (
        "substance", "practice", "platform", "place", "group", "class", "source", "name",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("name", "measure", "dimensions", "step"),
    [
        ("documents/week", "documents", {}, "week"),
        ("mentions/site=lille/substance=3-mmc/month", "mentions",
         {"substance": "3-mmc", "site": "lille"}, "month"),
        ("indicator/area=75/name=a=b/year", "indicator", {"name": "a=b", "area": "75"}, "year"),
    ],
)  # fmt: skip
def test_a_name_goes_there_and_back(name, measure, dimensions, step):
    assert series.name_of(measure, dimensions, step) == name
    assert series.parts_of(name) == (measure, dimensions, step)


@pytest.mark.parametrize(
    ("name", "concept"),
    [
        ("documents/week", "silence"),
        ("documents/site=lille/week", "silence site=lille"),
        ("documents/kind=press/week", "silence kind=press"),
        ("documents/source=a/month", "silence source=a"),
        ("mentions/site=lille/substance=x/week", "substance=x"),
        ("mentions/kind=press/substance=x/week", "substance=x"),
        ("channels/group=nitazenes/month", "group=nitazenes"),
        ("authors/class=opioids/site=a/month", "class=opioids"),
        ("practices/practice=a.b/week", "practice=a.b"),
        ("places/place=75/site=a/week", "place=75"),
        ("price/band=1.5/currency=EUR/site=a/substance=x/unit=g/week",
         "price currency=EUR substance=x unit=g"),
        ("purity/basis=claimed/substance=x/week", "purity basis=claimed substance=x"),
        ("expected/substance=x/month", "expected substance=x"),
        ("missold/name=pink/month", "missold name=pink"),
        ("missold/substance=x/month", "missold substance=x"),
        ("changed/substance=x/year", "changed substance=x"),
        ("danger/rule=r/site=a/substance=x/month", "substance=x"),
        ("danger/rule=r/site=a/month", "rule=r"),
        ("found/label=2c b/month", "label=2c b"),
        ("together/practice=p/substance=x/week", "together practice=p substance=x"),
        ("together/substance=x/with=y/week", "together substance=x with=y"),
        ("indicator/area=75/name=n/year", "name=n"),
        ("indicator/area=75/name=n/substance=x/year", "substance=x"),
        ("indicator/area=75/year", "indicator"),
    ],
)  # fmt: skip
def test_what_a_series_is_about(name, concept):
    assert series.concept_of(name) == concept


@pytest.mark.parametrize(
    ("concept", "pieces", "about", "halves"),
    [
        ("silence", ["silence"], {}, {"silence"}),
        ("substance=x", ["substance=x"], {"substance": "x"}, {"substance=x"}),
        ("price currency=EUR substance=x unit=g",
         ["price", "currency=EUR", "substance=x", "unit=g"],
         {"currency": "EUR", "substance": "x", "unit": "g"},
         {"price", "currency=EUR", "substance=x", "unit=g"}),
        ("together substance=x with=y", ["together", "substance=x", "with=y"],
         {"substance": "x", "with": "y"}, {"substance=x", "substance=y"}),
        ("together practice=p substance=x", ["together", "practice=p", "substance=x"],
         {"practice": "p", "substance": "x"}, {"practice=p", "substance=x"}),
        (" expected name=usage de stupéfiants, substance=lsd, ",
         ["expected", "name=usage de stupéfiants", "substance=lsd"],
         {"name": "usage de stupéfiants", "substance": "lsd"},
         {"expected", "name=usage de stupéfiants", "substance=lsd"}),
        ("name=a=b c, class=y", ["name=a=b c", "class=y"], {"name": "a=b c", "class": "y"},
         {"name=a=b c", "class=y"}),
        ("", [], {}, set()),
    ],
)  # fmt: skip
def test_the_pieces_of_a_concept(concept, pieces, about, halves):
    assert series.pieces(concept) == pieces
    assert series.about(concept) == about
    assert series.halves(concept) == halves


@pytest.mark.parametrize(
    ("name", "site"),
    [
        ("mentions/substance=x/week", ""),
        ("mentions/site=lille/substance=x/week", "lille"),
        ("indicator/area=75/name=n/year", "75"),
        ("indicator/area=75/name=n/site=lille/year", "lille"),
    ],
)
def test_where_a_series_is_of(name, site):
    assert series.site_of(name) == site


@pytest.mark.parametrize(
    ("known", "sites", "concept", "place", "tied"),
    [
        ("substance=x", "", "substance=x", "", True),
        ("substance=x", "", "substance=x", "lille", True),
        ("substance=x", "", "substance=y", "", False),
        ("substance=x, substance=y", "", "substance=y", "", True),
        ("substance=x", "lille, lyon", "substance=x", "lyon", True),
        ("substance=x", "lille, lyon", "substance=x", "paris", False),
        ("substance=x", "lille", "substance=x", "", True),
        ("substance=x", "", "price currency=EUR substance=x unit=g", "", False),
        ("price substance=x", "", "price currency=EUR substance=x unit=g", "", True),
        ("price currency=EUR", "", "price currency=EUR substance=x unit=g", "", False),
        ("purity substance=x", "", "price substance=x", "", False),
        ("source=a", "", "silence source=a", "", False),
        ("silence source=a", "", "silence source=a", "", True),
        ("name=n", "", "name=n", "", True),
        ("label=l", "", "label=l", "", False),
        ("class=c", "", "class=c", "", True),
        ("group=g", "", "group=g", "", True),
        ("place=75", "", "together place=75 substance=x", "", True),
    ],
)
def test_what_ties_a_signal_to_a_phenomenon(known, sites, concept, place, tied):
    empty = dict.fromkeys(schema_of(Phenomenon).names, "")
    phenomenon = Phenomenon(**empty | {"concept": known, "sites": sites})
    assert series.ties(phenomenon, concept, place) is tied


@pytest.mark.parametrize(
    ("step", "first", "last"),
    [
        ("week", date(2024, 2, 26), date(2024, 3, 3)),
        ("day", date(2024, 2, 26), date(2024, 2, 26)),
        *(("month", date(2024, m, 1), date(2024, m, days))
          for m, days in enumerate((31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), 1)),
        ("month", date(2023, 2, 1), date(2023, 2, 28)),
        *(("quarter", date(2024, m, 1), date(2024, *last))
          for m, last in enumerate(
              [(3, 31)] * 3 + [(6, 30)] * 3 + [(9, 30)] * 3 + [(12, 31)] * 3, 1)),
        *(("year", date(2024, m, 1), date(2024, 12, 31)) for m in (1, 6, 12)),
    ],
)  # fmt: skip
def test_the_last_day_of_a_period(step, first, last):
    assert series.end_of(first, step) == last


@pytest.mark.parametrize(
    ("step", "n", "first"),
    [
        ("week", 0, date(2024, 3, 4)), ("week", 1, date(2024, 2, 26)),
        ("week", -2, date(2024, 3, 18)),
        ("month", 0, date(2024, 3, 1)), ("month", 1, date(2024, 2, 1)),
        ("month", 3, date(2023, 12, 1)), ("month", 15, date(2022, 12, 1)),
        ("month", -9, date(2024, 12, 1)), ("month", -10, date(2025, 1, 1)),
        ("quarter", 1, date(2023, 12, 1)), ("quarter", -1, date(2024, 6, 1)),
        ("year", 1, date(2023, 3, 1)), ("year", -1, date(2025, 3, 1)),
    ],
)  # fmt: skip
def test_periods_before_and_after(step, n, first):
    assert series.earlier(date(2024, 3, 4), step, n) == first


@pytest.mark.parametrize(
    ("parameters", "summed", "budgeted"),
    [
        ("", 1, True), ("{}", 1, True), ('{"window": 4}', 4, True),
        ('{"budgeted": false}', 1, False),
        ('{"budgeted": true, "window": 2}', 2, True),
    ],
)  # fmt: skip
def test_what_the_parameters_of_an_alarm_say(parameters, summed, budgeted):
    assert series.summed(parameters) == summed
    assert series.budgeted(parameters) is budgeted


def test_what_the_count_of_an_alarm_is_of():
    assert series.stretch(date(2024, 3, 4), "week", "{}") == (date(2024, 3, 4), date(2024, 3, 10))
    assert series.stretch(date(2024, 3, 4), "week", '{"window": 4}') == (
        date(2024, 2, 12), date(2024, 3, 10))  # fmt: skip
    assert series.stretch(date(2024, 1, 1), "month", '{"window": 2}') == (
        date(2023, 12, 1), date(2024, 1, 31))  # fmt: skip


def test_under_what_a_substance_counts():
    thesaurus = load()
    rows = {
        (row["substance"], row["dimension"], row["wider"])
        for row in series.lineage(thesaurus).to_pylist()
    }
    parents = {s.parent for s in thesaurus.substances.values() if s.parent}
    for name, substance in thesaurus.substances.items():
        groups, parent = {name} & parents, substance.parent
        while parent:
            groups.add(parent)
            parent = thesaurus.substances[parent].parent
        assert {w for s, d, w in rows if (s, d) == (name, "group")} == groups
        assert {w for s, d, w in rows if (s, d) == (name, "class")} == {substance.klass}
    assert series.lineage(thesaurus).schema == series.LINEAGE
    assert series.LINEAGE.names == ["substance", "dimension", "wider"]

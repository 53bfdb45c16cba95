"""Sources that join and retention: what was erased is still known to have been there, as counts."""

import hashlib
from datetime import date, timedelta

import pytest

import fanal
from fanal.records import Document, Observation, Result, Sample, schema_of, table_of
from fanal.series import name_of, parts_of
from fanal.upkeep import erasing

MONTHS = [date(2023 + m // 12, m % 12 + 1, 1) for m in range(42)]  # 2023-01 to 2026-06
WEEKS = [date(2023, 1, 2) + timedelta(weeks=n) for n in range(182)]
JOINS = 30  # months after the first
OLD = ("cocaine", "mdma", "ketamine", "heroin")
MIX = ("lsd", "amphetamine", "methamphetamine", "caffeine", "paracetamol", "levamisole",
       "phenacetin", "lidocaine", "2c-b", "gbl", "gamma-hydroxybutyrate", "diltiazem")  # fmt: skip
SOURCE = (
    'name = "{}"\ntitle = "INVENTED"\npublisher = "essai"\nkind = "{}"\nsite = "lille"\n'
    'legal_basis = "essai"\ninvented = true\nreview = "none"\nreview_reason = "essai"\n{}'
)


def key(*parts):
    return hashlib.blake2b(repr(parts).encode(), digest_size=16).digest()


def row(record, **fields):
    return record(**dict.fromkeys(schema_of(record).names) | fields)


class Scene:
    """An observatory whose tables are filled by hand."""

    def __init__(self, folder):
        self.ws = fanal.create(folder / "o", "Essai")

    def source(self, name, kind="lab", retention=None):
        more = f"retention_months = {retention}\n" if retention else ""
        self.ws.add_source(SOURCE.format(name, kind, more))

    def lab(self, name, months, mix):
        """Add a sample of each substance of `mix(month)` in each of these months."""
        samples, results = [], []
        for month in months:
            for n, substance in enumerate(mix(month)):
                day = MONTHS[month] + timedelta(days=n % 28)
                samples.append(row(
                    Sample, id=key(name, month, n), version=1, reference=f"{month}-{n}",
                    source=name, site="lille", day=day, precision="day", run="r"))  # fmt: skip
                results.append(row(
                    Result, sample=samples[-1].id, version=1, substance=substance,
                    label=substance, role="main", censored=False, run="r"))  # fmt: skip
        self.ws.tables.append(Sample, table_of(samples, Sample))
        self.ws.tables.append(Result, table_of(results, Result))

    def texts(self, name, weeks, mix):
        """Add a text for each substance of `mix(week)`, the empty one naming none."""
        documents, facts = [], []
        for week in weeks:
            for n, substance in enumerate(mix(week)):
                day = WEEKS[week] + timedelta(days=n % 5)
                documents.append(row(
                    Document, id=key(name, week, n), version=1, source=name, site="lille",
                    kind="public posts", thread=key(name), position=n, day=day, precision="day",
                    text="…", digest=key(name, week, n), month=day.isoformat()[:7],
                    run="r"))  # fmt: skip
                if substance:
                    facts.append(row(
                        Observation, document=documents[-1].id, version=1, start=0, stop=1,
                        kind="mention", substance=substance, confidence=0.9, rule="r", coder="c",
                        fingerprint="f", month=day.isoformat()[:7]))  # fmt: skip
        self.ws.tables.append(Document, table_of(documents, Document))
        self.ws.tables.append(Observation, table_of(facts, Observation))

    def prices(self, name, weeks, price):
        """Add four texts a week that ask about so much for a gram of cocaine."""
        documents, facts = [], []
        for week in weeks:
            for n, more in enumerate((0.9, 1.0, 1.05, 1.1)):
                day = WEEKS[week] + timedelta(days=n)
                documents.append(row(
                    Document, id=key(name, week, n), version=1, source=name, site="lille",
                    kind="public posts", thread=key(name), position=n, day=day, precision="day",
                    text="…", digest=key(name, week, n), month=day.isoformat()[:7],
                    run="r"))  # fmt: skip
                facts += [row(
                    Observation, document=documents[-1].id, version=1, start=0, stop=1, kind=kind,
                    substance="cocaine", confidence=0.9, rule="r", coder="c", fingerprint="f",
                    month=day.isoformat()[:7], **said) for kind, said in (
                        ("mention", {}), ("price", {"amount": price(week) * more + week % 3,
                         "quantity": 1.0, "unit": "g", "currency": "EUR"}))]  # fmt: skip
        self.ws.tables.append(Document, table_of(documents, Document))
        self.ws.tables.append(Observation, table_of(facts, Observation))

    def contents(self, name, months, each, purity, pure):
        """Add samples sold as cocaine, some of them pure so far and the others ketamine."""
        samples, results = [], []
        for month in months:
            for n in range(each):
                held = "cocaine" if n < pure(month) * each else "ketamine"
                samples.append(row(
                    Sample, id=key(name, month, n), version=1, reference=f"{month}-{n}",
                    source=name, site="lille", day=MONTHS[month] + timedelta(days=n % 28),
                    precision="day", sold_as="cocaine", sold_as_label="cocaine",
                    run="r"))  # fmt: skip
                results.append(row(
                    Result, sample=samples[-1].id, version=1, substance=held, label=held,
                    role="main", censored=False, amount=purity(month) + n % 5, unit="%",
                    run="r"))  # fmt: skip
        self.ws.tables.append(Sample, table_of(samples, Sample))
        self.ws.tables.append(Result, table_of(results, Result))

    def retain(self, today=date(2026, 7, 1)):
        with self.ws.writing():
            erasing.retain(self.ws, today)

    def erase(self, **what):
        with self.ws.writing():
            erasing.erase(self.ws, erasing.select(self.ws, **what), date(2026, 7, 1))

    def levels(self):
        """Return the levels and shares that are told to have moved, and whether up."""
        self.ws.detect()
        return sorted(
            (signal.measure, signal.observed > signal.expected)
            for signal in self.ws.signals()
            if signal.score > 0 and signal.measure in ("price", "purity", "expected", "changed")
        )

    def told(self):
        """Return the rises that are told: what each is of and since when."""
        self.ws.detect()
        return sorted(
            (signal.concept, signal.first.isoformat()[:7])
            for signal in self.ws.signals()
            if signal.score > 0 and signal.observed > signal.expected
        )


@pytest.fixture
def scene(tmp_path):
    made = Scene(tmp_path)
    yield made
    made.ws.close()


def steady(*substances):
    return lambda _: substances


@pytest.mark.parametrize("mine", [None, 12, 3])
@pytest.mark.parametrize("looked", [False, True])
def test_a_laboratory_that_joins_brings_no_news_whatever_was_erased(scene, mine, looked):
    scene.source("old", retention=12)
    scene.source("joins", retention=mine)
    scene.lab("old", range(42), steady(*OLD * 3))
    scene.lab("joins", range(JOINS, 42), steady(*MIX * 2))
    if looked:
        assert scene.told() == []
    scene.retain()
    assert scene.told() == []


def test_a_channel_that_joins_brings_no_news_once_texts_are_erased(scene):
    scene.source("old", "public posts", retention=6)
    scene.source("joins", "public posts", retention=3)
    scene.texts("old", range(182), steady("cocaine", "mdma", "", "", "", ""))
    scene.texts("joins", range(130, 182), steady("ketamine", "gbl", "lsd", ""))
    scene.retain()
    assert scene.told() == []


def test_what_a_laboratory_saw_before_the_erased_part_is_not_new(scene):
    scene.source("old", retention=12)
    scene.source("other")
    scene.lab("old", range(42), lambda m: (*OLD * 3, *(["lsd"] * (m in (2, 3, 40)))))
    scene.lab("other", range(42), steady(*OLD * 2))
    scene.retain()
    assert scene.told() == []


@pytest.mark.parametrize("other", [0, 20])
def test_what_is_new_in_a_laboratory_that_forgets_is_found(scene, other):
    """Its surviving samples begin later than those of the other, which forgets nothing."""
    scene.source("old", retention=3)
    scene.source("other")
    scene.lab("old", range(42), lambda m: (*OLD * 3, *(["2c-b"] * (m >= 40))))
    scene.lab("other", range(other, 42), steady(*OLD * 2))
    scene.retain()
    assert scene.told() == [("substance=2c-b", "2026-05")]


@pytest.mark.parametrize("others", [False, True])
def test_the_second_member_of_a_class_brings_no_class_that_was_there(scene, others):
    """Opioids were heroin alone, a year of it was kept, and a nitazene made the class new."""
    scene.source("old", retention=12)
    scene.source("other")
    scene.lab("old", range(40), steady(*["heroin"] * 12))
    scene.lab("other", range(40), steady(*["heroin"] * 3 * others, *["cocaine"] * 3))
    scene.retain(date(2026, 5, 1))
    assert scene.told() == []
    scene.lab("old", (40, 41), steady(*["heroin"] * 12, "metonitazene", "metonitazene"))
    scene.lab("other", (40, 41), steady(*["heroin"] * 3 * others, *["cocaine"] * 3))
    assert scene.told() == [("substance=nitazenes", "2026-05")]
    rows = scene.ws.tables.rows(
        "SELECT period, value, denominator FROM points "
        "WHERE series = 'found/class=opioids/month' ORDER BY period"
    )
    heroin = 15 if others else 12
    assert [(r["period"], r["value"], r["denominator"]) for r in rows] == [
        *((month, heroin, 15 + 3 * others) for month in MONTHS[:40]),
        *((month, heroin + 2, 17 + 3 * others) for month in MONTHS[40:]),
    ]


def test_the_second_member_of_a_class_that_is_named_makes_no_new_class(scene):
    scene.source("old", "public posts", retention=6)
    scene.texts("old", range(176), steady("heroin", "heroin", "", "", ""))
    scene.retain()
    scene.texts("old", range(176, 182), steady("heroin", "heroin", "metonitazene", "", ""))
    assert "class=opioids" not in [concept for concept, _ in scene.told()]
    rows = scene.ws.tables.rows(
        "SELECT period, value, denominator FROM points "
        "WHERE series = 'mentions/class=opioids/site=lille/week' ORDER BY period"
    )
    assert [(r["period"], r["value"], r["denominator"]) for r in rows] == [
        *((week, 2, 5) for week in WEEKS[:176]), *((week, 3, 5) for week in WEEKS[176:]),
    ]  # fmt: skip


def test_what_was_told_stays_told_when_its_samples_are_erased(scene):
    scene.source("old", retention=3)
    scene.source("other")
    scene.lab("old", range(42), lambda m: (*OLD * 3, *(["lsd"] * (m == 20))))
    scene.lab("other", range(20, 42), steady(*OLD))
    before = scene.told()
    assert before == [("substance=lsd", "2024-09")]
    scene.retain()
    assert scene.told() == before


def test_a_laboratory_that_was_removed_and_comes_again_is_no_stranger(scene):
    """What it had found is known; what it never found is new at once."""
    scene.source("old")
    scene.source("again")
    scene.lab("old", range(42), steady(*OLD * 3))
    scene.lab("again", range(20), steady(*MIX))
    before = scene.told()
    scene.erase(source="again")
    assert scene.told() == before
    scene.lab("again", range(38, 42), lambda m: (*MIX, *(["isotonitazene"] * (m == 39))))
    assert scene.told() == sorted([*before, ("substance=isotonitazene", "2026-04")])


def test_when_the_first_laboratory_is_gone_the_second_one_has_joined_all_the_same(scene):
    scene.source("old")
    scene.source("joins")
    scene.lab("old", range(30), steady(*OLD * 3))
    scene.lab("joins", range(JOINS, 42), steady(*MIX * 2))
    scene.erase(source="old")
    assert scene.told() == []


def test_a_channel_that_comes_again_after_years_brings_no_news(scene):
    scene.source("old", "public posts")
    scene.source("again", "public posts")
    scene.texts("old", range(182), steady("cocaine", "mdma", "", "", "", ""))
    scene.texts("again", [*range(30), *range(140, 182)], steady("ketamine", "gbl", "lsd", ""))
    assert scene.told() == []


def test_a_rise_of_old_sources_is_told_while_another_joins(scene):
    def rise(week):
        return "cocaine", "mdma", *["ketamine" if week in range(140, 150) else ""] * 4

    scene.source("old", "public posts", retention=6)
    scene.source("joins", "public posts", retention=6)
    scene.texts("old", range(182), rise)
    scene.texts("joins", range(130, 182), steady("gbl", "lsd", ""))
    scene.retain()
    assert scene.told() == [("substance=ketamine", "2025-09")]


@pytest.mark.parametrize("retention", [None, 3])
def test_a_cheaper_channel_that_joins_is_no_fall_of_prices(scene, retention):
    scene.source("old", "public posts", retention)
    scene.source("joins", "public posts", retention)
    scene.prices("old", range(182), lambda w: 60)
    scene.prices("joins", range(130, 182), lambda w: 40)
    scene.retain()
    assert scene.levels() == []


@pytest.mark.parametrize("who", ["old", "joins"])
def test_prices_that_fall_are_told_while_another_channel_is_new(scene, who):
    """Of the old channel, or of the new one once it was read for a while."""
    scene.source("old", "public posts")
    scene.source("joins", "public posts")
    scene.prices("old", range(182), lambda w: 40 if who == "old" and w >= 160 else 60)
    scene.prices("joins", range(110, 182), lambda w: 40 if who == "joins" and w >= 160 else 60)
    assert scene.levels() == [("price", False)]


def test_prices_of_a_channel_that_took_the_place_of_the_old_one_are_told(scene):
    scene.source("old", "public posts")
    scene.source("joins", "public posts")
    scene.prices("old", range(100), lambda w: 60)
    scene.prices("joins", range(100, 182), lambda w: 40 if w >= 150 else 60)
    assert scene.levels() == [("price", False)]


@pytest.mark.parametrize("retention", [None, 12])
def test_a_laboratory_with_other_samples_that_joins_is_no_fall_of_purity(scene, retention):
    scene.source("old", retention=retention)
    scene.source("joins", retention=retention)
    scene.contents("old", range(42), 10, lambda m: 70, lambda m: 0.9)
    scene.contents("joins", range(24, 42), 20, lambda m: 45, lambda m: 0.5)
    scene.retain()
    assert scene.levels() == []


def test_purity_that_falls_in_the_old_laboratory_is_told_while_another_joins(scene):
    scene.source("old")
    scene.source("joins")
    scene.contents("old", range(42), 10, lambda m: 35 if m >= 34 else 70,
                   lambda m: 0.3 if m >= 34 else 0.9)  # fmt: skip
    scene.contents("joins", range(30, 42), 10, lambda m: 70, lambda m: 0.9)
    assert scene.levels() == [("changed", True), ("expected", False), ("purity", False)]


def test_what_each_voice_told_is_kept_under_canonical_names(scene):
    scene.source("old", "public posts")
    scene.source("joins", "public posts")
    scene.source("lab")
    scene.source("late")
    scene.prices("old", range(12), lambda w: 60)
    scene.prices("joins", range(10, 12), lambda w: 40)
    scene.contents("lab", range(12), 4, lambda m: 70, lambda m: 0.5)
    scene.contents("late", [11], 4, lambda m: 40, lambda m: 0.25)
    scene.ws.detect()
    rows = scene.ws.tables.rows("SELECT * FROM brought ORDER BY series, period")
    known = {r["series"] for r in scene.ws.tables.rows("SELECT DISTINCT series FROM points")}
    for series in {r["series"] for r in rows}:
        measure, dimensions, step = parts_of(series)
        assert series == name_of(measure, dimensions, step)
        if "source" not in dimensions:
            assert series in known
    told = {(r["series"], r["period"]): (r["value"], r["denominator"]) for r in rows}
    price, late = "price/band=0.75/currency=EUR/{}substance=cocaine/unit=g/week", WEEKS[10]
    assert told[price.format("site=lille/source=joins/"), late] == (42, 4)
    assert told[price.format("source=joins/"), late] == (42, 4)
    assert told[price.format(""), late] == (62.5, 4)
    assert (price.format(""), WEEKS[9]) not in told, "nobody had joined"
    assert told["expected/source=late/substance=cocaine/month", MONTHS[11]] == (1, 4)
    assert told["expected/substance=cocaine/month", MONTHS[11]] == (2, 4)
    purity = "purity/basis=measured-lab/{}substance=cocaine/month"
    assert told[purity.format("source=late/"), MONTHS[11]] == (40, 1)
    assert told[purity.format(""), MONTHS[11]] == (70.5, 2)
    found = "found/kind=lab/site=lille/source=late/substance={}/month"
    assert told[found.format("ketamine"), MONTHS[11]] == (3, None)
    mentions = "mentions/kind=public posts/site=lille/source=joins/substance=cocaine/week"
    assert told[mentions, late] == (4, None)


def sold(mix):
    """Return what says for each month what was sold as what and what it held, `mix` times."""
    return lambda _: [pair for pair, n in mix.items() for _ in range(n)]


@pytest.fixture
def labs(scene):
    """Two laboratories of one site: samples, what they were sold as and what they held."""
    scene.source("old")
    scene.source("joins")

    def add(name, months, pairs):
        samples, results = [], []
        for month in months:
            for n, (asked, held) in enumerate(pairs(month)):
                samples.append(row(
                    Sample, id=key(name, month, n), version=1, reference=f"{month}-{n}",
                    source=name, site="lille", day=MONTHS[month] + timedelta(days=n % 28),
                    precision="day", sold_as=asked, sold_as_label=asked, run="r"))  # fmt: skip
                results.append(row(
                    Result, sample=samples[-1].id, version=1, substance=held, label=held,
                    role="main", censored=False, run="r"))  # fmt: skip
        scene.ws.tables.append(Sample, table_of(samples, Sample))
        scene.ws.tables.append(Result, table_of(results, Result))

    def unusual():
        scene.ws.detect()
        rows = scene.ws.tables.rows(
            "SELECT series, min(period) AS first, max(period) AS last FROM alarms "
            "WHERE signal IS NOT NULL AND (series LIKE 'danger/%' OR series LIKE 'missold/%') "
            "GROUP BY series ORDER BY series"
        )
        return [(r["series"], r["first"].isoformat()[:7], r["last"].isoformat()[:7]) for r in rows]

    scene.add, scene.unusual = add, unusual
    return scene


HONEST = sold({("cocaine", "cocaine"): 6, ("mdma", "mdma"): 6, ("heroin", "heroin"): 6})
UNEXPECTED = "danger/rule=fentanyl-unexpected/site=lille/substance=fentanyl/month"
NITAZENES = "danger/rule=nitazenes/site=lille/substance=nitazenes/month"
MISSOLD = "missold/substance=oxycodone/month"
BRINGS = {("oxycodone", "xylazine"): 9, ("heroin", "fentanyl"): 4, ("heroin", "metonitazene"): 3}


@pytest.mark.parametrize("retention", [None, 3])
def test_dangers_and_mis_sold_names_of_a_laboratory_that_joins_are_its_own_past(labs, retention):
    """The first of a danger by itself is told, whoever found it; what was not expected is not."""
    labs.source("forgets", retention=retention)
    labs.add("old", range(42), HONEST)
    labs.add("joins", range(JOINS, 42), sold(BRINGS))
    if retention:
        labs.add("forgets", range(42), HONEST)
        labs.ws.detect()
        labs.retain()
    assert labs.unusual() == [(NITAZENES, "2025-07", "2025-07")]


@pytest.mark.parametrize("who", ["old", "joins"])
def test_dangers_and_mis_sold_names_that_begin_while_another_is_new_are_told(labs, who):
    """In the old laboratory at once, in the new one after it was learnt."""

    def later(month):
        return [*HONEST(month), *(sold(BRINGS)(month) if month >= 38 else ())]

    labs.add("old", range(42), later if who == "old" else HONEST)
    labs.add("joins", range(JOINS, 42), later if who == "joins" else HONEST)
    found = {series: first for series, first, _ in labs.unusual()}
    assert found == {UNEXPECTED: "2026-03", NITAZENES: "2026-03", MISSOLD: "2026-03"}


def test_what_one_laboratory_alone_finds_from_the_first_is_judged_as_before(labs):
    labs.add("old", range(42), lambda m: [*HONEST(m), *(sold(BRINGS)(m) if m >= 30 else ())])
    found = {series: first for series, first, _ in labs.unusual()}
    assert found == {UNEXPECTED: "2025-07", NITAZENES: "2025-07", MISSOLD: "2025-07"}

"""Triage through an open observatory: quiet and reopened, corroborated, told over years."""

import json
import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

import fanal
from fanal.answers import evidence, witnesses
from fanal.answers.behind import AnalysedSample
from fanal.answers.witnesses import Concept, Lab
from fanal.door.pseudonyms import show
from fanal.edition import Few
from fanal.errors import ConfigError
from fanal.exporters import charts, signals_prose
from fanal.people import triage
from fanal.publishing import signal_facts
from fanal.records import (
    Decision,
    Document,
    Indicator,
    Observation,
    Phenomenon,
    Repost,
    Result,
    Sample,
    Signal,
    schema_of,
    table_of,
)
from fanal.series import concept_of, parts_of
from fanal.wording.language import Language
from fanal.workspace import Workspace

START = date(2024, 1, 1)
WEEKS = 40


def key(text):
    return text.encode().ljust(16, b".")


def document(name, week, source="canal", kind="public posts", site="lille"):
    day = START + timedelta(weeks=week)
    return Document(
        id=key(name), version=1, source=source, site=site, kind=kind, thread=key(source),
        position=week, author=key(f"a{week % 3}"), day=day, precision="day", language="fr",
        text=f"texte {name} : 3-mmc ce soir", digest=key(name), forwarded_from=None,
        media_kind=None, media_bytes=None, media_hash=None, month=day.isoformat()[:7], run="r",
    )  # fmt: skip


def mention(name, week):
    known = {
        "document": key(name), "version": 1, "start": 8, "stop": 13, "kind": "mention",
        "substance": "3-mmc", "confidence": 0.9, "rule": "r", "coder": "c", "fingerprint": "f",
        "month": (START + timedelta(weeks=week)).isoformat()[:7],
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known)


def add(ws, named=(), **more):
    """Add documents (name, week) that name 3-MMC."""
    rows = [document(name, week, **more) for name, week in named]
    ws.tables.append(Document, table_of(rows, Document))
    ws.tables.append(Observation, table_of([mention(*row) for row in named], Observation))


@pytest.fixture
def ws(tmp_path):
    with Workspace.create(tmp_path / "obs", "Essai") as opened:
        plain = [document(f"p{w}-{n}", w) for w in range(WEEKS) for n in range(5)]
        plain += [document(f"k{w}", w, "presse", "press") for w in range(30, WEEKS)]
        opened.tables.append(Document, table_of(plain, Document))
        add(opened, [(f"x{w}-{n}", w) for w in (34, 35) for n in range(6)])
        opened.detect()
        yield opened


def the_signal(ws):
    found = [s for s in ws.signals() if s.concept == "substance=3-mmc"]
    assert len(found) == 1
    return found[0]


def test_a_dismissed_signal_stays_quiet_until_its_evidence_doubles(ws):
    signal = the_signal(ws)
    short = show(signal.id)
    assert (signal.state, signal.novelty) == ("received", "new")
    ws.decide(short, "dismiss", "publicité d'un seul vendeur", who="a")

    add(ws, [(f"y{n}", 36) for n in range(2)])
    ws.detect()
    assert the_signal(ws).id == signal.id
    assert the_signal(ws).evidence < 2 * signal.evidence
    assert the_signal(ws).state == "closed"

    add(ws, [(f"z{w}-{n}", w) for w in (36, 37, 38) for n in range(15)])
    ws.detect()
    assert the_signal(ws).evidence >= 2 * signal.evidence
    assert the_signal(ws).state == "received"
    verdicts = [(d.verdict, d.who) for d in ws.state.all(Decision)]
    assert verdicts == [("dismiss", "a"), ("reopen", "program")]


def test_what_was_shown_is_kept_and_has_no_text(ws):
    decision = ws.decide(show(the_signal(ws).id), "verify", "vu par deux sources", who="a")
    assert set(json.loads(decision.shown)) == {"observed", "expected", "threshold", "evidence"}


def test_what_people_write_goes_through_the_door(ws):
    told = "Kétamine à Saint-Étienne, appeler le 06 39 98 12 34"
    stored = "Kétamine à Saint-Étienne, appeler le [phone:FR]"
    assert ws.decide(show(the_signal(ws).id), "verify", told, who="a").reason == stored
    row = triage.state_phenomenon(
        "Kétamine", "substance=ketamine", told, "new", 2025, "a", datetime.now(UTC),
        origin="TREND 2023, Lille",
    )  # fmt: skip
    kept = ws.state_phenomenon(row)
    assert (kept.title, kept.statement, kept.origin) == ("Kétamine", stored, "TREND 2023, Lille")


def test_two_people_at_once_lose_nothing(ws):
    short = show(the_signal(ws).id)
    row = triage.state_phenomenon(
        "3-MMC", "substance=3-mmc", "Elle s'installe.", "new", 2024, "a", datetime.now(UTC)
    )
    ws.state_phenomenon(row)
    ready = threading.Barrier(2)

    def link(who):
        with fanal.open(ws.folder) as mine:
            ready.wait()
            for n in range(10):
                mine.state.append(
                    triage.decide(
                        the_signal(mine), "received", "support", f"{who} {n}", who,
                        datetime.now(UTC), phenomenon=row.id,
                    )
                )  # fmt: skip

    people = [threading.Thread(target=link, args=(who,)) for who in "bc"]
    for person in people:
        person.start()
    for person in people:
        person.join()
    reasons = {d.reason for d in ws.state.all(Decision)}
    assert reasons == {f"{who} {n}" for who in "bc" for n in range(10)}
    ws.decide(short, "verify", "vu", who="b")
    with pytest.raises(ConfigError, match="a signal that is verified cannot take"):
        ws.decide(short, "verify", "vu aussi", who="c")


def test_corroboration_counts_reposts_and_sources_that_repost_each_other_once(ws):
    add(ws, [(f"n{n}", 35) for n in range(4)], source="echo")
    add(ws, [("entretien", 35)], source="entretiens", kind="interview")
    copies = [Repost(key(f"n{n}"), key(f"x35-{n}"), 0.95) for n in range(2)]
    ws.tables.append(Repost, table_of(copies, Repost))
    day = START + timedelta(weeks=35)
    samples = [Sample(**dict.fromkeys(schema_of(Sample).names) | {
        "id": key(f"s{n}"), "reference": str(n), "source": "labo", "site": "lille", "day": day,
        "precision": "day", "version": 1, "run": "r"}) for n in range(3)]  # fmt: skip
    results = [Result(**dict.fromkeys(schema_of(Result).names) | {
        "sample": key(f"s{n}"), "substance": name, "label": name, "role": role, "censored": False,
        "version": 1,
        "run": "r"})
        for n, (name, role) in enumerate([("3-mmc", "main"), ("mdma", "main"), ("3-mmc", "none")])
    ]  # fmt: skip
    ws.tables.append(Sample, table_of(samples, Sample))
    ws.tables.append(Result, table_of(results, Result))
    ws.detect()
    found = ws.evidence(show(the_signal(ws).id))
    rows = {row.kind: row for row in found.corroboration}
    posts = rows["public posts"]
    assert (posts.stance, posts.documents, posts.sources) == ("for", 14, 1)
    assert (found.reposts, found.documents) == (2, 15)
    assert (rows["interview"].stance, rows["interview"].sources) == ("for", 1)
    assert (rows["press"].stance, rows["press"].documents) == ("silent", 0)
    assert (rows["press"].read, rows["press"].few) == (5, True)
    lab = rows["lab"]
    assert (lab.stance, lab.documents, lab.read) == ("for", 1, 3)
    assert rows["official table"].stance == "not read"
    assert found.first_seen == found.first_anywhere == START + timedelta(weeks=34)
    add(ws, [("ailleurs", 3)], source="lyon", site="lyon")
    found = ws.evidence(show(the_signal(ws).id))
    assert found.first_seen == START + timedelta(weeks=34)  # in Lille
    assert found.first_anywhere == START + timedelta(weeks=3)


def test_a_past_that_is_entered_stands_beside_the_signal_and_the_years_add_up(ws):
    short = show(the_signal(ws).id)
    assert ws.evidence(short).said == ()
    now = datetime.now(UTC)
    first = triage.state_phenomenon(
        "3-MMC en chemsex", "substance=3-mmc", "Vue à Paris.", "new", 2023, "a", now,
        sites="paris, lille", origin="TREND 2023",
    )  # fmt: skip
    ws.state_phenomenon(first)
    elsewhere = triage.state_phenomenon(
        "Kétamine", "substance=ketamine", "Elle s'étend.", "persistent", 2023, "a", now
    )
    ws.state_phenomenon(elsewhere)
    said = ws.evidence(short).said
    assert [(p.year, p.origin) for p in said] == [(2023, "TREND 2023")]
    ws.detect()
    assert the_signal(ws).novelty == "persistent"  # no longer new

    later = triage.state_phenomenon(
        first.title, first.concept, "Elle s'installe.", "persistent", 2024, "b", now,
        phenomenon=first.id,
    )  # fmt: skip
    ws.state_phenomenon(later)
    ws.decide(short, "support", "deux sources", phenomenon=first.id)
    told = ws.history_of(show(first.id))
    assert [s.year for s in told.statements] == [2023, 2024]
    assert [(t.signal.concept, t.decision.verdict) for t in told.ties] == [
        ("substance=3-mmc", "support")
    ]
    ws.decide(short, "contradict", "un seul vendeur", phenomenon=first.id)
    assert [t.decision.verdict for t in ws.history_of(show(first.id)).ties] == ["contradict"]
    assert len(ws.state.all(Phenomenon)) == 3
    assert [p.year for p in ws.evidence(short).said] == [2024, 2023]


def test_count_evidence_chart_and_words_are_of_the_same_weeks(ws):
    add(ws, [("entretien", 32)], source="entretiens", kind="interview")
    ws.detect()
    found = ws.evidence(show(the_signal(ws).id))
    signal = found.signal
    assert (signal.first, signal.last) == (START + timedelta(weeks=34),
                                                 START + timedelta(weeks=35))  # fmt: skip
    # the first alarm counts the weeks 31 to 34
    assert found.stretch == (START + timedelta(weeks=31), START + timedelta(weeks=36, days=-1))
    rows = {row.kind: row for row in found.corroboration}
    assert (rows["interview"].stance, rows["interview"].documents) == ("for", 1)
    assert (rows["public posts"].documents, rows["public posts"].read) == (12, 37)
    assert found.documents == signal.observed == 13

    fact = signal_facts.fact(ws, ws.thesaurus(), signal, found)
    assert (fact.window, fact.peak) == (4, signal.last)
    assert {v.period: v.value for v in fact.compared}[fact.peak] == 13
    assert fact.denominator == {v.period: v.denominator for v in fact.compared}[fact.peak]
    drawn = charts.signal(fact, "", Language("fr"))["layer"][0]["data"]["values"]
    assert {"t": "2024-09-02", "v": 13.0} in drawn
    assert max(row["v"] for row in drawn) == 13  # of one week there were 6
    fr, en = Language("fr"), Language("en")
    plain = signals_prose.sentence(fact, fr).replace("\xa0", " ")
    assert "Sur les 4 semaines jusqu’à celle du 2 septembre 2024, on en compte 13" in plain
    assert "pour 37 documents lus" in plain
    plain = signals_prose.sentence(fact, en).replace("\xa0", " ")
    assert "Over the 4 weeks up to that of 2 September 2024" in plain
    said = signals_prose.corroboration(fact, en).replace("\xa0", " ")
    assert said.startswith("From 5 August 2024 to 8 September 2024, two kinds of source bear it")
    assert "press (5 documents read: too few to tell)" in said
    dit = signals_prose.corroboration(fact, fr).replace("\xa0", " ")
    assert dit.startswith("Du 5 août 2024 au 8 septembre 2024, deux sortes de source")
    assert "presse (5 documents lus : trop peu pour conclure)" in dit


def test_a_text_posted_again_in_several_weeks_is_said_to_count_in_each(ws):
    found = ws.evidence(show(the_signal(ws).id))
    fact = signal_facts.fact(ws, ws.thesaurus(), found.signal, found)
    again = "A text reposted in several weeks counts in each of them above, and once here."
    assert fact.documents == fact.observed == 12
    assert again not in signals_prose.corroboration(fact, Language("en"))
    twice = replace(fact, observed=13.0)
    assert signals_prose.corroboration(twice, Language("en")).endswith(again)
    longer = replace(fact, documents=40)  # of a longer stretch than the four weeks that are summed
    assert signals_prose.corroboration(longer, Language("en")).endswith(again)
    assert not replace(longer, window=1).posted_again
    few = (replace(twice, observed=Few(20)), replace(twice, documents=Few(11)),
           replace(twice, counted_in="press"), replace(twice, measure="price"))  # fmt: skip
    assert not any(one.posted_again for one in few)


def sample(found=(), sold_as=None, label=None, source="labo"):
    id_ = str((found, sold_as, label)).encode()
    return AnalysedSample(
        id_, "", source, "lille", START, None, sold_as, label, list(found), [], None
    )


@pytest.mark.parametrize(
    ("series", "samples", "told"),
    [
        ("mentions/substance=cocaine/week", [], ("not read", 0, 0, 0, False)),
        ("mentions/substance=cocaine/week", [sample(["mdma"])], ("silent", 0, 1, 0, True)),
        ("mentions/substance=cocaine/week", [sample(["mdma"])] * 35, ("silent", 0, 35, 0, False)),
        ("mentions/substance=cocaine/week", [sample(["mdma"], "cocaine")],
         ("against", 0, 1, 1, False)),
        ("mentions/substance=cocaine/week",
         [sample(["cocaine"], "cocaine"), sample(["mdma"], "cocaine")], ("for", 1, 2, 1, False)),
        ("missold/substance=cocaine/month",
         [sample(["mdma"], "cocaine"), sample(["cocaine"], "cocaine"), sample(["lsd"])],
         ("for", 1, 2, 0, False)),
        ("missold/name=poudre rose/month", [sample(["mdma"], None, "Poudre rose")],
         ("for", 1, 1, 0, False)),
        ("together/substance=cocaine/with=mdma/week",
         [sample(["cocaine"]), sample(["cocaine", "mdma"])], ("for", 1, 2, 0, False)),
        ("practices/practice=a.b/week", [sample(["mdma"])] * 40, ("not read", 0, 0, 0, False)),
        ("together/practice=a.b/substance=cocaine/week", [sample(["cocaine"])] * 40,
         ("not read", 0, 0, 0, False)),
        ("price/band=0.75/currency=EUR/substance=cocaine/unit=g/week",
         [sample(["cocaine"])] * 40, ("not read", 0, 0, 0, False)),
        ("purity/basis=claimed/substance=cocaine/week", [sample(["cocaine"])] * 40,
         ("not read", 0, 0, 0, False)),
        ("purity/basis=measured-lab/substance=cocaine/month", [sample(["cocaine"])] * 40,
         ("for", 40, 40, 0, False)),
    ],
)  # fmt: skip
def test_a_laboratory_is_against_where_it_finds_otherwise(series, samples, told):
    concept = Concept.of(parts_of(series)[0], parts_of(series)[1], None)
    lab = Lab.of(None, series, concept)
    row = witnesses.laboratories(lab, samples if lab else [])
    keys = ("stance", "documents", "read", "against", "few")
    assert tuple(getattr(row, key) for key in keys) == told


@pytest.mark.parametrize(
    ("series", "told"),
    [
        ("mentions/substance=3-mmc/week", (14, 1)),
        ("found/substance=3-mmc/month", (14, 1)),
        ("missold/substance=3-mmc/month", (0, 0)),
        ("expected/substance=3-mmc/month", (0, 0)),
        ("changed/substance=3-mmc/year", (0, 0)),
        ("price/band=0.75/currency=EUR/substance=3-mmc/unit=g/week", (0, 0)),
        ("together/substance=3-mmc/with=mdma/week", (0, 0)),
    ],
)
def test_who_names_a_substance_says_nothing_of_what_is_sold_as_it(named, series, told):
    """Nor does a published figure on it of its price, or of what it is taken with."""
    day = date(2024, 9, 1) if series.endswith("/month") else START
    about = triage.SignalRow(**dict.fromkeys(schema_of(Signal).names) | {
        "id": key("s"), "concept": concept_of(series), "series": series, "place": "",
        "first": day, "last": date(2024, 9, 30), "parameters": "{}"}, state="received")  # fmt: skip
    found = evidence.of(named.tables, about)
    rows = {row.kind: row for row in found.corroboration}
    assert (found.documents, rows["official table"].read) == told


@pytest.fixture(scope="module")
def named(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("named") / "obs", "Essai") as opened:
        add(opened, [(f"x{n}", 35) for n in range(14)])
        known = {"name": "saisies", "area": "FR", "period": date(2024, 1, 1), "step": "year",
                 "value": 1.0, "unit": "kg", "substance": "3-mmc", "source": "s", "revision": "1",
                 "run": "r"}  # fmt: skip
        figure = Indicator(**dict.fromkeys(schema_of(Indicator).names) | known)
        opened.tables.append(Indicator, table_of([figure], Indicator))
        yield opened

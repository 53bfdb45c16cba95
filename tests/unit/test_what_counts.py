"""What counts is told once: every reader of the tables says the same of the same documents."""

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from fanal.answers import ends, evidence, prices, profiles, reports
from fanal.answers.documents import about
from fanal.answers.following import follow, link
from fanal.cli.app import app
from fanal.cli.main import register
from fanal.cli.triage import named
from fanal.door.pseudonyms import show
from fanal.exporters import signal_pictures, signals_prose
from fanal.people import triage
from fanal.people.verdicts import PROGRAM
from fanal.publishing import composing, signal_facts, titles
from fanal.records import (
    Alarm,
    Coding,
    Decision,
    Document,
    Indicator,
    Observation,
    Repost,
    Result,
    Run,
    Sample,
    Signal,
    schema_of,
    table_of,
)
from fanal.stages import detecting, recoding, tallying
from fanal.web.pages import today
from fanal.wording.language import Language
from fanal.workspace import Workspace

SOURCE = """
name = "{name}"
title = "INVENTED: {name}"
publisher = "invented"
kind = "public posts"
site = "lille"
legal_basis = "invented sample material"
"""
DAY = date(2025, 3, 3)


def id_(number):
    return bytes([number]) * 16


def document(number, day=DAY, version=1, source="a", kind="public posts", precision="day"):
    return Document(
        id=id_(number), version=version, source=source, site="lille", kind=kind,
        thread=source.encode() * 16, position=number, author=b"p" * 16, day=day,
        precision=precision, language="fr", text="tucibi ce soir", digest=id_(number),
        forwarded_from=None, media_kind=None, media_bytes=None, media_hash=None,
        month=day.isoformat()[:7], run="r",
    )  # fmt: skip


def fact(number, kind, confidence=0.9, day=DAY, **fields):
    known = {
        "document": id_(number), "version": 1, "start": 0, "stop": 6, "kind": kind,
        "confidence": confidence, "rule": "r", "coder": "c", "fingerprint": "f",
        "month": day.isoformat()[:7],
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known | fields)


def price(number, amount, quantity=1.0, unit="g", day=DAY, **fields):
    given = {"substance": "cocaine", "currency": "EUR"} | fields
    return fact(number, "price", day=day, amount=amount, quantity=quantity, unit=unit, **given)


def coding(verdict, number, kind="mention", version=1, **fields):
    return Coding(
        bytes([number]) * 15 + verdict[:1].encode(), id_(number), version, 0, 6, b"q" * 16, verdict,
        kind, json.dumps(fields), "a", datetime(2025, 3, 4, tzinfo=UTC),
    )  # fmt: skip


@pytest.fixture
def filled(tmp_path):
    opened = []

    def fill(documents, facts, reposts=()):
        ws = Workspace.create(tmp_path / "ws", "essai")
        opened.append(ws)
        ws.add_source(SOURCE.format(name="a"))
        ws.tables.append(Document, table_of(documents, Document))
        ws.tables.append(Observation, table_of(facts, Observation))
        ws.tables.append(Repost, table_of(reposts, Repost))
        return ws

    yield fill
    for ws in opened:
        ws.close()


def signal(concept="substance=tucibi", series="mentions/substance=tucibi/week"):
    return triage.SignalRow(
        id=b"s" * 16, concept=concept, measure="mentions", place="", first=DAY, last=DAY,
        novelty="new", score=3.0, observed=2.0, expected=0.0, threshold=1.0, series=series,
        detector="d", parameters="{}", evidence=2.0, state="received",
    )  # fmt: skip


def said_of_tucibi(ws):
    """Return how many documents each reader has for tucibi."""
    behind = evidence.of(ws.tables, signal())
    alarms = table_of(
        [Alarm("mentions/substance=tucibi/week", DAY, "week", 2.0, 0.0, 1.0, 1.0, "d", "{}", DAY,
               None)], Alarm,
    )  # fmt: skip
    recoding.index(ws)
    tallying.count(ws)
    points = ws.tables.rows(
        "SELECT value FROM points WHERE series = 'mentions/substance=tucibi/month'"
    )
    return {
        "evidence": behind.documents,
        "witnesses": sum(row.documents for row in behind.corroboration),
        "excerpts": len(behind.excerpts),
        "first seen": 0 if behind.first_seen is None else 2,
        "carried": detecting._carried(ws, alarms).num_rows,
        "rows": len(follow(ws.tables, "documents?family=tucibi")),
        "practices": profiles.told(ws).named.get("tucibi", 0),
        "beside": sum(row.documents for row in profiles.practices(ws, "tucibi", 1)),
        "points": points[0]["value"] if points else 0,
    }


def test_a_rejected_code_speaks_nowhere_and_an_added_one_everywhere(filled):
    codes = [
        fact(n, "practice", start=8, stop=9, code="supply.delivery") for n in (1, 2, 3)
    ]  # fmt: skip
    ws = filled(
        [document(1), document(2), document(3), document(4)],
        [fact(1, "mention", substance="tucibi"), fact(2, "mention", substance="tucibi"),
         fact(3, "mention", substance="tucibi"), *codes],
        [Repost(id_(3), id_(2), 1.0)],
    )  # fmt: skip
    assert set(said_of_tucibi(ws).values()) == {2}
    ws.state.append(*(coding("reject", n) for n in (1, 2, 3)))
    assert set(said_of_tucibi(ws).values()) == {0}
    ws.state.append(*(coding("confirm", n) for n in (1, 2)))  # the last word counts
    assert set(said_of_tucibi(ws).values()) == {2}
    ws.state.append(coding("reject", 2), coding("add", 4, substance="tucibi"))
    found = said_of_tucibi(ws)
    assert found.pop("beside") == 1
    assert set(found.values()) == {2}


def test_a_doubtful_code_counts_once_confirmed_and_prices_are_corrected_too(filled):
    ws = filled(
        [document(n) for n in (1, 2)],
        [fact(1, "mention", 0.3, substance="tucibi"), price(1, 60.0), price(2, 600.0)],
    )
    assert evidence.of(ws.tables, signal()).documents == 0
    ws.state.append(coding("confirm", 1), coding("reject", 2, "price"))
    assert evidence.of(ws.tables, signal()).documents == 1
    (found,) = prices.asked(ws.tables, DAY, DAY)
    assert (found.n, found.median) == (1, 60.0)


def test_with_the_last_mention_of_a_substance_goes_what_was_read_of_it(filled):
    ws = filled(
        [document(1)],
        [fact(1, "mention", start=0, stop=2, substance="cocaine"),
         fact(1, "mention", start=3, stop=5, substance="cocaine"),
         price(1, 60.0, start=6, stop=8),
         fact(1, "price", 0.3, start=6, stop=9, substance="cocaine", amount=90.0),
         fact(1, "quantity", start=9, stop=10, substance="cocaine", quantity=2.0, unit="g"),
         fact(1, "quantity", start=10, stop=11, substance="heroin", quantity=3.0, unit="g")],
    )  # fmt: skip
    row = about(ws, id_(1))

    def told(verdict, start, kind="mention", stop=None):
        ws.correct(row, verdict, kind, start, stop or start + 2, "")
        rows = ws.tables.rows("SELECT kind, start FROM facts ORDER BY start")
        return [f"{r['kind']} {r['start']}" for r in rows]

    everything = ["mention 0", "mention 3", "price 6", "quantity 9", "quantity 10"]
    assert told("reject", 0) == everything[1:]
    assert told("reject", 3) == ["quantity 10"]
    assert told("confirm", 3) == everything[1:]
    # What was rejected for itself stays so.
    assert told("reject", 9, "quantity", 10) == ["mention 3", "price 6", "quantity 10"]
    assert told("reject", 3) == ["quantity 10"]
    assert told("confirm", 3) == ["mention 3", "price 6", "quantity 10"]


def test_equal_asks_of_different_documents_all_count_and_reposts_once(filled):
    documents = [document(n) for n in range(1, 9)]
    asks = [price(n, 60.0) for n in range(1, 7)]
    asks += [
        price(6, 60.0, start=9, stop=12),
        price(7, 50.0, 1000.0, "mg"),
        price(8, 80.0, 2.0, amount_max=100.0),
    ]
    ws = filled(documents, asks, [Repost(id_(5), id_(4), 1.0), Repost(id_(6), id_(4), 1.0)])
    gram, more = prices.asked(ws.tables, DAY, DAY)
    assert (gram.band, gram.n, gram.median) == (0.75, 5, 60.0)  # 1, 2, 3, 4, and 1,000 mg
    assert (more.band, more.n, more.median) == (1.5, 1, 45.0)  # the middle of 80 to 100
    assert prices.asked(ws.tables, DAY, DAY) == [gram, more]


def test_one_price_on_every_page(filled):
    """Posts of a month: point, table of the page, report, rows behind it and bulletin agree."""
    days = [date(2025, 3, n) for n in range(1, 29)]
    documents = [document(n, day) for n, day in enumerate(days, 1)]
    asks = [price(n, 50.0 + n % 3 * 10, day=day) for n, day in enumerate(days, 1)]
    ws = filled(documents, asks, [Repost(id_(9), id_(3), 1.0)])
    tallying.count(ws)
    (point,) = ws.tables.rows(
        "SELECT value, denominator FROM points "
        "WHERE series = 'price/band=0.75/currency=EUR/substance=cocaine/unit=g/month'"
    )
    first, last = date(2025, 3, 1), date(2025, 3, 31)
    (row,) = reports.prices_and_purities(ws, first, last)
    (told,) = composing.bulletin(ws, last, first).prices
    (page,) = profiles.prices(ws, "cocaine")
    asked = link("asked", substance="cocaine", unit="EUR/g", band=0.75, first=first, last=last)
    assert (point["value"], point["denominator"]) == (60.0, 27.0)
    assert (row.median, row.observations, row.quantity) == (60.0, 27, "1")
    assert (told.median, told.n, told.quantity) == (60.0, 27, "1")
    assert (page.curve[0].price, page.curve[0].prices) == (60.0, 27)
    assert len(follow(ws.tables, asked)) == 27


def test_what_is_denied_counts_nowhere_and_speaks_against(filled):
    """A note that nobody saw any had been a witness for it, counted, and the first excerpt."""
    rows = [document(1), document(2), document(3, kind="field notes"),
            document(4, kind="interview")]  # fmt: skip
    codes = [fact(n, "mention", substance="tucibi") for n in (1, 2)]
    codes += [fact(n, "mention", substance="tucibi", role="denied") for n in (2, 3)]
    ws = filled(rows, codes)
    tallying.count(ws)
    series = "mentions/substance=tucibi/week"
    (point,) = ws.tables.rows("SELECT value FROM points WHERE series = ?", [series])
    assert point["value"] == 2
    signal = triage.SignalRow(
        id=id_(1), concept="substance=tucibi", measure="mentions", place="", first=DAY, last=DAY,
        novelty="new", score=3.0, observed=2.0, expected=0.0, threshold=1.0, series=series,
        detector="first-seen", parameters="{}", evidence=2.0, state="received",
    )  # fmt: skip
    behind = evidence.of(ws.tables, signal)
    assert {e.document for e in behind.excerpts} == {id_(1), id_(2)}
    # Its passage had been counted and shown nowhere; the post that says both denies nothing.
    assert [(e.document, e.kind) for e in behind.denials] == [(id_(3), "field notes")]
    told = {w.kind: (w.stance, w.documents, w.against) for w in behind.corroboration if w.read}
    assert told == {
        "public posts": ("for", 2, 0),  # one post says both
        "field notes": ("against", 0, 1),
        "interview": ("silent", 0, 0),
    }
    one = signal_facts.fact(ws, ws.thesaurus(), signal, behind)
    assert one.against == 0  # samples
    assert "It is denied in field notes (1 document)." in " ".join(
        signals_prose.corroboration(one, Language("en")).split()
    )


def test_a_signal_without_evidence_lapses_and_comes_back(filled):
    codes = [fact(n, "mention", substance="tucibi") for n in (1, 2)]
    ws = filled([document(1), document(2)], codes)
    base = {
        "concept": "substance=tucibi", "measure": "mentions", "place": "", "first": DAY,
        "last": DAY, "novelty": "new", "score": 3.0, "observed": 2.0, "expected": 0.0,
        "threshold": 1.0, "series": "mentions/substance=tucibi/week", "detector": "first-seen",
        "parameters": "{}", "evidence": 2.0,
    }  # fmt: skip
    rows = [Signal(id=id_(1), **base)]  # received
    rows += [Signal(id=id_(n), **base | {"concept": "substance=lsd"}) for n in (2, 3, 4)]
    ws.tables.replace(Signal, table_of(rows, Signal))
    for n, verdicts in ((2, ["verify"]), (3, ["verify", "assess", "alert"])):
        for verdict in verdicts:
            ws.decide(show(id_(n)), verdict, "seen", harm=2, quality=2)
    ws.state.append(coding("reject", 1), coding("reject", 2))
    detecting.detect(ws)
    found = {s.id: s for s in ws.signals()}
    # 4 was of nobody's concern: it goes with its alarms, as it came
    assert {number[0]: s.state for number, s in found.items()} == {
        1: "closed", 2: "closed", 3: "alerted",
    }  # fmt: skip
    assert {(s.score, s.evidence) for s in found.values()} == {(0.0, 0.0)}
    listed = named(ws, ws.signals())
    assert [numbers_of(s) for s in listed] == [("lapsed", None, None, None, None)] * 3
    behind = ws.evidence(show(id_(1)))
    assert (behind.documents, behind.excerpts) == (0, ())
    assert [d.who for d in behind.decisions] == [PROGRAM]
    detecting.detect(ws)
    assert len(ws.evidence(show(id_(1))).decisions) == 1  # said once
    back = triage.reopened([rows[0]], ws.state.all(Decision), datetime.now(UTC))
    assert [(d.signal, d.verdict) for d in back] == [(id_(1), "reopen")]
    # Who opens it again without evidence is obeyed, by the next run as well.
    ws.decide(show(id_(1)), "reopen", "to follow up")
    assert numbers_of(named(ws, [ws.signal(show(id_(1)))])[0])[:2] == ("lapsed", None)
    ws.state.append(coding("confirm", 2, "price"))
    detecting.detect(ws)
    assert {s.id[0]: s.state for s in ws.signals()}[1] == "received"


def numbers_of(row):
    return tuple(row[key] for key in ("untold", "observed", "expected", "threshold", "score"))


def lapsed(filled):
    """Return an observatory whose one signal lapsed: it had counted two where one was expected."""
    codes = [fact(n, "mention", substance="tucibi") for n in (1, 2)]
    ws = filled([document(1), document(2)], codes)
    ws.tables.replace(Signal, table_of([Signal(
        id=id_(1), concept="substance=tucibi", measure="mentions", place="", first=DAY, last=DAY,
        novelty="new", score=3.0, observed=777.0, expected=555.0, threshold=666.0,
        series="mentions/substance=tucibi/week", detector="first-seen", parameters="{}",
        evidence=2.0)], Signal))  # fmt: skip
    ws.state.append(coding("reject", 1), coding("reject", 2))
    detecting.detect(ws)
    return ws, show(id_(1))


OLD = ("777", "555", "666")


def test_one_signal_that_lapsed_is_told_without_old_counts_by_the_command_line(filled):
    ws, short = lapsed(filled)
    folder = str(ws.folder)
    ws.decide(short, "reopen", "to follow up")
    ws.state_phenomenon(triage.state_phenomenon(
        "Tucibi", "substance=tucibi", "said", "new", 2025, "a", datetime.now(UTC)))  # fmt: skip
    (said,) = ws.phenomena()
    ws.decide(short, "support", "seen", phenomenon=said.id)
    phenomenon = show(said.id)
    ws.close()
    register()
    for command in (
        ["triage", "list", "--all"],
        ["triage", "show", short],
        ["triage", "phenomenon", "show", phenomenon],
    ):
        for more in ([], ["--json"]):
            told = CliRunner().invoke(app, [*command, *more, "-d", folder])
            assert told.exit_code == 0, told.output
            assert short in told.output
            # What somebody had before their eyes when they decided stays on record.
            said = re.sub(r'"shown": "{.*?}"', "", told.output)
            said = re.sub(r"\d\d:\d\d:\d\d\.\d+", "", said)  # its digits are those of any number
            assert not [old for old in OLD if old in said], said
    told = CliRunner().invoke(app, ["triage", "show", short, "-d", folder]).output
    assert "No alert speaks for this signal any more" in " ".join(told.split())
    told = CliRunner().invoke(app, ["triage", "show", short, "--json", "-d", folder]).output
    assert numbers_of(json.loads(told)["signal"]) == ("lapsed", None, None, None, None)


@pytest.mark.parametrize("code", ["en", "fr"])
def test_one_signal_that_lapsed_is_drawn_without_old_counts(filled, code):
    ws, short = lapsed(filled)
    language, behind = Language(code), ws.evidence(short)
    one = signal_facts.fact(ws, ws.thesaurus(), behind.signal, behind)
    drawn = signal_pictures.picture(one, language)
    for told in (drawn.svg, drawn.alt, drawn.caption, signals_prose.sentence(one, language)):
        assert told and not [old for old in OLD if old in told]


def days_of(sources, first, number):
    """Return a document of each source a day."""
    return [
        document(n * 7 + i + 1, first + timedelta(days=n), source=source)
        for n in range(number) for i, source in enumerate(sources)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("late", "end"),
    [
        ([(date(2025, 5, 20), "a")], date(2025, 3, 30)),  # one stray post
        ([(date(2025, 4, n), "a") for n in range(10, 30)], date(2025, 3, 30)),  # one late file
        ([(date(2099, 1, 1), "abcd"[n % 4]) for n in range(30)], date(2025, 3, 30)),  # to come
        ([(date(2025, 5, n), "abcd"[n % 4]) for n in range(1, 31)], date(2025, 5, 30)),  # a pause
    ],
)
def test_the_evidence_ends_where_half_of_the_sources_do(filled, late, end):
    early = days_of("abcd", date(2025, 3, 1), 30)
    stray = [
        replace(document(0, day, source=source), id=bytes([9, n]) * 8)
        for n, (day, source) in enumerate(late)
    ]
    ws = filled(early + stray, [])
    assert ends.last_day(ws) == end


@pytest.mark.parametrize(("n", "stray"), [(1, True), (2, True), (3, False)])
def test_after_a_pause_a_few_documents_are_no_end(filled, n, stray):
    """Six a week for a year; a document of another source eleven months later, or half as many."""
    early = [date(2025, 1, 6) + timedelta(weeks=week) for week in range(52) for _ in range(6)]
    late = date(2026, 11, 20)
    rows = [(day, "a") for day in early] + [(late, "b")] * n
    ws = filled(
        [
            replace(document(0, day, source=source), id=number.to_bytes(16, "big"))
            for number, (day, source) in enumerate(rows)
        ],
        [],
    )
    assert ends.last_day(ws) == (early[-1] if stray else late)


def days(first, *gaps):
    """Return days that follow each other after so many days."""
    return [first + timedelta(days=sum(gaps[:n])) for n in range(len(gaps) + 1)]


WEEKLY = days(date(2024, 1, 3), *[7] * 78)  # to 2025-07-02
TWICE = days(date(2024, 1, 3), *[3, 4] * 78)
DAILY = days(date(2025, 1, 1), *[1] * 120)  # to 2025-05-01
FORTNIGHTLY = days(date(2024, 1, 3), *[14] * 39)
SEASONAL = days(date(2023, 1, 1), *[1, 1, 89] * 9, 1, 1)  # three days of field work in a quarter


SLIP, LATER = 150, 365  # days: of a month, or a year, that is mistyped


@pytest.mark.parametrize(
    ("real", "strays"),
    [
        (WEEKLY, [(SLIP,), (LATER,), (SLIP, 30), (LATER, 1)]),
        (TWICE, [(SLIP,), (LATER,), (SLIP, 30), (LATER, 1)]),
        (DAILY, [(40,), (SLIP,), (LATER,), (SLIP, 30), (LATER, 1)]),
        (FORTNIGHTLY, [(SLIP,), (LATER,), (SLIP, 30), (LATER, 1)]),
        (SEASONAL, [(LATER,), (LATER, 1)]),  # after half a year it may be the next
    ],
)
def test_a_stray_date_is_no_end_however_little_comes_in(filled, real, strays):
    end = ending(filled)
    early = [(day, "a") for day in real]
    # The slip before the first is no end either.
    early.append((real[0] - timedelta(days=400), "b"))
    assert end(early) == end(early * 6) == real[-1]
    for stray in strays:
        for source in "ab":
            late = [(day, source) for day in days(real[-1], *stray)[1:]]
            assert end(early + late) == end(early * 6 + late) == real[-1]
            # Half of a usual day is none, and three at least.
            assert end(early + late * 2) == end(early * 12 + late * 5) == real[-1]
            assert end(early + late * 3) == end(early * 12 + late * 6) == late[-1][0]
    # Work that resumes after a year, on three days or in three weeks.
    for again in ((LATER, 1, 1), (LATER, 7, 7)):
        on = days(real[-1], *again)[1:]
        assert end(early + [(day, "a") for day in on]) == on[-1]


def ending(filled):
    """Return what says where the evidence ends with a document of each day and source."""
    ws = filled([], [])

    def end(rows):
        told = [
            replace(document(0, day, source=source), id=number.to_bytes(16, "big"))
            for number, (day, source) in enumerate(rows)
        ]
        ws.tables.replace(Document, table_of(told, Document))
        return ends.last_day(ws)

    return end


@pytest.mark.parametrize("late", [(7,), (21,), (7, 28), (3, 4, 10)])
def test_a_small_source_that_is_late_is_no_stray(filled, late):
    real = days(WEEKLY[-1], *late)
    assert ending(filled)([(day, "a") for day in [*WEEKLY, *real[1:]]]) == real[-1]


@pytest.mark.parametrize("n", [1, 2, 3])
def test_with_three_days_of_evidence_the_last_is_the_end(filled, n):
    few = days(date(2024, 1, 3), 2, 400)[:n]
    assert ending(filled)([(day, "a") for day in few]) == few[-1]


@pytest.mark.parametrize(("step", "held", "gone"), [(7, 16, 17), (14, 8, 9), (28, 4, 5)])
def test_two_of_three_sources_that_end_hold_the_end_for_sixteen_weeks(filled, step, held, gone):
    """The third goes on, once a week or once a month: after so long the others are gone."""
    early = [(day, source) for day in DAILY for source in "bc"]
    early += [(day, "a") for day in days(DAILY[-1], *[-step] * 20)]
    on = days(DAILY[-1], *[step] * 40)[1:]
    end = ending(filled)
    assert end(early + [(day, "a") for day in on[:held]]) == DAILY[-1]
    assert end(early + [(day, "a") for day in on[:gone]]) == on[gone - 1]
    assert end(early + [(day, "a") for day in on[:18]]) == on[17]


def test_nobody_waits_for_a_source_longer_than_it_spoke(filled):
    """Field work of ten days at two places; the channel goes on, three weeks until today."""
    channel = [(day, "a") for day in DAILY]
    end = ending(filled)
    work = [(day, source) for day in DAILY[80:90] for source in "bc"]
    assert end(channel[:100] + work) == DAILY[89]  # ten days ahead of both
    assert end(channel[:101] + work) == DAILY[100]
    # who had spoken for as long as the channel is late
    work = [(day, source) for day in DAILY[:90] for source in "bc"]
    assert end(channel + work) == DAILY[89]


def test_files_that_were_read_once_hold_nothing(filled):
    """Five interviews of a day each, three weeks before the end of a channel."""
    talks = [(DAILY[-21], source) for source in "bcdef" for _ in range(9)]
    assert ending(filled)([(day, "a") for day in DAILY] + talks) == DAILY[-1]


def test_a_monthly_file_is_on_time_until_its_next_is_due(filled):
    """Three laboratories by the month, one channel: three weeks, then five, after their month."""
    months = days(DAILY[0], *[30] * 3)
    labs = [(day, source) for day in months for source in "bcd"]
    end = ending(filled)
    channel = [(day, "a") for day in days(DAILY[0], *[1] * 125)]
    assert end(channel[:112] + labs) == channel[111][0]
    assert end(channel + labs) == months[-1]


@pytest.mark.parametrize(
    ("months", "stray", "end"),
    [
        (range(1, 4), None, date(2024, 3, 31)),  # a new one
        (range(1, 13), None, date(2024, 12, 31)),
        ((1, 2, 3, 4, 5, 6, 9, 10), None, date(2024, 10, 31)),  # closed in summer
        (range(1, 7), (2024, 12), date(2024, 6, 30)),
        (range(1, 13), (2025, 12), date(2024, 12, 31)),
    ],
)
def test_a_laboratory_by_month_ends_with_its_last_month(filled, months, stray, end):
    ws = filled([], [])
    dates = [date(2024, month, 1) for month in months] + ([date(*stray, 1)] if stray else [])
    known = {"version": 1, "source": "lab", "site": "lille", "precision": "month", "run": "r"}
    rows = [
        Sample(**dict.fromkeys(schema_of(Sample).names) | known | {
            "id": bytes([month, n]) * 8, "reference": f"{month}-{n}", "day": day})
        for month, day in enumerate(dates) for n in range(1 if stray and day == dates[-1] else 5)
    ]  # fmt: skip
    ws.tables.append(Sample, table_of(rows, Sample))
    assert ends.last_day(ws) == end


def test_days_after_a_file_came_in_are_no_end_when_they_have_come(filled):
    """One source of two, read on 31 March: four of its days lie after that, in April and May."""
    early = days_of("ab", date(2025, 3, 1), 30)
    slips = [date(2025, 4, 1), date(2025, 4, 2)] + [date(2025, 5, n) for n in (1, 2, 3, 4)]
    late = [
        replace(document(0, day, source="b"), id=bytes([9, n]) * 8) for n, day in enumerate(slips)
    ]
    ws = filled([replace(row, run="m") for row in early + late], [])
    assert ends.last_day(ws) == ends.newest(ws) == slips[-1]  # nothing says when it came
    run = dict.fromkeys(schema_of(Run).names, 0) | {
        "version": "1", "parameters": "{}", "fingerprint": "", "status": "done", "detail": "{}",
    }  # fmt: skip
    came = datetime(2025, 3, 31, 12, tzinfo=UTC)
    rows = [
        Run(**run | {"id": "m-0", "stage": "ingest", "started": came}),
        Run(**run | {"id": "m", "stage": "code", "started": came + timedelta(days=99)}),
        Run(**run | {"id": "n-0", "stage": "ingest", "started": came + timedelta(days=99)}),
    ]
    ws.tables.append(Run, table_of(rows, Run))
    # on 31 March noon UTC it is 1 April already on some islands
    assert ends.last_day(ws) == ends.newest(ws) == date(2025, 4, 1)


def test_prices_stay_where_one_newer_file_comes_in(filled):
    """The page of a substance falls back on its last quarter with enough prices, and says so."""
    old = [date(2025, 1, n) for n in range(1, 11)]
    new = [date(2025, 9, n) for n in range(1, 29)]
    ws = filled(
        [document(n, day) for n, day in enumerate(old + new, 1)],
        [price(n, 60.0, day=day) for n, day in enumerate(old, 1)]
        + [price(20, 10.0, day=new[9])],
    )  # fmt: skip
    tallying.count(ws)
    (page,) = profiles.prices(ws, "cocaine")
    assert (page.first, page.last) == (date(2024, 10, 12), date(2025, 1, 10))
    assert [(d.price, d.prices) for d in page.curve] == [(60.0, 10)]


@pytest.mark.parametrize(("months", "before"), [(23, None), (24, 12)])
def test_twelve_months_are_compared_with_twelve_or_not_at_all(filled, months, before):
    """A document a month, each naming LSD: twelve, and twelve before them where all were read."""
    days = [date(2025 - n // 12, 12 - n % 12, 5) for n in range(months)]
    ws = filled(
        [document(n, day) for n, day in enumerate(days, 1)],
        [fact(n, "mention", day=day, substance="lsd") for n, day in enumerate(days, 1)],
    )
    tallying.count(ws)
    (row,) = profiles.listed(ws, 1)
    assert (row.mentions, row.read) == (12, 12)
    assert (row.before, row.read_before) == (before, before)


def test_one_file_ahead_of_the_others_makes_nobody_silent(filled):
    def post(week, source, number=0):
        row = document(0, date(2025, 1, 6) + timedelta(weeks=week), source=source)
        return replace(row, id=f"{source}{week:03}{number:03}".encode().ljust(16))

    early = [post(w, s, n) for w in range(60) for s in "abcd" for n in range(8)]
    ws = filled(early + [post(w, "a", n) for w in range(64, 74) for n in range(8)], [])
    detecting.detect(ws)
    assert [s.concept for s in ws.signals()] == []


def two_channels(stop):
    """Return forty weeks of two channels of eight posts a week each, that stop after so many."""
    return [
        replace(
            document(0, date(2025, 1, 6) + timedelta(weeks=week), source=source),
            id=f"{source}{week:03}{n:03}".encode().ljust(16),
        )
        for week in range(stop) for source in "ab" for n in range(8)
    ]  # fmt: skip


def samples(until):
    known = {"version": 1, "source": "lab", "site": "lille", "precision": "day", "run": "r"}
    days = [date(2025, 1, 6) + timedelta(days=n) for n in range(366)]
    return [
        Sample(**dict.fromkeys(schema_of(Sample).names) | known | {
            "id": bytes([n % 250, n // 250]) * 8, "reference": str(n), "day": day})
        for n, day in enumerate(days) if day <= until
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lab", "silent", "told"),
    [
        (date(2025, 12, 26), 2, date(2025, 12, 26)),  # two months after them
        (date(2025, 11, 23), 0, date(2025, 11, 23)),  # their file of November is still to come
    ],
)
def test_channels_that_stop_together_are_silent_where_the_laboratory_goes_on(
    filled, lab, silent, told
):
    ws = filled(two_channels(42), [])  # to Monday, 20 October
    ws.tables.append(Sample, table_of(samples(lab), Sample))
    detecting.detect(ws)
    found = sorted((s.series, s.first) for s in ws.signals())
    assert found == [
        (f"documents/source={source}/week", date(2025, 11, 3)) for source in "ab"
    ][:silent]  # fmt: skip
    # The pages count up to where both speak, and say up to where one does.
    assert (ends.last_day(ws), ends.last_of_either(ws)) == (date(2025, 10, 20), told)
    visit = SimpleNamespace(ws=ws, language=Language("fr"), least=1, render=lambda content: content)
    assert today.today(visit).until == told


@pytest.mark.parametrize(("common", "moved"), [(32, True), (31, False)])
def test_a_channel_that_moved_is_not_silent(filled, common, moved):
    """Half of the 64 texts of its last eight weeks were posted under the new name as well."""
    old = [replace(row, source="a") for row in two_channels(30) if row.source == "a"]
    rest = [row for row in two_channels(42) if row.source == "b"]
    again = old[-common:]
    new = [
        replace(row, id=b"n" + row.id[1:], source="new", day=row.day + timedelta(weeks=6))
        for row in again + old[-48:]
    ]
    new = [replace(row, id=n.to_bytes(16, "big")) for n, row in enumerate(new)]
    same = [Repost(row.id, first.id, 1.0) for row, first in zip(new, again, strict=False)]
    ws = filled(old + rest + new, [], same)
    detecting.detect(ws)
    told = [s.series for s in ws.signals() if s.series.startswith("documents/source=a/")]
    assert told == ([] if moved else ["documents/source=a/week"])


def test_a_light_source_goes_on_where_the_heavy_one_has_ended(filled):
    """Forty posts a day to 30 March; then two notes a week, and one stray note at the end."""
    posts = [
        replace(document(0, date(2025, 3, day)), id=bytes([day, n]) * 8)
        for day in range(1, 31) for n in range(40)
    ]  # fmt: skip
    days = [date(2025, 4, 1) + timedelta(days=n) for n in (0, 3, 7, 10, 14, 17, 21, 24, 120)]
    notes = [document(100 + n, day, source="b") for n, day in enumerate(days)]
    assert ends.last_day(filled(posts + notes, [])) == days[-2]


def figure(year, value, **more):
    known = {
        "name": "saisies", "area": "FR", "period": date(year, 1, 1), "step": "year",
        "value": value, "unit": "kg", "source": "a", "revision": "1", "run": "r",
    }  # fmt: skip
    return Indicator(**dict.fromkeys(schema_of(Indicator).names) | known | more)


def test_a_figure_speaks_of_the_whole_of_its_period(filled):
    """An observatory of official tables alone: its evidence ends with the last year of these."""
    ws = filled([], [])
    rows = [figure(year, 5.0) for year in range(2015, 2025)] + [figure(2010, 9.0, unit="%")]
    rows += [figure(year, 7.0, substance="cocaine") for year in (2023, 2024)]
    ws.tables.append(Indicator, table_of(rows, Indicator))
    assert (ends.newest(ws), ends.last_day(ws)) == (date(2024, 12, 31),) * 2
    found = composing.bulletin(ws).figures
    assert [(f.name.fr, f.unit.fr, len(f.points)) for f in found] == [
        ("saisies", "%", 1), ("saisies", "kg", 10), ("saisies, Cocaïne", "kg", 2),
    ]  # fmt: skip
    series = "indicator/area=FR/name={}/year"
    assert titles.measured(ws, series.format("saisies")).fr == "kg"
    assert titles.measured(ws, series.format("saisies (%)")).fr == "%"


def test_samples_known_by_the_month_are_of_all_of_it(filled):
    """A laboratory that tells months alone: the quarter that ends with it has three of them."""
    ws = filled([], [])
    known = {"version": 1, "site": "lille", "source": "a", "precision": "month", "run": "r"}
    held = {"version": 1, "substance": "cocaine", "label": "cocaine", "role": "main",
            "censored": False, "run": "r"}  # fmt: skip
    months = [date(2025, month, 1) for month in range(1, 10) for _ in range(6)]
    samples, results = [], []
    for n, day in enumerate(months, 1):
        about = known | {"id": id_(n), "reference": f"r{n}", "day": day}
        samples.append(Sample(**dict.fromkeys(schema_of(Sample).names) | about))
        results.append(Result(**dict.fromkeys(schema_of(Result).names) | held | {"sample": id_(n)}))
    ws.tables.append(Sample, table_of(samples, Sample))
    ws.tables.append(Result, table_of(results, Result))
    edition = composing.bulletin(ws)
    assert (edition.first, edition.last) == (date(2025, 7, 2), date(2025, 9, 30))


def test_a_purity_claimed_again_in_a_repost_counts_once(filled):
    claims = [
        fact(n, "purity", substance="cocaine", basis="claimed", percent=90.0 if n < 4 else 50.0)
        for n in range(1, 7)
    ]
    reposts = [Repost(id_(n), id_(1), 1.0) for n in (2, 3)]
    ws = filled([document(n) for n in range(1, 7)], claims, reposts)
    tallying.count(ws)
    points = ws.tables.rows("SELECT value, denominator FROM points WHERE series LIKE 'purity/%'")
    assert [tuple(p.values()) for p in points] == [(50.0, 4.0)] * 2


def alarm(series, period, number=0):
    known = {
        "series": series, "period": period, "step": series.rsplit("/", 1)[1], "observed": 9.0,
        "expected": 1.0, "threshold": 4.0, "score": 5.0, "detector": "default",
        "parameters": "{}", "as_of": period, "signal": id_(number),
    }  # fmt: skip
    return Alarm(**known)


FIGURE = "indicator/area={}/name=saisies/substance=tucibi/year"
OF_LILLE = "mentions/site=lille/substance=tucibi/week"
YEAR = date(2025, 1, 1)


def test_a_published_figure_speaks_of_its_area_and_of_the_whole_of_its_period(filled):
    """Texts of Lille, in March: who speaks of a signal, how many of how many read."""
    ws = filled([document(n) for n in (1, 2)], [fact(1, "mention", substance="tucibi")])
    table = SOURCE.format(name="t").replace("public posts", "official table")
    ws.add_source(table + 'country = "NL"\n')  # where it is from does not say where Lille lies
    months = [(date(2025, month, 1), "month") for month in (2, 3, 4)]
    years = [(date(year, 1, 1), "year") for year in (2024, 2025, 2026)]
    rows = [
        figure(2025, 9.0, substance="tucibi", period=day, step=step, area=area)
        for area in ("FR", "59", "NL", "75") for day, step in months + years
    ]  # fmt: skip
    rows.append(figure(2025, 9.0, substance="cocaine"))
    ws.tables.append(Indicator, table_of(rows, Indicator))
    number = 0

    def spoke(series, place, *alarms):
        nonlocal number
        number += 1
        ws.tables.append(Alarm, table_of([alarm(*about, number) for about in alarms], Alarm))
        days = [day for _, day in alarms]
        about = replace(
            signal(series=series), id=id_(number), place=place, first=min(days), last=max(days)
        )
        behind = evidence.of(ws.tables, about, areas=ws.areas())
        told = {r.kind: (r.documents, r.read) for r in behind.corroboration}
        texts = {"seen": behind.first_seen, "quoted": len(behind.excerpts)}
        of_lille = {"seen": DAY, "quoted": 1} if told["public posts"][0] else {
            "seen": None, "quoted": 0}  # fmt: skip
        assert texts == of_lille
        return told["public posts"], told["official table"]

    of_area = {area: spoke(FIGURE.format(area), area, (FIGURE.format(area), YEAR))[0]
               for area in ("59", "FR", "NL", "62")}  # fmt: skip
    assert of_area == {"59": (1, 2), "FR": (1, 2), "NL": (0, 0), "62": (0, 0)}

    # figures of several areas: each has its own sites
    abroad = [(FIGURE.format(area), YEAR) for area in ("NL", "75")]
    assert spoke(FIGURE.format("NL"), "", *abroad)[0] == (0, 0)
    assert spoke(FIGURE.format("NL"), "", *abroad, (FIGURE.format("59"), YEAR))[0] == (1, 2)
    # a site whose own texts rise, or all of them: they are of the signal
    for series in (OF_LILLE, "mentions/substance=tucibi/week"):
        assert spoke(FIGURE.format("NL"), "NL", abroad[0], (series, DAY))[0] == (1, 2)

    # beside texts of March in Lille: France and the Nord, of this March and of this year
    assert spoke(OF_LILLE, "lille", (OF_LILLE, DAY)) == ((1, 2), (0, 4))
    moved = (FIGURE.format("FR"), YEAR)  # of the same thing: it is no other stretch of the texts
    assert spoke(OF_LILLE, "lille", (OF_LILLE, DAY), moved, *abroad) == ((1, 2), (1, 4))
    # a bulletin tells of a part of a signal: what moved in other years is not of it
    old = [alarm(FIGURE.format("FR"), date(2023, 1, 1), 99), alarm(OF_LILLE, DAY, 99)]
    ws.tables.append(Alarm, table_of(old, Alarm))
    about = replace(signal(series=OF_LILLE), id=id_(99), place="lille")
    behind = evidence.of(ws.tables, about, areas=ws.areas())
    told = {r.kind: (r.documents, r.read) for r in behind.corroboration}
    assert told["official table"] == (0, 4)

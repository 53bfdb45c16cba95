"""A bulletin tells of its period: nothing that came after, nothing that was not read."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from fanal.answers import disclosure, evidence
from fanal.answers.behind import AlarmRow, Behind
from fanal.answers.following import follow
from fanal.door.pseudonyms import show
from fanal.edition import Few, Name, Reckoning
from fanal.exporters.back_matter import method
from fanal.exporters.blocks import Paragraph
from fanal.publishing import composing, signal_facts
from fanal.publishing.alerts import alert_form
from fanal.records import (
    Alarm,
    Document,
    Indicator,
    Observation,
    Point,
    Result,
    Run,
    Sample,
    schema_of,
    table_of,
)
from fanal.series import end_of
from fanal.wording.language import Language
from fanal.workspace import Workspace

START, FIRST, LAST = date(2024, 1, 1), date(2024, 7, 1), date(2024, 9, 30)
SOURCES = {
    "canal": ("public posts", "Canal de Lille"),
    "prive": ("public posts", "Groupe privé"),
    "labo": ("lab", "Analyses"),
    "tableau": ("official table", "Chiffres"),
}


def key(text):
    return text.encode().ljust(16, b".")[:16]


def document(n, week, source="canal", run="r", text="rien ce soir"):
    day = START + timedelta(weeks=week)
    return Document(
        id=key(f"{source}{week}-{n}"), version=1, source=source, site="lille", kind="public posts",
        thread=key(source), position=n, author=key("a"), day=day, precision="day", language="fr",
        text=text, digest=key("d"), forwarded_from=None, media_kind=None,
        media_bytes=None,
        media_hash=None, month=f"{day:%Y-%m}", run=run,
    )  # fmt: skip


def fact(n, week, **more):
    known = {
        "document": key(f"canal{week}-{n}"), "version": 1, "start": 0, "stop": 5,
        "kind": "mention", "substance": "ketamine", "confidence": 0.9, "rule": "r", "coder": "c",
        "fingerprint": "f", "month": f"{START + timedelta(weeks=week):%Y-%m}",
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known | more)


def sample(name, day, precision="day", held="mdma"):
    known = {
        "id": key(name), "version": 1, "reference": name, "source": "labo", "site": "lille",
        "day": day, "precision": precision, "sold_as": "mdma", "sold_as_label": "mdma", "run": "r",
    }  # fmt: skip
    result = {"sample": key(name), "version": 1, "substance": held, "label": held, "role": "main",
              "censored": False, "run": "r"}  # fmt: skip
    return (
        Sample(**dict.fromkeys(schema_of(Sample).names) | known),
        Result(**dict.fromkeys(schema_of(Result).names) | result),
    )


def figure(period, step, value, revision="1"):
    known = {"name": "usage / use", "area": "59", "period": period, "step": step, "value": value,
             "unit": "faits / offences", "source": "tableau", "revision": revision, "run": "r",
             }  # fmt: skip
    return Indicator(**dict.fromkeys(schema_of(Indicator).names) | known)


def ingested(run, read, source="canal"):
    known = {"id": f"{run}-0", "stage": "ingest", "version": "0",
             "parameters": f'{{"importer": "tables", "source": "{source}"}}',
             "fingerprint": "", "started": datetime(2024, 12, 1, tzinfo=UTC), "seconds": 1.0,
             "status": "done", "detail": "", "rows_in": read, "rows_out": read, "duplicates": 0,
             "skipped": 0, "quarantined": 0, "issues": 0}  # fmt: skip
    return Run(**known)


def bring(ws, weeks, samples, figures, run="r", **more):
    """Bring in 5 documents a week, of which all name ketamine from the 30th week on."""
    rows = [document(n, week, run=run, **more) for week in weeks for n in range(5)]
    ws.tables.append(Run, table_of([ingested(run, len(rows))], Run))
    facts = [fact(n, week) for week in weeks if week >= 30 for n in range(5)]
    ws.tables.append(Document, table_of(rows, Document))
    ws.tables.append(Observation, table_of(facts, Observation))
    ws.tables.append(Sample, table_of([s for s, _ in samples], Sample))
    ws.tables.append(Result, table_of([r for _, r in samples], Result))
    ws.tables.append(Indicator, table_of(figures, Indicator))
    ws.detect()


def opened(folder):
    ws = Workspace.create(folder, "Essai")
    for name, (kind, title) in SOURCES.items():
        ws.add_source(
            f'name = "{name}"\ntitle = "{title}"\npublisher = "essai"\nkind = "{kind}"\n'
            'site = "lille"\nlegal_basis = "essai"\n'
        )
    return ws


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    """The edition of a quarter: made at its end, and a year of evidence later."""
    with opened(tmp_path_factory.mktemp("published") / "obs") as ws:
        early = [sample(f"E-{n}", date(2024, 3, 1)) for n in range(7)]
        within = [sample(f"W-{n}", date(2024, 8, 1 + n), held="pmma") for n in range(8)]
        coarse = [
            sample("C-1", date(2024, 7, 1), "year"),
            sample("C-2", date(2024, 7, 1), "quarter"),
        ]
        figures = [figure(date(y, 1, 1), "year", 100.0 + y) for y in (2022, 2023, 2024)]
        figures += [figure(date(2024, m, 1), "quarter", float(m)) for m in (1, 4, 7, 10)]
        bring(ws, range(40), [*early, *within, *coarse[1:]], figures)
        then = composing.bulletin(ws, LAST, FIRST)
        after = [sample(f"A-{n}", date(2024, 10, 1 + n), held="caffeine") for n in range(20)]
        bring(ws, range(40, 80), [*after, coarse[0]], [figure(date(2025, 1, 1), "year", 9e9)], "s")
        ws.tables.append(Document, table_of([document(1, 45, "prive")], Document))
        yield then, composing.bulletin(ws, LAST, FIRST), ws


def test_a_bulletin_of_the_past_is_the_one_that_was_made_then(both):
    then, now, _ = both
    assert then.signals and then.contents and then.figures and then.activity
    same = {"published": then.published}
    assert replace(now, **same) == then
    assert now.reckoning.read == now.reckoning.documents == 200, "of the files of the period"


def test_the_method_tells_what_of_its_files_is_of_the_period(both):
    """It told 200 records under a bulletin that rests on 70 documents and 9 samples."""
    _, now, _ = both
    (canal, labo) = (next(s for s in now.sources if s.name == name) for name in ("canal", "labo"))
    assert (canal.documents, canal.reckoning.documents, labo.samples) == (70, 200, 9)
    said = " ".join(run.text for block in method(now, Language("fr"))
                    if isinstance(block, Paragraph) for run in block.runs)  # fmt: skip
    assert "200 ; gardés, de sa période : 70 ; gardés, d’autres jours : 130 ; déjà" in re.sub(
        "[\u00a0\u202f]", " ", said
    )


def test_a_public_edition_reckons_without_the_sources_whose_counts_are_withheld(both):
    """All records less those of the sources that are told were those of the others."""
    _, now, _ = both
    notes = replace(now.sources[0], name="notes", kind="field notes", documents=4,
                    reckoning=Reckoning(9, 4, 0, 5, 0, 0))  # fmt: skip
    both_ = replace(now, sources=(*now.sources, notes))
    assert both_.reckoning == now.reckoning + Reckoning(9, 4, 0, 5, 0, 0)
    assert disclosure.public(both_, 11).reckoning == now.reckoning


def test_it_holds_the_samples_of_its_period_alone(both):
    _, now, ws = both
    told = {(f.kind, f.name.en, f.samples, f.of) for f in now.contents}
    # C-2 is of July to September, C-1 of any day of the year
    assert told == {("expected", "MDMA", 1, 9), ("other", "MDMA", 1, 9)}
    for fact in now.contents:
        assert len(follow(ws.tables, fact.of_link)) == fact.of
        assert len(follow(ws.tables, fact.link)) == fact.samples
    expected, other = sorted(now.contents, key=lambda f: f.kind)
    assert (expected.alone, other.alone) == (1, None)
    assert other.instead == (Name("PMMA", "PMMA"),)


def test_its_axes_its_figures_and_its_evidence_end_with_it(both):
    _, now, _ = both
    (kind,) = now.activity
    assert (kind, len(now.activity[kind])) == ("public posts", 13)
    assert [p.period.year for f in now.figures if f.step == "year" for p in f.points] == [
        2022,
        2023,
    ]
    quarters = [p.period.month for f in now.figures if f.step == "quarter" for p in f.points]
    assert quarters == [1, 4, 7]
    for signal in now.signals:
        assert all(end_of(v.period, signal.step) <= LAST for v in signal.history)
        assert signal.last <= LAST and FIRST <= signal.peak <= LAST
        assert all(FIRST <= e.day <= LAST for e in signal.evidence)
        assert signal.documents <= 50
    ketamine = now.signals[0]
    assert ketamine.last == date(2024, 8, 26)
    assert ketamine.history[-1].period == date(2024, 9, 23), "and of the weeks after that"


def test_only_what_was_read_is_a_source(both):
    _, now, _ = both
    assert {s.name: (s.documents, s.samples, s.figures) for s in now.sources} == {
        "canal": (70, 0, 0), "labo": (0, 9, 0), "tableau": (0, 0, 5),
    }  # fmt: skip


def test_a_figure_is_told_as_its_latest_edition_has_it(tmp_path):
    with Workspace.create(tmp_path / "obs", "Essai") as ws:
        rows = [figure(date(2023, 1, 1), "year", 5.0), figure(date(2023, 1, 1), "year", 7.0, "2")]
        ws.tables.append(Indicator, table_of(rows, Indicator))
        (told,) = composing.bulletin(ws, date(2024, 12, 31)).figures
        assert [p.value for p in told.points] == [7.0]


@pytest.mark.parametrize(
    ("period", "step", "end"),
    [
        (date(2024, 1, 29), "week", date(2024, 2, 4)),
        (date(2024, 2, 1), "month", date(2024, 2, 29)),
        (date(2023, 12, 1), "month", date(2023, 12, 31)),
        (date(2024, 4, 1), "quarter", date(2024, 6, 30)),
        (date(2024, 10, 1), "quarter", date(2024, 12, 31)),
        (date(2024, 1, 1), "year", date(2024, 12, 31)),
        (date(2024, 1, 5), "day", date(2024, 1, 5)),
    ],
)
def test_the_end_of_a_period(period, step, end):
    assert end_of(period, step) == end


def test_what_an_earlier_edition_told_as_new_is_new_no_more(both):
    *_, ws = both
    told = {
        (first, signal.concept.en): signal.direction
        for first in (FIRST, date(2024, 8, 19))
        for signal in composing.bulletin(ws, LAST, first).signals
        if signal.measure == "mentions"
    }
    assert told == {(FIRST, "Ketamine"): "new", (date(2024, 8, 19), "Ketamine"): "up"}


def test_what_people_closed_is_not_told(tmp_path):
    with opened(tmp_path / "obs") as ws:
        within = [sample(f"W-{n}", date(2024, 8, 1 + n), held="pmma") for n in range(8)]
        bring(ws, range(40), within, [])
        told = [fact.concept.en for fact in composing.bulletin(ws, LAST, FIRST).signals]
        (ketamine,) = [s for s in ws.signals() if s.concept == "substance=ketamine"]
        ws.decide(show(ketamine.id), "dismiss", "un seul vendeur", who="a")
        left = [fact.concept.en for fact in composing.bulletin(ws, LAST, FIRST).signals]
    assert (told, left) == (["Ketamine", "PMMA"], ["PMMA"])


def test_what_the_door_of_today_would_hold_back_is_not_published(both, tmp_path):
    pieces = [piece for fact in both[1].signals for piece in fact.evidence]
    assert {(piece.text, piece.marks) for piece in pieces} == {("rien ce soir", ((0, 5),))}
    ws = both[2]
    (pmma,) = [s for s in ws.signals() if s.concept == "substance=pmma"]
    assert alert_form(ws, show(pmma.id), "en").fields["d"].splitlines() == [
        "Found in 8 / 8 samples analysed: PMMA (8)",
        "References: W-0, W-1, W-2, W-3, W-4, W-5, W-6, W-7",
    ]
    with opened(tmp_path / "obs") as ws:
        within = [sample(f"W-{n}", date(2024, 8, 1 + n), held="pmma") for n in range(8)]
        number, result = within[0]
        within[0] = (replace(number, reference="06 39 98 12 34"), result)
        bring(ws, range(40), within, [], text="keta au 06 39 98 12 34")
        pieces = [
            piece for fact in composing.bulletin(ws, LAST, FIRST).signals for piece in fact.evidence
        ]
        assert {(piece.text, piece.marks) for piece in pieces} == {(None, ())}
        (pmma,) = [s for s in ws.signals() if s.concept == "substance=pmma"]
        form = alert_form(ws, show(pmma.id), "en")
    assert form.fields["d"] == "Found in 8 / 8 samples analysed: PMMA (8)"


@pytest.mark.parametrize(("earlier", "before"), [(5, 50.0), (4, None)])
def test_a_price_stands_beside_that_of_as_long_before_where_five_were_asked(
    tmp_path, earlier, before
):
    asks = [(n, 20, 50.0) for n in range(earlier)] + [(n, 30, 60.0) for n in range(5)]
    with opened(tmp_path / "obs") as ws:
        rows = [document(n, week) for n, week, _ in asks]
        ws.tables.append(Document, table_of(rows, Document))
        known = {"kind": "price", "quantity": 1.0, "unit": "g", "currency": "EUR"}
        facts = [fact(n, week, amount=amount, **known) for n, week, amount in asks]
        ws.tables.append(Observation, table_of(facts, Observation))
        (price,) = composing.bulletin(ws, LAST, FIRST).prices
    assert (price.substance.en, price.quantity, price.unit) == ("Ketamine", "1", "g")
    assert (price.n, price.median) == (5, 60.0)
    assert (price.before_n, price.before) == (earlier, before)


def test_a_signal_of_a_published_figure_is_told_in_its_unit(both):
    _, _, ws = both
    series = "indicator/area=59/name=usage ∕ use/year"
    signal = replace(ws.signals()[0], series=series, place="")
    told = signal_facts.fact(ws, ws.thesaurus(), signal)
    assert told.unit == told.measured == Name("faits", "offences")
    assert (told.place, told.among, told.history, told.evidence) == ("59", False, (), ())
    of_site = signal_facts.fact(ws, ws.thesaurus(), replace(signal, place="lille"))
    assert (of_site.place, of_site.among) == ("lille", False)
    mentions = signal_facts.fact(ws, ws.thesaurus(), ws.signals()[0])
    assert (mentions.measure, mentions.unit, mentions.among) == ("mentions", Name("", ""), False)


def alarmed(ws, signal, *about):
    """Return a signal as it is told where these alarmed: series and period of each."""
    rows = [AlarmRow(series, day, 9.0, 1.0, 3.0, 5.0, "default", "{}") for series, day in about]
    return signal_facts.fact(ws, ws.thesaurus(), signal, Behind(signal, alarms=tuple(rows)))


@pytest.mark.parametrize(
    ("areas", "among", "beside"),
    [(["59"], False, []), (["59", "13"], True, [("", ("13",), date(2023, 1, 1), "year")])],
)
def test_elsewhere_is_where_a_figure_alarmed_too(both, areas, among, beside):
    """“Isère and elsewhere”, a bulletin had said of a period in which it alarmed alone."""
    _, _, ws = both
    of = "indicator/area={}/name=usage ∕ use/year"
    signal = replace(ws.signals()[0], concept="name=usage ∕ use", series=of.format("59"), place="")
    years = [(of.format(area), date(2024 - n, 1, 1)) for n, area in enumerate(areas)]
    told = alarmed(ws, signal, *years)
    assert (told.place, told.among) == ("59", among)
    assert [(b.what.en, b.places, b.first, b.step) for b in told.beside] == beside


def test_what_else_alarmed_in_a_signal_is_told(both):
    """The second site of a substance, and the app that followed another, had been left out."""
    _, _, ws = both
    week = [date(2024, 8, 5) + timedelta(weeks=n) for n in range(3)]
    series = "mentions/site=lille/substance=ketamine/week"
    signal = replace(ws.signals()[0], concept="substance=ketamine", series=series, place="lille")
    told = alarmed(
        ws, signal, (series, week[0]),
        ("mentions/site=lyon/substance=ketamine/week", week[2]),
        ("mentions/site=lyon/substance=ketamine/week", week[1]),
        ("mentions/substance=ketamine/week", week[0]),
        ("mentions/class=dissociatives/week", week[0]),  # it is one of them
        ("platforms/platform=potato/week", week[2]),
        ("platforms/platform=potato/site=lyon/week", week[1]),
        ("platforms/platform=potato/site=lille/week", week[1]),
    )  # fmt: skip
    assert [(b.what.en, b.places, b.first, b.step) for b in told.beside] == [
        ("", ("lyon",), week[1], "week"),
        ("Potato app (mentions in texts)", ("lyon",), week[1], "week"),
    ]


@pytest.mark.parametrize(("weeks", "told"), [((12.0, 12.0, 15.0), 39), ((12.0, 3.0, 15.0), None)])
def test_a_list_tells_a_reader_what_the_page_of_a_signal_does(tmp_path, weeks, told):
    """The page withheld a sum with a small number in it; the lists and the API told it."""
    series = "mentions/kind=interview/substance=cocaine/week"
    days = [date(2024, 1, 1) + timedelta(weeks=n) for n in range(3)]
    with opened(tmp_path / "obs") as ws:
        bring(ws, range(40), [], [])
        (some, *_) = ws.signals()
        points = [Point(series, day, "week", n, 60.0, frozen=False)
                  for day, n in zip(days, weeks, strict=True)]  # fmt: skip
        ws.tables.append(Point, table_of(points, Point))
        raised = Alarm(series, days[2], "week", sum(weeks), 1.0, 4.0, 9.0, "d", '{"window": 3}',
                       days[2], some.id)  # fmt: skip
        ws.tables.append(Alarm, table_of([raised], Alarm))
        signal = replace(some, concept="substance=cocaine", series=series, detector="d", place="",
                         first=days[0], last=days[2] + timedelta(weeks=3), observed=sum(weeks),
                         expected=1.0, threshold=4.0, parameters='{"window": 3}')  # fmt: skip
        facts = [signal_facts.fact(ws, ws.thesaurus(), signal, behind)
                 for behind in (None, evidence.of(ws.tables, signal))]  # fmt: skip
        listed, shown = (signal_facts.for_reader(ws, fact, 11) for fact in facts)
        everything = signal_facts.for_reader(ws, facts[0], 1)
    for fact in (listed, shown):
        assert (None if isinstance(fact.observed, Few) else fact.observed) == told
    assert (listed.history, everything.observed) == ((), sum(weeks))


def test_a_pair_is_drawn_in_all_weeks(tmp_path):
    """Sums over four weeks had been drawn in the weeks alone in which both were named."""
    week = [date(2024, 1, 1) + timedelta(weeks=n) for n in range(8)]
    pair = "together/place=31555/substance=cocaine/week"
    named = {0: 1.0, 1: 3.0, 6: 1.0}
    with opened(tmp_path / "obs") as ws:
        bring(ws, range(40), [], [])
        (some, *_) = ws.signals()
        rows = [("mentions/substance=cocaine/week", day, 0.0, 50.0 + n)
                for n, day in enumerate(week)]  # fmt: skip
        rows += [(pair, week[n], value, 50.0 + n) for n, value in named.items()]
        points = [Point(series, day, "week", value, of, frozen=False)
                  for series, day, value, of in rows]  # fmt: skip
        ws.tables.append(Point, table_of(points, Point))
        signal = replace(some, concept="together place=31555 substance=cocaine", series=pair,
                         measure="together", first=week[1], last=week[1], place="",
                         parameters='{"window": 4}')  # fmt: skip
        told = signal_facts.fact(ws, ws.thesaurus(), signal, evidence.of(ws.tables, signal))
    assert [v.value for v in told.history] == [1.0, 3.0, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0]
    assert [v.denominator for v in told.history] == [50.0 + n for n in range(8)]
    assert [v.value for v in told.compared] == [1.0, 4.0, 4.0, 4.0, 3.0, 0.0, 1.0, 1.0]


def test_the_evidence_of_a_month_that_goes_on_ends_with_the_edition(tmp_path):
    with opened(tmp_path / "obs") as ws:
        past = [sample(f"M-{n}", date(2023, 1, 1) + timedelta(days=7 * n)) for n in range(65)]
        found = sample("N-1", date(2024, 4, 10), held="metonitazene")
        bring(ws, [], [*past, found], [])
        for day in (10, 11):  # the last of the evidence, and later
            edition = composing.bulletin(ws, date(2024, 4, day), date(2024, 1, 1))
            (signal,) = edition.signals
            assert signal.stretch == (date(2024, 4, 1), date(2024, 4, day))
        assert composing.bulletin(ws, date(2024, 4, 9), date(2024, 1, 1)).signals == ()


def test_a_name_that_is_a_substances_own_is_counted_as_the_service_understood_it(tmp_path):
    def sold(n, sold_as, written):
        number, result = sample(f"{written}-{n}", date(2024, 8, 1 + n), held="ketamine")
        return replace(number, sold_as=sold_as, sold_as_label=written), result

    with opened(tmp_path / "obs") as ws:
        samples = [sold(n, "tucibi", "Tusi") for n in range(6)]
        samples += [sold(n, "cocaine", "Tucibi") for n in range(5)]
        bring(ws, [], samples, [])
        told = composing.bulletin(ws, LAST, FIRST).contents
        counted = [
            (fact.kind, fact.name.en, fact.samples, fact.of, len(follow(ws.tables, fact.of_link)))
            for fact in told
        ]
    assert counted == [
        ("expected", "Tucibi (pink cocaine)", 0, 6, 6), ("expected", "Cocaine", 0, 5, 5),
        ("other", "Cocaine", 0, 5, 5), ("other", "Tucibi (pink cocaine)", 0, 6, 6),
        ("other", "tusi", 0, 6, 6),
    ]  # fmt: skip

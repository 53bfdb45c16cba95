"""Everything that one edition tells of a quarter, and everything that goes out of it, exactly.

What the observatory read is written here by hand; `quarter_told.txt` is what has to be told of it.
"""

import json
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import ClassVar

import pytest
import test_publishing as small
from test_publishing import figure, ingested

from fanal import exporters
from fanal.answers import explore
from fanal.edition import (
    ContentFact,
    Evidence,
    FigureFact,
    LabFact,
    MethodFact,
    Name,
    PriceFact,
    Reckoning,
    SignalFact,
    SourceFact,
    Untold,
    Value,
    Witness,
)
from fanal.errors import StoppedError
from fanal.exporters.base import Exporter
from fanal.publishing import assertions, composing
from fanal.records import (
    Audit,
    Document,
    Indicator,
    Observation,
    Result,
    Run,
    Sample,
    table_of,
)
from fanal.workspace import Workspace

FIRST, LAST = date(2024, 7, 1), date(2024, 9, 30)
START = date(2024, 1, 1)
TOLD = Path(__file__).with_name("quarter_told.txt")
TOLD_WHOLE = (ContentFact, Evidence, FigureFact, LabFact, MethodFact, PriceFact, Reckoning,
              SignalFact, SourceFact)  # fmt: skip
SOURCES = {
    "canal": ("public posts", "lille", 'invented = true\nlicence = "CC0"\nlink = "https://a.b"'),
    "prive": ("public posts", "metz", ""),
    "carnet": ("field notes", "metz", ""),
    "labo": ("lab", "lille", ""),
    "tableau": ("official table", "paris", ""),
    "vide": ("press", "lyon", ""),
    "passe": ("press", "nice", ""),
}


def key(text):
    return blake2b(text.encode(), digest_size=16).digest()


def on(day, name, source="canal", **more):
    return replace(small.document(0, 0, source), id=key(name), thread=key(source), day=day,
                   month=f"{day:%Y-%m}", **more)  # fmt: skip


def said(name, day, **more):
    return small.fact(0, 0, **{"document": key(name), "month": f"{day:%Y-%m}"} | more)


def documents():
    weekly = [("canal", week, n) for week in range(42) for n in range(5)]
    weekly += [("prive", week, n) for week in range(32) for n in range(6)]
    return [
        *(on(START + timedelta(weeks=week), f"{source} {week} {n}", source, position=n)
          for source, week, n in weekly),
        on(date(2024, 6, 30), "before", "passe", run="q"),
        on(date(2024, 7, 1), "first", "carnet", run="s"), on(date(2024, 9, 30), "last", "carnet"),
        on(date(2024, 10, 1), "after", "passe", run="q", author=None),
        on(date(2024, 7, 1), "picture", text="", media_kind="photo"),
        on(date(2024, 9, 30), "picture 2", text="", media_kind="photo"),
        on(date(2024, 10, 1), "picture 3", text="", media_kind="photo"),
        on(date(2024, 8, 1), "empty", text=""), on(date(2024, 8, 1), "both", media_kind="photo"),
    ]  # fmt: skip


def priced(n, day, substance="cocaine", **more):
    name = f"ask of {substance} {n} {day} {more}"
    known = {"kind": "price", "substance": substance, "quantity": 1.0, "unit": "g",
             "currency": "EUR", "amount": 60.0 + n}  # fmt: skip
    return on(day, name), said(name, day, **known | more)


def asks():
    """Five of a gram in the quarter and in the one before, four of ten grams, six in francs."""
    rows = [priced(n, date(2024, 7, 1)) for n in range(2)]
    rows += [priced(n, date(2024, 9, 30)) for n in range(2, 5)]
    rows += [priced(n, date(2024, 10, 1), amount=999.0) for n in range(9)]
    rows += [priced(n, date(2024, 6, 30), amount=70.0 + n) for n in range(5)]
    rows += [priced(n, date(2024, 3, 30), amount=5.0 + n) for n in range(9)]
    rows += [priced(n, date(2024, 8, 1), quantity=10.0, amount=400.0 + n) for n in range(4)]
    rows += [priced(n, date(2024, 8, 1), currency="CHF", amount=90.0 + n) for n in range(6)]
    rows += [priced(n, date(2024, 5, 1), currency="CHF", amount=80.0 + n) for n in range(4)]
    rows += [priced(n, date(2024, 8, 1), "mdma", unit="tablet", amount=8.0) for n in range(5)]
    return rows


def sold(name, label, n, day, held):
    """Return a sample sold under a name, and what was found in it."""
    row, result = small.sample(f"{label} {n} {day:%y%m}", day, held=held)
    id_ = key(f"sample {row.reference}")
    return (replace(row, id=id_, sold_as=name, sold_as_label=label),
            replace(result, sample=id_))  # fmt: skip


def samples():
    """MDMA that became PMMA, ketamine as it should be, thirteen names, a name of nothing known."""
    rows = [sold("mdma", "mdma", n, date(2022, 5, 2), "mdma") for n in range(30)]
    rows += [sold("mdma", "mdma", n, date(2024, 7, 1), "pmma") for n in range(15)]
    rows += [sold("mdma", "mdma", n, date(2024, 9, 30), "pmma") for n in range(15)]
    rows += [sold("mdma", "mdma", n, date(2024, 10, 1), "mdma") for n in range(9)]
    rows += [sold("ketamine", "ketamine", n, date(2024, 8, 1), "ketamine") for n in range(5)]
    rows += [sold("cocaine", "cocaine", n, date(2024, 8, 1), "cocaine") for n in range(4)]
    rows += [sold(None, "poudre rose", n, date(2024, 8, 1), "caffeine") for n in range(6)]
    rows += [sold("2c-b", "2c-b", n, date(2024, 8, 1), "2c-b") for n in range(7)]
    for i, name in enumerate(("lsd", "ghb", "gbl", "heroin", "amphetamine", "3-mmc", "4-mmc",
                              "dmt", "psilocybin", "methamphetamine")):  # fmt: skip
        rows += [sold(name, name, n, date(2024, 8, 2), name) for n in range(8 + i)]
    coarse, result = small.sample("coarse", date(2024, 7, 1), "year")
    return [*rows, (replace(coarse, sold_as="ketamine"), result)]


def figures():
    rows = [figure(date(y, 1, 1), "year", 100.0 + y) for y in (2022, 2023, 2024)]
    rows += [figure(date(2024, m, 1), "quarter", float(m)) for m in (1, 4, 7, 10)]
    rows += [figure(date(2023, 1, 1), "year", 7.0, "2"), figure(date(2021, 1, 1), "year", None)]
    more = replace(rows[0], name="saisies", unit="kg", area="R84", denominator=9.0)
    rows += [more, replace(more, value=4.0), replace(more, substance="cocaine")]
    rows += [replace(more, substance="4-mmc", name="saisies de 4-MMC", source="gone")]
    return rows


@pytest.fixture(scope="module")
def read(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("told") / "obs", "Essai") as ws:
        for name, (kind, site, more) in SOURCES.items():
            ws.add_source(
                f'name = "{name}"\ntitle = "Titre de {name}"\npublisher = "éditeur"\n'
                f'kind = "{kind}"\nsite = "{site}"\nlegal_basis = "essai"\n{more}\n'
            )
        priced_in, facts = zip(*asks(), strict=True)
        weeks = [(week, START + timedelta(weeks=week)) for week in range(30, 42)]
        facts = [*facts, *(said(f"canal {w} {n}", day) for w, day in weeks for n in range(5))]
        rows, results = zip(*samples(), strict=True)
        runs = [
            replace(ingested(run, 100 + n), rows_out=50 + n, duplicates=n, skipped=2 * n,
                    quarantined=3 * n, issues=4 * n)
            for n, run in enumerate("rqs", 1)
        ]  # fmt: skip
        for record, brought in (
            (Run, [*runs, replace(runs[0], stage="code")]), (Observation, facts),
            (Document, [*documents(), *priced_in]), (Sample, rows), (Result, results),
            (Indicator, figures()),
        ):  # fmt: skip
            ws.tables.append(record, table_of(brought, record))
        ws.detect()
        yield ws


def value_of(one):
    """Return a value as people read it."""
    if isinstance(one, Name):
        return one.fr if one.fr == one.en else f"{one.fr} | {one.en}"
    if isinstance(one, Value):
        of = "" if one.denominator is None else f" of {one.denominator:g}"
        return f"{one.period:%y-%m-%d} {one.value:g}{of}"
    if isinstance(one, Witness):
        return " ".join(str(getattr(one, field.name)) for field in fields(one))
    if isinstance(one, tuple):
        return "; ".join(value_of(part) for part in one)
    return f"{one:.6g}" if isinstance(one, float) else str(one)


def lines(value, ids, indent=""):
    """Yield what a fact tells as lines, field by field; what is not told is left out."""
    for field in fields(value):
        one = getattr(value, field.name)
        if field.name in ("id", "document"):
            one = ids.setdefault(one, f"n° {len(ids) + 1}")
        if isinstance(one, dict):
            one = tuple((name, values) for name, values in one.items())
        whole = [one] if isinstance(one, LabFact | Reckoning) else one
        if isinstance(whole, tuple | list) and whole and isinstance(whole[0], TOLD_WHOLE):
            for part in whole:
                yield f"{indent}{field.name}"
                yield from lines(part, ids, indent + "  ")
        elif one not in ("", (), None):
            yield f"{indent}{field.name}: {value_of(one)}"


def test_all_that_an_edition_tells_of_a_quarter(read, update):
    edition = composing.bulletin(read, LAST, FIRST)
    assert (edition.published, edition.version) == (date.today(), composing.VERSION)  # noqa: DTZ011
    assert edition.fingerprint == read.thesaurus().fingerprint
    told = list(lines(replace(edition, published=LAST, version="0", fingerprint="f"), {}))
    if update:
        TOLD.write_text("\n".join(told) + "\n", "utf-8")
    assert told == TOLD.read_text("utf-8").splitlines()


def told(ws, **settings):
    """Return what the edition tells with other settings."""
    other = ws.acting("somebody")
    other.settings = ws.settings.model_copy(update=settings)
    return composing.bulletin(other, LAST, FIRST)


def test_as_many_signals_as_people_can_look_at_and_silent_sources_besides(read):
    concepts = [fact.concept.en for fact in composing.bulletin(read, LAST, FIRST).signals]
    assert concepts[-1] == "Titre de prive"
    for budget in (1, 2, len(concepts) - 1, len(concepts)):
        few = [fact.concept.en for fact in told(read, budget=budget).signals]
        assert few == [*concepts[:-1][:budget], "Titre de prive"]


def test_an_edition_is_of_the_quarter_that_ends_with_the_evidence(read):
    edition = composing.bulletin(read)
    assert (edition.first, edition.last) == (date(2024, 7, 16), date(2024, 10, 14))
    assert composing.bulletin(read, LAST).first == date(2024, 7, 2)
    titled = composing.bulletin(read, LAST, FIRST, title=Name("Été", "Summer"))
    assert (titled.title, titled.planted) == (Name("Été", "Summer"), ())
    edition = told(read, title="Autre", small_number=5, detectors=["ears"])
    assert (edition.title, edition.least) == (Name("Autre", "Autre"), 5)
    assert [method.name for method in edition.methods] == ["ears"]


@pytest.mark.parametrize(
    ("first", "last", "weeks"),
    [
        (date(2024, 7, 7), date(2024, 7, 21), [1, 8, 15]),  # weeks that end in it, from end to end
        (date(2024, 7, 8), date(2024, 7, 20), [8]),
    ],
)
def test_weeks_are_of_the_period_that_they_end_in(read, first, last, weeks):
    (values,) = composing._activity(read, first, last).values()
    assert [value.period.day for value in values] == weeks


def test_a_signal_is_new_in_the_edition_that_its_first_alarm_is_of(read):
    directions = {
        first: composing._signals(read, read.thesaurus(), first, LAST)[0][1].direction
        for first in (date(2024, 7, 29), date(2024, 7, 30))
    }
    assert directions == {date(2024, 7, 29): "new", date(2024, 7, 30): "up"}


def asserting(ws, name, **bounds):
    """Return the observatory with what a source asserts of itself."""
    other = ws.acting("somebody")
    source = other.sources[name]
    other.sources = other.sources | {name: source.model_copy(update={
        "assertions": source.assertions.model_copy(update=bounds)})}  # fmt: skip
    return other


@pytest.mark.parametrize(
    ("name", "bounds", "refused"),
    [
        ("prive", {}, ""),
        # 192 documents in 31 weeks from the first to the last
        ("prive", {"min_documents_a_week": 6.19}, ""),
        ("prive", {"min_documents_a_week": 6.2},
         ("source prive: 6.2 documents a week, fewer than it asserts; allowed: "
          "min_documents_a_week = 6.2; find out why, or move the bound with an explanation")),
        ("vide", {"min_documents_a_week": 0.0}, ""),
        ("vide", {"min_documents_a_week": 0.5}, "source vide: 0.0 documents a week"),
        ("prive", {"min_share_with_author": 1.0}, ""),
        ("carnet", {"min_share_with_author": 0.5}, ""),
        ("passe", {"min_share_with_author": 0.5}, ""),
        ("passe", {"min_share_with_author": 0.51},
         ("source passe: 50% of documents have an author, fewer than it asserts; "
          "allowed: min_share_with_author = 0.51")),
        ("vide", {"min_share_with_author": 0.0}, ""),
        ("vide", {"min_share_with_author": 0.1}, "source vide: 0% of documents have an author"),
    ],
)  # fmt: skip
def test_nothing_is_published_where_a_source_does_not_hold_what_it_asserts(
    read, name, bounds, refused
):
    ws = asserting(read, name, **bounds)
    if not refused:
        assertions.check(ws)
        return
    with pytest.raises(StoppedError) as stopped:
        assertions.check(ws)
    assert str(stopped.value).startswith(refused)


@dataclass(frozen=True)
class Kept(Exporter):
    """Keeps what it is given."""

    name: ClassVar[str] = "kept"
    given: ClassVar[list] = []

    public: bool = False
    languages: tuple[str, ...] = ()

    def export(self, content, folder):
        self.given.append((content, self.public, self.languages))
        (folder / "kept.txt").write_text("kept", "utf-8")
        return [folder / "kept.txt"]


def test_what_goes_out_is_told_in_the_log_and_a_public_edition_holds_no_text(
    read, tmp_path, monkeypatch
):
    monkeypatch.setattr(exporters, "BUILTIN", (Kept,))
    edition = composing.bulletin(read, LAST, FIRST)
    folder = tmp_path / "a" / "b"
    for public in (False, True):
        written = composing.publish(read, edition, folder, ["kept", "kept"], public=public)
        assert written == [folder / "kept.txt"] * 2
        (line,) = read.state.all(Audit, action="export")[-1:]
        assert json.loads(line.detail) == {"files": ["kept.txt"] * 2, "public": public}
    (inside, *_), (shown, *_) = Kept.given[::2]
    assert [(public, languages) for _, public, languages in Kept.given] == [
        (public, tuple(read.settings.languages)) for public in (False, False, True, True)
    ]
    assert inside == edition
    assert any(piece.text for signal in inside.signals for piece in signal.evidence)
    assert not any(piece.text for signal in shown.signals for piece in signal.evidence)
    assert [isinstance(s.documents, Untold) for s in shown.sources if s.kind == "lab"] == [True]
    week = explore.line(read, "documents/kind=public posts/week", read.settings.small_number)
    known = {period: value for period, value, _ in week.points}
    assert [(v.period, v.value) for v in shown.activity["public posts"]] == [
        (v.period, known.get(v.period)) for v in edition.activity["public posts"]
    ]
    assert len(known) > 10

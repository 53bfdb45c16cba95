"""Labels of laboratories that no thesaurus knows, on the pages and in the bulletin."""

from dataclasses import fields
from datetime import date

import pytest

from fanal.door.pseudonyms import show
from fanal.publishing import composing, titles
from fanal.records import Result, Sample, Signal, table_of
from fanal.series import LINEAGE
from fanal.stages import counting

LABELS = ("zzyx (?&#<b>)", 'zz/yy=x "quoted"', "labo 3,4-zz, un essai", "Non détecté", "< LOD")


def row(record, **more):
    return record(**dict.fromkeys(f.name for f in fields(record)) | more)


@pytest.fixture
def ws(app):
    """Give an observatory with a sample of each label, and a signal on each."""
    ws = app.state.ws
    samples, results, signals = [], [], []
    for n, label in enumerate(LABELS):
        key = f"{n}sample".encode().ljust(16, b".")
        common = {"source": "labo", "site": "lille", "run": "r", "version": 1}
        samples.append(row(Sample, id=key, reference=f"L-{n}", day=date(2025, 3, 4),
                           precision="day", sold_as_label=label, **common))  # fmt: skip
        results.append(row(Result, sample=key, label=label, role="main", censored=False,
                           version=1, run="r"))  # fmt: skip
    ws.tables.append(Sample, table_of(samples, Sample))
    ws.tables.append(Result, table_of(results, Result))
    with ws.tables.connect() as connection:
        points = counting.points(connection, counting.TALLY.empty_table(),
                                 LINEAGE.empty_table()).to_pylist()  # fmt: skip
    for n, series in enumerate(sorted({p["series"] for p in points})):
        concept = series.removeprefix("found/").removesuffix("/month")
        signals.append(row(
            Signal, id=f"{n}signal".encode().ljust(16, b"."), concept=concept, place="",
            first=date(2025, 3, 1), last=date(2025, 3, 1), novelty="new", score=1.0, observed=1.0,
            expected=0.0, threshold=0.0, series=series, measure="found", detector="first-seen",
            parameters="{}", evidence=1.0,
        ))  # fmt: skip
    ws.tables.append(Signal, table_of(signals, Signal))
    return ws


def test_a_label_that_names_no_substance_is_no_series(ws):
    assert [s["concept"] for s in ws.tables.rows("SELECT concept FROM signals ORDER BY 1")] == [
        "label=labo 3,4-zz, un essai", 'label=zz yy x "quoted"', "label=zzyx (?&#<b>)",
    ]  # fmt: skip


def test_an_unknown_label_breaks_no_page(ws, visitor):
    client = visitor("administrator")
    for signal in ws.tables.rows("SELECT id, concept FROM signals"):
        page = client.get(f"/signals/{show(signal['id'])}")
        assert page.status_code == 200
        name = titles.label(ws.thesaurus(), signal["concept"], ws)
        assert name.fr == signal["concept"].removeprefix("label=").capitalize()
        behind = ws.evidence(show(signal["id"]))
        assert len(behind.samples) == 1  # of its own label, whatever it is written with
    for page in ("/", "/signals", "/lab"):
        assert client.get(page).status_code == 200
    composing.bulletin(ws)

"""Every page holds with what nobody planned for: retired ids, unknown codes, sources that left."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from people import found

from fanal.coding.practices import Rules
from fanal.door.pseudonyms import show
from fanal.people import triage
from fanal.records import (
    Coding,
    Document,
    Indicator,
    Issue,
    Observation,
    Point,
    Result,
    Sample,
    Signal,
    schema_of,
    table_of,
)
from fanal.storage.tables import as_json
from fanal.web.routing import declared
from fanal.workspace import Workspace

DAY, MONTH = date(2025, 3, 4), "2025-03"
KINDS = {  # kind of observation: what stands in it, least first
    "mention": ({}, {"substance": "retired"}),
    "price": ({}, {"amount": 40.0}, {"amount": 4.0, "amount_max": 6.0, "currency": "???"},
              {"quantity": 1.0}, {"amount": 1e300, "quantity": 0.0, "unit": "boîte"}),
    "quantity": ({}, {"quantity": 2.0}, {"quantity": 0.5, "unit": "mystery"}),
    "bonus": ({}, {"bought": 2.0}, {"free": 1.0, "free_unit": "EUR"}),
    "purity": ({}, {"percent": 80.0}, {"percent": 80.0, "basis": "heard", "analyte": "retired"}),
    "strength": ({}, {"amount": 200.0}, {"amount": 200.0, "unit": "mg", "per": "tablet"}),
    "hours": ({}, {"days": "Mo-Su"}, {"opens": "25:00"}, {"closes": "24:00"}),
    "place": ({}, {"place": "99999"}, {"place": "R84", "role": "origin"}),
    "platform": ({}, {"platform": "unheard-of"}),
    "practice": ({}, {"code": "no.such.code"}, {"code": "supply"}),
    "kind of tomorrow": ({}, {"code": "x"}),
}  # fmt: skip
CONCEPTS = {  # concept of a signal: its series
    "substance=retired": "mentions/substance=retired/week",
    "group=retired": "mentions/group=retired/month",
    "class=retired": "found/class=retired/month",
    "practice=no.such.code": "practices/practice=no.such.code/week",
    "platform=unheard-of": "platforms/platform=unheard-of/week",
    "place=99999": "places/place=99999/week",
    "source=gone": "documents/source=gone/week",
    "label=non": "found/label=non/month",
    "name=poudre de perlimpinpin": "missold/name=poudre de perlimpinpin/month",
    "substance=retired substance=mdma": "together/substance=mdma/with=retired/week",
    "indicator=deaths area=ZZ": "indicator/area=ZZ/name=deaths/year",
    "rule=retired substance=retired": "danger/rule=retired/site=nowhere/substance=retired/month",
    "price": "price/band=3/currency=???/substance=retired/unit=boîte/week",
    "purity": "purity/basis=heard/substance=retired/month",
    "expected": "expected/substance=retired/month",
    "changed": "changed/name=rien/year",
}


def key(text):
    return text.encode().ljust(16, b".")[:16]


def blank(record, **known):
    return record(**dict.fromkeys(schema_of(record).names) | known)


def document(n, kind="public posts", source="canal-paris", site="paris", text="coke 40 le g, rien"):
    return blank(
        Document, id=key(f"d{n}"), version=1, source=source, site=site, kind=kind,
        thread=key(source), position=n, day=DAY, precision="day", text=text, digest=key(f"d{n}"),
        month=MONTH, run="r",
    )  # fmt: skip


def observed(n, start, kind, **more):
    return blank(
        Observation, document=key(f"d{n}"), version=1, start=start, stop=start + 1, kind=kind,
        confidence=0.9, rule="r", coder="c", fingerprint="f", month=MONTH, **more,
    )  # fmt: skip


def odd(ws):
    """Write what no coder of today would write, and what one of yesterday may have written."""
    rows = [document(0), document(1, "interview", "gone", "nowhere"), document(2, text="")]
    told = [
        observed(0, i % 17, kind, **more)
        for kind, all_ in KINDS.items() for i, more in enumerate(all_)
    ]  # fmt: skip
    told += [observed(1, 0, "mention", substance="retired"), observed(0, 900, "mention")]
    ws.tables.append(Document, table_of(rows, Document))
    ws.tables.append(Observation, table_of(told, Observation))
    samples = [
        blank(Sample, id=key(f"s{i}"), version=1, reference=f"R{i}", source=source, site=site,
              day=day, precision="day", sold_as=name, sold_as_label=words, run="r")
        for i, (source, site, day, name, words) in enumerate([
            ("gone", "nowhere", DAY, "retired", "Perlimpinpin"), ("canal-paris", "paris", None,
            None, None), *[("canal-paris", "paris", DAY, None, "Poudre / rose =")] * 6,
        ])
    ]  # fmt: skip
    results = [
        blank(Result, sample=s.id, version=1, label=label, role=role, substance=id_, amount=amount,
              unit=unit, censored=False, run="r")
        for s in samples for label, role, id_, amount, unit in
        (("Non", "main", None, None, None), ("???", "role of tomorrow", "retired", 3.0, "furlong"))
    ]  # fmt: skip
    ws.tables.append(Sample, table_of(samples, Sample))
    ws.tables.append(Result, table_of(results, Result))
    points, signals = [], []
    for i, (concept, series) in enumerate(CONCEPTS.items()):
        step = series.rsplit("/", 1)[1]
        points += [Point(series, date(2025, m, 1), step, float(m), None, False) for m in (1, 2, 3)]
        signals.append(
            Signal(key(f"x{i}"), concept, series.split("/")[0], "nowhere" if i % 2 else "",
                   date(2025, 1, 1), DAY, "new", 1.0, 3.0, 1.0, 2.0, series, "detector of tomorrow",
                   "{}", 3.0)
        )  # fmt: skip
    ws.tables.append(Point, table_of(points, Point))
    ws.tables.append(Signal, table_of(signals, Signal))
    figure = blank(Indicator, name="deaths", area="ZZ", period=DAY, step="year", value=3.0, unit="",
                   substance="retired", source="gone", revision="1", run="r")  # fmt: skip
    ws.tables.append(Indicator, table_of([figure], Indicator))
    issue = Issue("something new", 1, "field", "hint", "level", "gone", "f", "r")
    ws.tables.append(Issue, table_of([issue], Issue))
    now = datetime.now(UTC)
    for concept in ("substance=retired", "practice=no.such.code"):
        ws.state_phenomenon(
            triage.state_phenomenon(
                "Essai", concept, "Dit.", "new", 2024, "t", now, sites="nowhere"
            )
        )
    ws.search.refresh(ws.tables)


@pytest.fixture
def folder(tmp_path):
    found(tmp_path / "obs")
    with Workspace(tmp_path / "obs") as ws:
        odd(ws)
    return tmp_path / "obs"


def test_a_code_of_every_kind_is_added_confirmed_rejected_and_read(app, visitor):
    """What people say of any code leaves its document, the search and the API readable."""
    client, ws = visitor("paris"), app.state.ws
    at = f"/documents/{show(key('d0'))}"
    passage = "coke 40"
    practice = next(iter(Rules.load().codes))
    for data in ({"substance": "cocaine"}, {"practice": practice}):
        answer = client.post(f"{at}/codes", data={"verdict": "add", "passage": passage} | data)
        assert answer.status_code == 303, data
        assert client.get(at).status_code == 200, data
    taken = {"verdict": "reject", "kind": "practice", "start": 0, "stop": len(passage)}
    assert client.post(f"{at}/codes", data=taken | {"concept": practice}).status_code == 303
    assert "rejet" not in client.get(at).text, "an added code is taken back, not rejected"
    for kind, all_ in KINDS.items():
        for i, verdict in product(range(len(all_)), ("confirm", "reject")):
            said = {"verdict": verdict, "kind": kind, "start": i % 17, "stop": i % 17 + 1}
            assert client.post(f"{at}/codes", data=said).status_code == 303, said
    assert client.get(at).status_code == 200
    for kind in KINDS:  # by another program, or a version of tomorrow
        for said in ({}, {"amount": 3}, {"substance": "retired", "code": "x"}):
            ws.state.append(
                Coding(key(kind + str(said)), key("d0"), 1, 3, 6, key("q"), "add", kind,
                       as_json(said), "paris", datetime.now(UTC))
            )  # fmt: skip
    assert client.get(at).status_code == 200
    assert client.get("/documents?q=coke").status_code == 200
    ws.search.refresh(ws.tables)
    assert client.get("/documents?q=coke").status_code == 200


EXAMPLES = {
    "{name}": ["canal-paris", "gone", "alerts"], "{kind}": ["csv", "exe"],
    "{id}": ["retired", "cocaine"], "{secret}": ["none"], "{upload}": ["2" * 32],
    "{file}": ["bulletin.fr.html"],
}  # fmt: skip


def paths(app):
    """Return an address of every page, with ids that are there and ids that are not."""
    for route, _ in declared(app.state.routers):
        if "GET" not in route.methods:
            continue
        filled = [route.path]
        for part, values in EXAMPLES.items():
            if part in route.path:
                filled = [p.replace(part, v) for p in filled for v in values]
        signals = [show(s.id) for s in app.state.ws.signals()]
        shorts = (
            [show(key(f"d{i}")) for i in range(3)] if "/documents/" in route.path
            else [show(p.id) for p in app.state.ws.phenomena()] if "/phenomena/" in route.path
            else signals if route.path == "/signals/{short}" else signals[:1]
        )  # fmt: skip
        for path in filled:
            yield from (
                (path.replace("{short}", id_) for id_ in shorts) if "{short}" in path else [path]
            )


def test_no_page_breaks_on_what_nobody_planned_for(app, visitor):
    asked = list(paths(app))
    measures = sorted({series.split("/")[0] for series in CONCEPTS.values()})
    asked += [f"/explore?measure={measure}&by=site" for measure in measures]
    asked += [f"/api/points?series={s}" for s in CONCEPTS.values()]
    asked += ["/lab?reference=R0", "/lab?reference=R1", "/documents?substance=retired&kind=x"]
    clients = visitor("administrator"), visitor("reader")
    for number, path in enumerate(asked):  # each by one of them: the other half is alike
        assert clients[number % 2].get(path).status_code < 500, path
    for path in ("/", "/signals", "/lab"):
        assert all(client.get(path).status_code == 200 for client in clients), path

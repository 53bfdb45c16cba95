"""Scripts that come in as material are shown, never run: on every page, in Chromium."""

import shutil
from pathlib import Path
from urllib.parse import quote

import observatory
import pytest
from served import serve

from fanal.door.pseudonyms import show
from fanal.people import triage
from fanal.records import Document, Memo, Observation, table_of
from fanal.thesaurus import Alias
from fanal.web.pages import FAMILIES
from fanal.web.routing import declared

RUN = "window.ran=(window.ran||0)+1;document.title='RAN'"
LINES = (Path(__file__).parent / "payloads.txt").read_text("utf-8").splitlines()
PAYLOADS = [line.replace("RUN", RUN) for line in LINES]
FEW = range(0, len(PAYLOADS), 9)


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """An observatory whose words are scripts: posts, titles, aliases, names, reasons, notes."""
    folder = tmp_path_factory.mktemp("scripts") / "obs"
    title = PAYLOADS[0].replace("\\", "\\\\").replace('"', '\\"')
    observatory.build(folder, text=PAYLOADS[1].replace("{", "{{").replace("}", "}}"), title=title)
    toml = folder / "fanal.toml"
    said = toml.read_text("utf-8").replace('title = "Essai"', f'title = "{title}"')
    toml.write_text(said, "utf-8")
    with serve(folder) as running:
        ws = running.ws
        week = observatory.WEEKS - 3
        rows = [
            observatory.document(f"x{n}", week, "paris", f"{payload} 3-mmc")
            for n, payload in enumerate(PAYLOADS)
        ]
        with ws.writing():
            ws.tables.append(Document, table_of(rows, Document))
        facts = [observatory.mention(f"x{n}", week, "3-mmc", stop=40, rule=payload[:60])
                 for n, payload in enumerate(PAYLOADS)]  # fmt: skip
        with ws.writing():
            ws.tables.append(Observation, table_of(facts, Observation))
        ws.search.refresh(ws.tables)
        now = observatory.datetime.now(observatory.UTC)
        signals, _ = observatory.ids(ws)
        for n, payload in enumerate(PAYLOADS[:12]):
            row = triage.state_phenomenon(
                payload[:180], "substance=3-mmc", payload, "new", 2024, payload[:80], now,
                sites=payload[:60], origin=payload[:80],
            )  # fmt: skip
            ws.state_phenomenon(row)
            ws.decide(signals["paris"], "support", payload, phenomenon=row.id, who=payload[:60])
            ws.state.append(Memo(observatory.key(f"m{n}"), "document",
                                 observatory.key("x0"), payload, payload[:60], now))  # fmt: skip
        ws.add_to_thesaurus(
            Alias(**dict.fromkeys(Alias.__annotations__, "") | {
                "substance": "3-mmc", "alias": PAYLOADS[3][:60], "language": "fr",
                "kind": "street", "ambiguity": "plain", "source": PAYLOADS[4][:60]})
        )  # fmt: skip
        yield running
    shutil.rmtree(folder)


def test_there_are_enough_payloads():
    assert len(set(PAYLOADS)) >= 100


def test_a_script_that_ran_would_be_seen(visit, served):
    page = visit(served)
    page.goto("about:blank")
    page.set_content(PAYLOADS[0])
    assert page.evaluate("window.ran") == 1


def test_no_page_runs_what_came_in_as_material(visit, served):
    page = visit(served, "administrator")
    asked = []
    page.on("request", lambda r: asked.append(r.url) if served.origin not in r.url else None)
    page.on("dialog", lambda d: asked.append(f"dialog {d.message}"))
    left_out = (*observatory.ABSENT, "{secret}", "{kind}", "{name}/mail")
    paths = [
        route.path for route, _ in declared(FAMILIES)
        if "GET" in route.methods and not any(part in route.path for part in left_out)
    ]  # fmt: skip
    shown = 0
    for path in paths:
        url = served.origin + observatory.filled(path, "paris", served.ws)
        page.goto(url) if "." not in path.rsplit("/")[-1] else None
        shown += page.content().count("RAN")
        assert page.evaluate("window.ran") is None, path
        assert "RAN" not in page.title() or "<" in page.title(), path
        for box in page.locator("[onmouseover], [onfocus], [onerror], [onload]").all():
            raise AssertionError(f"{path}: {box.evaluate('e => e.outerHTML')[:200]}")
    assert shown > 100, "the payloads were there to be shown"
    assert [url for url in asked if not url.startswith("data:")] == []


@pytest.mark.parametrize(
    "numbers", [FEW, pytest.param(range(len(PAYLOADS)), marks=pytest.mark.bars)]
)
def test_every_document_with_a_payload_is_only_text(visit, served, numbers):
    page = visit(served, "administrator")
    for n in numbers:
        page.goto(f"{served.origin}/documents/{show(observatory.key(f'x{n}'))}")
        assert page.evaluate("window.ran") is None, PAYLOADS[n]
    print(f"{len(numbers)} payloads as documents: 0 executed")


@pytest.mark.parametrize("where", ["/signals?state={}", "/documents?q={}", "/sign-in?to={}",
                                   "/signals/{}", "/phenomena/{}", "/?done={}"])  # fmt: skip
def test_payloads_in_addresses(visit, served, where):
    page = visit(served, "administrator" if "sign-in" not in where else None)
    for payload in PAYLOADS[::20]:
        page.goto(served.origin + where.replace("{}", quote(payload, safe="")))
        assert page.evaluate("window.ran") is None, payload


def test_the_policy_has_no_unsafe_part(visit, served):
    page = visit(served, "administrator")
    policy = page.goto(served.origin).headers["content-security-policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert policy.count("'self'") >= 5
    page.evaluate(
        "document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran=1\">')"
    )
    page.wait_for_timeout(100)
    assert page.evaluate("window.ran") is None, "even what would get in is stopped"

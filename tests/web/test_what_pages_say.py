"""Every page as two people read it, word by word: `said/` holds what each page said.

A change of words, figures, links or fields shows here; `pytest tests/web/test_what_pages_say.py
--update` writes them anew, and review is reading the diff.
"""

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import lxml.html
import observatory
import pytest
from fastapi.testclient import TestClient
from people import ORIGIN
from test_explore import points
from test_pages_of_substances import sample

from fanal.door.pseudonyms import show
from fanal.people import accounts
from fanal.records import (
    VERSION,
    Coding,
    Document,
    Memo,
    Observation,
    Point,
    Result,
    Sample,
    table_of,
)
from fanal.web.app import create_app
from fanal.web.routing import declared
from fanal.wording.language import Language
from fanal.workspace import Workspace

SAID = Path(__file__).parent / "said"
THEN, NOW = datetime(2025, 3, 3, 9, 30, tzinfo=UTC), datetime.now(UTC)
LEFT_OUT = (
    "/manual",
    "/link",
    "/reviews",
    "/documents/{short}",
    "/bulletins/{name}",
    "/sources/{name}/files",
    "/api/openapi.json",
)
ROWS = 5  # of a table or a list: of more there is their number
ASKED = {  # what else is asked of a page
    "/signals": ["state=closed", "place=paris", "novelty=new&direction=new", "page=2"],
    "/documents": ["q=tucibi&order=best", "q=rien&page=2", "q=-rien", "substance=ketamine",
                   "from=2024-09-01&to=2024-09-30", "from=soon"],
    "/explore": ["what=substance%3Dketamine&by=site&share=yes", "measure=authors&by=site",
                 "what=substance%3Dketamine&other=substance%3Dtucibi&step=week",
                 "what=substance%3Dketamine&by=site&layout=small"],
    "/explore.{kind}": ["measure=authors&by=site"],
    "/substances": ["q=keta"],
    "/lab": ["reference=REF-3"],
    "/thesaurus": ["q=keta"],
    "/phenomena/new": ["signal={signal}"],
    "/administration/audit": ["page=2&check=yes"],
    "/api/signals": ["state=received&limit=1", "place=lille&offset=1"],
    "/api/series": ["holds=ketamine&offset=1&limit=1"],
}  # fmt: skip


@pytest.fixture(scope="module")
def app(built, tmp_path_factory):
    folder = Path(shutil.copytree(built, tmp_path_factory.mktemp("said") / "obs"))
    with Workspace(folder) as ws:
        samples = [sample(i, "mdma", ["mdma"]) for i in range(14)]
        samples += [sample(20 + i, "mdma", ["pmma", "caffeine"]) for i in range(3)]
        samples += [sample(30 + i, "ketamine", ["ketamine"], "lille") for i in range(12)]
        ws.tables.append(Sample, table_of([row for row, _ in samples], Sample))
        ws.tables.append(Result, table_of([r for _, rows in samples for r in rows], Result))
        ws.tables.append(Point, table_of(list(points()), Point))
        asks = [
            (f"v{week}-{n}", week, amount, grams) for week in (37, 38) for n in range(6)
            for amount, grams in ((40.0 + n, 1.0), (150.0, 5.0))
        ]  # fmt: skip
        posts = {name: observatory.document(name, week, "paris", "40 € le gramme, 150 les 5")
                 for name, week, *_ in asks}  # fmt: skip
        ws.tables.append(Document, table_of(list(posts.values()), Document))
        facts = [
            observatory.mention(name, week, "ketamine", kind="price", amount=amount, quantity=grams,
                                unit="g", currency="EUR", start=int(grams), stop=int(grams) + 4)
            for name, week, amount, grams in asks
        ]  # fmt: skip
        ws.tables.append(Observation, table_of(facts, Observation))
        about = observatory.key("p36-0")
        ws.state.append(
            Coding(b"c" * 16, about, 1, 0, 5, b"q" * 16, "confirm", "mention",
                   '{"substance": "3-mmc"}', "anna", THEN),
            Memo(b"m" * 16, "document", about, "Vu deux fois.", "anna", THEN),
            Memo(b"n" * 16, "signal", ws.signals()[0].id, "À suivre.", "anna", THEN),
        )  # fmt: skip
        ws.search.refresh(ws.tables)
    app = create_app(folder, ORIGIN)
    yield app
    app.state.ws.close()


def come(app, name, language):
    client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
    secret = accounts.start(app.state.ws.state, name, "browser", NOW, 9999 * accounts.DAY)
    client.cookies.set("__Host-fanal", secret, domain="fanal.example", path="/")
    client.cookies.set("language", language, domain="fanal.example", path="/")
    return client


def words(text):
    """Return what a page says, a line for each element with words, a link or a field."""
    if not text.startswith("<!"):
        return short([" ".join(line.split()) for line in text.splitlines()])
    (main,) = lxml.html.fromstring(text).xpath("//main")
    return said(main)


def said(node):
    """Return the lines of an element: a row of a table is one, a drawing is its label."""
    if not isinstance(node.tag, str):
        return []
    if node.tag.rpartition("}")[2] == "svg":
        return [f"drawing: {node.get('aria-label')}"] if node.get("aria-label") else []
    if node.tag == "tr":
        return [" | ".join(" / ".join(said(cell)) for cell in node)]
    about = [f"{name}={node.get(name)}" for name in ATTRIBUTES if node.get(name) is not None]
    own = " ".join(" ".join([node.text or "", *(child.tail or "" for child in node)]).split())
    lines = [" ".join([*([own] if own else []), *about])] if own or about else []
    inside = [said(child) for child in node]
    if node.tag in ("tbody", "ul", "ol", "select", "dl", "datalist"):
        inside = [lines for lines in short(inside) if lines]
    return lines + [line for lines in inside for line in lines]


ATTRIBUTES = ("href", "action", "name", "value", "checked", "selected", "aria-current")


def short(many):
    """Return the first of many, and how many there are."""
    more = f"… {len(many)}"
    return many[:ROWS] + ([more if isinstance(many[0], str) else [more]] if many[ROWS:] else [])


def everything(app, who, language):
    """Yield what each page answers somebody: its address, its status, its words."""
    client, ws = come(app, who, language), app.state.ws
    signals, phenomenon = observatory.ids(ws)
    names = {short: f"signal-{place or 'everywhere'}" for place, short in signals.items()}
    names |= {show(signal.id): names.get(show(signal.id), f"signal-{signal.concept}")
              for signal in ws.signals()}  # fmt: skip
    names |= {phenomenon: "phenomenon", f"Fanal {VERSION}": "Fanal", f"{NOW.year}": "this year"}
    for days in (-1, 0, 1):  # the days of other zones are today as well
        today = NOW.date() + timedelta(days)
        said = " ".join(Language(language).day(today).split())
        names |= {today.isoformat(): "today", said: "today"}
    more = ASKED if who == "administrator" else {}
    for route, _ in declared(app.state.routers):
        if "GET" not in route.methods or route.path.startswith(LEFT_OUT):
            continue
        url = observatory.filled(route.path, "paris", ws)
        for asked in ("", *more.get(route.path, ())):
            at = f"{url}?{asked}" if asked else url
            answer = client.get(at.format(signal=signals["paris"]))
            lines = [f"# {at} {answer.status_code} {answer.headers.get('location', '')}".strip()]
            text = "\n".join([*lines, *words(answer.text), ""])
            for known in sorted(names, key=len, reverse=True):
                text = text.replace(known, names[known])
            yield re.sub(r"\d\d:\d\d(:\d\d\.\d+)?", "o'clock", text)


@pytest.mark.parametrize(("who", "language"), [("administrator", "fr"), ("reader", "en")])
def test_every_page_says_what_it_said(app, who, language, update):
    text = "\n".join(everything(app, who, language))
    kept = SAID / f"{who}.{language}.txt"
    if update:
        kept.write_text(text, "utf-8")
    assert text.split("\n# ") == kept.read_text("utf-8").split("\n# ")

"""What a page, a form or the API takes, and the first thing that it does not; what a visit says."""

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from people import ORIGIN, found
from starlette.requests import Request
from test_explore import KETAMINE, points

from fanal.edition import Value
from fanal.errors import ConfigError
from fanal.people import accounts
from fanal.records import Account, Point, table_of
from fanal.web import permissions, spool
from fanal.web.app import create_app
from fanal.web.pages.bulletins import policy
from fanal.web.pages.phenomena import concept_of
from fanal.web.permissions import CURATE, DECIDE, READ, SEE, SMALL
from fanal.web.series_charts import COLOURS, bars, lines
from fanal.web.visits import Visit
from fanal.wording.language import Language, capital
from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sides") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        more = [
            Point(f"mentions/substance={name}/month", date(2025, 1, 1), "month", n, 1000.0, False)
            for n, name in enumerate(
                ("mdma", "heroin", "lsd", "pmma", "caffeine", "speed", "gbl"), 1
            )
        ]
        ws.tables.append(Point, table_of([*points(), *more], Point))
    app = create_app(folder, ORIGIN)
    yield app
    app.state.ws.close()


@pytest.fixture
def come(app):
    def client(name, **cookies):
        made = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        made.headers["origin"] = ORIGIN
        if name:
            now = datetime.now(UTC)
            secret = accounts.start(app.state.ws.state, name, "browser", now, accounts.DAY)
            cookies["__Host-fanal"] = secret
        for key, value in cookies.items():
            made.cookies.set(key, value, domain="fanal.example", path="/")
        return made

    return client


GIVEN = {"title": "3-MMC", "concept": "substance=3-mmc", "statement": "Vue.", "novelty": "new",
         "year": 2024}  # fmt: skip


def test_what_the_api_is_asked(come):
    client = come("reader")
    asked = {
        "signals?limit=0": 422, "signals?limit=1": 200, "signals?limit=200": 200,
        "signals?limit=201": 422, "signals?offset=-1": 422, "signals?offset=0": 200,
        "signals?offset=1000000": 200, "signals?offset=1000001": 422,
        f"signals?state={'x' * 40}": 200, f"signals?state={'x' * 41}": 422,
        f"signals?place={'x' * 80}": 200, f"signals?place={'x' * 81}": 422,
        "signals/abcdefg2": 404, "signals/abcdefg": 422, "signals/abcdefg22": 422,
        "signals/abcdefg1": 422,
        "series?limit=0": 422, "series?limit=1": 200, "series?limit=1000": 200,
        "series?limit=1001": 422, "series?offset=-1": 422, "series?offset=10000000": 200,
        "series?offset=10000001": 422,
        f"series?measure={'x' * 40}": 200, f"series?measure={'x' * 41}": 422,
        f"series?holds={'x' * 120}": 200, f"series?holds={'x' * 121}": 422,
        "points?series=": 422, "points?series=x": 404, f"points?series={'x' * 400}": 404,
        f"points?series={'x' * 401}": 422, f"points?series={KETAMINE}": 200,
        "prices?substance=": 422, f"prices?substance={'x' * 80}": 404,
        f"prices?substance={'x' * 81}": 422, "prices?substance=ketamine": 200,
        "phenomena/abcdefg2": 404, "phenomena": 200,
    }  # fmt: skip
    assert {path: client.get(f"/api/{path}").status_code for path in asked} == asked


@pytest.mark.parametrize(
    ("name", "taken", "refused"),
    [
        ("title", ["x", "x" * 200], ["", " ", "x" * 201, "a\nb"]),
        ("statement", ["x", "x" * 4000, "a\nb"], ["", "\n ", "x" * 4001, "a\0b"]),
        (
            "concept",
            ["a=b", "a=b c=d", f"a={'b' * 398}"],
            ["", "a", "a=b=c", "A=b", f"a={'b' * 399}"],
        ),
        ("novelty", ["new", "returning", "persistent", "cyclical", "fading"], ["", "anew", "news"]),
        ("year", [1900, 2100], [1899, 2101]),
        ("sites", ["", "x" * 400], ["x" * 401, "a\nb"]),
        ("origin", ["", "x" * 400], ["x" * 401]),
        ("phenomenon", [None], ["", "abcdefg", "abcdefg1"]),
        ("more", [], ["x"]),
    ],
)
def test_a_statement_that_the_api_takes(come, name, taken, refused):
    client = come("analyst")
    codes = [
        client.post("/api/phenomena", json=GIVEN | {name: value}).status_code
        for value in (*taken, *refused)
    ]
    assert codes == [201] * len(taken) + [422] * len(refused)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"verdict": "verify", "reason": "vu", "seen": 0}, 404),
        ({"verdict": "verify", "reason": "vu", "seen": 10**6}, 404),
        ({"verdict": "verify", "reason": "vu", "seen": -1}, 422),
        ({"verdict": "verify", "reason": "vu", "seen": 10**6 + 1}, 422),
        ({"verdict": "verify", "reason": "vu"}, 422),
        ({"verdict": "nod", "reason": "vu", "seen": 0}, 422),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 1, "quality": 4}, 404),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 4, "quality": 1}, 404),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 0, "quality": 1}, 422),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 5, "quality": 1}, 422),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 1, "quality": 0}, 422),
        ({"verdict": "assess", "reason": "vu", "seen": 0, "harm": 1, "quality": 5}, 422),
        ({"verdict": "support", "reason": "vu", "seen": 0, "phenomenon": "abcdefg2"}, 404),
        ({"verdict": "support", "reason": "vu", "seen": 0, "phenomenon": "abcdefg"}, 422),
        ({"verdict": "verify", "reason": "vu", "seen": 0, "more": 1}, 422),
    ],
)
def test_a_decision_that_the_api_takes(come, given, status):
    answer = come("analyst").post("/api/signals/abcdefg2/decisions", json=given)
    assert answer.status_code == status


YEARS = {"1899": 400, "1900": 303, "2100": 303, "2101": 400, "20241": 400, "202400000": 400,
         "²": 400, "-2024": 400, "": 400}  # fmt: skip


@pytest.mark.parametrize("year", YEARS)
def test_a_year_of_a_statement(come, year):
    form = GIVEN | {"year": year}
    answer = come("analyst").post("/phenomena/state", data=form)
    assert answer.status_code == YEARS[year]


def test_the_concepts_that_tie_signals():
    assert concept_of("substance=mdma site=paris") == "substance=mdma"
    assert concept_of("substance=mdma place=59350") == "substance=mdma place=59350"
    assert concept_of("site=paris source=x") == "site=paris"
    assert concept_of("rien") == ""


def test_where_one_is_sent_after_a_choice(come):
    client = come("reader")
    to = {"/signals?page=2": "/signals?page=2", "//x": "/", "/\\x": "/", "x": "/", "/a\nb": "/"}
    for asked, sent in to.items():
        answer = client.post("/preferences", data={"to": asked})
        assert (answer.status_code, answer.headers["location"]) == (303, sent)
        assert "set-cookie" not in answer.headers
    kept = client.post("/preferences", data={"language": "en", "theme": "dark"})
    language, theme = kept.headers.get_list("set-cookie")
    for cookie, start in ((language, "language=en;"), (theme, "theme=dark;")):
        assert cookie.startswith(start)
        assert {"HttpOnly", "Max-Age=31536000", "Path=/", "SameSite=lax", "Secure"} == set(
            cookie.split("; ")[1:]
        )
    odd = client.post("/preferences", data={"language": "xx", "theme": "pink"})
    assert "set-cookie" not in odd.headers


def visit(app, name, query="", language="fr", path="/x", **headers):
    scope = {
        "type": "http", "path": path, "query_string": query.encode(), "app": app, "method": "GET",
        "headers": [(k.encode(), v.encode()) for k, v in headers.items()],
    }  # fmt: skip
    ws = app.state.ws
    account = next((a for a in ws.state.all(Account) if a.name == name), None)
    return Visit(Request(scope), ws, account, Language(language))


def test_what_a_visit_says_of_its_address(app):
    one = visit(app, "reader", "a=1&done=made&b=&c=3")
    assert one.with_query() == "/x?a=1&c=3"
    assert one.with_query(a=None) == "/x?c=3"
    assert one.with_query(a="2", d=4) == "/x?a=2&c=3&d=4"
    assert visit(app, "reader").with_query() == "/x"
    assert one.to("/y").headers["location"] == "/y"
    assert one.to("/y", "out now").headers["location"] == "/y?done=out+now"
    assert one.to("/y").status_code == 303


def test_what_a_visit_says_of_days(app):
    one = visit(app, "reader", language="en")
    assert one.day(None) == "–"
    assert one.day(datetime(2025, 3, 4, 23, 30, tzinfo=UTC)) == one.day(date(2025, 3, 4))
    assert "2025" in one.day(date(2025, 3, 4))
    assert (
        one.moment(datetime(2025, 3, 4, 23, 30, tzinfo=UTC))
        == f"{one.day(date(2025, 3, 5))}, 00:30"
    )


@pytest.mark.parametrize(
    ("who", "least", "sites", "places"),
    [
        ("reader", 5, [], (False, False, False)),
        ("observer", 1, ["paris"], (False, False, False)),
        ("paris", 1, ["paris"], (True, False, False)),
        ("lille", 1, ["lille"], (False, True, False)),
        ("analyst", 1, ["lille", "paris"], (True, True, True)),
        (None, 5, [], (False, False, False)),
    ],
)
def test_what_an_account_may(app, who, least, sites, places):
    one = visit(app, who)
    assert one.least == (app.state.ws.settings.small_number if least > 1 else 1)
    assert one.sites(READ) == sites
    assert tuple(map(one.may_decide, ("paris", "lille", ""))) == places
    assert one.may(SEE) is (who is not None)
    assert one.may(SMALL) is (least == 1)
    assert one.may(READ, "paris") is ("paris" in sites)
    assert one.may(CURATE, "paris") is one.may(CURATE) is (who == "analyst")
    assert one.may(DECIDE) is any(places)
    assert one.may(permissions.ANYBODY)


def test_a_family_of_pages_is_offered_to_who_may_see_it(come):
    told = {who: re.findall(r'<a[^>]* href="(/[a-z]*)"', come(who).get("/account").text)
            for who in ("reader", "observer", "administrator")}  # fmt: skip
    assert "/documents" not in told["reader"] and "/documents" in told["observer"]
    assert "/administration" not in told["observer"]
    assert "/administration" in told["administrator"]


def test_the_theme_and_the_language_that_were_chosen(come):
    page = come("reader", theme="dark", language="en").get("/account").text
    assert 'lang="en"' in page and "dark" in re.search(r"<html[^>]*>", page)[0]
    odd = come("reader", theme="pink", language="xx").get("/account").text
    assert 'lang="fr"' in odd and "pink" not in odd
    assert "Annonce" not in odd and come("reader").get("/account?done=odd").status_code == 200


def test_an_upload_is_read_from_any_place(tmp_path, monkeypatch):
    writer = spool.Writer(tmp_path / "up", "a.b.txt")
    content = bytes(range(256)) * 3
    writer.write(content[:5])
    writer.write(content[5:])
    made = writer.done()
    assert (made.size, made.stem, repr(made)) == (768, "a.b", "Spool(768 bytes)")
    assert list((tmp_path / "up").iterdir()) == []
    assert content not in Path(f"/proc/self/fd/{made.fd}").read_bytes()
    with made.open() as stream:
        assert stream.read() == content and stream.read() == b""
        for at in (0, 1, 15, 16, 17, 31, 32, 700, 767, 768):
            assert stream.seek(at) == at and stream.read(20) == content[at : at + 20]
        assert stream.seek(-3, 2) == 765 and stream.read() == content[765:]
        stream.seek(10)
        assert stream.seek(5, 1) == 15 and stream.tell() == 15
        assert stream.seek(0) == 0
        with pytest.raises(ValueError, match="before the start"):
            stream.raw.seek(-1)
        assert stream.readable() and stream.seekable()
    made.close()
    monkeypatch.setattr(spool, "LARGEST", 4)
    small = spool.Writer(tmp_path / "up", "a")
    small.write(b"1234")
    with pytest.raises(ConfigError, match="too large"):
        small.write(b"5")


def series(*values):
    return [Value(date(2025, month, 1), value) for month, value in enumerate(values, 1)]


def test_the_bars_and_the_lines_of_a_page():
    drawn = bars(series(1.0, None, 3.0), "documents", Language("en"), 130)
    assert drawn["data"]["values"] == [{"t": "2025-01-01", "v": 1.0}, {"t": "2025-03-01", "v": 3.0}]
    assert (drawn["height"], drawn["width"], drawn["mark"]["color"]) == (
        130,
        "container",
        COLOURS[0],
    )
    assert bars([], "x", Language("en"))["height"] == 150
    one = lines({"a": series(1.0)}, "x", Language("en"))
    assert one["encoding"]["color"]["legend"] is None and one["height"] == 220
    named = {f"s{n}": series(float(n), None) for n in range(10)}
    many = lines(named, "x", Language("en"))
    colour = many["encoding"]["color"]
    assert colour["scale"] == {"domain": list(named), "range": [*COLOURS, *COLOURS[:2]]}
    assert colour["legend"]["columns"] == 3 and colour["sort"] == list(named)
    assert many["data"]["values"][3] == {"t": "2025-01-01", "v": 3.0, "s": "s3"}
    assert len(many["data"]["values"]) == 10


def test_the_policy_of_a_page_that_is_complete():
    assert "style-src 'none'" in policy("<p>x</p>")
    one = policy("<style>a</style>")
    assert "style-src 'sha256-ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs='" in one
    assert len(re.findall("sha256-", policy("<style>a</style><style>b\nc</style>"))) == 2


def table(page):
    rows = re.findall(r"<tr>(.*?)</tr>", page.text, re.S)
    cells = [re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.S) for row in rows]
    plain = [[re.sub(r"<[^>]+>", " ", cell).split() for cell in row] for row in cells]
    return [[capital(" ".join(words)) for words in row] for row in plain]


def test_a_choice_of_series_and_its_table(come):
    client = come("reader", language="en")
    rows = table(client.get(f"/explore?what={KETAMINE}&share=share"))
    assert rows[0][0] == "Period" and [row[1] for row in rows[1:]] == ["60"] * 6
    assert [row[0] for row in rows[1:]] == [
        f"{month} 2025" for month in ("June", "May", "April", "March", "February", "January")
    ]
    both = table(client.get(f"/explore?what={KETAMINE}&other=mentions/substance=cocaine/month"))
    assert both[0] == ["Period", "Ketamine", "Cocaine"] or len(both[0]) == 3
    assert both[1][1:] in (["60", "90"], ["90", "60"])
    same = table(client.get(f"/explore?what={KETAMINE}&other={KETAMINE}"))
    assert len(same[0]) == 2
    page = client.get(f"/explore?what={KETAMINE}").text
    assert f"/explore.csv?what={KETAMINE}" in page and "60 at most" in page
    assert re.search(r"Source: Essai, \d.* – .*2025\. Fanal", page)


def test_what_is_taken_away_has_its_name(come):
    answer = come("reader").get(f"/explore.csv?what={KETAMINE}&share=share")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    name = r'attachment; filename="fanal-mentions-\d{4}-\d\d-\d\d\.csv"'
    assert re.fullmatch(name, answer.headers["content-disposition"])
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert come("reader").get("/explore.csv?measure=danger").status_code == 404


def test_pages_of_the_audit_log(come, app):
    ws = app.state.ws.acting("test")
    for n in range(101 - ws.state.audit_lines()):
        ws.audit("essai", {"n": n})
    client = come("administrator")

    def shown(query):
        return len(re.findall(r"<tr>", client.get(f"/administration/audit{query}").text)) - 1

    total = ws.state.audit_lines()
    assert shown("") == 50 and shown("?page=0") == 50 and shown("?page=2") == 50
    assert shown("?page=3") == shown("?page=9") == total - 100

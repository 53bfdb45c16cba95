"""Every route × every role × own and other site, generated from the route table."""

import re
import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path

import observatory
import pytest
from fastapi.testclient import TestClient
from people import ORIGIN, PEOPLE

from fanal.door.pseudonyms import show
from fanal.errors import ConflictError
from fanal.people import accounts
from fanal.records import Audit, Decision
from fanal.web.app import create_app
from fanal.web.permissions import ANYBODY, DECIDE
from fanal.web.routing import declared
from fanal.workspace import Workspace

PLACES = ("paris", "lille", "")
WHO = (None, *PEOPLE)
ENDS = {"/sign-out", "/account/end"}  # they end the session that asks
BODIES = {  # where the body is looked at before the site is
    "/api/signals/{short}/decisions": {"json": {"verdict": "verify", "reason": "vu", "seen": 99}},
    "/sources/new": {"data": {"site": "paris"}},
    "/bulletins": {"data": {"first": "soon"}},  # to make one takes seconds
}


@pytest.fixture
def folder(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "obs"))


def ask(client, method, route, url):
    return client.request(method, url, **BODIES.get(route.path, {}))


def local(place, who):
    """Say whether a person has a local permission for a place: '' is both sites."""
    role, sites = PEOPLE[who]
    return role in ("analyst", "administrator") or place in sites


def test_every_route_asks_for_its_permission_and_tells_no_text_of_another_site(app, visitor):
    clients, cells = {who: visitor(who) for who in WHO}, 0
    for route, permission in declared(app.state.routers):
        (method,) = route.methods - {"HEAD"}
        two = "{" in route.path and (permission.local or "/signals" in route.path)
        places = PLACES[: 3 if permission == DECIDE else 2 if two else 1]
        for who, place in product(WHO, places):
            url = observatory.filled(route.path, place, app.state.ws)
            answer = ask(clients[who], method, route, url)
            if route.path in ENDS:
                clients[who] = visitor(who)
            cell = f"{who} {method} {url} ({place}): {answer.status_code}"
            cells += 1
            if permission == ANYBODY:
                assert answer.status_code not in (401, 500), cell
            elif who is None:
                sent_on = answer.headers.get("location", "").startswith("/sign-in")
                assert answer.status_code == 401 or (method == "GET" and sent_on), cell
            elif may(who, place, method, route, permission):
                absent = any(part in route.path for part in observatory.ABSENT)
                gone = 403 if absent or "{" not in route.path else 404
                assert answer.status_code < 500, cell
                assert answer.status_code not in (401, 403, gone), cell
            else:  # what another site has is refused, or as if it were not there
                assert answer.status_code in (403, 404), cell
            for site, words in observatory.SECRET.items():
                if who is None or PEOPLE[who][0] == "reader" or not local(site, who):
                    assert words not in answer.text, cell
    print(f"{cells} cells")
    assert cells > 500


def may(who, place, method, route, permission):
    """Say whether a cell of the table is open, from what is declared alone."""
    role = PEOPLE[who][0]
    if accounts.ROLES.index(role) < accounts.ROLES.index(permission.role):
        return False
    located = "{" in route.path or (method == "POST" and route.path in BODIES)
    return not (permission.local and located) or local(place, who)


def test_of_what_sites_share_each_reads_its_own(app, visitor):
    signals, _ = observatory.ids(app.state.ws)
    shared = visitor("observer").get(f"/signals/{signals['']}").text
    assert observatory.SECRET["paris"] in shared
    assert observatory.SECRET["lille"] not in shared


def test_errors_tell_a_stranger_nothing(app, visitor):
    signals, _ = observatory.ids(app.state.ws)
    there = visitor("paris").post(f"/signals/{signals['lille']}/decide", data={"seen": 0})
    assert there.status_code == 403
    assert "tamine" not in there.text
    absent = visitor("reader").get("/signals/aaaaaaaa")
    assert absent.status_code == 404
    assert "Traceback" not in absent.text


def test_a_coordinator_decides_for_a_site_an_analyst_for_all(app, visitor):
    signals, _ = observatory.ids(app.state.ws)
    given = {"verdict": "verify", "reason": "vu deux fois", "seen": 0}

    def decide(who, place):
        return visitor(who).post(f"/signals/{signals[place]}/decide", data=given).status_code

    assert decide("paris", "lille") == 403
    assert decide("paris", "") == 403
    assert decide("observer", "paris") == 403
    assert decide("reader", "paris") == 403
    assert app.state.ws.state.all(Decision) == []
    assert decide("paris", "paris") == 303
    assert decide("analyst", "") == 303
    assert [d.who for d in app.state.ws.state.all(Decision)] == ["paris", "analyst"]


def test_readings_decisions_and_keys_stand_in_the_audit_log(app, visitor):
    signals, _ = observatory.ids(app.state.ws)
    visitor("paris").get(f"/signals/{signals['paris']}")
    visitor("reader").get(f"/signals/{signals['paris']}")
    visitor("paris").post(
        f"/signals/{signals['paris']}/decide",
        data={"verdict": "verify", "reason": "vu", "seen": 0},
    )
    visitor("paris").post("/account/key")
    lines = [(a.who, a.action) for a in app.state.ws.state.all(Audit)]
    assert ("paris", "read") in lines
    assert ("reader", "read") not in lines, "a reader was shown no text"
    assert ("paris", "decide") in lines
    assert ("paris", "key for a program") in lines
    for line in app.state.ws.state.all(Audit, action="read"):
        assert observatory.SECRET["paris"] not in line.detail


def test_two_coordinators_at_once_lose_nothing_and_see_each_other(folder, visitor, app):
    """Both have the page open; the second is shown the first's decision, and what they typed."""
    signals, _ = observatory.ids(app.state.ws)
    at = f"/signals/{signals['paris']}"
    one, two = visitor("paris"), visitor("analyst")
    seen = [re.search(r'name="seen" value="(\d+)"', c.get(at).text)[1] for c in (one, two)]
    given = {"verdict": "verify", "reason": "vu par deux équipes", "seen": seen[0]}
    assert one.post(f"{at}/decide", data=given).status_code == 303
    late = {"verdict": "dismiss", "reason": "publicité d'un seul vendeur", "seen": seen[1]}
    answer = two.post(f"{at}/decide", data=late)
    assert answer.status_code == 409
    assert "vu par deux équipes" in answer.text
    assert "publicité d&#39;un seul vendeur" in answer.text
    late["seen"] = re.search(r'name="seen" value="(\d+)"', answer.text)[1]
    assert two.post(f"{at}/decide", data=late).status_code == 303
    assert "publicité" in one.get(at).text
    kept = [(d.who, d.verdict) for d in app.state.ws.state.all(Decision)]
    assert kept == [("paris", "verify"), ("analyst", "dismiss")]


def test_of_many_at_the_very_same_moment_one_is_first(folder):
    with Workspace(folder) as ws:
        short = show(ws.signals()[0].id)
    ready, told = threading.Barrier(4), []

    def decide(who):
        with Workspace(folder) as mine:
            ready.wait()
            try:
                mine.decide(short, "verify", f"vu par {who}", who=who, seen=0)
            except ConflictError:
                told.append(who)

    people = [threading.Thread(target=decide, args=(str(n),)) for n in range(4)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    with Workspace(folder) as ws:
        assert len(ws.state.all(Decision)) == 1
    assert len(told) == 3


def test_cross_site_changes_are_refused_on_every_route(folder):
    """Origin and Sec-Fetch-Site on every route that changes something; nothing is done."""
    origin = ORIGIN
    app = create_app(folder, origin)
    client = TestClient(app, base_url=origin, follow_redirects=False)
    now = datetime.now(UTC)
    secret = accounts.start(app.state.ws.state, "administrator", "browser", now, timedelta(hours=1))
    client.cookies.set("__Host-fanal", secret, domain="fanal.example", path="/")
    foreign = [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {},
        {"origin": origin + ".evil.example"},
        {"origin": "http://fanal.example"},
        {"origin": origin, "sec-fetch-site": "cross-site"},
        {"origin": origin, "sec-fetch-site": "same-site"},
        {"origin": origin, "sec-fetch-site": "none"},
        {"origin": "https://evil.example", "authorization": "Bearer x"},
    ]
    before = dict(app.state.ws.state.dump())
    tried = 0
    for route, _ in declared(app.state.routers):
        if "POST" not in route.methods:
            continue
        url = observatory.filled(route.path, "paris", app.state.ws)
        for headers in foreign:
            answer = client.post(url, headers=headers, **BODIES.get(route.path, {}))
            assert answer.status_code == 403, (url, headers)
            tried += 1
        same = {"origin": origin, "sec-fetch-site": "same-origin"}
        if route.path not in ENDS:
            answer = client.post(url, headers=same, **BODIES.get(route.path, {}))
            assert answer.status_code != 403, url
    assert "rotate keys" in str(dict(app.state.ws.state.dump())["audit"])
    assert dict(app.state.ws.state.dump())["decisions"] == before["decisions"]
    assert tried >= 9 * 9
    for host in ("evil.example", "fanal.example:81", ""):
        assert client.get("/sign-in", headers={"host": host}).status_code == 400
    app.state.ws.close()


def test_who_is_refused_is_told_in_the_language_chosen(visitor):
    browser, evil = visitor("reader"), {"origin": "https://evil.example"}

    def told(path):
        return browser.post(path, headers=evil).json()["error"]["what"]

    assert told("/sign-out") == "cette demande vient d’un autre site"
    assert told("/api/v1/signals") == "this request comes from another site"
    browser.cookies.set("language", "de")
    assert told("/sign-out") == "diese Anfrage kommt von einer anderen Website"


def test_only_reading_is_by_get(app):
    methods = [route.methods - {"HEAD"} for route, _ in declared(app.state.routers)]
    assert {tuple(found) for found in methods} == {("GET",), ("POST",)}


def test_what_denies_a_signal_is_read_beside_it(app, visitor, monkeypatch):
    """Its passage stood nowhere on the page that counts it against."""
    ws = app.state.ws
    signals, _ = observatory.ids(ws)
    path, told = f"/signals/{signals['']}", type(ws).evidence
    assert "<h3>Contre</h3>" not in visitor("observer").get(path).text

    def denied(*asked):
        behind = told(*asked)
        text = {"text": "Personne n'en a vu ici.", "start": 9, "stop": 13}
        return replace(behind, denials=(replace(behind.excerpts[0], **text),))

    monkeypatch.setattr(type(ws), "evidence", denied)
    page = visitor("observer").get(path).text
    against = page[page.index("<h3>Contre</h3>") :]
    assert re.search(r"<blockquote>Personne <mark>n.{1,5}en</mark> a vu ici\.", against)

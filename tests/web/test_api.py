"""The API, as its own description says it: no server error, no answer out of its schema."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import observatory
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from people import PEOPLE

from fanal.answers import documents
from fanal.people import accounts
from fanal.web.app import create_app

ORIGIN = "http://127.0.0.1:8000"
TUCIBI = "Tucibi (pink cocaine)"
EXAMPLES = 10  # cases for each operation; `make bars` runs a hundred


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return observatory.build(tmp_path_factory.mktemp("made") / "obs")


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "obs"))


@pytest.fixture
def keys(app):
    state, now = app.state.ws.state, datetime.now(UTC)
    return {
        who: {
            "Authorization": f"Bearer {accounts.start(state, who, 'program', now, accounts.YEAR)}"
        }
        for who in PEOPLE
    }


@pytest.fixture
def program(app, visitor, keys):
    """Return a client without cookies that carries the key of an account."""

    def come(who):
        client = visitor()
        client.headers.pop("origin")
        client.headers.update(keys[who])
        return client

    return come


def test_a_program_decides_with_its_key_and_a_second_one_comes_too_late(app, program):
    signals, _ = observatory.ids(app.state.ws)
    at = f"/api/signals/{signals['paris']}"
    client = program("paris")
    shown = client.get(at).json()
    assert (shown["state"], shown["decisions"]) == ("received", [])
    given = {"verdict": "verify", "reason": "vu deux fois", "seen": 0}
    answer = client.post(f"{at}/decisions", json=given)
    assert (answer.status_code, answer.json()["who"]) == (201, "paris")
    late = program("analyst").post(f"{at}/decisions", json=given)
    assert (late.status_code, late.json()["error"]["do"][:4]) == (409, "read")
    assert client.get(at).json()["state"] == "verified"
    assert len(client.get(f"{at}/decisions").json()) == 1


@pytest.mark.parametrize("place", ["paris", "lille", "nice", ""])
def test_a_signal_of_several_places_is_found_by_each_as_on_the_page(app, program, visitor, place):
    rows = program("reader").get("/api/signals", params={"place": place, "limit": 200}).json()
    told = {row["id"]: row for row in rows["rows"]}
    page = visitor("reader").get("/signals", params={"place": place}).text
    assert set(re.findall(r'href="/signals/([a-z2-7]{8})"', page)) == set(told)
    assert all(place in row["places"] for row in told.values() if place)
    names = {"paris": {"3-MMC", TUCIBI}, "lille": {"Ketamine", TUCIBI}, "nice": set(),
             "": {"3-MMC", "Ketamine", TUCIBI}}  # fmt: skip
    assert {row["name_en"] for row in told.values()} == names[place]
    both = [row["places"] for row in told.values() if row["name_en"] == TUCIBI]
    assert both == [["lille", "paris"]] * (place != "nice")


def test_a_lapsed_signal_has_no_numbers_and_says_why(app, program, visitor):
    """Neither in the list, nor alone, nor on the page: whoever opens it again sees none."""
    ws = app.state.ws
    signals, _ = observatory.ids(ws)
    short, (old,) = signals["paris"], [s for s in ws.signals() if s.place == "paris"]
    for row in ws.tables.rows("SELECT document, version, start, stop, kind FROM observations "
                              "WHERE substance = '3-mmc'"):  # fmt: skip
        ws.correct(documents.about(ws, row["document"]), "reject", "mention", row["start"],
                   row["stop"], "")  # fmt: skip
    ws.detect()
    ws.decide(short, "reopen", "à suivre")
    listed = program("reader").get("/api/signals").json()["rows"]
    alone = program("reader").get(f"/api/signals/{short}").json()
    for one in (*[row for row in listed if row["id"] == short], alone):
        told = [
            one[key] for key in ("state", "untold", "observed", "expected", "threshold", "score")
        ]
        assert told == ["received", "lapsed", None, None, None, None]
    assert {row["untold"] for row in listed if row["id"] != short} == {""}
    page = visitor("analyst").get(f"/signals/{short}").text
    assert "Plus aucune alerte ne porte ce signal" in page
    assert old.observed > 0
    drawn = re.search(r"data-chart='([^']*)'", page)[1]
    assert "seuil" not in drawn
    assert "Alerte la plus forte" not in page


def test_a_phenomenon_is_written_and_goes_on(program):
    client = program("paris")
    given = {"title": "3-MMC", "concept": "substance=3-mmc", "statement": "Elle s'installe.",
             "novelty": "new", "year": 2024}  # fmt: skip
    first = client.post("/api/phenomena", json=given).json()
    again = {**given, "year": 2025, "phenomenon": first["id"]}
    assert client.post("/api/phenomena", json=again).json()["id"] == first["id"]
    assert client.get(f"/api/phenomena/{first['id']}").json()["total"] == 2
    wrong = client.post("/api/phenomena", json={**given, "novelty": "neuf"})
    assert (wrong.status_code, list(wrong.json())) == (422, ["error"])


def test_without_a_key_or_with_a_dead_one_nothing_is_given(app, visitor, program):
    for client in (visitor(), program("paris")):
        if "authorization" in client.headers:
            accounts.end_all(app.state.ws.state, "paris", datetime.now(UTC))
        answer = client.get("/api/signals")
        assert (answer.status_code, list(answer.json())) == (401, ["error"])


def test_a_key_of_the_api_opens_no_page_as_a_cookie(app, visitor, keys):
    client = visitor()
    secret = keys["administrator"]["Authorization"].split()[1]
    client.cookies.set("__Host-fanal", secret, domain="fanal.example", path="/")
    assert client.get("/").status_code == 303


def _run(folder, examples):
    """Try every operation with generated cases, as three roles; returns how many cases."""
    app = create_app(folder, ORIGIN)
    ws = app.state.ws
    signals, phenomenon = observatory.ids(ws)
    now, tried = datetime.now(UTC), 0
    for who in ("reader", "paris", "administrator"):
        key = accounts.start(ws.state, who, "program", now, accounts.YEAR)
        headers = {"Authorization": f"Bearer {key}", "Host": "127.0.0.1:8000"}
        schema = schemathesis.openapi.from_asgi("/api/openapi.json", app, headers=headers)
        for found in schema.get_all_operations():
            tried += _try(found.ok(), headers, examples, signals["paris"], phenomenon)
    ws.close()
    return tried


def _try(operation, headers, examples, signal, phenomenon):
    tried = 0

    @settings(
        max_examples=examples, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def check(case):
        nonlocal tried
        tried += 1
        if "short" in case.path_parameters and tried % 2:  # half of them ask for what is there
            case.path_parameters["short"] = signal if "signals" in case.path else phenomenon
        case.call_and_validate(headers=headers)

    check()
    return tried


def test_every_operation_keeps_its_schema(folder):
    assert _run(folder, EXAMPLES) > 0


@pytest.mark.bars
def test_every_operation_keeps_its_schema_at_length(folder):
    print(f"{_run(folder, 100)} cases: 0 server errors, 0 violations of the schema")

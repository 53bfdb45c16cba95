"""Coming in: one-time links, passwords, sessions, limits; and what stands around every answer."""

import re
import time
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from people import ORIGIN, PASSWORD

from fanal.errors import ConfigError, ContractError, MissingError
from fanal.people import accounts
from fanal.records import Account, Audit, Session
from fanal.web.app import create_app
from fanal.web.permissions import ANYBODY
from fanal.web.routing import Pages, declared
from fanal.workspace import Workspace

NOW = datetime(2025, 6, 2, 8, tzinfo=UTC)


@pytest.fixture
def state(tmp_path):
    with Workspace.create(tmp_path / "empty", "Essai") as ws:
        yield ws.state


def sign_in(client, name, password=PASSWORD, **more):
    return client.post("/sign-in", data={"name": name, "password": password} | more)


def test_first_start_makes_one_administrator_by_a_link_that_works_once(state):
    secret = accounts.first_link(state, "test", NOW)
    with pytest.raises(ConfigError, match="at least 12"):
        accounts.choose_password(state, secret, "court", NOW)
    made = accounts.choose_password(state, secret, PASSWORD, NOW)
    assert (made.name, made.role, made.link) == ("administrator", "administrator", b"")
    assert made.password.startswith("$argon2id$")
    with pytest.raises(MissingError, match="used or too old"):
        accounts.choose_password(state, secret, PASSWORD + "!", NOW)
    assert accounts.first_link(state, "test", NOW) is None


def test_a_second_start_makes_the_first_link_void_and_links_grow_old(state):
    first = accounts.first_link(state, "test", NOW)
    second = accounts.first_link(state, "test", NOW)
    with pytest.raises(MissingError):
        accounts.invited(state, first, NOW)
    assert accounts.invited(state, second, NOW + timedelta(days=3)).name == "administrator"
    with pytest.raises(MissingError):
        accounts.invited(state, second, NOW + timedelta(days=3, seconds=1))


@pytest.mark.parametrize("plain", ["aaaaaaaaaaaaaaaa", "administrator1", "x" * 257, ""])
def test_plain_passwords_are_refused(state, plain):
    secret = accounts.first_link(state, "test", NOW)
    with pytest.raises(ConfigError):
        accounts.choose_password(state, secret, plain, NOW)


def test_no_secret_is_stored(folder, visitor):
    sign_in(visitor(), "paris")
    with Workspace(folder) as ws:
        stored = str(list(ws.state.dump()))
    assert PASSWORD not in stored
    assert "$argon2id$" in stored


def test_sign_in_opens_the_page_asked_for_and_sign_out_ends_the_session(visitor, app):
    client = visitor()
    asked = client.get("/account?x=1")
    assert (asked.status_code, asked.headers["location"]) == (303, "/sign-in?to=%2Faccount%3Fx%3D1")
    answer = sign_in(client, "Paris ", to="/account")
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-fanal=")
    for flag in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert flag in cookie
    assert "Domain" not in cookie
    kept = dict(client.cookies)
    assert client.get("/").status_code == 200
    assert client.post("/sign-out").status_code == 303
    again = TestClient(app, base_url=ORIGIN, cookies=kept, follow_redirects=False)
    assert again.get("/").status_code == 303, "the secret is of no use any more"


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil.example", "/\nx", "evil"]
)
def test_sign_in_never_leads_elsewhere(visitor, to):
    assert sign_in(visitor(), "paris", to=to).headers["location"] == "/"


def test_a_session_ends_with_time_with_the_account_and_with_a_new_password(folder, state):
    for name in ("anna", "administrator"):
        secret = accounts.invite(state, name, "administrator", (), "test", NOW)
        accounts.choose_password(state, secret, PASSWORD, NOW)

    def start():
        return accounts.start(state, "anna", "browser", NOW, accounts.DAY)

    def known(secret, at=NOW):
        return accounts.recognise(state, secret, "browser", at) is not None

    one = start()
    assert known(one)
    assert not known(one, NOW + accounts.DAY)
    assert not known(one + "x")
    assert accounts.recognise(state, one, "program", NOW) is None
    accounts.change(state, "anna", "test", NOW, role="reader", sites=(), active=True)
    assert not known(one), "what it may do has changed"
    two = start()
    again = accounts.invite(state, "anna", "reader", (), "test", NOW)
    assert known(two), "an open link ends nothing"
    accounts.choose_password(state, again, PASSWORD + "!", NOW)
    assert not known(two)
    three = start()
    accounts.change(state, "anna", "test", NOW, role="reader", sites=(), active=False)
    assert not known(three)


def test_the_last_administrator_stays(state):
    secret = accounts.first_link(state, "test", NOW)
    accounts.choose_password(state, secret, PASSWORD, NOW)
    for role, active in (("reader", True), ("administrator", False)):
        with pytest.raises(ConfigError, match="nobody would be left"):
            accounts.change(state, "administrator", "t", NOW, role=role, sites=(), active=active)


def test_five_failures_a_minute_for_an_account_and_for_an_address(visitor):
    client = visitor()
    for _ in range(5):
        assert sign_in(client, "paris", "faux").status_code == 400
    assert sign_in(client, "paris", "faux").status_code == 429
    assert sign_in(client, "paris").status_code == 429, "the right password waits as well"
    assert sign_in(client, "lille").status_code == 429, "the address too"


def test_the_limit_is_of_the_account_whatever_the_address(state):
    secret = accounts.invite(state, "anna", "analyst", (), "test", NOW)
    accounts.choose_password(state, secret, PASSWORD, NOW)
    for number in range(5):
        with pytest.raises(ConfigError, match="do not go together"):
            accounts.sign_in(state, "anna", "faux", f"192.0.2.{number}", NOW)
    with pytest.raises(accounts.TooManyError):
        accounts.sign_in(state, "anna", PASSWORD, "192.0.2.9", NOW)
    later = NOW + timedelta(seconds=61)
    assert accounts.sign_in(state, "anna", PASSWORD, "192.0.2.9", later)


def test_unknown_names_take_as_long_as_known_ones(folder, monkeypatch):
    """Within a fifth, medians of 7 interleaved, at the cost that is used in earnest."""
    earnest = PasswordHasher()
    monkeypatch.setattr(accounts, "_hasher", lambda: earnest)
    monkeypatch.setattr(accounts, "FAILURES", 10**6)
    accounts._nobody.cache_clear()
    taken = {"known": [], "unknown": []}
    with Workspace(folder) as ws:
        secret = accounts.invite(ws.state, "known", "analyst", (), "test", NOW)
        accounts.choose_password(ws.state, secret, PASSWORD, NOW)
        with pytest.raises(ConfigError):
            accounts.sign_in(ws.state, "unknown", "faux", "", NOW)
        for _ in range(7):
            for name, times in taken.items():
                started = time.process_time()
                with pytest.raises(ConfigError):
                    accounts.sign_in(ws.state, name, "faux", "", NOW)
                times.append(time.process_time() - started)
    medians = {name: sorted(times)[3] for name, times in taken.items()}
    assert medians["known"] > 0.01, "argon2id costs something"
    assert medians["unknown"] == pytest.approx(medians["known"], rel=0.2)
    accounts._nobody.cache_clear()


def test_a_failed_sign_in_leaves_a_line_without_what_was_typed(visitor, app):
    sign_in(visitor(), "un mot de passe tapé trop vite", "faux")
    lines = app.state.ws.state.all(Audit, action="sign-in failed")
    assert len(lines) == 1
    assert "tap" not in str(lines)


def test_language_and_theme_are_kept(visitor):
    client = visitor()
    assert '<html lang="fr" data-theme="auto">' in client.get("/sign-in").text
    client.post("/preferences", data={"language": "en"})
    client.post("/preferences", data={"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in client.get("/sign-in").text
    client.post("/preferences", data={"theme": '"><script>'})
    assert 'data-theme="dark"' in client.get("/sign-in").text
    client.post("/preferences", data={"theme": "light"})
    assert 'data-theme="light"' in client.get("/sign-in").text
    client.post("/preferences", data={"theme": "auto"})
    assert 'data-theme="auto"' in client.get("/sign-in").text


def test_french_pages_are_set_as_french_is(visitor):
    text = re.sub(r"<(style|script).*?</\1>|<[^>]+>", "", visitor().get("/sign-in").text)
    assert not re.search(r"\w [;!?:»]|« |'", text)


def test_a_route_without_a_permission_stops_the_start():
    pages = Pages()
    pages.shows("/a", ANYBODY)(lambda: None)
    assert [p for _, p in declared([pages])] == [ANYBODY]
    pages.get("/b")(lambda: None)
    with pytest.raises(ContractError, match="/b: 0 permissions"):
        list(declared([pages]))


def test_over_plain_http_the_cookie_needs_no_https(folder):
    app = create_app(folder, "http://127.0.0.1:8000")
    client = TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False)
    client.headers["origin"] = "http://127.0.0.1:8000"
    cookie = sign_in(client, "paris").headers["set-cookie"]
    assert cookie.startswith("fanal=")
    assert "Secure" not in cookie
    assert client.get("/").status_code == 200
    app.state.ws.close()


def test_accounts_and_sessions_are_only_ever_added(state):
    secret = accounts.first_link(state, "test", NOW)
    accounts.choose_password(state, secret, PASSWORD, NOW)
    token = accounts.start(state, "administrator", "browser", NOW, accounts.DAY)
    accounts.end(state, token, NOW)
    assert len(state.all(Account)) == 2
    assert len(state.all(Session)) == 2

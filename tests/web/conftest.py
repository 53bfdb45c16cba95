"""A small observatory with accounts, and people who visit it."""

from datetime import UTC, datetime, timedelta

import observatory
import pytest
from fastapi.testclient import TestClient
from people import ORIGIN, found, hasher

from fanal.people import accounts
from fanal.web.app import create_app


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Hash cheaply."""
    monkeypatch.setattr(accounts, "_hasher", hasher)
    accounts._nobody.cache_clear()


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Return the folder of an observatory of two sites with signals: to be copied, not changed."""
    return observatory.build(tmp_path_factory.mktemp("built") / "obs")


@pytest.fixture
def folder(tmp_path):
    found(tmp_path / "obs")
    return tmp_path / "obs"


@pytest.fixture
def app(folder):
    app = create_app(folder, ORIGIN)
    yield app
    app.state.ws.close()


@pytest.fixture
def visitor(app):
    """Return a browser, signed in under a name."""

    def come(name=None):
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        client.headers["origin"] = ORIGIN
        if name:
            now = datetime.now(UTC)
            secret = accounts.start(app.state.ws.state, name, "browser", now, timedelta(hours=1))
            client.cookies.set("__Host-fanal", secret, domain="fanal.example", path="/")
        return client

    return come

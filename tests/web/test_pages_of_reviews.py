"""The page of a review: what it shows, what its buttons do, and who may press them."""

import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import observatory
import pytest
from fastapi.testclient import TestClient
from people import ORIGIN

from fanal.people import accounts
from fanal.records import Audit
from fanal.web.app import create_app
from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def app(built, tmp_path_factory):
    app = create_app(Path(shutil.copytree(built, tmp_path_factory.mktemp("r") / "obs")), ORIGIN)
    yield app
    app.state.ws.close()


@pytest.fixture
def come(app):
    def come(name):
        client = TestClient(app, base_url=ORIGIN, follow_redirects=False)
        client.headers["origin"] = ORIGIN
        now = datetime.now(UTC)
        secret = accounts.start(app.state.ws.state, name, "browser", now, timedelta(hours=1))
        client.cookies.set("__Host-fanal", secret, domain="fanal.example", path="/")
        return client

    return come


@pytest.fixture
def waits(app):
    text = "le dealer Zorglin, zorglin et brumelk. Brumelk dort"
    return observatory.hold(app.state.ws, "paris", "quels produits ?", text)


def act(client, waits, status=303, **data):
    answer = client.post(f"/reviews/{waits}/acts", data=data)
    assert answer.status_code == status, answer.text
    return answer


def shown(client, waits):
    return client.get(f"/reviews/{waits}").text


def marked(page, state):
    return re.findall(rf'<mark class="{state}"[^>]*><a[^>]*>([^<]*)</a>', page)


def test_a_list_of_what_waits_at_ones_sites(app, come):
    page = come("paris").get("/reviews").text
    mine = {one.id for one in app.state.ws.waiting() if one.site == "paris"}
    assert mine
    assert set(re.findall(r"/reviews/([0-9a-f]{16})", page)) == mine
    assert come("reader").get("/reviews").status_code == 403


def test_buttons_mask_keep_and_take_back(come, waits):
    client = come("paris")
    page = shown(client, waits)
    assert {"brumelk", "Zorglin"} <= set(marked(page, "maybe")) | set(marked(page, "mask"))
    act(client, waits, do="mask", text="ZORGLIN")
    page = shown(client, waits)
    assert marked(page, "mask").count("zorglin") == 1
    act(client, waits, do="keep", text="brumelk")
    assert marked(shown(client, waits), "keep") == ["brumelk", "Brumelk"]
    act(client, waits, do="mask", turn=1, start=4, stop=8)
    assert "dealer" in marked(shown(client, waits), "mask")
    act(client, waits, do="undo", seen=3)
    assert "dealer" not in marked(shown(client, waits), "mask")
    late = act(client, waits, 409, do="undo", seen=3)
    assert "entre-temps" in late.text
    wrong = act(client, waits, 400, do="mask", text="nulle part")
    assert "n’est pas dans ce qui attend" in wrong.text


def test_a_script_is_answered_in_place_and_texts_stay_texts(app, come):
    waits = observatory.hold(app.state.ws, "paris", "<b>x</b> &amp; Zorglin")
    answer = come("paris").post(
        f"/reviews/{waits}/acts", data={"do": "mask", "text": "<b>x</b>"},
        headers={"hx-request": "true"},
    )  # fmt: skip
    assert answer.status_code == 200
    assert marked(answer.text, "mask") == ["&lt;b&gt;x&lt;/b&gt;"]
    assert "&amp;amp; " in answer.text


def test_another_site_sees_and_changes_nothing(come, waits):
    for who, status in (("lille", 404), ("reader", 403)):
        client = come(who)
        assert client.get(f"/reviews/{waits}").status_code == status
        for verb in ("acts", "confirm", "destroy"):
            answer = client.post(f"/reviews/{waits}/{verb}", data={"do": "undo", "seen": 0})
            assert answer.status_code == status
            assert "Zorglin" not in answer.text


def test_what_is_confirmed_is_what_was_seen(app, come, waits):
    client = come("paris")
    act(client, waits, do="mask", text="zorglin")
    for verb in ("confirm", "destroy"):
        late = client.post(f"/reviews/{waits}/{verb}", data={"seen": 0})
        assert late.status_code == 409
    gone = client.post(f"/reviews/{waits}/destroy", data={"seen": 1})
    assert gone.headers["location"] == "/reviews?done=destroyed"
    assert client.get(f"/reviews/{waits}").status_code == 404
    last = app.state.ws.state.all(Audit)[-1]
    assert (last.who, last.action) == ("paris", "review destroyed")
    assert "orglin" not in last.detail


def test_a_second_reader_is_asked_for(app, come, waits):
    ws = app.state.ws
    text = ws.source_text("canal-paris")
    ws.change_source("canal-paris", text + "second_reader = true\n")
    try:
        client = come("paris")
        first = client.post(f"/reviews/{waits}/confirm", data={"seen": 0})
        assert first.headers["location"] == "/reviews?done=passed+on"
        again = client.post(f"/reviews/{waits}/confirm", data={"seen": 0})
        assert again.status_code == 400
        assert "seconde personne" in again.text
        assert "paris l’a confirmé" in shown(come("analyst"), waits)
    finally:
        ws.change_source("canal-paris", text)


def test_a_server_that_nobody_visits_destroys_what_waited_too_long(built, tmp_path):
    folder = Path(shutil.copytree(built, tmp_path / "obs"))
    with Workspace(folder) as ws:
        late, other = ws.waiting()
    path = folder / "reviews" / f"{late.id}.text"
    head, _, sealed = path.read_bytes().partition(b"\n")
    over = head.replace(late.until.isoformat(" ").encode(), b"2024-01-01 00:00:00+00:00")
    assert over != head
    path.write_bytes(over + b"\n" + sealed)
    with TestClient(create_app(folder, ORIGIN), base_url=ORIGIN):
        for _ in range(100):
            if not path.exists():
                break
            time.sleep(0.05)
    assert not path.exists()
    assert (folder / "reviews" / f"{other.id}.text").exists()

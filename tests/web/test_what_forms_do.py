"""Every form: what it answers, where it sends the browser, and what is there afterwards."""

import re
import shutil
from html import unescape
from pathlib import Path

import observatory
import pytest
from fastapi.testclient import TestClient
from people import ORIGIN, PASSWORD

from fanal.people import accounts
from fanal.records import Audit, Coding, Decision
from fanal.web.app import create_app

NEW = "cinq vaches sur la colline"
SIGNAL, TEXT = "/signals/{paris}", f"/documents/{observatory.show(observatory.key('p36-0'))}"
PHENOMENON = {"title": "3-MMC à Paris", "concept": "substance=3-mmc", "statement": "Vue ce mois.",
              "novelty": "new", "year": "2024", "sites": "paris", "origin": ""}  # fmt: skip
SOURCE = {"name": "carnet-lille", "title": "Carnet", "publisher": "essai", "kind": "field notes",
          "site": " Lille ", "legal_basis": "essai", "retention_months": "12"}  # fmt: skip
ACCOUNT = {"name": "zoe", "role": "observer", "sites": "paris"}
SENT = [  # who sends which form, the status, and where it leads or what it says
    ("analyst", f"{SIGNAL}/decide", {}, 400, "Choisissez une décision."),
    ("analyst", f"{SIGNAL}/decide", {"verdict": "verify"}, 400, "Dites pourquoi, en une phrase."),
    ("analyst", f"{SIGNAL}/decide", {"verdict": "verify", "reason": "vu"}, 303,
     "{signal}?done=decided"),
    ("analyst", f"{SIGNAL}/decide", {"verdict": "assess", "reason": "grave", "harm": "2",
                                     "seen": "1"}, 400,
     "Une évaluation donne la gravité et la qualité des indices."),
    ("analyst", f"{SIGNAL}/decide", {"verdict": "assess", "reason": "grave", "harm": "4",
                                     "quality": "1", "seen": "1"}, 303, "{signal}?done=decided"),
    ("analyst", f"{SIGNAL}/decide", {"verdict": "dismiss", "reason": "non", "seen": "1"}, 409,
     "décidé entre-temps"),
    ("analyst", f"{SIGNAL}/link", {"reason": "le même"}, 400,
     "Choisissez un phénomène et dites pourquoi."),
    ("analyst", f"{SIGNAL}/link", {"phenomenon": "{phenomenon}", "reason": " "}, 400,
     "Choisissez un phénomène et dites pourquoi."),
    ("analyst", f"{SIGNAL}/link", {"phenomenon": "{phenomenon}", "reason": "x", "verdict": "so"},
     400, "Choisissez un phénomène et dites pourquoi."),
    ("analyst", f"{SIGNAL}/link", {"phenomenon": "{phenomenon}", "reason": "le même"}, 409,
     "décidé entre-temps"),
    ("analyst", f"{SIGNAL}/link", {"phenomenon": "{phenomenon}", "reason": "le même", "seen": "2"},
     303, "{signal}?done=linked"),
    ("analyst", "/signals/{lille}/decide", {"verdict": "verify", "reason": "vu", "go": "next"},
     303, "/signals/{everywhere}?done=decided"),
    ("paris", f"{TEXT}/codes", {"verdict": "add", "substance": "ketamine", "passage": "CE SOIR"},
     303, f"{TEXT}?done=changed"),
    ("paris", f"{TEXT}/codes", {"verdict": "add", "substance": "ketamine", "passage": "demain"},
     400, "Ce passage n’est pas dans le texte"),
    ("paris", f"{TEXT}/codes", {"verdict": "add", "substance": "ketamine"},
     400, "Ce passage n’est pas dans le texte"),
    ("paris", "/phenomena/state", PHENOMENON | {"title": ""}, 400, ""),
    ("paris", "/phenomena/state", PHENOMENON, 303, "/phenomena/"),
    ("paris", "/sources/new", SOURCE, 403, ""),
    ("lille", "/sources/new", SOURCE | {"retention_months": "²"}, 400,
     "La conservation est un nombre de mois"),
    ("lille", "/sources/new", SOURCE, 303, "/sources/carnet-lille?done=added"),
    ("lille", "/sources/new", SOURCE, 400, ""),
    ("analyst", "/thesaurus/ketamine", {}, 400, "Le nom est vide."),
    ("analyst", "/thesaurus/ketamine", {"alias": "tucibi"}, 200, "tucibi"),
    ("analyst", "/thesaurus/ketamine/removed", {"alias": "perlimpine"}, 400, ""),
    ("analyst", "/thesaurus", {"id": "Non !"}, 400, ""),
    ("analyst", "/bulletins", {"first": "hier"}, 400, "Cette date n’en est pas une."),
    ("analyst", "/bulletins", {"first": "2024-02-02", "last": "2024-02-01"}, 400,
     "La période finit avant de commencer."),
    ("reader", "/mail", {"address": "x"}, 400, ""),
    ("reader", "/mail", {"address": " r@people.example "}, 303, "/mail?done=changed"),
    ("reader", "/mail/stop", {}, 303, "/mail?done=changed"),
    ("administrator", "/administration/invite", {"name": "é", "role": "reader"}, 400, ""),
    ("administrator", "/administration/invite", ACCOUNT | {"sites": "mars"}, 400, ""),
    ("administrator", "/administration/change", ACCOUNT | {"name": "paris", "active": "yes"}, 303,
     "/administration?done=changed"),
    ("administrator", "/administration/change", ACCOUNT | {"name": "administrator"}, 400, ""),
    ("administrator", "/administration/keys/destroy", {"site": "paris", "year": "2024"}, 400,
     "Pour détruire une clé"),
    ("administrator", "/administration/keys/destroy", {"site": "paris", "year": "x"}, 422, ""),
    ("administrator", "/administration/keys/rotate", {}, 303, "/administration/keys?done=changed"),
    ("reader", "/preferences", {"to": "/signals?page=2"}, 303, "/signals?page=2"),
    ("reader", "/preferences", {"to": "//ailleurs.example"}, 303, "/"),
    ("reader", "/preferences", {}, 303, "/"),
    ("reader", "/account/key", {}, 200, ""),
    ("reader", "/account/end", {}, 303, "/sign-in?done=out"),
    ("analyst", "/sign-out", {}, 303, "/sign-in?done=out"),
]  # fmt: skip

STATED = re.compile(r"/phenomena/[a-z2-7]{8}\?done=stated")


@pytest.fixture(scope="module")
def app(built, tmp_path_factory):
    folder = shutil.copytree(built, tmp_path_factory.mktemp("forms") / "obs")
    app = create_app(Path(folder), ORIGIN)
    yield app
    app.state.ws.close()


def test_every_form_answers_as_it_should_and_leaves_its_mark(app, visitor):
    ws = app.state.ws
    signals, phenomenon = observatory.ids(ws)
    known = {place or "everywhere": short for place, short in signals.items()}
    known |= {"phenomenon": phenomenon, "signal": f"/signals/{signals['paris']}"}
    people = {name: visitor(name) for name in {who for who, *_ in SENT}}
    wrong = []
    for who, path, data, status, told in SENT:
        form = {name: value.format(**known) for name, value in data.items()}
        answer = people[who].post(path.format(**known), data=form)
        at = answer.headers.get("location", "")
        leads = at == told.format(**known) or (told == "/phenomena/" and STATED.fullmatch(at))
        if answer.status_code != status or not (leads if at else told in unescape(answer.text)):
            wrong.append((who, path, data, answer.status_code, at))
    assert wrong == []
    decided = [(d.verdict, d.reason, d.harm, d.quality) for d in ws.state.all(Decision)]
    assert decided == [
        ("verify", "vu", None, None), ("assess", "grave", 4, 1), ("support", "le même", None, None),
        ("verify", "vu", None, None),
    ]  # fmt: skip
    (added,) = ws.state.all(Coding)
    text = "3-mmc ce soir"
    assert (added.verdict, text[added.start : added.stop]) == ("add", "ce soir")
    described = people["lille"].get("/sources/carnet-lille")
    assert (described.status_code, "Carnet" in described.text) == (200, True)
    assert accounts.find(ws.state, "paris").role == "observer"
    done = [(line.who, line.action) for line in ws.state.all(Audit)]
    for told in [
        ("administrator", "change account"),
        ("administrator", "rotate keys"),
        ("reader", "key for a program"),
        ("reader", "subscribe"),
        ("reader", "unsubscribe"),
    ]:
        assert told in done  # fmt: skip
    assert [people[who].get("/account").status_code for who in ("reader", "analyst", "lille")] == [
        303, 303, 200,
    ]  # fmt: skip


def test_an_invitation_leads_to_a_password_and_the_password_in(app, visitor):
    administrator, guest = visitor("administrator"), visitor()
    page = administrator.post("/administration/invite", data=ACCOUNT | {"name": " Zoe "})
    assert page.status_code == 200
    (link,) = set(re.findall(rf"{ORIGIN}(/link/[\w-]+)", page.text))
    assert "zoe" in guest.get(link).text
    for given, said in (
        ({}, "Au moins douze caractères"),
        ({"password": NEW}, "Les deux ne sont pas pareils."),
        ({"password": NEW, "again": NEW.upper()}, "Les deux ne sont pas pareils."),
        ({"again": NEW}, "Les deux ne sont pas pareils."),
        ({"password": "court", "again": "court"}, "Au moins douze caractères"),
    ):
        answer = guest.post(link, data=given)
        assert (answer.status_code, said in answer.text, "zoe" in answer.text) == (400, True, True)
    answer = guest.post(link, data={"password": NEW, "again": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?done=password")
    assert "Mot de passe enregistré" in guest.get("/sign-in?done=password").text
    assert guest.post(link, data={"password": NEW, "again": NEW}).status_code == 404
    assert guest.get(link).status_code == 404
    wrong = guest.post("/sign-in", data={"name": "zoe", "password": PASSWORD, "to": "/account"})
    assert wrong.status_code == 400
    assert "ne vont pas ensemble" in wrong.text
    for field in ('value="zoe"', 'value="/account"'):
        assert field in wrong.text, "what was typed stays"
    answer = guest.post("/sign-in", data={"name": "zoe", "password": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=43200" in answer.headers["set-cookie"]
    assert "zoe" in guest.get("/account").text
    for asked, at in ((None, "/"), ("/lab", "/lab"), ("https://a.example", "/")):
        there = guest.get("/sign-in", params={"to": asked} if asked else {})
        assert (there.status_code, there.headers["location"]) == (303, at), "who is in goes on"
    lines = [(a.who, a.action, a.detail) for a in app.state.ws.state.all(Audit) if "zoe" in str(a)]
    assert ("administrator", "invite", '{"account": "zoe", "role": "observer"}') in lines
    assert ("zoe", "password", "{}") in lines


def test_a_key_is_shown_once_and_signing_out_everywhere_ends_it(app, visitor):
    zoe = visitor("lille")
    key = re.search(r"<code[^>]*>([\w-]{30,})</code>", zoe.post("/account/key").text)[1]
    assert key not in zoe.get("/account").text
    program = TestClient(app, base_url=ORIGIN, headers={"authorization": f"Bearer {key}"})
    assert program.get("/api/signals").status_code == 200
    ended = zoe.post("/account/end")
    assert (ended.status_code, ended.headers["location"]) == (303, "/sign-in?done=out")
    assert "Vous êtes déconnecté" in zoe.get("/sign-in?done=out").text
    assert program.get("/api/signals").status_code == 401
    assert zoe.get("/account").headers["location"] == "/sign-in?to=%2Faccount"

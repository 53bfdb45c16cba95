"""Bulletins: made as drafts, out on a click, and without texts for everybody."""

import base64
import hashlib
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import found

from fanal.publishing import atom, editions, mailing
from fanal.records import Audit
from fanal.web import making
from fanal.wording.language import Language
from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A draft, made once."""
    folder = tmp_path_factory.mktemp("made") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        making.make(ws.acting("analyst"), date(2025, 1, 1), date(2025, 3, 31))
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "obs"))


@pytest.fixture
def draft(app):
    (made,) = editions.every(app.state.ws)
    return made


def test_a_draft_is_seen_by_those_who_publish_and_goes_out_on_a_click(app, visitor, draft):
    page = f"/bulletins/{draft.name}/bulletin.fr.html"
    assert (draft.maker, draft.out) == ("analyst", "")
    assert visitor("reader").get(page).status_code == 404
    assert draft.name not in visitor("reader").get("/bulletins").text
    assert visitor("analyst").get(page).status_code == 200
    assert visitor("reader").post(f"/bulletins/{draft.name}/out").status_code == 403
    assert visitor("analyst").post(f"/bulletins/{draft.name}/out").status_code == 303
    assert visitor("reader").get(page).status_code == 200
    assert draft.name in visitor("reader").get("/bulletins").text
    assert editions.find(app.state.ws, draft.name).publisher == "analyst"
    assert visitor("analyst").post(f"/bulletins/{draft.name}/discard").status_code == 400
    assert [a.who for a in app.state.ws.state.all(Audit, action="publish")] == ["analyst"]


@pytest.mark.parametrize("ending", ["html", "pdf", "docx"])
def test_every_format_in_both_languages(visitor, draft, ending):
    for code in ("fr", "en"):
        for where in ("", "internal/"):
            path = f"/bulletins/{draft.name}/{where}bulletin.{code}.{ending}"
            assert visitor("analyst").get(path).status_code == 200
    internal = f"/bulletins/{draft.name}/internal/bulletin.fr.{ending}"
    assert visitor("paris").get(internal).status_code == 403


def test_an_edition_is_offered_in_the_languages_that_it_is_in(app, visitor, draft):
    (app.state.ws.publications / draft.name / "public/bulletin.fr.html").unlink()
    page = visitor("analyst").get("/bulletins").text
    assert f"/bulletins/{draft.name}/bulletin.en.html" in page
    assert "bulletin.fr." not in page
    editions.put_out(app.state.ws, draft.name)
    (told,) = atom.bulletins(app.state.ws, Language("fr"))
    assert told.path == f"/bulletins/{draft.name}/bulletin.en.html"
    assert "bulletin.fr." not in mailing.of_bulletin(app.state.ws, draft.name, "https://x").body


def test_the_page_has_a_policy_of_its_own_without_scripts(visitor, draft):
    page = visitor("analyst").get(f"/bulletins/{draft.name}/bulletin.fr.html")
    policy = page.headers["content-security-policy"]
    style = re.search(r"<style>(.*?)</style>", page.text, re.DOTALL)[1]
    told = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert f"style-src 'sha256-{told}'" in policy
    assert "script" not in policy
    assert "unsafe" not in policy


def test_a_draft_is_thrown_away(app, visitor, draft):
    assert visitor("analyst").post(f"/bulletins/{draft.name}/discard").status_code == 303
    assert editions.every(app.state.ws) == []


@pytest.mark.parametrize(
    "path", ["../fanal.toml", "..%2f..%2ffanal.toml", "edition.json", "bulletin.fr.exe", "x"]
)
def test_no_other_file_is_given(visitor, draft, path):
    for where in ("", "internal/"):
        answer = visitor("analyst").get(f"/bulletins/{draft.name}/{where}{path}")
        assert answer.status_code == 404
    assert (
        visitor("analyst").get(f"/bulletins/..%2f{draft.name}/bulletin.fr.html").status_code == 404
    )


def test_wrong_periods_are_refused(app, visitor):
    for first, last in (("x", ""), ("2025-04-01", "2025-03-01")):
        answer = visitor("analyst").post("/bulletins", data={"first": first, "last": last})
        assert answer.status_code == 400
    assert visitor("reader").post("/bulletins").status_code == 403
    assert len(editions.every(app.state.ws)) == 1


def test_a_period_may_be_made_anew_from_the_page(app, visitor, draft):
    form = {"first": draft.first, "last": draft.last}
    answer = visitor("analyst").post("/bulletins", data=form)
    assert answer.headers["location"] == "/bulletins?done=made"
    assert {p.name for p in editions.every(app.state.ws)} == {draft.name, f"{draft.name}-2"}

"""What people do in the application, in Chromium, as they do it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import observatory
import pytest
from served import serve

from fanal.records import Coding, Decision, Phenomenon
from fanal.workspace import Workspace

PASSWORD = "quatre chevaux dans un pré"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return observatory.build(tmp_path_factory.mktemp("made") / "obs")


@pytest.fixture
def served(made, tmp_path):
    with serve(Path(shutil.copytree(made, tmp_path / "obs"))) as running:
        yield running


def reach(page, words):
    """Press Tab until what has the focus is called so."""
    called = """() => { const e = document.activeElement;
      const said = (e.labels && e.labels.length ? e.labels[0].innerText : e.innerText) || '';
      return said.trim(); }"""
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in page.evaluate(called):
            return
    raise AssertionError(f"the keyboard does not reach {words!r}")


def test_first_start(chromium, tmp_path):
    """The console prints a link; it makes the administrator, who invites a coordinator."""
    folder = tmp_path / "obs"
    with Workspace.create(folder, "Essai") as ws:
        ws.add_source(observatory.describe("paris"))
    port = 20_000 + os.getpid() % 20_000
    command = [sys.executable, "-m", "fanal.cli", "serve", "--dir", str(folder), "--json",
               "--port", str(port)]  # fmt: skip
    source = str(Path(__file__).parents[2] / "src")
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": source}
    )
    context = chromium.new_context()
    try:
        said = json.loads(running.stdout.readline())
        page = context.new_page()
        for _ in range(100):
            try:
                page.goto(said["link"])
                break
            except Exception:  # noqa: BLE001 - not yet listening
                page.wait_for_timeout(200)
        for label in ("Mot de passe", "Encore une fois"):
            page.get_by_label(label).fill(PASSWORD)
        page.get_by_role("button", name="Enregistrer").click()
        page.get_by_label("Nom du compte").fill("administrator")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.get_by_role("button", name="Se connecter").click()
        page.get_by_role("heading", name="Aujourd’hui").wait_for()
        page.goto(said["link"])
        assert "utilisé" in page.content() or "used" in page.content()
        page.goto(f"{said['origin']}/administration")
        new = page.locator("section", has=page.get_by_role("heading", name="Nouveau compte"))
        new.get_by_label("Nom du compte").fill("anna")
        new.get_by_label("Paris").check()
        new.get_by_role("button", name="Inviter").click()
        link = page.locator(".notice code").inner_text()
        other = chromium.new_context()
        theirs = other.new_page()
        theirs.goto(link)
        assert "anna" in theirs.content()
        other.close()
    finally:
        context.close()
        running.terminate()
        running.wait(15)
        running.stdout.close()


def test_three_signals_are_triaged_by_the_keyboard_alone(visit, served):
    page = visit(served, "analyst")
    page.goto(served.origin)
    reach(page, "Tucibi")
    page.keyboard.press("Enter")
    for number in range(3):
        page.wait_for_load_state()
        page.get_by_role("heading", name="Décider").wait_for()
        reach(page, "Aller à la décision")
        page.keyboard.press("Enter")
        reach(page, "Vérifier")
        page.keyboard.press("Space")
        reach(page, "Pourquoi")
        page.keyboard.type(f"vu par deux équipes {number}")
        reach(page, "Décider, puis le suivant")
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "Décision enregistrée" in page.locator(".done").inner_text()
    made = served.ws.state.all(Decision)
    assert [(d.verdict, d.who) for d in made] == [("verify", "analyst")] * 3
    assert len({d.signal for d in made}) == 3
    page.goto(served.origin)
    assert "tout est trié" in page.locator("main").inner_text()


def test_two_coordinators_decide_at_the_same_time(visit, served):
    signals, _ = observatory.ids(served.ws)
    one, two = visit(served, "paris"), visit(served, "analyst", language="en")
    for page in (one, two):
        page.goto(f"{served.origin}/signals/{signals['paris']}")
    one.get_by_label("Vérifier").check()
    one.get_by_label("Pourquoi", exact=True).fill("vu par deux équipes")
    one.get_by_role("button", name="Décider", exact=True).click()
    one.locator(".done").wait_for()
    two.get_by_label("Dismiss").check()
    two.get_by_label("Why", exact=True).fill("a single seller's advertisement")
    two.get_by_role("button", name="Decide", exact=True).click()
    told = two.get_by_role("alert").inner_text()
    assert "Somebody decided meanwhile" in told
    assert "vu par deux équipes" in two.locator("main").inner_text()
    assert two.get_by_label("Why", exact=True).input_value() == "a single seller's advertisement"
    two.get_by_label("Dismiss").check()
    two.get_by_role("button", name="Decide", exact=True).click()
    two.locator(".done").wait_for()
    one.reload()
    assert "a single seller's advertisement" in one.locator("main").inner_text()
    assert len(served.ws.state.all(Decision)) == 2


def test_a_phenomenon_is_made_from_a_signal_assessed_and_read_elsewhere(visit, served):
    """From a verified signal to a phenomenon with an alert; another site's reader sees no text."""
    signals, _ = observatory.ids(served.ws)
    at = f"{served.origin}/signals/{signals['paris']}"
    page = visit(served, "paris")
    for steps in (["Vérifier"], ["Évaluer", "3 élevé", "3 bons"], ["Alerter"]):
        page.goto(at)
        for step in steps:
            page.get_by_label(step).check()
        page.get_by_label("Pourquoi", exact=True).fill("deux services l'ont vu")
        page.get_by_role("button", name="Décider", exact=True).click()
        page.locator(".done").wait_for()
    assert "informer les professionnels" in page.locator("main").inner_text()
    page.get_by_role("link", name="En faire un phénomène").click()
    page.get_by_label("Ce qui est observé").fill("La 3-MMC arrive à Paris.")
    page.get_by_role("button", name="Enregistrer").click()
    page.locator(".done").wait_for()
    text = page.locator("main").inner_text()
    assert "La 3-MMC arrive à Paris." in text
    assert "a diffusé l’alerte" in text
    assert served.ws.state.all(Phenomenon)[-1].sites == "paris"
    link = page.url.split("?")[0]
    for who in ("reader", "lille"):
        theirs = visit(served, who, language="en")
        theirs.goto(link)
        assert "La 3-MMC arrive à Paris." in theirs.locator("main").inner_text()
        theirs.goto(at)
        assert observatory.SECRET["paris"] not in theirs.content()
        assert "read by their site alone" in theirs.locator("main").inner_text()


def test_language_and_theme_change_where_one_is(visit, served):
    page = visit(served, "paris")
    page.goto(f"{served.origin}/signals?state=received")
    page.get_by_role("button", name="English").click()
    page.get_by_role("heading", name="Signals", exact=True).wait_for()
    assert page.url.endswith("/signals?state=received")
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.get_by_role("button", name=re.compile("mode")).click()  # light now: on to the system's
    page.get_by_role("button", name="Dark mode").click()
    page.wait_for_function("b => getComputedStyle(document.body).backgroundColor !== b", arg=before)


def test_an_export_is_uploaded_coded_and_a_code_is_corrected(visit, served, tmp_path):
    export = tmp_path / "result.json"
    messages = [
        {"id": n, "type": "message", "date": "2024-10-01T20:00:00", "date_unixtime": "1727805600",
         "from": "Canal", "from_id": "channel7", "text": text,
         "text_entities": [{"type": "plain", "text": text}]}
        for n, text in enumerate(["arrivage kétamine 40e le g ce soir", "appelle 06 39 98 12 34"])
    ]  # fmt: skip
    chat = {"name": "Canal", "type": "public_channel", "id": 7, "messages": messages}
    export.write_text(json.dumps(chat), "utf-8")
    page = visit(served, "paris")
    page.goto(f"{served.origin}/sources/canal-paris")
    page.locator("#files").set_input_files(export)
    page.get_by_role("button", name="Lire ces fichiers").click()
    page.get_by_text("terminé").first.wait_for(timeout=120_000)
    page.goto(f"{served.origin}/documents?q=arrivage")
    page.locator("main a.id").first.click()
    text = page.locator("main").inner_text()
    assert "kétamine" in text
    assert "39 98" not in page.content()
    wrong = page.get_by_role("button", name=re.compile(r"faux – Kétamine$"))
    wrong.click()
    page.get_by_text("rejeté").first.wait_for()
    assert not wrong.count()
    said = [(c.kind, c.verdict) for c in served.ws.state.all(Coding)]
    assert said == [("mention", "reject"), ("price", "reject")]  # of which nothing is left


def test_a_bulletin_is_put_out_and_read_by_another_site_without_texts(visit, served):
    page = visit(served, "analyst")
    page.goto(f"{served.origin}/bulletins")
    page.get_by_label("Du", exact=True).fill("2024-07-01")
    page.get_by_label("Au", exact=True).fill("2024-09-30")
    page.get_by_role("button", name="Faire un brouillon").click(timeout=180_000)
    theirs = visit(served, "lille")
    theirs.goto(f"{served.origin}/bulletins")
    assert "Aucun bulletin n’est encore publié" in theirs.locator("main").inner_text()
    page.get_by_role("button", name=re.compile("^Publier")).click()
    page.get_by_role("heading", name="Publiés").wait_for()
    theirs.reload()
    link = theirs.locator("main a[href$='.fr.html']").first
    link.wait_for()
    theirs.goto(served.origin + link.get_attribute("href"))
    assert "Tucibi" in theirs.content()
    for words in observatory.SECRET.values():
        assert words not in theirs.content()

"""A person reviews in Chromium by the keyboard alone: from the upload to what is stored."""

import re

import observatory
import pytest
from served import serve
from test_pages import violations

TALK = """Date : 12 mars 2026
Enquêteur : quels produits ?
Karim : la keta, chez Zorglin. Zorglin et Xyblork vendent.
Enquêteur : et là ?
Karim : Xyblork dort au squat Lumignon, et Roubaix est loin. R. dort.
"""


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = observatory.build(tmp_path_factory.mktemp("desk") / "obs")
    source = folder / "sources" / "canal-paris.toml"
    source.write_text(source.read_text("utf-8") + 'review = "required"\n', "utf-8")
    with serve(folder) as running:
        yield running


def press(page, *keys):
    """Press keys; wait until what they send has come back."""
    for key in keys:
        before = page.locator("input[name=seen]").first.input_value()
        page.keyboard.press(key)
        if key in "mkru":
            page.wait_for_function(
                "b => document.querySelector('#desk input[name=seen]').value !== b", arg=before
            )
            page.locator("#desk[data-settled]").wait_for()


def focused(page):
    return page.evaluate("document.activeElement.querySelector('b').innerText")


def test_from_the_upload_to_what_is_stored_without_the_mouse(visit, served, tmp_path):
    (tmp_path / "talk.txt").write_text(TALK, "utf-8")
    page = visit(served, "paris")
    page.goto(f"{served.origin}/sources/canal-paris")
    page.locator("#files").set_input_files(tmp_path / "talk.txt")
    page.get_by_role("button", name="Lire ces fichiers").press("Enter")
    page.get_by_text("attend une relecture").first.wait_for(timeout=120_000)
    (waits,) = [w for w in served.ws.waiting() if w.records == 4]
    page.goto(f"{served.origin}/reviews/{waits.id}")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # the second way over: to what is to be decided
    seen = []
    for _ in range(12):
        word = focused(page)
        if page.evaluate("document.activeElement.dataset.state") != "maybe":
            break
        seen.append(word)
        press(page, "k" if word == "Roubaix" else "m")
    assert sorted(seen) == ["R.", "Roubaix", "Xyblork", "Zorglin"]
    press(page, "u")
    last = seen[-1]
    page.wait_for_function(
        "w => [...document.querySelectorAll('.subject[data-state=maybe] p:first-child b')]"
        ".some(b => b.innerText === w)", arg=last,
    )  # fmt: skip
    page.locator(".subject[data-state=maybe]").first.focus()
    press(page, "k" if last == "Roubaix" else "m")
    assert "0 texte" in page.locator("#told").inner_text()
    page.keyboard.press("/")
    page.keyboard.type("vendent")
    page.keyboard.press("Enter")
    page.locator("mark.mask", has_text="vendent").wait_for()
    assert page.wrong == []
    confirm = page.get_by_role("button", name="Confirmer et conserver")
    confirm.focus()
    page.keyboard.press("Enter")
    page.get_by_text(re.compile("terminé")).first.wait_for(timeout=120_000)
    texts = [
        row["text"]
        for row in served.ws.tables.rows(
            f"SELECT text FROM documents WHERE run = '{waits.id}' ORDER BY position"
        )
    ]
    assert texts[1] == "la keta, chez [name]. [name] et [name] [name]."
    assert texts[3] == "[name] dort au [address], et Roubaix est loin. [name] dort."
    assert waits not in served.ws.waiting()


def test_words_are_chosen_in_the_text_and_masked_there_or_everywhere(visit, served):
    text = "🙂 vers midi, le grand frisé vend ; le grand frisé dort"
    waits = observatory.hold(served.ws, "paris", text)
    page = visit(served, "paris", language="en", width=390)
    page.goto(f"{served.origin}/reviews/{waits}")
    choose = """w => { const walker = document.createTreeWalker(document.querySelector('#text'), 4);
      for (let n; (n = walker.nextNode());) { const at = n.data.indexOf(w); if (at < 0) continue;
        document.querySelector('#text').focus();
        getSelection().setBaseAndExtent(n, at, n, at + w.length); return; } }"""
    page.evaluate(choose, "grand frisé")
    page.keyboard.press("h")
    page.wait_for_function("() => document.querySelectorAll('mark.mask').length === 1")
    assert page.locator("mark.mask").inner_text() == "grand frisé"
    page.evaluate(choose, "le grand frisé dort")
    page.keyboard.press("u")
    page.wait_for_function("() => !document.querySelectorAll('mark.mask').length")
    page.evaluate(choose, "grand frisé")
    page.keyboard.press("m")
    page.wait_for_function("() => document.querySelectorAll('mark.mask').length === 2")
    assert violations(page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0
    assert page.wrong == []


def test_everything_can_be_done_without_scripts(chromium, served):
    waits = observatory.hold(served.ws, "paris", "on dort chez didou")
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "fanal", "value": served.secret("paris"), "url": served.origin}])
    page = context.new_page()
    page.goto(f"{served.origin}/reviews/{waits}")
    page.get_by_role("button", name=re.compile("Masquer – didou")).click()
    assert page.locator("mark.mask").inner_text() == "didou"
    page.get_by_role("button", name="Annuler").click()
    assert page.locator("mark.maybe").inner_text() == "didou"
    context.close()

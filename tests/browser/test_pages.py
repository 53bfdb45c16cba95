"""Every page in Chromium: no serious violation of axe, nothing wider than the screen, no error.

With FANAL_SCREENSHOTS set to a folder, a picture of each page is left there.
"""

import os
import re
from pathlib import Path

import observatory
import pytest
from served import serve

from fanal.web.pages import FAMILIES
from fanal.web.routing import declared

AXE = Path(__file__).parent / "vendor" / "axe.min.js"
LOOKS = {
    "fr-light-1440": ("fr", "light", 1440),
    "en-dark-390": ("en", "dark", 390),
    "de-light-390": ("de", "light", 390),  # its words are long, and its foot says who reviewed them
}
MORE = ("fr-dark-1440", "en-light-390", "fr-light-390", "en-dark-1440")  # with pictures only
PAGES = sorted(
    route.path for route, _ in declared(FAMILIES)
    if "GET" in route.methods and "{secret}" not in route.path
)  # fmt: skip
# Files, or what is not in this observatory.
LEFT_OUT = re.compile(r"\.(\w+|{\w+})$|/feed|{upload}|{file}|}/mail$")


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    folder = observatory.build(tmp_path_factory.mktemp("pages") / "obs")
    with serve(folder) as running:
        yield running


def violations(page):
    """Return what axe calls serious or critical on a page."""
    # The policy of the page forbids foreign scripts; the debugger's door does not obey it.
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("async () => (await axe.run(document, {resultTypes: ['violations']}))")
    return [
        f"{one['id']}: {node['html'][:120]} {node.get('failureSummary', '')[:200]}"
        for one in found["violations"] if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]  # fmt: skip


def looked_at(page, path, name):
    if folder := os.environ.get("FANAL_SCREENSHOTS"):
        to = Path(folder) / f"{path.strip('/').replace('/', '_') or 'today'}-{name}.png"
        to.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=to, full_page=True)


def check(page, served, path, name):
    answer = page.goto(served.origin + observatory.filled(path, "paris", served.ws))
    assert answer.status == 200
    page.wait_for_function(
        "() => [...document.querySelectorAll('[data-chart]')].every(d => d.dataset.drawn)"
    )
    looked_at(page, path, name)
    assert violations(page) == []
    wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(wider) <= 0, "the page is wider than the screen"
    assert page.wrong == []


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("path", [path for path in PAGES if not LEFT_OUT.search(path)])
def test_page(visit, served, path, look):
    language, theme, width = LOOKS[look]
    page = visit(served, "administrator", language, theme, width)
    check(page, served, path, look)
    assert page.locator("h1").count() == 1
    assert page.locator("html").get_attribute("lang") == language


@pytest.mark.parametrize("look", LOOKS)
def test_sign_in_and_an_error(visit, served, look):
    language, theme, width = LOOKS[look]
    page = visit(served, None, language, theme, width)
    check(page, served, "/sign-in", look)
    page = visit(served, "reader", language, theme, width)
    assert page.goto(f"{served.origin}/signals/aaaaaaaa").status == 404
    assert violations(page) == []


def test_pages_are_read_without_scripts(chromium, served):
    context = chromium.new_context(java_script_enabled=False)
    context.add_cookies([{"name": "fanal", "value": served.secret("paris"), "url": served.origin}])
    page = context.new_page()
    signals, _ = observatory.ids(served.ws)
    page.goto(f"{served.origin}/signals/{signals['paris']}")
    page.locator("summary", has_text="Les chiffres").click()
    assert page.locator("figure.chart table tbody tr").count() > 20
    assert page.locator("figure.chart table").is_visible()
    assert page.locator("blockquote").count() > 0
    context.close()


@pytest.mark.skipif("FANAL_SCREENSHOTS" not in os.environ, reason="only for looking at")
@pytest.mark.parametrize("look", MORE)
@pytest.mark.parametrize("path", [path for path in PAGES if not LEFT_OUT.search(path)])
def test_other_looks(visit, served, path, look):
    language, theme, width = look.split("-")
    page = visit(served, "administrator", language, theme, int(width))
    page.goto(served.origin + observatory.filled(path, "paris", served.ws))
    page.wait_for_timeout(300)
    looked_at(page, path, look)
    assert page.wrong == []

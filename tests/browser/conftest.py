"""A real browser, and people in front of it."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "web"))  # the observatory of those tests

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--force-color-profile=srgb"]


@pytest.fixture(scope="session")
def chromium():
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright here")
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: sh tests/system.sh")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium):
    """Return a page of the browser, signed in, in a language, a theme and a width."""
    opened = []

    def come(served, who=None, language="fr", theme="light", width=1440):
        context = chromium.new_context(viewport={"width": width, "height": 900})
        opened.append(context)
        cookies = {"language": language, "theme": theme}
        if who:
            cookies["fanal"] = served.secret(who)
        context.add_cookies(
            [{"name": n, "value": v, "url": served.origin} for n, v in cookies.items()]
        )
        page = context.new_page()
        page.wrong = []
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("console", lambda m: page.wrong.append(m.text) if m.type == "error" else None)
        page.set_default_timeout(15_000)
        return page

    yield come
    for context in opened:
        context.close()

"""The reference is what the code says; the README names every verb."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _builder():
    spec = importlib.util.spec_from_file_location("docs_build", ROOT / "docs" / "build.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILD = _builder()


@pytest.mark.parametrize("page", sorted(BUILD.PAGES))
def test_the_page_is_current(page):
    written = (ROOT / "docs" / "reference" / page).read_text("utf-8")
    assert written == BUILD.PAGES[page]().rstrip() + "\n", "run: python docs/build.py"


def test_the_drawing_of_the_house_is_current():
    page = BUILD.ARCHITECTURE.read_text("utf-8")
    assert page == BUILD.drawn(page), "run: python docs/build.py"


def test_every_command_takes_json():
    lines = BUILD.commands().split("\n## ")[1:]
    without = [part.split("\n")[0] for part in lines if "`--json`" not in part]
    assert without == ["fanal source form"], "it prints a file, not an answer"


def test_every_plugin_says_when_to_use_it_or_its_limits():
    for part in BUILD.plugins().split("\n### ")[1:]:
        name = part.split("\n")[0]
        assert "Limits" in part or "When to use" in part or "References" in part, name

"""The manual reads in both languages and names the pages as they are called."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from fanal.storage.search import LOOK
from fanal.web.pages import FAMILIES
from fanal.wording.language import Language

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(("code", "written"), [("fr", "fr"), ("en", "en"), ("de", "en")])
def test_the_manual_is_read_in_each_language(visitor, code, written):
    client = visitor("reader")
    client.cookies.set("language", code, domain="fanal.example", path="/")
    page = client.get("/manual").text
    assert f'<html lang="{code}"' in page
    assert f'<article class="manual" lang="{written}">' in page
    anchors = re.findall(r'href="#(h\d+)"', page)
    assert len(anchors) >= 8
    assert all(f'id="{anchor}"' in page for anchor in anchors)
    assert "<table>" in page


def test_both_say_the_same_things():
    fr, en = ((files("fanal.web") / "manual" / f"{c}.md").read_text("utf-8") for c in ("fr", "en"))
    pictures = Path(str(files("fanal.web"))) / "static" / "manual"
    for name in re.findall(r"manual/([\w.]+png)", fr + en):
        assert (pictures / name).is_file()
    for sign in (r"^!\[", r"^## ", r"^\| ", r"^\d\. ", r"^- "):
        assert len(re.findall(sign, fr, re.M)) == len(re.findall(sign, en, re.M))
    assert f"{LOOK:,}" in en


@pytest.mark.parametrize("code", ["fr", "en"])
def test_it_names_the_pages_as_they_are_called(code):
    text = (files("fanal.web") / "manual" / f"{code}.md").read_text("utf-8")
    told = {"/documents", "/sources", "/substances", "/explore", "/lab", "/thesaurus", "/bulletins"}
    names = {f.home: Language(code).say(f.name) for f in FAMILIES if f.home in told}
    assert set(names) == told
    assert all(f"*{name}*" in text for name in names.values())


def test_it_lies_in_the_docs():
    assert (ROOT / "docs" / "manual" / "fr.md").is_file()

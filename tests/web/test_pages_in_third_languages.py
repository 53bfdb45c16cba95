"""Pages and bulletins in each language of a catalogue, and what they say of who reviewed it."""

import re
from datetime import date

import docx
import observatory
import pypdfium2
import pytest
from editions import edition

from fanal.edition import SourceFact
from fanal.exporters.alert import AlertForm
from fanal.exporters.bulletin_docx import BulletinDocx
from fanal.exporters.bulletin_html import BulletinHtml
from fanal.exporters.bulletin_pdf import BulletinPdf
from fanal.wording.language import Language, languages

CODES = [code for code in languages() if code not in ("fr", "en")]
NOTICE = "Diese Fassung ist maschinell übersetzt und nicht geprüft."
FOOT = re.compile(r'<footer class="foot soft">(.*?)</footer>')


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return observatory.build(tmp_path_factory.mktemp("made") / "obs")


@pytest.mark.parametrize("code", CODES)
def test_every_family_of_pages_opens_in_the_language(app, visitor, code):
    client, language = visitor("administrator"), Language(code)
    client.cookies.set("language", code, domain="fanal.example", path="/")
    homes = [family.home for family in app.state.families if family.home]
    assert len(homes) > 8
    for home in homes:
        page = client.get(home)
        assert page.status_code == 200, home
        assert f'<html lang="{code}"' in page.text, home
        assert FOOT.findall(page.text) == ([language.notice] if language.notice else []), home
        names = {Language(one).name.casefold() for one in languages() if one != code}
        offered = re.findall(r'name="language" value="\w+" lang="\w+">([^<]+)<', page.text)
        assert {name.casefold() for name in offered} == names
    lost = client.get("/nowhere")
    assert (lost.status_code, FOOT.findall(lost.text)) == (404, FOOT.findall(page.text))


@pytest.mark.parametrize("code", ["fr", "en"])
def test_pages_whose_words_people_wrote_say_nothing_of_it(visitor, code):
    client = visitor("administrator")
    client.cookies.set("language", code, domain="fanal.example", path="/")
    assert Language(code).notice == ""
    assert "<footer" not in client.get("/").text


def test_nouns_keep_their_capitals(visitor):
    client = visitor("administrator")
    client.cookies.set("language", "de", domain="fanal.example", path="/")
    assert "<h3>Art von Quelle</h3>" in client.get("/documents").text


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    """Return what stands in each format of the sample edition, by its file name."""
    folder, written = tmp_path_factory.mktemp("papers"), []
    with pytest.MonkeyPatch.context() as patch:  # whoever signs German changes nothing of this
        notice = property(lambda self: NOTICE if self.code == "de" else "")
        patch.setattr(Language, "notice", notice)
        for exporter in (BulletinHtml, BulletinPdf, BulletinDocx):
            written += exporter(languages=("de", "fr")).export(edition(), folder)
    return {path.name: path for path in written}


def test_each_format_says_at_its_foot_that_nobody_reviewed_the_words(papers):
    for code, told in (("de", 1), ("fr", 0)):
        page = papers[f"bulletin.{code}.html"].read_text("utf-8")
        assert re.findall(r'<footer class="note">(.*?)</footer>', page) == [NOTICE] * told
        paper = docx.Document(papers[f"bulletin.{code}.docx"])
        foot = paper.sections[0].footer.paragraphs[0].text
        assert foot == NOTICE * told
        leaves = list(pypdfium2.PdfDocument(papers[f"bulletin.{code}.pdf"]))
        assert len(leaves) > 2
        for leaf in leaves:
            text = " ".join(leaf.get_textpage().get_text_bounded().split())
            assert text.count(NOTICE) == told


def test_an_alert_says_so_beside_its_being_a_draft(monkeypatch):
    monkeypatch.setattr(Language, "notice", NOTICE)
    form = AlertForm("x2l6n7hc", "Ketamin", "de", date(2026, 1, 5), {})
    assert form.draft.startswith("Aus einem Signal vorausgefüllter Entwurf. ")
    assert form.draft.endswith(f" {NOTICE}")


def test_a_bulletin_of_the_observatory_is_made_in_the_language(app, tmp_path):
    app.state.ws.using(languages=["de"], formats=["bulletin-html"])
    (path,) = app.state.ws.publish_bulletin(tmp_path)
    page = path.read_text("utf-8")
    assert path.name == "bulletin.de.html"
    assert '<html lang="de">' in page
    assert "Dieses Bulletin stützt sich auf" in page
    assert "This bulletin" not in page


def test_a_word_that_is_wider_than_its_column_is_broken(tmp_path):
    lab = SourceFact(
        "s", "Proben", "lab", "lille", "Labor", "Gesetz", "", "", False, 0, 14, 0
    )  # fmt: skip
    (path,) = BulletinPdf(languages=("de",)).export(edition(sources=(lab,)), tmp_path)
    leaves = [leaf.get_textpage().get_text_range() for leaf in pypdfium2.PdfDocument(path)]
    assert "Laborergeb\ufffenisse\r\nLille" in "".join(leaves)  # as PDFium tells a hyphen

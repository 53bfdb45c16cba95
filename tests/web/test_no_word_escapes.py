"""Pages and bulletins in a language whose every message stands in brackets: no word is outside."""

import re
import shutil
from pathlib import Path

import observatory
import pytest
import words
from babel import Locale
from editions import edition

from fanal.coding.practices import Rules
from fanal.exporters.bulletin_html import BulletinHtml
from fanal.thesaurus import load
from fanal.web.routing import declared
from fanal.wording import language

CODE = "de"  # whose dates Babel knows
NOTICE = "The words of this language are machine-made, not reviewed: in doubt, read the English."
LETTERS = re.compile(r"[^\W\d_]{3,}")
READ_ELSEWHERE = ("/api", "/feeds", "/manual", "/administration/audit", "/explore.", "/link")
DATA = (
    "Fanal Français English Essai canal Canal journal Paris Lille Lyon Toulouse département und "
    "mul analyst observer reader administrator OpenAPI CSV PNG SVG Pays Bas FIDÉ LITÉ Contact"
)
CODES = "substance practice platform place name ZZZZ"  # what a concept is written with


@pytest.fixture(scope="module")
def bracketed(tmp_path_factory):
    """Return a folder of catalogues in which each message is itself, in brackets."""
    told = words.Signed(locale=CODE, charset="utf-8", fuzzy=False)
    told.review = language.UNREVIEWED
    for message in words.extracted():
        if message.id:
            many = isinstance(message.id, tuple)
            string = tuple(f"⟦{i}⟧" for i in message.id) if many else f"⟦{message.id}⟧"
            told.add(message.id, string, context=message.context)
    folder = tmp_path_factory.mktemp("catalogues")
    path = folder / CODE / "LC_MESSAGES/fanal.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(words.compiled(told))
    return folder


@pytest.fixture
def spoken(bracketed, monkeypatch):
    known = (language._catalogue, language.languages)
    monkeypatch.setattr(language, "CATALOGUES", bracketed)
    for one in known:
        one.cache_clear()
    yield
    for one in known:
        one.cache_clear()


@pytest.fixture
def folder(built, tmp_path):
    return Path(shutil.copytree(built, tmp_path / "obs"))


@pytest.fixture(scope="module")
def data():
    """Return the words that no catalogue has: names of things, months, what the samples say."""
    known = load()
    told = [f"{s.id} {s.label_en}" for s in known.substances.values()]
    told += [f"{a.alias} {a.kind} {a.source}" for a in known.aliases]
    told += [" ".join(pair) for pair in known.classes.values()]
    told += [f"{name} {code.label['en']}" for name, code in Rules.load().codes.items()]
    told += [month for w in ("wide", "abbreviated")
             for month in Locale(CODE).months["format"][w].values()]  # fmt: skip
    told += Locale(CODE).territories.values()
    told += [(Path(__file__).parent / "observatory.py").read_text("utf-8"), DATA, CODES]
    told += [(Path(__file__).parents[1] / "contract/editions.py").read_text("utf-8")]
    return set(LETTERS.findall(" ".join(told)))


def outside(page):
    """Return the words of a page that stand in no message."""
    page = re.sub(r"<(script|style|code)\b.*?</\1>|<a class=\"id\".*?</a>", " ", page, flags=re.S)
    page = re.sub(r'<[^>]*class="id"[^>]*>[^<]*', " ", page)
    named = re.findall(r'(?:aria-label|title|alt|placeholder|data-name)="([^"]*)"', page)
    text = "\n".join([re.sub(r"<[^>]*>", "\n", page), *named])
    while (less := re.sub(r"⟦[^⟦⟧]*⟧", "", text)) != text:
        text = less
    return set(LETTERS.findall(text))


def test_no_word_of_a_page_stands_outside_the_catalogues(app, visitor, spoken, data):
    client, shown, wrong = visitor("administrator"), 0, {}
    # Parameters of a detector are shown as it names them, a stranger's as well.
    data = data.union(*(LETTERS.findall(s.parameters) for s in app.state.ws.signals()))
    client.cookies.set("language", CODE, domain="fanal.example", path="/")
    for route, _ in declared(app.state.routers):
        url = observatory.filled(route.path, "paris", app.state.ws)
        if "GET" not in route.methods or url.startswith(READ_ELSEWHERE):
            continue
        answer = client.get(url)
        if answer.status_code == 200 and answer.text.startswith("<!"):
            shown += 1
            if escaped := outside(answer.text) - data - set(LETTERS.findall(url)):
                wrong[url] = escaped
        assert (NOTICE in answer.text) == answer.text.startswith("<!"), url
    assert shown > 20
    assert not wrong, "\n".join(f"{url}: {sorted(escaped)}" for url, escaped in wrong.items())


def test_no_word_of_a_bulletin_stands_outside_the_catalogues(tmp_path, spoken, data):
    (path,) = BulletinHtml(languages=(CODE,)).export(edition(), tmp_path)
    page = path.read_text("utf-8")
    assert f'<footer class="note">⟦{NOTICE}⟧</footer>' in page
    assert sorted(outside(page) - data) == []

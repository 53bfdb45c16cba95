"""Documents: search, one document, corrections that win over the coder, notes; by site."""

import json
import re
import shutil
from pathlib import Path

import pytest
from people import found

from fanal.answers import documents
from fanal.door.pseudonyms import show
from fanal.records import Audit, Coding
from fanal.storage.search import Question
from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Both sites with a few posts, coded."""
    folder = tmp_path_factory.mktemp("made") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        for site in ("paris", "lille"):
            path = folder.parent / f"{site}.json"
            texts = [f"kétamine 40e le g, {site} {i}" for i in range(3)]
            texts += ["<script>alert(1)</script> coke", "rien de spécial"]
            texts += ["pas de cocaïne ce soir, mais du speed", "no heroin tonight, just speed"]
            path.write_text(telegram(texts), "utf-8")
            ws.ingest([path], f"canal-{site}")
        ws.run()
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "obs"))


@pytest.fixture
def filled(app):
    return app.state.ws


def telegram(texts):
    messages = [
        {"id": i + 1, "type": "message", "date": f"2025-03-{i + 1:02d}T10:00:00",
         "from": "Canal", "from_id": "channel99", "text": text}
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return json.dumps({"name": "Essai", "type": "public_channel", "id": 7, "messages": messages})


def first(ws, words, site):
    return ws.search.ask(Question(words, sites=[site])).hits[0]


def plain(page):
    return re.sub(r"<[^>]+>", "", page.text)


def test_a_search_finds_texts_of_ones_sites_only(filled, visitor):
    page = visitor("paris").get("/documents?q=ketamine")
    assert page.status_code == 200
    assert "3\xa0documents" in page.text
    assert "<mark>kétamine</mark>" in page.text
    assert "lille" not in page.text.lower()
    assert "6\xa0documents" in visitor("analyst").get("/documents?q=ketamine").text
    other = visitor("paris").get("/documents?q=ketamine&site=lille")
    assert "0\xa0document" in other.text
    assert visitor("reader").get("/documents").status_code == 403


def test_every_reading_is_in_the_audit_log(filled, visitor):
    visitor("paris").get("/documents?q=ketamine")
    hit = first(filled, "ketamine", "paris")
    visitor("paris").get(f"/documents/{show(hit.id)}")
    lines = filled.state.all(Audit, action="read")
    assert [line.who for line in lines] == ["paris", "paris"]
    assert all(show(hit.id) in line.detail for line in lines)
    assert "ketamine" not in "".join(line.detail for line in lines)


def test_a_document_of_another_site_is_as_if_it_were_not_there(filled, visitor):
    hit = first(filled, "ketamine", "lille")
    missing = visitor("paris").get("/documents/aaaaaaaa")
    for path in (f"/documents/{show(hit.id)}", "/documents/x", "/documents/%00", "/documents/zz99"):
        page = visitor("paris").get(path)
        assert (page.status_code, plain(page)) == (404, plain(missing))
    for what in ("codes", "memos"):
        answer = visitor("paris").post(f"/documents/{show(hit.id)}/{what}", data={"text": "x"})
        assert answer.status_code == 404


def test_a_document_shows_its_codes_and_the_rule_that_fired(filled, visitor):
    page = visitor("observer").get(f"/documents/{show(first(filled, 'ketamine', 'paris').id)}")
    assert re.search(r'<mark class="counts"><a\s+href="#code-\d" title="[^"]*ét', page.text)
    assert "<code>kétamine" in page.text or "<code>ketamine" in page.text
    assert "C’est faux" not in page.text, "an observer reads and does not correct"


@pytest.mark.parametrize(
    ("code", "words"), [("fr", "nié, non compté"), ("en", "denied, not counted")]
)
@pytest.mark.parametrize("denied", ["cocaïne", "heroin"])
def test_what_a_text_denies_is_told_so_and_not_counted(filled, visitor, code, words, denied):
    """In the text itself, to those who hear it read, and in the list of codes."""
    ask = "speed soir" if denied == "cocaïne" else "speed tonight"
    client = visitor("paris")
    client.cookies.set("language", code, domain="fanal.example", path="/")
    page = client.get(f"/documents/{show(first(filled, ask, 'paris').id)}")
    mark = r'<mark class="(\w+)"><a\s[^>]*title="([^"]*)">(.*?)</a></mark>'
    marks = re.findall(mark, page.text, re.S)
    told = {re.sub(r"<[^>]+>", "", inner): (name, title) for name, title, inner in marks}
    assert told[f"{denied} ({words})"][0] == "denied"
    assert told[f"{denied} ({words})"][1].endswith(f" – {words}")
    assert told["speed"][0] == "counts"
    assert words not in told["speed"][1]
    codes = page.text[page.text.index('class="plain codes"') :]
    items = re.findall(r"<li id=.code-.*?</li>", codes, re.S)
    assert [words in item for item in items] == [f"<q>{denied}</q>" in item for item in items]
    assert [' class="off"' in i for i in items] == [f"<q>{denied}</q>" in i for i in items]


def test_what_is_denied_counts_for_nobody_who_confirms_it(filled, visitor):
    hit = first(filled, "speed soir", "paris")
    row = filled.read_document(documents.about(filled, hit.id))
    (code,) = [c for c in row.codes if c.denied]
    assert (code.fields["substance"], code.counts) == ("cocaine", False)
    correct(visitor("paris"), hit, verdict="confirm", kind="mention", start=code.start,
            stop=code.stop)  # fmt: skip
    row = filled.read_document(documents.about(filled, hit.id))
    (code,) = [c for c in row.codes if c.denied]
    assert (code.said, code.counts) == ("confirm", False)
    facts = filled.tables.rows("SELECT substance FROM facts WHERE document = ?", [hit.id])
    assert [f["substance"] for f in facts] == ["amphetamine"]


def test_what_a_text_holds_is_never_markup(filled, visitor):
    page = visitor("paris").get(f"/documents/{show(first(filled, 'script', 'paris').id)}")
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in visitor("paris").get("/documents?q=script").text


def correct(client, hit, **data):
    return client.post(f"/documents/{show(hit.id)}/codes", data=data)


def ketamine(ws):
    ws.run()
    rows = ws.tables.rows(
        "SELECT sum(value) AS n FROM points WHERE series = 'mentions/substance=ketamine/month'"
    )
    return rows[0]["n"]


def test_a_correction_wins_over_the_coder_and_can_be_taken_back(filled, visitor):
    hit, client = first(filled, "ketamine", "paris"), visitor("paris")
    row = documents.about(filled, hit.id)
    code = next(c for c in documents.read(filled, row).codes if c.kind == "mention")
    before = ketamine(filled)
    where = {"kind": "mention", "start": code.start, "stop": code.stop}
    answer = correct(client, hit, verdict="reject", **where)
    assert answer.status_code == 303
    assert "rejeté" in client.get(f"/documents/{show(hit.id)}").text
    assert ketamine(filled) == before - 1
    correct(client, hit, verdict="confirm", **where)
    assert ketamine(filled) == before
    said = [c.verdict for c in filled.state.all(Coding) if c.kind == "mention"]
    assert said == ["reject", "confirm"], "nothing is overwritten"
    assert {c.who for c in filled.state.all(Coding)} == {"paris"}


def test_a_missed_code_is_added_by_its_passage(filled, visitor):
    hit, client = first(filled, "rien de special", "paris"), visitor("paris")
    before = ketamine(filled)
    answer = correct(client, hit, verdict="add", passage="rien de", substance="ketamine")
    assert answer.status_code == 303
    assert ketamine(filled) == before + 1
    assert first(filled, "rien de special", "paris").marks["substance"] == ["ketamine"]
    where = {"kind": "mention", "start": 0, "stop": 7, "concept": "ketamine"}
    correct(client, hit, verdict="reject", **where)
    assert ketamine(filled) == before


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"verdict": "add", "passage": "pas là", "substance": "ketamine"}, "pas dans le texte"),
        ({"verdict": "add", "passage": "rien"}, "not said"),
        ({"verdict": "add", "passage": "rien", "substance": "nonsense"}, "nonsense"),
        ({"verdict": "delete", "kind": "mention", "start": "0", "stop": "4"}, "verdict"),
        ({"verdict": "reject", "kind": "mention", "start": "5", "stop": "999"}, "passage"),
    ],
)
def test_wrong_corrections_are_refused_with_a_reason(filled, visitor, data, said):
    answer = correct(visitor("paris"), first(filled, "rien de special", "paris"), **data)
    assert answer.status_code == 400
    assert said in answer.text
    assert filled.state.all(Coding) == []


def test_a_note_goes_through_the_door(filled, visitor):
    hit, client = first(filled, "ketamine", "paris"), visitor("observer")
    path = f"/documents/{show(hit.id)}"
    assert client.post(f"{path}/memos", data={"text": "voir 06 39 98 12 34"}).status_code == 303
    page = client.get(path).text
    assert "voir [phone:FR]" in page
    assert "39 98" not in page
    assert client.post(f"{path}/memos", data={"text": "  "}).status_code == 400
    assert visitor("reader").post(f"{path}/memos", data={"text": "x"}).status_code == 403


def test_facets_are_links_that_narrow_and_widen(filled, visitor):
    page = visitor("analyst").get("/documents?substance=ketamine")
    assert 'href="/documents?substance=ketamine&amp;site=lille"' in page.text
    assert 'href="/documents?"' in page.text, "the chosen one can be dropped"
    bad = visitor("analyst").get("/documents?from=hier")
    assert bad.status_code == 400

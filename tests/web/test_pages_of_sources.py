"""Sources: what comes in, describing one, and an upload that never lies on a disk in clear."""

import json
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor

import anyio
import pytest

import fanal
from fanal.errors import ConfigError
from fanal.records import Audit
from fanal.upkeep import erasing
from fanal.web.spool import Writer, receive


def export(texts, chat="Essai"):
    messages = [
        {"id": i + 1, "type": "message", "date": f"2025-03-{i + 1:02d}T10:00:00",
         "from": "Canal", "from_id": "channel99", "text": text}
        for i, text in enumerate(texts)
    ]  # fmt: skip
    return json.dumps({"name": chat, "type": "public_channel", "id": 7, "messages": messages})


def bring(client, name, content, file="ChatExport Karim.json"):
    return client.post(f"/sources/{name}/files", files={"files": (file, content)})


def waited(client, path):
    for _ in range(600):
        page = client.get(path)
        if "hx-get" not in page.text:
            return page
        time.sleep(0.2)
    raise AssertionError("the reading does not end")


def test_an_upload_is_read_coded_and_found(app, visitor):
    client = visitor("observer")
    answer = bring(client, "canal-paris", export(["kétamine 40e le g", "06 39 98 12 34", "rien"]))
    assert answer.status_code == 303
    page = waited(client, answer.headers["location"])
    assert "terminé" in page.text
    assert "telegram" in page.text
    assert "kétamine" in client.get("/documents?q=ketamine").text.replace("<mark>", "")
    assert "39 98" not in client.get("/documents").text
    assert "Karim" not in client.get("/sources/canal-paris").text
    folder = app.state.ws.folder
    assert not any((folder / ".scratch" / "uploads").iterdir())
    held = [p for p in folder.rglob("*") if p.is_file() and b"Karim" in p.read_bytes()]
    assert held == [], "the name of the file is stored nowhere"
    assert app.state.ws.state.all(Audit, action="ingest")[-1].who == "observer"
    same = export(["kétamine 40e le g", "06 39 98 12 34", "rien"])
    again = waited(client, bring(client, "canal-paris", same).headers["location"])
    assert "déjà lu" in again.text
    assert "effacé" not in again.text
    query = "SELECT id FROM documents WHERE text LIKE 'rien%' AND source = 'canal-paris'"
    rest = app.state.ws.tables.rows(query)[-1]["id"].hex()
    with fanal.open(folder) as observatory:
        observatory.erase(erasing.select(observatory, documents=(rest,)))
    again = waited(client, bring(client, "canal-paris", same).headers["location"])
    assert "déjà lu, une partie effacée depuis" in again.text


def test_a_file_of_no_known_format_fails_with_a_reason(visitor):
    client = visitor("observer")
    answer = bring(client, "canal-paris", b"\x00\x01\x02")
    page = waited(client, answer.headers["location"])
    assert "échec" in page.text
    assert "bytes are of a program" in page.text


def test_who_may_bring_what(visitor):
    assert bring(visitor("observer"), "canal-lille", "x").status_code == 403
    assert bring(visitor("reader"), "canal-paris", "x").status_code == 403
    assert bring(visitor("observer"), "nothing", "x").status_code == 404
    assert visitor("observer").get("/sources/canal-paris/files/abc").status_code == 404
    for bad in ({"data": {"a": "b"}}, {"content": b"x"}, {"files": {"files": ("", b"")}}):
        assert visitor("observer").post("/sources/canal-paris/files", **bad).status_code == 400


def test_everybody_sees_what_comes_in_and_nobody_an_upload_of_another_site(visitor):
    page = visitor("reader").get("/sources")
    assert page.status_code == 200
    assert "Canal de lille" in page.text
    assert 'type="file"' not in visitor("reader").get("/sources/canal-paris").text
    assert 'type="file"' not in visitor("lille").get("/sources/canal-paris").text
    assert 'type="file"' in visitor("paris").get("/sources/canal-paris").text


NEW = {"name": "forum", "title": 'Un "forum"', "publisher": "essai", "kind": "public posts",
       "site": "paris", "legal_basis": "essai", "retention_months": "12"}  # fmt: skip


def test_an_upload_is_watched_by_who_may_bring_for_its_site(visitor):
    location = bring(visitor("lille"), "canal-lille", export(["rien"])).headers["location"]
    assert visitor("paris").get(location).status_code == 403
    assert visitor("observer").get(location).status_code == 403
    assert waited(visitor("lille"), location).status_code == 200


def test_a_source_is_described_by_a_coordinator_of_its_site(app, visitor):
    assert visitor("paris").post("/sources/new", data=NEW).headers["location"].startswith(
        "/sources/forum"
    )  # fmt: skip
    assert app.state.ws.acting("x").source("forum").title == 'Un "forum"'
    assert visitor("lille").post("/sources/new", data=NEW | {"name": "b"}).status_code == 403
    assert visitor("observer").get("/sources/new").status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        {"name": "../x"},
        {"name": ""},
        {"kind": "x"},
        {"retention_months": '3\ntitle = "y"'},
        {"title": 'a"\nretention_months = 1'},
        {"legal_basis": ""},
    ],
)
def test_a_wrong_description_is_refused(app, visitor, change):
    answer = visitor("paris").post("/sources/new", data=NEW | change)
    assert answer.status_code == 400
    assert re.search(r'role="alert"', answer.text)
    assert sorted(app.state.ws.acting("x").sources) == ["canal-lille", "canal-paris"]


# --- the spool ------------------------------------------------------------------------------------


def test_a_spool_reads_from_any_place_and_holds_no_clear_text(tmp_path):
    content = bytes(range(256)) * 9000 + b"PLAIN TEXT OF SOMEBODY"
    writer = Writer(tmp_path, "a.json")
    for at in range(0, len(content), 77_777):
        writer.write(content[at : at + 77_777])
    spool = writer.done()
    assert list(tmp_path.iterdir()) == [], "it has no name in any folder"
    sealed = os.pread(spool.fd, spool.size + 10, 0)
    assert len(sealed) == len(content)
    assert b"PLAIN TEXT" not in sealed
    assert content[:4096] not in sealed
    with spool.open() as one, spool.open() as two:
        assert one.read() == content
        for start, size in ((0, 1), (15, 2), (16, 16), (17, 1000), (len(content) - 5, 99)):
            two.seek(start)
            assert two.read(size) == content[start : start + size]
        assert two.seek(-22, os.SEEK_END) == len(content) - 22
        assert two.read() == content[-22:]
    assert "a.json" not in repr(spool)
    spool.close()


async def chunks(body, size):
    for at in range(0, len(body), size):
        yield body[at : at + size]


def apart_run(*call):
    """Run in a thread of its own: where a browser was driven before, a loop runs in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(anyio.run, *call).result()


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_a_form_is_taken_apart_whatever_the_pieces(tmp_path, size):
    body = (
        b'--xx\r\nContent-Disposition: form-data; name="a"\r\n\r\nno file\r\n'
        b'--xx\r\nContent-Disposition: form-data; name="files"; filename="\xc3\xa9.txt"\r\n'
        b"Content-Type: text/plain\r\n\r\nun\r\n--x\r\ndeux\r\n--xx--\r\n"
    )
    kind = "multipart/form-data; boundary=xx"
    (spool,) = apart_run(receive, kind, chunks(body, size), tmp_path)
    with spool.open() as stream:
        assert (spool.name, stream.read()) == ("é.txt", b"un\r\n--x\r\ndeux")
    spool.close()
    with pytest.raises(ConfigError):
        apart_run(receive, kind, chunks(b"--yy\r\nrubbish", 5), tmp_path)
    with pytest.raises(ConfigError):
        apart_run(receive, "text/plain", chunks(b"x", 5), tmp_path)


def test_a_file_that_would_replace_others_stops_and_is_read_when_it_may(app, visitor):
    client = visitor("observer")
    app.state.ws.add_source(
        'name = "annonces"\ntitle = "Annonces"\npublisher = "p"\nkind = "public posts"\n'
        'site = "paris"\nlegal_basis = "mission"\nids = "global"\n'
    )

    def posts(words):
        return "id;date;texte\n" + "".join(f"{n};2026-05-0{n};{words}\n" for n in range(1, 7))

    def sent(words, more=""):
        files = {"files": ("annonces.csv", posts(words))}
        answer = client.post(f"/sources/annonces/files{more}", files=files)
        return waited(client, answer.headers["location"]).text

    assert "Quand des fichiers" not in sent("coke à 60 ce soir")
    stopped = sent("la kétamine se raréfie")
    assert "6 of 6 records would replace others" in stopped
    assert "Quand des fichiers en remplacent" in stopped
    query = "SELECT DISTINCT text, version FROM current_documents WHERE source = 'annonces'"
    assert app.state.ws.tables.rows(query) == [{"text": "coke à 60 ce soir", "version": 1}]
    page = client.get("/sources/annonces").text
    assert 'formaction="/sources/annonces/files?replace=true"' in page
    assert "Quand des fichiers" not in sent("la kétamine se raréfie", "?replace=true")
    assert app.state.ws.tables.rows(query) == [{"text": "la kétamine se raréfie", "version": 2}]

"""A thousand planted identifiers, through every importer: none is found anywhere afterwards."""

# ruff: noqa: E501

from __future__ import annotations

import csv
import io
import json
import random
import zipfile
from collections.abc import Callable
from html import escape

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from everything import found_in
from stdnum import iban

import fanal
from fanal.importers import BUILTIN
from fanal.testing.sought import Sought

EACH = 80  # identifiers in each file
SOURCE = """
name = "{name}"
title = "INVENTED: {name}"
publisher = "invented"
kind = "{kind}"
site = "lille"
legal_basis = "invented sample material"
review = "none"
review_reason = "essai"
importer = "{importer}"
"""


class Planter:
    """Makes sentences, each with one identifier of its own."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.planted: list[str] = []

    def digits(self, n: int) -> str:
        return "".join(self.random.choice("0123456789") for _ in range(n))

    def word(self) -> str:
        letters = "bcdfgjklmnpqrstvz"
        return "".join(self.random.choice(letters) + self.random.choice("aiou") for _ in range(4))

    def sentences(self, n: int = EACH) -> list[str]:
        return [self._sentence(number) for number in range(n)]

    def _sentence(self, number: int) -> str:
        phone = f"0{self.random.choice(['63998', '19900'])}{self.digits(4)}"
        spaced = " ".join(phone[i : i + 2] for i in range(0, 10, 2))
        account = "FR00" + "30006" + "00001" + self.digits(11) + self.digits(2)
        account = account[:2] + iban.calc_check_digits(account) + account[4:]
        letters = "".join(self.random.choice("ABCDEFGHJKLMNPQRSTVWXYZ") for _ in range(4))
        nir = "1" + "85" + "07" + "59" + self.digits(6)
        nir += f"{97 - int(nir) % 97:02d}"
        shapes: list[tuple[str, str]] = [
            (phone, "appelle le {} ce soir, 2g 90€"),
            (spaced, "le numero c'est {} maintenant"),
            (f"+33 {spaced[1:]}", "call {} for the menu"),
            (f"{self.word()}@{self.word()}.fr", "écris à {} pour la carte"),
            (account, "virement sur {} merci"),
            (nir, "mon numéro de sécu est le {}"),
            (f"t.me/{self.word()}_{self.digits(3)}", "le canal a bougé : {}"),
            (f"@{self.word()}{self.digits(3)}", "ajoute {} sur telegram"),
            (f"{self.word()}_{self.digits(2)}", "mon snap : {} réponse rapide"),
            (f"{letters[:2]}-{self.digits(3)}-{letters[2:]}", "une clio blanche {} devant"),
            (f"https://{self.word()}.fr/{self.word()}", "tout est sur {} les amis"),
            (f"12 rue {self.word().title()}, 69003 Lyon", "rdv au {} à 22h"),
        ]
        value, frame = shapes[number % len(shapes)]
        self.planted.append(value)
        return frame.format(value)


def telegram(lines: list[str]) -> bytes:
    messages = [
        {"id": n, "type": "message", "date": f"2025-03-{n % 28 + 1:02d}T12:00:00",
         "from": "Vitrine", "from_id": "channel9", "text": [line[:3], {"type": "bold", "text": line[3:]}]}
        for n, line in enumerate(lines, 1)
    ]  # fmt: skip
    chat = {"name": "Vitrine", "type": "public_channel", "id": 9, "messages": messages}
    return json.dumps(chat).encode()


def whatsapp(lines: list[str]) -> bytes:
    return "".join(
        f"[{n % 28 + 1:02d}/03/2025 12:{n % 60:02d}:00] Robin: {line}\n"
        for n, line in enumerate(lines)
    ).encode()


def whatsapp_zip(lines: list[str]) -> bytes:
    with zipfile.ZipFile(buffer := io.BytesIO(), "w") as archive:
        archive.writestr("_chat.txt", whatsapp(lines))
    return buffer.getvalue()


def signal(lines: list[str]) -> bytes:
    return "".join(
        f"[2025-03-{n % 28 + 1:02d}, 12:01] Robin: {x}\n" for n, x in enumerate(lines)
    ).encode()


def instagram(lines: list[str]) -> bytes:
    def mangled(text: str) -> str:  # as the export really writes it
        return text.encode().decode("latin-1")

    messages = [{"sender_name": "Robin", "timestamp_ms": 1740830000000 + n * 10**7,
                 "content": mangled(x), "is_geoblocked_for_viewer": False}
                for n, x in enumerate(lines)]  # fmt: skip
    return json.dumps({"participants": [{"name": "Robin"}], "messages": messages}).encode()


def discord(lines: list[str]) -> bytes:
    author = {"id": "100", "name": "robin", "discriminator": "0000", "nickname": "Robin",
              "color": None, "isBot": False, "avatarUrl": "x"}  # fmt: skip
    messages = [
        {"id": str(n + 11), "type": "Default", "timestamp": f"2025-03-{n % 28 + 1:02d}T12:00:00+00:00",
         "timestampEdited": None, "callEndedTimestamp": None, "isPinned": False, "content": x,
         "author": author, "attachments": [], "embeds": [], "stickers": [], "reactions": [],
         "mentions": []}
        for n, x in enumerate(lines)
    ]  # fmt: skip
    channel = {"id": "2", "type": "GuildTextChat", "categoryId": "3", "category": "T",
               "name": "pommes", "topic": None}  # fmt: skip
    guild = {"id": "1", "name": "Verger", "iconUrl": "x"}
    return json.dumps({"guild": guild, "channel": channel, "dateRange": {"after": None, "before": None},
                       "exportedAt": "2025-04-01T00:00:00+00:00", "messages": messages,
                       "messageCount": len(messages)}).encode()  # fmt: skip


def rows(lines: list[str], columns: Callable[[int, str], dict[str, str]]) -> bytes:
    written = [columns(n, line) for n, line in enumerate(lines)]
    writer = csv.DictWriter(buffer := io.StringIO(), list(written[0]))
    writer.writeheader()
    writer.writerows(written)
    return buffer.getvalue().encode()


def fourcat(lines: list[str]) -> bytes:
    return rows(lines, lambda n, x: {
        "id": f"verger-{n}", "thread_id": "verger", "chat": "verger", "author": "9f" * 24,
        "author_username": "9f" * 24, "author_name": "REDACTED", "author_is_bot": "", "body": x,
        "body_markdown": x, "is_reply": "", "reply_to": "", "views": "3",
        "timestamp": f"2025-03-{n % 28 + 1:02d} 13:01:00", "unix_timestamp": str(1740830000 + n * 9999),
        "entities_mentioned": "", "attachment_type": "", "attachment_data": json.dumps({"vcard": x}),
    })  # fmt: skip


def zeeschuimer(lines: list[str]) -> bytes:
    posts = (
        {"item_id": f"7{n:018d}", "source_platform": "tiktok.com",
         "data": {"id": f"7{n:018d}", "desc": x, "createTime": 1740830000 + n * 9999,
                  "author": {"uniqueId": "verger.fictif", "nickname": "Robin Exemple"}}}
        for n, x in enumerate(lines)
    )  # fmt: skip
    return "".join(json.dumps(post) + "\n" for post in posts).encode()


def table(lines: list[str]) -> bytes:
    return rows(
        lines, lambda n, x: {"date": f"2025-03-{n % 28 + 1:02d}", "auteur": "Robin", "texte": x}
    )


def workbook(lines: list[str]) -> bytes:
    book = openpyxl.Workbook()
    book.active.append(["date", "texte"])
    for n, line in enumerate(lines):
        book.active.append([f"2025-03-{n % 28 + 1:02d}", line])
    book.save(buffer := io.BytesIO())
    return buffer.getvalue()


def parquet(lines: list[str]) -> bytes:
    dates = [f"2025-03-{n % 28 + 1:02d}" for n in range(len(lines))]
    pq.write_table(pa.table({"date": dates, "texte": lines}), buffer := io.BytesIO())
    return buffer.getvalue()


def transcript(lines: list[str]) -> bytes:
    turns = "".join(f"{'Enquêteur' if n % 2 else 'Robin'} : {x}\n\n" for n, x in enumerate(lines))
    return f"Entretien\nDate : 12 mars 2025\n\n{turns}".encode()


def word(lines: list[str]) -> bytes:
    paper = docx.Document()
    paper.add_paragraph("Date : 12 mars 2025")
    for n, line in enumerate(lines):
        paper.add_paragraph(f"{'Enquêteur' if n % 2 else 'Robin'} : {line}")
    paper.save(buffer := io.BytesIO())
    return buffer.getvalue()


def page(lines: list[str]) -> bytes:
    text = "".join(
        f"<p>{escape(line)}, ajoute le quotidien dans son édition.</p>" for line in lines
    )
    return (
        '<!doctype html><html lang="fr"><head><title>Procès</title>'
        '<meta property="article:published_time" content="2025-03-12"/></head>'
        f"<body><article><h1>Procès</h1>{text}</article></body></html>"
    ).encode()


def feed(lines: list[str]) -> bytes:
    written = "".join(
        f"<item><title>Brève {n}</title><guid>g{n}</guid><dc:creator>Jeanne Exemple</dc:creator>"
        f"<pubDate>Wed, 12 Mar 2025 08:00:00 +0100</pubDate><description>{escape(x)}</description></item>"
        for n, x in enumerate(lines)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Journal</title>'
        f"<link>https://journal-fictif.test</link>{written}</channel></rss>"
    ).encode()


def survey(lines: list[str]) -> bytes:
    return rows(
        lines, lambda n, x: {"cas": f"c{n}", "âge": "20-30", "date": "2025-03-12", "réponse": x}
    )


def form(lines: list[str]) -> bytes:
    text = "\n\n".join(lines)
    return (
        'formulaire = "notes de terrain"\nversion = 1\nlangue = "fr"\nmois = "2025-03"\n'
        f'site = "Lille"\nobservateur = "maraudeuse"\npublics = """\n{text}\n"""\n'
    ).encode()


FILES: dict[str, tuple[str, str, Callable[[list[str]], bytes]]] = {
    "result.json": ("telegram", "public posts", telegram),
    "chat.txt": ("whatsapp", "public posts", whatsapp),
    "WhatsApp Chat - Zed.zip": ("whatsapp", "public posts", whatsapp_zip),
    "signal.md": ("signal", "public posts", signal),
    "message_1.json": ("instagram", "public posts", instagram),
    "channel.json": ("discord", "public posts", discord),
    "4cat.csv": ("fourcat", "public posts", fourcat),
    "zeeschuimer-export.ndjson": ("zeeschuimer", "public posts", zeeschuimer),
    "table.csv": ("tables", "public posts", table),
    "table.xlsx": ("tables", "public posts", workbook),
    "table.parquet": ("tables", "public posts", parquet),
    "entretien.txt": ("transcripts", "interview", transcript),
    "entretien.docx": ("transcripts", "interview", word),
    "article.html": ("press", "press", page),
    "journal.rss": ("feeds", "press", feed),
    "survey.csv": ("survey", "interview", survey),
    "mars.toml": ("forms", "field notes", form),
}
ELSEWHERE = {"indicators": "figures, no text", "refi-qda": "its texts go the way of transcripts"}


@pytest.fixture(scope="module")
def brought_in(tmp_path_factory, request):
    """An observatory with every format brought in, coded, detected and published; and its logs."""
    planter = Planter(20253)
    folder = tmp_path_factory.mktemp("planted")
    material = folder / "material"
    material.mkdir()
    with fanal.create(folder / "obs", "Essai") as observatory:
        for number, (name, (importer, kind, write)) in enumerate(FILES.items()):
            source = f"source-{number}"
            observatory.add_source(SOURCE.format(name=source, kind=kind, importer=importer))
            (material / name).write_bytes(write(planter.sentences()))
            (reckoning,) = observatory.ingest([material / name], source)
            assert reckoning.status == "done", (name, reckoning.detail)
            assert reckoning.documents >= 1, name
        observatory.run()
        observatory.publish_bulletin(observatory.publications)
    return folder, Sought(planter.planted), planter.planted


def test_every_importer_that_reads_texts_is_tried():
    tried = {importer for importer, _, _ in FILES.values()} | set(ELSEWHERE)
    assert {importer.name for importer in BUILTIN} - {"lab", "samples"} <= tried


def test_the_searcher_finds_a_planted_leak(brought_in, tmp_path):
    folder, sought, planted = brought_in
    assert len(set(planted)) >= 1000
    found = set().union(*found_in(folder / "material", sought).values())
    assert len(found) >= 0.99 * len(set(planted))
    # and one that hides in compressed columns
    pq.write_table(pa.table({"text": [f"appelle {planted[0]}"]}), tmp_path / "a.parquet")
    assert found_in(tmp_path, sought) == {"a.parquet": {planted[0]}}


def test_nothing_planted_is_anywhere(brought_in):
    folder, sought, _ = brought_in
    assert found_in(folder / "obs", sought) == {}


def test_what_is_said_of_a_file_never_holds_its_name(brought_in):
    folder, _, _ = brought_in
    assert not found_in(folder / "obs", Sought(["WhatsApp Chat - Zed"]))

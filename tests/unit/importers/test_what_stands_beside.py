"""Words that stand beside a text: embeds, shared posts, notes and comments of documents."""

import io
import json
from datetime import UTC, datetime

from odf.dc import Creator
from odf.office import Annotation
from odf.opendocument import OpenDocumentText
from odf.text import Note, NoteBody, NoteCitation, P

from fanal.door.raw import RawDocument
from fanal.importers.base import Issue, Skipped
from fanal.importers.discord import Discord
from fanal.importers.instagram import Instagram
from fanal.importers.transcripts import Transcripts


def discord(folder, *messages):
    whole = {
        "guild": {"id": "1"}, "channel": {"id": "2"},
        "messages": [
            {"id": str(n), "type": "Default", "timestamp": "2026-03-01T20:00:00+01:00",
             "author": {"id": "9", "name": "kev59"}, **message}
            for n, message in enumerate(messages)
        ],
    }  # fmt: skip
    path = folder / "c.json"
    path.write_text(json.dumps(whole), "utf-8")
    return list(Discord().extract(path))


def texts(rows):
    return [row.text for row in rows if isinstance(row, RawDocument)]


def told(rows):
    return [(i.kind, i.field, i.level) for i in rows if isinstance(i, Issue)]


def skipped(rows):
    return {s.rule: s.count for s in rows if isinstance(s, Skipped)}


def test_an_embed_stands_under_the_text_and_a_preview_is_counted(tmp_path):
    page = "https://example.org/a"
    rows = discord(
        tmp_path,
        {"content": "regardez ça", "embeds": [{"title": "Nitazène trouvé à Roubaix",
                                               "description": "Prudence à tous."}]},
        {"content": f"lisez {page}", "embeds": [{"url": page, "title": "Un journal"}]},
        {"content": "", "embeds": [{"url": page, "title": "Alerte du jour"}]},
    )  # fmt: skip
    assert texts(rows) == [
        "regardez ça\nNitazène trouvé à Roubaix\nPrudence à tous.",
        f"lisez {page}",
        "Alerte du jour",
    ]
    assert skipped(rows) == {"preview of a link": 1}


def test_words_under_an_unknown_key_beside_a_text_are_told_once(tmp_path):
    more = {"checklist": [{"task": "demander les prix de la kétamine à la gare de Lens"}]}
    rows = discord(tmp_path, {"content": "bonsoir", **more}, {"content": "oui", **more})
    assert texts(rows) == ["bonsoir", "oui"]
    assert told(rows) == [("text not read", "checklist", "warning")]


def test_the_text_of_a_shared_post_is_that_of_a_message_without_words(tmp_path):
    post = {"link": "https://example.org/p", "share_text": "Alerte : comprimés roses",
            "original_content_owner": "Nadège Carpentier"}  # fmt: skip
    chat = {
        "participants": [{"name": "Mia"}], "thread_path": "inbox/x_1",
        "messages": [
            {"sender_name": "Mia", "timestamp_ms": 1772362800000, "share": post},
            {"sender_name": "Mia", "timestamp_ms": 1772362900000, "content": "vu ?", "share": post},
        ],
    }  # fmt: skip
    (tmp_path / "message_1.json").write_text(json.dumps(chat), "utf-8")
    rows = list(Instagram().extract(tmp_path / "message_1.json"))
    first, second = (row for row in rows if isinstance(row, RawDocument))
    assert first.text == "Alerte : comprimés roses"
    assert first.time == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert "Nadège Carpentier" in first.names
    assert first.forwarded_from == "Nadège Carpentier"
    assert (second.text, second.forwarded_from) == ("vu ?", None)
    assert skipped(rows) == {"text of a shared post": 1}


def test_notes_of_an_opendocument_are_read_and_its_comments_told(tmp_path):
    document = OpenDocumentText()
    document.text.addElement(P(text="Date : 8 mars 2026"))
    line = P(text="R : La coke est à cinquante euros")
    note = Note(noteclass="footnote")
    note.addElement(NoteCitation(text="1"))
    body = NoteBody()
    body.addElement(P(text="Il parle de la période d'avant Noël."))
    note.addElement(body)
    line.addElement(note)
    line.addText(" le gramme.")
    remark = Annotation()
    remark.addElement(Creator(text="Camille Lefort"))
    remark.addElement(P(text="Vérifier ce prix auprès des autres personnes rencontrées."))
    line.addElement(remark)
    document.text.addElement(line)
    content = io.BytesIO()
    document.save(content)
    path = tmp_path / "e.odt"
    path.write_bytes(content.getvalue())
    rows = list(Transcripts().extract(path))
    assert texts(rows) == [
        "R : La coke est à cinquante euros le gramme.",
        "Il parle de la période d'avant Noël.",
    ]
    assert told(rows) == [("text not read", "comments", "warning")]

"""What programs write as if somebody had said it is counted, and what people say of it is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fanal.door.raw import RawDocument
from fanal.importers.base import Skipped
from fanal.importers.instagram import Instagram
from fanal.importers.reading.notices import notice_in
from fanal.importers.whatsapp.chats import WhatsApp

CALLS = """
Missed voice call|Missed group video call|Voice call, \u200e3 min|Video call. \u200eNo answer
Appel vocal manqué|Appel vocal manqué. \u200eAppuyez pour rappeler|Appel vidéo, \u200e12 s
Verpasster Sprachanruf|Videoanruf, \u200eKeine Antwort|Llamada perdida|Videollamada perdida
Chiamata vocale persa|Videochiamata persa|Gemiste spraakoproep|Gemiste video-oproep
"""
SAID = """
Missed voice call from my dealer, no answer|I missed a voice call|Voice call, then he came with 3 g
J'ai eu un appel vocal manqué|verpasster Sprachanruf war ich, sorry|Llamada perdida de ayer
persa una chiamata|Gemist gesprek gisteren, sorry|This message was deleted by me
"""


@pytest.mark.parametrize("text", CALLS.strip().replace("\n", "|").split("|"))
def test_a_call_is_no_message(text: str) -> None:
    assert notice_in("whatsapp", text) == "call"


@pytest.mark.parametrize("text", SAID.strip().replace("\n", "|").split("|"))
def test_what_people_say_of_calls_is_a_message(text: str) -> None:
    assert notice_in("whatsapp", text) is None


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Reacted ❤️ to your message ", "reaction"),
        ("Réagi ❤️ à votre message", "reaction"),
        ("Robin Petit a réagi par 👍 à votre message", "reaction"),
        ("Hat mit ❤️ auf deine Nachricht reagiert", "reaction"),
        ("Ha reaccionado con 😂 a tu mensaje", "reaction"),
        ("Ha reagito con ❤️ al tuo messaggio", "reaction"),
        ("Heeft met ❤️ op je bericht gereageerd", "reaction"),
        ("Robin a envoyé une pièce jointe.", "attachment"),
        ("Robin hat einen Anhang gesendet.", "attachment"),
        ("Robin envió un archivo adjunto.", "attachment"),
        ("Robin ha inviato un allegato.", "attachment"),
        ("Robin heeft een bijlage verzonden.", "attachment"),
        ("Robin a nommé le groupe Nuit blanche.", "service message"),
        ("Vous avez manqué un appel de Robin.", "call"),
        ("Mon voisin a envoyé une pièce jointe.", None),
        ("Robine a envoyé une photo.", None),
        ("Robin a envoyé une photo du pochon", None),
        ("A réagi fort à votre message", None),
        ("j'ai une pièce jointe à t'envoyer", None),
    ],
)
def test_what_meta_writes_is_told_by_its_words_and_by_who_sent_it(
    text: str, rule: str | None
) -> None:
    assert notice_in("meta", text, ["Robin Petit"]) == rule


@pytest.mark.parametrize("deleted", ["U hebt dit bericht verwijderd", "Has eliminado este mensaje"])
def test_a_chat_of_whatsapp_counts_notices_and_keeps_what_is_said(
    tmp_path: Path, deleted: str
) -> None:
    path = tmp_path / "chat.txt"
    path.write_text(
        "13-03-2025 09:12 - Jip: een gram is 50\n"
        "13-03-2025 09:13 - Bo: Gemiste spraakoproep\n"
        f"13-03-2025 09:15 - Jip: {deleted}\n"
        "13-03-2025 09:19 - Jip: Gemist gesprek gisteren, sorry\n",
        "utf-8",
    )
    found = list(WhatsApp().extract(path))
    texts = [row.text for row in found if isinstance(row, RawDocument)]
    assert texts == ["een gram is 50", "Gemist gesprek gisteren, sorry"]
    skipped = {row.rule: row.count for row in found if isinstance(row, Skipped)}
    assert skipped == {"call": 1, "deleted message": 1}


def test_an_attachment_that_is_in_the_file_is_a_medium(tmp_path: Path) -> None:
    said = {"sender_name": "Robin", "timestamp_ms": 1741770000000}
    notice = {**said, "content": "Robin sent an attachment."}
    messages = [notice, {**notice, "photos": [{"uri": "a.jpg"}]}, {**said, "content": "25 a gram"}]
    path = tmp_path / "message_1.json"
    path.write_text(json.dumps({"participants": [], "messages": messages}), "utf-8")
    found = list(Instagram().extract(path))
    assert [(row.text, row.media_kind) for row in found if isinstance(row, RawDocument)] == [
        ("", "photo"),
        ("25 a gram", None),
    ]
    assert [row for row in found if isinstance(row, Skipped)] == [Skipped("attachment")]

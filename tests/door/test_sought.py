"""The searcher finds a planted leak in every disguise, before its silence means anything."""

from __future__ import annotations

import json
from urllib.parse import quote

import planted
import pytest

from fanal.door.identifiers import screen_text
from fanal.testing.sought import Sought

PLANTED = [
    "06 39 98 12 34",
    "le.chimiste_33",
    "Inès",
    "contact.plug@protonmail.com",
    "12 rue Bélair",
]
SOUGHT = Sought(PLANTED)


@pytest.mark.parametrize("identifier", PLANTED)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_leak_is_found_in_any_encoding(identifier: str, encoding: str) -> None:
    assert identifier in SOUGHT.find(f"avant {identifier} après".encode(encoding))


def test_a_leak_is_found_however_it_is_written() -> None:
    for text in (
        "0639981234",
        "06.39.98.12.34",
        "+33 6 39 98 12 34",
        "0033639981234",
        "6-39-98-12-34",
    ):
        assert SOUGHT.find(text) == {"06 39 98 12 34"}, text
    assert SOUGHT.find("LE.CHIMISTE_33") == {"le.chimiste_33"}
    assert SOUGHT.find(json.dumps("chez Inès")) == {"Inès"}
    assert SOUGHT.find(quote("12 rue Bélair")) == {"12 rue Bélair"}
    assert SOUGHT.find("chez ines") == {"Inès"}


def test_what_is_not_there_is_not_found() -> None:
    assert SOUGHT.find("Finesse, 06 39 98 12 35, la rue et le chimiste") == set()


def test_nothing_planted_is_in_what_the_door_stores() -> None:
    messages = [m for m in planted.messages(31, 1000, held=False) if "PERSON" not in m]
    texts = [planted.plain(message) for message in messages]
    shapeless = ("HANDLE_NOCUE", "HANDLE")
    gold = {
        text[start:stop]
        for message, text in zip(messages, texts, strict=True)
        for start, stop, kind in planted.gold(message)
        if kind not in shapeless
    }
    sought = Sought(gold)
    assert len(sought.find("\n".join(texts))) > 300
    stored = "\n".join(result.text or "" for result in screen_text(texts))
    assert sought.find(stored) == set()

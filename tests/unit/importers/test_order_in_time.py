"""Lines of an older chat that somebody pasted into a message stay in it."""

from datetime import datetime

import pytest

from fanal.door.raw import RawDocument
from fanal.importers.base import Issue
from fanal.importers.reading.order import MOST, pasted_between
from fanal.importers.signal import Signal
from fanal.importers.whatsapp.chats import WhatsApp


def at(text):
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("days", "pasted"),
    [
        (("2026-03-12", "2024-01-02", "2024-01-03", "2026-03-12"), [1, 2]),
        (("2026-03-12", "2024-01-02", "2026-09-12"), [1]),
        (("2026-03-12", "2026-02-20", "2026-03-13"), []),  # came late
        (("2026-03-12", "2024-01-02", "2024-01-03"), []),  # and did not go on where it was
        (("2026-03-12", "2024-01-02", "2025-01-03", "2026-03-13"), [1, 2]),
        (("2026-05-01", "2026-01-02", "2026-02-02", "2026-04-30", "2026-05-02"), []),  # of a plan
        (("2026-03-12", "2026-01-20", "2028-03-13"), []),  # a year of silence tells nothing
        (("2026-03-12", *["2024-01-02"] * (MOST + 1), "2026-03-13"), []),
    ],
)
def test_what_goes_far_back_between_two_messages_is_pasted(days, pasted):
    assert list(pasted_between(map(at, days))) == pasted


OLD = "02/01/2024, 10:00 - Zed: la coke à 90\n03/01/2024, 10:30 - Zed: la coke à 85"


def read(importer, folder, name, text):
    (folder / name).write_text(text, "utf-8")
    found = list(importer.extract(folder / name))
    rows = [r for r in found if isinstance(r, RawDocument)]
    told = [(i.kind, i.level, i.hint[:1]) for i in found if isinstance(i, Issue)]
    assert told == [("lines back in time", "note", "2")]
    return [(str(r.time)[:10], r.author, r.text) for r in rows], rows[0].names


def test_whatsapp(tmp_path):
    said, names = read(
        WhatsApp(), tmp_path, "chat.txt",
        "12/03/2026, 18:00 - Mia: salut, j'ai retrouvé ça :\n"
        f"{OLD}\n"
        "12/03/2026, 18:02 - Lou: ah oui\n14/03/2026, 09:00 - Mia: maintenant 60\n"
        "25/03/2026, 09:00 - Lou: ok\n",
    )  # fmt: skip
    assert said == [
        ("2026-03-12", "Mia", f"salut, j'ai retrouvé ça :\n{OLD}"),
        ("2026-03-12", "Lou", "ah oui"), ("2026-03-14", "Mia", "maintenant 60"),
        ("2026-03-25", "Lou", "ok"),
    ]  # fmt: skip
    assert "Zed" in names


def test_signal(tmp_path):
    said, names = read(
        Signal(), tmp_path, "chat.md",
        "[2026-03-12, 18:00] Mia: regarde :\n[2024-01-02, 10:00] Zed: coke à 90\n"
        "[2024-01-03, 10:00] Zed: coke à 85\n[2026-03-12, 18:05] Lou: cher\n",
    )  # fmt: skip
    assert said == [
        ("2026-03-12", "Mia",
         "regarde :\n[2024-01-02, 10:00] Zed: coke à 90\n[2024-01-03, 10:00] Zed: coke à 85"),
        ("2026-03-12", "Lou", "cher"),
    ]  # fmt: skip
    assert names == ("Mia", "Zed", "Zed")


AGENDA = "14/03/2026, 22:00 - Teuf: hangar\n15/03/2026, 23:00 - After: cave"


@pytest.mark.parametrize(
    ("listed", "below"),
    [
        (AGENDA, "12/03/2026, 18:05 - Lou: ok\n"),  # the chat goes on where it was
        (AGENDA.replace("Teuf: ", "").replace("After: ", ""), "12/03/2026, 18:05 - Lou: ok\n"),
        (AGENDA, ""),
        (f"{AGENDA}\n21/03/2026, 20:30 - rave", "12/03/2026, 18:05 - Lou: ok\n"),
    ],
)
def test_a_list_of_what_is_planned_is_part_of_its_message(tmp_path, listed, below):
    text = f"11/03/2026, 09:12 - Lou: salut\n12/03/2026, 18:00 - Mia: agenda :\n{listed}\n{below}"
    (tmp_path / "chat.txt").write_text(text, "utf-8")
    found = list(WhatsApp().extract(tmp_path / "chat.txt"))
    rows = [(r.author, r.text) for r in found if isinstance(r, RawDocument)]
    assert rows == [("Lou", "salut"), ("Mia", f"agenda :\n{listed}"), ("Lou", "ok")][: len(rows)]
    assert len(rows) == (3 if below else 2)
    told = [(i.kind, i.level) for i in found if isinstance(i, Issue)]
    assert told == [("date inside a text", "note")]


@pytest.mark.parametrize(
    "messages",
    [
        AGENDA.replace("Teuf", "Lou"),  # who writes elsewhere
        AGENDA.replace("22:00", "22:07"),  # an hour that nobody plans
        AGENDA.partition("\n")[0],  # one line is no list
    ],
)
def test_messages_under_a_colon_are_messages(tmp_path, messages):
    text = f"11/03/2026, 09:12 - Lou: salut\n12/03/2026, 18:00 - Mia: voilà :\n{messages}\n"
    (tmp_path / "chat.txt").write_text(text, "utf-8")
    found = list(WhatsApp().extract(tmp_path / "chat.txt"))
    rows = [r for r in found if isinstance(r, RawDocument)]
    assert len(rows) == 3 + messages.count("\n")
    assert not [r for r in found if isinstance(r, Issue)]

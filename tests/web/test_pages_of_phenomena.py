"""Phenomena: what was told last stands first, and each is told as it is called."""

import re
from datetime import UTC, datetime

from fanal.people import triage


def state(ws, title, year):
    row = triage.state_phenomenon(
        title, "substance=ketamine", "vu par deux sources", "new", year, "analyst",
        datetime(2026, 1, 5, tzinfo=UTC), origin="TREND",
    )  # fmt: skip
    ws.acting("analyst").state_phenomenon(row)


def test_what_was_told_last_stands_first_then_by_title(app, visitor):
    for title, year in (("Bravo", 2024), ("Delta", 2025), ("Alpha", 2023), ("Charlie", 2025)):
        state(app.state.ws, title, year)
    page = visitor("analyst").get("/phenomena").text
    assert re.findall(r"Alpha|Bravo|Charlie|Delta", page) == ["Charlie", "Delta", "Bravo", "Alpha"]


def test_the_form_offers_every_character(visitor):
    page = visitor("analyst").get("/phenomena/new").text
    offered = re.findall(r'<option value="([a-z]+)"[^>]*>([^<]+)</option>', page)
    assert [words for key, words in offered if key in ("new", "fading")] == [
        "nouveau", "en recul",
    ]  # fmt: skip

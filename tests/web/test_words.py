"""What the pages call things, in both languages."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from fanal.web import labels, visits, words
from fanal.wording.language import Language
from fanal.workspace import Workspace


def test_an_issue_of_a_plug_in_keeps_its_name():
    french = Language("fr")
    assert french.say("odd") == "odd"
    assert french.say("no date") == "pas de date"
    assert french.say("quarantined: run of digits") == "mis en quarantaine par la porte"


@pytest.mark.parametrize(
    ("kind", "fields", "told"),
    [
        ("mention", {"substance": "ketamine"}, "Kétamine"),
        ("price", {"amount": 40.0, "currency": "EUR"}, "40\xa0€"),
        ("price", {"amount": 40.0, "amount_max": 60.0, "currency": "EUR"}, "40\xa0€ · 60\xa0€"),
        ("price", {"amount": 40.0, "currency": "EUR", "quantity": 2.0, "unit": "g"},
         "40\xa0€ · 2\xa0g"),
        ("dose", {"amount": 120.0, "unit": "mg"}, "120 mg"),
        ("purity", {"percent": 70.0}, "70\u202f%"),
        ("purity", {"percent": 60.0, "percent_max": 70.5}, "60 – 70,5\u202f%"),
        ("bonus", {"bought": 5.0, "free": 1.0}, "5 + 1"),
        ("bonus", {"bought": 5.0}, "5 + 0"),
        ("hours", {"days": "lun-ven", "opens": "10:00", "closes": "22:00"}, "lun-ven 10:00 22:00"),
    ],
)  # fmt: skip
def test_a_fact_in_a_few_words(tmp_path, kind, fields, told):
    language = Language("fr")
    with Workspace.create(tmp_path / "obs", "Essai") as ws:
        visit = SimpleNamespace(language=language, say=language.say, ws=ws)
        assert labels.fact(visit, kind, fields) == told


TABLES = (
    *(getattr(words, name) for name in (
        "ROLES", "STATES", "VERDICTS", "SAID", "DIRECTIONS", "STANCES", "HARM", "QUALITY",
        "RESPONSES", "STAGES", "STATUS", "COUNTED", "FINENESS", "LEVELS",
    )),
    *(getattr(labels, name) for name in (
        "MEASURES", "DIMENSIONS", "LANGUAGES", "BASES", "FORMS", "KINDS",
    )),
    visits.DONE,
)  # fmt: skip


def test_each_thing_is_called_as_the_list_says():
    """`called.txt` says what an English reader sees of each: table, key and words."""
    called = Path(__file__).with_name("called.txt").read_text("utf-8").splitlines()
    say = Language("en").say
    found = [f"{key}: {say(said)}" for table in TABLES for key, said in table.items()]
    assert found == [line.partition(" ")[2] for line in called]
    assert {key: say(said) for key, said in words.ISSUES.items()} == {k: k for k in words.ISSUES}


RESPONSES = {  # by harm, then by quality of evidence
    1: ("watch", "watch", "bulletin", "bulletin"),
    2: ("watch", "bulletin", "bulletin", "professionals"),
    3: ("verify", "professionals", "professionals", "alert"),
    4: ("verify", "professionals", "alert", "alert"),
}


@pytest.mark.parametrize("harm", RESPONSES)
def test_the_response_that_grades_suggest(harm):
    told = [words.response(harm, quality) for quality in (1, 2, 3, 4)]
    assert told == [words.RESPONSES[name] for name in RESPONSES[harm]]

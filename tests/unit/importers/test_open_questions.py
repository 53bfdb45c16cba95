"""Surveys of several open questions: all that ask for words are read, and the others are named."""

import pytest

from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.survey import Survey

WHY = "Qu'est-ce qui a changé ?"
SAID = (
    "Le gramme est passé à 50 euros",
    "Les prix ne bougent plus du tout",
    "Rien de neuf par ici",
)


def read(tmp_path, column, answers, dates=("12", "13", "14")):
    rows = zip(dates, SAID, answers, strict=True)
    text = f"id;date;Ville;{WHY};{column}\n" + "".join(
        f"{n};{day and day + '/03/2025'};Lille;{said};{answer}\n"
        for n, (day, said, answer) in enumerate(rows, 1)
    )
    path = tmp_path / "survey.csv"
    path.write_text(text, "utf-8")
    return list(Survey().extract(path))


def asked(found):
    return {r.message for r in found if isinstance(r, RawDocument)}


@pytest.mark.parametrize(
    ("column", "answers", "taken"),
    [
        ("Autre chose à dire ?", ("Rien", "", "Les livreurs ont une carte de fidélité"), True),
        ("Remarques", ("RAS", "", "On ne trouve plus rien ici"), True),
        ("Anything else", ("No", "They deliver by bike now", "Nothing"), True),
        ("Autre chose à dire ?", ("Rien", "", "Merci bien"), False),  # no sentence in it
        ("Autre chose à dire ?", ("On ne trouve plus rien ici",) * 2 + ("Non",), True),
        ("Autre chose à dire ?", ("On ne trouve plus rien ici",) * 3, False),  # a choice
        ("Quels produits ?", ("Cocaïne, Speed, MDMA, LSD", "3-MMC", "Héroïne"), False),
        ("Quels produits ?", ("MDMA", "GHB/GBL ; Speed et coke", "Héroïne"), False),
        ("Profession", ("Aide de nuit à domicile", "Rien", "Étudiant"), False),  # asks for no words
    ],
)
def test_a_column_that_asks_openly_needs_only_some_sentences(tmp_path, column, answers, taken):
    assert asked(read(tmp_path, column, answers)) == {WHY, *([column] if taken else [])}


def test_each_answer_is_a_document_under_its_question(tmp_path):
    found = read(tmp_path, "Autre chose ?", ("Rien", "", "Les livreurs ont une carte de fidélité"))
    told = [(r.author, r.position, r.text) for r in found if isinstance(r, RawDocument)]
    assert told == [
        ("1", 0, SAID[0]),
        ("1", 1, "Rien"),
        ("2", 0, SAID[1]),
        ("3", 0, SAID[2]),
        ("3", 1, "Les livreurs ont une carte de fidélité"),
    ]


def test_columns_that_are_not_read_are_named_once(tmp_path):
    found = read(tmp_path, "Âge", ("18-25", "26-35", "36-45"))
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [
        ("column of an attribute", 2)
    ]
    (issue,) = [r for r in found if isinstance(r, Issue)]
    assert (issue.kind, issue.record, issue.level) == ("columns not read", 1, "note")
    assert issue.hint.startswith("Ville | Âge: ")


def test_many_columns_are_named_up_to_a_number(tmp_path):
    names = [f"Q{n}" for n in range(50)]
    head = ";".join(("id", "date", WHY, *names))
    rows = "".join(f"{n};1{n + 3}/03/2025;{SAID[n]}" + ";1" * 50 + "\n" for n in range(3))
    path = tmp_path / "survey.csv"
    path.write_text(f"{head}\n{rows}", "utf-8")
    (issue,) = [r for r in Survey().extract(path) if isinstance(r, Issue)]
    assert issue.hint.startswith(" | ".join(names[:40]) + " and 10 more: ")


def test_what_a_program_writes_by_itself_is_not_named(tmp_path):
    path = tmp_path / "survey.csv"
    rows = "".join(f"{n};2025-03-1{n};3;fr;{SAID[n]}\n" for n in range(3))
    path.write_text(f"id;submitdate;lastpage;startlanguage;{WHY}\n{rows}", "utf-8")
    found = list(Survey(time="submitdate").extract(path))
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [
        ("column of an attribute", 2)
    ]
    assert not [r for r in found if isinstance(r, Issue)]


def test_a_case_without_words_is_left_out_though_it_has_no_date(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text(
        f"id;date;{WHY}\n1;12/03/2025;{SAID[0]}\n2;;\n3;;{SAID[1]}\n4;13/03/2025;{SAID[2]}\n",
        "utf-8",
    )
    found = list(Survey().extract(path))
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [("row without text", 1)]
    assert [(i.kind, i.record) for i in found if isinstance(i, Issue)] == [("date not readable", 4)]

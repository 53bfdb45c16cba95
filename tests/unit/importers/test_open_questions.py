"""Surveys of several open questions: all that ask for words are read, and the others are named."""

import pytest

from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.survey import CHOICES, Survey

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
    said = {r.message for r in found if isinstance(r, RawDocument)}
    return said - {CHOICES}


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
        ("column of an attribute", 1)
    ]
    (issue,) = [r for r in found if isinstance(r, Issue)]
    assert (issue.kind, issue.record, issue.level) == ("columns not read", 1, "note")
    assert issue.hint.startswith("Âge (3): rows in which something stands; ")


def test_many_columns_are_named_up_to_a_number(tmp_path):
    names = [f"Q{n}" for n in range(50)]
    head = ";".join(("id", "date", WHY, *names))
    rows = "".join(f"{n};1{n + 3}/03/2025;{SAID[n]}" + ";1" * 50 + "\n" for n in range(3))
    path = tmp_path / "survey.csv"
    path.write_text(f"{head}\n{rows}", "utf-8")
    (issue,) = [r for r in Survey().extract(path) if isinstance(r, Issue)]
    assert issue.hint.startswith(" | ".join(f"{n} (3)" for n in names[:40]) + " and 10 more: ")


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


def told_of(found):
    return [(r.kind, r.field, r.hint.partition(":")[0]) for r in found if isinstance(r, Issue)]


def test_where_a_case_is_is_the_place_of_its_answers(tmp_path):
    rows = zip(("Lille", "ROUBAIX ", "Perdu-les-Bains", ""), (*SAID, "Rien du tout de plus"),
               strict=True)  # fmt: skip
    path = tmp_path / "survey.csv"
    text = "".join(f"{n};2025-03-1{n};{town};59;{said}\n" for n, (town, said) in enumerate(rows))
    path.write_text(f"id;date;Votre ville ?;Département;{WHY}\n{text}", "utf-8")
    found = list(Survey().extract(path))
    places = [r.place for r in found if isinstance(r, RawDocument)]
    assert places == ["59350", "59512", "59", "59"]
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == []
    path.write_text(f"id;date;Région;{WHY}\n1;2025-03-11;32;{SAID[0]}\n", "utf-8")
    (answer,) = Survey().extract(path)
    assert answer.place == "R32"
    path.write_text(f"id;date;ville;{WHY}\n1;2025-03-11;Nulle-Part;{SAID[0]}\n", "utf-8")
    answer, issue = Survey().extract(path)
    assert answer.place is None
    assert (issue.kind, issue.field, issue.level) == ("place not known", "ville", "warning")
    answer, issue = Survey(country="IT").extract(path)
    assert (answer.place, issue.level) == ("IT", "note")


@pytest.mark.parametrize(
    ("columns", "cells", "chosen"),
    [
        (["Produits ?"], [["Cocaïne, MDMA"], ["Kétamine"], [""]], ["Cocaïne, MDMA", "Kétamine"]),
        (["produits/cocaine", "produits/mdma"], [["1", "1"], ["0", "1"], ["0", "0"]],
         ["cocaine\nmdma", "mdma"]),
        (["P[SQ1] [Cocaïne]", "P[SQ2] [Autre]"], [["Oui", "Oui"], ["Non", ""], ["Oui", "Non"]],
         ["Cocaïne", "Cocaïne"]),
        (["p (choice=LSD)"], [["Checked"], ["Unchecked"], ["Checked"]], ["LSD", "LSD"]),
        (["Voie"], [["nasale"], ["fumée"], ["nasale"]], []),
        (["Acheté en ligne ?"], [["Oui"], ["Non"], ["Oui"]], []),
        (["Prénom"], [["Marie"], ["Blanche"], ["Neige"]], []),
    ],
)  # fmt: skip
def test_what_was_chosen_of_substances_is_one_document_of_the_case(
    tmp_path, columns, cells, chosen
):
    path = tmp_path / "survey.csv"
    rows = "".join(f"{n};2025-03-1{n};{';'.join(said)};{SAID[n]}\n" for n, said in enumerate(cells))
    path.write_text(f"id;date;{';'.join(columns)};{WHY}\n{rows}", "utf-8")
    found = list(Survey().extract(path))
    documents = [r for r in found if isinstance(r, RawDocument)]
    assert [r.text for r in documents if r.message == CHOICES] == chosen
    assert [r.text for r in documents if r.message == WHY] == list(SAID)
    named = [hint for kind, _, hint in told_of(found) if kind == "columns not read"]
    assert bool(named) == (not chosen or "Autre" in columns[-1])


def test_choices_that_are_asked_for_are_kept(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text(f"id;date;Voie;{WHY}\n1;2025-03-11;nasale;{SAID[0]}\n", "utf-8")
    said, chosen = Survey(choices=("voie",)).extract(path)
    assert [(r.message, r.text, r.position) for r in (said, chosen)] == [
        (WHY, SAID[0], 0), (CHOICES, "nasale", 1)
    ]  # fmt: skip


def test_a_survey_of_choices_alone_is_read(tmp_path):
    path = tmp_path / "survey.csv"
    path.write_text("id;date;Produits ?\n1;2025-03-11;MDMA\n2;2025-03-11;cocaïne\n", "utf-8")
    assert [r.text for r in Survey().extract(path)] == ["MDMA", "cocaïne"]


ASKED = "Que diriez-vous des prix cette année ?"
PREVIEWS = [
    ("Status", "Survey Preview"),
    ("Response Type", "Survey Test"),
    ("Statut", "Aperçu de l'enquête"),
    ("DistributionChannel", "preview"),
    ("Antworttyp", "Umfragevorschau"),
]


def rows_of_qualtrics(tmp_path, column, cells):
    path = tmp_path / "export.csv"
    path.write_text(
        f"ResponseId,StartDate,{column},{ASKED}\n"
        + "".join(f"R_{n},2026-03-0{n + 1},{c},{SAID[n]}\n" for n, c in enumerate(cells)),
        "utf-8",
    )
    return list(Survey().extract(path))


@pytest.mark.parametrize(("column", "cell"), PREVIEWS)
def test_a_look_at_the_survey_is_no_answer(tmp_path, column, cell):
    found = rows_of_qualtrics(tmp_path, column, ("IP Address", cell, "anonymous"))
    assert [r.text for r in found if isinstance(r, RawDocument)] == [SAID[0], SAID[2]]
    assert [r.rule for r in found if isinstance(r, Skipped)].count("preview of the survey") == 1


@pytest.mark.parametrize(
    ("column", "cell"),
    [("Status", "Test"), ("Statut", "Salarié"), ("Profession", "preview"), ("Status", "Imported")],
)
def test_other_answers_in_such_a_column_stay(tmp_path, column, cell):
    found = rows_of_qualtrics(tmp_path, column, ("IP Address", cell, "anonymous"))
    assert [r.text for r in found if isinstance(r, RawDocument)] == [*SAID]

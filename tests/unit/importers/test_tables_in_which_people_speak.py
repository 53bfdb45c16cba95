"""A transcript may be a table: a column of who speaks, or one for each; other tables are none."""

from types import SimpleNamespace

import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawDocument, Skipped
from fanal.importers.reading.spoken_tables import spoken_tables
from fanal.importers.transcripts import Transcripts
from fanal.stages.ingest import claims

NAMED = (
    "Speaker,Start time,Transcript\n"
    "Speaker 1,0:01,Where do you buy?\nLou,0:05,In the park.\nLou,0:09,At night.\n"
    "Lou,0:10,[laughs]\nSpeaker 1,0:12,And before?\nLou,0:15,Seven.\n"
)
ACROSS = (
    "Temps;Enquêteur;Participant 1;Participant 2\n0:05;Où achetez-vous ?;;\n"
    "0:12;;Au parc, dix euros.;\n0:20;;;Moins cher en ligne.\n0:31;Et la qualité ?;;\n"
)


def written(tmp_path, text):
    path = tmp_path / "e_2026-03-12.csv"
    path.write_text(text, "utf-8")
    return path


def reader(path, kind):
    return claims.reader(SimpleNamespace(importer="", kind=kind, mapping={}), identify(path), path)


def test_who_speaks_stands_in_a_column(tmp_path):
    path = written(tmp_path, NAMED)
    found = list(Transcripts().extract(path))
    said = [r for r in found if isinstance(r, RawDocument)]
    assert [(r.author, r.text) for r in said] == [
        ("e_2026-03-12: Speaker 1", "Where do you buy?"),
        ("e_2026-03-12: Lou", "In the park.\nAt night."),
        ("e_2026-03-12: Speaker 1", "And before?"),
        ("e_2026-03-12: Lou", "Seven."),
    ]
    assert {(str(r.time), r.names) for r in said} == {("2026-03-12", ("Lou",))}
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [("note of a sound", 1)]
    (told,) = [r for r in found if isinstance(r, Issue)]
    assert (told.kind, told.level) == ("columns not read", "note")
    assert told.hint.startswith("Start time (6)")


def test_each_who_speaks_has_a_column(tmp_path):
    said = [r for r in Transcripts().extract(written(tmp_path, ACROSS)) if hasattr(r, "text")]
    assert [(r.author.partition(": ")[2], r.text) for r in said] == [
        ("Enquêteur", "Où achetez-vous ?"),
        ("Participant 1", "Au parc, dix euros."),
        ("Participant 2", "Moins cher en ligne."),
        ("Enquêteur", "Et la qualité ?"),
    ]


@pytest.mark.parametrize("text", [NAMED, ACROSS])
def test_the_kind_of_the_source_says_that_it_is_one(tmp_path, text):
    path = written(tmp_path, text)
    assert reader(path, "interview") == reader(path, "field notes") == "transcripts"
    assert reader(path, "public posts") == "tables"


@pytest.mark.parametrize(
    "text",
    [
        "Date;Locuteur;Propos\n2/3/2026;A;Un bas\n3/3/2026;B;Non\n4/3/2026;A;Si\n5/3/2026;B;Un\n",
        "Participant;Que dire des prix ?\nP1;Ils ont beaucoup baissé\nP2;Ils montent encore\n",
        "Qui;Texte\nEnquêteur;Un prix bas ici\nLou;Un prix haut ici\n",
        "Usager;Personne;Total\n12;3;15\n4;;4\n",
        "Question;Réponse\nOù achetez-vous ?;Au parc le soir\nEt avant ?;Au port le matin\n",
    ],
)
def test_other_tables_are_none(tmp_path, text):
    assert spoken_tables(written(tmp_path, text))[0] == []

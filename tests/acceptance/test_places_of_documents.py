"""The place that a file gives is that of its documents, as coarse as the source allows."""

import pytest
from test_identity import SOURCE, Place
from typer.testing import CliRunner

from fanal.cli.app import app
from fanal.cli.main import register
from fanal.workspace import Workspace

SURVEY = """id;date;Ville;Âge;Produits ?;Que diriez-vous des prix ?
1;12/03/2026;Lille;23;Cocaïne, MDMA;les prix ont beaucoup baissé depuis janvier
2;13/03/2026;Roubaix;31;Kétamine;rien ne change par ici en ce moment
"""
POSTS = """id;date;texte;Ville;Note interne
1;2026-03-12;coke à 60 ce soir;Lille;vu
2;2026-03-13;kéta à 30 le g;Arras;
"""


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("places") / "ws", "essai") as workspace:
        yield workspace


@pytest.mark.parametrize(
    ("finest", "places"),
    [
        ("commune", ["59350", "59350", "59512", "59512"]),
        ("département", ["59"] * 4),
        ("région", ["R32"] * 4),
        ("none", [None] * 4),
    ],
)
def test_the_town_of_a_case_is_kept_as_coarse_as_the_source_allows(ws, tmp_path, finest, places):
    place = Place(ws, tmp_path, f"survey-{finest.encode('ascii', 'ignore').decode()}")
    place.describe("interview", f'[coarsening]\nplace = "{finest}"\n')
    path = place.file("reponses.csv", SURVEY)
    (told,) = ws.ingest([path], place.name)
    assert (told.read, told.documents, told.skipped) == (5, 4, {"column of an attribute": 1})
    query = "SELECT place, text FROM documents WHERE source = ? ORDER BY day, position"
    rows = ws.tables.rows(query, [place.name])
    assert [row["place"] for row in rows] == places
    assert [row["text"] for row in rows] == [
        "les prix ont beaucoup baissé depuis janvier", "Cocaïne, MDMA",
        "rien ne change par ici en ce moment", "Kétamine",
    ]  # fmt: skip
    query = "SELECT kind, level, hint FROM issues WHERE source = ?"
    (issue,) = ws.tables.rows(query, [place.name])
    assert (issue["kind"], issue["level"]) == ("columns not read", "note")
    assert issue["hint"].startswith("Âge (2): ")


def test_the_town_of_a_post_is_kept_and_columns_that_are_not_read_are_named(ws, tmp_path):
    place = Place(ws, tmp_path, "posts")
    place.describe("public posts")
    assert place.read(place.file("posts.csv", POSTS)) == [("done", 2, 0, 0, 0)]
    query = "SELECT place FROM documents WHERE source = 'posts' ORDER BY day"
    assert [row["place"] for row in ws.tables.rows(query)] == ["59", "62"]
    (issue,) = ws.tables.rows("SELECT kind, hint FROM issues WHERE source = 'posts'")
    assert issue["kind"] == "columns not read"
    assert issue["hint"].startswith("Note interne (1): ")


def test_the_command_says_what_was_not_read(tmp_path):
    folder, path = tmp_path / "ws", tmp_path / "posts.csv"
    with Workspace.create(folder, "essai") as workspace:
        workspace.add_source(SOURCE.format(name="posts", kind="public posts"))
    path.write_text(POSTS, "utf-8")
    register()
    told = CliRunner().invoke(app, ["ingest", str(path), "-s", "posts", "-d", str(folder)])
    assert told.exit_code == 0
    note = [line for line in told.output.splitlines() if line.startswith("  note: ")]
    assert [line.partition(": rows")[0] for line in note] == [
        "  note: columns not read (1 records): Note interne (1)"
    ]

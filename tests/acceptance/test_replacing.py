"""A file that would replace many other records stops; later versions of the same do not."""

import json
import re
from datetime import date, timedelta

import pytest
from test_identity import Place

from fanal.workspace import Workspace


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("replacing") / "ws", "essai") as workspace:
        yield workspace


@pytest.fixture
def place(ws, tmp_path, request):
    return Place(ws, tmp_path, request.node.name.replace("_", "-").lower()[:60])


def posts(of, words, first=date(2026, 5, 1)):
    days = (first + timedelta(n) for n in range(of))
    return "id;date;texte\n" + "".join(f"{n};{day};{words}\n" for n, day in enumerate(days))


STOPPED = ("failed", 0, 0, 0, 0)
ASKED = """\
6 of 6 records would replace others that are stored under the same numbers and say something else \
(…, …, … and 3 more); nothing of the file was stored; allowed: later versions of the same records; \
of others at most 10% of a file; if its numbers mean other records than before, remove ids = \
"global" from the description, or give the files a source each; if it is a later version of them, \
bring it in with: fanal ingest --replace"""


def test_other_records_under_the_same_numbers_stop_and_are_asked_for(place):
    place.describe("public posts", 'ids = "global"')
    may = place.file("mai.csv", posts(6, "coke à 60 ce soir"))
    june = place.file("juin.csv", posts(6, "la kétamine se raréfie", date(2026, 6, 1)))
    last = place.file("fin.csv", "id;date;texte\n90;2026-07-01;rien de neuf\n")
    assert place.read(may, june, last) == [("done", 6, 0, 0, 0), STOPPED, ("done", 1, 0, 0, 0)]
    assert place.latest() == ["coke à 60 ce soir"] * 6 + ["rien de neuf"]
    (told,) = place.ws.ingest([june], place.name)  # sent again it is read, and asks, again
    assert re.sub(r"\b[a-z2-7]{8}(?=,| and)", "…", told.detail) == ASKED
    run = "SELECT status, rows_in, rows_out FROM runs WHERE detail = ? LIMIT 1"
    assert place.ws.tables.rows(run, [told.detail]) == [
        {"status": "failed", "rows_in": 0, "rows_out": 0}
    ]
    (yes,) = place.ws.ingest([june], place.name, replace=True)
    assert (yes.status, yes.documents, yes.replaced) == ("done", 0, 6)
    assert place.latest() == ["la kétamine se raréfie"] * 6 + ["rien de neuf"]
    assert place.read(june) == [("known", 0, 0, 0, 0)]


def test_fewer_than_a_handful_or_than_a_tenth_are_replaced_and_counted(place):
    place.describe("public posts", 'ids = "global"')
    place.read(place.file("a.csv", posts(60, "coke à 60 ce soir")))
    few = posts(4, "la kétamine se raréfie")
    assert place.read(place.file("b.csv", few)) == [("done", 0, 4, 0, 0)]
    rows = posts(60, "coke à 60 ce soir").splitlines(True)
    gone = posts(60, "rien, plus personne").splitlines(True)
    tenth = "".join([*rows[:41], *gone[41:47], *rows[47:]])
    assert place.read(place.file("c.csv", tenth)) == [("done", 0, 6, 54, 0)]
    more = "".join([*rows[:48], *gone[48:55], *rows[55:]])
    assert place.read(place.file("d.csv", more)) == [STOPPED]


def channel(of, words, more="", author="channel7", first=date(2026, 5, 1)):
    """Return the export of a channel: messages that are numbered, each with its day."""
    said = [words] * of + [more] * bool(more)
    messages = [
        {"id": n, "type": "message", "date": f"{first + timedelta(n)}T12:00:00", "from": "C",
         "from_id": author, "text": text} for n, text in enumerate(said)
    ]  # fmt: skip
    return json.dumps({"name": "C", "type": "public_channel", "id": 7, "messages": messages})


def test_a_later_export_whose_messages_were_all_edited_is_no_other(place):
    place.describe("public posts")
    assert place.read(place.file("result.json", channel(8, "coke à 60"))) == [("done", 8, 0, 0, 0)]
    later = place.file("result.json", channel(8, "la kétamine se raréfie", "on ferme"))
    assert place.read(later) == [("done", 1, 8, 0, 0)]
    assert place.read(place.file("old.json", channel(7, "coke à 60"))) == [("done", 0, 0, 7, 0)]


def test_an_export_that_numbers_its_messages_for_somebody_else_stops(place):
    place.describe("public posts")
    place.read(place.file("result.json", channel(8, "coke à 60")))
    other = channel(8, "la kétamine se raréfie", first=date(2026, 6, 1))
    assert place.read(place.file("result.json", other)) == [STOPPED]
    assert place.stored("count(*), max(version)") == [8, 1]


LAB = "N°;Date;Vendu comme;Substance;Teneur (%)\n"


def lab(sold_as, found, month):
    return LAB + "".join(f"A{n};1{n}/0{month}/2026;{sold_as};{found};{60 + n}\n" for n in range(6))


def test_references_that_begin_again_stop_where_they_hold_for_ever(place):
    place.describe("lab", 'ids = "global"')
    first, other = lab("cocaïne", "cocaïne", 3), lab("MDMA", "kétamine", 4)
    assert place.read(place.file("mars.csv", first)) == [("done", 6, 0, 0, 0)]
    assert place.read(place.file("avril.csv", other)) == [STOPPED]
    assert place.ws.tables.rows(
        "SELECT DISTINCT label, sold_as_label FROM every_results r JOIN every_samples s "
        "ON r.sample = s.id WHERE s.source = ?", [place.name]
    ) == [{"label": "cocaïne", "sold_as_label": "cocaïne"}]  # fmt: skip
    moved = first.replace("/03/", "/04/")  # the same results under corrected days
    assert place.read(place.file("mars.csv", moved)) == [("done", 0, 6, 0, 0)]
    next_year = first.replace("/2026;", "/2027;")  # the same results, of what came a year later
    assert place.read(place.file("mars2027.csv", next_year)) == [STOPPED]

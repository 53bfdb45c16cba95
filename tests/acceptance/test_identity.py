"""Which records are the same: files of one name, numbers that begin again, corrected files."""

from datetime import date

import pytest

from fanal.answers import reports
from fanal.errors import ConfigError
from fanal.stages.ingest.staging import ERASED
from fanal.upkeep import erasing
from fanal.workspace import Workspace

SOURCE = """
name = "{name}"
title = "INVENTED: {name}"
publisher = "invented"
kind = "{kind}"
site = "lille"
legal_basis = "invented sample material"
review = "none"
review_reason = "essai"
"""


class Place:
    """One source of an observatory, and files of a folder for each time that one is brought in."""

    def __init__(self, ws, folder, name):
        self.ws, self.folder, self.name, self.files = ws, folder, name, 0

    def describe(self, kind, more=""):
        self.ws.add_source(SOURCE.format(name=self.name, kind=kind) + more)

    def file(self, name, text):
        self.files += 1
        path = self.folder / self.name / str(self.files) / name
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
        return path

    def read(self, *paths):
        return [
            (r.status, r.documents, r.replaced, r.duplicates, r.issues)
            for r in self.ws.ingest(list(paths), self.name)
        ]

    def skipped(self, *paths):
        return [
            (r.duplicates, r.skipped.get(ERASED, 0)) for r in self.ws.ingest(list(paths), self.name)
        ]

    def stored(self, columns):
        query = f"SELECT {columns} FROM documents WHERE source = ?"
        return list(self.ws.tables.rows(query, [self.name])[0].values())

    def latest(self):
        query = "SELECT arg_max(text, version) AS text FROM documents WHERE source = ? GROUP BY id"
        return sorted(row["text"] for row in self.ws.tables.rows(query, [self.name]))


@pytest.fixture(scope="module")
def ws(tmp_path_factory):
    with Workspace.create(tmp_path_factory.mktemp("identity") / "ws", "essai") as workspace:
        yield workspace


@pytest.fixture
def place(ws, tmp_path, request):
    return Place(ws, tmp_path, request.node.name.split("[")[0].replace("_", "-").lower()[:60])


LILLE = """Date : 12 mars 2026
Enquêteur : quels produits en ce moment ?
Karim : la keta est à trente euros, on en trouve partout dans le quartier.
Enquêteur : et les prix ?
Karim : ça baisse depuis janvier, avant c'était quarante.
"""
LYON = """Date : 19 mars 2026
Enquêteur : quels produits en ce moment ?
Nadia : la coke à soixante euros, et la MDMA à dix le comprimé.
Enquêteur : et les prix ?
Nadia : stables, personne ne se plaint.
"""


def test_two_interviews_of_one_name(place):
    place.describe("interview")
    lille, lyon = place.file("entretien.txt", LILLE), place.file("entretien.txt", LYON)
    assert place.read(lille, lyon) == [("done", 4, 0, 0, 0)] * 2
    assert place.stored("count(*), count(DISTINCT thread), count(DISTINCT author)") == [8, 2, 4]
    assert place.read(lille, lyon) == [("known", 0, 0, 0, 0)] * 2

    corrected = LYON.replace("stables", "assez stables")
    assert place.read(place.file("entretien.txt", corrected)) == [("done", 0, 1, 3, 0)]
    asked = "Enquêteur : autre chose ?\n"
    longer = corrected.replace("Enquêteur : et les prix", asked + "Enquêteur : et les prix")
    assert place.read(place.file("entretien.txt", longer)) == [("done", 1, 0, 4, 0)]
    assert place.stored("count(DISTINCT id), count(DISTINCT thread), max(version)") == [9, 2, 2]
    said = [line.partition(" : ")[2] for line in (LILLE + longer).splitlines()]
    assert place.latest() == sorted(line for line in said if not line.endswith(" 2026"))


def test_interviews_of_one_name_that_are_sent_together_are_two_however_alike(place):
    place.describe("interview")
    other = LILLE.replace("trente", "vingt-cinq")
    both = place.file("entretien.txt", LILLE), place.file("entretien.txt", other)
    assert place.read(*both) == [("done", 4, 0, 0, 0)] * 2
    assert place.stored("count(*), count(DISTINCT thread), max(version)") == [8, 2, 1]
    assert place.read(*both) == [("known", 0, 0, 0, 0)] * 2


@pytest.mark.parametrize("first", [0, 1])
@pytest.mark.parametrize("later", [False, True], ids=["together", "one after the other"])
def test_a_correction_is_of_the_interview_that_it_resembles_most(place, first, later):
    """However alike two interviews of one name are, and whichever of them came first."""
    place.name = f"resembles-{first}-{int(later)}"
    place.describe("interview")
    other = LILLE.replace("trente", "vingt-cinq").replace(
        "12 mars", "13 mars" if later else "12 mars"
    )
    pair = [LILLE, other][:: -1 if first else 1]
    files = [place.file("entretien.txt", text) for text in pair]
    assert place.read(*files) == [("done", 4, 0, 0, 0)] * 2
    for text, (less, which) in zip(pair, [("un peu", "quels"), ("bien", "et quels")], strict=True):
        corrected = text.replace("ça baisse", f"ça baisse {less}")
        assert place.read(place.file("entretien.txt", corrected)) == [("done", 0, 1, 3, 0)]
        more = corrected.replace("quels produits", f"{which} nouveaux produits")
        assert place.read(place.file("entretien.txt", more)) == [("done", 0, 1, 3, 0)]
    assert place.stored("count(DISTINCT id), count(DISTINCT thread), max(version)") == [8, 2, 2]
    euros = [t.partition(" euros")[0].split()[-1] for t in place.latest() if "euros" in t]
    assert sorted(euros) == ["trente", "vingt-cinq"]
    query = (
        "SELECT count(DISTINCT text) AS n FROM documents WHERE source = ? AND text LIKE '%euros%'"
        " GROUP BY thread"
    )
    assert [row["n"] for row in place.ws.tables.rows(query, [place.name])] == [1, 1]


def test_a_correction_that_resembles_two_interviews_alike_is_asked_for(place):
    place.describe("interview")
    other = LILLE.replace("trente", "vingt-cinq")
    place.read(place.file("entretien.txt", LILLE), place.file("entretien.txt", other))
    third = place.file("entretien.txt", LILLE.replace("trente", "quarante"))
    (told,) = place.ws.ingest([third], place.name)
    assert (told.status, told.detail.partition(",")[0]) == (
        "failed", "two files of this name are stored and resemble this one alike"
    )  # fmt: skip
    assert place.stored("count(*), max(version)") == [8, 1]
    assert place.read(place.file("entretien-3.txt", third.read_text("utf-8"))) == [
        ("done", 4, 0, 0, 0)
    ]


def test_a_copy_that_goes_on_is_no_other_interview(place):
    place.describe("interview")
    longer = LILLE + "Enquêteur : autre chose ?\n"
    both = place.file("entretien.txt", LILLE), place.file("entretien.txt", longer)
    assert place.read(*both) == [("done", 4, 0, 0, 0), ("done", 1, 0, 4, 0)]


def test_one_after_the_other_is_the_same_as_both(place):
    place.describe("interview")
    assert place.read(place.file("entretien.txt", LILLE)) == [("done", 4, 0, 0, 0)]
    assert place.read(place.file("entretien.txt", LYON)) == [("done", 4, 0, 0, 0)]
    third = LYON.replace("19 mars", "20 mars").replace("Nadia", "Lou").replace(
        "la coke à soixante euros, et la MDMA à dix le comprimé", "rien de neuf, du crack"
    ).replace("stables, personne ne se plaint", "plus chers qu'en hiver")  # fmt: skip
    assert place.read(place.file("entretien.txt", third)) == [("done", 4, 0, 0, 0)]
    assert place.stored("count(*), count(DISTINCT thread)") == [12, 3]


def erased(place, first=0, step=1):
    query = "SELECT id FROM documents WHERE source = ? ORDER BY position"
    ids = [row["id"] for row in place.ws.tables.rows(query, [place.name])]
    place.ws.erase(erasing.Selection(documents=tuple(ids[first::step])))


def test_another_interview_comes_in_where_one_was_erased(place):
    place.describe("interview")
    place.read(place.file("entretien.txt", LILLE))
    erased(place)
    assert place.read(place.file("entretien.txt", LYON)) == [("done", 4, 0, 0, 0)]
    corrected = LILLE.replace("depuis janvier", "depuis février")
    assert place.skipped(place.file("entretien.txt", corrected)) == [(0, 4)]
    asked = "Enquêteur : autre chose ?\n"
    longer = LILLE.replace("Enquêteur : et les prix", asked + "Enquêteur : et les prix")
    assert place.read(place.file("entretien.txt", longer)) == [("done", 1, 0, 0, 0)]
    assert place.read(place.file("entretien.txt", LYON + asked)) == [("done", 1, 0, 4, 0)]
    assert not any("keta" in text or "janvier" in text for text in place.latest())


def test_another_interview_comes_in_where_a_turn_was_erased(place):
    place.describe("interview")
    place.read(place.file("entretien.txt", LILLE))
    erased(place, 1, 2)
    assert place.read(place.file("entretien.txt", LYON)) == [("done", 4, 0, 0, 0)]
    assert place.skipped(place.file("entretien.txt", LILLE + "\n")) == [(2, 2)]


CHAT = "[2026-05-22 12:01] {0}: {1}\n\n[2026-05-22 12:03] Me: ok\n\n"


def test_two_chats_of_one_name_and_a_later_export(place):
    place.describe("public posts")
    first, second = CHAT.format("Farid", "keta 30 le g"), CHAT.format("Zed", "coke 60 le g")
    files = [place.file("chat.md", text) for text in (first, second)]
    assert place.read(*files) == [("done", 2, 0, 0, 0)] * 2
    longer = second + "[2026-05-30 09:00] Zed: plus rien\n\n"
    assert place.read(place.file("chat.md", longer)) == [("done", 1, 0, 2, 0)]
    assert place.stored("count(*), count(DISTINCT thread)") == [5, 2]


WAVE = "id;date;Que diriez-vous des prix en ce moment ?\n"


def test_cases_of_a_survey_begin_again(place):
    place.describe("interview", 'importer = "survey"')
    first = WAVE + "".join(
        f"{n};2025-03-1{n};le gramme {n} est à soixante euros\n" for n in range(4)
    )
    later = WAVE + "".join(
        f"{n};2026-03-1{n};tout a baissé pour {n} cette année\n" for n in range(4)
    )
    assert place.read(place.file("a.csv", first)) == [("done", 4, 0, 0, 0)]
    assert place.read(place.file("b.csv", later)) == [("done", 4, 0, 0, 0)]
    assert place.stored("count(*), count(DISTINCT thread), count(DISTINCT author)") == [8, 8, 8]
    corrected = later.replace("pour 2 cette année", "pour 2 cet hiver")
    assert place.read(place.file("c.csv", corrected)) == [("done", 0, 1, 3, 0)]


ROWS = "id;date;texte\n1;2026-05-01;{0} à 60\n2;2026-05-02;{0} en promo\n"


@pytest.mark.parametrize(("more", "ids"), [("", 4), ('ids = "global"', 2)])
def test_rows_that_are_counted_from_one(ws, tmp_path, more, ids):
    place = Place(ws, tmp_path, f"rows-{ids}")
    place.describe("public posts", more)
    assert place.read(place.file("posts.csv", ROWS.format("coke"))) == [("done", 2, 0, 0, 0)]
    new, replaced = (2, 0) if ids == 4 else (0, 2)
    name = "posts.csv" if ids == 4 else "juin.csv"
    later = place.file(name, ROWS.format("vente de kétamine"))
    assert place.read(later) == [("done", new, replaced, 0, 0)]
    assert place.stored("count(*), count(DISTINCT id)") == [4, ids]


def test_a_listing_that_says_more_is_a_new_version(place):
    place.describe("public posts")
    place.read(place.file("posts.csv", ROWS.format("coke")))
    edited = ROWS.format("coke").replace("en promo", "en promo ce soir")
    assert place.read(place.file("posts.csv", edited)) == [("done", 0, 1, 1, 0)]


LAB = "N°;Date;Vendu comme;Substance;Teneur (%)\n"
OF_2025 = "A1;22/05/2025;cocaïne;cocaïne;72\nA2;23/05/2025;kétamine;kétamine;95\n"
OF_2026 = "A1;22/05/2026;cocaïne;cocaïne;80\nA2;23/05/2026;cocaïne;cocaïne;40\n"


def samples(place):
    query = "SELECT reference, year(day) AS year FROM samples WHERE source = ? ORDER BY ALL"
    return [tuple(row.values()) for row in place.ws.tables.rows(query, [place.name])]


FOUR = [("A1", 2025), ("A1", 2026), ("A2", 2025), ("A2", 2026)]


def test_references_of_a_laboratory_begin_again(place):
    place.describe("lab")
    assert place.read(place.file("2025.csv", LAB + OF_2025)) == [("done", 2, 0, 0, 0)]
    assert place.read(place.file("2026.csv", LAB + OF_2026)) == [("done", 2, 0, 0, 0)]
    assert samples(place) == FOUR
    corrected = OF_2026.replace("80", "81")
    assert place.read(place.file("2026.csv", LAB + corrected)) == [("done", 0, 1, 1, 0)]
    assert samples(place) == FOUR
    found = [(r.amount, r.version) for r in reports.result_of(place.ws, "A1", False)]
    assert (81.0, 2) in found
    assert (72.0, 1) in found


def year_of_lab(year):
    """Return 120 samples whose numbers, days of the year and results are those of every year."""
    cut = ("cocaïne", "lévamisole")
    return LAB + "".join(
        f"A{n};{1 + n % 28:02}/{1 + n // 10:02}/{year};cocaïne;{cut[n % 4 == 0]};{50 + n % 9}\n"
        for n in range(120)
    )


def test_a_year_that_holds_what_the_year_before_held_is_another_year(place):
    """All samples of the first year were replaced, and nothing was said."""
    place.describe("lab")
    assert place.read(place.file("annee_2024.csv", year_of_lab(2024))) == [("done", 120, 0, 0, 0)]
    assert place.read(place.file("annee_2025.csv", year_of_lab(2025))) == [("done", 120, 0, 0, 0)]
    years = [year for _, year in samples(place)]
    assert [years.count(2024), years.count(2025)] == [120, 120]
    # sent again with corrected rows it is a revision: a share, and the year of one sample
    share = "A1;02/01/2025;cocaïne;cocaïne;5"
    revised = year_of_lab(2025).replace(f"{share}1", f"{share}2")
    revised = revised.replace("A2;03/01/2025", "A2;03/01/2026")
    assert place.read(place.file("annee_2025.csv", revised)) == [("done", 0, 2, 118, 0)]
    years = [year for _, year in samples(place)]
    assert [years.count(year) for year in (2024, 2025, 2026)] == [120, 119, 1]


def test_erased_samples_stay_out_in_each_series(place):
    place.describe("lab")
    place.read(place.file("2025.csv", LAB + OF_2025))
    place.read(place.file("2026.csv", LAB + OF_2026))
    place.ws.erase(erasing.Selection(source=place.name, first=date(2026, 1, 1)))
    corrected = OF_2026.replace("80", "81")
    more = corrected + "A3;24/05/2026;MDMA;MDMA;80\n"
    assert place.skipped(place.file("2026.csv", LAB + more)) == [(0, 2)]
    assert samples(place) == [("A1", 2025), ("A2", 2025), ("A3", 2026)]


def test_references_begin_again_within_a_year(place):
    place.describe("lab")
    again = "A1;03/02/2025;kétamine;kétamine;95\nA2;04/02/2025;MDMA;MDMA;80\n"
    text = LAB + "A1;03/01/2025;cocaïne;cocaïne;72\nA2;04/01/2025;cocaïne;cocaïne;70\n" + again
    assert place.read(place.file("2025.csv", text)) == [("done", 4, 0, 0, 0)]
    query = (
        "SELECT s.reference, month(s.day) AS month, r.substance FROM samples s "
        "JOIN results r ON r.sample = s.id WHERE s.source = ? ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in place.ws.tables.rows(query, [place.name])] == [
        ("A1", 1, "cocaine"), ("A1", 2, "ketamine"), ("A2", 1, "cocaine"), ("A2", 2, "mdma"),
    ]  # fmt: skip


def test_references_begin_again_in_one_file(place):
    place.describe("lab")
    assert place.read(place.file("tout.csv", LAB + OF_2025 + OF_2026)) == [("done", 4, 0, 0, 0)]
    assert samples(place) == FOUR
    again = LAB + OF_2025 + OF_2026 + "A3;24/05/2026;MDMA;MDMA;80\n"
    assert place.read(place.file("tout.csv", again)) == [("done", 1, 0, 4, 0)]


def test_a_file_that_was_refused_is_read_again(place):
    place.describe("interview")
    undated = LILLE.partition("\n")[2]
    assert place.read(place.file("entretien.txt", undated)) == [("done", 0, 0, 0, 4)]
    dated = place.file("entretien_2026-03-12.txt", undated)
    assert place.read(dated) == [("done", 4, 0, 0, 0)]
    assert place.read(dated) == [("known", 0, 0, 0, 0)]


def test_what_was_past_its_retention_comes_in_with_a_longer_one(place):
    text = "date;texte\n2020-05-01;keta 30 le g\n"
    place.describe("public posts", "retention_months = 12")
    assert place.read(place.file("t.csv", text)) == [("done", 0, 0, 0, 0)]
    path = place.ws.folder / "sources" / f"{place.name}.toml"
    path.write_text(path.read_text("utf-8").replace("= 12", "= 1200"), "utf-8")
    place.ws.sources.clear()
    with Workspace(place.ws.folder) as again:
        (reckoning,) = again.ingest([place.file("t.csv", text)], place.name)
    assert (reckoning.status, reckoning.documents) == ("done", 1)


FIGURES = "indicateur;departement;annee;valeur\n" + "".join(
    f"usage;{area};{year};{value}\n" for area, year, value in (("59", 2023, 11), ("59", 2024, 12))
)


def beside_a_note(place, kind, parameters, *good):
    """Return what is told of a note beside a file that is read, in a source with parameters."""
    place.describe(kind, f"[parameters]\n{parameters}")
    note = place.file("a_note.txt", "Note du 12 mars 2026\nLes chiffres sont provisoires.\n")
    told = place.ws.ingest([note, place.file(*good)], place.name)
    told, read = sorted(told, key=lambda r: r.name)
    assert (read.status, read.documents, told.status) == ("done", 2, "failed")
    return told.detail


def test_a_text_among_figures_does_not_stop_the_others(place):
    told = beside_a_note(place, "official table", 'unit = "personnes"', "b_bon.csv", FIGURES)
    assert told.startswith("no table found")


def test_a_file_of_another_importer_does_not_stop_the_others(place):
    posts = "date;texte;fil\n2026-03-01;keta 30 le g;a\n2026-03-02;rien;a\n"
    told = beside_a_note(place, "public posts", 'sheet = "posts"', "b_bon.csv", posts)
    assert "'transcripts'" in told and "'sheet'" in told


def test_a_parameter_of_no_importer_is_refused(place):
    with pytest.raises(ConfigError, match="no importer has a parameter 'unite'"):
        place.describe("official table", '[parameters]\nunite = "personnes"')


def test_an_official_table_is_asked_for_columns_of_figures_and_read_with_them(place):
    """Nothing in its header says which column holds the figures: an answer that does is enough."""
    path = place.file("t.csv", "Département;Année;Taux pour mille\n75;2023;11.208\n59;2023;9.114\n")
    place.describe("official table")
    (asked,) = place.ws.ingest([path], place.name)
    assert 'add counts = "…" (what is counted) under [parameters]' in asked.detail
    for number, answer, named in (
        (2, '[parameters]\ncounts = "usagers"', "usagers, Taux pour mille"),
        (3, '[mapping]\nvalue = "Taux pour mille"', "Taux pour mille"),
    ):
        place.name = f"{place.name.partition('-')[0]}-{number}"
        place.describe("official table", answer)
        (read,) = place.ws.ingest([path], place.name)
        assert (read.status, read.documents, read.issues) == ("done", 2, 0)
        query = "SELECT name, area, value, unit FROM indicators WHERE source = ? ORDER BY area"
        rows = place.ws.tables.rows(query, [place.name])
        assert [tuple(r.values()) for r in rows] == [
            (named, "59", 9.114, "‰"), (named, "75", 11.208, "‰"),
        ]  # fmt: skip

"""The index over plain tables: what is found, in which order, how much of it, and what follows."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import pyarrow as pa
import pytest

from fanal.records import Coding, Document, Observation, schema_of, table_of
from fanal.storage import search
from fanal.storage.search import Question, Search, mark, words_of
from fanal.storage.tables import Judged, Tables

DAY = date(2025, 3, 3)


def key(name):
    return name.encode().ljust(16, b".")


def document(name, text, day=DAY, site="lille", position=0, version=1, **more):
    known = {
        "id": key(name), "version": version, "source": f"canal-{site}", "site": site,
        "kind": "public posts", "thread": b"t" * 16, "position": position, "day": day,
        "precision": "day", "language": "fr", "text": text, "digest": key(name),
        "month": f"{day:%Y-%m}", "run": "r",
    }  # fmt: skip
    return Document(**dict.fromkeys(schema_of(Document).names) | known | more)


def fact(name, day=DAY, version=1, **more):
    known = {
        "document": key(name), "version": version, "start": 0, "stop": 5, "kind": "mention",
        "confidence": 0.9, "rule": "r", "coder": "c", "fingerprint": "f", "month": f"{day:%Y-%m}",
    }  # fmt: skip
    return Observation(**dict.fromkeys(schema_of(Observation).names) | known | more)


class World:
    """Tables and an index beside them."""

    def __init__(self, folder):
        self.judged = Judged(0.5, table_of([], Coding), "s")
        self.tables = Tables(str(folder / "tables"), folder / "scratch", lambda: self.judged)
        self.search = Search(folder / "search.db")

    def bring(self, *rows):
        for record in (Document, Observation):
            mine = [row for row in rows if isinstance(row, record)]
            if mine:
                self.tables.append(record, table_of(mine, record))
        return self.search.refresh(self.tables)

    def ask(self, words="", **more):
        return self.search.ask(Question(words, **more))

    def names(self, words="", **more):
        return [hit.id.rstrip(b".").decode() for hit in self.ask(words, **more).hits]


@pytest.fixture
def world(tmp_path):
    return World(tmp_path)


FEB, APR = date(2025, 2, 28), date(2025, 4, 1)
TEXTS = (
    document("a", "Kétamine à la gare", FEB),
    document("b", "kétamine ketamine ketamine", FEB, position=1),
    document("c", "rien à la gare ❄️", site="metz", language=None, kind="press"),
    document("d", "cocaïne gare", position=2, precision="week"),
    document("e", "", position=3),
    document("f", "gares de l'est, keta 🍫", APR, version=2),
    document("f", "vieille gare", APR),
)
FACTS = (
    fact("a", FEB, substance="ketamine"), fact("b", FEB, substance="ketamine"),
    fact("b", FEB, substance="ketamine", start=6, stop=9),
    fact("d", substance="cocaine"), fact("d", substance="ketamine"),
    fact("d", kind="practice", code="supply.delivery"), fact("c", kind="place", place="57463"),
    fact("d", substance="heroin", confidence=0.49),
    fact("f", APR, version=2, substance="ketamine"), fact("f", APR, substance="mdma"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({}, "f d c b a"),
        ({"words": "gare"}, "d c a"),
        ({"words": "GARE kétamine"}, "a"),
        ({"words": "gare -la"}, "d"),
        ({"words": "-gare"}, "f b"),
        ({"words": "-gare -keta"}, "b"),
        ({"words": '"la gare"'}, "c a"),
        ({"words": '"gare la"'}, ""),
        ({"words": "gar*"}, "f d c a"),
        ({"words": "ga*"}, ""),  # too short to be a start: a word of its own
        ({"words": "keta"}, "f"),
        ({"words": "ket*"}, "f b a"),
        ({"words": "❄"}, "c"),
        ({"words": "keta🍫"}, "f"),
        ({"words": "🍫 gare"}, ""),
        ({"words": "vieille"}, ""),  # the text as it stands now
        ({"first": FEB}, "f d c b a"),
        ({"first": FEB + timedelta(1)}, "f d c"),
        ({"last": FEB}, "b a"),
        ({"last": FEB - timedelta(1)}, ""),
        ({"first": DAY, "last": DAY}, "d c"),
        ({"sites": ["metz"]}, "c"),
        ({"sites": ["metz", "lille"]}, "f d c b a"),
        ({"sites": []}, ""),
        ({"facets": {"site": ["lille"]}, "sites": ["metz"]}, ""),
        ({"facets": {"site": ["metz"]}}, "c"),
        ({"facets": {"source": ["canal-metz", "canal-lille"]}}, "f d c b a"),
        ({"facets": {"kind": ["press"]}}, "c"),
        ({"facets": {"language": ["fr"]}}, "f d b a"),
        ({"facets": {"substance": ["ketamine"]}}, "f d b a"),
        ({"facets": {"substance": ["heroin", "mdma"]}}, ""),
        ({"facets": {"substance": ["cocaine"], "practice": ["supply.delivery"]}}, "d"),
        ({"facets": {"substance": []}}, "f d c b a"),
        ({"facets": {"practice": ["supply.delivery"]}, "words": "-gare"}, ""),
    ],
)  # fmt: skip
def test_what_is_found_the_newest_first(asked, names, looked_at):
    answer = looked_at.search.ask(Question(**asked))
    assert [hit.id.rstrip(b".").decode() for hit in answer.hits] == names.split()
    assert (answer.total, answer.more) == (len(names.split()), False)
    assert sum(n for _, n in answer.facets["month"]) == answer.total


@pytest.fixture(scope="module")
def looked_at(tmp_path_factory):
    world = World(tmp_path_factory.mktemp("index"))
    assert world.bring(*TEXTS, *FACTS) == 5
    return world


def test_what_is_told_of_what_is_found(looked_at):
    answer = looked_at.ask()
    assert answer.facets == {
        "site": [("lille", 4), ("metz", 1)], "source": [("canal-lille", 4), ("canal-metz", 1)],
        "kind": [("public posts", 4), ("press", 1)], "language": [("fr", 4)],
        "substance": [("ketamine", 4), ("cocaine", 1)], "practice": [("supply.delivery", 1)],
        "month": [("2025-04", 1), ("2025-03", 2), ("2025-02", 2)],
    }  # fmt: skip
    found = {hit.id.rstrip(b".").decode(): hit for hit in answer.hits}
    d, f = found["d"], found["f"]
    assert (d.version, d.day, d.precision) == (1, DAY, "week")
    assert d.marks == {
        "site": ["lille"], "source": ["canal-lille"], "kind": ["public posts"],
        "language": ["fr"], "substance": ["cocaine", "ketamine"], "practice": ["supply.delivery"],
    }  # fmt: skip
    assert (f.version, f.pieces) == (2, (("gares de l'est, keta 🍫", False),))
    assert looked_at.ask(sites=[]).facets == {name: [] for name in (*search.FACETS, "month")}


def test_a_passage_says_which_words_match(looked_at):
    (hit,) = looked_at.ask("rien gare").hits
    assert hit.pieces == (("rien", True), (" à la ", False), ("gare", True), (" ❄️", False))
    (hit,) = looked_at.ask("cocaine", facets={"site": ["lille"]}).hits
    assert hit.pieces == (("cocaïne", True), (" gare", False))


def test_the_best_first_and_of_equals_the_newest(world):
    world.bring(
        document("once", "gare et beaucoup d'autres mots encore ici", DAY, position=0),
        document("thrice", "gare gare gare", DAY, position=1),
        document("old", "gare du nord", FEB), document("new", "gare du nord", APR),
        document("other", "rien", APR, position=1),
    )  # fmt: skip
    assert world.names("gare", by_date=False) == ["thrice", "new", "old", "once"]
    assert world.names("gare") == ["new", "thrice", "once", "old"]
    assert world.names("-gare", by_date=False) == ["other"], "without a word, by date"
    assert world.names(by_date=False) == ["other", "new", "thrice", "once", "old"]


@pytest.mark.parametrize(("number", "pages"), [(19, [19, 0]), (20, [20, 0]), (21, [20, 1, 0])])
def test_a_page_has_twenty(world, number, pages):
    world.bring(*(document(f"d{n}", "mot", position=n) for n in range(number)))
    for page, hits in enumerate(pages, 1):
        assert len(world.ask(page=page).hits) == hits
    assert world.names(page=0) == world.names() == world.names(page=-3)
    expected = [f"d{n}" for n in reversed(range(number))]
    shown = (world.names(page=page + 1) for page in range(len(pages)))
    assert [name for names in shown for name in names] == expected


@pytest.mark.parametrize(("number", "more"), [(4, False), (5, False), (6, True)])
def test_no_more_is_looked_at_than_the_newest(world, monkeypatch, number, more):
    monkeypatch.setattr(search, "LOOK", 5)
    world.bring(*(document(f"d{n}", "mot", DAY + timedelta(n % 2), position=n)
                  for n in range(number)))  # fmt: skip
    answer = world.ask("mot")
    assert (answer.total, answer.more) == (min(5, number), more)
    assert sum(n for _, n in answer.facets["site"]) == min(5, number)


def test_many_documents_of_a_day_are_numbered_on_from_one_batch_to_the_next(world, monkeypatch):
    monkeypatch.setattr(search, "BATCH", 2)
    days = [DAY, DAY + timedelta(1), DAY]
    rows = [document(f"d{n}", "mot", days[n % 3], position=n) for n in range(7)]
    assert world.bring(*rows) == 7
    assert world.bring(document("d7", "mot", position=7)) == 1
    assert world.names() == ["d4", "d1", "d7", "d6", "d5", "d3", "d2", "d0"]


def test_facets_are_counted_over_all_that_is_found(world):
    world.bring(
        *(document(f"d{n}", "mot", position=n, site=f"s{n % 3 > 0:d}") for n in range(1102))
    )
    answer = world.ask()
    assert answer.facets["site"] == [("s1", 734), ("s0", 368)]
    assert answer.facets["month"] == [("2025-03", 1102)]
    assert search.LOOK == 3_000


def test_the_index_follows_what_is_added_edited_corrected_and_taken_away(world):
    assert world.bring() == 0
    assert world.ask().total == 0
    assert world.bring(*TEXTS, *FACTS) == 5
    assert world.search.stale(world.tables) == []
    assert world.bring() == 0, "and nothing twice"
    assert world.bring(document("g", "neuf gare"), fact("g", substance="mdma")) == 1
    assert world.names("gare") == ["g", "d", "c", "a"], "after what was there of its day"
    assert world.bring(document("a", "corrigée", FEB, version=2)) == 1
    assert (world.names("corrigee"), world.names("kétamine gare")) == (["a"], [])
    assert world.ask("corrigee").hits[0].marks["substance"] == []
    assert world.bring(fact("c", kind="practice", code="use.smoked")) == 1
    assert world.ask(facets={"practice": ["use.smoked"]}).total == 1
    assert world.bring(fact("c", kind="place", place="75")) == 0, "no word of the index"
    gone = pa.array([key("b"), key("g")], pa.binary())
    world.tables.delete(Document, "id", gone)
    assert world.search.stale(world.tables) == ["2025-02", "2025-03"]
    assert world.search.refresh(world.tables) == 0
    assert world.names() == ["f", "c", "d", "a"], "what was written anew comes after"
    world.judged = replace(world.judged, cut=0.4, stamp="t")
    assert world.search.stale(world.tables) == ["2025-03"]
    assert world.search.refresh(world.tables) == 1
    assert world.ask(facets={"substance": ["heroin"]}).total == 1
    world.tables.delete(Document, "id", pa.array([key(n) for n in "acdef"], pa.binary()))
    assert world.search.stale(world.tables) == ["2025-02", "2025-03", "2025-04"]
    world.search.refresh(world.tables)
    assert (world.ask().total, world.search.stale(world.tables)) == (0, [])
    assert world.search.whole()


def test_a_refresh_that_fails_changes_nothing_and_the_next_one_goes_on(world, monkeypatch):
    world.bring(*TEXTS)
    found = world.names()

    def full(text):
        raise OSError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(search, "_bare", full)
        with pytest.raises(OSError, match="disk full"):
            world.bring(document("a", "corrigée", FEB, version=2), document("z", "neuf"))
    assert world.names() == found
    assert world.names("kétamine gare") == ["a"]
    assert world.search.stale(world.tables) == ["2025-02", "2025-03"]
    assert world.bring() == 2
    assert (world.names("corrigee"), world.search.stale(world.tables)) == (["a"], [])


def test_an_index_that_is_not_there_damaged_or_of_another_layout(world):
    assert world.search.whole(), "nothing is wrong with none"
    assert world.ask() == search.Answer((), 0, False, {n: [] for n in (*search.FACETS, "month")})
    world.search.scrub()
    assert not world.search.path.exists()
    world.bring(*TEXTS)
    assert world.search.path.stat().st_mode & 0o777 == 0o600
    world.search.remove()
    assert list(world.search.path.parent.glob("search.db*")) == []
    assert world.search.stale(world.tables) == ["2025-02", "2025-03", "2025-04"]
    assert world.search.refresh(world.tables) == 5
    for change in ("DELETE FROM documents WHERE month = '2025-02'",
                   "UPDATE months SET stamp = 'x' WHERE month = '2025-02'",
                   "DELETE FROM months WHERE month = '2025-02'",
                   "INSERT INTO months VALUES ('2025-02x', 'd1-', '')"):  # fmt: skip
        with sqlite3.connect(world.search.path) as index:
            index.execute(change)
        index.close()
        months = ["2025-02x" if "02x" in change else "2025-02"]
        assert world.search.stale(world.tables) == months, change
        assert world.search.whole() is not change.startswith("DELETE FROM documents")
        world.search.remove()
        world.search.refresh(world.tables)
    with sqlite3.connect(world.search.path) as index:
        index.execute("PRAGMA user_version = 99")
    index.close()
    assert (world.ask().total, world.search.whole()) == (0, True)
    assert world.search.refresh(world.tables) == 5
    assert world.ask().total == 5
    world.search.path.write_bytes(b"no database" * 99)
    assert (world.ask().total, world.search.stale(world.tables)) == (
        0, ["2025-02", "2025-03", "2025-04"])  # fmt: skip
    assert world.search.refresh(world.tables) == 5


def test_nothing_is_left_of_what_was_taken_out(world):
    world.bring(document("x", "zzqmarque zzqmarque"), *TEXTS)
    files = list(world.search.path.parent.glob("search.db*"))
    assert any(b"zzqmarque" in path.read_bytes() for path in files)
    world.tables.delete(Document, "id", pa.array([key("x")], pa.binary()))
    world.search.refresh(world.tables)
    world.search.scrub()
    files = list(world.search.path.parent.glob("search.db*"))
    assert files
    assert not any(b"zzqmarque" in path.read_bytes() for path in files)
    assert world.ask().total == 5


def test_signs_of_a_match_in_a_text_mark_nothing(world):
    world.bring(document("x", f"{search.OPEN}mot{search.SHUT} gare"))
    (hit,) = world.ask("gare").hits
    assert hit.pieces == (("mot ", False), ("gare", True))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("abc*", [("abc", True, False)]),
        ("ab*", [("ab", False, False)]),
        ("abc**", [("abc", True, False)]),
        ("*abc", [("*abc", False, False)]),
        ('"abc*"', [("abc", False, False)]),
        ("-abc*", [("abc", True, True)]),
        ('-"b c" d', [("b c", False, True), ("d", False, False)]),
        ("- -- *", []),
        ("a\0b", [("a", False, False), ("b", False, False)]),
        ("❄ ☀️", [("❄", False, False), ("☀️", False, False)]),
        ("✂a", [("✂a", False, False)]),
        ('a"b', [("a", False, False), ("b", False, False)]),
    ],
)
def test_what_a_query_is_made_of(text, parts):
    assert words_of(text) == parts


def test_marks_are_words_of_letters_and_figures_alone():
    assert mark("site", "l'été") == "s6c27c3a974c3a9"
    letters = "".join(mark(facet, "") for facet in search.FACETS)
    assert letters == "soklbp"

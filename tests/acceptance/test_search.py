"""Full-text search: finds what is there, counts facets, follows the tables, forgets for good."""

import json
import random
import subprocess
from datetime import UTC, date, datetime

import pytest
from channel_export import SOURCE, export
from killing import refresh_killed_after
from test_erasing import traces

import fanal
from fanal.records import Coding
from fanal.stages import recoding
from fanal.storage import search
from fanal.storage.search import Question, words_of
from fanal.upkeep import erasing

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    with fanal.create(folder / "o") as observatory:
        for name, site in (("rouge", "lille"), ("vert", "metz")):
            observatory.add_source(SOURCE.replace("lille", site).format(name=name, more=""))
            observatory.ingest([export(folder / f"{name}.json", 120, mark=name)], name)
        observatory.run()
    return folder / "o"


@pytest.fixture
def observatory(made, tmp_path):
    subprocess.run(["cp", "-a", made, tmp_path / "o"], check=True)
    with fanal.open(tmp_path / "o") as opened:
        yield opened


def ask(observatory, words="", **more):
    return observatory.search.ask(Question(words, **more))


def chat(*texts):
    return [{"id": 9000 + i, "type": "message", "date": f"2025-03-0{1 + i}T10:00:00",
             "from": "Personne 1", "from_id": "user770001", "text": text}
            for i, text in enumerate(texts)]  # fmt: skip


def with_texts(observatory, tmp_path, *texts):
    path = export(tmp_path / "more.json", 0)
    path.write_text(
        json.dumps({"name": "Essai", "type": "public_channel", "id": 43, "messages": chat(*texts)})
    )
    observatory.ingest([path], "rouge")
    observatory.code()


def test_words_accents_phrases_starts_and_refusals(observatory, tmp_path):
    with_texts(
        observatory, tmp_path, "Été à la gare, kétamine pas chère", "ETE au marché", "rien du tout"
    )
    found = {
        "ete": 2, "été": 2, "ÉTÉ marche": 1, '"la gare"': 1, '"gare la"': 0, "ketam*": 1,
        "ete -gare": 1, "marché OR": 0, "gare)": 1, '"': 303 - 60, "text : gare": 0, "*": 303 - 60,
        "NEAR(ete gare)": 0, "-gare": 302 - 60,
    }  # fmt: skip
    every = ask(observatory).total
    assert every == 243
    assert {words: ask(observatory, words).total for words in found} == found


def test_an_emoji_is_a_word(observatory, tmp_path):
    with_texts(observatory, tmp_path, "dispo ❄️ ce soir", "dispo🍫 fondant", "dispo ce soir")
    assert [ask(observatory, w).total for w in ("❄️", "🍫", "🍫 fondant", "dispo❄", "🐎")] == [
        1, 1, 1, 1, 0,
    ]  # fmt: skip


def test_passages_show_what_matched(observatory, tmp_path):
    with_texts(observatory, tmp_path, f"{'mot ' * 60}kétamine <b>en</b> promo {'mot ' * 60}")
    (hit,) = ask(observatory, "ketamine").hits
    assert [piece for piece, matches in hit.pieces if matches] == ["kétamine"]
    assert len("".join(piece for piece, _ in hit.pieces)) < 250
    assert hit.day == date(2025, 3, 1)


def test_facets_count_and_narrow(observatory):
    answer = ask(observatory)
    assert (answer.total, answer.more) == (240, False)
    assert sorted(answer.facets["source"]) == [("rouge", 120), ("vert", 120)]
    assert dict(answer.facets["substance"])["cocaine"] == 40
    assert sum(n for _, n in answer.facets["month"]) == 240
    one = ask(observatory, facets={"substance": ["cocaine"], "source": ["vert"]})
    assert one.total == 20
    assert one.facets["site"] == [("metz", 20)]
    both = ask(observatory, facets={"substance": ["cocaine", "ketamine"]})
    assert both.total == 80
    spring = ask(observatory, first=date(2025, 2, 1), last=date(2025, 2, 7))
    assert [month for month, _ in spring.facets["month"]] == ["2025-02"]
    assert ask(observatory, facets={"substance": ["x' OR 1"]}).total == 0


def test_a_site_sees_neither_texts_nor_counts_of_another(observatory):
    answer = ask(observatory, "zzqrouge*", sites=["metz"])
    assert (answer.total, answer.facets["site"], answer.facets["substance"]) == (0, [], [])
    assert ask(observatory, sites=["metz"]).facets["site"] == [("metz", 120)]
    assert ask(observatory, facets={"site": ["lille"]}, sites=["metz"]).total == 0
    assert ask(observatory, sites=[]).total == 0


def test_pages_and_order(observatory, tmp_path):
    with_texts(observatory, tmp_path, "gare", "gare gare gare", "la gare du nord est une gare")
    days = [hit.day for hit in ask(observatory, "gare").hits]
    assert days == sorted(days, reverse=True)
    best = ask(observatory, "gare", by_date=False).hits[0]
    assert "".join(piece for piece, _ in best.pieces) == "gare gare gare"
    seen = [hit.id for page in range(1, 14) for hit in ask(observatory, page=page).hits]
    assert len(seen) == len(set(seen)) == 243


def test_a_correction_shows_in_the_facets(observatory):
    hit = ask(observatory, "zzqrouge1").hits[0]
    (fact,) = observatory.tables.rows(
        "SELECT * FROM observations WHERE document = ? AND kind = 'mention'", [hit.id]
    )
    reject = Coding(b"1" * 16, hit.id, hit.version, fact["start"], fact["stop"], b"q" * 16,
                    "reject", "mention", "{}", "anna", NOW)  # fmt: skip
    add = Coding(b"2" * 16, hit.id, hit.version, 0, 5, b"q" * 16, "add", "mention",
                 '{"substance": "heroin"}', "anna", NOW)  # fmt: skip
    observatory.state.append(reject, add)
    assert warned(observatory), "check sees that the index lags behind"
    observatory.code()
    assert ask(observatory, "zzqrouge1").hits[0].marks["substance"] == ["heroin"]
    assert not warned(observatory)


def warned(observatory):
    return [r for r in observatory.check() if r.what == "search" and r.level != "ok"]


def test_what_is_erased_is_not_in_the_index_either(observatory):
    assert traces(observatory.folder, "zzqrouge"), "the searcher finds what is there"
    assert any("search.db" in name for name in traces(observatory.folder, "zzqrouge"))
    observatory.erase(erasing.select(observatory, source="rouge"))
    assert traces(observatory.folder, "zzqrouge") == []
    assert ask(observatory, "zzqrouge*").total == 0
    assert ask(observatory).total == 120
    assert not warned(observatory)


def test_an_edited_text_is_found_by_its_new_words_only(observatory, tmp_path):
    path = export(tmp_path / "edited.json", 3, mark="rouge")
    path.write_text(path.read_text("utf-8").replace("dispo", "épuisé"), "utf-8")
    observatory.ingest([path], "rouge")
    observatory.code()
    assert ask(observatory, "epuise").total == 3
    assert ask(observatory, "zzqrouge1 dispo").total == 0
    assert ask(observatory).total == 240


def test_a_second_refresh_writes_nothing(observatory):
    before = observatory.search.path.read_bytes()
    runs = observatory.tables.rows("SELECT count(*) AS n FROM runs WHERE stage = 'index'")
    observatory.code()
    assert observatory.search.path.read_bytes() == before
    assert observatory.tables.rows("SELECT count(*) AS n FROM runs WHERE stage = 'index'") == runs


def test_a_lost_damaged_or_older_index_is_made_again(observatory):
    observatory.search.remove()
    assert warned(observatory)
    observatory.code()
    assert (ask(observatory).total, warned(observatory)) == (240, [])
    with observatory.search._connect() as index:
        index.execute(
            "DELETE FROM documents WHERE number IN (SELECT number FROM documents LIMIT 3)"
        )
    assert warned(observatory)
    with observatory.search._connect() as index:
        index.execute(f"PRAGMA user_version = {search.LAYOUT + 1}")
    assert ask(observatory).total == 0
    observatory.code()
    assert (ask(observatory).total, warned(observatory)) == (240, [])
    assert observatory.search.whole()
    with observatory.search._connect() as index:
        index.execute("UPDATE texts_data SET block = zeroblob(4) WHERE id > 10")
    assert not observatory.search.whole()
    assert warned(observatory)


def test_the_index_is_its_owners_alone_and_in_no_backup(observatory, tmp_path):
    assert observatory.search.path.stat().st_mode & 0o077 == 0
    observatory.backup(tmp_path / "b.tar")
    assert b"search.db" not in (tmp_path / "b.tar").read_bytes()


def test_a_killed_refresh_is_finished_by_the_next(observatory):
    chance = random.Random(7)
    for _ in range(4):
        observatory.search.remove()
        refresh_killed_after(chance.uniform(0, 0.4), observatory.folder)
        recoding.index(observatory)
        assert (ask(observatory).total, warned(observatory)) == (240, [])


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("  ", []),
        ('a "b c" -d e* été*', [("a", False, False), ("b c", False, False), ("d", False, True),
                           ("e", False, False), ("été", True, False)]),
        ("- * \" ''", []),
        ("3-mmc", [("3-mmc", False, False)]),
    ],
)  # fmt: skip
def test_the_parts_of_a_query(text, parts):
    assert words_of(text) == parts

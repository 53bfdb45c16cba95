"""Erasure on request and by retention: nothing left, nothing comes back, charts as they were."""

import json
import random
import re
import subprocess
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from channel_export import SOURCE, export
from killing import carried_out, killed_after

import fanal
from fanal.cli.stages import reckoning_row, show_reckoning
from fanal.door.pseudonyms import KeyRing
from fanal.errors import ConfigError
from fanal.records import Audit, Coding, Memo
from fanal.stages import recoding
from fanal.stages.ingest.staging import ERASED
from fanal.upkeep import erasing

AUTHORS = "authors/class=stimulants/week"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Two sources over some months, coded and counted."""
    folder = tmp_path_factory.mktemp("made")
    with fanal.create(folder / "o") as observatory:
        for name in ("rouge", "vert"):
            observatory.add_source(SOURCE.format(name=name, more=""))
            observatory.ingest([export(folder / f"{name}.json", 300, mark=name)], name)
        observatory.run()
    return folder / "o"


@pytest.fixture
def observatory(made, tmp_path):
    subprocess.run(["cp", "-a", made, tmp_path / "o"], check=True)
    with fanal.open(tmp_path / "o") as opened:
        yield opened


def charts(observatory):
    return observatory.tables.rows(
        "SELECT series, period, step, value, denominator FROM points ORDER BY series, period"
    )


def traces(folder: Path, mark: str) -> list[str]:
    """Return the files that hold a mark, also inside compressed columns."""
    found = [str(p) for p in folder.rglob("*") if p.is_file() and mark.encode() in p.read_bytes()]
    for path in folder.rglob("*.parquet*"):
        if "_delta_log" not in path.parts and mark in str(pq.read_table(path).to_pylist()):
            found.append(str(path))
    return found


def texts(observatory, source):
    return observatory.tables.rows(
        "SELECT id, author, text FROM documents WHERE source = ? ORDER BY position", [source]
    )


def test_a_source_goes_to_the_last_byte_and_charts_stay(observatory, tmp_path):
    before = charts(observatory)
    assert traces(observatory.folder / "tables", "zzqrouge"), "the searcher finds what is there"
    selection = erasing.select(observatory, source="rouge")
    would = observatory.erase(selection, dry_run=True)
    assert (would.documents, charts(observatory)) == (300, before)
    assert len(texts(observatory, "rouge")) == 300, "a dry run changes nothing"
    gone = observatory.erase(selection)
    assert gone == would
    assert texts(observatory, "rouge") == []
    assert len(texts(observatory, "vert")) == 300
    assert traces(observatory.folder, "zzqrouge") == []
    assert charts(observatory) == before
    observatory.run()
    assert charts(observatory) == before, "nor at the next run"
    orphans = observatory.tables.rows(
        "SELECT 1 FROM observations o ANTI JOIN documents d ON d.id = o.document UNION ALL "
        "SELECT 1 FROM reposts r ANTI JOIN documents d ON d.id = r.original"
    )
    assert orphans == []
    # The next export, with new messages of the same channel, brings nothing of it back.
    again = observatory.ingest([export(tmp_path / "again.json", 310, mark="rouge")], "rouge")
    assert (again[0].documents, again[0].duplicates, again[0].skipped) == (0, 0, {ERASED: 310})
    assert traces(observatory.folder / "tables", "zzqrouge") == []


def test_a_class_of_which_who_is_left_tells_as_much_stays_as_it_was(tmp_path):
    with fanal.create(tmp_path / "o") as observatory:
        for name, start in (("rouge", date(2025, 1, 6)), ("vert", date(2025, 1, 13))):
            observatory.add_source(SOURCE.format(name=name, more=""))
            path = export(tmp_path / f"{name}.json", 60, start=start, mark=name, people=1, hours=84)
            observatory.ingest([path], name)
        observatory.run()
        before = charts(observatory)
        observatory.erase(erasing.select(observatory, source="rouge"))
        assert charts(observatory) == before
        assert {row["value"] for row in before if row["series"] == AUTHORS} == {1}
        observatory.run()
        assert charts(observatory) == before


def test_the_audit_line_and_the_run_hold_no_content(observatory):
    author = texts(observatory, "rouge")[0]["author"]
    observatory.erase(erasing.select(observatory, pseudonyms=(fanal.show(author),)))
    line = observatory.state.all(Audit, action="erase")[-1]
    assert json.loads(line.detail)["documents"] == 86
    run = observatory.tables.rows("SELECT * FROM runs WHERE stage = 'erase'")
    assert len(run) == 1
    for text in (line.detail, str(run)):
        assert not re.search(rf"zzq|{fanal.show(author)}|{author.hex()}", text)


def test_an_author_goes_and_does_not_come_back(observatory, tmp_path):
    author = texts(observatory, "rouge")[0]["author"]
    selection = erasing.select(observatory, pseudonyms=(fanal.show(author),))
    gone = observatory.erase(selection)
    assert gone.documents == 86, "in both sources of the site"
    newer = export(tmp_path / "newer.json", 310, mark="rouge")
    found = observatory.ingest([newer], "rouge")[0]
    assert found.skipped == {ERASED: 45}
    assert found.documents == 8, "of ten new messages two are of the author"
    assert author not in {row["author"] for row in texts(observatory, "rouge")}


def test_a_file_that_comes_again_after_its_erasure_says_so(observatory, tmp_path, capsys):
    again = {n: export(tmp_path / f"{n}.json", 300, mark=n) for n in ("rouge", "vert")}

    def status(name):
        return observatory.ingest([again[name]], name)[0].status

    assert [status("rouge"), status("vert")] == ["known", "known"]
    [one] = [texts(observatory, "vert")[3]["id"]]
    observatory.erase(erasing.select(observatory, documents=(one.hex(),)))
    assert [status("rouge"), status("vert")] == ["known", "partly erased"]
    observatory.erase(erasing.select(observatory, source="rouge"))
    assert [status("rouge"), status("vert")] == ["erased", "partly erased"]
    assert texts(observatory, "rouge") == []
    found = observatory.ingest([again["rouge"]], "rouge")
    assert reckoning_row(found[0])["status"] == "erased"
    show_reckoning(found, dry_run=False)
    assert "not taken" in capsys.readouterr().out


def test_a_person_is_found_by_the_name_that_they_give(observatory):
    ring = KeyRing(observatory.keys)
    wanted = texts(observatory, "vert")[3]["author"]
    name = next(n for n in (f"user77{i:04d}" for i in range(9))
                if ring.author("lille", 2025, n) == wanted)  # fmt: skip
    selection = erasing.select(observatory, person=f"@{name.upper()}", source="vert")
    assert selection.pseudonyms == (wanted,)
    assert observatory.erase(selection).documents == 43
    with pytest.raises(ConfigError, match="nothing"):
        erasing.select(observatory)


def test_a_document_with_what_people_wrote_about_it(observatory):
    row = texts(observatory, "vert")[5]
    kept = texts(observatory, "vert")[6]
    for document in (row["id"], kept["id"]):
        observatory.state.append(
            Coding(b"c" * 16, document, 1, 0, 4, b"q" * 16, "add", "mention",
                   '{"substance": "cocaine"}', "a", NOW),
            Memo(b"m" * 16, "document", document, f"NOTE-{document.hex()}", "a", NOW),
        )  # fmt: skip
    gone = observatory.erase(erasing.select(observatory, documents=(fanal.show(row["id"]),)))
    assert (gone.documents, gone.codings, gone.memos) == (1, 1, 1)
    assert [m.subject for m in observatory.state.all(Memo)] == [kept["id"]]
    observatory.state.close()
    assert traces(observatory.folder, f"NOTE-{row['id'].hex()}") == []
    assert traces(observatory.folder, f"NOTE-{kept['id'].hex()}") != []


def test_a_period_of_one_source_and_what_is_beside_it_stays(observatory):
    before = charts(observatory)
    selection = erasing.select(
        observatory, source="vert", first=date(2025, 2, 1), last=date(2025, 2, 28)
    )
    gone = observatory.erase(selection)
    assert (gone.first, gone.last) >= (date(2025, 2, 1), date(2025, 2, 1))
    assert gone.last <= date(2025, 2, 28)
    left = observatory.tables.rows(
        "SELECT source, count(*) AS n FROM documents "
        "WHERE day BETWEEN '2025-02-01' AND '2025-02-28' GROUP BY source"
    )
    assert [row["source"] for row in left] == ["rouge"]
    assert charts(observatory) == before


def test_unknown_ids_are_said(observatory):
    for wrong in ({"pseudonyms": ("aaaaaaaa",)}, {"documents": ("zz",)}, {"source": "bleu"}):
        with pytest.raises(ConfigError):
            erasing.select(observatory, **wrong)
    with pytest.raises(ConfigError, match="ends before"):
        erasing.select(observatory, first=date(2025, 2, 2), last=date(2025, 2, 1))


def test_retention_by_run_keeps_the_past_as_counts(tmp_path):
    today = datetime.now(UTC).date()
    with fanal.create(tmp_path / "o") as observatory:
        observatory.add_source(SOURCE.format(name="court", more="retention_months = 3"))
        old = export(tmp_path / "a.json", 600, start=today - timedelta(days=300), mark="old")
        found = observatory.ingest([old], "court")[0]
        assert found.skipped[next(iter(found.skipped))] > 300, "what is past is not even taken in"
        assert found.documents + found.skipped_total == 600
        observatory.run()
        before = charts(observatory)
        assert before
        # Time goes by: a shorter retention does the same to what was counted.
        path = observatory.folder / "sources" / "court.toml"
        path.write_text(path.read_text("utf-8").replace("= 3", "= 1"), "utf-8")
    with fanal.open(tmp_path / "o") as observatory:
        stages = {outcome.stage: outcome for outcome in observatory.run()}
        assert stages["retention"].rows_in > 50
        closed = [row for row in before if row["period"] < today - timedelta(days=7)]
        assert [row for row in charts(observatory) if row in closed] == closed
        oldest = observatory.tables.rows("SELECT min(day) AS day FROM documents")[0]["day"]
        assert oldest >= observatory.source("court").oldest(today)
        assert "retention" not in {outcome.stage for outcome in observatory.run()}
        lines = observatory.state.all(Audit, action="retention")
        assert len(lines) == 1


@pytest.mark.parametrize("at", (0, 1, 3, 6, 8))
def test_an_erasure_stopped_at_any_step_is_finished_by_the_next_command(
    observatory, monkeypatch, at
):
    before = charts(observatory)
    steps = 0

    def stop(*_args, **_kwargs):
        nonlocal steps
        steps += 1
        if steps > at:
            raise KeyboardInterrupt

    for house, name in (
        (observatory.tables, "delete"), (observatory.tables, "append"),
        (observatory.tables, "purge"), (observatory.state, "forget"), (recoding, "find_reposts"),
        (observatory.tables, "replace"),
    ):  # fmt: skip
        original = getattr(house, name)

        def stopping(*args, _original=original, **kwargs):
            stop()
            return _original(*args, **kwargs)

        monkeypatch.setattr(house, name, stopping)
    selection = erasing.select(observatory, source="rouge")
    with pytest.raises(KeyboardInterrupt):
        observatory.erase(selection)
    monkeypatch.undo()
    begun = (observatory.folder / erasing.JOURNAL / "manifest.json").exists()
    with observatory.writing():
        pass
    assert charts(observatory) == before
    assert len(texts(observatory, "rouge")) == (0 if begun else 300)
    assert (
        len(traces(observatory.folder / "tables", "zzqrouge")) == (0 if begun else 4) or not begun
    )
    assert len(observatory.state.all(Audit, action="erase")) == begun
    assert not (observatory.folder / erasing.JOURNAL).exists()


def _killed(tmp_path, folder, times, seed):
    """Kill `fanal erase` at random moments; what comes next is all or nothing."""
    chance = random.Random(seed)
    spare = tmp_path / "spare"
    words = ["erase", "--source", "rouge", "--yes", "--json", "--dir"]
    subprocess.run(["cp", "-a", folder, spare], check=True)
    length = carried_out(*words, spare)
    with fanal.open(folder) as whole:
        before = charts(whole)
    outcomes = []
    for _ in range(times):
        subprocess.run(["rm", "-rf", spare], check=True)
        subprocess.run(["cp", "-a", folder, spare], check=True)
        killed_after(chance.uniform(0, 1.05) * length, *words, spare)
        with fanal.open(spare) as left, left.writing():
            rows = len(texts(left, "rouge"))
            outcomes.append(rows)
            assert rows in (0, 300)
            assert len(texts(left, "vert")) == 300
            assert charts(left) == before
            assert bool(traces(left.folder, "zzqrouge")) == bool(rows)
            assert len(left.state.all(Audit, action="erase")) == (rows == 0)
    return outcomes


def test_erasures_killed_a_few_times(observatory, tmp_path):
    _killed(tmp_path, observatory.folder, 2, seed=5)


@pytest.mark.bars
def test_erasures_killed_at_100_points(observatory, tmp_path):
    outcomes = _killed(tmp_path, observatory.folder, 100, seed=20253)
    print(f"killed 100 times: {outcomes.count(0)} were done or finished, the others had not begun")


@pytest.mark.bars
def test_one_source_of_100_000_documents(tmp_path):
    with fanal.create(tmp_path / "o") as observatory:
        for name, count in (("rouge", 100_000), ("vert", 5_000)):
            observatory.add_source(SOURCE.format(name=name, more=""))
            path = export(tmp_path / f"{name}.json", count, mark=name, hours=8760 / count)
            observatory.ingest([path], name)
        observatory.run()
        before = charts(observatory)
        started = time.perf_counter()
        gone = observatory.erase(erasing.select(observatory, source="rouge"))
        seconds = time.perf_counter() - started
        print(f"\n{gone.documents} documents, {gone.observations} facts erased in {seconds:.1f} s")
        assert gone.documents == 100_000
        assert charts(observatory) == before
        assert traces(observatory.folder, "zzqrouge") == []
        assert len(texts(observatory, "vert")) == 5_000

"""Every stage gives the same rows on every engine, once; an engine that cannot start says why."""

import os
import shutil
import sys

import pyarrow as pa
import pytest

import fanal
from fanal import engines
from fanal.cli import stages
from fanal.coding import lexicon
from fanal.engines import Here, Spark
from fanal.errors import ConfigError, ContractError, StorageError
from fanal.records import RECORDS, Document, Observation
from fanal.stages import recoding
from fanal.testing import simulator
from fanal.thesaurus import Alias

SOURCES = ("lille-analyses", "toulouse-amis")


class Parts(Here):
    """Splits work as Spark does, without Spark; it may die in the middle of a job."""

    parts = 3

    def __init__(self, dies_after=10**6):
        self.left = dies_after

    def map(self, function, arguments, schema):
        for table in super().map(function, arguments, schema):
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            yield table


def rows(workspace):
    """Return every row of every table but the runs, which say when."""
    return {
        record.table: workspace.tables.query(f"SELECT * FROM {record.table} ORDER BY ALL")
        for record in RECORDS
        if record.table != "runs"
    }


def same(one, other):
    different = [name for name, table in rows(one).items() if not table.equals(rows(other)[name])]
    assert different == []


@pytest.fixture(scope="module")
def ingested(tmp_path_factory):
    folder = tmp_path_factory.mktemp("engines")
    simulator.write(folder / "material", 5)
    with fanal.create(folder / "here") as here:
        for name in SOURCES:
            description = folder / "material" / "sources" / f"{name}.toml"
            here.add_source(description.read_text("utf-8"))
            here.ingest([folder / "material" / "material" / name], name)
    return folder / "here"


@pytest.fixture(scope="module")
def here(ingested, tmp_path_factory):
    """Return an observatory whose stages ran here, in one piece."""
    folder = tmp_path_factory.mktemp("here") / "here"
    shutil.copytree(ingested, folder)
    with fanal.open(folder) as workspace:
        workspace.run()
        counts = workspace.tables.counts()
        assert counts["observations"] > 300
        assert counts["alarms"] > 0
        yield workspace


@pytest.fixture
def fresh(ingested, tmp_path):
    shutil.copytree(ingested, tmp_path / "copy")
    with fanal.open(tmp_path / "copy") as workspace:
        yield workspace


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    pytest.importorskip("pyspark", reason="no pyspark here: pip install 'fanal[spark]'")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        pytest.skip("no Java here: sh tests/system.sh")
    # A session of a minute ends before the better compiler has paid for itself.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        with Spark("local[2]", tmp_path_factory.mktemp("spark")) as session:
            yield session


def twice(fresh, here, engine):
    fresh.engine = engine
    fresh.run()
    same(fresh, here)
    before = {record: fresh.tables.version(record) for record in RECORDS}
    assert not any(outcome.changed for outcome in fresh.run())
    assert before == {record: fresh.tables.version(record) for record in RECORDS}
    fresh.engine = Here()  # what one engine coded the other knows
    assert not any(outcome.changed for outcome in fresh.run())


def test_work_in_parts_gives_the_same_rows(fresh, here):
    twice(fresh, here, Parts())


def test_spark_gives_the_same_rows(fresh, here, spark):
    twice(fresh, here, spark)
    assert set(fresh.scratch.glob("**/part-*")) == set()


def test_a_new_coder_and_a_new_name_code_the_past_anew(fresh, here, tmp_path, monkeypatch):
    other = tmp_path / "other"
    shutil.copytree(here.folder, other)
    alias = Alias("ketamine", "livraison", "fr", "street", "plain", "local", "")
    with fanal.open(other) as one:
        fresh.engine = Parts()
        recoding.code(fresh)
        monkeypatch.setattr(lexicon, "VERSION", lexicon.VERSION + 1)
        for workspace in (one, fresh):
            before = workspace.tables.files(Observation)
            recoding.code(workspace)
            assert not set(before) & set(workspace.tables.files(Observation))
            workspace.add_to_thesaurus(alias)
            recoding.code(workspace)
        facts = "SELECT * EXCLUDE fingerprint FROM observations ORDER BY ALL"
        assert one.tables.query(facts).equals(fresh.tables.query(facts))


@pytest.mark.parametrize("after", [4, 22])
def test_what_was_cut_short_is_finished_by_the_next_run(fresh, here, after):
    fresh.engine = Parts(dies_after=after)
    with pytest.raises(KeyboardInterrupt):
        fresh.run()
    coded = fresh.tables.rows(
        "SELECT month, count(*) AS n FROM observations GROUP BY month ORDER BY month"
    )
    whole = here.tables.rows(
        "SELECT month, count(*) AS n FROM observations GROUP BY month ORDER BY month"
    )
    assert all(month in whole for month in coded)  # a month is there or it is not
    fresh.engine = Parts()
    fresh.run()
    same(fresh, here)
    fresh.tables.purge()
    assert fresh.tables.strays(Observation) == []
    same(fresh, here)


def test_small_files_of_a_month_go_together(here):
    one = here.tables.by_month(Document, 1)
    together = here.tables.by_month(Document, 1 << 30)
    files = sorted(here.tables.files(Document))
    for found in (one, together):
        assert sorted(name for some in found.values() for part in some for name in part) == files
    assert all(len(part) == 1 for some in one.values() for part in some)
    assert all(len(some) == 1 for some in together.values())
    assert all(f"month={m}/" in n for m, some in one.items() for part in some for n in part)


# --- what goes wrong ---------------------------------------------------------------------------


def broken(number):
    raise ContractError(f"the text of document {number}")


def test_a_worker_that_fails_tells_no_text(spark):
    with pytest.raises(StorageError) as caught:
        list(spark.map(broken, [1], pa.schema([])))
    assert "text of document" not in str(caught.value)


@pytest.mark.parametrize(
    "master",
    ["", "local[", "local[0x2]", "local[two]", "spark://", "spark://host", "mesos://h:1", "l'ocal"],
)
def test_a_master_that_is_none(master, tmp_path):
    with pytest.raises(ConfigError) as caught:
        Spark(master, tmp_path)
    assert caught.value.where == "--master"


def test_without_java(monkeypatch, tmp_path):
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="Java") as caught:
        Spark("local[2]", tmp_path)
    assert "JRE" in caught.value.do


def test_without_pyspark(monkeypatch, tmp_path):
    java = tmp_path / "java"
    java.write_text("")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(ConfigError, match="pyspark") as caught:
        Spark("local[2]", tmp_path)
    assert "fanal[spark]" in caught.value.do


@pytest.mark.parametrize(
    "words",
    [["--engine", "flink"], ["--master", "local[2]"], ["--engine", "spark", "--master", "nowhere"]],
)
@pytest.mark.parametrize("verb", ["run", "code", "detect"])
def test_options_that_do_not_fit_change_nothing(fresh, verb, words):
    with pytest.raises(ConfigError):
        stages.app([verb, "--dir", str(fresh.folder), "--json", *words], standalone_mode=False)
    assert fresh.tables.files(Observation) == []


def test_the_option_sets_the_engine(fresh, monkeypatch, capsys):
    given = []

    class Session(Parts):
        def __init__(self, master, logs):
            super().__init__()
            given.append(master)

        def __enter__(self):
            return self

        def __exit__(self, *_):
            given.append("ended")

    monkeypatch.setattr(engines, "Spark", Session)
    words = ["code", "--dir", str(fresh.folder), "--json", "--engine", "spark"]
    stages.app(words, standalone_mode=False)
    stages.app([*words, "--master", "spark://one:7077"], standalone_mode=False)
    assert given == ["local[*]", "ended", "spark://one:7077", "ended"]
    assert '"changed": true' in capsys.readouterr().out

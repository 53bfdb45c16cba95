"""A network: sites with one id key, and a national observatory that takes their aggregates."""

import json
import subprocess
import tarfile
from datetime import date

import pyarrow.parquet as pq
import pytest
from channel_export import SOURCE, export
from network_files import packed

import fanal
from fanal.answers import sites as sent
from fanal.cli.app import app
from fanal.cli.main import register
from fanal.door.pseudonyms import KeyRing
from fanal.errors import ConfigError, StorageError
from fanal.records import Point
from fanal.stages import tallying


def points(observatory, where="true"):
    rows = observatory.tables.rows(f"SELECT * FROM points WHERE {where} ORDER BY series, period")
    return {(r["series"], r["period"]): (r["value"], r["denominator"]) for r in rows}


@pytest.fixture(scope="module")
def sites(tmp_path_factory):
    """Two sites under the nation's id key, each coded and counted, with what they export."""
    from typer.testing import CliRunner

    register()
    folder = tmp_path_factory.mktemp("network")

    def run(*words):
        done = CliRunner().invoke(app, [*map(str, words), "--json"])
        assert done.exit_code == 0, (done.output, done.exception)
        return json.loads(done.output)

    run("init", folder / "nation")
    run("key", "share", folder / "id", "--dir", folder / "nation")
    assert (folder / "id").stat().st_mode & 0o077 == 0
    for name, count in (("lille", 120), ("lyon", 80)):
        run("init", folder / name, "--site", name, "--network-key", folder / "id")
        with fanal.open(folder / name) as site:
            site.add_source(SOURCE.format(name=f"{name}-canal", more="").replace("lille", name))
            site.ingest([export(folder / f"{name}.json", count, mark=name)], f"{name}-canal")
            site.code()
            tallying.count(site) if name == "lyon" else site.detect()
        run("network", "export", folder / f"{name}.tar", "--dir", folder / name)
    return folder


@pytest.fixture
def folder(sites, tmp_path):
    for name in ("nation", "lille.tar", "lyon.tar"):
        subprocess.run(["cp", "-a", sites / name, tmp_path / name], check=True)
    return tmp_path


def test_sites_share_ids_and_do_not_share_authors(sites):
    rings = {name: KeyRing(sites / name / "keys") for name in ("lille", "lyon", "nation")}
    assert len({ring.id_key for ring in rings.values()}) == 1
    authors = {name: ring.author(name, 2025, "user770001") for name, ring in rings.items()}
    assert len(set(authors.values())) == 3


def test_no_text_travels(sites, tmp_path):
    with tarfile.open(sites / "lille.tar") as archive:
        archive.extractall(tmp_path, filter="data")
    assert {p.name for p in tmp_path.iterdir()} == {
        "manifest.json", "points.parquet", "signals.parquet",
    }  # fmt: skip
    said = "".join(str(pq.read_table(p).to_pylist()) for p in tmp_path.glob("*.parquet"))
    with fanal.open(sites / "lille") as site:
        ids = site.tables.rows("SELECT id, author, thread FROM documents")
    assert "zzq" not in said
    assert "canal" not in said, "nor the name of a source"
    assert not [v for row in ids for v in row.values() if v and str(v) in said]
    assert all(
        "site=lille" in s for s in pq.read_table(tmp_path / "points.parquet")["series"].to_pylist()
    )


def test_totals_add_up_over_sites(folder, sites):
    with fanal.open(folder / "nation") as nation:
        for name in ("lille", "lyon"):
            nation.take_aggregates(folder / f"{name}.tar")
        nation.detect()
        total = points(nation)
        assert nation.tables.counts()["documents"] == 0
    one = {}
    for name in ("lille", "lyon"):
        with fanal.open(sites / name) as site:
            one[name] = points(site, "series NOT LIKE '%source=%' AND series LIKE '%/week'")
    for series in ("documents/week", "mentions/substance=cocaine/week",
                   "authors/substance=cocaine/week"):  # fmt: skip
        periods = {p for site in one.values() for s, p in site if s == series}
        assert periods
        for period in periods:
            values = [site[series, period] for site in one.values() if (series, period) in site]
            assert total[series, period][0] == sum(v for v, _ in values)
            if series != "documents/week":
                assert total[series, period][1] == sum(d for _, d in values)
            for name in ("lille", "lyon"):
                if (series, period) in one[name]:
                    measure, rest = series.split("/", 1)
                    sited = f"{measure}/site={name}/{rest}"
                    assert total[sited, period] == one[name][series, period]


def test_what_a_site_never_names_still_counts_as_read(folder):
    def rows(site, substance, value):
        return [
            Point(f"mentions/site={site}/substance={substance}/week", date(2025, 1, 6), "week",
                  float(value), 100.0, False),
            Point(f"mentions/site={site}/substance=lsd/week", date(2025, 1, 6), "week", 1.0,
                  100.0, False),
        ]  # fmt: skip

    with fanal.open(folder / "nation") as nation:
        for site, substance in (("a", "cocaine"), ("b", "ketamine")):
            packed(folder / f"{site}.tar", site, rows(site, substance, 7))
            nation.take_aggregates(folder / f"{site}.tar")
        tallying.count(nation)
        total = points(nation)
    week = date(2025, 1, 6)
    assert total["mentions/substance=cocaine/week", week] == (7.0, 200.0)
    assert total["mentions/substance=lsd/week", week] == (2.0, 200.0)


def test_a_later_edition_replaces_the_earlier_and_an_older_one_is_refused(folder):
    with fanal.open(folder / "nation") as nation:
        row = Point("mentions/site=a/substance=lsd/week", date(2025, 1, 6), "week", 1.0, 9.0, False)
        packed(folder / "1.tar", "a", [row], made="2025-02-01T00:00:00+00:00")
        more = Point(row.series, row.period, "week", 5.0, 9.0, False)
        packed(folder / "2.tar", "a", [more], made="2025-03-01T00:00:00+00:00")
        nation.take_aggregates(folder / "1.tar")
        tallying.count(nation)
        nation.take_aggregates(folder / "2.tar")
        tallying.count(nation)
        assert points(nation)[row.series, row.period] == (5.0, 9.0)
        assert points(nation)["mentions/substance=lsd/week", row.period] == (5.0, 9.0)
        with pytest.raises(ConfigError, match="later"):
            nation.take_aggregates(folder / "1.tar")
        assert [m.site for m in sent.sites(nation)] == ["a"]


@pytest.mark.parametrize(
    "series",
    [
        "mentions/site=b/substance=lsd/week",
        "mentions/substance=lsd/week",
        "documents/site=a/source=x/week",
        "un texte de personne/site=a/week",
        "mentions/site=a/substance=deux mots/week",
        "mentions/kind=un texte/site=a/substance=lsd/week",
        "mentions/substance=lsd/site=a/week",
        "mentions/week",
        "mentions/site=a/substance/week",
        "x",
        "mentions/site=a/substance=lsd/day",
    ],
)
def test_what_no_aggregate_would_say_is_refused(folder, series):
    with fanal.open(folder / "nation") as nation:
        row = Point(series, date(2025, 1, 6), "week", 1.0, 9.0, False)
        packed(folder / "bad.tar", "a", [row])
        with pytest.raises(StorageError):
            nation.take_aggregates(folder / "bad.tar")
        assert sent.sites(nation) == []


def test_damaged_files_are_refused(folder):
    whole = (folder / "lille.tar").read_bytes()
    with fanal.open(folder / "nation") as nation:
        for number, content in enumerate((b"", b"x" * 900, whole[:700], whole[: len(whole) // 2])):
            path = folder / f"damaged-{number}.tar"
            path.write_bytes(content)
            with pytest.raises(StorageError):
                nation.take_aggregates(path)


def test_an_observatory_without_a_site_exports_nothing(folder):
    with fanal.open(folder / "nation") as nation, pytest.raises(ConfigError, match="not of a site"):
        nation.export_aggregates(folder / "x.tar")

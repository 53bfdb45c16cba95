"""Tens of thousands of real listings: nothing lost by the reckoning, and a bulletin comes out."""

import csv
from pathlib import Path

import pytest

import fanal

SOURCE = """
name = "{name}"
title = "{name}"
publisher = "public data set"
kind = "public posts"
site = "{name}"
country = "{country}"
legal_basis = "published research data"
importer = "tables"
[mapping]
text = {text}
time = "{time}"
"""
LISTINGS = {
    "alphabay": ("alphabay_2017.csv", "US", '["title"]', "scrape_date"),
    "georgia": ("georgia_2020_feb_apr.csv", "GE", '["desc_en"]', "date"),
}


@pytest.mark.bars
@pytest.mark.shared
def test_listings_come_in_whole_and_a_bulletin_comes_out(tmp_path, shared_data):
    with fanal.create(tmp_path / "obs", "Annonces") as observatory:
        for name, (file, country, text, time) in LISTINGS.items():
            path = shared_data / "listings" / file
            observatory.add_source(SOURCE.format(name=name, country=country, text=text, time=time))
            (reckoning,) = observatory.ingest([path], name)
            with path.open(encoding="utf-8", newline="") as stream:
                rows = sum(1 for _ in csv.DictReader(stream))
            reckoning.check()
            print(f"{name}: {rows} rows; {reckoning}")
            assert reckoning.status == "done"
            assert reckoning.read == rows
            assert reckoning.documents + reckoning.duplicates >= 0.99 * rows
        outcomes = observatory.run()
        print([(o.stage, o.rows_in, o.rows_out, round(o.seconds, 1)) for o in outcomes])
        files = observatory.publish_bulletin(tmp_path / "out")
        assert {Path(f).suffix for f in files} == {".html", ".pdf", ".docx"}
        assert observatory.tables.counts()["observations"] > 10_000

"""Explore: any series by any dimension, its table, and what leaves of it."""

import csv
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import found

from fanal.answers.explore import plain
from fanal.records import Audit, Point, table_of
from fanal.workspace import Workspace

KETAMINE = "mentions/substance=ketamine/month"


def points():
    for month in range(1, 7):
        day = date(2025, month, 1)
        for name, value in {
            KETAMINE: 60, "mentions/site=paris/substance=ketamine/month": 40,
            "mentions/site=lille/substance=ketamine/month": 20,
            "mentions/substance=cocaine/month": 90,
            "authors/substance=ketamine/month": 44,
            "authors/site=paris/substance=ketamine/month": 40,
            "authors/site=lille/substance=ketamine/month": 4,
            "indicator/area=FR/name==1+1/year": 3,
            "price/band=0.75/currency=EUR/substance=ketamine/unit=g/month": 30,
            "price/band=1.5/currency=EUR/substance=ketamine/unit=g/month": 25,
            "price/band=9.0/currency=EUR/substance=ketamine/unit=g/month": 20,
        }.items():  # fmt: skip
            yield Point(name, day, name.rsplit("/", 1)[1], float(value), 1000.0, False)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        ws.tables.append(Point, table_of(points(), Point))
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "obs"))


def rows(answer):
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def options(page, name):
    (choice,) = re.findall(rf'<select[^>]* name="{name}".*?</select>', page, flags=re.S)
    return re.findall(r"<option[^>]*>([^<]*)</option>", choice)


def test_each_measure_is_called_otherwise(visitor):
    told = options(visitor("reader").get("/explore").text, "measure")
    assert len(told) == len(set(told))


def test_quantities_stand_from_the_least_on(visitor):
    told = options(visitor("reader").get("/explore?measure=price").text, "what")
    assert [one.split(", ")[2] for one in told] == ["1\xa0g", "1,5–4\xa0g", "9–45\xa0g"]


def test_a_series_is_drawn_and_its_numbers_stand_beside_it(visitor):
    page = visitor("reader").get(f"/explore?what={KETAMINE}")
    spec = json.loads(re.search(r"data-chart='([^']*)'", page.text)[1])
    assert [v["v"] for v in spec["data"]["values"]] == [60] * 6
    assert page.text.count('<td class="n">60</td>') == 6
    shares = visitor("reader").get(f"/explore?what={KETAMINE}&share=share&by=site")
    assert shares.text.count('<td class="n">20</td>') == 6


def test_two_at_a_time_and_small_multiples(visitor):
    both = f"/explore?what={KETAMINE}&other=mentions/substance=cocaine/month"
    page = visitor("reader").get(both)
    spec = json.loads(re.search(r"data-chart='([^']*)'", page.text)[1])
    assert {v["s"] for v in spec["data"]["values"]} == {"Kétamine", "Cocaïne"}
    apart = visitor("reader").get(f"{both}&layout=apart&by=site")
    spec = json.loads(re.search(r"data-chart='([^']*)'", apart.text)[1])
    assert len(spec["vconcat"]) == 2


def test_a_reader_is_not_told_small_numbers_of_persons(visitor):
    asked = "measure=authors&what=authors/substance=ketamine/month&by=site"
    page = visitor("reader").get(f"/explore?{asked}")
    assert page.text.count("non dit") == 12, "the small one, and the one that would tell it"
    assert '<td class="n">4</td>' not in page.text
    assert '<td class="n">4</td>' in visitor("paris").get(f"/explore?{asked}").text


def test_what_is_downloaded_never_tells_them(visitor, app):
    asked = "measure=authors&what=authors/substance=ketamine/month&by=site"
    for who in ("reader", "analyst"):
        told = rows(visitor(who).get(f"/explore.csv?{asked}"))
        assert len(told) == 12
        assert {row["valeur"] for row in told} == {""}
        withheld = "non dit\u00a0: moins de 11, ou ferait connaître un nombre qui ne l’est pas"
        assert {row["note"] for row in told} == {withheld}
    total = rows(visitor("reader").get("/explore.csv?measure=authors"))
    assert {row["valeur"] for row in total} == {"44"}
    assert "Source" in total[0]["source"]
    assert len(app.state.ws.state.all(Audit, action="export")) == 3


@pytest.mark.parametrize("by", ["", "site"])
@pytest.mark.parametrize("kind", ["csv", "svg", "png"])
def test_every_download_of_every_cut(visitor, kind, by):
    answer = visitor("reader").get(f"/explore.{kind}?what={KETAMINE}&by={by}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment")
    if kind == "svg":
        assert "Fanal" in answer.text
        assert "<script" not in answer.text


def test_no_cell_is_a_formula(visitor):
    told = rows(visitor("reader").get("/explore.csv?measure=indicator"))
    assert told
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in told for cell in row.values())
    assert [plain(cell) for cell in ("=1", "@x", "-2", "a=b")] == ["'=1", "'@x", "'-2", "a=b"]


@pytest.mark.parametrize(
    "query",
    ["measure=nonsense", "what=nonsense", "step=nonsense", "by=nonsense", "measure=danger",
     "what=mentions%2Fsubstance%3D%27+OR+1%2Fmonth", "measure=found&step=week"],
)  # fmt: skip
def test_odd_choices_fall_back(visitor, query):
    assert visitor("reader").get(f"/explore?{query}").status_code == 200
    assert visitor("reader").get(f"/explore.csv?{query}").status_code in (200, 404)


def test_other_endings_are_refused(visitor):
    assert visitor("reader").get("/explore.exe").status_code == 400

"""Substances and lab: everything of one substance; small counts of samples not told to readers."""

import re
import shutil
from datetime import UTC, date, datetime
from hashlib import blake2b
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import found
from observatory import document, mention

from fanal.answers import profiles as known
from fanal.records import (
    Document,
    Indicator,
    Observation,
    Phenomenon,
    Point,
    Result,
    Sample,
    table_of,
)
from fanal.thesaurus import shipped
from fanal.workspace import Workspace


def sample(i, sold_as, holds, site="paris"):
    id_ = blake2b(str(i).encode(), digest_size=16).digest()
    row = Sample(
        id_, 1, f"REF-{i}", f"canal-{site}", site, date(2025, 1 + i % 6, 3), "day", None, sold_as,
        sold_as, "powder", None, None, None, None, None, None, None, None, None, "run",
    )  # fmt: skip
    results = [
        Result(id_, 1, s, s, "main", 70.0 + i, None, "%", None, False, "GC-MS", None, "run")
        for s in holds
    ]  # fmt: skip
    return row, results


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made") / "obs"
    found(folder)
    with Workspace(folder) as ws:
        rows = [sample(i, "mdma", ["mdma"]) for i in range(20)]
        rows += [sample(20 + i, "mdma", ["pmma"]) for i in range(3)]
        ws.tables.append(Sample, table_of([r for r, _ in rows], Sample))
        ws.tables.append(Result, table_of([r for _, rs in rows for r in rs], Result))
        points = [
            Point("mentions/substance=mdma/month", date(2025, m, 1), "month", 9.0 + m, 90.0, False)
            for m in range(1, 7)
        ]
        points += [
            Point(f"price/band={band}/currency=EUR/substance=mdma/unit=g/month",
                  date(2025, m, 1), "month", price, 9.0, False)
            for m in range(1, 7) for band, price in (("0.75", 40.0), ("4", 30.0))
        ]  # fmt: skip
        ws.tables.append(Point, table_of(points, Point))
        posts = [document(f"{week}-{n}", week, "paris", "…") for week in (38, 39) for n in range(4)]
        ws.tables.append(Document, table_of(posts, Document))
        asks = [
            mention(f"{week}-{n}", week, "mdma", kind="price", amount=amount, quantity=grams,
                    unit="g", currency="EUR", start=n)
            for week in (38, 39) for n in range(4) for amount, grams in ((40.0, 1.0), (150.0, 5.0))
        ]  # fmt: skip
        ws.tables.append(Observation, table_of(asks, Observation))
        figure = Indicator("Saisies / Seizures", "FR", date(2024, 1, 1), "year", 12.0, "kg", None,
                           "mdma", None, "canal-paris", "1", "run")  # fmt: skip
        ws.tables.append(Indicator, table_of([figure], Indicator))
        told = Phenomenon(
            b"p" * 16,
            "Comprimés plus dosés",
            "substance=mdma",
            "…",
            "persistent",
            2019,
            "",
            "rapport 2019",
            "anna",
            datetime(2025, 1, 1, tzinfo=UTC),
        )
        ws.state.append(told)
    return folder


@pytest.fixture
def folder(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "obs"))


def test_the_page_joins_what_is_known(visitor):
    page = visitor("paris").get("/substances/mdma").text
    for said in ("Combien on en parle", "25\u202f%", "Trouvé dans ce qui est vendu", "Saisies",
                 "Comprimés plus dosés", "Limites", "/documents?substance=mdma"):  # fmt: skip
        assert said in page
    assert ">Saisies</th><td>France</td>" in page
    assert page.count("data-chart") >= 2
    told = [cell.replace("\xa0", " ") for cell in re.findall(r'<td class="n">([^<]*)</td>', page)]
    assert told[told.index("40 €") :][:3] == ["40 €", "8", "–"]
    assert "du 2 juillet 2024 au 30 septembre 2024" in page.replace("\xa0", " ")


@pytest.mark.parametrize(
    ("substance", "told"),
    [
        ("protonitazene", ["nitazenes", "protonitazene"]),
        ("nitazenes", ["nitazenes"]),
        ("fentanyl", []),
        ("of-nobody", []),
    ],
)
def test_signals_of_its_family_are_told_beside_its_own(substance, told):
    of = ("substance=nitazenes", "silence source=x", "price substance=protonitazene unit=g")
    ws = SimpleNamespace(
        thesaurus=shipped, signals=lambda: [SimpleNamespace(concept=concept) for concept in of]
    )
    found = [row.concept for row in known.concerned(ws, substance)]
    assert found == [c for c in of if any(f"substance={one}" in c.split() for one in told)]


def test_a_reader_is_told_no_small_count_of_samples(visitor):
    page = visitor("reader").get("/substances/mdma").text
    assert "moins de\xa011" in page
    assert "/documents" not in page, "which they may not read"
    assert '<td class="n">3</td>' not in page
    assert '<td class="n">3</td>' in visitor("paris").get("/substances/mdma").text
    lab = visitor("reader").get("/lab").text
    assert "13\u202f%" not in lab, "nor the share that would tell it"
    assert "13\u202f%" in visitor("paris").get("/lab").text


def test_the_list_and_its_search(visitor):
    page = visitor("reader").get("/substances?q=ketam").text
    assert 'href="/substances/mdma"' in page
    assert 'href="/substances/ketamine"' in page
    assert visitor("reader").get("/substances/nonsense").status_code == 404
    assert visitor("reader").get("/substances/heroin").status_code == 200


def test_a_result_is_given_back_by_its_reference_to_its_site(visitor):
    assert "GC-MS" in visitor("observer").get("/lab?reference=REF-1").text
    assert visitor("observer").get("/lab?reference=REF-999").status_code == 404
    assert visitor("lille").get("/lab?reference=REF-1").status_code == 404
    assert "GC-MS" not in visitor("reader").get("/lab?reference=REF-1").text


def test_the_api_gives_the_price_of_the_page(visitor):
    client = visitor("reader")
    said = client.get("/api/prices", params={"substance": "mdma"}).json()
    assert (said["first"], said["last"]) == ("2024-07-02", "2024-09-30")
    rows = [(r["quantity"], r["unit"], r["n"], r["median"]) for r in said["rows"]]
    assert rows == [("1", "g", 8, 40.0), ("4–9", "g", 8, 30.0)]
    early = {"substance": "mdma", "first": "2024-01-01", "last": "2024-03-31"}
    assert client.get("/api/prices", params=early).json()["rows"] == []
    first = {"substance": "mdma", "last": "0001-01-01"}
    assert client.get("/api/prices", params=first).json()["rows"] == []
    assert client.get("/api/prices", params={"substance": "nonsense"}).status_code == 404

"""What readers get: small counts of persons withheld, on pages and by the API."""

from datetime import date

import pytest

from fanal.records import Point, table_of


@pytest.fixture
def folder(folder):
    from fanal.workspace import Workspace

    with Workspace(folder) as ws:
        rows = []
        for month, total, paris in ((1, 40, 18), (2, 30, 4), (3, 9, 0)):
            for name, value in (
                ("authors/substance=3-mmc/month", total),
                ("authors/site=paris/substance=3-mmc/month", paris),
                ("authors/site=lille/substance=3-mmc/month", total - paris),
                ("mentions/substance=3-mmc/month", total),
            ):
                rows.append(Point(name, date(2025, month, 1), "month", value, 100.0, False))
        ws.tables.append(Point, table_of(rows, Point))
    return folder


def values(client, series):
    answer = client.get("/api/points", params={"series": series})
    assert answer.status_code == 200
    return [(row["value"], row["withheld"]) for row in answer.json()["rows"]]


def test_a_reader_cannot_tell_a_small_count_nor_compute_it(visitor):
    reader = visitor("reader")
    paris = values(reader, "authors/site=paris/substance=3-mmc/month")
    lille = values(reader, "authors/site=lille/substance=3-mmc/month")
    total = values(reader, "authors/substance=3-mmc/month")
    assert paris[0] == (18, False)
    assert paris[1] == (None, True)
    assert (lille[1][1] or total[1][1]) is True, "else 30 − 26 would tell it"
    assert total[2] == (None, True)


def test_mentions_are_no_persons_and_coordinators_see_everything(visitor):
    assert values(visitor("reader"), "mentions/substance=3-mmc/month")[2] == (9, False)
    seen = values(visitor("paris"), "authors/site=paris/substance=3-mmc/month")
    assert seen == [(18, False), (4, False), (0, False)]


def test_an_unknown_series_is_missing(visitor):
    answer = visitor("reader").get("/api/points", params={"series": "x/y=z/week"})
    assert (answer.status_code, answer.json()["error"]["what"]) == (404, "no such series")

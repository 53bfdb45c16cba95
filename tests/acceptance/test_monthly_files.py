"""Monthly files of one more service, no two of them alike: every row comes in, or says why not."""

import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest
from monthly_files import monthly

from fanal.importers import identify
from fanal.importers.base import Issue, RawSample, Skipped
from fanal.importers.lab.drug_checking import Lab

SEEDS = range(1_000, 1_030)


def told(path):
    """Return samples by reference, and issues; an .xls is written as .xlsx by the generator."""
    assert identify(path) is Lab, path.name
    rows = list(Lab().extract(path))
    assert all(isinstance(row, RawSample | Issue | Skipped) for row in rows)
    samples = {}
    for row in rows:
        if isinstance(row, RawSample):
            samples.setdefault(row.reference, []).append(row)
    return samples, [row for row in rows if isinstance(row, Issue)]


def right(found, results):
    for r in results:
        if r.substance == found.substance:
            unit = (r.unit or "").split("/")[0]
            return (
                (r.amount, r.amount_max, r.censored)
                == (found.amount, found.amount_max, found.censored)
                and (found.amount is None or unit == found.unit)
                and (r.role == "trace") == found.trace
            )
    return False


# Whoever has a sign for what is there and too little may mean by "nd" that nothing is there.
NOT_DOSED = ("n.d.", "ND")
LIMIT = re.compile(r"< ?L", re.IGNORECASE)


def test_rows_of_months_that_are_all_different(tmp_path):
    counts = Counter()
    for seed in SEEDS:
        written = monthly(seed, tmp_path, date(2017, 1 + seed % 12, 1), 20)
        samples, issues = told(written.path)
        references = {truth.reference for truth in written.truths}
        assert set(samples) <= references, written
        texts = [found.text for truth in written.truths for found in truth.found]
        either = NOT_DOSED if any(LIMIT.match(text) for text in texts) else ()
        assert all(i.kind and i.hint and i.record for i in issues)
        for truth in written.truths:
            counts["rows"] += 1
            rows = samples.get(truth.reference)
            if rows is None:
                continue
            first = rows[0]
            day = first.time.date() if isinstance(first.time, datetime) else first.time
            results = [r for row in rows for r in row.results]
            counts["in"] += 1
            counts["day"] += (day, first.precision) == (truth.day, truth.precision)
            counts["sold_as"] += first.sold_as == truth.sold_as
            counts["place"] += first.place == truth.place
            told_of = [f for f in truth.found if f.text not in either]
            counts["found"] += len(told_of)
            counts["right"] += sum(right(f, results) for f in told_of)
    for what in ("in", "day", "sold_as", "place"):
        assert counts[what] >= 0.99 * counts["rows"], counts
    assert counts["right"] >= 0.98 * counts["found"], counts


def test_an_old_workbook():
    samples, issues = told(Path(__file__).parent / "monthly.xls")
    assert sorted(samples) == ["B-1", "B-2", "B-3"]
    assert samples["B-1"][0].time == date(2017, 4, 3)
    assert [(r.substance, r.amount) for r in samples["B-1"][0].results] == [("cocaine", 62.5)]
    assert [i for i in issues if i.level == "error"] == []


@pytest.mark.parametrize(
    ("header", "kept"),
    [
        ("Nom du produit (usager)", True),
        ("Nom usager", False),
        ("Téléphone de l'usager", False),
        ("Produit consommé par l'usager", True),
        ("Collecteur", False),
    ],
)
def test_whose_product_is_no_person(tmp_path, header, kept):
    path = tmp_path / "a.csv"
    path.write_text(
        f"Réf;Date;{header};Molécule;Teneur (%)\n"
        "1;03/04/2017;cocaïne;cocaïne;12\n2;23/04/2017;MDMA;MDMA;13\n",
        "utf-8",
    )
    rows = list(Lab().extract(path))
    samples = [row for row in rows if isinstance(row, RawSample)]
    assert [s.sold_as for s in samples] == (["cocaine", "mdma"] if kept else [None, None])


def test_dates_that_two_readings_fit(tmp_path):
    def days(head, *cells):
        path = tmp_path / "b.csv"
        rows = "".join(f"{n};{cell};MDMA;MDMA;12\n" for n, cell in enumerate(cells))
        path.write_text(f"Sample;{head};Sold as;Found;Purity\n{rows}", "utf-8")
        found = list(Lab().extract(path))
        return [(s.time, s.precision) for s in found if isinstance(s, RawSample)]

    assert days("Date", "03/04/17", "05/06/17") == [(date(2017, 1, 1), "year")] * 2
    assert days("Date de réception", "03/04/17")[0] == (date(2017, 4, 3), "day")
    monthly = days("Date", "03/04/17", "05/04/17", "01/04/17", "09/04/17")
    assert monthly[0] == (date(2017, 4, 3), "day")  # one month, or four scattered ones
    assert days("Date", "T3 2017", "2017-T1", "S12 2017") == [
        (date(2017, 7, 1), "quarter"),
        (date(2017, 1, 1), "quarter"),
        (date(2017, 3, 20), "week"),
    ]


def test_not_detected_or_not_dosed(tmp_path):
    def censored(text):
        path = tmp_path / "c.csv"
        path.write_text(f"ref;date;vendu comme;analyte;teneur\n{text}", "utf-8")
        return [
            r.censored for s in Lab().extract(path) if isinstance(s, RawSample) for r in s.results
        ]

    # a panel: each sample lists the same substances
    panel = "".join(
        f"{n};2{n}/04/2017;cocaïne;{name};{amount}\n"
        for n in range(3)
        for name, amount in (("cocaïne", "62 %"), ("MDMA", "nd"), ("héroïne", "n.d."))
    )
    assert censored(panel) == [False, True, True] * 3
    found = "1;23/04/2017;cocaïne;cocaïne;nd\n2;24/04/2017;MDMA;MDMA;12 %\n"
    assert censored(found) == [False, False]

"""An attacker with every sum that pages, API and a bulletin tell a reader computes no small one.

What is counted is taken apart into atoms: the documents of one source, of the days that one week
and one month have in common. Whatever is told is a sum of atoms, and so is whatever is withheld;
linear algebra says which of these the told ones leave no choice of.
"""

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import numpy as np
import observatory
import pytest
from test_small_numbers import rows_of

from fanal.answers import disclosure, told_sums
from fanal.edition import Few
from fanal.publishing import composing
from fanal.records import Document, Observation, Point, table_of

SOURCES = {  # name: site, kind
    "canal-paris": ("paris", "public posts"), "canal-lille": ("lille", "public posts"),
    "carnet-paris": ("paris", "field notes"), "carnet-lille": ("lille", "field notes"),
    "journal-paris": ("paris", "interview"), "journal-lille": ("lille", "interview"),
}  # fmt: skip
START, WEEKS, LEAST = date(2025, 1, 6), 20, 11
FIRST, LAST = date(2025, 3, 1), date(2025, 4, 30)  # of the bulletin
KETAMINE = "mentions/{}substance=ketamine/{}"
EVER = (date.min, date.max)
DAYS = [START + timedelta(days=n) for n in range(7 * WEEKS)]


def begins(day, step):
    return day.replace(day=1) if step == "month" else day - timedelta(days=day.weekday())


def material(seed):
    """Return what came in: source and day of each document, and whether it names ketamine."""
    random, rows = Random(seed), []
    for source, (_, kind) in SOURCES.items():
        public = kind == "public posts"
        often = 1.0 if public else random.choice((0.05, 0.2, 0.6))
        for week in range(WEEKS):
            for _ in range(
                random.randint(0, 12 if public else 5) if random.random() < often else 0
            ):
                day = START + timedelta(weeks=week, days=random.randrange(7))
                rows.append((source, day, random.random() < 0.4))
    return rows


def scopes():
    """Yield what a series is told by, and the sources in it."""
    yield "", set(SOURCES)
    for at, name in enumerate(("site", "kind")):
        for value in sorted({about[at] for about in SOURCES.values()}):
            yield f"{name}={value}/", {s for s, about in SOURCES.items() if about[at] == value}
    for source in SOURCES:
        yield f"source={source}/", {source}


def points(rows):
    """Return the series as they are counted: a number for each period with a document."""
    found = []
    for step in ("week", "month"):
        for scope, sources in scopes():
            mine = [row for row in rows if row[0] in sources]
            read = Counter(begins(day, step) for _, day, _ in mine)
            named = Counter(begins(day, step) for _, day, named in mine if named)
            for period, n in read.items():
                said = [(f"documents/{scope}{step}", n, None)]
                if "source" not in scope:
                    said.append((KETAMINE.format(scope, step), named[period], float(n)))
                found += [Point(name, period, step, float(v), of, False) for name, v, of in said]
    return found


class Known:
    """Sums of atoms that somebody was told."""

    def __init__(self):
        pieces = sorted({(begins(day, "week"), begins(day, "month")) for day in DAYS})
        self.atoms, self.forms = [(source, *piece) for source in SOURCES for piece in pieces], []

    def form(self, sources, step="", first=date.min, last=date.max):
        """Return a sum over some sources and periods that begin between two days."""
        at = {"week": 1, "month": 2}.get(step, 1)
        return np.array([s in sources and first <= (s, w, m)[at] <= last
                         for s, w, m in self.atoms], dtype=float)  # fmt: skip

    def add(self, *args):
        self.forms.append(self.form(*args))

    def tells(self):
        """Return what says whether a sum is computed from what was told."""
        _, singular, rows = np.linalg.svd(np.array(self.forms))
        basis = rows[: int((singular > 1e-9).sum())]
        return lambda form: np.allclose(basis.T @ (basis @ form), form, atol=1e-8)


@pytest.fixture(params=(0, 2, 4, 7))
def planted(request, visitor, app):
    ws, rows = app.state.ws, material(request.param)
    for name, (site, kind) in SOURCES.items():
        if name not in ws.sources:
            ws.add_source(
                f'name = "{name}"\ntitle = "{name}"\npublisher = "essai"\nkind = "{kind}"\n'
                f'site = "{site}"\nlegal_basis = "essai"\n'
            )
    documents, facts = [], []
    for n, (source, day, named) in enumerate(rows):
        site, kind = SOURCES[source]
        one = observatory.document(str(n), 0, site, "mots", kind)
        month = f"{day:%Y-%m}"
        documents.append(replace(one, source=source, day=day, month=month))
        if named:
            facts.append(observatory.mention(str(n), 0, "ketamine", month=month))
    for record, made in ((Document, documents), (Observation, facts), (Point, points(rows))):
        ws.tables.append(record, table_of(made, record))
    return rows, visitor("reader"), ws


def number(cell):
    digits = re.sub(r"[\s\u00a0\u202f]", "", cell)
    return int(digits) if digits.isdigit() else None


def gathered(rows, reader, ws):
    """Return what a reader is told of documents read, and of those that name ketamine."""
    read, named = Known(), Known()
    for step in ("week", "month"):
        for scope, sources in scopes():
            for series, known in ((f"documents/{scope}{step}", read),
                                  (KETAMINE.format(scope, step), named)):  # fmt: skip
                if known is named and "source" in scope:
                    continue
                answer = reader.get("/api/points", params={"series": series}).json()
                told = {date.fromisoformat(row["period"]): row for row in answer.get("rows", ())}
                for period in sorted({begins(day, step) for day in DAYS}):
                    row = told.get(period, {"value": 0.0, "denominator": None})  # nothing came in
                    if row["value"] is not None:
                        known.add(sources, step, period, period)
                    if row["denominator"] is not None:
                        read.add(sources, step, period, period)
    late, before = told_sums.late_weeks(ws)
    page = reader.get("/").text
    sites = {row[0]: number(row[2]) for row in rows_of(page) if len(row) == 4}
    for site in ("paris", "lille"):
        of_site = {s for s, about in SOURCES.items() if about[0] == site}
        if (n := sites[site.capitalize()]) is not None:
            assert n == sum(s in of_site and over(late, day) for s, day, _ in rows)
            read.add(of_site, *late[:3])
    every = set(SOURCES)
    said = re.search(r"([\d\s]+) mentions? sur ([\d\s]+), après ([\d\s]+) sur", page)
    if said:
        for span in (late, before):
            named.add(every, *span[:3])
            read.add(every, *span[:3])
        assert number(said[1]) == sum(named_ and over(late, day) for _, day, named_ in rows)
    for row in rows_of(reader.get("/sources").text):
        name = row[0].split()[0] if row[0] else ""
        if name in SOURCES and number(row[3]) is not None:
            assert number(row[3]) == sum(source == name for source, *_ in rows)
            read.add({name})
    (row,) = [row for row in rows_of(reader.get("/substances").text) if row[0] == "Kétamine"]
    if number(row[2]) is not None:
        assert number(row[2]) == sum(named_ for *_, named_ in rows)
        named.add(every)
    if row[3] != "–":  # a share: both numbers may be computed from it
        named.add(every)
        read.add(every)
    edition = disclosure.public(composing.bulletin(ws, LAST, FIRST), LEAST,
                                given=composing._given(ws, FIRST, LAST, LEAST))  # fmt: skip
    for source in edition.sources:
        if not isinstance(source.documents, Few):
            read.add({source.name}, "month", FIRST, LAST)
    return read, named


def over(span, day):
    return span.first <= begins(day, span.step) <= span.last


def small(rows, late):
    """Yield the sources, step and ends of each small count of persons."""
    spans = [("", *EVER), late[:3], ("month", FIRST, LAST)]
    for step in ("week", "month"):
        spans += [(step, p, p) for p in sorted({begins(day, step) for _, day, _ in rows})]
    for scope, sources in scopes():
        if all(SOURCES[s][1] != "public posts" for s in sources):
            for step, first, last in spans:
                mine = [d for s, d, _ in rows if s in sources]
                n = sum(first <= (begins(d, step) if step else d) <= last for d in mine)
                if 0 < n < LEAST:
                    yield scope, (sources, step, first, last)


def test_no_sum_of_what_a_reader_is_told_is_a_small_count(planted):
    rows, reader, ws = planted
    read, named = gathered(rows, reader, ws)
    assert len(read.forms) > 20, "much is told all the same"
    for known, mine in ((read, rows), (named, [row for row in rows if row[2]])):
        tells, cells = known.tells(), list(small(mine, told_sums.late_weeks(ws)[0]))
        assert len(cells) > 20
        assert [(scope, *span[1:]) for scope, span in cells if tells(known.form(*span))] == []


def test_who_works_here_is_told_all_whoever_asked_before(planted):
    rows, _, ws = planted
    late, _ = told_sums.late_weeks(ws)
    told_sums.read(ws, LEAST)
    counted = Counter(SOURCES[source][0] for source, day, _ in rows if over(late, day))
    of_sites = told_sums.read(ws, 1)[late._replace(by="site")]
    assert of_sites == {f"documents/site={site}/week": n for site, n in counted.items()}
    assert all(type(n) is int for n in of_sites.values())
    named = told_sums.named(ws, 1)[late]
    assert named == {
        "mentions/substance=ketamine/week": sum(said and over(late, day) for _, day, said in rows)
    }

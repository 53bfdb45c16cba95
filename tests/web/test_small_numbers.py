"""What readers get: small counts of persons withheld, on pages and by the API."""

from datetime import date
from random import Random

import numpy as np
import pytest

from fanal.answers.disclosure import counts_persons
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


# --- an attacker with every number of the API -----------------------------------------------------

MONTHS = [date(2025, m, 1) for m in range(1, 13)]
PLACES = {"paris": ("canal-paris", "journal-paris"), "lille": ("canal-lille", "journal-lille")}


def counted():
    """Return series: period: (value, denominator), as `stages.counting` names and adds them up."""
    random, made = Random(7), {}

    def say(series, month, value, of=None):
        made.setdefault(series, {})[month] = (float(value), None if of is None else float(of))

    for month in MONTHS:
        read = {"canal-paris": random.randint(20, 90), "canal-lille": random.randint(20, 90),
                "journal-paris": random.randint(2, 30),
                "journal-lille": random.randint(0, 14)}  # fmt: skip
        named = {name: random.randint(0, n // 3) for name, n in read.items()}
        for measure, cells in (("documents", read), ("mentions", named)):
            what = "" if measure == "documents" else "/substance=ketamine"
            of = read if measure == "mentions" else dict.fromkeys(read)
            if measure == "documents":
                for name, n in cells.items():
                    say(f"documents/source={name}/month", month, n)
            for kind, start in (("public posts", "canal"), ("interview", "journal")):
                mine = [name for name in cells if name.startswith(start)]
                say(f"{measure}/kind={kind}{what}/month", month, sum(cells[n] for n in mine),
                    sum(of[n] for n in mine) if what else None)  # fmt: skip
            for site, mine in PLACES.items():
                say(f"{measure}/site={site}{what}/month", month, sum(cells[n] for n in mine),
                    sum(of[n] for n in mine) if what else None)  # fmt: skip
            say(f"{measure}{what}/month", month, sum(cells.values()),
                sum(of.values()) if what else None)  # fmt: skip
        analysed = random.randint(5, 60)
        parts = {name: random.randint(0, 8 if name != "metonitazene" else 25)
                 for name in ("protonitazene", "metonitazene", "isotonitazene")}  # fmt: skip
        for name, n in parts.items():
            say(f"found/substance={name}/month", month, n, sum(parts.values()) + analysed)
        say(
            "found/group=nitazenes/month",
            month,
            sum(parts.values()),
            sum(parts.values()) + analysed,
        )
        held = random.randint(0, analysed)
        say("expected/substance=heroin/month", month, held, analysed)
        say("missold/substance=heroin/month", month, analysed - held, analysed)
        at = random.randint(0, sum(parts.values()))
        for site, n in (("paris", at), ("lille", sum(parts.values()) - at)):
            say(f"danger/rule=nitazene/site={site}/substance=nitazenes/month", month, n, 70)
    return made


@pytest.fixture
def published(visitor, app):
    """Return what was counted, and what a reader is given of it."""
    ws = app.state.ws
    for site, source in (("paris", "journal-paris"), ("lille", "journal-lille")):
        ws.add_source(
            f'name = "{source}"\ntitle = "Journal"\npublisher = "essai"\nkind = "interview"\n'
            f'site = "{site}"\nlegal_basis = "essai"\n'
        )
    real = counted()
    rows = [Point(name, month, "month", *pair, False)
            for name, pairs in real.items() for month, pair in pairs.items()]  # fmt: skip
    ws.tables.append(Point, table_of(rows, Point))
    reader, told = visitor("reader"), {}
    for name in real:
        answer = reader.get("/api/points", params={"series": name}).json()["rows"]
        assert [row["period"] for row in answer] == [str(month) for month in MONTHS]
        told[name] = {
            date.fromisoformat(r["period"]): (r["value"], r["denominator"]) for r in answer
        }
    return real, told


def sums(real):
    """Yield what adds up to what: (series, month), (series, "of", month), (series, "year")."""
    of = {name: real[name][MONTHS[0]][1] is not None for name in real}
    for month in MONTHS:
        for measure, what in (("documents", ""), ("mentions", "/substance=ketamine")):
            whole = f"{measure}{what}/month"
            for by in ("site", "kind", "source"):
                parts = [n for n in real if n.startswith(f"{measure}/{by}=")]
                if parts:
                    yield (whole, month), [(n, month) for n in parts]
                    if of[whole]:
                        yield (whole, "of", month), [(n, "of", month) for n in parts]
        for site, names in PLACES.items():
            yield (
                (f"documents/site={site}/month", month),
                [(f"documents/source={n}/month", month) for n in names],
            )
        for kind, start in (("public posts", "canal"), ("interview", "journal")):
            yield (
                (f"documents/kind={kind}/month", month),
                [(f"documents/source={start}-{site}/month", month) for site in PLACES],
            )
        for scope in ("kind=public posts", "kind=interview", "site=paris", "site=lille"):
            read = (f"documents/{scope}/month", month)
            yield read, [(f"mentions/{scope}/substance=ketamine/month", "of", month)]
        yield ("documents/month", month), [("mentions/substance=ketamine/month", "of", month)]
        group = [n for n in real if n.startswith("found/substance=")]
        yield ("found/group=nitazenes/month", month), [(n, month) for n in group]
        danger = [n for n in real if n.startswith("danger/")]
        yield ("found/group=nitazenes/month", month), [(n, month) for n in danger]
        pair = [(f"{m}/substance=heroin/month", month) for m in ("expected", "missold")]
        for measure in ("expected", "missold"):
            yield (f"{measure}/substance=heroin/month", "of", month), pair
    for name in real:  # the pages tell years
        if not name.startswith("mentions/site"):
            yield (name, "year"), [(name, month) for month in MONTHS]


def computed(real, told, least=11):
    """Return the withheld small counts of persons that linear algebra leaves no choice of."""
    value, known = {}, set()
    for name, pairs in real.items():
        for month, (n, of) in pairs.items():
            value[name, month], value[name, "of", month] = n, of
            known |= {(name, month)} if told[name][month][0] is not None else set()
            known |= {(name, "of", month)} if told[name][month][1] is not None else set()
        value[name, "year"] = sum(n for n, _ in pairs.values())
        known |= {(name, "year")} if value[name, "year"] >= least else set()
    hidden = sorted((cell for cell in value if cell not in known), key=str)
    column = {cell: i for i, cell in enumerate(hidden)}
    rows = []
    for whole, parts in sums(real):
        if value[whole] is None or value[whole] != sum(value[p] for p in parts):
            continue
        row = np.zeros(len(hidden))
        for cell, sign in ((whole, -1), *((p, 1) for p in parts)):
            if cell in column:
                row[column[cell]] += sign
        rows.append(row)
    _, singular, right = np.linalg.svd(np.array(rows))
    free = right[int((singular > 1e-9).sum()) :]
    return [
        cell for cell in hidden
        if len(cell) == 2 and cell[1] != "year" and 0 < value[cell] < least
        and counts_persons(cell[0]) and not (abs(free[:, column[cell]]) > 1e-9).any()
    ]  # fmt: skip


def test_an_attacker_with_every_number_of_the_api_computes_no_small_count(published):
    real, told = published
    small = [
        (name, month) for name, pairs in real.items() for month, (n, _) in pairs.items()
        if 0 < n < 11 and counts_persons(name)
    ]  # fmt: skip
    assert len(small) > 60
    assert all(told[name][month][0] is None for name, month in small)
    shown = sum(n is not None for pairs in told.values() for n, _ in pairs.values())
    assert shown > 60, "much is told all the same"
    naive = {
        name: {m: (None if (name, m) in small else n, of) for m, (n, of) in pairs.items()}
        for name, pairs in real.items()
    }
    assert len(computed(real, naive)) > 30, "what withholding small counts alone leaves open"
    assert computed(real, told) == []
    of = [
        n for name, pairs in told.items() for _, n in pairs.values()
        if n is not None and (counts_persons(name) or "kind=interview" in name)
    ]  # fmt: skip
    assert min(of) >= 11, "what a count is a share of counts persons too"

"""What readers get: small counts of persons withheld, on pages and by the API."""

import re
from collections import Counter
from datetime import date
from hashlib import blake2b
from html import unescape
from random import Random

import numpy as np
import pytest

from fanal.answers import disclosure
from fanal.answers.withholding import counts_persons
from fanal.edition import Few
from fanal.publishing import composing
from fanal.records import Point, Result, Sample, schema_of, table_of
from fanal.wording.language import capital


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
        for name in ("", "kind=interview/"):
            name = f"mentions/{name}substance=tucibi/month"
            rows.append(Point(name, date(2025, 1, 1), "month", 8, 100.0, False))
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


def test_a_page_of_withheld_numbers_says_that_they_are(visitor):
    """Never that nobody spoke of it, which is said where nobody did."""
    for who, tucibi in (
        ("reader", "leurs nombres ne sont pas donnés"),
        ("paris", "Documents par mois"),
    ):
        page = unescape(visitor(who).get("/substances/tucibi").text)
        assert tucibi in page and "Aucun document ne la cite." not in page
        assert "Aucun document ne la cite." in unescape(visitor(who).get("/substances/pmma").text)


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


# --- an attacker with every page on samples, the public bulletin and the API ----------------------

HOLDS = {  # sold as: what was found together, and in how many samples
    "ketamine": {"ketamine": 30, "paracetamol": 3},
    "mdma": {"mdma caffeine": 15, "mdma": 10, "phenacetin": 15},
    "heroin": {"heroin caffeine": 5, "heroin": 19, "paracetamol": 3},
    "cocaine": {"cocaine": 40, "cocaine ketamine": 5, "phenacetin": 15},
}


@pytest.fixture
def analysed(app):
    """Bring such samples in, and return how many hold what by name, substance, and in all."""
    samples, results, cells = [], [], Counter()
    for name, together in HOLDS.items():
        for holds, n in together.items():
            for i in range(n):
                key = blake2b(f"{name} {holds} {i}".encode(), digest_size=16).digest()
                about = {"id": key, "version": 1, "reference": f"R{len(samples)}", "site": "paris",
                         "source": "canal-paris", "day": date(2025, 1, 6), "precision": "day",
                         "sold_as": name, "sold_as_label": name, "run": "r"}  # fmt: skip
                samples.append(Sample(**dict.fromkeys(schema_of(Sample).names) | about))
                for substance in holds.split():
                    answer = {"sample": key, "version": 1, "substance": substance,
                              "label": substance, "role": "main", "censored": False,
                              "run": "r"}  # fmt: skip
                    results.append(Result(**dict.fromkeys(schema_of(Result).names) | answer))
                    cells[name, substance] += 1
                    cells[substance] += 1
            cells["of", name] += n
    points = [
        Point(f"found/substance={s}/month", date(2025, month, 1), "month", float(n), 67.0, False)
        for s, all_ in cells.items() if isinstance(s, str)
        for month, n in ((1, all_ - 3), (2, 3))
    ]  # fmt: skip
    for record, rows in ((Sample, samples), (Result, results), (Point, points)):
        app.state.ws.tables.append(record, table_of(rows, record))
    return cells


def rows_of(page):
    """Return the rows of a page's tables, as what their cells say."""
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL):
        cells = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", row, re.DOTALL)
        yield [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def bring_samples(ws, names):
    """Bring in so many samples under each name that hold what they were sold as."""
    samples, results = [], []
    for name, n in names.items():
        for i in range(n):
            key = blake2b(f"{name} {i}".encode(), digest_size=16).digest()
            about = {"id": key, "version": 1, "reference": f"R{len(samples)}", "site": "paris",
                     "source": "canal-paris", "day": date(2025, 1, 6), "precision": "day",
                     "sold_as": name, "sold_as_label": name, "run": "r"}  # fmt: skip
            samples.append(Sample(**dict.fromkeys(schema_of(Sample).names) | about))
            answer = {"sample": key, "version": 1, "substance": name, "label": name,
                      "role": "main", "censored": False, "run": "r"}  # fmt: skip
            results.append(Result(**dict.fromkeys(schema_of(Result).names) | answer))
    for record, rows in ((Sample, samples), (Result, results)):
        ws.tables.append(record, table_of(rows, record))


@pytest.mark.parametrize(
    ("names", "as_told"),
    [
        ({"ketamine": 60, "mdma": 35, "oxycodone": 5}, "–"),  # 100 less 95
        ({"ketamine": 60, "mdma": 35, "oxycodone": 1, "lsd": 1}, "–"),  # 2 is 1 and 1
        ({"ketamine": 60, "mdma": 35, "oxycodone": 5, "lsd": 6}, "106"),
        ({"ketamine": 60, "mdma": 35, "oxycodone": 11}, "106"),
    ],
)
def test_all_samples_less_those_of_the_names_that_are_told_are_not_few(
    visitor, app, names, as_told
):
    bring_samples(app.state.ws, names)
    said = {
        who: re.search(r"(\S+) échantillons? analysés?", visitor(who).get("/lab").text)[1]
        for who in ("reader", "paris")
    }
    assert {who: said[who].rpartition(">")[2] for who in said} == {
        "reader": as_told, "paris": str(sum(names.values())),
    }  # fmt: skip


def told_of_samples(ws, reader):
    """Return every number that pages, bulletin and API tell of samples, by what it counts."""
    label = {capital(ws.thesaurus().label(s, "fr")): s
             for s in {*HOLDS, "caffeine", "paracetamol", "phenacetin"}}  # fmt: skip
    told = {}

    def say(what, cell):
        if cell.isdigit():
            told[what] = int(cell)

    for row in rows_of(reader.get("/lab").text):
        if row[0] in label and len(row) == 3:
            say(("of", label[row[0]]), row[1])
            for part in row[2].split(" · "):
                name, _, share = part.removesuffix("\u202f%").rpartition(" ")
                if share.isdigit() and ("of", label[row[0]]) in told:
                    of = told["of", label[row[0]]]
                    told[label[row[0]], label[capital(name)]] = round(int(share) * of / 100)
        elif row[0] in label and len(row) == 6:
            say((label[row[0]], label[row[0]]), row[2])
    for row in rows_of(reader.get("/substances").text):
        if row[0] in label:
            say(label[row[0]], row[-1])
    for substance in ("ketamine", "heroin", "caffeine"):
        page = reader.get(f"/substances/{substance}").text
        names = page.index("Vendu comme") if "Vendu comme" in page else len(page)
        for part, inside in ((page[:names], True), (page[names:], False)):
            for row in rows_of(part):
                if row[0] in label and len(row) == 4:
                    pair = (substance, label[row[0]])
                    say(pair if inside else pair[::-1], row[1])
                    if not inside and row[2] != "–":  # a share of all that held it
                        told[substance] = round(int(row[1]) * 100 / int(row[2].split("\u202f")[0]))
        series = reader.get("/api/points", params={"series": f"found/substance={substance}/month"})
        for point in series.json().get("rows", ()):
            if point["value"] is not None:
                told[substance] = point["value"]
    edition = disclosure.public(composing.bulletin(ws, date(2025, 1, 31), date(2025, 1, 1)), 11)
    for one in edition.contents:
        name = label[capital(one.name.fr)]
        if not isinstance(one.of, Few):
            told["of", name] = one.of
        if not isinstance(one.samples, Few):
            told[name, name] = one.samples
    return told


def test_an_attacker_with_all_pages_and_the_bulletin_computes_no_small_count_of_samples(
    visitor, app, analysed
):
    told = told_of_samples(app.state.ws, visitor("reader"))
    names, substances = list(HOLDS), [s for s in analysed if isinstance(s, str)]
    assert {"of", "mdma"} <= {w for what in told for w in what}, "something is told"
    pairs = [what for what in analysed if isinstance(what, tuple) and what[0] != "of"]
    small = {p: analysed[p] for p in pairs if analysed[p] < 11}
    assert not small.keys() & told.keys()
    for name in names:
        if ("of", name) in told and (name, name) in told:
            rest = told["of", name] - told[name, name]
            assert not 0 < rest < 11, f"{rest} sold as {name} are none"
    for substance in substances:
        column = [p for p in pairs if p[1] == substance]
        hidden = [p for p in column if p not in told]
        if substance in told and len(hidden) == 1:
            pytest.fail(f"{told[substance]} in all give {hidden[0]}: {analysed[hidden[0]]}")
    assert told["cocaine", "cocaine"] == 45
    assert told["mdma", "mdma"] == 25

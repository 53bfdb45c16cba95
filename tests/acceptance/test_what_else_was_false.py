"""More values that were wrong once, through the command line and the pages: as users saw them."""

import html
import importlib
import re
from datetime import date, timedelta

import pytest
from command_line import said
from fastapi.testclient import TestClient
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from trial import LAB, NOTES, POSTS, TABLE, TALK, Place

import fanal

WAVE = "id;date;Que diriez-vous des prix en ce moment ?\n"
HEAD = "reference;date;vendu comme;substance\n"


def plain(markup):
    """Return the text of a page, its cells and paragraphs parted by bars; of pictures nothing."""
    markup = re.sub(r"<(svg|style|script).*?</\1>", "", markup, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", "|", markup))
    return re.sub(r"[\s|]*\|[\s|]*", "|", text.replace("\xa0", " ").replace("\u202f", " "))


def bulletin(place, *more, language="en"):
    """Publish a bulletin; return its page in a language."""
    to = place.folder / f"edition{len(list(place.folder.iterdir()))}"
    said("publish", "bulletin", *more, "--to", to, "--dir", place.at)
    return (to / f"bulletin.{language}.html").read_text("utf-8")


@pytest.fixture
def place(tmp_path):
    return Place(tmp_path)


# --- the laboratory -----------------------------------------------------------------------------


def test_nothing_is_found_in_the_spellings_of_laboratories(place):
    """Each of them was the name of a substance."""
    labels = (
        "Not detected",
        "nothing found",
        "inconnu",
        "n/a",
        "à confirmer",
        "nicht nachgewiesen",
    )
    rows = "".join(f"N{n};2025-04-21;MDMA;{label}\n" for n, label in enumerate(labels))
    source = place.source(LAB, 'importer = "lab"\n')
    place.read(source, "n.csv", HEAD + rows + "N9;2025-04-21;MDMA;MDMA\n")
    query = "SELECT DISTINCT substance, role = 'main' FROM results ORDER BY ALL"
    assert place.ask(query) == [("mdma", True), (None, False)]


def opioids():
    """Two years of samples of a name that says unknown, all of them fentanyl with caffeine."""
    rows = HEAD
    for month in range(24):
        for n in range(6):
            day = f"{2023 + month // 12}-{month % 12 + 1:02}-{n + 3:02}"
            for found in ("fentanyl", "caféine"):
                rows += f"O{month}-{n};{day};Down (Unknown Opioid);{found}\n"
    return rows


def test_a_name_that_says_unknown_is_no_substance_and_what_is_usual_no_signal(place):
    """It was heroin, in which fentanyl was unexpected in the first month; caffeine was news."""
    place.read(place.source(LAB, 'importer = "lab"\n'), "o.csv", opioids())
    said("run", "--dir", place.at)
    query = "SELECT sold_as, sold_as_label, count(*) FROM samples GROUP BY ALL"
    assert place.ask(query) == [(None, "Down (Unknown Opioid)", 144)]
    assert said("triage", "list", "--all", "--dir", place.at)["rows"] == []


def test_a_label_of_several_names_is_sold_as_any_of_them(place):
    """It was sold as what it was not, and its fentanyl unexpected; in cocaine it is."""
    rows = HEAD
    for month in range(12):
        for n in range(6):
            day = f"2023-{month % 12 + 1:02}-{n + 3:02}"
            held = "fentanyl" if month > 8 else "heroin"
            rows += f"T{month}-{n};{day};Heroin / fentanyl?;{held}\n"
            rows += f"C{month}-{n};{day};cocaine;{'fentanyl' if month > 10 else 'cocaine'}\n"
    place.read(place.source(LAB, 'importer = "lab"\n'), "t.csv", rows)
    said("run", "--dir", place.at)
    query = (
        "SELECT series, period, value FROM points "
        "WHERE (series LIKE 'missold/%' OR series LIKE 'danger/%') AND value > 0"
    )
    assert place.ask(query) == [
        ("danger/rule=fentanyl-unexpected/site=lille/substance=fentanyl/month",
         date(2023, 12, 1), 6.0)
    ]  # fmt: skip
    told = said("triage", "list", "--all", "--dir", place.at)["rows"]
    assert ("substance=fentanyl", "2023-12-01") in [(r["concept"], r["last"]) for r in told]


def test_a_quant_is_a_share_of_what_the_column_before_names(place):
    """No such file was read without a mapping, and nobody said of which columns."""
    text = "Health Authority,Sample ID,Visit Date,Collection Site,City/Town,Drug,Category,Quant\n"
    for n, (name, share) in enumerate((("Down (Unknown Opioid)", 17.8), ("Fentanyl", 61.9))):
        text += f"Vancouver Coastal,ZK2XW7QPLM{n}A,2022-04-2{n},A,Vancouver,{name},Opioid,{share}\n"
    assert place.read(place.source(LAB), "Fent Quant.csv", text) == ("lab", 2, 2)
    query = (
        "SELECT sold_as, amount, r.unit, censored FROM samples s JOIN results r ON r.sample = s.id "
        "ORDER BY s.day"
    )
    assert place.ask(query) == [(None, 17.8, "%", False), ("fentanyl", 61.9, "%", False)]


def test_a_share_that_an_open_sheet_shows_is_one(place):
    """72 % of an open sheet was 0.72 %."""
    rows = [["N°", "Date", "Vendu comme", "Substance", "Teneur (%)"],
            ["W1", "22/05/2025", "cocaïne", "cocaïne", 0.72]]  # fmt: skip
    book, sheet = OpenDocumentSpreadsheet(), Table(name="s")
    for row in rows:
        line = TableRow()
        for cell in row:
            share = isinstance(cell, float)
            kind = {"valuetype": "percentage", "value": cell} if share else {"valuetype": "string"}
            made = TableCell(**kind)
            made.addElement(P(text="72,0 %" if share else cell))
            line.addElement(made)
        sheet.addElement(line)
    book.spreadsheet.addElement(sheet)
    path = place.folder / "w.ods"
    book.save(path)
    said("ingest", path, "--source", place.source(LAB), "--dir", place.at)
    assert place.found("W1") == [("cocaine", 72.0, "%", "2025-05-22")]


# --- who says so --------------------------------------------------------------------------------


def week_posts(weeks, late, of="et de la tucibi"):
    start, rows = date(2025, 3, 24), "id;date;texte\n"
    words = "soir quai nord livre rapide gare port centre sud ligne jeudi dispo calme".split()  # noqa: SIM905
    for week in range(weeks):
        for n in range(12):
            text = " ".join(words[(week * 5 + n * 3 + k * 7) % 13] for k in range(6))
            text += f" {week} {n} " + of * (week >= late and n < 6)
            rows += f"{week}-{n};{start + timedelta(weeks=week, days=n % 5)};{text}\n"
    return rows, start + timedelta(weeks=late)


def test_few_notes_that_say_nothing_are_too_few_to_tell(place):
    """Eleven notes that did not speak of it were against it."""
    posts, day = week_posts(40, 36)
    place.read(place.source(POSTS), "posts.csv", posts)
    notes = "".join(f"N{n};{day + timedelta(days=n)};Maraude {n} : du crack\n" for n in range(11))
    place.read(place.source(NOTES), "notes.csv", "id;date;texte\n" + notes)
    said("run", "--dir", place.at)
    told = plain(bulletin(place, "--since", "2025-10-01", "--until", "2025-12-31"))
    assert "Nothing of it was noted in field notes (11 documents read: too few to tell)." in told


def test_rejected_prices_are_in_no_page_and_no_bulletin(place):
    """They were in all but the counts."""
    posts, _ = week_posts(6, 0, "et de la cocaïne, 60€ le g")
    place.read(place.source(POSTS), "posts.csv", posts)
    said("run", "--dir", place.at)
    period = ("--since", "2025-03-01", "--until", "2025-05-31")
    coordinator = visitor(place)
    assert "|1 g|60 €|36|" in plain(coordinator.get("/substances/cocaine").text)
    asked = place.ask("SELECT document, start, stop FROM observations WHERE kind = 'price'")
    for document, start, stop in asked:
        wrong = {"verdict": "reject", "kind": "price", "start": start, "stop": stop}
        at = f"/documents/{fanal.show(document)}/codes"
        assert coordinator.post(at, data=wrong).status_code == 200
    assert "|Cocaine|1 g|" not in plain(bulletin(place, *period))
    assert "|1 g|60 €|" not in plain(coordinator.get("/substances/cocaine").text)


def visitor(place):
    """Return a browser in which a coordinator of the place is signed in."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("uvicorn.run", lambda *_, **__: None)
        patched.setenv("FANAL_DIR", "")
        patched.setenv("FANAL_ORIGIN", "")
        first = said("serve", "--dir", place.at)
        app = importlib.import_module("fanal.web.app").from_environment()
    origin, password = first["origin"], "quatre chevaux dans un pré"

    def signed_in(name, link):
        browser = TestClient(app, base_url=origin, headers={"origin": origin})
        browser.post(link, data={"password": password, "again": password})
        browser.post("/sign-in", data={"name": name, "password": password})
        return browser

    head = signed_in("administrator", first["link"])
    asked = {"name": "coordinator", "role": "coordinator", "sites": ["lille"]}
    page = head.post("/administration/invite", data=asked)
    return signed_in("coordinator", re.search(origin + r"/link/[\w-]+", page.text)[0])


# --- bulletins ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """Return a place with samples and figures of two years; a source has nothing before autumn."""
    place = Place(tmp_path_factory.mktemp("published"))
    rows = HEAD
    for month in range(24):
        for n in range(5):
            day = f"{2024 + month // 12}-{month % 12 + 1:02}-{n + 3:02}"
            rows += f"M{month}-{n};{day};MDMA;{'MDMA' if n < 4 else 'caféine'}\n"
    place.read(place.source(LAB, 'importer = "lab"\n'), "l.csv", rows)
    posts, _ = week_posts(40, 0, "et de la kétamine")
    place.read(place.source(POSTS), "posts.csv", posts)
    late = "".join(f"{n};2025-12-{n:02};coke le soir {n}\n" for n in range(1, 13))
    private = place.source(POSTS)
    place.read(private, "late.csv", "id;date;texte\n" + late)
    codes = [f"{n:02}" for n in range(1, 96) if n != 20]
    rates = "".join(f"Usage;{code};2024;{float(code) / 7:.3f};‰\n" for code in codes)
    place.read(place.source(TABLE), "t.csv", "indicateur;departement;annee;valeur;unite\n" + rates)
    said("run", "--dir", place.at)
    return place, private


SPRING = ("--since", "2025-04-01", "--until", "2025-06-30")


def test_a_bulletin_of_the_past_counts_its_own_samples_and_sources(published):
    """It counted samples of a year later, and listed groups of which it had read nothing."""
    place, private = published
    page = bulletin(place, *SPRING)
    assert "|MDMA|2025|12 / 15|80% [55–93]|" in plain(page)
    title = f"INVENTED|{private}"
    assert title not in plain(page)
    assert "samples?" not in plain(page)
    assert plain(page).count("|INVENTED|essai|online posts|") == 1


def test_a_public_bulletin_tells_a_small_count_nowhere(published):
    """“fewer than 11” stood on one page, and “0 / 6” two pages on."""
    place, _ = published
    page = plain(bulletin(place, *SPRING, "--public"))
    assert "|MDMA|2025|withheld / 15|–|" in page


def test_rates_are_mapped_as_they_stand(published):
    """14.217 ‰ was 14 217, and the legend of the map “2,2e+3”."""
    place, _ = published
    page = bulletin(place, *SPRING, language="fr")
    assert "|75|Paris|10,71|" in plain(page)
    legend = re.findall(r"role-legend-label.*?</g>", page, flags=re.S)
    assert re.findall(r">([^<>]+)</text>", legend[0]) == ["2,7", "5,6", "8,3", "11,0"]


# --- a survey -----------------------------------------------------------------------------------


def test_cases_that_begin_again_are_other_people(place):
    """The first case of a year took the place of the first one of the year before."""
    source = place.source(TALK, 'importer = "survey"\n')
    for year, said_of in (
        (2025, "le gramme {} est à soixante euros"),
        (2026, "tout a baissé pour {} cette année"),
    ):
        rows = "".join(f"{n};{year}-03-1{n};{said_of.format(n)}\n" for n in range(4))
        place.read(source, f"e{year}.csv", WAVE + rows)
    query = "SELECT count(*), count(DISTINCT thread), count(DISTINCT author) FROM documents"
    assert place.ask(query) == [(8, 8, 8)]

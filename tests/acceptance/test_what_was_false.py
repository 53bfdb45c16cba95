"""Values that were wrong once, through the command line and what it writes: as users saw them."""

import csv
import html
import json
import random
import re
import secrets
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from command_line import said
from fastapi.testclient import TestClient
from vl_convert import vegalite_to_svg

import fanal
from fanal.records import RECORDS, Coding

START, WEEKS, LATE, JOINED = date(2024, 7, 1), 78, 66, 62
WORDS = [
    "soir",
    "quai",
    "nord",
    "livre",
    "rapide",
    "sérieux",
    "gare",
    "port",
    "centre",
    "sud",
    "ligne",
    "jeudi",
    "dispo",
    "calme",
    "équipe",
    "place",
    "retour",
    "tram",
    "canal",
    "pluie",
    "marché",
    "midi",
    "hier",
    "demain",
    "pont",
    "rue",
    "parc",
    "lune",
    "clair",
    "bleu",
    "rouge",
]
SOURCES = {"canal": "public posts", "forum": "public posts", "journal": "press",
           "chiffres": "official table", "analyses": "lab", "notes": "field notes"}  # fmt: skip


def table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def posts():
    """Fifteen posts a week and twenty in the last four; what they say is written beside it."""
    draw = random.Random(4)
    rows = []
    for week in range(WEEKS):
        for n in range(15 if week < WEEKS - 4 else 20):
            text = " ".join(draw.sample(WORDS, 7))
            if week >= LATE and n < 4:  # 38 asks of 60 € and 10 of 50 € in the last quarter
                text += f" cocaïne {50 if n == 3 and week < LATE + 10 else 60}€ le g, livraison"
            elif week >= WEEKS - 6 and 9 <= n < 15:  # two names that are new
                text += " et de la tucibi"
            elif week >= WEEKS - 6 and 4 <= n < 6:
                text += " et de la kétamine"
            elif 6 <= n < 8:  # and one that is named as ever, paid in a new way
                text += " et du cannabis" + ", paiement en crypto" * (week >= WEEKS - 6)
            elif n >= 15:
                text += ", on répond sur Signal"
            day = START + timedelta(weeks=week, days=n % 5)
            rows.append({"id": f"{week}-{n}", "date": f"{day} 20:{n:02}", "text": text})
    return rows


def joined():
    """Five posts a week of a source that was not read before, each of GHB."""
    draw = random.Random(5)
    return [
        {"id": f"{week}-{n}", "date": f"{START + timedelta(weeks=week, days=n)} 21:00",
         "text": " ".join(draw.sample(WORDS, 7)) + " et du GHB"}
        for week in range(JOINED, WEEKS) for n in range(5)
    ]  # fmt: skip


def samples():
    """Twenty samples a month: since August MDMA half as pure, speed mostly something else.

    In the last quarter two more a month, of a nitazene.
    """
    months = [(2024 + m // 12, m % 12 + 1) for m in range(6, 24)]
    rows = []
    for year, month in months:
        of_late = (year, month) >= (2025, 8)
        for n in range(10):
            found = "amphetamine" if n < (3 if of_late else 9) else "caffeine"
            day = f"{year}-{month:02}-{n + 5:02}"
            rows.append((f"M{year}{month}-{n}", day, "mdma", "mdma", 40 if of_late else 80))
            rows.append((f"C{year}{month}-{n}", day, "speed", found, ""))
    rows += [(f"N{m}-{n}", f"2025-{m}-{n + 12}", "oxycodone", "protonitazene", "")
             for m in (10, 11, 12) for n in (0, 1)]  # fmt: skip
    names = ("reference", "date", "sold as", "substance", "amount (%)")
    return [dict(zip(names, row, strict=True)) for row in rows]


def figures():
    """Offences by month, twice as many in the last quarter; seizures by year, in two units."""
    offences = [
        {"indicator": "usage de stupéfiants / drug use", "area": "13",
         "period": f"{year}-{month:02}", "unit": "infractions / offences",
         "value": 20_400 if (year, month) >= (2025, 10) else 9_000 + month % 3 * 40}
        for year in range(2020, 2026) for month in range(1, 13)
    ]  # fmt: skip
    return offences + [
        {"indicator": "saisies", "area": "FR", "period": year, "unit": unit, "value": value}
        for year in (2023, 2024) for unit, value in (("kg", 5), ("%", 9))
    ]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("false")
    at = folder / "observatory"
    said("init", at, "--title", "Essai", "--site", "lille")
    for name, kind in SOURCES.items():
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\ntitle = "INVENTED: {name}"\npublisher = "essai"\nkind = "{kind}"\n'
            f'site = "lille"\nlegal_basis = "essai"\ninvented = true\n'
            'review = "none"\nreview_reason = "essai"\n', "utf-8",
        )  # fmt: skip
        said("source", "add", folder / f"{name}.toml", "--dir", at)
    for name, rows in (("canal", posts()), ("forum", joined()), ("analyses", samples()),
                       ("chiffres", figures())):  # fmt: skip
        said("ingest", table(folder / f"{name}.csv", rows), "--source", name, "--dir", at)
    said("run", "--dir", at)
    return at


def bulletin(place, *period):
    """Publish a bulletin; return its pages by language."""
    to = place.parent / f"b{len(list(place.parent.iterdir()))}"
    said("publish", "bulletin", *period, "--to", to, "--dir", place)
    return {path.suffixes[-2][1:]: path.read_text("utf-8") for path in to.glob("*.html")}


def plain(markup):
    """Return the text of a page, its cells and paragraphs parted by bars; of pictures nothing."""
    markup = re.sub(r"<(svg|style).*?</\1>", "", markup, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", "|", markup))
    return re.sub(r"[\s|]*\|[\s|]*", "|", text.replace("\xa0", " ").replace("\u202f", " "))


def axes(picture):
    """Return what stands at each axis of pictures."""
    found = re.findall(r'<g class="mark-text role-axis-label".*?</g>', picture, flags=re.S)
    return [re.findall(r">([^<>]+)</text>", axis) for axis in found]


def signals(place):
    rows = said("triage", "list", "--all", "--dir", place)["rows"]
    return {row["concept"]: row for row in rows}


@pytest.fixture(scope="module")
def quarter(place):
    return bulletin(place, "--since", "2025-10-01", "--until", "2025-12-31")


@pytest.fixture(scope="module")
def visitor(place):
    """Return a browser in which somebody of a role is signed in, as `fanal serve` lets them in."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("uvicorn.run", lambda *_, **__: None)
        patched.setenv("FANAL_DIR", "")  # serve names the observatory, and what is read from it
        patched.setenv("FANAL_ORIGIN", "")
        first = said("serve", "--dir", place)
        app = import_module("fanal.web.app").from_environment()
    origin, password = first["origin"], "quatre chevaux dans un pré"

    def signed_in(name, link):
        browser = TestClient(
            app, base_url=origin, headers={"origin": origin}, raise_server_exceptions=False
        )
        browser.post(link, data={"password": password, "again": password})
        assert "sign-in" not in str(
            browser.post("/sign-in", data={"name": name, "password": password}).url
        )
        return browser

    people = {"administrator": signed_in("administrator", first["link"])}

    def come(role):
        if role not in people:
            asked = {"name": role, "role": role, "sites": ["lille"]}
            page = people["administrator"].post("/administration/invite", data=asked)
            people[role] = signed_in(
                asked["name"], re.search(origin + r"/link/[\w-]+", page.text)[0]
            )
        return people[role]

    yield come
    app.state.ws.close()


def drawn(page):
    """Return the pictures of a page as a browser draws them."""
    specs = [json.loads(html.unescape(told)) for told in re.findall("data-chart='([^']*)'", page)]
    return [vegalite_to_svg({**spec, "width": 700, "autosize": "pad"}) for spec in specs]


def test_the_price_of_a_bulletin_comes_of_every_ask(quarter):
    """Equal asks had collapsed into one: too few prices were left to tell of."""
    assert "|Cocaine|1 g|48|€60|€60|" in plain(quarter["en"])


def test_there_is_one_price_of_a_gram(place, visitor, quarter):
    """The bulletin said less than the page, of fewer asks, and other numbers in every run."""
    to = place.parent / "prices"
    said("publish", "prices", "--since", "2025-10-01", "--until", "2025-12-31", "--to", to,
         "--dir", place)  # fmt: skip
    with (to / "prices.csv").open(encoding="utf-8", newline="") as file:
        (asked,) = (
            row for row in csv.DictReader(file)
            if (row["substance"], row["measure"]) == ("cocaine", "price asked")
        )  # fmt: skip
    found = visitor("reader").get("/api/prices?substance=cocaine").json()
    (told,) = found.get("rows", [{}])
    page = plain(visitor("reader").get("/substances/cocaine").text)
    assert {
        "bulletin": "|Cocaïne|1 g|48|60 €|60 €|" in plain(quarter["fr"]),
        "page": "|1 g|60 €|48|" in page,
        "API": tuple(told.get(key) for key in ("quantity", "unit", "n", "median")),
        "table": (asked.get("quantity"), asked["unit"], asked["observations"], asked["median"]),
    } == {
        "bulletin": True, "page": True, "API": ("1", "g", 48, 60.0),
        "table": ("1", "EUR/g", "48", "60.0"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Tucibi (pink cocaine), Lille (mentions in texts)"),
        ("en", "Signal app, Lille (mentions in texts)"),
        ("en", "Drug use, Bouches-du-Rhône (offences)"),
        ("fr", "Usage de stupéfiants, Bouches-du-Rhône (infractions)"),
        ("fr", "MDMA, teneur, Lille (au laboratoire)"),
    ],
)
def test_a_title_says_what_where_and_which_measure(quarter, language, title):
    """They had said “Tucibi (pink cocaine), Lille”, “Signal, Lille” and “Usage, 13”."""
    assert title in re.findall(r"<h3[^>]*>(.*?)</h3>", quarter[language])


def test_no_axis_says_a_number_twice(quarter):
    """The axis of the nitazenes had said “0, 1, 1, 2, 2”."""
    told = axes(quarter["en"])
    assert ["0", "1", "2"] in told
    assert [axis for axis in told if len(axis) != len(set(axis))] == []


def test_a_bulletin_draws_what_was_read_in_its_period_alone(quarter):
    """It drew every month since the first."""
    assert axes(quarter["en"])[0] == ["10/2025", "11/2025", "12/2025"]


def test_what_is_counted_over_weeks_is_drawn_and_told_over_them(quarter):
    """Twenty-four mentions in four weeks stood beside a picture of six a week."""
    told = plain(quarter["en"])
    assert "24 mentions were counted out of 90 documents read" in told
    assert "|mentions over 4 weeks|" in told
    assert "|8 December 2025|24|" in told


def test_a_figure_has_its_unit_and_its_source(quarter):
    """Offences were “published cases” of “no source”, and posts of Lille did not speak of them."""
    assert "20 400 infractions, là où" in plain(quarter["fr"])
    assert "statistiques publiées (3 chiffres, 1 source).|" in plain(quarter["fr"])


def test_figures_in_two_units_are_two_series(place):
    """Kilograms and shares of one name were one line."""
    with fanal.open(place) as observatory:
        rows = observatory.tables.rows(
            "SELECT series, value FROM points WHERE contains(series, 'name=saisies') ORDER BY ALL"
        )
    assert [(row["series"].split("name=")[1], row["value"]) for row in rows] == [
        ("saisies (kg)/year", 5.0), ("saisies (kg)/year", 5.0),
        ("saisies/year", 9.0), ("saisies/year", 9.0),
    ]  # fmt: skip


def test_an_alert_says_what_where_and_how_many(place):
    """“Alerte : Usage”, it had said, “observé 20400, attendu 9.04e+03”."""
    id_ = signals(place)["name=usage de stupéfiants ∕ drug use"]["id"]
    files = said("publish", "alert", id_, "--to", place.parent / "alert", "--dir", place)["rows"]
    (path,) = (Path(file) for file in files if file.endswith(".json"))
    form = json.loads(path.read_text("utf-8"))
    title = "Alerte : Usage de stupéfiants, Bouches-du-Rhône (infractions)"
    assert plain(form["title"]) == title
    assert "on en compte 20 400 infractions, là où" in plain(form["fields"]["a"])


def test_french_is_french(quarter):
    """It had said “de octobre” and “méthode : first-seen”."""
    told = plain(quarter["fr"])
    assert "d’octobre 2025 à décembre 2025" in told
    assert "méthode : première détection" in told


@pytest.mark.parametrize(
    ("concept", "novelty"),
    [
        ("substance=nitazenes", "new"),  # had been persistent: it was there since it was found
        ("purity basis=measured-lab substance=mdma", "new"),  # neither was watched
        ("expected substance=amphetamine", "new"),
    ],
)
def test_what_laboratories_find_is_watched(place, concept, novelty):
    told = {name: signal["novelty"] for name, signal in signals(place).items()}
    assert told.get(concept) == novelty


def test_what_a_source_brings_when_it_joins_is_no_news(place):
    """Its posts of GHB had been the first signal of all."""
    with fanal.open(place) as observatory:
        (named,) = observatory.tables.rows(
            "SELECT sum(value) AS n FROM points WHERE series = 'mentions/substance=ghb/week'"
        )
    assert named["n"] == 80
    assert "substance=ghb" not in signals(place)


def test_twelve_months_are_compared_with_twelve_or_not_at_all(visitor):
    """Of eighteen months, twelve had been compared with six: everything doubled."""
    told = plain(visitor("coordinator").get("/substances").text)
    assert "|Cannabis|Cannabis et cannabinoïdes|103|118|–|0|" in told
    assert "|MDMA|Entactogènes|0|–|–|180|" in told


def test_a_share_says_of_what(visitor):
    """“−20 %: 8 mentions after 8” it had said."""
    told = "|Cannabis|▼ −16 %|de la part des documents lus : 8 mentions sur 95, après 8 sur 80|"
    assert told in plain(visitor("coordinator").get("/").text)


def test_pages_write_numbers_as_their_language_does(place, visitor):
    """A French page had said “20,000”."""
    id_ = signals(place)["name=usage de stupéfiants ∕ drug use"]["id"]
    (picture,) = drawn(visitor("coordinator").get(f"/signals/{id_}").text)
    assert axes(picture)[1] == ["0", *(f"{n}\u202f000" for n in (5, 10, 15, 20, 25))]


def test_pages_name_a_figure_in_their_language(visitor):
    """It had said “usage de stupéfiants ∕ drug use, 13”."""
    told = plain(visitor("coordinator").get("/explore?measure=indicator").text)
    assert "|Période|Usage de stupéfiants, Bouches-du-Rhône|décembre 2025|20 400|" in told
    assert "drug use" not in told


def test_bars_stay_inside_their_axes(visitor):
    """The first one of a substance's page stood across its axis."""
    picture = drawn(visitor("coordinator").get("/substances/cocaine").text)[0]
    bars = "".join(re.findall(r'<g class="mark-rect role-mark.*?</g>', picture, flags=re.S))
    sides = [
        (float(x), float(x) + float(width))
        for x, width in re.findall(r'd="M(-?[\d.]+),[-\d.]+h(-?[\d.]+)v', bars)
    ]
    assert len(sides) == 18
    assert min(left for left, _ in sides) >= 0
    assert max(right for _, right in sides) <= 700


def test_a_practice_added_by_hand_leaves_its_document_readable(place, visitor):
    """The document's page broke for good."""
    with fanal.open(place) as observatory:
        (row,) = observatory.tables.rows("SELECT id, text FROM documents ORDER BY day, id LIMIT 1")
    at, browser = f"/documents/{fanal.show(row['id'])}", visitor("coordinator")
    added = {"verdict": "add", "passage": row["text"][:4], "practice": "supply.mode.meet-up"}
    assert browser.post(f"{at}/codes", data=added).status_code == 200
    assert browser.get(at).status_code == 200


@pytest.mark.parametrize("words", ["a%00b", "%22", "-", "*", "crack%20%22"])
def test_a_search_for_whatever_is_answered(visitor, words):
    """A search with a NUL in it answered 500."""
    assert visitor("coordinator").get(f"/documents?q={words}").status_code == 200


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("/", "|nouveau|Lille|moins de 11 ; dernière alerte le 1er décembre 2025|"),
        ("/signals", "|nouveau|Lille|à trier|1er décembre 2025|moins de 11|non dit|–|"),
    ],
)
def test_a_reader_is_shown_no_small_count_in_a_list(visitor, page, told):
    """What the page of a signal withheld, the lists told: “2 pour 0 attendus”."""
    title = "|Nitazènes, Lille (danger : nitazène)"
    assert title + told in plain(visitor("reader").get(page).text)


PLANTED = {  # part of a file that nobody reads as text: who stands there
    "column": "Djamila Tervagnat 06 39 98 00 01",
    "indicator": "Yohan Kerzerho 06 39 98 00 02",
    "form": "Solenn Guivarch 06 39 98 00 03",
}


@pytest.fixture(scope="module")
def kept(place, visitor):
    """Bring the files in; return all that is told of them, by where it stands."""
    folder = place.parent
    result = {"reference": "A1", "date": "2025-11-03", "sold as": "cocaine"}
    results = [result | {"substance": "cocaine", PLANTED["column"]: "12"}]
    said("ingest", table(folder / "named.csv", results), "--source", "analyses", "--dir", place)
    cases = [{"indicator": f"cas suivis par {PLANTED['indicator']}", "area": "FR",
              "period": year, "value": year - 2000, "substance": "cocaine"}
             for year in range(2016, 2026)]  # fmt: skip
    said("ingest", table(folder / "cases.csv", cases), "--source", "chiffres", "--dir", place)
    form = folder / "form.toml"
    form.write_text(
        f'form = "field notes"\nmonth = "2025-03"\n"{PLANTED["form"]}" = "x"\n', "utf-8"
    )
    said("ingest", form, "--source", "notes", "--dir", place, code=1)
    said("backup", folder / "backup", "--dir", place)
    said("restore", folder / "backup", "--dir", folder / "restored")
    browser = visitor("administrator")
    pages = ["/", "/explore", "/lab", "/substances/cocaine", "/administration",
             *(f"/sources/{source}" for source in SOURCES)]  # fmt: skip
    return {
        "tables": stored(place),
        "pages": "".join(browser.get(page).text for page in pages),
        "backup": stored(folder / "restored"),
    }


def stored(place):
    with fanal.open(place) as observatory:
        rows = [observatory.tables.rows(f"SELECT * FROM {record.table}") for record in RECORDS]
    return repr(rows)


@pytest.mark.parametrize("where", ["tables", "pages", "backup"])
@pytest.mark.parametrize("part", PLANTED)
def test_who_is_named_beside_the_texts_is_not_stored(kept, where, part):
    """Headers, names of figures and keys of forms had gone wherever issues and figures go."""
    name, number = PLANTED[part].split()[1], PLANTED[part][-14:]
    assert name not in kept[where]
    assert number not in kept[where]


def test_a_rejected_code_speaks_no_more(place, visitor):
    """Its signal had kept the evidence of every one of them."""

    signal = signals(place)["substance=tucibi"]
    with fanal.open(place) as observatory:
        for code in observatory.tables.rows(
            "SELECT document, version, start, stop FROM observations "
            "WHERE kind = 'mention' AND substance = 'tucibi'"
        ):
            observatory.state.append(
                Coding(id=secrets.token_bytes(16), quote=b"", verdict="reject", kind="mention",
                       fields="{}", who="test", time=datetime.now(UTC), **code)
            )  # fmt: skip
    shown = said("triage", "show", signal["id"], "--dir", place)
    assert (shown["documents"], shown["excerpts"]) == (0, [])
    said("run", "--dir", place)
    assert signals(place)["substance=tucibi"]["state"] == "closed"
    page = plain(visitor("coordinator").get(f"/signals/{signal['id']}").text)
    assert "Plus aucune alerte ne porte ce signal" in page
    assert "on en compte" not in page


@pytest.fixture(scope="module")
def newer(place):
    """Bring in one file that is newer than all others, with one price."""
    row = {"id": "new", "date": "2026-08-20 20:00", "text": "de la cocaïne à 10€ le g ce soir"}
    said("ingest", table(place.parent / "n.csv", [row]), "--source", "canal", "--dir", place)
    said("run", "--dir", place)


def test_the_prices_of_a_substance_stay(newer, visitor):
    """Its half-year had ended with the newest of its prices: too few were left in it."""
    page = plain(visitor("coordinator").get("/substances/cocaine").text)
    assert "|1 g|60 €|48|" in page


def test_the_prices_and_practices_of_a_bulletin_stay(newer, place):
    """The period had ended with the newest document of all sources: nothing was left in it."""
    told = plain(bulletin(place)["en"])
    assert "|Cocaine|1 g|48|€60|€60|" in told
    assert "|Crypto, Lille (mentions in texts)|First alert in the week of" in told

"""Values that were wrong once, through the command line and what it writes: as users saw them."""

import csv
import html
import random
import re
import secrets
from datetime import UTC, date, datetime, timedelta

import pytest
from command_line import said

import fanal
from fanal.records import RECORDS, Coding

START, WEEKS, LATE = date(2024, 7, 1), 78, 66
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
SOURCES = {"canal": "public posts", "journal": "press", "chiffres": "official table",
           "analyses": "lab"}  # fmt: skip
PERSON = "Djamila Tervagnat 06 39 98 00 01"


def table(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def posts():
    """Fifteen posts a week; in the last quarter 38 asks of 60 € and 10 of 50 €, and two names."""
    draw = random.Random(4)
    rows = []
    for week in range(WEEKS):
        for n in range(15):
            text = " ".join(draw.sample(WORDS, 7))
            if week >= LATE and n < 4:
                text += f" cocaïne {50 if n == 3 and week < LATE + 10 else 60}€ le g"
            elif week >= WEEKS - 6 and n >= 9:
                text += " et de la tucibi"
            elif week >= WEEKS - 6 and 4 <= n < 6:
                text += " et de la kétamine"
            day = START + timedelta(weeks=week, days=n % 5)
            rows.append({"id": f"{week}-{n}", "date": f"{day} 20:{n:02}", "text": text})
    return rows


def samples():
    """Ten samples a month; in the last quarter two more, of a nitazene."""
    months = [(2024 + m // 12, m % 12 + 1) for m in range(6, 24)]
    rows = [(f"M{y}{m}-{n}", f"{y}-{m:02}-{n + 5:02}", "mdma", "mdma")
            for y, m in months for n in range(10)]  # fmt: skip
    rows += [(f"N{m}-{n}", f"2025-{m}-{n + 12}", "oxycodone", "protonitazene")
             for m in (10, 11, 12) for n in (0, 1)]  # fmt: skip
    return [dict(zip(("reference", "date", "sold as", "substance"), row, strict=True))
            for row in rows]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("false")
    at = folder / "observatory"
    said("init", at, "--title", "Essai", "--site", "lille")
    for name, kind in SOURCES.items():
        (folder / f"{name}.toml").write_text(
            f'name = "{name}"\ntitle = "INVENTED: {name}"\npublisher = "essai"\nkind = "{kind}"\n'
            f'site = "lille"\nlegal_basis = "essai"\ninvented = true\n', "utf-8",
        )  # fmt: skip
        said("source", "add", folder / f"{name}.toml", "--dir", at)
    said("ingest", table(folder / "posts.csv", posts()), "--source", "canal", "--dir", at)
    said("ingest", table(folder / "lab.csv", samples()), "--source", "analyses", "--dir", at)
    said("run", "--dir", at)
    return at


def bulletin(place, language, *period):
    to = place.parent / f"b{len(list(place.parent.iterdir()))}"
    said("publish", "bulletin", *period, "--to", to, "--dir", place)
    (file,) = to.glob(f"*.{language}.html")
    return file.read_text("utf-8")


def plain(markup):
    """Return the text of a page, its cells and paragraphs parted by bars; of pictures nothing."""
    markup = re.sub(r"<(svg|style).*?</\1>", "", markup, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", "|", markup))
    return re.sub(r"[\s|]*\|[\s|]*", "|", text.replace("\xa0", " ").replace("\u202f", " "))


@pytest.fixture(scope="module")
def quarter(place):
    return bulletin(place, "en", "--since", "2025-10-01", "--until", "2025-12-31")


def test_the_price_of_a_bulletin_comes_of_every_ask(quarter):
    """Equal asks had collapsed into one: too few prices were left to tell of."""
    assert "|Cocaine|1 g|48|€60|€60|" in plain(quarter)


def test_a_title_says_what_where_and_which_measure(quarter):
    """It had said “Tucibi (pink cocaine), Lille”."""
    titles = re.findall(r"<h3[^>]*>(.*?)</h3>", quarter)
    assert "Tucibi (pink cocaine), Lille (mentions in texts)" in titles


def test_no_axis_says_a_number_twice(quarter):
    """The axis of the nitazenes had said “0, 1, 1, 2, 2”."""
    axes = re.findall(r'<g class="mark-text role-axis-label".*?</g>', quarter, flags=re.S)
    told = [re.findall(r">([^<>]+)</text>", axis) for axis in axes]
    assert ["0", "1", "2"] in told
    assert [axis for axis in told if len(axis) != len(set(axis))] == []


def test_names_in_headers_and_of_figures_are_not_stored(place, tmp_path):
    """A column's header had gone to `issues`, an indicator's name to every table and page."""
    result = {"reference": "A1", "date": "2025-11-03", "sold as": "cocaine"}
    results = [result | {"substance": "cocaine", PERSON: "12"}]
    said("ingest", table(tmp_path / "named.csv", results), "--source", "analyses", "--dir", place)
    cases = [{"indicator": f"cas suivis par {PERSON}", "period": year, "value": 20 + year}
             for year in range(2016, 2026)]  # fmt: skip
    said("ingest", table(tmp_path / "cases.csv", cases), "--source", "chiffres", "--dir", place)
    with fanal.open(place) as observatory:
        stored = [repr(observatory.tables.rows(f"SELECT * FROM {record.table}"))
                  for record in RECORDS]  # fmt: skip
        assert len(observatory.tables.rows("SELECT id FROM samples WHERE reference = 'A1'")) == 1
    assert [text for text in stored if "Tervagnat" in text or "06 39 98" in text] == []


def test_a_rejected_code_speaks_no_more(place):
    """Its signal had kept the evidence of every one of them."""

    def tucibi():
        return [s for s in said("triage", "list", "--all", "--dir", place)["rows"]
                if s["concept"] == "substance=tucibi"]  # fmt: skip

    (signal,) = tucibi()
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
    assert [s["state"] for s in tucibi()] == ["closed"]


def test_prices_stay_where_one_newer_file_comes_in(place, tmp_path):
    """The period had ended with the newest document of all sources: nothing was left in it."""
    news = [{"id": "1", "date": "2026-08-20", "text": "La ville a planté des arbres sur la place."}]
    said("ingest", table(tmp_path / "news.csv", news), "--source", "journal", "--dir", place)
    said("run", "--dir", place)
    assert "|Cocaine|1 g|48|€60|€60|" in plain(bulletin(place, "en"))

"""Signals that said what was not so, through the command line: as users saw them."""

import html
import random
import re
from datetime import date, timedelta

import pytest
from command_line import said
from trial import LAB, NOTES, POSTS, TABLE, Place

START, WEEKS, LATE = date(2025, 3, 24), 40, 36
WORDS = (
    "soir quai nord livre rapide gare port centre sud ligne jeudi dispo calme retour tram canal "
    "pluie midi hier demain pont parc lune clair bleu rouge"
)


def posts():
    """Twelve posts a week; in the last four weeks six of them are of tucibi."""
    draw = random.Random(13)
    rows = "id;date;texte\n"
    for week in range(WEEKS):
        for n in range(12):
            text = " ".join(draw.sample(WORDS.split(), 6)) + " et de la tucibi" * (
                week >= LATE and n < 6
            )
            rows += f"{week}-{n};{START + timedelta(weeks=week, days=n % 5)};{text}\n"
    return rows


def notes():
    """Thirty-five entries of the same four weeks, none of them of tucibi."""
    day = START + timedelta(weeks=LATE)
    return "id;date;texte\n" + "".join(
        f"N{n};{day + timedelta(days=n % 26)};Maraude {n} : du crack et des pipes, rien d'autre\n"
        for n in range(35)
    )


def samples():
    """Eight samples sold as tucibi hold ketamine; MDMA tablets twice as strong since June."""
    rows = "reference;date;vendu comme;forme;substance;MDMA (mg)\n"
    for month in range(24):
        late = (2024 + month // 12, month % 12 + 1) >= (2025, 6)
        for n in range(6):
            day = f"{2024 + month // 12}-{month % 12 + 1:02}-{n + 3:02}"
            strength = (240 if late else 120) + (month * 7 + n * 5) % 9
            rows += f"M{month}-{n};{day};MDMA;comprimé;MDMA;{strength}\n"
    for n in range(8):
        day = START + timedelta(weeks=LATE, days=n)
        rows += f"T{n};{day};tucibi;poudre;kétamine;\n"
    return rows


def figures():
    """3-MMC in the Netherlands, by two measures: each rises at times far from each other."""
    rows = "indicateur;zone;periode;unite;valeur;substance\n"
    for year in range(2012, 2023):
        found = 40 if year == 2016 else 3 + year % 2
        rows += f"3-MMC au laboratoire / 3-MMC in the laboratory;NL;{year};"
        rows += f"échantillons / samples;{found};3-mmc\n"
        for month in range(1, 13):
            rise = (year, month) in ((2019, 7), (2019, 8), (2021, 2), (2021, 3))
            rows += f"3-MMC sur un forum / 3-MMC on a forum;NL;{year}-{month:02};"
            rows += f"mentions;{40 if rise else 5 + month % 3};3-mmc\n"
    return rows


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    made = Place(tmp_path_factory.mktemp("signals"))
    for kind, name, content in (
        (POSTS, "posts.csv", posts()), (NOTES, "notes.csv", notes()),
        (LAB, "lab.csv", samples()), (TABLE, "figures.csv", figures()),
    ):  # fmt: skip
        made.read(made.source(kind), name, content)
    said("run", "--dir", made.at)
    return made


def shown(place, concept):
    (row,) = (
        row for row in said("triage", "list", "--all", "--dir", place.at)["rows"]
        if row["concept"] == concept
    )  # fmt: skip
    return said("triage", "show", row["id"], "--dir", place.at)


def titles(place, language):
    """Return the titles of a bulletin over all years, by language."""
    to = place.folder / "editions"
    if not to.exists():
        period = ("--since", "2012-01-01", "--until", "2025-12-31")
        said("publish", "bulletin", *period, "--to", to, "--dir", place.at)
    page = (to / f"bulletin.{language}.html").read_text("utf-8")
    return [html.unescape(told) for told in re.findall(r"<h3[^>]*>(.*?)</h3>", page)]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("fr", ["3-MMC au laboratoire, Pays-Bas (échantillons)"]
         + ["3-MMC sur un forum, Pays-Bas (mentions)"] * 2),
        ("en", ["3-MMC in the laboratory, Netherlands (samples)"]
         + ["3-MMC on a forum, Netherlands (mentions)"] * 2),
    ],
)  # fmt: skip
def test_figures_on_one_substance_are_told_apart(place, language, told):
    """Three signals were each “3-MMC, NL”."""
    assert sorted(t for t in titles(place, language) if "3-MMC" in t) == told


def test_who_says_otherwise_is_against_and_who_is_silent_is_not(place):
    """Notes that did not speak of it were against it; only the laboratory is.

    Its alarms are of three weeks, each with the three before it.
    """
    told = shown(place, "substance=tucibi")["corroboration"]
    assert {row["kind"]: row["stance"] for row in told} == {
        "public posts": "for", "interview": "not read", "field notes": "silent",
        "lab": "against", "press": "not read", "official table": "not read",
    }  # fmt: skip
    read = {row["kind"]: (row["documents"], row["read"], row["against"]) for row in told}
    assert (read["public posts"], read["field notes"]) == ((18, 72, 0), (0, 30, 0))
    assert read["lab"] == (0, 14, 8)


def test_quantities_in_what_is_sold_by_the_piece_are_watched(place):
    """A tablet that held twice as much made no series and no signal."""
    signal = shown(place, "strength basis=measured-lab substance=mdma unit=mg∕tablet")["signal"]
    assert (signal["measure"], signal["novelty"], signal["observed"]) == ("strength", "new", 244.5)
    assert "MDMA, dosage, Lille (au laboratoire)" in titles(place, "fr")
    assert "MDMA, strength, Lille (in the laboratory)" in titles(place, "en")

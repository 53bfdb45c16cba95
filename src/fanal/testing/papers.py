"""Invented interviews, field notes, press and laboratory results, as files."""

from __future__ import annotations

import csv
import html
import io
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from pathlib import Path
from random import Random

import docx

from fanal.testing import market
from fanal.testing.channels import Voice, poisson
from fanal.testing.exports import fixed_zip
from fanal.testing.planter import FIRST, Planter
from fanal.testing.sentences import bare, chance, invented, said
from fanal.testing.truth import WEEKS, Truth, monday

INVENTED = "[Matériel inventé / INVENTED sample]"
MONTHS = invented()["months"]
THEMES = ("price", "access", "effects", "supply")
SITES = ("lille", "lyon", "toulouse")
TITLES = invented()["papers"]


def _running(truth: Truth, name: str, site: str, week: int) -> bool:
    first = truth.phenomena[name].first.get(site)
    return first is not None and monday(week) >= first


def interviews(site: str, folder: Path, seed: int, planter: Planter, truth: Truth) -> int:
    """Write an interview every six weeks (DOCX, TXT in Toulouse); return the number of turns."""
    source, count = f"{site}-entretiens", 0
    for number, week in enumerate(range(2, WEEKS, 6), 1):
        random = chance(seed, source, number)
        day = monday(week) + timedelta(days=random.randrange(5))
        english = site == "lyon" and number in (4, 10)
        turns = _turns(random, site, week, planter, truth, source, english)
        count += len(turns)
        first = random.choice(FIRST)
        asks, answers = ("Interviewer", first) if english else ("Enquêtrice", first)
        planter.note("first-name", first, source)
        head = [INVENTED, f"{'Interview' if english else 'Entretien'} n° {number}, {day:%d/%m/%Y}"]
        lines = [
            f"{asks if i % 2 == 0 else answers}{'' if english else ' '}: {t}"
            for i, t in enumerate(turns)
        ]
        stem = f"{day.isoformat()}_{site}_entretien_{number:02d}"
        if site == "toulouse":
            (folder / f"{stem}.txt").write_text("\n\n".join(head + lines) + "\n", "utf-8")
        else:
            document = docx.Document()
            document.add_heading(head[1], level=1)
            document.add_paragraph(INVENTED)
            for line in lines:
                document.add_paragraph(line)
            out = io.BytesIO()
            document.save(out)
            (folder / f"{stem}.docx").write_bytes(fixed_zip(out.getvalue()))
    return count


def _turns(
    random: Random, site: str, week: int, planter: Planter, truth: Truth, source: str, english: bool
) -> list[str]:
    section = "interview_en" if english else "interview"
    turns: list[str] = []

    def say(rule: str) -> str:
        return bare(Voice(random, site, week, planter, source).say(section, rule))

    def pair(theme: str) -> None:
        turns.extend((say(f"q_{theme}"), say(f"a_{theme}")))

    pair("open")
    themes = [t for t in THEMES if not english or t != "supply"] * 2
    random.shuffle(themes)
    for theme in themes:
        pair(theme)
        if random.random() < 0.08:
            turns[-1] += " " + said("told-by").format(name=planter.plant("name", source, site))
        if english:
            continue
        for name, rule, chance_ in (
            ("tucibi", "a_tucibi", 0.3 if theme in ("effects", "access") else 0),
            ("loyalty-card", "a_loyalty", 0.5 if theme == "supply" else 0),
            ("app-migration", "a_migration", 0.5 if theme == "supply" else 0),
        ):
            if _running(truth, name, site, week) and random.random() < chance_:
                voice = Voice(random, site, week, planter, source)
                if name == "tucibi":
                    voice.product = market.TUCIBI
                turns.extend((say("q_supply"), bare(voice.say("interview", rule))))
                truth.phenomena[name].seen(source, monday(week))
    pair("end")
    return turns


def notes(site: str, folder: Path, seed: int, planter: Planter, truth: Truth) -> int:
    """Write one field note a month (Markdown, plain text in Lille) and return the paragraphs."""
    source, count = f"{site}-notes", 0
    for month in range(18):
        random = chance(seed, source, month)
        year, number = 2024 + (6 + month) // 12, (6 + month) % 12 + 1
        day = date(year, number, random.randrange(20, 28))
        week = min((day - monday(0)).days // 7, WEEKS - 1)
        voice = Voice(random, site, week, planter, source, formal=True)
        rules = ["scene", "products", "products", "health", "supply", "products"]
        paragraphs = []
        for rule in rules:
            voice.product = market.product(random.choice(market.BASKET[site]))
            paragraphs.append(voice.say("note", rule))
        for name, rule in (
            ("tucibi", "tucibi"),
            ("loyalty-card", "loyalty"),
            ("app-migration", "migration"),
            ("cocaine-price", "price"),
        ):
            if _running(truth, name, site, week) and random.random() < 0.7:
                voice.product = market.TUCIBI if name == "tucibi" else market.product("cocaine")
                paragraphs.append(voice.say("note", rule))
                truth.phenomena[name].seen(source, day)
        if random.random() < 0.3:
            paragraphs.append(
                said("met").format(
                    name=planter.plant("name", source, site),
                    phone=planter.plant("phone", source, site),
                )
            )
        count += len(paragraphs)
        heading = f"Note mensuelle, {site.capitalize()}, {MONTHS[number - 1]} {year}"
        stem = f"{day.isoformat()}_note_{site}"
        texts = [bare(p) for p in paragraphs]
        if site == "lille":
            text = "\n\n".join([INVENTED, heading, f"Date : {day:%d/%m/%Y}", *texts])
            (folder / f"{stem}.txt").write_text(text + "\n", "utf-8")
        else:
            text = (
                f"---\ndate: {day.isoformat()}\n---\n\n# {heading}\n\n{INVENTED}\n\n"
                + "\n\n".join(texts)
            )
            (folder / f"{stem}.md").write_text(text + "\n", "utf-8")
    return count


@cache
def _page() -> str:
    return files("fanal.testing").joinpath("page.html").read_text("utf-8")


def press(site: str, folder: Path, seed: int, planter: Planter, truth: Truth) -> int:
    """Write saved pages of an invented newspaper, about one a month, and return how many."""
    source, paper = f"{site}-presse", TITLES[site]
    for number, week in enumerate(range(1, WEEKS, 4), 1):
        random = chance(seed, source, number)
        day = monday(week) + timedelta(days=random.randrange(6))
        voice = Voice(random, site, week, planter, source, formal=True)
        rules = ["seizure", "court", "context", "seizure" if random.random() < 0.4 else "context"]
        if random.random() < 0.4:
            rules.append("retail")
        texts = [voice.say("press", rule) for rule in rules]
        for name, rule, share in (
            ("tucibi", "tucibi", 0.6),
            ("loyalty-card", "loyalty", 0.35),
            ("nitazene-tablets", "oxy", 0.7),
        ):
            if _running(truth, name, site, week) and random.random() < share:
                voice.product = market.TUCIBI if name == "tucibi" else voice.product
                texts.insert(1, voice.say("press", rule))
                truth.phenomena[name].seen(source, day)
        title = bare(voice.say("press", "headline"))
        page = _page().format(
            title=html.escape(title),
            paper=html.escape(paper),
            day=day.isoformat(),
            hour=random.randrange(6, 20),
            day_fr=f"{day.day}{'er' if day.day == 1 else ''} {MONTHS[day.month - 1]} {day.year}",
            author=planter.plant("name", source, site),
            site=site,
            slug=f"article-{number}",
            invented=INVENTED,
            paragraphs="\n".join(f"<p>{html.escape(bare(t), quote=False)}</p>" for t in texts),
        )
        (folder / f"{day.isoformat()}_{number:02d}.html").write_text(page, "utf-8")
    return len(range(1, WEEKS, 4))


LAB_HEAD = [
    "reference",
    "date_collecte",
    "departement",
    "produit_attendu",
    "appellation",
    "forme",
    "couleur",
    "logo",
    "prix",
    "devise",
    "quantite",
    "unite",
    "motif_collecte",
    "effets_recherches",
    "effets_ressentis",
    "voie",
    "substance_1",
    "teneur_1",
    "unite_1",
    "substance_2",
    "teneur_2",
    "unite_2",
    "substance_3",
    "teneur_3",
    "unite_3",
    "methode",
    "recherche",
]
REASONS = invented()["reasons"]
CUTS = invented()["cuts"]
CONTENT = {
    "cocaine": (72, 12),
    "heroin": (16, 7),
    "mdma": (78, 8),
    "ketamine": (82, 8),
    "amphetamine": (24, 12),
    "3-mmc": (85, 7),
}


def laboratory(site: str, folder: Path, seed: int, planter: Planter, truth: Truth) -> int:
    """Write the results of an invented drug-checking service (wide, one row a sample)."""
    source = f"{site}-analyses"
    random = chance(seed, source)
    rows: list[list[str]] = []
    for week in range(WEEKS):
        for _ in range(poisson(random, 1.6)):
            rows.append(_usual(random, site, week))
        for name, share in (("tucibi", 0.5), ("nitazene-tablets", 0.4)):
            first = truth.phenomena[name].first.get(site)
            # The laboratory sees the powder some three weeks after the posts begin.
            if (
                first
                and monday(week - 3) >= first
                and (monday(week - 3) == first or random.random() < share)
            ):
                rows.append(_planted(random, site, week, name))
                truth.phenomena[name].seen(source, monday(week))
    path = folder / f"analyses_{site}.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(LAB_HEAD)
        for number, row in enumerate(rows, 1):
            writer.writerow([f"INV-{site[:3].upper()}-{number:04d}", *row])
    return len(rows)


def _row(
    random: Random,
    site: str,
    week: int,
    sold: tuple[str, str, str, str],
    price: str,
    found: list[tuple[str, float | None]],
    reason: str,
) -> list[str]:
    day = monday(week) + timedelta(days=random.randrange(6))
    expected, called, form, colour = sold
    unit = "comprimé" if form == "comprimé" else "g"
    results: list[str] = []
    for label, share in [*found, *[("", None)] * 3][:3]:
        results += [
            label,
            "" if share is None else f"{share:.1f}".replace(".", ","),
            "%" if share is not None else "",
        ]
    sought = random.choice(("euphorie", "stimulation", "détente", ""))
    felt = random.choice(("conformes", "trop forts", "maux de tête", "somnolence", "", ""))
    route = random.choice(("nasale", "orale", "fumée", ""))
    return [
        f"{day:%d/%m/%Y}",
        market.DEPARTEMENT[site],
        expected,
        called,
        form,
        colour,
        "",
        price,
        "EUR",
        "1",
        unit,
        reason,
        sought,
        felt,
        route,
        *results,
        "GC-MS",
        "large" if random.random() < 0.8 else "ciblée",
    ]


def _usual(random: Random, site: str, week: int) -> list[str]:
    name = random.choice([s for s in CONTENT if s in market.BASKET[site]] or ["cocaine"])
    product = market.PRODUCTS[name]
    mean, spread = CONTENT[name]
    found: list[tuple[str, float | None]] = [
        (market.FORMAL[name], min(99.0, max(2.0, random.gauss(mean, spread))))
    ]
    if random.random() < 0.06:
        found = [(random.choice(("caféine", "4-MMC", "paracétamol", "amphétamine")), None)]
    elif random.random() < 0.45:
        found.append((random.choice(CUTS[name]), round(random.uniform(1, 20), 1)))
    price = str(market.price(random, product, site, week)) if random.random() < 0.7 else ""
    sold = (
        market.FORMAL[name],
        random.choice(product.names),
        "poudre",
        random.choice(("blanc", "beige", "brun", "")),
    )
    return _row(random, site, week, sold, price, found, random.choice(REASONS))


def _planted(random: Random, site: str, week: int, name: str) -> list[str]:
    if name == "tucibi":
        sold = (
            random.choice(("2C-B", "tucibi", "cocaïne")),
            random.choice(("tucibi", "cocaïne rose", "tusi")),
            "poudre",
            "rose",
        )
        found: list[tuple[str, float | None]] = [
            ("kétamine", random.gauss(45, 8)),
            ("MDMA", random.gauss(15, 4)),
            ("caféine", random.gauss(20, 5)),
        ]
        price = str(market.price(random, market.TUCIBI, site, week))
        return _row(random, site, week, sold, price, found, "produit nouveau ou rare")
    sold = ("oxycodone", "oxy 30", "comprimé", "bleu")
    return _row(
        random,
        site,
        week,
        sold,
        "",
        [("protonitazène", None), ("paracétamol", None)],
        "effets indésirables graves",
    )

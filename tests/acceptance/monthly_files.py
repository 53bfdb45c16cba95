# ruff: noqa: E501, DTZ001, RUF005
"""Invented monthly files of a drug-checking service whose sheets are typed by many hands.

Each file comes with what it says: one `Truth` a sample. Written from the practice of services
(forms, reports, published sheets), before the importer's rules were read.
"""

from __future__ import annotations

import csv
import io
import random
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl

HEADS = {
    "reference": [
        "Réf.",
        "N° échantillon",
        "Numéro d'échantillon",
        "Code échantillon",
        "Sample ID",
        "Sample no.",
        "Ref ech",
        "REFERENCE",
        "Identifiant échantillon",
        "Lab number",
        "Réf. labo",
        "n° d’échantillon",
        "ID échantillon",
        "Sample #",
        "Code collecte",
        "Numéro",
        "N°",
        "Sample",
        "Code anonyme",
        "Tube n°",
        "Sample reference",
        "Sample code",
    ],
    "day": [
        "Date",
        "Date de collecte",
        "Date du recueil",
        "Date de réception",
        "Collecté le",
        "Jour",
        "Date collected",
        "Date received",
        "Date of test",
        "date_coll",
        "Date prélèvement",
        "Reçu le",
        "Date d'analyse",
        "Test date",
        "Date (collecte)",
        "Collection date",
        "Date coll.",
        "Date de dépôt",
        "Received",
        "Date réception labo",
    ],
    "place": [
        "Département",
        "Dépt",
        "Dept.",
        "Dép",
        "dept de collecte",
        "N° dépt",
        "Département (collecte)",
        "Dépt. collecte",
        "Code département",
        "Lieu (dépt)",
        "Departement",
    ],
    "sold_as": [
        "Produit attendu",
        "Produit présumé",
        "Vendu comme",
        "Vendu pour",
        "Substance attendue",
        "Produit supposé",
        "Acheté comme",
        "Sold as",
        "Expected substance",
        "Declared as",
        "Purchased as",
        "Bought as",
        "Produit déclaré",
        "Expected",
        "Nom du produit (usager)",
        "Appellation",
        "Produit annoncé",
        "Purported",
        "Produit acheté",
        "Sold as (client)",
        "Présenté comme",
        "Expected drug",
        "Substance déclarée",
        "Supposed substance",
    ],
    "form": [
        "Forme",
        "Forme galénique",
        "Présentation",
        "Form",
        "Sample form",
        "Forme du produit",
        "Forme physique",
        "Type d'échantillon",
        "Galénique",
        "Physical form",
    ],
    "substance": [
        "Substance",
        "Molécule",
        "Molécule identifiée",
        "Substance détectée",
        "Résultat",
        "Résultat d'analyse",
        "Composition",
        "Found",
        "Detected",
        "Actual substance",
        "Compound",
        "Substances identifiées",
        "Molécules détectées",
        "Contenu",
        "Result",
        "Substance found",
        "Analyse (résultat)",
        "Substance(s) détectée(s)",
        "Produit identifié",
        "Composé",
        "Analyte",
        "Substances trouvées",
        "Identified",
        "Lab result",
        "Résultat labo",
    ],
    "amount": [
        "Teneur",
        "Pureté",
        "Concentration",
        "Dosage",
        "Quantification",
        "Purity",
        "Content",
        "Amount",
        "Quantité mesurée",
        "Taux",
        "Titre",
        "Strength",
        "Teneur mesurée",
        "% pureté",
        "Quantity",
        "Résultat quantitatif",
        "Pourcentage",
        "Percentage",
    ],
    "unit": ["Unité", "Unit", "unité de mesure", "Units"],
    "method": [
        "Méthode",
        "Technique",
        "Technique d'analyse",
        "Méthode analytique",
        "Method",
        "Méthode d'analyse",
        "Analysis method",
    ],
    "price": ["Prix", "Prix d'achat", "Price", "Price paid", "Coût", "Prix payé", "Prix unitaire"],
    "description": ["Remarques", "Commentaires", "Observations", "Notes", "Comment", "Description"],
    "reason": ["Motif", "Motif de collecte", "Raison de la collecte", "Reason", "Motif du recueil"],
    "cuts": [
        "Produits de coupe",
        "Coupe(s)",
        "Adultérants",
        "Autres substances",
        "Cutting agents",
        "Adulterants",
        "Other substances",
        "Coupes identifiées",
        "Adultérants / diluants",
        "Cuts",
        "Autres molécules",
    ],
    "odd": [
        "Saisi par",
        "Semaine",
        "Relu",
        "Transmis CNA",
        "Col 12",
        "Envoi postal",
        "Checked",
        "Lot",
        "Validé",
        "Sachet",
    ],
}
SUBSTANCES = {  # id: (sold under, written by the laboratory, unit class)
    "cocaine": (["cocaïne", "Cocaine", "COKE", "coke", "Cocaïne "], ["Cocaïne", "cocaine", "COCAÏNE", "Cocaïne HCl", "cocaïne chlorhydrate"]),
    "mdma": (["MDMA", "ecstasy", "Ecsta", "mdma (cristaux)", "XTC"], ["MDMA", "mdma", "M.D.M.A", "3,4-MDMA"]),
    "heroin": (["héroïne", "Heroin", "héro", "brown", "heroine"], ["Héroïne", "heroin", "diacétylmorphine", "Diamorphine"]),
    "ketamine": (["kétamine", "Ketamine", "kéta", "KETAMINE"], ["Kétamine", "ketamine", "KÉTAMINE"]),
    "amphetamine": (["speed", "amphétamine", "Amphetamine", "amphet"], ["Amphétamine", "amphetamine", "Amphétamine sulfate"]),
    "3-mmc": (["3-MMC", "3mmc", "3 MMC", "3MMC"], ["3-MMC", "3-méthylmethcathinone", "3-methylmethcathinone", "3mmc"]),
    "lsd": (["LSD", "LSD-25", "acide", "Lsd"], ["LSD", "lsd", "LSD-25"]),
    "methamphetamine": (["méthamphétamine", "crystal meth", "meth"], ["Méthamphétamine", "methamphetamine"]),
    "2c-b": (["2C-B", "2cb", "2CB"], ["2C-B", "2CB"]),
}  # fmt: skip
CUTS = {
    "levamisole": ["lévamisole", "levamisole", "Lévamisole", "levamisol"],
    "caffeine": ["caféine", "caffeine", "Caféine", "CAFEINE"],
    "phenacetin": ["phénacétine", "phenacetin", "Phénacetine"],
    "paracetamol": ["paracétamol", "Paracetamol", "acetaminophen"],
    "lidocaine": ["lidocaïne", "Lidocaine", "lidocaine"],
    "procaine": ["procaïne", "procaine"],
}
BY_COUNT = {"mdma", "lsd", "2c-b"}
METHODS = ["GC-MS", "CPG-SM", "LC-MS", "IRTF", "FTIR", "CCM", "HPLC", "GC/MS", "UHPLC-DAD"]
FORMS = [
    "poudre",
    "comprimé",
    "cristal",
    "gélule",
    "Powder",
    "Tablet",
    "buvard",
    "liquide",
    "crystal",
]
DEPARTMENTS = ["59", "69", "13", "75", "01", "2A", "31", "33", "67", "93"]
MONTHS = [
    "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.",
    "déc.",
]  # fmt: skip
ENGLISH = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


@dataclass
class Found:
    """One substance that a row says."""

    substance: str
    amount: float | None = None
    amount_max: float | None = None
    unit: str | None = None
    censored: bool = False
    trace: bool = False
    text: str = ""


@dataclass
class Truth:
    """What a sample is."""

    reference: str
    day: date
    precision: str
    place: str
    sold_as: str
    found: list[Found] = field(default_factory=list)
    price: float | None = None


@dataclass
class Monthly:
    """One file, and what it says."""

    path: Path
    layout: str
    truths: list[Truth]
    notes: list[str]


def _number(value: float, draw: random.Random, french: bool) -> str:
    text = f"{value:g}"
    return text.replace(".", ",") if french else text


def _amount(substance: str, draw: random.Random, french: bool, header_unit: str | None) -> Found:
    """Draw an amount as laboratories type it; a unit in the header leaves the cell bare."""
    found = Found(substance)
    count = substance in BY_COUNT and header_unit != "%"
    if substance == "lsd" and header_unit != "%":
        unit, value = "µg", draw.randint(40, 180) * 1.0
    elif count:
        unit, value = "mg", round(draw.uniform(10, 250), draw.choice([0, 1]))
    else:
        unit, value = "%", round(draw.uniform(3, 98), draw.choice([0, 1]))
    unit = header_unit or unit
    written = {"%": ["%", " %", "% ", " % "], "mg": ["mg", " mg", " mg/cp", "mg/comprimé", " mg / tablet", " mg/pill"],
               "µg": [" µg", "ug", " mcg", " µg/buvard"]}[unit]  # fmt: skip
    tail = "" if header_unit else draw.choice(written)
    shape = draw.choices(
        ["plain", "lod", "trace", "nd", "about", "range", "method", "less", "plusminus", "none"],
        [50, 6, 6, 6, 6, 5, 5, 3, 5, 8],
    )[0]
    number = _number(value, draw, french)
    found.unit = unit
    if shape == "plain":
        found.amount, found.text = value, number + tail
    elif shape == "about":
        found.amount, found.text = (
            value,
            draw.choice(["~", "env. ", "≈", "ca. ", "environ ", "~ "]) + number + tail,
        )
    elif shape == "range":
        top = value + (draw.randint(1, 9) if value < 90 else 1)
        found.amount, found.amount_max = value, top
        between = draw.choice(["-", " - ", " à ", "–"])
        found.text = number + between + _number(top, draw, french) + tail
    elif shape == "method":
        found.amount, found.text = (
            value,
            f"{number}{tail.rstrip()} ({draw.choice(['HPLC', 'GC-MS', 'RMN'])})",
        )
    elif shape == "less":
        found.censored, found.amount_max = True, value
        found.text = draw.choice(["<", "< ", "inf. à "]) + number + tail
    elif shape == "plusminus":
        found.amount = value
        found.text = f"{number} ± {_number(draw.randint(1, 4), draw, french)}{tail}"
    elif shape == "lod":
        found.censored, found.text, found.unit = (
            True,
            draw.choice(["<LOD", "< LOQ", "<LD", "< LQ", "<loq"]),
            None,
        )
    elif shape == "trace":
        found.trace, found.text, found.unit = (
            True,
            draw.choice(["traces", "Trace", "tr.", "TRACES"]),
            None,
        )
    elif shape == "nd":
        found.text, found.unit = (
            draw.choice(
                ["n.d.", "ND", "non dosé", "NQ", "n.q.", "not quantified", "non quantifié"]
            ),
            None,
        )
    else:
        found.text, found.unit = "", None
    return found


def _day(draw: random.Random, style: str, day: date) -> tuple[object, date, str]:
    """Write a day in one hand's style; return the cell, the day and its precision that it says."""
    if style == "excel":
        return datetime(day.year, day.month, day.day), day, "day"
    if style == "serial":
        return (day - date(1899, 12, 30)).days, day, "day"
    if style == "month":
        return f"{day:%Y-%m}", day.replace(day=1), "month"
    if style == "monthname":
        month = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
                 "octobre", "novembre", "décembre"][day.month - 1]  # fmt: skip
        return f"{month} {day.year}", day.replace(day=1), "month"
    if style == "quarter":
        quarter = (day.month - 1) // 3
        text = draw.choice(["T{q} {y}", "{y}-T{q}", "Q{q} {y}", "{y} Q{q}"])
        return text.format(q=quarter + 1, y=day.year), date(day.year, quarter * 3 + 1, 1), "quarter"
    written = {
        "slash": f"{day:%d/%m/%Y}", "short": f"{day:%d/%m/%y}", "dots": f"{day:%d.%m.%Y}",
        "iso": f"{day:%Y-%m-%d}", "isotime": f"{day:%Y-%m-%d} 00:00:00", "compact": f"{day:%d}{ENGLISH[day.month - 1].lower()}{day.year}",
        "french": f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        "weekday": f"{['lun.', 'mar.', 'mer.', 'jeu.', 'ven.', 'sam.', 'dim.'][day.weekday()]} {day:%d/%m/%Y}",
        "english": f"{day.day}-{ENGLISH[day.month - 1]}-{day:%y}", "long": f"{day.day} {ENGLISH[day.month - 1]} {day.year}",
    }  # fmt: skip
    return written[style], day, "day"


def _truths(
    draw: random.Random,
    month: date,
    count: int,
    style: str,
    prefix: str,
    french: bool,
    header_unit: str | None,
):
    out: list[tuple[Truth, object]] = []
    for number in range(count):
        day = month + timedelta(days=draw.randint(0, 27))
        cell, said, precision = _day(draw, style, day)
        sold = draw.choice(sorted(SUBSTANCES))
        truth = Truth(
            f"{prefix}{month:%y%m}-{number + 1:03}", said, precision, draw.choice(DEPARTMENTS), sold
        )
        main = sold if draw.random() < 0.85 else draw.choice(sorted(SUBSTANCES))
        truth.found.append(_amount(main, draw, french, header_unit))
        for cut in draw.sample(sorted(CUTS), draw.choice([0, 0, 1, 1, 2])):
            found = _amount(cut, draw, french, "%" if header_unit is None else header_unit)
            if header_unit is None and found.text and found.unit == "%":
                found.text += " %"
            truth.found.append(found)
        truth.price = draw.choice([None, 10.0, 20.0, 50.0, 62.5])
        out.append((truth, cell))
    return out


def _name(draw: random.Random, substance: str) -> str:
    written = SUBSTANCES[substance][1] if substance in SUBSTANCES else CUTS[substance]
    return draw.choice(written) + draw.choice(["", "", "", " ", "  "])


def _head(draw: random.Random, what: str, unit: str | None = None) -> str:
    text = draw.choice(HEADS[what])
    if unit and "%" not in text:
        text += draw.choice([" ({})", " [{}]", " en {}", " {}"]).format(unit)
    change = draw.choice(["", "", "", "upper", "lower", "bare", "space", "under", "wrapped"])
    if change == "upper":
        text = text.upper()
    elif change == "lower":
        text = text.lower()
    elif change == "bare":
        import unicodedata

        text = "".join(
            c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)
        )
    elif change == "space":
        text = "  " + text.replace(" ", "  ") + " "
    elif change == "under":
        text = text.replace(" ", "_")
    elif change == "wrapped":
        text = text.replace(" ", "\n", 1)
    return text


def monthly(seed: int, folder: Path, month: date, count: int = 60) -> Monthly:
    """Write one month of one service, in a shape that the seed draws."""
    draw = random.Random(seed)
    layout = draw.choice(["cell", "long", "numbered", "columns", "cuts", "twocells", "sheets"])
    french = draw.random() < 0.7
    container = draw.choice(["csv;", "csv;", "csv,", "tsv", "xlsx", "xlsx", "ods"])
    if layout == "sheets":
        container = draw.choice(["xlsx", "xlsx", "ods"])
    typed = [
        "slash",
        "short",
        "dots",
        "iso",
        "isotime",
        "compact",
        "french",
        "weekday",
        "english",
        "long",
        "month",
        "monthname",
        "quarter",
    ]
    style = draw.choice(
        typed + (["excel"] * 6 + ["serial"] * 2 if container in ("xlsx", "ods") else ["serial"])
    )
    header_unit = draw.choice([None, None, "%"])
    if layout == "columns":
        header_unit = "%"
    rows = _truths(
        draw, month, count, style, draw.choice(["", "L-", "ECH", "17/", "A"]), french, header_unit
    )
    notes = [
        f"layout {layout}",
        f"container {container}",
        f"dates {style}",
        f"unit in header {header_unit}",
    ]
    kept = ["reference", "day", "place", "sold_as"] + [
        w
        for w in ("form", "price", "method", "description", "reason", "odd")
        if draw.random() < 0.5
    ]
    columns: dict[str, list[str]] = {}
    heads = {what: _head(draw, what) for what in kept}
    if "price" in kept and draw.random() < 0.5:
        heads["price"] += draw.choice([" (€)", " €", " en euros", " (EUR)"])
    samples: list[dict[str, object]] = []
    for truth, cell in rows:
        samples.append({
            "reference": truth.reference, "day": cell, "place": truth.place,
            "sold_as": draw.choice(SUBSTANCES[truth.sold_as][0]) + draw.choice(["", "", " "]),
            "form": draw.choice(FORMS), "price": "" if truth.price is None else _number(truth.price, draw, french) + draw.choice(["", "", " €"]),
            "method": draw.choice(METHODS), "description": draw.choice(["", "logo bleu", "ras", "usager inquiet"]),
            "reason": draw.choice(["effets inattendus", "produit nouveau", "curiosité", ""]), "odd": draw.choice(["x", "", "12", "oui"]),
        })  # fmt: skip
    sheets: list[tuple[str, list[list[object]]]] = []
    if layout in ("cell", "cuts"):
        table = _cells(draw, rows, samples, kept, heads, header_unit, layout, french)
    elif layout == "twocells":
        table = _two_cells(draw, rows, samples, kept, heads, header_unit)
    elif layout == "long":
        table = _long(draw, rows, samples, kept, heads, header_unit, notes)
    elif layout == "numbered":
        table = _numbered(draw, rows, samples, kept, heads, header_unit)
    elif layout == "columns":
        table = _columns(draw, rows, samples, kept, heads)
    else:
        table = [[heads[w] for w in kept]] + [[s[w] for w in kept] for s in samples]
        link = heads["reference"] if draw.random() < 0.5 else _head(draw, "reference")
        more = [[link, _head(draw, "substance"), _head(draw, "amount", header_unit)]]
        for truth, _ in rows:
            more += [[truth.reference, _name(draw, f.substance), f.text] for f in truth.found]
        if draw.random() < 0.4:
            sheets.append(("Lisez-moi", [["Fichier du mois"], ["Contact : le service"]]))
        sheets.append((draw.choice(["Collectes", "Échantillons", "Samples", "Feuil1"]), table))
        sheets.append((draw.choice(["Résultats", "Results", "Analyses", "Feuil2"]), more))
        notes.append("sheets " + ", ".join(n for n, _ in sheets))
    if layout != "sheets":
        table = _dirt(draw, table, notes)
        sheets = [("Feuil1", table)]
    path = folder / f"{seed:05}_{month:%Y_%m}.{container.rstrip(';,')}"
    _write(draw, path, container, sheets, notes)
    if layout != "long" and draw.random() < 0:
        columns.clear()
    return Monthly(path, layout, [t for t, _ in rows], notes)


def _together(draw: random.Random, found: Found, shape: str) -> str:
    name = _name(draw, found.substance).strip()
    if not found.text:
        return name
    if shape == "paren":
        return f"{name} ({found.text.strip()})" if "(" not in found.text else f"{name} {found.text}"
    if shape == "colon":
        return f"{name} : {found.text}"
    if shape == "first":
        return (
            f"{found.text} {name}"
            if found.text[0].isdigit() and "(" not in found.text
            else f"{name} {found.text}"
        )
    if shape == "equal":
        return f"{name} = {found.text}"
    return f"{name} {found.text}"


def _cells(draw, rows, samples, kept, heads, header_unit, layout, french):
    shape = draw.choice(["space", "space", "paren", "colon", "first", "equal"])
    apart = draw.choice(["; ", " ; ", " + ", " / ", "\n", ", ", " | ", " et "])
    if french and apart == ", ":
        apart = "; "
    head = [heads[w] for w in kept] + [_head(draw, "substance")]
    if layout == "cuts":
        head.append(_head(draw, "cuts"))
    table = [head]
    for (truth, _), sample in zip(rows, samples, strict=True):
        for found in truth.found:
            if header_unit and found.text and found.unit:  # no column of amounts: the unit is said
                found.text = (
                    found.text.rstrip() + " %"
                    if "(" not in found.text
                    else found.text.replace(" (", " % (")
                )
        cells = [_together(draw, found, shape) for found in truth.found]
        if layout == "cuts":
            table.append([sample[w] for w in kept] + [cells[0], apart.join(cells[1:])])
        else:
            table.append([sample[w] for w in kept] + [apart.join(cells)])
    return table


def _two_cells(draw, rows, samples, kept, heads, header_unit):
    apart = draw.choice(["; ", " ; ", " + ", " / ", "\n"])
    table = [
        [heads[w] for w in kept] + [_head(draw, "substance"), _head(draw, "amount", header_unit)]
    ]
    for (truth, _), sample in zip(rows, samples, strict=True):
        for found in truth.found:
            if not found.text:
                found.text = "-"
        names = apart.join(_name(draw, f.substance).strip() for f in truth.found)
        amounts = apart.join(f.text for f in truth.found)
        table.append([sample[w] for w in kept] + [names, amounts])
    return table


def _long(draw, rows, samples, kept, heads, header_unit, notes):
    unit_column = header_unit is None and draw.random() < 0.4
    table = [
        [heads[w] for w in kept] + [_head(draw, "substance"), _head(draw, "amount", header_unit)]
    ]
    if unit_column:
        table[0].append(_head(draw, "unit"))
        notes.append("unit column")
    once = draw.random() < 0.4  # sample's cells only in its first row, as merged cells come out
    if once:
        notes.append("sample's cells once")
    for (truth, _), sample in zip(rows, samples, strict=True):
        for number, found in enumerate(truth.found):
            first = [
                sample[w] if number == 0 or not once else ("" if w != "reference" else sample[w])
                for w in kept
            ]
            row = [*first, _name(draw, found.substance), found.text]
            if unit_column:
                if found.amount is not None or found.amount_max is not None:
                    for tail in (
                        "% ",
                        " %",
                        "%",
                        "mg/comprimé",
                        "mg / tablet",
                        "mg/cp",
                        "mg/pill",
                        "mg",
                        "µg/buvard",
                        "µg",
                        "ug",
                        "mcg",
                    ):
                        row[-1] = row[-1].replace(tail, "").strip() if tail in row[-1] else row[-1]
                    row.append(found.unit)
                else:
                    row.append("")
            table.append(row)
    return table


def _numbered(draw, rows, samples, kept, heads, header_unit):
    most = max(len(t.found) for t, _ in rows)
    name, amount = draw.choice(
        [
            ("Substance {}", "Teneur {}"),
            ("Molécule n°{}", "% {}"),
            ("Substance{}", "Pureté{}"),
            ("Compound {}", "Purity {}"),
            ("substance_{}", "dosage_{}"),
            ("Produit identifié {}", "Concentration {}"),
        ]
    )
    table = [[heads[w] for w in kept]]
    if "%" in amount:
        amount = "Teneur {}"
    for number in range(most):
        first = number + 1
        unit = draw.choice([" (%)", " %"]) if header_unit else ""
        table[0] += [name.format(first), amount.format(first) + unit]
    for (truth, _), sample in zip(rows, samples, strict=True):
        row = [sample[w] for w in kept]
        for found in truth.found:
            row += [_name(draw, found.substance), found.text]
        table.append(row + [""] * (len(table[0]) - len(row)))
    return table


def _columns(draw, rows, samples, kept, heads):
    names = sorted({f.substance for t, _ in rows for f in t.found})
    draw.shuffle(names)
    shape = draw.choice(["{} (%)", "% {}", "{} %", "Teneur {} (%)", "{}"])
    table = [[heads[w] for w in kept] + [shape.format(_name(draw, n).strip()) for n in names]]
    for (truth, _), sample in zip(rows, samples, strict=True):
        by = {f.substance: f for f in truth.found}
        unique = list(by.values())
        truth.found = unique
        row = [sample[w] for w in kept]
        for n in names:
            if n not in by:
                row.append(draw.choice(["", "", "-", "0"]) if draw.random() < 0.3 else "")
                continue
            found = by[n]
            if not found.text or found.text[:2].lower() in ("nd", "n.", "no", "nq"):
                found.amount, found.text, found.unit = 42.0, "42", "%"
            if shape == "{}" and found.unit:
                found.text += " %" if "(" not in found.text else ""
            row.append(found.text)
        table.append(row)
    for truth, _ in rows:
        for found in truth.found:
            if shape == "{}" and "(" in found.text:
                found.unit = None  # nothing says it
    return table


def _dirt(draw, table, notes):
    width = len(table[0])
    order = list(range(width))
    if draw.random() < 0.6:
        draw.shuffle(order)
        table = [[row[i] if i < len(row) else "" for i in order] for row in table]
    head, body = table[0], table[1:]
    if draw.random() < 0.3:
        where = draw.randint(0, width)
        head = head[:where] + [""] + head[where:]
        body = [row[:where] + [""] + row[where:] for row in body]
        notes.append("empty column")
    top: list[list[object]] = []
    if draw.random() < 0.35:
        titles = [
            "Résultats des analyses",
            "Service d'analyse de produits - mois en cours",
            "Drug checking: monthly results",
            "Tableau de suivi",
        ]
        top.append([draw.choice(titles)])
        if draw.random() < 0.5:
            top.append([f"Édité le {draw.randint(1, 28)}/06/2018", "", "page 1"])
        if draw.random() < 0.5:
            top.append([])
        notes.append(f"{len(top)} rows above")
    if draw.random() < 0.2:
        first = ["" for _ in head]
        group = draw.choice(["Collecte", "Échantillon", "Sample"])
        first[0] = group
        first[len(first) // 2] = draw.choice(["Analyse", "Résultats", "Lab"])
        top.append(first)
        notes.append("two lines of headers")
    end: list[list[object]] = []
    if draw.random() < 0.3:
        end.append([])
        end.append([draw.choice(["Total", "TOTAL :", "n ="]), len(body)])
        notes.append("a total below")
    if draw.random() < 0.2:
        end.append([draw.choice(["* dosage en cours", "Source : le service", "nd : non dosé"])])
        notes.append("a footnote below")
    if draw.random() < 0.15 and len(body) > 20:
        body.insert(20, list(head))
        notes.append("headers again")
    if draw.random() < 0.2:
        body.insert(len(body) // 2, [""] * len(head))
        notes.append("an empty row")
    return [*top, head, *body, *end]


def _write(draw, path, container, sheets, notes):
    if container.startswith(("csv", "tsv")):
        apart = {"csv;": ";", "csv,": ",", "tsv": "\t"}[container]
        out = io.StringIO()
        csv.writer(out, delimiter=apart, lineterminator=draw.choice(["\n", "\r\n"])).writerows(
            sheets[0][1]
        )
        encoding = draw.choice(["utf-8", "utf-8-sig", "cp1252"])
        text = out.getvalue()
        try:
            data = text.encode(encoding)
        except UnicodeEncodeError:
            data = text.encode("utf-8")
        notes.append(encoding)
        path.write_bytes(data)
        return
    if container == "ods":
        path.write_bytes(ods(sheets))
        return
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, table in sheets:
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append([None if c == "" else c for c in row])
        if len(table[0]) == 1 and len(table) > 1 and draw.random() < 0.5:
            sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=4)
    book.save(path)  # openpyxl writes no .xls: the name alone proves nothing


def ods(sheets) -> bytes:
    """Return a small OpenDocument spreadsheet: the plain XML that LibreOffice writes."""

    def cell(value):
        if value in ("", None):
            return "<table:table-cell/>"
        if isinstance(value, datetime):
            return f'<table:table-cell office:value-type="date" office:date-value="{value:%Y-%m-%d}"><text:p>{value:%d/%m/%Y}</text:p></table:table-cell>'
        if isinstance(value, (int, float)):
            return f'<table:table-cell office:value-type="float" office:value="{value}"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="string"><text:p>{escape(str(value))}</text:p></table:table-cell>'

    body = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(
            "<table:table-row>" + "".join(map(cell, row or [""])) + "</table:table-row>"
            for row in table
        )
        + "</table:table>"
        for name, table in sheets
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" office:version="1.2">'
        f"<office:body><office:spreadsheet>{body}</office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        archive.writestr("content.xml", content, zipfile.ZIP_DEFLATED)
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
    return out.getvalue()

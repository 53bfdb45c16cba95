"""Variants of sample files: other names and orders of columns, dates, numbers, encodings.

A variant comes with what it holds (`Variant.rows`): what is read of it must be there or be told.
"""

from __future__ import annotations

import csv
import io
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import openpyxl
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

TESTS = Path(__file__).parent.parent
TEXTS = ("txt", "md", "csv", "tsv", "json", "ndjson", "jsonl", "srt", "vtt", "toml", "rss", "atom")
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "cp1252")
ENDS = ("\n", "\r\n", "\r")

# --- tables --------------------------------------------------------------------------------------

NAMES = {  # role → what people call its column; None is a column that nobody knows
    "day": ["Date", "date", "Jour", "DATE", "Date ", "Datum", "date_recueil", "jour"],
    "text": ["Texte", "text", "Message", "Contenu", "Verbatim"],
    "author": ["Auteur", "author", "Pseudo", "username"],
    "reference": ["N°", "Réf.", "Sample ID", "code_echantillon", "Code échantillon", "Probe"],
    "sold_as": [
        "Vendu comme",
        "Sold as",
        "vendu_comme",
        "sold_as",
        "Produit attendu",
        "Verkauft als",
    ],
    "substance": ["Substance", "Molécule", "substance_trouvee", "Detected", "Wirkstoff"],
    "percent": ["Teneur (%)", "Purity (%)", "Pureté en %", "Gehalt (%)", "teneur_pct", "purete_%"],
    "name": ["Indicateur", "indicator", "Libellé"],
    "area": ["Département", "code_departement", "dep"],
    "year": ["Année", "annee", "year", "Jahr"],
    "month": ["Mois", "month", "Monat"],
    "week": ["Semaine", "week", "KW"],
    "quarter": ["Trimestre", "quarter", "Quartal"],
    "value": ["Valeur", "Nombre", "value", "Effectif"],
    "kind": ["Sexe", "sexe", "Classe d'âge", "Type d'infraction", "breakdown"],
    "idle": ["Remarque interne", "x1", "Colonne A"],
}
WORDS = ["coke à 60", "la keta, 30 le gramme", "mdma ; 10 €", 'du "speed" pas cher', "é à l'été"]
KINDS = {  # what tells rows of one area and period apart
    "sex": ["Hommes", "Femmes"],
    "numbered": ["6.1 Usage", "6.2 Trafic"],
    "long": [f"{what} de produits stupéfiants au sens du code de la santé publique, faits constatés"
             for what in ("usage", "revente")],
}  # fmt: skip
PLACES = {  # code → what tables call an area, with its number or without
    "59": ["59", "Nord", "59 Nord", "59 - Nord", "Nord (59)"],
    "75": ["75", "75 Paris", "75-Paris"],
    "2A": ["2A", "Corse-du-Sud", "2A Corse-du-Sud"],
    "01": ["01", "Ain", "01 Ain"],
    "971": ["971", "Guadeloupe", "971 - Guadeloupe"],
    "ES30": ["ES30", "Madrid", "13 Madrid", "13 Madrid, Comunidad de"],
    "ITC1": ["ITC1", "Piemonte"],
}
FOUND = ["cocaïne", "MDMA", "kétamine", "amphétamine"]
MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre",
          "octobre", "novembre", "décembre"]  # fmt: skip


@dataclass
class Variant:
    """A file, and how many records and figures it holds."""

    path: Path
    kind: str  # of its source
    what: str
    rows: list[dict[str, object]] = field(default_factory=list)  # role → what the row says
    records: int = 0  # below and above the header, empty ones too


def dates(rng: random.Random) -> Callable[[date], object]:
    """Return a way of writing days."""
    return rng.choice(
        [
            date.isoformat,
            lambda d: f"{d:%d/%m/%Y}",
            lambda d: f"{d:%d.%m.%Y}",
            lambda d: f"{d:%d-%m-%Y}",
            lambda d: f"{d:%d/%m/%y}",
            lambda d: f"{d:%m/%d/%Y}",
            lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}",
            lambda d: f"{d:%Y%m%d}",
            lambda d: f"{d:%Y-%m-%d} 14:05:00",
            lambda d: f"{d:%d %b %Y}",
            lambda d: str((d - date(1899, 12, 30)).days),
            lambda d: d,
        ]
    )


def numbers(rng: random.Random) -> Callable[[float], object]:
    """Return a way of writing figures."""
    return rng.choice(
        [
            lambda x: f"{x:g}" if x < 1e6 else f"{x:.1f}",
            lambda x: f"{x:,.1f}",
            lambda x: f"{x:,.1f}".replace(",", " ").replace(".", ","),
            lambda x: f"{x:,.1f}".replace(",", "\u202f").replace(".", ","),
            lambda x: f"{x:,.1f}".replace(",", "'"),
            lambda x: f"{x:,.1f}".replace(",", "_").replace(".", ",").replace("_", "."),
            lambda x: x,
        ]
    )


def periods(rng: random.Random, role: str) -> Callable[[int], tuple[object, tuple[date, str]]]:
    """Return a way of writing the nth period, and which it is."""
    if role == "year":
        return lambda n: (2015 + n % 10, (date(2015 + n % 10, 1, 1), "year"))
    if role == "month":
        way = rng.choice(["{y}-{m:02}", "{y}{m:02}", "{m:02}/{y}", "{w} {y}", "{y}-M{m:02}"])

        def month(n: int) -> tuple[object, tuple[date, str]]:
            y, m = 2020 + n // 12, n % 12 + 1
            return way.format(y=y, m=m, w=MONTHS[m - 1]), (date(y, m, 1), "month")

        return month
    if role == "quarter":
        way = rng.choice(["T{q} {y}", "{y}-Q{q}", "{y}T{q}", "{q}e trimestre {y}"])

        def quarter(n: int) -> tuple[object, tuple[date, str]]:
            y, q = 2020 + n // 4, n % 4 + 1
            return way.format(y=y, q=q), (date(y, 3 * q - 2, 1), "quarter")

        return quarter
    way = rng.choice(
        ["{y}-W{w:02}", "{y}{w:02}", "S{w:02} {y}", "{y}-S{w:02}", "{y}-{w:02}", "monday"]
    )

    def week(n: int) -> tuple[object, tuple[date, str]]:
        day = date(2020, 1, 6) + timedelta(7 * n)
        y, w, _ = day.isocalendar()
        text = day.isoformat() if way == "monday" else way.format(y=y, w=w)
        return text, (day, "week")

    return week


def table(seed: int, folder: Path) -> Variant:
    """Write a table of texts, results or figures as somebody might have it."""
    rng = random.Random(f"table {seed}")
    kind = rng.choice(["public posts", "lab", "official table"])
    rows: list[dict[str, object]] = []
    cells: list[dict[str, object]] = []
    written, figure = dates(rng), numbers(rng)
    step = rng.choice(["year", "month", "week", "quarter"])
    period = periods(rng, step)
    first = date(2026, rng.randrange(1, 9), 1)
    place, kinds = rng.randrange(5), rng.choice(["", "", *KINDS])
    for n in range(rng.randrange(3, 30)):
        day = first + timedelta(days=3 * n + rng.randrange(3))
        if kind == "public posts":
            truth = {"day": day, "text": f"{rng.choice(WORDS)} {n}"}
            rows.append(truth)
            cells.append({**truth, "day": written(day), "author": f"Kev{n % 3}"})
        elif kind == "lab":
            truth = {"day": day, "reference": f"A{n}", "amount": rng.randrange(10, 999) / 10}
            substance = rng.choice(FOUND)
            rows.append(truth)
            cells.append(
                {"reference": f"A{n}", "day": written(day), "sold_as": substance,
                 "substance": substance, "percent": figure(truth["amount"])}
            )  # fmt: skip
        else:
            text, told = period(n)
            value = rng.randrange(10, 99_999) / 2 * 2
            area = rng.choice(list(PLACES))
            called = PLACES[area][place % len(PLACES[area])]
            for said in KINDS.get(kinds, [""]):
                rows.append({"period": told, "area": area, "value": value, "kind": said})
                cells.append({"name": "Usage", "area": called, step: text, "value": figure(value)})
                cells[-1] |= {"kind": said} if said else {}
                value += 2
    roles = list(cells[0])
    if rng.random() < 0.3:
        roles.append("idle")
    if rng.random() < 0.5:
        rng.shuffle(roles)
    names = {role: rng.choice(NAMES[role]) for role in roles}
    if rng.random() < 0.3:
        names = {role: name.upper() for role, name in names.items()}
    lines: list[list[object]] = [[row.get(role, "") for role in roles] for row in cells]
    for _ in range(rng.choice([0, 0, 1, 2])):
        lines.insert(rng.randrange(len(lines)), [""] * len(roles))
    if rng.random() < 0.2:
        lines.append(["Source : essai"] + [""] * (len(roles) - 1))
    above = [["Relevé de l'équipe"] + [""] * (len(roles) - 1)] if rng.random() < 0.25 else []
    header: list[object] = [names[role] for role in roles]
    write = rng.choice([_csv, _csv, _csv, _xlsx, _ods, _jsonl])
    if write is _jsonl:
        above, lines = [], [line for line in lines if len([c for c in line if c != ""]) > 1]
    path = folder / f"table-{seed}{write.__name__.replace('_', '.')}"
    how = write(path, [*above, header, *lines], rng)
    return Variant(path, kind, f"{kind} {header} {how}", rows, len(above) + len(lines))


def _csv(path: Path, lines: list[list[object]], rng: random.Random) -> str:
    delimiter, end = rng.choice(";,\t|"), rng.choice(ENDS)
    encoding = rng.choice((*ENCODINGS, "mac_roman"))
    quoting = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(lines)
    text = out.getvalue().replace("\u202f", "\u00a0")  # narrow spaces are in no old encoding
    path.write_bytes(text.encode(encoding))
    return f"{delimiter!r} {end!r} {encoding} {quoting}"


def _xlsx(path: Path, lines: list[list[object]], rng: random.Random) -> str:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append([None if cell == "" else cell for cell in line])
    book.save(path)
    return "xlsx"


def _ods(path: Path, lines: list[list[object]], rng: random.Random) -> str:
    document = OpenDocumentSpreadsheet()
    page = Table(name="T")
    document.spreadsheet.addElement(page)
    for line in lines:
        row = TableRow()
        page.addElement(row)
        for cell in line:
            said: dict[str, object] = {"valuetype": "string"}
            if isinstance(cell, date):
                said = {"valuetype": "date", "datevalue": cell.isoformat()}
            elif isinstance(cell, int | float):
                said = {"valuetype": "float", "value": cell}
            made = TableCell(**said) if cell != "" else TableCell()
            if cell != "":
                made.addElement(P(text=str(cell)))
            row.addElement(made)
    document.save(str(path))
    return "ods"


def _jsonl(path: Path, lines: list[list[object]], rng: random.Random) -> str:
    header, *rows = lines
    ascii_only = rng.random() < 0.5
    text = "".join(
        json.dumps(
            dict(zip(map(str, header), row, strict=True)), ensure_ascii=ascii_only, default=str
        )
        + "\n"
        for row in rows
    )
    path.write_text(text, "utf-8")
    return "jsonl"


# --- golden files ------------------------------------------------------------------------------


def golden() -> list[Path]:
    """Return the golden files that are text, and what people reported."""
    found = (TESTS / "golden").glob("*/*.input.*")
    return sorted(path for path in found if path.suffix[1:] in TEXTS)


def rewritten(seed: int, source: Path, folder: Path) -> Variant:
    """Write a golden file with other line ends, another encoding, keys in another order."""
    rng = random.Random(f"golden {seed} {source.name}")
    raw = source.read_bytes()
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        text = raw.decode("cp1252")
    what = []
    if source.suffix == ".json" and rng.random() < 0.6:
        try:
            text = json.dumps(_shuffled(json.loads(text), rng), ensure_ascii=rng.random() < 0.5,
                              indent=rng.choice([None, 1, 4]))  # fmt: skip
            what.append("keys shuffled")
        except ValueError:
            pass  # one of the samples is damaged
    text = re.sub(r"\r\n?", "\n", text)
    if rng.random() < 0.3:
        text = text.rstrip("\n")
        what.append("no last line end")
    if rng.random() < 0.3:
        text += "\n" * rng.randrange(1, 4)
    end = rng.choice(ENDS[:2] if source.suffix in (".json", ".ndjson", ".jsonl") else ENDS)
    xml = source.suffix in (".rss", ".atom")
    structured = source.suffix in (".json", ".ndjson", ".jsonl", ".toml") or xml
    out = rng.choice(["utf-8", "utf-8-sig"] if structured else ENCODINGS)
    try:
        data = text.replace("\n", end).encode(out)
    except UnicodeEncodeError:
        out, data = "utf-8", text.replace("\n", end).encode()
    path = folder / f"{source.parent.name}-{seed}{source.suffix}"
    path.write_bytes(data)
    return Variant(path, "", f"{source.parent.name}/{source.name} {what} {end!r} {out}")


def _shuffled(value: object, rng: random.Random) -> object:
    """Shuffle the keys of records: what holds records is written in one order by its program."""
    if isinstance(value, dict):
        keys = list(value)
        if not any(isinstance(each, list | dict) for each in value.values()):
            rng.shuffle(keys)
        return {key: _shuffled(value[key], rng) for key in keys}
    if isinstance(value, list):
        return [_shuffled(each, rng) for each in value]
    return value


def texts(documents: list[str]) -> Counter[str]:
    """Return texts to compare: line ends and spaces do not count."""
    return Counter(" ".join(text.split()) for text in documents)

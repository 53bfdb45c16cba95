"""Files as people reported them elsewhere, brought in as a user would: what is told and stored."""

import itertools
import string
from pathlib import Path

from fanal.errors import ConfigError
from fanal.workspace import Workspace

FOLDER = Path(__file__).parent / "cases"
BESIDE = ("source.toml", "right.txt")  # of a case's folder, no input
SOURCE = """
title = "INVENTED"
publisher = "essai"
site = "lille"
legal_basis = "essai"
invented = true
review = "none"
review_reason = "essai"
"""
DOCUMENTS = """
SELECT thread, author, day, precision, media_kind, text FROM current_documents WHERE source = ?
ORDER BY min(day) OVER (PARTITION BY thread), min(text) OVER (PARTITION BY thread), thread, position
"""
ISSUES = "SELECT kind, record FROM issues WHERE source = ? ORDER BY record, kind"


class Cases:
    """An observatory, each case in a source of its own."""

    def __init__(self, folder):
        self.ws = Workspace.create(folder / "observatory", "essai")

    def bring(self, case):
        """Bring in the files of a case's folder; return their reckonings."""
        path = FOLDER / case / "source.toml"
        more = path.read_text("utf-8") if path.exists() else ""
        kind = "" if "kind =" in more else 'kind = "public posts"\n'
        self.ws.add_source(f'name = "{case}"\n{SOURCE}{kind}{more}')
        files = sorted(p for p in (FOLDER / case).iterdir() if p.name not in BESIDE)
        return self.ws.ingest(files, case)

    def told(self, case):
        """Return what a case becomes, a line for each file, issue and document.

        What is wrong with the source is told alone. A document is its day, its thread (a
        letter), its author (a number, - for none), what medium it had, and its text.
        """
        try:
            lines = [_reckoned(each) for each in self.bring(case)]
        except ConfigError as error:
            return [str(error)]
        for row in self.ws.tables.rows(ISSUES, [case]):
            lines.append(f"{row['kind']}, record {row['record']}")
        threads, authors = _names(string.ascii_uppercase), _names(itertools.count(1))
        for row in self.ws.tables.rows(DOCUMENTS, [case]):
            day = (
                str(row["day"]) if row["precision"] == "day" else f"{row['precision']} {row['day']}"
            )
            author = authors(row["author"]) if row["author"] else "-"
            medium = f" ({row['media_kind']})" if row["media_kind"] else ""
            text = row["text"].replace("\n", " ⏎ ")
            lines.append(f"{day} {threads(row['thread'])}{author}{medium} {text}".rstrip())
        return lines


def _reckoned(told):
    if told.status == "failed":
        return f"{told.name}: {told.detail}"
    parts = {"documents": told.documents, "duplicates": told.duplicates, "replaced": told.replaced}
    parts |= {"quarantined": told.quarantined, "issues": told.issues, **told.skipped}
    became = " + ".join(f"{count} {what}" for what, count in parts.items() if count)
    return f"{told.name}: {told.importer} {told.read} = {became or 0}"


def _names(given):
    names, given = {}, iter(given)
    return lambda key: names[key] if key in names else names.setdefault(key, next(given))

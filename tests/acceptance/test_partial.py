"""A file that cannot be read to its end leaves nothing behind; the others of its folder come in."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import fanal

SOURCE = """
name = "notes"
title = "INVENTED: notes d'essai"
publisher = "invented"
kind = "field notes"
site = "lille"
legal_basis = "invented sample material"
invented = true
review = "none"
review_reason = "essai"
"""
ROWS = "".join(f"2025-03-{day:02d},Une note numéro {day}\n" for day in range(1, 29))


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_no_partial_import(tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "a.csv").write_text("date,texte\n" + ROWS)
    # whole rows first, then what ends the reading: nothing of the file may stay
    (folder / "b.csv").write_text(
        f'date,texte\n{ROWS.replace("note", "ligne")}1,"' + "x\n" * 800_000
    )
    (folder / "c.txt").write_text("Date : 12 mars 2025\n\nUne soirée calme.\n\nPeu de monde.\n")
    (folder / "d.zip").write_bytes(zipped({"../e.txt": "Une fuite.", "f.txt": "Une autre."}))
    (folder / "g.zip").write_bytes(zipped({"h/i.txt": "Le 3 mars 2025\n\nDans une archive."}))
    with fanal.create(tmp_path / "observatory") as observatory:
        observatory.add_source(SOURCE)
        outcomes = {o.name: o for o in observatory.ingest([folder], "notes")}
        stored = observatory.tables.rows("SELECT text FROM documents")
    assert {name: o.status for name, o in outcomes.items()} == {
        "a.csv": "done",
        "b.csv": "failed",
        "c.txt": "done",
        "d.zip": "failed",
        "i.txt": "done",
    }
    assert "record 30" in outcomes["b.csv"].detail
    texts = " ".join(str(row["text"]) for row in stored)
    assert len(stored) == 28 + 2 + 1
    assert "ligne" not in texts
    assert "autre" not in texts
    assert not list(tmp_path.rglob("e.txt"))

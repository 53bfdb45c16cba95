"""A page is read in one way, whoever asks: its paragraphs, its tables, what is said of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.importers.reading.document_tables import open_tables
from fanal.importers.reading.pages import page_blocks, page_parts

TABLE = (
    "<table><caption>Prix relevés</caption><tr><th>Mois</th><th>Produit</th><th>Prix</th></tr>"
    "<tr><td rowspan='2'>mars</td><td>crack</td><td>10</td></tr>"
    "<tr><td>kétamine</td><td>30</td></tr></table>"
)
ROWS = [["Mois", "Produit", "Prix"], ["mars", "crack", "10"], ["mars", "kétamine", "30"]]


@pytest.mark.parametrize(
    ("page", "parts"),
    [
        (f"<h1>Notes</h1><p>Un mot.</p>{TABLE}<div>Fin</div>",
         ["Notes", "Un mot.", "Prix relevés", ROWS, "Fin"]),
        (f"<table><tr><td>{TABLE}</td><td><p>à côté</p></td></tr></table>",
         ["Prix relevés", ROWS, "à côté"]),
        ("<p>Un<br>deux</p><script>x()</script><p> </p>", ["Un\ndeux"]),
        ("<table><tr><td colspan='2'>Prix</td></tr><tr><td>a</td><td>b</td></tr></table>",
         [[["Prix", ""], ["a", "b"]]]),
        ("<p>signe \ue0037 dans un texte</p>", ["signe 7 dans un texte"]),
    ],
)  # fmt: skip
def test_parts_of_a_page(page: str, parts: list[object]) -> None:
    assert page_parts(f"<html><body>{page}</body></html>") == parts


def test_notes_and_tables_are_read_from_the_same_parts(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text(f"<html><body><p>Relevé.</p>{TABLE}</body></html>", "utf-8")
    assert page_blocks(path)[:2] == ["Relevé.", "Prix relevés"]
    [table] = open_tables(path, {})
    assert table.columns == ("Mois", "Produit", "Prix")
    assert [tuple(found[1].values()) for found in table.rows() if isinstance(found, tuple)] == [
        ("mars", "crack", "10"), ("mars", "kétamine", "30"),
    ]  # fmt: skip

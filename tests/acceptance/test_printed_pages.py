"""PDF as people bring it: a press database's articles, columns, cut words, pages that are scans."""

import pytest
from command_line import said
from printing import PICTURE, column, flowing, printed

from fanal.workspace import Workspace

SOURCE = """
name = "presse"
title = "INVENTED"
publisher = "essai"
kind = "press"
site = "lille"
legal_basis = "essai"
invented = true
parameters = {date = "2026-05-01"}
"""
STORED = """
SELECT day::VARCHAR AS day, text, thread, author IS NULL AS unsigned FROM current_documents
ORDER BY day
"""


def brought(folder, pages):
    """Bring a PDF in; return its reckoning, what is stored, and what is told."""
    with Workspace.create(folder / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
    path = printed(folder / "presse.pdf", pages)
    [row] = said("ingest", path, "-s", "presse", "--dir", folder / "ws")["rows"]
    with Workspace(folder / "ws") as workspace:
        issues = workspace.tables.rows("SELECT kind, record, hint FROM issues")
        return row, workspace.tables.rows(STORED), [tuple(i.values()) for i in issues]


def body(number):
    return (
        "Les saisies de cocaïne ont doublé en un an dans le port, selon la préfecture, qui parle "
        "d'une hausse sans précédent. Les agents des douanes ont trouvé douze kilos cachés dans un "
        f"conteneur de bananes, et le parquet a ouvert une enquête numéro {number}."
    )


def article(number, source, marked):
    """Return an article of Europresse as its PDF shows it, with or without its mark."""
    shown = [
        *((9, line) for line in source),
        (9, f"jeudi {number} mars 2026 - 10:00 UTC +01:00 1234 mots"),
        (16, f"Article numéro {number} : la cocaïne au port"),
        (9, "Par Marie Durand"),
        (11, body(number)),
        (9, "© 2026 SA Le Monde. Tous droits réservés. Protégé par les lois."),
    ]
    return [*shown, *([(9, f"news·202603{number:02}·LMF·7a1b{number}")] if marked else [])]


CONTENTS = [
    (16, "Documents sauvegardés"),
    (9, "Vendredi 20 mars 2026 à 11 h 12"),
    (9, "3 documents"),
    (16, "Sommaire"),
    (9, "Le Monde 5 mars 2026 Article numéro 5 : la cocaïne au port ... 3"),
    (9, "Le Monde 6 mars 2026 Article numéro 6 : la cocaïne au port ... 5"),
    (0, ""),
]


@pytest.mark.parametrize("marked", [True, False])
@pytest.mark.parametrize(
    ("source", "contents"),
    [
        (["Le Monde (site web)"], []),
        (["Nom de la source Le Monde", "Type de source Presse • Journaux"], CONTENTS),
    ],
)
def test_all_articles_of_a_press_database(tmp_path, source, contents, marked):
    """Each has its own day, title and text; without marks only heads that name the source tell."""
    if not marked and not contents:
        source = ["Nom de la source Le Monde"]
    articles = [article(n, source, marked) for n in (5, 6, 7)]
    row, stored, issues = brought(tmp_path, flowing([contents, *articles]))
    assert (row["importer"], row["read"], row["documents"], issues) == ("press", 3, 3, [])
    assert [(r["day"], r["text"]) for r in stored] == [
        (f"2026-03-0{n}", f"Article numéro {n} : la cocaïne au port\n\n{body(n)}")
        for n in (5, 6, 7)
    ]
    assert len({r["thread"] for r in stored}) == 1
    assert not any(r["unsigned"] for r in stored)


def test_a_foot_on_each_page_parts_no_article(tmp_path):
    foot = [(40, 40, 8, "© 2026 Le Monde. Tous droits réservés.")]
    pages = [column(body(n) * 2) + foot for n in (1, 2, 3)]
    row, [stored], _ = brought(tmp_path, pages)
    assert (row["documents"], stored["day"]) == (1, "2026-05-01")
    assert all(f"enquête numéro {n}" in stored["text"] for n in (1, 2, 3))


VOICES = """
Dans le quartier de la gare, la vente de cocaïne se fait à la voiture et les acheteurs viennent \
de toute la région pour trouver le produit.
Les médecins du service constatent que la kétamine circule davantage parmi les jeunes adultes \
et que les demandes de soins augmentent pendant ce temps.
Les équipes de réduction des risques ont rencontré plus de six cents personnes pendant les \
festivals, où les produits analysés contenaient rarement autre chose.
""".strip().split("\n")


@pytest.mark.parametrize(
    ("number", "width", "step", "size"), [(1, 58, 0, 11), (2, 44, 270, 10), (3, 34, 175, 8)]
)
def test_columns_are_read_one_after_the_other(tmp_path, number, width, step, size):
    """Words that were cut at the end of a line are whole again."""
    texts = [" ".join([voice] * 3) for voice in VOICES[:number]]
    page = [
        line
        for n, text in enumerate(texts)
        for line in column(text, 40 + n * step, 740, width, size)
    ]
    assert any(line[3].endswith("-") for line in page)
    row, [stored], issues = brought(tmp_path, [[(40, 800, 16, "Un titre de la page"), *page]])
    assert (row["documents"], issues) == (1, [])
    assert " ".join(stored["text"].split()) == " ".join(["Un titre de la page", *texts])


def test_pages_that_are_scans_are_told(tmp_path):
    row, [stored], issues = brought(tmp_path, [column(VOICES[0]), PICTURE, [], PICTURE])
    assert (row["documents"], row["warnings"], stored["text"]) == (1, 1, VOICES[0])
    hint = "2 pages are pictures, and were not read: run text recognition on them"
    assert issues == [("page without text", 2, hint)]

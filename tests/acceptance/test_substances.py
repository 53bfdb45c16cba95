"""One substance from every side, each figure followed to its rows."""

import pytest

from fanal.answers.following import follow, link
from fanal.answers.reports import prices_and_purities
from fanal.errors import ConfigError
from fanal.laboratory import findings
from fanal.workspace import Workspace

SOURCE = """
name = "{name}"
title = "INVENTED: {name}"
publisher = "invented"
kind = "{kind}"
site = "lille"
legal_basis = "invented sample material"
{more}
"""
LAB = """reference;date_collecte;produit_attendu;forme;prix;devise;quantite;unite;substance;teneur
A1;23/01/2024;MDMA;comprimé;10;EUR;1;comprimé;MDMA;120 mg
A2;04/02/2024;MDMA;comprimé;8;EUR;1;cp;MDMA;240 mg
A3;05/02/2024;MDMA;poudre;;;;;cocaïne;62 %
A4;05/02/2024;cocaïne;poudre;60;EUR;1;g;MDMA;< 1 %
A5;06/02/2024;kétamine;poudre;;;;;MDMA;30 %
"""
POSTS = """date;texte;auteur
2024-01-05;MDMA 10 euros le cachet, 50 euros les 10 cachets;a
2024-02-06;de la MDMA ce soir;b
2024-02-07;bonjour tout le monde;c
"""
FIGURES = """name,area,period,step,value,unit,substance,revision
drug use,59,2023-01-01,year,1200,offences,,2024
drug use,59,2023-01-01,year,1250,offences,,2025
seizures,FR,2023-01-01,year,7,tonnes,mdma,2024
seizures,FR,2023-01-01,year,9,tonnes,cocaine,2024
"""


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("substances")
    with Workspace.create(folder / "ws", "essai") as workspace:
        for name, kind, text, more in (
            ("checks", "lab", LAB, ""),
            ("official", "official table", FIGURES, ""),
            ("posts", "public posts", POSTS,
             'importer = "tables"\n[mapping]\ntime = "date"\ntext = "texte"\nauthor = "auteur"\n'),
        ):  # fmt: skip
            workspace.add_source(SOURCE.format(name=name, kind=kind, more=more))
            path = folder / f"{name}.csv"
            path.write_text(text, "utf-8")
            workspace.ingest([path], name)
        workspace.run()
        yield workspace


def test_each_figure_leads_to_its_rows(observatory):
    def count(kind, **about):
        return len(follow(observatory.tables, link(kind, **about)))

    tables, mdma = observatory.tables, {"substance": "mdma"}
    assert count("documents", family="mdma", first="2024-01-01", last="2024-01-31") == 1
    assert count("documents", family="mdma", first="2024-02-01", last="2024-02-29") == 1
    prices = [row for row in prices_and_purities(observatory) if row.substance == "mdma"]
    paid = {row.unit: row.observations for row in prices if row.measure == "price paid"}
    assert paid == {"EUR/tablet": 2}
    assert all(count("paid", unit=unit, sold_as="mdma") == n for unit, n in paid.items())
    asked = {(row.unit, row.band): row.observations for row in prices if row.quantity}
    assert asked == {("EUR/tablet", 0.0): 1, ("EUR/tablet", 9.5): 1}
    assert all(count("asked", unit=u, band=b, **mdma) == n for (u, b), n in asked.items())
    with tables.connect() as connection:
        pairs = findings.sold_as_found(connection)
        measured = [row for row in findings.doses(connection) if row.substance == "mdma"]
    names = {(row.sold_as, row.substance): row.samples for row in pairs}
    assert names["mdma", "cocaine"] == names["ketamine", "mdma"] == 1
    assert ("cocaine", "mdma") not in names  # below the limit
    for (sold_as, substance), n in names.items():
        assert count("samples", sold_as=sold_as, substance=substance) == n
    for row in measured:
        about = {"site": row.site, "unit": row.unit, "form": row.form or ""}
        assert count("contents", **mdma, **about) == row.n
    years = {"first": "2023-01-01", "last": "2023-01-01"}
    assert count("indicators", name="drug use", area="59", unit="offences", **years) == 2


def test_a_link_that_asks_for_anything_else_is_refused(observatory):
    for wrong in ("persons?name=x", "samples?reference=x", "samples?first=today"):
        with pytest.raises(ConfigError):
            follow(observatory.tables, wrong)
    assert len(follow(observatory.tables, link("samples"))) == 5

"""One substance from every side, each figure followed to its rows."""

import pytest

from fanal.answers import substances
from fanal.answers.following import follow, link
from fanal.errors import ConfigError
from fanal.wording.language import languages
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


def parts(observatory, substance):
    page = substances.about(observatory, substance)
    return {part["part"]: part for part in page["parts"]}


def test_every_side_speaks_with_its_sources_and_limits(observatory):
    by = parts(observatory, "mdma")
    assert list(by) == ["mentions", "prices", "contents", "offences", "phenomena", "signals"]
    assert [(r["month"].month, r["documents"], r["read"]) for r in by["mentions"]["rows"]] == [
        (1, 1, 1),
        (2, 1, 2),
    ]
    assert {s["name"] for s in by["contents"]["sources"]} == {"checks"}
    assert {s["name"] for s in by["prices"]["sources"]} == {"checks", "posts"}
    told = {(r["what"], r.get("sold_as"), r.get("substance")) for r in by["contents"]["rows"]}
    assert ("found under its name", "mdma", "cocaine") in told
    assert ("found under another name", "ketamine", "mdma") in told
    assert ("found under another name", "cocaine", "mdma") not in told  # below the limit
    offences = {(r["name"], r["value"]) for r in by["offences"]["rows"]}
    assert offences == {("drug use", 1250.0), ("seizures", 7.0)}
    assert all(set(part["limits"]) == set(languages()) for part in by.values())
    assert by["phenomena"]["rows"] == []


def test_each_figure_leads_to_its_rows(observatory):
    def count(row):
        return len(follow(observatory.tables, row["link"]))

    by = parts(observatory, "mdma")
    assert all(count(row) == row["documents"] for row in by["mentions"]["rows"])
    assert by["prices"]["rows"]
    assert all(count(row) == row["observations"] for row in by["prices"]["rows"])
    for row in by["contents"]["rows"]:
        assert count(row) == (row["n"] if row["what"] == "how much" else row["samples"]), row
    assert all(count(row) >= 1 for row in by["offences"]["rows"])


def test_a_class_of_its_own_and_a_stranger(observatory):
    assert parts(observatory, "khat")["contents"]["rows"] == []
    with pytest.raises(ConfigError, match="no substance"):
        substances.about(observatory, "unobtainium")


def test_a_link_that_asks_for_anything_else_is_refused(observatory):
    for wrong in ("persons?name=x", "samples?reference=x", "samples?first=today"):
        with pytest.raises(ConfigError):
            follow(observatory.tables, wrong)
    assert len(follow(observatory.tables, link("samples"))) == 5

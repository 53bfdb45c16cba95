"""Laboratories: looks are no name, an analogue is what it is named by, tests say nothing."""

import pytest

from fanal.importers.base import Issue, RawSample
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.lab.substance_labels import Labels


def read(tmp_path, text):
    path = tmp_path / "l.csv"
    path.write_text(text, "utf-8")
    rows = list(Lab().extract(path))
    return [r for r in rows if isinstance(r, RawSample)], [r for r in rows if isinstance(r, Issue)]


@pytest.mark.parametrize("header", ["Produit", "Vendu comme", "Sold as"])
@pytest.mark.parametrize(
    ("label", "substance"),
    [
        ("poudre blanche", None), ("Comprimé rose", None), ("white powder", None),
        ("weißes Pulver", None), ("polvo blanco", None), ("cristaux blancs", None),
        ("cocaïne en poudre", "cocaine"), ("cocaïne blanche", None), ("MD", "mdma"),
        ("blanche", "cocaine"), ("cristaux", "mdma"),
    ],
)  # fmt: skip
def test_how_it_looks_is_no_name_that_it_was_sold_under(tmp_path, header, label, substance):
    (sample,), _ = read(tmp_path, f"Réf;Date;{header};Substance\nA1;2025-03-01;{label};caféine\n")
    assert (sample.sold_as, sample.sold_as_label) == (substance, label)


@pytest.mark.parametrize(
    ("label", "substance"),
    [
        ("Fentanyl or Analog", "fentanyl"), ("Fentanyl (or analogue)", "fentanyl"),
        ("fentanyl/analog", "fentanyl"), ("fentanyl ou un analogue", "fentanyl"),
        ("Fentanyl oder Analoga", "fentanyl"), ("LSD or an analog", "lsd"),
        ("nitazene or analog", "nitazenes"), ("Fentanyl", "fentanyl"),
        ("Caffeine or analog", "caffeine"),
    ],
)  # fmt: skip
def test_a_substance_or_an_analogue_is_what_it_is_named_by(label, substance):
    assert Labels().resolve(1, label, "c", [])[0] == substance


STRIPS = "Sample ID,Date,Expected drug,FTIR,Fentanyl strip\n{}"


@pytest.mark.parametrize("answer", ["Inv", "invalid", "Inconclusive", "pending", "invalide"])
def test_a_test_that_shows_nothing_is_told_once(tmp_path, answer):
    rows = "".join(f"A{n},2025-03-0{n},MDMA,MDMA,{answer}\n" for n in (1, 2))
    samples, issues = read(tmp_path, STRIPS.format(rows))
    assert [[r.substance for r in s.results] for s in samples] == [["mdma"], ["mdma"]]
    assert [(i.kind, i.record, i.field, i.level) for i in issues] == [
        ("test without a result", 2, "Fentanyl strip", "note")
    ]


@pytest.mark.parametrize("answer", ["", "-", "Neg", "n/a"])
def test_what_was_not_tested_or_is_not_there_is_not_told(tmp_path, answer):
    _, issues = read(tmp_path, STRIPS.format(f"A1,2025-03-01,MDMA,MDMA,{answer}\n"))
    assert issues == []


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("mg_par_comprime", "mg/tablet"), ("mg per tablet", "mg/tablet"),
        ("mg_je_tablette", "mg/tablet"), ("teneur_mg_par_comprime", "mg/tablet"),
        ("teneur_mg", "mg"),
    ],
)  # fmt: skip
def test_a_header_that_is_a_unit_is_of_amounts(tmp_path, header, unit):
    text = f"ref;date;vendu_comme;substance;{header}\nA1;2025-03-01;ecstasy;MDMA;120\n"
    (sample,), issues = read(tmp_path, text)
    assert [(r.substance, r.amount, r.unit) for r in sample.results] == [("mdma", 120, unit)]
    assert issues == []


PLACES = "ref;date;Site;Ville;vendu comme;substance\nA1;2025-03-01;{};Lille;ecstasy;MDMA\n"


@pytest.mark.parametrize(
    ("site", "told"),
    [("Antenne B", [("column beside another", "Site")]), ("Roubaix", []), ("", [])],
)
def test_a_place_beside_the_one_that_is_read_is_told(tmp_path, site, told):
    _, issues = read(tmp_path, PLACES.format(site))
    assert [(i.kind, i.field) for i in issues] == told

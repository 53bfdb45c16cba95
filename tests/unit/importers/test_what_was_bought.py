# ruff: noqa: E501
"""What was bought and what a sample was sold as; amounts told twice, of the salt and of the base."""

import pytest

from fanal.door.raw import RawSample
from fanal.importers.base import Issue
from fanal.importers.lab.cells import listed, read_quantity
from fanal.importers.lab.drug_checking import Lab


def read(folder, text):
    path = folder / "l.csv"
    path.write_text(text, "utf-8")
    rows = list(Lab().extract(path))
    return [r for r in rows if isinstance(r, RawSample)], [
        (i.kind, i.field, i.level) for i in rows if isinstance(i, Issue)
    ]


@pytest.mark.parametrize(
    ("text", "bought"),
    [
        ("1 g", (1.0, "g")), ("0.5g", (0.5, "g")), ("0,5 gramme", (0.5, "g")), ("½ g", (0.5, "g")),
        ("2 pills", (2.0, "tablet")), ("3 comprimés", (3.0, "tablet")), ("10", (10.0, None)),
        ("1 buvard", (1.0, "blotter")), ("1 kg", (1.0, "kg")), ("250 mg", (250.0, "mg")),
        ("un peu", None), ("", None),
    ],
)  # fmt: skip
def test_a_quantity_has_its_unit(text, bought):
    assert read_quantity(text) == bought


def test_an_amount_bought_is_the_quantity_of_the_price(tmp_path):
    samples, issues = read(
        tmp_path,
        "ref,date,sold as,price,amount bought,substance,result\n"
        "B1,2026-01-12,cocaine,60 €,1 g,cocaine,63 %\nB2,2026-01-20,MDMA,10 EUR,2 pills,MDMA,155 mg\n"
        "B3,2026-02-01,ketamine,€25,0.5g,ketamine,84%\nB4,2026-02-02,ketamine,€25,a bag,ketamine,80%\n",
    )
    assert [(s.price, s.currency, s.quantity, s.unit) for s in samples] == [
        (60.0, "EUR", 1.0, "g"), (10.0, "EUR", 2.0, "tablet"), (25.0, "EUR", 0.5, "g"),
        (25.0, "EUR", None, None),
    ]  # fmt: skip
    assert [s.sold_as for s in samples] == ["cocaine", "mdma", "ketamine", "ketamine"]
    assert ("not a number", "quantity", "warning") in issues


def test_a_unit_of_its_own_is_in_the_words_of_the_records(tmp_path):
    samples, _ = read(
        tmp_path, "Code;Date;Appellation;Prix;Unité;Principe actif 1;Teneur 1\n"
        "S1;2026-01-12;ecstasy;5 €;comprimé;MDMA;210 mg\nS2;2026-01-13;coke;60 €;g;cocaïne;60 %\n",
    )  # fmt: skip
    assert [s.unit for s in samples] == ["tablet", "g"]


def test_a_class_of_products_gives_way_to_the_product_and_is_told(tmp_path):
    samples, issues = read(
        tmp_path, "Date,City/Town,Drug Category,Drug,Spectrometer,Fentanyl Strip\n"
        '2026-01-05,Vancouver,Opioid,Down (Unknown Opioid),"Caffeine, Fentanyl or Analog 5-10%",Pos\n'
        "2026-01-06,Surrey,Stimulant,Cocaine,Cocaine HCl,Neg\n",
    )  # fmt: skip
    assert [s.sold_as_label for s in samples] == ["Down (Unknown Opioid)", "Cocaine"]
    assert samples[1].sold_as == "cocaine"
    assert ("column beside another", "Drug Category", "note") in issues


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("Cocaïne HCl 89 % (base 79 %)", [("Cocaïne HCl", "89 % (base 79 %)")]),
        ("MDMA·HCl 190,4 mg", [("MDMA·HCl", "190,4 mg")]),
        ("MDMA 80 % · caféine 5 %", [("MDMA", "80 %"), ("caféine", "5 %")]),
    ],
)
def test_salts_are_no_other_substances(cell, said):
    assert listed(cell) == said


def test_an_amount_told_twice_is_the_first(tmp_path):
    samples, _ = read(
        tmp_path, "N° éch.;Date;Produit annoncé;Analyse\n1;05.01.2026;Kokain;Cocaïne HCl 89 % (base 79 %)\n"
        "2;06.01.2026;XTC;MDMA·HCl 190,4 mg\n3;16.01.2026;Speed;Amphétamine sulfate 34 % + Caféine 55 %\n",
    )  # fmt: skip
    assert [[(r.substance, r.amount, r.unit) for r in s.results] for s in samples] == [
        [("cocaine", 89.0, "%")], [("mdma", 190.4, "mg")],
        [("amphetamine", 34.0, "%"), ("caffeine", 55.0, "%")],
    ]  # fmt: skip


def test_a_column_that_is_called_by_its_unit_and_a_number_has_that_unit(tmp_path):
    samples, _ = read(
        tmp_path, "N°;Date;Attendu;Substance 1;mg 1;Substance 2;mg 2\n"
        "L1;2026-01-12;MDMA;MDMA;182;caféine;20\nL2;2026-01-13;MDMA;MDMA;210;;\n",
    )  # fmt: skip
    assert [[(r.substance, r.amount, r.unit) for r in s.results] for s in samples] == [
        [("mdma", 182.0, "mg"), ("caffeine", 20.0, "mg")], [("mdma", 210.0, "mg")]
    ]  # fmt: skip

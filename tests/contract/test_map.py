"""Published figures by département: the map, the table, and cells too small to be shown."""

from datetime import date

from fanal.edition import Edition, FigureFact, Name, Value
from fanal.exporters import charts
from fanal.exporters.blocks import Figure, Table
from fanal.exporters.figures_prose import figures
from fanal.wording.language import Language

CODES = [f["properties"]["code"] for f in charts.departements()["features"]]


def fact(name, area, value, unit):
    label = Name(name, name)
    return FigureFact(label, area, Name(unit, unit), "year", (Value(date(2024, 1, 1), value),), "S")


def edition(counts, rates):
    day = date(2024, 1, 1)
    facts = [fact("Usage", a, v, "cas") for a, v in counts.items()]
    facts += [fact("Usage (taux)", a, v, "‰") for a, v in rates.items()]
    return Edition(
        Name("t", "t"), day, day, day, "0", "f", (), figures=tuple(facts)
    )  # fmt: skip


def test_there_is_every_departement():
    assert len(CODES) == len(set(CODES)) == 101
    assert {"01", "2A", "2B", "75", "971", "976"} <= set(CODES)


def test_small_cells_are_nowhere():
    counts = dict.fromkeys(CODES, 500.0) | {"48": 7.0, "23": 0.0}
    rates = {code: 1.0 + n / 100 for n, code in enumerate(CODES)} | {"48": 0.0918, "23": 0.0}
    for code in ("fr", "en"):
        blocks = list(figures(edition(counts, rates), Language(code)))
        (picture,) = [b for b in blocks if isinstance(b, Figure)]
        (table,) = [b for b in blocks if isinstance(b, Table)]
        rows = {row[0][0].text: [cell[0].text for cell in row] for row in table.rows}
        assert len(rows) == 101
        assert rows["48"][1:] == ["Lozère", {"fr": "moins de 11", "en": "fewer than 11"}[code], ""]
        assert rows["23"][2] == "0"  # nobody is in a zero
        # as many decimals in each row
        assert [rows[code][3] for code in ("01", "02", "23", "976")] == {
            "fr": ["1,00", "1,01", "0,00", "2,00"], "en": ["1.00", "1.01", "0.00", "2.00"],
        }[code]  # fmt: skip
        assert "0918" not in picture.svg
        assert "918" not in picture.alt
        assert "Total" not in rows  # from which the hidden cell could be had
        assert picture.svg.count("stroke-dasharray") == 1


def test_counts_alone_make_no_map():
    blocks = list(figures(edition(dict.fromkeys(CODES, 20.0), {}), Language("fr")))
    assert not [b for b in blocks if isinstance(b, Figure)]
    assert [len(b.rows) for b in blocks if isinstance(b, Table)] == [101]


def test_classes_hold_as_many_areas_each():
    edges = charts._classes(sorted(float(n) for n in range(100)))
    assert edges == [20.0, 40.0, 60.0, 80.0]
    assert charts._classes([]) == []
    assert charts._classes([1.0] * 9) == [1.0]

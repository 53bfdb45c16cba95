"""How many people live somewhere, or were asked, is what figures are divided by, and no figure."""

import pytest

from fanal.importers.base import Indicator
from fanal.importers.indicators import Indicators


def figures(tmp_path, text, **said):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    found = [r for r in Indicators(**said).extract(path) if isinstance(r, Indicator)]
    return [(r.name, r.area, r.value, r.unit, r.denominator) for r in found]


@pytest.mark.parametrize(
    ("area", "year", "counted", "people", "codes"),
    [
        ("Regione", "Anno", "Decessi", "Popolazione", {"Toscana": "ITI1", "Lazio": "ITI4"}),
        ("Regione", "Anno", "Decessi", "Popolazione residente", {"Toscana": "ITI1"}),
        ("Provincie", "Jaar", "Sterfgevallen", "Bevolking", {"Zeeland": "NL34"}),
        ("Land", "Jahr", "Drogentote", "Einwohnerzahl", {"Bayern": "DE2", "Hessen": "DE7"}),
        ("Provincie", "Jaar", "Sterfgevallen", "Inwoners", {"Zeeland": "NL34"}),
    ],
)
def test_people_of_a_place_are_what_a_count_is_divided_by(
    tmp_path, area, year, counted, people, codes
):
    rows = [(place, y) for y in (2023, 2024) for place in codes]
    text = f"{area};{year};{counted};{people}\n" + "".join(
        f"{place};{y};{n};{3_660_000 + n}\n" for n, (place, y) in enumerate(rows, 12)
    )
    assert figures(tmp_path, text) == [
        (counted, codes[place], float(n), "", 3_660_000.0 + n)
        for n, (place, _) in enumerate(rows, 12)
    ]


@pytest.mark.parametrize(
    "rate", ["Decessi x 100.000 abitanti", "Tasso (abitanti)", "% della popolazione"]
)
def test_a_rate_of_the_people_is_a_figure(tmp_path, rate):
    text = f"Regione;Anno;{rate}\nToscana;2023;0,31\nLazio;2023;0,42\nToscana;2024;0,47\n"
    assert [value for _, _, value, _, _ in figures(tmp_path, text)] == [0.31, 0.42, 0.47]


ROWS = [("2021", 1204, "3,2", "2,4", "4,1"), ("2023", 1310, "3,9", "3,0", "4,8")]


@pytest.mark.parametrize(
    ("asked", "share", "low", "high"),
    [
        ("Effectif", "%", "IC inf", "IC sup"),
        ("n", "Prévalence (%)", "Borne inf", "Borne sup"),
        ("Base", "Used (%)", "Lower CI", "Upper CI"),
        ("Befragte", "Anteil (%)", "CI lower", "CI upper"),
        ("Personnes interrogées", "Part (%)", "IC bas", "IC haut"),
    ],
)
def test_how_many_were_asked_is_no_figure_beside_a_share(tmp_path, asked, share, low, high):
    text = f"Indicateur;Année;{asked};{share};{low};{high}\n" + "".join(
        f"Usage de cocaïne;{year};{n};{s};{bottom};{top}\n" for year, n, s, bottom, top in ROWS
    )
    name = "Usage de cocaïne" + (f", {share}" if share != "%" else "")
    # a share was divided already: it has no denominator
    assert figures(tmp_path, text, area="FR") == [
        (name, "FR", 3.2, "%", None),
        (f"{name} ({low})", "FR", 2.4, "%", None),
        (f"{name} ({high})", "FR", 4.1, "%", None),
        (name, "FR", 3.9, "%", None),
        (f"{name} ({low})", "FR", 3.0, "%", None),
        (f"{name} ({high})", "FR", 4.8, "%", None),
    ]


def test_bounds_of_products_across_are_of_the_figure_before(tmp_path):
    text = "Produit;Année;Effectif;Usage (%);IC inf;IC sup\n" + "".join(
        f"Cocaïne;{year};{n};{s};{low};{high}\n" for year, n, s, low, high in ROWS
    )
    assert figures(tmp_path, text, area="FR")[:3] == [
        ("Usage (%)", "FR", 3.2, "%", None),
        ("Usage (%) (IC inf)", "FR", 2.4, "%", None),
        ("Usage (%) (IC sup)", "FR", 4.1, "%", None),
    ]


@pytest.mark.parametrize(
    ("header", "values"),
    [
        # deaths beside the bounds of their rate are what is counted
        ("Nombre;Taux pour 100 000;IC inf;IC sup", [12.0, 0.3, 0.2, 0.4]),
        # and so are cases beside a share that has no bounds
        ("Effectif;Part (%);Rang;Âge", [12.0, 0.3]),
    ],
)
def test_what_is_counted_beside_a_rate_stays_a_figure(tmp_path, header, values):
    text = f"Département;Année;{header}\n59;2023;12;0,3;0,2;0,4\n62;2023;15;0,4;0,3;0,5\n"
    found = figures(tmp_path, text, counts="décès")
    assert [value for _, area, value, _, _ in found if area == "59"][: len(values)] == values

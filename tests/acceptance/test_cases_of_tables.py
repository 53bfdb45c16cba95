"""Tables, official figures and laboratories as people reported them elsewhere: what is stored."""

import pytest
from cases import Cases

FIGURES = """
SELECT name, area, period, step, value, unit, denominator FROM indicators WHERE source = ?
ORDER BY name, area, period
"""
RESULTS = """
SELECT s.day, s.sold_as, r.label, r.substance, r.amount, r.amount_max, r.unit, r.censored
FROM samples s JOIN results r ON r.sample = s.id
WHERE s.source = ? ORDER BY s.day, r.method, r.label
"""


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return Cases(tmp_path_factory.mktemp("cases"))


def stored(cases, case, query):
    told = cases.bring(case)
    assert [(each.status, each.issues, each.quarantined) for each in told] == (
        [("done", 0, 0)] * len(told)
    )
    return [
        " ".join("-" if cell is None else f"{cell:.9g}" if isinstance(cell, float) else str(cell)
                 for cell in row.values())
        for row in cases.ws.tables.rows(query, [case])
    ]  # fmt: skip


TEXTS = {
    "e01c": ["2026-05-22 A1 coke à 60", "2026-05-23 A2 keta 30"],
    "e04": [
        "2026-05-22 A- coke à 60", "2026-05-22 A- keta 30",
        "2026-05-23 A- mdma 10", "2026-05-23 A- speed 5",
    ],
    "e06": ["2026-01-22 A- coke à 60", "2026-02-22 A- keta à 30", "2026-03-22 A- mdma à 10"],
}  # fmt: skip


@pytest.mark.parametrize("case", TEXTS)
def test_texts_of_a_workbook(cases, case):
    assert sorted(line for line in cases.told(case) if line[:4].isdigit()) == sorted(TEXTS[case])


# name, area, first day, step, value, unit, denominator
FIGURES_OF = {
    "e02e": [
        "Usage dans l'année de cocaïne FR 2022-01-01 year 5.2 % -",
        "Usage dans l'année de cocaïne FR 2023-01-01 year 6.1 % -",
        "Usage dans l'année de cocaïne FR 2024-01-01 year 10 % -",
    ],
    "o01c": [
        "passages aux urgences 59 2020-12-21 week 12  -",
        "passages aux urgences 59 2020-12-28 week 15  -",
        "passages aux urgences 59 2021-01-04 week 9  -",
    ],
    "o01f": [
        "passages aux urgences 59 2021-01-04 week 11  -",
        "passages aux urgences 59 2021-01-11 week 12  -",
        "passages aux urgences 59 2021-01-18 week 13  -",
        "passages aux urgences 59 2021-01-25 week 14  -",
        "passages aux urgences 59 2021-02-01 week 15  -",
        "passages aux urgences 59 2021-02-08 week 16  -",
        "passages aux urgences 59 2021-02-15 week 17  -",
        "passages aux urgences 59 2021-02-22 week 18  -",
        "passages aux urgences 59 2021-03-01 week 19  -",
        "passages aux urgences 59 2021-03-08 week 20  -",
    ],
    "o02d": [
        "saisies BE 2011-07-01 half-year 9  -",
        "saisies FR 2011-01-01 half-year 12  -",
        "saisies FR 2011-07-01 half-year 15  -",
    ],
    "o03": [
        "Trafic de stupéfiants 2A 2024-01-01 year - Mis en cause 160814",
        "Trafic de stupéfiants 59 2024-01-01 year 1234 Mis en cause 2617939",
        "Trafic de stupéfiants (taux_pour_mille) 2A 2024-01-01 year - ‰ -",
        "Trafic de stupéfiants (taux_pour_mille) 59 2024-01-01 year 0.4712 ‰ -",
        "Usage de stupéfiants 01 2024-01-01 year 1234 Mis en cause 663202",
        "Usage de stupéfiants 971 2024-01-01 year - Mis en cause 380000",
        "Usage de stupéfiants (taux_pour_mille) 01 2024-01-01 year 1.2000001 ‰ -",
        "Usage de stupéfiants (taux_pour_mille) 971 2024-01-01 year 0 ‰ -",
    ],
    "o04": [
        "Saisies de cocaïne (en kg) 59 2022-01-01 year 1234 kg -",
        "Saisies de cocaïne (en kg) 59 2023-01-01 year 1300 kg -",
        "Saisies de cocaïne (en kg) 59 2024-01-01 year 999 kg -",
        "Saisies de cocaïne (en kg) 69 2022-01-01 year 12 kg -",
        "Saisies de cocaïne (en kg) 69 2023-01-01 year - kg -",
        "Saisies de cocaïne (en kg) 69 2024-01-01 year - kg -",
        "Saisies de cocaïne (en kg) 75 2022-01-01 year 1234.5 kg -",
        "Saisies de cocaïne (en kg) 75 2023-01-01 year - kg -",
        "Saisies de cocaïne (en kg) 75 2024-01-01 year 1500 kg -",
    ],
    "two-years-tsv": [
        "saisies DE 2022-01-01 year - KG -",
        "saisies DE 2023-01-01 year 9876.25 KG -",
        "saisies ES 2022-01-01 year 1500 KG -",
        "saisies ES 2023-01-01 year - KG -",
        "saisies FR 2022-01-01 year 12345.5 KG -",
        "saisies FR 2023-01-01 year 14217 KG -",
    ],
    "two-years": [
        "décès AT 2022-01-01 year 248 décès -",
        "décès AT 2023-01-01 year 256 décès -",
        "décès BE 2022-01-01 year - décès -",
        "décès BE 2023-01-01 year 175 décès -",
        "décès CZ 2022-01-01 year 99 décès -",
        "décès CZ 2023-01-01 year 106 décès -",
        "décès FR 2022-01-01 year 638 décès -",
        "décès FR 2023-01-01 year 645 décès -",
    ],
    "two-years-titled": [
        "Interpellations par département (en nombre) 59 2023-01-01 year 4512 nombre -",
        "Interpellations par département (en nombre) 59 2024-01-01 year 4730 nombre -",
        "Interpellations par département (en nombre) 62 2023-01-01 year 2104 nombre -",
        "Interpellations par département (en nombre) 62 2024-01-01 year 2260 nombre -",
        "Interpellations par département (en nombre) 80 2023-01-01 year 987 nombre -",
        "Interpellations par département (en nombre) 80 2024-01-01 year 1003 nombre -",
    ],
    "registration": [
        "Deaths and rates, Number of deaths GB 2022-01-01 year 4907  -",
        "Deaths and rates, Number of deaths GB 2023-01-01 year 5448  -",
        "Deaths and rates, Number of deaths GB 2024-01-01 year 5565  -",
        "Deaths and rates, Rate per 100,000 GB 2022-01-01 year 84.4 / 100 000 -",
        "Deaths and rates, Rate per 100,000 GB 2023-01-01 year 93 / 100 000 -",
        "Deaths and rates, Rate per 100,000 GB 2024-01-01 year - / 100 000 -",
    ],
    "unit-in-header": [
        "saisies, Cannabis (kg) FR 2023-01-01 year 128500 kg -",
        "saisies, Cannabis (kg) FR 2024-01-01 year 101000.5 kg -",
        "saisies, Cocaïne (kg) FR 2023-01-01 year 23200 kg -",
        "saisies, Cocaïne (kg) FR 2024-01-01 year 53500 kg -",
        "saisies, Ecstasy (comprimés) FR 2023-01-01 year 4400000 comprimés -",
        "saisies, Ecstasy (comprimés) FR 2024-01-01 year 9000000 comprimés -",
    ],
    "region-figures": [
        "passages R11 2025-12-29 week 90  -",
        "passages R11 2026-01-05 week -  -",
        "passages R32 2025-12-29 week 41  -",
        "passages R32 2026-01-05 week 38  -",
    ],
    "seizures-es": [
        "Incautaciones (kg) ES51 2023-01-01 year 5204.75 kg -",
        "Incautaciones (kg) ES51 2024-01-01 year 6310.1 kg -",
        "Incautaciones (kg), Hachís ES61 2023-01-01 year 321456.5 kg -",
        "Incautaciones (kg), Hachís ES61 2024-01-01 year 298001 kg -",
    ],
}
# day, sold as, label, substance, amount, upper end, unit, below a limit
RESULTS_OF = {
    "e02b": [
        "2026-05-22 cocaine cocaïne cocaine 72 - % False",
        "2026-05-22 cocaine kétamine ketamine 0 - % True",
        "2026-05-22 cocaine lévamisole levamisole 8 - % False",
        "2026-05-23 ketamine cocaïne cocaine 0 - % True",
        "2026-05-23 ketamine kétamine ketamine 95.5 - % False",
        "2026-05-23 ketamine lévamisole levamisole 0 - % True",
        "2026-05-24 cocaine cocaïne cocaine 41 - % False",
        "2026-05-24 cocaine kétamine ketamine 0 - % True",
        "2026-05-24 cocaine lévamisole levamisole 12 - % False",
    ],
    "e02c": [
        "2026-05-22 cocaine cocaïne cocaine 72 - % False",
        "2026-05-23 ketamine kétamine ketamine 95.5 - % False",
        "2026-05-24 cocaine cocaïne cocaine 100 - % False",
    ],
    "y07": [
        "2025-05-22 cocaine cocaïne cocaine 72 - % False",
        "2025-05-23 ketamine kétamine ketamine 95 - % False",
        "2026-05-22 mdma MDMA mdma 80 - % False",
        "2026-05-23 cocaine cocaïne cocaine 40 - % False",
    ],
    "l03": [
        "2026-03-03 mdma Caffeine caffeine 1 - parts False",
        "2026-03-03 mdma MDMA mdma 20 - parts False",
        "2026-03-04 cocaine Cocaine cocaine 10 - parts False",
        "2026-03-04 cocaine Levamisole levamisole 1 - parts False",
        "2026-03-04 cocaine Unidentified - - - parts False",
        "2026-03-05 alprazolam None Detected - - - - False",
    ],
    "lab-es": [
        "2026-03-12 cocaine Cafeína caffeine 12 - % False",
        "2026-03-12 cocaine Cocaína cocaine 68.5 - % False",
        "2026-03-25 mdma MDMA mdma 40.2 - % False",
        "2026-04-01 amphetamine Anfetamina amphetamine 9.7 - % False",
        "2026-04-01 amphetamine Cafeína caffeine 75 - % False",
        "2026-04-01 cocaine Cocaína cocaine 31 - % False",
        "2026-04-01 cocaine Fenacetina phenacetin 22 - % False",
    ],
    "lab-it": [
        "2026-03-12 cocaine Caffeina caffeine 10 - % False",
        "2026-03-12 cocaine Cocaina cocaine 55.5 - % False",
        "2026-03-12 cocaine Fenacetina phenacetin 8 - % False",
        "2026-03-25 heroin Eroina heroin 21 - % False",
        "2026-03-25 ketamine Ketamina ketamine 92 - % False",
        "2026-03-25 heroin Paracetamolo paracetamol 40 - % False",
    ],
    "lab-strips": [
        "2026-03-12 heroin Fentanyl fentanyl - - - True",
        "2026-03-12 heroin Nitazènes nitazenes - - - False",
        "2026-03-25 oxycodone Fentanyl fentanyl - - - True",
        "2026-03-25 oxycodone Nitazènes nitazenes - - - False",
    ],
    "lab-unit-column": [
        "2026-03-12 cocaine Cocaïne cocaine 712 - mg/g False",
        "2026-03-13 mdma MDMA mdma 150 - mg/tablet False",
        "2026-03-14 lsd LSD lsd 85 - µg False",
        "2026-03-14 cannabis THC thc 14.2 - % False",
    ],
    "l04": [
        "2026-05-22 fentanyl Caffeine caffeine - - - False",
        "2026-05-22 fentanyl Erythritol - - - - False",
        "2026-05-22 fentanyl Fentanyl or Analog fentanyl 5 10 % False",
        "2026-05-22 fentanyl Benzo benzodiazepines - - - True",
        "2026-05-22 fentanyl Fentanyl fentanyl - - - False",
        "2026-05-23 cocaine Cocaine HCl cocaine - - - False",
        "2026-05-23 cocaine Uncertain Match - - - - False",
        "2026-05-23 cocaine Fentanyl fentanyl - - - True",
        "2026-05-24 fentanyl Caffeine caffeine - - - False",
        "2026-05-24 fentanyl Uncertain Oil/Carb - - - - False",
        "2026-05-24 fentanyl Benzo benzodiazepines - - - False",
    ],
}


@pytest.mark.parametrize("case", FIGURES_OF)
def test_figures_of_an_official_table(cases, case):
    assert stored(cases, case, FIGURES) == FIGURES_OF[case]


@pytest.mark.parametrize("case", RESULTS_OF)
def test_results_of_a_laboratory(cases, case):
    assert stored(cases, case, RESULTS) == RESULTS_OF[case]


def test_a_title_above_and_a_total_below(cases):
    told, *texts = cases.told("c09b")
    assert told == (
        "veille.csv: tables 32 = 28 documents + 2 line above the header + 1 empty row"
        " + 1 row without text"
    )
    assert [text[:10] for text in texts] == [f"2026-05-{day:02}" for day in range(1, 29)]

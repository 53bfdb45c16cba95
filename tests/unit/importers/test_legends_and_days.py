"""Laboratories' tables: legends and notes below, days and years that stand above."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.errors import ImporterError
from fanal.importers.base import Issue, RawSample, Skipped
from fanal.importers.lab.drug_checking import Lab
from fanal.importers.lab.legends import legend_of


def read(
    tmp_path: Path, content: str, name: str = "table.csv", **said: str
) -> tuple[list[RawSample], list[Issue | Skipped]]:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    found = list(Lab(**said).extract(path))
    samples = [one for one in found if isinstance(one, RawSample)]
    return samples, [one for one in found if isinstance(one, Issue | Skipped)]


def found_in(sample: RawSample) -> dict[str, tuple[float | None, bool]]:
    return {r.substance or r.label: (r.amount, r.censored) for r in sample.results}


@pytest.mark.parametrize(
    ("sign", "words", "there"),
    [("n.r.", "non rilevato", False), ("n.d.", "non déterminé", True),
     ("nn", "nicht nachgewiesen", False), ("n.q.", "not quantified", True)],
)  # fmt: skip
def test_a_legend_says_what_its_sign_stands_for(tmp_path, sign, words, there):
    text = (
        f"Ref;Date;MDMA (%);Cocaine (%)\nA1;2024-03-05;70;{sign}\nA2;2024-03-06;{sign};52\n\n"
        f"{sign} = {words}\n"
    )
    samples, beside = read(tmp_path, text)
    assert [found_in(s) for s in samples] == [
        {"mdma": (70.0, False), "cocaine": (None, not there)},
        {"mdma": (None, not there), "cocaine": (52.0, False)},
    ]
    assert [one for one in beside if isinstance(one, Issue) and one.level == "error"] == []
    assert Skipped("note under the table") in beside


def test_a_legend_in_which_the_delimiter_stands_is_one_line(tmp_path):
    text = (
        "Probe;Datum;Kokain (%);Levamisol (%)\nT1;05.03.2024;62;n.q.\nT2;06.03.2024;70;n.n.\n\n"
        "n.q. = nicht quantifizierbar; n.n. = nicht nachgewiesen\nQuelle: Labor, Berlin; 2024\n"
    )
    samples, beside = read(tmp_path, text)
    assert [found_in(s)["levamisole"] for s in samples] == [(None, False), (None, True)]
    assert beside == [Skipped("empty row"), *[Skipped("note under the table")] * 2]


def test_a_legend_of_colons_is_one_line_where_it_stands_apart(tmp_path):
    rows = "Ref;Fecha;MDMA (%);Cocaína (%)\nA1;2024-03-05;70;nc\nA2;2024-03-06;12;nd\n"
    legend = "nd: no detectado; nc: no cuantificable\n"
    samples, beside = read(tmp_path, f"{rows}\n{legend}")
    assert [found_in(s)["cocaine"] for s in samples] == [(None, False), (None, True)]
    assert beside == [Skipped("empty row"), Skipped("note under the table")]
    _, beside = read(tmp_path, f"{rows}{legend}", "b.csv")  # among the rows it is a row cut short
    assert "too few cells" in {one.kind for one in beside if isinstance(one, Issue)}


def test_without_a_legend_not_reported_stays_unknown(tmp_path):
    text = "Ref;Date;MDMA (%);Cocaine (%)\nA1;2024-03-05;70;n.r.\nA2;2024-03-06;12;52\n"
    samples, _ = read(tmp_path, text)
    assert found_in(samples[0]) == {"mdma": (70.0, False)}


def test_a_legend_renames_no_substance_and_no_source():
    assert legend_of("MDMA : non détecté") == legend_of("Source : laboratoire") == {}
    assert legend_of("< LOQ = below the limit of quantification; nd: not detected") == {
        "loq": "below the limit of quantification", "nd": "not detected",
    }  # fmt: skip


@pytest.mark.parametrize(("other", "absent"), [("<LQ", True), ("12", False)])
def test_nd_beside_a_limit_in_its_column_is_not_detected(tmp_path, other, absent):
    text = (
        "Ref;Date;Substance;Teneur (%)\nA1;2024-03-05;MDMA;ND\n"
        f"A2;2024-03-06;Cocaïne;{other}\nA3;2024-03-07;MDMA;81\n"
    )
    samples, _ = read(tmp_path, text)
    assert found_in(samples[0]) == {"mdma": (None, absent)}


def test_a_row_that_lost_its_cells_is_no_note(tmp_path):
    text = "Ref;Date;Substance;Teneur (%)\nA1;2024-03-05;MDMA;70\nA2 2024 Cocaïne coupée\n"
    _, beside = read(tmp_path, text)
    assert "too few cells" in {one.kind for one in beside if isinstance(one, Issue)}


# --- days above -----------------------------------------------------------------------------------

ROWS = "Ref;Vendu comme;Substance;Teneur (%)\nA1;MDMA;MDMA;70\nA2;Cocaïne;Cocaïne;44\n"


def days(samples: list[RawSample]) -> set[tuple[str, str]]:
    return {(str(s.time)[:10] if s.time else "", s.precision) for s in samples}


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Échantillons collectés le 12 mars 2024", ("2024-03-12", "day")),
        ("Permanence du 12/03/2024", ("2024-03-12", "day")),
        ("Résultats de mars 2024", ("2024-03-01", "month")),
        ("Résultats du 10 au 12 mars 2024", ("", "unknown")),
        ("Du 10 mars 2024 au 2 avril 2024", ("", "unknown")),
        ("Document édité le 12 mars 2024", ("", "unknown")),
        ("Mis à jour le 12/03/2024", ("", "unknown")),
        ("Résultats de 2024", ("", "unknown")),
        # one end of a time, or one of several days
        ("Entre le 1er mars et le 31 mars 2024", ("", "unknown")),
        ("Between 1 and 31 March 2024", ("", "unknown")),
        ("Permanences des 10 et 12 mars 2024", ("", "unknown")),
        ("De janvier à mars 2024", ("", "unknown")),
        ("Los días 10 y 12 de marzo de 2024", ("", "unknown")),
        ("Échantillons reçus depuis le 12 mars 2024", ("", "unknown")),
        ("Proben seit dem 12. März 2024", ("", "unknown")),
        ("Samples before March 2024", ("", "unknown")),
        ("Prochaine permanence le 12 mars 2024", ("", "unknown")),
        # the day of a report is none of a sample
        ("Rapport du 15 avril 2024", ("", "unknown")),
        ("Bericht vom 12.03.2024", ("", "unknown")),
        ("Rapport de mars 2024", ("2024-03-01", "month")),
        ("Lille, le 12 mars 2024", ("2024-03-12", "day")),
        ("Paris - 12 mars 2024", ("2024-03-12", "day")),
        ("Monsters van 12 mrt 2024", ("2024-03-12", "day")),
    ],
)
def test_a_day_above_a_table_without_days_is_that_of_all_samples(tmp_path, line, day):
    samples, beside = read(tmp_path, f"{line};;;\n;;;\n{ROWS}")
    assert len(samples) == 2 and days(samples) == {day}
    told = [one.hint for one in beside if isinstance(one, Issue) and one.kind == "no date"]
    said = f"taken for the {day[1]} above the table: {day[0]}"
    assert told == [said if day[0] else "the samples have no day: add a column of dates"]


def test_a_column_of_days_is_before_a_day_above(tmp_path):
    rows = "Ref;Date;Substance;Teneur (%)\nA1;2024-03-05;MDMA;70\nA2;;Cocaïne;44\n"
    samples, beside = read(tmp_path, f"Permanence du 12 mars 2024;;;\n{rows}")
    assert days(samples) == {("2024-03-05", "day"), ("", "unknown")}
    assert "no date" not in {one.kind for one in beside if isinstance(one, Issue)}


@pytest.mark.parametrize("written", ["12/03", "12.03.", "12-03", "12 mars"])
def test_the_year_of_short_dates_is_that_above_or_asked_for(tmp_path, written):
    rows = f"Ref;Date;Vendu comme;Substance;Teneur (%)\nA1;{written};MDMA;MDMA;70\n"
    rows += f"A2;{written};Cocaïne;Cocaïne;44\n"
    samples, beside = read(tmp_path, rows)
    assert days(samples) == {("", "unknown")}
    told = [one for one in beside if isinstance(one, Issue)]
    assert [(i.kind, i.field) for i in told] == [("no date", "Date")]
    assert 'add year = "2024"' in told[0].hint
    assert days(read(tmp_path, rows, year="2022")[0]) == {("2022-03-12", "day")}
    above = f"Résultats de l'année 2023;;;;\n{rows}"
    assert days(read(tmp_path, above)[0]) == {("2023-03-12", "day")}


def test_a_year_that_is_none_is_refused(tmp_path):
    with pytest.raises(ImporterError, match="year cannot be 'last'"):
        read(tmp_path, ROWS, year="last")

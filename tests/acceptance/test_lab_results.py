"""Drug-checking results from file to signal, alert form and price table."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from command_line import said

from fanal.answers import evidence, reports
from fanal.answers.following import follow
from fanal.door.pseudonyms import show
from fanal.errors import ConfigError
from fanal.exporters.alert import AlertDocx, AlertJson, AlertPdf
from fanal.laboratory import findings
from fanal.publishing import alerts, composing
from fanal.testing.exporter_checks import check_exporter
from fanal.workspace import Workspace

SHARED = Path(os.environ.get("FANAL_SHARED_DATA", "../shared/data")) / "lab"
SOURCE = """
name = "checks"
title = "INVENTED: checks"
publisher = "invented"
kind = "lab"
site = "lille"
legal_basis = "invented sample material"
"""
HEAD = (
    "reference;date_collecte;departement;produit_attendu;forme;prix;devise;quantite;unite;"
    "substance;teneur;remarques"
)


def rows():
    out = []
    for number in range(60):
        day = date(2024, 1, 3) + timedelta(days=10 * number)
        found = f"cocaïne {60 + number % 9} %"
        out.append(f"L-{number:03};{day:%d/%m/%Y};59;cocaïne;poudre;60;EUR;1;g;{found};;")
    out.append("L-900;11/08/2025;59;oxycodone;comprimé;;;;;protonitazène;;rappeler 06 39 98 11 22")
    out.append("L-901;12/08/2025;59;MDMA;comprimé;;;;;MDMA 240 mg;;")
    out.append("ZK2XW7QPLM9A;12/08/2025;59;MDMA;comprimé;;;;;MDMA 120 mg;;")
    return out


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    path = folder / "checks.csv"
    path.write_text("\n".join([HEAD, *rows()]) + "\n", "utf-8")
    with Workspace.create(folder / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        (reckoning,) = workspace.ingest([path], "checks")
        workspace.run()
        yield workspace, reckoning, path


def test_every_row_is_a_sample(observatory):
    workspace, reckoning, path = observatory
    assert (reckoning.read, reckoning.documents, reckoning.issues) == (63, 63, 0)
    assert workspace.ingest([path], "checks")[0].status == "known"
    longer = path.with_name("longer.csv")
    longer.write_text(path.read_text("utf-8") + "L-903;13/08/2025;59;MDMA;;;;;;MDMA;;\n", "utf-8")
    (again,) = workspace.ingest([longer], "checks")
    assert (again.documents, again.duplicates) == (1, 63)
    assert workspace.tables.rows("SELECT count(*) AS n FROM samples") == [{"n": 64}]
    assert workspace.tables.rows("SELECT count(*) AS n FROM results") == [{"n": 64}]


def test_no_identifier_is_stored(observatory):
    workspace, _, _ = observatory
    (row,) = workspace.tables.rows("SELECT description FROM samples WHERE reference = 'L-900'")
    assert "06" not in row["description"]


def test_one_finding_is_a_signal_before_the_month_ends(observatory):
    workspace, _, _ = observatory
    by = {s.concept: s for s in workspace.signals()}
    assert by["substance=nitazenes"].detector == "first-seen"
    assert by["substance=nitazenes"].first == date(2025, 8, 1)
    assert by["substance=mdma"].observed == 2  # first seen, and one of the two is a high dose
    dangers = workspace.tables.rows(
        "SELECT series, value FROM points WHERE series LIKE 'danger/%' AND value > 0"
    )
    assert {(d["series"].split("/")[1], d["value"]) for d in dangers} == {
        ("rule=nitazenes", 1.0),
        ("rule=high-dose-mdma", 1.0),
    }


def test_dangers_are_signals_the_day_they_come(tmp_path):
    past = [f"P-{n};{1 + n % 27:02}/{1 + n % 12:02}/2024;59;MDMA;comprimé;;;;;"
            f"MDMA {90 + n % 30} mg;;" for n in range(48)]  # fmt: skip
    past += [f"H-{n};{1 + n % 27:02}/{1 + n % 12:02}/2024;59;cannabis;herbe;;;;;THC 12 %;;"
             for n in range(48)]  # fmt: skip
    today = [
        "D-1;03/02/2025;59;MDMA;comprimé;;;;;MDMA 260 mg;;",
        "D-2;13/02/2025;59;cannabis;herbe;;;;;MDMB-4en-PINACA;;",
        "D-3;13/02/2025;59;MDMA;comprimé;;;;;PMMA 40 mg;;",
        "D-4;13/02/2025;59;cocaïne;poudre;;;;;fentanyl;;",
        "D-5;13/02/2025;59;MDMA;comprimé;;;;;MDMA 110 mg;;",  # nothing to say
    ]
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        for name, rows in (("past", past), ("today", today)):
            path = tmp_path / f"{name}.csv"
            path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
            workspace.ingest([path], "checks")
            workspace.run()
        alarms = workspace.tables.rows(
            "SELECT series, period FROM alarms WHERE series LIKE 'danger/%' AND signal IS NOT NULL"
        )
        about = {signal.concept for signal in workspace.signals()}
    rules = {a["series"].split("/")[1].removeprefix("rule=") for a in alarms}
    assert rules >= {"high-dose-mdma", "synthetic-cannabinoid-in-cannabis", "pmma",
                     "fentanyl-unexpected"}  # fmt: skip
    assert {a["period"] for a in alarms} == {date(2025, 2, 1)}
    assert "substance=mdma" in about
    assert not {c for c in about if c.startswith("missold")}  # THC is what cannabis holds


def test_the_alert_form(observatory, tmp_path):
    workspace, _, _ = observatory
    signal = next(s for s in workspace.signals() if s.concept == "substance=nitazenes")
    form = alerts.alert_form(workspace, show(signal.id), "fr")
    assert "Protonitazène (1)" in form.fields["d"]
    assert "L-900" in form.fields["d"]
    assert "Oxycodone" in form.fields["a"]
    assert not {"g", "h", "i"} & set(form.fields)  # a person's to say
    check_exporter(AlertJson(), form, tmp_path / "json")
    check_exporter(AlertDocx(), form, tmp_path / "docx")
    check_exporter(AlertPdf(), form, tmp_path / "pdf")
    written = json.loads(next((tmp_path / "json" / "first").iterdir()).read_text("utf-8"))
    assert written["draft"] is True


def test_prices_and_purities(observatory):
    workspace, _, _ = observatory
    by = {(r.substance, r.measure, r.unit): r for r in reports.prices_and_purities(workspace)}
    paid = by["cocaine", "price paid", "EUR/g"]
    assert (paid.minimum, paid.median, paid.observations) == (60.0, 60.0, 60)
    assert by["mdma", "content", "mg/tablet"].maximum == 240.0
    assert by["cocaine", "content", "%"].minimum == 60.0


def test_a_result_by_its_reference(observatory):
    workspace, _, _ = observatory
    (row,) = reports.result_of(workspace, " L-901 ")
    assert (row.substance, row.amount, row.unit) == ("mdma", 240.0, "mg")
    with pytest.raises(ConfigError, match="no sample"):
        reports.result_of(workspace, "L-999")
    # the door keeps a keyed reference in place of one that looks like an identifier
    (row,) = reports.result_of(workspace, "zk2xw7qplm9a")
    assert (row.substance, row.amount) == ("mdma", 120.0)
    assert row.reference.startswith("ref-")


def test_wilson_against_published_values():
    # Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20, 1/29
    for hits, of, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert findings.wilson(hits, of) == pytest.approx((low, high), abs=5e-5)


def test_the_ends_of_an_interval_are_exact():
    """What was never found, or always, is printed as 0 and 1, and not as 2.8e-17."""
    for of in range(1, 500):
        assert findings.wilson(0, of)[0] == 0.0 < findings.wilson(0, of)[1] < 1.0
        assert findings.wilson(of, of)[1] == 1.0 > findings.wilson(of, of)[0] > 0.0


def test_doses_and_other_contents_as_they_are_printed(tmp_path):
    """Three values have a median and no quartiles, four have; a share of none begins at 0."""
    found = {"MDMA": ("100 mg", "140 mg", "120 mg"), "cocaïne": ("60 %", "70 %", "80 %", "90 %")}
    rows = [f"D-{name}-{n};0{n + 1}/03/2025;59;{name};;;;;;{name} {amount};;"
            for name, amounts in found.items() for n, amount in enumerate(amounts)]  # fmt: skip
    rows += [f"O-{n};0{n % 9 + 1}/04/2025;59;tucibi;;;;;;kétamine;;" for n in range(11)]
    path = tmp_path / "checks.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        workspace.ingest([path], "checks")
    doses = said("lab", "doses", "--dir", tmp_path / "ws")["rows"]
    assert [[row[k] for k in ("substance", "n", "q1", "median", "q3")] for row in doses] == [
        ["cocaine", 4, 67.5, 75.0, 82.5],
        ["mdma", 3, None, 120.0, None],
    ]
    [other] = said("lab", "other", "--dir", tmp_path / "ws")["rows"]
    assert [other[k] for k in ("name", "samples", "of", "low", "instead")] == [
        "tucibi", 0, 11, 0.0, "ketamine"
    ]  # fmt: skip


def test_a_content_that_changed_is_cut_at_its_years():
    steady = [(50, 20, 30)] * 10
    assert findings._cuts(steady) == [(0, 10)]
    fallen = [(80, 10, 10)] * 4 + [(40, 30, 30)] * 5 + [(85, 5, 10)] * 3
    assert findings._cuts(fallen) == [(0, 4), (4, 9), (9, 12)]
    # held as often as before, and no longer alone
    mixed = [(70, 10, 20)] * 5 + [(30, 50, 20)] * 5
    assert findings._cuts(mixed) == [(0, 5), (5, 10)]
    assert findings._cuts([(1, 0, 0), (0, 0, 1), (1, 0, 0)]) == [(0, 3)]


def test_constituents_are_substances():
    told = findings._constituents()
    assert {*told, *(c for names in told.values() for c in names)} <= findings.known_substances()
    assert "thc" in findings.counts_as("cannabis")
    assert "cocaine" not in findings.counts_as("heroin")


def test_years_that_differ_more_than_chance_are_no_change():
    batches = [(60, 10, 30), (40, 30, 30), (58, 12, 30), (38, 32, 30)] * 3
    assert findings._dispersion(batches) > 5
    assert findings._cuts(batches) == [(0, 12)]


def test_a_name_whose_content_was_always_anothers_is_told_and_no_news(tmp_path):
    kinds = ["kétamine", "kétamine + MDMA", "kétamine ; caféine", "kétamine"]
    rows = [f"T-{n};{1 + n % 27:02}/{1 + n % 12:02}/2024;59;tucibi;poudre;;;;;{kinds[n % 4]};;"
            for n in range(48)]  # fmt: skip
    rows += [f"C-{n};{1 + n % 27:02}/{1 + n % 12:02}/2024;59;cocaïne;poudre;;;;;cocaïne;;"
             for n in range(48)]  # fmt: skip
    path = tmp_path / "tucibi.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        workspace.ingest([path], "checks")
        workspace.run()
        # it was so from the first samples on: told of the name's content, and no news
        assert not [s for s in workspace.signals() if s.measure == "missold"]
        edition = composing.bulletin(workspace, first=date(2024, 1, 1))
        (told,) = [f for f in edition.contents if f.kind == "other"]
        assert (told.name.en[:6], told.samples, told.of) == ("Tucibi", 0, 48)
        for fact in edition.contents:  # every figure leads to its rows
            assert len(follow(workspace.tables, fact.of_link)) == fact.of
            if fact.link:
                assert len(follow(workspace.tables, fact.link)) == fact.samples
        with workspace.tables.connect() as connection:
            (other,) = findings.other_contents(connection)
        assert (other.name, other.year, other.instead) == ("tucibi", 2024, "ketamine")


def test_a_content_that_changed_counts_what_is_unlike_before_since_the_month(tmp_path):
    """It counted all 120 samples of the year, from January on, and four months were evidence."""
    rows = [
        f"O-{month}-{n};{n + 1:02}/{month % 12 + 1:02}/{2023 + month // 12};59;oxycodone;poudre;"
        f";;;;{'métonitazène' if month > 33 and n < 4 else 'oxycodone'};;"
        for month in range(36) for n in range(10)
    ]  # fmt: skip
    path = tmp_path / "opioids.csv"
    path.write_text("\n".join([HEAD, *rows]) + "\n", "utf-8")
    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE)
        workspace.ingest([path], "checks")
        workspace.run()
        november, december = date(2025, 11, 1), date(2025, 12, 1)
        points = workspace.tables.rows("SELECT * FROM points WHERE series LIKE 'changed/%'")
        assert [(p["series"], p["period"], p["value"], p["denominator"]) for p in points] == [
            ("changed/substance=oxycodone/month", month, 4, 10) for month in (november, december)
        ]
        told = {signal.concept: signal for signal in workspace.signals()}
        for concept in ("changed substance=oxycodone", "substance=metonitazene"):
            signal = told[concept]
            assert (signal.first, signal.last) == (november, december)
            assert (signal.observed, signal.novelty) == (4, "new")
            behind = evidence.behind(workspace, show(signal.id))
            assert behind.stretch == (november, date(2025, 12, 31))
            lab = behind.corroboration[-1]
            assert (lab.documents, lab.read) == (8, 20)


@pytest.mark.skipif(not SHARED.is_dir(), reason="FANAL_SHARED_DATA is not there")
@pytest.mark.bars
def test_twenty_two_years_of_samples(tmp_path):
    from fanal.detectors.first_seen import FirstSeen
    from fanal.stages.tallying import count

    with Workspace.create(tmp_path / "ws", "essai") as workspace:
        workspace.add_source(SOURCE.replace("lille", "us"))
        (read,) = workspace.ingest([SHARED / "ecstasydata_1996_2018.sqlite"], "checks")
        assert read.documents == read.read == 6463
        count(workspace)
        points = workspace.tables.query("SELECT * FROM points WHERE series LIKE 'found/%'")
        with workspace.tables.connect() as connection:
            changed = [
                (r.first, r.last)
                for r in findings.changed_contents(connection)
                if r.sold_as == "mdma"
            ]
            truth = dict(
                connection.sql(
                    "SELECT r.substance, year(min(s.day)) FROM results r JOIN samples s "
                    "ON s.id = r.sample WHERE r.role <> 'none' AND NOT r.censored GROUP BY ALL"
                ).fetchall()
            )
        seen = {}
        for year in range(1999, 2019):
            for month in range(1, 13):
                until = pc.less_equal(points.column("period"), pa.scalar(date(year, month, 28)))
                found = FirstSeen().detect(points.filter(until), date(1900, 1, 1))
                for row in found.to_pylist():
                    seen.setdefault(row["series"], row["period"].year)
        for name, year in (
            ("benzylpiperazine", 2000), ("tfmpp", 2000), ("methylone", 2010),
            ("n-ethylpentylone", 2016), ("fentanyl", 2005),
        ):  # fmt: skip
            assert seen[f"found/substance={name}/month"] == year == truth[name]
        # alone in 48 of 100 until 2001, in 30 of 100 until 2014, in 74 of 100 since
        assert changed == [(1996, 2001), (2002, 2014), (2015, 2018)]

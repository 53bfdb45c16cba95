"""Amounts of laboratories, tables in documents, subtitles, marks beside values: each in and out."""

from __future__ import annotations

import json
from datetime import date

import docx
import pytest

from fanal.door.raw import RawDocument
from fanal.importers.base import Indicator
from fanal.importers.indicators import Indicators
from fanal.importers.lab.cells import (
    Amount,
    listed,
    number,
    pieces,
    read_amount,
    role_named,
    says_nothing,
    without_method,
)
from fanal.importers.lab.column_roles import layout_of
from fanal.importers.lab.units import unit_in
from fanal.importers.reading.beside_values import Marks
from fanal.importers.reading.looks import Look
from fanal.importers.reading.word import is_header, paragraphs_of, table_lines
from fanal.importers.transcripts import Transcripts

NOTHING, THERE = Amount(None), Amount(True)
AMOUNTS = {
    "<0,5 %": Amount(False, None, 0.5, "%", censored=True),
    "≤ 2": Amount(False, None, 2, censored=True),
    "> 80": Amount(True, 80, least=True),
    ">80 mg": Amount(True, 80, None, "mg", least=True),
    "80 %+": Amount(True, 80, 100, "%", least=True),
    "> 80-90": Amount(True, 80, 90),
    "0": Amount(False, 0, censored=True),
    "0,1": Amount(True, 0.1),
    "12 ± 2 %": Amount(True, 12, None, "%", 2),
    "12 (± 2)": Amount(True, 12, None, None, 2),
    "12 (mg)": Amount(True, 12, None, "mg"),
    "10-20 %": Amount(True, 10, 20, "%"),
    "10-10": Amount(True, 10, 10),
    "20-10": None,
    "entre 10 et 20 mg": Amount(True, 10, 20, "mg"),
    "trace < 1": Amount(True, trace=True),
    "trace (0,1 %)": Amount(True, trace=True),
    "traces": Amount(True, trace=True),
    "n.d.": Amount(False, censored=True, vague=True),
    "nd (< 0.1 %)": Amount(False, None, 0.1, "%", censored=True),
    "nd (0.1 %)": Amount(False, None, 0.1, "%", censored=True),
    "non détecté": Amount(False, censored=True),
    "présent": THERE,
    "détecté (< LOQ)": THERE,
    "> LOD": THERE,
    "< LOD": Amount(False, censored=True),
    "-": NOTHING,
    "": NOTHING,
    "s/o": NOTHING,
    "(72 %)": Amount(True, 72, None, "%"),
    "72 % (GC-MS)": Amount(True, 72, None, "%", method="GC-MS"),
    "12 mg / cp": Amount(True, 12, None, "mg/tablet"),
    "12 ug/buvard": Amount(True, 12, None, "µg/blotter"),
    "12 mg/gélule": Amount(True, 12, None, "mg/capsule"),
    "12 mg/dose": Amount(True, 12, None, "mg/unit"),
    "12 mg/unité": Amount(True, 12, None, "mg/tablet"),
    "12 mcg": Amount(True, 12, None, "µg"),
    "12 pour cent": Amount(True, 12, None, "%"),
    "1.234": Amount(True, 1.234),
    "1 234,5 mg": Amount(True, 1234.5, None, "mg"),
    "environ 12": Amount(True, 12),
    "bizarre": None,
}


@pytest.mark.parametrize("cell", AMOUNTS)
def test_an_amount(cell):
    assert read_amount(cell) == AMOUNTS[cell]


def test_the_unit_of_a_column_holds_where_the_cell_says_none():
    assert read_amount("12", "%") == Amount(True, 12, None, "%")
    assert read_amount("12 mg", "%") == Amount(True, 12, None, "mg")
    assert read_amount("> 12", "%") == Amount(True, 12, 100, "%", least=True)
    assert read_amount("oui", "%") == Amount(True, unit="%")
    assert read_amount("n.d.", "%") == Amount(False, unit="%", censored=True, vague=True)
    assert read_amount("nd (< 2)", "%") == Amount(False, None, 2, "%", censored=True)
    assert read_amount("présent (< LOQ)", "%") == Amount(True, unit="%")
    assert (number("1.234"), number("1.234", money=True), number("1,5"), number("x")) == (
        1.234, 1234, 1.5, None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("MDMA (mg)", ("MDMA", "mg")), ("teneur en %", ("teneur", "%")),
        ("pureté", ("pureté", None)), ("taux mg/cp", ("taux", "mg/tablet")), ("mg", ("mg", None)),
        ("poids [g]", ("poids", "g")), ("gamme", ("gamme", None)),
    ],
)  # fmt: skip
def test_the_unit_of_a_header(header, said):
    assert unit_in(header) == said


KNOWN = {"cocaine": "cocaine", "mdma": "mdma", "caféine": "caffeine", "ghb/gbl": "ghb"}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("cocaine 72 %; levamisole", [("cocaine", "72 %"), ("levamisole", "")]),
        ("cocaïne (72 %)", [("cocaïne", "72 %")]),
        ("72 % de cocaïne", [("cocaïne", "72 %")]),
        ("4 fluoroamphetamine", [("4 fluoroamphetamine", "")]),
        ("Fentanyl strip: pos", [("Fentanyl strip", "pos")]),
        ("trace detected", [("trace detected", "")]),
        ("cocaine 72", [("cocaine", "72")]),
        ("coke + MDMA 20 mg", [("coke", ""), ("MDMA", "20 mg")]),
        ("-", [("-", "")]),
        ("", []),
    ],
)
def test_a_list_in_a_cell(cell, found):
    assert listed(cell) == found


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("cocaine et mdma", ["cocaine", "mdma"]), ("cocaine et rien", ["cocaine et rien"]),
        ("GHB/GBL", ["GHB/GBL"]), ("cocaine, mdma", ["cocaine", "mdma"]),
        ("cocaine, base", ["cocaine, base"]), ("cocaine, mdma, rien", ["cocaine", "mdma", "rien"]),
        ("cocaine, un mot de trop par ici", ["cocaine, un mot de trop par ici"]),
        ("rien, nul", ["rien, nul"]), ("cocaine et mdma et rien", ["cocaine", "mdma", "rien"]),
        ("cocaine et cocaine", ["cocaine", "cocaine"]),
    ],
)  # fmt: skip
def test_what_stands_between_substances(cell, parts):
    assert pieces(cell, lambda label: KNOWN.get(label.casefold(), "")) == parts


def test_words_of_methods_and_roles():
    assert without_method("Fentanyl strip") == "Fentanyl"
    assert says_nothing("-") and says_nothing("S/O") and not says_nothing("x")
    roles = {"main": "main", "produit principal": "main", "coupe": "cut", "traces": "trace",
             "non": None, "minor": "minor", "précurseur": "precursor",
             "un principal de plus de quatre mots": None}  # fmt: skip
    assert {words: role_named(words) for words in roles} == roles


def test_what_marks_tell_of_a_sheet():
    marks = Marks(columns=[(1, 2)], notes={(4, 1), (2, 1), (3, 7)}, hidden=True)
    marks.hide(5)
    marks.hide(8, 3)
    told = [(i.kind, i.record, i.field) for i in marks.told(["a", "b", "c", "d"], "Feuille", 2)]
    assert told == [
        ("hidden sheet", 2, "Feuille"), ("hidden column", 2, "b"), ("hidden column", 2, "c"),
        ("hidden rows", 6, ""), ("note on a cell", 3, "b"), ("note on a cell", 4, ""),
    ]  # fmt: skip
    hints = [i.hint for i in marks.told(["a", "b"], "Feuille", 2)]
    assert hints[2].startswith("4 rows") and hints[3].startswith("2 in this column")
    assert {i.level for i in marks.told(["a"], "", 1)} == {"warning"}
    assert list(Marks().told(["a"], "Feuille", 1)) == []
    first = Marks()
    first.hide(0)
    assert [i.record for i in first.told([], "", 1)] == [1]


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["Karim", "oui"], ["Léa", "non"]], ["Karim : oui", "Léa : non"]),
        ([["1", "Karim", "oui"], ["2", "Léa", "non"]], ["Karim : oui", "Léa : non"]),
        ([["Qui", "Propos"], ["Karim", "oui"], ["Léa", "non"]], ["Karim : oui", "Léa : non"]),
        ([["Qui", "Propos"], ["Karim", "oui"]], ["Qui : Propos", "Karim : oui"]),
        (
            [["Qui", "Propos", "Notes"], ["Karim", "oui", "rit"], ["Léa", "non", "12"]],
            ["Karim : oui (rit)", "Léa : non"],
        ),
        ([["a", "b", "c"], ["d", "e", "f"]], ["a | b | c", "d | e | f"]),
        ([["Date", "Lieu"], ["1/2", "ici"], ["2/2", "là"]], ["1/2 : ici", "2/2 : là"]),
        ([["Date", "Lieu"], ["1/2", "ici"]], ["Date : Lieu", "1/2 : ici"]),
        ([["x" * 63, "oui"], ["x" * 64, "non"]], ["x" * 63 + " : oui", "x" * 64 + " | non"]),
        ([["Karim :", "oui"], ["oui", "oui"]], ["Karim : oui", "oui | oui"]),
        ([["seul"]], ["seul"]),
        ([[" a ", ""], ["", " b "]], ["a", "b"]),
    ],
)
def test_a_table_of_a_document(rows, lines):
    assert table_lines(rows) == lines


def test_what_stands_under_the_rows_of_a_table():
    rows = [["Qui", "Propos", "Notes"], ["Karim", "oui", ""], ["Léa", "non", ""]]
    assert table_lines(rows, [["x"], ["y"], []]) == ["Karim : oui", "y", "Léa : non"]
    assert table_lines(rows[1:], [["y"], []]) == ["Karim : oui", "y", "Léa : non"]
    dated = [["Date", "Lieu"], ["a", "b"], ["c", "d"]]
    assert table_lines(dated, [[], ["y"], []]) == ["a : b", "y", "c : d"]
    assert is_header(["Locuteur", "Texte"]) and not is_header(["Locuteur", "Date"])


def test_the_rows_of_a_word_table_and_what_is_around_it(tmp_path):
    document = docx.Document()
    document.add_paragraph("Avant")
    table = document.add_table(rows=2, cols=2)
    for row, texts in zip(table.rows, (("Karim", "oui"), ("Léa", "non")), strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    document.add_paragraph("Après")
    document.save(tmp_path / "a.docx")
    assert paragraphs_of(tmp_path / "a.docx") == ["Avant", "Karim : oui", "Léa : non", "Après"]


def said(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    found = Transcripts(date="2024-02-03").extract(path)
    documents = [found for found in found if isinstance(found, RawDocument)]
    return [(r.author and r.author.partition(": ")[2], r.text) for r in documents]


def srt(*cues):
    return "\n".join(
        f"{n}\n00:00:{start:02d},000 --> 00:00:{stop:02d},000\n{text}\n"
        for n, (start, stop, text) in enumerate(cues, 1)
    )


def test_a_pause_parts_what_nobody_is_named_for(tmp_path):
    one = [(0, 2, "bonjour à tous"), (4, 6, "et merci"), (9, 10, "au revoir")]
    assert said(tmp_path, "a.srt", srt(*one)) == [
        (None, "bonjour à tous et merci"), (None, "au revoir"),
    ]  # fmt: skip


def test_dashes_and_voices_part_a_cue(tmp_path):
    vtt = (
        "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\n<v Karim>oui</v>\n\n"
        "00:00:02.000 --> 00:00:03.000\n<v Léa>non &amp; <i>rien</i></v>\n\n"
        "00:00:03.000 --> 00:00:04.000\n<v Léa>du tout</v>\n"
    )
    assert said(tmp_path, "a.vtt", vtt) == [("Karim", "oui"), ("Léa", "non & rien du tout")]
    assert said(tmp_path, "b.srt", srt((0, 2, "- oui\n- non"), (2, 3, "bien"))) == [
        (None, "oui"), (None, "non"), (None, "bien"),
    ]  # fmt: skip


def test_rolling_captions_are_read_once(tmp_path):
    rolling = [
        (0, 1, "je vais au parc"), (1, 2, "je vais au parc\net puis je rentre"),
        (2, 3, "et puis je rentre\nà la maison ce soir"), (3, 4, "à la maison ce soir\nvoilà"),
    ]  # fmt: skip
    text = " ".join(words for _, words in said(tmp_path, "a.srt", srt(*rolling)))
    assert text == "je vais au parc et puis je rentre à la maison ce soir voilà"
    three = [(n, n + 1, "non") for n in range(3)]
    assert said(tmp_path, "b.srt", srt(*three)) == [(None, "non non non")]


def test_what_whisper_heard(tmp_path):
    segments = [{"text": " oui", "start": 0, "end": 1, "speaker": "S1"},
                {"text": " non", "start": 1, "end": 2, "speaker": "S2"},
                {"text": " si", "start": 2, "end": 3}]  # fmt: skip
    path = tmp_path / "a.json"
    for piece in (
        segments,
        [{k: piece[k] for k in ("text", "start", "end")} for piece in segments],
    ):
        path.write_text(json.dumps({"text": "oui", "segments": piece}), "utf-8")
        assert Transcripts().identify(path)
    assert said(tmp_path, "b.json", json.dumps({"text": "x", "segments": segments})) == [
        ("S1", "oui"), ("S2", "non"), (None, "si"),
    ]  # fmt: skip
    offsets = [
        {"text": text, "offsets": {"from": start, "to": start + 500}, "timestamps": {}}
        for text, start in (("oui", 0), ("non", 9000))
    ]
    assert said(tmp_path, "c.json", json.dumps({"transcription": offsets})) == [
        (None, "oui"), (None, "non"),
    ]  # fmt: skip
    assert said(
        tmp_path, "d.tsv", "start\tend\ttext\n0\t1000\toui\n1500\t2000\tnon\nx\t1\tz\n"
    ) == [(None, "oui non")]


def figures(tmp_path, text, **parameters):
    path = tmp_path / "t.csv"
    path.write_text(text, "utf-8")
    rows = list(Indicators(**parameters).extract(path))
    told = [getattr(r, "kind", "") or getattr(r, "rule", "") for r in rows]
    read = [(r.name, r.area, r.period, r.step, r.value) for r in rows if isinstance(r, Indicator)]
    more = [(r.unit, r.denominator, r.note, r.substance) for r in rows if isinstance(r, Indicator)]
    return read, more, list(filter(None, told))


def test_a_step_of_its_own_column_says_what_six_figures_are(tmp_path):
    text = (
        "indicateur;pays;periode;pas;valeur\nA;FR;202101;semaine;1\nA;FR;202101;mois;2\n"
        "A;FR;2021;an;3\nA;FR;202102;lune;4\n"
    )
    read, _, told = figures(tmp_path, text)
    assert read == [
        ("A", "FR", date(2021, 1, 4), "week", 1), ("A", "FR", date(2021, 1, 1), "month", 2),
        ("A", "FR", date(2021, 1, 1), "year", 3),
    ]  # fmt: skip
    assert told == ["step not readable"]


def test_areas_and_marks_of_figures(tmp_path):
    text = (
        "indicateur;pays;annee;valeur;unite\nA;FR;2021;12;kg\nA;Nulle part;2021;13;kg\n"
        "A;59-Nord;2021;14 (p);kg\nA;Paris (1);2021;15;kg\n(1) estimé\n"
    )
    read, more, told = figures(tmp_path, text)
    assert [area for _, area, *_ in read] == ["FR", "Nulle part", "59", "75"]
    assert [note for *_, note, _ in more] == [None, None, "provisional", "estimé"]
    assert {unit for unit, *_ in more} == {"kg"} and told == ["note under the table"]
    read, _, _ = figures(tmp_path, "indicateur;region;annee;valeur\nA;32;2021;1\nA;99;2021;3\n")
    assert [area for _, area, *_ in read] == ["R32", "99"]


def test_a_total_of_a_crossed_table_has_no_area_of_its_own(tmp_path):
    text = "Saisies (en kg)\nRégion;2021;2022;2023\nBretagne;1;2;3\nTotal;7;;9\n"
    read, more, told = figures(tmp_path, text)
    assert [(area, period.year, value) for _, area, period, _, value in read] == [
        ("R53", 2021, 1), ("R53", 2022, 2), ("R53", 2023, 3),
    ]  # fmt: skip
    assert {unit for unit, *_ in more} == {"kg"}
    assert told == ["line above the header", "row of totals"]
    read, *_ = figures(tmp_path, text.replace("Total", "Totalie"))  # an area that we do not know
    assert [area for _, area, *_ in read][3:] == ["Totalie", "Totalie"]


def test_a_count_that_cannot_be(tmp_path):
    text = (
        "indicateur;pays;annee;nombre;population;taux\nA;FR;2021;-1;100;-1\nA;FR;2022;(5);100;2\n"
    )
    read, more, told = figures(tmp_path, text)
    assert [(name, value) for name, *_, value in read] == [
        ("A", None), ("A (taux)", -1), ("A", None), ("A (taux)", 2),
    ]  # fmt: skip
    assert [(base, note) for _, base, note, _ in more] == [
        (100, "-1"), (None, None), (100, "(5)"), (None, None),
    ]  # fmt: skip
    assert told == ["count below zero", "unit not said", "figure in brackets"]


def test_areas_across(tmp_path):
    read, _, told = figures(tmp_path, "annee;Nord;Rhône\n2021;1;2\n2022;;\n2023;;6\n", counts="A")
    assert [(area, period.year, value) for _, area, period, _, value in read] == [
        ("59", 2021, 1), ("69", 2021, 2), ("69", 2023, 6),
    ]  # fmt: skip
    assert told == ["row without figures"]


def test_a_substance_that_is_not_known_stays_in_the_name(tmp_path):
    text = "indicateur;pays;annee;valeur;substance\nA;FR;2021;1;cocaïne\nA;FR;2021;2;bidule\n"
    read, more, _ = figures(tmp_path, text)
    assert [(row[0], said[-1]) for row, said in zip(read, more, strict=True)] == [
        ("A", "cocaine"), ("A, bidule", None),
    ]  # fmt: skip


def laid_out(**columns):
    cells = {"Vendu comme": ["cocaïne"] * 10, "Substance": ["cocaïne"] * 10, **columns}
    looks = [Look(name, tuple(said)) for name, said in cells.items()]
    return layout_of(list(cells), {}, looks)


LABELS = [f"A{n}" for n in range(10)]


@pytest.mark.parametrize(
    ("cells", "role"),
    [
        (LABELS, "reference"), ([*LABELS[:9], "A0"], None), ([*LABELS, "A0"], "reference"),
        ([f"{'A' * 23}{n}" for n in range(10)], "reference"),
        ([f"{'A' * 24}{n}" for n in range(10)], None), ([*LABELS, "A"], None),
        (["12/03/2025", "13/03/2025", "14/03/2025", "x", "y"], "date"),
        (["12/03/2025", "13/03/2025", "x", "y", "z"], None),
        (["12 %", "13 %", "14 %", "x", "y"], "amount"), (["12 %", "x", "y", "oui"], None),
        (["12 %", "13 %", "14 %", "15 %", "beaucoup"], None), (["12", "13", "12"], None),
    ],
)  # fmt: skip
def test_a_column_of_a_laboratory_that_is_known_by_its_cells(cells, role):
    layout = laid_out(truc=cells)
    assert layout.guessed == ({"truc": role} if role else {})
    assert layout.unknown == ([] if role else ["truc"])


@pytest.mark.parametrize(
    ("cells", "content", "share", "of_mdma"),
    [  # of a column called "Teneur", "Pureté", "MDMA"
        (["12", "15", "30"], "%", "%", "%"), (["0,2", "0,5", "0,9"], "", "fraction", ""),
        (["0,5", "0,9"], "", "", ""), (["0,1", "0,19", "0,9"], "", "", ""),
        (["0,1", "0,2", "0,9"], "", "fraction", ""), (["0", "1", "1"], "", "fraction", "flag"),
        (["120", "200"], "", "", ""), (["99"] * 9 + ["120"], "%", "%", "%"),
        (["99"] * 8 + ["120", "130"], "", "", ""), (["100", "100"], "%", "%", "%"),
        (["12 %", "13"], "%", "%", "%"), (["12 mg", "13"], "mg", "mg", "mg"),
        (["12 mg", "13 %", "3"], "", "", ""),
    ],
)  # fmt: skip
def test_the_unit_of_bare_figures(cells, content, share, of_mdma):
    named = {"Teneur": content, "Pureté": share, "MDMA": of_mdma}
    for name, unit in named.items():
        assert laid_out(**{name: cells}).bare == {name: unit}


@pytest.mark.parametrize(
    ("header", "field", "about_a_person"),
    [
        ("Substanse", "substance", False), ("Vendu come", "sold_as", False), ("Prixx", None, False),
        ("Âge", None, True), ("Sexe", None, True), ("Téléphone", None, True),
        ("Produit de l'usager", None, False), ("Usager", None, True),
    ],
)  # fmt: skip
def test_a_header_of_a_laboratory(header, field, about_a_person):
    layout = laid_out(**{header: ["rien de tout cela"] * 10})
    assert (header in layout.people) is about_a_person
    assert layout.guessed.get(header) in (field, None) if field else header not in layout.guessed


def test_the_day_of_a_sample_is_when_it_was_collected():
    headers = ["Date publication", "Date analyse", "Date réception", "Date collecte", "Date"]
    layout = laid_out(**{header: ["12/03/2025"] * 3 for header in headers})
    assert layout.sample["date"] == [
        "Date collecte", "Date réception", "Date analyse", "Date", "Date publication",
    ]  # fmt: skip

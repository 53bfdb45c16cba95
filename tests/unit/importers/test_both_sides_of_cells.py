"""Days, figures, periods and lines: the last that is read, and the first that is not."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from fanal.errors import ImporterError
from fanal.importers.reading.areas import area_code
from fanal.importers.reading.columns import gone_on
from fanal.importers.reading.dates import DateColumn, are_dates, date_inside, read_date
from fanal.importers.reading.delimited import find_delimiter, looks_like_table, records
from fanal.importers.reading.encodings import Encoding, decode, find_encoding, lines_of
from fanal.importers.reading.figures import is_count, read_figure, read_note
from fanal.importers.reading.json_shape import records_of, shape_of, whole_characters
from fanal.importers.reading.periods import PeriodColumn, step_of
from fanal.importers.reading.references import is_references, references_in
from fanal.importers.reading.residue import is_worth_telling, not_read, unread, words_in

local = datetime.fromisoformat
DAYS = {  # what is written, in which order, and the day or time; None: none
    ("1949-12-31", ""): None,
    ("1950-01-01", ""): date(1950, 1, 1),
    ("2099-12-31", ""): date(2099, 12, 31),
    ("2100-01-01", ""): None,
    (19_999, ""): None,
    (20_000, ""): date(1954, 10, 3),
    (73_050, ""): date(2099, 12, 31),
    (73_051, ""): None,
    (299_999_999, ""): None,
    (300_000_000, ""): datetime(1979, 7, 5, 5, 20, tzinfo=UTC),
    (4_102_444_799, ""): datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC),
    (4_102_444_800, ""): None,
    (300_000_000_000, ""): datetime(1979, 7, 5, 5, 20, tzinfo=UTC),
    (299_999_999_999, ""): None,
    (1_700_000_000_000_000, ""): datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC),
    ("202400", ""): None,
    ("202401", ""): date(2024, 1, 1),
    ("202412", ""): date(2024, 12, 1),
    ("202413", ""): None,
    ("20241301", ""): None,
    ("20240312101112", ""): local("2024-03-12T10:11:12"),
    ("20241312101112", ""): None,
    ("2025-03-12".ljust(80), ""): date(2025, 3, 12),
    ("2025-03-12".ljust(81), ""): None,
    ("123/01/2024", ""): None,
    ("13/03/69", ""): date(2069, 3, 13),
    ("13/03/70", ""): date(1970, 3, 13),
    ("13/03/2025", "ymd"): None,
    ("25/03/13", "ymd"): date(2025, 3, 13),
    ("3/4/2025", "mdy"): date(2025, 3, 4),
    ("3/4/2025", "dmy"): date(2025, 4, 3),
    ("3/4/2025", ""): None,
    ("31/12/2024", ""): date(2024, 12, 31),
    ("32/12/2024", ""): None,
    ("12/31/2024", ""): date(2024, 12, 31),
    ("12/32/2024", ""): None,
    ("13/13/2024", ""): None,
    ("12/12/2024", ""): date(2024, 12, 12),
    ("05/05/13", ""): date(2013, 5, 5),
    ("05/05/12", ""): None,
    ("13/03/2025 0:04 am", ""): None,
    ("13/03/2025 1:04 am", ""): local("2025-03-13T01:04"),
    ("13/03/2025 12:04 pm", ""): local("2025-03-13T12:04"),
    ("13/03/2025 13:04 pm", ""): None,
    ("13/03/2025 10:05:09 AM UTC+1", ""): datetime(
        2025, 3, 13, 10, 5, 9, tzinfo=timezone(timedelta(hours=1))
    ),
    ("13/03/2025 10:05 UTC+5:30", ""): datetime(
        2025, 3, 13, 10, 5, tzinfo=timezone(timedelta(hours=5, minutes=30))
    ),
    ("13/03/2025 10:05 UTC", ""): datetime(2025, 3, 13, 10, 5, tzinfo=UTC),
    ("12 March 2025 10:00 CET", ""): datetime(2025, 3, 12, 9, tzinfo=UTC),
    ("12 July 2025 10:00 CEST", ""): datetime(2025, 7, 12, 8, tzinfo=UTC),
    ("12 July 2025 10:00 WEST", ""): datetime(2025, 7, 12, 9, tzinfo=UTC),
    ("12 March 2025 10:00 WET", ""): datetime(2025, 3, 12, 10, tzinfo=UTC),
    ("12 March 2025 10:00 GMT", ""): datetime(2025, 3, 12, 10, tzinfo=UTC),
    ("12 mars 2025 vers 9h05", ""): local("2025-03-12T09:05"),
    ("5 mars 06", ""): date(2006, 3, 5),
    ("mar., 18 oct. 2022", ""): date(2022, 10, 18),
    ("T1 2017", ""): date(2017, 1, 1),
    ("2017-T4", ""): date(2017, 10, 1),
    ("4e trimestre 2017", ""): date(2017, 10, 1),
    ("T5 2017", ""): None,
    ("2017-W12", ""): date(2017, 3, 20),
    ("S1 2017", ""): date(2017, 1, 2),
    ("W53 2020", ""): date(2020, 12, 28),
    ("W53 2021", ""): None,
}


@pytest.mark.parametrize(("value", "order"), DAYS)
def test_a_day(value, order):
    found = read_date(value, order)
    expected = DAYS[value, order]
    assert (found and found.time) == expected
    assert found is None or type(found.time) is type(expected)
    if isinstance(expected, datetime):
        assert (found.time.tzinfo is None) == (expected.tzinfo is None)


@pytest.mark.parametrize(
    ("value", "precision"),
    [("T1 2017", "quarter"), ("S1 2017", "week"), ("202401", "month"), ("mai 2024", "month"),
     ("2024", "year"), ("5 mai 2024", "day"), ("20240505", "day")],
)  # fmt: skip
def test_how_fine_a_day_is_known(value, precision):
    assert read_date(value).precision == precision


@pytest.mark.parametrize(
    ("cells", "dates"),
    [
        (["12/03/2025"] * 4 + ["rien"], True),
        (["12/03/2025"] * 3 + ["rien"], False),
        (["20250312"] * 5, False),
        ([45_000] * 5, False),
        (["20250312", "12/03/2025"], True),
        ([], False),
    ],
)
def test_a_column_of_days(cells, dates):
    assert are_dates(cells) is dates


def settled(*column, fallback=""):
    dates = DateColumn()
    for value in column:
        dates.see(value)
    return dates.settle_or(fallback), dates.order


@pytest.mark.parametrize(
    ("column", "told", "order"),
    [
        # as many for one order as for the other: the day first
        (["13/02/2025", "02/13/2025", "01/02/2025"], None, "dmy"),
        (["13/02/2025", "02/13/2025", "02/14/2025", "01/02/2025"], None, "mdy"),
        (["3 mars 2025", "01/02/2025"], None, "dmy"),
        (["3 May 2025", "01/02/2025"], "ymd", "ymd"),
        (["01.02.2025", "03/02/2025"], None, "dmy"),
        # a file of one month, read the other way, is of three at least
        (["03/02/2025", "01/02/2025", "02/02/2025"], None, "dmy"),
        (["02/03/2025", "02/01/2025", "02/02/2025"], None, "mdy"),
        (["03/02/2025", "01/02/2025"], "ymd", "ymd"),
        # one step tells nothing, two in one direction do
        (["11/02/2025", "12/02/2025"], "ymd", "ymd"),
        (["12/03/2025", "01/03/2025", "11/02/2025"], None, "dmy"),
        (["05/05/2025", "01/02/2025"], "ymd", "ymd"),
        ([], None, ""),
    ],
)
def test_the_order_of_a_column(column, told, order):
    assert settled(*column, fallback="ymd") == (told, order)


def test_the_year_of_a_day_that_is_not_told_apart():
    dates = DateColumn()
    assert dates.year_of("01/02/2025") == (date(2025, 1, 1), "year")
    assert dates.year_of("13/02/2025") == (date(2025, 1, 1), "year")
    assert dates.year_of("rien") is None
    assert dates.year_of(20250101) is None
    assert dates.year_of("01/02/2025".ljust(81)) is None
    assert DateColumn("dmy").year_of("01/02/2025") is None


@pytest.mark.parametrize(
    ("line", "order", "day"),
    [
        ("le 03.04.2025", "", date(2025, 4, 3)),
        ("le 03/04/2025", "", None),
        ("le 03/04/2025", "mdy", date(2025, 3, 4)),
        ("x" * 189 + " 2025-03-12", "", date(2025, 3, 12)),
        ("x" * 190 + " 2025-03-12", "", None),
        ("2025-13-12 puis 2025-03-12", "", date(2025, 3, 12)),
    ],
)
def test_a_day_inside_a_line(line, order, day):
    found = date_inside(line, order)
    assert (found and found.time) == day


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1.234", ".", 1.234), ("1.234", ",", 1234), ("1,234", ",", 1.234), ("1,234", ".", 1234),
        ("0.123", "", 0.123), ("1.23", "", 1.23), ("1.2345", "", 1.2345),
        ("1234.567", "", 1234.567),
        ("999.123", ",", 999123), ("1 234,5", "", 1234.5), ("1.234.567", "", 1234567),
        ("1,234,567.8", "", 1234567.8), ("-5", "", -5), ("–5", "", -5), ("+5", "", 5),
        ("\u22125", "", -5), ("1e3", "", 1000), ("1.234e3", "", 1234), (".5", "", 0.5),
        ("12 %", "", 12), ("€ 12", "", 12), (12, "", 12), (True, "", None), ("douze", "", None),
    ],
)  # fmt: skip
def test_a_figure(text, decimal, value):
    found = read_figure(text, decimal)
    assert (found and found.value) == value


@pytest.mark.parametrize(
    ("text", "mark", "unit"),
    [("12 (p)", "p", ""), ("12 [e]", "e", ""), ("12*", "*", ""), ("12 % (1)", "1", "%"),
     ("12¹²", "¹²", ""), ("12", "", "")],
)  # fmt: skip
def test_the_mark_and_the_unit_of_a_figure(text, mark, unit):
    found = read_figure(text)
    assert (found.value, found.mark, found.unit) == (12, mark, unit)


@pytest.mark.parametrize("text", ["<5", "secret", "n.d.", "…", "-", "(12)", "nan", "moins de 5"])
def test_a_figure_that_is_kept_back(text):
    found = read_figure(text)
    assert (found.value, found.said) == (None, text)


def test_what_a_sign_leaves_open():
    assert (read_figure("14.217").value, read_figure("14.217").open) == (None, ".")
    assert (read_figure("14,217 %").open, read_figure("14,217 %").unit) == (",", "%")
    assert read_figure("").value is None and read_figure("").said == ""
    assert read_figure(float("inf")).value is None


def test_counts_are_told_from_rates_and_changes():
    assert is_count("nombre_de_personnes")
    assert not is_count("taux de personnes")
    assert not is_count("évolution du nombre")
    assert not is_count("prix")


@pytest.mark.parametrize(
    ("line", "note"),
    [
        ("Source : OFDT", ("", "Source : OFDT")),
        ("(p) provisoire", ("p", "provisoire")),
        ("* sauf Corse", ("*", "sauf Corse")),
        ("a: estimé", ("a", "estimé")),
        ("estimé", None),
    ],
)
def test_a_note_under_a_table(line, note):
    assert read_note(line) == note


def periods(header, *cells, step="", weeks=""):
    column = PeriodColumn(header, step, weeks)
    for cell in cells:
        column.see(cell)
    return [column.read(cell) and tuple(column.read(cell)) for cell in cells], column.open


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        (["2021 (p)", "2022p", "2023*"], [(date(y, 1, 1), "year") for y in (2021, 2022, 2023)]),
        (["janv-24", "févr. 2024"], [(date(2024, 1, 1), "month"), (date(2024, 2, 1), "month")]),
        (["2021M1", "2021M12"], [(date(2021, 1, 1), "month"), (date(2021, 12, 1), "month")]),
        (["01/2021", "12/2021"], [(date(2021, 1, 1), "month"), (date(2021, 12, 1), "month")]),
        (["202101", "202112"], [(date(2021, 1, 1), "month"), (date(2021, 12, 1), "month")]),
        (["202101", "202113"], [(date(2021, 1, 4), "week"), (date(2021, 3, 29), "week")]),
        (["2021-S2"], [(date(2021, 7, 1), "half-year")]),
        (["2021-S3"], [(date(2021, 1, 18), "week")]),
        (["T4 2021", "4e trimestre 2020"], [(date(2021, 10, 1), "quarter"),
                                            (date(2020, 10, 1), "quarter")]),
        (["2010-2012"], [None]),
        (["du 04/01/2021 au 11/01/2021"], [None]),
        (["31/12/2020", "31/12/2021"], [(date(2020, 1, 1), "year"), (date(2021, 1, 1), "year")]),
        (["01/01/2021", "01/04/2021"], [(date(2021, 1, 1), "month"), (date(2021, 4, 1), "month")]),
        (["2021-01-05", "2021-01-12"], [None, None]),
    ],
)  # fmt: skip
def test_the_periods_of_a_column(cells, found):
    assert periods("", *cells)[0] == found


@pytest.mark.parametrize(
    ("cell", "first"),
    [("2020-W53", date(2020, 12, 27)), ("2021-W53", None), ("2021-W01", date(2021, 1, 3)),
     ("2021-W52", date(2021, 12, 26)), ("2014-W53", date(2014, 12, 28)), ("2014-W54", None),
     ("2014-W0", None)],
)  # fmt: skip
def test_weeks_from_sunday(cell, first):
    (found,), said = periods("epiweek", cell)
    assert found == (first and (first, "week"))
    assert bool(said) is (first is None)


def test_the_step_of_a_header():
    steps = {"semaine": "week", "yyyymm": "month", "trimestre": "quarter", "hy": "half-year",
             "saison": "year", "code_semaine": "week", "semaine_mois": "week", "semaine_prix": "",
             "": ""}  # fmt: skip
    assert {header: step_of(header) for header in steps} == steps


def test_the_encoding_of_few_bytes():
    wide = "abcd".encode("utf-16-le")
    assert find_encoding(io.BytesIO(wide)).codec == "utf-16-le"
    assert find_encoding(io.BytesIO(wide[:6])).codec == "utf-8"
    assert find_encoding(io.BytesIO("abcd".encode("utf-16-be"))).codec == "utf-16-be"
    assert find_encoding(io.BytesIO(b"caf\xc3")) == ("utf-8", True)
    assert find_encoding(io.BytesIO(b"caf\xc3"), whole=False) == ("utf-8", False)
    assert find_encoding(io.BytesIO("\ufeffé".encode())).codec == "utf-8-sig"
    assert find_encoding(io.BytesIO("é".encode("utf-32"))).codec == "utf-32"
    assert decode(b"caf\xe9 \xe0 la gare") == "café à la gare"
    assert decode("café à".encode() + b" \x93oui\x94") == "café à “oui”"
    assert decode(b"a\r\nb\rc\0d") == "a\nb\ncd"


def test_the_longest_line():
    assert list(lines_of(io.BytesIO(b"abc\nde"), Encoding("utf-8"), 5)) == ["abc\n", "de"]
    with pytest.raises(ImporterError) as raised:
        list(lines_of(io.BytesIO(b"ab\nabcd\n"), Encoding("utf-8"), 5))
    assert raised.value.where == "line 2"


@pytest.mark.parametrize(
    ("lines", "delimiter"),
    [
        (["sep=;\n", "a,b,c\n"], ";"), (["a;b\n", "1;2\n", "3;4\n"], ";"),
        (["a\tb\n", "1\t2\n"], "\t"), (["a|b|c\n", "1|2|3\n"], "|"),
        (["a,b\n", "1,2\n", "x\n"], ","),
    ],
)  # fmt: skip
def test_the_delimiter(lines, delimiter):
    assert find_delimiter(lines) == delimiter


def test_no_delimiter_splits_prose():
    with pytest.raises(ImporterError, match="no delimiter"):
        find_delimiter(["une phrase\n", "une autre, longue\n", "fin\n"])


@pytest.mark.parametrize(
    ("lines", "table"),
    [
        (["nom;prix\n", "a;1\n", "b;2\n"], True),
        (["nom;nom\n", "a;1\n", "b;2\n"], False),
        (["nom;1\n", "a;1\n", "b;2\n"], False),
        (["nom;2021\n", "a;1\n", "b;2\n"], True),
        (["Oui, merci\n", "Non, rien\n", "Bon, fini\n"], False),
        (["oui.;non.\n", "a;1\n", "b;2\n"], False),
        (["sep=,\n"], True),
        (["| a | b |\n", "|---|---|\n", "| 1 | 2 |\n"], True),
        (["du texte\n", "| a | b |\n", "|---|---|\n", "| 1 | 2 |\n"], False),
    ],
)
def test_what_looks_like_a_table(lines, table):
    assert looks_like_table(lines) is table


def test_records_have_numbers_and_the_announced_line_is_empty():
    assert list(records(["sep=;\n", "a;b\n"], ";")) == [(1, []), (2, ["a", "b"])]
    wide = ";" * 20_000
    with pytest.raises(ImporterError) as raised:
        list(records(["a\n", wide], ";"))
    assert raised.value.where == "record 2"
    assert len(next(records([wide[1:]], ";"))[1]) == 20_000


@pytest.mark.parametrize(
    ("last", "line", "cut"),
    [("exem-", "ple", True), ("exem\u00ad", "ple", True), ("exem-", "Ple", False),
     ("12-", "a", False), ("-", "a", False), ("a-", "b", True), ("exem", "ple", False),
     ("exem-", "", False)],
)  # fmt: skip
def test_a_word_that_is_cut(last, line, cut):
    assert (gone_on(last, line) == last[:-1] + line) is cut


@pytest.mark.parametrize(
    ("last", "line", "real", "whole"),
    [("de la 3-", "MMC", False, "de la 3-MMC"), ("soixante-", "dix", True, "soixante-dix"),
     ("prix -", "et", False, "prix - et"), ("fin.", "Le", False, "fin. Le"),
     ("Saint-", "Omer", False, "Saint-Omer"), ("a-", "« b", False, "a- « b")],
)  # fmt: skip
def test_a_line_goes_on_with_the_next(last, line, real, whole):
    assert gone_on(last, line, real) == whole


LONG = "deux mots " * 4  # forty characters


def test_words_under_an_unknown_key_are_told():
    assert unread({"texte": LONG}, {"id"}) == "texte"
    assert unread({"texte": LONG}, {"texte"}) is None
    assert unread({"texte": LONG[1:]}, ()) is None
    assert unread({"id": "x" * 60}, ()) is None
    assert unread({"a": {"b": [LONG]}}, ()) == "a"
    assert unread({"lien": f"https://exemple.fr {LONG}"}, ()) is None
    assert unread([LONG], ()) is None
    assert is_worth_telling(LONG) and not is_worth_telling(LONG[1:])
    assert not is_worth_telling("x" * 60)
    assert (not_read(3, "texte").field, not_read(3, "texte").record) == ("texte", 3)
    assert not_read(3, "deux mots").field == ""
    assert not_read(3, "a" * 40).field == "a" * 40 and not_read(3, "a" * 41).field == ""


def test_words_of_nested_values():
    value = {
        "text": " un ",
        "id": "x",
        "title": ["deux", {"caption": "trois"}],
        "more": {"name": "q"},
    }
    assert list(words_in(value)) == ["un", "deux", "trois", "q"]
    assert list(words_in("seul")) == []
    assert list(words_in({"text": "  "})) == []


@pytest.mark.parametrize(
    ("text", "widest", "code"),
    [("EU", True, None), ("1", False, "01"), ("75", False, "75"), ("2a", False, "2A"),
     ("FR", False, None), ("FR", True, "FR"), ("Paris", True, "75"), ("nulle part", True, None)],
)  # fmt: skip
def test_the_code_of_an_area(text, widest, code):
    assert area_code(text, widest) == code


REFERENCES = """TY  - JOUR
TI  - Cocaïne
 et crack
AU  - Lefebvre, Jean
AU  - Collectif
PY  - 2024
AB  - Un résumé.
ER  -
TY  - JOUR
T1  - Deux
DA  - 2026/03/02/
""".splitlines()


def test_references():
    one, two = references_in(REFERENCES, "dmy")
    assert (one.title, one.authors, one.text) == (
        "Cocaïne et crack", ["Jean Lefebvre", "Collectif"], "Un résumé.",
    )  # fmt: skip
    assert (one.moment.time, two.moment.time) == (date(2024, 1, 1), date(2026, 3, 2))
    assert (two.title, two.text) == ("Deux", "Deux")


def test_a_list_of_references_begins_with_one():
    assert is_references(REFERENCES[:4])
    assert not is_references(REFERENCES[:2])
    assert not is_references(REFERENCES[1:])
    assert is_references(["", *REFERENCES])


def nested(levels):
    return '{"a":' * levels + "1" + "}" * levels


def test_how_deep_the_shape_of_json_is_told(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"a":{"b":{"c":{"d":{"e":{"f":{"g":{"h":1}}}}}}}}', "utf-8")
    shape = shape_of(path)
    assert shape.at("a.b.c.d.e") == {"f"} and shape.at("a.b.c.d.e.f") == {"g"}
    assert shape.at("a.b.c.d.e.f.g") == set() and shape.at("") == {"a"}


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (f"[{nested(199)}]", True), (f"[{nested(200)}]", False), (f'["{"1" * 64}"]', True),
        (f'["{"[" * 300}"]', True),
        ("[1,2", False), ("[]", True),
    ],
)  # fmt: skip
def test_json_that_is_read(tmp_path, text, read):
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    if read:
        list(records_of(path, "item"))
    else:
        with pytest.raises(ImporterError):
            list(records_of(path, "item"))


@pytest.mark.parametrize(("digits", "said"), [(63, "damaged"), (64, "without end")])
def test_a_number_without_end(tmp_path, digits, said):
    path = tmp_path / "a.json"
    path.write_text(f"[{'1' * digits}]", "utf-8")
    with pytest.raises(ImporterError, match=said):
        list(records_of(path, "item"))


def test_damaged_json_says_from_which_record_on(tmp_path):
    path = tmp_path / "a.json"
    path.write_text("[1,2,}", "utf-8")
    found = records_of(path, "item")
    assert [next(found), next(found)] == [(1, 1), (2, 2)]
    with pytest.raises(ImporterError) as raised:
        next(found)
    assert raised.value.where == "record 3"
    assert whole_characters("a\ud800b") == "a\ufffdb" and whole_characters("ab") == "ab"

"""Tables: mapping, encodings, delimiters, ragged rows, limits."""

from __future__ import annotations

import io
import os
import time
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers.base import Issue, Skipped
from fanal.importers.reading.encodings import Encoding, lines_of
from fanal.importers.tables import Tables

SHARED = Path(os.environ.get("FANAL_SHARED_DATA", "../shared/data"))


def read(path: Path, content: str | bytes, **parameters: object) -> list[object]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(Tables(**parameters).extract(path))  # type: ignore[arg-type]


def texts(rows: list[object]) -> list[str]:
    return [row.text for row in rows if isinstance(row, RawDocument)]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "utf-32"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encoding_and_delimiter_are_found(tmp_path: Path, codec: str, delimiter: str) -> None:
    rows = [("Date", "Texte"), ("2025-03-12", "Été à 20 €"), ("2025-03-13", "cœur déçu")]
    content = "\r\n".join(delimiter.join(row) for row in rows).encode(codec)
    assert texts(read(tmp_path / "t.csv", content)) == ["Été à 20 €", "cœur déçu"]
    assert Tables().identify(tmp_path / "t.csv")


@pytest.mark.parametrize("codec", ["mac_roman", "cp850", "cp1252"])
def test_old_encodings(tmp_path: Path, codec: str) -> None:
    text = "Les prix ont baissé à l'été, ça s'est répandu très vite"
    content = f"date;texte\n2025-03-12;{text}\n".encode(codec)
    assert texts(read(tmp_path / "t.csv", content)) == [text]


def test_stray_byte_in_utf8_is_a_warning(tmp_path: Path) -> None:
    content = "date,texte\n2025-03-12,été à Noël\n".encode() + b"2025-03-13,d\xe9j\xe0 vu\n"
    rows = read(tmp_path / "t.csv", content + "2025-03-14,été é è à\n".encode())
    assert texts(rows) == ["été à Noël", "déjà vu", "été é è à"]
    assert [row.level for row in rows if isinstance(row, Issue)] == ["warning"]


def test_without_mapping_the_columns_are_listed(tmp_path: Path) -> None:
    with pytest.raises(ImporterError, match="prix, lieu") as caught:
        read(tmp_path / "t.csv", "prix,lieu\n1,2\n3,4\n")
    assert "mapping" in str(caught.value)


@pytest.mark.parametrize(
    ("mapping", "named"),
    [({"text": "corps"}, "corps"), ({"body": "texte"}, "forwarded_from")],
)
def test_wrong_mapping_is_named(tmp_path: Path, mapping: dict[str, str], named: str) -> None:
    with pytest.raises(ImporterError, match=named):
        read(tmp_path / "t.csv", "date,texte\n2025-03-12,a\n", mapping=mapping)


def test_mapping_matches_without_case_and_accents(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "t.csv",
        "Numéro;Libellé;Jour\n7;un;12 mars 2025\n",
        mapping={"text": "libelle", "time": "JOUR", "message": "numero"},
    )
    assert [(r.text, r.time, r.message, r.record) for r in rows if isinstance(r, RawDocument)] == [
        ("un", date(2025, 3, 12), "7", 2)
    ]


def test_date_and_hour_in_two_columns(tmp_path: Path) -> None:
    (row,) = read(tmp_path / "t.csv", "date;heure;texte\n12/03/2025;14:30;a\n", date_order="dmy")
    assert isinstance(row, RawDocument)
    assert str(row.time) == "2025-03-12 14:30:00"


def test_ragged_rows_and_bad_dates_are_issues_with_their_record(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "t.csv", "date,texte\n2025-03-12,a\n2025-03-12\n2025-03-12,b,c\nx,d\n,\n"
    )
    assert [(r.kind, r.record) for r in rows if isinstance(r, Issue)] == [
        ("too few cells", 3),
        ("too many cells", 4),
        ("date not readable", 5),
    ]
    assert [r.rule for r in rows if isinstance(r, Skipped)] == ["empty row"]
    assert texts(rows) == ["a"]


def test_open_quote_is_named_with_its_record(tmp_path: Path) -> None:
    rows = read(tmp_path / "t.csv", 'date,texte\n2025-03-12,a\n2025-03-13,"b\n2025-03-14,c\n')
    (issue,) = (row for row in rows if isinstance(row, Issue))
    assert (issue.kind, issue.record) == ("quote never closed", 3)
    assert issue.hint == "this row swallowed the rest of the file, 2 lines"
    assert texts(rows) == ["a"]


def test_a_line_that_is_too_long_is_named_by_its_number() -> None:
    content = io.BytesIO(b"one\ntwo\n" + b"x" * 20 + b"\n")
    with pytest.raises(ImporterError) as refused:
        list(lines_of(content, Encoding("utf-8"), 16))
    assert refused.value.where == "line 3"


BODIES = """
text texte body message content contenu corps description desc caption legende post annonce
commentaire comment verbatim selftext tweet
"""


@pytest.mark.parametrize("name", BODIES.split())
def test_a_column_of_texts_is_known_by_its_name(tmp_path: Path, name: str) -> None:
    rows = read(tmp_path / "t.csv", f"date,{name},n\n2025-03-12,ce soir,1\n2025-03-13,non,2\n")
    assert texts(rows) == ["ce soir", "non"]


def test_closed_quote_at_the_very_end_is_no_issue(tmp_path: Path) -> None:
    assert texts(read(tmp_path / "t.csv", 'date,texte\n2025-03-12,"a\nb"')) == ["a\nb"]


def test_no_message_holds_content(tmp_path: Path) -> None:
    rows = read(
        tmp_path / "t.csv", 'date,texte\n2025-03-12,secret,x\nsecret,y\n2025-01-01,"secret\n'
    )
    assert "secret" not in repr(rows)


def test_too_many_columns(tmp_path: Path) -> None:
    started = time.monotonic()
    with pytest.raises(ImporterError, match="100,000 cells"):
        read(tmp_path / "t.csv", ",".join(f"c{n}" for n in range(100_000)) + "\n" + "," * 99_999)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("content", [b"a" * 100_000_000, b'date,texte\n1,"' + b"a\n" * 50_000_000])
def test_100_mb_line_and_cell(tmp_path: Path, content: bytes) -> None:
    started = time.monotonic()
    with pytest.raises(ImporterError):
        read(tmp_path / "t.csv", content)
    assert time.monotonic() - started < 10


def test_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    peaks = []
    for size in (2_000, 20_000):
        path.write_text("date,texte\n" + "2025-03-12,un texte\n" * size)
        tracemalloc.start()
        assert sum(1 for _ in Tables().extract(path)) == size
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.3 * peaks[0] + 1_000_000


@pytest.mark.parametrize(
    "content",
    [
        *[
            "Bonjour, ça va ?\nOui, et toi ?\n",
            "12/03/2024, 10:00 - A: Hi\n12/03/2024, 10:01 - B: Y\n",
        ],
        *["[12/03/2024, 10:00:00] A: Hi, you\n[12/03/2024, 10:00:00] B: Yo, me\n", "", "\x00\x01"],
        *['{"messages": [{"id": 1}]}', "WEBVTT\n\n00:01.000 --> 00:02.000\na\n", "un mot\n"],
    ],
)
def test_is_no_table(tmp_path: Path, content: str) -> None:
    (tmp_path / "t").write_text(content)
    assert not Tables().identify(tmp_path / "t")


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "listings").exists(), reason="real data not there")
@pytest.mark.parametrize(
    ("name", "mapping", "rows"),
    [
        (
            "alphabay_2017.csv",
            {"text": ["category", "{title}: {price_usd} USD"], "time": "scrape_date"},
            18_735,
        ),
        ("georgia_2020_feb_apr.csv", {"text": "desc_en", "time": "date"}, 9_885),
        ("georgia_2020_feb_apr.csv", {}, 9_885),
    ],
)
def test_listings_come_in_whole(name: str, mapping: dict[str, object], rows: int) -> None:
    found = list(Tables(mapping=mapping).extract(SHARED / "listings" / name))  # type: ignore[arg-type]
    places = ["place not known"] if "georgia" in name else []
    assert Counter(type(row) for row in found) == {RawDocument: rows, Issue: 1 + len(places)}
    assert kinds(found) == [*places, "columns not read"]
    assert all(row.time is not None for row in found if isinstance(row, RawDocument))


def messages(rows: list[object]) -> list[str | None]:
    return [row.message for row in rows if isinstance(row, RawDocument)]


def kinds(rows: list[object]) -> list[str]:
    return [row.kind for row in rows if isinstance(row, Issue)]


def test_a_column_that_repeats_is_no_id(tmp_path: Path) -> None:
    posts = [f"{number % 5};2025-03-{1 + number:02d};message {number}" for number in range(17)]
    rows = read(tmp_path / "t.csv", "post_id;date;texte\n" + "\n".join(posts))
    assert len(texts(rows)) == 17
    assert messages(rows) == [None] * 17
    assert kinds(rows) == ["ids repeated"]


def test_an_id_that_comes_twice_loses_no_row(tmp_path: Path) -> None:
    posts = [f"{number};2025-03-01;message {number}" for number in range(150)]
    posts += ["7;2025-03-01;message 7", "8;2025-03-02;autre chose"]
    rows = read(tmp_path / "t.csv", "id;date;texte\n" + "\n".join(posts))
    assert len(texts(rows)) == 152
    assert messages(rows)[-2:] == ["7", None]  # the same row again is a duplicate, another is not
    assert kinds(rows) == ["id repeated"]


def test_ids_of_several_chats_may_be_the_same(tmp_path: Path) -> None:
    rows = read(tmp_path / "t.csv", "id;canal;date;texte\n1;a;2025-03-01;x\n1;b;2025-03-01;y\n")
    assert messages(rows) == ["1", "1"]
    assert kinds(rows) == []


def test_a_column_of_dates_is_known_by_its_cells(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Texte;Relevé le\ncoke à 60;12/05/2026\nkéta;25/05/2026\n", "utf-8")
    warned, *found = Tables().extract(path)
    assert (warned.kind, warned.field, warned.level) == (
        "column name not known", "Relevé le", "warning",
    )  # fmt: skip
    assert [str(row.time) for row in found] == ["2026-05-12", "2026-05-25"]
    path.write_text("Texte;Prix\ncoke à 60;60\n", "utf-8")
    warned, found, left = Tables().extract(path)
    assert (warned.kind, warned.level, found.time) == ("no date", "warning", None)
    assert (left.kind, left.level) == ("columns not read", "note")


def test_columns_of_which_nothing_is_read_are_named_once_with_their_rows(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "id;date;auteur;texte;Quartier;Prix;vide;Suite\n"
        "1;2025-03-12;Kev;coke à 60;Fives;60;;la suite de ce qui a été dit ce soir par eux\n"
        "2;2025-03-13;Lou;kéta à 30;;30;;\n",
        "utf-8",
    )  # fmt: skip
    *found, suite, left = Tables().extract(path)
    assert [row.text for row in found] == ["coke à 60", "kéta à 30"]
    assert (suite.kind, suite.record, suite.field, suite.level) == (
        "text not read", 1, "Suite", "warning",
    )  # fmt: skip
    assert (left.kind, left.record, left.field, left.level) == ("columns not read", 1, "", "note")
    assert left.hint == (
        "Quartier (1) | Prix (2): rows in which something stands; "
        'if they count, name the columns under [mapping], as text = ["…", "…"] and time = "…"'
    )
    mapping = {"text": ["texte", "{Prix} euros"], "author": [], "message": []}
    mapped = Tables(mapping=mapping).extract(path)
    left = [row.hint.partition(":")[0] for row in mapped if isinstance(row, Issue)][-1]
    assert left == "id (2) | auteur (2) | Quartier (1)"


def test_a_mapping_overrides_the_roles_that_it_names_and_no_others(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text(
        "id;date;pseudo;salon;titre;texte;fiche;vu\n"
        "1;2025-03-12;kev;lille;Alerte;coke à 60;kéta à 30;2025-04-01\n",
        "utf-8",
    )

    def read(mapping):
        found = [r for r in Tables(mapping=mapping).extract(path) if isinstance(r, RawDocument)]
        return [(r.text, str(r.time)[:10], r.author, r.chat, r.message) for r in found]

    usual = ("Alerte\ncoke à 60", "2025-03-12", "kev", "lille", "1")
    assert read({}) == [usual]
    assert read({"text": "fiche"}) == [("kéta à 30", *usual[1:])]
    assert read({"time": "vu"}) == [(usual[0], "2025-04-01", *usual[2:])]
    # a column that is said to be another role's is not the usual one's as well
    assert read({"author": "salon"}) == [(*usual[:2], "lille", None, "1")]
    assert read({"author": []}) == [(*usual[:2], None, "lille", "1")]


@pytest.mark.parametrize(
    ("columns", "cells", "place"),
    [
        ("Ville", "Lille", "59350"),
        ("Ville;Département", "Saint-Denis;93", "93066"),
        ("Département", "59", "59"),
        ("Région", "32", "R32"),
        ("Commune", "", None),
        ("Lieu", "devant la gare", None),
    ],
)
def test_a_place_in_a_column_is_that_of_the_record(tmp_path, columns, cells, place):
    path = tmp_path / "t.csv"
    path.write_text(f"date;texte;{columns}\n2025-03-12;coke à 60;{cells}\n", "utf-8")
    found, *told = Tables().extract(path)
    assert found.place == place
    assert [(i.kind, i.level) for i in told] == [("place not known", "warning")] * (
        columns == "Lieu"
    )


def test_keys_of_json_with_spaces_at_their_ends(tmp_path):
    path = tmp_path / "t.jsonl"
    path.write_text('{"Date ": "2026-05-12", " Texte": "coke à 60"}\n' * 2, "utf-8")
    assert [(str(row.time), row.text) for row in Tables().extract(path)] == [
        ("2026-05-12", "coke à 60")
    ] * 2

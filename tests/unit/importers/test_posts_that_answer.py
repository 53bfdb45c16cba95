"""What a post quotes is another's, signs are read as they show, and Slack's notices are counted."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from fanal.door.normalise import clean
from fanal.door.raw import RawDocument
from fanal.importers import identify
from fanal.importers.base import Issue, Skipped
from fanal.importers.feeds import Feeds
from fanal.importers.reading.markup import shown
from fanal.importers.reading.quotes import said_anew
from fanal.importers.tables import Tables


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("> ket is 25\n\nno, 30 here", "no, 30 here"),
        (">> ket is 25\n> so?\n30 here", "30 here"),
        ("[quote=yan]c'est 30[/quote]\nVeinard", "Veinard"),
        ("[quote]a [quote]30[/quote] b[/quote] non, 40", "non, 40"),
        ("zed a écrit :\n> Veinard\nOui mais coupée", "Oui mais coupée"),
        ("zed schrieb:\n> 40 ist viel\n30", "zed schrieb:\n> 40 ist viel\n30"),  # a comparison?
        ("sam wrote:\n> it is bad\nno", "no"),
        ("> 80 % pure in two samples", "> 80 % pure in two samples"),
        (">be me\n>buy ket", ">be me\n>buy ket"),  # nothing else: they write so themselves
        ("30 -> 40 this month >_<", "30 -> 40 this month >_<"),
        (">_< it was bad", ">_< it was bad"),
    ],
)
def test_a_quoted_passage_is_not_said_anew(text: str, said: str) -> None:
    assert said_anew(text)[0] == said


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("La k&eacute;ta est &agrave; 40 &euro;", "La kéta est à 40 €"),
        ("40 &amp;euro; &amp;amp; plus &#128064;", "40 € & plus 👀"),
        ("R&D, Q&A; a&b;", "R&D, Q&A; a&b;"),
        ("a=1&copy=2", "a=1&copy=2"),
        ("<p>40 &euro; <b>le g</b></p>", "40 € le g"),
    ],
)
def test_references_to_characters_are_read(written: str, read: str) -> None:
    assert shown(written) == read


def test_a_forum_tells_how_many_quotes_it_left_out(tmp_path: Path) -> None:
    path = tmp_path / "forum.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(
            [
                ["post_id", "thread", "author", "date", "message"],
                [1, "a", "zed", "2025-03-12 10:00", "La keta est &agrave; 40 le gramme"],
                [2, "a", "yan", "2025-03-12 11:00", "> La keta est à 40\n\nChez moi c'est 30"],
            ]
        )
    found = list(identify(path)().extract(path))
    texts = [row.text for row in found if isinstance(row, RawDocument)]
    assert texts == ["La keta est à 40 le gramme", "Chez moi c'est 30"]
    issues = [(row.kind, row.level) for row in found if isinstance(row, Issue)]
    assert issues == [("quoted passage", "note")]


@pytest.mark.parametrize("column", ["sujet", "topic", "rubrique", "hilo", "discussion"])
@pytest.mark.parametrize("quoted", ["[quote=zed]La keta est à 40[/quote]", "> La keta est à 40"])
def test_brackets_quote_whatever_the_column_of_the_thread_is_called(
    tmp_path: Path, column: str, quoted: str
) -> None:
    path = tmp_path / "forum.csv"
    with path.open("w", newline="", encoding="utf-8") as stream:
        rows = [["auteur", "date", column, "message"],
                ["zed", "2025-03-12", "prix", "La keta est à 40"],
                ["yan", "2025-03-13", "prix", f"{quoted}\n\nChez moi 30"]]  # fmt: skip
        csv.writer(stream).writerows(rows)
    texts = [row.text for row in Tables().extract(path) if isinstance(row, RawDocument)]
    known = column != "rubrique" or quoted.startswith("[")
    assert texts[1] == ("Chez moi 30" if known else f"{quoted}\n\nChez moi 30")


def test_a_listing_may_begin_its_lines_as_quotes_begin(tmp_path: Path) -> None:
    path = tmp_path / "listings.csv"
    path.write_text('vendor,date,description\nzed,2025-03-12,"> pure ket\n25 a gram"\n', "utf-8")
    found = list(Tables().extract(path))
    texts = [row.text for row in found if isinstance(row, RawDocument)]
    assert texts == ["> pure ket\n25 a gram"]


def test_a_day_of_slack_counts_its_notices(tmp_path: Path) -> None:
    said = {"type": "message", "user": "U01"}
    rows = [
        {**said, "subtype": "channel_join", "ts": "1741770000.1", "text": "<@U01> has joined"},
        {**said, "ts": "1741770100.2", "text": "ketamine at 40 &amp; rising, ask <@U02>"},
        {**said, "subtype": "bot_message", "ts": "1741770300.1", "text": "nitazenes in tablets"},
        {**said, "ts": "1741770400.1", "text": "see <#C0123|drugs>"},
    ]
    path = tmp_path / "2025-03-12.json"
    path.write_text(json.dumps(rows), "utf-8")
    assert identify(path) is Tables
    found = list(Tables().extract(path))
    texts = [row.text for row in found if isinstance(row, RawDocument)]
    assert texts == ["ketamine at 40 & rising, ask @U02", "nitazenes in tablets", "see #drugs"]
    assert [str(row.time)[:10] for row in found if isinstance(row, RawDocument)] == [
        "2025-03-12"
    ] * 3
    assert [row for row in found if isinstance(row, Skipped)] == [Skipped("service message")]


def test_a_feed_of_reddit_is_read_without_what_reddit_writes_under_posts(tmp_path: Path) -> None:
    path = tmp_path / "new.atom"
    path.write_text(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><entry><title>Prices?</title>'
        "<author><name>/u/robin</name></author><id>t3_1</id>"
        '<updated>2025-03-12T09:00:00Z</updated><content type="html">&lt;p&gt;25 &amp;amp;amp; '
        "falling&lt;/p&gt; submitted by &lt;a&gt; /u/robin &lt;/a&gt;&lt;br/&gt; "
        "&lt;i&gt;[link]&lt;/i&gt; &lt;i&gt;[comments]&lt;/i&gt;</content></entry></feed>",
        "utf-8",
    )
    texts = [row.text for row in Feeds().extract(path) if isinstance(row, RawDocument)]
    assert texts == ["Prices?\n\n25 & falling"]


@pytest.mark.parametrize(
    ("written", "stored"),
    [("prix\x0bbas", "prix bas"), ("prix \x0c bas", "prix  bas"), ("ke\x01ta", "keta")],
)
def test_a_control_that_parts_words_is_a_space(written: str, stored: str) -> None:
    assert clean(written)[0] == stored

"""Lines of chats, rows of datasets, forms and surveys: what is read of each, and what is not."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime

import pytest

from fanal.errors import ImporterError
from fanal.importers.base import Hint, Issue, RawDocument, Skipped
from fanal.importers.discord import Discord
from fanal.importers.forms import Forms
from fanal.importers.fourcat import FourCat
from fanal.importers.press import Press
from fanal.importers.reading.openings import date_in_name
from fanal.importers.survey import Survey
from fanal.importers.transcripts import Transcripts
from fanal.importers.whatsapp.headers import Dates, day_of, header_of, orders_in, time_of

HEADERS = {  # line: numbers, clock, shape; None: no header
    "12/03/2025, 18:05 - Mia: a": (
        (12, 3, 2025),
        (18, 5, 0),
        (False, "/", False, False, False, "-"),
    ),
    "[12/03/2025 18:05:09] Mia: a": (
        (12, 3, 2025),
        (18, 5, 9),
        (True, "/", False, True, False, "]"),
    ),
    "2025-03-12 18:05:09: Mia: a": (
        (2025, 3, 12),
        (18, 5, 9),
        (False, "-", True, True, False, ":"),
    ),
    "12.03.25, 6:05 PM - Mia: a": ((12, 3, 25), (18, 5, 0), (False, ".", None, False, True, "-")),
    "12/03/25, 12:05 AM - Mia: a": ((12, 3, 25), (0, 5, 0), (False, "/", None, False, True, "-")),
    "12/03/25, 12:05 PM - Mia: a": ((12, 3, 25), (12, 5, 0), (False, "/", None, False, True, "-")),
    "12/03/25, 13:05 PM - Mia: a": ((12, 3, 25), (13, 5, 0), (False, "/", None, False, True, "-")),
    "12/03/25, 24:05 - Mia: a": ((12, 3, 25), (0, 5, 0), (False, "/", None, False, False, "-")),
    "2025年3月12日 上午6:05 - Mia: a": (
        (2025, 3, 12),
        (6, 5, 0),
        (False, "年", True, False, True, "-"),
    ),
    "12 mars 2025, 18:05 - Mia: a": (
        (2025, 3, 12),
        (18, 5, 0),
        (False, "年", True, False, False, "-"),
    ),
    "12/03/25, 25:05 - Mia: a": None,
    "12/03/25, 18:60 - Mia: a": None,
    "12/03/25, 18:05:60 - Mia: a": None,
    "12/03/25, 6:05 zz - Mia: a": None,
    "12/03/125, 18:05 - Mia: a": None,
    "2025/03/2025, 18:05 - Mia: a": None,
    "12 xyz 2025, 18:05 - Mia: a": None,
    "Mia: a": None,
    "": None,
}


@pytest.mark.parametrize("line", HEADERS)
def test_the_beginning_of_a_line(line):
    found, expected = header_of(line), HEADERS[line]
    if expected is None:
        assert found is None
    else:
        clock = (found.hour, found.minute, found.second)
        assert (found.numbers, clock, tuple(found.shape)) == expected
        assert line[found.stop :] == "Mia: a"


@pytest.mark.parametrize(
    ("numbers", "order", "day"),
    [
        ((1, 2, 25), "dmy", date(2025, 2, 1)), ((1, 2, 25), "mdy", date(2025, 1, 2)),
        ((25, 1, 2), "ymd", date(2025, 1, 2)), ((25, 1, 2), "ydm", date(2025, 2, 1)),
        ((1, 2, 99), "dmy", date(2099, 2, 1)), ((1, 2, 100), "dmy", None),
        ((1, 2, 1999), "dmy", None), ((1, 2, 2000), "dmy", date(2000, 2, 1)),
        ((1, 2, 2099), "dmy", date(2099, 2, 1)), ((1, 2, 2100), "dmy", None),
        ((1, 2, 2400), "dmy", None), ((1, 2, 2568), "dmy", date(2025, 2, 1)),
        ((30, 2, 2025), "dmy", None), ((1, 13, 2025), "dmy", None),
        ((1, 1, 1379), "dmy", date(2000, 3, 20)), ((31, 6, 1379), "dmy", date(2000, 9, 21)),
        ((32, 6, 1379), "dmy", None), ((1, 7, 1379), "dmy", date(2000, 9, 22)),
        ((31, 7, 1379), "dmy", None), ((30, 12, 1379), "dmy", date(2001, 3, 20)),
        ((1, 1, 1380), "dmy", date(2001, 3, 21)), ((30, 12, 1380), "dmy", None),
        ((0, 1, 1380), "dmy", None), ((1, 0, 1380), "dmy", None), ((1, 13, 1380), "dmy", None),
        ((1, 1, 1378), "dmy", None), ((1, 1, 1415), "dmy", None),
    ],
)  # fmt: skip
def test_the_day_of_a_line(numbers, order, day):
    assert day_of(numbers, order) == day


def shapes(*lines):
    found = {}
    for line in lines:
        header = header_of(line)
        rest = line[header.stop :]
        found.setdefault(header.shape, Dates(header.shape)).add(header, rest)
    return list(found.values())


SURE = [f"{day}/{month:02d}/2025" for month in range(1, 5) for day in range(13, 29)]


def order(*days, date_order="", rest="Mia: a"):
    (dates,) = shapes(*(f"{day}, 18:05 - {rest}" for day in days))
    return dates.order(date_order)


@pytest.mark.parametrize(
    ("days", "date_order", "found"),
    [
        (["01/02/2025", "13/02/2025"], "", "dmy"), (["01/02/2025", "02/13/2025"], "", "mdy"),
        (["01/02/2025", "03/01/2025"], "", "mdy"), (["11/02/2025", "12/02/2025"], "", None),
        (["01/02/2025"], "", None), (["01/02/2025"], "dmy", "dmy"), (["01/02/2025"], "mdy", "mdy"),
        (["05/05/2025"], "", "dmy"), (["01.02.2025"], "", "dmy"), (["01-02-2025"], "", "dmy"),
        (["13/02/2025"], "mdy", "dmy"), (["2025-02-01"], "", "ymd"),
        (["2025-02-01"], "mdy", "ymd"),
        (["2025-02-01"], "dmy", "ydm"), (["01/02/25", "13/02/25"], "", "dmy"),
        (["25/02/13", "25/02/14"], "", "ymd"), (["31/02/2025"], "", None),
        ([*SURE[:49], "02/14/2025"], "", "dmy"), ([*SURE[:48], "02/14/2025"], "", None),
        ([*SURE[:49], "02/14/2025", "02/14/2025"], "", "dmy"),

    ],
)  # fmt: skip
def test_the_order_of_the_days_of_a_chat(days, date_order, found):
    assert order(*days, date_order=date_order) == found


def test_the_name_of_a_picture_shows_the_order():
    assert order("01/02/2025", rest="Mia: IMG-20250201-WA0001.jpg") == "dmy"
    assert order("01/02/2025", rest="Mia: IMG-20250102-WA0001.jpg") == "mdy"
    assert order("01/02/2025", rest="Mia: 0001-PHOTO-2025-01-02-18-05-00.jpg") == "mdy"


def test_a_shape_that_is_rare_is_a_line_that_somebody_pasted():
    real = [f"{n:02d}/02/2025, 18:05 - Mia: a" for n in range(10, 20)]
    pasted = "[2025-03-12 18:05:09] Mia: a"
    assert len(orders_in(shapes(*real[:5], pasted), None)) == 1
    assert len(orders_in(shapes(*real[:4], pasted), None)) == 2
    assert list(orders_in(shapes(pasted, *real), None).values()) == ["dmy"]
    with pytest.raises(ImporterError, match="day first or month first"):
        orders_in(shapes("01/02/2025, 18:05 - Mia: a"), None)
    with pytest.raises(ImporterError, match="impossible"):
        orders_in(shapes("31/02/2025, 18:05 - Mia: a"), None)
    with pytest.raises(ImporterError, match="Islamic"):
        orders_in(shapes("10/08/1446, 18:05 - Mia: a"), None)
    both = shapes("13/02/2025, 18:05 - Mia: a", "01/02/2025, 18:05:00: Mia: a")
    assert set(orders_in(both, None).values()) == {"dmy"}
    header = header_of("12/03/2025, 18:05 - Mia: a")
    assert time_of(header, "dmy") == datetime(2025, 3, 12, 18, 5)  # noqa: DTZ001
    assert time_of(header, "mdy") == datetime(2025, 12, 3, 18, 5)  # noqa: DTZ001
    assert time_of(header_of("13/03/2025, 18:05 - Mia: a"), "mdy") is None


def read(importer, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return list(importer.extract(path))


BASE = {"id": "c-1", "thread_id": "c", "body": "coke 60", "timestamp": "2025-03-12 10:00:00",
        "unix_timestamp": "1741773600", "author": "7"}  # fmt: skip


def rows(tmp_path, *changes):
    table = [BASE | change for change in changes]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(key for row in table for key in row)))
    writer.writeheader()
    writer.writerows(table)
    return read(FourCat(), tmp_path, "d.csv", out.getvalue())


def test_a_row_of_a_dataset(tmp_path):
    more = {
        "author_name": "Mia", "author_username": "mia_x", "author_id": "9", "author_is_bot": "oui",
        "author_forwarded_from_name": "Lou", "subject": "Menu", "timestamp_edited": "x",
        "entities_mentioned": "@mia", "body": "voir @mia et @mia", "attachment_type": "image",
    }  # fmt: skip
    (one,) = rows(tmp_path, more)
    assert (one.text, one.time, one.record) == (
        "Menu\nvoir @mia et @mia", datetime(2025, 3, 12, 10, tzinfo=UTC), 1,
    )  # fmt: skip
    assert (one.chat, one.message, one.author, one.names) == ("c", "c-1", "7", ("Mia", "mia_x"))
    assert one.hints == (Hint(10, 14, "handle"), Hint(18, 22, "handle"))
    assert (one.edited, one.forwarded_from, one.media_kind) == (True, "Lou", "photo")


def test_rows_of_a_dataset_that_say_nothing(tmp_path):
    found = rows(
        tmp_path, {"body": ""}, {"body": "", "attachment_type": "url"},
        {"body": "", "attachment_type": "odd"}, {"body": "[deleted]"}, {"body": "REDACTED"},
        {"unix_timestamp": "", "timestamp": "hier"}, {"unix_timestamp": "", "body": "x"},
    )  # fmt: skip
    texts = [(r.text, r.media_kind) for r in found if isinstance(r, RawDocument)]
    assert texts == [("", "file"), ("x", None)]
    assert [(r.kind, r.record) for r in found if isinstance(r, Issue)] == [("no date", 6)]
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [
        ("neither text nor media", 4)
    ]


def test_who_wrote_a_row_is_a_name_where_it_may_be(tmp_path):
    names = {"a" * 48: False, "a" * 47: True, "12": False, "https://x.fr": False, "true": False,
             "x" * 80: True, "x" * 81: False}  # fmt: skip
    found = rows(tmp_path, *({"author_name": name} for name in names))
    assert [bool(one.names) for one in found] == list(names.values())


def test_a_dataset_whose_columns_are_others(tmp_path):
    with pytest.raises(ImporterError, match="not 4CAT's"):
        read(FourCat(), tmp_path, "d.csv", "id,thread_id,body,timestamp\n1,2,3,4\n")
    found = read(
        FourCat(), tmp_path, "d.csv", ",".join(BASE) + "\n1,2\n\n" + ",".join(BASE.values())
    )
    assert [getattr(r, "kind", r.record) for r in found] == ["row damaged", 2]


def test_lines_of_telegram_that_4cat_collected(tmp_path):
    raw = {
        "id": 5, "message": "coke 60", "date": 1741773600, "_type": "Message",
        "_chat": {"username": "canal", "id": 3}, "_sender": {"id": 7, "first_name": "Mia",
        "last_name": "Ex", "username": "mia"}, "media": {"_type": "MessageMediaPoll",
        "poll": {"question": {"text": "Où ?"}, "answers": [{"text": "ici"}, {"text": "là"}]}},
        "fwd_from": {"from_id": {"channel_id": 99}},
    }  # fmt: skip
    bare = {"id": 6, "message": "x", "date": 1741773600, "_chat_id": 4, "_type": "MessageService"}
    found = read(
        FourCat(), tmp_path, "d.ndjson", "".join(f"{json.dumps(r)}\n" for r in (raw, bare)) + "{\n"
    )
    one = found[0]
    assert (one.text, one.chat, one.message) == ("coke 60\nOù ?\nici\nlà", "canal", "canal-5")
    assert (one.author, one.names, one.forwarded_from, one.media_kind) == (
        "7", ("mia", "Mia Ex"), "99", "poll",
    )  # fmt: skip
    assert [getattr(r, "kind", "") or r.rule for r in found[1:]] == [
        "line damaged", "neither text nor media",
    ]  # fmt: skip


FORM = """form = "field notes"
month = "2025-03"
observer = "infirmier"
names = ["Mia"]
people = '''
Un.

Deux.
'''
spaces = ""
[[products]]
product = "coke"
price = "60 €"
text = "Rare."
[[products]]
text = "Rien."
"""


def test_a_form(tmp_path):
    found = read(Forms(), tmp_path, "f.toml", FORM)
    told = [(r.message, r.text, r.position) for r in found if isinstance(r, RawDocument)]
    assert told == [
        ("people-1", "Un.", 0), ("people-2", "Deux.", 1), ("products-1", "coke, 60 €. Rare.", 2),
        ("products-2", "Rien.", 3),
    ]  # fmt: skip
    first = found[0]
    assert (first.time, first.precision, first.author) == (
        date(2025, 3, 1),
        "month",
        "f: infirmier",
    )
    assert (first.names, first.chat) == (("Mia",), "f")
    assert [r.rule for r in found if isinstance(r, Skipped)] == ["empty part of the form"] * 2
    dated = read(
        Forms(), tmp_path, "f.toml", FORM.replace('month = "2025-03"', 'date = "2025-03-12"')
    )
    assert (dated[0].time, dated[0].precision) == (date(2025, 3, 12), "day")


def test_an_interview_in_a_form(tmp_path):
    text = 'formulaire = "entretien"\ndate = "2025-03-12"\n'
    text += '[[echanges]]\nquestion = "a ?"\n"réponse" = "b"\n'
    (one,) = read(Forms(), tmp_path, "f.toml", text)
    assert (one.text, one.author, one.message) == ("b", "f: interviewee", "answer-1")
    assert Forms().identify(tmp_path / "f.toml")
    for wrong, said in (
        (text.replace("entretien", "autre"), "no such form"),
        (text + 'x = "y"\n', "part 3 is none"),
        (text.replace("date =", "jour ="), "part 2 is none"),
        (text.replace('"b"', "[1]"), "text is"),
        (text.replace("2025-03-12", "hier"), "no date"), (text + '"\n', "not valid TOML"),
    ):  # fmt: skip
        with pytest.raises(ImporterError, match=said):
            read(Forms(), tmp_path, "f.toml", wrong)


SURVEY = "id;Âge;Que pensez-vous des prix ?;date\n1;23;ils baissent depuis un mois;12/03/2025\n"


def test_a_survey(tmp_path):
    rows = SURVEY + "2;31;rien à dire de plus;13/03/2025\n2;40;et moi je dis non;hier\n;1;x;\n"
    rows += "4;20;;14/03/2025\n"
    found = read(Survey(), tmp_path, "s.csv", rows)
    told = [(r.author, r.text, str(r.time), r.message) for r in found if isinstance(r, RawDocument)]
    question = "Que pensez-vous des prix ?"
    assert told == [
        ("1", "ils baissent depuis un mois", "2025-03-12", question),
        ("2", "rien à dire de plus", "2025-03-13", question),
    ]
    assert [(r.kind, r.record) for r in found if isinstance(r, Issue)] == [
        ("case id repeated", 4), ("date not readable", 4), ("no case id", 5),
        ("columns not read", 1),
    ]  # fmt: skip
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [
        ("column of an attribute", 1), ("row without text", 1),
    ]  # fmt: skip
    assert Survey().identify(tmp_path / "s.csv")
    with pytest.raises(ImporterError, match="no column called 'x'"):
        read(Survey(text=("x",)), tmp_path, "s.csv", rows)
    with pytest.raises(ImporterError, match="no column of answers"):
        read(Survey(), tmp_path, "s.csv", "id;a;b\n1;un deux trois;2\n2;un deux;3\n")


@pytest.mark.parametrize(
    ("stem", "day"),
    [
        ("entretien_2025-03-12", date(2025, 3, 12)), ("20250312_notes", date(2025, 3, 12)),
        ("notes mars 2025", date(2025, 3, 1)), ("12_03_2025", date(2025, 3, 12)),
        ("lot-12-03-2025-a", date(2025, 3, 12)), ("120250312", None), ("notes", None),
        ("20251312", None),
    ],
)  # fmt: skip
def test_the_day_in_the_name_of_a_file(stem, day):
    found = date_in_name(stem, "dmy")
    assert (found and found.time) == day


def turns(tmp_path, text, **more):
    found = read(Transcripts(**more), tmp_path, "e.txt", text)
    told = [
        (r.author and r.author.partition(": ")[2], r.text)
        for r in found
        if isinstance(r, RawDocument)
    ]
    return told, next((r.names for r in found if isinstance(r, RawDocument)), ()), found


def test_the_top_of_an_interview(tmp_path):
    text = "Date : 12 mars 2025\nEnquêteur : Paul Martin\nLieu : gare\nThème : prix\n\n"
    told, names, found = turns(
        tmp_path, text + "Enquêteur : et alors ?\nKarim : rien.\nEnquêteur : bon.\n"
    )
    assert [t for t in told if t[0]] == [
        ("Enquêteur", "et alors ?"), ("Karim", "rien."), ("Enquêteur", "bon."),
    ]  # fmt: skip
    assert "Paul Martin" in names and "Karim" in names
    assert {str(r.time) for r in found if isinstance(r, RawDocument)} == {"2025-03-12"}


def test_paragraphs_and_speakers_may_be_told(tmp_path):
    text = "Karim : oui.\nLéa : non.\nKarim : si.\nLéa : bon.\n"
    assert len(turns(tmp_path, text, date="2025")[0]) == 4
    assert turns(tmp_path, text, date="2025", turns="paragraphs")[0] == [(None, text.strip())]
    long = "Karim : " + "mot " * 2000 + "\nsuite\nLéa : non.\nKarim : si.\nLéa : bon.\n"
    assert len(turns(tmp_path, long, date="2025")[0]) == 5


RIS = (
    "TY  - JOUR\nTI  - Un\nT2  - Revue\nDA  - 2025/03/12\nAB  - Deux.\nAU  - Ex, Mia\nAN  - 7\n"
    "ER  -\n"
)


def test_references_of_a_press_file(tmp_path):
    (one,) = read(Press(), tmp_path, "a.txt", RIS)
    assert (one.text, one.chat, one.author, one.message) == ("Un\n\nDeux.", "Revue", "Mia Ex", "7")
    assert (one.record, one.position, one.names) == (1, 0, ("Mia Ex",))
    undated = read(Press(), tmp_path, "a.txt", RIS.replace("DA  - 2025/03/12\n", ""))
    assert [getattr(r, "kind", "document") for r in undated] == ["no date", "document"]
    (dated,) = read(
        Press(date="2025-03-13", outlet="X"), tmp_path, "a.txt", RIS.replace("DA", "ZZ")
    )
    assert (str(dated.time), dated.chat) == ("2025-03-13", "X")


def channel(tmp_path, *messages):
    text = json.dumps({"guild": {"id": "1"}, "channel": {"id": "9"}, "messages": messages})
    return read(Discord(), tmp_path, "d.json", text)


def test_messages_of_discord(tmp_path):
    said = {"timestamp": "2025-03-12T10:00:00+00:00", "author": {"id": "7", "name": "Mia"}}
    found = channel(
        tmp_path,
        {"id": "1", "attachments": "x"},
        said | {"id": "2", "type": "GuildMemberJoin", "content": "Mia est là"},
        {"id": "3", "content": "sans date"},
        said | {"id": "4"},
        said | {"id": "5", "content": "@Lou et @L", "timestampEdited": "x",
                "mentions": [{"id": "8", "name": "L", "nickname": "Lou"}]},
        said | {"id": "6", "stickers": [{}]},
        said | {"id": "7", "attachments": [{"fileName": "a.png", "fileSizeBytes": 5}]},
        said | {"id": "8", "attachments": [{"fileName": "a.xyz", "fileSizeBytes": 6}]},
        said | {"id": "9", "reference": {"channelId": "44"},
                "forwardedMessage": {"content": "menu"}},
        said | {"id": "10", "embeds": [{"title": "T", "description": "D",
                                        "fields": [{"name": "prix", "value": "60"}]}]},
        said | {"id": "11", "content": "x", "embeds": [{"title": "T"}]},
    )  # fmt: skip
    told = {r.message: r for r in found if isinstance(r, RawDocument)}
    assert [(m, r.text, r.media_kind, r.media_bytes) for m, r in told.items()] == [
        ("5", "@Lou et @L", None, None), ("6", "", "sticker", None), ("7", "", "photo", 5),
        ("8", "", "file", 6), ("9", "menu", None, None), ("10", "T\nD\nprix: 60", None, None),
        ("11", "x\nT", None, None),
    ]  # fmt: skip
    five = told["5"]
    assert (five.author, five.names, five.edited) == ("7", ("Mia", "Lou", "L"), True)
    assert five.hints == (Hint(0, 4, "handle"), Hint(8, 10, "handle"))
    assert (told["9"].forwarded_from, told["9"].chat, told["11"].edited) == ("44", "9", False)
    assert [(r.kind, r.record) for r in found if isinstance(r, Issue)] == [
        ("message damaged", 1), ("no date", 3),
    ]  # fmt: skip
    assert [(r.rule, r.count) for r in found if isinstance(r, Skipped)] == [
        ("neither text nor media", 1), ("service message", 1),
    ]  # fmt: skip

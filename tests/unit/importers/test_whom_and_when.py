"""Whom others of a file name, when an entry was published, and where an article stood."""

import json
from datetime import date

import pytest

from fanal.door.raw import RawDocument
from fanal.importers.base import Issue
from fanal.importers.feeds import Feeds
from fanal.importers.press import Press
from fanal.importers.tables import Tables
from fanal.importers.telegram import Telegram
from fanal.importers.whatsapp.chats import WhatsApp
from fanal.importers.zeeschuimer import Zeeschuimer


def read(importer, path):
    return [row for row in importer.extract(path) if isinstance(row, RawDocument)]


def test_posts_of_others_may_name_who_writes_in_the_file(tmp_path):
    posts = [
        {"item_id": str(n), "timestamp_collected": 1, "source_platform": "tiktok.com",
         "source_platform_url": "https://www.tiktok.com/",
         "data": {"id": str(n), "desc": text, "createTime": 1772362800 + n,
                  "author": {"id": handle, "uniqueId": handle, "nickname": name}}}
        for n, (handle, name, text) in enumerate([
            ("nadc59", "Nadège Carpentier", "la proto à dix"),
            ("timv.rdr", "Timothée Vasseur", "carpentier exagère, demande à nadc59"),
            ("zoe", "Zoé", "timv.rdr le dit aussi, zoe"),
        ])
    ]  # fmt: skip
    path = tmp_path / "z.ndjson"
    path.write_text("\n".join(map(json.dumps, posts)), "utf-8")
    assert [set(row.names) for row in read(Zeeschuimer(), path)] == [
        {"nadc59", "Nadège Carpentier"},
        {"timv.rdr", "Timothée Vasseur", "nadc59", "Nadège Carpentier"},
        {"zoe", "Zoé", "timv.rdr"},
    ]


@pytest.mark.parametrize(
    ("published", "day"),
    [
        ("5. März 2026", date(2026, 3, 5)),
        ("jeudi 5 mars 2026", date(2026, 3, 5)),
        ("bald", date(2026, 3, 7)),
    ],
)
def test_the_day_of_publication_goes_before_that_of_a_change(tmp_path, published, day):
    path = tmp_path / "a.xml"
    path.write_text(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de">'
        f"<title>Warnungen</title><entry><id>1</id><title>XTC</title><published>{published}"
        "</published><updated>2026-03-07T10:00:00+01:00</updated>"
        '<content type="text">Tabletten mit 290 mg.</content></entry></feed>',
        "utf-8",
    )
    (row,) = read(Feeds(), path)
    assert (row.time if type(row.time) is date else row.time.date()) == day


def test_an_article_of_factiva_has_its_newspaper_and_no_number_in_its_text(tmp_path):
    said = "Ketamine is sold for twenty pounds a gram, outreach workers said in the region."

    def article(title, day, outlet, code):
        return (
            f'<div class="article deArticle"><span class="deHeadline">{title}</span>'
            f"<div>310 words</div><div>{day}</div><div>{outlet}</div><div>NECHO</div>"
            f"<div>English</div><div>Copyright 2026</div><p>{said}</p><p>Document {code}</p></div>"
        )

    path = tmp_path / "f.html"
    path.write_text(
        "<html><body>"
        + article("Ketamine", "12 February 2026", "The Northern Echo", "NECHO0020260212em2c0001")
        + article("Alert", "3 March 2026", "Evening Standard", "NS00000020260303em330002")
        + "</body></html>",
        "utf-8",
    )
    rows = read(Press(), path)
    assert [(row.chat, str(row.time)[:10]) for row in rows] == [
        ("The Northern Echo", "2026-02-12"),
        ("Evening Standard", "2026-03-03"),
    ]
    assert not [row for row in rows if "Document" in row.text]


def test_an_article_of_factiva_may_be_a_table(tmp_path):
    def article(title, day, outlet, number):
        parts = {
            "HD": title, "BY": "Par Camille Lefort", "WC": "210 mots", "PD": day, "SN": outlet,
            "SC": "LPROV", "LA": "Français", "LP": f"<p>{title}, selon les équipes.</p>",
            "AN": f"Document LPROV000{number}",
        }  # fmt: skip
        rows = "".join(
            f"<tr><td><b>{tag}</b></td><td>{said}</td></tr>" for tag, said in parts.items()
        )
        return f'<div class="article frArticle"><p><table>{rows}</table></p></div>'

    articles = [
        article("La coke baisse", "12 mars 2026", "La Provence", "20260312em3c0001"),
        article("Alerte à Brest", "28 mars 2026", "Ouest-France", "20260328em3s0002"),
    ]
    for number, page in enumerate(["".join(articles), articles[0]]):
        path = tmp_path / f"f{number}.html"
        path.write_text(f"<html><body>{page}</body></html>", "utf-8")
        rows = read(Press(), path)
        assert [(row.chat, str(row.time)[:10], row.text) for row in rows] == [
            ("La Provence", "2026-03-12", "La coke baisse\n\nLa coke baisse, selon les équipes."),
            ("Ouest-France", "2026-03-28", "Alerte à Brest\n\nAlerte à Brest, selon les équipes."),
        ][: len(rows)]  # fmt: skip
        assert len(rows) == 2 - number
        assert "Camille Lefort" in rows[0].names


def telegram_group(messages):
    day = {"date": "2026-04-02T10:00:00", "date_unixtime": "1775124000"}
    rows = [{"id": n, **day, **message} for n, message in enumerate(messages, 1)]
    return {"name": "Serre", "type": "public_supergroup", "id": 7, "messages": rows}


def said_by(name, text):
    return {"type": "message", "from": name, "from_id": f"user{len(name)}", "text": text}


SERVICE = {"type": "service", "actor": "Anselme Pirotte", "actor_id": "user8"}
INVITED = SERVICE | {"action": "invite_members", "members": ["Gudule Wastiaux", None], "text": ""}
JOINED = SERVICE | {"action": "join_group_by_link", "inviter": "Josse Tordeur", "text": ""}
TITLED = {"type": "service", "actor": "Serre", "actor_id": "channel7", "action": "edit_group_title"}


@pytest.mark.parametrize("indent", [1, None])
@pytest.mark.parametrize(
    ("messages", "names"),
    [
        (
            [said_by("Lou", "oui"), INVITED, said_by("Zoé", "salut wastiaux")],
            [{"Lou", "Gudule Wastiaux", "Anselme Pirotte"}, {"Zoé"}],
        ),
        (
            [JOINED, said_by("Lou", "oui"), said_by("Zoé", "salut tordeur")],
            [{"Lou", "Josse Tordeur", "Anselme Pirotte"}, {"Zoé"}],
        ),
        ([TITLED, said_by("Lou", "oui")], [{"Lou"}]),
    ],
)
def test_whom_a_service_message_names_goes_with_a_message_of_the_chat(
    tmp_path, indent, messages, names
):
    path = tmp_path / "result.json"
    path.write_text(json.dumps(telegram_group(messages), indent=indent), "utf-8")
    assert [set(row.names) for row in read(Telegram(), path)] == names
    parts = [row for part in Telegram().parts(path, 1) for row in
             Telegram().extract_part(path, part) if isinstance(row, RawDocument)]  # fmt: skip
    assert [set(row.names) for row in parts] == names


@pytest.mark.parametrize(
    ("notice", "names"),
    [
        ("Anselme Pirotte added Gudule Wastiaux", {"Anselme Pirotte", "Gudule Wastiaux"}),
        ("You added Gudule Wastiaux, +32 495 12 34 56 and ~ Josse", {"Gudule Wastiaux", "Josse"}),
        ("Anselme a ajouté Gudule Wastiaux", {"Anselme", "Gudule Wastiaux"}),
        ("Anselme hat Gudule Wastiaux hinzugefügt", {"Anselme", "Gudule Wastiaux"}),
        ("Anselme heeft Gudule Wastiaux toegevoegd", {"Anselme", "Gudule Wastiaux"}),
        ("Anselme añadió a Gudule Wastiaux", {"Anselme", "Gudule Wastiaux"}),
        ("Anselme ha aggiunto Gudule Wastiaux.", {"Anselme", "Gudule Wastiaux"}),
        ("Gudule Wastiaux joined using this group's invite link", {"Gudule Wastiaux"}),
        ("Gudule Wastiaux a quitté", {"Gudule Wastiaux"}),
        ("Messages and calls are end-to-end encrypted.", set()),
        ("You changed this group's icon", set()),
    ],
)
def test_whom_a_notice_of_whatsapp_names_goes_with_a_message_of_the_chat(tmp_path, notice, names):
    path = tmp_path / "WhatsApp Chat with Serre.txt"
    path.write_text(
        "14/04/2026, 10:05 - Zoé: la proto à dix\n"
        f"14/04/2026, 10:06 - {notice}\n"
        "14/04/2026, 10:07 - Lou: salut wastiaux\n",
        "utf-8",
    )
    rows = read(WhatsApp(), path)
    assert [row.text for row in rows] == ["la proto à dix", "salut wastiaux"]
    assert [set(row.names) for row in rows] == [{"Zoé"} | names, {"Lou"}]


def lines(path, rows):
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


def test_who_sent_a_message_is_named_by_the_usual_keys_of_an_object(tmp_path):
    rows = [
        {"text": "la proto à dix", "date": "2026-04-14T10:05:00Z",
         "sender": {"displayName": "Gudule Wastiaux", "handle": "@gud.wtx", "followers": 5}},
        {"text": "gud.wtx dit vrai", "date": "2026-04-14T10:06:00Z",
         "sender": {"id": 12, "firstName": "Josse", "last_name": "Tordeur", "username": "josse4"}},
        {"text": "oui", "date": "2026-04-14T10:07:00Z",
         "sender": {"displayName": "Gudule Wastiaux", "handle": "@gud.wtx", "followers": 6}},
    ]  # fmt: skip
    path = lines(tmp_path / "m.jsonl", rows)
    people = [
        ("@gud.wtx", ("gud.wtx", "Gudule Wastiaux")),
        ("12", ("josse4", "Josse", "Tordeur")),
        ("@gud.wtx", ("gud.wtx", "Gudule Wastiaux")),
    ]
    assert [(row.author, row.names) for row in read(Tables(), path)] == people
    mapping = {"text": "text", "time": "date", "author": "sender.displayName"}
    found = read(Tables(mapping=mapping), path)
    assert [row.author for row in found] == ["Gudule Wastiaux", None, "Gudule Wastiaux"]
    assert [set(row.names) for row in found] == [set(names) for _, names in people]


def test_a_post_in_html_is_its_text_and_its_account_is_who_wrote_it(tmp_path):
    rows = [
        {"created_at": "2026-04-14T10:05:00Z", "content": "<p>Alerte à Mons</p><p>2C-B &lt; 3</p>",
         "account": {"id": "9", "acct": "gud@example.org", "display_name": "Gudule Wastiaux"}},
        {"created_at": "2026-04-14T10:06:00Z",
         "content": '<p>merci <a href="https://example.org/@gud">@<span>gud</span></a></p>',
         "account": {"id": "10", "acct": "josse", "display_name": ""}},
        {"created_at": "2026-04-14T10:07:00Z", "content": "<3 la proto > la keta",
         "account": {"id": "10", "acct": "josse", "display_name": ""}},
    ]  # fmt: skip
    found = read(Tables(), lines(tmp_path / "m.ndjson", rows))
    assert [(row.text, row.author, row.names) for row in found] == [
        ("Alerte à Mons\n2C-B < 3", "9", ("gud", "Gudule Wastiaux")),
        ("merci @gud", "10", ("josse",)),
        ("<3 la proto > la keta", "10", ("josse",)),
    ]


def test_a_column_of_people_that_a_mapping_leaves_out_is_told(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("Moment;Pseudo;Propos\n14/04/2026;gud7;la proto à dix\n", "utf-8")
    rows = list(Tables(mapping={"text": "Propos", "time": "Moment", "author": []}).extract(path))
    assert [row.names for row in rows if isinstance(row, RawDocument)] == [("gud7",)]
    (told,) = (row for row in rows if isinstance(row, Issue))
    assert (told.kind, told.level, told.hint[:10]) == ("columns not read", "note", "Pseudo (1)")

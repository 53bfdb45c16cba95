"""Notebooks, subtitles, old encodings and copies of chats in the ways that people have them."""

import json

import pytest

from fanal.errors import ImporterError
from fanal.importers import identify
from fanal.importers.base import Issue, RawDocument
from fanal.importers.feeds import Feeds
from fanal.importers.press import Press
from fanal.importers.reading.word import table_lines
from fanal.importers.tables import Tables
from fanal.importers.telegram import Telegram
from fanal.importers.transcripts import Transcripts
from fanal.importers.whatsapp.chats import WhatsApp
from fanal.importers.whatsapp.headers import day_of


@pytest.fixture
def read(tmp_path):
    """Return the day and text of each document of a file, and its issues."""

    def reading(importer, name, content):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        rows = list(importer.extract(path))
        texts = [(str(r.time)[:10], r.text) for r in rows if isinstance(r, RawDocument)]
        return texts, [row.kind for row in rows if isinstance(row, Issue)]

    return reading


KETA, COKE = "Keta à 30 € le g.", "Coke à 50 € le g."


@pytest.mark.parametrize(
    ("first", "second", "days", "rests"),
    [
        ("Date: 12 March 2025\nPlace: gare", "Date: 19 March 2025", "12 19", "- -"),
        ("2025-03-12 - gare", "2025-03-19 - Fives", "12 19", "gare Fives"),
        ("le 12/03/25", "le 19/03/25", "12 19", "- -"),
        ("[12/03/2025] gare", "[19/03/2025] Fives", "12 19", "gare Fives"),
        ("12.03.2025", "13.03.2025", "12 13", "- -"),
        ("Wed 12 March 2025: gare", "Thu 13 March 2025: Fives", "12 13", "gare Fives"),
        ("12/03/2025 18h05", "13/03/2025 19h00", "12 13", "- -"),
        ("Semaine du 10 au 16 mars 2025", "Semaine 12 - 2025", "10 17", "- -"),
        ("Semaine du 10/03/2025", "Semaine du 17/03/2025", "10 17", "- -"),
    ],
)
def test_an_entry_of_a_notebook_begins_where_its_day_stands(read, first, second, days, rests):
    texts, issues = read(Transcripts(), "c.txt", f"{first}\n{KETA}\n\n{second}\n{COKE}\n")
    said = [
        f"{r}\n{t}" if r != "-" else t for r, t in zip(rests.split(), (KETA, COKE), strict=True)
    ]
    assert texts == [(f"2025-03-{day}", t) for day, t in zip(days.split(), said, strict=True)]
    assert issues == []


@pytest.mark.parametrize("heading", ["## {}", "**{}**"])
def test_headings_of_markdown_may_say_more_than_their_day(read, heading):
    first, second = heading.format("12 mars 2025"), heading.format("19 mars 2025 – Fives")
    text = f"# Carnet\n\n{first}\n\n{KETA}\n\n{second}\n\n{COKE}\n"
    texts, issues = read(Transcripts(), "c.md", text)
    days = ["2025-03-12"] + ["2025-03-19"] * 2  # "Carnet" is the notebook's title
    assert texts == list(zip(days, [KETA, "Fives", COKE], strict=True))
    assert issues == []


def test_a_day_without_a_year_is_the_nearest_after_the_last(read):
    text = f"Samedi 13 décembre 2025\n{KETA}\n\nVendredi 2 janvier\n{COKE}\n"
    assert read(Transcripts(), "c.txt", text)[0] == [("2025-12-13", KETA), ("2026-01-02", COKE)]


def test_a_day_without_a_year_is_of_the_year_that_is_given(read):
    text = f"12/03 : gare\n{KETA}\n19/03 : Fives\n{COKE}\n"
    texts, _ = read(Transcripts(date="2025"), "c.txt", text)
    assert texts == [("2025-03-12", f"gare\n{KETA}"), ("2025-03-19", f"Fives\n{COKE}")]


def test_dates_of_what_is_planned_begin_no_entry_and_are_told(read):
    text = "Note du 12 mars 2026\nÀ venir :\n14/03/2026 : teuf\n15/03/2026 : after\n"
    texts, issues = read(Transcripts(), "n.txt", text)
    assert texts == [("2026-03-12", text.strip().partition("\n")[2])]
    assert issues == ["date inside a text", "date inside a text"]


def test_interviews_of_one_file_have_their_days(read):
    talk = "Enquêteur : et les prix ?\n{0} : trente.\nEnquêteur : merci.\n{0} : de rien.\n"
    text = "Date : 12 mars 2026\n" + talk.format("Karim") + "\nDate : 19 mars 2026\n"
    texts, _ = read(Transcripts(), "e.txt", text + talk.format("Nadia"))
    assert [day for day, _ in texts] == ["2026-03-12"] * 4 + ["2026-03-19"] * 4


@pytest.mark.parametrize(
    "text",
    [
        "Mia, [08.03.2026 18:05]\ncoke 60\n\nLou, [08.03.2026 18:06]\nok\n",
        "[2026-03-08 18:05:12] <mia> coke 60\n[2026-03-08 18:06:12] <lou> ok\n",
        "Mia — 08/03/2026 18:05\ncoke 60\nLou — 08/03/2026 18:06\nok\n",
        "Mar 08, 2026  6:05:12 PM\nMia\ncoke 60\n\nMar 08, 2026  6:06:12 PM\nMe\nok\n",
        "[Mia] [오후 6:05] coke 60\n[Lou] [오후 6:06] ok\n",
        "2026/03/08(Sun)\n18:05\tMia\tcoke 60\n18:06\tLou\tok\n",
        "[08/03/2026 18:05] Mia Exemple\ncoke 60\n[08/03/2026 18:06] Lou Exemple\nok\n",
        "Mia  6:05 PM\ncoke 60\nLou  6:06 PM\nok\n",
    ],
)
def test_a_copy_of_another_chat_is_refused(read, text):
    with pytest.raises(ImporterError, match="looks like a chat"):
        read(Transcripts(date="2026"), "c.txt", text)


SRT = "{0}\n00:00:0{0},000 --> 00:00:0{1},000\n{2}\n\n"


@pytest.mark.parametrize(
    ("pieces", "said"),
    [
        (["la keta", "la keta est à", "la keta est à trente"], "la keta est à trente"),
        (["non", "non", "non je vends plus", "d'accord"], "non non non je vends plus d'accord"),
        (["oui", "oui", "la keta à 30", "merci", "bien"], "oui oui la keta à 30 merci bien"),
    ],
)
def test_what_a_caption_repeats_is_read_once_where_all_do(read, pieces, said):
    text = "".join(SRT.format(n, n + 1, piece) for n, piece in enumerate(pieces, 1))
    assert read(Transcripts(), "e_2026-03-12.srt", text)[0] == [("2026-03-12", said)]


def test_what_whisper_heard_is_read_with_its_speakers(read):
    heard = [(0.0, "la keta", "SPEAKER_00"), (2.0, "et la coke ?", "SPEAKER_01")]
    segments = [{"start": s, "end": s + 2, "text": f" {t}", "speaker": w} for s, t, w in heard]
    texts, _ = read(Transcripts(), "e_2026-03-12.json", json.dumps({"segments": segments}))
    assert [text for _, text in texts] == ["la keta", "et la coke ?"]
    pieces = [{"offsets": {"from": 0, "to": 9}, "text": " la keta"}]
    texts, _ = read(Transcripts(), "e_2026-03-12.json", json.dumps({"transcription": pieces}))
    assert texts == [("2026-03-12", "la keta")]


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("mac_roman", "très élevé à Nîmes"),
        ("mac_roman", "l’été"),
        ("mac_roman", "à 30"),
        ("cp850", "prix élevé à 30"),
        ("cp1252", "à 60 €"),
        ("utf-8", "é"),
    ],
)
def test_old_encodings_are_told_by_few_letters(read, codec, text):
    table = f"Date;Texte;Auteur\n22/05/2026;{text};Kev\n23/05/2026;keta;Zoe\n"
    assert read(Tables(), "v.csv", table.encode(codec))[0][0] == ("2026-05-22", text)


HEADS = "12/01/2026, 21:0{0} - {1}: {2}\n"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("This message was deleted", False),
        ("Ce message a été supprimé", False),
        ("You deleted this message", False),
        ("I deleted your messages", True),
        ("la meuf a supprimé mes messages", True),
        ("tu as supprimé ce message ?", True),
        ("messages on WhatsApp are end-to-end encrypted, no worry", True),
    ],
)
def test_only_the_program_says_that_it_deleted(read, text, kept):
    chat = HEADS.format(5, "Nour", "coke 60") + "22/01/2026, 21:06 - Paul: " + text + "\n"
    texts, _ = read(WhatsApp(), "chat.txt", chat)
    assert (text in [said for _, said in texts]) is kept


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("8. März 2016, 18:05 - ", "2016-03-08"),
        ("8 de marzo de 2016, 6:05 p. m. - ", "2016-03-08"),
        ("Mar 8, 2016, 6:05 PM - ", "2016-03-08"),
        ("[18:05, 23/3/2026] ", "2026-03-23"),
        ("2018-12-02 22:55:45 ", "2018-12-02"),
        ("24/3/14, 13:59: ", "2014-03-24"),
    ],
)
def test_a_line_of_a_chat_begins_in_many_ways(read, tmp_path, head, day):
    chat = f"{head}Mia: coke 60\n{head}Lou: ok\n{head}Mia: keta\n"
    assert read(WhatsApp(), "c.txt", chat)[0] == [(day, t) for t in ("coke 60", "ok", "keta")]
    assert identify(tmp_path / "c.txt") is WhatsApp


@pytest.mark.parametrize(
    ("numbers", "day"),
    [
        ((1400, 3, 9), "2021-05-30"),
        ((1403, 12, 30), "2025-03-20"),
        ((1404, 1, 1), "2025-03-21"),
        ((1387, 12, 30), "2009-03-20"),
        ((1404, 12, 30), "None"),
        ((1404, 12, 29), "2026-03-20"),
        ((2569, 3, 8), "2026-03-08"),
    ],
)
def test_years_of_other_calendars_are_read(numbers, day):
    assert str(day_of(numbers, "ymd")) == day


ARTICLE = "Les prix baissent dans la métropole. " * 8


def page(*articles):
    return (
        f"<!DOCTYPE html><html><head><title>x</title></head><body>{''.join(articles)}</body></html>"
    )


@pytest.mark.parametrize(
    "article",
    [
        (
            "<div class='article frArticle'><div><span class='frHeadline'>Titre</span></div>"
            "<div>340 mots</div><div>{day} mars 2026</div><div>Le Monde</div>"
            "<p class='articleParagraph'>{text}</p></div>"
        ),
        (
            "<article><span class='DocPublicationName'>Le Monde</span>"
            "<span class='DocHeader'>Lille, {day} mars 2026, p. 4</span>"
            "<div class='titreArticle'>Titre</div>"
            "<div class='docOcurrContainer'>{text}</div></article>"
        ),
        "<article><h2>Titre</h2><time datetime='2026-03-{day}'>x</time><p>{text}</p></article>",
    ],
)
def test_all_articles_of_a_page_are_read(read, article):
    both = [article.format(day=day, text=ARTICLE) for day in (12, 19)]
    texts, issues = read(Press(), "export_2026-04-01.html", page(*both))
    said = f"Titre\n\n{ARTICLE.strip()}"
    assert texts == [("2026-03-12", said), ("2026-03-19", said)]
    assert issues == []


def test_a_teaser_beside_an_article_is_none(read):
    teaser = "<aside><article><h3>Lire aussi</h3><p><a href='x'>Autre</a></p></article></aside>"
    article = f"<article><h1>Titre</h1><p>{ARTICLE}</p></article>"
    texts, _ = read(Press(), "a_2026-03-12.html", page(article, teaser))
    assert [day for day, _ in texts] == ["2026-03-12"]


@pytest.mark.parametrize(
    "article",
    [
        (
            "Titre\nLe Monde\n{day} mars 2026 jeudi\n\nCopyright 2026 Le Monde\n\n"
            "Longueur: 340 mots\n"
            "Auteur: Ana Exemple\n\nCorps\n\n{text}\n\nFin du document\n\n"
        ),
        (
            "Titre\nAna Exemple\n340 mots\n{day} mars 2026\nLe Monde\nFrançais\nCopyright 2026\n\n"
            "{text}\n\nDocument LEMOND00202603{day}em3c0001x\n\n"
        ),
        (
            "HD Titre\nBY Ana Exemple\nWC 340 mots\nPD {day} mars 2026\nSN Le Monde\nLP {text}\n"
            "Document LEMOND00202603{day}em3c0001x\n\n"
        ),
    ],
)
def test_all_articles_of_a_press_database_are_read(read, tmp_path, article):
    text = "".join(article.format(day=day, text=ARTICLE.strip()) for day in (12, 19))
    texts, _ = read(Press(), "export.txt", text)
    said = f"Titre\n\n{ARTICLE.strip()}"
    assert texts == [("2026-03-12", said), ("2026-03-19", said)]
    assert identify(tmp_path / "export.txt") is Press


@pytest.mark.parametrize(
    ("rows", "lines"),
    [
        ([["Temps", "Qui", "Texte"], ["00:01", "E", "prix ?"]], ["E : prix ?"]),
        ([["1.", "E :", "prix ?"], ["2.", "Karim :", "trente"]], ["E : prix ?", "Karim : trente"]),
        ([["Locuteur", "Propos", "Note"], ["K", "trente", "rire"]], ["K : trente (rire)"]),
        ([["Produit", "Prix"], ["coke", "60"]], ["Produit : Prix", "coke : 60"]),
        ([["oui", "oui"]], ["oui | oui"]),
    ],
)
def test_a_table_of_a_document_is_written_as_people_speak(rows, lines):
    if len(rows) == 2 and "Texte" in rows[0]:
        rows = [*rows, ["00:05", "E", "merci"]]
        lines = [*lines, "E : merci"]
    assert table_lines(rows) == lines


POST = {"id": 1, "type": "message", "date": "2026-09-03T12:00:00", "from": "C", "text": ""}
LONG = "la coke est à soixante euros le gramme ce soir"


@pytest.mark.parametrize(
    ("more", "text", "issues"),
    [
        ({"todo_list": {"title": "À faire", "answers": [{"text": "a"}]}}, "À faire\na", []),
        ({"invoice_information": {"title": "Pack", "description": "coke 60"}}, "Pack\ncoke 60", []),
        ({"new_thing": {"a": [{"b": LONG}]}}, None, ["text not read"]),
        ({"new_thing": {"a": "x" * 80}}, None, []),
    ],
)
def test_words_under_other_keys_are_read_or_told(read, more, text, issues):
    chat = {"name": "C", "type": "public_channel", "id": 1, "messages": [{**POST, **more}]}
    for indent in (1, None):
        texts, told = read(Telegram(), "result.json", json.dumps(chat, indent=indent))
        assert [said for _, said in texts] == ([text] if text else [])
        assert told == issues


def feed(language, *dates):
    items = [
        f"<item><title>{n}</title><link>https://example.org/{n}</link><pubDate>{d}</pubDate></item>"
        for n, d in enumerate(dates)
    ]
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>J</title>'
        f"<language>{language}</language>{''.join(items)}</channel></rss>"
    )


@pytest.mark.parametrize(
    ("language", "date", "day"),
    [
        ("fr", "05/10/2022 14:30", "2022-10-05"),
        ("fr", "mer. 05 oct. 2022 à 14h30", "2022-10-05"),
        ("it", "lun, 03 ott 2022 11:13:20 +0200", "2022-10-03"),
        ("de", "Mi, 05 Okt 2022 10:00:00 +0200", "2022-10-05"),
        ("es", "mié, 05 oct 2022 10:00:00 +0200", "2022-10-05"),
        ("en-us", "10/05/2022 2:30 PM", "2022-10-05"),
    ],
)
def test_a_feed_writes_its_dates_as_its_language_does(read, language, date, day):
    assert read(Feeds(), "f.xml", feed(language, date)) == ([(day, "0")], [])


def test_a_date_of_a_feed_that_may_be_two_is_asked_for(read):
    content = feed("en-gb", "05/10/2022", "06/10/2022")
    assert read(Feeds(), "f.xml", content) == ([], ["date not readable"] * 2)
    texts, _ = read(Feeds(date_order="dmy"), "f.xml", content)
    assert [day for day, _ in texts] == ["2022-10-05", "2022-10-06"]

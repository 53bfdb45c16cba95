"""WhatsApp headers in every language of the CLDR that WhatsApp has, written here and read back."""

from __future__ import annotations

import json
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from babel import Locale
from babel.dates import format_date, format_time

from fanal.door.raw import RawDocument
from fanal.errors import ImporterError
from fanal.importers.whatsapp.chats import WhatsApp

WRITTEN_IN = """
    af sq am ar ar_EG az bn bg ca zh zh_Hant zh_Hant_HK hr cs da nl nl_BE en_US en_GB en_CA en_AU
    en_ZA en_IN en_SE et fil fi fr fr_CA fr_BE fr_CH de de_AT de_CH el gu he hi hu id ga it it_CH
    ja kn kk ko lo lv lt mk ms ml mr nb fa pl pt pt_PT pa ro ru sr sk sl es es_MX es_US es_AR sw sv
    ta te th tr uk ur uz vi zu ka hy ne si km my mn eu gl is
"""
LOCALES = WRITTEN_IN.split()
SENDERS = ("Camille", "Zoé 🍏", "Jean-Marc d’Exemple", "~\u202fDominique", "+33 6 39 98 00 01")
AUTHORS = ("Camille", "Zoé 🍏", "Jean-Marc d’Exemple", "Dominique", "+33 6 39 98 00 01")
TEXTS = (
    "bonjour",
    "prix : 10 € le panier",
    "deux lignes\net la deuxième: ici",
    "https://example.org/a?b=c 12:30 - 14:00",
    "3/4 du stock, 12.05 demain",
    "🍏",
    "a: b: c",
    "ligne vide\n\naprès",
    "1/2 panier",
    "مرحبا",
)


def spoken(moment: datetime, locale: str, *, seconds: bool) -> str:
    """Return date and time as a phone in that language writes them."""
    place = Locale.parse(locale)
    return (
        format_date(moment, "short", place),
        format_time(moment, "medium" if seconds else "short", locale=place),
    )


def chat(seed: int, write: object, days: int = 90, count: int = 60) -> tuple[str, list[tuple]]:
    """Return the text of an invented chat and what must be read from it."""
    draw = random.Random(seed)
    moment = datetime(2021, draw.randrange(1, 13), draw.randrange(1, 29), 8, 5)  # noqa: DTZ001
    lines, expected = [], []
    for _ in range(count):
        moment += timedelta(minutes=draw.randrange(1, days * 24 * 60 * 2 // count))
        who, text = draw.randrange(len(SENDERS)), draw.choice(TEXTS)
        line, seen = write(moment, SENDERS[who], text)
        lines.append(line)
        expected.append((seen, AUTHORS[who], text))
    return "\n".join(lines) + "\n", expected


def read(path: Path, **parameters: object) -> list[tuple]:
    return [
        (row.time, row.author, row.text)
        for row in WhatsApp(**parameters).extract(path)
        if isinstance(row, RawDocument)
    ]


def to_minute(moment: datetime) -> datetime:
    return moment.replace(second=0)


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("phone", ["android", "iphone", "old"])
def test_every_language(tmp_path: Path, locale: str, phone: str) -> None:
    def write(moment: datetime, sender: str, text: str) -> tuple[str, datetime]:
        moment = moment.replace(second=moment.minute)
        day, clock = spoken(moment, locale, seconds=phone != "android")
        if phone == "android":
            return f"{day}, {clock} - {sender}: {text}", to_minute(moment)
        if phone == "old":
            return f"{day} {clock}: {sender}: {text}", moment
        return f"[{day}, {clock}] {sender}: {text}", moment

    text, expected = chat(len(locale) + ord(locale[0]), write)
    path = tmp_path / "chat.txt"
    path.write_bytes(text.replace("\n", "\r\n" if phone == "iphone" else "\n").encode())
    assert WhatsApp().identify(path)
    assert read(path) == expected


DATES = (
    "%d/%m/%Y",
    "%m/%d/%y",
    "%y-%m-%d",
    "%d.%m.%y",
    "%Y.%m.%d",
    "%m-%d-%Y",
    "%Y/%m/%d",
    "%d-%m-%y",
)
CLOCKS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I:%M:%S\u202f%p", "%H.%M", "%I:%M\u2009p. m.")
FRAMES = (
    "{d}, {t} - ",
    "{d} {t} - ",
    "[{d}, {t}] ",
    "[{d} {t}] ",
    "\u200e[{d}, {t}] ",
    "{d} {t} – ",
)


@pytest.mark.parametrize("date", DATES)
@pytest.mark.parametrize("clock", CLOCKS)
@pytest.mark.parametrize("frame", FRAMES)
def test_every_combination(tmp_path: Path, date: str, clock: str, frame: str) -> None:
    def write(moment: datetime, sender: str, text: str) -> tuple[str, datetime]:
        half = "a. m." if moment.hour < 12 else "p. m."
        written = moment.strftime(clock).replace("p. m.", half)
        header = frame.format(d=moment.strftime(date), t=written)
        return f"{header}{sender}: {text}", to_minute(moment)

    text, expected = chat(hash((len(date), len(clock), len(frame))), write)
    path = tmp_path / "chat.txt"
    path.write_text("\ufeff" + text, "utf-8")
    assert read(path) == expected


def test_whatstk_header_shapes(tmp_path: Path, shared_data: Path) -> None:
    shapes = json.loads((shared_data / "formats/whatstk/header_format_support.json").read_text())
    for shape in shapes:
        form = shape["format"].replace("%name:", "")

        def write(moment: datetime, sender: str, text: str, form: str = form) -> tuple:
            return f"{moment.strftime(form)}{sender}: {text}", to_minute(moment)

        text, expected = chat(len(form), write)
        path = tmp_path / "chat.txt"
        path.write_text(text, "utf-8")
        assert read(path) == expected, form


@pytest.mark.parametrize("date", ["%d/%m/%Y", "%m/%d/%Y"])
@pytest.mark.parametrize("seed", range(20))
def test_a_short_chat_is_never_read_in_the_wrong_order(
    tmp_path: Path, date: str, seed: int
) -> None:
    def write(moment: datetime, sender: str, text: str) -> tuple[str, datetime]:
        return f"{moment.strftime(date)}, {moment:%H:%M} - {sender}: {text}", to_minute(moment)

    text, expected = chat(seed, write, days=3, count=5)
    path = tmp_path / "chat.txt"
    path.write_text(text, "utf-8")
    assert read(path, date_order="dmy" if date == "%d/%m/%Y" else "mdy") == expected
    try:
        assert read(path) == expected
    except ImporterError as error:
        assert "date_order" in error.do

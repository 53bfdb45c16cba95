"""Tables in the code of recognisers, entry by entry: hosts, apps, lengths of numbers."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from fanal.door.identifiers import scan, screen_text
from fanal.door.recognisers import phones
from fanal.door.recognisers.digits import Chunk

HOSTS = {
    "telegram": "t.me/zorg telegram.me/zorg tg://zorg tonsite://zorg telegra.ph/zorg telesco.pe/zorg",
    "whatsapp": "wa.me/zorg whatsapp.com/zorg chat.whatsapp.com/zorg",
    "signal": "signal.me/zorg sgnl://zorg signal://zorg signal.group/zorg",
    "snapchat": "snapchat.com/zorg snap.com/zorg story.snap.com/zorg",
    "instagram": "instagram.com/zorg instagr.am/zorg ig.me/zorg",
    "discord": "discord.gg/zorg discordapp.com/zorg",
    "potato": "potato.im/zorg ptwk.in/zorg ptso.me/zorg",
    "facebook": "facebook.com/zorg fb.com/zorg m.me/zorg messenger.com/zorg",
    "tiktok": "tiktok.com/zorg vm.tiktok.com/zorg",
    "twitter": "twitter.com/zorg x.com/zorg",
    "session": "session://zorg getsession.org/zorg",
    "threema": "threema.id/zorg",
    "wickr": "wickr.com/zorg",
    "web": "exemple.fr/zorg xx.com/zorg",
}


@pytest.mark.parametrize(
    ("app", "address"), [(app, each) for app, all_ in HOSTS.items() for each in all_.split()]
)
def test_a_host_leads_to_its_app(app, address) -> None:
    assert screen_text([f"voir https://{address} ok" if "://" not in address else address])[
        0
    ].text in (f"voir [link:{app}] ok", f"[link:{app}]")


APPS = ("telegram snapchat instagram whatsapp signal wickr threema session wire potato discord "
        "twitter tiktok kik skype viber line wechat facebook matrix jabber icq onlyfans")  # fmt: skip


@pytest.mark.parametrize("app", APPS.split())
def test_an_app_names_its_accounts(app) -> None:
    assert screen_text([f"{app} : kzorg_xhesika"])[0].text == f"{app} : [handle:{app}]"


@pytest.mark.parametrize(
    ("sign", "app"), [("👻", "snapchat"), ("📸", "instagram"), ("✈", "telegram")]
)
def test_a_picture_names_its_app(sign, app) -> None:
    assert screen_text([f"{sign} KzorgXhesika"])[0].text == f"{sign} [handle:{app}]"


LENGTHS = {  # of the standard
    "ad": 24, "at": 20, "be": 16, "bg": 22, "ch": 21, "cy": 28, "cz": 24, "de": 22, "dk": 18,
    "ee": 20, "es": 24, "fi": 18, "fr": 27, "gb": 22, "gi": 23, "gr": 27, "hr": 21, "hu": 28,
    "ie": 22, "it": 27, "li": 21, "lt": 20, "lu": 20, "lv": 21, "mc": 27, "md": 24, "mt": 31,
    "mu": 30, "nl": 18, "no": 15, "pl": 28, "pt": 25, "ro": 24, "rs": 22, "sa": 24, "se": 24,
    "si": 19, "sk": 24, "sm": 27, "tn": 24, "tr": 26, "ma": 28, "ua": 29, "ae": 23, "al": 28,
    "ba": 20, "by": 28, "dz": 26, "eg": 29, "fo": 18, "ge": 22, "gl": 18, "il": 23, "is": 26,
}  # fmt: skip


@pytest.mark.parametrize("country", LENGTHS)
def test_an_account_is_as_long_as_those_of_its_country(country) -> None:
    code, long = country.upper(), LENGTHS[country]
    text = f"{code}12 " + " ".join("5" * (long - 4)) + " 7 7"
    found = [span for span in scan(text) if span.kind == f"iban:{code}"]
    assert [(span.start, sum(map(str.isalnum, text[: span.stop]))) for span in found] == [(0, long)]


NATIONAL = {  # digits after the calling code, at least and at most
    "33": (9, 9), "32": (8, 9), "34": (9, 9), "39": (8, 11), "49": (7, 12), "44": (9, 10),
    "41": (9, 9), "352": (6, 9), "31": (9, 9), "351": (9, 9), "213": (8, 9), "212": (9, 9),
    "216": (8, 8), "1": (10, 10), "377": (8, 9), "376": (6, 9), "262": (9, 9), "590": (9, 9),
    "594": (9, 9), "596": (9, 9), "48": (7, 12),
}  # fmt: skip


@pytest.mark.parametrize("code", NATIONAL)
def test_a_number_from_abroad_is_as_long_as_those_of_its_country(code) -> None:
    least, most = NATIONAL[code]
    lengths = [n for n in range(4, 16) if phones._abroad(code + "2" * n) is not None]
    assert lengths == [*range(least, most + 1)]
    assert phones._abroad(code + "0" + "2" * least) is not None  # the 0 of a call within


def grouped(text):
    out, at = [], 0
    for each in text.split():
        out.append(Chunk(each, at, at + len(each)))
        at += len(each) + 1
    return out


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("06 39 98 12 34", "FR"), ("0639981234", "FR"), ("0470 12 34 56", "BE"),
        ("0370 12 34 56", "FR"), ("079 123 45 67", "CH"), ("02 123 45 67", "BE"),
        ("065 12 34 56", "BE"), ("065 1234 56", None), ("07700 900123", "GB"),
        ("07700900123", "GB"), ("0770 090 0123", "GB"), ("020 7946 0958", "GB"),
        ("01632 960123", "GB"), ("01632 960 123", "GB"), ("01632960123", "GB"), ("0163 296 0123", "GB"),
        ("016 329 60123", None), ("00 12 34 56 78", None), ("12 34 56 78", None),
        ("00 33 6 39 98 12 34", "FR"), ("00 32 470 12 34 56", "BE"), ("012345678", None),
    ],
)  # fmt: skip
def test_a_number_without_a_plus_is_of_the_country_of_its_groups(number, country) -> None:
    assert phones._country(number.replace(" ", ""), grouped(number), plus=False) == country


@pytest.mark.parametrize(
    ("number", "country"),
    [
        ("639981234", "FR"), ("6 39 98 12 34", "FR"), ("6 39981234", "FR"), ("639 98 12 34", ""),
        ("639 981 234", ""), ("6 3998 1234", ""), ("639 981234", None), ("539 981 234", None),
        ("212 555 0123", ""), ("212 5550123", ""), ("1 212 555 0123", ""), ("212 55 50123", None),
        ("345 678 9012", "IT"), ("1 212 555 01234", None), ("012 345 678", ""), ("012 345 67", None),
        ("0123 45678 9012", ""), ("0123 45678 90123", None), ("33639981234", "FR"),
        ("3363998123", None), ("85212345678", None), ("212 612 345 678", "MA"),
        ("212 112 345 678", None), ("33 6 39 98 12 34", "FR"), ("999 612 345 678", None),
    ],
)  # fmt: skip
def test_groups_tell_the_country_of_a_number(number, country) -> None:
    assert phones._by_grouping(number, grouped(number)) == country


@pytest.mark.parametrize(
    "code", ["32", "34", "44", "49", "39", "41", "31", "352", "351", "212", "213", "216"]
)
def test_a_number_with_its_calling_code_and_no_plus(code) -> None:
    number = code + "2" * (11 - len(code))
    wanted = phones._abroad(number)
    assert wanted is None or phones._by_grouping(number, grouped(number)) == wanted


@pytest.mark.parametrize("joined", [" et ", " and ", " & ", " ou ", " or "])
def test_a_name_that_is_joined_to_another_is_one(joined) -> None:
    assert screen_text([f"vu Mehdi{joined}Xhesika là"])[0].text == f"vu [name]{joined}[name] là"


@pytest.mark.parametrize("joined", [", ", " n ", " + ", " et "])
def test_a_word_that_is_a_name_beside_a_sure_one(joined) -> None:
    assert screen_text([f"vu Rose{joined}Mehdi là"])[0].text == f"vu [name]{joined}[name] là"
    assert screen_text([f"vu Mehdi{joined}Rose là"])[0].text == f"vu [name]{joined}[name] là"

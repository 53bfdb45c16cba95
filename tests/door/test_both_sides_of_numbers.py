"""Numbers that reach somebody and numbers of things: the last that goes and the first that stays."""

# ruff: noqa: E501
from __future__ import annotations

import pytest

from fanal.door import things
from fanal.door.first_look import BITS, EVERYTHING
from fanal.door.identifiers import mask, residual_risk, scan, screen_text
from fanal.door.recognisers import phones
from fanal.door.recognisers.digits import Chunk
from fanal.door.spans import Span

APART = " ! ".join


def chunks(*digits):
    """Return pieces of digits with a sign between."""
    out, at = [], 0
    for each in digits:
        out.append(Chunk(each, at, at + len(each)))
        at += len(each) + 1
    return out


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        (f"vu 12 ici, {APART('1639981234')}", "vu 12 ici, [phone:FR]"),
        (APART("1639981234"), "[phone:FR]"),
        (APART("163998123"), APART("163998123")),
        ("vu 12 ici\n0\n6\n3\n9\n9\n8\n1\n2\n3\n4", "vu 12 ici\n[phone:FR]"),
        ("33 x 4 x 39 x 98 x 12 x 34", "33 x 4 x 39 x 98 x 12 x 34"),
        # a second line is that of a number of ten characters or more
        ("vu 12 639981234/35 ici", "vu 12 [phone:FR]/35 ici"),
        ("vu 12 0639981234/35 ici", "vu 12 [phone:FR] ici"),
        ("le 5 ou 0 et 6 et 3 et 9 et 9 et 8 et 1 et 2 et 3 et 4", "le 5 ou [phone:FR]"),
    ],
)
def test_a_number_digit_by_digit_is_one_wherever_it_begins(text, stored) -> None:
    assert screen_text([text])[0].text == stored


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("promo 3/50 5/80 10/150", ""), ("promo 3/50 5/80 10/151", "run of digits"),
        ("vu 98 12 34 56 7", "run of digits"), ("vu PF-03550096 là", ""),
        ("vu PF-03550096 et 98 12 34 56 7", "run of digits"), ("un a@b ici", "address-like token"),
        ("rdv demain @ 18h", ""), ("vu t.me/x", "address-like token"), ("http://x", "address-like token"),
        ("www la", "address-like token"), ("[phone:FR] là [name]", ""), ("", ""),
        ("le 3919 puis 0800 23 13 13", ""), ("ean 3400930000007", ""),
        # days, years and small lots reach nobody
        ("vu 20240315", ""), ("vu 1234567", "run of digits"), ("vu 123456", ""), ("vu 1234000", ""),
        ("lot 1234567", ""), ("vu 1234567 mg", ""), ("zero un deux trois quatre cinq six", ""),
        ("2019 2020 2021", ""), ("vu 1234 5678", "run of digits"), ("vu 1234 567", ""),
        ("vu 12345 6789", ""), ("69001 69002 69003", ""), ("10 20 30 40 50", ""),
        ("05 61 23 45", "run of digits"), ("15 61 23 45", ""),
        ("05 61 23", ""), ("05 61 23 45 12 13", ""), ("departements 05 61 23 45", ""),
        ("1 12 25 50 100 250", ""),
    ],
)  # fmt: skip
def test_what_is_still_too_risky(text, why) -> None:
    assert residual_risk(text) == why


def test_only_what_the_first_look_saw_is_looked_for_again() -> None:
    text = "promo 3/50 5/80 10/150"
    for name in ("phones", "banking", "cards", "social_security"):
        assert residual_risk("vu 98 12 34 56 7", BITS[name]) == "run of digits"
        assert residual_risk(text, BITS[name]) == ""
        assert residual_risk("a@b", BITS[name]) == "address-like token"
    assert residual_risk("vu 98 12 34 56 7", BITS["residue"]) == ""
    assert residual_risk("a@b", BITS["residue"]) == "address-like token"
    assert residual_risk("vu 98 12 34 56 7 a@b", EVERYTHING - BITS["residue"]) != ""
    for name in ("names", "handles", "links", "emails"):
        assert residual_risk("vu 98 12 34 56 7 a@b", BITS[name]) == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("le 3919", ["3919"]), ("le 0800 23 13 13", ["0800 23 13 13"]), ("le 0800 23 13 14", []),
        ("vu \x01\x01 la", ["\x01\x01"]), ("ean 3400930000007", ["ean 3400930000007", "3400930000007"]),
        ("lot dit ab12", ["ab12"]), ("lot! ab12", []), ("pilot ab12", []), ("lots ab12", ["ab12"]),
        ("ab12 du lot", []), ("art. r. 3121-33", ["r.", "3121", "33"]), ("loi de lea", ["de"]),
        ("circulaires" + " qui" * 9 + "   ab12", ["ab12"]),
        ("circulaires" + " qui" * 9 + "    ab12", ["ab12"]),
        ("circulaires" + " qui" * 9 + "     ab12", []),
        ("lot 1 art 2", ["1", "2", "2"]),
    ],
)  # fmt: skip
def test_numbers_of_things(text, said) -> None:
    assert [text[start:stop] for start, stop in things.numbers(text)] == said


def test_numbers_of_things_are_blanked_in_their_place() -> None:
    blank = "\x01"
    assert things.hidden("a doi 10.2807/x.y b ean 3400930000007 c 3919 d 0800 23 13 13 e") == (
        f"a {blank * 15} b {blank * 17} c 3919 d {blank * 13} e"
    )
    assert things.reaching_nobody("a 3/50 5/80 b 3919 c 3/50 d 0800 23 13 13") == (
        f"a {blank * 9} b {blank * 4} c 3/50 d 0800 23 13 13"
    )
    for cue, found in {"cip13": ["cip13"], "cip 13": ["cip"], "lots": ["lots"], "lotsa": [], "alot": [],
                       "une section, une loi": ["section", "loi"], "": []}.items():  # fmt: skip
        assert [cue[start:stop] for start, stop in things.cues(cue)] == found


def test_a_text_is_masked_span_by_span() -> None:
    spans = [Span(0, 2, "name"), Span(3, 5, "phone:FR"), Span(5, 6, "code")]
    assert mask("ab cdef g", spans) == "[name] [phone:FR][code]f g"
    assert mask("ab", []) == "ab" and mask("", []) == ""


def test_letters_that_stand_apart_are_read_together() -> None:
    text = "ecris p l u g @ g m a i l . c o m et vu Mehdi"
    assert scan(text) == [Span(6, 33, "email"), Span(40, 45, "name")]
    assert scan("vu a b c d e f ici") == []
    assert scan("puis 1 2 3 a b c 4 5 ici") == []


def test_what_an_emoji_is_cut_of_goes_with_it() -> None:
    text = "0️⃣6️⃣3️⃣9️⃣9️⃣8️⃣1️⃣2️⃣4️⃣6️⃣ x"
    (span,) = scan(text)
    assert text[span.stop :] == " x"


EVEN = [("1", "2", "3", "4", "5"), ("5", "4", "3", "2", "1"), ("10", "20", "30", "40", "50")]


def test_numbers_by_one_step_are_a_list() -> None:
    assert [phones._even_steps(chunks(*each)) for each in EVEN] == [True] * 3
    for each in (("1", "2", "3", "4"), ("1", "2", "3", "4", "6"), ("7",) * 5, ("1",), ()):
        assert not phones._even_steps(chunks(*each))


def test_round_amounts_are_no_number() -> None:
    for each in (("10", "20", "35"), ("5", "0", "9995")):
        assert phones._round(chunks(*each))
    for each in (("10", "20"), ("10", "20", "36"), ("5", "10", "10000")):
        assert not phones._round(chunks(*each))


def test_sizes_rise_and_have_several_lengths() -> None:
    for each in (("1", "12", "100"), ("5", "1234")):
        assert phones._are_sizes(chunks(*each))
    for each in (
        ("01", "12", "100"),
        ("11", "12"),
        ("1", "100", "12"),
        ("1", "1", "12"),
        ("1", "12345"),
    ):
        assert not phones._are_sizes(chunks(*each))


def test_lines_of_a_bus_rise_with_commas_between() -> None:
    def counted(text):
        at, found = 0, []
        for each in text.replace(",", " ").split():
            at = text.index(each, at)
            found.append(Chunk(each, at, at + len(each)))
            at += len(each)
        return phones._counted(text, found)

    assert counted("2, 3, 9, 12, 99") and counted("1 2 3 4, 5")
    for text in ("2, 3, 9, 12", "2, 3, 9, 12, 12", "2, 3, 9, 12, 100", "2 3 9 12 99", "02, 3, 9, 12, 99",
                 "6, 8, 9, 12, 99", "7, 8, 9, 12, 99", "3, 2, 9, 12, 99"):  # fmt: skip
        assert not counted(text), text


def test_areas_are_of_two_figures_or_overseas() -> None:
    yes = ("01", "95", "00", "971", "972", "973", "974", "976")
    assert all(map(phones._is_area, yes))
    assert not any(map(phones._is_area, ("96", "1", "975", "977", "100", "")))


def test_the_country_of_a_number_from_abroad() -> None:
    found = {
        "33639981234": "FR", "3363998123": None, "336399812345": None, "330639981234": "FR",
        "32470123456": "BE", "3247012345": "BE", "324701234": None, "324701234567": None,
        "447700900123": "GB", "4477009001": None, "41791234567": "CH", "4179123456": None,
        "352621123": "LU", "352621123456": "LU", "35262112": None, "3526211234567": None,
        "12125550123": "US", "1212555012": None, "590590123456": "GP", "85212345678": "HK",
        "852123456": None, "8521234567": "HK", "0639981234": None, "999123456789": None,
        "852123456789012": "HK", "8521234567890123": None,
    }  # fmt: skip
    assert {number: phones._abroad(number) for number in found} == found

"""What holds for any text: no crash, offsets inside, what is admitted is admitted again as it is."""

# ruff: noqa: E501
from __future__ import annotations

import unicodedata
from pathlib import Path

import planted
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fanal.door import first_look
from fanal.door.identifiers import leaks, scan, screen_text
from fanal.door.normalise import clean, fold, is_clean

ALPHABET = st.characters(codec=None, exclude_categories=())
MESSY = st.lists(
    st.one_of(
        st.text(ALPHABET, max_size=6),
        st.sampled_from(
            ["06 39 98 12 34", "@plug_75", " ", "\n", "\u200b", "\u0301", "[name]", "[phone:FR]", "t.me/x1", "code ", "snap ", "a@b.fr",
             "6️⃣", "zéro six", "rue de Lyon", "12 ", "Karim ", "né le 1/2/1990", "\ud800", "😀", "AB-123-CD", "FR76 3000"]
        ),
    ),
    max_size=12,
).map("".join)  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(MESSY)
@example("\u1100\u1161\u11a8 \u0300\u0301a\u0300\u0300")
def test_any_text_is_taken_and_what_comes_out_is_stable(text: str) -> None:
    (screened,) = screen_text([text])
    for span in screened.found:
        assert 0 <= span.start < span.stop <= len(text)
    assert [*screened.found] == sorted(screened.found)
    if screened.text is None:
        return
    assert is_clean(screened.text) and unicodedata.is_normalized("NFC", screened.text)
    screened.text.encode("utf-8")
    (again,) = screen_text([screened.text])
    assert again.text == screened.text
    assert again.found == ()


@settings(deadline=None, max_examples=300)
@given(st.text(ALPHABET))
def test_clean_keeps_where_things_were(text: str) -> None:
    out, back = clean(text)
    assert clean(out)[0] == out
    assert len(fold(out)) == len(out)
    if back is not None:
        assert len(back) == len(out) + 1 and back == sorted(back) and back[-1] == len(text)


SEPARATORS = ["", " ", ".", "-", "/", "_", "*", " - ", " . ", "  ", "\u00a0", "\u202f", "🔥", "|", "~", "·", ",", ", ", "\n", "…", "+", "#", "\u200b"]  # fmt: skip
TEMPLATES = ["{}", "appelle {} vite", "10g 60€ {} 7j/7", "num:{}", "({})", "📞{}📞", "le {} ou rien", "call {}.", "{} 92 93 94 95", "menu 3.5g 40€\n{}\nlivraison 20h-2h"]  # fmt: skip


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("template", TEMPLATES)
def test_no_planted_number_survives(template: str, separator: str) -> None:
    for number in ("0639981234", "0199001907"):
        text = template.format(separator.join(number[i : i + 2] for i in range(0, 10, 2)))
        (screened,) = screen_text([text])
        kept = "".join(c for c in screened.text or "" if c.isdigit())
        assert number[4:] not in kept and number[:6] not in kept, screened.text


def test_the_screen_loses_nothing() -> None:
    texts = [
        planted.plain(line)
        for held in (False, True)
        for line in planted.messages(5, 300, held=held)
    ]
    texts = [clean(text)[0] for text in texts + planted.clean()]
    bits = first_look.look(texts)
    missed = [
        index
        for index, text in enumerate(texts)
        if scan(text) != scan(text, bits=bits.get(index, 0))
    ]
    assert missed == []


def test_exports_are_scanned_by_the_same_rules() -> None:
    for line in planted.messages(11, 150, held=False):
        (screened,) = screen_text([planted.plain(line)])
        if screened.text is not None:
            assert leaks(screened.text) == []


@pytest.mark.parametrize("name", ["unseen_fr.txt", "unseen_en.txt", "unseen_mixed.txt"])
def test_what_the_door_admits_has_no_new_finding(name: str) -> None:
    lines = Path(__file__).with_name(name).read_text("utf-8").splitlines()
    texts = [planted.plain(line.replace("⏎", "\n")) for line in lines if line]
    stored = [screened.text for screened in screen_text(texts) if screened.text is not None]
    assert [text for text in stored if leaks(text)] == []

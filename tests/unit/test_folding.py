"""Folding: one code point to one code point."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.coding.views import texts_of, views
from fanal.text.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("L’HÉRO déjà", "l'hero deja"),
        ("ＣＯＫＥ", "coke"),
        ("сосаіne", "cocaine"),  # Cyrillic с, о, с, а, і
        ("κέτα", "keta"),  # Greek
        ("𝓬𝓸𝓴𝓮 🅲🅾🅺🅴 ᴄᴏᴋᴇ Ⓒⓞⓚⓔ", "coke coke coke coke"),
        ("3‑MMC – 50\u202f€", "3-mmc - 50 €"),
        ("œuf ß ½ ❄\ufe0f", "œuf ß ½ ❄\ufe0f"),
        ("ΝΗΜ νημ", "nhm vnμ"),  # a capital looks like another letter than its small one
        ("٣ ❸ ⓪ 𝟗 ³", "3 3 0 9 3"),
        ("• ● ․ ⁄ ″", '· · · / "'),
        ("пьёїґ Ǽ 🇫🇷 ﬁ", "nbeir æ 🇫🇷 ﬁ"),
        ("Ça, c'est", "ca, c'est"),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


@settings(deadline=None)
@given(st.text())
def test_fold_keeps_the_length_and_is_idempotent(text: str) -> None:
    text = unicodedata.normalize("NFC", text)
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


@settings(deadline=None)
@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40), min_size=1
    )
)
def test_view_has_one_byte_a_code_point(texts: list[str]) -> None:
    for limit in (10, 1 << 20):
        seen = 0
        for view in views(texts_of(texts), limit):
            for number, start in enumerate(view.start.tolist()):
                text = texts[view.first + number]
                assert view.buffer[start - 1] == 0x20
                assert view.buffer[start + len(text)] == 0x20
                shown = bytes(view.buffer[start : start + len(text)])
                for byte, char in zip(shown, fold(text), strict=True):
                    if 0x61 <= byte <= 0x7A or 0x30 <= byte <= 0x39:
                        assert char == chr(byte)
                seen += 1
            outside = [
                (start + at, ord(char))
                for number, start in enumerate(view.start.tolist())
                for at, char in enumerate(texts[view.first + number])
                if char > "\x7f" or char == "$"
            ]
            found = list(zip(view.where.tolist(), view.points.tolist(), strict=True))
            assert found == outside
        assert seen == len(texts)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("c'est l'herbe d’ici", "\x01 est \x01 herbe \x01 ici"),
        ("it's 3-mmc", "it \x01 3 mmc"),
        ("l'h", "\x01 h"),
        ("c@ke $peed 50$ coke* a@b.c", "c\x0eke \x0fpeed 50  coke  a\x0eb c"),
        ("жc", "\x7fc"),
    ],
)
def test_view(text: str, shown: str) -> None:
    view = next(iter(views(texts_of([text]))))
    assert bytes(view.buffer[1:-1]).decode("latin-1") == shown

"""Disguised spellings: what is read, and what is left alone."""

import pytest

from fanal.coding.names.disguise import Disguise
from fanal.coding.views import texts_of, views

NAMES = ["coke", "shit", "weed", "keta", "mdma", "3mmc", "cocaine", "heroine", "lsd", "beuh"]


def found(text: str) -> list[tuple[str, str]]:
    disguise = Disguise(NAMES)
    view = next(iter(views(texts_of([text]))))
    start = int(view.start[0])
    return [(text[a - start : b - start], name) for a, b, name in disguise.find(view)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("c0ke", [("c0ke", "coke")]),
        ("sh1t, w33d", [("sh1t", "shit"), ("w33d", "weed")]),
        ("k3t4 et c0k3", [("k3t4", "keta"), ("c0k3", "coke")]),
        ("c@ke $hit w*ed", [("$hit", "shit"), ("w*ed", "weed")]),
        ("cokeeee beuuuh", [("cokeeee", "coke"), ("beuuuh", "beuh")]),
        ("c0keeee", [("c0keeee", "coke")]),
        ("c o k e dispo", [("c o k e", "coke")]),
        ("c.o.k.e", [("c.o.k.e", "coke")]),
        ("K-E-T-A", [("K-E-T-A", "keta")]),
        ("3 m m c", [("3 m m c", "3mmc")]),
        ("l.s.d", [("l.s.d", "lsd")]),
        ("с0ке", [("с0ке", "coke")]),
        ("h3r0ïn3", [("h3r0ïn3", "heroine")]),
        # not disguised, or not a name
        ("coke 3mmc", []),
        ("10g 50e 2g50 100mg 7j7 4G mp3", []),
        ("y a t il un a b c", []),
        ("ouiiii haaaa", []),
        ("covid19 b2b h24", []),
        ("a@b.fr", []),
    ],
)
def test_disguise(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(text)) == sorted(expected)

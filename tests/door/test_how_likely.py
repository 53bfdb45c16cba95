"""How likely each thing in question is to be somebody, why, and as what it would be masked."""

from __future__ import annotations

import pytest

from fanal.door.candidates import Candidate, _one_error, candidates
from fanal.door.spans import Span

BLANK = "\x01" * 5


def found(text, roster=(), believed=()):
    return [
        (text[one.start : one.stop], one.kind, one.why, one.score)
        for one in candidates(text, roster, believed)
    ]


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("on l'appelle le chimiste ici", ("chimiste", "name", "called", 0.95)),
        ("on dort chez didou ce soir", ("didou", "name", "at", 0.9)),
        ("chez Table", ("Table", "name", "at", 0.9)),
        ("chez Kétamine là", ("Kétamine", "name", "at", 0.9)),
        ("je demande à brumelk souvent", ("brumelk", "name", "beside", 0.7)),
        ("hier R. est parti", ("R.", "name", "initials", 0.9)),
        ("il voit KT demain", ("KT", "name", "letters", 0.55)),
        ("au squat des Lilas, dehors", ("squat des Lilas", "address", "spot", 0.88)),
        ("le gardien de Plouzélan ouvre", ("gardien de Plouzélan", "role", "role", 0.89)),
        ("le dossier 44/1234 est clos", ("44/1234", "reference", "reference", 0.85)),
        ("vu 44 55 66 77 88 ici", ("44 55 66 77 88", "reference", "number", 0.8)),
        ("vu Guingamp", ("Guingamp", "name", "town", 0.3)),
        ("vu xyblork", ("xyblork", "name", "unknown", 0.2)),
        ("vu xybl", ("xybl", "name", "unknown", 0.2)),
        ("vu xyblorkabc", ("xyblorkabc", "name", "unknown", 0.2)),
        ("vu KTXYZ ici", ("KTXYZ", "name", "letters", 0.3)),
        ("vu KTXYZA ici", ("KTXYZA", "name", "capital", 0.85)),
        ("avec Xylofi on y va", ("Xylofi", "name", "capital", 0.85)),
        ("Xylofi dort", ("Xylofi", "name", "capital", 0.65)),
        ("bon. Xylofi dort", ("Xylofi", "name", "capital", 0.65)),
        ("bon : « Xylofi dort", ("Xylofi", "name", "capital", 0.65)),
        ("- Xylofi dort", ("Xylofi", "name", "capital", 0.65)),
        ("bon, Xylofi dort", ("Xylofi", "name", "capital", 0.85)),
        ("vu Delattre là", ("Delattre", "name", "listed", 0.9)),
        ("vu Mehdi là", ("Mehdi", "name", "listed", 0.9)),
        ("vu Rose là", ("Rose", "name", "listed", 0.6)),
        ("vu mehdi là", ("mehdi", "name", "listed", 0.6)),
    ],
)
def test_what_is_asked_of_a_text(text, what) -> None:
    assert found(text) == [what]


@pytest.mark.parametrize(
    "text",
    ["vu rose là", "vu Le là", "chez table", "chez moi", "vu xyb là", "vu xyblorkabcd là",
     "vu mangerai", "vu Kétamine là", "vu x", "vu X", "", BLANK, f"vu {BLANK} là",
     "on l'appelle Coco"],
)  # fmt: skip
def test_what_is_asked_of_nobody(text) -> None:
    assert found(text) == []


def test_what_the_tagger_half_believes_is_asked_unless_it_is_settled() -> None:
    believed = [(Span(3, 8, "role"), 0.25)]
    assert found("vu zoubi là", (), believed) == [("zoubi", "role", "wording", 0.75)]
    assert found(f"vu {BLANK} là", (), believed) == []
    # less than a cue says, more than a word that no list has
    assert found("on l'appelle zoubi", (), [(Span(13, 18, "role"), 0.4)]) == [
        ("zoubi", "name", "called", 0.95)
    ]
    # of what overlaps the likeliest, and of two as likely the longest
    pair = [(Span(0, 5, "role"), 0.3), (Span(0, 11, "name"), 0.3), (Span(6, 11, "role"), 0.3)]
    assert found("porte porte", (), pair) == [("porte porte", "name", "wording", 0.8)]
    apart = [(Span(6, 11, "role"), 0.3), (Span(0, 6, "role"), 0.3)]
    assert [one[0] for one in found("porte porte", (), apart)] == ["porte ", "porte"]
    assert found("de la kétamine", (), [(Span(6, 14, "name"), 0.4)]) == []  # a substance


def test_one_of_the_people_is_asked_for_whole_shortened_or_mistyped() -> None:
    said = "zorglin zorgline zorlgin zarglin zorgxlin zorg zor"
    assert found(said, ["Zorglin"]) == [(w, "name", "roster", 1.0) for w in said.split()]
    assert found("kervel Rose rose", ["Kervel"]) == [
        ("kervel", "name", "roster", 1.0), ("Rose", "name", "listed", 0.6)
    ]  # fmt: skip
    assert {one[2] for one in found("orglin zorgi zargxin zo bonjour", ["Zorglin"])} == {"unknown"}
    assert [one[2] for one in found("xybr", ["Xybl"])] == ["unknown"]  # too short to be mistyped
    assert [one[2] for one in found("xyblr", ["Xyblo"])] == ["roster"]


@pytest.mark.parametrize(
    ("word", "yes"),
    [
        ("zorglin", True), ("zorgli", True), ("zorglinx", True), ("zorgxin", True),
        ("zroglin", True), ("zorglni", True), ("orglin", True), ("xzorglin", True),
        ("zogrlni", False), ("zorgl", False), ("zorglinxy", False), ("zxrxlin", False),
        ("zorgilx", False), ("", False),
    ],
)  # fmt: skip
def test_one_error_of_typing(word, yes) -> None:
    assert _one_error(word, "zorglin") == _one_error("zorglin", word) == yes


def test_candidates_are_in_order() -> None:
    assert candidates("KT et Xylofi", ()) == [
        Candidate(0, 2, "name", "letters", 0.55), Candidate(6, 12, "name", "capital", 0.85),
    ]  # fmt: skip

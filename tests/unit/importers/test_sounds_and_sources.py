"""Notes of sounds are nobody's words, and where an article has its news from heads no other."""

import pytest

from fanal.importers.base import RawDocument, Skipped
from fanal.importers.press import Press
from fanal.importers.reading.sounds import is_sound
from fanal.importers.transcripts import Transcripts

ONE = (
    "Les prix de la cocaïne baissent encore selon les associations, qui parlent de cinquante euros."
)
TWO = "La préfecture alerte sur des comprimés bleus. Plusieurs hospitalisations ont été signalées."
SRT = "1\n00:00:01,000 --> 00:00:03,000\n{}\n\n2\n00:00:03,500 --> 00:00:06,000\n{}\n"


def read(importer, tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    found = list(importer().extract(path))
    sounds = sum(r.count for r in found if isinstance(r, Skipped) and r.rule == "note of a sound")
    return [r for r in found if isinstance(r, RawDocument)], sounds


@pytest.mark.parametrize(
    "text",
    ["[música]", "(rires)", "♪", "♪ la la la ♪", "[Musique douce] (rires)", "*lacht*",
     "- [Applaus]", "[00:01:02] (soupir)", "[Unverständlich]", "(ride)"],
)  # fmt: skip
def test_what_is_heard_is_no_word(text):
    assert is_sound(text)


@pytest.mark.parametrize(
    "text",
    ["(dix euros)", "(rien)", "[oui]", "rires", "(rires) Dix euros.", "Le vendredi. (soupir)",
     "(il rit parce que le vendeur est revenu)", "(rideau)", "(12 mars 2026)", "", "()"],
)  # fmt: skip
def test_what_is_said_in_brackets_is_said(text):
    assert not is_sound(text)


def test_captions_of_sounds_are_counted_and_not_read(tmp_path):
    documents, sounds = read(Transcripts, tmp_path, "e.srt", SRT.format("[música]", "Diez euros."))
    assert ([d.text for d in documents], sounds) == (["Diez euros."], 1)
    documents, sounds = read(Transcripts, tmp_path, "f.srt", SRT.format("(diez)", "Diez euros."))
    assert ([d.text for d in documents], sounds) == (["(diez) Diez euros."], 0)


def test_a_sound_between_turns_is_of_nobody(tmp_path):
    text = "12 mars 2026\nQ : Où ?\n(rires)\nR : [silence]\nQ : Là ?\nR : (rires)\nOui, le soir.\n"
    documents, sounds = read(Transcripts, tmp_path, "e.txt", text)
    assert [(d.author, d.text) for d in documents] == [
        ("e: Q", "Où ?"), ("e: Q", "Là ?"), ("e: R", "Oui, le soir."),
    ]  # fmt: skip
    assert sounds == 3


AGENCIES = (
    "Le Fictif, 12 mars 2026\n{a}\nSource : AFP, 11/03/2026\n\nLa Voix, 14 mars 2026\n{b}"
    "\n(Source : AFP, 13/03/2026)"
)
ADDRESSES = (
    "{a}\nLe Fictif, publié le 12 mars 2026 à 08:15\nhttps://www.exemple.invalid/1\n\n{b}\n"
    "La Voix, publié le 13 mars 2026\nhttps://www.exemple.invalid/2"
)


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Saisie\n\nParis Fictif, 14 mars 2026\n\n{a}\n\nSource : AFP, 13/03/2026\n\n{b}", [14]),
        (AGENCIES, [12, 14]),
        ("Source : Le Fictif, 12/03/2026\n{a}\n\nSource : La Voix, 14/03/2026\n{b}", [12, 14]),
        ("il Fittizio - 3 marzo 2026\n{a}\n\nCorriere - 5 marzo 2026\n{b}", [3, 5]),
        ("fiktiv, 3. März 2026, S. 4\n{a}\n\nDie Fiktive, 5. März 2026\n{b}", [3, 5]),
        (ADDRESSES, [12, 13]),
        ("Le Fictif, 12 mars 2026\n{a}\n\nmardi, 10 mars 2026\n\n{b}", [12]),
        ("Une histoire\n\nhier, 12 mars 2026\n{a}\n\nlà-bas, 14 mars 2026\n{b}", [12]),
    ],
)  # fmt: skip
def test_what_heads_an_article(tmp_path, text, days):
    documents, _ = read(Press, tmp_path, "revue.txt", text.format(a=ONE, b=TWO))
    assert [d.time.day for d in documents] == days

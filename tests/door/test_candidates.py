"""What a person is shown though no rule is sure: each with a near-miss, and how they rank."""

from collections import Counter
from pathlib import Path

import pytest

from fanal.benchmarks.marked import _covered, _screened, read_marked
from fanal.door.candidates import candidates

GOLD = Path(__file__).parents[2] / "gold" / "train"


def found(text, roster=()):
    return [(text[c.start : c.stop], c.why) for c in candidates(text, roster)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("on l'appelle le ‹chimiste› ici", "called"),
        ("un mec surnommé « ‹prune› »", "called"),
        ("on dort chez ‹didou› ce soir", "at"),
        ("je demande à ‹brumelk› souvent", "beside"),
        ("avec ‹Xylofi› on y va", "capital"),
        ("hier ‹R.› est parti", "initials"),
        ("il voit ‹KT› demain", "letters"),
        ("au ‹squat des Lilas›, dehors", "spot"),
        ("c'est le ‹gardien de Plouzélan› qui ouvre", "role"),
        ("le dossier ‹44/1234› est clos", "reference"),
        ("vu ‹44 55 66 77 88› sur le mur", "number"),
        ("il a dit que ‹Nounours› dort", "capital"),
        ("hier à ‹Guingamp› on a vu", "town"),
        ("la petite ‹xyblork› dort", "unknown"),
    ],
)
def test_each_is_shown(text, why):
    bare = text.replace("‹", "").replace("›", "")
    wanted = text[text.index("‹") + 1 : text.index("›")]
    assert (wanted, why) in found(bare)


@pytest.mark.parametrize(
    "text",
    [
        "on l'appelle comme ça",
        "on dort chez le médecin ce soir",
        "je demande à manger souvent",
        "avec MDMA on y va",
        "le prix est parti. Et puis voilà",
        "au squat des voisins, dehors",
        "trois grammes à 40 euros",
        "Tattoo, grammes, vendeuses",
        "de la kétamine et du Subutex",
    ],
)
def test_near_misses_are_not(text):
    assert found(text) == []


def test_people_who_are_known_are_found_again():
    roster = ["Mehdi Zorglin"]
    assert found("mehd, zorgli, Zorgiln et Zoorglin, pas zor ni zo", roster) == [
        (word, "roster") for word in ("mehd", "zorgli", "Zorgiln", "Zoorglin", "zor")
    ]
    assert found("la \x01\x01\x01\x01 dort", roster) == []


def test_the_likelier_comes_before():
    text = "on l'appelle Nounours, et Blorg, et Zorglin vient de Guingamp"
    scores = {text[c.start : c.stop]: c.score for c in candidates(text, ["Zorglin"])}
    assert sorted(scores, key=scores.get, reverse=True) == [
        "Zorglin", "Nounours", "Blorg", "Guingamp"
    ]  # fmt: skip


@pytest.mark.bars
def test_nine_in_ten_of_what_the_door_leaves_are_shown():
    """In the gold of interviews and notes that rules were made with."""
    left, shown, lines, all_of_them = Counter(), Counter(), 0, 0
    for name, kind in (("interview-a", "interview"), ("interview-e", "interview"),
                       ("notes-c", "field notes")):  # fmt: skip
        texts = read_marked(GOLD / f"door-{name}.txt")
        for each, screened in zip(texts, _screened(texts, kind), strict=True):
            covered = _covered(screened, len(each.text))
            bare = "".join("\x01" if c else s for s, c in zip(each.text, covered, strict=True))
            seen = candidates(bare, ())
            lines, all_of_them = lines + 1, all_of_them + len(seen)
            for what, start, stop in each.marks:
                if not any(covered[start:stop]):
                    left[what] += 1
                    shown[what] += any(c.start < stop and start < c.stop for c in seen)
    print(f"{shown.total()} of {left.total()}; {all_of_them / lines:.2f} candidates a line")
    assert shown.total() >= 0.9 * left.total()
    assert all_of_them <= 1.6 * lines

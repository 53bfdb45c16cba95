"""What people marked in a text, and how much of it the door keeps out."""

from collections import Counter
from pathlib import Path

import pytest

from fanal.benchmarks.marked import Marked, read_marked, score
from fanal.errors import ConfigError

GOLD = Path(__file__).parents[2] / "gold"
CLASSES = {
    "PERSON", "HANDLE", "PHONE", "EMAIL", "LINK", "CRYPTO", "IBAN", "CARD", "ADDRESS", "DOORCODE",
    "GPS", "PLATE", "NIR", "ID_DOCUMENT", "CASE", "BIRTH", "IP", "USER_ID", "ROLE",
}  # fmt: skip


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def test_marks_become_stretches_of_the_text(tmp_path: Path) -> None:
    file = written(tmp_path / "a.txt", "# author: Z\n\nchez [[PERSON|Léa]]⏎au [[PHONE|06]]\nrien\n")
    assert read_marked(file) == [
        Marked(3, "chez Léa\nau 06", (("PERSON", 5, 8), ("PHONE", 12, 14))),
        Marked(4, "rien", ()),
    ]


@pytest.mark.parametrize("line", ["chez [[PERSON|Léa", "[[person|léa]]", "a ]] b", "[[PERSON|]]"])
def test_a_bracket_that_marks_nothing_is_told_by_its_line(tmp_path: Path, line: str) -> None:
    file = written(tmp_path / "a.txt", f"bien\n{line}\n")
    with pytest.raises(ConfigError, match=r"^a.txt, line 2: brackets that mark nothing"):
        read_marked(file)


def test_a_file_without_a_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no text"):
        read_marked(written(tmp_path / "a.txt", "# author: Z\n\n"))


def test_a_mark_counts_where_nothing_of_it_is_left(tmp_path: Path) -> None:
    lines = [
        "appelle [[PHONE|06 39 98 12 34]] ou [[ROLE|le pharmacien de Plouha]]",
        "[[PERSON|Sandrine]] passe",
        "dispo ce soir",
        "on a vu Sandrine",
    ]
    texts = read_marked(written(tmp_path / "a.txt", "\n".join(lines)))
    kept = score(texts, "public posts")
    assert kept.marks == Counter(PHONE=1, ROLE=1, PERSON=1)
    assert kept.kept == Counter(PHONE=1, PERSON=1)
    assert kept.left == ((1, "ROLE"),)
    assert (kept.clean, kept.altered) == (2, 1)
    assert kept.shown == 1  # a review would ask about the pharmacist


def test_turns_of_one_document_are_read_together(tmp_path: Path) -> None:
    turns = ["— C'était [[PERSON|zoubidal]].", "— Mon cousin s'appelle [[PERSON|Zoubidal]]."]
    alone = read_marked(written(tmp_path / "a.txt", "\n".join(turns)))
    said = written(
        tmp_path / "b.txt", "\n".join(["# document: un", *turns, "# document: deux", "Oui."])
    )
    whole = read_marked(said)
    assert [one.document for one in alone] == ["", ""]
    assert [one.document for one in whole] == ["un", "un", "deux"]
    assert score(whole, "interview").kept == Counter(PERSON=2)


@pytest.mark.parametrize("file", sorted(GOLD.rglob("door-*.txt")), ids=lambda file: file.stem)
def test_written_gold_has_its_head_and_only_known_classes(file: Path) -> None:
    head = [line for line in file.read_text("utf-8").splitlines() if line.startswith("# ")]
    assert {line[2:].partition(":")[0] for line in head} >= {"author", "place", "date", "seen"}
    texts = read_marked(file)
    assert len(texts) > 100
    assert {name for text in texts for name, _, _ in text.marks} <= CLASSES

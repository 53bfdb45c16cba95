"""What is stored of every line that is known here, to the letter.

`alternatives.txt` has a line for each word and each shape that the rules look for, and `known.txt`
what is stored of the gold lines. A rule that changes on purpose changes them too:
`pytest tests/door --update`, and the diff is read as somebody else's work.
"""

from __future__ import annotations

from pathlib import Path

import planted
import pytest

from fanal.door import first_look
from fanal.door.identifiers import scan, screen_text
from fanal.door.normalise import clean

HERE = Path(__file__).parent
ALTERNATIVES, KNOWN = HERE / "alternatives.txt", HERE / "known.txt"


# What only a look at everything takes for a name: words of products that nothing makes one.
LEFT = ["Joy arrive demain", "Little arrive demain"]


def gold() -> list[str]:
    """Return the gold lines without their marks, ⏎ where a line ends within."""
    files = [*sorted(HERE.glob("fresh_*.txt")), *sorted(HERE.glob("unseen_*.txt"))]
    lines = [line for file in files for line in file.read_text("utf-8").split("\n")]
    return list(dict.fromkeys(planted.plain(line) for line in lines if line and line[0] != "#"))


def lines_of(file: Path) -> list[str]:
    return [row.partition("\t")[0] for row in file.read_text("utf-8").split("\n")[:-1]]


def told(lines: list[str]) -> list[str]:
    """Return each line, and after a tab what is stored where that is another text."""
    rows = []
    for line, screened in zip(
        lines, screen_text([s.replace("⏎", "\n") for s in lines]), strict=True
    ):
        stored = f"withheld: {screened.reason}" if screened.text is None else screened.text
        stored = stored.replace("\n", "⏎")
        rows.append(line if stored == line else f"{line}\t{stored}")
    return rows


@pytest.mark.parametrize("file", [ALTERNATIVES, KNOWN], ids=lambda file: file.stem)
def test_what_is_stored_of_each_line(file: Path, update: bool) -> None:
    lines = gold() if file == KNOWN else lines_of(file)
    found = told(lines)
    if update:
        file.write_text("\n".join([*found, ""]), "utf-8")
    assert found == file.read_text("utf-8").split("\n")[:-1]


def test_the_first_look_sends_on_whatever_a_reader_finds() -> None:
    texts = [clean(line.replace("⏎", "\n"))[0] for line in (*lines_of(ALTERNATIVES), *gold())]
    bits = first_look.look(texts)
    missed = [
        text
        for index, text in enumerate(texts)
        if scan(text, bits=bits.get(index, 0)) != scan(text)
    ]
    assert missed == LEFT

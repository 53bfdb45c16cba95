"""Of notebooks, weekly notes and exports of the press, every line is in a text or is told."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanal.errors import ImporterError
from fanal.importers.base import Importer, Issue, RawDocument, Skipped
from fanal.importers.press import Press
from fanal.importers.transcripts import Transcripts

MONTHS = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre"]
WORDS = ["crack", "kétamine", "gare", "dix euros", "maraude", "pureté", "3-MMC", "permanence"]
SET = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@st.composite
def sentences(draw: st.DrawFn, least: int = 1, most: int = 4) -> list[str]:
    """Sentences of which no two are alike."""
    numbers = draw(st.lists(st.integers(0, 9_999), min_size=least, max_size=most, unique=True))
    return [
        f"On parle de {draw(st.sampled_from(WORDS))} au numéro n{n:04d}, dit-il ce soir-là."
        for n in numbers
    ]


@st.composite
def days(draw: st.DrawFn) -> str:
    """A day in one of the ways in which people write it, with its year or without."""
    day, month, year = (
        draw(st.integers(1, 28)),
        draw(st.integers(1, 9)),
        draw(st.integers(2024, 2026)),
    )
    form = draw(st.sampled_from([
        "{d} {word} {y}", "{d:02d}/{m:02d}/{y}", "{y}-{m:02d}-{d:02d}", "{d} {word}", "Lundi {d}",
        "Le {d} {word} {y}", "Semaine {d} {y}", "{word} {y}", "{d:02d}.{m:02d}.",
        "Nuit du {d} au {n} {word} {y}",
    ]))  # fmt: skip
    return form.format(d=day, n=day + 1, m=month, y=year, word=MONTHS[month - 1])


@st.composite
def dated(draw: st.DrawFn, said: list[str]) -> str:
    """A line with a day: alone, as a heading, with a label, or before what is said."""
    day = draw(days())
    form = draw(st.sampled_from([
        "{d}", "Date : {d}", "## {d}", "Maraude du {d}", "{d} : {s}", "{d} – {s}", "{d}, {s}",
        "- {d} : {s}", "{s} ({d})", "Fait à Lille, le {d}", "Gare, {d}", "Version du {d}", "---",
        "Lieu : gare", "À venir :", "Carnet {d}",
    ]))  # fmt: skip
    line = form.format(d=day, s=said[0] if said else "rien")
    if "{s}" in form and said:
        said.pop(0)
    return line


@st.composite
def notebooks(draw: st.DrawFn) -> list[str]:
    """Blocks of dated lines and of sentences, in any order."""
    lines: list[str] = []
    pool = draw(sentences(4, 14))
    for _ in range(draw(st.integers(1, 6))):
        lines.append(draw(dated(pool)))
        if draw(st.booleans()):
            lines.append("")
        lines += [pool.pop(0) for _ in range(min(len(pool), draw(st.integers(0, 3))))]
    return lines + pool


@st.composite
def press(draw: st.DrawFn) -> list[str]:
    """A review or an export of a database, with lines where none should be."""
    pool = draw(sentences(6, 20))
    lines = [pool.pop(0)] if draw(st.booleans()) else []
    shape = draw(st.sampled_from(["nexis", "factiva", "europresse", "review", "none"]))
    count = draw(st.integers(1, 4))
    for number in range(1, count + 1):
        said = [pool.pop(0) for _ in range(min(len(pool), draw(st.integers(0, 5))))]
        day = f"{draw(st.integers(1, 28))} mars 2026"
        head = {
            "nexis": [
                f"{number} of {count} DOCUMENTS",
                "La Voix Fictive",
                day,
                "Un titre de trois",
            ],
            "factiva": ["Un titre de trois", "52 mots", day, "La Voix Fictive", "VOIX", "Français"],
            "europresse": [day, "La Voix Fictive • p. 12 • 321 mots", "Un titre de trois"],
            "review": [f"La Voix Fictive, {day}", "Un titre de trois"],
            "none": [day],
        }[shape]
        odd = [pool.pop(0)] if pool and draw(st.booleans()) else []
        at = draw(st.integers(0, len(head)))
        lines += [*head[:at], *odd, *head[at:], *said]
        if shape == "factiva":
            lines.append(f"Document VOIXFI002026031{number}el3c0001{number}")
        lines.append("")
    return lines


def outcome(importer: Importer, path: Path, lines: list[str]) -> tuple[str, set[int], int]:
    """Return what texts say, the lines that issues name, and how many were left out by a rule."""
    path.write_text("\n".join(lines), "utf-8")
    texts, told, left = list[str](), set[int](), 0
    for row in importer.extract(path):
        if isinstance(row, RawDocument):
            texts.append("\n".join(filter(None, [row.text, row.author, row.chat])))
        elif isinstance(row, Issue):
            more = re.match(r"(\d+) lines", row.hint)
            told |= set(range(row.record, row.record + int(more[1] if more else 1)))
        elif isinstance(row, Skipped):
            left += row.count
    return "\n".join(texts), told, left


def lost(lines: list[str], said: str, told: set[int]) -> list[str]:
    """Return the sentences that are in no text, and that no issue names."""
    filled = [line for line in lines if line.strip()]
    return [
        line for number, line in enumerate(filled, 1)
        if (word := re.search(r"n\d{4}", line)) and word[0] not in said and number not in told
    ]  # fmt: skip


@SET
@given(lines=notebooks())
def test_of_a_notebook_no_sentence_is_lost_and_every_line_is_reckoned(
    lines: list[str], tmp_path: Path
) -> None:
    try:
        said, told, left = outcome(Transcripts(), tmp_path / "note.txt", lines)
    except ImporterError:
        return  # it is told what the text looks like
    assert lost(lines, said, told) == []
    words = Counter(re.findall(r"n\d{4}", said))
    assert not words or max(words.values()) == 1
    filled = sum(bool(line.strip()) for line in lines)
    read = list(Transcripts().extract(tmp_path / "note.txt"))
    texts = sum(row.text.count("\n") + 1 for row in read if isinstance(row, RawDocument))
    rules = lines.count("---")  # Markdown has none of them
    assert filled - rules <= texts + left <= filled


@SET
@given(lines=press())
def test_of_the_press_no_sentence_is_lost(lines: list[str], tmp_path: Path) -> None:
    said, told, _ = outcome(Press(), tmp_path / "press.txt", lines)
    assert lost(lines, said, told) == []

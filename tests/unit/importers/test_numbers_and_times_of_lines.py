"""Numbers and times that programs put before lines say nothing of what is said."""

import pytest

from fanal.importers import identify
from fanal.importers.base import Issue, RawDocument
from fanal.importers.reading.numbered_lines import unnumbered
from fanal.importers.transcripts import Transcripts

LINES = ("I : Où achetez-vous ?", "P : Au parc", "le soir, à dix.", "I : Et avant ?", "P : Sept.")


@pytest.mark.parametrize("form", ["{:03}: ", "{}. ", "{}) ", "{}| ", "{} "])
def test_numbers_of_lines_go_however_they_are_written(form):
    text = "\n".join(form.format(n) + line for n, line in enumerate(LINES, 1))
    assert unnumbered(text) == "\n".join(LINES)


def test_numbers_of_what_nobody_says_stay():
    text = "1. Le prix du gramme\n2. La qualité\n3. Les lieux de vente\n4. Les effets\n"
    assert unnumbered(text) == text


@pytest.mark.parametrize("hour", ["", "00:"])
def test_what_whisper_prints_is_read_without_its_times(tmp_path, hour):
    path = tmp_path / "e_2026-03-12.txt"
    path.write_text(
        f"[{hour}00:00.000 --> {hour}00:04.000]   Où achetez-vous\nd'habitude ?\n"
        f"[{hour}00:04.000 --> {hour}00:09.000]   Au parc. [00:07]\n"
        f"[{hour}00:09.000 --> {hour}00:12.000]   [Musique]\n"
        f"[{hour}01:09.000 --> {hour}01:12.000]   Et après ?\n",
        "utf-8",
    )
    assert identify(path) is Transcripts
    found = list(Transcripts().extract(path))
    said = [row for row in found if isinstance(row, RawDocument)]
    assert [row.text for row in said] == [
        "Où achetez-vous d'habitude ? Au parc. [00:07]", "Et après ?",
    ]  # fmt: skip
    assert not [row for row in found if isinstance(row, Issue)]
    path.write_text("[10:04] Au parc --> à droite, dix euros.\nSouvent.\n", "utf-8")
    assert [r.text for r in Transcripts().extract(path)] == [
        "[10:04] Au parc --> à droite, dix euros.\nSouvent."
    ]

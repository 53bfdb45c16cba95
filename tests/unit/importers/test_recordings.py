"""Transcripts that programs made are read by their marks, and their own words are no text."""

from __future__ import annotations

from pathlib import Path

import pytest

from fanal.errors import ImporterError
from fanal.importers import identify
from fanal.importers.base import RawDocument, Skipped
from fanal.importers.press import Press
from fanal.importers.reading.recordings import recording_in
from fanal.importers.transcripts import Transcripts

TURNS = "{0}  {2}\nLa galette est à dix euros.\n\n{1}  {3}\nEt la kétamine ?\n\n{0}  {4}\nTrente.\n"
SAID = ["La galette est à dix euros.", "Et la kétamine ?", "Trente."]
FOOT = "\nTranscribed by https://otter.ai\n"
HEAD = (
    "Entretien gare\nThu, Mar 12, 2026 3:05PM • 12:31\n\nSUMMARY KEYWORDS\ncrack, prix\n\n"
    "SPEAKERS\nKarim Belhadj, Zoé Delattre\n\n"
)


def read(path: Path, text: str) -> tuple[list[tuple[str, str, str]], list[Skipped]]:
    path.write_text(text, "utf-8")
    assert identify(path) is Transcripts
    rows = list(Transcripts().extract(path))
    found = [r for r in rows if isinstance(r, RawDocument)]
    said = [(str(r.time)[:10], (r.author or "").partition(": ")[2], r.text) for r in found]
    return said, [r for r in rows if isinstance(r, Skipped)]


@pytest.mark.parametrize(
    ("who", "times", "head", "foot", "day", "left"),
    [
        (("Karim Belhadj", "Zoé Delattre"), ("0:03", "0:21", "1:02"), "", FOOT, "None", 1),
        (("Karim Belhadj", "Zoé Delattre"), ("10:03", "10:21", "11:02"), "", FOOT, "None", 1),
        (("Unknown Speaker", "Speaker 2"), ("1:03", "1:21", "2:02"), "", FOOT, "None", 1),
        (("Karim", "Zoé"), ("00:03", "00:21", "01:02"), HEAD, "", "2026-03-12", 6),
        (("Karim", "Zoé"), ("1:00:03", "1:00:21", "1:01:02"), HEAD, FOOT, "2026-03-12", 7),
    ],
)
def test_a_transcript_of_otter(
    tmp_path: Path, who: tuple[str, str], times: tuple[str, ...], head: str, foot: str, day: str,
    left: int,
) -> None:  # fmt: skip
    said, skipped = read(tmp_path / "e.txt", head + TURNS.format(*who, *times) + foot)
    assert said == [(day, who[n], text) for n, text in zip((0, 1, 0), SAID, strict=True)]
    assert skipped == [Skipped("line of a program", left)]


def test_names_and_hours_that_no_program_signed_may_be_a_chat(tmp_path: Path) -> None:
    path = tmp_path / "c.txt"
    path.write_text(
        TURNS.format("Karim Belhadj", "Zoé Delattre", "18:03", "18:05", "18:09"), "utf-8"
    )
    with pytest.raises(ImporterError, match="looks like a chat"):
        identify(path)


@pytest.mark.parametrize(
    ("head", "left"),
    [
        (("Entretien gare 3\nTranscribed with noScribe vers. 0.6\n"
         "Audio source: C:/Mes audios/Entretien gare 3.m4a\n"), 3),
        ("gare\nTranscrit avec noScribe vers. 0.5\nFichier audio : /home/x/gare.mp3\n", 3),
        (("gare\nTranskribiert mit noScribe vers. 0.5\nAudiodatei: D:/gare.wav\n"
         "(Start: 00:00:00 | Stop: 00:10:00)\n"), 4),
    ],
)  # fmt: skip
def test_the_title_that_a_program_writes_is_no_text(tmp_path: Path, head: str, left: int) -> None:
    text = "La galette est à dix euros.\nTrente le gramme de kétamine.\n"
    said, skipped = read(tmp_path / "n_2026-03-12.txt", f"{head}\n{text}")
    assert said == [("2026-03-12", "", text.strip())]
    assert sum(each.count for each in skipped) == left


def test_times_that_run_from_nought_are_of_a_recording(tmp_path: Path) -> None:
    heads = ["Karim Belhadj (00:03)", "Zoé (00:10)", "Karim Belhadj (00:15)"]
    words = ("La galette.", "Oui ?", "Bon.")
    text = "".join(f"{head}\n{said}\n\n" for head, said in zip(heads, words, strict=True))
    said, _ = read(tmp_path / "e.txt", text)
    assert [(who, words) for _, who, words in said] == [
        ("Karim Belhadj", "La galette."), ("Zoé", "Oui ?"), ("Karim Belhadj", "Bon."),
    ]  # fmt: skip
    assert recording_in(heads)
    assert not recording_in([heads[0], heads[2], heads[1]])
    assert not recording_in(heads[:2])
    assert not recording_in([head.replace("00:", "18:") for head in heads])


def test_a_page_of_a_program_without_speakers_is_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "gare_2026-03-12.html"
    path.write_text(
        "<html><body><p>gare</p><p>Transcribed with noScribe vers. 0.6<br>"
        "Audio source: gare.m4a</p><p>La galette est à dix euros.</p><p>Trente le gramme.</p>"
        "</body></html>",
        "utf-8",
    )
    assert identify(path) is Transcripts
    found = [r for r in Transcripts().extract(path) if isinstance(r, RawDocument)]
    assert [d.text for d in found] == ["La galette est à dix euros.", "Trente le gramme."]


def test_a_page_that_a_browser_packed_is_named(tmp_path: Path) -> None:
    for start in ("From: <Saved by Blink>\n", "Snapshot-Content-Location: https://exemple.test/a\n",
                  ""):  # fmt: skip
        path = tmp_path / "a.mhtml"
        kind = 'MIME-Version: 1.0\nContent-Type: multipart/related;\n\tboundary="X"\n\n'
        path.write_text(f"{start}{kind}--X\n\n<html><p>texte</p></html>\n--X--\n", "utf-8")
        with pytest.raises(ImporterError, match="MHTML"):
            identify(path)


def test_a_list_of_results_of_europresse_is_named(tmp_path: Path) -> None:
    path = tmp_path / "l.html"
    row = '<div class="docList-item"><a class="docList-links" href="#">La 3-MMC gagne</a></div>'
    path.write_text(f'<html><body><div id="docListe">{row * 2}</div></body></html>', "utf-8")
    with pytest.raises(ImporterError, match="list of results of Europresse"):
        list(Press().extract(path))

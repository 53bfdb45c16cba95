"""Lines of a transcript that nobody said, and words with a colon that are no speaker."""

from __future__ import annotations

import zipfile
from pathlib import Path

import docx
import pytest
import typst
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from odf.opendocument import OpenDocumentText
from odf.table import Table, TableCell, TableRow
from odf.text import Note, NoteBody, NoteCitation, P

from fanal.importers.base import RawDocument, Skipped
from fanal.importers.transcripts import Transcripts

SPOKEN = "E : Ça va ?\nR : Oui.\nE : Le prix ?\nR : Dix euros."


def read(path: Path, text: str) -> tuple[list[tuple[str, str]], list[Skipped], list[RawDocument]]:
    path.write_text(text, "utf-8")
    rows = list(Transcripts().extract(path))
    found = [row for row in rows if isinstance(row, RawDocument)]
    said = [((row.author or "").partition(": ")[2], row.text) for row in found]
    return said, [row for row in rows if isinstance(row, Skipped)], found


@pytest.mark.parametrize(
    "line",
    [
        "Fait à Rennes, le 3 février 2026",
        "Redatto a Torino il 3 febbraio 2026.",
        "Hecho en Vigo, el 3 de febrero de 2026",
        "Getekend te Gent, 3 februari 2026",
        "Unterschrieben, Köln, 3. Februar 2026",
        "Signed on 3 February 2026",
    ],
)
def test_the_line_that_signs_a_text_is_no_word_of_who_spoke_last(tmp_path: Path, line: str) -> None:
    said, skipped, found = read(tmp_path / "e.txt", f"{SPOKEN}\n\n{line}\n")
    assert said == [("E", "Ça va ?"), ("R", "Oui."), ("E", "Le prix ?"), ("R", "Dix euros.")]
    assert skipped == [Skipped("heading line", 1)]
    assert {str(row.time) for row in found} == {"2026-02-03"}


@pytest.mark.parametrize(
    "line",
    [
        "On l'a fait à Rennes, le 3 février 2026",
        "Fait à Rennes, le 3 février 2026, et plus rien après",
        "Fait à Rennes, comme toujours",
    ],
)
def test_what_goes_on_after_such_a_day_is_said(tmp_path: Path, line: str) -> None:
    said, skipped, _ = read(tmp_path / "e.txt", f"{SPOKEN}\n{line}\n")
    assert (said[-1], skipped) == (("R", f"Dix euros.\n{line}"), [])


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("Ana Vidal started transcription", "Ana Vidal stopped transcription"),
        ("Ana Vidal a démarré la transcription", "Ana Vidal a arrêté la transcription"),
        ("Ana Vidal hat die Transkription gestartet", "Ana Vidal hat die Transkription beendet"),
        ("Ana Vidal inició la transcripción", "Ana Vidal detuvo la transcripción"),
        ("Ana Vidal ha avviato la trascrizione", "Ana Vidal ha interrotto la trascrizione"),
        ("Ana Vidal (Gast) heeft de transcriptie gestart",
         "Ana Vidal (Gast) heeft de transcriptie gestopt"),
    ],
)  # fmt: skip
def test_who_begins_and_ends_a_transcript_says_nothing(
    tmp_path: Path, first: str, last: str
) -> None:
    turns = "Person A   5:03\nHoe duur?\nPerson B   5:09\nTien euro.\nPerson A   5:12\n"
    text = f"Gesprek\n4 March 2026, 10:02AM\n{first}\n{turns}Elle a arrêté la transcription\n{last}"
    said, skipped, found = read(tmp_path / "t.txt", text)
    assert said == [
        ("Person A", "Hoe duur?"),
        ("Person B", "Tien euro."),
        ("Person A", "Elle a arrêté la transcription"),
    ]
    assert Skipped("line of a program", 1) in skipped
    assert {row.names for row in found} == {("Ana Vidal",)}


VOICED = "WEBVTT\n\n" + "\n\n".join(
    f"00:00:0{n}.000 --> 00:00:0{n + 1}.000\n{{}}" for n in range(1, 6)
)


@pytest.mark.parametrize(
    ("word", "voices"),
    [("Ratio", "{}: {}"), ("Mezcla", "{}: {}"), ("Résultat", "{}: {}"), ("Ratio", "<v {}>{}</v>")],
)
def test_a_word_with_a_colon_within_a_cue_is_no_speaker(
    tmp_path: Path, word: str, voices: str
) -> None:
    said = ("You mix it?", f"We do.\n{word}: one to four", "And then?", "It sells.", "Thanks.")
    turns = [voices.format("P2" if n % 2 else "P1", text) for n, text in enumerate(said)]
    found, _, rows = read(tmp_path / "t.vtt", VOICED.format(*turns))
    assert found == [("P2" if n % 2 else "P1", " ".join(text.split("\n")))
                     for n, text in enumerate(said)]  # fmt: skip
    assert {row.names for row in rows} == {()}


def test_who_begins_a_cue_or_speaks_again_is_a_speaker(tmp_path: Path) -> None:
    cues = ("P1: You mix it?", "Karim: We do.\nLena: No.", "P1: And?", "Lena: Never.", "Noa: Once.")
    found, _, _ = read(tmp_path / "t.vtt", VOICED.format(*cues))
    assert found == [("P1", "You mix it?"), ("Karim", "We do."), ("Lena", "No."), ("P1", "And?"),
                     ("Lena", "Never."), ("Noa", "Once.")]  # fmt: skip


TALK = ("E: Che cosa gira?", "P2: Tanto fumo{} e la coca.", "E: E le pasticche?", "P1: Dieci euro.")
NOTE = "fumo = hashish"


def _in_opendocument(path: Path, in_table: bool) -> Path:
    document = OpenDocumentText()
    table = Table()
    for text in TALK:
        before, mark, after = text.partition("{}")
        line = P(text=before)
        if mark:
            note, body = Note(noteclass="footnote"), NoteBody()
            body.addElement(P(text=NOTE))
            note.addElement(NoteCitation(text="1"))
            note.addElement(body)
            line.addElement(note)
            line.addText(after)
        if in_table:
            row, cell = TableRow(), TableCell()
            cell.addElement(line)
            row.addElement(cell)
            table.addElement(row)
        else:
            document.text.addElement(line)
    if in_table:
        document.text.addElement(table)
    document.save(path)
    return path


def _in_word(path: Path, kind: str) -> Path:
    document = docx.Document()
    for text in TALK:
        before, mark, after = text.partition("{}")
        line = document.add_paragraph(before)
        if mark:
            reference = OxmlElement(f"w:{kind}Reference")
            reference.set(qn("w:id"), "2")
            line.add_run()._r.append(reference)
            line.add_run(after)
    document.save(path)
    notes = (
        f'<w:{kind}s {nsdecls("w")}><w:{kind} w:id="-1"><w:p/></w:{kind}><w:{kind} w:id="2"><w:p>'
        f"<w:r><w:t>{NOTE}</w:t></w:r></w:p></w:{kind}></w:{kind}s>"
    )
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(f"word/{kind}s.xml", notes)
    return path


@pytest.mark.parametrize("form", ["odt", "odt in a table", "footnote", "endnote"])
def test_a_note_stands_with_who_speaks_at_its_mark(tmp_path: Path, form: str) -> None:
    if form.startswith("odt"):
        path = _in_opendocument(tmp_path / "e.odt", form != "odt")
    else:
        path = _in_word(tmp_path / "e.docx", form)
    rows = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    assert [((row.author or "")[3:], row.text) for row in rows] == [
        ("E", "Che cosa gira?"),
        ("P2", f"Tanto fumo e la coca.\n{NOTE}"),
        ("E", "E le pasticche?"),
        ("P1", "Dieci euro."),
    ]


PRINTED = (
    "Entretien 7, transcription", "E : Vous en prenez depuis quand, et à quel prix au", "début ?",
    "B : Depuis deux ans. J'en prends dix grammes et je", "revends le reste à des amis, à peu près",
    "40 euros le gramme, jamais plus.", "E : Et avant ?",
    "B : Avant c'était une autre histoire, on trouvait", "le gramme à 60, et c'était moins bon.",
    "E : Merci.", "B : De rien, et bonne route à vous et à", "toute votre équipe.",
    "E : Une dernière chose : la kétamine, on en", "trouve ?", "B : Oui.", "E : Cher ?", "B : Non.",
    "E : Et où ?", "B : En ville, un peu partout en ce moment", "et surtout la nuit.", "E : Merci.",
)  # fmt: skip
SPOKEN_OF = [
    ("E", "Vous en prenez depuis quand, et à quel prix au début ?"),
    ("B", ("Depuis deux ans. J'en prends dix grammes et je revends le reste à des amis, à peu près "
           "40 euros le gramme, jamais plus.")),
]  # fmt: skip


@pytest.mark.parametrize("step", [1, 5])
@pytest.mark.parametrize("cut", [20, 11])
@pytest.mark.parametrize("headed", [True, False])
def test_the_numbers_of_printed_lines_are_not_said(
    tmp_path: Path, step: int, cut: int, headed: bool
) -> None:
    lines = [f"{n} {line}" if n % step == 0 else line for n, line in enumerate(PRINTED[1:], 1)]
    top = [PRINTED[0]] if headed else []
    pages = [top + lines[:cut], lines[cut:]] if lines[cut:] else [top + lines]
    body = "\n#pagebreak()\n".join(" \\\n".join(page) for page in pages)
    path = tmp_path / "e.pdf"
    path.write_bytes(
        typst.compile(f"#set smartquote(enabled: false)\n{body}".encode(), format="pdf")
    )
    rows = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    said = [((row.author or "")[3:], " ".join(row.text.split())) for row in rows]
    assert said[:2] == SPOKEN_OF
    assert said[-2:] == [("B", "En ville, un peu partout en ce moment et surtout la nuit."),
                         ("E", "Merci.")]  # fmt: skip
    assert len(said) == 13


def test_amounts_before_what_is_said_are_no_numbers_of_lines(tmp_path: Path) -> None:
    text = "E : Prix ?\n40 euros\nB : Non.\n45 euros\nE : Ah ?\n50 euros\nB : Si.\n60 euros\n"
    said, _, _ = read(tmp_path / "e.txt", text)
    assert said == [("E", "Prix ?\n40 euros"), ("B", "Non.\n45 euros"), ("E", "Ah ?\n50 euros"),
                    ("B", "Si.\n60 euros")]  # fmt: skip

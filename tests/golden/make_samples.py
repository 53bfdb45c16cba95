"""Writes the golden inputs in binary formats, byte for byte the same each time.

Run it after changing a sample, then `pytest tests/golden --update`. All people, places of sale and
texts are invented.
"""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from odf import opendocument, table, text

HERE = Path(__file__).parent
STAMP = (2025, 1, 1, 0, 0, 0)


def settled(content: bytes) -> bytes:
    """Rewrite a ZIP container without the times at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name.endswith((".xml", ".rels")):
                part = re.sub(rb"20\d\d-\d\d-\d\dT[\d:.]+Z?", b"2025-01-01T00:00:00Z", part)
            info = zipfile.ZipInfo(name, STAMP)
            kind = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            new.writestr(info, part, kind)
    return out.getvalue()


def zipped(files: dict[str, bytes | str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, STAMP), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Entretien n° 7")
    document.add_paragraph("Date : 12 mars 2025")
    document.add_paragraph("Lieu : Lille")
    document.add_paragraph("Enquêtrice : Jeanne Exemple")
    document.add_paragraph("Enquêtrice : Les prix ont bougé ?")
    document.add_paragraph("Karim : Le gramme est passé à 50 €.")
    document.add_paragraph("Avant c'était 70.")
    grid = document.add_table(2, 2)
    for row, (label, said) in enumerate(
        [("Enquêtrice", "Et la livraison ?"), ("Karim", "Vers 1 h du matin, Jeanne.")]
    ):
        grid.cell(row, 0).text = label
        grid.cell(row, 1).text = said
    return saved(document)


def saved(document: object) -> bytes:
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return settled(out.getvalue())


def open_document() -> bytes:
    document = opendocument.OpenDocumentText()
    for line in (
        "Maraude du 3 mars 2025",
        "Trois personnes rencontrées.\tPrix : 20 € la barrette.",
    ):
        document.text.addElement(text.P(text=line))
    paragraph = text.P(text="Ambiance calme,")
    paragraph.addElement(text.LineBreak())
    paragraph.addText("peu de monde.")
    document.text.addElement(paragraph)
    grid = table.Table()
    row = table.TableRow()
    for cell_text in ("Produit", "Prix", "60 €"):
        cell = table.TableCell()
        cell.addElement(text.P(text=cell_text))
        row.addElement(cell)
    grid.addElement(row)
    document.text.addElement(grid)
    return saved(document)


def workbook() -> bytes:
    book = openpyxl.Workbook()
    cover = book.active
    cover.title = "À lire"
    cover.append(["Tableau tenu par l'équipe"])
    page = book.create_sheet("Annonces")
    page.append(["Annonces relevées en mars"])
    page.append([])
    page.append(["Date", "Canal", "Texte", "Prix"])
    page.append([date(2025, 3, 12), "canal-a", "Beuh 10 g", 60])
    page.append([45729, "canal-b", "Shit, deux pour un", "=1+1"])
    page.append(["13 mars 2025", "canal-a", 100, None])
    page.append([None, None, None, None])
    page.append(["hier", "canal-a", "Date illisible", 5])
    return saved(book)


def survey() -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    page.append(
        ["Cas", "Date", "Âge", "Ville", "Que diriez-vous des prix en ce moment ?", "Autre ?"]
    )
    page.append([1, date(2025, 3, 12), 34, "Lille", "Ils ont beaucoup baissé cet hiver.", ""])
    page.append([2, date(2025, 3, 13), 21, "Lyon", "Trop chers pour moi en ce moment.", "non"])
    page.append([2, date(2025, 3, 14), 40, "Lyon", "Un cas répété dans le tableau.", None])
    page.append([4, date(2025, 3, 15), 28, "Lille", None, None])
    return saved(book)


def parquet() -> bytes:
    rows = pa.table(
        {
            "unix_timestamp": pa.array([1741770000, 1741773600, None], pa.int64()),
            "channel": ["shop_a", "shop_a", "shop_b"],
            "body": ["3-MMC 30 € le g", "", "sans date"],
            "username": ["seller_one", "seller_one", None],
        }
    )
    out = io.BytesIO()
    pq.write_table(rows, out)
    return out.getvalue()


def pdf(lines: list[str]) -> bytes:
    """Write a one-page PDF with a text layer, by hand: no library of ours writes one."""
    shown = b"".join(
        b"(" + line.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)") + b") Tj T*\n"
        for line in lines
    )
    stream = b"BT /F1 11 Tf 14 TL 60 780 Td\n" + shown + b"ET"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>"
        ),
        b"<< /Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out = b"%PDF-1.4\n"
    starts = []
    for number, part in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    xref = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        xref,
    )


PROJECT = """<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="invented" origin="by hand">
 <Users><User guid="U1" name="Jeanne Exemple"/></Users>
 <CodeBook><Codes><Code guid="C1" name="prix" isCodable="true"/></Codes></CodeBook>
 <Sources>
  <TextSource guid="S1" name="Entretien 4" plainTextPath="internal://s1.txt">
   <PlainTextSelection guid="P1" startPosition="0" endPosition="4">
    <Coding guid="K1"><CodeRef targetGUID="C1"/></Coding>
   </PlainTextSelection>
  </TextSource>
  <TextSource guid="S2" name="Ailleurs" plainTextPath="absolute:///home/invented/s2.txt"/>
  <TextSource guid="S3" name="Notes 2025-04-02">
   <PlainTextContent>Deux points de vente ont fermé.</PlainTextContent>
  </TextSource>
  <PictureSource guid="S5" name="photo" path="internal://photo.png"/>
  <AudioSource guid="S6" name="son" path="internal://a.mp3" creationDateTime="2025-05-06T10:00:00Z">
   <Transcript guid="T1" plainTextPath="internal://t1.txt"/>
  </AudioSource>
 </Sources>
 <Notes><Note guid="N1" name="memo" plainTextPath="internal://n1.txt"/></Notes>
</Project>
"""

SAMPLES: dict[str, bytes] = {
    "transcripts/word.input.docx": word(),
    "transcripts/open-document.input.odt": open_document(),
    "transcripts/printed.input.pdf": pdf(
        [
            "Date : 12 mars 2025",
            "Enquêteur : Vous achetez où, en ce moment ?",
            "Sofia : Par livraison, toujours. Le livreur passe de treize heures à une heure du ma-",
            "tin, même le dimanche.",
            "Enquêteur : À quel prix ?",
            "Sofia : 60 € le gramme.",
        ]
    ),
    "press/printed.input.pdf": pdf(
        [
            "La Voix Fictive - mercredi 12 mars 2025",
            "La 3-MMC gagne du terrain",
            "Par Jeanne Exemple",
            "Les associations de la métropole constatent depuis six mois un progrès de la 3-MMC",
            "dans les milieux festifs. Le gramme se vend 30 € (contre 40 € il y a un an).",
        ]
    ),
    "tables/annonces.input.xlsx": workbook(),
    "tables/columns.input.parquet": parquet(),
    "tables/windows.input.csv": (
        "sep=;\r\nDate;Pseudo;Texte\r\n31/03/2025;Léa;Prix cassés à l'été\r\n"
        '02/04/2025;Léa;"Deux lignes\r\ndans une cellule"\r\n03/04/2025;Léa;"un; deux"\r\n'
        "04/04/2025;Léa\r\n05/04/2025;Léa;a;b\r\n;;\r\n06/04/2025;Léa;\r\n"
        "99/04/2025;Léa;jour faux\r\n"
    ).encode("cp1252"),
    "tables/utf16.input.tsv": "date\ttitle\tbody\n2025-03-12T10:00:00+01:00\tÉté\t❄ 1g\n".encode(
        "utf-16"
    ),
    "survey/questionnaire.input.xlsx": survey(),
    "refi-qda/project.input.qdpx": zipped(
        {
            "project.qde": PROJECT,
            "Sources/s1.txt": "\ufeffDate : 12 mars 2025\r\n\r\nQ : Les prix ?\r\n"
            "R : Ça baisse, Jeanne.\r\nQ : Depuis quand ?\r\n",
            "sources/t1.txt": "Un seul paragraphe, sans date.",
            "sources/n1.txt": "mémo",
        }
    ),
}


def write(folder: Path = HERE) -> None:
    for name, content in SAMPLES.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    write()

"""Pages as a program sets them: words cut at the ends of lines of a column, and their numbers."""

import typst

from fanal.importers.reading.printed import pdf_paragraphs

LINE = (
    "Les intervenants rencontrés constatent une banalisation des consommations dans les espaces "
    "festifs alternatifs et commerciaux, avec des complications urologiques chez les usagers. "
)


def printed(folder, page, text, **said):
    source = folder / "p.typ"
    source.write_text(
        f'#set page({page})\n#set text(size: 10pt, hyphenate: true, lang: "fr", '
        f'font: "Libertinus Serif")\n#set par(justify: true)\n{text}\n',
        "utf-8",
    )
    path = folder / "p.pdf"
    path.write_bytes(typst.compile(str(source)))
    return pdf_paragraphs(path, **said)


def test_words_cut_at_the_ends_of_lines_of_a_column_are_whole(tmp_path):
    for columns in (2, 3):
        page = f"flipped: true, width: 180mm, height: 260mm, margin: 15mm, columns: {columns}"
        lines = printed(tmp_path, page, f"{LINE * 3}\n\n#colbreak()\n{LINE * 3}\n\n{LINE * 2}")
        assert " ".join(line for line in lines if line).split() == (LINE * 8).split()


def test_the_number_of_a_single_page_is_no_text(tmp_path):
    page = "height: 120mm, footer: context [Page #counter(page).display()]"
    assert printed(tmp_path, page, "Un texte court.", edges=False) == ["Un texte court."]
    kept = printed(tmp_path, "height: 120mm", "Un texte court.\n\n12", edges=False)
    assert kept == ["Un texte court. 12"]

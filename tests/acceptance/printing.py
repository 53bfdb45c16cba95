"""Pages of a PDF by hand: lines where they stand, or a picture alone; no library of ours does."""

import textwrap

PICTURE = "picture"  # a page that is a scan


def printed(path, pages):
    """Write pages, each a list of (left, bottom, size, text) or `PICTURE`."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>"
        % (len(pages), b" ".join(b"%d 0 R" % (5 + 2 * n) for n in range(len(pages)))),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        _stream(b"\x80", b"/Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8"
                b"/ColorSpace/DeviceGray"),
    ]  # fmt: skip
    for number, page in enumerate(pages):
        objects += [
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R" % (6 + 2 * number)
            + b"/Resources<</Font<</F 3 0 R>>/XObject<</P 4 0 R>>>>>>",
            _stream(
                b"500 0 0 700 40 40 cm /P Do" if page == PICTURE else b"".join(map(_line, page))
            ),
        ]
    out, starts = b"%PDF-1.4\n", []
    for number, made in enumerate(objects, 1):
        starts.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, made)
    end = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % start for start in starts)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, end)
    path.write_bytes(out)
    return path


def column(text, left=40, top=780, width=85, size=10):
    """Return the lines of a column, words cut at their ends as printers cut them."""
    lines = [""]
    for word in text.split():
        room = width - len(lines[-1]) - 2
        if len(lines[-1]) + len(word) + 1 <= width:
            lines[-1] = f"{lines[-1]} {word}".strip()
        elif 2 <= room <= len(word) - 2 and word.isalpha():
            lines[-1] = f"{lines[-1]} {word[:room]}-"
            lines.append(word[room:])
        else:
            lines.append(word)
    return [(left, top - (size + 3) * n, size, line) for n, line in enumerate(lines)]


def flowing(articles):
    """Return pages of articles under each other: texts by size, 0 for a page that ends."""
    pages, bottom = [[]], 800
    for size, text in (part for article in articles for part in article):
        for line in textwrap.wrap(text, 900 // size if size else 1) or [""]:
            if bottom < 60 or not size:
                pages.append([])
                bottom = 800
            if size:
                pages[-1].append((40, bottom, size, line))
                bottom -= size + 4
        bottom -= 10
    return [page for page in pages if page]


def _stream(content, more=b""):
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def _line(line):
    left, bottom, size, text = line
    written = text.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
    return b"BT /F %d Tf %d %d Td (%s) Tj ET\n" % (size, left, bottom, written)

"""A workbook as Excel 97 wrote it (XLS), by hand: no library that we have writes one."""

import struct

MONEY = 165  # a number format of this file: so many euros
ERROR = "#DIV/0!"


def old_workbook(path, pages):
    """Write pages: name → rows of texts, numbers, (number, "€") or `ERROR`, and their marks.

    Marks are `notes` (row, column), `rows` and `columns` that are hidden, and `hidden`.
    """
    starts, parts = [], []
    sheets = [_sheet(rows, marks) for rows, marks in pages.values()]
    for names in (False, True):  # the second time it is known where each sheet begins
        body = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 6))
        body += _record(0x41E, struct.pack("<H", MONEY) + _text('0.00\\ "€"', 2))
        body += b"".join(_record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, MONEY))
        for place, (name, (_, marks)) in enumerate(pages.items()):
            at = starts[place] if names else 0
            body += _record(
                0x85, struct.pack("<IBB", at, 1 if marks.get("hidden") else 0, 0) + _text(name, 1)
            )
        body += _record(0x0A, b"")
        if not names:
            at = len(body)
            for sheet in sheets:
                starts.append(at)
                at += len(sheet)
        parts = [body, *sheets]
    path.write_bytes(_filed(b"".join(parts)))
    return path


def _sheet(rows, marks):
    body = _record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 6))
    for column in marks.get("columns", ()):
        body += _record(0x7D, struct.pack("<HHHHHH", column, column, 2000, 0, 1, 0))
    for number in range(len(rows)):
        flags = 0x20 if number in marks.get("rows", ()) else 0
        body += _record(0x208, struct.pack("<HHHHHHI", number, 0, 9, 255, 0, 0, flags))
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            at = struct.pack("<HH", number, column)
            if cell == ERROR:
                body += _record(0x205, at + struct.pack("<HBB", 0, 0x07, 1))
            elif isinstance(cell, str) and cell:
                body += _record(0x204, at + struct.pack("<H", 0) + _text(cell, 2))
            elif isinstance(cell, tuple):
                body += _record(0x203, at + struct.pack("<Hd", 1, cell[0]))
            elif isinstance(cell, int | float):
                body += _record(0x203, at + struct.pack("<Hd", 0, cell))
    for row, column in marks.get("notes", ()):
        body += _record(0x1C, struct.pack("<HHHH", row, column, 0, 1) + _text("a", 2))
    return body + _record(0x0A, b"")


def _record(kind, data):
    return struct.pack("<HH", kind, len(data)) + data


def _text(text, counted):
    return len(text).to_bytes(counted, "little") + b"\x01" + text.encode("utf-16-le")


def _filed(stream):
    """Return a file system with one stream: a sector of its table, one of its folder, the rest."""
    stream += bytes(max(0, 4096 - len(stream)))
    sectors = -(-len(stream) // 512)
    end, free, table = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x10I", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096,
                          end, 0, end, 0, 0)  # fmt: skip
    header += struct.pack("<108I", *([free] * 108))
    chain = [table, end, *range(3, sectors + 2), end]  # each sector says which is next
    chain += [free] * (128 - len(chain))
    folder = _entry("Root Entry", 5, end, 0, 1) + _entry("Workbook", 2, 2, len(stream), free)
    folder += _entry("", 0, 0, 0, free) * 2
    return header[:512] + struct.pack("<128I", *chain) + folder + stream.ljust(sectors * 512, b"\0")


def _entry(name, kind, start, size, child):
    written = name.encode("utf-16-le")
    free = 0xFFFFFFFF
    counted = len(written) + 2 if written else 0
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", counted, kind, 1, free, free, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )

"""A corpus of malformed and hostile files, made from the golden inputs of every importer.

Everything is drawn from fixed seeds. A file that a user would call damaged must end as rows,
issues or an `ImporterError`; a hostile one (a bomb, an entity, a name that points outside) must be
refused or read without effect.
"""

from __future__ import annotations

import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

GOLDEN = Path(__file__).parents[1] / "golden"
MIB = 1 << 20
CANARY = "canary-that-no-importer-may-read"
PARTS = {
    ".xlsx": "xl/worksheets/sheet1.xml",
    ".docx": "word/document.xml",
    ".odt": "content.xml",
    ".qdpx": "project.qde",
}


@dataclass(frozen=True)
class Case:
    """One malformed file."""

    name: str
    importer: str
    content: bytes = field(repr=False)
    parameters: dict[str, Any] = field(default_factory=dict)
    refused: bool = False  # a bomb or a hostile name: must be an ImporterError, in 5 s
    names_record: bool = False  # a broken record: the number of it must be said


def samples() -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield the golden inputs with their parameters."""
    for path in sorted(GOLDEN.glob("*/*.input.*")):
        case = path.name.split(".input.")[0]
        parameters = path.with_name(f"{case}.parameters.json")
        yield path, json.loads(parameters.read_text("utf-8")) if parameters.exists() else {}


def damaged(seed: int = 0, rounds: int = 4) -> Iterator[Case]:
    """Yield every golden input damaged in the ways that disks, mails and editors know."""
    for path, parameters in samples():
        content = path.read_bytes()
        draw = random.Random(f"{seed}/{path.parent.name}/{path.name}")
        for number in range(rounds):
            for kind, damage in DAMAGES.items():
                name = f"{path.parent.name}/{path.name}/{kind}-{number}"
                yield Case(name, path.parent.name, damage(content, draw), parameters)
        if zipfile.is_zipfile(path):
            for kind, within in damaged_members(content, draw):
                name = f"{path.parent.name}/{path.name}/{kind}"
                yield Case(name, path.parent.name, within, parameters)


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(draw.choice((1, 4, 16, 64))):
        changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def _middle_lost(content: bytes, draw: random.Random) -> bytes:
    start, stop = sorted((draw.randrange(len(content)), draw.randrange(len(content))))
    return content[:start] + content[stop:]


def _nul(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + b"\x00" * draw.choice((1, 2, 512)) + content[at:]


def _noise(content: bytes, draw: random.Random) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + draw.randbytes(200) + content[at + 200 :]


def _wrong_encoding(content: bytes, draw: random.Random) -> bytes:
    text = content.decode("utf-8", errors="replace")
    codec = draw.choice(("utf-16", "utf-16-be", "utf-32", "cp037", "cp1252", "shift_jis"))
    return text.encode(codec, errors="ignore") or b"?"


def _twice(content: bytes, draw: random.Random) -> bytes:
    return content + content[draw.randrange(len(content)) :]


DAMAGES: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "flipped": _flip,
    "cut": _cut,
    "middle-lost": _middle_lost,
    "nul": _nul,
    "noise": _noise,
    "wrong-encoding": _wrong_encoding,
    "twice": _twice,
}


def zip_of(files: dict[str, bytes]) -> bytes:
    """Return a ZIP archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0)), content, 8)
    return out.getvalue()


def unzipped(content: bytes) -> dict[str, bytes]:
    """Return the members of a ZIP archive."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def damaged_members(content: bytes, draw: random.Random) -> Iterator[tuple[str, bytes]]:
    """Yield an archive whose list is whole and whose members are damaged, missing or empty."""
    files = unzipped(content)
    for name in files:
        for kind, damage in DAMAGES.items():
            if files[name]:
                yield f"{name}-{kind}", zip_of(files | {name: damage(files[name], draw)})
        yield f"{name}-missing", zip_of({k: v for k, v in files.items() if k != name})
        yield f"{name}-empty", zip_of(files | {name: b""})
    # the list says one thing, the members another
    for offset, kind in ((10, "method"), (16, "crc"), (20, "packed-size"), (24, "size")):
        changed = bytearray(content)
        at = content.find(b"PK\x01\x02")
        changed[at + offset : at + offset + 2] = b"\x07\x11"
        yield f"list-{kind}", bytes(changed)
    encrypted = bytearray(content)
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        encrypted[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    yield "encrypted", bytes(encrypted)


# --- hostile files ------------------------------------------------------------------------------


def hostile(port: int, canary: Path, size: int) -> Iterator[Case]:
    """Yield bombs, entities, external references, names that point outside and absurd shapes.

    `size` is that of long lines and the like, bytes; nobody may connect to `port`.
    """
    yield from _tables(size)
    yield from _bombs(size)
    yield from _entities(port, canary)
    yield from _references(port, canary)
    yield from _deep()
    yield from _deep_markup()
    yield from _texts(size)
    yield from _outside()
    yield from _printed(port)


def _tables(size: int) -> Iterator[Case]:
    wide = ",".join(f"c{n}" for n in range(100_000)).encode()
    yield Case("wide", "tables", wide + b"\n" + wide, refused=True, names_record=True)
    rows = b"date,texte\n2025-03-12,a\n"
    yield Case("wide-row", "tables", rows + wide, names_record=True)
    big = size > 8 * MIB
    yield Case("long-line", "tables", rows + b"a" * size, refused=big, names_record=big)
    yield Case("long-cell", "tables", rows + b'1,"' + b"a\n" * (size // 2), names_record=True)
    yield Case("no-line-end", "tables", b"\x00" * size)
    yield Case("quotes", "tables", rows + b'"' * size)
    yield Case("short-row", "tables", rows + b"2025-03-12\n", names_record=True)
    json_row = b'{"text": "a", "date": "2025-03-12"}\n'
    deep = b'{"text": ' + b"[" * 10_000 + b"]" * 10_000 + b"}\n"
    yield Case("deep-jsonl", "tables", json_row * 2 + deep, names_record=True)
    yield Case("broken-jsonl", "tables", json_row + b'{"text": "a\n', names_record=True)
    yield Case("long-jsonl", "tables", json_row * 2 + b'{"text": "' + b"a" * size + b'"}\n')
    for columns in (2_001, 100_000):
        header = "id," + ",".join(f"Que dites-vous de {n} ?" for n in range(columns))
        content = f"{header}\n1,{',' * columns}\n".encode()
        yield Case(f"wide-survey-{columns}", "survey", content, refused=True)
    dates = "date,texte\n" + "".join(f"{n}/{n}/{n},a\n" for n in range(20_000))
    yield Case("absurd-dates", "tables", dates.encode(), names_record=True)


def _bombs(size: int) -> Iterator[Case]:
    big = size > 20 * MIB  # below, no ratio is asked for and the parts' own limits decide
    for path, parameters in samples():
        if path.suffix not in PARTS:
            continue
        part = PARTS[path.suffix]
        files = unzipped(path.read_bytes())
        whole = zip_of(files | {part: b" " * (size * 3) + files[part]})
        name = f"bomb-{path.parent.name}-{path.name}"
        yield Case(name, path.parent.name, whole, parameters, refused=big)
        beside = zip_of(files | {"other.bin": b"\x00" * (size * 3)})
        yield Case(f"{name}-beside", path.parent.name, beside, parameters, refused=big)
        lying = bytearray(whole)
        at = lying.rfind(b"PK\x01\x02")
        while at >= 0:  # every member says that it is small
            lying[at + 24 : at + 28] = struct.pack("<I", 1000)
            at = lying.rfind(b"PK\x01\x02", 0, at)
        yield Case(f"{name}-lying", path.parent.name, bytes(lying), parameters)
    sheet = next(path for path, _ in samples() if path.suffix == ".xlsx")
    strings = b"<sst>" + b"<si><t>a</t></si>" * (size // 2) + b"</sst>"
    whole = zip_of(unzipped(sheet.read_bytes()) | {"xl/sharedStrings.xml": strings})
    yield Case("bomb-strings", sheet.parent.name, whole, refused=big)
    inner = zip_of({"a.txt": b"0" * size})
    for _ in range(6):
        inner = zip_of({f"{n}.zip": inner for n in range(4)})
    yield Case("nested", "transcripts", inner, refused=True)
    yield Case("overlapping", "transcripts", _overlapping(), refused=True)


def _overlapping() -> bytes:
    """Return an archive whose 1,000 members are all the same 30 MiB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\x00" * (30 * MIB)) + packer.flush()
    sizes = struct.pack("<III", zlib.crc32(b"\x00" * (30 * MIB)), len(packed), 30 * MIB)
    out = b"PK\x03\x04" + struct.pack("<HHHHH", 20, 0, 8, 0, 0) + sizes
    out += struct.pack("<HH", 5, 0) + b"0.txt" + packed
    start = len(out)
    for number in range(1000):
        name = b"%d.txt" % number
        out += b"PK\x01\x02" + struct.pack("<HHHHHH", 20, 20, 0, 8, 0, 0) + sizes
        out += struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    end = struct.pack("<HHHHIIH", 0, 0, 1000, 1000, len(out) - start, start, 0)
    return out + b"PK\x05\x06" + end


def _entities(port: int, canary: Path) -> Iterator[Case]:
    laughs = '<!ENTITY a0 "ha">'
    for n in range(1, 10):
        laughs += f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'
    declared = {
        "laughs": (laughs, "&a9;"),
        "file": (f'<!ENTITY x SYSTEM "{canary.as_uri()}">', "&x;"),
        "network": (f'<!ENTITY x SYSTEM "http://127.0.0.1:{port}/x">', "&x;"),
        "parameter": (f'<!ENTITY % x SYSTEM "http://127.0.0.1:{port}/x"> %x;', ""),
        "quadratic": (f'<!ENTITY x "{"a" * 50_000}">', "&x;" * 5_000),
    }
    item = "<item><title>{}</title><pubDate>Wed, 12 Mar 2025 08:00:00 GMT</pubDate></item>"
    project = (
        '<Project xmlns="urn:QDA-XML:project:1.0"><Sources><TextSource name="t">'
        "<PlainTextContent>{}</PlainTextContent></TextSource></Sources></Project>"
    )
    shapes = (
        ("rss", f'<rss version="2.0"><channel><title>t</title>{item}</channel></rss>', "feeds"),
        ("html", "<html><body><article><p>{}</p></article></body></html>", "press"),
        ("Project", project, "refi-qda"),
    )
    for name, (declaration, use) in declared.items():
        for root, shape, importer in shapes:
            text = f'<?xml version="1.0"?><!DOCTYPE {root} [{declaration}]>{shape.format(use)}'
            yield Case(f"entity-{name}-{root}", importer, text.encode())
            if importer == "refi-qda":
                whole = zip_of({"project.qde": text.encode()})
                yield Case(f"entity-{name}-qdpx", importer, whole)
        yield from _office_entities(name, declaration, use)


def _office_entities(name: str, declaration: str, use: str) -> Iterator[Case]:
    golden = {path.suffix: path for path, _ in samples() if path.parent.name != "survey"}
    for suffix, part, importer in (
        (".docx", "word/document.xml", "transcripts"),
        (".docx", "word/styles.xml", "transcripts"),
        (".docx", "[Content_Types].xml", "transcripts"),
        (".odt", "content.xml", "transcripts"),
        (".odt", "META-INF/manifest.xml", "transcripts"),
        (".odt", "styles.xml", "transcripts"),
        (".xlsx", "xl/worksheets/sheet1.xml", "tables"),
        (".xlsx", "xl/worksheets/sheet2.xml", "tables"),
        (".xlsx", "xl/workbook.xml", "tables"),
        (".xlsx", "xl/styles.xml", "tables"),
    ):
        files = unzipped(golden[suffix].read_bytes())
        xml = files[part].decode("utf-8")
        start = xml.find("?>") + 2 if xml.startswith("<?xml") else 0
        root = xml[start:].lstrip("\r\n <").split(None, 1)[0].split(">")[0]
        changed = f"{xml[:start]}<!DOCTYPE {root} [{declaration}]>{xml[start:]}"
        at = changed.find("</")
        changed = f"{changed[:at]}{use}{changed[at:]}"
        for codec in ("utf-8", "utf-16"):
            written = changed.replace("UTF-8", codec).replace("utf-8", codec)
            whole = zip_of(files | {part: written.encode(codec)})
            yield Case(f"entity-{name}-{part}-{codec}", importer, whole)


def _references(port: int, canary: Path) -> Iterator[Case]:
    here = f"http://127.0.0.1:{port}"
    page = (
        f'<html><head><link rel="stylesheet" href="{here}/a"><base href="{here}/"><meta '
        f'http-equiv="refresh" content="0;url={here}/b"></head><body><img src="{here}/c">'
        f'<iframe src="{canary.as_uri()}"></iframe><article>'
        f"<p>{'Un texte assez long pour un article. ' * 20}</p></article></body></html>"
    )
    yield Case("references-html", "press", page.encode())
    golden = {path.suffix: path for path, _ in samples()}
    word = unzipped(golden[".docx"].read_bytes())
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    relation = f'<Relationship Id="rX" Type="{kind}" Target="{here}/x" TargetMode="External"/>'
    part = "word/_rels/document.xml.rels"
    changed = word[part].replace(b"</Relationships>", f"{relation}</Relationships>".encode())
    yield Case("references-docx", "transcripts", zip_of(word | {part: changed}))
    qde = (
        '<Project xmlns="urn:QDA-XML:project:1.0"><Sources>'
        f'<TextSource name="a" plainTextPath="absolute://{canary}"/>'
        '<TextSource name="b" plainTextPath="relative:///../../../../etc/hostname"/>'
        '<TextSource name="c" plainTextPath="internal://../../../../etc/hostname"/>'
        f'<TextSource name="d" plainTextPath="{here}/x"/></Sources></Project>'
    )
    yield Case("references-qdpx", "refi-qda", zip_of({"project.qde": qde.encode()}))


def _deep() -> Iterator[Case]:
    deep = 10_000
    for importer in ("telegram", "tables", "transcripts"):
        for opening, closing in (("[", "]"), ('{"a":', "}")):
            text = opening * deep + "1" + closing * deep
            yield Case(f"deep-json-{opening[0]}-{importer}", importer, text.encode())
    chat = (
        '{"name": "x", "type": "public_channel", "id": 1, "messages": [{"id": 1, "type": '
        '"message", "date": "2025-03-12T10:00:00", "text": %s}]}'
    )
    yield Case("deep-telegram", "telegram", (chat % ("[" * deep + "]" * deep)).encode())
    yield Case("deep-toml", "forms", b'form = "interview"\na = ' + b"[" * deep + b"]" * deep)
    yield Case("dotted-toml", "forms", b'form = "interview"\n' + b"a." * deep + b"b = 1")
    yield Case("deep-rtf", "transcripts", b"{\\rtf1 " + b"{" * 100_000 + b"x" + b"}" * 100_000)
    for name, mark in (("quotes", b"> "), ("lists", b"- "), ("stars", b"*a "), ("links", b"[a](")):
        yield Case(f"deep-md-{name}", "transcripts", b"# a\n# b\n# c\n\n" + mark * deep + b"x")


def _deep_markup() -> Iterator[Case]:
    deep = 10_000
    xml = "<a>" * deep + "</a>" * deep
    rss = f'<rss version="2.0"><channel>{xml}</channel></rss>'
    yield Case("deep-rss", "feeds", rss.encode())
    qdc = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0">{xml}</CodeBook>'
    yield Case("deep-qdc", "refi-qda", qdc.encode())
    for tag in ("div", "b", "table><tr><td"):
        html = f"<html><body>{f'<{tag}>' * deep}{'texte ' * 200}</body></html>"
        yield Case(f"deep-html-{tag[:5]}", "press", html.encode())
    feed = (
        '<rss version="2.0"><channel><item><title>t</title><pubDate>Wed, 12 Mar 2025 08:00:00 GMT'
        "</pubDate><description>{}</description></item></channel></rss>"
    )
    yield Case("deep-html-in-rss", "feeds", feed.format("&lt;div&gt;" * deep + "x").encode())
    golden = {path.suffix: path for path, _ in samples()}
    word = unzipped(golden[".docx"].read_bytes())
    body = word["word/document.xml"].replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * deep, 1)
    yield Case("deep-docx", "transcripts", zip_of(word | {"word/document.xml": body}))
    odt = unzipped(golden[".odt"].read_bytes())
    spans = b"<text:p>" + b"<text:span>" * deep + b"x" + b"</text:span>" * deep + b"</text:p>"
    body = odt["content.xml"].replace(b"</office:text>", spans + b"</office:text>")
    yield Case("deep-odt", "transcripts", zip_of(odt | {"content.xml": body}))


def _texts(size: int) -> Iterator[Case]:
    for unit in ("a", " ", "\n", ":", "a:", "A: b\n", "[", "\x00", "1/", "-", "#", "é", "{", "<"):
        content = unit.encode() * (size // len(unit))
        yield Case(f"only-{unit!r}", "transcripts", content)
        yield Case(f"only-{unit!r}-html", "press", b"<html><body>" + content[: 4 * MIB])
        yield Case(f"only-{unit!r}-rtf", "transcripts", b"{\\rtf1 " + content[: 4 * MIB] + b"}")
        yield Case(f"only-{unit!r}-vtt", "transcripts", b"WEBVTT\n\n" + content[: 2 * MIB])
        rss = b'<rss version="2.0"><channel><item><title>' + content[: 2 * MIB]
        yield Case(f"only-{unit!r}-rss", "feeds", rss + b"</title></item></channel></rss>")
        form = b'form = "interview"\ndate = "2025-03-12"\n# ' + content[:MIB]
        yield Case(f"only-{unit!r}-toml", "forms", form)
    cue = "1\n00:00:01,000 --> 99999999:00:02,000\nEnquêteur : a\n\n"
    yield Case("srt-times", "transcripts", (cue * 5_000).encode())
    vtt = "99:99:99.999 --> 00:00:00.000\n<v " + "a" * 100_000 + ">b\n\n"
    yield Case("vtt-times", "transcripts", ("WEBVTT\n\n" + vtt * 3).encode())
    labels = "".join(f"Nom{n} : texte\n" for n in range(50_000))
    yield Case("many-speakers", "transcripts", labels.encode())


def _outside() -> Iterator[Case]:
    note = b"Date : 12 mars 2025\n\nUne note."
    for name in ("../evil.txt", "/evil.txt", "..\\evil.txt", "C:\\evil.txt", "a/../../evil.txt"):
        yield Case(f"outside-{name}", "transcripts", zip_of({name: note}), refused=True)
        for path, parameters in samples():
            if path.suffix in PARTS:
                whole = zip_of(unzipped(path.read_bytes()) | {name: note})
                case = f"outside-{name}-{path.name}"
                yield Case(case, path.parent.name, whole, parameters, refused=True)


def _printed(port: int) -> Iterator[Case]:
    """Yield PDF with loops, absurd counts, packed bombs and actions."""
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count %s >>"
    plain = b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>"
    packed = zlib.compress(b"(" + b"a" * (64 * MIB) + b") Tj ", 9)
    bomb = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(packed)
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    action = b"/OpenAction << /S /URI /URI (http://127.0.0.1:%d/x) >> >>" % port
    for name, objects in {
        "count": [catalog, pages % b"999999999", plain, b"<< >>"],
        "loop": [catalog, b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>", plain, b"<< >>"],
        "bomb": [catalog, pages % b"1", plain, bomb + packed + b"\nendstream"],
        "action": [catalog[:-2] + action, pages % b"1", plain, b"<< >>"],
        "negative": [catalog, pages % b"-1", plain, b"<< /Length -5 >>\nstream\nx\nendstream"],
    }.items():
        out = b"%PDF-1.7\n"
        for number, part in enumerate(objects, 1):
            out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
        yield Case(f"pdf-{name}", "press", out + b"trailer\n<< /Size 5 /Root 1 0 R >>\n%%EOF\n")

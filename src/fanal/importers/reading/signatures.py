"""What a file is that no importer reads, by its first bytes, its ending, its keys or its root."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from itertools import islice
from typing import Any, NamedTuple

from fanal.errors import ImporterError
from fanal.importers.base import File
from fanal.importers.reading.archives import head, is_zip
from fanal.importers.reading.column_words import folded
from fanal.importers.reading.json_shape import JSON_ERRORS, Shape, records_of, shape_of
from fanal.importers.reading.rows import HEARD, sniffed
from fanal.importers.reading.usual_names import texts

_START = 4096
_RECORDS = 50  # records of an unknown JSON by which its keys are known
# what programs call their arrays; another name may be a person's
_ARRAYS = re.compile(
    r"(?:chat|comment|conversation|event|item|list|log|message|note|post|record|response|result|row"
    r"|thread|turn|utterance)s?|data|entries|history"
)
_FIELD = re.compile(r"[a-z][a-zA-Z0-9_-]{1,30}")
_PICTURE = "a picture", "write down what it shows, or recognise its text and save it as TXT"
_SOUND = "a recording", "transcribe it, and bring the transcript in"
_PACKED = "a compressed archive", "unpack it, and bring in the files that it holds"
_STATISTICS = "export it as CSV with a header row"
_BYTES: tuple[tuple[bytes, str, str], ...] = (
    (rb"\x89PNG\r\n", *_PICTURE),
    (rb"\xff\xd8\xff", *_PICTURE),
    (rb"GIF8[79]a", *_PICTURE),
    (rb"(?:II\*\x00|MM\x00\*)", *_PICTURE),
    (rb"BM.{4}\x00{4}", *_PICTURE),
    (rb"RIFF.{4}WEBP", *_PICTURE),
    (rb"\x00\x00.{2}ftyp(?:heic|heix|mif1|avif)", *_PICTURE),
    (rb"\x00\x00.{2}ftyp", "a recording or a video", _SOUND[1]),
    (rb"ID3[\x02-\x04]|\xff[\xfb\xf3\xf2\xf1\xf9]|OggS\x00|fLaC\x00|#!AMR|RIFF.{4}WAVE", *_SOUND),
    (rb"\x1aE\xdf\xa3|RIFF.{4}AVI ", "a video", _SOUND[1]),
    (rb"\x1f\x8b", *_PACKED),
    (rb"BZh[1-9]1AY|\xfd7zXZ\x00|7z\xbc\xaf'\x1c|Rar!\x1a\x07|\x28\xb5\x2f\xfd", *_PACKED),
    (rb".{257}ustar", *_PACKED),
    (rb"\$FL[23]@\(#\)", "a data set of SPSS", _STATISTICS),
    (rb"<stata_dta>|[\x71-\x73]\x01\x01\x00|[\x71-\x73]\x02\x01\x00", "a data set of Stata",
     _STATISTICS),
    (rb"RD[XA][23]\n|X\n\x00\x00\x00[\x02\x03]", "a data set of R", _STATISTICS),
    (rb"HEADER RECORD\*{7}LIBRARY|\x00{12}\xc2\xea\x81\x60", "a data set of SAS", _STATISTICS),
    (rb"-----BEGIN PGP|\x85\x01\x0c\x03", "encrypted with PGP", "decrypt it first"),
    (rb"\x7fELF|MZ.{0,62}\x00\x00|\xca\xfe\xba\xbe|\xcf\xfa\xed\xfe", "a program",
     "leave it out: nobody says anything in it"),
)  # fmt: skip
# Endings of files that are no text: a text so called is a mistake, and what it is nobody knows.
_ENDINGS: tuple[tuple[str, str], ...] = (
    ("jpg jpeg png gif webp heic tif tiff bmp", "a picture"),
    ("mp3 m4a wav ogg opus flac aac amr", "a recording"),
    ("mp4 mov avi mkv webm 3gp", "a video"),
    ("pdf", "a PDF"),
    ("docx doc odt", "a document of a word processor"),
    ("xlsx xls ods parquet", "a workbook or a table"),
    ("csv tsv tab", "a table"),
    ("json jsonl ndjson geojson ipynb", "JSON"),
    ("xml gpx kml svg", "XML"),
    ("html htm", "a page"),
    ("zip gz 7z rar tar", "an archive"),
    ("sqlite db sav dta rds rdata", "a database or a data set"),
)  # fmt: skip
_CODE_ENDINGS = (
    "py js ts r rmd do sas sql sh bat ps1 css scss php java c h cpp cs go rs rb pl lua tex sty bib "
    "ini cfg conf yaml yml toml lock diff patch"
)


class Other(NamedTuple):
    """What a file is that no importer reads, and what to do instead."""

    what: str
    do: str

    @property
    def told(self) -> str:
        """The sentence that refuses the file."""
        if re.match(r"(?:looks|holds) ", self.what):
            return f"the file {self.what}"
        return f"the file is {self.what}" + ("" if ":" in self.what else ", which is not read")


def by_bytes(path: File) -> Other | None:
    """Return what the first bytes of a file say it is; None where they say nothing."""
    start = head(path, _START)
    if not start.strip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n"):
        return Other("empty: there is nothing in it", "export or copy it again")
    for pattern, what, do in _BYTES:
        if re.match(pattern, start, re.DOTALL):
            return Other(what, do)
    if start.startswith(b"\xd0\xcf\x11\xe0") and "Workbook".encode("utf-16-le") not in head(path):
        return Other("an older file of Office (Word, PowerPoint or Outlook)", "save it as DOCX")
    return None


def by_ending(path: File) -> Other | None:
    """Return what a text is called that it is not; None where its name does not say otherwise."""
    if (
        is_zip(path)
        or not (text := sniffed(head(path)))
        or text.startswith((HEARD, "%PDF", "{", "<"))
    ):
        return None  # what its content shows
    ending = path.name.rpartition(".")[2].casefold() if "." in path.name else ""
    for endings, what in _ENDINGS:
        if ending in endings.split():
            do = "export it again; if somebody wrote it as a text, give its name the ending .txt"
            return Other(f"called {what} by its ending: it holds something else", do)
    if ending in _CODE_ENDINGS.split():
        return Other("code or a configuration by its ending",
                     "leave it out; if somebody wrote it as a text, give its name the ending .txt"
                     )  # fmt: skip
    return None


def by_program(path: File) -> Other | None:
    """Return whose export a JSON file is that no importer reads, by its keys; None if unknown."""
    text = sniffed(head(path, _START)).lstrip("\ufeff \r\n\t")
    if text[:1] not in ("{", "["):
        return None
    shape = shape_of(path)
    return next((Other(p["what"], p["do"]) for p in _programs() if _fits(shape, p["keys"])), None)


def by_top(start: str) -> Other | None:
    """Return whose text it is that no importer reads, by its first characters; else None."""
    head = start.partition("\n\n")[0][:_START]
    for text in _texts():
        if text.top.match(start) and all(part.search(head) for part in text.head):
            return text.other
    return None


def _fits(shape: Shape, keys: Mapping[str, list[str]]) -> bool:
    return all(set(names) <= shape.at(prefix) for prefix, names in keys.items())


@cache
def _known() -> dict[str, list[dict[str, Any]]]:
    return tomllib.loads((files(__package__ or "") / "programs.toml").read_text("utf-8"))


def _programs() -> list[dict[str, Any]]:
    return _known()["program"]


class _Text(NamedTuple):
    top: re.Pattern[str]
    head: tuple[re.Pattern[str], ...]
    other: Other


@cache
def _texts() -> tuple[_Text, ...]:
    return tuple(
        _Text(
            re.compile(text["top"]),
            tuple(re.compile(part, re.M | re.I) for part in text.get("head", ())),
            Other(text["what"], text["do"]),
        )
        for text in _known()["text"]
    )


def by_shape(path: File) -> Other | None:
    """Return that a file is JSON, XML or an archive of a kind that nobody reads; else None."""
    if is_zip(path):
        return Other("an archive without a file that is read", "bring in the files themselves")
    text = sniffed(head(path)).lstrip("\ufeff \r\n\t")
    if not text:
        return Other("no text: its bytes are of a program that is not known",
                     "export it again as CSV, JSON or text")  # fmt: skip
    if re.match(r"<(?:\?xml|!DOCTYPE|!--|[A-Za-z][\w:.-]*[\s/>])", text):
        root = re.search(r"<([A-Za-z][\w:.-]{0,40})", re.sub(r"(?s)<!--.*?-->", "", text))
        what = f"XML whose root is <{root[1]}>" if root else "XML"
        return Other(what, "export it as CSV with a header row, or as JSON or text")
    if re.match(r"\[\s*[\[{\"]|\{\s*[\"}]", text):
        return _json(path, shape_of(path))
    return None


def _json(path: File, shape: Shape) -> Other:
    """Return what a JSON file holds: its largest array of objects, what each has, what lacks."""
    arrays = [at for at in shape.keys if at.endswith("item") and at.count("item") == 1]
    if not arrays:
        # keys may be names of people: only what programs write is shown
        told = [key for key in sorted(shape.at("")) if _said_by_programs(key)][:8]
        what = f"JSON, an object with the keys {', '.join(told)}" if told else ""
        do = "save its records as CSV with a header row, or as an array of flat objects"
        return Other(what or "JSON of an unknown program", do)
    array = max(arrays, key=lambda at: (len(shape.at(at)), -at.count(".")))
    fields = _fields(path, array)
    within = array.split(".")[:-1]
    plain = all(_said_by_programs(key) or _ARRAYS.fullmatch(key) for key in within)
    where = f"the array {'.'.join(within)}" if within and plain else "an array"
    what = f"JSON of an unknown program: each record of {where} has {', '.join(fields) or 'keys'}"
    names = {folded(name) for name in fields}
    wanted = {"text": ("title", "body"), "date": ("time",)}
    lacks = [
        f"no {one}"
        for one, roles in wanted.items()
        if not names.intersection(n for role in roles for n in texts()[role])
    ]
    what += f"; of what is known as such there is {' and '.join(lacks)}" if lacks else ""
    do = "save that array alone as a JSON file" if within else "describe the file"
    do += ' and name its keys under [mapping], as text = "…" and time = "…", with importer = '
    return Other(what, do + '"tables"; or make a table of it')


def _fields(path: File, array: str) -> list[str]:
    """Return the keys that most records of an array have: a name of a person is none of them."""
    counted: Counter[str] = Counter()
    records = 0
    try:
        for number, found in islice(records_of(path, array), _RECORDS):
            records = number
            counted.update(found.keys() if isinstance(found, dict) else ())
    except ImporterError:
        pass  # it ends in the middle: what was read is told
    often = [key for key, times in counted.items() if times > records / 2]
    return [k for k in often if _said_by_programs(k) or (records > 1 and _FIELD.fullmatch(k))][:12]


def _said_by_programs(key: str) -> bool:
    return any(key in names for p in _programs() for names in p["keys"].values()) or bool(
        re.fullmatch(r"[a-z]+(?:_[a-z0-9]+)+|[a-z]+(?:[A-Z][a-z]+)+", key)
    )


def is_json_value(text: str) -> bool:
    """Say whether a text is one value of JSON that is no number: a list of words, a sentence."""
    if not text.startswith(('"', "[")):
        return False
    import json

    try:
        return isinstance(json.loads(text), str | list)
    except JSON_ERRORS:
        return bool(re.match(r'\[\s*"(?:[^"\\]|\\.)*"\s*,', text))

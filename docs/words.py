"""Take every message out of the program, bring the catalogues up to it, compile them.

`python docs/words.py` does so for each catalogue there is; `python docs/words.py de` begins German.
The header `X-Review` of a catalogue says that it is machine-made, or the name of who reviewed it.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po

from fanal.wording.language import UNREVIEWED

SOURCE = Path(__file__).parents[1] / "src/fanal"
CATALOGUES = SOURCE / "wording/catalogues"
METHODS = [("testing/**", "ignore"), ("**.py", "python"), ("**/templates/**.j2", "jinja2")]
KEYWORDS = {
    "say": None, "both": None, "N_": None, "say_n": (1, 2), "NN_": (1, 2), "NC_": ((1, "c"), 2),
}  # fmt: skip
PLAIN = re.compile(
    r'^"(Project-Id|Report-Msgid|POT-Creation|PO-Revision|Last-Translator|Language-Team|Generated-By)'
    r".*\n",
    re.M,
)
NEVER = datetime(2000, 1, 1, tzinfo=UTC)  # dates would make every catalogue differ every day


class Signed(Catalog):
    """A catalogue that keeps the one header more that Babel would drop."""

    review = ""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the headers in their order, that of Babel itself last."""
        *headers, last = self._get_mime_headers()
        return [*headers, *([("X-Review", self.review)] if self.review else []), last]

    @mime_headers.setter
    def mime_headers(self, headers: Iterable[tuple[str, str]]) -> None:
        told = list(headers)
        self._set_mime_headers(told)
        self.review = dict(told).get("X-Review", "")


def extracted() -> Catalog:
    """Return every message that the program and its templates say."""
    found = Catalog(charset="utf-8")
    for file, line, message, _, context in extract_from_dir(SOURCE, METHODS, keywords=KEYWORDS):
        found.add(message, locations=[(file, line)], context=context)
    return found


def read(path: Path) -> Signed:
    """Return a catalogue as it stands in its file."""
    catalog = Signed(locale=path.parts[-3])
    PoFileParser(catalog).parse(io.BytesIO(path.read_bytes()))
    catalog.creation_date = catalog.revision_date = NEVER
    return catalog


def written(catalog: Catalog) -> str:
    """Return the text of a catalogue: sorted, without lines, dates or versions."""
    out = io.BytesIO()
    write_po(out, catalog, width=100, no_location=True, sort_output=True, ignore_obsolete=True)
    return PLAIN.sub("", out.getvalue().decode())


def compiled(catalog: Catalog) -> bytes:
    """Return what the program loads of a catalogue."""
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main(begun: list[str]) -> None:
    """Bring each catalogue up to the program, and begin those that are named."""
    for code in begun:
        path = CATALOGUES / code / "LC_MESSAGES/fanal.po"
        path.parent.mkdir(parents=True)
        catalog = Signed(
            locale=code, header_comment="# What Fanal says.", charset="utf-8", fuzzy=False
        )
        catalog.review = UNREVIEWED
        path.write_text(written(catalog), "utf-8")
    messages = extracted()
    for path in sorted(CATALOGUES.glob("*/LC_MESSAGES/fanal.po")):
        catalog = read(path)
        catalog.update(messages, no_fuzzy_matching=True, update_creation_date=False)
        path.write_text(written(catalog), "utf-8")
        path.with_suffix(".mo").write_bytes(compiled(catalog))
        lacking = [str(m.id) for m in catalog if m.id and not all(_strings(m.string))]
        sys.stdout.write(f"{path.parts[-3]}: {len(catalog)} messages, {len(lacking)} to say\n")


def _strings(told: str | tuple[str, ...]) -> tuple[str, ...]:
    return told if isinstance(told, tuple) else (told,)


if __name__ == "__main__":
    main(sys.argv[1:])

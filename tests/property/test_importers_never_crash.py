"""Whatever the bytes, an importer yields rows or raises `ImporterError`."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fanal.errors import ImporterError
from fanal.importers import BUILTIN, files_in
from fanal.importers.base import Importer

STARTS = [
    *(
        b"",
        b"{",
        b"[{",
        b"%PDF-1.4\n",
        b"{\\rtf1 ",
        b"PK\x03\x04",
        b"PAR1",
        b"WEBVTT\n\n",
        b"<rss>",
    ),
    *(b"1\n00:00:01,000 --> 00:00:02,000\n", b"<html><body>", b"\xff\xfe", b"date,texte\n1,"),
    *(b"[12/03/2024, 10:00:00] A: ", b'form = "interview"\n', b"Date : 12 mars 2025\n", b"sep=;\n"),
]
TEXT = st.text("aé:.,;\n\t \"'[]{}<>/-0123#*=€\u202f\u200e", max_size=300).map(str.encode)


@pytest.mark.parametrize("kind", BUILTIN, ids=lambda kind: kind.name)
@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(start=st.sampled_from(STARTS), rest=st.binary(max_size=400) | TEXT)
def test_any_bytes(kind: type[Importer], start: bytes, rest: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes(start + rest)
    for _, found in files_in(path):
        assert found is None or isinstance(found, type | ImporterError)
    try:
        for row in kind().extract(path):
            assert repr(row)
    except ImporterError as error:
        assert error.what

"""The command line, called from within a test."""

import contextlib
import io
import json
import sys
import unittest.mock
from pathlib import Path

import pytest

from fanal.cli import main


def said(*words, code=0, cwd=None):
    """Return what a command answers; it runs here, as a start of its own takes two seconds."""
    answer = io.StringIO()
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(answer),
        unittest.mock.patch.object(sys, "argv", ["fanal", *map(str, words), "--json"]),
        pytest.raises(SystemExit) as left,
    ):
        main()
    assert left.value.code == code, answer.getvalue()[-2000:]
    return json.loads(answer.getvalue())

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
    """Return what a command answers, an error where it fails.

    It runs here, as a start of its own takes two seconds.
    """
    answer, wrong = io.StringIO(), io.StringIO()
    with (
        contextlib.chdir(cwd or Path.cwd()),
        contextlib.redirect_stdout(answer),
        contextlib.redirect_stderr(wrong),
        unittest.mock.patch.object(sys, "argv", ["fanal", *map(str, words), "--json"]),
        pytest.raises(SystemExit) as left,
    ):
        main()
    told = answer.getvalue() or wrong.getvalue()
    assert left.value.code == code, told[-2000:]
    return json.loads(told)

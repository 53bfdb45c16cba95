"""What the command line prints of signals: as pages tell it."""

import pytest

from fanal.cli.triage import show_signals
from fanal.exporters.signal_words import figure
from fanal.wording.language import Language

SIGNAL = {
    "id": "s1", "title": "x", "novelty": "new", "first": "–", "last": "–", "observed": 5.0,
    "threshold": 1.0, "score": 0.03, "detector": "d", "state": "received", "untold": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        (0.004, "fewer than 0.1"),
        (0.049, "fewer than 0.1"),
        (0.0, "0"),
        (0.05, "0.05"),
        (3.26, "3.3"),
    ],
)
def test_what_was_expected_is_printed_as_pages_tell_it(monkeypatch, expected, told):
    """A small value had been printed as 0, where the page said fewer than 0.1."""
    printed = []
    monkeypatch.setattr("fanal.cli.triage.table", lambda title, columns, rows: printed.extend(
        dict(zip(columns, row, strict=True)) for row in rows))  # fmt: skip
    show_signals([SIGNAL | {"expected": expected}], 1)
    assert (printed[0]["expected"], printed[0]["score"]) == (told, "0.03")
    assert figure(expected, Language("en")) == told

"""Names of months, as six languages write them by the Unicode locale data."""

from __future__ import annotations

import pytest
from babel import Locale

from fanal.importers.reading.dates import read_date


@pytest.mark.parametrize(
    "language", ["fr", "fr_CA", "en", "de", "de_AT", "de_CH", "es", "it", "nl", "nl_BE"]
)
def test_months_are_read_as_their_languages_write_them(language):
    names = Locale.parse(language).months
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in names[context][width].items():
                moment = read_date(f"{name} 2022", "dmy")
                assert moment is not None, name
                assert (moment.time.month, moment.precision) == (month, "month")


@pytest.mark.parametrize("word", ["mars brun 2022", "mara 2022", "juin-ci 2022", "jui 2022"])
def test_words_that_begin_as_months_do_are_none(word):
    assert read_date(word, "dmy") is None

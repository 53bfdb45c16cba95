"""Of which country a file is: by the places in it, the money and the language of what it says.

It decides how telephone numbers and prices without one are read, and what a town is taken for; so
it is proposed where the file shows it, and asked for where it does not: English and Portuguese are
written on several continents, French in Canada and Switzerland too, which their money tells.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pyarrow as pa

from fanal.storage.tables import Tables
from fanal.text import languages
from fanal.thesaurus import load_places

MOST = 0.8  # of the places that are of one country, and of the texts in one language
KNOWN = 0.5  # of the records that have a place at all
TEXTS = 500  # by which money and language are judged

ZONES = {  # country → its time zone, where it has one, or one for nearly everybody
    "AT": "Europe/Vienna", "BE": "Europe/Brussels", "CH": "Europe/Zurich", "CZ": "Europe/Prague",
    "DE": "Europe/Berlin", "DK": "Europe/Copenhagen", "ES": "Europe/Madrid",
    "FI": "Europe/Helsinki", "FR": "Europe/Paris", "GB": "Europe/London", "GR": "Europe/Athens",
    "IE": "Europe/Dublin", "IT": "Europe/Rome", "LU": "Europe/Luxembourg",
    "NL": "Europe/Amsterdam", "NO": "Europe/Oslo", "PL": "Europe/Warsaw", "PT": "Europe/Lisbon",
    "RO": "Europe/Bucharest", "SE": "Europe/Stockholm",
}  # fmt: skip
_SPOKEN = {"fr": "FR", "de": "DE", "es": "ES", "it": "IT", "nl": "NL", "pl": "PL", "sv": "SE",
           "da": "DK", "cs": "CZ", "fi": "FI", "el": "GR", "ro": "RO"}  # fmt: skip
_PAID = {"GBP": "GB", "CHF": "CH", "PLN": "PL", "SEK": "SE", "DKK": "DK", "NOK": "NO", "CZK": "CZ"}
_MONEY = {
    "EUR": re.compile(r"€|\beuros?\b|\beur\b", re.IGNORECASE),
    "GBP": re.compile(r"£|\bGBP\b|\bquid\b"),
    "CHF": re.compile(r"\bCHF\b|\d\s?(?:fr\.|francs?\b|stutz\b)", re.IGNORECASE),
    "PLN": re.compile(r"\bPLN\b|\d\s?zł"),
    "dollars": re.compile(r"\$|\b(?:USD|CAD|AUD)\b|\bdollars?\b", re.IGNORECASE),
}
_EVERYWHERE = "SELECT place FROM current_documents UNION ALL SELECT place FROM samples"
_SAID = "SELECT language, text FROM current_documents WHERE text <> '' ORDER BY id LIMIT $most"


def country_of(tables: Tables, header: Sequence[str] = ()) -> tuple[str, str]:
    """Return the country that a file which was brought in shows, and by what; "" for none.

    `header` are the names of its columns, which tell the language where there is no text.
    """
    places = [row["place"] for row in tables.rows(_EVERYWHERE)]
    areas = [row["area"] for row in tables.rows("SELECT area FROM indicators")]
    if country := _of_places([*places, *areas]):
        return country, "its places are there"
    texts = tables.rows(_SAID, {"most": TEXTS})
    query = "SELECT DISTINCT currency FROM samples WHERE currency IS NOT NULL"
    paid = {row["currency"] for row in tables.rows(query)}
    paid |= {
        name for name, money in _MONEY.items() if any(money.search(row["text"]) for row in texts)
    }
    spoken = Counter(row["language"] for row in texts if row["language"])
    if not texts and header:
        spoken.update(filter(None, languages.of_texts(pa.array([" ".join(header)]))))
    told, most = next(iter(spoken.most_common(1)), ("", 0))
    told = told if most >= MOST * spoken.total() else ""
    told_by = {_PAID[name] for name in paid if name in _PAID}
    if len(told_by) == 1 and len(paid) == 1:
        return told_by.pop(), "its prices are in the money of it"
    if told in _SPOKEN and paid <= {"EUR"}:
        return _SPOKEN[told], "the language of what it says"
    return "", ""


def _of_places(codes: Iterable[str | None]) -> str:
    """Return the country of most places, where most records have one."""
    told = list(codes)
    known = load_places()
    found: Counter[str] = Counter()
    for code in told:
        if code in known.places:
            country = (code, *known.around(code))[-1]
            found[country if country.isalpha() and len(country) == 2 else "FR"] += 1
    country, most = next(iter(found.most_common(1)), ("", 0))
    enough = most >= MOST * found.total() and found.total() >= KNOWN * len(told)
    return country if most and enough else ""

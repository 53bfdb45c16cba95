"""Numbers, money, days and places are written as each language writes them, by its code alone."""

import io
from datetime import date
from gettext import GNUTranslations

import pytest
import words
from babel.messages.catalog import Catalog

from fanal.edition import Name
from fanal.errors import ConfigError
from fanal.exporters import axes, charts
from fanal.wording.language import UNREVIEWED, Language, named, spoken

DAY = date(2025, 3, 5)
WRITTEN = {
    "fr": ("1\u202f234,5", "50\u202f%", "12,50\u00a0€", "1\u202f250\u00a0€", "5 mars 2025",
           "mars 2025", "1er trimestre 2025", "%d/%m/%Y", "2,5\u00a0mg", "Pays-Bas"),
    "en": ("1,234.5", "50%", "€12.50", "€1,250", "5 March 2025",
           "March 2025", "1st quarter 2025", "%d/%m/%Y", "2.5\u00a0mg", "Netherlands"),
    "de": ("1.234,5", "50\u202f%", "12,50\u00a0€", "1.250\u00a0€", "5. März 2025",
           "März 2025", "1. Quartal 2025", "%d.%m.%Y", "2,5\u00a0mg", "Niederlande"),
    "nl": ("1.234,5", "50%", "€\u00a012,50", "€\u00a01.250", "5 maart 2025",
           "maart 2025", "1e kwartaal 2025", "%d-%m-%Y", "2,5\u00a0mg", "Nederland"),
    "es": ("1.234,5", "50\u202f%", "12,50\u00a0€", "1.250\u00a0€", "5 de marzo de 2025",
           "marzo de 2025", "1.er trimestre de 2025", "%d/%m/%Y", "2,5\u00a0mg", "Países Bajos"),
    "it": ("1.234,5", "50%", "12,50\u00a0€", "1.250\u00a0€", "5 marzo 2025",
           "marzo 2025", "1º trimestre 2025", "%d/%m/%Y", "2,5\u00a0mg", "Paesi Bassi"),
}  # fmt: skip


@pytest.mark.parametrize("code", WRITTEN)
def test_each_language_writes_in_its_manner(code):
    language = Language(code)
    told = (
        language.number(1234.5, 1), language.percent(0.5), language.money(12.5, "EUR"),
        language.money(1250, "EUR"), language.day(DAY), language.day(DAY, "month"),
        language.day(DAY, "quarter"), language.digits, language.amount("2.5", "mg"),
        language.area("NL"),
    )  # fmt: skip
    days = [text.replace("\u00a0", " ") for text in told[4:7]]
    assert (*told[:4], *days, *told[7:]) == WRITTEN[code]
    assert not any(" " in text for text in told[:6])  # none is broken at the end of a line


def test_axes_of_pictures_are_written_in_the_language():
    german = Language("de")
    number = charts.config(german)["locale"]["number"]
    assert number == {
        "decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", "\u00a0€"],
    }  # fmt: skip
    weeks = axes.times([date(2025, 3, 3), date(2025, 3, 10)], german)
    months = axes.times([date(2025, 1, 1), date(2025, 6, 1)], german)
    assert weeks["axis"]["format"] == "%d.%m.%Y" == charts.config(german)["timeFormat"]
    assert months["axis"]["format"] == "%m.%Y"


def test_a_label_is_read_in_english_where_a_language_has_none():
    assert Name("chanvre", "hemp").in_("de") == "hemp"
    assert Name("chanvre", "hemp", (("de", "Hanf"),)).in_("de") == "Hanf"
    place = named(lambda language: language.area("DE"))
    assert (place.fr, place.en) == ("Allemagne", "Germany")
    assert Language("de").area("13") == "Bouches-du-Rhône"
    assert Language("de").area("lille") == "lille"


def test_only_a_language_that_has_words_is_written_in():
    assert spoken("fr") == Language("fr")
    with pytest.raises(ConfigError, match="no language 'xx'"):
        spoken("xx")


@pytest.mark.parametrize("review", ["", UNREVIEWED, "Erika Mustermann, 2026"])
def test_who_reviewed_a_catalogue_is_kept_and_loaded(tmp_path, review):
    catalog = words.Signed(locale="de", charset="utf-8", fuzzy=False)
    catalog.review = review
    catalog.add("price", "Preis")
    path = tmp_path / "de" / "LC_MESSAGES/fanal.po"
    path.parent.mkdir(parents=True)
    path.write_text(words.written(catalog), "utf-8")
    read = words.read(path)
    read.update(Catalog(), no_fuzzy_matching=True)
    assert (read.review, words.written(read).count("X-Review")) == (review, int(bool(review)))
    loaded = GNUTranslations(io.BytesIO(words.compiled(read)))
    assert loaded.info().get("x-review", "") == review
    assert loaded.info()["plural-forms"].startswith("nplurals=2;")


@pytest.mark.parametrize(
    ("step", "said"),
    [("week", "in der Woche vom 5. März 2025"), ("month", "im März 2025"),
     ("quarter", "im 1. Quartal 2025"), ("year", "im Jahr 2025")],
)  # fmt: skip
def test_a_period_stands_in_a_sentence_as_its_kind_asks(step, said):
    assert Language("de").in_period(DAY, step).replace("\u00a0", " ") == said


@pytest.mark.parametrize(
    ("code", "unit", "said"),
    [
        ("fr", "EUR/g", "€/g"), ("en", "EUR/tablet", "€/tablet"), ("fr", "EUR", "€"),
        ("fr", "mg/tablet", "mg/comprimé"), ("fr", "%", "%"),
    ],
)  # fmt: skip
def test_a_unit_writes_money_as_sums_are_written(code, unit, said):
    assert Language(code).per(unit) == said


def test_places_are_set_in_french_as_sentences_are():
    assert Language("fr").area("95") == "Val-d’Oise"
    assert Language("fr").area("o'brien") == "o'brien", "what is no code stays as it was written"

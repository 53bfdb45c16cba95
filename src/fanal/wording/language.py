"""French and English as they are set: numbers, dates, plurals, spaces before signs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from gettext import NullTranslations, translation
from pathlib import Path
from unicodedata import normalize

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from fanal.edition import Few, Name, Untold
from fanal.thesaurus.places import place_name
from fanal.wording.marks import CONTEXT

CATALOGUES = Path(__file__).parent / "catalogues"
BEYOND = 1e15  # a number that nobody reads, infinite, or none: as a computer writes it
NARROW, WIDE = "\u202f", "\u00a0"  # before ; ! ? and before : or inside « »

NOUNS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "document": {"fr": ("document", "documents"), "en": ("document", "documents")},
    "post": {"fr": ("publication", "publications"), "en": ("post", "posts")},
    "mention": {"fr": ("mention", "mentions"), "en": ("mention", "mentions")},
    "mentions": {"fr": ("mention", "mentions"), "en": ("mention", "mentions")},
    "documents": {"fr": ("document", "documents"), "en": ("document", "documents")},
    "bonus": {"fr": ("offre", "offres"), "en": ("offer", "offers")},
    "practices": {"fr": ("citation", "citations"), "en": ("occurrence", "occurrences")},
    "together": {
        "fr": ("citation commune", "citations communes"),
        "en": ("joint mention", "joint mentions"),
    },
    "channels": {"fr": ("canal", "canaux"), "en": ("channel", "channels")},
    "authors": {"fr": ("auteur", "auteurs"), "en": ("author", "authors")},
    "expected": {"fr": ("échantillon", "échantillons"), "en": ("sample", "samples")},
    "indicator": {"fr": ("cas publié", "cas publiés"), "en": ("published case", "published cases")},
    "found": {"fr": ("échantillon", "échantillons"), "en": ("sample", "samples")},
    "danger": {"fr": ("échantillon", "échantillons"), "en": ("sample", "samples")},
    "missold": {
        "fr": ("échantillon d'un autre contenu", "échantillons d'un autre contenu"),
        "en": ("sample of another content", "samples of another content"),
    },
    "changed": {
        "fr": (
            "échantillon depuis le changement de contenu",
            "échantillons depuis le changement de contenu",
        ),
        "en": ("sample since the content changed", "samples since the content changed"),
    },
    "figure": {"fr": ("chiffre", "chiffres"), "en": ("figure", "figures")},
    "price": {"fr": ("prix", "prix"), "en": ("price", "prices")},
    "source": {"fr": ("source", "sources"), "en": ("source", "sources")},
    "site": {"fr": ("site", "sites"), "en": ("site", "sites")},
    "signal": {"fr": ("signal", "signaux"), "en": ("signal", "signals")},
    "record": {"fr": ("enregistrement", "enregistrements"), "en": ("record", "records")},
    "week": {"fr": ("semaine", "semaines"), "en": ("week", "weeks")},
    "kind of source": {
        "fr": ("sorte de source", "sortes de sources"),
        "en": ("kind of source", "kinds of source"),
    },
    "phenomenon": {"fr": ("phénomène", "phénomènes"), "en": ("phenomenon", "phenomena")},
}


SMALL = {
    "fr": ["Un", "Deux", "Trois", "Quatre", "Cinq", "Six", "Sept", "Huit", "Neuf", "Dix"],
    "en": ["One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"],
}
SPANS = {
    "week": ("semaines", "weeks"),
    "month": ("mois", "months"),
    "quarter": ("trimestres", "quarters"),
    "year": ("ans", "years"),
}
EACH = {
    "week": ("par semaine", "a week"), "month": ("par mois", "a month"),
    "quarter": ("par trimestre", "a quarter"), "year": ("par an", "a year"),
}  # fmt: skip
UNITS: Mapping[str, Mapping[str, tuple[str, str, str]]] = {  # one, many, “a gram”
    "g": {"fr": ("g", "g", "le gramme"), "en": ("g", "g", "a gram")},
    "kg": {"fr": ("kg", "kg", "le kilo"), "en": ("kg", "kg", "a kilo")},
    "mg": {"fr": ("mg", "mg", "le milligramme"), "en": ("mg", "mg", "a milligram")},
    "µg": {"fr": ("µg", "µg", "le microgramme"), "en": ("µg", "µg", "a microgram")},
    "ml": {"fr": ("ml", "ml", "le millilitre"), "en": ("ml", "ml", "a millilitre")},
    "l": {"fr": ("l", "l", "le litre"), "en": ("l", "l", "a litre")},
    "oz": {"fr": ("once", "onces", "l'once"), "en": ("oz", "oz", "an ounce")},
    "lb": {"fr": ("livre", "livres", "la livre"), "en": ("lb", "lb", "a pound")},
    "product": {"fr": ("produit", "produits", "le produit"), "en": ("item", "items", "an item")},
    "tablet": {
        "fr": ("comprimé", "comprimés", "le comprimé"),
        "en": ("tablet", "tablets", "a tablet"),
    },
    "blotter": {
        "fr": ("buvard", "buvards", "le buvard"),
        "en": ("blotter", "blotters", "a blotter"),
    },
    "capsule": {
        "fr": ("gélule", "gélules", "la gélule"),
        "en": ("capsule", "capsules", "a capsule"),
    },
    "unit": {"fr": ("unité", "unités", "l'unité"), "en": ("unit", "units", "a unit")},
}


@dataclass(frozen=True, slots=True)
class Language:
    """One of the two languages of a bulletin."""

    code: str  # fr or en

    @property
    def locale(self) -> Locale:
        """Return Babel's locale; English dates and numbers in the European manner."""
        return Locale.parse("fr_FR" if self.code == "fr" else "en_GB")

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this language, its named places filled, set as it should be."""
        told = _catalogue(self.code).gettext(message) if message else ""  # "" asks for the header
        if told is message:
            told = message.rpartition(CONTEXT)[2]
        return self.set(told % values if values else told)

    def say_n(self, one: str, many: str, n: float, /, **values: object) -> str:
        """Return a message that agrees with a number, by the rule of the language."""
        whole = int(n) if n == int(n) else 1 if self.one(n) else 2
        told = _catalogue(self.code).ngettext(one, many, whole)
        return self.set(told % values if values else told)

    def one(self, n: float) -> bool:
        """Say whether a number takes the singular (in French whatever is below 2)."""
        return str(self.locale.plural_form(n)) == "one"

    def pick(self, fr: str, en: str) -> str:
        """Return the text of this language, set as it should be."""
        return self.set(fr) if self.code == "fr" else en

    def set(self, text: str) -> str:
        """Return our own sentence with French spaces; never applied to an excerpt."""
        if self.code != "fr":
            return text
        text = re.sub(r" ([;!?%‰])", NARROW + r"\1", text)
        text = re.sub(r" ([:€])(?!//)", WIDE + r"\1", text)
        text = re.sub(r"\b([dD])e (?=(?:avril|août|octobre)\b)", r"\1'", text)
        text = text.replace("« ", "«" + WIDE).replace(" »", WIDE + "»").replace("n° ", "n°" + WIDE)
        return text.replace("'", "’")

    def number(self, value: float, decimals: int | None = None) -> str:
        """Return a number: whole ones whole, small ones with two figures that matter.

        What rounds to nothing at the fourth decimal is nothing: a threshold of 0.000000005 is 0.
        """
        if isinstance(value, Untold):
            return self.pick("non dit", "withheld")
        if isinstance(value, Few):
            return self.pick("moins de", "fewer than") + WIDE + str(int(value))
        if not abs(value) < BEYOND:
            return f"{value:g}"
        if decimals is None:
            size = abs(value)
            decimals = (
                0 if size >= 100 or value == int(value) else 1 if size >= 1
                else min(4, max(2, 1 - math.floor(math.log10(size))))
            )  # fmt: skip
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
        return str(format_decimal(value, pattern, locale=self.locale))

    def percent(self, share: float) -> str:
        """Return a share of 0…1 as a percentage."""
        return self.of_hundred(round(100 * share))

    def of_hundred(self, value: float) -> str:
        """Return a figure that is in per cent already, a purity, with its sign."""
        return self.number(value) + (f"{NARROW}%" if self.code == "fr" else "%")

    def money(self, value: float, currency: str) -> str:
        """Return an amount of money; whole where it is whole."""
        if not abs(value) < BEYOND:
            return f"{value:g}{WIDE}{currency}"
        digits = 0 if value == round(value) or value >= 100 else 2
        pattern = f"#,##0{'.00' if digits else ''}" + (WIDE + "¤" if self.code == "fr" else "")
        pattern = pattern if self.code == "fr" else "¤" + pattern
        return str(format_currency(value, currency, pattern, self.locale, currency_digits=False))

    def day(self, day: date, precision: str = "day") -> str:
        """Return a date as it is read: 12 mars 2025, 1er mars 2025, 12 March 2025."""
        if precision == "year":
            return str(day.year)
        if precision == "quarter":
            return str(format_date(day, "QQQQ" + WIDE + "y", self.locale))
        if precision == "month":
            return str(format_date(day, "MMMM" + WIDE + "y", self.locale))
        text = str(format_date(day, "d" + WIDE + "MMMM" + WIDE + "y", self.locale))
        if self.code == "fr" and day.day == 1:
            text = "1er" + text[1:]
        if precision == "week":
            return self.pick(f"semaine du {text}", f"week of {text}")
        return text

    def period(self, day: date, step: str) -> str:
        """Return “the week of …” as it stands in a sentence."""
        if step == "week":
            return self.pick(f"la semaine du {self.day(day)}", f"the week of {self.day(day)}")
        return self.day(day, step)

    def in_period(self, day: date, step: str) -> str:
        """Return “in the week of …” as it opens or closes a sentence."""
        if step == "week":
            return self.pick(f"la semaine du {self.day(day)}", f"in the week of {self.day(day)}")
        if step == "quarter":
            return self.pick(f"au {self.day(day, step)}", f"in the {self.day(day, step)}")
        return self.pick(f"en {self.day(day, step)}", f"in {self.day(day, step)}")

    def up_to_period(self, day: date, step: str, n: int) -> str:
        """Return “over the four weeks up to that of …” as it opens a sentence."""
        weeks = step == "week"
        fr, en = SPANS[step]
        last_fr = f"à celle du {self.day(day)}" if weeks else f"à {self.day(day, step)}"
        last_fr = f"au {self.day(day, step)}" if step == "quarter" else last_fr
        last_en = f"that of {self.day(day)}" if weeks else self.day(day, step)
        return self.pick(
            f"sur les {n}{WIDE}{fr} jusqu'{last_fr}", f"over the {n} {en} up to {last_en}"
        )

    def count(self, n: float, noun: str) -> str:
        """Return a number with its noun, singular or plural by the rule of the language."""
        return f"{self.number(n)}{WIDE}{self.noun(n, noun)}"

    def read(self, documents: int, samples: int, figures: int) -> str:
        """Return how much was read of a source, in what it gives."""
        if isinstance(documents, Untold):  # how many persons spoke is not told of one source
            return self.number(documents)
        parts = {"document": documents, "found": samples, "figure": figures}
        told = [self.count(n, noun) for noun, n in parts.items() if n]
        return self.list(told) or self.count(0, "document")

    def words(self, n: int, noun: str, feminine: bool = False) -> str:
        """Return a count that opens a sentence: up to ten in letters."""
        if isinstance(n, Few) or not 1 <= n <= 10:
            return self.count(n, noun)
        word = SMALL[self.code][n - 1]
        word = "Une" if feminine and word == "Un" else word
        return f"{word} {self.noun(n, noun)}"

    def noun(self, n: float, noun: str) -> str:
        """Return the noun alone, agreeing with a number (French: below 2 is singular)."""
        one, many = NOUNS.get(noun, NOUNS["mention"])[self.code]
        return one if self.locale.plural_form(n) == "one" else many

    def amount(self, quantity: str, unit: str) -> str:
        """Return an amount of product: 1 g, 5 comprimés, 2–5 buvards."""
        if self.code == "fr":
            quantity = re.sub(r"(?<=\d)\.(?=\d)", ",", quantity)
        one, many, _ = UNITS.get(unit, {}).get(self.code, (unit, unit, unit))
        return f"{quantity}{WIDE}{one if quantity == '1' else many}"

    def each(self, unit: str) -> str:
        """Return “le gramme”, “a tablet”."""
        return self.set(UNITS.get(unit, UNITS["unit"])[self.code][2])

    def list(self, words: list[str]) -> str:
        """Return “a, b and c”."""
        return str(format_list(words, locale=self.locale))

    def site(self, site: str) -> str:
        """Return the name of a site, capitalised as it is written, or of the place of a code."""
        return self.area(_countries().get(site.casefold(), capital(site)))

    def area(self, code: str) -> str:
        """Return the name of the place or country of a code; of anything else what it is."""
        named = place_name(code, self.code)
        return named or (str(self.locale.territories.get(code, code)) if code.isalpha() else code)

    def at(self, site: str) -> str:
        """Return “ à Lille”, “ in Lille” as it stands in a sentence; an area in parentheses."""
        if not site:
            return ""
        name = self.site(site)
        if name != capital(site):
            return f" ({name})"
        return self.pick(f" à {name}", f" in {name}")


def both(message: str, /, **values: object) -> Name:
    """Return a message as a label, in French and English."""
    return Name(*(Language(code).say(message, **values) for code in ("fr", "en")))


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are words for: French, English, and each catalogue."""
    found = {path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/fanal.mo")}
    return ("fr", "en", *sorted(found - {"fr", "en"}))


@cache
def _catalogue(code: str) -> NullTranslations:
    """Return the messages of a language; those of English are what the programs say."""
    return NullTranslations() if code == "en" else translation("fanal", CATALOGUES, [code])


@cache
def _countries() -> dict[str, str]:
    """Return the ISO code of each country by its names in French and English, in lower case."""
    return {
        name.casefold(): code
        for language in ("fr", "en")
        for code, name in Locale.parse(language).territories.items() if len(code) == 2
    }  # fmt: skip


def alphabetical(words: str) -> str:
    """Return words as an index has them: é beside e."""
    return normalize("NFD", words.casefold()).encode("ascii", "ignore").decode()


def capital(words: str) -> str:
    """Return words with their first letter as at the head of a sentence."""
    return words[:1].upper() + words[1:]

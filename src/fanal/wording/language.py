"""How things are said in a language: messages, plurals, numbers, dates, spaces before signs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
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
from fanal.errors import ConfigError
from fanal.thesaurus.places import place_name
from fanal.wording.marks import CONTEXT, N_, NC_, NN_

CATALOGUES = Path(__file__).parent / "catalogues"
SHIPPED = ("fr", "en")  # languages that the thesaurus, the practices and descriptions have
UNREVIEWED = "machine-made, not reviewed"  # what the header `X-Review` of a catalogue may say
BEYOND = 1e15  # a number that nobody reads, infinite, or none: as a computer writes it
NARROW, WIDE = "\u202f", "\u00a0"  # before ; ! ? and before : or inside « »

NOUNS: Mapping[str, tuple[str, str]] = {
    "document": NN_("document", "documents"),
    "post": NN_("post", "posts"),
    "mention": NN_("mention", "mentions"),
    "mentions": NN_("mention", "mentions"),
    "documents": NN_("document", "documents"),
    "bonus": NN_("offer", "offers"),
    "practices": NN_("occurrence", "occurrences"),
    "together": NN_("joint mention", "joint mentions"),
    "channels": NN_("channel", "channels"),
    "authors": NN_("author", "authors"),
    "expected": NN_("sample", "samples"),
    "indicator": NN_("published case", "published cases"),
    "found": NN_("sample", "samples"),
    "strength": NN_("result", "results"),
    "danger": NN_("sample", "samples"),
    "missold": NN_("sample of another content", "samples of another content"),
    "changed": NN_("sample unlike those before", "samples unlike those before"),
    "figure": NN_("figure", "figures"),
    "price": NN_("price", "prices"),
    "source": NN_("source", "sources"),
    "site": NN_("site", "sites"),
    "signal": NN_("signal", "signals"),
    "record": NN_("record", "records"),
    "week": NN_("week", "weeks"),
    "kind of source": NN_("kind of source", "kinds of source"),
    "phenomenon": NN_("phenomenon", "phenomena"),
}
SMALL = (
    N_("One"),
    N_("Two"),
    N_("Three"),
    N_("Four"),
    N_("Five"),
    N_("Six"),
    N_("Seven"),
    N_("Eight"),
    N_("Nine"),
    N_("Ten"),
)
EACH = {
    "week": N_("a week"),
    "month": N_("a month"),
    "quarter": N_("a quarter"),
    "year": N_("a year"),
}
UP_TO = {
    "week": N_("over the %(n)s weeks up to that of %(last)s"),
    "month": N_("over the %(n)s months up to %(last)s"),
    "quarter": N_("over the %(n)s quarters up to %(last)s"),
    "year": N_("over the %(n)s years up to %(last)s"),
}
UNITS: Mapping[str, tuple[tuple[str, str], str]] = {  # one and many, “a gram”
    "g": (NN_("g", "g"), N_("a gram")),
    "kg": (NN_("kg", "kg"), N_("a kilo")),
    "mg": (NN_("mg", "mg"), N_("a milligram")),
    "µg": (NN_("µg", "µg"), N_("a microgram")),
    "ml": (NN_("ml", "ml"), N_("a millilitre")),
    "l": (NN_("l", "l"), N_("a litre")),
    "oz": (NN_("oz", "oz"), N_("an ounce")),
    "lb": (NN_("lb", "lb"), N_("a pound")),
    "product": (NN_("item", "items"), N_("an item")),
    "tablet": (NN_("tablet", "tablets"), N_("a tablet")),
    "blotter": (NN_("blotter", "blotters"), N_("a blotter")),
    "capsule": (NN_("capsule", "capsules"), N_("a capsule")),
    "unit": (NN_("unit", "units"), N_("a unit")),
}


@dataclass(frozen=True, slots=True)
class Language:
    """A language that people read."""

    code: str  # fr, en, or that of another catalogue

    @property
    def locale(self) -> Locale:
        """Return Babel's locale; English dates and numbers in the European manner."""
        return Locale.parse({"fr": "fr_FR", "en": "en_GB"}.get(self.code, self.code))

    @property
    def name(self) -> str:
        """Return what the language calls itself."""
        return str(self.locale.language_name)

    @property
    def notice(self) -> str:
        """Return what readers are told of the words until a person signs them; else nothing."""
        if _catalogue(self.code).info().get("x-review") != UNREVIEWED:
            return ""
        return self.say(
            "The words of this language are machine-made, not reviewed: in doubt, read the English."
        )

    @property
    def digits(self) -> str:
        """Return how a day is written in digits, as `strftime` and Vega are told: %d/%m/%Y."""
        short = self.locale.date_formats["short"].pattern
        return "%d{0}%m{0}%Y".format(next(sign for sign in short if not sign.isalpha()))

    def say(self, message: str, /, **values: object) -> str:
        """Return a message in this language, its named places filled, set as it should be."""
        if not message:
            return ""  # a catalogue answers "" with its header
        catalogue = _catalogue(self.code)
        told = catalogue.gettext(message)
        if told is message:  # where it is said of many as well, it stands as the form for one
            told = catalogue.ngettext(message, message, 1)
        if told is message:  # English, or words that no catalogue has: as they are
            told = message.rpartition(CONTEXT)[2]
            return told % values if values else told
        return self.set(told % values if values else told)

    def say_n(self, one: str, many: str, n: float, /, **values: object) -> str:
        """Return a message that agrees with a number, by the rule of the language."""
        whole = 2  # of what cannot be counted: many
        if abs(n) < BEYOND:
            whole = int(n) if n == int(n) else 1 if self.one(n) else 2
        told = _catalogue(self.code).ngettext(one, many, whole)
        return self.set(told % values if values else told)

    def one(self, n: float) -> bool:
        """Say whether a number takes the singular (in French whatever is below 2)."""
        return str(self.locale.plural_form(n)) == "one"

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
            return self.say("withheld")
        if isinstance(value, Few):
            return self.say("fewer than\u00a0%(n)s", n=int(value))
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

    def aligned(self, value: float, decimals: int) -> str:
        """Return a number with just so many decimals, as those above and below it have."""
        return str(format_decimal(value, f"#,##0.{'0' * decimals}", locale=self.locale))

    def percent(self, share: float) -> str:
        """Return a share of 0…1 as a percentage."""
        return self.of_hundred(round(100 * share))

    def of_hundred(self, value: float) -> str:
        """Return a figure that is in per cent already, a purity, with its sign."""
        pattern = self.locale.percent_formats[None].pattern.replace(WIDE, NARROW)
        return str(pattern.replace("#,##0", self.number(value)))

    def money(self, value: float, currency: str) -> str:
        """Return an amount of money; whole where it is whole."""
        if not abs(value) < BEYOND:
            return f"{value:g}{WIDE}{currency}"
        digits = 0 if value == round(value) or value >= 100 else 2
        pattern = self.locale.currency_formats["standard"].pattern
        pattern = pattern if digits else pattern.replace(".00", "")
        return str(format_currency(value, currency, pattern, self.locale, currency_digits=False))

    def day(self, day: date, precision: str = "day") -> str:
        """Return a date as it is read: 12 mars 2025, 1er mars 2025, 12 March 2025."""
        if precision == "year":
            return str(day.year)
        pattern = self.locale.date_formats["long"]
        if precision in ("quarter", "month"):
            named = {"quarter": "yQQQQ", "month": "yMMMM"}
            pattern = self.locale.datetime_skeletons[named[precision]]
        text = str(format_date(day, pattern.pattern.replace(" ", WIDE), self.locale))
        if precision in ("quarter", "month"):
            return text
        if self.code == "fr" and day.day == 1:
            text = "1er" + text[1:]
        if precision == "week":
            return self.say("week of %(text)s", text=text)
        return text

    def period(self, day: date, step: str) -> str:
        """Return “the week of …” as it stands in a sentence."""
        if step == "week":
            return self.say("the week of %(day)s", day=self.day(day))
        return self.day(day, step)

    def in_period(self, day: date, step: str) -> str:
        """Return “in the week of …” as it opens or closes a sentence."""
        if step == "week":
            return self.say("in the week of %(day)s", day=self.day(day))
        if step == "quarter":
            return self.say("in the %(day)s", day=self.day(day, step))
        if step == "year":
            return self.say(NC_("year", "in %(day)s"), day=self.day(day, step))
        return self.say("in %(day)s", day=self.day(day, step))

    def up_to_period(self, day: date, step: str, n: int) -> str:
        """Return “over the four weeks up to that of …” as it opens a sentence."""
        last = self.day(day, "day" if step == "week" else step)
        return self.say(UP_TO[step], n=n, last=last)

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
        word = NC_("feminine", "One") if feminine and n == 1 else SMALL[n - 1]
        return f"{self.say(word)} {self.noun(n, noun)}"

    def noun(self, n: float, noun: str) -> str:
        """Return the noun alone, agreeing with a number (French: below 2 is singular)."""
        return self.say_n(*NOUNS.get(noun, NOUNS["mention"]), n)

    def amount(self, quantity: str, unit: str) -> str:
        """Return an amount of product: 1 g, 5 comprimés, 2–5 buvards."""
        decimal = self.locale.number_symbols["latn"]["decimal"]
        quantity = re.sub(r"(?<=\d)\.(?=\d)", decimal, quantity)
        named = unit
        if unit in UNITS:
            named = self.say_n(*UNITS[unit][0], 1 if quantity == "1" else 2)
        return f"{quantity}{WIDE}{named}"

    def per(self, unit: str) -> str:
        """Return a unit of something: €/g, €/comprimé, mg/tablet."""
        what, slash, of = unit.partition("/")
        what = str(self.locale.currency_symbols.get(what, what))  # as in `money`
        return what + slash + (self.say_n(*UNITS[of][0], 1) if of in UNITS else of)

    def each(self, unit: str) -> str:
        """Return “le gramme”, “a tablet”."""
        return self.say(UNITS.get(unit, UNITS["unit"])[1])

    def of(self, what: str, said: str) -> str:
        """Return what is said of something: “what: said”."""
        return self.say("%(what)s: %(said)s", what=what, said=said)

    def parts(self, said: Sequence[str]) -> str:
        """Return “one; another”."""
        told = said[0] if said else ""
        for other in said[1:]:
            told = self.say("%(one)s; %(other)s", one=told, other=other)
        return told

    def list(self, words: list[str]) -> str:
        """Return “a, b and c”."""
        return str(format_list(words, locale=self.locale))

    def site(self, site: str) -> str:
        """Return the name of a site, capitalised as it is written, or of the place of a code."""
        return self.area(_countries().get(site.casefold(), capital(site)))

    def area(self, code: str) -> str:
        """Return the name of the place or country of a code; of anything else what it is."""
        told = str(self.locale.territories.get(code, "")) if code.isalpha() else ""
        named = (self.code not in SHIPPED and told) or place_name(code, self.code) or told
        return self.set(named) if named else code

    def at(self, site: str) -> str:
        """Return “à Lille”, “in Lille” as it stands in a sentence; an area in parentheses."""
        if not site:
            return ""
        name = self.site(site)
        if name != capital(site):
            return f"({name})"
        return self.say("in %(name)s", name=name)


def named(told: Callable[[Language], str]) -> Name:
    """Return as a label what is told in each language."""
    also = tuple((code, told(Language(code))) for code in languages() if code not in SHIPPED)
    return Name(told(Language("fr")), told(Language("en")), also)


def both(message: str, /, **values: object) -> Name:
    """Return a message as a label, in each language."""
    return named(lambda language: language.say(message, **values))


def spoken(code: str) -> Language:
    """Return the language of a code.

    Raises:
        ConfigError: there are no words for it.
    """
    if code not in languages():
        raise ConfigError(f"no language {code!r}", allowed=", ".join(languages()))
    return Language(code)


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are words for: French, English, and each catalogue."""
    found = {path.parts[-3] for path in CATALOGUES.glob("*/LC_MESSAGES/fanal.mo")}
    return (*SHIPPED, *sorted(found.difference(SHIPPED)))


@cache
def _catalogue(code: str) -> NullTranslations:
    """Return the messages of a language; of English, or of none, what the program says."""
    if code == "en":
        return NullTranslations()
    return translation("fanal", CATALOGUES, [code], fallback=True)


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

"""Whatever an edition can carry reads wholly in its language."""

import re
from dataclasses import replace
from datetime import date

import pytest
from editions import edition

from fanal import detectors
from fanal.answers.explore import MEASURES
from fanal.coding.practices import Rules
from fanal.edition import (
    ContentFact,
    FigureFact,
    LabFact,
    MethodFact,
    Name,
    PriceFact,
    Reckoning,
    SourceFact,
    Value,
    Witness,
)
from fanal.exporters.bulletin import compose
from fanal.exporters.method_words import METHODS, NAMES
from fanal.exporters.signal_pictures import picture
from fanal.exporters.signal_words import KINDS, NOVELTY, STATES, SUMMED
from fanal.laboratory.findings import rules
from fanal.people.verdicts import STEPS
from fanal.publishing import composing
from fanal.records import SOURCE_KINDS
from fanal.thesaurus import load
from fanal.wording.language import EACH, NOUNS, UNITS, Language, both

FR, EN = Language("fr"), Language("en")
COUNTED = (*MEASURES, "together", "missold", "changed", "bonus")
DIRECTIONS = ("new", "up", "down", "silent")
BUILTIN = [detector.name for detector in detectors.BUILTIN]
PRICED = ("g", "mg", "kg", "ml", "l", "oz", "lb", "tablet", "blotter", "capsule", "unit")


def every_signal():
    """Return a signal for each value of each enumeration, without a picture."""
    plain = replace(
        edition().signals[0], evidence=(), history=(), concept=Name("Tusi", "Tusi"), place="lyon",
        witnesses=tuple(Witness(kind, 2, 9, 1, 1, 1) for kind in KINDS),
        lab=LabFact(14, 80, ((Name("MDMA", "MDMA"), 12),), ((Name("MDMA", "MDMA"), 3),), ("R1",)),
    )  # fmt: skip
    changes = [{"direction": d, "measure": m} for d in DIRECTIONS for m in COUNTED]
    changes += [{"step": step, "direction": d} for step in EACH for d in DIRECTIONS]
    changes += [
        {"step": step, "detector": "novelty", "parameters": '{"window": 4}'} for step in SUMMED
    ]
    changes += [{"novelty": name} for name in NOVELTY] + [{"state": name} for name in STATES]
    changes += [{"detector": name} for name in BUILTIN]
    changes += [{"witnesses": plain.witnesses[:1]}, {"witnesses": ()}, {"observed": 0.0}]
    changes += [{"expected": 0.0}, {"denominator": None}, {"measure": "purity", "observed": 72.5}]
    return tuple(replace(plain, id=f"ID{i}", **change) for i, change in enumerate(changes))


def everything():
    points = tuple(Value(date(2024, m, 1), 1000.5 * m) for m in (1, 4, 7))
    same = Name("x", "x")
    return edition(
        signals=every_signal(),
        prices=tuple(
            PriceFact(same, "", "1.5–4", unit, currency, 9, 12.5, 10.0, 14.0, 20.0, 9)
            for unit in PRICED for currency in ("EUR", "CHF", "USD")
        ),
        contents=tuple(
            ContentFact(k, same, 2024, 2025, 3, 9, 0.1, 0.6, "a", "b", 2, (same, same), 4)
            for k in ("expected", "changed", "other")
        ),
        figures=tuple(
            FigureFact(Name(n, n), area, Name(u, u), step, points, "S / S")
            for step in EACH for n, area, u in
            ((f"usage {step} / use {step}"[:5] + step, "NL", "faits / offences"),)
        ),
        sources=tuple(
            SourceFact("s", "Titre / Title", kind, site, "Éditeur / Publisher", "loi / law", "", "",
                       False, 1200, 14, 3, Reckoning(10500, 9800, 200, 350, 120, 30, 412))
            for kind in SOURCE_KINDS for site in ("lille", "netherlands", "germany")
        ),
        methods=tuple(MethodFact(n, both(METHODS[n])) for n in BUILTIN),
        planted=(),
    )  # fmt: skip


def strings(code):
    """Return every stretch of text that the composed edition holds; ids and anchors left out."""
    found = []

    def walk(thing):
        if isinstance(thing, str):
            found.append(thing)
        elif isinstance(thing, (tuple, list)):
            for one in thing:
                walk(one)
        elif hasattr(thing, "__dataclass_fields__"):
            for name in thing.__dataclass_fields__:
                if name not in ("id", "href", "style", "block", "anchors", "svg", "counted"):
                    walk(getattr(thing, name))

    bulletin = compose(everything(), code)
    walk([bulletin.title, bulletin.subtitle, bulletin.byline, bulletin.contents, bulletin.blocks])
    pictures = [b.svg for b in bulletin.blocks if getattr(b, "svg", "")]
    found += [t for svg in pictures for t in re.findall(r"<text[^>]*>([^<]*)", svg)]
    return found


def tables():
    """Return every pair of words that an edition draws on."""
    for names in (KINDS, NOVELTY, STATES, NAMES, METHODS):
        yield from ((FR.say(message), EN.say(message)) for message in names.values())
    for message in (*EACH.values(), *SUMMED.values(), *(each for _, each in UNITS.values())):
        yield FR.say(message, n=2), EN.say(message, n=2)
    for words in (*NOUNS.values(), *(named for named, _ in UNITS.values())):
        yield from ((FR.say_n(*words, n), EN.say_n(*words, n)) for n in (1, 2))
    yield from [("Pays-Bas", "Netherlands"), ("Allemagne", "Germany")]
    yield from [("Titre", "Title"), ("Éditeur", "Publisher"), ("faits", "offences"), ("loi", "law")]
    yield from [("janvier", "January"), ("juin", "June"), ("août", "August"), ("jan", "Jan")]


def words(text):
    return set(re.findall(r"[^\W\d_]{3,}", text.lower().replace("’", "'")))


PLAIN = {  # words of English that no pair holds
    "the", "and", "with", "from", "was", "were", "counted", "out", "where", "past", "only", "led",
    "rising", "falling", "first", "alert", "alerts", "last", "threshold", "found", "sold", "this",
    "that", "evidence", "chart", "highest", "strongest", "over", "read", "kept", "known",
}  # fmt: skip


def test_french_holds_no_english_word_and_english_no_french_one():
    fr, en = (set().union(*(words(a if i == 0 else b) for a, b in tables())) for i in (0, 1))
    told_fr, told_en = (set().union(*map(words, strings(code))) for code in ("fr", "en"))
    wrong = told_fr & ((en | PLAIN) - fr - {"figure"}), told_en & (fr - en)
    assert wrong == (set(), set())


@pytest.mark.parametrize("code", ["fr", "en"])
def test_no_code_no_query_and_no_exponent_is_told(code):
    for text in strings(code):
        assert not re.search(r"\w\?\w+=|\w=\w|\b\w+[-_]\w+_\w+|\de[+-]\d|None|nan\b", text), text
        assert "{" not in text and " / " not in re.sub(r"[\d\u202f,]+\s/\s[\d\u202f,]+", "", text)


def test_french_is_set_as_french():
    for text in strings("fr"):
        assert not re.search(r"[^\W\d] [;!?%‰€»]| :|« |\d [€%‰]", text), text
        assert not re.search(r"\d\.\d|\d,\d{3}\b", text.replace("0.1.0", "")), text
        assert "'" not in text
        assert not re.search(r"\b[Dd]e (avril|août|octobre)\b", text), text


@pytest.mark.parametrize(
    ("step", "fr", "en"),
    [
        ("week", "par semaine d’août\u00a02024", "a week from August\u00a02024"),
        ("month", "par mois d’août\u00a02024", "a month from August\u00a02024"),
        (
            "quarter",
            "par trimestre du 3e trimestre\u00a02024",
            "a quarter from 3rd quarter\u00a02024",
        ),
        ("year", "par an de 2024", "a year from 2024"),
    ],
)
def test_the_words_beside_a_picture_name_its_periods(step, fr, en):
    points = tuple(Value(date(y, 8, 1), 0.5) for y in (2024, 2025))
    fact = replace(every_signal()[0], step=step, history=points)
    for language, told in ((FR, fr), (EN, en)):
        figure = picture(fact, language)
        assert told in figure.alt and told in figure.caption
        assert len({row[0] for row in figure.table.rows}) == 2


def test_every_value_has_words_in_both_languages():
    assert set(KINDS) == set(SOURCE_KINDS)
    assert set(STATES) == set(STEPS)
    assert set(BUILTIN) == set(NAMES) == set(METHODS)
    assert set(COUNTED) - {"price", "purity", "platforms", "places"} <= set(NOUNS)
    assert set(PRICED) <= set(UNITS)
    for fr, en in tables():
        assert fr.strip() and en.strip()
    for code in Rules.load().codes.values():
        assert code.label["fr"] and code.label["en"]
    assert all(set(rule.label) == {"fr", "en"} for rule in rules())


def test_no_french_name_of_a_substance_is_an_english_one():
    english = re.compile(
        r"nitazene|codeine|[Kk]etamine|\b([Aa]cid|oxide|and|analog|seeds?|oil)\b|\b[Mm]eth[aeioy]"
        r"|\b[Pp]hen[aeio]"
    )  # fmt: skip
    told = {s.label_fr for s in load().substances.values() if english.search(s.label_fr)}
    assert told == set()


def test_a_method_of_a_stranger_is_told_in_its_own_words():
    assert composing.METHODS is METHODS
    bulletin = compose(edition(methods=(MethodFact("mine", Name("Flag x.", "Flag x.")),)), "fr")
    assert "Mine" in str(bulletin.blocks) and "Flag x." in str(bulletin.blocks)


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        (0.0003, "0,0003", "0.0003"), (5.1e-9, "0", "0"), (0.044, "0,044", "0.044"),
        (0.308, "0,31", "0.31"), (14.217, "14,2", "14.2"), (14217, "14\u202f217", "14,217"),
        (1e7, "10\u202f000\u202f000", "10,000,000"), (-0.5, "-0,5", "-0.5"), (0, "0", "0"),
        (999.6, "1\u202f000", "1,000"),
    ],
)  # fmt: skip
def test_numbers_are_plain(value, fr, en):
    assert (FR.number(value), EN.number(value)) == (fr, en)

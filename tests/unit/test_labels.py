"""What people call a concept."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

import fanal
from fanal.answers.behind import AlarmRow, AnalysedSample, Behind
from fanal.coding.practices import Rules
from fanal.edition import EVERYWHERE, Name, Value
from fanal.exporters import signal_pictures, signal_words, signals_prose
from fanal.people.triage import SignalRow
from fanal.publishing import signal_facts
from fanal.publishing.signal_facts import titled
from fanal.publishing.titles import label
from fanal.records import Indicator, schema_of, table_of
from fanal.series import concept_of
from fanal.wording.language import Language


@pytest.mark.parametrize(
    ("concept", "french", "english"),
    [
        ("substance=ketamine", "Kétamine", "Ketamine"),
        ("price currency=EUR substance=ketamine unit=g", "Kétamine", "Ketamine"),
        ("place=69123", "Lyon", "Lyon"),
        ("together substance=cocaine with=ketamine", "Cocaïne + Kétamine", "Cocaine + Ketamine"),
        ("together place=69123 substance=ketamine", "Kétamine + Lyon", "Ketamine + Lyon"),
        ("platform=signal", "application Signal", "Signal app"),
        ("platform=whatsapp", "application WhatsApp", "WhatsApp app"),
        ("place=NL", "Pays-Bas", "Netherlands"),
        ("name=usage de stupéfiants ∕ drug use", "Usage de stupéfiants", "Drug use"),
        ("label=2C-B fly", "2C-B fly", "2C-B fly"),
        ("substance=retired", "retired", "retired"),
        ("practice=no.such.code", "no.such.code", "no.such.code"),
        ("source=gone", "?", "?"),
        ("platform=threema", "application Threema", "Threema app"),
        ("", "", ""),
    ],
)
def test_labels(tmp_path: Path, concept: str, french: str, english: str) -> None:
    with fanal.create(tmp_path / "obs") as observatory:
        assert label(observatory.thesaurus(), concept, observatory) == Name(french, english)


INDICATORS = [
    ("usage de stupéfiants / drug use", "13", "infractions / offences", None),
    ("3-MMC sur un forum / 3-MMC on a forum", "NL", "mentions", "3-mmc"),
    ("saisies", "R84", "kg", "cocaine"),
]


@pytest.fixture(scope="module")
def observatory(tmp_path_factory):
    with fanal.create(tmp_path_factory.mktemp("titles") / "obs") as opened:
        rows = [
            Indicator(**dict.fromkeys(schema_of(Indicator).names) | {
                "source": "s", "name": name, "area": area, "unit": unit,
                "substance": substance, "period": date(2024, 1, 1), "step": "year", "value": 1.0,
                "revision": "1", "run": "r"})
            for name, area, unit, substance in INDICATORS
        ]  # fmt: skip
        opened.tables.append(Indicator, table_of(rows, Indicator))
        yield opened


@pytest.mark.parametrize(
    ("series", "place", "french", "english"),
    [
        ("indicator/area=13/name=usage de stupéfiants ∕ drug use/year", "13",
         "Usage de stupéfiants, Bouches-du-Rhône (infractions)",
         "Drug use, Bouches-du-Rhône (offences)"),
        ("indicator/area=NL/name=3-MMC sur un forum ∕ 3-MMC on a forum/substance=3-mmc/year", "NL",
         "3-MMC sur un forum, Pays-Bas (mentions)", "3-MMC on a forum, Netherlands (mentions)"),
        ("indicator/area=R84/name=saisies/substance=cocaine/year", "R84",
         "Cocaïne, saisies, Auvergne-Rhône-Alpes (kg)",
         "Cocaine, saisies, Auvergne-Rhône-Alpes (kg)"),
        ("platforms/platform=signal/site=toulouse/week", "toulouse",
         "Application Signal, Toulouse (mentions dans les textes)",
         "Signal app, Toulouse (mentions in texts)"),
        ("found/substance=3-mmc/month", "", "3-MMC (trouvé au laboratoire)",
         "3-MMC (found in the laboratory)"),
        ("danger/rule=fentanyl-unexpected/site=lille/substance=fentanyl/month", "lille",
         "Fentanyl, Lille (danger : fentanyl inattendu)",
         "Fentanyl, Lille (danger: unexpected fentanyl)"),
        ("price/band=0.75/currency=CHF/site=lyon/substance=cocaine/unit=g/week", "lyon",
         "Cocaïne, prix, Lyon (CHF/g)", "Cocaine, price, Lyon (CHF/g)"),
        ("purity/basis=measured-lab/substance=cocaine/month", "",
         "Cocaïne, teneur (au laboratoire)", "Cocaine, purity (in the laboratory)"),
        ("together/place=69123/substance=cocaine/week", "", "Cocaïne + Lyon (cités ensemble)",
         "Cocaine + Lyon (named together)"),
    ],
)  # fmt: skip
def test_titles_say_what_where_and_which_measure(observatory, series, place, french, english):
    day = date(2024, 1, 1)
    signal = SignalRow(
        id=bytes(16), series=series, concept=concept_of(series), place=place, first=day, last=day,
        measure=series.split("/")[0], observed=9.0, expected=1.0, threshold=4.0, score=1.0,
        evidence=8.0, detector="default", parameters="{}", novelty="persistent", state="received",
    )  # fmt: skip
    assert titled(observatory, signal, Language("fr")) == Language("fr").set(french)
    assert titled(observatory, signal, Language("en")) == english
    fact = signal_facts.fact(observatory, observatory.thesaurus(), signal)
    said = signals_prose.sentence(fact, Language("en"))
    if place:
        named = Language("en").site(place)
        assert f"({named})" in said or f"in {named}" in said


OF_FIGURES = "indicator/area={}/name=usage de stupéfiants ∕ drug use/year"
OF_TEXTS = "mentions/site={}/substance=3-mmc/week"


@pytest.mark.parametrize(
    ("of", "where", "french"),
    [
        (OF_FIGURES, ("13", "59"),
         "Usage de stupéfiants, Bouches-du-Rhône et Nord (infractions)"),
        (OF_FIGURES, ("13", "59", "69", "973"),
         "Usage de stupéfiants, Bouches-du-Rhône, Nord, Rhône et ailleurs (infractions)"),
        (OF_TEXTS, ("toulouse", "lille", "lyon"),
         "3-MMC, Toulouse, Lille et Lyon (mentions dans les textes)"),
    ],
)  # fmt: skip
def test_a_signal_of_several_places_names_them(observatory, of, where, french):
    """It had named the first “and elsewhere”, or none; the one whose count is told is first."""
    day, series = date(2024, 1, 1), of.format(where[0])
    signal = SignalRow(
        id=bytes(16), series=series, concept=concept_of(series), place="", first=day, last=day,
        measure=series.split("/")[0], observed=9.0, expected=1.0, threshold=4.0, score=1.0,
        evidence=8.0, detector="default", parameters="{}", novelty="persistent", state="received",
    )  # fmt: skip
    alarms = [AlarmRow(of.format(place), day, 9.0, 1.0, 4.0, 5.0, "default", "{}")
              for place in where]  # fmt: skip
    alarms.append(replace(alarms[0], series="mentions/site=nice/substance=ketamine/week"))
    behind = Behind(signal, alarms=tuple(alarms))
    told = signal_facts.fact(observatory, observatory.thesaurus(), signal, behind)
    assert told.places == where
    assert signal_words.title(told, Language("fr")) == Language("fr").set(french)


def test_one_area_of_several_rises_from_its_own_first_alarm(observatory):
    def of(area):
        return f"indicator/area={area}/name=usage de stupéfiants ∕ drug use/year"

    def alarm(area, year, observed):
        return AlarmRow(of(area), date(year, 1, 1), observed, 415.4, 1008.0, 4.7, "default", "{}")

    signal = SignalRow(
        id=bytes(16), series=of("973"), concept=concept_of(of("973")), place="",
        first=date(2021, 1, 1), last=date(2024, 1, 1), measure="indicator", observed=1121.0,
        expected=415.4, threshold=1008.0, score=1.0, evidence=8.0, detector="default",
        parameters="{}", novelty="persistent", state="received",
    )  # fmt: skip
    behind = Behind(signal, alarms=(alarm("13", 2021, 16655.0), alarm("973", 2024, 1121.0)))
    fact = signal_facts.fact(observatory, observatory.thesaurus(), signal, behind)
    said = signals_prose.sentence(fact, Language("fr"))
    assert said.startswith("En hausse (Guyane) en 2024. En 2024, on en compte 1\u202f121")


LAPSED = {
    "en": (
        "No alert speaks for this signal any more: what was counted in Lille in the week of "
        "4 May 2026 has changed, as where codes were rejected or documents erased."
    ),
    "fr": (
        "Plus aucune alerte ne porte ce signal : ce qui était compté à Lille la semaine du "
        "4 mai 2026 a changé, par exemple parce que des codes ont été rejetés ou des documents "
        "effacés."
    ),
}


@pytest.mark.parametrize("code", LAPSED)
@pytest.mark.parametrize("observed", [12.0, 0.0])  # of a rise, of a silence
def test_a_closed_signal_without_an_alarm_counts_nothing_any_more(observatory, code, observed):
    series = "mentions/site=lille/substance=tucibi/week"
    signal = SignalRow(
        id=bytes(16), series=series, concept="substance=tucibi", place="lille",
        first=date(2026, 5, 4), last=date(2026, 5, 18), measure="mentions", observed=observed,
        expected=0.5, threshold=3.0, score=0.0, evidence=0.0, detector="default",
        parameters="{}", novelty="new", state="closed",
    )  # fmt: skip

    def said(signal, behind):
        fact = signal_facts.fact(observatory, observatory.thesaurus(), signal, behind)
        return " ".join(signals_prose.sentence(fact, Language(code)).split())

    assert said(signal, Behind(signal)) == LAPSED[code]
    alarm = AlarmRow(series, signal.last, observed, 0.5, 3.0, 4.7, "default", "{}")
    stands = Behind(signal, alarms=(alarm,))  # dismissed by somebody
    assert said(signal, stands) != LAPSED[code]
    assert said(signal, None) == LAPSED[code]  # in a list as on its page
    opened = replace(signal, state="received")  # by somebody: there is no evidence all the same
    assert said(opened, Behind(opened)) == LAPSED[code]
    alarming = replace(opened, score=1.0)
    assert said(alarming, Behind(alarming)) != LAPSED[code]


CHANGED = {  # in a month, and in one of which nobody says of how many
    "en": (
        "In May 2026, 4 samples unlike those before were counted out of 10 samples sold under "
        "this name; in the years before, such samples were a smaller share.|In May 2026, 4 samples "
        "unlike those before were counted; such samples were a smaller share of those of this "
        "name in the years before."
    ),
    "fr": (
        "En mai 2026, on compte 4 échantillons différents de ceux d’avant sur 10 échantillons "
        "vendus sous ce nom ; les années d’avant, de tels échantillons étaient une moindre part.|"
        "En mai 2026, on compte 4 échantillons différents de ceux d’avant ; les années d’avant, "
        "de tels échantillons étaient une moindre part de ceux de ce nom."
    ),
}


@pytest.mark.parametrize("code", ["en", "fr", "de", "es", "it", "nl"])
def test_a_content_that_changed_is_told_against_the_years_before(observatory, code):
    """It had been “expected none, threshold 1”, out of “documents read”: neither was so."""
    month, language = date(2026, 5, 1), Language(code)
    series = "changed/substance=mdma/month"
    signal = SignalRow(
        id=bytes(16), series=series, concept="changed substance=mdma", place="", first=month,
        last=month, measure="changed", observed=4.0, expected=0.0, threshold=1.0, score=4.0,
        evidence=4.0, detector="first-seen", parameters='{"why": "event"}', novelty="new",
        state="received",
    )  # fmt: skip
    alarm = AlarmRow(series, month, 4.0, 0.0, 1.0, 4.0, "first-seen", '{"why": "event"}')
    for of, whole in ((10.0, 0), (None, 1)):
        behind = Behind(signal, alarms=(alarm,), history=(Value(month, 4.0, of),))
        fact = signal_facts.fact(observatory, observatory.thesaurus(), signal, behind)
        said = re.sub(r"\s", " ", signals_prose.sentence(fact, language))
        if code in CHANGED:
            assert CHANGED[code].split("|")[whole] in said
        drawn = signal_pictures.picture(fact, language)
        for told in (said, drawn.alt, drawn.caption):
            assert not re.search(r"\b[01]\b", told), told
        assert "4" in said and "4" in drawn.alt
        numbers = signal_facts.numbers(signal, fact)
        assert numbers == signal_facts.Numbers(observed=4.0, score=4.0)


def test_a_practice_is_called_in_english_where_a_language_has_no_word(observatory):
    name, code = next(iter(sorted(Rules.load().codes.items())))
    called = label(observatory.thesaurus(), f"practice={name}", observatory)
    assert [called.in_(language) for language in ("fr", "en", "de")] == [
        code.label["fr"].replace("'", "’"), code.label["en"], code.label["en"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "site", "area", "measure", "told"),
    [
        ("lille", "lille", "", "mentions", ""),
        ("", "lille", "", "mentions", "lille"),
        ("lille", "", "", "mentions", EVERYWHERE),
        ("", "", "", "mentions", ""),
        ("lille", "", "59", "indicator", ""),
        ("lille", "", "", "documents", ""),
    ],
)
def test_where_a_count_is_of_another_place_than_the_signal(place, site, area, measure, told):
    assert signal_facts._counted_at(place, site, area, measure) == told


def test_what_a_count_is_of_is_what_was_read_in_its_stretch():
    days = [date(2025, 3, day) for day in (3, 10, 17, 24)]
    history = tuple(Value(day, 1.0, n) for day, n in zip(days, (5.0, 7.0, None, 11.0), strict=True))
    assert signal_facts._denominator(history, days[0], days[1]) == 12.0
    assert signal_facts._denominator(history, days[1], days[3]) == 18.0
    assert signal_facts._denominator(history, days[2], days[2]) is None
    assert signal_facts._denominator((), days[0], days[3]) is None


def test_the_four_names_and_substances_most_found_stand_beside_a_signal(observatory):
    def analysed(n, sold_as, *found):
        return AnalysedSample(bytes([n]) * 16, f"R-{n}" if n else "", "s", "lille",
                              date(2025, 3, 3), None, sold_as, sold_as, list(found), None,
                              None)  # fmt: skip

    samples = [analysed(n, name, "mdma", *"abcde"[:n]) for n, name in enumerate("vvvwwxxyz")]
    fact = signal_facts._lab(
        observatory.thesaurus(), Behind(None, samples=tuple(samples), analysed=30)
    )
    assert (fact.samples, fact.analysed) == (9, 30)
    assert [(name.en, n) for name, n in fact.sold_as] == [("v", 3), ("w", 2), ("x", 2), ("y", 1)]
    assert [(name.en, n) for name, n in fact.found] == [("MDMA", 9), ("a", 8), ("b", 7), ("c", 6)]
    assert fact.references == tuple(f"R-{n}" for n in range(1, 8)), "of the first eight"
    assert signal_facts._lab(observatory.thesaurus(), Behind(None)) is None


@pytest.mark.parametrize(
    ("expected", "en", "fr"),
    [(0.0, "0", "0"), (2.8e-9, "fewer than 0.1", "moins de 0,1"),
     (0.049, "fewer than 0.1", "moins de 0,1"), (0.05, "0.05", "0,05")],
)  # fmt: skip
def test_less_than_a_past_can_tell_is_told_in_words(expected, en, fr):
    fact = SimpleNamespace(measure="mentions")
    told = [signal_words.amount(fact, expected, Language(code)) for code in ("en", "fr")]
    assert told == [en, fr]

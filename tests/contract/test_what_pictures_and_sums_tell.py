"""What a reader is told of what is withheld, of what else moved, and of what a picture shows."""

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from editions import START, edition

from fanal.answers import disclosure
from fanal.edition import Beside, ContentFact, Few, Name, SourceFact, Untold, Value, Witness
from fanal.exporters import axes, charts, signal_pictures, signals_prose
from fanal.exporters.blocks import Figure, Paragraph
from fanal.exporters.bulletin import compose
from fanal.wording.language import Language

FR, EN = Language("fr"), Language("en")
NEW, UP, SILENT = edition().signals


def plain(text):
    return text.replace("\xa0", " ").replace("\u202f", " ")


def said(blocks):
    """Return what paragraphs say."""
    found = [b for b in blocks if isinstance(b, Paragraph)]
    return [plain("".join(run.text for run in b.runs)) for b in found]


def source(name, kind, documents=0, samples=0):
    return SourceFact(name, name, kind, "lille", "essai", "essai", documents=documents,
                      samples=samples)  # fmt: skip


def activity(told, language="en"):
    """Return the caption, what is said of the picture, and the picture of what was read."""
    found = [b for b in compose(told, language, public=True).blocks if isinstance(b, Figure)]
    return found[0].caption, found[0].alt, found[0].svg


def grey(svg):
    """Return how wide the bars of what is withheld are."""
    bars = re.findall(r'<path [^>]*d="M[-\d.]+,[-\d.]+h([\d.]+)v[^>]*fill="#8A8A8A"', svg)
    bars += re.findall(r'<path [^>]*fill="#8A8A8A"[^>]*d="M[-\d.]+,[-\d.]+h([\d.]+)v', svg)
    return [float(width) for width in bars]


SOURCES = (source("a", "public posts", 800), source("b", "press", 20),
           source("c", "interview", 90), source("d", "field notes", 70),
           source("e", "lab", samples=99))  # fmt: skip


def lead(sources, language, public):
    """Return what an edition of these sources says that it rests on."""
    told = edition(sources=sources, sample=False, activity={})
    told = disclosure.public(told, 11) if public else told
    return said(compose(told, language, public=public).blocks)[0]


@pytest.mark.parametrize(
    "sources, public, english, french",
    [
        (
            SOURCES, True,
            ("This bulletin rests on 820 documents from 2 sources. Of 3 sources more, how much "
             "was read is withheld."),
            ("Ce bulletin s’appuie sur 820 documents (2 sources). De 3 sources de plus, la "
             "quantité lue n’est pas dite."),
        ),
        (
            SOURCES, False,
            "This bulletin rests on 980 documents and 99 samples from 5 sources.",
            "Ce bulletin s’appuie sur 980 documents et 99 échantillons (5 sources).",
        ),
        (
            SOURCES[4:], False,
            "This bulletin rests on 99 samples from 1 source.",
            "Ce bulletin s’appuie sur 99 échantillons (1 source).",
        ),
        (
            SOURCES[4:], True,
            "This bulletin rests on 1 source; how much was read there is withheld.",
            "Ce bulletin s’appuie sur 1 source ; la quantité lue n’est pas dite.",
        ),
        (
            (), False,
            "This bulletin rests on 0 documents from 0 sources.",
            "Ce bulletin s’appuie sur 0 document (0 source).",
        ),
    ],
)  # fmt: skip
def test_an_edition_says_all_that_it_rests_on(sources, public, english, french):
    """One of a laboratory rested on “0 documents from 0 sources”."""
    assert lead(sources, "en", public) == (
        f"{english} Each statement links to its evidence, gathered at the end."
    )
    assert lead(sources, "fr", public) == (
        f"{french} Chaque affirmation renvoie à ses preuves, réunies à la fin."
    )


def test_what_is_withheld_is_no_zero_in_a_picture():
    """A kind whose weeks were all withheld was an empty strip from 0 to 1."""
    week = [START + timedelta(weeks=n) for n in range(12)]
    told = {"public posts": tuple(Value(day, 20.0) for day in week),
            "interview": (Value(week[2], None), Value(week[8], None))}  # fmt: skip
    caption, alt, svg = activity(edition(activity=told))
    assert caption == (
        "Documents read a week, by kind of source. In grey, what is withheld: a small number "
        "could be computed from it."
    )
    assert alt == f"{caption} Mean a week: online posts 20."
    assert grey(svg) == pytest.approx([axes.bar(week, charts.WIDTH)] * 2, abs=0.01)
    caption, _, svg = activity(edition(activity={"public posts": told["public posts"]}))
    assert (caption, grey(svg)) == ("Documents read a week, by kind of source.", [])


def test_a_mean_a_week_is_over_all_weeks():
    """Interviews that were read in two weeks of twelve had the mean of these two."""
    week = [START + timedelta(weeks=n) for n in range(12)]
    told = {"public posts": tuple(Value(day, 20.0) for day in week),
            "interview": (Value(week[2], 60.0), Value(week[8], 66.0))}  # fmt: skip
    assert activity(edition(activity=told))[1].endswith(
        "Mean a week: online posts 20 and interviews 10.5."
    )


def test_the_withheld_weeks_of_a_signal_are_grey():
    history = tuple(Value(v.period, None if n in (3, 4) else v.value)
                    for n, v in enumerate(UP.history))  # fmt: skip
    drawn = signal_pictures.picture(replace(UP, history=history), FR)
    grey_says = "En gris, ce qui n’est pas dit : un petit nombre s’en déduirait."
    assert plain(drawn.caption).endswith(grey_says)
    assert len(grey(drawn.svg)) == 2
    assert grey(signal_pictures.picture(UP, FR).svg) == []


def test_what_laboratories_hold_against_begins_a_sentence():
    """“… (5 documents). fewer than 11 samples …”, it had said."""
    told = replace(NEW, witnesses=(Witness("public posts", 5, 50, 2, 1),
                                   Witness("lab", 0, 0, 0, 0, against=Few(11))))  # fmt: skip
    assert ". Moins de 11 échantillons vendus sous ce nom contiennent autre chose." in (
        plain(signals_prose.corroboration(told, FR))
    )


def test_a_silent_source_gave_what_all_its_last_weeks_hold():
    """With some weeks withheld it was the mean of others: another number in each edition."""
    before = [v for v in SILENT.history if v.period < SILENT.first]
    usual = round(sum(v.value for v in before[-13:]) / 13, 1)
    assert f"It usually gave {usual:g}\xa0documents" in signals_prose.sentence(SILENT, EN)
    hidden = tuple(replace(v, value=None) if v == before[-3] else v for v in SILENT.history)
    assert plain(signals_prose.sentence(replace(SILENT, history=hidden), EN)) == (
        "This source has been silent in Lille since the week of 27 October 2025; a silence may "
        "mean that the source is gone, not that nothing happens."
    )


@pytest.mark.parametrize(("told", "of"), [({0, 1, 2, 3}, 330.0), ({0, 1, 3}, None)])
def test_what_was_read_beside_a_sum_is_read_in_all_of_its_weeks(told, of):
    """A sum over four weeks stood beside what was read in the last of them."""
    week = [START + timedelta(weeks=n) for n in range(4)]
    history = tuple(Value(day, 5.0, 60.0 + 15 * n) for n, day in enumerate(week))
    fact = replace(NEW, history=history, first=week[3], last=week[3], peak=week[3], window=4,
                   observed=20.0, denominator=330.0,
                   series="mentions/substance=tucibi/week")  # fmt: skip
    periods = {v.period: (v.value, v.denominator if n in told else None)
               for n, v in enumerate(history)}  # fmt: skip
    assert disclosure.signal(fact, 11, lambda _: periods).denominator == of


def test_weeks_in_which_nobody_named_a_pair_are_told():
    """A pair has points of the weeks in which both were named: the others are no secret."""
    week = [START + timedelta(weeks=n) for n in range(3)]
    history = (Value(week[0], 5.0, 60.0), Value(week[1], 0.0, 70.0), Value(week[2], 12.0, 80.0))
    pair = replace(NEW, measure="together", history=history, peak=week[2], observed=12.0,
                   series="together/substance=a/with=b/week")  # fmt: skip
    shown = disclosure.signal(pair, 11, lambda _: {week[2]: (12.0, 80.0)}).history
    assert [v.value for v in shown] == [None, 0.0, 12.0]


def test_the_figures_behind_a_figure_are_shown():
    """“Evidence: none to show.”, it had said below a picture of all of it."""
    figure = replace(UP, measure="indicator", evidence=(), documents=0)
    assert "Preuves : les comptes de la figure." in said(signals_prose.blocks(figure, FR, False))
    text = said(signals_prose.blocks(replace(UP, evidence=(), documents=0), FR, False))
    assert "Preuves : aucune à montrer." in text


def test_what_else_alarmed_is_told_with_its_place_and_beginning():
    """Of what spread to a second site, and of what moved with it, nothing was said."""
    there = Beside(Name("", ""), ("toulouse",), date(2025, 8, 18), "week")
    other = Beside(Name("Application Potato", "Potato app"), ("lyon",), date(2025, 10, 1), "month")
    told = replace(NEW, beside=(there, other))
    assert plain(signals_prose.sentence(told, FR)).endswith(
        " Autres alertes de ce signal : Toulouse, depuis la semaine du 18 août 2025 ; "
        "Application Potato, Lyon, depuis octobre 2025."
    )
    assert signals_prose.sentence(replace(NEW, beside=(there,) * 7), EN).endswith("2025; ….")
    assert "Other alerts" not in signals_prose.sentence(NEW, EN)


@pytest.mark.parametrize(
    ("unit", "title"),
    [("citations communes sur 4\xa0semaines", ["citations communes sur", "4\xa0semaines"]),
     ("mentions sur 4 semaines", "mentions sur 4 semaines")],
)  # fmt: skip
def test_the_title_of_an_axis_is_no_longer_than_the_axis(unit, title):
    spec = charts.signal(UP, unit, FR)
    (first, *_) = spec["layer"]
    assert first["encoding"]["y"]["title"] == title


def test_the_classes_of_a_map_have_one_number_of_decimals():
    """“0,35 0,44 0,53 0,8”, a legend had said."""
    rates = {f"{n:02}": rate for n, rate in enumerate((0.2, 0.35, 0.44, 0.53, 0.8), 1)}
    svg = charts.draw(charts.choropleth(rates, set(), "‰", FR), "m", FR)
    found = re.findall(r">(\d[^<]*)</text>", svg)
    assert found == ["0,35", "0,44", "0,53", "0,80"]


@pytest.mark.parametrize(("link", "twice"), [("samples?sold_as=oxycodone", False), ("", True)])
def test_samples_that_stand_in_two_rows_are_told(link, twice):
    """Five tablets were five sold as oxycodone, and five sold as “oxy 30”."""
    oxycodone, other = Name("oxycodone", "oxycodone"), Name("protonitazène", "protonitazene")
    row = ContentFact("other", oxycodone, 2025, 2025, 0, 5, 0.0, 0.43, link, "samples",
                      instead=(other,), others=5)  # fmt: skip
    told = said(compose(edition(contents=(row,)), "fr", public=False).blocks)
    assert (
        "Un échantillon compte sous le nom que le service a compris et sous celui qui a été "
        "écrit : des lignes du dernier tableau peuvent porter sur les mêmes échantillons." in told
    ) == twice


def test_a_number_that_is_withheld_is_in_no_sum_of_sources():
    public = disclosure.public(edition(sources=(source("c", "interview", 90),)), 11)
    assert isinstance(public.sources[0].documents, Untold)

"""Every form of a date reads its examples as they say, and not its near-misses."""

import pytest

from fanal.importers.reading import dated
from fanal.text.folding import fold

FORMS = dated._data()["form"]
WEEKDAYS = ("mo", "tu", "we", "th", "fr", "sa", "su")


def part(day):
    return " ".join(str(number) for number in reversed(day) if number)


def told(said):
    """Return a date as the examples write it: "12 3 2025 mo", "3 4 - 7 4", "week 14 2025"."""
    (year, *first), (last_year, *last) = said.first, said.last
    if said.kind == "week":
        return f"week {said.week} {said.year or ''}".strip()
    if said.kind == "several":
        last_year = last_year or year
        year = year or (last_year and last_year - (first > last))
        return f"{part((year, *first))} - {part((last_year, *last))}"
    if said.kind == "quarter":
        return f"quarter {said.quarter} {said.year}"
    if said.kind in ("month", "year"):
        return f"{said.kind} {part(said.first)}"
    return f"{part(said.first)} {WEEKDAYS[said.weekday] if said.weekday >= 0 else ''}".strip()


@pytest.mark.parametrize(
    ("name", "text", "right"),
    [(form["name"], *each) for form in FORMS for each in form["examples"].items()],
)
def test_a_form_reads_its_examples_whole(name, text, right):
    said = dated.said_at(text, "dmy")
    assert (said.start, said.stop, told(said)) == (0, len(text), right)
    [form] = [form for form in FORMS if form["name"] == name]
    assert dated.compiled(form["pattern"]).match(fold(text))


@pytest.mark.parametrize(
    ("pattern", "text"), [(form["pattern"], text) for form in FORMS for text in form["near"]]
)
def test_a_form_does_not_read_its_near_misses(pattern, text):
    found = dated.compiled(pattern).match(fold(text))
    assert not found or not dated._of(found, "dmy")


@pytest.mark.parametrize(
    ("text", "kind", "night", "weekly"),
    [
        ("Nuit du 20 au 21 mars", "several", True, False), ("Night of 3 March", "day", True, False),
        ("In der Nacht vom 20. auf 21. März 2025", "several", True, False),
        ("Week of 3 March", "day", False, True), ("w/c 3 March 2025", "day", False, True),
        ("Semana del 3 al 9 de marzo", "several", False, True),
        ("Semaine 12 (17-23 mars)", "week", False, False),
        ("KW 14 (31.3.–6.4.2025)", "week", False, False), ("12/03/2025", "day", False, False),
    ],
)  # fmt: skip
def test_words_before_a_date_are_a_part_of_it(text, kind, night, weekly):
    said = dated.said_at(text, "dmy")
    assert (said.kind, said.night, said.weekly, said.stop) == (kind, night, weekly, len(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Entretien du 12 mars 2025, Lille", ["du 12 mars 2025"]),
        ("Entretien 1 – 12 mars 2025", ["12 mars 2025"]),
        ("Réunion le 3 mars, puis du 4 au 7 avril", ["le 3 mars", "du 4 au 7 avril"]),
        ("Festival, 3-7 March 2025", ["3-7 March 2025"]),
        ("Note de mai 2025", ["de mai 2025"]), ("Crack à 10 € le caillou, 3 personnes", []),
    ],
)  # fmt: skip
def test_dates_inside_a_line(text, found):
    assert [text[said.start : said.stop] for said in dated.said_in(text, "dmy")] == found


def test_figures_that_may_be_either_way_round_are_no_day_until_it_is_told():
    assert dated.said_at("03/04/2025", "").either and not dated.said_at("13/04/2025", "").either
    assert dated.said_at("03.04.2025", "").first == (2025, 4, 3)
    assert dated.said_at("03/04/2025", "mdy").first == (2025, 3, 4)
    assert dated.settled(dated.said_at("03/04/2025", ""), None) is None
    assert not dated.is_real(dated.said_at("31 février", "dmy"))

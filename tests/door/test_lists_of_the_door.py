"""Every list of the door is read from its first row to its last, each mark for what it means."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from fanal.door import lexicon
from fanal.door.normalise import fold

LISTS = files("fanal.door").joinpath("lists")
PLACES = files("fanal.thesaurus").joinpath("places")


def lines(name):
    return [s for s in LISTS.joinpath(name).read_text("utf-8").split("\n") if s and s[0] != "#"]


def rows(name):
    with PLACES.joinpath(name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@pytest.mark.parametrize("name", ["words", "never_names", "regions", "measures"])
def test_a_list_has_each_line_of_its_file_but_comments(name) -> None:
    found = getattr(lexicon, name)()
    assert set(found) >= set(lines(f"{name}.txt")) and "" not in found
    assert not any(one.startswith("#") for one in found)
    if name != "words":
        assert set(found) == set(lines(f"{name}.txt"))
    assert lexicon.words() == set(lines("words.txt")) | lexicon.never_names()


def test_first_names_say_whether_they_are_words_too_rare_or_names_in_small_letters() -> None:
    written = lines("first_names.txt")
    assert [lexicon.first_names()[name] for name in ("abbas", "abdi", "mehdi", "aadidev")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert lexicon.first_names() == {one.strip("?!~"): "?" in one for one in written}
    assert lexicon.rare_names() == {one[:-1] for one in written if one[-1] == "~"}
    assert lexicon.small_names() == {one[:-2] for one in written if one[-1] == "!"}
    assert {"aadidev", "zygmunt"} <= lexicon.rare_names()
    assert {"abdi", "abigail"} <= lexicon.small_names() <= lexicon.first_names().keys()


def test_family_names_say_whether_they_are_everyday_words() -> None:
    written = lines("last_names.txt")
    assert lexicon.last_names() == {one.strip("?") for one in written}
    assert lexicon.everyday() == {one[:-1] for one in written if one[-1] == "?"}
    assert {"aalbers", "zyla", "aller"} <= lexicon.last_names() and "aller" in lexicon.everyday()


def test_countries_are_known_in_both_languages_and_by_no_code() -> None:
    names = {fold(row[name]) for row in rows("countries.tsv") for name in ("name_fr", "name_en")}
    assert lexicon.countries() == names and {"andorre", "andorra", "zimbabwe"} <= names
    assert "ad" not in lexicon.countries() and "name_fr" not in lexicon.countries()


def test_what_is_protected_is_every_row_and_every_place_that_nobody_bears() -> None:
    found = lexicon.protected()
    for line in lines("protected.tsv")[1:]:
        name, kind, _ = line.split("\t")
        assert found[fold(name)] == kind
    assert found["methadone ap-hp"] == "medicine" and found["zelfmoordpreventie"] == "institution"
    assert "name" not in found and "code" not in found
    towns: dict[str, int] = {}
    for row in rows("communes.tsv"):  # of communes of one name the largest
        name = fold(row["name"])
        towns[name] = max(towns.get(name, 0), int(row["population"] or 0))
    assert {"villefranche-sur-mer", "luzarches", "papaichton"} <= found.keys()
    assert towns["mamers"] == 4996 and "mamers" not in found
    for name in ("ain", "mayotte", "guadeloupe", "corse", "andorre", "zimbabwe"):
        assert found[name] == "place", name
    borne = lexicon.first_names().keys() | lexicon.last_names()
    sure = {name for name, word in lexicon.first_names().items() if not word}
    places = {name for name, size in towns.items() if size >= 5_000} | lexicon.countries()
    for name in ("departements.tsv", "regions.tsv"):
        places |= {fold(row["name"]) for row in rows(name)}
    told = {fold(row.partition("\t")[0]) for row in lines("protected.tsv")[1:]}
    nobodys = places - (borne - lexicon.never_names()) - sure
    assert found.keys() - told == nobodys - told


def test_helplines_are_a_country_and_a_number() -> None:
    found = lexicon.helplines()
    assert found[0] == ("FR", "0800231313") and found[-1] == ("CA", "8002652626")
    assert len(found) == len(lines("helplines.tsv")) - 1


def test_substances_are_known_by_words_that_hyphens_join() -> None:
    drugs = lexicon.drugs()
    assert {"ketamine", "super-lemon-haze", "2c-b"} <= drugs and "" not in drugs
    assert not any(" " in name for name in drugs)

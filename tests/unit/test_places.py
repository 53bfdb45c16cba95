"""Places: official lists, their names, and which names are also words."""

from __future__ import annotations

import re

import pytest

from fanal.benchmarks.evaluation import documents_of
from fanal.coding.facts import CUT
from fanal.coding.gazetteer import home_of
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.importers.reading.areas import area_code
from fanal.thesaurus import Places, fold_name, load_places


@pytest.fixture(scope="module")
def places() -> Places:
    return load_places()


def test_the_lists_are_whole(places: Places) -> None:
    kinds = [place.kind for place in places.places.values()]
    assert kinds.count("commune") > 34_000
    assert kinds.count("arrondissement") == 45
    assert kinds.count("département") == 101
    assert kinds.count("région") == 18
    assert kinds.count("country") > 240


def test_codes_and_parents_fit(places: Places) -> None:
    forms = {
        "commune": r"(\d\d|2[AB])\d{3}",
        "arrondissement": r"\d{5}",
        "département": r"\d\d|2[AB]|97\d",
        "région": r"R\d\d",
        "country": "[A-Z]{2}",
    }
    for place in places.places.values():
        assert re.fullmatch(forms[place.kind], place.code), place
        assert place.parent in places.places or place.kind == "country", place
    assert places.around("69383") == ("69123", "69", "R84", "FR")
    assert places.around("2A004")[0] == "2A"


@pytest.mark.parametrize(
    ("name", "code", "ambiguous"),
    [
        ("Lyon", "69123", False),
        ("VILLEURBANNE", "69266", False),
        ("st etienne", "42218", False),
        ("Tours", "37261", True),
        ("Vienne", "38544", True),
        ("Orange", "84087", True),
        ("Plaisir", "78490", True),
        ("Nice", "06088", True),
        ("IDF", "R11", False),
        ("neuf-trois", "93", False),
        ("paris 18", "75118", False),
        ("Lyon 3e", "69383", False),
        ("métropole de Lille", "59350", False),
        ("Bolivie", "BO", False),
        ("Bolivia", "BO", False),
        ("bolivienne", "BO", False),
        ("China", "CN", True),
        ("Pays-Bas", "NL", False),
        ("Île-de-France", "R11", False),
    ],
)
def test_names(places: Places, name: str, code: str, ambiguous: bool) -> None:
    first = places.by_fold[fold_name(name)][0]
    assert (first.code, first.ambiguous) == (code, ambiguous)


def test_petite_couronne_is_three_departements(places: Places) -> None:
    assert {n.code for n in places.by_fold["petitecouronne"]} == {"92", "93", "94"}


def test_every_name_is_of_a_place(places: Places) -> None:
    assert [n for n in places.names if n.code not in places.places] == []


def found(text: str) -> set[str]:
    facts = code_texts(Lexicon().vocabulary, [text])[0]
    return {str(fact.fields["place"]) for fact in facts if fact.kind == "place"}


@pytest.mark.parametrize(
    "text",
    [
        "On dort à la rue avec de la coke.",
        "Il a changé depuis la coke.",
        "I've eaten a lot of mushrooms in my day",
        "It is getting a LOT more common, heroin too",
        "I just have a nice nod with heroin",
        "Going to die of an OD of heroin one day",
        "Hello from Orange, the coke is here",
        "1.3 mL of GBL and 1/3 of a Xanax",
        "l'aura du groupe, coke dispo",
        "speed from EU, MDMA made in EU",
        "coke dispo place Sainte-Anne",
        "shit en vente avenue de Paris, rue de Lyon",
        "vendu à Maurepas, du shit",
        "trafic de coke quartier Maurepas",
        "LOT DE COKE ICI",
        "from New Jersey, heroin",
        "Arizona, Georgia and North Carolina have heroin",
        "de la coke dans le 18e",
        "dans les 75 euros la coke, 13 ml de GBL, 59 mg",
        "les tours du coin, de la coke, la manche, le nord",
        "de la coke à nice, quelqu'un ?",
        "Police in Nice seized cocaine, I think, in a nice way",
        "Livraison 30 et 42 minutes, coke dispo",
        "Livraison 93, coke dispo",
        "Livraison 30, 60 € le g de coke",
        "Il a Changé de dealer, pour la coke",
        "Mon dealer a Changé de coke",
        "coke dans le 13 et le 14 mars",
        "coke dispo sur le 12, le 13 et le 14 juin",
        "cocaïne introuvable à Lyon",
        "cocaïne à Lyon, pas moyen d'en trouver",
        "C'est arrivé à Lyon",
        "Il revient de la rue, de la cocaïne en poche.",
        "Il est remonté de nice avec de la cocaïne.",
        "Il parle de Nice et de cocaïne.",
    ],
)
def test_words_that_are_names_of_places_too(text: str) -> None:
    assert found(text) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("coke livrée sur Nice", "06088"),
        ("livraison de coke sur la ville de Nice", "06088"),
        ("dispo à lyon, de la beuh", "69123"),
        ("Coke vendue à Tours", "37261"),
        ("coke à Rue (80)", "80688"),
        ("speed à Orange (84)", "84087"),
        ("shit à Maurepas (78)", "78383"),
        ("shit vendu dans le Lot", "46"),
        ("coke dans le Nord", "59"),
        ("coke dans le 13", "13"),
        ("de la coke sur le 9-3", "93"),
        ("shit au Havre", "76351"),
        ("coke aux Lilas, livraison", "93045"),
        ("beuh à La Rochelle", "17300"),
        ("coke à saint etienne", "42218"),
        ("coke en région AURA, livraison", "R84"),
        ("crack à Paris 18e", "75118"),
        ("We buy good weed in Lyon", "69123"),
        ("hash straight from Morocco", "MA"),
        ("coke place Sainte-Anne à Rennes", "35238"),
        ("Cocaine seized in Nice, France.", "06088"),
        ("Cocaine found in Tours, France.", "37261"),
        ("De la cocaïne à Changé (53).", "53054"),
        ("In Straßburg kostet das Gramm Koks 70 €.", "67482"),
        ("La cocaina a Nizza costa 70 €.", "06088"),
        ("Il est remonté de Nice avec dix grammes de cocaïne.", "06088"),
        ("On est revenus de Tours avec de la cocaïne.", "37261"),
        ("Il est descendu de Gap avec de la cocaïne.", "05061"),
        ("Elle vient de Nice, la cocaïne.", "06088"),
    ],
)
def test_places_that_are_said(text: str, code: str) -> None:
    assert found(text) == {code}


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Livraison 93 et 94, pas de 75 ce soir, coke dispo.", {"93", "94"}),
        ("Livraison 93, 94, coke dispo.", {"93", "94"}),
        ("Livraison dans le 92, le 93 et le 94, coke dispo.", {"92", "93", "94"}),
        ("coke dispo dans le 93 et 94", {"93", "94"}),
        ("coke dans le 93 et le 10 g à 400", {"93"}),
        ("coke dans le 13 et le 14", {"13", "14"}),
        ("livraison de coke dans le 13 le 14 mars", {"13"}),
        ("coke dans le 93 et le 14 juillet", {"93"}),
        ("On en trouve à Changé, en Mayenne", {"53054", "53"}),
        ("On en trouve à Changé (53)", {"53054"}),
        ("Il a Changé de dealer à Laval, pour la coke", {"53130"}),
        ("You can get it in Nice, France", {"06088"}),
        ("cocaïne à Lyon, pas moyen de payer en carte", {"69123"}),
        ("cocaïne à Lyon. Impossible de se garer.", {"69123"}),
        ("On trouve de la cocaïne à Changé, en Mayenne.", {"53054", "53"}),
    ],
)
def test_areas_that_are_listed(text: str, codes: set[str]) -> None:
    assert found(text) == codes


def test_whoever_came_from_a_place_brought_it_from_there() -> None:
    text = "Il est remonté de Nice et parti à Lyon avec de la cocaïne."
    facts = code_texts(Lexicon().vocabulary, [text])[0]
    told = [(f.fields["place"], f.fields["role"]) for f in facts if f.kind == "place"]
    assert told == [("06088", "origin"), ("69123", "point")]


@pytest.mark.parametrize("site", ["lille", "sintes"])
def test_a_city_that_is_a_word_is_meant_with_a_capital_after_a_cue(site: str) -> None:
    facts = code_texts(Lexicon().vocabulary, ["De la coke à Nice."])[0]
    assert [f.confidence for f in facts if f.kind == "place"] == [CUT]
    assert found_at(site, "De la coke à Nice.") == ["06088"]


@pytest.mark.parametrize(
    ("area", "code"),
    [("EU", None), ("UE", None), ("Eu", "76255"), ("NL", "NL"), ("76255", "76255"), ("Lot", "46")],
)
def test_the_union_is_no_commune(area: str, code: str | None) -> None:
    assert area_code(area, widest=True) == code


@pytest.mark.parametrize(
    ("site", "text", "code"),
    [
        ("paris", "cocaïne dispo à Saint-Denis", "93066"),  # of its région
        ("la-reunion", "cocaïne dispo à Saint-Denis", "97411"),
        ("paris", "cocaïne dispo à Chessy", "77111"),
        ("lyon", "cocaïne dispo à Chessy", "69056"),  # of its département
        ("lille", "cocaïne dispo à Chessy (69)", "69056"),  # it is said which
        ("rennes", "cocaïne dispo à Lyon", "69123"),
    ],
)
def test_of_communes_with_one_name_the_sites_own_comes_first(site: str, text: str, code: str):
    assert found_at(site, text) == [code]


def found_at(site: str, text: str, language: str = "fr") -> list[str]:
    """Return the places that a text of a site names."""
    documents = documents_of([{"text": text, "lang": language}])
    at = documents.schema.get_field_index("site")
    documents = documents.set_column(at, documents.schema.field(at), [[site]])
    rows = Lexicon().code(documents).to_pylist()
    return [row["place"] for row in rows if row["kind"] == "place"]


@pytest.mark.parametrize(
    ("site", "text", "codes"),
    [
        ("nantes", "RDV à Malakoff ou à Bellevue, de la coke, tram ligne 1", []),
        ("toulouse", "coke dispo à Bellefontaine et à Saint-Cyprien", []),
        ("lille", "livraison de coke à Fives et à Moulins", []),
        ("paris", "RDV à Malakoff, de la coke", ["92046"]),  # one city
        ("lille", "coke vendue à Creil", ["60175"]),  # a town of its région
        ("occitanie", "coke dispo à Saint-Cyprien", ["66171"]),
        ("perpignan", "coke dispo à Saint-Cyprien", ["66171"]),
        ("sintes", "RDV à Malakoff, de la coke", ["92046"]),  # of no area
        ("nantes", "coke à Malakoff (92)", ["92046"]),
        ("nantes", "coke à la gare de Malakoff", ["92046"]),
        ("nantes", "coke à Malakoff, dans les Hauts-de-Seine", ["92046", "92"]),
        ("nantes", "coke livrée à Lyon", ["69123"]),  # a city
        ("nantes", "crack à Paris 18e", ["75118"]),
        ("toulouse", "coke vendue à Agen", ["47001"]),  # the first town of its département
        ("lille", "coke à Roubaix, Tourcoing et Hem", ["59512", "59599", "59299"]),
    ],
)
def test_a_bare_name_from_far_away_may_be_a_quarter(site: str, text: str, codes: list[str]):
    assert found_at(site, text) == codes


def test_a_bare_name_from_far_away_may_be_a_quarter_in_english_too() -> None:
    assert found_at("nantes", "We buy good weed in Malakoff", "en") == []
    assert found_at("paris", "We buy good weed in Malakoff", "en") == ["92046"]


def test_a_site_lies_in_the_areas_of_its_town() -> None:
    sites = ("rennes", "la-reunion", "bretagne", "sintes")
    assert [home_of(site) for site in sites] == [("35", "R53"), ("974", "R04"), ("R53",), ()]


def _places(text: str) -> list[str]:
    [facts] = code_texts(Lexicon().vocabulary, [text])
    return [fact.fields["place"] for fact in facts if fact.kind == "place"]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("cocaïne dispo à Sainte-Anne, en Guadeloupe", ["97128", "971"]),
        ("cocaïne dispo à Sainte-Anne (Martinique)", ["97226", "972"]),
        ("cocaïne dispo à Saint-Denis de La Réunion", ["97411", "974"]),
        ("cocaïne dispo à Saint-Pierre (974)", ["97416"]),
        ("cocaïne dispo à Saint-Denis, Seine-Saint-Denis", ["93066", "93"]),
        ("cocaïne à Vienne en Autriche", []),
        ("cocaïne à Montréal, au Québec", []),
        ("Deal à Valence, en Espagne, de cocaïne", []),
        ("cocaïne saisie à Valence, Espagne", []),
        ("cocaine seized in Valence (Spain).", []),
        ("cocaine seized in Paris, Texas", []),
        ("cocaïne saisie à Grenade, en Andalousie.", []),
        ("cocaïne saisie à Valence, Drôme", ["26362", "26"]),
        ("cocaïne vendue à Valence, pas en Espagne", ["26362"]),
        ("cocaïne à Valence, Espagne, Portugal", ["26362", "ES", "PT"]),
        ("cocaïne à Valence, Espagne et Portugal", ["26362", "ES", "PT"]),
        ("cocaïne à Vienne", ["38544"]),
        ("cocaïne à Lille, en Belgique aussi", ["59350"]),
        ("livraison de cocaïne Paris, Lyon, Belgique", ["75056", "69123", "BE"]),
        ("cocaïne à Sainte-Zoé", []),
        ("cocaïne à Sainté", ["42218"]),
        ("cocaïne à Lyon-Part-Dieu", ["69123", "69383"]),
    ],
)
def test_what_a_commune_lies_in_is_said_in_words_too(text: str, codes: list[str]) -> None:
    assert _places(text) == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Les gendarmes de la Manche ont saisi de la cocaïne", ["50"]),
        ("nos collègues du Cher voient du crack", ["18"]),
        ("la préfecture du Lot signale de la cocaïne", ["46"]),
        ("les usagers de l'Orne et de la cocaïne", ["61"]),
        ("La Manche est trop courte pour cacher la cocaïne", []),
        ("nos collègues du cher client vendent de la cocaïne", []),
        ("un lot de cocaïne, la somme de la Somme", []),
    ],
)
def test_who_works_for_a_departement_says_that_it_is_one(text: str, codes: list[str]) -> None:
    [facts] = code_texts(Lexicon().vocabulary, [text])
    found = [fact for fact in facts if fact.kind == "place" and fact.confidence >= CUT]
    assert [fact.fields["place"] for fact in found] == codes

"""What a text denies is no fact; a condition, a set phrase or a question of more denies nothing."""

from __future__ import annotations

import re

import pytest

from fanal.coding import negation
from fanal.coding.facts import CUT, Fact
from fanal.coding.lexicon import Lexicon, code_texts
from fanal.coding.negation import Denials
from fanal.text.folding import fold


@pytest.mark.parametrize(
    "text",
    [
        "Pas de [livraison] ce soir",
        "plus de [coke]",
        "on ne [livre] plus",
        "nous n'[acceptons] pas la carte",
        "on ne prend pas [paypal]",
        "on [livre] pas ce soir",
        "on [livre] plus.",
        "il n'y a plus de [promo]",
        "y a plus de [promo] ce soir",
        "jamais de [crédit]",
        "sans [CBD]",
        "aucune grosse [promo]",
        "ni [carte] ni crédit",
        "ni carte ni [crédit]",
        "pas de carte ou de [crypto]",
        "finie la [livraison]",
        "stop aux [promos]",
        "la [livraison] est suspendue",
        "[livraison] : non",
        "la [livraison] n'est plus assurée",
        "la [livraison] n'est pas possible ce soir",
        "les [livraisons] ne se font plus",
        "[livraison] plus possible",
        "the [delivery] isn't offered any more",
        "personne ne [livre]",
        "coke non [coupée]",
        "pas de coke à [60] €",
        "pas [80] € mais 60 €",
        "no [delivery] tonight",
        "we don't [ship]",
        "we do not [ship]",
        "we no longer [deliver]",
        "we stopped [delivering]",
        "neither [cash] nor crypto",
        "neither cash nor [crypto]",
        "without [delivery]",
        "never on [Telegram]",
        "[delivery] unavailable",
        "aucune [livraison] le dimanche",
        "personne n'a fait d'[overdose]",
        "aucun usager n'a fait d'[overdose]",
        "personne a fait d'[overdose]",
        "none of them [overdosed]",
        "nobody had an [overdose]",
        "on ne livre pas à [Roubaix]",
        "pas de livraison de coke à [Roubaix]",
        "ce n'est pas à [60] €",
        "keine [Lieferung] heute",
        "wir [liefern] nicht nach Lille",
        "wir liefern nicht nach [Lille]",
        "niemand hatte eine [Überdosis]",
        "ohne [Lieferung]",
        "no hay [entrega] de coca",
        "no entregamos coca en [Lille]",
        "nadie tuvo una [sobredosis]",
        "sin [entrega]",
        "nessuna [overdose]",
        "niente [consegna]",
        "non consegniamo coca a [Lille]",
        "geen [bezorging] vanavond",
        "we [bezorgen] niet",
        "niemand had een [overdose]",
    ],
)
def test_denied(text: str) -> None:
    start, stop = text.index("["), text.index("]") - 1
    assert Denials(fold(text.replace("[", "").replace("]", ""))).cover(start, stop)


@pytest.mark.parametrize(
    "text",
    [
        "pas de [livraison] avant 18h",
        "pas de [livraison] en dessous de 50 €",
        "pas de [livraison] hors Paris",
        "pas de [livraison] le dimanche",
        "[livraison] pas chère",
        "la [livraison] n'est pas comprise",
        "[livraison] toujours possible",
        "pas cher, [livraison]",
        "pas de minimum, [livraison]",
        "[livraison] sans minimum",
        "sans minimum de commande [livraison]",
        "n'hésitez pas à commander, [livraison] 24/7",
        "n'hésitez pas à demander la [livraison]",
        "pas que de la coke, [livraison]",
        "pas seulement la [livraison]",
        "pourquoi pas [livraison]",
        "de plus en plus de [livraisons]",
        "il y a plus de [livraison] qu'avant",
        "plus de 20 [livraisons] par jour",
        "plus d'infos en MP, [livraison]",
        "pas coupée [75] € le g",
        "pas de shit mais [livraison] de beuh",
        "c'est pas 80 € mais [60] €",
        "on ne prend que le [cash]",
        "no minimum [delivery]",
        "no [delivery] before 6pm",
        "no home [delivery] on sundays",
        "not only weed, [delivery]",
        "don't hesitate, [delivery]",
        "don't miss our [promo]",
        "why not [delivery]",
        "no problem with [delivery]",
        "non-stop [delivery]",
        "offer no. 1: [delivery]",
        "uncut, not pressed, [escrow]",
        "aucune [livraison] avant 18h",
        "une personne a fait une [overdose]",
        "cette personne a fait une [overdose]",
        "n'hésite pas à commander la [livraison]",
        "on ne tarde pas à [livrer]",
        "on ne livre pas à Roubaix, seulement à [Lille]",
        "nicht nur Koks, auch [Lieferung]",
        "nicht nur [Lieferung]",
        "kein Problem, [Lieferung]",
        "noch [Lieferung] heute",
        "no solo [entrega]",
        "non solo [consegna]",
        "senza minimo, [consegna]",
        "niet alleen [bezorging]",
        "geen minimum, [bezorging]",
    ],
)
def test_not_denied(text: str) -> None:
    start, stop = text.index("["), text.index("]") - 1
    assert not Denials(fold(text.replace("[", "").replace("]", ""))).cover(start, stop)


ROWS = [(where, row["name"], text, key == "examples")
        for where in ("denies", "behind") for row in negation._rules()[where]
        for key in ("examples", "near") for text in row[key]]  # fmt: skip


@pytest.mark.parametrize(("where", "name", "text", "denied"), ROWS)
def test_each_row_denies_as_its_examples_say(
    where: str, name: str, text: str, denied: bool
) -> None:
    plain = fold(text.replace("[", "").replace("]", ""))
    spans = [(m.start() - 2 * n, m.end() - 2 * n - 2)
             for n, m in enumerate(re.finditer(r"\[[^\]]*\]", text))]  # fmt: skip
    assert spans
    assert [Denials(plain).cover(*span) for span in spans] == [denied] * len(spans)
    if denied:
        behind = where == "behind"
        pattern = negation._denies_behind().pattern if behind else negation._words().denies
        assert name in {m.lastgroup for m in pattern.finditer(plain)}


def test_every_row_has_an_example_and_a_near_miss() -> None:
    rows = negation._rules()
    lacking = [row["name"] for where in ("denies", "behind") for row in rows[where]
               if not row["examples"] or not row["near"]]  # fmt: skip
    assert lacking == []


@pytest.fixture(scope="module")
def coder() -> Lexicon:
    return Lexicon()


def facts(coder: Lexicon, text: str) -> list[Fact]:
    return [f for f in code_texts(coder.vocabulary, [text])[0] if f.confidence >= CUT]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Pas de livraison ce soir, cocaïne demain", {"supply.organisation.supply-interruption"}),
        ("on ne livre plus la coke à domicile", set()),
        ("aucune promo sur la coke", set()),
        ("ni carte bancaire ni crédit pour la coke", set()),
        ("pas de livraison de coke avant 18h", {"supply.mode.home-delivery"}),
        ("n'hésitez pas, livraison de coke", {"supply.mode.home-delivery"}),
        ("finie la livraison de coke, venez au drive", {"supply.mode.drive"}),
        ("no home delivery of coke tonight", set()),
        ("don't wait, home delivery of coke", {"supply.mode.home-delivery"}),
        ("never had an overdose with mdma", set()),
        ("Personne n'a fait d'overdose à la cocaïne", set()),
        ("Une personne a fait une overdose de cocaïne", {"people.health.overdose"}),
        ("Nessuna overdose con eroina", set()),
        ("Niemand had een overdose met heroine", set()),
        ("Aucune livraison le dimanche, pour la coke", set()),
        ("Pas de coke livrée ce soir", set()),
    ],
)
def test_practices_that_are_left(coder: Lexicon, text: str, left: set[str]) -> None:
    told = {f.fields["code"] for f in facts(coder, text) if f.kind == "practice"}
    assert told - {"supply.marketing.reminder", "supply.organisation.opening-hours"} == left


def test_a_place_where_nothing_is_delivered_is_no_delivery_area(coder: Lexicon) -> None:
    text = "On ne livre pas à Roubaix, seulement à Lille, coke dispo."
    assert [f.fields["place"] for f in facts(coder, text) if f.kind == "place"] == ["59350"]
    text = "On livre à Roubaix, coke dispo."
    assert [f.fields["place"] for f in facts(coder, text) if f.kind == "place"] == ["59512"]


def test_a_denied_substance_is_a_mention_without_an_offer(coder: Lexicon) -> None:
    found = facts(coder, "plus de coke à 60 € le g, pas de taz à 10 €, weed à 8 € le g")
    assert [f.fields for f in found if f.kind == "mention"] == [
        {"substance": "cocaine", "role": "denied"},
        {"substance": "mdma", "role": "denied"},
        {"substance": "cannabis"},
    ]
    prices = [(f.fields["substance"], f.fields["amount"]) for f in found if f.kind == "price"]
    assert prices == [("cannabis", 8)]


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Pas de tucibi ici, personne n'en a vu", True),
        ("Aucun tucibi vu ce mois-ci", True),
        ("Ici on ne trouve pas de tucibi", True),
        ("Pas de tucibi à Lyon", True),
        ("Pas de livraison de tucibi ce soir", False),
        ("Pas cher, le tucibi", False),
        ("Le tucibi est là, personne n'en parle", False),
        ("Il n'y a pas que le tucibi", False),
    ],
)
def test_who_denies_a_substance_speaks_against_it(coder: Lexicon, text: str, denied: bool) -> None:
    (mention,) = [f for f in facts(coder, text) if f.kind == "mention"]
    assert mention.fields == {"substance": "tucibi"} | ({"role": "denied"} if denied else {})


def test_denied_platforms_and_hours(coder: Lexicon) -> None:
    text = "On n'est plus sur Telegram, retrouvez-nous sur Signal pour la coke"
    assert [f.fields["platform"] for f in facts(coder, text) if f.kind == "platform"] == ["signal"]
    text = "coke, pas de livraison avant 18h"
    assert [f.fields for f in facts(coder, text) if f.kind == "hours"] == [{"opens": "18:00"}]


@pytest.mark.parametrize(
    ("text", "delivered"),
    [
        ("Delivery tonight, coke 60.", True),
        ("Not only delivery, also meet-up for the coke.", True),
        ("Coke livrée ce soir.", True),
        ("La cocaïne est livrée chez vous.", True),
        ("The delivery of heroin treatment was improved.", False),
        ("Delivery of her baby went well, no heroin tonight.", False),
        ("Parcel delivery, cocaine available.", False),
        ("Un livre sur la cocaïne.", False),
        ("Cocaïne livrée par la poste.", False),
        ("Tonnes de cocaïne livrées au port du Havre.", False),
    ],
)
def test_a_delivery_is_one_where_the_market_is_beside(
    coder: Lexicon, text: str, delivered: bool
) -> None:
    found = facts(coder, text)
    told = {f.fields["code"] for f in found if f.kind == "practice"}
    assert ("supply.mode.home-delivery" in told) is delivered


def test_what_is_delivered_is_a_mention(coder: Lexicon) -> None:
    found = facts(coder, "Coke livrée ce soir.")
    assert [f.fields["substance"] for f in found if f.kind == "mention"] == ["cocaine"]

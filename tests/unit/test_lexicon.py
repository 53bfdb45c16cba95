"""The built-in coder: spans, context rules, families, provenance, determinism."""

import pickle
import random
from pathlib import Path

import pyarrow as pa
import pytest

from fanal.benchmarks.evaluation import documents_of
from fanal.coding.facts import CUT
from fanal.coding.lexicon import BUILTIN, Lexicon, code_texts
from fanal.errors import ConfigError
from fanal.records import Observation, schema_of

GOLD = Path(__file__).parent.parent / "gold"


@pytest.fixture(scope="module")
def coder() -> Lexicon:
    return Lexicon()


def mentions(coder: Lexicon, text: str, cut: float = CUT) -> list[tuple[str, str]]:
    return [
        (text[fact.start : fact.stop], fact.fields["substance"])
        for fact in code_texts(coder.vocabulary, [text])[0]
        if fact.kind == "mention" and fact.confidence >= cut
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("top neuf en c et 3m", [("c", "cocaine"), ("3m", "3-mmc")]),
        ("c0ke dispo 60e/g", [("c0ke", "cocaine")]),
        ("3-MMC, 3 mmc, 3mmc", [("3-MMC", "3-mmc"), ("3 mmc", "3-mmc"), ("3mmc", "3-mmc")]),
        ("📦 ❄️ 60€/g 📦", [("❄️", "cocaine")]),
        ("un 10 balles de shit", [("shit", "cannabis-resin")]),
        ("d’l’héro brune", [("héro brune", "heroin")]),
        ("сосаіne pure", [("сосаіne", "cocaine")]),
        ("5F-MDMB-PINACA found", [("5F-MDMB-PINACA", "5f-mdmb-pinaca")]),
        ("cyclohexanoylfentanyl", [("cyclohexanoylfentanyl", "fentanyls")]),
        ("cathinone: 4-MMC", [("4-MMC", "4-mmc")]),
        ("Cathinones : 4-MMC", [("4-MMC", "4-mmc")]),
        ("Nitazenes: metonitazene", [("metonitazene", "metonitazene")]),
        ("cathinone, 4-MMC", [("cathinone", "cathinone"), ("4-MMC", "4-mmc")]),
        ("cocaïne : MDMA", [("cocaïne", "cocaine"), ("MDMA", "mdma")]),
        ("coca pura", [("coca", "cocaine")]),
        ("coca 80 al grammo", [("coca", "cocaine")]),
        ("la coca está a cincuenta el gramo", [("coca", "cocaine")]),
        ("coke zit op vijftig per gram", [("coke", "cocaine")]),
        ("de coke is 70 tot 85 procent zuiver", [("coke", "cocaine")]),
        ("coke is fifty a gram", [("coke", "cocaine")]),
        # nothing that counts
        ("80.- le gramme, 420.- pour 6 grammes", []),
        ("420 pour 6 g", []),
        ("una coca fresca al bar", []),
        ("una coca 2 euro al bar", []),
        ("coke is 70 procent suiker", []),
        ("mon c est cassé", []),
        ("oh shit", []),
        ("привет со мной", []),
        ("[handle:telegram] [card] [link:telegram|web]", []),
        ("une tablette de chocolat et du coca", []),
        ("🎫 CARTE DE FIDÉLITÉ 🎫 10 g achetés, 1 offert", []),
        ("crack, cocaine", [("crack", "crack-cocaine"), ("cocaine", "cocaine")]),
        ("blue\ndream", []),
    ],
)
def test_mentions(coder: Lexicon, text: str, expected: list[tuple[str, str]]) -> None:
    assert mentions(coder, text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Le crack est arrivé au parc", "Crack vu hier", "Du crack vu au parc",
        "On a vu du crack au parc", "Il y a du crack au parc", "Crack repéré ici",
    ],
)  # fmt: skip
def test_what_notes_saw_is_a_substance(coder: Lexicon, text: str) -> None:
    assert [
        f.fields["substance"]
        for f in code_texts(coder.vocabulary, [text])[0]
        if f.kind == "mention"
    ] == ["crack-cocaine"]


@pytest.mark.parametrize(
    "text",
    [
        "Le crack du foot", "C'est un crack", "Ce crack est arrivé premier",
        "Le crack est arrivé au PSG", "J'ai vu un crack au tennis", "Le crack est sorti",
        "Le crack brésilien est arrivé", "Il y a un crack dans le mur",
    ],
)  # fmt: skip
def test_who_is_good_at_it_is_no_substance(coder: Lexicon, text: str) -> None:
    assert [
        f
        for f in code_texts(coder.vocabulary, [text])[0]
        if f.kind == "mention" and f.confidence >= 0.5
    ] == []


@pytest.mark.parametrize(
    "text",
    [
        "Microsoft office crack + serial 5$", "WPA crack tool 10€, password crack service",
        "Selling Netflix crack accounts, 5€ each", "Adobe crack 20$ full version",
        "windows 11 pro, crack included, 15€", "crack open a bag of 2g", "crack shot, 5€ entry",
        "a crack at it for 20 quid", "crack team, 10€ a head", "at the crack of dawn, 10€",
        "he cracked up, 20€ lost", "fell through the cracks",
    ],
)  # fmt: skip
def test_what_else_is_called_crack_in_english(coder: Lexicon, text: str) -> None:
    assert mentions(coder, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "best crack 0.2g £10, hmu", "selling crack, telegram @x, 20€", "crack and heroin both",
        "he smokes crack behind the station", "pure crack 1g 60",
    ],
)  # fmt: skip
def test_crack_that_is_sold_or_smoked_stays(coder: Lexicon, text: str) -> None:
    assert ("crack", "crack-cocaine") in mentions(coder, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le produit contenait de la caféine", ["caffeine"]),
        ("L'échantillon contient de la caféine.", ["caffeine"]),
        ("La poudre était coupée à la caféine", ["caffeine"]),
        ("La cocaïne analysée contenait de la caféine", ["cocaine", "caffeine"]),
        ("The sample contained caffeine", ["caffeine"]),
        ("Das Pulver enthielt Koffein", ["caffeine"]),
        ("Le produit contenait de l'acide citrique", ["citric-acid"]),
        # said of drinks and of people
        ("Le café contient de la caféine", []),
        ("cette boisson contenait de la caféine", []),
        ("Ce thé contient de la caféine, un produit naturel", []),
        ("je prends trop de caféine le matin", []),
        ("un soda sans caféine", []),
    ],
)
def test_what_a_product_contained_is_a_substance(
    coder: Lexicon, text: str, expected: list[str]
) -> None:
    assert [substance for _, substance in mentions(coder, text)] == expected


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Un jeune aux urgences après une pilule", ["people.health.emergency"]),
        ("Aux urgences après la pilule contraceptive", []),
        ("Aux urgences pour une pilule du lendemain", []),
        ("Un jeune aux urgences après une chute", []),
    ],
)
def test_a_pill_brings_somebody_to_hospital(coder: Lexicon, text: str, codes: list[str]) -> None:
    assert [
        f.fields["code"] for f in code_texts(coder.vocabulary, [text])[0] if f.kind == "practice"
    ] == codes


@pytest.mark.parametrize(
    ("text", "substance"),
    [
        ("De EU waarschuwt voor nitazenen in slaappillen.", "nitazenes"),
        ("Nitazeen gevonden in Utrecht.", "nitazenes"),
        ("Metonitazen wurde in Bremen gefunden.", "metonitazene"),
        ("Er is metonitazeen gevonden.", "metonitazene"),
        ("Drie metonitazenen zijn gevonden.", "metonitazene"),
        ("Fluclonitazen wurde gefunden.", "nitazenes"),
        ("Baclofen wurde verschrieben.", "baclofen"),
        ("Der Nitaz und die Benzen wurden gefunden.", None),
    ],
)
def test_german_and_dutch_end_names_in_their_own_way(
    coder: Lexicon, text: str, substance: str | None
) -> None:
    facts = code_texts(coder.vocabulary, [text])[0]
    found = [fact.fields["substance"] for fact in facts if fact.kind == "mention"]
    assert found == [substance] * (substance is not None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die Kokainproben aus Berlin wurden untersucht.", ["cocaine"]),
        ("Drei Heroinproben enthielten Nitazene.", ["heroin", "nitazenes"]),
        ("Der Cannabisverkauf am Platz ist zurückgegangen.", ["cannabis"]),
        ("Der Amphetaminkonsum nimmt zu, sagen die Leute.", ["amphetamine"]),
        ("Er werd cocaïnehandel ontdekt in de haven van Rotterdam.", ["cocaine"]),
        ("De heroïnegebruikers staan bij het station.", ["heroin"]),
        # names of the street begin ordinary words, an ending makes no other word
        ("Wir fuhren mit dem Speedboot über das Wasser.", []),
        ("Die Kühe stehen auf dem Grasland hinter dem Hof.", []),
        ("Die Crackersuppe war gut, und die Kokosmilch auch.", []),
        ("Das Gewicht des Kokains war hoch.", ["cocaine"]),
        # other languages write no two nouns as one word
        ("Les cannabisculteurs du coin plantent dans la forêt.", []),
        ("The heroinlike effect was seen by many people there.", []),
    ],
)
def test_a_german_or_dutch_compound_that_begins_with_a_substance_names_it(
    coder: Lexicon, text: str, expected: list[str]
) -> None:
    assert [substance for _, substance in mentions(coder, text)] == expected


def test_weak_mentions_are_kept_below_the_cut(coder: Lexicon) -> None:
    text = "on se fait une coke ?"
    assert mentions(coder, text) == []
    assert mentions(coder, text, 0.2) == []


def test_a_rule_says_why(coder: Lexicon) -> None:
    facts = code_texts(coder.vocabulary, ["un 10 balles de shit"])[0]
    assert [f.rule for f in facts if f.kind == "mention"] == [
        "shit (money's worth of it, market, an offer in the message)"
    ]


def test_interviews_and_notes_are_about_drugs(coder: Lexicon) -> None:
    text = "Plusieurs personnes montrent une carte de fidélité à tampons."
    kinds = ("public posts", "interview", "press", "field notes")
    documents = documents_of([{"text": text, "lang": "fr"} for _ in kinds])
    at = documents.schema.get_field_index("kind")
    documents = documents.set_column(at, documents.schema.field(at), pa.array(kinds))
    table = coder.code(documents)
    told = table.column("document").to_pylist()
    ids = documents.column("id").to_pylist()
    assert [kind for kind, id_ in zip(kinds, ids, strict=True) if id_ in told] == [
        "interview", "field notes",
    ]  # fmt: skip
    assert table.column("code").to_pylist() == ["supply.marketing.loyalty-card"] * 2


def heard(coder: Lexicon, text: str, kind: str) -> list[str]:
    documents = documents_of([{"text": text}])
    at = documents.schema.get_field_index("kind")
    table = coder.code(documents.set_column(at, documents.schema.field(at), pa.array([kind])))
    rows = zip(
        *(table.column(name).to_pylist() for name in ("kind", "substance", "confidence")),
        strict=True,
    )
    return [substance for what, substance, sure in rows if what == "mention" and sure >= CUT]


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ("that's why he ended up holding the coke for them", ["cocaine"]),
        ("J'ai gardé la coke chez moi tout l'été.", ["cocaine"]),
        ("J'ai gardé le shit chez moi tout l'été.", ["cannabis-resin"]),
        ("All the shit I went through that year.", []),
        ("He drank the coke at the bar.", []),
        ("He kept the crack in the wall for years.", []),
        ("He kept coke for them.", []),
    ],
)
def test_a_street_name_that_is_spoken_of_is_one_where_drugs_are_asked_about(
    coder: Lexicon, text: str, substances: list[str]
) -> None:
    assert heard(coder, text, "interview") == heard(coder, text, "field notes") == substances
    assert heard(coder, text, "press") == []


@pytest.mark.parametrize(
    ("text", "substances"),
    [
        ('Il fait la différence entre la coke dite "la blanche" et la brune.', ["cocaine"]),
        ("He knows coke, also called “white”.", ["cocaine"]),
        ("La weed appelée « amnesia » du quartier.", ["cannabis"]),
        ("La coke dite métallurgique est un combustible.", []),
        ('Il a dit de la coke "la blanche".', []),
        ('He drank a coke called "zero".', []),
    ],
)
def test_a_street_name_that_has_another_is_one(
    coder: Lexicon, text: str, substances: list[str]
) -> None:
    assert heard(coder, text, "press") == substances


def test_the_article_is_no_drink(coder: Lexicon) -> None:
    assert mentions(coder, "I bought the coke for 60 quid") == [("coke", "cocaine")]
    assert mentions(coder, "du thé et une coke à 3 €") == []


def test_table(coder: Lexicon) -> None:
    texts = ["rien", "coke 60€/g", "", "MDMA et kétamine 40€/g"]
    documents = documents_of([{"text": text} for text in texts])
    table = coder.code(documents)
    assert table.schema.equals(schema_of(Observation))
    rows = table.to_pylist()
    assert [row["document"][-1] for row in rows] == sorted(row["document"][-1] for row in rows)
    for row in rows:
        text = texts[row["document"][-1]]
        assert 0 <= row["start"] < row["stop"] <= len(text)
        assert row["fingerprint"] == coder.fingerprint
        assert row["month"] == "gold"
    assert coder.code(documents.slice(0, 0)).num_rows == 0
    assert coder.code(documents).equals(table)


def test_batches_do_not_matter(coder: Lexicon) -> None:
    lines = (GOLD / "ordinary_fr.txt").read_text(encoding="utf-8").splitlines()[:60]
    lines += ["coke 60€/g", "weed 10g 80€", "kéta, md et 3m dispo"] * 5
    random.Random(1).shuffle(lines)
    whole = coder.code(documents_of([{"text": line} for line in lines])).to_pylist()
    documents = documents_of([{"text": line} for line in lines])
    parts = [
        row for n in range(len(lines)) for row in coder.code(documents.slice(n, 1)).to_pylist()
    ]
    assert parts == whole


def test_offsets_are_those_of_the_text(coder: Lexicon) -> None:
    """A name pasted among every kind of character is found where it was put."""
    rng = random.Random(2)
    noise = ["été", "😀", "👨‍👩‍👧", "𝓪𝓫", "ça", "\n", "—", "…", "don't", "ﬁ", "Ж", "中文", "❄️", "é́"]
    texts, spans = [], []
    for _ in range(300):
        before = " ".join(rng.choices(noise, k=rng.randint(0, 6)))
        after = " ".join(rng.choices(noise, k=rng.randint(0, 6)))
        texts.append(f"{before} kétamine {after}")
        spans.append((len(before) + 1, len(before) + 9))
    for facts, span in zip(code_texts(coder.vocabulary, texts), spans, strict=True):
        assert span in [(f.start, f.stop) for f in facts if f.kind == "mention"]


def test_additions(tmp_path: Path) -> None:
    head = "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
    file = tmp_path / "aliases.tsv"
    file.write_text(head, encoding="utf-8")
    coder = Lexicon(additions=str(tmp_path))
    before = coder.fingerprint
    assert mentions(coder, "zoblinette ce soir") == []
    row = "cocaine\tzoblinette\tfr\tstreet\tplain\tobservatory\t2026-01-05\n"
    file.write_text(head + row, encoding="utf-8")
    assert mentions(coder, "zoblinette ce soir") == [("zoblinette", "cocaine")]
    assert coder.fingerprint != before


def test_ordinary_texts_read_as_the_other_language_tell_no_practice(coder: Lexicon) -> None:
    lines = (GOLD / "ordinary_fr.txt").read_text(encoding="utf-8").splitlines()
    words = (GOLD.parent / "unit" / "ordinary_words.txt").read_text(encoding="utf-8").split()
    lines += [" ".join(words[n : n + 20]) for n in range(0, len(words), 20)]
    rows = coder.code(documents_of([{"text": line, "lang": "en"} for line in lines])).to_pylist()
    told = {row["code"] for row in rows if row["kind"] == "practice" and row["confidence"] >= CUT}
    assert told <= {"supply.organisation.opening-hours", "products.quality.pressed-form"}


def test_a_price_without_a_currency_is_in_that_of_the_country(coder: Lexicon) -> None:
    documents = documents_of([{"text": "1g de coke 60", "lang": "fr"}])
    currencies = [
        [row["currency"] for row in one.code(documents).to_pylist() if row["kind"] == "price"]
        for one in (coder, Lexicon(country="CH"), Lexicon(country=""))
    ]
    assert currencies == [["EUR"], ["CHF"], [None]]


def test_plugin(coder: Lexicon) -> None:
    assert Lexicon in BUILTIN
    assert pickle.loads(pickle.dumps(coder)) == coder
    assert Lexicon(country="CH").fingerprint != coder.fingerprint


def test_context_rules_of_a_user(tmp_path: Path) -> None:
    from fanal.coding.names.contexts import Contexts

    broken = tmp_path / "contexts.toml"
    broken.write_text("keep = 0.2\n[[base]]\nconfidense = 1\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        Contexts.load(broken)

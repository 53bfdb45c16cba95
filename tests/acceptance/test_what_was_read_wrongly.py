"""Files and texts that were read wrongly once, through the command line: as users saw them."""

import json
import re
import shlex

import openpyxl
import pytest
from command_line import said
from trial import LAB, POSTS, SOURCE, TABLE, TALK, Place

import fanal


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return Place(tmp_path_factory.mktemp("read"))


def test_a_purity_whose_column_has_no_sign_keeps_its_unit(place):
    """Without “%” in the header the unit was lost in silence, and with it every share."""
    rows = "".join(
        f"P{n};2{n}/04/2017;MDMA;powder;MDMA;{v}\n" for n, v in enumerate(("72.5", "65", "81"))
    )
    head = "ref;date;vendu comme;forme;substance;purity\n"
    assert place.read(place.source(LAB), "l.csv", head + rows) == ("lab", 3, 3)
    doses = said("lab", "doses", "--dir", place.at)["rows"]
    told = [(row["substance"], row["unit"], row["n"], row["median"]) for row in doses]
    assert ("mdma", "%", 3, 72.5) in told


def test_a_share_that_a_workbook_shows_is_one(place):
    """72.0 % of a workbook was 0.72 of nothing."""
    book = openpyxl.Workbook()
    book.active.append(["reference", "date", "vendu comme", "substance", "teneur"])
    book.active.append(["W1", "2025-04-21", "cocaïne", "cocaïne", 0.72])
    book.active["E2"].number_format = "0.0%"
    path = place.folder / "w.xlsx"
    book.save(path)
    said("ingest", path, "--source", place.source(LAB), "--dir", place.at)
    assert place.found("W1") == [("cocaine", 72.0, "%", "2025-04-21")]


def test_a_rate_of_three_decimals_is_no_thousand(place):
    """0.308 ‰ was 308, 14.217 was 14,217."""
    rates = {"75": 0.308, "59": 14.217, "13": 9.114}
    rows = "".join(f"Taux;{area};2023;{rate};pour mille\n" for area, rate in rates.items())
    source = place.source(TABLE)
    place.read(source, "t.csv", "indicateur;departement;annee;valeur;unite\n" + rows)
    query = "SELECT area, value FROM indicators WHERE source = ?"
    assert dict(place.ask(query, source)) == rates


def test_a_result_that_says_nothing_was_found_finds_nothing(place):
    """“Non détecté” and “< LOD” were what a sample holds, as substances are."""
    said_of = {"N0": "non détecté", "N1": "< LOD", "N2": "pas de résultat", "N3": "MDMA"}
    rows = "".join(f"{ref};2025-04-21;MDMA;{label}\n" for ref, label in said_of.items())
    source = place.source(LAB, 'importer = "lab"\n')
    place.read(source, "n.csv", "reference;date;vendu comme;substance\n" + rows)
    query = (
        "SELECT reference, role, substance FROM samples JOIN results ON sample = samples.id "
        "WHERE source = ? ORDER BY ALL"
    )
    nothing = [(ref, "none", None) for ref in ("N0", "N1", "N2")]
    assert place.ask(query, source) == [*nothing, ("N3", "main", "mdma")]


def test_a_sample_whose_reference_looks_like_an_identifier_comes_in(place):
    """Such samples were lost; now the receipt still finds its result."""
    row = "reference;date;vendu comme;substance\nZK2XW7QPLM9A;2025-04-21;speed;MDMA\n"
    assert place.read(place.source(LAB), "r.csv", row) == ("lab", 1, 1)
    assert place.found("ZK2XW7QPLM9A") == [("mdma", None, None, "2025-04-21")]


def test_references_that_begin_again_are_other_samples(place):
    """The first sample of a year took the place of the first one of the year before."""
    source, head = place.source(LAB), "N°;Date;Vendu comme;Substance;Teneur (%)\n"
    for year, share in ((2025, 72), (2026, 80)):
        place.read(source, f"{year}.csv", f"{head}A1;22/05/{year};cocaïne;cocaïne;{share}\n")
    assert sorted(place.found("A1")) == [
        ("cocaine", 72.0, "%", "2025-05-22"), ("cocaine", 80.0, "%", "2026-05-22"),
    ]  # fmt: skip


def test_interviews_of_one_name_both_stay(place):
    """The second was taken for the first with other words: 3 turns were kept of 4."""
    source, asked = place.source(TALK), "Enquêteur : quels produits en ce moment ?\n"
    for day, answer in (("12", "Karim : la keta est à trente"), ("19", "Nadia : la coke à dix")):
        text = f"Date : {day} mars 2026\n{asked}{answer} euros.\n"
        assert place.read(source, "entretien.txt", text)[2] == 2
    query = "SELECT count(DISTINCT id) FROM documents WHERE source = ?"
    assert place.ask(query, source) == [(4,)]


def test_a_column_that_repeats_is_no_id(place):
    """Twelve posts of three threads were three posts."""
    source = place.source(POSTS)
    rows = "".join(f"{n // 4};2026-05-{n + 1:02};message {n} de coke\n" for n in range(12))
    place.read(source, "p.csv", "post_id;date;texte\n" + rows)
    query = "SELECT count(DISTINCT id) FROM documents WHERE source = ?"
    assert place.ask(query, source) == [(12,)]


def test_an_interview_refused_for_its_date_is_read_with_one(place):
    """Sent again with its date in its name it was “already in”."""
    source, text = place.source(TALK), "Enquêteur : quoi ?\nKarim : la keta est à trente euros.\n"
    assert place.read(source, "entretien.txt", text, code=1)[2] == 0
    (again,) = place.ingest(source, ("entretien_2026-03-12.txt", text))
    assert (again["status"], again["documents"]) == ("done", 2)


DATED = [{"id": n, "date": f"2026-05-0{n}", "text": f"coke à {50 + n}"} for n in (1, 2, 3)]
TITLED = "Relevé de veille;;\nDate;Texte;Auteur\n" + "".join(
    f"2{n}/05/2026;message {n} sur la coke;Kev{n}\n" for n in range(1, 5)
)
HEARD = json.dumps({
    "text": '<p>Date : 12 mars 2026</p><p><span class="timestamp" data-timestamp="1">00:01</span>'
            "Enquêteur : et les prix ?</p><p>Karim : la keta est à trente euros.</p>",
    "media": "x.mp3", "media-time": 1,
})  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "name", "content", "importer", "texts"),
    [
        (POSTS, "p.json", json.dumps(DATED, indent=2), "tables",
         ["coke à 51", "coke à 52", "coke à 53"]),
        (POSTS, "titled.csv", TITLED, "tables",
         [f"message {n} sur la coke" for n in range(1, 5)]),
        (TALK, "e.otr", HEARD, "transcripts",
         ["et les prix ?", "la keta est à trente euros."]),
    ],
)  # fmt: skip
def test_a_file_is_taken_for_what_it_is(place, kind, name, content, importer, texts):
    """An array of posts was one text of an interview, a transcript a table, a title the header."""
    source = place.source(kind)
    (told,) = place.ingest(source, (name, content))
    assert told["importer"] == importer
    assert place.texts(source) == texts


def test_what_a_hint_says_works(place):
    """It named a part of the source description that nothing reads."""
    chat = "02/05/2026, 18:00 - Mia: coke 60\n03/05/2026, 18:00 - Lou: ok\n"
    (told,) = place.ingest(place.source(POSTS), ("c.txt", chat), code=1)
    (part,) = re.findall(r'date_order = "dmy" or "mdy" under (\[\w+\])', told["detail"])
    described = place.source(POSTS, f'{part}\ndate_order = "dmy"\n')
    assert place.read(described, "c.txt", chat) == ("whatsapp", 2, 2)


def test_a_file_of_another_importer_stops_itself_alone(place):
    """Where the source has parameters, one note among the tables stopped all of them."""
    source = place.source(TABLE, '[parameters]\nunit = "personnes"\n')
    note = "Note du 12 mars 2026\nLes chiffres sont provisoires.\n"
    figures = "indicateur;departement;annee;valeur\nusage;59;2023;11\nusage;59;2024;12\n"
    told = place.ingest(source, ("a_note.txt", note), ("b_bon.csv", figures), code=1)
    assert [(r["name"], r["status"], r["documents"]) for r in told] == [
        ("a_note.txt", "failed", 0), ("b_bon.csv", "done", 2),
    ]  # fmt: skip


@pytest.fixture
def spoiled(tmp_path):
    return Place(tmp_path)


def test_a_retention_of_ages_is_refused(spoiled):
    """It was taken, and the next run overflowed."""
    told = spoiled.source(POSTS, "retention_months = 999999\n", code=2)
    assert told["error"]["what"] == "retention_months = 999999"


@pytest.mark.parametrize("name", ["()", "中文"])
def test_a_name_that_no_text_can_be_searched_for_is_refused(spoiled, name):
    """It was taken, and stopped every run from then on."""
    told = said("thesaurus", "add", "cocaine", name, "--dir", spoiled.at, code=2)
    assert told["error"]["what"] == "no text can be searched for this name"


def test_what_was_taken_once_stops_nothing(spoiled):
    """A name of marks alone and a retention of ages, from when they were taken."""
    (spoiled.at / "thesaurus").mkdir()
    (spoiled.at / "thesaurus" / "aliases.tsv").write_text(
        "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
        "cocaine\t---\tfr\tstreet\tplain\town\t\n", "utf-8",
    )  # fmt: skip
    long = SOURCE.format("long", POSTS) + "retention_months = 999999\n"
    (spoiled.at / "sources" / "long.toml").write_text(long, "utf-8")
    post = "id;date;texte\n1;2026-05-01;coke 60 € le g\n"
    assert spoiled.read("long", "p.csv", post) == ("tables", 1, 1)
    said("code", "--dir", spoiled.at)
    query = "SELECT kind, substance FROM observations ORDER BY ALL"
    assert spoiled.ask(query) == [("mention", "cocaine"), ("price", "cocaine")]


def test_names_of_another_hand_are_held_to_the_same(spoiled):
    """A file of a spreadsheet, its source another or none: a name of dashes stopped every run."""
    (spoiled.at / "thesaurus").mkdir()
    (spoiled.at / "thesaurus" / "aliases.tsv").write_text(
        "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
        "cocaine\t---\tfr\tstreet\tplain\tCSAPA\t\ncocaine\tzibouli\tfr\tstreet\tplain\t\t\n",
        "utf-8-sig",
    )  # fmt: skip
    post = "id;date;texte\n1;2026-05-01;zibouli 60 € le g\n"
    spoiled.read(spoiled.source(POSTS), "p.csv", post)
    said("code", "--dir", spoiled.at)
    query = "SELECT DISTINCT substance FROM observations WHERE kind = 'mention'"
    assert spoiled.ask(query) == [("cocaine",)]
    rows = said("check", "--dir", spoiled.at, code=1)["rows"]
    (told,) = [row for row in rows if row["what"] == "description"]
    assert told["found"] == "thesaurus, cocaine: ---: no text can be searched for this name"
    assert told["do"] == "fanal thesaurus remove cocaine -- ---"


def test_what_is_left_out_is_named_and_can_be_taken_out(spoiled):
    """A substance labelled `---` stopped every run of everybody, and nothing named it."""
    (spoiled.at / "thesaurus").mkdir()
    (spoiled.at / "thesaurus" / "substances.tsv").write_text(
        "id\tlabel_fr\tlabel_en\tklass\tparent\tcas\tinchikey\tnps\n"
        "bare\t---\t---\tstimulants\t\t\t\t0\n", "utf-8",
    )  # fmt: skip
    (spoiled.at / "thesaurus" / "aliases.tsv").write_text(
        "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
        "bare\t---\tmul\tinternational name\tplain\town\t\n", "utf-8",
    )  # fmt: skip
    long = SOURCE.format("long", POSTS) + "retention_months = 999999\n"
    (spoiled.at / "sources" / "long.toml").write_text(long, "utf-8")
    spoiled.read(spoiled.source(POSTS), "p.csv", "id;date;texte\n1;2026-05-01;coke 60 € le g\n")
    (coded, *_) = said("run", "--dir", spoiled.at)["rows"]
    wrong = {"thesaurus, bare: ---": "no text can be searched for this name",
             "long": "retention_months = 999999"}  # fmt: skip
    told = [error for part in ("left_out", "objections") for error in coded["detail"][part]]
    assert {error["where"]: error["what"] for error in told} == wrong
    checks = said("check", "--dir", spoiled.at, code=1)["rows"]
    named = [row["found"] for row in checks if row["what"] == "description"]
    assert named == [f"{where}: {what}" for where, what in wrong.items()]
    said("thesaurus", "remove", "bare", "--dir", spoiled.at)
    (again, *_) = said("run", "--dir", spoiled.at)["rows"]
    assert "left_out" not in again["detail"]


def test_rows_that_stand_on_nothing_are_left_out_and_the_others_go_on(spoiled):
    """A label of dashes alone, past the form and without a name, had a page; nothing named it."""
    (spoiled.at / "thesaurus").mkdir()
    (spoiled.at / "thesaurus" / "substances.tsv").write_text(
        "id\tlabel_fr\tlabel_en\tklass\tparent\tcas\tinchikey\tnps\n"
        "bare\t---\t---\tstimulants\t\t\t\t0\n"
        "classless\tSans classe\tClassless\tnothing\t\t\t\t0\n"
        "child\tZébuline\tZebuline\tstimulants\tgone\t\t\t0\n"
        "cocaine\t---\t---\tstimulants\t\t\t\t0\n", "utf-8",
    )  # fmt: skip
    (spoiled.at / "thesaurus" / "aliases.tsv").write_text(
        "substance\talias\tlanguage\tkind\tambiguity\tsource\tfirst_seen\n"
        "bare\tbaroc\tfr\tstreet\tplain\town\t\n"
        "child\tzébuline\tfr\tstreet\tplain\town\t\n"
        "nobody\tnémotruc\tfr\tstreet\tplain\town\t\n", "utf-8",
    )  # fmt: skip
    posts = "id;date;texte\n1;2026-05-01;zébuline et némotruc\n2;2026-05-01;cocaïne et baroc\n"
    spoiled.read(spoiled.source(POSTS), "p.csv", posts)
    said("run", "--dir", spoiled.at)
    found = spoiled.ask("SELECT DISTINCT substance FROM facts WHERE kind = 'mention' ORDER BY ALL")
    assert found == [("child",), ("cocaine",)]
    rows = said("check", "--dir", spoiled.at, code=1)["rows"]
    assert {row["found"]: row["do"] for row in rows if row["what"] == "description"} == {
        "thesaurus, bare: ---: no text can be searched for this name":
            "fanal thesaurus remove bare",
        "thesaurus, cocaine: ---: no text can be searched for this name":
            "mend the line, or take it out of thesaurus/substances.tsv",
        "thesaurus, classless: nothing: no such class": "fanal thesaurus remove classless",
        "thesaurus, child: gone: no such parent":
            "mend the line, or take it out of thesaurus/substances.tsv",
        "thesaurus, nobody: némotruc: no such substance":
            "fanal thesaurus remove nobody -- 'némotruc'",
    }  # fmt: skip
    with fanal.open(spoiled.at) as observatory:
        known = observatory.thesaurus()
        assert not {"bare", "classless"} & known.substances.keys()
        assert (known.label("cocaine", "fr"), known.label("child", "fr")) == ("Cocaïne", "Zébuline")
    for do in [row["do"] for row in rows if row["do"].startswith("fanal thesaurus")]:
        words = [word for word in shlex.split(do)[1:] if word != "--"]  # none begins with dashes
        said(*words, "--dir", spoiled.at)
    left = said("check", "--dir", spoiled.at, code=1)["rows"]
    named = [row["found"] for row in left if row["what"] == "description"]
    assert [found.split(":")[0] for found in named] == ["thesaurus, cocaine", "thesaurus, child"]


def test_a_substance_that_no_text_names_is_refused(spoiled):
    """The form took it; a name of it may come later, a label of dashes is none."""
    labels = ("--label-fr", "---", "--label-en", "---", "--class", "stimulants")
    told = said("thesaurus", "add", "bare", "bare-x", *labels, "--dir", spoiled.at, code=2)
    assert told["error"]["what"] == "no text can be searched for this name"


def test_an_interview_like_one_that_was_erased_is_another(spoiled):
    """The next interview of the same name and questions was “already in”, and nowhere."""
    source = spoiled.source(TALK)
    talk = "Date : {} mars 2026\nEnquêteur : quoi ?\n{}\nEnquêteur : et les prix ?\n{}\n"
    first = talk.format(12, "Karim : la keta, partout.", "Karim : trente euros le gramme.")
    second = talk.format(19, "Nadia : du crack, à la gare.", "Nadia : dix euros la galette.")
    spoiled.read(source, "entretien.txt", first)
    said("erase", "--source", source, "--yes", "--dir", spoiled.at)
    spoiled.read(source, "entretien.txt", second)
    of_second = ["quoi ?", "du crack, à la gare.", "et les prix ?", "dix euros la galette."]
    assert spoiled.texts(source) == of_second
    spoiled.read(source, "entretien.txt", first.replace("partout", "ici"))  # corrected
    assert spoiled.texts(source) == of_second


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Drogues info service 0 800 23 13 13",) * 2,
        ("Down (Unknown Opioid)",) * 2,
        ("Barbès point de deal connu",) * 2,
        ("Le point de vente est connu",) * 2,
        ("De mon point de vue c'est connu",) * 2,
        ('coke dite "la blanche" à Lille',) * 2,
        ("Appelez le 06 39 98 12 34", "Appelez le [phone:FR]"),
    ],
)
def test_what_is_public_or_a_product_passes_the_door(place, line, kept):
    """A helpline was a phone, an unknown opioid a person, a place of dealing an address."""
    path = place.folder / "door.txt"
    path.write_text(line, "utf-8")
    assert said("door", path)["text"] == kept


PARTS = ("kind", "substance", "place", "code", "amount", "quantity", "unit", "currency", "percent",
         "percent_max")  # fmt: skip
COCAINE = ("mention", "cocaine")
TEXTS = {  # text: what it says
    "Pas de livraison ce soir, cocaïne demain": {
        COCAINE, ("practice", "supply.organisation.supply-interruption")},
    "coke dispo, pas de coke à 60 €": {COCAINE},
    "dans le 18e et le 20e, il vend de la coke": {COCAINE},
    "à l'époque c'était 80 € le g de coke": {COCAINE},
    "boîte de 30 comprimés de Xanax à 40 €": {
        ("mention", "alprazolam"), ("price", "alprazolam", 40.0, 30.0, "tablet", "EUR")},
    "il y a deux ans c'était 80 € le g de coke, maintenant cinquante": {
        COCAINE, ("price", "cocaine", 50.0, 1.0, "g", "EUR")},
    "coke 1g 90.-": {COCAINE, ("price", "cocaine", 90.0, 1.0, "g", "CHF")},
    "coke 60 € le g, une demi-heure après la coke": {
        COCAINE, ("price", "cocaine", 60.0, 1.0, "g", "EUR")},
    "boîte de 56 gélules de prégabaline 60 €": {
        ("mention", "pregabalin"), ("price", "pregabalin", 60.0, 56.0, "capsule", "EUR")},
    "une gel cap de MDMA": {("mention", "mdma")},
    "un fichier à 30 000 € et de la cocaïne": {COCAINE},
    "un quart d'abord, puis 20 minutes, de la cocaïne": {COCAINE},
    "La pureté de la cocaïne varie entre 69 % et 90 %.": {
        COCAINE, ("purity", "cocaine", 69.0, 90.0)},
    "la cocaïne a une pureté de 69 à 90 %": {COCAINE, ("purity", "cocaine", 69.0, 90.0)},
    "On dort à la rue avec de la cocaïne.": {
        COCAINE, ("practice", "people.publics.precarious")},
    "la cocaïne, ça a changé": {COCAINE},
    "He takes a lot of cocaine": {COCAINE},
    "Had a nice time on cocaine with friends": {COCAINE},
    "dans les 1.3 mL de GBL": {("mention", "gbl"), ("quantity", "gbl", 1.3, "ml")},
    "coke dispo place Sainte-Anne": {COCAINE},
    "vendu à Maurepas, de la cocaïne": {COCAINE},
    "l'aura du groupe, coke dispo": {COCAINE},
    "speed from EU, MDMA made in EU": {("mention", "amphetamine"), ("mention", "mdma")},
    "coke pure à 80-90 %": {
        COCAINE, ("practice", "products.quality.claimed-purity"),
        ("purity", "cocaine", 80.0, 90.0)},
    "tout doit partir, il reste de la cocaïne": {COCAINE},
    "They drive to the coast every week and sell cocaine there": {COCAINE},
    "on va poster les photos demain, cocaïne dispo": {COCAINE},
    "un tract sur la cocaïne, un test à la cocaïne": {COCAINE},
    "They put up a poster about cocaine near the school": {COCAINE},
    "tout dispo en shit, pochon de 20 balles": {
        ("mention", "cannabis-resin"), ("price", "cannabis-resin", 20.0, 1.0, "unit", "EUR")},
}  # fmt: skip


@pytest.fixture(scope="module")
def told(place):
    source = place.source(POSTS)
    rows = "".join(f'{n};2026-05-{n % 28 + 1:02};"{text}"\n' for n, text in enumerate(TEXTS))
    place.read(source, "texts.csv", "id;date;texte\n" + rows)
    said("code", "--dir", place.at)
    with fanal.open(place.at) as observatory:
        rows = observatory.tables.rows(
            "SELECT text, o.* FROM observations o JOIN documents d ON o.document = d.id "
            "WHERE source = ? AND confidence >= 0.5", [source],
        )  # fmt: skip
    facts = {text: set() for text in TEXTS}
    for row in rows:
        facts[row["text"]].add(tuple(row[part] for part in PARTS if row.get(part) is not None))
    return facts


@pytest.mark.parametrize("text", TEXTS)
def test_what_a_text_says(told, text):
    """Denials, ranks, old prices and words of another language had been facts."""
    assert told[text] == TEXTS[text]

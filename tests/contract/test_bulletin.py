"""A bulletin reads well in both languages, links hold, nothing is fetched, nothing leaks."""

import re
from dataclasses import replace
from datetime import date
from itertools import pairwise

import lxml.html
import pypdfium2
import pytest
from editions import edition, evidence

from fanal.edition import Edition, FigureFact, Name, Reckoning, SignalFact, Value, Witness
from fanal.exporters import charts, signal_pictures
from fanal.exporters.blocks import Figure, Table
from fanal.exporters.bulletin import compose
from fanal.exporters.bulletin_docx import BulletinDocx
from fanal.exporters.bulletin_html import BulletinHtml
from fanal.exporters.bulletin_pdf import BulletinPdf
from fanal.exporters.signals_prose import corroboration, sentence
from fanal.testing.exporter_checks import check_exporter
from fanal.wording.language import Language

FR, EN = Language("fr"), Language("en")
BUILTIN = (BulletinHtml, BulletinPdf, BulletinDocx)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bulletin")
    files = BulletinHtml().export(edition(), folder)
    return {path.name.split(".")[1]: path.read_text("utf-8") for path in files}


@pytest.fixture(scope="module")
def papers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    return {p.name.split(".")[1]: p for p in BulletinPdf().export(edition(), folder)}


def words(page: str) -> str:
    body = lxml.html.fromstring(page.split("\n", 1)[1]).find("body")
    for svg in body.xpath("//*[local-name()='svg']"):
        svg.getparent().remove(svg)
    return re.sub(r"[ \n]+", " ", body.text_content())


@pytest.mark.parametrize("exporter", BUILTIN, ids=lambda e: e.name)
def test_each_exporter_passes_the_published_checks(exporter, tmp_path):
    check_exporter(exporter(), edition(), tmp_path)


@pytest.mark.parametrize("exporter", BUILTIN, ids=lambda e: e.name)
def test_an_edition_with_nothing_in_it_is_still_a_bulletin(exporter, tmp_path):
    bare = Edition(
        Name("Vide", "Empty"), date(2025, 1, 1), date(2025, 3, 31), date(2025, 4, 1), "0", "0", ()
    )
    check_exporter(exporter(), bare, tmp_path)


@pytest.mark.parametrize("code", ["fr", "en"])
def test_every_link_leads_to_a_place_in_the_page(pages, code):
    tree = lxml.html.fromstring(pages[code].split("\n", 1)[1])
    ids = [e.get("id") for e in tree.xpath("//*[@id]")]
    assert len(ids) == len(set(ids)), "an id twice"
    targets = {a.get("href") for a in tree.xpath("//a[@href]")}
    assert all(t.startswith("#") and t[1:] in ids for t in targets)
    assert len([t for t in targets if t.startswith("#e-")]) >= 12


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_asks_nothing_of_the_network_and_holds_no_script(pages, code):
    page = pages[code]
    loads = re.findall(r'(?:src|xlink:href|href|action)="(?!#)([^"]*)"', page)
    assert loads == []
    assert "<script" not in page and "@import" not in page
    assert not re.search(r"url\((?!#)", page)
    assert "default-src 'none'" in page


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_page_can_be_read_aloud(pages, code):
    tree = lxml.html.fromstring(pages[code].split("\n", 1)[1])
    assert tree.get("lang") == code
    assert len(tree.xpath("//h1")) == 1 and tree.xpath("//a[@class='skip']")
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3")]
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for picture in tree.xpath("//*[@role='img']"):
        assert len(picture.get("aria-label")) > 40
    for table in tree.xpath("//table"):
        assert table.xpath("./caption") and table.xpath("./thead//th[@scope='col']")
        assert table.xpath("./tbody//th[@scope='row']")
        widths = {len(row.xpath("./*")) for row in table.xpath(".//tr")}
        assert len(widths) == 1


def test_french_is_set_as_french(pages):
    text = words(pages["fr"])
    ours = re.sub(r"<blockquote.*?</blockquote>|<td>.*?</td>", "", pages["fr"], flags=re.S)
    ours = words(ours)
    assert not re.search(r"[^\W\d] [;!?:](?!\w)", ours), "an ordinary space before a sign"
    assert "«\u00a0chiffres publiés par ailleurs\u00a0»" in text
    assert (
        "1\u202f075\u00a0documents" in text
        and "gardés, d’autres jours\u00a0: 8\u202f725\u202f;" in text
    )
    assert "29\u202f% de moins" in text and "37,50\u00a0€" in text
    assert "1er\u00a0janvier\u00a02026" in text
    assert "'" not in ours


def test_english_is_set_as_english(pages):
    text = words(pages["en"])
    assert (
        "1,075\u00a0documents" in text and "€37.50" in text and "1\u00a0January\u00a02026" in text
    )
    assert "\u202f" not in text


def test_the_two_languages_say_the_same_things(pages):
    trees = [lxml.html.fromstring(pages[c].split("\n", 1)[1]) for c in ("fr", "en")]
    shapes = [[e.tag for e in t.find("body").iter() if isinstance(e.tag, str)] for t in trees]
    assert shapes[0] == shapes[1]
    heads = [[h.text_content() for h in t.xpath("//h2")] for t in trees]
    assert not set(heads[0]) & set(heads[1])


def test_statements_of_a_signal_in_both_languages():
    new = edition().signals[0]
    nb = "\u00a0"
    assert sentence(new, EN) == (
        f"First alert in the week of 16{nb}June{nb}2025 in Lyon, last alert in the week of "
        f"15{nb}December{nb}2025. In the week of 4{nb}August{nb}2025, 9{nb}mentions were counted "
        f"out of 112{nb}documents read, where the past led us to expect only 0.2; the alert "
        "threshold was 3.1."
    )
    assert sentence(new, FR) == (
        f"Première alerte la semaine du 16{nb}juin{nb}2025 à Lyon, dernière alerte la semaine du "
        f"15{nb}décembre{nb}2025. La semaine du 4{nb}août{nb}2025, on en compte 9{nb}mentions pour "
        f"112{nb}documents lus, là où le passé n’en laissait attendre que 0,2\u202f; le seuil "
        "d’alerte était de 3,1."
    )


@pytest.mark.parametrize(
    ("change", "fr", "en"),
    [
        ({"observed": 1.0}, "on en compte 1\u00a0mention pour", "1\u00a0mention was counted"),
        ({"observed": 0.0, "expected": 5.0, "direction": "down"}, "0\u00a0mention ", "expect 5;"),
        (
            {"measure": "price", "observed": 47.5, "expected": 70.0, "direction": "down"},
            "la médiane de 112\u00a0prix est de 47,50\u00a0€, là où le passé laissait attendre 70",
            "the median of 112\u00a0prices was €47.50, where the past led us to expect €70",
        ),
        (
            {"measure": "found", "denominator": 1.0},
            "pour 1\u00a0échantillon analysé,",
            "out of 1\u00a0sample analysed",
        ),
        (
            {"measure": "channels", "observed": 2.0, "denominator": 9.0},
            "2\u00a0canaux pour 9\u00a0canaux lus",
            "2\u00a0channels were counted out of 9\u00a0channels read",
        ),
        ({"expected": 0.0}, "le passé ne laissait rien attendre\u202f;", "led us to expect none;"),
        ({"direction": "up"}, "En hausse à Lyon, de la semaine du 16", "Rising in Lyon, from the"),
        ({"step": "month"}, "En août\u00a02025, on", "In August\u00a02025, 9"),
        (
            {"place": "", "last": date(2025, 6, 16)},
            "Première alerte la semaine du 16\u00a0juin\u00a02025. La",
            "First alert in the week of 16\u00a0June\u00a02025. In",
        ),
    ],
)
def test_numbers_agree_with_their_nouns(change, fr, en):
    fact = replace(edition().signals[0], **change)
    assert fr in sentence(fact, FR)
    assert en in sentence(fact, EN)


@pytest.mark.parametrize("n", [0, 1, 2, 21, 1000])
def test_counts_of_the_limits_agree(n):
    counts = Reckoning(quarantined=n, pictures=n)
    for code in ("fr", "en"):
        bulletin = compose(
            edition(sources=(replace(edition().sources[0], reckoning=counts),)), code
        )
        said = " ".join(str(block) for block in bulletin.blocks)
        assert ("image" in said or "pictures" in said) == (n > 0)


def test_a_public_edition_quotes_nothing_and_dates_by_month(tmp_path):
    secret = evidence("z", 4, text="Zxqv un extrait que personne ne doit lire")
    signals = (replace(edition().signals[0], evidence=secret),)
    for exporter in (BulletinHtml, BulletinPdf):
        folder = tmp_path / exporter.name
        folder.mkdir()
        for path in exporter(public=True).export(edition(signals=signals), folder):
            if path.suffix == ".html":
                page = path.read_text("utf-8")
                assert "Zxqv" not in page and "<blockquote" not in page
                assert secret[0].document in page
                table = lxml.html.fromstring(page.split("\n", 1)[1]).xpath("//table")[-1]
                days = [row.xpath("./td")[0].text_content() for row in table.xpath("./tbody/tr")]
                assert all(re.fullmatch(r"\w+\u00a0\d{4}", day) for day in days)
            else:
                assert "Zxqv" not in pdf_text(path)


def pdf_text(path) -> str:
    document = pypdfium2.PdfDocument(path)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize("code", ["fr", "en"])
def test_the_pdf_holds_the_same_text_and_is_tagged(papers, pages, code):
    text = re.sub(r"\s+", " ", pdf_text(papers[code]))
    for heading in lxml.html.fromstring(pages[code].split("\n", 1)[1]).xpath("//main//h2"):
        assert re.sub(r"\s+", " ", heading.text_content()) in text
    assert "K7Q2M3XA" in text
    raw = papers[code].read_bytes()
    assert b"/MarkInfo" in raw and b"pdfuaid" in raw
    assert b"/StructTreeRoot" in raw and b"/FontFile" in raw


def test_maps_and_long_tables_leave_no_page_half_empty(tmp_path):
    """A map did not fit below the end of the table before it, each as wide as the page."""
    areas = [f"{n:02}" for n in range(1, 96) if n != 20]
    maps = tuple(
        FigureFact(Name(name, name), area, Name("‰", "‰"), "year",
                   (Value(date(2024, 1, 1), 2.0 + n * 7 % 61),), "SSMSI")
        for name in ("usage", "trafic") for n, area in enumerate(areas)
    )  # fmt: skip
    path, _ = BulletinPdf().export(edition(figures=maps), tmp_path)
    document = pypdfium2.PdfDocument(path)
    filled = []
    for page in document:
        if "Département" in page.get_textpage().get_text_range():
            drawn = page.render().to_pil().convert("L").point(lambda light: 255 * (light < 200))
            paper = drawn.crop((0, 0, drawn.width, drawn.height * 92 // 100))  # without its foot
            filled.append(paper.getbbox()[3] / paper.height)
    document.close()
    assert len(filled) == 4  # there were six
    assert min(filled) > 0.7


def test_markup_in_an_excerpt_stays_text(tmp_path):
    nasty = '<script>alert(1)</script> #import "x" $a$ *b* [y](z) @c \\ `d` {{ e }} <img src=x>'
    signal = replace(
        edition().signals[0],
        concept=Name("<b>x</b> & #y", "<b>x</b> & #y"),
        evidence=evidence("n", 2, text=nasty),
    )
    changed = edition(signals=(signal,))
    for path in BulletinHtml().export(changed, tmp_path):
        page = path.read_text("utf-8")
        assert "<script" not in page and "<img" not in page and "<b>x" not in page
        assert "{{ e }}" in page
    for path in BulletinPdf().export(changed, tmp_path):
        assert '#import "x" $a$ *b* [y](z) @c' in pdf_text(path)


def test_many_areas_become_a_table_and_one_a_picture():
    def area(n: int) -> FigureFact:
        points = tuple(Value(date(y, 1, 1), float(y % 7 + n)) for y in range(2016, 2025))
        name = Name("usage de stupéfiants", "drug use offences")
        return FigureFact(name, f"{n:02d}", Name("faits", "offences"), "year", points, "SSMSI")

    one = compose(edition(figures=(area(1),)), "fr").blocks
    many = compose(edition(figures=tuple(map(area, range(1, 97)))), "fr").blocks
    start = [getattr(b, "id", "") for b in one].index("figures")
    assert [b.block for b in one[start : start + 3]] == ["heading", "paragraph", "figure"]
    table = many[start + 2]
    assert table.block == "table" and len(table.rows) == 96
    assert "par département, 2024" in table.caption


@pytest.mark.parametrize(
    ("unit", "areas", "ends"),
    [
        ("faits", 1, "au plus 6 en 2022 (faits). Source\u00a0: SSMSI."),
        ("", 1, "au plus 6 en 2022. Source\u00a0: SSMSI."),
        ("faits", 2, "Usage (faits)\u00a0: 2 zones sur 2, les plus hautes. Source\u00a0: SSMSI."),
        ("", 2, "Usage\u00a0: 2 zones sur 2, les plus hautes. Source\u00a0: SSMSI."),
    ],
)
def test_a_figure_without_a_unit_has_no_empty_brackets(unit, areas, ends):
    points = tuple(Value(date(y, 1, 1), float(y % 7)) for y in (2021, 2022, 2023, 2024))
    name, unit = Name("usage", "use"), Name(unit, unit)
    facts = tuple(
        FigureFact(name, f"{59 + n}", unit, "year", points, "SSMSI") for n in range(areas)
    )
    told = [b.caption for b in compose(edition(figures=facts), "fr").blocks
            if getattr(b, "caption", "").startswith("Usage")]  # fmt: skip
    assert [caption.endswith(ends) for caption in told] == [True], told


def test_a_threshold_that_is_what_was_expected_is_told_and_drawn_as_that():
    nb = "\u00a0"
    fact = replace(edition().signals[0], threshold=0.2)
    assert sentence(fact, FR).endswith(
        "là où le passé en laissait attendre 0,2\u202f; avec les écarts des périodes d’avant, le "
        "seuil d’alerte est passé."
    )
    layers = charts.signal(fact, "mentions", FR)["layer"]
    line = [{"v": 0.2, "label": "attendu 0,2"}]
    assert [layer["data"]["values"] for layer in layers[2:]] == [line, line]
    assert layers[3]["mark"] == {"type": "text", "align": "left", "x": 4, "dy": -6}
    fell = charts.signal(replace(fact, direction="down"), "mentions", FR)["layer"]
    assert fell[3]["mark"] == {"type": "text", "align": "right", "x": "width", "dy": -6}
    drawn = signal_pictures.picture(fact, FR).caption
    assert drawn.endswith("en tirets, ce qui était attendu lors de la plus forte.")
    series = "price/band=0.75/currency=EUR/substance=cocaine/unit=g/week"
    price = replace(fact, measure="price", observed=45.0, expected=68.39, threshold=68.39,
                    denominator=3.0, quantity="1", direction="down", series=series)  # fmt: skip
    assert sentence(price, FR).endswith(
        f"la médiane de 3{nb}prix (1{nb}g) est de 45{nb}€, là où le passé laissait attendre "
        f"68,39{nb}€\u202f; avec les écarts des périodes d’avant, le seuil d’alerte est passé."
    )
    assert sentence(price, EN).endswith(
        f"the median of 3{nb}prices (1{nb}g) was €45, where the past led us to expect €68.39; "
        "added to the periods before, this is past the alert threshold."
    )


def test_a_price_is_named_as_a_price():
    fact = replace(edition().signals[0], measure="price", direction="down", observed=45.0)
    said = str(compose(edition(signals=(fact,)), "fr").blocks)
    assert "Tucibi, prix, Lyon" in said and "prix médian (€) par semaine" in said
    assert "Tucibi, price, Lyon" in str(compose(edition(signals=(fact,)), "en").blocks)
    told = corroboration(fact, FR)
    assert told.startswith("un prix du produit est donné dans\u00a0: publications en ligne (")
    series = "price/band=0.75/currency=CHF/site=lyon/substance=tucibi/unit=g/week"
    grams = replace(fact, series=series, currency="CHF")
    assert "prix médian (CHF/g) par semaine" in signal_pictures.picture(grams, FR).caption


def test_all_that_was_read_of_the_press_is_told_as_that():
    witnesses = (Witness("press", 3, 0, 1, 1), Witness("official table", 2, 0, 1, 0))
    fact = replace(edition().signals[0], witnesses=witnesses)
    assert "presse (3\u00a0documents sur 3 lus, 1\u00a0source)" in corroboration(fact, FR)
    assert "publiées (2\u00a0chiffres, 1\u00a0source)" in corroboration(fact, FR)
    blocks = compose(edition(signals=(fact,)), "fr").blocks
    (table,) = [b for b in blocks if isinstance(b, Table) and b.caption.startswith("Qui en parle")]
    assert [cell[0].text for cell in table.rows[0]][1:] == ["3\u00a0/\u00a03", "2", "2", "1"]


def test_prices_are_told_with_their_period_and_without_what_is_not_there():
    alone = tuple(replace(p, place="", before=None, before_n=0) for p in edition().prices)
    nb = "\u00a0"
    period = f"du 29{nb}septembre{nb}2025 au 28{nb}décembre{nb}2025"
    for prices, caption, drawn in (
        (edition().prices, "par substance, lieu et quantité", "médiane d’avant (losange)."),
        (alone, "par substance et quantité", "moitié centrale (barre)."),
    ):
        blocks = compose(edition(prices=prices), "fr").blocks
        (table,) = [b for b in blocks if isinstance(b, Table) and "Prix d’une" in b.caption]
        assert table.caption == f"Prix d’une unité {period}, {caption}"
        (figure,) = [b for b in blocks if isinstance(b, Figure) and "Prix dem" in b.caption]
        assert figure.caption.endswith(drawn)
    x = charts.prices(alone, FR)["layer"][0]["encoding"]["x"]
    assert x["title"] == "prix d’une unité (EUR)"


def test_an_unknown_detector_measure_or_state_does_not_stop_a_bulletin():
    odd = replace(edition().signals[0], measure="zzz", state="zzz", novelty="zzz", history=())
    assert isinstance(odd, SignalFact)
    assert compose(edition(signals=(odd,)), "fr").blocks


def test_the_docx_says_what_the_page_says_and_can_be_edited(pages, tmp_path):
    import docx

    path = BulletinDocx(languages=("fr",)).export(edition(), tmp_path)[0]
    paper = docx.Document(path)
    headings = [p.text for p in paper.paragraphs if p.style.name.startswith("Heading")]
    tree = lxml.html.fromstring(pages["fr"].split("\n", 1)[1])
    assert headings == [h.text_content() for h in tree.xpath("//main//h2 | //main//h3")]
    assert len(paper.tables) == len(tree.xpath("//main//table"))
    pictures = paper.element.xpath("//wp:docPr")
    assert len(pictures) == len(tree.xpath("//figure"))
    assert all(picture.get("descr") for picture in pictures)


def test_a_public_edition_quotes_nothing_and_tells_no_small_count(tmp_path):
    from fanal.answers import disclosure
    from fanal.edition import Few, LabFact, Witness

    full = edition()
    lab = LabFact(14, 80, ((Name("mdma", "mdma"), 12), (Name("2c-b", "2c-b"), 2)),
                  ((Name("mdma", "mdma"), 3),), ("REF-1",))  # fmt: skip
    small = replace(
        full.signals[0], measure="found", observed=4.0, direction="new", lab=lab,
        witnesses=(Witness("lab", 4, 76, 1, 1, against=6), Witness("public posts", 5, 50, 2, 1),
                   Witness("interview", 23, 2, 1, 1), Witness("field notes", 0, 50, 0, 0)),
    )  # fmt: skip
    public = disclosure.public(replace(full, signals=(small, *full.signals[1:])), 11)
    fact = public.signals[0]
    assert isinstance(fact.observed, Few)
    assert (fact.history, fact.denominator, fact.lab.references) == ((), None, ())
    assert [type(n) for _, n in fact.lab.sold_as] == [Few]
    page = BulletinHtml(languages=("en",), public=True).export(public, tmp_path)[0].read_text()
    assert "fewer than\u00a011\u00a0samples" in page
    assert "REF-1" not in page
    # six hold something else: a sum of what is withheld would tell “11”
    plain = page.replace("\u00a0", " ")
    assert "fewer than 11 samples sold under this name hold something else" in plain.lower()
    row = lxml.html.fromstring(page).xpath("//table[contains(., 'samples of something else')]//tr")[
        1
    ]
    assert [cell.text_content().replace("\u00a0", " ") for cell in row.xpath("./td")] == [
        "5 / 55", "23", "0 / 50", "fewer than 11", "4", "1", "fewer than 11",
    ]  # fmt: skip
    assert not any(e.text for s in public.signals for e in s.evidence)
    told = disclosure.public(replace(full, signals=(replace(small, state="alerted"),)), 11)
    assert told.signals[0].observed == 4, "a person released it"

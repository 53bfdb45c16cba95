"""Who speaks, in the layouts in which people and programs write transcripts down."""

import docx
import pytest

from fanal.importers.base import RawDocument
from fanal.importers.press import Press
from fanal.importers.transcripts import Transcripts

SAID = ("Vous prenez quoi ?", "De la kéta.", "À quel prix ?", "Trente.")
TURNS = [(str(n % 2 + 1), text) for n, text in enumerate(SAID)]
NOSCRIBE = (
    '<html><head><meta name="audio_source" content="x.wav" /></head><body><p>entretien</p>'
    "<p>Transkribiert mit noScribe Vers. 0.6.2<br />Audiodatei: C:/x/entretien_2026-03-02.wav</p>"
    '<p><a name="ts_0">S00: Vous prenez quoi ?</a></p><p><a name="ts_42_90_S01">S01: De la</a>'
    '<a name="ts_90_99_S01"> kéta.</a></p><p>S00: À quel prix ?</p><p>S01: Trente.</p></body>'
)
TABLE = "".join(f"<tr><td>{'IB'[n % 2]}</td><td>{text}</td></tr>" for n, text in enumerate(SAID))
BOLD = "".join(
    f"<p><b>{('Enquêteur', 'Léo')[n % 2]} :</b> {text}</p>" for n, text in enumerate(SAID)
)


def written(layout, who):
    """Write the turns one below the other; `layout` is one turn, with its number, who and what."""
    said = [layout.format(n=n, who=who[int(label) - 1], said=text)
            for n, (label, text) in enumerate(TURNS, 1)]  # fmt: skip
    return "Entretien du 2 mars 2026\n\n" + "\n".join(said) + "\n"


def voices(path):
    """Return who says what, each person a number, and the days; a page is no table and no press."""
    assert Transcripts().identify(path)
    found = [row for row in Transcripts().extract(path) if isinstance(row, RawDocument)]
    order = list(dict.fromkeys(row.author for row in found))
    said = [(str(order.index(row.author) + 1) if row.author else "", row.text) for row in found]
    return said, {str(row.time) for row in found}, found


@pytest.mark.parametrize(
    ("layout", "who"),
    [
        ("{who}\n{said}\n", ("Enquêtrice", "Nadia")),
        ("{who}\n{said}", ("ENQUÊTEUR", "NADIA")),
        ("{who} :\n{said}", ("Interviewer", "Sanne")),
        ("{who}\n{said}", ("Intervistatrice", "Marco")),
        ("{who}\n{said}", ("Entrevistadora", "Lucía")),
        ("{who}\n{said}", ("Befragende", "Jürgen")),
        ("{who}\n{said}", ("Karim", "Nadia")),  # who asks is the one with the questions
        ("{who} : {said}", ("Enquêteur", "Nadia, 34 ans")),
        ("{who}: {said}", ("Interviewer", "Nadia, user, 34 years old")),
        ("{who}: {said}", ("Interviewerin", "Nadia, 34 Jahre")),
        ("{n}\t{who}\t{said}", ("I", "R")),
        ("{n}\t{who}\t{said}", ("Interviewer", "Sanne")),
        ("{who}\t{said}", ("I", "B1")),
        ("00:00:{n}0\t{who}\t{said}", ("I", "B1")),
        ("{n} {who}: {said}", ("I", "R")),
        ("{who}. {said}", ("Q", "R")),
    ],
)
def test_layouts_of_turns(tmp_path, layout, who):
    path = tmp_path / "entretien.txt"
    path.write_text(written(layout, who), "utf-8")
    said, days, found = voices(path)
    assert (said, days) == (TURNS, {"2026-03-02"})
    named = {name for name in who if name.split(",")[0].casefold() in (
        "nadia", "sanne", "marco", "lucía", "jürgen", "karim")}  # fmt: skip
    assert {n.casefold() for row in found for n in row.names} == {
        name.split(",")[0].casefold() for name in named
    }


@pytest.mark.parametrize(
    "text",
    [
        # headings that come again in notes ask nothing, places and products neither
        "Gare\nDeux vendeurs.\nParc\nPersonne.\nGare\nTrois vendeurs.\nParc\nUn usager.\n",
        "Cocaïne\nÀ soixante.\nCrack\nÀ dix.\nCocaïne\nElle monte.\nCrack\nRien.\n",
        "M. Durand est venu.\nA. Petit aussi.\nM. Durand revient.\nA. Petit non.\n",
        "Nadia, 34 ans, vient le soir.\nKarim, 41 ans, ne vient plus.\n",
        "Oui\nIl le dit deux fois.\nOui\nEncore.\nNon\nEt puis non.\nNon\nFin.\n",
    ],
)
def test_notes_have_no_voices(tmp_path, text):
    path = tmp_path / "notes_2026-03-02.txt"
    path.write_text(text, "utf-8")
    rows = list(Transcripts().extract(path))
    found = [row for row in rows if isinstance(row, RawDocument)]
    assert [row.author for row in found] == [None] * len(found)
    assert "\n".join(row.text for row in found) == text.rstrip("\n")


def test_who_speaks_once_in_a_group_is_a_voice_and_an_answer_is_none(tmp_path):
    path = tmp_path / "groupe_2026-03-02.docx"
    document = docx.Document()
    for line in ("Animatrice", "On commence.", "Inès", "Moi je commande.", "Bilal",
                 "Pareil, en vingt minutes.", "Animatrice", "Et vous ?", "Inès", "Oui",
                 "Animatrice", "Merci."):  # fmt: skip
        document.add_paragraph(line)
    document.save(path)
    said, _, found = voices(path)
    assert said == [
        ("1", "On commence."), ("2", "Moi je commande."), ("3", "Pareil, en vingt minutes."),
        ("1", "Et vous ?"), ("2", "Oui"), ("1", "Merci."),
    ]  # fmt: skip
    assert set(found[0].names) == {"Inès", "Bilal"}


@pytest.mark.parametrize(
    ("page", "day"),
    [
        (NOSCRIBE, "2026-03-02"),
        (
            f"<html><body><p>Gespräch vom 12.02.2026</p><table>{TABLE}</table></body></html>",
            "2026-02-12",
        ),
        (f"<html><body><h1>Entretien du 2 mars 2026</h1>{BOLD}</body></html>", "2026-03-02"),
    ],
)
def test_pages_of_programs_are_turns(tmp_path, page, day):
    path = tmp_path / "a.html"
    path.write_text(page, "utf-8")
    assert not Press().identify(path)
    assert voices(path)[:2] == (TURNS, {day})


@pytest.mark.parametrize(
    "sign", ["<script>1</script>", "<nav>x</nav>", '<meta property="og:type">']
)
def test_a_page_of_a_site_is_an_article(tmp_path, sign):
    path = tmp_path / "a.html"
    path.write_text(NOSCRIBE.replace("<body>", f"<body>{sign}"), "utf-8")
    assert Press().identify(path)
    assert not Transcripts().identify(path)

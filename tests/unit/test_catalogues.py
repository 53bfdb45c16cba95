"""Every word that people are told stands in the catalogues, whole and in step."""

import ast
import io
import re
from gettext import GNUTranslations
from pathlib import Path

import pytest
import words
from markupsafe import Markup

import fanal
from fanal.exporters.blocks import Run, laid
from fanal.web.words import ISSUES
from fanal.web.words import laid as laid_in_html
from fanal.wording.language import Language, both, languages
from fanal.wording.marks import NC_, hole, pieces

FILES = sorted(words.CATALOGUES.glob("*/LC_MESSAGES/fanal.po"))
SOURCE = Path(fanal.__file__).parent
PLACE = re.compile(r"%\((\w+)\)s")


def every(catalog):
    return {(m.context, m.id): m for m in catalog if m.id}


def several(texts):
    return texts if isinstance(texts, tuple) else (texts,)


@pytest.fixture(scope="module")
def said():
    return every(words.extracted())


@pytest.fixture(scope="module", params=FILES, ids=lambda path: path.parts[-3])
def catalogue(request):
    return request.param, words.read(request.param)


def marked():
    """Yield each message that a call names in so many words, wherever the call stands."""
    for path in words.SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or "testing" in path.parts:
                continue
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            given = [a.value for a in node.args if isinstance(a, ast.Constant)]
            if name in ("say", "both", "N_") and given:
                yield None, given[0]
            elif name == "NC_":
                yield tuple(given)
            elif name in ("say_n", "NN_") and len(given) > 1:
                yield None, (given[0], given[1])


def test_no_message_escapes_those_who_take_them_out(said):
    ones = {(context, several(id_)[0]) for context, id_ in said}
    found = {(context, several(id_)[0]) for context, id_ in marked()}
    assert len(found) > 500
    assert found - ones == set()


KNOWN = ("importers", "door", "coding", "thesaurus", "testing")  # know French as data
FRENCH = re.compile(
    r"\b(?:le|la|les|des|une|du|est|pour|dans|avec|sur|aux|qui|pas|cette|sont|vous|par)\b"
)


def french(text):
    return len(set(FRENCH.findall(text.lower()))) > 1


def test_no_sentence_of_the_program_is_french():
    assert french("Mot de passe enregistré : vous pouvez vous servir de la page.")
    assert not french("The bulletin of %(first)s to %(last)s is out, by département:")
    told = []
    for path in words.SOURCE.rglob("*.py"):
        if path.relative_to(words.SOURCE).parts[0] in KNOWN:
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                told += [node.value] if french(node.value) else []
    assert told == []


def test_the_columns_of_a_table_are_as_many_in_every_language(catalogue):
    for message in every(catalogue[1]).values():
        counts = {text.count("|") for text in (*several(message.id), *several(message.string))}
        assert len(counts) == 1, message.id


def test_a_catalogue_holds_what_the_program_says_and_nothing_else(said, catalogue):
    assert set(every(catalogue[1])) == set(said), "run: make words"


def test_every_message_is_said_and_no_translation_is_a_guess(catalogue):
    for message in every(catalogue[1]).values():
        assert all(several(message.string)) and not message.fuzzy, message.id


def test_a_translation_has_the_places_of_its_message(catalogue):
    for message in every(catalogue[1]).values():
        texts = (*several(message.id), *several(message.string))
        assert len({frozenset(PLACE.findall(text)) for text in texts}) == 1, message.id
        for text in texts:
            if PLACE.search(text):
                assert text % dict.fromkeys(PLACE.findall(text), "")  # a lone % is refused


def fragment(text):
    """Say whether a text begins or ends as the part of a sentence that code puts together."""
    return text != text.strip() or text.startswith((",", ";", ":", "."))


def test_no_message_is_a_fragment_to_which_code_adds_the_rest(said, catalogue):
    assert fragment("Evidence: ") and fragment(" in %(name)s") and fragment(", sold as %(names)s")
    assert not fragment("Evidence: %(links)s.")
    texts = [text for _, id_ in said for text in several(id_)]
    texts += [text for m in every(catalogue[1]).values() for text in several(m.string)]
    assert [text for text in texts if fragment(text)] == []


def test_a_sentence_keeps_its_holes_wherever_a_language_puts_them():
    told = Language("fr").say("%(what)s: %(said)s", what=hole("b"), said=hole("a"))
    assert [*pieces(told)] == [("", "b"), ("\u00a0: ", "a"), ("", "")]
    link = Run("S-1", "#s-1", "code")
    assert laid(told, a=(link,), b=(Run("Vu"),)) == (Run("Vu"), Run("\u00a0: "), link)
    html = laid_in_html(told, a=Markup("<b>S-1</b>"), b="1 < 2")
    assert html == "1 &lt; 2\u00a0: <b>S-1</b>"


def test_what_is_loaded_is_what_is_written(catalogue):
    path, catalog = catalogue
    assert path.read_text("utf-8") == words.written(catalog), "run: make words"
    loaded, fresh = (
        GNUTranslations(io.BytesIO(data))._catalog
        for data in (path.with_suffix(".mo").read_bytes(), words.compiled(catalog))
    )
    assert {k: v for k, v in loaded.items() if k} == {k: v for k, v in fresh.items() if k}


def test_a_catalogue_says_who_answers_for_its_words_or_that_nobody_does(catalogue):
    path, catalog = catalogue
    loaded = GNUTranslations(io.BytesIO(path.with_suffix(".mo").read_bytes()))
    assert loaded.info().get("x-review", "") == catalog.review
    assert bool(catalog.review) == (path.parts[-3] != "fr")  # French was written by people


def test_french_and_english_come_first():
    assert languages()[:2] == ("fr", "en")
    assert set(languages()) == {"en"} | {path.parts[-3] for path in FILES}


def test_a_message_is_said_with_its_places_filled_and_set():
    fr, en = Language("fr"), Language("en")
    assert fr.say("The two are not the same.") == "Les deux ne sont pas pareils."
    message = "Add “%(alias)s”"
    assert fr.say(message, alias="K") == "Ajouter «\u00a0K\u00a0»"
    assert en.say(message, alias="K") == "Add “K”"
    assert both(message, alias="K").fr == "Ajouter «\u00a0K\u00a0»"


def test_what_no_catalogue_has_is_said_as_it_is():
    assert Language("fr").say("zork of a plug-in") == "zork of a plug-in"
    assert Language("fr").say("") == "" == Language("en").say("")


@pytest.mark.parametrize(
    ("n", "fr", "en"),
    [(0, "phénomène", "phenomena"), (1.5, "phénomène", "phenomena"), (2, "phénomènes", "phenomena"),
     (1, "phénomène", "phenomenon"), (float("inf"), "phénomènes", "phenomena")],
)  # fmt: skip
def test_a_message_agrees_with_its_number(n, fr, en):
    forms = ("phenomenon", "phenomena")
    assert Language("fr").say_n(*forms, n) == fr
    assert Language("en").say_n(*forms, n) == en


def test_what_is_said_of_many_too_can_be_said_alone():
    assert Language("fr").say("kind of source") == "sorte de source"


def test_one_english_word_of_two_meanings_has_two_french_ones():
    word = NC_("deed", "closed")
    assert Language("en").say(word) == "closed"
    assert (Language("fr").say(word), Language("fr").say("closed")) == ("a classé", "classé")


def told_kinds():
    """Return every kind of issue that importers and the door name in so many words."""
    for path in [*SOURCE.glob("importers/**/*.py"), *SOURCE.glob("door/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if (
                name in ("Issue", "_ragged")
                and node.args
                and isinstance(node.args[0], ast.Constant)
            ):
                yield node.args[0].value


def test_every_kind_of_issue_is_a_message():
    kinds = set(told_kinds())
    assert len(kinds) > 25
    assert kinds - set(ISSUES) == set()

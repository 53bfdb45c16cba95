"""What the pages call things, in both languages."""

import ast
from pathlib import Path

import fanal
from fanal.web import words
from fanal.wording.language import Language

SOURCE = Path(fanal.__file__).parent


def told_kinds():
    """Return every kind of issue that importers and the door name in so many words."""
    for path in [*SOURCE.glob("importers/**/*.py"), *SOURCE.glob("door/*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in ("Issue", "_ragged") and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value


def test_every_kind_of_issue_has_french_words():
    kinds = set(told_kinds())
    assert len(kinds) > 25
    assert kinds - set(words.ISSUES) == set()


def test_an_issue_of_a_plug_in_keeps_its_name():
    french = Language("fr")
    assert french.say("odd") == "odd"
    assert french.say("no date") == "pas de date"
    assert french.say("quarantined: run of digits") == "mis en quarantaine par la porte"

"""Pages call a place by its name, never by its code."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from fanal.web import labels
from fanal.wording.language import Language


@pytest.mark.parametrize(("code", "name"), [("35238", "Rennes"), ("BO", "Bolivie")])
def test_a_place_is_shown_by_name(code: str, name: str) -> None:
    visit = cast("Any", SimpleNamespace(language=Language("fr")))
    assert name in labels.value(visit, "place", code)
    assert name in labels.fact(visit, "place", {"place": code})

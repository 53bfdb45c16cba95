"""Chats, interviews, notes and articles as people reported them elsewhere: `right.txt` of each."""

import pytest
from cases import FOLDER, Cases

CASES = sorted(path.parent.name for path in FOLDER.glob("*/right.txt"))


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return Cases(tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("case", CASES)
def test_a_case_is_right(cases, case):
    right = (FOLDER / case / "right.txt").read_text("utf-8").splitlines()
    assert cases.told(case) == right

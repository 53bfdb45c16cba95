"""Chats, interviews, notes and articles as people reported them elsewhere: `right.txt` of each."""

import pytest
from cases import FOLDER, Cases

CASES = sorted(path.parent.name for path in FOLDER.glob("*/right.txt"))
WRONG = {  # what is wrong today, and how; who mends one takes it out
    "dpdf1": "columns of a PDF are read across",
    "p01": "only the first article of a file is read",
}


@pytest.fixture(scope="module")
def cases(tmp_path_factory):
    return Cases(tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(name, marks=pytest.mark.xfail(strict=True, reason=WRONG[name]))
        if name in WRONG
        else name
        for name in CASES
    ],
)
def test_a_case_is_right(cases, case):
    right = (FOLDER / case / "right.txt").read_text("utf-8").splitlines()
    assert cases.told(case) == right

"""Chats, interviews, notes and articles as people reported them elsewhere: `right.txt` of each."""

import pytest
from cases import FOLDER, Cases

CASES = sorted(path.parent.name for path in FOLDER.glob("*/right.txt"))
WRONG = {  # what is wrong today, and how; who mends one takes it out
    "d02": "fields of an embed are lost",
    "dpdf1": "columns of a PDF are read across",
    "f01": "four of fourteen dates of a feed are not read",
    "m01": "Messenger's end-to-end export is not known",
    "p01": "only the first article of a file is read",
    "s01": "Signal's own export is not known",
    "s02b": "an array of Signal's messages is not known",
    "s03": "quoted words are those of who answers",
    "t01": "text of a rich message is lost",
    "z01": "lines of Zeeschuimer are not known",
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

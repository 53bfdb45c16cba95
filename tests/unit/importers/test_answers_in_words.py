"""What laboratories write instead of a figure, in six languages, and words that are none of it."""

import pytest

from fanal.importers.lab.answers import said
from fanal.importers.lab.thousands import ungrouped
from fanal.thesaurus import resolve, shipped, surely_named

SAID = {
    "absent": "Not Detected|neg.|NEG|< LOD|≤ LOQ|below LOQ|< la limite de détection|BLQ|n.n."
    "|nicht nachweisbar|niet aangetroffen|no detectado|non rilevabile|unter Nachweisgrenze",
    "vague": "ND|n.d.|N.D|n/d|nd",
    "trace": "trace|Traces|à l'état de traces|Spuren|trazas|tracce|spoor|tr.",
    "present": "x|oui|++|présent|nachgewiesen|aanwezig|non quantifié|n.q.",
    "unknown": "-|–|?|en attente|k.A.|n.b.|niet onderzocht|pendiente",
    "not_asked": "n/a|N.A.|s/o|sans objet|n.v.t.",
    "": "< 5|below 5 %|MDMA|nandrolone|trace element mix|notable|12|",
}


@pytest.mark.parametrize(("kind", "text"), [(k, t) for k, v in SAID.items() for t in v.split("|")])
def test_a_word_instead_of_a_figure(kind, text):
    assert said(text) == kind


def test_a_sign_between_thousands_is_taken_out_where_it_is_one():
    assert [ungrouped(text, ",") for text in ("1,050 ng/ml", "1,5", "0,125", "12,345,678")] == [
        "1050 ng/ml", "1,5", "0,125", "12,345,678",
    ]  # fmt: skip


def test_what_is_surely_named_is_what_is_resolved_for_sure():
    names = {alias.alias for rows in shipped().by_fold.values() for alias in rows}
    labels = [*sorted(names)[::9], "cocain", "Saisies", "MDMA (ecstasy)", "none", "heroine base"]
    for label in labels:
        substance, sure = resolve(label, shipped())
        assert surely_named(label, shipped()) == (substance if sure else None), label

"""The matcher: every term, exact offsets, on several threads."""

import re
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fanal.coding.names.matcher import Hits, Matcher
from fanal.text.folding import fold


def found(matcher: Matcher, texts: list[str]) -> list[tuple[int, str, str]]:
    hits = matcher.scan(texts)
    return [
        (d, texts[d][a:b], matcher.terms[t])
        for d, a, b, t in zip(
            hits.document.tolist(),
            hits.start.tolist(),
            hits.stop.tolist(),
            hits.term.tolist(),
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("de la COKE.", [("COKE", "coke")]),
        ("cokes, coker", []),
        ("#coke l'héro", [("coke", "coke"), ("héro", "hero")]),
        ("c'est d'la c", [("c", "c")]),
        ("3-MMC ou 3 mmc", [("3-MMC", "3-mmc"), ("3 mmc", "3-mmc")]),
        ("сосаіne", [("сосаіne", "cocaine")]),
        ("dispo ❄️ et ❄", [("❄️", "❄"), ("❄", "❄")]),
        ("👃🏽❄️", [("👃🏽", "👃"), ("❄️", "❄")]),
        ("coke coke", [("coke", "coke"), ("coke", "coke")]),
        ("блcok", []),
    ],
)
def test_terms(text: str, expected: list[tuple[str, str]]) -> None:
    matcher = Matcher(["coke", "héro", "hero", "c", "3-mmc", "cocaine", "❄️", "👃"])
    got = [(a, b) for _, a, b in found(matcher, ["x", text, ""])]
    assert {(a, fold(b.replace("\ufe0f", ""))) for a, b in got} == {
        (a, fold(b)) for a, b in expected
    }


def test_terms_that_look_alike_are_both_found() -> None:
    matcher = Matcher(["héro", "hero"])
    assert [term for _, _, term in found(matcher, ["héro"])] == ["héro", "hero"]


def test_words_of_two_documents_never_join() -> None:
    assert found(Matcher(["blue dream"]), ["blue", "dream", "blue dream"]) == [
        (2, "blue dream", "blue dream")
    ]


def test_patterns_come_after_the_terms() -> None:
    matcher = Matcher(["coke"], ["[0-9] g "])
    hits = matcher.scan(["2 g coke"])
    assert list(zip(hits.term.tolist(), hits.stop.tolist(), strict=True)) == [(0, 8), (1, 4)]


def test_every_kind_of_column() -> None:
    texts = ["a coke", None, "coke"]
    matcher = Matcher(["coke"])
    columns = [texts, pa.array(texts), pa.chunked_array([texts, ["coke"]]), pl.Series(texts)]
    for column in columns:
        hits = matcher.scan(column)
        assert hits.document.tolist()[:2] == [0, 2]
        assert hits.start.tolist()[:2] == [2, 0]
    assert len(matcher.scan([])) == 0
    assert len(Matcher([]).scan(["coke"])) == 0


WORDS = ["c", "coke", "3-mmc", "blue dream", "blue", "dream on", "méd", "х", "n2o"]


@settings(deadline=None)
@given(
    st.lists(
        st.lists(
            st.sampled_from(
                [*WORDS, "é", "😀", "чай", "c'est", ", ", "DREAM", "Blue", "3MMC", "d'"]
            )
        ).map(" ".join)
    )
)
def test_same_as_a_regular_expression(texts: list[str]) -> None:
    """Offsets against a slow reading of the definition."""
    hits = Matcher(WORDS).scan(texts)
    got = set(
        zip(
            hits.document.tolist(),
            hits.start.tolist(),
            hits.stop.tolist(),
            hits.term.tolist(),
            strict=True,
        )
    )
    want = set()
    for number, text in enumerate(texts):
        # The letter that an apostrophe cuts off is no word.
        plain = re.sub(r"\b[^\W\d_]'(?=\w)", "\x01 ", fold(text))
        for term, word in enumerate(WORDS):
            shape = re.escape(fold(word)).replace(r"\-", r"\W").replace(r"\ ", r"\W")
            want |= {
                (number, m.start(1), m.end(1), term)
                for m in re.finditer(rf"(?<![\w\x01])(?=({shape})(?!\w))", plain)
            }
    assert got == want


def test_threads() -> None:
    matcher = Matcher([f"word{n}" for n in range(500)])
    texts = [f"xx word{n % 600} yy word{n % 7}" for n in range(3000)]
    one = matcher.scan(texts)
    with ThreadPoolExecutor(4) as pool:
        for hits in pool.map(lambda _: matcher.scan(texts), range(8)):
            assert isinstance(hits, Hits)
            assert hits.start.tolist() == one.start.tolist()
            assert hits.term.tolist() == one.term.tolist()

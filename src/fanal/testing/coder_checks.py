"""Checks that every coder passes, ours and a stranger's."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from fanal.coding.base import Coder
from fanal.records import Document, Observation, empty, schema_of
from fanal.testing.load import documents_of, generate

ODD = (
    "",
    " ",
    "\n\n\n",
    "coke 60€ le g\n" * 400,
    "👍🏽👩‍🚀❄️" * 50,
    "e\u0301 cafe\u0301 coke",  # not NFC: the door never lets it in, and it must not crash
    "с0кe 5x10€ ½ g 2g50 100e=2g",
    "\u202e40 € el g\u202c",
    "a" * 20_000,
)
KINDS = (
    "mention",
    "price",
    "quantity",
    "bonus",
    "purity",
    "strength",
    "hours",
    "place",
    "platform",
    "practice",
)


@cache
def sample() -> pa.Table:
    """Return documents that a check runs on: ordinary ones, and odd ones."""
    return pa.concat_tables([generate(300, seed=7, cue_share=0.6), documents_of(ODD, "odd")])


def gives_the_schema(coder: Coder) -> None:
    """Observations come in exactly the record's schema, of kinds that the scheme knows."""
    found = coder.code(sample())
    assert found.schema.equals(schema_of(Observation)), "not in the schema of Observation"
    assert set(found.column("kind").to_pylist()) <= set(KINDS), "a kind that the scheme lacks"
    confidence = found.column("confidence").to_pylist()
    assert all(0 <= value <= 1 for value in confidence), "a confidence outside 0…1"


def accepts_nothing(coder: Coder) -> None:
    """No documents give no observations."""
    found = coder.code(empty(Document))
    assert found.num_rows == 0 and found.schema.equals(schema_of(Observation))


def keeps_spans_inside(coder: Coder) -> None:
    """Each span lies inside the text of its document and holds at least one code point."""
    documents = sample()
    length = dict(
        zip(
            documents.column("id").to_pylist(),
            map(len, documents.column("text").to_pylist()),
            strict=True,
        )
    )
    found = coder.code(documents).select(["document", "start", "stop"]).to_pylist()
    for row in found:
        assert row["document"] in length, "an observation of no document"
        assert 0 <= row["start"] < row["stop"] <= length[row["document"]], "a span outside the text"


def copies_its_document(coder: Coder) -> None:
    """Version and month are the document's own; coder and fingerprint are filled."""
    documents = sample()
    own = {row["id"]: (row["version"], row["month"]) for row in documents.to_pylist()}
    fingerprint = coder.fingerprint
    for row in coder.code(documents).to_pylist():
        assert (row["version"], row["month"]) == own[row["document"]]
        assert row["coder"] and row["fingerprint"] == fingerprint


def is_deterministic(coder: Coder) -> None:
    """Twice the same documents give twice the same table."""
    documents = sample()
    assert coder.code(documents).equals(coder.code(documents)), "two runs differ"


def does_not_mind_the_batch(coder: Coder) -> None:
    """Documents one by one, sliced or in pieces give what the whole gives."""
    documents = sample()
    whole = coder.code(documents)
    half = documents.num_rows // 2
    pieces = pa.concat_tables(
        [coder.code(documents.slice(0, half)), coder.code(documents.slice(half))]
    )
    assert whole.combine_chunks().equals(pieces.combine_chunks()), "batches change the outcome"


def keeps_the_order(coder: Coder) -> None:
    """Rows stand in the order of the documents, then of `start`."""
    documents = sample()
    place = {key: i for i, key in enumerate(documents.column("id").to_pylist())}
    rows = coder.code(documents).select(["document", "start"]).to_pylist()
    order = [(place[row["document"]], row["start"]) for row in rows]
    assert order == sorted(order), "rows are out of order"


def is_silent_on_placeholders(coder: Coder) -> None:
    """What the door put in place of identifiers may name a platform or a place, no more."""
    here = "[phone:FR] [handle:telegram] [link:telegram] [email] [iban:FR] [card] [address:69]"
    found = coder.code(documents_of([here, "[name] [code] [gps] [wallet:btc] [user-id] [plate]"]))
    kept = found.filter(pc.greater_equal(found.column("confidence"), 0.5))
    coded = set(kept.column("kind").to_pylist()) - {"platform", "place"}
    assert not coded, "a placeholder was coded"


CHECKS: tuple[Callable[[Coder], None], ...] = (
    gives_the_schema,
    accepts_nothing,
    keeps_spans_inside,
    copies_its_document,
    is_deterministic,
    does_not_mind_the_batch,
    keeps_the_order,
    is_silent_on_placeholders,
)


def check_coder(coder: Coder) -> None:
    """Run every check on a coder."""
    for one in CHECKS:
        one(coder)

"""The published checks of coders: ours pass them, each way of breaking the contract fails one."""

from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa
import pytest

from fanal.coding.base import Coder
from fanal.coding.lexicon import BUILTIN
from fanal.records import Document, Observation, field_types, table_of
from fanal.testing.coder_checks import CHECKS, check_coder

NAMES = list(field_types(Observation))


@dataclass(frozen=True)
class FirstWord(Coder):
    """Codes the first word of each document; `broken` says how it breaks its promise."""

    name: ClassVar[str] = "first-word"
    broken: str = ""

    @property
    def fingerprint(self) -> str:
        return "f1"

    def code(self, documents: pa.Table) -> pa.Table:
        found = []
        for position, row in enumerate(documents.to_pylist()):
            word = row["text"].split(" ")[0]
            if not word or (word.startswith("[") and self.broken != "placeholder"):
                continue
            found.append(Observation(**self._values(row, word, position, documents.num_rows)))
        if self.broken == "order":
            found.reverse()
        table = table_of(found, Observation)
        return table.drop(["rule"]) if self.broken == "schema" else table

    def _values(self, row: dict, word: str, position: int, rows: int) -> dict:
        past = 10**6 if self.broken == "span" and position == 7 else 0
        given = {
            "document": row["id"],
            "version": row["version"] + (self.broken == "version"),
            "start": 0,
            "stop": len(word) + past,
            "kind": "guess" if self.broken == "kind" else "mention",
            "confidence": 0.9,
            "rule": f"{rows}" if self.broken == "batch" else "first",
            "coder": "first-word",
            "fingerprint": self.fingerprint,
            "month": row["month"],
        }
        return {name: given.get(name) for name in NAMES}


def test_a_coder_that_keeps_its_promises_passes():
    check_coder(FirstWord())


@pytest.mark.parametrize(
    "broken", ["schema", "kind", "span", "version", "batch", "order", "placeholder"]
)
def test_each_broken_promise_is_found(broken):
    with pytest.raises(AssertionError):
        check_coder(FirstWord(broken=broken))


@pytest.mark.parametrize("coder", BUILTIN, ids=lambda c: c.name)
def test_the_built_in_coders_pass(coder):
    made = coder()
    for check in CHECKS:
        check(made)


def test_documents_of_the_checks_are_documents():
    from fanal.testing.coder_checks import sample

    table = sample()
    assert table.schema.names == list(field_types(Document))
    assert len(set(table.column("id").to_pylist())) == table.num_rows

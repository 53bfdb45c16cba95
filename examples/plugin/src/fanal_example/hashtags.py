"""A coder: every hashtag is a practice of that name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

import pyarrow as pa

from fanal.coding.base import Coder
from fanal.records import Observation, schema_of

TAG = re.compile(r"#([a-z]+)")


@dataclass(frozen=True)
class Hashtags(Coder):
    """Codes `#word` as the practice `tag.word`.

    Limits
    ------
    It knows no substance, no price and no place.
    """

    name: ClassVar[str] = "hashtags"

    @property
    def fingerprint(self) -> str:
        return f"{self.name} 1 {TAG.pattern}"

    def code(self, documents: pa.Table) -> pa.Table:
        rows = [
            {
                "document": document["id"], "version": document["version"], "start": tag.start(),
                "stop": tag.end(), "kind": "practice", "code": f"tag.{tag[1]}", "confidence": 1.0,
                "rule": "hashtag", "coder": self.name, "fingerprint": self.fingerprint,
                "month": document["month"],
            }
            for document in documents.to_pylist()
            for tag in TAG.finditer(document["text"])
        ]  # fmt: skip
        return pa.Table.from_pylist(rows, schema_of(Observation))

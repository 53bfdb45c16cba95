"""The coder family: from documents to observations."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

import pyarrow as pa

from fanal.coding.names.changes import Change


class Coder(ABC):
    """Codes documents. A subclass is a frozen dataclass: its fields are its parameters."""

    name: ClassVar[str]

    @property
    @abstractmethod
    def fingerprint(self) -> str:
        """Short digest of everything that decides the outcome: code version, rules, thesaurus."""

    @abstractmethod
    def code(self, documents: pa.Table) -> pa.Table:
        """Return the observations of a batch of documents (`Document` → `Observation`).

        Spans are code points of the document's text. Deterministic; rows in the order of the
        documents, then of `start`.
        """

    def since(self, before: Coder) -> Change | None:
        """Return what finds every document that another state of this coder codes differently.

        None: any document may be.
        """
        return None

"""The exceptions of Fanal, one tree.

A wrong record is a row, a wrong file is a status, a wrong assumption is a crash.

::

    FanalError
    ├── ConfigError        a setting, a source description or an option is wrong     exit 2
    │   ├── MissingError   nothing has the name or the id that was asked for         exit 2
    │   └── ConflictError  somebody else was first; look again, then decide          exit 2
    ├── ImporterError      a file cannot be read; stored on its Run, others go on    exit 1
    ├── StoppedError       an assertion of a source failed; nothing is published     exit 3
    ├── ContractError      a stage broke its promise: a defect of ours               crash
    └── StorageError       a store is locked, damaged or not writable                crash

No message ever carries the text of a document, an identifier or a platform's message id: file
and record number only.
"""

from __future__ import annotations


class FanalError(Exception):
    """An error that says what, where, what is allowed and what to do."""

    exit_code = 1

    def __init__(self, what: str, *, where: str = "", allowed: str = "", do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.allowed = allowed
        self.do = do

    def __str__(self) -> str:
        parts = [f"{self.where}: {self.what}" if self.where else self.what]
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        if self.do:
            parts.append(self.do)
        return "; ".join(parts)

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the parts when a worker process sends the error home."""
        return (_rebuild, (type(self), self.what, self.where, self.allowed, self.do))

    def as_json(self) -> dict[str, dict[str, str]]:
        """Return the one error shape of the CLI and the API."""
        return {
            "error": {
                "what": self.what,
                "where": self.where,
                "allowed": self.allowed,
                "do": self.do,
            }
        }


def _rebuild(kind: type[FanalError], what: str, where: str, allowed: str, do: str) -> FanalError:
    return kind(what, where=where, allowed=allowed, do=do)


class ConfigError(FanalError):
    """A setting, a source description, an option or a plug-in name is wrong."""

    exit_code = 2


class MissingError(ConfigError):
    """Nothing here has the name or the id that was asked for."""


class ConflictError(ConfigError):
    """Somebody else acted on the same thing meanwhile: look again, then decide."""


class ImporterError(FanalError):
    """A whole file cannot be read; `where` names the record number if one is known."""


class StoppedError(FanalError):
    """A total that a source asserts does not hold: the run stops before publishing."""

    exit_code = 3


class ContractError(FanalError):
    """A stage gave rows that are not in the record's schema, or a reckoning does not add up."""


class StorageError(FanalError):
    """A store is locked by another run, damaged, full or not writable."""

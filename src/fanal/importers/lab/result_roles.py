"""Which of the substances found is the main one, and which are cuts."""

from __future__ import annotations

from collections.abc import Sequence

from fanal.importers.base import RawResult
from fanal.thesaurus import shipped


def ranked(found: Sequence[RawResult]) -> list[RawResult]:
    """Give a role to results that say none: a known cut, the most or the first as main, minor."""
    ranked = []
    largest = max((r.amount or 0.0 for r in found if not r.role), default=0.0)
    main = any(r.role == "main" for r in found)
    for result in found:
        role = result.role
        if not role:
            if is_cut(result):
                role = "cut"
            elif not main and not result.censored and (result.amount or 0.0) >= largest:
                role, main = "main", True
            else:
                role = "minor"
        ranked.append(result._replace(role=role))
    return ranked


def may_be_main(result: RawResult) -> bool:
    """Say whether "the main active" may be this: no cut, and not what only a strip answers to."""
    if result.role:
        return result.role == "main"
    return not (is_cut(result) or result.method == "test strip")


def is_cut(result: RawResult) -> bool:
    known = shipped().substances.get(result.substance or "")
    return known is not None and known.klass == "adulterants"

"""What marks a message that is said elsewhere, so that the catalogues hold it."""

from __future__ import annotations

CONTEXT = "\4"  # between a message and where it stands, as gettext keeps them


def N_(message: str) -> str:  # noqa: N802 the name that translators' tools know
    """Return a message that is said later."""
    return message


def NC_(context: str, message: str) -> str:  # noqa: N802
    """Return a message that reads otherwise where it stands: one English word, two in French."""
    return context + CONTEXT + message


def NN_(one: str, many: str) -> tuple[str, str]:  # noqa: N802
    """Return a message of one and of many that is said later."""
    return one, many

"""Libraries of foreign formats: whatever they raise on a damaged or hostile file is one error."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from fanal.errors import ImporterError

T = TypeVar("T")

# These write what they cannot parse into the log, which would be the content of a file.
for _name in ("srt", "trafilatura", "htmldate", "odf", "markdown_it", "charset_normalizer"):
    logging.getLogger(_name).addHandler(logging.NullHandler())
    logging.getLogger(_name).propagate = False


@contextmanager
def foreign(what: str) -> Iterator[None]:
    """Turn any exception of a format's library into an `ImporterError` without its message.

    The message could quote the file.
    """
    try:
        yield
    except ImporterError:
        raise
    except Exception as error:  # noqa: BLE001 - parsers raise anything at all on damaged files
        raise ImporterError(
            f"the {what} is damaged ({type(error).__name__})", do="export or save it again"
        ) from None


def quietly(call: Callable[[], T]) -> T:
    """Call a library whose warnings are about its own support of a format, not about the file."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()

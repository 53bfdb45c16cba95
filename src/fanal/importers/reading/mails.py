"""The heads of e-mails that somebody pasted into a text: who wrote, when and to whom."""

from __future__ import annotations

import re
from typing import NamedTuple

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.dated import day_inside, day_of
from fanal.importers.reading.dated_lines import bare_of
from fanal.importers.reading.dates import Moment
from fanal.importers.reading.entries import Entry
from fanal.importers.reading.speakers import is_name_like

_ADDRESS = re.compile(r"[<(\[]?(?:mailto:)?\S+@\S+")
_MAIL_KEYS = {
    **dict.fromkeys(("de", "from", "von", "da"), "from"),
    **dict.fromkeys(("envoye", "date", "sent", "gesendet", "enviado", "inviato"), "sent"),
    **dict.fromkeys(("a", "to", "an", "para", "objet", "subject", "betreff", "asunto"), "more"),
    **dict.fromkeys(("oggetto", "cc", "cci", "bcc", "pieces_jointes", "attachments"), "more"),
}


class Mails(NamedTuple):
    """The heads of e-mails that somebody pasted: their lines, where each begins, who is named."""

    lines: frozenset[int]
    begins: dict[int, Entry]
    names: tuple[str, ...]


def mails_in(lines: list[str], order: str) -> Mails:
    """Find lines that say together who wrote, when, to whom and on what."""
    begins: dict[int, Entry] = {}
    taken: set[int] = set()
    names: list[str] = []
    head: dict[str, str] = {}
    start = 0
    for number, line in enumerate([*lines, ""]):
        key, colon, value = bare_of(line).partition(":")
        role = _MAIL_KEYS.get(folded(key)) if colon else None
        if role and (role == "more" or role not in head):
            start = start if head else number
            head.setdefault(role, value.strip(" *_"))
            if role == "from" or folded(key) in ("a", "to", "an"):
                names += (_ADDRESS.sub("", name).strip(" \"'") for name in value.split(";"))
            continue
        moment = day_inside(head.get("sent", ""), order)
        if len(head) == 3 and moment:
            begins[start] = Entry(Moment(day_of(moment)), "", "alone")
            taken |= set(range(start, number))
        head, start = ({role: value.strip(" *_")}, number) if role else ({}, 0)
    return Mails(frozenset(taken), begins, tuple(filter(is_name_like, names)) if begins else ())

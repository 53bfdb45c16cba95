"""The spellings of a name that are matched beside the one in the thesaurus."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import replace

from fanal.coding import views
from fanal.coding.names.matcher import scannable, viewed
from fanal.errors import ConfigError
from fanal.text.folding import fold
from fanal.thesaurus import Alias, Thesaurus
from fanal.thesaurus.concepts import shipped

HIDDEN = chr(views.HIDDEN)
LONGEST = 200  # characters of a name
_ELIDED = 6
_ENDED = 8  # letters: shorter names in -en are too often other words
_JOIN_FROM = 5  # letters: shorter words run together are too often other words


def spellings(aliases: tuple[Alias, ...]) -> Iterator[tuple[int, str]]:
    """Yield (number of the alias, spelling as the scanned buffer shows it).

    3-MMC is also 3mmc and 3 mmc; a name of several words is also written as one (hashtags); a
    plural is matched where the name does not end in s, x or z, and an international name in -ene
    as German and Dutch end it. Emoji come as they are.
    """
    for number, (alias, plain) in enumerate(
        zip(aliases, viewed([alias.alias for alias in aliases]), strict=True)
    ):
        if not plain:
            yield number, alias.alias
            continue
        forms = set(_with_elisions(alias.alias, plain))
        forms |= {spaced for form in forms for spaced in _respaced(form)}
        if "-" in alias.alias and alias.ambiguity == "plain":  # a-pvp
            forms.add(plain.replace(" ", ""))
        if alias.kind == "international name":
            forms |= {abroad for form in forms for abroad in _abroad(form)}
        if alias.kind != "chemical":
            forms |= {plural for form in forms for plural in _plurals(form)}
        for form in sorted(forms):
            yield number, form


def _with_elisions(name: str, plain: str) -> Iterator[str]:
    """Yield a name as it is viewed, and with its apostrophes read as blanks or left out."""
    if HIDDEN not in plain:
        yield plain
        return
    if len(plain) > _ELIDED:  # "v's" would be every elided letter before an s
        yield fold(name)
    yield from viewed([fold(name).replace("'", " "), fold(name).replace("'", "")])


def _respaced(plain: str) -> Iterator[str]:
    joined = plain.replace(" ", "")
    long = len(joined) >= _JOIN_FROM or any(c.isdigit() for c in joined)
    if " " in plain and long and "'" not in plain:
        yield joined
    spaced = re.sub(r"^(\d+)([a-z]{3,})$", r"\1 \2", plain)  # 3mmc, 4fma
    spaced = re.sub(r"^([a-z]{2,})(\d{2,})$", r"\1 \2", spaced)  # jwh018
    if spaced != plain:
        yield spaced


def _abroad(form: str) -> Iterator[str]:
    """Yield how German and Dutch end a name in -ene: Metonitazen, metonitazeen, metonitazenen."""
    if len(form) >= _ENDED and form.endswith("ene"):
        yield from (form[:-1], f"{form[:-3]}een", f"{form}n")


def _plurals(form: str) -> Iterator[str]:
    words = form.split()
    if len(form) < 3 or not words[-1].isalpha() or words[-1][-1] in "sxz":
        return
    yield form + "s"
    if words[-1].endswith(("eau", "ou")):
        yield form + "x"
    if len(words) == 2 and words[0].isalpha() and words[0][-1] not in "sxz":
        yield f"{words[0]}s {words[1]}s"


def usable(names: Sequence[str]) -> None:
    """Refuse names that no text can be searched for.

    Raises:
        ConfigError: one has no letter, digit or sign that is scanned for, or is too long.
    """
    for name in names:
        if len(name) > LONGEST or "\0" in name or not _searched(name):
            raise ConfigError(
                "no text can be searched for this name",
                where=name[:40],
                allowed=f"at most {LONGEST} characters, among them a letter from a to z, a digit "
                "or an emoji",
                do="write it in Latin letters",
            )


def _searched(name: str) -> bool:
    """Say whether a name has spellings, each with something that is scanned for."""
    forms = [form for _, form in spellings((Alias("", name, "mul", "street"),))]
    return bool(forms) and all(map(scannable, forms))


MEND = "mend the line, or take it out of thesaurus/substances.tsv"


def without_unusable(thesaurus: Thesaurus) -> tuple[Thesaurus, list[ConfigError]]:
    """Return a thesaurus without the own rows that cannot be used, and which they are.

    These are the substances whose labels no text can be searched for or whose class is none, with
    their names; the names that cannot be searched for, or are of no substance. A substance whose
    parent is none stands by itself.
    """
    wrong: list[ConfigError] = []
    ships = shipped().substances
    substances = dict(thesaurus.substances)
    own = {name: row for name, row in substances.items() if ships.get(name) != row}
    for name, row in own.items():
        try:
            usable([row.label_fr, row.label_en])
            if row.klass not in thesaurus.classes:
                raise ConfigError("no such class", where=row.klass)
        except ConfigError as error:
            remove = MEND if name in ships else f"fanal thesaurus remove {name}"
            wrong.append(_left_out(error, name, error.where, remove))
            substances.pop(name)
            if name in ships:
                substances[name] = ships[name]
    for name, row in own.items():
        if name in substances and row.parent and row.parent not in substances:
            wrong.append(_left_out(ConfigError("no such parent"), name, row.parent, MEND))
            substances[name] = replace(substances[name], parent="")
    kept, ours = [], frozenset(shipped().aliases)
    for alias in thesaurus.aliases:
        try:
            if alias.substance not in thesaurus.substances:
                raise ConfigError("no such substance")
            if alias not in ours and alias.substance in substances:
                usable([alias.alias])
            if alias.substance in substances:
                kept.append(alias)
        except ConfigError as error:
            remove = f"fanal thesaurus remove {alias.substance} -- {shlex.quote(alias.alias)}"
            wrong.append(_left_out(error, alias.substance, alias.alias, remove))
    if not wrong:
        return thesaurus, wrong
    return replace(thesaurus, substances=substances, aliases=tuple(kept)), wrong


def _left_out(error: ConfigError, substance: str, at: str, do: str) -> ConfigError:
    """Return what is wrong with an own row, with where it is and what to do."""
    error.where, error.do = f"thesaurus, {substance}: {at[:40]}", do
    return error

"""Adds to, takes out of, checks and shows a thesaurus: what `fanal thesaurus` does."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import asdict, astuple, fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from fanal.errors import ConfigError
from fanal.thesaurus.concepts import (
    AMBIGUITIES,
    KINDS,
    LANGUAGES,
    Alias,
    Substance,
    Thesaurus,
    fold_name,
    load,
    valid_id,
)
from fanal.thesaurus.names import resolve

Problem = dict[str, str]


def add(folder: Path, row: Alias | Substance) -> None:
    """Append one row to an observatory's own additions.

    A name that its substance has already is refused, and so is a row that `check` objects to.
    """
    now = load(folder)
    names: list[Alias] = []
    if isinstance(row, Alias):
        same = [a for a in now.by_fold.get(fold_name(row.alias), ()) if _same(a, row)]
        if same:
            raise ConfigError(
                f"{row.substance} has this name already",
                where=row.alias,
                do=f"see fanal thesaurus show {row.substance}",
            )
        after = Thesaurus(now.substances, (*now.aliases, row), now.families, now.classes)
    else:
        if row.id in now.substances:
            raise ConfigError("this substance is there already", where=row.id)
        substances = {**now.substances, row.id: row}
        labels = {(row.label_fr, "fr"), (row.label_en, "en")}
        if row.label_fr == row.label_en:
            labels = {(row.label_en, "mul")}
        names = [
            Alias(row.id, *label, "international name", source="own") for label in sorted(labels)
        ]
        after = Thesaurus(substances, (*now.aliases, *names), now.families, now.classes)
    before = {tuple(problem.items()) for problem in check(now)}
    problems = [p for p in check(after) if tuple(p.items()) not in before]
    if problems:
        what = problems[0]
        raise ConfigError(what["problem"], where=what["where"], allowed=what["allowed"])
    if isinstance(row, Substance):
        _append(folder / "substances.tsv", row)
        for name in names:
            _append(folder / "aliases.tsv", name)
    else:
        _append(folder / "aliases.tsv", row)


def remove(folder: Path, substance: str, alias: str | None = None) -> list[dict[str, str]]:
    """Take a name out of an observatory's own additions, or a substance with its names.

    Returns the rows that went, which need not be usable ones. What ships stays, and so does what
    other rows stand on.
    """
    gone: list[dict[str, str]] = []
    files: dict[Path, list[str]] = {}
    for name in ("aliases.tsv", "substances.tsv") if alias is None else ("aliases.tsv",):
        file = folder / name
        lines = file.read_text("utf-8").splitlines(keepends=True) if file.is_file() else []
        columns = lines[0].rstrip("\n").split("\t") if lines else []
        kept = lines[:1]
        for line in lines[1:]:
            row = line.rstrip("\n").split("\t")
            if row[0] == substance and _is_called(row, alias):
                gone.append(dict(zip(columns, row, strict=False)))
            else:
                kept.append(line)
        files[file] = kept
    if not gone:
        raise ConfigError(
            "nothing of this was added here, and what ships stays",
            where=alias or substance,
            do="give such a name another certainty: fanal thesaurus add",
        )
    with TemporaryDirectory() as aside:
        for file in folder.glob("*.tsv"):
            text = "".join(files[file]) if file in files else file.read_text("utf-8")
            (Path(aside) / file.name).write_text(text, "utf-8")
        before = {tuple(problem.items()) for problem in check(load(folder, []))}
        problems = [p for p in check(load(Path(aside), [])) if tuple(p.items()) not in before]
    if problems:
        raise ConfigError(
            f"other rows stand on it: {problems[0]['problem']}",
            where=problems[0]["where"],
            do="take that out first",
        )
    for file, kept in files.items():
        if file.is_file():
            part = file.with_suffix(".part")
            part.write_text("".join(kept), "utf-8")
            part.replace(file)
    return gone


def _is_called(row: list[str], alias: str | None) -> bool:
    if alias is None or len(row) < 2:
        return alias is None
    return row[1] == alias or (fold_name(alias) != "" and fold_name(row[1]) == fold_name(alias))


def _same(a: Alias, b: Alias) -> bool:
    """Say whether two rows of one fold are one row: an observatory may change its own view."""
    return a.substance == b.substance and a.ambiguity == b.ambiguity


def _append(file: Path, row: Alias | Substance) -> None:
    """Write one row at the end of a file, which gets its header first."""
    file.parent.mkdir(parents=True, exist_ok=True)
    texts = ["1" if x is True else "0" if x is False else x for x in astuple(row)]
    if any(re.search(r"[\t\r\n]", text) for text in texts):
        raise ConfigError("a tab or a line end in a name", where=file.name, do="leave it out")
    header = "" if file.exists() else "\t".join(f.name for f in fields(row)) + "\n"
    with file.open("a", encoding="utf-8") as out:
        out.write(header + "\t".join(texts) + "\n")


def check(thesaurus: Thesaurus) -> list[Problem]:
    """Return what is wrong, one `{"problem", "where", "allowed"}` each; empty where all is well."""
    return [
        *_check_substances(thesaurus),
        *_check_aliases(thesaurus),
        *_check_shared_names(thesaurus),
        *_check_families(thesaurus),
    ]


def _problem(problem: str, where: str, allowed: str = "") -> Problem:
    return {"problem": problem, "where": where, "allowed": allowed}


def _check_substances(thesaurus: Thesaurus) -> Iterator[Problem]:
    cas_of: dict[str, str] = {}
    key_of: dict[str, str] = {}
    for s in thesaurus.substances.values():
        if not valid_id(s.id):
            yield _problem("no substance id", s.id, "lower-case letters, digits, single hyphens")
        if not (s.label_fr.strip() and s.label_en.strip()):
            yield _problem("empty label", s.id, "a label in French and in English")
        if s.klass not in thesaurus.classes:
            yield _problem(f"unknown class {s.klass!r}", s.id, ", ".join(thesaurus.classes))
        if s.parent and s.parent not in thesaurus.substances:
            yield _problem(f"unknown parent {s.parent!r}", s.id, "the id of a substance")
        elif s.id in thesaurus.ancestors(s.id) or s.parent == s.id:
            yield _problem("is its own ancestor", s.id)
        if s.cas and not cas_digit_holds(s.cas):
            yield _problem(f"no CAS number: {s.cas!r}", s.id, "digits-2 digits-check digit")
        if s.inchikey and not re.fullmatch(r"[A-Z]{14}-[A-Z]{10}-[A-Z]", s.inchikey):
            yield _problem(f"no InChIKey: {s.inchikey!r}", s.id, "14-10-1 capital letters")
        for known, value in ((cas_of, s.cas), (key_of, s.inchikey)):
            if value and known.setdefault(value, s.id) != s.id:
                yield _problem(f"{value} is also {known[value]}", s.id)


def cas_digit_holds(cas: str) -> bool:
    """Say whether the last digit of a CAS number is the weighted sum of the others, mod 10."""
    if not re.fullmatch(r"[1-9][0-9]{1,6}-[0-9]{2}-[0-9]", cas):
        return False
    digits = [int(c) for c in cas if c != "-"]
    return sum(i * d for i, d in enumerate(reversed(digits[:-1]), 1)) % 10 == digits[-1]


def _check_aliases(thesaurus: Thesaurus) -> Iterator[Problem]:
    seen: set[tuple[str, str]] = set()
    named = set()
    for a in thesaurus.aliases:
        where = f"{a.substance}: {a.alias}"
        named.add(a.substance)
        if a.substance not in thesaurus.substances:
            yield _problem("unknown substance", where, "the id of a substance")
        if not a.alias.strip() or a.alias != a.alias.strip():
            yield _problem("empty name, or blanks around it", where)
        for text, allowed in (
            (a.language, LANGUAGES),
            (a.kind, KINDS),
            (a.ambiguity, AMBIGUITIES),
        ):
            if text not in allowed:
                yield _problem(f"{text!r} is not allowed", where, ", ".join(allowed))
        if not a.source.strip():
            yield _problem("no source", where)
        if a.first_seen and not _is_date(a.first_seen):
            yield _problem("no date", where, "YYYY-MM-DD")
        if (key := (a.substance, a.alias.casefold())) in seen:
            yield _problem("stands twice", where)
        seen.add(key)
    for id in thesaurus.substances:
        if id not in named:
            yield _problem("has no name", id, "at least one row in aliases")


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _check_shared_names(thesaurus: Thesaurus) -> Iterator[Problem]:
    for folded, rows in thesaurus.by_fold.items():
        plain = {row.substance for row in rows if row.ambiguity == "plain"}
        if len(plain) > 1:
            yield _problem(f"plain for {', '.join(sorted(plain))}", folded, "plain for one of them")


def _check_families(thesaurus: Thesaurus) -> Iterator[Problem]:
    for family in thesaurus.families:
        if family.substance not in thesaurus.substances:
            yield _problem("unknown substance", family.substance, "the id of a substance")
        elif not family.matches(family.example):
            yield _problem(f"does not match its example {family.example}", family.substance)


def show(thesaurus: Thesaurus, name: str) -> dict[str, Any]:
    """Return what is known of a substance, asked for by its id or by any of its names.

    A name of several substances gives `{"name", "substances": [ids]}`; the first is the usual one.
    """
    id: str | None = name if name in thesaurus.substances else None
    if id is None:
        ids = list(dict.fromkeys(a.substance for a in thesaurus.by_fold.get(fold_name(name), ())))
        if len(ids) > 1:
            return {"name": name, "substances": ids}
        id = ids[0] if ids else resolve(name, thesaurus)[0]
    if id is None:
        raise ConfigError("no such substance or name", where=name, do="fanal thesaurus add NAME")
    substance = thesaurus.substances[id]
    return {
        **asdict(substance),
        "class_label": {
            lang: thesaurus.class_label(substance.klass, lang) for lang in ("fr", "en")
        },
        "ancestors": list(thesaurus.ancestors(id)),
        "children": [s.id for s in thesaurus.substances.values() if s.parent == id],
        "aliases": [asdict(a) for a in thesaurus.aliases if a.substance == id],
    }

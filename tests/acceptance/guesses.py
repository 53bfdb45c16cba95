"""What a guessed description makes of a file, beside the description that was written for it."""

import json
import tomllib
from datetime import date

from fanal.stages.ingest import claims, guessing

TODAY = date(2026, 11, 29)


def guessed(path):
    return guessing.guess(path, today=TODAY)


def known(path, folder, kind, importer, parameters):
    """Return what a file becomes under the description that it has."""
    mapping = parameters.pop("mapping", {})
    said = {"kind": kind, "importer": importer}
    said |= {f"parameters.{key}": value for key, value in parameters.items()}
    said |= {f"mapping.{key}": value for key, value in mapping.items()}
    head = {"name": "known", "title": "-", "publisher": "-", "site": "here", "legal_basis": "---"}
    lines = [guessing.Line(key, value, "") for key, value in (head | said).items()]
    return guessing.Candidates(folder, path, {}, TODAY).read(guessing.described(lines))


def golden(path, folder):
    """Return what a golden file becomes under its description."""
    beside = path.with_name(f"{path.name.split('.input.')[0]}.parameters.json")
    parameters = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    importer = path.parent.name
    return known(path, folder, claims.usual_kind(importer), importer, parameters)


def case(path, folder):
    """Return what a file of a reported case becomes under the lines of its `source.toml`."""
    beside = path.with_name("source.toml")
    said = tomllib.loads(beside.read_text("utf-8")) if beside.exists() else {}
    said["parameters"] = (
        said.pop("importer")
        if isinstance(said.get("importer"), dict)
        else said.get("parameters", {})
    )
    more = {k: said[k] for k in ("date", "text") if k in said}
    return known(
        path,
        folder,
        said.get("kind", "public posts"),
        said.get("importer"),
        said["parameters"] | more,
    )


def became(read):
    """Return what is compared: records that came in of each sort, and errors."""
    errors = sum(r.issues for r in read.files)
    failed = any(r.status == "failed" for r in read.files)
    return read.documents, read.samples, read.indicators, errors, failed


def as_well(read, other):
    """Say whether a file is read as well as under another description, which may refuse it."""
    mine, theirs = became(read), became(other)
    return theirs[-1] or (mine[:3] == theirs[:3] and mine[3:] <= theirs[3:])

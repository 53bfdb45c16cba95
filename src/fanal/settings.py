"""Every setting of an observatory, once: name, type, default, help."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fanal.errors import ConfigError
from fanal.sources import from_validation, no_zone

FILE = "fanal.toml"


class Settings(BaseModel):
    """What `fanal.toml` may say."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: Annotated[str, Field(description="name of the observatory")] = "Observatory"
    site: Annotated[str | None, Field(description="the site that this observatory is of")] = None
    language: Annotated[
        str, Field(pattern="^[a-z]{2,3}$", description="language of people: one with a catalogue")
    ] = "fr"
    languages: Annotated[
        list[Annotated[str, Field(pattern="^[a-z]{2,3}$")]],
        Field(min_length=1, description="languages of bulletins and e-mail: with a catalogue"),
    ] = ["fr", "en"]
    zone: Annotated[str, Field(description="IANA time zone")] = "Europe/Paris"
    keys: Annotated[str, Field(description="folder of the keys, outside the tables")] = "keys"
    tables: Annotated[str, Field(description="folder or object-store URL of the tables")] = "tables"
    state: Annotated[
        str, Field(description="database URL of the judgements; empty: SQLite in the folder")
    ] = ""
    coder: Annotated[str, Field(description="coder that reads the documents")] = "lexicon"
    formats: Annotated[list[str], Field(description="formats in which a bulletin is written")] = [
        "bulletin-html",
        "bulletin-pdf",
        "bulletin-docx",
    ]
    detectors: Annotated[list[str], Field(description="detectors that look at the series")] = [
        "default",
        "shift",
        "binomial-cusum",
        "first-seen",
        "cooccurrence",
        "silence",
    ]
    parameters: Annotated[
        dict[str, dict[str, Any]], Field(description="parameters of detectors, by their name")
    ] = {
        "shift": {"least": 0.06, "limit": 6.0},  # prices are round: steps of 5 € are no shift
        # a name that holds less often what it says; a year is enough to know what is usual
        "binomial-cusum": {"odds_ratio": 0.5, "baseline": 12, "relearn": True},
    }
    cut: Annotated[float, Field(ge=0, le=1, description="confidence from which facts count")] = 0.5
    budget: Annotated[
        int, Field(ge=1, description="signals shown in one triage session, by rank")
    ] = 10
    horizon: Annotated[
        int, Field(ge=1, description="weeks that a signal stays on the list after its last alarm")
    ] = 26
    review_days: Annotated[
        int, Field(ge=1, le=366, description="days that texts wait for a review, then go")
    ] = 7
    processes: Annotated[int, Field(ge=0, description="worker processes; 0: one a core")] = 0
    mail_server: Annotated[
        str, Field(description="host:port that sends e-mail; empty: none is sent")
    ] = ""
    mail_security: Annotated[
        Literal["starttls", "tls", "none"], Field(description="how that host is spoken to")
    ] = "starttls"
    mail_from: Annotated[str, Field(description="address that e-mail comes from")] = ""
    small_number: Annotated[
        int, Field(ge=5, description="counts of persons below this are not published")
    ] = 11


def read(folder: Path) -> Settings:
    """Return the settings of the observatory in a folder.

    Raises:
        ConfigError: no such file, an unknown key (names the known ones), no such time zone.
    """
    path = folder / FILE
    if not path.is_file():
        raise ConfigError("no observatory here", where=str(folder), do=f"run: fanal init {folder}")
    try:
        found = Settings.model_validate(tomllib.loads(path.read_text("utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=FILE) from None
    except ValidationError as error:
        raise from_validation(error, Settings, FILE) from None
    if wrong := no_zone(found.zone, FILE):
        raise wrong
    return found


def template(title: str, site: str | None) -> str:
    """Return a `fanal.toml` with every setting, its help and its default commented."""
    lines = [f"title = {quoted(title)}"]
    if site:
        lines.append(f"site = {quoted(site)}")
    lines.append("")
    for name, field in Settings.model_fields.items():
        if name in ("title", "site"):
            continue
        lines += [f"# {field.description}", f"# {name} = {quoted(field.default)}", ""]
    return "\n".join(lines)


def quoted(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(quoted(part) for part in value) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {quoted(part)}" for key, part in value.items()) + " }"
    return str(value).lower()

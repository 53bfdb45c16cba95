"""Source descriptions: one TOML file for each publisher of traces that we may read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal, get_args
from zoneinfo import available_timezones

from dateutil.relativedelta import relativedelta  # type: ignore[import-untyped]
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from fanal.errors import ConfigError

SourceKind = Literal["public posts", "interview", "field notes", "lab", "press", "official table"]
SOURCE_KINDS: tuple[str, ...] = get_args(SourceKind)
_OF_SURVEYS = 'write kind = "interview" and importer = "survey"'
NO_KINDS = dict.fromkeys(("survey", "questionnaire", "enquête", "sondage", "form"), _OF_SURVEYS)
REVIEWED = ("interview", "field notes")  # kinds that a person looks at, unless they are told not to
MONTHS = 1200  # of retention: a hundred years; longer means kept, which leaving it out says
LONGEST = 400  # characters of a text
SITE = re.compile(r"[^\W_]([\w .'’()-]{0,61}[\w)])?")
SITE_TOLD = "letters and digits, with blanks, hyphens and apostrophes between them"


class Coarsening(BaseModel):
    """How fine time and place may be kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    time: Annotated[
        Literal["day", "week", "month", "year"], Field(description="finest time kept")
    ] = "day"
    place: Annotated[
        Literal["commune", "département", "région", "none"], Field(description="finest place kept")
    ] = "département"


class Assertions(BaseModel):
    """What healthy looks like, checked before anything is published."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    min_documents_a_week: Annotated[
        float | None, Field(description="mean over the last eight weeks; fewer stops the source")
    ] = None
    max_documents_a_week: Annotated[float | None, Field(description="more is a warning")] = None
    min_share_with_author: Annotated[float | None, Field(ge=0, le=1)] = None
    max_share_quarantined: Annotated[float | None, Field(ge=0, le=1)] = None
    max_share_issues: Annotated[float | None, Field(ge=0, le=1)] = None


class Source(BaseModel):
    """One source description."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="short name")]
    title: Annotated[str, Field(description="how people call it; never a person's name")]
    publisher: Annotated[str, Field(description="who publishes it")]
    kind: Annotated[SourceKind, Field(description="kind of source")]
    site: Annotated[str, Field(description="observatory site, lower case")]
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$", description="ISO 3166 alpha-2")] = "FR"
    zone: Annotated[str, Field(description="IANA zone of times without one")] = "Europe/Paris"
    legal_basis: Annotated[str, Field(min_length=3, description="on what ground we may read it")]
    retention_months: Annotated[
        int | None, Field(ge=1, description="texts are erased after this; empty: kept")
    ] = None
    invented: Annotated[bool, Field(description="sample material, not real")] = False
    licence: Annotated[str, Field(description="licence or terms of reuse, for the colophon")] = ""
    link: Annotated[str, Field(description="where it is published")] = ""
    importer: Annotated[str | None, Field(description="importer; empty: found by content")] = None
    parameters: Annotated[dict[str, Any], Field(description="parameters of the importer")] = {}
    mapping: Annotated[
        dict[str, str | list[str]], Field(description="tables: our field = their column(s)")
    ] = {}
    ids: Annotated[
        Literal["file", "global"],
        Field(description="where ids of records hold: in their file and chat, or in the source"),
    ] = "file"
    review: Annotated[
        Literal["required", "none"] | None,
        Field(
            description="whether a person looks before texts are stored; empty: required for "
            "interviews and field notes"
        ),
    ] = None
    review_reason: Annotated[str, Field(description='why review = "none"')] = ""
    second_reader: Annotated[bool, Field(description="two different people confirm")] = False
    coarsening: Coarsening = Coarsening()
    assertions: Assertions = Assertions()

    @property
    def reviewed(self) -> bool:
        """Say whether a person looks before texts are stored: without a reason nobody is spared."""
        if self.kind not in REVIEWED:
            return self.review == "required"
        return not (self.review == "none" and self.review_reason.strip())

    def oldest(self, today: date) -> date | None:
        """Return the first day that texts may be kept of; None where all may be."""
        if self.retention_months is None or self.retention_months >= 12 * (today.year - 1):
            return None
        try:
            kept: date = today - relativedelta(months=self.retention_months)
        except (ValueError, OverflowError):  # before the first year: all may be kept
            return None
        return kept


def parse(text: str, where: str) -> Source:
    """Return the source description in a TOML text.

    Raises:
        ConfigError: not TOML, an unknown key (names the known ones), or a value out of range.
    """
    try:
        return Source.model_validate(_as_now(tomllib.loads(text)))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"not valid TOML: {error}", where=where) from None
    except ValidationError as error:
        raise from_validation(error, Source, where) from None


def _as_now(said: dict[str, Any]) -> dict[str, Any]:
    """Return a description as it is written now: what is one thing has one name from here on.

    Parameters of an importer that is named may stand beside its name, or under `[importer]`.
    """
    said = dict(said)
    parameters: dict[str, Any] = {}
    if isinstance(said.get("importer"), dict):
        parameters = said.pop("importer")
    elif said.get("importer"):
        parameters = {key: said.pop(key) for key in sorted(said.keys() - Source.model_fields)}
    if isinstance(given := said.get("parameters", {}), dict):
        parameters |= given
        first = parameters.get("day_first")
        if isinstance(first, bool) and "date_order" not in parameters:
            parameters["date_order"] = "dmy" if parameters.pop("day_first") else "mdy"
        said["parameters"] = parameters
    return said


def objections(source: Source) -> Iterator[ConfigError]:
    """Yield what of a description the rest could not use: it is refused, or named by a check."""
    for key in ("title", "publisher", "legal_basis", "licence", "link", "review_reason"):
        text = getattr(source, key)
        if len(text) > LONGEST or any(ord(c) < 32 or ord(c) == 127 for c in text):
            allowed = f"one line of at most {LONGEST} characters"
            yield ConfigError(f"{key} is no line of text", where=source.name, allowed=allowed)
        if key in ("title", "publisher") and not text.strip():
            yield ConfigError(f"{key} is empty", where=source.name, do=f"add {key} = …")
    if not SITE.fullmatch(source.site):
        yield ConfigError(
            f"no site {source.site!r}",
            where=source.name,
            allowed=SITE_TOLD,
            do="name a town or an area: site = saint-denis",
        )
    if source.retention_months is not None and source.retention_months > MONTHS:
        yield ConfigError(
            f"retention_months = {source.retention_months}",
            where=source.name,
            allowed=f"1 to {MONTHS}",
            do="leave it out to keep the texts",
        )
    if source.kind in REVIEWED and source.review == "none" and source.reviewed:
        yield ConfigError(
            'review = "none" without a reason',
            where=source.name,
            do="say why nobody looks before texts are stored: add review_reason = …",
        )
    if wrong := no_zone(source.zone, source.name):
        yield wrong


@cache  # asking for them walks every file of the database of zones
def _zones() -> set[str]:
    return available_timezones()


def no_zone(zone: str, where: str) -> ConfigError | None:
    """Return what is wrong with the name of a time zone, if anything is."""
    if zone in _zones():
        return None
    return ConfigError(
        f"no time zone {zone!r}",
        where=where,
        allowed="names of the IANA database, as Europe/Paris, America/Cayenne, UTC",
    )


def from_validation(error: ValidationError, model: type[BaseModel], where: str) -> ConfigError:
    """Return what is wrong with a file that a person wrote, in our one error shape."""
    first = error.errors()[0]
    path = [str(part) for part in first["loc"]]
    at = ".".join(path)
    if first["type"] == "extra_forbidden":
        for part in path[:-1]:
            inner = model.model_fields[part].annotation
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                model = inner
        return ConfigError(
            f"unknown key {at!r}",
            where=where,
            allowed=", ".join(model.model_fields),
            do=""
            if path[:-1]
            else f"if {at} is a parameter of the importer, put it under [parameters]",
        )
    if first["type"] == "missing":
        return ConfigError(f"key {at!r} is missing", where=where, do=f"add {at} = …")
    if first["type"] == "literal_error" and first["input"] in NO_KINDS and at == "kind":
        allowed = first["ctx"]["expected"]
        return ConfigError(
            f"no kind {first['input']!r}", where=where, allowed=allowed, do=NO_KINDS[first["input"]]
        )
    return ConfigError(f"{at}: {first['msg']}", where=where)


def read(path: Path) -> Source:
    """Return the source description in a file; its stem must be its name."""
    source = parse(path.read_text("utf-8"), path.name)
    if source.name != path.stem:
        raise ConfigError(
            f"name = {source.name!r} in a file called {path.name}",
            where=path.name,
            do=f"rename the file to {source.name}.toml",
        )
    return source


def usable(folder: Path) -> tuple[dict[str, Source], list[ConfigError]]:
    """Return the source descriptions that are right by name, and what is wrong with the others.

    One file that somebody spoiled stops its own source alone.
    """
    found: dict[str, Source] = {}
    wrong: list[ConfigError] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            source = read(path)
        except ConfigError as error:
            wrong.append(error)
        except UnicodeDecodeError:
            wrong.append(ConfigError("not UTF-8", where=path.name, do="save it as UTF-8"))
        else:
            found[source.name] = source
    return found, wrong

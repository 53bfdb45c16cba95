"""Plug-ins: the built-in classes of a family and those of strangers, by name."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.metadata import EntryPoints, entry_points
from typing import Any, TypeVar

from fanal.errors import ConfigError

P = TypeVar("P")


def known(family: str, builtin: Iterable[type[P]]) -> dict[str, type[P]]:
    """Return name → class of a family: the built-in ones and the entry points `fanal.<family>`.

    Raises:
        ConfigError: two plug-ins have one name.
    """
    found: dict[str, type[P]] = {}
    strangers = [point.load() for point in _installed(f"fanal.{family}")]
    for plugin in [*builtin, *strangers]:
        name = plugin.name
        if name in found and found[name] is not plugin:
            raise ConfigError(
                f"two plug-ins are called {name!r}",
                where=f"fanal.{family}",
                do=f"uninstall one of {found[name].__module__} and {plugin.__module__}",
            )
        found[name] = plugin
    return found


@cache  # asking for entry points walks every installed package
def _installed(group: str) -> EntryPoints:
    return entry_points(group=group)


def make(plugins: Mapping[str, type[P]], family: str, name: str, **parameters: Any) -> P:
    """Return the plug-in of that name with these parameters.

    Raises:
        ConfigError: no such plug-in, or no such parameter.
    """
    if name not in plugins:
        near = difflib.get_close_matches(name, plugins, 1)
        raise ConfigError(
            f"no {family} called {name!r}",
            allowed=", ".join(sorted(plugins)),
            do=f"did you mean {near[0]!r}?" if near else "",
        )
    plugin = plugins[name]
    fields = fields_of(plugin)
    unknown = sorted(set(parameters) - set(fields))
    if unknown:
        right = "".join(difflib.get_close_matches(unknown[0], fields, 1))
        raise ConfigError(
            f"{family} {name!r} has no parameter {unknown[0]!r}",
            allowed=", ".join(fields) or "none",
            do=f"write {right} in its place" if right in fields else "",
        )
    return plugin(**parameters)


def fields_of(plugin: type) -> list[str]:
    """Return the names of the parameters that a plug-in has."""
    if not dataclasses.is_dataclass(plugin):
        return []
    return [field.name for field in dataclasses.fields(plugin)]


def parameters_of(plugin: object) -> dict[str, Any]:
    """Return a plug-in's parameters: they go into runs and signals as provenance."""
    if not dataclasses.is_dataclass(plugin) or isinstance(plugin, type):
        return {}
    return dataclasses.asdict(plugin)

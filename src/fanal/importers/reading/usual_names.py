"""What tables call their columns: one list for each kind of table, and all of them together."""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from fanal.importers.reading.column_words import folded
from fanal.importers.reading.periods import step_of

FIGURES = {  # role → what official tables call their columns, folded
    "name": "name indicator indicateur variable serie series libelle measure mesure index "
    "infraction classe classe_infraction delikt straftat offence offense subject sujet topic theme "
    "indicator_name nom_indicateur libelle_indicateur indicateur_libelle measure_name tipo_dato "
    "indicatore indicador indikator kennzahl delito tipo_de_delito reato soortmisdrijf",
    "area": "area ref_area geo departement dep code_departement code_dep dept region code_region "
    "reg code_reg territoire pays country pais paese location zone code_insee num_dep land "
    "bundesland kanton kreis "
    "jurisdiction state county province codgeo code_commune code_geo geographie territory "
    "unite_geographique commune ville regio regios regio_s territorio territori gebiet geography "
    "comunidades_y_ciudades_autonomas comunidades_autonomas "
    "itter107 code_zone comunidad_autonoma provincia regione provincie",
    "area_name": "nom nom_departement libelle_departement nom_region libelle_region geo_label "
    "label area_name country_name region_name geo_name libgeo lib_geo nom_pays nom_commune",
    "period": "period time_period periode unite_temps periods perioden periodes periodo periodos "
    "zeit",
    "year": "",
    "step": "step freq frequency frequence pas",
    "value": "value obs_value valeur valeurs nombre effectif effectifs count faits n total number "
    "nb v4 wert valor valore waarde",
    "unit": "unit unit_measure unit_of_measure unite unite_de_compte unite_de_mesure einheit "
    "eenheid unidad unita",
    "denominator": "denominator population pop denominateur base sample_size taille_echantillon",
    "substance": "substance drug produit sustancia droga sostanza substanz droge stof",
    "note": "note notes obs_flag obs_status footnote footnotes remarque remarques commentaire "
    "commentaires comment comments flag statut data_marking",
    "revision": "revision edition last_update millesime version",
    "origin": "source sources quelle",
}
_BRACKETS = re.compile(r"[(\[].*?[)\]]")


@cache
def texts() -> dict[str, tuple[str, ...]]:
    """Return role → names of columns of messages, listings and articles, the surest first."""
    return {role: tuple(names) for role, names in _listed(__package__)["texts"].items()}


@cache
def answers() -> dict[str, frozenset[str]]:
    """Return what → names of columns that programs of surveys write."""
    return {what: frozenset(names) for what, names in _listed(__package__)["answers"].items()}


@cache
def above_tables() -> dict[str, frozenset[str]]:
    """Return role → what the lines above a table call its unit, its title, its source, its day."""
    return {role: frozenset(names) for role, names in _listed(__package__)["above"].items()}


@lru_cache(16_384)
def is_usual(name: str) -> bool:
    """Say whether tables of any kind have a column of this name, with its unit or without."""
    if len(name) > 80:
        return False
    if re.fullmatch(r"[\w,]+\\\w+", name):
        return True  # Eurostat: all its dimensions in one, and what goes across
    forms = {folded(name), folded(_BRACKETS.sub(" ", name))} - {""}
    return bool(forms & _all()) or bool(step_of(name))


def names_of(name: str) -> set[str]:
    """Return a name folded, as it stands, and the code that programs put before it."""
    code, dot, rest = name.partition(". ")
    return {folded(name), name.casefold(), code.casefold() if dot and rest else ""} - {""}


@cache
def _all() -> frozenset[str]:
    laboratory = _listed("fanal.importers.lab", "columns.toml")
    lists = [*laboratory["sample"].values(), *laboratory["result"].values(), *texts().values()]
    lists += [names.split() for names in FIGURES.values()]
    lists += answers().values()
    return frozenset(name for names in lists for name in names)


def _listed(package: str | None, name: str = "usual_names.toml") -> dict[str, Any]:
    assert package is not None
    return tomllib.loads((files(package) / name).read_text("utf-8"))

"""Importers: from the files that people have to raw documents for the door."""

from fanal.importers.base import Importer

BUILTIN: tuple[type[Importer], ...] = ()

"""Importers: from the files that people have to raw documents for the door."""

from fanal.importers.base import Importer
from fanal.importers.telegram import Telegram
from fanal.importers.whatsapp import WhatsApp

BUILTIN: tuple[type[Importer], ...] = (
    Telegram,
    WhatsApp,
)

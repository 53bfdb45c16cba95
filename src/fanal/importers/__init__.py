"""Importers: from the files that people have to raw documents for the door."""

from fanal.importers.base import Importer
from fanal.importers.discord import Discord
from fanal.importers.fourcat import FourCat
from fanal.importers.instagram import Instagram
from fanal.importers.signal import Signal
from fanal.importers.telegram import Telegram
from fanal.importers.whatsapp import WhatsApp

BUILTIN: tuple[type[Importer], ...] = (
    Telegram,
    WhatsApp,
    Signal,
    Instagram,
    Discord,
    FourCat,
)

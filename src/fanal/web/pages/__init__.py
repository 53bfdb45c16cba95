"""The families of pages, in the order of the navigation: one module, one line here."""

from fanal.web.pages import (
    account,
    administration,
    bulletins,
    documents,
    entry,
    explore,
    phenomena,
    signals,
    sources,
    today,
)
from fanal.web.routing import Pages

FAMILIES: tuple[Pages, ...] = (
    today.pages,
    signals.pages,
    phenomena.pages,
    explore.pages,
    documents.pages,
    sources.pages,
    bulletins.pages,
    administration.pages,
    account.pages,
    entry.pages,
)

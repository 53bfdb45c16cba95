"""The families of pages, in the order of the navigation: one module, one line here."""

from fanal.web.pages import (
    account,
    administration,
    bulletins,
    documents,
    entry,
    explore,
    lab,
    mail,
    manual,
    phenomena,
    reviews,
    signals,
    sources,
    substances,
    thesaurus,
    today,
)
from fanal.web.routing import Pages

FAMILIES: tuple[Pages, ...] = (
    today.pages,
    signals.pages,
    phenomena.pages,
    substances.pages,
    explore.pages,
    documents.pages,
    sources.pages,
    reviews.pages,
    lab.pages,
    thesaurus.pages,
    mail.pages,  # before bulletins: an edition's message is no file of it
    bulletins.pages,
    administration.pages,
    manual.pages,
    account.pages,
    entry.pages,
)

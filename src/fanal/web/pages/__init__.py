"""The families of pages, in the order of the navigation: one module, one line here."""

from fanal.web.pages import account, documents, entry, sources, today
from fanal.web.routing import Pages

FAMILIES: tuple[Pages, ...] = (
    today.pages,
    documents.pages,
    sources.pages,
    account.pages,
    entry.pages,
)

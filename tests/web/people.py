"""Who visits the observatories of these tests, and a small one with their accounts."""

from datetime import UTC, datetime
from unittest import mock

from argon2 import PasswordHasher

from fanal.people import accounts
from fanal.workspace import Workspace

ORIGIN = "https://fanal.example"
PASSWORD = "quatre chevaux dans un pré"
SOURCES = ("paris", "lille")
PEOPLE = {  # name: role, sites
    "reader": ("reader", ()),
    "observer": ("observer", ("paris",)),
    "paris": ("coordinator", ("paris",)),
    "lille": ("coordinator", ("lille",)),
    "analyst": ("analyst", ()),
    "administrator": ("administrator", ()),
}


def source(site):
    return (
        f'name = "canal-{site}"\ntitle = "Canal de {site}"\npublisher = "essai"\n'
        f'kind = "public posts"\nsite = "{site}"\nlegal_basis = "essai"\ninvented = true\n'
    )


def found(folder):
    """Make a small observatory with accounts."""
    with Workspace.create(folder, "Essai") as ws:
        for site in SOURCES:
            ws.add_source(source(site))
        open_accounts(ws)


def hasher():
    """Return one that is cheap: the cost of argon2id is tested on its own."""
    return PasswordHasher(1, 8, 1)


def open_accounts(ws):
    """Make the accounts of `PEOPLE`, each with its password."""
    now = datetime.now(UTC)
    with mock.patch.object(accounts, "_hasher", hasher):
        for name, (role, sites) in PEOPLE.items():
            secret = accounts.invite(ws.state, name, role, sites, "test", now)
            accounts.choose_password(ws.state, secret, PASSWORD, now)

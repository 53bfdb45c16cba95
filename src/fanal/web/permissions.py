"""Who may do what, once: each route names one of these, or the application does not start."""

from __future__ import annotations

from dataclasses import dataclass

from fanal.people.accounts import at_least
from fanal.records import Account


@dataclass(frozen=True, slots=True)
class Permission:
    """What a route needs; with `local`, also that the site concerned is one of the account's."""

    name: str
    role: str | None  # least role; None: anybody, signed in or not
    local: bool = False

    def granted(self, account: Account | None) -> bool:
        """Say whether an account has it, whatever the site."""
        return self.role is None or (account is not None and at_least(account.role, self.role))


ANYBODY = Permission("anybody", None)
SEE = Permission("see aggregates", "reader")
SMALL = Permission("see small counts of persons", "observer")  # of every site: they compare
READ = Permission("read texts", "observer", local=True)
BRING = Permission("bring material in", "observer", local=True)
DESCRIBE = Permission("describe sources", "coordinator", local=True)
NOTE = Permission("write a memo", "observer", local=True)
CORRECT = Permission("correct codes", "coordinator", local=True)
DECIDE = Permission("decide on signals", "coordinator", local=True)
TELL = Permission("write on phenomena", "coordinator")
CURATE = Permission("change the thesaurus", "analyst")
PUBLISH = Permission("publish", "analyst")
ADMINISTER = Permission("administer", "administrator")

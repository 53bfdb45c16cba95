"""How the schema of the judgements came to be what it is: Alembic revisions, oldest first.

After a change of a record class of judgements, add a revision in `versions/` and name it in
`HEAD`; a test compares the migrated schema with a fresh one.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0004"
FIRST = "0001"


def revision(connection: sa.Connection) -> str | None:
    """Return the revision that a database is at; None where it has none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)


def upgrade(connection: sa.Connection, to: str = HEAD) -> None:
    """Bring a database to a revision, in the transaction of the connection."""
    from alembic import command

    command.upgrade(_config(connection), to)


def stamp(connection: sa.Connection, at: str = HEAD) -> None:
    """Say which revision a database is at."""
    from alembic import command

    command.stamp(_config(connection), at)


def _config(connection: Any) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config

"""Indexes on what judgements are asked by."""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make an index for each column that rows are looked up by."""
    for table, column in (
        ("decisions", "signal"),
        ("codings", "document"),
        ("memos", "subject"),
        ("audit", "action"),
    ):
        op.create_index(f"ix_{table}_{column}", table, [column])

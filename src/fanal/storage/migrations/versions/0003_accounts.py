"""Accounts and sessions of people."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
SEQ = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the two tables, with indexes on what they are asked by."""
    op.create_table(
        "accounts",
        sa.Column("seq", SEQ, primary_key=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sites", sa.Text(), nullable=False),
        sa.Column("password", sa.Text(), nullable=False),
        sa.Column("link", sa.LargeBinary(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("time", sa.DateTime(), nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("seq", SEQ, primary_key=True),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("account", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("expires", sa.DateTime(), nullable=False),
        sa.Column("time", sa.DateTime(), nullable=False),
    )
    for table, column in (("accounts", "name"), ("sessions", "token"), ("sessions", "account")):
        op.create_index(f"ix_{table}_{column}", table, [column])

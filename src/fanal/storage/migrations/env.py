"""Runs revisions on the connection that `migrations.upgrade` was given: no settings of its own."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], target_metadata=None)
context.run_migrations()

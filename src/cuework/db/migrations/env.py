"""Alembic's entry: migrates on the connection that db.migrate opened and locked."""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transaction_per_migration=False)
context.run_migrations()

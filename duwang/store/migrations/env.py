"""Run by Alembic: takes the steps on the connection that it is given, inside its transaction."""

from alembic import context

from duwang.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()

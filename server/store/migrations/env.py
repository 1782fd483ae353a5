"""Runs migrations on the connection that server.store.migrate hands over; there is no file of settings to find."""

from alembic import context

from server.store import schema

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=schema.metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
context.run_migrations()

"""What Alembic runs. Only with the connection that `data.store.migrations` hands in."""

from __future__ import annotations

from alembic import context

from data.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by writing it anew
    compare_type=True,
)
context.run_migrations()

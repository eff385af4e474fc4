"""Alembic's entry: runs on the connection that ``core.store.migrate`` hands over, or on the default store."""

from __future__ import annotations

from typing import Any

from alembic import context

from core.store.database import Database
from core.store.row_security import write_about
from core.store.schema import Base

connection = context.config.attributes.get("connection")
options: dict[str, Any] = {
    "target_metadata": Base.metadata,
    "render_as_batch": True,
    "compare_type": True,
    "user_module_prefix": "schema.",
}

if connection is not None:
    # Of a district of a city: without it the version of the city itself would be found through the search path.
    context.configure(connection=connection, version_table_schema=context.config.attributes.get("schema"), **options)
    write_about(connection, None)
    context.run_migrations()
else:
    with Database().engine.connect() as own:
        context.configure(connection=own, **options)
        with context.begin_transaction():
            write_about(own, None)
            context.run_migrations()

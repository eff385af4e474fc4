"""The store: schema, engine, migrations and the one door for changes."""

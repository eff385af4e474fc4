"""Typed rows to a plan: what an import would do, without doing it."""

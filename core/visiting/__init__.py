"""Visiting rounds: due visits of a day in walking order, on paper with opaque numbers, and what comes back."""

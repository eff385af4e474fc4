"""Coordinates and shapes: local plane, datums, boundaries of communities, suppression of small counts."""

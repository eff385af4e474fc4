"""Weighted ranking of one shortlist, its stability, presets and quota."""

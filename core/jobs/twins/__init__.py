"""Openings that may be one: compared fact by fact, merged with their sources, kept apart for good, and taken back."""

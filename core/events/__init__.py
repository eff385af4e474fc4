"""Recruitment events and who is interested in which job there."""

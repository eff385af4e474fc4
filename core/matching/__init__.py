"""Ranking people for a job and jobs for a person."""

"""Candidates and openings as arrays; soft factors and hard limits of every pair."""

"""Matching: who first, why, and is that robust and fair."""

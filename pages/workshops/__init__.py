"""Micro-workshops: who can take how many people, and what limits them."""

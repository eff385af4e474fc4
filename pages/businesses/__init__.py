"""Micro-businesses and the register of premises."""

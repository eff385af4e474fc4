"""Micro-businesses of the communities, and the premises that work can move into."""

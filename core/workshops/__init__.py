"""Micro-workshop capacity and load."""

"""The invented district, one module for each part of its life; ``generate.py`` writes it out."""

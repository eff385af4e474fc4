"""Nightly runs over a city or a province: ranked lists, access and assignment, in parts that can be resumed."""

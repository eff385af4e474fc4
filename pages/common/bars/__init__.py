"""Bars of a ranked list: drawn in the browser, where they follow the thumb of a slider."""

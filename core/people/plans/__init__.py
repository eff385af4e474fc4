"""One plan per person: opened, edited, closed and opened again by hand."""

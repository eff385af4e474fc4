"""The page of the weekly sheet."""

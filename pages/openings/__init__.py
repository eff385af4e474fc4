"""The page of openings and recruitment platforms."""

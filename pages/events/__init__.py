"""The page of recruitment events."""

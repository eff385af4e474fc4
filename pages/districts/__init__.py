"""The page of the districts of a city."""

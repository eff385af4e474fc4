"""Job map: where is work out of reach, and what would change it."""

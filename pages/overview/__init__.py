"""Overview: how is the district this week."""

"""Communities, distances, accessibility."""

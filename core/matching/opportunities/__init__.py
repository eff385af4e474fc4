"""What would open work: the cheapest change for a person, the price of a requirement, the plan before a post ends."""

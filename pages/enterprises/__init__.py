"""Enterprise tiers: whom to back, on what evidence."""

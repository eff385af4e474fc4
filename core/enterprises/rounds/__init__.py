"""A review round: what it proposes, and the steps that change it."""

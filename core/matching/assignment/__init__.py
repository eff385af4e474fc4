"""Assignment of the whole district and what courses would add to it."""

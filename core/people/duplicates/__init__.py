"""Who may be recorded twice: pairs of people with reasons and a score."""

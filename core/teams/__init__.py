"""Service teams: who is in them, what they look after, and whether they keep their weekly and monthly rhythm."""

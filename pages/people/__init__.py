"""Job-seeker pool and the page of one person."""

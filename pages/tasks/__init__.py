"""The page of due work: what must be done, what one change would open, and the landing before a post ends."""

"""What was seen and done: the log in portions, in words, and checked."""

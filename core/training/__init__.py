"""Courses and who attends them."""

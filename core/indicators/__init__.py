"""Every published number, declared once: what it counts, over what, and the rows behind both."""

"""A city of many districts: which there are, who may open them, moving one in and out, and comparing them."""

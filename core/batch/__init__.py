"""Nightly runs over a city or a province: ranked lists, access and assignment, in parts that can be resumed."""

import os

# Arrow's own allocator reserves a gigabyte at once, which no limit on a worker's memory could tell from use.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")

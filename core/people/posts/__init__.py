"""Public-welfare posts: legal limits, start, extension and end."""

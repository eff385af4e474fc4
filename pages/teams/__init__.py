"""The page of the service teams."""

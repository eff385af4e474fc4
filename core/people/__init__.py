"""People of the district pool."""

"""Import of spreadsheets, batches, parameters."""

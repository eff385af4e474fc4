"""Counts of the populations behind the indicators, kept in the store and brought up to date from the audit log."""

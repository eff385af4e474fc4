"""Facts about a person recorded by hand."""

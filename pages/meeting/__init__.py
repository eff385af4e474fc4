"""The weekly dispatch meeting: prepare, present, decide, follow up."""

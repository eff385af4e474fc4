"""Openings as the bureau keeps them: what may be published, what is free, where they came from, and how they go out."""

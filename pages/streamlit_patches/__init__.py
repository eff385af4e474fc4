"""Repairs of Streamlit's own behaviour, each with the upstream issue and a test that fails once it is no longer needed."""

"""Signing in, served before any page of Streamlit: the gate in front of every address, and its own small pages."""

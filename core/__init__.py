"""Reckoning for the community-employment dashboard: rows → reckoning → figures, free of Streamlit."""

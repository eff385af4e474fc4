"""Potential-enterprise tiers."""

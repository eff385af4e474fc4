"""Policies and subsidies: who may claim what, applications, payments by month, and the conditions themselves."""

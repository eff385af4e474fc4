"""Policies as dated rules: who may claim what, what was applied for, and what was paid for a month."""

"""Employers, openings, referrals, placements."""

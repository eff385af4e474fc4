"""The light of a tile: a yearly target's completion against the share of the year that has gone."""

from __future__ import annotations

from datetime import date

from core.terms import Light

__all__ = ["light_of", "year_share"]


def year_share(today: date) -> float:
    """序时进度: the share of the year that has gone at the end of ``today``, 0..1."""
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    return ((today - first).days + 1) / ((last - first).days + 1)


def light_of(completion: float, share_of_year: float, *, yellow: float = 0.0, red: float = -10.0) -> Light:
    """Light of a yearly target; ``completion`` and ``share_of_year`` are shares, the limits percentage points.

    gap = 100 · (completion − share_of_year): green from ``yellow`` up, yellow from ``red`` up, else red.
    """
    gap = 100 * (completion - share_of_year)
    if gap >= yellow:
        return Light.GREEN
    return Light.YELLOW if gap >= red else Light.RED

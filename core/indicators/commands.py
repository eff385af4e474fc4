"""Notes pinned to a week of an indicator's series: what happened, and from when a new baseline counts."""

from __future__ import annotations

from datetime import date, timedelta

from core.indicators.registry import INDICATORS
from core.store.commands import Change
from core.store.schema import IndicatorNote

__all__ = ["pin_note"]


def pin_note(
    change: Change,
    indicator: str,
    week: date,
    text: str,
    *,
    community_id: int | None = None,
    starts_baseline: bool = False,
) -> int:
    """Store a note of ``change.actor`` on the week of ``week``; returns its id. ``community_id`` None = whole district.

    With ``starts_baseline`` the limits of the series are computed anew from that week on, and the text is the reason.
    Raises KeyError for an unknown indicator and ValueError without a text.
    """
    if indicator not in INDICATORS:
        raise KeyError(indicator)
    if not text.strip():
        raise ValueError("a note needs a text")
    note = IndicatorNote(
        indicator=indicator,
        community_id=community_id,
        week=week - timedelta(days=week.weekday()),
        text=text.strip()[:200],
        starts_baseline=starts_baseline,
        author=change.actor,
        made_at=change.at,
    )
    return int(change.add(note))

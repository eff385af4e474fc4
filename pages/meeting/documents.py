"""The documents of the frozen week."""

from __future__ import annotations

from pages.common.view import View
from pages.meeting.weeks import MeetingWeek

__all__ = ["documents"]


def documents(view: View, week: MeetingWeek) -> None:
    """Buttons that make and download them."""

"""Article figures: what was published, what the rows say, and how each is counted."""

from __future__ import annotations

from pages.common.drilldown import show_pending
from pages.common.figure_grid import figure_grid
from pages.common.heading import empty_state, heading
from pages.common.view import View

__all__ = ["render"]


def render(view: View) -> None:
    """The page."""
    tr = view.tr
    heading(
        tr("Published figures, recomputed from rows"),
        tr("As of {day}. Every number opens the rows that it counts.", day=tr.day(view.today)),
    )
    if view.is_empty:
        empty_state(
            tr, tr("This page recomputes each published figure from the bureau's own rows and shows its definition.")
        )
    figure_grid(view, definitions=True)
    show_pending(view)

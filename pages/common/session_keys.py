"""Every key of ``st.session_state`` and of a widget, in one place: two screens never use one key for two things.

    st.session_state[Key.WORKSHOP]
    st.button(…, key=Key.WORKSHOP_CARD.of(workshop.id))     # "workshop_card_7"

A key that stands in the address through ``bind="query-params"`` is the name there as well: renaming it breaks links.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Key"]


class Key(StrEnum):
    """Keys by screen."""

    def of(self, *parts: object) -> str:
        """The key of one of several widgets of a kind."""
        return "_".join((self.value, *map(str, parts)))

    # frame and common
    VIEW = "view"  # the View of this run, for pages and their fragments
    PAGES = "pages"  # st.Page by name, for links between pages
    LANGUAGE = "language"
    STAFF = "staff"
    DIALOG_IS_OPEN = "dialog_is_open"
    ROWS_TO_OPEN = "rows_to_open"
    TABLE = "table"
    DOWNLOAD = "download"
    FIGURE = "figure"
    PLAN_STEP_DONE = "done"

    # overview

    # job map

    # workshops

    # matching

    # enterprises

    # people

    # data

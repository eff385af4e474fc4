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
    TILE_ROWS = "open"  # a button of a tile that opens rows
    ATTENTION = "attention"
    FUNNEL = "funnel"
    FUNNEL_STAGE = "funnel_stage"
    RANK_BY = "rank_by"
    POOL = "pool"
    POOL_GROUP = "pool_group"
    SERIES_TO_OPEN = "series_to_open"
    SERIES_PLACE = "series_place"
    SERIES_NOTE = "series_note"

    # job map

    # workshops
    WORKSHOP = "workshop"
    WORKSHOP_TAB = "workshop_tab"
    WORKSHOP_CARD = "workshop_card"
    WORKSHOP_BAR = "workshop_bar"
    WORKSHOP_MEASURE = "workshop_measure"
    WORKSHOP_WEEKS = "workshop_weeks"
    WORKSHOP_SERIES = "workshop_series"
    WHAT_IF_PEOPLE = "wi_people"
    WHAT_IF_PACE = "wi_pace"
    WHAT_IF_RAMP = "wi_ramp"
    WHAT_IF_ABSENCE = "wi_absence"
    WHAT_IF_STATIONS = "wi_stations"
    WHAT_IF_FROM = "wi_from"
    WHAT_IF_SHIFT = "wi_shift"
    WHAT_IF_SHIFTS = "wi_shifts"
    WHAT_IF_EACH = "wi_each"
    WHAT_IF_PRODUCT = "wi_product"
    WHAT_IF_PIECES = "wi_pieces"
    WHAT_IF_DUE = "wi_due"

    # matching

    # enterprises
    ENTERPRISE = "enterprise"
    ENTERPRISE_TAB = "enterprise_tab"
    ENTERPRISE_CARD = "enterprise_card"
    ENTERPRISE_BAR = "enterprise_bar"
    ENTERPRISE_DECISION = "decision"

    # people

    # data

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
    MAP = "map"  # the deck
    MAP_PANEL = "map_panel"  # the two fragments that follow a click on the map
    MAP_CANVAS = "map_canvas"
    MAP_COMMUNITY = "map_community"  # selected on the map: id, or key of a site or of premises
    MAP_PLACE = "map_place"
    MAP_TAB = "map_tab"
    MAP_MEASURE = "map_measure"
    MAP_MODE = "map_mode"
    MAP_MINUTES = "map_minutes"
    MAP_LAYERS = "map_layers"
    MAP_STATIC = "map_static"
    MAP_DAY = "map_day"
    MAP_SIDE = "map_side"  # of a what-if: before, after or difference
    MAP_FIELD = "map_field"  # filter of openings; with the id of premises: the work at its stations
    MAP_FORM = "map_form"
    MAP_SHIFT = "map_shift"
    MAP_SKILL = "map_skill"
    MAP_SEATED = "map_seated"
    MAP_NEEDS = "map_needs"
    MAP_STATIONS = "map_stations"
    MAP_OPEN = "map_open"  # what-if: premises to open, openings to add, sites to close
    MAP_ADD = "map_add"
    MAP_MORE = "map_more"
    MAP_CLOSE = "map_close"
    MAP_SCENARIO_SHOWN = "map_scenario_shown"  # id of the saved what-if that fills the widgets
    MAP_SCENARIO_NAME = "map_scenario_name"
    MAP_SCENARIO_REASON = "map_scenario_reason"
    MAP_SCENARIO_SAVE = "map_scenario_save"
    MAP_SAVED = "map_saved"
    MAP_ARCHIVE = "map_archive"
    MAP_AGENDA = "map_raise"
    MAP_RANKED = "map_ranked"
    MAP_RANKING = "map_ranking"
    MAP_CHANGE = "map_change"
    MAP_TABLE = "map_table"
    MAP_DOWNLOAD = "map_download"
    MAP_MULTIPLES = "map_multiples"
    MAP_MULTIPLES_CHART = "map_multiples_chart"

    # workshops

    # matching

    # enterprises

    # people

    # data

"""Every key of ``st.session_state`` and of a widget, in one place: two screens never use one key for two things.

    st.session_state[Key.WORKSHOP]
    st.button(…, key=Key.WORKSHOP_CARD.of(workshop.id))     # "workshop_card_7"

A key that is in the address through ``bind="query-params"`` is the name there as well: renaming it breaks links.
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
    PERSON_SEARCH = "search"
    FILTER = "filter"
    UNMASK = "unmask"
    EDIT_BASE = "edit_base"
    EDIT_CONFLICT = "edit_conflict"

    # data
    DATA_PART = "data_part"
    IMPORT_STATE = "import_state"
    IMPORT_FILE = "import_file"
    IMPORT_SHEET = "import_sheet"
    IMPORT_MAPPING = "import_mapping"
    IMPORT_DATUM = "import_datum"
    IMPORT_DAY = "import_day"
    IMPORT_OTHERWISE = "import_otherwise"
    IMPORT_REVIEW = "import_review"
    IMPORT_ANSWERS = "apply_answers"
    IMPORT_FINDINGS = "import_findings"
    IMPORT_ANNOTATED = "download_annotated"
    IMPORT_COMMIT = "import_commit"
    OUTLINES_FILE = "outlines_file"
    OUTLINES_DATUM = "outlines_datum"
    OUTLINES_FINDINGS = "outlines_findings"
    OUTLINES_COMMIT = "outlines_commit"
    UNDO_BATCH = "undo_batch"
    UNDO_IMPORT = "undo_import"
    TEMPLATE = "template"
    CONFIRM_EMPTY = "confirm_empty"

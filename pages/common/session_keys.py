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

    # matching: the bar
    MATCH_KIND = "match_kind"
    MATCH_JOB = "match_job"
    MATCH_PERSON = "match_person"
    MATCH_NAMES = "match_names"
    MATCH_TOP = "match_top"
    MATCH_MODE = "match_mode"
    MATCH_COMMUNITIES = "match_communities"
    MATCH_ENDING = "match_ending"
    MATCH_HARDSHIP = "match_hardship"
    MATCH_QUOTA = "match_quota"
    # matching: weights and presets
    WEIGHT = "w"  # w_skills …: the name in the address as well
    WEIGHT_LOCKS = "match_lock"
    WEIGHTS_REQUESTED = "match_weights_requested"  # weights that another panel asks for; set before sliders are drawn
    MATCH_PRESET = "match_preset"
    PRESET_NAME = "match_preset_name"
    PRESET_REASON = "match_preset_reason"
    PRESET_SAVE = "match_preset_save"
    PRESET_ARCHIVE = "match_preset_archive"
    # matching: the list and the pair
    MATCH_RANKED = "match_ranked"  # fragments that a callback may name
    MATCH_PAIR = "match_pair"
    MATCH_LIST = "match_list"
    MATCH_DOWNLOAD = "match_download"
    MATCH_ROW = "match_row"  # id of the candidate in detail; positions move when somebody leaves the pool
    MATCH_PAIR_TAB = "match_pair_tab"
    MATCH_MESSAGE = "match_message"  # (kind, text) of the last command
    MATCH_RECOMMEND = "match_recommend"
    MATCH_REASON = "match_reason"
    MATCH_REFUSE = "match_refuse"
    MATCH_VISIT = "match_visit"
    MATCH_STEP = "match_step"
    MATCH_ADVANCE = "match_advance"
    # matching: analysis of the list
    MATCH_SECTION = "match_section"
    COMPARE_FIRST = "match_one"
    COMPARE_SECOND = "match_other"
    MATCH_AUDIT = "match_audit"
    MATCH_BUCKET = "match_bucket"
    MATCH_RATING = "match_mark"
    RATINGS_APPLY = "match_marks_apply"
    # matching: whole district
    MATCH_AIM = "match_aim"
    MATCH_SEATS = "match_seats"
    LOCKED_PAIRS = "match_locked"  # sets of (person id, job id) of this session
    FORBIDDEN_PAIRS = "match_forbidden"
    RELEASE_LOCKS = "match_release_error"
    PROPOSAL = "match_proposal"
    PROPOSAL_DOWNLOAD = "match_proposal_download"
    MATCH_COURSE = "match_course"
    PLAN_COURSE = "match_plan_course"
    # matching: on the page of a person
    PERSON_EXCLUDED = "person_excluded"
    PERSON_EXCLUDED_DOWNLOAD = "person_excluded_download"

    # enterprises

    # people

    # data

"""Every key of ``st.session_state`` and of a widget, in one place: two screens never use one key for two things.

    st.session_state[Key.WORKSHOP]
    st.button(…, key=Key.WORKSHOP_CARD.of(workshop.id))     # "workshop_card_7"

A key that is in the address through ``bind="query-params"`` is the name there as well: renaming it breaks links.
"""

from __future__ import annotations

from enum import StrEnum

__all__ = ["PAGE_BOUND", "Key"]


class Key(StrEnum):
    """Keys by screen."""

    def of(self, *parts: object) -> str:
        """The key of one of several widgets of a kind."""
        return "_".join((self.value, *map(str, parts)))

    # frame and common
    VIEW = "view"  # the View of this run, for pages and their fragments
    PAGE = "page"  # address of the page of the run before
    PAGES = "pages"  # st.Page by name, for links between pages
    LANGUAGE = "language"
    HEADER = "header"  # the line above every page; pages/static/frame.css
    HEARTBEAT = "heartbeat"  # seconds between two looks of this session at the revision; no widget's key
    ACCOUNT = "account"  # id of the account that this session belongs to; no widget's key
    DISTRICT = "district"  # the picker of a city
    DISTRICT_OF_PAGE = "district_of_page"  # key of the district that this session shows; no widget's key
    SWITCH_ROLE = "switch_role"
    CHANGE_PASSWORD = "change_password"
    SIGN_OUT = "sign_out"
    DIALOG_IS_OPEN = "dialog_is_open"
    ROWS_TO_OPEN = "rows_to_open"
    NOTICE = "notice"  # (text, is an error) of the last command, for the next run; no widget's key
    TABLE = "table"
    TABLE_PAGE = "table_page"
    DOWNLOAD = "download"
    FIGURE = "figure"
    PLAN_STEP_NEW = "plan_step_new"
    PLAN_STEPS_SAVED = "plan_steps_saved"  # how many in this window
    PLAN_STEP_DONE = "done"

    # overview
    TILE_ROWS = "open"  # a button of a tile that opens rows
    ATTENTION = "attention"
    ATTENTION_LINE = "attention_line"  # its lines; pages/static/frame.css keeps each of them in one row
    FUNNEL = "funnel"
    FUNNEL_STAGE = "funnel_stage"
    RANK_BY = "rank_by"
    OVERVIEW_SECTION = "overview_section"
    POOL = "pool"
    POOL_GROUP = "pool_group"
    SERIES_TO_OPEN = "series_to_open"
    SERIES_PLACE = "series_place"
    SERIES_NOTE = "series_note"

    # districts of a city
    DISTRICTS_TABLE = "districts_table"
    DISTRICTS_RANK_BY = "districts_rank_by"

    # due work
    TASKS_PART = "tasks_part"
    TASKS_WHOSE = "tasks_whose"
    TASKS_KIND = "tasks_kind"
    TASKS_LIST = "tasks_list"
    RADAR_LIST = "radar_list"
    TASKS_BULK = "tasks_bulk"
    TASKS_OPEN = "tasks_open"
    TASKS_FOLLOW_UP = "tasks_follow_up"
    TASKS_CARDS = "tasks_cards"
    TASKS_NARROWED = "tasks_narrowed"
    ROUND_COMMUNITY = "round_community"
    ROUND_PLAN = "round_plan"  # widgets of the plan
    ROUND_LIST = "round_list"
    ROUND_PAPER = "round_paper"
    ROUND_ENTRY = "round_entry"
    ROUND_ENTERED = (
        "round_entered"  # how many numbers this session has entered: each has a fresh field; no widget's key
    )
    BLOCKED_CHANGE = "blocked_change"
    BLOCKED_LIST = "blocked_list"
    LANDING_LIST = "landing_list"

    # service teams
    TEAMS_LIST = "teams_list"
    TEAMS_MEMBERS = "teams_members"
    TEAMS_FORM = "teams_form"

    # training
    TRAINING_PART = "training_part"
    TRAINING_WHEN = "training_when"
    TRAINING_COMMUNITY = "training_community"
    TRAINING_COURSE = "training_course"
    TRAINING_FIGURE = "training_figure"
    TRAINING_STAGE = "training_stage"
    TRAINING_ROSTER = "training_roster"  # the list of a session as its sheet was opened, with versions; no widget's key
    TRAINING_SHEET = "training_sheet"
    TRAINING_FILL = "training_fill"
    TRAINING_ENROL = "training_enrol"
    TRAINING_CANCEL = "training_cancel"
    TRAINING_REPEAT = "training_repeat"
    TRAINING_FORM = "training_form"

    # events
    EVENTS_PART = "events_part"
    EVENTS_THEME = "events_theme"
    EVENTS_SCENE = "events_scene"
    EVENTS_FORM = "events_form"
    EVENTS_INTENT = "events_intent"
    EVENTS_SHEET = "events_sheet"
    EVENTS_REFERRAL = "events_referral"

    # openings
    OPENINGS_PART = "openings_part"
    OPENINGS_SEARCH = "openings_search"
    OPENINGS_STATE = "openings_state"
    OPENINGS_FIELD = "openings_field"
    OPENINGS_COMMUNITY = "openings_community"
    OPENINGS_SOURCE = "openings_source"
    OPENINGS_EDIT = "openings_edit"  # id of the opening whose form is open; no widget's key
    OPENINGS_FORM = "openings_form"
    OPENINGS_TWINS = "openings_twins"
    OPENINGS_PUBLISH = "openings_publish"

    # micro-businesses and premises
    BUSINESSES_PART = "businesses_part"
    BUSINESSES_FORM = "businesses_form"
    PREMISES_FORM = "premises_form"

    # policies
    POLICIES_PART = "policies_part"
    POLICIES_TABLE = "policies_table"
    POLICIES_POLICY = "policies_policy"
    POLICIES_GROUP = "policies_group"
    POLICIES_ASK = "policies_ask"
    POLICIES_STATE = "policies_state"
    POLICIES_STEP = "policies_step"
    POLICIES_MONTH = "policies_month"
    POLICIES_FREEZE = "policies_freeze"
    POLICY_RULES = "policy_rules"
    POLICY_DRAFT = "policy_draft"
    POLICY_QUESTION = "policy_question"

    # a new person
    NEW_PERSON = "new_person"

    # job map
    MAP = "map"  # the deck
    MAP_COMMUNITY = "map_selected_community"  # what is selected on the map: an id; no widget's key
    MAP_PLACE = "map_selected_place"  # or the key of a site or of premises
    MAP_BOXES = "map_boxes"  # of each box beside the map: which one it is, and what it showed at first
    MAP_SELECTED = "map_selected"  # a selection whose panel the browser still has to paint
    MAP_COMMUNITY_BOX = "map_community"
    MAP_PLACE_BOX = "map_place"
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
    MAP_TABLE_BOX = "map_table_box"
    MAP_DOWNLOAD = "map_download"
    MAP_MULTIPLES = "map_multiples"
    MAP_MULTIPLES_CHART = "map_multiples_chart"

    # workshops
    WORKSHOP = "workshop"
    WORKSHOP_TAB = "workshop_tab"
    WORKSHOP_FOUR_WEEKS = "workshop_four_weeks"
    WORKSHOP_CARD = "workshop_card"
    WORKSHOP_BAR = "workshop_bar"
    WORKSHOP_MEASURE = "workshop_measure"
    WORKSHOP_WEEKS = "workshop_weeks"
    WORKSHOP_SERIES = "workshop_series"
    WORKSHOP_FORECAST_PRODUCT = "workshop_forecast_product"
    ORDER_PRODUCT = "order_product"  # the order that is asked for
    ORDER_PIECES = "order_pieces"
    ORDER_DUE = "order_due"
    ORDER_RATE = "order_rate"
    ORDER_PLACE = "order_place"  # workshop whose answer is shown
    ORDER_CODE = "order_code"
    ORDER_CUSTOMER = "order_customer"
    ORDER_REASON = "order_reason"
    ORDER_TAKE = "order_take"
    ORDER_REFUSE = "order_refuse"
    ORDER_CHOSEN = "order_chosen"  # an open order to deliver, split or close
    RECORD_PART = "record_part"
    RECORD_FORM = "record_form"
    RECORD_WEEK = "record_week"
    RECORD_WORKER = "record_worker"
    ROSTER_LOCKS = "roster_locks"  # table of cells fixed by hand
    ROSTER_SEARCH = "roster_search"  # the exact search of this session; no widget's key
    ROSTER_START = "roster_start"
    ROSTER_CANCEL = "roster_cancel"
    ROSTER_APPROVE = "roster_approve"
    ROSTER_ABSENT = "roster_absent"
    ROSTER_DOWNLOAD = "roster_download"
    ROSTER_SLIP = "roster_slip"
    ROSTER_WHY = "roster_why"
    WORKSHOP_SCENARIO = "workshop_scenario"  # id of the saved what-if that fills the widgets
    WORKSHOP_SCENARIO_NAME = "workshop_scenario_name"
    WORKSHOP_SCENARIO_REASON = "workshop_scenario_reason"
    WORKSHOP_SCENARIO_SAVE = "workshop_scenario_save"
    WORKSHOP_SCENARIO_OPEN = "workshop_scenario_open"
    WORKSHOP_SCENARIO_ARCHIVE = "workshop_scenario_archive"
    WORKSHOP_AGENDA = "workshop_raise"
    WHAT_IF_MOVE_ORDER = "wi_move_order"
    WHAT_IF_MOVE_TO = "wi_move_to"
    WHAT_IF_MOVE_PEOPLE = "wi_move_people"
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

    # matching: the bar
    MATCH_KIND = "match_kind"
    MATCH_GONE = "match_gone"
    MATCH_JOB = "match_job"
    MATCH_PERSON = "match_person"
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
    PRESET_BOX = "match_preset_box"
    PRESET_NAME = "match_preset_name"
    PRESET_REASON = "match_preset_reason"
    PRESET_SAVE = "match_preset_save"
    PRESET_ARCHIVE = "match_preset_archive"
    # matching: the list and the pair
    MATCH_RANKED = "match_ranked"  # fragments that a callback may name
    MATCH_PAIR = "match_pair"
    MATCH_LIST = "match_list"
    MATCH_CONTENDERS = "match_contenders"
    MATCH_DOWNLOAD = "match_download"
    MATCH_ROW = "match_row"  # id of the candidate in detail; positions move when somebody leaves the pool
    MATCH_PAIR_TAB = "match_pair_tab"
    MATCH_RECOMMEND = "match_recommend"
    MATCH_REASON = "match_reason"
    MATCH_REFUSE = "match_refuse"
    MATCH_VISIT = "match_visit"
    MATCH_MOVE = "match_move"
    MATCH_STEP = "match_step"
    MATCH_STARTED = "match_started"
    MATCH_PAY = "match_pay"
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
    PERSON_JOBS_VISIT = "person_jobs_visit"
    PERSON_EXCLUDED = "person_excluded"
    PERSON_EXCLUDED_DOWNLOAD = "person_excluded_download"

    # enterprises
    ENTERPRISE = "enterprise"
    ENTERPRISE_TAB = "enterprise_tab"
    ENTERPRISE_ASPECT = "enterprise_aspect"  # tab about the chosen one
    ENTERPRISE_CARD = "enterprise_card"
    ENTERPRISE_BAR = "enterprise_bar"
    ENTERPRISE_DECISION = "decision"
    ROUND = "round"
    ROUND_OPEN = "round_open"  # the form that opens one
    ROUND_CASE = "round_case"
    ROUND_MARKS = "round_marks"
    ROUND_EXCLUSION = "round_exclusion"
    ROUND_EVIDENCE = "round_evidence"
    ROUND_REOPEN = "round_reopen"
    ROUND_STEP = "round_step"
    ROUND_DECISION = "round_decision"
    PILLAR_PLACES = "pillar_places"
    PILLAR_WEIGHT = "pillar_weight"
    PILLAR_CONTENDERS = "pillar_contenders"
    PILLAR_BARS = "pillar_bars"
    CHALLENGE_ENTERPRISE = "challenge_enterprise"
    CHALLENGE_PLACE = "challenge_place"
    ENTERPRISE_FAMILY = "enterprise_family"
    ENTERPRISE_COMMUNITY = "enterprise_community"
    ENTERPRISE_COMPARED = "enterprise_compared"
    SUPPORT = "support"
    SELECTION = "selection"
    TIER_RULES = "tier_rules"
    TIER_RULES_CONFIRMED = "tier_rules_confirmed"

    # people
    PERSON_SEARCH = "search"
    FILTER = "filter"
    REVEAL = "reveal"
    REVEALED = "revealed"  # (person id, clear values) of this visit of the page; no widget's key
    PERSON_ENROL = "person_enrol"
    PEOPLE_PART = "people_part"
    PERSON_FORM = "person_form"
    PERSON_SKILL = "person_skill"
    PERSON_TIMELINE = "person_timeline"
    DUPLICATES = "duplicates"
    MERGE = "merge"
    EDIT_BASE = "edit_base"
    EDIT_CONFLICT = "edit_conflict"
    VISIT_SAVE = "visit_save"
    VISIT_SKILL = "visit_skill"
    VISIT_SKILLS = "visit_skills"

    # weekly sheet
    WEEKLY_PART = "weekly_part"
    WEEKLY_WEEK = "weekly_week"
    WEEKLY_UNIT = "weekly_unit"
    WEEKLY_TABLE = "weekly_table"
    WEEKLY_ROWS = "weekly_rows"
    WEEKLY_DOWNLOAD = "weekly_download"
    TARGET_LINE = "target_line"
    TARGET_UNIT = "target_unit"
    TARGET_FORM = "target_form"
    TARGET_VALUE = "target_value"
    TARGET_FROM = "target_from"
    TARGET_REASON = "target_reason"
    LIMIT = "light_limit"

    # meeting
    STAGE_BAR = "stage_bar"  # below a slide; pages/static/frame.css
    MEETING_WEEK = "meeting_week"
    MEETING_TAB = "meeting_tab"
    MEETING_FREEZE = "meeting_freeze"
    MEETING_REASON = "meeting_reason"
    MEETING_SHOW = "meeting_show"  # key of this session's presentation, for the window with the notes
    MEETING_SLIDE = "meeting_slide"  # position of the slide shown, from 0; no widget's key
    MEETING_SLIDE_SINCE = "meeting_slide_since"  # when it was turned to, and when the presentation began
    MEETING_BEGAN = "meeting_began"
    MEETING_SEEN = "meeting_seen"  # codes of the slides that were shown
    MEETING_TURN = "meeting_turn"
    MEETING_AUTO = "meeting_auto"
    MEETING_DRILL = "meeting_drill"
    MEETING_NOTE_FORM = "meeting_note_form"
    MEETING_DECISION = "meeting_decision"
    MEETING_ACTION = "meeting_action"
    MEETING_MESSAGE = "meeting_message"
    MEETING_PLAY = "meeting_play"
    MEETING_PLAY_JOB = "meeting_play_job"
    MEETING_PLAY_STATIONS = "meeting_play_stations"
    AGENDA_PIN = "agenda_pin"
    AGENDA_SAVE = "agenda_save"
    AGENDA_EDIT = "agenda_edit"  # the agenda being edited, with the week it belongs to
    FOLLOW_OWNER = "follow_owner"
    FOLLOW_BOX = "follow_box"
    FOLLOW_UP = "follow_up"
    FOLLOW_FORM = "follow_form"
    MINUTES_CLOSE = "minutes_close"
    MINUTES_WITHDRAW = "minutes_withdraw"
    EXPORT = "export"
    EXPORT_CHARTS = "export_charts"  # the box of single charts

    # effect
    EFFECT_HELP = "effect_help"
    EFFECT_HORIZON = "effect_horizon"
    EFFECT_PEOPLE = "effect_people"
    EFFECT_WORTH = "effect_worth"
    EFFECT_BALANCE = "effect_balance"
    EFFECT_STRATA = "effect_strata"
    EFFECT_DOWNLOAD = "effect_download"
    EFFECT_ACTIONS = "effect_actions"

    # data
    DATA_PART = "data_part"
    QUALITY_COMMUNITY = "quality_community"
    QUALITY_ROWS = "quality"
    IMPORT_STATE = "import_state"
    IMPORT_FILE = "import_file"
    IMPORT_SHEETS = "import_sheets"  # which sheets of the book
    IMPORT_SHEET = "import_sheet"  # the kind of sheet
    IMPORT_MAPPING = "import_mapping"
    IMPORT_COLUMN = "import_column"  # what one column means that was not recognised
    IMPORT_BY_HAND = "import_by_hand"  # (kind of sheet, header) → column, as chosen in this session; no widget's key
    IMPORT_SKIPPED = "import_skipped"
    IMPORT_DATUM = "import_datum"
    IMPORT_PLATFORM = "import_platform"
    IMPORT_DAY = "import_day"
    IMPORT_LAST_DATUM = "import_last_datum"  # as chosen for the file before; no widget's key
    IMPORT_LAST_DAY = "import_last_day"
    IMPORT_OTHERWISE = "import_otherwise"
    IMPORT_REVIEW = "import_review"
    IMPORT_DECIDE = "import_decide"  # one answer of the screen of decisions
    IMPORT_NEWER = "import_newer"  # ticks of newer stored values
    IMPORT_REPLACE = "import_replace"
    IMPORT_CONFIRMED = "import_confirmed"  # unlikely values were looked at
    IMPORT_CHANGES = "import_changes"  # which planned changes are shown
    IMPORT_WORDS = "import_words"
    IMPORT_LEARN = "import_learn"
    IMPORT_CANCEL = "import_cancel"
    IMPORT_CANCELLED = "import_cancelled"  # no widget's key
    LEARNT_WORD = "learnt_word"
    FORGET_WORD = "forget_word"
    IMPORT_FINDINGS = "import_findings"
    IMPORT_ANNOTATED = "download_annotated"
    IMPORT_ENDS_DEMO = "import_ends_demo"
    IMPORT_COMMIT = "import_commit"
    OUTLINES_FILE = "outlines_file"
    OUTLINES_DATUM = "outlines_datum"
    OUTLINES_FINDINGS = "outlines_findings"
    OUTLINES_COMMIT = "outlines_commit"
    UNDO_BATCH = "undo_batch"
    UNDO_IMPORT = "undo_import"
    UNDO_REASON = "undo_reason"
    UNDO_CONFIRMED = "undo_confirmed"
    TEMPLATE = "template"
    CONFIRM_EMPTY = "confirm_empty"

    # accounts
    ACCOUNTS_CHOSEN = "accounts_chosen"
    ACCOUNTS_ROLE = "accounts_role"
    ACCOUNTS_COMMUNITIES = "accounts_communities"
    ACCOUNTS_SAVE = "accounts_save"
    ACCOUNTS_DISTRICTS = "accounts_districts"
    ACCOUNTS_SAVE_DISTRICTS = "accounts_save_districts"
    ACCOUNTS_LINK = "accounts_link"
    ACCOUNTS_DEACTIVATE = "accounts_deactivate"
    ACCOUNTS_ACTIVATE = "accounts_activate"
    ACCOUNTS_NEW = "accounts_new"  # the fields and the button of the form
    ACCOUNTS_NEW_LINK = "accounts_new_link"  # name and token of a link that is shown once

    # audit
    RULES_ROLE = "rules_role"
    AUDIT_PART = "audit_part"
    AUDIT_PERSON = "audit_person"
    AUDIT_ACTOR = "audit_actor"
    AUDIT_ENTITY = "audit_entity"
    AUDIT_ACTION = "audit_action"
    AUDIT_DAY = "audit_day"
    AUDIT_FILTER = (
        "audit_filter"  # of the run before, and the first event of each page that was turned over; no widget's
    )
    AUDIT_PAGES = "audit_pages"
    AUDIT_NEWER = "audit_newer"
    AUDIT_OLDER = "audit_older"
    AUDIT_CHECK = "audit_check"  # the check that runs or was done last
    AUDIT_VERIFY = "audit_verify"
    AUDIT_CANCEL = "audit_cancel"
    RIGHTS_PERSON = "rights_person"
    RIGHTS_EXTRACT = "rights_extract"
    RIGHTS_CONFIRM = "rights_confirm"
    RIGHTS_ANONYMISE = "rights_anonymise"

    # drafts of forms
    DRAFT = "draft"


PAGE_BOUND = (
    Key.MAP_COMMUNITY,
    Key.MAP_PLACE,
    Key.MAP_BOXES,
    Key.REVEALED,
    Key.EDIT_BASE,
    Key.EDIT_CONFLICT,
    Key.TRAINING_ROSTER,
)
"""Choices that no widget owns and that end with the visit of their page; what a link asks for then counts."""

"""How a column of a frame reads on a screen: its heading, and how its values are written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import pandas as pd
import streamlit as st

from core.jobs.openings.listing import OpeningState
from core.locale import N_, Translator
from core.people.masking import mask_name, mask_phone
from core.terms import (
    AccommodationKind,
    ActionStatus,
    ApplicationState,
    BusinessKind,
    Channel,
    Education,
    EnrolmentResult,
    EventScene,
    EventTheme,
    Evidence,
    ExitReason,
    HardshipKind,
    JobForm,
    JobStatus,
    MeasureKind,
    PersonState,
    PlanStatus,
    PostField,
    PremisesKind,
    PremisesUse,
    ReferralState,
    RefusalReason,
    Registration,
    Sex,
    Shift,
    Term,
    TrainingKind,
    VisitMode,
)
from core.training.tables import SessionState
from pages.common.view import View

__all__ = [
    "FRAMED",
    "ROOM",
    "HEADINGS",
    "TERMS",
    "column_config",
    "fitting",
    "names_by_id",
    "on_screen",
    "readable",
    "right_aligned",
]

HEADINGS: dict[str, str] = {
    "person": N_("Person"),
    "phone": N_("Phone"),
    "community": N_("Community"),
    "movement": N_("Change"),
    "kind": N_("Kind"),
    "title": N_("Post"),
    "host": N_("Host"),
    "exited_on": N_("Exit on"),
    "exit_reason": N_("Exit reason"),
    "starts_on": N_("Begins on"),
    "started_on": N_("Started on"),
    "ended_on": N_("Ended on"),
    "ends_on": N_("Ends on"),
    "channel": N_("Channel"),
    "employer": N_("Employer"),
    "workshop": N_("Workshop"),
    "field": N_("Field"),
    "monthly_pay": N_("Pay, yuan a month"),
    "course": N_("Course"),
    "place": N_("Place"),
    "listed": N_("People listed"),
    "capacity": N_("Seats"),
    "passed": N_("Passed"),
    "theory": N_("Theory, hours"),
    "practice": N_("Practice, hours"),
    "result": N_("Result"),
    "certificate": N_("Certificate"),
    "certificate_number": N_("Certificate number"),
    "held": N_("Sessions held"),
    "next": N_("Next session"),
    "trained_on": N_("Course ended on"),
    "recommended_on": N_("Recommended on"),
    "skill": N_("Skill"),
    "level": N_("Level"),
    "evidence": N_("Evidence"),
    "acquired_on": N_("Acquired on"),
    "code": N_("Code"),
    "planned_on": N_("Planned on"),
    "developed_on": N_("Developed on"),
    "n": N_("Head count"),
    "visited_on": N_("Visited on"),
    "visitor": N_("Visitor"),
    "next_on": N_("Next visit"),
    "month": N_("Month"),
    "made_on": N_("Plan made on"),
    "stations": N_("Stations"),
    "opened_on": N_("Opened on"),
    "held_on": N_("Held on"),
    "theme": N_("Theme"),
    "scene": N_("Scene"),
    "employers": N_("Companies"),
    "jobs_offered": N_("Jobs offered"),
    "visitors": N_("Visitors"),
    "welfare_post_visitors": N_("Visitors from welfare posts"),
    "intents": N_("Intents"),
    "signed": N_("Signed on the spot"),
    "started_30_days": N_("Started within 30 days"),
    "name": N_("Name"),
    "family": N_("Family"),
    "piece_rate": N_("Yuan a piece"),
    "since": N_("Since"),
    "what": N_("What"),
    "days": N_("Days overdue"),
    "openings": N_("Openings"),
    "number": N_("Number"),
    "shift": N_("Shift"),
    "offer": N_("Pay"),
    "free": N_("Seats free"),
    "age_days": N_("Days unconfirmed"),
    "origin": N_("Came from"),
    "opening_state": N_("State of the opening"),
    "posted_on": N_("Posted on"),
    "confirmed_on": N_("Confirmed on"),
    "problem": N_("Problem"),
    "measure": N_("Measure"),
    "office": N_("Responsible office"),
    "owner": N_("Owner"),
    "raised_on": N_("Raised on"),
    "due_on": N_("Due on"),
    "status": N_("Status"),
    "state": N_("State"),
    "state_since": N_("State since"),
    "sex": N_("Sex"),
    "age": N_("Age"),
    "education": N_("Education"),
    "registration": N_("Registration"),
    "days_waiting": N_("Days waiting"),
    "plan": N_("Plan"),
    "readiness": N_("Plan steps done"),
    "skills": N_("Skills"),
    "entered_pool_on": N_("In the pool since"),
    "last_visit": N_("Last visit"),
    "next_visit": N_("Next visit"),
    "weeks": N_("Weekly reports counted"),
    "attended_hours": N_("Hours attended"),
    "paid": N_("Labour cost, yuan"),
    "paid_hour": N_("Paid an hour, yuan"),
    "wage_floor": N_("Hourly floor, yuan"),
    "policy": N_("Policy"),
    "closed_on": N_("Closed down on"),
    "help": N_("Helped with"),
    "use": N_("Use"),
    "area_m2": N_("Square metres"),
    "possible_stations": N_("Stations that fit"),
    "power_kw": N_("Kilowatts"),
    "step_free": N_("Step-free"),
    "open_to": N_("Who may use it"),
    "amount": N_("Yuan"),
    "questions": N_("To ask"),
    "payment": N_("Payment"),
}

# Headings that another column of the rows decides: (that column, column) → heading.
HEADINGS_BESIDE: dict[tuple[str, str], str] = {
    ("course", "ends_on"): N_("Course ended on"),
    ("help", "opened_on"): N_("Opened for business on"),
    ("help", "name"): N_("Business"),
    ("help", "person"): N_("Its owner"),
    ("help", "community"): N_("Community of the owner"),
    ("help", "place"): N_("Community and premises"),
    ("amount", "starts_on"): N_("Paid from"),
    ("amount", "ends_on"): N_("Paid until"),
    ("certificate", "attended_hours"): N_("Course hours attended"),
}

SMALL_COUNTS = (
    "listed",
    "capacity",
    "passed",
    "theory",
    "practice",
    "held",
    "employers",
    "visitors",
    "intents",
    "signed",
    "started_30_days",
    "free",
)

NAMES = ("community", "host", "employer", "workshop", "office")  # stored names, transliterated in English

# Column → terms that its codes may come from; the first that knows the code names it.
TERMS: dict[str, tuple[type[Term], ...]] = {
    "kind": (Registration, HardshipKind, AccommodationKind, TrainingKind, MeasureKind, BusinessKind, PremisesKind),
    "use": (PremisesUse,),
    "registration": (Registration,),
    "exit_reason": (ExitReason,),
    "end_reason": (ExitReason,),
    "channel": (Channel,),
    "field": (PostField,),
    "evidence": (Evidence,),
    "certificate": (Evidence,),
    "theme": (EventTheme,),
    "scene": (EventScene,),
    "status": (ActionStatus, JobStatus, PlanStatus),
    "plan": (PlanStatus,),
    "state": (PersonState, ReferralState, SessionState, ApplicationState),
    "sex": (Sex,),
    "education": (Education,),
    "form": (JobForm,),
    "shift": (Shift,),
    "opening_state": (OpeningState,),
    "mode": (VisitMode,),
    "result": (EnrolmentResult,),
    "refusal_reason": (RefusalReason,),
}


def readable(tr: Translator, rows: pd.DataFrame, *, unmasked: bool = False) -> pd.DataFrame:
    """``rows`` with headings and labels in the language of ``tr``; columns without a heading (ids) are left out."""
    shown = {}
    for column in rows.columns:
        if column in HEADINGS:
            values = rows[column]
            if column == "person" and not unmasked:
                values = values.map(mask_name)
            elif column == "phone" and not unmasked:
                values = values.map(mask_phone)
            elif column in TERMS:
                values = values.map(_labeller(tr, TERMS[column]))
            elif column in NAMES:
                values = values.map(tr.name, na_action="ignore")
            elif column == "readiness":
                values = values.round(2)  # shown in whole per cent
            elif str(values.dtype).startswith("datetime64"):
                values = values.dt.strftime("%Y-%m-%d").fillna("")
            shown[tr(heading_of(rows, column))] = values.fillna("") if _is_text(values) else values
    return pd.DataFrame(shown)


def _is_text(values: pd.Series) -> bool:
    """Whether a column holds texts, of which some may be missing."""
    return pd.api.types.infer_dtype(values, skipna=True) == "string"


def heading_of(rows: pd.DataFrame, column: str) -> str:
    """The heading of a column of ``rows``, in English."""
    beside = (heading for (other, name), heading in HEADINGS_BESIDE.items() if name == column and other in rows.columns)
    return next(beside, HEADINGS[column])


# Of columns of names and terms in English, pixels; the whole text opens with a click.
WIDTHS = {"employer": 150, "host": 150, "field": 110, "shift": 95, "origin": 120, "place": 150, "course": 150}


def column_config(tr: Translator, rows: pd.DataFrame) -> dict[str, object]:
    """Widths and formats by what a column holds; names have two scripts in English, so that the last columns need room."""
    config: dict[str, object] = {}
    for column in rows.columns.intersection(list(HEADINGS)):
        heading = tr(HEADINGS[column])
        if column == "readiness":
            config[heading] = st.column_config.ProgressColumn(heading, format="percent", min_value=0.0, max_value=1.0)
        elif column in (
            "days_waiting",
            "n",
            "openings",
            "stations",
            "skills",
            "weeks",
            "attended_hours",
            "paid",
            "monthly_pay",
            *SMALL_COUNTS,
        ):
            config[heading] = st.column_config.NumberColumn(heading, format="localized", width="small")
        elif column in ("paid_hour", "wage_floor"):
            config[heading] = st.column_config.NumberColumn(heading, format="%.1f", width="small")
        elif tr.is_english and column in WIDTHS:
            config[heading] = st.column_config.TextColumn(heading, width=WIDTHS[column])
    return config


# Pixels of a table's type (0.875 rem) and of its cells, measured; as the browser has it, not exact.
WIDE, NARROW, PADDING = 14.0, 6.8, 18.0
WIDEST = 150  # of a column on a phone: the rest of a text opens with a touch
NARROWED, LEAST = 110, 45  # of a column that a phone must have, where there is no room for more
ROOM = 318  # of a phone 390 pixels wide, less the margins of the page and the boxes to tick
FRAMED = 288  # the same within a frame


def on_screen(
    view: View,
    table: pd.DataFrame,
    config: Mapping[str, Any] | None = None,
    *,
    first: Sequence[str] = (),
    room: int = ROOM,
) -> dict[str, Any]:
    """Columns of ``table`` as arguments of ``st.dataframe``: all of them, but on a phone those that fit beside each other.

    ``config``: configuration by heading; ``first``: the headings, in English, of those that come first. What is
    left out is behind the row, in the download and in the table's own list of columns.
    """
    config = dict(config or {})
    if not view.is_handheld:
        return {"column_config": config}
    config = {name: {"label": column} if isinstance(column, str) else column or {} for name, column in config.items()}
    bars = [name for name, column in config.items() if column.get("type_config", {}).get("type") == "progress"]
    labels = {name: column["label"] for name, column in config.items() if column.get("label")}
    names = [heading if heading in table.columns else view.tr(heading) for heading in first]
    widths = fitting(table, names, bars, labels, room)
    is_full = sum(widths.values()) > room - LEAST  # else the table widens its columns by itself
    narrow = {
        name: {**config.get(name, {}), "width": width} for name, width in widths.items() if is_full or width >= WIDEST
    }
    return {"column_config": config | narrow, "column_order": list(widths)}


def fitting(
    table: pd.DataFrame,
    first: Sequence[str] = (),
    bars: Sequence[str] = (),
    labels: Mapping[str, str] = MappingProxyType({}),
    room: int = ROOM,
) -> dict[str, int]:
    """Columns that fit into ``room`` pixels beside each other → their widths, in the order of ``table``; at least one.

    Those of ``first`` are placed before the others, all of them and narrower at need; what is then left is for their
    headings, for the rest of their texts, for the other columns from left to right, and in the end for texts that are
    longer. ``bars`` are drawn, not written; ``labels``: headings other than the columns' names.
    """
    headings = {name: _pixels(str(labels.get(name, name))) for name in table.columns}
    texts = {
        name: WIDEST if name in bars else max(map(_pixels, _written(table[name])), default=0) for name in table.columns
    }
    widths: dict[str, int] = {}

    def left() -> int:
        return room - sum(widths.values())

    for most in range(NARROWED, LEAST - 1, -5):
        widths = {name: max(LEAST, min(most, round(texts[name]))) for name in first if name in table.columns}
        if left() >= 0:
            break
    for wanted in ({name: min(NARROWED, width) for name, width in headings.items()}, texts):
        for name in widths:
            widths[name] += max(0, min(round(wanted[name]) - widths[name], left()))
    for name in table.columns:
        width = round(max(headings[name], min(WIDEST, texts[name])))
        if name not in widths and (not widths or width <= left()):
            widths[name] = width
    for name in widths:
        widths[name] += max(0, min(round(texts[name]) - widths[name], left()))
    return {name: widths[name] for name in table.columns if name in widths}


def _written(values: pd.Series) -> pd.Series:
    """Some of the values about as long as a table writes them."""
    known = values.dropna().head(200)
    return known.map("{:.5g}".format) if pd.api.types.is_float_dtype(known) else known.astype(str)


def _pixels(text: str) -> float:
    return PADDING + sum(WIDE if unicodedata.east_asian_width(letter) in "WF" else NARROW for letter in text)


def right_aligned(*headings: str, width: int | None = None) -> dict[str, Any]:
    """Configuration of columns of numbers with a sign, a unit or a range: text to the table, compared down the column."""
    return dict.fromkeys(headings, st.column_config.TextColumn(alignment="right", width=width))


def names_by_id(rows: pd.DataFrame, column: str = "name") -> dict[int, str]:
    """Number → ``column`` of rows with an ``id``, for a box of choices.

    The keys are Python's own: SQLite stores and compares an integer of NumPy as eight bytes.
    """
    return dict(zip(rows["id"].tolist(), rows[column], strict=True))


def _labeller(tr: Translator, terms: tuple[type[Term], ...]) -> Callable[[object], str]:
    labels = {member.value: tr.term(member) for term in reversed(terms) for member in term}
    return lambda code: labels.get(str(code), "" if pd.isna(code) else str(code))

"""The weekly dispatch meeting: prepare it, present the frozen week, write down decisions, follow up the actions."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from core.dispatch import weeks
from core.dispatch.frozen_week import last_sunday, week_of
from core.locale import N_
from core.terms import Light
from pages import cache
from pages.common.heading import empty_state, heading
from pages.common.query_params import query_param, url_choice
from pages.common.session_keys import Key
from pages.common.view import View
from pages.meeting.follow_up import follow_up
from pages.meeting.freezing import freeze_box, revisions
from pages.meeting.minutes import minutes
from pages.meeting.prepare import prepare
from pages.meeting.present import notes_window, present
from pages.meeting.weeks import MeetingWeek, meeting_week

__all__ = ["render"]

TABS: dict[str, str] = {
    "prepare": N_("Prepare"),
    "follow_up": N_("Follow up"),
    "minutes": N_("Minutes and documents"),
    "weeks": N_("Frozen weeks"),
}


def render(view: View) -> None:
    """The page, or the stage alone while presenting."""
    tr = view.tr
    if view.is_empty:
        heading(tr("Weekly meeting"))
        empty_state(
            tr, tr("This page freezes a week's figures, presents them, and follows up what the meeting decides.")
        )
    if query_param("present") == "1" or query_param("notes") == "1":
        week = meeting_week(view)
        if week is not None:
            _full_screen(view, week)
            return
    st.session_state.pop(Key.MEETING_SLIDE, None)  # the next presentation begins where its link says
    head = st.container()
    week = meeting_week(view, _picked_week(view))
    with head:
        _head(view, week)
    freeze_box(view)
    if week is None:
        follow_up(view)
        return
    tab = url_choice(
        st.segmented_control,
        tr("Part"),
        "tab",
        list(TABS),
        "follow_up" if query_param("action") else "prepare",
        key=Key.MEETING_TAB,
        required=True,
        format_func=lambda code: tr(TABS[code]),
        label_visibility="collapsed",
    )
    parts: dict[str, Callable[[], None]] = {
        "prepare": lambda: prepare(view, week),
        "follow_up": lambda: follow_up(view),
        "minutes": lambda: minutes(view, week),
        "weeks": lambda: revisions(view),
    }
    parts[tab or "prepare"]()


def _head(view: View, week: MeetingWeek | None) -> None:
    tr = view.tr
    if week is None:
        heading(
            tr("No week is frozen yet"),
            tr("The last week that ended is {week}.", week=week_of(last_sunday(view.today))),
        )
        return
    lights = [fact["light"] for fact in cache.meeting.week(week.header, week.before).district.values()]
    counts = [
        f"{light.shape} {tr.term(light)} {lights.count(light)}" for light in (Light.RED, Light.YELLOW, Light.GREEN)
    ]
    heading(
        tr("Meeting of {week}: {lights}", week=tr.week(week.header.as_of), lights=" · ".join(counts)),
        week.stamp(view).line(tr),
    )


def _full_screen(view: View, week: MeetingWeek) -> None:
    if query_param("present") == "1":
        present(view, week)
    else:
        notes_window(view, week, query_param("show")[:16])


def _picked_week(view: View) -> str | None:
    """The week of the picker; a week in the address that is not frozen is left to ``meeting_week`` to name."""
    tr, asked = view.tr, query_param("week")
    frozen = {header.iso_week: header for header in weeks.current(cache.meeting.headers(view.revision))}
    if not frozen:
        return None
    picked = url_choice(
        st.selectbox,
        tr("Week"),
        "week",
        list(frozen),
        next(iter(frozen)),
        key=Key.MEETING_WEEK,
        format_func=lambda code: f"{tr.week(frozen[code].as_of)} · {tr.day(frozen[code].as_of)}",
        width=300,
        label_visibility="collapsed",
    )
    return asked if asked and asked not in frozen else picked

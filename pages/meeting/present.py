"""Presenting: the whole screen for one slide of the frozen week; keys turn pages, lists open over the slide, decisions
are written down without leaving it. A second window shows the speaker's notes and follows."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime
from itertools import accumulate

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.dispatch.slide_model import Slide
from core.locale.width import columns
from pages import cache
from pages.common.drilldown import show_pending
from pages.common.escape import md_escape
from pages.common.links import address
from pages.common.query_params import query_param, set_query_param
from pages.common.session_keys import Key
from pages.common.view import View
from pages.meeting.drills import open_drill
from pages.meeting.entry import entry
from pages.meeting.play import can_play, played
from pages.meeting.stage import STYLE, show_slide
from pages.meeting.weeks import MeetingWeek

__all__ = ["notes_window", "present"]

AUTO_SECONDS = (15, 30, 60)
CLOCK_SECONDS = 1.0
ROOM = 44  # Latin letters of the names of lists that have room in the bar below a slide


def present(view: View, week: MeetingWeek) -> None:
    """The stage, from the slide that the address names."""
    st.html(STYLE)
    _begin(view, week)
    _stage(view, week)
    _advance(week)


def _begin(view: View, week: MeetingWeek) -> None:
    """Take the slide from the address, once a visit; a number that does not exist gives the nearest and says so."""
    state = st.session_state
    last = len(week.programme)
    if Key.MEETING_SLIDE not in state:
        asked = query_param("slide", "1")
        number = int(asked) if asked.lstrip("-").isdigit() and len(asked) < 6 else 0
        nearest = min(max(number, 1), last)
        if number != nearest:
            st.toast(md_escape(view.tr("There is no slide {n}; shown is {nearest}.", n=asked[:8], nearest=nearest)))
        state[Key.MEETING_SLIDE] = nearest - 1
        state[Key.MEETING_SHOW] = secrets.token_hex(4)
        state[Key.MEETING_BEGAN] = state[Key.MEETING_SLIDE_SINCE] = datetime.now(UTC)
        state[Key.MEETING_SEEN] = set()
    state[Key.MEETING_SLIDE] = min(state[Key.MEETING_SLIDE], last - 1)


def _turn(to: int, last: int) -> None:
    st.session_state[Key.MEETING_SLIDE] = min(max(to, 0), last - 1)
    st.session_state[Key.MEETING_SLIDE_SINCE] = datetime.now(UTC)


@st.fragment
def _stage(view: View, week: MeetingWeek) -> None:
    """The slide and the bar below it; a turn of the page runs this alone."""
    state, tr, programme = st.session_state, view.tr, week.programme
    if Key.MEETING_SLIDE not in state:  # left
        st.rerun()
    k, last = state[Key.MEETING_SLIDE], len(week.programme)
    slide = week.slides[programme[k].code]
    set_query_param("slide", k + 1)
    cache.meeting.shows().put(state[Key.MEETING_SHOW], k)
    state[Key.MEETING_SEEN].add(slide.code)
    shown, badge = played(view, slide) if can_play(slide) else (slide, "")
    show_slide(view, shown, f"{k + 1} / {last}", week.stamp(view).line(tr), badge)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=Key.STAGE_BAR):
        for label, to, shortcut, name in (
            (":material/first_page:", 0, "Home", tr("First slide")),
            (":material/chevron_left:", k - 1, "Left", tr("Previous slide")),
            (":material/chevron_right:", k + 1, "Right", tr("Next slide")),
            (":material/last_page:", last - 1, "End", tr("Last slide")),
        ):
            st.button(
                label,
                key=Key.MEETING_TURN.of(shortcut.lower()),
                shortcut=shortcut,
                on_click=_turn,
                args=(to, last),
                help=name,
                disabled=to == k or not 0 <= to < last,
            )
        _clock(view, programme[k].minutes, sum(item.minutes for item in programme))
        _drills(view, week, slide)
        st.space("stretch")
        entry(view, week, slide)
        st.selectbox(
            tr("Advance by itself"),
            AUTO_SECONDS,
            index=None,
            format_func=lambda n: tr("every {n} s", n=n),
            placeholder=tr("by hand"),
            key=Key.MEETING_AUTO,
            label_visibility="collapsed",
            width=130,
            help=tr("Advance by itself"),
        )
        st.link_button(
            ":material/speaker_notes:",
            address(view, "meeting", notes=1, show=state[Key.MEETING_SHOW], week=week.iso_week),
            help=tr("Speaker's notes in a window of their own"),
        )
        st.button(
            ":material/close_fullscreen:",
            key=Key.MEETING_TURN.of("leave"),
            shortcut="Esc",
            on_click=_leave,
            help=tr("Leave the presentation"),
        )
    message = state.pop(Key.MEETING_MESSAGE, None)
    if message:
        st.toast(md_escape(message), icon=":material/check:")
    show_pending(view)


def _drills(view: View, week: MeetingWeek, slide: Slide) -> None:
    """Buttons that open the lists behind the slide; where they would take more than the bar, the rest opens below one."""
    tr, ends = view.tr, list(accumulate(columns(drill.label) for drill in slide.drills))
    shown = (
        len(ends)
        if not ends or ends[-1] <= ROOM
        else sum(end <= ROOM - columns(tr("{n} more lists", n=9)) for end in ends)
    )
    parent: DeltaGenerator | None = None
    for position, drill in enumerate(slide.drills):
        if position == shown:
            parent = st.popover(tr("{n} more lists", n=len(slide.drills) - shown), type="tertiary")
        (parent or st).button(
            drill.label,
            key=Key.MEETING_DRILL.of(slide.code, position),
            type="tertiary",
            help=tr("Open the rows"),
            on_click=open_drill,
            args=(view, week, drill),
        )


def _leave() -> None:
    for name in ("present", "slide"):
        st.query_params.pop(name, None)
    for key in (Key.MEETING_SLIDE, Key.MEETING_SHOW, Key.MEETING_BEGAN, Key.MEETING_SLIDE_SINCE):
        st.session_state.pop(key, None)


@st.fragment(run_every=CLOCK_SECONDS)
def _clock(view: View, minutes: float, total: float) -> None:
    """Time on this slide and in all against the budget; a word where it is exceeded."""
    state = st.session_state
    if Key.MEETING_BEGAN not in state:
        return
    now = datetime.now(UTC)
    own = (now - state[Key.MEETING_SLIDE_SINCE]).total_seconds()
    whole = (now - state[Key.MEETING_BEGAN]).total_seconds()
    over = f" **{view.tr('over time')}**" if own > 60 * minutes else ""
    st.markdown(
        f"{_minutes(own)} / {_minutes(60 * minutes)}{over} · {_minutes(whole)} / {_minutes(60 * total)}",
        width="content",
    )


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"


def _advance(week: MeetingWeek) -> None:
    """Turn the page by itself, once the chosen time on the slide has passed; stops at the last."""

    @st.fragment(run_every=1.0)
    def turn() -> None:
        state = st.session_state
        seconds, k = state.get(Key.MEETING_AUTO), state.get(Key.MEETING_SLIDE)
        if not seconds or k is None or k + 1 >= len(week.programme):
            return
        if (datetime.now(UTC) - state[Key.MEETING_SLIDE_SINCE]).total_seconds() >= seconds:
            _turn(k + 1, len(week.programme))
            st.rerun(scope="app")

    turn()


def notes_window(view: View, week: MeetingWeek, show: str) -> None:
    """The speaker's notes of the slide that the presentation ``show`` is on; follows it every second."""
    tr = view.tr

    @st.fragment(run_every=1.0)
    def follow() -> None:
        at = cache.meeting.shows().at.get(show)
        if at is None:
            st.info(tr("This presentation is not running any more."), icon=":material/cancel_presentation:")
            return
        programme = week.programme
        k = min(at, len(programme) - 1)
        item, slide = programme[k], week.slides[programme[k].code]
        st.caption(f"{k + 1} / {len(programme)} · {slide.section} · {tr('{n} min', n=tr.number(item.minutes))}")
        st.title(slide.title, anchor=False)
        _lines(slide, item.note)
        if k + 1 < len(programme):
            st.caption(tr("Next: {title}", title=week.slides[programme[k + 1].code].title))

    follow()


def _lines(slide: Slide, note: str) -> None:
    st.text(slide.question)
    for line in (*((note,) if note else ()), *slide.notes):
        st.text(f"· {line}")

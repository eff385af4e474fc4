"""The weekly series behind a tile: limits, signals, festival weeks and the notes pinned to its weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import streamlit as st

from core.indicators.commands import pin_note
from core.indicators.figures import series_chart
from core.indicators.registry import INDICATORS, Ratio
from core.indicators.signals import ASSURANCE, CHANGES, MIN_WEEKS, RULES, ControlChart
from core.policy import Action
from pages import cache
from pages.common.charts import show_chart
from pages.common.dialogs import open_dialog
from pages.common.escape import md_escape
from pages.common.saving import announce, attempt
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["open_series", "show_pending_series"]


def open_series(code: str) -> None:
    """Ask for the series of an indicator to be opened at the end of this run (usable in a callback)."""
    st.session_state[Key.SERIES_TO_OPEN] = code


def show_pending_series(view: View) -> None:
    """Open the series that was asked for, if any; call once at the end of a page."""
    code = st.session_state.pop(Key.SERIES_TO_OPEN, None)
    if code is not None:
        open_dialog(view.tr(INDICATORS[code].name), lambda: _body(view, code), width="large")


def _body(view: View, code: str) -> None:
    tr = view.tr
    communities = cache.overview.communities(view.revision)
    names: dict[int | None, str] = {
        None: tr("The whole district"),
        **dict(zip(communities["id"], communities["name"], strict=True)),
    }
    place = st.selectbox(
        tr("Of"),
        list(names),
        format_func=lambda key: tr.name(names[key]),
        key=Key.SERIES_PLACE,
        label_visibility="collapsed",
    )
    measured = cache.overview.ratio(view.revision, view.today, code, place)
    chart = cache.overview.control_chart(view.revision, view.today, code, place)
    notes = cache.overview.notes_of(view.revision, code, place)
    if chart is None:
        weeks = int((measured.weekly().denominator > 0).sum())
        st.info(
            tr("{n} weeks with data; from {least} on there are limits and signals.", n=weeks, least=MIN_WEEKS),
            icon=":material/info:",
        )
    else:
        _verdict(view, measured, chart)
        figure = series_chart(
            tr,
            tr(measured.indicator.name),
            chart,
            notes[["week", "text"]],
            measured.target,
            percent=not measured.indicator.per_person,
        )
        show_chart(view, figure, tr("{name} by week with limits", name=tr(measured.indicator.name)))
        st.caption(
            tr(
                "Grey band: limits of the usual variation, from the last 26 ordinary weeks before the year or the noted "
                "new baseline; hollow points: Spring Festival weeks, left out."
            )
            + (
                " " + tr("Weeks resemble the one before, so limits are widened and runs don't count.")
                if chart.is_widened
                else ""
            )
        )
    for number, note in enumerate(notes.itertuples(), start=1):
        kind = tr("new baseline") + " · " if note.starts_baseline else ""
        st.markdown(
            f"**{number}** {tr.week(note.week.date())} · {kind}{md_escape(note.text)} · {md_escape(note.author)}"
        )
    _note_form(view, code, place, chart)


def _verdict(view: View, measured: Ratio, chart: ControlChart) -> None:
    tr, indicator = view.tr, measured.indicator
    change = chart.change(higher_is_better=indicator.higher_is_better)
    text = f"{change.value} {tr(CHANGES[change])}"
    if chart.rule is not None:
        text += tr(" ({rule})", rule=tr(RULES[chart.rule]))
    if measured.target:
        assurance = chart.assurance(measured.target, higher_is_better=indicator.higher_is_better)
        text += f" · {assurance.value} {tr(ASSURANCE[assurance])}"
    last_year = measured.same_week_last_year()
    if last_year is not None:
        text += " · " + tr("same week last year {value}", value=indicator.text(tr, last_year))
    st.markdown(f"**{indicator.text(tr, measured.value)}** · {text}")


def _note_form(view: View, code: str, place: int | None, chart: ControlChart | None) -> None:
    tr = view.tr
    if not view.may(Action.PIN_NOTE):
        return
    monday = view.today - timedelta(days=view.today.weekday())
    days = pd.DatetimeIndex([]) if chart is None else pd.DatetimeIndex(chart.table["day"])
    weeks = [monday, *(d.date() - timedelta(days=6) for d in reversed(days) if d.date() - timedelta(days=6) != monday)]
    with st.form(Key.SERIES_NOTE.of(code), border=False, clear_on_submit=True):
        left, right = st.columns([1, 3])
        week: date = left.selectbox(tr("Week"), weeks, format_func=tr.week)
        text = right.text_input(tr("What happened"), **at_most(tr, 200))
        rebase = st.checkbox(tr("Start a new baseline at this week (give the reason above)"))
        sent = st.form_submit_button(tr("Pin the note"))
    if not sent:
        return
    if not text.strip():
        st.warning(tr("A note needs a text."))
        return
    done = attempt(
        view,
        Action.PIN_NOTE,
        lambda change: pin_note(change, code, week, text, community_id=place, starts_baseline=rebase),
    )
    if done:
        open_series(code)
        announce(tr("The note is pinned."))

"""Targets of the year and limits of the lights: what is in force, a change from a day on, and the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import streamlit as st

from core.dispatch.targets import LIGHT_LIMITS, set_light_limit, set_target
from core.dispatch.weekly_sheet import COLUMNS, LINES
from core.indicators.targets import target_on
from core.locale import N_
from core.policy import Action
from core.store import settings
from core.store.commands import Change
from pages import cache
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.tables import show_table
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["targets"]

DISTRICT = 0  # in the box of units; communities have ids from 1
VALID_FROM = N_("Valid from")
Store = Callable[[Change, float, date, str], None]


def targets(view: View) -> None:
    """Two parts beside each other, each with a form and its history beneath."""
    left, right = st.columns(2, gap="large")
    with left:
        _yearly_targets(view)
    with right:
        _light_limits(view)


def _yearly_targets(view: View) -> None:
    tr = view.tr
    facts = cache.overview.facts(view.revision)
    communities = {int(row.id): str(row.name) for row in facts.communities.itertuples()}
    names = {DISTRICT: view.district.office(tr.lang)} | communities
    st.subheader(tr("Targets of the year"), anchor=False)
    code = st.selectbox(tr("Line"), list(LINES), format_func=lambda c: LINES[c].label(tr), key=Key.TARGET_LINE)
    unit = st.selectbox(
        tr("Responsible unit"), list(names), format_func=lambda key: tr.name(names[key]), key=Key.TARGET_UNIT
    )
    line, community = LINES[code], unit or None
    current = target_on(facts.targets, line.sheet_name, view.today, community)
    measured_in = tr(line.unit)
    if current is None:
        st.markdown(tr("No target is in force today."))
    else:
        st.markdown(tr("In force today: **{value} {unit}**", value=f"{current:,g}", unit=measured_in))

    def store(change: Change, value: float, valid_from: date, reason: str) -> None:
        set_target(change, code, value, valid_from, reason, community_id=community)

    _form(view, f"{code}_{unit}", tr("New target, {unit}", unit=measured_in), current or 0.0, Action.SET_TARGET, store)
    own = facts.targets[facts.targets["indicator"] == line.sheet_name]
    own = own[own["community_id"].fillna(DISTRICT) == unit].sort_values("valid_from", ascending=False)
    _history(
        view,
        {
            tr(VALID_FROM): own["valid_from"].dt.strftime("%Y-%m-%d"),
            tr(COLUMNS["target"]): own["value"],
            tr("Reason"): own["reason"].fillna(tr("imported with a sheet")),
            tr("Entered by"): own["author"].fillna(""),
        },
        tr("Targets of the year"),
    )


def _light_limits(view: View) -> None:
    tr, table = view.tr, cache.store.parameters(view.revision)
    names = {key: tr(settings.PARAMETER_NAMES[key]) for key in LIGHT_LIMITS}
    st.subheader(tr("Limits of the lights"), anchor=False)
    key = st.selectbox(tr("Limit of the light"), list(names), format_func=names.__getitem__, key=Key.LIMIT)
    current = settings.parameter(table, key, view.today)
    points = tr("percentage points")
    st.markdown(tr("In force today: **{value} {unit}**", value=tr.signed(current), unit=points))

    def store(change: Change, value: float, valid_from: date, reason: str) -> None:
        set_light_limit(change, key, value, valid_from, reason)

    _form(view, key, tr("New limit, percentage points of the gap"), current, Action.SET_LIGHT_LIMIT, store)
    own = table[table["key"] == key].sort_values("since", ascending=False)
    _history(
        view,
        {
            tr(VALID_FROM): own["since"].dt.strftime("%Y-%m-%d"),
            tr("Limit of the light"): own["value"],
            tr("Reason"): own["source"].fillna(""),
        },
        tr("Limits of the lights"),
    )


def _form(view: View, of: str, label: str, value: float, action: Action, store: Store) -> None:
    """Value, first day and reason; stored under the name of the person, or refused with a sentence."""
    tr = view.tr
    if not view.may(action):
        return
    with st.form(Key.TARGET_FORM.of(of)):
        new = st.number_input(label, value=float(value), step=1.0, format="%g", key=Key.TARGET_VALUE.of(of))
        valid_from = st.date_input(tr(VALID_FROM), value=view.today, key=Key.TARGET_FROM.of(of))
        reason = st.text_input(tr("Reason"), **at_most(tr, 200), key=Key.TARGET_REASON.of(of))
        is_sent = st.form_submit_button(tr("Save"), type="primary")
    if not is_sent:
        return
    save(
        view,
        action,
        lambda change: store(change, new, valid_from, reason),
        tr("Saved. It counts from {day} on.", day=tr.day(valid_from)),
    )


def _history(view: View, columns: dict[str, pd.Series], name: str) -> None:
    """What was in force from when, newest first."""
    st.caption(view.tr("History"))
    show_table(view, pd.DataFrame(columns), name, height="auto", placeholder="")

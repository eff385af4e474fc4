"""The form of a follow-up: still there, pay, hours, difficulties; nobody reached; who has left seeks work again."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.jobs.commands import record_follow_up
from core.policy import Action
from core.store.settings import parameter
from core.terms import Difficulty, ExitReason, FollowUpResult
from pages import cache
from pages.common.saving import save
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["follow_up_form"]


def follow_up_form(view: View, placement_id: int) -> None:
    """A form about one placement, beside a list of them or on the page of the person; it asks what the result leaves open."""
    tr = view.tr
    placement = cache.overview.facts(view.revision).placements.set_index("id").loc[placement_id]
    with st.popover(tr("Record the follow-up"), icon=":material/call:"):
        days = (pd.Timestamp(view.today) - placement["started_on"]).days
        st.caption(tr("At work since {day}, {n} days.", day=tr.day(placement["started_on"]), n=tr.number(days)))
        result = st.segmented_control(
            tr("Result"),
            list(FollowUpResult),
            default=FollowUpResult.IN_WORK,
            required=True,
            format_func=tr.term,
            key=Key.TASKS_FOLLOW_UP.of("result", placement_id),
        )
        with st.form(Key.TASKS_FOLLOW_UP.of(placement_id, result), border=False):
            pay, hours, difficulties = None, None, []
            left_on, reason = None, None
            if result is FollowUpResult.IN_WORK:
                left, right = st.columns(2)
                pay = left.number_input(
                    tr("Pay, yuan a month"), 0.0, 50_000.0, _known(placement["monthly_pay"]), step=100.0
                )
                hours = right.number_input(tr("Hours a week"), 0.0, 100.0, _known(placement["weekly_hours"]), step=1.0)
            if result is FollowUpResult.LEFT:
                left_on = st.date_input(
                    tr("Left on"),
                    value=view.today,
                    min_value=placement["started_on"].date(),
                    max_value=view.today,
                )
                reason = st.selectbox(
                    tr("Reason for leaving"),
                    list(ExitReason),
                    index=None,
                    format_func=tr.term,
                    placeholder=tr("choose"),
                )
                st.caption(tr("Somebody who has left seeks work again from that day on."))
            if result is FollowUpResult.UNREACHABLE:
                again = parameter(cache.store.parameters(view.revision), "follow_up_retry_days", view.today)
                attempts = parameter(cache.store.parameters(view.revision), "follow_up_attempts", view.today)
                st.caption(
                    tr(
                        "It is due again in {n} days, {attempts} times in all.",
                        n=tr.number(again),
                        attempts=tr.number(attempts),
                    )
                )
            else:
                difficulties = st.pills(
                    tr("Difficulties"), list(Difficulty), selection_mode="multi", format_func=tr.term
                )
            note = st.text_input(tr("Note"), **at_most(tr, 200))
            if not st.form_submit_button(tr("Save"), type="primary"):
                return
        save(
            view,
            Action.RECORD_FOLLOW_UP,
            lambda change: record_follow_up(
                change,
                placement_id,
                result,
                followed_on=view.today,
                note=note,
                monthly_pay=pay,
                weekly_hours=hours,
                difficulties=difficulties,
                left_on=left_on,
                reason=reason,
            ),
            tr("Follow-up recorded."),
        )


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)

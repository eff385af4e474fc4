"""The form of a follow-up: still there, pay, difficulties; who has left seeks work again."""

from __future__ import annotations

from datetime import UTC, datetime

import streamlit as st

from core.jobs.commands import record_follow_up
from core.policy import Action
from core.store.commands import command
from core.terms import ExitReason, FollowUpResult
from pages import cache
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["follow_up_form"]


def follow_up_form(view: View, placement_id: int) -> None:
    """A small form beside the list, for the placement of the ticked task."""
    tr = view.tr
    placements = cache.overview.facts(view.revision).placements.set_index("id")
    started = placements.loc[placement_id, "started_on"].date()
    with (
        st.popover(tr("Record the follow-up"), icon=":material/call:"),
        st.form(Key.TASKS_FOLLOW_UP, border=False),
    ):
        result = st.selectbox(tr("Result"), list(FollowUpResult), format_func=tr.term)
        pay = st.number_input(tr("Pay, yuan a month"), 0.0, 50_000.0, None, step=100.0)
        note = st.text_input(tr("Difficulties"), max_chars=200)
        left_on = st.date_input(tr("Left on"), value=None, min_value=started, max_value=view.today)
        reason = st.selectbox(tr("Reason for leaving"), list(ExitReason), index=None, format_func=tr.term)
        st.caption(tr("Somebody who has left seeks work again from that day on."))
        if st.form_submit_button(tr("Save"), type="primary"):
            with command(
                cache.store.database(), actor=view.access, action=Action.RECORD_FOLLOW_UP, at=datetime.now(UTC)
            ) as change:
                record_follow_up(
                    change,
                    placement_id,
                    result,
                    followed_on=view.today,
                    note=note,
                    monthly_pay=pay,
                    left_on=left_on,
                    reason=reason,
                )
            st.session_state[Key.TASKS_MESSAGE] = tr("Follow-up recorded.")
            st.rerun()

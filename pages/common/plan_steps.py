"""The steps of a person's plan, to tick off and to add to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pandas as pd
import streamlit as st

from core.people import commands
from core.people.pool import current_plans
from core.policy import Action
from core.store.commands import Conflict
from core.terms import MeasureKind
from pages import cache
from pages.common.escape import md_escape
from pages.common.session_keys import Key
from pages.common.view import View

__all__ = ["plan_steps", "step_form"]


@st.fragment
def plan_steps(view: View, person_id: int) -> None:
    """The steps with who, until when and whether done; buttons for a named person."""
    tr = view.tr
    plans = cache.overview.facts(view.revision).plans
    current = current_plans(plans[plans["person_id"] == person_id], view.today)
    steps = cache.people.history(view.revision).measures
    own = steps[steps["plan_id"].isin(current["id"])]
    done = int(own["done_on"].notna().sum())
    st.markdown(f"**{tr('Individual plan: {done} of {n} steps done', done=done, n=len(own))}**")
    for row in own.itertuples():
        _step(view, row)
    step_form(view, person_id, tr("Add a step"))


def step_form(view: View, person_id: int, label: str, text: str = "") -> None:
    """A popover with a new step for the plan of a person; ``text`` is a proposal. Nothing for who may not add one."""
    tr = view.tr
    if not view.may(Action.ADD_PLAN_STEP):
        return
    with st.popover(label, icon=":material/add:"), st.form("add_step", border=False):
        kind = st.selectbox(tr("Kind"), list(MeasureKind), format_func=tr.term)
        what = st.text_input(tr("What exactly"), text, max_chars=200)
        due = st.date_input(tr("Due on"), value=view.today + timedelta(days=14))
        if st.form_submit_button(tr("Save")):
            commands.add_plan_step(
                cache.store.database(),
                person_id,
                kind=kind,
                text=what,
                due_on=due,
                today=view.today,
                actor=view.access,
                at=datetime.now(UTC),
            )
            st.rerun()


def _step(view: View, row: object) -> None:
    tr = view.tr
    finished = pd.notna(row.done_on)  # type: ignore[attr-defined]
    late = not finished and pd.notna(row.due_on) and row.due_on < pd.Timestamp(view.today)  # type: ignore[attr-defined]
    when = (
        tr("done on {day}", day=tr.day(row.done_on))  # type: ignore[attr-defined]
        if finished
        else (tr("due on {day}", day=tr.day(row.due_on)) if pd.notna(row.due_on) else tr("no date"))  # type: ignore[attr-defined]
    )
    mark = "✓" if finished else (":red[■]" if late else "○")
    text = f" {md_escape(row.text)}" if pd.notna(row.text) else ""  # type: ignore[attr-defined]
    with st.container(horizontal=True, vertical_alignment="center"):
        kind = tr.term(MeasureKind.of(row.kind))  # type: ignore[attr-defined]
        st.markdown(f"{mark} **{kind}**{text} · {when}", width="stretch")
        key = Key.PLAN_STEP_DONE.of(row.id)  # type: ignore[attr-defined]
        if view.may(Action.FINISH_STEP) and not finished and st.button(tr("Done"), key=key, type="tertiary"):
            try:
                commands.finish_step(
                    cache.store.database(),
                    int(row.id),  # type: ignore[attr-defined]
                    version=int(row.version),  # type: ignore[attr-defined]
                    done_on=view.today,
                    actor=view.access,
                    at=datetime.now(UTC),
                )
            except Conflict:
                st.toast(tr("Someone else changed this step; the page now shows it."))
            st.rerun()

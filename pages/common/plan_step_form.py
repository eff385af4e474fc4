"""The form of a new step of somebody's plan, wherever a step is proposed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import streamlit as st

from core.people import commands
from core.policy import Action
from core.store.settings import parameter
from core.terms import MeasureKind
from pages import cache
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View

__all__ = ["owner_label", "step_form", "warn_of_caseload"]


def step_form(view: View, person_id: int, label: str, text: str = "") -> None:
    """A popover with a new step for the plan of a person; ``text`` is a proposal. Nothing for who may not add one."""
    tr = view.tr
    if not view.may(Action.ADD_PLAN_STEP):
        return
    # Another key for every person and after every save: nothing typed for one step is there for the next.
    saved = st.session_state.get(Key.PLAN_STEPS_SAVED, 0)
    with st.popover(label, icon=":material/add:"), st.form(Key.PLAN_STEP_NEW.of(person_id, saved), border=False):
        kind = st.selectbox(tr("Kind"), list(MeasureKind), format_func=tr.term)
        what = st.text_input(tr("What exactly"), text, **at_most(tr, 200))
        owner = st.selectbox(
            tr("Who does it"),
            cache.store.staff_names(view.revision),
            index=None,
            format_func=lambda name: owner_label(view, name),
            placeholder=tr("who owns the plan"),
        )
        due = st.date_input(tr("Due on"), value=view.today + timedelta(days=14))
        if st.form_submit_button(tr("Save")):
            added = checked(
                view,
                lambda: commands.add_plan_step(
                    cache.store.database(),
                    person_id,
                    kind=kind,
                    text=what,
                    due_on=due,
                    today=view.today,
                    actor=view.access,
                    at=datetime.now(UTC),
                    owner=owner,
                ),
            )
            if added is not None:
                st.session_state[Key.PLAN_STEPS_SAVED] = saved + 1
                announce(tr("Saved."))


def owner_label(view: View, name: str) -> str:
    """A colleague with the live plans that they have already: '李明 · 12 份在办'."""
    n = int(cache.people.caseloads(view.revision).get(name, 0))
    return view.tr.plural("{name} · {n} live plan", "{name} · {n} live plans", n, name=name)


def warn_of_caseload(view: View, name: str | None) -> None:
    """Say that a colleague has as many live plans as one should have, by the dated parameter."""
    limit = parameter(cache.store.parameters(view.revision), "caseload_plans", view.today)
    if name is not None and cache.people.caseloads(view.revision).get(name, 0) >= limit:
        st.warning(
            view.tr("This colleague has {n} live plans or more already: think of another.", n=view.tr.number(limit))
        )

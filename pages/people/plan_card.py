"""A person's plan: goal, owner and review, its steps to tick off, and the forms that open, edit, close and reopen it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import streamlit as st

from core.people import commands
from core.people.plans.commands import close_plan, edit_plan, edit_step, open_plan, reopen_plan
from core.people.pool import current_plans
from core.policy import Action, Field, Sight
from core.store.commands import Change
from core.terms import MeasureKind, PlanStatus
from pages import cache
from pages.common.drafts import Draft
from pages.common.escape import md_escape
from pages.common.plan_step_form import owner_label, warn_of_caseload
from pages.common.saving import announce, checked
from pages.common.session_keys import Key
from pages.common.texts import at_most
from pages.common.view import View
from pages.people.forms import Form, form_dialog, known_value

__all__ = ["plan_card"]

REVIEW_DAYS = 90  # proposed for a new plan
STEP_DAYS = 14  # proposed for a new step


def plan_card(view: View, person_id: int) -> None:
    """The current plan of a person with its steps."""
    tr = view.tr
    plans = cache.overview.facts(view.revision).plans
    current = current_plans(plans[plans["person_id"] == person_id], view.today).to_dict("records")
    plan = current[0] if current else None
    measures = cache.people.history(view.revision).measures
    steps = measures[measures["plan_id"] == (plan["id"] if plan else -1)].to_dict("records")
    done = sum(known_value(step, "done_on") is not None for step in steps)
    if plan is None:
        st.markdown(f"**{tr('Individual plan: none yet')}**")
    elif not steps:
        st.markdown(f"**{tr('Individual plan: no step yet')}**")
        _about(view, plan)
    else:
        st.markdown(f"**{tr('Individual plan: {done} of {n} steps done', done=done, n=len(steps))}**")
        _about(view, plan)
    for step in steps:
        _step(view, person_id, step)
    with st.container(horizontal=True):
        if view.may(Action.ADD_PLAN_STEP) and st.button(
            tr("Add a step"), icon=":material/add:", key=Key.PERSON_FORM.of("new_step")
        ):
            _new_step_form(view, person_id)
        if view.may(Action.EDIT_PLAN):
            _plan_buttons(view, person_id, plan)


def _about(view: View, plan: dict[str, Any]) -> None:
    tr = view.tr
    owner, review, goal = (known_value(plan, name) for name in ("owner", "review_on", "goal"))
    parts = [tr.term(PlanStatus.of(plan["status"])), tr("made on {day}", day=tr.day(plan["made_on"]))]
    if owner:
        parts.append(tr("owner: {name}", name=md_escape(owner)))
    if review is not None and plan["status"] == PlanStatus.LIVE:
        is_past = review < view.today
        text = tr("review on {day}", day=tr.day(review))
        parts.append(f":red[{text}]" if is_past else text)
    if (closed := known_value(plan, "closed_on")) is not None:
        parts.append(tr("closed on {day}", day=tr.day(closed)))
    is_shown = view.sees(Field.NOTE) is not Sight.HIDDEN
    lines = [f":gray[{tr('Goal')}] &emsp; {md_escape(goal)}"] if goal and is_shown else []
    reason = known_value(plan, "closing_reason")
    if reason and is_shown:
        lines.append(f":gray[{tr('Reason for closing')}] &emsp; {md_escape(reason)}")
    st.caption(" · ".join(parts))
    if lines:
        st.markdown("  \n".join(lines))


def _plan_buttons(view: View, person_id: int, plan: dict[str, Any] | None) -> None:
    tr = view.tr
    is_live = plan is not None and plan["status"] == PlanStatus.LIVE
    if plan is not None and is_live:
        if st.button(tr("Edit the plan"), icon=":material/edit:", key=Key.PERSON_FORM.of("plan")):
            _edit_form(view, person_id, plan)
        if st.button(tr("Close the plan"), icon=":material/task_alt:", key=Key.PERSON_FORM.of("close_plan")):
            _close_form(view, person_id, plan)
        return
    if st.button(tr("New plan"), icon=":material/add:", key=Key.PERSON_FORM.of("new_plan")):
        _open_form(view, person_id)
    if plan is not None and st.button(
        tr("Reopen the plan"), icon=":material/replay:", key=Key.PERSON_FORM.of("reopen")
    ):
        _reopen_form(view, person_id, plan)


def _plan_fields(view: View, draft: Draft) -> tuple[str, str | None, date | None]:
    tr = view.tr
    goal = st.text_area(tr("Goal"), **at_most(tr, 200), **draft.field("goal"))
    owner = st.selectbox(
        tr("Owner"),
        cache.store.staff_names(view.revision),
        index=None,
        format_func=lambda name: owner_label(view, name),
        **draft.field("owner"),
    )
    warn_of_caseload(view, owner)
    review = st.date_input(tr("Review on"), min_value=view.today, **draft.field("review"))
    return goal, owner, review


def _open_form(view: View, person_id: int) -> None:
    def save(change: Change, values: Any) -> None:
        goal, owner, review = values
        open_plan(change, person_id, goal=goal, owner=owner, review_on=review, today=view.today)

    start = {"goal": "", "owner": None, "review": view.today + timedelta(days=REVIEW_DAYS)}
    title = view.tr("New plan")
    form_dialog(
        view,
        Form(f"new_plan:{person_id}", title, Action.EDIT_PLAN, start, lambda draft: _plan_fields(view, draft), save),
    )


def _edit_form(view: View, person_id: int, plan: dict[str, Any]) -> None:
    key, version = int(plan["id"]), int(plan["version"])
    owners = cache.store.staff_names(view.revision)
    owner, review = known_value(plan, "owner"), known_value(plan, "review_on")

    def save(change: Change, values: Any) -> None:
        goal, to, on = values
        new = {"goal": goal.strip() or None, "owner": to or owner, "review_on": on}
        edit_plan(change, key, new, version=version)

    start = {
        "goal": known_value(plan, "goal") or "",
        "owner": owner if owner in owners else None,
        "review": None if review is None else max(review, view.today),
    }
    name, title = f"plan:{key}:{person_id}", view.tr("Edit the plan")
    fields = lambda draft: _plan_fields(view, draft)  # noqa: E731
    form_dialog(view, Form(name, title, Action.EDIT_PLAN, start, fields, save, {"review": date}))


def _close_form(view: View, person_id: int, plan: dict[str, Any]) -> None:
    tr = view.tr
    key, version, made = int(plan["id"]), int(plan["version"]), plan["made_on"].date()

    def fields(draft: Draft) -> Any:
        ends = [PlanStatus.DONE, PlanStatus.DROPPED]
        status = st.segmented_control(tr("How"), ends, format_func=tr.term, required=True, **draft.field("status"))
        on = st.date_input(tr("Plan closed on"), min_value=made, max_value=view.today, **draft.field("on"))
        reason = st.text_area(tr("Reason for closing"), **at_most(tr, 200), **draft.field("reason"))
        return (status, on, reason) if reason.strip() else None

    def save(change: Change, values: Any) -> None:
        status, on, reason = values
        close_plan(change, key, status=status, reason=reason, on=on, version=version)

    start = {"status": PlanStatus.DONE, "on": view.today, "reason": ""}
    form_dialog(
        view, Form(f"close_plan:{key}:{person_id}", tr("Close the plan"), Action.EDIT_PLAN, start, fields, save)
    )


def _reopen_form(view: View, person_id: int, plan: dict[str, Any]) -> None:
    tr = view.tr
    key, version = int(plan["id"]), int(plan["version"])

    def fields(_draft: Draft) -> bool:
        st.write(tr("The plan is under way again; the reason for closing stays in the log only."))
        return True

    def save(change: Change, _values: Any) -> None:
        reopen_plan(change, key, version=version)

    name, title = f"reopen:{key}:{person_id}", tr("Reopen the plan")
    form_dialog(view, Form(name, title, Action.EDIT_PLAN, {}, fields, save, button=tr("Reopen")))


# -- steps


def _step(view: View, person_id: int, step: dict[str, Any]) -> None:
    tr = view.tr
    done, due, text, owner = (known_value(step, name) for name in ("done_on", "due_on", "text", "owner"))
    is_late = done is None and due is not None and due < view.today
    if done is not None:
        when = tr("done on {day}", day=tr.day(done))
    else:
        when = tr("due on {day}", day=tr.day(due)) if due is not None else tr("no date")
    mark = "✓" if done is not None else (":red[■]" if is_late else "○")
    line = f"{mark} **{tr.term(MeasureKind.of(step['kind']))}**"
    line += "".join((f" {md_escape(text)}" if text else "", f" · {when}", f" · {md_escape(owner)}" if owner else ""))
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(line, width="stretch")
        if done is None and view.may(Action.FINISH_STEP):
            _finish_button(view, step)
        if view.may(Action.EDIT_PLAN) and st.button(
            tr("Edit"), key=Key.PERSON_FORM.of("step", step["id"]), type="tertiary"
        ):
            _step_form(view, person_id, step)


def _finish_button(view: View, step: dict[str, Any]) -> None:
    tr = view.tr
    if not st.button(tr("Done"), key=Key.PLAN_STEP_DONE.of(step["id"]), type="tertiary"):
        return
    key, version = int(step["id"]), int(step["version"])
    finished = checked(
        view,
        lambda: commands.finish_step(
            cache.store.database(), key, version=version, done_on=view.today, actor=view.access, at=datetime.now(UTC)
        ),
    )
    if finished is not None:
        announce(tr("Saved."))


def _step_fields(view: View, draft: Draft) -> dict[str, Any]:
    tr = view.tr
    kind = st.selectbox(tr("Kind"), list(MeasureKind), format_func=tr.term, **draft.field("kind"))
    what = st.text_input(tr("What exactly"), **at_most(tr, 200), **draft.field("text"))
    who = st.selectbox(
        tr("Who does it"),
        cache.store.staff_names(view.revision),
        index=None,
        format_func=lambda name: owner_label(view, name),
        placeholder=tr("who owns the plan"),
        **draft.field("owner"),
    )
    warn_of_caseload(view, who)
    return {"kind": kind, "text": what.strip() or None, "owner": who}


def _new_step_form(view: View, person_id: int) -> None:
    tr = view.tr

    def fields(draft: Draft) -> dict[str, Any]:
        step = _step_fields(view, draft)
        return step | {"due_on": st.date_input(tr("Due on"), **draft.field("due"))}

    def save(change: Change, values: Any) -> None:
        kind, text, owner, due_on = (values[name] for name in ("kind", "text", "owner", "due_on"))
        commands.add_step(change, person_id, kind, text or "", due_on, view.today, owner=owner)

    start = {
        "kind": next(iter(MeasureKind)),
        "text": "",
        "owner": None,
        "due": view.today + timedelta(days=STEP_DAYS),
    }
    form = Form(f"new_step:{person_id}", tr("Add a step"), Action.ADD_PLAN_STEP, start, fields, save, {"owner": str})
    form_dialog(view, form)


def _step_form(view: View, person_id: int, step: dict[str, Any]) -> None:
    tr = view.tr
    key, version = int(step["id"]), int(step["version"])
    owners, owner = cache.store.staff_names(view.revision), known_value(step, "owner")

    def fields(draft: Draft) -> dict[str, Any]:
        changed = _step_fields(view, draft)
        left, right = st.columns(2)
        due = left.date_input(tr("Due on"), **draft.field("due"))
        done = right.date_input(tr("Done on"), max_value=view.today, **draft.field("done"))
        return changed | {"due_on": due, "done_on": done}

    def save(change: Change, values: Any) -> None:
        edit_step(change, key, values, version=version)

    start = {
        "kind": MeasureKind.of(step["kind"]),
        "text": known_value(step, "text") or "",
        "owner": owner if owner in owners else None,
        "due": known_value(step, "due_on"),
        "done": known_value(step, "done_on"),
    }
    form = Form(
        f"step:{key}:{person_id}",
        tr("Edit a step"),
        Action.EDIT_PLAN,
        start,
        fields,
        save,
        {"due": date, "done": date},
    )
    form_dialog(view, form)
